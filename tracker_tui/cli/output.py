"""Text for a terminal or a pipe: no control character of the data's, no line wider than it fits."""

from __future__ import annotations

import os
import sys
import unicodedata
from collections.abc import Iterable

from tracker_tui.domain.text import shown, shown_block
from tracker_tui.domain.today import Due
from tracker_tui.domain.track import Detail, Entry, Found, pieces
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

EMPTY = "there is nothing in the track yet: tracker add TITLE, or tracker import FILE"
"""What is said where a list would be."""


class Output:
    """How to write: with or without colour, in which glyphs, how wide."""

    def __init__(self, glyphs: str) -> None:
        terminal = sys.stdout.isatty()
        self._colour = (
            terminal and "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb"
        )
        self._width = _columns() if terminal else None
        self._glyphs = STATUS_SIGNS[glyphs]

    def line(self, text: str = "") -> None:
        """Write one line."""
        sys.stdout.write(text + "\n")

    @property
    def width(self) -> int:
        """How many cells a line has; 80 where this is no terminal."""
        return self._width or 80

    def prompt(self, text: str) -> None:
        """Ask for a line."""
        sys.stdout.write(f"{text}\n> ")
        sys.stdout.flush()

    def pieces(self, line: Iterable[tuple[str, str]]) -> None:
        """Write a line of pieces, each with its style."""
        self.line("".join(self.styled(text, style) for text, style in line).rstrip())

    def due(self, due: Due) -> None:
        """Write an entry of the queue with the reason for it, and what was answered."""
        entry = due.entry
        said = f"  ({due.answer.value})" if due.answer else ""
        title = self.cut(entry.title, len(entry.id) + len(said) + 4)
        self.line(
            f"{self.styled(self._glyphs[entry.status], entry.status.value)} {title}"
            f"{self.styled(said, 'faint')}  {self.styled(entry.id, 'faint')}"
        )
        self.line(f"  {self.styled(self.cut(due.why, 2), 'faint')}")

    def styled(self, text: str, style: str) -> str:
        """Return text in a style, where there is colour."""
        code = _COLOURS.get(style)
        return f"\x1b[{code}m{text}\x1b[0m" if self._colour and code else text

    def cut(self, text: str, used: int = 0) -> str:
        """Return text that fits beside `used` cells; whole, where this is no terminal."""
        text = shown(text)
        if self._width is None:
            return text
        return _cut(text, max(8, self._width - used))

    def entry(self, entry: Entry, depth: int, number: int = 0) -> None:
        """Write an entry's line of an outline: sign, title, and its id at the right."""
        indent = "  " * depth
        lead = f"{number:>2} " if number else ""
        if entry.is_branch:
            count = f"{entry.tally.learned}/{entry.tally.countable}"
            title = self.cut(entry.title, len(indent) + len(lead) + len(count) + len(entry.id) + 6)
            self.line(
                f"{indent}{lead}{self.styled(title, 'head')}  {count}  "
                + self.styled(entry.id, "faint")
            )
            return
        sign = self._glyphs[entry.status]
        word = "" if entry.status is Status.TODO else f" ({entry.status.value})"
        title = self.cut(entry.title, len(indent) + len(lead) + len(entry.id) + len(word) + 4)
        self.line(
            f"{indent}{self.styled(sign, entry.status.value)} {lead}{title}"
            + self.styled(word, entry.status.value)
            + "  "
            + self.styled(entry.id, "faint")
        )

    def headed(self, entry: Entry) -> str:
        """Return an entry's sign, its title and its id."""
        sign = self.styled(self._glyphs[entry.status], entry.status.value)
        title = self.styled(self.cut(entry.title, len(entry.id) + 4), "head")
        return f"{sign} {title}  {self.styled(entry.id, 'faint')}"

    def labelled(self, label: str, words: str) -> None:
        """Write a text with its label in a column, wrapped to the terminal."""
        lines = [shown(words)]
        if self._width is not None:
            import textwrap  # only on a terminal

            room = max(20, self._width - LABEL)
            lines = textwrap.wrap(lines[0], room, break_long_words=False, break_on_hyphens=False)
        for number, line in enumerate(lines):
            lead = "" if number else f"{label}:"
            self.line(self.styled(lead.ljust(LABEL), "label") + line)

    def detail(self, detail: Detail) -> None:  # noqa: PLR0912 - one branch for each thing known
        """Write everything known about an entry."""
        entry = detail.entry
        where = " › ".join(shown(above.title) for above in detail.path)
        if where:
            self.line(self.styled(where, "faint"))
        self.line(self.styled(shown(entry.title), "head"))
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
        self.line(f"{'  '.join(facts)}  {self.styled(entry.id, 'faint')}")
        if entry.description:
            self.line()
            self.line(shown_block(entry.description))
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
            for item in links:
                what = f" ({item.kind.value} {item.number})" if item.kind is not Kind.ITEM else ""
                sign = self._glyphs[item.status]
                self.line(f"  {sign} {shown(item.title)}{what}  {self.styled(item.id, 'faint')}")
        if detail.children:
            self.line()
        for child in detail.children:
            self.entry(child, 1)
        if detail.notes:
            self.line("\nNotes:")
        for note in detail.notes:
            first, *rest = shown_block(note.text).split("\n")
            self.line(f"  {note.at[:10]}  {first}  {self.styled(note.id, 'faint')}")
            for more in rest:
                self.line(f"              {more}")
        if detail.history:
            self.line("\nHistory:")
        for told in detail.history:
            self.line(f"  {told.at[:10]}  {shown(told.text)}")

    def found(self, found: Found) -> None:
        """Write a hit of a search, what matched standing out."""
        sign = self._glyphs[found.status]
        faint = self.styled(f"{shown(found.where)}  {found.id}".strip(), "faint")
        self.line(f"{sign} {self._marked(found.title)}  {faint}")
        if found.snippet:
            self.line(f"    {self._marked(found.snippet)}")

    def _marked(self, text: str) -> str:
        return "".join(
            self.styled(shown(piece), "match" if matched else "") for piece, matched in pieces(text)
        )


def _columns() -> int:
    import shutil  # 2 ms, and only on a terminal

    return shutil.get_terminal_size().columns


def plain(marked: str) -> str:
    """Return the text of a hit without its marks."""
    return "".join(piece for piece, _ in pieces(marked))


def cells(character: str) -> int:
    """Return how many cells of a terminal a character takes."""
    if unicodedata.combining(character) or character in ("\u200d", "\ufe0f", "\ufeff"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _cut(text: str, width: int) -> str:
    used = 0
    for place, character in enumerate(text):
        used += cells(character)
        if used > width:
            return _cut_at(text[:place], width)
    return text


def _cut_at(text: str, width: int) -> str:
    while text and sum(map(cells, text)) > width - 1:
        text = text[:-1]
    return text.rstrip() + "…"
