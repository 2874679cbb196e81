"""The shapes of `--json`: stable, documented in docs/commands.md; dates are ISO 8601."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from tracker_tui.domain.words import Kind, Status

if TYPE_CHECKING:
    from tracker_tui.domain.insight import Forecast, Stats
    from tracker_tui.domain.today import Due
    from tracker_tui.domain.track import ActionLine, Detail, Entry, Found, Link, Standing

Json = dict[str, Any]


def entry_json(entry: Entry, path: Sequence[Entry], ranks: Mapping[str, int]) -> Json:
    """Return one entry of a list.

    `category` and `section` are the ids of those it is or stands in; `critical` is the rank of the
    gap that it is or is a part of, else null. The status of a category or section follows from the
    items below it: learned when all that count are, todo when none was begun, else learning.
    """
    above = [*path, entry]
    return {
        "id": entry.id,
        "kind": entry.kind.value,
        "title": entry.title,
        "description": entry.description,
        "status": _status(entry).value,
        "horizon": entry.horizon.value if entry.horizon else None,
        "effort": entry.effort.value if entry.effort else None,
        "parent": entry.parent,
        "category": next((e.id for e in above if e.kind is Kind.CATEGORY), None),
        "section": next((e.id for e in above if e.kind is Kind.SECTION), None),
        "critical": ranks.get(entry.id),
        "snoozed_until": entry.snoozed_until,
        "retired": entry.retired,
        "created_at": entry.created_at,
        "updated_at": entry.updated_at,
    }


def _status(entry: Entry) -> Status:
    if not entry.is_branch:
        return entry.status
    tally = entry.tally
    if tally.countable and tally.learned == tally.countable:
        return Status.LEARNED
    return Status.LEARNING if tally.learned or tally.learning else Status.TODO


def detail_json(detail: Detail, ranks: Mapping[str, int]) -> Json:
    """Return one entry with everything known about it."""
    entry = detail.entry
    return {
        **entry_json(entry, detail.path, ranks),
        "impact": entry.impact,
        "action": entry.action,
        "done_when": entry.done_when,
        "first_step": entry.first_step,
        "resources": [link._asdict() for link in entry.resources],
        "review": _review(detail.standing),
        "notes": [{"id": n.id, "at": n.at, "text": n.text} for n in detail.notes],
        "covers": [_link(link) for link in detail.covers],
        "covered_by": [_link(link) for link in detail.covered_by],
        "requires": [_link(link) for link in detail.requires],
        "required_by": [_link(link) for link in detail.required_by],
        "related": [_link(link) for link in detail.related],
        "history": [{"at": line.at, "text": line.text} for line in detail.history],
        "children": [
            {"id": c.id, "kind": c.kind.value, "title": c.title, "status": _status(c).value}
            for c in detail.children
        ],
    }


def next_json(due: Due, detail: Detail) -> Json:
    """Return the one thing to do now; `kind` is why, `link` its first one or null."""
    entry = detail.entry
    return {
        "id": entry.id,
        "kind": due.reason.value,
        "title": entry.title,
        "why": due.why,
        "status": entry.status.value,
        "where": [above.title for above in detail.path],
        "first_step": entry.first_step,
        "done_when": entry.done_when,
        "effort": entry.effort.value if entry.effort else None,
        "link": detail.links[0]._asdict() if detail.links else None,
    }


def _link(link: Link) -> Json:
    return {
        "id": link.id,
        "kind": link.kind.value,
        "title": link.title,
        "status": link.status.value,
    }


def found_json(found: Found, plain: str, snippet: str) -> Json:
    """Return one hit of a search; `plain` and `snippet` are its texts without marks."""
    return {
        "id": found.id,
        "kind": found.kind.value,
        "title": plain,
        "status": found.status.value,
        "where": found.where,
        "snippet": snippet,
        "retired": found.retired,
    }


def action_json(line: ActionLine) -> Json:
    """Return one action of the journal."""
    return line._asdict()


def _review(standing: Standing | None) -> Json | None:
    """Return how a learned item stands in its reviews; `recall` is 0 to 1."""
    if standing is None:
        return None
    return {
        "due": standing.due.isoformat(),
        "recall": round(standing.recall, 4),
        "last": standing.last.isoformat(),
        "reviews": standing.reviews,
    }


def stats_json(stats: Stats) -> Json:
    """Return what the days come to; `pace` is null where there is too little to go by."""
    rate = stats.pace
    return {
        "today": stats.today.isoformat(),
        "began": stats.began.isoformat(),
        "rhythm": stats.rhythm,
        "streak": stats.streak,
        "overall": stats.overall._asdict(),
        "activity": {day.isoformat(): count for day, count in sorted(stats.activity.items())},
        "learned": {day.isoformat(): count for day, count in sorted(stats.learned.items())},
        "categories": [
            {"id": e.id, "title": e.title, **e.tally._asdict()} for e in stats.categories
        ],
        "reviews": {"coming": list(stats.reviews), "overdue": stats.overdue},
        "pace": {
            "a_week": round(7 * rate.likely, 2),
            "from": round(7 * rate.slow, 2),
            "to": round(7 * rate.fast, 2),
            "learned": rate.learned,
            "days": rate.days,
        }
        if rate
        else None,
        "forecast": [_forecast(one) for one in stats.forecasts],
    }


def _forecast(one: Forecast) -> Json:
    return {
        "horizon": one.span.id.value,
        "open": one.open,
        "until": one.deadline.isoformat(),
        "early": one.early.isoformat() if one.early else None,
        "likely": one.likely.isoformat() if one.likely else None,
        "late": one.late.isoformat() if one.late else None,
        "does_not_fit": [entry.id for entry in one.over],
    }
