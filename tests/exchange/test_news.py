"""What a newer version would change, in lines."""

from __future__ import annotations

import json

from tracker_tui.domain.arriving import Arriving
from tracker_tui.domain.difference import Difference
from tracker_tui.domain.reseed import Kept, Moved, Named, News, Retiring, Reworded, Wording
from tracker_tui.exchange.news import (
    OF_DUMP,
    as_json,
    beside,
    changed,
    counts,
    dump_json,
    lines,
    moved,
)


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
        "  Back  (Category), with 1 in it",
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


def test_what_has_no_longer_a_place_is_told_with_why_it_stays() -> None:
    because = ("notes", "reviews", "changes", "relations", "below")
    news = News(
        retired=[
            Retiring("a", "section", "A", None, "C", stays=False, because=()),
            Retiring("b", "item", "B", "a", "A", stays=False, because=()),
            Retiring("d", "item", "D", "c", "C", stays=True, because=because),
        ],
        reworded=[Reworded("e", "item", "E", (Wording("requires", ("x", "y"), ()),))],
    )
    assert list(lines(news)) == [
        *("1 reworded:", "  E", "    needs: x, y → nothing"),
        "2 retired and gone, for you did nothing with them:",
        "  A  (C), with 1 in it",
        "1 retired, and stays marked as such:",
        "  D: for your notes, your reviews, your changes, what you tied it to, what is below it",
    ]
    assert list(lines(news, OF_DUMP))[3:5] == ["2 gone:", "  A  (C), with 1 in it"]
    told = dump_json(Arriving(news, [Difference("notes_lost", 1, "1 note goes", ("n",))]))
    assert [one["id"] for one in told["gone"]] == ["a", "b"]
    assert [one["because"] for one in told["retired"]] == [because]
    assert told["beside"] == {"notes_lost": {"count": 1, "examples": ["n"]}}
    assert told["changed"][0]["changes"][0]["old"] == ("x", "y")
    assert told.keys() == {"new", "changed", "moved", "gone", "retired", "kept", "beside"}


def test_links_that_are_kept_are_told_by_their_titles() -> None:
    mine, theirs = (
        json.dumps([{"title": title, "url": "https://x"} for title in titles])
        for titles in (("Docs", "Blog"), ("Manual",))
    )
    assert list(lines(News(kept=[Kept("e", "item", "E", "resources", mine, theirs)]))) == [
        *("1 kept as you have it:", "  E: links “Docs, Blog” rather than “Manual”"),
    ]


def test_all_that_a_file_writes_over_is_shown_and_of_notes_the_first_ten() -> None:
    several = [Reworded(f"i{n}", "item", f"I{n}", ()) for n in range(12)]
    assert list(changed(several)) == ["12 changed:", *(f"  I{n}" for n in range(12))]
    assert list(moved([Moved("b", "item", "B", "C › One", "D", "one", "other")])) == [
        *("1 moved:", "  B: C › One → D"),
    ]
    notes = tuple(f"note {n}\x1b" for n in range(11))
    given = [Difference("notes", 11, "11 notes", notes), Difference("reviews", 2, "2 reviews", ())]
    assert list(beside(given)) == [
        *("11 notes:", *(f"  note {n}" for n in range(10)), "  and 1 more", "2 reviews"),
    ]
