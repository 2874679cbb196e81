"""A checklist document in Markdown, read: headings become categories and sections, tasks items.

Parsing is markdown-it-py's. What is no task (paragraphs, fenced code, comments, tables, bullets
without a box) is text: that of the item or the heading that it stands below, else passed over.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tracker_tui.domain import text
from tracker_tui.domain.track import Resource
from tracker_tui.domain.words import Horizon, Kind, Status
from tracker_tui.errors import TrackerError
from tracker_tui.exchange import titles
from tracker_tui.exchange.markdown import RETIRED

if TYPE_CHECKING:
    from markdown_it.token import Token
    from markdown_it.utils import EnvType

At = Callable[[int, int], None]
"""Told how much of something is done, and how much there is of it."""

LINES_MAX = 1_000_000
BOXES = {
    " ": Status.TODO,
    "x": Status.LEARNED,
    "X": Status.LEARNED,
    "/": Status.LEARNING,
    "-": Status.SKIPPED,
}
BOX = re.compile(r"\[([ xX/-])\][ \t]+(?=\S)")
_END = r"(?:\s*[:–—]\s*|\s+-\s+|\s*\Z)"
LEADS = (
    re.compile(r"\*\*(.+?)\*\*" + _END, re.DOTALL),
    re.compile(r"(\[[^\[\]\n]+\]\([^()\s]+\))" + _END),
)
"""What an item's title is when its text begins so: something bold, or a link."""
_LINK = re.compile(r"\[[^\[\]\n]+\]\(https?://\S+\)\Z", re.IGNORECASE)
_IMAGES = re.compile(r"(?:\[?!\[[^\]]*\]\([^)]*\)(?:\]\([^)]*\))?\s*)+\Z")
_LABEL = re.compile(r"(impact|action|done when|first step):\s*", re.IGNORECASE)
_RETIRED = f"Retired: {RETIRED}"
_EFFORT = re.compile(r"effort:\s*([SML])\b", re.IGNORECASE)
_TIED = re.compile(r"(needs|related):\s*(\S.*?)\s*\(`([a-z0-9-]{1,100})`\)\Z", re.IGNORECASE)
"""Without an id it is text like any other: somebody's own `Needs: coffee`."""
TIES = {"needs": "requires", "related": "related"}
"""The label of a line to the name of what it says."""
_NUMBER = re.compile(r"\d{1,3}[.)]\s+")
_CRITICAL = re.compile(r"\b(critical|high priority)\b", re.IGNORECASE)
_HORIZON = re.compile(r"(immediate|short|medium)(?:[- ]?term)?\b", re.IGNORECASE)
_FRONT = re.compile(r"\A---[ \t]*\n.*?\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)


Lines = list[int]
"""The first line and the one after the last, from 0, without the lines of the front matter."""


@dataclass(slots=True, eq=False)
class Node:
    """One category, section, item, gap or step of a document."""

    kind: Kind
    title: str
    """What a reader of the document sees: without the markup of links, images and emphasis."""
    status: Status | None = None
    """What its box says; None where it has none, or an empty one: that takes nothing back."""
    fields: dict[str, str] = field(default_factory=dict)
    """Its description, impact, action, done_when, first_step and effort; those that it has.

    And what it `requires` and is `related` to, which are no texts: an id and a title in each line.
    """
    children: list[Node] = field(default_factory=list)
    horizon: Horizon | None = None
    """Of a step."""
    line: int = 0
    """Where it stands in the document, from 1."""
    raw: str = ""
    """The title as the document has it, a piece of that line; with its markup."""
    links: list[Resource] = field(default_factory=list)
    """The web addresses in the title, and those that are a bullet below the item."""
    level: int = 0
    """Of a heading 1 to 6; 0 of a line in a list."""
    block: Lines | None = None
    """Its lines with all that lies in it; None of a category that stands for the file."""
    words: Lines = field(default_factory=list)
    """The lines of its title: a paragraph or a heading."""
    rows: dict[str, Lines] = field(default_factory=dict)
    """The lines of those fields that have lines of their own."""

    @property
    def texts(self) -> dict[str, str]:
        """Those fields that are texts of the entry."""
        return {name: words for name, words in self.fields.items() if name not in TIES.values()}

    @property
    def ties(self) -> dict[str, str]:
        """The fields that name other entries."""
        return {name: words for name, words in self.fields.items() if name in TIES.values()}


@dataclass(slots=True)
class Heading:
    """A heading of a document, whatever it is the heading of."""

    node: Node
    """The entry that it would be."""
    holds: str
    """What a list below it is made of: empty for items, `gaps`, or the name of a horizon."""


@dataclass(slots=True)
class Reading:
    """A document as it was read, with the place of everything in it."""

    roots: list[Node]
    """Categories, gaps and steps in their order, the headings with nothing below them included."""
    headings: list[Heading]
    skipped: int
    """How many lines of front matter stand before the first one that is counted."""


def read(document: str, name: str, at: At | None = None) -> list[Node]:
    """Return the categories, gaps and steps of a document; `name` is what errors call it.

    Items before the first heading lie in a category that is called like the file. `at` is told how
    many lines of how many are read, every now and then.

    Raises:
        TrackerError: if there is no task in it, or too much.
    """
    found = reading(document, name, at).roots
    roots = [root for root in found if root.children or root.kind is not Kind.CATEGORY]
    if not roots:
        raise TrackerError(
            f"there is no task list in {name}", "an item is a line such as: - [ ] title"
        )
    return roots


def reading(document: str, name: str, at: At | None = None) -> Reading:
    """Read a document as `read` does, with the place of everything in it.

    Raises:
        TrackerError: if there is too much in it.
    """
    if document.count("\n") > LINES_MAX:
        raise TrackerError(f"{name} has more than {LINES_MAX:,} lines", "split it")
    body, skipped = _without_front_matter(document)
    reader = _Reader(name, body, skipped, at)
    return Reading(reader.read(), reader.headings, skipped)


def _without_front_matter(document: str) -> tuple[str, int]:
    document = document.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    match = _FRONT.match(document)
    if match is None:
        return document, 0
    return document[match.end() :], match[0].count("\n")


@dataclass(slots=True, eq=False)
class _Bullet:
    """A list item that is open."""

    lines: Lines
    """Its own; the last one is known when it is closed."""
    marker: str
    """What it begins with: `-` or `1.`."""
    above: _Bullet | None
    """The nearest task that it lies in."""
    node: Node | None = None
    """What it is, if it is a task."""
    begun: bool = False
    """Whether its first block was there, which says what it is."""
    texts: list[str] = field(default_factory=list)
    """The lines of a task's description."""


class _Reader:
    """Takes the tokens of a document one by one, and builds what they say."""

    def __init__(self, name: str, source: str, skipped: int, at: At | None) -> None:
        from tracker_tui.exchange import blocks  # 60 ms: markdown-it-py

        self._markdown = blocks.parser()
        self._env: EnvType = {}
        self._stream = blocks.Stream(self._markdown, source, self._env, self._take)
        self._name = name
        self._at = at
        self._lines = source.count("\n") + 1
        self._skipped = skipped
        """Lines before the first one of `source`."""
        self.headings: list[Heading] = []
        self._roots: list[Node] = []
        self._headings: list[tuple[int, Node]] = []
        """Headings that are open, each with its level."""
        self._deep: list[tuple[Node, Node]] = []
        """Headings that are items, each with what it lies in: one that holds none is no task."""
        self._titled = False
        """Whether the document's own title was there."""
        self._list = ""
        """What the items of a list are here: empty for items, `gaps` or a horizon."""
        self._about: list[str] | None = None
        """The text of the last heading, until a list comes."""
        self._bullets: list[_Bullet] = []
        self._block = ""
        """The paragraph or heading that began last."""
        self._block_lines: Lines = [0, 0]
        self._quotes = 0
        self._table: list[int] | None = None
        """The first line and the end of the table that is open."""
        self._bracketed: list[Node] = []
        """Those whose title may be a link that is defined further down."""

    def read(self) -> list[Node]:
        self._stream.run()
        self._end_about()
        for above, heading in reversed(self._deep):
            if not heading.children:
                above.children.remove(heading)
        if self._env.get("references"):
            for node in tuple(self._bracketed):
                node.links.clear()
                self._name_node(node, node.raw)
        return self._roots

    def _take(self, token: Token) -> None:  # noqa: PLR0912 - one branch for each kind of block
        kind = token.type
        if kind == "inline":
            if self._table is None:
                self._words(token)
        elif kind in ("paragraph_open", "heading_open"):
            self._block, self._block_lines = token.tag, token.map or [0, 0]
        elif kind in ("fence", "code_block"):
            self._text(token.content.rstrip("\n"))
        elif kind == "blockquote_open":
            self._quotes += 1
        elif kind == "blockquote_close":
            self._quotes -= 1
        elif kind == "table_open":
            self._table = token.map
        elif kind == "table_close":
            (first, end), self._table = self._table or (0, 0), None
            self._text(self._stream.lines(first, end))
        elif kind == "html_block":
            self._text("")
        elif kind == "hr":
            self._end_about()
        elif self._quotes:
            return
        elif kind == "list_item_open":
            self._end_about()
            if self._at is not None and token.map:
                self._at(token.map[0], self._lines)
            above = self._bullets[-1] if self._bullets else None
            if above is not None and above.node is None:
                above = above.above
            self._bullets.append(_Bullet(token.map or [0, 0], token.info + token.markup, above))
        elif kind == "list_item_close":
            self._close(self._bullets.pop())

    def _words(self, token: Token) -> None:
        """Take the words of a paragraph or heading."""
        words = token.content.strip()
        bullet = self._bullets[-1] if self._bullets else None
        if self._quotes:
            self._text("\n".join(f"> {line}" for line in words.split("\n")))
        elif bullet is not None and not bullet.begun and self._block == "p":
            self._begin(bullet, words)
        elif bullet is None and self._block != "p":
            self._heading(int(self._block[1:]), words)
        else:
            self._text(words)

    # Headings

    def _heading(self, level: int, words: str) -> None:
        self._end_about()
        made = Node(Kind.CATEGORY, "", level=level)
        made.block = made.words = self._block_lines
        made.line = made.words[0] + 1 + self._skipped
        self.headings.append(Heading(made, ""))
        if level == 1 and not self._titled and not self._roots:
            self._titled = True
            return
        while self._headings and self._headings[-1][0] >= level:
            self._headings.pop()
        made.kind = (Kind.CATEGORY, Kind.SECTION, Kind.ITEM)[min(len(self._headings), 2)]
        self._name_node(made, _NUMBER.sub("", words, count=1) or "Untitled")
        horizon = _HORIZON.match(made.title)
        if not self._headings:
            self._list = "gaps" if _CRITICAL.search(made.title) else ""
        if horizon is not None:
            self._list = horizon[1].lower()
        elif self._list in list(Horizon):
            self._list = ""
        self.headings[-1].holds = self._list
        if not self._headings:
            self._roots.append(made)
        elif not self._list:
            self._headings[-1][1].children.append(made)
            if made.kind is Kind.ITEM:
                self._deep.append((self._headings[-1][1], made))
        self._headings.append((level, made))
        self._about = []

    def _end_about(self) -> None:
        if self._about:
            self._headings[-1][1].fields["description"] = text.block("\n\n".join(self._about))
        self._about = None

    def _name_node(self, node: Node, raw: str) -> titles.Title:
        found = titles.plain(raw, self._markdown, self._env)
        node.raw, node.title = raw, found.text
        node.links += found.links
        if "[" in node.title:
            self._bracketed.append(node)
        return found

    # Lists

    def _begin(self, bullet: _Bullet, words: str) -> None:
        """Take the first paragraph of a list item, which says what it is."""
        bullet.begun = True
        above = bullet.above
        box = BOX.match(words)
        if box is not None or (self._list and len(self._bullets) == 1):
            self._task(bullet, words, box)
        elif above is None or above.node is None:
            return
        elif label := _LABEL.match(words):
            name = label[1].lower().replace(" ", "_")
            above.node.fields[name] = text.flat(words[label.end() :])
            above.node.rows[name] = self._block_lines
        elif words == _RETIRED:
            return
        elif effort := _EFFORT.match(words):
            above.node.fields["effort"] = effort[1].upper()
        elif tied := _TIED.match(words):
            name = TIES[tied[1].lower()]
            title = titles.plain(tied[2], self._markdown, self._env).text
            lines = [above.node.fields.get(name, ""), f"{tied[3]} {title}"]
            above.node.fields[name] = "\n".join(filter(None, lines))
        elif _LINK.match(words):
            above.node.links += titles.plain(words, self._markdown, self._env).links
        elif words:
            self._remark(bullet, above, words)

    def _remark(self, bullet: _Bullet, above: _Bullet, words: str) -> None:
        """Take a plain bullet below a task: the text of a gap or step, a line of an item's."""
        assert above.node is not None
        if above.node.kind is not Kind.ITEM:
            above.texts.append(words)
            return
        depth = len(self._bullets) - 2 - self._bullets.index(above)
        lead = f"{'  ' * depth}{bullet.marker} "
        first, *rest = words.split("\n")
        above.texts.append(lead + first)
        above.texts += [" " * len(lead) + line for line in rest]

    def _task(self, bullet: _Bullet, words: str, box: re.Match[str] | None) -> None:
        made = Node(Kind.ITEM, "", block=bullet.lines, words=self._block_lines)
        made.line = bullet.lines[0] + 1 + self._skipped
        if box is not None:
            status = BOXES[box[1]]
            made.status = None if status is Status.TODO else status
            words = words[box.end() :]
        raw, described = _split(words)
        if not text.line(raw):
            return
        bullet.node = made
        elsewhere = self._name_node(made, raw).elsewhere
        bullet.texts = [part for part in (raw if elsewhere else "", described) if part]
        if bullet.above is not None and bullet.above.node is not None:
            bullet.above.node.children.append(made)
        elif self._list == "gaps":
            made.kind = Kind.GAP
            self._roots.append(made)
        elif self._list:
            made.kind, made.horizon = Kind.STEP, Horizon(self._list)
            self._roots.append(made)
        else:
            self._holder().children.append(made)

    def _holder(self) -> Node:
        if not self._headings:
            title = text.shortened(text.line(self._name), text.TITLE_MAX) or "Checklist"
            made = Node(Kind.CATEGORY, title, line=1, raw=title)
            self._roots.append(made)
            self._headings.append((99, made))
        return self._headings[-1][1]

    def _close(self, bullet: _Bullet) -> None:
        if bullet.node is None:
            return
        description = text.block("\n".join(bullet.texts))
        if description:
            bullet.node.fields["description"] = description

    # Text

    def _text(self, words: str) -> None:
        """Take a block that is text: of the task that it lies in, or of the heading above."""
        if not self._bullets:
            if self._about is not None and words and not _IMAGES.match(words):
                self._about.append(words)
            return
        bullet = self._bullets[-1]
        bullet.begun = True
        task = bullet if bullet.node is not None else bullet.above
        if task is not None and words:
            task.texts += ["", words] if task.texts else [words]


def _split(words: str) -> tuple[str, str]:
    """Split an item's text into its title, with its markup, and its description."""
    for lead in LEADS:
        match = lead.match(words)
        if match is not None:
            return match[1], text.block(words[match.end() :])
    first, _, rest = words.partition("\n")
    return first.strip(), text.block(rest)
