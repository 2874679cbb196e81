"""What is asked of entries, places and relations, on a track of a few rows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.store.test_merge import AT
from tracker_tui.domain.journal import Change, Row, Value
from tracker_tui.domain.track import Place, Span, Tally
from tracker_tui.domain.words import Entity, Horizon, Kind
from tracker_tui.store.store import Store

Facts = dict[str, Value]


def said(told: dict[tuple[str, str], Facts]) -> list[Row]:
    """The rows that say this of entities, by entity and id; an entry's title is its id."""
    rows: list[Row] = []
    for (entity, id_), facts in told.items():
        full = {"title": id_, "position": "a0", **facts} if entity == "entry" else facts
        rows += [
            Row("a", len(rows) + n, 1, AT, "a-1", entity, id_, *fact)
            for n, fact in enumerate(full.items(), 1)
        ]
    return rows


def related(kind: str, source: str, target: str, **more: Value) -> dict[tuple[str, str], Facts]:
    """A relation, with its kind and ends for an id."""
    facts: Facts = {"kind": kind, "source": source, "target": target, "position": "a0", **more}
    return {("relation", f"{kind}:{source}:{target}"): facts}


TRACK: dict[tuple[str, str], Facts] = {
    ("entry", "cat"): {"kind": "category"},
    ("entry", "dog"): {"kind": "category", "position": "a1"},
    ("entry", "sec"): {"kind": "section", "parent": "cat"},
    ("entry", "x"): {"kind": "item", "parent": "sec", "status": "learned"},
    ("entry", "y"): {"kind": "item", "parent": "sec", "status": "todo", "position": "a1"},
    ("entry", "gap-1"): {"kind": "gap"},
    ("entry", "gap-2"): {"kind": "gap", "position": "a1", "status": "learning"},
    ("entry", "step-1"): {"kind": "step", "horizon": "immediate", "status": "learned"},
    ("entry", "step-2"): {"kind": "step", "horizon": "short"},
    ("entry", "step-3"): {"kind": "step", "horizon": "short", "position": "a1"},
    ("horizon", "short"): {"title": "Short-term", "span": "Next 3 Months"},
    **related("covers", "gap-2", "x"),
    **related("covers", "gap-1", "y"),
    **related("covers", "step-3", "x"),
    **related("requires", "y", "x", deleted=1),
    **related("related", "y", "x"),
    **related("related", "x", "gap-2"),
    **related("related", "gap-2", "x"),
    ("note", "n"): {"entry": "y", "at": AT, "text": "words"},
    ("review", "r"): {"entry": "x", "at": AT, "rating": 3, "claim": 1},
}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "tracker.db", lambda: said(TRACK), lambda: "me") as opened:
        yield opened


def test_a_horizon_is_called_by_its_own_word_until_it_has_a_title(store: Store) -> None:
    assert store.spans() == [
        Span(Horizon.IMMEDIATE, "immediate", ""),
        Span(Horizon.SHORT, "Short-term", "Next 3 Months"),
        Span(Horizon.MEDIUM, "medium", ""),
    ]


@pytest.mark.parametrize(
    ("kind", "horizon", "tally"),
    [
        (Kind.GAP, None, Tally(2, 1, 0, 0)),
        (Kind.STEP, None, Tally(3, 2, 0, 0)),
        (Kind.STEP, Horizon.SHORT, Tally(2, 1, 0, 0)),
        (Kind.STEP, Horizon.MEDIUM, Tally(0, 0, 0, 0)),
    ],
)
def test_gaps_and_the_steps_of_a_horizon_are_counted(
    store: Store, kind: Kind, horizon: Horizon | None, tally: Tally
) -> None:
    assert store.tally(kind, horizon) == tally


def test_the_items_of_all_categories_are_counted(store: Store) -> None:
    assert store.overall() == Tally(2, 1, 0, 0)


def test_what_has_a_number_is_counted_in_its_own_place(store: Store) -> None:
    ids = ["cat", "dog", "sec", "x", "gap-1", "gap-2", "step-1", "step-2", "step-3", "nothing"]
    assert [store.number(id_) for id_ in ids] == [1, 2, 0, 0, 1, 2, 1, 1, 2, 0]
    assert [(link.id, link.number, link.horizon) for link in store.covered_by("x")] == [
        ("gap-2", 2, None),
        ("step-3", 2, Horizon.SHORT),
    ]
    assert [(link.id, link.number) for link in store.covers("gap-2")] == [("x", 0)]


def test_what_is_the_same_subject_is_told_from_both_sides_and_once(store: Store) -> None:
    assert [link.id for link in store.related("x")] == ["gap-2", "y"]
    assert [link.id for link in store.related("y")] == ["x"]
    assert [link.id for link in store.related("gap-2")] == ["x"]
    assert store.related("gap-1") == []


def test_what_a_relation_is_of_is_known_whether_or_not_it_stands(store: Store) -> None:
    for kind, source, target in (("covers", "gap-2", "x"), ("requires", "y", "x")):
        known = {"kind": kind, "source": source, "target": target}
        assert store.relation(f"{kind}:{source}:{target}") == known


def test_the_best_rank_is_that_of_the_first_gap(store: Store) -> None:
    store.merge(said({**TRACK, **related("covers", "gap-1", "x")})[-5:])
    assert store.critical_ranks() == {"gap-1": 1, "gap-2": 2, "x": 1, "y": 1}


def test_ids_that_begin_alike_are_told_with_what_is_deleted_last(store: Store) -> None:
    gone = [Row("b", 1, 2, AT, "b-1", "entry", "step-1", "deleted", 1)]
    store.merge(gone)
    assert store.ids_beginning("step", 9) == [
        ("step-2", "step-2", False),
        ("step-3", "step-3", False),
        ("step-1", "step-1", True),
    ]
    assert store.ids_beginning("", 9, Kind.GAP) == [
        ("gap-1", "gap-1", False),
        ("gap-2", "gap-2", False),
    ]
    assert len(store.ids_beginning("s", 2)) == 2


def test_any_number_of_entries_comes_in_the_order_asked_for_each_once(tmp_path: Path) -> None:
    ids = [f"i{n}" for n in range(1_100)]
    rows = said({("entry", id_): {"kind": "item"} for id_ in ids})
    with Store(tmp_path / "many.db", lambda: rows, lambda: "me") as store:
        wanted = [*reversed(ids), "nothing", ids[3]]
        assert [entry.id for entry in store.entries(wanted)] == list(reversed(ids))


@pytest.mark.parametrize("step", [1, -1])
def test_the_neighbour_of_a_sibling_is_in_the_same_place(store: Store, step: int) -> None:
    first, second = store.siblings(Place(kind=Kind.STEP, horizon=Horizon.SHORT))
    here, there = (first, second) if step > 0 else (second, first)
    assert store.neighbour(here, step) == there
    assert store.neighbour(there, step) is None


@pytest.mark.parametrize(
    ("entity", "id_", "field", "around"),
    [
        (Entity.ENTRY, "y", "title", {"y", "sec", "cat", "gap-1"}),
        (Entity.NOTE, "n", "text", {"y", "sec", "cat", "gap-1"}),
        (Entity.REVIEW, "r", "rating", {"x", "sec", "cat", "gap-2", "step-3", "y"}),
        (
            Entity.RELATION,
            "covers:gap-1:y",
            "deleted",
            {"y", "sec", "cat", "gap-1"},
        ),
        (Entity.RELATION, "nothing", "deleted", set()),
        (Entity.HORIZON, "short", "title", set()),
    ],
)
def test_what_looks_different_is_what_a_change_is_of_and_what_is_around_it(
    store: Store, entity: Entity, id_: str, field: str, around: set[str]
) -> None:
    assert set(store.around([Change(entity, id_, field, None, None)])) == around


def test_what_was_moved_looks_different_where_it_was_and_where_it_is(store: Store) -> None:
    store.merge([Row("b", 1, 2, AT, "b-1", "entry", "y", "parent", "dog")])
    moved = store.around([Change(Entity.ENTRY, "y", "parent", "sec", "dog")])
    assert set(moved) == {"y", "dog", "sec", "cat", "gap-1"}
