"""Commands that back the track up and bring a backup back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import click

from tracker_tui.cli.base import Context, as_json_option, pass_context
from tracker_tui.cli.choice import asks
from tracker_tui.cli.progress import Progress
from tracker_tui.domain.backups import HELP, Facts
from tracker_tui.domain.dates import LOCAL, utc_text
from tracker_tui.domain.difference import Difference
from tracker_tui.domain.text import plural, shown
from tracker_tui.errors import TrackerError
from tracker_tui.tracker.rescue import Listed, Rescue, Restored, Salvaged, is_file

_TABLE = 66
"""From how many columns on backups are listed in a table."""
_UNREAD = "cannot be read: tracker doctor"
SHOWN = 5
"""How many examples of a sort of difference are shown."""


@click.group(invoke_without_command=True)
@click.option("--output", "-o", metavar="FILE", help="The file, instead of one among the backups.")
@as_json_option
@click.pass_context
def backup(ctx: click.Context, output: str | None, json_: bool) -> None:  # noqa: FBT001
    """Back the track up, now."""
    if ctx.invoked_subcommand is not None:
        if output is not None:
            raise click.UsageError("--output goes with tracker backup alone")
        return
    context = ctx.find_object(Context)
    assert context is not None
    rescue = Rescue(context.paths, context.config)
    with Progress("backing up"):
        path = rescue.make(Path(output) if output is not None else None)
    if json_:
        context.json({"file": str(path)})
    else:
        context.out.line(f"backed up: {shown(str(path))}")


@backup.command("list")
@as_json_option
@pass_context
def backup_list(context: Context, json_: bool) -> None:  # noqa: FBT001
    """List the backups, the newest first."""
    found = Rescue(context.paths, context.config).listing()
    if json_:
        context.json([_listed_json(number, one) for number, one in enumerate(found, 1)])
        return
    if not found:
        context.out.line("there is no backup yet; the first one is made when something is written")
        return
    if context.out.width < _TABLE:
        for number, one in enumerate(found, 1):
            head = f"{number:>3}  {when(one.backup.moment)}  {one.backup.reason}"
            context.out.line(context.out.cut(head))
            told = f"{holds(one.facts)}, {size(one.size)}" if one.facts else _UNREAD
            for line in context.out.wrapped(told, 5):
                context.out.line(f"     {line}")
        return
    context.out.line(
        context.out.styled(
            f"{'':>3}  {'when':<16}  {'made for':<12}  {'learned':>9}  {'notes':>5}  {'size':>8}",
            "head",
        )
    )
    for number, one in enumerate(found, 1):
        facts = one.facts
        figures = (
            f"{f'{facts.learned}/{facts.items}':>9}  {facts.notes:>5}  {size(one.size):>8}"
            if facts
            else _UNREAD
        )
        context.out.line(
            f"{number:>3}  {when(one.backup.moment)}  {one.backup.reason:<12}  {figures}"
        )


def _listed_json(number: int, one: Listed) -> dict[str, object]:
    facts = one.facts
    return {
        "number": number,
        "file": str(one.backup.path),
        "at": utc_text(one.backup.moment),
        "reason": one.backup.reason,
        "size": one.size,
        "schema": facts.schema if facts else None,
        "items": facts.items if facts else None,
        "learned": facts.learned if facts else None,
        "notes": facts.notes if facts else None,
    }


def when(moment: datetime) -> str:
    """Return a moment as the user's clock would show it."""
    return moment.astimezone(LOCAL).strftime("%Y-%m-%d %H:%M")


def size(count: int) -> str:
    """Return a number of bytes in words: `868 KB`."""
    if count < 1_000_000:
        return f"{-(-count // 1000):,} KB"
    return f"{count / 1_000_000:,.1f} MB"


@click.command()
@click.argument("which", nargs=-1, metavar="FILE|WHEN")
@click.option("--salvage", is_flag=True, help="Save what a damaged database still holds.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--dry-run", is_flag=True, help="Only say what would change.")
@as_json_option
@pass_context
def restore(
    context: Context,
    which: tuple[str, ...],
    salvage: bool,  # noqa: FBT001
    yes: bool,  # noqa: FBT001
    dry_run: bool,  # noqa: FBT001
    json_: bool,  # noqa: FBT001
) -> None:
    """Bring a backup back; what is there now is backed up first.

    WHEN is latest, a number of tracker backup list, an age such as 2d, or a date.
    """
    rescue = Rescue(context.paths, context.config)
    words = " ".join(which)
    agreed = None if not (yes or dry_run or json_) else yes and not dry_run
    if salvage:
        _salvage(context, rescue, words, agreed=agreed, json_=json_)
        return
    if not words:
        raise TrackerError("which backup?", HELP)
    source = rescue.find(words)
    with Progress("comparing"):
        found = rescue.preview(source)
    if not json_:
        context.out.line(f"{shown(source.name)}, compared with what is there now:")
        _tell(context, found)
    done = None
    if asks("Restore it?", "restoring", agreed):
        with Progress("restoring"):
            done = rescue.restore(source)
    if json_:
        changes = None if found is None else {d.sort: _difference_json(d) for d in found}
        context.json({"file": str(source), "changes": changes, **_done_json(done)})
    else:
        _say(context, done)


def _difference_json(difference: Difference) -> dict[str, object]:
    return {"count": difference.count, "examples": list(difference.examples)}


def _done_json(done: Restored | None) -> dict[str, object]:
    return {
        "applied": done is not None,
        "safety": str(done.safety) if done and done.safety else None,
        "aside": str(done.aside) if done and done.aside else None,
    }


def _tell(context: Context, found: Sequence[Difference] | None) -> None:
    """Say what restoring would change."""
    if found is None:
        context.out.line("there is no track now that could be read; this one takes its place")
        return
    if not found:
        context.out.line("every status, entry, note and review stays as it is")
    for difference in found:
        context.out.line(f"{difference.words}{':' if difference.examples else ''}")
        for example in difference.examples[:SHOWN]:
            context.out.line(f"  {context.out.cut(example, 2)}")
        if len(difference.examples) > SHOWN:
            context.out.line(f"  and {len(difference.examples) - SHOWN:,} more")


def _say(context: Context, done: Restored | None) -> None:
    if done is None:
        context.out.line("nothing was changed")
        return
    context.out.line(f"restored: {holds(done.facts)}")
    if done.aside is not None:
        context.out.line(f"the damaged database is kept as {shown(str(done.aside))}")
    if done.safety is not None:
        context.out.line(
            f"what was there before comes back with: tracker restore {done.safety.name}"
        )


def holds(facts: Facts) -> str:
    """Say what a track holds."""
    return (
        f"{facts.learned} of {plural(facts.items, 'item')} learned, {plural(facts.notes, 'note')}"
    )


def _salvage(
    context: Context, rescue: Rescue, words: str, *, agreed: bool | None, json_: bool
) -> None:
    if words:
        _salvage_file(context, rescue, Path(words), agreed=agreed, json_=json_)
        return
    with Progress("reading what can be read"):
        found = rescue.look()
    if not json_:
        for line in saved(found):
            context.out.line(line)
    done = None
    if asks("Make a track of this?", "restoring", agreed):
        with Progress("making a track of it"):
            done = rescue.salvage(found)
    if json_:
        context.json({**_salvaged_json(found), **_done_json(done)})
    else:
        _say(context, done)


def saved(found: Salvaged) -> list[str]:
    """Say what a damaged database still gives."""
    lines = [f"{plural(len(found.rows), 'row')} of the journal can be read in the damaged database"]
    if found.base is not None:
        more = f"{found.gained:,} of the rows are not in it" if found.gained else "it has them all"
        lines.append(f"the newest sound backup is of {when(found.base.moment)}; {more}")
        if found.others:
            rows = plural(len(found.others), "row")
            lines.append(
                f"older sound backups have {rows} that it has not, and are brought together with it"
            )
    else:
        lines.append("there is no sound backup to bring them together with")
    if found.missing:
        lines.append(f"{plural(found.missing, 'row is', 'rows are')} lost")
    lines += [
        f"what was restored away stays so; {one.path.name} has more of it:"
        " tracker restore --salvage with its path takes that in"
        for one in found.left_out
    ]
    stay = plural(len(found.mirrors), "file stays", "files stay") + " mirrored"
    if found.machine.mirrors is None:
        known = (
            f"as in that backup, {stay}" if found.mirrors else "tracker mirror add ties one anew"
        )
        lines.append(f"which files are mirrored cannot be read any more; {known}")
    elif found.mirrors:
        lines.append(stay)
    return lines


def _salvaged_json(found: Salvaged) -> dict[str, object]:
    return {
        "rows": len(found.rows),
        "base": str(found.base.path) if found.base else None,
        "gained": found.gained,
        "missing": found.missing,
        "left_out": [str(one.path) for one in found.left_out],
        "mirrors": list(found.mirrors),
        "mirrors_known": found.machine.mirrors is not None,
    }


def _salvage_file(
    context: Context, rescue: Rescue, path: Path, *, agreed: bool | None, json_: bool
) -> None:
    """Take into a sound track what another file, damaged or not, has beside it."""
    if not is_file(path):
        raise TrackerError(f"there is no file {path}")
    with Progress(f"reading {path}"):
        found = rescue.look_into(path)
    if not json_:
        rows = plural(len(found), "row")
        context.out.line(
            f"{rows} of the journal can be read in {shown(str(path))} that the track has not"
        )
    applied = bool(found) and asks("Take them in?", "restoring", agreed)
    if applied:
        with Progress(f"writing {plural(len(found), 'row')}"):
            context.tracker.take_in(found)
    if json_:
        context.json({"gained": len(found), "applied": applied})
    else:
        context.out.line("taken in" if applied else "nothing was changed")


COMMANDS = {"backup": backup, "restore": restore}
"""The names of the commands here."""
