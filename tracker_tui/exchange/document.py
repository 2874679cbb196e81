"""A track as one Markdown document, laid out like the one that the built-in track came from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tracker_tui.domain.track import Entry
from tracker_tui.domain.words import Status
from tracker_tui.exchange.markdown import BOX, facts, ties
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
    yield from ("  \n".join(lines)).split("\n")
    yield from ["", *_RULE] if lines else _RULE
    for category in outline.categories:
        yield f"## {outline.numbers[category.id]}. {category.title}"
        yield ""
        yield from _text(category.description)
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


def _text(text: str) -> list[str]:
    return [*text.split("\n"), ""] if text else []


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
            yield f"{'#' * min(level, 6)} {section.title}"
            yield from _text(section.description)
            yield from _branch(section, outline, level + 1)


def _item(item: Entry, outline: Outline, indent: str) -> Iterator[str]:
    yield f"{indent}- [{BOX[item.status]}] {_title(item)}"
    yield from _aside(item, outline, indent + "  ")
    for inner in outline.below.get(item.id, ()):
        yield from _item(inner, outline, indent + "  ")


def _title(entry: Entry) -> str:
    if not entry.description:
        return entry.title
    first, *rest = entry.description.split("\n")
    return "\n".join([f"**{entry.title}**: {first}", *(f"  {line}".rstrip() for line in rest)])


def _aside(entry: Entry, outline: Outline, indent: str) -> Iterator[str]:
    for label, text in facts(entry, study=outline.study):
        yield f"{indent}- {label}: {text}"
    if outline.study:
        tied = ties(outline.requires.get(entry.id, ()), outline.related.get(entry.id, ()))
        yield from (f"{indent}- {label}: {text}" for label, text in tied)
    for link in entry.resources if outline.study else ():
        yield f"{indent}- [{link.title.translate(_ROUND)}]({link.url})"
    for note in outline.notes.get(entry.id, ()):
        first, *rest = note.text.split("\n")
        yield f"{indent}- {note.at[:10]}: {first}"
        yield from (f"{indent}  {line}".rstrip() for line in rest)


def _gap(gap: Entry, outline: Outline) -> Iterator[str]:
    lead = f"{outline.numbers[gap.id]}. "
    indent = " " * len(lead)
    yield f"{lead}[{BOX[gap.status]}] **{gap.title}**"
    if gap.description:
        first, *rest = gap.description.split("\n")
        yield f"{indent}- {first}"
        yield from (f"{indent}  {line}".rstrip() for line in rest)
    yield from _aside(gap, outline, indent)
    yield ""


def _path(outline: Outline) -> Iterator[str]:
    for span in outline.spans:
        steps = outline.steps(span.id)
        if steps:
            yield f"### {span.title}" + (f" ({span.span})" if span.span else "")
            yield from _steps(steps, outline)
            yield ""


def _steps(steps: Sequence[Entry], outline: Outline) -> Iterator[str]:
    for step in steps:
        box = "" if step.status is Status.TODO else f"[{BOX[step.status]}] "
        lead = f"{outline.numbers[step.id]}. "
        yield f"{lead}{box}{_title(step)}"
        yield from _aside(step, outline, " " * len(lead))
