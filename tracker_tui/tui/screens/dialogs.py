"""Small questions over the main screen: one line of text, yes or no, one of several."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar, NamedTuple

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.events import Key
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from tracker_tui.domain.text import shown
from tracker_tui.errors import TrackerError

Preview = Callable[[str], str]
"""Says in words what a text would do; raises TrackerError if it can't be."""


class Prompt(ModalScreen[str | None]):
    """Asks for one line. Its answer is the text, or None after `esc`."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "cancel", "cancel")]

    def __init__(
        self,
        title: str,
        hint: str = "",
        *,
        text: str = "",
        placeholder: str = "",
        preview: Preview | None = None,
    ) -> None:
        super().__init__()
        self._title = title
        self._hint = hint
        self._text = text
        self._placeholder = placeholder
        self._preview = preview
        self._below = Static(Content(shown(hint)), id="hint")

    def compose(self) -> ComposeResult:
        """A title, the line, and below it a hint or what is wrong."""
        with Vertical(classes="dialog") as box:
            box.border_title = Content(shown(self._title))
            yield Input(
                shown(self._text), placeholder=shown(self._placeholder), select_on_focus=False
            )
            yield self._below

    @on(Input.Changed)
    def _look(self, event: Input.Changed) -> None:
        if self._preview is None:
            return
        try:
            self._say(self._preview(event.value) if event.value.strip() else self._hint)
        except TrackerError as error:
            self._say(str(error), wrong=False)

    @on(Input.Submitted)
    def _answer(self, event: Input.Submitted) -> None:
        if self._preview is not None and event.value.strip():
            try:
                self._preview(event.value)
            except TrackerError as error:
                self._say(str(error), wrong=True)
                return
        self.dismiss(event.value)

    def _say(self, text: str, *, wrong: bool = False) -> None:
        self._below.update(Content(shown(text)))
        self._below.set_class(wrong, "-wrong")

    def action_cancel(self) -> None:
        """Leave without an answer."""
        self.dismiss(None)


class Confirm(ModalScreen[bool]):
    """Asks yes or no; anything but `y` is no."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "answer(True)", "yes"),
        Binding("n,escape,q", "answer(False)", "no"),
    ]

    def __init__(self, question: str, hint: str) -> None:
        super().__init__()
        self._question = question
        self._hint = hint

    def compose(self) -> ComposeResult:
        """The question, and which key does what."""
        with Vertical(classes="dialog"):
            yield Static(Content(shown(self._question)), id="question")
            yield Static(Content(shown(self._hint)), id="hint")
            yield Static(Content.from_markup("[b $accent]y[/] yes   [b $accent]n[/] no"))

    def action_answer(self, yes: bool) -> None:  # noqa: FBT001 - an action takes positions
        """Leave with the answer."""
        self.dismiss(yes)


class Choice(NamedTuple):
    """One of several: what is returned, and how it is shown."""

    value: str
    title: str
    aside: str = ""


class Pick(ModalScreen[str | None]):
    """Asks for one of several, narrowed by typing. Its answer is the value, None after `esc`."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "cancel", "cancel"),
        Binding("down,ctrl+n", "move(1)", "down", priority=True),
        Binding("up,ctrl+p", "move(-1)", "up", priority=True),
    ]

    def __init__(self, title: str, choices: Sequence[Choice]) -> None:
        super().__init__()
        self._title = title
        self._choices = list(choices)
        self._found = self._choices
        self._options = OptionList()
        self._options.can_focus = False

    def compose(self) -> ComposeResult:
        """A line to narrow the list, and the list."""
        with Vertical(classes="dialog -list") as box:
            box.border_title = Content(shown(self._title))
            yield Input(placeholder="type to narrow")
            yield self._options

    def on_mount(self) -> None:
        """Show all."""
        self._fill("")

    @on(Input.Changed)
    def _narrow(self, event: Input.Changed) -> None:
        self._fill(event.value)

    def _fill(self, words: str) -> None:
        parts = words.lower().split()
        self._found = [
            c for c in self._choices if all(p in f"{c.title} {c.aside}".lower() for p in parts)
        ]
        options = self._options
        options.clear_options()
        options.add_options(
            Option(
                Content.assemble(shown(c.title), ("  " + shown(c.aside), "dim") if c.aside else "")
            )
            for c in self._found
        )
        options.highlighted = 0 if self._found else None

    def action_move(self, by: int) -> None:
        """Move the highlight."""
        options = self._options
        if self._found:
            options.highlighted = ((options.highlighted or 0) + by) % len(self._found)

    @on(Input.Submitted)
    def _submit(self) -> None:
        highlighted = self._options.highlighted
        if highlighted is not None:
            self.dismiss(self._found[highlighted].value)

    @on(OptionList.OptionSelected)
    def _select(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(self._found[event.option_index].value)

    def action_cancel(self) -> None:
        """Leave without an answer."""
        self.dismiss(None)


class Choose(ModalScreen[str | None]):
    """Asks for one of a few, by its digit or with `j` `k` and `enter`; None after `esc`."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "cancel", "cancel"),
        Binding("j", "move(1)", "down"),
        Binding("k", "move(-1)", "up"),
    ]

    def __init__(self, title: str, choices: Sequence[Choice]) -> None:
        super().__init__()
        self._title = title
        self._choices = list(choices)
        self._options = OptionList(
            *(Option(self._option(n, choice)) for n, choice in enumerate(self._choices, 1))
        )

    def compose(self) -> ComposeResult:
        """The choices, the first nine with their digits."""
        with Vertical(classes="dialog -few") as box:
            box.border_title = Content(self._title)
            box.border_subtitle = Content("esc closes")
            yield self._options

    @staticmethod
    def _option(number: int, choice: Choice) -> Content:
        digit = f"{number} " if number <= 9 else "  "
        return Content.assemble(
            (digit, "$accent bold"), shown(choice.title), "\n  ", (shown(choice.aside), "$dim")
        )

    def on_mount(self) -> None:
        """Begin on the first one."""
        self._options.focus()
        self._options.highlighted = 0

    def on_key(self, event: Key) -> None:
        """Leave with the choice of a digit."""
        if event.key.isdecimal() and 1 <= int(event.key) <= min(9, len(self._choices)):
            event.stop()
            self.dismiss(self._choices[int(event.key) - 1].value)

    def action_move(self, by: int) -> None:
        """Move the highlight."""
        options = self._options
        options.highlighted = ((options.highlighted or 0) + by) % len(self._choices)

    @on(OptionList.OptionSelected)
    def _select(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(self._choices[event.option_index].value)

    def action_cancel(self) -> None:
        """Leave without an answer."""
        self.dismiss(None)
