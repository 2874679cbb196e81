"""What can be asked about the seeds that a database holds."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from tracker_tui.domain.journal import Row
from tracker_tui.domain.seeds import standing, version_of
from tracker_tui.domain.words import Entity
from tracker_tui.store.connection import explaining

SEEDED = "replica >= 'seed' AND replica < 'seed;' AND lamport = 0"
"""Of the journal, the rows of seeds: `seed`, and `seed:` with the id of another track."""

_ROW = "replica, n, lamport, at, action, entity, id, field, value"


@explaining
class SeedQueries:
    """The questions about seeds that `Store` answers."""

    db: sqlite3.Connection

    def seed_versions(self) -> dict[str, int]:
        """Return the newest version of each seed that is held, by replica."""
        return {
            replica: version_of(n)
            for replica, n in self.db.execute(
                f"SELECT replica, max(n) FROM journal WHERE {SEEDED} GROUP BY replica"
            )
        }

    def newest_row(self, replica: str) -> int | None:
        """Return the highest number of a replica's rows, None if it has none; costs next to nothing."""
        found = self.db.execute("SELECT max(n) FROM journal WHERE replica = ?", (replica,))
        number: int | None = found.fetchone()[0]
        return number

    def rows_of_replica(self, replica: str) -> dict[int, Row]:
        """Return all rows of a replica, by their number."""
        return {
            row[1]: Row(*row)
            for row in self.db.execute(f"SELECT {_ROW} FROM journal WHERE replica = ?", (replica,))
        }

    def seed_counts(self, replica: str) -> tuple[int, int]:
        """Return how many living entries a seed has put here, and how many of them are retired."""
        found = self.db.execute(
            "SELECT count(*), ifnull(sum(e.retired > 0), 0) FROM entry e WHERE e.deleted = 0"
            " AND e.id IN (SELECT id FROM journal WHERE replica = ? AND entity = 'entry')",
            (replica,),
        )
        count, retired = found.fetchone()
        return int(count), int(retired)

    def makers(self, ids: Iterable[str]) -> list[tuple[str, str]]:
        """Return the entries of `ids` that are here, each with the replica that made it."""
        found = []
        for id_ in ids:
            row = self.db.execute(
                "SELECT replica FROM journal WHERE id = ? AND entity = 'entry' AND field = 'kind'"
                " ORDER BY lamport, replica, n LIMIT 1",
                (id_,),
            ).fetchone()
            if row is not None:
                found.append((id_, row[0]))
        return found

    def holding(self, rows: Iterable[Row], *, among_others: bool) -> list[Row]:
        """Return those of some entities' rows by seeds that hold, with the values that they have.

        Args:
            rows: All rows of seeds about these entities.
            among_others: Whether order keys and relations matter, which depend on what seeds say of
                other entities as well.
        """
        own = {(row.replica, row.n): row for row in rows}
        known = dict(own)
        if among_others and any(map(self._has_older, {row.replica for row in own.values()})):
            for row in self.db.execute(
                f"SELECT {_ROW} FROM journal WHERE {SEEDED} AND (entity = ? OR entity = ? AND field"
                " IN ('kind', 'parent', 'horizon', 'position'))",
                (Entity.RELATION.value, Entity.ENTRY.value),
            ):
                known[row[0], row[1]] = Row(*row)
        return [row for row in standing(list(known.values())).rows if (row.replica, row.n) in own]

    def _has_older(self, replica: str) -> bool:
        """Whether more than one version of a seed is held."""
        first, last = self.db.execute(
            "SELECT (SELECT min(n) FROM journal WHERE replica = ?1),"
            " (SELECT max(n) FROM journal WHERE replica = ?1)",
            (replica,),
        ).fetchone()
        return version_of(first) != version_of(last)
