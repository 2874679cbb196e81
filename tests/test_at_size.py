"""What keeps the cost of a question to what is asked, whatever lies in the track."""

from __future__ import annotations

import random

import pytest

from tests.conftest import Clock
from tracker_tui import prompt
from tracker_tui.domain.track import Place
from tracker_tui.domain.words import Kind, Status
from tracker_tui.store import search
from tracker_tui.tracker import Tracker

pytestmark = pytest.mark.unmeasured


def test_of_many_hits_the_oldest_are_ranked(
    tracker: Tracker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "RANKED_MAX", 3)
    place = Place("git-workflow-unknown-unknowns")
    titles = ["Of zebras and more words", "Zebra", "Something on zebras", "Zebras", "Zebra again"]
    tracker.add_many(titles, Kind.ITEM, place)

    found = [hit.title.replace("\x02", "").replace("\x03", "") for hit in tracker.search("zebra")]

    assert found == ["Zebra", "Something on zebras", "Of zebras and more words"]
    assert all("\x02" in hit.title for hit in tracker.search("zebra"))


def test_a_hit_is_marked_and_in_order_however_it_was_found(tracker: Tracker) -> None:
    tracker.add_many(["qx one", "qx two"], Kind.ITEM, Place("git-workflow-unknown-unknowns"))

    assert [hit.title for hit in tracker.search("qx")] == ["\x02qx\x03 one", "\x02qx\x03 two"]
    assert tracker.search("qxyzzy") == []


def test_the_active_days_are_those_that_have_an_action(tracker: Tracker, clock: Clock) -> None:
    dice = random.Random(7)
    for _ in range(60):
        clock.advance(hours=dice.randint(1, 40))
        if dice.random() < 0.3:
            tracker.undo()
        else:
            tracker.set_status(["git-lfs"], dice.choice(list(Status)))

    days = tracker._store.active_days()

    assert days == sorted(tracker._store.activity())
    assert len(days) > 10


def test_a_screen_leaves_the_prompt_for_later(tracker: Tracker) -> None:
    file = tracker.paths.data / prompt.NAME
    before = file.read_text()
    tracker.prompt_waits = True

    tracker.set_status([tracker.queue()[0].entry.id], Status.LEARNED)
    left = file.read_text()
    tracker.catch_up()
    after = file.read_text()

    assert left == before != after
    file.unlink()
    tracker.catch_up()
    assert not file.exists(), "nothing is left to do"


def test_what_was_left_for_later_is_done_when_it_is_closed(tracker: Tracker) -> None:
    file = tracker.paths.data / prompt.NAME
    before = file.read_text()
    tracker.prompt_waits = True
    tracker.set_status([tracker.queue()[0].entry.id], Status.LEARNED)

    tracker.close()

    assert file.read_text() != before
