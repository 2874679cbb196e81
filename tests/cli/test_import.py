"""What an import says before it changes anything."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.cli.test_cli import SEED, Capture, run

ITEM = next(
    item
    for category in SEED["categories"]
    for section in category["sections"]
    for item in section["items"]
    if item.get("description")
)


def preview(capsys: Capture, file: Path) -> tuple[str, dict[str, Any]]:
    told = run(capsys, "import", str(file), "--dry-run")
    assert told.endswith("nothing was changed\n")
    return told, json.loads(run(capsys, "import", str(file), "--dry-run", "--json"))


@pytest.mark.parametrize("ending", ["md", "csv"])
def test_each_field_that_a_file_writes_over_is_said_with_both_words(
    home: Path, capsys: Capture, tmp_path: Path, ending: str
) -> None:
    file = tmp_path / f"track.{ending}"
    run(capsys, "export", "-o", str(file))
    run(capsys, "edit", ITEM["id"], "--description", "mine " * 40)
    run(capsys, "learned", "git-lfs")
    told, found = preview(capsys, file)
    assert f"    description: “{'mine ' * 11}mine…” → “{ITEM['description'][:40]}" in told
    (one,) = [one for one in found["changed"] if one["id"] == ITEM["id"]]
    assert one["title"] == ITEM["title"]
    assert one["changes"] == [
        {"field": "description", "old": ("mine " * 40).strip(), "new": ITEM["description"]}
    ]
    statuses = [change for one in found["changed"] for change in one["changes"]]
    # An empty box takes no progress back; a cell says what it says.
    back = {"field": "status", "old": "learned", "new": "todo"}
    assert (back in statuses) is (ending == "csv")
    assert (found["new"], found["moved"], found["gone"]) == ([], [], [])


def test_all_that_is_written_over_is_listed(home: Path, capsys: Capture, tmp_path: Path) -> None:
    file = tmp_path / "track.csv"
    run(capsys, "export", "-o", str(file))
    ids = [item["id"] for section in SEED["categories"][0]["sections"] for item in section["items"]]
    more = [i["id"] for s in SEED["categories"][1]["sections"] for i in s["items"]]
    run(capsys, "skipped", *ids, *more)
    told, _ = preview(capsys, file)
    assert told.count("    status: “skipped” → “todo”\n") == len([*ids, *more]) > 10


def test_what_moves_and_what_is_tied_is_said_with_its_places(
    home: Path, capsys: Capture, tmp_path: Path
) -> None:
    file = tmp_path / "plan.csv"
    run(capsys, "needs", "git-lfs", "runbooks")
    file.write_text(
        "id,title,category,section,requires\ngit-lfs,Git LFS,Brand new,Part,git-worktrees\n"
    )
    told, found = preview(capsys, file)
    assert "  Git LFS: Git Workflow › Unknown Unknowns → Brand new › Part\n" in told
    assert "    needs: runbooks → git-worktrees\n" in told
    (moved,) = found["moved"]
    assert moved["old_parent"] == "git-workflow-unknown-unknowns"
    assert moved["new"] == "Brand new › Part"
    (changed,) = found["changed"]
    (change,) = changed["changes"]
    assert (change["field"], change["new"]) == ("requires", ["git-worktrees"])
    assert change["old"] and "runbooks" in change["old"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("import", "/dev/zero"), "/dev/zero has more than 50 MB"),
        (("import", "-", "--yes"), "standard input has more than 50 MB"),
        (("lint", "-"), "standard input has more than 50 MB"),
        (("note", "git-lfs", "-"), "standard input has more than 50 MB"),
        (("lint", "/dev/zero"), "/dev/zero has more than 50 MB"),
        (("seed", "update", "/dev/zero"), "/dev/zero has more than 50 MB"),
        (("seed", "status", "/dev/zero"), "/dev/zero has more than 50 MB"),
        (("mirror", "add", "/dev/zero"), "/dev/zero is no plain file"),
        (("restore", "/dev/zero"), "/dev/zero is no plain file"),
        (("restore", "--salvage", "/dev/zero"), "/dev/zero"),
    ],
    ids=" ".join,
)
def test_what_never_ends_is_not_read_to_its_end(
    home: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], said: str
) -> None:
    run(capsys, "list")
    with Path("/dev/zero").open() as zeros:
        monkeypatch.setattr(sys, "stdin", zeros)
        assert said in run(capsys, *words, code=1)
    assert run(capsys, "history") == "nothing happened yet\n"


def test_a_track_is_not_begun_with_what_never_ends(home: Path, capsys: Capture) -> None:
    assert "50 MB" in run(capsys, "init", "--seed", "/dev/zero", code=1)
    assert not (home / "tracker.db").exists()


@pytest.mark.parametrize(
    ("text", "told", "kinds"),
    [
        (
            "## Critical\n\n1. one\n2. two\n\n## Immediate\n\n1. three\n\n## A\n\n- [ ] four\n",
            "5 new, of them 2 critical gaps and 1 step of the path:",
            {"gap": 2, "step": 1, "category": 1, "item": 1},
        ),
        ("## A\n\n- [ ] four\n", "2 new:", {"category": 1, "item": 1}),
    ],
)
def test_how_many_of_what_is_new_lie_in_no_category_is_said(
    home: Path, capsys: Capture, tmp_path: Path, text: str, told: str, kinds: dict[str, int]
) -> None:
    file = tmp_path / "plan.md"
    file.write_text(text)
    words, found = preview(capsys, file)
    assert words.split("\n")[0] == told
    assert found["kinds"] == kinds
