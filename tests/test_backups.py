"""The day's backup, and the one before something risky."""

from __future__ import annotations

import logging
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from tests.conftest import Clock
from tests.processes import Terminal
from tests.tui.test_main import said, shown
from tracker_tui import log
from tracker_tui.__main__ import main
from tracker_tui.domain.track import Place
from tracker_tui.domain.words import Kind, Status
from tracker_tui.errors import TrackerError
from tracker_tui.exchange import checklist
from tracker_tui.paths import Paths
from tracker_tui.store import check
from tracker_tui.tracker import Tracker
from tracker_tui.tracker.rescue import Rescue
from tracker_tui.tui.app import TrackerApp


@pytest.fixture
def app(tracker: Tracker) -> TrackerApp:
    return TrackerApp(tracker)


@pytest.fixture(autouse=True)
def no_log() -> Iterator[None]:
    """No log is open: each test's own is opened when something is logged."""
    close_log()
    yield
    close_log()


def close_log() -> None:
    logger = logging.getLogger(log.NAME)
    for handler in logger.handlers[:]:
        logger.removeHandler(handler)
        handler.close()


def reasons(tracker: Tracker) -> list[str]:
    return [backup.reason for backup in tracker.backups()]


def test_the_first_write_of_a_day_makes_a_backup_due(tracker: Tracker, clock: Clock) -> None:
    assert not tracker.backup_due
    tracker.set_status(["git-lfs"], Status.LEARNED)
    assert tracker.backup_due
    tracker.daily_backup()
    tracker.set_status(["git-lfs"], Status.TODO)
    assert not tracker.backup_due
    clock.advance(days=1)
    assert not tracker.backup_due, "nothing was written on this day"
    tracker.set_status(["git-lfs"], Status.LEARNED)
    assert tracker.backup_due
    tracker.daily_backup()
    assert reasons(tracker) == ["daily", "daily"]


def test_a_day_begins_when_the_users_does(tracker: Tracker, clock: Clock, paths: Paths) -> None:
    clock.now = clock.now.replace(hour=23, minute=59)
    tracker.set_status(["git-lfs"], Status.LEARNED)
    tracker.daily_backup()
    clock.advance(hours=3)
    config = tracker.config._replace(day_starts=4)
    with Tracker(paths, config, clock=clock) as other:
        other.set_status(["git-lfs"], Status.TODO)
        assert not other.backup_due, "it is still the evening"
        clock.advance(hours=2)
        other.set_status(["git-lfs"], Status.LEARNED)
        assert other.backup_due


def test_another_process_has_made_it(tracker: Tracker, paths: Paths, clock: Clock) -> None:
    tracker.set_status(["git-lfs"], Status.LEARNED)
    tracker.daily_backup()
    with Tracker(paths, clock=clock) as other:
        other.set_status(["git-lfs"], Status.TODO)
        assert not other.backup_due


def test_one_that_cannot_be_made_keeps_nobody_from_working(
    tracker: Tracker, paths: Paths, capsys: pytest.CaptureFixture[str]
) -> None:
    paths.backups.write_text("in the way")
    tracker.set_status(["git-lfs"], Status.LEARNED)
    tracker.daily_backup()
    assert not tracker.backup_due, "it is not tried again at every key"
    assert capsys.readouterr() == ("", "")
    assert "no daily backup" in paths.log_file.read_text()


def damage_somewhere(paths: Paths) -> None:
    """Where nothing that is asked in these tests looks."""
    with closing(sqlite3.connect(paths.database)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (page,) = db.execute(
            "SELECT rootpage FROM sqlite_schema WHERE name = 'action_redoes'"
        ).fetchone()
    with paths.database.open("r+b") as file:
        file.seek((page - 1) * 4096)
        file.write(b"\xa5" * 4096)


def test_a_backup_that_finds_damage_says_so_at_once(
    home: Path, paths: Paths, capsys: pytest.CaptureFixture[str]
) -> None:
    Tracker(paths).close()
    damage_somewhere(paths)
    assert main(["learned", "git-lfs"]) == 0
    done = capsys.readouterr()
    assert "todo → learned" in done.out
    (line,) = done.err.splitlines()
    assert "is not sound" in line and "restore --salvage" in line
    assert list(paths.backups.iterdir()) == []


async def test_the_screen_says_so_as_well(
    app: TrackerApp, paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tracker_tui.tui.app.BACKUP_SECONDS", 0.05)
    async with app.run_test(size=(120, 36)) as pilot:
        damage_somewhere(paths)
        app.main.go_to("git-lfs")
        await pilot.press("space")
        for _ in range(500):
            if "not sound" in said(app):
                break
            await pilot.pause(0.01)
        assert "not sound" in said(app)


async def test_the_screen_makes_the_days_backup_beside_the_keys(
    app: TrackerApp, tracker: Tracker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tracker_tui.tui.app.BACKUP_SECONDS", 0.05)
    async with app.run_test(size=(120, 36)) as pilot:
        app.main.go_to("git-lfs")
        await pilot.press("space")
        for _ in range(500):
            if tracker.backups():
                break
            await pilot.pause(0.01)
    assert reasons(tracker) == ["daily"]


def test_leaving_the_screen_at_once_makes_it_too(paths: Paths) -> None:
    Tracker(paths).close()
    terminal = Terminal()
    terminal.wait_for("Learning path")
    terminal.press("a")
    terminal.wait_for("its title")
    terminal.press("New one\r")
    terminal.wait_for("added “New one”")
    terminal.press("q")
    assert terminal.ended() == 0
    with Tracker(paths) as tracker:
        assert reasons(tracker) == ["daily"]
        assert tracker.actions(1)[0].label.startswith("added")


def test_the_last_room_on_the_disk_is_left_to_the_user(
    tracker: Tracker, paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tracker_tui.store import backup

    monkeypatch.setattr(backup, "_SPARE", 2**62)
    tracker.daily_backup()
    assert tracker.backups() == []
    assert "nearly full" in paths.log_file.read_text()
    tracker.set_status(["git-lfs"], Status.LEARNED)
    assert tracker.safety_backup("import") is not None


def test_a_safety_backup_is_made_where_there_is_something_to_lose(tracker: Tracker) -> None:
    assert tracker.safety_backup("import") is None
    tracker.set_status(["git-lfs"], Status.LEARNED)
    made = tracker.safety_backup("import")
    assert made is not None and made.is_file()
    assert [backup.path for backup in tracker.backups()] == [made]


def test_what_is_risky_is_not_done_without_one(tracker: Tracker, paths: Paths) -> None:
    tracker.set_status(["git-lfs"], Status.LEARNED)
    paths.backups.write_text("in the way")
    nodes = checklist.read("# New\n- [ ] item\n", "list")
    before = list(tracker.journal())
    for risky in (
        lambda: tracker.safety_backup("import"),
        lambda: tracker.import_document(nodes, "list"),
        lambda: tracker.take_in([]),
    ):
        with pytest.raises(TrackerError, match="there could be no backup"):
            risky()
    assert list(tracker.journal()) == before


def test_an_import_backs_up_first_and_only_if_it_changes_something(
    tracker: Tracker, clock: Clock
) -> None:
    tracker.set_status(["git-lfs"], Status.LEARNED)
    nodes = checklist.read("# New\n- [ ] item\n", "list")
    tracker.import_document(nodes, "list")
    assert reasons(tracker) == ["import"]
    clock.advance(hours=1)
    tracker.import_document(nodes, "list")
    assert reasons(tracker) == ["import"]
    tracker.take_in(list(tracker.journal()))
    assert reasons(tracker) == ["import", "import"]


def test_a_command_line_makes_the_days_backup_after_it_has_answered(
    home: Path, paths: Paths, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["list"]) == 0
    assert not paths.backups.exists(), "looking makes none"
    assert main(["learned", "git-lfs"]) == 0
    assert len(list(paths.backups.iterdir())) == 1
    assert main(["todo", "git-lfs"]) == 0
    assert len(list(paths.backups.iterdir())) == 1
    assert "Git LFS" in capsys.readouterr().out


def test_a_year_of_days_keeps_a_bounded_number(tracker: Tracker, clock: Clock) -> None:
    for _ in range(60):
        clock.now += timedelta(days=7)
        tracker.daily_backup()
    assert len(tracker.backups()) == 21 + 7, "of 21 days, and the last of seven months before"


# A restore while the screen is open


async def test_the_screen_shows_what_was_restored(
    app: TrackerApp, tracker: Tracker, paths: Paths, clock: Clock
) -> None:
    tracker.set_status(["git-lfs"], Status.LEARNED)
    rescue = Rescue(paths, clock=clock)
    kept = rescue.make()
    added = tracker.add("Added later", Kind.ITEM, Place("git-workflow-unknown-unknowns"))
    tracker.set_status(["git-lfs"], Status.TODO)
    async with app.run_test(size=(120, 36)) as pilot:
        app.main.go_to(added.changes[0].id)
        await pilot.pause()
        assert "Added later" in "\n".join(shown(app))
        rescue.restore(kept)
        for _ in range(500):
            await pilot.pause(0.01)
            if "Added later" not in "\n".join(shown(app)):
                break
        assert "restored" in said(app)
        assert "● Git LFS" in "\n".join(shown(app))
        app.main.go_to("git-lfs")
        await pilot.press("space")
        assert tracker.entry("git-lfs").status is not Status.LEARNED
    assert check.problems(tracker._store) == []
    replicas = {row.replica for row in tracker.journal()} - {"seed"}
    assert len(replicas) == 2, "the restored database goes on as another replica"


def test_a_real_screen_shows_what_another_process_restored(paths: Paths) -> None:
    with Tracker(paths) as tracker:
        tracker.set_status(["git-lfs"], Status.LEARNED)
        kept = Rescue(paths).make()
        tracker.set_status(["git-lfs", "git-worktrees"], Status.SKIPPED)
    terminal = Terminal()
    terminal.wait_for("Learning path")
    terminal.press("/")
    terminal.wait_for("Search titles")
    terminal.press("strategy for large files")
    terminal.wait_for("1 hit ")
    terminal.press("\r")
    terminal.wait_for("– skipped")
    command = [sys.executable, "-m", "tracker_tui", "restore", str(kept), "--yes"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    terminal.wait_for("● learned")
    terminal.press("x")
    terminal.wait_for("learned → skipped")
    back = done.stdout.split("comes back with: tracker ")[1].split()
    subprocess.run([sys.executable, "-m", "tracker_tui", *back, "--yes"], check=True)
    terminal.wait_for("was restored")
    terminal.press("q")
    assert terminal.ended() == 0
    with Tracker(paths) as tracker:
        assert tracker.entry("git-lfs").status is Status.SKIPPED
        assert tracker.entry("git-worktrees").status is Status.SKIPPED
        assert check.problems(tracker._store) == []


def test_a_mirrored_file_follows_what_was_restored(
    tracker: Tracker, paths: Paths, clock: Clock, tmp_path: Path
) -> None:
    """The file is newer than the backup: it must not bring back what was restored away."""
    file = tmp_path / "plan.md"
    file.write_text("# Plan\n\n- [ ] First\n- [ ] Second\n")
    tracker.mirror_add(str(file))
    (one,) = [
        entry.id for entry in tracker.select("First kind:item").matches if entry.title == "First"
    ]
    rescue = Rescue(paths, clock=clock)
    kept = rescue.make()
    tracker.set_status([one], Status.LEARNED)
    tracker.mirror_all()
    assert "- [x] First" in file.read_text()
    rescue.restore(kept)
    assert tracker.foreign() is not None
    assert tracker.entry(one).status is Status.TODO
    tracker.mirror_all()
    assert tracker.entry(one).status is Status.TODO
    assert "- [ ] First" in file.read_text()
    rescue.rebuild()
    assert [row.path for row in tracker.mirrors()] == [str(file)]
