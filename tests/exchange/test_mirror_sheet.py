"""Where in a document each line says what it says: every other character can stay when it changes."""

from __future__ import annotations

import pytest

from tracker_tui.domain.words import Horizon, Status
from tracker_tui.exchange.mirror import lines
from tracker_tui.exchange.mirror.lines import NOWHERE, Block, Line, Sheet

DOCUMENT = """# T

## 1. A ##

words

- [ ] x

---

### S

- [x] y
  more

***

## B"""


def at(sheet: Sheet, title: str) -> Line:
    """The line of a title."""
    (found,) = (line for line in sheet.lines if line.title == title)
    return found


def name(sheet: Sheet, title: str) -> str | None:
    """The title as it stands in the text."""
    span = at(sheet, title).name
    return None if span == NOWHERE else sheet.text[slice(*span)]


def tree(sheet: Sheet, block: Block) -> list[object]:
    """The blocks in a block: each its text, its own part of that, and those in it."""
    return [
        (
            sheet.text[child.start : child.end],
            sheet.text[child.start : child.own_end],
            *tree(sheet, child),
        )
        for child in block.children
    ]


def test_a_block_ends_before_what_keeps_it_apart_and_its_own_part_before_the_next_heading() -> None:
    sheet = lines.read(DOCUMENT, "plan")
    section = "### S\n\n- [x] y\n  more\n"
    first = f"## 1. A ##\n\nwords\n\n- [ ] x\n\n---\n\n{section}"
    assert tree(sheet, sheet.root) == [
        (
            *(DOCUMENT, "# T\n"),
            (
                *(first, "## 1. A ##\n\nwords\n\n- [ ] x\n"),
                ("- [ ] x\n", "- [ ] x\n"),
                (section, section, ("- [x] y\n  more\n", "- [x] y\n  more\n")),
            ),
            ("## B", "## B"),
        )
    ]
    root = sheet.root
    assert (root.start, root.end, root.own_end) == (0, len(DOCUMENT), len(DOCUMENT))
    numbers = [child.line for child in root.children[0].children]
    assert (root.children[0].line, numbers) == (-1, [0, 4])
    assert [line.parent for line in sheet.lines] == [-1, 0, 0, 2, -1]
    assert [block.level for block in (root.children[0], *root.children[0].children)] == [1, 2, 2]
    a = at(sheet, "A")
    assert sheet.text[a.start : a.own_end] == "## 1. A ##\n\nwords\n\n- [ ] x\n"
    assert sheet.text[a.start : a.end] == first


def test_a_rule_below_the_text_of_a_heading_is_not_its_own() -> None:
    text = "# T\n\nwords\n\n---\n\n## A\n\nmore\n\n***\n\n### S\n- [ ] x\n"
    sheet = lines.read(text, "plan")
    (title,) = sheet.root.children
    assert text[title.start : title.own_end] == "# T\n\nwords\n"
    a = at(sheet, "A")
    assert text[a.start : a.own_end] == "## A\n\nmore\n"
    (block,) = title.children
    assert (block.own_end, block.end) == (a.own_end, a.end)


def test_headings_of_any_order_lie_in_those_above_them() -> None:
    text = "### S\n## A\n- [ ] x\n# Z\n## W\n- [ ] y\n"
    sheet = lines.read(text, "plan")
    assert [(line.title, line.parent) for line in sheet.lines] == [
        *(("S", -1), ("A", -1), ("x", 1), ("Z", -1), ("W", 3), ("y", 4))
    ]
    y, x = ("- [ ] y\n",) * 2, ("- [ ] x\n",) * 2
    below = "## W\n- [ ] y\n"
    assert tree(sheet, sheet.root) == [
        ("### S\n", "### S\n"),
        ("## A\n- [ ] x\n", "## A\n- [ ] x\n", x),
        (f"# Z\n{below}", "# Z\n", (below, below, y)),
    ]


def test_the_lists_of_the_path_and_of_gaps_are_known_with_what_they_hold() -> None:
    text = "## Learning Path\n\n### Immediate\n\n1. a\n2. b\n\n## Critical\n\n- g\n"
    sheet = lines.read(f"## A\n- [ ] x\n\n{text}", "plan")
    category, path, critical = sheet.root.children
    (immediate,) = path.children
    assert [path.holds, immediate.holds, critical.holds, category.holds] == [
        *("", Horizon.IMMEDIATE, "gaps", "")
    ]
    assert [path.level, immediate.level, category.level] == [2, 3, 2]
    assert [path.line, immediate.line, critical.line] == [-1, -1, -1]
    assert sheet.lines[category.line].title == "A"


@pytest.mark.parametrize(
    ("text", "title", "said"),
    [
        ("## 1. A ##\n", "A", "A"),
        ("## A #\nb\n---\n", "A", "A"),
        ("## A\nb c\n---\n", "b c", "b c"),
        ("\ufeff  b\n===\n\n- [ ] x\n", "b", "b"),
        ("## A\nb\nc\n---\n- [ ] x\n", "b c", None),
        ("- [ ] one:\n", "one:", "one:"),
        ("- [ ] a. b  \n  more\n", "a. b", "a. b"),
        ("- [ ]  **x**\n  told\n", "x", "**x**"),
        ("- [ ] **x**: told\n", "x", "x"),
        ("## A\n- two:\n  - [ ] c\n", "two", "two"),
        ("## A\n- two : \n  - [ ] c\n", "two", "two"),
        ("## A\n- ## h\n  - [ ] c\n", "h", "h"),
        ("## A\n- - [ ] x\n", "x", "x"),
        ("## Short-term\n- x:\n- y.\n", "x:", "x:"),
        ("## Short-term\n- x:\n- y.\n", "y.", "y."),
        ("## Short-term\n1. a\n   and more\n", "a", "a"),
    ],
)
def test_a_title_is_found_where_it_stands(text: str, title: str, said: str | None) -> None:
    assert name(lines.read(text, "plan"), title) == said


def test_a_text_is_found_where_it_is_one_piece_of_one_line() -> None:
    text = "- [ ] **x**: told  \n  - Impact: i  \n  - First step: f\n    more\n  1. Action: a\n"
    line = at(lines.read(text, "plan"), "x")
    assert line.values == {
        **{"description": "told", "impact": "i", "first_step": "f more", "action": "a"},
    }
    found = {key: text[slice(*span)] for key, span in line.spans.items()}
    assert found == {"description": "told", "impact": "i", "action": "a"}
    text = "- [ ] **x**: told\n  and more\n"
    assert at(lines.read(text, "plan"), "x").spans == {}


def test_a_box_is_found_and_what_it_says() -> None:
    text = "\ufeff- [ ] x\r\n\r\n1) [-] y\r\n## Short-term\r\n* z\r\n"
    sheet = lines.read(text, "plan")
    boxes = [(text[line.box] if line.box >= 0 else None) for line in sheet.lines]
    assert boxes == [None, " ", "-", None]
    assert [line.status for line in sheet.lines] == [None, Status.TODO, Status.SKIPPED, None]
    assert [text[line.at] for line in sheet.lines[1:]] == ["x", "y", "z"]
    assert [lines.marker(text, line) for line in sheet.lines[1:]] == [
        *(("", "- "), ("", "1) "), ("", "* "))
    ]
    assert [line.level for line in sheet.lines] == [-1, 0, 0, 0]
    assert sheet.eol == "\r\n"


def test_a_line_that_begins_two_lists_has_the_marker_of_the_inner_one() -> None:
    text = "## A\n- * [ ] x\n"
    assert lines.marker(text, at(lines.read(text, "plan"), "x")) == ("- ", "* ")
    assert lines.marker(text, at(lines.read(text, "plan"), "A")) == ("", "")


def test_front_matter_is_before_all_lines() -> None:
    text = "---\nfront: matter\n---\n\n- [ ] x\n  - [ ] y\n"
    sheet = lines.read(text, "plan")
    assert text[at(sheet, "x").start :] == "- [ ] x\n  - [ ] y\n"
    assert (name(sheet, "x"), name(sheet, "y")) == ("x", "y")


@pytest.mark.parametrize(("text", "end"), [("a", "\n"), ("a\rb\n", "\r"), ("a\r\nb\n", "\r\n")])
def test_lines_end_as_the_first_one_does(text: str, end: str) -> None:
    assert lines.line_end(text) == end


def test_lines_of_any_end_are_split_and_found() -> None:
    text = "a\r\n\rb\nc"
    assert lines.split(text) == ["a\r\n", "\r", "b\n", "c"]
    assert [lines.line_behind(text, place) for place in (0, 3, 4, 6)] == [3, 4, 6, 7]
    assert lines.split("") == []


def test_what_keeps_lines_apart_is_empty_or_a_rule() -> None:
    text = "a\n\n* * *\n \nb\n"
    assert lines.padding(text, text.index("b")) == "\n* * *\n \n"
    assert lines.padding(text, text.index("\n")) == ""
    assert lines.padded("\n---\n") and not lines.padded("\n--\n") and not lines.padded("\na")


def test_the_line_below_a_heading_is_its_own_even_where_nothing_else_is() -> None:
    text = "## A\nb\n---\n\n\n---\n"
    line = at(lines.read(text, "plan"), "b")
    assert text[line.start : line.end] == text[line.start : line.own_end] == "b\n---\n"


def test_any_text_has_a_mark_by_which_it_is_known() -> None:
    assert len({lines.digest(text) for text in ("", "a", "A", "\ud800", "ä")}) == 5
