"""One connection to one database file: writing actions, and the door to what can be asked."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import Self

from tracker_tui.domain import taken
from tracker_tui.domain.fold import actions, all_told, fold, told_by_action
from tracker_tui.domain.journal import Action, Change, Made, Row, Value
from tracker_tui.domain.seeds import id_of, version_of
from tracker_tui.domain.undo import NO_STATE, Told, inverse, standing
from tracker_tui.domain.valid import NUMBER_MAX, Numbers, complaint
from tracker_tui.domain.words import Entity
from tracker_tui.errors import Gone, TrackerError
from tracker_tui.store import schema
from tracker_tui.store.cards import DUE
from tracker_tui.store.connection import (
    BUSY_SECONDS,
    connect,
    connect_or_read,
    explained,
    explaining,
    snapshot,
    stamps,
    write,
)
from tracker_tui.store.days import DayQueries
from tracker_tui.store.mirrors import MirrorQueries
from tracker_tui.store.past import BEFORE, PastQueries
from tracker_tui.store.project import Projector
from tracker_tui.store.schema import BACKUP, ERA
from tracker_tui.store.search import SearchQueries
from tracker_tui.store.seeds import SEEDED, SeedQueries

_ROW = "replica, n, lamport, at, action, entity, id, field, value"
_INSERT = f"INSERT INTO journal ({_ROW}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
_OF_JOURNAL = ", ".join(f"j.{name}" for name in _ROW.split(", "))
_EVER = "1970-01-01T00:00:00Z"
_ENTITIES = {entity.value: entity for entity in Entity}
_NAMES = {entity: entity.value for entity in Entity}


@explaining
class Store(SearchQueries, PastQueries, DayQueries, SeedQueries, MirrorQueries):
    """The database of one user. Not for sharing between threads: each opens its own.

    Args:
        path: The database file; made on first use.
        first_rows: Called when the database is made: the rows of the built-in track.
        new_replica: Called when the database is made: the id of this replica.
        timeout: Seconds to wait for another process that is writing.
        before_migration: Called before an older database becomes one of today; what it raises
            keeps it from that.
        names: For when the database is made: see `PastQueries.names`, of the one that had the state.

    Raises:
        TrackerError: if the file cannot be used; it is then as it was.
    """

    def __init__(
        self,
        path: Path,
        first_rows: Callable[[], Iterable[Row]],
        new_replica: Callable[[], str],
        *,
        timeout: float = BUSY_SECONDS,
        before_migration: Callable[[], object] = lambda: None,
        names: Sequence[tuple[str, int]] = (),
    ) -> None:
        self.path = path
        self._seen_row = -1
        """The newest journal row, by arrival, that this connection knows with all before it."""
        self._own_rows: list[tuple[int, int]] = []
        """Rows after that one which it wrote itself: the first and the last of each run."""
        self._began = -1
        """The newest journal row when it was opened."""
        self._tried: tuple[Row, str] | None = None
        """A row of what was last tried to be written, and what it is called."""
        self.made = False
        """Whether the database was made just now."""
        self._stamps = stamps(path)
        self.db, self.blocked = connect_or_read(path, timeout=timeout)
        """The connection, and why nothing can be written through it; None if it can."""
        try:
            with explained(path):
                mode = self.db.execute("PRAGMA journal_mode").fetchone()[0]
                fresh = self.blocked is None and mode != "wal"
                if self.blocked is not None:
                    if not schema.ready(self.db, path):
                        raise self.blocked
                elif not schema.ready(self.db, path):
                    schema.migrate(
                        self.db,
                        path,
                        before_migration,
                        lambda: self._fill(first_rows, new_replica, names),
                    )
                elif fresh:
                    # A backup was put here. The log is there from the first look on.
                    schema.use_wal(self.db)
                    self.local("replica")
                if fresh and self.local(BACKUP) is not None:
                    self.db.execute("DELETE FROM local WHERE key = ?", (BACKUP,))
                self._place = _place(path)
                self._seen_version = self._data_version()
                self._recognise()
        except BaseException:
            self.db.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection; what was acknowledged is on disk already."""
        self.let_go()
        self.db.close()

    def let_go(self) -> None:
        """Let a database that is not at its place any more have its write-ahead log, emptying that.

        One that was moved away is whole then, and whatever has its place now is not mixed with what
        the log, which stays behind, still holds.
        """
        if not self.in_place:
            with suppress(sqlite3.Error):
                self.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def _fill(
        self,
        first_rows: Callable[[], Iterable[Row]],
        new_replica: Callable[[], str],
        names: Sequence[tuple[str, int]],
    ) -> None:
        if self.local("replica") is None:
            self._set_local("replica", new_replica())
            self._set_local(BEFORE, json.dumps(names))
            self._set_local("lamport", 0)
            self._take_in(list(first_rows()))
            self.made = True
            return
        # What a newer version wrote into the journal was not understood when it came.
        self.db.execute("DELETE FROM fact WHERE entity = ?", (Entity.REVIEW.value,))
        told = self.db.execute(
            f"SELECT {_ROW} FROM journal WHERE entity = ?1 OR (entity = ?2 AND field IN"
            " ('progressed_on', 'first_step', 'effort'))",
            (Entity.REVIEW.value, Entity.ENTRY.value),
        ).fetchall()
        Projector(self.db).apply(all_told(fold(Row(*row) for row in told)))
        days = self.db.execute(
            "SELECT id, value FROM journal WHERE entity = 'action' AND field = 'day'"
        ).fetchall()
        self.db.executemany(
            "UPDATE action SET day = ? WHERE id = ?", [(day or "", id_) for id_, day in days]
        )
        self._fold_seeded(self._last_row())

    def _recognise(self) -> None:
        """Take the database as it is now for the one that is known."""
        self.replica = str(self.local("replica"))
        self._era = self.local(ERA)
        self._began = self._seen_row = self._last_row()
        self._own_rows.clear()

    def wait_at_most(self, seconds: float) -> None:
        """Wait no longer than this from now on for another connection that is writing."""
        self.db.execute(f"PRAGMA busy_timeout = {round(seconds * 1000)}")

    # Writing

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """One transaction from the first read on: nobody writes between reading and writing.

        Raises:
            Busy: if another process holds the lock for longer than the time-out.
            Gone: if the file was moved, deleted or replaced since it was opened.
            TrackerError: if it cannot be written; then nothing was.
        """
        if self.writing:
            yield
            return
        if self.blocked is not None:
            self._unblock()
        seen, own = self._seen_row, self._own_rows[:]
        try:
            with write(self.db, self.path):
                # Restoring may have made this another replica since it was last looked.
                self.replica = str(self.local("replica"))
                yield
                self.check_place()
            # Nothing is acknowledged that went into a file which is gone.
            self.check_place()
        except BaseException:
            self._seen_row, self._own_rows = seen, own
            raise

    def _unblock(self) -> None:
        """Open the database anew, if it can be written by now.

        Raises:
            TrackerError: if not.
        """
        self.check_place()
        if self.blocked is not None and not os.access(self.path, os.W_OK):
            raise self.blocked
        self._go_on_with(connect(self.path, timeout=self._patience()), None)

    def _patience(self) -> float:
        return float(self.db.execute("PRAGMA busy_timeout").fetchone()[0]) / 1000

    def _go_on_with(self, db: sqlite3.Connection, blocked: TrackerError | None) -> None:
        self.db.close()
        self.db, self.blocked = db, blocked
        self._place, self._stamps = _place(self.path), stamps(self.path)
        self._seen_version = -1  # what others wrote meanwhile is still to be told

    def apply(self, action: Action, at: str) -> Action:
        """Write an action durably, as one transaction; `at` is now, in UTC.

        Returns:
            The action with its id, its time and the entries that look different now. Of changes
            that are `Made` the old values are not known any more: None.
        """
        if not action.changes:
            return action
        with self.transaction():
            return self._append(action, at)

    def apply_all(self, several: Iterable[Action], at: str) -> list[Action]:
        """Write several actions in one transaction: all of them, or none."""
        with self.transaction():
            return [self._append(action, at) for action in several if action.changes]

    def undo(self, at: str) -> Action | None:
        """Take back the last action of this replica that stands; None if there is none."""
        with self.transaction():
            target = self.undoable()
            if target is None:
                return None
            changes = self._inverse(self._latest("redoes", target.id) or target.id)
            return self._append(Action(target.label, changes, undoes=target.id), at)

    def redo(self, at: str) -> Action | None:
        """Do again what was undone last, unless something else was done since."""
        with self.transaction():
            target = self.redoable()
            if target is None:
                return None
            changes = self._inverse(self._latest("undoes", target.id))
            return self._append(Action(target.label, changes, redoes=target.id), at)

    def _latest(self, what: str, action: str) -> str:
        """The action that last undoes or redoes another one; empty if none does."""
        found = self.db.execute(
            f"SELECT a.id FROM action a JOIN journal j ON j.replica = a.replica AND j.n = a.n"
            f" WHERE a.{what} = ? ORDER BY j.lamport DESC, j.replica DESC, j.n DESC LIMIT 1",
            (action,),
        ).fetchone()
        return str(found[0]) if found else ""

    def bring(self, rows: Sequence[Row], label: str, at: str) -> Action:
        """Take in the rows of a dump as one action, which can be undone.

        What came by an import that was undone since is done again.

        Returns:
            The action; without an id if there was nothing to do.

        Raises:
            TrackerError: as `merge`, or if another row is here under the name and number of one.
        """
        with self.transaction():
            fresh, again = self.unknown(rows), self.undone_imports(rows)
            if not fresh and not again:
                return Action(label, ())
            theirs = [row for row in rows if any(taken.among(row, runs) for runs in again.values())]
            known = set(self.seed_versions())
            mine = [row for row in fresh if row.lamport or row.replica not in known]
            touched = self.merge(fresh)
            action = Action(label, tuple(self._again(again)), day="")
            action = self._append(action, at, taken.said([*mine, *theirs]))
            return replace(action, entries=tuple(dict.fromkeys((*touched, *action.entries))))

    def unknown(self, rows: Iterable[Row]) -> list[Row]:
        """Return those of some rows that are not here.

        Raises:
            TrackerError: if another row is here under the name and number of one.
        """
        left = {(row.replica, row.n): row for row in rows}
        for row in self.journal():
            there = left.pop((row.replica, row.n), row)
            if there != row and row.lamport:
                raise TrackerError(
                    f"row {row.n} of replica {row.replica} says something else here",
                    "both went on from copies of one database; nothing was taken in",
                )
        self.same_seeds(left.values())
        return list(left.values())

    def done_again(self, rows: Sequence[Row], fresh: Sequence[Row]) -> list[Row]:
        """Return the rows that `bring` would add of its own: what came before, and was undone since.

        Args:
            rows: Those that would be taken in.
            fresh: Those of them that are not here.
        """
        lamport = max([int(self.local("lamport") or 0), *(row.lamport for row in fresh)]) + 1
        return [
            Row(self.replica, NUMBER_MAX - n, lamport, _EVER, self.replica, *_said(change))
            for n, change in enumerate(self._again(self.undone_imports(rows), fresh))
        ]

    def undone_imports(self, rows: Iterable[Row]) -> dict[str, Numbers]:
        """Return the imports by which some of these rows came and that do not stand.

        Those rows that say themselves that it was taken back bring none of it again.
        """
        imports, rows = self._imports(), list(rows)
        if not imports:
            return {}
        said = {row.action for row in rows}
        return {
            id_: imports[id_]
            for id_ in self._not_standing(imports)
            if self._latest("undoes", id_) not in said
            and any(taken.among(row, imports[id_]) for row in rows)
        }

    def _imports(self) -> dict[str, Numbers]:
        """By action what it took in, the first first."""
        return {
            id_: taken.runs(facts.get(taken.TOOK))
            for id_, facts in self.facts_by_id(Entity.IMPORT).items()
        }

    def _not_standing(self, imports: Iterable[str]) -> list[str]:
        return [
            str(id_)
            for (id_,) in self.db.execute(
                "SELECT one.value FROM json_each(?) one JOIN action a ON a.id = one.value"
                " WHERE a.state <> 'done' ORDER BY one.key",
                (json.dumps(list(imports)),),
            )
        ]

    def _again(self, imports: Iterable[str], more: Sequence[Row] = ()) -> Iterator[Change]:
        """The changes that do imports again which were undone, where `more` rows are there as well."""
        for one in imports:
            yield from self._inverse(self._latest("undoes", one), more)

    def merge(self, rows: Iterable[Row]) -> tuple[str, ...]:
        """Take in rows of other replicas, in any order; those already here change nothing.

        Returns:
            The ids of the entries that look different now.

        Raises:
            TrackerError: if a row is none that can be; then none is taken in.
        """
        given = list(rows)
        for row in given:
            wrong = complaint(row)
            if wrong:
                raise TrackerError(
                    f"row {row.n} of replica {row.replica} cannot be taken in: {wrong}",
                    "was it written by a newer version of tracker?",
                )
        with self.transaction():
            self.same_seeds(given)
            if given:
                self._tried = given[-1], f"took in {len(given):,} rows"
            return self._take_in(given)

    def same_seeds(self, rows: Iterable[Row]) -> None:
        """Refuse rows of a seed that are other ones than those that are here.

        Raises:
            TrackerError: if a version says something else than it does here.
        """
        here: dict[str, dict[int, Row]] = {}
        for row in rows:
            if row.lamport:
                continue
            if row.replica not in here:
                here[row.replica] = self.rows_of_replica(row.replica)
            if here[row.replica].get(row.n, row) != row:
                raise TrackerError(
                    f"version {version_of(row.n)} of the track “{id_of(row.replica)}” is not the"
                    " one that is here",
                    "raise “version” in its file when it changes",
                )

    def written(self) -> str:
        """Return what the last thing that was tried to be written is called, if it was; else empty.

        For after an interrupt, which may come at any moment; an open transaction is taken back.
        """
        if self.db.in_transaction:
            self.db.execute("ROLLBACK")
        if self._tried is None:
            return ""
        row, name = self._tried
        found = self.db.execute(
            "SELECT 1 FROM journal WHERE rowid > ? AND replica = ? AND n = ? AND action = ? AND value IS ?",
            (self._began, row.replica, row.n, row.action, row.value),
        ).fetchone()
        return name if found else ""

    def _append(self, action: Action, at: str, took: str = "") -> Action:
        n = self.db.execute(
            "SELECT ifnull(max(n), 0) + 1 FROM journal WHERE replica = ?", (self.replica,)
        ).fetchone()[0]
        lamport = int(self.local("lamport") or 0) + 1
        id_ = f"{self.replica}-{n}"
        facts: dict[str, Value] = {"label": action.label}
        if action.day is not None:
            facts["day"] = action.day
        if action.undoes is not None:
            facts["undoes"] = action.undoes
        if action.redoes is not None:
            facts["redoes"] = action.redoes
        of_action = [Change(Entity.ACTION, id_, name, None, value) for name, value in facts.items()]
        if took:
            of_action.append(Change(Entity.IMPORT, id_, taken.TOOK, None, took))

        def rows() -> Iterator[tuple[Value, ...]]:
            replica = self.replica
            for i, (entity, of, name, _, new) in enumerate(chain(of_action, action.changes), n):
                yield replica, i, lamport, at, id_, _NAMES[entity], of, name, new

        self._tried = Row(self.replica, n, lamport, at, id_, *_said(of_action[0])), action.label
        before = self._last_row()
        self.db.executemany(_INSERT, rows())
        self._wrote_after(before)
        self._set_local("lamport", lamport)
        self._record(id_, n, at, action)
        changes = action.changes
        if isinstance(changes, Made):
            # What they are made of is another thing as soon as the first of them is applied.
            changes = Made(len(changes), lambda: self._changes_of(id_, before))
        entries = Projector(self.db).apply(told_by_action(chain(of_action, changes), at))
        return replace(action, id=id_, at=at, entries=entries, changes=changes)

    def _changes_of(self, action: str, before: int) -> Iterator[Change]:
        """What an action changed, as the journal has it: without what was there before.

        `before` is the row that came before its own.
        """
        # Row after row: each of a million through an index takes longer.
        for entity, id_, name, value in self.db.execute(
            "SELECT entity, id, field, value FROM journal NOT INDEXED"
            f" WHERE rowid > ? AND action = ? AND entity NOT IN ({', '.join('?' * len(NO_STATE))})",
            (before, action, *NO_STATE),
        ):
            yield Change(_ENTITIES[entity], id_, name, None, value)

    def _wrote_after(self, before: int) -> None:
        """Remember which rows are this connection's own, so as not to tell of them."""
        last = self._last_row()
        if before == self._seen_row:
            self._seen_row = last
        elif self._own_rows and self._own_rows[-1][1] == before:
            self._own_rows[-1] = (self._own_rows[-1][0], last)
        else:
            self._own_rows.append((before + 1, last))

    def _record(self, id_: str, n: int, at: str, action: Action) -> None:
        """Keep the table of actions as `domain.fold.actions` would have it."""
        taken_back = action.undoes is not None or action.redoes is not None
        day = action.day if action.day is not None else "" if taken_back else at[:10]
        self.db.execute(
            "INSERT INTO action (id, replica, n, at, label, undoes, redoes, state, day)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, 'done', ?)",
            (id_, self.replica, n, at, action.label, action.undoes, action.redoes, day),
        )
        if action.undoes is not None:
            self.db.execute("UPDATE action SET state = 'undone' WHERE id = ?", (action.undoes,))
        elif action.redoes is not None:
            self.db.execute("UPDATE action SET state = 'done' WHERE id = ?", (action.redoes,))
        else:
            self.db.execute(
                "UPDATE action SET state = 'dropped' WHERE replica = ? AND state = 'undone'",
                (self.replica,),
            )

    def _inverse(self, action: str, more: Sequence[Row] = ()) -> tuple[Change, ...]:
        """The changes that take an action back, where `more` rows are in the journal as well."""
        imports = self._imports()
        mine = self._target(action)
        rows = self._touched(action, imports)
        if more:
            about = {(row.entity, row.id) for row in rows}
            rows += [row for row in more if (row.entity, row.id) in about]
        seeded = [row for row in rows if not row.lamport]
        if seeded:
            among_others = any(
                (row.action == action or taken.among(row, imports.get(mine, {})))
                and (row.entity == Entity.RELATION or row.field in ("position", "parent"))
                for row in rows
            )
            rows = [row for row in rows if row.lamport]
            rows += self.holding(seeded, among_others=among_others)
        if imports:
            rows = taken.owned(rows, imports, mine, self._not_standing(imports))
        ids = {action, mine, *(row.action for row in rows)}
        return tuple(inverse(action, standing(action, rows, self._told(ids))))

    def _target(self, action: str) -> str:
        """The action that another one takes back or does again, or else itself."""
        found = self.db.execute(
            "SELECT ifnull(undoes, redoes) FROM action WHERE id = ?", (action,)
        ).fetchone()
        return str(found[0]) if found and found[0] is not None else action

    def _told(self, ids: Iterable[str]) -> list[Told]:
        found = self.db.execute(
            "SELECT id, undoes, redoes, state FROM action"
            " WHERE id IN (SELECT value FROM json_each(?))",
            (json.dumps(list(ids)),),
        )
        return [Told(*row) for row in found]

    def _touched(self, action: str, imports: Mapping[str, Numbers]) -> list[Row]:
        """All rows of the journal about what an action, or what it took in, speaks of."""
        about = f"SELECT {_ROW} FROM journal WHERE (id, entity) IN (SELECT id, entity FROM journal"
        found = self.db.execute(f"{about} WHERE action = ?)", (action,)).fetchall()
        rows = {(row.replica, row.n): row for row in (Row(*one) for one in found)}
        for replica, runs in imports.get(action, {}).items():
            for first, last in runs:
                for one in self.db.execute(
                    f"{about} WHERE replica = ? AND n BETWEEN ? AND ?"
                    f" AND entity NOT IN ('{Entity.TRACK}', '{Entity.HORIZON}'))",
                    (replica, first, last),
                ):
                    row = Row(*one)
                    rows[row.replica, row.n] = row
        return list(rows.values())

    def _take_in(self, rows: Sequence[Row]) -> tuple[str, ...]:
        before = self._last_row()
        self.db.executemany(f"{_INSERT} ON CONFLICT (replica, n) DO NOTHING", rows)
        if self._last_row() == before:
            return ()
        self._wrote_after(before)
        self.db.execute(
            "UPDATE local SET value = max(value, (SELECT max(lamport) FROM journal WHERE rowid > ?))"
            " WHERE key = 'lamport'",
            (before,),
        )
        if self.db.execute(
            f"SELECT 1 FROM journal WHERE rowid > ? AND {SEEDED} LIMIT 1", (before,)
        ).fetchone():
            touched = self._fold_seeded(before)
        else:
            # What users said of an entity wins over every seed, so that these rows need no others.
            told = self.db.execute(
                "WITH fresh AS (SELECT DISTINCT entity, id FROM journal WHERE rowid > ?)"
                f" SELECT {_OF_JOURNAL} FROM fresh CROSS JOIN journal j"
                " ON j.id = fresh.id AND j.entity = fresh.entity WHERE j.lamport > 0",
                (before,),
            )
            touched = Projector(self.db).apply(all_told(fold(Row(*row) for row in told)))
        self._rebuild_actions(before)
        return touched

    def _fold_seeded(self, before: int) -> tuple[str, ...]:
        """Fold anew all that seeds speak of, and what a row after `before` speaks of.

        What a version withdraws follows from what it does not say, and an order key from those of
        others: there is no smaller part that could be looked at alone.
        """
        told = self.db.execute(
            f"WITH fresh AS (SELECT entity, id FROM journal WHERE {SEEDED}"
            " UNION SELECT entity, id FROM journal WHERE rowid > ?)"
            f" SELECT {_OF_JOURNAL} FROM fresh CROSS JOIN journal j"
            " ON j.id = fresh.id AND j.entity = fresh.entity",
            (before,),
        )
        return Projector(self.db).apply(all_told(fold(Row(*row) for row in told)), whole=True)

    def _rebuild_actions(self, before: int) -> None:
        """Work out anew how the actions of the replicas stand that rows after `before` are of."""
        replicas = [
            replica
            for (replica,) in self.db.execute(
                "SELECT DISTINCT replica FROM journal WHERE rowid > ?", (before,)
            )
        ]
        if self._among_each_other(before):
            replicas = [r for (r,) in self.db.execute("SELECT DISTINCT replica FROM journal")]
        rows = [
            Row(*row)
            for replica in replicas
            for row in self.db.execute(
                f"SELECT {_ROW} FROM journal WHERE replica = ?1 AND (entity = '{Entity.ACTION}'"
                " OR n IN (SELECT min(n) FROM journal WHERE replica = ?1 GROUP BY action))",
                (replica,),
            )
        ]
        self.db.executemany("DELETE FROM action WHERE replica = ?", [(one,) for one in replicas])
        self.db.executemany(
            "INSERT INTO action (id, replica, n, at, label, undoes, redoes, state, day)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (a.id, a.replica, a.first, a.at, a.label, a.undoes, a.redoes, a.state, a.day)
                for a in actions(fold(rows))
            ],
        )

    def _among_each_other(self, before: int) -> bool:
        """Whether a replica takes back, or does again, what another one did."""
        found = self.db.execute(
            "SELECT EXISTS (SELECT 1 FROM action WHERE ifnull(undoes, redoes) IS NOT NULL"
            " AND substr(ifnull(undoes, redoes), 1, length(replica) + 1) <> replica || '-')"
            " OR EXISTS (SELECT 1 FROM journal WHERE rowid > ? AND entity = 'action'"
            " AND field IN ('undoes', 'redoes')"
            " AND substr(value, 1, length(replica) + 1) <> replica || '-')",
            (before,),
        ).fetchone()
        return bool(found[0])

    # What this database keeps for itself, outside the journal

    def local(self, key: str) -> Value:
        """Return what was kept under `key` on this machine, None if nothing was."""
        row = self.db.execute("SELECT value FROM local WHERE key = ?", (key,)).fetchone()
        value: Value = row[0] if row else None
        return value

    def set_local(self, key: str, value: Value) -> None:
        """Keep something that is this machine's business and nobody's history."""
        with self.transaction():
            self._set_local(key, value)

    def go_on_from(self, names: Sequence[tuple[str, int]]) -> None:
        """Have undo and redo go on where those left off whose state this is; see `names`."""
        self.set_local(BEFORE, json.dumps(names))

    def set_review_share(self, share: float) -> None:
        """Say after which share of their stability cards are due; those there are worked out anew."""
        kept = self.local("review_share")
        if (1.0 if kept is None else kept) == share:
            return
        with self.transaction():
            self._set_local("review_share", share)
            self.db.execute(f"UPDATE card SET due = {DUE.format('stability', 'last')}")

    def _set_local(self, key: str, value: Value | float) -> None:
        self.db.execute(
            "INSERT INTO local (key, value) VALUES (?, ?)"
            " ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            (key, value),
        )

    @property
    def in_place(self) -> bool:
        """Whether the files that are open are still those of their names."""
        found = _place(self.path)
        # One that is only read has no log of ours; another program may make one any time.
        return found == self._place or (self.blocked is not None and found[0] == self._place[0])

    def check_place(self) -> None:
        """Make sure of that.

        Raises:
            Gone: if they were deleted, moved away or replaced.
        """
        if not self.in_place:
            happened = "replaced" if self.path.exists() else "deleted or moved away"
            raise Gone(
                f"{self.path} was {happened} while it was open", "what was done last is not in it"
            )

    @property
    def writing(self) -> bool:
        """Whether a transaction is under way."""
        return self.db.in_transaction

    def stamp(self) -> tuple[object, ...]:
        """Return what is another one whenever the database may be another one."""
        return self._place, self._data_version(), self.db.total_changes

    # Other processes

    def foreign_changes(self) -> tuple[bool, tuple[Change, ...], tuple[str, ...]]:
        """What other connections wrote since the last call.

        Returns:
            Whether anything was written, the changes (their old values unknown, None), and the ids
            of all entries that they bear on, the branches above and the gaps around included. If
            another state was restored, that something was written and no changes: all may differ.
        """
        if self.blocked is not None and stamps(self.path) != self._stamps:
            self._go_on_with(*connect_or_read(self.path, timeout=self._patience()))
        version = self._data_version()
        if version == self._seen_version:
            return False, (), ()
        self._seen_version = version
        with snapshot(self.db):
            if self.local(ERA) != self._era:
                self._recognise()
                return True, (), ()
            rows = self.db.execute(
                "SELECT rowid, entity, id, field, value FROM journal WHERE rowid > ? ORDER BY rowid",
                (self._seen_row,),
            ).fetchall()
            changes = tuple(
                Change(_ENTITIES[entity], id_, name, None, value)
                for number, entity, id_, name, value in rows
                if entity in _ENTITIES
                and entity not in NO_STATE
                and not any(first <= number <= last for first, last in self._own_rows)
            )
            entries = self.around(changes)
        if rows:
            self._seen_row = rows[-1][0]
        self._own_rows.clear()
        return bool(changes), changes, entries

    def _data_version(self) -> int:
        return int(self.db.execute("PRAGMA data_version").fetchone()[0])

    def _last_row(self) -> int:
        return int(self.db.execute("SELECT ifnull(max(rowid), 0) FROM journal").fetchone()[0])


def _said(change: Change) -> tuple[str, str, str, Value]:
    return _NAMES[change.entity], change.id, change.field, change.new


def _place(path: Path) -> tuple[tuple[int, int] | None, ...]:
    """Tell a database's two files from any others; SQLite keeps both while one has them open."""
    return tuple(_identity(file) for file in (path, path.with_name(path.name + "-wal")))


def _identity(file: Path) -> tuple[int, int] | None:
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
