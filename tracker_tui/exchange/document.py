"""A track as one Markdown document, laid out like the one that the built-in track came from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tracker_tui.domain.track import Entry
from tracker_tui.domain.words import Status
from tracker_tui.exchange import wording
from tracker_tui.exchange.markdown import BOX, facts, note_lines, ties
from tracker_tui.exchange.outline import Outline

CRITICAL = "Critical Unknown Unknowns (High Priority)"
PATH = "Learning Path"
_RULE = ["---", ""]
_ROUND = str.maketrans("[]", "()")
"""For the title of a link, which would end at a bracket of its own."""


def document(outline: Outline) -> Iterator[str]:
    """Return the lines of the document, without their ends."""
    about = outline.about
    yield f"# {about.get('title', 'Learning Track')}"
    yield ""
    lines = [
        f"**{label}**: {about[name] if name != 'source' else '`' + about[name] + '`'}"
        for label, name in (
            ("Purpose", "purpose"),
            ("Source", "source"),
            ("Last Updated", "updated"),
        )
        if about.get(name)
    ]
    if lines:
        yield from [*"  \n".join(lines).split("\n"), ""]
    yield from _RULE
    for category in outline.categories:
        yield wording.heading(f"## {outline.numbers[category.id]}. ", category)
        yield ""
        yield from wording.below_heading(category.description)
        yield from _branch(category, outline, 3)
        yield from _RULE
    if outline.gaps:
        yield f"## {CRITICAL}"
        yield ""
        for gap in outline.gaps:
            yield from _gap(gap, outline)
        yield from _RULE
    if any(outline.steps(span.id) for span in outline.spans):
        yield f"## {PATH}"
        yield ""
        yield from _path(outline)
        yield from _RULE
    if about.get("updated"):
        yield f"**Last Updated**: {about['updated']}"
        yield ""


def _branch(branch: Entry, outline: Outline, level: int) -> Iterator[str]:
    """The items of a branch as a list, then the branches in it under headings of their own."""
    found = outline.below.get(branch.id, ())
    items = [entry for entry in found if not entry.is_branch]
    for item in items:
        yield from _item(item, outline, "")
    if items:
        yield ""
    for section in found:
        if section.is_branch:
            yield wording.heading(f"{'#' * min(level, 6)} ", section)
            yield from wording.below_heading(section.description)
            yield from _branch(section, outline, level + 1)


def _item(item: Entry, outline: Outline, indent: str) -> Iterator[str]:
    yield from wording.task(item, "- ", f"[{BOX[item.status]}] ", indent)
    yield from _below(item, outline, indent + "  ")


def _below(entry: Entry, outline: Outline, indent: str) -> Iterator[str]:
    """What an entry of a list says further, and what lies in it."""
    yield from _aside(entry, outline, indent)
    for inner in outline.below.get(entry.id, ()):
        yield from _item(inner, outline, indent)


def _aside(entry: Entry, outline: Outline, indent: str) -> Iterator[str]:
    for label, text in facts(entry, study=outline.study):
        yield f"{indent}- {label}: {text}"
    if outline.study:
        tied = ties(outline.requires.get(entry.id, ()), outline.related.get(entry.id, ()))
        yield from (f"{indent}- {label}: {text}" for label, text in tied)
    for link in entry.resources if outline.study else ():
        yield f"{indent}- [{link.title.translate(_ROUND)}]({link.url})"
    for note in outline.notes.get(entry.id, ()):
        yield from note_lines(note.at[:10], note.text, indent)


def _gap(gap: Entry, outline: Outline) -> Iterator[str]:
    marker = f"{outline.numbers[gap.id]}. "
    yield from wording.task(gap, marker, f"[{BOX[gap.status]}] ", "")
    yield from _below(gap, outline, " " * len(marker))
    yield ""


def _path(outline: Outline) -> Iterator[str]:
    for span in outline.spans:
        steps = outline.steps(span.id)
        if steps:
            yield f"### {wording.horizon(span)}"
            yield from _steps(steps, outline)
            yield ""


def _steps(steps: Sequence[Entry], outline: Outline) -> Iterator[str]:
    for step in steps:
        box = "" if step.status is Status.TODO else f"[{BOX[step.status]}] "
        marker = f"{outline.numbers[step.id]}. "
        yield from wording.task(step, marker, box, "")
        yield from _below(step, outline, " " * len(marker))
