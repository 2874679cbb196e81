"""Opening a database file safely, and the one way to write to it."""

from __future__ import annotations

import os
import sqlite3
import stat
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from errno import EROFS
from functools import wraps
from pathlib import Path
from types import FunctionType
from typing import Any, TypeVar

from tracker_tui.errors import Busy, Damaged, TrackerError
from tracker_tui.folders import private_folder

APPLICATION_ID = 0x54524B52
"""`TRKR` in the file's header: how a database of ours is told from somebody else's."""

BUSY_SECONDS = 10.0

SQLITE = sqlite3.sqlite_version
"""Which SQLite this Python comes with."""

_HEADER = 100
"""How many bytes a database has at least; SQLite takes one of a single byte for an empty one."""

RESCUE = "it was left as it is: tracker restore --salvage saves what can be saved"
"""What to do about a damaged database."""

_COMPLAINTS = (sqlite3.Error, OSError, UnicodeError, OverflowError)
_Class = TypeVar("_Class")


def connect(path: Path, *, timeout: float = BUSY_SECONDS) -> sqlite3.Connection:
    """Open `path`, made with mode 0600 in folders of mode 0700 if it is not there.

    A connection belongs to the thread that opened it.

    Raises:
        TrackerError: if the file cannot be opened, is no database, or is not one of ours.
    """
    with explained(path):
        _refuse_what_is_no_file(path)
        # The log is looked at first: whoever makes one has made the database before.
        log, size = _size(Path(f"{path}-wal")), _size(path)
        if log and not size:
            raise Damaged(f"{path} is gone or empty, but what was written last is there", RESCUE)
        if 0 < size < _HEADER:
            raise Damaged(f"{path} is damaged or no database ({size} bytes)", RESCUE)
        if not path.exists():
            private_folder(path.parent)
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        connection = sqlite3.connect(
            path, timeout=timeout, isolation_level=None, cached_statements=256
        )
        try:
            _prepare(connection, path)
        except BaseException:
            connection.close()
            raise
    return connection


def connect_or_read(
    path: Path, *, timeout: float = BUSY_SECONDS
) -> tuple[sqlite3.Connection, TrackerError | None]:
    """Open `path` as `connect` does; where it cannot be written, only to read it.

    Returns:
        The connection, and why nothing can be written; None if it can.

    Raises:
        TrackerError: if it cannot be read either, or is not there and cannot be made.
    """
    try:
        if _size(path) and not os.access(path, os.W_OK):
            raise PermissionError(None, None, str(path))
        return connect(path, timeout=timeout), None
    except (TrackerError, OSError) as error:
        from tracker_tui.store.reading import for_want_of_writing, reading

        cause = error.__cause__ if isinstance(error, TrackerError) else error
        why = error if isinstance(error, TrackerError) else _explanation(error, str(path))
        if cause is None or not _size(path) or not for_want_of_writing(cause):
            raise
    with explained(path), ExitStack() as failing:
        try:
            connection = failing.enter_context(closing(reading(path)))
            _prepare(connection, path)
        except (sqlite3.Error, OSError, Busy):
            raise why from None
        failing.pop_all()
    return connection, why


def _refuse_what_is_no_file(path: Path) -> None:
    """Opening a pipe would wait for ever; a link that leads nowhere is no place for a new track."""
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        if path.is_symlink():
            raise TrackerError(
                f"{path} is a link to {path.readlink()}, and nothing is there",
                "is a disk missing?",
            ) from None
        return
    if not stat.S_ISREG(mode):
        what = "a folder" if stat.S_ISDIR(mode) else "no plain file"
        raise TrackerError(f"{path} is {what}", "move it away, or set TRACKER_HOME")


def stamps(path: Path) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return what is another one when a database or its log has changed."""
    return stamp_of(path), stamp_of(Path(f"{path}-wal"))


def stamp_of(path: Path) -> tuple[int, ...]:
    """A file's length first, then what else is another when it has changed."""
    try:
        found = path.stat()
    except OSError:
        return (0,)
    return found.st_size, found.st_mtime_ns, found.st_ino


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _prepare(connection: sqlite3.Connection, path: Path) -> None:
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA temp_store = MEMORY")
    with snapshot(connection):
        # At one moment: another process may be making the tables right now.
        application = connection.execute("PRAGMA application_id").fetchone()[0]
        if application == APPLICATION_ID:
            return
        tables = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
    if application or tables:
        raise TrackerError(
            f"{path} is a database of another program", "move it away or set TRACKER_HOME"
        )


@contextmanager
def snapshot(connection: sqlite3.Connection) -> Iterator[None]:
    """Everything read inside is of one moment, whatever others write meanwhile."""
    if connection.in_transaction:
        yield
        return
    connection.execute("BEGIN")
    try:
        yield
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")


@contextmanager
def write(connection: sqlite3.Connection, path: Path | None = None) -> Iterator[None]:
    """One transaction that takes the write lock at once: all of it happens, or nothing.

    A plain `BEGIN` fails without waiting when another process writes between our read and our
    write; `BEGIN IMMEDIATE` waits for its turn. Inside another `write` it is a part of that one.

    Raises:
        Busy: if another process holds the lock for longer than the connection's time-out.
        TrackerError: if the disk is full, the file read-only or damaged; nothing was written.
    """
    if connection.in_transaction:
        yield
        return
    with explained(path):
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise


@contextmanager
def explained(path: Path | None = None) -> Iterator[None]:
    """Turn what SQLite and the file system complain of into one clear line."""
    try:
        yield
    except _COMPLAINTS as error:
        raise _explanation(error, str(path) if path else "the database") from error


def explaining(cls: type[_Class]) -> type[_Class]:
    """Have every public method of a class explain what it raises, as `explained` does.

    Reading can fail at any time: the file may be damaged while it is open. One wrapper a question
    costs less than one a row, and no question can be written that lacks it.
    """
    for name, member in list(vars(cls).items()):
        if isinstance(member, FunctionType) and not name.startswith("_"):
            setattr(cls, name, _explaining(member))
    return cls


def _explaining(method: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(method)
    def asked(self: Any, *args: Any, **given: Any) -> Any:
        try:
            return method(self, *args, **given)
        except _COMPLAINTS as error:
            raise _explanation(error, str(self.path)) from error

    return asked


def _explanation(error: Exception, name: str) -> TrackerError:
    if isinstance(error, UnicodeEncodeError):
        return TrackerError(
            "the text holds half of a character (a lone surrogate)", "write it anew"
        )
    if isinstance(error, OverflowError):
        return TrackerError("the number is too large to be kept", "take a smaller one")
    if _is_read_only(error, name):
        return TrackerError(
            f"{name} cannot be written: its file system is read-only",
            "mount it for writing; nothing was changed",
        )
    if isinstance(error, PermissionError):
        return TrackerError(
            f"{error.filename or name} cannot be written: permission denied",
            "check its permissions, or set TRACKER_HOME to a folder of yours",
        )
    if isinstance(error, OSError):
        return TrackerError(f"{error.filename or name}: {error.strerror or error}")
    text = str(error).lower()
    if "locked" in text or "busy" in text:
        return Busy(
            "another program is writing to the track and does not let go",
            "try again in a moment; nothing was changed",
        )
    if "readonly" in text or "read-only" in text:
        return TrackerError(
            f"{name} cannot be written: it or its folder is read-only",
            "check its permissions; nothing was changed",
        )
    if "full" in text or ("disk i/o" in text and not _has_room(Path(name))):
        return TrackerError("the disk is full", "make room and try again; nothing was changed")
    if "unable to open" in text and not _has_room(Path(name)):
        return TrackerError("the disk is full", "make room and try again; nothing was changed")
    if "unable to open" in text:
        return TrackerError(
            f"{name} cannot be opened", "check that its folder exists and can be written"
        )
    if "disk i/o" in text:
        return TrackerError(f"{name} cannot be read or written: {error}", "check the disk")
    if _is_damage(error, text):
        return Damaged(f"{name} is damaged or no database ({error})", RESCUE)
    return TrackerError(f"{name}: {error}")


def _is_read_only(error: Exception, name: str) -> bool:
    """Whether something cannot be written because of where it is."""
    if isinstance(error, OSError) and error.errno == EROFS:
        return True
    text = str(error).lower()
    if not isinstance(error, PermissionError) and not any(
        words in text for words in ("readonly", "read-only", "unable to open")
    ):
        return False
    try:
        return bool(os.statvfs(Path(name).parent).f_flag & os.ST_RDONLY)
    except (OSError, AttributeError):
        return False


def _has_room(path: Path) -> bool:
    """Whether the disk has room for the little that SQLite needs beside a file; it cannot say so."""
    try:
        disk = os.statvfs(path.parent)
    except (OSError, AttributeError):
        return True
    return disk.f_bavail * disk.f_frsize > 2**16


def _is_damage(error: Exception, text: str) -> bool:
    """Whether the file is not what it was when it was written, and not only out of reach."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    return (
        code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
        or type(error) is sqlite3.DatabaseError
        or "decode" in text  # text that is no UTF-8, even that of SQLite's own complaint
        or text.startswith(("no such table", "no such column", "no such index"))
    )
