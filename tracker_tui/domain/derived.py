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

from array import array
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


NOTHING, ELSEWHERE = -1, -2
"""What an entry lies in, if in nothing, or in what is not there."""


class Columns:
    """What the journal says of many entries, by their place among them: a row of each takes more room."""

    def __init__(self) -> None:
        self.kind: list[str] = []
        self.over = array("q")
        """The place of what each lies in; or `NOTHING`, `ELSEWHERE`."""
        self.status: list[str] = []
        self.deleted = bytearray()
        """As `Own.deleted`."""


class Derivation:
    """Everything that follows, for all entries.

    Args:
        own: What the journal says of each.
        covers: Source and target of the relations that stand between them.
        said: Asked only about entries whose parents go round in a circle; like `Parents`.
        place: Gives the place of an id.
    """

    def __init__(
        self,
        own: Columns,
        covers: Iterable[tuple[int, int]],
        said: Callable[[Sequence[int]], Mapping[int, Sequence[Said]]],
        place: Callable[[str | None], int],
    ) -> None:
        self.moved: dict[int, str | None] = {}
        """The parents of those that do not lie in what they are said to."""
        self._own = own
        self._over = own.over[:]
        self._break_circles(said, place)
        self._lives = self._living()
        covered: dict[int, list[str]] = {}
        for source, target in covers:
            if self._lives[target]:
                covered.setdefault(source, []).append(own.status[target])
        self._covering = {at: len(statuses) for at, statuses in covered.items()}
        self._status = {
            at: effective_status(own.status[at], statuses) for at, statuses in covered.items()
        }
        self._children = array("q", bytes(8 * len(own.over)))
        self._counts = tuple(self._children[:] for _ in NO_COUNTS)
        self._count()

    def of(self, at: int, parent: str | None) -> Derived:
        """Return what follows for the entry in a place, of which it is said that it lies in `parent`."""
        return Derived(
            self.moved.get(at, parent),
            int(not self._lives[at]),
            self._status.get(at, self._own.status[at]),
            self._covering.get(at, 0),
            self._children[at],
            *(count[at] for count in self._counts),
        )

    def _break_circles(
        self,
        asked: Callable[[Sequence[int]], Mapping[int, Sequence[Said]]],
        place: Callable[[str | None], int],
    ) -> None:
        said: dict[int, list[Said]] = {}
        while circles := _circles(self._over):
            unknown = [at for circle in circles for at in circle if at not in said]
            said.update((at, list(all_said)) for at, all_said in asked(unknown).items())
            for circle in circles:
                late = max(circle, key=lambda at: _lateness(said[at]))
                del said[late][0]
                parent = said[late][0][1] if said[late] else None
                self.moved[late], self._over[late] = parent, place(parent)

    def _living(self) -> bytearray:
        living = bytearray(len(self._over))
        for at, deleted in enumerate(self._own.deleted):
            over = NOTHING if deleted else at
            while over >= 0 and not living[over]:
                living[over] = 1
                over = self._over[over]
        return living

    def _count(self) -> None:
        for at, (direct, lives) in enumerate(zip(self._over, self._lives, strict=True)):
            if not lives or direct < 0:
                continue
            self._children[direct] += 1
            by = contribution(self._own.kind[at], self._status.get(at, self._own.status[at]), 0)
            adding = [
                (count, value) for count, value in zip(self._counts, by, strict=True) if value
            ]
            over = direct if adding else NOTHING
            while over >= 0:
                for count, value in adding:
                    count[over] += value
                over = self._over[over]


def derive(
    own: Mapping[str, Own], covers: Iterable[tuple[str, str]], parents: Parents
) -> dict[str, Derived]:
    """Work out everything that follows, for all entries.

    Args:
        own: What the journal says of each entry, by id.
        covers: Source and target of the relations that stand.
        parents: Asked only about entries whose parents go round in a circle.
    """
    ids = list(own)
    places = {id_: at for at, id_ in enumerate(ids)}

    def place(id_: str | None) -> int:
        return NOTHING if id_ is None else places.get(id_, ELSEWHERE)

    def said(those: Sequence[int]) -> dict[int, Sequence[Said]]:
        return {places[id_]: found for id_, found in parents([ids[at] for at in those]).items()}

    columns = Columns()
    for entry in own.values():
        columns.kind.append(entry.kind)
        columns.over.append(place(entry.parent))
        columns.status.append(entry.status)
        columns.deleted.append(bool(entry.deleted))
    pairs = ((places[s], places[t]) for s, t in covers if s in places and t in places)
    found = Derivation(columns, pairs, said, place)
    return {id_: found.of(at, own[id_].parent) for at, id_ in enumerate(ids)}


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


def _lateness(said: Sequence[Said]) -> tuple[bool, Stamp]:
    """What decides whose move is passed over, of every parent that an entry was given."""
    (stamp, parent), *earlier = said
    moved_by_seed = stamp[0] == 0 and any(other != parent for _, other in earlier)
    return moved_by_seed, stamp


def _circles(over: Sequence[int]) -> list[list[int]]:
    done = bytearray(len(over))
    found = []
    for start in range(len(over)):
        path: dict[int, None] = {}
        at = start
        while at >= 0 and not done[at] and at not in path:
            path[at] = None
            at = over[at]
        if at in path:
            members = list(path)
            found.append(members[members.index(at) :])
        for member in path:
            done[member] = 1
    return found
