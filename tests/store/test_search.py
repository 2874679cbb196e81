"""What the full-text search says of a hit, and in which order."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.store.test_merge import AT
from tests.store.test_queries import Facts, said
from tracker_tui.domain.track import Resource, pieces, resources_json
from tracker_tui.store.store import Store

PLACE: Facts = {"kind": "item", "parent": "Unknown Unknowns"}
TRACK: dict[tuple[str, str], Facts] = {
    ("entry", "Git Basics"): {"kind": "category"},
    ("entry", "Unknown Unknowns"): {"kind": "section", "parent": "Git Basics"},
    ("entry", "Bare clone"): {
        **PLACE,
        "description": "One folder for each of the worktrees",
        "done_when": "nothing is stashed",
    },
    ("entry", "Worktrees"): {
        **PLACE,
        "resources": resources_json([Resource("Pro Git", "https://a.org/b")]),
    },
    ("note", "n1"): {"entry": "Worktrees", "at": AT, "text": "two branches,"},
    ("note", "n2"): {"entry": "Worktrees", "at": AT, "text": '27" apart'},
}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "tracker.db", lambda: said(TRACK), lambda: "me") as opened:
        yield opened


def told(text: str) -> str:
    """A marked text with what matched in brackets."""
    return "".join(f"[{part}]" if matched else part for part, matched in pieces(text))


@pytest.mark.parametrize(
    ("words", "title", "snippet"),
    [
        ("branches", "Worktrees", 'two [branches],\n27" apart'),
        ("folder", "Bare clone", "One [folder] for each of the worktrees\nnothing is stashed"),
        ("nothing", "Bare clone", "One folder for each of the worktrees\n[nothing] is stashed"),
        ("bare", "[Bare] clone", ""),
        ("org", "Worktrees", "Pro Git https://a.[org]/b"),
        ('27"', "Worktrees", 'two branches,\n[27]" apart'),
        ('two"branches', "Worktrees", '[two branches],\n27" apart'),
    ],
)
def test_a_hit_says_where_it_stands_and_what_matched(
    store: Store, words: str, title: str, snippet: str
) -> None:
    (found,) = store.search(words, 5)
    assert (told(found.title), told(found.snippet)) == (title, snippet)
    assert found.where == "Git Basics › Unknown Unknowns"


@pytest.mark.parametrize(
    ("words", "order"),
    [
        ("worktrees", ["Worktrees", "Bare clone"]),
        ("wor", ["Worktrees", "Bare clone"]),
        ("wo", ["Bare clone", "Worktrees"]),
    ],
)
def test_from_three_letters_on_titles_come_first_and_before_that_what_is_oldest(
    store: Store, words: str, order: list[str]
) -> None:
    assert [hit.id for hit in store.search(words, 5)] == order


@pytest.mark.parametrize("words", ["branches", "br"])
def test_what_the_index_has_and_no_entry_is_no_hit(store: Store, words: str) -> None:
    store.db.execute("INSERT INTO search (rowid, title) VALUES (99, 'branches')")
    assert [hit.id for hit in store.search(words, 5)] == ["Worktrees"]
