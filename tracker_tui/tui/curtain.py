"""A first frame that is painted once, when it is whole.

Left to itself a screen paints as soon as it has a size, again when its widgets have theirs, again
for the classes of its breakpoints, and once more because it was resumed: four times the bytes of a
frame, which over ssh are seen to arrive. Where a newer Textual should call things otherwise, the
frame is painted more often again and nothing else happens.
"""

from __future__ import annotations

from typing import TypeVar

from textual.geometry import Size
from textual.message import Message
from textual.messages import Layout, Update
from textual.screen import Screen
from textual.widget import Widget

_Result = TypeVar("_Result")


class Curtain(Screen[_Result]):
    """A screen that shows nothing until `rise` is called, once everything has its place."""

    risen = False
    """Whether it is painted."""
    _rose_at = 0.0

    def expect(self, size: Size) -> None:
        """Have the classes of the breakpoints that a size calls for, before it is announced."""
        for breakpoints, cells in (
            (self.HORIZONTAL_BREAKPOINTS, size.width),
            (self.VERTICAL_BREAKPOINTS, size.height),
        ):
            passed = [name for least, name in sorted(breakpoints or ()) if cells >= least]
            self.add_class(*passed[-1:], update=False)

    def rise(self) -> None:
        """Paint everything now; from here on the screen is painted like any other."""
        if self.risen:
            return
        self.risen = True
        self._refresh_layout()
        # What was asked for until now is on the screen already: what widgets still have to say ...
        for widget in (self, *self.walk_children(Widget)):
            widget._repaint_required = widget._layout_required = False  # noqa: SLF001
        # ... and what they said.
        self._rose_at = Message().time

    async def _on_update(self, message: Update) -> None:
        self._pass_over(message)

    async def _on_layout(self, message: Layout) -> None:
        self._pass_over(message)

    def _pass_over(self, message: Message) -> None:
        if message.time <= self._rose_at:
            message.stop()
            message.prevent_default()

    def _compositor_refresh(self) -> None:
        if self.risen:
            super()._compositor_refresh()
