"""The first line and the last line of the screen: where things stand, and which keys there are."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import NamedTuple

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.events import Click
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip

from tracker_tui.domain.text import shown
from tracker_tui.domain.track import Tally
from tracker_tui.tui.commands import Command
from tracker_tui.tui.glyphs import UNICODE, Glyphs
from tracker_tui.tui.palette import Painted


class _Line(Painted):
    """A widget of one line that draws itself from parts."""

    def _style(self, name: str) -> Style:
        palette = self.palette
        return palette["bar"] + palette[f"bar--{name}"]


class TopBar(_Line):
    """The name of the track, and how it stands."""

    title: reactive[str] = reactive("")
    today: reactive[int] = reactive(0)
    """How many entries are in today's queue."""
    tally: reactive[Tally] = reactive(Tally())
    """The counts of the whole track."""
    rhythm: reactive[int] = reactive(0)
    """0 to 100."""
    marked: reactive[int] = reactive(0)
    """How many entries are marked."""
    glyphs: Glyphs = UNICODE

    def render_line(self, y: int) -> Strip:
        """Draw the line; what does not fit is left out, the least needed first."""
        width = self.size.width
        base = self.palette["bar"]
        if y:
            return Strip.blank(width, base)
        faint, strong = self._style("faint"), self._style("strong")
        full, empty = self.glyphs.bar(self.tally, 10)
        groups: list[list[Segment]] = []
        if self.marked:
            groups.append([Segment(f"{self.marked} marked", self._style("mark"))])
        groups.append([Segment("today ", faint), Segment(str(self.today), strong)])
        groups.append(
            [
                Segment(str(self.tally.learned), strong),
                Segment(f" of {self.tally.countable} learned", faint),
            ]
        )
        groups.append([Segment(full, self._style("bar")), Segment(empty, faint)])
        groups.append([Segment("rhythm ", faint), Segment(str(self.rhythm), strong)])
        title = Segment(f" {shown(self.title)}", self._style("title"))
        while (
            groups and _length([title, *chain.from_iterable(groups)]) + 3 * len(groups) + 1 > width
        ):
            groups.pop()
        right = [s for group in groups for s in (*group, Segment("   ", base))]
        if right:
            right.pop()
        room = width - _length(right) - 1
        left = Strip([title]).adjust_cell_length(max(0, room), base)
        return Strip([*left, *right]).adjust_cell_length(width, base)


class CheckinBar(_Line):
    """How far a check-in is."""

    title: reactive[str] = reactive("")
    done: reactive[int] = reactive(0)
    total: reactive[int] = reactive(0)
    glyphs: Glyphs = UNICODE

    def render_line(self, y: int) -> Strip:
        """Draw the line."""
        width, base = self.size.width, self.palette["bar"]
        if y:
            return Strip.blank(width, base)
        right: list[Segment] = []
        if self.total:
            cells = min(self.total, 20)
            full, empty = self.glyphs.bar(Tally(self.total, self.done), cells)
            right = [
                Segment(full, self._style("bar")),
                Segment(empty, self._style("faint")),
                Segment(f"  {self.done}", self._style("strong")),
                Segment(f" of {self.total}", self._style("faint")),
            ]
        title = Segment(f" {shown(self.title)}", self._style("title"))
        room = width - _length(right) - 1
        left = Strip([title]).adjust_cell_length(max(0, room), base)
        return Strip([*left, *right]).adjust_cell_length(width, base)


class Hint(NamedTuple):
    """A key and what it does, as the key bar shows it."""

    key: str
    name: str
    command: Command


class KeyBar(_Line):
    """The keys that work now; for a while after something was done, what that was."""

    hints: reactive[Sequence[Hint]] = reactive(())
    said: reactive[str] = reactive("")
    """What was just done; empty: the keys are shown."""
    warned: reactive[bool] = reactive(bool)
    """Whether `said` is a problem."""

    class Pressed(Message):
        """A key of the bar was clicked."""

        def __init__(self, command: Command) -> None:
            super().__init__()
            self.command = command

    def render_line(self, y: int) -> Strip:
        """Draw the line."""
        width, base = self.size.width, self.palette["bar"]
        if y:
            return Strip.blank(width, base)
        if self.said:
            style = self._style("warned" if self.warned else "said")
            text = shown(self.said)
            if cell_len(text) > width - 2:
                text = set_cell_size(text, max(0, width - 3)).rstrip() + "…"
            return Strip([Segment(f" {text}", style)]).adjust_cell_length(width, base)
        segments = [Segment(" ", base)]
        for hint, _, _ in self._placed(width):
            segments += [
                Segment(hint.key, self._style("key")),
                Segment(f" {hint.name}  ", self._style("name")),
            ]
        return Strip(segments).adjust_cell_length(width, base)

    def _placed(self, width: int) -> list[tuple[Hint, int, int]]:
        """The hints that fit, each with its first column and the one after its last.

        The last hint says where all keys are, so room is kept for it.
        """
        if not self.hints:
            return []
        *others, last = self.hints
        placed = []
        column = 1
        for hint in [*others, last]:
            length = cell_len(hint.key) + cell_len(hint.name) + 3
            reserve = 0 if hint is last else cell_len(last.key) + cell_len(last.name) + 2
            if column + length - 2 + reserve <= width:
                placed.append((hint, column, column + length - 2))
                column += length
        return placed

    def on_click(self, event: Click) -> None:
        """Do what the clicked key does."""
        if self.said:
            self.said = ""
            return
        for hint, first, after in self._placed(self.size.width):
            if first <= event.x < after:
                self.post_message(self.Pressed(hint.command))


def _length(segments: Sequence[Segment]) -> int:
    return sum(segment.cell_length for segment in segments)
