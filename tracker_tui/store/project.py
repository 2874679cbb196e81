"""The state tables as a cache of the fold: what newly told facts change in them.

`Projector.apply` is given facts that hold, and keeps entries, their effective statuses and roll-ups,
notes, relations and the search index in step, touching only what the facts touch and the branches
above. What it cannot do step by step, a large batch or a tree that two replicas knotted, is worked
out anew by `anew.py`.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import chain, islice
from typing import NamedTuple

from tracker_tui.domain.derived import contribution
from tracker_tui.domain.fold import (
    ENTRY_DEFAULTS,
    NOTE_DEFAULTS,
    RELATION_DEFAULTS,
    REVIEW_DEFAULTS,
    TEXT_FIELDS,
    Facts,
    Told,
    effective_status,
)
from tracker_tui.domain.journal import Value
from tracker_tui.domain.seeds import Retired
from tracker_tui.domain.words import Entity, RelationKind
from tracker_tui.store.anew import derive_all
from tracker_tui.store.cards import deal
from tracker_tui.store.indexing import index

LARGE = 2_000
"""From how many entities on everything derived is worked out anew rather than step by step."""

_OWN = {"status": "own_status", "parent": "own_parent", "deleted": "own_deleted"}
"""Columns of what the journal says, where what follows from it has a column as well."""


class _Place(NamedTuple):
    """Where an entry stands, and what it adds to the counts above it."""

    kind: str
    parent: str | None
    status: str
    deleted: int
    retired: int
    covering: int
    below: Sequence[int]


class Projector:
    """Applies facts to the state tables, inside the caller's transaction."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self.db = db
        self.touched: dict[str, None] = {}
        """Entries whose row in a view looks different now; a set that keeps its order."""
        self._index: dict[str, None] = {}
        self._cover: dict[str, None] = {}
        self._placed: dict[str, None] = {}
        """Entries that came, went or were moved."""
        self._reviewed: dict[str, None] = {}
        """Entries whose card is no longer what their reviews come to."""
        self._doubtful: dict[str, None] = {}
        """Entries that may be retired, and of which something was said that may keep them."""
        self._stepwise = True
        self._whole = False

    def apply(self, told: Iterable[Told], *, whole: bool = False) -> tuple[str, ...]:
        """Apply what is told of some entities.

        Args:
            told: What was said of each; of its fields all, or some.
            whole: All rows of these entities and of all seeds are in it: a field that it leaves
                out has its default. Without that no row in it is a seed's.

        Returns:
            The ids of the entries that look different.
        """
        self._whole = whole
        waiting = iter(told)
        first = list(islice(waiting, LARGE))
        self._stepwise = len(first) < LARGE
        told = chain(first, waiting)
        del first  # What was told is let go.
        for one in told:
            self._tell(one)
        for id_ in self._doubtful:
            self._settle(id_)
        if self._stepwise and self._in_line():
            for id_ in self._cover:
                self._effective(id_)
        else:
            for id_, came_or_went in derive_all(self.db).items():
                self.touched[id_] = None
                if came_or_went:
                    self._index[id_] = None
            self._touch(*self._cover)
        for id_ in self._index:
            index(self.db, id_)
        for id_ in self._reviewed:
            deal(self.db, id_)
        return tuple(self.touched)

    # Facts

    def _tell(self, told: Told) -> None:
        (entity, id_), facts = told.key, told.facts
        if entity == Entity.ENTRY:
            self._entry(id_, facts, told.created, told.updated)
            if self._whole:
                self._withdraw(id_, withdrawn=told.withdrawn)
        elif entity == Entity.NOTE:
            self._note(id_, facts, told.updated)
        elif entity == Entity.RELATION:
            self._relation(id_, facts)
        elif entity == Entity.REVIEW:
            self._review(id_, facts)
        elif entity != Entity.ACTION:
            self._fact(entity, id_, facts)

    def _entry(self, id_: str, facts: Facts, first: str, last: str | None) -> None:
        old = self._place(id_)
        known = {name: value for name, value in facts.items() if name in ENTRY_DEFAULTS}
        if self._whole:
            known = {**ENTRY_DEFAULTS, **known}
        self.touched[id_] = None
        if old is None:
            self._insert(id_, {**ENTRY_DEFAULTS, **known}, first)
        else:
            said = {_OWN.get(name, name): value for name, value in known.items()}
            # What follows is first taken to be what is said; `_in_line` and `_effective` see to it.
            follows = ("parent", "deleted", *(() if old.covering else ("status",)))
            said |= {name: known[name] for name in follows if name in known}
            sets = "".join(f"{name} = ?{place}, " for place, name in enumerate(said, 4))
            self.db.execute(
                f"UPDATE entry SET {sets}{_TOLD}, created_at = min(created_at, ?3) WHERE id = ?1",
                (id_, last, first, *said.values()),
            )
            if old.retired:
                self._doubtful[id_] = None
        if self._stepwise:
            self._recount(id_, old)
        if old is None and not self._stepwise:
            index(self.db, id_)  # Of a hundred thousand new ones none is noted for later.
        elif old is None or "deleted" in known or any(name in known for name in TEXT_FIELDS):
            self._index[id_] = None
        if old is None or "status" in known or "deleted" in known:
            self._cover_around(id_)

    def _cover_around(self, id_: str) -> None:
        """Note that an entry and what covers it may have another status."""
        if self._stepwise:
            self._cover[id_] = None
        for (source,) in self.db.execute(
            "SELECT source FROM relation WHERE target = ? AND kind = ?",
            (id_, RelationKind.COVERS.value),
        ):
            self._cover[source] = None

    def _place(self, id_: str) -> _Place | None:
        row = self.db.execute(
            "SELECT kind, parent, status, deleted, retired, covering, total, learned, learning,"
            " skipped FROM entry WHERE id = ?",
            (id_,),
        ).fetchone()
        if row is None:
            return None
        kind, parent, status, deleted, retired, covering, *below = row
        return _Place(kind, parent, status, deleted, retired, covering, below)

    def _insert(self, id_: str, full: Mapping[str, Value], first: str) -> None:
        values = [*full.values(), *(full[name] for name in _OWN)]
        self.db.execute(_insertion(tuple(full)), (id_, *values, first))

    def _told(self, id_: str, last: str | None) -> None:
        """Keep when something was last said of an entry; `last` is a moment when a user did."""
        self.db.execute(f"UPDATE entry SET {_TOLD} WHERE id = ?1", (id_, last))

    def _withdraw(self, id_: str, *, withdrawn: bool) -> None:
        """Keep whether its seed still has an entry; `_settle` says whether it stays all the same."""
        was = self.db.execute("SELECT retired FROM entry WHERE id = ?", (id_,)).fetchone()[0]
        if withdrawn == bool(was):
            return
        now = Retired.TOUCHED if withdrawn else Retired.NO
        self.db.execute("UPDATE entry SET retired = ? WHERE id = ?", (now, id_))
        self._doubtful[id_] = None

    def _settle(self, id_: str) -> None:
        """Let a retired entry stay if a user did something with it, and go if none did."""
        old = self._place(id_)
        if old is None or not old.retired:
            return
        touched = self.db.execute(_TOUCHED, (id_,)).fetchone()
        now = Retired.TOUCHED if touched else Retired.UNTOUCHED
        self.db.execute(
            "UPDATE entry SET retired = ?1, deleted = own_deleted OR ?1 = 2 WHERE id = ?2",
            (now, id_),
        )
        if self._stepwise:
            self._recount(id_, old)
        self._index[id_] = None
        self._cover_around(id_)

    def _note(self, id_: str, facts: Facts, last: str | None) -> None:
        before = self.db.execute("SELECT entry FROM note WHERE id = ?", (id_,)).fetchone()
        _upsert(self.db, "note", id_, self._full(facts, NOTE_DEFAULTS), NOTE_DEFAULTS)
        of = self.db.execute("SELECT entry FROM note WHERE id = ?", (id_,)).fetchone()[0]
        self._told(of, last)
        self._touch(of)
        self._index[of] = None
        if before is not None and before[0] != of:
            # It hung on another entry, which its time and its words no longer concern.
            self._touch(*before)
            self._index[before[0]] = None
            self._told(before[0], None)

    def _review(self, id_: str, facts: Facts) -> None:
        before = self.db.execute("SELECT entry FROM review WHERE id = ?", (id_,)).fetchone()
        _upsert(self.db, "review", id_, self._full(facts, REVIEW_DEFAULTS), REVIEW_DEFAULTS)
        of = self.db.execute("SELECT entry FROM review WHERE id = ?", (id_,)).fetchone()
        for (entry,) in (of, *([before] if before and before != of else [])):
            self._touch(entry)
            self._reviewed[entry] = None

    def _relation(self, id_: str, facts: Facts) -> None:
        before = self.db.execute(_ENDS, (id_,)).fetchone()
        _upsert(self.db, "relation", id_, self._full(facts, RELATION_DEFAULTS), RELATION_DEFAULTS)
        ends = self.db.execute(_ENDS, (id_,)).fetchone()
        for source, target in (ends, *([before] if before and before != ends else [])):
            self._cover[source] = None
            self._touch(source, target)

    def _touch(self, *ids: str) -> None:
        """Note that entries look different, where they are there: what is said of them may be not."""
        for id_ in ids:
            row = self.db.execute("SELECT retired FROM entry WHERE id = ?", (id_,)).fetchone()
            if row is not None:
                self.touched[id_] = None
                if row[0]:
                    self._doubtful[id_] = None

    def _full(self, facts: Facts, defaults: Mapping[str, Value]) -> Facts:
        return {**defaults, **facts} if self._whole else facts

    def _fact(self, entity: str, id_: str, facts: Facts) -> None:
        if self._whole:
            self.db.execute("DELETE FROM fact WHERE entity = ? AND id = ?", (entity, id_))
        self.db.executemany(
            "INSERT INTO fact (entity, id, field, value) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (entity, id, field) DO UPDATE SET value = excluded.value",
            [(entity, id_, name, value) for name, value in facts.items()],
        )

    # What follows, step by step

    def _recount(self, id_: str, old: _Place | None) -> None:
        """Bring the counts of the branches above an entry up to date after it changed."""
        new = self._place(id_)
        assert new is not None
        if (old is None and self._has_below(id_)) or id_ in self._above(new.parent):
            # What is below it came before it, or it is below itself: no step is right from here on.
            self._stepwise = False
            return
        after = contribution(new.kind, new.status, new.deleted)
        if old is None:
            self._placed[id_] = None
            self._children(new.parent, 1 - new.deleted)
            self._walk(new.parent, after)
            return
        if (old.parent, old.deleted) != (new.parent, new.deleted):
            self._placed[id_] = None
            self._children(old.parent, old.deleted - 1)
            self._children(new.parent, 1 - new.deleted)
        before = contribution(old.kind, old.status, old.deleted)
        if old.parent == new.parent:
            self._walk(new.parent, [a - b for a, b in zip(after, before, strict=True)])
        else:
            self._walk(old.parent, [-(b + s) for b, s in zip(before, new.below, strict=True)])
            self._walk(new.parent, [a + s for a, s in zip(after, new.below, strict=True)])

    def _has_below(self, id_: str) -> bool:
        found = self.db.execute("SELECT 1 FROM entry WHERE own_parent = ? LIMIT 1", (id_,))
        return found.fetchone() is not None

    def _children(self, parent: str | None, by: int) -> None:
        if parent is not None and by:
            self.db.execute("UPDATE entry SET children = children + ? WHERE id = ?", (by, parent))

    def _walk(self, parent: str | None, by: Sequence[int]) -> None:
        for above in self._above(parent):
            self.touched[above] = None
            if any(by):
                self.db.execute(
                    "UPDATE entry SET total = total + ?, learned = learned + ?,"
                    " learning = learning + ?, skipped = skipped + ? WHERE id = ?",
                    (*by, above),
                )

    def _above(self, parent: str | None) -> Iterator[str]:
        """An entry's `parent` and all that is above it, each once."""
        seen: set[str] = set()
        while parent is not None and parent not in seen:
            row = self.db.execute("SELECT parent FROM entry WHERE id = ?", (parent,)).fetchone()
            if row is None:
                return
            seen.add(parent)
            yield parent
            parent = row[0]

    def _effective(self, id_: str) -> None:
        row = self.db.execute(
            "SELECT kind, parent, status, deleted, own_status, covering FROM entry WHERE id = ?",
            (id_,),
        ).fetchone()
        if row is None:
            return
        kind, parent, status, deleted, own, covering = row
        covered = [s for (s,) in self.db.execute(_COVERED, (id_,))]
        now = effective_status(own, covered)
        if now == status and len(covered) == covering:
            if covered:
                self.touched[id_] = None
            return
        self.db.execute(
            "UPDATE entry SET status = ?, covering = ? WHERE id = ?", (now, len(covered), id_)
        )
        self.touched[id_] = None
        before, after = contribution(kind, status, deleted), contribution(kind, now, deleted)
        self._walk(parent, [a - b for a, b in zip(after, before, strict=True)])

    def _in_line(self) -> bool:
        """Whether what follows of every place is what is said of it, so that the steps were right."""
        if not self._placed:
            return True
        if self.db.execute(
            "SELECT 1 FROM entry INDEXED BY entry_out_of_line"
            " WHERE own_parent IS NOT parent OR (own_deleted OR retired = 2) <> deleted LIMIT 1"
        ).fetchone():
            return False
        return all(self._stands(id_) for id_ in self._placed)

    def _stands(self, id_: str) -> bool:
        parent, deleted, children = self.db.execute(
            "SELECT parent, deleted, children FROM entry WHERE id = ?", (id_,)
        ).fetchone()
        if deleted and children:
            return False
        return bool(deleted) or not any(
            self.db.execute("SELECT deleted FROM entry WHERE id = ?", (above,)).fetchone()[0]
            for above in self._above(parent)
        )


_SAID_LAST = (
    "SELECT ifnull(max(CASE WHEN lamport > 0 THEN at END), min(CASE WHEN entity = 'entry' THEN at END))"
    " FROM journal WHERE (id = ?1 AND entity = 'entry') OR (entity = 'note'"
    " AND id IN (SELECT id FROM note WHERE entry = ?1))"
)
"""When a user last said something of an entry or of a note on it; else since when it is there."""


@cache
def _insertion(fields: tuple[str, ...]) -> str:
    """The statement that adds an entry with some fields, of its id, their values and its first moment."""
    columns = [*(_OWN.get(name, name) for name in fields), *_OWN]
    return (
        f"INSERT INTO entry (id, {', '.join(columns)}, created_at, updated_at)"
        f" VALUES (?1, {', '.join('?' * (len(columns) + 1))}, ({_SAID_LAST}))"
    )


_TOLD = f"updated_at = CASE WHEN ifnull(updated_at <= ?2, 0) THEN ?2 ELSE ({_SAID_LAST}) END"
"""Takes the entry and when a user spoke of it, if one did: one moment later than all that is known
is the last; of a seed's alone the date may be any."""

_TOUCHED = (
    "SELECT 1 FROM journal WHERE id = ?1 AND entity = 'entry' AND lamport > 0"
    " UNION ALL SELECT 1 FROM note WHERE entry = ?1"
    " UNION ALL SELECT 1 FROM review WHERE entry = ?1"
    " UNION ALL SELECT 1 FROM relation r JOIN journal j ON j.id = r.id AND j.entity = 'relation'"
    " AND j.lamport > 0 WHERE r.source = ?1 OR r.target = ?1 LIMIT 1"
)
"""Whether a user said anything that bears on an entry; see `domain.derived.retired`."""

_ENDS = "SELECT source, target FROM relation WHERE id = ?"

_COVERED = (
    "SELECT e.own_status FROM relation r JOIN entry e ON e.id = r.target"
    f" WHERE r.source = ? AND r.kind = '{RelationKind.COVERS.value}'"
    " AND r.deleted = 0 AND e.deleted = 0"
)


def _upsert(
    db: sqlite3.Connection, table: str, id_: str, facts: Facts, defaults: Mapping[str, Value]
) -> None:
    known = {name: value for name, value in facts.items() if name in defaults}
    if db.execute(f"SELECT 1 FROM {table} WHERE id = ?", (id_,)).fetchone():
        if known:
            sets = ", ".join(f"{name} = ?" for name in known)
            db.execute(f"UPDATE {table} SET {sets} WHERE id = ?", (*known.values(), id_))
        return
    full = {**defaults, **known}
    db.execute(
        f"INSERT INTO {table} (id, {', '.join(full)}) VALUES ({', '.join('?' * (len(full) + 1))})",
        (id_, *full.values()),
    )
