"""The detail pane paints what differs between two pages, and nothing else."""

from __future__ import annotations

import pytest
from textual.geometry import Region

from tracker_tui.tracker import Tracker
from tracker_tui.tui.app import TrackerApp
from tracker_tui.tui.detail_text import Page, Paragraph, Part
from tracker_tui.tui.screens.main import MainScreen
from tracker_tui.tui.widgets.detail import DetailPane


def page(heading: str, *lines: str) -> Page:
    return Page(heading, tuple(Paragraph((Part(line),)) for line in lines))


LONG = [f"line {n}" for n in range(60)]


@pytest.mark.parametrize(
    ("old", "new", "rows"),
    [
        (page("A", "one", "two"), page("A", "one", "two"), []),
        (page("A", "one", "two"), page("A", "one", "2"), [1]),
        (page("A", "one", "two"), page("B", "one", "two"), [-1]),
        (page("A", "one", "two"), page("A", "one"), [1]),
        (page("A", "one"), page("B", "one", "two", "three"), [-1, 1, 2]),
        (page("A", *LONG), page("A", *LONG[:-1], "below what is in sight"), []),
    ],
)
async def test_only_lines_that_differ_are_painted(
    app: TrackerApp, monkeypatch: pytest.MonkeyPatch, old: Page, new: Page, rows: list[int]
) -> None:
    async with app.run_test(size=(120, 36)) as pilot:
        pane = app.main.detail_pane
        pane.show(old, same=True)
        await pilot.pause()
        height = pane.scrollable_content_region.height
        painted: list[Region] = []
        refresh = DetailPane.refresh

        def counted(self: DetailPane, *regions: Region, **how: bool) -> DetailPane:
            painted.extend(regions or [Region(0, 0, 1, height)])
            return refresh(self, *regions, **how)

        monkeypatch.setattr(DetailPane, "refresh", counted)

        pane.show(new, same=True)

        assert sorted(region.y for region in painted) == rows
        assert all(region.height == 1 for region in painted)
        assert pane._border_title is not None
        assert pane._border_title.plain == new.heading


async def test_what_is_on_the_screen_after_moves_is_what_would_be_painted_whole(
    app: TrackerApp,
) -> None:
    async with app.run_test(size=(100, 30)) as pilot:
        for key in "jjjjjGkkkggjljjj":
            await pilot.press(key)
        await pilot.pause()
        seen = [strip.text for strip in app.main._compositor.render_strips()]

        app.main.refresh(layout=True)
        await pilot.pause()

        assert [strip.text for strip in app.main._compositor.render_strips()] == seen


async def test_a_change_is_shown_in_the_detail_once(
    app: TrackerApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it shows is read and wrapped each time."""
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.press("G", "l", "j", "l", "j")
        await pilot.pause()
        shown: list[Page] = []
        show = DetailPane.show

        def counted(self: DetailPane, page: Page, *, same: bool) -> None:
            shown.append(page)
            show(self, page, same=same)

        monkeypatch.setattr(DetailPane, "show", counted)

        for key, status in (("d", "learned"), ("u", "todo")):
            await pilot.press(key)
            await pilot.pause()
            assert len(shown) == 1
            parts = [part.text for line in shown.pop().paragraphs for part in line.parts]
            assert any(status in part for part in parts)


@pytest.mark.parametrize("scrolled", [0, 10, 1000])
@pytest.mark.parametrize("lines", [200, 61, 59, 40, 5])
async def test_a_page_that_grows_or_shrinks_beside_its_scroll_bar_looks_as_laid_out_anew(
    app: TrackerApp, lines: int, scrolled: int
) -> None:
    async with app.run_test(size=(120, 36)) as pilot:
        pane = app.main.detail_pane
        pane.show(page("A", *LONG), same=True)
        await pilot.pause()
        pane.scroll_to(y=scrolled, animate=False, force=True)
        await pilot.pause()

        pane.show(page("A", *(f"line {n}" for n in range(lines))), same=True)
        await pilot.pause()

        seen = [strip.text for strip in app.main._compositor.render_strips()]
        bar = pane.vertical_scrollbar
        assert (pane.virtual_size.height, pane.length) == (
            max(lines, pane.scrollable_content_region.height),
            lines,
        )
        assert not pane.show_vertical_scrollbar or bar.window_virtual_size == lines
        app.main.refresh(layout=True)
        await pilot.pause()
        assert [strip.text for strip in app.main._compositor.render_strips()] == seen


async def test_a_longer_history_beside_a_scroll_bar_paints_no_more_than_differs(
    app: TrackerApp, tracker: Tracker, monkeypatch: pytest.MonkeyPatch
) -> None:
    tracker.add_note("git-lfs", "\n".join(LONG))
    async with app.run_test(size=(120, 36)) as pilot:
        app.main.go_to("git-lfs")
        await pilot.pause()
        while not app.main.risen or app.main._layout_required:
            await pilot.pause()
        await pilot.pause()
        laid_out: list[object] = []
        layout = type(app.main)._refresh_layout

        def counted(self: MainScreen, *given: object, **more: bool) -> None:
            laid_out.append(given)
            layout(self, *given, **more)  # type: ignore[arg-type]

        monkeypatch.setattr(type(app.main), "_refresh_layout", counted)
        await pilot.press("d")
        await pilot.pause()
        assert laid_out == []
