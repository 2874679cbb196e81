"""What takes long is told on standard error: on a terminal, and not before half a second."""

from __future__ import annotations

import os
import sys
import threading
import time
from types import TracebackType
from typing import Self, TextIO

from tracker_tui.domain.text import shortened, shown

DELAY = 0.5
"""Seconds until something is told."""
EVERY = 0.1
"""Seconds between two looks."""


class Progress:
    """Tells what is being done, on one line that is gone at the end.

    A thread of its own writes it, so what is told about needs no hooks but may say how far it is.
    """

    def __init__(self, what: str, stream: TextIO | None = None, delay: float = DELAY) -> None:
        self._stream = stream or sys.stderr
        self._what = what
        self._done, self._total = 0, 0
        self._delay = delay
        self._over = threading.Event()
        self._told = False
        self._thread: threading.Thread | None = None
        self._began = time.monotonic()

    def __enter__(self) -> Self:
        if self._stream.isatty() and os.environ.get("TERM", "dumb") != "dumb":
            self._thread = threading.Thread(target=self._tell, daemon=True)
            self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        self._over.set()
        if self._thread is not None:
            self._thread.join()
        if self._told:
            self._stream.write("\r\x1b[K")
            self._stream.flush()

    def stage(self, what: str) -> None:
        """Say what is being done from now on."""
        self._what, self._done, self._total = what, 0, 0

    def at(self, done: int, total: int) -> None:
        """Say how much of it is done."""
        self._done, self._total = done, total

    def _tell(self) -> None:
        wait = self._delay
        while not self._over.wait(wait):
            seconds = time.monotonic() - self._began
            line = told(self._what, self._done, self._total, seconds)
            self._told = True
            self._stream.write(f"\r{line}\x1b[K")
            self._stream.flush()
            wait = EVERY


def told(what: str, done: int, total: int, seconds: float) -> str:
    """Return the line: `reading plan.md  45 %  3 s`."""
    parts = [shortened(shown(what), 60)]
    if total:
        parts.append(f"{100 * min(done, total) // total:>3} %")
    parts.append(f"{seconds:.0f} s")
    return "  ".join(parts)
