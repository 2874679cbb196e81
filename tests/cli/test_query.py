"""The one language of filters, in every command that lists entries; and what is marked in lists."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.test_cli import Capture, run
from tests.cli.test_seed import ONE, TWO, write
from tracker_tui.paths import find
from tracker_tui.tracker import Tracker


def ids(capsys: Capture, *words: str) -> list[str]:
    return [one["id"] for one in json.loads(run(capsys, *words, "--json"))]


@pytest.fixture
def begun(home: Path, capsys: Capture) -> None:
    run(capsys, "learned", "git-lfs", "git-worktrees")
    run(capsys, "note", "git-lfs", "large files")
    run(capsys, "learning", "runbooks")


def test_a_search_is_narrowed_by_terms(begun: None, capsys: Capture) -> None:
    all_ = ids(capsys, "search", "git", "kind:item", "--limit", "500")
    assert set(ids(capsys, "search", "status:learned", "git")) == {"git-lfs", "git-worktrees"}
    assert run(capsys, "search", "lfs", "git", "kind:category") == "nothing matches\n"
    without = ids(capsys, "search", "git", "kind:item", "-status:learned", "--limit", "500")
    assert set(without) == set(all_) - {"git-lfs", "git-worktrees"}
    assert "git-lfs" not in ids(capsys, "search", "git", "-lfs")
    # Terms alone find what list finds, in the order of the track.
    assert ids(capsys, "search", "status:learned,learning", "kind:item") == ids(
        capsys, "list", "status:learned,learning", "kind:item"
    )
    assert (
        ids(capsys, "search", "status:todo", "kind:item", "--limit", "3")
        == (ids(capsys, "list", "status:todo", "kind:item")[:3])
    )
    # What is no field is a word, as before: an address, a title with a colon.
    assert ids(capsys, "search", "zzz:git-lfs") == []
    assert "status:nope" not in run(capsys, "search", "status:nope", "git", code=1)
    assert ids(capsys, "search", '"large files"')[-1] == "git-lfs"
    assert ids(capsys, "search", '"files large"') == []
    with Tracker(find()) as tracker:
        assert tracker.search('"large fi', unfinished=True) == tracker.search("large fi")


@pytest.mark.parametrize("query", ['"', '"large fi', 'git -"x'])
@pytest.mark.parametrize("command", ["list", "search", "history", "reviews", "today", "export"])
def test_a_quote_that_is_not_closed_is_an_error(
    home: Path, capsys: Capture, command: str, query: str
) -> None:
    told = run(capsys, command, query, code=1)
    assert told == 'tracker: a quote is not closed; end it with "\n'


@pytest.mark.parametrize("limit", ["0", "-10"])
@pytest.mark.parametrize(
    "command", [["history"], ["history", "git-lfs"], ["reviews"], ["search", "x"]]
)
def test_a_limit_is_one_at_least(
    home: Path, capsys: Capture, command: list[str], limit: str
) -> None:
    told = run(capsys, *command, "--limit", limit, code=2)
    assert "Invalid value for '--limit': " in told and limit in told


def test_history_reviews_and_today_take_a_query(begun: None, capsys: Capture) -> None:
    told = json.loads(run(capsys, "history", "status:learned", "--json"))
    assert len(told) == 2 and all(one["state"] == "done" for one in told)
    assert len(json.loads(run(capsys, "history", "git-lfs", "--json"))) == 3
    assert len(json.loads(run(capsys, "history", "status:learning", "kind:item", "--json"))) == 1
    assert run(capsys, "history", "-is:open", "runbooks") == "nothing happened to what it finds\n"
    assert "begins with “zzz”" in run(capsys, "history", "zzz", code=1)
    assert ids(capsys, "reviews", "lfs") == ["git-lfs"]
    assert set(ids(capsys, "reviews", "-lfs", "--limit", "5")) == {"git-worktrees"}
    assert ids(capsys, "reviews", "--limit=1", "category:git") == ids(capsys, "reviews")[:1]
    assert run(capsys, "reviews", "zzz") == "nothing that is reviewed matches\n"
    assert "nothing to do" in run(capsys, "reviews", "spread")
    today = ids(capsys, "today")
    small = ids(capsys, "today", "effort:S")
    assert small == [one for one in today if one in ids(capsys, "list", "effort:S")]
    assert 0 < len(small) < len(today)
    assert run(capsys, "today", "zzz") == "nothing in the queue matches\n"
    for words in (["history", "status:x", "y"], ["reviews", "status:x"], ["today", "status:x"]):
        assert "is not a value of status:" in run(capsys, *words, code=1)


def test_what_is_retired_is_marked_wherever_it_is_listed(
    home: Path, capsys: Capture, tmp_path: Path
) -> None:
    one, two = tmp_path / "one.json", tmp_path / "two.json"
    write(one, ONE)
    write(two, TWO)
    run(capsys, "init", "--seed", str(one))
    run(capsys, "note", "b", "mine")
    run(capsys, "learned", "b")
    run(capsys, "seed", "update", str(two), "--yes")
    assert "b (learned, retired)" in run(capsys, "list")
    assert "b  " in run(capsys, "search", "mine") and "(retired)" in run(capsys, "search", "mine")
    assert json.loads(run(capsys, "search", "mine", "--json"))[0]["retired"] is True
    told = run(capsys, "export")
    assert "- [x] b\n  - Retired: the track has it no longer\n" in told
    assert "Retired:</span> the track has it no longer" in run(capsys, "export", "--format", "html")
    assert json.loads(run(capsys, "list", "is:retired", "--json"))[0]["retired"] is True
    # The mark is no text of the entry: taken in again, it changes nothing.
    file = tmp_path / "out.md"
    file.write_text(told)
    assert "nothing to do" in run(capsys, "import", str(file), "--dry-run")
    with Tracker(find()) as tracker:
        assert tracker.entry("b").description == ""
