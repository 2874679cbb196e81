"""A title in Markdown made plain: what a reader of the document sees, and where its links lead."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from tracker_tui.domain import text
from tracker_tui.domain.track import Resource

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token
    from markdown_it.utils import EnvType

_PLAIN = re.compile(r"[^\\*_<&\[!]*\Z")
_TAG = re.compile(
    r"<!--.*?-->|</?(?:a|abbr|b|br|em|i|img|ins|kbd|mark|small|span|strong|sub|sup|u)\b[^>]*>",
    re.DOTALL | re.IGNORECASE,
)


class Title(NamedTuple):
    """A title made plain."""

    text: str
    links: tuple[Resource, ...] = ()
    """Where it leads in the web."""
    elsewhere: bool = False
    """Whether it leads to another file too, which only the document's own text can say."""


def plain(raw: str, markdown: MarkdownIt, env: EnvType) -> Title:
    """Return a title without its markup; `env` has the definitions of links.

    Code keeps its marks, for titles are full of it; where nothing would be left, all is kept.
    """
    if _PLAIN.match(raw):
        return Title(_line(raw))
    tokens = markdown.parseInline(raw, env)[0].children or []
    found: dict[str, Resource] = {}
    elsewhere = False
    pieces: list[str] = []
    for place, token in enumerate(tokens):
        pieces.append(_piece(token))
        if token.type != "link_open":
            continue
        url = str(token.attrs.get("href", ""))
        if url.lower().startswith(("http://", "https://")):
            words = "".join(map(_piece, _within(tokens[place + 1 :])))
            found.setdefault(url, Resource(text.line(words) or url.split("//", 1)[1], url))
        elif not url.startswith("#"):
            elsewhere = True
    said = _line("".join(pieces))
    return Title(said if text.is_title(said) else _line(raw), tuple(found.values()), elsewhere)


def _within(tokens: Iterable[Token]) -> Iterable[Token]:
    for token in tokens:
        if token.type == "link_close":
            return
        yield token


def _piece(token: Token) -> str:
    match token.type:
        case "text" | "text_special":
            return token.content
        case "code_inline":
            return f"{token.markup}{token.content}{token.markup}"
        case "softbreak" | "hardbreak":
            return " "
        case "html_inline":
            return _TAG.sub(" " if token.content.lower().startswith("<br") else "", token.content)
        case "image":
            return "".join(map(_piece, token.children or ()))
    return ""


def _line(words: str) -> str:
    return text.shortened(text.line(words), text.TITLE_MAX)
