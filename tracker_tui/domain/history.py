"""What happened, in words: journal rows with their predecessors, told to a person."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable
from itertools import groupby
from typing import NamedTuple

from tracker_tui.domain import seeds, text
from tracker_tui.domain.fold import Facts, Stamp
from tracker_tui.domain.journal import Row, Value
from tracker_tui.domain.track import HistoryLine
from tracker_tui.domain.words import SEED_REPLICA, Entity, Rating


class Step(NamedTuple):
    """One journal row of an entry (or of a note on it), with the value it replaced.

    What a user replaced is what stood there when they did: see `Replaced`.
    """

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


class Replaced:
    """Finds the value that each row of a journal replaced, going through them as they came.

    A seed's rows are below every user's, whenever they come: by their stamps alone a version that
    was taken in today would change what the user did last year. So a row of a user's replaced what
    the users' rows below it said, or else what the newest version of a seed said that was here by then;
    and a row of a seed replaced what the version before it said.

    Args:
        own: The id of this replica. Of another one's rows nobody knows for certain which version it
            had: it is taken for the one that came last before them and is not dated after them.
    """

    def __init__(self, own: str) -> None:
        self._own = own
        self._told: dict[_Field, list[tuple[Stamp, Value]]] = {}
        self._seeded: dict[tuple[str, str], dict[str, dict[int, tuple[str, Facts]]]] = {}
        """By entity and id, then by replica, then by version: its date, and what it says."""

    def by(self, row: Row) -> Value:
        """Return what the next row of the journal replaced; None where nothing was said."""
        if seeds.is_seed(row.replica):
            return self._by_seed(row)
        told = self._told.setdefault((row.entity, row.id, row.field), [])
        below = bisect_left(told, (row.stamp,))
        old = told[below - 1][1] if below else self._of_seeds(row)
        insort(told, (row.stamp, row.value), key=lambda one: one[0])
        return old

    def _by_seed(self, row: Row) -> Value:
        versions = self._seeded.setdefault((row.entity, row.id), {}).setdefault(row.replica, {})
        version = seeds.version_of(row.n)
        versions.setdefault(version, (row.at[:10], {}))[1][row.field] = row.value
        before = max((one for one in versions if one < version), default=None)
        return None if before is None else versions[before][1].get(row.field)

    def _of_seeds(self, row: Row) -> Value:
        for _, versions in sorted(self._seeded.get((row.entity, row.id), {}).items(), reverse=True):
            if row.replica == self._own:
                then = max(versions)
            else:
                past = [version for version, (day, _) in versions.items() if day <= row.at[:10]]
                then = past[-1] if past else min(versions)
            _, facts = versions[then]
            if row.field in facts:
                return facts[row.field]
        return None


_Field = tuple[str, str, str]


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
