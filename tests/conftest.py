"""Fixtures that every test shares: a home of its own, a clock that stands still, counted tails."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta, timezone
from itertools import count
from pathlib import Path

import pytest
from coverage import Coverage
from hypothesis import Phase, settings

from tracker_tui.paths import Paths, find
from tracker_tui.tracker import Tracker

# A suite that runs in the background was told to ignore ctrl+c, and so would be what it starts.
signal.signal(signal.SIGINT, signal.default_int_handler)

# The same examples every time: what fails here fails for everybody. HYPOTHESIS_PROFILE=random looks
# for new ones.
settings.register_profile("tracker", deadline=None, max_examples=40, derandomize=True)
settings.register_profile("random", deadline=None, max_examples=200)
# Of a mutant it is enough that an example shows it: the smallest is not looked for.
settings.register_profile(
    "mutants",
    deadline=None,
    max_examples=12,
    derandomize=True,
    phases=(Phase.explicit, Phase.generate),
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "tracker"))


@pytest.fixture(autouse=True)
def _unmeasured(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Run a test that is marked `unmeasured` without the coverage, which takes as long as the test.

    For what only runs again, in many orders and with many values, the code of tests that are
    measured.
    """
    measuring = Coverage.current() if request.node.get_closest_marker("unmeasured") else None
    if measuring is None:
        yield
        return
    monkeypatch.delenv("COVERAGE_PROCESS_CONFIG", raising=False)  # nor the processes it starts
    measuring.stop()
    yield
    measuring.start()


class Clock:
    """A clock that only moves when it is told to."""

    def __init__(self) -> None:
        zone = timezone(timedelta(hours=1))
        self.now = datetime(2026, 11, 24, 9, 0, tzinfo=zone)

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **by: int) -> None:
        self.now += timedelta(**by)

    @property
    def utc(self) -> datetime:
        return self.now.astimezone(UTC)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that TRACKER_HOME names."""
    folder = tmp_path / "home"
    monkeypatch.setenv("TRACKER_HOME", str(folder))
    monkeypatch.delenv("NO_COLOR", raising=False)
    return folder


@pytest.fixture
def paths(home: Path) -> Paths:
    return find()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def tail() -> Callable[[int], str]:
    """Tails that are counted instead of drawn."""
    numbers = count(1)
    return lambda length: f"{next(numbers):0{length}d}"


@pytest.fixture
def tracker(paths: Paths, clock: Clock, tail: Callable[[int], str]) -> Iterator[Tracker]:
    """A track as it is at the first start."""
    with Tracker(paths, clock=clock, tail=tail) as opened:
        yield opened
