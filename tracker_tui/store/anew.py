"""What follows from the facts of all entries, worked out anew: where no step by step would do."""

from __future__ import annotations

import sqlite3
from array import array
from bisect import bisect_left
from collections.abc import Sequence

from tracker_tui.domain.derived import ELSEWHERE, NOTHING, Columns, Derivation, Said
from tracker_tui.domain.words import Entity, RelationKind

_PLACE = "(SELECT number FROM entry WHERE id = {})"


def derive_all(db: sqlite3.Connection) -> dict[str, bool]:
    """Bring what follows of every entry up to date.

    Returns:
        The ids of those that look different, and whether they came or went.
    """
    numbers, own = _own(db)

    def place(number: int | None) -> int:
        return ELSEWHERE if number is None else bisect_left(numbers, number)

    def place_of(id_: str | None) -> int:
        if id_ is None:
            return NOTHING
        return place(db.execute(f"SELECT {_PLACE.format('?')}", (id_,)).fetchone()[0])

    covers = db.execute(
        f"SELECT {_PLACE.format('source')}, {_PLACE.format('target')} FROM relation"
        " WHERE kind = ? AND deleted = 0",
        (RelationKind.COVERS.value,),
    )
    found = Derivation(
        own,
        [(place(s), place(t)) for s, t in covers if s is not None and t is not None],
        lambda places: {at: _parents_said(db, numbers[at]) for at in places},
        place_of,
    )
    changed = {}
    wanted = []
    stored = db.execute(
        "SELECT id, own_parent, parent, deleted, status, covering, children, total, learned,"
        " learning, skipped FROM entry ORDER BY number"
    )
    for at, (id_, parent, *was) in enumerate(stored):
        now = found.of(at, parent)
        if now != tuple(was):
            wanted.append((*now, numbers[at]))
            changed[id_] = now.deleted != was[1]
    db.executemany(
        "UPDATE entry SET parent = ?, deleted = ?, status = ?, covering = ?, children = ?,"
        " total = ?, learned = ?, learning = ?, skipped = ? WHERE number = ?",
        wanted,
    )
    return changed


def _own(db: sqlite3.Connection) -> tuple[array[int], Columns]:
    """The numbers of all entries, ascending, and what the journal says of each."""
    numbers, own = array("q"), Columns()
    words: dict[str, str] = {}
    for number, kind, over, status, deleted in db.execute(
        f"SELECT number, kind, CASE WHEN own_parent IS NULL THEN {NOTHING}"
        f" ELSE ifnull((SELECT p.number FROM entry p WHERE p.id = entry.own_parent), {ELSEWHERE}) END,"
        " own_status, own_deleted OR retired = 2 FROM entry ORDER BY number"
    ):
        numbers.append(number)
        # One text for each word, not one for each entry.
        own.kind.append(words.setdefault(kind, kind))
        own.over.append(over)
        own.status.append(words.setdefault(status, status))
        own.deleted.append(bool(deleted))
    for at, over in enumerate(own.over):
        if over >= 0:
            own.over[at] = bisect_left(numbers, over)
    return numbers, own


def _parents_said(db: sqlite3.Connection, number: int) -> Sequence[Said]:
    return [
        (tuple(stamp), value)
        for *stamp, value in db.execute(
            "SELECT lamport, replica, n, value FROM journal WHERE id ="
            " (SELECT id FROM entry WHERE number = ?) AND entity = ?"
            " AND field = 'parent' ORDER BY lamport DESC, replica DESC, n DESC",
            (number, Entity.ENTRY.value),
        )
    ]
