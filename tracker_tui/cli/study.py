"""Commands about how to study: what comes next, what belongs together, whether a track is sound."""

from __future__ import annotations

from pathlib import Path

import click

from tracker_tui import files
from tracker_tui.cli.base import (
    Context,
    as_json_option,
    complete_ref,
    pass_context,
    ref_argument,
)
from tracker_tui.domain.text import plural, shown
from tracker_tui.domain.words import Reason, RelationKind, Status
from tracker_tui.exchange import as_json

FOUND = 1
"""The exit code where there is something to look at."""


@click.command("next")
@as_json_option
@pass_context
def next_(context: Context, json_: bool) -> None:  # noqa: FBT001
    """Say the one thing to do now, why, and how to begin."""
    tracker, out = context.tracker, context.out
    due = tracker.next_due()
    if due is None:
        paused = tracker.paused() is not None
        if json_:
            context.json(None)
        else:
            waits = any(not due.answered for due in tracker.queue())
            nothing = "nothing can be begun: what is left waits for what was put off"
            quiet = nothing if waits else "nothing is left to do"
            out.line("paused; tracker resume ends it" if paused else quiet)
        return
    detail = tracker.detail(due.entry.id, 0)
    entry = detail.entry
    if json_:
        context.json(as_json.next_json(due, detail))
        return
    reviewing = due.reason is Reason.REVIEW
    out.line(out.headed(entry))
    where = " › ".join(shown(above.title) for above in detail.path)
    out.block(where, 2, "faint")
    out.block(shown(due.why), 2)
    if entry.description and not reviewing:
        out.line()
        out.block(entry.description)
    link = detail.links[0] if detail.links else None
    effort = f"{entry.effort}, {entry.effort.words}" if entry.effort else ""
    facts = (
        ("First step", entry.first_step if not reviewing else ""),
        ("Recall" if reviewing else "Done when", entry.done_when),
        ("Effort", effort if not reviewing else ""),
        ("Study", f"{link.title}  {link.url}" if link else ""),
    )
    told = [(label, words) for label, words in facts if words]
    if told:
        out.line()
    for label, words in told:
        out.labelled(label, words)
    out.line()
    if reviewing:
        out.line(f"tracker review {entry.id}")
    elif entry.status is Status.TODO:
        out.line(f"tracker learning {entry.id} begins it")
    else:
        out.line(f"tracker learned {entry.id} when it is done")


@click.command()
@ref_argument
@click.argument("other", metavar="OTHER", shell_complete=complete_ref)
@click.option("--remove", is_flag=True, help="They are not the same subject after all.")
@as_json_option
@pass_context
def relate(context: Context, ref: str, other: str, remove: bool, json_: bool) -> None:  # noqa: FBT001
    """Say that an entry and OTHER are the same subject: learned together, if you like."""
    tracker = context.tracker
    source, target = tracker.resolve(ref), tracker.resolve(other)
    action = tracker.relate(RelationKind.RELATED, source, target, on=not remove)
    context.did(action, json_, "nothing to do")


@click.command()
@click.argument("file", required=False, metavar="[FILE]")
@click.option("--schema", is_flag=True, help="Write the JSON Schema of such files instead.")
@as_json_option
@pass_context
def lint(context: Context, file: str | None, schema: bool, json_: bool) -> int:  # noqa: FBT001
    """Check the file of a track: the built-in one, FILE, or standard input with -."""
    from tracker_tui.exchange import lint as rules
    from tracker_tui.exchange import seed

    if schema:
        context.out.line(seed.content_of(seed.schema()).rstrip(), whole=True)
        return 0
    path = Path(file) if file is not None else seed.built_in()
    content = files.read_text("-") if file == "-" else seed.content_of(path)
    found = rules.lint(content)
    if json_:
        context.json([finding._asdict() for finding in found])
        return FOUND if found else 0
    for finding in found:
        place = f"{file or path}:{finding.line}: " if finding.line else f"{file or path}: "
        where = f"{finding.where} " if finding.where else ""
        context.out.line(shown(f"{place}{where}{finding.text} ({finding.rule})"))
    context.out.line(plural(len(found), "finding") if found else "nothing to find fault with")
    return FOUND if found else 0


COMMANDS = {"next": next_, "relate": relate, "lint": lint}
