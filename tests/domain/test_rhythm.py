from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker_tui.domain.rhythm import Pause, paused, pauses, rhythm, streak

TODAY = date(2026, 11, 24)
AGO = st.integers(0, 400)


def days_ago(*numbers: int) -> set[date]:
    return {TODAY - timedelta(days=number) for number in numbers}


@given(st.sets(AGO), st.floats(1, 365))
def test_the_score_is_from_nothing_to_a_hundred(numbers: set[int], half_life: float) -> None:
    score = rhythm(days_ago(*numbers), [], TODAY, half_life)
    assert 0 <= score <= 100
    assert score <= rhythm(days_ago(*range(401)), [], TODAY, half_life)


@pytest.mark.parametrize("half_life", [7, 14, 30])
def test_a_half_life_of_days_in_a_row_is_half_of_it(half_life: int) -> None:
    assert rhythm(days_ago(*range(half_life)), [], TODAY, half_life) == 50
    assert rhythm(days_ago(*range(2 * half_life)), [], TODAY, half_life) == 75
    assert rhythm(days_ago(*range(20 * half_life)), [], TODAY, half_life) == 100


def test_the_first_day_counts_at_once() -> None:
    assert rhythm(set(), [], TODAY, 14) == rhythm(days_ago(-1), [], TODAY, 14) == 0
    assert rhythm(days_ago(0), [], TODAY, 14) == rhythm(days_ago(0, -1), [], TODAY, 14) == 5


def test_a_half_life_without_anything_leaves_half() -> None:
    full = days_ago(*range(15, 600))
    assert rhythm(full, [], TODAY - timedelta(days=15), 14) == 100
    # Today is not over, so it is not held against the user.
    assert rhythm(full, [], TODAY, 14) == 50


@given(st.sets(AGO, min_size=5), st.integers(1, 400))
def test_a_day_that_is_missed_costs_a_share_of_what_there_is(
    numbers: set[int], missed: int
) -> None:
    without = rhythm(days_ago(*(numbers - {missed})), [], TODAY, 14)
    with_it = rhythm(days_ago(*(numbers | {missed})), [], TODAY, 14)
    assert 0 <= with_it - without <= 6


@given(st.sets(AGO), st.integers(1, 300), st.integers(1, 60))
def test_a_pause_without_anything_changes_nothing(
    numbers: set[int], length: int, before: int
) -> None:
    """As if its days had never been: those before it move up to those after it."""
    begin = TODAY - timedelta(days=before + length - 1)
    end = TODAY - timedelta(days=before)
    done = {day for day in days_ago(*numbers) if not begin <= day <= end}
    pause = Pause("p", begin, end)
    moved = {day + timedelta(days=length) if day < begin else day for day in done}
    # The score looks back a bounded time, which a pause makes longer.
    old = TODAY - timedelta(days=380)
    if min(done, default=TODAY) > old:
        assert rhythm(done, [pause], TODAY, 14) == rhythm(moved, [], TODAY, 14)
        assert streak(done, [pause], TODAY) == streak(moved, [], TODAY)


def test_what_is_done_in_a_pause_counts() -> None:
    pause = Pause("p", TODAY - timedelta(days=9), None)
    done = days_ago(20, 21, 5)
    assert rhythm(done, [pause], TODAY, 14) > rhythm(days_ago(20, 21), [pause], TODAY, 14)


def test_a_streak_is_the_days_in_a_row() -> None:
    assert streak(set(), [], TODAY) == 0
    assert streak(days_ago(0, 1, 2), [], TODAY) == 3
    assert streak(days_ago(1, 2), [], TODAY) == 2
    assert streak(days_ago(2, 3), [], TODAY) == 0
    assert streak(days_ago(0, 2), [], TODAY) == 1
    gap = Pause("p", TODAY - timedelta(days=5), TODAY - timedelta(days=2))
    assert streak(days_ago(0, 1, 6, 7), [gap], TODAY) == 4


def test_only_what_makes_a_pause_is_one() -> None:
    found = pauses(
        {
            "later": {"begin": "2026-12-01", "end": None, "deleted": 0},
            "one": {"begin": "2026-11-01", "end": "2026-11-03", "deleted": 0},
            "deleted": {"begin": "2026-11-01", "end": None, "deleted": 1},
            "turned": {"begin": "2026-11-03", "end": "2026-11-01", "deleted": 0},
            "half": {"end": "2026-11-01"},
            "day": {"begin": "2026-10-01", "end": "2026-10-01"},
            "broken": {"begin": "2026-02-30", "end": "x"},
        }
    )
    assert [pause.id for pause in found] == ["day", "one", "later"]
    assert found[0] == Pause("day", date(2026, 10, 1), date(2026, 10, 1))
    found = found[1:]
    assert paused(date(2026, 11, 2), found) == found[0]
    assert paused(date(2026, 11, 4), found) is None
    assert paused(date(2036, 11, 4), found) == found[1]
    longer = Pause("x", date(2026, 11, 1), date(2026, 11, 20))
    assert paused(date(2026, 11, 2), [found[0], longer]) == longer
    endless = Pause("a", date(2026, 11, 2), None)
    assert paused(date(2026, 11, 2), [longer, endless, found[0]]) == endless
