"""Fractional order keys: a place between any two siblings without touching either.

A key is an integer part, whose first letter says how many digits follow (`a0` … `zzz…`, negative
ones below `Zz`), and a fraction that never ends in the lowest digit. Keys sort as plain ASCII
strings. Appending n times makes keys of O(log n) characters. The scheme is the one David Greenspan
described in "Implementing Fractional Indexing" (Observable, 2020).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence

from tracker_tui.domain.align import rising

DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_BASE = len(DIGITS)
_SMALLEST = "A" + DIGITS[0] * 26


def between(low: str | None, high: str | None) -> str:
    """Return a key after `low` and before `high`; None stands for the end on that side.

    Raises:
        ValueError: if a key is malformed or `low` is not below `high`.
    """
    for key in (low, high):
        if key is not None:
            _check(key)
    if low is not None and high is not None and low >= high:
        raise ValueError(f"no key lies between {low!r} and {high!r}")
    if low is None:
        return "a0" if high is None else _before(high)
    whole = _whole(low)
    fraction = low[len(whole) :]
    if high is None:
        after = _increment(whole)
        return after if after is not None else whole + _midpoint(fraction, None)
    whole_high = _whole(high)
    if whole == whole_high:
        return whole + _midpoint(fraction, high[len(whole_high) :])
    after = _increment(whole)
    if after is not None and after < high:
        return after
    return whole + _midpoint(fraction, None)


def spread(low: str | None, high: str | None, count: int) -> list[str]:
    """Return `count` ascending keys between `low` and `high`, as short as they can be."""
    if count <= 0:
        return []
    if count == 1:
        return [between(low, high)]
    if high is None:
        keys = []
        for _ in range(count):
            low = between(low, None)
            keys.append(low)
        return keys
    middle = between(low, high)
    half = count // 2
    return [*spread(low, middle, half), middle, *spread(middle, high, count - half - 1)]


def fitted(ids: Sequence[str], known: Mapping[str, str], taken: Iterable[str]) -> dict[str, str]:
    """Return ascending keys for `ids`, in their order, by id.

    As many as can be of those that have a `known` key keep it. No new key is one of `taken`, the keys
    of others that stand among them.
    """
    having = [id_ for id_ in ids if id_ in known]
    keep = {having[place] for place in rising([known[id_] for id_ in having])}
    others = sorted(taken)
    made: dict[str, str] = {}
    waiting: list[str] = []
    low: str | None = None
    for id_ in (*ids, None):
        if id_ is not None and id_ not in keep:
            waiting.append(id_)
            continue
        high = None if id_ is None else known[id_]
        place = bisect_right(others, low) if low is not None else 0
        between = others[place] if place < len(others) else None
        end = high if between is None or (high is not None and high < between) else between
        made.update(zip(waiting, spread(low, end, len(waiting)), strict=True))
        waiting = []
        if id_ is not None:
            made[id_] = low = known[id_]
    return made


def is_key(key: str) -> bool:
    """Whether `key` is a well-formed order key."""
    try:
        _check(key)
    except ValueError:
        return False
    return True


def _before(high: str) -> str:
    whole = _whole(high)
    if whole == _SMALLEST:
        return whole + _midpoint("", high[len(whole) :])
    if whole < high:
        return whole
    before = _decrement(whole)
    return before + _midpoint("", None) if before == _SMALLEST else before


def _check(key: str) -> None:
    whole = _whole(key)
    if key == _SMALLEST or key[len(whole) :].endswith(DIGITS[0]):
        raise ValueError(f"not an order key: {key!r}")
    if any(c not in DIGITS for c in key):
        raise ValueError(f"not an order key: {key!r}")


def _whole(key: str) -> str:
    head = key[:1]
    if "a" <= head <= "z":
        length = ord(head) - ord("a") + 2
    elif "A" <= head <= "Z":
        length = ord("Z") - ord(head) + 2
    else:
        raise ValueError(f"not an order key: {key!r}")
    if length > len(key):
        raise ValueError(f"not an order key: {key!r}")
    return key[:length]


def _increment(whole: str) -> str | None:
    head, digits = whole[0], list(whole[1:])
    for i in range(len(digits) - 1, -1, -1):
        value = DIGITS.index(digits[i]) + 1
        if value < _BASE:
            digits[i] = DIGITS[value]
            return head + "".join(digits)
        digits[i] = DIGITS[0]
    if head == "Z":
        return "a" + DIGITS[0]
    if head == "z":
        return None
    follower = chr(ord(head) + 1)
    if follower > "a":
        digits.append(DIGITS[0])
    else:
        digits.pop()
    return follower + "".join(digits)


def _decrement(whole: str) -> str:
    """The integer part before one that is not the smallest."""
    head, digits = whole[0], list(whole[1:])
    for i in range(len(digits) - 1, -1, -1):
        value = DIGITS.index(digits[i]) - 1
        if value >= 0:
            digits[i] = DIGITS[value]
            return head + "".join(digits)
        digits[i] = DIGITS[-1]
    if head == "a":
        return "Z" + DIGITS[-1]
    leader = chr(ord(head) - 1)
    if leader < "Z":
        digits.append(DIGITS[-1])
    else:
        digits.pop()
    return leader + "".join(digits)


def _midpoint(low: str, high: str | None) -> str:
    """A fraction strictly between two fractions; "" is zero and None is one."""
    made = ""
    while True:
        if high is not None:
            shared = 0
            while shared < len(high) and (low[shared : shared + 1] or DIGITS[0]) == high[shared]:
                shared += 1
            made = high[:shared]
            low, high = low[shared:], high[shared:]
        first = DIGITS.index(low[0]) if low else 0
        last = DIGITS.index(high[0]) if high is not None else _BASE
        if last - first > 1:
            return made + DIGITS[(first + last) // 2]
        if high is not None and len(high) > 1:
            return made + high[:1]
        made += DIGITS[first]
        low, high = low[1:], None
