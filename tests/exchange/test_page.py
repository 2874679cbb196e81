"""The page, whole: `small.html` is what it should be, but for its style."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

from tests.exchange.small import small_track
from tracker_tui.domain.track import Place
from tracker_tui.domain.words import Kind
from tracker_tui.exchange.page import page

WANTED = Path(__file__).with_name("small.html")


def test_the_page_of_a_small_track() -> None:
    with small_track() as tracker:
        tracker.add("Empty & <bare>", Kind.CATEGORY, Place(kind=Kind.CATEGORY))
        about = {"title": "My <plan>", "purpose": "To & fro"}
        outline = replace(tracker.outline(notes=True, study=True), about=about)
        lines = list(page(outline, tracker.stats().overall, date(2026, 11, 24)))
        told, styles = re.subn(r"(?s)<style>\n.+?</style>", "<style></style>", "\n".join(lines))
        assert styles == 1
        assert told + "\n" == WANTED.read_text(encoding="utf-8")
        # How to study and notes are left out where nobody asked for them.
        plain = "\n".join(page(tracker.outline(), tracker.stats().overall, date(2026, 11, 24)))
        assert "<title>Learning Track</title>" in plain
        assert not re.search("Needs:|First step:|https?:|<time>|<p class=.faint.>To", plain)
