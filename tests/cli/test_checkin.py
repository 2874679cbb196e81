"""The day on the command line."""

from __future__ import annotations

import io
import json
import sys
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from tests.bare import bare
from tests.cli.test_cli import Capture, listed, run
from tests.conftest import Clock
from tracker_tui.domain.track import Place
from tracker_tui.domain.words import Answer, Kind, Rating, Status
from tracker_tui.paths import Paths
from tracker_tui.tracker import Tracker

HOSTILE = "[/x] \x1b]0;owned\x07\x1b[31m\u202e evil {0} %s"


@pytest.fixture(autouse=True)
def still(clock: Clock, home: object, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command line's clock stands still, too."""
    monkeypatch.setattr("tracker_tui.cli.base.Tracker", partial(Tracker, clock=clock))
    monkeypatch.setenv("COLUMNS", "80")


def says(monkeypatch: pytest.MonkeyPatch, *lines: str) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("".join(f"{line}\n" for line in lines)))


def opened(paths: Paths, clock: Clock) -> Tracker:
    return Tracker(paths, clock=clock)


# The queue


def test_today_in_words_and_in_json(capsys: Capture, paths: Paths, clock: Clock) -> None:
    found = listed(capsys, "today")
    assert [set(one) for one in found] == [
        {"id", "kind", "title", "why", "needs_first", "answered", "answer", "status"}
    ] * 5
    assert found[0]["kind"] == "critical"
    assert found[0]["why"].startswith("Part of critical gap 1: ")
    run(capsys, "learned", found[0]["id"])
    run(capsys, "snooze", found[1]["id"], "friday")
    again = listed(capsys, "today")
    assert [one["id"] for one in again] == [one["id"] for one in found]
    assert [one["answered"] for one in again] == [True, True, False, False, False]
    assert [one["answer"] for one in again[:3]] == ["learned", "later", None]
    words = run(capsys, "today", "--more", "--note", "a good day")
    assert f"{found[0]['title']}  (learned)" in words
    assert "Step 1 of Immediate" in words
    assert words.count("\n  ") == 6
    assert words.endswith("Note: a good day\n")


def test_a_day_of_the_past_and_no_other(capsys: Capture, paths: Paths, clock: Clock) -> None:
    assert len(listed(capsys, "today", "--date", "yesterday")) == 5
    for day in ("tomorrow", "8 days ago", "nonsense", "\x1b[31m"):
        run(capsys, "today", "--date", day, code=1)
    with opened(paths, clock) as tracker:
        assert tracker.actions() == []


def test_an_empty_day_and_a_pause(capsys: Capture, paths: Paths, clock: Clock) -> None:
    with opened(paths, clock) as tracker:
        tracker.set_status([e.id for e in tracker.select("").matches], Status.SKIPPED)
    clock.advance(days=1)
    assert run(capsys, "today") == "nothing is due\n"
    assert run(capsys, "today", "--more").startswith("there is nothing more")
    assert "paused from 2026-11-25 until 2026-12-01" in run(capsys, "pause", "today", "2026-12-01")
    assert run(capsys, "today") == "paused until 2026-12-01\n"
    assert listed(capsys, "pause", "--list") == [{"from": "2026-11-25", "until": "2026-12-01"}]
    assert run(capsys, "resume") == "resumed\n"
    assert run(capsys, "resume").startswith("nothing to do")
    assert run(capsys, "pause", "--list") == "there was no pause yet\n"
    run(capsys, "pause", "friday", "yesterday", code=1)
    run(capsys, "pause", "someday", code=1)
    run(capsys, "pause")
    assert run(capsys, "today") == "paused; tracker resume ends it\n"
    assert run(capsys, "pause", "--list") == "2026-11-25  until you resume\n"


# The check-in, line by line


def test_a_whole_day_line_by_line(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch, paths: Paths, clock: Clock
) -> None:
    says(monkeypatch, "d", "u", "u", "p", "n a remark", "foo", "s", "+", "x", "d", "d", "d", "fine")
    out = run(capsys, "checkin", "--plain")
    assert "1 of 5. Part of critical gap 1" in out
    assert "undone: " in out
    assert "there is nothing to go back to" in out
    assert "“foo” is none of these" in out
    assert "one more: " in out
    assert "6 of 6. " in out
    assert "Done: 6 things for 2026-11-24." in out
    assert "3 learned, 1 in progress, 1 not today, 1 skipped" in out
    assert "Tomorrow" in out and "Activity" in out and "Forecast" in out
    with opened(paths, clock) as tracker:
        queue = tracker.queue()
        assert [due.answer for due in queue] == [
            Answer.PROGRESS,
            Answer.LATER,
            Answer.SKIPPED,
            *[Answer.LEARNED] * 3,
        ]
        assert [n.text for n in tracker.detail(queue[1].entry.id).notes] == ["a remark"]
        assert tracker.note_of(tracker.today()) == "fine"
    says(monkeypatch)
    assert "A line about the day" not in run(capsys, "checkin", "--plain")


@pytest.mark.parametrize("end", [["q"], []])
def test_what_was_left_goes_on_at_the_right_entry(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch, end: list[str]
) -> None:
    for place in range(1, 6):
        says(monkeypatch, "p", *end)
        out = run(capsys, "checkin")  # no terminal: line by line by itself
        assert f"{place} of 5. " in out
        assert f"{place - 1} of 5. " not in out


def test_reviews_line_by_line(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch, paths: Paths, clock: Clock
) -> None:
    with opened(paths, clock) as tracker:
        tracker.edit("git-hooks", {"done_when": "a large file", "description": "Its text"})
        tracker.set_status(["git-lfs", "git-hooks"], Status.LEARNED)
        for item in ("git-lfs", "git-hooks"):
            tracker.grade(item, Rating.AGAIN)
        clock.advance(days=9)
    says(monkeypatch, "d", "show", "n", "a note", "1", "y", "1", "n", "q")
    out = run(capsys, "checkin", "--plain")
    assert "Do you still know this? a large file" in out
    assert "grade it with 1 to 4" in out
    assert "Its text" in out
    assert "1 again (tomorrow), 2 hard" in out
    assert out.count("again twice in a row") == 2
    with opened(paths, clock) as tracker:
        statuses = {id_: tracker.entry(id_).status for id_ in ("git-lfs", "git-hooks")}
        assert sorted(statuses.values()) == [Status.LEARNED, Status.LEARNING]


def test_a_backlog_is_told_and_spread(
    capsys: Capture, paths: Paths, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    says(monkeypatch)
    with opened(paths, clock) as tracker:
        items = [e.id for e in tracker.select("kind:item").matches][:9]
        tracker.set_status(items, Status.LEARNED)
        clock.advance(days=30)
    assert "9 reviews are due and a day takes 2" in run(capsys, "checkin", "--plain")
    assert len(listed(capsys, "reviews")) == 9
    assert len(run(capsys, "reviews", "--limit", "3").splitlines()) == 3
    assert run(capsys, "reviews", "spread").startswith("7 reviews spread up to ")
    assert run(capsys, "reviews", "spread").startswith("nothing to do")
    due = [one["due"] for one in listed(capsys, "reviews", "--limit", "100")]
    assert all(due.count(day) <= 2 for day in due if day > clock.now.date().isoformat())


# One review, progress


def test_one_review(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch, paths: Paths, clock: Clock
) -> None:
    with opened(paths, clock) as tracker:
        bare(tracker, "git-lfs")
    run(capsys, "review", "git-lfs", code=1)
    run(capsys, "review", "git-lfs", "--grade", "good", code=1)
    run(capsys, "review", "git-lfs", "--grade", "fine", code=2)
    assert run(capsys, "reviews") == "nothing was learned yet\n"
    run(capsys, "learned", "git-lfs")
    assert run(capsys, "review", "git-lfs", "--grade", "good") == "reviewed “Git LFS”: good\n"
    says(monkeypatch, "foo", "show", "4")
    out = run(capsys, "review", "git-lfs")
    assert "Do you still know this? Git LFS" in out
    assert "reviewed “Git LFS”: easy" in out
    says(monkeypatch)
    run(capsys, "review", "git-lfs", "--date", "yesterday")
    with opened(paths, clock) as tracker:
        standing = tracker.detail("git-lfs").standing
        assert standing is not None and standing.reviews == 3
    review: dict[str, Any] = json.loads(run(capsys, "show", "git-lfs", "--json"))["review"]
    assert review["reviews"] == 3
    assert review["recall"] == 1.0
    assert "review due" in run(capsys, "show", "git-lfs")


def test_progress_is_noted(capsys: Capture, paths: Paths, clock: Clock) -> None:
    assert run(capsys, "progress", "git-lfs", "--date", "2 days ago").startswith("progress on")
    with opened(paths, clock) as tracker:
        assert tracker.entry("git-lfs").status is Status.LEARNING
        assert sorted(tracker.stats().activity) == [tracker.today() - timedelta(days=2)]
    run(capsys, "learned", "git-lfs")
    run(capsys, "progress", "git-lfs", code=1)


def test_what_is_needed_first(capsys: Capture) -> None:
    assert run(capsys, "needs", "git-worktrees", "git-lfs") == "“Git worktrees” needs “Git LFS”\n"
    assert run(capsys, "needs", "git-worktrees", "git-lfs") == "nothing to do\n"
    run(capsys, "needs", "git-lfs", "git-worktrees", code=1)
    assert "Needs:\n  ○ Git LFS" in run(capsys, "show", "git-worktrees")
    assert "Needed by:\n  ○ Git worktrees" in run(capsys, "show", "git-lfs")
    shown = json.loads(run(capsys, "show", "git-worktrees", "--json"))
    assert [one["id"] for one in shown["requires"]] == ["git-lfs"]
    assert "no longer needs" in run(capsys, "needs", "git-worktrees", "git-lfs", "--remove")


# What the days come to


@pytest.mark.parametrize("glyphs", ["unicode", "ascii"])
def test_statistics(capsys: Capture, paths: Paths, clock: Clock, glyphs: str, home: Any) -> None:
    run(capsys, "list")
    (home / "config.toml").write_text(f'glyphs = "{glyphs}"\n')
    assert "too little data: a forecast needs 14 days" in run(capsys, "stats")
    with opened(paths, clock) as tracker:
        for item in [e.id for e in tracker.select("kind:item -is:covered").matches][:6]:
            tracker.set_status([item], Status.LEARNED)
            clock.advance(days=5)
    out = run(capsys, "stats")
    assert "\x1b" not in out
    assert max(map(len, out.splitlines())) <= 80
    assert "6 learned in 28 days" in out or "5 learned in 28 days" in out
    assert "tracker stats --move moves them on" in out
    found = json.loads(run(capsys, "stats", "--json"))
    assert found["streak"] == 0
    assert sum(found["learned"].values()) == 6
    assert found["pace"]["from"] < found["pace"]["a_week"] < found["pace"]["to"]
    assert [one["horizon"] for one in found["forecast"]] == ["immediate", "short", "medium"]
    assert len(found["reviews"]["coming"]) == 14
    assert "moved to a later horizon" in run(capsys, "stats", "--move")
    assert run(capsys, "stats", "--move").startswith("nothing to do")


# The prompt, the reminder


def test_the_prompt(capsys: Capture, paths: Paths, home: Any, monkeypatch: Any) -> None:
    clock_now = Clock().now.timestamp()
    monkeypatch.setattr("time.time", lambda: clock_now)
    assert run(capsys, "prompt") == ""
    assert [one["id"] for one in listed(capsys, "today")]
    assert run(capsys, "prompt") == "5 today\n"
    for one in listed(capsys, "today"):
        run(capsys, "progress", one["id"])
    assert run(capsys, "prompt") == ""
    run(capsys, "undo")
    assert run(capsys, "prompt") == "1 today\n"
    assert "Usage" in run(capsys, "prompt", "--help")
    (home / "prompt").write_bytes(b"\xff\xfe\x00 1\n0 99999999999999999999999999999999999\n")
    assert run(capsys, "prompt") == ""


def test_the_reminder(capsys: Capture, clock: Clock, paths: Paths) -> None:
    assert run(capsys, "remind") == ""
    assert json.loads(run(capsys, "remind", "--json")) == {"left": 5, "due": False}
    assert json.loads(run(capsys, "remind", "--after", "9", "--json")) == {"left": 5, "due": True}
    assert run(capsys, "remind", "--after", "9") == (
        "5 things left of today's check-in: tracker checkin\n"
    )
    for wrong in ("25:00", "nine", "9:", "", "18:60", "١٨:00:0"):
        run(capsys, "remind", "--after", wrong, code=1)
    with opened(paths, clock) as tracker:
        for due in tracker.queue():
            tracker.answer(tracker.today(), due.entry.id, Answer.LATER)
    assert run(capsys, "remind", "--after", "9:00") == ""
    assert json.loads(run(capsys, "remind", "--after", "9", "--json")) == {"left": 0, "due": False}


def test_nothing_of_the_datas_controls_the_terminal(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch, paths: Paths, clock: Clock
) -> None:
    with opened(paths, clock) as tracker:
        gap = tracker.add("x", Kind.GAP, Place(kind=Kind.GAP)).changes[0].id
        others = [g.id for g in tracker.siblings(Place(kind=Kind.GAP)) if g.id != gap]
        tracker.set_status(others, Status.SKIPPED)
        db = tracker._store.db
        db.execute(
            "UPDATE entry SET title = ?, description = ? WHERE id = ?", (HOSTILE, HOSTILE, gap)
        )
        db.execute("UPDATE entry SET title = ? WHERE kind = 'category'", (HOSTILE,))
    clock.advance(days=1)
    says(monkeypatch, f"n {HOSTILE}", HOSTILE, "d", "q")
    out = run(capsys, "today") + run(capsys, "checkin", "--plain") + run(capsys, "stats")
    out += run(capsys, "reviews")
    assert "evil" in out
    assert not any(bad in out for bad in ("\x1b", "\x07", "\u202e"))
