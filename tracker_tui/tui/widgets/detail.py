"""The detail pane: a line-API widget that wraps its page and draws the lines in sight."""

from __future__ import annotations

from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from rich.text import Text
from textual.binding import BindingType
from textual.content import Content
from textual.events import Click
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from tracker_tui.tui.commands import bindings
from tracker_tui.tui.detail_text import Page, Paragraph, Part, Target
from tracker_tui.tui.palette import Painted

_STYLES = (
    *("text", "title", "head", "label", "faint", "link", "code", "bar"),
    *("todo", "learning", "learned", "skipped"),
)


class DetailPane(ScrollView, Painted, can_focus=True):
    """Shows a `Page`. With the focus, its cursor goes from one line that leads somewhere to the next."""

    BINDINGS: ClassVar[list[BindingType]] = bindings("detail")

    class Jump(Message):
        """The user wants to go where a line leads."""

        def __init__(self, target: Target) -> None:
            super().__init__()
            self.target = target

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._page: Page | None = None
        self._lines: list[list[Segment]] = []
        self._targets: list[tuple[int, Target]] = []
        """First line and target of each paragraph that leads somewhere."""
        self._wrapped_to = 0
        self._cursor: int | None = None
        """Index into `_targets`, None before the first move."""

    def show(self, page: Page, *, same: bool) -> None:
        """Show a page; with `same`, one of the same subject, which keeps its place.

        Only the lines that differ are painted: over ssh the bytes of a whole pane are felt.
        """
        before, focused_at = self._lines, self._cursor
        if self._page is None or self._page.heading != page.heading:
            # The property would have the whole pane painted.
            self._border_title = Content(page.heading)
            self.refresh(Region(0, -1, self.size.width, 1))
        self._page = page
        if not same:
            self._cursor = None
            self.scroll_to(y=0, animate=False, force=True)
        self._wrap()
        if self.has_focus and self._cursor != focused_at:
            self.refresh()
            return
        first = round(self.scroll_y)
        for number in range(first, first + self.scrollable_content_region.height):
            if self._lines[number : number + 1] != before[number : number + 1]:
                self.refresh_line(number)

    def on_resize(self) -> None:
        """Wrap anew where the width changed."""
        if self._wrapped_to != self._width:
            self._wrap()
        else:
            self._fit()

    def notify_style_update(self) -> None:
        """Wrap anew: the segments carry colours of the theme."""
        super().notify_style_update()
        if self._page is not None and self.is_mounted:
            self._wrap()

    @property
    def length(self) -> int:
        """How many lines the page has at the present width."""
        return len(self._lines)

    @property
    def _width(self) -> int:
        return max(10, self.scrollable_content_region.width - 2)

    def _wrap(self) -> None:
        if self._page is None:
            return
        width = self._wrapped_to = self._width
        self._lines, self._targets = [], []
        styles = {name: self._style(name) for name in _STYLES}
        for paragraph in self._page.paragraphs:
            if paragraph.target is not None:
                self._targets.append((len(self._lines), paragraph.target))
            self._lines += self._wrapped(paragraph, width, styles)
        self._fit()

    def _fit(self) -> None:
        """Take the height of the page; of one without scrolling that of the pane.

        A virtual size that changes has the whole screen laid out and painted. Where there is a scroll
        bar and stays one, it is all that looks otherwise.
        """
        room = self.scrollable_content_region.height
        old, new = self.virtual_size, Size(self.size.width, max(len(self._lines), room))
        scrolls = self.show_vertical_scrollbar and min(old.height, new.height) > room
        if scrolls and old.width == new.width and self.scroll_y <= new.height - room:
            self.set_reactive(ScrollView.virtual_size, new)
            self.vertical_scrollbar.window_virtual_size = new.height
        else:
            self.virtual_size = new

    def _style(self, name: str) -> Style:
        return self.palette[f"detail--{name}"]

    def _wrapped(
        self, paragraph: Paragraph, width: int, styles: dict[str, Style]
    ) -> list[list[Segment]]:
        parts = paragraph.parts
        length = sum(len(part.text) for part in parts)
        if length <= width and sum(cell_len(part.text) for part in parts) <= width:
            return [[Segment(text, styles[style]) for text, style in parts]]
        first, rest = _lead(parts, paragraph.hang)
        text = Text.assemble(*((part.text, styles[part.style]) for part in rest), end="")
        hang = paragraph.hang if width - paragraph.hang >= 12 else 0
        lines = text.wrap(self.app.console, width - hang)
        wrapped = []
        for number, line in enumerate(lines):
            line.rstrip()
            lead = first if not number and hang else [Part(" " * hang)]
            if not number and not hang:
                lead = first
            wrapped.append(
                [
                    *(Segment(text_, styles[style]) for text_, style in lead),
                    *(Segment(s.text, s.style) for s in line.render(self.app.console)),
                ]
            )
        return wrapped

    # Moving

    def action_next_target(self) -> None:
        """Go to the next line in sight that leads somewhere, or scroll."""
        self._step(1)

    def action_previous_target(self) -> None:
        """Go to the line before that leads somewhere, or scroll."""
        self._step(-1)

    def _step(self, sign: int) -> None:
        top, height = round(self.scroll_y), self.scrollable_content_region.height
        if self._cursor is None:
            near = [i for i, (line, _) in enumerate(self._targets) if top <= line < top + height]
            following = (near[0] if sign > 0 else near[-1]) if near else None
        else:
            following = self._cursor + sign
            if not 0 <= following < len(self._targets):
                following = None
        if following is not None:
            line = self._targets[following][0]
            if top - 1 <= line <= top + height:
                self._cursor = following
                if line < top:
                    self.scroll_to(y=line, animate=False, force=True)
                elif line >= top + height:
                    self.scroll_to(y=line - height + 1, animate=False, force=True)
                self.refresh()
                return
        self.scroll_to(y=top + sign, animate=False, force=True)

    def action_top(self) -> None:
        """Scroll to the first line."""
        self._cursor = None
        self.scroll_to(y=0, animate=False, force=True)
        self.refresh()

    def action_bottom(self) -> None:
        """Scroll to the last line."""
        self.scroll_to(y=self.max_scroll_y, animate=False, force=True)

    def action_half_page(self, sign: int) -> None:
        """Scroll half a page down (1) or up (-1)."""
        by = sign * max(1, self.scrollable_content_region.height // 2)
        self.scroll_to(y=round(self.scroll_y) + by, animate=False, force=True)

    def action_jump(self) -> None:
        """Go where the line under the cursor leads; with none, where the first one does."""
        if self._targets:
            self.post_message(self.Jump(self._targets[self._cursor or 0][1]))

    def on_click(self, event: Click) -> None:
        """Go where the line leads."""
        offset = event.get_content_offset(self)
        if offset is None:
            return
        line = offset.y + round(self.scroll_y)
        for index, (start, target) in enumerate(self._targets):
            if start == line:
                self._cursor = index
                self.post_message(self.Jump(target))

    def watch_has_focus(self, has_focus: bool) -> None:  # noqa: FBT001 - Textual's signature
        """Show or hide the cursor."""
        super().watch_has_focus(has_focus)
        if has_focus and self._cursor is None and self._targets:
            self._cursor = 0
        self.refresh()

    # Drawing

    def render_line(self, y: int) -> Strip:
        """Draw one line."""
        width, base = self.size.width, self.palette["pane"]
        number = y + round(self.scroll_y)
        if number >= len(self._lines):
            return Strip.blank(width, base)
        on_cursor = (
            self.has_focus
            and self._cursor is not None
            and self._cursor < len(self._targets)
            and self._targets[self._cursor][0] == number
        )
        over = self._style("cursor") if on_cursor else Style.null()
        segments = [Segment(" ", base)]
        segments += [
            Segment(text, base + (style if isinstance(style, Style) else Style.null()) + over)
            for text, style, _ in self._lines[number]
        ]
        return Strip(segments).adjust_cell_length(width, base)


class ReadingPane(DetailPane, inherit_bindings=False):
    """A detail pane that stands alone: it scrolls, and its screen has all other keys."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(
        "detail", without=("detail.jump", "detail.leave")
    )


def _lead(parts: tuple[Part, ...], hang: int) -> tuple[list[Part], list[Part]]:
    """Split off what stands in the first `hang` cells, if the parts have a border there."""
    used = 0
    for index, part in enumerate(parts):
        if used == hang:
            return list(parts[:index]), list(parts[index:])
        used += cell_len(part.text)
    return [], list(parts)
