"""What can still be read of the journal in a damaged database, page by page.

SQLite gives up at the first page that is not what it should be, and at a damaged header altogether. The
journal's rows are only ever added, and each lies whole in a page of its own kind (its end, if it is
long, in a chain of others): so every page is looked at by itself, whatever became of the rest. In a
page that is damaged itself, rows are looked for by what their beginning looks like. What does not read
as a row that can be is left out.

The format is that of https://www.sqlite.org/fileformat2.html, for text in UTF-8.
"""

from __future__ import annotations

import mmap
import re
import struct
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import NamedTuple

from tracker_tui.domain.journal import Row, Value
from tracker_tui.domain.valid import complaint

_MAGIC = b"SQLite format 3\x00"
_PAGE_SIZE = 4096
"""The size of our pages, where the header does not say it any more."""
_LEAF_OF_TABLE = 13
_KINDS = (2, 5, 10, 13)
_COLUMNS = len(Row._fields)
_AT = Row._fields.index("at")
_MOMENT = 53
"""The kind of a text of 20 bytes, as every row's `at` is."""
_WIDTHS = (0, 1, 2, 3, 4, 6, 8, 8, 0, 0, 0, 0)
"""How many bytes a value takes that is no text and no blob, by its kind."""
_ROW = re.compile(
    # The length of the header; replica, a text; n and lamport, whole numbers; at, a text of 20.
    rb"[\x0a-\x1e](?:[\x0f-\x7f]|[\x81-\xff][\x00-\x7f])[\x01-\x06\x08\x09][\x01-\x06\x08\x09]\x35",
    re.DOTALL,
)
_LONGEST = 2**28
"""More bytes than any row has: a length above it is garbage."""


class Salvage(NamedTuple):
    """What was found."""

    rows: tuple[Row, ...]
    pages: int
    """How many pages there are."""
    bad: int
    """How many of them are damaged in what makes them readable."""


def salvage(database: Path) -> Salvage:
    """Read what can be read of the journal in a file, its log (`-wal`) included; nothing is changed.

    Raises:
        OSError: if the file cannot be read at all.
    """
    with closing(_Pages(database)) as pages:
        found: dict[tuple[str, int], Row] = {}
        suspect: list[int] = []
        for number in pages.numbers():
            rows = _rows_of_leaf(pages, number)
            if rows is None:
                suspect.append(number)
            for row in rows or ():
                found.setdefault((row.replica, row.n), row)
        bad = [number for number in suspect if number not in pages.chained]
        for number in bad:
            for row in _rows_like(pages, number):
                found.setdefault((row.replica, row.n), row)
        return Salvage(tuple(found.values()), pages.count, len(bad))


def records(database: Path, columns: int) -> Iterator[tuple[object, ...]]:
    """Read the rows of so many columns, of whatever table, in the pages that are whole.

    Raises:
        OSError: if the file cannot be read at all.
    """
    with closing(_Pages(database)) as pages:
        for number in pages.numbers():
            page = pages.page(number)
            for at in filter(None, _cells(pages, number) or ()):
                length, place = _number(page, at)
                payload = _payload(pages, page, _number(page, place)[1], length)
                kinds = _kinds(payload) if payload is not None else None
                if payload is None or kinds is None or len(kinds) != columns:
                    continue
                with suppress(ValueError, struct.error):
                    yield tuple(_values(payload, kinds))


class _Pages:
    """The pages of a database as of the last transaction that was completed."""

    def __init__(self, database: Path) -> None:
        log = _read(Path(f"{database}-wal"))
        self._file = _read(database)
        self.size = _page_size(self._file, log)
        # There are no more pages than both files have room for, whatever a damaged log says.
        most = (len(self._file) + len(log)) // self.size + 1
        self._newer, count = _of_log(log, self.size, most)
        self.count = count or -(-len(self._file) // self.size)
        head = self._file[:100]
        reserved = head[20] if len(head) == 100 and head[:16] == _MAGIC else 0
        self.usable = self.size - (reserved if reserved < 64 else 0)
        self.chained: set[int] = set()
        """Pages in which long rows that could be read go on."""

    def close(self) -> None:
        if isinstance(self._file, mmap.mmap):
            self._file.close()

    def numbers(self) -> Iterator[int]:
        return iter(range(1, self.count + 1))

    def page(self, number: int) -> bytes:
        """Return a page, numbered from 1, as far as it is there."""
        if number in self._newer:
            return self._newer[number]
        start = (number - 1) * self.size
        return self._file[start : start + self.size] if number > 0 else b""


def _read(path: Path) -> mmap.mmap | bytes:
    try:
        with path.open("rb") as file:
            return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    except (FileNotFoundError, ValueError):  # not there, or empty
        return b""


def _page_size(file: mmap.mmap | bytes, log: mmap.mmap | bytes) -> int:
    said = []
    if file[:16] == _MAGIC and len(file) >= 18:
        size = struct.unpack(">H", file[16:18])[0]
        said.append(65536 if size == 1 else size)
    if len(log) >= 12:
        said.append(struct.unpack(">I", log[8:12])[0])
    for size in said:
        if 512 <= size <= 65536 and size & (size - 1) == 0:
            return int(size)
    return _PAGE_SIZE


def _of_log(log: mmap.mmap | bytes, size: int, most: int) -> tuple[Mapping[int, bytes], int]:
    """Return the newest pages of completed transactions in a log, and how many pages there are in all."""
    pages: dict[int, bytes] = {}
    waiting: dict[int, bytes] = {}
    count = 0
    if len(log) < 32:
        return pages, count
    salts = log[16:24]
    for start in range(32, len(log) - 24 - size + 1, 24 + size):
        if log[start + 8 : start + 16] != salts:
            continue  # of an earlier round of the log, or garbage
        number, total = struct.unpack(">II", log[start : start + 8])
        if max(number, total) > most:
            continue
        waiting[number] = log[start + 24 : start + 24 + size]
        if total:
            pages.update(waiting)
            waiting.clear()
            count = total
    return {n: page for n, page in pages.items() if n <= count}, count


def _cells(pages: _Pages, number: int) -> list[int] | None:
    """Return where the rows in a page begin, 0 for where none can; None if the page is damaged.

    There are none in a page that is no leaf of a table.
    """
    page = pages.page(number)
    start = 100 if number == 1 else 0
    if len(page) < pages.size or page[start] not in _KINDS:
        # Pages that go on a long row, or are free, have no kind; damaged ones have none either.
        return None if page.strip(b"\x00") else []
    if page[start] != _LEAF_OF_TABLE:
        return []
    (cells,) = struct.unpack(">H", page[start + 3 : start + 5])
    first = start + 8
    end = first + 2 * cells
    if end > pages.usable:
        return None
    return [
        at if end <= at < pages.usable else 0 for (at,) in struct.iter_unpack(">H", page[first:end])
    ]


def _rows_of_leaf(pages: _Pages, number: int) -> list[Row] | None:
    """Return the rows of the journal in a page; None if the page is damaged in what holds it together."""
    cells = _cells(pages, number)
    if cells is None:
        return None
    page = pages.page(number)
    rows = []
    sound = True
    for at in cells:
        row = _row_of_cell(pages, page, at) if at else None
        if row is None:
            sound = False
        elif isinstance(row, Row):
            rows.append(row)
    if not sound:
        rows += _rows_like(pages, number)
    return rows


class _Other:
    """A row of another table."""


def _row_of_cell(pages: _Pages, page: bytes, at: int) -> Row | _Other | None:
    """Return the journal's row in a cell, `_Other` for one of another table, None for garbage."""
    length, at = _number(page, at)
    _, at = _number(page, at)
    payload = _payload(pages, page, at, length)
    if payload is None:
        return None
    kinds = _kinds(payload)
    if kinds is None:
        return None
    return _journal_row(payload, kinds) or _Other()


def _rows_like(pages: _Pages, number: int) -> Iterator[Row]:
    """Look for rows of the journal anywhere in a page."""
    page = pages.page(number)
    for match in _ROW.finditer(page):
        length = _length(page, match.start())
        payload = _payload(pages, page, match.start(), length) if length else None
        kinds = _kinds(payload) if payload is not None else None
        row = _journal_row(payload, kinds) if payload is not None and kinds is not None else None
        if row is not None:
            yield row


def _journal_row(payload: bytes, kinds: Sequence[int]) -> Row | None:
    """Return the row in a record of these kinds of values; None if it is none that can be."""
    if len(kinds) < _COLUMNS or kinds[_AT] != _MOMENT:
        return None
    try:
        row = Row._make(_values(payload, kinds))
        value: Value = row.value
        if complaint(row) or (isinstance(value, str) and "\x00" in value):
            return None
    except (TypeError, ValueError, struct.error):
        return None
    return row


def _length(page: bytes, at: int) -> int:
    """Return how long a record is, by its own header; 0 if that is none."""
    end, place = _number(page, at)
    end += at
    total = end - at
    while place < end:
        kind, place = _number(page, place)
        total += _width(kind)
    return total if total < _LONGEST and place == end else 0


def _payload(pages: _Pages, page: bytes, at: int, length: int) -> bytes | None:
    """Return a row's bytes, those on other pages included; None if some of them are not there."""
    usable = pages.usable
    if not 0 < length < _LONGEST:
        return None
    here = length
    if length > usable - 35:
        least = (usable - 12) * 32 // 255 - 23
        here = least + (length - least) % (usable - 4)
        here = here if here <= usable - 35 else least
    parts = [page[at : at + here]]
    if here < length:
        missing = length - here
        following = page[at + here : at + here + 4]
        seen: set[int] = set()
        while missing > 0:
            if len(following) < 4:
                return None
            (number,) = struct.unpack(">I", following)
            if number in seen or not 0 < number <= pages.count:
                return None
            seen.add(number)
            more = pages.page(number)[: pages.usable]
            following, part = more[:4], more[4 : 4 + missing]
            parts.append(part)
            missing -= len(part) if part else missing + 1
        pages.chained |= seen
    payload = b"".join(parts)
    return payload if len(payload) == length else None


def _kinds(payload: bytes) -> list[int] | None:
    """Return of what kind the values of a record are; None if it is no record of that length."""
    end, place = _number(payload, 0)
    total = end
    if end > len(payload):
        return None
    kinds = []
    while place < end:
        kind = payload[place]
        if kind < 128:
            place += 1
        else:
            kind, place = _number(payload, place)
        kinds.append(kind)
        total += _width(kind)
    return kinds if place == end and total == len(payload) else None


def _values(payload: bytes, kinds: Sequence[int]) -> Iterator[object]:
    """Return the values of a journal's columns in a record."""
    at, _ = _number(payload, 0)
    for kind in kinds[:_COLUMNS]:
        width = _width(kind)
        yield _value(kind, payload[at : at + width])
        at += width


def _width(kind: int) -> int:
    return (kind - 12) // 2 if kind >= 12 else _WIDTHS[kind]


def _value(kind: int, content: bytes) -> object:
    if kind >= 12:
        return content.decode() if kind % 2 else content
    if kind == 0:
        return None
    if kind in (8, 9):
        return kind - 8
    if kind == 7:
        return struct.unpack(">d", content)[0]
    return int.from_bytes(content, "big", signed=True)


def _number(page: bytes, at: int) -> tuple[int, int]:
    """Read a number of 1 to 9 bytes; return it and where the next thing begins. Past the end it is 0."""
    if at < len(page) and page[at] < 128:
        return page[at], at + 1
    result = 0
    for place in range(at, min(at + 8, len(page))):
        byte = page[place]
        result = result << 7 | byte & 127
        if byte < 128:
            return result, place + 1
    if at + 8 < len(page):
        return result << 8 | page[at + 8], at + 9
    return 0, len(page) + 1
