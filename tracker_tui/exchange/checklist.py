"""A checklist document in Markdown, read: headings become categories and sections, tasks items.

Parsing is markdown-it-py's. What is no task (paragraphs, fenced code, comments, tables, bullets
without a box) is text: that of the item or the heading that it stands below, else passed over.
"""

from __future__ import annotations

import marshal
import re
from array import array
from collections.abc import Callable, Iterator, Set
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

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
    number: int = -1
    """Its place in a `Listing`, from 0; -1 where it is in none."""

    @property
    def texts(self) -> dict[str, str]:
        """Those fields that are texts of the entry."""
        return {name: words for name, words in self.fields.items() if name not in TIES.values()}

    @property
    def ties(self) -> dict[str, str]:
        """The fields that name other entries."""
        return {name: words for name, words in self.fields.items() if name in TIES.values()}


class Kept(Protocol):
    """What a document's entries are kept in while it is read."""

    def begin(self, node: Node, above: Node | None, *, optional: bool) -> None:
        """Take an entry, with its title, in the order of the document; one is begun after what it lies in.

        One that is `optional` is none if nothing lies in it in the end.
        """

    def end(self, node: Node) -> None:
        """Take what else there was to say of an entry that was begun, or of a heading that is none."""

    def heading(self, heading: Heading) -> None:
        """Take any heading, in the order of the document."""

    def finish(self, rename: Callable[[Node], None] | None) -> None:
        """Have those with a bracket in their title named again, if links were defined at all."""


class Listing:
    """The entries of a document in its order, packed: in a tenth of the room that nodes take.

    Looking at one makes a new node, without its children and without its lines.
    """

    def __init__(self) -> None:
        self.above = array("l")
        """By number the number of what an entry lies in, which is lower; -1 of what lies in nothing."""
        self._packed: list[bytes] = []
        self._below = array("L")
        """How many lie directly in each."""
        self._optional = array("L")
        self._bracketed = array("L")
        """Those whose title may be a link that is defined further down."""

    def __len__(self) -> int:
        return len(self.above)

    def __getitem__(self, number: int) -> Node:
        kind, title, raw, status, horizon, line, fields, links = marshal.loads(self._packed[number])
        return Node(
            _KINDS[kind],
            title,
            _STATUSES[status],
            fields,
            horizon=_HORIZONS[horizon],
            line=line,
            raw=title if raw is None else raw,
            links=[Resource(*link) for link in links],
            number=number,
        )

    def __iter__(self) -> Iterator[Node]:
        return map(self.__getitem__, range(len(self)))

    def begin(self, node: Node, above: Node | None, *, optional: bool) -> None:
        """Take an entry."""
        if above is not None and above.number < 0:
            return  # It lies in a heading that is none.
        node.number = len(self.above)
        self.above.append(-1 if above is None else above.number)
        self._packed.append(b"")
        self._below.append(0)
        if above is not None:
            self._below[above.number] += 1
        if optional or node.kind is Kind.CATEGORY:
            self._optional.append(node.number)

    def end(self, node: Node) -> None:
        """Take the rest of what is said of it."""
        if node.number < 0:
            return
        if "[" in node.title:
            self._bracketed.append(node.number)
        self._put(node)

    def _put(self, node: Node) -> None:
        # It is read by the process that wrote it: nothing is faster or smaller.
        self._packed[node.number] = marshal.dumps(
            (
                _KINDS.index(node.kind),
                node.title,
                None if node.raw == node.title else node.raw,
                _STATUSES.index(node.status),
                _HORIZONS.index(node.horizon),
                node.line,
                node.fields,
                [tuple(link) for link in node.links],
            )
        )

    def heading(self, heading: Heading) -> None:
        """Headings that are no entries are nothing here."""

    def finish(self, rename: Callable[[Node], None] | None) -> None:
        """Name again what has to be; let those go that are none."""
        if rename is not None:
            for number in self._bracketed:
                node = self[number]
                rename(node)
                self._put(node)
        gone = set()
        for number in reversed(self._optional):
            if not self._below[number]:
                gone.add(number)
                if self.above[number] >= 0:
                    self._below[self.above[number]] -= 1
        if gone:
            self._without(gone)
        del self._below, self._optional, self._bracketed

    def _without(self, gone: Set[int]) -> None:
        """Let some go that nothing lies in, and number the others anew."""
        above, packed = self.above, self._packed
        self.above, self._packed = array("l"), []
        now = array("l")
        for number, over in enumerate(above):
            now.append(len(self.above))
            if number not in gone:
                self.above.append(over if over < 0 else now[over])
                self._packed.append(packed[number])


_KINDS = tuple(Kind)
_STATUSES = (None, *Status)
_HORIZONS = (None, *Horizon)


class _Tree:
    """The entries of a document as nodes that hold each other."""

    def __init__(self) -> None:
        self.roots: list[Node] = []
        self.headings: list[Heading] = []
        self._optional: list[tuple[Node, list[Node]]] = []
        """Each with what lies where it does."""
        self._bracketed: list[Node] = []

    def begin(self, node: Node, above: Node | None, *, optional: bool) -> None:
        siblings = self.roots if above is None else above.children
        siblings.append(node)
        if optional:
            self._optional.append((node, siblings))
        if not node.level:
            self._look(node)

    def end(self, node: Node) -> None:
        pass

    def heading(self, heading: Heading) -> None:
        self.headings.append(heading)
        self._look(heading.node)

    def _look(self, node: Node) -> None:
        if "[" in node.title:
            self._bracketed.append(node)

    def finish(self, rename: Callable[[Node], None] | None) -> None:
        for node, siblings in reversed(self._optional):
            if not node.children:
                siblings.remove(node)
        if rename is not None:
            for node in self._bracketed:
                rename(node)


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


def read(document: str, name: str, at: At | None = None) -> Listing:
    """Return the categories, gaps and steps of a document and all below them; `name` is what errors call it.

    Items before the first heading lie in a category that is called like the file. `at` is told how
    many lines of how many are read, every now and then.

    Raises:
        TrackerError: if there is no task in it, or too much.
    """
    found = Listing()
    _read(document, name, found, at)
    if not found:
        raise TrackerError(
            f"there is no task list in {name}", "an item is a line such as: - [ ] title"
        )
    return found


def reading(document: str, name: str) -> Reading:
    """Read a document as `read` does, with the place of everything in it.

    Raises:
        TrackerError: if there is too much in it.
    """
    tree = _Tree()
    skipped = _read(document, name, tree)
    return Reading(tree.roots, tree.headings, skipped)


def _read(document: str, name: str, into: Kept, at: At | None = None) -> int:
    if document.count("\n") > LINES_MAX:
        raise TrackerError(f"{name} has more than {LINES_MAX:,} lines", "split it")
    body, skipped = _without_front_matter(document)
    _Reader(name, body, skipped, into, at).read()
    return skipped


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

    def __init__(self, name: str, source: str, skipped: int, into: Kept, at: At | None) -> None:
        from tracker_tui.exchange import blocks  # 60 ms: markdown-it-py

        self._markdown = blocks.parser()
        self._env: EnvType = {}
        self._stream = blocks.Stream(self._markdown, source, self._env, self._take)
        self._name = name
        self._into = into
        self._at = at
        self._lines = source.count("\n") + 1
        self._skipped = skipped
        """Lines before the first one of `source`."""
        self._begun = False
        """Whether an entry was there."""
        self._headings: list[tuple[int, Node]] = []
        """Headings that are open, each with its level."""
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

    def read(self) -> None:
        self._stream.run()
        del self._stream  # It holds the text and this one's method: a circle that would stay.
        self._end_about()
        self._into.finish(self._rename if self._env.get("references") else None)

    def _rename(self, node: Node) -> None:
        """Name an entry whose title may be a link that is defined further down."""
        node.links.clear()
        self._name_node(node, node.raw)

    def _put(self, node: Node, above: Node | None, *, optional: bool = False) -> None:
        self._begun = True
        self._into.begin(node, above, optional=optional)

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
        if level == 1 and not self._titled and not self._begun:
            self._titled = True
            self._into.heading(Heading(made, ""))
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
        self._into.heading(Heading(made, self._list))
        if not self._headings:
            self._put(made, None)
        elif not self._list:
            # One that would be an item and holds none is no task.
            self._put(made, self._headings[-1][1], optional=made.kind is Kind.ITEM)
        self._headings.append((level, made))
        self._about = []

    def _end_about(self) -> None:
        if self._about is None:
            return
        _, heading = self._headings[-1]
        if self._about:
            heading.fields["description"] = text.block("\n\n".join(self._about))
        self._about = None
        self._into.end(heading)

    def _name_node(self, node: Node, raw: str) -> titles.Title:
        found = titles.plain(raw, self._markdown, self._env)
        node.raw, node.title = raw, found.text
        node.links += found.links
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
            self._put(made, bullet.above.node)
        elif self._list == "gaps":
            made.kind = Kind.GAP
            self._put(made, None)
        elif self._list:
            made.kind, made.horizon = Kind.STEP, Horizon(self._list)
            self._put(made, None)
        else:
            self._put(made, self._holder())

    def _holder(self) -> Node:
        if not self._headings:
            title = text.shortened(text.line(self._name), text.TITLE_MAX) or "Checklist"
            made = Node(Kind.CATEGORY, title, line=1, raw=title)
            self._put(made, None)
            self._into.end(made)
            self._headings.append((99, made))
        return self._headings[-1][1]

    def _close(self, bullet: _Bullet) -> None:
        if bullet.node is None:
            return
        description = text.block("\n".join(bullet.texts))
        if description:
            bullet.node.fields["description"] = description
        self._into.end(bullet.node)

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
