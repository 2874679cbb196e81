"""Commands that keep Markdown files and the track in step."""

from __future__ import annotations

from typing import Any

import click

from tracker_tui.cli.base import Context, as_json_option, pass_context
from tracker_tui.cli.choice import asks
from tracker_tui.cli.output import tell
from tracker_tui.cli.progress import Progress
from tracker_tui.domain.text import plural, shown
from tracker_tui.errors import one_line
from tracker_tui.tracker.mirror_step import Mirrored

SHOWN = 10
"""How many titles of a kind are shown."""
FAILED = 1
_yes = click.option("--yes", is_flag=True, help="Do not ask.")
_file = click.argument("file", type=click.Path(), metavar="FILE")


@click.group(invoke_without_command=True)
@click.option("--yes", is_flag=True, help="Even if most lines of a file are gone.")
@as_json_option
@pass_context
@click.pass_context
def mirror(ctx: click.Context, context: Context, yes: bool, json_: bool) -> None:  # noqa: FBT001
    """Bring mirrored Markdown files and the track in step, both ways."""
    if ctx.invoked_subcommand is not None:
        return
    with Progress("comparing the mirrored files with the track"):
        found = context.tracker.mirror_all(wipe=yes)
    if json_:
        context.json([_json(each) for each in found])
    for each in () if json_ else found:
        if each.error is None:
            _say(context, each)
    if not found and not json_:
        context.out.line("no file is mirrored; tracker mirror add FILE.md begins")
    failed = [each for each in found if each.error is not None]
    for each in failed:
        tell(f"tracker: {each.error}")
    if failed:
        ctx.exit(FAILED)


@mirror.command()
@_file
@_yes
@click.option("--dry-run", is_flag=True, help="Only say what would change.")
@as_json_option
@pass_context
def add(context: Context, file: str, yes: bool, dry_run: bool, json_: bool) -> None:  # noqa: FBT001
    """Keep a Markdown checklist and the track in step from now on."""
    tracker = context.tracker
    with Progress(f"comparing {file} with the track"):
        found = tracker.mirror_add(file, dry_run=True)
    if not json_:
        _tell(context, found)
    silent = found.into.empty and found.out.empty
    wanted = yes or (silent and not json_)
    applied = not dry_run and (wanted or (not json_ and asks("Keep them in step?", "mirroring")))
    if applied:
        with Progress(f"bringing {file} and the track in step"):
            found = tracker.mirror_add(file)
    if json_:
        context.json({**_json(found), "applied": applied})
    elif applied:
        context.out.line(f"{plural(found.tied, 'line')} of {shown(file)} mirrored from now on")
    else:
        context.out.line("nothing was changed")


@mirror.command("list")
@as_json_option
@pass_context
def list_(context: Context, json_: bool) -> None:  # noqa: FBT001
    """List the mirrored files, and how they stand."""
    tracker = context.tracker
    rows = [(row, tracker.mirror_state(row)) for row in tracker.mirrors()]
    if json_:
        context.json(
            [
                {"path": row.path, "lines": row.tied, "state": state, "since": row.added_at}
                for row, state in rows
            ]
        )
        return
    for row, state in rows:
        context.out.line(f"{shown(row.path)}  {plural(row.tied, 'line')}, {one_line(state)}")
    if not rows:
        context.out.line("no file is mirrored; tracker mirror add FILE.md begins")


def _complete_mirrored(_: click.Context, __: click.Parameter, incomplete: str) -> list[Any]:
    from tracker_tui.cli import completion

    return completion.mirrored(incomplete)


@mirror.command()
@click.argument("file", metavar="FILE", shell_complete=_complete_mirrored)
@as_json_option
@pass_context
def remove(context: Context, file: str, json_: bool) -> None:  # noqa: FBT001
    """Keep a file in step no more; nothing in it or in the track is deleted."""
    path = context.tracker.mirror_remove(file)
    if json_:
        context.json({"path": path})
    else:
        context.out.line(f"{shown(path)} is not mirrored any more")


def _say(context: Context, found: Mirrored) -> None:
    """Say in a line or two what went which way."""
    parts = [
        f"{way}: {flow.words()}"
        for way, flow in (("into the track", found.into), ("into the file", found.out))
        if not flow.empty
    ]
    context.out.line(f"{shown(found.path)}  {'; '.join(parts) or 'in step'}")
    for told in found.told:
        context.out.line(f"  {one_line(told)}")


def _tell(context: Context, found: Mirrored) -> None:
    """Say by title what would go which way."""
    out = context.out
    for way, flow in (("into the track", found.into), ("into the file", found.out)):
        for what, titles in flow._asdict().items():
            if not titles:
                continue
            out.line(f"{len(titles):,} {what} {way}:")
            for title in titles[:SHOWN]:
                out.line(f"  {out.cut(title, 2)}")
            if len(titles) > SHOWN:
                out.line(f"  and {len(titles) - SHOWN:,} more")
    for told in found.told:
        out.line(one_line(told))


def _json(found: Mirrored) -> dict[str, object]:
    return {
        "path": found.path,
        "lines": found.tied,
        "into_track": found.into._asdict(),
        "into_file": found.out._asdict(),
        "told": found.told,
        "action": found.action.id or None,
        "error": str(found.error) if found.error is not None else None,
    }


COMMANDS = {"mirror": mirror}
