"""What the days come to: pace, forecast, review load. Pure, and silent where there is too little.

A forecast is a range. The number learned in four weeks is a count of rare events, so it is taken to
vary as such counts do, by its square root; the range holds four times out of five.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from tracker_tui.domain.dates import add_months
from tracker_tui.domain.rhythm import Pause, paused
from tracker_tui.domain.track import Entry, Span, Tally
from tracker_tui.domain.words import Horizon, Kind

WINDOW = 28
"""Days that the pace is taken from."""
DAYS_MIN, LEARNED_MIN, ON_DAYS_MIN = 14, 4, 2
"""How many days, items learned and days on which they were make a pace."""
FAR = 20 * 365
"""Days beyond which a date says nothing."""
LOAD_DAYS = 14
_SPREAD = 1.28
"""Standard deviations to either side that hold four times out of five."""


class Pace(NamedTuple):
    """Items learned a day: the likely figure, and a slow and a fast one."""

    likely: float
    slow: float
    fast: float
    learned: int
    """Items learned in the window."""
    days: int
    """Days of the window, paused ones left out."""


class Unit(NamedTuple):
    """A step, or an item planned for a horizon of its own, and the open items it comes to."""

    entry: Entry
    open: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Forecast:
    """When a horizon ends, at the present pace."""

    span: Span
    open: int
    """Items still to be learned in it, those of nearer horizons not counted again."""
    deadline: date
    early: date | None
    """At the fast pace; None if no pace is known, or it is too far away to say."""
    likely: date | None
    late: date | None
    over: tuple[Entry, ...]
    """Steps and items that do not fit before the deadline at the likely pace, the last first."""
    to: Horizon | None
    """The horizon that they would move to."""

    @property
    def past(self) -> bool:
        """Whether it likely ends after its deadline."""
        return bool(self.over)


def pace(
    learned: Mapping[date, int], among: Collection[Pause], began: date, today: date
) -> Pace | None:
    """Return the pace of the last four weeks; None if that is too little to go by.

    `learned` is how many items were learned on each day, `began` the first day of use.
    """
    window = [today - timedelta(days=n) for n in range(WINDOW)]
    days = sum(1 for day in window if day >= began and paused(day, among) is None)
    found = [max(0, learned.get(day, 0)) for day in window]
    count = sum(found)
    if days < DAYS_MIN or count < LEARNED_MIN or sum(map(bool, found)) < ON_DAYS_MIN:
        return None
    spread = _SPREAD * math.sqrt(count)
    return Pace(count / days, max(count - spread, 0.5) / days, (count + spread) / days, count, days)


def too_little(began: date, today: date) -> str:
    """Say what a forecast still needs."""
    days = (today - began).days + 1
    if days < DAYS_MIN:
        return f"too little data: a forecast needs {DAYS_MIN} days, and this is day {max(days, 1)}"
    return f"too little data: fewer than {LEARNED_MIN} items were learned in the last four weeks"


def forecasts(
    spans: Sequence[Span],
    units: Iterable[Unit],
    rate: Pace | None,
    began: date,
    today: date,
) -> list[Forecast]:
    """Return when each horizon ends, the nearest first: they are worked off in that order.

    `units` of one horizon come in the order of their work, steps before items.
    """
    by_horizon: dict[Horizon | None, list[Unit]] = {}
    for unit in sorted(units, key=_order):
        by_horizon.setdefault(unit.entry.horizon, []).append(unit)
    result = []
    seen: set[str] = set()
    before = 0
    horizons = [span.id for span in spans]
    for place, span in enumerate(spans):
        deadline = deadline_of(span, began)
        sizes: list[tuple[Entry, int]] = []
        for unit in by_horizon.get(span.id, ()):
            fresh = set(unit.open) - seen
            seen |= fresh
            sizes.append((unit.entry, len(fresh)))
        count = sum(size for _, size in sizes)
        over: list[Entry] = []
        if rate is not None and count:
            room = math.floor(rate.likely * max(0, (deadline - today).days)) - before
            for entry, size in sizes:
                room -= size
                if room < 0 and size:
                    over.append(entry)
        before += count
        following = horizons[place + 1] if place + 1 < len(horizons) else None
        fast, likely, slow = (
            _ends(before if count else 0, speed, today)
            for speed in ((rate.fast, rate.likely, rate.slow) if rate else (0.0, 0.0, 0.0))
        )
        late = tuple(reversed(over))
        result.append(Forecast(span, count, deadline, fast, likely, slow, late, following))
    return result


def _order(unit: Unit) -> tuple[bool, str]:
    """Steps by their place; items stay in the order in which they came."""
    step = unit.entry.kind is Kind.STEP
    return not step, unit.entry.position if step else ""


def _ends(count: int, speed: float, today: date) -> date | None:
    if not speed:
        return None
    days = math.ceil(count / speed)
    return today + timedelta(days=days) if days <= FAR else None


_UNITS = {"week": 0.25, "month": 1, "year": 12}
_SPAN = re.compile(r"(\d{1,3})\s*(week|month|year)s?\b", re.IGNORECASE)
_THIS = re.compile(r"\b(?:this|next)\s+(week|month|year)\b", re.IGNORECASE)
_MONTHS = {Horizon.IMMEDIATE: 1, Horizon.SHORT: 3, Horizon.MEDIUM: 12}


def deadline_of(span: Span, began: date) -> date:
    """Return the last day of a horizon, counted from the first day of use.

    What its span says in words counts: “This Month”, “Next 3 Months”, “6-12 Months”.
    """
    months: float = _MONTHS[span.id]
    if match := _SPAN.search(span.span):
        months = int(match[1]) * _UNITS[match[2].lower()]
    elif match := _THIS.search(span.span):
        months = _UNITS[match[1].lower()]
    if months < 1:
        return began + timedelta(weeks=round(months * 4))
    return add_months(began, min(round(months), 1_200))


def load(due: Iterable[date], today: date) -> list[int]:
    """Return how many reviews fall on each of the coming days; what is overdue is due today."""
    counts = [0] * LOAD_DAYS
    for day in due:
        place = max(0, (day - today).days)
        if place < LOAD_DAYS:
            counts[place] += 1
    return counts


def week_of(day: date, first_weekday: int) -> date:
    """Return the day on which a week begins."""
    return day - timedelta(days=(day.weekday() - first_weekday) % 7)


@dataclass(frozen=True, slots=True)
class Stats:
    """Everything the insights tell."""

    today: date
    """The last day of it."""
    began: date
    """The first day of use."""
    first_weekday: int
    activity: Mapping[date, int]
    """How many things were done on each day."""
    learned: Mapping[date, int]
    """How many items were learned on each day, less those set back."""
    pauses: tuple[Pause, ...]
    rhythm: int
    streak: int
    overall: Tally
    categories: tuple[Entry, ...]
    reviews: Sequence[int]
    """Due on each of the coming days, from today on."""
    overdue: int
    """Of today's, those that were due before."""
    pace: Pace | None
    forecasts: tuple[Forecast, ...]

    @property
    def silent(self) -> str:
        """Why there is no forecast."""
        return too_little(self.began, self.today)


def spread_days(
    overdue: Sequence[tuple[str, float]], load_by_day: Sequence[int], per_day: int, today: date
) -> dict[str, date]:
    """Say for overdue reviews on which day to do each, `per_day` at most with what is due then.

    `overdue` are ids with their recall now. The most valuable come first: those of which most is
    still there to be kept, since what is nearly forgotten is learned anew either way. Returned are
    only those that move to a later day than today.
    """
    room = [max(0, per_day - count) for count in load_by_day]
    if room:
        room[0] = per_day
    moved: dict[str, date] = {}
    place = 0
    for id_, _ in sorted(overdue, key=lambda pair: (-pair[1], pair[0])):
        while place < len(room) and not room[place]:
            place += 1
        if place >= len(room):
            room.append(per_day)
        room[place] -= 1
        if place:
            moved[id_] = today + timedelta(days=place)
    return moved
