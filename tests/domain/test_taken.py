"""Which rows came by an import, and whose they then are."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker_tui.domain.journal import Row
from tracker_tui.domain.taken import among, owned, runs, said

AT = "2026-01-01T00:00:00Z"


def row(replica: str, n: int, lamport: int = 1, field: str = "title") -> Row:
    return Row(replica, n, lamport, AT, f"{replica}-{n}", "entry", "x", field, str(n))


@given(st.sets(st.tuples(st.sampled_from("ab"), st.integers(1, 30))), st.randoms())
def test_what_is_said_is_exactly_these_rows(
    numbers: set[tuple[str, int]], by: random.Random
) -> None:
    rows = [row(replica, n) for replica, n in numbers]
    by.shuffle(rows)
    known = runs(said(rows))
    for replica in "ab":
        for n in range(32):
            assert among(row(replica, n), known) is ((replica, n) in numbers)


def test_rows_in_a_row_are_one_run() -> None:
    assert said([row("b", 3), row("a", 7), row("b", 1), row("b", 2)]) == '{"a":[[7,7]],"b":[[1,3]]}'


@pytest.mark.parametrize(
    "value", [None, "", "3", "[]x", '{"a": 1}', '{"a": [[1]]}', '{"a":[["1",2]]}']
)
def test_what_says_nothing_is_no_rows(value: str | None) -> None:
    assert runs(value) == {}


def test_rows_are_those_of_the_import_that_is_looked_at_or_else_of_one_that_was_undone() -> None:
    rows = [row("a", 1), row("b", 1, 2), row("b", 2, 5), row("b", 3, 3), row("c", 1, 9)]
    imports = {"i": {"b": [[1, 3]]}, "j": {"b": [[3, 3]], "c": [[1, 1]]}}
    assert owned(rows, imports, "k", []) == rows
    mine = owned(rows, imports, "i", [])
    assert [(r.replica, r.n, r.action) for r in mine] == [
        ("a", 1, "a-1"),
        ("c", 1, "c-1"),
        ("b", 2, "i"),
    ]
    undone = owned(rows, imports, "j", ["i"])
    assert [(r.n, r.action) for r in undone] == [(1, "a-1"), (2, "i"), (1, "j")]
