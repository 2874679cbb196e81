"""What the journal lost rows of and the tables still say is written into it again, word for word."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.store.test_merge import TREE, entry
from tracker_tui.domain.fold import ENTRY_DEFAULTS
from tracker_tui.domain.journal import Action, Change, Row, Value
from tracker_tui.domain.valid import complaint
from tracker_tui.domain.words import Entity, Status
from tracker_tui.store import check
from tracker_tui.store.lacking import LABEL, lacking
from tracker_tui.store.restore import rebuilt
from tracker_tui.store.store import Store

BEGUN = [row._replace(at="2026-11-01T08:00:00Z") for row in TREE]
THEN = "2026-11-20T08:00:00Z"
LATER = "2026-11-21T08:00:00Z"
NOW = "2026-11-24T08:00:00Z"
DAY = "2026-11-20"


def of(entity: Entity, id_: str, **facts: Value) -> Action:
    changes = tuple(Change(entity, id_, name, None, value) for name, value in facts.items())
    return Action(f"said of {id_}", changes)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A track in which each sort of thing was said by an action of its own."""
    with Store(tmp_path / "tracker.db", lambda: BEGUN, lambda: "me") as opened:
        opened.apply(of(Entity.NOTE, "n", entry="x", at=THEN, text="words", deleted=0), THEN)
        opened.apply(of(Entity.ENTRY, "x", status="learned"), LATER)
        opened.apply(
            of(Entity.RELATION, "related:x:y", kind="related", source="x", target="y"), THEN
        )
        opened.apply(of(Entity.REVIEW, "r", entry="x", at=THEN, rating=3, claim=0), THEN)
        opened.apply(of(Entity.PAUSE, "p", begin=DAY), THEN)
        opened.apply(of(Entity.ENTRY, "new", kind="item", parent="s", title="new"), THEN)
        opened.apply(of(Entity.ENTRY, "new", title="newer"), LATER)
        yield opened


def lose(store: Store, which: str) -> None:
    (trigger,) = store.db.execute(
        "SELECT sql FROM sqlite_schema WHERE name = 'journal_is_never_shortened'"
    ).fetchone()
    store.db.execute("DROP TRIGGER journal_is_never_shortened")
    store.db.execute(f"DELETE FROM journal WHERE {which}")
    store.db.execute(trigger)


LOST: dict[str, tuple[str, set[tuple[str, str, str, Value, str]]]] = {
    "a note": (
        "action = 'me-1'",
        {
            *(("note", "n", "entry", "x", THEN), ("note", "n", "at", THEN, THEN)),
            *(("note", "n", "text", "words", THEN), ("note", "n", "deleted", 0, THEN)),
        },
    ),
    "its words": ("action = 'me-1' AND field = 'text'", {("note", "n", "text", "words", THEN)}),
    "a status": ("id = 'x' AND field = 'status'", {("entry", "x", "status", "learned", LATER)}),
    "a relation": (
        "id = 'related:x:y'",
        {
            *(("relation", "related:x:y", "kind", "related", NOW),),
            *(("relation", "related:x:y", "source", "x", NOW),),
            *(("relation", "related:x:y", "target", "y", NOW),),
            *(("relation", "related:x:y", "position", "a0", NOW),),
            *(("relation", "related:x:y", "deleted", 0, NOW),),
        },
    ),
    "a grade": ("id = 'r' AND field = 'entry'", {("review", "r", "entry", "x", THEN)}),
    "a pause": ("entity = 'pause'", {("pause", "p", "begin", DAY, NOW)}),
}


@pytest.mark.parametrize("what", LOST)
def test_what_only_the_tables_say_is_said_again_when_it_was_said(store: Store, what: str) -> None:
    which, wanted = LOST[what]
    last = max(row.lamport for row in check.journal(store))
    lose(store, which)
    rows = lacking(store, "again", NOW)
    said = {(r.entity, r.id, r.field, r.value, r.at) for r in rows if r.entity != "action"}
    assert said == wanted
    assert [row.n for row in rows] == list(range(1, len(rows) + 1))
    assert {(row.replica, row.lamport) for row in rows} == {("again", last + 1)}
    assert all(complaint(row) == "" for row in rows)
    (action,) = {row.action for row in rows if row.entity != "action"}
    facts = {row.field: row.value for row in rows if row.id == action}
    assert facts == {"label": LABEL, "day": ""}


def test_an_entry_of_which_nothing_is_left_comes_whole_with_both_its_moments(store: Store) -> None:
    lose(store, "id = 'new'")
    rows = [row for row in lacking(store, "again", NOW) if row.id == "new"]
    assert {row.field: row.value for row in rows if row.at == THEN} == {
        **ENTRY_DEFAULTS,
        **{"kind": "item", "parent": "s", "title": "newer"},
    }
    assert [(row.field, row.value) for row in rows if row.at == LATER] == [("title", "newer")]


def test_actions_without_a_row_left_are_done_again_by_name_and_those_undone_on_no_day(
    store: Store,
) -> None:
    store.apply(of(Entity.ENTRY, "y", title="undone"), NOW)
    store.undo(NOW)
    lose(store, "replica = 'me' AND n > 5")
    rows = lacking(store, "again", NOW)
    actions: dict[str, dict[str, Value]] = {}
    for row in rows:
        if row.entity == Entity.ACTION:
            actions.setdefault(row.id, {"at": row.at})[row.field] = row.value
    labels = [(facts["label"], facts["at"][:10], facts["day"]) for facts in actions.values()]  # type: ignore[index]
    assert labels == [
        *(("said of related:x:y", THEN[:10], THEN[:10]), ("said of r", THEN[:10], THEN[:10])),
        *(("said of p", THEN[:10], THEN[:10]), ("said of new", THEN[:10], THEN[:10])),
        *(("said of x", LATER[:10], LATER[:10]), ("said of new", LATER[:10], LATER[:10])),
        *(("said of y", NOW[:10], ""), ("said of y", NOW[:10], ""), (LABEL, NOW[:10], "")),
    ]
    assert all(row.action == f"again-{n}" for n, row in enumerate(rows, 1) if row.field == "label")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE entry SET title = 'tampered with' WHERE id = 'x'",
        "UPDATE note SET text = 'tampered with'",
        "DELETE FROM fact",
        "DELETE FROM action",
    ],
)
def test_where_no_row_is_missing_it_is_the_tables_that_are_wrong(
    store: Store, statement: str
) -> None:
    assert lacking(store, "again", NOW) == []
    store.db.execute(statement)
    assert lacking(store, "again", NOW) == []


@pytest.mark.parametrize("which", ["n > 3", "n = 6", "n BETWEEN 4 AND 9", "n > 0"])
def test_made_anew_it_says_what_it_said_before(store: Store, tmp_path: Path, which: str) -> None:
    def state(of_store: Store) -> object:
        entries = of_store.entries(["c", "s", "x", "y", "new"])
        return entries, of_store.notes("x"), of_store.reviews("x"), of_store.activity()

    before = state(store)
    lose(store, f"replica = 'me' AND {which}")
    replicas = (f"other{n}" for n in range(9))
    with (
        rebuilt(tmp_path / "tracker.db", lambda: next(replicas), 1.0, NOW) as made,
        Store(made.path, list, lambda: "none") as anew,
    ):
        assert check.problems(anew) == []
        assert state(anew) == before


def test_what_only_follows_from_something_else_is_nothing_that_was_said(store: Store) -> None:
    """A gap is learned where what it covers is; what lies in something deleted is deleted too."""
    store.merge(row._replace(at=THEN) for row in entry("a", 100, "g", None, "gap"))
    store.apply(of(Entity.RELATION, "covers:g:x", kind="covers", source="g", target="x"), THEN)
    store.apply(of(Entity.ENTRY, "t", deleted=1), THEN)
    (gap,) = store.entries(["g"])
    assert (gap.status, gap.own_status) == (Status.LEARNED, Status.TODO)
    lose(store, "action = 'me-1' AND field = 'text'")
    said = [(r.entity, r.id, r.field) for r in lacking(store, "again", NOW) if r.entity != "action"]
    assert said == [("note", "n", "text")]


def test_rows_that_cannot_be_are_none_that_it_has(store: Store) -> None:
    lose(store, "action = 'me-1' AND field = 'text'")
    bad = Row("me", 4, 1, "yesterday", "me-1", "note", "n", "text", "garbage")
    store.db.execute("INSERT INTO journal VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", bad)
    rows = lacking(store, "again", NOW)
    assert [(row.field, row.value) for row in rows if row.entity == "note"] == [("text", "words")]
