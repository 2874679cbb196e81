"""Which backups are kept, and what their files are called."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

NEWEST = 10
"""How many of the newest backups are kept, whatever they were made for."""
DAYS = 21
"""For how many days, the present one included, the last backup of each is kept."""
MONTHS = 12
"""For how many months before the present one the last backup of each is kept."""

DAILY = "daily"
"""What the backup at the first write of a day says it was made for."""

_NAME = re.compile(r"tracker-(\d{8}T\d{6})Z-([a-z0-9]+(?:-[a-z0-9]+)*)\.db", re.ASCII)
_STAMP = "%Y%m%dT%H%M%S"


def keep(moments: Iterable[datetime], now: datetime) -> set[datetime]:
    """Return those of the moments at which backups were made whose backups are kept.

    Days and months are those of the time zone of `now`. What lies ahead of `now`, as after a clock
    was set back, is kept until then and takes no other one's place.
    """
    ordered = sorted(set(moments), reverse=True)
    past = [moment for moment in ordered if moment <= now]
    kept = {*past[:NEWEST], *(moment for moment in ordered if moment > now)}
    days: set[int] = set()
    months: set[int] = set()
    today, this_month = now.toordinal(), _month(now)
    for moment in past:
        local = moment.astimezone(now.tzinfo)
        day, month = local.toordinal(), _month(local)
        if today - day < DAYS and day not in days:
            days.add(day)
            kept.add(moment)
        if this_month - month <= MONTHS and month not in months:
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
