"""What SQLite and the file system complain of is one line that says what to do; and the door to a file."""

from __future__ import annotations

import os
import sqlite3
import stat
from contextlib import closing
from errno import EACCES, EIO, ENOENT, EROFS
from pathlib import Path
from types import SimpleNamespace

import pytest

from tracker_tui.errors import Busy, Damaged, TrackerError
from tracker_tui.store.connection import (
    RESCUE,
    connect,
    connect_or_read,
    explained,
    snapshot,
    stamps,
    write,
)

NAME = "/of/tracker.db"
FULL = "the disk is full; make room and try again; nothing was changed"
BUSY = (
    "another program is writing to the track and does not let go; try again in a moment;"
    " nothing was changed"
)


def sql(text: str, code: int | None = None, kind: type[sqlite3.Error] | None = None) -> Exception:
    error = (kind or sqlite3.OperationalError)(text)
    if code is not None:
        error.sqlite_errorcode = code
    return error


def told(error: Exception, path: Path | None = Path(NAME)) -> TrackerError:
    with pytest.raises(TrackerError) as caught, explained(path):
        raise error
    assert caught.value.__cause__ is error
    return caught.value


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """The disk that everything is on: it has room and can be written."""
    disk = SimpleNamespace(f_bavail=2**16 + 1, f_frsize=1, f_flag=0)
    monkeypatch.setattr(os, "statvfs", lambda _: disk)
    return disk


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (
            UnicodeEncodeError("utf-8", "\ud800", 0, 1, "surrogates not allowed"),
            "the text holds half of a character (a lone surrogate); write it anew",
        ),
        (OverflowError("too large"), "the number is too large to be kept; take a smaller one"),
        (
            PermissionError(EACCES, "Permission denied", "/of/other"),
            "/of/other cannot be written: permission denied; check its permissions, or set"
            " TRACKER_HOME to a folder of yours",
        ),
        (
            PermissionError(EACCES, "Permission denied"),
            f"{NAME} cannot be written: permission denied; check its permissions, or set"
            " TRACKER_HOME to a folder of yours",
        ),
        (
            OSError(EROFS, "Read-only file system"),
            f"{NAME} cannot be written: its file system is read-only; mount it for writing;"
            " nothing was changed",
        ),
        (OSError(EIO, "Input/output error"), f"{NAME}: Input/output error"),
        (FileNotFoundError(ENOENT, "No such file", "/of/x"), "/of/x: No such file"),
        (OSError("odd"), f"{NAME}: odd"),
        (sql("database is locked"), BUSY),
        (sql("database table is locked: entry"), BUSY),
        (
            sql("attempt to write a readonly database"),
            f"{NAME} cannot be written: it or its folder is read-only; check its permissions;"
            " nothing was changed",
        ),
        (sql("database or disk is full"), FULL),
        (
            sql("unable to open database file"),
            f"{NAME} cannot be opened; check that its folder exists and can be written",
        ),
        (
            sql("disk I/O error"),
            f"{NAME} cannot be read or written: disk I/O error; check the disk",
        ),
        (
            sql("malformed", sqlite3.SQLITE_CORRUPT | 1 << 8),
            f"{NAME} is damaged or no database (malformed); {RESCUE}",
        ),
        (
            sql("not one", sqlite3.SQLITE_NOTADB),
            f"{NAME} is damaged or no database (not one); {RESCUE}",
        ),
        (
            sql("an entry is “x”", kind=sqlite3.DatabaseError),
            f"{NAME} is damaged or no database (an entry is “x”); {RESCUE}",
        ),
        (
            sql("Could not decode to UTF-8 column 'x'"),
            f"{NAME} is damaged or no database (Could not decode to UTF-8 column 'x'); {RESCUE}",
        ),
        (
            sql("no such table: entry"),
            f"{NAME} is damaged or no database (no such table: entry); {RESCUE}",
        ),
        (
            sql("no such index: x"),
            f"{NAME} is damaged or no database (no such index: x); {RESCUE}",
        ),
        (
            sql("no such column: x"),
            f"{NAME} is damaged or no database (no such column: x); {RESCUE}",
        ),
        (sql("something else", sqlite3.SQLITE_ERROR), f"{NAME}: something else"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_what_went_wrong_is_said_with_what_to_do(
    disk: SimpleNamespace, error: Exception, line: str
) -> None:
    found = told(error)
    assert str(found) == line
    assert isinstance(found, Busy) == (line == BUSY)
    assert isinstance(found, Damaged) == (RESCUE in line)


@pytest.mark.parametrize(
    ("text", "sort"),
    [("disk I/O error", FULL), ("unable to open database file", FULL), ("odd", f"{NAME}: odd")],
)
def test_a_disk_without_room_is_full_whatever_it_is_called(
    disk: SimpleNamespace, text: str, sort: str
) -> None:
    disk.f_bavail = 2**16
    assert str(told(sql(text))) == sort


@pytest.mark.parametrize(
    "error",
    [
        sql("attempt to write a readonly database"),
        sql("unable to open database file"),
        PermissionError(EACCES, "Permission denied"),
    ],
    ids=str,
)
def test_where_the_file_system_is_read_only_that_is_said(
    disk: SimpleNamespace, error: Exception
) -> None:
    disk.f_flag = os.ST_RDONLY
    assert "its file system is read-only" in str(told(error))
    assert "read-only" not in str(told(sql("something else")))


def test_where_the_disk_cannot_be_asked_it_has_room(monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(_: Path) -> None:
        raise OSError(EIO, "Input/output error")

    monkeypatch.setattr(os, "statvfs", failing)
    assert "cannot be opened" in str(told(sql("unable to open database file")))
    assert "it or its folder is read-only" in str(told(sql("attempt to write a readonly database")))
    assert str(told(OSError(EIO, "odd"), None)) == "the database: odd"


def test_a_connection_waits_keeps_references_and_writes_through_to_the_disk(tmp_path: Path) -> None:
    path = tmp_path / "one" / "tracker.db"
    with closing(connect(path, timeout=0.5)) as db:
        asked = ("busy_timeout", "foreign_keys", "synchronous", "temp_store")
        found = [db.execute(f"PRAGMA {name}").fetchone()[0] for name in asked]
        assert found == [500, 1, 2, 2]
        assert db.isolation_level is None
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_what_is_no_file_or_only_a_part_of_one_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "tracker.db"

    def refused() -> str:
        with pytest.raises(TrackerError) as caught:
            connect(path)
        return str(caught.value)

    log = Path(f"{path}-wal")
    log.write_bytes(b"what was written last")
    assert refused() == f"{path} is gone or empty, but what was written last is there; {RESCUE}"
    assert not path.exists()
    path.touch()
    assert "is gone or empty" in refused()
    log.unlink()
    path.write_bytes(b"x")
    assert refused() == f"{path} is damaged or no database (1 bytes); {RESCUE}"
    path.unlink()
    os.mkfifo(path)
    assert refused() == f"{path} is no plain file; move it away, or set TRACKER_HOME"
    path.unlink()
    path.mkdir()
    assert refused() == f"{path} is a folder; move it away, or set TRACKER_HOME"
    path.rmdir()
    path.symlink_to(tmp_path / "elsewhere")
    assert (
        refused()
        == f"{path} is a link to {tmp_path / 'elsewhere'}, and nothing is there; is a disk missing?"
    )


def test_what_cannot_be_written_is_read_and_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "tracker.db"
    with closing(connect(path)) as db:
        db.execute("CREATE TABLE IF NOT EXISTS entry (id)")
        db.execute("PRAGMA application_id = 0x54524B52")
    db, why = connect_or_read(path)
    db.close()
    assert why is None
    monkeypatch.setattr(os, "access", lambda *_: False)
    db, why = connect_or_read(path)
    with closing(db):
        assert str(why).startswith(f"{path} cannot be written: permission denied")
        assert db.execute("SELECT count(*) FROM entry").fetchone() == (0,)
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            db.execute("INSERT INTO entry VALUES (1)")
    path.write_bytes(b"garbage" * 99)
    with pytest.raises(TrackerError):
        connect_or_read(path)


def test_a_track_is_read_where_sqlite_finds_that_it_cannot_write_and_not_for_other_reasons(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "tracker.db"
    connect(path).close()
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA application_id = 0x54524B52")
    code = sqlite3.SQLITE_CANTOPEN

    def failing(*_: object, **__: object) -> None:
        with explained(path):
            raise sql("it failed", code)

    monkeypatch.setattr("tracker_tui.store.connection.connect", failing)
    db, why = connect_or_read(path)
    db.close()
    assert str(why) == f"{path}: it failed"
    code = sqlite3.SQLITE_CORRUPT
    with pytest.raises(Damaged, match="it failed"):
        connect_or_read(path)
    code = sqlite3.SQLITE_CANTOPEN
    path.write_bytes(b"")
    with pytest.raises(TrackerError, match="it failed"):
        connect_or_read(path)


def test_one_transaction_is_taken_back_whole_and_one_inside_it_is_a_part_of_it(
    tmp_path: Path,
) -> None:
    with closing(connect(tmp_path / "tracker.db")) as db:
        with write(db):
            db.execute("CREATE TABLE x (y)")
        with pytest.raises(ZeroDivisionError), write(db):
            with write(db), snapshot(db):
                db.execute("INSERT INTO x VALUES (1)")
            assert db.in_transaction
            _ = 1 / 0
        assert not db.in_transaction
        with snapshot(db):
            assert db.execute("SELECT count(*) FROM x").fetchone() == (0,)
            assert db.in_transaction
        assert not db.in_transaction


def test_the_stamps_of_a_database_are_others_when_it_or_its_log_has_changed(tmp_path: Path) -> None:
    path = tmp_path / "tracker.db"
    seen = [stamps(path)]
    for file, text in ((path, "x"), (path, "xy"), (Path(f"{path}-wal"), "x")):
        file.write_text(text)
        seen.append(stamps(path))
    assert len(set(seen)) == 4
    assert [(file[0], log[0]) for file, log in seen] == [(0, 0), (1, 0), (2, 0), (2, 1)]
