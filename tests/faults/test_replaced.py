"""The database deleted, moved or replaced while it is open: nothing goes into a file that is gone."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.conftest import Clock
from tests.tui.test_main import said, shown
from tests.tui.test_waiting import until
from tracker_tui.domain.words import Status
from tracker_tui.errors import Gone, TrackerError
from tracker_tui.paths import Paths
from tracker_tui.store import check
from tracker_tui.tracker import Tracker
from tracker_tui.tui.app import TrackerApp


def other_track(folder: Path, clock: Clock) -> Path:
    """A database in which one title is another one, closed and whole."""
    with Tracker(Paths(folder, folder, folder), clock=clock) as other:
        other.edit("git-lfs", {"title": "The other track"})
        other.edit("database", {"title": "Another database"})
    return folder / "tracker.db"


def deleted(paths: Paths, tmp_path: Path, clock: Clock) -> None:
    paths.database.unlink()


def moved(paths: Paths, tmp_path: Path, clock: Clock) -> None:
    paths.database.rename(tmp_path / "elsewhere.db")


def replaced(paths: Paths, tmp_path: Path, clock: Clock) -> None:
    other_track(tmp_path / "other", clock).replace(paths.database)


def without_its_journal(paths: Paths, tmp_path: Path, clock: Clock) -> None:
    paths.database.with_name("tracker.db-wal").unlink()


def without_its_folder(paths: Paths, tmp_path: Path, clock: Clock) -> None:
    shutil.rmtree(paths.data)


Happening = Callable[[Paths, Path, Clock], None]
HAPPENINGS = [deleted, moved, replaced, without_its_journal, without_its_folder]


@pytest.mark.parametrize("happens", HAPPENINGS)
def test_nothing_is_acknowledged_that_goes_into_a_file_that_is_gone(
    tracker: Tracker, paths: Paths, tmp_path: Path, clock: Clock, happens: Happening
) -> None:
    tracker.set_status(["git-worktrees"], Status.LEARNED)
    happens(paths, tmp_path, clock)
    for write in (
        lambda: tracker.set_status(["git-lfs"], Status.LEARNED),
        lambda: tracker.add_note("git-lfs", "lost"),
        tracker.undo,
        lambda: tracker.remember("x", 1),
        tracker.another,
    ):
        with pytest.raises(Gone, match=r"while it was open"):
            write()
    assert tracker.entry("git-lfs").status is Status.TODO
    if happens in (deleted, moved, without_its_folder):
        assert not paths.database.exists()
        with pytest.raises(Gone, match="nothing is written until it is back"):
            tracker.renew()
        if happens is moved:  # it is whole without the log that it left behind
            (tmp_path / "elsewhere.db").rename(tmp_path / "tracker.db")
            with Tracker(Paths(tmp_path, tmp_path, tmp_path)) as kept:
                assert kept.entry("git-worktrees").status is Status.LEARNED
                assert check.problems(kept._store) == []
    else:
        assert tracker.renew()
        assert not tracker.renew()
        tracker.set_status(["git-hooks"], Status.LEARNED)
        with Tracker(paths) as again:
            assert again.entry("git-hooks").status is Status.LEARNED
            same = happens is without_its_journal
            assert (again.entry("git-worktrees").status is Status.LEARNED) is same
            assert check.problems(again._store) == []


@pytest.mark.parametrize("happens", [deleted, replaced])
def test_replaced_within_a_write_it_is_not_acknowledged_either(
    tracker: Tracker, paths: Paths, tmp_path: Path, clock: Clock, happens: Happening
) -> None:
    with pytest.raises(Gone), tracker._store.transaction():
        tracker.set_status(["git-lfs"], Status.LEARNED)
        happens(paths, tmp_path, clock)
    assert tracker.entry("git-lfs").status is Status.TODO


def test_a_new_file_does_not_lose_its_own_log_when_the_old_one_is_closed(
    tracker: Tracker, paths: Paths, tmp_path: Path, clock: Clock
) -> None:
    """Closing the last connection to a database deletes its log by name: not that of another one."""
    tracker.set_status(["git-worktrees"], Status.LEARNED)
    for name in ("tracker.db", "tracker.db-wal", "tracker.db-shm"):
        (paths.data / name).unlink()
    with Tracker(paths, clock=clock, anew=True) as fresh:
        fresh.set_status(["git-lfs"], Status.LEARNED)
        tracker.close()
        fresh.set_status(["git-hooks"], Status.LEARNED)
        with Tracker(paths) as third:
            assert third.overall().learned == 2
    with Tracker(paths) as again:
        assert again.overall().learned == 2
        assert check.problems(again._store) == []


def test_what_replaced_it_must_be_a_track(tracker: Tracker, paths: Paths, tmp_path: Path) -> None:
    (tmp_path / "notes").write_text("these are my notes\n" * 100)
    (tmp_path / "notes").replace(paths.database)
    with pytest.raises(TrackerError, match="damaged or no database"):
        tracker.renew()
    with pytest.raises(Gone):
        tracker.undo()
    assert tracker.entry("git-lfs").title  # what is open can still be read
    assert paths.database.read_text().startswith("these are my notes")


async def away(pilot: Pilot[None], app: TrackerApp, words: str) -> None:
    await until(pilot, lambda: words in said(app))


async def test_the_screen_says_so_waits_for_the_file_and_goes_on_with_another(
    app: TrackerApp,
    tracker: Tracker,
    paths: Paths,
    tmp_path: Path,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("tracker_tui.tui.app.POLL_SECONDS", 0.05)
    async with app.run_test(size=(120, 36)) as pilot:
        app.main.go_to("git-worktrees")
        await pilot.pause()
        moved(paths, tmp_path, clock)
        await away(pilot, app, "deleted or moved away; nothing is written until it is back")
        await pilot.press("d", "j", "slash", *"lfs")
        await pilot.press("escape")
        assert not paths.database.exists()
        (tmp_path / "elsewhere.db").rename(paths.database)
        await pilot.press("space")
        await away(pilot, app, "→ learning")
        assert tracker.entry("git-worktrees").status is Status.TODO

        replaced(paths, tmp_path, clock)
        await away(pilot, app, "this is the new one")
        await until(pilot, lambda: any("The other track" in line for line in shown(app)))
        app.main.go_to("git-lfs")
        await pilot.press("d")
        await away(pilot, app, "→ learned")
    with Tracker(paths, clock=clock) as again:
        assert again.entry("git-lfs").status is Status.LEARNED
        assert again.entry("git-lfs").title == "The other track"


async def test_a_check_in_alone_goes_on_with_the_new_file(
    tracker: Tracker, paths: Paths, tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tracker_tui.tui.app.POLL_SECONDS", 0.05)
    app = TrackerApp(tracker, checkin=True)
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.press("d")
        assert sum(due.answered for due in tracker.queue()) == 1
        replaced(paths, tmp_path, clock)
        await until(pilot, lambda: sum(due.answered for due in app.screen._queue) == 0)  # type: ignore[attr-defined]
        await pilot.press("d")
        assert sum(due.answered for due in tracker.queue()) == 1
    with Tracker(paths, clock=clock) as again:
        assert sum(due.answered for due in again.queue()) == 1
