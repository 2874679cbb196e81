from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker_tui.domain.relations import (
    Of,
    Ties,
    clash,
    deadlock,
    first_circle,
    first_deadlock,
)
from tracker_tui.domain.words import RelationKind


@pytest.mark.parametrize(
    ("targets", "circle"),
    [
        ({}, []),
        ({"a": ["b", "c"], "b": ["c"], "c": ["d"]}, []),
        ({"a": ["a"]}, ["a", "a"]),
        ({"x": ["a"], "a": ["b"], "b": ["c", "a"], "c": []}, ["a", "b", "a"]),
        ({"a": ["b"], "b": [], "c": ["b", "d"], "d": ["c"]}, ["c", "d", "c"]),
    ],
)
def test_the_first_circle_is_found_and_only_a_circle(
    targets: Mapping[str, Sequence[str]], circle: list[str]
) -> None:
    assert first_circle(targets) == circle


def test_a_long_chain_is_no_matter() -> None:
    chain = {str(n): [str(n + 1)] for n in range(50_000)}
    assert first_circle(chain) == []
    assert len(first_circle(chain | {"49999": ["0"]})) == 50_001


@given(st.dictionaries(st.integers(0, 6), st.lists(st.integers(0, 6), max_size=3), max_size=7))
def test_what_is_found_is_a_circle_and_what_has_none_can_be_put_in_order(
    graph: dict[int, list[int]],
) -> None:
    targets = {str(id_): [str(to) for to in some] for id_, some in graph.items()}
    circle = first_circle(targets)
    if circle:
        assert circle[0] == circle[-1]
        assert all(b in targets[a] for a, b in zip(circle, circle[1:], strict=False))
        return
    left = dict(targets)
    while left:
        free = [id_ for id_, some in left.items() if not any(to in left for to in some)]
        assert free
        for id_ in free:
            del left[id_]


# What can be


def of(targets: str) -> Of:
    """Reads `a:bc d:e`: to `a` belong `b` and `c`."""
    told = {one[0]: one[2:] for one in targets.split()}
    return lambda id_: told.get(id_, "")


def ties(requires: str = "", covers: str = "", related: str = "", above: str = "") -> Ties:
    return Ties(of(requires), of(covers), of(related), of(above))


NEEDS, SAME = RelationKind.REQUIRES, RelationKind.RELATED


@pytest.mark.parametrize(
    ("known", "needs", "same"),
    [
        (ties(), "", ""),
        (ties(above="a:xb"), *["in which it stands"] * 2),
        (ties(above="b:a"), *["which stands in it"] * 2),
        (ties(covers="a:xb"), *["of which it is made"] * 2),
        (ties(covers="b:a"), "", "which is made of it"),
        (ties(requires="a:b"), "", "which it needs first"),
        (ties(requires="b:a"), "", "which needs it first"),
        (ties(related="a:b b:a"), "which is the same subject", ""),
        (ties("a:x b:x", "a:x b:x", "a:x b:x", "a:x b:x"), "", ""),
        (ties("b:a", "a:b", "a:b", "a:b"), *["in which it stands"] * 2),
    ],
)
def test_what_keeps_two_apart_is_said_of_the_second(known: Ties, needs: str, same: str) -> None:
    assert clash(NEEDS, "a", "b", known) == needs
    assert clash(SAME, "a", "b", known) == same


@pytest.mark.parametrize(
    ("known", "around"),
    [
        (ties(), ""),
        (ties(requires="b:c c:d"), ""),
        (ties(requires="b:a"), "aba"),
        (ties(covers="b:a"), "aba"),
        (ties(requires="b:xc", covers="c:ya"), "abca"),
        (ties(requires="b:cd c:b d:e e:ba"), "abdea"),
        (ties(requires="b:cd", covers="c:d d:b"), ""),
    ],
)
def test_what_would_wait_for_itself_is_told_all_the_way_round(known: Ties, around: str) -> None:
    assert deadlock("a", "b", known) == [*around]
    assert deadlock("a", "a", known) == ["a", "a"]


def test_a_circle_of_needs_comes_before_one_by_way_of_what_is_covered() -> None:
    known = ties(requires="c:d d:c", covers="a:b b:a")
    assert first_deadlock(iter("abcd"), known) == ["c", "d", "c"]
    assert first_deadlock(iter("ab"), known) == ["a", "b", "a"]
    assert first_deadlock("bc", known) == []
