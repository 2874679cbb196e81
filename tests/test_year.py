"""A simulated year: whatever the user does on its days, the promises of the queue hold."""

from __future__ import annotations

import random
import tempfile
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from tracker_tui.config import Config
from tracker_tui.domain.today import BEGIN, Due
from tracker_tui.domain.words import Answer, Effort, Rating, Reason, RelationKind
from tracker_tui.errors import TrackerError
from tracker_tui.paths import Paths
from tracker_tui.store import check
from tracker_tui.tracker import Tracker

pytestmark = pytest.mark.unmeasured

ZONES = [ZoneInfo(name) for name in ("Europe/Berlin", "America/New_York", "Asia/Tokyo")]
PICK = st.integers(0, 9)
ANSWERS = st.sampled_from([Answer.LEARNED, Answer.PROGRESS, Answer.LATER, Answer.SKIPPED])


def at_once(due: Due, answer: Answer, rating: Rating, tracker: Tracker, day: date) -> None:
    """Answer an entry as a user can: a review by its grade, unless it is put off or skipped."""
    if due.reason is Reason.REVIEW and answer in (Answer.LEARNED, Answer.PROGRESS):
        tracker.grade(due.entry.id, rating, day)
    else:
        tracker.answer(day, due.entry.id, answer)


class Year(RuleBasedStateMachine):
    """Random days from a March on, over both changes of the hour, some of them on journeys."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.moment = datetime(2026, 3, 20, 8, tzinfo=UTC)
        self.zone = ZONES[0]
        self.begun: dict[date, list[str]] = {}
        self.changed: set[date] = set()
        """Days whose queue a change other than an answer keeps."""
        """By day: the queue that it began with, and what was asked for on top."""
        self.more: dict[date, int] = {}
        self.answered: dict[date, list[str]] = {}
        """By day: what was answered and not taken back."""
        self.last: list[tuple[date, str]] = []
        """The answers that undo would take back now, the last at the end."""

    @initialize(limit=st.sampled_from([1, 2, 3, 5, 8]))
    def open(self, limit: int) -> None:
        root = Path(self.folder.name)
        numbers = count(1)
        self.limit = limit
        self.tracker = Tracker(
            Paths(root, root, root),
            Config(daily_limit=limit),
            clock=lambda: self.moment.astimezone(self.zone),
            tail=lambda length: f"{next(numbers):0{length}d}",
        )

    def teardown(self) -> None:
        if hasattr(self, "tracker"):
            assert check.problems(self.tracker._store) == []
            stats = self.tracker.stats()
            done = [line for line in self.tracker.actions(10_000) if line.day]
            standing = [x for x in done if x.state == "done" and not x.undoes and not x.redoes]
            assert sum(stats.activity.values()) == len(standing)
            assert 0 <= stats.rhythm <= 100
            self.tracker.close()
        self.folder.cleanup()

    def do(self, day: date, pick: int, answer: Answer, rating: Rating) -> None:
        open_ = [due for due in self.tracker.queue(day) if not due.answered]
        if not open_:
            return
        before = [due.entry.id for due in self.tracker.queue(day)]
        due = open_[pick % len(open_)]
        at_once(due, answer, rating, self.tracker, day)
        self.begun.setdefault(day, before)
        self.answered.setdefault(day, []).append(due.entry.id)
        self.last.append((day, due.entry.id))

    @rule(days=st.integers(0, 40), hours=st.integers(0, 23))
    def time_passes(self, days: int, hours: int) -> None:
        self.moment += timedelta(days=days, hours=hours)

    @rule(pick=PICK, answer=ANSWERS, rating=st.sampled_from(Rating))
    def answer(self, pick: int, answer: Answer, rating: Rating) -> None:
        self.do(self.tracker.today(), pick, answer, rating)

    @rule(answer=ANSWERS, rating=st.sampled_from(Rating))
    def whole_day(self, answer: Answer, rating: Rating) -> None:
        for pick in range(self.limit):
            self.do(self.tracker.today(), pick, answer, rating)

    @rule(back=st.integers(1, 7), pick=PICK, answer=ANSWERS, rating=st.sampled_from(Rating))
    def fill_in(self, back: int, pick: int, answer: Answer, rating: Rating) -> None:
        day = self.tracker.check_in_day(f"{back} days ago")
        self.do(day, pick, answer, rating)

    @precondition(lambda self: self.last)
    @rule()
    def go_back(self) -> None:
        day, id_ = self.last.pop()
        action = self.tracker.undo()
        assert action is not None
        self.answered[day].remove(id_)
        assert id_ in [due.entry.id for due in self.tracker.queue(day) if not due.answered] or (
            not self.answered[day]  # then the day has not begun: its queue follows what there is
        )
        if not self.answered[day] and not self.more.get(day) and day not in self.changed:
            del self.begun[day]

    @rule()
    def one_more(self) -> None:
        day = self.tracker.today()
        before = [due.entry.id for due in self.tracker.queue(day)]
        if self.tracker.more(day).changes:
            self.more[day] = self.more.get(day, 0) + 1
            self.begun[day] = [due.entry.id for due in self.tracker.queue(day)]
            assert self.begun[day][:-1] == before
            self.last.clear()

    @rule(zone=st.sampled_from(ZONES))
    def travel(self, zone: ZoneInfo) -> None:
        self.zone = zone

    @rule(begin=st.sampled_from(["today", "yesterday", "3d"]), end=st.sampled_from(["", "1w"]))
    def pause(self, begin: str, end: str) -> None:
        self.tracker.pause(begin, end)
        self.last.clear()

    @rule()
    def resume(self) -> None:
        self.tracker.resume()
        self.last.clear()

    @rule()
    def spread(self) -> None:
        reviews = self.tracker._store.db.execute("SELECT * FROM review ORDER BY id").fetchall()
        self.tracker.spread()
        assert (
            self.tracker._store.db.execute("SELECT * FROM review ORDER BY id").fetchall() == reviews
        )
        self.last.clear()

    @rule(pick=PICK)
    def require(self, pick: int) -> None:
        queue = [due.entry.id for due in self.tracker.queue()]
        if len(queue) > 1:
            source, target = queue[pick % len(queue)], queue[(pick + 1) % len(queue)]
            try:
                self.tracker.relate(RelationKind.REQUIRES, source, target)
            except TrackerError:
                return  # It would have made a circle.
            self._changed(queue)

    def _changed(self, queue: list[str]) -> None:
        """Something was changed; with the first change a day's queue is kept, save in a pause."""
        if self.tracker.paused() is None:
            self.begun.setdefault(self.tracker.today(), queue)
            self.more.setdefault(self.tracker.today(), 0)
            self.changed.add(self.tracker.today())
        self.last.clear()

    @rule(pick=PICK, effort=st.sampled_from([*"SMLSS", ""]))
    def size(self, pick: int, effort: str) -> None:
        begun = [due.entry.id for due in self.tracker.queue()]
        items = self.tracker._candidates(self.tracker.today(), 30).sides[Reason.STEP]
        if (
            items
            and self.tracker.edit(items[pick % len(items)].entry.id, {"effort": effort}).changes
        ):
            self._changed(begun)

    @rule()
    def move(self) -> None:
        begun = [due.entry.id for due in self.tracker.queue()]
        if self.tracker.move_overdue().changes:
            self._changed(begun)

    @invariant()
    def the_queue_keeps_its_promises(self) -> None:
        if not hasattr(self, "tracker"):
            return
        day = self.tracker.today()
        queue = self.tracker.queue()
        ids = [due.entry.id for due in queue]
        assert len(ids) == len(set(ids))
        assert len(ids) <= self.limit + self.more.get(day, 0)
        if day in self.begun:
            assert ids == self.begun[day]
        elif self.tracker.paused(day) is not None:
            assert ids == []
        else:
            reviews = sum(due.reason is Reason.REVIEW for due in queue)
            assert reviews <= max(1, self.limit // 2) or reviews == len(ids)
            assert sum(due.reason is Reason.CRITICAL for due in queue) <= 1 or self._only(queue)
            assert not any(due.entry.snoozed(day.isoformat()) for due in queue)
            early = [due for due in queue if due.why.endswith("the day is nearly full")]
            assert len(early) <= 1
            for due in early:
                assert due.entry.effort is Effort.S
                assert due.reason in BEGIN
                assert sum(other.reason is due.reason for other in queue) > 1
        answered = {due.entry.id for due in queue if due.answered}
        assert set(self.answered.get(day, ())) <= answered
        for due in queue:
            assert due.why and "\n" not in due.why
            assert due.entry.status.open or due.reason is Reason.REVIEW or due.answered

    @staticmethod
    def _only(queue: list[Due]) -> bool:
        return {due.reason for due in queue} <= {Reason.CRITICAL, Reason.REVIEW}


TestYear = Year.TestCase
TestYear.settings = settings(max_examples=15, stateful_step_count=30, deadline=None)


@pytest.mark.parametrize("seed", [1, 2])
def test_in_a_year_nothing_waits_longer_than_for_what_was_there_before_it(
    paths: Paths, seed: int
) -> None:
    """Each side is a line to stand in: one place of it a day at least, first come, first served."""
    chance = random.Random(seed)
    moment = datetime(2026, 1, 5, 8, tzinfo=UTC)
    zone = ZONES[0]
    waiting: dict[tuple[Reason, str], int] = {}
    asked_days, longest = 0, 0
    answers = [Answer.LEARNED] + 3 * [Answer.PROGRESS]
    with Tracker(paths, clock=lambda: moment.astimezone(zone)) as tracker:
        for number in range(365):
            moment += timedelta(days=1)
            if number == 200:
                zone = ZONES[1]
            if number == 100:
                tracker.pause("today", "2w")
            if chance.random() < 0.2 or 40 <= number < 54 or tracker.paused() is not None:
                continue
            day = tracker.today()
            asked_days += 1
            sides = tracker._candidates(day, 5).sides
            for reason in (Reason.REVIEW, Reason.PROGRESS, Reason.SNOOZED):
                known = {key for key in waiting if key[0] is reason}
                for place, candidate in enumerate(sides[reason]):
                    key = (reason, candidate.entry.id)
                    waiting.setdefault(key, asked_days + place)
                for key in known - {(reason, c.entry.id) for c in sides[reason]}:
                    if len(sides[reason]) < 20:  # beyond that the list was cut
                        del waiting[key]
            queue = tracker.queue()
            assert len(queue) <= 5
            for due in queue:
                expected = waiting.pop((due.reason, due.entry.id), asked_days)
                longest = max(longest, asked_days - expected)
                rating = Rating(chance.randint(1, 4))
                answer = Answer.LATER if chance.random() < 0.2 else chance.choice(answers)
                at_once(due, answer, rating, tracker, day)
            if chance.random() < 0.1:
                tracker.undo()
        overdue = [expected for expected in waiting.values() if asked_days - expected > 12]
        assert asked_days > 200
        assert longest <= 12
        assert overdue == []
        assert tracker.overall().learned > 20
        assert check.problems(tracker._store) == []
