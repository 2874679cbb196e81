"""What was deleted and comes back into a mirrored file: as it was, and where it stood."""

from __future__ import annotations

import pytest

from tests.test_mirror_lines import edit, held, ids, mirrored, step
from tests.test_mirror_random import both
from tracker_tui.domain.track import Place
from tracker_tui.domain.words import Kind, Status

LINES = "## A\n- [ ] keep\n- [ ] **gone**: told\n  <!-- aside -->\n- [ ] last\n"


def test_what_comes_back_into_a_text_that_was_edited_is_as_it_was_and_indented_as_its_neighbours() -> (
    None
):
    with both(LINES) as pair:
        known = mirrored(pair)
        pair.tracker.delete([known["gone"]])
        step(pair)
        edit(pair, "## A\n  - [ ] keep\n  - [ ] last\n")
        pair.tracker.undo()
        assert step(pair).out.new == ["gone"]
        assert pair.text == (
            "## A\n  - [ ] keep\n  - [ ] **gone**: told\n    <!-- aside -->\n  - [ ] last\n"
        )


@pytest.mark.parametrize("titles", [["one", "four"], ["three", "four"], ["one", "three", "four"]])
@pytest.mark.parametrize("gap", ["", "\n\n"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_lines_that_went_from_a_file_without_a_last_line_end_come_back_to_the_byte(
    titles: list[str], end: str, gap: str
) -> None:
    text = f"## A\n- [ ] one\n  <!-- 1 -->\n\n- [ ] two\n- [ ] three\n{gap}- [ ] four\n  <!-- 4 -->"
    text = text.replace("\n", end)
    with both(text) as pair:
        known = mirrored(pair)
        pair.tracker.delete([known[title] for title in titles])
        step(pair)
        pair.tracker.undo()
        step(pair)
        assert pair.text == text


@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_words_below_the_first_heading_stay_when_it_is_deleted(mark: str) -> None:
    text = f"{mark}## A\n\nwords\n\n- [ ] one\n"
    with both(text) as pair:
        pair.tracker.delete([mirrored(pair)["A"]])
        step(pair)
        assert pair.text == f"{mark}## A\n\nwords\n\n"
        pair.tracker.undo()
        step(pair)
        assert pair.text == text


def test_a_line_that_is_no_entry_goes_and_comes_with_what_it_lies_in() -> None:
    text = "## A\n- [ ] outer\n  - [ ] \u200b\n    words\n  - [ ] inner\n- [ ] last\n"
    with both(text) as pair:
        pair.tracker.delete([mirrored(pair)["outer"]])
        step(pair)
        assert pair.text == "## A\n- [ ] last\n"
        for words in ("", "\nwords\n"):
            edit(pair, pair.text + words)
            pair.tracker.undo()
            step(pair)
            assert pair.text == text + words
            pair.tracker.redo()
            step(pair)


def test_of_lines_that_went_only_those_come_back_whose_entries_did() -> None:
    with both("## A\n- [ ] outer\n  - [ ] inner\n  - [ ] more\n- [ ] last\n") as pair:
        known = mirrored(pair)
        pair.tracker.delete([known["inner"]])
        pair.tracker.delete([known["outer"]])
        step(pair)
        pair.tracker.undo()
        step(pair)
        assert pair.text == "## A\n- [ ] outer\n  - [ ] more\n- [ ] last\n"
        assert pair.tracker.entry(known["inner"]).deleted
        pair.tracker.undo()
        step(pair)
        assert sorted(ids(pair)) == sorted(known) and "- [ ] inner\n" in pair.text


def test_headings_and_lines_that_were_deleted_at_once_all_go() -> None:
    text = "## A\n- [ ] one\n\n## B\n- [ ] two\n\n## C\n- [ ] three\n"
    with both(text) as pair:
        known = mirrored(pair)
        pair.tracker.delete([known["one"], known["B"]])
        step(pair)
        assert pair.text == "## A\n\n## C\n- [ ] three\n"
        pair.tracker.undo()
        step(pair)
        assert pair.text == text


def test_a_heading_that_stayed_is_no_hindrance_to_what_changes_elsewhere() -> None:
    with both("## A\n\nwords\n\n- [ ] one\n\n## B\n\n- [ ] two\n") as pair:
        known = mirrored(pair)
        pair.tracker.delete([known["A"]])
        step(pair)
        pair.tracker.edit(known["two"], {"title": "due"})
        pair.tracker.add("three", Kind.ITEM, Place(known["B"]))
        step(pair)
        assert pair.text == "## A\n\nwords\n\n## B\n\n- [ ] due\n- [ ] three\n"
        pair.tracker.undo()
        pair.tracker.undo()
        pair.tracker.undo()
        step(pair)
        assert pair.text == "## A\n\nwords\n\n- [ ] one\n\n## B\n\n- [ ] two\n"
        assert known["A"] not in pair.base().gone


def test_lines_that_had_moved_from_below_a_deleted_heading_to_where_the_file_has_nothing_go() -> (
    None
):
    with both("## A\n- [ ] one\n\n### Part\n- [ ] two\n- [ ] three\n\n### End\n") as pair:
        elsewhere = held(pair, "Else")
        known = mirrored(pair)
        pair.tracker.move_to(known["two"], elsewhere)
        pair.tracker.delete([known["Part"]])
        assert step(pair).told == []
        assert pair.text == "## A\n- [ ] one\n\n### End\n"
        assert pair.tracker.entry(known["two"]).parent == elsewhere


def test_what_of_a_file_cannot_be_done_keeps_nothing_else_from_being_done_once() -> None:
    """Without its first line, what comes behind would be front matter."""
    text = "- [x] one\n---\nfront: matter\n---\n## A\n- [ ] a\n- [ ] b\n- [ ] d\n- [ ] e\n"
    with both(text) as pair:
        known = mirrored(pair)
        pair.tracker.delete([known["plan"], known["d"], known["e"]])
        pair.tracker.move(known["b"], -1)
        pair.tracker.add("c", Kind.ITEM, Place(known["A"]))
        pair.tracker.add("new", Kind.ITEM, Place(known["a"]))
        found = step(pair)
        assert (found.out.moved, sorted(found.out.new)) == (["b"], ["c", "new"])
        assert len(found.told) == 1
        assert pair.text == text.replace(
            "- [ ] a\n- [ ] b\n- [ ] d\n- [ ] e\n", "- [ ] b\n- [ ] a\n  - [ ] new\n- [ ] c\n"
        )


def test_a_new_line_that_is_ticked_already_is_looked_at_again_as_what_is_learned() -> None:
    with both("## A\n- [ ] one\n\n## Critical\n1. [ ] **gap**\n") as pair:
        mirrored(pair)
        edit(pair, f"{pair.text}2. [x] **hole**\n".replace("one\n", "one\n- [x] two\n"))
        here = ids(pair)
        assert pair.tracker.entry(here["two"]).status is Status.LEARNED
        assert [entry.title for entry, *_ in pair.tracker.upcoming()] == ["two"]


def test_a_title_in_which_nothing_lies_for_a_while_is_the_entry_that_it_was_again() -> None:
    text = "# T\n\n- [ ] one\n\n## A\n\n- [ ] two\n"
    with both(text) as pair:
        known = mirrored(pair)
        assert pair.tracker.entry(known["one"]).parent == known["T"]
        pair.tracker.delete([known["one"]])
        step(pair)
        assert pair.text == "# T\n\n## A\n\n- [ ] two\n"
        pair.tracker.undo()
        step(pair)
        assert pair.text == text
        pair.tracker.edit(known["T"], {"title": "U"})
        step(pair)
        assert pair.text == text.replace("T", "U")


def test_what_was_written_below_a_heading_while_it_was_deleted_is_taken_in_when_it_is_back() -> (
    None
):
    with both("## A\n\nwords\n\n- [ ] one\n\n## B\n- [ ] two\n") as pair:
        known = mirrored(pair)
        pair.tracker.delete([known["A"]])
        step(pair)
        edit(pair, pair.text.replace("words", "new words"))
        pair.tracker.undo()
        step(pair)
        edit(pair, f"{pair.text}- [ ] three\n")
        assert pair.tracker.entry(known["A"]).description == "new words"


def test_what_was_in_lines_that_come_back_and_lies_elsewhere_by_now_is_there() -> None:
    with both("## A\n- [ ] x\n- [ ] outer\n  - [ ] inner\n") as pair:
        known = mirrored(pair)
        pair.tracker.delete([known["outer"]])
        step(pair)
        edit(pair, f"{pair.text}\nwords\n")
        pair.tracker.undo()
        new = pair.tracker.add("New", Kind.SECTION, Place(known["A"])).changes[0].id
        pair.tracker.move_to(known["inner"], new)
        step(pair)
        assert pair.text == "## A\n- [ ] x\n- [ ] outer\n\nwords\n\n### New\n- [ ] inner\n"


def test_a_heading_whose_line_went_while_it_changed_is_a_line_before_what_lay_below_it() -> None:
    text = "## A\n\n### P\n\n#### Deep\n\n- [ ] one\n- [ ] two\n"
    with both(text) as pair:
        known = mirrored(pair)
        pair.tracker.set_status([known["Deep"]], Status.LEARNING)
        edit(pair, text.replace("#### Deep\n\n", ""))
        assert pair.text == "## A\n\n### P\n\n- [/] Deep\n- [ ] one\n- [ ] two\n"


def test_a_heading_that_moves_out_of_a_deleted_one_takes_all_that_is_in_it() -> None:
    text = "## A\n\n### P\n\nwords\n\n- [ ] x\n  <!-- mine -->\n\n## B\n- [ ] y\n"
    with both(text) as pair:
        known = mirrored(pair)
        pair.tracker.move_to(known["P"], known["B"])
        pair.tracker.delete([known["A"]])
        found = step(pair)
        assert (found.out.new, found.out.moved, found.told) == ([], ["P"], [])
        assert pair.text == "\n## B\n- [ ] y\n\n### P\n\nwords\n\n- [ ] x\n  <!-- mine -->\n"


def test_a_heading_that_moved_out_of_a_deleted_one_to_where_the_file_has_nothing_goes_whole() -> (
    None
):
    text = "## A\n- [ ] z\n\n### P\n\n#### Deep\n\n- [ ] x\n  - [ ] in\n\n## B\n- [ ] y\n"
    with both(text) as pair:
        elsewhere = held(pair, "Else")
        known = mirrored(pair)
        pair.tracker.move_to(known["P"], elsewhere)
        pair.tracker.delete([known["A"]])
        found = step(pair)
        assert found.told == []
        assert pair.text.strip() == "## B\n- [ ] y"
        assert pair.tracker.entry(known["x"]).parent == known["Deep"]
        pair.tracker.undo()
        pair.tracker.undo()
        step(pair)
        assert all(title in pair.text for title in known if title != "Else")
        assert ids(pair) == known


def test_headings_in_each_other_that_were_deleted_go_and_come_back_to_the_byte() -> None:
    text = "## A\n\n### P\n\n#### Deep\n\n- [ ] x\n\n---\n\n## B\n- [ ] y\n"
    with both(text) as pair:
        pair.tracker.delete([mirrored(pair)["A"]])
        assert step(pair).told == []
        assert pair.text.strip() == "---\n\n## B\n- [ ] y"
        pair.tracker.undo()
        step(pair)
        assert pair.text == text
