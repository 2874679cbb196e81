"""Whether the database is what its journal says it is."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping

from tracker_tui.domain import order
from tracker_tui.domain.derived import of_fold, retired
from tracker_tui.domain.fold import (
    ENTRY_DEFAULTS,
    NOTE_DEFAULTS,
    RELATION_DEFAULTS,
    REVIEW_DEFAULTS,
    Fold,
    actions,
    fold,
    touched_at,
)
from tracker_tui.domain.journal import Row, Value
from tracker_tui.domain.reviews import Card, Review, rebuild
from tracker_tui.domain.seeds import Retired, is_seed
from tracker_tui.domain.valid import complaint
from tracker_tui.domain.words import Entity, Rating
from tracker_tui.store import schema
from tracker_tui.store.connection import snapshot
from tracker_tui.store.indexing import indexed
from tracker_tui.store.store import Store

_Table = dict[str, dict[str, Value]]
TABLES: Mapping[Entity, Mapping[str, Value]] = {
    Entity.NOTE: NOTE_DEFAULTS,
    Entity.RELATION: RELATION_DEFAULTS,
    Entity.REVIEW: REVIEW_DEFAULTS,
}
_IN_TABLES = (Entity.ENTRY, *TABLES, Entity.ACTION)


def journal(store: Store) -> list[Row]:
    """Return the whole journal in the order in which its rows arrived."""
    return [
        Row(*row)
        for row in store.db.execute(
            "SELECT replica, n, lamport, at, action, entity, id, field, value FROM journal"
            " ORDER BY rowid"
        )
    ]


def problems(store: Store) -> list[str]:
    """Return what is wrong with the database, one line each; nothing if it is sound.

    SQLite's own checks, then each table against the journal folded anew, and the search index
    against the entries; all as of one moment, whatever other processes write meanwhile.
    """
    try:
        with snapshot(store.db):
            return _problems(store)
    except (sqlite3.Error, ValueError, TypeError, KeyError) as error:
        # What cannot even be read or compared is what this question is for.
        return [f"integrity: {error}"]


def index_problem(store: Store) -> str:
    """Return what is wrong inside the search index, empty if nothing is.

    Raises:
        Busy: if another process is writing: the index is checked in its turn.
    """
    with store.transaction():
        try:
            store.db.execute("INSERT INTO search (search) VALUES ('integrity-check')")
        except sqlite3.DatabaseError as error:
            return f"search: {error}"
    return ""


def schema_problems(store: Store) -> list[str]:
    """Return which tables, indexes and triggers are missing, or other ones than migrations make."""
    there = schema.objects(store.db)
    wanted = schema.wanted()
    found = [f"{kind} {name} is missing" for kind, name in wanted.keys() - there.keys()]
    for (kind, name), text in there.items():
        if kind == "table":
            continue  # what is in one is compared with the journal; another's is none of ours
        if (kind, name) not in wanted:
            found.append(f"{kind} {name} is none of tracker's")
        elif wanted[kind, name] != text:
            found.append(f"{kind} {name} is not as tracker makes it")
    return sorted(found)


def unfoldable(row: Row) -> str:
    """Return why a row of the journal can be no part of the state, empty if it can.

    An order key that is none can be mended by an action of its own; a lamport that does not fit the
    replica is told of all rows at once.
    """
    if type(row.lamport) is int and (row.lamport == 0) != is_seed(str(row.replica)):
        row = row._replace(lamport=0 if row.lamport else 1)
    return "" if row.field == "position" and isinstance(row.value, str) else complaint(row)


def order_problems(store: Store) -> list[str]:
    """Return the ids of the living entries whose order key is none, so that nothing can go beside it."""
    return [
        id_
        for id_, position in store.db.execute("SELECT id, position FROM entry WHERE deleted = 0")
        if not order.is_key(position)
    ]


def _problems(store: Store) -> list[str]:
    found = [
        f"integrity: {line}"
        for (line,) in store.db.execute("PRAGMA integrity_check")
        if line != "ok"
    ]
    found += [f"foreign key: {row}" for row in store.db.execute("PRAGMA foreign_key_check")]
    rows, unfit = [], []
    for row in journal(store):
        wrong = unfoldable(row)
        if wrong:
            unfit.append(
                f"journal: row {row.n} of replica {row.replica} is none that can be: {wrong}"
            )
        else:
            rows.append(row)
    found += unfit
    state = fold(rows)
    found += _compare("entry", _entries_wanted(state), _entries_stored(store))
    for entity, defaults in TABLES.items():
        wanted = {
            id_: {name: facts.get(name, default) for name, default in defaults.items()}
            for id_, facts in state.of(entity).items()
        }
        found += _compare(entity, wanted, stored(store, entity, tuple(defaults)))
    found += _compare("fact", _facts_wanted(state), facts_stored(store))
    columns = ("n", "at", "label", "undoes", "redoes", "state", "day")
    found += _compare("action", _actions_wanted(state), stored(store, "action", columns))
    found += _compare("card", _cards_wanted(state), _cards_stored(store))
    return found + _journal_problems(store, rows) + _search_problems(store)


def stored(store: Store, table: str, columns: tuple[str, ...]) -> _Table:
    """Return what a table says, by id, of these columns."""
    return {
        row[0]: dict(zip(columns, row[1:], strict=True))
        for row in store.db.execute(f"SELECT id, {', '.join(columns)} FROM {table}")
    }


def _entries_wanted(state: Fold) -> _Table:
    derived = of_fold(state)
    updated = touched_at(state)
    gone = retired(state)
    wanted: _Table = {}
    for id_, facts in state.of(Entity.ENTRY).items():
        full = {name: facts.get(name, default) for name, default in ENTRY_DEFAULTS.items()}
        for name in ("status", "parent", "deleted"):
            full[f"own_{name}"] = full[name]
        full["created_at"] = state.created[Entity.ENTRY.value, id_]
        full["updated_at"] = updated[id_]
        full["retired"] = gone.get(id_, Retired.NO).value
        wanted[id_] = {**full, **derived[id_]._asdict()}
    return wanted


def _entries_stored(store: Store) -> _Table:
    columns = (
        *ENTRY_DEFAULTS,
        *("own_status", "own_parent", "own_deleted", "created_at", "updated_at", "covering"),
        *("children", "total", "learned", "learning", "skipped", "retired"),
    )
    return stored(store, "entry", columns)


def _actions_wanted(state: Fold) -> _Table:
    wanted: _Table = {}
    for a in actions(state):
        wanted[a.id] = {"n": a.first, "at": a.at, "label": a.label, "state": a.state}
        wanted[a.id] |= {"undoes": a.undoes, "redoes": a.redoes, "day": a.day}
    return wanted


def _facts_wanted(state: Fold) -> _Table:
    return {
        f"{entity} {id_}": dict(facts)
        for (entity, id_), facts in state.facts.items()
        if entity not in _IN_TABLES
    }


def facts_stored(store: Store) -> _Table:
    """Return what is kept of entities that have no table, by `entity id`."""
    found: _Table = {}
    for entity, id_, name, value in store.db.execute("SELECT entity, id, field, value FROM fact"):
        found.setdefault(f"{entity} {id_}", {})[name] = value
    return found


def _cards_wanted(state: Fold) -> _Table:
    reviews: dict[str, list[Review]] = {}
    for id_, facts in state.of(Entity.REVIEW).items():
        full = {**REVIEW_DEFAULTS, **facts}
        if not full["deleted"] and full["at"]:
            rating = Rating(int(full["rating"] or 0))
            review = Review(id_, str(full["entry"]), str(full["at"]), rating, bool(full["claim"]))
            reviews.setdefault(review.entry, []).append(review)
    return {id_: {"card": repr(rebuild(given))} for id_, given in reviews.items()}


def _cards_stored(store: Store) -> _Table:
    return {
        id_: {"card": repr(Card(*card))}
        for id_, *card in store.db.execute(
            "SELECT entry, stability, difficulty, last, reviews, agains FROM card"
        )
    }


def _compare(table: str, wanted: _Table, stored: _Table) -> list[str]:
    found = []
    for id_ in sorted(wanted.keys() | stored.keys()):
        if id_ not in stored:
            found.append(f"{table} {id_}: in the journal only")
        elif id_ not in wanted:
            found.append(f"{table} {id_}: in the table only")
        elif wanted[id_] != stored[id_]:
            found.append(f"{table} {id_}: {_differing(wanted[id_], stored[id_])}")
    return found


def _differing(wanted: Mapping[str, Value], stored: Mapping[str, Value]) -> str:
    names = (wanted.keys() | stored.keys()) - {
        name for name in wanted.keys() & stored.keys() if wanted[name] == stored[name]
    }
    return f"{', '.join(sorted(names))} differ from the journal"


def _journal_problems(store: Store, rows: list[Row]) -> list[str]:
    found = []
    own = sorted(row.n for row in rows if row.replica == store.replica)
    if own != list(range(1, len(own) + 1)):
        found.append("journal: rows of this replica are missing")
    lamport = store.local("lamport")
    if not isinstance(lamport, int) or lamport < max((row.lamport for row in rows), default=0):
        found.append("journal: the logical clock is behind it")
    if any((row.lamport == 0) != is_seed(row.replica) for row in rows):
        found.append("journal: a row has a seed's lamport and is none of a seed, or the reverse")
    return found


def _search_problems(store: Store) -> list[str]:
    wanted = {
        number: indexed(store.db, id_)
        for number, id_ in store.db.execute("SELECT number, id FROM entry WHERE deleted = 0")
    }
    stored = {
        number: tuple(texts)
        for number, *texts in store.db.execute("SELECT rowid, title, text, notes FROM search")
    }
    differing = [n for n in wanted.keys() | stored.keys() if wanted.get(n) != stored.get(n)]
    if differing:
        return [f"search: {len(differing)} entries are not indexed as they are"]
    unfound = _unfound(store.db)
    return [f"search: “{unfound}” does not find what it should"] if unfound else []


def _unfound(db: sqlite3.Connection) -> str:
    """Return a word that the index does not find where it is, empty if it finds every one.

    SQLite's own check of an index looks at the words in it, but not at the way to them. So each word and
    each beginning of one is looked up, in the index and in a new one of the same texts.
    """
    kept = db.execute("PRAGMA query_only").fetchone()[0]
    db.execute("PRAGMA query_only = OFF")  # it would keep out what is made in memory, too
    try:
        db.execute(f"CREATE VIRTUAL TABLE temp.anew {schema.SEARCH}")
        db.execute(
            "INSERT INTO temp.anew (rowid, title, text, notes) SELECT rowid, * FROM main.search"
        )
        db.execute("CREATE VIRTUAL TABLE temp.word USING fts5vocab('temp', 'anew', 'row')")
        words = [word for (word,) in db.execute("SELECT term FROM temp.word")]
        begun = {word[:length] for word in words for length in (2, 3) if len(word) > length}
        asked = [f'"{word}"' for word in words] + [f'"{word}" *' for word in begun]
        for query in asked:
            told = [
                db.execute(
                    f"SELECT count(*), sum(rowid) FROM {table} WHERE {table} MATCH ?", (query,)
                ).fetchone()
                for table in ("search", "anew")
            ]
            if told[0] != told[1]:
                return query.strip('" *')
    finally:
        for table in ("word", "anew"):
            db.execute(f"DROP TABLE IF EXISTS temp.{table}")
        db.execute(f"PRAGMA query_only = {kept}")
    return ""
