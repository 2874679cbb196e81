"""A day that has begun: its queue as it is kept, what was answered, and what waits for something."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.domain.test_plan import ITEM
from tests.domain.test_today import TODAY, item
from tracker_tui.domain.reviews import Card
from tracker_tui.domain.today import (
    Due,
    Frozen,
    answer_of,
    faded,
    freeze,
    held,
    instead,
    needed_before,
    part_of_gap,
    snoozed_until,
    step_of,
    thaw,
    untouched,
)
from tracker_tui.domain.track import Entry
from tracker_tui.domain.words import Answer, Reason, Status

# What an entry of a day needs by now

LATER = "2026-12-01"
BASE, ROOT = item("base"), item("root")
LEARNING = item("base", Status.LEARNING)
PUT_OFF = item("base", snoozed_until=LATER)


@pytest.mark.parametrize(
    ("entry", "wholes", "needs", "first"),
    [
        (item("x"), [], {}, None),
        (item("x"), [], {"x": [BASE, ROOT]}, BASE),
        (item("x", Status.LEARNING), [], {"x": [BASE]}, None),
        (item("x"), [], {"x": [LEARNING]}, LEARNING),
        (item("x"), [], {"x": [PUT_OFF]}, PUT_OFF),
        (item("x"), [], {"x": [item("base", Status.LEARNED)]}, None),
        (item("x"), [], {"x": [item("base", deleted=True)]}, None),
        (item("x"), [], {"x": [BASE], "base": [item("x")]}, None),
        # One gap or step of those that it is asked for is enough.
        (item("x"), ["g", "h"], {"g": [BASE]}, None),
        (item("x"), ["h", "g"], {"g": [BASE]}, None),
        (item("x"), ["g", "h"], {"g": [BASE], "h": [ROOT]}, BASE),
        (item("x"), ["g", "h"], {"x": [ROOT], "g": [BASE]}, BASE),
    ],
)
def test_what_by_now_holds_an_entry_up(
    entry: Entry, wholes: list[str], needs: dict[str, list[Entry]], first: Entry | None
) -> None:
    assert held(entry, wholes, needs, TODAY.isoformat()) == first


BEFORE_X, BEFORE_BASE = "Needed before “X”", "Needed before “BASE”"


@pytest.mark.parametrize(
    ("first", "needs", "found"),
    [
        (None, {"x": [BASE]}, None),
        (BASE, {}, Due(BASE, Reason.CRITICAL, BEFORE_X)),
        (LEARNING, {}, Due(LEARNING, Reason.PROGRESS, BEFORE_X)),
        (PUT_OFF, {}, None),
        (item("base", Status.LEARNING, snoozed_until=LATER), {}, None),
        (BASE, {"base": [ROOT]}, Due(ROOT, Reason.CRITICAL, BEFORE_BASE)),
        # What is put off or under way may itself need something that can be begun.
        (PUT_OFF, {"base": [ROOT]}, Due(ROOT, Reason.CRITICAL, BEFORE_BASE)),
        (LEARNING, {"base": [ROOT]}, Due(ROOT, Reason.CRITICAL, BEFORE_BASE)),
        (
            PUT_OFF,
            {"base": [item("root", Status.LEARNING), item("stem", Status.LEARNING)]},
            Due(item("root", Status.LEARNING), Reason.PROGRESS, BEFORE_BASE),
        ),
        (
            BASE,
            {"base": [item("root", Status.LEARNING)]},
            Due(item("root", Status.LEARNING), Reason.PROGRESS, BEFORE_BASE),
        ),
        (PUT_OFF, {"base": [item("x"), PUT_OFF]}, None),
        (BASE, {"base": [item("root", snoozed_until=LATER)]}, None),
    ],
)
def test_what_can_be_gone_on_with_instead(
    first: Entry | None, needs: dict[str, list[Entry]], found: Due | None
) -> None:
    due = Due(item("x"), Reason.CRITICAL, "why", first=first)
    assert instead(due, needs, TODAY.isoformat()) == found


def test_what_waits_says_for_what() -> None:
    due = Due(item("x"), Reason.STEP, "Because.")
    assert (due.told, due.answered) == ("Because.", False)
    assert due._replace(answer=Answer.LATER).answered
    for title, shown in (("x\x1b" + "y" * 59, "x" + "y" * 59), ("y" * 61, "y" * 59 + "…")):
        waiting = due._replace(first=item("z")._replace(title=title))
        assert waiting.told == f"Needs “{shown}” first. Because."


# Kept


def test_a_queue_is_kept_and_read_again() -> None:
    queue = [Due(item("x", Status.LEARNING), Reason.PROGRESS, "why “not”\n\x1b[/]")]
    assert freeze(queue[:0]) == "[]"
    assert freeze([Due(ITEM, Reason.STEP, "why “so”")] * 2) == (
        '[["git-lfs","step","why “so”","todo"],["git-lfs","step","why “so”","todo"]]'
    )
    assert list(thaw(freeze(queue))) == [
        Frozen("x", Reason.PROGRESS, "why “not” [/]", Status.LEARNING)
    ]


@pytest.mark.parametrize(
    "kept",
    [
        None,
        "",
        "{",
        5,
        "[1]",
        '[["a", "b", "c"]]',
        '[["a", "step", "c", 1]]',
        '[["a", "other", "c", "todo"]]',
        '[["a", "step", "\\ud800", "todo"]]',
        "[" * 5_000,
    ],
)
def test_what_is_no_queue_is_an_empty_one(kept: Any) -> None:
    assert thaw(kept) == ()


def test_a_status_that_is_none_is_left_out() -> None:
    assert list(thaw('[["a", "step", "c", "other"], ["b", "step", "c", "todo"]]')) == [
        Frozen("b", Reason.STEP, "c", Status.TODO)
    ]


@pytest.mark.parametrize(
    ("reason", "began", "now", "said", "reviewed", "answer"),
    [
        ("step", "todo", item("x"), None, False, None),
        ("step", "todo", item("x", Status.LEARNING), None, False, Answer.PROGRESS),
        ("step", "todo", item("x", Status.LEARNED), None, False, Answer.LEARNED),
        ("step", "todo", item("x", Status.SKIPPED), None, False, Answer.SKIPPED),
        ("step", "todo", item("x", snoozed_until="2026-11-25"), None, False, Answer.LATER),
        ("step", "todo", item("x", snoozed_until="2026-11-24"), None, False, None),
        ("step", "todo", item("x"), "later", False, Answer.LATER),
        ("step", "todo", item("x"), "nonsense", False, None),
        ("progress", "learning", item("x", Status.LEARNING), None, False, None),
        (
            "progress",
            "learning",
            item("x", Status.LEARNING, progressed_on="2026-11-24"),
            None,
            False,
            Answer.PROGRESS,
        ),
        (
            "progress",
            "learning",
            item("x", Status.LEARNING, progressed_on="2026-11-23"),
            None,
            False,
            None,
        ),
        ("review", "learned", item("x", Status.LEARNED), None, False, None),
        ("review", "learned", item("x", Status.LEARNED), None, True, Answer.REVIEWED),
        ("review", "learned", item("x", Status.LEARNING), None, False, Answer.PROGRESS),
        ("review", "learned", item("x", Status.SKIPPED), None, False, Answer.SKIPPED),
    ],
)
def test_what_was_answered_follows_from_what_is(
    reason: str, began: str, now: Entry, said: str | None, reviewed: bool, answer: Answer | None
) -> None:
    line = Frozen("x", Reason(reason), "why", Status(began))
    assert answer_of(line, now, said, TODAY, reviewed) is answer


def test_the_reasons_are_facts_in_a_sentence() -> None:
    assert untouched(1) == "In progress, untouched for 1 day"
    assert snoozed_until(TODAY) == "Put off until 2026-11-24"
    long, cut = "y" * 81, "y" * 79 + "…"
    assert part_of_gap(1, long) == f"Part of critical gap 1: {cut}"
    assert step_of(1, "Soon\x1b", long) == f"Step 1 of Soon: {cut}"
    assert step_of(1, "", "y" * 80) == f"Step 1 of : {'y' * 80}"
    assert needed_before("a\x1b" + "y" * 60) == f"Needed before “a{'y' * 58}…”"
    assert untouched(12) == "In progress, untouched for 12 days"
    assert part_of_gap(3, "Pre-commit\x1b Hooks") == "Part of critical gap 3: Pre-commit Hooks"
    assert step_of(2, "Immediate", "Basics") == "Step 2 of Immediate: Basics"
    last = TODAY - timedelta(days=21)
    card = Card(30.0, 5.0, "2026-11-03T08:00:00Z", 1, 0)
    assert faded(card, last, TODAY, 0.884) == "You learned this 21 days ago; recall is down to 88%"
    again = card._replace(reviews=2)
    assert faded(again, last, TODAY, 0.884) == "Reviewed 21 days ago; recall is down to 88%"
