"""A checklist document in Markdown, read: headings become categories and sections, tasks items.

Parsing is markdown-it-py's. What is no task (paragraphs, fenced code, comments, tables, bullets
without a box) is text: that of the item or the heading that it stands below, else passed over.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tracker_tui.domain import text
from tracker_tui.domain.words import Horizon, Kind, Status
from tracker_tui.errors import TrackerError
from tracker_tui.exchange import leads, titles
from tracker_tui.exchange.bullets import (
    LINK,
    NOTE,
    Bullet,
    Description,
    fact,
    quoted,
    unmarked,
    without_facts,
)
from tracker_tui.exchange.headings import GAPS, Headings, another, held, horizon_of, span_of
from tracker_tui.exchange.leads import BOX, BOXES
from tracker_tui.exchange.nodes import Heading, Kept, Lines, Listing, Node, Tree

if TYPE_CHECKING:
    from markdown_it.token import Token
    from markdown_it.utils import EnvType

At = Callable[[int, int], None]
"""Told how much of something is done, and how much there is of it."""

LINES_MAX = 1_000_000
_SHOWN = 60
"""How many characters of a title are said of what has no place."""
_IMAGES = re.compile(r"(?:\[?!\[[^\]]*\]\([^)]*\)(?:\]\([^)]*\))?\s*)+\Z")
_NUMBER = re.compile(r"\d{1,3}[.)]\s+")
_FRONT = re.compile(
    r"\A(?:---[ \t]*\n\s*(?:#|[\"'\w][^:\n]*:(?:\s)).*?\n(?:---|\.\.\.)"
    r"|\+\+\+[ \t]*\n\s*(?:#|\[|[\"'\w][^=\n]*=).*?\n\+\+\+)[ \t]*(?:\n|\Z)",
    re.DOTALL,
)
"""YAML or TOML before a document; two rules with a list between them are none."""
_AS_WORDS = re.compile(
    r"^(?:(?: {4}|\t)[ \t]*(?:([-+*#>`~=<])|(\d{1,9})([.)]))|[ \t]*([-=])(?=\4*[ \t]*$))",
    re.MULTILINE,
)
"""What would begin a block, or end a heading, and is words of a paragraph because of where it stands."""


@dataclass(slots=True)
class Reading:
    """A document as it was read, with the place of everything in it."""

    roots: list[Node]
    """Categories, gaps and steps in their order, the headings with nothing below them included."""
    headings: list[Heading]
    skipped: int
    """How many lines of front matter stand before the first one that is counted."""
    spans: dict[Horizon, tuple[str, str]]
    """As `Listing.spans`."""


def read(document: str, name: str, at: At | None = None) -> Listing:
    """Return the categories, gaps and steps of a document and all below them; `name` is what errors call it.

    Items before the first heading lie in a category that is called like the file. `at` is told how
    many lines of how many are read, every now and then.

    Raises:
        TrackerError: if there is no task in it, or too much.
    """
    found = Listing()
    reader, _ = _read(document, name, found, at)
    if not reader.tasks:
        raise TrackerError(
            f"there is no task list in {name}", "an item is a line such as: - [ ] title"
        )
    found.spans, found.passed = reader.spans, reader.passed
    return found


def reading(document: str, name: str) -> Reading:
    """Read a document as `read` does, with the place of everything in it.

    Raises:
        TrackerError: if there is too much in it.
    """
    tree = Tree()
    reader, skipped = _read(document, name, tree)
    return Reading(tree.roots, tree.headings, skipped, reader.spans)


def _read(document: str, name: str, into: Kept, at: At | None = None) -> tuple[_Reader, int]:
    if document.count("\n") > LINES_MAX:
        raise TrackerError(f"{name} has more than {LINES_MAX:,} lines", "split it")
    body, skipped = _without_front_matter(document)
    reader = _Reader(name, body, skipped, into, at)
    reader.read()
    return reader, skipped


def _without_front_matter(document: str) -> tuple[str, int]:
    document = document.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    match = _FRONT.match(document)
    if match is None:
        return document, 0
    return document[match.end() :], match[0].count("\n")


class _Reader:
    """Takes the tokens of a document one by one, and builds what they say."""

    def __init__(self, name: str, source: str, skipped: int, into: Kept, at: At | None) -> None:
        from tracker_tui.exchange import blocks  # 60 ms: markdown-it-py

        self._markdown = blocks.parser()
        self._fenced = blocks.fenced
        self._env: EnvType = {}
        self._stream = blocks.Stream(self._markdown, source, self._env, self._take)
        self._name = name
        self._into = into
        self._at = at
        self._lines = source.count("\n") + 1
        self._skipped = skipped
        """Lines before the first one of `source`."""
        self.tasks = 0
        """How many were there."""
        self._headings = Headings()
        self._title: Heading | None = None
        """The title of the document, as long as nothing stands directly below it."""
        self.spans: dict[Horizon, tuple[str, str]] = {}
        """The words of the headings of horizons."""
        self.passed: list[str] = []
        """As `Listing.passed`."""
        self._about: Description | None = None
        """That of the last heading, until a task comes."""
        self._bullets: list[Bullet] = []
        self._block = ""
        """The paragraph or heading that began last."""
        self._block_lines: Lines = [0, 0]
        self._quotes: list[Lines] = []
        """The lines of the quotations that are open."""
        self._table: list[int] | None = None
        """The first line and the end of the table that is open."""

    def read(self) -> None:
        self._stream.run()
        self._end_about()
        del self._stream  # It holds the text and this one's method: a circle that would stay.
        self._into.finish(self._rename if self._env.get("references") else None)

    def _rename(self, node: Node) -> None:
        """Name an entry whose title may be a link that is defined further down."""
        links, node.links = node.links, []
        self._name_node(node, node.raw)
        node.links += [link for link in links if link not in node.links]

    def _put(self, node: Node, above: Node | None, *, optional: bool = False) -> None:
        self._into.begin(node, above, optional=optional)

    def _take(self, token: Token) -> None:  # noqa: PLR0912 - one branch for each kind of block
        kind = token.type
        if kind == "blockquote_open":
            self._quotes.append(token.map or [0, 0])
        elif kind == "blockquote_close":
            lines = self._quotes.pop()
            if not self._quotes:
                self._text(quoted(self._stream.lines(*lines).rstrip()))
        elif self._quotes:
            return
        elif kind == "inline":
            if self._table is None:
                self._words(token)
        elif kind in ("paragraph_open", "heading_open"):
            self._block, self._block_lines = token.tag, token.map or [0, 0]
        elif kind in ("fence", "code_block"):
            self._text(self._fenced(token))
        elif kind == "table_open":
            self._table = token.map
        elif kind == "table_close":
            lines, self._table = self._table or [0, 0], None
            self._text(self._stream.lines(*lines))
        elif kind == "html_block":
            self._text("")
        elif kind == "hr":
            self._end_about()
        elif kind == "list_item_open":
            if self._at is not None and token.map:
                self._at(token.map[0], self._lines)
            above = self._bullets[-1] if self._bullets else None
            marker, lines = token.info + token.markup, token.map or [0, 0]
            self._bullets.append(Bullet(lines, marker, self._stream.indent, above))
        elif kind == "list_item_close":
            self._close(self._bullets.pop())

    def _words(self, token: Token) -> None:
        """Take the words of a paragraph or heading."""
        words = token.content.strip()
        if "\n" in words:
            words = _AS_WORDS.sub(r"\2\\\1\3\4", words)
        bullet = self._bullets[-1] if self._bullets else None
        if bullet is None and self._block != "p":
            self._heading(int(self._block[1:]), words)
        elif bullet is not None and not bullet.begun:
            self._begin(bullet, words)
        elif self._block != "p":
            self._text(self._stream.lines(*self._block_lines))
        elif bullet is not None and bullet.numbered and bullet.node is not None:
            self._text(without_facts(bullet.node, words, self._block_lines[0], titled=False))
        else:
            self._text(words)

    # Headings

    def _heading(self, level: int, words: str) -> None:
        self._end_about()
        made = Node(Kind.CATEGORY, "", level=level)
        made.block = made.words = self._block_lines
        made.line = made.words[0] + 1 + self._skipped
        title = _NUMBER.sub("", words, count=1)
        self._name_node(made, title if text.is_title(text.line(title)) else "Untitled")
        heading = Heading(made, "")
        self._into.heading(heading)
        first = self._headings.last is None and self._title is None
        self._title = None
        self._about = Description()
        if first and level == 1 and not self._another():
            self._title = heading
        else:
            self._open(heading)

    def _another(self) -> bool:
        """Whether a heading of the first level comes behind this one."""
        stream = self._stream
        return another(self._markdown, stream.src, stream.eMarks[self._block_lines[1] - 1])

    def _settle(self) -> None:
        """Make the title of the document a category: something stands directly below it."""
        if self._title is not None:
            heading, self._title = self._title, None
            self._open(heading, title=True)
            self._into.end(heading.node)

    def _open(self, heading: Heading, *, title: bool = False) -> None:
        node = heading.node
        above = self._headings.open(heading, title=title)
        opened = self._headings.last
        assert opened is not None
        if opened.is_entry:
            self._put(node, above, optional=opened.optional)
        elif opened.amid:
            self._pass(f"the heading “{text.shortened(node.title, _SHOWN)}”", heading.holds)
        elif (horizon := horizon_of(node.title)) == heading.holds:
            self.spans.setdefault(Horizon(horizon), span_of(node.title))

    def _end_about(self) -> None:
        if self._about is None:
            return
        about, self._about = self._about, None
        opened = self._headings.last
        node = self._title.node if self._title else opened.node if opened else None
        if node is None:
            return
        if described := about.text():
            node.fields["description"] = described
            if self._title is None and opened is not None and not opened.is_entry:
                title = text.shortened(node.title, _SHOWN)
                self._pass(f"the text below “{title}”", opened.holds)
        if self._title is None:
            self._into.end(node)

    def _pass(self, what: str, holds: str) -> None:
        whole = "list of gaps" if holds == GAPS else "learning path"
        self.passed.append(f"{what}: not taken in: a {whole} has no place for it")

    def _name_node(self, node: Node, raw: str) -> titles.Title:
        found = titles.plain(raw, self._markdown, self._env)
        node.raw, node.title = raw, found.text
        node.links += found.links
        return found

    def _plain(self, raw: str) -> str:
        return titles.plain(raw, self._markdown, self._env).text

    # Lists

    def _begin(self, bullet: Bullet, words: str) -> None:
        """Take the first paragraph or heading of a list item, which says what it is."""
        bullet.begun = True
        over = bullet.above.node if bullet.above is not None else None
        box = BOX.match(words) if self._block == "p" else None
        if not text.is_title(text.line(words[box.end() if box is not None else 0 :])):
            return
        holds = held(self._title.node.title) if self._title is not None else self._headings.holds
        if box is not None or (holds and bullet.above is None):
            self._task(bullet, words, box)
        elif over is not None and NOTE.match(words):
            bullet.taken = bullet.note = True
        elif (
            over is not None
            and self._block == "p"
            and fact(over, words, self._block_lines, self._plain)
        ):
            bullet.taken = True
        else:
            bullet.words, bullet.spot = words, self._block_lines

    def _task(self, bullet: Bullet, words: str, box: re.Match[str] | None) -> None:
        self._end_about()
        self._settle()
        if bullet.above is not None:
            for above in bullet.above.open_above():
                self._hold(above)
        made = self._made(bullet, self._block_lines)
        if box is not None:
            status = BOXES[box[1]]
            made.status = None if status is Status.TODO else status
            words = words[box.end() :]
        if bullet.numbered:
            words = without_facts(made, words, self._block_lines[0], titled=True)
        self.tasks += 1
        self._enter(bullet, made, words)

    def _made(self, bullet: Bullet, words: Lines) -> Node:
        made = Node(Kind.ITEM, "", block=bullet.lines, words=words)
        made.line = bullet.lines[0] + 1 + self._skipped
        made.horizon = self._headings.horizon
        return made

    def _enter(self, bullet: Bullet, made: Node, words: str) -> None:
        """Make a bullet an entry."""
        raw, described = leads.split(words)
        elsewhere = self._name_node(made, raw).elsewhere
        bullet.texts.lines[:0] = [part for part in (raw if elsewhere else "", described) if part]
        over, holds = bullet.entry, self._headings.holds
        if over is None and holds == GAPS:
            made.kind = Kind.GAP
        elif over is None and holds:
            made.kind, made.horizon = Kind.STEP, Horizon(holds)
        elif over is None:
            over = self._holder()
            if bullet.holding and over.kind is Kind.CATEGORY:
                made.kind, made.horizon = Kind.SECTION, None
        bullet.node = made
        self._put(made, over)

    def _hold(self, bullet: Bullet) -> None:
        """Make a bullet that holds a task an entry: a section in a category, or else an item."""
        bullet.holding = True
        words = leads.holding(bullet.words)
        if words:
            self._enter(bullet, self._made(bullet, bullet.spot), words)

    def _holder(self) -> Node:
        opened = self._headings.last
        if opened is not None:
            return opened.node
        title = text.shortened(text.line(self._name), text.TITLE_MAX) or "Checklist"
        made = Node(Kind.CATEGORY, title, line=1, raw=title)
        self._put(made, None)
        self._into.end(made)
        self._headings.hold(made)
        return made

    def _close(self, bullet: Bullet) -> None:
        above = bullet.above
        if bullet.node is not None:
            if described := bullet.texts.text():
                bullet.node.fields["description"] = described
            self._into.end(bullet.node)
        elif bullet.note:
            return
        elif above is None:
            if bullet.said and not bullet.holding and self._about is not None:
                self._about.add_list(self._source(bullet), bullet.marker)
        elif bullet.taken or bullet.holding:
            above.texts.take(bullet.texts)
        elif LINK.match(bullet.words) and above.node is not None and not bullet.texts.lines:
            above.node.links += titles.plain(bullet.words, self._markdown, self._env).links
        elif bullet.said:
            words = self._source(bullet)
            if above.node is not None and above.node.kind in (Kind.GAP, Kind.STEP):
                above.texts.add_list(unmarked(words), "")
            else:
                above.texts.add_list(words, bullet.marker)

    def _source(self, bullet: Bullet) -> str:
        first, end = bullet.lines
        return self._stream.source((first, end), bullet.indent)

    # Text

    def _text(self, words: str) -> None:
        """Take a block that is text: of the bullet that it lies in, or of the heading above."""
        if not self._bullets:
            if self._about is not None and not _IMAGES.match(words):
                self._about.add(words)
            return
        bullet = self._bullets[-1]
        bullet.begun = True
        bullet.texts.add(words)
