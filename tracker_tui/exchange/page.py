"""A track as one HTML page that needs nothing else: to print or to send."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from html import escape
from importlib.resources import files

from tracker_tui.domain import text
from tracker_tui.domain.track import Entry, Tally
from tracker_tui.domain.words import STATUS_SIGNS, Kind, Status
from tracker_tui.exchange.markdown import facts
from tracker_tui.exchange.outline import Outline

_SIGNS = STATUS_SIGNS["unicode"]


def page(outline: Outline, overall: Tally, today: date) -> Iterator[str]:
    """Return the lines of the page of a day; every text of the user's is escaped."""
    about = outline.about
    title = _said(about.get("title", "Learning Track"))
    style = (files("tracker_tui.exchange") / "page.css").read_text(encoding="utf-8")
    yield "<!doctype html>"
    yield f'<html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f"<style>\n{style}</style></head><body>"
    yield f"<header><h1>{title}</h1>"
    if about.get("purpose"):
        yield f'<p class="faint">{_said(about["purpose"])}</p>'
    yield _bar(overall, "bar whole")
    yield f'<p class="faint">{escape(overall.words())}, as of {today.isoformat()}</p>'
    yield from _parts(outline)
    yield "</header><main>"
    if outline.gaps:
        yield from _top("Critical", tally=_tally(outline.gaps))
        yield from _ranked(outline.gaps, outline)
    for span in outline.spans:
        steps = outline.steps(span.id)
        if steps:
            yield from _top(span.title, span.span, _tally(steps))
            yield from _ranked(steps, outline)
    for category in outline.categories:
        name = f"{outline.numbers[category.id]}. {category.title}"
        yield from _top(name, tally=category.tally, anchor=category.id)
        yield from _below(category, outline)
        yield "</section>"
    yield "</main>"
    signs = ", ".join(f"{_SIGNS[status]} {status.value}" for status in Status)
    yield f'<footer class="legend">{escape(signs)}</footer></body></html>'


def _parts(outline: Outline) -> Iterator[str]:
    """How far along each category is, where there are several."""
    if len(outline.categories) < 2:
        return
    yield '<table class="parts">'
    for category in outline.categories:
        link = f'<a href="#{escape(category.id)}">{_said(category.title)}</a>'
        bar, count = _bar(category.tally), _count(category.tally)
        yield f"<tr><td>{link}</td><td>{bar}</td><td>{count}</td></tr>"
    yield "</table>"


def _tally(entries: Sequence[Entry]) -> Tally:
    have = [entry.status for entry in entries]
    return Tally(len(have), *map(have.count, (Status.LEARNED, Status.LEARNING, Status.SKIPPED)))


def _top(title: str, aside: str = "", tally: Tally = Tally(), anchor: str = "") -> Iterator[str]:  # noqa: B008 - a value
    """Begin a part of the page."""
    yield f'<section id="{escape(anchor)}">' if anchor else "<section>"
    small = f' <small class="faint">{_said(aside)}</small>' if aside else ""
    yield f'<div class="top"><h2>{_said(title)}{small}</h2>{_bar(tally)}{_count(tally)}</div>'


def _ranked(entries: Sequence[Entry], outline: Outline) -> Iterator[str]:
    yield '<ol class="ranked">'
    for entry in entries:
        yield from _item(entry, outline, outline.numbers[entry.id])
    yield "</ol></section>"


def _below(branch: Entry, outline: Outline) -> Iterator[str]:
    found = outline.below.get(branch.id, ())
    if branch.description:
        yield f'<p class="text">{_block(branch.description)}</p>'
    items = [entry for entry in found if not entry.is_branch]
    if items:
        yield "<ul>"
        for entry in items:
            yield from _item(entry, outline)
        yield "</ul>"
    for entry in found:
        if entry.is_branch:
            gone = ' <small class="faint">retired</small>' if entry.retired else ""
            yield f"<h3>{_said(entry.title)}{gone}</h3>"
            yield from _below(entry, outline)


def _item(entry: Entry, outline: Outline, rank: int = 0) -> Iterator[str]:
    status = entry.status.value
    number = f'<span class="rank">{rank}</span>' if rank else ""
    sign = f'<span class="sign" title="{status}">{_SIGNS[entry.status]}</span>'
    strong = "b" if entry.description or entry.kind is Kind.GAP else "span"
    yield f'<li class="{status}">{number}{sign}<{strong}>{_said(entry.title)}</{strong}>'
    if entry.description:
        yield f' <span class="text">{_block(entry.description)}</span>'
    for label, words in facts(entry, study=outline.study):
        yield f'<span class="fact"><span>{label}:</span> {_block(words)}</span>'
    for label, tied in (("Needs", outline.requires), ("Related", outline.related)):
        names = [_said(title) for _, title in tied.get(entry.id, ())] if outline.study else []
        if names:
            yield f'<span class="fact"><span>{label}:</span> {", ".join(names)}</span>'
    for link in entry.resources if outline.study else ():
        # An address that is no web address is shown and leads nowhere.
        if link.url.startswith(("http://", "https://")):
            yield f'<span class="fact"><a href="{_said(link.url)}">{_said(link.title)}</a></span>'
        else:
            yield f'<span class="fact">{_said(link.title)} {_said(link.url)}</span>'
    for note in outline.notes.get(entry.id, ()):
        day = note.at[:10]
        yield f'<span class="note text"><time>{day}</time> {_block(note.text)}</span>'
    inner = outline.below.get(entry.id, ())
    if inner:
        yield "<ul>"
        for each in inner:
            yield from _item(each, outline)
        yield "</ul>"
    yield "</li>"


def _bar(tally: Tally, kind: str = "bar") -> str:
    """A bar with what is learned, and behind it what is in progress."""
    most = max(1, tally.countable)
    done, begun = 100 * tally.learned / most, 100 * tally.learning / most
    parts = f'<i style="width:{done:.1f}%"></i><i class="learning" style="width:{begun:.1f}%"></i>'
    return f'<div class="{kind}" title="{escape(tally.words())}">{parts}</div>'


def _count(tally: Tally) -> str:
    return f'<span class="count">{tally.learned} / {tally.countable}</span>'


def _said(words: str) -> str:
    return escape(text.line(words))


def _block(words: str) -> str:
    return escape(text.block(words))
