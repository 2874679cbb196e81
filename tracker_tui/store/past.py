"""What can be asked about the past: the journal and its actions."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator

from tracker_tui.domain.history import Replaced, Step
from tracker_tui.domain.journal import Row, Value
from tracker_tui.domain.track import ActionLine
from tracker_tui.domain.valid import NUMBER_MAX
from tracker_tui.domain.words import Status
from tracker_tui.store.connection import explaining

BEFORE = "before"
"""Under which key the names are kept under which the state was written that this one began with."""
_STATUSES = {status.value: status for status in Status}


@explaining
class PastQueries:
    """The questions about the past that `Store` answers."""

    db: sqlite3.Connection
    replica: str
    local: Callable[[str], Value]

    def journal(self) -> Iterator[Row]:
        """Return all rows of the journal, in the order in which they came."""
        cursor = self.db.execute(
            "SELECT replica, n, lamport, at, action, entity, id, field, value FROM journal"
            " ORDER BY rowid"
        )
        return (Row(*row) for row in cursor)

    def rows(self) -> int:
        """Return how many rows the journal has."""
        return int(self.db.execute("SELECT count(*) FROM journal").fetchone()[0])

    def last_lamport(self) -> int:
        """Return the logical time of the newest row of the journal; 0 of seeds alone."""
        # A row that cannot be may say anything; the doctor asks where there is one.
        found = self.db.execute(
            "SELECT ifnull(max(lamport), 0) FROM journal WHERE typeof(lamport) = 'integer'"
        )
        return int(found.fetchone()[0])

    def steps_of(self, id_: str, limit: int) -> list[Step]:
        """Return the newest `limit` journal rows of an entry and its notes, the oldest first."""
        replaced = Replaced(self.replica)
        told = [
            (row, replaced.by(row), bool(undoes), bool(redoes))
            for *values, undoes, redoes in self.db.execute(
                "SELECT j.replica, j.n, j.lamport, j.at, j.action, j.entity, j.id, j.field, j.value,"
                " a.undoes IS NOT NULL, a.redoes IS NOT NULL"
                " FROM journal j LEFT JOIN action a ON a.id = j.action"
                " WHERE (j.entity = 'entry' AND j.id = ?1) OR (j.entity = 'note'"
                " AND j.id IN (SELECT id FROM note WHERE entry = ?1)) OR (j.entity = 'review'"
                " AND j.id IN (SELECT id FROM review WHERE entry = ?1)) ORDER BY j.rowid",
                (id_,),
            )
            for row in (Row(*values),)
        ]
        told.sort(key=lambda one: one[0].stamp)
        known: set[tuple[str, str, str]] = set()
        steps = []
        for row, old, undoes, redoes in told:
            at = (row.entity, row.id, row.field)
            steps.append(
                Step(
                    row.at,
                    row.action,
                    row.replica,
                    *at,
                    old,
                    row.value,
                    at not in known,
                    undoes,
                    redoes,
                )
            )
            known.add(at)
        return steps[-limit:] if limit else []

    def action_lines(self, limit: int) -> list[ActionLine]:
        """Return the newest `limit` actions of the user's, the newest first."""
        return [
            ActionLine(*row)
            for row in self.db.execute(
                "SELECT id, at, label, state, undoes, redoes, day FROM action WHERE replica <> 'seed'"
                " AND replica NOT GLOB 'seed:*' ORDER BY at DESC, replica, n DESC LIMIT ?",
                (limit,),
            )
        ]

    def actions_on(self, ids: Iterable[str], limit: int) -> list[ActionLine]:
        """Return the newest `limit` actions of the user's on some entries, their notes and reviews."""
        return [
            ActionLine(*row)
            for row in self.db.execute(
                "WITH one AS MATERIALIZED (SELECT value AS id FROM json_each(?)),"
                " about(id, entity) AS (SELECT id, 'entry' FROM one"
                " UNION ALL SELECT n.id, 'note' FROM note n JOIN one ON n.entry = one.id"
                " UNION ALL SELECT r.id, 'review' FROM review r JOIN one ON r.entry = one.id)"
                " SELECT id, at, label, state, undoes, redoes, day FROM action"
                " WHERE replica <> 'seed' AND replica NOT GLOB 'seed:*' AND id IN"
                " (SELECT j.action FROM about CROSS JOIN journal j"
                " ON j.id = about.id AND j.entity = about.entity)"
                " ORDER BY at DESC, replica, n DESC LIMIT ?",
                (json.dumps(list(ids)), limit),
            )
        ]

    def undoable(self) -> ActionLine | None:
        """Return the action that undo would take back."""
        for replica, last in reversed(self.names()):
            found = self._action(
                "state = 'done' AND undoes IS NULL AND redoes IS NULL", "DESC", replica, last
            )
            if found is not None:
                return found
        return None

    def redoable(self) -> ActionLine | None:
        """Return the action that redo would do again."""
        names = self.names()
        for place, (replica, last) in enumerate(names):
            found = self._action("state = 'undone'", "ASC", replica, last)
            if found is not None and not self._dropped(found.id, names[place + 1 :]):
                return found
        return None

    def _dropped(self, undone: str, later: Iterable[tuple[str, int]]) -> bool:
        """Whether something was done under a later name after an action was undone."""
        moment = (
            "SELECT max(j.lamport) FROM action a JOIN journal j ON j.replica = a.replica"
            " AND j.n = a.n WHERE"
        )
        (since,) = self.db.execute(f"{moment} a.undoes = ?", (undone,)).fetchone()
        return any(
            last is not None and last > (since or 0)
            for replica, n in later
            for (last,) in self.db.execute(
                f"{moment} a.replica = ? AND a.n <= ? AND a.undoes IS NULL AND a.redoes IS NULL",
                (replica, n),
            )
        )

    def names(self) -> list[tuple[str, int]]:
        """Return the replicas whose actions are this one's to undo, each up to which of its rows.

        The last is itself; those before it are the ones that had the state which it began with.
        """
        before = json.loads(str(self.local(BEFORE) or "[]"))
        return [
            *((str(replica), int(last)) for replica, last in before),
            (self.replica, NUMBER_MAX),
        ]

    def _action(self, condition: str, order: str, replica: str, last: int) -> ActionLine | None:
        row = self.db.execute(
            "SELECT id, at, label, state, undoes, redoes, day FROM action"
            f" WHERE replica = ? AND n <= ? AND {condition} ORDER BY n {order} LIMIT 1",
            (replica, last),
        ).fetchone()
        return ActionLine(*row) if row else None

    def earlier_status(self, id_: str, now: Status) -> Status:
        """Return the last own status of an entry before it became `now`; todo if there is none."""
        row = self.db.execute(
            "SELECT value FROM journal WHERE id = ? AND entity = 'entry' AND field = 'status'"
            " AND value <> ? ORDER BY lamport DESC, replica DESC, n DESC LIMIT 1",
            (id_, now.value),
        ).fetchone()
        return _STATUSES.get(row[0], Status.TODO) if row else Status.TODO
