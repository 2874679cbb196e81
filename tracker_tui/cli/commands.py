"""The commands. Each opens a `Tracker`, asks or does one thing, and says it in words or in JSON."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from subprocess import run as run_program
from typing import Any

import click

from tracker_tui import __version__, config, editor, paths
from tracker_tui.cli.output import Output, plain
from tracker_tui.domain.journal import Action
from tracker_tui.domain.track import Entry, Place
from tracker_tui.domain.words import Horizon, Kind, Status
from tracker_tui.errors import TrackerError, nearest, one_line
from tracker_tui.exchange import as_json, sheet
from tracker_tui.tracker import Tracker

INBOX = "Inbox"
"""The category of what is added without saying where."""
WRONG_COMMAND_LINE = 2

as_json_option = click.option("--json", "json_", is_flag=True, help="Write JSON.")
refs_argument = click.argument("refs", nargs=-1, required=True, metavar="REF...")
ref_argument = click.argument("ref", metavar="REF")


class Context:
    """What every command needs; the database is opened when it is first asked for."""

    def __init__(self, *, debug: bool) -> None:
        self.paths = paths.find()
        if debug:
            from tracker_tui import log

            log.start(self.paths.log_file, debug=True)
        self.config = config.load(self.paths.config_file)
        self.out = Output(self.config.glyphs)
        self._tracker: Tracker | None = None

    @property
    def tracker(self) -> Tracker:
        """The track."""
        if self._tracker is None:
            self._tracker = Tracker(self.paths, self.config)
        return self._tracker

    def close(self) -> None:
        """Close the database if it was opened."""
        if self._tracker is not None:
            self._tracker.close()

    def resolve(self, refs: Sequence[str]) -> list[str]:
        """Return the ids of REFs, each once."""
        return list(dict.fromkeys(self.tracker.resolve(ref) for ref in refs))

    def json(self, value: object) -> None:
        """Write JSON."""
        self.out.line(json.dumps(value, ensure_ascii=False, indent=2))

    def did(self, action: Action | None, json_: bool, nothing: str = "nothing to do") -> None:  # noqa: FBT001
        """Say what was done."""
        if json_:
            done = action is not None and bool(action.changes)
            self.json(
                {"action": action.id, "label": action.label, "changed": list(action.entries)}
                if action is not None and done
                else {"action": None, "label": nothing, "changed": []}
            )
        elif action is None or not action.changes:
            self.out.line(nothing)
        else:
            what = "undone: " if action.undoes else "redone: " if action.redoes else ""
            self.out.line(what + one_line(action.label))


pass_context = click.make_pass_decorator(Context)


class Group(click.Group):
    """A group that names the nearest command when one is mistyped."""

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        """Find a command."""
        if args and self.get_command(ctx, args[0]) is None and not args[0].startswith("-"):
            names = self.list_commands(ctx)
            raise click.UsageError(
                f"there is no command “{one_line(args[0])}”; {nearest(args[0], names)}"
            )
        return super().resolve_command(ctx, args)


def run(words: list[str]) -> int:
    """Run one command line; return the exit code."""
    try:
        result = cli.main(words, prog_name="tracker", standalone_mode=False)
    except click.exceptions.Exit as error:
        return error.exit_code
    except click.Abort:
        raise KeyboardInterrupt from None
    except click.ClickException as error:
        text = one_line(error.format_message()).rstrip(".")
        sys.stderr.write(f"tracker: {text}; tracker --help lists the commands\n")
        return WRONG_COMMAND_LINE
    return result if isinstance(result, int) else 0


@click.group(
    cls=Group,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, message="tracker %(version)s")
@click.option("--debug", is_flag=True, help="Log everything.")
@click.pass_context
def cli(ctx: click.Context, debug: bool) -> None:  # noqa: FBT001 - click's way
    """Track what you learn. Without a command, opens the screen.

    A REF is an id or the beginning of one; `tracker list` shows the ids.
    """
    if ctx.invoked_subcommand is None:
        from tracker_tui.cli.open import open_screen

        ctx.exit(open_screen(debug=debug))
    context = Context(debug=debug)
    ctx.obj = context
    ctx.call_on_close(context.close)


@cli.command("list")
@click.argument("query", nargs=-1)
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
    for entry in selection.matches:
        path = _path(entry, known)
        for depth, each in enumerate([*path, entry]):
            if each.id in printed:
                continue
            printed.add(each.id)
            _heading(context, each, numbers)
            number = tracker.index(each) + 1 if each.parent is None else 0
            context.out.entry(each, depth, number)
    if query and not selection.matches:
        context.out.line("nothing matches")


def _heading(context: Context, entry: Entry, seen: dict[tuple[str, str | None], int]) -> None:
    """Write the title of the critical list or of a horizon before the first of its entries."""
    if entry.kind not in (Kind.GAP, Kind.STEP):
        return
    key = (entry.kind.value, entry.horizon)
    if key in seen:
        return
    seen[key] = 1
    if entry.kind is Kind.GAP:
        title = "Critical"
    else:
        spans = {span.id: f"{span.title} ({span.span})" for span in context.tracker.spans()}
        title = f"Learning path: {spans[entry.horizon] if entry.horizon else 'no horizon'}"
    context.out.line(context.out.styled(title, "head"))


def _path(entry: Entry, known: dict[str, Entry]) -> list[Entry]:
    path: list[Entry] = []
    parent = entry.parent
    while parent is not None and parent in known and len(path) < len(known):
        path.append(known[parent])
        parent = known[parent].parent
    return path[::-1]


@cli.command()
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


@cli.command()
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


@cli.command()
@click.argument("status", type=click.Choice([s.value for s in Status]))
@refs_argument
@as_json_option
@pass_context
def status(context: Context, status: str, refs: tuple[str, ...], json_: bool) -> None:  # noqa: FBT001
    """Give entries a status."""
    action = context.tracker.set_status(context.resolve(refs), Status(status))
    context.did(action, json_, f"nothing to do: already {status}")


def _status_command(value: Status) -> None:
    @cli.command(value.value, help=f"Give entries the status {value.value}.")
    @refs_argument
    @as_json_option
    @pass_context
    def command(context: Context, refs: tuple[str, ...], json_: bool) -> None:  # noqa: FBT001
        action = context.tracker.set_status(context.resolve(refs), value)
        context.did(action, json_, f"nothing to do: already {value.value}")


for _value in Status:
    _status_command(_value)


@cli.command()
@ref_argument
@click.argument("text", nargs=-1, required=True)
@as_json_option
@pass_context
def note(context: Context, ref: str, text: tuple[str, ...], json_: bool) -> None:  # noqa: FBT001
    """Add a note to an entry; the TEXT - is read from standard input."""
    words = sys.stdin.read() if text == ("-",) else " ".join(text)
    action = context.tracker.add_note(context.tracker.resolve(ref), words)
    context.did(action, json_, "nothing to do: the note is empty")


@cli.command()
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


@cli.command()
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


@cli.command()
@click.argument("horizon", type=click.Choice([*(h.value for h in Horizon), "none"]))
@refs_argument
@as_json_option
@pass_context
def horizon(context: Context, horizon: str, refs: tuple[str, ...], json_: bool) -> None:  # noqa: FBT001
    """Put entries into a horizon, or into none."""
    goal = None if horizon == "none" else Horizon(horizon)
    context.did(context.tracker.set_horizon(context.resolve(refs), goal), json_)


@cli.command()
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


@cli.command()
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


@cli.command()
@as_json_option
@pass_context
def undo(context: Context, json_: bool) -> None:  # noqa: FBT001
    """Take back the last change."""
    context.did(context.tracker.undo(), json_, "there is nothing to undo")


@cli.command()
@as_json_option
@pass_context
def redo(context: Context, json_: bool) -> None:  # noqa: FBT001
    """Do again what was taken back last."""
    context.did(context.tracker.redo(), json_, "there is nothing to redo")


@cli.command()
@click.argument("ref", required=False, metavar="[REF]")
@click.option("--limit", default=50, show_default=True, help="How many lines at most.")
@as_json_option
@pass_context
def history(context: Context, ref: str | None, limit: int, json_: bool) -> None:  # noqa: FBT001
    """Tell what happened, to the track or to one entry, the newest first."""
    tracker = context.tracker
    if ref is not None:
        lines = tracker.history(tracker.resolve(ref), limit)
        if json_:
            context.json([{"at": line.at, "text": line.text} for line in lines])
        for line in () if json_ else lines:
            context.out.line(f"{line.at[:10]}  {one_line(line.text)}")
        return
    actions = tracker.actions(limit)
    if json_:
        context.json([as_json.action_json(line) for line in actions])
        return
    for action in actions:
        what = "undone: " if action.undoes else "redone: " if action.redoes else ""
        state = "" if action.state == "done" else f"  ({action.state})"
        context.out.line(
            f"{action.at[:10]} {action.at[11:16]}  {what}{one_line(action.label)}{state}"
        )
    if not actions:
        context.out.line("nothing happened yet")


@cli.command()
@click.argument("text", nargs=-1, required=True)
@click.option("--limit", default=50, show_default=True, help="How many hits at most.")
@as_json_option
@pass_context
def search(context: Context, text: tuple[str, ...], limit: int, json_: bool) -> None:  # noqa: FBT001
    """Search titles, texts and notes, best match first."""
    found = context.tracker.search(" ".join(text), limit)
    if json_:
        context.json([as_json.found_json(f, plain(f.title), plain(f.snippet)) for f in found])
        return
    for hit in found:
        context.out.found(hit)
    if not found:
        context.out.line("nothing has all these words")


@cli.command()
@as_json_option
@pass_context
def where(context: Context, json_: bool) -> None:  # noqa: FBT001
    """Say which files are used."""
    files = {
        "database": str(context.paths.database),
        "config": str(context.paths.config_file),
        "log": str(context.paths.log_file),
    }
    if json_:
        context.json(files)
        return
    for name, path in files.items():
        context.out.line(f"{name:<10}{path}")


@cli.group("config")
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
        context.out.line(f"{name} = {json.dumps(both['value'])}  # {json.dumps(both['default'])}")


def _setting(settings: config.Config, name: str) -> object:
    value = getattr(settings, name)
    return dict(value) if name == "keymap" else value
