"""The packed entries of a document, however many blocks they fill."""

from __future__ import annotations

import pytest

from tracker_tui.domain.words import Kind
from tracker_tui.exchange import checklist
from tracker_tui.exchange.nodes import Listing

TASKS = 3_000
"""So many that they fill several blocks."""


@pytest.fixture(scope="module")
def listing() -> Listing:
    """Tasks whose titles are links that are defined at the end."""
    lines = [f"- [ ] [Topic {number}][{number}]" for number in range(TASKS)]
    lines[TASKS // 2 : TASKS // 2] = ["", "## Second", ""]
    links = [f"[{number}]: https://example.org/{number}" for number in range(TASKS)]
    return checklist.read("\n".join(["# First", "", *lines, "", *links]), "x")


def test_what_is_named_at_the_end_is_found_in_every_block(listing: Listing) -> None:
    items = [node for node in listing if node.kind is Kind.ITEM]
    assert [node.title for node in items] == [f"Topic {number}" for number in range(TASKS)]
    assert [node.links[0].url for node in items] == [
        f"https://example.org/{number}" for number in range(TASKS)
    ]
    assert [node.title for node in listing if node.kind is not Kind.ITEM] == ["First", "Second"]
    assert [node.number for node in listing] == list(range(TASKS + 2))


def test_entries_are_found_in_any_order(listing: Listing) -> None:
    there = list(listing)
    for number in (TASKS + 1, 0, TASKS // 2, 1, TASKS):
        assert listing[number].links == there[number].links
        assert listing[number].title == there[number].title


def test_titles_are_a_sequence_like_any(listing: Listing) -> None:
    titles = listing.titles(range(1, 5))
    assert titles == ["Topic 0", "Topic 1", "Topic 2", "Topic 3"]
    assert titles[1:3] == ["Topic 1", "Topic 2"]
    assert titles[-1] == "Topic 3"
    assert titles != ["Topic 0"]
    assert titles != [*titles, *titles]
    assert listing.titles(()) == []
