"""Whether the database is to be looked through once the screen is there.

A damaged page far from what is read first would otherwise stay unknown until somebody comes to it. Reading
every page takes a while in a large track, so it is done behind the first frame, and only on a new day
or where the file is not as the last screen left it: a disk or another program may have changed it.
"""

from __future__ import annotations

import os
from contextlib import suppress
from datetime import date

from tracker_tui.errors import Damaged
from tracker_tui.paths import Paths
from tracker_tui.store.quick import QuickCheck

NAME = "checked"
"""The file beside the database that says on which day it was last looked through, and what it was then
at the end: its length and when it was changed."""


class Checking:
    """What one screen knows of that; made before it opens the track.

    Args:
        paths: Where the user's files are.
        today: The day it is.
    """

    def __init__(self, paths: Paths, today: date) -> None:
        self._database = paths.database
        self._file = paths.data / NAME
        self._today = today.isoformat()
        self._check = QuickCheck(paths.database)
        self.due = self._record(self._today) != self._kept()
        """Whether to look."""

    def look(self) -> Damaged | None:
        """Look through the database; return what is wrong. It may run on another thread."""
        return self._check.run()

    def stop(self) -> None:
        """Give up looking."""
        self._check.stop()

    def keep(self) -> None:
        """Remember the file as it is now, if it is known to be sound; for after a good end."""
        if self.due and not self._check.done:
            return
        with suppress(OSError):
            made = self._file.with_name(f"{NAME}.{os.getpid()}.tmp")
            handle = os.open(made, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
            with os.fdopen(handle, "w", encoding="ascii") as out:
                out.write(self._record(self._today))
            made.replace(self._file)

    def _record(self, day: str) -> str:
        try:
            found = self._database.stat()
        except OSError:
            return f"{day}\n"
        return f"{day} {found.st_size} {found.st_mtime_ns}\n"

    def _kept(self) -> str:
        try:
            return self._file.read_text(encoding="ascii", errors="replace")[:200]
        except OSError:
            return ""
