"""Which entry each line of a file is: the lines found again, and what is new, gone or back."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Collection, Iterator, Sequence

from tracker_tui.domain import text
from tracker_tui.domain.track import Entry
from tracker_tui.domain.words import Kind
from tracker_tui.exchange.mirror.lines import Line
from tracker_tui.exchange.mirror.ties import Base, Gone, Tie, key, match, spot_of, whole
from tracker_tui.exchange.mirror.track import Track


class Identified:
    """The lines of a file with their entries.

    Args:
        base: What was tied before.
        lines: The lines of the file now.
        track: The entries as they are now.
        elsewhere: If a line may be an entry that lies elsewhere in the track, the ones that it may not
            be; else None.
    """

    def __init__(
        self,
        base: Base,
        lines: Sequence[Line],
        track: Track,
        *,
        elsewhere: Collection[str] | None,
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
        self.used: set[str] = set()
        """The ids of the entries that lines are."""
        self.dead: dict[int, str] = {}
        """Lines that are no entries, and stay none, each with the deleted entry that it was."""
        self.unmatched: list[Tie] = []
        """What was in the file and is not."""
        self._identify()
        if elsewhere is not None:
            self._look_elsewhere({*self.used, *elsewhere})

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
        self.dead = self._dead(found, unsound)
        holding = {line.parent for n, line in enumerate(self.lines) if n not in self.dead}
        free = _Free(self.base, self.track, self.used)
        for number, line in enumerate(self.lines):
            above = self.ids[line.parent] if line.parent >= 0 else None
            self.spots.append(spot_of(line.kind, above, line.horizon))
            i = found[number]
            old = self.base.ties[i] if i is not None else None
            if number in unsound or number in self.dead:
                self.ids.append("")
            elif old is not None and old.id:
                self.ids.append(old.id)
                self.old[number] = old
            elif back := self._gone(free, number, old, holding):
                self.ids.append(self._returned(number, back, holding))
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

    def _gone(self, free: _Free, number: int, old: Tie | None, holding: set[int]) -> Gone | None:
        """Return what had gone that a line is, if any."""
        line = self.lines[number]
        if old is not None and not old.was and line.heading and number not in holding:
            return None  # a heading of something else before, and still
        return free.gone(self.spots[number], line, old.was if old is not None else "")

    def _returned(self, number: int, back: Gone, holding: set[int]) -> str:
        """Tie a line to what had gone; return the id, or none where it is text as it was left."""
        id_ = back.tie.id
        if self.track.entries[id_].deleted:
            if back.left and number not in holding:
                self.dead[number] = id_
                self.used.discard(id_)
                return ""
            self.back.add(number)
        self.old[number] = back.tie
        return id_

    def _dead(self, found: Sequence[int | None], unsound: set[int]) -> dict[int, str]:
        """What was left in the file when its entry was deleted, as long as no entry lies in it.

        Of a heading that is all that counts: what else stands below it is the user's own.
        """
        dead: dict[int, str] = {}
        holding: set[int] = set()
        for number in range(len(self.lines) - 1, -1, -1):
            line, i = self.lines[number], found[number]
            old = self.base.ties[i] if i is not None else None
            left = old is not None and old.was != "" and number not in holding
            if left and old is not None and (line.level or whole(line) == whole(old.line)):
                dead[number] = old.was
            elif number not in unsound:
                holding.add(line.parent)
        return dead

    def _unsound(self) -> Iterator[int]:
        """The lines with nothing to see in their titles, and what lies in them: no entries."""
        found: set[int] = set()
        for number, line in enumerate(self.lines):
            if line.parent in found or not text.is_title(line.title):
                found.add(number)
                yield number

    def _look_elsewhere(self, taken: Collection[str]) -> None:
        """Tie what is left to the one entry of its title elsewhere that is not tied either."""
        free: defaultdict[str, list[Entry]] = defaultdict(list)
        for entry in self.track.entries.values():
            if entry.kind is Kind.ITEM and not entry.deleted and entry.id not in taken:
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
        self.ids = [renamed.get(id_, id_) for id_ in self.ids]
        self.spots = [renamed.get(spot, spot) for spot in self.spots]


class _Free:
    """The entries that no line is yet, each given out once."""

    def __init__(self, base: Base, track: Track, used: set[str]) -> None:
        self._track = track
        self._used = used
        self._was = base.gone
        self._there: dict[str, defaultdict[tuple[Kind, str], deque[str]]] = {}
        self._gone: defaultdict[tuple[str, Kind, str], deque[Gone]] = defaultdict(deque)
        for gone in base.gone.values():
            tie = gone.tie
            self._gone[tie.spot, tie.line.kind, key(tie.line.title)].append(gone)

    def gone(self, spot: str, line: Line, was: str) -> Gone | None:
        """Return what a line `was`, or what stood in its place under its title, and had gone."""
        if was in self._was and was not in self._used and was in self._track.entries:
            self._used.add(was)
            return self._was[was]
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
