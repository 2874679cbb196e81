"""What is asked about days: what is due and planned, on a track of a few rows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.store.test_merge import AT
from tests.store.test_queries import Facts, related, said
from tracker_tui.domain.journal import Action, Change, Row, Value
from tracker_tui.domain.reviews import Review
from tracker_tui.domain.words import Entity, Horizon, Kind, Rating
from tracker_tui.store.store import Store

DAY = "2026-11-24"
TOMORROW = "2026-11-25"
TRACK: dict[tuple[str, str], Facts] = {
    ("entry", "cat"): {"kind": "category"},
    ("entry", "a"): {"kind": "item", "parent": "cat"},
    ("entry", "b"): {"kind": "item", "parent": "cat", "position": "a1"},
    ("entry", "c"): {"kind": "item", "parent": "cat", "position": "a2"},
    ("entry", "put-off"): {"kind": "item", "parent": "cat", "snoozed_until": TOMORROW},
    ("entry", "woken"): {"kind": "item", "parent": "cat", "snoozed_until": DAY},
    ("entry", "begun"): {"kind": "item", "parent": "cat", "status": "learning"},
    ("entry", "done"): {"kind": "item", "parent": "cat", "status": "learned"},
    ("entry", "gap-1"): {"kind": "gap"},
    ("entry", "gap-2"): {"kind": "gap", "position": "a1", "horizon": "short"},
    ("entry", "gap-3"): {"kind": "gap", "position": "a2", "horizon": "immediate"},
    ("entry", "last"): {"kind": "step", "horizon": "medium"},
    ("entry", "next"): {"kind": "step", "horizon": "short", "position": "a1"},
    ("entry", "next-2"): {"kind": "step", "horizon": "short", "position": "a2"},
    ("entry", "first"): {"kind": "step", "horizon": "immediate", "position": "a3"},
    **related("covers", "gap-1", "b"),
    **related("covers", "gap-1", "a", position="a1"),
    **related("covers", "gap-1", "put-off"),
    **related("covers", "gap-1", "done"),
    **related("covers", "next-2", "c"),
    **related("covers", "next-2", "begun", position="a1"),
}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "tracker.db", lambda: said(TRACK), lambda: "me") as opened:
        yield opened


def say(store: Store, id_: str, field: str, value: Value, at: str = AT) -> None:
    """Have another replica say something of an entry."""
    n = store.journal_end() + 1
    store.merge([Row("b", n, n, at, f"b-{n}", "entry", id_, field, value)])


@pytest.mark.parametrize(
    ("kind", "planned"),
    [
        (
            Kind.GAP,
            [
                ("b", "gap-1", 1, None),
                ("a", "gap-1", 1, None),
                ("gap-2", "gap-2", 2, Horizon.SHORT),
                ("gap-3", "gap-3", 3, Horizon.IMMEDIATE),
            ],
        ),
        (
            Kind.STEP,
            [
                ("first", "first", 1, Horizon.IMMEDIATE),
                ("next", "next", 1, Horizon.SHORT),
                ("c", "next-2", 2, Horizon.SHORT),
                ("last", "last", 1, Horizon.MEDIUM),
            ],
        ),
    ],
)
def test_gaps_come_by_rank_and_steps_by_horizon_and_each_for_what_it_covers(
    store: Store, kind: Kind, planned: list[tuple[str, str, int, Horizon | None]]
) -> None:
    found = store.planned(kind, DAY, 9)
    assert [(one.entry.id, one.whole, one.number, one.horizon) for one in found] == planned
    assert {one.title for one in found} == {one.whole for one in found}
    assert [one.entry.id for one in store.planned(kind, DAY, 2)] == [id_ for id_, *_ in planned[:2]]


def test_what_is_in_progress_comes_longest_untouched_first_unless_it_covers(store: Store) -> None:
    for id_, at in (("a", "2026-11-26T08:00:00Z"), ("woken", "2026-11-25T08:00:00Z")):
        say(store, id_, "status", "learning", at)
    say(store, "put-off", "status", "learning")
    assert store.entries(["next-2"])[0].status == "learning"
    assert [e.id for e in store.in_progress("2026-11-27", DAY, 9)] == ["begun", "woken", "a"]
    assert [e.id for e in store.in_progress("2026-11-27", DAY, 2)] == ["begun", "woken"]
    touched = "2026-11-26T08:00:00Z"
    assert [e.id for e in store.in_progress(touched, DAY, 9)] == ["begun", "woken"]


@pytest.mark.parametrize(("day", "ids"), [(DAY, ["woken"]), (TOMORROW, ["woken", "put-off"])])
def test_what_was_put_off_is_woken_on_its_day(store: Store, day: str, ids: list[str]) -> None:
    assert [e.id for e in store.woken(day, 9)] == ids
    say(store, "woken", "status", "learned")
    assert [e.id for e in store.woken(day, 9)] == ids[1:]


def test_items_with_a_horizon_of_their_own_come_nearest_first(store: Store) -> None:
    for id_, horizon in (
        ("a", "medium"),
        ("put-off", "short"),
        ("c", "immediate"),
        ("begun", "short"),
    ):
        say(store, id_, "horizon", horizon)
    assert [e.id for e in store.planned_items(DAY, 9)] == ["c", "a"]
    assert [e.id for e in store.planned_items(TOMORROW, 9)] == ["c", "put-off", "a"]


def test_what_is_open_ahead_is_steps_by_horizon_then_items_each_with_what_it_comes_to(
    store: Store,
) -> None:
    say(store, "a", "horizon", "medium")
    say(store, "b", "horizon", "immediate")
    say(store, "next", "status", "learned")
    assert [(entry.id, sorted(ids)) for entry, ids in store.open_units()] == [
        ("first", ["first"]),
        ("next-2", ["begun", "c"]),
        ("last", ["last"]),
        ("b", ["b"]),
        ("a", ["a"]),
    ]


def test_what_many_need_and_are_parts_of_is_told_of_each(tmp_path: Path) -> None:
    ids = [f"i{n}" for n in range(1_100)]
    track: dict[tuple[str, str], Facts] = {
        ("entry", "need"): {"kind": "item"},
        ("entry", "gap"): {"kind": "gap"},
    }
    for id_ in ids:
        track[("entry", id_)] = {"kind": "item"}
        track |= related("requires", id_, "need")
        track |= related("covers", "gap", id_)
    for one, other in zip(ids[::2], ids[1::2], strict=True):
        track |= related("related", one, other)
    with Store(tmp_path / "many.db", lambda: said(track), lambda: "me") as store:
        needs = {id_: [e.id for e in found] for id_, found in store.needs(ids).items()}
        assert needs == {id_: ["need"] for id_ in ids}
        assert store.wholes(ids) == {id_: [("gap", "gap")] for id_ in ids}
        twins = {id_: found.pop() for id_, found in store.twins(ids).items()}
        assert twins == {one: ids[place ^ 1] for place, one in enumerate(ids)}


def review(id_: str, of: str, at: str, **more: Value) -> dict[tuple[str, str], Facts]:
    """A review graded good."""
    return {("review", id_): {"entry": of, "at": at, "rating": 3, **more}}


LEARNED_LONG_AGO = {
    **TRACK,
    ("entry", "put-off"): {**TRACK["entry", "put-off"], "status": "learned"},
    **review("r1", "done", "2026-11-01T08:00:00Z", claim=1),
    **review("r2", "done", "2026-11-10T08:00:00Z"),
    **review("r3", "put-off", "2026-11-01T08:00:00Z", claim=1),
    **review("r4", "begun", "2026-11-01T08:00:00Z", claim=1),
    **review("r5", "done", "2026-11-20T08:00:00Z", deleted=1),
}


@pytest.fixture
def reviewed(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "tracker.db", lambda: said(LEARNED_LONG_AGO), lambda: "me") as opened:
        yield opened


def test_what_is_learned_and_not_put_off_is_due_once_its_card_is(reviewed: Store) -> None:
    assert [e.id for e, _ in reviewed.due_cards("2027-06-01", DAY, 9)] == ["done"]
    both = reviewed.due_cards("2027-06-01", TOMORROW, 9)
    assert [e.id for e, _ in both] == ["put-off", "done"]
    assert [card for _, card in both] == [reviewed.card("put-off"), reviewed.card("done")]
    assert reviewed.due_cards("2027-06-01", TOMORROW, 1) == both[:1]
    assert reviewed.due_cards("2026-11-01", TOMORROW, 9) == []


def test_cards_are_told_with_how_long_their_items_are_put_off(reviewed: Store) -> None:
    all_ = [("put-off", TOMORROW, reviewed.card("put-off")), ("done", None, reviewed.card("done"))]
    assert reviewed.cards("") == reviewed.cards("2027-06-01") == all_
    assert reviewed.cards("2026-11-01") == []
    assert reviewed.card("begun") is not None and reviewed.card("a") is None


def test_that_learning_it_counts_as_a_review_is_none_since(reviewed: Store) -> None:
    assert reviewed.reviewed_since("done", "2026-11-10T08:00:00Z")
    assert not reviewed.reviewed_since("done", "2026-11-10T08:00:01Z")
    assert not reviewed.reviewed_since("put-off", "2026-10-01T08:00:00Z")
    assert reviewed.reviews("done") == [
        Review("r1", "done", "2026-11-01T08:00:00Z", Rating.GOOD, claim=True),
        Review("r2", "done", "2026-11-10T08:00:00Z", Rating.GOOD, claim=False),
    ]


def learned(store: Store, id_: str, new: str, day: str) -> None:
    old = store.entries([id_])[0].own_status
    change = Change(Entity.ENTRY, id_, "status", old, new)
    store.apply(Action(f"{id_} {new}", (change,), day=day), AT)


def test_days_have_what_was_done_on_them_and_was_not_taken_back(store: Store) -> None:
    first, then = "2026-12-01", "2026-12-02"
    for id_ in ("a", "b", "c", "gap-2"):
        learned(store, id_, "learned", first)
    store.undo(AT)
    learned(store, "a", "todo", then)
    learned(store, "b", "skipped", then)
    learned(store, "woken", "learned", then)
    learned(store, "put-off", "learned", "")
    say(store, "c", "deleted", 1)
    others = {DAY: 2}  # the track itself, and what is said of it
    assert store.activity() == {**others, first: 3, then: 3}
    assert store.active_days() == [DAY, first, then]
    assert store.learned_by_day() == {DAY: 1, first: 2, then: -1}
    assert store.labels_on(first) == ["a learned", "b learned", "c learned"]


@pytest.mark.parametrize(
    ("parent", "ids"),
    [(None, ["cat"]), ("cat", ["a", "put-off", "woken", "b", "c"]), ("a", [])],
)
def test_where_something_is_to_be_begun_with_it_is_found_in_its_order(
    store: Store, parent: str | None, ids: list[str]
) -> None:
    store.merge(said({**TRACK, ("entry", "empty"): {"kind": "category"}})[-3:])
    assert [e.id for e in store.with_todo(parent, -1)] == ids
    assert [e.id for e in store.with_todo(parent, 2)] == ids[:2]
