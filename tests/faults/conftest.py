"""An application over a fresh track, with a clock that stands still."""

from __future__ import annotations

import pytest

from tracker_tui.tracker import Tracker
from tracker_tui.tui.app import TrackerApp


@pytest.fixture
def app(tracker: Tracker) -> TrackerApp:
    return TrackerApp(tracker)
