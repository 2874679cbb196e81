"""Text for a terminal or a pipe: no control character of the data's, no line wider than it fits.

All that commands say goes through here, `Output.line` or `tell`: whatever is in a title, a note or the
name of a file, nothing comes out that a terminal obeys but our own colours.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from typing import NamedTuple, TextIO

from tracker_tui.domain.text import harmless, shown, shown_block
from tracker_tui.domain.today import Due
from tracker_tui.domain.track import Detail, Entry, Found, Link, pieces
from tracker_tui.domain.width import Pieces, cells, cut, fit, wrapped
from tracker_tui.domain.words import STATUS_SIGNS, Kind, Status

_COLOURS = {
    "learning": "33",
    "learned": "32",
    "skipped": "2",
    "head": "1",
    "faint": "2",
    "match": "1;33",
    "label": "2",
    "bar": "32",
}


LABEL = 12
"""Width of a column of labels."""
DATED = 14
"""Width of a day before what happened on it."""
LEAST = 4
"""How many cells a title has at least."""
READABLE = 20
"""How many cells of a title make it readable: for less an id goes to a line of its own."""
ROOM = 48
"""How wide a list is at least before its ids get a column."""

EMPTY = "there is nothing in the track yet: tracker add TITLE, or tracker import FILE"
"""What is said where a list would be."""


class Row(NamedTuple):
    """A line of a list. Where the terminal is too narrow, the body is cut."""

    lead: Pieces
    body: Pieces
    tail: Pieces = ()
    id: str = ""
    """In a column of its own at the right."""


def colours(*, terminal: bool) -> bool:
    """Whether to write colours: on a terminal; NO_COLOR says never, else FORCE_COLOR always."""
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR", "0") not in ("", "0"):
        return True
    return terminal and os.environ.get("TERM") != "dumb"


def tell(text: str = "") -> None:
    """Write one line on standard error; on a terminal, what is wider goes on below."""
    text = shown(text)
    if sys.stderr.isatty():
        text = broken(text, columns(sys.stderr), cells)
    sys.stderr.write(text + "\n")


def tell_block(text: str) -> None:
    """Write a text of several lines on standard error."""
    sys.stderr.write(shown_block(text) + "\n")


def export_line(text: str) -> None:
    """Write one line of a file on standard output: as it is, but for what a terminal would obey there."""
    if sys.stdout.isatty():
        text = harmless(text.rstrip("\r"))
    sys.stdout.write(text + "\n")


class Output:
    """How to write: with or without colour, in which glyphs, how wide."""

    def __init__(self, glyphs: str) -> None:
        terminal = sys.stdout.isatty()
        self._colour = colours(terminal=terminal)
        self._width = columns() if terminal else None
        self._glyphs = STATUS_SIGNS[glyphs]
        # No text can hold what nobody could know: so what is ours is told from what is data's.
        self._mark = f"<{os.urandom(8).hex()}:"
        self._marked = re.compile(f"{self._mark}([0-9;]+)>")

    def line(self, text: str = "", *, whole: bool = False) -> None:
        """Write one line, or several; all that a terminal would obey is taken out of it.

        What is wider than the terminal goes on below, unless it is to stay `whole`: as JSON is, or
        one long word, such as the path of a file, that is to be copied.
        """
        text = harmless(text)
        if self._width is not None and not whole:
            lines = text.split("\n")
            text = "\n".join(broken(line, self._width, self._measured) for line in lines)
        if self._colour:
            text = self._marked.sub("\x1b[\\1m", text)
        sys.stdout.write(text + "\n")

    def _measured(self, text: str) -> int:
        """How many cells text takes, whatever its colours."""
        return cells(self._marked.sub("", text))

    @property
    def width(self) -> int:
        """How many cells a line has; 80 where this is no terminal."""
        return self._width or 80

    def prompt(self, text: str) -> None:
        """Ask for a line."""
        self.line(text)
        sys.stdout.write("> ")
        sys.stdout.flush()

    def pieces(self, line: Iterable[tuple[str, str]]) -> None:
        """Write a line of pieces, each with its style."""
        self.line("".join(self.styled(text, style) for text, style in line).rstrip())

    def rows(self, rows: Iterable[Row]) -> None:
        """Write a list: on a terminal with the ids in one column, if that leaves room for the rest."""
        rows = list(rows)
        column = self._column(rows)
        for row in rows:
            for line in self._row(row, column):
                self.line("".join(self.styled(*piece) for piece in line).rstrip())

    def _row(self, row: Row, column: int) -> Iterator[Pieces]:
        """The line of a row; where its title would not be readable beside it, the id has its own."""
        beside = (("  ", ""), (row.id, "faint")) if row.id else ()
        if self._width is None:
            yield [*row.lead, *row.body, *row.tail, *beside]
            return
        around = _cells(row.lead) + _cells(row.tail)
        end = self._width - (len(row.id) + 2 if row.id else 0)
        end = min(end, column) if column and row.id else end
        if row.id and not column and end - around < min(_cells(row.body), READABLE):
            yield self._alone(row)
            indent = min(_cells(row.lead) + 2, self._width // 2)
            yield [(" " * indent, ""), (cut(row.id, self._width - indent), "faint")]
            return
        if end - around < LEAST:
            yield self._alone(row)
            return
        body = fit(row.body, end - around)
        if column and row.id:
            beside = ((" " * max(2, column - around - _cells(body) + 2), ""), (row.id, "faint"))
        yield [*row.lead, *body, *row.tail, *beside]

    def _alone(self, row: Row) -> Pieces:
        """What a row says without its id, cut to the terminal: its title first, then what is before."""
        assert self._width is not None
        tail = list(row.tail) if _cells(row.tail) <= self._width // 3 else []
        lead = fit(row.lead, max(1, self._width - _cells(tail) - READABLE))
        return [*lead, *fit(row.body, max(LEAST, self._width - _cells(lead) - _cells(tail))), *tail]

    def _column(self, rows: Sequence[Row]) -> int:
        """How wide what is before the ids is; 0 where each id follows its own line."""
        ids = max((len(row.id) for row in rows), default=0)
        if self._width is None or not ids:
            return 0
        longest = max(_cells((*r.lead, *r.body, *r.tail)) for r in rows if r.id)
        room = self._width - ids - 2
        return min(longest, room) if room >= min(longest, ROOM) else 0

    def due(self, due: Due) -> None:
        """Write an entry of the queue with the reason for it, and what was answered."""
        entry = due.entry
        said = ((f"  ({due.answer.value})", "faint"),) if due.answer else ()
        self.rows([Row(self._sign(entry.status), [(shown(entry.title), "")], said, entry.id)])
        self.line(f"  {self.styled(self.cut(due.told, 2), 'faint')}")

    def _sign(self, status: Status, indent: str = "") -> Pieces:
        return [(indent, ""), (self._glyphs[status], status.value), (" ", "")]

    def styled(self, text: str, style: str) -> str:
        """Return text in a style, where there is colour, as `line` understands it."""
        code = _COLOURS.get(style)
        return f"{self._mark}{code}>{text}{self._mark}0>" if self._colour and code else text

    def cut(self, text: str, used: int = 0) -> str:
        """Return text that fits beside `used` cells; whole, where this is no terminal."""
        text = shown(text)
        return text if self._width is None else cut(text, max(8, self._width - used))

    def wrapped(self, text: str, used: int = 0) -> list[str]:
        """Return the lines of a text, broken where they are too long for what `used` cells leave."""
        lines = shown_block(text)
        if self._width is None:
            return lines.split("\n")
        return wrapped(lines, max(20, self._width - used))

    def entry(self, entry: Entry, depth: int, number: int = 0) -> Row:
        """Return an entry's line of an outline: sign, title, and its id at the right."""
        indent = "  " * depth
        lead = f"{number:>2} " if number else ""
        title = shown(entry.title)
        if entry.is_branch:
            count = f"  {entry.tally.learned}/{entry.tally.countable}"
            count += " (retired)" if entry.retired else ""
            return Row([(indent + lead, "")], [(title, "head")], [(count, "")], entry.id)
        words = [entry.status.value] if entry.status is not Status.TODO else []
        words += ["retired"] if entry.retired else []
        word = f" ({', '.join(words)})" if words else ""
        sign = [*self._sign(entry.status, indent), (lead, "")]
        return Row(sign, [(title, "")], [(word, entry.status.value)], entry.id)

    def headed(self, entry: Entry) -> str:
        """Return an entry's sign, its title and its id."""
        sign = self.styled(self._glyphs[entry.status], entry.status.value)
        title = self.styled(self.cut(entry.title, len(entry.id) + 4), "head")
        return f"{sign} {title}  {self.styled(entry.id, 'faint')}"

    def defined(self, word: str, meaning: str, width: int) -> None:
        """Write a word and what it means, in columns or, where there is little room, below each other."""
        narrow = self._width is not None and self._width < 2 * width + READABLE
        lines = self.wrapped(shown(meaning), 6 if narrow else width)
        if narrow:
            self.line(self.cut(word))
        for number, line in enumerate(lines):
            lead = " " * 6 if narrow else (" " * width if number else f"{word:<{width}}")
            self.line(lead + line)

    def labelled(self, label: str, words: str) -> None:
        """Write a text with its label in a column, wrapped to the terminal."""
        lines = self.wrapped(shown(words), LABEL)
        for number, line in enumerate(lines):
            lead = "" if number else f"{label}:"
            self.line(self.styled(lead.ljust(LABEL), "label") + line)

    def detail(self, detail: Detail) -> None:  # noqa: PLR0912 - one branch for each thing known
        """Write everything known about an entry."""
        entry = detail.entry
        where = " › ".join(shown(above.title) for above in detail.path)
        if where:
            self.block(where, style="faint")
        self.block(shown(entry.title), style="head")
        if entry.is_branch:
            facts = [entry.kind.value, entry.tally.words()]
        else:
            facts = [entry.kind.value, f"{self._glyphs[entry.status]} {entry.status.value}"]
            facts += [f"horizon {entry.horizon}"] if entry.horizon else []
            facts += [f"snoozed until {entry.snoozed_until}"] if entry.snoozed_until else []
            if detail.standing:
                facts.append(
                    f"review due {detail.standing.due.isoformat()},"
                    f" recall now {round(100 * detail.standing.recall)}%"
                )
        facts += ["retired: the track has it no longer"] if entry.retired else []
        for line in self._with_id("  ".join([*facts, entry.id]), entry.id):
            self.line(line)
        if entry.description:
            self.line()
            self.block(entry.description)
        for label, text in (
            ("Impact", entry.impact),
            ("Action", entry.action),
            ("First step", entry.first_step),
            ("Done when", entry.done_when),
            ("Effort", f"{entry.effort}, {entry.effort.words}" if entry.effort else ""),
        ):
            if text:
                self.labelled(label, text)
        for link in entry.resources:
            self.labelled("Study", f"{link.title}  {link.url}")
        for label, links in (
            ("Needs", detail.requires),
            ("Needed by", detail.required_by),
            ("Related", detail.related),
            ("Made of", detail.covers),
            ("Part of", detail.covered_by),
        ):
            if links:
                self.line(f"\n{label}:")
                self.rows(self._link(link) for link in links)
        if detail.children:
            self.line()
            self.rows(self.entry(child, 1) for child in detail.children)
        if detail.notes:
            self.line("\nNotes:")
        for note in detail.notes:
            self._dated(note.at[:10], self._with_id(f"{note.text}  {note.id}", note.id, DATED))
        if detail.history:
            self.line("\nHistory:")
        for told in detail.history:
            self._dated(told.at[:10], self.wrapped(shown(told.text), DATED))

    def _link(self, link: Link) -> Row:
        what = f" ({link.kind.value} {link.number})" if link.kind is not Kind.ITEM else ""
        return Row(self._sign(link.status, "  "), [(shown(link.title), "")], [(what, "")], link.id)

    def _dated(self, day: str, lines: Sequence[str]) -> None:
        for number, line in enumerate(lines):
            self.line(f"  {'' if number else day:<10}  {line}".rstrip())

    def _with_id(self, text: str, id_: str, used: int = 0) -> list[str]:
        """The lines of a text that ends in an id."""
        lines = self.wrapped(text, used)
        lines[-1] = lines[-1].removesuffix(id_) + self.styled(id_, "faint")
        return lines

    def block(self, text: str, indent: int = 0, style: str = "") -> None:
        """Write a text of several lines, wrapped to the terminal."""
        for line in self.wrapped(text, indent):
            self.line(f"{' ' * indent}{self.styled(line, style)}".rstrip())

    def found(self, hits: Sequence[Found]) -> None:
        """Write the hits of a search, what matched standing out."""
        for hit in hits:
            title = [*_marked(hit.title), (f"  {shown(hit.where)}" if hit.where else "", "faint")]
            tail = [(" (retired)", "faint")] if hit.retired else []
            self.rows([Row(self._sign(hit.status), title, tail, hit.id)])
            if hit.snippet:
                self.rows([Row([("    ", "")], _marked(hit.snippet))])


def _marked(text: str) -> list[tuple[str, str]]:
    return [(shown(piece), "match" if matched else "") for piece, matched in pieces(text)]


def _cells(line: Pieces) -> int:
    return sum(cells(text) for text, _ in line)


def broken(line: str, width: int, measured: Callable[[str], int] = cells) -> str:
    """Break a line at its spaces, so that it takes no more than `width` cells, as `measured`.

    A word that is wider stays whole: the terminal breaks it, and it can still be copied.
    """
    if len(line) <= width or measured(line) <= width:
        return line
    indent = len(line) - len(line.lstrip(" "))
    lines, now, begun = [], " " * indent, False
    for word in line[indent:].split(" "):
        if begun and measured(f"{now} {word}") > width:
            lines.append(now.rstrip())
            now, begun = " " * min(indent + 2, width // 2), False
        if begun:
            now += f" {word}"
        elif word:
            now, begun = now + word, True
    return "\n".join([*lines, now.rstrip()])


def columns(stream: TextIO | None = None) -> int:
    """Return how many columns the terminal has: that of standard output, or of a stream."""
    import shutil  # 2 ms, and only on a terminal

    if stream is not None and not os.environ.get("COLUMNS"):
        with suppress(OSError, ValueError):  # no terminal of the system's
            return os.get_terminal_size(stream.fileno()).columns or 80
    return shutil.get_terminal_size().columns


def plain(marked: str) -> str:
    """Return the text of a hit without its marks."""
    return "".join(piece for piece, _ in pieces(marked))
