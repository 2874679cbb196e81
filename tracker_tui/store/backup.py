"""Copies of a database: made by SQLite while others read and write, and proven before they count.

A backup is one file that needs no other: it is not in WAL mode. It is written under another name,
brought to the disk, opened again and checked, and only then gets its own.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import datetime
from pathlib import Path

from tracker_tui.domain.backups import Backup, Facts, file_name, free_moment, keep, read_name
from tracker_tui.domain.difference import Content, EntryState, NoteState
from tracker_tui.domain.fold import ENTRY_DEFAULTS
from tracker_tui.domain.journal import Row
from tracker_tui.errors import Busy, Damaged, TrackerError
from tracker_tui.folders import private_folder
from tracker_tui.store import schema
from tracker_tui.store.connection import APPLICATION_ID, BUSY_SECONDS, RESCUE, explained, snapshot
from tracker_tui.store.reading import for_want_of_writing, reading
from tracker_tui.store.schema import BACKUP, ERA

_COMPARED = {
    name: default
    for name, default in ENTRY_DEFAULTS.items()
    if name not in ("title", "status", "deleted", "progressed_on")
}
"""What is compared of an entry beside its title and status, and what it is where there is no column."""
_SPARE = 32 * 2**20
"""How many bytes a backup that nobody asked for leaves free on the disk."""


def kept(folder: Path) -> list[Backup]:
    """Return the backups in a folder, the newest first; files under other names are none.

    There are none in a folder that cannot be read: making one will say why.
    """
    found = []
    with suppress(OSError), os.scandir(folder) as files:
        for file in files:
            name = read_name(file.name)
            if name is not None and file.is_file():
                found.append(Backup(folder / file.name, *name))
    return sorted(found, key=lambda backup: (backup.moment, backup.reason), reverse=True)


def make(database: Path, folder: Path, reason: str, now: datetime) -> Path:
    """Back a database up into the folder of backups, and drop those that are kept no longer.

    Args:
        database: The file; others, this process included, may have it open and be writing.
        folder: Where backups are; made if need be.
        reason: What it is made for, in a word or two, which become part of its name.
        now: An aware moment in the user's time zone.

    Raises:
        TrackerError: if it cannot be written or is not sound; then there is no new file.
    """
    with explained(folder):
        private_folder(folder)
        moment = free_moment(now, (backup.moment for backup in kept(folder)))
        path = folder / file_name(moment, reason)
        write(database, path)
        _prune(folder, max(now, moment.astimezone(now.tzinfo)), path)
    return path


def _prune(folder: Path, now: datetime, made: Path) -> None:
    backups = kept(folder)
    moments = keep((backup.moment for backup in backups), now)
    for backup in backups:
        if backup.moment not in moments and backup.path != made:
            with suppress(OSError):
                backup.path.unlink()


def room(database: Path, folder: Path) -> bool:
    """Whether a backup would leave room on the disk to go on working."""
    try:
        private_folder(folder)
        disk = os.statvfs(folder)
        needed = size(database) + size(Path(f"{database}-wal")) + _SPARE
        return disk.f_bavail * disk.f_frsize > needed
    except (OSError, AttributeError):
        return True  # then writing it will tell


def size(path: Path) -> int:
    """Return how many bytes a file has, 0 if it is not there."""
    try:
        return path.stat().st_size
    except OSError:
        return 0


def write(database: Path, target: Path, *, replacing: bool = False) -> None:
    """Copy a database, as of one moment, into a file that is whole and sound or not there.

    Args:
        database: The file that is copied.
        target: The file that is made; another one in its place is lost.
        replacing: Whether it may be replaced later by the next one, which `check_replaceable` asks.

    Raises:
        TrackerError: if it cannot be written or is not sound; then `target` is as it was.
    """
    made = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    with explained(target):
        try:
            with explained(database), closing(_sharing(database)) as source:
                _look_at(source, database)
                with explained(target):
                    os.close(os.open(made, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
                    _copy(source, made, database, mark=replacing)
            to_disk(made)
            _prove(made, database)
            if replacing and target.exists():
                check_replaceable(target)  # it may have become somebody's meanwhile
            made.replace(target)
            to_disk(target.parent)
        finally:
            for name in (made, Path(f"{made}-journal")):
                name.unlink(missing_ok=True)


def _look_at(source: sqlite3.Connection, database: Path) -> None:
    """See that a copy would be one of a track, so that what is wrong is said of the right file."""
    if not source.execute("PRAGMA page_count").fetchone()[0]:
        raise Damaged(f"{database} is empty", RESCUE)
    _of_tracker(source, database)
    schema.ready(source, database)


def _copy(source: sqlite3.Connection, made: Path, database: Path, *, mark: bool) -> None:
    with closing(_plain(made)) as copy:
        copying(source, copy)
        copy.execute("PRAGMA journal_mode = DELETE")
        missing = schema.missing(copy)
        if missing:
            raise Damaged(f"{database} is not sound: it has no table {missing[0]}", RESCUE)
        if mark:
            copy.execute("INSERT OR REPLACE INTO local VALUES (?, 1)", (BACKUP,))


def check_replaceable(target: Path) -> None:
    """Make sure that a file is a backup that may be replaced by a newer one, and nobody's track.

    That is what `write` made to be replaced: a database that was opened as a track since is none.

    Raises:
        TrackerError: if it is anything else, or may be.
    """
    really = Path(os.path.realpath(target))
    advice = "only what tracker backup -o made is replaced: name another file"
    theirs = TrackerError(f"{target} is there already, and may be somebody's track", advice)
    if really.name == "tracker.db" or any(
        Path(f"{really}{end}").exists() for end in ("-wal", "-shm", "-journal")
    ):
        raise theirs
    try:
        # Looked at before it is opened: a log would be made beside what is in use.
        with explained(target), really.open("rb") as file:
            in_use = file.read(20)[18:] == b"\x02\x02"
        replaceable = not in_use and glance(really).replaceable
    except TrackerError as error:
        raise TrackerError(f"{target} is there already, and is no backup", advice) from error
    if not replaceable:
        raise theirs


def _prove(copy: Path, database: Path) -> None:
    try:
        examine(copy)
    except TrackerError as error:
        found = error.problem.replace(str(copy), "a copy of it")
        raise Damaged(f"{database} is not sound: {found}", RESCUE) from error


def empty_log(database: Path) -> None:
    """Write what is in a database's write-ahead log into the database, and empty it."""
    with (
        explained(database),
        closing(sqlite3.connect(database, isolation_level=None)) as connection,
    ):
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _sharing(path: Path) -> sqlite3.Connection:
    """Open the database only to read it, but as one of those who clean up behind them, if it can be."""
    with explained(path):
        if not os.access(path, os.W_OK):
            return reading(path)
        connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True)
        try:
            connection.execute("PRAGMA query_only = ON")
            connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        except sqlite3.Error as error:
            connection.close()
            if not for_want_of_writing(error):
                raise
            return reading(path)
        return connection


def _plain(path: Path) -> sqlite3.Connection:
    """Open a file that nobody else knows of: if this fails midway, it is thrown away."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode = OFF")
    connection.execute("PRAGMA synchronous = OFF")
    return connection


def copying(
    source: sqlite3.Connection,
    target: sqlite3.Connection,
    *,
    locked: Callable[[], object] | None = None,
    seconds: float = BUSY_SECONDS,
) -> None:
    """Copy all of `source` into `target`, as one transaction there.

    Args:
        source: Is read as of one moment.
        target: Those who have it open see all of it at once, or, if this fails, nothing.
        locked: Called when nobody else can write to `target` any more and nothing was written yet.
        seconds: How long to wait for another process that is writing.

    Raises:
        Busy: if that was not long enough.
    """
    until = time.monotonic() + seconds
    waiting = locked

    def step(status: int, _: int, __: int) -> None:
        nonlocal waiting
        if status in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            if time.monotonic() > until:
                raise Busy(
                    "another program is writing to the track and does not let go",
                    "try again in a moment; nothing was changed",
                )
        elif waiting is not None:
            do, waiting = waiting, None
            do()

    # The lock is taken with the first page, and a database has more than one.
    source.backup(target, pages=1 if locked else -1, progress=step, sleep=0.05)


def examine(path: Path) -> Facts:
    """Check a database from end to end; return what it holds.

    Raises:
        TrackerError: if it cannot be read, is damaged, none of ours, or a newer version's.
    """
    with _read(path) as connection:
        for (line,) in connection.execute("PRAGMA integrity_check"):
            if line != "ok":
                raise Damaged(f"{path} is damaged ({line})", RESCUE)
        return _facts(connection, path)


def glance(path: Path) -> Facts:
    """Return what a database holds, without checking more of it than is read for that.

    Raises:
        TrackerError: as `examine` does.
    """
    with _read(path) as connection:
        return _facts(connection, path)


def numbers(path: Path) -> set[tuple[str, int]]:
    """Return of which replicas a backup has which rows of the journal."""
    with _read(path) as connection:
        return set(connection.execute("SELECT replica, n FROM journal").fetchall())


def rows(path: Path) -> list[Row]:
    """Return the journal of a backup."""
    with _read(path) as connection:
        return [
            Row(*row) for row in connection.execute(f"SELECT {', '.join(Row._fields)} FROM journal")
        ]


@contextmanager
def _read(path: Path) -> Iterator[sqlite3.Connection]:
    with explained(path):
        if not path.is_file():
            raise TrackerError(f"there is no file {path}")
        if not path.stat().st_size:
            raise Damaged(f"{path} is empty", RESCUE)
        with closing(reading(path)) as connection:
            yield connection


def _of_tracker(connection: sqlite3.Connection, path: Path) -> None:
    if connection.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
        raise TrackerError(f"{path} is no database of tracker", "it was left as it is")


def _facts(connection: sqlite3.Connection, path: Path) -> Facts:
    _of_tracker(connection, path)
    schema.ready(connection, path)
    missing = schema.missing(connection)
    if missing:
        raise Damaged(f"{path} is damaged (no table {missing[0]})", RESCUE)
    kept = dict(
        connection.execute(
            "SELECT key, value FROM local WHERE key IN (?, ?, 'lamport')", (ERA, BACKUP)
        ).fetchall()
    )
    items, learned = connection.execute(
        "SELECT count(*), ifnull(sum(status = 'learned'), 0) FROM entry"
        " WHERE kind = 'item' AND deleted = 0"
    ).fetchone()
    return Facts(
        connection.execute("PRAGMA user_version").fetchone()[0],
        items,
        learned,
        connection.execute("SELECT count(*) FROM note WHERE deleted = 0").fetchone()[0],
        connection.execute("SELECT count(*) FROM journal").fetchone()[0],
        int(kept.get("lamport") or 0),
        kept.get(ERA),
        BACKUP in kept,
    )


def to_disk(path: Path) -> None:
    """Have a file's contents, or a folder's names, written to the disk itself."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def content(path: Path) -> Content:
    """Return what a state holds that can be compared with another one.

    Raises:
        TrackerError: as `examine` does, which it is not instead of: only what is read is seen.
    """
    with _read(path) as connection, snapshot(connection):
        version = _facts(connection, path).schema
        there = {name for _, name, *_ in connection.execute("PRAGMA table_info(entry)")}
        said = ", ".join(
            f"own_{name}"
            if f"own_{name}" in there
            else name
            if name in there
            else "NULL"
            if default is None
            else f"'{default}'"
            for name, default in _COMPARED.items()
        )
        entries = {
            id_: EntryState(title, status, tuple(rest))
            for id_, title, status, *rest in connection.execute(
                f"SELECT id, title, own_status, {said} FROM entry WHERE deleted = 0"
            )
        }
        notes = connection.execute("SELECT id, entry, text FROM note WHERE deleted = 0")
        reviews = (
            connection.execute("SELECT id FROM review WHERE deleted = 0") if version > 1 else ()
        )
        return Content(
            entries,
            {id_: NoteState(entry, text) for id_, entry, text in notes},
            frozenset(id_ for (id_,) in reviews),
        )
