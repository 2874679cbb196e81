"""The application: starting, stopping, and what all screens share."""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import sys
from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar

from rich.console import RenderableType
from textual import constants, on
from textual.app import SystemCommand
from textual.binding import BindingType
from textual.driver import Driver
from textual.events import Resize
from textual.screen import Screen

from tracker_tui import log
from tracker_tui.config import Config
from tracker_tui.domain.journal import Action
from tracker_tui.domain.text import plural
from tracker_tui.errors import Damaged, TrackerError, nearest
from tracker_tui.paths import Paths
from tracker_tui.tracker import Tracker
from tracker_tui.tracker.base import system_clock
from tracker_tui.tracker.checking import Checking
from tracker_tui.tui import commands
from tracker_tui.tui.drafts import Drafts
from tracker_tui.tui.driver import QuickDriver
from tracker_tui.tui.editing import Editing
from tracker_tui.tui.messages import Changed
from tracker_tui.tui.mirrors import Mirrors
from tracker_tui.tui.palette import PaintedApp
from tracker_tui.tui.themes import DARK, THEMES
from tracker_tui.tui.typeahead import TypeAhead
from tracker_tui.tui.writing import RETRY_SECONDS, TRY_SECONDS, Speaker, Writes, Writing

if TYPE_CHECKING:
    from tracker_tui.tui.screens.main import MainScreen

BUSY_SECONDS = 2.0
"""How long the start, the end and the other threads wait for another process that is writing."""
BACKUP_SECONDS = 2.0
"""How often it is asked whether the day's backup is due; the answer costs some microseconds."""
CHECK_SECONDS = 0.5
"""How long after the start the database is looked through, if it is to be: the first keys come first."""
POLL_SECONDS = 0.4
"""How often it is looked whether the database is still where it was."""
THEME = "theme"
"""Under which key the theme is kept: its name, and the configured one at the time."""


class TrackerApp(TypeAhead, PaintedApp):
    """The screen of tracker."""

    TITLE = "tracker"
    CSS_PATH: ClassVar = [
        "screens/board.tcss",
        "screens/dialogs.tcss",
        "screens/checkin.tcss",
        "widgets/track_tree.tcss",
        "widgets/detail.tcss",
        "widgets/bars.tcss",
        "widgets/filter_line.tcss",
    ]
    BINDINGS: ClassVar[list[BindingType]] = []
    ENABLE_COMMAND_PALETTE = True

    def __init__(
        self,
        tracker: Tracker,
        *,
        checkin: bool = False,
        day: date | None = None,
        checking: Checking | None = None,
    ) -> None:
        super().__init__(driver_class=_driver())
        self.tracker = tracker
        self._main: MainScreen | None = None
        self._checkin = checkin
        self._day = day
        self.writes = Writes(lambda again: self.set_interval(RETRY_SECONDS, again, pause=True))
        """What keys wrote that waits for another process."""
        self.drafts = Drafts()
        """What was typed and is not written yet."""
        self.mirrors = Mirrors(tracker)
        """The Markdown files that are kept in step."""
        self._file_problem = ""
        self._warned_of = 0
        """How many of them may be lost by leaving, as was said."""
        self._checking = checking
        self.damage: Damaged | None = None
        """What looking through the database has found."""
        self.failure: BaseException | None = None
        """The unexpected exception that ended the program, if one did."""
        for theme in THEMES:
            self.register_theme(theme)
        self.begin_with(self._first_theme())
        if tracker.config.glyphs == "ascii":
            self.add_class("-ascii", update=False)
        self.set_keymap(commands.keymap(tracker.config.keymap))

    def _first_theme(self) -> str:
        """The theme used last, unless the configuration names another one since."""
        configured = self.tracker.config.theme
        if configured and configured not in self.available_themes:
            raise TrackerError(
                f"there is no theme “{configured}”",
                nearest(configured, list(self.available_themes)),
            )
        match self.tracker.remembered(THEME):
            case [str(used), str(at_the_time)] if at_the_time == configured:
                if used in self.available_themes:
                    return used
        return configured or DARK

    @property
    def main(self) -> MainScreen:
        """The main screen; made when it is first needed, which a check-in alone never does."""
        if self._main is None:
            from tracker_tui.tui.screens.main import MainScreen

            self._main = MainScreen(self.tracker, Editing(self))
        return self._main

    def get_default_screen(self) -> Screen[None]:
        """The main screen, or the check-in if only that was asked for."""
        if self._checkin:
            from tracker_tui.tui.screens.checkin import CheckIn

            return CheckIn(
                self.tracker,
                day=self._day,
                browse=Editing.browse,
                leave=self.go_to_track,
            )
        self.main.expect(self.size)
        return self.main

    def go_to_track(self) -> None:
        """Show the main screen over the check-in, which was the first one and cannot be replaced."""
        self.push_screen(self.main)

    def leave(self, speaker: Speaker) -> None:
        """End the program; with writes that wait, only when asked again."""
        count = len(self.writes) + self.drafts.failed
        if count > self._warned_of:
            self._warned_of = count
            if len(self.writes):
                what = plural(len(self.writes), "change")
                speaker.say(f"{what} not written yet; quitting now may lose it", warned=True)
            else:
                what = plural(count, "text that you typed is", "texts that you typed are")
                speaker.say(f"{what} not written yet; quitting puts it into a file", warned=True)
        else:
            self.exit()

    def on_mount(self) -> None:
        """Let a closed terminal or a polite kill end the program as `q` does."""
        self.tracker.wait_at_most(TRY_SECONDS)
        self.tracker.prompt_waits = True
        for name in ("SIGTERM", "SIGHUP"):
            number = getattr(signal, name, None)
            if number is not None:
                signal.signal(number, lambda *_: self.exit())
        self.call_after_refresh(_collect_again)
        if self._checking is not None and self._checking.due:
            self.set_timer(CHECK_SECONDS, self._look_through)
        self.set_interval(BACKUP_SECONDS, self._back_up)
        self.set_interval(POLL_SECONDS, self._follow_file)
        self.set_interval(POLL_SECONDS, self._follow_mirrors)

    def _look_through(self) -> None:
        self.run_worker(self._check, thread=True, group="check", exit_on_error=False)

    def _check(self) -> None:
        assert self._checking is not None
        self.damage = self._checking.look()
        if self.damage is not None:
            told = Damaged("the database is damaged", "leave with q: then it can be seen to")
            self.call_from_thread(self._speaker.refuse, told)

    def _back_up(self) -> None:
        if self.tracker.backup_due:
            self.run_worker(self._daily_backup, thread=True, group="backup", exit_on_error=False)

    def _daily_backup(self) -> None:
        damage = self.tracker.daily_backup()
        if damage is not None:
            self.call_from_thread(self._speaker.refuse, damage)

    async def _on_resize(self, event: Resize) -> None:
        event.prevent_default()
        # A new one: Textual hands it on to the screen, whose own handler a default that was
        # prevented would leave out.
        told = Resize(event.size, event.virtual_size, event.container_size, event.pixel_size)
        if isinstance(self._driver, QuickDriver):
            told = self._driver.as_it_is(told)
        await super()._on_resize(told)

    @on(Driver.SignalResume)
    def _draw_all(self) -> None:
        """Back from the shell: the terminal has forgotten what was on it."""
        self.refresh(layout=True)

    def _follow_file(self) -> None:
        """Say that the database was deleted or replaced, and go on with what replaced it."""
        if isinstance(self._driver, QuickDriver) and self._driver.is_gone:
            self.exit()
            return
        self.tracker.catch_up()
        problem = ""
        try:
            if self.tracker.renew():
                self._speaker.say("the track was replaced by another file; this is the new one")
                if self._main is not None:
                    replaced = Action("the track was replaced", ())
                    self._main.post_message(Changed(replaced, everything=True))
        except TrackerError as error:
            problem = str(error)
            if problem != self._file_problem:
                self._speaker.refuse(error)
        self._file_problem = problem

    def _follow_mirrors(self) -> None:
        """Bring the mirrored files in step when one of them changed, or the track."""
        with contextlib.suppress(TrackerError):  # the database: `_follow_file` says so
            if not len(self.writes) and self.mirrors.due():
                self.run_worker(
                    self._in_step, thread=True, group="mirror", exclusive=True, exit_on_error=False
                )

    def _in_step(self) -> None:
        try:
            told = self.mirrors.say(self.mirrors.step())
        except TrackerError as error:
            told = self.mirrors.failed(error)
        if told is not None:
            self.call_from_thread(self._speaker.say, told.text, warned=told.warned)

    @property
    def _speaker(self) -> Speaker:
        """The topmost screen that can say something."""
        return next(s for s in reversed(self.screen_stack) if isinstance(s, Writing))

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """Every command of the table, under the names the key bar and the help use."""
        if screen is self._main:
            for command in commands.COMMANDS:
                if command.action.startswith("app.command_palette"):
                    continue
                if command.scope not in ("main", "tree"):
                    continue
                keys = commands.shown_keys(command, self.tracker.config.keymap)
                yield SystemCommand(
                    f"{command.name}  {keys}".rstrip(), command.tooltip, Runner(self, command)
                )
        yield SystemCommand("theme", "Choose another theme", self.search_themes)

    def exit(
        self, result: None = None, return_code: int = 0, message: RenderableType | None = None
    ) -> None:
        """End the program; from here on nobody listens to the keyboard."""
        if self._checking is not None:
            self._checking.stop()
        if isinstance(self._driver, QuickDriver):
            self._driver.leave()
        super().exit(result, return_code, message)

    def let_go(self) -> None:
        """Leave the keyboard to somebody else, after the end."""
        if isinstance(self._driver, QuickDriver):
            self._driver.let_go()

    @property
    def is_unread(self) -> bool:
        """Whether the terminal does not read what was written last."""
        return isinstance(self._driver, QuickDriver) and self._driver.unread

    def remember(self) -> None:
        """Keep the state of the screen for the next run."""
        if self._main is not None:
            from tracker_tui.tui.screens.board import MEMORY

            self.tracker.remember(MEMORY, self._main.memory())
        self.tracker.remember(THEME, [self.theme, self.tracker.config.theme])

    def _handle_exception(self, error: Exception) -> None:
        """End without a traceback on the screen; `run` logs it and says one line.

        When it ends already, screens are being taken down: what a worker misses there is no failure.
        """
        if self._exit:
            return
        self.failure = error
        self._exception = error
        self.exit(return_code=1)


class Runner:
    """Runs a command from the palette, in the pane it belongs to."""

    def __init__(self, app: TrackerApp, command: commands.Command) -> None:
        self._app = app
        self._command = command

    async def __call__(self) -> None:
        """Run it."""
        main = self._app.main
        namespace = main.tree_pane if self._command.scope == "tree" else main
        await self._app.run_action(self._command.action, namespace)


def _driver() -> type[Driver] | None:
    """Our own driver where there is a terminal like those of Unix, else Textual's choice."""
    return None if sys.platform == "win32" or constants.DRIVER else QuickDriver


def _collect_again() -> None:
    gc.enable()
    gc.freeze()


def _finish(app: TrackerApp, tracker: Tracker) -> None:
    """Do what is left to be done when there is no screen any more."""
    tracker.wait_at_most(BUSY_SECONDS)
    if app.failure is not None:
        return
    with contextlib.suppress(TrackerError):
        app.remember()
    app.writes.finish()
    with contextlib.suppress(TrackerError):
        if app.mirrors.behind():
            tracker.mirror_all()
    damage = app.damage
    if damage is None and tracker.backup_due:
        damage = tracker.daily_backup()
    if damage is not None:
        raise damage


def run(
    paths: Paths,
    config: Config,
    *,
    checkin: bool = False,
    day: date | None = None,
    debug: bool = False,
) -> int:
    """Open the screen, or only the check-in of a day; return the exit code.

    Raises:
        TrackerError: if the database, the theme or the keymap cannot be used.
        Damaged: also at the end, if the database was found damaged meanwhile.
    """
    if debug:
        log.start(paths.log_file, debug=True)
    # Collecting garbage before the first frame only finds what start-up still needs.
    gc.disable()
    checking = Checking(paths, system_clock().date())
    app = None
    code = 1
    try:
        with Tracker(paths, config, timeout=BUSY_SECONDS) as tracker:
            app = TrackerApp(tracker, checkin=checkin, day=day, checking=checking)
            app.run()
            try:
                _finish(app, tracker)
            except TrackerError:
                app.let_go()  # what to do about it is asked on the same keyboard
                raise
            finally:
                app.drafts.leave()
        if app.failure is not None:
            raise app.failure
        checking.keep()
        code = app.return_code or 0
    finally:
        gc.enable()
        if app is not None and app.is_unread:
            os._exit(
                code
            )  # Python would wait for the thread that writes, and nobody reads an error
    return code
