"""The day through the one door: queue, check-in, reviews, pauses, the prompt's file."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.bare import bare
from tests.conftest import Clock
from tests.visible import visible
from tracker_tui import prompt
from tracker_tui.config import Config
from tracker_tui.domain.journal import Row, Value
from tracker_tui.domain.track import Place
from tracker_tui.domain.words import (
    Answer,
    Horizon,
    Kind,
    Rating,
    Reason,
    RelationKind,
    Status,
)
from tracker_tui.errors import TrackerError
from tracker_tui.exchange import checklist
from tracker_tui.paths import Paths
from tracker_tui.store import check
from tracker_tui.tracker import Tracker

TODAY = date(2026, 11, 24)


def ids(tracker: Tracker, day: date | None = None) -> list[str]:
    return [due.entry.id for due in tracker.queue(day)]


def open_(tracker: Tracker, day: date | None = None) -> list[str]:
    return [due.entry.id for due in tracker.queue(day) if not due.answered]


def why(tracker: Tracker, id_: str) -> str:
    return next(due.why for due in tracker.queue() if due.entry.id == id_)


def reason(tracker: Tracker, id_: str) -> Reason:
    return next(due.reason for due in tracker.queue() if due.entry.id == id_)


# The queue


def test_the_first_day_has_a_critical_gap_and_the_first_step(tracker: Tracker) -> None:
    queue = tracker.queue()
    assert [due.reason for due in queue] == [Reason.CRITICAL, *[Reason.STEP] * 4]
    assert queue[0].why.startswith("Part of critical gap 1: Continuous Integration")
    assert queue[1].why == "Step 1 of Immediate: Pre-commit hooks setup"
    # What comes next of the path is of other subjects, and nothing waits for what is not begun.
    subjects = [{link.id for link in tracker.detail(due.entry.id).related} for due in queue]
    assert not any(twins & set(ids(tracker)) for twins in subjects)
    needs = [tracker.detail(due.entry.id).requires for due in queue]
    assert not any(link.status.open for links in needs for link in links)
    assert not any(due.answered for due in queue)


def test_each_side_has_its_place_and_says_its_reason(tracker: Tracker, clock: Clock) -> None:
    tracker.set_status(["git-lfs"], Status.LEARNED)
    tracker.set_status(["git-worktrees"], Status.LEARNING)
    tracker.snooze(["runbooks"], "3d")
    clock.advance(days=12)
    assert len(ids(tracker)) == 5
    assert [due.reason for due in tracker.queue()] == [
        Reason.REVIEW,
        Reason.PROGRESS,
        Reason.SNOOZED,
        Reason.CRITICAL,
        Reason.STEP,
    ]
    assert why(tracker, "git-worktrees") == "In progress, untouched for 12 days"
    assert why(tracker, "runbooks") == "Put off until 2026-11-27"
    chance = tracker.detail("git-lfs").standing
    assert chance is not None
    percent = round(100 * chance.recall)
    assert why(tracker, "git-lfs") == f"You learned this 12 days ago; recall is down to {percent}%"


def test_what_was_touched_yesterday_is_left_alone(tracker: Tracker, clock: Clock) -> None:
    tracker.set_status(["git-worktrees"], Status.LEARNING)
    clock.advance(days=1)
    assert "git-worktrees" not in ids(tracker)
    clock.advance(days=1)
    assert why(tracker, "git-worktrees") == "In progress, untouched for 2 days"


def test_reviews_take_half_of_the_places_unless_nothing_else_is_there(
    paths: Paths, clock: Clock
) -> None:
    with Tracker(paths, Config(daily_limit=4), clock=clock) as tracker:
        items = [e.id for e in tracker.select("kind:item").matches]
        tracker.set_status(items[:20], Status.LEARNED)
        clock.advance(days=30)
        assert [due.reason for due in tracker.queue()].count(Reason.REVIEW) == 2
        # The queue is that of a fresh day: nothing was done on it yet.
        tracker.set_status(items[20:], Status.SKIPPED)
        others = [e.id for e in tracker.select("is:open").matches if e.kind is not Kind.ITEM]
        tracker.set_status(others, Status.SKIPPED)
        clock.advance(days=1)
        assert [due.reason for due in tracker.queue()] == [Reason.REVIEW] * 4


def test_a_gap_of_its_own_is_asked_about_itself(tracker: Tracker, clock: Clock) -> None:
    gaps = tracker.siblings(Place(kind=Kind.GAP))
    tracker.set_status([gap.id for gap in gaps], Status.SKIPPED)
    alone = tracker.add("Alone", Kind.GAP, Place(kind=Kind.GAP)).changes[0].id
    clock.advance(days=1)
    assert why(tracker, alone) == "Critical gap 11, not begun yet"
    tracker.set_status([alone], Status.LEARNING)
    clock.advance(days=3)
    assert reason(tracker, alone) is Reason.PROGRESS


def test_an_item_planned_for_the_nearest_horizon_comes_after_its_steps(
    tracker: Tracker, clock: Clock
) -> None:
    tracker.set_horizon(["runbooks"], Horizon.IMMEDIATE)
    for step in tracker.siblings(Place(None, Kind.STEP, Horizon.IMMEDIATE)):
        tracker.set_status([step.id], Status.SKIPPED)
    clock.advance(days=1)
    assert why(tracker, "runbooks") == "Planned for Immediate"


def test_when_nothing_is_planned_the_track_itself_goes_on(tracker: Tracker, clock: Clock) -> None:
    for kind in (Kind.GAP, Kind.STEP):
        tracker.set_status([e.id for e in tracker.select(f"kind:{kind}").matches], Status.SKIPPED)
    clock.advance(days=1)
    queue = tracker.queue()
    assert [due.reason for due in queue] == [Reason.ITEM] * 5
    assert queue[0].why == "Next in Documentation & Planning"


def test_what_is_required_comes_first_and_what_waits_stays_out(
    tracker: Tracker, clock: Clock
) -> None:
    first = ids(tracker)[1]
    tracker.relate(RelationKind.REQUIRES, first, "git-lfs")
    tracker.relate(RelationKind.REQUIRES, "git-lfs", "runbooks")
    clock.advance(days=1)
    assert why(tracker, "runbooks") == "Needed before “Git LFS”"
    assert not {first, "git-lfs"} & set(ids(tracker))
    tracker.set_status(["runbooks"], Status.LEARNING)
    clock.advance(days=1)
    assert not {first, "git-lfs", "runbooks"} & set(ids(tracker))
    tracker.set_status(["runbooks"], Status.LEARNED)
    clock.advance(days=1)
    assert "git-lfs" in ids(tracker)


def test_a_step_that_needs_another_waits_for_what_that_is_made_of(
    tracker: Tracker, clock: Clock
) -> None:
    steps = tracker.siblings(Place(None, Kind.STEP, Horizon.IMMEDIATE))
    first, last = steps[0].id, steps[-1].id
    tracker.relate(RelationKind.REQUIRES, first, last)
    clock.advance(days=1)
    parts = [link.id for link in tracker.detail(last).covers]
    queue = tracker.queue()
    (needed,) = [due for due in queue if due.why == f"Needed before “{steps[0].title}”"]
    assert needed.entry.id == parts[0]
    assert not {link.id for link in tracker.detail(first).covers} & set(ids(tracker))
    assert len(queue) == 5
    tracker.set_status([last], Status.LEARNED)
    clock.advance(days=1)
    assert f"Step 1 of Immediate: {steps[0].title}" in {due.why for due in tracker.queue()}


def test_a_day_fills_however_many_wait_for_the_same(tracker: Tracker, clock: Clock) -> None:
    items = [e.id for e in tracker.select("kind:item is:covered").matches]
    for id_ in items:
        tracker.relate(RelationKind.REQUIRES, id_, "runbooks")
    clock.advance(days=1)
    assert why(tracker, "runbooks").startswith("Needed before")
    assert [due.reason for due in tracker.queue()].count(Reason.STEP) == 0
    assert [due.reason for due in tracker.queue()].count(Reason.ITEM) == 4
    tracker.set_status(["runbooks"], Status.LEARNING)
    clock.advance(days=1)
    assert [due.reason for due in tracker.queue()] == [Reason.ITEM] * 5
    assert not set(ids(tracker)) & {*items, "runbooks"}
    tracker.more(tracker.today())
    assert len(ids(tracker)) == 6
    tracker.set_horizon([id_ for id_ in items if id_ != items[7]], Horizon.IMMEDIATE)
    tracker.relate(RelationKind.REQUIRES, items[7], "runbooks", on=False)
    clock.advance(days=1)
    assert items[7] in ids(tracker)


def test_twins_are_begun_on_different_days(tracker: Tracker, clock: Clock) -> None:
    first, second, third = ids(tracker)[1:4]
    tracker.relate(RelationKind.RELATED, second, first)
    clock.advance(days=1)
    assert first in ids(tracker) and third in ids(tracker)
    assert second not in ids(tracker)
    tracker.set_status([first], Status.LEARNED)
    clock.advance(days=1)
    assert second in ids(tracker)


def test_a_day_ends_with_something_small(tracker: Tracker, clock: Clock) -> None:
    items = [entry.id for entry in tracker.select("kind:item").matches]
    bare(tracker, *items)
    second = tracker.siblings(Place(None, Kind.STEP, Horizon.IMMEDIATE))[1]
    small = tracker.detail(second.id).covers[-1].id
    tracker.edit(small, {"effort": "S"})
    clock.advance(days=1)
    assert why(tracker, small) == (
        f"Step 2 of Immediate: {second.title}; an hour is enough, and the day is nearly full"
    )


def test_what_is_needed_is_seen_from_both_sides_and_never_in_a_circle(tracker: Tracker) -> None:
    tracker.relate(RelationKind.REQUIRES, "git-worktrees", "git-lfs")
    tracker.relate(RelationKind.REQUIRES, "git-lfs", "runbooks")
    assert [link.id for link in tracker.detail("git-worktrees").requires] == ["git-lfs"]
    assert [link.id for link in tracker.detail("git-lfs").required_by] == ["git-worktrees"]
    for source, target in (("git-lfs", "git-worktrees"), ("runbooks", "git-worktrees")):
        with pytest.raises(TrackerError, match="would wait for itself"):
            tracker.relate(RelationKind.REQUIRES, source, target)
    with pytest.raises(TrackerError, match="a category is nothing to learn"):
        tracker.relate(RelationKind.REQUIRES, "git-lfs", "git-workflow")
    tracker.relate(RelationKind.REQUIRES, "git-lfs", "runbooks", on=False)
    tracker.relate(RelationKind.REQUIRES, "runbooks", "git-worktrees")
    assert tracker.actions(1)[0].label == "“Runbooks” needs “Git worktrees”"


# A day


def test_what_waits_by_now_stays_in_its_day_and_is_not_what_to_do_next(
    tracker: Tracker, clock: Clock
) -> None:
    first, second = tracker.queue()[:2]
    bare(tracker, *ids(tracker), "git-lfs", "runbooks")
    needs = RelationKind.REQUIRES
    begun = ids(tracker)
    due = tracker.next_due()
    assert due is not None and due.entry.id == first.entry.id
    tracker.relate(needs, first.entry.id, "git-lfs")
    assert ids(tracker) == begun
    waiting = tracker.queue()[0]
    assert waiting.first is not None and waiting.first.id == "git-lfs"
    assert waiting.told == f"Needs “Git LFS” first. {first.why}"
    assert [due.first for due in tracker.queue()[1:]] == [None] * 4
    due = tracker.next_due()
    assert due is not None and due.entry.id == second.entry.id
    # It can be answered as before, and one more keeps the words with which the day began.
    tracker.more(TODAY)
    assert tracker.queue()[0].why == first.why
    tracker.answer(TODAY, first.entry.id, Answer.PROGRESS)
    assert tracker.queue()[0].first is None
    tracker.undo()
    tracker.set_status(["git-lfs"], Status.LEARNED)
    due = tracker.next_due()
    assert due is not None and due.entry.id == first.entry.id and due.told == first.why


def test_where_all_that_is_open_waits_the_next_thing_is_what_it_needs(tracker: Tracker) -> None:
    begun = ids(tracker)
    bare(tracker, *begun, "git-lfs", "runbooks")
    for id_ in begun:
        tracker.relate(RelationKind.REQUIRES, id_, "git-lfs")
    tracker.relate(RelationKind.REQUIRES, "git-lfs", "runbooks")
    due = tracker.next_due()
    assert due is not None and (due.entry.id, due.why) == ("runbooks", "Needed before “Git LFS”")
    tracker.set_status(["runbooks"], Status.LEARNING)
    due = tracker.next_due()
    assert due is not None and (due.entry.id, due.why) == ("runbooks", "Needed before “Git LFS”")
    assert due.reason is Reason.PROGRESS
    tracker.snooze(["runbooks"], "tomorrow")
    more = tracker.next_due()
    assert more is not None and more.entry.id not in {*begun, "git-lfs", "runbooks"}


def test_what_a_gap_needs_by_now_holds_its_items_back_today(tracker: Tracker) -> None:
    due = tracker.queue()[0]
    assert due.reason is Reason.CRITICAL
    gaps = [link.id for link in tracker.detail(due.entry.id).covered_by if link.kind is Kind.GAP]
    bare(tracker, due.entry.id, *gaps, "git-lfs")
    for gap in gaps:
        assert tracker.queue()[0].first is None
        tracker.relate(RelationKind.REQUIRES, gap, "git-lfs")
    first = tracker.queue()[0].first
    assert first is not None and first.id == "git-lfs"


def test_a_day_keeps_the_queue_that_it_began_with(tracker: Tracker, clock: Clock) -> None:
    begun = ids(tracker)
    tracker.answer(TODAY, begun[0], Answer.LEARNED)
    tracker.answer(TODAY, begun[1], Answer.PROGRESS)
    tracker.answer(TODAY, begun[2], Answer.LATER)
    tracker.answer(TODAY, begun[3], Answer.SKIPPED)
    assert ids(tracker) == begun
    assert [due.answer for due in tracker.queue()] == [
        Answer.LEARNED,
        Answer.PROGRESS,
        Answer.LATER,
        Answer.SKIPPED,
        None,
    ]
    assert tracker.entry(begun[2]).snoozed_until == "2026-11-25"
    for place in (3, 2, 1, 0):
        tracker.undo()
        assert open_(tracker) == begun[place:]
    assert ids(tracker) == begun
    assert check.problems(tracker._store) == []


def test_a_day_with_room_takes_what_is_added_and_never_more_than_it_has_places(
    paths: Paths, clock: Clock, tail: Callable[[int], str]
) -> None:
    """As on the first day of somebody's own track."""
    with Tracker(paths, clock=clock, tail=tail, first=lambda: ()) as tracker:
        added: list[str] = []

        def add(*titles: str) -> None:
            added.extend(tracker.add_to_inbox(title).changes[0].id for title in titles)

        assert ids(tracker) == []
        add("one", "two")
        assert ids(tracker) == added
        assert why(tracker, added[0]) == "Next in Inbox"
        tracker.answer(TODAY, added[0], Answer.LEARNED)
        assert (ids(tracker), open_(tracker)) == (added, added[1:])
        add("three", "four", "five", "six", "seven")
        assert ids(tracker) == added[:5]
        tracker.answer(TODAY, added[2], Answer.SKIPPED)
        tracker.delete([added[1]])
        assert ids(tracker) == [added[0], *added[2:5]]
        tracker.undo()
        tracker.undo()
        assert (ids(tracker), open_(tracker)) == (added[:5], added[1:5])
        assert check.problems(tracker._store) == []
        clock.advance(days=1)
        assert ids(tracker, TODAY) == added[:5]


def test_what_is_done_elsewhere_is_answered_too(tracker: Tracker, paths: Paths) -> None:
    begun = ids(tracker)
    with Tracker(paths, clock=tracker._clock) as other:
        other.add_note("git-lfs", "a note elsewhere begins the day too")
        other.set_status([begun[0]], Status.LEARNED)
        other.next_status([begun[1]])
        other.snooze([begun[2]], "friday")
        other.set_status([begun[3]], Status.SKIPPED)
        other.delete([begun[4]])
    assert ids(tracker) == begun[:4]
    assert [due.answer for due in tracker.queue()] == [
        Answer.LEARNED,
        Answer.PROGRESS,
        Answer.LATER,
        Answer.SKIPPED,
    ]


def test_one_more_is_asked_for_and_taken_back(tracker: Tracker) -> None:
    begun = ids(tracker)
    tracker.answer(TODAY, begun[0], Answer.LATER)
    tracker.more(TODAY)
    assert len(ids(tracker)) == 6
    assert ids(tracker)[:5] == begun
    before = visible(tracker)
    tracker.more(TODAY)
    assert len(set(ids(tracker))) == 7
    tracker.undo()
    assert visible(tracker) == before
    assert ids(tracker)[:5] == begun
    assert next(due.answer for due in tracker.queue()) is Answer.LATER


def test_there_may_be_nothing_more(tracker: Tracker, clock: Clock) -> None:
    tracker.set_status([e.id for e in tracker.select("").matches], Status.SKIPPED)
    clock.advance(days=1)
    assert tracker.queue() == []
    assert tracker.more(tracker.today()).changes == ()


def test_only_what_was_asked_is_answered(tracker: Tracker) -> None:
    with pytest.raises(TrackerError, match="not in the queue"):
        tracker.answer(TODAY, "runbooks", Answer.LEARNED)
    with pytest.raises(TrackerError, match="not under review"):
        tracker.answer(TODAY, ids(tracker)[0], Answer.REVIEWED)
    assert tracker.actions() == []


def test_the_smallest_limit_gives_every_side_its_turn(paths: Paths, clock: Clock) -> None:
    with Tracker(paths, Config(daily_limit=1), clock=clock) as tracker:
        items = [e.id for e in tracker.select("kind:item -is:critical").matches]
        tracker.set_status(items[:10], Status.LEARNED)
        tracker.set_status(items[10:20], Status.LEARNING)
        tracker.snooze(items[20:30], "tomorrow")
        clock.advance(days=10)
        seen = set()
        for _ in range(5):
            (due,) = tracker.queue()
            seen.add(due.reason)
            clock.advance(days=1)
        assert seen == set(Reason) - {Reason.ITEM}


def test_the_day_begins_at_its_hour(paths: Paths, clock: Clock) -> None:
    clock.now = clock.now.replace(hour=3, minute=59)
    with Tracker(paths, clock=clock) as tracker:
        assert tracker.today() == date(2026, 11, 23)
        tracker.add_note("git-lfs", "late at night")
        assert tracker.stats().activity == {date(2026, 11, 23): 1}
        clock.advance(minutes=1)
        assert tracker.today() == TODAY
    with Tracker(paths, Config(day_starts=0), clock=clock) as tracker:
        clock.now = clock.now.replace(hour=0, minute=0)
        assert tracker.today() == TODAY


def test_a_flight_neither_loses_nor_doubles_what_was_done(paths: Paths, clock: Clock) -> None:
    clock.now = datetime(2026, 11, 24, 4, 30, tzinfo=ZoneInfo("Europe/Berlin"))
    with Tracker(paths, clock=clock) as tracker:
        begun = ids(tracker)
        tracker.answer(TODAY, begun[0], Answer.LEARNED)
        # It is still the evening of the 23rd in New York, and later the 24th again.
        clock.now = clock.now.astimezone(ZoneInfo("America/New_York"))
        assert tracker.today() == date(2026, 11, 23)
        clock.advance(hours=12)
        assert tracker.today() == TODAY
        assert ids(tracker) == begun
        assert open_(tracker) == begun[1:]
        assert tracker.stats().activity == {TODAY: 1}
        assert tracker.stats().learned == {TODAY: 1}


@pytest.mark.parametrize("day", ["2026-03-29", "2026-10-25"])
def test_a_change_of_the_hour_loses_no_day(paths: Paths, clock: Clock, day: str) -> None:
    zone = ZoneInfo("Europe/Berlin")
    at = datetime.fromisoformat(f"{day}T00:00:00").replace(tzinfo=zone) - timedelta(days=1)
    moment = at.astimezone(UTC)
    days: list[date] = []
    with Tracker(paths, clock=lambda: moment.astimezone(zone)) as tracker:
        for _ in range(3 * 24):
            moment += timedelta(hours=1)
            if not days or days[-1] != tracker.today():
                days.append(tracker.today())
    assert days == sorted(set(days))
    assert (days[-1] - days[0]).days == len(days) - 1


# Filling in


def test_a_past_day_is_filled_in_and_counts_for_that_day(tracker: Tracker, clock: Clock) -> None:
    yesterday = tracker.check_in_day("yesterday")
    begun = ids(tracker, yesterday)
    tracker.answer(yesterday, begun[0], Answer.LEARNED)
    tracker.answer(yesterday, begun[1], Answer.LATER)
    assert open_(tracker, yesterday) == begun[2:]
    assert tracker.entry(begun[1]).snoozed_until is None
    stats = tracker.stats()
    assert stats.activity == {yesterday: 2}
    assert stats.learned == {yesterday: 1}
    standing = tracker.detail(begun[0]).standing
    assert standing is not None and standing.last == yesterday
    assert begun[0] not in ids(tracker)
    assert tracker.regularity()[1] == 1
    tracker.undo_of(yesterday)
    assert open_(tracker, yesterday) == begun[1:]
    assert tracker.undo_of(tracker.today()) is None


@pytest.mark.parametrize("words", ["8 days ago", "tomorrow", "2026-11-25", "nonsense", "1 y ago"])
def test_only_the_last_days_can_be_filled_in(tracker: Tracker, words: str) -> None:
    with pytest.raises(TrackerError):
        tracker.check_in_day(words)
    assert tracker.check_in_day("7 days ago") == date(2026, 11, 17)


def test_a_day_has_a_note(tracker: Tracker) -> None:
    tracker.day_note(TODAY, "  a good\nday \x1b[31m ")
    assert tracker.note_of(TODAY) == "a good day [31m"
    assert tracker.day_note(TODAY, "a good day [31m").changes == ()
    tracker.day_note(TODAY, "")
    assert tracker.note_of(TODAY) == ""
    tracker.undo()
    assert tracker.note_of(TODAY) == "a good day [31m"


# Reviews


def test_learning_makes_a_card_and_the_same_day_unmakes_it(tracker: Tracker) -> None:
    tracker.add_note("runbooks", "the day has begun")
    before = visible(tracker)
    tracker.toggle_status(["git-lfs"], Status.LEARNED)
    standing = tracker.detail("git-lfs").standing
    assert standing is not None
    assert (standing.recall, standing.reviews) == (1.0, 1)
    tracker.toggle_status(["git-lfs"], Status.LEARNED)
    assert tracker.detail("git-lfs").standing is None
    assert visible(tracker) == before


def test_set_back_later_the_reviews_stay(tracker: Tracker, clock: Clock) -> None:
    tracker.set_status(["git-lfs"], Status.LEARNED)
    clock.advance(days=9)
    tracker.set_status(["git-lfs"], Status.LEARNING)
    assert tracker.detail("git-lfs").standing is None
    clock.advance(days=1)
    tracker.edit("git-lfs", {"status": "learned"})
    standing = tracker.detail("git-lfs").standing
    assert standing is not None and standing.reviews == 2


def test_a_review_is_due_asked_graded_and_taken_back(tracker: Tracker, clock: Clock) -> None:
    tracker.set_status(["git-lfs"], Status.LEARNED)
    standing = tracker.detail("git-lfs").standing
    assert standing is not None
    clock.now = clock.now + timedelta(days=(standing.due - TODAY).days - 1)
    assert "git-lfs" not in ids(tracker)
    clock.advance(days=1)
    assert reason(tracker, "git-lfs") is Reason.REVIEW
    day = tracker.today()
    for answer in (Answer.LEARNED, Answer.PROGRESS):
        with pytest.raises(TrackerError, match="grade it"):
            tracker.answer(day, "git-lfs", answer)
    promised = tracker.grades("git-lfs").due
    assert list(promised.values()) == sorted(promised.values())
    for rating in Rating:
        tracker.grade("git-lfs", rating)
        graded = tracker.detail("git-lfs")
        assert graded.standing is not None
        assert graded.standing.due == promised[rating]
        assert graded.history[0].text == f"reviewed: {rating.word}"
        assert "git-lfs" not in open_(tracker)
        tracker.undo()
        assert "git-lfs" in open_(tracker)


def test_a_review_that_is_put_off_comes_back(tracker: Tracker, clock: Clock) -> None:
    tracker.set_status(["git-lfs"], Status.LEARNED)
    clock.advance(days=5)
    tracker.answer(tracker.today(), "git-lfs", Answer.LATER)
    assert "git-lfs" not in open_(tracker)
    clock.advance(days=1)
    assert reason(tracker, "git-lfs") is Reason.REVIEW
    tracker.grade("git-lfs", Rating.EASY)
    assert tracker.entry("git-lfs").snoozed_until is None


def test_only_a_learned_item_is_reviewed(tracker: Tracker) -> None:
    for id_ in ("git-lfs", "git-workflow", "gap-ci-cd"):
        with pytest.raises(TrackerError, match="not learned"):
            tracker.grade(id_, Rating.GOOD)


def test_again_in_a_row_is_counted(tracker: Tracker, clock: Clock) -> None:
    tracker.set_status(["git-lfs"], Status.LEARNED)
    for count in (1, 2):
        clock.advance(days=3)
        tracker.grade("git-lfs", Rating.AGAIN)
        standing = tracker.detail("git-lfs").standing
        assert standing is not None and standing.agains == count


def test_another_retention_moves_the_dates(paths: Paths, clock: Clock) -> None:
    with Tracker(paths, clock=clock) as tracker:
        tracker.set_status(["git-lfs"], Status.LEARNED)
        early = tracker.detail("git-lfs").standing
    with Tracker(paths, Config(retention=0.75), clock=clock) as tracker:
        late = tracker.detail("git-lfs").standing
        assert early is not None and late is not None and late.due > early.due
        clock.now = clock.now + timedelta(days=(late.due - TODAY).days - 1)
        assert "git-lfs" not in ids(tracker)
        clock.advance(days=1)
        assert "git-lfs" in ids(tracker)
        assert check.problems(tracker._store) == []


def test_a_backlog_is_spread_without_touching_the_reviews(tracker: Tracker, clock: Clock) -> None:
    items = [e.id for e in tracker.select("kind:item").matches][:21]
    tracker.set_status(items, Status.LEARNED)
    clock.advance(days=20)
    assert tracker.backlog().heavy
    reviews = tracker._store.db.execute("SELECT * FROM review ORDER BY id").fetchall()
    before = visible(tracker)
    action = tracker.spread()
    assert len(action.changes) == 21 - 2
    assert tracker._store.db.execute("SELECT * FROM review ORDER BY id").fetchall() == reviews
    assert not tracker.backlog().heavy
    load: dict[date, int] = {}
    for _, due, _ in tracker.upcoming():
        day = max(due, tracker.today())
        load[day] = load.get(day, 0) + 1
    assert max(load.values()) == 2
    assert sum(load.values()) == 21
    assert tracker.spread().changes == ()
    tracker.undo()
    assert visible(tracker) == before


# Pauses, rhythm, forecast


def test_a_pause_asks_for_nothing_and_costs_nothing(tracker: Tracker, clock: Clock) -> None:
    for _ in range(10):
        tracker.add_note("git-lfs", "x")
        clock.advance(days=1)
    score, days = tracker.regularity()
    assert days == 10
    tracker.pause("today", "2026-12-10")
    assert tracker.queue() == []
    assert tracker.paused() is not None
    clock.now = clock.now.replace(day=10, month=12)
    assert tracker.queue() == []
    assert tracker.regularity() == (score, 10)
    clock.advance(days=1)
    assert tracker.queue() != []
    assert tracker.regularity() == (score, 10)
    clock.advance(days=1)
    assert tracker.regularity()[0] < score
    assert tracker.regularity()[1] == 0


def test_what_is_done_in_a_pause_leaves_the_day_its_queue(tracker: Tracker) -> None:
    tracker.pause()
    tracker.add_note("git-lfs", "on the beach")
    assert tracker.queue() == []
    tracker.resume()
    assert len(tracker.queue()) == 5


def test_a_pause_is_ended_and_taken_back(tracker: Tracker, clock: Clock) -> None:
    tracker.pause()
    assert tracker.paused() is not None
    assert tracker.more(TODAY).changes
    tracker.undo()
    tracker.resume()
    assert tracker.paused() is None
    assert tracker.pauses() == []
    tracker.undo()
    assert tracker.paused() is not None
    clock.advance(days=5)
    tracker.resume()
    (pause,) = tracker.pauses()
    assert (pause.begin, pause.end) == (TODAY, date(2026, 11, 28))
    assert tracker.resume().changes == ()
    with pytest.raises(TrackerError, match="is before"):
        tracker.pause("friday", "yesterday")
    with pytest.raises(TrackerError, match="too far away"):
        tracker.pause("today", "9999-12-31")
    assert tracker.stats().activity == {}


@pytest.mark.parametrize(
    ("planned", "asked", "one"),
    [
        (["2026-12-20 2027-01-03"], "2026-12-27 2027-01-10", "2026-12-20 2027-01-10"),
        (["2026-12-20 2027-01-03"], "2026-12-01 2026-12-19", "2026-12-01 2027-01-03"),
        (["2026-12-20 2027-01-03"], "2027-01-04 2027-01-05", "2026-12-20 2027-01-05"),
        (["2026-12-20 2027-01-03"], "2026-12-01 ", "2026-12-01 "),
        (["2026-12-05 2026-12-06", "2026-12-09 2026-12-10"], "2026-12-07 2026-12-08", None),
        (["2026-12-05 2026-12-10"], "2026-12-06 2026-12-08", None),
        (["2026-12-05 "], "2026-12-06 2026-12-08", "2026-12-05 "),
    ],
)
def test_pauses_that_meet_are_one(
    tracker: Tracker, planned: list[str], asked: str, one: str | None
) -> None:
    for each in planned:
        tracker.pause(*each.split(" "))
    before = tracker.pauses()
    action = tracker.pause(*asked.split(" "))
    begin, end = (one or "2026-12-05 2026-12-10").split(" ")
    (pause,) = tracker.pauses()
    assert (pause.begin.isoformat(), pause.end.isoformat() if pause.end else "") == (begin, end)
    words = f"paused from {begin} until {end or 'you resume'}"
    assert action.label == words if action.changes else f"already {words}"
    if not action.changes:
        assert before == [pause]
    else:
        tracker.undo()
        assert tracker.pauses() == before


def test_pauses_with_a_day_between_them_are_two(tracker: Tracker) -> None:
    tracker.pause("2026-12-05", "2026-12-06")
    tracker.pause("2026-12-08", "2026-12-09")
    tracker.pause("2026-12-02", "2026-12-03")
    assert [pause.begin.day for pause in tracker.pauses()] == [2, 5, 8]


def test_a_pause_that_is_planned_is_taken_back(tracker: Tracker, clock: Clock) -> None:
    tracker.pause("2027-02-01", "2027-02-02")
    tracker.pause("2026-12-20", "2027-01-03")
    tracker.pause("yesterday", "tomorrow")
    assert tracker.resume().label == "resumed"
    assert [pause.begin.month for pause in tracker.pauses()] == [11, 12, 2]
    assert tracker.resume().label == "took back the pause from 2026-12-20 until 2027-01-03"
    assert tracker.resume().label == "took back the pause from 2027-02-01 until 2027-02-02"
    assert tracker.resume().label == "nothing is paused"
    tracker.undo()
    assert [pause.begin.month for pause in tracker.pauses()] == [11, 2]


def test_what_does_not_fit_moves_to_the_next_horizon(tracker: Tracker, clock: Clock) -> None:
    items = [e.id for e in tracker.select("kind:item -is:covered").matches]
    for item in items[:6]:
        tracker.set_status([item], Status.LEARNED)
        clock.advance(days=5)
    stats = tracker.stats()
    assert stats.pace is not None
    assert stats.pace.slow < stats.pace.likely < stats.pace.fast
    immediate = stats.forecasts[0]
    assert immediate.past and immediate.to is Horizon.SHORT
    assert immediate.early is not None and immediate.likely is not None
    assert immediate.early <= immediate.likely
    before = visible(tracker)
    moved = {entry.id for entry in immediate.over}
    tracker.move_overdue()
    assert {tracker.entry(id_).horizon for id_ in moved} <= {Horizon.SHORT, Horizon.MEDIUM}
    assert not any(one.over for one in tracker.stats().forecasts if one.to is not None)
    assert tracker.move_overdue().changes == ()
    tracker.undo()
    assert visible(tracker) == before


def test_what_is_imported_as_learned_says_nothing_of_the_pace(
    tracker: Tracker, clock: Clock
) -> None:
    done = "## Before\n" + "".join(f"- [x] Known {n}\n" for n in range(20))
    later = "## Later\n" + "".join(f"- [x] Known later {n}\n" for n in range(20))
    for document in (done, later):
        tracker.import_document(checklist.read(document, "x"), "x")
        clock.advance(days=7)
    clock.advance(days=7)
    assert sum(tracker.stats().learned.values()) == 40
    assert tracker.stats().pace is None
    for id_ in ("git-lfs", "git-worktrees", "runbooks", "git-hooks"):
        tracker.set_status([id_], Status.LEARNED)
        clock.advance(days=1)
    pace = tracker.stats().pace
    assert pace is not None and pace.learned == 4


def test_with_too_little_there_is_no_forecast(tracker: Tracker) -> None:
    stats = tracker.stats()
    assert stats.pace is None
    assert stats.silent == "too little data: a forecast needs 14 days, and this is day 1"
    assert all(one.likely is None and not one.over for one in stats.forecasts)
    assert tracker.move_overdue().changes == ()


def test_what_another_replica_says_of_days_harms_nothing(tracker: Tracker) -> None:
    """Facts of days are kept as they are; what makes no sense in them is passed over."""
    at = "2026-11-24T07:00:00Z"
    told: list[tuple[str, str, str, Value]] = [
        (
            "day",
            "2026-11-24",
            "queue",
            '[["gone", "step", "why", "todo"], ["git-lfs", "review", "", "x"]]',
        ),
        ("day", "2026-11-24", "answer git-lfs", 7),
        ("day", "not a day", "note", "[/x]"),
        ("pause", "p1", "end", "2200-12-31"),
        ("pause", "p2", "begin", "1970-01-01"),
        ("pause", "p2", "end", "1980-01-01"),
        ("review", "r1", "entry", "gone"),
        ("review", "r1", "at", "2200-12-31T23:59:59Z"),
        ("review", "r2", "entry", "git-lfs"),
        ("review", "r2", "at", "2200-12-31T23:59:59Z"),
        ("action", "b-1", "day", "1970-01-01"),
    ]
    rows = [Row("b", n, 1, at, "b-1", *fact) for n, fact in enumerate(told, 1)]
    tracker._store.merge(rows)
    assert check.problems(tracker._store) == []
    assert not {"gone", "git-lfs"}.intersection(ids(tracker))
    tracker.set_status(["git-lfs"], Status.LEARNED)
    standing = tracker.detail("git-lfs").standing
    assert standing is not None and standing.due.year >= 2200
    assert tracker.more(TODAY).changes
    assert 0 <= tracker.regularity()[0] <= 100
    assert tracker.stats().began == date(1970, 1, 1)
    assert tracker.upcoming()[0][0].id == "git-lfs"
    tracker.spread()
    tracker.pause("today", "2200-12-31")
    assert check.problems(tracker._store) == []


# The shell's prompt


def prompted(paths: Paths, clock: Clock) -> int:
    text = (paths.data / prompt.NAME).read_text()
    return prompt.read(text, clock.now.timestamp())


def test_the_prompt_follows_every_write_and_the_days(
    tracker: Tracker, paths: Paths, clock: Clock
) -> None:
    assert prompted(paths, clock) == 5
    for left, id_ in zip((4, 3, 2, 1, 0), ids(tracker), strict=True):
        tracker.answer(TODAY, id_, Answer.PROGRESS)
        assert prompted(paths, clock) == left
    tracker.undo()
    assert prompted(paths, clock) == 1
    clock.advance(days=1)
    assert prompted(paths, clock) == len(tracker.queue())
    tracker.answer(tracker.today(), ids(tracker)[0], Answer.PROGRESS)
    assert prompted(paths, clock) == len(open_(tracker)) > 0
    tracker.pause("today", "tomorrow")
    assert prompted(paths, clock) == tracker.left() == 0
    clock.advance(days=2)
    assert prompted(paths, clock) == 5
    assert (paths.data / prompt.NAME).stat().st_mode & 0o777 == 0o600
    assert [f.name for f in paths.data.iterdir() if "tmp" in f.name] == []


def test_a_prompt_that_cannot_be_written_is_no_error(tracker: Tracker, paths: Paths) -> None:
    (paths.data / prompt.NAME).unlink()
    (paths.data / prompt.NAME).mkdir()
    assert tracker.add_note("git-lfs", "x").changes


@pytest.mark.parametrize("text", ["", "x y\n", "9" * 50 + " 1\n", "1 -3\n", "1\n", "\x00 \x1b\n"])
def test_what_is_no_such_file_is_nothing(text: str) -> None:
    assert prompt.read(text, 2e9) == 0


@pytest.mark.parametrize("variable", ["TRACKER_HOME", "XDG_DATA_HOME", ""])
def test_the_prompt_looks_where_the_database_is(
    variable: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tracker_tui.paths import find

    for name in ("TRACKER_HOME", "XDG_DATA_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    if variable:
        monkeypatch.setenv(variable, str(tmp_path / "some where"))
    assert Path(prompt.folder()) == find().data


@pytest.mark.parametrize(
    ("now", "after", "come"),
    [((9, 0), (18, 0), False), ((18, 0), (18, 0), True), ((1, 30), (18, 0), True)],
)
def test_an_hour_of_the_users_day(
    tracker: Tracker, clock: Clock, now: tuple[int, int], after: tuple[int, int], come: bool
) -> None:
    clock.now = clock.now.replace(hour=now[0], minute=now[1])
    assert tracker.is_after(*after) is come
