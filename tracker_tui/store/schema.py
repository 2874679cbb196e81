"""The tables, and how an older database becomes one of today.

Each migration is a function in the one `Migrations` set, applied in order under `BEGIN IMMEDIATE`
together with the record of it. `PRAGMA user_version` repeats how many there are, so that a database
that is up to date is recognised without importing `sqlite_utils`.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from tracker_tui.errors import Damaged, TrackerError
from tracker_tui.store.connection import APPLICATION_ID, RESCUE, write

if TYPE_CHECKING:
    from sqlite_utils import Database, Migrations

ERA = "era"
"""Under which key of `local` it is kept which restored state this is; restoring makes it another."""
SOURCE = "source"
"""A key of `local`: of which backup's era and lamport this state was made, as a JSON array of the two."""
BACKUP = "backup"
"""A key of `local` that a backup has which may be replaced by a newer one, and no track."""
VERSION = 5
"""How many migrations there are."""

SEARCH = """USING fts5 (
    title, text, notes, tokenize = "unicode61 remove_diacritics 2", prefix = '2 3'
)"""
"""The search index."""

_TABLES = {
    1: ("journal", "entry", "note", "relation", "fact", "action", "search", "local"),
    2: ("review", "card"),
    5: ("mirror",),
}
"""Which tables there are from which version on."""


def ready(connection: sqlite3.Connection, path: Path) -> bool:
    """Whether the schema is today's; False if there is something to migrate.

    Raises:
        TrackerError: if the file was written by a newer version of the program.
        Damaged: if it says a version that there never was.
    """
    found = int(connection.execute("PRAGMA user_version").fetchone()[0])
    if found < 0:
        raise Damaged(f"{path} is damaged (schema {found})", RESCUE)
    if found > VERSION:
        raise TrackerError(
            f"{path} was written by a newer version of tracker (schema {found}, this is {VERSION})",
            "update tracker; the file was left as it is",
        )
    return found == VERSION


def missing(connection: sqlite3.Connection) -> list[str]:
    """Return the tables that a database should have and has not."""
    there = {name for (name,) in connection.execute("SELECT name FROM sqlite_schema")}
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    return [
        name
        for since, names in _TABLES.items()
        if since <= version
        for name in names
        if name not in there
    ]


def objects(connection: sqlite3.Connection) -> dict[tuple[str, str], str]:
    """Return what a database is made of: by sort and name the statement, white space folded."""
    return {
        (kind, name): " ".join(str(text).split())
        for kind, name, text in connection.execute(
            "SELECT type, name, sql FROM main.sqlite_schema"
            " WHERE name NOT GLOB 'sqlite_*' AND name NOT GLOB '_sqlite_*'"
        )
    }


def wanted() -> dict[tuple[str, str], str]:
    """Return what a database of today is made of."""
    from sqlite_utils import Database

    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        _migrations().apply(Database(connection))
        return objects(connection)


def migrate(
    connection: sqlite3.Connection,
    path: Path,
    before: Callable[[], object],
    then: Callable[[], None],
) -> None:
    """Bring the schema up to date and do `then` in the same transaction: all of it or nothing.

    `before` is called first if there is something in the file already; nobody else writes from
    then on.
    """
    from sqlite_utils import Database

    use_wal(connection)
    with write(connection):
        if ready(connection, path):
            return  # another process was faster
        if connection.execute("PRAGMA user_version").fetchone()[0]:
            before()
        _migrations().apply(Database(connection))
        connection.execute(f"PRAGMA user_version = {VERSION}")
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        then()


def use_wal(connection: sqlite3.Connection) -> None:
    """Set the journal mode, which a file keeps: readers then never wait for a writer.

    It cannot be done inside a transaction, and while another process does the same it fails at
    once, whatever the time-out; so it is tried again for a while.
    """
    for attempt in range(200):
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or attempt == 199:
                raise
            time.sleep(0.05)
        else:
            return


def _migrations() -> Migrations:
    from sqlite_utils import Migrations

    migrations = Migrations("tracker")
    migrations(name="001_track_and_journal")(_track_and_journal)
    migrations(name="002_reviews_and_days")(_reviews_and_days)
    migrations(name="003_first_step_and_effort")(_first_step_and_effort)
    migrations(name="004_retired")(_retired)
    migrations(name="005_mirrors")(_mirrors)
    return migrations


def _track_and_journal(db: Database) -> None:
    for statement in _TRACK_AND_JOURNAL.split(";\n\n"):
        db.execute(statement)


def _reviews_and_days(db: Database) -> None:
    for statement in _REVIEWS_AND_DAYS.split(";\n\n"):
        db.execute(statement)


def _first_step_and_effort(db: Database) -> None:
    for statement in _FIRST_STEP_AND_EFFORT.split(";\n\n"):
        db.execute(statement)


def _retired(db: Database) -> None:
    for statement in _RETIRED.split(";\n\n"):
        db.execute(statement)


def _mirrors(db: Database) -> None:
    db.execute(_MIRRORS)


# Of an entry, own_parent, own_deleted and own_status are what the journal says; parent, deleted and
# status are what follows (domain/derived.py), as are all columns from covering on.
_TRACK_AND_JOURNAL = f"""
CREATE TABLE journal (
    replica TEXT NOT NULL,
    n INTEGER NOT NULL,
    lamport INTEGER NOT NULL,
    at TEXT NOT NULL,
    action TEXT NOT NULL,
    entity TEXT NOT NULL,
    id TEXT NOT NULL,
    field TEXT NOT NULL,
    value,
    PRIMARY KEY (replica, n)
);

CREATE INDEX journal_of ON journal (id, entity);

CREATE INDEX journal_action ON journal (action);

CREATE TRIGGER journal_is_never_changed BEFORE UPDATE ON journal
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;

CREATE TRIGGER journal_is_never_shortened BEFORE DELETE ON journal
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;

CREATE TABLE entry (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    parent TEXT,
    own_parent TEXT,
    position TEXT NOT NULL,
    title TEXT NOT NULL,
    description TEXT NOT NULL,
    status TEXT NOT NULL,
    own_status TEXT NOT NULL,
    horizon TEXT,
    snoozed_until TEXT,
    impact TEXT NOT NULL,
    action TEXT NOT NULL,
    done_when TEXT NOT NULL,
    resources TEXT NOT NULL,
    deleted INTEGER NOT NULL,
    own_deleted INTEGER NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    covering INTEGER NOT NULL DEFAULT 0,
    children INTEGER NOT NULL DEFAULT 0,
    total INTEGER NOT NULL DEFAULT 0,
    learned INTEGER NOT NULL DEFAULT 0,
    learning INTEGER NOT NULL DEFAULT 0,
    skipped INTEGER NOT NULL DEFAULT 0
);

CREATE INDEX entry_place ON entry (parent, position, id) WHERE deleted = 0;

CREATE INDEX entry_root ON entry (kind, position, id) WHERE deleted = 0 AND parent IS NULL;

CREATE INDEX entry_below ON entry (own_parent);

CREATE INDEX entry_out_of_line ON entry (id)
    WHERE own_parent IS NOT parent OR own_deleted <> deleted;

CREATE INDEX entry_in_progress ON entry (updated_at) WHERE deleted = 0 AND status = 'learning';

CREATE INDEX entry_snoozed ON entry (snoozed_until) WHERE deleted = 0 AND snoozed_until IS NOT NULL;

CREATE TABLE note (
    id TEXT PRIMARY KEY,
    entry TEXT NOT NULL,
    at TEXT NOT NULL,
    text TEXT NOT NULL,
    deleted INTEGER NOT NULL
);

CREATE INDEX note_of ON note (entry, at);

CREATE TABLE relation (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    source TEXT NOT NULL,
    target TEXT NOT NULL,
    position TEXT NOT NULL,
    deleted INTEGER NOT NULL
);

CREATE INDEX relation_from ON relation (source, kind);

CREATE INDEX relation_to ON relation (target, kind);

CREATE TABLE fact (
    entity TEXT NOT NULL,
    id TEXT NOT NULL,
    field TEXT NOT NULL,
    value,
    PRIMARY KEY (entity, id, field)
);

CREATE TABLE action (
    id TEXT PRIMARY KEY,
    replica TEXT NOT NULL,
    n INTEGER NOT NULL,
    at TEXT NOT NULL,
    label TEXT NOT NULL,
    undoes TEXT,
    redoes TEXT,
    state TEXT NOT NULL
);

CREATE INDEX action_order ON action (replica, n);

CREATE INDEX action_undoes ON action (undoes) WHERE undoes IS NOT NULL;

CREATE INDEX action_redoes ON action (redoes) WHERE redoes IS NOT NULL;

CREATE INDEX action_undone ON action (replica, n) WHERE state = 'undone';

CREATE VIRTUAL TABLE search {SEARCH};

CREATE TABLE local (key TEXT PRIMARY KEY, value) WITHOUT ROWID
"""

# A card is what the reviews of an entry come to; when it is due, a Julian day, depends on the user's
# settings too, of which `local` keeps what the column was worked out with. Reviews that a newer version wrote into a database
# of the old schema were kept as facts; `Store` reads them anew from the journal.
_REVIEWS_AND_DAYS = """
ALTER TABLE entry ADD COLUMN progressed_on TEXT;

ALTER TABLE action ADD COLUMN day TEXT NOT NULL DEFAULT '';

UPDATE action SET day = substr(at, 1, 10) WHERE undoes IS NULL AND redoes IS NULL;

CREATE INDEX action_day ON action (day) WHERE day <> '' AND state = 'done' AND undoes IS NULL
    AND redoes IS NULL AND replica <> 'seed';

CREATE INDEX entry_todo_planned ON entry (horizon)
    WHERE deleted = 0 AND kind = 'item' AND status = 'todo' AND horizon IS NOT NULL;

CREATE TABLE review (
    id TEXT PRIMARY KEY,
    entry TEXT NOT NULL,
    at TEXT NOT NULL,
    rating INTEGER NOT NULL,
    claim INTEGER NOT NULL,
    deleted INTEGER NOT NULL
);

CREATE INDEX review_of ON review (entry, at);

CREATE INDEX relation_requires ON relation (source) WHERE kind = 'requires' AND deleted = 0;

CREATE TABLE card (
    entry TEXT PRIMARY KEY,
    stability REAL NOT NULL,
    difficulty REAL NOT NULL,
    last TEXT NOT NULL,
    reviews INTEGER NOT NULL,
    agains INTEGER NOT NULL,
    due REAL NOT NULL
);

CREATE INDEX card_due ON card (due, entry)
"""

# Added columns leave the table, its triggers and the search index as they are.
_FIRST_STEP_AND_EFFORT = """
ALTER TABLE entry ADD COLUMN first_step TEXT NOT NULL DEFAULT '';

ALTER TABLE entry ADD COLUMN effort TEXT
"""

# Whether its seed still has an entry (domain.seeds.Retired). One that was never touched is gone like
# a deleted one, which own_deleted alone does not say.
_RETIRED = """
ALTER TABLE entry ADD COLUMN retired INTEGER NOT NULL DEFAULT 0;

DROP INDEX entry_out_of_line;

CREATE INDEX entry_out_of_line ON entry (id)
    WHERE own_parent IS NOT parent OR (own_deleted OR retired = 2) <> deleted
"""

# Files of this machine: paths differ between replicas, so they are no part of the journal.
_MIRRORS = """
CREATE TABLE mirror (
    path TEXT PRIMARY KEY,
    added_at TEXT NOT NULL,
    digest TEXT NOT NULL,
    size INTEGER NOT NULL,
    changed INTEGER NOT NULL,
    row INTEGER NOT NULL,
    tied INTEGER NOT NULL,
    base TEXT NOT NULL
)
"""
