"""What the lines of a list say: the box, the title that they begin with, and labelled texts."""

from __future__ import annotations

import re
from typing import NamedTuple

from tracker_tui.domain import text
from tracker_tui.domain.words import Status
from tracker_tui.exchange import markdown

BOXES = {**{mark: status for status, mark in markdown.BOX.items()}, "X": Status.LEARNED}
"""By what stands in the box of a task what it says."""
BOX = re.compile(r"\[([ xX/-])\][ \t]+(?=\S)")

_BOLD = re.compile(
    r"\*\*(?=\S)((?>\\.|`[^`]*`|(?!\*\*(?!\*)).)++)\*\*(?!\*)"
    r"|__(?=\S)((?>\\.|`[^`]*`|(?!__(?![_\w])).)++)__(?!\w)",
    re.DOTALL,
)
_LINK = re.compile(r"(\[[^\[\]\n]+\]\([^()\s]+\))")
_ENDED = re.compile(r"\s*[:：–—]\s*|\s+--?-?\s+|\s*\Z")
"""What ends any lead-in."""
_GOES_ON = re.compile(
    r",\s+(?=\S)"
    r"|\s+(?=\([^()\n]*\)[ \t]*\S)"
    r"|\s+(?=(?P<capital>[^\W\d_])\S*(?:\s+\S+){2})"
)
"""What may follow a bold one: a comma, a parenthesis with more behind it, a sentence of its own."""
_STOP = re.compile(r"(?:(?P<mark>[:：.])|(?<=[?!]))\Z")
"""What may end the bold itself."""
_LABEL = re.compile(
    r"(\*\*|__)?(impact|action|done when|first step)(?(1)(?:\1:|:\1)|:)[ \t]*", re.IGNORECASE
)
_DEFINITION = re.compile(r"\A\[(?=[^\]]*\]:)")
_HASHES = re.compile(r"#{1,6}[ \t]+")


class Lead(NamedTuple):
    """The places in some words that are an item's title, and where its description begins."""

    start: int
    end: int
    rest: int


def lead(words: str) -> Lead | None:
    """Return what is the title of an item whose text begins with something bold, or with a link.

    It is a lead-in only where it does not go on in the same sentence: `**Lead:** rest`, `**Lead**: rest`,
    `**Lead**, rest`, `**Lead** (aside) rest`, `**Lead** A sentence of its own`.
    """
    bold = _BOLD.match(words)
    if bold is None:
        link = _LINK.match(words)
        ended = _ENDED.match(words, link.end()) if link is not None else None
        return None if link is None or ended is None else Lead(0, link.end(), ended.end())
    start, end = bold.span(1) if bold[1] is not None else bold.span(2)
    rest = _behind(words, start, bold.end())
    stop = _STOP.search(words[start:end].rstrip()) if _speaks(words[start:end]) else None
    if stop is not None and rest is None and _follows(words, bold.end(), stop["mark"] == "."):
        rest = len(words) - len(words[bold.end() :].lstrip())
    if rest is None:
        return None
    if stop is not None and stop["mark"] in (":", "："):
        end = start + len(words[start : start + stop.start()].rstrip())
    elif stop is not None and stop["mark"] == "." and rest < len(words):
        end = start + stop.start()
    return Lead(start, end, rest) if text.is_title(words[start:end]) else None


def _behind(words: str, start: int, end: int) -> int | None:
    """Where the text behind something bold begins; None where it goes on in the same sentence."""
    ended = _ENDED.match(words, end)
    if ended is not None:
        return ended.end()
    more = _GOES_ON.match(words, end)
    if more is None or not _speaks(words[start:end]):
        return None
    capital = more["capital"]
    return more.end() if capital is None or capital.isupper() else None


def _speaks(words: str) -> bool:
    """Whether there is more in some words than a number."""
    return any(map(str.isalpha, words))


def _follows(words: str, end: int, sentence: bool) -> bool:  # noqa: FBT001
    """Whether text follows something bold that ends in a mark; behind a full stop, a sentence."""
    found = words[end:].lstrip()
    return bool(found) and len(found) < len(words[end:]) and not (sentence and found[0].islower())


def split(words: str) -> tuple[str, str]:
    """Split an item's text into its title, with its markup, and its description."""
    found = lead(words)
    if found is not None:
        return words[found.start : found.end], _described(words[found.rest :])
    first, _, rest = words.partition("\n")
    return first.strip(), _described(rest)


def holding(words: str) -> str:
    """Return the words of a bullet that holds others without the colon that its title ends in."""
    if lead(words) is not None:
        return words
    title, end, rest = words.partition("\n")
    return (title.rstrip().removesuffix(":").rstrip() or title * bool(rest)) + end + rest


def _described(words: str) -> str:
    """The rest of a paragraph, as one of its own."""
    return _DEFINITION.sub(r"\\\g<0>", text.block(words.lstrip()))


def bare(words: str) -> int:
    """Return how long what opens a heading is: `### `."""
    found = _HASHES.match(words)
    return found.end() if found else 0


def label(words: str, at: int = 0) -> tuple[str, int] | None:
    """Return which text a line says, such as `impact`, and where that begins."""
    found = _LABEL.match(words, at)
    return (found[2].lower().replace(" ", "_"), found.end()) if found is not None else None
