"""The screen over a track that is retired in part, over a newer one, and over none."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.conftest import Clock
from tests.seeds import item, made
from tests.tui.test_main import detail, said, shown
from tracker_tui.domain.track import Place
from tracker_tui.domain.words import Kind
from tracker_tui.exchange import seed
from tracker_tui.paths import Paths
from tracker_tui.tracker import Tracker
from tracker_tui.tui.app import TrackerApp
from tracker_tui.tui.screens.checkin import CheckIn
from tracker_tui.tui.screens.dialogs import Confirm

Tail = Callable[[int], str]
ONE = made(1, {"s": ["a", "b"], "t": [item("c")]}, {"g": ["a"]})
TWO = made(2, {"s": [item("a", title="[/a] \x1b[31mAlpha"), "x"]}, {"g": ["a"]}, title="[b]Second")


@pytest.fixture
def team(paths: Paths, clock: Clock, tail: Tail) -> Iterator[Tracker]:
    """A track from a file."""
    with Tracker(paths, clock=clock, tail=tail, first=ONE.rows) as tracker:
        yield tracker


@pytest.fixture
def empty(paths: Paths, clock: Clock, tail: Tail) -> Iterator[Tracker]:
    """A track with nothing in it."""
    with Tracker(paths, clock=clock, tail=tail, first=tuple) as tracker:
        yield tracker


async def test_what_is_retired_says_so_in_the_detail_pane(team: Tracker) -> None:
    team.add_note("b", "mine")
    team.add("Own", Kind.ITEM, Place("t"))
    team.update_seed(TWO)
    app = TrackerApp(team)
    async with app.run_test(size=(120, 36)) as pilot:
        for id_, marked in (("b", True), ("t", True), ("a", False), ("g", False)):
            app.main.go_to(id_)
            await pilot.pause()
            assert ("Retired" in detail(app)) is marked
        await pilot.press("f", *"is:retired", "enter")
        while app.main._asked != "is:retired" or not app.main.words:
            await pilot.pause()
        await pilot.pause()
        assert [line for line in shown(app) if line.startswith("○ b ") and "retired" in line]
        assert not [line for line in shown(app) if "Alpha" in line]


async def test_a_newer_version_is_told_of_once_and_taken_in_by_name(
    team: Tracker, tmp_path: Path
) -> None:
    """Another process's track has a title that looks like markup; nothing is taken for it."""
    file = tmp_path / "team.json"
    file.write_text(json.dumps({}), encoding="utf-8")
    team.began_with("team", file)
    app = TrackerApp(team)
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.pause()
        assert said(app) == ""
        await app.run_action("update_track", app.main)
        await pilot.app.workers.wait_for_complete()
        assert "format" in said(app)


async def test_the_track_is_updated_from_the_palette(
    team: Tracker, monkeypatch: pytest.MonkeyPatch
) -> None:
    found: list[tuple[seed.Seed, Path | None]] = [(TWO, None)]
    monkeypatch.setattr(Tracker, "newer_seeds", lambda self: found)
    app = TrackerApp(team)
    async with app.run_test(size=(120, 36)) as pilot:
        for answer, said_after in (("n", ""), ("y", "updated: 1 added, 2 reworded, 3 retired")):
            await app.run_action("update_track", app.main)
            while not isinstance(app.screen, Confirm):
                await pilot.pause()
            await pilot.press(answer)
            await pilot.app.workers.wait_for_complete()
            await pilot.pause()
            assert said(app) == said_after
        assert app.main.top_bar.title == "[b]Second"
        app.main.go_to("a")
        await pilot.pause()
        assert "[/a]" in detail(app)
        assert app.main.tracker.entry("c").deleted
        found.clear()
        await app.run_action("update_track", app.main)
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()
        assert said(app) == "the track is the newest there is"


async def test_a_newer_built_in_track_is_told_of_at_one_start(
    tracker: Tracker, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    newer = tmp_path / "newer.json"
    newer.write_text('{"format": 1, "id": "dev-environment", "version": 99}', encoding="utf-8")
    monkeypatch.setattr(seed, "built_in", lambda: newer)
    for words in ("version 99 of the track is there: “update the track” among the commands", ""):
        app = TrackerApp(tracker)
        async with app.run_test(size=(120, 36)) as pilot:
            await pilot.pause()
            assert said(app) == words


async def test_an_empty_track_says_how_to_go_on(empty: Tracker) -> None:
    app = TrackerApp(empty)
    async with app.run_test(size=(80, 24)) as pilot:
        assert "There is nothing in this track yet." in detail(app)
        assert "tracker import FILE" in detail(app)
        await pilot.press("c")
        await pilot.pause()
        checkin = app.screen
        assert isinstance(checkin, CheckIn)
        assert "There is nothing in this track yet." in "\n".join(
            checkin.pane.render_line(y).text for y in range(checkin.pane.size.height)
        )
        await pilot.press("enter")
        await pilot.press("a", *"First", "enter")
        await pilot.pause()
        assert "added “First”" in said(app)
        assert any(line.endswith("First") for line in shown(app))
        await pilot.press("t", "a", *"Second", "enter")
        await pilot.pause()
        assert [c.title for c in empty.siblings(Place(kind=Kind.CATEGORY))] == ["Inbox"]
        await pilot.press("u", "u")
        await pilot.pause()
        await pilot.press("t")
        await pilot.pause()
        assert "There is nothing in this track yet." in detail(app)
