"""Taking an action back: the changes that do it, as a pure function of the journal's rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from tracker_tui.domain.fold import (
    ENTRY_DEFAULTS,
    NOTE_DEFAULTS,
    RELATION_DEFAULTS,
    REVIEW_DEFAULTS,
)
from tracker_tui.domain.journal import Change, Row, Value
from tracker_tui.domain.words import Entity

_DEFAULTS: Mapping[str, Mapping[str, Value]] = {
    Entity.ENTRY.value: ENTRY_DEFAULTS,
    Entity.NOTE.value: NOTE_DEFAULTS,
    Entity.RELATION.value: RELATION_DEFAULTS,
    Entity.REVIEW.value: REVIEW_DEFAULTS,
}


def inverse(action: str, rows: Iterable[Row]) -> list[Change]:
    """Return the changes that take `action` back.

    `rows` are all journal rows of the entities it touched, of seeds those that hold
    (`seeds.standing`). A field that something later has set stays as it is. What the action created is deleted, its fields kept, so that doing it again
    brings everything back.
    """
    fields: dict[tuple[str, str, str], list[Row]] = {}
    for row in rows:
        if row.entity != Entity.ACTION.value:
            fields.setdefault((row.entity, row.id, row.field), []).append(row)
    created = {
        (entity, id_)
        for (entity, id_, name), all_rows in fields.items()
        if name == "deleted" and min(all_rows, key=lambda r: r.stamp).action == action
    }
    changes = []
    for (entity, id_, name), all_rows in fields.items():
        ordered = sorted(all_rows, key=lambda r: r.stamp)
        winner = ordered[-1]
        if winner.action != action:
            continue
        earlier = [r for r in ordered if r.action != action]
        if (entity, id_) in created and not earlier:
            if name != "deleted":
                continue
            old: Value = 1
        elif earlier:
            old = earlier[-1].value
        else:
            old = _DEFAULTS.get(entity, {}).get(name)
        if winner.value != old:
            changes.append(Change(Entity(entity), id_, name, winner.value, old))
    return changes
