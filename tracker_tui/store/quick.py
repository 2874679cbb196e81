"""Looking a database through for damage while others use it: quicker than all that can be checked."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from tracker_tui.errors import Damaged, TrackerError
from tracker_tui.store.connection import RESCUE, explained
from tracker_tui.store.reading import reading


class QuickCheck:
    """One look at every page of a database, on a thread of its own."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._connection: sqlite3.Connection | None = None
        self._stopped = False
        self.done = False
        """Whether all of it was looked at."""

    def run(self) -> Damaged | None:
        """Look; return what is wrong, None if nothing is or it was stopped."""
        try:
            with explained(self._path), closing(reading(self._path)) as connection:
                self._connection = connection
                try:
                    if self._stopped:
                        return None
                    (found,) = connection.execute("PRAGMA quick_check(1)").fetchone()
                finally:
                    self._connection = None
        except Damaged as error:
            self.done = True
            return error
        except TrackerError:
            return None  # it was stopped, or cannot be read: what is done with it will say why
        self.done = True
        return None if found == "ok" else Damaged(f"{self._path} is damaged ({found})", RESCUE)

    def stop(self) -> None:
        """Give it up, from another thread: nobody waits for it at the end."""
        self._stopped = True
        connection = self._connection
        if connection is not None:
            connection.interrupt()
