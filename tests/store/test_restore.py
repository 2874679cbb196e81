"""Another state is brought back while others have the database open: all of it, or nothing."""

from __future__ import annotations

import gzip
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone
from itertools import count
from pathlib import Path

import pytest

from tests.store.test_schemas import OLD
from tracker_tui.domain.journal import Action, Change, Row
from tracker_tui.domain.words import Entity
from tracker_tui.errors import Busy, Damaged, TrackerError
from tracker_tui.store import backup, check, machine, restore, schema
from tracker_tui.store.store import Store

AT = "2026-11-24T08:00:00Z"
NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
ROWS = [
    Row("seed", i, 0, AT, "seed-1", "entry", f"i{i}", "title", f"title {i}") for i in range(1, 60)
]
replicas = (f"new{n}" for n in count())


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "tracker.db"


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    return tmp_path / "kept.db"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    with opened(path) as store:
        yield store


def opened(path: Path) -> Store:
    return Store(path, lambda: ROWS, lambda: "me", timeout=5)


def renamed(store: Store, id_: str, title: str) -> None:
    store.apply(Action("renamed", (Change(Entity.ENTRY, id_, "title", "", title),)), AT)


def title(store: Store, id_: str = "i1") -> str:
    return store.entries([id_])[0].title


def bring_back(source: Path, path: Path) -> None:
    with restore.prepared(source, path, lambda: next(replicas), 1.0) as made:
        restore.into(made, path, lambda: None)


def names(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir())


def test_whoever_has_it_open_goes_on_with_the_restored_state(
    store: Store, path: Path, kept: Path
) -> None:
    renamed(store, "i1", "kept")
    backup.write(path, kept)
    renamed(store, "i1", "lost")
    with opened(path) as other:
        before = check.journal(other)
        assert other.foreign_changes() == (False, (), ())
        bring_back(kept, path)
        for each in (store, other):
            assert title(each) == "kept"
            assert each.foreign_changes() == (True, (), ())
            assert each.foreign_changes() == (False, (), ())
            assert check.problems(each) == []
        renamed(other, "i2", "after")
        changed, changes, _ = store.foreign_changes()
        assert changed and [c.new for c in changes] == ["after"]
        one_row_a_number(before, check.journal(store))
    assert names(path.parent) == ["kept.db", "tracker.db", "tracker.db-shm", "tracker.db-wal"]


def one_row_a_number(*journals: list[Row]) -> None:
    """No two rows that were ever written have one replica and number."""
    seen: dict[tuple[str, int], Row] = {}
    for journal in journals:
        for row in journal:
            assert seen.setdefault((row.replica, row.n), row) == row


def test_what_the_machine_remembers_stays_as_it_is(store: Store, path: Path, kept: Path) -> None:
    store.set_local("backed up into", '["/of/then"]')
    backup.write(path, kept)
    store.set_local("backed up into", '["/of/now"]')
    with restore.prepared(kept, path, lambda: next(replicas), 1.0) as made:
        store.set_local("theme", "light")  # a screen that closes meanwhile is in nobody's way
        restore.into(made, path, lambda: None)
    assert store.local("backed up into") == '["/of/now"]'
    assert check.problems(store) == []


def test_one_that_writes_before_it_has_looked_uses_no_number_twice(
    store: Store, path: Path, kept: Path
) -> None:
    backup.write(path, kept)
    renamed(store, "i1", "lost")
    with opened(path) as other:
        before = check.journal(other)
        bring_back(kept, path)
        renamed(store, "i2", "first thing it does")
        other.undo(AT)
        renamed(other, "i3", "x")
        assert store.foreign_changes() == (True, (), ())
        assert check.problems(store) == []
        after = check.journal(store)
    one_row_a_number(before, after)
    assert store.replica == other.replica != "me"
    assert min(row.lamport for row in after if row.replica == store.replica) > max(
        row.lamport for row in before
    )


def test_where_nothing_was_written_since_it_stays_the_same_replica(
    store: Store, path: Path, kept: Path
) -> None:
    renamed(store, "i1", "kept")
    backup.write(path, kept)
    bring_back(kept, path)
    assert store.foreign_changes()[0]
    assert store.replica == "me"
    assert store.undo(AT) is not None, "what was done before can be undone"


def test_what_is_restored_of_another_machine_goes_on_under_a_name_of_its_own(
    store: Store, path: Path, kept: Path, tmp_path: Path
) -> None:
    """That machine goes on under its own, so that one number would be two rows."""
    with Store(tmp_path / "theirs.db", lambda: ROWS, lambda: "theirs") as other:
        renamed(other, "i1", "theirs")
        backup.write(other.path, kept)
        renamed(other, "i2", "theirs, later")
        bring_back(kept, path)
        renamed(store, "i2", "mine")
        assert store.replica not in ("me", "theirs")
        one_row_a_number(check.journal(store), check.journal(other))
        store.merge(check.journal(other))
        assert check.problems(store) == []


def test_it_is_newer_than_all_that_was_there_and_knows_what_it_was_made_of(
    store: Store, path: Path, kept: Path
) -> None:
    for n in range(3):
        renamed(store, "i1", f"kept {n}")
    backup.write(path, kept)
    facts = backup.examine(kept)
    for n in range(5):
        renamed(store, "i1", f"lost {n}")
    reached = max(row.lamport for row in check.journal(store))
    bring_back(kept, path)
    found = machine.machine(path)
    assert found.source == (facts.era, facts.lamport) == (facts.era, 3)
    assert store.local("lamport") == reached + 1
    assert (found.local or {})["used me"] == reached * 2


def test_numbers_that_a_backup_knows_to_be_used_are_not_used_again(
    store: Store, path: Path, kept: Path
) -> None:
    store.set_local("used older", 7)
    store.set_local("used old", 99)
    backup.write(path, kept)
    store.set_local("used older", 8)
    store.set_local("used old", 3)
    bring_back(kept, path)
    assert (store.local("used older"), store.local("used old")) == (8, 99)


def test_going_back_and_forth_reuses_no_number(store: Store, path: Path, tmp_path: Path) -> None:
    """Backups of every state, restored in any order, each followed by a write."""
    states: list[Path] = []
    journals = [check.journal(store)]
    for step, back_to in enumerate([None, None, 0, 1, 2, 0, 3, 3, 1, 5]):
        if back_to is not None:
            bring_back(states[back_to], path)
        file = tmp_path / f"state{step}.db"
        backup.write(path, file)
        states.append(file)
        renamed(store, f"i{step + 1}", f"step {step}")
        journals.append(check.journal(store))
        assert check.problems(store) == []
    one_row_a_number(*journals)


def test_a_restore_is_taken_back_by_restoring_what_was_there_before(
    store: Store, path: Path, kept: Path, tmp_path: Path
) -> None:
    backup.write(path, kept)
    renamed(store, "i1", "present")
    safety = tmp_path / "safety.db"
    with restore.prepared(kept, path, lambda: "new", 1.0) as made:
        restore.into(made, path, lambda: backup.write(path, safety))
    assert title(store) == "title 1"
    bring_back(safety, path)
    assert title(store) == "present"
    store.foreign_changes()
    assert store.replica == "me"
    assert store.undo(AT) is not None


def test_it_is_not_done_if_what_comes_before_fails(store: Store, path: Path, kept: Path) -> None:
    backup.write(path, kept)
    renamed(store, "i1", "present")

    def full() -> None:
        raise TrackerError("the disk is full")

    with (
        restore.prepared(kept, path, lambda: "new", 1.0) as made,
        pytest.raises(TrackerError, match="disk is full"),
    ):
        restore.into(made, path, full)
    assert title(store) == "present"
    assert store.foreign_changes() == (False, (), ())
    renamed(store, "i1", "goes on")
    assert check.problems(store) == []
    assert names(path.parent) == ["kept.db", "tracker.db", "tracker.db-shm", "tracker.db-wal"]


def test_nobody_writes_between_the_safety_backup_and_the_restore(
    store: Store, path: Path, kept: Path
) -> None:
    backup.write(path, kept)

    def meanwhile() -> None:
        with Store(path, list, lambda: "me", timeout=0.05) as other, pytest.raises(Busy):
            renamed(other, "i1", "too late")

    with restore.prepared(kept, path, lambda: "new", 1.0) as made:
        restore.into(made, path, meanwhile)
    assert title(store) == "title 1"


def test_what_was_written_since_it_was_prepared_is_not_lost(
    store: Store, path: Path, kept: Path
) -> None:
    backup.write(path, kept)
    with (
        restore.prepared(kept, path, lambda: "new", 1.0) as made,
        pytest.raises(Busy, match="just written"),
    ):
        renamed(store, "i1", "just now")
        restore.into(made, path, lambda: None)
    assert title(store) == "just now"


def test_one_that_reads_meanwhile_sees_one_state_or_the_other(
    store: Store, path: Path, kept: Path
) -> None:
    backup.write(path, kept)
    renamed(store, "i1", "present")
    store.db.execute("BEGIN")
    assert title(store) == "present"
    bring_back(kept, path)
    assert title(store) == "present"
    store.db.execute("ROLLBACK")
    assert title(store) == "title 1"


@pytest.mark.parametrize("old", OLD, ids=lambda path: path.name)
def test_an_older_schema_is_migrated_and_its_file_left_as_it_was(
    store: Store, path: Path, kept: Path, old: Path
) -> None:
    content = gzip.decompress(old.read_bytes())
    kept.write_bytes(content)
    bring_back(kept, path)
    assert kept.read_bytes() == content
    assert check.problems(store) == []
    assert store.db.execute("PRAGMA user_version").fetchone() == (schema.VERSION,)
    assert [note.text for note in store.notes("i2")] == ["hello"]


def test_pages_of_another_size_are_made_to_fit(store: Store, path: Path, kept: Path) -> None:
    renamed(store, "i1", "kept")
    backup.write(path, kept)
    with closing(sqlite3.connect(kept, isolation_level=None)) as db:
        db.execute("PRAGMA page_size = 1024")
        db.execute("VACUUM")
    renamed(store, "i1", "lost")
    bring_back(kept, path)
    assert title(store) == "kept"
    assert check.problems(store) == []


@pytest.mark.parametrize("damage", ["header", "middle", "short"])
def test_a_damaged_backup_is_refused(store: Store, path: Path, kept: Path, damage: str) -> None:
    backup.write(path, kept)
    content = bytearray(kept.read_bytes())
    if damage == "header":
        content[:16] = b"x" * 16
    elif damage == "middle":
        content[3 * 4096 : 4 * 4096] = b"\xa5" * 4096
    else:
        del content[len(content) // 2 :]
    kept.write_bytes(content)
    renamed(store, "i1", "present")
    with pytest.raises(Damaged, match=r"kept\.db"):
        bring_back(kept, path)
    assert kept.read_bytes() == content
    assert title(store) == "present"


KILLED = """
import os, signal, sys
from pathlib import Path
from tracker_tui.store import backup, restore
source, path, pages = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
with restore.prepared(source, path, lambda: "new", 1.0) as made:
    left = pages
    copying = backup.copying
    class Source:
        def __init__(self, db): self.db = db
        def close(self): self.db.close()
        def backup(self, target, *, progress, **given):
            def step(status, remaining, total):
                global left
                progress(status, remaining, total)
                left -= 1
                if left < 0:
                    os.kill(os.getpid(), signal.SIGKILL)
            self.db.backup(target, progress=step, **given)
    backup.copying = lambda source, target, **given: copying(Source(source), target, **given)
    restore.into(made, path, lambda: None)
print("done")
"""


@pytest.mark.parametrize("pages", [0, 1, 20, 40])
def test_killed_in_the_middle_it_leaves_the_present(
    store: Store, path: Path, kept: Path, pages: int
) -> None:
    backup.write(path, kept)
    renamed(store, "i1", "present")
    command = [sys.executable, "-c", KILLED, str(kept), str(path), str(pages)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert title(store) == "present"
    renamed(store, "i1", "goes on")
    assert check.problems(store) == []
    bring_back(kept, path)
    assert title(store) == "title 1"


def test_a_damaged_one_is_moved_aside_whole_and_the_prepared_one_takes_its_place(
    path: Path, kept: Path, tmp_path: Path
) -> None:
    opened(path).close()
    backup.write(path, kept)
    with opened(path) as store:
        renamed(store, "i1", "x")
        wal = Path(f"{path}-wal").read_bytes()
    path.write_bytes(b"garbage")
    Path(f"{path}-wal").write_bytes(wal)
    with restore.prepared(kept, path, lambda: "new", 1.0, follow=False) as made:
        aside = restore.place(made, path, NOW)
    assert aside == tmp_path / "tracker-damaged-20261124T080000Z.db"
    assert aside.read_bytes() == b"garbage"
    assert Path(f"{aside}-wal").read_bytes() == wal
    with opened(path) as store:
        assert title(store) == "title 1", "the old log is not applied to it"
        assert check.problems(store) == []
    path.write_bytes(b"again")
    with restore.prepared(kept, path, lambda: "new", 1.0, follow=False) as made:
        again = restore.place(made, path, NOW)
    assert again is not None and again.read_bytes() == b"again"
    assert aside.read_bytes() == b"garbage"


def test_several_damaged_in_one_second_all_stay_with_what_was_beside_them(
    path: Path, tmp_path: Path
) -> None:
    now = NOW.astimezone(timezone(timedelta(hours=5)))
    stem = "tracker-damaged-20261124T080000Z"
    for name in (stem, f"{stem}-2", f"{stem}-3"):
        path.write_text(name)
        Path(f"{path}-journal").write_text(f"journal of {name}")
        assert restore.set_aside(path, now) == tmp_path / f"{name}.db"
        assert path.read_text() == name, "no start takes what is left for a new track"
        assert not Path(f"{path}-journal").exists()
        path.unlink()
    for name in (stem, f"{stem}-2", f"{stem}-3"):
        assert (tmp_path / f"{name}.db").read_text() == name
        assert (tmp_path / f"{name}.db-journal").read_text() == f"journal of {name}"


def test_a_log_without_a_database_is_kept_unless_it_is_empty(path: Path, tmp_path: Path) -> None:
    log, index = Path(f"{path}-wal"), Path(f"{path}-shm")
    log.touch()
    index.write_text("of nothing")
    assert restore.set_aside(path, NOW) is None
    assert names(tmp_path) == []
    log.write_text("what was written last")
    aside = restore.set_aside(path, NOW)
    assert aside is not None and names(tmp_path) == [f"{aside.name}-wal"]
    path.write_text("made meanwhile")
    again = restore.set_aside(path, NOW)
    assert again is not None and again != aside, "the log of one is not put beside another"


def test_where_there_is_none_it_is_made(path: Path, kept: Path, tmp_path: Path) -> None:
    opened(path).close()
    backup.write(path, kept)
    path.unlink()
    with restore.prepared(kept, path, lambda: "new", 1.0, follow=False) as made:
        assert restore.place(made, path, NOW) is None
    with opened(path) as store:
        assert store.replica == "new"
    assert path.stat().st_mode & 0o777 == 0o600


def test_one_that_was_put_there_by_hand_gets_a_log_again(
    path: Path, kept: Path, tmp_path: Path
) -> None:
    """A backup is no WAL database; one that is copied over the database becomes one when opened."""
    opened(path).close()
    backup.write(path, kept)
    path.write_bytes(kept.read_bytes())
    bring_back(kept, path)
    for _ in range(2):
        with opened(path) as store:
            assert store.db.execute("PRAGMA journal_mode").fetchone() == ("wal",)
            renamed(store, "i1", "x")
        path.write_bytes(kept.read_bytes())
