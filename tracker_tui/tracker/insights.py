"""What the days come to: rhythm, statistics, the forecast."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

from tracker_tui.domain import plan, rhythm, text
from tracker_tui.domain.journal import Action, Change
from tracker_tui.domain.track import Place
from tracker_tui.domain.words import Horizon, Kind
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
        return set(_by_day(self._store.activity()))

    def stats(self) -> insight.Stats:
        """Return everything the insights tell; up to some 100 ms in a large track."""
        from tracker_tui.domain import insight  # 3 ms, and only for who asks for them

        store, now = self._store, self.today()
        activity = _by_day(store.activity())
        pauses = self.pauses()
        began = min(activity, default=now)
        learned = _by_day(store.learned_by_day())
        days = [self._due_day(card, snoozed) for _, snoozed, card in store.cards()]
        rate = insight.pace(learned, pauses, began, now)
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

        units: dict[Horizon, list[insight.Unit]] = {}
        for entry, open_ in self._store.open_units():
            if entry.horizon is not None:
                units.setdefault(entry.horizon, []).append(insight.Unit(entry, tuple(open_)))
        return insight.forecasts(self.spans(), units, rate, began, self.today())

    @verb
    def move_overdue(self) -> Action:
        """Move what does not fit into its horizon, at the present pace, into the next one."""
        changes: list[Change] = []
        for forecast in self.stats().forecasts:
            if forecast.to is not None:
                made = plan.set_horizon(forecast.to, forecast.over)
                changes += made.changes
        if not changes:
            return Action("everything fits into its horizon, or has no later one", ())
        label = f"{text.plural(len(changes), 'entry', 'entries')} moved to a later horizon"
        return self._apply(Action(label, tuple(changes)))


def _by_day(counts: Mapping[str, int]) -> dict[date, int]:
    """Read what is counted by ISO date; what is none is left out."""
    result = {}
    for day, count in counts.items():
        try:
            result[date.fromisoformat(day)] = count
        except ValueError:
            continue
    return result
