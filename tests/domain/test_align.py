from __future__ import annotations

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


def test_a_rising_subsequence_is_a_longest() -> None:
    assert [[5, 1, 2, 9, 3][i] for i in rising([5, 1, 2, 9, 3])] == [1, 2, 3]
    assert rising([]) == []
    assert rising([1, 1]) in ([0], [1])
