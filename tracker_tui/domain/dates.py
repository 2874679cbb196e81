"""Days and times in words, both ways. A "today" is always an argument."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta, tzinfo

from tracker_tui.errors import TrackerError

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_SPAN = re.compile(r"(?:in\s+)?\+?(\d{1,4})\s*(d|w|m|y|days?|weeks?|months?|years?)\Z")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})\Z")
_DAY_MONTH = re.compile(r"(?:(\d{1,2})\.?\s+([a-z]{3,9})|([a-z]{3,9})\s+(\d{1,2}))\Z")

_PAST = re.compile(r"(\d{1,4})\s*(d|w|m|y|days?|weeks?|months?|years?)\s+ago\Z")
DAY_HELP = "write today, yesterday, 3 days ago, friday, or a date such as 2026-12-24"
PAST_HELP = (
    "write today, yesterday, 3 days ago, friday for the last one, or a date such as 2026-11-24"
)
WHEN_HELP = "write tomorrow, friday, 3d, 2w, 1m, next week, or a date such as 2027-01-31"


def parse_when(text: str, today: date, first_weekday: int = 0) -> date:
    """Return the day that `text` means, counted from `today`; always a later one.

    `first_weekday` is the day on which "next week" begins, 0 for Monday.

    Raises:
        TrackerError: if it means no day, or one that is not in the future.
    """
    words = " ".join(text.lower().split())
    try:
        day = _meant(words, today, first_weekday)
    except (OverflowError, ValueError):  # a 30 February, or past the end of the calendar
        day = None
    if day is None:
        raise TrackerError(f"“{text.strip()}” is not a day I know", WHEN_HELP)
    if day <= today:
        raise TrackerError(f"{day.isoformat()} is not in the future", WHEN_HELP)
    return day


def parse_day(text: str, today: date, first_weekday: int = 0) -> date:
    """Return the day that `text` means, a past one too: `today`, `yesterday`, `3 days ago`, a date.

    Raises:
        TrackerError: if it means no day.
    """
    words = " ".join(text.lower().split())
    try:
        if words in ("today", "now"):
            return today
        if words == "yesterday":
            return today - timedelta(days=1)
        if match := _PAST.match(words):
            return _after(today, -int(match[1]), match[2][0])
        if match := _ISO.match(words):
            return date(int(match[1]), int(match[2]), int(match[3]))
        day = _meant(words, today, first_weekday)
    except (OverflowError, ValueError):
        day = None
    if day is None:
        raise TrackerError(f"“{text.strip()}” is not a day I know", DAY_HELP)
    return day


def parse_past(text: str, today: date, first_weekday: int = 0) -> date:
    """Return the day that `text` means where it cannot be in the future: `friday` is the last one.

    What says that it is yet to come, such as `tomorrow`, is returned as what it says.

    Raises:
        TrackerError: if it means no day.
    """
    words = " ".join(text.lower().split())
    bare = words.removeprefix("last ").removeprefix("on ")
    try:
        weekday = _weekday(bare)
        if weekday is not None:
            return today - timedelta(days=(today.weekday() - weekday - 1) % 7 + 1)
        if (named := _day_and_month(words)) and (day := _such(today, *named, -1)):
            return day
        return parse_day(text, today, first_weekday)
    except (OverflowError, TrackerError):
        raise TrackerError(f"“{text.strip()}” is not a day I know", PAST_HELP) from None


def _meant(words: str, today: date, first_weekday: int) -> date | None:
    if words in ("tomorrow", "tom"):
        return today + timedelta(days=1)
    if words in ("next week", "week"):
        return today + timedelta(days=(first_weekday - today.weekday() - 1) % 7 + 1)
    if words in ("next month", "month"):
        return add_months(today.replace(day=1), 1)
    if words in ("weekend", "the weekend"):
        return _next_weekday(today, 5)
    if match := _SPAN.match(words):
        return _after(today, int(match[1]), match[2][0])
    weekday = _weekday(words.removeprefix("next ").removeprefix("on "))
    if weekday is not None:
        return _next_weekday(today, weekday)
    if match := _ISO.match(words):
        return date(int(match[1]), int(match[2]), int(match[3]))
    named = _day_and_month(words)
    return _such(today, *named) if named else None


def _weekday(name: str) -> int | None:
    """Which day of the week a name, or three letters of it at least, is; 0 for Monday."""
    fits = (number for number, day in enumerate(_DAYS) if len(name) >= 3 and day.startswith(name))
    return next(fits, None)


def _day_and_month(words: str) -> tuple[int, int] | None:
    """The month and the day of `24 nov` and `november 24`."""
    match = _DAY_MONTH.match(words)
    if match is None:
        return None
    day, written = int(match[1] or match[4]), match[2] or match[3]
    fits = (month for month, name in enumerate(_MONTHS, 1) if name.startswith(written))
    month = next(fits, None)
    return (month, day) if month else None


def _such(today: date, month: int, day: int, step: int = 1) -> date | None:
    """The next such day after today or, with a step of -1, the last one up to today."""
    # Eight years hold a 29 February, also around a year such as 2100.
    for year in range(today.year, today.year + 9 * step, step):
        try:
            meant = date(year, month, day)
        except ValueError:
            continue
        if (meant > today) is (step > 0):
            return meant
    return None


def _next_weekday(today: date, weekday: int) -> date:
    return today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)


def _after(today: date, count: int, unit: str) -> date:
    if unit == "d":
        return today + timedelta(days=count)
    if unit == "w":
        return today + timedelta(weeks=count)
    return add_months(today, count if unit == "m" else 12 * count)


def add_months(day: date, months: int) -> date:
    """Return the same day `months` later, or the last one of a shorter month.

    Raises:
        ValueError: if that is past an end of the calendar.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for last in (day.day, 30, 29):
        with suppress(ValueError):
            return date(year, month + 1, last)
    return date(year, month + 1, 28)


def utc_text(moment: datetime) -> str:
    """Return an aware `moment` as the journal writes it: `2026-11-24T04:16:36Z`."""
    # Not strftime: it writes the year 300 as "300", which sorts after 2026.
    return moment.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat() + "Z"


def utc_moment(text: str) -> datetime:
    """Read what `utc_text` wrote."""
    return datetime.fromisoformat(text)


class _Local(tzinfo):
    """The machine's time zone with its summer time, which a fixed offset from UTC would not have."""

    def utcoffset(self, moment: datetime | None) -> timedelta | None:
        return moment.replace(tzinfo=None).astimezone().utcoffset() if moment else None

    def dst(self, _moment: datetime | None) -> timedelta | None:
        return None

    def tzname(self, moment: datetime | None) -> str | None:
        return moment.replace(tzinfo=None).astimezone().tzname() if moment else None

    def fromutc(self, moment: datetime) -> datetime:
        wall = moment.replace(tzinfo=UTC).astimezone()
        here = wall.replace(tzinfo=self)
        # In the hour that is there twice when summer ends, it may be the second one.
        return here if here.utcoffset() == wall.utcoffset() else here.replace(fold=1)


LOCAL: tzinfo = _Local()
"""The time zone of the machine."""


def ago(day: date, today: date) -> str:
    """Return `today`, `yesterday`, `12 days ago`, `3 months ago`, `in 3 days`."""
    days = (today - day).days
    if days == 0:
        return "today"
    if abs(days) == 1:
        return "yesterday" if days > 0 else "tomorrow"
    count = abs(days)
    if count < 60:
        words = f"{count} days"
    elif count < 730:
        words = f"{count // 30} months"
    else:
        words = f"{count // 365} years"
    return f"{words} ago" if days > 0 else f"in {words}"
