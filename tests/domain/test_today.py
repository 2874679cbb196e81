"""The queue of a day: how its places are dealt out, and what comes first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.test_plan import ITEM
from tracker_tui.domain.today import (
    Candidate,
    Candidates,
    Due,
    choose,
)
from tracker_tui.domain.track import Entry
from tracker_tui.domain.words import Effort, Reason, Status

TODAY = date(2026, 11, 24)


_NAMES = {
    Reason.REVIEW: "r",
    Reason.PROGRESS: "p",
    Reason.SNOOZED: "z",
    Reason.CRITICAL: "c",
    Reason.STEP: "s",
    Reason.ITEM: "i",
}


def item(id_: str, status: Status = Status.TODO, **given: Any) -> Entry:
    return ITEM._replace(id=id_, title=id_.upper(), status=status, own_status=status, **given)


def side(name: str, count: int, status: Status = Status.TODO) -> list[Candidate]:
    return [Candidate(item(f"{name}{n}", status), f"why {name}{n}") for n in range(count)]


def candidates(
    sizes: dict[Reason, int], needs: Mapping[str, Sequence[Entry]] | None = None
) -> Candidates:
    statuses = {Reason.REVIEW: Status.LEARNED, Reason.PROGRESS: Status.LEARNING}
    sides = {r: side(_NAMES[r], n, statuses.get(r, Status.TODO)) for r, n in sizes.items()}
    return Candidates(sides, needs or {})


def ids(queue: list[Due]) -> list[str]:
    return [due.entry.id for due in queue]


ALL: dict[Reason, int] = {reason: 9 for reason in Reason if reason != Reason.ITEM}


def test_each_side_has_a_place_in_the_order_of_the_day() -> None:
    assert [due.reason for due in choose(candidates(ALL), TODAY, 5)] == list(ALL)
    found = choose(candidates({**ALL, Reason.SNOOZED: 0}), TODAY, 5)
    assert [due.reason for due in found] == [
        Reason.REVIEW,
        Reason.REVIEW,
        Reason.PROGRESS,
        Reason.CRITICAL,
        Reason.STEP,
    ]


@given(
    st.dictionaries(st.sampled_from(Reason), st.integers(0, 12)),
    st.integers(1, 12),
    st.integers(0, 30),
)
def test_the_cap_holds_and_the_shares(sizes: dict[Reason, int], limit: int, later: int) -> None:
    sides = {
        reason: [Candidate(item(f"{reason}{n}"), "why") for n in range(count)]
        for reason, count in sizes.items()
    }
    found = choose(Candidates(sides), TODAY + timedelta(days=later), limit)
    assert len(found) <= limit
    assert len(set(ids(found))) == len(found)
    assert len(found) == min(limit, sum(sizes.values()))
    planned = sum(n for r, n in sizes.items() if r not in (Reason.REVIEW, Reason.CRITICAL))
    critical = min(1, sizes.get(Reason.CRITICAL, 0))
    reviews = sum(due.reason is Reason.REVIEW for due in found)
    if planned + critical >= limit:
        assert reviews <= max(1, limit // 2)
        assert sum(due.reason is Reason.CRITICAL for due in found) <= 1
    if planned - sizes.get(Reason.ITEM, 0) >= limit:
        assert not any(due.reason is Reason.ITEM for due in found)
    order = list(Reason)
    places = [order.index(due.reason) for due in found]
    assert places == sorted(places)
    for reason, entries in sides.items():
        taken = [due.entry.id for due in found if due.reason is reason]
        assert taken == [c.entry.id for c in entries][: len(taken)]


@pytest.mark.parametrize("limit", [1, 2, 3, 4])
def test_with_few_places_each_side_has_its_day(limit: int) -> None:
    seen: dict[Reason, int] = {}
    for later in range(10):
        for due in choose(candidates(ALL), TODAY + timedelta(days=later), limit):
            seen[due.reason] = seen.get(due.reason, 0) + 1
    assert seen.keys() == ALL.keys()
    assert set(seen.values()) == {2 * limit}


@pytest.mark.parametrize(
    ("sizes", "limit", "chosen"),
    [
        # Half of the places for reviews, one for a gap; today and tomorrow alike.
        ({Reason.REVIEW: 9, Reason.STEP: 9}, 2, "r0 s0"),
        ({Reason.REVIEW: 9, Reason.STEP: 9}, 3, "r0 s0 s1"),
        ({Reason.REVIEW: 9, Reason.STEP: 9}, 5, "r0 r1 s0 s1 s2"),
        ({Reason.REVIEW: 9, Reason.STEP: 9}, 8, "r0 r1 r2 r3 s0 s1 s2 s3"),
        ({Reason.CRITICAL: 9, Reason.STEP: 9}, 4, "c0 s0 s1 s2"),
        ({Reason.PROGRESS: 9, Reason.STEP: 9}, 3, "p0 p1 s0"),
        # Unless nothing else is there.
        ({Reason.REVIEW: 9, Reason.CRITICAL: 9, Reason.STEP: 1}, 7, "r0 r1 r2 r3 c0 c1 s0"),
        ({Reason.REVIEW: 9}, 3, "r0 r1 r2"),
    ],
)
def test_the_places_of_a_day_are_dealt_out_side_by_side(
    sizes: dict[Reason, int], limit: int, chosen: str
) -> None:
    for day in (TODAY, TODAY + timedelta(days=1)):
        assert ids(choose(candidates(sizes), day, limit)) == chosen.split()


def test_one_entry_on_two_sides_is_asked_once() -> None:
    both = [Candidate(item("x"), "one"), Candidate(item("y"), "two")]
    found = choose(Candidates({Reason.CRITICAL: both, Reason.STEP: both}), TODAY, 5)
    assert sorted(ids(found)) == ["x", "y"]


def test_what_is_taken_is_left_out() -> None:
    left = candidates(ALL).without(["r0", "p0"], [Reason.STEP])
    found = ids(choose(left, TODAY, 50))
    assert "r0" not in found and "p0" not in found
    assert {"r1", "p1"} <= set(found)
    needs = {"c0": [item("p0")]}
    assert "c0" not in ids(choose(left._replace(needs=needs), TODAY, 50))


# What comes first


def test_what_an_entry_needs_is_asked_instead() -> None:
    needs = {"c0": [item("base")], "base": [item("root")]}
    (due,) = choose(candidates({Reason.CRITICAL: 1}, needs), TODAY, 5)
    assert (due.entry.id, due.why) == ("root", "Needed before “BASE”")


@pytest.mark.parametrize(
    "under_way", [item("base", Status.LEARNING), item("base", snoozed_until="2026-12-01")]
)
def test_what_waits_for_something_under_way_is_left_out(under_way: Entry) -> None:
    found = choose(candidates({Reason.CRITICAL: 2}, {"c0": [under_way]}), TODAY, 5)
    assert ids(found) == ["c1"]


@pytest.mark.parametrize("status", [Status.LEARNED, Status.SKIPPED])
def test_what_is_done_holds_nothing_up(status: Status) -> None:
    needs = {"c0": [item("base", status)]}
    assert ids(choose(candidates({Reason.CRITICAL: 1}, needs), TODAY, 5)) == ["c0"]


def test_a_circle_of_needs_holds_nothing_up() -> None:
    needs = {"c0": [item("base")], "base": [item("c0")], "s0": [item("s0")]}
    found = choose(candidates({Reason.CRITICAL: 1, Reason.STEP: 1}, needs), TODAY, 5)
    assert sorted(ids(found)) == ["c0", "s0"]
    behind = {"c0": [item("a")], "a": [item("b")], "b": [item("a")]}
    assert ids(choose(candidates({Reason.CRITICAL: 1}, behind), TODAY, 5)) == ["c0"]


def test_what_two_entries_need_is_asked_once() -> None:
    needs = {"s0": [item("base")], "s1": [item("base")]}
    assert ids(choose(candidates({Reason.STEP: 3}, needs), TODAY, 5)) == ["base", "s2"]


def test_in_one_queue_what_is_needed_goes_first() -> None:
    needs = {"p0": [item("z0")], "z0": [item("p0")]}
    found = choose(
        candidates({Reason.PROGRESS: 1, Reason.SNOOZED: 1}, {"p0": needs["p0"]}), TODAY, 5
    )
    assert ids(found) == ["z0", "p0"]
    circle = choose(candidates({Reason.PROGRESS: 1, Reason.SNOOZED: 1}, needs), TODAY, 5)
    assert sorted(ids(circle)) == ["p0", "z0"]


def test_what_a_whole_needs_comes_before_its_parts() -> None:
    steps = [Candidate(item(f"s{n}"), "why", "step", "A step") for n in range(2)]
    needs = {"step": [item("base")]}
    (due,) = choose(Candidates({Reason.STEP: steps}, needs), TODAY, 5)
    assert (due.entry.id, due.why) == ("base", "Needed before “A step”")
    needs = {"step": [item("base", Status.LEARNED)], "s1": [item("root")]}
    found = choose(Candidates({Reason.STEP: steps}, needs), TODAY, 5)
    assert [(due.entry.id, due.why) for due in found] == [
        ("s0", "why"),
        ("root", "Needed before “S1”"),
    ]
    part = {"step": [item("s0")]}
    assert ids(choose(Candidates({Reason.STEP: steps}, part), TODAY, 5)) == ["s0"]


# A day that is nearly full


def sized(efforts: str, name: str = "s") -> list[Candidate]:
    """Candidates with an effort each; `-` is none."""
    return [
        Candidate(item(f"{name}{n}", effort=None if e == "-" else Effort(e)), "why")
        for n, e in enumerate(efforts)
    ]


@pytest.mark.parametrize(
    ("efforts", "limit", "chosen"),
    [
        ("MLMSS", 3, ["s0", "s1", "s3"]),
        ("MLSMS", 3, ["s0", "s1", "s2"]),
        ("-L-S", 2, ["s0", "s3"]),
        ("MLM", 2, ["s0", "s1"]),
        ("MLS", 1, ["s0"]),
        ("MLS", 5, ["s0", "s1", "s2"]),
    ],
)
def test_the_last_place_of_a_day_goes_to_something_small(
    efforts: str, limit: int, chosen: list[str]
) -> None:
    found = choose(Candidates({Reason.STEP: sized(efforts)}), TODAY, limit)
    assert ids(found) == chosen
    early = [due.entry.id for due in found if due.why != "why"]
    assert early == [id_ for place, id_ in enumerate(chosen) if id_ != f"s{place}"]
    assert {due.why for due in found if due.entry.id in early} <= {
        "why; an hour is enough, and the day is nearly full"
    }


def test_a_side_that_has_no_place_yet_is_served_in_order() -> None:
    gaps, steps = sized("LS", "c"), sized("L", "s")
    found = choose(Candidates({Reason.CRITICAL: gaps, Reason.STEP: steps}), TODAY, 2)
    assert sorted(ids(found)) == ["c0", "s0"]
    under_way = [Candidate(c.entry._replace(status=Status.LEARNING), "why") for c in sized("LLS")]
    assert ids(choose(Candidates({Reason.PROGRESS: under_way}), TODAY, 2)) == ["s0", "s1"]


# The same subject


def test_of_one_subject_a_day_asks_once_unless_nothing_else_is_there() -> None:
    sides = {Reason.CRITICAL: side("c", 1), Reason.STEP: side("s", 4)}
    twins = {"s0": {"c0", "s2"}, "c0": {"s0"}, "s2": {"s0"}}
    found = choose(Candidates(sides, {}, twins), TODAY, 3)
    assert ids(found) == ["c0", "s1", "s2"]
    assert sorted(ids(choose(Candidates(sides, {}, twins), TODAY, 5))) == [
        "c0",
        "s0",
        "s1",
        "s2",
        "s3",
    ]
    # Of a twin and one review more than half, the twin; of two gaps that are twins, both in the end.
    sides = {Reason.REVIEW: side("r", 9, Status.LEARNED), Reason.STEP: side("s", 2)}
    twins = {"s0": {"s1"}, "s1": {"s0"}}
    assert ids(choose(Candidates(sides, {}, twins), TODAY, 4)) == ["r0", "r1", "s0", "s1"]
    sides = {Reason.CRITICAL: side("c", 2)}
    assert ids(choose(Candidates(sides, {}, {"c1": {"c0"}}), TODAY, 4)) == ["c0", "c1"]
    sides = {Reason.CRITICAL: side("c", 1), Reason.STEP: side("s", 4)}
    taken = Candidates(sides, {}, {"s0": {"x"}, "s1": {"y"}}).without(["x"])
    assert ids(choose(taken, TODAY, 2)) == ["c0", "s1"]


def test_a_small_one_is_no_twin_either() -> None:
    steps = sized("LMSS")
    twins = {"s2": {"s0"}, "s0": {"s2"}}
    assert ids(choose(Candidates({Reason.STEP: steps}, {}, twins), TODAY, 3)) == ["s0", "s1", "s3"]


def test_reviews_of_one_subject_are_all_asked() -> None:
    learned = side("r", 3, Status.LEARNED)
    twins = {"r0": {"r1"}, "r1": {"r0"}}
    assert ids(choose(Candidates({Reason.REVIEW: learned}, {}, twins), TODAY, 2)) == ["r0", "r1"]
