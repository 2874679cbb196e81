"""What the check-in and the insights show, as pages of paragraphs. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from tracker_tui.domain.dates import ago
from tracker_tui.domain.text import plural, shown, shown_part
from tracker_tui.domain.today import Due
from tracker_tui.domain.track import Detail
from tracker_tui.domain.words import Rating, Reason, Status
from tracker_tui.exchange.stats import Line
from tracker_tui.tracker.reviews import Backlog
from tracker_tui.tui.detail_text import (
    BLANK,
    LABEL,
    Context,
    Page,
    Paragraph,
    Part,
    inline,
    labelled,
    linked,
    links,
    study,
)

NOTES = 5
HEADINGS = {
    Reason.REVIEW: "Review",
    Reason.PROGRESS: "In progress",
    Reason.SNOOZED: "Put off",
    Reason.CRITICAL: "Critical",
    Reason.STEP: "Learning path",
    Reason.ITEM: "Track",
}


def entry_page(due: Due, detail: Detail, backlog: Backlog | None, context: Context) -> Page:
    """Return the page of an entry that is to be learned."""
    body = [*_why(due), *_title(detail, context), *_texts(detail), *_study(detail, context)]
    body += _more(detail, context)
    return Page(HEADINGS[due.reason], (*body, *_backlog(backlog)))


def review_page(
    due: Due,
    detail: Detail,
    grades: Mapping[Rating, date] | None,
    backlog: Backlog | None,
    context: Context,
    *,
    show: bool,
) -> Page:
    """Return the page of a review: the question, the grades, and on demand what is known.

    `grades` is None as long as their days are being worked out.
    """
    entry = detail.entry
    body = [*_why(due)]
    question = entry.done_when or entry.title
    body.append(Paragraph((Part("Do you still know this?", "label"),)))
    body.append(Paragraph(tuple(inline(shown(question), "title"))))
    if entry.done_when:
        body.append(Paragraph(tuple(inline(shown(entry.title), "faint"))))
    where = " › ".join(shown(above.title) for above in detail.path)
    if where:
        body.append(Paragraph((Part(where, "faint"),)))
    body.append(BLANK)
    for rating in Rating:
        day = grades.get(rating) if grades is not None else None
        when = _ahead(day, context.today) if day is not None else ""
        body.append(
            Paragraph(
                (
                    Part(f"  {rating.value} ", "link"),
                    Part(rating.word.ljust(8), "text"),
                    Part(when, "faint"),
                )
            )
        )
    if show:
        body += [*_texts(detail), *_links(detail, context), *_more(detail, context)]
    else:
        hidden = _hidden(detail)
        if hidden:
            body += [BLANK, Paragraph((Part(f"space shows {hidden}", "faint"),))]
    return Page(HEADINGS[Reason.REVIEW], (*body, *_backlog(backlog)))


def _ahead(day: date, today: date) -> str:
    return f"{ago(day, today)}, {day:%a} {day.isoformat()}"


def _why(due: Due) -> list[Paragraph]:
    return [Paragraph((Part(due.told, "head"),)), BLANK] if due.why else []


def _title(detail: Detail, context: Context) -> Iterable[Paragraph]:
    entry = detail.entry
    sign = Part(f"{context.glyphs.status(entry.status)} ", entry.status.value)
    yield Paragraph((sign, *inline(shown(entry.title), "title")), None, 2)
    where = " › ".join(shown(above.title) for above in detail.path)
    if where:
        yield Paragraph((Part(f"  {where}", "faint"),), None, 2)


def _texts(detail: Detail) -> Iterable[Paragraph]:
    entry = detail.entry
    if entry.description:
        yield BLANK
        for line in shown_part(entry.description).split("\n"):
            yield Paragraph(tuple(inline(line)))
    facts = [
        labelled(label, inline(shown(text)))
        for label, text in (
            ("Impact", entry.impact),
            ("Action", entry.action),
        )
        if text
    ]
    if facts:
        yield BLANK
        yield from facts


def _study(detail: Detail, context: Context) -> Iterable[Paragraph]:
    """How to study it; the first step as long as it is not begun."""
    entry = detail.entry
    if entry.status is not Status.TODO:
        entry = entry._replace(first_step="")
    block = [*study(entry), *links(detail.links, context)]
    block += linked("Related", [twin for twin in detail.related if twin.status.open], context)
    if block:
        yield BLANK
        yield from block


def _links(detail: Detail, context: Context) -> Iterable[Paragraph]:
    if detail.links:
        yield BLANK
        yield from links(detail.links, context)


def _more(detail: Detail, context: Context) -> Iterable[Paragraph]:
    if detail.notes:
        yield BLANK
    for note in detail.notes[:NOTES]:
        day = context.local_day(note.at).isoformat()
        for number, line in enumerate(shown_part(note.text).split("\n")):
            lead = Part((day if not number else "").ljust(LABEL), "label")
            yield Paragraph((lead, *inline(line)), None, LABEL)


def _hidden(detail: Detail) -> str:
    words = []
    if detail.entry.description:
        words.append("its text")
    if detail.notes:
        words.append(plural(len(detail.notes), "note"))
    if detail.links:
        words.append(plural(len(detail.links), "link"))
    return " and ".join(words) if len(words) < 3 else f"{words[0]}, {words[1]} and {words[2]}"


def _backlog(backlog: Backlog | None) -> list[Paragraph]:
    if backlog is None or not backlog.heavy:
        return []
    words = f"{backlog.overdue} reviews are due and a day takes {backlog.per_day}; "
    return [
        BLANK,
        Paragraph((Part(words, "learning"), Part("b spreads them over the coming days", "faint"))),
    ]


def lines_page(heading: str, lines: Sequence[Line]) -> Page:
    """Return lines of text as a page."""
    return Page(
        heading,
        tuple(Paragraph(tuple(Part(t, s) for t, s in line), None, _indent(line)) for line in lines),
    )


def _indent(line: Line) -> int:
    """Where the lines after the first begin, if it has to be wrapped: under its text."""
    first = line[0][0] if line else ""
    return len(first) if not first.strip() else 0


def day_lines(
    day: date, today: date, queue: Sequence[Due], done: Sequence[str], note: str
) -> list[Line]:
    """Return what stands above the insights: the day that was chosen, and what was done on it."""
    answered = sum(due.answered for due in queue)
    name = ago(day, today)
    line: list[tuple[str, str]] = [
        (f"{day:%A} {day.isoformat()}", "head"),
        (f"  {name}", "faint"),
        (f"   {plural(len(done), 'thing')} done", "text"),
    ]
    if queue:
        line.append((f", {answered} of {len(queue)} answered", "text"))
    lines: list[Line] = [line]
    if note:
        lines.append([(shown(note), "text")])
    key = "c checks in" if day == today else "c fills it in"
    lines.append([(f"[ ] another day   {key}", "label")])
    return lines


def quiet_page(words: str, aside: str) -> Page:
    """Return a page that says that there is nothing to do."""
    return Page(
        "Check-in", (Paragraph((Part(words, "title"),)), BLANK, Paragraph((Part(aside, "faint"),)))
    )
