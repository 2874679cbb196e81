"""The text that comes of what was put in order: the blocks and the new lines, one behind the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from tracker_tui.exchange.mirror import lines
from tracker_tui.exchange.mirror.lines import Block
from tracker_tui.exchange.mirror.saying import indented
from tracker_tui.exchange.mirror.style import Piece
from tracker_tui.exchange.mirror.ties import Tie

if TYPE_CHECKING:
    from tracker_tui.exchange.mirror.shape import Shape

_LINE = 1_000
"""How much of a text is looked at for its last line."""


class Writer:
    """Writes the blocks of a file as a shape has arranged them."""

    def __init__(self, shape: Shape) -> None:
        self.shape = shape
        self.sheet = shape.sheet

    def write(self, block: Block, parts: list[str], order: list[Tie]) -> int:
        """Write a block as it should be; return up to where the text is dealt with."""
        source = self.sheet.text
        at = block.start
        if id(block) in self.shape.leaving.staying:
            tie = self.shape.out.ties[block.line]
            order.append(replace(tie, id="", said=None, was=tie.id))
        elif block.line >= 0:
            order.append(self.shape.out.ties[block.line])
        elif block is self.sheet.root:
            order += [
                tie
                for number, tie in enumerate(self.shape.out.ties)
                if tie.line.level < 0 and number not in self.shape.going
            ]
        below = self.shape.under.get(id(block), [])
        for child in block.children:
            if below and child.start >= block.own_end:
                parts.append(source[at : block.own_end])
                at = max(at, block.own_end)
                self._insert(below, parts, order)
                below = []
            parts.append(source[at : child.start])
            for piece in self.shape.ahead.get(id(child), ()):
                self._put(piece, parts, order)
                parts.append(piece.gap)
            if id(child) in self.shape.lifted:
                at = self._without(child)
                self.shape.leaving.cuts[child.line] = len(parts), source[child.start : at]
            else:
                self.shape.leaving.cuts[child.line] = len(parts), ""
                at = self.write(child, parts, order)
            self._insert(self.shape.behind.get(id(child), ()), parts, order)
        if below:
            parts.append(source[at : block.own_end])
            at = max(at, block.own_end)
            self._insert(below, parts, order)
        parts.append(source[at : block.end])
        self._insert(self.shape.within.get(id(block), ()), parts, order)
        return max(at, block.end)

    def _without(self, child: Block) -> int:
        """Leave out a block, and with it what kept it apart from the next one."""
        source = self.sheet.text
        gap = lines.padding(source, child.start)
        if gap and source.startswith(gap, child.end):
            return child.end + len(gap)
        return child.end

    def _insert(self, pieces: Sequence[Piece], parts: list[str], order: list[Tie]) -> None:
        for piece in pieces:
            eol = self.sheet.eol
            before = _last_line(parts)
            ended = before is None or before.endswith(("\n", "\r")) or before in ("", "\ufeff")
            if not ended:
                parts.append(eol)
            words = before.strip("\ufeff \t\r\n") if piece.apart and before is not None else ""
            if words and not words.startswith("#"):
                parts.append(eol)
            parts.append(piece.gap)
            self._put(piece, parts, order)

    def _put(self, piece: Piece, parts: list[str], order: list[Tie]) -> None:
        inner: list[str] = []
        if piece.block is not None:
            self.write(piece.block, inner, order)
        else:
            inner.append(piece.words)
            order += piece.ties
            for below in piece.below:
                self._insert([below], inner, order)
        made = "".join(inner)
        if piece.indent != piece.was:
            made = indented(made, piece.was, piece.indent)
        if made and not made.endswith(("\n", "\r")):
            made += self.sheet.eol
        parts.append(made)


def _last_line(parts: Sequence[str]) -> str | None:
    """The last line of what was written so far, None at the beginning."""
    made = ""
    for part in reversed(parts):
        made = part[-_LINE:] + made
        found = lines.split(made)
        if len(found) > 1 or len(part) > _LINE:
            return found[-1]
    return made or None
