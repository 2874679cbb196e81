"""A hostile track on every screen: nothing acts, nothing crashes, nothing reaches the terminal."""

from __future__ import annotations

import re

import pytest
from rich.segment import Segment
from textual.pilot import Pilot
from textual.widgets import Input

from tests.faults import hostile
from tests.faults.conftest import Size
from tests.processes import Terminal
from tests.tui.test_main import settle
from tests.tui.test_waiting import until
from tracker_tui.paths import Paths
from tracker_tui.tracker import Tracker
from tracker_tui.tui.app import TrackerApp
from tracker_tui.tui.screens.checkin import CheckIn
from tracker_tui.tui.screens.dialogs import Choice, Confirm, Pick, Prompt
from tracker_tui.tui.screens.insights import Insights

pytestmark = pytest.mark.unmeasured

HARMFUL = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\u2028\u2029]")


def harmless(app: TrackerApp) -> None:
    """What is on the screen holds no character that could do anything to a terminal."""
    width, height = app.size
    for strip in app.screen._compositor.render_strips():
        for segment in strip:
            assert isinstance(segment, Segment)
            assert HARMFUL.search(segment.text) is None, repr(segment.text)
    assert (width, height) == app.size
    assert app._exception is None


@pytest.mark.parametrize("cells", [(120, 36), (60, 20)])
async def test_every_screen_shows_it_and_stays_as_it_is(
    app: TrackerApp,
    tracker: Tracker,
    monkeypatch: pytest.MonkeyPatch,
    cells: tuple[int, int],
    size: Size,
) -> None:
    if cells != (120, 36) and not size.both_layouts:
        pytest.skip("the narrow layout is gone through by make torture")
    hostile.take_in(tracker)
    opened: list[str] = []

    def browse(url: str) -> bool:
        opened.append(url)
        return True

    monkeypatch.setattr("webbrowser.open", browse)
    monkeypatch.setenv("DISPLAY", ":0")
    async with app.run_test(size=cells) as pilot:

        async def press(*keys: str) -> None:
            await pilot.press(*keys)
            await settle(pilot)
            harmless(app)

        ids = list(dict.fromkeys(row.id for row in hostile.rows() if row.entity == "entry"))
        for id_ in ids:  # tree and detail of each
            app.main.go_to(id_)
            await pilot.pause()
            harmless(app)
        for id_ in (ids[3], hostile.ID):
            app.main.go_to(id_)
            await press(
                "enter",
                "j",
                "j",
                "G",
                "escape",
                "space",
                "v",
                "v",
                "x",
                "u",
                "s",
                "u",
                "1",
                "u",
                "y",
            )
            await press("n", *"x", "enter", "u")  # the dialogs name it
            await press("S", *"fri", "enter", "u")
            await press("delete", "n")
            await press("o", "escape")
            await press("a", *"y", "enter", "u")
            await press("m", "down", "escape", "question_mark", "escape")
        app.main.go_to("git-workflow-unknown-unknowns")
        await press("d", "n", "A", "escape")
        for words in ("[/foo]", '\\"', "status:[/x]"):
            await press("slash")
            app.screen.query_one(Input).value = words
            await settle(pilot)
            harmless(app)
            await press("escape")
            await press("f")
            app.screen.query_one(Input).value = words
            await settle(pilot)
            harmless(app)
            await press("escape", "escape")
        await press("colon")
        await press(*"theme", "escape", "escape")
        await dialogs(pilot, app)
        await press("i")
        await until(pilot, lambda: isinstance(app.screen, Insights) and app.screen.stats)
        await press("left", "right")
        await press("escape", "c")
        await until(pilot, lambda: isinstance(app.screen, CheckIn))
        await answer_all(pilot, app)
        harmless(app)
        assert app.is_running
    assert all(url.startswith(("http://", "https://")) for url in opened)


async def dialogs(pilot: Pilot[None], app: TrackerApp) -> None:
    for text in hostile.TEXTS:
        app.main.say(text)
        await pilot.pause()
        harmless(app)
        for dialog in (
            Prompt(text, text, text=text.replace("\n", " "), placeholder=text),
            Confirm(text, text),
            Pick(text, [Choice("x", text, text)]),
        ):
            app.push_screen(dialog)
            await pilot.pause()
            harmless(app)
            app.pop_screen()
            await pilot.pause()


async def answer_all(pilot: Pilot[None], app: TrackerApp) -> None:
    for _ in range(12):
        screen = app.screen
        if not isinstance(screen, CheckIn) or screen.due is None:
            break
        await pilot.press("3" if screen._reviewing else "p")
        await pilot.pause()
        harmless(app)


@pytest.mark.parametrize("arguments", [(), ("checkin",)])
def test_the_terminal_gets_no_sequence_of_anybody_elses(
    home: object, paths: Paths, arguments: tuple[str, ...]
) -> None:
    with Tracker(paths) as tracker:
        hostile.take_in(tracker)
    terminal = Terminal(*arguments, size=(120, 36))
    try:
        terminal.wait_for("of 5" if arguments else "Learning path")
        for key in "jjjjllGkkg":
            terminal.press(key)
            terminal.read()
        for _ in range(10):
            terminal.read()
        terminal.signal(15)
        assert terminal.ended() == 0
        for sequence in (
            b"\x1b]52",
            b"\x1b]8;",
            b"\x1bP1$tx",
            b"\xc2\x9b",
            b"\x1b[2J\x1b[H cleared",
        ):
            assert sequence not in terminal.raw
        assert "\u202e".encode() not in terminal.raw
    finally:
        terminal.kill()
