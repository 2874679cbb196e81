"""A track as one HTML page that needs nothing else: to print or to send."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from tracker_tui.domain.text import shown, shown_block
from tracker_tui.domain.track import Entry, Tally
from tracker_tui.domain.words import STATUS_SIGNS, Kind
from tracker_tui.exchange.markdown import facts
from tracker_tui.exchange.outline import Outline

_SIGNS = STATUS_SIGNS["unicode"]
_STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; max-width: 52rem; margin: 2rem auto; padding: 0 1rem; color: #22252e; }
h1, h2, h3 { line-height: 1.2; } h2 { margin-top: 2rem; border-bottom: 1px solid #ccc; }
ul, ol { padding-left: 1.4rem; } li { margin: .2rem 0; } .sign { font-weight: bold; }
.learned { color: #3a7a1e; } .learning { color: #a05a00; } .skipped { color: #777; }
.faint { color: #666; } progress { width: 8rem; vertical-align: middle; }
@media print { body { margin: 0; max-width: none; } h2 { break-after: avoid; } li { break-inside: avoid; } }
"""


def page(outline: Outline, overall: Tally) -> Iterator[str]:
    """Return the lines of the page; every text of the user's is escaped."""
    title = _said(outline.about.get("title", "Learning Track"))
    yield "<!doctype html>"
    yield f'<html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f"<style>{_STYLE}</style></head><body>"
    yield f"<h1>{title}</h1>"
    yield f"<p>{_bar(overall)} {escape(overall.words())}</p>"
    for gap in outline.gaps[:1]:
        yield f"<h2>Critical</h2><ol start={outline.numbers[gap.id]}>"
    for gap in outline.gaps:
        yield from _item(gap, outline)
    if outline.gaps:
        yield "</ol>"
    for span in outline.spans:
        steps = outline.steps(span.id)
        if steps:
            yield f"<h2>{_said(span.title)} <small class=faint>{_said(span.span)}</small></h2><ol>"
            for step in steps:
                yield from _item(step, outline)
            yield "</ol>"
    for category in outline.categories:
        number = outline.numbers[category.id]
        yield f"<h2>{number}. {_said(category.title)} {_bar(category.tally)}</h2>"
        yield from _below(category, outline)
    yield "</body></html>"


def _below(branch: Entry, outline: Outline) -> Iterator[str]:
    found = outline.below.get(branch.id, ())
    if branch.description:
        yield f"<p>{_block(branch.description)}</p>"
    if any(not entry.is_branch for entry in found):
        yield "<ul>"
        for entry in found:
            if not entry.is_branch:
                yield from _item(entry, outline)
        yield "</ul>"
    for entry in found:
        if entry.is_branch:
            yield f"<h3>{_said(entry.title)}</h3>"
            yield from _below(entry, outline)


def _item(entry: Entry, outline: Outline) -> Iterator[str]:
    status = entry.status.value
    sign = f'<span class="sign {status}" title="{status}">{_SIGNS[entry.status]}</span>'
    strong = "b" if entry.description or entry.kind is Kind.GAP else "span"
    yield f"<li>{sign} <{strong}>{_said(entry.title)}</{strong}>"
    if entry.description:
        yield f" {_block(entry.description)}"
    for label, text in facts(entry, study=outline.study):
        yield f"<br><span class=faint>{label}:</span> {_block(text)}"
    for link in entry.resources if outline.study else ():
        # An address that is no web address is shown and leads nowhere.
        if link.url.startswith(("http://", "https://")):
            yield f'<br><a href="{_said(link.url)}">{_said(link.title)}</a>'
        else:
            yield f"<br>{_said(link.title)} {_said(link.url)}"
    for note in outline.notes.get(entry.id, ()):
        yield f"<br><span class=faint>{note.at[:10]}</span> {_block(note.text)}"
    inner = outline.below.get(entry.id, ())
    if inner:
        yield "<ul>"
        for each in inner:
            yield from _item(each, outline)
        yield "</ul>"
    yield "</li>"


def _bar(tally: Tally) -> str:
    most = max(1, tally.countable)
    return f'<progress max="{most}" value="{tally.learned}">{tally.learned}/{most}</progress>'


def _said(text: str) -> str:
    return escape(shown(text))


def _block(text: str) -> str:
    return escape(shown_block(text)).replace("\n", "<br>")
