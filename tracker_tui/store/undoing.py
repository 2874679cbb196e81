"""Undo and redo, of imports too: the changes that bring back what was there."""

from __future__ import annotations

import json
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence

from tracker_tui.domain import taken
from tracker_tui.domain.journal import Action, Change, Row
from tracker_tui.domain.undo import Told, inverse, standing
from tracker_tui.domain.valid import Numbers
from tracker_tui.domain.words import Entity
from tracker_tui.store.connection import explaining
from tracker_tui.store.writing import ROW, Writing

Key = tuple[str, str, str]
PART = 500
"""Of how many entities what is said is looked at at a time."""


@explaining
class Undoing(Writing):
    """The undoing that `Store` does; see there."""

    def undo(self, at: str) -> Action | None:
        """Take back the last action of this replica that stands; None if there is none."""
        with self.transaction():
            target = self.undoable()
            if target is None:
                return None
            changes = self._inverse(self._latest("redoes", target.id) or target.id)
            return self._append(Action(target.label, changes, undoes=target.id), at)

    def redo(self, at: str) -> Action | None:
        """Do again what was undone last, unless something else was done since."""
        with self.transaction():
            target = self.redoable()
            if target is None:
                return None
            changes = self._inverse(self._latest("undoes", target.id))
            return self._append(Action(target.label, changes, redoes=target.id), at)

    def _latest(self, what: str, action: str) -> str:
        """The action that last undoes or redoes another one; empty if none does."""
        found = self.db.execute(
            f"SELECT a.id FROM action a JOIN journal j ON j.replica = a.replica AND j.n = a.n"
            f" WHERE a.{what} = ? ORDER BY j.lamport DESC, j.replica DESC, j.n DESC LIMIT 1",
            (action,),
        ).fetchone()
        return str(found[0]) if found else ""

    def _imports(self) -> dict[str, Numbers]:
        """By action what it took in, the first first."""
        return {
            id_: taken.runs(facts.get(taken.TOOK))
            for id_, facts in self.facts_by_id(Entity.IMPORT).items()
        }

    def _not_standing(self, imports: Iterable[str]) -> list[str]:
        return [
            str(id_)
            for (id_,) in self.db.execute(
                "SELECT one.value FROM json_each(?) one JOIN action a ON a.id = one.value"
                " WHERE a.state <> 'done' ORDER BY one.key",
                (json.dumps(list(imports)),),
            )
        ]

    def _again(
        self, imports: Iterable[str], given: Sequence[Row], more: Sequence[Row] = ()
    ) -> Iterator[Change]:
        """The changes that do imports again which were undone, as far as some rows are of them.

        Args:
            imports: The imports.
            given: The rows; what else came by the same imports stays undone.
            more: Rows that are there as well.
        """
        for one in imports:
            yield from self._inverse(self._latest("undoes", one), more, given)

    def _inverse(
        self, action: str, more: Sequence[Row] = (), given: Sequence[Row] | None = None
    ) -> tuple[Change, ...]:
        """The changes that take an action back, where `more` rows are in the journal as well.

        Of what the import that it undid took in only those rows count that are `given`, if any are.
        """
        imports = self._imports()
        undone = self._not_standing(imports) if imports else []
        counting = None if given is None else {(row.replica, row.n) for row in given}
        mine = self._target(action)
        stand = [runs for id_, runs in imports.items() if id_ not in undone]
        also: dict[tuple[str, str], list[Row]] = {}
        for row in more:
            also.setdefault((row.entity, row.id), []).append(row)
        found: list[Change] = []
        # What is said of one entity decides nothing of another, and all of 100,000 are 500 MiB.
        for rows in self._touched(action, imports):
            about = dict.fromkeys((row.entity, row.id) for row in rows) if more else ()
            known = rows
            if counting is not None:
                known = taken.only(rows, counting, imports[mine], stand)
            known += [row for one in about for row in also.get(one, ())]
            found += self._inverse_of(known, action, mine, imports, undone)
        return tuple(found)

    def _inverse_of(
        self,
        rows: list[Row],
        action: str,
        mine: str,
        imports: Mapping[str, Numbers],
        undone: Sequence[str],
    ) -> Iterator[Change]:
        """The changes that take back what an action did to some entities, of which `rows` are all rows."""
        seeded = [row for row in rows if not row.lamport]
        if seeded:
            among_others = any(
                (row.action == action or taken.among(row, imports.get(mine, {})))
                and (row.entity == Entity.RELATION or row.field in ("position", "parent"))
                for row in rows
            )
            rows = [row for row in rows if row.lamport]
            rows += self.holding(seeded, among_others=among_others)
        all_rows = rows
        if imports:
            rows = taken.owned(rows, imports, mine, undone)
        ids = {action, mine, *(row.action for row in rows)}
        # An import that stands is taken back to where nothing that it took in was said, and one that
        # does not from there.
        without = [imports[one] for one in {mine} ^ set(undone) if one in imports]
        changes = inverse(action, standing(action, rows, self._told(ids, without)))
        # What was undone since may have set a field to what it is: then there is nothing to take back.
        shown = _shown(all_rows, {(change.entity, change.id, change.field) for change in changes})
        for change in changes:
            if shown[change.entity, change.id, change.field].value == change.old:
                yield change

    def _target(self, action: str) -> str:
        """The action that another one takes back or does again, or else itself."""
        found = self.db.execute(
            "SELECT ifnull(undoes, redoes) FROM action WHERE id = ?", (action,)
        ).fetchone()
        return str(found[0]) if found and found[0] is not None else action

    def _told(self, ids: Iterable[str], without: Sequence[Numbers]) -> list[Told]:
        """What is told of actions and of what they take back or do again.

        It is told as it were `without` some rows that imports took in.
        """
        asked = json.dumps(list(ids))
        found = self.db.execute(
            "SELECT id, undoes, redoes, state FROM action"
            " WHERE id IN (SELECT value FROM json_each(?1)) OR id IN (SELECT ifnull(undoes, redoes)"
            " FROM action WHERE id IN (SELECT value FROM json_each(?1)))",
            (asked,),
        ).fetchall()
        asked = json.dumps([id_ for id_, *_ in found])
        states = self._states(asked, without) if without else {}
        return [
            one._replace(state=states.get(one.id, one.state))
            for one in (Told(*row) for row in found)
        ]

    def _states(self, asked: str, without: Sequence[Numbers]) -> dict[str, str]:
        """How those of some actions (ids, as JSON) stand of which those rows say something else."""
        states: dict[str, str] = {}
        other = set()
        for target, undoes, replica, n in self.db.execute(
            "SELECT ifnull(a.undoes, a.redoes), a.undoes IS NOT NULL, a.replica, a.n FROM action a"
            " JOIN journal j ON j.replica = a.replica AND j.n = a.n"
            " WHERE a.undoes IN (SELECT value FROM json_each(?1))"
            " OR a.redoes IN (SELECT value FROM json_each(?1))"
            " ORDER BY j.lamport, j.replica, j.n",
            (asked,),
        ):
            if any(taken.holds(runs, replica, n) for runs in without):
                other.add(target)
            else:
                states[target] = "undone" if undoes else "done"
        return {target: states.get(target, "done") for target in other}

    def _touched(self, action: str, imports: Mapping[str, Numbers]) -> Iterator[list[Row]]:
        """All rows of the journal about what an action, or what it took in, speaks of.

        They come in parts, each of which has all rows about some entities, in the order in which the
        action first spoke of them.
        """
        took = [
            (replica, *run) for replica, runs in imports.get(action, {}).items() for run in runs
        ]
        entities = self.db.execute(
            "SELECT entity, id FROM (SELECT entity, id, rowid AS row FROM journal WHERE action = ?"
            " UNION ALL SELECT j.entity, j.id, j.rowid FROM json_each(?) CROSS JOIN journal j"
            " ON j.replica = json_extract(json_each.value, '$[0]') AND j.n BETWEEN"
            " json_extract(json_each.value, '$[1]') AND json_extract(json_each.value, '$[2]')"
            f" WHERE j.entity NOT IN ('{Entity.TRACK}', '{Entity.HORIZON}'))"
            " GROUP BY id, entity ORDER BY min(row)",
            (action, json.dumps(took)),
        )
        about = f"SELECT {ROW} FROM journal WHERE entity = ? AND id = ?"
        while some := entities.fetchmany(PART):
            yield [Row(*row) for one in some for row in self.db.execute(about, one)]


def _shown(rows: Iterable[Row], keys: Container[Key]) -> dict[Key, Row]:
    """By entity, id and field the row that decides, of some."""
    found: dict[Key, Row] = {}
    for row in rows:
        key = (row.entity, row.id, row.field)
        if key in keys and (key not in found or row.stamp > found[key].stamp):
            found[key] = row
    return found
