"""The bullets of a document while they are read: what each says of the one that it lies in."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from tracker_tui.domain import text
from tracker_tui.exchange import leads
from tracker_tui.exchange.markdown import RETIRED
from tracker_tui.exchange.nodes import TIES, Lines, Node

LINK = re.compile(r"\[[^\[\]\n]+\]\(https?://\S+\)\Z", re.IGNORECASE)
_RETIRED = f"Retired: {RETIRED}"
_EFFORT = re.compile(r"effort:\s*([SML])\s*(?:,.*)?\Z", re.IGNORECASE)
_TIED = re.compile(r"(needs|related):\s*(\S.*?)\s*\(`([a-z0-9-]{1,100})`\)\Z", re.IGNORECASE)
"""Without an id it is text like any other: somebody's own `Needs: coffee`."""
NOTE = re.compile(r"note \d{4}-\d\d-\d\d:", re.IGNORECASE)
"""What a note begins with in an exported document: it is the track's own, and nothing of the entry's."""
_FIRST = re.compile(r"[-*+]?|0*1[.)]")
"""The marker of a list that may come right behind the lines of a paragraph."""

_MARKER = re.compile(r"(?:[-*+]|\d{1,9}[.)])[ \t]+")


@dataclass(slots=True)
class Description:
    """The text of an entry, block by block."""

    lines: list[str] = field(default_factory=list)
    listed: bool = False
    """Whether the last of these is that of a list."""
    opening: str | None = None
    """The marker of the list that it begins with, if it does."""

    def add(self, words: str) -> None:
        """Add a paragraph or another block."""
        if words:
            self.lines += ["", words] if self.lines else [words]
            self.listed = False

    def add_list(self, words: str, marker: str) -> None:
        """Add a bullet."""
        if not self.lines:
            self.opening = marker
        apart = self.lines and not self.listed and not _FIRST.fullmatch(marker)
        self.lines += ["", words] if apart else [words]
        self.listed = True

    def take(self, other: Description) -> None:
        """Add another one."""
        words = "\n".join(other.lines)
        if words and other.opening is not None:
            self.add_list(words, other.opening)
        else:
            self.add(words)
        self.listed = other.listed if words else self.listed

    def text(self) -> str:
        """Return it."""
        return text.block("\n".join(self.lines))


@dataclass(slots=True, eq=False)
class Bullet:
    """A list item that is open."""

    lines: Lines
    """Its own; the last one is known when it is closed."""
    marker: str
    """What it begins with: `-` or `1.`."""
    indent: int
    """How far it is indented itself."""
    above: Bullet | None
    """The one that it lies in."""
    node: Node | None = None
    """What it is, if it is an entry."""
    begun: bool = False
    """Whether its first block was there."""
    words: str = ""
    """Its first paragraph or heading, as long as it may become an entry: once a task lies in it."""
    spot: Lines = field(default_factory=list)
    """The lines of that."""
    holding: bool = False
    """Whether a task lies in it."""
    taken: bool = False
    """Whether it says something of the entry that it lies in, such as its impact."""
    note: bool = False
    texts: Description = field(default_factory=Description)

    @property
    def entry(self) -> Node | None:
        """The nearest entry that it is, or lies in."""
        at: Bullet | None = self
        while at is not None and at.node is None:
            at = at.above
        return at.node if at is not None else None

    @property
    def said(self) -> bool:
        """Whether there is anything in it: words, or a bullet that it begins with."""
        return self.begun or bool(self.texts.lines)

    @property
    def numbered(self) -> bool:
        """Whether it is one of a numbered list."""
        return self.marker[:1].isdigit()

    def open_above(self) -> Iterator[Bullet]:
        """Those around it, the outermost first, and itself, that are no entries, up to one that is."""
        if self.node is not None:
            return
        if self.above is not None:
            yield from self.above.open_above()
        yield self


def quoted(words: str) -> str:
    """Return the lines of a quotation, each with its mark: one may go on without."""
    return "\n".join(line if line[:1] == ">" else f"> {line}" for line in words.split("\n"))


def unmarked(words: str) -> str:
    """Return the lines of a bullet without its marker."""
    marker = _MARKER.match(words)
    if marker is None:
        return words
    first, *rest = words[marker.end() :].split("\n")
    width = marker.end()
    return "\n".join(
        (first, *(line[min(width, len(line) - len(line.lstrip())) :] for line in rest))
    )


def fact(node: Node, words: str, lines: Lines, plain: Callable[[str], str]) -> bool:
    """Take what a bullet below an entry says of it, if it is one of its labelled texts.

    `lines` are those of the bullet's words, and `plain` makes a title what a reader of it sees.
    What another line has said already is none.
    """
    label = leads.label(words)
    if label is not None:
        name, at = label
        if name in node.fields:
            return False
        node.fields[name] = text.flat(words[at:])
        node.rows[name] = lines
        return True
    if words == _RETIRED:
        return True
    effort = _EFFORT.match(words)
    if effort is not None and "effort" not in node.fields:
        node.fields["effort"] = effort[1].upper()
        return True
    tied = _TIED.match(words)
    if tied is not None:
        name = TIES[tied[1].lower()]
        named = [node.fields.get(name, ""), f"{tied[3]} {plain(tied[2])}"]
        node.fields[name] = "\n".join(filter(None, named))
    return tied is not None


def without_facts(node: Node, words: str, first: int, *, titled: bool) -> str:
    """Take the labelled lines out of a paragraph; return the others.

    Args:
        node: What they say something of.
        words: The paragraph.
        first: Its first line in the document.
        titled: Whether that line is a title, and no text yet.
    """
    lines = words.split("\n")
    labels = [
        (number, *label)
        for number, line in enumerate(lines)
        if (number or not titled) and (label := leads.label(line.strip())) is not None
    ]
    if not labels:
        return words
    kept = lines[: labels[0][0]]
    for (number, name, at), (end, *_) in pairwise([*labels, (len(lines), "", 0)]):
        value = text.flat("\n".join((lines[number].strip()[at:], *lines[number + 1 : end])))
        if value and name not in node.fields:
            node.fields[name] = value
            node.rows[name] = [first + number, first + end]
        else:
            kept = [*kept, *lines[number:end]]
    return "\n".join(kept)
