"""How the journal and the tables are written: one transaction, one place."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain
from pathlib import Path

from tracker_tui.domain import taken
from tracker_tui.domain.fold import told_by_action
from tracker_tui.domain.journal import Action, Change, Made, Row, Value
from tracker_tui.domain.undo import NO_STATE
from tracker_tui.domain.words import Entity
from tracker_tui.errors import Gone, TrackerError
from tracker_tui.store.cards import DUE
from tracker_tui.store.connection import connect, explaining, stamps, write
from tracker_tui.store.days import DayQueries
from tracker_tui.store.mirrors import MirrorQueries
from tracker_tui.store.past import BEFORE, PastQueries
from tracker_tui.store.project import Projector
from tracker_tui.store.search import SearchQueries
from tracker_tui.store.seeds import SeedQueries

ROW = "replica, n, lamport, at, action, entity, id, field, value"
INSERT = f"INSERT INTO journal ({ROW}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
ENTITIES = {entity.value: entity for entity in Entity}
NAMES = {entity: entity.value for entity in Entity}


@explaining
class Writing(SearchQueries, PastQueries, DayQueries, SeedQueries, MirrorQueries):
    """The writing that `Store` does; see there."""

    db: sqlite3.Connection
    blocked: TrackerError | None
    path: Path
    _place: tuple[tuple[int, int] | None, ...]
    _stamps: tuple[tuple[int, ...], tuple[int, ...]]
    _began: int
    _seen_row: int
    _seen_version: int
    _own_rows: list[tuple[int, int]]
    _tried: tuple[Row, str] | None

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
        self._place, self._stamps = place(self.path), stamps(self.path)
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
                yield replica, i, lamport, at, id_, NAMES[entity], of, name, new

        self._tried = Row(self.replica, n, lamport, at, id_, *said(of_action[0])), action.label
        before = self._last_row()
        self.db.executemany(INSERT, rows())
        self._wrote_after(before)
        self._set_local("lamport", lamport)
        self._record(id_, n, at, action)
        changes = action.changes
        if isinstance(changes, Made):
            # What they are made of is another thing as soon as the first of them is applied.
            changes = Made(len(changes), lambda: self._changes_of(id_, before))
        entries = Projector(self.db).apply(told_by_action(chain(of_action, changes), at))
        return action._replace(id=id_, at=at, entries=entries, changes=changes)

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
            yield Change(ENTITIES[entity], id_, name, None, value)

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
        found = place(self.path)
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

    def _data_version(self) -> int:
        return int(self.db.execute("PRAGMA data_version").fetchone()[0])

    def _last_row(self) -> int:
        return int(self.db.execute("SELECT ifnull(max(rowid), 0) FROM journal").fetchone()[0])


def said(change: Change) -> tuple[str, str, str, Value]:
    """Return entity, id, field and value as a row of the journal has them."""
    return NAMES[change.entity], change.id, change.field, change.new


def place(path: Path) -> tuple[tuple[int, int] | None, ...]:
    """Tell a database's two files from any others; SQLite keeps both while one has them open."""
    name = os.fspath(path)  # with each write: a Path is made more slowly than it is looked up
    return _identity(name), _identity(f"{name}-wal")


def _identity(file: str) -> tuple[int, int] | None:
    try:
        found = os.stat(file)  # noqa: PTH116 - as above
    except OSError:
        return None
    return found.st_dev, found.st_ino
