"""The tree pane: a line-API widget that draws only the rows in sight."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import ClassVar

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.binding import BindingType
from textual.events import Click, Key
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive, var
from textual.scroll_view import ScrollView
from textual.strip import Strip

from tracker_tui.domain.text import shown
from tracker_tui.domain.words import Answer, Horizon, Kind, Status
from tracker_tui.tui.commands import bindings
from tracker_tui.tui.glyphs import UNICODE, Glyphs
from tracker_tui.tui.lines import Line, View
from tracker_tui.tui.outline import Outline, Row, Spot
from tracker_tui.tui.palette import Painted
from tracker_tui.tui.typeahead import TypeAhead

_HORIZON_WORD = {Horizon.IMMEDIATE: "imm", Horizon.SHORT: "short", Horizon.MEDIUM: "med"}
_ANSWERED = {
    Answer.LEARNED: "learned",
    Answer.PROGRESS: "progress",
    Answer.LATER: "later",
    Answer.SKIPPED: "skipped",
    Answer.REVIEWED: "reviewed",
}
_BAR = 6
_BAR_FROM = 44
"""Width in cells from which on a category has room for its bar."""

Part = tuple[str, Style]


class TrackTree(ScrollView, Painted, can_focus=True):
    """Shows an `Outline`; the cursor is a row number."""

    BINDINGS: ClassVar[list[BindingType]] = bindings("tree")

    cursor: reactive[int] = reactive(0, repaint=False, init=False)
    """The row the cursor is on, from 0."""
    marks: var[frozenset[str]] = var(frozenset)
    """Ids of the entries that a key acts on together."""
    today: var[str] = var("")
    """The ISO date that snoozes are compared with."""
    empty: var[str] = var("Nothing here")
    """What to say when there is no row."""

    class Moved(Message):
        """The cursor came to stand on a line, or what is said of its line changed."""

        def __init__(self, row: Row | None) -> None:
            super().__init__()
            self.row = row

    def __init__(
        self, glyphs: Glyphs = UNICODE, keys: Mapping[str, str] = MappingProxyType({})
    ) -> None:
        super().__init__()
        self.glyphs = glyphs
        self.keys = keys
        """Keys that are answered here, and their actions. Any other is, like every key elsewhere,
        handed from one ancestor to the next up to the app, which takes as long as the answer."""
        self.outline: Outline | None = None
        """Set by `show`."""
        self._at: Spot | None = None

    # What the screen hands down

    def show(self, outline: Outline, spot: Spot | None = None) -> None:
        """Show an outline, the cursor on `spot` or, where that is gone, near the row it was in."""
        self.outline = outline
        number = outline.number(spot) if spot is not None else None
        self._resize()
        self.go(self.cursor if number is None else number)
        self.refresh()

    def settle(self) -> None:
        """Draw the same outline anew after it changed; the cursor stays on its line."""
        if self.outline is not None:
            self.show(self.outline, self._at)

    @property
    def row(self) -> Row | None:
        """The row under the cursor."""
        return self.outline.row(self.cursor) if self.outline is not None else None

    def _resize(self) -> None:
        rows = len(self.outline) if self.outline is not None else 0
        self.virtual_size = Size(self.scrollable_content_region.width, rows)

    def on_resize(self) -> None:
        """Keep the cursor in sight."""
        self.fit()

    def fit(self) -> None:
        """Take the size that the layout gave it, the cursor in sight."""
        self._resize()
        self._scroll_to_cursor()

    # Moving

    def go(self, number: int, direction: int = 1) -> None:
        """Put the cursor on a row, or on the nearest one that can be chosen."""
        if self.outline is None:
            return
        last = len(self.outline) - 1
        number = max(0, min(number, last))
        row = self.outline.row(number)
        while row is not None and not row.line.selectable and 0 <= number + direction <= last:
            number += direction
            row = self.outline.row(number)
        self._at = row.spot if row else None
        if number == self.cursor:
            self.refresh_line(number)
            self.post_message(self.Moved(row))
        self.cursor = number
        self._scroll_to_cursor()

    def watch_cursor(self, old: int, new: int) -> None:
        """Redraw the two rows that changed and tell the screen."""
        self.refresh_line(old)
        self.refresh_line(new)
        self.post_message(self.Moved(self.row))

    def _scroll_to_cursor(self) -> None:
        height = self.scrollable_content_region.height
        top = round(self.scroll_y)
        if self.cursor < top:
            self.scroll_to(y=self.cursor, animate=False, force=True)
        elif height and self.cursor >= top + height:
            self.scroll_to(y=self.cursor - height + 1, animate=False, force=True)

    def action_cursor_down(self) -> None:
        """Move one row down."""
        self.go(self.cursor + 1)

    def action_cursor_up(self) -> None:
        """Move one row up."""
        self.go(self.cursor - 1, -1)

    def action_top(self) -> None:
        """Move to the first row."""
        self.go(0)

    def action_bottom(self) -> None:
        """Move to the last row."""
        self.go(len(self.outline) - 1 if self.outline else 0, -1)

    def action_half_page(self, sign: int) -> None:
        """Move half a screen down (1) or up (-1)."""
        self.go(self.cursor + sign * max(1, self.scrollable_content_region.height // 2), sign)

    def action_open(self) -> None:
        """Open the branch; if it is open, go to its first line."""
        row = self.row
        if row is None or self.outline is None:
            return
        if row.open:
            self.go(self.cursor + 1)
        elif self.outline.open(row.spot):
            self._resize()
            self.refresh()

    def action_close(self) -> None:
        """Close the branch; on a leaf, go to the line above it in the tree."""
        row = self.row
        if row is None or self.outline is None:
            return
        if row.open:
            self.outline.close(row.spot)
            self._resize()
            self.refresh()
        elif (above := self.outline.parent(row.spot)) is not None:
            self.go(self.outline.number(above) or 0)

    def toggle(self) -> None:
        """Open the branch under the cursor, or close it."""
        row = self.row
        if row is not None and row.open:
            self.action_close()
        else:
            self.action_open()

    async def on_key(self, event: Key) -> None:
        """Move at once."""
        action = self.keys.get(event.key)
        if action is not None and await self.app.run_action(action, self):
            event.stop()
            event.prevent_default()
            if isinstance(self.app, TypeAhead):
                self.app.answered()

    def on_click(self, event: Click) -> None:
        """Choose the row; on its arrow, or when chosen already, open or close it."""
        offset = event.get_content_offset(self)
        if offset is None or self.outline is None:
            return
        number = offset.y + round(self.scroll_y)
        row = self.outline.row(number)
        if row is None or not row.line.selectable:
            return
        on_arrow = offset.x <= 2 * row.depth + 2
        again = number == self.cursor and self.has_focus
        self.focus()
        self.go(number)
        if row.line.size and (on_arrow or again):
            self.toggle()

    def watch_marks(self) -> None:
        """Redraw with the new marks."""
        self.refresh()

    def watch_has_focus(self, has_focus: bool) -> None:  # noqa: FBT001 - Textual's signature
        """Redraw the cursor."""
        super().watch_has_focus(has_focus)
        self.refresh_line(self.cursor)

    # Drawing

    def render_line(self, y: int) -> Strip:
        """Draw one row."""
        width = self.scrollable_content_region.width
        number = y + round(self.scroll_y)
        base = self.palette["pane"]
        row = self.outline.row(number) if self.outline is not None else None
        if row is None:
            if number == 0 and self.outline is not None:
                style = base + self._style("empty")
                return Strip([Segment(f" {self.empty}", style)]).adjust_cell_length(width, base)
            return Strip.blank(width, base)
        parts = self._parts(row, width)
        if number == self.cursor:
            name = "cursor" if self.has_focus else "cursor-blurred"
            over = self._style(name)
            segments = [Segment(text, base + style + over) for text, style in parts if text]
            base += over
        else:
            segments = [Segment(text, base + style) for text, style in parts if text]
        return Strip(segments).adjust_cell_length(width, base)

    def _style(self, name: str) -> Style:
        return self.palette[f"tree--{name}"]

    def _parts(self, row: Row, width: int) -> list[Part]:
        line = row.line
        if line.view is View.RULE:
            return [(" " + self.glyphs.rule * (width - 2), self._style("rule"))]
        marked = line.id is not None and line.id in self.marks
        left: list[Part] = [
            (self.glyphs.mark if marked else " ", self._style("mark")),
            ("  " * row.depth, Style.null()),
            *self._lead(row),
        ]
        right = self._aside(line, width)
        used = sum(cell_len(text) for text, _ in (*left, *right))
        room = max(1, width - used - 1)
        title = _cut(shown(line.title), room, self.glyphs.ellipsis)
        pad = " " * (room - cell_len(title))
        return [*left, (title, self._title_style(line)), (pad + " ", Style.null()), *right]

    def _lead(self, row: Row) -> list[Part]:
        """The arrow, the number and the sign before a title."""
        line, glyphs = row.line, self.glyphs
        arrow = (glyphs.open if row.open else glyphs.closed) if line.size else ""
        plain = self._style("number")
        if line.view in (View.TODAY, View.CRITICAL, View.PATH):
            sign = {View.TODAY: glyphs.today, View.CRITICAL: glyphs.critical}.get(line.view)
            style = self._title_style(line)
            return [(f"{arrow or ' '} ", plain), (f"{sign or glyphs.path} ", style)]
        if line.entry is None or line.entry.is_branch:
            number = f"{line.number:>2} " if line.number else ""
            return [(f"{arrow or ' '} ", plain), (number, plain)]
        status = line.entry.status
        lead: list[Part] = [(arrow, plain)] if arrow else []
        lead.append((f"{glyphs.status(status)} ", self._style(status.value)))
        if line.number:
            lead.append((f"{line.number} ", plain))
        return lead

    def _title_style(self, line: Line) -> Style:
        if line.view is View.TODAY:
            return self._style("today")
        if line.view is View.CRITICAL:
            return self._style("critical")
        if line.entry is None:
            return self._style("view" if line.view is View.PATH else "section")
        if line.entry.kind is Kind.CATEGORY:
            return self._style("category")
        if line.entry.kind is Kind.SECTION:
            return self._style("section")
        done = line.answer is not None or (
            not line.why and line.entry.status in (Status.LEARNED, Status.SKIPPED)
        )
        return self._style("title-done") if done else Style.null()

    def _aside(self, line: Line, width: int) -> list[Part]:
        """What stands at the right edge."""
        if line.view is View.TODAY:
            left = line.tally.total - line.tally.learned
            return [(f"{left} " if left or not line.size else "done ", self._style("today"))]
        if line.answer is not None:
            return [(f"{_ANSWERED[line.answer]} ", self._style("aside"))]
        entry = line.entry
        if entry is None or entry.is_branch or line.size:
            gone = entry is not None and entry.retired
            lead = [("retired ", self._style("aside"))] if gone else []
            return [*lead, *self._progress(line, width)]
        words = ["retired"] if entry.retired else []
        if entry.snoozed(self.today):
            words.append(f"{self.glyphs.snoozed} {str(entry.snoozed_until)[5:]}")
        if entry.horizon is not None and entry.kind is not Kind.STEP:
            words.append(_HORIZON_WORD[entry.horizon])
        return [(" ".join(words) + " ", self._style("aside"))] if words else []

    def _progress(self, line: Line, width: int) -> list[Part]:
        tally = line.tally
        if not tally.total:
            return []
        done = tally.learned == tally.countable
        count = " " + f"{tally.learned}/{tally.countable}".rjust(5) + " "
        parts: list[Part] = [(count, self._style("count-done" if done else "count"))]
        is_category = line.entry is not None and line.entry.kind is Kind.CATEGORY
        if is_category and width >= _BAR_FROM:
            full, empty = self.glyphs.bar(tally, _BAR)
            parts = [(full, self._style("bar")), (empty, self._style("number")), *parts]
        return parts


def _cut(text: str, width: int, ellipsis: str) -> str:
    if len(text) <= width and cell_len(text) <= width:
        return text
    if width <= 1:
        return ellipsis[:width]
    return set_cell_size(text[: width * 2], width - 1).rstrip() + ellipsis
