from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker_tui.domain.dates import (
    LOCAL,
    add_months,
    ago,
    parse_past,
    parse_when,
    utc_moment,
    utc_text,
)
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
        ("24 nov", "2027-11-24"),
        ("31. december", "2026-12-31"),
        ("29 feb", "2028-02-29"),
        ("  On  THURSDAY ", "2026-11-26"),
        ("next tuesday", "2026-12-01"),
        ("weekend", "2026-11-28"),
        ("+1y", "2027-11-24"),
        ("9999d", "2054-04-10"),
        ("tom", "2026-11-25"),
        ("week", "2026-11-30"),
        ("month", "2026-12-01"),
        ("the weekend", "2026-11-28"),
    ],
)
def test_a_day_in_words(words: str, day: str) -> None:
    assert parse_when(words, TUESDAY).isoformat() == day


@pytest.mark.parametrize(
    "words",
    [
        *("", "soon", "today", "2020-01-01", "2026-11-24", "2026-02-30", "9999y", "x" * 999),
        *("0d", "0 weeks", "99999d", "10" * 500, "-1d", "31 feb", "0 jan", "1 janitor", "1 ja"),
        *("next", "fr", "\ud800", "\x00", "٣d2", "0000-01-01"),
    ],
)
def test_what_is_no_day_to_come_is_refused_in_one_line(words: str) -> None:
    with pytest.raises(TrackerError) as caught:
        parse_when(words, TUESDAY)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (" soon ", "“soon” is not a day I know"),
        ("2026-11-24", "2026-11-24 is not in the future"),
    ],
)
def test_a_day_that_cannot_be_is_answered_with_some_that_can(words: str, problem: str) -> None:
    with pytest.raises(TrackerError) as caught:
        parse_when(words, TUESDAY)
    assert (caught.value.problem, caught.value.advice) == (
        problem,
        "write tomorrow, friday, 3d, 2w, 1m, next week, or a date such as 2027-01-31",
    )


@pytest.mark.parametrize(
    ("words", "day"),
    [
        *(("monday", "2026-11-23"), ("Fri", "2026-11-20"), ("tuesday", "2026-11-17")),
        *(("last  Wed", "2026-11-18"), ("on sunday", "2026-11-22"), ("today", "2026-11-24")),
        *(("yesterday", "2026-11-23"), ("3 days ago", "2026-11-21"), ("24 nov", "2026-11-24")),
        *(("nov 25", "2025-11-25"), ("29 feb", "2024-02-29"), ("2026-11-20", "2026-11-20")),
        *(("next monday", "2026-11-30"), ("tomorrow", "2026-11-25")),
    ],
)
def test_a_day_that_was_in_words(words: str, day: str) -> None:
    assert parse_past(words, TUESDAY).isoformat() == day


@pytest.mark.parametrize("words", ["", "mo", "last", "lasttue", "31 feb", "0001-00-01", "\x00"])
def test_what_is_no_day_that_was_is_answered_with_some_that_are(words: str) -> None:
    with pytest.raises(TrackerError) as caught:
        parse_past(words, TUESDAY)
    assert str(caught.value).endswith(
        "is not a day I know; write today, yesterday, 3 days ago, friday for the last one,"
        " or a date such as 2026-11-24"
    )


def test_at_the_beginning_of_the_calendar_there_is_no_last_one() -> None:
    for words in ("monday", "yesterday"):
        with pytest.raises(TrackerError, match="is not a day I know"):
            parse_past(words, date.min)


def test_the_day_of_a_leap_year_may_be_eight_years_away() -> None:
    assert parse_when("29 feb", date(2096, 3, 1)) == date(2104, 2, 29)


def test_a_shorter_month_ends_sooner() -> None:
    assert add_months(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert add_months(date(2028, 1, 31), 1) == date(2028, 2, 29)
    assert add_months(date(2026, 5, 31), 1) == date(2026, 6, 30)
    assert add_months(date(1, 1, 31), 1) == date(1, 2, 28)
    assert add_months(date(9999, 1, 31), 1) == date(9999, 2, 28)
    for day, months in ((date(9999, 12, 31), 1), (date(1, 1, 31), -1)):
        with pytest.raises(ValueError, match="year"):
            add_months(day, months)


def test_ago() -> None:
    assert ago(TUESDAY, TUESDAY) == "today"
    assert ago(date(2026, 11, 12), TUESDAY) == "12 days ago"
    assert ago(date(2026, 11, 27), TUESDAY) == "in 3 days"


@pytest.mark.parametrize(
    ("first", "day"), [(0, "2026-11-30"), (1, "2026-12-01"), (2, "2026-11-25"), (6, "2026-11-29")]
)
def test_next_week_begins_on_the_users_first_day(first: int, day: str) -> None:
    assert parse_when("next week", TUESDAY, first).isoformat() == day


@given(st.text(max_size=20), st.dates())
def test_any_words_mean_a_later_day_or_are_refused(words: str, today: date) -> None:
    try:
        assert parse_when(words, today) > today
    except TrackerError as error:
        assert str(error).isprintable()


WORDS = [
    "tomorrow",
    "next week",
    "next month",
    "weekend",
    "monday",
    "1d",
    "1m",
    "9y",
    "29 feb",
    "1 jan",
]


@given(st.sampled_from(WORDS), st.dates(max_value=date(9998, 1, 1)))
def test_all_words_mean_a_day_on_any_day(words: str, today: date) -> None:
    if words == "29 feb" and today.year > 9980:
        return
    assert parse_when(words, today) > today


@pytest.mark.parametrize("words", WORDS)
def test_no_words_fail_on_the_last_day_there_is(words: str) -> None:
    with pytest.raises(TrackerError):
        parse_when(words, date.max)


@given(st.dates(max_value=date(9000, 1, 1)), st.integers(0, 5_000))
def test_months_later_is_the_same_day_or_the_last_of_the_month(day: date, months: int) -> None:
    later = add_months(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day == day.day or (later + timedelta(days=1)).day == 1


OFFSETS = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
LOW, HIGH = datetime(1, 1, 2), datetime(9999, 12, 30)


@given(st.datetimes(LOW, HIGH, timezones=OFFSETS))
def test_a_moment_is_read_as_it_was_written(moment: datetime) -> None:
    written = utc_text(moment)
    assert len(written) == len("2026-11-24T04:16:36Z")
    assert utc_moment(written) == moment.replace(microsecond=0)


@given(st.datetimes(LOW, HIGH, timezones=OFFSETS), st.datetimes(LOW, HIGH, timezones=OFFSETS))
def test_moments_sort_as_their_texts_do(one: datetime, other: datetime) -> None:
    one, other = one.replace(microsecond=0), other.replace(microsecond=0)
    assert (one < other) == (utc_text(one) < utc_text(other))


@pytest.mark.usefixtures("berlin")
@pytest.mark.parametrize(
    ("utc", "wall", "name"),
    [
        ("2026-03-29T00:59:59", "2026-03-29T01:59:59+01:00", "CET"),
        ("2026-03-29T01:00:00", "2026-03-29T03:00:00+02:00", "CEST"),
        ("2026-10-25T00:59:59", "2026-10-25T02:59:59+02:00", "CEST"),
        ("2026-10-25T01:00:00", "2026-10-25T02:00:00+01:00", "CET"),
    ],
)
def test_a_machine_with_a_summer_time(utc: str, wall: str, name: str) -> None:
    here = datetime.fromisoformat(f"{utc}+00:00").astimezone(LOCAL)
    assert (here.isoformat(), here.tzname(), here.dst()) == (wall, name, None)
    assert utc_text(here) == f"{utc}Z"
    assert (LOCAL.utcoffset(None), LOCAL.tzname(None)) == (None, None)


@given(st.datetimes(datetime(1975, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC)))
def test_the_machines_zone_keeps_its_summer_time(moment: datetime) -> None:
    here = moment.astimezone(LOCAL)
    assert here.replace(tzinfo=None) == moment.astimezone().replace(tzinfo=None)
    assert here.tzname() is not None


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (1, "yesterday"),
        (-1, "tomorrow"),
        (59, "59 days ago"),
        (60, "2 months ago"),
        (729, "24 months ago"),
        (730, "2 years ago"),
        (-90, "in 3 months"),
    ],
)
def test_ago_takes_the_unit_that_fits(days: int, words: str) -> None:
    assert ago(TUESDAY - timedelta(days=days), TUESDAY) == words
