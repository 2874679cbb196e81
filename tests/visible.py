"""What a user can see of a track, for comparing two states of it."""

from __future__ import annotations

from typing import Any

from tracker_tui.tracker import Tracker

_ENTRIES = (
    "SELECT {}id, kind, parent, position, title, description, status, own_status, horizon,"
    " snoozed_until, impact, action, done_when, first_step, effort, resources, progressed_on,"
    " created_at, covering, children, total,"
    " learned, learning, skipped, retired > 0 FROM entry WHERE deleted = 0 ORDER BY id"
)
_NOTES = "SELECT id, entry, at, text FROM note WHERE deleted = 0 ORDER BY id"
_RELATIONS = "SELECT id, kind, source, target, position FROM relation WHERE deleted = 0 ORDER BY id"
_FACTS = (
    "SELECT * FROM fact f WHERE value IS NOT NULL AND entity <> 'import' AND NOT EXISTS (SELECT 1 FROM fact d"
    " WHERE d.entity = f.entity AND d.id = f.id AND d.field = 'deleted' AND d.value = 1)"
    " ORDER BY entity, id, field"
)
_REVIEWS = "SELECT id, entry, at, rating, claim FROM review WHERE deleted = 0 ORDER BY id"
_CARDS = "SELECT * FROM card ORDER BY entry"
_SEARCH = (
    "SELECT e.id, s.title, s.text, s.notes FROM search s LEFT JOIN entry e ON e.number = s.rowid"
    " ORDER BY e.id"
)


def visible(tracker: Tracker, *, numbers: bool = True) -> list[list[Any]]:
    """All tables but the journal, the actions and the times of change; without what is deleted.

    `numbers` tell the order in which entries arrived, which is each database's own.
    """
    entries = _ENTRIES.format("number, " if numbers else "")
    db = tracker._store.db
    return [
        db.execute(sql).fetchall()
        for sql in (entries, _NOTES, _RELATIONS, _FACTS, _SEARCH, _REVIEWS, _CARDS)
    ]
