"""Reviews of what was learned, and pauses: what of the days stands by itself."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import NamedTuple

from tracker_tui.domain import dates, reviews, rhythm, text, today
from tracker_tui.domain.journal import Action, Change
from tracker_tui.domain.rhythm import Pause
from tracker_tui.domain.today import Candidate
from tracker_tui.domain.track import Detail, Entry, Standing
from tracker_tui.domain.valid import is_lived
from tracker_tui.domain.words import Entity, Kind, Rating, Status
from tracker_tui.errors import TrackerError
from tracker_tui.tracker.base import verb
from tracker_tui.tracker.verbs import Verbs


class Grades(NamedTuple):
    """The day to which each grade would lead, by rating."""

    due: Mapping[Rating, date]


class Backlog(NamedTuple):
    """Reviews that wait."""

    overdue: int
    """Due before the day, or on it."""
    per_day: int
    """As many as a day takes."""

    @property
    def heavy(self) -> bool:
        """Whether it is more than two days' worth."""
        return self.overdue > 2 * self.per_day


class Reviews(Verbs):
    """The questions and verbs of reviews and pauses."""

    def standing(self, entry: Entry) -> Standing | None:
        """Return how a learned item stands in its reviews; None of anything else."""
        if entry.status is not Status.LEARNED or entry.kind is not Kind.ITEM:
            return None
        card = self._store.card(entry.id)
        if card is None:
            return None
        due = self.calendar.day_of(reviews.due_at(card, self.config.retention))
        if entry.snoozed_until is not None:
            due = max(due, date.fromisoformat(entry.snoozed_until))
        chance = reviews.recall(card, self._clock())
        return Standing(chance, due, self.local_day(card.last), card.reviews, card.agains)

    def detail(self, id_: str, history_length: int = 500) -> Detail:
        """Return everything known about an entry.

        Raises:
            TrackerError: if there is none of that id.
        """
        found = super().detail(id_, history_length)
        return found._replace(standing=self.standing(found.entry))

    def grades(self, id_: str, day: date | None = None) -> Grades:
        """Return the day to which each grade of a review made now would lead."""
        moment = self._moment(day or self.today())
        found = reviews.outlook(self._store.reviews(id_), moment, self.config.retention)
        return Grades({rating: self.calendar.day_of(due) for rating, (_, due) in found.items()})

    def upcoming(self, limit: int = -1) -> list[tuple[Entry, date, float]]:
        """Return learned items with a card, the day each is due and its recall, the first first."""
        now = self._clock()
        rows = [
            (id_, self._due_day(card, snoozed), reviews.recall(card, now))
            for id_, snoozed, card in self._store.cards("")
        ]
        rows.sort(key=lambda row: (row[1], row[2], row[0]))
        rows = rows[:limit] if limit >= 0 else rows
        entries = {entry.id: entry for entry in self.entries(row[0] for row in rows)}
        return [(entries[id_], due, chance) for id_, due, chance in rows]

    def _due_day(self, card: reviews.Card, snoozed: str | None) -> date:
        due = self.calendar.day_of(reviews.due_at(card, self.config.retention))
        return max(due, date.fromisoformat(snoozed)) if snoozed is not None else due

    def backlog(self) -> Backlog:
        """Return how many reviews wait, and how many a day takes."""
        per_day = max(1, self.config.daily_limit // 2)
        found = self._due_reviews(self.today(), 50 * per_day)
        return Backlog(len(found), per_day)

    @verb
    def spread(self) -> Action:
        """Put off overdue reviews over the coming days, as many a day as the queue takes."""
        from tracker_tui.domain import insight

        now, day = self._clock(), self.today()
        overdue: list[tuple[str, float]] = []
        ahead: list[date] = []
        ahead_of = self.calendar.start_text(day + timedelta(days=insight.LOAD_DAYS))
        for id_, snoozed, card in self._store.cards(ahead_of):
            due = self._due_day(card, snoozed)
            if due <= day:
                overdue.append((id_, reviews.recall(card, now)))
            else:
                ahead.append(due)
        per_day = max(1, self.config.daily_limit // 2)
        moved = insight.spread_days(overdue, insight.load(ahead, day), per_day, day)
        entries = self._store.entries(moved)
        changes = [
            Change(Entity.ENTRY, e.id, "snoozed_until", e.snoozed_until, moved[e.id].isoformat())
            for e in entries
        ]
        if not changes:
            return Action("no more reviews are due than a day takes", ())
        last = max(moved.values())
        label = f"{text.plural(len(changes), 'review')} spread up to {last.isoformat()}"
        return self._store.apply(Action(label, tuple(changes), day=""), self._at())

    def _due_reviews(self, day: date, count: int) -> list[Candidate]:
        end = self.calendar.start_text(day + timedelta(days=1))
        found = []
        for entry, card in self._store.due_cards(end, day.isoformat(), count):
            due = self.calendar.day_of(reviews.due_at(card, self.config.retention))
            if due <= day:
                last = self.local_day(card.last)
                chance = reviews.recall(card, self._moment(day))
                found.append((due, chance, entry, today.faded(card, last, day, chance)))
        found.sort(key=lambda one: (one[0], one[1], one[2].id))
        return [Candidate(entry, why) for _, _, entry, why in found]

    # Pauses

    def pauses(self) -> list[Pause]:
        """Return all pauses, the earliest first."""
        return rhythm.pauses(self._store.facts_by_id(Entity.PAUSE))

    def paused(self, day: date | None = None) -> Pause | None:
        """Return the pause that a day is in."""
        return rhythm.paused(day or self.today(), self.pauses())

    @verb
    def pause(self, begin: str = "today", end: str = "") -> Action:
        """Pause from a day on, until the last day given, or until `resume`.

        With pauses that it overlaps or follows at once it becomes one.

        Raises:
            TrackerError: if the words mean no days, or the last is before the first.
        """
        now, weekday = self.today(), self.config.first_weekday
        first = dates.parse_day(begin, now, weekday)
        last = dates.parse_day(end, now, weekday) if end else None
        if last is not None and last < first:
            raise TrackerError(f"{last.isoformat()} is before {first.isoformat()}")
        for day in (first, last):
            if day is not None and not is_lived(day.isoformat()):
                raise TrackerError(f"{day.isoformat()} is too far away for a pause")
        asked = Pause(f"pause-{self._tail(6)}", first, last)
        pause, met = rhythm.joined(asked, self.pauses())
        if met == [pause]:
            return Action(f"already paused {pause.words}", ())
        changes: list[Change] = []
        if met:
            changes += _moved(met[0], pause)
            changes += [_gone(other) for other in met[1:]]
        else:
            changes += [
                Change(Entity.PAUSE, pause.id, "begin", None, first.isoformat()),
                Change(Entity.PAUSE, pause.id, "end", None, _iso(last)),
                Change(Entity.PAUSE, pause.id, "deleted", 1, 0),
            ]
        return self._store.apply(
            Action(f"paused {pause.words}", tuple(changes), day=""), self._at()
        )

    @verb
    def resume(self) -> Action:
        """End the pause that today is in, so that today is no part of it.

        If there is none, the next one that is planned is taken back.
        """
        now = self.today()
        pauses = self.pauses()
        running = [pause for pause in pauses if pause.holds(now)]
        planned = next((pause for pause in pauses if pause.begin > now), None)
        label, changes = "resumed", list[Change]()
        if not running:
            if planned is None:
                return Action("nothing is paused", ())
            label = f"took back the pause {planned.words}"
            changes.append(_gone(planned))
        for pause in running:
            if pause.begin == now:
                changes.append(_gone(pause))
            else:
                changes += _moved(pause, pause._replace(end=now - timedelta(days=1)))
        return self._store.apply(Action(label, tuple(changes), day=""), self._at())

    # Time

    def is_after(self, hour: int, minute: int) -> bool:
        """Whether a time of the wall clock has come, on the user's day."""
        now, starts = self._clock(), self.config.day_starts * 60
        come = (now.hour * 60 + now.minute - starts) % 1_440
        return come >= (hour * 60 + minute - starts) % 1_440

    def _moment(self, day: date) -> datetime:
        return self.calendar.moment_on(day, self._clock())


def _gone(pause: Pause) -> Change:
    return Change(Entity.PAUSE, pause.id, "deleted", 0, 1)


def _moved(old: Pause, new: Pause) -> list[Change]:
    """What makes a pause begin and end on other days."""
    return [
        Change(Entity.PAUSE, old.id, name, _iso(was), _iso(is_))
        for name, was, is_ in (("begin", old.begin, new.begin), ("end", old.end, new.end))
        if was != is_
    ]


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
