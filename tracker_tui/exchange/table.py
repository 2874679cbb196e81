"""A track as a table for spreadsheets."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from io import StringIO

COLUMNS = (
    *("id", "kind", "category", "section", "title", "description", "status", "horizon", "effort"),
    *("critical", "snoozed_until", "created_at", "updated_at"),
)
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def rows(entries: Iterable[dict[str, object]]) -> Iterator[str]:
    """Return the lines of a CSV file, of entries as `--json` has them.

    A cell that a spreadsheet would take for a formula begins with an apostrophe, which it shows as
    text.
    """
    yield _line(COLUMNS)
    for entry in entries:
        yield _line([_cell(entry.get(name)) for name in COLUMNS])


def _cell(value: object) -> str:
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text


def _line(cells: Iterable[str]) -> str:
    out = StringIO()
    csv.writer(out, lineterminator="").writerow(cells)
    return out.getvalue()
