"""What one state of the track has that another has not, in words."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from tracker_tui.domain.difference import (
    Content,
    Difference,
    EntryState,
    NoteState,
    differences,
)


def state(
    entries: Mapping[str, EntryState] | None = None,
    notes: Mapping[str, NoteState] | None = None,
    reviews: str = "",
) -> Content:
    return Content(entries or {}, notes or {}, frozenset(reviews))


def entry(title: str, status: str = "todo", rest: str = "") -> EntryState:
    return EntryState(title, status, (rest,))


BOTH = {"c": entry("beta"), "b": entry("Alpha"), "a": entry("beta"), "d": entry("gamma")}
FULL = state(BOTH, {"m": NoteState("a", "one\ntwo"), "k": NoteState("gone", "x")}, "rs")


def test_what_is_the_same_differs_in_nothing() -> None:
    assert differences(FULL, FULL) == differences(state(), state()) == []


@pytest.mark.parametrize(
    ("now", "then", "sort", "words", "examples"),
    [
        (
            state({**BOTH, "c": entry("beta", "learned"), "b": entry("Alpha", "skipped")}),
            state({**BOTH, "b": entry("Alpha", "learning")}),
            "statuses",
            "2 statuses change",
            ("“Alpha”: skipped → learning", "“beta”: learned → todo"),
        ),
        (
            state({"a": entry("A")}),
            state({"a": entry("A", "learned")}),
            "statuses",
            "1 status changes",
            ("“A”: todo → learned",),
        ),
        (
            state(BOTH),
            state({"d": BOTH["d"]}),
            "entries_lost",
            "3 entries are lost",
            ("“Alpha”", "“beta”", "“beta”"),
        ),
        (state(BOTH), state({k: BOTH[k] for k in "abd"}), "entries_lost", "1 entry is lost", None),
        (
            state(),
            state({"b": entry("b"), "a": entry("A")}),
            "entries_regained",
            "2 entries come back",
            ("“A”", "“b”"),
        ),
        (state(), state({"a": entry("A")}), "entries_regained", "1 entry comes back", None),
        (
            state({"b": entry("Old"), "a": entry("Same", rest="x"), "c": entry("C")}),
            state({"b": entry("New"), "a": entry("Same", rest="y"), "c": entry("C")}),
            "entries_changed",
            "2 entries have other texts or other places",
            ("“Old”", "“Same”"),
        ),
        (
            state({"a": entry("A", rest="x")}),
            state({"a": entry("A", rest="y")}),
            "entries_changed",
            "1 entry has other texts or another place",
            ("“A”",),
        ),
        (
            state(
                {"e": entry("E")}, {"n": NoteState("e", "b\nc"), "m": NoteState("else", "x" * 61)}
            ),
            state({"e": entry("E")}),
            "notes_lost",
            "2 notes are lost",
            (f"else: {'x' * 59}…", "“E”: b c"),
        ),
        (state({}, {"n": NoteState("e", "x")}), state(), "notes_lost", "1 note is lost", None),
        (
            state({"e": entry("Old")}),
            state({"e": entry("Old")}, {"n": NoteState("e", "x"), "m": NoteState("e", "y" * 60)}),
            "notes_regained",
            "2 notes come back",
            (f"“Old”: {'y' * 60}", "“Old”: x"),
        ),
        (
            state(),
            state({}, {"n": NoteState("e", "x")}),
            "notes_regained",
            "1 note comes back",
            None,
        ),
        (
            state({"e": entry("E")}, {"n": NoteState("e", "new"), "m": NoteState("e", "same")}),
            state({"e": entry("E")}, {"n": NoteState("e", "old"), "m": NoteState("e", "same")}),
            "notes_changed",
            "1 note reads differently",
            ("“E”: new",),
        ),
        (
            state({}, {"n": NoteState("e", "x"), "m": NoteState("e", "y")}),
            state({}, {"n": NoteState("f", "x"), "m": NoteState("f", "y")}),
            "notes_changed",
            "2 notes read differently",
            ("e: y", "e: x"),
        ),
        (state(reviews="ab"), state(reviews="bc"), "reviews_lost", "1 review is lost", ()),
        (state(reviews="abc"), state(reviews="c"), "reviews_lost", "2 reviews are lost", ()),
        (state(reviews="ab"), state(reviews="bc"), "reviews_regained", "1 review comes back", ()),
        (state(), state(reviews="bc"), "reviews_regained", "2 reviews come back", ()),
    ],
)
def test_each_sort_is_counted_and_named(
    now: Content, then: Content, sort: str, words: str, examples: tuple[str, ...] | None
) -> None:
    found = {one.sort: one for one in differences(now, then)}
    named = found[sort].examples if examples is None else examples
    assert found[sort] == Difference(sort, int(words.split(maxsplit=1)[0]), words, named)
    assert len(found[sort].examples) in (0, found[sort].count)
    assert set(found) <= {sort, "reviews_lost", "reviews_regained"}, "and nothing else differs"


def test_they_come_in_the_order_of_their_weight() -> None:
    other = state(
        {"c": entry("other", "learned"), "e": entry("E")},
        {"m": NoteState("a", "another"), "n": NoteState("a", "x")},
        "st",
    )
    assert [one.sort for one in differences(FULL, other)] == [
        *("statuses", "entries_lost", "entries_regained", "entries_changed"),
        *("notes_lost", "notes_regained", "notes_changed", "reviews_lost", "reviews_regained"),
    ]


def test_a_title_is_shown_on_one_line_and_in_full_up_to_its_width() -> None:
    titles = {"a": entry("a" * 60), "b": entry("b" * 61), "c": entry("c\n\x1b[31md")}
    (lost,) = differences(state(titles), state())
    assert lost.examples == (f"“{'a' * 60}”", f"“{'b' * 59}…”", "“c [31md”")
