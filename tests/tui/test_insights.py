"""What the days come to, on the screen."""

from __future__ import annotations

from textual.pilot import Pilot

from tests.conftest import Clock
from tests.tui.test_checkin import settle
from tracker_tui.domain.words import Horizon, Status
from tracker_tui.tracker import Tracker
from tracker_tui.tui.app import TrackerApp
from tracker_tui.tui.screens.checkin import CheckIn
from tracker_tui.tui.screens.dialogs import Confirm
from tracker_tui.tui.screens.insights import Insights
from tracker_tui.tui.screens.keys import Keys


def screen(app: TrackerApp) -> Insights:
    assert isinstance(app.screen, Insights)
    return app.screen


def shown(app: TrackerApp) -> str:
    return "\n".join("".join(segment.text for segment in line) for line in screen(app).pane._lines)


async def opened(pilot: Pilot[None], app: TrackerApp) -> None:
    await pilot.press("i")
    await settle(pilot)
    assert isinstance(app.screen, Insights)


async def test_with_too_little_data_it_says_so(app: TrackerApp) -> None:
    async with app.run_test(size=(120, 36)) as pilot:
        await opened(pilot, app)
        assert "too little data: a forecast needs 14 days" in shown(app)
        assert "too little data: the first weeks" in shown(app)
        await pilot.press("m")
        await pilot.pause()
        assert "too little data" in screen(app).keys.said
        await pilot.press("u")
        await pilot.pause()
        assert "nothing to undo" in screen(app).keys.said
        await pilot.press("question_mark")
        await pilot.pause()
        assert isinstance(app.screen, Keys)
        await pilot.press("escape", "escape")
        await pilot.pause()
        assert not isinstance(app.screen, Insights)


async def test_a_day_before_is_chosen_and_filled_in(app: TrackerApp, tracker: Tracker) -> None:
    async with app.run_test(size=(120, 36)) as pilot:
        await opened(pilot, app)
        assert "Tuesday 2026-11-24  today" in shown(app)
        await pilot.press("right_square_bracket")
        await pilot.pause()
        assert "still to come" in screen(app).keys.said
        await pilot.press("left_square_bracket")
        await pilot.pause()
        assert "Monday 2026-11-23  yesterday" in shown(app)
        assert "c fills it in" in shown(app)
        await pilot.press("c", "d", "q")
        await settle(pilot)
        assert "1 thing done, 1 of 5 answered" in shown(app)
        assert "Activity  1 day" in shown(app)
        for _ in range(8):
            await pilot.press("left_square_bracket")
        await pilot.pause()
        assert "2026-11-17" in shown(app)
        assert "only the last 7 days" in screen(app).keys.said
        await pilot.press("q")
        await pilot.pause()
        assert app.screen is app.main
        assert app.main.top_bar.tally.learned == 1
    assert sorted(tracker.stats().activity) == [tracker.check_in_day("yesterday")]


async def test_what_does_not_fit_is_moved_and_moved_back(
    app: TrackerApp, tracker: Tracker, clock: Clock
) -> None:
    for item in [e.id for e in tracker.select("kind:item -is:covered").matches][:6]:
        tracker.set_status([item], Status.LEARNED)
        clock.advance(days=5)
    over = tracker.stats().forecasts[0].over
    assert over
    async with app.run_test(size=(120, 36)) as pilot:
        await opened(pilot, app)
        assert "do not fit; m moves them on" in shown(app)
        assert "done about" in shown(app)
        await pilot.press("m", "n")
        await pilot.pause()
        assert tracker.entry(over[0].id).horizon is Horizon.IMMEDIATE
        await pilot.press("m")
        await pilot.pause()
        assert isinstance(app.screen, Confirm)
        await pilot.press("y")
        await settle(pilot)
        assert tracker.entry(over[0].id).horizon in (Horizon.SHORT, Horizon.MEDIUM)
        assert "moved to a later horizon" in screen(app).keys.said
        await pilot.press("u")
        await settle(pilot)
        assert tracker.entry(over[0].id).horizon is Horizon.IMMEDIATE
        assert "do not fit; m moves them on" in shown(app)
        await pilot.press("c")
        await pilot.pause()
        assert isinstance(app.screen, CheckIn)
