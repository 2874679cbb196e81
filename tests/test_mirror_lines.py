"""Which entry each line of a mirrored file is: the one that it was, another one, a new one or none."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.test_mirror_random import Both, both
from tracker_tui.domain.track import Place
from tracker_tui.domain.words import Horizon, Kind, Status
from tracker_tui.store import check
from tracker_tui.tracker.mirror_step import Mirrored


def mirrored(pair: Both) -> dict[str, str]:
    """Begin to mirror the file; return the ids of all that is in the track by then, by title."""
    pair.tracker.mirror_add(str(pair.file))
    return ids(pair)


def ids(pair: Both) -> dict[str, str]:
    return {entry.title: entry.id for entry in pair.tracker.select("").matches}


def step(pair: Both) -> Mirrored:
    """Bring the file in step; doing it again then changes nothing."""
    (found,) = pair.tracker.mirror_all(wipe=True)
    assert found.error is None
    assert check.problems(pair.tracker._store) == []
    pair.nothing_more()
    return found


def edit(pair: Both, text: str) -> Mirrored:
    """Write another text into the file, later than all else, and bring it in step."""
    pair.clock.advance(seconds=5)
    pair.write(text)
    return step(pair)


def test_a_line_that_is_there_once_more_is_a_new_entry() -> None:
    with both("## A\n- [ ] one\n") as pair:
        mirrored(pair)
        assert edit(pair, "## A\n- [ ] one\n- [ ] one\n").into.new == ["one"]
        assert len(pair.tracker.select("one").matches) == 2


@pytest.mark.parametrize("line", ["- [ ] \u200b\n  words", "- \u200b:"])
def test_a_line_with_nothing_to_see_in_its_title_is_no_entry_nor_is_what_lies_in_it(
    line: str,
) -> None:
    text = f"## A\n{line}\n  - [ ] inner\n    - [ ] deeper\n- [ ] one\n"
    with both(text) as pair:
        assert sorted(mirrored(pair)) == ["A", "one"]
        text = text.replace("one", "two").replace("inner", "within")
        assert edit(pair, text).into.words() == "1 changed"
        assert pair.text == text and sorted(ids(pair)) == ["A", "two"]


def test_a_line_that_was_taken_out_and_is_put_back_is_the_entry_that_it_was() -> None:
    text = "## A\n- [ ] one\n- [ ] two\n"
    with both(text) as pair:
        known = mirrored(pair)
        assert edit(pair, "## A\n- [ ] two\n").into.removed == ["one"]
        edit(pair, text.replace("[ ] one", "[x] one"))
        assert ids(pair) == known and pair.base().gone == {}
        assert pair.tracker.entry(known["one"]).status is Status.LEARNED


# Headings that stayed when what they were was deleted, for the text below them

LEFT = "## A\n\nwords\n\n## B\n\n- [ ] two\n"


@pytest.fixture
def left() -> Iterator[tuple[Both, str]]:
    """A file with such a heading, A, and the id of what it was."""
    with both(f"{LEFT}- [ ] x\n".replace("words\n", "words\n\n- [ ] one\n")) as pair:
        known = mirrored(pair)
        pair.tracker.delete([known["A"], known["x"]])
        step(pair)
        assert pair.text == LEFT
        yield pair, known["A"]


def test_a_heading_that_stayed_is_its_entry_again_under_another_title_too(
    left: tuple[Both, str],
) -> None:
    pair, id_ = left
    edit(pair, LEFT.replace("## A", "## An A").replace("words\n", "words\n\n- [ ] more\n"))
    entry = pair.tracker.entry(id_)
    assert (entry.deleted, entry.title) == (False, "An A")
    assert pair.tracker.entry(ids(pair)["more"]).parent == id_


def test_of_two_headings_of_one_title_only_one_is_the_entry_that_was_deleted(
    left: tuple[Both, str],
) -> None:
    pair, id_ = left
    text = LEFT.replace("words\n", "words\n\n- [ ] lower\n")
    edit(pair, f"## A\n\n- [ ] upper\n\n{text}")
    parents = [pair.tracker.entry(ids(pair)[title]).parent for title in ("upper", "lower")]
    assert len(set(parents)) == 2 and id_ in parents


def test_what_was_deleted_and_cannot_be_taken_out_is_text_until_it_is_changed() -> None:
    text = "- [x] one\n---\nfront: matter\n---\n# two\n"
    with both(text) as pair:
        known = mirrored(pair)
        pair.tracker.delete([known["plan"]])
        step(pair)
        assert edit(pair, f"{text}\nwords\n").into.empty and ids(pair) == {}
        edit(pair, text.replace("[x] one", "[ ] one"))
        assert ids(pair) == known


# Where a new mirror finds its entries in the track


def held(pair: Both, title: str, *inner: str) -> str:
    """Put a category with items into the track; return its id."""
    made = pair.tracker.add(title, Kind.CATEGORY, Place(None, Kind.CATEGORY)).changes[0].id
    for each in inner:
        pair.tracker.add(each, Kind.ITEM, Place(made))
    return made


def test_a_line_is_the_only_entry_of_its_title_that_the_track_has_elsewhere() -> None:
    text = "## A\n- [ ] one\n  - [ ] inner\n"
    text += "".join(f"- [ ] {title}\n" for title in ("two", "three", "three", "four", "five"))
    with both(text) as pair:
        held(pair, "Else", "one", "two", "three", "four", "four", "five")
        known = ids(pair)
        pair.tracker.add("in two", Kind.ITEM, Place(known["two"]))
        pair.tracker.delete([known["five"]])
        found = pair.tracker.mirror_add(str(pair.file))
        assert found.into.moved == ["one"]
        fresh = ["A", "inner", "two", "three", "three", "four", "five"]
        assert sorted(found.into.new) == sorted(fresh)
        here = ids(pair)
        assert here["one"] == known["one"]
        parents = [pair.tracker.entry(here[title]).parent for title in ("one", "inner")]
        assert parents == [here["A"], known["one"]]
        assert pair.tracker.entry(known["five"]).deleted and pair.text == text


def test_of_two_lines_of_one_title_that_in_its_place_is_the_entry_of_the_track() -> None:
    with both("## B\n- [ ] one\n## A\n- [ ] one\n") as pair:
        held(pair, "A", "one")
        (id_,) = (entry.id for entry in pair.tracker.select("kind:item").matches)
        assert pair.tracker.mirror_add(str(pair.file)).into.new == ["B", "one"]
        assert pair.tracker.entry(id_).parent == ids(pair)["A"]


# Where lines lie

PLACES = "## A\n- [ ] one\n- [ ] two\n- [ ] three\n\n## B\n- [ ] four\n"


@pytest.mark.parametrize(
    "order",
    [
        "three one two",
        "two three one",
        "three two one",
        "new one two three",
        "one new newer two three",
        "one two three new",
        "two four one",
        "four three new one",
    ],
)
def test_the_order_of_the_file_is_that_of_the_track(order: str) -> None:
    with both(PLACES) as pair:
        known = mirrored(pair)
        below = "".join(f"- [ ] {title}\n" for title in order.split())
        edit(pair, f"## A\n{below}\n## B\n")
        there = pair.tracker.siblings(Place(known["A"]))
        assert [entry.title for entry in there] == order.split()
        assert all(known.get(entry.title, entry.id) == entry.id for entry in there)


def test_a_step_is_of_the_horizon_under_which_its_line_stands() -> None:
    text = "### Immediate\n1. one\n2. two\n\n### Short-term\n3. three\n"
    with both(text) as pair:
        known = mirrored(pair)
        edit(pair, "### Immediate\n2. two\n\n### Short-term\n1. one\n3. three\n4. new\n")
        here = ids(pair)
        assert {here[title] for title in known} == set(known.values())
        short = pair.tracker.siblings(Place(kind=Kind.STEP, horizon=Horizon.SHORT))
        assert [entry.title for entry in short] == ["one", "three", "new"]


BEHIND = "## A\n- [ ] two\n- [ ] three\n- [ ] one\n\n## B\n- [ ] four\n"
BELOW = "## A\n- [ ] two\n- [ ] three\n\n## B\n- [ ] four\n- [ ] one\n"


@pytest.mark.parametrize(("there", "here"), [(BEHIND, BELOW), (BELOW, BEHIND)])
@pytest.mark.parametrize("file_later", [True, False])
def test_of_two_places_the_later_counts(file_later: bool, there: str, here: str) -> None:
    with both(PLACES) as pair:
        known = mirrored(pair)
        for in_file in (False, True) if file_later else (True, False):
            pair.clock.advance(minutes=1)
            if in_file:
                pair.write(there)
            elif here == BELOW:
                pair.tracker.move_to(known["one"], known["B"])
            else:
                pair.tracker.move(known["one"], 2)
        found = step(pair)
        told = "“one”: moved on both sides; the track was later, its place counts"
        assert found.told == ([] if file_later else [told])
        assert pair.text == (there if file_later else here)


# What is put into the file


HEADED = "## A\n\nwords\n\n### Part\n\n- [ ] x\n- [ ] y\n"


@pytest.mark.parametrize(
    ("added", "moved", "after"),
    [
        (["own"], [], "## A\n\nwords\n\n- [ ] own\n\n### Part\n\n- [ ] x\n- [ ] y\n"),
        ([], ["x"], "## A\n\nwords\n\n- [ ] x\n\n### Part\n\n- [ ] y\n"),
        (
            ["own", "too"],
            ["x", "y"],
            "## A\n\nwords\n\n- [ ] own\n- [ ] too\n- [ ] x\n- [ ] y\n\n### Part\n\n",
        ),
    ],
)
def test_what_is_put_directly_below_a_heading_stands_before_the_next_one(
    added: list[str], moved: list[str], after: str
) -> None:
    with both(HEADED) as pair:
        known = mirrored(pair)
        for title in added:
            pair.tracker.add(title, Kind.ITEM, Place(known["A"]))
        for title in moved:
            pair.tracker.move_to(known[title], known["A"])
        found = step(pair)
        assert pair.text == after
        assert (found.out.new, found.out.moved, found.told) == (added, moved, [])
        for _ in (*added, *moved):
            pair.tracker.undo()
        step(pair)
        assert sorted(pair.text.split()) == sorted(HEADED.split())


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", ""])
def test_what_is_put_at_the_end_of_a_file_begins_a_line_of_its_own(end: str) -> None:
    eol = end or "\n"
    with both(f"## A{eol}- [ ] x{end}") as pair:
        pair.tracker.add("y", Kind.ITEM, Place(mirrored(pair)["A"]))
        step(pair)
        assert pair.text == f"## A{eol}- [ ] x{eol}- [ ] y{end}"


def test_of_several_things_that_are_put_into_a_file_one_that_cannot_be_keeps_no_other_out() -> None:
    text = "- [ ] loose\n\n## A\n- [ ] x\n\n### Part\n- [ ] y\n"
    with both(text) as pair:
        known = mirrored(pair)
        loose = pair.tracker.entry(known["loose"]).parent
        assert loose is not None
        pair.tracker.move_to(known["Part"], loose)
        pair.tracker.add("z", Kind.ITEM, Place(known["A"]))
        pair.tracker.move_to(known["x"], known["Part"])
        found = step(pair)
        assert len(found.told) == 1 and "“Part” was moved" in found.told[0]
        assert (found.out.new, found.out.moved) == (["z"], ["x"])
        assert pair.text == "- [ ] loose\n\n## A\n- [ ] z\n\n### Part\n- [ ] y\n- [ ] x\n"
        assert pair.tracker.entry(known["Part"]).parent == loose


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", ""])
def test_what_is_put_behind_the_only_line_of_a_file_begins_a_line_of_its_own(end: str) -> None:
    eol = end or "\n"
    with both(f"- [ ] x{end}") as pair:
        above = pair.tracker.entry(mirrored(pair)["x"]).parent
        assert above is not None
        pair.tracker.add("y", Kind.ITEM, Place(above))
        step(pair)
        assert pair.text == f"- [ ] x{eol}- [ ] y{end}"


@pytest.mark.parametrize("ended", [True, False])
@pytest.mark.parametrize("eol", ["\n", "\r\n", "\r"])
def test_the_last_line_of_a_file_moves_up_and_the_end_stays_what_it_was(
    eol: str, ended: bool
) -> None:
    end = eol if ended else ""
    with both(f"## A{eol}- [ ] x{eol}- [ ] y{eol}- [ ] z{end}") as pair:
        pair.tracker.move(mirrored(pair)["z"], -2)
        step(pair)
        assert pair.text == f"## A{eol}- [ ] z{eol}- [ ] x{eol}- [ ] y{end}"


def test_a_new_line_lies_directly_behind_the_one_above_it_whatever_the_track_has_there() -> None:
    with both("## A\n- [ ] one\n- [ ] two\n") as pair:
        held(pair, "A", "one", "mine", "two", "more")
        known = mirrored(pair)
        edit(pair, "## A\n- [ ] one\n- [ ] new\n- [ ] two\n- [ ] newer\n")
        there = [entry.title for entry in pair.tracker.siblings(Place(known["A"]))]
        assert there == ["one", "new", "mine", "two", "newer", "more"]


def test_a_line_that_only_the_file_moved_is_moved_however_old_the_file_says_it_is() -> None:
    with both(PLACES) as pair:
        known = mirrored(pair)
        pair.clock.advance(days=-30)
        pair.write("## A\n- [ ] three\n- [ ] one\n- [ ] two\n\n## B\n- [ ] four\n")
        pair.clock.advance(days=31)
        assert step(pair).told == []
        there = pair.tracker.siblings(Place(known["A"]))
        assert [entry.title for entry in there] == ["three", "one", "two"]


def test_a_circle_of_moves_on_both_sides_leaves_what_the_track_says() -> None:
    with both("## A\n- [ ] one\n- [ ] two\n- [ ] three\n") as pair:
        known = mirrored(pair)
        pair.tracker.move_to(known["two"], known["one"])
        found = edit(pair, "## A\n- [ ] two\n  - [ ] one\n- [ ] three\n")
        assert found.into.moved == []
        parents = [pair.tracker.entry(known[title]).parent for title in ("one", "two")]
        assert parents == [known["A"], known["one"]]
        assert pair.text == "## A\n- [ ] one\n  - [ ] two\n- [ ] three\n"


def test_what_moved_on_both_sides_and_would_lie_in_itself_goes_where_the_track_has_it() -> None:
    with both("## A\n- [ ] one\n- [ ] two\n\n## B\n- [ ] four\n") as pair:
        known = mirrored(pair)
        pair.tracker.move_to(known["one"], known["B"])
        pair.tracker.move_to(known["two"], known["one"])
        found = edit(pair, "## A\n- [ ] two\n  - [ ] one\n\n## B\n- [ ] four\n")
        assert found.into.moved == []
        assert pair.text == "## A\n\n## B\n- [ ] four\n- [ ] one\n  - [ ] two\n"


def test_what_the_file_takes_out_of_a_line_that_the_track_put_there_goes_from_the_entry() -> None:
    with both("## A\n- [ ] one\n") as pair:
        place = Place(mirrored(pair)["A"])
        id_ = pair.tracker.add("two", Kind.ITEM, place).changes[0].id
        pair.tracker.edit(id_, {"description": "told", "done_when": "seen"})
        step(pair)
        assert pair.text == "## A\n- [ ] one\n- [ ] **two**: told\n  - Done when: seen\n"
        edit(pair, "## A\n- [ ] one\n- [ ] two\n")
        entry = pair.tracker.entry(id_)
        assert (entry.title, entry.description, entry.done_when) == ("two", "", "")
