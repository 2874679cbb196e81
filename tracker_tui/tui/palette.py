"""The inks that our line-API widgets paint with, from the variables of the theme.

A component class costs a node of the DOM that is matched against every rule whenever its widget is
styled; with the fifty inks of the main screen that was a tenth of the way to the first frame. So an
ink is mixed here, when it is first used, and kept until the theme changes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from rich.style import Style
from textual.app import App
from textual.color import Color
from textual.widget import Widget


class Ink(NamedTuple):
    """What an ink is made of: names of theme variables, and how the text is set."""

    color: str = ""
    """Empty: that of what is below."""
    ground: str = ""
    bold: bool = False
    italic: bool = False


_STATUS = {
    "todo": Ink("dim"),
    "learning": Ink("warning"),
    "learned": Ink("success"),
    "skipped": Ink("dim"),
}
INKS: Mapping[str, Ink] = {
    "pane": Ink("foreground", "surface"),
    "bar": Ink("foreground", "panel"),
    **{f"tree--{name}": ink for name, ink in _STATUS.items()},
    "tree--cursor": Ink("block-cursor-foreground", "block-cursor-background", bold=True),
    "tree--cursor-blurred": Ink(ground="block-cursor-blurred-background", bold=True),
    "tree--view": Ink("secondary", bold=True),
    "tree--today": Ink("accent", bold=True),
    "tree--critical": Ink("error", bold=True),
    "tree--category": Ink(bold=True),
    "tree--section": Ink("soft"),
    "tree--rule": Ink("faint"),
    "tree--count": Ink("dim"),
    "tree--count-done": Ink("success"),
    "tree--bar": Ink("success"),
    "tree--number": Ink("dim"),
    "tree--title-done": Ink("dim"),
    "tree--aside": Ink("dim"),
    "tree--mark": Ink("accent", bold=True),
    "tree--empty": Ink("dim", italic=True),
    **{f"detail--{name}": ink for name, ink in _STATUS.items()},
    "detail--todo": Ink("soft"),
    "detail--cursor": Ink("block-cursor-foreground", "block-cursor-background"),
    "detail--text": Ink("foreground"),
    "detail--title": Ink("foreground", bold=True),
    "detail--head": Ink("secondary", bold=True),
    "detail--label": Ink("dim"),
    "detail--faint": Ink("soft"),
    "detail--link": Ink("text-accent"),
    "detail--code": Ink("text-secondary"),
    "detail--bar": Ink("success"),
    "bar--title": Ink("primary", bold=True),
    "bar--faint": Ink("soft"),
    "bar--strong": Ink(bold=True),
    "bar--bar": Ink("success"),
    "bar--mark": Ink("accent", bold=True),
    "bar--key": Ink("accent", bold=True),
    "bar--name": Ink("soft"),
    "bar--said": Ink("foreground"),
    "bar--warned": Ink("error", bold=True),
}


class Palette(dict[str, Style]):
    """Styles by the name of their ink, each mixed when it is first asked for.

    Args:
        variables: The theme's, as `App.get_css_variables` has them.
    """

    def __init__(self, variables: Mapping[str, str]) -> None:
        super().__init__()
        self._variables = variables

    def __missing__(self, name: str) -> Style:
        ink = INKS[name]
        ground = self._color(ink.ground)
        if ground is not None and ground.a < 1:
            # A terminal knows no half transparent ground.
            ground = (self._color("surface") or ground).blend(ground, ground.a, 1)
        color = self._color(ink.color, ground)
        style = Style(
            color=color.rich_color if color is not None else None,
            bgcolor=ground.rich_color if ground is not None else None,
            bold=ink.bold or None,
            italic=ink.italic or None,
        )
        self[name] = style
        return style

    def _color(self, name: str, ground: Color | None = None) -> Color | None:
        if not name:
            return None
        value = self._variables[name]
        if not value.startswith("auto"):
            return Color.parse(value)
        share = float(value.removeprefix("auto").strip().rstrip("%") or 100) / 100
        under = ground if ground is not None else Color.parse(self._variables["surface"])
        return under.blend(under.get_contrast_text(), share, 1)


class PaintedApp(App[None]):
    """An application whose widgets paint with a palette."""

    _palette: Palette | None = None
    _parsed: Mapping[str, str] | None = None
    """The variables that the CSS is parsed with at first."""

    @property
    def palette(self) -> Palette:
        """The inks of the theme."""
        if self._palette is None:
            self._palette = Palette(self.get_css_variables())
        return self._palette

    def get_css_variables(self) -> dict[str, str]:
        """The theme's colours, and three weaker ones of the foreground.

        They are mixed here since a colour with an alpha keeps its full strength in a line-API
        widget.
        """
        variables = super().get_css_variables()
        ground, ink = Color.parse(variables["surface"]), Color.parse(variables["foreground"])
        for name, share in (("soft", 0.75), ("dim", 0.58), ("faint", 0.26)):
            variables.setdefault(name, ground.blend(ink, share).hex)
        return variables

    def begin_with(self, theme: str) -> None:
        """Take a theme as if the program had always had it; before it runs.

        Textual announces the theme once more when it starts, and would then parse all of the CSS a
        second time, after the first frame.
        """
        self.set_reactive(App.theme, theme)
        self._parsed = self.get_css_variables()
        self.stylesheet.set_variables(self._parsed)

    def refresh_css(self, animate: bool = True) -> None:  # noqa: FBT001, FBT002 - Textual's signature
        """Parse the CSS with the variables of the theme, and mix the inks anew."""
        parsed, self._parsed = self._parsed, None
        if parsed == self.get_css_variables():
            return
        self._palette = None
        super().refresh_css(animate=animate)


class Painted(Widget):
    """A widget that paints its lines itself."""

    @property
    def palette(self) -> Palette:
        """The inks of the theme."""
        app = self.app
        assert isinstance(app, PaintedApp)
        return app.palette

    def notify_style_update(self) -> None:
        """Paint anew: the theme may have changed."""
        super().notify_style_update()
        self.refresh()
