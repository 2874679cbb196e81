"""The main screen: what each key does. One method for a command, named like it; see also `acting`.

The dialogs are imported by the keys that open them: the first frame does not wait for them.
"""

from __future__ import annotations

from asyncio import to_thread
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.binding import Binding, BindingType

from tracker_tui.domain.journal import Action
from tracker_tui.domain.text import plural
from tracker_tui.domain.track import Entry, Place, place_of
from tracker_tui.domain.words import Entity, Horizon, Kind, Status
from tracker_tui.errors import TrackerError
from tracker_tui.tracker import Tracker
from tracker_tui.tui.commands import bindings
from tracker_tui.tui.editing import Editing
from tracker_tui.tui.lines import TODAY_KEY, View
from tracker_tui.tui.links import choose, open_address
from tracker_tui.tui.messages import Changed
from tracker_tui.tui.screens.acting import Acting, brief, noun

if TYPE_CHECKING:
    from tracker_tui.domain.reseed import News
    from tracker_tui.exchange.seed import Seed


class MainScreen(Acting):
    """Tree and detail, with all their keys."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings("main"),
        Binding("escape", "escape", "back", show=False),
    ]

    def __init__(self, tracker: Tracker, editing: Editing) -> None:
        super().__init__(tracker)
        self.editing = editing

    # Panes

    def action_focus_detail(self) -> None:
        """Go to the detail pane."""
        self.detail_pane.focus()

    def action_focus_tree(self) -> None:
        """Go back to the tree."""
        self.tree_pane.focus()

    def action_escape(self) -> None:
        """Leave what is least important: the marks, then the filter."""
        if self.marks:
            self._mark(frozenset())
        elif self.words or self._filter_lines():
            self.narrow("")

    def action_go_today(self) -> None:
        """Go to the first entry of Today that is still open."""
        if self.words:
            self.narrow("")
        lines = self.lines.lines(TODAY_KEY, 0, len(self.lines.today))
        first = next((line for line in lines if line.answer is None), lines[0] if lines else None)
        self.go_along([TODAY_KEY, first.key] if first else [TODAY_KEY])

    def action_open_all(self) -> None:
        """Open every branch below the cursor."""
        row, outline = self.row, self.tree_pane.outline
        if row is None or outline is None:
            return
        ids = [row.line.key]
        if row.line.id is not None:
            ids += [entry.id for entry in self.tracker.below(row.line.id) if entry.children]
        elif row.line.view is View.PATH:
            ids += [line.key for line in self.lines.lines(row.line.key, 0, 10)]
        outline.opened.update(ids)
        outline.reload()
        self.tree_pane.settle()

    def action_close_all(self) -> None:
        """Close every branch."""
        outline = self.tree_pane.outline
        row = self.row
        if outline is None or row is None:
            return
        spot = row.spot
        while (above := outline.parent(spot)) is not None:
            spot = above
        outline.opened.clear()
        outline.reload()
        self.tree_pane.show(outline, spot)

    # Marks

    def action_mark(self) -> None:
        """Mark the line and go on to the next."""
        row = self.row
        if row is None or row.line.id is None:
            self.say("only entries can be marked", warned=True)
            return
        self._mark(self.marks ^ {row.line.id})
        self.tree_pane.action_cursor_down()

    def action_mark_all(self) -> None:
        """Unmark all; with no marks, mark every entry of the branch the cursor is in."""
        if self.marks:
            self._mark(frozenset())
            return
        row, outline = self.row, self.tree_pane.outline
        if row is None or outline is None:
            return
        size = outline.source.size(row.branch)
        ids = [line.id for line in outline.source.lines(row.branch, 0, size) if line.id is not None]
        self._mark(frozenset(ids))

    def _mark(self, marks: Iterable[str]) -> None:
        self.marks = frozenset(marks)
        if self.marks:
            self.say(f"{len(self.marks)} marked; the next key acts on all of them, esc unmarks")
        else:
            self.say("nothing is marked")

    # The day

    def action_checkin(self) -> None:
        """Go through today's queue."""
        from tracker_tui.tui.screens.checkin import CheckIn  # not needed for the first frame

        self.app.push_screen(CheckIn(self.tracker, tell=self._told_of, browse=self.editing.browse))

    def action_review(self) -> None:
        """Review the item under the cursor."""
        self.attempt(self._review)

    def _review(self) -> None:
        from tracker_tui.tui.screens.checkin import CheckIn

        entry = self.one()
        if entry.status is not Status.LEARNED or entry.kind is not Kind.ITEM:
            raise TrackerError("only a learned item is reviewed", "d says that it is learned")
        self.app.push_screen(
            CheckIn(self.tracker, alone=entry.id, tell=self._told_of, browse=self.editing.browse)
        )

    def action_insights(self) -> None:
        """See what the days come to."""
        from tracker_tui.tui.screens.insights import Insights  # not needed for the first frame

        self.app.push_screen(Insights(self.tracker, self._told_of, self.editing.browse))

    def _told_of(self, action: Action) -> None:
        """What was done on another screen is heard of like anything else."""
        self.post_message(Changed(action))

    # Writing

    @work
    async def action_note(self) -> None:
        """Write a note in place."""
        entry = self.given(self.one)
        if entry is None:
            return
        begun = self.drafts.offered(_note_on(entry))
        if begun is not None and "\n" in begun.text:
            self.action_note_editor()  # a prompt has one line
            return
        text = await self.ask_text(
            _note_on(entry),
            f"Note on “{brief(entry)}”",
            "enter keeps it, esc drops it, N opens the editor",
        )
        if text and text.strip():
            self._add_note(entry, text)

    def _add_note(self, entry: Entry, text: str) -> None:
        note = lambda: self.tracker.add_note(entry.id, text)  # noqa: E731
        self.write_text(_note_on(entry), text, note, self.done, "n")

    def action_note_editor(self) -> None:
        """Write a note in the editor."""
        self.attempt(self._note_in_editor)

    def _note_in_editor(self) -> None:
        entry = self.one()
        begun = self.drafts.offered(_note_on(entry))
        text = self.editing.note(self.tracker.detail(entry.id), begun.text if begun else "")
        self.drafts.drop(begun)
        if text is None:
            self.say("no note written")
        else:
            self._add_note(entry, text)

    def action_edit(self) -> None:
        """Edit the entry with its notes in the editor."""
        self.attempt(self._edit)

    def _edit(self) -> None:
        entry = self.one()
        about = f"edit {entry.id}"
        begun = self.drafts.offered(about)
        detail, today = self.tracker.detail(entry.id), self.tracker.today()
        edited = self.editing.entry(detail, today, begun.text if begun else "")
        self.drafts.drop(begun)
        if edited is None:
            self.say("nothing changed")
            return
        fields, notes, sheet = edited
        verb = lambda: self.tracker.edit(entry.id, fields, notes)  # noqa: E731
        self.write_text(about, sheet, verb, self.done, "e")

    def action_add(self) -> None:
        """Add an entry where the cursor is."""
        self.attempt(self._add_here)

    def _add_here(self) -> None:
        row = self.row
        if row is None:
            raise TrackerError("choose where to add first")
        entry, view = row.line.entry, row.line.view
        if entry is not None and entry.is_branch:
            self._add(Kind.ITEM, Place(entry.id), None, f"New item in “{brief(entry)}”")
        elif entry is not None:
            place = place_of(entry)
            where = f"after “{brief(entry)}”"
            self._add(entry.kind, place, entry.id, f"New {noun(entry.kind)} {where}")
        elif view is View.CRITICAL:
            self._add(Kind.GAP, Place(kind=Kind.GAP), None, "New critical gap")
        elif view in (View.HORIZON, View.PATH):
            horizon = row.line.horizon or Horizon.IMMEDIATE
            place = Place(kind=Kind.STEP, horizon=horizon)
            self._add(Kind.STEP, place, None, f"New step of the path, {horizon}")
        else:
            self._add_to_inbox()

    def action_add_inside(self) -> None:
        """Add an item inside the one under the cursor."""
        self.attempt(self._add_inside)

    def _add_inside(self) -> None:
        entry = self.one()
        if entry.kind in (Kind.GAP, Kind.STEP):
            raise TrackerError(f"a {noun(entry.kind)} holds no items of its own")
        self._add(Kind.ITEM, Place(entry.id), None, f"New item inside “{brief(entry)}”")

    def action_add_section(self) -> None:
        """Add a section to the category the cursor is in."""
        self.attempt(self._add_section)

    def _add_section(self) -> None:
        entry = self.one()
        path = [*self.tracker.path(entry), entry]
        if path[0].kind is not Kind.CATEGORY:
            raise TrackerError("a section belongs into a category", "go to one")
        after = path[1].id if len(path) > 1 and path[1].kind is Kind.SECTION else None
        self._add(Kind.SECTION, Place(path[0].id), after, f"New section in “{brief(path[0])}”")

    def action_add_category(self) -> None:
        """Add a category."""
        self._add(Kind.CATEGORY, Place(kind=Kind.CATEGORY), None, "New category")

    @work
    async def _add(self, kind: Kind, place: Place, after: str | None, heading: str) -> None:
        title = await self.ask_text(_ADDING, heading, "its title; e adds a description later")
        if title and title.strip():
            verb = lambda: self.tracker.add(title, kind, place, after)  # noqa: E731
            self.write_text(_ADDING, title, verb, self._added, "a")

    @work
    async def _add_to_inbox(self) -> None:
        title = await self.ask_text(
            _ADDING, "New item in the Inbox", "its title; m moves it to another section later"
        )
        if title and title.strip():
            verb = lambda: self.tracker.add_to_inbox(title)  # noqa: E731
            self.write_text(_ADDING, title, verb, self._added, "a")

    def _added(self, action: Action) -> None:
        self.done(action)
        self.call_after_refresh(self.go_to, action.changes[0].id)

    def action_delete(self) -> None:
        """Delete what is chosen, after asking."""
        self.attempt(self._delete)

    def _delete(self) -> None:
        entries = self.tracker.entries(self.chosen())
        below = sum(len(self.tracker.below(entry.id)) for entry in entries)
        what = (
            f"“{brief(entries[0])}”"
            if len(entries) == 1
            else plural(len(entries), "entry", "entries")
        )
        question = f"Delete {what}" + (f" and {below} below?" if below else "?")
        ids = [entry.id for entry in entries]
        self._ask(question, "u brings it back.", lambda: self.tracker.delete(ids))

    def action_copy(self) -> None:
        """Copy as Markdown."""
        self.attempt(self._copy)

    def _copy(self) -> None:
        from tracker_tui.exchange.markdown import entry_markdown

        ids = self.chosen()
        self.app.copy_to_clipboard("\n".join(entry_markdown(self.tracker.detail(i)) for i in ids))
        self.say(f"copied {plural(len(ids), 'entry', 'entries')} as Markdown")

    # Looking

    @work
    async def action_search(self) -> None:
        """Search as you type."""
        from tracker_tui.tui.screens.search import Search

        found = await self.app.push_screen_wait(Search(self.tracker, self.glyphs))
        if found:
            self.go_to(found)

    @work
    async def action_open_link(self) -> None:
        """Open the entry's link, or ask which of several."""
        links = self.given(lambda: self.tracker.links(self.one().id))
        if links is None:
            return
        if not links:
            self.say("it has no link; e adds one")
        elif url := await choose(self.app, links, self.say):
            self.open_address(url)

    def open_address(self, url: str) -> None:
        """Open a link."""
        open_address(self.app, url, self.editing.browse, self.say)

    # Program

    def action_undo(self) -> None:
        """Take back the last change, saying what it was."""
        self.write_then(
            self.tracker.undo,
            lambda action: self._again(action, "undone", "there is nothing to undo"),
        )

    def action_redo(self) -> None:
        """Do again what was taken back, saying what it was."""
        self.write_then(
            self.tracker.redo,
            lambda action: self._again(action, "redone", "there is nothing to redo"),
        )

    def _again(self, action: Action | None, what: str, nothing: str) -> None:
        if action is None:
            self.say(nothing)
            return
        self.say(f"{what}: {action.label}")
        self.post_message(Changed(action))
        self.call_after_refresh(self._follow, action)

    def _follow(self, action: Action) -> None:
        """Go to what an undoing brought back, or back to its place: else the cursor is on something else."""
        placed = dict.fromkeys(
            c.id
            for c in action.changes
            if c.entity is Entity.ENTRY and c.field in ("deleted", "parent")
        )
        there = [entry for entry in self.tracker.entries(placed) if not entry.deleted]
        tops = [entry for entry in there if entry.parent not in placed]
        row = self.row
        if tops and not self.words and (row is None or row.line.id != tops[0].id):
            self.go_to(tops[0].id)

    @work
    async def action_update_track(self) -> None:
        """Take in the newer versions of what is here, each after saying what it changes."""
        try:
            # What takes its time is done on another thread, with a store of its own.
            found = await to_thread(_newer_seeds, self.tracker)
            for seed, file, news in found:
                await self._take_in(seed, file, news)
        except TrackerError as error:
            self.refuse(error)
        else:
            if not found:
                self.say("the track is the newest there is")

    async def _take_in(self, seed: Seed, file: Path | None, news: News) -> None:
        from tracker_tui.exchange.news import counts
        from tracker_tui.tui.screens.dialogs import Confirm

        question = f"Take in version {seed.version} of “{seed.track['title']}”: {counts(news)}?"
        hint = (
            "What you changed stays. A backup is made before it: u does not take it back."
            " tracker seed update shows each entry."
        )
        if await self.app.push_screen_wait(Confirm(question, hint)):
            self.say("taking it in …")
            await to_thread(_update_seed, self.tracker, seed, file)
            self.say(f"updated: {counts(news)}")
            self.post_message(Changed(Action("updated", ()), everything=True))

    @work
    async def action_help(self) -> None:
        """Show the keys that work here."""
        from tracker_tui.tui.screens.keys import Keys

        scope = "detail" if self.detail_pane.has_focus else "tree"
        await self.app.push_screen_wait(Keys(scope, self.tracker.config.keymap))

    async def action_quit(self) -> None:
        """Leave."""
        self.leave()


def _newer_seeds(tracker: Tracker) -> list[tuple[Seed, Path | None, News]]:
    with tracker.another() as another:
        return [(seed, file, another.seed_news(seed)) for seed, file in another.newer_seeds()]


def _update_seed(tracker: Tracker, seed: Seed, file: Path | None) -> None:
    with tracker.another() as another:
        another.update_seed(seed, file)


_ADDING = "add"
"""What is typed to be added, for what is not written yet."""


def _note_on(entry: Entry) -> str:
    return f"note {entry.id}"
