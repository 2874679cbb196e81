"""Relations that a file says: which entries it means, whether they can be, and the changes they make."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING, NamedTuple

from tracker_tui.domain import ids, order, plan, text
from tracker_tui.domain.journal import Change
from tracker_tui.domain.relations import Ties
from tracker_tui.domain.words import STUDIED, Kind, RelationKind
from tracker_tui.errors import TrackerError
from tracker_tui.tracker.verbs import Verbs, refuse

if TYPE_CHECKING:
    from tracker_tui.store.store import Store

KINDS = {"requires": RelationKind.REQUIRES, "related": RelationKind.RELATED}
"""The kinds of relations by the name that a file gives them."""


class Said(NamedTuple):
    """An entry as a file has it, or the track."""

    id: str
    kind: Kind
    title: str
    parent: str | None
    """Id of what it lies in."""


class Relating:
    """Makes and unmakes relations, each checked against those that stand by then.

    Args:
        tracker: The track.
        said: What a file says of entries, the new ones included: it comes before what the track says.
    """

    def __init__(self, tracker: Verbs, said: Iterable[Said]) -> None:
        self._store: Store = tracker._store  # noqa: SLF001 - a part of it, in a class of its own
        self._said = {one.id: one for one in said}
        self._standing: dict[RelationKind, dict[str, dict[str, None]]] = {
            kind: {} for kind in RelationKind
        }
        for kind, source, target in self._store.relations():
            self._put(kind, source, target)
        self._last: dict[tuple[RelationKind, str], str | None] = {}
        self._titles: dict[str, list[str]] | None = None
        """By `title_key` the ids of the entries that a title may mean, once one is asked for."""
        self.changes: list[Change] = []
        """What was made and unmade so far."""
        self.touched: dict[str, None] = {}
        """Ids of the entries that a relation of theirs was made or unmade of."""

    def _put(self, kind: RelationKind, source: str, target: str) -> None:
        self._standing[kind].setdefault(source, {})[target] = None
        if kind is RelationKind.RELATED:
            self._standing[kind].setdefault(target, {})[source] = None

    def of(self, kind: RelationKind, id_: str) -> Collection[str]:
        """Return the ids of what an entry stands in a relation to by now."""
        return self._standing[kind].get(id_, {}).keys()

    def find(self, id_: str) -> Said | None:
        """Return an entry of the file or a living one of the track."""
        if id_ in self._said:
            return self._said[id_]
        entry = self._store.entry(id_)
        if entry is None or entry.deleted:
            return None
        return Said(entry.id, entry.kind, entry.title, entry.parent)

    def meant(self, id_: str, title: str) -> str:
        """Return the id of the entry that a document means, which may come from another track.

        Args:
            id_: The id that it names.
            title: The title that it names.

        Raises:
            TrackerError: if there is none, or more than one of that title.
        """
        if self.find(id_) is not None:
            return id_
        if self._titles is None:
            self._titles = self._by_title()
        found = self._titles.get(title_key(title), ())
        if len(found) == 1:
            return found[0]
        name = text.shortened(text.shown(title), 60)
        problem = f"{len(found)} entries are called “{name}”" if found else f"there is no “{name}”"
        raise TrackerError(problem)

    def _by_title(self) -> dict[str, list[str]]:
        """What titles mean: an entry of the file before one of the track."""
        said = ((one.id, one.title) for one in self._said.values() if one.kind in STUDIED)
        found: dict[str, list[str]] = {}
        for titles in (self._store.titles_of_studied(), said):
            by_title: dict[str, list[str]] = {}
            for id_, title in titles:
                by_title.setdefault(title_key(title), []).append(id_)
            found |= by_title
        return found

    def make(self, kind: RelationKind, source: str, target: str) -> None:
        """Make a relation, if it does not stand.

        Raises:
            TrackerError: if it cannot be.
        """
        if target in self.of(kind, source):
            return
        for id_ in (source, target):
            one = self.find(id_)
            if one is None:
                raise TrackerError(f"there is no “{id_}”")
            if one.kind not in STUDIED:
                raise TrackerError(f"a {one.kind} is nothing to learn")
        if source == target:
            raise TrackerError("an entry cannot be related to itself")
        refuse(kind, source, target, self._ties, self._title)
        if kind is RelationKind.RELATED:
            source, target = ids.pair(source, target)
        if (kind, source) not in self._last:
            self._last[kind, source] = self._store.last_relation(kind, source)
        place = order.between(self._last[kind, source], None)
        self._last[kind, source] = place
        self.changes += plan.made_relation(kind, source, target, place)
        self._put(kind, source, target)
        self.touched |= {source: None, target: None}

    def unmake(self, kind: RelationKind, source: str, target: str) -> None:
        """Take a relation back that stands."""
        if kind is RelationKind.RELATED:
            source, target = ids.pair(source, target)
            self._standing[kind][target].pop(source)
        self._standing[kind][source].pop(target)
        self.changes += plan.unmade_relation(kind, source, target)
        self.touched |= {source: None, target: None}

    @property
    def _ties(self) -> Ties:
        return Ties(
            lambda id_: self.of(RelationKind.REQUIRES, id_),
            lambda id_: self.of(RelationKind.COVERS, id_),
            lambda id_: self.of(RelationKind.RELATED, id_),
            self._above,
        )

    def _above(self, id_: str) -> list[str]:
        found: list[str] = []
        one = self.find(id_)
        while one is not None and one.parent is not None and one.parent not in found:
            found.append(one.parent)
            one = self.find(one.parent)
        return found

    def _title(self, id_: str) -> str:
        one = self.find(id_)
        return one.title if one is not None else id_


def of_document(
    tracker: Verbs, said: Iterable[Said], named: Iterable[tuple[str, Mapping[str, str]]]
) -> tuple[Relating, list[str]]:
    """Make the relations that a document names; what it no longer names stays.

    Args:
        tracker: The track.
        said: All entries of the document.
        named: Id of an entry, and what `nodes.Node.ties` says of it.

    Returns:
        What was made, and in words what could not be.
    """
    found = Relating(tracker, said)
    told: list[str] = []
    for source, ties in named:
        for name, lines in ties.items():
            for line in lines.split("\n"):
                id_, _, title = line.partition(" ")
                try:
                    target = found.meant(id_, title)
                    found.make(KINDS[name], source, target)
                except TrackerError as error:
                    whose = text.shortened(text.shown(found._title(source)), 60)  # noqa: SLF001
                    verb = "needs" if name == "requires" else "is related to"
                    what = text.shortened(text.shown(title), 60)
                    told.append(f"“{whose}” {verb} “{what}”: not taken in: {error.problem}")
    return found, told


def title_key(title: str) -> str:
    """Return what must be the same for two titles to be taken for one."""
    return text.line(title).casefold()
