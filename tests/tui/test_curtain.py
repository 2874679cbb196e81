"""The first frame is painted once, and whole."""

from __future__ import annotations

import pytest
from textual._compositor import ChopsUpdate, Compositor, LayoutUpdate

from tracker_tui.tui.app import TrackerApp

SIZES = [(120, 36), (80, 24), (60, 20)]


@pytest.mark.parametrize("size", SIZES)
async def test_the_first_frame_is_painted_once(
    app: TrackerApp, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]
) -> None:
    cells: list[int] = []
    full, part = Compositor.render_full_update, Compositor.render_partial_update

    def counted_full(self: Compositor, simplify: bool = False) -> LayoutUpdate:
        cells.append(self.size.area)
        return full(self, simplify)

    def counted_part(self: Compositor) -> ChopsUpdate | None:
        update = part(self)
        if update is not None:
            cells.append(sum(end - start for _, start, end in update.spans))
        return update

    monkeypatch.setattr(Compositor, "render_full_update", counted_full)
    monkeypatch.setattr(Compositor, "render_partial_update", counted_part)

    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        await pilot.pause()
        first, *later = cells
        await pilot.press("j")
        await pilot.pause()

    assert first == size[0] * size[1]
    assert sum(later) <= 6 * size[1], "the scroll bars may come after; nothing else"
    assert len(cells) > 1 + len(later), "what a key changes is painted as well"


@pytest.mark.parametrize("size", [*SIZES, (60, 9), (30, 8)])
async def test_the_first_frame_is_whole(app: TrackerApp, size: tuple[int, int]) -> None:
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        main = app.main

        shown = "\n".join(strip.text for strip in main._compositor.render_strips())

        room = size[1] >= 10
        assert ("of 180 learned" in shown) is room
        assert ("Documentation & Planning" in shown) is room
        assert ("to look at today" in shown) is (size[1] >= 24)
        assert ("tracker needs 40×10" in shown) is not room
