"""A track without any loss: its journal as JSON, from which another home is made the same."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from tracker_tui.domain.journal import Row
from tracker_tui.domain.text import json_line
from tracker_tui.domain.valid import NUMBER_MAX, complaint, is_text
from tracker_tui.errors import TrackerError

FORMAT = "tracker-journal"
VERSION = 1


class Dump(NamedTuple):
    """What a dump holds that makes a track."""

    rows: list[Row]
    names: list[tuple[str, int]]
    """The replicas whose actions undo reached in the home that wrote it, each up to which row."""


def write(
    rows: Iterable[Row],
    entries: Iterable[dict[str, object]],
    names: Iterable[tuple[str, int]] = (),
) -> Iterator[str]:
    """Return the lines of a dump: the journal, a row a line, and for others to read the entries."""
    yield f'{{"format": "{FORMAT}", "version": {VERSION},'
    yield f'"replicas": {json_line([list(name) for name in names])},'
    yield '"entries": ['
    yield from _joined(entries)
    yield "],"
    yield f'"journal_columns": {json.dumps(list(Row._fields))},'
    yield '"journal": ['
    yield from _joined(list(row) for row in rows)
    yield "]}"


def _joined(values: Iterable[object]) -> Iterator[str]:
    before = None
    for value in values:
        if before is not None:
            yield before + ","
        before = json_line(value)
    if before is not None:
        yield before


def read(text: str, name: str) -> Dump:
    """Return what a dump holds; `name` is what errors call it.

    Raises:
        TrackerError: if it is no dump, or a row in it is none that can be.
    """
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise TrackerError(f"{name} is no JSON: {error}", "tracker export --format json") from error
    if isinstance(found, dict) and type(found.get("format")) is int and "categories" in found:
        file = "FILE" if name == "-" else name
        raise TrackerError(
            f"{name} is a seed, the file of a track",
            f"tracker seed update {file} takes it in, tracker init --seed {file} begins with it",
        )
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        raise TrackerError(
            f"{name} is not what tracker export --format json writes", "nothing was taken in"
        )
    if found.get("version") != VERSION:
        raise TrackerError(f"{name} was written by a newer version of tracker", "update tracker")
    rows = []
    journal = found.get("journal")
    for number, given in enumerate(journal if isinstance(journal, list) else [None], 1):
        if not isinstance(given, list) or len(given) != len(Row._fields):
            raise TrackerError(f"{name}: row {number} of the journal is none")
        row = Row(*given)
        wrong = complaint(row)
        if wrong:
            raise TrackerError(f"{name}: row {number} of the journal cannot be: {wrong}")
        rows.append(row)
    return Dump(rows, _names(found.get("replicas", []), name))


def _names(given: object, file: str) -> list[tuple[str, int]]:
    wrong = TrackerError(f"{file}: “replicas” is no list of names and numbers")
    if not isinstance(given, list):
        raise wrong
    for one in given:
        if not (isinstance(one, list) and len(one) == 2 and is_text(one[0])):
            raise wrong
        if type(one[1]) is not int or not 0 <= one[1] <= NUMBER_MAX:
            raise wrong
    return [(replica, last) for replica, last in given]
