"""The check-in and the insights in odd moments: past days, other processes, midnight, hostile text."""

from __future__ import annotations

import json

import pytest
from textual.events import Key

from tests.conftest import Clock
from tests.tui.test_checkin import learned_long_ago, progress, screen, settle, shown, until
from tracker_tui.config import Config
from tracker_tui.domain.journal import Action, Change
from tracker_tui.domain.track import Place
from tracker_tui.domain.words import Answer, Entity, Kind, Rating, Status
from tracker_tui.paths import Paths
from tracker_tui.tracker import Tracker
from tracker_tui.tui.app import TrackerApp
from tracker_tui.tui.editing import Editing
from tracker_tui.tui.screens.checkin import CheckIn
from tracker_tui.tui.screens.dialogs import Confirm
from tracker_tui.tui.screens.keys import Keys

BAD = "a\x1b]0;x\x07b\x9b2Jc\u202ed"


def drawn(app: TrackerApp) -> str:
    """The whole screen as it goes to the terminal, less its styles."""
    return "\n".join(strip.text for strip in app.screen._compositor.render_strips())


def typed_ahead(app: TrackerApp, *names: str) -> None:
    """Keys that come faster than they are dealt with."""
    for name in names:
        app.post_message(Key(name, name if len(name) == 1 else None))


async def test_one_more_on_a_past_day_is_taken_back(tracker: Tracker) -> None:
    app = TrackerApp(tracker, checkin=True, day=tracker.check_in_day("yesterday"))
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.press("d", "plus")
        await pilot.pause()
        assert progress(app).endswith("1 of 6")
        await pilot.press("u")
        await pilot.pause()
        assert progress(app).endswith("1 of 5")
        await pilot.press("u")
        await pilot.pause()
        assert progress(app).endswith("0 of 5")


async def test_a_note_on_a_past_day_is_of_that_day(tracker: Tracker) -> None:
    day = tracker.check_in_day("yesterday")
    id_ = tracker.queue(day)[0].entry.id
    app = TrackerApp(tracker, checkin=True, day=day)
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.press("n", *"x1", "enter")
        await pilot.pause()
        assert [note.text for note in tracker.detail(id_).notes] == ["x1"]
        assert tracker.stats().activity == {day: 1}
        await pilot.press("u")
        await pilot.pause()
        assert not tracker.detail(id_).notes


async def test_spreading_on_a_past_day_can_be_taken_back(tracker: Tracker, clock: Clock) -> None:
    items = [e.id for e in tracker.select("kind:item").matches][:12]
    learned_long_ago(tracker, clock, *items)
    app = TrackerApp(tracker, checkin=True, day=tracker.check_in_day("yesterday"))
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.press("b", "u")
        await pilot.pause()
        assert tracker.backlog().overdue == 12


async def test_the_backlog_is_told_as_it_is(tracker: Tracker, clock: Clock) -> None:
    items = [e.id for e in tracker.select("kind:item").matches][:12]
    learned_long_ago(tracker, clock, *items)
    app = TrackerApp(tracker, checkin=True)
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.press("3", "3")
        await pilot.pause()
        assert "10 reviews are due and a day takes 2" in shown(app)
        await pilot.press("b", "u")
        await pilot.pause()
        assert "10 reviews are due and a day takes 2" in shown(app)


async def test_a_link_is_opened_in_a_checkin_from_the_insights(
    app: TrackerApp, tracker: Tracker, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []

    def browse(url: str) -> bool:
        opened.append(url)
        return True

    monkeypatch.setattr(Editing, "browse", staticmethod(browse))
    first = tracker.queue()[0].entry.id
    tracker.edit(first, {"description": "https://one.example", "resources": ""})
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.press("i")
        await settle(pilot)
        await pilot.press("c", "o")
        await pilot.pause()
        assert opened == ["https://one.example"]


async def test_a_review_alone_does_not_unlearn_its_item(app: TrackerApp, tracker: Tracker) -> None:
    async with app.run_test(size=(100, 30)) as pilot:
        app.main.go_to("git-lfs")
        await pilot.press("d", "r", "u")
        await pilot.pause()
        assert tracker.entry("git-lfs").status is Status.LEARNED


async def test_undo_stays_within_the_checkin(app: TrackerApp, tracker: Tracker) -> None:
    async with app.run_test(size=(100, 30)) as pilot:
        app.main.go_to("runbooks")
        await pilot.press("d", "c", "u")
        await pilot.pause()
        assert tracker.entry("runbooks").status is Status.LEARNED


async def test_undo_does_not_end_a_pause(tracker: Tracker) -> None:
    tracker.pause()
    app = TrackerApp(tracker, checkin=True)
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.press("u")
        await pilot.pause()
        assert tracker.paused() is not None


def plant(tracker: Tracker) -> None:
    """A queue whose reasons hold control characters, as a merged journal may bring it."""
    rows = [[d.entry.id, d.reason.value, BAD, d.entry.status.value] for d in tracker.queue()]
    day = tracker.today().isoformat()
    tracker.add_note("git-lfs", "begins the day")
    kept = Change(Entity.DAY, day, "queue", None, json.dumps(rows, ensure_ascii=False))
    tracker._store.apply(Action("x", (kept,), day=day), tracker._at())


@pytest.mark.parametrize("place", ["checkin", "today", "entry"])
async def test_a_reason_is_only_text(app: TrackerApp, tracker: Tracker, place: str) -> None:
    plant(tracker)
    async with app.run_test(size=(120, 36)) as pilot:
        if place == "checkin":
            await pilot.press("c")
        elif place == "today":
            app.main.go_along(["@today"])
        else:
            app.main.go_to(tracker.queue()[0].entry.id)
        await pilot.pause()
        await pilot.pause()
        text = drawn(app)
        assert "]0;x" in text
        assert not [c for c in "\x1b\x07\x9b\u202e" if c in text]


async def test_other_texts_with_control_characters(tracker: Tracker) -> None:
    """A database that was written to by hand."""
    id_ = tracker.queue()[0].entry.id
    tracker.add_note(id_, "n")
    tracker.day_note(tracker.today(), "n")
    db = tracker._store.db
    db.execute("UPDATE entry SET title = ?, description = ?, done_when = ?", [BAD, BAD, BAD])
    db.execute("UPDATE note SET text = ?", [BAD])
    db.execute("UPDATE fact SET value = ? WHERE field = 'note'", [BAD])
    app = TrackerApp(tracker, checkin=True)
    seen = []
    async with app.run_test(size=(100, 30)) as pilot:
        for key in ("n", "escape", "p", "s", "x", "d", "p", "n", "escape", "u"):
            await pilot.press(key)
            await settle(pilot)
            seen.append(drawn(app))
    assert app.failure is None
    assert not [c for c in "\x1b\x07\x9b\u202e" if any(c in text for text in seen)]


async def test_the_insights_hear_of_midnight(app: TrackerApp, clock: Clock) -> None:
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.press("i")
        await settle(pilot)
        clock.advance(days=1)
        await pilot.press("c")
        await pilot.pause()
        assert "Wednesday 2026-11-25" in progress(app)


async def test_an_eighth_day_back_is_not_filled_in(app: TrackerApp, clock: Clock) -> None:
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.press("i")
        await settle(pilot)
        await pilot.press(*["left_square_bracket"] * 7)
        clock.advance(days=1)
        await pilot.press("c")
        await pilot.pause()
        assert not isinstance(app.screen, CheckIn) or "2026-11-17" not in progress(app)


async def test_a_day_note_from_elsewhere_is_shown(
    tracker: Tracker, paths: Paths, clock: Clock
) -> None:
    for due in tracker.queue():
        tracker.answer(tracker.today(), due.entry.id, Answer.PROGRESS)
    app = TrackerApp(tracker, checkin=True)
    async with app.run_test(size=(100, 30)) as pilot:
        await settle(pilot)
        with Tracker(paths, clock=clock) as other:
            other.day_note(other.today(), "from elsewhere")
        screen(app)._poll()
        await settle(pilot)
        assert "from elsewhere" in shown(app)


TITLES = ["[/foo] x [@click=app.quit]y", "日本語" * 40, "x" * 1_000, "`", "\\[b]"]


@pytest.mark.parametrize("title", TITLES)
@pytest.mark.parametrize("size", [(120, 36), (80, 24), (60, 20), (40, 12)])
async def test_a_hostile_review(
    paths: Paths, clock: Clock, title: str, size: tuple[int, int]
) -> None:
    with Tracker(paths, Config(glyphs="ascii"), clock=clock) as tracker:
        place = Place("git-workflow-unknown-unknowns")
        id_ = tracker.add(title, Kind.ITEM, place).changes[0].id
        tracker.add_note(id_, title)
        tracker.edit(id_, {"description": title, "done_when": title})
        learned_long_ago(tracker, clock, id_)
        tracker.grade(id_, Rating.AGAIN)
        clock.advance(days=3)
        app = TrackerApp(tracker, checkin=True)
        async with app.run_test(size=size) as pilot:
            await pilot.press("space", "space", "question_mark")
            await pilot.pause()
            assert isinstance(app.screen, Keys)
            await pilot.press("escape", "p")
            await pilot.pause()
            assert screen(app).pane.has_class("-warned")
            pane = screen(app).pane
            widths = {pane.render_line(y).cell_length for y in range(pane.size.height)}
            assert widths == {pane.size.width}
            await pilot.press("1")
            await until(pilot, lambda: isinstance(app.screen, Confirm))
            await pilot.press("y")
            await pilot.pause()
            assert tracker.entry(id_).status is Status.LEARNING
            await pilot.press("u", "u")
            await pilot.pause()
            assert progress(app).endswith("0 of 5")
        assert app.failure is None


async def test_midnight_under_a_dialog(tracker: Tracker, clock: Clock) -> None:
    first = tracker.queue()[0].entry.id
    app = TrackerApp(tracker, checkin=True)
    async with app.run_test(size=(100, 30)) as pilot:
        checkin = screen(app)
        await pilot.press("n", *"late")
        clock.advance(days=1)
        await until(pilot, lambda: checkin.day == tracker.today())
        await pilot.press("enter")
        await pilot.pause()
        assert [note.text for note in tracker.detail(first).notes] == ["late"]
        assert "2026-11-25" in progress(app)


async def test_a_past_day_stays_at_midnight(tracker: Tracker, clock: Clock) -> None:
    day = tracker.check_in_day("yesterday")
    app = TrackerApp(tracker, checkin=True, day=day)
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.press("d")
        clock.advance(days=1)
        screen(app)._poll()
        await pilot.press("u")
        await pilot.pause()
        assert day.isoformat() in progress(app)
        assert progress(app).endswith("0 of 5")


BURSTS = ["escape escape", "q q", "d p s x d enter enter", "d u escape c", "n a enter d q"]


@pytest.mark.parametrize("keys", [*BURSTS, "i escape i c escape escape"])
@pytest.mark.parametrize("checkin", [True, False])
async def test_keys_that_are_typed_ahead(tracker: Tracker, keys: str, checkin: bool) -> None:
    app = TrackerApp(tracker, checkin=checkin)
    async with app.run_test(size=(100, 30)) as pilot:
        if not checkin:
            await pilot.press("c")
        typed_ahead(app, *keys.split())
        for _ in range(8):
            await pilot.pause()
    assert app.failure is None


async def test_a_grade_is_kept_once(app: TrackerApp, tracker: Tracker, clock: Clock) -> None:
    learned_long_ago(tracker, clock)
    async with app.run_test(size=(100, 30)) as pilot:
        app.main.go_to("git-lfs")
        await pilot.press("r")
        await pilot.pause()
        typed_ahead(app, "4", "4", "4")
        for _ in range(8):
            await pilot.pause()
        assert app.screen is app.main
    assert [line.label for line in tracker.actions()].count("reviewed “Git LFS”: easy") == 1
