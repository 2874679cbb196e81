"""Commands that write the track to files and read it from them."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from pathlib import Path

import click

from tracker_tui import files
from tracker_tui.cli.base import (
    Context,
    QueryCommand,
    as_json_option,
    pass_context,
    query_argument,
)
from tracker_tui.domain.text import harmless, plural
from tracker_tui.errors import TrackerError, one_line
from tracker_tui.exchange import as_json, document, dump, ics, page, table
from tracker_tui.tracker import Tracker

SHOWN = 10
"""How many titles of a kind a preview shows."""
FORMATS = ("md", "json", "jsonl", "csv", "html", "ics")


@click.command(cls=QueryCommand)
@query_argument
@click.option(
    "--format",
    "format_",
    type=click.Choice(FORMATS),
    help="What to write; else the ending of FILE says it, or it is md.",
)
@click.option(
    "--output",
    "-o",
    type=click.Path(),
    metavar="FILE",
    help="The file to write, instead of to the screen.",
)
@click.option("--with-notes", is_flag=True, help="With the notes, in md and html.")
@click.option("--with-study", is_flag=True, help="With how to study each entry, in md and html.")
@pass_context
def export(
    context: Context,
    query: tuple[str, ...],
    format_: str | None,
    output: str | None,
    with_notes: bool,  # noqa: FBT001
    with_study: bool,  # noqa: FBT001
) -> None:
    """Write the track, or what a QUERY finds: Markdown, JSON, CSV, a page or a calendar."""
    words = " ".join(query)
    if format_ is None:
        ending = Path(output).suffix.removeprefix(".").lower() if output else "md"
        format_ = ending if ending in FORMATS else "md"
    if format_ == "json" and words:
        raise TrackerError(
            "json is the whole track with its journal", "take jsonl for a part of it"
        )
    lines = _lines(context.tracker, format_, words, notes=with_notes, study=with_study)
    if output is None or output == "-":
        for line in lines:
            sys.stdout.write(line + "\n")
        return
    _write(Path(output), lines)
    click.echo(f"written: {output}", err=True)


def _lines(
    tracker: Tracker, format_: str, words: str, *, notes: bool, study: bool
) -> Iterable[str]:
    if format_ == "ics":
        return _calendar(tracker, words)
    outline = tracker.outline(words, notes=notes, study=study)
    if format_ == "md":
        return map(harmless, document.document(outline))
    if format_ == "html":
        return page.page(outline, tracker.overall())
    ranks = tracker.critical_ranks()
    entries = (as_json.entry_json(entry, path, ranks) for entry, path in outline.walk())
    if format_ == "csv":
        return map(harmless, table.rows(entries))
    if format_ == "json":
        return dump.write(tracker.journal(), entries)
    return (json.dumps(entry, ensure_ascii=False) for entry in entries)


def _calendar(tracker: Tracker, words: str) -> Iterable[str]:
    chosen = {entry.id for entry in tracker.select(words).matches}
    found = ics.ahead(
        [entry for entry in tracker.select("is:snoozed").matches if entry.id in chosen],
        () if words else tracker.stats().forecasts,
        [row for row in tracker.upcoming() if row[0].id in chosen],
        tracker.today(),
    )
    # RFC 5545 wants each line to end in CR LF.
    return [f"{line}\r" for line in ics.calendar(found, tracker.now()).splitlines()]


def _write(path: Path, lines: Iterable[str]) -> None:
    try:
        with files.replacing(path) as out:
            for line in lines:
                out.write(line.encode() + b"\n")
    except UnicodeEncodeError as error:
        raise TrackerError("the track holds half of a character (a lone surrogate)") from error


@click.command("import")
@click.argument("file", type=click.Path(), metavar="FILE")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--dry-run", is_flag=True, help="Only say what would change.")
@as_json_option
@pass_context
def import_(context: Context, file: str, yes: bool, dry_run: bool, json_: bool) -> None:  # noqa: FBT001
    """Take in a checklist in Markdown, or what tracker export --format json wrote."""
    content = _read(file)
    if content.lstrip("\ufeff \n\r\t").startswith("{"):
        _import_dump(context, content, file, json_=json_)
    else:
        _import_checklist(context, content, file, yes=yes, dry_run=dry_run, json_=json_)


def _import_checklist(
    context: Context, content: str, file: str, *, yes: bool, dry_run: bool, json_: bool
) -> None:
    from tracker_tui.exchange import checklist

    name = Path(file).stem if file != "-" else "Checklist"
    nodes = checklist.read(content, name)
    found = context.tracker.preview(nodes, name)
    parts = {
        "new": found.new,
        "changed": found.changed,
        "moved": found.moved,
        "gone": found.gone,
    }
    if not json_:
        for what, titles in parts.items():
            _tell(context, what, titles)
    nothing = not found.action.changes
    if nothing or dry_run:
        applied = False
    else:
        if not yes and not json_:
            if file == "-" or not sys.stdin.isatty():
                raise TrackerError("importing asks first, and there is no terminal", "add --yes")
            yes = click.confirm("Take this in?", err=True)
        applied = yes
    if applied:
        found = context.tracker.import_document(nodes, name)
    if json_:
        context.json({**parts, "applied": applied, "action": found.action.id or None})
    elif nothing:
        context.out.line("nothing to do: all of it is in the track")
    else:
        context.out.line(one_line(found.action.label) if applied else "nothing was changed")


def _tell(context: Context, what: str, titles: list[str]) -> None:
    if not titles:
        return
    aside = " from the file; they stay in the track" if what == "gone" else ""
    context.out.line(f"{len(titles):,} {what}{aside}:")
    for title in titles[:SHOWN]:
        context.out.line(f"  {context.out.cut(title, 2)}")
    if len(titles) > SHOWN:
        context.out.line(f"  and {len(titles) - SHOWN:,} more")


def _import_dump(context: Context, content: str, file: str, *, json_: bool) -> None:
    rows = dump.read(content, file)
    fresh = not context.paths.database.exists()
    if fresh:
        with Tracker(context.paths, context.config, first=lambda: rows):
            count = len(rows)
    else:
        count = context.tracker.take_in(rows)
    if json_:
        context.json({"rows": count, "new": fresh})
    else:
        what = "a new track was made of" if fresh else "taken in:"
        context.out.line(f"{what} {plural(count, 'row')} of the journal")


def _read(file: str) -> str:
    try:
        if file == "-":
            return sys.stdin.read()
        return Path(file).read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise TrackerError(f"{file} is not UTF-8", "save it as UTF-8") from error
    except OSError as error:
        raise TrackerError(f"{file} cannot be read: {error.strerror}") from error


COMMANDS = {"export": export, "import": import_}
