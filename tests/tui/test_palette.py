"""The inks of our widgets: every one in every theme, and anew when the theme changes."""

from __future__ import annotations

import subprocess
import sys

import pytest
from textual.color import Color

from tracker_tui.tui.app import TrackerApp
from tracker_tui.tui.palette import INKS, Palette

VARIABLES = {
    "surface": "#000000",
    "foreground": "#ffffff",
    "error": "ansi_red",
    "block-cursor-foreground": "auto 87%",
    "block-cursor-background": "#ffffff",
    "block-cursor-blurred-background": "#ffffff80",
}


@pytest.mark.parametrize("theme", ["tracker-dark", "tracker-light", "textual-dark", "ansi-dark"])
def test_every_ink_can_be_mixed_in_every_theme(app: TrackerApp, theme: str) -> None:
    app.begin_with(theme)

    palette = Palette(app.get_css_variables())

    assert {name for name in INKS if palette[name].color or palette[name].bgcolor} == {
        name for name, ink in INKS.items() if ink.color or ink.ground
    }


def test_automatic_and_half_transparent_colours_are_mixed_into_whole_ones() -> None:
    palette = Palette(VARIABLES)

    cursor, blurred = palette["tree--cursor"], palette["tree--cursor-blurred"]

    assert cursor.color is not None and cursor.color.triplet is not None
    assert sum(cursor.color.triplet) < 3 * 64, "dark on a white cursor"
    assert blurred.bgcolor == Color(128, 128, 128).rich_color
    assert palette["tree--critical"].color == Color.parse("ansi_red").rich_color


async def test_another_theme_paints_in_its_own_inks(app: TrackerApp) -> None:
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.pause()
        before = app.main.tree_pane.render_line(0)

        app.theme = "tracker-light"
        await pilot.pause()

        after = app.main.tree_pane.render_line(0)
        assert after.text == before.text
        assert [s.style for s in after] != [s.style for s in before]
        assert app.main.tree_pane.styles.background == Color.parse("#fbfaf7")


async def test_the_first_theme_is_parsed_once(
    app: TrackerApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    parsed: list[str] = []
    reparse = app.stylesheet.reparse

    def counted() -> None:
        parsed.append(app.theme)
        reparse()

    monkeypatch.setattr(app.stylesheet, "reparse", counted)

    async with app.run_test() as pilot:
        await pilot.pause()
        assert not parsed
        app.theme = "tracker-light"
        await pilot.pause()

    assert parsed == ["tracker-light"]


def test_the_screen_starts_without_tls_and_leaves_it_to_others() -> None:
    code = (
        "import sys; from tracker_tui.cli.open import begin_lean; begin_lean();"
        " import tracker_tui.tui.app; assert 'ssl' not in sys.modules, 'loaded';"
        " import ssl; print(ssl.OPENSSL_VERSION)"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip()
