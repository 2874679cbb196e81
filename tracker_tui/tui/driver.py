"""The terminal's driver, which does not keep anyone waiting when the program ends."""

from __future__ import annotations

import termios
import time
from queue import Full
from threading import Thread

from textual.drivers.linux_driver import LinuxDriver
from textual.events import Resize
from textual.geometry import Size
from textual.message import Message

HAND_OVER_SECONDS = 0.0001
"""How long one lets go of the interpreter after a frame. The thread that writes would else wait for
it while there is something to compute, up to 5 ms: the cursor's line would come late by the time
that the detail takes, which is made after it."""

UNREAD_SECONDS = 2.0
"""How long a program that ends waits for its terminal to be read."""


class QuickDriver(LinuxDriver):
    """Leaves its input thread behind when the program ends.

    The thread looks up from the keyboard every 0.1 s, and twice before it ends; Textual waits for
    that, which is nearly all of the time that quitting takes. While an editor has the terminal the
    thread is waited for as ever: there it would read what is meant for the editor.
    """

    unread = False
    """Whether the program ends with something that it wrote and nobody has read."""
    _leaving = False
    _left: Thread | None = None
    """The thread that was left behind."""

    def leave(self) -> None:
        """The program ends: nobody waits for a key any more."""
        self._leaving = True

    def disable_input(self) -> None:
        """Stop the mouse, and the thread with the next time it looks up."""
        if self._leaving and self._key_thread is not None:
            self._left, self._key_thread = self._key_thread, None
        super().disable_input()
        if self._leaving:
            self.exit_event.set()

    def let_go(self) -> None:
        """Wait for the thread that was left behind: somebody else is going to read the keyboard."""
        if self._left is not None:
            self._left.join()

    @property
    def is_gone(self) -> bool:
        """Whether the terminal is: it was closed, and no signal said so."""
        if self._writer_thread is not None and not self._writer_thread.is_alive():
            return True
        try:
            termios.tcgetattr(self.fileno)
        except (termios.error, OSError, ValueError):
            return self.input_tty
        return False

    def write(self, data: str) -> None:
        """Write to the terminal; nothing is written to one that is gone.

        The thread that writes has ended then, and its queue would take some and block for ever.
        Nor is one waited for that is there and not read, as behind a connection that stands still,
        when the program was told to end.
        """
        writer = self._writer_thread
        assert writer is not None, "written to while somebody else has the terminal"
        while writer.is_alive() and not self.unread:
            try:
                writer._queue.put(data, timeout=UNREAD_SECONDS)  # noqa: SLF001 - its own waits for ever
            except Full:
                self.unread = self._leaving
            else:
                return

    def flush(self) -> None:
        """Let what was written go out; called when a frame is whole."""
        super().flush()
        time.sleep(HAND_OVER_SECONDS)

    def close(self) -> None:
        """End the thread that writes, if it has not ended; it cannot where nobody reads."""
        writer = self._writer_thread
        if writer is None or not writer.is_alive() or self.unread:
            return
        try:
            writer._queue.put(None, timeout=UNREAD_SECONDS)  # noqa: SLF001 - as above
        except Full:
            self.unread = True
        else:
            writer.join(UNREAD_SECONDS)
            self.unread = writer.is_alive()

    def _sigtstp_application(self, *_: object) -> None:
        """Stop when nothing else is half done.

        A signal comes in the middle of anything, of a write too: what waits for the thread that
        writes would wait for a lock that it holds itself. While an editor has the terminal there is
        no such thread, and nobody but this one to stop with the editor.
        """
        if self._auto_restart:
            self._loop.call_soon_threadsafe(super()._sigtstp_application)
        else:
            super()._sigtstp_application()

    def _sigcont_application(self, *_: object) -> None:
        """Go on: at once where it was stopped, else with the terminal taken anew.

        A program that a SIGSTOP stopped has not let go of the terminal, and to take it twice would
        be to read the keyboard twice.
        """
        if self._must_signal_resume:
            super()._sigcont_application()
        elif self._auto_restart:
            self._loop.call_soon_threadsafe(self._take_anew)

    def _take_anew(self) -> None:
        self.suspend_application_mode()
        self._must_signal_resume = True
        self.resume_application_mode()

    def as_it_is(self, event: Resize) -> Resize:
        """Return a resize to the size that the terminal has now.

        A signal that comes while another one is handled overtakes it: of two sizes in quick
        succession the older may be told last. Where the terminal tells its size itself, in its
        own order, that is right.
        """
        if self._in_band_window_resize:
            return event
        size = Size(*self._get_terminal_size())
        return Resize(size, size)

    def process_message(self, message: Message) -> None:
        """Pass on what was typed, unless it came too late."""
        if not self._leaving:
            super().process_message(message)
