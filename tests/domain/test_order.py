from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker_tui.domain.order import between, is_key, spread


@given(st.lists(st.integers(0, 1_000), max_size=60))
def test_there_is_always_a_key_between_two_neighbours(places: list[int]) -> None:
    keys: list[str] = []
    for place in places:
        at = place % (len(keys) + 1)
        low = keys[at - 1] if at else None
        high = keys[at] if at < len(keys) else None
        key = between(low, high)
        assert is_key(key)
        assert low is None or low < key
        assert high is None or key < high
        keys.insert(at, key)
    assert keys == sorted(set(keys))


def test_appending_makes_short_keys() -> None:
    keys = spread(None, None, 10_000)
    assert keys == sorted(set(keys))
    assert max(map(len, keys)) <= 4


@given(st.integers(0, 50))
def test_spread_fills_a_gap(count: int) -> None:
    keys = spread("a0", "a1", count)
    assert len(keys) == count
    assert keys == sorted(set(keys))
    assert all("a0" < key < "a1" for key in keys)


@pytest.mark.parametrize("key", ["", "a", "0", "a00", "b1", "a0!", "é0"])
def test_a_malformed_key_is_refused(key: str) -> None:
    assert not is_key(key)
    with pytest.raises(ValueError, match="order key"):
        between(key, None)


def test_keys_the_wrong_way_round_are_refused() -> None:
    with pytest.raises(ValueError, match="no key lies between"):
        between("a1", "a1")
