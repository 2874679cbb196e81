from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker_tui.domain import align
from tracker_tui.domain.align import rising

MEMBERS = st.lists(st.sampled_from("abcdefgh"), max_size=30)


def holds(a: list[str], b: list[str]) -> list[tuple[int, int]]:
    pairs = align.align(a, b)
    assert all(a[i] == b[j] for i, j in pairs)
    assert pairs == sorted(pairs)
    assert len({i for i, _ in pairs}) == len({j for _, j in pairs}) == len(pairs)
    assert [j for _, j in pairs] == sorted(j for _, j in pairs)
    return pairs


@given(MEMBERS, MEMBERS)
def test_pairs_are_equal_members_in_order(a: list[str], b: list[str]) -> None:
    holds(a, b)
    assert holds(a, a) == [(i, i) for i in range(len(a))]


@given(MEMBERS, st.integers(0, 30))
def test_what_is_put_in_or_taken_out_moves_nothing_else(a: list[str], place: int) -> None:
    place = min(place, len(a))
    longer = [*a[:place], "new", *a[place:]]
    assert len(holds(a, longer)) == len(holds(longer, a)) == len(a)


def test_a_long_stretch_of_one_text_is_paired_in_turn() -> None:
    a, b = ["x", *["same"] * 1_000, "y"], ["v", *["same"] * 900, "w"]
    assert len(holds(a, b)) == 900


@pytest.mark.parametrize(
    ("a", "b", "pairs"),
    [
        ("p1mmUt", "pmm2U", [(0, 0), (2, 1), (3, 2), (4, 4)]),
        ("p1pU3", "p2U4", [(0, 0), (3, 2)]),
        ("pUp1", "p2p3U4", [(0, 0), (2, 2)]),
        ("1Umm5", "2Umm6", [(1, 1), (2, 2), (3, 3)]),
        ("1mmkU2k3", "4mmkU5k6", [(1, 1), (2, 2), (3, 3), (4, 4), (6, 6)]),
        ("1UmVm2WnXn3", "4UVm5WXn6", [(1, 1), (3, 2), (4, 3), (6, 5), (8, 6), (9, 7)]),
    ],
)
def test_what_occurs_once_holds_the_rest(a: str, b: str, pairs: list[tuple[int, int]]) -> None:
    assert holds([*a], [*b]) == pairs


@pytest.mark.parametrize(
    ("small", "a", "b", "pairs"),
    [
        (25, "pxxxyy", "pyyxxx", [(0, 0), (1, 3), (2, 4), (3, 5)]),
        (24, "pxxxyy", "pyyxxx", [(0, 0), (4, 1), (5, 2)]),
        (0, "xyxy", "yxyx", [(1, 0), (2, 1), (3, 2)]),
        (0, "xxyy2", "yxx1", [(2, 0)]),
        (0, "xy2", "11xyxy3", [(0, 2), (1, 3)]),
        (0, "1Umm", "mm2U3", [(1, 3)]),
        (0, "1UUmm", "mm2U3", [(3, 0), (4, 1)]),
        (0, "mm2U3", "1UUmm", [(3, 1)]),
    ],
)
def test_what_is_too_long_to_be_compared_closely_is_paired_in_turn(
    monkeypatch: pytest.MonkeyPatch, small: int, a: str, b: str, pairs: list[tuple[int, int]]
) -> None:
    monkeypatch.setattr(align, "SMALL", small)
    assert holds([*a], [*b]) == pairs


def test_one_text_that_is_most_of_a_stretch_counts() -> None:
    assert holds(["1", "x", "x"], ["2", *["x"] * 300, "3"]) == [(1, 1), (2, 2)]


@given(st.lists(st.integers(0, 9), max_size=12))
def test_a_rising_subsequence_is_a_longest(values: list[int]) -> None:
    places = rising(values)
    assert all(i < j and values[i] < values[j] for i, j in pairwise(places))
    longest: list[int] = []
    for place, value in enumerate(values):
        longest.append(1 + max((longest[i] for i in range(place) if values[i] < value), default=0))
    assert len(places) == max(longest, default=0)


def test_of_several_rising_subsequences_the_lowest_is_taken() -> None:
    assert rising([5, 1, 2, 9, 3]) == [1, 2, 4]
    assert rising([0, 2, 3, 1]) == [0, 1, 2]
    assert rising(["b", "a", "a", "c"]) == [2, 3]
