"""A file that has a part of the track: some of its categories, gaps and steps; or has none of a kind left."""

from __future__ import annotations

import pytest

from tests.test_mirror_lines import edit, held, ids, mirrored, step
from tests.test_mirror_random import Both, both
from tracker_tui.domain.track import Place
from tracker_tui.domain.words import Horizon, Kind

PART = "## A\n- [ ] x\n\n## Critical\n\n1. [ ] **gap**\n2. [ ] **hole**\n\n## B\n- [ ] y\n"


def some(pair: Both) -> dict[str, str]:
    """Mirror a file beside which the track has a category and a gap of its own; return ids by title."""
    held(pair, "Else", "z")
    pair.tracker.add("else", Kind.GAP, Place(kind=Kind.GAP))
    known = mirrored(pair)
    assert pair.text == PART
    return known


@pytest.mark.parametrize("title", ["A", "gap", "B"])
def test_what_was_deleted_comes_back_into_a_file_that_was_edited_and_has_not_all(
    title: str,
) -> None:
    with both(PART) as pair:
        known = some(pair)
        pair.tracker.delete([known[title]])
        step(pair)
        edit(pair, f"{pair.text}\nwords\n")
        pair.tracker.undo()
        found = step(pair)
        assert found.out.new[0] == title
        assert sorted(pair.text.split()) == sorted([*PART.split(), "words"])
        assert ids(pair) == known


@pytest.mark.parametrize(
    ("title", "lines"),
    [("A", "## A\n- [ ] x\n\n"), ("gap", "1. [ ] **gap**\n"), ("B", "\n## B\n- [ ] y\n")],
)
def test_a_line_that_went_while_its_entry_changed_is_back_in_a_file_that_has_not_all(
    title: str, lines: str
) -> None:
    with both(PART) as pair:
        known = some(pair)
        pair.tracker.edit(known[title], {"title": "new"})
        found = edit(pair, PART.replace(lines, ""))
        assert found.told == ["“new”: its line was removed, and it changed in the track; it stays"]
        assert found.out.new == ["new"]
        assert ids(pair)["new"] == known[title]
        assert f"{'[ ] **new**' if title == 'gap' else '## new'}\n" in pair.text


EMPTIED = (
    "## A\n- [ ] x\n\n## Critical\n1. [ ] **gap**\n\n## Learning Path\n\n### Short-term\n1. go\n"
)


@pytest.mark.parametrize("deleted", [True, False])
def test_what_is_new_goes_into_a_list_that_was_emptied(deleted: bool) -> None:
    with both(EMPTIED) as pair:
        known = mirrored(pair)
        emptied = EMPTIED.replace("1. [ ] **gap**\n", "").replace("1. go\n", "")
        if deleted:
            pair.tracker.delete([known["gap"], known["go"]])
            step(pair)
            assert pair.text == emptied
        else:
            edit(pair, emptied)
        pair.tracker.add("new", Kind.GAP, Place(kind=Kind.GAP))
        pair.tracker.add("newer", Kind.STEP, Place(kind=Kind.STEP, horizon=Horizon.SHORT))
        assert step(pair).out.new == ["new", "newer"]
        assert pair.text == EMPTIED.replace("gap", "new").replace("go", "newer")


def test_what_is_new_goes_into_a_file_that_has_all_of_its_kind() -> None:
    with both(EMPTIED) as pair:
        mirrored(pair)
        pair.tracker.add("New", Kind.CATEGORY, Place(None, Kind.CATEGORY))
        pair.tracker.add("new", Kind.GAP, Place(kind=Kind.GAP))
        pair.tracker.add("newer", Kind.STEP, Place(kind=Kind.STEP, horizon=Horizon.SHORT))
        assert sorted(step(pair).out.new) == ["New", "new", "newer"]
        assert "2. [ ] **new**\n" in pair.text and "2. newer\n" in pair.text


def test_what_is_new_stays_out_where_the_heading_of_the_emptied_list_went_too() -> None:
    with both(EMPTIED) as pair:
        held(pair, "Else", "z")
        mirrored(pair)
        text = "## A\n- [ ] x\n"
        edit(pair, text)
        pair.tracker.add("new", Kind.GAP, Place(kind=Kind.GAP))
        assert step(pair).out.empty
        held(pair, "More", "y")
        assert step(pair).out.empty
        assert pair.text == text


def test_a_list_that_was_emptied_and_had_not_all_takes_nothing_new() -> None:
    with both(PART) as pair:
        known = some(pair)
        pair.tracker.delete([known["gap"], known["hole"]])
        step(pair)
        text = pair.text
        pair.tracker.add("new", Kind.GAP, Place(kind=Kind.GAP))
        assert step(pair).out.empty
        assert pair.text == text


def test_a_file_without_headings_has_none_of_the_other_categories() -> None:
    with both("- [ ] one\n- [ ] two\n") as pair:
        held(pair, "Else", "z")
        mirrored(pair)
        held(pair, "New", "y")
        assert step(pair).out.empty
        assert pair.text == "- [ ] one\n- [ ] two\n"


def test_what_a_file_adds_below_a_heading_that_another_one_has_too_is_in_both() -> None:
    with both("## A\n- [ ] one\n") as pair:
        known = mirrored(pair)
        other = pair.file.with_name("other.md")
        other.write_text("## A\n- [ ] two\n")
        pair.tracker.mirror_add(str(other))
        pair.tracker.mirror_all()
        assert pair.text == "## A\n- [ ] one\n- [ ] two\n"
        pair.tracker.add("three", Kind.ITEM, Place(known["A"]))
        pair.tracker.mirror_all()
        assert pair.text == "## A\n- [ ] one\n- [ ] two\n- [ ] three\n"
        assert other.read_text() == "## A\n- [ ] two\n- [ ] three\n"
