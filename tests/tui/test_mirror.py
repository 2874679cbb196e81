"""Mirrored files while the screen is open."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.conftest import Clock
from tests.tui.test_main import said, shown
from tracker_tui import files
from tracker_tui.domain.words import Status
from tracker_tui.errors import Busy
from tracker_tui.exchange.document import document
from tracker_tui.tracker import Tracker
from tracker_tui.tracker.mirror_step import Mirrored
from tracker_tui.tui.app import TrackerApp
from tracker_tui.tui.mirrors import Mirrors


@pytest.fixture
def file(tracker: Tracker, tmp_path: Path) -> Path:
    """The document of the untouched track, mirrored."""
    made = tmp_path / "plan.md"
    made.write_text("".join(f"{line}\n" for line in document(tracker.outline())))
    tracker.mirror_add(str(made))
    return made


def read(file: Path) -> str:
    return file.read_text()


def write(file: Path, text: str) -> None:
    file.write_text(text)


def remove(file: Path) -> None:
    file.unlink()


async def until(pilot: Pilot[None], holds: Callable[[], bool]) -> None:
    while not holds():
        await pilot.pause()
    await pilot.pause()


def at_rest(mirrors: Mirrors) -> bool:
    """Look as often as it takes for a change to be at rest; whether there is one."""
    return mirrors.due() or mirrors.due()


async def test_a_saved_file_shows_and_a_key_is_in_the_file(
    app: TrackerApp, tracker: Tracker, file: Path, clock: Clock
) -> None:
    async with app.run_test(size=(120, 36)) as pilot:
        before = read(file)
        write(file, before.replace("**Git LFS**", "**Git and large files**"))
        await until(pilot, lambda: "from “plan.md”: 1 changed" in said(app))
        app.main.go_to("git-lfs")
        await until(pilot, lambda: any("Git and large files" in row for row in shown(app)))
        await pilot.press("d")
        await until(pilot, lambda: "- [x] **Git and large files**" in read(file))
        await pilot.press("u")
        await until(pilot, lambda: "- [ ] **Git and large files**" in read(file))
        await pilot.press("u")
        await until(pilot, lambda: read(file) == before)
        assert tracker.entry("git-lfs").title == "Git LFS"


async def test_what_both_changed_and_what_is_wrong_is_said_once(
    app: TrackerApp, tracker: Tracker, file: Path, clock: Clock
) -> None:
    async with app.run_test(size=(120, 36)) as pilot:
        tracker.edit("git-lfs", {"title": "Ours"})
        write(file, read(file).replace("**Git LFS**", "**Theirs [/x]**"))
        moment = clock.utc.timestamp() + 60
        os.utime(file, (moment, moment))
        await until(pilot, lambda: "title changed on both sides" in said(app))
        assert tracker.entry("git-lfs").title == "Theirs [/x]"
        remove(file)
        await until(pilot, lambda: "is not there" in said(app))
        app.main.say("")
        await until(pilot, lambda: not app.mirrors.due())
        assert said(app) == ""


def test_with_no_mirror_nothing_is_looked_at(
    tracker: Tracker, monkeypatch: pytest.MonkeyPatch
) -> None:
    mirrors = Mirrors(tracker)
    monkeypatch.setattr("tracker_tui.tui.mirrors._look", None)
    assert not at_rest(mirrors) and not mirrors.behind()
    asked: list[str] = []
    tracker._store.db.set_trace_callback(asked.append)
    assert not at_rest(mirrors)
    tracker._store.db.set_trace_callback(None)
    assert asked == ["PRAGMA data_version"] * 2


def test_only_what_is_at_rest_is_taken(tracker: Tracker, file: Path) -> None:
    mirrors = Mirrors(tracker)
    assert not at_rest(mirrors)
    for n in range(3):
        file.write_text(file.read_text() + "\n" * (n + 1))
        assert not mirrors.due()
    assert mirrors.due() and not mirrors.due()
    mirrors.step()
    assert not at_rest(mirrors) and not mirrors.behind()
    tracker.set_status(["git-lfs"], Status.LEARNED)
    assert mirrors.behind() and at_rest(mirrors)
    assert mirrors.say(mirrors.step()) is None
    assert "- [x] **Git LFS**" in file.read_text()


def test_another_program_that_writes_is_waited_for(tracker: Tracker, file: Path) -> None:
    mirrors = Mirrors(tracker)
    tracker.set_status(["git-lfs"], Status.LEARNED)
    assert at_rest(mirrors) and not at_rest(mirrors)
    assert mirrors.say([Mirrored(str(file), error=Busy("x"))]) is None
    assert mirrors.due() and not at_rest(mirrors)
    assert mirrors.failed(Busy("x")) is None
    assert mirrors.due()


def test_what_is_wrong_with_a_file_is_said_by_its_name(tracker: Tracker, file: Path) -> None:
    mirrors = Mirrors(tracker)
    file.write_text("# Half\n")
    assert at_rest(mirrors)
    told = mirrors.say(mirrors.step())
    assert told is not None and told.warned
    assert told.text.startswith(f"{file.name}: ") and "lines are gone" in told.text


def test_a_file_that_cannot_be_read_is_said_again_when_it_is_wrong_in_another_way(
    tracker: Tracker, file: Path
) -> None:
    mirrors = Mirrors(tracker)
    text = file.read_text()
    file.write_bytes(b"\0")
    assert at_rest(mirrors)
    first = mirrors.say(mirrors.step())
    assert first is not None and first.warned and "NUL" in first.text
    assert mirrors.say(mirrors.step()) is None
    file.write_bytes(b"\xff")
    second = mirrors.say(mirrors.step())
    assert second is not None and "UTF-8" in second.text
    file.write_text(text)
    assert mirrors.say(mirrors.step()) == (f"{file.name} is in step again", False)
    assert mirrors.say(mirrors.step()) is None
    assert files.snapshot(file).text == text
