"""A mirrored file as it should be, and the test that it says what was meant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from tracker_tui.domain.words import Kind
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


def shown(wanted: Sequence[Tie], found: Sequence[Line]) -> tuple[list[Tie], list[Tie]]:
    """Return the lines that a text should have, and those that it has no more as nothing lies in them.

    They are the category that stands for the file, the title of the document, and what has no box.
    """
    kept: list[Tie] = []
    hidden: list[Tie] = []
    for tie in wanted:
        line, at = tie.line, found[len(kept)] if len(kept) < len(found) else None
        same = at is not None and (at.kind, key(at.title)) == (line.kind, key(line.title))
        hides = line.level in (-1, 1) or line.holds or (line.heading and line.kind is Kind.ITEM)
        hides = hides or tie.was != ""
        if same or not hides:
            kept.append(tie)
        elif tie.id:
            hidden.append(tie)
    return kept, hidden
