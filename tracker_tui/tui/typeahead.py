"""Keys that come faster than they are answered: typed ahead, pasted, or held up by a slow connection.

Textual hands a key to what has the focus when it arrives. Of `/git` in one packet the `/` would open
the search and the rest be keys of the screen below, long before the search has the focus. Here each
key waits until all that the one before it began is done.
"""

from __future__ import annotations

from collections import deque

from textual import on
from textual.app import App
from textual.driver import Driver
from textual.events import Event, Key, Paste
from textual.message import Message
from textual.message_pump import MessagePump
from textual.screen import Screen
from textual.worker import WorkerState

ROUNDS = 3
"""How often it is followed through the widgets what a key was the cause of: a key is submitted by a
field, which is accepted by the line it is in, which moves the focus."""
ASKING = "default"
"""The group of the workers that ask something on another screen; those of threads have their own."""
LOST_SECONDS = 0.5
"""How often it is looked whether the same key is still under way: no key must be the last."""


class Followed(Message):
    """Goes the way of a key, behind it: when it is up here, all on its way have handled the key."""

    def __init__(self, rounds: int, number: int) -> None:
        super().__init__()
        self.rounds = rounds
        self.number = number


class TypeAhead(App[None]):
    """Gives every key to what the key before it has opened."""

    def __init__(self, driver_class: type[Driver] | None = None) -> None:
        super().__init__(driver_class)
        self._ahead: deque[Key | Paste] = deque()
        """What was typed and is not handed to anybody yet."""
        self._number = 0
        """Of the key that is under way; the first screen counts as one."""
        self._is_under_way = True
        self._is_ready = False
        self._looked_at = -1
        """The key that was under way when it was last looked whether one is lost."""
        self._target: MessagePump = self
        """What the key was handed to."""
        self._seen: Screen[object] | None = None
        """The screen that it was handed to, or that has since been waited for."""

    @property
    def has_keys(self) -> bool:
        """Whether a key waits for the one before it."""
        return bool(self._ahead)

    def on_ready(self) -> None:
        """Begin with what was typed before there was a screen."""
        self._is_ready = True
        self._watch = self.set_interval(LOST_SECONDS, self._look, pause=not self._ahead)
        self._follow(self.screen, 0)

    async def on_event(self, event: Event) -> None:
        """Keep a key until it is its turn; let everything else through."""
        if not isinstance(event, Key | Paste):
            await super().on_event(event)
        elif event.is_forwarded:  # it is back, and nobody has answered it
            await super().on_event(event)
            self.answered()
        elif self._is_under_way:
            if not self._is_ready and isinstance(event, Key) and event.key == "ctrl+j":
                event = Key("enter", "\r")  # so a terminal tells it that nobody has made raw yet
            self._ahead.append(event)
            if len(self._ahead) == 1 and self._is_ready:
                self._follow(self._target, 1)
                self._watch.resume()
        else:
            await self._give(event)

    def answered(self) -> None:
        """The key that is under way was answered, and goes no further. May be left unsaid."""
        self.post_message(Followed(0, self._number))  # behind what the answer has put there

    async def _give(self, event: Key | Paste) -> None:
        self._is_under_way = True
        self._number += 1
        self._seen = self.screen
        self._target = self.focused or self.screen
        await super().on_event(event)
        if self._ahead:
            self._follow(self._target, 1)

    def _follow(self, target: MessagePump, rounds: int) -> None:
        message = Followed(rounds, self._number)
        if not target.post_message(message):  # it is gone
            self.post_message(message)

    @on(Followed)
    async def _followed(self, message: Followed) -> None:
        message.stop()
        if message.number != self._number or not self._is_under_way or not self.screen_stack:
            return
        screen = self.screen
        if screen is not self._seen:
            # It has its focus when it has heard that it is the one now.
            self._seen = screen
            self._follow(screen, message.rounds)
        elif any(w.group == ASKING and w.state is WorkerState.PENDING for w in self.workers):
            self._follow(self, message.rounds)
        elif self._ahead and message.rounds < ROUNDS:
            self._follow(self.focused or screen, message.rounds + 1)
        else:
            self._is_under_way = False
            if self._ahead:
                await self._give(self._ahead.popleft())

    async def _look(self) -> None:
        """Go on to the next key where the one that is under way has come to no end."""
        if not self._ahead:
            self._watch.pause()
        elif self._number == self._looked_at:
            await self._give(self._ahead.popleft())
        self._looked_at = self._number
