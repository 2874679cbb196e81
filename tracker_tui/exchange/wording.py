"""How texts are written in Markdown so that reading it gives the same texts again, and no task more.

What begins no block in Markdown and is no lead-in needs no thought. Whatever might be read as something
else is read before it is taken; what cannot be written in any other way is quoted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from tracker_tui.domain import text
from tracker_tui.domain.track import Entry, Span
from tracker_tui.domain.words import Horizon, Kind
from tracker_tui.exchange import checklist, leads
from tracker_tui.exchange.headings import HORIZONS, held, horizon_of, is_path
from tracker_tui.exchange.nodes import Node

_MARKUP = re.compile(r"[\\`*_\[\]<>&#!~|]")
_COUNTED = re.compile(r"\A(\d+)([.)])")
_BLOCK = re.compile(r"[ \t]*(?:[-*+#>|<=~`\[_]|\d{1,9}[.)]|\\)|[ ]{4}|\t")
"""What a line begins with that may be more than words."""
_OWN_LINE = re.compile(r"[ \t]*(?:[-*+][ \t]|\d{1,9}[.)][ \t]|```|~~~|[>|<]|#{1,6}[ \t])|[ ]{4}|\t")
"""What a description begins with that wants a line of its own."""
_RISKY = re.compile(
    rf"^(?:{_BLOCK.pattern}|[ \t]*(?:\*\*|__)?(?:impact|action|done|first|effort|needs|related|note)\b)",
    re.MULTILINE | re.IGNORECASE,
)
_RISKY_TITLE = re.compile(r"\A\d{1,3}[.)]\s|#\s*\Z|[\\*_&\[<]")
_SHAPED = re.compile(r"[\\*_&\[<]")
"""What may be a link or another shape of words in a title, which is no more in it when it is read."""
_ROUND = str.maketrans("()", "[]")


def alone(snippet: str, kind: Kind, horizon: Horizon | None) -> Node | None:
    """What the block of one line is read as, in a list of its kind; None if it is not one entry."""
    heading = "## x"
    if kind is Kind.GAP:
        heading = "## Critical"
    elif kind is Kind.STEP and horizon is not None:
        heading = f"## {HORIZONS[horizon]}"
    elif kind is Kind.ITEM:
        heading = "## x\n### y"  # In a category one without a box would be a section.
    found = checklist.reading(f"{heading}\n\n{snippet}\n", "x").roots
    if kind in (Kind.ITEM, Kind.SECTION):
        found = found[0].children
    if kind is Kind.ITEM:
        found = found[0].children
    return found[0] if len(found) == 1 and found[0].kind is kind else None


def sayings(title: str) -> Iterator[str]:
    """Return the ways to write a title: as it is, with nothing in it to be read as Markdown, bold."""
    escaped = _COUNTED.sub(r"\g<1>\\\g<2>", _MARKUP.sub(r"\\\g<0>", title))
    yield title
    yield escaped
    yield f"**{title}**"
    yield f"**{escaped}**"


def heading(lead: str, entry: Entry) -> str:
    """Return the line of a category's or section's heading; `lead` is what stands before its title."""
    title = entry.title
    if _RISKY_TITLE.search(title):
        for words in sayings(title):
            found = checklist.reading(f"{lead}{words}\n", "x").headings
            if found and found[-1].node.title == title:
                title = words
                break
    if entry.kind is Kind.CATEGORY and (held(title) or is_path(title)):
        title = f"&#{ord(title[0])};{title[1:]}"  # A word that is spelled so means nothing.
    return f"{lead}{title}"


def horizon(span: Span) -> str:
    """Return the words of the heading of a horizon."""
    words = f"{span.title} ({span.span})" if span.span else span.title
    known = HORIZONS[span.id]
    if words == span.id.value:
        return known
    return words if horizon_of(words) is span.id else f"{known} ({words.translate(_ROUND)})"


def below_heading(description: str) -> list[str]:
    """Return the lines of the description of a category or section, with an empty one behind them."""
    if not description:
        return []
    if _RISKY.search(description):
        found = checklist.reading(f"## x\n\n{description}\n\n- [ ] y\n", "x")
        (*_, root) = found.roots or [Node(Kind.CATEGORY, "")]
        said = root.fields.get("description") == text.block(description)
        if len(found.headings) != 1 or [node.title for node in root.children] != ["y"] or not said:
            return [*_quoted(description), ""]
    return [*description.split("\n"), ""]


def task(entry: Entry, marker: str, box: str, indent: str) -> list[str]:
    """Return the lines of an entry in a list: its title and its description.

    Args:
        entry: The entry.
        marker: What its line begins with: `- ` or `12. `.
        box: What follows: `[ ] `, or nothing.
        indent: What stands before all of its lines.
    """
    rest = " " * len(marker)
    ways = _ways(entry)
    first = _lines(f"{marker}{box}{next(ways)}", rest)
    found = first if _is_plain(entry, box) or _reads_as(first, entry) else None
    if found is None:
        several = (_lines(f"{marker}{box}{words}", rest) for words in ways)
        found = next((lines for lines in several if _reads_as(lines, entry)), None)
    if found is None:
        quoted = "\n".join(_quoted(entry.description)) if entry.description else ""
        told = entry._replace(description=quoted)
        safe = [
            _lines(f"{marker}{box}{words}\n\n{quoted}".rstrip(), rest)
            for words in sayings(entry.title)
        ]
        found = next((lines for lines in safe if _reads_as(lines, told)), safe[0])
    return [f"{indent}{line}".rstrip() for line in found]


def _lines(words: str, rest: str) -> list[str]:
    first, *more = words.split("\n")
    return [first, *(f"{rest}{line}".rstrip() for line in more)]


def _quoted(words: str) -> list[str]:
    return [f"> {line}".rstrip() for line in words.split("\n")]


def _ways(entry: Entry) -> Iterator[str]:
    """The ways to write a title and a description, the usual one first."""
    title, described = entry.title, entry.description
    if entry.kind is Kind.GAP:
        inner = "\n".join(_lines(f"\n- {described}", "  ")).replace("\n  - ", "\n- ", 1)
        yield f"**{title}**" + (inner if described else "")
    if not described:
        yield from sayings(title)
        return
    inline, below = [], []
    for words in sayings(title):
        below += [f"{words}\n{described}", f"{words}\n\n{described}"]
        inline.append(
            f"{words}: {described}" if words.startswith("**") else f"**{words}**: {described}"
        )
    yield from (*below, *inline) if _OWN_LINE.match(described) else (*inline, *below)


def _is_plain(entry: Entry, box: str) -> bool:
    """Whether nothing in an entry might be read as something else, however it is written."""
    if not entry.description:
        if _SHAPED.search(entry.title) or leads.lead(entry.title) is not None:
            return False
        return bool(box) or not _BLOCK.match(entry.title)
    marked = _MARKUP.search(entry.title) or entry.title.endswith((":", "."))
    return not marked and not _RISKY.search(entry.description)


def _reads_as(lines: list[str], entry: Entry) -> bool:
    node = alone("\n".join(lines), entry.kind, entry.horizon)
    if node is None or node.children or entry.title != node.title:
        return False
    said = {"description": text.block(entry.description)} if entry.description else {}
    return node.fields == said
