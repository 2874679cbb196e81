"""What was typed and cannot be written is not lost: it is offered again, and kept when the program ends."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from textual.widgets import Input

from tests.conftest import Clock
from tests.tui.test_main import said
from tests.tui.test_waiting import locked
from tracker_tui import editor
from tracker_tui.errors import TrackerError
from tracker_tui.paths import Paths
from tracker_tui.tracker import Tracker
from tracker_tui.tui.app import TrackerApp, _finish
from tracker_tui.tui.screens.checkin import CheckIn

FULL = TrackerError("the disk is full", "make room and try again; nothing was changed")


@pytest.fixture
def full(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """Nothing can be written until this is undone."""

    def refuse(*_: object, **__: object) -> None:
        raise FULL

    with monkeypatch.context() as patch:
        for verb in ("apply", "apply_all"):
            patch.setattr(f"tracker_tui.store.store.Store.{verb}", refuse)
        yield patch


def notes(tracker: Tracker, id_: str = "git-lfs") -> list[str]:
    return [note.text for note in tracker.detail(id_).notes]


def kept(folder: Path, told: str) -> list[str]:
    """What stands in the files that were named."""
    return [file.read_text() for file in folder.glob("tracker-kept-*.md") if str(file) in told]


def typed(app: TrackerApp) -> str:
    return app.screen.query_one(Input).value


async def test_a_note_that_cannot_be_written_is_offered_again(
    app: TrackerApp, tracker: Tracker, full: pytest.MonkeyPatch
) -> None:
    async with app.run_test(size=(120, 36)) as pilot:
        app.main.go_to("git-lfs")
        await pilot.press("n", *"typed", "enter")
        await pilot.pause()
        assert "the disk is full; your text is kept: n there offers it again" in said(app)
        app.main.go_to("git-worktrees")
        await pilot.press("n")
        await pilot.pause()
        assert typed(app) == "", "on another entry it was not typed"
        await pilot.press("escape")
        app.main.go_to("git-lfs")
        await pilot.press("n")
        await pilot.pause()
        assert typed(app) == "typed"
        await pilot.press(*" more", "enter")
        await pilot.pause()
        full.undo()
        await pilot.press("n", "enter")
        await pilot.pause()
        assert notes(tracker) == ["typed more"]
        await pilot.press("n")
        await pilot.pause()
        assert typed(app) == ""
    app.drafts.leave()


async def test_what_is_dropped_is_not_offered_any_more(
    app: TrackerApp, full: pytest.MonkeyPatch
) -> None:
    async with app.run_test(size=(120, 36)) as pilot:
        app.main.go_to("git-lfs")
        await pilot.press("n", *"typed", "enter", "n", "escape", "n")
        await pilot.pause()
        assert typed(app) == ""
    app.drafts.leave()


async def test_what_was_written_in_the_editor_is_offered_again(
    app: TrackerApp, tracker: Tracker, full: pytest.MonkeyPatch, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[str] = []

    def write(text: str) -> str | None:
        given.append(text)
        return f"two\nlines\n{text}" if len(given) == 1 else None

    async with app.run_test(size=(120, 36)) as pilot:
        monkeypatch.setattr(app.main.editing, "_edit", write)
        app.main.go_to("git-lfs")
        await pilot.press("N")
        await pilot.pause()
        assert "your text is kept" in said(app)
        full.undo()
        await pilot.press("n")
        await pilot.pause()
        assert given[1].startswith("two\nlines\n"), "a prompt has one line: the editor has it again"
        assert notes(tracker) == ["two\nlines"]


async def test_an_entry_that_was_edited_and_a_title_are_offered_again(
    app: TrackerApp, tracker: Tracker, full: pytest.MonkeyPatch, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[str] = []

    def write(text: str) -> str | None:
        given.append(text)
        return text.replace("Git LFS", "Large files") if len(given) == 1 else None

    async with app.run_test(size=(120, 36)) as pilot:
        monkeypatch.setattr(app.main.editing, "_edit", write)
        app.main.go_to("git-lfs")
        await pilot.press("e")
        await pilot.pause()
        assert "e there offers it again" in said(app)
        await pilot.press("a", *"Sparse", "enter")
        await pilot.pause()
        full.undo()
        await pilot.press("a")
        await pilot.pause()
        assert typed(app) == "Sparse"
        await pilot.press("enter")
        await pilot.pause()
        app.main.go_to("git-lfs")
        await pilot.press("e")
        await pilot.pause()
        assert "Large files" in given[1]
        assert tracker.entry("git-lfs").title == "Large files"
        assert [e.title for e in tracker.select("Sparse").matches] == ["Sparse"]


async def test_a_check_in_offers_it_again_too(
    tracker: Tracker, clock: Clock, full: pytest.MonkeyPatch
) -> None:
    app = TrackerApp(tracker, checkin=True)
    async with app.run_test(size=(120, 36)) as pilot:
        screen = app.screen
        assert isinstance(screen, CheckIn) and screen.due is not None
        await pilot.press("n", *"typed", "enter")
        await pilot.pause()
        full.undo()
        await pilot.press("n")
        await pilot.pause()
        assert typed(app) == "typed"
        await pilot.press("enter")
        await pilot.pause()
        assert notes(tracker, screen.due.entry.id) == ["typed"]


@pytest.mark.parametrize("held", [False, True])
async def test_leaving_says_so_first_and_puts_it_into_a_file(
    app: TrackerApp,
    tracker: Tracker,
    paths: Paths,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    held: bool,
) -> None:
    """Whether the disk is full or another program holds the track to the end."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr("tracker_tui.tui.app.BUSY_SECONDS", 0.01)
    with locked(paths):
        async with app.run_test(size=(120, 36)) as pilot:
            app.main.go_to("git-lfs")
            if not held:
                monkeypatch.setattr(tracker, "add_note", lambda *_: (_ for _ in ()).throw(FULL))
            await pilot.press("n", *"typed", "enter")
            await pilot.pause()
            await pilot.press("q")
            assert app.is_running
            assert ("quitting now may lose it" if held else "puts it into a file") in said(app)
            await pilot.press("q")
        if held:
            with pytest.raises(TrackerError, match="1 change could not be written"):
                _finish(app, tracker)
        with pytest.raises(TrackerError, match="what you typed is kept in") as told:
            app.drafts.leave()
    assert kept(tmp_path, str(told.value)) == ["typed"]


def test_what_can_be_kept_nowhere_stands_on_the_terminal(
    app: TrackerApp, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: str) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(editor, "keep", refuse)
    app.drafts.writing("note x", "two\nlines \x1b[2J", lambda: None, "n")
    with pytest.raises(TrackerError, match="kept nowhere; it stands above"):
        app.drafts.leave()
    assert capsys.readouterr().out == "two\nlines [2J\n"
    app.drafts.leave()
