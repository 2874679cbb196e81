"""Taking a table into the track: rows with a known id change that entry, the others add one."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from tracker_tui.domain import order, plan
from tracker_tui.domain.journal import Action, Change, Value
from tracker_tui.domain.track import Entry, Place
from tracker_tui.domain.words import Entity, Horizon, Kind, Status
from tracker_tui.errors import TrackerError
from tracker_tui.tracker.importing import Import, Importing, label
from tracker_tui.tracker.relating import KINDS, Relating, Said, title_key
from tracker_tui.tracker.verbs import DEPTH_MAX, HOLDERS, INBOX

if TYPE_CHECKING:
    from tracker_tui.exchange.table import Line, Table

_OF_ITEMS = ("status", "horizon", "effort", "snoozed_until")
"""What categories and sections have none of."""
_FIRST = {Kind.CATEGORY: 0, Kind.SECTION: 1}


class _Spot:
    """Where an entry of the table is to be."""

    def __init__(
        self,
        id_: str,
        kind: Kind,
        title: str,
        parent: str | None,
        fields: Mapping[str, Value] = MappingProxyType({}),
        line: Line | None = None,
        entry: Entry | None = None,
    ) -> None:
        self.id = id_
        self.kind = kind
        self.title = title
        self.parent = parent
        self.fields = fields
        self.line = line
        """The row that it comes from; None of a category or section that is only named."""
        self.entry = entry
        """What it is in the track, if it is there, maybe deleted."""

    @property
    def arrives(self) -> bool:
        """Whether it is new in its place."""
        return self.entry is None or self.entry.deleted or self.entry.parent != self.parent

    @property
    def place(self) -> Place:
        """The place that it is to be in."""
        if self.parent is not None:
            return Place(self.parent)
        horizon = self.fields.get("horizon") if self.kind is Kind.STEP else None
        return Place(None, self.kind, Horizon(str(horizon)) if horizon else None)


class Tables(Importing):
    """The verb that takes a table in."""

    def preview_table(self, table: Table) -> Import:
        """Return what a table would change.

        Raises:
            TrackerError: if a row cannot be; it says which.
        """
        found = _Reading(self, table).spots()
        result = Import(self._store.stamp())
        new = [said for said in found if said.entry is None or said.entry.deleted]
        result.new = [said.title for said in new]
        result.kinds.update(said.kind for said in new)
        for spot in found:
            if spot.entry is not None and not spot.entry.deleted and spot.arrives:
                result.moved.append(spot.title)
        changes: list[Change] = []
        changed: set[str] = set()
        tied: list[Entry] = []
        for spot in found:
            if spot.entry is None or spot.line is None:
                continue
            try:
                edited = plan.edit(spot.entry, spot.fields).changes
            except TrackerError as error:
                raise table.wrong(spot.line, error.problem) from error
            if edited and not spot.entry.deleted:
                result.changed.append(spot.title)
                changed.add(spot.id)
            changes += edited
            tied.append(spot.entry)
        changes += self._arriving(found)
        changes += self._relations(table, found, result, changed)
        learned = [
            spot.id
            for spot in found
            if spot.entry is None
            and spot.kind is Kind.ITEM
            and spot.fields.get("status") == Status.LEARNED
        ]
        action = self._with_reviews(Action(label(table.name, result), tuple(changes)), tied)
        result.action = action.also(*self._claims(learned))
        return result

    def _relations(
        self, table: Table, spots: list[_Spot], result: Import, changed: Collection[str]
    ) -> list[Change]:
        """What the table says of what entries need and what is the same subject.

        A cell says all of it, an empty one that there is nothing; of a pair one of the two rows is
        enough to keep it. `changed`: the ids of what is in `result.changed` already.
        """
        lines = [(spot, spot.line) for spot in spots if spot.line is not None and spot.line.ties]
        if not lines:
            return []
        said = (Said(spot.id, spot.kind, spot.title, spot.parent) for spot in spots)
        found = Relating(self, said)
        named = {(spot.id, name): ids for spot, line in lines for name, ids in line.ties.items()}
        for (id_, name), ids in named.items():
            for other in set(found.of(KINDS[name], id_)).difference(ids):
                if name == "requires" or id_ not in named.get((other, name), ()):
                    found.unmake(KINDS[name], id_, other)
        for spot, line in lines:
            for name, ids in line.ties.items():
                for other in ids:
                    try:
                        found.make(KINDS[name], spot.id, other)
                    except TrackerError as error:
                        raise table.wrong(line, error.problem) from error
        result.changed += [
            spot.title
            for spot in spots
            if spot.id in found.touched and spot.id not in changed
            if spot.entry is not None and not spot.entry.deleted
        ]
        return found.changes

    def import_table(self, table: Table) -> Import:
        """Take a table in, as one undo step."""
        return self.take(lambda: self.preview_table(table))

    def _arriving(self, spots: list[_Spot]) -> Iterator[Change]:
        """What is new in its place, behind what is there."""
        places: dict[Place, list[_Spot]] = {}
        for spot in spots:
            if spot.arrives:
                places.setdefault(spot.place, []).append(spot)
        for place, arriving in places.items():
            last = self._store.last(place)
            keys = order.spread(last.position if last else None, None, len(arriving))
            for spot, position in zip(arriving, keys, strict=True):
                if spot.entry is None:
                    fields = {name: value for name, value in spot.fields.items() if name != "title"}
                    fields = {"status": Status.TODO.value, **fields}
                    yield from plan.add(
                        spot.id, spot.kind, spot.parent, position, spot.title, fields
                    ).changes
                    continue
                yield from plan.move(spot.entry, spot.parent, position, "").changes
                if spot.entry.deleted:
                    yield Change(Entity.ENTRY, spot.id, "deleted", 1, 0)

    def _coin(self, title: str) -> str:
        return self._new_ids([title])[0]


class _Reading:
    """Finds for each row of a table the entry that it is, and the place that it goes to."""

    def __init__(self, tracker: Tables, table: Table) -> None:
        self._tracker = tracker
        self._table = table
        outline = tracker.outline()
        self._living = {entry.id: entry for entry, _ in outline.walk()}
        self._given = {line.id for line in table.lines if line.id}
        self._spots: dict[str, _Spot] = {}
        """By id, in the order in which they are put into their places."""
        self._known: dict[object, list[str]] = {}
        """By what a row without an id says (kind, place, title) the entries that it may be; items by
        their title alone too."""
        self._branches: dict[tuple[Kind, str | None, str], str] = {}
        """The categories and sections by their id and by their title, in the place they are in."""
        for entry in self._living.values():
            horizon = entry.horizon if entry.kind is Kind.STEP else None
            spot = (entry.kind, entry.parent, horizon, title_key(entry.title))
            if entry.id not in self._given:
                self._known.setdefault(spot, []).append(entry.id)
                if entry.kind is Kind.ITEM:
                    self._known.setdefault(spot[-1], []).append(entry.id)
            if entry.is_branch:
                self._name(entry.kind, entry.parent, entry.id, entry.title)

    def spots(self) -> list[_Spot]:
        """Return where everything of the table is to be."""
        lines = self._table.lines
        for line in sorted(lines, key=lambda line: _FIRST.get(self._kind(line), 2)):
            try:
                self._place(line)
            except TrackerError as error:
                raise self._table.wrong(line, error.problem, error.advice) from error
        for spot in self._spots.values():
            if spot.arrives:
                self._check(spot)
        return list(self._spots.values())

    def _kind(self, line: Line) -> Kind:
        entry = self._living.get(line.id)
        return line.kind or (entry.kind if entry is not None else Kind.ITEM)

    def _place(self, line: Line) -> None:
        kind, title = self._kind(line), str(line.fields["title"])
        entry = self._entry(line)
        if entry is not None and entry.kind is not kind:
            raise TrackerError(f"the kind of “{entry.id}” is {entry.kind.value}, and stays so")
        if not line.id and not line.places and kind is Kind.ITEM:
            entry = self._titled(title)
        parent = self._parent(line, kind, entry)
        fields = _fitting(line.fields, kind, entry)
        horizon = fields.get("horizon") if kind is Kind.STEP else None
        if kind is Kind.STEP and entry is None and horizon is None:
            raise TrackerError("a step of the learning path needs a horizon")
        id_ = line.id or (entry.id if entry is not None else "")
        if not id_:
            spot = (kind, parent, Horizon(str(horizon)) if horizon else None, title_key(title))
            known = self._free(spot)
            id_ = known[0] if known else self._coin(title)
            entry = self._living.get(id_)
        self._spots[id_] = _Spot(id_, kind, title, parent, fields, line, entry)
        if kind in _FIRST:
            self._name(kind, parent, id_, title)

    def _entry(self, line: Line) -> Entry | None:
        if not line.id:
            return None
        return self._living.get(line.id) or next(iter(self._tracker.entries([line.id])), None)

    def _free(self, key: object) -> list[str]:
        return [id_ for id_ in self._known.get(key, ()) if id_ not in self._spots]

    def _titled(self, title: str) -> Entry | None:
        """The item that a row which says no place means: in the inbox, or the one of that title."""
        inbox = self._branches.get((Kind.CATEGORY, None, title_key(INBOX)))
        found = self._free((Kind.ITEM, inbox, None, title_key(title)) if inbox else None)
        if not found:
            found = self._free(title_key(title))
            if len(found) > 1:
                raise TrackerError(
                    f"{len(found)} items are called so", "name the category, or the id"
                )
        return self._living[found[0]] if found else None

    def _coin(self, title: str) -> str:
        id_ = self._tracker._coin(title)  # noqa: SLF001 - a part of it
        while id_ in self._spots or id_ in self._given:
            id_ = self._tracker._coin(title)  # noqa: SLF001
        return id_

    # Places

    def _parent(self, line: Line, kind: Kind, entry: Entry | None) -> str | None:
        if kind not in HOLDERS:
            return None
        places = line.places
        if kind is Kind.ITEM and "parent" in places:
            parent = places["parent"].lower()
            if parent not in self._living and parent not in self._given:
                raise TrackerError(f"there is no “{parent}” for it to lie in")
            return parent
        if "category" not in places and ("section" not in places or kind is Kind.SECTION):
            if entry is not None and not entry.deleted:
                return entry.parent
            if kind is Kind.SECTION:
                raise TrackerError("a section lies in a category", "name it in that column")
            return self._branch(Kind.CATEGORY, None, INBOX)
        if kind is Kind.ITEM and "section" in places and "category" not in places:
            return self._section(places["section"])
        category = self._branch(Kind.CATEGORY, None, places["category"])
        if kind is Kind.ITEM and "section" in places:
            return self._branch(Kind.SECTION, category, places["section"])
        return category

    def _section(self, name: str) -> str:
        """The one section of a name, or a new one in the inbox."""
        ids = {
            id_
            for (kind, _, called), id_ in self._branches.items()
            if kind is Kind.SECTION and called == title_key(name)
        }
        if len(ids) > 1:
            raise TrackerError(f"{len(ids)} sections are called “{name}”", "name the category too")
        return (
            ids.pop()
            if ids
            else self._branch(Kind.SECTION, self._branch(Kind.CATEGORY, None, INBOX), name)
        )

    def _branch(self, kind: Kind, parent: str | None, name: str) -> str:
        """The category or section of a name (or id) in a place; a new one, if there is none."""
        found = self._branches.get((kind, parent, title_key(name)))
        if found is None:
            found = self._coin(name)
            self._spots[found] = _Spot(found, kind, name, parent)
            self._name(kind, parent, found, name)
        return found

    def _name(self, kind: Kind, parent: str | None, id_: str, title: str) -> None:
        for name in (id_, title_key(title)):
            self._branches.setdefault((kind, parent, name), id_)

    def _check(self, spot: _Spot) -> None:
        """See that what arrives can lie where it is to be.

        Raises:
            TrackerError: if it cannot.
        """
        assert spot.line is not None or spot.kind in _FIRST
        depth, at = 1, spot.parent
        while at is not None:
            holder = self._spots.get(at)
            kind = holder.kind if holder is not None else self._living[at].kind
            child = spot.kind if depth == 1 else Kind.ITEM
            if depth == 1 and kind not in HOLDERS[child]:
                raise self._wrong(
                    spot,
                    f"what it is to lie in is of the kind {kind.value}, which holds no {child.value}",
                )
            depth += 1
            if depth > DEPTH_MAX or at == spot.id:
                raise self._wrong(spot, "it would lie within itself, or too deep")
            at = holder.parent if holder is not None else self._living[at].parent

    def _wrong(self, spot: _Spot, problem: str) -> TrackerError:
        return self._table.wrong(spot.line, problem) if spot.line else TrackerError(problem)


def _fitting(fields: Mapping[str, Value], kind: Kind, entry: Entry | None) -> dict[str, Value]:
    """Those fields that an entry can have, and that are its own to say."""
    without: set[str] = set()
    if kind in _FIRST:
        without.update(_OF_ITEMS)
    if kind is Kind.STEP and fields.get("horizon") is None:
        without.add("horizon")
    if entry is not None and entry.covering:
        without.add("status")  # it follows from what it covers
    return {name: value for name, value in fields.items() if name not in without}
