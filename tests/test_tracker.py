from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from tests.conftest import Clock
from tracker_tui.domain.query import QueryError
from tracker_tui.domain.track import Place
from tracker_tui.domain.words import Horizon, Kind, Status
from tracker_tui.errors import TrackerError
from tracker_tui.paths import Paths
from tracker_tui.store import check
from tracker_tui.tracker import Tracker

IDS = [
    *("git-worktrees", "git-lfs", "pre-commit-hooks", "git-hooks"),
    *("gap-pre-commit-hooks", "git-workflow-unknown-unknowns"),
]
VISIBLE = (
    "SELECT id, kind, parent, position, title, description, status, own_status, horizon,"
    " snoozed_until, covering, children, total, learned, learning, skipped FROM entry"
    " WHERE deleted = 0 ORDER BY id"
)


def visible(tracker: Tracker) -> list[Any]:
    db = tracker._store.db
    notes = "SELECT id, entry, text FROM note WHERE deleted = 0 ORDER BY id"
    search = "SELECT rowid, title, text, notes FROM search ORDER BY rowid"
    return [db.execute(sql).fetchall() for sql in (VISIBLE, notes, search)]


class Machine(RuleBasedStateMachine):
    """Random verbs: after each the tables are what the journal says, and undo is its inverse."""

    def __init__(self) -> None:
        super().__init__()
        import tempfile
        from itertools import count
        from pathlib import Path

        self.folder = tempfile.TemporaryDirectory()
        root = Path(self.folder.name)
        numbers = count(1)
        self.clock = Clock()
        self.paths = Paths(root, root, root)
        self.tail: Callable[[int], str] = lambda n: f"{next(numbers):0{n}d}"
        self.tracker = Tracker(self.paths, clock=self.clock, tail=self.tail)
        self.ids = list(IDS)

    def teardown(self) -> None:
        self.tracker.close()
        self.folder.cleanup()

    def verb(self, act: Callable[[], Any]) -> None:
        """Do something; undo then redo must be the identity, and undo the inverse."""
        self.clock.advance(minutes=1)
        before = visible(self.tracker)
        try:
            action = act()
        except TrackerError:
            assert visible(self.tracker) == before
            return
        if not action.changes:
            assert visible(self.tracker) == before
            return
        after = visible(self.tracker)
        self.tracker.undo()
        assert visible(self.tracker) == before
        self.tracker.redo()
        assert visible(self.tracker) == after

    @rule(i=st.integers(0, 99), status=st.sampled_from(Status))
    def status(self, i: int, status: Status) -> None:
        self.verb(lambda: self.tracker.set_status([self.ids[i % len(self.ids)]], status))

    @rule(i=st.integers(0, 99), status=st.sampled_from([Status.LEARNED, Status.SKIPPED]))
    def toggle(self, i: int, status: Status) -> None:
        self.verb(lambda: self.tracker.toggle_status([self.ids[i % len(self.ids)]], status))

    @rule(i=st.integers(0, 99), horizon=st.sampled_from([None, *Horizon]))
    def horizon(self, i: int, horizon: Horizon | None) -> None:
        self.verb(lambda: self.tracker.set_horizon([self.ids[i % len(self.ids)]], horizon))

    @rule(i=st.integers(0, 99), when=st.sampled_from(["tomorrow", "3d", "nonsense"]))
    def snooze(self, i: int, when: str) -> None:
        self.verb(lambda: self.tracker.snooze([self.ids[i % len(self.ids)]], when))

    @rule(i=st.integers(0, 99), words=st.text(max_size=20))
    def note(self, i: int, words: str) -> None:
        self.verb(lambda: self.tracker.add_note(self.ids[i % len(self.ids)], words))

    @rule(i=st.integers(0, 99), title=st.text(max_size=20))
    def edit(self, i: int, title: str) -> None:
        self.verb(lambda: self.tracker.edit(self.ids[i % len(self.ids)], {"title": title}))

    @rule(i=st.integers(0, 99), title=st.text(min_size=1, max_size=20))
    def add(self, i: int, title: str) -> None:
        def act() -> Any:
            action = self.tracker.add(title, Kind.ITEM, Place(self.ids[i % len(self.ids)]))
            self.ids.append(action.changes[0].id)
            return action

        self.verb(act)

    @rule(i=st.integers(0, 99), by=st.sampled_from([-2, -1, 1, 2]))
    def move(self, i: int, by: int) -> None:
        self.verb(lambda: self.tracker.move(self.ids[i % len(self.ids)], by))

    @rule(i=st.integers(0, 99), j=st.integers(0, 99))
    def move_to(self, i: int, j: int) -> None:
        self.verb(
            lambda: self.tracker.move_to(self.ids[i % len(self.ids)], self.ids[j % len(self.ids)])
        )

    @rule(i=st.integers(0, 99))
    def delete(self, i: int) -> None:
        self.verb(lambda: self.tracker.delete([self.ids[i % len(self.ids)]]))

    @rule()
    def undo(self) -> None:
        self.tracker.undo()

    @rule()
    def redo(self) -> None:
        self.tracker.redo()

    @rule()
    def reopen(self) -> None:
        self.tracker.close()
        self.tracker = Tracker(self.paths, clock=self.clock, tail=self.tail)

    @invariant()
    def the_tables_are_what_the_journal_says(self) -> None:
        assert check.problems(self.tracker._store) == []


TestMachine = Machine.TestCase
TestMachine.settings = settings(max_examples=12, stateful_step_count=15, deadline=None)


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


def test_the_queue_is_what_is_in_progress_then_woken_then_the_next_step(
    tracker: Tracker, clock: Clock
) -> None:
    assert [due.why for due in tracker.queue()] == ["Next step of Immediate"]
    tracker.snooze(["git-lfs"], "2d")
    tracker.set_status(["git-worktrees"], Status.LEARNING)
    clock.advance(days=12)
    queue = tracker.queue()
    assert [due.entry.id for due in queue][:2] == ["git-worktrees", "git-lfs"]
    assert queue[0].why == "In progress, untouched for 12 days"


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
    found = tracker.search("worktree")
    assert found[0].id in ("git-worktrees", "git-worktrees-basics")
    assert found[-1].id == "git-aliases" or "git-aliases" in {hit.id for hit in found}


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
