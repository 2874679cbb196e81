"""What a shell is told when a user presses tab, and the scripts that ask for it.

A script calls `tracker` with `_TRACKER_COMPLETE` set to the shell's name and the words up to the
cursor as arguments; the answer is a line for each choice: `plain`, `path` or `file`, the word, and
what it is, with tabs between them. A `path` is a word to be quoted as the name of a file is, `file`
leaves the names of files to the shell.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path

import click
from click.shell_completion import CompletionItem, ShellComplete, split_arg_string

from tracker_tui.domain import query
from tracker_tui.domain.text import shown
from tracker_tui.domain.words import Kind
from tracker_tui.tracker import Tracker

WHEN = (
    *("tomorrow", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
    *("weekend", "week", "month", "3d", "2w", "1m"),
)
"""The days that are offered, as one word each: there is no end to them."""
VARIABLE = "_TRACKER_COMPLETE"
SHELLS = ("bash", "zsh", "fish")
IDS_MAX = 1_000
"""How many ids are offered at most."""


def main(shell: str, words: Sequence[str]) -> int:
    """Answer a shell; whatever goes wrong, there is nothing to choose from."""
    if shell == "bash":
        line = words[0] if words else ""
        words = split_arg_string(line)[1:] + ([""] if line[-1:].isspace() else [])
    try:
        for item in choices(words):
            help_ = " ".join(shown(item.help or "").split())
            sys.stdout.write(f"{item.type}\t{item.value}\t{help_}\n")
    except Exception:  # noqa: BLE001 - a message in the middle of a command line helps nobody
        return 1
    return 0


def choices(words: Sequence[str]) -> list[CompletionItem[str]]:
    """Return what the last of some words could become, after those before it."""
    from tracker_tui.cli.commands import cli

    *before, last = words or [""]
    return ShellComplete(cli, {}, "tracker", VARIABLE).get_completions(before, last)


def ids(beginning: str, kind: Kind | None = None) -> list[CompletionItem[str]]:
    """Return the ids that begin so, with their titles; no database is made for it."""
    from tracker_tui import config, paths

    found = paths.find()
    if not found.database.exists():
        return []
    with Tracker(found, config.load(found.config_file)) as tracker:
        return [
            CompletionItem(id_, help=title)
            for id_, title in tracker.beginning(beginning.lower(), kind, IDS_MAX)
        ]


def days(ctx: click.Context, beginning: str) -> list[CompletionItem[str]]:
    """Return what the last word of `tracker snooze` could become: an entry first, then a day.

    Behind an entry an id is offered only from its first letter on.
    """
    given, wake = ctx.params.get("words") or ctx.params.get("where"), ctx.params.get("wake")
    if wake or not given:
        return ids(beginning)
    offered = [word for word in WHEN if word.startswith(beginning.lower())]
    entries = ids(beginning) if beginning else []
    return [*(CompletionItem(word) for word in offered), *entries]


def mirrored(beginning: str) -> list[CompletionItem[str]]:
    """Return the mirrored files that begin so; from the current folder on, as far as they lie in it."""
    from tracker_tui import config, paths

    found = paths.find()
    if not found.database.exists():
        return []
    with Tracker(found, config.load(found.config_file)) as tracker:
        files_ = [row.path for row in tracker.mirrors()]
    here = f"{Path.cwd()}{os.sep}"
    if not beginning.startswith(os.sep):
        files_ = [path.removeprefix(here) for path in files_]
    return [CompletionItem(path, "path") for path in files_ if path.startswith(beginning)]


def terms(beginning: str) -> list[CompletionItem[str]]:
    """Return what the last term of a query could become; in quotes others may stand before it."""
    before, space, term = beginning.rpartition(" ")
    found = query.begun(term)
    name, colon, id_ = term.removeprefix("-").partition(":")
    if colon and name in (Kind.CATEGORY, Kind.SECTION):
        lead = term[: len(term) - len(id_)]
        found = [(lead + one.value, one.help or "") for one in ids(id_, Kind(name))]
    return [CompletionItem(before + space + one, help=help_) for one, help_ in found]


@click.command()
@click.argument("shell", type=click.Choice(SHELLS))
def completion(shell: str) -> None:
    """Write the script with which a shell completes commands and ids."""
    script = files("tracker_tui.cli") / "completions" / f"tracker.{shell}"
    sys.stdout.write(script.read_text(encoding="utf-8"))


COMMANDS = {"completion": completion}
