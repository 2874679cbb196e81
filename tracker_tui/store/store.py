"""One connection to one database file: opening it, and the door to what can be written and asked.

`Store` stands on `Incoming`, that on `Undoing`, that on `Writing`, and that on the questions.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Self

from tracker_tui.domain.fold import all_told, fold
from tracker_tui.domain.journal import Change, Row
from tracker_tui.domain.undo import NO_STATE
from tracker_tui.domain.words import Entity
from tracker_tui.store import schema
from tracker_tui.store.connection import (
    BUSY_SECONDS,
    connect_or_read,
    explained,
    explaining,
    snapshot,
    stamps,
)
from tracker_tui.store.incoming import Incoming
from tracker_tui.store.past import BEFORE
from tracker_tui.store.project import Projector
from tracker_tui.store.schema import BACKUP, ERA
from tracker_tui.store.writing import ENTITIES, ROW, place


@explaining
class Store(Incoming):
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
                self._place = place(path)
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
            f"SELECT {ROW} FROM journal WHERE entity = ?1 OR (entity = ?2 AND field IN"
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
                Change(ENTITIES[entity], id_, name, None, value)
                for number, entity, id_, name, value in rows
                if entity in ENTITIES
                and entity not in NO_STATE
                and not any(first <= number <= last for first, last in self._own_rows)
            )
            entries = self.around(changes)
        if rows:
            self._seen_row = rows[-1][0]
        self._own_rows.clear()
        return bool(changes), changes, entries
