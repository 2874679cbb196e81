"""Verbs and questions in the process, beside the same statements in plain sqlite3."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import cycle
from pathlib import Path

from table import in_turn, row

from tracker_tui.domain.words import Status
from tracker_tui.paths import find
from tracker_tui.tracker import Tracker

_JOURNAL = "INSERT INTO journal VALUES (?, ?, ?, ?, ?, 'entry', 'git-lfs', 'status', ?)"


def _timed(what: Callable[[], object]) -> Callable[[], float]:
    def seconds() -> float:
        begun = time.perf_counter()
        what()
        return time.perf_counter() - begun

    return seconds


@contextmanager
def _plain(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection to a copy of the database, set as durable as ours."""
    copy = path.with_name("plain.db")
    db = sqlite3.connect(copy, isolation_level=None)
    with sqlite3.connect(path) as source:
        source.backup(db)
    source.close()
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("PRAGMA synchronous = FULL")
    try:
        yield db
    finally:
        db.close()
        for file in path.parent.glob("plain.db*"):
            file.unlink()


def run(runs: int, size: int) -> None:
    """Print the rows of one size; TRACKER_HOME is of that size."""
    named = f"{size:,} items"
    paths = find()
    statuses = cycle([Status.LEARNING, Status.TODO])
    with Tracker(paths) as tracker, _plain(paths.database) as db:
        tracker.prompt_waits = True  # as the screen has it
        count = iter(range(1, 1_000_000))

        def plain_status() -> None:
            # What no program can leave out: the row of the journal, the entry, those above it.
            n = next(count)
            db.execute("BEGIN IMMEDIATE")
            db.execute(_JOURNAL, ("plain", n, n, "2026-01-01T00:00:00Z", f"plain-{n}", "todo"))
            db.execute(
                "UPDATE entry SET own_status = ?, status = ? WHERE id = 'git-lfs'", ("todo",) * 2
            )
            db.execute(
                "UPDATE entry SET learning = learning + ? WHERE id IN (SELECT parent FROM entry WHERE id = 'git-lfs')",
                (n % 2,),
            )
            db.execute("COMMIT")

        def status() -> None:
            tracker.set_status(["git-lfs"], next(statuses))

        ours, theirs = in_turn(20 * runs, _timed(status), _timed(plain_status))
        row(f"status change, {named} / the same statements in plain sqlite3", ours, theirs, 3.0)
        undo, _ = in_turn(5 * runs, _timed(tracker.undo), _timed(status))
        row(f"undo, {named} / the same", undo, theirs)
        for text in ("wo", "cach", "item on queues"):
            search, floor = in_turn(
                3 * runs, _timed(partial(tracker.search, text)), _timed(partial(_matches, db, text))
            )
            row(
                f"search “{text}”, {named} / 50 unranked hits in plain sqlite3",
                search,
                floor,
                most=15.0,
            )

        def queue() -> None:
            tracker._known = None  # noqa: SLF001 - what it was asked before is kept
            tracker.queue()

        (asked,) = in_turn(5 * runs, _timed(queue))
        row(f"the check-in's queue, {named}", asked, most=15.0)


def _matches(db: sqlite3.Connection, text: str) -> None:
    query = " ".join(f'"{word}"*' for word in text.split())
    db.execute("SELECT rowid FROM search WHERE search MATCH ? LIMIT 50", (query,)).fetchall()
