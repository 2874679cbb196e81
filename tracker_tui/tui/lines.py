"""The lines a tree can show, and where they come from: pure, over `Tracker`'s questions."""

from __future__ import annotations

from collections import defaultdict
from enum import StrEnum
from typing import NamedTuple, Protocol

from tracker_tui.domain.today import Due
from tracker_tui.domain.track import Entry, Place, Span, Tally, place_of
from tracker_tui.domain.words import Answer, Horizon, Kind
from tracker_tui.tracker import Selection, Tracker


class View(StrEnum):
    """A line that is not an entry."""

    TODAY = "today"
    CRITICAL = "critical"
    PATH = "path"
    HORIZON = "horizon"
    RULE = "rule"


ROOT = ""
"""The key of the branch that holds the outermost lines."""


NOTHING = Tally()


class Line(NamedTuple):
    """One line of the tree. `key` names it within its branch, and the branch below it."""

    key: str
    title: str
    view: View | None = None
    entry: Entry | None = None
    number: int = 0
    """Place of a category, rank of a gap, number of a step; else 0."""
    tally: Tally = NOTHING
    size: int = 0
    """How many lines are directly below it."""
    why: str = ""
    """Why it is in today's queue."""
    answer: Answer | None = None
    """What was answered to that."""
    horizon: Horizon | None = None
    """Which horizon a line of the learning path stands for."""

    @property
    def selectable(self) -> bool:
        """Whether the cursor may stand on it."""
        return self.view is not View.RULE

    @property
    def id(self) -> str | None:
        """The entry's id, None for a view."""
        return self.entry.id if self.entry else None


class Source(Protocol):
    """Where an outline gets its lines from, a part at a time."""

    def size(self, key: str) -> int:
        """Return how many lines are directly in a branch."""

    def lines(self, key: str, offset: int, limit: int) -> list[Line]:
        """Return some of the lines of a branch."""

    def index(self, key: str, child: str) -> int | None:
        """Return where in a branch a line is, None if it is not there."""


def view_key(view: View, horizon: Horizon | None = None) -> str:
    """Return the key of a view's line; entries' keys are their ids, which never begin with `@`."""
    return f"@{view}" if horizon is None else f"@{horizon}"


TODAY_KEY = view_key(View.TODAY)
CRITICAL_KEY = view_key(View.CRITICAL)
PATH_KEY = view_key(View.PATH)
_HORIZONS: dict[str, Horizon] = {view_key(View.HORIZON, h): h for h in Horizon}
_RULE = Line("@rule", "", View.RULE)


def place_for(key: str) -> Place | None:
    """Return the place whose entries a branch lists, None for Today and the like."""
    if key in _HORIZONS:
        return Place(kind=Kind.STEP, horizon=_HORIZONS[key])
    if key == CRITICAL_KEY:
        return Place(kind=Kind.GAP)
    return None if key.startswith("@") or key == ROOT else Place(key)


def branch_of(entry: Entry) -> list[str]:
    """Return the keys of the views above an entry that has no parent."""
    if entry.kind is Kind.GAP:
        return [CRITICAL_KEY]
    if entry.kind is Kind.STEP:
        return [PATH_KEY, *([view_key(View.HORIZON, entry.horizon)] if entry.horizon else [])]
    return []


def entry_line(entry: Entry, number: int = 0, why: str = "") -> Line:
    """Return the line of an entry."""
    size = entry.children if entry.parent is not None or entry.kind is Kind.CATEGORY else 0
    return Line(entry.id, entry.title, None, entry, number, entry.tally, size, why)


class TrackLines:
    """The whole track: Today, the critical gaps, the learning path, then the categories."""

    def __init__(self, tracker: Tracker) -> None:
        self.tracker = tracker
        self._root: list[Line] = []
        self._today: list[Due] = []

    def refresh(self) -> None:
        """Read anew what every view of the track shows."""
        tracker = self.tracker
        self._today = tracker.queue()
        gaps, steps = tracker.tally(Kind.GAP), tracker.tally(Kind.STEP)
        categories = tracker.siblings(Place(kind=Kind.CATEGORY))
        loose = tracker.count(Place(kind=Kind.STEP))
        self._root = [
            Line(
                TODAY_KEY,
                "Today",
                View.TODAY,
                tally=Tally(len(self._today), sum(due.answered for due in self._today)),
                size=len(self._today),
            ),
            Line(CRITICAL_KEY, "Critical", View.CRITICAL, tally=gaps, size=gaps.total),
            Line(PATH_KEY, "Learning path", View.PATH, tally=steps, size=len(Horizon) + loose),
            _RULE,
            *(entry_line(entry, number) for number, entry in enumerate(categories, 1)),
        ]

    @property
    def today(self) -> list[Due]:
        """Today's queue."""
        return self._today

    def size(self, key: str) -> int:
        """See `Source`."""
        if key == ROOT:
            return len(self._root)
        for line in self._root:
            if line.key == key:
                return line.size
        place = place_for(key)
        return self.tracker.count(place) if place else 0

    def lines(self, key: str, offset: int, limit: int) -> list[Line]:
        """See `Source`."""
        if key == ROOT:
            return self._root[offset : offset + limit]
        if key == TODAY_KEY:
            return [
                entry_line(d.entry, 0, d.told)._replace(answer=d.answer)
                for d in self._today[offset : offset + limit]
            ]
        if key == PATH_KEY:
            return self._path()[offset : offset + limit]
        place = place_for(key)
        if place is None:
            return []
        numbered = place.parent is None
        return [
            entry_line(entry, offset + i if numbered else 0)
            for i, entry in enumerate(self.tracker.siblings(place, offset, limit), 1)
        ]

    def _path(self) -> list[Line]:
        result = []
        for span in self.tracker.spans():
            tally = self.tracker.tally(Kind.STEP, span.id)
            title = f"{span.title} · {span.span}" if span.span else span.title
            key = view_key(View.HORIZON, span.id)
            result.append(
                Line(key, title, View.HORIZON, tally=tally, size=tally.total, horizon=span.id)
            )
        loose = self.tracker.siblings(Place(kind=Kind.STEP))
        return result + [entry_line(entry, i) for i, entry in enumerate(loose, 1)]

    def index(self, key: str, child: str) -> int | None:
        """See `Source`."""
        place = place_for(key)
        if place is not None and child.startswith("@"):
            return None  # only the outermost lines and the path have views among them
        if place is None:
            found = (line.key for line in self.lines(key, 0, 1_000))
            return next((i for i, name in enumerate(found) if name == child), None)
        entries = self.tracker.entries([child])
        if not entries or entries[0].deleted:
            return None
        return self.tracker.index(entries[0]) if place_of(entries[0]) == place else None


class FoundLines:
    """Only what a query found, under the branches it stands in."""

    def __init__(self, tracker: Tracker, selection: Selection) -> None:
        below: dict[str, list[Line]] = defaultdict(list)
        seen: set[str] = set()
        spans = {span.id: span for span in tracker.spans()}
        self.count = len(selection.matches)
        self.first: tuple[str, str] | None = None
        """Branch and key of the first match."""

        def put(entry: Entry) -> str:
            """Put an entry's line into its branch, the branch first; return its key."""
            if entry.id in seen:
                return entry.id
            seen.add(entry.id)
            parent = selection.above.get(entry.parent) if entry.parent is not None else None
            branch = put(parent) if parent is not None else self._views(entry, below, seen, spans)
            number = tracker.index(entry) + 1 if entry.parent is None else 0
            below[branch].append(entry_line(entry, number))
            if self.first is None and entry.id == selection.matches[0].id:
                self.first = (branch, entry.id)
            return entry.id

        for entry in selection.matches:
            put(entry)
        self._below = {
            key: [line._replace(size=len(below.get(line.key, ()))) for line in lines]
            for key, lines in below.items()
        }

    def _views(
        self,
        entry: Entry,
        below: dict[str, list[Line]],
        seen: set[str],
        spans: dict[Horizon, Span],
    ) -> str:
        branch = ROOT
        for key in branch_of(entry):
            if key not in seen:
                seen.add(key)
                below[branch].append(self._view(key, spans))
            branch = key
        return branch

    @staticmethod
    def _view(key: str, spans: dict[Horizon, Span]) -> Line:
        if key == CRITICAL_KEY:
            return Line(key, "Critical", View.CRITICAL)
        if key == PATH_KEY:
            return Line(key, "Learning path", View.PATH)
        horizon = _HORIZONS[key]
        return Line(key, spans[horizon].title, View.HORIZON, horizon=horizon)

    @property
    def branches(self) -> set[str]:
        """The keys of all lines that have others below them."""
        return set(self._below) - {ROOT}

    def size(self, key: str) -> int:
        """See `Source`."""
        return len(self._below.get(key, ()))

    def lines(self, key: str, offset: int, limit: int) -> list[Line]:
        """See `Source`."""
        return self._below.get(key, [])[offset : offset + limit]

    def index(self, key: str, child: str) -> int | None:
        """See `Source`."""
        lines = self._below.get(key, ())
        return next((i for i, line in enumerate(lines) if line.key == child), None)
