"""A Markdown document block by block, however long it is: no list of tokens is ever made.

The parser is markdown-it-py's. Half a million tokens would take a hundred times the room of their
text, so each is handed on and forgotten.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable
from functools import cache
from typing import Literal

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.token import Token
from markdown_it.utils import EnvType

NESTING_MAX = 250
"""How deep blocks may lie within each other, where a list counts twice; what lies deeper is not seen."""


@cache
def parser() -> MarkdownIt:
    """Return the parser: CommonMark, and tables."""
    return MarkdownIt("commonmark", {"maxNesting": NESTING_MAX}).enable("table")


class Stream(StateBlock):
    """Hands the tokens of a document's blocks to `take`, in order; the text within is not parsed.

    Afterwards `env` has the link definitions of the document.
    """

    def __init__(
        self, markdown: MarkdownIt, source: str, env: EnvType, take: Callable[[Token], None]
    ) -> None:
        super().__init__(source, markdown, env, [])
        # Five numbers for each line: as lists they take twice the room of the text.
        for name in ("bMarks", "eMarks", "tShift", "sCount", "bsCount"):
            setattr(self, name, array("i", getattr(self, name)))
        self._take = take
        self._last: Token | None = None
        self.indent = 0
        """How far what lies where the token that is handed on begins is indented."""
        self._indent = 0

    def run(self) -> None:
        """Go through the document."""
        self.md.block.tokenize(self, self.line, self.lineMax)
        self._hand_on()

    def push(self, ttype: str, tag: str, nesting: Literal[-1, 0, 1]) -> Token:
        """Begin a token. The parser fills it in until it begins the next one."""
        token = super().push(ttype, tag, nesting)
        self.tokens.clear()
        self._hand_on()
        self._last, self._indent = token, self.blkIndent
        return token

    def _hand_on(self) -> None:
        last, self._last = self._last, None
        self.indent = self._indent
        if last is not None:
            self._take(last)

    def lines(self, first: int, end: int) -> str:
        """Return some lines of the document, counted from 0, without their indentation."""
        return "\n".join(
            self.src[self.bMarks[line] : self.eMarks[line]].strip() for line in range(first, end)
        )

    def source(self, lines: tuple[int, int], indent: int) -> str:
        """Return some lines of the document, counted from 0, without what indents all of them."""
        first, end = lines
        first_line = self.getLines(first, first + 1, indent, keepLastLF=False)
        indent += len(first_line) - len(first_line.lstrip())
        return self.getLines(first, end, indent, keepLastLF=False).rstrip()


def fenced(token: Token) -> str:
    """Return a block of code as Markdown: in a fence that nothing in it ends."""
    content = token.content.removesuffix("\n")
    mark = token.markup or "```"
    while any(line.lstrip().startswith(mark) for line in content.split("\n")):
        mark += mark[0]
    return "\n".join((f"{mark}{token.info.rstrip()}", *([content] if content else []), mark))
