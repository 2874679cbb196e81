"""Taking a checklist document into the track: what would change, and changing it as one step."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import count
from typing import TYPE_CHECKING

from tracker_tui.domain import dates, order, plan, text
from tracker_tui.domain.journal import Action, Change, Value
from tracker_tui.domain.track import Entry, Place, address_key, links_json
from tracker_tui.domain.words import Entity, Horizon, Kind, Status
from tracker_tui.errors import TrackerError
from tracker_tui.tracker.base import verb
from tracker_tui.tracker.insights import Insights
from tracker_tui.tracker.relating import Said, of_document, title_key
from tracker_tui.tracker.verbs import DEPTH_MAX

if TYPE_CHECKING:
    from tracker_tui.exchange.checklist import Node


@dataclass
class Import:
    """What a document would change, in titles; `action` does it."""

    new: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    moved: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    """In the track where the document has something, and not in the document; they stay."""
    untaken: list[str] = field(default_factory=list)
    """In words: what it names that is not there, or cannot be."""
    action: Action = field(default_factory=lambda: Action("", ()))
    stamp: object = None
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


class _Plan:
    """Ties the nodes of a document to the entries of the track, each to one."""

    def __init__(self, below: dict[str | None, list[Entry]]) -> None:
        self.below = below
        self.tied: dict[int, Entry] = {}
        """By the identity of a node: the entry that it is."""
        self.parents: dict[int, Node | None] = {}
        self.nodes: list[Node] = []
        self._used: set[str] = set()

    def tie(self, nodes: Sequence[Node], above: Node | None) -> None:
        """Tie nodes to the entries of the same title in their place, in order."""
        parent = self.tied.get(id(above)) if above is not None else None
        if above is None or parent is not None:
            there = self.below.get(parent.id if parent is not None else None, ())
        else:
            there = ()
        free: defaultdict[tuple[str, str], list[Entry]] = defaultdict(list)
        for entry in there:
            free[_place_key(entry.kind, entry.horizon), title_key(entry.title)].append(entry)
        # A title that has the document's markup in it is the second choice.
        for titles in ([node.title for node in nodes], [node.raw for node in nodes]):
            for node, title in zip(nodes, titles, strict=True):
                found = free.get((_place_key(node.kind, node.horizon), title_key(title)))
                if found and id(node) not in self.tied:
                    self._take(node, found.pop(0))
        for node in nodes:
            self.nodes.append(node)
            self.parents[id(node)] = above
            self.tie(node.children, node)

    def _take(self, node: Node, entry: Entry) -> None:
        self.tied[id(node)] = entry
        self._used.add(entry.id)

    def tie_moved(self) -> list[Node]:
        """Tie what is left to the one entry of its title elsewhere that is not tied either."""
        free: defaultdict[str, list[Entry]] = defaultdict(list)
        for entries in self.below.values():
            for entry in entries:
                if entry.kind is Kind.ITEM and entry.id not in self._used:
                    free[title_key(entry.title)].append(entry)
        wanted: defaultdict[str, list[Node]] = defaultdict(list)
        for node in self.nodes:
            if node.kind is Kind.ITEM and id(node) not in self.tied:
                wanted[title_key(node.title)].append(node)
        moved = []
        for key, nodes in wanted.items():
            if len(nodes) == 1 and len(free[key]) == 1 and not free[key][0].children:
                self._take(nodes[0], free[key][0])
                moved.append(nodes[0])
        return moved

    def gone(self) -> Iterator[Entry]:
        """The items that stand where the document has something, and are not in it."""
        seen = {entry.id for entry in self.tied.values()}
        for id_ in seen:
            for entry in self.below.get(id_, ()):
                if entry.kind is Kind.ITEM and entry.id not in self._used:
                    yield entry


class Importing(Insights):
    """The verb that takes a document in."""

    def preview(self, nodes: Sequence[Node], name: str) -> Import:
        """Return what a document would change.

        Raises:
            TrackerError: if it nests too deep, or a text is too long.
        """
        outline = self.outline()
        tie = _Plan({parent: list(entries) for parent, entries in outline.below.items()})
        tie.tie(nodes, None)
        moved = tie.tie_moved()
        result = Import(moved=[node.title for node in moved], stamp=self._store.stamp())
        result.gone = sorted(entry.title for entry in tie.gone())
        fresh = [node for node in tie.nodes if id(node) not in tie.tied]
        result.new = [node.title for node in fresh]
        made = {
            id(node): id_
            for node, id_ in zip(fresh, self._new_ids(n.title for n in fresh), strict=True)
        }
        ids = {**{key: entry.id for key, entry in tie.tied.items()}, **made}
        changes: list[Change] = []
        for node in tie.nodes:
            entry = tie.tied.get(id(node))
            if entry is None:
                continue
            found = list(_differences(node, entry))
            if found:
                result.changed.append(node.title)
            changes += found
        changes += self._placed(tie, moved, fresh, ids)
        changes += self._named(tie, ids, result)
        learned = [
            ids[id(node)]
            for node in fresh
            if node.status is Status.LEARNED and node.kind is Kind.ITEM
        ]
        action = Action(label(name, result), tuple(changes))
        action = self._with_reviews(action, list(tie.tied.values()))
        result.action = replace(action, changes=(*action.changes, *self._claims(learned)))
        return result

    def _named(self, tie: _Plan, ids: dict[int, str], result: Import) -> list[Change]:
        """What the document names of relations between entries."""
        named = [(ids[id(node)], node.ties) for node in tie.nodes if node.ties]
        if not named:
            return []
        said = (
            Said(ids[id(node)], node.kind, node.title, ids[id(over)] if over is not None else None)
            for node in tie.nodes
            for over in (tie.parents[id(node)],)
        )
        found, result.untaken = of_document(self, said, named)
        new = {ids[id(node)] for node in tie.nodes if id(node) not in tie.tied}
        known = {ids[id(node)]: node.title for node in tie.nodes}
        for id_ in found.touched:
            title = known.get(id_) or self.entry(id_).title
            if id_ not in new and title not in result.changed:
                result.changed.append(title)
        return found.changes

    def import_document(self, nodes: Sequence[Node], name: str) -> Import:
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

    def _placed(
        self, tie: _Plan, moved: Sequence[Node], fresh: Sequence[Node], ids: dict[int, str]
    ) -> Iterator[Change]:
        """The new ones with all their fields, the moved ones with their place, each behind the last."""
        places: dict[Place, list[Node]] = {}
        arriving = {id(node) for node in (*moved, *fresh)}
        for node in tie.nodes:
            if id(node) in arriving:
                places.setdefault(self._place(node, tie, ids), []).append(node)
        for place, nodes in places.items():
            known = place.parent is None or self._store.entry(place.parent) is not None
            last = self._store.last(place) if known else None
            keys = order.spread(last.position if last else None, None, len(nodes))
            for node, position in zip(nodes, keys, strict=True):
                entry = tie.tied.get(id(node))
                if entry is not None:
                    yield from plan.move(entry, place.parent, position, "").changes
                    continue
                fields: dict[str, Value] = {"status": (node.status or Status.TODO).value}
                fields |= {n: text.body(t, n.replace("_", " ")) for n, t in node.texts.items()}
                if node.links:
                    fields["resources"] = links_json(node.links)
                if node.horizon is not None:
                    fields["horizon"] = node.horizon.value
                added = plan.add(
                    ids[id(node)], node.kind, place.parent, position, node.title, fields
                )
                yield from added.changes

    def _place(self, node: Node, tie: _Plan, ids: dict[int, str]) -> Place:
        above = tie.parents[id(node)]
        if above is None:
            horizon = node.horizon if node.kind is Kind.STEP else None
            return Place(None, node.kind, horizon)
        depth, at = 1, above
        while (parent := tie.parents[id(at)]) is not None:
            depth, at = depth + 1, parent
        if depth >= DEPTH_MAX:
            raise TrackerError(f"line {node.line} lies too deep", f"{DEPTH_MAX} levels at most")
        return Place(ids[id(above)])

    def _claims(self, ids: Iterable[str]) -> Iterator[Change]:
        """The reviews that new learned items begin with."""
        at = dates.utc_text(self._clock())
        for number, id_ in zip(count(), ids, strict=False):
            review = f"{self._review_id()}-{number}"
            for name, value in (("entry", id_), ("at", at), ("rating", 3), ("claim", 1)):
                yield Change(Entity.REVIEW, review, name, None, value)
            yield Change(Entity.REVIEW, review, "deleted", 1, 0)


def _place_key(kind: Kind, horizon: Horizon | None) -> str:
    """What must be the same beside the title: the kind and, of a step, the horizon."""
    return f"{kind} {horizon}" if kind is Kind.STEP else kind.value


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
