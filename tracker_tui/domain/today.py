"""The queue: the few things that matter today, and why. Pure.

What is due comes from five sides: reviews, what is in progress and was left alone, snoozes that
ended, one critical gap, and the next steps of the path. Each side is a list in the order of its
waiting, and the places of a day are dealt out side by side, so that none starves another; where
there are fewer places than sides, the first place goes round from day to day.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple

from tracker_tui.domain.journal import Value
from tracker_tui.domain.reviews import Card
from tracker_tui.domain.text import plural, shortened, shown
from tracker_tui.domain.track import Entry
from tracker_tui.domain.valid import is_frozen
from tracker_tui.domain.words import Answer, Effort, Reason, Status

BEGIN = (Reason.CRITICAL, Reason.STEP, Reason.ITEM)
"""The sides of what was not begun yet."""
IDLE_DAYS = 2
"""For how many days something in progress is left alone before it is asked about."""


class Due(NamedTuple):
    """An entry of a day's queue, the reason for it in one plain sentence, and what was answered."""

    entry: Entry
    reason: Reason
    why: str
    answer: Answer | None = None
    first: Entry | None = None
    """What it needs first, where that was said after the day began; see `held`."""

    @property
    def told(self) -> str:
        """The reason and, where it waits for something, what that is."""
        if self.first is None:
            return self.why
        return f"Needs “{shortened(shown(self.first.title), 60)}” first. {self.why}"

    @property
    def answered(self) -> bool:
        """Whether it is dealt with for the day."""
        return self.answer is not None


class Candidate(NamedTuple):
    """An entry that could be in the queue, and why."""

    entry: Entry
    why: str
    whole: str = ""
    """Id of the gap or step that it stands for, which may need something first as well."""
    title: str = ""
    """The title of that."""


class Frozen(NamedTuple):
    """One line of the queue as a day began with it."""

    id: str
    reason: Reason
    why: str
    status: Status
    """What the entry's status was then."""


class Candidates(NamedTuple):
    """Everything that could be in the queue, side by side, each in the order of its waiting."""

    sides: Mapping[Reason, Sequence[Candidate]]
    needs: Mapping[str, Sequence[Entry]] = MappingProxyType({})
    """By id: what an entry requires and what is still open."""
    twins: Mapping[str, Collection[str]] = MappingProxyType({})
    """By id: ids of what is the same subject."""
    taken: frozenset[str] = frozenset()
    """Ids of what is in the queue already."""

    def without(self, ids: Collection[str], reasons: Collection[Reason] = ()) -> Candidates:
        """Return the candidates less some entries, which are taken already, and some sides."""
        kept = {reason: side for reason, side in self.sides.items() if reason not in reasons}
        return Candidates(kept, self.needs, self.twins, self.taken | frozenset(ids))


def choose(candidates: Candidates, today: date, limit: int) -> list[Due]:
    """Return at most `limit` entries, in the order in which they are gone through.

    Reviews take half of the places at most, unless nothing else is there; a critical gap takes one.
    When the last place goes to something to begin with, a small one is preferred, unless none of
    its side has a place yet: so the first of each side never waits for that. What is the same
    subject as something else in the queue is begun with on another day, unless nothing else is there.
    """
    ready = {
        reason: list(_ready(candidates.sides.get(reason, ()), candidates, today))
        for reason in Reason
    }
    most = {Reason.REVIEW: max(1, limit // 2), Reason.CRITICAL: 1}
    taken: dict[str, tuple[Reason, Candidate]] = {}
    counts = dict.fromkeys(Reason, 0)

    def fits(reason: Reason, *, apart: bool) -> list[int]:
        """The places in a side of what can still be taken; `apart` from its twins."""
        known = candidates.taken | taken.keys()
        return [
            place
            for place, candidate in enumerate(ready[reason])
            if candidate.entry.id not in taken
            and not (
                apart
                and reason in BEGIN
                and known.intersection(candidates.twins.get(candidate.entry.id, ()))
            )
        ]

    def deal(capped: Mapping[Reason, int], *, apart: bool = True) -> None:
        """Give each side a place in turn, until there are no more places or no more candidates."""
        sides = [reason for reason in Reason if ready[reason]]
        if sides and len(sides) > limit:
            start = today.toordinal() % len(sides)
            sides = sides[start:] + sides[:start]
        while sides and len(taken) < limit:
            for reason in list(sides):
                places = fits(reason, apart=apart)
                if not places or counts[reason] >= capped.get(reason, limit):
                    sides.remove(reason)
                elif len(taken) < limit:
                    last = len(taken) == limit - 1 and counts[reason] > 0
                    candidate = _popped(ready[reason], places, small=last and reason in BEGIN)
                    taken[candidate.entry.id] = (reason, candidate)
                    counts[reason] += 1

    items = ready.pop(Reason.ITEM)
    ready[Reason.ITEM] = []
    deal(most)
    # What is planned nowhere is only for a day on which nothing planned is left.
    ready[Reason.ITEM] = items
    deal(most)
    deal(most, apart=False)
    deal({}, apart=False)
    order = list(Reason)
    chosen = [
        Due(candidate.entry, reason, candidate.why)
        for reason, candidate in sorted(taken.values(), key=lambda pair: order.index(pair[0]))
    ]
    return _needed_first(chosen, candidates.needs)


def _popped(side: list[Candidate], places: Sequence[int], *, small: bool) -> Candidate:
    """Take the first of those at `places`; a `small` one, if there is any, before its turn."""
    for place in places if small else ():
        if side[place].entry.effort is Effort.S:
            candidate = side.pop(place)
            early = place != places[0]
            return candidate._replace(why=nearly_full(candidate.why)) if early else candidate
    return side.pop(places[0])


def _ready(side: Iterable[Candidate], among: Candidates, today: date) -> Iterable[Candidate]:
    """What can be begun: where something else comes first, that; where that is under way, nothing."""
    for candidate in side:
        ready = candidate
        if candidate.entry.status is Status.TODO:
            found = _first_needed(candidate, among.needs, today.isoformat())
            if found is None:
                continue
            ready = found
        if ready.entry.id not in among.taken:
            yield ready


def _first_needed(
    candidate: Candidate, needs: Mapping[str, Sequence[Entry]], day: str
) -> Candidate | None:
    at = candidate
    passed = {at.entry.id}
    while True:
        open_, title = _open_needs(at, needs)
        if not open_:
            return at
        first = [e for e in open_ if e.status is Status.TODO and not e.snoozed(day)]
        if not first:
            return None
        if first[0].id in passed:  # they need each other: then neither can wait for the other
            return candidate
        at = Candidate(first[0], needed_before(title))
        passed.add(at.entry.id)


def held(
    entry: Entry, wholes: Iterable[str], needs: Mapping[str, Sequence[Entry]], day: str
) -> Entry | None:
    """Return what an entry of a day's queue needs first by now; None if it can be begun.

    Args:
        entry: The entry.
        wholes: Ids of the gaps or steps for one of which it is asked: one that can be begun is enough.
        needs: By id: what an entry requires and what is still open.
        day: The day, an ISO date: what is put off beyond it cannot come first.
    """
    if entry.status is not Status.TODO:
        return None
    first: Entry | None = None
    for whole in [*wholes] or [""]:
        candidate = Candidate(entry, "", whole)
        if _first_needed(candidate, needs, day) is candidate:
            return None
        first = first or _open_needs(candidate, needs)[0][0]
    return first


def instead(due: Due, needs: Mapping[str, Sequence[Entry]], day: str) -> Due | None:
    """Return what can be gone on with of all that a held entry needs; None if it is put off."""
    waiting = [(due.first, due.entry.title)] if due.first else []
    seen = {due.entry.id}
    under_way: Due | None = None
    for entry, title in waiting:
        seen.add(entry.id)
        why = needed_before(title)
        if entry.status is Status.LEARNING and not entry.snoozed(day):
            under_way = under_way or Due(entry, Reason.PROGRESS, why)
        elif entry.status is Status.TODO and not entry.snoozed(day):
            found = _first_needed(Candidate(entry, why), needs, day)
            if found is not None:
                return Due(found.entry, due.reason, found.why)
        waiting += [(e, entry.title) for e in needs.get(entry.id, ()) if e.id not in seen]
    return under_way


def _open_needs(
    candidate: Candidate, needs: Mapping[str, Sequence[Entry]]
) -> tuple[list[Entry], str]:
    """What comes before a candidate, or before the whole that it stands for; and the title of that."""
    entry = candidate.entry
    for id_, title in ((candidate.whole, candidate.title), (entry.id, entry.title)):
        open_ = [e for e in needs.get(id_, ()) if e.status.open and not e.deleted]
        if open_:
            return open_, title
    return [], ""


def _needed_first(chosen: list[Due], needs: Mapping[str, Sequence[Entry]]) -> list[Due]:
    """Put what another entry of the queue requires before it."""
    by_id = {due.entry.id: due for due in chosen}
    result: dict[str, Due] = {}

    def put(due: Due, above: frozenset[str]) -> None:
        for needed in needs.get(due.entry.id, ()):
            if needed.id in by_id and needed.id not in above:
                put(by_id[needed.id], above | {due.entry.id})
        result.setdefault(due.entry.id, due)

    for due in chosen:
        put(due, frozenset())
    return list(result.values())


# A day's queue as it is kept


def freeze(queue: Iterable[Due], behind: Iterable[Frozen] = ()) -> str:
    """Return a queue as the journal keeps it, `behind` what the day began with."""
    rows = [[line.id, line.reason.value, line.why, line.status.value] for line in behind]
    rows += [[d.entry.id, d.reason.value, d.why, d.entry.status.value] for d in queue]
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":"))


@lru_cache(8)
def thaw(kept: Value) -> tuple[Frozen, ...]:
    """Read what `freeze` wrote; what is no such thing is an empty queue.

    It is read with each change of a day, and is the same from the first one on.
    """
    if kept is None or not is_frozen(kept):
        return ()
    return tuple(
        Frozen(id_, Reason(reason), shown(why), Status(status))
        for id_, reason, why, status in json.loads(str(kept))
        if status in frozenset(Status)
    )


def answer_of(line: Frozen, entry: Entry, said: Value, day: date, reviewed: bool) -> Answer | None:  # noqa: FBT001
    """Return what was answered for an entry of a day's queue, None if it is still open.

    Args:
        line: What the day began with.
        entry: The entry now.
        said: What the check-in of that day keeps of it.
        day: The day.
        reviewed: Whether the entry was reviewed on that day or later.
    """
    iso = day.isoformat()
    if said in frozenset(Answer):
        return Answer(str(said))
    if line.reason is Reason.REVIEW:
        if reviewed:
            return Answer.REVIEWED
        if entry.status is not Status.LEARNED:
            return Answer.SKIPPED if entry.status is Status.SKIPPED else Answer.PROGRESS
    elif entry.status is Status.LEARNED:
        return Answer.LEARNED
    elif entry.status is Status.SKIPPED:
        return Answer.SKIPPED
    elif entry.status is not line.status or (entry.progressed_on or "") >= iso:
        return Answer.PROGRESS
    return Answer.LATER if entry.snoozed(iso) else None


# Why


def untouched(days: int) -> str:
    """Why something in progress is asked about."""
    return f"In progress, untouched for {plural(days, 'day')}"


def snoozed_until(day: date) -> str:
    """Why something that was put off is back."""
    return f"Put off until {day.isoformat()}"


def needed_before(title: str) -> str:
    """Why something is asked about that another entry needs first."""
    return f"Needed before “{shortened(shown(title), 60)}”"


def part_of_gap(rank: int, title: str) -> str:
    """Why an item of a critical gap is asked about."""
    return f"Part of critical gap {rank}: {shortened(shown(title), 80)}"


def nearly_full(why: str) -> str:
    """Why something small is asked about before its turn."""
    return f"{why}; an hour is enough, and the day is nearly full"


def step_of(number: int, horizon: str, title: str) -> str:
    """Why an item of a step of the path is asked about."""
    return f"Step {number} of {shown(horizon)}: {shortened(shown(title), 80)}"


def faded(card: Card, last: date, today: date, recall: float) -> str:
    """Why a learned item is asked about."""
    days = plural((today - last).days, "day")
    begin = f"You learned this {days} ago" if card.reviews == 1 else f"Reviewed {days} ago"
    return f"{begin}; recall is down to {round(100 * recall)}%"
