"""The one exception that is meant for the user: a leaf that everything may import."""

from __future__ import annotations

from collections.abc import Sequence


class TrackerError(Exception):
    """Something the user asked that can't be done, or a file that can't be used.

    Args:
        problem: What is wrong, as one line, without a full stop.
        advice: What to do about it, as one line; empty if there is nothing to say.
    """

    def __init__(self, problem: str, advice: str = "") -> None:
        self.problem = one_line(problem)
        self.advice = one_line(advice)
        super().__init__(f"{self.problem}; {self.advice}" if advice else self.problem)


class Busy(TrackerError):
    """Another process has held the write lock for longer than we wait."""


class Gone(TrackerError):
    """The database that was opened is not at its place any more; nothing is written into it."""


class Damaged(TrackerError):
    """The database cannot be read as what it is."""


class Lost(Damaged):
    """There is no database any more where there was one."""


def one_line(text: str) -> str:
    """Return `text` on one line, without control characters, at most 500 characters long."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return line if len(line) <= 500 else line[:499] + "…"


def nearest(wrong: str, right: Sequence[str]) -> str:
    """Return advice for a mistyped word: the nearest right one, or all if none is near."""
    import difflib  # 4 ms, and only where somebody mistyped

    close = difflib.get_close_matches(wrong, right, n=1, cutoff=0.5)
    return f"did you mean {close[0]}?" if close else "one of " + ", ".join(right)
