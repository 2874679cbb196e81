"""Pictures of the screens. A changed one is looked at, not just accepted (`make snapshots`)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from textual.pilot import Pilot

from tests.conftest import Clock
from tests.tui.test_checkin import settle
from tracker_tui.config import Config
from tracker_tui.domain.signs import SIGNS
from tracker_tui.domain.words import Answer, Horizon, Rating, Reason, Status
from tracker_tui.exchange.stats import report, summary
from tracker_tui.paths import Paths
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


def season(tracker: Tracker, clock: Clock) -> None:
    """Some months of checking in, with a holiday, up to the day on which the clock stood."""
    end = clock.now
    clock.now -= timedelta(days=150)
    days = 0
    while clock.now < end:
        days += 1
        if days == 60:
            tracker.pause("today", "2w")
        if days % 4 and tracker.paused() is None:
            day = tracker.today()
            for place, due in enumerate(tracker.queue()):
                if due.reason is Reason.REVIEW:
                    tracker.grade(due.entry.id, Rating(1 + days % 4))
                elif place < days % 6:
                    tracker.answer(
                        day, due.entry.id, Answer.LEARNED if days % 5 == 1 else Answer.PROGRESS
                    )
        clock.advance(days=1)


@pytest.fixture
def a_season(tracker: Tracker, clock: Clock) -> Tracker:
    season(tracker, clock)
    return tracker


async def at_rest(pilot: Pilot[Any]) -> None:
    await settle(pilot)
    await pilot.pause()


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


@pytest.mark.parametrize("size", SIZES)
def test_checkin(lived_in: Tracker, snap_compare: Callable[..., bool], size: str) -> None:
    assert snap_compare(
        TrackerApp(lived_in, checkin=True), terminal_size=SIZES[size], run_before=at_rest
    )


@pytest.mark.parametrize("size", SIZES)
def test_review(
    lived_in: Tracker, clock: Clock, snap_compare: Callable[..., bool], size: str
) -> None:
    clock.advance(days=9)
    app = TrackerApp(lived_in, checkin=True)
    assert snap_compare(app, terminal_size=SIZES[size], run_before=at_rest)


@pytest.mark.parametrize("size", SIZES)
def test_summary(a_season: Tracker, snap_compare: Callable[..., bool], size: str) -> None:
    async def look(pilot: Pilot[Any]) -> None:
        await pilot.press(*"sssss")
        await at_rest(pilot)

    app = TrackerApp(a_season, checkin=True)
    assert snap_compare(app, terminal_size=SIZES[size], run_before=look)


@pytest.mark.parametrize("size", SIZES)
def test_insights(a_season: Tracker, snap_compare: Callable[..., bool], size: str) -> None:
    async def look(pilot: Pilot[Any]) -> None:
        await pilot.press("i")
        await at_rest(pilot)

    assert snap_compare(TrackerApp(a_season), terminal_size=SIZES[size], run_before=look)


async def test_in_ascii_every_sign_of_the_charts_is_plain(paths: Paths, clock: Clock) -> None:
    with Tracker(paths, Config(glyphs="ascii"), clock=clock) as tracker:
        season(tracker, clock)
        stats = tracker.stats()
        for width in (120, 80, 60, 40):
            lines = report(stats, width, SIGNS["ascii"])
            lines += summary(tracker.queue(), tracker.tomorrow(), "", stats, width, SIGNS["ascii"])
            for line in lines:
                words = "".join(text for text, _ in line)
                # The ellipsis of a title that was cut is a word, not a sign.
                assert words.replace("…", "").isascii()
                assert len(words) <= max(width, 60)


def test_keys(tracker: Tracker, snap_compare: Callable[..., bool]) -> None:
    assert snap_compare(TrackerApp(tracker), terminal_size=SIZES["wide"], press=["question_mark"])
