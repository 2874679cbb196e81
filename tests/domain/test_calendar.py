from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker_tui.domain.calendar import Calendar
from tracker_tui.domain.dates import parse_day
from tracker_tui.errors import TrackerError

BERLIN = ZoneInfo("Europe/Berlin")
ZONES = st.sampled_from(
    [ZoneInfo(n) for n in ("Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Apia")]
)
MOMENTS = st.datetimes(datetime(1990, 1, 1), datetime(2060, 1, 1)).map(
    lambda moment: moment.replace(tzinfo=UTC)
)
TODAY = date(2026, 11, 24)


@given(ZONES, MOMENTS, st.integers(0, 12))
def test_a_moment_is_within_its_day(zone: ZoneInfo, moment: datetime, starts: int) -> None:
    calendar = Calendar(zone, starts)
    day = calendar.day_of(moment)
    # Around a change of the hour the start itself may be an hour that is not there, or there twice.
    slack = timedelta(hours=1)
    begin, end = (calendar.start_of(d).astimezone(UTC) for d in (day, day + timedelta(days=1)))
    assert begin - slack <= moment < end + slack


@given(ZONES, MOMENTS, st.integers(0, 12))
def test_days_never_go_back(zone: ZoneInfo, moment: datetime, starts: int) -> None:
    if zone.key == "Pacific/Apia" and moment.year in (2011, 2012):
        return  # The island left out a whole day then.
    calendar = Calendar(zone, starts)
    days = [calendar.day_of(moment + timedelta(minutes=30 * n)) for n in range(100)]
    steps = {(b - a).days for a, b in zip(days, days[1:], strict=False)}
    # A clock turned back over the start of a day makes an hour of the day before of it.
    assert steps <= {0, 1} or (steps <= {-1, 0, 1} and starts in (0, 1, 2, 3))


@pytest.mark.parametrize(
    ("wall", "day"),
    [
        ("2026-03-29T01:59", "2026-03-28"),
        ("2026-03-29T03:59", "2026-03-28"),
        ("2026-03-29T04:00", "2026-03-29"),
        ("2026-10-25T03:59", "2026-10-24"),
        ("2026-10-25T04:00", "2026-10-25"),
    ],
)
def test_the_wall_clock_decides_when_the_hour_changes(wall: str, day: str) -> None:
    moment = datetime.fromisoformat(wall).replace(tzinfo=BERLIN)
    assert Calendar(BERLIN, 4).day_of(moment) == date.fromisoformat(day)


@given(ZONES, MOMENTS, st.integers(0, 12), st.integers(0, 7))
def test_what_is_filled_in_is_on_its_day(
    zone: ZoneInfo, now: datetime, starts: int, back: int
) -> None:
    calendar = Calendar(zone, starts)
    day = calendar.day_of(now) - timedelta(days=back)
    if zone.key == "Pacific/Apia" and day.year == 2011:
        return
    moment = calendar.moment_on(day, now)
    assert calendar.day_of(moment) == day
    assert moment <= now or not back


def test_the_ends_of_the_calendar() -> None:
    calendar = Calendar(timezone(timedelta(hours=14)), 4)
    assert calendar.start_text(date.min) == "0001-01-01T00:00:00Z"
    assert calendar.start_text(date.max).startswith("9999-12-3")
    assert calendar.day_of(datetime.min.replace(tzinfo=UTC)) == date.min
    assert calendar.day_of_text("2026-11-24T12:00:00Z") == date(2026, 11, 24)


# Days in words, past ones too


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("today", "2026-11-24"),
        (" Yesterday ", "2026-11-23"),
        ("3 days ago", "2026-11-21"),
        ("2w ago", "2026-11-10"),
        ("1 month ago", "2026-10-24"),
        ("2026-01-31", "2026-01-31"),
        ("tomorrow", "2026-11-25"),
        ("friday", "2026-11-27"),
        ("3d", "2026-11-27"),
        ("now", "2026-11-24"),
        ("next week", "2026-11-30"),
    ],
)
def test_a_day_in_words(words: str, day: str) -> None:
    assert parse_day(words, TODAY) == date.fromisoformat(day)


def test_next_week_begins_on_the_users_first_day() -> None:
    assert parse_day("next week", TODAY, 6) == date(2026, 11, 29)


@pytest.mark.parametrize("words", ["", "ago", "someday", "9999y ago", "2026-02-30", "x ago"])
def test_what_is_no_day_is_said(words: str) -> None:
    with pytest.raises(TrackerError) as caught:
        parse_day(words, TODAY)
    assert str(caught.value) == (
        f"“{words}” is not a day I know; "
        "write today, yesterday, 3 days ago, friday, or a date such as 2026-12-24"
    )
