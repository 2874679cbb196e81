"""How much room it takes to take a long document in: no more than a few times the document."""

from __future__ import annotations

import tracemalloc

import pytest

from tracker_tui.exchange import checklist
from tracker_tui.store import check
from tracker_tui.tracker import Tracker

pytestmark = pytest.mark.unmeasured

TASKS = 8_000


def document() -> str:
    """One long list, then many parts."""
    lines = []
    for number in range(TASKS):
        if number >= TASKS // 2 and number % 50 == 0:
            lines += ["", f"## Part {number}", ""]
        lines.append(f"- [ ] **Topic {number}**: what it is about, why, and `code` of {number}")
        if number % 7 == 0:
            lines.append(f"  - [x] [inner {number}](https://example.org/{number})")
    return "\n".join(lines)


def test_a_long_document_takes_a_few_times_its_room(tracker: Tracker) -> None:
    """The bounds are a third above what it takes; with a node and a list of changes for each task it is 30.

    Undoing and checking it with all rows about all of it at once takes a hundred times the document.
    """
    text = document()
    first = checklist.read("# New\n- [x] what is imported and cached is no part of it", "x")
    tracker.import_document(first, "x")
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]

    def peak() -> float:
        found = (tracemalloc.get_traced_memory()[1] - before) / len(text)
        tracemalloc.reset_peak()
        return found

    try:
        nodes = checklist.read(text, "x")
        assert peak() < 2.5
        planned = tracker.preview(nodes, "x")
        assert peak() < 4.6
        done = tracker.take(lambda: pytest.fail("planned twice"), planned)
        assert peak() < 10.5
        assert len(done.action.changes) > 7 * TASKS
        del planned, done
        assert tracker.preview(nodes, "x").action.changes == ()
        assert peak() < 5.5
        assert tracker.undo() is not None
        assert peak() < 16
        assert tracker.redo() is not None
        assert peak() < 18
        assert check.problems(tracker._store) == []
        assert peak() < 14
    finally:
        tracemalloc.stop()
