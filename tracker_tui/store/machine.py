"""What a database keeps for its machine alone, in no journal: also of a damaged one, as far as it can be read."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import NamedTuple

from tracker_tui.domain.journal import Value
from tracker_tui.errors import TrackerError
from tracker_tui.store.connection import explained, snapshot
from tracker_tui.store.mirrors import MirrorRow, kept_mirrors
from tracker_tui.store.past import BEFORE
from tracker_tui.store.reading import reading
from tracker_tui.store.salvage import records
from tracker_tui.store.schema import BACKUP, ERA, SOURCE, VERSION
from tracker_tui.store.store import Store

USED = "used "
"""Before a replica's id, in `local`: up to which number rows of it were ever written here."""
_OF_ITS_OWN = ("replica", "lamport", "review_share", ERA, SOURCE, BACKUP, BEFORE)
"""The keys of what a database that is made of another one has of its own."""
_TYPES = (str, str, str, int, int, int, int, str)
_TARGETS = "backed up into"
"""The key of `local` for the files that backups were written into, as JSON, the last one first."""
_TARGETS_MAX = 10


class Machine(NamedTuple):
    """What was read."""

    local: Mapping[str, Value] | None
    """By key; None if it cannot be read."""
    mirrors: Sequence[tuple[MirrorRow, str]] | None
    """The mirrored files, and what is kept of them; None if it cannot be read which these are."""

    @property
    def source(self) -> tuple[Value, int] | None:
        """Of which backup it was made: its era and lamport; None if it was not, or that is not known."""
        try:
            era, lamport = json.loads(str((self.local or {}).get(SOURCE)))
        except (ValueError, TypeError):
            return None
        known = isinstance(era, str | None) and isinstance(lamport, int)
        return (era, lamport) if known else None

    @property
    def targets(self) -> list[str]:
        """The files that backups were written into, as far as it is known."""
        try:
            found = json.loads(str((self.local or {}).get(_TARGETS, "[]")))
        except ValueError:
            return []
        return [path for path in found if isinstance(path, str)] if isinstance(found, list) else []


def remember_target(database: Path, target: Path) -> None:
    """Keep where a backup is written to, if that is possible: something may be left there."""
    path = str(target.absolute())
    known = machine(database).targets
    if path in known:
        return
    kept = json.dumps([path, *known][:_TARGETS_MAX])
    with suppress(sqlite3.Error, OSError):
        uri = f"{database.absolute().as_uri()}?mode=rw"
        with closing(sqlite3.connect(uri, uri=True, timeout=1, isolation_level=None)) as connection:
            version = connection.execute("PRAGMA user_version").fetchone()[0]
            if 0 < version <= VERSION:
                connection.execute("INSERT OR REPLACE INTO local VALUES (?, ?)", (_TARGETS, kept))


def machine(database: Path) -> Machine:
    """Read what a database keeps for its machine, in whatever state it is; nothing is changed."""
    if not database.is_file():
        return Machine(None, None)
    try:
        with (
            explained(database),
            closing(reading(database)) as connection,
            snapshot(connection),
        ):
            local = dict(connection.execute("SELECT key, value FROM local").fetchall())
            try:
                return Machine(local, _sound(kept_mirrors(connection)))
            except sqlite3.Error:
                return Machine(local, _in_pages(database))
    except TrackerError:
        return Machine(None, _in_pages(database))


def _sound(found: Sequence[tuple[MirrorRow, str]]) -> list[tuple[MirrorRow, str]]:
    return [(row, base) for row, base in found if _is_mirror((*row, base))]


def _is_mirror(values: Sequence[object]) -> bool:
    typed = all(isinstance(value, type_) for value, type_ in zip(values, _TYPES, strict=True))
    return typed and Path(str(values[0])).is_absolute() and str(values[-1]).startswith("{")


def _in_pages(database: Path) -> list[tuple[MirrorRow, str]] | None:
    """Look for mirrored files in every page that can be read; None if there are none in any."""
    found: dict[str, tuple[MirrorRow, str]] = {}
    try:
        for record in records(database, len(_TYPES)):
            if _is_mirror(record):
                row = MirrorRow._make(record[:-1])
                if row.path not in found or found[row.path][0].row <= row.row:
                    found[row.path] = row, str(record[-1])
    except OSError:
        return None
    return list(found.values()) or None


def remembered(local: Mapping[str, Value]) -> dict[str, Value]:
    """Return what of the `local` of a database stays with its machine, whatever comes in its place."""
    return {
        key: value
        for key, value in local.items()
        if key not in _OF_ITS_OWN and not key.startswith(USED)
    }


def take(store: Store, found: Machine) -> None:
    """Have a database that was made in the place of another one keep what that one kept."""
    with store.transaction():
        for key, value in (found.local or {}).items():
            if key.startswith(USED):
                kept = store.local(key)
                numbers = [n for n in (value, kept) if isinstance(n, int)]
                store.set_local(key, max(numbers, default=0))
        for key, value in remembered(found.local or {}).items():
            store.set_local(key, value)
        if found.mirrors is not None:
            store.take_mirrors(found.mirrors)
