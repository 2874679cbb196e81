"""The day: what is due, the check-in, and the file of the shell's prompt."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from datetime import date, timedelta

from tracker_tui import prompt
from tracker_tui.domain import dates, plan, rhythm, text, today
from tracker_tui.domain.journal import Action, Change
from tracker_tui.domain.today import Candidate, Candidates, Due, Frozen
from tracker_tui.domain.words import (
    Answer,
    Entity,
    Horizon,
    Kind,
    Rating,
    Reason,
    Status,
)
from tracker_tui.errors import TrackerError
from tracker_tui.store.days import Planned
from tracker_tui.tracker.base import verb
from tracker_tui.tracker.reviews import Reviews

BACK_DAYS = 7
"""How many days back a check-in can be filled in."""
_AHEAD = 15
"""How many candidates of a side are looked at beyond the limit: some wait for what comes first."""
_LOOK_MAX = 500
"""Up to how many candidates of a side further ones are looked at."""
_OPEN = (Status.TODO, Status.LEARNING)


class Daily(Reviews):
    """The questions and verbs of days."""

    _known: tuple[tuple[object, ...], list[Due]] | None = None
    """The queue that was asked for last, and of which day and state of the database it is."""

    prompt_waits = False
    """Whether the file of the shell's prompt is left to `catch_up` and `close`: it takes longer to
    work out than most writes do, and a screen has a key to answer."""
    _prompt_due = False

    # The queue

    def queue(self, day: date | None = None) -> list[Due]:
        """Return what a day's queue holds, what was answered included, in its order.

        From the first thing done on a day on, it is the one that the day began with; if that had
        fewer entries than a day has places, today takes what came since.
        """
        day = day or self.today()
        stamp = (self._store.stamp(), day)
        if self._known is None or self._known[0] != stamp:
            self._known = (stamp, self._queue(day))
        return list(self._known[1])

    def _queue(self, day: date) -> list[Due]:
        facts = self._store.facts_of(Entity.DAY, day.isoformat())
        if facts.get("queue") is None:
            return self._fresh(day)
        lines = today.thaw(facts["queue"])
        found = {e.id: e for e in self._store.entries(line.id for line in lines)}
        start = self.calendar.start_text(day)
        result = []
        for line in lines:
            entry = found.get(line.id)
            if entry is None or entry.deleted:
                continue
            reviewed = line.reason is Reason.REVIEW and self._store.reviewed_since(line.id, start)
            answer = today.answer_of(line, entry, facts.get(_answer(line.id)), day, reviewed)
            result.append(Due(entry, line.reason, line.why, answer))
        return [*self._held(result, day), *self._since(day, lines)]

    def _since(self, day: date, lines: Sequence[Frozen]) -> list[Due]:
        """What today has places left for, beside what it began with."""
        room = self.config.daily_limit - len(lines)
        if room <= 0 or day != self.today() or self.paused(day) is not None:
            return []
        return self._chosen(day, room, {line.id for line in lines})

    def _held(self, queue: list[Due], day: date) -> list[Due]:
        """Say of the open entries of a day that has begun what each needs first by now."""
        open_ = [due for due in queue if not due.answered and due.entry.status is Status.TODO]
        around = self._store.wholes({d.entry.id for d in open_ if d.reason in _WHOLE})
        wholes = {
            due.entry.id: [
                whole
                for whole, kind in around.get(due.entry.id, ())
                if kind == _WHOLE.get(due.reason)
            ]
            for due in open_
        }
        needs = self._store.needs({*wholes, *(id_ for some in wholes.values() for id_ in some)})
        iso = day.isoformat()
        return [
            due._replace(first=today.held(due.entry, wholes[due.entry.id], needs, iso))
            if due.entry.id in wholes
            else due
            for due in queue
        ]

    def _fresh(self, day: date, *, paused: bool | None = None) -> list[Due]:
        if paused if paused is not None else self.paused(day) is not None:
            return []
        limit = self.config.daily_limit
        return self._chosen(day, limit)

    def _chosen(
        self, day: date, limit: int, known: Collection[str] = (), without: Collection[Reason] = ()
    ) -> list[Due]:
        """Choose for a day, beside what is known already.

        Where too many of those looked at wait for the same few, further ones are looked at; where
        all of the path waits, what is planned nowhere.
        """
        looked, spare = limit + len(known), False
        while True:
            found = self._candidates(day, looked, spare=spare)
            chosen = today.choose(found.without(known, without), day, limit)
            if len(chosen) == limit:
                return chosen
            cut = any(len(side) >= looked + _AHEAD for side in found.sides.values())
            spared = Reason.ITEM in found.sides or any(d.reason is Reason.STEP for d in chosen)
            if cut and looked < _LOOK_MAX:
                looked *= 8
            elif not spared:
                spare = True
            else:
                return chosen

    def _candidates(self, day: date, limit: int, *, spare: bool = False) -> Candidates:
        store, iso = self._store, day.isoformat()
        count = limit + _AHEAD
        idle = self.calendar.start_text(day - timedelta(days=today.IDLE_DAYS - 1))
        sides: dict[Reason, list[Candidate]] = {
            Reason.REVIEW: self._due_reviews(day, count),
            Reason.PROGRESS: [
                Candidate(entry, today.untouched((day - self.local_day(entry.updated_at)).days))
                for entry in store.in_progress(idle, iso, count)
            ],
            Reason.SNOOZED: [
                Candidate(entry, today.snoozed_until(date.fromisoformat(str(entry.snoozed_until))))
                for entry in store.woken(iso, count)
            ],
            Reason.CRITICAL: [_of_gap(found) for found in store.planned(Kind.GAP, iso, count)],
            Reason.STEP: self._next_steps(iso, count),
        }
        if spare or not sides[Reason.STEP]:
            sides[Reason.ITEM] = self._spare(iso, count)
        begun = [c for side in sides.values() for c in side if c.entry.status in _OPEN]
        needs = store.needs({c.whole for c in begun if c.whole} | {c.entry.id for c in begun})
        asked = {c.entry.id for side in sides.values() for c in side}
        asked.update(entry.id for several in needs.values() for entry in several)
        return Candidates(sides, needs, store.twins(asked))

    def _next_steps(self, iso: str, count: int) -> list[Candidate]:
        titles = {span.id: span.title for span in self.spans()}
        found: list[tuple[int, Candidate]] = []
        order = list(Horizon)
        for planned in self._store.planned(Kind.STEP, iso, count):
            if planned.horizon is not None:
                title = titles[planned.horizon]
                why = (
                    f"Next step of {text.shown(title)}"
                    if planned.entry.id == planned.whole
                    else today.step_of(planned.number, title, planned.title)
                )
                candidate = Candidate(planned.entry, why, planned.whole, planned.title)
                found.append((order.index(planned.horizon), candidate))
        for entry in self._store.planned_items(iso, count):
            if entry.horizon is not None:
                why = f"Planned for {text.shown(titles[entry.horizon])}"
                found.append((order.index(entry.horizon), Candidate(entry, why)))
        found.sort(key=lambda pair: pair[0])
        return [candidate for _, candidate in found]

    def _spare(self, iso: str, count: int) -> list[Candidate]:
        found: list[Candidate] = []
        for category in self._store.with_todo(None, -1):
            why = f"Next in {text.shortened(text.shown(category.title), 60)}"
            self._collect(category.id, iso, why, count, found)
            if len(found) >= count:
                break
        return found

    def _collect(self, parent: str, iso: str, why: str, count: int, found: list[Candidate]) -> None:
        # Some of them may be put off or planned; those that hold others lead on to these.
        for entry in self._store.with_todo(parent, 4 * count):
            if len(found) >= count:
                return
            todo = entry.kind is Kind.ITEM and entry.status is Status.TODO
            if todo and entry.horizon is None and not entry.snoozed(iso):
                found.append(Candidate(entry, why))
            if entry.children:
                self._collect(entry.id, iso, why, count, found)

    def freeze(self, action: Action) -> Action:
        """Return an action that also keeps the queue as it was before it, what was kept of it first."""
        if not action.changes or not action.day:
            return action
        day = date.fromisoformat(action.day)
        kept = self._store.facts_of(Entity.DAY, action.day).get("queue")
        lines = today.thaw(kept)
        more = self._fresh(day) if kept is None else self._since(day, lines)
        if kept is not None and not more:
            return action
        if self.paused(day) is not None:
            return action  # When the pause is ended on that day, there is a queue again.
        kept = today.freeze(more, lines)
        return action.also(Change(Entity.DAY, action.day, "queue", None, kept))

    def left(self) -> int:
        """Return how many entries of today are still open; none in a pause."""
        if self.paused() is not None:
            return 0
        return sum(not due.answered for due in self.queue())

    def next_due(self) -> Due | None:
        """Return the one thing to do now: the first open entry of today's queue that can be begun.

        Where all that is open needs something first, that. When all of it is answered, what one
        more would be; None if there is nothing, or in a pause.
        """
        day = self.today()
        queue = self.queue(day)
        if self.paused(day) is not None:
            return None
        open_ = [due for due in queue if not due.answered]
        for due in open_:
            if due.first is None:
                return due
        needs = self._store.needs(
            {due.entry.id for due in open_} | {d.first.id for d in open_ if d.first}
        )
        for due in open_:
            if instead := today.instead(due, needs, day.isoformat()):
                return instead
        found = self._chosen(day, 1, {due.entry.id for due in queue})
        return found[0] if found else None

    def tomorrow(self) -> list[Due]:
        """Return what the next day's queue would be, if nothing more were done today."""
        return self._fresh(self.today() + timedelta(days=1))

    # The check-in

    def check_in_day(self, words: str) -> date:
        """Return the day that a check-in is asked for in words: today, or up to 7 days back.

        Raises:
            TrackerError: if it means no such day.
        """
        now = self.today()
        day = dates.parse_past(words, now, self.config.first_weekday)
        if not now - timedelta(days=BACK_DAYS) <= day <= now:
            raise TrackerError(
                f"a check-in cannot be made for {day.isoformat()}",
                f"today and the {BACK_DAYS} days before can be filled in",
            )
        return day

    @verb
    def answer(self, day: date, id_: str, answer: Answer, *, twins: bool = False) -> Action:
        """Answer an entry of a day's queue: learned, progress, later or skipped.

        With `twins`, what is the same subject is learned with it.

        Raises:
            TrackerError: if it is not there, or must be graded instead.
        """
        due = self._asked(day, id_)
        entry, action = due.entry, Action("", ())
        if answer is Answer.REVIEWED:
            raise TrackerError("this one is not under review", "d p s x answer it")
        if due.reason is Reason.REVIEW and answer in (Answer.LEARNED, Answer.PROGRESS):
            raise TrackerError("this one is learned already", "grade it with 1 to 4")
        if answer is Answer.LEARNED:
            action = self._status_action([id_], Status.LEARNED, day, twins=twins)
        elif answer is Answer.SKIPPED:
            action = self._status_action([id_], Status.SKIPPED, day)
        elif answer is Answer.PROGRESS:
            action = plan.progress([entry], day.isoformat())
        elif day == self.today():
            until = (day + timedelta(days=1)).isoformat()
            action = plan.snooze(until, [entry])
        else:
            action = Action(f"{plan.quoted(entry)}: not on {day.isoformat()}", ())
        change = Change(Entity.DAY, day.isoformat(), _answer(id_), None, answer.value)
        return self._apply(action.also(change), day)

    @verb
    def grade(self, id_: str, rating: Rating, day: date | None = None) -> Action:
        """Keep a review of a learned item, on `day` (today unless given).

        Raises:
            TrackerError: if it is not learned.
        """
        day = day or self.today()
        (entry,) = self._living([id_])
        if entry.status is not Status.LEARNED or entry.kind is not Kind.ITEM:
            raise TrackerError(
                f"{plan.quoted(entry)} is not learned yet", "only what is gets reviewed"
            )
        at = dates.utc_text(self._moment(day))
        action = plan.review(entry, self._review_id(), at, rating)
        if any(due.entry.id == id_ and due.reason is Reason.REVIEW for due in self.queue(day)):
            said = Change(Entity.DAY, day.isoformat(), _answer(id_), None, Answer.REVIEWED.value)
            action = action.also(said)
        return self._apply(action, day)

    @verb
    def progress(self, ids: Sequence[str], day: date | None = None) -> Action:
        """Note that progress was made: what was not begun is in progress from then on."""
        day = day or self.today()
        entries = [e for e in self.bearers(ids) if e.status in _OPEN]
        if not entries:
            raise TrackerError("there is nothing open in it", "set its status back first")
        return self._apply(plan.progress(entries, day.isoformat()), day)

    @verb
    def more(self, day: date) -> Action:
        """Put one more entry into a day's queue."""
        queue = self.queue(day)
        known = {due.entry.id for due in queue}
        reviewing = sum(due.reason is Reason.REVIEW for due in queue)
        crowded = 2 * (reviewing + 1) > len(queue) + 1
        found = self._chosen(day, 1, known, [Reason.REVIEW] if crowded else ())
        if crowded and not found:
            found = self._chosen(day, 1, known)
        if not found:
            return Action("there is nothing more for today", ())
        kept = today.freeze([*self._as_begun(day, queue), *found])
        change = Change(Entity.DAY, day.isoformat(), "queue", None, kept)
        return self._store.apply(
            Action(f"one more: {plan.quoted(found[0].entry)}", (change,), day=""), self._at()
        )

    def _as_begun(self, day: date, queue: Iterable[Due]) -> list[Due]:
        """The queue with the statuses that it began with, where these are kept."""
        facts = self._store.facts_of(Entity.DAY, day.isoformat())
        begun = {line.id: line.status for line in today.thaw(facts.get("queue"))}
        return [
            due._replace(entry=due.entry._replace(status=begun.get(due.entry.id, due.entry.status)))
            for due in queue
        ]

    @verb
    def day_note(self, day: date, words: str) -> Action:
        """Keep one line about a day; empty words take it away."""
        old = self.note_of(day)
        words = text.line(words)[: text.TITLE_MAX]
        if words == old:
            return Action("nothing to change", ())
        change = Change(Entity.DAY, day.isoformat(), "note", old or None, words or None)
        return self._apply(Action(f"note on {day.isoformat()}", (change,)), day)

    def note_of(self, day: date) -> str:
        """Return the line that was kept about a day, empty if none was."""
        return str(self._store.facts_of(Entity.DAY, day.isoformat()).get("note") or "")

    def done_on(self, day: date) -> list[str]:
        """Return what was done on a day, in words."""
        return self._store.labels_on(day.isoformat())

    def undo_of(self, day: date | None, made: Collection[str] = ()) -> Action | None:
        """Take back the last thing if it belongs to the check-in of `day`; None if it does not.

        That are the answers of the day, whoever gave them, and the actions whose ids are in `made`.
        """
        with self._store.transaction():
            line = self._store.undoable()
            if line is None:
                return None
            answered = day is not None and any(
                entity == Entity.DAY and id_ == day.isoformat() and name.startswith(_ANSWER)
                for entity, id_, name in self._store.touched(line.id)
            )
            if not answered and line.id not in made:
                return None
            action = self._store.undo(self._at())
        self._written()
        return action

    def _asked(self, day: date, id_: str) -> Due:
        for due in self.queue(day):
            if due.entry.id == id_:
                return due
        raise TrackerError(
            f"“{id_}” is not in the queue of {day.isoformat()}", "tracker today shows it"
        )

    # The shell's prompt

    def _written(self) -> None:
        super()._written()
        if self.prompt_waits:
            self._prompt_due = True
        elif not self._store.writing:
            self.keep_prompt()

    def catch_up(self) -> None:
        """Do what a write left for later."""
        if self._prompt_due and not self._store.writing:
            self.keep_prompt()

    def close(self) -> None:
        """Close the database, with nothing left for later."""
        self.catch_up()
        super().close()

    def keep_prompt(self) -> None:
        """Keep how much today and the days after ask for, for `tracker prompt`."""
        self._prompt_due = False
        # The write is done; that the file for it cannot be made is no reason to say it was not.
        with suppress(TrackerError, OSError):
            counts = self._ahead()
            file = self.paths.data / prompt.NAME
            made = file.with_name(f"{prompt.NAME}.{os.getpid()}.tmp")
            handle = os.open(made, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
            with os.fdopen(handle, "w", encoding="ascii") as out:
                out.write(prompt.write(counts))
            made.replace(file)

    def _ahead(self) -> list[tuple[float, int]]:
        """From which moments on how many things are asked for, if nothing is done any more."""
        now = self.today()
        days = {now, now + timedelta(days=1)}
        pauses = self.pauses()
        for pause in pauses:
            days.add(pause.begin)
            if pause.end is not None:
                days.add(pause.end + timedelta(days=1))
        counts: list[tuple[float, int]] = []
        later = len(self._fresh(now + timedelta(days=1), paused=False))
        for day in sorted(day for day in days if day >= now):
            count = 0 if rhythm.paused(day, pauses) is not None else later
            if day == now:
                count = self.left()
            counts.append((self.calendar.start_of(day).timestamp(), count))
        return counts


_ANSWER = "answer "
_WHOLE = {Reason.CRITICAL: Kind.GAP, Reason.STEP: Kind.STEP}
"""What an item is asked for as a part of."""


def _answer(id_: str) -> str:
    return f"{_ANSWER}{id_}"


def _of_gap(found: Planned) -> Candidate:
    if found.entry.id == found.whole:
        return Candidate(found.entry, f"Critical gap {found.number}, not begun yet")
    why = today.part_of_gap(found.number, found.title)
    return Candidate(found.entry, why, found.whole, found.title)
