"""Which backups are kept, and what their files are called."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from tracker_tui.domain.calendar import Calendar
from tracker_tui.domain.dates import parse_past
from tracker_tui.domain.journal import Value
from tracker_tui.errors import TrackerError

NEWEST = 10
"""How many of the newest backups are kept, whatever they were made for."""
DAYS = 21
"""Of how many days with a backup the last one of each is kept: three weeks, if there is one each day."""
MONTHS = 13
"""Of how many months with a backup the last one of each is kept: this one, and a year before it."""

DAILY = "daily"
"""What the backup at the first write of a day says it was made for."""

HELP = "write latest, a number of tracker backup list, 2d, a date, or a file"
_LIST = "tracker backup list shows them"
_AGE = re.compile(r"(\d{1,4})\s?(h|d|w)", re.ASCII)
_UNITS = {"h": "hours", "d": "days", "w": "weeks"}
_NAME = re.compile(r"tracker-(\d{8}T\d{6})Z-([a-z0-9]+(?:-[a-z0-9]+)*)\.db", re.ASCII)
_STAMP = "%Y%m%dT%H%M%S"


class Backup(NamedTuple):
    """A file in the folder of backups that the program made."""

    path: Path
    moment: datetime
    """When it was made, UTC."""
    reason: str


class Facts(NamedTuple):
    """What a sound database holds, in figures."""

    schema: int
    items: int
    learned: int
    notes: int
    rows: int
    """How many rows its journal has."""
    lamport: int
    """How far its logical clock is: of two backups the one that is further on is the newer one."""
    era: Value
    """Which restored state it is of; None before anything was restored."""
    replaceable: bool
    """Whether it is a backup that was written to be replaced by the next one."""


def keep(moments: Iterable[datetime], now: datetime) -> set[datetime]:
    """Return those of the moments at which backups were made whose backups are kept.

    Days and months are those of the time zone of `now`, and only those with a backup count: whoever
    is away for long, and a clock that was ahead for an hour, cost no more than any other day. What lies
    ahead of `now`, as after a clock was set back, is kept until then and takes no other one's place.
    """
    ordered = sorted(set(moments), reverse=True)
    past = [moment for moment in ordered if moment <= now]
    kept = {*past[:NEWEST], *(moment for moment in ordered if moment > now)}
    days: set[int] = set()
    months: set[int] = set()
    for moment in past:
        local = moment.astimezone(now.tzinfo)
        day, month = local.toordinal(), _month(local)
        if day not in days and len(days) < DAYS:
            days.add(day)
            kept.add(moment)
        if month not in months and len(months) < MONTHS:
            months.add(month)
            kept.add(moment)
    return kept


def _month(moment: datetime) -> int:
    return moment.year * 12 + moment.month


def file_name(moment: datetime, reason: str) -> str:
    """Return the name of a backup's file: when it was made, in UTC to the second, and what for."""
    words = "-".join(re.findall(r"[a-z0-9]+", reason.lower())) or "other"
    return f"tracker-{moment.astimezone(UTC).strftime(_STAMP)}Z-{words}.db"


def read_name(name: str) -> tuple[datetime, str] | None:
    """Return when a backup was made and what for, of its file's name; None if that is none of ours."""
    found = _NAME.fullmatch(name)
    if found is None:
        return None
    try:
        return datetime.strptime(found[1], _STAMP).replace(tzinfo=UTC), found[2]
    except ValueError:
        return None


def free_moment(now: datetime, taken: Iterable[datetime]) -> datetime:
    """Return `now` to the second, or the first second after it that no other backup has."""
    moment, used = now.astimezone(UTC).replace(microsecond=0), set(taken)
    while moment in used:
        moment += timedelta(seconds=1)
    return moment


def choose(words: str, moments: Sequence[datetime], now: datetime, calendar: Calendar) -> int:
    """Return which of some backups is meant, as an index into their moments.

    Args:
        words: `latest`, a number from 1 for the newest, an age such as `2d`, or a day.
        moments: When they were made, the newest first.
        now: The present moment.
        calendar: The user's days.

    Raises:
        TrackerError: if it means none of them.
    """
    words = " ".join(words.lower().split())
    if not moments:
        raise TrackerError("there is no backup yet", "tracker backup makes one")
    if words in ("latest", "newest", "last"):
        return 0
    if words.isdecimal():
        if not 1 <= int(words[:9]) <= len(moments):
            raise TrackerError(f"there is no backup {words}", _LIST)
        return int(words) - 1
    if match := _AGE.fullmatch(words):
        until = now - timedelta(**{_UNITS[match[2]]: int(match[1])})
        what = f"{words} ago"
        found = next((i for i, moment in enumerate(moments) if moment <= until), None)
    else:
        try:
            day = parse_past(words, calendar.day_of(now))
        except TrackerError as error:
            raise TrackerError(f"“{words}” is no file and no backup", HELP) from error
        what = f"of {day.isoformat()} or before"
        days = (calendar.day_of(moment) for moment in moments)
        found = next((i for i, made in enumerate(days) if made <= day), None)
    if found is None:
        raise TrackerError(f"there is no backup {what}", _LIST)
    return found
