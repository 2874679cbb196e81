"""Cards: what the reviews of an entry come to, kept so that what is due is found at once."""

from __future__ import annotations

import sqlite3

from tracker_tui.domain.reviews import INTERVAL_MAX, Review, rebuild
from tracker_tui.domain.words import Rating

DUE = (
    "julianday({1}) + min(max(round({0} * ifnull((SELECT value FROM local"
    f" WHERE key = 'review_share'), 1)), 1), {INTERVAL_MAX})"
)
"""When a card is due, of its stability and its last review, as a Julian day."""


def reviews_of(db: sqlite3.Connection, id_: str) -> list[Review]:
    """Return the reviews of an entry that stand, the oldest first."""
    return [
        Review(review, entry, at, Rating(rating), bool(claim))
        for review, entry, at, rating, claim in db.execute(
            "SELECT id, entry, at, rating, claim FROM review WHERE entry = ? AND deleted = 0"
            " AND at <> '' ORDER BY at, id",
            (id_,),
        )
    ]


def deal(db: sqlite3.Connection, id_: str) -> None:
    """Work out the card of an entry anew."""
    card = rebuild(reviews_of(db, id_))
    db.execute("DELETE FROM card WHERE entry = ?", (id_,))
    if card is not None:
        db.execute(
            "INSERT INTO card (entry, stability, difficulty, last, reviews, agains, due)"
            f" VALUES (?1, ?2, ?3, ?4, ?5, ?6, {DUE.format('?2', '?4')})",
            (id_, *card),
        )
