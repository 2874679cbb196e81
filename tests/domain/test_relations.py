from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker_tui.domain.relations import first_circle


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
