"""What keys do to the entries that are chosen: their status, and when and where they stand.

The dialogs are imported by the keys that open them: the first frame does not wait for them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from textual import work

from tracker_tui.domain import dates
from tracker_tui.domain.journal import Action
from tracker_tui.domain.text import plural, shortened, shown
from tracker_tui.domain.track import Entry, Place
from tracker_tui.domain.words import Horizon, Kind, RelationKind, Status
from tracker_tui.errors import TrackerError
from tracker_tui.tui.commands import BY_ID, keys_of, shown_key
from tracker_tui.tui.screens.board import Board

if TYPE_CHECKING:
    from tracker_tui.tui.screens.dialogs import Choice


class Acting(Board):
    """The keys that act on what is marked, or else on the entry under the cursor."""

    # What a key acts on

    def chosen(self) -> list[str]:
        """Return the ids a key acts on: all that are marked, else the one under the cursor.

        Raises:
            TrackerError: if the cursor is on no entry.
        """
        if self.marks:
            return sorted(self.marks)
        row = self.row
        if row is None or row.line.id is None:
            raise TrackerError("choose an entry first", "move down with j")
        return [row.line.id]

    def one(self) -> Entry:
        """Return the entry under the cursor.

        Raises:
            TrackerError: if the cursor is on none.
        """
        row = self.row
        if row is None or row.line.id is None:
            raise TrackerError("choose an entry first", "move down with j")
        return self.tracker.entry(row.line.id)

    # Status

    def action_next_status(self) -> None:
        """Move on: todo, learning, learned."""
        self.attempt(lambda: self._bulk(self.tracker.next_status, "on to the next status"))

    def action_toggle_status(self, name: str) -> None:
        """Learned or skipped; again: back to what it was."""
        status = Status(name)
        self.attempt(lambda: self._bulk(lambda ids: self.tracker.toggle_status(ids, status), name))

    def action_learned_with_twins(self) -> None:
        """Learned, and with it what is the same subject."""
        self.attempt(lambda: self._bulk(self.tracker.learned_with_twins, "learned, with twins"))

    def offer(self, action: Action) -> str:
        """Return what is said behind the label of an action: that the key for twins has some here."""
        id_ = self.row.line.id if self.row is not None else None
        learned = ("status", Status.LEARNED.value)
        if id_ is None or not any(
            c.id == id_ and (c.field, c.new) == learned for c in action.changes
        ):
            return ""
        twins = len(self.tracker.open_twins([id_]))
        key = shown_key(keys_of(BY_ID["item.twins"], self.tracker.config.keymap)[0])
        return f"   {key} learns its {plural(twins, 'twin')} too" if twins else ""

    def _bulk(self, verb: Callable[[list[str]], Action], goal: str) -> None:
        """Do a verb on what is chosen; on a whole branch only after asking."""
        ids = self.chosen()
        branches = [entry for entry in self.tracker.entries(ids) if entry.is_branch]
        if not branches:
            self.write(lambda: verb(ids))
            return
        bearers = self.tracker.bearers(ids)
        if not bearers:
            raise TrackerError("there are no items in it", "a adds one")
        what = f"All of “{brief(branches[0])}”" if len(ids) == 1 else f"{len(ids)} marked"
        self._ask(
            f"{what}, {plural(len(bearers), 'item')}: {goal}?",
            "One step; u takes it back.",
            lambda: verb(ids),
        )

    @work
    async def _ask(self, question: str, hint: str, verb: Callable[[], Action]) -> None:
        from tracker_tui.tui.screens.dialogs import Confirm

        if await self.app.push_screen_wait(Confirm(question, hint)):
            self.write(verb)

    def action_progress(self) -> None:
        """Note that progress was made."""
        self.attempt(lambda: self._bulk(self.tracker.progress, "in progress, touched today"))

    # Planning

    def action_snooze(self) -> None:
        """Put off until tomorrow; what is put off already is back on."""
        self.attempt(self._snooze)

    def _snooze(self) -> None:
        ids = self.chosen()

        def verb() -> Action:
            if all(entry.snoozed(self.today) for entry in self.tracker.entries(ids)):
                return self.tracker.wake(ids)
            return self.tracker.snooze(ids, "tomorrow")

        self.write(verb)

    @work
    async def action_snooze_until(self) -> None:
        """Put off until a day the user names."""
        from tracker_tui.tui.screens.dialogs import Prompt

        ids = self.given(self.chosen)
        if ids is None:
            return
        text = await self.app.push_screen_wait(
            Prompt("Snooze until", dates.WHEN_HELP, placeholder="friday", preview=self._day_meant)
        )
        if text and text.strip():
            self.write(lambda: self.tracker.snooze(ids, text))

    def _day_meant(self, text: str) -> str:
        today = self.tracker.today()
        day = dates.parse_when(text, today, self.tracker.config.first_weekday)
        return f"{day:%A} {day.isoformat()}, {dates.ago(day, today)}"

    def action_horizon(self, name: str) -> None:
        """Put what is chosen into a horizon."""
        horizon = Horizon(name) if name else None
        self.attempt(lambda: self._horizon(self.chosen(), horizon))

    def _horizon(self, ids: list[str], horizon: Horizon | None) -> None:
        self.write(lambda: self.tracker.set_horizon(ids, horizon))

    def action_move(self, by: int) -> None:
        """Move the entry among its siblings."""
        self.attempt(lambda: self._move(self.one().id, by))

    def _move(self, id_: str, by: int) -> None:
        self.write(lambda: self.tracker.move(id_, by))

    @work
    async def action_move_to(self) -> None:
        """Move the entry to another section."""
        from tracker_tui.tui.screens.dialogs import Pick

        entry = self.given(self.one)
        choices = self.given(lambda: self._places_for(entry)) if entry is not None else None
        if entry is None or choices is None:
            return
        target = await self.app.push_screen_wait(Pick(f"Move “{brief(entry)}” to", choices))
        if target:
            self.write_then(lambda: self.tracker.move_to(entry.id, target), self._moved_to)

    def _moved_to(self, action: Action) -> None:
        self.done(action)
        self.call_after_refresh(self.go_to, action.changes[0].id)

    def _places_for(self, entry: Entry) -> list[Choice]:
        from tracker_tui.tui.screens.dialogs import Choice

        if entry.kind not in (Kind.ITEM, Kind.SECTION):
            raise TrackerError(f"a {noun(entry.kind)} has its place in the list", "J and K move it")
        choices = []
        for category in self.tracker.siblings(Place(kind=Kind.CATEGORY)):
            choices.append(Choice(category.id, category.title, "category"))
            if entry.kind is Kind.ITEM:
                choices += [
                    Choice(section.id, section.title, category.title)
                    for section in self.tracker.siblings(Place(category.id))
                    if section.kind is Kind.SECTION
                ]
        return [choice for choice in choices if choice.value != entry.parent]

    def action_needs(self) -> None:
        """Say what the entry needs first; the same again takes it back."""
        self._tie(RelationKind.REQUIRES, "What “{}” needs first")

    def action_related(self) -> None:
        """Say what is the same subject as the entry; the same again takes it back."""
        self._tie(RelationKind.RELATED, "What is the same subject as “{}”")

    @work
    async def _tie(self, kind: RelationKind, question: str) -> None:
        from tracker_tui.tui.screens.search import Search

        entry = self.given(self.one)
        if entry is None:
            return
        found = await self.app.push_screen_wait(
            Search(self.tracker, self.glyphs, question.format(brief(entry)))
        )
        if found:
            self.write(lambda: self._toggle(kind, entry.id, found))

    def _toggle(self, kind: RelationKind, id_: str, other: str) -> Action:
        detail = self.tracker.detail(id_, 0)
        there = detail.requires if kind is RelationKind.REQUIRES else detail.related
        on = other not in {link.id for link in there}
        return self.tracker.relate(kind, id_, other, on=on)


def brief(entry: Entry) -> str:
    """Return the title of an entry, as much of it as a question has room for."""
    return shortened(shown(entry.title), 50)


def noun(kind: Kind) -> str:
    """Return what an entry of a kind is called in a sentence."""
    return {Kind.GAP: "critical gap", Kind.STEP: "step of the path"}.get(kind, kind.value)
