"""What the headings of a document make of what stands below them.

A heading is a category, a section in one, or below those an item that holds others. But the only one
of the first level is the title of the document, if it comes first: what stands directly below it lies
in a category of its name, and the other headings beside that. Below that of a critical list stand gaps, and below that of a
horizon (`Immediate (This Month)`) steps of the learning path, if it stands by itself or below the
learning path's own heading. Within a category a horizon's heading is a section like others, and says
the horizon of what stands below it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tracker_tui.domain import text
from tracker_tui.domain.words import Horizon, Kind
from tracker_tui.exchange.nodes import Heading, Node

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

GAPS = "gaps"
HORIZONS = {
    Horizon.IMMEDIATE: "Immediate",
    Horizon.SHORT: "Short-term",
    Horizon.MEDIUM: "Medium-term",
}
"""How the heading of each horizon is written."""

_LACKS = r"(?:gaps?|unknowns?|issues?|findings?|weakness(?:es)?|problems?|blind spots?)"
_LISTED = (
    r"(?:items?|list|points?|priorit(?:y|ies)|needs?|areas?|tasks?|to-?dos?|topics?|actions?|things?"
    r"|next steps|first)"
)
_URGENT = r"(?:critical|high[- ]priority)"
_CRITICAL = re.compile(
    rf"\A\W*(?:(?:the|my|our)\s+)?{_URGENT}(?:(?:\s+\w+){{0,3}}\s+{_LACKS}|(?:\s+{_LISTED})?)"
    rf"\s*(?:\(.*\))?\s*:?\Z|\(\s*{_URGENT}\s*\)\s*:?\Z",
    re.IGNORECASE,
)
"""The heading of the critical list: what is lacking, and that it is urgent; nothing is a title beside it."""
_PATH = re.compile(r"(?:(?:the|my|our)\s+)?learning[ -]path\s*(?:\(.*\))?\s*:?\Z", re.IGNORECASE)
_WORD = r"(?P<word>immediate(?:ly)?|short[- ]?term|medium[- ]?term)"
_HORIZON = re.compile(
    _WORD + r"\s*(?:\((?P<aside>.*)\)\s*:?|[:–—]\s*(?P<more>.*)|\s-\s+(?P<dash>.*))?\Z",
    re.IGNORECASE,
)
"""The heading of a horizon: nothing but its word, and what it means."""
_WORK = re.compile(
    _WORD
    + r"\s+(?:actions?|focus|goals?|items?|learning|next steps|objectives?|plans?|priorit(?:y|ies)"
    r"|steps?|study|targets?|tasks?|to-?dos?|topics?|work)\s*(?:\(.*\))?\s*:?\Z",
    re.IGNORECASE,
)
"""A heading that says when something is due, in other words."""
_ENDED_BY_ANY = 99
_ONE = re.compile(r"^ {0,3}(?:#(?:[ \t]|$)|=+[ \t]*$)", re.MULTILINE)
"""A line that may be or end a heading of the first level."""


def horizon_of(title: str) -> Horizon | None:
    """Return the horizon that a heading is that of, and says nothing else."""
    found = _HORIZON.match(title)
    return _named(found["word"]) if found is not None else None


def is_path(title: str) -> bool:
    """Whether a heading is that of the learning path."""
    return _PATH.match(title) is not None


def held(title: str) -> str:
    """Return what a list below a heading that lies in none is made of: as `Heading.holds`."""
    horizon = horizon_of(title)
    if horizon is not None:
        return horizon.value
    return GAPS if _CRITICAL.search(title) else ""


def span_of(title: str) -> tuple[str, str]:
    """Return what the heading of a horizon calls it and says that it means: Immediate, This Month."""
    found = _HORIZON.match(title)
    assert found is not None  # `horizon_of` said so
    return found["word"], text.line(found["aside"] or found["more"] or found["dash"] or "")


def _said(title: str) -> Horizon | None:
    """The horizon of what stands below a heading in a category."""
    found = _HORIZON.match(title) or _WORK.match(title)
    return _named(found["word"]) if found is not None else None


def _named(word: str) -> Horizon:
    return next(h for h in Horizon if word.lower().startswith(h.value))


@dataclass(slots=True)
class Open:
    """A heading, as long as what stands below it is read."""

    level: int
    node: Node
    holds: str = ""
    """What a list below it is made of: as `Heading.holds`."""
    horizon: Horizon | None = None
    """Of what stands below it."""
    path: bool = False
    """Whether horizons below it are those of the learning path."""
    optional: bool = False
    """Whether it is none if nothing lies in it."""
    amid: bool = False
    """Whether it stands amid a list of gaps or steps, which has no headings in it."""

    @property
    def is_entry(self) -> bool:
        """Whether it is an entry itself, rather than a word for the list below it."""
        return not self.holds


class Headings:
    """The headings that are open, the outermost first.

    One with a character that is spelled (`&#67;`) is a word like others: an exported category is
    written so whose title would otherwise be that of a list of gaps or steps.
    """

    def __init__(self) -> None:
        self._open: list[Open] = []

    @property
    def last(self) -> Open | None:
        """The heading that something which comes now stands below."""
        return self._open[-1] if self._open else None

    @property
    def holds(self) -> str:
        """What a list is made of here: as `Heading.holds`."""
        return self._open[-1].holds if self._open else ""

    @property
    def horizon(self) -> Horizon | None:
        """The horizon of what stands here."""
        return self._open[-1].horizon if self._open else None

    def hold(self, node: Node) -> None:
        """Open the category that stands for the file: any heading ends it."""
        self._open.append(Open(_ENDED_BY_ANY, node))

    def open(self, heading: Heading, *, title: bool = False) -> Node | None:
        """Open a heading; return what it lies in. Any other ends the title of the document."""
        node = heading.node
        while self._open and self._open[-1].level >= node.level:
            self._open.pop()
        over = self.last
        node.kind = (Kind.CATEGORY, Kind.SECTION, Kind.ITEM)[min(len(self._open), 2)]
        made = Open(_ENDED_BY_ANY if title else node.level, node, optional=node.kind is Kind.ITEM)
        spelled = "&#" in node.raw
        if over is None and not spelled:
            made.holds = held(node.title)
        elif over is not None and over.path:
            made.holds = horizon_of(node.title) or ""
        if over is not None and over.holds:
            made.holds, made.amid = over.holds, True
        if not made.holds:
            made.path = (not spelled and is_path(node.title)) or (over is not None and over.path)
            made.optional = made.optional or made.path
            made.horizon = _said(node.title) or (over.horizon if over is not None else None)
            node.horizon = made.horizon if node.kind is Kind.ITEM else None
        heading.holds, heading.title = made.holds, title
        self._open.append(made)
        return over.node if over is not None else None


class _Found(Exception):
    """There is another heading of the first level."""


def another(markdown: MarkdownIt, source: str, place: int) -> bool:
    """Whether a heading of the first level comes in a document behind a place, the end of a line."""
    if _ONE.search(source, place) is None:
        return False
    from tracker_tui.exchange import blocks

    depth = 0

    def take(token: Token) -> None:
        nonlocal depth
        if token.type in ("list_item_open", "blockquote_open"):
            depth += 1
        elif token.type in ("list_item_close", "blockquote_close"):
            depth -= 1
        elif token.type == "heading_open" and token.tag == "h1" and not depth:
            raise _Found

    try:
        blocks.Stream(markdown, source[place:], {}, take).run()
    except _Found:
        return True
    return False
