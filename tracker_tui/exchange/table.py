"""A track as a table for spreadsheets, written and read.

What a cell says survives the way out and in. A cell that a spreadsheet would take for a formula has
an apostrophe before it, which it shows as text; reading takes it off again.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from io import StringIO

from tracker_tui.domain import ids, text, valid
from tracker_tui.domain.journal import Value
from tracker_tui.domain.track import Entry, resources_json
from tracker_tui.domain.words import Effort, Entity, Horizon, Kind, Status
from tracker_tui.errors import TrackerError, nearest
from tracker_tui.exchange.outline import Outline
from tracker_tui.exchange.sheet import link

PLACES = ("category", "section", "parent")
"""Where an entry stands: titles of its category and section (ids where two have one title), and for an
item within another one that one's id."""
TEXTS = ("description", "first_step", "done_when", "impact", "action")
TIES = ("requires", "related")
"""Ids of what an entry needs first and of what is the same subject, divided by spaces."""
TOLD = ("critical", "created_at", "updated_at")
"""Columns that are written and not read: they follow from the rest."""
COLUMNS = (
    *("id", "kind", *PLACES, "title", "description", "status", "horizon", "effort"),
    *("snoozed_until", *TEXTS[1:], "links", *TIES, *TOLD),
)
CELL_MAX = 2 * text.TEXT_MAX
_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_GUARDED = re.compile(r"'+[=+\-@\t\r]")
_DELIMITERS = ",;\t"


def rows(outline: Outline, ranks: Mapping[str, int]) -> Iterator[str]:
    """Return the lines of a CSV file: one for each entry, a branch before what is in it."""
    names = _names(outline)
    yield _line(COLUMNS)
    for entry, path in outline.walk():
        cells = _cells(entry, path, names)
        cells["critical"] = ranks.get(entry.id)
        for name, tied in zip(TIES, (outline.requires, outline.related), strict=True):
            cells[name] = " ".join(id_ for id_, _ in tied.get(entry.id, ()))
        yield _line([_guarded(cells.get(name)) for name in COLUMNS])


def _cells(entry: Entry, path: Sequence[Entry], names: Mapping[str, str]) -> dict[str, Value]:
    above = {e.kind: names[e.id] for e in path if e.is_branch}
    branch = entry.is_branch
    return {
        "id": entry.id,
        "kind": entry.kind.value,
        "category": above.get(Kind.CATEGORY),
        "section": above.get(Kind.SECTION),
        "parent": entry.parent if path and path[-1].kind is Kind.ITEM else None,
        "title": entry.title,
        "status": None if branch else entry.status.value,
        "horizon": entry.horizon,
        "effort": entry.effort,
        "snoozed_until": entry.snoozed_until,
        **{name: getattr(entry, name) for name in TEXTS},
        "links": "\n".join(f"{each.url} {each.title}" for each in entry.resources),
        "created_at": entry.created_at,
        "updated_at": entry.updated_at,
    }


def _names(outline: Outline) -> dict[str, str]:
    """What each category and section is called in its columns: its title, its id if two share that."""
    branches = [entry for entry, _ in outline.walk() if entry.is_branch]
    seen = Counter((entry.parent, text.line(entry.title).casefold()) for entry in branches)
    return {
        entry.id: entry.title
        if seen[entry.parent, text.line(entry.title).casefold()] == 1
        else entry.id
        for entry in branches
    }


def _guarded(value: object) -> str:
    cell = "" if value is None else text.harmless(str(value))
    return f"'{cell}" if _FORMULA.match(cell) else cell


def _line(cells: Iterable[str]) -> str:
    out = StringIO()
    csv.writer(out).writerow(cells)  # it quotes what has a piece of the line's end in it: \r\n
    return out.getvalue().removesuffix("\r\n")


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a table."""

    number: int
    """Which row, as a spreadsheet counts: the header is 1."""
    id: str = ""
    kind: Kind | None = None
    places: Mapping[str, str] = field(default_factory=dict)
    """What the columns of `PLACES` say, those that say something."""
    fields: Mapping[str, Value] = field(default_factory=dict)
    """The fields of the entry, of the columns that are there."""
    ties: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """The ids that the columns of `TIES` name, of those that are there."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table that was read."""

    name: str
    lines: Sequence[Line]
    ignored: Sequence[str]
    """The names of columns that mean nothing here."""

    def wrong(self, line: Line, problem: str, advice: str = "") -> TrackerError:
        """Return an error about a row."""
        return TrackerError(
            f"{self.name}: row {line.number}: {problem}", advice or "nothing was changed"
        )


def read(content: str, name: str) -> Table:
    """Read a table with a header; `name` is what errors call it.

    The cells may be divided by commas, semicolons or tabs; of the columns only `title` must be there.

    Raises:
        TrackerError: if it is none, or a row in it makes no sense; it says which.
    """
    records = _records(content, name)
    number, header = next(records, (0, []))
    columns = [_column(cell) for cell in header]
    if "title" not in columns:
        known = ", ".join(columns[:10]) or "it is empty"
        raise TrackerError(f"{name} has no column “title” ({known})", "the first row names them")
    double = [column for column, count in Counter(filter(None, columns)).items() if count > 1]
    if double:
        raise TrackerError(f"{name} has the column “{double[0]}” more than once")
    lines, seen = [], dict[str, int]()
    for number, cells in records:
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(columns):
            raise TrackerError(
                f"{name}: row {number} has {text.plural(len(cells), 'cell')} and the header"
                f" {len(columns)}",
                "nothing was changed",
            )
        found = _read_line(number, dict(zip(columns, map(_bare, cells), strict=True)), name)
        if found.id and seen.setdefault(found.id, number) != number:
            raise TrackerError(
                f"{name}: row {number} has the id of row {seen[found.id]}", "nothing was changed"
            )
        lines.append(found)
    ignored = [
        text.shown(cell)
        for cell, column in zip(header, columns, strict=True)
        if column not in COLUMNS
    ]
    return Table(name, lines, ignored)


def _records(content: str, name: str) -> Iterator[tuple[int, list[str]]]:
    """The rows with their numbers, from 1."""
    content = content.removeprefix("\ufeff")
    first, _, rest = content.partition("\n")
    first = first.rstrip("\r")
    if first.lower().startswith("sep=") and len(first) == 5:
        delimiter, content, before = first[4], rest, 1
    else:
        delimiter, before = _delimiter(first), 0
    limit = csv.field_size_limit(CELL_MAX)
    reader = csv.reader(StringIO(content, newline=""), delimiter=delimiter, strict=True)
    number = before
    try:
        for number, cells in enumerate(reader, before + 1):
            yield number, cells
    except csv.Error as error:
        raise TrackerError(
            f"{name}: row {number + 1} cannot be read: {error}", "nothing was changed"
        ) from error
    finally:
        csv.field_size_limit(limit)


def _delimiter(header: str) -> str:
    """The one that finds most of the columns that are known, then most columns."""

    def score(delimiter: str) -> tuple[int, int]:
        names = [_column(cell.strip('"')) for cell in header.split(delimiter)]
        return len(set(names).intersection(COLUMNS)), len(names)

    return max(_DELIMITERS, key=score)


def _column(cell: str) -> str:
    return "_".join(text.line(cell).lower().split())


def _bare(cell: str) -> str:
    return cell[1:] if _GUARDED.match(cell) else cell


def _read_line(number: int, cells: Mapping[str, str], name: str) -> Line:
    try:
        id_ = text.line(cells.get("id", "")).lower()
        if id_ and not ids.is_id(id_):
            raise TrackerError(f"“{text.shortened(id_, 40)}” cannot be an id")
        places = {
            place: text.line(cells[place]) for place in PLACES if cells.get(place, "").strip()
        }
        kind = _word(cells.get("kind", ""), Kind, "kind")
        ties = {name: _ids(cells[name]) for name in TIES if name in cells}
        fields: dict[str, Value] = {"title": text.title(cells["title"])}
        for column, read_cell in _READ.items():
            if column in cells:
                fields[column] = read_cell(cells[column])
    except TrackerError as error:
        raise TrackerError(
            f"{name}: row {number}: {error.problem}", error.advice or "nothing was changed"
        ) from error
    if not fields.get("status"):
        fields.pop("status", None)
    if "links" in fields:
        fields["resources"] = fields.pop("links")
    return Line(number, id_, Kind(kind) if kind else None, places, fields, ties)


def _word(cell: str, known: type[Kind | Status | Horizon | Effort], what: str) -> str | None:
    word = text.line(cell)
    if not word:
        return None
    for each in known:
        if each.value.lower() == word.lower():
            return str(each.value)
    choices = tuple(str(each.value) for each in known)
    raise TrackerError(f"there is no {what} “{text.shortened(word, 40)}”", nearest(word, choices))


def _day(cell: str) -> Value:
    day = text.line(cell) or None
    if not valid.FIELDS[Entity.ENTRY]["snoozed_until"](day):
        raise TrackerError(f"“{text.shortened(str(day), 40)}” is no day", "write it as 2027-01-31")
    return day


def _ids(cell: str) -> Sequence[str]:
    found = re.split(r"[\s,;]+", text.block(cell).strip().lower())
    for id_ in found:
        if id_ and not ids.is_id(id_):
            raise TrackerError(f"“{text.shortened(id_, 40)}” cannot be an id")
    return [*dict.fromkeys(filter(None, found))]


def _links(cell: str) -> Value:
    lines = [line for line in text.block(cell).split("\n") if line.strip()]
    return resources_json(link(line) for line in lines)


def _text(name: str) -> Callable[[str], Value]:
    return lambda cell: text.body(cell, name.replace("_", " "))


_READ: Mapping[str, Callable[[str], Value]] = {
    "status": lambda cell: _word(cell, Status, "status"),
    "horizon": lambda cell: _word(cell, Horizon, "horizon"),
    "effort": lambda cell: _word(cell, Effort, "effort"),
    "snoozed_until": _day,
    "links": _links,
    **{name: _text(name) for name in TEXTS},
}
