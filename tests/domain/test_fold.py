from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from tracker_tui.domain.fold import fold, fold_action
from tracker_tui.domain.journal import Row

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
    one, whole = fold_action(action), fold(action)
    assert list(one.facts.items()) == list(whole.facts.items())
    assert (one.created, one.updated) == (whole.created, whole.updated)
    assert one.withdrawn == whole.withdrawn


def test_a_user_row_wins_over_every_seed_row() -> None:
    def row(replica: str, n: int, lamport: int, value: str) -> Row:
        return Row(replica, n, lamport, "2026-01-01T00:00:00Z", "x", "entry", "i", "title", value)

    assert fold([row("a", 1, 1, "mine"), row("seed", 9, 0, "new seed")]).facts["entry", "i"] == {
        "title": "mine"
    }
    assert fold([row("seed", 2, 0, "new"), row("seed", 1, 0, "old")]).facts["entry", "i"] == {
        "title": "new"
    }
