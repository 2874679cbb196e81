"""Mirrored files while the screen is open: looked at now and then, brought in step on a thread.

Looking costs a question to SQLite that reads nothing, and one look at each file there is. What
changed must stay as it is from one look to the next, so a file that is being saved is left to
be, and ten keys in a row are one step.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from tracker_tui.errors import Busy, TrackerError
from tracker_tui.tracker import Tracker
from tracker_tui.tracker.mirroring import MirrorRow

if TYPE_CHECKING:
    from tracker_tui.tracker.mirror_step import Mirrored

State = tuple[int, tuple[tuple[int, int] | None, ...]]
"""The end of the journal, and of each file its size and the time of its last change."""


class Told(NamedTuple):
    """What there is to say of a step."""

    text: str
    warned: bool
    """Whether something is wrong, or has to be known."""


class Mirrors:
    """Knows when a file has to be brought in step, and what was said of it already."""

    def __init__(self, tracker: Tracker) -> None:
        self.tracker = tracker
        self._stamp: tuple[object, ...] | None = None
        self._rows: Sequence[MirrorRow] = ()
        self._seen: State | None = None
        """What the last look saw."""
        self._tried: State | None = None
        """What it was when everything was brought in step, as far as it could be."""
        self._said: dict[str, str] = {}
        """By path what is wrong with a file."""

    def due(self) -> bool:
        """Look; return whether something changed and is at rest."""
        stamp = self.tracker.stamp()
        if stamp != self._stamp:
            self._rows = self.tracker.mirrors()
            self._stamp = stamp
        if not self._rows:
            return False
        state = self._look()
        if state == self._tried:
            return False
        if state != self._seen:
            self._seen = state
            return False
        self._tried = state
        return not self._in_step(state)

    def behind(self) -> bool:
        """Whether something changed, at rest or not."""
        self._rows = self.tracker.mirrors()
        if not self._rows:
            return False
        state = self._look()
        return state != self._tried and not self._in_step(state)

    def _look(self) -> State:
        return self.tracker.journal_end(), tuple(_look(row.path) for row in self._rows)

    def _in_step(self, state: State) -> bool:
        end, files = state
        return all(
            row.row == end and seen == (row.size, row.changed)
            for row, seen in zip(self._rows, files, strict=True)
        )

    def step(self) -> list[Mirrored]:
        """Bring all files in step; for a thread of its own.

        Raises:
            TrackerError: if the track cannot be opened.
        """
        with self.tracker.another() as tracker:
            return tracker.mirror_all()

    def again(self) -> None:
        """Try again with the next look: another program held the track."""
        self._tried = None

    def say(self, found: Sequence[Mirrored]) -> Told | None:
        """Return what there is to say of a step, None if nothing new is."""
        wrong: list[str] = []
        good: list[str] = []
        for each in found:
            if isinstance(each.error, Busy):
                self.again()
                continue
            name = os.path.basename(each.path)  # noqa: PTH119
            # In one line of a terminal what is wrong counts, not where the file lives.
            problem = str(each.error).replace(each.path, name) if each.error is not None else ""
            if problem and problem != self._said.get(each.path):
                wrong.append(problem)
            elif not problem and self._said.get(each.path):
                good.append(f"{name} is in step again")
            self._said[each.path] = problem
            wrong += each.told
            if each.action.changes:
                good.append(each.action.label)
        if wrong:
            more = f" (and {len(wrong) - 1} more: tracker history)" if len(wrong) > 1 else ""
            return Told(wrong[0] + more, warned=True)
        return Told(good[0], warned=False) if good else None

    def failed(self, error: TrackerError) -> Told | None:
        """Return what there is to say of a step that could not begin."""
        if isinstance(error, Busy):
            self.again()
            return None
        return Told(str(error), warned=True)


def _look(path: str) -> tuple[int, int] | None:
    """The size of a file and the time of its last change; None if it cannot be looked at."""
    try:
        found = os.stat(path)  # noqa: PTH116 - four times as fast as a Path
    except OSError:
        return None
    return found.st_size, found.st_mtime_ns
