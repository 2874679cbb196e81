"""Commands that only look."""

from __future__ import annotations

import json

import click

from tracker_tui import config
from tracker_tui.cli.base import (
    Context,
    QueryCommand,
    as_json_option,
    complete_query,
    complete_ref,
    limit_option,
    pass_context,
    query_argument,
    ref_argument,
)
from tracker_tui.cli.output import EMPTY, Row, plain
from tracker_tui.domain.text import shown
from tracker_tui.domain.track import Entry
from tracker_tui.domain.words import Kind
from tracker_tui.exchange import as_json


@click.command("list", cls=QueryCommand)
@query_argument
@as_json_option
@pass_context
def list_(context: Context, query: tuple[str, ...], json_: bool) -> None:  # noqa: FBT001
    """List the track, or what a QUERY finds: status:learning is:critical words."""
    tracker = context.tracker
    selection = tracker.select(" ".join(query))
    known = {**selection.above, **{e.id: e for e in selection.matches}}
    if json_:
        ranks = tracker.critical_ranks()
        context.json([as_json.entry_json(e, _path(e, known), ranks) for e in selection.matches])
        return
    printed: set[str] = set()
    numbers: dict[tuple[str, str | None], int] = {}
    rows: list[Row] = []
    for entry in selection.matches:
        path = _path(entry, known)
        for depth, each in enumerate([*path, entry]):
            if each.id in printed:
                continue
            printed.add(each.id)
            rows += _heading(context, each, numbers)
            number = tracker.index(each) + 1 if each.parent is None else 0
            rows.append(context.out.entry(each, depth, number))
    context.out.rows(rows)
    if not selection.matches:
        context.out.line("nothing matches" if query else EMPTY)


def _heading(context: Context, entry: Entry, seen: dict[tuple[str, str | None], int]) -> list[Row]:
    """The title of the critical list or of a horizon, before the first of its entries."""
    if entry.kind not in (Kind.GAP, Kind.STEP):
        return []
    key = (entry.kind.value, entry.horizon)
    if key in seen:
        return []
    seen[key] = 1
    if entry.kind is Kind.GAP:
        title = "Critical"
    else:
        spans = {
            span.id: f"{span.title} ({span.span})" if span.span else span.title
            for span in context.tracker.spans()
        }
        title = f"Learning path: {spans[entry.horizon] if entry.horizon else 'no horizon'}"
    return [Row((), [(title, "head")])]


def _path(entry: Entry, known: dict[str, Entry]) -> list[Entry]:
    path: list[Entry] = []
    parent = entry.parent
    while parent is not None and parent in known and len(path) < len(known):
        path.append(known[parent])
        parent = known[parent].parent
    return path[::-1]


@click.command()
@ref_argument
@as_json_option
@pass_context
def show(context: Context, ref: str, json_: bool) -> None:  # noqa: FBT001
    """Show everything known about an entry."""
    detail = context.tracker.detail(context.tracker.resolve(ref))
    if json_:
        context.json(as_json.detail_json(detail, context.tracker.critical_ranks()))
    else:
        context.out.detail(detail)


@click.command(cls=QueryCommand)
@click.argument("query", nargs=-1, metavar="[REF|QUERY]...", shell_complete=complete_ref)
@limit_option(50)
@as_json_option
@pass_context
def history(context: Context, query: tuple[str, ...], limit: int, json_: bool) -> None:  # noqa: FBT001
    """Tell what happened to the track, an entry or what a QUERY finds; the newest first."""
    tracker = context.tracker
    if len(query) == 1 and _is_ref(query[0]):
        lines = tracker.history(tracker.resolve(query[0]), limit)
        if json_:
            context.json([{"at": line.at, "text": line.text} for line in lines])
        else:
            context.out.rows(
                Row([(f"{e.at[:10]}  ", "faint")], [(shown(e.text), "")]) for e in lines
            )
        return
    actions = tracker.actions(limit, " ".join(query))
    if json_:
        context.json([as_json.action_json(line) for line in actions])
        return
    rows = []
    for action in actions:
        what = "undone: " if action.undoes else "redone: " if action.redoes else ""
        state = "" if action.state == "done" else f"  ({action.state})"
        moment = f"{action.at[:10]} {action.at[11:16]}  "
        label = what + shown(action.label)
        rows.append(Row([(moment, "faint")], [(label, "")], [(state, "faint")]))
    context.out.rows(rows)
    if not actions:
        context.out.line("nothing happened to what it finds" if query else "nothing happened yet")


def _is_ref(word: str) -> bool:
    """Whether one word is a REF: what is no query, or could be either."""
    return word[:1] != "-" and not any(sign in word for sign in ':" ')


@click.command(cls=QueryCommand)
@click.argument("query", nargs=-1, required=True, shell_complete=complete_query)
@limit_option(50, "How many hits at most.")
@as_json_option
@pass_context
def search(context: Context, query: tuple[str, ...], limit: int, json_: bool) -> None:  # noqa: FBT001
    """Search titles, texts and notes, best match first; terms such as status:learned narrow it."""
    found = context.tracker.search(" ".join(query), limit)
    if json_:
        context.json([as_json.found_json(f, plain(f.title), plain(f.snippet)) for f in found])
        return
    context.out.found(found)
    if not found:
        context.out.line(f"nothing {'matches' if _narrowed(query) else 'has all these words'}")


def _narrowed(query: tuple[str, ...]) -> bool:
    return not all(_is_ref(word) for word in query)


@click.command()
@as_json_option
@pass_context
def where(context: Context, json_: bool) -> None:  # noqa: FBT001
    """Say which files are used."""
    files = {
        "database": str(context.paths.database),
        "config": str(context.paths.config_file),
        "log": str(context.paths.log_file),
        "backups": str(context.paths.backups),
    }
    if json_:
        context.json(files)
        return
    for name, path in files.items():
        context.out.defined(name, path, 10)


@click.group("config")
def config_() -> None:
    """Look at the settings."""


@config_.command("show")
@as_json_option
@pass_context
def config_show(context: Context, json_: bool) -> None:  # noqa: FBT001
    """Write every setting with its value and its default."""
    defaults = config.Config()
    settings = {
        name: {"value": _setting(context.config, name), "default": _setting(defaults, name)}
        for name in config.KEYS
    }
    if json_:
        context.json(settings)
        return
    for name, both in settings.items():
        setting = f"{name} = {json.dumps(both['value'])}  # {json.dumps(both['default'])}"
        context.out.line(setting, whole=True)


def _setting(settings: config.Config, name: str) -> object:
    value = getattr(settings, name)
    return dict(value) if name == "keymap" else value


COMMANDS = {
    "list": list_,
    "show": show,
    "search": search,
    "history": history,
    "where": where,
    "config": config_,
}
