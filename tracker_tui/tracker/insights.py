"""What the days come to: rhythm, statistics, the forecast."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING

from tracker_tui.domain import rhythm, text
from tracker_tui.domain.journal import Action, Change
from tracker_tui.domain.track import Place
from tracker_tui.domain.valid import is_lived
from tracker_tui.domain.words import Entity, Horizon, Kind
from tracker_tui.tracker.base import verb
from tracker_tui.tracker.daily import Daily

if TYPE_CHECKING:
    from tracker_tui.domain import insight


class Insights(Daily):
    """The questions and verbs of what the days come to."""

    def regularity(self) -> tuple[int, int]:
        """Return the rhythm, 0 to 100, and the streak in days."""
        done, pauses, now = self._active_days(), self.pauses(), self.today()
        score = rhythm.rhythm(done, pauses, now, self.config.rhythm_half_life)
        return score, rhythm.streak(done, pauses, now)

    def _active_days(self) -> set[date]:
        return set(_by_day(dict.fromkeys(self._store.active_days(), 1)))

    def stats(self) -> insight.Stats:
        """Return everything the insights tell; up to some 100 ms in a large track."""
        from tracker_tui.domain import insight  # 3 ms, and only for who asks for them

        store, now = self._store, self.today()
        activity = _by_day(store.activity())
        pauses = self.pauses()
        began = min(activity, default=now)
        learned = _by_day(store.learned_by_day())
        end = self.calendar.start_text(now + timedelta(days=insight.LOAD_DAYS))
        days = [self._due_day(card, snoozed) for _, snoozed, card in store.cards(end)]
        # What was learned before it came into the track says nothing of how fast one learns.
        arrived = _by_day(store.arrived_learned_by_day())
        won = {day: count - arrived.get(day, 0) for day, count in learned.items()}
        rate = insight.pace(won, pauses, began, now)
        return insight.Stats(
            today=now,
            began=began,
            first_weekday=self.config.first_weekday,
            activity=activity,
            learned=learned,
            pauses=tuple(pauses),
            rhythm=rhythm.rhythm(set(activity), pauses, now, self.config.rhythm_half_life),
            streak=rhythm.streak(set(activity), pauses, now),
            overall=self.overall(),
            categories=tuple(self.siblings(Place(kind=Kind.CATEGORY))),
            reviews=insight.load(days, now),
            overdue=sum(day < now for day in days),
            pace=rate,
            forecasts=tuple(self._forecasts(rate, began)),
        )

    def _forecasts(self, rate: insight.Pace | None, began: date) -> list[insight.Forecast]:
        from tracker_tui.domain import insight

        units = [insight.Unit(entry, tuple(open_)) for entry, open_ in self._store.open_units()]
        return insight.forecasts(self.spans(), units, rate, began, self.today())

    @verb
    def move_overdue(self) -> Action:
        """Move what does not fit into its horizon, at the present pace, into one where it does."""
        from tracker_tui.domain import insight

        stats, spans, now = self.stats(), self.spans(), self.today()
        units = [insight.Unit(entry, tuple(open_)) for entry, open_ in self._store.open_units()]
        goals: dict[str, Horizon] = {}
        old = {unit.entry.id: unit.entry.horizon for unit in units}
        # What moves takes room from what is there, which may have to move on in turn.
        for _ in spans:
            found = insight.forecasts(spans, units, stats.pace, stats.began, now)
            moved = {e.id: one.to for one in found for e in one.over if one.to is not None}
            units = [
                unit._replace(entry=unit.entry._replace(horizon=moved[unit.entry.id]))
                if unit.entry.id in moved
                else unit
                for unit in units
            ]
            goals.update(moved)
        changes = [
            Change(Entity.ENTRY, id_, "horizon", old[id_], goal.value)
            for id_, goal in goals.items()
        ]
        if not changes:
            return Action("everything fits into its horizon, or has no later one", ())
        label = f"{text.plural(len(changes), 'entry', 'entries')} moved to a later horizon"
        return self._apply(Action(label, tuple(changes)))


def _by_day(counts: Mapping[str, int]) -> dict[date, int]:
    """Read what is counted by ISO date; what is none is left out."""
    return {date.fromisoformat(day): count for day, count in counts.items() if is_lived(day)}
