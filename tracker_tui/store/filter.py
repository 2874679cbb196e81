"""From a parsed query to an SQL condition on `entry e`."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

from tracker_tui.domain.query import NONE, Field, Query, Term, When
from tracker_tui.domain.words import Horizon, Status

DayStart = Callable[[date], str]
"""Gives the moment at which a local day begins, as the journal writes moments."""

_WORD = re.compile(r"[^\W_]")
_HAS_STATUS = "e.kind NOT IN ('category', 'section')"
_COVERED_BY = (
    "EXISTS (SELECT 1 FROM relation r JOIN entry s ON s.id = r.source WHERE r.target = e.id"
    " AND r.kind = 'covers' AND r.deleted = 0 AND s.deleted = 0 AND s.kind {})"
)
_BELOW = (
    "e.id IN (WITH RECURSIVE below(id) AS (SELECT id FROM entry WHERE deleted = 0 AND kind = ?"
    " AND {} AND ({}) UNION SELECT c.id FROM entry c JOIN below ON c.parent = below.id WHERE c.deleted = 0)"
    " SELECT id FROM below)"
)
_PLACES = {
    Field.CATEGORY: "parent IS NULL",
    Field.SECTION: "parent IN (SELECT id FROM entry WHERE deleted = 0 AND kind = 'category'"
    " AND parent IS NULL)",
}
"""Where categories and sections are, so that the few of them are found among all entries by index."""


def fts_word(word: str, *, prefix: bool = True) -> str | None:
    """Return `word` quoted for FTS5, or None if there is nothing in it that is indexed.

    With `prefix` it may be the beginning of a word, unless it ends in a sign: `C++` is all of one.
    """
    if not _WORD.search(word):
        return None
    prefix = prefix and _WORD.match(word[-1]) is not None
    return '"' + word.replace('"', '""') + '"' + ("*" if prefix else "")


def like(text: str) -> str:
    """Return a LIKE pattern (escaped by a backslash) for text that has `text` in it."""
    return "%" + re.sub(r"([\\%_])", r"\\\1", text) + "%"


def condition(query: Query, today: date, day_start: DayStart) -> tuple[str, list[str]]:
    """Return the SQL condition for `query` and its parameters; for no terms, one that is true."""
    parts: list[str] = []
    values: list[str] = []
    for term in query.terms:
        sql, given, guard = _term(term, today, day_start)
        part = f"NOT ({sql})" if term.negated else f"({sql})"
        parts.append(f"({guard} AND {part})" if guard else part)
        values += given
    return " AND ".join(parts) or "1", values


def _term(term: Term, today: date, day_start: DayStart) -> tuple[str, list[str], str]:
    """Condition, parameters, and what must hold even if the term is turned round."""
    values = list(term.values)
    marks = ", ".join("?" * len(values))
    match term.field:
        case Field.TEXT:
            return (*_text(values[0], phrase=term.phrase), "")
        case Field.STATUS if values == [Status.LEARNING]:
            return f"e.status = '{Status.LEARNING}'", [], _HAS_STATUS  # it has an index of its own
        case Field.STATUS:
            return f"e.status IN ({marks})", values, _HAS_STATUS
        case Field.HORIZON:
            return f"ifnull(e.horizon, '{NONE}') IN ({marks})", values, _HAS_STATUS
        case Field.EFFORT:
            return f"ifnull(e.effort, '{NONE}') IN ({marks})", values, _HAS_STATUS
        case Field.KIND:
            return f"e.kind IN ({marks})", values, ""
        case Field.CATEGORY | Field.SECTION:
            tests = " OR ".join("title LIKE ? ESCAPE '\\' OR id LIKE ? ESCAPE '\\'" for _ in values)
            given = [v for value in values for v in (like(value), like(value))]
            return _BELOW.format(_PLACES[term.field], tests), [term.field.value, *given], ""
        case Field.IS:
            pairs = [_is(value, today) for value in values]
            return " OR ".join(sql for sql, _ in pairs), [v for _, vs in pairs for v in vs], ""
        case Field.HAS:
            return " OR ".join(_HAS[value] for value in values), [], ""
        case Field.UPDATED | Field.CREATED:
            return (*_day(term, day_start), "")


def _text(word: str, *, phrase: bool) -> tuple[str, list[str]]:
    quoted = fts_word(word, prefix=not phrase)
    if quoted is None:
        return (
            "e.title LIKE ? ESCAPE '\\' OR e.description LIKE ? ESCAPE '\\'",
            [like(word), like(word)],
        )
    return "e.number IN (SELECT rowid FROM search WHERE search MATCH ?)", [quoted]


def _is(value: str, today: date) -> tuple[str, list[str]]:
    if value == "critical":
        return "e.kind = 'gap' OR " + _COVERED_BY.format("= 'gap'"), []
    if value == "covered":
        return _COVERED_BY.format("IN ('gap', 'step')"), []
    if value == "snoozed":
        return "ifnull(e.snoozed_until, '') > ?", [today.isoformat()]
    if value == "retired":
        return "e.retired > 0", []
    if value == "open":
        return _IS_OPEN, []
    return f"{_IS_OPEN} AND {'NOT ' if value == 'ready' else ''}{_WAITS}", []


_OPEN = f"IN ('{Status.TODO}', '{Status.LEARNING}')"
_IS_OPEN = f"{_HAS_STATUS} AND e.status {_OPEN}"
_WAITS = (
    "EXISTS (SELECT 1 FROM relation r JOIN entry s ON s.id = r.target WHERE r.source = e.id"
    f" AND r.kind = 'requires' AND r.deleted = 0 AND s.deleted = 0 AND s.status {_OPEN})"
)
_LINKED = ("e.description", "e.action")
_LINK_IN_NOTE = "(n.text LIKE '%http://_%' OR n.text LIKE '%https://_%')"
_HAS = {
    "notes": "EXISTS (SELECT 1 FROM note n WHERE n.entry = e.id AND n.deleted = 0)",
    "links": "e.resources <> '' OR "
    + " OR ".join(f"{column} LIKE '%http{s}://_%'" for column in _LINKED for s in ("", "s"))
    + f" OR EXISTS (SELECT 1 FROM note n WHERE n.entry = e.id AND n.deleted = 0 AND {_LINK_IN_NOTE})",
    "description": "e.description <> ''",
    "first_step": "e.first_step <> ''",
    "done_when": "e.done_when <> ''",
    "horizon": f"ifnull(e.horizon, '') IN ({', '.join(repr(h.value) for h in Horizon)})",
}


def _day(term: Term, day_start: DayStart) -> tuple[str, list[str]]:
    column = "e.updated_at" if term.field is Field.UPDATED else "e.created_at"
    day = date.fromisoformat(term.values[0])
    if term.when is When.SINCE:
        return f"{column} >= ?", [day_start(day)]
    if term.when is When.BEFORE:
        return f"{column} < ?", [day_start(day)]
    following = day + timedelta(days=1) if day < date.max else day
    return f"{column} >= ? AND {column} < ?", [day_start(day), day_start(following)]
