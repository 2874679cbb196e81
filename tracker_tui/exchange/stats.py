"""What the days come to, as lines of text: the heatmap, the forecast and the rest.

Both faces show these. Signs and words say everything; colour only repeats it. A line is pieces of
text, each with the name of a style.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from tracker_tui.domain.insight import Forecast, Stats, week_of
from tracker_tui.domain.rhythm import paused
from tracker_tui.domain.signs import Signs, bar
from tracker_tui.domain.text import plural, shortened, shown
from tracker_tui.domain.today import Due
from tracker_tui.domain.words import Reason

Piece = tuple[str, str]
"""Text and the name of its style: text, head, label, faint, bar, learning."""
Line = Sequence[Piece]

WEEKS = 53
_LABEL = 4
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_STEPS = (1, 2, 4, 7)
"""From how many things on a day is of each level."""
_TREND_WEEKS = 26


BLANK: Line = ()


def report(stats: Stats, width: int, signs: Signs, mover: str = "") -> list[Line]:
    """Return everything, for a page of `width` cells, what is acted on first.

    `mover` names what moves the entries that do not fit: a key or a command.
    """
    parts = (
        [_regularity(stats)],
        heatmap(stats, width, signs),
        forecast(stats, width, mover),
        _learned(stats, width, signs),
        _load(stats, width, signs),
        _categories(stats, width, signs),
    )
    lines: list[Line] = []
    for part in parts:
        lines += [*part, BLANK]
    return lines[:-1]


def _head(text: str, aside: str = "") -> Line:
    return [(text, "head"), *([(f"  {aside}", "faint")] if aside else [])]


def _regularity(stats: Stats) -> Line:
    line: list[Piece] = [("Rhythm ", "label"), (str(stats.rhythm), "head"), (" of 100", "faint")]
    if stats.streak > 1:
        line.append((f"   {stats.streak} days in a row", "faint"))
    pause = paused(stats.today, stats.pauses)
    if pause is not None:
        line.append((f"   paused {pause.until}", "learning"))
    return line


# The heatmap


def heatmap(stats: Stats, width: int, signs: Signs, weeks: int = WEEKS) -> list[Line]:
    """Return the days of the last weeks as a calendar, as many weeks as fit."""
    weeks = min(weeks, WEEKS, max(4, width - _LABEL))
    cell = 2 if width >= _LABEL + 2 * weeks else 1
    first = week_of(stats.today, stats.first_weekday) - timedelta(weeks=weeks - 1)
    days = sum(1 for day in stats.activity if first <= day <= stats.today)
    months = f"{weeks} weeks" if weeks < WEEKS else "a year"
    lines = [_head("Activity", f"{plural(days, 'day')} in {months}"), _months(first, weeks, cell)]
    for row in range(7):
        name = _DAYS[(stats.first_weekday + row) % 7] if row % 2 == 0 else ""
        line: list[Piece] = [(name.ljust(_LABEL), "label")]
        for week in range(weeks):
            day = first + timedelta(weeks=week, days=row)
            line.append(_cell(stats, day, signs, cell))
        lines.append(_joined(line))
    lines.append(_legend(stats, signs))
    return lines


def _months(first: date, weeks: int, cell: int) -> Line:
    text = ""
    for week in range(weeks):
        day = first + timedelta(weeks=week)
        at = week * cell
        # A month is named over its first whole week, where there is room for the name.
        if day.day <= 7 and at >= len(text) and at + 3 <= weeks * cell:
            text = text.ljust(at) + _MONTHS[day.month - 1] + " "
    return [(" " * _LABEL + text.rstrip(), "label")]


def _cell(stats: Stats, day: date, signs: Signs, cell: int) -> Piece:
    if day > stats.today:
        return " " * cell, "faint"
    level = sum(stats.activity.get(day, 0) >= step for step in _STEPS)
    if level:
        return signs.levels[level].ljust(cell), "bar"
    sign = signs.paused if paused(day, stats.pauses) is not None else signs.levels[0]
    return sign.ljust(cell), "faint"


def _joined(line: Sequence[Piece]) -> Line:
    """Put neighbours of one style together."""
    result: list[Piece] = []
    for text, style in line:
        if result and result[-1][1] == style:
            result[-1] = (result[-1][0] + text, style)
        else:
            result.append((text, style))
    return result


def _legend(stats: Stats, signs: Signs) -> Line:
    line: list[Piece] = [(" " * _LABEL, "label"), (f"{signs.levels[0]} none  ", "faint")]
    bounds = [f"{_STEPS[0]}", f"{_STEPS[1]}-{_STEPS[2] - 1}", f"{_STEPS[2]}-{_STEPS[3] - 1}"]
    for sign, words in zip(signs.levels[1:], [*bounds, f"{_STEPS[3]}+"], strict=True):
        line += [(sign, "bar"), (f" {words}  ", "faint")]
    if stats.pauses:
        line.append((f"{signs.paused} paused", "faint"))
    return line


# Learned over time


def _learned(stats: Stats, width: int, signs: Signs) -> list[Line]:
    tally = stats.overall
    head = _head("Learned", tally.words())
    first_week = week_of(stats.began, stats.first_weekday)
    this_week = week_of(stats.today, stats.first_weekday)
    total = (this_week - first_week).days // 7 + 1
    if total < 2 or not stats.learned:
        return [head, [("too little data: the first weeks are still to come", "faint")]]
    weeks = min(total, _TREND_WEEKS, max(4, width - 24))
    starts = [this_week - timedelta(weeks=n) for n in reversed(range(weeks))]
    by_week: dict[date, int] = {}
    for day, count in stats.learned.items():
        start = week_of(day, stats.first_weekday)
        by_week[start] = by_week.get(start, 0) + count
    counts = [max(0, by_week.get(start, 0)) for start in starts]
    before = sum(count for start, count in by_week.items() if start < starts[0])
    sums = [before + sum(by_week.get(s, 0) for s in starts[: n + 1]) for n in range(weeks)]
    rows = (
        ("a week", counts, f"{max(counts)} at most"),
        ("in all", sums, f"{sums[-1]} now"),
    )
    return [
        head,
        *(
            [(name.ljust(8), "label"), (_bars(values, signs), "bar"), (f"  {aside}", "faint")]
            for name, values, aside in rows
        ),
        [(_trend(counts, weeks), "faint")],
    ]


def _bars(values: Sequence[int], signs: Signs) -> str:
    top = max([*values, 1])
    steps = len(signs.heights) - 1
    return "".join(signs.heights[-(-max(0, value) * steps // top)] for value in values)


def _trend(counts: Sequence[int], weeks: int) -> str:
    """Compare the last four whole weeks with the four before; the present week is not over."""
    whole = counts[:-1]
    if len(whole) < 8:
        return f"{plural(weeks, 'week')} so far; the trend shows after nine"
    late, early = sum(whole[-4:]) / 4, sum(whole[-8:-4]) / 4
    word = "as before" if late == early else "up" if late > early else "down"
    change = "" if late == early else f" from {early:.1f}"
    return f"{late:.1f} a week in the last four, {word}{change}"


# Categories and reviews


def _categories(stats: Stats, width: int, signs: Signs) -> list[Line]:
    lines: list[Line] = [_head("Categories")]
    for entry in stats.categories:
        full, empty = bar(entry.tally, 10, signs)
        count = f"{entry.tally.learned}/{entry.tally.countable}".rjust(8)
        title = shortened(shown(entry.title), max(10, width - 20))
        lines.append([(full, "bar"), (empty, "faint"), (f"{count}  ", "faint"), (title, "text")])
    return lines


def _load(stats: Stats, width: int, signs: Signs) -> list[Line]:
    total = sum(stats.reviews)
    aside = f"{plural(total, 'review')} in the coming {len(stats.reviews)} days"
    if stats.overdue:
        aside += f", {stats.overdue} overdue"
    head = _head("Reviews", aside)
    if not total:
        return [head]
    days = [stats.today + timedelta(days=n) for n in range(len(stats.reviews))]
    cell = 4 if width >= 4 * len(days) else 3
    names = "".join(_DAYS[day.weekday()][: cell - 1].rjust(cell) for day in days)
    counts = "".join((str(n) if n else signs.levels[0]).rjust(cell) for n in stats.reviews)
    bars = "".join(sign.rjust(cell) for sign in _bars(stats.reviews, signs))
    return [head, [(bars, "bar")], [(counts, "text")], [(names, "label")]]


# The forecast


def forecast(stats: Stats, width: int, mover: str = "") -> list[Line]:
    """Return when each horizon ends at the present pace, and what would have to move."""
    rate = stats.pace
    if rate is None:
        lines = [_head("Forecast"), [(stats.silent, "faint")]]
    else:
        low, high = (f"{7 * speed:.1f}" for speed in (rate.slow, rate.fast))
        aside = f"{rate.learned} learned in {plural(rate.days, 'day')}: {low} to {high} a week"
        lines = [_head("Forecast", aside)]
    for one in stats.forecasts:
        lines += _of_horizon(one, stats, width, mover)
    return lines


def _of_horizon(one: Forecast, stats: Stats, width: int, mover: str) -> Iterator[Line]:
    title = shortened(shown(one.span.title), 14).ljust(15)
    indent = " " * (15 if width >= 72 else 4)
    until = f"until {one.deadline.isoformat()}"
    if not one.open:
        yield [(title, "label"), ("nothing left", "text")]
        return
    left = f"{one.open} left, {until}"
    if stats.pace is None:
        yield [(title, "label"), (left, "text")]
        return
    yield [(title, "label"), (left, "text")]
    yield [(indent, "label"), (_when(one), "learning" if one.past else "text")]
    if one.over:
        count = plural(len(one.over), "entry does not fit", "entries do not fit")
        several = len(one.over) > 1
        where = f"; {mover} moves {'them' if several else 'it'} on" if one.to and mover else ""
        yield [(indent, "label"), (f"{count}{where}", "learning")]
        for entry in one.over[:3]:
            room = max(20, width - len(indent) - 2)
            yield [(f"{indent}  ", "label"), (shortened(shown(entry.title), room), "faint")]
        if len(one.over) > 3:
            yield [(f"{indent}  ", "label"), (f"and {len(one.over) - 3} more", "faint")]


def _when(one: Forecast) -> str:
    if one.likely is None:
        return "at this pace not within 20 years"
    early = one.early.isoformat() if one.early else "?"
    late = one.late.isoformat() if one.late else "later than can be said"
    return f"done about {one.likely.isoformat()} ({early} to {late})"


# The summary of a check-in

_ANSWERS = (
    ("learned", "learned"),
    ("reviewed", "reviewed"),
    ("progress", "in progress"),
    ("later", "not today"),
    ("skipped", "skipped"),
)
_REASONS = {
    Reason.PROGRESS: "in progress",
    Reason.SNOOZED: "put off",
    Reason.CRITICAL: "critical",
    Reason.STEP: "of the path",
    Reason.ITEM: "of the track",
}


def summary(
    queue: Sequence[Due], ahead: Sequence[Due], note: str, stats: Stats, width: int, signs: Signs
) -> list[Line]:
    """Return the end of a check-in: what was done, the rhythm, the heatmap, forecast and tomorrow."""
    counts = {answer: sum(due.answer == answer for due in queue) for answer, _ in _ANSWERS}
    done = ", ".join(f"{counts[answer]} {word}" for answer, word in _ANSWERS if counts[answer])
    open_ = sum(not due.answered for due in queue)
    first: list[Piece] = [(done or "nothing was asked", "head")]
    if open_:
        first.append((f"   {open_} still open", "learning"))
    lines: list[Line] = [first]
    if note:
        lines.append([("Note     ", "label"), (shown(note), "text")])
    tomorrow: dict[Reason, int] = {}
    for due in ahead:
        tomorrow[due.reason] = tomorrow.get(due.reason, 0) + 1
    words = ", ".join(
        plural(count, "review") if reason is Reason.REVIEW else f"{count} {_REASONS[reason]}"
        for reason, count in tomorrow.items()
    )
    lines.append([("Tomorrow ", "label"), (words or "nothing yet", "text")])
    lines.append(_regularity(stats))
    lines += [BLANK, *heatmap(stats, width, signs, 26)]
    return [*lines, BLANK, *forecast(stats, width)]
