"""What every command needs: the context, the options that several share, and lazy groups."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Any

import click

from tracker_tui import config, paths
from tracker_tui.cli.output import Output
from tracker_tui.domain.journal import Action
from tracker_tui.errors import nearest, one_line
from tracker_tui.tracker import Tracker

as_json_option = click.option("--json", "json_", is_flag=True, help="Write JSON.")
refs_argument = click.argument("refs", nargs=-1, required=True, metavar="REF...")
ref_argument = click.argument("ref", metavar="REF")


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

    def close(self) -> None:
        """Close the database if it was opened; make the day's backup if this was its first write."""
        if self._tracker is None:
            return
        with self._tracker as tracker:
            if tracker.backup_due:
                sys.stdout.flush()
                tracker.daily_backup()

    def resolve(self, refs: Sequence[str]) -> list[str]:
        """Return the ids of REFs, each once."""
        return list(dict.fromkeys(self.tracker.resolve(ref) for ref in refs))

    def json(self, value: object) -> None:
        """Write JSON."""
        self.out.line(json.dumps(value, ensure_ascii=False, indent=2))

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
            self.out.line(what + one_line(action.label))


pass_context = click.make_pass_decorator(Context)


class LazyGroup(click.Group):
    """A group that imports a command's module when the command is asked for.

    Args:
        modules: By module of this package: the names of the commands in it, in the order of the help.
    """

    def __init__(self, *args: Any, modules: Mapping[str, Sequence[str]], **given: Any) -> None:
        super().__init__(*args, **given)
        self._modules = {name: module for module, names in modules.items() for name in names}

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

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        """Find a command; name the nearest one when it is mistyped."""
        if args and self.get_command(ctx, args[0]) is None and not args[0].startswith("-"):
            names = self.list_commands(ctx)
            raise click.UsageError(
                f"there is no command “{one_line(args[0])}”; {nearest(args[0], names)}"
            )
        return super().resolve_command(ctx, args)
