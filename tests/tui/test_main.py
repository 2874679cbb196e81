from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from textual._context import active_message_pump
from textual.containers import VerticalScroll
from textual.events import Key
from textual.message import Message
from textual.pilot import Pilot
from textual.widgets import Input, Static

from tests.bare import bare
from tests.conftest import Clock
from tracker_tui.config import Config
from tracker_tui.domain.track import Place
from tracker_tui.domain.words import Horizon, Kind, Status
from tracker_tui.errors import TrackerError
from tracker_tui.paths import Paths
from tracker_tui.tracker import Tracker
from tracker_tui.tui import commands
from tracker_tui.tui.app import TrackerApp
from tracker_tui.tui.lines import FoundLines
from tracker_tui.tui.screens.checkin import CheckIn
from tracker_tui.tui.screens.insights import Insights
from tracker_tui.tui.screens.keys import BEYOND
from tracker_tui.tui.screens.search import Search

Tail = Callable[[int], str]


async def settle(pilot: Pilot[None]) -> None:
    """Wait until the workers are done and what they posted is on the screen."""
    while not all(
        worker.is_finished for worker in pilot.app.workers if worker.group in ("search", "filter")
    ):
        await pilot.pause()
    await pilot.pause()


def shown(app: TrackerApp) -> list[str]:
    """The text of the tree's rows in sight."""
    tree = app.main.tree_pane
    return [tree.render_line(y).text.strip() for y in range(tree.size.height)]


def detail(app: TrackerApp) -> str:
    pane = app.main.detail_pane
    return "\n".join(pane.render_line(y).text.rstrip() for y in range(pane.size.height))


def said(app: TrackerApp) -> str:
    return app.main.key_bar.said


async def test_a_morning(app: TrackerApp, tracker: Tracker) -> None:
    """Search, mark learning, note, mark three learned at once, undo; and it is all in the journal."""
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.press("slash", *"parallel", "space", *"work")
        await settle(pilot)
        await pilot.press("enter")
        await pilot.pause()
        assert "Git worktrees" in detail(app).split("\n")[0]
        await pilot.press("space")
        await pilot.pause()
        assert tracker.entry("git-worktrees").status is Status.LEARNING
        assert "todo → learning" in said(app)
        assert "◐ learning" in detail(app)
        assert any(line.startswith("◐ Git worktrees") for line in shown(app))

        await pilot.press("n", *"bare clone", "enter")
        await pilot.pause()
        assert [n.text for n in tracker.detail("git-worktrees").notes] == ["bare clone"]
        assert "2026-11-24  bare clone" in detail(app)

        await pilot.press("j", "v", "v", "v")
        assert len(app.main.marks) == 3
        marked = set(app.main.marks)
        await pilot.press("d")
        await pilot.pause()
        assert {tracker.entry(id_).status for id_ in marked} == {Status.LEARNED}
        assert app.main.marks == frozenset()
        assert tracker.overall().learned == 3
        assert app.main.top_bar.tally.learned == 3
        await pilot.press("u")
        await pilot.pause()
        assert "undone: 3 items → learned" in said(app)
        assert tracker.overall().learned == 0
        await pilot.press("ctrl+r")
        await pilot.pause()
        assert "redone" in said(app)
        assert tracker.overall().learned == 3
    labels = [line.label for line in tracker.actions()]
    assert labels[-1] == "“Git worktrees”: todo → learning"


async def test_planning_and_arranging(app: TrackerApp, tracker: Tracker) -> None:
    async with app.run_test(size=(120, 36)) as pilot:
        app.main.go_to("git-lfs")
        await pilot.pause()
        await pilot.press("d", "d", "x", "2", "s")
        await pilot.pause()
        entry = tracker.entry("git-lfs")
        assert entry.status is Status.SKIPPED
        assert entry.horizon is Horizon.SHORT
        assert entry.snoozed_until == "2026-11-25"
        await pilot.press("s", "x", "0", "J")
        await pilot.pause()
        entry = tracker.entry("git-lfs")
        assert (entry.status, entry.horizon, entry.snoozed_until) == (Status.TODO, None, None)
        assert tracker.index(entry) == 1
        await pilot.press("S", *"fri", "enter")
        await pilot.pause()
        assert tracker.entry("git-lfs").snoozed_until == "2026-11-27"
        await pilot.press("S", *"yesterday", "enter")
        await pilot.pause()
        assert app.screen is not app.main
        await pilot.press("escape")

        await pilot.press("a", *"Sparse [b]checkout", "enter")
        await pilot.pause()
        added = app.main.one()
        assert added.title == "Sparse [b]checkout"
        assert added.parent == "git-workflow-unknown-unknowns"
        await pilot.press("delete", "y")
        await pilot.pause()
        assert tracker.entry(added.id).deleted
        await pilot.press("u")
        await pilot.pause()
        assert not tracker.entry(added.id).deleted
        await pilot.press("A", *"Tools", "enter")
        await pilot.pause()
        assert app.main.one().kind is Kind.SECTION
        await pilot.press("a", *"delta", "enter")
        await pilot.pause()
        assert app.main.one().parent == tracker.siblings(Place("git-workflow"))[2].id


async def test_a_branch_asks_before_it_acts_on_all(app: TrackerApp, tracker: Tracker) -> None:
    async with app.run_test(size=(120, 36)) as pilot:
        app.main.go_to("git-workflow-unknown-unknowns")
        await pilot.press("d", "n")
        await pilot.pause()
        assert tracker.overall().learned == 0
        await pilot.press("d", "y")
        await pilot.pause()
        assert tracker.overall().learned == 6
        await pilot.press("u")
        await pilot.pause()
        assert tracker.overall().learned == 0


async def test_the_cursor_goes_to_what_an_undoing_brought_back(
    app: TrackerApp, tracker: Tracker
) -> None:
    async with app.run_test(size=(120, 36)) as pilot:
        app.main.go_to("git-lfs")
        await pilot.press("m", *"logging", "enter")
        await pilot.pause()
        assert app.main.one().parent != "git-workflow-unknown-unknowns"
        await pilot.press("u")
        await pilot.pause()
        assert app.main.one().id == "git-lfs"
        assert app.main.one().parent == "git-workflow-unknown-unknowns"

        app.main.go_to("git-workflow")
        await pilot.pause()
        await pilot.press("delete", "y")
        await pilot.pause()
        assert app.main.one().id != "git-workflow"
        await pilot.press("G", "u")
        await pilot.pause()
        assert app.main.one().id == "git-workflow"
        # What only changes where it stands leaves the cursor where it is.
        await pilot.press("d", "y", "j", "u")
        await pilot.pause()
        assert app.main.one().id != "git-workflow"


async def test_a_filter_that_finds_nothing_gives_the_place_back(app: TrackerApp) -> None:
    async with app.run_test(size=(120, 36)) as pilot:
        app.main.go_to("git-lfs")
        await pilot.press("f", *"zzzz")
        await settle(pilot)
        assert shown(app)[0] == "Nothing matches"
        await pilot.press("escape")
        await settle(pilot)
        assert app.main.one().id == "git-lfs"


async def test_leaving_the_marks_is_said(app: TrackerApp) -> None:
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.press("G", "v")
        await pilot.pause()
        assert said(app).startswith("1 marked")
        await pilot.press("escape")
        await pilot.pause()
        assert said(app) == "nothing is marked"


async def test_filter_narrows_and_points_at_mistakes(app: TrackerApp, tracker: Tracker) -> None:
    tracker.set_status(["git-lfs"], Status.LEARNING)
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.press("f", *"status:learning kind:item")
        await settle(pilot)
        rows = [row for row in shown(app) if row]
        assert any("Git LFS" in row for row in rows)
        assert not any("Testing" in row for row in rows)
        assert app.main.one().id == "git-lfs"
        await pilot.press("enter", "G", "k")
        assert app.focused is app.main.tree_pane
        await pilot.press("f")
        app.main.query_one(Input).value = "git statu:x"
        await settle(pilot)
        answer = str(app.main.query_one("#answer").render())
        assert answer.split("\n", maxsplit=1)[0] == "    ^^^^^^^"
        assert "did you mean status" in answer
        await pilot.press("escape")
        await pilot.pause()
        assert any("Testing" in row for row in shown(app))


async def test_the_detail_leads_on(app: TrackerApp, tracker: Tracker) -> None:
    async with app.run_test(size=(120, 36)) as pilot:
        app.main.go_to("gap-pre-commit-hooks")
        await pilot.pause()
        text = detail(app)
        for part in ("Impact", "manual checks forgotten", "Action", "Made of", "0 of"):
            assert part in text
        gap = tracker.detail("gap-pre-commit-hooks")
        first = gap.covers[0]
        await pilot.press("enter", *["j"] * (len(gap.links) + len(gap.related)), "enter")
        await pilot.pause()
        assert app.main.one().id == first.id
        assert "Part of" in detail(app)
        await pilot.press("ctrl+o")
        await pilot.pause()
        assert app.main.one().id == "gap-pre-commit-hooks"


async def test_it_is_as_it_was_left(paths: Paths, clock: Clock, tail: Tail) -> None:
    with Tracker(paths, clock=clock, tail=tail) as tracker:
        app = TrackerApp(tracker)
        async with app.run_test(size=(120, 36)) as pilot:
            app.main.go_to("git-lfs")
            app.theme = "nord"
            await pilot.press("q")
        app.remember()
    with Tracker(paths, clock=clock, tail=tail) as tracker:
        app = TrackerApp(tracker)
        async with app.run_test(size=(120, 36)) as pilot:
            await pilot.pause()
            assert app.main.one().id == "git-lfs"
            assert app.theme == "nord"


async def test_what_another_process_does_is_shown(
    app: TrackerApp, tracker: Tracker, paths: Paths, clock: Clock
) -> None:
    async with app.run_test(size=(120, 36)) as pilot:
        app.main.go_to("git-lfs")
        with Tracker(paths, clock=clock) as other:
            other.set_status(["git-lfs"], Status.LEARNED)
            other.add("From elsewhere", Kind.ITEM, Place("git-workflow-unknown-unknowns"))
        app.main._poll()
        await pilot.pause()
        await pilot.pause()
        assert any(row.startswith("● Git LFS") for row in shown(app))
        assert any("From elsewhere" in row for row in shown(app))


HOSTILE = [
    "[/foo] x [@click=app.quit]y[/]",
    "مرحبا بالعالم",
    "🙂👩‍👩‍👧 emoji 日本語",
    "x" * 1_000,
]


@pytest.mark.parametrize("title", HOSTILE)
async def test_hostile_titles_are_only_text(app: TrackerApp, tracker: Tracker, title: str) -> None:
    action = tracker.add(title, Kind.ITEM, Place("git-workflow-unknown-unknowns"))
    id_ = action.changes[0].id
    tracker.add_note(id_, title)
    tracker.edit(id_, {"description": title})
    async with app.run_test(size=(80, 24)) as pilot:
        app.main.go_to(id_)
        await pilot.press("space", "v", "V", "f")
        await settle(pilot)
        await pilot.press("escape", "slash", *title[:3])
        await settle(pilot)
        await pilot.press("escape", "m", "escape", "delete", "n", "n", "escape", "question_mark")
        await pilot.press("escape")
        app.main.go_to(id_)
        await pilot.press("d")
        await pilot.pause()
        assert tracker.entry(id_).status is Status.LEARNED
        pane = app.main.tree_pane
        width = pane.size.width - (
            pane.scrollbar_size_vertical if pane.show_vertical_scrollbar else 0
        )
        assert all(pane.render_line(y).cell_length == width for y in range(10))
    assert app.failure is None


async def test_a_database_that_went_wrong_is_said_not_thrown(
    app: TrackerApp, tracker: Tracker
) -> None:
    async with app.run_test(size=(120, 36)) as pilot:
        app.main.go_to("git-lfs")
        await pilot.pause()
        tracker._store.db.execute("PRAGMA query_only = 1")
        await pilot.press("d")
        await pilot.pause()
        assert app.main.key_bar.warned
        tracker._store.db.execute("PRAGMA query_only = 0")
        await pilot.press("d")
        await pilot.pause()
        assert tracker.entry("git-lfs").status is Status.LEARNED


async def test_every_command_of_the_table_can_be_run(app: TrackerApp) -> None:
    """A command's action exists where the table says it works."""
    async with app.run_test(size=(120, 36)):
        targets: dict[str, object] = {
            "main": app.main,
            "tree": app.main.tree_pane,
            "detail": app.main.detail_pane,
            "checkin": CheckIn,
            "insights": Insights,
        }
        for scope, place in targets.items():
            for command in commands.in_scope(scope):
                prefix, _, name = command.action.rpartition(".")
                name = name.partition("(")[0]
                target = {"app": app, "screen": app.main}.get(prefix, place)
                assert hasattr(target, f"action_{name}"), command.id
        assert {c.scope for c in commands.COMMANDS} == targets.keys()
        names = {c.title for c in app.get_system_commands(app.main)}
        assert "learned  d" in names


def test_a_keymap_is_checked() -> None:
    assert commands.keymap({"item.learned": "D"}) == {"item.learned": "D"}
    with pytest.raises(TrackerError, match=r"item\.learnd.*did you mean item\.learned"):
        commands.keymap({"item.learnd": "D"})
    with pytest.raises(TrackerError, match=r"“x” is both item\.learned and item\.skipped"):
        commands.keymap({"item.learned": "x"})


async def test_a_keymap_takes_effect(paths: Paths, clock: Clock, tail: Tail) -> None:
    config = Config(keymap={"item.learned": "ctrl+l"}, glyphs="ascii")
    with Tracker(paths, config, clock=clock, tail=tail) as tracker:
        app = TrackerApp(tracker)
        async with app.run_test(size=(120, 36)) as pilot:
            app.main.go_to("git-lfs")
            await pilot.press("d")
            assert tracker.entry("git-lfs").status is Status.TODO
            await pilot.press("ctrl+l")
            assert tracker.entry("git-lfs").status is Status.LEARNED
            await pilot.pause()
            assert any(row.startswith("* Git LFS") for row in shown(app))
            assert app.main.query_one("#left").styles.border_top[0] == "ascii"


async def test_a_key_of_the_tree_moves_with_the_keymap(
    paths: Paths, clock: Clock, tail: Tail
) -> None:
    config = Config(keymap={"tree.down": "ctrl+n"})
    with Tracker(paths, config, clock=clock, tail=tail) as tracker:
        app = TrackerApp(tracker)
        async with app.run_test(size=(120, 36)) as pilot:
            app.main.go_to("git-lfs")
            at = app.main.tree_pane.cursor
            await pilot.press("ctrl+n")
            assert app.main.tree_pane.cursor == at + 1
            await pilot.press("j")
            assert app.main.tree_pane.cursor == at + 1, "no longer a key"


async def test_a_key_of_the_tree_is_answered_before_it_climbs(app: TrackerApp) -> None:
    heard: list[str] = []

    def hear(message: Message) -> None:
        if isinstance(message, Key):
            heard.append(f"{message.key} {type(active_message_pump.get()).__name__}")

    async with app.run_test(size=(120, 36), message_hook=hear) as pilot:
        await pilot.press("j", "m")

    assert [who for who in heard if who.startswith("j")] == ["j TrackerApp", "j TrackTree"]
    assert "m MainScreen" in heard


async def test_a_terminal_that_becomes_tiny_hides_a_detail_that_is_read(app: TrackerApp) -> None:
    async with app.run_test(size=(60, 20)) as pilot:
        await pilot.press("j", "enter")
        assert app.main.detail_pane.region.area > 0
        await pilot.resize_terminal(39, 20)
        await pilot.pause()
        assert app.main.detail_pane.region.area == 0
        assert app.main.query_one("#small").region.size == (39, 20)


@pytest.mark.parametrize("size", [(60, 20), (39, 20), (120, 9), (20, 5)])
async def test_small_terminals_are_sound(app: TrackerApp, size: tuple[int, int]) -> None:
    async with app.run_test(size=size) as pilot:
        await pilot.press("j", "enter", "escape", "j")
        await pilot.pause()
        too_small = size[0] < 40 or size[1] < 10
        message = app.main.query_one("#small")
        assert message.display is too_small
        assert (app.main.tree_pane.region.area == 0) is too_small
        if too_small:
            assert f"{size[0]}×{size[1]}" in str(message.render())
        await pilot.resize_terminal(120, 36)
        await pilot.pause()
        assert not message.display
        assert app.main.tree_pane.region.area > 0
        assert app.main.detail_pane.region.area > 0


async def test_mouse(app: TrackerApp) -> None:
    async with app.run_test(size=(120, 36)) as pilot:
        tree = app.main.tree_pane
        rows = [row for row in shown(app) if row]
        at = next(i for i, row in enumerate(rows) if "Git Workflow" in row)
        await pilot.click(tree, offset=(10, at))
        await pilot.pause()
        assert app.main.one().id == "git-workflow"
        await pilot.click(tree, offset=(1, at))
        await pilot.pause()
        assert any("Unknown Unknowns" in row for row in shown(app))


async def test_the_editor_is_handed_the_sheet(
    app: TrackerApp, tracker: Tracker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tracker_tui.tui.editing import Editing

    def rewrite(self: Editing, text: str) -> str:
        return text.replace("Title: Git LFS", "Title: Git Large File Storage")

    monkeypatch.setattr(Editing, "_edit", rewrite)
    async with app.run_test(size=(120, 36)) as pilot:
        app.main.go_to("git-lfs")
        await pilot.press("e")
        await pilot.pause()
        assert tracker.entry("git-lfs").title == "Git Large File Storage"
        monkeypatch.setattr(Editing, "_edit", lambda self, text: text + "A longer note\n")
        await pilot.press("N")
        await pilot.pause()
        assert [n.text for n in tracker.detail("git-lfs").notes] == ["A longer note"]
        monkeypatch.setattr(Editing, "_edit", lambda self, text: "nonsense")
        await pilot.press("e")
        await pilot.pause()
        assert "your text is kept in" in said(app)


async def test_links_are_http_only_and_chosen_from(
    app: TrackerApp, tracker: Tracker, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tracker_tui.tui.editing import Editing

    opened: list[str] = []

    def browse(url: str) -> bool:
        opened.append(url)
        return True

    monkeypatch.setattr(Editing, "browse", staticmethod(browse))
    async with app.run_test(size=(120, 36)) as pilot:
        bare(tracker, "git-lfs")
        app.main.go_to("git-lfs")
        await pilot.press("o")
        await pilot.pause()
        assert "no link" in said(app)
        tracker.edit("git-lfs", {"description": "see https://git-lfs.com. or file:///etc/passwd"})
        await pilot.press("o")
        await pilot.pause()
        assert opened == ["https://git-lfs.com"]
        tracker.add_note("git-lfs", "https://example.org/a_(b)")
        await pilot.press("o")
        await pilot.pause()
        await pilot.press("j", "enter")
        await pilot.pause()
        assert opened[1].startswith("https://example.org/")
        app.main.open_address("file:///etc/passwd")
        assert len(opened) == 2
        assert app.main.key_bar.warned


async def test_the_palette_and_the_rest_of_the_keys(app: TrackerApp, tracker: Tracker) -> None:
    async with app.run_test(size=(120, 36)) as pilot:
        app.main.go_to("git-lfs")
        await pilot.press("m", *"areas git", "enter")
        await pilot.pause()
        assert tracker.entry("git-lfs").parent == "git-workflow-areas-for-improvement"
        await pilot.press("y")
        await pilot.pause()
        assert app.clipboard.startswith("- [ ] **Git LFS**")
        await pilot.press("t")
        await pilot.pause()
        assert app.main.one().id == tracker.queue()[0].entry.id
        await pilot.press("backspace", "g", "ctrl+d", "G", "ctrl+u", "h", "l", "l")
        await pilot.press("colon", *"close all", "enter")
        await pilot.pause()
        await pilot.pause()
        assert app.main.track.opened == set()
        await pilot.press("colon", *"add category", "enter")
        await pilot.pause()
        await pilot.press(*"Elsewhere", "enter")
        await pilot.pause()
        await pilot.pause()
        assert app.main.one().title == "Elsewhere"
        await pilot.press("v", "V", "escape", "v", "escape")
        assert app.main.marks == frozenset()


async def test_every_view_has_a_page(app: TrackerApp, tracker: Tracker) -> None:
    async with app.run_test(size=(120, 60)) as pilot:
        for path, text in (
            (["@today"], "1 thing to look at today"),
            (["@critical"], "10 Performance Monitoring"),
            (["@path"], "Next 3 Months"),
            (["@path", "@short"], "0 of 5 learned"),
            (["git-workflow"], "0/6"),
            (["git-workflow", "git-workflow-unknown-unknowns"], "Git worktrees"),
        ):
            app.main.go_along(path)
            await pilot.pause()
            await pilot.pause()
            shown_text = detail(app)
            assert all(word in shown_text for word in text.split()), (path, shown_text)


async def test_enter_does_not_outrun_the_filter(app: TrackerApp, tracker: Tracker) -> None:
    """Typed and accepted before the query is done: the query still counts."""
    tracker.set_status(["git-lfs"], Status.LEARNING)
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.press("f")
        app.main.run_query("status:learning kind:item")
        app.main._accepted()
        await settle(pilot)
        assert app.main.words == "status:learning kind:item"
        assert app.focused is app.main.tree_pane
        assert not any("Testing" in row for row in shown(app))


async def test_a_dropped_filter_does_not_come_back(app: TrackerApp) -> None:
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.press("f")
        app.main.run_query("git")
        app.main.narrow("")
        await settle(pilot)
        assert app.main.words == ""
        found = app.main.Narrowed("git", FoundLines(app.tracker, app.tracker.select("git")), None)
        app.main.post_message(found)
        await pilot.pause()
        assert app.main.words == ""
        assert any("Testing" in row for row in shown(app))


async def test_enter_does_not_outrun_the_search(app: TrackerApp) -> None:
    """Enter before the hits are there goes to the hit of what was typed, not of what was before."""
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.press("slash", *"mutation")
        await settle(pilot)
        search = app.screen
        assert isinstance(search, Search)
        field = search.query_one(Input)
        with field.prevent(Input.Changed):
            field.value = "parallel work"
        await pilot.press("enter")
        await settle(pilot)
        assert app.screen is app.main
        assert app.main.one().id == "git-worktrees"


async def test_enter_on_words_that_nothing_has_stays_in_the_search(app: TrackerApp) -> None:
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.press("slash", *"zzz", "enter")
        await settle(pilot)
        assert isinstance(app.screen, Search)
        assert "nothing has all these words" in str(app.screen.query_one("#hint", Static).render())


async def test_the_key_bar_names_the_users_own_keys_in_the_detail(
    paths: Paths, clock: Clock, tail: Tail
) -> None:
    config = Config(keymap={"detail.jump": "ctrl+j", "detail.leave": "f2"})
    with Tracker(paths, config, clock=clock, tail=tail) as tracker:
        app = TrackerApp(tracker)
        async with app.run_test(size=(120, 36)) as pilot:
            await pilot.press("enter")
            await pilot.pause()
            keys = {hint.name: hint.key for hint in app.main.key_bar.hints}
            assert keys["go there"] == "ctrl+j"
            assert keys["tree"] == "f2"


async def pick(pilot: Pilot[None], action: Callable[[], object], *keys: str) -> None:
    """Begin an action that asks for an entry, and answer with the first that is found by some keys."""
    action()
    await pilot.pause()
    await pilot.press(*keys)
    await settle(pilot)
    await pilot.press("enter")
    await pilot.pause()
    await pilot.pause()


async def test_what_is_related_is_searched_for_and_taken_back(
    app: TrackerApp, tracker: Tracker
) -> None:
    bare(tracker, "git-worktrees", "git-lfs-basics")
    async with app.run_test(size=(120, 36)) as pilot:
        for related in (["git-lfs-basics"], []):
            app.main.go_to("git-worktrees")
            await pick(pilot, app.main.action_related, *"LFS", "space", *"basics")
            found = [link.id for link in tracker.detail("git-worktrees").related]
            assert found == related
            assert ("Related" in detail(app)) is bool(related)
        await pick(pilot, app.main.action_related, *"git", "space", *"worktrees")
        assert "an entry cannot be related to itself" in said(app)


async def test_what_an_entry_needs_is_searched_for_and_taken_back(
    app: TrackerApp, tracker: Tracker
) -> None:
    async with app.run_test(size=(120, 36)) as pilot:
        for needed in (["git-lfs-basics"], []):
            app.main.go_to("git-worktrees")
            await pick(pilot, app.main.action_needs, *"LFS", "space", *"basics")
            found = [link.id for link in tracker.detail("git-worktrees").requires]
            assert found == needed
            assert ("Needs" in detail(app)) is bool(needed)


@pytest.mark.parametrize("width", [60, 80, 120])
async def test_what_a_key_does_stands_beside_it_or_indented_below(
    app: TrackerApp, width: int
) -> None:
    async with app.run_test(size=(width, 24)) as pilot:
        await pilot.press("question_mark")
        await pilot.pause()
        await pilot.pause()
        box = app.screen.query_one(VerticalScroll)
        lines = str(box.query_one(Static).content).split("\n")
        assert all(line[:2] == "  " for line in lines if line and line not in commands.GROUPS)
        assert max(map(len, lines)) <= box.scrollable_content_region.width
        assert "Go to what is next today" in "\n".join(lines)
        words = " ".join("\n".join(lines).split())
        assert words.endswith(BEYOND), "at its end it points to the command line"
