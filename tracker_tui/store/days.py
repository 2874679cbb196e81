"""What can be asked about days: what is due, what was done, what was reviewed."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Sequence
from itertools import islice
from typing import NamedTuple

from tracker_tui.domain.fold import Facts
from tracker_tui.domain.reviews import Card, Review
from tracker_tui.domain.track import Entry
from tracker_tui.domain.words import Entity, Horizon, Kind, RelationKind, Status
from tracker_tui.store.cards import reviews_of
from tracker_tui.store.connection import explaining
from tracker_tui.store.queries import COLUMNS, HORIZON_ORDER, to_entry

_AWAKE = "ifnull({0}.snoozed_until, '') <= :day"
_DONE = (
    "a.state = 'done' AND a.undoes IS NULL AND a.redoes IS NULL AND a.replica <> 'seed'"
    " AND a.replica NOT GLOB 'seed:*'"
)
_CARD = "c.stability, c.difficulty, c.last, c.reviews, c.agains"


class Planned(NamedTuple):
    """Something to begin with, and the gap or step that it is a part of (or that it is)."""

    entry: Entry
    whole: str
    """Id of the gap or step."""
    title: str
    number: int
    """Rank of the gap, number of the step within its horizon."""
    horizon: Horizon | None


@explaining
class DayQueries:
    """The questions about days that `Store` answers."""

    db: sqlite3.Connection

    # What is due

    def in_progress(self, before: str, day: str, limit: int) -> list[Entry]:
        """Return what is in progress and was not touched since a moment, the longest ago first.

        Gaps and steps that cover items are left out: theirs are the items that are in progress.
        """
        return self._due(
            f"e.status = 'learning' AND e.covering = 0 AND e.updated_at < :before"
            f" AND {_AWAKE.format('e')} ORDER BY e.updated_at, e.id",
            day,
            limit,
            before=before,
        )

    def woken(self, day: str, limit: int) -> list[Entry]:
        """Return the open entries whose snooze ended by an ISO date, the earliest first."""
        return self._due(
            "e.snoozed_until IS NOT NULL AND e.snoozed_until <= :day AND e.status IN"
            " ('todo', 'learning') AND e.covering = 0 ORDER BY e.snoozed_until, e.updated_at, e.id",
            day,
            limit,
        )

    def planned_items(self, day: str, limit: int) -> list[Entry]:
        """Return the items to begin with that have a horizon of their own, the nearest first."""
        return self._due(
            "e.kind = 'item' AND e.status = 'todo' AND e.horizon IS NOT NULL AND"
            f" {_AWAKE.format('e')} ORDER BY {HORIZON_ORDER}, e.updated_at, e.number",
            day,
            limit,
        )

    def with_todo(self, parent: str | None, limit: int) -> list[Entry]:
        """Return what is directly below an entry, or the categories, and holds or is a todo."""
        where = "e.parent = :parent" if parent is not None else "e.parent IS NULL"
        kind = "" if parent is not None else " AND e.kind = 'category'"
        return [
            to_entry(row)
            for row in self.db.execute(
                f"SELECT {COLUMNS} FROM entry e WHERE e.deleted = 0 AND {where}{kind}"
                " AND (e.total > e.learned + e.learning + e.skipped"
                " OR (e.kind = 'item' AND e.status = 'todo'))"
                " ORDER BY e.position, e.id LIMIT :limit",
                {"parent": parent, "limit": limit},
            )
        ]

    def _due(self, condition: str, day: str, limit: int, **values: str) -> list[Entry]:
        return [
            to_entry(row)
            for row in self.db.execute(
                f"SELECT {COLUMNS} FROM entry e WHERE e.deleted = 0 AND {condition} LIMIT :limit",
                {"day": day, "limit": limit, **values},
            )
        ]

    def planned(self, kind: Kind, day: str, limit: int) -> list[Planned]:
        """Return what is to be begun with of the gaps or steps, in their order, then that of study.

        One that covers items stands for these, any other for itself.
        """
        numbers: dict[str, int] = {}
        counts: dict[str | None, int] = {}
        for id_, horizon in self.db.execute(
            "SELECT e.id, e.horizon FROM entry e WHERE e.deleted = 0 AND e.parent IS NULL"
            " AND e.kind = ? ORDER BY e.position, e.id",
            (kind.value,),
        ):
            place = horizon if kind is Kind.STEP else None
            numbers[id_] = counts[place] = counts.get(place, 0) + 1
        nearest = HORIZON_ORDER.replace("e.", "s.") + "," if kind is Kind.STEP else ""
        rows = self.db.execute(
            f"SELECT s.id, s.title, s.horizon, {COLUMNS} FROM entry s"
            " LEFT JOIN relation r ON s.covering > 0 AND r.source = s.id AND r.kind = 'covers'"
            " AND r.deleted = 0"
            " JOIN entry e ON e.id = CASE WHEN s.covering > 0 THEN r.target ELSE s.id END"
            " WHERE s.deleted = 0 AND s.parent IS NULL AND s.kind = :kind"
            f" AND {_AWAKE.format('s')} AND e.deleted = 0 AND e.status = 'todo'"
            f" AND {_AWAKE.format('e')}"
            f" ORDER BY {nearest} s.position, s.id, r.position, r.id LIMIT :limit",
            {"kind": kind.value, "day": day, "limit": limit},
        )
        return [
            Planned(
                to_entry(row),
                whole,
                title,
                numbers.get(whole, 0),
                Horizon(horizon) if horizon in frozenset(Horizon) else None,
            )
            for whole, title, horizon, *row in rows
        ]

    def needs(self, ids: Collection[str]) -> dict[str, list[Entry]]:
        """Return by id what entries require and is still open, and what that requires in turn."""
        found: dict[str, list[Entry]] = {}
        stands = f"kind = '{RelationKind.REQUIRES.value}' AND deleted = 0"
        if not self.db.execute(
            f"SELECT 1 FROM relation INDEXED BY relation_requires WHERE {stands} LIMIT 1"
        ).fetchone():
            return found
        waiting, seen = list(ids), set(ids)
        while waiting:
            some, waiting = waiting[:500], waiting[500:]
            marks = ", ".join("?" * len(some))
            rows = self.db.execute(
                f"SELECT r.source, {COLUMNS} FROM relation r JOIN entry e ON e.id = r.target"
                f" WHERE r.source IN ({marks}) AND r.kind = 'requires' AND r.deleted = 0"
                " AND e.deleted = 0 AND e.status IN ('todo', 'learning')"
                " ORDER BY r.source, r.position, r.id",
                some,
            ).fetchall()
            for id_, *row in rows:
                parts = [e for e in self._open_parts(to_entry(row)) if e.id != id_]
                found.setdefault(id_, []).extend(parts)
                fresh = [e.id for e in parts if e.id not in seen]
                seen.update(fresh)
                waiting += fresh
        return found

    def wholes(self, ids: Collection[str]) -> dict[str, list[tuple[str, str]]]:
        """Return by id the gaps and steps that entries are parts of: the id and kind of each."""
        found: dict[str, list[tuple[str, str]]] = {}
        wanted = iter(ids)
        while some := list(islice(wanted, 500)):
            marks = ", ".join("?" * len(some))
            for id_, whole, kind in self.db.execute(
                "SELECT r.target, e.id, e.kind FROM relation r JOIN entry e ON e.id = r.source"
                f" WHERE r.target IN ({marks}) AND r.kind = '{RelationKind.COVERS.value}'"
                f" AND r.deleted = 0 AND e.deleted = 0 ORDER BY {HORIZON_ORDER}, e.position, e.id",
                some,
            ):
                found.setdefault(id_, []).append((whole, kind))
        return found

    def twins(self, ids: Collection[str]) -> dict[str, set[str]]:
        """Return by id what is the same subject as each of some entries."""
        found: dict[str, set[str]] = {}
        wanted = iter(ids)
        while some := list(islice(wanted, 500)):
            marks = ", ".join("?" * len(some))
            for one, other in (("source", "target"), ("target", "source")):
                for id_, twin in self.db.execute(
                    f"SELECT {one}, {other} FROM relation WHERE {one} IN ({marks})"
                    f" AND kind = '{RelationKind.RELATED.value}' AND deleted = 0",
                    some,
                ):
                    found.setdefault(id_, set()).add(twin)
        return found

    def _open_parts(self, entry: Entry) -> list[Entry]:
        """What is still open of a gap or step that covers items; anything else is itself."""
        if not entry.covering:
            return [entry]
        rows = self.db.execute(
            f"SELECT {COLUMNS} FROM relation r JOIN entry e ON e.id = r.target WHERE r.source = ?"
            " AND r.kind = 'covers' AND r.deleted = 0 AND e.deleted = 0"
            " AND e.status IN ('todo', 'learning') ORDER BY r.position, r.id",
            (entry.id,),
        )
        return [to_entry(row) for row in rows]

    # Reviews

    def reviews(self, id_: str) -> list[Review]:
        """Return the reviews of an entry that stand, the oldest first."""
        return reviews_of(self.db, id_)

    def card(self, id_: str) -> Card | None:
        """Return what the reviews of an entry come to."""
        row = self.db.execute(f"SELECT {_CARD} FROM card c WHERE c.entry = ?", (id_,)).fetchone()
        return Card(*row) if row else None

    def due_cards(self, by: str, day: str, limit: int) -> list[tuple[Entry, Card]]:
        """Return learned items whose card is due by a moment or within a day of it, the first first.

        Which of them are due on the user's day is for the caller to say. Put off ones are left out.
        """
        return [
            (to_entry(row[5:]), Card(*row[:5]))
            for row in self.db.execute(
                f"SELECT {_CARD}, {COLUMNS} FROM card c CROSS JOIN entry e"
                f" WHERE e.id = c.entry AND e.deleted = 0 AND e.status = 'learned' AND {_AWAKE.format('e')}"
                " AND c.due <= julianday(:by) + 1 ORDER BY c.due, c.entry LIMIT :limit",
                {"by": by, "day": day, "limit": limit},
            )
        ]

    def cards(self, by: str) -> list[tuple[str, str | None, Card]]:
        """Return the id, the snooze and the card of learned items due by a moment or a day later.

        Without a moment: of all that have a card.
        """
        return [
            (id_, snoozed, Card(*card))
            for id_, snoozed, *card in self.db.execute(
                f"SELECT e.id, e.snoozed_until, {_CARD} FROM card c CROSS JOIN entry e"
                " WHERE e.id = c.entry AND e.deleted = 0 AND e.status = 'learned'"
                " AND (?1 = '' OR c.due <= julianday(?1) + 1) ORDER BY c.due, c.entry",
                (by,),
            )
        ]

    # Days

    def facts_of(self, entity: Entity, id_: str) -> Facts:
        """Return the facts of one day, or of anything else that is kept as facts."""
        return dict(
            self.db.execute(
                "SELECT field, value FROM fact WHERE entity = ? AND id = ?", (entity.value, id_)
            ).fetchall()
        )

    def facts_by_id(self, entity: Entity) -> dict[str, Facts]:
        """Return all facts of an entity by id."""
        found: dict[str, Facts] = {}
        for id_, name, value in self.db.execute(
            "SELECT id, field, value FROM fact WHERE entity = ?", (entity.value,)
        ):
            found.setdefault(id_, {})[name] = value
        return found

    def reviewed_since(self, id_: str, at: str) -> bool:
        """Whether an item was reviewed at a moment or later; that learning it counts as one does not."""
        row = self.db.execute(
            "SELECT 1 FROM review WHERE entry = ? AND at >= ? AND deleted = 0 AND claim = 0 LIMIT 1",
            (id_, at),
        ).fetchone()
        return row is not None

    def activity(self) -> dict[str, int]:
        """Return how many actions that stand count on each day, by ISO date."""
        return dict(
            self.db.execute(
                f"SELECT a.day, count(*) FROM action a WHERE a.day <> '' AND {_DONE} GROUP BY a.day"
            ).fetchall()
        )

    def active_days(self) -> list[str]:
        """Return the days, ISO dates, on which an action that stands counts; ascending.

        It goes from day to day in the index, so it costs what there are days, not actions.
        """
        found = self.db.execute(
            "WITH RECURSIVE days(day) AS (SELECT '' UNION ALL SELECT"
            f" (SELECT min(a.day) FROM action a WHERE a.day > days.day AND a.day <> '' AND {_DONE})"
            " FROM days WHERE days.day IS NOT NULL)"
            " SELECT day FROM days WHERE day <> ''"
        )
        return [day for (day,) in found]

    def learned_by_day(self) -> dict[str, int]:
        """Return how many items were learned on each day, less those set back, by ISO date."""
        return dict(
            self.db.execute(
                "WITH said AS (SELECT a.day, j.value AS new, ifnull(lag(j.value) OVER"
                " (PARTITION BY j.id ORDER BY j.lamport, j.replica, j.n), 'todo') AS old"
                " FROM journal j JOIN action a ON a.id = j.action JOIN entry e ON e.id = j.id"
                f" WHERE j.entity = 'entry' AND j.field = 'status' AND {_DONE} AND a.day <> ''"
                " AND e.kind = 'item' AND e.deleted = 0)"
                " SELECT day, sum((new = :learned) - (old = :learned)) FROM said"
                " WHERE (new = :learned) <> (old = :learned) GROUP BY day",
                {"learned": Status.LEARNED.value},
            ).fetchall()
        )

    def arrived_learned_by_day(self) -> dict[str, int]:
        """Return how many items came into the track learned already on each day, by ISO date."""
        return dict(
            self.db.execute(
                "SELECT a.day, count(*) FROM journal j JOIN action a ON a.id = j.action"
                " JOIN entry e ON e.id = j.id"
                " WHERE j.entity = 'entry' AND j.field = 'status' AND j.value = ?"
                f" AND {_DONE} AND a.day <> '' AND e.kind = 'item' AND e.deleted = 0"
                " AND EXISTS (SELECT 1 FROM journal k WHERE k.id = j.id AND k.entity = 'entry'"
                " AND k.field = 'kind' AND k.action = j.action)"
                " GROUP BY a.day",
                (Status.LEARNED.value,),
            ).fetchall()
        )

    def touched(self, action: str) -> list[tuple[str, str, str]]:
        """Return the entity, id and field of everything that an action changed."""
        return self.db.execute(
            "SELECT entity, id, field FROM journal WHERE action = ? AND entity <> 'action'",
            (action,),
        ).fetchall()

    def labels_on(self, day: str) -> list[str]:
        """Return what was done on a day in words, the first first."""
        return [
            label
            for (label,) in self.db.execute(
                f"SELECT a.label FROM action a WHERE a.day = ? AND {_DONE} ORDER BY a.at, a.n",
                (day,),
            )
        ]

    # The path ahead

    def open_units(self) -> list[tuple[Entry, Sequence[str]]]:
        """Return each open step, and each open item with a horizon, with the open items it comes to.

        In the order in which they are worked off; steps come before items.
        """
        found: list[tuple[Entry, Sequence[str]]] = []
        open_ = "e.deleted = 0 AND e.status IN ('todo', 'learning')"
        for row in self.db.execute(
            f"SELECT {COLUMNS}, (SELECT json_group_array(id) FROM (SELECT t.id FROM relation r"
            " JOIN entry t ON t.id = r.target WHERE r.source = e.id AND r.kind = 'covers'"
            " AND r.deleted = 0 AND t.deleted = 0 AND t.status IN ('todo', 'learning')))"
            f" FROM entry e WHERE {open_} AND e.parent IS NULL AND e.kind = 'step'"
            f" ORDER BY {HORIZON_ORDER}, e.position, e.id"
        ).fetchall():
            entry = to_entry(row[:-1])
            found.append((entry, json.loads(row[-1]) or [entry.id]))
        for row in self.db.execute(
            f"SELECT {COLUMNS} FROM entry e WHERE {open_} AND e.kind = 'item' AND e.horizon IS NOT NULL"
            f" ORDER BY {HORIZON_ORDER}, e.number"
        ).fetchall():
            entry = to_entry(row)
            found.append((entry, [entry.id]))
        return found
