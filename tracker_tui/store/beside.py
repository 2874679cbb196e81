"""The journal folded anew, and the tables beside it: one entity after the other.

All of a hundred thousand at once, as the journal and as the tables have them, take 700 MiB. So both are
read in the order of their ids; of the entries only that is kept from which something follows.
"""

from __future__ import annotations

import sqlite3
from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from tracker_tui.domain.derived import ELSEWHERE, NOTHING, Columns, Derivation, Derived, Said
from tracker_tui.domain.fold import (
    ENTRY_DEFAULTS,
    NOTE_DEFAULTS,
    RELATION_DEFAULTS,
    REVIEW_DEFAULTS,
    Facts,
    Fold,
    Told,
    actions,
    told_by_entity,
)
from tracker_tui.domain.journal import Row, Value
from tracker_tui.domain.reviews import Review, rebuild
from tracker_tui.domain.seeds import Retired, is_seed, standing
from tracker_tui.domain.valid import complaint
from tracker_tui.domain.words import Entity, Kind, Rating, RelationKind, Status

TABLES: Mapping[Entity, Mapping[str, Value]] = {
    Entity.NOTE: NOTE_DEFAULTS,
    Entity.RELATION: RELATION_DEFAULTS,
    Entity.REVIEW: REVIEW_DEFAULTS,
}
"""The defaults of the entities that have a table which says nothing but what the journal does."""

_OWN = {"status": "own_status", "parent": "own_parent", "deleted": "own_deleted"}
_ROW = "replica, n, lamport, at, action, entity, id, field, value"
_WORDS = {word.value: word.value for words in (Kind, Status) for word in words}
"""One text for each, not one for each entry."""


def unfoldable(row: Row) -> str:
    """Return why a row of the journal can be no part of the state, empty if it can.

    An order key that is none can be mended by an action of its own; a lamport that does not fit the
    replica is told of all rows at once.
    """
    if type(row.lamport) is int and (row.lamport == 0) != is_seed(str(row.replica)):
        row = row._replace(lamport=0 if row.lamport else 1)
    return "" if row.field == "position" and isinstance(row.value, str) else complaint(row)


def facts_stored(db: sqlite3.Connection) -> dict[tuple[str, str], Facts]:
    """Return what is kept of entities that have no table, by entity and id."""
    found: dict[tuple[str, str], Facts] = {}
    for entity, id_, name, value in db.execute("SELECT entity, id, field, value FROM fact"):
        found.setdefault((entity, id_), {})[name] = value
    return found


class Beside:
    """A table, gone through in the order of its ids beside what it should say."""

    def __init__(
        self, db: sqlite3.Connection, table: str, columns: Iterable[str], key: str = "id"
    ) -> None:
        self._columns = tuple(columns)
        self._found: dict[str, str | set[str]] = {}
        """By id what is wrong with a row, or the columns that are."""
        self._rows = iter(
            db.execute(f"SELECT {key}, {', '.join(self._columns)} FROM {table} ORDER BY {key}")
        )
        self._next = next(self._rows, None)

    def should(self, id_: str, values: tuple[object, ...]) -> None:
        """Say what the row of an id should be; ids come in their order."""
        while self._next is not None and self._next[0] < id_:
            self._only()
        if self._next is None or self._next[0] != id_:
            self._found[id_] = "in the journal only"
            return
        if self._next[1:] != values:
            both = zip(self._columns, self._next[1:], values, strict=True)
            self._found[id_] = {name for name, is_, should in both if is_ != should}
        self._next = next(self._rows, None)

    def _only(self) -> None:
        assert self._next is not None
        self._found[self._next[0]] = "in the table only"
        self._next = next(self._rows, None)

    def end(self) -> dict[str, str | set[str]]:
        """Return what was found; what was not asked for is in the table only."""
        while self._next is not None:
            self._only()
        return self._found


def told(table: str, found: Mapping[str, str | set[str]]) -> list[str]:
    """Return in a line each what was found in a table."""
    return [
        f"{table} {id_}: "
        + (
            words
            if isinstance(words, str)
            else f"{', '.join(sorted(words))} differ from the journal"
        )
        for id_, words in sorted(found.items())
    ]


class Refolded:
    """What the journal comes to, compared with the tables while it is read.

    Args:
        db: The database, of which nothing changes meanwhile.
    """

    def __init__(self, db: sqlite3.Connection) -> None:
        self.unfit: dict[int, str] = {}
        """By row id what is wrong with the rows that can be no part of the state."""
        self.lamport = 0
        """The highest there is."""
        self.misnamed = False
        """Whether a row has a seed's lamport and is none of a seed, or the reverse."""
        self.numbers: dict[str, tuple[int, int, int]] = {}
        """By replica the lowest and the highest number of a row, and how many rows there are."""
        self._db = db
        self._entries = _Entries()
        self._first: dict[str, Row] = {}
        """By action its first row."""
        self._actions: dict[tuple[str, str], Facts] = {}
        self._facts: dict[tuple[str, str], Facts] = {}
        self._reviews: dict[str, list[Review]] = {}

    def compare(self) -> list[str]:
        """Return how the tables differ from the journal, one line each."""
        db = self._db
        seeds = standing([row for _, row in self._sound("WHERE lamport = 0")])
        entries = self._entries
        entries.withdrawn = seeds.withdrawn
        columns = (*(_OWN.get(name, name) for name in ENTRY_DEFAULTS), "created_at")
        said = Beside(db, "entry", columns)
        tables = {entity.value: Beside(db, entity, TABLES[entity]) for entity in TABLES}
        rows = self._noted(self._sound("ORDER BY id, entity"))
        for one in told_by_entity(rows, seeds):
            (entity, id_), facts = one.key, one.facts
            if entity == Entity.ENTRY:
                full = {**ENTRY_DEFAULTS, **facts}
                said.should(id_, (*(full[name] for name in ENTRY_DEFAULTS), one.created))
                entries.add(one, full)
            elif entity in tables:
                full = {**TABLES[Entity(entity)], **facts}
                tables[entity].should(id_, tuple(full[n] for n in TABLES[Entity(entity)]))
                entries.beside(one, full)
                if entity == Entity.REVIEW:
                    self._review(id_, full)
            elif entity == Entity.ACTION:
                self._actions[one.key] = facts
            else:
                self._facts[one.key] = facts
        found = told("entry", _both(said.end(), entries.compare(db, self._parents)))
        for name, table in tables.items():
            found += told(name, table.end())
        found += told("fact", self._compare_facts())
        found += told("action", self._compare_actions())
        return found + told("card", self._compare_cards())

    def _sound(self, which: str) -> Iterator[tuple[int, Row]]:
        """Those rows of the journal, with their row ids, that can be a part of the state."""
        for number, *values in self._db.execute(f"SELECT rowid, {_ROW} FROM journal {which}"):
            row = Row(*values)
            wrong = unfoldable(row)
            if not wrong:
                yield number, row
            else:
                self.unfit[number] = (
                    f"journal: row {row.n} of replica {row.replica} is none that can be: {wrong}"
                )

    def _noted(self, rows: Iterable[tuple[int, Row]]) -> Iterator[Row]:
        """The rows, each noted as far as it says something of others than its entity."""
        first, numbers = self._first, self.numbers
        for _, row in rows:
            known = first.get(row.action)
            if known is None or row.n < known.n:
                first[row.action] = row
            low, high, count = numbers.get(row.replica, (row.n, row.n, 0))
            numbers[row.replica] = min(low, row.n), max(high, row.n), count + 1
            self.lamport = max(self.lamport, row.lamport)
            if (row.lamport == 0) != is_seed(row.replica):
                self.misnamed = True
            yield row

    def _parents(self, id_: str) -> list[Said]:
        """Every parent that an entry was ever given, the last one first."""
        rows = (
            Row(*row)
            for row in self._db.execute(
                f"SELECT {_ROW} FROM journal WHERE id = ? AND entity = ? AND field = 'parent'",
                (id_, Entity.ENTRY.value),
            )
        )
        said = (
            (row.stamp, None if row.value is None else str(row.value))
            for row in rows
            if not unfoldable(row)
        )
        return sorted(said, reverse=True)

    def _review(self, id_: str, full: Facts) -> None:
        if not full["deleted"] and full["at"]:
            rating = Rating(int(full["rating"] or 0))
            review = Review(id_, str(full["entry"]), str(full["at"]), rating, bool(full["claim"]))
            self._reviews.setdefault(review.entry, []).append(review)

    def _compare_facts(self) -> dict[str, str | set[str]]:
        wanted, stored = self._facts, facts_stored(self._db)
        found: dict[str, str | set[str]] = {}
        for key in wanted.keys() | stored.keys():
            name = " ".join(key)
            if key not in stored:
                found[name] = "in the journal only"
            elif key not in wanted:
                found[name] = "in the table only"
            elif wanted[key] != stored[key]:
                found[name] = {field for field, _ in stored[key].items() ^ wanted[key].items()}
        return found

    def _compare_actions(self) -> dict[str, str | set[str]]:
        state = Fold()
        state.rows = {(row.replica, row.n): row for row in self._first.values()}
        state.facts = self._actions
        table = Beside(self._db, "action", ("n", "at", "label", "undoes", "redoes", "state", "day"))
        for a in sorted(actions(state)):
            table.should(a.id, (a.first, a.at, a.label, a.undoes, a.redoes, a.state, a.day))
        return table.end()

    def _compare_cards(self) -> dict[str, str | set[str]]:
        columns = ("stability", "difficulty", "last", "reviews", "agains")
        table = Beside(self._db, "card", columns, "entry")
        for id_, given in sorted(self._reviews.items()):
            card = rebuild(given)
            if card is not None:
                table.should(id_, card)
        return table.end()


class _Entries:
    """What the journal says of all entries, as far as anything follows from it; ids come in their order."""

    def __init__(self) -> None:
        self.withdrawn: frozenset[str] = frozenset()
        """Ids of the entries that their seed has no longer."""
        self._touched: set[str] = set()
        """Those of them that a user did something with."""
        self._ids: list[str] = []
        self._parents: list[str | None] = []
        self._own = Columns()
        self._moments: list[str] = []
        """When a user last said something of each, or else when it was first said to be there."""
        self._said = bytearray()
        """Whether a user did."""
        self._notes: dict[str, str] = {}
        """When a user last said something of a note, by the entry that it hangs on."""
        self._covers: list[tuple[str, str]] = []
        self._words: dict[str, str] = dict(_WORDS)

    def add(self, one: Told, full: Mapping[str, Value]) -> None:
        """Take what is said of an entry."""
        id_, parent = one.key[1], full["parent"]
        moment, words = one.updated or one.created, self._words
        kind, status = str(full["kind"]), str(full["status"])
        self._ids.append(id_)
        self._parents.append(None if parent is None else words.setdefault(str(parent), str(parent)))
        self._own.kind.append(words.setdefault(kind, kind))
        self._own.status.append(words.setdefault(status, status))
        self._own.deleted.append(bool(full["deleted"]))
        self._moments.append(words.setdefault(moment, moment))
        self._said.append(one.updated is not None)
        if one.updated is not None and id_ in self.withdrawn:
            self._touched.add(id_)

    def beside(self, one: Told, full: Mapping[str, Value]) -> None:
        """Take what is said of a note, a review or a relation."""
        entity = one.key[0]
        ends = ("source", "target") if entity == Entity.RELATION else ("entry",)
        about = [str(full[name]) for name in ends]
        if entity == Entity.NOTE:
            self._notes[about[0]] = max(self._notes.get(about[0], ""), one.updated or "")
        if entity == Entity.RELATION:
            if full["kind"] == RelationKind.COVERS.value and not full["deleted"]:
                self._covers.append((about[0], about[1]))
            if one.updated is None:
                return
        self._touched.update(id_ for id_ in about if id_ in self.withdrawn)

    def compare(
        self, db: sqlite3.Connection, parents: Callable[[str], Sequence[Said]]
    ) -> dict[str, str | set[str]]:
        """Return where the table is not what follows; `parents` gives all that an entry was ever given."""
        ids, own = self._ids, self._own
        retired = [self._retired(id_) for id_ in ids] if self.withdrawn else None
        own.over = array("q", map(self._place, self._parents))
        for at, how in enumerate(retired or ()):
            if how is Retired.UNTOUCHED:
                own.deleted[at] = 1
        pairs = ((self._place(s), self._place(t)) for s, t in self._covers)
        found = Derivation(
            own,
            [(s, t) for s, t in pairs if s >= 0 and t >= 0],
            lambda places: {at: parents(ids[at]) for at in places},
            self._place,
        )
        table = Beside(db, "entry", ("updated_at", "retired", *Derived._fields))
        for at, id_ in enumerate(ids):
            moment, note = self._moments[at], self._notes.get(id_, "")
            if note:
                moment = max(moment, note) if self._said[at] else note
            how = retired[at] if retired else Retired.NO
            table.should(id_, (moment, how.value, *found.of(at, self._parents[at])))
        return table.end()

    def _place(self, id_: str | None) -> int:
        if id_ is None:
            return NOTHING
        at = bisect_left(self._ids, id_)
        return at if at < len(self._ids) and self._ids[at] == id_ else ELSEWHERE

    def _retired(self, id_: str) -> Retired:
        if id_ not in self.withdrawn:
            return Retired.NO
        return Retired.TOUCHED if id_ in self._touched else Retired.UNTOUCHED


def _both(
    one: Mapping[str, str | set[str]], other: Mapping[str, str | set[str]]
) -> dict[str, str | set[str]]:
    """What two looks at the same rows found."""
    found = {**one, **other}
    for id_, names in one.items():
        more = other.get(id_)
        if isinstance(names, set) and isinstance(more, set):
            found[id_] = names | more
    return found
