"""The signs that charts are drawn with, in Unicode and in plain ASCII."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from tracker_tui.domain.track import Tally


class Signs(NamedTuple):
    """The signs of the charts, each one cell wide."""

    levels: str
    """A day without anything, then four levels."""
    paused: str
    heights: str
    """A bar of one cell, from empty to full."""
    full: str
    empty: str


SIGNS: Mapping[str, Signs] = {
    "unicode": Signs("·░▒▓█", "‖", " ▁▂▃▄▅▆▇█", "▰", "▱"),
    "ascii": Signs(".-+*#", "=", " 123456789", "#", "."),
}
"""By the name of the glyph set."""


def bar(tally: Tally, width: int, signs: Signs) -> tuple[str, str]:
    """Return the full and the empty part of a bar; anything learned shows as one cell at least."""
    cells = round(tally.share * width)
    if tally.learned and not cells:
        cells = 1
    if cells == width and tally.learned < tally.countable:
        cells = width - 1
    return signs.full * cells, signs.empty * (width - cells)
