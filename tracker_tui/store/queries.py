"""What can be asked of the database. All of it plain, indexed statements on one connection."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path

from tracker_tui.domain.journal import Change, Value
from tracker_tui.domain.track import (
    Entry,
    Link,
    Note,
    Place,
    Span,
    Tally,
    place_of,
)
from tracker_tui.domain.words import Effort, Entity, Horizon, Kind, RelationKind, Status
from tracker_tui.store.connection import explaining

COLUMNS = (
    "e.id, e.kind, e.parent, e.position, e.title, e.description, e.status, e.own_status, e.horizon,"
    " e.snoozed_until, e.impact, e.action, e.done_when, e.first_step, e.effort, e.resources,"
    " e.progressed_on, e.deleted, e.created_at, e.updated_at, e.covering, e.children, e.total, e.learned, e.learning, e.skipped,"
    " e.retired > 0"
)
_KINDS = {kind.value: kind for kind in Kind}
_STATUSES = {status.value: status for status in Status}
_EFFORTS: dict[str | None, Effort | None] = {None: None, **{e.value: e for e in Effort}}
_HORIZONS: dict[str | None, Horizon | None] = {None: None, **{h.value: h for h in Horizon}}
_RELATION_KINDS = {kind.value: kind for kind in RelationKind}
HORIZON_ORDER = (
    "CASE e.horizon WHEN 'immediate' THEN 0 WHEN 'short' THEN 1 WHEN 'medium' THEN 2 ELSE 3 END"
)
_DEPTH_MAX = 1_000
"""Where a climb ends in a file that somebody tampered with; a sound tree is never that deep."""


def to_entry(row: Sequence[object]) -> Entry:
    """Return the entry that a row of `COLUMNS` holds."""
    made = list(row)
    try:
        made[1] = _KINDS[made[1]]  # type: ignore[index]
        made[6] = _STATUSES[made[6]]  # type: ignore[index]
        made[7] = _STATUSES[made[7]]  # type: ignore[index]
    except KeyError as error:
        raise sqlite3.DatabaseError(f"an entry is “{error}”") from error
    made[8] = _HORIZONS.get(made[8])  # type: ignore[call-overload]
    made[14] = _EFFORTS.get(made[14])  # type: ignore[call-overload]
    made[17] = bool(made[17])
    made[26] = bool(made[26])
    return Entry._make(made)


@explaining
class Queries:
    """The questions half of `Store`."""

    db: sqlite3.Connection
    path: Path
    replica: str

    # Entries

    def entry(self, id_: str) -> Entry | None:
        """Return an entry, deleted or not; None if there is none of that id."""
        row = self.db.execute(f"SELECT {COLUMNS} FROM entry e WHERE e.id = ?", (id_,)).fetchone()
        return to_entry(row) if row else None

    def entries(self, ids: Iterable[str]) -> list[Entry]:
        """Return the entries of `ids` that exist, in that order, each once."""
        wanted = iter(dict.fromkeys(ids))
        found: dict[str, Entry] = {}
        order: list[str] = []
        while some := list(islice(wanted, 500)):
            order += some
            marks = ", ".join("?" * len(some))
            for row in self.db.execute(
                f"SELECT {COLUMNS} FROM entry e WHERE e.id IN ({marks})", some
            ):
                entry = to_entry(row)
                found[entry.id] = entry
        return [found[id_] for id_ in order if id_ in found]

    def ids_beginning(
        self, prefix: str, limit: int, kind: Kind | None = None
    ) -> list[tuple[str, str, bool]]:
        """Return up to `limit` (id, title, deleted) whose id begins with `prefix`, living first."""
        return [
            (id_, title, bool(deleted))
            for id_, title, deleted in self.db.execute(
                "SELECT id, title, deleted FROM entry WHERE id >= ?1 AND id < ?2"
                " AND (?3 IS NULL OR kind = ?3) ORDER BY deleted, id LIMIT ?4",
                (prefix, prefix + "\U0010ffff", kind, limit),
            )
        ]

    def taken(self, ids: Sequence[str]) -> set[str]:
        """Return those of some ids, at most 500, that an entry has, deleted or not."""
        marks = ", ".join("?" * len(ids))
        found = self.db.execute(f"SELECT id FROM entry WHERE id IN ({marks})", ids)
        return {id_ for (id_,) in found}

    def titles_in(
        self, parent: str | None, take: Callable[[str, str, str | None, str, int], None]
    ) -> None:
        """Give `take` the living entries directly below one, or below none, in their order.

        Of each its id, kind, horizon, title and how many lie in it.
        """
        for row in self.db.execute(
            "SELECT id, kind, horizon, title, children FROM entry"
            " WHERE deleted = 0 AND parent IS ? ORDER BY position, id",
            (parent,),
        ):
            take(*row)

    def titles_of_items(self, take: Callable[[str, str, int], None]) -> None:
        """Give `take` id and title of all living items, and how many lie in each, in no order."""
        for row in self.db.execute(
            "SELECT id, title, children FROM entry WHERE deleted = 0 AND kind = ?",
            (Kind.ITEM.value,),
        ):
            take(*row)

    def is_empty(self) -> bool:
        """Whether there is no living entry at all."""
        return self.db.execute("SELECT 1 FROM entry WHERE deleted = 0 LIMIT 1").fetchone() is None

    def select(self, condition: str, values: Sequence[str]) -> list[Entry]:
        """Return the living entries for which an SQL `condition` on `e` holds, in no order."""
        return [
            to_entry(row)
            for row in self.db.execute(
                f"SELECT {COLUMNS} FROM entry e WHERE e.deleted = 0 AND ({condition})", values
            )
        ]

    def ancestors(self, entry: Entry) -> list[Entry]:
        """Return the ancestors of an entry, the outermost first."""
        result: list[Entry] = []
        parent = entry.parent
        while parent is not None and len(result) < _DEPTH_MAX:
            above = self.entry(parent)
            if above is None:
                break
            result.append(above)
            parent = above.parent
        result.reverse()
        return result

    def below(self, id_: str) -> list[Entry]:
        """Return all living entries below one, at any depth, each after its parent."""
        return [
            to_entry(row)
            for row in self.db.execute(
                "WITH RECURSIVE tree(id, depth) AS ("
                " SELECT id, 1 FROM entry WHERE parent = ? AND deleted = 0"
                " UNION ALL SELECT c.id, depth + 1 FROM tree JOIN entry c ON c.parent = tree.id"
                f" WHERE c.deleted = 0 AND depth < {_DEPTH_MAX})"
                f" SELECT {COLUMNS} FROM tree JOIN entry e ON e.id = tree.id ORDER BY depth",
                (id_,),
            )
        ]

    # Siblings

    def _siblings(self, place: Place) -> tuple[str, tuple[str | None, ...]]:
        if place.parent is not None:
            return "e.deleted = 0 AND e.parent = ?", (place.parent,)
        kind = (place.kind or Kind.CATEGORY).value
        condition = "e.deleted = 0 AND e.parent IS NULL AND e.kind = ?"
        if place.kind is Kind.STEP:
            return condition + " AND e.horizon IS ?", (kind, place.horizon)
        return condition, (kind,)

    def count(self, place: Place) -> int:
        """Return how many entries stand in a place."""
        condition, values = self._siblings(place)
        found = self.db.execute(f"SELECT count(*) FROM entry e WHERE {condition}", values)
        return int(found.fetchone()[0])

    def siblings(self, place: Place, offset: int = 0, limit: int = -1) -> list[Entry]:
        """Return the entries of a place in their order, or a part of them."""
        condition, values = self._siblings(place)
        return [
            to_entry(row)
            for row in self.db.execute(
                f"SELECT {COLUMNS} FROM entry e WHERE {condition}"
                " ORDER BY e.position, e.id LIMIT ? OFFSET ?",
                (*values, limit, offset),
            )
        ]

    def index(self, entry: Entry) -> int:
        """Return how many siblings stand before an entry in its place."""
        condition, values = self._siblings(place_of(entry))
        found = self.db.execute(
            f"SELECT count(*) FROM entry e WHERE {condition} AND (e.position, e.id) < (?, ?)",
            (*values, entry.position, entry.id),
        )
        return int(found.fetchone()[0])

    def neighbour(self, entry: Entry, step: int, nth: int = 1) -> Entry | None:
        """Return the `nth` sibling after (`step` 1) or before (-1) an entry, None at the end."""
        condition, values = self._siblings(place_of(entry))
        sign, order = (">", "") if step > 0 else ("<", " DESC")
        row = self.db.execute(
            f"SELECT {COLUMNS} FROM entry e WHERE {condition} AND (e.position, e.id) {sign} (?, ?)"
            f" ORDER BY e.position{order}, e.id{order} LIMIT 1 OFFSET ?",
            (*values, entry.position, entry.id, nth - 1),
        ).fetchone()
        return to_entry(row) if row else None

    def position_beside(self, place: Place, position: str, step: int) -> str | None:
        """Return the nearest order key in a place above (`step` 1) or below (-1) a given one."""
        condition, values = self._siblings(place)
        pick, sign = ("min", ">") if step > 0 else ("max", "<")
        row = self.db.execute(
            f"SELECT {pick}(e.position) FROM entry e WHERE {condition} AND e.position {sign} ?",
            (*values, position),
        ).fetchone()
        return row[0] if row else None

    def tied(self, place: Place, position: str) -> list[Entry]:
        """Return the entries of a place that have one order key, as two replicas can make them."""
        condition, values = self._siblings(place)
        return [
            to_entry(row)
            for row in self.db.execute(
                f"SELECT {COLUMNS} FROM entry e WHERE {condition} AND e.position = ? ORDER BY e.id",
                (*values, position),
            )
        ]

    def last(self, place: Place) -> Entry | None:
        """Return the last entry of a place."""
        condition, values = self._siblings(place)
        row = self.db.execute(
            f"SELECT {COLUMNS} FROM entry e WHERE {condition}"
            " ORDER BY e.position DESC, e.id DESC LIMIT 1",
            values,
        ).fetchone()
        return to_entry(row) if row else None

    # Lists across the track

    def overall(self) -> Tally:
        """Return the counts of all items."""
        return Tally(
            *self.db.execute(
                "SELECT ifnull(sum(total), 0), ifnull(sum(learned), 0), ifnull(sum(learning), 0),"
                " ifnull(sum(skipped), 0) FROM entry"
                " WHERE deleted = 0 AND parent IS NULL AND kind = 'category'"
            ).fetchone()
        )

    def tally(self, kind: Kind, horizon: Horizon | None = None) -> Tally:
        """Return the counts of gaps or of steps, of one horizon if one is given."""
        condition = "" if horizon is None else f" AND horizon = '{horizon.value}'"
        return Tally(
            *self.db.execute(
                "SELECT count(*), ifnull(sum(status = 'learned'), 0),"
                " ifnull(sum(status = 'learning'), 0), ifnull(sum(status = 'skipped'), 0)"
                f" FROM entry WHERE deleted = 0 AND parent IS NULL AND kind = ?{condition}",
                (kind.value,),
            ).fetchone()
        )

    def spans(self) -> list[Span]:
        """Return the horizons with their titles, the nearest first."""
        facts = self.facts(Entity.HORIZON)
        return [
            Span(h, str(facts.get((h, "title")) or h.value), str(facts.get((h, "span")) or ""))
            for h in Horizon
        ]

    def facts(self, entity: Entity) -> dict[tuple[str, str], object]:
        """Return the facts of the track or of its horizons, by (id, field)."""
        return {
            (id_, name): value
            for id_, name, value in self.db.execute(
                "SELECT id, field, value FROM fact WHERE entity = ?", (entity.value,)
            )
        }

    # What belongs to an entry

    def notes(self, id_: str) -> list[Note]:
        """Return the notes on an entry, the newest first."""
        return [
            Note(*row)
            for row in self.db.execute(
                "SELECT id, entry, at, text FROM note WHERE entry = ? AND deleted = 0"
                " ORDER BY at DESC, rowid DESC",
                (id_,),
            )
        ]

    def covers(self, id_: str) -> list[Link]:
        """Return what an entry is made of, in the order of study."""
        return self._links(RelationKind.COVERS, "r.target", "r.source", id_, "r.position, r.id")

    def requires(self, id_: str) -> list[Link]:
        """Return what should be learned before an entry, in the order in which it was said."""
        return self._links(RelationKind.REQUIRES, "r.target", "r.source", id_, "r.position, r.id")

    def required_by(self, id_: str) -> list[Link]:
        """Return what waits for an entry."""
        return self._links(RelationKind.REQUIRES, "r.source", "r.target", id_, "e.title, e.id")

    def covered_by(self, id_: str) -> list[Link]:
        """Return the gaps and steps that an entry is a part of."""
        order = f"e.kind, {HORIZON_ORDER}, e.position, e.id"
        return self._links(RelationKind.COVERS, "r.source", "r.target", id_, order)

    def _links(
        self, relation: RelationKind, wanted: str, given: str, id_: str, order: str
    ) -> list[Link]:
        rows = self.db.execute(
            f"SELECT e.id, e.kind, e.title, e.status, e.horizon FROM relation r"
            f" JOIN entry e ON e.id = {wanted} WHERE {given} = ? AND r.kind = ?"
            f" AND r.deleted = 0 AND e.deleted = 0 ORDER BY {order}",
            (id_, relation.value),
        ).fetchall()
        return [
            Link(
                target,
                _KINDS[kind],
                title,
                _STATUSES[status],
                self.number(target) if kind != Kind.ITEM else 0,
                _HORIZONS.get(horizon),
            )
            for target, kind, title, status, horizon in rows
        ]

    def related(self, id_: str) -> list[Link]:
        """Return what is the same subject as an entry, in the order of the ids."""
        found = [
            link
            for ends in (("r.target", "r.source"), ("r.source", "r.target"))
            for link in self._links(RelationKind.RELATED, *ends, id_, "e.id")
        ]
        return sorted({link.id: link for link in found}.values())

    def ends(self, kind: RelationKind, source: str) -> list[str]:
        """Return the ids of what an entry stands in a relation to, in their order."""
        return [
            target
            for (target,) in self.db.execute(
                "SELECT e.id FROM relation r JOIN entry e ON e.id = r.target WHERE r.source = ?"
                " AND r.kind = ? AND r.deleted = 0 AND e.deleted = 0 ORDER BY r.position, r.id",
                (source, kind.value),
            )
        ]

    def relations(self) -> Iterator[tuple[RelationKind, str, str]]:
        """Return kind, source and target of each relation that stands, those of a source in order."""
        for kind, source, target in self.db.execute(
            "SELECT r.kind, r.source, r.target FROM relation r JOIN entry s ON s.id = r.source"
            " JOIN entry e ON e.id = r.target WHERE r.deleted = 0 AND s.deleted = 0"
            " AND e.deleted = 0 ORDER BY r.source, r.position, r.id"
        ):
            if kind in _RELATION_KINDS:  # one of a newer version may be there
                yield _RELATION_KINDS[kind], source, target

    def relation(self, id_: str) -> dict[str, Value]:
        """Return kind, source and target of a relation that is known, whether or not it stands."""
        row = self.db.execute(
            "SELECT kind, source, target FROM relation WHERE id = ?", (id_,)
        ).fetchone()
        return dict(zip(("kind", "source", "target"), row, strict=True))

    def titles_of_studied(self) -> Iterator[tuple[str, str]]:
        """Return id and title of all living items, gaps and steps, in no order."""
        yield from self.db.execute(
            "SELECT id, title FROM entry WHERE deleted = 0 AND kind IN ('item', 'gap', 'step')"
        )

    def stands(self, id_: str) -> bool:
        """Whether a relation of that id stands."""
        row = self.db.execute("SELECT deleted FROM relation WHERE id = ?", (id_,)).fetchone()
        return row is not None and not row[0]

    def last_relation(self, kind: RelationKind, source: str) -> str | None:
        """Return the highest order key among the relations of a kind from an entry."""
        row = self.db.execute(
            "SELECT max(position) FROM relation WHERE source = ? AND kind = ?", (source, kind.value)
        ).fetchone()
        return row[0] if row else None

    def covered_items(self, id_: str) -> list[Entry]:
        """Return the items that a gap or step is made of."""
        return self.entries(link.id for link in self.covers(id_))

    def number(self, id_: str) -> int:
        """Return the rank of a gap, the number of a step in its horizon or of a category, from 1."""
        entry = self.entry(id_)
        if entry is None or entry.parent is not None:
            return 0
        return self.index(entry) + 1

    def critical_ranks(self) -> dict[str, int]:
        """Return the rank of each gap, and of each item the best rank of the gaps it is part of."""
        gaps = self.siblings(Place(kind=Kind.GAP))
        ranks = {gap.id: rank for rank, gap in enumerate(gaps, 1)}
        result = dict(ranks)
        for source, target in self.db.execute(
            "SELECT source, target FROM relation WHERE kind = ? AND deleted = 0",
            (RelationKind.COVERS.value,),
        ):
            if source in ranks and (target not in result or ranks[source] < result[target]):
                result[target] = ranks[source]
        return result

    def around(self, changes: Iterable[Change]) -> tuple[str, ...]:
        """Return the ids of all entries whose row looks different after `changes`.

        The branches above are among them, also those that something was moved away from, and the
        gaps and steps around.
        """
        result: dict[str, None] = {}
        climbed: set[str] = set()
        for change in changes:
            if change.entity is Entity.NOTE:
                row = self.db.execute(
                    "SELECT entry FROM note WHERE id = ?", (change.id,)
                ).fetchone()
                ids = [row[0]] if row else []
            elif change.entity is Entity.REVIEW:
                ids = [
                    entry
                    for (entry,) in self.db.execute(
                        "SELECT entry FROM review WHERE id = ?", (change.id,)
                    )
                ]
            elif change.entity is Entity.RELATION:
                ids = list(
                    self.db.execute(
                        "SELECT source, target FROM relation WHERE id = ?", (change.id,)
                    ).fetchone()
                    or ()
                )
            elif change.entity is Entity.ENTRY:
                ids = [change.id]
                if change.field == "parent":
                    ids += self._parents_ever(change.id)
            else:
                ids = []
            for id_ in ids:
                self._add_around(id_, result, climbed)
        return tuple(result)

    def _parents_ever(self, id_: str) -> list[str]:
        return [
            parent
            for (parent,) in self.db.execute(
                "SELECT DISTINCT value FROM journal WHERE id = ? AND entity = 'entry'"
                " AND field = 'parent' AND value IS NOT NULL",
                (id_,),
            )
        ]

    def _add_around(self, id_: str, result: dict[str, None], climbed: set[str]) -> None:
        above: str | None = id_
        while above is not None and above not in climbed:
            climbed.add(above)
            row = self.db.execute("SELECT parent FROM entry WHERE id = ?", (above,)).fetchone()
            if row is None:
                return
            result[above] = None
            for (source,) in self.db.execute(
                "SELECT e.id FROM relation r JOIN entry e ON e.id = r.source WHERE r.target = ?",
                (above,),
            ):
                result[source] = None
            above = row[0]
