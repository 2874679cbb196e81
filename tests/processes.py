"""The program as other programs meet it: in a terminal of its own, at a pipe, killed at any moment."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import pyte

PATIENCE = 60.0
"""Seconds until a test that waits for something gives up."""
PROGRAM = (sys.executable, "-m", "tracker_tui")

# The first process of a session takes the terminal as its own, so that ctrl+z, a resize and a hang-up
# reach it as they would from a shell.
_IN_A_TERMINAL = (
    "import fcntl, os, sys, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0);"
    " os.execvp(sys.argv[1], sys.argv[1:])"
)
# pyte prints the private sequences it does not know, so it is spared them.
_UNKNOWN = re.compile(rb"\x1b\[[<>=?][0-9;]*[a-zA-Z]|\x1b\[\?[0-9;]*\$p")


def is_stopped(pid: int) -> bool:
    """Whether a process was stopped and not yet continued."""
    return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "T"


def _ticks(pid: int) -> int:
    """How long a process has computed, in ticks of the system's clock."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return int(fields[11]) + int(fields[12])


class Terminal:
    """A pty, of 100x30 unless given, with the program in it."""

    def __init__(
        self,
        *arguments: str,
        size: tuple[int, int] = (100, 30),
        command: tuple[str, ...] = PROGRAM,
        **environment: str,
    ) -> None:
        self.screen = pyte.Screen(*size)
        self.stream = pyte.ByteStream(self.screen)
        self.raw = b""
        self.fd, inside = pty.openpty()
        self._set_size(*size)
        # The terminal knows its size; what a test runner says of its own is not it.
        inherited = {k: v for k, v in os.environ.items() if k not in ("COLUMNS", "LINES")}
        self.process = subprocess.Popen(
            [sys.executable, "-c", _IN_A_TERMINAL, *command, *arguments],
            stdin=inside,
            stdout=inside,
            stderr=inside,
            env={**inherited, "TERM": "xterm-256color", **environment},
            start_new_session=True,
        )
        os.close(inside)

    @property
    def pid(self) -> int:
        return self.process.pid

    def _set_size(self, width: int, height: int) -> None:
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", height, width, 0, 0))

    def resize(self, width: int, height: int) -> None:
        self.screen.resize(height, width)
        self._set_size(width, height)

    def read(self, seconds: float = 0.05) -> bool:
        """Take in what was written; False when the program is gone."""
        if not select.select([self.fd], [], [], seconds)[0]:
            return True
        try:
            data = os.read(self.fd, 65536)
        except OSError:
            return False
        self.raw += data
        if data:
            self.stream.feed(_UNKNOWN.sub(b"", data))
        return bool(data)

    @property
    def text(self) -> str:
        return "\n".join(self.screen.display)

    def wait_for(self, words: str) -> None:
        self.wait_until(lambda: words in self.text, f"“{words}”")

    def wait_until(self, true: Callable[[], object], what: str = "it") -> None:
        end = time.monotonic() + PATIENCE
        while not true():
            alive = self.read()
            assert time.monotonic() < end, f"{what} never came in:\n{self.text}"
            assert alive or true(), f"ended without {what}:\n{self.text}"

    def wait_until_idle(self) -> None:
        """Wait until the program computes nothing, without reading what it writes."""
        end = time.monotonic() + PATIENCE
        used, since = -1, time.monotonic()
        while time.monotonic() < since + 1:
            assert time.monotonic() < end, "it never came to rest"
            now = _ticks(self.pid)
            if now > used + 1:  # what is done by the clock alone takes less
                used, since = now, time.monotonic()
            time.sleep(0.05)

    def press(self, keys: str) -> None:
        os.write(self.fd, keys.encode())

    def signal(self, number: int) -> None:
        os.kill(self.pid, number)

    def hang_up(self) -> int:
        """Close the terminal itself, as a window that is closed does; return the exit code."""
        os.close(self.fd)
        self.fd = -1
        return self.process.wait(PATIENCE)

    def ended(self) -> int:
        """Wait for the end; return the exit code."""
        while self.read():
            pass
        code = self.process.wait(PATIENCE)
        os.close(self.fd)
        self.fd = -1
        return code

    def kill(self) -> None:
        """End it whatever it does; for what a failed test leaves."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
            self.process.send_signal(signal.SIGCONT)
            self.process.wait(PATIENCE)
        if self.fd >= 0:
            os.close(self.fd)
            self.fd = -1

    @property
    def was_killed(self) -> bool:
        """Whether a kill is what ended it; a moment passes between the end and its being known."""
        try:
            return self.process.wait(5) == -signal.SIGKILL
        except subprocess.TimeoutExpired:
            return False

    @property
    def is_restored(self) -> bool:
        """Whether it left the alternate screen, with the cursor shown and the mouse let go."""
        return all(
            self.raw.rfind(off) > self.raw.rfind(on) if on in self.raw else True
            for on, off in (
                (b"\x1b[?1049h", b"\x1b[?1049l"),
                (b"\x1b[?25l", b"\x1b[?25h"),
                (b"\x1b[?1000h", b"\x1b[?1000l"),
                (b"\x1b[?1003h", b"\x1b[?1003l"),
                (b"\x1b[?1006h", b"\x1b[?1006l"),
                (b"\x1b[?2004h", b"\x1b[?2004l"),
            )
        )


def run(
    *arguments: str,
    environment: Mapping[str, str] | None = None,
    text: str | None = None,
) -> subprocess.CompletedProcess[str]:
    """Run a command line to its end, at pipes; `text` is what it can read."""
    return subprocess.run(
        [*PROGRAM, *arguments],
        input=text if text is not None else "",
        capture_output=True,
        encoding="utf-8",
        errors="surrogateescape",
        env={**os.environ, **(environment or {})},
        timeout=PATIENCE,
        check=False,
    )


def is_one_line(output: str) -> bool:
    """Whether what a command said on standard error is what a user may see: a line, no traceback."""
    return (
        output.startswith("tracker: ")
        and output.endswith("\n")
        and output[:-1].isprintable()
        and "Traceback" not in output
    )
