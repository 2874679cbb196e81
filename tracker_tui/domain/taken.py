"""Rows that came by an import: which they are, and whose they are when it is taken back.

Taking in a dump adds rows of other replicas to the journal, and these stay: the journal only grows.
So that an import can be undone as one step, it is an action of this replica that says which rows came
by it (entity `import`, field `took`). Taking it back sets every field that one of them decides to
what it would be without them, as undo does with the rows of any action.
"""

from __future__ import annotations

import json
from collections.abc import Container, Iterable, Mapping, Sequence

from tracker_tui.domain.journal import Row, Value
from tracker_tui.domain.valid import Numbers, is_numbers

TOOK = "took"


def said(rows: Iterable[Row]) -> str:
    """Return which rows these are, as the journal keeps it: runs of numbers, by replica."""
    numbers: dict[str, list[int]] = {}
    for row in rows:
        numbers.setdefault(row.replica, []).append(row.n)
    found: dict[str, list[list[int]]] = {}
    for replica, all_ in sorted(numbers.items()):
        runs = found.setdefault(replica, [])
        for n in sorted(set(all_)):
            if runs and runs[-1][1] == n - 1:
                runs[-1][1] = n
            else:
                runs.append([n, n])
    return json.dumps(found, separators=(",", ":"))


def runs(value: Value) -> Numbers:
    """Return what `said` wrote: by replica the runs of numbers; nothing of what is none."""
    return json.loads(str(value)) if is_numbers(value) else {}


def among(row: Row, taken: Numbers) -> bool:
    """Whether a row is one of these."""
    return holds(taken, row.replica, row.n)


def holds(taken: Numbers, replica: str, n: int) -> bool:
    """Whether the row of a replica that has a number is one of these."""
    return any(first <= n <= last for first, last in taken.get(replica, ()))


def only(
    rows: Iterable[Row], given: Container[tuple[str, int]], mine: Numbers, stand: Sequence[Numbers]
) -> list[Row]:
    """Return rows less what an import took in and is not given.

    Args:
        rows: Rows of the journal.
        given: Replica and number of the rows of the import that count.
        mine: What it took in.
        stand: What imports took in that stand; what one of these did counts as well.
    """
    return [
        row
        for row in rows
        if (row.replica, row.n) in given
        or not among(row, mine)
        or any(among(row, runs) for runs in stand)
    ]


def owned(
    rows: Iterable[Row], imports: Mapping[str, Numbers], mine: str, undone: Sequence[str]
) -> list[Row]:
    """Return rows as those of the imports that they count with.

    What the import `mine`, which is looked at, or one that was undone took in is said to be that
    import's, and of each field only the row that decides.

    Args:
        rows: Rows of the journal.
        imports: By action what it took in.
        mine: The action that is taken back or done again, if it is an import; else any.
        undone: The imports that do not stand.
    """
    order = [one for one in (mine, *undone) if one in imports]
    if not order:
        return list(rows)
    result: list[Row] = []
    deciding: dict[tuple[str, str, str, str], Row] = {}
    for row in rows:
        owner = next((one for one in order if among(row, imports[one])), None)
        if owner is None:
            result.append(row)
            continue
        at = (owner, row.entity, row.id, row.field)
        if at not in deciding or row.stamp > deciding[at].stamp:
            deciding[at] = row._replace(action=owner)
    return [*result, *deciding.values()]
