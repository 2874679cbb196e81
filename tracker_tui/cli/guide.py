"""`tracker help`: the commands by what one wants to do, one of them, or the query language."""

from __future__ import annotations

import click

from tracker_tui.cli.base import Context, LazyGroup, pass_context
from tracker_tui.domain.query import HELP
from tracker_tui.errors import nearest, one_line

QUERIES = "queries"


def _topics(ctx: click.Context, _: click.Parameter, incomplete: str) -> list[str]:
    root = ctx.find_root().command
    known = root.list_commands(ctx) if isinstance(root, LazyGroup) else []
    return [name for name in (*known, QUERIES) if name.startswith(incomplete)]


@click.command("help")
@click.argument("topic", nargs=-1, metavar="[COMMAND]...", shell_complete=_topics)
@pass_context
@click.pass_context
def help_(ctx: click.Context, context: Context, topic: tuple[str, ...]) -> None:
    """List the commands, or say more about one; `queries` is about the language of filters."""
    if topic == (QUERIES,):
        context.out.line("All terms of a query must hold; a comma in a value means either.\n")
        for term, finds in HELP:
            context.out.defined(f"  {term}", finds, 24)
        return
    parent = ctx.find_root()
    command: click.Command = parent.command
    for name in topic:
        found = command.get_command(parent, name) if isinstance(command, click.Group) else None
        if found is None:
            known = command.list_commands(parent) if isinstance(command, click.Group) else []
            advice = nearest(name, [*known, QUERIES])
            raise click.UsageError(f"there is no command “{one_line(name)}”; {advice}")
        parent = click.Context(found, parent, info_name=name)
        command = found
    context.out.line(command.get_help(parent))


COMMANDS = {"help": help_}
