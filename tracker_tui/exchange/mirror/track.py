"""The track as the two halves of a mirror look at it."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections import defaultdict
from collections.abc import Iterable, Sequence

from tracker_tui.domain import order
from tracker_tui.domain.track import Entry
from tracker_tui.domain.words import Horizon
from tracker_tui.exchange.mirror.ties import Said, said_of, spot_of


class Track:
    """The entries as they are now, by id and by place."""

    def __init__(self, living: Iterable[Entry], deleted: Iterable[Entry] = ()) -> None:
        self.entries = {entry.id: entry for entry in (*deleted, *living)}
        self._said: dict[str, Said] = {}
        self.below: defaultdict[str, list[Entry]] = defaultdict(list)
        """By spot the living entries, in their order."""
        for entry in self.entries.values():
            if not entry.deleted:
                self.below[spot_of(entry.kind, entry.parent, entry.horizon)].append(entry)
        for siblings in self.below.values():
            siblings.sort(key=lambda entry: (entry.position, entry.id))

    def said(self, entry: Entry) -> Said:
        """Return what is said of an entry, as `ties.said_of`."""
        found = self._said.get(entry.id)
        if found is None:
            found = self._said[entry.id] = said_of(entry)
        return found

    def with_changed(self, changed: Iterable[Entry]) -> Track:
        """Return the track with some entries as they are by now, for what is said of them."""
        made = Track(())
        made.entries = {**self.entries, **{entry.id: entry for entry in changed}}
        made._said = {**self._said}
        for entry in changed:
            made._said.pop(entry.id, None)
        return made

    def living(self, id_: str) -> Entry | None:
        """Return an entry that is there and was not deleted."""
        found = self.entries.get(id_)
        return None if found is None or found.deleted else found


class Places:
    """Order keys for what comes between others, kept up while they are given out."""

    def __init__(self, track: Track) -> None:
        self._track = track
        self._keys: dict[str, list[str]] = {}
        self._of: dict[str, str] = {}

    def _there(self, spot: str) -> list[str]:
        if spot not in self._keys:
            self._keys[spot] = [entry.position for entry in self._track.below.get(spot, ())]
        return self._keys[spot]

    def position(self, id_: str) -> str:
        """Return the order key that an entry has by now."""
        given = self._of.get(id_)
        return given if given is not None else self._track.entries[id_].position

    def give(
        self, spot: str, ids: Sequence[str], behind: str | None, before: str | None
    ) -> list[str]:
        """Return keys for `ids` behind one sibling, or before one, or at the end."""
        there = self._there(spot)
        low = high = None
        if behind is not None:
            low = self.position(behind)
            place = bisect_right(there, low)
            high = there[place] if place < len(there) else None
        elif before is not None:
            high = self.position(before)
            place = bisect_left(there, high)
            low = there[place - 1] if place else None
        elif there:
            low = there[-1]
        keys = order.spread(low, high, len(ids))
        for id_, made in zip(ids, keys, strict=True):
            self._of[id_] = made
            insort(there, made)
        return keys


def parent_of(spot: str) -> str | None:
    """Return the parent of what lies in a spot."""
    return None if spot.startswith("@") else spot


def horizon_of(spot: str) -> Horizon | None:
    """Return the horizon whose steps lie in a spot."""
    prefix, _, name = spot.partition("-")
    return Horizon(name) if prefix == "@step" and name in list(Horizon) else None
