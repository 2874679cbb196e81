"""Which of two sequences' members are the same ones: an alignment that keeps the order.

It is the patience method: what begins and ends alike is the same, then what occurs once on both
sides, then what lies between. It stays near linear where almost everything is alike, and where
nothing is told apart (ten thousand lines of one text) it pairs them in order.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Hashable, Sequence
from itertools import pairwise
from typing import TypeVar

SMALL = 40_000
"""Up to how many pairs a stretch without anything unique is compared closely."""

Pair = tuple[int, int]
_Ordered = TypeVar("_Ordered", int, str)


def align(a: Sequence[Hashable], b: Sequence[Hashable]) -> list[Pair]:
    """Return the places (in `a`, in `b`) of equal members, ascending on both sides."""
    found: list[Pair] = []
    waiting = [(0, len(a), 0, len(b))]
    while waiting:
        low, high, low_b, high_b = waiting.pop()
        while low < high and low_b < high_b and a[low] == b[low_b]:
            found.append((low, low_b))
            low, low_b = low + 1, low_b + 1
        while low < high and low_b < high_b and a[high - 1] == b[high_b - 1]:
            high, high_b = high - 1, high_b - 1
            found.append((high, high_b))
        if low == high or low_b == high_b:
            continue
        anchors = _unique(a, b, (low, high, low_b, high_b))
        if anchors:
            found += anchors
            edges = [(low - 1, low_b - 1), *anchors, (high, high_b)]
            waiting += [(i + 1, k, j + 1, m) for (i, j), (k, m) in pairwise(edges)]
        elif (high - low) * (high_b - low_b) <= SMALL:
            found += _close(a[low:high], b[low_b:high_b], low, low_b)
        else:
            found += _in_turn(a[low:high], b[low_b:high_b], low, low_b)
    return sorted(found)


def rising(values: Sequence[_Ordered]) -> list[int]:
    """Return the places of a longest strictly rising subsequence."""
    tops: list[_Ordered] = []
    ends: list[int] = []
    before: list[int] = []
    for place, value in enumerate(values):
        at = bisect_left(tops, value)
        before.append(ends[at - 1] if at else -1)
        tops[at : at + 1] = [value]
        ends[at : at + 1] = [place]
    result = []
    at = ends[-1] if ends else -1
    while at >= 0:
        result.append(at)
        at = before[at]
    return result[::-1]


def _unique(
    a: Sequence[Hashable], b: Sequence[Hashable], window: tuple[int, int, int, int]
) -> list[Pair]:
    low, high, low_b, high_b = window
    counts, counts_b = Counter(a[low:high]), Counter(b[low_b:high_b])
    where = {b[j]: j for j in range(low_b, high_b) if counts_b[b[j]] == 1 and counts.get(b[j]) == 1}
    pairs = [(i, where[a[i]]) for i in range(low, high) if a[i] in where]
    return [pairs[place] for place in rising([j for _, j in pairs])]


def _close(a: Sequence[Hashable], b: Sequence[Hashable], low: int, low_b: int) -> list[Pair]:
    from difflib import SequenceMatcher  # 4 ms, and only for what is told apart by nothing else

    blocks = SequenceMatcher(None, a, b, autojunk=False).get_matching_blocks()
    return [(low + i + n, low_b + j + n) for i, j, size in blocks for n in range(size)]


def _in_turn(a: Sequence[Hashable], b: Sequence[Hashable], low: int, low_b: int) -> list[Pair]:
    places: defaultdict[Hashable, list[int]] = defaultdict(list)
    for i, member in enumerate(a):
        places[member].append(i)
    result, last = [], -1
    for j, member in enumerate(b):
        there = places.get(member, [])
        at = bisect_right(there, last)
        if at < len(there):
            last = there[at]
            result.append((low + last, low_b + j))
    return result
