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


LAST, FIRST = "z" * 27, "A" + "0" * 26


@pytest.mark.parametrize(
    ("low", "high", "key"),
    [
        (None, None, "a0"),
        *(("a0", None, "a1"), ("az", None, "b00"), ("Zz", None, "a0"), ("Yzz", None, "Z0")),
        *((None, "a0", "Zz"), (None, "b00", "az"), (None, "Z0", "Yzz"), (None, "a0V", "a0")),
        *(("a1", "a3", "a2"), ("a1", "a2", "a1V"), ("a1V", "a3", "a2"), ("az", "b01", "b00")),
        *(("a01", "a03", "a02"), ("a01", "a021", "a02"), ("a01", "a02", "a01V")),
        *(("a0zV", "a1", "a0zk"), ("a0", "a01", "a00V"), ("a012", "a0131", "a013")),
        # Where there is no further integer part, a fraction is.
        *((LAST, None, LAST + "V"), (LAST + "V", None, LAST + "k")),
        *((None, FIRST + "V", FIRST + "F"), (None, FIRST[:-1] + "1", FIRST + "V")),
    ],
)
def test_a_key_is_as_short_as_it_can_be(low: str | None, high: str | None, key: str) -> None:
    assert between(low, high) == key


def test_appending_makes_short_keys() -> None:
    keys = spread(None, None, 10_000)
    assert keys == sorted(set(keys))
    assert max(map(len, keys)) <= 4
    assert max(map(len, spread("a0", "a1", 1_000))) <= 4


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


@given(st.integers(1, 3_000))
def test_prepending_makes_short_keys_too(count: int) -> None:
    key = between(None, None)
    for _ in range(count):
        before = between(None, key)
        assert before < key
        key = before
    assert len(key) <= 4
    assert is_key(key)


KEYS = st.lists(st.booleans(), max_size=40).map(
    lambda turns: _descend(turns)  # any key that halving an interval again and again can reach
)


def _descend(turns: list[bool]) -> str:
    low: str | None = None
    high: str | None = None
    for turn in turns:
        middle = between(low, high)
        low, high = (middle, high) if turn else (low, middle)
    return between(low, high)


@given(KEYS, KEYS, st.integers(0, 20))
def test_spread_fits_strictly_between_any_two_keys(one: str, other: str, count: int) -> None:
    if one == other:
        return
    low, high = sorted((one, other))
    keys = spread(low, high, count)
    assert len(keys) == count
    assert all(map(is_key, keys))
    assert [low, *keys, high] == sorted({low, *keys, high})


@given(KEYS, st.integers(0, 20))
def test_spread_fits_beside_any_key(key: str, count: int) -> None:
    before, after = spread(None, key, count), spread(key, None, count)
    assert [*before, key, *after] == sorted({*before, key, *after})
    assert len(before) == len(after) == count


@given(
    st.text(st.sampled_from("0aAzZ1"), max_size=6), st.text(st.sampled_from("0aAzZ1"), max_size=6)
)
def test_any_two_well_formed_keys_have_room_between_them(one: str, other: str) -> None:
    if not (is_key(one) and is_key(other)) or one == other:
        return
    low, high = sorted((one, other))
    assert low < between(low, high) < high


def test_the_ends_of_the_scale_still_have_room() -> None:
    lowest = "A" + "0" * 25 + "01"
    highest = "z" * 27
    assert is_key(lowest)
    assert is_key(highest)
    assert between(None, lowest) < lowest
    assert between(highest, None) > highest
    assert between("Zz", "a0") < "a0"


@pytest.mark.unmeasured
@pytest.mark.parametrize("upwards", [True, False])
def test_thousands_of_inserts_at_one_place_still_find_room(upwards: bool) -> None:
    low, high = "a1", "a2"
    for _ in range(6_000):
        key = between(low, high)
        assert low < key < high
        low, high = (key, high) if upwards else (low, key)
    assert is_key(low)
    assert is_key(high)
    assert max(len(low), len(high)) < 2_000


@pytest.mark.parametrize(
    ("key", "following"),
    [("a0", "a1"), ("az", "b00"), ("bzz", "c000"), ("Zz", "a0"), ("Yzz", "Z0"), ("Xzzz", "Y00")],
)
def test_whole_keys_follow_each_other_over_every_length(key: str, following: str) -> None:
    assert between(key, None) == following
    assert between(None, following) == key
