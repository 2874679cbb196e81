"""How wide text is on a terminal, in cells: wide characters, emoji and combining marks included."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence

JOINER, EMOJI = "\u200d", "\ufe0f"
_ASCII = re.compile("[\x20-\x7e]*")
_UNSEEN = ("Mn", "Me", "Cf", "Cc")
_SKINS = range(0x1F3FB, 0x1F400)
_FLAGS = range(0x1F1E6, 0x1F200)
_JAMO = range(0x1160, 0x1200)
ELLIPSIS = "…"

Pieces = Sequence[tuple[str, str]]
"""A line as its pieces, each with its style."""


def cells(text: str) -> int:
    """Return how many cells a text takes."""
    if _ASCII.fullmatch(text):
        return len(text)
    return sum(map(_width, clusters(text)))


def clusters(text: str) -> Iterator[str]:
    """Take a text apart where it can be cut: a mark stays with its letter, a flag and a family whole."""
    held = ""
    for character in text:
        if held and not _joins(held, character):
            yield held
            held = ""
        held += character
    if held:
        yield held


def _joins(held: str, character: str) -> bool:
    if held[-1] == JOINER or unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return True
    code = ord(character)
    if code in _FLAGS:
        return len(held) == 1 and ord(held) in _FLAGS
    return code in _SKINS or code in _JAMO


def _width(cluster: str) -> int:
    first = next((c for c in cluster if unicodedata.category(c) not in _UNSEEN), "")
    if not first:
        return 0
    if EMOJI in cluster or (len(cluster) > 1 and ord(first) in _FLAGS):
        return 2
    return 2 if unicodedata.east_asian_width(first) in "WF" else 1


def cut(text: str, width: int) -> str:
    """Return a text that takes `width` cells at most, with an ellipsis where something was cut."""
    return fit([(text, "")], width)[0][0]


def fit(pieces: Pieces, width: int) -> Pieces:
    """Return pieces that take `width` cells at most, the last of them cut."""
    if sum(cells(text) for text, _ in pieces) <= width:
        return pieces
    found: list[tuple[str, str]] = []
    left = max(0, width - 1)
    for text, style in pieces:
        kept = ""
        for cluster in clusters(text):
            left -= _width(cluster)
            if left < 0:
                return [*found, (kept.rstrip() + ELLIPSIS, style)]
            kept += cluster
        found.append((kept, style))
    return found


def wrapped(text: str, width: int) -> list[str]:
    """Return the lines of a text that has no line longer than `width` cells, broken at spaces.

    A word that is longer than that has a line of its own.
    """
    lines: list[str] = []
    for line in text.split("\n"):
        if cells(line) <= width:
            lines.append(line)
            continue
        indent = line[: len(line) - len(line.lstrip(" "))]
        held = ""
        for word in line.lstrip(" ").split(" "):
            longer = f"{held} {word}" if held else indent + word
            if held.strip() and cells(longer) > width:
                lines.append(held.rstrip())
                longer = indent + word
            held = longer
        lines.append(held.rstrip())
    return lines
