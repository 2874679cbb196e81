"""The calendar: what lies ahead, and the file that says so."""

from __future__ import annotations

from datetime import UTC, date, datetime

from tests.conftest import Clock
from tracker_tui.domain.words import Status
from tracker_tui.exchange.ics import Dated, ahead, calendar
from tracker_tui.tracker import Tracker

TODAY = date(2026, 12, 1)


def test_what_is_open_and_snoozed_what_ends_and_what_is_to_be_reviewed_lies_ahead(
    tracker: Tracker, clock: Clock
) -> None:
    tracker.snooze(["git-lfs", "runbooks"], "10d")
    tracker.set_status(["git-hooks"], Status.LEARNED)
    tracker.edit("git-worktrees", {"done_when": "it\nis"})
    tracker.edit("git-hooks", {"done_when": ""})
    clock.advance(days=1)
    tracker.edit("runbooks", {"title": "Run\tbooks"})
    entry = tracker.entry
    learned = entry("runbooks")._replace(status=Status.LEARNED)
    forecasts = tracker.stats().forecasts
    reviews = [
        (entry("git-hooks"), date(2026, 11, 30), 0.9),
        (entry("git-worktrees"), date(2026, 12, 2), 0.9),
    ]
    snoozed = [entry("git-lfs"), learned, entry("git-hooks")]
    found = list(ahead(snoozed, [], reviews, TODAY))
    assert found == [
        Dated("snooze-git-lfs@tracker", date(2026, 12, 4), "Back on: Git LFS"),
        Dated("review-git-hooks@tracker", TODAY, "Review: Git hooks"),
        Dated(
            "review-git-worktrees@tracker",
            date(2026, 12, 2),
            "Review: Git worktrees",
            "Do you still know this? it is",
        ),
    ]
    ends = list(ahead([], forecasts, [], TODAY))
    assert [one.uid for one in ends] == [f"horizon-{one.span.id}@tracker" for one in forecasts]
    assert [(one.day, one.summary, one.description) for one in ends] == [
        (one.deadline, f"End of {one.span.title}", f"{one.open} items left") for one in forecasts
    ]
    assert min(one.open for one in forecasts) > 1


def test_what_joins_emoji_stays_and_what_does_harm_does_not(tracker: Tracker) -> None:
    """Only a terminal has to have emoji taken apart."""
    family = "\U0001f468\u200d\U0001f469\u200d\U0001f467 \u2764\ufe0f"
    tracker.edit("git-lfs", {"title": family, "done_when": family})
    entry = tracker.entry("git-lfs")
    for told in (entry, entry._replace(title=f"\x1b[1m\u202e{family}\r\nEND:VEVENT\u2028\x00")):
        (found,) = ahead([], [], [(told, TODAY, 0.9)], TODAY)
        assert family in found.summary and family in found.description
        assert not set(found.summary) & set("\x1b\u202e\r\n\u2028\x00")
        text = calendar([found], datetime(2026, 11, 24, tzinfo=UTC)).replace("\r\n ", "")
        assert family in text and text.count("\r\nEND:VEVENT") == 1


def test_the_file_has_an_event_of_a_whole_day_for_each() -> None:
    found = [
        Dated("a@tracker", date(2026, 12, 31), "Back on: a, b; c", "x\ny"),
        Dated("b@tracker", date(2027, 2, 28), "Review: b"),
    ]
    assert calendar(found, datetime(2026, 11, 24, 8, 0, 1, tzinfo=UTC)).split("\r\n") == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//tracker//tracker//EN",
        "BEGIN:VEVENT",
        "SUMMARY:Back on: a\\, b\\; c",
        "DTSTART;VALUE=DATE:20261231",
        "DTEND;VALUE=DATE:20270101",
        "DTSTAMP:20261124T080001Z",
        "UID:a@tracker",
        "DESCRIPTION:x\\ny",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
        "BEGIN:VEVENT",
        "SUMMARY:Review: b",
        "DTSTART;VALUE=DATE:20270228",
        "DTEND;VALUE=DATE:20270301",
        "DTSTAMP:20261124T080001Z",
        "UID:b@tracker",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    ]
