"""Dumps: a track made the same elsewhere, and what another home did taken in beside one's own."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.test_cli import Capture, run
from tests.visible import visible
from tracker_tui.domain.journal import Row
from tracker_tui.domain.words import Status
from tracker_tui.paths import Paths, find
from tracker_tui.store import check
from tracker_tui.tracker import Tracker

Home = Callable[[str], Path]


@pytest.fixture
def go(home: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """Go to a home of that name beside the first one."""

    def to(name: str) -> Path:
        monkeypatch.setenv("TRACKER_HOME", str(home.parent / name))
        return home.parent / name

    return to


@pytest.fixture
def dumped(home: Path, capsys: Capture, tmp_path: Path) -> Path:
    """What a home with some of everything wrote."""
    run(capsys, "learned", "git-lfs")
    run(capsys, "note", "git-worktrees", "one folder a branch")
    run(capsys, "edit", "runbooks", "--title", "Run books")
    run(capsys, "add", "Of my own", "--in", "git-workflow")
    run(capsys, "move", "git-worktrees", "first")
    run(capsys, "delete", "git-submodules", "--yes")
    run(capsys, "learning", "git-lfs")
    run(capsys, "undo")
    file = tmp_path / "dump.json"
    run(capsys, "export", "-o", str(file))
    return file


def rows() -> list[Row]:
    with Tracker(find()) as tracker:
        assert check.problems(tracker._store) == []
        return check.journal(tracker._store)


def seen() -> list[list[Any]]:
    with Tracker(find()) as tracker:
        return visible(tracker, numbers=False)


def test_a_dump_makes_the_same_track_with_the_same_journal(
    dumped: Path, capsys: Capture, go: Home
) -> None:
    journal, state = rows(), seen()
    folder = go("other")
    told = run(capsys, "import", str(dumped), "--dry-run")
    assert f"a track of {len(journal):,} rows" in told
    assert told.endswith("nothing was changed\n")
    assert not (folder / "tracker.db").exists()
    assert "there is no terminal" in run(capsys, "import", str(dumped), code=1)
    assert not (folder / "tracker.db").exists()
    assert f"{len(journal):,} rows" in run(capsys, "import", str(dumped), "--yes")
    assert (rows(), seen()) == (journal, state)
    again = json.loads(run(capsys, "import", str(dumped), "--yes", "--json"))
    assert (again["rows"], again["applied"], again["new"]) == (0, False, [])
    assert rows() == journal


@pytest.mark.parametrize("begun", [("list",), ("init", "--empty")])
def test_so_it_does_in_a_home_in_which_nothing_is_the_users(
    dumped: Path, capsys: Capture, go: Home, begun: tuple[str, ...]
) -> None:
    journal, state = rows(), seen()
    go("other")
    run(capsys, *begun)
    before = rows()
    run(capsys, "import", str(dumped), "--dry-run")
    assert rows() == before
    told = json.loads(run(capsys, "import", str(dumped), "--yes", "--json"))
    assert told["whole"] and told["applied"]
    assert (rows(), seen()) == (journal, state)
    assert "“Git LFS”" in run(capsys, "redo")


def test_a_smaller_dump_takes_the_place_of_an_untouched_track(
    home: Path, capsys: Capture, go: Home, tmp_path: Path
) -> None:
    run(capsys, "init", "--empty")
    run(capsys, "add", "Only this")
    file = tmp_path / "small.json"
    run(capsys, "export", "-o", str(file))
    state = seen()
    go("other")
    run(capsys, "list")
    told = run(capsys, "import", str(file), "--yes")
    assert "255 gone:" in told
    assert seen() == state


def test_undo_and_redo_go_on_where_the_dumps_home_would(
    dumped: Path, capsys: Capture, go: Home
) -> None:
    def walk() -> list[str]:
        """All the way back and forth again, with what is then to be seen."""
        told: list[Any] = []
        for verb in ("redo", "undo", "redo"):
            while (said := run(capsys, verb)).startswith(f"{verb[:2]}"):
                told += [said, seen()]
            told.append(said)
        return told

    go("other")
    run(capsys, "import", str(dumped), "--yes")
    other = walk()
    assert rows() != []
    again = dumped.with_name("again.json")
    run(capsys, "export", "-o", str(again))
    go("third")
    run(capsys, "import", str(again), "--yes")
    assert run(capsys, "undo").startswith("undone: ")
    go("home")
    assert walk() == other


def test_what_is_done_after_the_dump_drops_what_was_undone_in_it(
    dumped: Path, capsys: Capture, go: Home
) -> None:
    go("other")
    run(capsys, "import", str(dumped), "--yes")
    run(capsys, "skipped", "runbooks")
    assert run(capsys, "redo") == "there is nothing to redo\n"
    assert run(capsys, "undo") == "undone: “Run books”: todo → skipped\n"
    rows()


def test_beside_what_is_there_it_is_one_step_that_says_first_what_it_changes(
    dumped: Path, capsys: Capture, go: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    go("other")
    run(capsys, "learned", "runbooks")
    run(capsys, "edit", "git-lfs", "--title", "Mine")
    before, state = rows(), seen()
    told = run(capsys, "import", str(dumped), "--dry-run")
    assert "1 new:\n  Of my own  (Git Workflow)\n" in told
    assert "changed:\n" in told and "    title: “Runbooks” → “Run books”\n" in told
    assert "    status: “todo” → “learned”\n" in told
    assert "1 moved:\n" in told
    assert "1 new note:\n  “Git worktrees”: one folder a branch\n" in told
    assert told.endswith("nothing was changed\n")
    assert "there is no terminal" in run(capsys, "import", str(dumped), code=1)
    monkeypatch.setattr(sys, "stdin", io.StringIO(dumped.read_text()))
    assert "add --yes" in run(capsys, "import", "-", code=1)
    found = json.loads(run(capsys, "import", str(dumped), "--json"))
    assert [one["title"] for one in found["new"]] == ["Of my own"]
    assert found["applied"] is False and found["whole"] is False
    assert rows() == before
    done = run(capsys, "import", str(dumped), "--yes")
    assert done.split("\n")[-2].startswith("imported “dump.json”: 1 new, ")
    after = seen()
    with Tracker(find()) as tracker:
        assert tracker.entry("git-lfs").title == "Mine"
        assert tracker.entry("git-lfs").status is Status.LEARNED
        assert tracker.entry("runbooks").title == "Run books"
        assert tracker.entry("runbooks").status is Status.LEARNED
    assert "nothing to do" in run(capsys, "import", str(dumped), "--yes")
    assert run(capsys, "undo").startswith("undone: imported “dump.json”")
    assert seen() == state
    assert run(capsys, "redo").startswith("redone: imported “dump.json”")
    assert seen() == after
    rows()


def test_what_was_undone_comes_again_with_the_file(dumped: Path, capsys: Capture, go: Home) -> None:
    go("other")
    run(capsys, "learned", "runbooks")
    state = seen()
    run(capsys, "import", str(dumped), "--yes")
    after = seen()
    run(capsys, "undo")
    run(capsys, "skipped", "git-worktrees")
    run(capsys, "undo")
    told = run(capsys, "import", str(dumped), "--yes")
    assert "1 back:" in told
    assert seen() == after
    run(capsys, "undo")
    assert seen() == state
    rows()


def test_another_track_that_comes_along_goes_with_undo_too(
    dumped: Path, capsys: Capture, go: Home
) -> None:
    go("other")
    run(capsys, "init", "--empty")
    run(capsys, "add", "Mine")
    listed = run(capsys, "list")
    run(capsys, "import", str(dumped), "--yes")
    assert len(run(capsys, "list").split("\n")) > 200
    run(capsys, "undo")
    assert run(capsys, "list") == listed
    run(capsys, "redo")
    assert len(run(capsys, "list").split("\n")) > 200
    rows()


def test_a_journal_that_says_something_else_under_one_name_is_refused(
    dumped: Path, capsys: Capture
) -> None:
    told = json.loads(dumped.read_text())
    last = next(row for row in reversed(told["journal"]) if row[7] == "label")
    last[8] = "something else"
    dumped.write_text(json.dumps(told))
    before = rows()
    assert "says something else here" in run(capsys, "import", str(dumped), "--yes", code=1)
    assert rows() == before


@pytest.mark.parametrize("names", [3, [1], [["a"]], [["a", "b"]], [["a", -1]], [[1, 1]]])
def test_names_that_are_none_are_refused(dumped: Path, capsys: Capture, names: Any) -> None:
    told = json.loads(dumped.read_text())
    told["replicas"] = names
    dumped.write_text(json.dumps(told))
    assert "“replicas”" in run(capsys, "import", str(dumped), "--yes", code=1)


def test_a_screen_that_is_open_goes_on_with_what_took_the_place_of_an_untouched_track(
    dumped: Path, capsys: Capture, go: Home
) -> None:
    folder = go("other")
    with Tracker(Paths(folder, folder, folder)) as screen:
        run(capsys, "import", str(dumped), "--yes")
        changed = screen.foreign()
        assert changed is not None and changed.anew
        assert screen.entry("runbooks").title == "Run books"
        undoable = screen.undoable()
        assert undoable is not None and undoable.label == "deleted “Git submodules”"
