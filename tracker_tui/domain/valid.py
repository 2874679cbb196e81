"""What a row of another replica may say, and what a user's field may hold.

What the program writes itself is sound by construction. This is the door for everything else: a row
that got past it could not be shown, and every later start would stumble over it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime

from tracker_tui.domain import order
from tracker_tui.domain.journal import Row, Value
from tracker_tui.domain.seeds import is_seed
from tracker_tui.domain.words import (
    Effort,
    Entity,
    Horizon,
    Kind,
    Rating,
    Reason,
    RelationKind,
    Status,
)

NUMBER_MAX = 2**53
"""The highest `n` and `lamport`: far from where SQLite's whole numbers end."""

YEARS = (1970, 2200)
"""The first and the last year that a review, a pause or something done can be in."""

_AT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ\Z", re.ASCII)
_DAY = re.compile(r"\d{4}-\d\d-\d\d\Z", re.ASCII)
_KINDS, _STATUSES, _HORIZONS = frozenset(Kind), frozenset(Status), frozenset(Horizon)
_REASONS, _EFFORTS = frozenset(Reason), frozenset(Effort)

Test = Callable[[Value], bool]
Numbers = Mapping[str, Sequence[Sequence[int]]]
"""By replica the runs of numbers of rows, the first and the last of each."""


def is_text(value: object) -> bool:
    """Whether `value` is text that a file can hold: no half of a surrogate pair."""
    if not isinstance(value, str):
        return False
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def is_resources(value: Value) -> bool:
    """Whether `value` is an entry's links as the journal keeps them: a JSON list, or empty text."""
    if value == "":
        return True
    try:
        links = json.loads(str(value))
    except (ValueError, RecursionError):
        return False
    return isinstance(links, list) and all(
        isinstance(link, dict)
        and link.keys() == {"title", "url"}
        and is_text(link["title"])
        and is_text(link["url"])
        for link in links
    )


def is_day(value: Value) -> bool:
    """Whether `value` is an ISO date, or None for no day."""
    if value is None:
        return True
    if not isinstance(value, str) or _DAY.match(value) is None:
        return False
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


def is_lived(value: Value) -> bool:
    """Whether `value` is an ISO date on which somebody can have done something."""
    return value is not None and is_day(value) and YEARS[0] <= int(str(value)[:4]) <= YEARS[1]


def _is_flag(value: Value) -> bool:
    return value in (0, 1)


def _is_moment(value: Value) -> bool:
    if not isinstance(value, str) or _AT.match(value) is None:
        return False
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return False
    return True


def is_frozen(value: Value) -> bool:
    """Whether `value` is a day's queue as the journal keeps it: a JSON list of lists of four texts."""
    try:
        rows = json.loads(str(value))
    except (ValueError, RecursionError):
        return False
    return isinstance(rows, list) and all(
        isinstance(row, list) and len(row) == 4 and all(map(is_text, row)) and row[1] in _REASONS
        for row in rows
    )


def is_numbers(value: Value) -> bool:
    """Whether `value` says which rows an import took in: JSON, by replica a list of pairs of numbers."""
    try:
        found = json.loads(str(value))
    except (ValueError, RecursionError):
        return False
    return isinstance(found, dict) and all(
        isinstance(runs, list)
        and all(
            isinstance(run, list) and len(run) == 2 and all(type(n) is int for n in run)
            for run in runs
        )
        for runs in found.values()
    )


def _is_id(value: Value) -> bool:
    return value is None or (is_text(value) and value != "")


def _is_position(value: Value) -> bool:
    return isinstance(value, str) and order.is_key(value)


FIELDS: Mapping[str, Mapping[str, Test]] = {
    Entity.ENTRY.value: {
        "kind": lambda v: v in _KINDS,
        "parent": _is_id,
        "position": _is_position,
        "title": is_text,
        "description": is_text,
        "status": lambda v: v in _STATUSES,
        "horizon": lambda v: v is None or v in _HORIZONS,
        "snoozed_until": is_day,
        "impact": is_text,
        "action": is_text,
        "done_when": is_text,
        "first_step": is_text,
        "effort": lambda v: v is None or v in _EFFORTS,
        "resources": is_resources,
        "progressed_on": is_day,
        "deleted": _is_flag,
    },
    Entity.NOTE.value: {
        "entry": is_text,
        "text": is_text,
        "at": _is_moment,
        "deleted": _is_flag,
    },
    Entity.REVIEW.value: {
        "entry": is_text,
        "at": lambda v: _is_moment(v) and is_lived(str(v)[:10]),
        "rating": lambda v: type(v) is int and v in frozenset(Rating),
        "claim": _is_flag,
        "deleted": _is_flag,
    },
    Entity.ACTION.value: {
        "day": lambda v: v in ("", None) or is_lived(v),
    },
    Entity.DAY.value: {
        "queue": lambda v: v is None or is_frozen(v),
        "note": lambda v: v is None or is_text(v),
    },
    Entity.PAUSE.value: {
        "begin": is_lived,
        "end": lambda v: v is None or is_lived(v),
        "deleted": _is_flag,
    },
    Entity.IMPORT.value: {
        "took": is_numbers,
    },
    Entity.RELATION.value: {
        "kind": lambda v: v in frozenset(RelationKind),
        "source": is_text,
        "target": is_text,
        "position": _is_position,
        "deleted": _is_flag,
    },
}
"""For each entity the fields that are known, and what their values must be."""


def complaint(row: Row) -> str:
    """Return what is wrong with a row of another replica, empty if nothing is.

    Entities and fields that are not known are no fault: a newer version may have written them.
    """
    for name in ("replica", "at", "action", "entity", "id", "field"):
        value = getattr(row, name)
        # Ids are shown as they are: what a terminal would obey is none.
        if not is_text(value) or not value or not value.isprintable():
            return f"its {name} is no text"
    for name in ("n", "lamport"):
        value = getattr(row, name)
        if type(value) is not int or not 0 <= value <= NUMBER_MAX:
            return f"its {name} is no whole number that can be"
    if (row.lamport == 0) != is_seed(row.replica):
        return "its lamport and its replica do not fit"
    if not _AT.match(row.at):
        return "its time is none"
    if not row.action.startswith(f"{row.replica}-"):
        return "its action is another replica's"
    if not (row.value is None or is_text(row.value) or _is_number(row.value)):
        return "its value is neither text nor a whole number"
    test = FIELDS.get(row.entity, {}).get(row.field)
    if test is not None and not test(row.value):
        return f"its {row.field} is none that can be"
    return ""


def _is_number(value: Value) -> bool:
    return type(value) is int and -NUMBER_MAX <= value <= NUMBER_MAX
