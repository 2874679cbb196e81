"""The lines of a checklist document: what each says, and exactly where in the text it says it.

What is a task is `checklist.py`'s to say; here each gets the place of its box, its title and its
texts, so that one of them can be changed and every other character stays. All places count the
characters of the whole text, line ends and a byte order mark included.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from hashlib import blake2b
from itertools import pairwise

from tracker_tui.domain import text as texts
from tracker_tui.domain.track import Resource
from tracker_tui.domain.words import Horizon, Kind, Status
from tracker_tui.exchange import checklist, leads
from tracker_tui.exchange.leads import BOX, BOXES
from tracker_tui.exchange.nodes import Heading, Node

Span = tuple[int, int]
NOWHERE: Span = (-1, -1)
LINKS = "links"

_END = re.compile(r"\r\n|\r|\n")
_LIST = r"(?:[-*+]|\d{1,9}[.)])[ \t]++"
_MARKER = re.compile(rf"\ufeff?([ \t]*+(?:{_LIST})*?)({_LIST})?(?!{_LIST})")
"""What stands before the words of a task: what it lies in, and its own marker."""
_BARE = re.compile(r"\ufeff?[ \t]*")
_HASHES = re.compile(r"\ufeff? {0,3}#{1,6}[ \t]+(?:\d{1,3}[.)]\s+)?")
_UNDERLINED = re.compile(r"\ufeff?\s*")
_CLOSING = re.compile(r"(?:[ \t]+#+)?\s*\Z")
_LABELLED = re.compile(rf"[ \t]*(?:{_LIST})?")
_PADDING = re.compile(r"\s*\Z| {0,3}([-*_])[ \t]*(?:\1[ \t]*){2,}\s*\Z")
"""A line that only keeps others apart: empty, or a rule."""


@dataclass(slots=True)
class Line:
    """One task or heading of a document."""

    kind: Kind
    title: str
    parent: int
    """Its place among the lines; -1 of what lies in nothing."""
    horizon: Horizon | None = None
    level: int = 0
    """Of a heading 1 to 6, 0 of a task, -1 of the category that stands for the file."""
    start: int = 0
    end: int = 0
    """Its block with all that lies in it, without the empty lines and rules behind."""
    own_end: int = 0
    """Of a heading: where what lies below it, but below no further heading, ends."""
    box: int = -1
    """The character in its box; -1 where it has none."""
    at: int = 0
    """Where its words begin, behind marker and box."""
    status: Status | None = None
    """What its box says."""
    name: Span = NOWHERE
    """Its title in the text; nowhere, where that cannot be told for certain."""
    texts: dict[str, str] = field(default_factory=dict)
    """A digest of each further text that it has, and of all its `links` together."""
    spans: dict[str, Span] = field(default_factory=dict)
    """Those of them that are one piece of one line."""
    values: dict[str, str] = field(default_factory=dict)
    """The texts themselves; empty in a line that was kept."""
    links: list[Resource] = field(default_factory=list)
    """The web addresses in it; empty in a line that was kept."""

    @property
    def holds(self) -> bool:
        """Whether it is one only because something lies in it: it has no box."""
        return self.box < 0 and self.kind in (Kind.ITEM, Kind.SECTION) and self.level == 0

    @property
    def heading(self) -> bool:
        """Whether it is a heading rather than a line in a list."""
        return self.level > 0


def state_of(line: Line) -> Status:
    """Return what the box of a line says; one that is not there says what an empty one does."""
    return line.status or Status.TODO


@dataclass(slots=True, eq=False)
class Block:
    """A stretch of the text that can be moved or removed as a whole."""

    start: int
    end: int
    own_end: int
    line: int = -1
    """The line that it belongs to; -1 of a heading that is no entry, and of the whole document."""
    holds: str = ""
    """What a list in it is made of, as `checklist.Heading.holds`."""
    level: int = 0
    children: list[Block] = field(default_factory=list)


@dataclass(slots=True)
class Sheet:
    """A document taken apart."""

    text: str
    lines: list[Line]
    """In the order of the document."""
    root: Block
    """The whole document."""
    spans: dict[Horizon, tuple[str, str]]
    """What it calls the horizons of the path: title and span."""

    @property
    def eol(self) -> str:
        """How its lines end: as the first does."""
        return line_end(self.text)


def line_end(text: str) -> str:
    """Return how the lines of a text end: as the first does; a line feed where there is only one."""
    found = _END.search(text)
    return found[0] if found else "\n"


def split(text: str) -> list[str]:
    """Return the lines of a text, each with its end."""
    ends = [0, *(found.end() for found in _END.finditer(text))]
    if ends[-1] != len(text):
        ends.append(len(text))
    return [text[start:end] for start, end in pairwise(ends)]


def line_behind(text: str, place: int) -> int:
    """Return where the line after the one at a place begins."""
    found = _END.search(text, place)
    return found.end() if found else len(text)


def padded(text: str) -> bool:
    """Whether there is nothing in a text but empty lines and rules."""
    return all(_PADDING.match(line) for line in split(text))


def padding(text: str, place: int) -> str:
    """Return the empty lines and rules that stand directly before a place."""
    before = split(text[max(0, place - 200) : place])
    kept: list[str] = []
    while before and _PADDING.match(before[-1]):
        kept.insert(0, before.pop())
    return "".join(kept)


def digest(text: str) -> str:
    """Return a short mark of a text, for telling whether it is still the same."""
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()


def read(text: str, name: str) -> Sheet:
    """Take a document apart; `name` is what errors and a category without a heading are called.

    Raises:
        TrackerError: if there is too much in it.
    """
    return _Reader(text, name).sheet()


def digests(node: Node) -> dict[str, str]:
    """Return the digests of all that a node says beside its title and its box."""
    found = {name: digest(value) for name, value in node.fields.items()}
    if node.links:
        found[LINKS] = digest("\n".join(link.url for link in node.links))
    return found


class _Reader:
    def __init__(self, text: str, name: str) -> None:
        self._text = text
        self._starts = [0, *(found.end() for found in _END.finditer(text))]
        if self._starts[-1] != len(text):
            self._starts.append(len(text))
        self._reading = checklist.reading(text, name)
        self._skipped = self._reading.skipped
        self._ends: dict[int, tuple[int, int]] = {}
        """By the identity of a heading's node: the ends of all and of its own, as line numbers."""

    def sheet(self) -> Sheet:
        self._find_ends()
        nodes: list[tuple[int, int, Node, Node | None]] = []
        waiting: list[tuple[Node, Node | None]] = [(root, None) for root in self._reading.roots]
        while waiting:
            node, above = waiting.pop()
            start = node.block[0] if node.block else -1
            nodes.append((start, len(nodes), node, above))
            waiting += [(child, node) for child in node.children]
        nodes.sort(key=lambda each: each[:2])
        place = {id(node): number for number, (_, _, node, _) in enumerate(nodes)}
        lines = [
            self._line(node, place[id(above)] if above is not None else -1)
            for _, _, node, above in nodes
        ]
        return Sheet(self._text, lines, self._blocks(lines, place), self._reading.spans)

    # Where lines and blocks end

    def _offset(self, line: int) -> int:
        """Where a line begins, counted as the reader does: without the front matter."""
        return self._starts[min(line + self._skipped, len(self._starts) - 1)]

    def _raw(self, line: int) -> str:
        return self._text[self._offset(line) : self._offset(line + 1)]

    def _trimmed(self, first: int, end: int, *, rules: bool) -> int:
        """The end of the lines from `first` on, without those that only keep others apart."""
        end = min(end, self._last)
        while end > first:
            raw = self._raw(end - 1)
            if raw.strip() and not (rules and _PADDING.match(raw)):
                break
            end -= 1
        return end

    @property
    def _last(self) -> int:
        return len(self._starts) - 1 - self._skipped

    def _find_ends(self) -> None:
        headings = self._reading.headings
        last = self._last
        open_: list[Heading] = []
        for number, heading in enumerate(headings):
            start = heading.node.words[0]
            while open_ and open_[-1].node.level >= heading.node.level:
                self._close(open_.pop(), start)
            following = headings[number + 1].node.words[0] if number + 1 < len(headings) else last
            self._ends[id(heading.node)] = (last, following)
            if heading.title:
                self._close(heading, following)
            else:
                open_.append(heading)
        for heading in open_:
            self._close(heading, last)

    def _close(self, heading: Heading, end: int) -> None:
        self._ends[id(heading.node)] = (end, self._ends[id(heading.node)][1])

    def _blocks(self, lines: list[Line], place: dict[int, int]) -> Block:
        root = Block(0, len(self._text), len(self._text))
        blocks = [
            Block(line.start, line.end, line.own_end, number, level=line.level)
            for number, line in enumerate(lines)
            if line.level >= 0
        ]
        of_line = {block.line: block for block in blocks}
        for heading in self._reading.headings:
            number = place.get(id(heading.node), -1)
            if number in of_line:
                of_line[number].holds = heading.holds
                continue
            first, behind = heading.node.words
            end, own = self._ends[id(heading.node)]
            blocks.append(
                Block(
                    self._offset(first),
                    self._offset(self._trimmed(behind, end, rules=True)),
                    self._offset(self._trimmed(behind, own, rules=True)),
                    holds=heading.holds,
                    level=heading.node.level,
                )
            )
        blocks.sort(key=lambda block: (block.start, -block.end))
        path = [root]
        for block in blocks:
            while len(path) > 1 and block.start >= path[-1].end:
                path.pop()
            path[-1].children.append(block)
            path.append(block)
        return root

    # What a line says, and where

    def _line(self, node: Node, parent: int) -> Line:
        line = Line(node.kind, node.title, parent, node.horizon)
        line.values, line.links = node.fields, node.links
        line.texts = digests(node)
        if node.block is None:
            line.level = -1
            return line
        first, behind = node.block
        line.start = self._offset(first)
        line.level = node.level
        if node.level:
            end, own = self._ends[id(node)]
            line.end = self._offset(self._trimmed(behind, end, rules=True))
            line.own_end = self._offset(self._trimmed(behind, own, rules=True))
            self._heading(node, line)
            return line
        line.end = line.own_end = self._offset(self._trimmed(first + 1, behind, rules=False))
        self._task(node, line)
        for name, (row, after) in node.rows.items():
            before = _LABELLED.match(self._text, self._offset(row))
            label = leads.label(self._text, before.end()) if before is not None else None
            if label is None or label[0] != name or after != row + 1:
                continue
            span = self._stripped(label[1], self._offset(after))
            if texts.line(self._text[slice(*span)]) == node.fields[name]:
                line.spans[name] = span
        return line

    def _stripped(self, start: int, end: int) -> Span:
        return start, start + len(self._text[start:end].rstrip())

    def _heading(self, node: Node, line: Line) -> None:
        first = node.words[0]
        hashes = _HASHES.match(self._text, self._offset(first))
        if hashes is None:
            hashes = _UNDERLINED.match(self._text, self._offset(first))
        if hashes is None:
            return
        words = self._text[hashes.end() : self._offset(first + 1)]
        closing = _CLOSING.search(words)
        length = closing.start() if closing else len(words)
        line.at = hashes.end()
        if texts.line(words[:length]) == texts.line(node.raw):
            line.name = (line.at, line.at + length)

    def _task(self, node: Node, line: Line) -> None:
        first, behind = node.words
        own = node.block is not None and node.block[0] == first
        marker = (_MARKER if own else _BARE).match(self._text, self._offset(first))
        line.at = marker.end() if marker else self._offset(first)
        box = BOX.match(self._text, line.at)
        if box is not None:
            line.box, line.at, line.status = box.start(1), box.end(), BOXES[box[1]]
        elif node.status is None:
            line.at += leads.bare(self._text[line.at : line.at + 8])
        words = self._text[line.at : self._offset(behind)].rstrip()
        lead = leads.lead(words)
        if lead is None:
            length = _END.search(words)
            name = self._stripped(line.at, line.at + (length.start() if length else len(words)))
            is_longer = self._text[name[0] : name[1]].endswith(":") and node.raw[-1:] != ":"
            if box is None and is_longer:
                name = self._stripped(name[0], name[1] - 1)
        else:
            name = (line.at + lead.start, line.at + lead.end)
            told = _END.split(words[lead.rest :], maxsplit=1)[0].rstrip()
            if told and texts.block(told) == node.fields.get("description"):
                start = line.at + lead.rest
                line.spans["description"] = (start, start + len(told))
        if texts.line(self._text[slice(*name)]) == texts.line(node.raw):
            line.name = name


def marker(text: str, line: Line) -> tuple[str, str]:
    """Return the indentation and the marker (with the space behind it) of a task."""
    found = _MARKER.match(text, line.start)
    return (found[1], found[2] or "") if found else ("", "")
