"""A clock that goes back between actions and between days: order is the order of writing."""

from __future__ import annotations

import random

from tests.conftest import Clock
from tracker_tui.domain.words import Answer, Rating, Reason, Status
from tracker_tui.paths import Paths
from tracker_tui.store import check
from tracker_tui.tracker import Tracker


def test_what_was_done_last_is_undone_first_whatever_the_clock_says(
    tracker: Tracker, clock: Clock
) -> None:
    done = []
    for status, back in ((Status.LEARNING, 1), (Status.LEARNED, 40), (Status.SKIPPED, 3)):
        done.append(tracker.set_status(["git-lfs"], status).id)
        clock.advance(hours=-back)
    history = tracker.actions()  # by the times that it shows
    assert [line.at for line in history] == sorted((line.at for line in history), reverse=True)
    assert {line.id for line in history} == set(done)
    for expected in (Status.LEARNED, Status.LEARNING, Status.TODO):
        assert tracker.undo() is not None
        assert tracker.entry("git-lfs").status is expected
    assert tracker.redo() is not None
    assert tracker.entry("git-lfs").status is Status.LEARNING
    assert check.problems(tracker._store) == []


def test_of_two_processes_the_later_write_wins_and_not_the_later_clock(
    tracker: Tracker, paths: Paths, clock: Clock
) -> None:
    tracker.set_status(["git-lfs"], Status.LEARNED)
    clock.advance(days=-30)
    with Tracker(paths, clock=clock) as other:
        other.set_status(["git-lfs"], Status.SKIPPED)
    assert tracker.entry("git-lfs").status is Status.SKIPPED
    assert check.problems(tracker._store) == []


def test_days_that_come_again_and_reviews_of_the_future_break_nothing(
    tracker: Tracker, clock: Clock
) -> None:
    chance = random.Random(3)
    for _ in range(60):
        clock.advance(hours=chance.choice([-50, -30, -3, 1, 20, 30, 60]))
        queue = tracker.queue()
        assert len(queue) <= 5
        for due in queue:
            if due.answered:
                continue
            if due.reason is Reason.REVIEW:
                tracker.grade(due.entry.id, Rating(chance.randint(1, 4)), tracker.today())
            else:
                answer = chance.choice([Answer.LEARNED, Answer.PROGRESS, Answer.LATER])
                tracker.answer(tracker.today(), due.entry.id, answer)
            break
        if chance.random() < 0.2:
            tracker.undo()
        stats = tracker.stats()
        assert 0 <= stats.rhythm <= 100
        for entry in tracker.entries([due.entry.id for due in queue]):
            tracker.detail(entry.id)
    assert check.problems(tracker._store) == []
