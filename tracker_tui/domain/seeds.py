"""What the rows of seeds come to.

A seed is a replica whose rows carry lamport 0; the number of a row tells its version. Every version
that was ever taken in stays in the journal, and which of it holds follows from the rows alone:

- Of what a seed says of an entity only the newest version that speaks of it counts: a text that it
  leaves out is gone.
- What the newest version of a seed no longer has is *withdrawn*. A withdrawn relation does not stand.
  A withdrawn entry is retired: see `domain.derived`.
- A withdrawn entry keeps the relations that it had: they are a part of how it stays.
- Order keys stay. A version counts its keys from the first sibling on, so that one put between two
  would shift all that follow; siblings that keep their order keep their keys instead, and a new one
  gets a key between its neighbours. What the user put between two seeded siblings stays there.

Nothing here asks which version came first or how: replicas that hold the same rows agree.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from enum import IntEnum
from typing import NamedTuple

from tracker_tui.domain import order
from tracker_tui.domain.journal import Row, Value
from tracker_tui.domain.words import SEED_REPLICA, Entity, Kind, RelationKind

BUILT_IN = "dev-environment"
"""Id of the built-in track. Its replica is `seed`; that of any other is `seed:<id>`."""

VERSION_MAX = 1_000_000
ROWS_MAX = 1_000_000_000
"""The rows of a version are counted from `version * ROWS_MAX` on, so that a newer version's win."""

_Place = tuple[Value, ...]
_PLACING = ("kind", "parent", "horizon", "position")


class Retired(IntEnum):
    """Whether an entry's seed still has it, and if not, whether the user did something with it."""

    NO = 0
    TOUCHED = 1
    UNTOUCHED = 2


class Standing(NamedTuple):
    """What the rows of all seeds come to."""

    rows: list[Row]
    """Those that hold, with the values that they then have."""
    withdrawn: frozenset[str]
    """Ids of the entries that no seed has any more."""


def replica_of(id_: str) -> str:
    """Return the replica of a seed."""
    return SEED_REPLICA if id_ == BUILT_IN else f"{SEED_REPLICA}:{id_}"


def id_of(replica: str) -> str:
    """Return the id of the seed that a replica is."""
    return replica.partition(":")[2] or BUILT_IN


def is_seed(replica: str) -> bool:
    """Whether a replica is a seed rather than somebody's database."""
    return replica == SEED_REPLICA or replica.startswith(f"{SEED_REPLICA}:")


def version_of(n: int) -> int:
    """Return the version that the row of a seed with that number belongs to."""
    return n // ROWS_MAX


def standing(rows: Sequence[Row]) -> Standing:
    """Work out what holds of the rows of seeds: `rows` are all of them, each once, in any order."""
    newest: dict[str, int] = {}
    last: dict[tuple[str, str, str], int] = {}
    for row in rows:
        version = version_of(row.n)
        newest[row.replica] = max(newest.get(row.replica, 0), version)
        key = (row.replica, row.entity, row.id)
        last[key] = max(last.get(key, 0), version)
    if all(version_of(row.n) == newest[row.replica] for row in rows):
        return Standing(list(rows), frozenset())
    had = {(entity, id_) for _, entity, id_ in last}
    has = {
        (entity, id_)
        for (replica, entity, id_), version in last.items()
        if version == newest[replica]
    }
    withdrawn = frozenset(id_ for entity, id_ in had - has if entity == Entity.ENTRY)
    counting = [r for r in rows if version_of(r.n) == last[r.replica, r.entity, r.id]]
    unmade = {id_ for entity, id_ in had - has if entity == Entity.RELATION}
    unmade -= _kept(counting, withdrawn)
    keys = {replica: _keys(row for row in rows if row.replica == replica) for replica in newest}
    return Standing([_held(row, unmade, keys[row.replica]) for row in counting], withdrawn)


def _kept(rows: Iterable[Row], withdrawn: frozenset[str]) -> set[str]:
    """The relations that withdrawn entries keep: those from one, and those that go both ways."""
    told: dict[str, dict[str, Value]] = {}
    for row in rows:
        if row.entity == Entity.RELATION:
            told.setdefault(row.id, {})[row.field] = row.value
    return {
        id_
        for id_, facts in told.items()
        if facts.get("source") in withdrawn
        or (facts.get("kind") == RelationKind.RELATED and facts.get("target") in withdrawn)
    }


def _held(row: Row, unmade: set[str], keys: Mapping[str, str]) -> Row:
    if row.entity == Entity.RELATION and row.field == "deleted" and row.id in unmade:
        return row._replace(value=1)
    if row.entity == Entity.ENTRY and row.field == "position" and row.id in keys:
        return row._replace(value=keys[row.id])
    return row


def _keys(rows: Iterable[Row]) -> dict[str, str]:
    """The order keys of one seed's entries after all its versions, by id."""
    told: dict[int, dict[str, dict[str, Value]]] = {}
    for row in sorted(rows, key=lambda row: row.n):
        if row.entity == Entity.ENTRY and row.field in _PLACING:
            entries = told.setdefault(version_of(row.n), {})
            entries.setdefault(row.id, {})[row.field] = row.value
    keys: dict[str, str] = {}
    places: dict[str, _Place] = {}
    for _, entries in sorted(told.items()):
        there: dict[_Place, dict[str, str]] = {}
        for id_, place in places.items():
            there.setdefault(place, {})[id_] = keys[id_]
        siblings: dict[_Place, list[tuple[str, str]]] = {}
        for id_, facts in entries.items():
            position = facts.get("position")
            if isinstance(position, str) and order.is_key(position):
                siblings.setdefault(_place(facts), []).append((position, id_))
        for place, several in siblings.items():
            several.sort()
            known = there.get(place)
            if known:
                inside = {id_: known.pop(id_) for _, id_ in several if id_ in known}
                keys |= order.fitted([id_ for _, id_ in several], inside, known.values())
            else:
                keys |= {id_: position for position, id_ in several}
            places |= dict.fromkeys((id_ for _, id_ in several), place)
    return keys


def _place(facts: Mapping[str, Value]) -> _Place:
    """Among which siblings an entry stands; see `domain.track.place_of`."""
    parent, kind = facts.get("parent"), facts.get("kind")
    if parent is not None:
        return (parent,)
    return (None, kind, facts.get("horizon") if kind == Kind.STEP else None)
