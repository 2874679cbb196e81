"""The current state as a pure fold of the journal.

For each entity and field the row with the highest (lamport, replica, n) wins; of the rows of seeds
only those that hold, see `seeds.py`. The order in which rows arrive and how often they do make no
difference: tests/domain/test_fold.py holds that. What
follows from the facts is worked out in `derived.py`; the store's tables are a cache of both.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from tracker_tui.domain.journal import Change, Row, Value
from tracker_tui.domain.seeds import Standing, standing
from tracker_tui.domain.words import Entity, Kind, Rating, Status

ENTRY_DEFAULTS: Mapping[str, Value] = {
    "kind": Kind.ITEM.value,
    "parent": None,
    "position": "a0",
    "title": "",
    "description": "",
    "status": Status.TODO.value,
    "horizon": None,
    "snoozed_until": None,
    "impact": "",
    "action": "",
    "done_when": "",
    "first_step": "",
    "effort": None,
    "resources": "",
    "progressed_on": None,
    "deleted": 0,
}
"""The fields of an entry, and what they are where the journal says nothing."""

TEXT_FIELDS = (
    *("title", "description", "impact", "action", "done_when", "first_step", "resources"),
)
"""The fields of an entry that a user edits as text."""

NOTE_DEFAULTS: Mapping[str, Value] = {"entry": "", "text": "", "at": "", "deleted": 0}
REVIEW_DEFAULTS: Mapping[str, Value] = {
    "entry": "",
    "at": "",
    "rating": Rating.GOOD.value,
    "claim": 0,
    "deleted": 0,
}
RELATION_DEFAULTS: Mapping[str, Value] = {
    "kind": "",
    "source": "",
    "target": "",
    "position": "a0",
    "deleted": 0,
}

Key = tuple[str, str]
Facts = dict[str, Value]
Stamp = tuple[int, str, int]


class Fold:
    """What a journal comes to."""

    def __init__(self) -> None:
        self.facts: dict[Key, Facts] = {}
        """(entity, id) to its fields, defaults left out."""
        self.created: dict[Key, str] = {}
        """When something was first said of an entity."""
        self.updated: dict[Key, str] = {}
        """When a user last said something of it; those left out of which only seeds speak."""
        self.withdrawn: frozenset[str] = frozenset()
        """Ids of the entries that their seed has no longer."""
        self.rows: dict[tuple[str, int], Row] = {}

    def of(self, entity: Entity) -> dict[str, Facts]:
        """The facts of one sort of entity, by id."""
        return {id_: facts for (kind, id_), facts in self.facts.items() if kind == entity.value}


def fold(rows: Iterable[Row]) -> Fold:
    """Fold `rows`, in any order and with any repetition."""
    result = Fold()
    for row in rows:
        result.rows[row.replica, row.n] = row
        at = (row.entity, row.id)
        if at not in result.created or row.at < result.created[at]:
            result.created[at] = row.at
        if row.lamport and (at not in result.updated or row.at > result.updated[at]):
            result.updated[at] = row.at
    seeds = standing([row for row in result.rows.values() if not row.lamport])
    result.withdrawn = seeds.withdrawn
    winners: dict[tuple[str, str, str], Row] = {}
    for row in (*seeds.rows, *(row for row in result.rows.values() if row.lamport)):
        key = (row.entity, row.id, row.field)
        best = winners.get(key)
        if best is None or row.stamp > best.stamp:
            winners[key] = row
    for (entity, id_, name), row in sorted(winners.items()):
        result.facts.setdefault((entity, id_), {})[name] = row.value
    return result


class Told(NamedTuple):
    """What is told of one entity: all that a journal comes to, or a part of it."""

    key: Key
    facts: Facts
    created: str
    """When something was first said of it."""
    updated: str | None
    """When a user last said something of it; None where only seeds did."""
    withdrawn: bool = False
    """Whether its seed has it no longer."""


def all_told(state: Fold) -> Iterator[Told]:
    """Return what a fold says of each of its entities."""
    for key, facts in state.facts.items():
        entity, id_ = key
        withdrawn = entity == Entity.ENTRY.value and id_ in state.withdrawn
        yield Told(key, facts, state.created[key], state.updated.get(key), withdrawn)


def told_by_entity(rows: Iterable[Row], seeds: Standing) -> Iterator[Told]:
    """Return what a fold says of each entity; only the rows about one of them are looked at at a time.

    Args:
        rows: All rows of a journal, each once; those about one entity come together.
        seeds: What the rows of seeds among them come to.
    """
    held: dict[Key, list[Row]] = {}
    for row in seeds.rows:
        held.setdefault((row.entity, row.id), []).append(row)
    for key, some in groupby(rows, key=itemgetter(5, 6)):
        winners: dict[str, Row] = {}
        for row in held.get(key, ()):
            _win(winners, row)
        created, updated = "", None
        for row in some:
            if not created or row.at < created:
                created = row.at
            if row.lamport:
                if updated is None or row.at > updated:
                    updated = row.at
                _win(winners, row)
        if winners:
            entity, id_ = key
            withdrawn = entity == Entity.ENTRY.value and id_ in seeds.withdrawn
            facts = {name: row.value for name, row in winners.items()}
            yield Told(key, facts, created, updated, withdrawn)


def _win(winners: dict[str, Row], row: Row) -> None:
    best = winners.get(row.field)
    if best is None or row.stamp > best.stamp:
        winners[row.field] = row


def told_by_action(changes: Iterable[Change], at: str) -> Iterator[Told]:
    """Return what one action of a user says, of each stretch of changes that speak of one entity.

    `at` is when it was done.
    """
    for (entity, id_), some in groupby(changes, key=itemgetter(0, 1)):
        yield Told((entity.value, id_), {name: new for _, _, name, _, new in some}, at, at)


def touched_at(state: Fold) -> dict[str, str]:
    """When a user last said something of each entry or of a note on it, by entry id.

    Where none did, when it was first said to be there.
    """
    said = {id_: at for (entity, id_), at in state.updated.items() if entity == Entity.ENTRY.value}
    for id_, facts in state.of(Entity.NOTE).items():
        of, at = str(facts.get("entry", "")), state.updated.get((Entity.NOTE.value, id_), "")
        said[of] = max(said.get(of, ""), at)
    return {
        id_: said.get(id_) or at
        for (entity, id_), at in state.created.items()
        if entity == Entity.ENTRY.value
    }


def effective_status(own: str, covered: Iterable[str]) -> str:
    """The status of an entry that covers others follows from theirs; else it is its own.

    Skipped ones do not count; learned is when all of the rest are, todo when none was begun.
    """
    statuses = list(covered)
    if not statuses:
        return own
    counting = [s for s in statuses if s != Status.SKIPPED.value]
    if not counting:
        return Status.SKIPPED.value
    if all(s == Status.LEARNED.value for s in counting):
        return Status.LEARNED.value
    if all(s == Status.TODO.value for s in counting):
        return Status.TODO.value
    return Status.LEARNING.value


class ActionState(NamedTuple):
    """Where an action stands: see `domain.track.ActionLine.state`."""

    id: str
    replica: str
    first: int
    at: str
    label: str
    undoes: str | None
    redoes: str | None
    state: str
    day: str


def actions(state: Fold) -> list[ActionState]:
    """The actions of a fold in the order of each replica, and which can be undone or redone.

    Doing something new drops what was undone of the same replica before it: it can no longer be
    redone. A replica may also take back what another one did: the one whose state it began with.
    """
    first: dict[str, Row] = {}
    for row in state.rows.values():
        if row.action not in first or row.n < first[row.action].n:
            first[row.action] = row
    states: dict[str, str] = {}
    undone: dict[str, dict[str, None]] = {}
    for row in sorted(first.values(), key=lambda r: r.stamp):
        facts = state.facts.get((Entity.ACTION.value, row.action), {})
        undoes, redoes = facts.get("undoes"), facts.get("redoes")
        states[row.action] = "done"
        if undoes in states:
            states[str(undoes)] = "undone"
            undone.setdefault(first[str(undoes)].replica, {})[str(undoes)] = None
        elif redoes in states and states[str(redoes)] == "undone":
            states[str(redoes)] = "done"
            del undone[first[str(redoes)].replica][str(redoes)]
        elif undoes is None and redoes is None:
            for id_ in undone.pop(row.replica, ()):
                states[id_] = "dropped"
    ordered = sorted(first.values(), key=lambda r: (r.replica, r.n))
    result = []
    for row in ordered:
        facts = state.facts.get((Entity.ACTION.value, row.action), {})
        undoes, redoes = facts.get("undoes"), facts.get("redoes")
        result.append(
            ActionState(
                row.action,
                row.replica,
                row.n,
                row.at,
                str(facts.get("label") or ""),
                None if undoes is None else str(undoes),
                None if redoes is None else str(redoes),
                states[row.action],
                _day(row, facts),
            )
        )
    return result


def _day(row: Row, facts: Facts) -> str:
    """The user's day on which an action counts; empty if on none.

    Of one that does not say so it is the day in UTC, unless it only takes another back.
    """
    if "day" in facts:
        return str(facts["day"] or "")
    return "" if "undoes" in facts or "redoes" in facts else row.at[:10]
