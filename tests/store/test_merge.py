"""Taking in other replicas' rows: whatever the order, the tables are what the journal says."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker_tui.domain import order
from tracker_tui.domain.journal import Action, Change, Row, Value
from tracker_tui.domain.track import Place
from tracker_tui.domain.words import Entity
from tracker_tui.errors import TrackerError
from tracker_tui.store import check
from tracker_tui.store.store import Store

pytestmark = pytest.mark.unmeasured

AT = "2026-11-24T08:00:00Z"
TABLES = ("entry", "note", "relation", "fact", "action")
LEFT_OUT = {"number"}
"""Columns that tell the order of arrival."""


def row(
    replica: str, n: int, id_: str, field: str, value: Value, *, lamport: int = 1, at: str = AT
) -> Row:
    """A row of an entry."""
    return Row(replica, n, lamport, at, f"{replica}-{n}", "entry", id_, field, value)


def entry(replica: str, first: int, id_: str, parent: str | None, kind: str = "item") -> list[Row]:
    """The rows that add an entry."""
    values: dict[str, Value] = {"kind": kind, "parent": parent, "title": id_, "deleted": 0}
    return [
        row(replica, first + i, id_, name, value) for i, (name, value) in enumerate(values.items())
    ]


TREE = [
    *entry("a", 1, "c", None, "category"),
    *entry("a", 11, "s", "c", "section"),
    *entry("a", 21, "t", "c", "section"),
    *entry("a", 31, "x", "s"),
    *entry("a", 41, "y", "s"),
]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An empty store of the replica `me`."""
    with Store(tmp_path / "tracker.db", list, lambda: "me") as opened:
        yield opened


def state(store: Store) -> dict[str, list[dict[str, Any]]]:
    """Everything in the state tables but the order of arrival."""
    tables: dict[str, list[dict[str, Any]]] = {}
    for table in TABLES:
        found = store.db.execute(f"SELECT * FROM {table}")
        names = [column[0] for column in found.description]
        rows = [dict(zip(names, values, strict=True)) for values in found]
        tables[table] = sorted(
            ({k: v for k, v in r.items() if k not in LEFT_OUT} for r in rows), key=repr
        )
    tables["search"] = [
        {"id": id_, "title": title, "text": text, "notes": notes}
        for id_, title, text, notes in store.db.execute(
            "SELECT e.id, s.title, s.text, s.notes FROM search s JOIN entry e ON e.number = s.rowid"
            " ORDER BY e.id"
        )
    ]
    return tables


def place(store: Store, id_: str) -> tuple[str | None, bool, int]:
    """Parent, whether deleted, and how many items are below."""
    found = store.entry(id_)
    assert found is not None
    return found.parent, found.deleted, found.total


IDS = ["c", "s", "t", "x", "y", "z"]
MOMENTS = [f"2026-11-{day:02d}T08:00:00Z" for day in (1, 2, 3)]


@st.composite
def replica_rows(draw: st.DrawFn, replica: str, start: int) -> list[Row]:
    """Actions of one replica, their lamport never falling, their clock not to be trusted."""
    rows: list[Row] = []
    lamport = 0
    for _ in range(draw(st.integers(0, 5))):
        lamport += draw(st.integers(1, 2))
        n = start + len(rows)
        action = f"{replica}-{n}"
        at = draw(st.sampled_from(MOMENTS))
        facts: list[tuple[str, str, str, Value]] = [("action", action, "label", "did it")]
        what = draw(
            st.sampled_from(["status", "parent", "deleted", "title", "add", "note", "covers"])
        )
        id_ = draw(st.sampled_from(IDS))
        other = draw(st.sampled_from(IDS))
        if what == "status":
            facts.append(
                ("entry", id_, "status", draw(st.sampled_from(["todo", "learned", "skipped"])))
            )
        elif what == "parent":
            facts.append(("entry", id_, "parent", draw(st.sampled_from([None, *IDS]))))
        elif what == "deleted":
            facts += [("entry", e, "deleted", draw(st.integers(0, 1))) for e in {id_, other}]
        elif what == "title":
            facts.append(("entry", id_, "title", draw(st.sampled_from(["one", "two"]))))
        elif what == "add":
            facts += [(r.entity, r.id, r.field, r.value) for r in entry(replica, 1, id_, other)]
        elif what == "note":
            note = draw(st.sampled_from(["n1", "n2"]))
            whole: list[tuple[str, Value]] = [
                ("entry", id_),
                ("text", f"words {n}"),
                ("at", at),
                ("deleted", 0),
            ]
            some = draw(st.sets(st.sampled_from(whole), min_size=1))
            facts += [("note", note, *fact) for fact in sorted(some, key=repr)]
        else:
            relation = f"covers:{id_}:{other}"
            whole_relation: list[tuple[str, Value]] = [
                *(("kind", "covers"), ("source", id_), ("target", other)),
                ("deleted", draw(st.integers(0, 1))),
            ]
            facts += [("relation", relation, name, value) for name, value in whole_relation]
        if n > start and draw(st.booleans()):
            facts.append(("action", action, "undoes", rows[0].action))
        rows += [Row(replica, n + i, lamport, at, action, *fact) for i, fact in enumerate(facts)]
    return rows


JOURNALS = st.tuples(replica_rows("a", 100), replica_rows("b", 1), replica_rows("d", 1)).map(
    lambda several: [*TREE, *several[0], *several[1], *several[2]]
)


@settings(max_examples=40, deadline=None)
@given(rows=JOURNALS, seed=st.integers(0, 2**32))
def test_any_order_and_any_batches_end_in_the_same_tables(
    tmp_path_factory: pytest.TempPathFactory, rows: list[Row], seed: int
) -> None:
    chance = random.Random(seed)
    folder = tmp_path_factory.mktemp("merge")
    with (
        Store(folder / "one.db", list, lambda: "me") as one,
        Store(folder / "other.db", list, lambda: "me") as other,
    ):
        one.merge(rows)
        assert check.problems(one) == []
        shuffled = rows + chance.sample(rows, len(rows) // 2)
        chance.shuffle(shuffled)
        while shuffled:
            size = chance.choice([1, 2, 5, 50])
            other.merge(shuffled[:size])
            assert check.problems(other) == []
            del shuffled[:size]
        assert state(other) == state(one)


def test_a_newer_seed_wins_over_an_older_one_and_loses_to_the_user(store: Store) -> None:
    def seed(n: int, value: str) -> Row:
        return Row("seed", n, 0, AT, f"seed-t-{n}", "entry", "x", "title", value)

    store.merge([seed(2_000, "second"), seed(1_000, "first")])
    assert store.entries(["x"])[0].title == "second"
    store.apply(Action("mine", (Change(Entity.ENTRY, "x", "title", "second", "mine"),)), AT)
    store.merge([seed(3_000, "third")])
    assert store.entries(["x"])[0].title == "mine"
    assert check.problems(store) == []


def test_two_moves_into_each_other_leave_both_where_they_are_seen(store: Store) -> None:
    store.merge(TREE)
    store.merge([row("a", 100, "x", "parent", "y", lamport=5)])
    store.merge([row("b", 1, "y", "parent", "x", lamport=5)])
    # The later one by stamp, that of b, is passed over.
    assert place(store, "x") == ("y", False, 0)
    assert place(store, "y") == ("s", False, 1)
    assert place(store, "c") == (None, False, 2)
    assert check.problems(store) == []
    # Once the other one is moved away, the move that was passed over holds.
    touched = store.merge([row("a", 101, "x", "parent", "t", lamport=6)])
    assert place(store, "y") == ("x", False, 0)
    assert {"x", "y", "s", "t"} <= set(touched)
    assert check.problems(store) == []


def test_what_was_put_into_something_deleted_brings_it_back_alone(store: Store) -> None:
    store.merge(TREE)
    gone = [row("a", 100 + i, id_, "deleted", 1, lamport=5) for i, id_ in enumerate("sxy")]
    store.merge(gone)
    assert place(store, "s") == ("c", True, 0)
    touched = store.merge(entry("b", 1, "new", "s"))
    assert {"new", "s", "c"} <= set(touched)
    assert place(store, "s") == ("c", False, 1)
    assert place(store, "x") == ("s", True, 0)
    assert place(store, "c") == (None, False, 1)
    assert [found.id for found in store.search("s", 5)] == ["s"]
    assert check.problems(store) == []
    store.merge([row("b", 50, "new", "deleted", 1, lamport=9)])
    assert place(store, "s") == ("c", True, 0)
    assert store.search("s", 5) == []
    assert check.problems(store) == []


def test_a_row_that_loses_still_tells_when_its_entry_was_touched(store: Store) -> None:
    store.merge([row("a", 1, "x", "title", "late", lamport=9)])
    store.merge([row("b", 1, "x", "title", "early", at="2020-01-01T00:00:00Z")])
    store.merge([row("b", 2, "x", "title", "future", at="2030-01-01T00:00:00Z")])
    found = store.entries(["x"])[0]
    assert (found.title, found.created_at, found.updated_at) == (
        *("late", "2020-01-01T00:00:00Z"),
        "2030-01-01T00:00:00Z",
    )
    assert check.problems(store) == []


def test_own_rows_that_come_back_change_nothing(store: Store) -> None:
    store.merge(TREE)
    store.apply(Action("mine", (Change(Entity.ENTRY, "x", "title", "x", "mine"),)), AT)
    before = state(store)
    assert store.merge(check.journal(store)) == ()
    assert state(store) == before


def test_what_is_written_after_a_merge_wins_over_it(store: Store) -> None:
    store.merge([*TREE, row("z", 1, "x", "title", "theirs", lamport=1_000)])
    store.apply(Action("mine", (Change(Entity.ENTRY, "x", "title", "theirs", "mine"),)), AT)
    assert store.entries(["x"])[0].title == "mine"
    assert check.problems(store) == []


@pytest.mark.parametrize(
    ("entity", "id_", "field", "value", "names"),
    [
        ("note", "n", "text", "other words", {"x"}),
        ("note", "n", "entry", "y", {"x", "y"}),
        ("review", "r", "rating", 1, {"x"}),
        ("review", "r", "entry", "y", {"x", "y"}),
        ("relation", "covers", "deleted", 1, {"g", "x"}),
        ("relation", "covers", "source", "h", {"g", "h", "x"}),
        ("relation", "covers", "target", "y", {"g", "x", "y"}),
    ],
)
def test_what_belongs_to_others_now_names_those_it_belonged_to_as_well(
    store: Store, entity: str, id_: str, field: str, value: Value, names: set[str]
) -> None:
    facts: list[tuple[str, str, str, Value]] = [
        *(("note", "n", "entry", "x"), ("note", "n", "at", AT), ("note", "n", "text", "words")),
        *(("review", "r", "entry", "x"), ("review", "r", "at", AT), ("review", "r", "rating", 3)),
        *(("relation", "covers", "kind", "covers"), ("relation", "covers", "source", "g")),
        ("relation", "covers", "target", "x"),
    ]
    gaps = [*entry("a", 51, "g", None, "gap"), *entry("a", 61, "h", None, "gap")]
    store.merge([*TREE, *gaps, *(Row("a", 71 + i, 1, AT, "a-71", *f) for i, f in enumerate(facts))])
    assert set(store.merge([Row("b", 1, 2, AT, "b-1", entity, id_, field, value)])) == names
    assert check.problems(store) == []


def test_a_large_merge_names_everything_that_looks_different(store: Store) -> None:
    store.merge(TREE)
    rows = [given for i in range(2_500) for given in entry("b", 10 * i + 1, f"item-{i}", "s")]
    touched = store.merge(rows)
    assert {"c", "s", "item-0", "item-2499"} <= set(touched)
    assert place(store, "c") == (None, False, 2_502)


def test_a_large_action_names_the_branches_above_and_the_gaps_around(store: Store) -> None:
    many = [f"item-{i}" for i in range(2_100)]
    store.merge(
        [*TREE, *(r for i, id_ in enumerate(many) for r in entry("b", 10 * i + 1, id_, "s"))]
    )
    covers: list[tuple[str, Value]] = [
        *(("kind", "covers"), ("source", "g"), ("target", "item-5")),
        ("deleted", 0),
    ]
    store.merge(
        [
            *entry("d", 1, "g", None, "gap"),
            *(
                Row("d", 10 + i, 1, AT, "d-10", "relation", "covers:g:item-5", *fact)
                for i, fact in enumerate(covers)
            ),
        ]
    )
    changes = tuple(Change(Entity.ENTRY, id_, "status", "todo", "learned") for id_ in many)
    action = store.apply(Action("all", changes), AT)
    assert {"c", "s", "g", *many} == set(action.entries)
    assert check.problems(store) == []


@pytest.mark.parametrize("many", ["one field", "many entries"])
def test_a_merge_asks_a_bounded_number_of_statements_a_row(store: Store, many: str) -> None:
    def rows(count: int) -> list[Row]:
        if many == "one field":
            return [row("b", i, "x", "title", str(i), lamport=i) for i in range(1, count + 1)]
        return [r for i in range(count) for r in entry("b", 10 * i + 1, f"item-{i}", "s")]

    store.merge(TREE)
    counted = Counted(store)
    store.merge(rows(20_000 if many == "one field" else 4_000))
    assert counted.statements < 25 * 4_000
    assert check.problems(store) == []


class Counted:
    """Counts the statements that a store runs."""

    def __init__(self, store: Store) -> None:
        self.statements = 0
        store.db.set_trace_callback(self._count)

    def _count(self, _: str) -> None:
        self.statements += 1


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"lamport": 0}, "lamport"),
        ({"lamport": 2**62}, "lamport"),
        ({"n": -1}, "n"),
        ({"at": "yesterday"}, "time"),
        ({"action": "other-1"}, "action"),
        ({"id": ""}, "id"),
        ({"id": "x\x00"}, "id"),
        ({"field": "status", "value": "great"}, "status"),
        ({"field": "kind", "value": None}, "kind"),
        ({"field": "title", "value": None}, "title"),
        ({"field": "title", "value": "\ud800"}, "value"),
        ({"field": "deleted", "value": 2}, "deleted"),
        ({"field": "position", "value": "!"}, "position"),
        ({"field": "resources", "value": "[1]"}, "resources"),
        ({"field": "snoozed_until", "value": "soon"}, "snoozed_until"),
        ({"field": "horizon", "value": "never"}, "horizon"),
        ({"field": "snoozed_until", "value": "2026-02-30"}, "snoozed_until"),
        ({"field": "progressed_on", "value": "today"}, "progressed_on"),
        ({"entity": "review", "field": "rating", "value": 5}, "rating"),
        ({"entity": "review", "field": "rating", "value": "3"}, "rating"),
        ({"entity": "review", "field": "at", "value": "9999-12-31T00:00:00Z"}, "at"),
        ({"entity": "review", "field": "at", "value": "2026-13-31T00:00:00Z"}, "at"),
        ({"entity": "day", "field": "queue", "value": "[1]"}, "queue"),
        ({"entity": "pause", "field": "begin", "value": None}, "begin"),
        ({"entity": "pause", "field": "end", "value": "9999-12-31"}, "end"),
        ({"entity": "action", "field": "day", "value": "0001-01-01"}, "day"),
        ({"value": 1.5}, "value"),
        ({"value": b"x"}, "value"),
        ({"value": True}, "value"),
    ],
)
def test_a_row_that_cannot_be_is_refused_with_all_others(
    store: Store, change: dict[str, Any], word: str
) -> None:
    store.merge(TREE)
    before = state(store)
    good = row("b", 1, "x", "title", "good")
    wrong = rf"cannot be taken in: its {word}.*; was it written by a newer version of tracker\?$"
    with pytest.raises(TrackerError, match=wrong):
        store.merge([good, good._replace(n=2)._replace(**change)])
    assert state(store) == before


def test_fields_and_entities_of_a_newer_version_are_kept_and_do_no_harm(store: Store) -> None:
    store.merge(TREE)
    store.merge(
        [
            row("b", 1, "x", "colour", "red"),
            row("b", 2, "x", "title", "known"),
            Row("b", 3, 1, AT, "b-3", "review", "r1", "grade", 3),
        ]
    )
    assert store.entries(["x"])[0].title == "known"
    assert check.problems(store) == []
    assert {r.field for r in check.journal(store)} >= {"colour", "grade"}


def test_siblings_of_one_key_stand_in_the_order_of_their_ids(store: Store) -> None:
    same = order.between(None, None)
    rows: Sequence[Row] = [
        given
        for i, id_ in enumerate(["p", "q", "r"])
        for given in [
            *entry("b", 10 * i + 1, id_, "t"),
            row("b", 10 * i + 9, id_, "position", same),
        ]
    ]
    store.merge([*TREE, *reversed(rows)])
    assert [e.id for e in store.tied(Place("t"), same)] == ["p", "q", "r"]
    assert [e.id for e in store.siblings(Place("t"))] == ["p", "q", "r"]
