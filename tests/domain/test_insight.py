from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.test_plan import ITEM, STEP
from tracker_tui.domain.insight import (
    LOAD_DAYS,
    Pace,
    Unit,
    deadline_of,
    forecasts,
    load,
    pace,
    spread_days,
    too_little,
    week_of,
)
from tracker_tui.domain.rhythm import Pause
from tracker_tui.domain.track import Span
from tracker_tui.domain.words import Horizon

TODAY = date(2026, 11, 24)
LONG_AGO = date(2026, 1, 1)
SPANS = [
    Span(Horizon.IMMEDIATE, "Immediate", "This Month"),
    Span(Horizon.SHORT, "Short-term", "Next 3 Months"),
    Span(Horizon.MEDIUM, "Medium-term", "Next 6 Months"),
]


def learned(*counts: tuple[int, int]) -> dict[date, int]:
    return {TODAY - timedelta(days=ago): count for ago, count in counts}


def unit(id_: str, horizon: Horizon, *items: str, position: str = "a0") -> Unit:
    entry = STEP._replace(id=id_, horizon=horizon, position=position)
    return Unit(entry, items or (id_,))


# Pace


@pytest.mark.parametrize(
    "counts",
    [(), ((1, 3),), ((1, 9),), ((28, 9), (1, 1)), ((1, -5), (2, 2), (3, 1))],
)
def test_too_little_is_no_pace(counts: tuple[tuple[int, int], ...]) -> None:
    assert pace(learned(*counts), [], LONG_AGO, TODAY) is None


def test_a_pace_is_a_range() -> None:
    found = pace(learned((1, 6), (8, 6), (15, 4)), [], LONG_AGO, TODAY)
    assert found is not None
    assert (found.learned, found.days) == (16, 28)
    assert found.likely == pytest.approx(16 / 28)
    assert found.slow == pytest.approx((16 - 1.28 * 4) / 28)
    assert found.fast == pytest.approx((16 + 1.28 * 4) / 28)


def test_four_items_on_two_days_are_enough() -> None:
    found = pace(learned((1, 2), (2, 2)), [], LONG_AGO, TODAY)
    assert found is not None
    assert (found.slow, found.fast) == pytest.approx((1.44 / 28, 6.56 / 28))


def test_paused_days_and_days_before_the_first_are_left_out() -> None:
    counts = learned((1, 2), (2, 2), (3, 2))
    began = TODAY - timedelta(days=13)
    found = pace(counts, [], began, TODAY)
    assert found is not None and found.days == 14
    assert pace(counts, [], began + timedelta(days=1), TODAY) is None
    pause = Pause("p", TODAY - timedelta(days=20), TODAY - timedelta(days=11))
    found = pace(counts, [pause], LONG_AGO, TODAY)
    assert found is not None and found.days == 18


def test_what_is_missing_is_said() -> None:
    days = "too little data: a forecast needs 14 days, and this is day"
    for ahead, day in ((1, 1), (0, 1), (-2, 3), (-12, 13)):
        assert too_little(TODAY + timedelta(days=ahead), TODAY) == f"{days} {day}"
    for began in (TODAY - timedelta(days=13), LONG_AGO):
        assert too_little(began, TODAY) == (
            "too little data: fewer than 4 items were learned in the last four weeks"
        )


# Forecast


def test_horizons_are_worked_off_one_after_the_other_and_nothing_twice() -> None:
    units = [
        unit("s2", Horizon.SHORT, "c", "d"),
        unit("s1", Horizon.IMMEDIATE, "a", "b"),
        unit("m1", Horizon.MEDIUM, "a", "d", "e"),
    ]
    rate = Pace(0.5, 0.25, 1.0, 14, 28)
    first, second, third = forecasts(SPANS, units, rate, TODAY, TODAY)
    assert [one.open for one in (first, second, third)] == [2, 2, 1]
    assert (first.early, first.likely, first.late) == (
        TODAY + timedelta(days=2),
        TODAY + timedelta(days=4),
        TODAY + timedelta(days=8),
    )
    assert second.likely == TODAY + timedelta(days=8)
    assert third.likely == TODAY + timedelta(days=10)
    assert [one.deadline for one in (first, second, third)] == [
        date(2026, 12, 24),
        date(2027, 2, 24),
        date(2027, 5, 24),
    ]
    assert not any(one.past for one in (first, second, third))
    assert [one.span for one in (first, second, third)] == SPANS
    assert [one.to for one in (first, second, third)] == [Horizon.SHORT, Horizon.MEDIUM, None]


def test_what_does_not_fit_is_named_the_last_first() -> None:
    units = [
        unit("one", Horizon.IMMEDIATE, *"abcdefghij", position="a1"),
        unit("two", Horizon.IMMEDIATE, *"klmno", position="a2"),
        unit("three", Horizon.IMMEDIATE, *"pqrst", position="a3"),
        Unit(ITEM._replace(id="item", horizon=Horizon.IMMEDIATE), ("item",)),
    ]
    rate = Pace(0.4, 0.2, 0.6, 11, 28)  # 12 items in the 30 days that are left
    found = forecasts(SPANS, list(reversed(units)), rate, TODAY, TODAY)
    assert [entry.id for entry in found[0].over] == ["item", "three", "two"]
    late = forecasts(SPANS, units, rate, TODAY - timedelta(days=60), TODAY)
    assert len(late[0].over) == 4


def test_what_fits_to_the_last_item_stays_and_nearer_horizons_come_first() -> None:
    units = [
        unit("near", Horizon.IMMEDIATE, *(f"n{n}" for n in range(40))),
        unit("fits", Horizon.SHORT, *"abcdef", position="a1"),
        unit("over", Horizon.SHORT, "g", position="a2"),
    ]
    rate = Pace(0.5, 0.2, 1.0, 14, 28)  # 46 items in the 92 days of the second
    _, second, third = forecasts(SPANS, units, rate, TODAY, TODAY)
    assert [entry.id for entry in second.over] == ["over"]
    assert second.past and (third.open, third.likely) == (0, TODAY)
    # Once its days are over, nothing fits any more.
    _, late, _ = forecasts(SPANS, units[2:], Pace(2.0, 1.0, 3.0, 56, 28), LONG_AGO, TODAY)
    assert [entry.id for entry in late.over] == ["over"]


def test_items_stay_in_the_order_in_which_they_came() -> None:
    items = [
        Unit(ITEM._replace(id=id_, position=position, horizon=Horizon.SHORT), (id_,))
        for id_, position in (("one", "a5"), ("two", "a0"), ("three", "a3"))
    ]
    _, found, _ = forecasts(SPANS, items, Pace(0.01, 0.01, 0.01, 4, 28), TODAY, TODAY)
    assert [entry.id for entry in found.over] == ["three", "two", "one"]


def test_a_date_may_be_twenty_years_away_and_no_more() -> None:
    rate = Pace(0.5, 0.5, 0.5, 14, 28)
    for more, likely in ((0, TODAY + timedelta(days=7_300)), (1, None)):
        units = [unit("a", Horizon.IMMEDIATE, *map(str, range(3_650 + more)))]
        assert forecasts(SPANS, units, rate, TODAY, TODAY)[0].likely == likely


def test_without_a_pace_there_are_no_dates_and_nothing_moves() -> None:
    (first, *_) = forecasts(SPANS, [unit("a", Horizon.IMMEDIATE)], None, TODAY, TODAY)
    assert (first.open, first.early, first.likely, first.late, first.over) == (
        1,
        None,
        None,
        None,
        (),
    )


def test_a_pace_that_leads_nowhere_gives_no_date() -> None:
    rate = Pace(0.0001, 0.00001, 0.001, 4, 28)
    (first, *_) = forecasts(SPANS, [unit("a", Horizon.IMMEDIATE)], rate, TODAY, TODAY)
    assert first.likely is None
    assert first.early is not None


@pytest.mark.parametrize(
    ("horizon", "words", "end"),
    [
        (Horizon.IMMEDIATE, "This Month", date(2026, 12, 24)),
        (Horizon.SHORT, "Next 3 Months", date(2027, 2, 24)),
        (Horizon.MEDIUM, "6-12 Months", date(2027, 11, 24)),
        (Horizon.MEDIUM, "", date(2027, 11, 24)),
        (Horizon.SHORT, "2 weeks", date(2026, 12, 22) - timedelta(days=14)),
        (Horizon.SHORT, "3 weeks", date(2026, 12, 15)),
        (Horizon.SHORT, "this week", date(2026, 12, 1)),
        (Horizon.SHORT, "next year", date(2027, 11, 24)),
        (Horizon.SHORT, "999 years", date(2126, 11, 24)),
        (Horizon.SHORT, "\x1b nonsense", date(2027, 2, 24)),
    ],
)
def test_a_span_in_words_is_a_deadline(horizon: Horizon, words: str, end: date) -> None:
    assert deadline_of(Span(horizon, "", words), TODAY) == end


# Load and spreading


def test_what_is_overdue_is_due_today() -> None:
    days = [TODAY + timedelta(days=days) for days in (-50, 0, 3, LOAD_DAYS - 1, LOAD_DAYS, 999)]
    counts = load(days, TODAY)
    assert len(counts) == LOAD_DAYS
    assert (counts[0], counts[3], counts[-1], sum(counts)) == (2, 1, 1, 4)


def test_of_two_that_are_remembered_alike_the_lower_id_is_first() -> None:
    overdue = [("b", 0.5), ("a", 0.5), ("c", 0.9)]
    assert spread_days(overdue, [], 1, TODAY) == {
        "a": TODAY + timedelta(days=1),
        "b": TODAY + timedelta(days=2),
    }


@given(
    st.lists(st.floats(0.01, 1), max_size=60),
    st.lists(st.integers(0, 5), min_size=14, max_size=14),
    st.integers(1, 5),
)
def test_spreading_never_asks_for_more_than_a_day_takes(
    chances: list[float], ahead: list[int], per_day: int
) -> None:
    overdue = [(f"i{n:02}", chance) for n, chance in enumerate(chances)]
    moved = spread_days(overdue, ahead, per_day, TODAY)
    assert len(overdue) - len(moved) == min(per_day, len(overdue))
    by_day: dict[date, int] = {}
    for day in moved.values():
        assert day > TODAY
        by_day[day] = by_day.get(day, 0) + 1
    for day, count in by_day.items():
        place = (day - TODAY).days
        there = ahead[place] if place < len(ahead) else 0
        assert count <= max(0, per_day - there)
    chance_of = dict(overdue)
    order = sorted(moved, key=lambda id_: (moved[id_], -chance_of[id_]))
    assert [chance_of[id_] for id_ in order] == sorted((chance_of[i] for i in moved), reverse=True)


@pytest.mark.parametrize("first", range(7))
def test_a_week_begins_on_its_day(first: int) -> None:
    for number in range(7):
        begin = week_of(TODAY + timedelta(days=number), first)
        assert begin.weekday() == first
        assert 0 <= (TODAY + timedelta(days=number) - begin).days < 7
