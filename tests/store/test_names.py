"""Undo and redo over the names that a database had, and what a dump brings back of it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from tracker_tui.domain.journal import Action, Change, Row
from tracker_tui.domain.words import Entity
from tracker_tui.errors import TrackerError
from tracker_tui.store import check, undoing
from tracker_tui.store.machine import Machine, take
from tracker_tui.store.past import BEFORE
from tracker_tui.store.restore import rebuilt
from tracker_tui.store.store import Store

AT = "2026-11-24T08:00:00Z"
SEEDED = [
    Row("seed", n, 0, "2026-01-01T00:00:00Z", "seed-1", "entry", f"i{n}", "title", f"Item {n}")
    for n in (1, 2, 3)
]


@pytest.fixture(autouse=True, params=[1, undoing.PART], ids=["one by one", "together"])
def _part(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is taken back is looked at in parts; how large they are makes no difference."""
    monkeypatch.setattr(undoing, "PART", request.param)


def opened(path: Path, replica: str, rows: Sequence[Row] = SEEDED, **given: object) -> Store:
    return Store(path, lambda: list(rows), lambda: replica, **given)  # type: ignore[arg-type]


def called(title: str, id_: str = "i1") -> Action:
    return Action(title, (Change(Entity.ENTRY, id_, "title", None, title),))


def title(store: Store, id_: str = "i1") -> str:
    entry = store.entry(id_)
    assert entry is not None
    return entry.title


def test_redo_goes_on_in_the_order_of_undo_over_another_name(tmp_path: Path) -> None:
    with opened(tmp_path / "old.db", "old") as store:
        store.apply(called("first"), AT)
        rows, last = check.journal(store), store.names()[-1][0]
        count = sum(row.replica == last for row in rows)
    with opened(tmp_path / "new.db", "new", rows, names=[("old", count)]) as store:
        store.apply(called("second"), AT)
        undone = [store.undo(AT), store.undo(AT)]
        assert [action.label for action in undone if action] == ["second", "first"]
        done = [store.redo(AT), store.redo(AT)]
        assert [action.label for action in done if action] == ["first", "second"]
        assert title(store) == "second"
        assert check.problems(store) == []


def test_what_is_done_under_a_later_name_drops_what_was_undone_under_the_first(
    tmp_path: Path,
) -> None:
    with opened(tmp_path / "old.db", "old") as store:
        store.apply(called("first"), AT)
        store.undo(AT)
        rows = check.journal(store)
        count = sum(row.replica == "old" for row in rows)
    with opened(tmp_path / "new.db", "new", rows, names=[("old", count)]) as store:
        redoable = store.redoable()
        assert redoable is not None and redoable.label == "first"
        store.apply(called("second", "i2"), AT)
        assert store.redoable() is None


def test_what_a_dump_took_back_itself_stays_taken_back_however_often_it_comes(
    tmp_path: Path,
) -> None:
    theirs = [Row("x", 1, 5, AT, "x-1", "entry", "i1", "title", "theirs")]
    with opened(tmp_path / "h.db", "h") as store:
        assert store.bring(theirs, "taken in", AT).id
        store.undo(AT)
        dump = check.journal(store)
        assert not store.bring(dump, "once more", AT).id
        assert title(store) == "Item 1"
        assert store.bring(theirs, "what was undone", AT).id  # without what took it back
        assert title(store) == "theirs"
    with opened(tmp_path / "g.db", "g") as store:
        assert store.bring(dump, "taken in", AT).id
        assert not store.bring(dump, "once more", AT).id
        assert title(store) == "Item 1"
        assert check.problems(store) == []


def test_a_database_made_in_the_place_of_another_has_its_own_names(tmp_path: Path) -> None:
    with opened(tmp_path / "new.db", "new") as store:
        take(store, Machine({BEFORE: json.dumps([["old", 9]]), "theme": "x"}, None))
        assert store.local("theme") == "x"
        assert [name for name, _ in store.names()] == ["new"]


def test_made_anew_of_its_journal_it_keeps_the_names_it_had(tmp_path: Path) -> None:
    with opened(tmp_path / "old.db", "old") as store:
        store.apply(called("first"), AT)
        rows = check.journal(store)
        count = sum(row.replica == "old" for row in rows)
    path = tmp_path / "new.db"
    opened(path, "new", rows, names=[("old", count)]).close()
    replicas = iter(["other", "another"])
    with (
        rebuilt(path, lambda: next(replicas), 1.0, AT) as made,
        opened(made.path, "none") as store,
    ):
        undoable = store.undoable()
        assert store.replica == "new"
        assert undoable is not None and undoable.label == "first"


def test_what_another_process_imports_is_told_as_what_it_changed(tmp_path: Path) -> None:
    path = tmp_path / "tracker.db"
    with opened(path, "h") as mine, opened(path, "h") as other:
        other.bring([Row("x", 1, 5, AT, "x-1", "entry", "i1", "title", "theirs")], "in", AT)
        _, changes, entries = mine.foreign_changes()
        assert {change.entity for change in changes} == {Entity.ENTRY}
        assert entries == ("i1",)


def test_what_an_import_did_not_change_is_left_as_it_is_by_its_undoing_too(tmp_path: Path) -> None:
    """What was done again here is newer than what comes, and is what one sees throughout."""
    with opened(tmp_path / "here.db", "here") as store:
        store.apply(called("mine"), AT)
        store.undo(AT)
        store.redo(AT)
        assert store.bring(
            [Row("x", 1, 2, AT, "x-1", "entry", "i1", "title", "theirs")], "in", AT
        ).id
        for back in (store.undo, store.redo):
            action = back(AT)
            assert action is not None
            assert action.label == "in"
            assert action.changes == ()
            assert title(store) == "mine"


def test_what_came_again_by_another_import_is_there(tmp_path: Path) -> None:
    """A dump, undone, and an older one of the same home: that once more is nothing."""
    of_home = [
        Row("x", n, n, AT, f"x-{n}", "entry", f"i{n}", "title", f"theirs {n}") for n in (1, 2)
    ]
    with opened(tmp_path / "here.db", "here") as store:
        assert store.bring(of_home, "all of it", AT).id
        store.undo(AT)
        assert store.bring(of_home[:1], "the older one", AT).id
        assert (title(store, "i1"), title(store, "i2")) == ("theirs 1", "Item 2")
        assert not store.bring(of_home[:1], "once more", AT).id
        assert store.bring(of_home, "all of it after all", AT).id
        assert (title(store, "i1"), title(store, "i2")) == ("theirs 1", "theirs 2")
        store.undo(AT)
        assert (title(store, "i1"), title(store, "i2")) == ("theirs 1", "Item 2")
        store.undo(AT)
        assert (title(store, "i1"), title(store, "i2")) == ("Item 1", "Item 2")
        store.redo(AT)
        store.redo(AT)
        assert (title(store, "i1"), title(store, "i2")) == ("theirs 1", "theirs 2")
        assert check.problems(store) == []


def test_what_was_done_again_is_taken_back_to_what_another_replica_said_before_that(
    tmp_path: Path,
) -> None:
    with opened(tmp_path / "here.db", "here") as store:
        store.apply(called("mine"), AT)
        store.undo(AT)
        store.redo(AT)
        store.merge([Row("a", 1, 2, AT, "a-1", "entry", "i1", "title", "theirs")])
        assert title(store) == "mine", "what was done again came after theirs"
        store.undo(AT)
        assert title(store) == "theirs"
        assert check.problems(store) == []


def test_an_import_is_undone_and_done_again_however_often(tmp_path: Path) -> None:
    theirs = [
        Row("x", 1, 5, AT, "x-1", "entry", "i1", "title", "theirs"),
        Row("x", 2, 6, AT, "x-2", "entry", "new", "kind", "item"),
        Row("x", 3, 6, AT, "x-2", "entry", "new", "deleted", 0),
    ]
    with opened(tmp_path / "here.db", "here") as store:
        store.apply(called("mine"), AT)
        assert set(store.bring(theirs, "taken in", AT).entries) == {"i1", "new"}
        for _ in range(3):
            new = store.entry("new")
            assert title(store) == "theirs" and new is not None and not new.deleted
            undone = store.undo(AT)
            assert undone is not None and undone.label == "taken in"
            new = store.entry("new")
            assert title(store) == "mine" and new is not None and new.deleted
            assert check.problems(store) == []
            store.redo(AT)
            assert check.problems(store) == []


def test_what_comes_by_a_dump_once_more_is_known_before_it_is_taken_in(tmp_path: Path) -> None:
    theirs = [
        Row("x", 1, 5, AT, "x-1", "entry", "i1", "title", "theirs"),
        Row("x", 2, 5, AT, "x-1", "entry", "i2", "title", "theirs too"),
    ]
    later = Row("x", 3, 90, AT, "x-3", "entry", "i2", "title", "theirs later")
    with opened(tmp_path / "here.db", "here") as store:
        store.bring(theirs, "taken in", AT)
        store.undo(AT)
        rows = [*theirs, later]
        again = store.done_again(rows, store.unknown(rows))
        assert [(row.id, row.value) for row in again] == [("i1", "theirs")]
        assert all(row.lamport > later.lamport for row in again)
        done = store.bring(rows, "once more", AT)
        assert [(c.id, c.new) for c in done.changes] == [("i1", "theirs")]
        assert (title(store), title(store, "i2")) == ("theirs", "theirs later")
        assert store.bring(rows, "nothing new", AT) == Action("nothing new", ())


def test_what_an_import_did_again_of_another_home_is_undone_there_without_it(
    tmp_path: Path,
) -> None:
    """A home undid something and did it again; its dumps of then and of now came one by one."""
    with opened(tmp_path / "there.db", "there") as there:
        there.apply(called("theirs"), AT)
        there.undo(AT)
        then = [row for row in check.journal(there) if row.lamport]
        there.redo(AT)
        now = [row for row in check.journal(there) if row.lamport]
    with opened(tmp_path / "here.db", "here") as store:
        assert store.bring(then, "of then", AT).id
        assert title(store) == "Item 1"
        assert store.bring(now, "of now", AT).id
        assert title(store) == "theirs"
        for back, what in ((store.undo, "Item 1"), (store.redo, "theirs"), (store.undo, "Item 1")):
            assert back(AT) is not None
            assert title(store) == what
        assert check.problems(store) == []


def test_a_dump_that_says_something_else_under_a_number_that_is_here_is_refused(
    tmp_path: Path,
) -> None:
    with opened(tmp_path / "here.db", "here") as store:
        theirs = Row("x", 1, 5, AT, "x-1", "entry", "i1", "title", "theirs")
        store.bring([theirs], "taken in", AT)
        before = check.journal(store)
        other = Row("x", 2, 6, AT, "x-1", "entry", "i1", "title", "more")
        with pytest.raises(TrackerError) as caught:
            store.bring([other, theirs._replace(value="else")], "taken in", AT)
        assert str(caught.value) == (
            "row 1 of replica x says something else here; both went on from copies of one"
            " database; nothing was taken in"
        )
        assert check.journal(store) == before
        nothing = store.bring([theirs], "once more", AT)
        assert (nothing.id, nothing.label, nothing.changes) == ("", "once more", ())


def test_what_was_undone_after_what_comes_stays_undone(tmp_path: Path) -> None:
    """A field is what an undoing made of it, which is newer than what an import says of it."""
    theirs = [
        Row("x", n, 1, AT, "x-1", "entry", id_, "title", "theirs")
        for n, id_ in enumerate(("i1", "i2"), 1)
    ]
    with opened(tmp_path / "here.db", "here") as store:
        store.apply(called("mine"), AT)
        store.undo(AT)
        assert store.bring(theirs, "in", AT).id
        for back, other in ((store.undo, "Item 2"), (store.redo, "theirs")):
            assert back(AT) is not None
            assert (title(store), title(store, "i2")) == ("Item 1", other)
        assert check.problems(store) == []


def test_what_a_first_import_brought_goes_with_the_second_that_brought_it_again(
    tmp_path: Path,
) -> None:
    """The first one was undone, done again and undone; then came a dump that had all of it and more."""
    theirs = [Row("x", n, n, AT, f"x-{n}", "entry", f"i{n}", "title", "theirs") for n in (1, 2)]
    with opened(tmp_path / "here.db", "here") as store:
        assert store.bring(theirs[:1], "of then", AT).id
        for back in (store.undo, store.redo, store.undo):
            assert back(AT) is not None
        assert store.bring(theirs, "of now", AT).id
        without, with_it = ["Item 1", "Item 2"], ["theirs", "theirs"]
        for back, titles in ((store.undo, without), (store.redo, with_it), (store.undo, without)):
            assert back(AT) is not None
            assert [title(store, id_) for id_ in ("i1", "i2")] == titles
        assert check.problems(store) == []
