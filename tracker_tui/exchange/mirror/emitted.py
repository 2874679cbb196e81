"""A mirrored file as it should be, and the test that it says what was meant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from tracker_tui.exchange.mirror.lines import Line
from tracker_tui.exchange.mirror.ties import Gone, Tie, key


class Unsaid(Exception):
    """The new text would not say what was meant: something else in it would be read otherwise."""


@dataclass
class Emitted:
    """A file as it should be."""

    text: str
    ties: list[Tie]
    gone: dict[str, Gone]
    outside: set[str]
    new: list[str] = field(default_factory=list)
    changed: dict[str, str] = field(default_factory=dict)
    """Titles by id."""
    moved: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)


def check(found: Sequence[Line], wanted: Sequence[Tie]) -> None:
    """See that a text says what was meant, line by line.

    Raises:
        Unsaid: if it does not.
    """
    same = len(found) == len(wanted)
    for line, tie in zip(found, wanted, strict=False):
        same = same and line.kind is tie.line.kind and key(line.title) == key(tie.line.title)
    if not same:
        raise Unsaid
