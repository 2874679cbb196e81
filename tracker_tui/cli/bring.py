"""Taking files into the track: checklists, tables, dumps."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tracker_tui import files
from tracker_tui.cli.base import Context, as_json_option, pass_context
from tracker_tui.cli.choice import asks
from tracker_tui.cli.progress import Progress
from tracker_tui.domain.journal import Action
from tracker_tui.domain.text import plural, shown
from tracker_tui.domain.words import Kind
from tracker_tui.errors import TrackerError, one_line
from tracker_tui.exchange import news
from tracker_tui.tracker import dumps
from tracker_tui.tracker.base import lost_track
from tracker_tui.tracker.dumps import Taking
from tracker_tui.tracker.importing import Import
from tracker_tui.tracker.previews import Details

if TYPE_CHECKING:
    from tracker_tui.exchange.dump import Dump

DUMP_MAX = 500 * 1024 * 1024
"""The most bytes of a dump: it holds all that ever happened."""
SHOWN = 10
"""How many titles of a kind a preview shows."""
FORMATS = ("md", "csv", "json")
_ENDINGS = {".csv": "csv", ".tsv": "csv", ".json": "json", ".md": "md", ".markdown": "md"}


@click.command("import")
@click.argument("file", type=click.Path(), metavar="FILE")
@click.option(
    "--format",
    "format_",
    type=click.Choice(FORMATS),
    help="What it is; else its ending says it, or its first character.",
)
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--dry-run", is_flag=True, help="Only say what would change.")
@as_json_option
@pass_context
def import_(
    context: Context,
    file: str,
    format_: str | None,
    yes: bool,  # noqa: FBT001
    dry_run: bool,  # noqa: FBT001
    json_: bool,  # noqa: FBT001
) -> None:
    """Take in a checklist (Markdown), a table (CSV) or a dump (JSON)."""
    taking = _Taking(context, file, yes=yes, dry_run=dry_run, json_=json_)
    format_ = format_ or taking.format
    if format_ == "json":
        taking.dump()
    elif format_ == "csv":
        taking.table()
    else:
        taking.checklist()


class _Taking:
    """Says what a file would change, asks, and has it changed."""

    def __init__(
        self, context: Context, file: str, *, yes: bool, dry_run: bool, json_: bool
    ) -> None:
        self._context = context
        self._file = file
        self._yes = yes
        self._dry_run = dry_run
        self._json = json_
        self._content = files.read_text(file, _most)

    @property
    def format(self) -> str:
        """What the file is, by its first character or else its ending."""
        begin = self._content.lstrip("\ufeff \n\r\t")[:1]
        return "json" if begin == "{" else _ENDINGS.get(Path(self._file).suffix.lower(), "md")

    def checklist(self) -> None:
        from tracker_tui.exchange import checklist

        name = Path(self._file).stem if self._file != "-" else "Checklist"
        with Progress(f"reading {name}") as progress:
            nodes = checklist.read(self._content, name, progress.at)
            self._content = ""  # It would stay until all is written.

        def plan(progress: Progress) -> Import:
            progress.stage(f"comparing {name} with the track")
            return self._context.tracker.preview(nodes, name)

        self._take(plan)

    def table(self) -> None:
        from tracker_tui.exchange import table

        name = Path(self._file).name if self._file != "-" else "the table"
        found = table.read(self._content, name)
        self._take(lambda _: self._context.tracker.preview_table(found), found.ignored)

    def _take(self, plan: Callable[[Progress], Import], ignored: Sequence[str] = ()) -> None:
        context = self._context
        with Progress(f"comparing {self._file} with the track") as progress:
            found = plan(progress)
        details = context.tracker.details(found)
        if not self._json:
            self._tell(found, details, ignored)
            for words in found.untaken[:SHOWN]:
                context.out.line(shown(words))
            if len(found.untaken) > SHOWN:
                context.out.line(f"and {len(found.untaken) - SHOWN:,} more")
            details = Details([], [])  # What was told is let go before it is written.
        nothing = not found.action.changes
        applied = not nothing and not self._dry_run and self._may()
        if applied:
            with Progress(f"writing {plural(len(found.action.changes), 'change')}") as progress:
                found = context.tracker.take(partial(plan, progress), found)
        if self._json:
            told = {
                "new": list(found.new),
                "kinds": dict(found.kinds),
                "changed": news.reworded_json(details.changed),
                "moved": [one._asdict() for one in details.moved],
                "gone": found.gone,
                "ignored": list(ignored),
                "untaken": found.untaken,
            }
            context.json({**told, "applied": applied, "action": found.action.id or None})
        elif nothing:
            context.out.line("nothing to do: all of it is in the track")
        else:
            context.out.line(one_line(found.action.label) if applied else "nothing was changed")

    def dump(self) -> None:
        from tracker_tui.exchange import dump

        context = self._context
        with Progress(f"reading {self._file}") as progress:
            found = dump.read(self._content, self._file)
            begins = not context.paths.database.exists()
            if begins and (lost := lost_track(context.paths)) is not None:
                raise lost
            progress.stage(f"comparing {plural(len(found.rows), 'row')} with the track")
            plan = dumps.beginning(found) if begins else context.tracker.preview_dump(found)
        if not self._json:
            self._tell_dump(plan)
        name = Path(self._file).name if self._file != "-" else "a dump"
        action = None
        if not plan.nothing and not self._dry_run and self._may():
            with Progress(f"writing {plural(len(found.rows), 'row')}"):
                action = self._take_dump(found, name, plan, begins=begins)
        self._told_dump(plan, action)

    def _take_dump(self, found: Dump, name: str, plan: Taking, *, begins: bool) -> Action:
        if not begins:
            return self._context.tracker.take_dump(found, name, plan)
        if not self._context.open(found.rows, found.names).made:
            raise TrackerError("another program has just begun a track", "try again")
        return Action(name, (), anew=True)

    def _tell_dump(self, plan: Taking) -> None:
        out = self._context.out
        if plan.instead:
            out.line(f"a track of {plural(plan.rows, 'row')}, as it was when it was written:")
        for line in (
            *news.lines(plan.changes.news, news.OF_DUMP),
            *news.beside(plan.changes.beside),
        ):
            out.line(out.cut(line))
        for title in plan.staying:
            out.line(out.cut(f"with it comes a newer version of “{title}”, which undo leaves here"))

    def _told_dump(self, plan: Taking, action: Action | None) -> None:
        context = self._context
        if self._json:
            context.json(
                {
                    **news.dump_json(plan.changes),
                    "rows": plan.fresh,
                    "whole": plan.instead,
                    "applied": action is not None,
                    "action": action.id or None if action else None,
                }
            )
        elif plan.nothing:
            context.out.line("nothing to do: all of it is in the track")
        elif action is None:
            context.out.line("nothing was changed")
        elif plan.instead:
            context.out.line(f"a new track was made of {plural(plan.rows, 'row')} of the journal")
        else:
            context.out.line(one_line(action.label))

    def _may(self) -> bool:
        if self._yes or self._json:
            return self._yes
        if self._file == "-":
            raise TrackerError("importing asks first, and standard input is the file", "add --yes")
        return asks("Take this in?", "importing")

    def _tell(self, found: Import, details: Details, ignored: Sequence[str]) -> None:
        out = self._context.out
        if ignored:
            out.line(f"Columns that are not taken in: {shown(', '.join(ignored))}")
        for line in (
            *_titles(f"new{_of_them(found.kinds)}", found.new),
            *news.changed(details.changed),
            *news.moved(details.moved),
            *_titles("gone from the file; they stay in the track", found.gone),
        ):
            out.line(out.cut(line))


def _of_them(kinds: Mapping[Kind, int]) -> str:
    """Say how many of what is new lie in no category."""
    gaps, steps = kinds.get(Kind.GAP, 0), kinds.get(Kind.STEP, 0)
    parts = [plural(gaps, "critical gap")] if gaps else []
    if steps:
        parts.append(plural(steps, "step of the path", "steps of the path"))
    return f", of them {' and '.join(parts)}" if parts else ""


def _titles(what: str, titles: Sequence[str]) -> Iterator[str]:
    if titles:
        yield f"{len(titles):,} {what}:"
    for title in titles[:SHOWN]:
        yield f"  {title}"
    if len(titles) > SHOWN:
        yield f"  and {len(titles) - SHOWN:,} more"


def _most(begin: bytes) -> int:
    """How large a file may be that begins so."""
    return DUMP_MAX if begin.lstrip(b"\xef\xbb\xbf \n\r\t")[:1] == b"{" else files.TEXT_MAX


COMMANDS = {"import": import_}
