"""Which line is in which row: a tree of open branches over a source of lines. Pure.

Only open branches exist as objects, and each holds only those of its lines that were looked at, a
chunk at a time. So a track of 100,000 entries costs what is on the screen and the branches that are
open, whatever is in them.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from typing import NamedTuple

from tracker_tui.tui.lines import ROOT, Line, Source

CHUNK = 128
"""How many lines of a branch are fetched at once."""


class Spot(NamedTuple):
    """A line's identity in the outline: entries may be shown in more than one branch."""

    branch: str
    key: str


class Row(NamedTuple):
    """A line and where it stands."""

    line: Line
    depth: int
    branch: str
    open: bool

    @property
    def spot(self) -> Spot:
        """Its identity."""
        return Spot(self.branch, self.line.key)


class _Branch:
    __slots__ = ("chunks", "count", "depth", "indices", "key", "opened", "rows", "size", "starts")

    def __init__(self, key: str, depth: int, count: int) -> None:
        self.key = key
        self.depth = depth
        self.count = count
        """Lines directly in it."""
        self.opened: list[_Branch] = []
        self.indices: list[int] = []
        """Where each of `opened` stands among the lines, ascending."""
        self.starts: list[int] = []
        """How many rows the open branches before each of `opened` add."""
        self.rows: list[int] = []
        """The row of each of `opened`, counted from the branch's first one."""
        self.size = 0
        """All rows below its own line."""
        self.chunks: dict[int, list[Line]] = {}


class Outline:
    """The rows of a tree, by number, and the branches that are open."""

    def __init__(self, source: Source, opened: Iterable[str] = ()) -> None:
        self.source = source
        self.opened = set(opened)
        """Keys of open branches, whether or not they are in sight."""
        self._branches: dict[str, _Branch] = {}
        self._parents: dict[str, str] = {}
        self._root = self._build(ROOT, 0, source.size(ROOT))

    def __len__(self) -> int:
        return self._root.size

    def reload(self) -> None:
        """Forget all lines and count anew: something came, went or moved."""
        self._branches.clear()
        self._parents.clear()
        self._root = self._build(ROOT, 0, self.source.size(ROOT))

    def reload_views(self) -> None:
        """Forget the lines; count anew only the outermost branches, such as Today.

        For when what lines say has changed, but no entry came, went or moved.
        """
        for branch in self._branches.values():
            branch.chunks.clear()
        for child in [*self._root.opened]:
            if child.key.startswith("@") and child.count != self.source.size(child.key):
                self.reload()
                return
        if self._root.count != self.source.size(ROOT):
            self.reload()

    def _build(self, key: str, depth: int, count: int) -> _Branch:
        branch = _Branch(key, depth, count)
        self._branches[key] = branch
        for index, child in self._open_children(branch):
            if child.size and child.key not in self._branches:
                branch.indices.append(index)
                self._parents[child.key] = key
                branch.opened.append(self._build(child.key, depth + 1, child.size))
        self._resize(branch)
        return branch

    def _open_children(self, branch: _Branch) -> list[tuple[int, Line]]:
        """The open ones among a branch's lines; of a long branch only these are looked at."""
        if branch.count <= CHUNK or len(self.opened) > CHUNK:
            lines = (self._line(branch, index) for index in range(branch.count))
            return [(i, line) for i, line in enumerate(lines) if line and line.key in self.opened]
        found = []
        for key in self.opened:
            index = self.source.index(branch.key, key)
            line = self._line(branch, index) if index is not None else None
            if index is not None and line is not None:
                found.append((index, line))
        return sorted(found, key=lambda pair: pair[0])

    @staticmethod
    def _resize(branch: _Branch) -> None:
        branch.starts = []
        branch.rows = []
        added = 0
        for index, child in zip(branch.indices, branch.opened, strict=True):
            branch.starts.append(added)
            branch.rows.append(index + added)
            added += child.size
        branch.size = branch.count + added

    def _line(self, branch: _Branch, index: int) -> Line | None:
        number, offset = divmod(index, CHUNK)
        chunk = branch.chunks.get(number)
        if chunk is None:
            chunk = self.source.lines(branch.key, number * CHUNK, CHUNK)
            branch.chunks[number] = chunk
        return chunk[offset] if offset < len(chunk) else None

    def row(self, number: int) -> Row | None:
        """Return a row by its number from 0, None beyond the end."""
        if not 0 <= number < self._root.size:
            return None
        branch, place = self._root, number
        while True:
            nearest = bisect_right(branch.rows, place) - 1
            if nearest < 0:
                return self._row(branch, place)
            child = branch.opened[nearest]
            inside = place - branch.rows[nearest] - 1
            if inside < 0:
                return self._row(branch, branch.indices[nearest])
            if inside < child.size:
                branch, place = child, inside
                continue
            return self._row(branch, place - branch.starts[nearest] - child.size)

    def _row(self, branch: _Branch, index: int) -> Row | None:
        line = self._line(branch, index)
        if line is None:
            return None
        return Row(line, branch.depth, branch.key, self._parents.get(line.key) == branch.key)

    def number(self, spot: Spot) -> int | None:
        """Return the row in which a line is, None if it is not in sight."""
        branch = self._branches.get(spot.branch)
        if branch is None:
            return None
        index = self._index(branch, spot.key)
        if index is None:
            return None
        row = self._row_of(branch, index)
        while branch.key != ROOT:
            parent = self._branches[self._parents[branch.key]]
            nearest = parent.opened.index(branch)
            row += parent.rows[nearest] + 1
            branch = parent
        return row

    def _index(self, branch: _Branch, key: str) -> int | None:
        for number, chunk in branch.chunks.items():
            for offset, line in enumerate(chunk):
                if line.key == key:
                    return number * CHUNK + offset
        return self.source.index(branch.key, key)

    @staticmethod
    def _row_of(branch: _Branch, index: int) -> int:
        before = bisect_left(branch.indices, index)
        if before == len(branch.indices):
            return index + branch.size - branch.count
        return index + branch.starts[before]

    def open(self, spot: Spot) -> bool:
        """Open the branch of a line in sight; False if there is nothing in it or it is open."""
        branch = self._branches.get(spot.branch)
        if branch is None or self._parents.get(spot.key) is not None or spot.key in self._branches:
            return False
        index = self._index(branch, spot.key)
        line = self._line(branch, index) if index is not None else None
        if index is None or line is None or not line.size:
            return False
        self.opened.add(spot.key)
        at = bisect_left(branch.indices, index)
        branch.indices.insert(at, index)
        self._parents[spot.key] = branch.key
        branch.opened.insert(at, self._build(spot.key, branch.depth + 1, line.size))
        self._resize_up(branch)
        return True

    def close(self, spot: Spot) -> bool:
        """Close the branch of a line; False if it is not open."""
        if self._parents.get(spot.key) != spot.branch:
            return False
        self.opened.discard(spot.key)
        parent = self._branches[spot.branch]
        at = next(i for i, child in enumerate(parent.opened) if child.key == spot.key)
        self._drop(parent.opened.pop(at))
        parent.indices.pop(at)
        self._resize_up(parent)
        return True

    def _drop(self, branch: _Branch) -> None:
        for child in branch.opened:
            self._drop(child)
        self._branches.pop(branch.key, None)
        self._parents.pop(branch.key, None)

    def _resize_up(self, branch: _Branch) -> None:
        self._resize(branch)
        while branch.key != ROOT:
            branch = self._branches[self._parents[branch.key]]
            self._resize(branch)

    def parent(self, spot: Spot) -> Spot | None:
        """Return the line of the branch that a line is in, None for the outermost."""
        above = self._parents.get(spot.branch)
        return Spot(above, spot.branch) if above is not None else None

    def reveal(self, path: Iterable[str]) -> int | None:
        """Open the branches of a path of keys, outermost first; return the row of its last one."""
        branch = ROOT
        spot = None
        for key in path:
            if spot is not None:
                self.open(spot)
                branch = spot.key
            spot = Spot(branch, key)
        return self.number(spot) if spot is not None else None
