"""The check-in line by line: for a dumb terminal, a pipe or a screen reader."""

from __future__ import annotations

from datetime import date
from typing import TextIO

from tracker_tui.cli.output import EMPTY, Output
from tracker_tui.domain.dates import ago
from tracker_tui.domain.journal import Action
from tracker_tui.domain.signs import SIGNS
from tracker_tui.domain.text import plural, shown, shown_block
from tracker_tui.domain.today import Due
from tracker_tui.domain.track import Detail
from tracker_tui.domain.words import Answer, Rating, Reason, Status
from tracker_tui.errors import TrackerError, one_line
from tracker_tui.exchange.stats import summary
from tracker_tui.tracker import Tracker

_ANSWERS = {
    "d": Answer.LEARNED,
    "p": Answer.PROGRESS,
    "s": Answer.LATER,
    "x": Answer.SKIPPED,
}
_GRADES = {str(rating.value): rating for rating in Rating}
_KEYS = "d learned, p progress, s not today, x skip for good, n note, u back, + one more, q leave"
_REVIEW_KEYS = "show, s not today, x skip for good, n note, u back, + one more, q leave"


def check_in(tracker: Tracker, out: Output, day: date, lines: TextIO) -> None:
    """Go through a day's queue: write an entry, read what is answered, until nothing is open."""
    session = _Session(tracker, out, day, lines)
    backlog = tracker.backlog()
    if backlog.heavy:
        out.line(
            f"{backlog.overdue} reviews are due and a day takes {backlog.per_day}:"
            " tracker reviews spread spreads them over the coming days."
        )
    while True:
        open_ = [due for due in tracker.queue(day) if not due.answered]
        if not open_:
            break
        if not session.ask(open_[0]):
            return
    session.end()


def ask_grade(tracker: Tracker, out: Output, id_: str, day: date, lines: TextIO) -> None:
    """Ask how well one learned item is recalled, and keep it."""
    _Session(tracker, out, day, lines).grade_one(id_)


class _Session:
    def __init__(self, tracker: Tracker, out: Output, day: date, lines: TextIO) -> None:
        self.tracker = tracker
        self.out = out
        self.day = day
        self.lines = lines
        self.made: set[str] = set()

    def read(self, prompt: str) -> str | None:
        """Ask for a line; None at the end of the input."""
        self.out.prompt(prompt)
        line = self.lines.readline()
        if not line:
            self.out.line()
            return None
        return line.strip()

    # One entry

    def ask(self, due: Due) -> bool:
        """Ask about one entry, until something is answered; False to leave."""
        queue = self.tracker.queue(self.day)
        place = [one.entry.id for one in queue].index(due.entry.id) + 1
        detail = self.tracker.detail(due.entry.id)
        self.out.line()
        self.out.line(f"{place} of {len(queue)}. {due.told}")
        reviewing = due.reason is Reason.REVIEW
        if reviewing:
            self._question(detail)
        else:
            self._entry(detail)
        twins = sum(twin.status.open for twin in detail.related)
        keys = _KEYS if not twins else f"T learned, with {plural(twins, 'twin')}, {_KEYS}"
        while True:
            said = self.read(_grades(self.tracker, due, self.day) if reviewing else keys)
            if said is None or said == "q":
                return False
            try:
                if self._answered(said, due, detail):
                    return True
            except TrackerError as error:
                self.out.line(str(error))

    def _answered(self, said: str, due: Due, detail: Detail) -> bool:
        """Do what was said; whether that calls for the next entry."""
        tracker, id_ = self.tracker, due.entry.id
        if due.reason is Reason.REVIEW and said in _GRADES:
            self._graded(id_, _GRADES[said])
            return True
        if said in _ANSWERS:
            self._say(tracker.answer(self.day, id_, _ANSWERS[said]))
            return True
        if said == "T":
            self._say(tracker.answer(self.day, id_, Answer.LEARNED, twins=True))
            return True
        if said == "u":
            action = tracker.undo_of(self.day, self.made)
            self._say(action, "there is nothing to go back to")
            return action is not None
        if said == "+":
            self._say(tracker.more(self.day), "there is nothing more for today")
        elif said == "n" or said.startswith("n "):
            words = said[2:] or self.read("Note:") or ""
            self._say(tracker.add_note(id_, words, self.day), "no note written")
        elif said == "show":
            self._entry(detail)
        else:
            self.out.line(f"“{one_line(said)}” is none of these")
        return False

    def _graded(self, id_: str, rating: Rating) -> None:
        self._say(self.tracker.grade(id_, rating, self.day))
        standing = self.tracker.standing(self.tracker.entry(id_))
        if standing is None or standing.agains < 2:
            return
        said = self.read("That was again twice in a row. Set it back to learning? y or n")
        if said is not None and said.lower() in ("y", "yes"):
            self._say(self.tracker.set_status([id_], Status.LEARNING, self.day))

    def grade_one(self, id_: str) -> None:
        detail = self.tracker.detail(id_)
        if detail.entry.status is not Status.LEARNED:
            title = one_line(detail.entry.title)
            raise TrackerError(f"“{title}” is not learned yet", "only what is gets reviewed")
        due = Due(detail.entry, Reason.REVIEW, "")
        self._question(detail)
        while True:
            said = self.read(_grades(self.tracker, due, self.day, alone=True))
            if said is None or said == "q":
                return
            if said in _GRADES:
                self._graded(id_, _GRADES[said])
                return
            if said == "show":
                self._entry(detail)
            else:
                self.out.line(f"“{one_line(said)}” is none of these")

    def _question(self, detail: Detail) -> None:
        entry = detail.entry
        self.out.line(f"Do you still know this? {shown(entry.done_when or entry.title)}")
        if entry.done_when:
            self.out.line(f"({shown(entry.title)})")

    def _entry(self, detail: Detail) -> None:
        entry = detail.entry
        self.out.line(shown(entry.title))
        if entry.description:
            self.out.line(shown_block(entry.description))
        begin = entry.first_step if entry.status is Status.TODO else ""
        effort = entry.effort.words if entry.effort else ""
        facts = [("First step", begin), ("Done when", entry.done_when), ("Effort", effort)]
        facts += [("Study", f"{link.title}  {link.url}") for link in detail.links]
        for label, words in facts:
            if words:
                self.out.labelled(label, words)
        for twin in detail.related:
            if twin.status.open:
                self.out.labelled("Related", f"{twin.title}  {twin.where}")
        for note in detail.notes[:5]:
            self.out.line(f"Note of {note.at[:10]}: {shown_block(note.text)}")

    def _say(self, action: Action | None, nothing: str = "nothing to do") -> None:
        if action is None or not action.changes:
            self.out.line(nothing)
        else:
            self.made.add(action.id)
            self.out.line(("undone: " if action.undoes else "") + one_line(action.label))

    # The end

    def end(self) -> None:
        """Say what was done, and offer a line about the day."""
        tracker = self.tracker
        queue = tracker.queue(self.day)
        if not queue:
            pause = tracker.paused(self.day)
            quiet = f"{EMPTY[0].upper()}{EMPTY[1:]}." if tracker.is_empty() else "Nothing is due."
            self.out.line(quiet if pause is None else "Paused: nothing is asked of you.")
        else:
            self.out.line(f"\nDone: {plural(len(queue), 'thing')} for {self.day.isoformat()}.")
            note = tracker.note_of(self.day)
            words = self.read("A line about the day, or nothing:") if not note else None
            if words:
                self._say(tracker.day_note(self.day, words))
        signs = SIGNS[tracker.config.glyphs]
        found = summary(
            queue,
            tracker.tomorrow(),
            tracker.note_of(self.day),
            tracker.stats(),
            self.out.width,
            signs,
        )
        for line in found:
            self.out.pieces(line)


def _grades(tracker: Tracker, due: Due, day: date, *, alone: bool = False) -> str:
    dates = tracker.grades(due.entry.id, day).due
    today = tracker.today()
    grades = ", ".join(
        f"{rating.value} {rating.word} ({ago(when, today)})" for rating, when in dates.items()
    )
    return f"{grades}, " + ("show, q leave" if alone else _REVIEW_KEYS)
