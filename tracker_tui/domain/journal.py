"""What is recorded: rows, changes and actions.

The journal is append-only. Each `Row` says that, on one replica, one field of one entity took a
value. `(lamport, replica, n)` orders the rows of a field; the highest wins. A `Change` is what a
row is before it has a place in the journal; an `Action` is the changes one thing the user did made,
and the unit of undo.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import NamedTuple, Self, overload

from tracker_tui.domain.words import Entity

Value = str | int | None
"""A field's value: text, a whole number (0 and 1 for no and yes) or nothing."""


class Row(NamedTuple):
    """One row of the journal."""

    replica: str
    n: int
    """Counts the rows of a replica from 1, without gaps; those of a seed from its version on."""
    lamport: int
    """Logical clock: 0 for the seed, from 1 for the user; one for all rows of an action."""
    at: str
    """UTC, ISO 8601 to the second: `2026-11-24T04:16:36Z`. For people; never decides anything."""
    action: str
    entity: str
    id: str
    field: str
    value: Value

    @property
    def stamp(self) -> tuple[int, str, int]:
        """What decides between two values of one field: the highest wins."""
        return (self.lamport, self.replica, self.n)


class Change(NamedTuple):
    """One entity's field going from an old value to a new one."""

    entity: Entity
    id: str
    field: str
    old: Value
    new: Value


class Made(Sequence[Change]):
    """Changes that are made whenever they are gone through: a list of a million takes 100 MiB.

    Args:
        count: How many there are.
        make: Makes them, the same ones each time.
    """

    def __init__(self, count: int, make: Callable[[], Iterable[Change]]) -> None:
        self._count = count
        self._make = make

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[Change]:
        return iter(self._make())

    @overload
    def __getitem__(self, place: int) -> Change: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Change]: ...
    def __getitem__(self, place: int | slice) -> Change | Sequence[Change]:
        if isinstance(place, slice):
            return tuple(self)[place]
        wanted = range(self._count)[place]
        return next(islice(self, wanted, None))


class Action(NamedTuple):
    """The changes one thing the user did made, in words and in fact.

    An action that takes another back names it in `undoes`, one that does it again in `redoes`.
    """

    label: str
    changes: Sequence[Change]
    id: str = ""
    """Given by the store when the action is written: `<replica>-<n of its first row>`."""
    at: str = ""
    undoes: str | None = None
    redoes: str | None = None
    day: str | None = None
    """The user's day (an ISO date) on which it counts as something done; empty: on none."""
    entries: tuple[str, ...] = ()
    """Ids of the entries that a view of the track has to look at again; filled by the store."""
    anew: bool = False
    """Whether everything may be different, since another state of the track was restored."""

    def also(self, *more: Change) -> Self:
        """Return the action with more changes behind those that it has."""
        had = self.changes
        if isinstance(had, Made):
            return self._replace(changes=Made(len(had) + len(more), lambda: chain(had, more)))
        return self._replace(changes=(*had, *more))

    @property
    def places_changed(self) -> bool:
        """Whether something was added, moved, deleted or brought back: rows come, go or move."""
        return any(
            c.entity is Entity.ENTRY and c.field in ("deleted", "parent", "position")
            for c in self.changes
        )
