"""Commands that write: adding, editing, notes, deleting."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from subprocess import run as run_program

import click

from tracker_tui import editor, files
from tracker_tui.cli.base import Context, as_json_option, complete_ref, pass_context, ref_argument
from tracker_tui.cli.choice import asks, found, names, refs_argument, where_option
from tracker_tui.cli.output import tell_block
from tracker_tui.domain.journal import Value
from tracker_tui.domain.text import plural
from tracker_tui.domain.track import (
    Detail,
    Note,
    Place,
    Resource,
    address_key,
    place_of,
    resources_json,
)
from tracker_tui.domain.words import Effort, Horizon, Kind
from tracker_tui.errors import TrackerError, one_line
from tracker_tui.exchange import sheet
from tracker_tui.tracker import Tracker


@click.command()
@click.argument("title", nargs=-1, required=True)
@click.option(
    "--in",
    "inside",
    metavar="REF",
    help="The category, section or item it goes into.",
    shell_complete=complete_ref,
)
@click.option(
    "--after",
    metavar="REF",
    help="The entry it stands behind; it is of that kind.",
    shell_complete=complete_ref,
)
@click.option("--description", default="", help="What it is about.")
@click.option("--category", is_flag=True, help="Add a category.")
@click.option("--section", is_flag=True, help="Add a section; --in says of which category.")
@click.option("--critical", is_flag=True, help="Add a critical gap.")
@click.option(
    "--step", type=click.Choice([h.value for h in Horizon]), help="Add a step of the path."
)
@as_json_option
@pass_context
def add(
    context: Context,
    /,
    title: tuple[str, ...],
    inside: str | None,
    after: str | None,
    description: str,
    json_: bool,  # noqa: FBT001
    **kinds: bool | str | None,
) -> None:
    """Add an item; without --in it goes into the category “Inbox”."""
    tracker = context.tracker
    words = " ".join(title)
    if inside or after or any(kinds.values()):
        kind, place, behind = _place(tracker, inside, after, kinds)
        action = tracker.add(words, kind, place, behind, description)
    else:
        action = tracker.add_to_inbox(words, description)
    if json_:
        context.did(action, json_)
    else:
        context.out.line(f"{one_line(action.label)}  {action.changes[0].id}")


def _place(
    tracker: Tracker, inside: str | None, after: str | None, kinds: dict[str, bool | str | None]
) -> tuple[Kind, Place, str | None]:
    """Where something new goes: its kind, its place and the sibling before it."""
    said = [name for name, value in kinds.items() if value]
    whole = [name for name in said if name != "section"]
    if len(said) > 1 or (whole and (inside or after)) or (inside and after):
        raise click.UsageError("say one of --in, --after, --category, --critical, --step")
    if after is not None:
        sibling = tracker.entry(tracker.resolve(after))
        return sibling.kind, place_of(sibling), sibling.id
    if whole == ["category"]:
        return Kind.CATEGORY, Place(kind=Kind.CATEGORY), None
    if whole == ["critical"]:
        return Kind.GAP, Place(kind=Kind.GAP), None
    if whole == ["step"]:
        return Kind.STEP, Place(kind=Kind.STEP, horizon=Horizon(str(kinds["step"]))), None
    if inside is None:
        raise click.UsageError("a section goes into a category: name it with --in REF")
    return Kind.SECTION if said else Kind.ITEM, Place(tracker.resolve(inside)), None


@click.command()
@ref_argument
@click.argument("text", nargs=-1)
@click.option("--edit", "edited", metavar="NOTE", help="Give this note the TEXT instead.")
@click.option("--delete", "deleted", metavar="NOTE", help="Delete this note.")
@as_json_option
@pass_context
def note(
    context: Context,
    ref: str,
    text: tuple[str, ...],
    edited: str | None,
    deleted: str | None,
    json_: bool,  # noqa: FBT001
) -> None:
    """Add a note to an entry; the TEXT - is read from standard input, none opens the editor."""
    tracker = context.tracker
    detail = tracker.detail(tracker.resolve(ref))
    if deleted is not None:
        if text or edited is not None:
            raise click.UsageError("--delete takes no TEXT")
        gone = _note(detail, deleted)
        context.did(tracker.edit(detail.entry.id, {}, {gone.id: ""}), json_)
        return
    if edited is not None:
        kept = _note(detail, edited)
        written = _written(text, lambda: _edited(f"{kept.text}\n{sheet.note_sheet(detail)}"))
        notes = {kept.id: written} if written else {}
        with _keeping(written, text):
            action = tracker.edit(detail.entry.id, {}, notes)
        context.did(action, json_, "nothing changed")
        return
    words = _written(text, lambda: _edited(sheet.note_sheet(detail)))
    with _keeping(words, text):
        action = tracker.add_note(detail.entry.id, words or "")
    context.did(action, json_, "nothing to do: the note is empty")


def _written(text: tuple[str, ...], ask: Callable[[], str | None]) -> str | None:
    if not text:
        return ask()
    return files.read_text("-") if text == ("-",) else " ".join(text)


def _keeping(words: str | None, text: tuple[str, ...]) -> AbstractContextManager[None]:
    """Keep what was typed if it cannot be written; what stands in the command can be given again."""
    typed = words if text in ((), ("-",)) else None
    return editor.keeping(typed, tell_block)


def _edited(text: str) -> str | None:
    """What is written in the editor; None if nothing is."""
    written = _in_editor(text)
    return sheet.read_note(written) if written is not None else None


def _in_editor(text: str) -> str | None:
    return editor.edit(text, lambda command: run_program(command, check=False).returncode)


def _note(detail: Detail, ref: str) -> Note:
    """The note of an entry that is meant: by its id, the beginning of one, or 1 for the newest."""
    if ref.isdecimal() and 0 < int(ref) <= len(detail.notes):
        return detail.notes[int(ref) - 1]
    hits = [n for n in detail.notes if n.id.startswith(ref) or n.id.startswith(f"note-{ref}")]
    if len(hits) == 1:
        return hits[0]
    known = ", ".join(n.id for n in detail.notes[:5]) or "it has none"
    raise TrackerError(f"there is no one note “{one_line(ref)}” on this entry", known)


TEXTS = {
    "title": "Its title.",
    "description": "What it is about.",
    "first_step": "The smallest thing to begin with.",
    "done_when": "How one can tell that it is learned.",
    "impact": "Of a gap: why it matters.",
    "action": "Of a gap: what to do.",
}
"""The texts that `edit` sets, and what its options say of them; an empty one takes a text away."""


def _text_options(function: Callable[..., None]) -> Callable[..., None]:
    for name, about in reversed(TEXTS.items()):
        option = f"--{name.replace('_', '-')}"
        function = click.option(option, name, metavar="TEXT", help=about)(function)
    return function


@click.command()
@ref_argument
@_text_options
@click.option(
    "--effort", type=click.Choice([*Effort, "none"], case_sensitive=False), help="How much it is."
)
@click.option(
    "--link", "links", multiple=True, metavar="URL", help="Add a link: URL, or “URL its title”."
)
@click.option("--unlink", "gone", multiple=True, metavar="URL", help="Take a link away.")
@as_json_option
@pass_context
def edit(
    context: Context,
    /,
    ref: str,
    effort: str | None,
    links: tuple[str, ...],
    gone: tuple[str, ...],
    json_: bool,  # noqa: FBT001
    **texts: str | None,
) -> None:
    """Edit an entry: what the options say, without any in $VISUAL or $EDITOR with its notes."""
    tracker = context.tracker
    detail = tracker.detail(tracker.resolve(ref))
    fields: dict[str, Value] = {n: value for n, value in texts.items() if value is not None}
    if effort is not None:
        fields["effort"] = None if effort == "none" else effort
    if links or gone:
        fields["resources"] = _links(detail.entry.resources, links, gone)
    if fields:
        action = tracker.edit(detail.entry.id, fields)
        context.did(action, json_, "nothing changed")
        return
    written = _in_editor(sheet.write(detail))
    if written is None:
        context.did(None, json_, "nothing changed")
        return
    with _keeping(written, ()):
        fields, notes = sheet.read(written, detail, tracker.today())
        action = tracker.edit(detail.entry.id, fields, notes)
    context.did(action, json_, "nothing changed")


def _links(there: Sequence[Resource], added: Sequence[str], gone: Sequence[str]) -> str:
    """The links of an entry as the journal keeps them, with some more and without others."""
    kept = {address_key(link.url): link for link in there}
    for url in gone:
        if kept.pop(address_key(url), None) is None:
            raise TrackerError(f"it has no link {one_line(url)}", "tracker show lists them")
    for words in added:
        link = sheet.link(words)
        kept[address_key(link.url)] = link
    return resources_json(kept.values())


@click.command()
@refs_argument
@where_option
@click.option("--yes", is_flag=True, help="Do not ask.")
@as_json_option
@pass_context
def delete(
    context: Context,
    refs: tuple[str, ...],
    where: str | None,
    yes: bool,  # noqa: FBT001
    json_: bool,  # noqa: FBT001
) -> None:
    """Delete entries with all that is below them; undo brings them back."""
    ids = found(context, refs, where)
    if not ids:
        context.did(None, json_, "nothing matches")
        return
    if not yes:
        below = {e.id for id_ in ids for e in context.tracker.below(id_)}.difference(ids)
        more = f" with {plural(len(below), 'entry', 'entries')} below" if below else ""
        if not asks(f"Delete {names(context, ids)}{more}?", "deleting"):
            context.did(None, json_, "nothing deleted")
            return
    context.did(context.tracker.delete(ids), json_)


COMMANDS = {"add": add, "note": note, "edit": edit, "delete": delete}
