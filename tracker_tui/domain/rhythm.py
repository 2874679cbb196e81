"""How regularly something is done: a score that decays, and beside it the streak.

The score is an exponential moving average of the days, as uhabits has it: a day missed costs a share
of what there is, and never all of it. Paused days are left out: nothing is gained or lost on them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date, timedelta
from typing import NamedTuple

from tracker_tui.domain.journal import Value
from tracker_tui.domain.valid import is_lived

_ONE = timedelta(days=1)
_HORIZON = 30
"""How many half-lives back the score looks: what is older weighs less than 1e-9."""


class Pause(NamedTuple):
    """A holiday: its first and its last day, None as long as there is no end to it."""

    id: str
    begin: date
    end: date | None

    def holds(self, day: date) -> bool:
        """Whether a day is in it."""
        return self.begin <= day and (self.end is None or day <= self.end)

    def meets(self, other: Pause) -> bool:
        """Whether no day lies between the two."""
        return all(
            one.end is None or two.begin - _ONE <= one.end
            for one, two in ((self, other), (other, self))
        )

    @property
    def until(self) -> str:
        """Until when it lasts, in words."""
        return f"until {self.end.isoformat()}" if self.end else "until you resume"

    @property
    def words(self) -> str:
        """From when until when it lasts, in words."""
        return f"from {self.begin.isoformat()} {self.until}"


def pauses(facts: Mapping[str, Mapping[str, Value]]) -> list[Pause]:
    """Read the pauses from their facts, by id; what makes none is left out."""
    found = []
    for id_, fields in facts.items():
        begin, end = fields.get("begin"), fields.get("end")
        sound = is_lived(begin) and (end is None or is_lived(end))
        if fields.get("deleted") or not sound:
            continue
        last = None if end is None else date.fromisoformat(str(end))
        pause = Pause(id_, date.fromisoformat(str(begin)), last)
        if last is None or last >= pause.begin:
            found.append(pause)
    return sorted(found, key=lambda pause: (pause.begin, pause.id))


def paused(day: date, among: Iterable[Pause]) -> Pause | None:
    """Return the pause that a day is in; the one that lasts longest, if several."""
    holding = [pause for pause in among if pause.holds(day)]
    return max(holding, key=lambda pause: pause.end or date.max) if holding else None


def joined(pause: Pause, among: Iterable[Pause]) -> tuple[Pause, list[Pause]]:
    """Return the one pause that a pause and those that it meets come to, and these, the earliest first.

    What they meet in turn is among them. The one pause has the id of the earliest that was there.
    """
    apart, met = list(among), list[Pause]()
    while near := [other for other in apart if other.meets(pause)]:
        apart = [other for other in apart if other not in near]
        met += near
        ends = [one.end for one in (pause, *near)]
        pause = Pause(
            pause.id,
            min(one.begin for one in (pause, *near)),
            None if None in ends else max(end for end in ends if end is not None),
        )
    met.sort(key=lambda one: (one.begin, one.id))
    return pause._replace(id=met[0].id if met else pause.id), met


def rhythm(done: Collection[date], among: Collection[Pause], today: date, half_life: float) -> int:
    """Return the score, 0 to 100; `half_life` in days. Today counts once something is done."""
    past = [day for day in done if day <= today]
    if not past:
        return 0
    keep = 0.5 ** (1 / half_life)
    score = 0.0
    day = max(min(past), today - timedelta(days=_HORIZON * half_life))
    while day <= today:
        did = day in done
        if did or (day != today and paused(day, among) is None):
            score = score * keep + (1 - keep) * did
        day += _ONE
    return round(100 * score)


def streak(done: Collection[date], among: Collection[Pause], today: date) -> int:
    """Return for how many days without a gap something was done; paused days are no gap."""
    first = min(done, default=today)
    count = 0
    day = today
    while day >= first:
        if day in done:
            count += 1
        elif day != today and paused(day, among) is None:
            break
        day -= _ONE
    return count
