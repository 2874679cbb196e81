"""The sheet: an entry as text for an editor, and what became of it.

A header of `Name: value` lines, a line of dashes, the description, and one block for each note.
Lines of the user's own that would be read as part of the frame are written with a backslash before them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from tracker_tui.domain import text as texts
from tracker_tui.domain.dates import parse_when
from tracker_tui.domain.journal import Value
from tracker_tui.domain.track import Detail, Resource, resources_json
from tracker_tui.domain.words import Effort, Horizon, Kind
from tracker_tui.errors import TrackerError, nearest

HELP = (
    "#: Save and close to keep your changes; close without saving to drop them.\n"
    "#: The description is below the line. To delete a note, empty it. Lines with #: are not kept.\n"
)
RULE = "-" * 20
_NOTE = re.compile(r"--- note (\d{4}-\d{2}-\d{2}) \(([a-z0-9-]+)\)\Z")
_FRAME = re.compile(r"\\|#:|---")

Fields = Mapping[str, Value]


def write(detail: Detail) -> str:
    """Return the sheet of an entry."""
    entry = detail.entry
    lines = [f"Title: {entry.title}"]
    if not entry.is_branch:
        lines.append(f"Horizon: {entry.horizon or 'none'}")
        lines.append(f"Snoozed until: {entry.snoozed_until or ''}")
        lines.append(f"First step: {texts.flat(entry.first_step)}")
        lines.append(f"Done when: {texts.flat(entry.done_when)}")
        lines.append(f"Effort: {entry.effort or ''}")
    if entry.kind is Kind.GAP:
        lines.append(f"Impact: {texts.flat(entry.impact)}")
        lines.append(f"Action: {texts.flat(entry.action)}")
    lines += [f"Link: {link.url} {link.title}".rstrip() for link in entry.resources]
    if not entry.resources and not entry.is_branch:
        lines.append("Link:")
    lines += [RULE, *_guarded(entry.description)]
    for note in detail.notes:
        lines += [f"--- note {note.at[:10]} ({note.id})", *_guarded(note.text)]
    return HELP + "\n".join(lines) + "\n"


def read(text: str, detail: Detail, today: date) -> tuple[dict[str, Value], dict[str, str]]:
    """Read a sheet: the fields that changed, and the text of each note by its id.

    Raises:
        TrackerError: if a line makes no sense; it says which.
    """
    entry = detail.entry
    numbered = [
        (number, line.rstrip("\r"))
        for number, line in enumerate(text.split("\n"), 1)
        if not line.startswith("#:")
    ]
    header, body = _split(numbered)
    fields: dict[str, Value] = {}
    links: list[Resource] = []
    for number, line in header:
        if not line.strip():
            continue
        name, colon, value = line.partition(":")
        if not colon:
            raise TrackerError(f"line {number}: “{_cut(line)}” is not a line such as “Title: …”")
        _header(name.strip().lower(), value.strip(), number, detail, today, fields, links)
    if "title" not in fields:
        raise TrackerError("the line “Title: …” is missing")
    unchanged = tuple(links) == entry.resources
    fields["resources"] = entry.resources_json if unchanged else resources_json(links)
    description, notes = _blocks(body, {note.id for note in detail.notes})
    fields["description"] = description
    for note in detail.notes:
        notes.setdefault(note.id, "")
    return fields, notes


def _split(
    numbered: list[tuple[int, str]],
) -> tuple[list[tuple[int, str]], list[tuple[int, str]]]:
    for place, (_, line) in enumerate(numbered):
        if line.strip() and set(line.strip()) == {"-"}:
            return numbered[:place], numbered[place + 1 :]
    raise TrackerError("the line of dashes between the header and the description is missing")


def _header(
    name: str,
    value: str,
    number: int,
    detail: Detail,
    today: date,
    fields: dict[str, Value],
    links: list[Resource],
) -> None:
    names = (
        *("title", "horizon", "snoozed until", "first step", "done when", "effort"),
        *("impact", "action", "link"),
    )
    if name == "title":
        fields["title"] = value
    elif name == "horizon":
        low = value.lower()
        if low not in (*Horizon, "none", ""):
            raise TrackerError(
                f"line {number}: there is no horizon “{_cut(value)}”",
                nearest(low, (*Horizon, "none")),
            )
        fields["horizon"] = low if low in tuple(Horizon) else None
    elif name == "snoozed until":
        kept = detail.entry.snoozed_until
        fields["snoozed_until"] = (
            None if not value else kept if value == kept else parse_when(value, today).isoformat()
        )
    elif name == "effort":
        if value.upper() not in (*Effort, ""):
            raise TrackerError(
                f"line {number}: there is no effort “{_cut(value)}”",
                "S is an hour, M an evening, L a weekend",
            )
        fields["effort"] = value.upper() or None
    elif name in ("first step", "done when", "impact", "action"):
        kept = str(getattr(detail.entry, name.replace(" ", "_")))
        fields[name.replace(" ", "_")] = kept if value == texts.flat(kept) else value
    elif name == "link":
        if value:
            try:
                links.append(link(value))
            except TrackerError as error:
                raise TrackerError(f"line {number}: {error.problem}") from error
    else:
        raise TrackerError(f"line {number}: there is no field “{_cut(name)}”", nearest(name, names))


def link(words: str) -> Resource:
    """Read a link as a user writes it: its address, and behind a space its title if it has one.

    Raises:
        TrackerError: if it is none of the web.
    """
    url, _, title = texts.line(words).partition(" ")
    if not url.lower().startswith(("http://", "https://")) or not url.split("//", 1)[1]:
        raise TrackerError(f"“{_cut(url)}” is no http or https address")
    return Resource(title or url.split("//", 1)[1], url)


def _blocks(body: list[tuple[int, str]], known: set[str]) -> tuple[str, dict[str, str]]:
    description: list[str] = []
    notes: dict[str, list[str]] = {}
    into = description
    for number, line in body:
        match = _NOTE.match(line.rstrip())
        if match:
            if match[2] not in known:
                raise TrackerError(f"line {number}: there is no note {match[2]} on this entry")
            into = notes.setdefault(match[2], [])
        else:
            into.append(line[1:] if line.startswith("\\") else line)
    return (
        texts.block("\n".join(description)),
        {id_: texts.block("\n".join(lines)) for id_, lines in notes.items()},
    )


def _guarded(text: str) -> list[str]:
    if not text:
        return [""]
    return ["\\" + line if _FRAME.match(line) else line for line in text.split("\n")]


def _cut(text: str) -> str:
    return texts.shortened(texts.line(text), 40)


def note_sheet(detail: Detail) -> str:
    """Return the sheet in which a new note on an entry is written."""
    return f"\n#: A note on “{detail.entry.title}”. Lines with #: are not kept; empty: no note.\n"


def read_note(text: str) -> str | None:
    """Read what was written into a note's sheet; None if nothing was."""
    lines = [line for line in text.split("\n") if not line.startswith("#:")]
    return texts.block("\n".join(lines)).strip() or None
