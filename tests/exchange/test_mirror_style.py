"""What is put into a mirrored file looks like what stands beside it, and says all that it can."""

from __future__ import annotations

from typing import Any

import pytest

from tests.exchange.tied import Tied, entry
from tracker_tui.domain.words import Effort, Horizon, Kind, Status

CATEGORY, SECTION, GAP, STEP = Kind.CATEGORY, Kind.SECTION, Kind.GAP, Kind.STEP


def test_what_moves_into_something_new_is_not_told_to_be_where_it_was() -> None:
    tied = Tied("## A\n\n- [ ] x\n- [ ] y\n\n### P\n\n- [ ] z\n")
    tied.add(entry("N", SECTION, "A"))
    for id_ in ("x", "z"):
        tied.change(id_, parent="N")
    found = tied.put()
    assert (found.new, found.moved, found.told) == (["N"], ["x", "z"], [])
    assert {tie.id: tie.said.spot for tie in found.ties if tie.said} == {
        **{"A": "@category", "y": "A", "P": "A"},
        **{"N": "A", "x": "N", "z": "N"},
    }


def test_an_empty_line_in_a_description_is_empty() -> None:
    tied = Tied("## A\n- [ ] x\n")
    tied.add(entry("n", parent="A", description="a\n\nb"))
    assert tied.put().text == "## A\n- [ ] x\n- [ ] **n**: a\n\n  b\n"


@pytest.mark.parametrize("words", ["Impact: more", "[ ] c"])
def test_a_gap_whose_description_would_be_another_thing_in_a_line_of_its_own(words: str) -> None:
    tied = Tied("## Critical\n\n1. [ ] **x**\n")
    tied.add(entry("n", GAP, description=words, impact="i"))
    assert tied.put().text.endswith(f"2. [ ] **n**: {words}\n   - Impact: i\n")


@pytest.mark.parametrize(
    ("text", "parent", "after"),
    [
        ("## A\n* [ ] x\n", "A", "## A\n* [ ] x\n* [ ] n\n* [ ] o\n"),
        ("## A\n1. [ ] x\n2. [ ] y\n", "A", "## A\n1. [ ] x\n2. [ ] y\n3. [ ] n\n4. [ ] o\n"),
        ("## A\n* 7) [ ] x\n", "x", "## A\n* 7) [ ] x\n     1) [ ] n\n     2) [ ] o\n"),
        ("- [ ] x\n", "x", "- [ ] x\n  - [ ] n\n  - [ ] o\n"),
        (
            "## A\n+ [ ] x\n\n## B\n* [ ] y\n",
            "x",
            "## A\n+ [ ] x\n  + [ ] n\n  + [ ] o\n\n## B\n* [ ] y\n",
        ),
        (
            "## A\n- [ ] x\n\t- [ ] z\n- [ ] y\n",
            "y",
            "## A\n- [ ] x\n\t- [ ] z\n- [ ] y\n\t- [ ] n\n\t- [ ] o\n",
        ),
        ("## A\n- [ ] x\n\n## B\n", "B", "## A\n- [ ] x\n\n## B\n- [ ] n\n- [ ] o\n"),
        ("## A\n9. [ ] x\n\n## B\n", "B", "## A\n9. [ ] x\n\n## B\n1. [ ] n\n2. [ ] o\n"),
        (
            "## A\n* [ ] x\n\n## B\n\n## C\n+ [ ] y\n",
            "B",
            "## A\n* [ ] x\n\n## B\n* [ ] n\n* [ ] o\n\n## C\n+ [ ] y\n",
        ),
        ("## B\n\n## C\n+ [ ] y\n", "B", "## B\n+ [ ] n\n+ [ ] o\n\n## C\n+ [ ] y\n"),
        (
            "## A\n- [ ] x\n\n\n- [ ] y\n",
            "A",
            "## A\n- [ ] x\n\n\n- [ ] y\n\n\n- [ ] n\n\n\n- [ ] o\n",
        ),
        (
            "## A\n- [ ] x\n\n## B\n* [ ] y\n\n## C\n",
            "C",
            "## A\n- [ ] x\n\n## B\n* [ ] y\n\n## C\n* [ ] n\n* [ ] o\n",
        ),
        ("## A\n- [ ] x\n* [ ] y\n", "A", "## A\n- [ ] x\n* [ ] y\n* [ ] n\n* [ ] o\n"),
        ("## A\n- [ ] x\n\n### S\n", "A", "## A\n- [ ] x\n- [ ] n\n- [ ] o\n\n### S\n"),
    ],
)
def test_new_lines_are_marked_and_indented_like_those_beside_them(
    text: str, parent: str, after: str
) -> None:
    tied = Tied(text)
    tied.add(entry("n", parent=parent), entry("o", parent=parent))
    found = tied.put()
    assert (found.new, found.told) == (["n", "o"], [])
    assert found.text == after


@pytest.mark.parametrize("above", ["a", "a:", "## a"])
def test_beside_a_line_that_only_holds_others_what_is_new_has_a_box(above: str) -> None:
    text = f"## A\n- {above}\n  - [ ] x\n"
    tied = Tied(text)
    tied.add(entry("n", parent="A"))
    found = tied.put()
    assert (found.text, found.told) == (f"{text}- [ ] n\n", [])


@pytest.mark.parametrize("position", ["a", "a00a"])
def test_what_comes_before_all_others_is_marked_as_the_first_of_them(position: str) -> None:
    tied = Tied("## A\n 4. [ ] x\n 5. [ ] y\n")
    tied.add(entry("n", parent="A", position=position))
    assert tied.put().text == "## A\n 1. [ ] n\n 4. [ ] x\n 5. [ ] y\n"


PATH = "## Learning Path\n### Short-term\n1. a\n### Immediate\n2. [x] b\n"


def test_steps_have_a_box_where_their_neighbours_have_one_or_more_is_to_be_said() -> None:
    tied = Tied(PATH)
    tied.add(entry("n", STEP, horizon=Horizon.SHORT))
    tied.add(entry("l", STEP, horizon=Horizon.SHORT, status=Status.LEARNED))
    tied.add(entry("m", STEP, horizon=Horizon.IMMEDIATE), entry("far", STEP))
    found = tied.put()
    assert found.text == (
        "## Learning Path\n### Short-term\n1. a\n2. [x] l\n3. n\n### Immediate\n2. [x] b\n3. [ ] m\n"
    )
    assert found.outside == {"far"}
    assert [tie.line.horizon for tie in found.ties if tie.id in "nm"] == [
        Horizon.SHORT,
        Horizon.IMMEDIATE,
    ]


def test_a_list_that_loses_its_last_line_goes_on_as_such_a_list_is_usual() -> None:
    tied = Tied(PATH)
    tied.change("b", deleted=True)
    tied.add(entry("m", STEP, horizon=Horizon.IMMEDIATE))
    assert tied.put().text.endswith("### Immediate\n1. m\n")
    tied = Tied("## Critical\n\n- one\n")
    tied.change("one", deleted=True)
    tied.add(entry("n", GAP))
    assert tied.put().text == "## Critical\n\n1. [ ] **n**\n"


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("## 7. A\n- [ ] x\n\n## B\n", "## 7. A\n- [ ] x\n\n## 8. n\n\n## 9. o\n\n## B\n"),
        ("# A\n- [ ] x\n", "# A\n- [ ] x\n\n# n\n\n# o\n"),
        ("###### A\n", "###### A\n\n###### n\n\n###### o\n"),
        ("A\n---\n- [ ] x\n", "A\n---\n- [ ] x\n\n## n\n\n## o\n"),
    ],
)
def test_a_new_heading_is_like_the_one_before_it(text: str, after: str) -> None:
    tied = Tied(text)
    tied.add(entry("n", CATEGORY, position="a00a"), entry("o", CATEGORY, position="a00b"))
    found = tied.put()
    assert (found.text, found.new, found.told) == (after, ["n", "o"], [])
    assert [tie.line.level for tie in found.ties if tie.id == "n"] == [found.ties[0].line.level]


@pytest.mark.parametrize(
    ("text", "parent", "after"),
    [
        ("## A\n\n### P\n- [ ] x\n", "A", "\n### s\n- [ ] i\n- [ ] j\n"),
        ("## A\n\n### P\n\n- [ ] x\n", "A", "\n### s\n\n- [ ] i\n- [ ] j\n"),
        ("## A\n- [ ] x\n", "A", "\n### s\n\n- [ ] i\n- [ ] j\n"),
        ("## A\n- [ ] x\n", "n", "\n## n\n\n### s\n- [ ] i\n- [ ] j\n"),
        ("## A\n\n* [ ] x\n", "n", "\n## n\n\n### s\n\n* [ ] i\n* [ ] j\n"),
        ("## A\r\n\r\n* [ ] x\r\n", "n", "\r\n## n\r\n\r\n### s\r\n\r\n* [ ] i\r\n* [ ] j\r\n"),
    ],
)
def test_a_new_section_brings_its_items_as_loosely_as_those_before_it(
    text: str, parent: str, after: str
) -> None:
    tied = Tied(text)
    if parent == "n":
        tied.add(entry("n", CATEGORY))
    tied.add(entry("s", SECTION, parent), entry("i", parent="s"), entry("j", parent="s"))
    found = tied.put()
    assert (found.text, found.told) == (text + after, [])
    assert found.new == ([parent] if parent == "n" else []) + ["s", "i", "j"]


def test_a_section_that_moves_into_a_new_category_keeps_its_lines() -> None:
    tied = Tied("## A\n- [ ] x\n\n### P\n\n1. [ ] y\n")
    tied.add(entry("N", CATEGORY), entry("T", SECTION, "N"))
    tied.change("P", parent="N")
    found = tied.put()
    assert found.text == "## A\n- [ ] x\n\n\n## N\n\n### P\n\n1. [ ] y\n\n### T\n"
    assert (found.new, found.moved, found.told) == (["N", "T"], ["P"], [])


def test_what_another_file_has_is_not_put_below_something_new() -> None:
    tied = Tied("## A\n- [ ] x\n")
    tied.before.outside = {"i", "s"}
    tied.add(entry("N", CATEGORY), entry("s", SECTION, "N"), entry("i", parent="N"))
    found = tied.put()
    assert (found.text, found.outside) == ("## A\n- [ ] x\n\n## N\n", {"i", "s"})


def test_headings_go_six_levels_deep() -> None:
    tied = Tied("###### A\n- [ ] x\n")
    tied.add(entry("s", SECTION, "A"))
    found = tied.put()
    assert (found.text, found.outside) == (tied.text, {"s"})
    assert found.told == ["“s” cannot be a heading in the file; it is not in it"]


@pytest.mark.parametrize("kind", [CATEGORY, Kind.ITEM])
def test_what_has_nothing_to_see_in_its_title_is_told_and_keeps_no_other_out(kind: Kind) -> None:
    tied = Tied("## A\n- [ ] x\n")
    parent = "n" if kind is Kind.ITEM else None
    tied.add(entry("n", CATEGORY), entry("m", parent="n"), entry("\u200b", kind, parent))
    found = tied.put()
    assert found.text == "## A\n- [ ] x\n\n## n\n- [ ] m\n"
    (told,) = found.told
    assert told.startswith("“\u200b” cannot be ") and found.outside == {"\u200b"}


def test_all_that_an_entry_says_is_said_below_its_line() -> None:
    study: dict[str, Any] = {"done_when": "d", "first_step": "f", "effort": Effort.M}
    tied = Tied("## A\n10. [ ] x\n\n## Critical\n\n1. [ ] **y**\n")
    tied.add(entry("g", GAP, description="a\nb", impact="i", action="c", **study))
    tied.add(entry("n", parent="A", description="a\nb", **study), entry("p", parent="n"))
    facts = "- Done when: d\n   - First step: f\n   - Effort: M\n"
    assert tied.put().text == (
        "## A\n10. [ ] x\n11. [ ] **n**: a\n    b\n    "
        + facts.replace("   -", "    -")
        + "    - [ ] p\n\n## Critical\n\n1. [ ] **y**\n2. [ ] **g**\n   - a\n   b\n"
        + f"   - Impact: i\n   - Action: c\n   {facts}"
    )


@pytest.mark.parametrize(
    ("text", "after"),
    [
        (
            "## A\n* [ ] x\n\t* [ ] y\n",
            "\t* [ ] **n**: a\n\n\t  b\n\t  - First step: f\n\t\t* [ ] p\n\t\t\t* [ ] q\n",
        ),
        (
            "## A\n* [ ] x\n  * [ ] y\n",
            "  * [ ] **n**: a\n\n    b\n    - First step: f\n    * [ ] p\n      * [ ] q\n",
        ),
    ],
)
def test_what_is_new_below_something_new_lies_in_it(text: str, after: str) -> None:
    tied = Tied(text)
    tied.add(entry("n", parent="x", description="a\n\nb", first_step="f"))
    tied.add(entry("p", parent="n"), entry("q", parent="p"))
    found = tied.put()
    assert (found.text, found.new, found.told) == (text + after, ["n", "p", "q"], [])


def test_before_a_line_that_begins_two_lists_another_such_line_is_put() -> None:
    tied = Tied("## A\n- - [ ] x\n")
    tied.add(entry("n", parent="A", position="a"))
    assert tied.put().text == "## A\n- - [ ] n\n- - [ ] x\n"


def test_a_category_before_all_others_is_like_the_first_of_them() -> None:
    tied = Tied("# A\n- [ ] x\n")
    tied.add(entry("n", CATEGORY, position="a"))
    assert tied.put().text == "# n\n\n# A\n- [ ] x\n"


def test_lines_that_move_into_something_new_are_indented_like_it() -> None:
    tied = Tied("## A\n- [ ] x\n    words\n\n### P\n- [ ] z\n")
    tied.add(entry("n", parent="A", position="a"))
    for id_ in ("x", "z"):
        tied.change(id_, parent="n")
    found = tied.put()
    assert found.text == "## A\n- [ ] n\n  - [ ] x\n      words\n  - [ ] z\n\n### P\n"
    assert (found.moved, found.told) == (["x", "z"], [])


def test_a_heading_does_not_move_into_a_line() -> None:
    tied = Tied("## A\n- [ ] x\n\n### P\n- [ ] y\n")
    tied.add(entry("n", parent="A"))
    tied.change("P", parent="n")
    found = tied.put()
    assert found.text == "## A\n- [ ] x\n- [ ] n\n\n### P\n- [ ] y\n"
    assert found.moved == [] and len(found.told) == 1 and "“P” was moved" in found.told[0]


def test_a_number_is_that_of_the_heading_before_and_no_other() -> None:
    tied = Tied("## 3. A\n- [ ] x\n\n## 7. B\n")
    tied.add(entry("n", CATEGORY))
    assert tied.put().text == "## 3. A\n- [ ] x\n\n## 7. B\n\n## 8. n\n"


def test_a_category_is_new_where_all_others_went() -> None:
    tied = Tied("## A\n- [ ] x\n")
    for id_ in ("A", "x"):
        tied.change(id_, deleted=True)
    tied.add(entry("n", CATEGORY), entry("i", parent="n"))
    found = tied.put()
    assert (found.text.strip(), found.told) == ("## n\n\n- [ ] i", [])
