from __future__ import annotations

from datetime import date

import pytest

from tracker_tui.domain.dates import add_months, ago, parse_when
from tracker_tui.errors import TrackerError

TUESDAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("tomorrow", "2026-11-25"),
        ("Friday", "2026-11-27"),
        ("tue", "2026-12-01"),
        ("3d", "2026-11-27"),
        ("in 2 weeks", "2026-12-08"),
        ("1m", "2026-12-24"),
        ("next week", "2026-11-30"),
        ("next month", "2026-12-01"),
        ("2027-01-31", "2027-01-31"),
        ("1 dec", "2026-12-01"),
        ("jan 5", "2027-01-05"),
    ],
)
def test_a_day_in_words(words: str, day: str) -> None:
    assert parse_when(words, TUESDAY).isoformat() == day


@pytest.mark.parametrize(
    "words", ["", "soon", "today", "2020-01-01", "2026-02-30", "9999y", "x" * 999]
)
def test_what_is_no_day_to_come_is_refused_in_one_line(words: str) -> None:
    with pytest.raises(TrackerError) as caught:
        parse_when(words, TUESDAY)
    assert "\n" not in str(caught.value)


def test_a_shorter_month_ends_sooner() -> None:
    assert add_months(date(2026, 1, 31), 1) == date(2026, 2, 28)


def test_ago() -> None:
    assert ago(TUESDAY, TUESDAY) == "today"
    assert ago(date(2026, 11, 12), TUESDAY) == "12 days ago"
    assert ago(date(2026, 11, 27), TUESDAY) == "in 3 days"
