"""What is read where nothing can be written: the index of a log, beside it, cannot be made."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import count
from pathlib import Path

import pytest

from tracker_tui.errors import Busy
from tracker_tui.store.connection import stamps
from tracker_tui.store.reading import for_want_of_writing, reading


def content(connection: sqlite3.Connection) -> list[str]:
    with closing(connection):
        return list(connection.iterdump())


@pytest.fixture
def path(tmp_path: Path) -> Iterator[Path]:
    """A database whose log has three transactions that are not in it yet; one makes it shorter."""
    path = tmp_path / "made" / "tracker.db"
    path.parent.mkdir()
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("PRAGMA page_size = 1024")
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("CREATE TABLE said (words)")
        db.executemany("INSERT INTO said VALUES (?)", [(f"{n} " * 99,) for n in range(40)])
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        db.execute("INSERT INTO said VALUES ('first')")
        db.execute("DELETE FROM said WHERE rowid > 20")
        db.execute("VACUUM")
        db.execute("INSERT INTO said VALUES ('last')")
        yield path


def copied(path: Path, folder: Path, log: bytes | None) -> Path:
    """A copy of a database with another log, or with none."""
    folder.mkdir()
    copy = folder / path.name
    shutil.copy(path, copy)
    if log is not None:
        Path(f"{copy}-wal").write_bytes(log)
    return copy


def unwritable(path: Path) -> Path:
    """The same where the index of its log cannot be made, as nothing can on a full disk."""
    Path(f"{path}-shm").symlink_to("/nothing/there")
    with closing(sqlite3.connect(path)) as db, pytest.raises(sqlite3.OperationalError):
        db.execute("SELECT count(*) FROM sqlite_schema")
    return path


def spoiled(log: bytes, at: int) -> bytes:
    return log[:at] + bytes([log[at] ^ 0xFF]) + log[at + 1 :]


FRAME = 24 + 1024
LOGS: dict[str, Callable[[bytes], bytes]] = {
    "whole": lambda log: log,
    "without its last byte": lambda log: log[:-1],
    "without its last frame": lambda log: log[:-FRAME],
    "of its header alone": lambda log: log[:32],
    "of half a header": lambda log: log[:20],
    "of none of SQLite": lambda log: b"x" * len(log),
    "with another header": lambda log: spoiled(log, 13),
    "with a wrong sum of its header": lambda log: spoiled(log, 31),
    "with a frame of another round": lambda log: spoiled(log, 32 + FRAME + 8),
    "with a wrong sum of a frame": lambda log: spoiled(log, 32 + FRAME + 23),
    "with a wrong byte in its first page": lambda log: spoiled(log, 32 + 24 + 500),
    "with a wrong byte in its last page": lambda log: spoiled(log, len(log) - 500),
    "with something behind it": lambda log: log + b"x" * FRAME,
}


@pytest.mark.parametrize("how", LOGS)
def test_what_a_log_holds_is_read_as_sqlite_would_after_a_crash(
    path: Path, tmp_path: Path, how: str
) -> None:
    log = LOGS[how](Path(f"{path}-wal").read_bytes())
    recovered = content(sqlite3.connect(copied(path, tmp_path / "recovered", log)))
    kept = unwritable(copied(path, tmp_path / "kept", log))
    before = {file.name: file.read_bytes() for file in kept.parent.iterdir() if file.is_file()}
    assert content(reading(kept)) == recovered
    assert before == {
        file.name: file.read_bytes() for file in kept.parent.iterdir() if file.is_file()
    }


def test_what_is_read_so_cannot_be_changed(path: Path, tmp_path: Path) -> None:
    log = Path(f"{path}-wal").read_bytes()
    for folder, part in (("with", log), ("without", None)):
        with closing(reading(unwritable(copied(path, tmp_path / folder, part)))) as db:
            assert db.execute("SELECT count(*) > 19 FROM said").fetchone() == (1,)
            with pytest.raises(sqlite3.OperationalError, match="readonly"):
                db.execute("INSERT INTO said VALUES ('x')")


def test_what_only_sqlite_can_take_back_is_not_read(path: Path, tmp_path: Path) -> None:
    kept = unwritable(copied(path, tmp_path / "kept", None))
    Path(f"{kept}-journal").touch()
    assert "CREATE TABLE said (words);" in content(reading(kept))
    Path(f"{kept}-journal").write_bytes(b"half a transaction")
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        reading(kept)


@pytest.mark.parametrize("log", [True, False])
def test_what_changes_while_it_is_read_is_read_once_more_but_not_for_ever(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, log: bool
) -> None:
    part = Path(f"{path}-wal").read_bytes() if log else None
    kept = unwritable(copied(path, tmp_path / "kept", part))
    asked = count()
    changes = 4

    def changing(path: Path) -> object:
        (database, log) = stamps(path)
        return (*database, min(next(asked), changes)), log

    monkeypatch.setattr("tracker_tui.store.reading.stamps", changing)
    assert content(reading(kept))[0] == "BEGIN TRANSACTION;"
    asked, changes = count(), 6
    with pytest.raises(Busy, match="another program is writing to the track; try again"):
        reading(kept)


@pytest.mark.parametrize(
    ("code", "wanted"),
    [
        (sqlite3.SQLITE_CANTOPEN, True),
        (sqlite3.SQLITE_CANTOPEN_ISDIR, True),
        (sqlite3.SQLITE_FULL, True),
        (sqlite3.SQLITE_READONLY_DIRECTORY, True),
        (sqlite3.SQLITE_IOERR_SHMSIZE, True),
        (sqlite3.SQLITE_IOERR_READ, False),
        (sqlite3.SQLITE_CORRUPT, False),
    ],
)
def test_what_could_not_be_written_is_told_from_what_could_not_be_read(
    code: int, wanted: bool
) -> None:
    error = sqlite3.OperationalError("it failed")
    error.sqlite_errorcode = code
    assert for_want_of_writing(error) is wanted


def test_without_a_code_only_the_systems_errors_may_be_for_want_of_writing() -> None:
    assert for_want_of_writing(PermissionError())
    assert not for_want_of_writing(sqlite3.OperationalError())


def test_what_is_no_plain_file_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", tmp_path):
        with pytest.raises(sqlite3.OperationalError, match="it is no plain file"):
            reading(path)
