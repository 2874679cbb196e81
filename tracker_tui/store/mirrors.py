"""What is kept of the Markdown files that are mirrored on this machine; none of it is history."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import NamedTuple

from tracker_tui.store.connection import explaining


class MirrorRow(NamedTuple):
    """One file, without its lines."""

    path: str
    """Absolute, as the user named it: a symbolic link stays one."""
    added_at: str
    digest: str
    """Of the bytes that the file had when it was last in step."""
    size: int
    changed: int
    """The time of its last change then, in nanoseconds."""
    row: int
    """The newest row of the journal, by arrival, that the file has; -1 until it has any."""
    tied: int
    """How many of its lines are entries."""


_COLUMNS = ", ".join(MirrorRow._fields)
_WROTE = "mirror wrote {} {}"
"""The key of `local` under which it is kept what was changed on behalf of a file, and its path."""


def kept_mirrors(connection: sqlite3.Connection) -> list[tuple[MirrorRow, str]]:
    """Return the files of a database, each with what is kept of it; none of one without mirrors."""
    there = connection.execute("SELECT 1 FROM sqlite_schema WHERE name = 'mirror'").fetchone()
    if there is None:
        return []
    rows = connection.execute(f"SELECT {_COLUMNS}, base FROM mirror").fetchall()
    return [(MirrorRow(*row[:-1]), str(row[-1])) for row in rows]


@explaining
class MirrorQueries:
    """The mirrors half of `Store`."""

    db: sqlite3.Connection

    def mirrors(self) -> list[MirrorRow]:
        """Return the mirrored files by path."""
        rows = self.db.execute(f"SELECT {_COLUMNS} FROM mirror ORDER BY path")
        return [MirrorRow(*row) for row in rows]

    def mirror(self, path: str) -> tuple[MirrorRow, str] | None:
        """Return a file and, as JSON, what it and the track were when last in step."""
        row = self.db.execute(
            f"SELECT {_COLUMNS}, base FROM mirror WHERE path = ?", (path,)
        ).fetchone()
        return (MirrorRow(*row[:-1]), str(row[-1])) if row else None

    def mirror_row(self, path: str) -> MirrorRow | None:
        """Return a file without what is kept of its lines."""
        row = self.db.execute(f"SELECT {_COLUMNS} FROM mirror WHERE path = ?", (path,)).fetchone()
        return MirrorRow(*row) if row else None

    def keep_mirror(self, row: MirrorRow, base: str) -> None:
        """Keep what a file and the track are now; a part of the transaction under way."""
        marks = ", ".join("?" * (len(row) + 1))
        self.db.execute(
            f"INSERT INTO mirror ({_COLUMNS}, base) VALUES ({marks})"
            " ON CONFLICT (path) DO UPDATE SET digest = excluded.digest, size = excluded.size,"
            " changed = excluded.changed, row = excluded.row, tied = excluded.tied,"
            " base = excluded.base",
            (*row, base),
        )

    def drop_mirror(self, path: str) -> None:
        """Forget a file; a part of the transaction under way."""
        self.db.execute("DELETE FROM mirror WHERE path = ?", (path,))
        self.begin_mirror(path)

    def begin_mirror(self, path: str) -> None:
        """Let nothing have been changed on behalf of a file; a part of the transaction under way."""
        for what in ("track", "file"):
            self.db.execute("DELETE FROM local WHERE key = ?", (_WROTE.format(what, path),))

    def mirror_wrote(self, path: str, what: str) -> bool:
        """Whether it is kept that, on behalf of a file, the `track` or the `file` was changed before."""
        key = _WROTE.format(what, path)
        return self.db.execute("SELECT 1 FROM local WHERE key = ?", (key,)).fetchone() is not None

    def keep_mirror_wrote(self, path: str, what: str) -> None:
        """Keep that; a part of the transaction under way."""
        self.db.execute("INSERT OR REPLACE INTO local VALUES (?, 1)", (_WROTE.format(what, path),))

    def take_mirrors(self, kept: Iterable[tuple[MirrorRow, str]]) -> None:
        """Have the files of another database of this machine, each to be brought in step anew."""
        self.db.execute("DELETE FROM mirror")
        for row, base in kept:
            self.keep_mirror(row._replace(row=-1), base)

    def tied_elsewhere(self, path: str) -> set[str]:
        """Return the ids of the entries that other files than this one are tied to."""
        return {
            id_
            for (id_,) in self.db.execute(
                "SELECT json_extract(tie.value, '$[0]') FROM mirror,"
                " json_each(mirror.base, '$.ties') AS tie WHERE mirror.path <> ?",
                (path,),
            )
        }

    def journal_end(self) -> int:
        """Return the number, by arrival, of the newest row of the journal."""
        return int(self.db.execute("SELECT ifnull(max(rowid), 0) FROM journal").fetchone()[0])

    def said_at(self, id_: str, field: str) -> str:
        """Return when an entry's field got the value that it has; empty if it was never said."""
        row = self.db.execute(
            "SELECT at FROM journal WHERE id = ? AND entity = 'entry' AND field = ?"
            " ORDER BY lamport DESC, replica DESC, n DESC LIMIT 1",
            (id_, field),
        ).fetchone()
        return str(row[0]) if row else ""
