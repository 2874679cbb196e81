"""A dump as text: what was written is read as the same rows, and what is none is refused with its place."""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import islice
from typing import Any

import pytest

from tracker_tui.domain.journal import Row
from tracker_tui.domain.valid import NUMBER_MAX
from tracker_tui.errors import TrackerError
from tracker_tui.exchange import dump, seed

ROWS = list(islice(seed.read(seed.built_in()).rows(), 3))
NAMES = [("a", 0), ("b", NUMBER_MAX)]


def written(rows: list[Row] = ROWS) -> dict[str, Any]:
    found: dict[str, Any] = json.loads("\n".join(dump.write(rows, [{"id": "x"}], NAMES)))
    return found


@pytest.mark.parametrize("rows", [[], ROWS[:1], ROWS])
def test_what_was_written_is_read_as_the_same_rows(rows: list[Row]) -> None:
    lines = list(dump.write(rows, [{"id": "é"}, {"id": "y"}], NAMES))
    assert dump.read("\n".join(lines), "x") == dump.Dump(rows, NAMES)
    assert json.loads("\n".join(lines)) == {
        "format": "tracker-journal",
        "version": 1,
        "replicas": [list(name) for name in NAMES],
        "entries": [{"id": "é"}, {"id": "y"}],
        "journal_columns": list(Row._fields),
        "journal": [list(row) for row in rows],
    }
    assert len([line for line in lines if line.startswith('["')]) == len(rows)


def test_a_dump_of_before_there_were_names_has_none() -> None:
    told = written()
    del told["replicas"]
    assert dump.read(json.dumps(told), "x") == dump.Dump(ROWS, [])


Change = Callable[[dict[str, Any]], object]


@pytest.mark.parametrize(
    ("change", "problem", "advice"),
    [
        (
            lambda d: d.pop("format"),
            "is not what tracker export --format json writes",
            "nothing was taken in",
        ),
        (
            lambda d: d.update(version=2),
            "was written by a newer version of tracker",
            "update tracker",
        ),
        (lambda d: d.pop("version"), "was written by a newer version of tracker", "update tracker"),
        (lambda d: d.pop("journal"), ": row 1 of the journal is none", ""),
        (lambda d: d["journal"].append({}), ": row 4 of the journal is none", ""),
        (lambda d: d["journal"][1].append(0), ": row 2 of the journal is none", ""),
        (lambda d: d["journal"][1].pop(), ": row 2 of the journal is none", ""),
    ],
)
def test_what_is_no_dump_is_refused_with_its_place(
    change: Change, problem: str, advice: str
) -> None:
    told = written()
    change(told)
    with pytest.raises(TrackerError) as caught:
        dump.read(json.dumps(told), "x.json")
    assert (caught.value.problem.removeprefix("x.json").strip(), caught.value.advice) == (
        *(problem, advice),
    )


def test_a_row_that_cannot_be_is_named_with_what_is_wrong() -> None:
    told = written()
    told["journal"][2][1] = -1
    with pytest.raises(TrackerError, match=r"^x: row 3 of the journal cannot be: \w+"):
        dump.read(json.dumps(told), "x")


@pytest.mark.parametrize("text", ["", "{", "[" * 100_000, "1" * 5_000])
def test_what_is_no_json_says_what_would_be_read(text: str) -> None:
    with pytest.raises(TrackerError, match=r"^x is no JSON: ") as caught:
        dump.read(text, "x")
    assert caught.value.advice == "tracker export --format json"


@pytest.mark.parametrize(
    "names",
    [
        *(None, 3, "a", {}, [1], ["a1"], [["a"]], [["a", 1, 2]]),
        *([[1, 1]], [["a", "1"]], [["a", True]], [["a", -1]], [["a", NUMBER_MAX + 1]]),
    ],
)
def test_names_that_are_none_are_refused(names: Any) -> None:
    with pytest.raises(TrackerError, match=r"^x: “replicas” is no list of names and numbers$"):
        dump.read(json.dumps(written() | {"replicas": names}), "x")
