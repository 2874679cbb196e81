"""The user's settings, read from `config.toml`: a leaf.

Every key has a default, so no file is needed. What is wrong in the file is one line that names the
key and the nearest right one. Whether a keymap's command ids exist and its keys clash is checked by
`tui.commands`, which knows them.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from tracker_tui.errors import TrackerError, nearest

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
GLYPHS = ("unicode", "ascii")
_WHOLE = {"daily_limit": (1, 50), "day_starts": (0, 12), "rhythm_half_life": (1, 365)}
"""Settings that are whole numbers, with the least and the most."""


class Config(NamedTuple):
    """All settings."""

    theme: str = ""
    """Name of a theme; empty: the one used last, at first `tracker-dark`."""
    glyphs: str = "unicode"
    """`unicode` or `ascii`."""
    daily_limit: int = 5
    """How many entries Today holds at most, 1 to 50."""
    day_starts: int = 4
    """The hour, 0 to 12, at which a day begins: what is done before it counts for the day before."""
    retention: float = 0.9
    """The recall, 0.7 to 0.97, at which a learned item is due for a review."""
    rhythm_half_life: int = 14
    """In how many days without doing anything the rhythm falls to half, 1 to 365."""
    week_starts: str = "monday"
    """The first day of the week."""
    keymap: Mapping[str, str] = MappingProxyType({})
    """Command ids with the keys to use instead of the built-in ones: `"item.learned" = "D"`."""

    @property
    def first_weekday(self) -> int:
        """The first day of the week as a number, 0 for Monday."""
        return WEEKDAYS.index(self.week_starts)


KEYS = Config._fields


def load(path: Path) -> Config:
    """Read the settings from a file; all defaults if it does not exist.

    Raises:
        TrackerError: if it cannot be read or something in it is wrong.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return Config()
    except UnicodeDecodeError as error:
        raise TrackerError(f"{path} is not UTF-8", "save it as UTF-8") from error
    except OSError as error:
        raise TrackerError(f"{path} cannot be read: {error.strerror}") from error
    return parse(text, str(path))


def parse(text: str, name: str = "config.toml") -> Config:
    """Read the settings from TOML text; `name` is what errors call it.

    Raises:
        TrackerError: if something in it is wrong.
    """
    import tomllib  # 2 ms, and only where there is a file

    try:
        data = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # ValueError: a number of 5,000 digits, too
        raise TrackerError(f"{name} is no TOML: {error}") from error
    values: dict[str, Any] = {}
    for key, value in data.items():
        if key not in KEYS:
            raise TrackerError(f"{name}: there is no setting “{key}”", nearest(key, KEYS))
        values[key] = _check(key, value, name)
    return Config(**values)


def _check(key: str, value: object, name: str) -> object:
    if key in _WHOLE:
        low, high = _WHOLE[key]
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise TrackerError(f"{name}: {key} is not a whole number from {low} to {high}")
    elif key == "retention":
        if (
            isinstance(value, bool)
            or not isinstance(value, int | float)
            or not 0.7 <= value <= 0.97
        ):
            raise TrackerError(f"{name}: retention is not a number from 0.7 to 0.97")
    elif key == "glyphs":
        _one_of(key, value, GLYPHS, name)
    elif key == "week_starts":
        _one_of(key, value, WEEKDAYS, name)
    elif key == "keymap":
        if not isinstance(value, dict) or not all(isinstance(v, str) and v for v in value.values()):
            raise TrackerError(f'{name}: keymap is not a table such as "item.learned" = "D"')
    elif not isinstance(value, str):
        raise TrackerError(f"{name}: {key} is not text in quotes")
    return value


def _one_of(key: str, value: object, choices: tuple[str, ...], name: str) -> None:
    if value not in choices:
        raise TrackerError(f"{name}: {key} is “{value}”", nearest(str(value), choices))
