"""Ids: readable, of one shape, and the same on every replica where they have to be."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker_tui.domain.ids import is_id, new_id, pair, relation_id, slug
from tracker_tui.domain.words import RelationKind


@pytest.mark.parametrize(
    ("title", "id_"),
    [
        ("Git worktrees", "git-worktrees"),
        ("  C++ & Ümläute: a 2nd look! ", "c-umlaute-a-2nd-look"),
        ("ﬁle names", "file-names"),
        ("x-ray", "x-ray"),
        ("学习", "entry"),
        ("---", "entry"),
        ("", "entry"),
        ("a" * 40, "a" * 40),
        ("a" * 41, "a" * 40),
        (f"{'a' * 40} b", "a" * 40),
        (f"{'a' * 20} {'b' * 19}", f"{'a' * 20}-{'b' * 19}"),
        (f"{'a' * 20} {'b' * 19} c", f"{'a' * 20}-{'b' * 19}"),
        (f"{'a' * 20} {'b' * 20} c", "a" * 20),
        ("a b " + "c" * 40, "a-b"),
    ],
)
def test_a_slug_is_a_title_in_plain_words_cut_at_one(title: str, id_: str) -> None:
    assert slug(title) == id_
    assert new_id(title, "2a3b") == f"{id_}-2a3b"


@given(st.text(max_size=60), st.integers(5, 50))
def test_any_title_makes_an_id(title: str, most: int) -> None:
    made = slug(title, most)
    assert is_id(made) and len(made) <= most


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        *(("git-lfs", True), ("a", True), ("2-b", True), ("a" * 100, True)),
        *(("a" * 101, False), ("", False), ("-a", False), ("a-", False), ("a--b", False)),
        *(("Git", False), ("a b", False), ("a\n", False), ("é", False), ("a:b", False)),
    ],
)
def test_the_shape_of_an_id(text: str, shape: bool) -> None:
    assert is_id(text) is shape


def test_a_relation_has_one_id_and_one_that_holds_both_ways_one_source() -> None:
    assert pair("b", "a") == pair("a", "b") == ("a", "b")
    assert relation_id(RelationKind.RELATED, "a", "b") == "related:a:b"
