"""The line in which a query is typed, with what it found or what is wrong with it below."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.suggester import Suggester
from textual.widgets import Input, Static

from tracker_tui.domain.text import plural, shown


class _Completing(Suggester):
    """Offers the rest of a field or value of the query."""

    async def get_suggestion(self, value: str) -> str | None:
        """Return the query with its end written out."""
        from tracker_tui.domain.query import completed  # the first frame does not wait for it

        return completed(value)


class FilterLine(Vertical):
    """Narrows the tree while one types; `enter` keeps it and goes to the tree, `esc` drops it.

    `tab` takes what is offered behind the cursor.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "drop", "drop the filter"),
        Binding("tab", "complete", "complete the term"),
    ]

    class Typed(Message):
        """The query changed."""

        def __init__(self, words: str) -> None:
            super().__init__()
            self.words = words

    class Accepted(Message):
        """The user is done typing."""

    class Dropped(Message):
        """The user wants everything back."""

    def __init__(self, words: str = "") -> None:
        super().__init__()
        # Kept by name: an answer that comes late still finds them when they are being taken away.
        self._line = Input(
            words,
            placeholder="is:ready effort:S horizon:short worktree -lfs",
            suggester=_Completing(case_sensitive=True),
        )
        self._answer = Static(id="answer")

    def compose(self) -> ComposeResult:
        """The line, and a line for the answer."""
        yield self._line
        yield self._answer

    def on_mount(self) -> None:
        """Begin to type."""
        self.focus_input()

    def focus_input(self) -> None:
        """Put the focus into the line."""
        self._line.focus()

    def found(self, count: int) -> None:
        """Say how many entries match."""
        self.say(plural(count, "match", "matches"))

    def say(self, text: str) -> None:
        """Say something below the line."""
        self._answer.remove_class("-wrong")
        self._answer.update(Content(text))

    def wrong(self, problem: str, where: tuple[int, int] | None) -> None:
        """Say what is wrong, with a mark under the word it is about."""
        self._answer.add_class("-wrong")
        parts = []
        if where is not None and where[0] < self.size.width:
            parts.append(" " * where[0] + "^" * max(1, min(where[1], self.size.width) - where[0]))
        self._answer.update(Content("\n".join([*parts, shown(problem)])))

    @on(Input.Changed)
    def _type(self, event: Input.Changed) -> None:
        event.stop()
        self.post_message(self.Typed(event.value))

    @on(Input.Submitted)
    def _accept(self, event: Input.Submitted) -> None:
        event.stop()
        self.post_message(self.Accepted())

    def action_complete(self) -> None:
        """Take what is offered; where nothing is, go on as `tab` does elsewhere."""
        line = self._line
        typed = line.value
        line.action_end()
        line.action_cursor_right()
        if line.value == typed:
            self.screen.focus_next()

    def action_drop(self) -> None:
        """Show everything again."""
        self.post_message(self.Dropped())
