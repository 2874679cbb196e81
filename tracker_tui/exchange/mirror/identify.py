"""Which entry each line of a file is: the lines found again, and what is new, gone or back."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterator, Sequence

from tracker_tui.domain import text
from tracker_tui.domain.track import Entry
from tracker_tui.domain.words import Kind
from tracker_tui.exchange.mirror.lines import Line
from tracker_tui.exchange.mirror.ties import Base, Gone, Tie, key, match, spot_of
from tracker_tui.exchange.mirror.track import Track


class Identified:
    """The lines of a file with their entries.

    Args:
        base: What was tied before.
        lines: The lines of the file now.
        track: The entries as they are now.
        everywhere: Whether a line may be an entry that lies elsewhere in the track.
    """

    def __init__(
        self, base: Base, lines: Sequence[Line], track: Track, *, everywhere: bool
    ) -> None:
        self.base = base
        self.lines = lines
        self.track = track
        self.old: list[Tie | None] = [None] * len(lines)
        """Of each line what was known of it, itself or as something that had gone."""
        self.ids: list[str] = []
        """Of each line the entry that it is; empty for none."""
        self.spots: list[str] = []
        """Of each line where it lies, as `ties.spot_of`."""
        self.fresh: set[int] = set()
        """Lines that are new entries; their ids are made up until `name` is called."""
        self.back: set[int] = set()
        """Lines of entries that were deleted and come back."""
        self.arrived: set[int] = set()
        """Lines of entries that lay elsewhere in the track when they were first tied."""
        self.used: set[str] = set()
        """The ids of the entries that lines are."""
        self.unmatched: list[Tie] = []
        """What was in the file and is not."""
        self._identify()
        if everywhere:
            self._look_elsewhere()

    def entry(self, number: int) -> Entry | None:
        """Return the entry of a line, if it is there now: not deleted, or coming back."""
        found = self.track.entries.get(self.ids[number])
        if found is None or (found.deleted and number not in self.back):
            return None
        return found

    def name(self, made: Sequence[str]) -> None:
        """Give the new lines, in the order of the file, their ids."""
        ids = dict(zip([self.ids[number] for number in sorted(self.fresh)], made, strict=True))
        self.ids = [ids.get(id_, id_) for id_ in self.ids]
        self.spots = [ids.get(spot, spot) for spot in self.spots]

    def _identify(self) -> None:
        found = match(self.base.ties, self.lines)
        unsound = set(self._unsound())
        for number in unsound:
            found[number] = None
        matched = {i for i in found if i is not None}
        for place, tie in enumerate(self.base.ties):
            if tie.id and place in matched:
                self.used.add(tie.id)
            elif tie.id:
                self.unmatched.append(tie)
        holding = {line.parent for line in self.lines}
        free = _Free(self.base, self.track, self.used)
        for number, line in enumerate(self.lines):
            above = self.ids[line.parent] if line.parent >= 0 else None
            self.spots.append(spot_of(line.kind, above, line.horizon))
            i = found[number]
            old = self.base.ties[i] if i is not None else None
            if number in unsound:
                self.ids.append("")
            elif old is not None and old.id:
                self.ids.append(old.id)
                self.old[number] = old
            elif back := free.gone(self.spots[number], line):
                self.ids.append(back.tie.id)
                self.old[number] = back.tie
                if self.track.entries[back.tie.id].deleted:
                    self.back.add(number)
            elif there := free.there(self.spots[number], line):
                self.ids.append(there)
            elif line.kind is Kind.CATEGORY and number not in holding:
                self.ids.append("")  # a heading of something else
            else:
                # An id of its own for now: what lies in it must be told from what does not.
                self.ids.append(f"\0{number}")
                self.fresh.add(number)
        # A line of the same title in the same place may have taken over what another one was.
        self.unmatched = [tie for tie in self.unmatched if tie.id not in self.used]

    def _unsound(self) -> Iterator[int]:
        """The lines with nothing to see in their titles, and what lies in them: no entries."""
        found: set[int] = set()
        for number, line in enumerate(self.lines):
            if line.parent in found or not text.is_title(line.title):
                found.add(number)
                yield number

    def _look_elsewhere(self) -> None:
        """Tie what is left to the one entry of its title elsewhere that is not tied either."""
        free: defaultdict[str, list[Entry]] = defaultdict(list)
        for entry in self.track.entries.values():
            if entry.kind is Kind.ITEM and not entry.deleted and entry.id not in self.used:
                free[key(entry.title)].append(entry)
        wanted: defaultdict[str, list[int]] = defaultdict(list)
        for number in sorted(self.fresh):
            if self.lines[number].kind is Kind.ITEM:
                wanted[key(self.lines[number].title)].append(number)
        renamed: dict[str, str] = {}
        for name, numbers in wanted.items():
            there = free[name]
            if len(numbers) == 1 and len(there) == 1 and not there[0].children:
                number, id_ = numbers[0], there[0].id
                renamed[self.ids[number]] = id_
                self.used.add(id_)
                self.fresh.discard(number)
                self.arrived.add(number)
        self.ids = [renamed.get(id_, id_) for id_ in self.ids]
        self.spots = [renamed.get(spot, spot) for spot in self.spots]


class _Free:
    """The entries that no line is yet, each given out once."""

    def __init__(self, base: Base, track: Track, used: set[str]) -> None:
        self._track = track
        self._used = used
        self._there: dict[str, defaultdict[tuple[Kind, str], deque[str]]] = {}
        self._gone: defaultdict[tuple[str, Kind, str], deque[Gone]] = defaultdict(deque)
        for gone in base.gone.values():
            tie = gone.tie
            self._gone[tie.spot, tie.line.kind, key(tie.line.title)].append(gone)

    def gone(self, spot: str, line: Line) -> Gone | None:
        """Return what stood in that place under that title and had gone."""
        same = self._gone.get((spot, line.kind, key(line.title)))
        while same:
            found = same.popleft()
            id_ = found.tie.id
            if id_ not in self._used and id_ in self._track.entries:
                self._used.add(id_)
                return found
        return None

    def there(self, spot: str, line: Line) -> str | None:
        """Return the entry that lies in that place under that title."""
        if spot not in self._there:
            self._there[spot] = defaultdict(deque)
            for entry in self._track.below.get(spot, ()):
                self._there[spot][entry.kind, key(entry.title)].append(entry.id)
        same = self._there[spot][line.kind, key(line.title)]
        while same:
            id_ = same.popleft()
            if id_ not in self._used:
                self._used.add(id_)
                return id_
        return None
