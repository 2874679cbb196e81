"""What a newer version would change, in lines."""

from __future__ import annotations

import json

from tracker_tui.domain.reseed import Kept, Moved, Named, News, Reworded, Wording
from tracker_tui.exchange.news import as_json, counts, lines


def test_each_kind_is_told_and_long_lists_are_cut() -> None:
    links = json.dumps([{"title": "Docs", "url": "https://x"}])
    news = News(
        added=[Named(f"i{n}", "item", f"Item {n}", "s", "Section") for n in range(12)],
        back=[
            Named("t", "section", "Back", "c", "Category"),
            Named("u", "item", "In it", "t", "Back"),
        ],
        reworded=[
            Reworded(
                "a", "item", "A", (Wording("resources", "", links), Wording("effort", "S", None))
            ),
        ],
        moved=[
            Moved("b", "item", "B", "C › One", "D › One", "one", "other"),
            Moved("c", "item", "C", "C › One", "C › One", "one", "one"),
            Moved("d", "item", "D", "C › Old", "C › New", "one", "one"),
        ],
        kept=[
            Kept("d", "item", "D", "done_when", "mine", "x" * 100),
            Kept("d", "item", "D", "place", "Here", "Here"),
            Kept("e", "item", "E", "place", "Here", "There"),
        ],
    )
    told = list(lines(news))
    assert told[:2] == ["12 added:", "  Item 0  (Section)"]
    assert told[11:15] == [
        "  and 2 more",
        "2 back in the track:",
        "  Back  (Category)",
        "1 reworded:",
    ]
    assert told[15:18] == ["  A", "    links: nothing → “Docs”", "    effort: “S” → nothing"]
    assert told[18:22] == [
        "3 moved:",
        "  B: C › One → D › One",
        "  C: to another place in C › One",
        "  D: to another place in C › New",
    ]
    assert told[22:] == [
        "2 kept as you have it (3 fields):",
        f"  D: done when “mine” rather than “{'x' * 59}…”",
        "  D: its place in “Here”",
        "  E: place “Here” rather than “There”",
    ]
    assert counts(news) == "12 added, 2 back, 1 reworded, 3 moved, 2 kept as you have it (3 fields)"
    assert counts(News()) == "nothing that you see" and not News()
    assert as_json(news)["reworded"][0]["changes"][1] == {
        "field": "effort",
        "old": "S",
        "new": None,
    }
