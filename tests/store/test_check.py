"""Whatever is tampered with, the check says so; and it looks at one moment."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.store.test_merge import AT, TREE, entry
from tracker_tui.domain.journal import Action, Change, Row, Value
from tracker_tui.domain.words import Entity
from tracker_tui.store import check
from tracker_tui.store.beside import unfoldable
from tracker_tui.store.store import Store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    facts: list[tuple[str, str, str, Value]] = [
        *(("note", "n", "entry", "x"), ("note", "n", "at", AT), ("note", "n", "text", "words")),
        *(("relation", "r", "kind", "covers"), ("relation", "r", "source", "g")),
        *(("relation", "r", "target", "x"), ("track", "t", "title", "Track")),
    ]
    rows = [Row("a", 200 + i, 1, AT, "a-200", *fact) for i, fact in enumerate(facts)]
    with Store(tmp_path / "tracker.db", list, lambda: "me") as opened:
        opened.merge([*TREE, *entry("a", 100, "g", None, "gap"), *rows])
        change = Change(Entity.ENTRY, "x", "status", "todo", "learned")
        opened.apply(Action("learned x", (change,)), AT)
        opened.undo(AT)
        yield opened


LOOKED_AT = (
    *("integrity: ", "foreign key: ", "journal: ", "search: "),
    *("entry ", "note ", "relation ", "review ", "fact ", "action ", "card "),
)
JOURNAL = "DROP TRIGGER journal_is_never_{}"


@pytest.mark.parametrize(
    ("statements", "word"),
    [
        (["UPDATE entry SET status = 'learned' WHERE id = 'x'"], "entry x: status"),
        (["UPDATE entry SET own_status = 'skipped' WHERE id = 'x'"], "entry x: own_status"),
        (["UPDATE entry SET title = 'other' WHERE id = 'x'"], "entry x: title"),
        (["UPDATE entry SET parent = 't' WHERE id = 'x'"], "entry x: parent"),
        (["UPDATE entry SET own_parent = 't' WHERE id = 'x'"], "entry x: own_parent"),
        (["UPDATE entry SET deleted = 1 WHERE id = 'x'"], "entry x: deleted"),
        (["UPDATE entry SET total = 9 WHERE id = 'c'"], "entry c: total"),
        (["UPDATE entry SET children = 9 WHERE id = 'c'"], "entry c: children"),
        (["UPDATE entry SET covering = 0 WHERE id = 'g'"], "entry g: covering"),
        (["UPDATE entry SET created_at = '2000' WHERE id = 'c'"], "entry c: created_at"),
        (["UPDATE entry SET updated_at = '2000' WHERE id = 'c'"], "entry c: updated_at"),
        (["DELETE FROM entry WHERE id = 'y'"], "entry y: in the journal only"),
        (["UPDATE entry SET id = 'z' WHERE id = 'y'"], "entry z: in the table only"),
        (["UPDATE note SET text = 'x'"], "note n: text"),
        (["DELETE FROM note"], "note n: in the journal only"),
        (["UPDATE relation SET deleted = 1"], "relation r: deleted"),
        (["UPDATE fact SET value = 'x'"], "fact track t: title"),
        (["DELETE FROM fact"], "fact track t: in the journal only"),
        (["UPDATE action SET state = 'done' WHERE state = 'undone'"], "action me-1: state"),
        (["UPDATE action SET label = '' WHERE id = 'me-1'"], "action me-1: label"),
        (["DELETE FROM action"], "action me-1: in the journal only"),
        (["DELETE FROM search"], "search: 6 entries"),
        (["UPDATE search SET title = 'x' WHERE title = 's'"], "search: 1 entry is not"),
        (["UPDATE search SET text = 'x' WHERE title = 's'"], "search: 1 entry is not"),
        (["UPDATE search SET notes = 'x' WHERE title = 's'"], "search: 1 entry is not"),
        (["INSERT INTO search (rowid, title) VALUES (99, 'x'), (98, 'x')"], "search: 2 entries"),
        (["INSERT INTO search (rowid, title) VALUES (-1, 'x'), (0, 'x')"], "search: 2 entries"),
        (
            ["DELETE FROM search", "INSERT INTO search (rowid, title) VALUES (-1, 'x')"],
            "search: 7 entries",
        ),
        (["UPDATE local SET value = 0 WHERE key = 'lamport'"], "the logical clock is behind"),
        (["DELETE FROM local WHERE key = 'lamport'"], "the logical clock is behind"),
        (
            [JOURNAL.format("shortened"), "DELETE FROM journal WHERE replica = 'me' AND n = 1"],
            "rows of this replica are missing",
        ),
        (
            [JOURNAL.format("changed"), "UPDATE journal SET lamport = 0 WHERE replica = 'me'"],
            "a seed's lamport",
        ),
        (
            [
                "PRAGMA writable_schema = ON",
                "UPDATE sqlite_schema SET sql = replace(sql, 'entry, at', 'at, entry')"
                " WHERE name = 'note_of'",
                "PRAGMA writable_schema = RESET",
            ],
            "integrity: row 1 missing from index note_of",
        ),
        (["UPDATE entry SET kind = x'ff' WHERE id = 'x'"], "entry x: kind"),
        (["UPDATE entry SET resources = '{' WHERE id = 'x'"], ""),
        (["DROP INDEX entry_place", "DROP TABLE note"], "no such table: note"),
    ],
)
def test_what_was_tampered_with_is_named(store: Store, statements: list[str], word: str) -> None:
    assert check.problems(store) == []
    for statement in statements:
        store.db.execute(statement)
    found = check.problems(store)
    assert any(word in line for line in found), found
    assert all(line.startswith(LOOKED_AT) for line in found), found


INSERTED = "INSERT INTO note VALUES ('{}', 'x', '2026', 'w', 0)"
OTHER = "INSERT INTO fact VALUES ('track', '{}', 'more', 'w')"
BAD = (
    "INSERT INTO journal (replica, n, lamport, at, action, entity, id, field, value)"
    f" VALUES ('b', {{0}}, 7, '{AT}', 'b-1', 'entry', '{{1}}', 'status', 'done')"
)


@pytest.mark.parametrize(
    ("statements", "told"),
    [
        (
            ["UPDATE entry SET status = 'learned', kind = 'gap', total = 4 WHERE id = 'x'"],
            ["entry x: kind, status, total differ from the journal"],
        ),
        (
            ["DELETE FROM note", INSERTED.format("a"), INSERTED.format("b"), INSERTED.format("z")],
            [
                *("note a: in the table only", "note b: in the table only"),
                *("note n: in the journal only", "note z: in the table only"),
            ],
        ),
        (
            [
                OTHER.format("t"),
                OTHER.format("u"),
                "UPDATE fact SET value = 1 WHERE field = 'title'",
            ],
            [
                "fact track t: more, title differ from the journal",
                "fact track u: in the table only",
            ],
        ),
        (["DELETE FROM fact"], ["fact track t: in the journal only"]),
        (
            ["UPDATE action SET at = '2000', day = '2000', undoes = 'x' WHERE id = 'me-1'"],
            ["action me-1: at, day, undoes differ from the journal"],
        ),
        (
            [f"INSERT INTO card VALUES ('{id_}', 1, 1, '2026', 1, 0, 1)" for id_ in "xy"],
            ["card x: in the table only", "card y: in the table only"],
        ),
        (
            [BAD.format(1, "x"), BAD.format(2, "y")],
            [
                f"journal: row {n} of replica b is none that can be: its status is none that can be"
                for n in (1, 2)
            ],
        ),
    ],
)
def test_all_that_is_wrong_with_a_row_is_one_line(
    store: Store, statements: list[str], told: list[str]
) -> None:
    for statement in statements:
        store.db.execute(statement)
    assert [line for line in check.problems(store) if not line.startswith("search")] == told


def test_what_follows_from_other_entities_is_what_the_tables_have(tmp_path: Path) -> None:
    """Notes of any order, of an entry that its seed names later too; a gap before all others."""
    at = [f"2026-11-24T08:00:0{n}Z" for n in range(4)]
    seed = [
        one._replace(replica="seed", lamport=0, at=at[2], action=f"seed-{one.n}") for one in TREE
    ]
    facts: list[tuple[str, str, str, Value, str]] = [
        *(("note", "m", "entry", "x", at[3]), ("note", "n", "entry", "x", at[1])),
        *(("note", "o", "entry", "y", at[1]), ("note", "p", "entry", "nowhere", at[1])),
        *(("relation", id_, "kind", "covers", at[1]) for id_ in "qrs"),
        *(("relation", id_, "source", "a", at[1]) for id_ in "qrs"),
        *(("relation", "q", "target", "x", at[1]), ("relation", "r", "target", "w", at[1])),
        *(("relation", "s", "target", "zz", at[1]), ("entry", "x", "status", "learned", at[2])),
    ]
    rows = [Row("b", 200 + i, 1, fact[4], "b-200", *fact[:4]) for i, fact in enumerate(facts)]
    with Store(tmp_path / "tracker.db", list, lambda: "me") as store:
        store.merge([*seed, *entry("b", 100, "a", None, "gap"), *rows])
        assert check.problems(store) == []
        found = store.db.execute("SELECT id, updated_at, covering, learned FROM entry ORDER BY id")
        assert {id_: rest for id_, *rest in found if id_ in "axy"} == {
            **{"a": [AT, 1, 0], "x": [at[3], 0, 0], "y": [at[1], 0, 0]},
        }


def test_of_a_card_it_is_told_what_differs(store: Store) -> None:
    values: dict[str, Value] = {"entry": "x", "at": AT, "rating": 3, "claim": 0}
    rows = [
        Row("b", n, 1, AT, "b-1", "review", "v", name, value)
        for n, (name, value) in enumerate(values.items(), 1)
    ]
    store.merge(rows)
    assert store.card("x") is not None and check.problems(store) == []
    store.db.execute("UPDATE card SET agains = 7, stability = stability + 1")
    assert check.problems(store) == ["card x: agains, stability differ from the journal"]


def test_it_looks_at_one_moment_whatever_others_write(store: Store, tmp_path: Path) -> None:
    """Another process writes between any two of its statements."""
    with Store(tmp_path / "tracker.db", list, lambda: "me") as other:
        wrote = 0

        def write(_: str) -> None:
            nonlocal wrote
            wrote += 1
            change = Change(Entity.ENTRY, "x", "title", "", f"title {wrote}")
            other.apply(Action("renamed", (change,)), AT)

        store.db.set_trace_callback(write)
        found = check.problems(store)
        store.db.set_trace_callback(None)
    assert wrote > 5
    assert found == []
    assert check.problems(store) == []


@pytest.mark.parametrize(
    ("statements", "told"),
    [
        (["DROP INDEX entry_place"], ["index entry_place is missing"]),
        (["CREATE INDEX mine ON note (text)"], ["index mine is none of tracker's"]),
        (["CREATE TABLE mine (x)"], []),
        (
            [
                "DROP INDEX entry_below",
                "CREATE INDEX entry_below ON entry (parent)",
                "DROP TABLE card",
            ],
            [
                "index card_due is missing",
                "index entry_below is not as tracker makes it",
                "table card is missing",
            ],
        ),
    ],
)
def test_what_it_is_made_of_is_compared_with_what_tracker_makes(
    store: Store, statements: list[str], told: list[str]
) -> None:
    for statement in statements:
        store.db.execute(statement)
    assert check.schema_problems(store) == told


def test_entries_beside_which_nothing_can_go_are_named_while_they_live(store: Store) -> None:
    assert check.order_problems(store) == []
    store.db.execute("UPDATE entry SET position = '-' WHERE id IN ('x', 'y')")
    store.db.execute("UPDATE entry SET deleted = 1 WHERE id = 'y'")
    assert check.order_problems(store) == ["x"]


STATUS = Row("b", 1, 1, AT, "b-1", "entry", "x", "status", "learned")


@pytest.mark.parametrize(
    ("row", "word"),
    [
        (STATUS, ""),
        (STATUS._replace(lamport=0), ""),
        (STATUS._replace(replica="seed", action="seed-1", lamport=3), ""),
        (STATUS._replace(field="position", value="-"), ""),
        (STATUS._replace(field="position", value=None), "position"),
        (STATUS._replace(value="done"), "status"),
        (STATUS._replace(n=-1), "its n is no whole number"),
    ],
)
def test_only_what_can_be_no_part_of_the_state_is_left_out_of_it(row: Row, word: str) -> None:
    found = unfoldable(row)
    assert word in found if word else found == ""


def test_the_index_is_sound_or_its_fault_is_told_as_one_of_the_search(store: Store) -> None:
    assert check.index_problem(store) == ""
    store.db.execute("UPDATE search_data SET block = x'00' WHERE id > 10")
    assert check.index_problem(store).startswith("search: ")


@pytest.mark.parametrize(("way", "length", "only_read"), [("0", 5, 0), ("1", 2, 1), ("2", 3, 0)])
def test_a_word_or_beginning_that_the_index_has_and_does_not_find_is_named(
    store: Store, way: str, length: int, only_read: int
) -> None:
    """The way to the words is what SQLite does not check; that to their beginnings is another."""
    letters = "abcdefghijklmnopqrst"
    words = ["".join(letters[n // 20**place % 20] for place in range(5)) for n in range(6_000)]
    store.merge(
        [
            Row("b", n + 1, 1, AT, "b-1", "entry", f"i{n}", "description", " ".join(words[n::200]))
            for n in range(200)
        ]
    )
    assert check.problems(store) == []
    store.db.execute("DELETE FROM search_idx WHERE substr(term, 1, 1) = ?", (way.encode(),))
    store.db.execute(f"PRAGMA query_only = {only_read}")
    for _ in range(2):
        (found,) = check.problems(store)
        told = re.fullmatch(r"search: “(\w+)” does not find what it should", found)
        assert told is not None and len(told[1]) == length
    assert store.db.execute("PRAGMA query_only").fetchone() == (only_read,)
