"""`tracker prompt`: how many things today still asks for, from a small file; a leaf.

A shell runs it before every prompt, so it opens no database and imports nothing that the interpreter
has not loaded by itself. The file has a line for each stretch of time, `SECONDS COUNT`: from that
moment on (in seconds since 1970), so many. Every write to the track makes it anew.
"""

from __future__ import annotations

import os
import sys
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

NAME = "prompt"
"""The file's name in the folder of the database."""
_LENGTH_MAX = 10_000


def folder() -> str:
    """Return the folder of the database, as `paths.find` would have it; empty if there is none."""
    home = os.environ.get("TRACKER_HOME")
    if home:
        return os.path.abspath(os.path.expanduser(home))  # noqa: PTH100, PTH111 - no pathlib here
    if sys.platform == "darwin":
        return os.path.expanduser("~/Library/Application Support/tracker")  # noqa: PTH111
    if sys.platform == "win32":
        local = os.environ.get("LOCALAPPDATA", "")
        return local + "\\tracker" if local else ""
    data = os.environ.get("XDG_DATA_HOME", "").strip() or os.path.expanduser("~/.local/share")  # noqa: PTH111
    return data + "/tracker"


def write(counts: Sequence[tuple[float, int]]) -> str:
    """Return the file's text for counts, each with the moment from which on it holds."""
    return "".join(f"{int(since)} {count}\n" for since, count in counts)


def read(text: str, now: float) -> int:
    """Return the count that holds at a moment; 0 for anything that is no such file."""
    found = 0
    for line in text.split("\n"):
        words = line.split()
        if len(words) == 2 and words[0].isdecimal() and words[1].isdecimal() and len(words[1]) < 5:
            if len(words[0]) > 15 or int(words[0]) > now:
                break
            found = int(words[1])
    return found


def main() -> int:
    """Write `3 today`, or nothing when nothing is left; return the exit code, always 0."""
    try:
        with open(folder() + "/" + NAME, encoding="ascii", errors="replace") as file:  # noqa: PTH123
            count = read(file.read(_LENGTH_MAX), time.time())
    except OSError:
        return 0
    try:
        if count:
            sys.stdout.write(f"{count} today\n")
            sys.stdout.flush()
    except OSError:
        # The reader is gone; the interpreter's last flush would complain.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0
