"""The entries of a document while it is read: nodes that hold each other, or packed in a fraction of the room."""

from __future__ import annotations

import marshal
import zlib
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, field
from typing import Any, Protocol, overload

from tracker_tui.domain.track import Resource
from tracker_tui.domain.words import Horizon, Kind, Status

Lines = list[int]
"""The first line and the one after the last, from 0, without the lines of the front matter."""

TIES = {"needs": "requires", "related": "related"}
"""The label of a line to the name of what it says."""


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
    """Of a step, and of what stands below a heading that names one."""
    line: int = 0
    """Where it stands in the document, from 1."""
    raw: str = ""
    """The title as the document has it, a piece of that line; with its markup."""
    links: list[Resource] = field(default_factory=list)
    """The web addresses in the title, and those that are a bullet below the item."""
    level: int = 0
    """Of a heading 1 to 6; 0 of a line in a list, one with a heading in it too."""
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


@dataclass(slots=True)
class Heading:
    """A heading of a document, whatever it is the heading of."""

    node: Node
    """The entry that it would be."""
    holds: str
    """What a list below it is made of: empty for items, `gaps`, or the name of a horizon."""
    title: bool = False
    """Whether it is the title of the document: no other heading lies in it."""


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


class _Records:
    """Records by number, compressed block by block: on the whole they take less room than their text.

    The block that was read last is kept as it is, so that records next to each other cost little.
    """

    def __init__(self) -> None:
        self._places = array("Q")
        """By number the block of a record, and where it begins in it; the newest of each."""
        self._blocks: list[bytes] = []
        self._last = bytearray()
        """The block that is not full yet."""
        self._read = (-1, memoryview(b""))
        """The number of the block that was read last, and what is in it."""

    def add(self) -> None:
        """Make room for one more, which is put later."""
        self._places.append(0)

    def put(self, number: int, record: tuple[Any, ...]) -> None:
        """Keep a record, instead of the one that there was of its number."""
        self._places[number] = len(self._blocks) << 32 | len(self._last)
        # It is read by the process that wrote it: nothing is faster or smaller.
        self._last += marshal.dumps(record)
        if len(self._last) >= _BLOCK:
            self._blocks.append(zlib.compress(self._last, 1))
            self._last = bytearray()

    def get(self, number: int) -> Any:
        """Return the record that was put last under a number."""
        place = self._places[number]
        block, begin = place >> 32, place & 0xFFFFFFFF
        if block == len(self._blocks):
            return marshal.loads(self._last[begin:])
        if block != self._read[0]:
            self._read = block, memoryview(zlib.decompress(self._blocks[block]))
        return marshal.loads(self._read[1][begin:])

    def keep(self, numbers: Iterable[int]) -> None:
        """Let all but these go, and number them in this order from 0."""
        self._places = array("Q", [self._places[number] for number in numbers])


class Listing:
    """The entries of a document in its order, packed: in a twentieth of the room that nodes take.

    Looking at one makes a new node, without its children and without its lines.
    """

    def __init__(self) -> None:
        self.above = array("l")
        """By number the number of what an entry lies in, which is lower; -1 of what lies in nothing."""
        self.spans: dict[Horizon, tuple[str, str]] = {}
        """The words of the horizons' headings: title and span."""
        self.passed: list[str] = []
        """In words: what stands amid gaps and steps, and has no place in a track."""
        self._records = _Records()
        self._below = array("L")
        """How many lie directly in each."""
        self._optional = array("L")
        self._bracketed = array("L")
        """Those whose title may be a link that is defined further down."""

    def __len__(self) -> int:
        return len(self.above)

    def __getitem__(self, number: int) -> Node:
        kind, title, raw, status, horizon, line, fields, links = self._records.get(number)
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

    def titles(self, numbers: Sequence[int]) -> Sequence[str]:
        """Return the titles of some entries, read anew whenever one is looked at."""
        return _Titles(self, numbers)

    def begin(self, node: Node, above: Node | None, *, optional: bool) -> None:
        """Take an entry."""
        node.number = len(self.above)
        self.above.append(-1 if above is None else above.number)
        self._records.add()
        self._below.append(0)
        if above is not None:
            self._below[above.number] += 1
        if optional:
            self._optional.append(node.number)

    def end(self, node: Node) -> None:
        """Take the rest of what is said of it."""
        if node.number < 0:
            return
        if "[" in node.title:
            self._bracketed.append(node.number)
        self._put(node)

    def _put(self, node: Node) -> None:
        self._records.put(
            node.number,
            (
                _KINDS.index(node.kind),
                node.title,
                None if node.raw == node.title else node.raw,
                _STATUSES.index(node.status),
                _HORIZONS.index(node.horizon),
                node.line,
                node.fields,
                [tuple(link) for link in node.links],
            ),
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
        above = self.above
        self.above, now = array("l"), array("l")
        for number, over in enumerate(above):
            now.append(len(self.above))
            if number not in gone:
                self.above.append(over if over < 0 else now[over])
        self._records.keep(number for number in range(len(above)) if number not in gone)


class _Titles(Sequence[str]):
    """The titles of some entries of a listing, read anew whenever one is looked at.

    It is equal to any sequence of the same titles.
    """

    def __init__(self, listing: Listing, numbers: Sequence[int]) -> None:
        self._listing = listing
        self._numbers = numbers

    def __len__(self) -> int:
        return len(self._numbers)

    @overload
    def __getitem__(self, place: int) -> str: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[str]: ...
    def __getitem__(self, place: int | slice) -> str | Sequence[str]:
        if isinstance(place, slice):
            return _Titles(self._listing, self._numbers[place])
        return self._listing[self._numbers[place]].title

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]


_BLOCK = 32 * 1024
"""How many bytes of records are compressed together."""
_KINDS = tuple(Kind)
_STATUSES = (None, *Status)
_HORIZONS = (None, *Horizon)


class Tree:
    """The entries of a document as nodes that hold each other."""

    def __init__(self) -> None:
        self.roots: list[Node] = []
        self.headings: list[Heading] = []
        self._optional: list[tuple[Node, list[Node]]] = []
        """Each with what lies where it does."""
        self._bracketed: list[Node] = []

    def begin(self, node: Node, above: Node | None, *, optional: bool) -> None:
        """Take an entry."""
        siblings = self.roots if above is None else above.children
        siblings.append(node)
        if optional:
            self._optional.append((node, siblings))
        if not node.level:
            self._look(node)

    def end(self, node: Node) -> None:
        """Nothing: a node has it."""

    def heading(self, heading: Heading) -> None:
        """Take any heading."""
        self.headings.append(heading)
        self._look(heading.node)

    def _look(self, node: Node) -> None:
        if "[" in node.title:
            self._bracketed.append(node)

    def finish(self, rename: Callable[[Node], None] | None) -> None:
        """Let those go that are none; name again what has to be."""
        gone = set()
        for node, _ in reversed(self._optional):
            if all(id(child) in gone for child in node.children):
                gone.add(id(node))
        for siblings in {id(siblings): siblings for _, siblings in self._optional}.values():
            siblings[:] = [node for node in siblings if id(node) not in gone]
        if rename is not None:
            for node in self._bracketed:
                rename(node)
