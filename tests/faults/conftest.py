"""How hard the faults are tried, the figures that come of it, and an application to try them on."""

from __future__ import annotations

import os
from typing import Any, NamedTuple

import pytest

from tracker_tui.tracker import Tracker
from tracker_tui.tui.app import TrackerApp


class Size(NamedTuple):
    """How much of each: a little in `make test`, all of it in `make torture`."""

    kills: int
    resizes: int
    failing_calls: int
    examples: int
    both_layouts: bool


BOUNDED = Size(kills=9, resizes=50, failing_calls=6, examples=40, both_layouts=False)
FULL = Size(kills=50, resizes=1_000, failing_calls=40, examples=1_000, both_layouts=True)


@pytest.fixture(scope="session")
def size() -> Size:
    return FULL if os.environ.get("TORTURE") else BOUNDED


@pytest.fixture
def app(tracker: Tracker) -> TrackerApp:
    return TrackerApp(tracker)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say the figures that tests recorded: what docs/reliability.md quotes."""
    figures: dict[str, int] = {}
    for report in terminalreporter.getreports("passed"):
        for name, value in report.user_properties:
            figures[name] = figures.get(name, 0) + value
    for name, value in figures.items():
        terminalreporter.write_line(f"{name}: {value:,}")
