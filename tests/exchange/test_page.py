"""The page, whole: `small.html` is what it should be, but for its style."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

from tests.exchange.small import small_track
from tracker_tui.domain.track import Place, Resource, resources_json
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


def test_what_is_retired_what_is_needed_and_where_links_lead() -> None:
    with small_track() as tracker:
        outline = tracker.outline(study=True)
        overall = tracker.stats().overall
    links = resources_json((Resource("C", "http://c.org/?a&b"), Resource("D", "ftp://d")))
    below = {
        id_: [entry._replace(retired=True, resources_json=links) for entry in entries]
        for id_, entries in outline.below.items()
    }
    needs = {entry.id: [("x", "One"), ("y", "<Two>")] for entry in outline.gaps}
    lines = page(replace(outline, below=below, requires=needs), overall, date(2026, 11, 24))
    told = "\n".join(lines)
    assert "<span>Needs:</span> One, &lt;Two&gt;</span>" in told
    assert '<a href="http://c.org/?a&amp;b">C</a>' in told
    assert '<span class="fact">D ftp://d</span>' in told
    assert '<h3>More <small class="faint">retired</small></h3>' in told
    assert "<span>Retired:</span> the track has it no longer</span>" in told
