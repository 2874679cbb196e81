"""Commands that change something."""

from __future__ import annotations

import sys
from subprocess import run as run_program

import click

from tracker_tui import editor
from tracker_tui.cli.base import (
    Context,
    as_json_option,
    pass_context,
    ref_argument,
    refs_argument,
)
from tracker_tui.domain.track import Place
from tracker_tui.domain.words import Horizon, Kind, RelationKind, Status
from tracker_tui.errors import TrackerError, one_line
from tracker_tui.exchange import sheet
from tracker_tui.tracker import Tracker

INBOX = "Inbox"
"""The category of what is added without saying where."""


@click.command()
@click.argument("title", nargs=-1, required=True)
@click.option("--in", "inside", metavar="REF", help="The category, section or item it goes into.")
@click.option("--description", default="", help="What it is about.")
@click.option("--section", is_flag=True, help="Add a section instead of an item.")
@as_json_option
@pass_context
def add(
    context: Context,
    title: tuple[str, ...],
    inside: str | None,
    description: str,
    section: bool,  # noqa: FBT001
    json_: bool,  # noqa: FBT001
) -> None:
    """Add an item; without --in it goes into the category “Inbox”."""
    tracker = context.tracker
    parent = tracker.resolve(inside) if inside else _inbox(tracker)
    kind = Kind.SECTION if section else Kind.ITEM
    action = tracker.add(" ".join(title), kind, Place(parent), None, description)
    if json_:
        context.did(action, json_)
    else:
        context.out.line(f"{one_line(action.label)}  {action.changes[0].id}")


def _inbox(tracker: Tracker) -> str:
    for category in tracker.siblings(Place(kind=Kind.CATEGORY)):
        if category.title == INBOX:
            return category.id
    return tracker.add(INBOX, Kind.CATEGORY, Place(kind=Kind.CATEGORY)).changes[0].id


@click.command()
@click.argument("status", type=click.Choice([s.value for s in Status]))
@refs_argument
@as_json_option
@pass_context
def status(context: Context, status: str, refs: tuple[str, ...], json_: bool) -> None:  # noqa: FBT001
    """Give entries a status."""
    action = context.tracker.set_status(context.resolve(refs), Status(status))
    context.did(action, json_, f"nothing to do: already {status}")


def _status_command(value: Status) -> click.Command:
    @click.command(value.value, help=f"Give entries the status {value.value}.")
    @refs_argument
    @as_json_option
    @pass_context
    def command(context: Context, refs: tuple[str, ...], json_: bool) -> None:  # noqa: FBT001
        action = context.tracker.set_status(context.resolve(refs), value)
        context.did(action, json_, f"nothing to do: already {value.value}")

    return command


@click.command()
@ref_argument
@click.argument("text", nargs=-1, required=True)
@as_json_option
@pass_context
def note(context: Context, ref: str, text: tuple[str, ...], json_: bool) -> None:  # noqa: FBT001
    """Add a note to an entry; the TEXT - is read from standard input."""
    words = sys.stdin.read() if text == ("-",) else " ".join(text)
    action = context.tracker.add_note(context.tracker.resolve(ref), words)
    context.did(action, json_, "nothing to do: the note is empty")


@click.command()
@ref_argument
@pass_context
def edit(context: Context, ref: str) -> None:
    """Edit an entry and its notes in $VISUAL or $EDITOR."""
    tracker = context.tracker
    detail = tracker.detail(tracker.resolve(ref))
    written = editor.edit(
        sheet.write(detail), lambda command: run_program(command, check=False).returncode
    )
    if written is None:
        context.out.line("nothing changed")
        return
    try:
        fields, notes = sheet.read(written, detail, tracker.today())
        action = tracker.edit(detail.entry.id, fields, notes)
    except TrackerError as error:
        raise TrackerError(error.problem, f"your text is kept in {editor.keep(written)}") from error
    context.did(action, json_=False, nothing="nothing changed")


@click.command()
@click.argument("words", nargs=-1, required=True, metavar="REF... WHEN")
@click.option("--wake", is_flag=True, help="Take a snooze back; then there is no WHEN.")
@as_json_option
@pass_context
def snooze(context: Context, words: tuple[str, ...], wake: bool, json_: bool) -> None:  # noqa: FBT001
    """Put entries off until WHEN: tomorrow, friday, 3d, "next week", 2027-01-31."""
    if wake:
        context.did(
            context.tracker.wake(context.resolve(words)), json_, "nothing to do: not snoozed"
        )
        return
    *refs, when = words
    if not refs:
        raise click.UsageError(
            "snooze needs a REF and a day, such as: tracker snooze git-lfs friday"
        )
    context.did(context.tracker.snooze(context.resolve(refs), when), json_)


@click.command()
@click.argument("horizon", type=click.Choice([*(h.value for h in Horizon), "none"]))
@refs_argument
@as_json_option
@pass_context
def horizon(context: Context, horizon: str, refs: tuple[str, ...], json_: bool) -> None:  # noqa: FBT001
    """Put entries into a horizon, or into none."""
    goal = None if horizon == "none" else Horizon(horizon)
    context.did(context.tracker.set_horizon(context.resolve(refs), goal), json_)


@click.command()
@ref_argument
@click.argument("where", type=click.Choice(["up", "down"]), required=False)
@click.option("--to", metavar="REF", help="The section, category or item to move it into.")
@as_json_option
@pass_context
def move(context: Context, ref: str, where: str | None, to: str | None, json_: bool) -> None:  # noqa: FBT001
    """Move an entry up or down, or to another place."""
    id_ = context.tracker.resolve(ref)
    if to is not None:
        context.did(context.tracker.move_to(id_, context.tracker.resolve(to)), json_)
    elif where is None:
        raise click.UsageError("say up, down or --to REF")
    else:
        action = context.tracker.move(id_, 1 if where == "down" else -1)
        context.did(action, json_, f"nothing to do: {action.label}")


@click.command()
@ref_argument
@click.argument("other", metavar="OTHER")
@click.option("--remove", is_flag=True, help="It needs it no longer.")
@as_json_option
@pass_context
def needs(context: Context, ref: str, other: str, remove: bool, json_: bool) -> None:  # noqa: FBT001
    """Say that an entry needs OTHER first: that comes before it in the queue."""
    tracker = context.tracker
    source, target = tracker.resolve(ref), tracker.resolve(other)
    action = tracker.relate(RelationKind.REQUIRES, source, target, on=not remove)
    context.did(action, json_, "nothing to do")


@click.command()
@refs_argument
@click.option("--yes", is_flag=True, help="Do not ask.")
@as_json_option
@pass_context
def delete(context: Context, refs: tuple[str, ...], yes: bool, json_: bool) -> None:  # noqa: FBT001
    """Delete entries with all that is below them; undo brings them back."""
    ids = context.resolve(refs)
    if not yes:
        if not sys.stdin.isatty():
            raise TrackerError("deleting asks first, and there is no terminal", "add --yes")
        titles = ", ".join(f"“{one_line(e.title)}”" for e in context.tracker.entries(ids))
        if not click.confirm(f"Delete {titles}?", err=True):
            context.out.line("nothing deleted")
            return
    context.did(context.tracker.delete(ids), json_)


@click.command()
@as_json_option
@pass_context
def undo(context: Context, json_: bool) -> None:  # noqa: FBT001
    """Take back the last change."""
    context.did(context.tracker.undo(), json_, "there is nothing to undo")


@click.command()
@as_json_option
@pass_context
def redo(context: Context, json_: bool) -> None:  # noqa: FBT001
    """Do again what was taken back last."""
    context.did(context.tracker.redo(), json_, "there is nothing to redo")


COMMANDS = {
    "add": add,
    "status": status,
    **{value.value: _status_command(value) for value in Status},
    "note": note,
    "edit": edit,
    "snooze": snooze,
    "horizon": horizon,
    "move": move,
    "needs": needs,
    "delete": delete,
    "undo": undo,
    "redo": redo,
}
