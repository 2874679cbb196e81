"""The keys that work here."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from tracker_tui.tui.commands import GROUPS, SHARED, in_scope, shown_keys

BESIDE = 40
"""The column in which it is said what a command does, where there is room."""
INDENT = 4
"""The column for it on a line of its own."""
BEYOND = (
    "tracker help, in a shell, lists what the command line does beyond: export, mirror, backup …"
)
ROOM = 30
"""How many columns it has at least."""


class Keys(ModalScreen[None]):
    """Lists every command with its keys, those of the pane with the focus first."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,question_mark", "dismiss", "close"),
        Binding("j,down", "scroll(1)", "down"),
        Binding("k,up", "scroll(-1)", "up"),
        Binding("ctrl+d,pagedown,space", "scroll(10)", "page down"),
        Binding("ctrl+u,pageup", "scroll(-10)", "page up"),
    ]

    def __init__(self, scope: str, changed: Mapping[str, str]) -> None:
        super().__init__()
        self._commands = in_scope(scope)
        if scope not in SHARED:
            self._commands = [*in_scope("main"), *self._commands]
        self._changed = changed
        # Kept by name: what comes late still finds them when they are being taken away.
        self._box = VerticalScroll(classes="dialog -list", can_focus=False)
        self._list = Static()

    def compose(self) -> ComposeResult:
        """The list, in a box that scrolls."""
        self._list.update(self._text(self.app.size.width))
        with self._box as box:
            box.border_title = Content("Keys")
            box.border_subtitle = Content("esc closes · j k scroll")
            yield self._list

    def on_resize(self) -> None:
        """Set the list anew, to the width that there is."""
        self.call_after_refresh(self._fit)

    def _fit(self) -> None:
        width = self._box.scrollable_content_region.width - 1  # before the bar
        self._list.update(self._text(width))

    def _text(self, width: int) -> Content:
        """Return the list: what a command does stands beside its name or, in a narrow box, below."""
        lines: list[Content] = []
        for group in GROUPS:
            commands = [c for c in self._commands if c.group == group]
            if not commands:
                continue
            if lines:
                lines.append(Content(""))
            lines.append(Content.styled(group, "$secondary bold"))
            for command in commands:
                keys = shown_keys(command, self._changed) or "commands"
                beside = width >= BESIDE + ROOM
                indent = BESIDE if beside else INDENT
                first, *more = textwrap.wrap(command.tooltip, max(ROOM, width - indent)) or [""]
                if not beside:
                    first, more = "", [first, *more]
                lines.append(
                    Content.assemble(
                        (f"  {keys:<20}", "$accent bold" if command.keys else "$dim"),
                        f" {command.name:<17}",
                        (first, "$soft"),
                    )
                )
                lines += [Content.styled(" " * indent + line, "$soft") for line in more]
        beyond = textwrap.wrap(BEYOND, max(ROOM, width - 2))
        lines += [Content(""), *(Content.styled(f"  {line}", "$soft") for line in beyond)]
        return Content("\n").join(lines)

    def action_scroll(self, by: int) -> None:
        """Scroll the list."""
        self._box.scroll_relative(y=by, animate=False)
