"""Opening the screen: the one place where the command line reaches into the other face."""

from __future__ import annotations

import os
import sys

from tracker_tui import config, paths
from tracker_tui.errors import TrackerError


def open_screen(*, debug: bool = False) -> int:
    """Open the screen; return its exit code.

    Raises:
        TrackerError: if this is no terminal that could show it.
    """
    instead = "use the command line: tracker list, tracker --help"
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise TrackerError("the screen needs a terminal", instead)
    if os.environ.get("TERM", "") in ("", "dumb"):
        raise TrackerError(
            "this terminal cannot show the screen (TERM is dumb or not set)", instead
        )
    found = paths.find()
    settings = config.load(found.config_file)
    from tracker_tui.tui.app import run

    return run(found, settings, debug=debug)
