"""Taking a checklist document into the track: what would change, and changing it as one step."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain, count, groupby, islice
from typing import TYPE_CHECKING

from tracker_tui.domain import dates, order, plan, text
from tracker_tui.domain.journal import Action, Change, Made, Value
from tracker_tui.domain.track import Entry, Place, address_key, links_json
from tracker_tui.domain.words import Entity, Horizon, Kind, Status
from tracker_tui.errors import TrackerError
from tracker_tui.store.store import Store
from tracker_tui.tracker.base import verb
from tracker_tui.tracker.insights import Insights
from tracker_tui.tracker.relating import Said, of_document, title_key
from tracker_tui.tracker.verbs import DEPTH_MAX

if TYPE_CHECKING:
    from tracker_tui.exchange.nodes import Listing, Node


class Import:
    """What a document would change, in titles; `action` does it."""

    def __init__(self, stamp: object) -> None:
        self.new: Sequence[str] = []
        self.kinds: Counter[Kind] = Counter()
        """Of what is new, how many of each kind."""
        self.changed: list[str] = []
        self.moved: list[str] = []
        self.gone: list[str] = []
        """In the track where the document has something, and not in the document; they stay."""
        self.untaken: list[str] = []
        """In words: what it says that has no place, or names that is not there."""
        self.action = Action("", ())
        self.stamp = stamp
        """Which state of the database it was planned for."""


def label(name: str, result: Import) -> str:
    """Return what importing a file of a name is called in the history."""
    words = ", ".join(
        f"{len(found):,} {what}"
        for what, found in (
            ("new", result.new),
            ("changed", result.changed),
            ("moved", result.moved),
        )
        if found
    )
    return f"imported “{text.shortened(text.shown(name), 60)}”: {words}"


class Importing(Insights):
    """The verb that takes a document in."""

    def preview(self, nodes: Listing, name: str) -> Import:
        """Return what a document would change.

        Raises:
            TrackerError: if it nests too deep, or a text is too long.
        """
        stamp = self._store.stamp()
        return _Plan(self, self._store, nodes).result(name, stamp)

    def import_document(self, nodes: Listing, name: str) -> Import:
        """Take a document in, as one undo step."""
        return self.take(lambda: self.preview(nodes, name))

    @verb
    def take(self, plan: Callable[[], Import], planned: Import | None = None) -> Import:
        """Do what an import plans, as one undo step; `planned` is its plan if it was made already."""
        if planned is None or planned.stamp != self._store.stamp():
            planned = plan()
        if planned.action.changes:
            self.safety_backup("import")
        planned.action = self._apply(planned.action)
        return planned

    def _claims(self, ids: Iterable[str]) -> Iterator[Change]:
        """The reviews that new learned items begin with."""
        at = dates.utc_text(self._clock())
        for number, id_ in zip(count(), ids, strict=False):
            yield from _claim(f"{self._review_id()}-{number}", id_, at)


def _claim(review: str, id_: str, at: str) -> Iterator[Change]:
    for name, value in (("entry", id_), ("at", at), ("rating", 3), ("claim", 1)):
        yield Change(Entity.REVIEW, review, name, None, value)
    yield Change(Entity.REVIEW, review, "deleted", 1, 0)


class _Plan:
    """Ties the nodes of a document to the entries of the track, each to one.

    Of each node it keeps the id of its entry, and makes the rest when it is needed: a document may
    have a hundred thousand.
    """

    def __init__(self, tracker: Importing, store: Store, nodes: Listing) -> None:
        self._tracker = tracker
        self._store = store
        self._nodes = nodes
        self._ids = [""] * len(nodes)
        """By the number of a node its entry's id; empty where it is not tied."""
        self._fresh = bytearray(len(nodes))
        """Of what entry is new: 1, else 0."""
        self._moved: list[int] = []
        self._left: dict[str, str] = {}
        """Titles of the items, by id, that stand where the document has something, and are not in it."""
        self._holding: set[str] = set()
        """Entries that something lies in."""
        self._changed = array("l")
        """Those whose entry's texts, links or status are other ones."""
        self._last: dict[Place, str | None] = {}
        """The last order keys in the places that something arrives in."""
        self._horizons: list[Change] = []
        """The words of the horizons that the track has none for."""
        self._relations: list[Change] = []
        """What the document says of what entries need and of what is the same subject."""
        self._day = tracker.today()
        self._at = tracker._at()  # noqa: SLF001 - a part of it, in a class of its own
        self._review = tracker._review_id()  # noqa: SLF001

    def result(self, name: str, stamp: object) -> Import:
        """Return what would change."""
        self._tie()
        self._tie_moved()
        nodes = self._nodes
        fresh = array("l", (number for number, id_ in enumerate(self._ids) if not id_))
        coined = self._tracker._new_ids(nodes[number].title for number in fresh)  # noqa: SLF001
        for number, id_ in zip(fresh, coined, strict=True):
            self._ids[number], self._fresh[number] = id_, 1
        total = 0
        for number, changes in self._edits(range(len(nodes))):
            self._changed.append(number)
            total += len(changes)
        total += sum(1 for _ in self._arrivals())
        result = Import(stamp)
        result.changed += [nodes[number].title for number in self._changed]
        result.moved += [nodes[number].title for number in self._moved]
        result.gone += sorted(self._left.values())
        result.untaken += nodes.passed
        # A hundred thousand titles of which ten are shown: they can be looked up.
        result.new = nodes.titles(fresh)
        naming = []
        for node in nodes:
            if self._fresh[node.number]:
                result.kinds[node.kind] += 1
            if node.ties:
                naming.append(node)
        if naming:
            self._relate(naming, result)
            total += len(self._relations)
        self._horizons = list(horizon_words(self._store, nodes.spans)) if total else []
        total += len(self._horizons)
        changes = Made(total, self._changes) if total else ()
        result.action = Action(label(name, result), changes)
        return result

    def _relate(self, naming: Iterable[Node], result: Import) -> None:
        """Make the relations that the document names."""
        said = (
            Said(id_, node.kind, node.title, self._ids[over] if over >= 0 else None)
            for id_, node, over in zip(self._ids, self._nodes, self._nodes.above, strict=True)
        )
        named = [(self._ids[node.number], node.ties) for node in naming]
        found, untaken = of_document(self._tracker, said, named)
        result.untaken += untaken
        self._relations = found.changes
        numbers = {id_: number for number, id_ in enumerate(self._ids) if id_ in found.touched}
        changed = {self._ids[number] for number in self._changed}
        for id_ in found.touched:
            number = numbers.get(id_)
            if id_ in changed or (number is not None and self._fresh[number]):
                continue
            known = self._nodes[number] if number is not None else self._tracker.entry(id_)
            result.changed.append(known.title)

    def _changes(self) -> Iterator[Change]:
        for _, changes in self._edits(self._changed):
            yield from changes
        yield from self._arrivals()
        yield from self._relations
        yield from self._horizons

    # Which entry each node is

    def _tie(self) -> None:
        """Tie nodes to the entries of the same title in their place, in order."""
        above = self._nodes.above
        # What nodes lie in has a lower number than they have: it is tied before them.
        for over, siblings in groupby(
            sorted(range(len(above)), key=above.__getitem__), key=above.__getitem__
        ):
            if over < 0:
                self._tie_siblings(None, [*siblings])
            elif self._ids[over]:
                self._tie_siblings(self._ids[over], [*siblings])
        within = set(above)
        for number, id_ in enumerate(self._ids):
            if id_ in self._holding and number not in within:
                self._tie_siblings(id_, ())

    def _tie_siblings(self, parent: str | None, numbers: Sequence[int]) -> None:
        free: dict[str, str] = {}
        twins: dict[str, list[str]] = {}

        def take(id_: str, kind: str, horizon: str | None, title: str, children: int) -> None:
            key = _key(kind, horizon, title)
            if key in free:
                twins.setdefault(key, []).append(id_)
            else:
                free[key] = id_
            if children:
                self._holding.add(id_)

        self._store.titles_in(parent, take)
        # A title that has the document's markup in it is the second choice.
        for raw in (False, True):
            for number in numbers if free else ():
                if self._ids[number]:
                    continue
                node = self._nodes[number]
                key = _key(node.kind, node.horizon, node.raw if raw else node.title)
                if key not in free:
                    continue
                self._ids[number] = free.pop(key)
                if more := twins.get(key):
                    free[key] = more.pop(0)
        if parent is not None:
            self._leave(chain(free.values(), *twins.values()))

    def _leave(self, ids: Iterable[str]) -> None:
        waiting = iter(ids)
        while some := list(islice(waiting, 500)):
            self._left |= {e.id: e.title for e in self._store.entries(some) if e.kind is Kind.ITEM}

    def _tie_moved(self) -> None:
        """Tie what is left to the one entry of its title elsewhere that is not tied either."""
        nodes = self._nodes
        open_ = [number for number, id_ in enumerate(self._ids) if not id_]
        if not open_:
            return
        used = set(self._ids)
        free: dict[str, str | None] = {}

        def take(id_: str, title: str, children: int) -> None:
            if id_ not in used:
                key = title_key(title)
                free[key] = None if key in free or children else id_

        self._store.titles_of_items(take)
        wanted: dict[str, list[int]] = {}
        for number in open_:
            node = nodes[number]
            if node.kind is Kind.ITEM and (key := title_key(node.title)) in free:
                wanted.setdefault(key, []).append(number)
        for key, numbers in wanted.items():
            only = free[key]
            if only is not None and len(numbers) == 1:
                self._ids[numbers[0]] = only
                self._moved.append(numbers[0])
                self._left.pop(only, None)

    # What changes

    def _edits(self, numbers: Sequence[int]) -> Iterator[tuple[int, Sequence[Change]]]:
        """What the document says of entries that are otherwise in the track, of each that it is."""
        tied = (number for number in numbers if not self._fresh[number])
        while some := list(islice(tied, 500)):
            entries = {e.id: e for e in self._store.entries(self._ids[number] for number in some)}
            for number in some:
                entry = entries[self._ids[number]]
                found = tuple(_differences(self._nodes[number], entry))
                if found:
                    action = self._tracker._with_reviews(  # noqa: SLF001
                        Action("", found), [entry], self._day, iter([f"{self._review}-{number}"])
                    )
                    yield number, action.changes

    def _arrivals(self) -> Iterator[Change]:
        """The new ones with all their fields, the moved ones with their place, each behind the last."""
        moved = set(self._moved)
        last: dict[Place | int, str | None] = {}
        for number in range(len(self._nodes)):
            if not self._fresh[number] and number not in moved:
                continue
            node = self._nodes[number]
            over = self._nodes.above[number]
            if over >= 0:
                place: Place | int = over
            else:
                place = Place(None, node.kind, node.horizon if node.kind is Kind.STEP else None)
            last[place] = position = order.between(last.get(place) or self._last_in(place), None)
            yield from self._arrives(node, self._ids[over] if over >= 0 else None, position)

    def _last_in(self, place: Place | int) -> str | None:
        """The last order key of a place before anything arrives in it."""
        if isinstance(place, int):
            if self._fresh[place]:
                return None
            place = Place(self._ids[place])
        if place not in self._last:
            entry = self._store.last(place)
            self._last[place] = entry.position if entry is not None else None
        return self._last[place]

    def _arrives(self, node: Node, parent: str | None, position: str) -> Iterator[Change]:
        id_ = self._ids[node.number]
        self._check_depth(node)
        if not self._fresh[node.number]:
            yield from plan.move(self._tracker.entry(id_), parent, position, "").changes
            return
        fields: dict[str, Value] = {"status": (node.status or Status.TODO).value}
        fields |= {n: text.body(t, n.replace("_", " ")) for n, t in node.texts.items()}
        if node.links:
            fields["resources"] = links_json(node.links)
        if node.horizon is not None:
            fields["horizon"] = node.horizon.value
        yield from plan.add(id_, node.kind, parent, position, node.title, fields).changes
        if node.status is Status.LEARNED and node.kind is Kind.ITEM:
            yield from _claim(f"{self._review}-{node.number}", id_, self._at)

    def _check_depth(self, node: Node) -> None:
        depth, at = 0, node.number
        while (at := self._nodes.above[at]) >= 0:
            depth += 1
        if depth >= DEPTH_MAX:
            raise TrackerError(f"line {node.line} lies too deep", f"{DEPTH_MAX} levels at most")


def _key(kind: str, horizon: str | None, title: str) -> str:
    """What must be the same: the kind, the title and, of a step, the horizon."""
    return f"{kind}\n{horizon if kind == Kind.STEP else None}\n{title_key(title)}"


def horizon_words(store: Store, spans: Mapping[Horizon, tuple[str, str]]) -> Iterator[Change]:
    """What a document calls the horizons of the path, where the track has no words for them."""
    known = {id_ for (id_, _), value in store.facts(Entity.HORIZON).items() if value}
    for horizon, words in spans.items():
        if horizon.value not in known:
            for name, value in zip(("title", "span"), words, strict=True):
                yield Change(Entity.HORIZON, horizon.value, name, None, text.line(value))


def _differences(node: Node, entry: Entry) -> Iterator[Change]:
    """What a document says of an entry that is otherwise in the track."""
    for name, value in node.texts.items():
        new = text.body(value, name.replace("_", " "))
        if new != getattr(entry, name):
            yield Change(Entity.ENTRY, entry.id, name, getattr(entry, name), new)
    known = {address_key(link.url) for link in entry.resources}
    links = [link for link in node.links if address_key(link.url) not in known]
    if links:
        new = links_json((*entry.resources, *links))
        yield Change(Entity.ENTRY, entry.id, "resources", entry.resources_json, new)
    if entry.is_branch or entry.covering:
        return
    if node.status is not None and node.status is not entry.own_status:
        yield Change(Entity.ENTRY, entry.id, "status", entry.own_status.value, node.status.value)
