"""Rows that come from elsewhere: other replicas, dumps, seeds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tracker_tui.domain import taken
from tracker_tui.domain.fold import actions, all_told, fold
from tracker_tui.domain.journal import Action, Row
from tracker_tui.domain.seeds import id_of, version_of
from tracker_tui.domain.valid import NUMBER_MAX, complaint
from tracker_tui.domain.words import Entity
from tracker_tui.errors import TrackerError
from tracker_tui.store.connection import explaining
from tracker_tui.store.project import Projector
from tracker_tui.store.seeds import SEEDED
from tracker_tui.store.undoing import Undoing
from tracker_tui.store.writing import INSERT, ROW, said

_OF_JOURNAL = ", ".join(f"j.{name}" for name in ROW.split(", "))
_EVER = "1970-01-01T00:00:00Z"


@explaining
class Incoming(Undoing):
    """The taking in that `Store` does; see there."""

    def bring(self, rows: Sequence[Row], label: str, at: str) -> Action:
        """Take in the rows of a dump as one action, which can be undone.

        What came by an import that was undone since is done again.

        Returns:
            The action; without an id if there was nothing to do.

        Raises:
            TrackerError: as `merge`, or if another row is here under the name and number of one.
        """
        with self.transaction():
            fresh = self.unknown(rows)
            again, theirs = self._taken_back(rows)
            if not fresh and not again:
                return Action(label, ())
            known = set(self.seed_versions())
            mine = [row for row in fresh if row.lamport or row.replica not in known]
            touched = self.merge(fresh)
            action = Action(label, tuple(self._again(again, theirs)), day="")
            action = self._append(action, at, taken.said([*mine, *theirs]))
            return action._replace(entries=tuple(dict.fromkeys((*touched, *action.entries))))

    def unknown(self, rows: Iterable[Row]) -> list[Row]:
        """Return those of some rows that are not here.

        Raises:
            TrackerError: if another row is here under the name and number of one.
        """
        left = {(row.replica, row.n): row for row in rows}
        for row in self.journal():
            there = left.pop((row.replica, row.n), row)
            if there != row and row.lamport:
                raise TrackerError(
                    f"row {row.n} of replica {row.replica} says something else here",
                    "both went on from copies of one database; nothing was taken in",
                )
        self.same_seeds(left.values())
        return list(left.values())

    def done_again(self, rows: Sequence[Row], fresh: Sequence[Row]) -> list[Row]:
        """Return the rows that `bring` would add of its own: what came before, and was undone since.

        Args:
            rows: Those that would be taken in.
            fresh: Those of them that are not here.
        """
        lamport = max([int(self.local("lamport") or 0), *(row.lamport for row in fresh)]) + 1
        return [
            Row(self.replica, NUMBER_MAX - n, lamport, _EVER, self.replica, *said(change))
            for n, change in enumerate(self._again(*self._taken_back(rows), fresh))
        ]

    def _taken_back(self, rows: Iterable[Row]) -> tuple[list[str], list[Row]]:
        """Return the imports that do not stand by which some of these rows came, and those rows.

        What came again by another import, which stands, is there; those rows that say themselves that
        their import was taken back bring none of it again.
        """
        imports, rows = self._imports(), list(rows)
        undone = self._not_standing(imports) if imports else []
        if not undone:
            return [], []
        said = {row.action for row in rows}
        stand = [runs for id_, runs in imports.items() if id_ not in undone]
        rows = [row for row in rows if not any(taken.among(row, runs) for runs in stand)]
        found = {
            id_: theirs
            for id_ in undone
            if self._latest("undoes", id_) not in said
            and (theirs := [row for row in rows if taken.among(row, imports[id_])])
        }
        return list(found), list(dict.fromkeys(row for some in found.values() for row in some))

    def merge(self, rows: Iterable[Row]) -> tuple[str, ...]:
        """Take in rows of other replicas, in any order; those already here change nothing.

        Returns:
            The ids of the entries that look different now.

        Raises:
            TrackerError: if a row is none that can be; then none is taken in.
        """
        given = list(rows)
        for row in given:
            wrong = complaint(row)
            if wrong:
                raise TrackerError(
                    f"row {row.n} of replica {row.replica} cannot be taken in: {wrong}",
                    "was it written by a newer version of tracker?",
                )
        with self.transaction():
            self.same_seeds(given)
            if given:
                self._tried = given[-1], f"took in {len(given):,} rows"
            return self._take_in(given)

    def same_seeds(self, rows: Iterable[Row]) -> None:
        """Refuse rows of a seed that are other ones than those that are here.

        Raises:
            TrackerError: if a version says something else than it does here.
        """
        here: dict[str, dict[int, Row]] = {}
        for row in rows:
            if row.lamport:
                continue
            if row.replica not in here:
                here[row.replica] = self.rows_of_replica(row.replica)
            if here[row.replica].get(row.n, row) != row:
                raise TrackerError(
                    f"version {version_of(row.n)} of the track “{id_of(row.replica)}” is not the"
                    " one that is here",
                    "raise “version” in its file when it changes",
                )

    def _take_in(self, rows: Sequence[Row]) -> tuple[str, ...]:
        before = self._last_row()
        self.db.executemany(f"{INSERT} ON CONFLICT (replica, n) DO NOTHING", rows)
        if self._last_row() == before:
            return ()
        self._wrote_after(before)
        self.db.execute(
            "UPDATE local SET value = max(value, (SELECT max(lamport) FROM journal WHERE rowid > ?))"
            " WHERE key = 'lamport'",
            (before,),
        )
        if self.db.execute(
            f"SELECT 1 FROM journal WHERE rowid > ? AND {SEEDED} LIMIT 1", (before,)
        ).fetchone():
            touched = self._fold_seeded(before)
        else:
            # What users said of an entity wins over every seed, so that these rows need no others.
            told = self.db.execute(
                "WITH fresh AS (SELECT DISTINCT entity, id FROM journal WHERE rowid > ?)"
                f" SELECT {_OF_JOURNAL} FROM fresh CROSS JOIN journal j"
                " ON j.id = fresh.id AND j.entity = fresh.entity WHERE j.lamport > 0",
                (before,),
            )
            touched = Projector(self.db).apply(all_told(fold(Row(*row) for row in told)))
        self._rebuild_actions(before)
        return touched

    def _fold_seeded(self, before: int) -> tuple[str, ...]:
        """Fold anew all that seeds speak of, and what a row after `before` speaks of.

        What a version withdraws follows from what it does not say, and an order key from those of
        others: there is no smaller part that could be looked at alone.
        """
        told = self.db.execute(
            f"WITH fresh AS (SELECT entity, id FROM journal WHERE {SEEDED}"
            " UNION SELECT entity, id FROM journal WHERE rowid > ?)"
            f" SELECT {_OF_JOURNAL} FROM fresh CROSS JOIN journal j"
            " ON j.id = fresh.id AND j.entity = fresh.entity",
            (before,),
        )
        return Projector(self.db).apply(all_told(fold(Row(*row) for row in told)), whole=True)

    def _rebuild_actions(self, before: int) -> None:
        """Work out anew how the actions of the replicas stand that rows after `before` are of."""
        replicas = [
            replica
            for (replica,) in self.db.execute(
                "SELECT DISTINCT replica FROM journal WHERE rowid > ?", (before,)
            )
        ]
        if self._among_each_other(before):
            replicas = [r for (r,) in self.db.execute("SELECT DISTINCT replica FROM journal")]
        rows = [
            Row(*row)
            for replica in replicas
            for row in self.db.execute(
                f"SELECT {ROW} FROM journal WHERE replica = ?1 AND (entity = '{Entity.ACTION}'"
                " OR n IN (SELECT min(n) FROM journal WHERE replica = ?1 GROUP BY action))",
                (replica,),
            )
        ]
        self.db.executemany("DELETE FROM action WHERE replica = ?", [(one,) for one in replicas])
        self.db.executemany(
            "INSERT INTO action (id, replica, n, at, label, undoes, redoes, state, day)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (a.id, a.replica, a.first, a.at, a.label, a.undoes, a.redoes, a.state, a.day)
                for a in actions(fold(rows))
            ],
        )

    def _among_each_other(self, before: int) -> bool:
        """Whether a replica takes back, or does again, what another one did."""
        found = self.db.execute(
            "SELECT EXISTS (SELECT 1 FROM action WHERE ifnull(undoes, redoes) IS NOT NULL"
            " AND substr(ifnull(undoes, redoes), 1, length(replica) + 1) <> replica || '-')"
            " OR EXISTS (SELECT 1 FROM journal WHERE rowid > ? AND entity = 'action'"
            " AND field IN ('undoes', 'redoes')"
            " AND substr(value, 1, length(replica) + 1) <> replica || '-')",
            (before,),
        ).fetchone()
        return bool(found[0])
