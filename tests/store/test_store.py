from __future__ import annotations

import os
import random
import signal
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import Clock
from tracker_tui.domain.words import Status
from tracker_tui.errors import Busy, TrackerError
from tracker_tui.paths import Paths
from tracker_tui.store import check
from tracker_tui.tracker import Tracker

BURST = """
import sys
from tracker_tui.domain.words import Status
from tracker_tui.paths import find
from tracker_tui.tracker import Tracker
with Tracker(find(), timeout=60) as tracker:
    for n in range(int(sys.argv[1])):
        action = tracker.add_note("git-lfs", f"{sys.argv[2]} {n}")
        tracker.next_status(["git-worktrees"])
        print(action.changes[0].id, flush=True)
"""


def burst(count: int, name: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", BURST, str(count), name]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


@pytest.mark.parametrize("seed", range(3))
def test_a_kill_loses_nothing_that_was_acknowledged(home: Path, paths: Paths, seed: int) -> None:
    Tracker(paths).close()
    after = random.Random(seed).randrange(1, 120)
    process = burst(250, "note")
    assert process.stdout is not None
    acknowledged = [process.stdout.readline().strip() for _ in range(after)]
    os.kill(process.pid, signal.SIGKILL)
    acknowledged += process.stdout.read().split()
    process.wait()
    process.stdout.close()
    with Tracker(paths) as tracker:
        kept = {note.id for note in tracker.detail("git-lfs").notes}
        assert {id_ for id_ in acknowledged if id_} <= kept
        assert len(acknowledged) >= after
        assert check.problems(tracker._store) == []


def test_three_processes_write_at_once_and_none_loses_anything(home: Path, paths: Paths) -> None:
    Tracker(paths).close()
    processes = [burst(60, name) for name in "abc"]
    outputs = [process.communicate() for process in processes]
    assert [process.returncode for process in processes] == [0, 0, 0]
    ids = {id_ for out, _ in outputs for id_ in out.split()}
    assert len(ids) == 180
    with Tracker(paths) as tracker:
        assert ids <= {note.id for note in tracker.detail("git-lfs").notes}
        assert check.problems(tracker._store) == []


@pytest.mark.parametrize("round_", range(3))
def test_four_processes_may_start_first(home: Path, paths: Paths, round_: int) -> None:
    code = "from tracker_tui.paths import find; from tracker_tui.tracker import Tracker; print(Tracker(find()).overall().total)"
    processes = [
        subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    assert [process.communicate()[0].strip() for process in processes] == ["180"] * 4
    with Tracker(paths) as tracker:
        assert check.problems(tracker._store) == []


def test_the_journal_is_append_only(tracker: Tracker) -> None:
    for statement in ("UPDATE journal SET value = 'x'", "DELETE FROM journal"):
        with pytest.raises(sqlite3.Error, match="append-only"):
            tracker._store.db.execute(statement)


def test_files_are_private(tracker: Tracker, paths: Paths) -> None:
    tracker.set_status(["git-lfs"], Status.LEARNED)
    assert stat.S_IMODE(paths.data.stat().st_mode) == 0o700
    for file in paths.data.glob("tracker.db*"):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_newer_database_is_refused_and_left_as_it_was(paths: Paths) -> None:
    Tracker(paths).close()
    with sqlite3.connect(paths.database) as db:
        db.execute("PRAGMA user_version = 99")
        db.execute("PRAGMA journal_mode = DELETE")
    db.close()
    before = paths.database.read_bytes()
    with pytest.raises(TrackerError, match="newer version"):
        Tracker(paths)
    assert paths.database.read_bytes() == before


def test_another_programs_database_is_refused(paths: Paths) -> None:
    paths.data.mkdir(parents=True)
    db = sqlite3.connect(paths.database)
    db.execute("CREATE TABLE theirs (x)")
    db.commit()
    db.close()
    with pytest.raises(TrackerError, match="another program"):
        Tracker(paths)


@pytest.mark.parametrize(
    "content", [b"not a database at all, just text" * 100, b"SQLite format 3\x00" + b"\xff" * 4000]
)
def test_a_damaged_database_is_refused_and_left_as_it_was(paths: Paths, content: bytes) -> None:
    paths.data.mkdir(parents=True)
    paths.database.write_bytes(content)
    with pytest.raises(TrackerError) as caught:
        Tracker(paths)
    assert "\n" not in str(caught.value)
    assert paths.database.read_bytes() == content


def test_a_folder_in_the_databases_place_is_one_line(paths: Paths) -> None:
    paths.database.mkdir(parents=True)
    with pytest.raises(TrackerError):
        Tracker(paths)


def test_a_full_disk_changes_nothing(tracker: Tracker) -> None:
    db = tracker._store.db
    pages = db.execute("PRAGMA page_count").fetchone()[0]
    db.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(TrackerError, match="disk is full"):
        tracker.add_note("git-lfs", "x" * 500_000)
    db.execute("PRAGMA max_page_count = 1000000")
    assert tracker.detail("git-lfs").notes == ()
    assert check.problems(tracker._store) == []
    assert tracker.add_note("git-lfs", "x" * 500_000).changes


def test_a_lock_held_elsewhere_is_waited_for_then_named(paths: Paths, clock: Clock) -> None:
    with Tracker(paths, clock=clock, timeout=0.05) as tracker:
        other = sqlite3.connect(paths.database, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(Busy):
            tracker.set_status(["git-lfs"], Status.LEARNED)
        other.execute("ROLLBACK")
        other.close()
        assert tracker.entry("git-lfs").status is Status.TODO
        assert tracker.set_status(["git-lfs"], Status.LEARNED).changes


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE entry SET status = 'learned' WHERE id = 'git-lfs'",
        "UPDATE entry SET total = total + 1 WHERE id = 'git-workflow'",
        "DELETE FROM search WHERE rowid = 7",
        "UPDATE relation SET deleted = 1",
        "UPDATE action SET label = 'x'",
    ],
)
def test_the_check_finds_what_was_tampered_with(tracker: Tracker, statement: str) -> None:
    assert check.problems(tracker._store) == []
    tracker._store.db.execute(statement)
    assert check.problems(tracker._store) != []


@pytest.mark.unmeasured
def test_rows_of_another_replica_arrive_in_any_order(
    tracker: Tracker, tmp_path: Path, clock: Clock
) -> None:
    there = tmp_path / "there"
    with Tracker(Paths(there, there, there), clock=clock) as other:
        other.set_status(["git-lfs"], Status.LEARNED)
        other.add_note("git-lfs", "from there")
        other.delete(["git-workflow-unknown-unknowns"])
        rows = check.journal(other._store)
        want = other.overall()
    random.Random(1).shuffle(rows)
    for start in range(0, len(rows), 97):
        tracker._store.merge(rows[start : start + 97])
        assert check.problems(tracker._store) == []
    tracker._store.merge(rows)
    assert tracker.overall() == want
    assert [note.text for note in tracker.detail("git-lfs").notes] == ["from there"]
