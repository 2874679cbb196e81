"""What a seed comes to: its entries, and the journal rows that they stand for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tracker_tui.domain import ids, order
from tracker_tui.domain.journal import Row, Value
from tracker_tui.domain.seeds import ROWS_MAX, replica_of
from tracker_tui.domain.words import Entity, Kind, RelationKind


@dataclass(frozen=True, slots=True)
class SeedEntry:
    """An entry as a seed has it."""

    id: str
    kind: Kind
    parent: str | None
    position: str
    fields: Mapping[str, Value]
    covers: tuple[str, ...] = ()
    requires: tuple[str, ...] = ()
    """Ids of what should be learned before it."""
    related: tuple[str, ...] = ()
    """Ids of what is the same subject, as this entry names them; each pair is related both ways."""


@dataclass(frozen=True, slots=True)
class Seed:
    """A seed that was read and found sound."""

    id: str
    version: int
    track: Mapping[str, str]
    """title, purpose, source and updated (an ISO date)."""
    horizons: Mapping[str, Mapping[str, str]]
    """title and span of each horizon."""
    entries: tuple[SeedEntry, ...]

    @property
    def replica(self) -> str:
        """The replica whose rows are this seed's."""
        return replica_of(self.id)

    def rows(self) -> Iterator[Row]:
        """Return the journal rows that the seed stands for, the same ones every time."""
        # Noon: the same day wherever the user is, and whenever their day begins.
        at = f"{self.track['updated']}T12:00:00Z"
        action = f"{self.replica}-{self.id}-{self.version}"
        for n, (entity, id_, field, value) in enumerate(
            self._facts(action), self.version * ROWS_MAX + 1
        ):
            yield Row(self.replica, n, 0, at, action, entity.value, id_, field, value)

    def _facts(self, action: str) -> Iterator[tuple[Entity, str, str, Value]]:
        yield Entity.ACTION, action, "label", f"the track “{self.track['title']}”"
        for name, words in self.track.items():
            yield Entity.TRACK, self.id, name, words
        for horizon, facts in self.horizons.items():
            for name, words in facts.items():
                yield Entity.HORIZON, horizon, name, words
        for entry in self.entries:
            yield Entity.ENTRY, entry.id, "kind", entry.kind.value
            yield Entity.ENTRY, entry.id, "parent", entry.parent
            yield Entity.ENTRY, entry.id, "position", entry.position
            for name, value in entry.fields.items():
                yield Entity.ENTRY, entry.id, name, value
            yield Entity.ENTRY, entry.id, "deleted", 0
        for kind, source, target, place in self._relations():
            id_ = ids.relation_id(kind, source, target)
            yield Entity.RELATION, id_, "kind", kind.value
            yield Entity.RELATION, id_, "source", source
            yield Entity.RELATION, id_, "target", target
            yield Entity.RELATION, id_, "position", place
            yield Entity.RELATION, id_, "deleted", 0

    def _relations(self) -> Iterator[tuple[RelationKind, str, str, str]]:
        """Kind, source, target and order key of each relation: kind by kind, as the entries come."""
        for kind in (RelationKind.COVERS, RelationKind.REQUIRES):
            for entry in self.entries:
                targets = entry.covers if kind is RelationKind.COVERS else entry.requires
                places = order.spread(None, None, len(targets))
                for target, place in zip(targets, places, strict=True):
                    yield kind, entry.id, target, place
        pairs = {
            ids.pair(entry.id, other): None for entry in self.entries for other in entry.related
        }
        for source, target in pairs:
            yield RelationKind.RELATED, source, target, order.between(None, None)
