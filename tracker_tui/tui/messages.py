"""Messages that travel further than from a widget to its screen."""

from __future__ import annotations

from textual.message import Message

from tracker_tui.domain.journal import Action


class Changed(Message):
    """The track changed: by a key here, by undo, or by another process. The one way to hear of it."""

    def __init__(self, action: Action, *, everything: bool = False) -> None:
        super().__init__()
        self.everything = everything
        """Whether it is another track altogether."""
        self.action = action
        """What changed; `action.entries` are the entries to look at again."""
