"""A program that writes one action after another and says so when each is done.

`python writer.py NAME FIRST`: in TRACKER_HOME. Each action gives ten items one text in three fields,
so that a part of an action would be seen; the text is said once the verb has returned.
"""

from __future__ import annotations

import os
import select
import sys
from itertools import count

from tracker_tui.domain.journal import Action, Change
from tracker_tui.domain.words import Entity
from tracker_tui.paths import find
from tracker_tui.tracker import Tracker

FIELDS = ("description", "impact", "done_when")
ITEMS = 10


def main(name: str, first: int) -> None:
    with Tracker(find(), timeout=60) as tracker:
        ids = [e.id for e in tracker._store.select("1", []) if e.kind == "item"][:ITEMS]
        for number in count(first):
            text = f"{name}-{number}"
            changes = tuple(
                Change(Entity.ENTRY, id_, field, None, text) for id_ in ids for field in FIELDS
            )
            with tracker._store.transaction():
                tracker._store.apply(Action(text, changes, day=""), tracker._at())
            os.write(1, f"{text}\n".encode())
            # SQLite has no queue: a lock that is always held is never anybody else's.
            select.select([], [], [], 0.01)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
