"""Runs a program in a pty and times its first frame and its keys, from outside."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import termios
import time
from typing import NamedTuple

QUIET = 0.08
"""Seconds of silence after which a screen counts as settled."""
PATIENCE = 20.0
ARROW = "\x1b[B"


class Measured(NamedTuple):
    """Seconds."""

    frame: float
    """From the start of the program to its marker being on the screen."""
    keys: list[float]
    """From each key being written to the first byte that answers it."""


def measure(command: list[str], marker: str, keys: str) -> Measured:
    """Run `command`, wait for `marker`, press `keys` one at a time, and end it."""
    begun = time.perf_counter()
    pid, fd = pty.fork()
    if pid == 0:
        os.execvp(command[0], command)
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
    try:
        frame = _until(fd, marker.encode(), begun)
        _rest(fd)
        taken = []
        while keys:
            key, keys = (
                (ARROW, keys[len(ARROW) :]) if keys.startswith(ARROW) else (keys[0], keys[1:])
            )
            start = time.perf_counter()
            os.write(fd, key.encode())
            if select.select([fd], [], [], 1.0)[0]:
                taken.append(time.perf_counter() - start)
            _rest(fd)
        return Measured(frame, taken)
    finally:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        os.close(fd)


def _until(fd: int, marker: bytes, begun: float) -> float:
    seen = b""
    while time.perf_counter() - begun < PATIENCE:
        if not select.select([fd], [], [], 0.5)[0]:
            continue
        data = os.read(fd, 65536)
        at = time.perf_counter()
        if b"\x1b[6n" in data:
            os.write(fd, b"\x1b[1;1R")
        if b"\x1b[c" in data:
            os.write(fd, b"\x1b[?62;22c")
        seen += data
        if marker in seen:
            return at - begun
    raise SystemExit(f"bench: {marker!r} never came")


def _rest(fd: int) -> None:
    while select.select([fd], [], [], QUIET)[0]:
        os.read(fd, 65536)


def seconds(command: list[str]) -> float:
    """Return how long a command takes as a whole process."""
    begun = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - begun
