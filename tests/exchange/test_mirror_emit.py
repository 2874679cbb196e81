"""What the track changed is put into a file as far as it can be; the rest is told and stays as it is."""

from __future__ import annotations

from copy import deepcopy

import pytest

from tests.exchange.tied import Tied, entry
from tracker_tui.domain.words import Horizon, Kind, Status
from tracker_tui.exchange.mirror.track import Places, Track, horizon_of, parent_of

APART = "without changing what else stands there"
FRONT = "- [x] one\n---\nfront: matter\n---\n# two\n"
"""Without its first line, what comes behind would be front matter."""


def test_a_file_in_step_stays_as_it_is() -> None:
    tied = Tied(FRONT)
    found = tied.put()
    assert (found.text, found.ties) == (FRONT, tied.before.ties)
    assert (found.new, found.moved, found.removed, found.changed, found.told) == (
        [],
        [],
        [],
        {},
        [],
    )


@pytest.mark.parametrize(
    ("deleted", "told"), [(["plan", "one"], "plan"), (["one"], "one"), (["one", "two"], "one")]
)
def test_a_line_that_cannot_be_taken_out_is_told_and_its_entry_stays_deleted(
    deleted: list[str], told: str
) -> None:
    tied = Tied(FRONT)
    for id_ in deleted:
        tied.change(id_, deleted=True)
    was = deepcopy(tied.before)
    found = tied.put()
    assert found.told == [
        f"“{told}” was deleted, and its line cannot be taken out of the file {APART}"
    ]
    assert found.text == (FRONT.replace("# two\n", "") if "two" in deleted else FRONT)
    left = [(tie.id, tie.was, tie.said) for tie in found.ties if tie.was]
    assert left == [("", id_, None) for id_ in deleted if id_ != "two"]
    assert {id_: gone.tie.line.title for id_, gone in found.gone.items()} == {
        id_: id_ for id_ in deleted
    }
    assert tied.before == was, "what was given is as it was"


def test_what_cannot_be_put_in_is_told_and_stays_out() -> None:
    """A heading below what is the title of the document then would be another category."""
    tied = Tied("# A\n- [ ] x\n")
    was = deepcopy(tied.before)
    tied.add(entry("s", Kind.SECTION, "A"), entry("n", parent="A"))
    found = tied.put()
    assert found.told == [f"“s” cannot be put into the file {APART}"]
    assert (found.text, found.outside) == ("# A\n- [ ] x\n- [ ] n\n", {"s"})
    assert tied.before == was
    tied.before = found
    tied.text = found.text
    assert tied.put().told == found.told, "it is told of once"


def test_what_cannot_be_moved_is_told_once_and_counts_as_moved() -> None:
    tied = Tied("- [ ] loose\n\n## A\n\n### Part\n- [ ] y\n")
    tied.change("Part", parent="plan", position="b")
    was = deepcopy(tied.before)
    found = tied.put()
    told = f"“Part” was moved, and its line cannot be moved in the file {APART}"
    assert (found.text, found.told, found.moved) == (tied.text, [told], [])
    (said,) = (tie.said for tie in found.ties if tie.id == "Part")
    assert said is not None and (said.spot, said.position) == ("plan", "b")
    assert tied.before == was


def test_one_that_cannot_be_put_in_keeps_no_others_out() -> None:
    tied = Tied("# A\n- [ ] x\n- [ ] y\n- [ ] z\n")
    tied.add(entry("s", Kind.SECTION, "A"), entry("n", parent="A"), entry("o", parent="A"))
    tied.add(entry("far", parent="z"), entry("p", parent="x"))
    tied.before.outside = {"far"}
    tied.change("z", deleted=True)
    tied.change("y", position="a", status=Status.LEARNED)
    found = tied.put(elsewhere=["far"])
    assert found.text == "# A\n- [x] y\n- [ ] x\n  - [ ] p\n- [ ] n\n- [ ] o\n"
    assert (found.new, found.moved, found.removed) == (["n", "o", "p"], ["y"], ["z"])
    assert [told for told in found.told if "“s”" not in told] == []


def test_what_comes_back_brings_what_lies_below_it_in_one_go() -> None:
    tied = Tied("## A\n- [ ] x\n  - [ ] in\n- [ ] y\n")
    for id_ in ("x", "in"):
        tied.change(id_, deleted=True)
    gone = tied.put()
    assert gone.text == "## A\n- [ ] y\n" and gone.removed == ["x", "in"]
    tied.before, tied.text = gone, gone.text
    for id_ in ("x", "in"):
        tied.change(id_, deleted=False)
    tied.add(entry("deep", parent="in"))
    back = tied.put()
    assert back.text == "## A\n- [ ] x\n  - [ ] in\n    - [ ] deep\n- [ ] y\n"
    assert back.gone == {}


def test_a_line_without_which_another_thing_is_read_stays_where_it_is_though_it_moved() -> None:
    tied = Tied(FRONT)
    tied.change("one", parent="two", position="c")
    found = tied.put()
    assert found.told == [f"“one” was moved, and its line cannot be moved in the file {APART}"]
    assert [tie.id for tie in found.ties] == ["plan", "one", "front: matter", "two"]
    said = found.ties[1].said
    assert found.text == FRONT and said is not None
    assert (said.title, said.status, said.spot, said.position) == (
        "one",
        Status.LEARNED,
        "two",
        "c",
    )


def test_what_another_file_has_stays_out_where_each_is_put_in_by_itself() -> None:
    for elsewhere, after in ((["n"], "# A\n- [ ] x\n"), ([], "# A\n- [ ] x\n- [ ] n\n")):
        tied = Tied("# A\n- [ ] x\n")
        tied.before.outside = {"far"}
        tied.add(entry("s", Kind.SECTION, "A"), *(entry(id_, parent="A") for id_ in ("n", "far")))
        assert tied.put(elsewhere).text == after


def test_what_comes_back_later_brings_what_is_new_below_it() -> None:
    tied = Tied("## A\n- [ ] x\n  - [ ] in\n- [ ] y\n")
    for id_ in ("x", "in"):
        tied.change(id_, deleted=True)
    tied.before = tied.put()
    tied.text = tied.before.text
    tied.change("y", status=Status.LEARNED)
    tied.before = tied.put()
    tied.text = tied.before.text
    for id_ in ("x", "in"):
        tied.change(id_, deleted=False)
    tied.add(entry("deep", parent="in"))
    found = tied.put()
    assert found.text == "## A\n- [ ] x\n  - [ ] in\n    - [ ] deep\n- [x] y\n"
    assert found.new == ["x", "deep"]


def test_lines_of_a_file_without_a_heading_come_back_with_what_kept_them_apart() -> None:
    text = "- [ ] w\n\n***\n\n- [ ] x\n\n***\n\n\n- [ ] y\n"
    tied = Tied(text)
    tied.change("x", deleted=True)
    tied.before = tied.put()
    tied.text = tied.before.text
    assert tied.text == "- [ ] w\n\n***\n\n\n- [ ] y\n"
    tied.change("x", deleted=False)
    assert tied.put().text == text


def test_what_is_said_of_each_line_is_what_the_track_says_by_then() -> None:
    tied = Tied("## A\n- [ ] x\n- [ ] y\n")
    tied.change("x", title="z", status=Status.LEARNED)
    found = tied.put()
    assert found.text == "## A\n- [x] z\n- [ ] y\n" and found.changed == {"x": "z"}
    said = [(tie.said.title, tie.said.status) for tie in found.ties if tie.said]
    assert said[1:] == [("z", Status.LEARNED), ("y", Status.TODO)]


def test_a_step_under_a_name_with_a_colon_gets_another() -> None:
    tied = Tied("## Short-term\n- one:\n- two\n")
    tied.change("one:", title="uno")
    assert tied.put().text == "## Short-term\n- uno\n- two\n"


# Places


def places(*ids: str) -> Places:
    return Places(Track(entry(id_, parent="A", position=id_) for id_ in ids))


def test_keys_are_between_those_of_the_neighbours() -> None:
    found = places("a1", "a3", "a5")
    one, two = found.give("A", ["x", "y"], "a3", None)
    assert "a3" < one < two < "a5"
    assert (found.position("x"), found.position("a5")) == (one, "a5")
    (behind,) = found.give("A", ["z"], "x", None)
    assert one < behind < two
    (before,) = found.give("A", ["u"], None, "x")
    assert "a3" < before < one
    (first,) = found.give("A", ["v"], None, "a1")
    assert first < "a1"
    (last,) = found.give("A", ["w"], None, None)
    assert last > "a5" and found.give("A", ["q"], "w", None)[0] > last
    (alone,) = found.give("B", ["r"], None, None)
    assert found.give("B", ["t"], None, "r")[0] < alone


def test_deleted_entries_are_known_and_lie_nowhere() -> None:
    here = entry("b", parent="A")
    track = Track([here, entry("a", parent="A")], [entry("c", parent="A", deleted=True)])
    assert [one.id for one in track.below["A"]] == ["a", "b"]
    assert track.living("b") == here
    assert (track.living("c"), track.living("d"), "c" in track.entries) == (None, None, True)
    assert track.said(here) is track.said(here) and track.said(here).title == "b"


def test_a_track_with_something_changed_says_that() -> None:
    track = Track([entry("a", parent="A"), entry("b", parent="A")])
    a, b = (track.said(track.entries[id_]) for id_ in "ab")
    other = track.with_changed([entry("a", parent="A")._replace(title="z")])
    assert other.said(other.entries["a"]).title == "z" and other.said(other.entries["b"]) is b
    assert track.said(track.entries["a"]) is a


def test_a_spot_says_which_horizon_or_parent_it_is() -> None:
    assert [
        horizon_of(spot) for spot in ("@step-short", "@step-none", "@step-", "short", "a-short")
    ] == [*(Horizon.SHORT, None, None, None, None)]
    assert horizon_of("my-step-short") is None
    assert (parent_of("@step-short"), parent_of("@category"), parent_of("a")) == (None, None, "a")
