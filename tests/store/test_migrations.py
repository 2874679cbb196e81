"""Whatever ends a migration in the middle, the old file is as it was and the next start completes it."""

from __future__ import annotations

import gzip
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

import pytest

from tests.store.test_schemas import OLD
from tracker_tui.paths import Paths
from tracker_tui.store import backup, check, schema
from tracker_tui.store.store import Store
from tracker_tui.tracker import Tracker


@pytest.fixture(params=OLD, ids=lambda path: path.name)
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    path = tmp_path / "home" / "tracker.db"
    path.parent.mkdir()
    path.write_bytes(gzip.decompress(request.param.read_bytes()))
    path.chmod(0o600)
    return path


def rows(path: Path) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as db:
        return db.execute("SELECT * FROM journal ORDER BY replica, n").fetchall()


def completed_by_the_next_start(path: Path, wanted: Iterable[object]) -> None:
    with Store(path, list, lambda: "other") as store:
        assert check.problems(store) == []
        assert store.replica == "me"
        assert store.db.execute("PRAGMA user_version").fetchone() == (schema.VERSION,)
    assert set(wanted) <= set(rows(path))


STOPPED = """
import os, resource, signal, sys
from pathlib import Path
from tracker_tui.errors import TrackerError
from tracker_tui.store import connection as door, store
connect = door.connect
left = int(sys.argv[2])
def watched(path, **given):
    connection = connect(path, **given)
    def step(statement):
        global left
        left -= 1
        if left == 0 and sys.argv[3] == "killed":
            os.kill(os.getpid(), signal.SIGKILL)
        elif left == 0:
            resource.setrlimit(resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
    connection.set_trace_callback(step)
    return connection
door.connect = watched
try:
    store.Store(Path(sys.argv[1]), list, lambda: "other").close()
except TrackerError as error:
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY,) * 2)
    sys.exit(str(error))
print(int(sys.argv[2]) - left)
"""


def run(path: Path, statements: int, how: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", STOPPED, str(path), str(statements), how]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("how", ["killed", "disk"])
def test_stopped_at_any_statement(old: Path, tmp_path: Path, how: str) -> None:
    """Killed, or on a disk that takes nothing more: then the end says so in one line."""
    before, wanted = old.read_bytes(), rows(old)
    whole = tmp_path / "whole.db"
    whole.write_bytes(before)
    counted = run(whole, 10**9, how)
    assert counted.returncode == 0, counted.stderr
    statements = int(counted.stdout)
    assert statements > 20
    with closing(sqlite3.connect(old)) as db:
        version = db.execute("PRAGMA user_version").fetchone()
    for part in (0.4, 0.7, 0.95) if how == "killed" else (0.7,):
        done = run(old, int(statements * part), how)
        if how == "killed":
            assert done.returncode == -signal.SIGKILL, done.stderr
        else:
            assert done.returncode == 1
            assert len(done.stderr.splitlines()) == 1 and "disk" in done.stderr
        assert old.read_bytes() == before
        with closing(sqlite3.connect(f"file:{old}?mode=ro", uri=True)) as db:
            assert db.execute("PRAGMA user_version").fetchone() == version
            assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert rows(old) == wanted
    completed_by_the_next_start(old, wanted)


def test_an_exception_in_the_last_step(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before, wanted = old.read_bytes(), rows(old)

    def broken(*_: object) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as patch:
        patch.setattr(Store, "_fill", broken)
        with pytest.raises(ZeroDivisionError):
            Store(old, list, lambda: "other")
    assert old.read_bytes() == before
    completed_by_the_next_start(old, wanted)


def test_the_program_keeps_the_old_one_before_it_migrates(
    old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRACKER_HOME", str(old.parent))
    wanted = rows(old)
    folder = old.parent
    paths = Paths(folder, folder, folder / "logs")
    with Tracker(paths) as tracker:
        (kept,) = tracker.backups()
        assert kept.reason == "migration"
        assert check.problems(tracker._store) == []
    assert backup.examine(kept.path).schema < schema.VERSION
    assert rows(kept.path) == wanted
    with Tracker(paths) as tracker:
        assert len(tracker.backups()) == 1, "only once"


def test_without_a_backup_there_is_no_migration(
    old: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from tracker_tui.__main__ import main

    monkeypatch.setenv("TRACKER_HOME", str(old.parent))
    before = old.read_bytes()
    (old.parent / "backups").write_text("in the way")
    assert main(["list"]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("tracker: there could be no backup (migration)")
    assert old.read_bytes() == before
    (old.parent / "backups").unlink()
    assert main(["list"]) == 0


def test_four_at_once_migrate_it_once(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = rows(old)
    environment = {**os.environ, "TRACKER_HOME": str(old.parent)}
    command = [sys.executable, "-m", "tracker_tui", "list", "--json"]
    running = [
        subprocess.Popen(
            command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
        )
        for _ in range(4)
    ]
    told = [process.communicate()[1] for process in running]
    assert [process.returncode for process in running] == [0] * 4, told
    assert len(backup.kept(old.parent / "backups")) == 1
    completed_by_the_next_start(old, wanted)
