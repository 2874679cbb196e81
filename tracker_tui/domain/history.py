"""What happened, in words: journal rows with their predecessors, told to a person."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import NamedTuple

from tracker_tui.domain import seeds, text
from tracker_tui.domain.journal import Value
from tracker_tui.domain.track import HistoryLine
from tracker_tui.domain.words import SEED_REPLICA, Entity, Rating


class Step(NamedTuple):
    """One journal row of an entry (or of a note on it), with the value it replaced."""

    at: str
    action: str
    replica: str
    entity: str
    id: str
    field: str
    old: Value
    new: Value
    first: bool
    """Whether the journal had said nothing of this field before."""
    undoes: bool
    redoes: bool


_NAMES = {
    "description": "description",
    "impact": "impact",
    "action": "action",
    "done_when": "“done when”",
    "first_step": "first step",
    "resources": "links",
}


def tell(steps: Iterable[Step]) -> list[HistoryLine]:
    """Put an entry's journal rows, the oldest first, into lines, the newest first."""
    lines = []
    for action, group in groupby(steps, key=lambda s: s.action):
        rows = list(group)
        words = _words(rows)
        if not words:
            continue
        if rows[0].undoes:
            words = f"undone: {words}"
        elif rows[0].redoes:
            words = f"redone: {words}"
        lines.append(HistoryLine(rows[0].at, words, action))
    lines.reverse()
    return lines


def _words(rows: list[Step]) -> str:
    fields = {(r.entity, r.field): r for r in rows}
    created = fields.get((Entity.ENTRY, "kind"))
    if created is not None and created.first:
        return _track(created.replica) if seeds.is_seed(created.replica) else "added"
    if seeds.is_seed(rows[0].replica):
        # Every version says everything, and counts its order keys anew.
        changed = [r for r in rows if r.old != r.new and r.field != "position"]
        words = _listed(changed)
        return f"{_track(rows[0].replica)}: {words}" if words else ""
    # The review that learning makes is told by the change of status.
    claims = {r.id for r in rows if r.field == "claim" and r.new}
    return _listed(row for row in rows if row.id not in claims)


def _track(replica: str) -> str:
    """Where an entry was found, or who changed it, if it is a seed's."""
    return "in the built-in track" if replica == SEED_REPLICA else f"in “{seeds.id_of(replica)}”"


def _listed(rows: Iterable[Step]) -> str:
    return ", ".join(dict.fromkeys(part for part in map(_one, rows) if part))


def _one(row: Step) -> str:
    if row.entity == Entity.NOTE:
        return _of_note(row)
    if row.entity == Entity.REVIEW:
        return _of_review(row)
    if row.field == "status":
        return f"{row.old or 'todo'} → {row.new}"
    if row.field == "deleted":
        return "deleted" if row.new else "restored"
    if row.field in ("title", "position", "parent") and row.first:
        return ""
    if row.field == "title":
        return f"renamed from “{text.shortened(text.shown(str(row.old)), 60)}”"
    if row.field == "horizon":
        return f"horizon {row.old or 'none'} → {row.new or 'none'}"
    if row.field == "effort":
        return f"effort {row.old or 'none'} → {row.new or 'none'}"
    if row.field == "progressed_on":
        when = "" if row.new == row.at[:10] else f" on {row.new}"
        return f"made progress{when}" if row.new else ""
    if row.field == "snoozed_until":
        return f"snoozed until {row.new}" if row.new else "no longer snoozed"
    if row.field in ("position", "parent"):
        return "moved"
    name = _NAMES.get(row.field)
    return f"{name} edited" if name else ""


def _of_review(row: Step) -> str:
    if row.field == "rating" and row.new in frozenset(Rating):
        return f"reviewed: {Rating(int(row.new or 0)).word}"
    return "review taken back" if row.field == "deleted" and row.new else ""


def _of_note(row: Step) -> str:
    if row.field == "deleted":
        if row.new:
            return "note deleted"
        return "noted" if row.first else "note restored"
    return "note edited" if row.field == "text" and not row.first else ""
