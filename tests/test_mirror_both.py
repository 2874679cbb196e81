"""What happened to an entry in a mirrored file, in the track, or in both since they were in step."""

from __future__ import annotations

import json
import re

import pytest

from tests.test_mirror_lines import edit, held, ids, mirrored, step
from tests.test_mirror_random import Both, both
from tracker_tui.domain import text as text_rules
from tracker_tui.domain.track import Place
from tracker_tui.domain.words import Kind, RelationKind, Status
from tracker_tui.errors import TrackerError

# Lines that went

TEXT = "## A\n\n### Part\n- [ ] one\n- [ ] two\n\n## B\n- [ ] three\n"


def changed(pair: Both, id_: str, what: str) -> None:
    """Change an entry in the track."""
    if what == "status":
        pair.tracker.set_status([id_], Status.LEARNED)
    elif what == "an entry in it":
        pair.tracker.add("new", Kind.ITEM, Place(id_))
    else:
        pair.tracker.edit(id_, {what: "new"})


@pytest.mark.parametrize("what", ["title", "status", "description", "an entry in it"])
def test_a_line_that_went_while_its_entry_changed_is_back_with_what_it_lies_in(what: str) -> None:
    with both(TEXT) as pair:
        known = mirrored(pair)
        changed(pair, known["one"], what)
        found = edit(pair, "## B\n- [ ] three\n")
        title = "new" if what == "title" else "one"
        assert found.told == [
            f"“{title}”: its line was removed, and it changed in the track; it stays"
        ]
        assert found.into.removed == ["two"]
        gone = {title for title, id_ in known.items() if pair.tracker.entry(id_).deleted}
        assert gone == {"two"}
        assert re.search(r"## A\s+### Part\s+- \[[ x]\] (one|new|\*\*one\*\*: new)\n", pair.text)


def test_a_line_that_went_on_both_sides_is_not_talked_about_and_comes_back_with_an_undo() -> None:
    with both(TEXT) as pair:
        known = mirrored(pair)
        pair.tracker.delete([known["one"]])
        without = TEXT.replace("- [ ] one\n", "")
        found = edit(pair, without)
        assert (found.told, found.into.empty, pair.text) == ([], True, without)
        pair.tracker.undo()
        step(pair)
        assert pair.text == TEXT


def test_headings_are_not_deleted_while_the_track_has_more_in_them_than_the_file() -> None:
    with both("## A\n\n### Part\n- [ ] mine\n- [ ] more\n") as pair:
        part = pair.tracker.add("Part", Kind.SECTION, Place(held(pair, "A"))).changes[0].id
        pair.tracker.add("theirs", Kind.ITEM, Place(part))
        mirrored(pair)
        assert sorted(edit(pair, "words\n").into.removed) == ["mine", "more"]
        assert sorted(ids(pair)) == ["A", "Part", "theirs"]


@pytest.mark.parametrize(
    ("there", "going", "asked"),
    [
        (8, 5, "5 of its 9"),
        (8, 4, ""),
        (9, 5, ""),
        (9, 6, "6 of its 10"),
        (3, 4, "4 of its 4"),
        (1_199, 1_100, "1,100 of its 1,200"),
    ],
)
def test_five_lines_that_are_more_than_half_of_a_file_or_all_go_only_if_that_is_meant(
    there: int, going: int, asked: str
) -> None:
    lines = ["## A\n", *(f"- [ ] number {n}\n" for n in range(there)), "- [ ] deleted\n"]
    with both("".join(lines)) as pair:
        known = mirrored(pair)
        pair.tracker.delete([known["deleted"]])
        left = lines[:-1][: there + 1 - going]
        text = "".join(left or ["words\n"])
        pair.clock.advance(seconds=5)
        pair.write(text)
        (found,) = pair.tracker.mirror_all()
        if not asked:
            assert found.error is None and len(found.into.removed) == going
            return
        assert found.error is not None
        assert str(found.error) == (
            f"{pair.file}: {asked} lines are gone: nothing was changed;"
            " tracker mirror --yes deletes their entries, if that is meant"
        )
        assert pair.text == text and len(ids(pair)) == there + 1
        (found,) = pair.tracker.mirror_all(wipe=True)
        assert len(found.into.removed) == going


# Deleted in the track

BACK = "## A\n- [ ] one\n- [ ] two\n\n## B\n- [ ] three\n"


@pytest.mark.parametrize(
    ("text", "told", "back"),
    [
        (BACK.replace("[ ] one", "[x] one"), ["one"], {"A", "one"}),
        (BACK.replace("two", "two words"), ["two"], {"A", "two words"}),
        (BACK.replace("- [ ] one", "- [ ] **one**: told"), ["one"], {"A", "one"}),
        (BACK.replace("## A", "## An A"), ["A"], {"An A"}),
        (BACK.replace("- [ ] one\n", "") + "- [ ] one\n", ["one"], {"one"}),
        (BACK.replace("- [ ] one\n", "- [ ] new\n- [ ] one\n"), [], {"A", "new"}),
        (f"{BACK.partition('## B')[0]}- [ ] three\n\n## B\n", [], {"A"}),
        (f"{BACK}\nwords\n", [], set()),
    ],
)
def test_what_was_deleted_in_the_track_is_back_where_its_line_changed_with_what_it_lies_in(
    text: str, told: list[str], back: set[str]
) -> None:
    with both(BACK) as pair:
        known = mirrored(pair)
        pair.tracker.delete([known["A"]])
        found = edit(pair, text)
        told_of = [each for each in found.told if "deleted in the track" in each]
        assert told_of == [
            f"“{title}”: deleted in the track, and its line changed; it is back" for title in told
        ]
        assert set(ids(pair)) == {"B", "three"} | back
        assert {title for title in ids(pair) if title in known} <= {
            title for title, id_ in known.items() if not pair.tracker.entry(id_).deleted
        }
        assert all(title in found.into.changed for title in told)


@pytest.mark.parametrize("levels", [50, 51])
def test_fifty_levels_are_taken_in_and_no_more(levels: int) -> None:
    with both("## A\n- [ ] 2\n") as pair:
        mirrored(pair)
        text = "## A\n" + "".join(f"{'  ' * n}- [ ] {n + 2}\n" for n in range(levels - 1))
        pair.clock.advance(seconds=5)
        pair.write(text)
        (found,) = pair.tracker.mirror_all()
        told = "“51” lies too deep; 50 levels at most"
        assert str(found.error) == ("None" if levels == 50 else told)
        assert len(ids(pair)) == (50 if levels == 50 else 2)


# What lines say

SAYING = """## A

- [ ] **one**: told
  - Done when: seen
  - First step: go
  - Effort: S

## Critical

1. [ ] **gap**
   - Impact: much
   - Action: mend
"""
SAID = [
    ("one", "title", "one", "uno", "due"),
    ("one", "description", "told", "said", "spoken"),
    ("one", "done_when", "seen", "heard", "felt"),
    ("one", "first_step", "go", "run", "walk"),
    ("one", "effort", "S", "M", "L"),
    ("gap", "title", "gap", "hole", "crack"),
    ("gap", "impact", "much", "more", "most"),
    ("gap", "action", "mend", "fix", "replace"),
]
"""Of an entry a field, and what it says: at first, in the file and in the track."""


def value(pair: Both, id_: str, name: str) -> str:
    found = getattr(pair.tracker.entry(id_), name)
    return str(getattr(found, "value", found))


@pytest.mark.parametrize(("title", "name", "first", "there", "_"), SAID)
def test_what_a_line_says_anew_is_taken_in(
    title: str, name: str, first: str, there: str, _: str
) -> None:
    with both(SAYING) as pair:
        id_ = mirrored(pair)[title]
        assert value(pair, id_, name) == first
        text = re.sub(rf"\b{first}\b", there, SAYING)
        found = edit(pair, text)
        assert (found.into.words(), found.told, found.out.empty) == ("1 changed", [], True)
        assert value(pair, id_, name) == there and pair.text == text


@pytest.mark.parametrize(
    ("title", "name", "first", "_", "here"), [each for each in SAID if each[1] != "effort"]
)
def test_what_the_track_says_anew_is_put_where_it_stood(
    title: str, name: str, first: str, _: str, here: str
) -> None:
    with both(SAYING) as pair:
        id_ = mirrored(pair)[title]
        pair.tracker.edit(id_, {name: here})
        found = step(pair)
        assert (found.out.words(), found.told, found.into.empty) == ("1 changed", [], True)
        assert pair.text == re.sub(rf"\b{first}\b", here, SAYING)


@pytest.mark.parametrize("file_later", [True, False])
@pytest.mark.parametrize(("title", "name", "first", "there", "here"), SAID)
def test_of_what_both_say_anew_the_later_stays_and_the_other_is_told_and_in_the_history(
    title: str, name: str, first: str, there: str, here: str, file_later: bool
) -> None:
    with both(SAYING) as pair:
        id_ = mirrored(pair)[title]
        text = re.sub(rf"\b{first}\b", there, SAYING)
        for in_file in (False, True) if file_later else (True, False):
            pair.clock.advance(minutes=1)
            if in_file:
                pair.write(text)
            else:
                pair.tracker.edit(id_, {name: here})
        found = step(pair)
        winner, won, lost = ("file", there, here) if file_later else ("track", here, there)
        called = here if name == "title" else title
        assert found.told == [
            f"“{called}”: {name.replace('_', ' ')} changed on both sides; the {winner} was later,"
            f" “{lost}” is in the history"
        ]
        assert value(pair, id_, name) == won
        stands = there if name == "effort" else won  # which is never written over
        assert pair.text == re.sub(rf"\b{first}\b", stands, SAYING)
        rows = [row.value for row in pair.tracker.journal() if (row.id, row.field) == (id_, name)]
        assert lost in rows


@pytest.mark.parametrize("file_later", [True, False])
def test_of_two_marks_the_later_stays_and_the_other_is_told_and_in_the_history(
    file_later: bool,
) -> None:
    with both(SAYING) as pair:
        id_ = mirrored(pair)["one"]
        for in_file in (False, True) if file_later else (True, False):
            pair.clock.advance(minutes=1)
            if in_file:
                pair.write(SAYING.replace("[ ] **one**", "[/] **one**"))
            else:
                pair.tracker.set_status([id_], Status.SKIPPED)
        found = step(pair)
        winner, mark, lost = ("file", "/", "skipped") if file_later else ("track", "-", "learning")
        assert found.told == [
            f"“one”: status changed on both sides; the {winner} was later, “{lost}” is in the history"
        ]
        assert pair.text == SAYING.replace("[ ] **one**", f"[{mark}] **one**")
        rows = pair.tracker.journal()
        assert lost in [row.value for row in rows if (row.id, row.field) == (id_, "status")]


def test_what_only_one_side_changed_goes_to_the_other_at_once() -> None:
    with both(SAYING) as pair:
        known = mirrored(pair)
        pair.tracker.edit(known["one"], {"title": "due", "first_step": "walk"})
        pair.tracker.set_status([known["gap"]], Status.LEARNED)
        found = edit(pair, SAYING.replace("told", "said").replace("mend", "fix"))
        assert found.told == []
        assert sorted(found.out.changed) == ["due", "gap"]
        text = SAYING.replace("**one**: told", "**due**: said").replace("mend", "fix")
        assert pair.text == text.replace("go\n", "walk\n").replace("1. [ ]", "1. [x]")
        assert value(pair, known["one"], "description") == "said"
        assert value(pair, known["gap"], "action") == "fix"


def test_both_may_come_to_say_the_same() -> None:
    with both(SAYING) as pair:
        id_ = mirrored(pair)["one"]
        pair.tracker.edit(id_, {"title": "uno", "description": "said"})
        pair.tracker.set_status([id_], Status.LEARNED)
        text = SAYING.replace("[ ] **one**: told", "[x] **uno**: said")
        found = edit(pair, text)
        assert (found.told, found.into.empty, found.out.empty) == ([], True, True)
        assert pair.text == text


def test_a_link_in_a_line_is_kept_once_it_was_there() -> None:
    with both("## A\n- [ ] [one](https://a.example/x)\n") as pair:
        id_ = mirrored(pair)["one"]
        found = edit(pair, "## A\n- [ ] [one](https://a.example/y) or [b](https://b.example/)\n")
        assert found.into.changed
        links = [link.url for link in pair.tracker.entry(id_).resources]
        assert links == ["https://a.example/x", "https://a.example/y", "https://b.example/"]
        assert edit(pair, "## A\n- [ ] one\n").told == []
        assert [link.url for link in pair.tracker.entry(id_).resources] == links


def test_a_new_mirror_takes_in_what_its_lines_say_of_what_the_track_has_already() -> None:
    text = "## A\n- [ ] **one**: told\n  - [a](https://a.example/)\n- [x] two\n- [ ] three\n"
    with both(text) as pair:
        held(pair, "A", "one", "two", "three")
        known = ids(pair)
        for title in ("one", "two"):
            link = [{"title": title, "url": f"https://{title}.example/"}]
            pair.tracker.edit(known[title], {"description": "here", "resources": json.dumps(link)})
        pair.tracker.set_status([known["one"], known["three"]], Status.LEARNING)
        found = pair.tracker.mirror_add(str(pair.file))
        assert sorted(found.into.changed) == ["one", "two"] and found.into.new == []
        assert found.told == []
        assert pair.text == text.replace("[ ]", "[/]") and ids(pair) == known
        one, two = (pair.tracker.entry(known[title]) for title in ("one", "two"))
        assert (one.description, one.status) == ("told", Status.LEARNING)
        assert (two.description, two.status) == ("here", Status.LEARNED)
        assert [link.url for link in one.resources] == [
            "https://one.example/",
            "https://a.example/",
        ]


@pytest.mark.parametrize("line", ["#### one\n", "- one:\n"])
def test_an_entry_whose_line_has_no_box_any_more_keeps_its_status(line: str) -> None:
    text = "## A\n\n### Part\n\n- [x] one\n  - [x] inner\n"
    with both(text) as pair:
        known = mirrored(pair)
        inner = "- [x] inner\n" if line[0] == "#" else "  - [x] inner\n"
        found = edit(pair, text.partition("- [x]")[0] + line + inner)
        assert found.told == [] and ids(pair) == known
        assert pair.tracker.entry(known["one"]).status is Status.LEARNED


@pytest.mark.parametrize("tied", [True, False])
def test_a_text_that_is_too_long_is_called_by_its_name(
    tied: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(text_rules, "TEXT_MAX", 50)
    text = "## A\n- [ ] one\n  - Done when: seen\n"
    with both(text) as pair:
        long = text.replace("seen", "seen " * 20)
        if tied:
            mirrored(pair)
            pair.clock.advance(seconds=5)
            pair.write(long)
            (found,) = pair.tracker.mirror_all()
            told = str(found.error)
        else:
            held(pair, "A", "one")
            pair.write(long)
            with pytest.raises(TrackerError) as raised:
                mirrored(pair)
            told = str(raised.value)
        assert "done when" in told and pair.text == long


@pytest.mark.parametrize(("before", "after"), [("", "S"), ("S", "")])
def test_no_effort_in_a_line_is_none_in_the_journal(before: str, after: str) -> None:
    def said(effort: str) -> str:
        return "## A\n- [ ] one\n" + (f"  - Effort: {effort}\n" if effort else "")

    with both(said(before)) as pair:
        id_ = mirrored(pair)["one"]
        changes = edit(pair, said(after)).action.changes
        (change,) = [each for each in changes if each.field == "effort"]
        assert (change.id, change.old, change.new) == (id_, before or None, after or None)


def test_what_a_line_needs_is_taken_in_when_it_is_tied_to_an_entry_that_was_there() -> None:
    with both("") as pair:
        held(pair, "A", "one", "two")
        known = ids(pair)
        pair.write(f"## A\n- [ ] one\n  - Needs: two (`{known['two']}`)\n- [ ] two\n")
        assert mirrored(pair) == known
        assert [link.id for link in pair.tracker.detail(known["one"]).requires] == [known["two"]]


@pytest.mark.parametrize("file_later", [True, False])
def test_of_two_states_the_later_counts(file_later: bool) -> None:
    with both(BACK) as pair:
        id_ = mirrored(pair)["one"]
        text = BACK.replace("[ ] one", "[x] one")
        for in_file in (False, True) if file_later else (True, False):
            pair.clock.advance(minutes=1)
            if in_file:
                pair.write(text)
            else:
                pair.tracker.set_status([id_], Status.LEARNING)
        step(pair)
        status = Status.LEARNED if file_later else Status.LEARNING
        assert pair.tracker.entry(id_).status is status
        assert pair.text == (text if file_later else text.replace("[x]", "[/]"))


def test_of_two_states_of_what_is_made_of_items_that_which_follows_from_them_counts() -> None:
    text = "## A\n- [ ] x\n\n## Critical\n1. [ ] **gap**\n"
    with both(text) as pair:
        known = mirrored(pair)
        pair.tracker.relate(RelationKind.COVERS, known["gap"], known["x"])
        step(pair)
        pair.clock.advance(seconds=5)
        pair.write(text.replace("1. [ ]", "1. [-]"))
        pair.clock.advance(seconds=5)
        pair.tracker.set_status([known["x"]], Status.LEARNED)
        assert step(pair).told == [
            "“gap”: status changed on both sides; the track was later, “skipped” is in the history"
        ]
        assert pair.text == text.replace("[ ]", "[x]")
