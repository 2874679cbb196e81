"""How to study an entry, on the screen."""

from __future__ import annotations

import json

import pytest
from textual.widgets import Input

from tests.bare import bare
from tests.tui.test_checkin import until
from tests.tui.test_main import detail, said, settle
from tracker_tui.domain.words import Answer, RelationKind, Status
from tracker_tui.tracker import Tracker
from tracker_tui.tui.app import TrackerApp
from tracker_tui.tui.editing import Editing
from tracker_tui.tui.screens.checkin import CheckIn
from tracker_tui.tui.screens.dialogs import Choose


@pytest.mark.parametrize(
    ("typed", "value", "leaves"), [("is:re", "is:ready", False), ("git", "git", True)]
)
async def test_tab_completes_the_filter_or_goes_on(
    app: TrackerApp, typed: str, value: str, leaves: bool
) -> None:
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.press("f", *typed)
        await app.workers.wait_for_complete()
        await settle(pilot)
        line = app.main.query_one(Input)
        await pilot.press("tab")
        await settle(pilot)
        assert line.value == value
        assert line.has_focus is not leaves


LINKS = json.dumps(
    [
        {"title": "Docs [/b]", "url": "https://one.example/docs"},
        {"title": "Local", "url": "file:///etc/passwd"},
        {"title": "Book", "url": "https://two.example/book"},
    ]
)


@pytest.fixture
def told(tracker: Tracker) -> Tracker:
    """A track in which one item says how to study it, and has two twins."""
    bare(tracker, "git-lfs")
    tracker.edit(
        "git-lfs",
        {
            "first_step": "Run `git lfs install`.",
            "done_when": "A large file is a pointer.",
            "effort": "S",
            "resources": LINKS,
        },
    )
    for id_ in ("git-hooks", "runbooks"):
        tracker.relate(RelationKind.RELATED, "git-lfs", id_)
    for id_ in ("git-submodules", "git-worktrees"):
        tracker.relate(RelationKind.REQUIRES, "git-lfs", id_)
    tracker.set_status(["git-submodules"], Status.LEARNED)
    return tracker


@pytest.mark.parametrize("size", [(120, 36), (60, 60)])
async def test_the_detail_says_how_to_study(
    app: TrackerApp, told: Tracker, size: tuple[int, int]
) -> None:
    async with app.run_test(size=size) as pilot:
        app.main.go_to("git-lfs")
        await pilot.pause()
        if size[0] < 90:
            await pilot.press("tab")
            await pilot.pause()
        text = detail(app)
        lines = [line.strip() for line in text.split("\n")]
        places = [
            next(n for n, line in enumerate(lines) if line.startswith(words))
            for words in (
                "First step  Run `git lfs install`.",
                "Done when   A large file is a pointer.",
                "Effort      an hour  S",
                "Study    o  Docs [/b]  one.example",
                "Local  file:///etc/passwd",
                "Book  two.example",
                "Needs       ○ Git worktrees",  # what is open first
                "● Git submodules",
                "Related     ○ Git hooks  Areas for Improvement",
                "○ Runbooks  Documentation & Planning",
            )
        ]
        assert places == sorted(places)


async def test_a_twin_is_a_line_to_jump_to(app: TrackerApp, told: Tracker) -> None:
    async with app.run_test(size=(120, 36)) as pilot:
        app.main.go_to("git-lfs")
        await pilot.pause()
        await pilot.press("tab", *"jjjjjj", "enter")
        await pilot.pause()
        assert app.main.one().id == "runbooks"
        assert "Related     ○ Git LFS  Git Workflow" in detail(app)


async def test_of_several_links_one_is_chosen_and_only_web_addresses(
    app: TrackerApp, told: Tracker, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []

    def browse(url: str) -> bool:
        opened.append(url)
        return True

    monkeypatch.setattr(Editing, "browse", staticmethod(browse))
    async with app.run_test(size=(60, 20)) as pilot:
        app.main.go_to("git-lfs")
        for keys, url in (
            (["2"], "https://two.example/book"),
            (["j", "enter"], "https://two.example/book"),
            (["k", "k", "enter"], "https://one.example/docs"),
            (["3", "escape"], ""),
        ):
            await pilot.press("o")
            await until(pilot, lambda: isinstance(app.screen, Choose))
            await pilot.press(*keys)
            await until(pilot, lambda: app.screen is app.main)
            assert opened == ([url] if url else [])
            opened.clear()


async def test_twins_are_offered_and_learned_by_one_key(app: TrackerApp, told: Tracker) -> None:
    async with app.run_test(size=(120, 36)) as pilot:
        app.main.go_to("git-lfs")
        await pilot.press("d")
        await pilot.pause()
        assert said(app) == "“Git LFS”: todo → learned   T learns its 2 twins too"
        await pilot.press("T")
        await pilot.pause()
        assert said(app) == "“Git LFS” and 2 twins → learned"
        assert told.overall().learned == 4
        await pilot.press("u")
        await pilot.pause()
        assert told.overall().learned == 2
        await pilot.press("u", "T")
        await pilot.pause()
        assert told.overall().learned == 4
        await pilot.press("d", "d")
        await pilot.pause()
        assert "twin" not in said(app)


async def test_in_the_check_in_too(told: Tracker) -> None:
    first, second = (due.entry.id for due in told.queue()[:2])
    bare(told, first, second)
    told.edit(first, {"first_step": "Begin here.", "effort": "L", "done_when": ""})
    for id_ in (second, "git-lfs"):
        told.relate(RelationKind.RELATED, first, id_)
    app = TrackerApp(told, checkin=True)
    async with app.run_test(size=(100, 40)) as pilot:
        await pilot.pause()
        check_in = app.screen
        assert isinstance(check_in, CheckIn)
        text = "\n".join(
            check_in.pane.render_line(y).text for y in range(check_in.pane.size.height)
        )
        assert "First step  Begin here." in text
        assert "a weekend  L" in text
        assert [hint.key for hint in check_in.keys.hints][:3] == ["d", "T", "p"]
        told.progress([first])
        await until(pilot, lambda: check_in.due is not None and check_in.due.entry.id != first)
        await pilot.press("u")
        told.undo()
        await until(pilot, lambda: check_in.due is not None and check_in.due.entry.id == first)
        await pilot.press("T")
        await until(pilot, lambda: told.overall().learned == 4)
        answers = [due.answer for due in told.queue()[:3]]
        assert answers == [Answer.LEARNED, Answer.LEARNED, None]


async def test_today_is_where_something_is_open(app: TrackerApp, tracker: Tracker) -> None:
    first, second = (due.entry.id for due in tracker.queue()[:2])
    tracker.progress([first])
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.press("t")
        await pilot.pause()
        assert app.main.one().id == second
