"""The small language of `f` and `tracker list`: `status:learning horizon:immediate worktree`.

A query is terms that must all hold. A term is `field:value`, a word, or a "quoted phrase"; `-` in
front turns it round; a comma in a value means either (`status:todo,learning`). The store turns the
parsed query into SQL.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from tracker_tui.domain.text import harmless
from tracker_tui.domain.words import Effort, Horizon, Kind, Status
from tracker_tui.errors import TrackerError, nearest


class Field(StrEnum):
    """What a term looks at."""

    TEXT = "text"
    STATUS = "status"
    HORIZON = "horizon"
    EFFORT = "effort"
    KIND = "kind"
    CATEGORY = "category"
    SECTION = "section"
    IS = "is"
    HAS = "has"
    UPDATED = "updated"
    CREATED = "created"


class When(StrEnum):
    """How a day is compared: on it, before it, on or after it."""

    ON = "="
    BEFORE = "<"
    SINCE = ">"


IS_VALUES = ("critical", "snoozed", "open", "covered", "ready", "blocked", "retired")
HAS_VALUES = ("notes", "links", "description", "horizon", "first_step", "done_when")
NONE = "none"
"""The value of what has no horizon or no effort."""

_CHOICES: dict[Field, tuple[str, ...]] = {
    Field.STATUS: tuple(Status),
    Field.HORIZON: (*Horizon, NONE),
    Field.EFFORT: (*Effort, NONE),
    Field.KIND: tuple(Kind),
    Field.IS: IS_VALUES,
    Field.HAS: HAS_VALUES,
}
_FIELDS = tuple(f.value for f in Field if f is not Field.TEXT)
_TOKEN = re.compile(
    r"""(?P<minus>-?)(?:(?P<field>[A-Za-z_]+):)?(?:"(?P<quoted>[^"]*)(?P<close>"?)|(?P<bare>[^\s"]*))"""
)
_AGE = re.compile(r"(\d{1,4})([dwmy])\Z")
_DAYS = {"d": 1, "w": 7, "m": 30, "y": 365}
TERMS_MAX = 100
"""How many terms a query has at most; SQLite refuses an expression that is nested too deep."""

HELP = (
    ("words", "in the title, the text or a note"),
    ('"two words"', "next to each other"),
    ("-word", "not; works before every term"),
    ("status:", ", ".join(Status)),
    ("horizon:", ", ".join((*Horizon, NONE))),
    ("effort:", ", ".join((*Effort, NONE)) + "; S is an hour, M an evening, L a weekend"),
    ("category:  section:", "a part of its title or id"),
    ("kind:", ", ".join(Kind)),
    (
        "is:",
        ", ".join(IS_VALUES) + "; ready is open with nothing that it needs still open,"
        " retired what the track has no longer",
    ),
    ("has:", ", ".join(HAS_VALUES)),
    ("updated:<7d", "changed within 7 days; > for longer ago; d, w, m or y; or a date"),
    ("created:>2026-01-31", "the same for when it was added; > a date is since, < before"),
)
"""The language in a table, for the filter's help and the guide."""


def begun(term: str) -> list[tuple[str, str]]:
    """Return the terms that what is written so far could become, each with what it finds."""
    minus = "-" if term.startswith("-") else ""
    name, colon, value = term.removeprefix(minus).lower().partition(":")
    if not colon:
        about = {one.strip(): words for names, words in HELP for one in names.split(":")[:-1]}
        return [(f"{minus}{f}:", about[f]) for f in _FIELDS if f.startswith(name)]
    if name not in _FIELDS:
        return []
    before, comma, last = value.rpartition(",")
    choices = (one for one in _CHOICES.get(Field(name), ()) if one.startswith(last))
    return [(f"{minus}{name}:{before}{comma}{one}", "") for one in choices]


@dataclass(frozen=True, slots=True)
class Term:
    """One condition. `start` and `end` are where it stands in the query."""

    field: Field
    values: tuple[str, ...]
    """What is looked for, any of them; for a day, its one ISO date."""
    negated: bool = False
    phrase: bool = False
    when: When = When.ON
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class Query:
    """Terms that must all hold; none of them means everything."""

    terms: tuple[Term, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.terms)


class QueryError(TrackerError):
    """A query that makes no sense; `start` and `end` say which part of it."""

    def __init__(self, problem: str, advice: str, start: int, end: int) -> None:
        super().__init__(problem, advice)
        self.start = start
        self.end = end


def parse(text: str, today: date) -> Query:
    """Parse `text`; `today` is what `updated:<7d` counts from.

    Raises:
        QueryError: if a term makes no sense.
    """
    # What no text of the track has cannot be looked for; one for one, so that places stay right.
    text = harmless(text)
    terms: list[Term] = []
    # The pattern takes any text, and an empty part of it between two terms.
    for match in _TOKEN.finditer(text):
        term = _term(match, today)
        if term is not None:
            terms.append(term)
        if len(terms) > TERMS_MAX:
            raise QueryError(f"more than {TERMS_MAX} terms", "ask for less", *match.span())
    return Query(tuple(terms))


def searched(text: str, today: date, *, unfinished: bool = False) -> tuple[str, Query]:
    """Tell the words that a search ranks by from the terms that must hold beside them.

    While it is `unfinished`, still being written, the words of a quote that is not closed count.

    Raises:
        QueryError: if a term makes no sense.
    """
    words: list[str] = []
    terms: list[Term] = []
    for match in _TOKEN.finditer(harmless(text)):
        known = (match["field"] or "").lower() in _FIELDS
        if match["field"] is not None and not known:
            words += match[0].replace('"', " ").split()  # an address, such as https://…
        elif unfinished and match["quoted"] is not None and not match["close"] and not known:
            words += match["quoted"].split()
        elif (term := _term(match, today)) is not None:
            if term.field is Field.TEXT and not term.negated:
                words += term.values[0].split()
            if term.field is not Field.TEXT or term.negated or term.phrase:
                terms.append(term)
        if len(terms) > TERMS_MAX:
            raise QueryError(f"more than {TERMS_MAX} terms", "ask for less", *match.span())
    return " ".join(words), Query(tuple(terms))


def completed(text: str) -> str | None:
    """Return a query with the field or value at its end written out; None where nothing fits.

    A field is offered from its second letter on, since it may be a word that is looked for.
    """
    match = _UNFINISHED.search(text)
    if match is None:
        return None
    name, value = match["field"].lower(), match["value"]
    if value is None:
        fits = [f"{field}:" for field in _FIELDS if len(name) > 1 and field.startswith(name)]
        begun = name
    else:
        given, _, begun = value.rpartition(",")
        chosen = given.lower().split(",")
        choices = _CHOICES.get(Field(name), ()) if name in _FIELDS else ()
        fits = [
            c for c in choices if c.lower() not in chosen and c.lower().startswith(begun.lower())
        ]
    return text + fits[0][len(begun) :] if fits and len(fits[0]) > len(begun) else None


_UNFINISHED = re.compile(r"(?:^|\s)-?(?P<field>[A-Za-z]+)(?P<colon>:(?P<value>[^\s\"]*))?\Z")


def _term(match: re.Match[str], today: date) -> Term | None:
    start, end = match.span()
    quoted = match["quoted"]
    value = quoted if quoted is not None else match["bare"]
    if quoted is not None and not match["close"]:
        raise QueryError("a quote is not closed", 'end it with "', start, end)
    negated = bool(match["minus"])
    if match["field"] is None:
        if not value.strip():
            return None
        return Term(Field.TEXT, (value,), negated, quoted is not None, start=start, end=end)
    name = match["field"].lower()
    if name not in _FIELDS:
        raise QueryError(
            f"“{match['field']}:” is not a field",
            f'{nearest(name, _FIELDS)}; "{match[0]}" in quotes looks for the text',
            start,
            end,
        )
    field = Field(name)
    values = (value,) if quoted is not None else tuple(v for v in value.split(",") if v)
    if not value.strip() or not values:
        raise QueryError(f"“{name}:” needs a value", _offer(field), start, end)
    if len(values) > TERMS_MAX:
        raise QueryError(f"more than {TERMS_MAX} values", "ask for less", start, end)
    if field in (Field.UPDATED, Field.CREATED):
        when, day = _day(field, value, today, start, end)
        return Term(field, (day,), negated, when=when, start=start, end=end)
    if field in _CHOICES:
        values = tuple(_choice(field, v, start, end) for v in values)
    return Term(field, values, negated, start=start, end=end)


def _choice(field: Field, value: str, start: int, end: int) -> str:
    choices = _CHOICES[field]
    low = value.lower()
    for choice in choices:
        if choice.lower() == low:
            return str(choice)
    raise QueryError(
        f"“{value}” is not a value of {field.value}:",
        nearest(low, choices),
        start,
        end,
    )


def _offer(field: Field) -> str:
    if field in _CHOICES:
        return "one of " + ", ".join(_CHOICES[field])
    return "such as updated:<7d" if field in (Field.UPDATED, Field.CREATED) else ""


def _day(field: Field, value: str, today: date, start: int, end: int) -> tuple[When, str]:
    sign = value[0] if value[0] in "<>=" else "="
    rest = value.removeprefix(sign)
    if match := _AGE.match(rest.lower()):
        try:
            day = today - timedelta(days=int(match[1]) * _DAYS[match[2]])
        except OverflowError:
            day = date.min
        # An age grows backwards: younger than 7 days is since that day.
        when = {"<": When.SINCE, ">": When.BEFORE, "=": When.ON}[sign]
        if when is When.SINCE:
            day = min(day + timedelta(days=1), today)
        return when, day.isoformat()
    try:
        day = date.fromisoformat(rest)
    except ValueError:
        raise QueryError(
            f"“{value}” is neither an age nor a date",
            f"such as {field.value}:<7d or {field.value}:>2026-01-31",
            start,
            end,
        ) from None
    return {"<": When.BEFORE, ">": When.SINCE, "=": When.ON}[sign], day.isoformat()
