"""What a file that is to be taken in would change, entry by entry."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from tracker_tui.domain.journal import Change, Value
from tracker_tui.domain.track import Entry
from tracker_tui.domain.words import Entity, RelationKind
from tracker_tui.tracker.importing import Import
from tracker_tui.tracker.tables import Tables

if TYPE_CHECKING:
    from tracker_tui.domain.reseed import Moved, Reworded, Wording


class Details(NamedTuple):
    """What would change of entries that are in the track."""

    changed: list[Reworded]
    moved: list[Moved]


class Previews(Tables):
    """The question what an import would change."""

    def details(self, planned: Import) -> Details:
        """Return what an import would change of what is there; what is new costs next to nothing."""
        if not (planned.changed or planned.moved):
            return Details([], [])
        from tracker_tui.domain.reseed import PLACE, Reworded, Wording

        found = _Found(planned.action.changes, places=bool(planned.moved))
        ties = self._ties_of(found.ties)
        changed, moved = [], []
        for entry in self._living_of({**dict.fromkeys(found.fields), **dict.fromkeys(ties)}):
            id_ = entry.id
            changes = found.fields.pop(id_, [])
            words = [Wording(c.field, c.old, c.new) for c in changes if c.field not in PLACE]
            words += self._tied_words(id_, ties.get(id_, {}))
            if words:
                changed.append(Reworded(id_, entry.kind.value, entry.title, tuple(words)))
            place = {c.field: c.new for c in changes if c.field in PLACE}
            if place:
                moved.append(self._moved_words(entry, place, found))
        return Details(changed, moved)

    def _living_of(self, ids: Iterable[str]) -> Iterator[Entry]:
        """Those of some entries that are not deleted, a few of them in memory at a time."""
        waiting = iter(ids)
        while some := list(islice(waiting, 500)):
            yield from (entry for entry in self.entries(some) if not entry.deleted)

    def _ties_of(
        self, ties: Mapping[str, dict[str, Value]]
    ) -> dict[str, dict[RelationKind, dict[str, bool]]]:
        """By entry what would be tied to it, or untied."""
        result: dict[str, dict[RelationKind, dict[str, bool]]] = {}
        for id_, said in ties.items():
            kept = self._store.relation(id_) if "source" not in said else said
            kind, source, target = (str(kept[name]) for name in ("kind", "source", "target"))
            on = not said.get("deleted", 1)
            ends = [(source, target)]
            if kind is RelationKind.RELATED:
                ends.append((target, source))
            for one, other in ends:
                result.setdefault(one, {}).setdefault(RelationKind(kind), {})[other] = on
        return result

    def _tied_words(
        self, id_: str, kinds: dict[RelationKind, dict[str, bool]]
    ) -> Iterator[Wording]:
        from tracker_tui.domain.reseed import Wording

        for kind, others in kinds.items():
            if kind is RelationKind.RELATED:
                old = [link.id for link in self._store.related(id_)]
            else:
                old = self._store.ends(kind, id_)
            new = [one for one in old if others.get(one, True)]
            new += [other for other, on in others.items() if on and other not in old]
            yield Wording(kind.value, tuple(old), tuple(new))

    def _moved_words(self, entry: Entry, place: dict[str, Value], found: _Found) -> Moved:
        from tracker_tui.domain.reseed import Moved

        parent = place.get("parent", entry.parent)
        new = str(parent) if parent is not None else None
        before, after = (
            " › ".join(self._titles_to(one, found)) or "the track" for one in (entry.parent, new)
        )
        return Moved(entry.id, entry.kind.value, entry.title, before, after, entry.parent, new)

    def _titles_to(self, id_: str | None, found: _Found) -> list[str]:
        """The titles of an entry, which may be new, and of all that it stands in."""
        titles: list[str] = []
        while id_ is not None:
            if id_ in found.made:
                title, id_ = found.made[id_]
            else:
                entry = self.entry(id_)
                title, id_ = entry.title, entry.parent
            titles.append(title)
        return titles[::-1]


class _Found:
    """The changes of an import, by what they change."""

    def __init__(self, changes: Iterable[Change], *, places: bool) -> None:
        self.fields: dict[str, list[Change]] = {}
        """By id of an entry that is there."""
        self.made: dict[str, tuple[str, str | None]] = {}
        """By id of a new one its title and what it stands in; empty where `places` do not matter."""
        self.ties: dict[str, dict[str, Value]] = {}
        """By id of a relation what is said of it."""
        new, parent = "", None
        for change in changes:
            if change.entity is Entity.RELATION:
                self.ties.setdefault(change.id, {})[change.field] = change.new
            elif change.entity is not Entity.ENTRY:
                continue
            elif change.field == "kind":
                new, parent = change.id, None
            elif change.id != new:
                self.fields.setdefault(change.id, []).append(change)
            elif change.field == "parent":
                parent = str(change.new) if change.new is not None else None
            elif change.field == "title" and places:
                self.made[new] = str(change.new), parent
