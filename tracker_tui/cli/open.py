"""Opening the screen: the one place where the command line reaches into the other face."""

from __future__ import annotations

import gc
import os
import sys
from datetime import date

from tracker_tui import config, paths
from tracker_tui.errors import TrackerError

INSTEAD = "use the command line: tracker list, tracker checkin --plain, tracker --help"


FRAMES = "240"
"""How often in a second a change can be painted. What follows a key comes a frame after it: at
Textual's own 60 a second the detail was there after two waits of 17 ms, with nothing to wait for."""
_FPS = "TEXTUAL_FPS"


def has_screen() -> bool:
    """Whether this is a terminal that can show the screen."""
    return _is_terminal() and os.environ.get("TERM", "") not in ("", "dumb")


def _is_terminal() -> bool:
    # Textual draws on standard error.
    return all(stream.isatty() for stream in (sys.stdin, sys.stdout, sys.stderr))


def open_screen(*, checkin: bool = False, day: date | None = None, debug: bool = False) -> int:
    """Open the screen, or only the check-in, for a day (today unless given); return its exit code.

    Raises:
        TrackerError: if this is no terminal that could show it.
    """
    if not _is_terminal():
        raise TrackerError("the screen needs a terminal", INSTEAD)
    if os.environ.get("TERM", "") in ("", "dumb"):
        raise TrackerError(
            "this terminal cannot show the screen (TERM is dumb or not set)", INSTEAD
        )
    begin_lean()
    found = paths.find()
    settings = config.load(found.config_file)
    unset = os.environ.setdefault(_FPS, FRAMES) == FRAMES
    from tracker_tui.tui.app import run

    if unset:
        del os.environ[_FPS]  # it is meant for us, not for an editor that we start

    return run(found, settings, checkin=checkin, day=day, debug=debug)


def begin_lean() -> None:
    """Leave out of the start what the first frame does not need.

    Collecting garbage would only find what start-up still uses: `tui.app` collects again after the
    first frame. asyncio loads TLS if there is any, and nothing here speaks to a network.
    """
    gc.disable()
    if "ssl" not in sys.modules:
        sys.modules["ssl"] = None  # type: ignore[assignment]
        try:
            import asyncio  # noqa: F401 - it looks for TLS once
        finally:
            del sys.modules["ssl"]
