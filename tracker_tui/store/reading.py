"""Reading a database where nothing can be written: on a full disk, on a read-only file system.

SQLite writes even to read: a database in WAL mode has an index of its log beside it. Where that cannot
be, the database is read as a file that nobody changes, if it has no log; else all of it is taken into
memory together with what its log holds, as SQLite would put them together after a crash.
"""

from __future__ import annotations

import sqlite3
import struct
from collections.abc import Iterator
from pathlib import Path

from tracker_tui.errors import Busy
from tracker_tui.store.connection import stamp_of, stamps

_HEADER = 32
"""How many bytes a log has before its first frame."""
_FRAME = 24
"""How many bytes a frame has before its page."""
_MAGIC = {0x377F0682: "<", 0x377F0683: ">"}
"""What a log begins with: it says how the numbers that are summed up are to be read."""
_UNWRITABLE = (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_FULL, sqlite3.SQLITE_READONLY)
_UNWRITTEN = (
    *(sqlite3.SQLITE_IOERR_SHMOPEN, sqlite3.SQLITE_IOERR_SHMSIZE, sqlite3.SQLITE_IOERR_SHMMAP),
    *(sqlite3.SQLITE_IOERR_WRITE, sqlite3.SQLITE_IOERR_TRUNCATE),
)
_TRIES = 3


def for_want_of_writing(error: BaseException) -> bool:
    """Whether what went wrong may be that something could not be written."""
    code = getattr(error, "sqlite_errorcode", None)
    if code is None:
        return isinstance(error, OSError)
    return code & 0xFF in _UNWRITABLE or code in _UNWRITTEN


def reading(path: Path) -> sqlite3.Connection:
    """Open a database that is only read; not a byte of it changes, whatever is wrong with it.

    Raises:
        sqlite3.Error: if it cannot be opened.
        Busy: if it is changed while it is taken into memory, again and again.
    """
    if path.exists() and not path.is_file():
        raise sqlite3.OperationalError("it is no plain file")  # SQLite would wait at a pipe
    connection = _open(path, "mode=ro")
    try:
        connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    except sqlite3.Error as error:
        if not for_want_of_writing(error):
            return connection  # damage: whoever reads will be told
        connection.close()
        unwritable = _unwritable(path)
        if unwritable is None:
            raise
        return unwritable
    return connection


def _open(path: Path, how: str) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.absolute().as_uri()}?{how}", uri=True, isolation_level=None)


def _unwritable(path: Path) -> sqlite3.Connection | None:
    """Open a database beside which nothing can be put; None if it cannot be read even so."""
    if stamp_of(Path(f"{path}-journal"))[0]:
        return None  # a transaction in it was cut short: only SQLite takes that back
    for _ in range(_TRIES):
        before = stamps(path)
        connection = _in_memory(path) if before[1][0] else _open(path, "immutable=1")
        if connection is None or stamps(path) == before:
            return connection
        connection.close()
    raise Busy("another program is writing to the track", "try again in a moment")


def _in_memory(path: Path) -> sqlite3.Connection | None:
    content = bytearray(path.read_bytes())
    for pages, count, size in _transactions(Path(f"{path}-wal").read_bytes()):
        content.extend(bytes(max(0, count * size - len(content))))
        del content[count * size :]
        for number, page in pages.items():
            if number <= count:
                content[(number - 1) * size : number * size] = page
    content[18:20] = b"\x01\x01"  # there is no log any more
    connection = sqlite3.connect(":memory:", isolation_level=None)
    if not hasattr(connection, "deserialize"):  # a SQLite that was built without it
        connection.close()
        return None
    connection.deserialize(bytes(content))
    connection.execute("PRAGMA query_only = ON")
    return connection


def _transactions(log: bytes) -> Iterator[tuple[dict[int, bytes], int, int]]:
    """Return the pages of each completed transaction in a log, how many there are then, and their size.

    As in https://www.sqlite.org/walformat.html: the first frame that is not of this round of the log, or
    whose sums are not right, ends it.
    """
    if len(log) < _HEADER:
        return
    magic, _, size, _ = struct.unpack(">4I", log[:16])
    order = _MAGIC.get(magic)
    sums = _summed(log[:24], (0, 0), order) if order else (0, 0)
    if order is None or struct.unpack(">2I", log[24:32]) != sums:
        return
    pages: dict[int, bytes] = {}
    for start in range(_HEADER, len(log) - _FRAME - size + 1, _FRAME + size):
        head, page = log[start : start + _FRAME], log[start + _FRAME : start + _FRAME + size]
        sums = _summed(page, _summed(head[:8], sums, order), order)
        if head[8:16] != log[16:24] or struct.unpack(">2I", head[16:]) != sums:
            return
        number, count = struct.unpack(">2I", head[:8])
        pages[number] = page
        if count:
            yield pages, count, size
            pages = {}


def _summed(part: bytes, sums: tuple[int, int], order: str) -> tuple[int, int]:
    first, second = sums
    numbers = iter(struct.unpack(f"{order}{len(part) // 4}I", part))
    for one, other in zip(numbers, numbers, strict=True):
        first = (first + one + second) & 0xFFFFFFFF
        second = (second + other + first) & 0xFFFFFFFF
    return first, second
