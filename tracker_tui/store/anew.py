"""What follows from the facts of all entries, worked out anew: where no step by step would do."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from tracker_tui.domain.derived import Derived, Own, Said, derive
from tracker_tui.domain.words import Entity, RelationKind


def derive_all(db: sqlite3.Connection) -> dict[str, bool]:
    """Bring what follows of every entry up to date.

    Returns:
        The ids of those that look different, and whether they came or went.
    """
    own: dict[str, Own] = {}
    stored: dict[str, Derived] = {}
    for id_, kind, parent, status, deleted, *rest in db.execute(
        "SELECT id, kind, own_parent, own_status, own_deleted OR retired = 2, parent, deleted, status,"
        " covering, children, total, learned, learning, skipped FROM entry"
    ):
        own[id_] = Own(kind, parent, status, deleted)
        stored[id_] = Derived(*rest)
    covers = db.execute(
        "SELECT source, target FROM relation WHERE kind = ? AND deleted = 0",
        (RelationKind.COVERS.value,),
    ).fetchall()
    wanted = derive(own, covers, lambda ids: _parents_said(db, ids))
    changed = {id_: now for id_, now in wanted.items() if now != stored[id_]}
    db.executemany(
        "UPDATE entry SET parent = ?, deleted = ?, status = ?, covering = ?, children = ?,"
        " total = ?, learned = ?, learning = ?, skipped = ? WHERE id = ?",
        [(*now, id_) for id_, now in changed.items()],
    )
    return {id_: now.deleted != stored[id_].deleted for id_, now in changed.items()}


def _parents_said(db: sqlite3.Connection, ids: Sequence[str]) -> dict[str, list[Said]]:
    return {
        id_: [
            (tuple(stamp), value)
            for *stamp, value in db.execute(
                "SELECT lamport, replica, n, value FROM journal WHERE id = ? AND entity = ?"
                " AND field = 'parent' ORDER BY lamport DESC, replica DESC, n DESC",
                (id_, Entity.ENTRY.value),
            )
        ]
        for id_ in ids
    }
