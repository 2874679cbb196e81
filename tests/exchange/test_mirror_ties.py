"""What is kept of a mirror between two times: it is read as it was written, or refused."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from tests.test_mirror_random import both
from tracker_tui.domain.track import Place
from tracker_tui.domain.words import Kind, Status
from tracker_tui.exchange.mirror import ties
from tracker_tui.exchange.mirror.lines import Line
from tracker_tui.exchange.mirror.ties import Base, Gone, Said, Tie, dump, load, match

TEXT = """# Plan

- [ ] one
  - Impact: much

## Critical

1. [/] **Gap**
   Action: go

## Learning Path

### Short-term
1. Step
2. [x] Done
"""


def test_what_is_kept_is_read_as_it_was() -> None:
    with both(TEXT) as pair:
        tracker = pair.tracker
        tracker.mirror_add(str(pair.file))
        ids = {entry.title: entry.id for entry in tracker.select("").matches}
        tracker.set_status([ids["Step"]], Status.SKIPPED)
        tracker.delete([ids["Done"]])
        tracker.add("new", Kind.ITEM, Place(ids["Plan"]))
        tracker.mirror_all()
        base = pair.base()
        assert [tie.line.title for tie in base.ties] == [
            *("Plan", "one", "new", "Gap", "Step"),
        ]
        step = base.ties[-1]
        assert (step.boxed, step.line.status, step.spot) == (True, Status.SKIPPED, "@step-short")
        (gone,) = base.gone.values()
        assert (gone.text, gone.inner) == ("2. [x] Done\n", [ids["Done"]])
        assert load(dump(base)) == base


def test_what_an_earlier_version_kept_of_what_went_is_read() -> None:
    """It kept the lines and who was in them, not yet where they stood."""
    with both(TEXT) as pair:
        tracker = pair.tracker
        tracker.mirror_add(str(pair.file))
        ids = {entry.title: entry.id for entry in tracker.select("").matches}
        tracker.delete([ids["Done"]])
        tracker.mirror_all()
        kept = json.loads(dump(pair.base()))
        kept["gone"] = [row[:3] for row in kept["gone"]]
        (gone,) = load(json.dumps(kept)).gone.values()
        assert (gone.text, gone.inner, gone.left, gone.after) == (
            *("2. [x] Done\n", [ids["Done"]], False, ""),
        )


def test_each_side_is_kept_though_the_other_said_something_else() -> None:
    line = Line(Kind.ITEM, "file", -1, None, 0, 1, 9, 8, 3, 5, None, (5, 7), {"impact": "a"})
    other = replace(line, spans={"impact": (7, 8)}, level=2, box=-1, status=Status.LEARNED)
    said = Said("track", Status.SKIPPED, {}, "there", "a1")
    made = Tie("one", line, said, "here")
    base = Base(
        [made, Tie("", other, None, "x"), Tie("two", other, replace(said, title="file"), "there")],
        {
            "three": Gone(replace(made, id="three", boxed=True), "é\r\n", ["three", "four"]),
            "five": Gone(
                replace(made, id="five"),
                text="- x\n",
                inner=["five", ""],
                others=[Tie("", other, None, was="six")],
                place=7,
                cut="- x\n\n",
                after="mark",
            ),
            "seven": Gone(replace(made, id="seven"), left=True, place=0, after="mark"),
        },
        {"z", "a"},
    )
    assert load(dump(base)) == base
    assert json.loads(dump(base))["outside"] == ["a", "z"]


@pytest.mark.parametrize(
    "kept",
    ["", "{", "[]", "null", "{}", '{"format": 2}', '{"format": 1}', '{"format": 1, "ties": 3}'],
)
def test_what_is_none_is_refused(kept: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        load(kept)


@pytest.mark.parametrize("place", [0, 3, 4, 7])
def test_a_line_that_was_not_kept_whole_is_refused(place: int) -> None:
    line = Line(Kind.ITEM, "x", -1)
    made: Any = json.loads(dump(Base([Tie("a", line, Said("x", Status.TODO, {}, "", ""))])))
    made["ties"][0].pop(place)
    with pytest.raises(ValueError, match=r"\w"):
        load(json.dumps(made))


def lines_of(*titles: str) -> list[Line]:
    return [Line(Kind.ITEM, title, -1) for title in titles]


def matched(before: list[Line], after: list[Line]) -> list[int | None]:
    return match([Tie("", line, None) for line in before], after)


def test_lines_are_known_again_where_they_stay_where_they_go_and_retitled() -> None:
    before = lines_of("one", "Two words", "three", "four")
    assert matched(before, before) == [0, 1, 2, 3]
    assert matched(before, lines_of("ONE", "two  words", "three", "four")) == [0, 1, 2, 3]
    assert matched(before, lines_of("four", "one", "Two words", "three")) == [3, 0, 1, 2]
    assert matched(before, lines_of("one", "Two other words", "three")) == [0, 1, 2]
    assert matched(before, lines_of("one", "zzzzzzzz", "three", "four")) == [0, None, 2, 3]
    assert matched(before, []) == [] and matched([], before) == [None] * 4


def test_a_line_under_another_title_is_looked_for_between_its_neighbours_only() -> None:
    before = lines_of("First words", "Second thing", "three", "zzz")
    after = lines_of("First other words", "Second other thing", "three", "zzz")
    assert matched(before, after) == [0, 1, 2, 3]
    assert matched(before, lines_of("three", "First other words")) == [2, None]


def test_of_lines_of_one_title_the_one_that_is_the_same_in_all_is_known_first() -> None:
    before = lines_of("same", "same", "same")
    before[1].status, before[2].texts = Status.LEARNED, {"impact": "a"}
    after = [replace(before[2]), replace(before[1]), replace(before[0])]
    assert matched(before, after) == [2, 1, 0]
    # What has the same texts, or most of what lay below it, is the same under another title.
    texts = replace(before[2], title="quite another")
    assert matched(before, [*before[:2], texts]) == [0, 1, 2]
    heads = [Line(Kind.SECTION, "Head", -1, level=2), *(replace(line, parent=0) for line in before)]
    renamed = [replace(heads[0], title="Quite another"), *heads[1:]]
    assert matched(heads, renamed) == [0, 1, 2, 3]
    halved = [renamed[0], heads[1], *(replace(line, title="new") for line in renamed[1:2])]
    assert matched(heads[:3], halved)[0] is None
    as_task = [replace(heads[0], level=0), *heads[1:]]
    assert matched(heads, as_task)[0] is None


def test_titles_are_taken_for_the_same_whatever_their_case_and_spaces() -> None:
    assert ties.key(" Straße\t X ") == ties.key("STRASSE x") != ties.key("strasse-x")
