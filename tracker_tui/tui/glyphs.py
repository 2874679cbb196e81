"""The signs of the screen, in Unicode and in plain ASCII. Words and places always say it too."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from tracker_tui.domain.signs import SIGNS, Signs, bar
from tracker_tui.domain.track import Tally
from tracker_tui.domain.words import STATUS_SIGNS, Status


class Glyphs(NamedTuple):
    """One set of signs, each one cell wide."""

    statuses: Mapping[Status, str]
    closed: str
    open: str
    today: str
    critical: str
    path: str
    rule: str
    signs: Signs
    """Those of the charts."""
    mark: str
    snoozed: str
    ellipsis: str
    arrow: str
    bullet: str

    def status(self, status: Status) -> str:
        """Return the sign of a status."""
        return self.statuses[status]

    def bar(self, tally: Tally, width: int) -> tuple[str, str]:
        """Return the full and the empty part of a bar; anything learned shows as one cell at least."""
        return bar(tally, width, self.signs)


UNICODE = Glyphs(
    statuses=STATUS_SIGNS["unicode"],
    closed="▸",
    open="▾",
    today="◉",
    critical="▲",
    path="◆",
    rule="─",
    signs=SIGNS["unicode"],
    mark="▌",
    snoozed="z",
    ellipsis="…",
    arrow="→",
    bullet="·",
)
ASCII = Glyphs(
    statuses=STATUS_SIGNS["ascii"],
    closed=">",
    open="v",
    today="@",
    critical="!",
    path="#",
    rule="-",
    signs=SIGNS["ascii"],
    mark="|",
    snoozed="z",
    ellipsis="~",
    arrow=">",
    bullet="-",
)
SETS = {"unicode": UNICODE, "ascii": ASCII}
