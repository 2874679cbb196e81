"""How to study an entry, on the screen."""

from __future__ import annotations

import pytest
from textual.widgets import Input

from tests.tui.test_main import settle
from tracker_tui.tui.app import TrackerApp


@pytest.mark.parametrize(
    ("typed", "value", "leaves"), [("is:re", "is:ready", False), ("git", "git", True)]
)
async def test_tab_completes_the_filter_or_goes_on(
    app: TrackerApp, typed: str, value: str, leaves: bool
) -> None:
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.press("f", *typed)
        await app.workers.wait_for_complete()
        await settle(pilot)
        line = app.main.query_one(Input)
        await pilot.press("tab")
        await settle(pilot)
        assert line.value == value
        assert line.has_focus is not leaves
