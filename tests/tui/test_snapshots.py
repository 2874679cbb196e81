"""Pictures of the screens. A changed one is looked at, not just accepted (`make snapshots`)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from textual.pilot import Pilot

from tracker_tui.domain.words import Horizon, Status
from tracker_tui.tracker import Tracker
from tracker_tui.tui.app import TrackerApp

SIZES = {"wide": (120, 36), "usual": (80, 24), "small": (60, 20)}


@pytest.fixture
def lived_in(tracker: Tracker) -> Tracker:
    """A track some days on."""
    tracker.set_status(["pre-commit-hooks", "git-hooks", "git-fundamentals"], Status.LEARNED)
    tracker.set_status(["git-worktrees"], Status.LEARNING)
    tracker.set_status(["git-submodules"], Status.SKIPPED)
    tracker.set_horizon(["git-worktrees"], Horizon.SHORT)
    tracker.snooze(["commit-signing"], "friday")
    tracker.add_note("git-worktrees", "bare clone + worktrees: one folder a branch")
    return tracker


@pytest.mark.parametrize("theme", ["tracker-dark", "tracker-light"])
@pytest.mark.parametrize("size", SIZES)
def test_main(lived_in: Tracker, snap_compare: Callable[..., bool], size: str, theme: str) -> None:
    app = TrackerApp(lived_in)
    app.theme = theme

    async def look(pilot: Pilot[Any]) -> None:
        app.main.go_to("git-worktrees")
        await pilot.pause()
        await pilot.pause()

    assert snap_compare(app, terminal_size=SIZES[size], run_before=look)


@pytest.mark.parametrize("size", ["usual", "small"])
def test_reading(lived_in: Tracker, snap_compare: Callable[..., bool], size: str) -> None:
    app = TrackerApp(lived_in)

    async def look(pilot: Pilot[Any]) -> None:
        app.main.go_to("gap-pre-commit-hooks")
        await pilot.press("enter")
        await pilot.pause()
        await pilot.pause()

    assert snap_compare(app, terminal_size=SIZES[size], run_before=look)


def test_keys(tracker: Tracker, snap_compare: Callable[..., bool]) -> None:
    assert snap_compare(TrackerApp(tracker), terminal_size=SIZES["wide"], press=["question_mark"])
