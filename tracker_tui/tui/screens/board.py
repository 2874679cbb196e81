"""The main screen without its verbs: its state, its panes, and how they hear of a change."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import date

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.reactive import var
from textual.timer import Timer
from textual.widgets import Static
from textual.worker import get_current_worker

from tracker_tui import log
from tracker_tui.domain.journal import Action
from tracker_tui.domain.track import Place
from tracker_tui.domain.words import Entity, Kind
from tracker_tui.errors import TrackerError
from tracker_tui.tracker import Tracker
from tracker_tui.tui import detail_text
from tracker_tui.tui.commands import BY_ID, COMMANDS, actions, keys_of, shown_key
from tracker_tui.tui.curtain import Curtain
from tracker_tui.tui.glyphs import SETS
from tracker_tui.tui.lines import (
    ROOT,
    TODAY_KEY,
    FoundLines,
    Line,
    TrackLines,
    View,
    branch_of,
)
from tracker_tui.tui.messages import Changed
from tracker_tui.tui.outline import Outline, Row, Spot
from tracker_tui.tui.widgets.bars import Hint, KeyBar, TopBar
from tracker_tui.tui.widgets.detail import DetailPane
from tracker_tui.tui.widgets.filter_line import FilterLine
from tracker_tui.tui.widgets.track_tree import TrackTree
from tracker_tui.tui.writing import Writing

_LOG = logging.getLogger(log.NAME)
SAID_SECONDS = 6.0
POLL_SECONDS = 0.4
"""How often other processes' changes are looked for; an idle look costs some microseconds."""
MEMORY = "screen"
"""Under which key the state of the screen is kept between two runs."""
BACK_MAX = 100


class Board(Writing, Curtain[None]):
    """Tree and detail over one `Tracker`."""

    BLANK = True
    """What is on it covers all of it: nothing is drawn for it line by line, at each key."""
    HORIZONTAL_BREAKPOINTS = [(0, "-tiny"), (40, "-narrow"), (90, "-wide")]  # noqa: RUF012
    VERTICAL_BREAKPOINTS = [(0, "-flat"), (10, "-low"), (24, "-tall")]  # noqa: RUF012
    AUTO_FOCUS = "TrackTree"

    marks: var[frozenset[str]] = var(frozenset)
    """Ids of the entries that a key acts on together."""
    today: var[str] = var("")
    """The user's current day, as an ISO date."""
    words: var[str] = var("")
    """What the tree is narrowed to; empty: everything."""

    class Narrowed(Message):
        """A query was run on its thread."""

        def __init__(
            self, words: str, found: FoundLines | None, error: TrackerError | None
        ) -> None:
            super().__init__()
            self.words = words
            self.found = found
            self.error = error

    def __init__(self, tracker: Tracker) -> None:
        super().__init__()
        self.tracker = tracker
        self.glyphs = SETS[tracker.config.glyphs]
        kept = tracker.remembered(MEMORY)
        memory = kept if isinstance(kept, dict) else {}
        self.lines = TrackLines(tracker)
        self.lines.refresh()
        opened = memory.get("opened", [TODAY_KEY])
        self.track = Outline(self.lines, [key for key in opened if isinstance(key, str)])
        """The outline of the whole track; the tree shows another one while it is narrowed."""
        self._first = _spot(memory.get("cursor"))
        self._back: list[Spot] = []
        self._left: Spot | None = None
        """Where the cursor was in the whole track before it was narrowed."""
        self._shown: str | None = None
        """Key of the line that the detail shows."""
        self._detail_due = False
        self._silence: Timer | None = None
        self._asked = ""
        """The query that was run last; the answer to an earlier one comes too late."""
        self.tree_pane = TrackTree(self.glyphs, actions("tree", tracker.config.keymap))
        """The left pane."""
        self.detail_pane = DetailPane()
        """The right pane."""
        self.top_bar = TopBar()
        self.key_bar = KeyBar()
        # Kept by name: what comes late still finds them when they are being taken away.
        self._frame = Vertical(id="left")
        self._small = Static(id="small")

    # Panes

    def compose(self) -> ComposeResult:
        """The two bars, and between them the two panes."""
        self.top_bar.glyphs = self.glyphs
        self.top_bar.title = self._title()
        yield self.top_bar
        with self._frame:
            self._frame.border_title = Content("Track")
            yield self.tree_pane.data_bind(Board.marks, Board.today)
        yield self.detail_pane
        yield self.key_bar
        yield self._small

    def on_mount(self) -> None:
        """Show the track as it was left."""
        self.today = self.tracker.today().isoformat()
        self._count()
        with self.tree_pane.prevent(TrackTree.Moved):  # the first detail comes with the first size
            self.tree_pane.show(self.track, self._first)
        self._hint()
        self.set_interval(POLL_SECONDS, self._poll)

    def _title(self) -> str:
        return self.tracker.about().get("title", "Learning Track")

    def on_resize(self) -> None:
        """Show the first frame once there is room for it; say so where there is none."""
        width, height = self.size
        if self._small.display:
            self._small.update(
                Content(f"This terminal has {width}×{height} cells; tracker needs 40×10.")
            )
        if not self.risen:
            self.tree_pane.fit()
            self.show_detail()
            self.rise()
            self.call_after_refresh(self._tell_of_news)

    @property
    def row(self) -> Row | None:
        """The row under the tree's cursor."""
        return self.tree_pane.row

    def memory(self) -> dict[str, object]:
        """What the next run should begin with."""
        spot = self.row.spot if self.row and not self.words else self._first
        return {"opened": sorted(self.track.opened), "cursor": list(spot) if spot else None}

    def _count(self) -> None:
        self.top_bar.tally = self.tracker.overall()
        self.top_bar.today = sum(not due.answered for due in self.lines.today)
        self.top_bar.rhythm = self.tracker.regularity()[0]

    def watch_marks(self, marks: frozenset[str]) -> None:
        """Say in the top bar how many are marked."""
        self.top_bar.marked = len(marks)

    # The key bar

    def say(self, text: str, *, warned: bool = False) -> None:
        """Say what was done, or what is wrong, in the key bar for a while."""
        bar = self.key_bar
        bar.warned = warned
        bar.said = text
        if self._silence is not None:
            self._silence.stop()
        self._silence = self.set_timer(SAID_SECONDS, self._hush)

    def _tell_of_news(self) -> None:
        """Say once that there is a newer version of the built-in track."""
        try:
            version = self.tracker.news_to_tell()
        except TrackerError:  # another process is writing: it is told at the next start
            return
        if version is not None:
            self.say(
                f"version {version} of the track is there: “update the track” among the commands"
            )

    def _hush(self) -> None:
        self.key_bar.said = ""

    def _hint(self) -> None:
        bar = self.key_bar
        changed = self.tracker.config.keymap
        shown = sorted((c for c in COMMANDS if c.bar), key=lambda c: c.bar)
        if self.detail_pane.has_focus:
            shown = [*(BY_ID[id_] for id_ in ("detail.jump", "detail.leave")), *shown]
        # The last one says where the rest is, and the bar keeps room for it.
        bar.hints = [Hint(shown_key(keys_of(c, changed)[0]), c.name, c) for c in shown]

    @on(KeyBar.Pressed)
    async def _press(self, event: KeyBar.Pressed) -> None:
        command = event.command
        pane = self.detail_pane if command.scope == "detail" else self
        await self.app.run_action(command.action, pane)

    def on_descendant_focus(self) -> None:
        """Let the narrow layout and the key bar follow the focus."""
        self.set_class(self.detail_pane.has_focus, "-reading")
        self._hint()

    # The detail

    @on(TrackTree.Moved)
    def _moved(self) -> None:
        """The tree is painted first; the detail follows when nothing more urgent is to be done."""
        if not self._detail_due:
            self._detail_due = True
            self.call_after_refresh(self.show_detail)

    def show_detail(self) -> None:
        """Show what is under the cursor in the detail pane."""
        self._detail_due = False
        row = self.row
        page = self._page(row.line) if row is not None else detail_text.Page("", ())
        key = row.line.key if row else None
        self.detail_pane.show(page, same=key == self._shown)
        self._shown = key

    def _page(self, line: Line) -> detail_text.Page:
        tracker = self.tracker
        context = detail_text.Context(
            self.glyphs,
            date.fromisoformat(self.today),
            tracker.local_day,
            tracker.spans(),
            {due.entry.id: due.told for due in self.lines.today},
            shown_key(keys_of(BY_ID["item.open_link"], tracker.config.keymap)[0]),
        )
        if line.id is not None:
            return detail_text.entry_page(tracker.detail(line.id), context)
        if line.view is View.TODAY:
            return detail_text.today_page(self.lines.today, context, empty=tracker.is_empty())
        if line.view is View.CRITICAL:
            gaps = tracker.siblings(Place(kind=Kind.GAP))
            tally = tracker.tally(Kind.GAP)
            return detail_text.list_page("Critical", "Critical gaps", tally, gaps, context)
        if line.view is View.HORIZON and line.horizon is not None:
            steps = tracker.siblings(Place(kind=Kind.STEP, horizon=line.horizon))
            tally = tracker.tally(Kind.STEP, line.horizon)
            return detail_text.list_page("Learning path", line.title, tally, steps, context)
        spans = [
            (
                span,
                tracker.tally(Kind.STEP, span.id),
                tracker.siblings(Place(kind=Kind.STEP, horizon=span.id)),
            )
            for span in tracker.spans()
        ]
        return detail_text.path_page(spans, tracker.about(), context)

    @on(DetailPane.Jump)
    def _jump(self, event: DetailPane.Jump) -> None:
        if event.target.entry is not None:
            self.go_to(event.target.entry)
        elif event.target.url is not None:
            self.open_address(event.target.url)

    def open_address(self, url: str) -> None:
        """Open a link; the main screen does."""
        raise NotImplementedError

    # Going places

    def go_to(self, id_: str) -> None:
        """Put the cursor on an entry in its own place in the tree."""
        found = self.tracker.entries([id_])
        if not found or found[0].deleted:
            self.say("that is not in the track any more", warned=True)
            return
        entry = found[0]
        path = [*branch_of(entry), *(above.id for above in self.tracker.path(entry)), id_]
        self.go_along(path)

    def go_along(self, path: Sequence[str]) -> None:
        """Put the cursor on the line at the end of a path of keys, opening what is on the way."""
        row = self.row
        if row is not None:
            self._back = [*self._back[-BACK_MAX:], row.spot]
        outline = self.tree_pane.outline or self.track
        number = outline.reveal(path)
        if number is None and self.words:
            self.narrow("")
            outline = self.track
            number = outline.reveal(path)
        if number is None:
            self.say("that is not in the track any more", warned=True)
            return
        self.tree_pane.show(outline, _spot(path[-2:] if len(path) > 1 else [ROOT, path[-1]]))
        self.tree_pane.focus()

    def action_go_back(self) -> None:
        """Go back to where the cursor was before a jump."""
        outline = self.tree_pane.outline
        while self._back and outline is not None:
            spot = self._back.pop()
            if outline.number(spot) is not None:
                self.tree_pane.show(outline, spot)
                return
        self.say("there is nothing to go back to")

    # Changes

    def write(self, verb: Callable[[], Action]) -> None:
        """Do a verb, now or when its turn has come, and say what it did."""
        self.write_then(verb, self.done)

    def done(self, action: Action) -> None:
        """Say what a verb did, and let everything that shows it know."""
        if not action.changes:
            self.say(f"nothing to do: {action.label}" if action.label else "nothing to do")
            return
        self.say(action.label + self.offer(action))
        self.marks = frozenset()
        self.post_message(Changed(action))

    def offer(self, action: Action) -> str:  # noqa: ARG002 - the main screen has one
        """Return what is said behind the label of an action."""
        return ""

    @on(Changed)
    def _changed(self, event: Changed) -> None:
        _LOG.debug("%s: %s", event.action.id or "elsewhere", event.action.label)
        self.lines.refresh()
        if event.everything or any(c.entity is Entity.TRACK for c in event.action.changes):
            self.top_bar.title = self._title()
        moved = event.everything or event.action.places_changed
        if moved or self._branches_moved(event.action):
            self.track.reload()
        else:
            self.track.reload_views()
        if self.words:
            self.run_query(self.words)
        else:
            with self.tree_pane.prevent(TrackTree.Moved):  # it would come when the detail is shown
                self.tree_pane.settle()
        self.marks = frozenset(e.id for e in self.tracker.entries(self.marks) if not e.deleted)
        self._count()
        self._moved()

    @staticmethod
    def _branches_moved(action: Action) -> bool:
        return any(c.field == "horizon" for c in action.changes)

    def _poll(self) -> None:
        try:
            action = self.tracker.foreign()
        except TrackerError as error:
            self.refuse(error)
            return
        day = self.tracker.today().isoformat()
        if day != self.today:
            self.today = day
            action = action or Action("a new day", ())
        if action is not None:
            if action.anew:
                self.say(action.label)
            self.post_message(Changed(action, everything=action.anew))

    # Narrowing

    def action_filter(self) -> None:
        """Open the line in which a query is typed."""
        lines = self._filter_lines()
        if lines:
            lines[0].focus_input()
            return
        line = FilterLine(self.words)
        self._frame.mount(line)

    def _filter_lines(self) -> list[FilterLine]:
        """The filter line, if it is there."""
        return list(self._frame.query(FilterLine))

    @on(FilterLine.Typed)
    def _typed(self, event: FilterLine.Typed) -> None:
        self.run_query(event.words)

    @on(FilterLine.Accepted)
    def _accepted(self) -> None:
        if not self._asked.strip():
            self.narrow("")
        self.tree_pane.focus()

    @on(FilterLine.Dropped)
    def _dropped(self) -> None:
        self.narrow("")
        self.tree_pane.focus()

    def narrow(self, words: str) -> None:
        """Narrow the tree to a query; with none, show everything again."""
        if words:
            self.run_query(words)
            return
        row = self.row
        self.words = self._asked = ""
        for line in self._filter_lines():
            line.remove()
        self.tree_pane.empty = "Nothing here"
        self.tree_pane.show(self.track, self._left)
        if row is not None and row.line.id is not None:
            entry = row.line.entry
            path = [*branch_of(entry), *(a.id for a in self.tracker.path(entry))] if entry else []
            self.track.reveal([*path, row.line.key])
            self.tree_pane.show(self.track, _spot([path[-1] if path else ROOT, row.line.key]))

    def run_query(self, words: str) -> None:
        """Run a query on a thread of its own; the tree follows when it is done."""
        self._asked = words
        self._query_worker(words)

    @work(thread=True, exclusive=True, group="filter", exit_on_error=False)
    def _query_worker(self, words: str) -> None:
        worker = get_current_worker()
        found, error = None, None
        try:
            if words.strip():
                with self.tracker.another() as tracker:
                    found = FoundLines(tracker, tracker.select(words))
        except TrackerError as problem:
            error = problem
        if not worker.is_cancelled:
            self.post_message(self.Narrowed(words, found, error))

    @on(Narrowed)
    def _narrowed(self, event: Narrowed) -> None:
        if event.words != self._asked:
            return
        line = next(iter(self._filter_lines()), None)
        if event.error is not None:
            if line is not None:
                from tracker_tui.domain.query import QueryError

                where = (
                    (event.error.start, event.error.end)
                    if isinstance(event.error, QueryError)
                    else None
                )
                line.wrong(str(event.error), where)
            return
        if event.found is None:
            self.words = ""
            if line is not None:
                line.say("")
            self.tree_pane.show(self.track, self._left)
            return
        row = self.row
        if not self.words:
            self._left = row.spot if row else None
        self.words = event.words
        if line is not None:
            line.found(event.found.count)
        self.tree_pane.empty = "Nothing matches"
        outline = Outline(event.found, event.found.branches)
        spot = row.spot if row else None
        if (spot is None or outline.number(spot) is None) and event.found.first is not None:
            spot = Spot(*event.found.first)
        self.tree_pane.show(outline, spot)


def _spot(kept: object) -> Spot | None:
    """Read a spot from what was remembered; anything else is None."""
    match kept:
        case [str(branch), str(key)]:
            return Spot(branch, key)
    return None
