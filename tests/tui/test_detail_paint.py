"""The detail pane paints what differs between two pages, and nothing else."""

from __future__ import annotations

import pytest
from textual.geometry import Region

from tracker_tui.tui.app import TrackerApp
from tracker_tui.tui.detail_text import Page, Paragraph, Part
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
