"""Looking through every page, and giving it up."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.store.test_merge import TREE
from tracker_tui.store import quick
from tracker_tui.store.connection import RESCUE
from tracker_tui.store.quick import QuickCheck
from tracker_tui.store.store import Store


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "tracker.db"
    Store(path, lambda: TREE, lambda: "me").close()
    return path


def test_what_is_sound_was_looked_through(path: Path) -> None:
    check = QuickCheck(path)
    assert not check.done
    assert check.run() is None
    assert check.done


@pytest.mark.parametrize(
    ("table", "words"), [("sqlite_schema", "is damaged or no database ("), ("note", "is damaged (")]
)
def test_what_is_damaged_is_told_with_what_to_do(path: Path, table: str, words: str) -> None:
    with closing(sqlite3.connect(path)) as db:
        asked = "SELECT rootpage FROM sqlite_schema WHERE name = ?"
        root = (db.execute(asked, (table,)).fetchone() or (1,))[0]
        size = db.execute("PRAGMA page_size").fetchone()[0]
    content = bytearray(path.read_bytes())
    start = (root - 1) * size + (100 if root == 1 else 0)  # the file stays one of SQLite
    content[start : root * size] = b"\xa5" * (root * size - start)
    path.write_bytes(content)
    check = QuickCheck(path)
    found = check.run()
    assert found is not None and check.done
    assert found.problem.startswith(f"{path} {words}") and "None" not in found.problem
    assert found.advice == RESCUE


def test_given_up_before_it_began_or_while_it_looks_it_knows_nothing(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    check = QuickCheck(path)
    check.stop()
    assert check.run() is None and not check.done

    def stopping(path: Path) -> sqlite3.Connection:
        connection = sqlite3.connect(path)
        connection.set_progress_handler(again.stop, 1)
        return connection

    again = QuickCheck(path)
    monkeypatch.setattr(quick, "reading", stopping)
    assert again.run() is None and not again.done
    again.stop()  # after the end there is nothing to interrupt


def test_what_cannot_be_read_is_not_said_to_be_damaged(path: Path) -> None:
    check = QuickCheck(path.with_name("elsewhere.db"))
    assert check.run() is None and not check.done
