"""Cards are those of the `fsrs` package fed the same log, in whatever order the reviews came."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import fsrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker_tui.domain.dates import utc_text
from tracker_tui.domain.reviews import (
    Card,
    Review,
    due_at,
    interval,
    outlook,
    rebuild,
    recall,
    share,
)
from tracker_tui.domain.words import Rating

BEGIN = datetime(2026, 1, 5, 8, tzinfo=UTC)
RATINGS = st.sampled_from(Rating)
GAPS = st.one_of(st.integers(1, 86_400), st.integers(1, 400).map(lambda days: days * 86_400))
LOGS = st.lists(st.tuples(GAPS, RATINGS), min_size=1, max_size=12)
RETENTIONS = st.floats(0.7, 0.97)


def told(log: list[tuple[int, Rating]]) -> list[Review]:
    moment, reviews = BEGIN, []
    for number, (gap, rating) in enumerate(log):
        moment += timedelta(seconds=gap)
        claim = number == 0
        reviews.append(Review(f"r{number:02}", "x", utc_text(moment), rating, claim))
    return reviews


def by_the_package(log: list[tuple[int, Rating]], retention: float) -> fsrs.Card:
    scheduler = fsrs.Scheduler(
        desired_retention=retention, learning_steps=(), relearning_steps=(), enable_fuzzing=False
    )
    card, moment = fsrs.Card(card_id=1), BEGIN
    for gap, rating in log:
        moment += timedelta(seconds=gap)
        card, _ = scheduler.review_card(card, fsrs.Rating(rating.value), moment)
    return card


def rebuilt(reviews: list[Review]) -> Card:
    card = rebuild(reviews)
    assert card is not None
    return card


@given(LOGS, RETENTIONS, st.randoms(use_true_random=False), st.integers(0, 4_000))
def test_dates_and_recall_are_the_packages(
    log: list[tuple[int, Rating]], retention: float, random: object, later: int
) -> None:
    theirs = by_the_package(log, retention)
    reviews = told(log)
    random.shuffle(reviews)  # type: ignore[attr-defined]
    ours = rebuilt(reviews)
    assert (ours.stability, ours.difficulty) == (theirs.stability, theirs.difficulty)
    assert due_at(ours, retention) == theirs.due
    now = theirs.due + timedelta(hours=later)
    scheduler = fsrs.Scheduler()
    assert recall(ours, now) == pytest.approx(scheduler.get_card_retrievability(theirs, now))
    assert 0 < recall(ours, now) <= 1


@given(LOGS, RETENTIONS)
def test_each_grade_leads_where_it_says(log: list[tuple[int, Rating]], retention: float) -> None:
    reviews = told(log)
    at = BEGIN + timedelta(days=6_000)
    for rating, (card, due) in outlook(reviews, at, retention).items():
        made = rebuilt([*reviews, Review("r99", "x", utc_text(at), rating, claim=False)])
        assert made == card
        assert due == due_at(made, retention)
    dues = [due for _, due in outlook(reviews, at, retention).values()]
    assert dues == sorted(dues)


@given(st.floats(0.001, 40_000))
def test_the_recall_that_is_wanted_decides_the_interval(stability: float) -> None:
    days = [interval(stability, share) for share in (0.97, 0.9, 0.8, 0.7)]
    assert days == sorted(days)
    assert days[0] >= 1
    assert days[-1] <= 36_500


def test_what_was_just_reviewed_is_known_and_due_after_its_stability() -> None:
    card = Card(10.0, 5.0, utc_text(BEGIN), 1, 0)
    for hours in (-48, 0, 23):
        assert recall(card, BEGIN + timedelta(hours=hours)) == 1.0
    assert recall(card, BEGIN + timedelta(hours=24)) < 1.0
    assert (share(0.9), interval(10.0, 0.9)) == (1.0, 10)


def test_a_grade_given_in_the_second_of_another_comes_after_it() -> None:
    there = Review("review-z", "x", utc_text(BEGIN), Rating.GOOD, claim=False)
    card, _ = outlook([there], BEGIN, 0.9)[Rating.AGAIN]
    assert (card.reviews, card.agains) == (2, 1)


def test_nothing_sleeps_to_make_a_card(monkeypatch: pytest.MonkeyPatch) -> None:
    def sleep(_: float) -> None:
        raise AssertionError("it slept")

    monkeypatch.setattr("time.sleep", sleep)
    assert rebuilt(told([(1, Rating.GOOD)])).reviews == 1


def test_what_was_again_in_a_row_is_counted_and_nothing_is_no_card() -> None:
    assert rebuild([]) is None
    day = 86_400
    for ratings, agains in (("3", 0), ("31", 1), ("311", 2), ("3113", 0), ("1", 1)):
        card = rebuilt(told([(day, Rating(int(rating))) for rating in ratings]))
        assert (card.reviews, card.agains) == (len(ratings), agains)


def test_of_one_moment_learning_comes_first_then_what_was_made_first() -> None:
    at = utc_text(BEGIN)
    claim = Review("review-b", "x", at, Rating.GOOD, claim=True)
    again = Review("review-a", "x", at, Rating.AGAIN, claim=False)
    assert rebuilt([again, claim]).agains == 1
    easy = Review("review-c", "x", at, Rating.EASY, claim=False)
    assert rebuilt([easy, again, claim]).agains == 0
