"""What every command needs: the context, the options that several share, and lazy groups."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from typing import Any

import click

from tracker_tui import config, paths
from tracker_tui.cli.output import Output, tell
from tracker_tui.domain import text
from tracker_tui.domain.journal import Action, Row
from tracker_tui.domain.text import json_line
from tracker_tui.errors import nearest, one_line
from tracker_tui.tracker import Tracker

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]
INTERRUPTED = 130
"""The exit code of what an interrupt ended."""


def complete_ref(_: click.Context, __: click.Parameter, incomplete: str) -> list[Any]:
    """Return the ids that begin so, for a shell."""
    from tracker_tui.cli import completion

    return completion.ids(incomplete)


def complete_query(_: click.Context, __: click.Parameter, incomplete: str) -> list[Any]:
    """Return the terms of the query language that begin so, for a shell."""
    from tracker_tui.cli import completion

    return completion.terms(incomplete)


as_json_option = click.option("--json", "json_", is_flag=True, help="Write JSON.")
ref_argument = click.argument("ref", metavar="REF", shell_complete=complete_ref)
TODAY = "today"
date_option = click.option(
    "--date",
    "day",
    default=TODAY,
    metavar="DAY",
    help="The day it counts for: today, yesterday, monday, up to 7 days ago.",
)
query_argument = click.argument("query", nargs=-1, shell_complete=complete_query)


def limit_option(default: int, help_: str = "How many lines at most.") -> Decorator:
    """Return the option that says how much is listed at most."""
    return click.option(
        "--limit",
        type=click.IntRange(1),
        default=default,
        show_default=True,
        metavar="N",
        help=f"{help_.rstrip('.')}, from 1.",
    )


class Context:
    """What every command needs; the database is opened when it is first asked for."""

    def __init__(self, *, debug: bool) -> None:
        self.paths = paths.find()
        if debug:
            from tracker_tui import log

            log.start(self.paths.log_file, debug=True)
        self.config = config.load(self.paths.config_file)
        self.out = Output(self.config.glyphs)
        self._tracker: Tracker | None = None

    @property
    def tracker(self) -> Tracker:
        """The track."""
        if self._tracker is None:
            self._tracker = Tracker(self.paths, self.config)
        return self._tracker

    def open(self, rows: Sequence[Row], names: Sequence[tuple[str, int]]) -> Tracker:
        """Open the track; where there is none yet, it begins with these rows; `names`: see `Base`."""
        assert self._tracker is None
        self._tracker = Tracker(self.paths, self.config, first=lambda: rows, names=names)
        return self._tracker

    def interrupted(self) -> str:
        """Return what stands of what was being done when an interrupt came: all of it, or nothing."""
        done = self._tracker.written() if self._tracker is not None else ""
        return f"done before that: {text.shown(done)}" if done else "nothing was changed"

    def close(self) -> None:
        """Close the database if it was opened; make the day's backup if this was its first write."""
        if self._tracker is None:
            return
        with self._tracker as tracker:
            if tracker.backup_due:
                sys.stdout.flush()
                damage = tracker.daily_backup()
                if damage is not None:
                    tell(f"tracker: {damage}")

    def resolve(self, refs: Sequence[str]) -> list[str]:
        """Return the ids of REFs, each once."""
        return list(dict.fromkeys(self.tracker.resolve(ref) for ref in refs))

    def json(self, value: object) -> None:
        """Write JSON."""
        self.out.line(json_line(value, 2), whole=True)

    def did(self, action: Action | None, json_: bool, nothing: str = "nothing to do") -> None:  # noqa: FBT001
        """Say what was done."""
        if json_:
            done = action is not None and bool(action.changes)
            self.json(
                {"action": action.id, "label": action.label, "changed": list(action.entries)}
                if action is not None and done
                else {"action": None, "label": nothing, "changed": []}
            )
        elif action is None or not action.changes:
            self.out.line(nothing)
        else:
            what = "undone: " if action.undoes else "redone: " if action.redoes else ""
            self.out.line(what + text.shown(action.label))


pass_context = click.make_pass_decorator(Context)


class QueryCommand(click.Command):
    """A command whose arguments are a query: in it a minus turns a term round, as in -is:snoozed."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Tell the terms that begin with a minus from options."""
        taking = [
            name
            for option in self.params
            if isinstance(option, click.Option) and not option.is_flag
            for name in option.opts
        ]
        short = tuple(name for name in taking if len(name) == 2)
        terms = [
            word
            for before, word in zip(["", *args], args, strict=False)
            if len(word) > 2 and word[0] == "-" != word[1] and not word.startswith(short)
            if before not in taking
        ]
        if not terms or "--" in args:
            return super().parse_args(ctx, args)
        return super().parse_args(ctx, [*(a for a in args if a not in terms), "--", *terms])


class QueryGroup(click.Group):
    """A group that takes a query where no command of its follows: `tracker reviews status:learned`."""

    WORDS = "tracker.query"
    """Under which key the context keeps the words of the query."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Take the words of a query out of the arguments."""
        words: list[str] = []
        rest: list[str] = []
        options = {name: option for option in self.params for name in option.opts}
        taking = 0
        for arg in args:
            name, is_given, _ = arg.partition("=")
            option = options.get(name)
            if taking:
                taking -= 1
                rest.append(arg)
            elif option is not None or arg in ctx.help_option_names:
                flag = not isinstance(option, click.Option) or option.is_flag
                taking = 0 if is_given or flag else 1
                rest.append(arg)
            elif not words and arg in self.commands:
                return super().parse_args(ctx, args)
            elif arg.startswith("--") and len(arg) > 2:
                rest.append(arg)
            else:
                words.append(arg)
        ctx.meta[self.WORDS] = tuple(word for word in words if word != "--")
        return super().parse_args(ctx, rest)

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """Return what stands in the line of usage."""
        return [*click.Command.collect_usage_pieces(self, ctx), "[QUERY]... | COMMAND"]


class LazyGroup(click.Group):
    """A group that imports a command's module when the command is asked for.

    Args:
        modules: By module of this package: the names of the commands in it.
        groups: By heading of the help: the names of the commands under it.
    """

    def __init__(
        self,
        *args: Any,
        modules: Mapping[str, Sequence[str]],
        groups: Mapping[str, Sequence[str]],
        **given: Any,
    ) -> None:
        super().__init__(*args, **given)
        self._groups = groups
        self._modules = {name: module for module, names in modules.items() for name in names}

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; an interrupt ends it with one line that says what stands."""
        try:
            return super().invoke(ctx)
        except (KeyboardInterrupt, click.Abort):
            said = f"; {ctx.obj.interrupted()}" if isinstance(ctx.obj, Context) else ""
            if sys.stderr.isatty():
                tell()  # behind the ^C of the terminal
            tell(f"tracker: interrupted{said}")
            raise click.exceptions.Exit(INTERRUPTED) from None

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's way
        """Return the names of all commands."""
        return list(self._modules)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Return a command."""
        module = self._modules.get(cmd_name)
        if module is None:
            return None
        found = vars(import_module(f"tracker_tui.cli.{module}"))["COMMANDS"][cmd_name]
        assert isinstance(found, click.Command)
        return found

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands under what one wants to do, each on one line if it fits."""
        widest = max(map(len, self._modules))
        room = max(20, formatter.width - widest - 4)
        for heading, names in self._groups.items():
            found = [(name, self.get_command(ctx, name)) for name in names]
            rows = [(f"{name:<{widest}}", _brief(c, room)) for name, c in found if c is not None]
            with formatter.section(heading):
                formatter.write_dl(rows, col_max=widest)

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        """Find a command; name the nearest one when it is mistyped."""
        if args and self.get_command(ctx, args[0]) is None and not args[0].startswith("-"):
            names = self.list_commands(ctx)
            raise click.UsageError(
                f"there is no command “{one_line(args[0])}”; {nearest(args[0], names)}"
            )
        return super().resolve_command(ctx, args)


def _brief(command: click.Command, room: int) -> str:
    """What a command does: its first sentence or, where that is too long, its first clause, whole."""
    words = " ".join((command.help or "").split("\n\n")[0].split()).rstrip(".")
    for sign in ("; ", ": "):
        if len(words) > room:
            words = words.partition(sign)[0]
    return words
