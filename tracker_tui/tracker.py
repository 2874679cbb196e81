"""`Tracker`: the verbs and the questions; the one door that the command line and the screen use.

A verb plans an `Action` with `domain.plan`, has the store write it as one transaction and returns
it as written; an action without changes says that there was nothing to do. Questions return read
models of `domain.track`.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, time
from functools import wraps
from typing import Concatenate, NamedTuple, ParamSpec, Self, TypeVar

from tracker_tui.config import Config
from tracker_tui.domain import dates, history, ids, order, plan, query, text
from tracker_tui.domain.journal import Action, Value
from tracker_tui.domain.today import Due, queue
from tracker_tui.domain.track import (
    ActionLine,
    Detail,
    Entry,
    Found,
    HistoryLine,
    Note,
    Place,
    Resource,
    Span,
    Tally,
    place_of,
)
from tracker_tui.domain.words import Entity, Horizon, Kind, RelationKind, Status
from tracker_tui.errors import TrackerError
from tracker_tui.exchange import seed
from tracker_tui.paths import Paths
from tracker_tui.store.filter import condition
from tracker_tui.store.store import Store

Clock = Callable[[], datetime]
"""Returns now, as an aware moment in the user's time zone."""

TAIL_LENGTH = 4
HISTORY_LENGTH = 500
CANDIDATES = 8
DEPTH_MAX = 50
"""How deep entries may lie within each other."""

_HOLDERS: Mapping[Kind, tuple[Kind, ...]] = {
    Kind.SECTION: (Kind.CATEGORY,),
    Kind.ITEM: (Kind.CATEGORY, Kind.SECTION, Kind.ITEM),
}
"""What each kind can lie in; the others stand for themselves."""

_Given = ParamSpec("_Given")
_Result = TypeVar("_Result")


def system_clock() -> datetime:
    """Now, in the local time zone."""
    return datetime.now(dates.LOCAL)


def random_tail(length: int) -> str:
    """Random characters for an id, easy to tell apart and to type."""
    return "".join(secrets.choice(ids.ALPHABET) for _ in range(length))


class Selection(NamedTuple):
    """What a query found."""

    matches: list[Entry]
    """In the order of the track: categories, then critical gaps, then the path."""
    above: dict[str, Entry]
    """Every ancestor of a match, by id."""


def _verb(
    method: Callable[Concatenate[Tracker, _Given], _Result],
) -> Callable[Concatenate[Tracker, _Given], _Result]:
    """Make what a verb reads, plans and writes one transaction: nobody writes in between."""

    @wraps(method)
    def whole(self: Tracker, /, *args: _Given.args, **given: _Given.kwargs) -> _Result:
        with self._store.transaction():
            return method(self, *args, **given)

    return whole


class Tracker:
    """One user's track.

    Args:
        paths: Where its files are.
        config: The settings.
        clock: What time it is.
        tail: Random characters for ids.
        timeout: Seconds to wait while another process writes.

    Raises:
        TrackerError: if the database cannot be opened or made.
    """

    def __init__(
        self,
        paths: Paths,
        config: Config | None = None,
        *,
        clock: Clock = system_clock,
        tail: Callable[[int], str] = random_tail,
        timeout: float = 10.0,
    ) -> None:
        self.paths = paths
        self.config = config or Config()
        self._clock = clock
        self._tail = tail
        self._timeout = timeout
        self._store = Store(
            paths.database,
            lambda: seed.read(seed.built_in()).rows(),
            lambda: tail(6),
            timeout=timeout,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the database; everything acknowledged is on disk already."""
        self._store.close()

    def another(self) -> Tracker:
        """Return a second one on the same files, for another thread."""
        return Tracker(
            self.paths, self.config, clock=self._clock, tail=self._tail, timeout=self._timeout
        )

    # Time

    def today(self) -> date:
        """The current day, in the user's time zone."""
        return self._clock().date()

    def local_day(self, at: str) -> date:
        """The user's day on which a moment of the journal fell."""
        return dates.utc_moment(at).astimezone(self._clock().tzinfo).date()

    def _at(self) -> str:
        return dates.utc_text(self._clock())

    def _day_start(self, day: date) -> str:
        moment = datetime.combine(day, time(), self._clock().tzinfo)
        try:
            return dates.utc_text(moment)
        except (OverflowError, ValueError, OSError):  # at either end of the calendar
            return f"{day.isoformat()}T00:00:00Z"

    # Questions

    def entry(self, id_: str) -> Entry:
        """Return an entry, deleted or not.

        Raises:
            TrackerError: if there is none of that id.
        """
        found = self._store.entry(id_)
        if found is None:
            raise TrackerError(f"there is no “{id_}”", "tracker search TEXT finds ids")
        return found

    def entries(self, ids_: Iterable[str]) -> list[Entry]:
        """Return the entries of some ids, those that are not there left out."""
        return self._store.entries(ids_)

    def resolve(self, ref: str) -> str:
        """Return the id that `ref` stands for: itself, or the one id that begins with it.

        Raises:
            TrackerError: if there is none, or more than one; then it lists them.
        """
        ref = text.line(ref).lower()
        if self._store.entry(ref) is not None:
            return ref
        found = self._store.ids_beginning(ref, CANDIDATES + 1) if ref else []
        living = [id_ for id_, _, deleted in found if not deleted] or [id_ for id_, _, _ in found]
        if len(living) == 1:
            return living[0]
        if not living:
            raise TrackerError(f"nothing has an id that begins with “{ref}”", self._suggest(ref))
        more = ", …" if len(living) > CANDIDATES else ""
        raise TrackerError(
            f"“{ref}” could be {', '.join(living[:CANDIDATES])}{more}", "write more of the id"
        )

    def _suggest(self, ref: str) -> str:
        hits = self.search(ref.replace("-", " "), 3)
        if hits:
            return "did you mean " + " or ".join(hit.id for hit in hits) + "?"
        return "tracker search TEXT finds ids"

    def count(self, place: Place) -> int:
        """Return how many entries stand in a place."""
        return self._store.count(place)

    def siblings(self, place: Place, offset: int = 0, limit: int = -1) -> list[Entry]:
        """Return the entries of a place in their order, or `limit` of them from `offset` on."""
        return self._store.siblings(place, offset, limit)

    def index(self, entry: Entry) -> int:
        """Return how many siblings stand before an entry."""
        return self._store.index(entry)

    def path(self, entry: Entry) -> list[Entry]:
        """Return the ancestors of an entry, the outermost first."""
        return self._store.ancestors(entry)

    def below(self, id_: str) -> list[Entry]:
        """Return all that is below an entry, at any depth."""
        return self._store.below(id_)

    def overall(self) -> Tally:
        """Return the counts of all items of the track."""
        return self._store.overall()

    def tally(self, kind: Kind, horizon: Horizon | None = None) -> Tally:
        """Return the counts of gaps, or of steps, of one horizon if one is given."""
        return self._store.tally(kind, horizon)

    def spans(self) -> list[Span]:
        """Return the horizons of the learning path, the nearest first."""
        return self._store.spans()

    def about(self) -> dict[str, str]:
        """Return the track's title, purpose, source and date of last update."""
        return {name: str(value) for (_, name), value in self._store.facts(Entity.TRACK).items()}

    def critical_ranks(self) -> dict[str, int]:
        """Return the rank of each gap and of what the gaps cover."""
        return self._store.critical_ranks()

    def detail(self, id_: str, history_length: int = HISTORY_LENGTH) -> Detail:
        """Return everything known about an entry.

        Raises:
            TrackerError: if there is none of that id.
        """
        entry = self.entry(id_)
        store = self._store
        notes = store.notes(id_)
        return Detail(
            entry=entry,
            path=tuple(store.ancestors(entry)),
            number=store.number(id_),
            covers=tuple(store.covers(id_)),
            covered_by=tuple(store.covered_by(id_)),
            notes=tuple(notes),
            history=tuple(history.tell(store.steps_of(id_, history_length))),
            links=tuple(_links(entry, notes)),
            children=tuple(store.siblings(Place(id_), limit=500)) if entry.children else (),
        )

    def queue(self) -> list[Due]:
        """Return what is worth a look today, and why."""
        limit = self.config.daily_limit
        now = self.today()
        return queue(
            self._store.in_progress(now.isoformat(), limit),
            self._store.woken(now.isoformat(), limit),
            self._store.steps(),
            self.spans(),
            now,
            limit,
            self.local_day,
        )

    def search(self, words: str, limit: int = 50) -> list[Found]:
        """Return what has all the words in its title, text or notes, the best match first."""
        return self._store.search(words, limit)

    def select(self, words: str) -> Selection:
        """Return what a query of the small language finds.

        Raises:
            QueryError: if it makes no sense.
        """
        parsed = query.parse(words, self.today())
        matches = self._store.select(*condition(parsed, self.today(), self._day_start))
        above: dict[str, Entry] = {}
        missing = {e.parent for e in matches if e.parent is not None}
        while missing:
            found = self._store.entries(missing)
            above.update((e.id, e) for e in found)
            missing = {e.parent for e in found if e.parent is not None} - above.keys()
        keys: dict[str, tuple[tuple[int, int, str, str], ...]] = {}
        matches.sort(key=lambda e: _place_key(e, above, keys))
        return Selection(matches, above)

    def history(self, id_: str, limit: int = HISTORY_LENGTH) -> list[HistoryLine]:
        """Return what happened to an entry, the newest first."""
        self.entry(id_)
        return history.tell(self._store.steps_of(id_, limit))

    def actions(self, limit: int = 50) -> list[ActionLine]:
        """Return the latest actions, the newest first."""
        return self._store.action_lines(limit)

    def undoable(self) -> ActionLine | None:
        """Return what `undo` would take back."""
        return self._store.undoable()

    def redoable(self) -> ActionLine | None:
        """Return what `redo` would do again."""
        return self._store.redoable()

    # Verbs

    @_verb
    def set_status(self, ids_: Sequence[str], status: Status) -> Action:
        """Give entries a status.

        A category or section stands for all items below it, a gap or step with counterparts for the
        items that it covers.
        """
        entries, of = self._bearers(ids_)
        return self._apply(plan.set_status({e.id: status for e in entries}, entries, of))

    @_verb
    def toggle_status(self, ids_: Sequence[str], status: Status) -> Action:
        """Give entries a status, or where all have it already, the one each had before."""
        entries, of = self._bearers(ids_)
        if entries and all(e.own_status is status for e in entries):
            wanted = {e.id: self._store.earlier_status(e.id, status) for e in entries}
        else:
            wanted = {e.id: status for e in entries}
        return self._apply(plan.set_status(wanted, entries, of))

    @_verb
    def next_status(self, ids_: Sequence[str]) -> Action:
        """Move entries on: todo, learning, learned, todo."""
        wanted: dict[str, Status] = {}
        entries: list[Entry] = []
        of = ""
        for id_ in dict.fromkeys(ids_):
            goal = self.entry(id_).status.next
            bearers, name = self._bearers([id_])
            of = of or name
            for entry in bearers:
                if entry.id not in wanted:
                    wanted[entry.id] = goal
                    entries.append(entry)
        return self._apply(plan.set_status(wanted, entries, of if len(ids_) == 1 else ""))

    def bearers(self, ids_: Sequence[str]) -> list[Entry]:
        """Return the entries whose own status a change of status of `ids_` sets."""
        return self._bearers(ids_)[0]

    def _living(self, ids_: Sequence[str]) -> list[Entry]:
        """Return entries that something can be done to: those of `ids_` that were not deleted.

        Raises:
            TrackerError: if there is none of such an id, or all were deleted.
        """
        entries = [self.entry(id_) for id_ in dict.fromkeys(ids_)]
        living = [entry for entry in entries if not entry.deleted]
        if entries and not living:
            raise TrackerError(
                f"“{text.shortened(text.shown(entries[0].title), 60)}” was deleted",
                "undo brings it back",
            )
        return living

    def _bearers(self, ids_: Sequence[str]) -> tuple[list[Entry], str]:
        found: dict[str, Entry] = {}
        of = ""
        for entry in self._living(ids_):
            id_ = entry.id
            if entry.is_branch:
                stand_ins = [e for e in self._store.below(id_) if e.kind is Kind.ITEM]
            elif entry.covering:
                stand_ins = [
                    e for e in self._store.covered_items(id_) if e.own_status is not Status.SKIPPED
                ] or self._store.covered_items(id_)
            else:
                found.setdefault(id_, entry)
                continue
            of = entry.title
            for item in stand_ins:
                found.setdefault(item.id, item)
        return list(found.values()), of if len(ids_) == 1 else ""

    @_verb
    def set_horizon(self, ids_: Sequence[str], horizon: Horizon | None) -> Action:
        """Put items, gaps or steps into a horizon or, with None, into none."""
        entries = [e for e in self._living(ids_) if not e.is_branch]
        if not entries:
            raise TrackerError("a category or section has no horizon", "choose items")
        if horizon is None:
            entries = [e for e in entries if e.kind is not Kind.STEP]
            if not entries:
                raise TrackerError(
                    "a step of the learning path always has a horizon", "choose another one"
                )
        return self._apply(plan.set_horizon(horizon, entries))

    @_verb
    def snooze(self, ids_: Sequence[str], until: str) -> Action:
        """Put entries off until a day in words: `tomorrow`, `friday`, `3d`, `2027-01-31`.

        Raises:
            TrackerError: if the words mean no day in the future.
        """
        day = dates.parse_when(until, self.today(), self.config.first_weekday)
        return self._apply(plan.snooze(day.isoformat(), self._snoozable(ids_)))

    @_verb
    def wake(self, ids_: Sequence[str]) -> Action:
        """Take a snooze back."""
        return self._apply(plan.snooze(None, self._snoozable(ids_)))

    def _snoozable(self, ids_: Sequence[str]) -> list[Entry]:
        entries = [e for e in self._living(ids_) if not e.is_branch]
        if not entries:
            raise TrackerError("a category or section cannot be snoozed", "choose items")
        return entries

    @_verb
    def add_note(self, id_: str, words: str) -> Action:
        """Add a dated note to an entry; empty words add nothing."""
        (entry,) = self._living([id_])
        return self._apply(plan.note(entry, f"note-{self._tail(8)}", self._at(), words))

    @_verb
    def edit(
        self, id_: str, fields: Mapping[str, Value], note_texts: Mapping[str, str] | None = None
    ) -> Action:
        """Change the texts of an entry, and of notes on it by their ids, as one action."""
        (entry,) = self._living([id_])
        action = plan.edit(entry, fields)
        changes = plan.edit_notes(self._store.notes(id_), note_texts or {})
        return self._apply(Action(action.label, (*action.changes, *changes)))

    def add(
        self,
        title: str,
        kind: Kind,
        place: Place,
        after: str | None = None,
        description: str = "",
    ) -> Action:
        """Add an entry: behind the sibling `after`, or at the end of its place.

        Raises:
            TrackerError: if the title cannot be one or the place cannot hold it.
        """
        return self.add_many([title], kind, place, after, description)[0]

    @_verb
    def add_many(
        self,
        titles: Iterable[str],
        kind: Kind,
        place: Place,
        after: str | None = None,
        description: str = "",
    ) -> list[Action]:
        """Add several entries in one transaction, each an action of its own."""
        self._check_place(kind, place)
        cleaned = [text.title(title) for title in titles]
        fields: dict[str, Value] = {"status": Status.TODO.value}
        if description:
            fields["description"] = text.body(description, "description")
        if place.horizon is not None:
            fields["horizon"] = place.horizon.value
        positions = self._positions(place, after, len(cleaned))
        planned = [
            plan.add(id_, kind, place.parent, position, title, fields)
            for id_, title, position in zip(self._new_ids(cleaned), cleaned, positions, strict=True)
        ]
        return self._store.apply_all(planned, self._at())

    def _check_place(self, kind: Kind, place: Place) -> None:
        holders = _HOLDERS.get(kind, ())
        if place.parent is None:
            if holders:
                raise TrackerError(f"{_a(kind)} cannot stand alone", f"put it in {_a(holders[-1])}")
            if kind is Kind.STEP and place.horizon is None:
                raise TrackerError("a step of the learning path needs a horizon")
            return
        parent = self.entry(place.parent)
        name = text.shortened(text.shown(parent.title), 60)
        if parent.deleted or parent.kind not in holders:
            raise TrackerError(f"“{name}” cannot hold {_a(kind)}")
        if len(self._store.ancestors(parent)) + 2 > DEPTH_MAX:
            raise TrackerError(
                f"“{name}” lies too deep to hold more", f"{DEPTH_MAX} levels at most"
            )

    def _new_ids(self, titles: Iterable[str]) -> list[str]:
        """Ids for new entries, none of them taken: many titles may share one slug."""
        made: dict[str, None] = {}
        for title in titles:
            length = TAIL_LENGTH
            id_ = ids.new_id(title, self._tail(length))
            while id_ in made or self._store.entry(id_) is not None:
                length += 1
                id_ = ids.new_id(title, self._tail(length))
            made[id_] = None
        return list(made)

    def _positions(self, place: Place, after: str | None, count: int) -> list[str]:
        if after is not None:
            sibling = self.entry(after)
            upper = self._store.position_beside(place, sibling.position, 1)
            return order.spread(sibling.position, upper, count)
        last = self._store.last(place)
        return order.spread(last.position if last else None, None, count)

    @_verb
    def move(self, id_: str, by: int) -> Action:
        """Move an entry among its siblings, `by` places down (or up, if negative).

        At the end of its place nothing changes.
        """
        (entry,) = self._living([id_])
        step = 1 if by > 0 else -1
        place = place_of(entry)
        neighbour = self._store.neighbour(entry, step, abs(by)) if by else None
        if neighbour is None:
            return Action("already the last" if step > 0 else "already the first", ())
        where = "down" if step > 0 else "up"
        beyond = self._store.position_beside(place, neighbour.position, step)
        following = self._store.neighbour(neighbour, step)
        if following is None or following.position != neighbour.position:
            low, high = (neighbour.position, beyond) if step > 0 else (beyond, neighbour.position)
            return self._apply(plan.move(entry, entry.parent, order.between(low, high), where))
        # Two replicas gave several siblings one key: no key lies between them, so all get new ones.
        tied = [e for e in self._store.tied(place, neighbour.position) if e.id != id_]
        tied.insert([e.id for e in tied].index(neighbour.id) + (step > 0), entry)
        opposite = self._store.position_beside(place, neighbour.position, -step)
        lower, upper = (opposite, beyond) if step > 0 else (beyond, opposite)
        keys = order.spread(lower, upper, len(tied))
        return self._apply(plan.rearrange(entry, zip(tied, keys, strict=True), where))

    @_verb
    def move_to(self, id_: str, parent: str) -> Action:
        """Move an item to the end of another section, category or item."""
        (entry,), (target,) = self._living([id_]), self._living([parent])
        if target.kind not in _HOLDERS.get(entry.kind, ()):
            raise TrackerError(f"{_a(entry.kind)} cannot be moved into {_a(target.kind)}")
        above = self._store.ancestors(target)
        if id_ == parent or id_ in {e.id for e in above}:
            name = text.shortened(text.shown(entry.title), 60)
            raise TrackerError(f"“{name}” cannot be moved into itself")
        if len(above) + 2 + self._height(id_) > DEPTH_MAX:
            raise TrackerError("it would lie too deep there", f"{DEPTH_MAX} levels at most")
        position = self._positions(Place(parent), None, 1)[0]
        where = f"to “{text.shortened(text.shown(target.title), 60)}”"
        return self._apply(plan.move(entry, parent, position, where))

    def _height(self, id_: str) -> int:
        """How many levels lie below an entry."""
        level = {id_: 0}
        for entry in self._store.below(id_):
            level[entry.id] = level[str(entry.parent)] + 1
        return max(level.values())

    @_verb
    def delete(self, ids_: Sequence[str]) -> Action:
        """Delete entries with all that is below them; undo brings everything back."""
        entries = [e for e in self._store.entries(ids_) if not e.deleted]
        below = [e for entry in entries for e in self._store.below(entry.id)]
        return self._apply(plan.delete(entries, below))

    @_verb
    def relate(self, kind: RelationKind, source: str, target: str, *, on: bool = True) -> Action:
        """Make (or, with `on` false, unmake) a relation between two entries."""
        (start,), (end,) = self._living([source]), self._living([target])
        covering = kind is RelationKind.COVERS
        if covering and (start.kind not in (Kind.GAP, Kind.STEP) or end.kind is not Kind.ITEM):
            raise TrackerError(f"{_a(start.kind)} cannot cover {_a(end.kind)}")
        if source == target:
            raise TrackerError("an entry cannot be related to itself")
        id_ = seed.relation_id(kind, source, target)
        if self._store.related(id_) is on:
            return Action("nothing to change", ())
        place = order.between(self._store.last_relation(kind, source), None)
        return self._apply(plan.relate(kind, start, end, id_, place, on=on))

    def undo(self) -> Action | None:
        """Take back the last action that stands; None if there is none."""
        return self._store.undo(self._at())

    def redo(self) -> Action | None:
        """Do again what was undone last; None if there is nothing, or something was done since."""
        return self._store.redo(self._at())

    def _apply(self, action: Action) -> Action:
        return self._store.apply(action, self._at())

    # This machine and other processes

    def foreign(self) -> Action | None:
        """Return what others changed since the last call, as one action; None if nothing."""
        changed, changes, entries = self._store.foreign_changes()
        if not changed:
            return None
        return Action("changed elsewhere", changes, entries=entries)

    def remember(self, key: str, value: object) -> None:
        """Keep something about this machine's screen, outside the journal."""
        self._store.set_local(key, json.dumps(value))

    def remembered(self, key: str) -> object:
        """Return what `remember` kept under `key`, None if nothing (sound) is there."""
        kept = self._store.local(key)
        try:
            return json.loads(str(kept)) if kept is not None else None
        except ValueError:
            return None

    def links(self, id_: str) -> list[Resource]:
        """Return an entry's links: its own, then the http addresses in its text and notes."""
        entry = self.entry(id_)
        return _links(entry, self._store.notes(id_))


def _a(kind: Kind) -> str:
    return f"an {kind}" if kind is Kind.ITEM else f"a {kind}"


def _links(entry: Entry, notes: Iterable[Note]) -> list[Resource]:
    texts = [entry.description, entry.action, *(note.text for note in notes)]
    return text.links(entry.resources, texts)


_KIND_ORDER = {Kind.GAP: 1, Kind.STEP: 2}
_HORIZON_ORDER: dict[Horizon | None, int] = {h: i for i, h in enumerate(Horizon)}


def _place_key(
    entry: Entry,
    above: Mapping[str, Entry],
    known: dict[str, tuple[tuple[int, int, str, str], ...]],
) -> tuple[tuple[int, int, str, str], ...]:
    """A key that sorts entries in the order of the track, each branch before what is below it."""
    if entry.id in known:
        return known[entry.id]
    horizon = _HORIZON_ORDER.get(entry.horizon, 3) if entry.kind is Kind.STEP else 0
    own = (_KIND_ORDER.get(entry.kind, 0), horizon, entry.position, entry.id)
    parent = above.get(entry.parent) if entry.parent is not None else None
    key = (*(_place_key(parent, above, known) if parent is not None else ()), own)
    known[entry.id] = key
    return key
