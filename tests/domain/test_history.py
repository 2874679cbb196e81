"""What happened to an entry, told to a person."""

from __future__ import annotations

import pytest

from tracker_tui.domain.history import Replaced, Step, tell
from tracker_tui.domain.journal import Row, Value
from tracker_tui.domain.seeds import ROWS_MAX
from tracker_tui.domain.track import HistoryLine

AT = "2026-11-12T08:00:00Z"


def step(field: str, old: Value, new: Value, **given: object) -> Step:
    values = {
        "at": AT,
        "action": "a-1",
        "replica": "a",
        "entity": "entry",
        "id": "x",
        "first": False,
    }
    values |= {"undoes": False, "redoes": False, **given}
    return Step(field=field, old=old, new=new, **values)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("steps", "words"),
    [
        ([step("status", None, "learning", first=True)], "todo → learning"),
        ([step("status", "learning", "todo", undoes=True)], "undone: learning → todo"),
        ([step("status", "todo", "learning", redoes=True)], "redone: todo → learning"),
        ([step("kind", None, "item", first=True), step("title", None, "x")], "added"),
        ([step("kind", None, "item", first=True, replica="seed")], "in the built-in track"),
        ([step("deleted", 0, 1)], "deleted"),
        ([step("deleted", 1, 0)], "restored"),
        ([step("title", "Old\x1b", "New")], "renamed from “Old”"),
        ([step("horizon", None, "short")], "horizon none → short"),
        ([step("progressed_on", None, AT[:10], action="a-9")], "made progress"),
        ([step("progressed_on", None, "2026-01-01")], "made progress on 2026-01-01"),
        ([step("rating", None, 3, entity="review", id="r", first=True)], "reviewed: good"),
        ([step("deleted", 0, 1, entity="review", id="r")], "review taken back"),
        ([step("snoozed_until", None, "2027-01-01")], "snoozed until 2027-01-01"),
        ([step("snoozed_until", "2027-01-01", None)], "no longer snoozed"),
        ([step("parent", "s", "t"), step("position", "a0", "a1")], "moved"),
        (
            [step("description", "", "x"), step("resources", "", "x")],
            "description edited, links edited",
        ),
        ([step("deleted", None, 0, entity="note", first=True)], "noted"),
        ([step("text", "a", "b", entity="note")], "note edited"),
        ([step("deleted", 0, 1, entity="note")], "note deleted"),
        ([step("deleted", 1, 0, entity="note")], "note restored"),
        ([step("status", "learned", "todo", undoes=True, redoes=True)], "undone: learned → todo"),
        ([step("title", "x" * 61, "New")], f"renamed from “{'x' * 59}…”"),
        ([step("title", "x" * 60, "New")], f"renamed from “{'x' * 60}”"),
        ([step("horizon", "short", None)], "horizon short → none"),
        ([step("effort", None, "S")], "effort none → S"),
        ([step("effort", "M", None)], "effort M → none"),
        ([step("position", "a0", "a1")], "moved"),
        ([step("parent", "s", "t")], "moved"),
        ([step("impact", "", "x", first=True)], "impact edited"),
        ([step("action", "", "x")], "action edited"),
        ([step("done_when", "", "x")], "“done when” edited"),
        ([step("first_step", "", "x")], "first step edited"),
        ([step("rating", None, 1, entity="review", id="r")], "reviewed: again"),
        ([step("kind", None, "item", first=True, replica="seed:team")], "in “team”"),
        ([step("kind", "gap", "item"), step("status", "todo", "learned")], "todo → learned"),
        # A newer version of a seed: it says everything again.
        (
            [
                step("kind", "item", "item", replica="seed"),
                step("title", "Old", "New", replica="seed"),
                step("description", "x", "x", replica="seed"),
                step("impact", "x", "y", replica="seed"),
                step("position", "a0", "a1", replica="seed"),
            ],
            "in the built-in track: renamed from “Old”, impact edited",
        ),
        ([step("impact", "x", "y", replica="seed:team")], "in “team”: impact edited"),
        # Learning makes a review that needs no words.
        (
            [
                step("status", "todo", "learned"),
                step("rating", None, 3, entity="review", id="r"),
                step("claim", None, 1, entity="review", id="r"),
                step("rating", None, 2, entity="review", id="s"),
                step("claim", None, 0, entity="review", id="s"),
            ],
            "todo → learned, reviewed: hard",
        ),
    ],
)
def test_history_in_words(steps: list[Step], words: str) -> None:
    assert [line.text for line in tell(steps)] == [words]


@pytest.mark.parametrize(
    "steps",
    [
        [step("parent", None, "s", first=True), step("position", None, "a0", first=True)],
        [step("progressed_on", "2026-01-01", None)],
        [step("rating", None, 9, entity="review", id="r")],
        [step("at", None, 3, entity="review", id="r")],
        [step("deleted", 1, 0, entity="review", id="r")],
        [step("text", None, "a", entity="note", first=True)],
        [step("at", "a", "b", entity="note")],
        [step("position", "a0", "a1", replica="seed"), step("impact", "x", "x", replica="seed")],
        [step("claim", None, 1, entity="review"), step("rating", None, 3, entity="review")],
    ],
)
def test_what_says_nothing_has_no_line(steps: list[Step]) -> None:
    assert tell(steps) == []


def test_what_one_action_did_is_one_line_with_its_moment() -> None:
    steps = [
        step("impact", "", "x", at="2026-11-11T08:00:00Z"),
        step("impact", "", "y", at="2026-11-12T08:00:00Z"),
        step("deleted", 0, 1, action="a-2"),
    ]
    assert tell(steps) == [
        HistoryLine(AT, "deleted", "a-2"),
        HistoryLine("2026-11-11T08:00:00Z", "impact edited", "a-1"),
    ]


def test_history_is_the_newest_first_and_leaves_out_what_says_nothing() -> None:
    steps = [
        step("status", None, "learning", action="a-1"),
        step("colour", None, "red", action="a-2"),
        step("title", None, "x", action="a-3", first=True),
        step("deleted", 0, 1, action="a-4"),
    ]
    assert [(line.text, line.action) for line in tell(steps)] == [
        ("deleted", "a-4"),
        ("todo → learning", "a-1"),
    ]


# What a row replaced


def told(
    value: Value,
    replica: str = "me",
    day: int = 1,
    lamport: int = 1,
    field: str = "title",
    id_: str = "x",
) -> Row:
    """A row; of a seed, `lamport` is its version, and its value is found again by its field."""
    at, seed = f"2026-01-{day:02d}T00:00:00Z", replica.startswith("seed")
    n = lamport * ROWS_MAX + len(field) if seed else lamport
    return Row(replica, n, 0 if seed else lamport, at, "a", "entry", id_, field, value)


@pytest.mark.parametrize(
    ("rows", "replaced"),
    [
        ([told("A"), told("B", lamport=2), told("C", lamport=3)], [None, "A", "B"]),
        # Another replica's row may come late: it replaced what was below it.
        (
            [told("B"), told("A", lamport=3), told("C", "b", lamport=2), told("D", lamport=4)],
            [None, "B", "B", "A"],
        ),
        ([told("A"), told("B", "z", lamport=1), told("C", "a", lamport=1)], [None, "A", None]),
        (
            [told("A"), told("B", lamport=2, field="action"), told("C", lamport=3, id_="y")],
            [None, None, None],
        ),
        # Versions of a seed replace each other, and users replace the newest that was here.
        (
            [told("S1", "seed"), told("A"), told("S2", "seed", lamport=2), told("B", lamport=2)],
            [None, "S1", "S1", "A"],
        ),
        (
            [
                told("S1", "seed"),
                told("S2", "seed", lamport=2),
                told("A"),
                told("Old", "seed", lamport=0),
            ],
            [None, "S1", "S2", None],
        ),
        ([told("S2", "seed", lamport=2), told("S1", "seed"), told("A")], [None, None, "S2"]),
        (
            [told("S3", "seed", lamport=3), told("S1", "seed"), told("S2", "seed", lamport=2)],
            [None, None, "S1"],
        ),
        # What the newest version leaves out, nobody said.
        (
            [
                *(told("S1", "seed"), told("D1", "seed", field="description")),
                *(told("S2", "seed", lamport=2), told("D", field="description")),
                told("D3", "seed", lamport=3, field="description"),
            ],
            [None, None, "S1", None, None],
        ),
        # Of another replica's rows only the date tells which version it had.
        (
            [
                *(told("S1", "seed", 2), told("S2", "seed", 4, lamport=2)),
                *(told("A", "b", 1), told("B", "c", 2, lamport=2)),
            ],
            [None, "S1", "S1", "A"],
        ),
        *(
            (
                [told("S1", "seed", 2), told("S2", "seed", 4, lamport=2), told("A", replica, day)],
                [None, "S1", old],
            )
            for replica, day, old in (
                *(("b", 1, "S1"), ("b", 3, "S1"), ("b", 4, "S2"), ("b", 9, "S2")),
                *(("me", 1, "S2"), ("me", 9, "S2")),
            )
        ),
        # Of two seeds, the one that wins between them.
        (
            [told("S", "seed", lamport=9), told("T", "seed:team"), told("A")],
            [None, None, "T"],
        ),
        (
            [told("S", "seed"), told("T", "seed:team", field="action"), told("A")],
            [None, None, "S"],
        ),
    ],
)
def test_what_a_row_replaced_is_what_stood_there(rows: list[Row], replaced: list[Value]) -> None:
    finder = Replaced("me")
    assert [finder.by(row) for row in rows] == replaced
