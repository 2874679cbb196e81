"""Writing the track to files."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from contextlib import nullcontext
from pathlib import Path

import click

from tracker_tui import files
from tracker_tui.cli.base import Context, QueryCommand, pass_context, query_argument
from tracker_tui.cli.output import EMPTY, export_line, tell
from tracker_tui.cli.progress import Progress
from tracker_tui.domain.text import harmless, json_line
from tracker_tui.errors import TrackerError
from tracker_tui.exchange import as_json, document, dump, ics, page, table
from tracker_tui.exchange.outline import Outline
from tracker_tui.tracker import Tracker

FORMATS = ("md", "json", "jsonl", "csv", "html", "ics")
ENDINGS = {"": "md", "markdown": "md", "htm": "html", **{name: name for name in FORMATS}}
"""By the ending of a file's name what is written into it."""
_NOTHING = "nothing matches"


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
@click.option("--json", "json_", is_flag=True, help="Say what was written into FILE as JSON.")
@pass_context
def export(
    context: Context,
    query: tuple[str, ...],
    format_: str | None,
    output: str | None,
    with_notes: bool,  # noqa: FBT001
    with_study: bool,  # noqa: FBT001
    json_: bool,  # noqa: FBT001
) -> None:
    """Write the track as Markdown, JSON, CSV, a page or a calendar; or what a QUERY finds."""
    words = " ".join(query)
    if json_ and output in (None, "-"):
        raise click.UsageError("--json tells of a FILE: add -o FILE, or take --format json")
    if format_ is None:
        format_ = _format_of(output)
    if format_ == "json" and words:
        raise TrackerError(
            "json is the whole track with its journal", "take jsonl for a part of it"
        )
    to_screen = output is None or output == "-"
    # On the screen what is written is seen; a line of progress would stand in it.
    with nullcontext() if to_screen and sys.stdout.isatty() else Progress(f"writing {format_}"):
        lines, lack = _lines(context.tracker, format_, words, notes=with_notes, study=with_study)
        if output is None or to_screen:
            for line in lines:
                export_line(line)
        else:
            _write(Path(output), lines)
    if lack:
        tell(lack)
    if output is None or to_screen:
        return
    if json_:
        path = Path(output)
        size = path.stat().st_size if path.is_file() else None
        context.json({"file": str(path.absolute()), "format": format_, "size": size})
    else:
        tell(f"written: {output}")


def _format_of(output: str | None) -> str:
    """What is written into a file, by the ending of its name."""
    ending = Path(output or "").suffix.removeprefix(".").lower()
    if ending not in ENDINGS:
        known = ", ".join(FORMATS)
        raise TrackerError(
            f"nothing is known to write into a file that ends in .{ending}",
            f"--format says what: {known}",
        )
    return ENDINGS[ending]


def _lines(
    tracker: Tracker, format_: str, words: str, *, notes: bool, study: bool
) -> tuple[Iterable[str], str]:
    """What is written, and what there is to say of it if there is nothing in it."""
    if format_ == "ics":
        return _calendar(tracker, words)
    outline = tracker.outline(words, notes=notes, study=study)
    lack = "" if outline.below else _NOTHING if words else EMPTY
    return _of_outline(tracker, format_, outline), lack


def _of_outline(tracker: Tracker, format_: str, outline: Outline) -> Iterable[str]:
    if format_ == "md":
        return map(harmless, document.document(outline))
    if format_ == "html":
        return page.page(outline, tracker.overall(), tracker.today())
    ranks = tracker.critical_ranks()
    if format_ == "csv":
        return table.rows(outline, ranks)
    entries = (as_json.entry_json(entry, path, ranks) for entry, path in outline.walk())
    if format_ == "json":
        return dump.write(tracker.journal(), entries, tracker.names())
    return (json_line(entry) for entry in entries)


def _calendar(tracker: Tracker, words: str) -> tuple[Iterable[str], str]:
    chosen = {entry.id for entry in tracker.select(words).matches}
    found = list(
        ics.ahead(
            [entry for entry in tracker.select("is:snoozed").matches if entry.id in chosen],
            () if words else tracker.stats().forecasts,
            [row for row in tracker.upcoming() if row[0].id in chosen],
            tracker.today(),
        )
    )
    lack = "" if found else "nothing of it lies ahead" if chosen else _NOTHING if words else EMPTY
    # RFC 5545 wants each line to end in CR LF.
    return [f"{line}\r" for line in ics.calendar(found, tracker.now()).splitlines()], lack


def _write(path: Path, lines: Iterable[str]) -> None:
    try:
        with files.replacing(path) as out:
            for line in lines:
                out.write(line.encode() + b"\n")
    except UnicodeEncodeError as error:
        raise TrackerError("the track holds half of a character (a lone surrogate)") from error


COMMANDS = {"export": export}
