"""What follows from the facts: where each entry stands, whether it lives, its status and counts.

The facts of a field are what the journal says last; two replicas that said things without knowing of
each other can leave facts that make no tree. This module says what tree they make all the same:

- Where parents go round in a circle, the move that was written last is passed over, a newer seed's
  before any user's, and so on until there is none.
- An entry that was deleted lives as long as something below it does: what another replica put into
  it must be seen to be dealt with.
- An entry that its seed no longer has is retired. If no user ever said anything of it, of a note or
  review on it or of a relation from or to it, it is as if deleted; else it stays.

The store's tables are a cache of it; `store/project.py` keeps them step by step where it can.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from tracker_tui.domain.fold import (
    ENTRY_DEFAULTS,
    RELATION_DEFAULTS,
    Fold,
    Stamp,
    effective_status,
)
from tracker_tui.domain.seeds import Retired
from tracker_tui.domain.words import Entity, Kind, RelationKind, Status


class Own(NamedTuple):
    """What the journal says of an entry, as far as anything follows from it."""

    kind: str
    parent: str | None
    status: str
    deleted: int
    """Or retired and never touched, which comes to the same."""


class Derived(NamedTuple):
    """What follows for one entry; see `domain.track.Entry` for the counts."""

    parent: str | None
    deleted: int
    status: str
    covering: int
    children: int
    total: int
    learned: int
    learning: int
    skipped: int


Said = tuple[Stamp, str | None]
"""A parent that an entry was once given, and the stamp of the row that did."""

Parents = Callable[[Sequence[str]], Mapping[str, Sequence[Said]]]
"""Gives for some entries every parent they were ever given, the winning one first."""

NO_COUNTS = (0, 0, 0, 0)
_COUNTS = {
    Status.LEARNED.value: (1, 1, 0, 0),
    Status.LEARNING.value: (1, 0, 1, 0),
    Status.SKIPPED.value: (1, 0, 0, 1),
}


def contribution(kind: str, status: str, deleted: int) -> tuple[int, int, int, int]:
    """What an entry adds to the counts above it: items, and of these learned, learning, skipped."""
    if deleted or kind != Kind.ITEM.value:
        return NO_COUNTS
    return _COUNTS.get(status, (1, 0, 0, 0))


def derive(
    own: Mapping[str, Own], covers: Iterable[tuple[str, str]], parents: Parents
) -> dict[str, Derived]:
    """Work out everything that follows, for all entries.

    Args:
        own: What the journal says of each entry, by id.
        covers: Source and target of the relations that stand.
        parents: Asked only about entries whose parents go round in a circle.
    """
    parent = _without_circles({id_: entry.parent for id_, entry in own.items()}, parents)
    living = _living(own, parent)
    covered: dict[str, list[str]] = {}
    for source, target in covers:
        if target in living:
            covered.setdefault(source, []).append(own[target].status)
    status = {
        id_: effective_status(entry.status, covered.get(id_, ())) for id_, entry in own.items()
    }
    children: dict[str, int] = {}
    counts: dict[str, list[int]] = {}
    for id_ in living:
        above = parent[id_]
        if above is not None:
            children[above] = children.get(above, 0) + 1
        by = contribution(own[id_].kind, status[id_], 0)
        while above is not None and above in own and any(by):
            count = counts.setdefault(above, [0, 0, 0, 0])
            for place, value in enumerate(by):
                count[place] += value
            above = parent[above]
    return {
        id_: Derived(
            parent[id_],
            int(id_ not in living),
            status[id_],
            len(covered.get(id_, ())),
            children.get(id_, 0),
            *counts.get(id_, NO_COUNTS),
        )
        for id_ in own
    }


def of_fold(state: Fold) -> dict[str, Derived]:
    """Work out everything that follows from a fold."""
    own = {}
    gone = retired(state)
    for id_, facts in state.of(Entity.ENTRY).items():
        full = {**ENTRY_DEFAULTS, **facts}
        above = full["parent"]
        own[id_] = Own(
            str(full["kind"]),
            None if above is None else str(above),
            str(full["status"]),
            int(bool(full["deleted"]) or gone.get(id_) is Retired.UNTOUCHED),
        )
    covers = []
    for facts in state.of(Entity.RELATION).values():
        full = {**RELATION_DEFAULTS, **facts}
        if full["kind"] == RelationKind.COVERS.value and not full["deleted"]:
            covers.append((str(full["source"]), str(full["target"])))

    def parents(ids: Sequence[str]) -> dict[str, list[Said]]:
        said: dict[str, list[Said]] = {id_: [] for id_ in ids}
        for row in state.rows.values():
            if row.entity == Entity.ENTRY.value and row.field == "parent" and row.id in said:
                said[row.id].append((row.stamp, None if row.value is None else str(row.value)))
        for one in said.values():
            one.sort(reverse=True)
        return said

    return derive(own, covers, parents)


def retired(state: Fold) -> dict[str, Retired]:
    """Return which entries are retired, and whether a user did something with them."""
    if not state.withdrawn:
        return {}
    touched = {id_ for entity, id_ in state.updated if entity == Entity.ENTRY.value}
    for entity in (Entity.NOTE, Entity.REVIEW):
        touched |= {str(facts.get("entry", "")) for facts in state.of(entity).values()}
    for id_, facts in state.of(Entity.RELATION).items():
        if (Entity.RELATION.value, id_) in state.updated:
            touched |= {str(facts.get("source", "")), str(facts.get("target", ""))}
    return {
        id_: Retired.TOUCHED if id_ in touched else Retired.UNTOUCHED for id_ in state.withdrawn
    }


def _without_circles(parent: dict[str, str | None], parents: Parents) -> dict[str, str | None]:
    said: dict[str, list[Said]] = {}
    while circles := _circles(parent):
        unknown = [id_ for circle in circles for id_ in circle if id_ not in said]
        said.update((id_, list(all_said)) for id_, all_said in parents(unknown).items())
        for circle in circles:
            late = max(circle, key=lambda id_: _lateness(said[id_]))
            del said[late][0]
            parent[late] = said[late][0][1] if said[late] else None
    return parent


def _lateness(said: Sequence[Said]) -> tuple[bool, Stamp]:
    """What decides whose move is passed over, of every parent that an entry was given."""
    (stamp, parent), *earlier = said
    moved_by_seed = stamp[0] == 0 and any(other != parent for _, other in earlier)
    return moved_by_seed, stamp


def _circles(parent: Mapping[str, str | None]) -> list[list[str]]:
    done: set[str] = set()
    found = []
    for id_ in parent:
        path: dict[str, None] = {}
        at: str | None = id_
        while at is not None and at in parent and at not in done and at not in path:
            path[at] = None
            at = parent[at]
        if at is not None and at in path:
            members = list(path)
            found.append(members[members.index(at) :])
        done.update(path)
    return found


def _living(own: Mapping[str, Own], parent: Mapping[str, str | None]) -> dict[str, None]:
    living: dict[str, None] = {}
    for id_, entry in own.items():
        at: str | None = None if entry.deleted else id_
        while at is not None and at in own and at not in living:
            living[at] = None
            at = parent[at]
    return living
