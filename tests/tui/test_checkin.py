"""The check-in on the screen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from textual.pilot import Pilot

from tests.bare import bare
from tests.conftest import Clock
from tracker_tui.config import Config
from tracker_tui.domain.track import Place
from tracker_tui.domain.words import Answer, Kind, Rating, Status
from tracker_tui.paths import Paths
from tracker_tui.tracker import Tracker
from tracker_tui.tui.app import TrackerApp
from tracker_tui.tui.editing import Editing
from tracker_tui.tui.screens.checkin import CheckIn
from tracker_tui.tui.screens.dialogs import Choose, Confirm
from tracker_tui.tui.screens.keys import Keys

HOSTILE = "[/foo] x [@click=app.quit]y[/] {0} \\"


async def settle(pilot: Pilot[None], group: str = "stats") -> None:
    """Wait until the workers are done and what they posted is on the screen."""
    await pilot.pause()
    while not all(w.is_finished for w in pilot.app.workers if w.group == group):
        await pilot.pause()
    await pilot.pause()


async def until(pilot: Pilot[None], true: Callable[[], bool]) -> None:
    """Wait for something that the screen notices by itself."""
    for _ in range(500):
        if true():
            return
        await pilot.pause(0.01)
    raise AssertionError("it never came")


def screen(app: TrackerApp) -> CheckIn:
    assert isinstance(app.screen, CheckIn)
    return app.screen


def shown(app: TrackerApp) -> str:
    pane = screen(app).pane
    return "\n".join(pane.render_line(y).text.rstrip() for y in range(pane.size.height))


def said(app: TrackerApp) -> str:
    return str(screen(app).pane.border_subtitle or "")


def keys(app: TrackerApp) -> str:
    bar = screen(app).keys
    return bar.render_line(0).text


def progress(app: TrackerApp) -> str:
    return screen(app).bar.render_line(0).text.strip()


def learned_long_ago(tracker: Tracker, clock: Clock, *ids: str) -> None:
    tracker.set_status(list(ids) or ["git-lfs"], Status.LEARNED)
    clock.advance(days=9)


async def test_a_day_from_the_track_and_back(app: TrackerApp, tracker: Tracker) -> None:
    asked = [due.entry for due in tracker.queue()]
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.press("c")
        await pilot.pause()
        assert progress(app).endswith("0 of 5")
        assert "Part of critical gap 1" in shown(app)
        assert asked[0].title in shown(app)
        assert "d learned" in keys(app)
        await pilot.press("d")
        await pilot.pause()
        assert asked[1].title in shown(app)
        assert "todo → learned" in said(app)
        await pilot.press("p", "s")
        await pilot.pause()
        assert progress(app).endswith("3 of 5")
        await pilot.press("u")
        await pilot.pause()
        assert progress(app).endswith("2 of 5")
        assert asked[2].title in shown(app)
        assert "undone" in said(app)
        await pilot.press("n", *"tried", "enter")
        await pilot.pause()
        assert [note.text for note in tracker.detail(asked[2].id).notes] == ["tried"]
        assert "tried" in shown(app)
        await pilot.press("x", "q")
        await pilot.pause()
        assert app.screen is app.main
        assert app.main.top_bar.today == 2
    answers = [due.answer for due in tracker.queue()]
    assert answers[:3] == [Answer.LEARNED, Answer.PROGRESS, Answer.SKIPPED]


async def test_the_end_of_a_day(app: TrackerApp, tracker: Tracker) -> None:
    for due in tracker.queue()[:3]:
        tracker.answer(tracker.today(), due.entry.id, Answer.LEARNED)
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.press("c", "plus", "d", "d")
        await pilot.pause()
        assert progress(app).endswith("5 of 6")
        await pilot.press("p")
        await settle(pilot)
        assert "Tomorrow" in shown(app)
        assert "Rhythm" in shown(app)
        assert "Activity" in shown(app)
        assert "Forecast" in shown(app)
        assert "5 learned, 1 in progress" in shown(app)
        await pilot.press("d")
        await pilot.pause()
        assert "everything is answered" in said(app)
        await pilot.press("b", "3")
        await pilot.pause()
        assert "everything is answered" in said(app)
        await pilot.press("n", *"a good day", "enter")
        await settle(pilot)
        assert tracker.note_of(tracker.today()) == "a good day"
        assert "a good day" in shown(app)
        await pilot.press("enter")
        await pilot.pause()
        assert app.screen is app.main
        assert app.main.top_bar.today == 0


async def test_from_the_summary_q_ends_the_program(tracker: Tracker) -> None:
    app = TrackerApp(tracker, checkin=True)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press(*"ppppp")
        await settle(pilot)
        assert "Tomorrow" in shown(app)
        await pilot.press("u")
        await pilot.pause()
        assert progress(app).endswith("4 of 5")
        await pilot.press("p")
        await settle(pilot)
        await pilot.press("escape")
        await pilot.pause()
        assert app.screen is app.main
        await pilot.press("c")
        await settle(pilot)
        await pilot.press("q")
    assert app.return_code == 0
    assert not app.is_running


async def test_it_goes_on_where_it_was_left(tracker: Tracker) -> None:
    for done in range(5):
        app = TrackerApp(tracker, checkin=True)
        async with app.run_test(size=(80, 24)) as pilot:
            await pilot.pause()
            assert progress(app).endswith(f"{done} of 5")
            await pilot.press("p", "q")
    assert all(due.answered for due in tracker.queue())


async def test_a_review(tracker: Tracker, clock: Clock) -> None:
    bare(tracker, "git-lfs")
    tracker.edit("git-lfs", {"done_when": "a large file is tracked", "description": "Its text"})
    tracker.add_note("git-lfs", "see https://git-lfs.com")
    learned_long_ago(tracker, clock)
    due = tracker.grades("git-lfs").due
    app = TrackerApp(tracker, checkin=True)
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.pause()
        await pilot.pause()
        assert "You learned this 9 days ago; recall is down to" in shown(app)
        assert "a large file is tracked" in shown(app)
        assert due[Rating.GOOD].isoformat() in shown(app)
        assert "Its text" not in shown(app)
        assert "space shows its text, 1 note and 1 link" in shown(app)
        await pilot.press("space")
        await pilot.pause()
        assert "Its text" in shown(app)
        assert "see https://git-lfs.com" in shown(app)
        await pilot.press("space", "d")
        await pilot.pause()
        assert "Its text" not in shown(app)
        assert "grade it with 1 to 4" in said(app)
        assert screen(app).pane.has_class("-warned")
        await pilot.press("3")
        await pilot.pause()
        assert "reviewed “Git LFS”: good" in said(app)
        assert not screen(app).pane.has_class("-warned")
        standing = tracker.detail("git-lfs").standing
        assert standing is not None and standing.due == due[Rating.GOOD]
        await pilot.press("1")
        await pilot.pause()
        assert "only a review is graded" in said(app)
        await pilot.press("u")
        await pilot.pause()
        assert "a large file is tracked" in shown(app)


@pytest.mark.parametrize(("key", "status"), [("y", Status.LEARNING), ("n", Status.LEARNED)])
async def test_again_twice_offers_to_learn_it_anew(
    tracker: Tracker, clock: Clock, key: str, status: Status
) -> None:
    learned_long_ago(tracker, clock)
    tracker.grade("git-lfs", Rating.AGAIN)
    clock.advance(days=2)
    app = TrackerApp(tracker, checkin=True)
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.press("1")
        await until(pilot, lambda: isinstance(app.screen, Confirm))
        await pilot.press(key)
        await pilot.pause()
        assert tracker.entry("git-lfs").status is status
        assert progress(app).endswith("1 of 5")


async def test_one_item_is_reviewed_from_the_track(
    app: TrackerApp, tracker: Tracker, clock: Clock
) -> None:
    learned_long_ago(tracker, clock)
    async with app.run_test(size=(100, 30)) as pilot:
        app.main.go_to("runbooks")
        await pilot.press("r")
        await pilot.pause()
        assert app.screen is app.main
        assert "only a learned item" in app.main.key_bar.said
        app.main.go_to("git-lfs")
        await pilot.press("r")
        await pilot.pause()
        assert "Do you still know this?" in shown(app)
        await pilot.press("d")
        await pilot.pause()
        assert "1 to 4" in said(app)
        await pilot.press("4")
        await pilot.pause()
        await pilot.pause()
        assert app.screen is app.main
        assert tracker.detail("git-lfs").history[0].text == "reviewed: easy"
        await pilot.press("r", "escape")
        await pilot.pause()
        assert app.screen is app.main
        assert len(tracker.detail("git-lfs").history) == 3


async def test_a_backlog_is_offered_to_be_spread(tracker: Tracker, clock: Clock) -> None:
    items = [e.id for e in tracker.select("kind:item").matches][:12]
    learned_long_ago(tracker, clock, *items)
    app = TrackerApp(tracker, checkin=True)
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.pause()
        assert "12 reviews are due and a day takes 2" in shown(app)
        await pilot.press("b")
        await pilot.pause()
        assert "10 reviews spread" in said(app)
        assert "reviews are due" not in shown(app)
        await pilot.press("u")
        await pilot.pause()
        assert tracker.backlog().overdue == 12


async def test_other_processes_and_midnight_are_heard_of(
    tracker: Tracker, paths: Paths, clock: Clock
) -> None:
    app = TrackerApp(tracker, checkin=True)
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.pause()
        with Tracker(paths, clock=clock) as other:
            other.answer(other.today(), other.queue()[0].entry.id, Answer.LEARNED)
        await until(pilot, lambda: progress(app).endswith("1 of 5"))
        clock.now = clock.now.replace(hour=3, minute=59) + timedelta(days=1)
        await pilot.pause(0.5)
        assert "2026-11-24" in progress(app)
        clock.advance(minutes=1)
        await until(pilot, lambda: "2026-11-25" in progress(app))
        assert progress(app).endswith("0 of 5")
        assert "a new day" in said(app)


async def test_a_past_day_is_filled_in(tracker: Tracker) -> None:
    yesterday = tracker.check_in_day("yesterday")
    app = TrackerApp(tracker, checkin=True, day=yesterday)
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.pause()
        assert "Monday 2026-11-23, filled in" in progress(app)
        await pilot.press("d", "s")
        await pilot.pause()
        assert progress(app).endswith("2 of 5")
    assert tracker.stats().activity == {yesterday: 2}
    assert all(not due.answered for due in tracker.queue())


async def test_in_a_pause_nothing_is_asked(tracker: Tracker) -> None:
    tracker.pause("today", "2026-12-01")
    app = TrackerApp(tracker, checkin=True)
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.pause()
        assert "Paused until 2026-12-01." in shown(app)
        await pilot.press("plus")
        await pilot.pause()
        assert progress(app).endswith("0 of 1")


async def test_an_empty_day_says_so(tracker: Tracker, clock: Clock) -> None:
    tracker.set_status([e.id for e in tracker.select("").matches], Status.SKIPPED)
    clock.advance(days=1)
    app = TrackerApp(tracker, checkin=True)
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.pause()
        assert "Nothing is due." in shown(app)
        await pilot.press("plus")
        await pilot.pause()
        assert "nothing more" in said(app)
        await pilot.press("u", "o", "space", "question_mark")
        await pilot.pause()
        assert isinstance(app.screen, Keys)


@pytest.mark.parametrize("glyphs", ["unicode", "ascii"])
@pytest.mark.parametrize("size", [(120, 36), (80, 24), (60, 20), (40, 10), (20, 5)])
async def test_hostile_text_at_every_size(
    paths: Paths, clock: Clock, size: tuple[int, int], glyphs: str
) -> None:
    with Tracker(paths, Config(glyphs=glyphs), clock=clock) as tracker:
        gap = tracker.add(HOSTILE, Kind.GAP, Place(kind=Kind.GAP)).changes[0].id
        others = [g.id for g in tracker.siblings(Place(kind=Kind.GAP)) if g.id != gap]
        tracker.set_status(others, Status.SKIPPED)
        tracker.add_note(gap, HOSTILE)
        clock.advance(days=1)
        app = TrackerApp(tracker, checkin=True)
        async with app.run_test(size=size) as pilot:
            await pilot.pause()
            assert tracker.queue()[0].entry.id == gap
            await pilot.press("p", *"sdxp")
            await settle(pilot)
            assert HOSTILE[:20] in said(app) or size[0] < 40 or "progress" in said(app)
            await pilot.press("n", *"[/x]", "enter")
            await settle(pilot)
            assert tracker.note_of(tracker.today()) == "[/x]"
        assert all(due.answered for due in tracker.queue())


async def test_links_are_opened_from_here(
    tracker: Tracker, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []

    def browse(url: str) -> bool:
        opened.append(url)
        return True

    monkeypatch.setattr(Editing, "browse", staticmethod(browse))
    id_ = tracker.queue()[0].entry.id
    tracker.edit(id_, {"resources": ""})
    app = TrackerApp(tracker, checkin=True)
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.press("o")
        await pilot.pause()
        assert "it has no link" in said(app)
        tracker.add_note(id_, "see https://one.example/a")
        await pilot.press("o")
        await pilot.pause()
        assert opened == ["https://one.example/a"]
        assert app.clipboard == "https://one.example/a"
        tracker.add_note(id_, "and http://two.example")
        await pilot.press("o")
        await until(pilot, lambda: isinstance(app.screen, Choose))
        await pilot.press("1")  # of the newest note
        await until(pilot, lambda: len(opened) == 2)
        assert opened[1] == "http://two.example"
        local = '[{"title": "x", "url": "file:///etc/passwd"}]'
        tracker.edit(id_, {"resources": local})
        await pilot.press("o")
        await until(pilot, lambda: isinstance(app.screen, Choose))
        await pilot.press("3")  # what is no web address is not among them
        await pilot.press("2")
        await until(pilot, lambda: len(opened) == 3)
        assert opened[2] == "https://one.example/a"


async def test_a_link_that_is_no_web_address_is_not_opened(
    tracker: Tracker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Editing, "browse", staticmethod(lambda url: pytest.fail(url)))
    local = '[{"title": "x", "url": "file:///etc/passwd"}]'
    tracker.edit(tracker.queue()[0].entry.id, {"resources": local})
    app = TrackerApp(tracker, checkin=True)
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.press("o")
        await until(pilot, lambda: "only http" in said(app))


async def test_a_click_on_the_last_line_does_what_its_key_does(tracker: Tracker) -> None:
    app = TrackerApp(tracker, checkin=True)
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.pause()
        place = keys(app).index("p progress")
        await pilot.click(screen(app).keys, offset=(place, 0))
        await pilot.pause()
        assert progress(app).endswith("1 of 5")
    assert tracker.queue()[0].answer is Answer.PROGRESS


async def test_a_users_key_holds_here_too(paths: Paths, clock: Clock) -> None:
    with Tracker(paths, Config(keymap={"item.learned": "D"}), clock=clock) as tracker:
        app = TrackerApp(tracker, checkin=True)
        async with app.run_test(size=(100, 30)) as pilot:
            await pilot.press("d")
            await pilot.pause()
            assert progress(app).endswith("0 of 5")
            assert "D learned" in keys(app)
            await pilot.press("D")
            await pilot.pause()
            assert progress(app).endswith("1 of 5")


async def test_what_cannot_be_written_is_said_and_nothing_is_lost(tracker: Tracker) -> None:
    app = TrackerApp(tracker, checkin=True)
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.pause()
        tracker._store.db.execute("PRAGMA query_only = 1")
        await pilot.press("d")
        await pilot.pause()
        assert progress(app).endswith("0 of 5")
        assert screen(app).pane.has_class("-warned")
        tracker._store.db.execute("PRAGMA query_only = 0")
        await pilot.press("d")
        await pilot.pause()
        assert progress(app).endswith("1 of 5")
