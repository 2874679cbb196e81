"""Whether words say an entry: what a mirror asks before it writes them, and after."""

from __future__ import annotations

import pytest

from tests.exchange.tied import entry
from tracker_tui.domain.words import Horizon, Kind
from tracker_tui.exchange.mirror import lines
from tracker_tui.exchange.mirror.emitted import Unsaid, check, shown
from tracker_tui.exchange.mirror.saying import (
    heading_words,
    in_place,
    indented,
    reads_as,
    reads_as_heading,
    says,
    wordings,
)
from tracker_tui.exchange.mirror.ties import Tie, said_of


@pytest.mark.parametrize(
    ("snippet", "good"),
    [
        ("- [ ] x", True),
        ("- [ ] **x**: told", True),
        ("- [ ] **x**: other", False),
        ("- [x] x", False),
        ("- [ ] y", False),
        ("- [x] y", False),
        ("- [ ] x\n  - [ ] y", False),
        ("- [ ] x\n- [ ] y", False),
        ("words", False),
    ],
)
def test_lines_say_an_entry_if_they_say_nothing_else(snippet: str, good: bool) -> None:
    one = entry("x", description="told")
    assert reads_as(snippet, one, said_of(one), "") is good


def test_a_step_is_read_in_the_list_of_its_horizon() -> None:
    one = entry("x", Kind.STEP, horizon=Horizon.SHORT)
    assert reads_as("1. x", one, said_of(one), "@step-short")
    assert reads_as("1. x", one, said_of(one), "@step-none")
    assert reads_as("1. x", one._replace(horizon=None), said_of(one), "@step-short")
    assert not reads_as("1. x", one._replace(horizon=None), said_of(one), "@step-none")


def test_the_fullest_way_to_say_an_entry_comes_first() -> None:
    one = entry("a*b", description="told\n\nmore", action="go")
    assert list(wordings(one, "  ")) == [
        "**a*b**: told\n\n  more\n  - Action: go",
        "a*b\n  - Action: go",
        *("a*b", "a\\*b", "**a*b**", "**a\\*b**"),
    ]
    one = entry("x", Kind.GAP, description="told")
    said = ["**x**\n  - told", "**x**: told", "**x**", "x", "x", "x", "**x**", "**x**"]
    assert list(wordings(one, "  ")) == said
    assert list(wordings(entry("x", Kind.GAP), "  ")) == said[2:]


@pytest.mark.parametrize(
    ("words", "kind", "title", "good"),
    [
        ("## x", Kind.CATEGORY, "x", True),
        ("## x", Kind.CATEGORY, "y", False),
        ("### x", Kind.SECTION, "x", True),
        ("## 2. x", Kind.CATEGORY, "x", True),
        ("x\n---", Kind.CATEGORY, "x", True),
        ("### Short-term", Kind.SECTION, "Short-term", True),
        ("## Short-term", Kind.CATEGORY, "Short-term", False),
        ("## Critical", Kind.CATEGORY, "Critical", False),
    ],
)
def test_a_heading_says_a_title_if_its_lists_hold_items(
    words: str, kind: Kind, title: str, good: bool
) -> None:
    assert reads_as_heading(words, entry("x", kind), title) is good


def test_a_title_that_would_be_no_heading_of_that_title_is_written_in_another_way() -> None:
    category = entry("x", Kind.CATEGORY)
    assert heading_words("## ", category, "x") == "## x"
    assert heading_words("## 1. ", category, "a *b*") == "## 1. a \\*b\\*"
    assert heading_words("## ", category, "Short-term") is None


def test_a_new_title_stands_where_the_old_one_did_if_that_is_one_place() -> None:
    assert next(in_place("[one](u)", "one", "two")) == "[two](u)"
    assert next(in_place("[one](one)", "one", "two")) == "two"
    assert next(in_place("one", "one", "*two*")) == "*two*"
    assert list(in_place("one", "one", "*two*"))[1] == "\\*two\\*"


def test_lines_that_had_less_indentation_keep_theirs() -> None:
    assert indented("  a\n\n   b\n c\n  \r\n", "  ", "\t") == "\ta\n\n\t b\n c\n  \r\n"


def line_of(text: str) -> lines.Line:
    return lines.read(text, "plan").lines[-1]


@pytest.mark.parametrize(
    ("snippet", "raw", "good"),
    [
        ("  - [x] [x](u.md)", "[x](u.md)", True),
        ("  - [x] [x](u.md): more", "[x](u.md)", True),
        ("  - [ ] [x](u.md)", "[x](u.md)", False),
        ("  - [x] [y](u.md)", "[y](u.md)", False),
        ("  - [x] [x](u.md)", "[x](v.md)", False),
        ("  - [x] [x](u.md)", None, False),
        ("words", "[x](u.md)", False),
        ("- [x] x\n- [x] y", None, False),
    ],
)
def test_a_link_to_a_file_may_be_what_the_description_begins_with(
    snippet: str, raw: str | None, good: bool
) -> None:
    line = line_of("## A\n- [ ] y\n  - [x] [x](t.md)\n")
    assert says(snippet, line, "x", line.texts, raw) is good


def test_what_is_read_again_is_what_was_wanted_line_by_line() -> None:
    wanted = [Tie("", one, None) for one in lines.read("## A\n- [ ] x\n- [ ] Y\n", "plan").lines]
    check(lines.read("# a\n\n* [x] X\n\n* [ ] y\n", "plan").lines, wanted)
    for other in ("## A\n- [ ] x\n", "## A\n- [ ] x\n- [ ] z\n", "## A\n- [ ] z\n- [ ] y\n"):
        with pytest.raises(Unsaid):
            check(lines.read(other, "plan").lines, wanted)
    with pytest.raises(Unsaid):
        check(lines.read("## A\n- [ ] x\n## Y\n", "plan").lines, wanted)


def told(wanted: str, found: str, *, was: str = "") -> tuple[list[str], list[str]]:
    """The titles of the lines of one text that another one should have, and of those it lost."""
    ties = [
        Tie(
            "" if line.title == was else line.title,
            line,
            None,
            was=was if line.title == was else "",
        )
        for line in lines.read(wanted, "plan").lines
    ]
    kept, hidden = shown(ties, lines.read(found, "plan").lines)
    return [tie.line.title for tie in kept], [tie.id for tie in hidden]


def test_lines_that_are_there_only_for_what_lies_in_them_go_with_it() -> None:
    assert told("- [ ] x\n## A\n", "## A\n") == (["x", "A"], ["plan"])
    assert told("# T\n- [ ] x\n## A\n", "## A\n") == (["x", "A"], ["T"])
    assert told("## A\n- b\n  - [ ] x\n", "## A\n") == (["A", "x"], ["b"])
    assert told("## A\n### S\n- [ ] y\n", "## A\n") == (["A", "S", "y"], [])
    assert told("## A\n### S\n#### d\n- [ ] y\n", "## A\n### S\n") == (["A", "S", "y"], ["d"])
    assert told("## A\n- [ ] x\n", "## A\n", was="x") == (["A"], [])
    assert told("## A\n- [ ] x\n", "## A\n- [ ] x\n", was="x") == (["A", "x"], [])
    assert told("## A\n- b\n  - [ ] x\n", "## a\n- b\n  - [ ] x\n") == (["A", "b", "x"], [])
