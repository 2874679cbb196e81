"""The user's days: they begin at an hour of their own, in the zone they are in."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import NamedTuple

from tracker_tui.domain.dates import utc_moment, utc_text

_NOON = timedelta(hours=8)
"""From the start of a day to the moment that stands for something back-filled on it."""


class Calendar(NamedTuple):
    """Which day a moment is on. Clocks on the wall decide, so a change of the hour moves no day."""

    zone: tzinfo | None
    starts: int
    """The hour at which a day begins, 0 to 12."""

    def day_of(self, moment: datetime) -> date:
        """Return the user's day on which an aware moment falls."""
        wall = moment.astimezone(self.zone).replace(tzinfo=None)
        try:
            return (wall - timedelta(hours=self.starts)).date()
        except OverflowError:
            return date.min

    def day_of_text(self, at: str) -> date:
        """Return the user's day of a moment as the journal writes it."""
        return self.day_of(utc_moment(at))

    def start_of(self, day: date) -> datetime:
        """Return the moment at which a day begins."""
        return datetime.combine(day, time(self.starts), self.zone)

    def start_text(self, day: date) -> str:
        """Return the moment at which a day begins as the journal writes it."""
        try:
            return utc_text(self.start_of(day))
        except (OverflowError, ValueError, OSError):  # at either end of the calendar
            return f"{day.isoformat()}T00:00:00Z"

    def moment_on(self, day: date, now: datetime) -> datetime:
        """Return the moment that something done on `day` gets: now, or the middle of a past day."""
        if self.day_of(now) == day:
            return now
        return self.start_of(day).astimezone(UTC) + _NOON
