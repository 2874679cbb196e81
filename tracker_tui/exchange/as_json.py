"""The shapes of `--json`: stable, documented in docs/commands.md; dates are ISO 8601."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tracker_tui.domain.track import ActionLine, Detail, Entry, Found, Link
from tracker_tui.domain.words import Kind, Status

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
        "parent": entry.parent,
        "category": next((e.id for e in above if e.kind is Kind.CATEGORY), None),
        "section": next((e.id for e in above if e.kind is Kind.SECTION), None),
        "critical": ranks.get(entry.id),
        "snoozed_until": entry.snoozed_until,
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
        "resources": [link._asdict() for link in entry.resources],
        "notes": [{"id": n.id, "at": n.at, "text": n.text} for n in detail.notes],
        "covers": [_link(link) for link in detail.covers],
        "covered_by": [_link(link) for link in detail.covered_by],
        "history": [{"at": line.at, "text": line.text} for line in detail.history],
        "children": [
            {"id": c.id, "kind": c.kind.value, "title": c.title, "status": _status(c).value}
            for c in detail.children
        ],
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
    }


def action_json(line: ActionLine) -> Json:
    """Return one action of the journal."""
    return line._asdict()
