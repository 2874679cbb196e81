"""A file in which nothing but boxes was ticked: then it is known what its lines are, without reading it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from tracker_tui.exchange.leads import BOXES
from tracker_tui.exchange.mirror.lines import Line, digest
from tracker_tui.exchange.mirror.ties import Base


def blank(text: str, lines: Iterable[Line]) -> str:
    """Return a digest of a text without what stands in the boxes of its lines."""
    parts, at = [], 0
    for box in sorted(line.box for line in lines if line.box >= 0):
        parts.append(text[at:box])
        at = box + 1
    parts.append(text[at:])
    return digest(f"{len(text)} {''.join(parts)}")


def ticked(base: Base, text: str) -> list[Line] | None:
    """Return the lines of a text, as they were kept, if it differs in their boxes only; else None."""
    lines = [tie.line for tie in base.ties]
    if not base.blank or blank(text, lines) != base.blank:
        return None
    return _with_boxes(lines, text)


def _with_boxes(lines: Sequence[Line], text: str) -> list[Line] | None:
    made = []
    for line in lines:
        if line.box >= 0:
            status = BOXES.get(text[line.box])
            if status is None:
                return None
            if status is not line.status:
                line = replace(line, status=status)  # noqa: PLW2901
        made.append(line)
    return made
