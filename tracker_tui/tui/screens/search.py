"""Search as you type, over titles, texts and notes."""

from __future__ import annotations

from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option
from textual.worker import get_current_worker

from tracker_tui.domain.text import plural, shown, shown_block
from tracker_tui.domain.track import Found, pieces
from tracker_tui.domain.words import Kind
from tracker_tui.errors import TrackerError
from tracker_tui.tracker import Tracker
from tracker_tui.tui.glyphs import Glyphs

LIMIT = 60
"""How many hits are shown."""


class Search(ModalScreen[str | None]):
    """Its answer is the id of the entry chosen, None after `esc`."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "cancel", "back"),
        Binding("down,ctrl+n", "move(1)", "down", priority=True),
        Binding("up,ctrl+p", "move(-1)", "up", priority=True),
        Binding("pagedown", "move(10)", "page down", priority=True),
        Binding("pageup", "move(-10)", "page up", priority=True),
    ]

    class Hits(Message):
        """What a search found."""

        def __init__(self, words: str, found: list[Found], problem: str = "") -> None:
            super().__init__()
            self.words = words
            self.found = found
            self.problem = problem

    def __init__(
        self, tracker: Tracker, glyphs: Glyphs, title: str = "Search titles, text and notes"
    ) -> None:
        super().__init__()
        # Kept by name: an answer that comes late still finds them when they are being taken away.
        self._line = Input(placeholder="words, or beginnings of words")
        self._options = OptionList()
        self._options.can_focus = False
        self._hint = Static(id="hint")
        self._title = title
        self._tracker = tracker
        self._glyphs = glyphs
        self._found: list[Found] = []
        self._answered = ""
        """The words that the hits are of."""

    def compose(self) -> ComposeResult:
        """The line to type in, the hits, and how many they are."""
        with Vertical(classes="dialog -list -wide") as box:
            box.border_title = Content(shown(self._title))
            yield self._line
            yield self._options
            yield self._hint

    @on(Input.Changed)
    def _type(self, event: Input.Changed) -> None:
        self.search(event.value)

    @work(thread=True, exclusive=True, group="search", exit_on_error=False)
    def search(self, words: str) -> None:
        """Search on a thread of its own, with a connection of its own."""
        worker = get_current_worker()
        try:
            with self._tracker.another() as tracker:
                hits = self._hits(tracker, words)
        except TrackerError as error:
            hits = self.Hits(words, [], str(error))
        if not worker.is_cancelled:
            self.post_message(hits)

    def _hits(self, tracker: Tracker, words: str) -> Hits:
        try:
            found = tracker.search(words, LIMIT, unfinished=True) if words.strip() else []
        except TrackerError as error:
            return self.Hits(words, [], str(error))
        return self.Hits(words, found)

    @on(Hits)
    def _show(self, hits: Hits) -> None:
        if hits.words != self._line.value:
            return
        self._found, self._answered = hits.found, hits.words
        options = self._options
        options.clear_options()
        options.add_options(Option(self._option(found)) for found in hits.found)
        options.highlighted = 0 if hits.found else None
        self._hint.update(Content(hits.problem or self._count(hits.words)))

    def _count(self, words: str) -> str:
        if not words.strip():
            return ""
        if not self._found:
            return "nothing has all these words"
        more = " or more" if len(self._found) == LIMIT else ""
        return f"{plural(len(self._found), 'hit')}{more}   enter goes there"

    def _option(self, found: Found) -> Content:
        sign = self._glyphs.status(found.status)
        if found.kind in (Kind.CATEGORY, Kind.SECTION):
            sign = self._glyphs.closed
        elif found.kind is Kind.GAP:
            sign = self._glyphs.critical
        elif found.kind is Kind.STEP:
            sign = self._glyphs.path
        parts = [Content(f"{sign} "), highlighted(found.title)]
        if found.retired:
            parts.append(Content.styled("  retired", "$dim"))
        if found.where:
            parts.append(Content.styled(f"  {shown_block(found.where)}", "$dim"))
        if found.snippet:
            parts += [Content("\n  "), highlighted(found.snippet.replace("\n", " "), "$soft")]
        return Content("").join(parts)

    def action_move(self, by: int) -> None:
        """Move the highlight."""
        options = self._options
        if self._found:
            place = (options.highlighted or 0) + by
            if abs(by) > 1:
                place = max(0, min(place, len(self._found) - 1))
            options.highlighted = place % len(self._found)

    @on(Input.Submitted)
    def _submit(self, event: Input.Submitted) -> None:
        if event.value != self._answered:
            # Whoever typed ahead goes on at once, so the answer of the thread comes too late.
            self._show(self._hits(self._tracker, event.value))
        highlighted = self._options.highlighted
        if highlighted is not None:
            self.dismiss(self._found[highlighted].id)

    @on(OptionList.OptionSelected)
    def _select(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(self._found[event.option_index].id)

    def action_cancel(self) -> None:
        """Leave without going anywhere."""
        self.dismiss(None)


def highlighted(marked: str, style: str = "") -> Content:
    """Return text whose matches, between MARK_ON and MARK_OFF, stand out."""
    return Content("").join(
        Content.styled(shown_block(piece), "$accent bold" if matched else style)
        for piece, matched in pieces(marked)
    )
