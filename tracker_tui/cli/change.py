"""Commands that change how entries stand: status, plans, place, what they need; undo and redo."""

from __future__ import annotations

from typing import Any

import click

from tracker_tui.cli.base import (
    TODAY,
    Context,
    as_json_option,
    complete_ref,
    date_option,
    pass_context,
    ref_argument,
)
from tracker_tui.cli.choice import chosen, several, where_option, yes_option
from tracker_tui.domain.track import place_of
from tracker_tui.domain.words import Horizon, RelationKind, Status

NEXT = "next"
toggle_option = click.option(
    "--toggle", is_flag=True, help="If all are so already: back to what each was before."
)


@click.command()
@click.argument("status", type=click.Choice([*(s.value for s in Status), NEXT]))
@several
@toggle_option
@date_option
@as_json_option
@pass_context
def status(
    context: Context,
    status: str,
    ids: list[str],
    toggle: bool,  # noqa: FBT001
    day: str,
    json_: bool,  # noqa: FBT001
) -> None:
    """Give entries a status; `next` moves them on: todo, learning, learned."""
    if status != NEXT:
        _give(context, ids, Status(status), day, toggle=toggle, json_=json_)
    elif toggle or day != TODAY:
        raise click.UsageError("next takes neither --toggle nor --date")
    else:
        context.did(context.tracker.next_status(ids), json_)


def _give(
    context: Context, ids: list[str], value: Status, day: str, *, toggle: bool, json_: bool
) -> None:
    tracker = context.tracker
    if not toggle:
        action = tracker.set_status(ids, value, tracker.check_in_day(day))
    elif day != TODAY:
        raise click.UsageError("--toggle takes no --date")
    else:
        action = tracker.toggle_status(ids, value)
    context.did(action, json_, f"nothing to do: already {value.value}")


@click.command()
@several
@toggle_option
@click.option("--twins", is_flag=True, help="With what is the same subject and still open.")
@date_option
@as_json_option
@pass_context
def learned(
    context: Context,
    ids: list[str],
    toggle: bool,  # noqa: FBT001
    twins: bool,  # noqa: FBT001
    day: str,
    json_: bool,  # noqa: FBT001
) -> None:
    """Give entries the status learned."""
    tracker = context.tracker
    if not twins:
        _give(context, ids, Status.LEARNED, day, toggle=toggle, json_=json_)
    elif toggle:
        raise click.UsageError("--toggle takes no --twins")
    else:
        action = tracker.learned_with_twins(ids, tracker.check_in_day(day))
        context.did(action, json_, "nothing to do: already learned")
    bearers = tracker.bearers(ids)
    if json_ or not all(entry.status is Status.LEARNED for entry in bearers):
        return
    open_ = tracker.open_twins(entry.id for entry in bearers)
    if open_:
        names = ", ".join(entry.id for entry in open_)
        context.out.line(f"the same subject is still open: {names}; --twins learns it too")


def _status_command(value: Status) -> click.Command:
    @click.command(value.value, help=f"Give entries the status {value.value}.")
    @several
    @toggle_option
    @date_option
    @as_json_option
    @pass_context
    def command(context: Context, ids: list[str], toggle: bool, day: str, json_: bool) -> None:  # noqa: FBT001
        _give(context, ids, value, day, toggle=toggle, json_=json_)

    return command


def _complete_words(ctx: click.Context, _: click.Parameter, incomplete: str) -> list[Any]:
    from tracker_tui.cli import completion

    return completion.days(ctx, incomplete)


@click.command()
@click.argument("words", nargs=-1, metavar="[REF]... WHEN", shell_complete=_complete_words)
@where_option
@yes_option
@click.option("--wake", is_flag=True, help="Take a snooze back; then there is no WHEN.")
@as_json_option
@pass_context
def snooze(
    context: Context,
    words: tuple[str, ...],
    where: str | None,
    yes: bool,  # noqa: FBT001
    wake: bool,  # noqa: FBT001
    json_: bool,  # noqa: FBT001
) -> None:
    """Put entries off until WHEN: tomorrow, friday, 3d, "next week", 2027-01-31."""
    refs, when = (words, "") if wake else (words[:-1], "".join(words[-1:]))
    if not wake and not (when and (refs or where is not None)):
        raise click.UsageError(
            "snooze needs a REF and a day, such as: tracker snooze git-lfs friday"
        )
    ids = chosen(context, refs, where, yes=yes, json_=json_)
    if not ids:
        return
    if wake:
        context.did(context.tracker.wake(ids), json_, "nothing to do: not snoozed")
    else:
        context.did(context.tracker.snooze(ids, when), json_)


@click.command()
@click.argument("horizon", type=click.Choice([*(h.value for h in Horizon), "none"]))
@several
@as_json_option
@pass_context
def horizon(context: Context, horizon: str, ids: list[str], json_: bool) -> None:  # noqa: FBT001
    """Put entries into a horizon, or into none."""
    goal = None if horizon == "none" else Horizon(horizon)
    context.did(context.tracker.set_horizon(ids, goal), json_)


@click.command()
@ref_argument
@click.argument("where", type=click.Choice(["up", "down", "first", "last"]), required=False)
@click.option(
    "--to",
    metavar="REF",
    help="The section, category or item to move it into.",
    shell_complete=complete_ref,
)
@click.option("--position", type=click.IntRange(1), help="Its place among its siblings, from 1.")
@as_json_option
@pass_context
def move(
    context: Context,
    ref: str,
    where: str | None,
    to: str | None,
    position: int | None,
    json_: bool,  # noqa: FBT001
) -> None:
    """Move an entry among its siblings, or to another place."""
    if (where is not None) + (to is not None) + (position is not None) != 1:
        raise click.UsageError("say up, down, first, last, --position N or --to REF")
    tracker = context.tracker
    id_ = tracker.resolve(ref)
    if to is not None:
        context.did(tracker.move_to(id_, tracker.resolve(to)), json_)
        return
    entry = tracker.entry(id_)
    before = tracker.index(entry)
    after = tracker.count(place_of(entry)) - before - 1
    wanted = {"up": -1, "down": 1, "first": -before or -1, "last": after or 1}
    by = wanted[where] if where is not None else min(position or 1, before + after + 1) - 1 - before
    action = tracker.move(id_, by)
    context.did(action, json_, f"nothing to do: {action.label if by else 'it is there already'}")


@click.command()
@ref_argument
@click.argument("other", metavar="OTHER", shell_complete=complete_ref)
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
    "status": status,
    **{value.value: _status_command(value) for value in Status if value is not Status.LEARNED},
    "learned": learned,
    "snooze": snooze,
    "horizon": horizon,
    "move": move,
    "needs": needs,
    "undo": undo,
    "redo": redo,
}
