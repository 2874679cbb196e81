"""Databases of every schema there was, each as a small file, become ones of today."""

from __future__ import annotations

import gzip
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tracker_tui.domain.journal import Action, Change, Row
from tracker_tui.domain.words import Entity
from tracker_tui.errors import TrackerError
from tracker_tui.store import backup, check, schema
from tracker_tui.store.connection import RESCUE
from tracker_tui.store.store import Store

KEPT = sorted((Path(__file__).parent / "schemas").glob("*.db.gz"))
"""One of each schema, today's included: made by the program as it was when it came to be."""
OLD = KEPT[:-1]


def unpacked(kept: Path, folder: Path) -> Path:
    path = folder / "tracker.db"
    path.write_bytes(gzip.decompress(kept.read_bytes()))
    return path


@pytest.fixture(params=OLD, ids=lambda path: path.name)
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    return unpacked(request.param, tmp_path)


def opened(path: Path) -> Store:
    return Store(path, list, lambda: "other")


@pytest.fixture(params=KEPT, ids=lambda path: path.name)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    with opened(unpacked(request.param, tmp_path)) as store:
        yield store


def test_every_schema_is_kept() -> None:
    assert [path.name for path in KEPT] == [f"{n}.db.gz" for n in range(1, schema.VERSION + 1)]


def test_a_database_of_any_schema_takes_a_dump_in_and_gives_it_back(store: Store) -> None:
    """What is kept of imports came without a new schema: nothing of it is there yet."""
    before = check.journal(store)
    at = "2026-11-22T08:00:00Z"
    row = Row("new", 1, 99, at, "new-1", "entry", "i1", "title", "Theirs")
    assert store.bring([row], "taken in", at).id
    changed = store.entry("i1")
    assert changed is not None and changed.title == "Theirs"
    assert store.undo("2026-11-24T08:00:00Z") is not None
    again = store.entry("i1")
    assert again is not None and again.title != "Theirs"
    assert check.journal(store)[: len(before)] == before
    assert check.problems(store) == []


def test_an_older_database_becomes_one_of_today_with_all_that_was_in_it(store: Store) -> None:
    assert check.problems(store) == []
    assert store.replica == "me"
    learned = store.entry("i1")
    assert learned is not None and learned.status == "learned"
    assert [note.text for note in store.notes("i2")] == ["hello"]
    assert store.activity() == {"2026-11-21": 2}
    undoable, redoable = store.undoable(), store.redoable()
    assert undoable is not None and undoable.label == "noted"
    assert redoable is not None and redoable.label == "i3 learning"
    store.undo("2026-11-24T08:00:00Z")
    assert check.problems(store) == []


def test_what_a_newer_version_wrote_into_an_older_database_is_understood_now(old: Path) -> None:
    """Rows of reviews and days may have been merged before this version knew them."""
    import sqlite3

    at = "2026-11-22T08:00:00Z"
    rows = [
        Row("new", 1, 9, at, "new-1", "action", "new-1", "label", "graded"),
        Row("new", 2, 9, at, "new-1", "action", "new-1", "day", "2026-11-21"),
        Row("new", 3, 9, at, "new-1", "review", "r1", "entry", "i1"),
        Row("new", 4, 9, at, "new-1", "review", "r1", "at", at),
        Row("new", 5, 9, at, "new-1", "review", "r1", "rating", 3),
        Row("new", 6, 9, at, "new-1", "review", "r1", "deleted", 0),
        Row("new", 7, 9, at, "new-1", "entry", "i2", "progressed_on", "2026-11-22"),
        Row("new", 8, 9, at, "new-1", "entry", "i2", "first_step", "run git worktree list"),
        Row("new", 9, 9, at, "new-1", "entry", "i2", "effort", "S"),
    ]
    db = sqlite3.connect(old, isolation_level=None)
    db.executemany("INSERT INTO journal VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
    db.execute(
        "INSERT INTO action (id, replica, n, at, label, state)"
        " VALUES ('new-1', 'new', 1, ?, 'graded', 'done')",
        (at,),
    )
    db.execute("INSERT INTO fact VALUES ('review', 'r1', 'rating', 3)")
    db.execute("UPDATE local SET value = 9 WHERE key = 'lamport'")
    db.execute("UPDATE entry SET updated_at = max(updated_at, ?) WHERE id = 'i2'", (at,))
    db.close()
    with opened(old) as store:
        assert check.problems(store) == []
        card = store.card("i1")
        assert card is not None and card.last == at
        moved = store.entry("i2")
        assert moved is not None and moved.progressed_on == "2026-11-22"
        assert (moved.first_step, moved.effort) == ("run git worktree list", "S")
        assert [found.id for found in store.search("worktree", 9)] == ["i2"]
        assert store.activity() == {"2026-11-21": 3}


def test_a_migration_that_fails_leaves_the_file_as_it_was(
    old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = old.read_bytes()
    with monkeypatch.context() as patch:
        patch.setattr(schema, "_MIRRORS", "SELECT nonsense")
        with pytest.raises(Exception, match="nonsense"):
            opened(old)
    assert old.read_bytes()[:16] == before[:16]
    with opened(old) as store:
        assert check.problems(store) == []


def test_reviews_come_to_one_card_whatever_the_order_in_which_they_arrive(tmp_path: Path) -> None:
    import random

    action = Action(
        "reviews",
        tuple(
            change
            for n, rating in enumerate([3, 1, 1, 4, 2])
            for change in (
                Change(Entity.REVIEW, f"r{n}", "entry", None, "i1"),
                Change(Entity.REVIEW, f"r{n}", "at", None, f"2026-0{n + 1}-10T08:00:00Z"),
                Change(Entity.REVIEW, f"r{n}", "rating", None, rating),
                Change(Entity.REVIEW, f"r{n}", "deleted", 1, 0),
            )
        ),
    )
    first = [Row("seed", 1, 0, "2026-01-01T00:00:00Z", "seed-1", "entry", "i1", "title", "One")]
    with Store(tmp_path / "a.db", lambda: first, lambda: "a") as store:
        store.apply(action, "2026-11-24T08:00:00Z")
        wanted, rows = store.card("i1"), check.journal(store)
    assert wanted is not None and wanted.reviews == 5
    for seed in range(5):
        shuffled = rows[1:]
        random.Random(seed).shuffle(shuffled)
        with Store(tmp_path / f"{seed}.db", lambda: first, lambda: "b") as other:
            for row in shuffled:
                other.merge([row])
            assert other.card("i1") == wanted
            assert check.problems(other) == []


def test_before_a_migration_there_is_a_backup_or_no_migration(old: Path, tmp_path: Path) -> None:
    before = old.read_bytes()
    with pytest.raises(TrackerError, match="disk"):
        Store(old, list, lambda: "other", before_migration=_full)
    assert old.read_bytes() == before
    folder = tmp_path / "backups"
    now = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
    with Store(
        old,
        list,
        lambda: "other",
        before_migration=lambda: backup.make(old, folder, "migration", now),
    ) as store:
        assert check.problems(store) == []
    (kept,) = backup.kept(folder)
    assert backup.examine(kept.path).schema < schema.VERSION
    with opened(kept.path) as store:
        assert check.problems(store) == []


def _full() -> None:
    raise TrackerError("the disk is full")


def test_a_new_database_needs_no_backup(tmp_path: Path) -> None:
    with Store(tmp_path / "new.db", list, lambda: "me", before_migration=_full):
        pass


def test_every_table_is_missed_when_it_is_gone(tmp_path: Path) -> None:
    with Store(tmp_path / "new.db", list, lambda: "me") as store:
        there = {
            name
            for (name,) in store.db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")
            if not name.startswith(("sqlite_", "_sqlite_", "search_"))
        }
        assert {name for names in schema._TABLES.values() for name in names} == there
        assert schema.missing(store.db) == []
        store.db.execute("DROP TABLE card")
        store.db.execute("DROP TABLE mirror")
        assert schema.missing(store.db) == ["card", "mirror"]
        store.db.execute("PRAGMA user_version = 1")
        assert schema.missing(store.db) == []


@pytest.mark.parametrize(
    ("version", "problem", "advice"),
    [
        (-1, "{} is damaged (schema -1)", RESCUE),
        (
            99,
            f"{{}} was written by a newer version of tracker (schema 99, this is {schema.VERSION})",
            "update tracker; the file was left as it is",
        ),
    ],
)
def test_a_version_that_is_none_of_ours_is_refused_with_what_to_do(
    tmp_path: Path, version: int, problem: str, advice: str
) -> None:
    path = tmp_path / "new.db"
    with Store(path, list, lambda: "me") as store:
        assert schema.ready(store.db, path)
        for since in range(schema.VERSION):
            store.db.execute(f"PRAGMA user_version = {since}")
            assert not schema.ready(store.db, path)
        store.db.execute(f"PRAGMA user_version = {version}")
        with pytest.raises(TrackerError) as caught:
            schema.ready(store.db, path)
    assert (caught.value.problem, caught.value.advice) == (problem.format(path), advice)


def test_migrations_keep_the_names_under_which_databases_have_them(tmp_path: Path) -> None:
    recorded = "SELECT name FROM _sqlite_migrations ORDER BY name"
    with opened(tmp_path / "new.db") as new, opened(unpacked(KEPT[-1], tmp_path)) as kept:
        there = new.db.execute(recorded).fetchall()
        assert there == kept.db.execute(recorded).fetchall() and len(there) == schema.VERSION


def test_what_a_database_should_be_made_of_is_found_without_writing_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with opened(tmp_path / "new.db") as new:
        there = set(tmp_path.iterdir())
        assert schema.wanted() == schema.objects(new.db)
        assert set(tmp_path.iterdir()) == there


class Locked(sqlite3.Connection):
    """A connection that can do nothing for so many times."""

    times = 0
    words = "database is locked"

    def execute(self, sql: str, *given: Any) -> sqlite3.Cursor:
        if self.times:
            self.times -= 1
            raise sqlite3.OperationalError(self.words)
        return super().execute(sql, *given)


def test_the_journal_mode_is_set_once_the_others_are_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited: list[float] = []
    monkeypatch.setattr("time.sleep", waited.append)
    with closing(sqlite3.connect(tmp_path / "x.db", factory=Locked)) as db:
        db.times = 3
        schema.use_wal(db)
        assert waited == [0.05] * 3
        assert db.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        db.times = 10_000
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            schema.use_wal(db)
        assert sum(waited) == pytest.approx(0.05 * (3 + 199)), "about ten seconds"
        waited.clear()
        db.words = "disk I/O error"
        with pytest.raises(sqlite3.OperationalError, match="I/O"):
            schema.use_wal(db)
        assert waited == []
