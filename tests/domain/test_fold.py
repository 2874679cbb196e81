"""The state as a fold of the journal: any order, any repetition; and where actions stand in it."""

from __future__ import annotations

import random
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker_tui.domain.fold import (
    ActionState,
    actions,
    all_told,
    fold,
    told_by_action,
    told_by_entity,
    touched_at,
)
from tracker_tui.domain.journal import Change, Row, Value
from tracker_tui.domain.seeds import standing
from tracker_tui.domain.words import Entity

ROWS = st.lists(
    st.builds(
        lambda replica, n, lamport, id_, field, value: Row(
            replica,
            n,
            0 if replica == "seed" else lamport + 1,
            f"2026-01-{n + 1:02d}T00:00:00Z",
            f"{replica}-{n}",
            "entry",
            id_,
            field,
            value,
        ),
        st.sampled_from(["seed", "a", "b"]),
        st.integers(0, 20),
        st.integers(0, 5),
        st.sampled_from(["x", "y"]),
        st.sampled_from(["title", "status"]),
        st.sampled_from(["1", "2", "3", None]),
    ),
    max_size=30,
    unique_by=lambda row: (row.replica, row.n),
)


@given(ROWS, st.integers(0, 2**32))
def test_any_order_and_any_repetition_fold_to_the_same(rows: list[Row], seed: int) -> None:
    shuffled = rows * 3
    random.Random(seed).shuffle(shuffled)
    one, other = fold(rows), fold(shuffled)
    assert one.facts == other.facts
    assert one.created == other.created
    assert one.updated == other.updated


@given(ROWS)
def test_entity_by_entity_it_is_the_same(rows: list[Row]) -> None:
    together = sorted(rows, key=lambda row: (row.id, row.entity))
    seeds = standing([row for row in rows if not row.lamport])
    assert list(told_by_entity(together, seeds)) == list(all_told(fold(rows)))


@given(ROWS)
def test_the_highest_stamp_of_each_field_wins(rows: list[Row]) -> None:
    facts = fold(rows).facts
    for row in rows:
        rivals = [r for r in rows if (r.id, r.field) == (row.id, row.field)]
        assert facts[row.entity, row.id][row.field] == max(rivals, key=lambda r: r.stamp).value


@given(ROWS)
def test_one_action_folds_as_everything_does(rows: list[Row]) -> None:
    action = [
        row._replace(replica="a", n=n, lamport=7, at="2026-01-01T00:00:00Z", action="a-1")
        for n, row in enumerate(rows, 1)
    ]
    changes = [Change(Entity(r.entity), r.id, r.field, None, r.value) for r in action]
    one: dict[object, dict[str, Value]] = {}
    for told in told_by_action(changes, "2026"):
        one.setdefault(told.key, {}).update(told.facts)
        assert (told.created, told.updated, told.withdrawn) == ("2026", "2026", False)
    assert one == {told.key: told.facts for told in all_told(fold(action))}


def test_a_user_row_wins_over_every_seed_row() -> None:
    def row(replica: str, n: int, lamport: int, value: str) -> Row:
        return Row(replica, n, lamport, "2026-01-01T00:00:00Z", "x", "entry", "i", "title", value)

    assert fold([row("a", 1, 1, "mine"), row("seed", 9, 0, "new seed")]).facts["entry", "i"] == {
        "title": "mine"
    }
    assert fold([row("seed", 2, 0, "new"), row("seed", 1, 0, "old")]).facts["entry", "i"] == {
        "title": "new"
    }


def test_when_something_was_first_and_last_said() -> None:
    def row(replica: str, n: int, day: int, entity: str, id_: str, field: str, value: str) -> Row:
        at = f"2026-01-{day:02d}T00:00:00Z"
        return Row(replica, n, int(replica != "seed"), at, "x", entity, id_, field, value)

    state = fold(
        [
            row("seed", 1, 3, "entry", "seeded", "title", "S"),
            row("a", 1, 2, "entry", "mine", "title", "M"),
            row("a", 2, 9, "entry", "mine", "status", "todo"),
            row("a", 3, 5, "entry", "noted", "title", "N"),
            row("a", 4, 8, "note", "n1", "entry", "noted"),
            row("a", 5, 7, "note", "n2", "entry", "noted"),
            row("a", 6, 1, "note", "n3", "entry", "mine"),
            row("seed", 2, 1, "entry", "both", "title", "B"),
            row("a", 7, 4, "note", "n4", "entry", "both"),
            row("a", 8, 6, "note", "n5", "text", "of nothing"),
            row("seed", 3, 9, "note", "n6", "entry", "seeded"),
        ]
    )
    assert touched_at(state) == {
        id_: f"2026-01-{day:02d}T00:00:00Z"
        for id_, day in {"seeded": 3, "mine": 9, "noted": 8, "both": 4}.items()
    }
    assert state.created["entry", "mine"] == "2026-01-02T00:00:00Z"
    assert ("entry", "seeded") not in state.updated


NOTHING: Mapping[str, str | None] = {}


def done(
    replica: str, n: int, fields: Mapping[str, str | None] = NOTHING, day: int = 1
) -> list[Row]:
    """An action that says these things of itself, beside what it changes."""
    id_, at = f"{replica}-{n}", f"2026-01-{day:02d}T23:30:00Z"
    changed = Row(replica, n, n, at, id_, "entry", "x", "status", str(n))
    return [
        *(
            Row(replica, n + place, n, at, id_, "action", id_, name, value)
            for place, (name, value) in enumerate(fields.items(), 1)
        ),
        changed,
    ]


@pytest.mark.parametrize(
    ("said", "states"),
    [
        ([{}, {"undoes": "a-10"}], ["undone", "done"]),
        ([{}, {"undoes": "a-10"}, {"redoes": "a-10"}], ["done", "done", "done"]),
        ([{}, {"undoes": "a-10"}, {}], ["dropped", "done", "done"]),
        ([{}, {"undoes": "a-10"}, {}, {"redoes": "a-10"}], ["dropped", "done", "done", "done"]),
        ([{}, {}, {"undoes": "a-20"}, {"undoes": "a-10"}, {}], ["dropped"] * 2 + ["done"] * 3),
        (
            [{}, {"undoes": "a-10"}, {"redoes": "a-10"}, {"undoes": "a-10"}, {"undoes": "b-1"}],
            ["undone", "done", "done", "done", "done"],
        ),
        ([{}, {"undoes": "a-10"}, {"redoes": "b-1"}], ["undone", "done", "done"]),
        # Once it was done again, what is new drops nothing.
        ([{}, {"undoes": "a-10"}, {"redoes": "a-10"}, {}], ["done"] * 4),
    ],
)
def test_what_can_be_undone_and_done_again(
    said: list[dict[str, str | None]], states: list[str]
) -> None:
    rows = [row for n, fields in enumerate(said, 1) for row in done("a", 10 * n, fields)]
    # Another replica's actions are its own matter.
    others = [*done("b", 10), *done("b", 20, {"undoes": "a-10"}), *done("b", 30)]
    found = actions(fold([*rows, *others][::-1]))
    assert [one.state for one in found] == [*states, "done", "done", "done"]
    assert [one.id for one in found[len(states) :]] == ["b-10", "b-20", "b-30"]


def test_an_action_says_what_it_did_and_on_which_day() -> None:
    rows = [
        *done("a", 10, {"label": "one"}),
        *done("a", 20),
        *done("a", 30, {"undoes": "a-10"}),
        *done("a", 40, {"redoes": "a-10", "label": None}),
        *done("a", 50, {"undoes": None}, day=3),
    ]
    rows += [
        Row("a", 12, 10, "2026-01-01T23:30:00Z", "a-10", "action", "a-10", "day", "2026-01-02")
    ]
    found = actions(fold(rows))
    assert found[0] == ActionState(
        "a-10", "a", 10, "2026-01-01T23:30:00Z", "one", None, None, "done", "2026-01-02"
    )
    assert [(one.label, one.undoes, one.redoes, one.day) for one in found[1:]] == [
        ("", None, None, "2026-01-01"),
        ("", "a-10", None, ""),
        ("", None, "a-10", ""),
        ("", None, None, ""),
    ]
    empty = Row("a", 21, 20, "2026-01-01T23:30:00Z", "a-20", "action", "a-20", "day", None)
    assert actions(fold([*rows, empty]))[1].day == ""
