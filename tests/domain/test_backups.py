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
    file_name,
    free_moment,
    keep,
    read_name,
)

ZONE = timezone(timedelta(hours=9))
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=ZONE)
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
    for moment in past:
        day = moment.astimezone(ZONE).date()
        of_day = [m for m in past if m.astimezone(ZONE).date() == day]
        if (NOW.date() - day).days < DAYS:
            assert max(of_day) in kept, "one of each of the last days"
        of_month = [
            m for m in past if m.astimezone(ZONE).date().replace(day=1) == day.replace(day=1)
        ]
        if (NOW.year - day.year) * 12 + NOW.month - day.month <= MONTHS:
            assert max(of_month) in kept, "one of each of the last months"
    assert len(kept - set(past[:NEWEST]) - {m for m in made if m > NOW}) <= DAYS + MONTHS + 1


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
        ago = [divmod(now.year * 12 + now.month - 1 - i, 12) for i in range(MONTHS + 1)]
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


def test_two_backups_never_have_one_moment() -> None:
    first = free_moment(NOW, [])
    assert first == NOW
    assert free_moment(NOW, [first, first + timedelta(seconds=1)]) == first + timedelta(seconds=2)
