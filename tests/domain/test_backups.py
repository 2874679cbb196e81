"""Which backups are kept, whatever the moments they were made at."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker_tui.domain.backups import (
    DAYS,
    MONTHS,
    NEWEST,
    choose,
    file_name,
    free_moment,
    keep,
    read_name,
)
from tracker_tui.domain.calendar import Calendar
from tracker_tui.errors import TrackerError

ZONE = timezone(timedelta(hours=9))
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=ZONE)
CALENDAR = Calendar(ZONE, 4)
moments = st.datetimes(
    datetime(2024, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC)
)  # some of them ahead of NOW


@given(st.lists(moments, max_size=80))
def test_what_is_kept(made: list[datetime]) -> None:
    kept = keep(made, NOW)
    past = sorted((m for m in made if m <= NOW), reverse=True)
    assert kept <= set(made)
    assert set(past[:NEWEST]) <= kept, "the newest ones"
    assert {m for m in made if m > NOW} <= kept, "what lies ahead"
    days = [m.astimezone(ZONE).date() for m in past]
    months = [day.replace(day=1) for day in days]
    for kind, most in ((days, DAYS), (months, MONTHS)):
        for one in sorted(set(kind), reverse=True)[:most]:
            assert past[kind.index(one)] in kept, "the last of each"
    assert len(kept - set(past[:NEWEST]) - {m for m in made if m > NOW}) <= DAYS + MONTHS


def test_a_clock_that_was_ahead_costs_no_more_than_one_day() -> None:
    there = {NOW - timedelta(days=day) for day in range(DAYS)}
    ahead = NOW + timedelta(days=400)
    made = set()
    for minute in range(30):
        made.add(ahead + timedelta(minutes=minute))
        there = keep(there | made, max(made))
    assert there - made == {NOW - timedelta(days=day) for day in range(DAYS - 1)}
    back = keep(there, NOW)
    assert {m for m in there if m <= NOW} == {m for m in back if m <= NOW}


@given(st.lists(moments, max_size=80))
def test_pruning_twice_is_pruning_once(made: list[datetime]) -> None:
    kept = keep(made, NOW)
    assert keep(kept, NOW) == kept


def test_two_years_of_several_backups_a_day() -> None:
    """Pruned after each, as the program does: nothing that a later day would keep is lost early."""
    there: set[datetime] = set()
    begun = datetime(2024, 11, 24, 7, 0, tzinfo=ZONE)
    for day in range(730):
        for hour in (0, 5, 11):
            now = begun + timedelta(days=day, hours=hour)
            there = keep({*there, now}, now)
        days = {m.date() for m in there}
        assert all(now.date() - timedelta(days=i) in days for i in range(min(DAYS, day + 1)))
        months = {(m.year, m.month) for m in there}
        ago = [divmod(now.year * 12 + now.month - 1 - i, 12) for i in range(MONTHS)]
        since = (begun.year, begun.month)
        assert all((y, m + 1) in months for y, m in ago if (y, m + 1) >= since)
        assert len(there) <= NEWEST + DAYS + MONTHS


@given(moments, st.text(max_size=30))
def test_a_name_says_when_and_what_for(moment: datetime, reason: str) -> None:
    name = file_name(moment, reason)
    read = read_name(name)
    assert read is not None
    assert read[0] == moment.replace(microsecond=0)
    assert file_name(*read) == name
    assert "/" not in name and name.isprintable()


@pytest.mark.parametrize(
    "name",
    [
        *("", "mine.db", "tracker.db", "tracker-20261124T080000Z-daily.db.bak"),
        *("tracker-20261324T080000Z-daily.db", "tracker-20261124T080000Z-.db"),
        *("tracker-20261124T080000Z-Daily.db", "tracker-20261124T080000-daily.db"),
        *(".tracker-20261124T080000Z-daily.db.7.tmp", "tracker-20261124T080000Z-a--b.db"),
        "tracker-２0261124T080000Z-daily.db",
    ],
)
def test_other_names_are_none_of_ours(name: str) -> None:
    assert read_name(name) is None


@pytest.mark.usefixtures("berlin")
@pytest.mark.parametrize(
    ("reason", "words"),
    [("Before  Import!", "before-import"), ("v2", "v2"), ("学", "other"), ("", "other")],
)
def test_the_name_of_a_file(reason: str, words: str) -> None:
    assert file_name(NOW, reason) == f"tracker-20261124T000000Z-{words}.db"


def test_of_one_backup_a_day_those_of_three_weeks_and_one_a_month_are_kept() -> None:
    made = [NOW - timedelta(days=days) for days in range(400)]
    days = [(NOW - moment).days for moment in sorted(keep(made, NOW), reverse=True)]
    months = [24, 55, 85, 116, 147, 177, 208, 238, 269, 297, 328, 359]  # the last day of each
    assert days == [*range(DAYS), *months]


MADE = [NOW - timedelta(hours=1, days=days) for days in (0, 1, 2, 10, 30)]


@pytest.mark.parametrize(
    ("words", "index"),
    [
        *(("latest", 0), (" Newest ", 0), ("last", 0), ("1", 0), ("5", 4)),
        *(("1h", 0), ("2h", 1), ("1d", 1), ("2 d", 2), ("1w", 3), ("30d", 4), ("3d", 3)),
        *(("today", 0), ("yesterday", 1), ("2 days ago", 2), ("2026-11-14", 3), ("2026-11-13", 4)),
    ],
)
def test_which_backup_is_meant(words: str, index: int) -> None:
    assert choose(words, MADE, NOW, CALENDAR) == index


@pytest.mark.parametrize(
    ("words", "problem", "advice"),
    [
        *(
            (number, f"there is no backup {number}", "tracker backup list shows them")
            for number in ("0", "6", "9" * 30)
        ),
        ("31D", "there is no backup 31d ago", "tracker backup list shows them"),
        ("5w", "there is no backup 5w ago", "tracker backup list shows them"),
        (
            "2026-10-24",
            "there is no backup of 2026-10-24 or before",
            "tracker backup list shows them",
        ),
        (
            "my  File",
            "“my file” is no file and no backup",
            "write latest, a number of tracker backup list, 2d, a date, or a file",
        ),
    ],
)
def test_what_means_no_backup_is_said(words: str, problem: str, advice: str) -> None:
    with pytest.raises(TrackerError) as caught:
        choose(words, MADE, NOW, CALENDAR)
    assert (caught.value.problem, caught.value.advice) == (problem, advice)
    with pytest.raises(TrackerError) as caught:
        choose(words, [], NOW, CALENDAR)
    assert str(caught.value) == "there is no backup yet; tracker backup makes one"


@pytest.mark.usefixtures("berlin")
def test_two_backups_never_have_one_moment() -> None:
    first = free_moment(NOW, [])
    assert first == NOW
    assert free_moment(NOW.replace(microsecond=7), []).isoformat() == "2026-11-24T00:00:00+00:00"
    assert free_moment(NOW, [first]) == first + timedelta(seconds=1)
    assert free_moment(NOW, [first, first + timedelta(seconds=1)]) == first + timedelta(seconds=2)
