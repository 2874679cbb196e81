"""What comes next, what belongs together, and whether a track is sound, on the command line."""

from __future__ import annotations

import io
import json
from functools import partial
from pathlib import Path

import pytest

from tests.bare import bare
from tests.cli.test_cli import Capture, run
from tests.conftest import Clock
from tests.exchange.test_lint import GOOD, studied
from tracker_tui.domain.words import Rating, RelationKind, Status
from tracker_tui.tracker import Tracker

LINK = '[{"title": "Actions: Quickstart", "url": "https://docs.example.org/quickstart"}]'


@pytest.fixture
def told(tracker: Tracker, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Tracker:
    """A track whose first thing to do says how to study it."""
    monkeypatch.setattr("tracker_tui.cli.base.Tracker", partial(Tracker, clock=clock))
    first = tracker.queue()[0].entry.id
    fields = {"first_step": "Make `ci.yml`.", "done_when": "A push is tested.", "effort": "M"}
    tracker.edit(first, {**fields, "resources": LINK})
    clock.advance(days=1)
    return tracker


def test_next_says_what_why_and_how_to_begin(told: Tracker, capsys: Capture) -> None:
    due = told.queue()[0]
    text = run(capsys, "next")
    for words in (
        *(due.entry.title, due.why, "First step: Make `ci.yml`.", "Done when:  A push is tested."),
        *("M, an evening", "https://docs.example.org/quickstart", "tracker learning"),
    ):
        assert words in text
    found = json.loads(run(capsys, "next", "--json"))
    assert found == {
        **{"id": due.entry.id, "kind": "critical", "title": due.entry.title, "why": due.why},
        "status": "todo",
        "where": [entry.title for entry in told.path(due.entry)],
        **{"first_step": "Make `ci.yml`.", "done_when": "A push is tested.", "effort": "M"},
        "link": {"title": "Actions: Quickstart", "url": "https://docs.example.org/quickstart"},
    }


def test_next_goes_on_to_the_next_and_at_the_end_to_one_more(
    told: Tracker, capsys: Capture
) -> None:
    day = told.today()
    asked = []
    for _ in range(7):
        id_ = json.loads(run(capsys, "next", "--json"))["id"]
        assert id_ not in asked
        asked.append(id_)
        told.progress([id_], day)
    assert asked[:5] == [due.entry.id for due in told.queue(day)]
    run(capsys, "pause")
    assert "paused" in run(capsys, "next")
    assert json.loads(run(capsys, "next", "--json")) is None


def test_next_asks_for_a_review_with_what_it_is_done_when(
    told: Tracker, capsys: Capture, clock: Clock
) -> None:
    told.set_status(["git-lfs"], Status.LEARNED)
    told.edit("git-lfs", {"done_when": "A large file is a pointer.", "first_step": "Not shown."})
    clock.advance(days=9)
    text = run(capsys, "next")
    assert "Recall:     A large file is a pointer." in text
    assert "Not shown" not in text
    assert "tracker review git-lfs" in text
    told.grade("git-lfs", Rating.GOOD)
    told.set_status(["git-hooks"], Status.LEARNING)
    clock.advance(days=3)
    assert "tracker learned git-hooks when it is done" in run(capsys, "next")


def test_next_with_nothing_left(told: Tracker, capsys: Capture, clock: Clock) -> None:
    told.set_status([entry.id for entry in told.select("is:open").matches], Status.SKIPPED)
    clock.advance(days=1)
    assert run(capsys, "next") == "nothing is left to do\n"


def test_next_where_all_that_is_left_waits_for_what_was_put_off(
    told: Tracker, capsys: Capture
) -> None:
    first = told.queue()[0].entry.id
    bare(told, first, "git-aliases")
    open_ = [e.id for e in told.select("is:open").matches if not e.covering]
    others = [id_ for id_ in open_ if id_ not in (first, "git-aliases")]
    run(capsys, "needs", first, "git-aliases")
    assert "Needs “Git aliases” first" in run(capsys, "today")
    assert json.loads(run(capsys, "today", "--json"))[0]["needs_first"] == "git-aliases"
    assert json.loads(run(capsys, "next", "--json"))["id"] != first
    told.set_status(others, Status.SKIPPED)
    assert json.loads(run(capsys, "next", "--json"))["id"] == "git-aliases"
    told.snooze(["git-aliases"], "tomorrow")
    assert "waits for what was put off" in run(capsys, "next")


def test_twins_are_told_of_and_learned_in_one_step(tracker: Tracker, capsys: Capture) -> None:
    bare(tracker, "git-worktrees", "git-lfs", "git-hooks", "git-submodules")
    run(capsys, "relate", "git-worktrees", "git-lfs")
    run(capsys, "relate", "git-worktrees", "git-hooks")
    assert "nothing to do" in run(capsys, "relate", "git-lfs", "git-worktrees")
    assert [link.id for link in tracker.detail("git-worktrees").related] == ["git-hooks", "git-lfs"]
    assert "Related:" in run(capsys, "show", "git-lfs")
    shown = json.loads(run(capsys, "show", "git-lfs", "--json"))
    assert [link["id"] for link in shown["related"]] == ["git-worktrees"]
    told = run(capsys, "learned", "git-worktrees")
    assert "the same subject is still open: git-hooks, git-lfs; --twins learns it too" in told
    assert "same subject" not in run(capsys, "learned", "git-worktrees", "--json")
    run(capsys, "undo")
    said = run(capsys, "learned", "git-worktrees", "--twins")
    assert said == "“Git worktrees” and 2 twins → learned\n"
    assert tracker.overall().learned == 3
    assert "is no longer related" in run(capsys, "relate", "git-lfs", "git-worktrees", "--remove")
    run(capsys, "undo")
    run(capsys, "undo")
    assert tracker.overall().learned == 0
    tracker.relate(RelationKind.RELATED, "git-lfs", "gap-pre-commit-hooks")
    assert "same subject" not in run(capsys, "learned", "git-submodules")
    # A gap that covers items is as far along as these: it is no twin to be set.
    assert "gap-pre-commit" not in run(capsys, "learned", "git-lfs")


def test_lint_says_each_finding_with_its_place(
    home: Path, capsys: Capture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "ours.json"
    file.write_text(json.dumps(GOOD, indent=2))
    assert run(capsys, "lint", str(file)) == "nothing to find fault with\n"
    assert json.loads(run(capsys, "lint", str(file), "--json")) == []
    bad = {**GOOD, "critical": [studied("gap-history", rank=1, done_when="Know git\x1b[2J")]}
    monkeypatch.setattr("sys.stdin", io.StringIO(json.dumps(bad, indent=2)))
    from tracker_tui.__main__ import main

    assert main(["lint", "-"]) == 1
    out, err = capsys.readouterr()
    assert err == ""
    lines = out.split("\n")
    assert any(
        line.startswith("-:") and "gap-history.done_when begins with “Know”" in line
        for line in lines
    )
    assert "\x1b" not in out
    assert lines[-2].endswith(" findings")
    assert "cannot be read" in run(capsys, "lint", str(tmp_path / "none"), code=1)
    file.write_text("{")
    assert main(["lint", str(file), "--json"]) == 1
    (finding,) = json.loads(capsys.readouterr().out)
    assert finding["rule"] == "format" and finding["line"] == 1
    assert not home.exists()
