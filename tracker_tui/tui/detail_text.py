"""What the detail pane says of a line of the tree, as paragraphs. Pure: no widget, no query."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import NamedTuple

from tracker_tui.domain.dates import ago
from tracker_tui.domain.text import plural, shown, shown_part
from tracker_tui.domain.today import Due
from tracker_tui.domain.track import Detail, Entry, Link, Resource, Span, Tally
from tracker_tui.domain.words import Horizon, Kind
from tracker_tui.tui.glyphs import Glyphs

LABEL = 12
"""Width of the column of labels and dates, in cells."""
BAR = 10
NOTE_LINES = 400
"""How many lines of notes are shown; the rest is in the editor."""
HISTORY_LINES = 40
RETIRED = "the track has this no longer; it is here for what you did with it"
"""What is said of an entry that its seed does not have any more."""


class Target(NamedTuple):
    """Where a line of the detail leads: to an entry of the track, or to an address."""

    entry: str | None = None
    url: str | None = None


class Part(NamedTuple):
    """Some text in one style; `style` is the name of a component class, less `detail--`."""

    text: str
    style: str = "text"


class Paragraph(NamedTuple):
    """A paragraph that the pane wraps to its width; the lines after the first are indented."""

    parts: tuple[Part, ...] = ()
    target: Target | None = None
    hang: int = 0


class Page(NamedTuple):
    """All that the detail pane shows."""

    heading: str
    """For the pane's border: where in the track this is."""
    paragraphs: tuple[Paragraph, ...]


class Context(NamedTuple):
    """What a page needs to know besides its subject."""

    glyphs: Glyphs
    today: date
    local_day: Callable[[str], date]
    """Gives the user's day of a moment of the journal."""
    spans: Sequence[Span] = ()
    whys: Mapping[str, str] = MappingProxyType({})
    """Why an entry is in today's queue, by id."""
    open_key: str = ""
    """The key that opens a link; it stands beside the first one if it is a single character."""


_CODE = re.compile(r"(`[^`\n]+`)")
_HOST = re.compile(r"https?://(?:[^@/?#]*@)?(?:www\.)?([^/?#]+)", re.IGNORECASE)
BLANK = Paragraph()


def inline(text: str, style: str = "text") -> list[Part]:
    """Split text at its `code`, which keeps its backticks and gets a style of its own."""
    return [
        Part(piece, "code" if piece.startswith("`") and len(piece) > 2 else style)
        for piece in _CODE.split(text)
        if piece
    ]


def labelled(label: str, parts: Iterable[Part], target: Target | None = None) -> Paragraph:
    """Return a paragraph with a label in a column of its own."""
    return Paragraph((Part(label.ljust(LABEL), "label"), *parts), target, LABEL)


def entry_page(detail: Detail, context: Context) -> Page:
    """Return the page of an entry."""
    entry = detail.entry
    heading = " › ".join(shown(above.title) for above in detail.path) or _heading(detail, context)
    body: list[Paragraph] = [Paragraph(tuple(inline(shown(entry.title), "title")))]
    if entry.retired:
        body.append(labelled("Retired", [Part(RETIRED, "learning")]))
    if entry.is_branch:
        body += _branch(detail, context)
    else:
        body += [_status(detail, context), *_about(detail, context)]
    body += _notes(detail, context)
    body += _history(detail, context)
    return Page(heading, tuple(body))


def _heading(detail: Detail, context: Context) -> str:
    entry = detail.entry
    if entry.kind is Kind.GAP:
        return f"Critical gap {detail.number}"
    if entry.kind is Kind.STEP:
        return f"Step {detail.number} of {_span_title(entry.horizon, context)}"
    return f"Category {detail.number}"


def _span_title(horizon: Horizon | None, context: Context) -> str:
    for span in context.spans:
        if span.id is horizon:
            return f"{span.title} ({span.span})" if span.span else span.title
    return "no horizon"


def _status(detail: Detail, context: Context) -> Paragraph:
    entry, glyphs = detail.entry, context.glyphs
    dot = Part(f"  {glyphs.bullet}  ", "faint")
    parts = [Part(f"{glyphs.status(entry.status)} {entry.status}", entry.status.value)]
    if detail.standing is not None:
        due, chance = detail.standing.due, round(100 * detail.standing.recall)
        when = f"review due {ago(due, context.today)}"
        if due < context.today:
            when = f"review due since {ago(due, context.today).removesuffix(' ago')}"
        parts += [dot, Part(when, "learning" if due <= context.today else "faint")]
        parts += [dot, Part(f"recall {chance}%", "faint")]
    if entry.covering:
        learned = sum(link.status.value == "learned" for link in detail.covers)
        parts += [dot, Part(f"{learned} of {entry.covering} learned", "faint")]
    if entry.horizon is not None and entry.kind is not Kind.STEP:
        parts += [dot, Part(_span_title(entry.horizon, context), "faint")]
    if entry.snoozed(context.today.isoformat()):
        day = date.fromisoformat(str(entry.snoozed_until))
        parts += [
            dot,
            Part(f"snoozed until {day:%a} {day} ({ago(day, context.today)})", "learning"),
        ]
    if entry.updated_at > entry.created_at and detail.standing is None:
        day = context.local_day(entry.updated_at)
        parts += [dot, Part(f"touched {ago(day, context.today)}", "faint")]
    return Paragraph(tuple(parts))


def _about(detail: Detail, context: Context) -> Iterator[Paragraph]:
    entry = detail.entry
    if entry.description:
        yield BLANK
        for line in shown_part(entry.description).split("\n"):
            yield Paragraph(tuple(inline(line)))
    facts: list[Paragraph] = []
    if entry.id in context.whys:
        facts.append(labelled("Why now", [Part(context.whys[entry.id])]))
    for label, text in (
        ("Impact", entry.impact),
        ("Action", entry.action),
    ):
        if text:
            facts.append(labelled(label, inline(shown(text))))
    needs = sorted(detail.requires, key=lambda link: not link.status.open)
    for block in (
        facts,
        [*study(entry), *links(detail.links, context)],
        [
            *linked("Needs", needs, context),
            *linked("Needed by", detail.required_by, context),
            *linked("Related", detail.related, context),
        ],
        [*linked("Part of", detail.covered_by, context)],
        [*linked("Made of", detail.covers, context)],
    ):
        if block:
            yield BLANK
            yield from block
    if detail.children:
        yield BLANK
        yield labelled("Holds", [Part(entry.tally.words(), "faint")])
        yield from (_child(child, context, LABEL) for child in detail.children)


def study(entry: Entry) -> Iterator[Paragraph]:
    """Return how to begin with an entry, how to tell that it is done, and how much it is."""
    for label, text in (("First step", entry.first_step), ("Done when", entry.done_when)):
        if text:
            yield labelled(label, inline(shown(text)))
    if entry.effort is not None:
        yield labelled("Effort", [Part(entry.effort.words), Part(f"  {entry.effort}", "label")])


def links(found: Sequence[Resource], context: Context) -> Iterator[Paragraph]:
    """Return links with the host that each leads to."""
    for number, link in enumerate(found):
        title, url = shown(link.title), shown(link.url)
        parts = [Part(title, "link")]
        if not url.endswith(title):
            parts.append(Part(f"  {_host(url)}", "faint"))
        label = [Part(("" if number else "Study").ljust(LABEL), "label")]
        if not number and len(context.open_key) == 1:
            label = [Part("Study".ljust(LABEL - 3), "label"), Part(context.open_key, "link")]
            label.append(Part("  ", "label"))
        yield Paragraph((*label, *parts), Target(url=link.url), LABEL)


def _host(url: str) -> str:
    """Return the host of a web address; of anything else all of it."""
    match = _HOST.match(url)
    return match[1] if match is not None else url


def linked(label: str, links: Sequence[Link], context: Context) -> Iterator[Paragraph]:
    """Return the entries at the other ends of a relation, each with its status."""
    for number, link in enumerate(links):
        parts = [
            Part(f"{context.glyphs.status(link.status)} ", link.status.value),
            *inline(shown(link.title), "link"),
        ]
        what = _what(link, context)
        if what:
            parts.append(Part(f"  {what}", "faint"))
        first = Part(("" if number else label).ljust(LABEL), "label")
        yield Paragraph((first, *parts), Target(link.id), LABEL + 2)


def _what(link: Link, context: Context) -> str:
    if link.kind is Kind.GAP:
        return f"critical gap {link.number}"
    if link.kind is Kind.STEP:
        titles = {span.id: span.title for span in context.spans}
        return f"step {link.number} of {titles.get(link.horizon, 'the path') if link.horizon else 'the path'}"
    return shown(link.where)


def _branch(detail: Detail, context: Context) -> Iterator[Paragraph]:
    entry = detail.entry
    yield _rollup(entry.tally, context)
    if entry.description:
        yield BLANK
        yield Paragraph(tuple(inline(shown_part(entry.description))))
    if not detail.children:
        return
    yield BLANK
    if entry.kind is Kind.CATEGORY:
        yield from _table([(c.title, c.tally, Target(c.id), c) for c in detail.children], context)
    else:
        yield from (_child(child, context, 0) for child in detail.children)


def _rollup(tally: Tally, context: Context) -> Paragraph:
    full, empty = context.glyphs.bar(tally, BAR)
    return Paragraph((Part(full, "bar"), Part(empty, "faint"), Part(f"  {tally.words()}", "faint")))


def _child(child: Entry, context: Context, indent: int) -> Paragraph:
    if child.is_branch:
        return _table([(child.title, child.tally, Target(child.id), child)], context)[0]
    sign = Part(" " * indent + f"{context.glyphs.status(child.status)} ", child.status.value)
    return Paragraph((sign, *inline(shown(child.title), "link")), Target(child.id), indent + 2)


def _table(
    rows: Sequence[tuple[str, Tally, Target | None, Entry | None]], context: Context
) -> list[Paragraph]:
    """Rows of a bar, a count and a title, the figures first so that they line up at any width."""
    result = []
    for title, tally, target, entry in rows:
        if entry is not None and not entry.is_branch:
            result.append(_child(entry, context, 0))
            continue
        full, empty = context.glyphs.bar(tally, BAR)
        count = f"{tally.learned}/{tally.countable}".rjust(8)
        parts = (Part(full, "bar"), Part(empty, "faint"), Part(count, "faint"), Part("  "))
        words = f"  {tally.learning} in progress" if tally.learning else ""
        result.append(
            Paragraph(
                (*parts, *inline(shown(title), "link"), Part(words, "faint")), target, BAR + 10
            )
        )
    return result


def _notes(detail: Detail, context: Context) -> Iterator[Paragraph]:
    if not detail.notes:
        return
    yield BLANK
    yield Paragraph((Part("Notes", "head"),))
    left = NOTE_LINES
    for note in detail.notes:
        day = context.local_day(note.at).isoformat()
        for number, line in enumerate(shown_part(note.text).split("\n")):
            lead = Part((day if not number else "").ljust(LABEL), "label")
            yield Paragraph((lead, *inline(line)), None, LABEL)
            left -= 1
            if not left:
                yield Paragraph((Part(" " * LABEL + "more in the editor", "faint"),))
                return


def _history(detail: Detail, context: Context) -> Iterator[Paragraph]:
    if not detail.history:
        return
    yield BLANK
    yield Paragraph((Part("History", "head"),))
    for line in detail.history[:HISTORY_LINES]:
        day = context.local_day(line.at).isoformat()
        yield Paragraph(
            (Part(day.ljust(LABEL), "label"), Part(shown(line.text), "faint")), None, LABEL
        )
    if len(detail.history) > HISTORY_LINES:
        rest = len(detail.history) - HISTORY_LINES
        yield Paragraph((Part(" " * LABEL + f"and {plural(rest, 'line')} before", "faint"),))


def today_page(queue: Sequence[Due], context: Context, *, empty: bool = False) -> Page:
    """Return the page of Today; `empty` says that there is nothing in the track."""
    if empty:
        return Page("Today", _EMPTY)
    if not queue:
        body = [
            Paragraph((Part("Nothing is due today.", "title"),)),
            BLANK,
            Paragraph((Part("Choose an item and press space to begin with it."),)),
        ]
        return Page("Today", tuple(body))
    left = sum(not due.answered for due in queue)
    words = f"{plural(left, 'thing')} to look at today" if left else "All of today is answered"
    body = [Paragraph((Part(words, "title"),))]
    for due in queue:
        sign = Part(f"{context.glyphs.status(due.entry.status)} ", due.entry.status.value)
        answer = f"  {context.glyphs.bullet}  {due.answer}" if due.answer else ""
        body += [
            BLANK,
            Paragraph((sign, *inline(shown(due.entry.title), "link")), Target(due.entry.id), 2),
            Paragraph((Part("  "), Part(due.told, "faint"), Part(answer, "learned")), None, 2),
        ]
    body += [BLANK, Paragraph((Part("c checks in: one key each", "label"),))] if left else []
    return Page("Today", tuple(body))


_EMPTY = (
    Paragraph((Part("There is nothing in this track yet.", "title"),)),
    BLANK,
    Paragraph((Part("a".ljust(LABEL), "head"), Part("adds an item")), None, LABEL),
    Paragraph((Part("On the command line:", "faint"),)),
    Paragraph((Part("tracker import FILE", "code"), Part("  takes in a checklist")), None, 2),
    Paragraph((Part("tracker seed update FILE", "code"), Part("  takes in a track")), None, 2),
    Paragraph(
        (Part("tracker seed update --built-in", "code"), Part("  the one tracker brings along")),
        None,
        2,
    ),
)


def list_page(
    heading: str, title: str, tally: Tally, entries: Sequence[Entry], context: Context
) -> Page:
    """Return the page of the critical list or of one horizon."""
    body = [Paragraph((Part(title, "title"),)), _rollup(tally, context), BLANK]
    for number, entry in enumerate(entries, 1):
        lead = Part(f"{number:>2} ", "label")
        sign = Part(f"{context.glyphs.status(entry.status)} ", entry.status.value)
        body.append(
            Paragraph((lead, sign, *inline(shown(entry.title), "link")), Target(entry.id), 5)
        )
        if entry.impact:
            body.append(Paragraph((Part("     "), *inline(shown(entry.impact), "faint")), None, 5))
    return Page(heading, tuple(body))


def path_page(
    spans: Sequence[tuple[Span, Tally, Sequence[Entry]]], about: dict[str, str], context: Context
) -> Page:
    """Return the page of the learning path."""
    body = [Paragraph((Part("Learning path", "title"),))]
    for span, tally, steps in spans:
        body += [
            BLANK,
            Paragraph((Part(span.title, "head"), Part(f"  {span.span}", "faint"))),
            _rollup(tally, context),
        ]
        for number, step in enumerate(steps, 1):
            sign = Part(f"{context.glyphs.status(step.status)} ", step.status.value)
            lead = Part(f"{number:>2} ", "label")
            body.append(
                Paragraph((lead, sign, *inline(shown(step.title), "link")), Target(step.id), 5)
            )
    if about:
        body += [BLANK, Paragraph((Part("About this track", "head"),))]
        for name in ("purpose", "source", "updated"):
            if about.get(name):
                body.append(labelled(name.capitalize(), inline(shown(about[name]), "faint")))
    return Page("Learning path", tuple(body))
