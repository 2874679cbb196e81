"""What was written and what was not, as it is told: to who wrote it, and to others who look."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tracker_tui.domain.journal import Action, Change, Made, Row, Value
from tracker_tui.domain.words import Entity
from tracker_tui.errors import Busy, Gone, TrackerError
from tracker_tui.store import check
from tracker_tui.store.store import Store

AT = "2026-11-24T08:00:00Z"
ROWS = [
    Row("seed", n, 0, AT, "seed-t-1", "entry", f"i{n}", "title", f"title {n}") for n in range(1, 9)
]


def opened(path: Path) -> Store:
    return Store(path, lambda: ROWS, lambda: "me")


def renamed(id_: str, title: str) -> Action:
    return Action(f"renamed to {title}", (Change(Entity.ENTRY, id_, "title", "", title),))


def title(store: Store, id_: str = "i1") -> str:
    return store.entries([id_])[0].title


def told(store: Store) -> list[object]:
    return [change.new for change in store.foreign_changes()[1]]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "tracker.db"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    with opened(path) as store:
        yield store


def test_where_nothing_may_be_written_it_is_read_and_written_again_as_soon_as_it_may(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened(path).close()
    with monkeypatch.context() as patch:
        patch.setattr(os, "access", lambda *_: False)  # the superuser may write anything
        store = opened(path)
        store.wait_at_most(0.25)
        assert title(store) == "title 1"
        for _ in range(2):
            with pytest.raises(TrackerError, match=r"tracker\.db cannot be written"):
                store.apply(renamed("i1", "not yet"), AT)
        assert store.blocked is not None
        assert title(store) == "title 1"
    with store, opened(path) as other:
        other.apply(renamed("i2", "theirs"), AT)
        store.apply(renamed("i1", "mine"), AT)
        assert store.blocked is None
        assert store.db.execute("PRAGMA busy_timeout").fetchone() == (250,)
        assert told(store) == ["theirs"]
        assert told(other) == ["mine"]
        assert check.problems(store) == []


def test_what_was_moved_away_while_nothing_could_be_written_is_not_written_to(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened(path).close()
    with monkeypatch.context() as patch:
        patch.setattr(os, "access", lambda *_: False)
        store = opened(path)
    with store:
        path.rename(path.with_name("elsewhere.db"))
        with pytest.raises(Gone, match="deleted or moved away while it was open"):
            store.apply(renamed("i1", "lost"), AT)
        assert not path.exists()
        opened(path).close()
        with pytest.raises(Gone, match=r"replaced while it was open.*done last is not in it"):
            store.apply(renamed("i1", "lost"), AT)


def test_after_an_interrupt_it_says_what_was_written_and_takes_back_what_was_not(
    store: Store, path: Path
) -> None:
    assert store.written() == ""
    store.apply(renamed("i1", "kept"), AT)
    assert store.written() == "renamed to kept"
    store.db.execute("BEGIN IMMEDIATE")
    store.apply(renamed("i1", "cut short"), AT)
    assert store.written() == ""
    assert not store.writing
    assert title(store) == "kept"
    with opened(path) as other:  # under the number that was not used
        other.apply(renamed("i1", "theirs"), AT)
        assert store.written() == ""
    store.merge([Row("x", 1, 1, AT, "x-1", "entry", "i2", "title", "from elsewhere")])
    assert store.written() == "took in 1 rows"


def test_of_changes_that_are_made_it_returns_what_was_written_of_them(store: Store) -> None:
    """They are made of a state that is another one by the time they are gone through again."""
    store.apply(renamed("i3", "before"), AT)
    changes = Made(2, lambda: [Change(Entity.ENTRY, f"i{n}", "title", "x", "new") for n in (1, 2)])
    done = store.apply(Action("made", changes), AT)
    assert (done.id, done.at, done.entries) == ("me-3", AT, ("i1", "i2"))
    assert len(done.changes) == 2
    for _ in range(2):
        assert [(c.id, c.old, c.new) for c in done.changes] == [
            ("i1", None, "new"),
            ("i2", None, "new"),
        ]


def test_what_it_wrote_itself_before_and_between_others_is_not_told(
    store: Store, path: Path
) -> None:
    with opened(path) as other:
        for number, one in enumerate([store, store, other, store, store, other, other, store]):
            one.apply(renamed("i1", f"{number} by {'me' if one is store else 'them'}"), AT)
        assert told(store) == ["2 by them", "5 by them", "6 by them"]
        assert told(store) == []
        assert [str(new)[0] for new in told(other)] == list("01347")
        store.apply(renamed("i1", "mine"), AT)
        assert told(store) == []


def test_cards_are_due_by_the_share_that_was_last_said(store: Store, path: Path) -> None:
    facts: dict[str, Value] = {"entry": "i1", "at": AT, "rating": 3, "claim": 0}
    reviewed = [Change(Entity.REVIEW, "r", name, None, value) for name, value in facts.items()]
    learned = Change(Entity.ENTRY, "i1", "status", "todo", "learned")
    store.apply(Action("reviewed", (learned, *reviewed)), AT)

    def due() -> float:
        found = store.db.execute("SELECT due - julianday(last) FROM card").fetchone()
        return float(found[0])

    (stability,) = store.db.execute("SELECT stability FROM card").fetchone()
    assert due() == pytest.approx(round(stability))
    store.set_review_share(9.0)
    assert due() == pytest.approx(round(9 * stability))
    again = Change(Entity.REVIEW, "r", "rating", 3, 4)
    store.apply(Action("graded anew", (again,)), AT)
    (stability,) = store.db.execute("SELECT stability FROM card").fetchone()
    assert due() == pytest.approx(round(9 * stability))
    with opened(path) as other, other.transaction():
        store.wait_at_most(0)
        store.set_review_share(9.0)  # what is so already waits for nobody
        with pytest.raises(Busy):
            store.set_review_share(1.0)
    store.set_review_share(1.0)
    assert due() == pytest.approx(round(stability))


def test_the_share_of_a_new_track_needs_no_writing(store: Store, path: Path) -> None:
    store.wait_at_most(0)
    with opened(path) as other, other.transaction():
        store.set_review_share(1.0)
        with pytest.raises(Busy):
            store.set_review_share(2.0)


def test_the_steps_of_an_entry_say_what_was_there_and_what_took_them_back(store: Store) -> None:
    store.apply(renamed("i1", "mine"), AT)
    store.undo(AT)
    store.redo(AT)
    graded = Change(Entity.REVIEW, "r", "entry", None, "i1")
    store.apply(Action("graded", (graded,)), AT)
    steps = [(s.field, s.old, s.new, s.first, s.undoes, s.redoes) for s in store.steps_of("i1", 9)]
    assert steps == [
        ("title", None, "title 1", True, False, False),
        ("title", "title 1", "mine", False, False, False),
        ("title", "mine", "title 1", False, True, False),
        ("title", "title 1", "mine", False, False, True),
        ("entry", None, "i1", True, False, False),
    ]
    assert [s.field for s in store.steps_of("i1", 2)] == ["title", "entry"]
    assert store.steps_of("i1", 0) == []


def test_what_one_replaced_is_what_stood_there_then_whatever_came_since(store: Store) -> None:
    store.apply(renamed("i1", "mine"), AT)
    store.merge([Row("a", 1, 1, AT, "a-1", "entry", "i1", "title", "theirs, before")])
    steps = [(s.replica, s.old, s.new) for s in store.steps_of("i1", 2)]
    assert steps == [("a", "title 1", "theirs, before"), ("me", "title 1", "mine")]


def test_the_actions_on_an_entry_are_those_on_its_notes_and_reviews_too(store: Store) -> None:
    store.apply(renamed("i1", "mine"), AT)
    for entity in (Entity.NOTE, Entity.REVIEW):
        change = Change(entity, "x", "entry", None, "i1")
        store.apply(Action(f"a {entity}", (change,)), AT)
    store.apply(renamed("i2", "other"), AT)
    found = [line.label for line in store.actions_on(["i1"], 9)]
    assert found == ["a review", "a note", "renamed to mine"]
    assert [line.label for line in store.actions_on(["i1"], 1)] == found[:1]
    assert [line.label for line in store.actions_on(["i1", "i2"], 9)] == [
        "renamed to other",
        *found,
    ]
