"""The check-in: one entry after the other, one key each, saved at each key.

What is shown follows from the track alone, so a check-in goes on wherever it was left: after a kill,
on another terminal, or when the command line answered a part of it.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import date
from typing import ClassVar, TypeVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container
from textual.content import Content
from textual.message import Message
from textual.screen import Screen
from textual.worker import get_current_worker

from tracker_tui.domain.insight import Stats
from tracker_tui.domain.journal import Action
from tracker_tui.domain.text import shortened, shown
from tracker_tui.domain.today import Due
from tracker_tui.domain.words import Answer, Rating, Reason, Status
from tracker_tui.errors import TrackerError
from tracker_tui.exchange.stats import summary
from tracker_tui.tracker import Tracker
from tracker_tui.tracker.reviews import Backlog, Grades
from tracker_tui.tui import checkin_text
from tracker_tui.tui.commands import BY_ID, Command, bindings, in_scope, keys_of, shown_key
from tracker_tui.tui.detail_text import Context, Page
from tracker_tui.tui.glyphs import SETS
from tracker_tui.tui.links import choose, open_address
from tracker_tui.tui.screens.dialogs import Confirm
from tracker_tui.tui.screens.keys import Keys
from tracker_tui.tui.widgets.bars import CheckinBar, Hint, KeyBar
from tracker_tui.tui.widgets.detail import DetailPane, ReadingPane
from tracker_tui.tui.writing import Done, Writing

POLL_SECONDS = 0.4
HEIGHT_MIN = 14
WAIT = "another program is writing; nothing is lost"
_ALL_DONE = "everything is answered; + takes one more"
_GRADES = ("review.again", "review.hard", "review.good", "review.easy")
_ENTRY_KEYS = (
    *("item.learned", "item.progress", "item.snooze", "item.skipped", "item.note", "app.undo"),
    *("checkin.more", "app.quit", "app.help"),
)
_TWIN_KEYS = ("item.learned", "item.twins", *_ENTRY_KEYS[1:])
_REVIEW_KEYS = (*_GRADES, "review.show", "item.snooze", "app.undo", "app.quit", "app.help")
_END_KEYS = ("app.quit", "checkin.track", "item.note", "app.undo", "checkin.more", "app.help")
_ALONE_KEYS = (*_GRADES, "review.show", "item.note", "checkin.track", "app.help")

_Result = TypeVar("_Result")


class CheckIn(Writing, Screen[None]):
    """Goes through the queue of a day.

    Args:
        tracker: The track.
        day: Whose queue; None for today, which goes on at midnight.
        alone: Id of an item that is reviewed by itself; then there is no queue.
        tell: Called with everything that was done here.
        browse: Opens an address; says whether it could.
        leave: Goes to the track, where this is the only screen.
        ends: Whether `q` after the last answer ends the program.
    """

    BINDINGS: ClassVar[list[BindingType]] = bindings("checkin")
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (90, "-wide")]  # noqa: RUF012
    AUTO_FOCUS = "ReadingPane"

    class Told(Message):
        """The statistics for the summary are there."""

        def __init__(self, stats: Stats) -> None:
            super().__init__()
            self.stats = stats

    def __init__(
        self,
        tracker: Tracker,
        *,
        day: date | None = None,
        alone: str | None = None,
        tell: Callable[[Action], None] = lambda _: None,
        browse: Callable[[str], bool] = lambda _: False,
        leave: Callable[[], None] | None = None,
        ends: bool = True,
    ) -> None:
        super().__init__()
        self.tracker = tracker
        self.glyphs = SETS[tracker.config.glyphs]
        self._fixed = day
        self._alone = alone
        self._tell = tell
        self._browse = browse
        self._leave = leave
        self._ends = ends
        self.day = day or tracker.today()
        """The day whose queue is gone through."""
        self._queue: list[Due] = []
        self.due: Due | None = None
        """The entry that is asked about; None at the end."""
        self._note = ""
        """The line about the day."""
        self._made: set[str] = set()
        """Ids of the actions that were made here."""
        self._twins = False
        """Whether what is the same subject as the entry is still open."""
        self._shows = False
        self._grades: Grades | None = None
        self._stats: Stats | None = None
        self._backlog: Backlog | None = None
        self.bar = CheckinBar()
        """The first line."""
        self.pane = ReadingPane()
        """The middle."""
        self.keys = KeyBar()
        """The last line."""

    # What is shown

    def compose(self) -> ComposeResult:
        """How far it is, the entry, the keys."""
        self.bar.glyphs = self.glyphs
        yield self.bar
        with Container(id="middle"):
            yield self.pane
        yield self.keys

    def on_mount(self) -> None:
        """Begin where it was left."""
        self.look()
        self._polling = self.set_interval(POLL_SECONDS, self._poll)

    def look(self) -> None:
        """Read the queue anew and show the first entry that is open."""
        before = self.due.entry.id if self.due else None
        if self._alone is None:
            self._queue = self.tracker.queue(self.day)
            self._note = self.tracker.note_of(self.day)
            self._backlog = self.tracker.backlog() if self._fixed is None else None
            self.due = next((due for due in self._queue if not due.answered), None)
        elif self.due is None and self._alone:
            self.due = Due(self.tracker.entry(self._alone), Reason.REVIEW, "")
        if (self.due.entry.id if self.due else None) != before:
            self._shows, self._grades = False, None
        self._stats = None
        self._draw(same=before is not None and self.due is not None and before == self.due.entry.id)
        if self.due is None and self._queue:
            self._tell_stats(self.day)
        elif self.due is not None and self._reviewing and self._grades is None:
            # FSRS is imported for it: the question is there first.
            self.call_after_refresh(self._work_out, self.due.entry.id)

    @property
    def _reviewing(self) -> bool:
        return self.due is not None and self.due.reason is Reason.REVIEW

    def _draw(self, *, same: bool = False) -> None:
        today = self.tracker.today()
        self.bar.title = self._title(today)
        self.bar.done = sum(due.answered for due in self._queue)
        self.bar.total = len(self._queue)
        self.pane.show(self._page(today), same=same)
        self._fit()
        self._hint()

    def _fit(self) -> None:
        """Let the pane be as high as what is in it; a low one keeps its size from entry to entry."""
        self.pane.styles.max_height = max(HEIGHT_MIN, self.pane.length + 2)

    def _title(self, today: date) -> str:
        if self._alone is not None:
            return "Review"
        when = "" if self.day == today else ", filled in"
        return f"Check-in  {self.day:%A} {self.day.isoformat()}{when}"

    def _page(self, today: date) -> Page:
        tracker = self.tracker
        key = keys_of(BY_ID["item.open_link"], tracker.config.keymap)[0]
        context = Context(
            self.glyphs, today, tracker.local_day, tracker.spans(), open_key=shown_key(key)
        )
        if self.due is not None:
            detail = tracker.detail(self.due.entry.id, 0)
            self._twins = any(twin.status.open for twin in detail.related)
            if not self._reviewing:
                return checkin_text.entry_page(self.due, detail, self._backlog, context)
            grades = self._grades.due if self._grades is not None else None
            return checkin_text.review_page(
                self.due, detail, grades, self._backlog, context, show=self._shows
            )
        if self._queue:
            if self._stats is None:
                return checkin_text.quiet_page("Done.", "")
            lines = summary(
                self._queue,
                tracker.tomorrow(),
                tracker.note_of(self.day),
                self._stats,
                self._width,
                self.glyphs.signs,
            )
            return checkin_text.lines_page("Done for the day", lines)
        pause = tracker.paused(self.day)
        if tracker.is_empty():
            return checkin_text.quiet_page(
                "There is nothing in this track yet.", "Add something to it: enter, then a."
            )
        if pause is None:
            return checkin_text.quiet_page("Nothing is due.", "+ takes one more all the same.")
        return checkin_text.quiet_page(
            f"Paused {pause.until}.", "Nothing is asked of you; + takes one all the same."
        )

    @property
    def _width(self) -> int:
        return max(20, self.pane.size.width - 5)

    def on_resize(self) -> None:
        """Draw for the new size."""
        self.call_after_refresh(self._draw, same=True)

    def _hint(self) -> None:
        ids: tuple[str, ...]
        if self._alone is not None:
            ids = _ALONE_KEYS
        elif self.due is None:
            ids = _END_KEYS if self._queue else ("checkin.more", "checkin.track", "app.quit")
        else:
            ids = _TWIN_KEYS if self._twins else _ENTRY_KEYS
            ids = _REVIEW_KEYS if self._reviewing else ids
        known = {command.id: command for command in in_scope("checkin")}
        changed = self.tracker.config.keymap
        self.keys.hints = [
            Hint(shown_key(keys_of(c, changed)[0]), self._named(c), c)
            for c in (known[id_] for id_ in ids)
        ]

    def _named(self, command: Command) -> str:
        if command.id == "item.note" and self.due is None:
            return "note on the day"
        return command.name

    def _work_out(self, id_: str) -> None:
        if self.due is not None and self.due.entry.id == id_:
            self._grades = self.tracker.grades(id_, self.day)
            self._draw(same=True)

    @work(thread=True, exclusive=True, group="stats", exit_on_error=False)
    def _tell_stats(self, day: date) -> None:
        worker = get_current_worker()
        with suppress(TrackerError), self.tracker.another() as tracker:
            stats = tracker.stats()
            if not worker.is_cancelled and day == self.day:
                self.post_message(self.Told(stats))

    @on(Told)
    def _told(self, event: Told) -> None:
        if self.due is None:
            self._stats = event.stats
            self._draw()

    def _poll(self) -> None:
        """Hear of other processes, and of midnight."""
        if self._alone is not None:
            return
        try:
            today = self.tracker.today()
            if self._fixed is None and today != self.day:
                self.day = today
                self.say("a new day has begun")
                self.look()
            elif (
                self.tracker.queue(self.day) != self._queue
                or self.tracker.note_of(self.day) != self._note
            ):
                self.look()
        except TrackerError as error:
            self.say(str(error), warned=True)

    def say(self, text: str, *, warned: bool = False) -> None:
        """Say what was done, or what is wrong, in the frame: the keys stay in sight."""
        line = shown(text)
        room = max(10, self.size.width - 12)
        self.pane.border_subtitle = Content(line if len(line) <= room else line[: room - 1] + "…")
        self.pane.set_class(warned, "-warned")

    @on(KeyBar.Pressed)
    async def _press(self, event: KeyBar.Pressed) -> None:
        await self.app.run_action(event.command.action, self)

    # Answering

    def _write(self, verb: Callable[[], _Result], then: Done[_Result]) -> None:
        """Do a verb, one at a time: what a key means depends on what is asked."""
        if self.waiting:
            self.refuse(TrackerError("what was answered before is not written yet", WAIT))
        else:
            self.write_then(verb, then)

    def _done(self, action: Action, label: str = "") -> None:
        if not action.changes:
            self.say(action.label or "nothing to do")
            return
        self._made.add(action.id)
        self._tell(action)
        if self.is_attached:  # it may have been left while the answer waited
            self.say(label or action.label)
            self.look()

    def action_answer(self, name: str) -> None:
        """Answer the entry."""
        self.attempt(lambda: self._answer(Answer(name)))

    def _answer(self, answer: Answer, *, twins: bool = False) -> None:
        if self.due is None:
            self.say(_ALL_DONE)
        elif self._alone is not None:
            raise TrackerError("a review is answered by its grade", "1 to 4")
        else:
            day, id_ = self.day, self.due.entry.id
            self._write(lambda: self.tracker.answer(day, id_, answer, twins=twins), self._done)

    def action_answer_with_twins(self) -> None:
        """Answer that it is learned, and with it what is the same subject."""
        self.attempt(lambda: self._answer(Answer.LEARNED, twins=True))

    def action_grade(self, number: int) -> None:
        """Grade the review."""
        self.attempt(lambda: self._grade(Rating(number)))

    def _grade(self, rating: Rating) -> None:
        if self.due is None:
            self.say(_ALL_DONE)
            return
        if not self._reviewing:
            raise TrackerError("only a review is graded", "d p s x answer this one")
        day, id_ = self.day, self.due.entry.id
        self._write(
            lambda: self.tracker.grade(id_, rating, day), lambda action: self._graded(id_, action)
        )

    def _graded(self, id_: str, action: Action) -> None:
        if self._alone is not None:
            self.due = None
            self._alone = ""
        self._done(action)
        standing = self.tracker.standing(self.tracker.entry(id_))
        if standing is not None and standing.agains >= 2:
            self._offer_learning(id_)
        elif self._alone is not None:
            self.action_to_track()

    @work
    async def _offer_learning(self, id_: str) -> None:
        title = shortened(shown(self.tracker.entry(id_).title), 50)
        question = Confirm(
            f"“{title}” again twice in a row: set it back to learning?", "u takes it back."
        )
        if await self.app.push_screen_wait(question):
            day = self.day
            self.write_then(
                lambda: self.tracker.set_status([id_], Status.LEARNING, day), self._done
            )
        if self._alone is not None:
            self.action_to_track()

    def action_show(self) -> None:
        """Show what is known of the item under review, or hide it."""
        if self._reviewing:
            self._shows = not self._shows
            self._draw(same=True)
        else:
            self.pane.action_half_page(1)

    def action_more(self) -> None:
        """Put one more entry into the queue."""
        if self._alone is None:
            day = self.day
            self._write(lambda: self.tracker.more(day), self._done)

    def action_spread(self) -> None:
        """Spread overdue reviews over the coming days."""
        if self._backlog is None or not self._backlog.heavy:
            self.say("no more reviews wait than some days take")
        else:
            self._write(self.tracker.spread, self._done)

    def action_undo(self) -> None:
        """Go back over the last answer."""
        day = self.day if self._alone is None else None
        self._write(lambda: self.tracker.undo_of(day, self._made), self._undone)

    def _undone(self, action: Action | None) -> None:
        if action is None:
            self.say("there is nothing here to go back to")
        else:
            self._done(action, f"undone: {action.label}")

    @work
    async def action_note(self) -> None:
        """Write a note on the entry, or at the end one line about the day."""
        if self.due is None:
            await self._note_on_day()
            return
        day, id_ = self.day, self.due.entry.id
        title = shortened(shown(self.due.entry.title), 50)
        about = f"note {id_}"
        text = await self.ask_text(about, f"Note on “{title}”", "enter keeps it, esc drops it")
        if text and text.strip():
            note = lambda: self.tracker.add_note(id_, text, day)  # noqa: E731
            self.write_text(about, text, note, self._done, "n")

    async def _note_on_day(self) -> None:
        day = self.day
        about = f"day {day.isoformat()}"
        text = await self.ask_text(
            about,
            f"Note on {day.isoformat()}",
            "one line; enter keeps it, esc drops it",
            shown(self.tracker.note_of(day)),
        )
        if text is not None:
            note = lambda: self.tracker.day_note(day, text)  # noqa: E731
            self.write_text(about, text, note, self._done, "n")

    @work
    async def action_open_link(self) -> None:
        """Open the entry's link, or ask which of several."""
        if self.due is None:
            return
        links = self.tracker.links(self.due.entry.id)
        if not links:
            self.say("it has no link")
        elif url := await choose(self.app, links, self.say):
            open_address(self.app, url, self._browse, self.say)

    @on(DetailPane.Jump)
    def _jump(self, event: DetailPane.Jump) -> None:
        if event.target.url is not None:
            open_address(self.app, event.target.url, self._browse, self.say)

    # Leaving

    def action_to_track(self) -> None:
        """Go to the track."""
        if self._leave is not None:
            self._polling.stop()
            self._leave()
        else:
            self.dismiss(None)

    def action_quit(self) -> None:
        """Leave: from an unfinished check-in on the track to the track, else the program."""
        done = self._ends and self.due is None and bool(self._queue)
        if self._leave is None and not done:
            self.dismiss(None)
        else:
            self.leave()

    @work
    async def action_help(self) -> None:
        """Show the keys that work here."""
        await self.app.push_screen_wait(Keys("checkin", self.tracker.config.keymap))
