"""What goes from a file because its entry was deleted, what of it stays, and what is kept of it."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import replace
from itertools import accumulate
from typing import TYPE_CHECKING

from tracker_tui.domain import text as texts
from tracker_tui.exchange.mirror import lines
from tracker_tui.exchange.mirror.lines import Block
from tracker_tui.exchange.mirror.standing import put_back
from tracker_tui.exchange.mirror.ties import Gone

if TYPE_CHECKING:
    from tracker_tui.exchange.mirror.shape import Shape

_UNDERLINE = re.compile(r" {0,3}(?:=+|-+)[ \t]*\s*\Z")


class Leaving:
    """The lines of what was deleted: list items go whole, headings only if no text is below them."""

    def __init__(self, shape: Shape) -> None:
        self.shape = shape
        self.staying: dict[int, int] = {}
        """By the identity of its block the heading of something deleted that stays, as text."""
        self.cuts: dict[int, tuple[int, str]] = {}
        """Of each line behind how many of the parts that are written it stands, or stood; and what was
        taken out of the text there."""

    def take_headings_out(self) -> None:
        """Take the headings of what was deleted out, but those with text of the user's own below."""
        headings: set[int] = set()
        for number in sorted(self.shape.going):
            block = self.shape.blocks.get(number)
            if block is None or not self.shape.sheet.lines[number].heading:
                continue
            # What moved away from here to where the file has nothing goes too; but not the steps of
            # a path whose heading this is, and other things that lie in no entry, nor what is in a
            # block that moved within the file.
            below = {number}
            for n in self._inside(block):
                if n != number and self.shape.sheet.lines[n].parent not in below:
                    continue
                if id(self.shape.blocks[n]) in self.shape.lifted:
                    continue
                below.add(n)
                if self.shape.sheet.lines[n].heading and self.shape.out.ties[n].id:
                    headings.add(n)
                elif self.shape.out.ties[n].id:
                    self.shape.lifted.add(id(self.shape.blocks[n]))
        for number in sorted(headings, reverse=True):
            block = self.shape.blocks[number]
            if id(block) in self.shape.lifted:
                continue
            if lines.padded(_rest(self.shape.sheet.text, block, self.shape.lifted)):
                self.shape.lifted.add(id(block))
            else:
                self.staying[id(block)] = number

    def keep(self) -> None:
        """Keep the lines of what was deleted, for the day on which it comes back."""
        staying = set(self.staying.values())
        for number in sorted(self.shape.going | staying):
            tie, line = self.shape.out.ties[number], self.shape.sheet.lines[number]
            left = number in staying or number not in self.shape.blocks
            gone = Gone(replace(tie, line=line), left=left)
            above = line.parent
            outermost = (
                above not in self.shape.going or above in staying or above not in self.shape.blocks
            )
            if outermost and not left:
                block = self.shape.blocks[number]
                inner = self._inside(block)
                if all(n in self.shape.going or not self.shape.out.ties[n].id for n in inner):
                    gone.text = self.shape.sheet.text[block.start : block.end]
                    gone.inner = [self.shape.out.ties[n].id for n in inner]
                    gone.others = [
                        self.shape.out.ties[n] for n in inner if not self.shape.out.ties[n].id
                    ]
            self.shape.out.gone[tie.id] = gone
            if tie.said is not None:
                self.shape.out.removed.append(tie.line.title)
            if number in staying:
                name = texts.shortened(texts.shown(line.title), 60)
                what = "was deleted" if number in self.shape.going else "lies elsewhere now"
                self.shape.out.told.append(
                    f"“{name}” {what}; its heading stays in the file, for the text below it"
                )

    def keep_places(self, parts: Sequence[str], made: str, hidden: set[int]) -> None:
        """Keep where in the new text what was taken out stood, if that is all that is new in it."""
        if not (self.shape.going or hidden or self.staying):
            return
        ends = [0, *accumulate(map(len, parts))]
        kept: dict[int, Gone] = {}
        missing = "".join(parts)[len(made) :]  # the end of the last line
        for number in sorted(self.shape.going | hidden | set(self.staying.values())):
            place, cut = self.cuts.get(number, (-1, ""))
            gone = self.shape.out.gone[self.shape.out.ties[number].id]
            if gone.text or gone.left:
                kept[number] = gone
                if place < 0:
                    continue  # the category that stands for the file
                if ends[place] > len(made) and gone.text:
                    cut, missing = missing + cut, ""
                gone.place, gone.cut = min(ends[place], len(made)), cut if gone.text else ""
        if put_back(made, kept.values()) == self.shape.sheet.text:
            mark = lines.digest(made)
            for gone in kept.values():
                gone.after = mark

    def _inside(self, block: Block) -> list[int]:
        found, waiting = [], [block]
        while waiting:
            at = waiting.pop()
            if at.line >= 0:
                found.append(at.line)
            waiting += reversed(at.children)
        return found


def _rest(text: str, block: Block, lifted: Collection[int]) -> str:
    """Return what stands below the heading of a block, without the blocks that are `lifted`."""
    at = lines.line_behind(text, block.start)
    if not text[block.start : at].lstrip("\ufeff ").startswith("#"):
        while at < block.end:
            first, at = at, lines.line_behind(text, at)
            if _UNDERLINE.match(text[first:at]):
                break
    parts = []
    for child in block.children:
        parts.append(text[at : child.start])
        if id(child) not in lifted:
            parts.append(text[child.start : child.end])
        at = child.end
    return "".join((*parts, text[at : block.end]))
