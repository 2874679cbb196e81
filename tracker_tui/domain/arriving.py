"""What taking in a dump would change in a track: the fold with its rows against that without."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import NamedTuple

from tracker_tui.domain.difference import Content, Difference, EntryState, NoteState, differences
from tracker_tui.domain.fold import NOTE_DEFAULTS, REVIEW_DEFAULTS, Fold, fold
from tracker_tui.domain.journal import Row
from tracker_tui.domain.reseed import News, State, between
from tracker_tui.domain.text import plural
from tracker_tui.domain.words import Entity

_WORDS = {
    "notes_lost": ("note gone", "notes gone"),
    "notes_regained": ("new note", "new notes"),
    "notes_changed": ("note reads differently", "notes read differently"),
    "reviews_lost": ("review gone", "reviews gone"),
    "reviews_regained": ("new review", "new reviews"),
}


class Arriving(NamedTuple):
    """What would change."""

    news: News
    """Of the entries, the track and its horizons."""
    beside: list[Difference]
    """Of notes and reviews."""

    def __bool__(self) -> bool:
        return bool(self.news or self.beside)


def nothing() -> Arriving:
    """Return that nothing would change."""
    return Arriving(News(), [])


def merged(journal: Iterable[Row], fresh: Iterable[Row]) -> Arriving:
    """Return what rows that are not in a journal would change beside it."""
    rows, more = list(journal), list(fresh)
    seeded = [row for row in rows if not row.lamport]
    before, after = State(fold(rows)), State(fold([*rows, *more]))
    return _arriving(before, after, fold(seeded), fold([*seeded, *more]))


def instead(journal: Iterable[Row], rows: Iterable[Row]) -> Arriving:
    """Return what would change if another journal took the place of one."""
    return _arriving(State(fold(journal)), State(fold(rows)), fold(()), fold(()))


def _arriving(before: State, after: State, then: Fold, now: Fold) -> Arriving:
    # What becomes of the entries is told already: here they only lend their titles.
    titles = {
        id_: EntryState(str(facts["title"]), "", ())
        for id_, facts in {**before.entries, **after.entries}.items()
    }

    def content(state: Fold) -> Content:
        notes = {
            id_: NoteState(str(full["entry"]), str(full["text"]))
            for id_, facts in state.of(Entity.NOTE).items()
            if not (full := {**NOTE_DEFAULTS, **facts})["deleted"]
        }
        reviews = frozenset(
            id_
            for id_, facts in state.of(Entity.REVIEW).items()
            if not {**REVIEW_DEFAULTS, **facts}["deleted"]
        )
        return Content(titles, notes, reviews)

    found = differences(content(before.state), content(after.state))
    beside = [replace(one, words=plural(one.count, *_WORDS[one.sort])) for one in found]
    return Arriving(between(before, after, then, now), beside)
