"""Spaced review of what was learned, by FSRS: cards rebuilt from the reviews, whatever their order.

An item gets its first review, graded good, when it is learned: that is the claim which fades. There
are no steps of minutes, since a topic is looked at once a day at most. Stability and difficulty come
from the `fsrs` package, which takes 30 ms to import and so is imported only when something is
graded; recall and due date of a card at hand are one formula each, and tests hold them to the
package's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from tracker_tui.domain.dates import utc_moment, utc_text
from tracker_tui.domain.words import Rating

if TYPE_CHECKING:
    from fsrs import Card as FsrsCard
    from fsrs import Scheduler

DECAY = -0.1542
"""The exponent of forgetting: the last of FSRS-6's default parameters, negated."""
FACTOR: float = 0.9 ** (1 / DECAY) - 1
"""Chosen by FSRS so that recall is 0.9 when as many days as the stability went by."""
INTERVAL_MAX = 36_500
"""Days: FSRS's own bound."""


class Review(NamedTuple):
    """One self-graded recall of an item."""

    id: str
    entry: str
    at: str
    rating: Rating
    claim: bool
    """Whether it is the one that learning the item made."""


class Card(NamedTuple):
    """What the reviews of one item come to."""

    stability: float
    """Days after which recall is down to 0.9."""
    difficulty: float
    """1 to 10."""
    last: str
    """Moment of the last review, UTC as the journal writes it."""
    reviews: int
    """How many there were, the learning included."""
    agains: int
    """How many of the last ones in a row were graded again."""


def rebuild(reviews: Iterable[Review]) -> Card | None:
    """Return the card of one item's reviews, given in any order; None if there are none."""
    ordered = sorted(reviews, key=lambda r: (r.at, not r.claim, r.id))
    if not ordered:
        return None
    scheduler, card = _scheduler(), _new_card()
    for review in ordered:
        card = _reviewed(scheduler, card, review.rating, utc_moment(review.at))
    agains = 0
    for review in reversed(ordered):
        if review.rating is not Rating.AGAIN:
            break
        agains += 1
    assert card.stability is not None
    assert card.difficulty is not None
    return Card(card.stability, card.difficulty, ordered[-1].at, len(ordered), agains)


def interval(stability: float, retention: float) -> int:
    """Return after how many days recall is down to `retention` (0 to 1); at least one."""
    days = round(stability * share(retention))
    return min(max(days, 1), INTERVAL_MAX)


def share(retention: float) -> float:
    """Return after which share of the stability recall is down to `retention`; 1 for 0.9."""
    return float(retention ** (1 / DECAY) - 1) / FACTOR if retention != 0.9 else 1.0


def due_at(card: Card, retention: float) -> datetime:
    """Return the moment at which a card is due, UTC."""
    return utc_moment(card.last) + timedelta(days=interval(card.stability, retention))


def recall(card: Card, now: datetime) -> float:
    """Return the chance, 0 to 1, that the item is recalled now."""
    days = max(0, (now - utc_moment(card.last)).days)
    return float((1 + FACTOR * days / card.stability) ** DECAY)


def outlook(
    reviews: Iterable[Review], at: datetime, retention: float
) -> Mapping[Rating, tuple[Card, datetime]]:
    """Return for each grade given `at` a moment the card it would lead to, and when that is due."""
    known = list(reviews)
    result = {}
    for rating in Rating:
        # The id sorts after all others of the same second, as a review made now does.
        card = rebuild([*known, Review("\U0010ffff", "", utc_text(at), rating, claim=False)])
        assert card is not None
        result[rating] = (card, due_at(card, retention))
    return result


def _scheduler() -> Scheduler:
    from fsrs import Scheduler

    # When it would have the card looked at again is not asked: see `interval`.
    return Scheduler(learning_steps=(), relearning_steps=(), enable_fuzzing=False)


def _new_card() -> FsrsCard:
    from fsrs import Card as FsrsCard

    # With an id given it neither looks at the clock for one nor sleeps to make it unique.
    return FsrsCard(card_id=0, due=utc_moment("2000-01-01T00:00:00Z"))


def _reviewed(scheduler: Scheduler, card: FsrsCard, rating: Rating, moment: datetime) -> FsrsCard:
    from fsrs import Rating as FsrsRating

    return scheduler.review_card(card, FsrsRating(rating.value), moment)[0]
