"""How a key writes: at once or, while another program holds the track, when its turn has come.

The screen never waits for a lock: it tries for a moment, and what does not get its turn is tried
again by a timer, in the order of the keys. Nothing is said to be done before it is.
"""

from __future__ import annotations

import os
from abc import abstractmethod
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol, TypeVar, cast

from textual.timer import Timer

from tracker_tui.domain.text import plural
from tracker_tui.errors import Busy, TrackerError

if TYPE_CHECKING:
    from textual.screen import Screen

    from tracker_tui.tracker import Tracker
    from tracker_tui.tui.app import TrackerApp
    from tracker_tui.tui.drafts import Drafts

TRY_SECONDS = 0.02
"""How long the screen itself waits for a lock: too short to be felt."""
RETRY_SECONDS = 0.1
"""How often what waits is tried again."""
SAY_EACH = 10
"""After how many tries it is said again that something waits."""

_Result = TypeVar("_Result")
Done = Callable[[_Result], None]


class Speaker(Protocol):
    """A screen that can say something."""

    def say(self, text: str, *, warned: bool = False) -> None:
        """Say it."""

    def refuse(self, error: TrackerError) -> None:
        """Say what is wrong."""


class Writes:
    """The writes that wait, the oldest first.

    Args:
        timer: Calls `again` each `RETRY_SECONDS`; it is resumed only while something waits.
    """

    def __init__(self, timer: Callable[[Callable[[], None]], Timer]) -> None:
        self._waiting: deque[tuple[Callable[[], Callable[[], None]], Speaker]] = deque()
        self._start = timer
        self._timer: Timer | None = None
        self._tries = 0

    def __len__(self) -> int:
        return len(self._waiting)

    def do(self, verb: Callable[[], _Result], then: Done[_Result], speaker: Speaker) -> None:
        """Do a verb and tell `then` what it returned: now or, behind those that wait, later.

        Raises:
            TrackerError: if the verb can't be done, and was tried now.
        """

        def whole() -> Callable[[], None]:
            result = verb()
            return lambda: then(result)

        if not self._waiting:
            try:
                follow = whole()
            except Busy:
                pass
            else:
                follow()
                return
        self._waiting.append((whole, speaker))
        self._say()
        if self._timer is None:
            self._timer = self._start(self.again)
        self._timer.resume()

    def again(self) -> None:
        """Try what waits, as far as it goes."""
        while self._waiting:
            verb, speaker = self._waiting[0]
            try:
                follow = verb()
            except Busy:
                self._tries += 1
                if self._tries % SAY_EACH == 0:
                    self._say()
                return
            except TrackerError as error:
                self._waiting.popleft()
                speaker.refuse(error)
            else:
                self._waiting.popleft()
                follow()
        if self._timer is not None:
            self._timer.pause()

    def finish(self) -> None:
        """Try what still waits a last time, when there is no screen any more.

        Raises:
            TrackerError: if some of it can't be done; it says how many.
        """
        lost, why = 0, TrackerError("")
        while self._waiting:
            verb, _ = self._waiting[0]
            try:
                verb()
            except Busy as error:
                lost, why = lost + len(self._waiting), error
                self._waiting.clear()
            except TrackerError as error:
                lost, why = lost + 1, error
                self._waiting.popleft()
            else:
                self._waiting.popleft()
        if lost:
            raise TrackerError(f"{plural(lost, 'change')} could not be written: {why.problem}")

    def _say(self) -> None:
        count = len(self._waiting)
        several = f", {count} keys" if count > 1 else ""
        self._waiting[-1][1].say(f"waiting for another program that is writing{several} …")


class Writing:
    """What a screen needs to write; to be inherited beside `Screen`."""

    tracker: Tracker

    @abstractmethod
    def say(self, text: str, *, warned: bool = False) -> None:
        """Say what was done, or what is wrong."""

    def attempt(self, verb: Callable[[], None]) -> None:
        """Do something; what can't be done is said."""
        try:
            verb()
        except TrackerError as error:
            self.refuse(error)

    def given(self, question: Callable[[], _Result]) -> _Result | None:
        """Return the answer to a question; where it has none, say why and return None."""
        try:
            return question()
        except TrackerError as error:
            self.refuse(error)
            return None

    def refuse(self, error: TrackerError) -> None:
        """Say what is wrong."""
        cast("Screen[None]", self).app.bell()
        # In one line of a terminal what is wrong counts, not where the track lives.
        folder = f"{self.tracker.paths.data}{os.sep}"
        self.say(str(error).replace(folder, ""), warned=True)

    def write_then(self, verb: Callable[[], _Result], then: Done[_Result]) -> None:
        """Do a verb and then something with what it returned; both later if it has to wait.

        What the verb is about must be settled by the caller: when it is done, the cursor may be
        elsewhere.
        """
        self.attempt(lambda: self._writes.do(verb, then, self))

    async def ask_text(self, about: str, title: str, hint: str, text: str = "") -> str | None:
        """Ask for one line; what was typed there before and could not be written is offered again."""
        from tracker_tui.tui.screens.dialogs import Prompt

        begun = self.drafts.offered(about)
        if begun is not None:
            text, hint = begun.text, f"not written yet; {hint}"
        app = cast("Screen[None]", self).app
        answer = await app.push_screen_wait(Prompt(title, hint, text=text))
        self.drafts.drop(begun)
        return answer

    def write_text(
        self, about: str, text: str, verb: Callable[[], _Result], then: Done[_Result], again: str
    ) -> None:
        """Write a text that was typed, as `write_then` does; it is held until it is written.

        Args:
            about: Where it was typed.
            text: The text.
            verb: Writes it.
            then: Is given what the verb returned.
            again: The key that offers it again if it cannot be written.
        """
        self.write_then(self.drafts.writing(about, text, verb, again), then)

    @property
    def drafts(self) -> Drafts:
        """What was typed and is not written yet."""
        return cast("TrackerApp", cast("Screen[None]", self).app).drafts

    def leave(self) -> None:
        """End the program; the first time only if nothing waits to be written."""
        cast("TrackerApp", cast("Screen[None]", self).app).leave(self)

    @property
    def waiting(self) -> bool:
        """Whether something waits to be written."""
        return len(self._writes) > 0

    @property
    def _writes(self) -> Writes:
        return cast("TrackerApp", cast("Screen[None]", self).app).writes
