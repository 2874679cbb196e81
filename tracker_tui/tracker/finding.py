"""What the doctor says of one thing that it looked at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from tracker_tui.errors import TrackerError

SHOWN = 3
"""How many of many names or lines a finding tells."""


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at."""

    check: str
    """What was looked at; a stable name."""
    says: str
    """What was found, as one line."""
    sound: bool = True
    """Whether it is as it should be."""
    means: str = ""
    """What that means for the user."""
    fix: str = ""
    """What is done about it by `fix`, or can be done by the user."""
    mend: Callable[[], object] | None = field(default=None, compare=False)
    """Does it; None if the program cannot. It is another one at each look."""


def unknown(check: str, error: TrackerError | OSError) -> Finding:
    """What could not be looked at."""
    if isinstance(error, OSError):
        error = TrackerError(f"{error.filename or check}: {error.strerror or error}")
    return Finding(
        check,
        error.problem,
        sound=False,
        means="this cannot be looked at, so nothing can be said of it",
        fix=error.advice or "see to what keeps it from being read",
    )


def some(names: list[str]) -> str:
    """Return the first of many names or lines, and how many more there are."""
    more = f" and {len(names) - SHOWN:,} more" if len(names) > SHOWN else ""
    return "; ".join(names[:SHOWN]) + more
