"""The insights: what the days come to, and a way back to fill one in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container
from textual.message import Message
from textual.screen import Screen
from textual.timer import Timer
from textual.worker import get_current_worker

from tracker_tui.domain.insight import Stats
from tracker_tui.domain.journal import Action
from tracker_tui.domain.text import plural
from tracker_tui.errors import TrackerError
from tracker_tui.exchange.stats import BLANK, Line, report
from tracker_tui.tracker import Tracker
from tracker_tui.tracker.daily import BACK_DAYS
from tracker_tui.tui.checkin_text import day_lines, lines_page
from tracker_tui.tui.commands import bindings, in_scope, keys_of, shown_key
from tracker_tui.tui.glyphs import SETS
from tracker_tui.tui.screens.checkin import POLL_SECONDS, CheckIn
from tracker_tui.tui.screens.dialogs import Confirm
from tracker_tui.tui.screens.keys import Keys
from tracker_tui.tui.widgets.bars import CheckinBar, Hint, KeyBar
from tracker_tui.tui.widgets.detail import ReadingPane
from tracker_tui.tui.writing import Writing

_KEYS = (
    *("insights.earlier", "insights.later", "go.checkin", "insights.move", "app.undo"),
    *("insights.close", "app.quit", "app.help"),
)
SAID_SECONDS = 6.0


class Insights(Writing, Screen[None]):
    """Statistics, worked out on a thread of their own.

    Args:
        tracker: The track.
        tell: Called with everything that was done here.
        browse: Opens an address; says whether it could.
    """

    BINDINGS: ClassVar[list[BindingType]] = bindings("insights")
    AUTO_FOCUS = "ReadingPane"

    class Told(Message):
        """The statistics are there, or could not be had."""

        def __init__(self, stats: Stats | None, problem: str = "") -> None:
            super().__init__()
            self.stats = stats
            self.problem = problem

    def __init__(
        self,
        tracker: Tracker,
        tell: Callable[[Action], None],
        browse: Callable[[str], bool] = lambda _: False,
    ) -> None:
        super().__init__()
        self.tracker = tracker
        self.glyphs = SETS[tracker.config.glyphs]
        self._tell = tell
        self._browse = browse
        self._today = tracker.today()
        self.day = self._today
        """The day that was chosen."""
        self.stats: Stats | None = None
        """None until they are there."""
        self._silence: Timer | None = None
        self.bar = CheckinBar()
        self.pane = ReadingPane()
        self.keys = KeyBar()

    def compose(self) -> ComposeResult:
        """A title, the figures, the keys."""
        self.bar.title = "Insights"
        yield self.bar
        with Container(id="middle"):
            yield self.pane
        yield self.keys

    def on_mount(self) -> None:
        """Have the figures worked out."""
        changed = self.tracker.config.keymap
        known = {command.id: command for command in in_scope("insights")}
        self.keys.hints = [
            Hint(shown_key(keys_of(known[id_], changed)[0]), known[id_].name, known[id_])
            for id_ in _KEYS
        ]
        self.draw()
        self.work_out()
        self.set_interval(POLL_SECONDS, self._follow)

    def _follow(self) -> None:
        """At midnight today is another day, and the week that can be filled in ends later."""
        today = self.tracker.today()
        if today == self._today:
            return
        self.day = today if self.day == self._today else self.day
        self.day = max(self.day, today - timedelta(days=BACK_DAYS))
        self._today = today
        self.draw(same=True)
        self.work_out()

    @work(thread=True, exclusive=True, group="stats", exit_on_error=False)
    def work_out(self) -> None:
        """Work the figures out anew."""
        worker = get_current_worker()
        try:
            with self.tracker.another() as tracker:
                told = self.Told(tracker.stats())
        except TrackerError as error:
            told = self.Told(None, str(error))
        if not worker.is_cancelled:
            self.post_message(told)

    @on(Told)
    def _told(self, event: Told) -> None:
        if event.stats is None:
            self.say(event.problem, warned=True)
            return
        same = self.stats is not None
        self.stats = event.stats
        self.draw(same=same)

    def draw(self, *, same: bool = False) -> None:
        """Show the chosen day and, as soon as they are there, the figures."""
        tracker, day = self.tracker, self.day
        today = tracker.today()
        lines: list[Line] = [
            *day_lines(day, today, tracker.queue(day), tracker.done_on(day), tracker.note_of(day)),
            BLANK,
        ]
        if self.stats is None:
            lines.append([("working it out …", "faint")])
        else:
            lines += report(self.stats, self._width, self.glyphs.signs, "m")
        self.pane.show(lines_page("What the days come to", lines), same=same)

    @property
    def _width(self) -> int:
        return max(20, self.pane.size.width - 5)

    def on_resize(self) -> None:
        """Draw for the new width."""
        self.call_after_refresh(self.draw, same=True)

    def on_screen_resume(self) -> None:
        """Something may have been filled in."""
        if self.stats is not None:
            self.draw(same=True)
            self.work_out()

    def say(self, text: str, *, warned: bool = False) -> None:
        """Say something in the last line for a while."""
        self.keys.warned = warned
        self.keys.said = text
        if self._silence is not None:
            self._silence.stop()
        self._silence = self.set_timer(SAID_SECONDS, self._hush)

    def _hush(self) -> None:
        self.keys.said = ""

    @on(KeyBar.Pressed)
    async def _press(self, event: KeyBar.Pressed) -> None:
        await self.app.run_action(event.command.action, self)

    # Keys

    def action_day(self, by: int) -> None:
        """Choose another day, up to a week back."""
        self._follow()
        today = self._today
        day = self.day + timedelta(days=by)
        if day > today:
            self.say("that day is still to come")
        elif day < today - timedelta(days=BACK_DAYS):
            self.say(f"only the last {BACK_DAYS} days can be filled in")
        else:
            self.day = day
            self.pane.action_top()
            self.draw(same=True)

    def action_checkin(self) -> None:
        """Check in for the chosen day."""
        self._follow()
        day: date | None = None if self.day == self._today else self.day
        self.app.push_screen(
            CheckIn(self.tracker, day=day, tell=self._tell, browse=self._browse, ends=False)
        )

    @work
    async def action_move_overdue(self) -> None:
        """Move what does not fit into its horizon to the next one, after asking."""
        over = [f for f in self.stats.forecasts if f.over and f.to] if self.stats else []
        if not over:
            self.say("everything fits, or there is no later horizon, or too little data to say")
            return
        parts = [f"{plural(len(f.over), 'entry', 'entries')} to {f.to}" for f in over]
        if await self.app.push_screen_wait(
            Confirm(f"Move {' and '.join(parts)}?", "One step; u takes it back.")
        ):
            self.write_then(self.tracker.move_overdue, self._done)

    def action_undo(self) -> None:
        """Take back the last change."""
        self.write_then(self.tracker.undo, self._undone)

    def _undone(self, action: Action | None) -> None:
        if action is None:
            self.say("there is nothing to undo")
        else:
            self._done(action, f"undone: {action.label}")

    def _done(self, action: Action, label: str = "") -> None:
        if action.changes:
            self._tell(action)
        if self.is_attached:  # it may have been left while this waited
            self.say(label or action.label)
            if action.changes:
                self.work_out()

    def action_close(self) -> None:
        """Go back to the track."""
        self.dismiss(None)

    def action_quit(self) -> None:
        """Go back to the track, as esc does: q leaves what it is pressed on."""
        self.dismiss(None)

    @work
    async def action_help(self) -> None:
        """Show the keys that work here."""
        await self.app.push_screen_wait(Keys("insights", self.tracker.config.keymap))
