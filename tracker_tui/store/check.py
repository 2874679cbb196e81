"""Whether the database is what its journal says it is."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from tracker_tui.domain import order
from tracker_tui.domain.journal import Row
from tracker_tui.domain.text import plural
from tracker_tui.store import schema
from tracker_tui.store.beside import Refolded
from tracker_tui.store.connection import snapshot
from tracker_tui.store.indexing import indexed
from tracker_tui.store.store import Store


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
    refolded = Refolded(store.db)
    differing = refolded.compare()
    found += [line for _, line in sorted(refolded.unfit.items())]
    return found + differing + _journal_problems(store, refolded) + _search_problems(store)


def _journal_problems(store: Store, refolded: Refolded) -> list[str]:
    found = []
    low, high, count = refolded.numbers.get(store.replica, (1, 0, 0))
    if (low, high) != (1, count):
        found.append("journal: rows of this replica are missing")
    lamport = store.local("lamport")
    if not isinstance(lamport, int) or lamport < refolded.lamport:
        found.append("journal: the logical clock is behind it")
    if refolded.misnamed:
        found.append("journal: a row has a seed's lamport and is none of a seed, or the reverse")
    return found


def _search_problems(store: Store) -> list[str]:
    differing = 0
    stored = store.db.execute("SELECT rowid, title, text, notes FROM search ORDER BY rowid")
    there = next(stored, None)
    for number, id_ in store.db.execute(
        "SELECT number, id FROM entry WHERE deleted = 0 ORDER BY number"
    ):
        while there is not None and there[0] < number:
            differing += 1
            there = next(stored, None)
        if there is None or there[0] > number:
            differing += 1
            continue
        differing += there[1:] != indexed(store.db, id_)
        there = next(stored, None)
    while there is not None:
        differing += 1
        there = next(stored, None)
    if differing:
        what = plural(
            differing, "entry is not indexed as it is", "entries are not indexed as they are"
        )
        return [f"search: {what}"]
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
        # Without the texts themselves, for it is made in memory.
        db.execute(f"CREATE VIRTUAL TABLE temp.anew {schema.SEARCH[:-1]}, content = '')")
        db.execute(
            "INSERT INTO temp.anew (rowid, title, text, notes) SELECT rowid, * FROM main.search"
        )
        db.execute("CREATE VIRTUAL TABLE temp.word USING fts5vocab('temp', 'anew', 'row')")
        for query in _queries(db):
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


def _queries(db: sqlite3.Connection) -> Iterator[str]:
    """Ask for each word of `temp.word`, and for each beginning of two or three characters."""
    words = "SELECT term FROM temp.word"
    for (word,) in db.execute(words):
        yield f'"{word}"'
    # Words come in their order: those with one beginning stand together.
    for length in (2, 3):
        begin = ""
        for (word,) in db.execute(words):
            if len(word) > length and word[:length] != begin:
                begin = word[:length]
                yield f'"{begin}" *'
