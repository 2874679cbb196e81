"""Commands of the day: the queue, the check-in, reviews, pauses, statistics, the shell's prompt."""

from __future__ import annotations

import sys
from datetime import date

import click

from tracker_tui import prompt as prompt_file
from tracker_tui.cli.base import (
    TODAY,
    Context,
    QueryCommand,
    QueryGroup,
    as_json_option,
    date_option,
    limit_option,
    pass_context,
    query_argument,
    ref_argument,
)
from tracker_tui.cli.choice import several
from tracker_tui.cli.output import EMPTY, Row
from tracker_tui.domain.text import plural, shown
from tracker_tui.domain.today import Due
from tracker_tui.domain.track import Entry
from tracker_tui.domain.words import Answer, Rating
from tracker_tui.errors import TrackerError, one_line
from tracker_tui.tracker import Tracker

_RATINGS = {rating.word: rating for rating in Rating}


@click.command(cls=QueryCommand)
@query_argument
@date_option
@click.option("--more", is_flag=True, help="Put one more entry into it first.")
@click.option("--note", metavar="TEXT", help="Keep one line about the day.")
@as_json_option
@pass_context
def today(
    context: Context,
    query: tuple[str, ...],
    day: str,
    more: bool,  # noqa: FBT001
    note: str | None,
    json_: bool,  # noqa: FBT001
) -> None:
    """List the few things that matter today, and why; with a QUERY those that it finds."""
    tracker = context.tracker
    when = tracker.check_in_day(day)
    if note is not None:
        tracker.day_note(when, note)
    if more:
        action = tracker.more(when)
        if not action.changes and not json_:
            context.out.line(action.label)
    queue = tracker.queue(when)
    everything = bool(queue)
    if query:
        wanted = {entry.id for entry in tracker.select(" ".join(query)).matches}
        queue = [due for due in queue if due.entry.id in wanted]
    if json_:
        context.json([_due_json(due) for due in queue])
        return
    if everything and not queue:
        context.out.line("nothing in the queue matches")
    elif not queue:
        pause = tracker.paused(when)
        quiet = EMPTY if tracker.is_empty() else "nothing is due"
        context.out.line(quiet if pause is None else _paused(pause.end))
    for due in queue:
        context.out.due(due)
    if tracker.note_of(when):
        context.out.line(f"Note: {shown(tracker.note_of(when))}")


def _due_json(due: Due) -> dict[str, object]:
    return {
        "id": due.entry.id,
        "kind": due.reason.value,
        "title": due.entry.title,
        "why": due.told,
        "needs_first": due.first.id if due.first else None,
        "answered": due.answered,
        "answer": due.answer.value if due.answer else None,
        "status": due.entry.status.value,
    }


def _paused(end: date | None) -> str:
    return f"paused until {end.isoformat()}" if end else "paused; tracker resume ends it"


@click.command()
@date_option
@click.option("--plain", is_flag=True, help="Line by line, for a dumb terminal or a screen reader.")
@click.option("--json", "json_", is_flag=True, help="Only write how it stands, as JSON.")
@pass_context
def checkin(context: Context, day: str, plain: bool, json_: bool) -> int:  # noqa: FBT001
    """Go through today's queue, one key each."""
    from tracker_tui.cli.open import has_screen, open_screen
    from tracker_tui.cli.plain import check_in

    if json_:
        context.json(_checkin_json(context.tracker, context.tracker.check_in_day(day)))
        return 0
    if plain or not has_screen():
        check_in(context.tracker, context.out, context.tracker.check_in_day(day), sys.stdin)
        return 0
    when = None if day == TODAY else context.tracker.check_in_day(day)
    context.close()
    return open_screen(checkin=True, day=when)


def _checkin_json(tracker: Tracker, when: date) -> dict[str, object]:
    queue = tracker.queue(when)
    rhythm, streak = tracker.regularity()
    return {
        "day": when.isoformat(),
        "paused": tracker.paused(when) is not None,
        "open": sum(not due.answered for due in queue),
        "entries": [_due_json(due) for due in queue],
        "note": tracker.note_of(when),
        "rhythm": rhythm,
        "streak": streak,
        "tomorrow": [_due_json(due) for due in tracker.tomorrow()],
    }


@click.command()
@ref_argument
@click.option(
    "--grade", type=click.Choice(list(_RATINGS)), help="How well you recalled it; else it is asked."
)
@date_option
@as_json_option
@pass_context
def review(context: Context, ref: str, grade: str | None, day: str, json_: bool) -> None:  # noqa: FBT001
    """Review a learned item now."""
    from tracker_tui.cli.plain import ask_grade

    tracker = context.tracker
    id_ = tracker.resolve(ref)
    when = tracker.check_in_day(day)
    if grade is not None:
        context.did(tracker.grade(id_, _RATINGS[grade], when), json_)
    else:
        ask_grade(tracker, context.out, id_, when, sys.stdin)


@click.group(cls=QueryGroup, invoke_without_command=True)
@limit_option(20)
@as_json_option
@pass_context
@click.pass_context
def reviews(ctx: click.Context, context: Context, limit: int, json_: bool) -> None:  # noqa: FBT001
    """List the coming reviews, with the recall now; with a QUERY those of what it finds."""
    if ctx.invoked_subcommand is not None:
        return
    rows = _upcoming(context, limit, " ".join(ctx.meta.get(QueryGroup.WORDS, ())))
    if json_:
        context.json(
            [
                {"id": e.id, "title": e.title, "due": due.isoformat(), "recall": round(chance, 4)}
                for e, due, chance in rows
            ]
        )
        return
    context.out.rows(
        Row(
            [(f"{due.isoformat()}  {f'{round(100 * chance)}%':>4}  ", "faint")],
            [(shown(entry.title), "")],
            id=entry.id,
        )
        for entry, due, chance in rows
    )
    if not rows:
        words = ctx.meta.get(QueryGroup.WORDS)
        context.out.line("nothing that is reviewed matches" if words else "nothing was learned yet")


def _upcoming(context: Context, limit: int, words: str) -> list[tuple[Entry, date, float]]:
    if not words:
        return context.tracker.upcoming(limit)
    wanted = {entry.id for entry in context.tracker.select(words).matches}
    return [row for row in context.tracker.upcoming() if row[0].id in wanted][:limit]


@reviews.command("spread")
@as_json_option
@pass_context
def spread(context: Context, json_: bool) -> None:  # noqa: FBT001
    """Spread overdue reviews over the coming days, those with most recall first."""
    action = context.tracker.spread()
    context.did(action, json_, f"nothing to do: {action.label}")


@click.command()
@several
@date_option
@as_json_option
@pass_context
def progress(context: Context, ids: list[str], day: str, json_: bool) -> None:  # noqa: FBT001
    """Note that you made progress; what was not begun is in progress from then on."""
    tracker = context.tracker
    context.did(tracker.progress(ids, tracker.check_in_day(day)), json_)


@click.command()
@ref_argument
@date_option
@as_json_option
@pass_context
def later(context: Context, ref: str, day: str, json_: bool) -> None:  # noqa: FBT001
    """Answer an entry of the day's queue with “not today”."""
    tracker = context.tracker
    action = tracker.answer(tracker.check_in_day(day), tracker.resolve(ref), Answer.LATER)
    context.did(action, json_)


@click.command()
@click.argument("begin", required=False, default="today", metavar="[FROM]")
@click.argument("end", required=False, default="", metavar="[UNTIL]")
@click.option("--list", "list_", is_flag=True, help="List the pauses instead.")
@as_json_option
@pass_context
def pause(context: Context, begin: str, end: str, list_: bool, json_: bool) -> None:  # noqa: FBT001
    """Mark a holiday: neither rhythm nor queue hold it against you."""
    if not list_:
        action = context.tracker.pause(begin, end)
        context.did(action, json_, f"nothing to do: {action.label}")
        return
    pauses = context.tracker.pauses()
    if json_:
        context.json(
            [
                {"from": p.begin.isoformat(), "until": p.end.isoformat() if p.end else None}
                for p in pauses
            ]
        )
        return
    for one in pauses:
        until = one.end.isoformat() if one.end else "until you resume"
        context.out.line(f"{one.begin.isoformat()}  {until}")
    if not pauses:
        context.out.line("there was no pause yet")


@click.command()
@as_json_option
@pass_context
def resume(context: Context, json_: bool) -> None:  # noqa: FBT001
    """End the pause that today is in; without one, take back the next that is planned."""
    action = context.tracker.resume()
    context.did(action, json_, f"nothing to do: {action.label}")


@click.command()
@click.option("--move", is_flag=True, help="Move what does not fit into its horizon to the next.")
@as_json_option
@pass_context
def stats(context: Context, move: bool, json_: bool) -> None:  # noqa: FBT001
    """Tell what the days come to: activity, learned, reviews, the forecast."""
    from tracker_tui.domain.signs import SIGNS
    from tracker_tui.exchange import as_json
    from tracker_tui.exchange.stats import report

    if move:
        action = context.tracker.move_overdue()
        context.did(action, json_, f"nothing to do: {action.label}")
        return
    found = context.tracker.stats()
    if json_:
        context.json(as_json.stats_json(found))
        return
    for line in report(
        found, context.out.width, SIGNS[context.config.glyphs], "tracker stats --move"
    ):
        context.out.pieces(line)


@click.command()
def prompt() -> int:
    """Write how much today still asks for, such as “3 today”; for a shell's prompt."""
    return prompt_file.main()


@click.command()
@click.option(
    "--after", default="18:00", show_default=True, metavar="HH:MM", help="Not before this hour."
)
@as_json_option
@pass_context
def remind(context: Context, after: str, json_: bool) -> None:  # noqa: FBT001
    """Write a line if today's check-in is still open; for cron or a timer."""
    hours, colon, minutes = after.partition(":")
    if not (hours.isdecimal() and (minutes or "0").isdecimal() and len(after) <= 5) or not (
        int(hours) < 24 and int(minutes or "0") < 60 and (minutes or not colon)
    ):
        raise TrackerError(f"“{one_line(after)}” is not an hour", "write it as 18:00")
    tracker = context.tracker
    left = tracker.left()
    due = left > 0 and tracker.is_after(int(hours), int(minutes or "0"))
    if json_:
        context.json({"left": left, "due": due})
    elif due:
        context.out.line(f"{plural(left, 'thing')} left of today's check-in: tracker checkin")


COMMANDS = {
    "today": today,
    "checkin": checkin,
    "review": review,
    "reviews": reviews,
    "progress": progress,
    "later": later,
    "pause": pause,
    "resume": resume,
    "stats": stats,
    "prompt": prompt,
    "remind": remind,
}
