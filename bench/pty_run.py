"""Runs a program in a pty and times it from outside: its first frame, its keys, its end."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

QUIET = 0.08
"""Seconds of silence after which a screen counts as settled."""
PATIENCE = 60.0
DOWN = "\x1b[B"
_KEY = re.compile(r"\x1b\[[A-Z]|.", re.DOTALL)


class Key(NamedTuple):
    """Seconds from a key being written."""

    first: float
    """To the first byte that answers it."""
    settled: float
    """To the last one before silence."""


class Measured(NamedTuple):
    """Seconds, and bytes of memory."""

    frame: float
    """From the start of the program to its marker being on the screen."""
    keys: list[Key]
    end: float
    """From the last key being written to the end of the process; 0 if there was none."""
    memory: int
    """The most that was resident at any time before the end."""


class Program(NamedTuple):
    """What is run, and how it is driven."""

    command: Sequence[str]
    marker: str
    """Text that only its first frame has."""
    before: str = ""
    """Keys that are pressed first and not measured."""
    keys: str = ""
    quit: str = ""
    """The key that ends it; without one it is killed."""


def measure(program: Program) -> Measured:
    """Run a program, wait for its marker, press its keys one at a time, and end it.

    Raises:
        SystemExit: if the marker never comes.
    """
    begun = time.perf_counter()
    pid, fd = pty.fork()
    if pid == 0:
        os.execvp(program.command[0], list(program.command))
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
    ended = False
    try:
        frame = _until(fd, program.marker.encode(), begun)
        _rest(fd, time.perf_counter())
        for key in _KEY.findall(program.before):
            os.write(fd, key.encode())
            _rest(fd, time.perf_counter())
        taken = []
        for key in _KEY.findall(program.keys):
            start = time.perf_counter()
            os.write(fd, key.encode())
            if select.select([fd], [], [], 1.0)[0]:
                first = time.perf_counter() - start
                taken.append(Key(first, _rest(fd, start)))
        memory, end = _peak(pid), 0.0
        if program.quit:
            start = time.perf_counter()
            os.write(fd, program.quit.encode())
            end = _end(fd, pid, start)
            ended = True
        return Measured(frame, taken, end, memory)
    finally:
        if not ended:
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
    raise SystemExit(f"bench: {marker!r} never came; the screen ended in {seen[-300:]!r}")


def _rest(fd: int, start: float) -> float:
    """Read until nothing comes any more; return when the last of it came."""
    last = time.perf_counter() - start
    while select.select([fd], [], [], QUIET)[0]:
        os.read(fd, 65536)
        last = time.perf_counter() - start
    return last


def _end(fd: int, pid: int, start: float) -> float:
    while True:
        if select.select([fd], [], [], 0.001)[0]:
            try:
                os.read(fd, 65536)
            except OSError:
                os.waitpid(pid, 0)
                return time.perf_counter() - start
        if os.waitpid(pid, os.WNOHANG)[0]:
            return time.perf_counter() - start
        if time.perf_counter() - start > PATIENCE:
            raise SystemExit("bench: the program does not end")


def _peak(pid: int) -> int:
    status = Path(f"/proc/{pid}/status")
    if not status.exists():
        return 0
    match = re.search(r"VmHWM:\s+(\d+) kB", status.read_text())
    return int(match[1]) * 1024 if match else 0


def seconds(command: Sequence[str]) -> float:
    """Return how long a command takes as a whole process."""
    begun = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.perf_counter() - begun
