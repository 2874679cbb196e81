"""User text made safe to keep and to show.

A title must not be able to move the cursor, set the clipboard or turn the rest of a line around, so
control characters, bidirectional overrides and lone surrogates never get into the journal, and
never out of it.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable

from tracker_tui.domain.track import Resource, address_key
from tracker_tui.errors import TrackerError

TITLE_MAX = 1_000
TEXT_MAX = 1_000_000
PART_MAX = 20_000
"""How much of a text the screen shows; wrapping a megabyte takes seconds."""

_HARMFUL = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\ud800-\udfff"
    "\u2028\u2029\ufff9-\ufffb]"
)
_PLAIN = re.compile("[\x20-\x7e]*")
_BREAK = re.compile("\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]")
_UNSTEADY = re.compile(
    "[\ufe0e\ufe0f\U0001f3fb-\U0001f3ff]|\u200d(?=[\u2190-\u2bff\U0001f000-\U0001faff])"
)
"""What joins and varies emoji: terminals do not agree on how wide the result is."""
_UNSEEN = ("Cc", "Cf", "Cs", "Zl", "Zp", "Zs")


def harmless(text: str) -> str:
    """Return `text` with a space for every character that does harm: as long as it was."""
    return text if _PLAIN.fullmatch(text) else _HARMFUL.sub(" ", text)


def line(text: str) -> str:
    """Return `text` as one line: harmless, white space folded, ends cut."""
    return " ".join(harmless(text).split())


def flat(text: str) -> str:
    """Return `text` as one line in which the spaces within a line stay: it may be a command."""
    return " ".join(part.strip() for part in block(text).split("\n")).strip()


def block(text: str) -> str:
    """Return `text` harmless, with its line feeds and tabs, ends cut."""
    if _PLAIN.fullmatch(text):
        return text.rstrip()
    text = _HARMFUL.sub("", _BREAK.sub("\n", text))
    return "\n".join(part.rstrip() for part in text.split("\n")).strip("\n")


def is_title(text: str) -> bool:
    """Whether there is something to see in one line of text."""
    return any(unicodedata.category(c) not in _UNSEEN for c in text)


def title(text: str) -> str:
    """Return `text` as a title.

    Raises:
        TrackerError: if nothing is left of it, or it is longer than `TITLE_MAX` characters.
    """
    text = line(text)
    if not is_title(text):
        raise TrackerError("a title cannot be empty")
    if len(text) > TITLE_MAX:
        raise TrackerError(
            f"the title has {len(text):,} characters and {TITLE_MAX:,} is the most",
            "put the rest in the description or a note",
        )
    return text


def body(text: str, what: str) -> str:
    """Return `text` as a description or note, `what` naming it in the error.

    Raises:
        TrackerError: if it is longer than `TEXT_MAX` characters.
    """
    text = block(text)
    if len(text) > TEXT_MAX:
        raise TrackerError(
            f"the {what} has {len(text):,} characters and {TEXT_MAX:,} is the most",
            "keep it in a file and note where it is",
        )
    return text


def shown(text: str) -> str:
    """Return `text` fit for a terminal's one line, whatever the database holds.

    Emoji are taken apart into those that are as wide everywhere: a family into its members.
    """
    if _PLAIN.fullmatch(text):
        return text
    return _steady(_HARMFUL.sub("", _BREAK.sub(" ", text).replace("\t", " ")))


def _steady(text: str) -> str:
    return text if text.isascii() else _UNSTEADY.sub("", text)


def shown_block(text: str) -> str:
    """Return `text` fit for several lines of a terminal, tabs made spaces."""
    return _steady(_HARMFUL.sub("", _BREAK.sub("\n", text)).expandtabs(4))


def json_line(value: object, indent: int | None = None) -> str:
    """Return JSON in which every character that does harm is escaped: as true, and harmless."""
    written = json.dumps(value, ensure_ascii=False, indent=indent)
    return _HARMFUL.sub(lambda match: f"\\u{ord(match[0]):04x}", written)


def shown_part(text: str) -> str:
    """Return `shown_block` of no more than a pane can wrap in a moment, saying what is left out."""
    rest = len(text) - PART_MAX
    if rest <= 0:
        return shown_block(text)
    return f"{shown_block(text[:PART_MAX])} …\n({rest:,} more characters; tracker show has all)"


def plural(count: int, one: str, many: str = "") -> str:
    """Return `3 items`, `1 item`: a count and its noun."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def shortened(text: str, width: int) -> str:
    """Return at most `width` characters of `text`, with an ellipsis where something was cut."""
    return text if len(text) <= width else text[: max(0, width - 1)].rstrip() + "…"


_ADDRESS = re.compile(r"https?://[^\s<>\"'`\\^{|}]{1,2000}", re.IGNORECASE)
_OPENING = {")": "(", "]": "["}


def links(own: Iterable[Resource], texts: Iterable[str]) -> list[Resource]:
    """Return links: those of one's own, then the http(s) addresses found in texts, each once."""
    found = {address_key(link.url): link for link in own}
    for words in texts:
        for match in _ADDRESS.finditer(words):
            url = _without_end(match[0])
            rest = url.split("//", 1)[1]
            if rest:
                found.setdefault(address_key(url), Resource(rest, url))
    return list(found.values())


def _without_end(url: str) -> str:
    """Cut what ends the sentence, not the address; a bracket that was opened in it is a part of it."""
    while url:
        last = url[-1]
        opening = _OPENING.get(last)
        closes = opening is not None and url.count(last) > url.count(opening)
        if last not in ".,;:!?" and not closes:
            break
        url = url[:-1]
    return url
