"""Taking an action back: the changes that do it, as a pure function of the journal's rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from tracker_tui.domain.fold import (
    ENTRY_DEFAULTS,
    NOTE_DEFAULTS,
    RELATION_DEFAULTS,
    REVIEW_DEFAULTS,
)
from tracker_tui.domain.journal import Change, Row, Value
from tracker_tui.domain.words import Entity

_DEFAULTS: Mapping[str, Mapping[str, Value]] = {
    Entity.ENTRY.value: ENTRY_DEFAULTS,
    Entity.NOTE.value: NOTE_DEFAULTS,
    Entity.RELATION.value: RELATION_DEFAULTS,
    Entity.REVIEW.value: REVIEW_DEFAULTS,
}


NO_STATE = frozenset((Entity.ACTION.value, Entity.IMPORT.value))
"""What only tells of actions: it is never taken back."""


class Told(NamedTuple):
    """What the journal tells of an action: what it takes back or does again, and what came of it."""

    id: str
    undoes: str | None
    redoes: str | None
    state: str
    """`done`, `undone` or, undone and no more to be done again, `dropped`."""

    @property
    def target(self) -> str:
        """The action that it is about: itself, or the one that it takes back or does again."""
        return self.undoes or self.redoes or self.id


def standing(action: str, rows: Iterable[Row], told: Iterable[Told]) -> list[Row]:
    """Return the rows that count when `action` is taken back: what was undone never was.

    `told` are all actions that the rows are of, in any order. Of one that was undone and done again
    the last doing counts; of `action` it alone or, if it is an undoing, it and the doing before it.

    What an undone action made is only deleted: its fields count all the same, should it be back.

    A doing is taken back from where things are, as the fold has them. An undoing is taken back to
    where they were when what it undid was done: what was done again since had its place before that.
    """
    known = {one.id: one for one in told}
    mine = known[action].target if action in known else action
    undoing = action in known and known[action].undoes is not None
    rows = sorted(rows, key=lambda row: row.stamp)
    # By target and field: where it was done first, and where last. Doing again what added an entry
    # says only that it is there.
    first: dict[tuple[str, str, str, str], Row] = {}
    last: dict[tuple[str, str, str, str], Row] = {}
    for row in rows:
        one = known.get(row.action)
        if one is not None and one.undoes is None:
            said = (one.target, row.entity, row.id, row.field)
            first.setdefault(said, row)
            last[said] = row
    makers: dict[tuple[str, str], str] = {}
    for row in rows:
        if row.field == "deleted":
            one = known.get(row.action)
            makers.setdefault((row.entity, row.id), one.target if one else "")
    result = []
    for row in rows:
        one = known.get(row.action)
        if one is None or row.action == action:
            result.append(row)
            continue
        said = (one.target, row.entity, row.id, row.field)
        target = known.get(one.target)
        made = row.field != "deleted" and makers.get((row.entity, row.id)) == one.target
        stands = made or target is None or target.state == "done"
        if one.target == mine:
            stands = undoing
        if stands and last.get(said) is row:
            at = first[said] if undoing else row
            result.append(row._replace(replica=at.replica, n=at.n, lamport=at.lamport))
    return result


def inverse(action: str, rows: Iterable[Row]) -> list[Change]:
    """Return the changes that take `action` back.

    `rows` are all journal rows of the entities it touched, of seeds those that hold
    (`seeds.standing`). A field that something later has set stays as it is. What the action created is deleted, its fields kept, so that doing it again
    brings everything back.
    """
    fields: dict[tuple[str, str, str], list[Row]] = {}
    for row in rows:
        if row.entity not in NO_STATE:
            fields.setdefault((row.entity, row.id, row.field), []).append(row)
    created = {
        (entity, id_)
        for (entity, id_, name), all_rows in fields.items()
        if name == "deleted" and min(all_rows, key=lambda r: r.stamp).action == action
    }
    changes = []
    for (entity, id_, name), all_rows in fields.items():
        ordered = sorted(all_rows, key=lambda r: r.stamp)
        winner = ordered[-1]
        if winner.action != action:
            continue
        earlier = [r for r in ordered if r.action != action]
        if (entity, id_) in created and not earlier:
            if name != "deleted":
                continue
            old: Value = 1
        elif earlier:
            old = earlier[-1].value
        else:
            old = _DEFAULTS.get(entity, {}).get(name)
        if winner.value != old:
            changes.append(Change(Entity(entity), id_, name, winner.value, old))
    return changes
