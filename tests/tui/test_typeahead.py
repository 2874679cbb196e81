"""Keys that come all at once mean what they mean one by one."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from textual.events import Key
from textual.keys import _character_to_key
from textual.message import Message
from textual.pilot import Pilot
from textual.widgets import Input

from tests.tui.test_main import settle
from tracker_tui.domain.words import Status
from tracker_tui.tracker import Tracker
from tracker_tui.tui import typeahead
from tracker_tui.tui.app import TrackerApp
from tracker_tui.tui.screens.keys import Keys
from tracker_tui.tui.screens.search import Search
from tracker_tui.tui.typeahead import Followed

NAMES = {"\r": "enter", "\x1b": "escape"}


async def type_at_once(pilot: Pilot[None], keys: str) -> None:
    """Have all keys come before any of them is answered."""
    app = pilot.app
    assert isinstance(app, TrackerApp)
    for char in keys:
        event = Key(NAMES.get(char, _character_to_key(char)), char)
        event.set_sender(app)
        app.post_message(event)
    await pilot.pause()
    while app.has_keys:
        await pilot.pause()
    await pilot.pause()
    await settle(pilot)


async def test_what_is_typed_goes_into_what_the_key_before_opened(app: TrackerApp) -> None:
    async with app.run_test(size=(120, 36)) as pilot:
        await type_at_once(pilot, "/git")
        assert isinstance(app.screen, Search)
        assert app.screen.query_one(Input).value == "git"


async def test_of_a_search_that_is_typed_ahead_enter_takes_the_first_hit(app: TrackerApp) -> None:
    async with app.run_test(size=(120, 36)) as pilot:
        await type_at_once(pilot, "/git lfs\r")
        await pilot.pause()
        assert app.screen is app.main
        assert app.main.row is not None and "git-lfs" in app.main.row.line.key


async def test_a_filter_is_typed_ahead_and_left(app: TrackerApp) -> None:
    async with app.run_test(size=(120, 36)) as pilot:
        await type_at_once(pilot, "fstatus:todo\rj")
        while app.main.words != "status:todo":  # the answers come from a thread
            await pilot.pause()
        assert app.focused is app.main.tree_pane


async def test_a_note_is_typed_ahead(app: TrackerApp, tracker: Tracker) -> None:
    async with app.run_test(size=(120, 36)) as pilot:
        app.main.go_to("git-lfs")
        await type_at_once(pilot, "nhello you\rd")
        assert [note.text for note in tracker.detail("git-lfs").notes] == ["hello you"]
        assert tracker.entry("git-lfs").status is Status.LEARNED


@pytest.mark.parametrize("keys", ["?q", "/\x1b", "/g\x1b", "f\x1b", "fg\x1b", "n\x1b", "iq"])
async def test_what_is_opened_and_closed_at_once_leaves_all_as_it_was(
    app: TrackerApp, keys: str
) -> None:
    async with app.run_test(size=(120, 36)) as pilot:
        await type_at_once(pilot, keys * 20)
        assert app.screen is app.main
        assert app.focused is app.main.tree_pane
        assert len(app.screen_stack) <= 2


async def test_a_box_is_opened_once_however_often_its_key_is_pressed(app: TrackerApp) -> None:
    async with app.run_test(size=(120, 36)) as pilot:
        await type_at_once(pilot, "?" * 7)
        assert [type(screen) for screen in app.screen_stack].count(Keys) == 1


async def test_a_check_in_is_typed_ahead(app: TrackerApp, tracker: Tracker) -> None:
    queue = [due.entry.id for due in tracker.queue()]
    async with app.run_test(size=(120, 36)) as pilot:
        app.main.go_to("runbooks")
        await type_at_once(pilot, "cdd")
    assert tracker.entry("runbooks").status is Status.TODO, "not a key of the screen below"
    assert [tracker.entry(id_).status for id_ in queue[:2]] == [Status.LEARNED] * 2


async def test_a_key_whose_end_is_never_heard_of_is_not_the_last(
    app: TrackerApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(typeahead, "LOST_SECONDS", 0.01)
    async with app.run_test(size=(120, 36)) as pilot:
        at = app.main.tree_pane.cursor
        monkeypatch.setattr(app, "post_message", _lose(app.post_message))
        await type_at_once(pilot, "jjj")
        assert app.main.tree_pane.cursor == at + 3


def _lose(post: Callable[[Message], bool]) -> Callable[[Message], bool]:
    return lambda message: isinstance(message, Followed) or post(message)
