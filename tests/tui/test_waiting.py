"""Another program holds the write lock: keys go on to be answered, and what they wrote is written."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager

import pytest
from textual.pilot import Pilot

from tests.conftest import Clock
from tests.tui.test_main import said
from tracker_tui.domain.words import Answer, Horizon, Status
from tracker_tui.errors import TrackerError
from tracker_tui.paths import Paths
from tracker_tui.store import check
from tracker_tui.tracker import Tracker
from tracker_tui.tui import writing
from tracker_tui.tui.app import TrackerApp
from tracker_tui.tui.screens.checkin import CheckIn
from tracker_tui.tui.screens.insights import Insights

PATIENCE = 2_000
"""How many idle moments a test waits at most."""


@contextmanager
def locked(paths: Paths) -> Iterator[Callable[[], None]]:
    """Hold the write lock, as a program of any kind may; yields how to let go."""
    with closing(sqlite3.connect(paths.database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")

        def let_go() -> None:
            other.execute("ROLLBACK")

        yield let_go


async def until(pilot: Pilot[None], true: Callable[[], object]) -> None:
    for _ in range(PATIENCE):
        if true():
            return
        await pilot.pause(0.01)
    raise AssertionError("it never came")


@pytest.fixture(autouse=True)
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tracker_tui.tui.app.RETRY_SECONDS", 0.05)
    monkeypatch.setattr("tracker_tui.tui.app.TRY_SECONDS", 0.001)
    monkeypatch.setattr(writing, "SAY_EACH", 3)


async def test_keys_wait_in_their_order_while_the_cursor_goes_on(
    app: TrackerApp, tracker: Tracker, paths: Paths
) -> None:
    async with app.run_test(size=(120, 36)) as pilot:
        app.main.go_to("git-worktrees")
        await pilot.pause()
        start = app.main.tree_pane.cursor
        with locked(paths) as let_go:
            await pilot.press("space")
            assert "waiting for another program" in said(app)
            await pilot.press("j", "d", "u", "2", "s")
            assert app.main.tree_pane.cursor == start + 1
            assert "5 keys" in said(app)
            after = app.main.one().id
            assert tracker.entry("git-worktrees").status is Status.TODO
            await until(pilot, lambda: app.writes._tries > 3)
            let_go()
            await until(pilot, lambda: not len(app.writes))
        assert tracker.entry("git-worktrees").status is Status.LEARNING
        entry = tracker.entry(after)
        assert (entry.status, entry.horizon) == (Status.TODO, Horizon.SHORT)
        assert entry.snoozed_until == "2026-11-25"
        await pilot.pause()
        assert "snoozed until" in said(app)
    labels = [line.label for line in tracker.actions()][::-1]
    assert labels[0] == "“Git worktrees”: todo → learning"
    assert check.problems(tracker._store) == []


async def test_what_cannot_be_done_when_its_turn_comes_is_said_and_the_rest_goes_on(
    app: TrackerApp,
    tracker: Tracker,
    paths: Paths,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with app.run_test(size=(120, 36)) as pilot:
        app.main.go_to("git-worktrees")
        await pilot.pause()
        with Tracker(paths, clock=clock) as other:
            with other._store.transaction():
                other.delete(["git-worktrees"])
                await pilot.press("d")
                app.main.go_to("git-lfs")
                await pilot.pause()
                await pilot.press("d")
                refused: list[TrackerError] = []
                monkeypatch.setattr(app.main, "refuse", refused.append)
            await until(pilot, lambda: not len(app.writes))
        assert ["was deleted" in str(error) for error in refused] == [True]
        assert tracker.entry("git-lfs").status is Status.LEARNED


async def test_text_that_was_typed_waits_too(
    app: TrackerApp, tracker: Tracker, paths: Paths
) -> None:
    async with app.run_test(size=(120, 36)) as pilot:
        app.main.go_to("git-lfs")
        await pilot.pause()
        with locked(paths) as let_go:
            await pilot.press("n", *"kept", "enter")
            await pilot.press("a", *"Sparse", "enter")
            await until(pilot, lambda: len(app.writes) == 2)
            let_go()
            await until(pilot, lambda: app.main.one().title == "Sparse")
        assert [note.text for note in tracker.detail("git-lfs").notes] == ["kept"]


async def test_a_check_in_takes_one_answer_at_a_time(
    tracker: Tracker, paths: Paths, clock: Clock
) -> None:
    app = TrackerApp(tracker, checkin=True)
    async with app.run_test(size=(120, 36)) as pilot:
        screen = app.screen
        assert isinstance(screen, CheckIn) and screen.due is not None
        first = screen.due.entry.id
        with locked(paths) as let_go:
            await pilot.press("d")
            assert "waiting" in str(screen.pane.border_subtitle)
            await pilot.press("s")
            assert len(app.writes) == 1
            assert screen.due.entry.id == first
            let_go()
            await until(pilot, lambda: screen.due and screen.due.entry.id != first)
        queue = tracker.queue()
        assert [due.answer for due in queue if due.answered] == [Answer.LEARNED]
        with locked(paths) as let_go:
            await pilot.press("u", "escape")
            await until(pilot, lambda: app.screen is app.main)
            let_go()
            await until(pilot, lambda: not len(app.writes))
        assert not any(due.answered for due in tracker.queue())


async def test_insights_left_while_an_undo_waits(
    app: TrackerApp, tracker: Tracker, paths: Paths
) -> None:
    tracker.set_status(["git-lfs"], Status.LEARNED)
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.press("i")
        await until(pilot, lambda: isinstance(app.screen, Insights))
        with locked(paths) as let_go:
            await pilot.press("u", "escape")
            await until(pilot, lambda: app.screen is app.main)
            let_go()
            await until(pilot, lambda: not len(app.writes))
        assert tracker.entry("git-lfs").status is Status.TODO


async def test_leaving_says_first_what_is_not_written_and_tries_once_more(
    app: TrackerApp, tracker: Tracker, paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    with locked(paths) as let_go:
        async with app.run_test(size=(120, 36)) as pilot:
            app.main.go_to("git-lfs")
            await pilot.pause()
            heard: list[str] = []
            monkeypatch.setattr(app.main, "say", lambda text, **_: heard.append(text))
            await pilot.press("d", "q")
            assert any("1 change not written yet" in text for text in heard)
            assert app.is_running
            await pilot.press("q")
            await until(pilot, lambda: app.return_code is not None or not app.is_running)
        with pytest.raises(TrackerError, match="1 change could not be written"):
            app.writes.finish()
        app.writes.do(lambda: tracker.set_status(["git-lfs"], Status.LEARNED), print, app.main)
        let_go()
    app.writes.finish()
    assert tracker.entry("git-lfs").status is Status.LEARNED
