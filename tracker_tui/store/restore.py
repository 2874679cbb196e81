"""Bringing another state of the database back, while others may have it open."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from tracker_tui.domain.journal import Row, Value
from tracker_tui.errors import Busy, TrackerError
from tracker_tui.folders import private_folder
from tracker_tui.store import backup, schema
from tracker_tui.store.beside import unfoldable
from tracker_tui.store.connection import connect, explained
from tracker_tui.store.lacking import lacking
from tracker_tui.store.machine import USED, remembered
from tracker_tui.store.mirrors import MirrorRow, kept_mirrors
from tracker_tui.store.past import BEFORE
from tracker_tui.store.reading import reading
from tracker_tui.store.schema import ERA, SOURCE
from tracker_tui.store.store import Store


class _Known(NamedTuple):
    """What the present knows of replicas that were this database's own."""

    used: Mapping[str, int]
    """By replica: the number of the last row that was ever written here under its name."""
    lamport: int
    mirrors: Sequence[tuple[MirrorRow, str]]
    """The files that it is in step with, and what is kept of them."""
    remembered: Mapping[str, Value]
    """By key what else the machine remembers."""

    @property
    def written(self) -> object:
        """What another program's writing changes: all but what a screen remembers when it closes."""
        return self[:-1]


class Prepared(NamedTuple):
    """A database that is fit to take the place of the present one."""

    path: Path
    known: _Known | None
    """What the present knew of itself when this was made; None if it could not be asked."""


@contextmanager
def prepared(
    source: Path | None,
    beside: Path,
    new_replica: Callable[[], str],
    share: float,
    *,
    follow: bool = True,
    rows: Sequence[Row] = (),
    first: Callable[[], Iterable[Row]] = list,
    then: Callable[[Store], object] = lambda _: None,
) -> Iterator[Prepared]:
    """Make what is fit to be the database: of today's schema, on its own.

    Args:
        source: A sound database, of which it is a copy; None for a new one.
        beside: The database; this is made in its folder and removed at the end of the block.
        new_replica: Returns an id that no replica has.
        share: See `Store.set_review_share`.
        follow: Whether the present database is sound, so that it knows which rows it wrote.
        rows: Rows of the journal to add to it; of those that it has, its own hold.
        first: Returns the rows that a new one begins with.
        then: Is given what was made so far, to add to it.

    Raises:
        TrackerError: if `source` is damaged, none of ours or a newer version's.
    """
    made = beside.with_name(f".{beside.name}.{os.getpid()}.tmp")
    known = _known(beside) if follow else None
    try:
        private_folder(beside.parent)
        if source is not None:
            backup.examine(source)
            backup.write(source, made)
        with Store(made, first, new_replica) as store, explained(made):
            made_of = _made_of(store.local(ERA), store.local("lamport")) if source else None
            there = set(store.db.execute("SELECT replica, n FROM journal").fetchall())
            store.merge(row for row in rows if (row.replica, row.n) not in there)
            store.set_review_share(share)
            _set_apart(store, known, new_replica, made_of)
            then(store)
        with explained(made), closing(sqlite3.connect(made, isolation_level=None)) as connection:
            connection.execute("PRAGMA journal_mode = DELETE")
        yield Prepared(made, known)
    finally:
        for end in ("", "-journal", "-wal", "-shm"):
            Path(f"{made}{end}").unlink(missing_ok=True)


@contextmanager
def rebuilt(
    database: Path, new_replica: Callable[[], str], share: float, at: str
) -> Iterator[Prepared]:
    """Make anew what a database's own journal comes to: all tables, the search index, the counts.

    What is kept for this machine alone comes along, and what the journal lost rows of that the tables
    still have: see `store.lacking`. Rows that are none that can be do not.

    Args:
        database: The database.
        new_replica: Returns an id that no replica has.
        share: See `Store.set_review_share`.
        at: Now, in UTC.

    Raises:
        TrackerError: if its journal cannot be read.
    """

    def complete(store: Store) -> None:
        with Store(database, list, new_replica) as present:
            store.merge(lacking(present, next(ids), at))

    rows = [row for row in backup.rows(database) if not unfoldable(row)]
    with closing(reading(database)) as connection:
        kept = dict(connection.execute("SELECT key, value FROM local").fetchall())
    kept[SOURCE] = _made_of(kept.get(ERA), kept.get("lamport"))
    ids = chain([str(kept["replica"])] if kept.get("replica") else [], iter(new_replica, None))
    with prepared(
        None,
        database,
        lambda: next(ids),
        share,
        first=lambda: rows,
        then=complete,
    ) as made:
        with closing(sqlite3.connect(made.path, isolation_level=None)) as connection:
            connection.executemany("INSERT OR IGNORE INTO local VALUES (?, ?)", kept.items())
            # It goes on under its name, so what undo reaches is what it was.
            if BEFORE in kept:
                connection.execute(
                    "UPDATE local SET value = ? WHERE key = ? AND EXISTS"
                    " (SELECT 1 FROM local WHERE key = 'replica' AND value IS ?)",
                    (kept[BEFORE], BEFORE, kept.get("replica")),
                )
        yield made


def _made_of(era: Value, lamport: Value) -> str:
    """Return what is kept as `SOURCE` of what is made of a state."""
    return json.dumps([era, lamport if isinstance(lamport, int) else 0])


def _set_apart(
    store: Store, known: _Known | None, new_replica: Callable[[], str], made_of: str | None
) -> None:
    """See to it that no row is ever written under a name and number that another one had.

    Rows that were written after the backup may be with other replicas: so the database goes on under
    its old name only where none is missing in it.
    """
    with store.transaction():
        last, count = store.db.execute(
            "SELECT ifnull(max(n), 0), count(*) FROM journal WHERE replica = ?", (store.replica,)
        ).fetchone()
        # A backup may be another machine's, which goes on under its name: that cannot be asked here.
        fallback = 0 if made_of is None else None
        used = known.used.get(store.replica, fallback) if known is not None else None
        if used is None or last > count or last < used:
            store.set_local("replica", new_replica())
            store.go_on_from(())
        if known is not None:
            for replica, n in known.used.items():
                kept = store.local(USED + replica)
                store.set_local(USED + replica, max(n, kept if isinstance(kept, int) else 0))
            for key, value in known.remembered.items():
                store.set_local(key, value)
            store.take_mirrors(known.mirrors)
        # One further than any before it: its backups are newer than all that were made so far.
        reached = int(store.local("lamport") or 0)
        store.set_local("lamport", max(reached, known.lamport if known else 0) + 1)
        store.set_local(ERA, os.urandom(8).hex())
        if made_of is not None:
            # Until it has a backup of its own, which of the others are of what it was made of.
            store.set_local(SOURCE, made_of)


def _known(database: Path) -> _Known | None:
    """Return what a database knows of itself, None if it cannot be asked."""
    try:
        with explained(database), closing(reading(database)) as connection:
            connection.execute("BEGIN")
            kept = dict(connection.execute("SELECT key, value FROM local").fetchall())
            used = {
                key.removeprefix(USED): int(n) for key, n in kept.items() if key.startswith(USED)
            }
            replica = str(kept["replica"])
            # Rows of the journal may be missing, of which its actions still tell.
            last = connection.execute(
                "SELECT max(n) FROM (SELECT 0 AS n UNION ALL SELECT max(n) FROM journal WHERE replica = ?1"
                " UNION ALL SELECT max(n) FROM action WHERE replica = ?1)",
                (replica,),
            ).fetchone()[0]
            used[replica] = max(last, used.get(replica, 0))
            lamport = int(kept.get("lamport") or 0)
            return _Known(used, lamport, kept_mirrors(connection), remembered(kept))
    except (TrackerError, KeyError, ValueError, TypeError):
        return None


def into(made: Prepared, database: Path, before: Callable[[], object]) -> None:
    """Replace all that is in a sound database by what was prepared, as one transaction of it.

    Whoever has it open goes on with the new state, as after any other write.

    Args:
        made: What `prepared` made.
        database: The database.
        before: Called when nobody else can write any more; what it raises keeps the present.

    Raises:
        Busy: if another process is writing and does not end, or wrote since `made` was prepared.
        TrackerError: if it cannot be written; then nothing was.
    """

    def locked() -> None:
        now, then = _known(database), made.known
        if (now and now.written) != (then and then.written):
            raise Busy("another program has just written to the track", "try again")
        before()

    with explained(database), closing(connect(database)) as target:
        schema.use_wal(target)  # else nobody could read while it is locked
        _same_pages(made.path, target)
        with closing(reading(made.path)) as source:
            backup.copying(source, target, locked=locked)


def _same_pages(made: Path, target: sqlite3.Connection) -> None:
    """Have a database in pages of the size of another one's: in WAL mode these must be the same."""
    (size,) = target.execute("PRAGMA page_size").fetchone()
    with closing(sqlite3.connect(made, isolation_level=None)) as connection:
        if connection.execute("PRAGMA page_size").fetchone() != (size,):
            connection.execute(f"PRAGMA page_size = {size}")
            connection.execute("VACUUM")


def place(made: Prepared, database: Path, now: datetime) -> Path | None:
    """Make what was prepared the database, where there is none or a damaged one.

    That one is moved aside with what SQLite put beside it, every byte as it was.

    Returns:
        Where the damaged one is now, None if there was none.
    """
    with explained(database):
        aside = set_aside(database, now)
        made.path.replace(database)
        backup.to_disk(database.parent)
    return aside


def set_aside(database: Path, now: datetime) -> Path | None:
    """Give a damaged database, with its log, a name that says so.

    Returns:
        That name, None if there is nothing of the kind.
    """
    ends = [end for end in ("", "-wal", "-shm", "-journal") if Path(f"{database}{end}").exists()]
    if "" not in ends and not backup.size(Path(f"{database}-wal")):
        for end in ends:  # a log without anything in it, and its index
            Path(f"{database}{end}").unlink()
        return None
    stamp = now.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    number, aside = 1, database.with_name(f"{database.stem}-damaged-{stamp}.db")
    while any(Path(f"{aside}{end}").exists() for end in ("", "-wal")):
        number += 1
        aside = database.with_name(f"{database.stem}-damaged-{stamp}-{number}.db")
    # The database has both names until the new one takes its place: if this is cut short, no start
    # takes what is left for a new track.
    if "" in ends:
        ends.remove("")
        try:
            aside.hardlink_to(database)
        except OSError:  # a file system without links
            database.rename(aside)
    for end in ends:
        Path(f"{database}{end}").rename(f"{aside}{end}")
    return aside
