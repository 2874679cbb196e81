"""Read models: what an entry knows of itself, and counts in words."""

from __future__ import annotations

import pytest

from tests.domain.test_plan import ITEM, SECTION, STEP
from tracker_tui.domain.track import (
    MARK_OFF,
    MARK_ON,
    Place,
    Resource,
    Tally,
    links_json,
    pieces,
    place_of,
    resources_json,
)
from tracker_tui.domain.words import Horizon, Kind


@pytest.mark.parametrize(
    ("tally", "words"),
    [
        (Tally(), "no items yet"),
        (Tally(21, 7, 2), "7 of 21 learned, 2 in progress"),
        (Tally(21, 7, 0, 1), "7 of 20 learned, 1 skipped"),
        (Tally(2, 0, 0, 2), "0 of 0 learned, 2 skipped"),
    ],
)
def test_a_tally_in_words(tally: Tally, words: str) -> None:
    assert tally.words() == words
    assert 0 <= tally.share <= 1


def test_an_entry_knows_its_links_its_place_and_its_snooze() -> None:
    assert ITEM.resources == (Resource("Docs", "https://git-lfs.com"),)
    assert ITEM._replace(resources_json="").resources == ()
    assert place_of(ITEM) == Place("git")
    assert place_of(STEP) == Place(None, Kind.STEP, Horizon.SHORT)
    snoozed = ITEM._replace(snoozed_until="2026-12-01")
    assert snoozed.snoozed("2026-11-30")
    assert not snoozed.snoozed("2026-12-01")
    assert not ITEM.snoozed("2026-12-01")
    assert not ITEM.is_branch and SECTION.is_branch
    counts = SECTION._replace(total=9, learned=3, learning=2, skipped=1)
    assert counts.tally == Tally(9, 3, 2, 1)
    assert (counts.tally.countable, counts.tally.share, Tally(2, 0, 0, 2).share) == (8, 3 / 8, 0)
    category = SECTION._replace(kind=Kind.CATEGORY, parent=None, horizon=Horizon.SHORT)
    assert place_of(category) == Place(None, Kind.CATEGORY, None)


def test_links_are_kept_as_json_each_address_once_where_it_stood_first() -> None:
    one, other, again = Resource("Ä", "u"), Resource("B", "v"), Resource("C", "u")
    assert resources_json([]) == links_json([]) == ""
    assert resources_json([one, again]) == (
        '[{"title": "Ä", "url": "u"}, {"title": "C", "url": "u"}]'
    )
    assert links_json([one, other, again]) == (
        '[{"title": "Ä", "url": "u"}, {"title": "B", "url": "v"}]'
    )


def test_a_marked_text_is_taken_apart() -> None:
    on, off = MARK_ON, MARK_OFF
    assert [*pieces(f"a {on}b{off} c{on}d{off}")] == [
        *(("a ", False), ("b", True), (" c", False), ("d", True)),
    ]
    assert [*pieces("plain")] == [("plain", False)]
