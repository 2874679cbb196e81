"""A damaged database at start: what there is to choose from, and doing it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping

import click

from tracker_tui import config, paths
from tracker_tui.cli.backup import holds, saved, when
from tracker_tui.cli.output import tell
from tracker_tui.cli.progress import Progress
from tracker_tui.errors import Damaged, Lost
from tracker_tui.tracker import Tracker
from tracker_tui.tracker.rescue import Rescue, Restored


def offer(error: Damaged) -> bool:
    """Say what is wrong and, on a terminal, offer what can be done; return whether it was.

    Raises:
        TrackerError: if what was chosen cannot be done.
    """
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise error
    found = paths.find()
    settings = config.load(found.config_file)
    rescue = Rescue(found, settings)
    tell(f"tracker: {error.problem}")
    tell()
    lost = isinstance(error, Lost)
    kept = "all that is there" if lost else "the damaged file"
    tell(f"Nothing has been changed, and whatever you choose, {kept} is kept.")
    choices: dict[str, Callable[[], Restored | None]] = {}
    with Progress("reading what can be read"):
        salvaged = rescue.look()
    if salvaged.rows:
        tell()
        tell("  s  save what can be saved:")
        for line in saved(salvaged):
            tell(f"       {line}")
        choices["s"] = lambda: rescue.salvage(salvaged)
    newest = salvaged.base
    if newest is not None:
        tell()
        tell(f"  b  take the newest sound backup, of {when(newest.moment)}, and no more")
        choices["b"] = lambda: rescue.restore(newest.path)
    if lost:
        tell()
        tell("  n  begin a new track")
        choices["n"] = lambda: Tracker(found, settings, anew=True).close()
    tell()
    tell("  q  leave it as it is")
    try:
        answer = click.prompt(
            "Which",
            type=click.Choice([*choices, "q"]),
            default=_first(choices, lost=lost),
            err=True,
        )
    except click.Abort:
        raise KeyboardInterrupt from None
    if answer == "q":
        return False
    with Progress("making a track of it"):
        done = choices[answer]()
    if done is None:
        return True
    tell(f"saved: {holds(done.facts)}")
    if done.aside is not None:
        tell(f"the damaged database is kept as {done.aside}")
    return True


def _first(choices: Mapping[str, object], *, lost: bool) -> str:
    """What is done without choosing: never that a new track takes the place of what there was."""
    return next((key for key in choices if key != "n" or not lost), "q")
