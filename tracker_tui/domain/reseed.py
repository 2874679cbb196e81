"""What a version of a seed would change in a track: the fold with its rows against that without."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from tracker_tui.domain.derived import Derived, of_fold, retired
from tracker_tui.domain.fold import ENTRY_DEFAULTS, RELATION_DEFAULTS, Facts, Fold, fold
from tracker_tui.domain.journal import Row, Value
from tracker_tui.domain.seeds import Retired
from tracker_tui.domain.words import Entity, Kind, RelationKind

PLACE = ("parent", "position")
_SHOWN = (Entity.ENTRY, Entity.RELATION, Entity.NOTE, Entity.REVIEW, Entity.TRACK, Entity.HORIZON)
_NO_WORDS = ("deleted", *PLACE)
_ROOTS = {Kind.CATEGORY.value: "the categories", Kind.GAP.value: "the critical gaps"}

Words = Value | tuple[str, ...]
"""A field's value; of a relation, the ids at its other ends."""


class Named(NamedTuple):
    """An entry as a list of them shows it."""

    id: str
    kind: str
    title: str
    parent: str | None
    """Id of what it stands in; None among the categories, gaps and steps."""
    where: str
    """Title of what it stands in."""


class Wording(NamedTuple):
    """A field that says something else."""

    field: str
    old: Words
    new: Words


class Reworded(NamedTuple):
    """An entry, the track or a horizon with what it says otherwise."""

    id: str
    kind: str
    title: str
    changes: tuple[Wording, ...]


class Moved(NamedTuple):
    """An entry that stands elsewhere, or elsewhere among its siblings."""

    id: str
    kind: str
    title: str
    old: str
    """Titles of what it stood in, the outermost first: `Git Workflow › Unknown Unknowns`."""
    new: str
    """Titles of what it stands in."""
    old_parent: str | None
    """Id of what it stood in; `new_parent` of what it stands in."""
    new_parent: str | None

    @property
    def among_siblings(self) -> bool:
        """Whether it stands in what it stood in, elsewhere among its siblings."""
        by_title = self.old_parent is None
        return self.old_parent == self.new_parent and not (by_title and self.old != self.new)


class Retiring(NamedTuple):
    """An entry that the new version has no longer."""

    id: str
    kind: str
    title: str
    parent: str | None
    where: str
    stays: bool
    because: tuple[str, ...]
    """Why it stays: what there is of the user's (`notes`, `reviews`, `changes`, `relations`,
    `below`)."""


class Kept(NamedTuple):
    """A field in which a change by the user holds although the seed has another value now."""

    id: str
    kind: str
    title: str
    field: str
    """Its name, or `place`."""
    yours: Value
    theirs: Value


@dataclass
class News:
    """What a version would change, by what happens."""

    added: list[Named] = field(default_factory=list)
    back: list[Named] = field(default_factory=list)
    """Retired before, and in the track again."""
    reworded: list[Reworded] = field(default_factory=list)
    moved: list[Moved] = field(default_factory=list)
    retired: list[Retiring] = field(default_factory=list)
    kept: list[Kept] = field(default_factory=list)

    def __bool__(self) -> bool:
        return any((self.added, self.back, self.reworded, self.moved, self.retired, self.kept))


def news(journal: Iterable[Row], seed: Iterable[Row]) -> News:
    """Return what the rows of a version of a seed would change where a journal is."""
    rows, fresh = [row for row in journal if row.entity in _SHOWN], list(seed)
    theirs = [row for row in rows if not row.lamport]
    before, after = State(fold(rows)), State(fold([*rows, *fresh]))
    return between(before, after, fold(theirs), fold([*theirs, *fresh]))


def between(before: State, after: State, then: Fold, now: Fold) -> News:
    """Return what is otherwise in a later state.

    Args:
        before: The earlier state.
        after: The later one.
        then: What those said before who bring it about.
        now: What they say now: where that does not hold, something is kept.
    """
    found = News()
    for id_ in [*after.order(), *(i for i in before.order() if i not in after.entries)]:
        old, new = before.stands(id_), after.stands(id_)
        if new and not old:
            known = id_ in before.entries
            (found.back if known else found.added).append(after.named(id_))
        elif old and not new:
            found.retired.append(Retiring(*before.named(id_), stays=False, because=()))
        elif old and id_ in after.retired - before.retired:
            because = _because(after.state, id_)
            found.retired.append(Retiring(*before.named(id_), stays=True, because=because))
        elif old:
            if id_ in before.retired and id_ not in after.retired:
                found.back.append(after.named(id_))
            _compare(found, before, after, id_)
            found.kept += _kept(after, then, now, id_)
    found.reworded += _about(before.state, after.state)
    return found


class State:
    """A fold with what follows from it, as titles and places."""

    def __init__(self, state: Fold) -> None:
        self.state = state
        self.entries = {
            id_: {**ENTRY_DEFAULTS, **facts} for id_, facts in state.of(Entity.ENTRY).items()
        }
        self.derived: Mapping[str, Derived] = of_fold(state)
        self.retired = {i for i, what in retired(state).items() if what is not Retired.NO}
        self.relations: dict[str, dict[str, list[tuple[str, str]]]] = {}
        for facts in state.of(Entity.RELATION).values():
            full = {**RELATION_DEFAULTS, **facts}
            source, target = str(full["source"]), str(full["target"])
            if not full["deleted"] and self.stands(source) and self.stands(target):
                self._relate(str(full["kind"]), source, target, str(full["position"]))

    def _relate(self, kind: str, source: str, target: str, position: str) -> None:
        self.relations.setdefault(source, {}).setdefault(kind, []).append((position, target))
        if kind == RelationKind.RELATED:
            self.relations.setdefault(target, {}).setdefault(kind, []).append((position, source))

    def stands(self, id_: str) -> bool:
        """Whether an entry is there to be seen."""
        return id_ in self.derived and not self.derived[id_].deleted

    def order(self) -> list[str]:
        """All ids: those that stand in the order of the track, then the others."""
        return sorted(self.entries, key=lambda id_: (not self.stands(id_), self._key(id_)))

    def _key(self, id_: str) -> list[tuple[int, str, str]]:
        path: list[tuple[int, str, str]] = []
        at: str | None = id_
        while at is not None and at in self.entries:
            facts = self.entries[at]
            kind = {Kind.GAP.value: 1, Kind.STEP.value: 2}.get(str(facts["kind"]), 0)
            path.append((kind, str(facts["position"]), at))
            at = self.derived[at].parent
        return path[::-1]

    def place(self, id_: str) -> tuple[Value, ...]:
        """What tells whether an entry stands elsewhere."""
        facts = self.entries[id_]
        horizon = facts["horizon"] if facts["kind"] == Kind.STEP else None
        return self.derived[id_].parent, horizon, facts["position"]

    def where(self, id_: str) -> str:
        """Title of what an entry stands in."""
        parent = self.derived[id_].parent
        return self.path(id_) if parent is None else self._title(parent)

    def path(self, id_: str) -> str:
        """Titles of all that an entry stands in, the outermost first."""
        facts, at = self.entries[id_], self.derived[id_].parent
        titles: list[str] = []
        while at is not None:
            titles.append(self._title(at))
            at = self.derived[at].parent if at in self.derived else None
        if titles:
            return " › ".join(titles[::-1])
        if facts["kind"] == Kind.STEP:
            horizon = str(facts["horizon"] or "")
            title = self.state.facts.get((Entity.HORIZON.value, horizon), {}).get("title", horizon)
            return str(title)
        return _ROOTS.get(str(facts["kind"]), "the track")

    def path_to(self, id_: str) -> str:
        """Where an entry would stand that stood in this one."""
        within = id_ in self.derived and self.derived[id_].parent is not None
        return f"{self.path(id_)} › {self._title(id_)}" if within else self._title(id_)

    def _title(self, id_: str) -> str:
        return str(self.entries[id_]["title"]) if id_ in self.entries else id_

    def named(self, id_: str) -> Named:
        """An entry as a list shows it."""
        facts = self.entries[id_]
        parent = self.derived[id_].parent
        return Named(id_, str(facts["kind"]), str(facts["title"]), parent, self.where(id_))

    def words(self, id_: str) -> dict[str, Words]:
        """All that an entry says, save where it stands."""
        found: dict[str, Words] = {
            name: value for name, value in self.entries[id_].items() if name not in _NO_WORDS
        }
        if self.entries[id_]["kind"] == Kind.STEP:
            del found["horizon"]  # which is its place
        relations = self.relations.get(id_, {})
        for kind in RelationKind:
            found[kind.value] = tuple(target for _, target in sorted(relations.get(kind, ())))
        return found


def _compare(found: News, before: State, after: State, id_: str) -> None:
    old, new = before.words(id_), after.words(id_)
    names = dict.fromkeys((*new, *old))
    changes = tuple(
        Wording(name, old.get(name), new.get(name))
        for name in names
        if old.get(name) != new.get(name)
    )
    _, kind, title, *_ = after.named(id_)
    if changes:
        found.reworded.append(Reworded(id_, kind, title, changes))
    if before.place(id_) != after.place(id_):
        places = before.path(id_), after.path(id_)
        parents = before.derived[id_].parent, after.derived[id_].parent
        found.moved.append(Moved(id_, kind, title, *places, *parents))


def _kept(after: State, then: Fold, now: Fold, id_: str) -> Iterator[Kept]:
    """The fields in which the seed has another value than before, and the user one of their own."""
    key = (Entity.ENTRY.value, id_)
    old, new, mine = _full(then.facts.get(key)), _full(now.facts.get(key)), after.entries[id_]
    if not (old and new):
        return
    title, kind = str(mine["title"]), str(mine["kind"])
    differing = [name for name in new if new[name] not in (old[name], mine[name])]
    for name in differing:
        if name not in PLACE:
            yield Kept(id_, kind, title, name, mine[name], new[name])
    if any(name in PLACE for name in differing):
        parent = new["parent"]
        where = after.path(id_)
        theirs = where if parent is None else after.path_to(str(parent))
        yield Kept(id_, kind, title, "place", where, theirs)


def _full(facts: Facts | None) -> Facts:
    return {**ENTRY_DEFAULTS, **facts} if facts else {}


def _about(before: Fold, after: Fold) -> Iterator[Reworded]:
    """The track and its horizons, where they were there before."""
    for entity in (Entity.TRACK, Entity.HORIZON):
        for id_, facts in after.of(entity).items():
            old = before.facts.get((entity.value, id_))
            if old is None:
                continue
            changes = tuple(
                Wording(name, old.get(name, ""), value)
                for name, value in facts.items()
                if old.get(name) != value and name != "updated"
            )
            if changes:
                yield Reworded(id_, entity.value, str(facts.get("title", id_)), changes)


def _because(state: Fold, id_: str) -> tuple[str, ...]:
    """What there is of the user's that keeps a retired entry."""

    def of(entity: Entity, *fields: str) -> bool:
        return any(
            (entity.value, key) in state.updated and any(facts.get(f) == id_ for f in fields)
            for key, facts in state.of(entity).items()
        )

    reasons = {
        "notes": of(Entity.NOTE, "entry"),
        "reviews": of(Entity.REVIEW, "entry"),
        "changes": (Entity.ENTRY.value, id_) in state.updated,
        "relations": of(Entity.RELATION, "source", "target"),
    }
    return tuple(name for name, there in reasons.items() if there) or ("below",)
