"""The door for rows of others: what may come in, and what is said of the rest."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tracker_tui.domain.journal import Row
from tracker_tui.domain.valid import (
    FIELDS,
    NUMBER_MAX,
    complaint,
    is_day,
    is_frozen,
    is_lived,
    is_resources,
    is_text,
)
from tracker_tui.domain.words import Entity

AT = "2026-11-12T08:00:00Z"
GOOD = Row("a", 1, 1, AT, "a-1", "entry", "x", "title", "T")
SEEDED = GOOD._replace(replica="seed:team", lamport=0, action="seed:team-1")


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"n": 0},
        {"n": NUMBER_MAX, "lamport": NUMBER_MAX},
        {"value": None},
        {"field": "unknown", "value": NUMBER_MAX},
        {"field": "unknown", "value": -NUMBER_MAX},
        {"entity": "unknown", "value": "anything"},
    ],
)
def test_what_can_be_comes_in(given: dict[str, Any]) -> None:
    if given == {"value": None}:
        given = {"field": "parent", "value": None}
    assert complaint(GOOD._replace(**given)) == ""
    assert complaint(SEEDED) == ""


@pytest.mark.parametrize(
    ("given", "words"),
    [
        *(
            ({name: wrong}, f"its {name} is no text")
            for name in ("replica", "at", "action", "entity", "id", "field")
            for wrong in ("", None, 5, "\ud800", "a\x1b")
        ),
        *(
            ({name: wrong}, f"its {name} is no whole number that can be")
            for name in ("n", "lamport")
            for wrong in (-1, NUMBER_MAX + 1, True, 1.0, None, "1")
        ),
        ({"lamport": 0}, "its lamport and its replica do not fit"),
        ({"replica": "seed", "action": "seed-1"}, "its lamport and its replica do not fit"),
        ({"at": "2026-11-12"}, "its time is none"),
        ({"at": AT + "x"}, "its time is none"),
        ({"action": "b-1"}, "its action is another replica's"),
        ({"action": "a"}, "its action is another replica's"),
        ({"value": 1.5}, "its value is neither text nor a whole number"),
        ({"value": True}, "its value is neither text nor a whole number"),
        ({"value": b"x"}, "its value is neither text nor a whole number"),
        ({"value": "\ud800"}, "its value is neither text nor a whole number"),
        *(
            ({"field": "unknown", "value": value}, "its value is neither text nor a whole number")
            for value in (NUMBER_MAX + 1, -NUMBER_MAX - 1)
        ),
        ({"value": 5}, "its title is none that can be"),
        ({"field": "status", "value": "great"}, "its status is none that can be"),
    ],
)
def test_what_cannot_be_is_said_in_words(given: dict[str, Any], words: str) -> None:
    assert complaint(GOOD._replace(**given)) == words


LINK = {"title": "T", "url": "u"}
QUEUE = ["x", "step", "why", "todo"]
DAY = ("2026-11-12", "1970-01-01", "2200-12-31")
NO_DAY = ("2026-02-30", "2026-1-1", "x", "2026-11-12x", "", 5)
FLAG, NO_FLAG = (0, 1), (2, None, "", "1")
TEXT, NO_TEXT = ("", "T"), (None, 5, "\ud800")
KEY, NO_KEY = ("a0", "Zz"), ("", "a", 5, None)
LINKS = ("", "[]", json.dumps([LINK, LINK]))
NO_LINKS = (
    *("{}", "[", "null", "5", None, "[" * 100_000, json.dumps(["x"]), json.dumps([{"title": "T"}])),
    *(json.dumps([{**LINK, "more": "x"}]), json.dumps([{**LINK, "url": 5}])),
    *(json.dumps([{**LINK, "title": None}]), '[{"title": "T", "url": "\\ud800"}]'),
    json.dumps([LINK, "x"]),
)
FROZEN = ("[]", json.dumps([QUEUE, QUEUE]))
NO_FROZEN = (
    *("{}", "[", "", "null", "[" * 100_000, json.dumps([QUEUE[:3]]), json.dumps([[*QUEUE, "x"]])),
    *(json.dumps([["x", "other", "why", "todo"]]), json.dumps([["x", "step", "why", 5]])),
    *(json.dumps([QUEUE, "step"]), json.dumps(["asdf"])),
)
MOMENT, NO_MOMENT = (AT,), ("2026-11-12", "2026-02-30T08:00:00Z", f"{AT}x", None, 5)


@pytest.mark.parametrize(
    ("where", "good", "bad"),
    [
        ("entry.kind", ("category", "step"), ("", None, "kind", 5)),
        ("entry.parent", (None, "x"), ("", 5, "\ud800")),
        ("entry.position", KEY, NO_KEY),
        ("entry.title", TEXT, NO_TEXT),
        ("entry.status", ("todo", "skipped"), ("", None, "done")),
        ("entry.horizon", (None, "short"), ("", "none")),
        ("entry.snoozed_until", (None, "9999-12-31", *DAY), NO_DAY),
        ("entry.effort", (None, "S"), ("", "s", "XL")),
        ("entry.resources", LINKS, NO_LINKS),
        ("entry.progressed_on", (None, "9999-12-31", *DAY), NO_DAY),
        ("entry.deleted", FLAG, NO_FLAG),
        ("note.entry", TEXT, NO_TEXT),
        ("note.at", MOMENT, NO_MOMENT),
        ("note.deleted", FLAG, NO_FLAG),
        ("review.at", MOMENT, (*NO_MOMENT, "1969-12-31T08:00:00Z", "2201-01-01T08:00:00Z")),
        ("review.rating", (1, 4), (0, 5, True, None, "1")),
        ("review.claim", FLAG, NO_FLAG),
        ("action.day", ("", None, *DAY), ("1969-12-31", "2201-01-01", "x")),
        ("day.queue", (None, *FROZEN), NO_FROZEN),
        ("day.note", (None, "", "words"), (5, "\ud800")),
        ("pause.begin", DAY, (None, "1969-12-31", *NO_DAY)),
        ("pause.end", (None, *DAY), ("2201-01-01", *NO_DAY)),
        ("relation.kind", ("covers", "related"), ("", None, "is")),
        ("relation.source", TEXT, NO_TEXT),
        ("relation.position", KEY, NO_KEY),
    ],
)
def test_what_a_field_may_hold(where: str, good: tuple[Any, ...], bad: tuple[Any, ...]) -> None:
    entity, name = where.split(".")
    test = FIELDS[entity][name]
    assert [value for value in good if not test(value)] == []
    assert [value for value in bad if test(value)] == []
    assert {*FIELDS} <= {*Entity}


def test_the_tests_by_themselves() -> None:
    assert (is_text("ä"), is_text(5), is_text("\udfff")) == (True, False, False)
    assert (is_day(None), is_lived(None)) == (True, False)
    assert (is_resources(None), is_frozen(None)) == (False, False)
