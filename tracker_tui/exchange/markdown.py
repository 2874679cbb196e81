"""An entry as Markdown, for pasting elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterable

from tracker_tui.domain.track import Detail, Entry
from tracker_tui.domain.words import Status

BOX = {Status.TODO: " ", Status.LEARNING: "/", Status.LEARNED: "x", Status.SKIPPED: "-"}
"""What stands in the box of a task list item."""
RETIRED = "the track has it no longer"
"""What is said of an entry that its seed has no longer; what reads a document leaves it out."""

_TASK = re.compile(r"((?:^|[-*+]|\d[.)])[ \t]+|^)\[(?=[ xX/-]\](?:\s|$))", re.MULTILINE)


def facts(entry: Entry, *, study: bool) -> list[tuple[str, str]]:
    """Return the labelled texts that an entry has; with `study`, also how it is studied."""
    found = [("Retired", RETIRED if entry.retired else "")]
    found += [("Impact", entry.impact), ("Action", entry.action)]
    if study:
        found += [("First step", entry.first_step), ("Done when", entry.done_when)]
        found.append(("Effort", f"{entry.effort}, {entry.effort.words}" if entry.effort else ""))
    return [(label, text) for label, text in found if text]


def ties(
    requires: Iterable[tuple[str, str]], related: Iterable[tuple[str, str]]
) -> list[tuple[str, str]]:
    """Return what an entry needs and what is the same subject, as labelled texts that can be read.

    Args:
        requires: Id and title of each entry that it needs.
        related: Id and title of each that is the same subject.
    """
    return [
        (label, f"{title} (`{id_}`)")
        for label, several in (("Needs", requires), ("Related", related))
        for id_, title in several
    ]


def note_lines(day: str, words: str, indent: str) -> list[str]:
    """Return the lines of a note below an entry: a bullet with nothing in it that could be a task.

    It begins so that it is passed over when it is read: a note is no text of the entry.
    """
    first, *rest = _TASK.sub(r"\1\[", words).split("\n")
    return [f"{indent}- Note {day}: {first}", *(f"{indent}  {line}".rstrip() for line in rest)]


def entry_markdown(detail: Detail) -> str:
    """Return an entry as a task list item with its notes; a branch as a heading with its entries."""
    entry = detail.entry
    lines = [f"### {entry.title}", ""] if entry.is_branch else [_item(entry)]
    lines += [f"  - {label}: {text}" for label, text in facts(entry, study=True)]
    requires = [(link.id, link.title) for link in detail.requires]
    related = [(link.id, link.title) for link in detail.related]
    lines += [f"  - {label}: {text}" for label, text in ties(requires, related)]
    lines += [f"  - [{link.title}]({link.url})" for link in entry.resources]
    if entry.is_branch:
        lines += [f"- {c.title}" if c.is_branch else _item(c) for c in detail.children]
    for note in detail.notes:
        lines += note_lines(note.at[:10], note.text, "  ")
    return "\n".join(lines)


def _item(entry: Entry) -> str:
    if not entry.description:
        return f"- [{BOX[entry.status]}] {entry.title}"
    description = entry.description.replace("\n", "\n  ")
    return f"- [{BOX[entry.status]}] **{entry.title}**: {description}"
