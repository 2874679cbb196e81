"""The command line: which commands there are, and running one.

Each command opens a `Tracker`, asks or does one thing, and says it in words or in JSON. They live in
modules of this package, each of which is imported when one of its commands is run.
"""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterable

import click

from tracker_tui import __version__
from tracker_tui.cli.base import Context, LazyGroup
from tracker_tui.cli.output import columns, tell, tell_block
from tracker_tui.errors import one_line

WRONG_COMMAND_LINE = 2
HELP_FROM = 52
"""From how many columns on click sees to the width of its help itself."""

MODULES = {
    "day": (
        *("today", "checkin", "review", "reviews", "progress", "later", "pause", "resume"),
        *("stats", "prompt", "remind"),
    ),
    "look": ("list", "show", "search", "history", "where", "config"),
    "change": (
        *("status", "todo", "learning", "learned", "skipped", "snooze", "horizon", "move", "needs"),
        *("undo", "redo"),
    ),
    "write": ("add", "note", "edit", "delete"),
    "links": ("open", "copy"),
    "study": ("next", "relate", "lint"),
    "files": ("export",),
    "bring": ("import",),
    "backup": ("backup", "restore"),
    "seed": ("init", "seed"),
    "doctor": ("doctor",),
    "mirror": ("mirror",),
    "completion": ("completion",),
    "guide": ("help",),
}
"""By module of this package: the names of the commands in its `COMMANDS`."""

GROUPS = {
    "Every day": (
        *("today", "next", "checkin", "review", "reviews", "progress", "later", "pause", "resume"),
        "stats",
    ),
    "Look around": ("list", "show", "search", "history", "open", "copy"),
    "Change": (
        *("add", "edit", "note", "todo", "learning", "learned", "skipped", "status", "snooze"),
        *("horizon", "needs", "relate", "move", "delete", "undo", "redo"),
    ),
    "In and out": ("export", "import", "init", "seed", "lint", "mirror"),
    "Keep safe": ("backup", "restore", "doctor"),
    "Set up": ("config", "where", "prompt", "remind", "completion", "help"),
}
"""Every command under what one wants to do, in the order of `tracker help`."""


class Formatter(click.HelpFormatter):
    """Help that fits a narrow terminal too: what is explained has no more than a third of it."""

    def write_dl(
        self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2
    ) -> None:
        """Write words and what they mean in two columns."""
        super().write_dl(rows, min(col_max, max(12, self.width // 3)), col_spacing)


click.Context.formatter_class = Formatter


def run(words: list[str]) -> int:
    """Run one command line; return the exit code."""
    try:
        narrow = columns() if sys.stdout.isatty() else HELP_FROM
        # Left alone, a help text has 50 columns at least.
        width = max(20, narrow - 2) if narrow < HELP_FROM else None
        result = cli.main(words, prog_name="tracker", standalone_mode=False, terminal_width=width)
    except click.exceptions.Exit as error:
        return error.exit_code
    except click.Abort:
        raise KeyboardInterrupt from None
    except SystemExit as error:
        # So click ends, whatever the mode, when nobody reads the output any more.
        raise BrokenPipeError(errno.EPIPE, os.strerror(errno.EPIPE)) from error
    except click.exceptions.NoArgsIsHelpError as error:
        tell_block(error.format_message())
        return error.exit_code
    except click.ClickException as error:
        text = one_line(error.format_message()).rstrip(".")
        tell(f"tracker: {text}; tracker help lists the commands")
        return WRONG_COMMAND_LINE
    return result if isinstance(result, int) else 0


@click.group(
    cls=LazyGroup,
    modules=MODULES,
    groups=GROUPS,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="tracker help COMMAND says more about one, tracker help queries what a QUERY is.",
)
@click.version_option(__version__, message="tracker %(version)s")
@click.option("--debug", is_flag=True, help="Log everything.")
@click.pass_context
def cli(ctx: click.Context, debug: bool) -> None:  # noqa: FBT001 - click's way
    """Track what you learn. Without a command, opens the screen.

    A REF is an id or the beginning of one; `tracker list` shows the ids.
    """
    if ctx.invoked_subcommand is None:
        from tracker_tui.cli.open import open_screen

        ctx.exit(open_screen(debug=debug))
    context = Context(debug=debug)
    ctx.obj = context
    ctx.call_on_close(context.close)
