"""The charts of the days, whole and in plain ASCII: `stats.txt` is what they should be."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.exchange.small import small_track
from tracker_tui.domain.insight import Forecast, Pace, Stats
from tracker_tui.domain.rhythm import Pause
from tracker_tui.domain.signs import SIGNS
from tracker_tui.domain.today import Due
from tracker_tui.domain.track import Tally
from tracker_tui.domain.words import Answer, Reason
from tracker_tui.exchange.stats import Line, forecast, heatmap, report, summary

WANTED = Path(__file__).with_name("stats.txt")
TODAY = date(2026, 11, 24)


def lived() -> Stats:
    """Ten weeks of days with more and more on them, and a holiday."""
    activity = {TODAY - timedelta(days=n): (70 - n) // 8 for n in range(0, 70, 3)}
    learned = {TODAY - timedelta(days=7 * n): 9 - n for n in range(10)}
    with small_track() as tracker:
        entries = tuple(tracker.select("kind:item").matches)
        given = tracker.stats()
    immediate, short, medium = given.forecasts
    late = date(2027, 3, 1)
    forecasts: tuple[Forecast, ...] = (
        replace(immediate, open=6, early=TODAY, likely=late, late=None, over=entries),
        replace(short, open=0),
        replace(medium, early=None, likely=None, late=None),
    )
    return replace(
        given,
        began=TODAY - timedelta(days=69),
        activity={day: count for day, count in activity.items() if count},
        learned=learned,
        pauses=(
            Pause("p", TODAY - timedelta(days=20), TODAY - timedelta(days=14)),
            Pause("q", TODAY, None),
        ),
        rhythm=82,
        streak=3,
        overall=Tally(200, 45, 12, 3),
        reviews=[3, 0, 1, 0, 0, 0, 12],
        overdue=2,
        pace=Pace(0.5, 0.25, 1.0, 14, 21),
        forecasts=forecasts,
    )


def shown(lines: Sequence[Line]) -> Iterator[str]:
    """Each line, and below it the first letter of the style of each of its cells."""
    for line in lines:
        yield "".join(text for text, _ in line).rstrip()
        yield "".join(style[0] * len(text) for text, style in line).rstrip()


def test_the_charts_of_ten_weeks() -> None:
    stats, signs = lived(), SIGNS["ascii"]
    told = list(shown(report(stats, 80, signs, "m")))
    begun = replace(stats, activity={}, learned={}, pauses=(), pace=None, streak=1, began=TODAY)
    told += ["=" * 40, *shown(report(begun, 40, signs))]
    assert told == WANTED.read_text(encoding="utf-8").split("\n")[:-1]


@pytest.mark.parametrize(
    ("weeks", "learned", "told"),
    [
        (8, {1: 4}, "8 weeks so far; the trend shows after nine"),
        (9, {1: 4, 8: 4}, "1.0 a week in the last four, as before"),
        (9, {4: 6, 5: 2}, "1.5 a week in the last four, up from 0.5"),
        (40, {0: 9, 4: 1, 5: 3}, "0.2 a week in the last four, down from 0.8"),
    ],
)
def test_the_trend_compares_whole_weeks(weeks: int, learned: dict[int, int], told: str) -> None:
    began = TODAY - timedelta(weeks=weeks - 1)
    days = {TODAY - timedelta(weeks=week): count for week, count in learned.items()}
    stats = replace(lived(), began=began, learned=days)
    assert told in ["".join(text for text, _ in line) for line in report(stats, 80, SIGNS["ascii"])]


def test_the_end_of_a_check_in_says_what_was_done_and_what_comes_tomorrow() -> None:
    stats, signs = lived(), SIGNS["ascii"]
    entry = stats.categories[0]
    answers = (Answer.LEARNED, Answer.LEARNED, Answer.SKIPPED, None)
    queue = [Due(entry, Reason.ITEM, "", answer) for answer in answers]
    ahead = [Due(entry, reason, "") for reason in (Reason.REVIEW, Reason.REVIEW, Reason.STEP)]
    told = list(shown(summary(queue, ahead, "a\x1bb", stats, 80, signs)))
    assert told[:6] == [
        *("2 learned, 1 skipped   1 still open", "h" * 20 + "l" * 15),
        *("Note     ab", "l" * 9 + "t" * 2),
        *("Tomorrow 2 reviews, 1 of the path", "l" * 9 + "t" * 24),
    ]
    assert any("in 26 weeks" in line for line in told)
    told = list(shown(summary([], [], "", stats, 80, signs)))
    assert told[0] == "nothing was asked" and told[2] == "Tomorrow nothing yet"


def texts(lines: Sequence[Line]) -> list[str]:
    return ["".join(text for text, _ in line).rstrip() for line in lines]


def test_the_heatmap_takes_two_cells_a_day_where_there_is_room() -> None:
    stats, signs = lived(), SIGNS["ascii"]
    wide = texts(heatmap(stats, 110, signs))
    narrow = texts(heatmap(stats, 109, signs))
    assert narrow[2].startswith("Mon ....") and narrow[2].endswith("-..*..*..")
    assert wide[2] == "Mon " + " ".join(narrow[2][4:])
    assert [each[:4] for each in wide[2:9]] == [each[:4] for each in narrow[2:9]]


@pytest.mark.parametrize("width", [60, 110])
def test_no_month_is_named_beyond_the_weeks(width: int) -> None:
    stats = lived()
    for weeks in range(53):
        then = replace(stats, today=TODAY - timedelta(weeks=weeks))
        months = texts(heatmap(then, width, SIGNS["ascii"]))[1]
        assert len(months) <= 4 + 53 * (2 if width == 110 else 1)


@pytest.mark.parametrize(
    ("weeks", "width", "shown_", "now"),
    [(2, 80, 2, 2), (40, 80, 26, 40), (40, 40, 16, 40), (40, 20, 4, 40)],
)
def test_learned_over_time_shows_as_many_weeks_as_there_is_room_for(
    weeks: int, width: int, shown_: int, now: int
) -> None:
    began = TODAY - timedelta(weeks=weeks - 1)
    learned = {TODAY - timedelta(weeks=week): 1 for week in range(weeks)}
    lines = report(replace(lived(), began=began, learned=learned), width, SIGNS["ascii"])
    (week,) = [line for line in lines if line and line[0][0] == "a week  "]
    (whole,) = [line for line in lines if line and line[0][0] == "in all  "]
    assert (len(week[1][0]), len(whole[1][0])) == (shown_, shown_)
    assert (week[2][0], whole[2][0]) == ("  1 at most", f"  {now} now")


@pytest.mark.parametrize(("width", "cell"), [(55, 3), (56, 4)])
def test_the_coming_reviews_are_closer_together_where_there_is_little_room(
    width: int, cell: int
) -> None:
    stats = replace(lived(), reviews=[1, 0] * 7)
    lines = report(stats, width, SIGNS["ascii"])
    at = next(n for n, line in enumerate(lines) if line and line[0][0] == "Reviews")
    assert [len(line[0][0]) for line in lines[at + 1 : at + 4]] == [14 * cell] * 3


def test_titles_are_as_long_as_there_is_room_for() -> None:
    stats = lived()
    long = stats.categories[0]._replace(title="x" * 100)
    lines = report(replace(stats, categories=(long,)), 50, SIGNS["ascii"])
    assert max(len(text) for text in texts(lines[-1:])) == 50


@pytest.mark.parametrize(
    ("width", "indent", "room"), [(72, 15, 55), (71, 4, 65), (30, 4, 24), (24, 4, 20)]
)
def test_what_does_not_fit_is_indented_where_there_is_room_and_said_with_who_moves_it(
    width: int, indent: int, room: int
) -> None:
    stats = lived()
    immediate, *_ = stats.forecasts
    entry = stats.categories[0]._replace(title="x" * 100)
    one = replace(immediate, over=(entry,))
    last = replace(one, to=None)
    signs = " " * indent
    told = texts(forecast(replace(stats, forecasts=(one,)), width, "m"))
    assert told[3] == f"{signs}1 entry does not fit; m moves it on"
    assert told[4].startswith(f"{signs}  x") and len(told[4]) == indent + 2 + room
    for lines in (
        forecast(replace(stats, forecasts=(last,)), width, "m"),
        forecast(replace(stats, forecasts=(one,)), width),
        report(replace(stats, forecasts=(one,)), width, SIGNS["ascii"]),
    ):
        assert f"{signs}1 entry does not fit" in texts(lines)
