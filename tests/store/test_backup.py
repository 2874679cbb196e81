"""Backups are whole, sound and private, or not there; and are made whatever others do."""

from __future__ import annotations

import gzip
import os
import sqlite3
import stat
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.store.test_schemas import OLD
from tracker_tui.domain.journal import Action, Change, Row, Value
from tracker_tui.domain.words import Entity
from tracker_tui.errors import Busy, Damaged, TrackerError
from tracker_tui.store import backup, reading, schema
from tracker_tui.store.connection import RESCUE
from tracker_tui.store.store import Store

AT = "2026-11-24T08:00:00Z"
NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
ROWS = [
    Row("seed", i, 0, AT, "seed-1", "entry", f"i{i}", "title", f"title {i}") for i in range(1, 6)
]


def renamed(id_: str, title: str) -> Action:
    return Action("renamed", (Change(Entity.ENTRY, id_, "title", "", title),))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "tracker.db"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "backups"


def opened(path: Path) -> Store:
    return Store(path, lambda: ROWS, lambda: "me", timeout=5)


def names(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir())


def titles(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as db:
        return [title for (title,) in db.execute("SELECT title FROM entry ORDER BY id")]


def test_a_backup_is_one_private_file_that_holds_everything(path: Path, folder: Path) -> None:
    with opened(path) as store:
        store.apply(renamed("i1", "new"), AT)
        made = backup.make(path, folder, "Before an import", NOW)
        assert titles(made)[0] == "new"
        assert [b.path for b in backup.kept(folder)] == [made]
    assert made.name == "tracker-20261124T080000Z-before-an-import.db"
    assert names(folder) == [made.name]
    assert stat.S_IMODE(made.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert made.read_bytes()[18:20] == b"\x01\x01", "it needs no WAL"
    facts = backup.examine(made)
    assert (facts.items, facts.learned, facts.notes) == (5, 0, 0)
    assert names(folder) == [made.name], "looking at it leaves nothing"


def test_it_is_of_one_moment_while_others_write(path: Path, folder: Path) -> None:
    with opened(path) as store, store.transaction():
        store.apply(renamed("i1", "not yet"), AT)
        made = backup.make(path, folder, "daily", NOW)
        assert titles(made)[0] == "title 1"


def test_several_in_one_second_have_names_of_their_own(path: Path, folder: Path) -> None:
    opened(path).close()
    made = [backup.make(path, folder, "daily", NOW) for _ in range(3)]
    assert [b.path for b in backup.kept(folder)] == made[::-1]


def test_what_is_kept_no_longer_goes_and_what_is_not_ours_stays(path: Path, folder: Path) -> None:
    opened(path).close()
    folder.mkdir()
    own = ["mine.db", "tracker-20200101T000000Z-daily.db.copy", "tracker.db", "notes.txt"]
    for name in own:
        (folder / name).write_text("x")
    (folder / "tracker-20200101T000000Z-daily.db").mkdir()
    old = folder / "tracker-20261124T070000Z-import.db"
    old.write_text("x")
    for minute in range(12):
        backup.make(path, folder, "import", NOW + timedelta(minutes=minute))
    assert not old.exists()
    assert len(backup.kept(folder)) == 10
    assert set(own) <= set(names(folder))
    assert (folder / "tracker-20200101T000000Z-daily.db").is_dir()


def test_a_clock_set_back_does_not_cost_the_backup_just_made(path: Path, folder: Path) -> None:
    opened(path).close()
    for minute in range(12):
        backup.make(path, folder, "import", NOW + timedelta(minutes=minute))
    made = backup.make(path, folder, "import", NOW - timedelta(days=400))
    assert made.exists()
    assert len(backup.kept(folder)) == 11


def test_a_full_disk_is_one_line_and_leaves_nothing(
    path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened(path).close()

    def small(made: Path) -> sqlite3.Connection:
        connection = sqlite3.connect(made, isolation_level=None)
        connection.execute("PRAGMA max_page_count = 4")
        return connection

    monkeypatch.setattr(backup, "_plain", small)
    with pytest.raises(TrackerError, match="the disk is full; make room"):
        backup.make(path, folder, "import", NOW)
    assert names(folder) == []


@pytest.mark.parametrize("where", ["copying", "to_disk", "examine"])
def test_whatever_fails_leaves_nothing(
    path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    opened(path).close()

    def failing(*_: object, **__: object) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(backup, where, failing)
    with pytest.raises(TrackerError, match="Input/output error"):
        backup.make(path, folder, "import", NOW)
    assert names(folder) == []


def test_a_file_in_the_way_of_the_folder_is_one_line(path: Path, folder: Path) -> None:
    opened(path).close()
    folder.write_text("x")
    with pytest.raises(TrackerError, match="backups"):
        backup.make(path, folder, "import", NOW)


def test_a_folder_that_cannot_be_read_holds_none(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(_: Path) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "scandir", refused)
    assert backup.kept(folder) == []


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written_is_named(path: Path, folder: Path) -> None:
    opened(path).close()
    folder.mkdir(mode=0o500)
    with pytest.raises(TrackerError, match="permission denied"):
        backup.make(path, folder, "import", NOW)


def test_a_damaged_database_gets_no_backup_that_looks_sound(path: Path, folder: Path) -> None:
    opened(path).close()
    with path.open("r+b") as file:
        file.seek(3 * 4096)
        file.write(b"\xa5" * 4096)
    with pytest.raises(
        TrackerError, match=r"tracker\.db is not sound: a copy of it is .*restore --salvage"
    ):
        backup.make(path, folder, "daily", NOW)
    assert names(folder) == []


def test_what_is_no_backup_is_refused_and_left_alone(tmp_path: Path) -> None:
    missing = tmp_path / "missing.db"
    with pytest.raises(TrackerError, match="there is no file"):
        backup.examine(missing)
    assert not missing.exists()
    foreign = tmp_path / "foreign.db"
    with closing(sqlite3.connect(foreign)) as db:
        db.execute("CREATE TABLE entry (x)")
    text = tmp_path / "text.db"
    text.write_text("something else, and longer than a header of SQLite is " * 9)
    empty = tmp_path / "empty.db"
    empty.touch()
    for file, word in ((foreign, "no database of tracker"), (text, "damaged"), (empty, "is empty")):
        before = file.read_bytes()
        with pytest.raises(TrackerError, match=word):
            backup.examine(file)
        assert file.read_bytes() == before
    assert names(tmp_path) == ["empty.db", "foreign.db", "text.db"]


def test_one_of_a_newer_version_is_refused(path: Path) -> None:
    with opened(path) as store:
        store.db.execute("PRAGMA user_version = 99")
    with pytest.raises(TrackerError, match="newer version of tracker"):
        backup.examine(path)


@pytest.mark.parametrize("kept", OLD, ids=lambda path: path.name)
def test_one_of_an_older_schema_can_be_looked_at(tmp_path: Path, kept: Path) -> None:
    old = tmp_path / "old.db"
    old.write_bytes(gzip.decompress(kept.read_bytes()))
    facts = backup.examine(old)
    assert facts.learned == 1
    assert facts.notes == 1
    content = backup.content(old)
    assert content.entries and content.notes
    opened(old).close()
    assert backup.content(old) == content, "what it is brought up to date to differs in nothing"


def test_a_lock_is_waited_for_no_longer_than_said(path: Path) -> None:
    opened(path).close()
    with (
        closing(reading.reading(path)) as source,
        closing(sqlite3.connect(path, isolation_level=None)) as writer,
        closing(sqlite3.connect(path, timeout=0, isolation_level=None)) as target,
    ):
        writer.execute("BEGIN IMMEDIATE")
        with pytest.raises(
            Busy, match="does not let go; try again in a moment; nothing was changed"
        ):
            backup.copying(source, target, seconds=0.1)


def test_there_is_room_for_one_while_the_disk_has_some_left_after_it(
    path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened(path) as store:
        store.apply(renamed("i1", "new"), AT)
        log = Path(f"{path}-wal").stat().st_size
        assert log
        needed = path.stat().st_size + log + 32 * 2**20
        for left, enough in ((needed, False), (needed + 1, True)):
            disk = SimpleNamespace(f_bavail=left, f_frsize=1)
            monkeypatch.setattr(os, "statvfs", lambda _, disk=disk: disk)
            assert backup.room(path, folder) is enough
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700

    def failing(_: Path) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(os, "statvfs", failing)
    assert backup.room(path, folder), "writing it will tell"


def test_what_is_wrong_with_what_is_copied_is_said_of_that(path: Path, tmp_path: Path) -> None:
    target = tmp_path / "copy.db"
    path.touch()
    with pytest.raises(Damaged, match=rf"^{path} is empty.*restore --salvage"):
        backup.write(path, target)
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE entry (x)")
    with pytest.raises(TrackerError, match=rf"^{path} is no database of tracker; it was left"):
        backup.write(path, target)
    path.unlink()
    with pytest.raises(TrackerError, match=rf"^{path}"):
        backup.write(path, target)
    with opened(path) as store:
        store.db.execute("DROP TABLE note")
    with pytest.raises(Damaged, match=rf"^{path} is not sound: it has no table note"):
        backup.write(path, target)
    with opened(path) as store:
        store.db.execute("PRAGMA user_version = 99")
    with pytest.raises(TrackerError, match=rf"^{path} was written by a newer version"):
        backup.write(path, target)
    assert names(tmp_path) == ["tracker.db"]


def test_what_a_backup_holds_is_told(path: Path, tmp_path: Path) -> None:
    with opened(path) as store:
        facts: dict[str, Value] = {"entry": "i1", "at": AT, "text": "words", "deleted": 0}
        for id_ in ("n1", "n2"):
            said = tuple(Change(Entity.NOTE, id_, name, None, new) for name, new in facts.items())
            store.apply(Action("noted", said), AT)
        for entity, id_, name, new in (
            *((Entity.ENTRY, "i1", "status", "learned"), (Entity.ENTRY, "i2", "status", "learned")),
            *((Entity.ENTRY, "i2", "deleted", 1), (Entity.ENTRY, "i3", "description", "more")),
            *((Entity.NOTE, "n2", "deleted", 1), (Entity.ENTRY, "i4", "horizon", "short")),
            *((Entity.REVIEW, "r1", "entry", "i1"), (Entity.REVIEW, "r2", "entry", "i1")),
            (Entity.REVIEW, "r2", "deleted", 1),
        ):
            store.apply(Action("did it", (Change(entity, id_, name, None, new),)), AT)
        rows = store.rows()
    plain, marked = tmp_path / "plain.db", tmp_path / "marked.db"
    backup.write(path, plain)
    backup.write(path, plain)  # the one in its place is lost
    backup.write(path, marked, replacing=True)
    assert backup.examine(plain) == backup.glance(plain)
    found = backup.examine(plain)
    assert (found.items, found.learned, found.notes, found.rows) == (4, 1, 1, rows)
    assert (found.schema, found.lamport, found.era) == (schema.VERSION, 11, None)
    assert (found.replaceable, backup.examine(marked).replaceable) == (False, True)
    assert backup.numbers(plain) == {(row.replica, row.n) for row in backup.rows(plain)}
    assert len(backup.rows(plain)) == rows
    content = backup.content(plain)
    states = {id_: (e.title, e.status) for id_, e in content.entries.items()}
    assert states == {
        **{"i1": ("title 1", "learned"), "i3": ("title 3", "todo")},
        **{"i4": ("title 4", "todo"), "i5": ("title 5", "todo")},
    }
    assert "more" in content.entries["i3"].rest and "short" in content.entries["i4"].rest
    assert {id_: (n.entry, n.text) for id_, n in content.notes.items()} == {"n1": ("i1", "words")}
    assert content.reviews == {"r1"}


def test_only_a_backup_that_is_nobodys_track_is_replaced(path: Path, tmp_path: Path) -> None:
    with opened(path) as store:
        target = tmp_path / "copies" / "copy.db"
        target.parent.mkdir()
        backup.write(path, target, replacing=True)
        store.apply(renamed("i1", "newer"), AT)
        backup.write(path, target, replacing=True)
        assert titles(target)[0] == "newer"
        marked = target.read_bytes()

        def refused(file: Path, word: str) -> None:
            before = file.read_bytes()
            with pytest.raises(TrackerError) as caught:
                backup.write(path, file, replacing=True)
            assert str(caught.value) == (
                f"{file} is there already, and {word}; only what tracker backup -o made is"
                " replaced: name another file"
            )
            assert file.read_bytes() == before
            assert [name for name in names(file.parent) if name.endswith(".tmp")] == []

        for end in ("-wal", "-shm", "-journal"):
            beside = Path(f"{target}{end}")
            beside.touch()
            refused(target, "may be somebody's track")
            beside.unlink()
        for name in ("tracker.db", "link.db"):
            other = target.with_name(name)
            if name == "link.db":
                other.symlink_to("tracker.db")
            else:
                other.write_bytes(marked)
            refused(other, "may be somebody's track")
        target.write_bytes(marked[:18] + b"\x02\x02" + marked[20:])
        refused(target, "may be somebody's track")
        assert names(target.parent) == ["copy.db", "link.db", "tracker.db"], "it was not opened"
        backup.write(path, target)
        refused(target, "may be somebody's track")
        for content in (b"", b"text", b"garbage" * 999):
            target.write_bytes(content)
            refused(target, "is no backup")
        target.write_bytes(marked)
        backup.write(path, target, replacing=True)


def test_a_lock_that_is_let_go_in_time_is_waited_for(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened(path).close()
    with (
        closing(reading.reading(path)) as source,
        closing(sqlite3.connect(path, isolation_level=None)) as writer,
        closing(sqlite3.connect(path, timeout=0, isolation_level=None)) as target,
    ):
        writer.execute("BEGIN IMMEDIATE")
        asked = 0

        def monotonic() -> int:
            nonlocal asked
            asked += 1
            if asked == 4:
                writer.execute("ROLLBACK")
            return asked

        monkeypatch.setattr("tracker_tui.store.backup.time.monotonic", monotonic)
        called: list[int] = []
        backup.copying(source, target, locked=lambda: called.append(asked), seconds=9)
        assert called == [4], "once, when nobody else can write any more"


def test_what_is_wrong_with_a_backup_is_said_with_what_to_do(path: Path, tmp_path: Path) -> None:
    opened(path).close()
    made = tmp_path / "made.db"
    backup.write(path, made)
    assert names(tmp_path) == ["made.db", "tracker.db"], "whoever is the last cleans up"
    with closing(sqlite3.connect(made)) as db:
        db.execute("DROP TABLE note")
    for ask in (backup.examine, backup.glance, backup.content):
        with pytest.raises(Damaged) as caught:
            ask(made)
        assert str(caught.value) == f"{made} is damaged (no table note); {RESCUE}"
    backup.write(path, made)
    with closing(sqlite3.connect(made, isolation_level=None)) as db:
        db.execute("PRAGMA writable_schema = ON")
        db.execute(
            "UPDATE sqlite_schema SET sql = 'CREATE INDEX entry_below ON entry (title)'"
            " WHERE name = 'entry_below'"
        )
    with pytest.raises(Damaged) as caught:
        backup.examine(made)
    assert (
        str(caught.value) == f"{made} is damaged (row 1 missing from index entry_below); {RESCUE}"
    )
    with closing(sqlite3.connect(made)) as db:
        db.execute("PRAGMA application_id = 7")
    with pytest.raises(TrackerError, match=rf"^{made} is no database of tracker; it was left"):
        backup.glance(made)


def test_what_is_in_the_log_is_written_into_the_database(path: Path, tmp_path: Path) -> None:
    with opened(path) as store:
        store.apply(renamed("i1", "from the log"), AT)
        backup.empty_log(path)
        assert Path(f"{path}-wal").stat().st_size == 0
        alone = tmp_path / "alone.db"
        alone.write_bytes(path.read_bytes())
    assert titles(alone)[0] == "from the log"
