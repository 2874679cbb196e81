"""Titles, boxes and texts that the track changed, put over the old ones where they stand in a file."""

from __future__ import annotations

import pytest

from tests.test_mirror_lines import edit, mirrored, step
from tests.test_mirror_random import both
from tracker_tui.domain.words import Status


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("## one\n- [ ] x\n", "## uno\n- [ ] x\n"),
        ("\ufeff## 1. one ##\n- [ ] x\n", "\ufeff## 1. uno ##\n- [ ] x\n"),
        (
            "# T\n\n one\n---\n\n- [ ] x\n\n## B\n- [ ] y",
            "# T\n\n uno\n---\n\n- [ ] x\n\n## B\n- [ ] y",
        ),
        ("\ufeffone\n---\n\n- [ ] x\n", "\ufeffuno\n---\n\n- [ ] x\n"),
        ("- [ ] x\n- [ ] *one*\n", "- [ ] x\n- [ ] *uno*\n"),
        ("## A\n- one:\n  - [ ] x\n", "## A\n- uno:\n  - [ ] x\n"),
        ("## Critical\n1. [ ] **one**\n   words\n", "## Critical\n1. [ ] **uno**\n   words\n"),
    ],
)
def test_a_title_is_put_where_it_stood(before: str, after: str) -> None:
    with both(before) as pair:
        pair.tracker.edit(mirrored(pair)["one"], {"title": "uno"})
        found = step(pair)
        assert (found.out.changed, found.told) == (["uno"], [])
        assert pair.text == after


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("description", "## A\n- [ ] **one**: x\n"),
        ("title", "## A\n- [ ] x\n"),
        ("impact", "## Critical\n1. **one**\n   - Impact: x\n"),
    ],
)
def test_a_text_of_one_character_can_be_changed_and_changed_back(name: str, text: str) -> None:
    with both(text) as pair:
        known = mirrored(pair)
        id_ = known["x"] if name == "title" else known["one"]
        for said in ("y", "x"):
            pair.tracker.edit(id_, {name: said})
            step(pair)
            assert pair.text == text.replace("x", said)


def test_a_description_keeps_the_spaces_in_it_and_other_texts_have_none_to_keep() -> None:
    text = "## A\n- [ ] **one**: told\n  - First step: go\n"
    with both(text) as pair:
        id_ = mirrored(pair)["one"]
        for name in ("description", "first_step"):
            pair.tracker.edit(id_, {name: "a  b"})
        step(pair)
        assert pair.text == text.replace("told", "a  b")


def test_a_box_and_words_of_one_line_are_changed_at_once() -> None:
    with both("## A\n- [ ] **x**: told\n- [ ] y\n") as pair:
        known = mirrored(pair)
        pair.tracker.edit(known["x"], {"title": "z", "description": "said"})
        pair.tracker.edit(known["y"], {"title": "v"})
        pair.tracker.set_status([known["x"], known["y"]], Status.LEARNED)
        assert step(pair).out.changed == ["z", "v"]
        assert pair.text == "## A\n- [x] **z**: said\n- [x] v\n"
        assert edit(pair, f"{pair.text}\nwords\n").into.empty


def test_a_box_that_the_file_had_stays_where_one_that_the_mirror_put_there_goes() -> None:
    text = "### Short-term\n1. [ ] own\n2. bare\n"
    with both(text) as pair:
        known = mirrored(pair)
        steps = [known["own"], known["bare"]]
        pair.tracker.set_status(steps, Status.LEARNED)
        step(pair)
        assert pair.text == "### Short-term\n1. [x] own\n2. [x] bare\n"
        pair.tracker.set_status(steps, Status.TODO)
        step(pair)
        assert pair.text == text


def test_words_that_would_be_read_as_others_are_told_and_keep_no_others_out() -> None:
    text = "## A\n- [ ] one\n- [ ] two\n- [ ] three\n\n[link]: https://x.example/\n"
    with both(text) as pair:
        known = mirrored(pair)
        pair.tracker.edit(known["one"], {"title": "[link]"})
        pair.tracker.set_status([known["two"]], Status.LEARNED)
        pair.tracker.edit(known["three"], {"title": "four"})
        pair.tracker.edit(known["A"], {"title": "B"})
        found = step(pair)
        assert found.told == [
            "“[link]”: its title and texts cannot be said in the file without changing what else"
            " stands there; they are as they were"
        ]
        assert sorted(found.out.changed) == ["B", "four", "two"]
        assert pair.text == "## B\n- [ ] one\n- [x] two\n- [ ] four\n\n[link]: https://x.example/\n"


def test_a_title_in_a_file_without_headings_is_put_where_it_stood() -> None:
    with both("- [ ] one\n- [ ] two\n") as pair:
        pair.tracker.edit(mirrored(pair)["one"], {"title": "uno"})
        assert step(pair).told == []
        assert pair.text == "- [ ] uno\n- [ ] two\n"


@pytest.mark.parametrize(
    ("before", "title", "after"),
    [
        ("## one\n### Part\n- [ ] x\n", "uno", "## uno\n### Part\n- [ ] x\n"),
        ("  ## one\n### Part\n- [ ] x\n", "uno", "  ## uno\n### Part\n- [ ] x\n"),
        ("\ufeff## one\n### Part\n- [ ] x\n", "uno", "\ufeff## uno\n### Part\n- [ ] x\n"),
        ("one\n---\n\n- [ ] x\n", "X-ray", "X-ray\n---\n\n- [ ] x\n"),
    ],
)
def test_a_title_of_a_heading_is_read_alone(before: str, title: str, after: str) -> None:
    with both(before) as pair:
        pair.tracker.edit(mirrored(pair)["one"], {"title": title})
        assert step(pair).told == []
        assert pair.text == after


@pytest.mark.parametrize(
    ("text", "old", "title"),
    [
        ("## A\n- [ ] x\n", "A", "Critical"),
        ("one\ntwo\n---\n\n- [ ] x\n", "one two", "uno"),
    ],
)
def test_a_title_that_cannot_be_said_in_its_line_is_told_and_stays_as_it_was(
    text: str, old: str, title: str
) -> None:
    with both(text) as pair:
        pair.tracker.edit(mirrored(pair)[old], {"title": title})
        found = step(pair)
        assert found.told == [
            f"“{title}”: its new title cannot be said in its line, which is as it was"
        ]
        assert pair.text == text and found.out.empty


@pytest.mark.parametrize(
    ("name", "said"), [("done_when", ""), ("description", ""), ("description", "a\nb")]
)
def test_texts_that_were_emptied_or_have_several_lines_now_leave_the_file_as_it_is(
    name: str, said: str
) -> None:
    text = "## A\n- [ ] **one**: told\n  - Done when: seen\n"
    with both(text) as pair:
        id_ = mirrored(pair)["one"]
        pair.tracker.edit(id_, {name: said})
        assert step(pair).told == []
        assert pair.text == text and getattr(pair.tracker.entry(id_), name) == said
        edit(pair, f"{text}- [ ] two\n")
        assert getattr(pair.tracker.entry(id_), name) == said
