from __future__ import annotations

import pytest

from tests.conftest import Clock
from tests.visible import visible
from tracker_tui.domain.query import QueryError
from tracker_tui.domain.track import Place
from tracker_tui.domain.words import Horizon, Kind, Status
from tracker_tui.errors import TrackerError
from tracker_tui.paths import Paths
from tracker_tui.tracker import Tracker


def test_a_gap_follows_what_it_covers(tracker: Tracker) -> None:
    gap = "gap-pre-commit-hooks"
    covered = [link.id for link in tracker.detail(gap).covers]
    assert len(covered) >= 2
    tracker.set_status(covered[:1], Status.LEARNING)
    assert tracker.entry(gap).status is Status.LEARNING
    tracker.toggle_status([gap], Status.LEARNED)
    assert tracker.entry(gap).status is Status.LEARNED
    assert {tracker.entry(id_).status for id_ in covered} == {Status.LEARNED}
    tracker.toggle_status([gap], Status.LEARNED)
    assert tracker.entry(covered[0]).status is Status.LEARNING
    assert tracker.entry(covered[1]).status is Status.TODO


def test_undo_reaches_over_a_restart_and_a_new_action_drops_redo(
    tracker: Tracker, paths: Paths, clock: Clock
) -> None:
    tracker.set_status(["git-lfs"], Status.LEARNED)
    with Tracker(paths, clock=clock) as again:
        undone = again.undo()
        assert undone is not None
        assert again.entry("git-lfs").status is Status.TODO
        again.set_status(["git-worktrees"], Status.LEARNING)
        assert again.redo() is None


def test_another_process_is_noticed_with_all_that_looks_different(
    tracker: Tracker, paths: Paths, clock: Clock
) -> None:
    tracker.set_status(["git-lfs"], Status.LEARNING)
    assert tracker.foreign() is None
    with Tracker(paths, clock=clock) as other:
        other.set_status(["git-worktrees"], Status.LEARNED)
    action = tracker.foreign()
    assert action is not None
    assert {"git-worktrees", "git-workflow", "git-workflow-unknown-unknowns"} <= set(action.entries)
    assert tracker.foreign() is None


@pytest.mark.parametrize(
    ("words", "ids"),
    [
        ("worktree -basics -advanced", {"git-worktrees"}),
        ('"parallel work"', {"git-worktrees"}),
        ("status:learning kind:item", {"git-lfs"}),
        ("has:notes", {"git-lfs"}),
        ("is:snoozed", {"git-submodules"}),
        ("updated:<7d kind:item", {"git-lfs", "git-submodules"}),
        ("horizon:short kind:item", {"git-submodules"}),
    ],
)
def test_queries(tracker: Tracker, words: str, ids: set[str]) -> None:
    tracker.set_status(["git-lfs"], Status.LEARNING)
    tracker.add_note("git-lfs", "large files")
    tracker.snooze(["git-submodules"], "friday")
    tracker.set_horizon(["git-submodules"], Horizon.SHORT)
    assert {entry.id for entry in tracker.select(words).matches} == ids


def test_critical_is_the_gaps_and_what_they_cover(tracker: Tracker) -> None:
    found = {entry.id for entry in tracker.select("is:critical").matches}
    gaps = {entry.id for entry in tracker.siblings(Place(kind=Kind.GAP))}
    assert len(gaps) == 10
    covered = {link.id for gap in gaps for link in tracker.detail(gap).covers}
    assert found == gaps | covered


@pytest.mark.parametrize(
    ("words", "start", "end"),
    [
        ("git statu:x", 4, 11),
        ("status:lernt", 0, 12),
        ('a "b', 2, 4),
        ("updated:x", 0, 9),
        ("is:", 0, 3),
    ],
)
def test_a_bad_query_points_at_the_word(tracker: Tracker, words: str, start: int, end: int) -> None:
    with pytest.raises(QueryError) as caught:
        tracker.select(words)
    assert (caught.value.start, caught.value.end) == (start, end)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "words", ["'", "%", "_", "*", "NEAR(", "C++", "\x00", "\ud800", "🙂", "a" * 10_000]
)
def test_hostile_words_find_or_are_refused(tracker: Tracker, words: str) -> None:
    for ask in (tracker.search, tracker.select, tracker.resolve):
        try:
            ask(words)
        except TrackerError as error:
            assert "\n" not in str(error)


def test_search_ranks_titles_first_and_finds_notes(tracker: Tracker) -> None:
    tracker.add_note("git-aliases", "see the worktrees page")
    found = [hit.id for hit in tracker.search("worktree")]
    assert found[-1] == "git-aliases"
    assert set(found) == {
        *("git-worktrees", "git-worktrees-basics", "step-git-advanced-topics", "git-aliases")
    }


def test_an_ambiguous_ref_lists_the_candidates(tracker: Tracker) -> None:
    assert tracker.resolve("git-worktrees") == "git-worktrees"
    assert tracker.resolve("runb") == "runbooks"
    with pytest.raises(TrackerError, match="git-worktrees, git-worktrees-basics"):
        tracker.resolve("git-worktr")


@pytest.mark.parametrize("title", ["", "   ", "\x1b\x07", "x" * 10_000])
def test_a_title_that_cannot_be_one_is_refused(tracker: Tracker, title: str) -> None:
    before = visible(tracker)
    with pytest.raises(TrackerError):
        tracker.add(title, Kind.ITEM, Place("git-workflow"))
    assert visible(tracker) == before


def test_control_characters_never_get_in(tracker: Tracker) -> None:
    action = tracker.add("a\x1b[31m\u202eb\nc", Kind.ITEM, Place("git-workflow"))
    title = tracker.entry(action.changes[0].id).title
    assert title.isprintable()
    tracker.add_note(action.changes[0].id, "x\x1b]52;c;\x07y")
    assert "\x1b" not in tracker.detail(action.changes[0].id).notes[0].text
