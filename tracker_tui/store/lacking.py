"""What the tables still have of which the journal lost the rows.

The tables are made of the journal, so what differs is otherwise theirs to mend. But where rows of the
journal are gone (its numbers have gaps; the tables know actions, entries or notes of which it says
nothing) making the tables anew would lose what only they still say. So that is written into the
journal again first: as rows of a replica of its own, since what their numbers were nobody knows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tracker_tui.domain.fold import ENTRY_DEFAULTS, Fold, actions, fold, touched_at
from tracker_tui.domain.journal import Row, Value
from tracker_tui.domain.valid import complaint
from tracker_tui.domain.words import Entity
from tracker_tui.store.beside import TABLES, facts_stored, unfoldable
from tracker_tui.store.check import journal
from tracker_tui.store.connection import snapshot
from tracker_tui.store.store import Store

LABEL = "what the journal lacked"

_OWN = ("status", "parent", "deleted")
"""Fields of an entry of which its column says what follows, and another one what the journal says."""
_Said = dict[tuple[str, str], dict[str, Value]]


def lacking(store: Store, replica: str, at: str) -> list[Row]:
    """Return the rows that the journal lacks, as those of a replica that has none yet.

    Nothing where no row is missing: what differs then is wrong in the tables.

    Args:
        store: The database, which is only read.
        replica: Under whose name they are written.
        at: When something was said of which that is not known: now, in UTC.
    """
    with snapshot(store.db):
        state = fold(row for row in journal(store) if not unfoldable(row))
        told, moments = _tables(store)
        lost_actions = _lost_actions(store, state)
        if not (lost_actions or _missing(store, state, told, moments)):
            return []
        lamport = int(store.local("lamport") or 0) + 1
        rows: list[Row] = []
        for when, label, day in lost_actions:
            id_ = f"{replica}-{len(rows) + 1}"
            for name, said in (("label", label), ("day", day)):
                n = len(rows) + 1
                rows.append(Row(replica, n, lamport, when, id_, "action", id_, name, said))
        id_ = f"{replica}-{len(rows) + 1}"
        of_action: dict[str, Value] = {"label": LABEL, "day": ""}
        changes = [("action", id_, field, value, at) for field, value in of_action.items()]
        changes += _differing(state, told, moments, at)
        for entity, of, field, value, when in changes:
            row = Row(replica, len(rows) + 1, lamport, when, id_, entity, of, field, value)
            if not complaint(row):
                rows.append(row)
        return rows


def _tables(store: Store) -> tuple[_Said, Mapping[tuple[str, str], tuple[str, str]]]:
    """What the tables say of each entity, and when its first and its last word was."""
    columns = [f"own_{name}" if name in _OWN else name for name in ENTRY_DEFAULTS]
    told: _Said = {}
    moments: dict[tuple[str, str], tuple[str, str]] = {}
    for id_, created, updated, *values in store.db.execute(
        f"SELECT id, created_at, updated_at, {', '.join(columns)} FROM entry"
    ):
        told["entry", id_] = dict(zip(ENTRY_DEFAULTS, values, strict=True))
        moments["entry", id_] = (created, updated)
    for entity, defaults in TABLES.items():
        for id_, *values in store.db.execute(f"SELECT id, {', '.join(defaults)} FROM {entity}"):
            told[entity.value, id_] = facts = dict(zip(defaults, values, strict=True))
            if "at" in facts:
                moments[entity.value, id_] = (str(facts["at"]), str(facts["at"]))
    return told | facts_stored(store.db), moments


def _lost_actions(store: Store, state: Fold) -> list[tuple[str, str, str]]:
    """When the actions were done of which the journal has no row, what they are called, and their day."""
    there = {action.id for action in actions(state)}
    found = store.db.execute("SELECT id, at, label, day, state FROM action ORDER BY at, replica, n")
    return [
        (at, label, day if stands == "done" else "")
        for id_, at, label, day, stands in found
        if id_ not in there
    ]


def _missing(
    store: Store, state: Fold, told: _Said, moments: Mapping[tuple[str, str], tuple[str, str]]
) -> bool:
    """Whether rows of the journal are gone: of its own replica, or of what the tables know."""
    own = [n for replica, n in state.rows if replica == store.replica]
    if len(own) != max(own, default=0):
        return True
    if any(key not in state.facts for key in told):
        return True
    touched = touched_at(state)
    return any(
        entity == Entity.ENTRY and moments[entity, id_][1] > touched.get(id_, "")
        for entity, id_ in told
    )


def _differing(
    state: Fold,
    told: _Said,
    moments: Mapping[tuple[str, str], tuple[str, str]],
    at: str,
) -> Iterator[tuple[str, str, str, Value, str]]:
    """What the tables say that the journal does not: entity, id, field, value and when."""
    defaults = {"entry": ENTRY_DEFAULTS, **{e.value: given for e, given in TABLES.items()}}
    for key, facts in told.items():
        said = {**defaults.get(key[0], {}), **state.facts.get(key, {})}
        fresh = key not in state.facts
        first, last = moments.get(key, (at, at))
        for field, value in facts.items():
            if fresh or said.get(field) != value:
                yield (*key, field, value, first if fresh else last)
        if fresh and key[0] == Entity.ENTRY and last > first:
            yield (*key, "title", facts["title"], last)
