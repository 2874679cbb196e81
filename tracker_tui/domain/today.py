"""What is worth a look today, and why: a first, simple queue."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from tracker_tui.domain.text import plural
from tracker_tui.domain.track import Entry, Span
from tracker_tui.domain.words import HORIZONS


@dataclass(frozen=True, slots=True)
class Due:
    """An entry of today's queue and the reason for it, one plain sentence."""

    entry: Entry
    why: str


def queue(
    in_progress: Sequence[Entry],
    woken: Sequence[Entry],
    steps: Sequence[Entry],
    spans: Sequence[Span],
    today: date,
    limit: int,
    day_of: Callable[[str], date],
) -> list[Due]:
    """Return at most `limit` entries: in progress, then snoozes that ended, then the next step.

    `steps` are the path's, in order; the next one is the first open one of the nearest horizon.
    `day_of` gives the user's day on which a moment of the journal fell.
    """
    result: dict[str, Due] = {}
    day = today.isoformat()
    for entry in in_progress:
        if not entry.snoozed(day):
            result.setdefault(
                entry.id, Due(entry, _progress((today - day_of(entry.updated_at)).days))
            )
    for entry in woken:
        if entry.status.open and not entry.snoozed(day):
            result.setdefault(entry.id, Due(entry, f"Snoozed until {entry.snoozed_until}"))
    step = _next_step(steps, day)
    if step is not None and step.id not in result:
        titles = {span.id: span.title for span in spans}
        title = titles.get(step.horizon, "the path") if step.horizon else "the path"
        result[step.id] = Due(step, f"Next step of {title}")
    return list(result.values())[:limit]


def _next_step(steps: Sequence[Entry], day: str) -> Entry | None:
    for horizon in HORIZONS:
        for step in steps:
            if step.horizon is horizon and step.status.open and not step.snoozed(day):
                return step
    return None


def _progress(days: int) -> str:
    if days <= 0:
        return "In progress, touched today"
    return f"In progress, untouched for {plural(days, 'day')}"
