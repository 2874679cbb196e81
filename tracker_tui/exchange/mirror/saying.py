"""How an entry is said in lines of Markdown, so that reading them gives the same entry again."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tracker_tui.domain import text
from tracker_tui.domain.track import Entry
from tracker_tui.domain.words import Kind, Status
from tracker_tui.exchange import checklist
from tracker_tui.exchange.mirror import lines
from tracker_tui.exchange.mirror.lines import Line, state_of
from tracker_tui.exchange.mirror.ties import Said, value_of
from tracker_tui.exchange.mirror.track import horizon_of
from tracker_tui.exchange.wording import alone, sayings

LABELS = {
    "impact": "Impact",
    "action": "Action",
    "done_when": "Done when",
    "first_step": "First step",
    "effort": "Effort",
}

_MORE_LINES = re.compile(r"(?<=\n)(?!\n)")
"""Where a line begins that is not the first one, nor empty."""


def wordings(entry: Entry, rest: str) -> Iterator[str]:
    """Return the ways to say an entry behind its box, the fullest first; `rest` indents more lines."""
    title = text.line(entry.title)
    facts = "".join(
        f"\n{rest}- {label}: {text.line(value)}"
        for name, label in LABELS.items()
        if (value := value_of(entry, name))
    )
    described = _MORE_LINES.sub(rest, text.block(entry.description))
    if described:
        if entry.kind is Kind.GAP:
            yield f"**{title}**\n{rest}- {described}{facts}"
        yield f"**{title}**: {described}{facts}"
    if entry.kind is Kind.GAP:
        yield f"**{title}**{facts}"
    yield f"{title}{facts}"
    yield from sayings(title)


def indent_of(words: str) -> str:
    """Return the white space that lines begin with."""
    return words[: len(words) - len(words.lstrip(" \t"))]


def indented(words: str, was: str, now: str) -> str:
    """Give lines another indentation; one that is empty or had less stays as it is."""
    made = []
    for line in lines.split(words):
        if line.strip() and line.startswith(was):
            line = now + line[len(was) :]  # noqa: PLW2901
        made.append(line)
    return "".join(made)


def reads_as(snippet: str, entry: Entry, said: Said, spot: str) -> bool:
    """Whether lines say what they are meant to, and nothing else."""
    node = alone(snippet, entry.kind, horizon_of(spot) or entry.horizon)
    if node is None or node.children:
        return False
    if node.title != said.title or (node.status or Status.TODO) is not said.status:
        return False
    return all(
        text.block(value) in (value_of(entry, name), text.line(value_of(entry, name)))
        for name, value in node.texts.items()
    )


def in_place(raw: str, old: str, title: str) -> Iterator[str]:
    """The ways to write a title where another one stands, whose link and emphasis stay."""
    if raw != old and raw.count(old) == 1:
        yield raw.replace(old, title)
    yield from sayings(title)


def heading_words(lead: str, entry: Entry, title: str) -> str | None:
    """Return the line of a heading; None if none would say the title and nothing else."""
    for words in sayings(title):
        if reads_as_heading(lead + words, entry, title):
            return lead + words
    return None


def reads_as_heading(words: str, entry: Entry, title: str) -> bool:
    """Return whether a heading says a title, and that its lists hold items."""
    above = "## x\n\n" if entry.kind is Kind.SECTION else "# t\n\n"
    found = checklist.reading(f"{above}{words}\n", "x").headings[-1]
    return found.node.title == title and not found.holds


def says(
    snippet: str, line: Line, title: str, texts: dict[str, str], raw: str | None = None
) -> bool:
    """Return whether the block of a line says a title and texts, and the box is what it was.

    A title that is a link to another file is also what its description begins with: as `raw`.
    """
    node = alone(indented(snippet, indent_of(snippet), ""), line.kind, line.horizon)
    if node is None:
        return False
    found_texts = lines.digests(node)
    if raw is not None and node.fields.get("description", "").startswith(raw):
        texts = {**texts, "description": found_texts["description"]}
    read = (node.title, node.status or Status.TODO, found_texts)
    return read == (title, state_of(line), texts)
