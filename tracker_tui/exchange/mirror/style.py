"""How new lines of a file look: like their neighbours."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tracker_tui.domain import plan, text
from tracker_tui.domain.track import Entry
from tracker_tui.domain.words import Kind, Status
from tracker_tui.exchange.markdown import BOX
from tracker_tui.exchange.mirror import lines
from tracker_tui.exchange.mirror.lines import Block, Line
from tracker_tui.exchange.mirror.saying import heading_words, reads_as, wordings
from tracker_tui.exchange.mirror.ties import Tie, said_of
from tracker_tui.exchange.mirror.track import horizon_of

if TYPE_CHECKING:
    from tracker_tui.exchange.mirror.shape import Shape

DEEPEST = 6
"""The level of the smallest heading."""
_COUNTED = re.compile(r"(\d{1,9})([.)][ \t]+)")
_NUMBERED = re.compile(r"\ufeff? {0,3}#{1,6}[ \t]+(\d{1,3})([.)]\s+)")
_APART = re.compile(r"(?:\s|[-*_])*\Z")
_BLANK = re.compile(r"[ \t]*(?:\r\n|\r|\n)")


@dataclass
class Piece:
    """Something that is put into the text: a block of it from elsewhere, or new lines."""

    block: Block | None = None
    words: str = ""
    ties: list[Tie] = field(default_factory=list)
    below: list[Piece] = field(default_factory=list)
    was: str = ""
    """The indentation that its first line has."""
    indent: str = ""
    """The one that it gets."""
    heading: bool = False
    gap: str = ""
    """What keeps it apart from what is before it."""
    apart: bool = False
    """Whether it wants an empty line before it, if a paragraph is there."""


class Style:
    """How the neighbours are written: what is put between them should look like them."""

    def __init__(self, shape: Shape, spot: str, near: Sequence[int]) -> None:
        self.shape = shape
        self.sheet = shape.sheet
        self.eol = shape.sheet.eol
        self.spot = spot
        self.near = near
        self._made: defaultdict[int | None, int] = defaultdict(int)
        """How many numbers were given out behind a line."""

    def like(self, behind: int | None) -> tuple[str, str, bool]:
        """Return the indentation, the marker, and whether a line without anything said has a box.

        It is that of the line it comes behind; of the first one, if it comes before all.
        """
        tasks = [n for n in self.near if not self.sheet.lines[n].heading]
        if tasks:
            line = self.sheet.lines[behind if behind in tasks else tasks[0]]
            indent, marker = lines.marker(self.sheet.text, line)
            boxed = line.box >= 0 or line.holds
            return _within(indent) if behind in tasks else indent, marker, boxed
        number = self.shape.place.get(self.spot, -1)
        above = self.sheet.lines[number] if 0 <= number < len(self.sheet.lines) else None
        if above is not None and not above.heading and above.level == 0:
            indent, marker = lines.marker(self.sheet.text, above)
            inner = "\t" if self._by_tabs() else " " * len(marker)
            return _within(indent) + inner, self._bullet(above), True
        if horizon_of(self.spot) or self.spot == f"@{Kind.GAP}":
            return "", "1. ", not horizon_of(self.spot)
        return "", self._bullet(above), True

    def _by_tabs(self) -> bool:
        return any(
            self.sheet.text.startswith("\t", line.start)
            for line in self.sheet.lines
            if line.level == 0
        )

    def _bullet(self, near: Line | None) -> str:
        """The marker of the nearest list before, a number counted from one."""
        found = "- "
        for line in self.sheet.lines:
            if near is not None and line.start > near.start and found != "- ":
                break
            if line.level == 0 and line.kind is Kind.ITEM:
                found = lines.marker(self.sheet.text, line)[1] or found
                if near is None or line.start >= near.start:
                    break
        return _COUNTED.sub(r"1\2", found)

    def gap_behind(self, number: int) -> str:
        """What stands between two neighbours, as far as it only keeps them apart."""
        blocks = self.shape.blocks
        place = self.near.index(number)
        for one, other in ((place - 1, place), (place, place + 1)):
            if one >= 0 and other < len(self.near):
                a, b = blocks[self.near[one]], blocks[self.near[other]]
                if self.shape.above[id(a)] is self.shape.above[id(b)]:
                    between = self.sheet.text[a.end : b.start]
                    if _APART.match(between):
                        return between
        return self.eol if self.sheet.lines[number].heading else ""

    # New lines

    def render(self, entry: Entry, behind: int | None) -> Piece | None:
        """Return the lines of a new entry with all below it; None if they cannot be said here."""
        if entry.kind in (Kind.CATEGORY, Kind.SECTION):
            return self._heading(entry, behind)
        indent, marker, boxed = self.like(behind)
        counted = _COUNTED.match(marker)
        if counted is not None:
            before = self._number(behind)
            self._made[behind] += 1
            marker = f"{before + self._made[behind]}{counted[2]}"
        return self._task(entry, indent, marker, boxed=boxed)

    def _number(self, behind: int | None) -> int:
        if behind is None:
            return 0
        found = _COUNTED.match(lines.marker(self.sheet.text, self.sheet.lines[behind])[1])
        return int(found[1]) if found else 0

    def _task(self, entry: Entry, indent: str, marker: str, *, boxed: bool) -> Piece | None:
        said = said_of(entry)
        box = f"[{BOX[said.status]}] " if boxed or said.status is not Status.TODO else ""
        rest = " " * len(marker)
        for words in wordings(entry, rest):
            snippet = f"{marker}{box}{words}"
            if reads_as(snippet, entry, said, self.spot):
                break
        else:
            self.shape.out.outside.add(entry.id)
            self.shape.out.told.append(
                f"{plan.quoted(entry)} cannot be said in a line of Markdown; it is not in the file"
            )
            return None
        self.shape.out.new.append(entry.title)
        made = self.eol.join(f"{indent}{line}" if line else "" for line in snippet.split("\n"))
        line = Line(entry.kind, said.title, -1, entry.horizon)
        piece = Piece(words=made + self.eol, ties=[Tie(entry.id, line, said)])
        bullet = "- " if _COUNTED.match(marker) else marker
        self._fill(entry, piece, indent + ("\t" if self._by_tabs() else rest), bullet)
        return piece

    def _fill(self, entry: Entry, piece: Piece, indent: str, bullet: str) -> None:
        """Put what lies below a new task below its lines."""
        for child in self.shape.track.below.get(entry.id, ()):
            made = self._child(child, indent, bullet)
            if made is not None:
                piece.below.append(made)

    def _child(self, entry: Entry, indent: str, marker: str) -> Piece | None:
        """What lies below something new: lines that are moved there, or new ones."""
        shape = self.shape
        number = shape.place.get(entry.id)
        if number is not None:
            movable = number in shape.blocks and not shape.sheet.lines[number].heading
            return self._lifted(number, indent) if movable else None
        if entry.id in shape.out.outside:
            return None
        return self._task(entry, indent, marker, boxed=True)

    def _lifted(self, number: int, indent: str) -> Piece:
        """Lines that go into something new: they are where the track has them then."""
        self.shape.settled.add(number)
        return self.shape.lift(number, indent)

    def _heading(self, entry: Entry, behind: int | None) -> Piece | None:
        sheet, shape = self.sheet, self.shape
        near = [n for n in self.near if sheet.lines[n].heading]
        model = behind if behind is not None else near[0] if near else None
        above = shape.place.get(self.spot, -1)
        level, number = 2, ""
        if model is not None:
            level = sheet.lines[model].level
            found = _NUMBERED.match(sheet.text, sheet.lines[model].start)
            if found is not None:
                self._made[behind] += 1
                number = f"{int(found[1]) + self._made[behind]}{found[2]}"
        elif above >= 0:
            level = sheet.lines[above].level + 1 if sheet.lines[above].heading else 0
        return self._branch(entry, level, number, loose=self._loose(model))

    def _branch(self, entry: Entry, level: int, number: str, *, loose: bool) -> Piece | None:
        """The heading of a new category or section with all below it."""
        out = self.shape.out
        title = text.line(entry.title)
        words = heading_words(f"{'#' * level} {number}", entry, title)
        if not 1 <= level <= DEEPEST or words is None:
            out.outside.add(entry.id)
            out.told.append(
                f"{plan.quoted(entry)} cannot be a heading in the file; it is not in it"
            )
            return None
        out.new.append(entry.title)
        tie = Tie(entry.id, Line(entry.kind, title, -1, None, level), said_of(entry))
        piece = Piece(words=words + self.eol, ties=[tie], heading=True)
        below = self.shape.track.below.get(entry.id, ())
        bullet = self._bullet(None)
        for child in [e for e in below if e.kind is Kind.ITEM]:
            made = self._child(child, "", bullet)
            if made is not None:
                made.gap = self.eol if loose and not piece.below else ""
                piece.below.append(made)
        for child in [e for e in below if e.kind is Kind.SECTION]:
            made = self._section(child, level + 1, loose=loose)
            if made is not None:
                made.gap = self.eol
                piece.below.append(made)
        return piece

    def _section(self, entry: Entry, level: int, *, loose: bool) -> Piece | None:
        shape = self.shape
        at = shape.place.get(entry.id)
        if at is not None:
            return self._lifted(at, "") if at in shape.blocks else None
        if entry.id in shape.out.outside:
            return None
        return self._branch(entry, level, "", loose=loose)

    def _loose(self, model: int | None) -> bool:
        """Whether an empty line follows a heading."""
        if model is None:
            return True
        line = self.sheet.lines[model]
        first = lines.line_behind(self.sheet.text, line.start)
        return _BLANK.match(self.sheet.text, first) is not None


def _within(indent: str) -> str:
    """The indentation behind a line that begins several lists at once: theirs go on there."""
    return re.sub(r"\S", " ", indent)
