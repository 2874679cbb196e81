"""The days that lie ahead as an iCalendar file: snoozes, horizons that end, reviews."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import NamedTuple

from tracker_tui.domain.insight import Forecast
from tracker_tui.domain.text import line, plural
from tracker_tui.domain.track import Entry


class Dated(NamedTuple):
    """Something on a day."""

    uid: str
    """The same whenever it is written out again, so that a calendar moves it and keeps one."""
    day: date
    summary: str
    description: str = ""


def ahead(
    snoozed: Iterable[Entry],
    forecasts: Iterable[Forecast],
    reviews: Iterable[tuple[Entry, date, float]],
    today: date,
) -> Iterator[Dated]:
    """Return what lies ahead; a review that is overdue is on today."""
    for entry in snoozed:
        if entry.snoozed_until is not None and entry.status.open:
            day = date.fromisoformat(entry.snoozed_until)
            yield Dated(f"snooze-{entry.id}@tracker", day, f"Back on: {line(entry.title)}")
    for one in forecasts:
        if one.open:
            left = f"{plural(one.open, 'item')} left"
            summary = f"End of {line(one.span.title)}"
            yield Dated(f"horizon-{one.span.id}@tracker", one.deadline, summary, left)
    for entry, day, _ in reviews:
        uid = f"review-{entry.id}@tracker"
        asked = f"Do you still know this? {line(entry.done_when)}" if entry.done_when else ""
        yield Dated(uid, max(day, today), f"Review: {line(entry.title)}", asked)


def calendar(found: Iterable[Dated], now: datetime) -> str:
    """Return an iCalendar file (RFC 5545) with an event of a whole day for each; `now` is UTC."""
    from icalendar import Calendar, Event  # 60 ms, and only for this

    made = Calendar()
    made.add("prodid", "-//tracker//tracker//EN")
    made.add("version", "2.0")
    for dated in found:
        event = Event()
        event.add("uid", dated.uid)
        event.add("dtstamp", now)
        event.add("dtstart", dated.day)
        event.add("dtend", dated.day + timedelta(days=1))
        event.add("summary", dated.summary)
        if dated.description:
            event.add("description", dated.description)
        event.add("transp", "TRANSPARENT")
        made.add_component(event)
    return bytes(made.to_ical()).decode()
