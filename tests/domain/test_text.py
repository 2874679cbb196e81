"""No text that was cleaned, and none that is shown, can do anything to a terminal."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker_tui.domain import text
from tracker_tui.domain.track import Resource, address_key
from tracker_tui.errors import TrackerError, nearest, one_line

ANY = st.text(st.characters(codec=None, categories=None), max_size=60) | st.text(
    st.sampled_from("a \t\n\r\x00\x1b\x7f\x85\x9b\u200f\u202e\u2028\u2066\ud800\udfff🙂é\u3000[/]"),
    max_size=30,
)
TURNING = "\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


def harmless(shown: str, allowed: str = "") -> bool:
    return all(
        c in allowed
        or (unicodedata.category(c) not in ("Cc", "Cs", "Zl", "Zp") and c not in TURNING)
        for c in shown
    )


@given(ANY)
def test_a_line_is_harmless_and_cleaning_it_again_changes_nothing(words: str) -> None:
    line = text.line(words)
    assert harmless(line)
    assert text.line(line) == line
    assert line == line.strip()


@given(ANY)
def test_a_block_keeps_lines_and_tabs_and_nothing_else_that_controls(words: str) -> None:
    block = text.block(words)
    assert harmless(block, "\n\t")
    assert text.block(block) == block


@given(ANY)
def test_what_is_shown_is_harmless_whatever_the_database_holds(words: str) -> None:
    assert harmless(text.shown(words))
    assert harmless(text.shown_block(words), "\n")


@given(ANY)
def test_harmless_keeps_every_place(words: str) -> None:
    assert len(text.harmless(words)) == len(words)
    assert harmless(text.harmless(words), "\n\t")


@given(st.text(st.characters(min_codepoint=32, max_codepoint=126)))
def test_plain_text_is_shown_as_it_is(words: str) -> None:
    assert text.shown(words) == words


@given(ANY)
def test_an_error_is_one_printable_line(words: str) -> None:
    error = TrackerError(words, words)
    for part in (error.problem, error.advice, str(error)):
        assert part.isprintable()
        assert len(part) <= 1_002
    assert one_line(error.problem) == error.problem


@pytest.mark.parametrize(
    "between", ["\n", "\r\n", "\r", "\x0b", "\x0c", "\x85", "\u2028", "\u2029"]
)
def test_every_sort_of_line_break_is_one(between: str) -> None:
    assert text.block(f"one{between}two") == "one\ntwo"
    assert text.shown(f"one{between}two") == "one two"
    assert text.line(f"one{between}two") == "one two"
    assert text.shown_block(f"one{between}two") == "one\ntwo"


def test_a_tab_cannot_move_the_cursor_in_a_line() -> None:
    assert text.shown("a\tb") == "a b"
    assert text.shown_block("a\tb") == "a   b"


@pytest.mark.parametrize("wrong", ["", " ", "\u3000", "\x1b", "\u200b", "\u200d\u2060", "\ud800"])
def test_a_title_that_nobody_can_see_is_refused(wrong: str) -> None:
    with pytest.raises(TrackerError, match="empty"):
        text.title(wrong)


@pytest.mark.parametrize(
    "right", ["x", "é", "日本語", "🙂", "👩‍👩‍👧", "שלום", "\ue0a0", "[/foo] x"]
)
def test_a_title_in_any_script_is_kept(right: str) -> None:
    assert text.title(f"  {right}\n") == right


@pytest.mark.parametrize(
    ("check", "problem", "advice"),
    [
        (lambda: text.title("\n"), "a title cannot be empty", ""),
        (
            lambda: text.title("x" * 1_001),
            "the title has 1,001 characters and 1,000 is the most",
            "put the rest in the description or a note",
        ),
        (
            lambda: text.body("x" * 1_000_001, "impact"),
            "the impact has 1,000,001 characters and 1,000,000 is the most",
            "keep it in a file and note where it is",
        ),
    ],
)
def test_what_is_too_much_is_said(check: Callable[[], str], problem: str, advice: str) -> None:
    with pytest.raises(TrackerError) as caught:
        check()
    assert (caught.value.problem, caught.value.advice) == (problem, advice)


@pytest.mark.parametrize(
    ("words", "flat", "block"),
    [
        ("git  log   -p ", "git  log   -p", "git  log   -p"),
        ("  one \n  two\n\n", "one two", "  one\n  two"),
        ("\n\ta \n\n b\x1b", "a  b", "\ta\n\n b"),
        ("é\x00 \n", "é", "é"),
        ("Xé\nX", "Xé X", "Xé\nX"),
    ],
)
def test_a_command_keeps_its_spaces_and_a_block_its_lines(
    words: str, flat: str, block: str
) -> None:
    assert text.flat(words) == flat
    assert text.block(words) == block


@pytest.mark.parametrize(
    ("value", "indent", "written"),
    [
        ({"ä": ["a\x1b\u202e", 1]}, None, '{"ä": ["a\\u001b\\u202e", 1]}'),
        (["\ud800\x9b"], 1, '[\n "\\ud800\\u009b"\n]'),
    ],
)
def test_json_says_what_is_true_and_does_no_harm(
    value: object, indent: int | None, written: str
) -> None:
    assert text.json_line(value, indent) == written
    assert json.loads(written) == value


def test_what_is_cut_ends_in_an_ellipsis_without_a_space_before_it() -> None:
    assert text.shortened("abcdef", 6) == "abcdef"
    assert text.shortened("abcdefg", 6) == "abcde…"
    assert text.shortened("abcd fg", 6) == "abcd…"
    assert text.shortened("ab", 0) == text.shortened("ab", 1) == "…"


def test_lengths_are_limited_after_cleaning() -> None:
    assert len(text.title("x" * text.TITLE_MAX + " " * 5_000)) == text.TITLE_MAX
    with pytest.raises(TrackerError, match="10,000 characters and 1,000 is the most"):
        text.title("x" * 10_000)
    assert len(text.body("x" * text.TEXT_MAX, "note")) == text.TEXT_MAX
    with pytest.raises(TrackerError, match="the note has 1,000,001 characters"):
        text.body("x" * (text.TEXT_MAX + 1), "note")


@pytest.mark.parametrize(
    ("words", "urls"),
    [
        ("see https://git-scm.com.", ["https://git-scm.com"]),
        ("(https://a.example/b)", ["https://a.example/b"]),
        ("https://en.wikipedia.org/wiki/Rust_(language)", None),
        (
            "[x](https://a.example/b?c=1&d=2), https://e.example/!?",
            ["https://a.example/b?c=1&d=2", "https://e.example/"],
        ),
        ("http://, http://... https://)", []),
        ("ftp://a.example javascript:alert(1)", []),
        ("HTTPS://A.example HTTPS://A.example", ["HTTPS://A.example"]),
    ],
)
def test_links_are_found_without_what_ends_the_sentence(words: str, urls: list[str] | None) -> None:
    assert [link.url for link in text.links([], [words])] == ([words] if urls is None else urls)


def test_own_links_come_first_and_each_address_once() -> None:
    own = [Resource("The book", "https://git-scm.com")]
    found = text.links(own, ["https://other.example https://git-scm.com"])
    assert found == [*own, Resource("other.example", "https://other.example")]
    (link,) = text.links([], ["https://web.example/X//https://other.example/X"])
    assert link.title == "web.example/X//https://other.example/X"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://example.org/a", "HTTPS://EXAMPLE.org/a", True),
        ("https://example.org/a", "https://example.org/A", False),
        ("https://Example.org?Q=1", "https://example.org?Q=1", True),
        ("https://example.org#A", "https://example.org#a", False),
        ("https://U@example.org/", "https://u@example.org/", False),
        ("mailto:A", "mailto:a", False),
    ],
)
def test_of_an_address_scheme_and_host_have_no_case(one: str, other: str, same: bool) -> None:
    assert (address_key(one) == address_key(other)) is same


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("HTTPS://Me@Example.ORG/A?B=HTTP://X", "https://Me@example.org/A?B=HTTP://X"),
        ("https://X.ORG?A?B/C", "https://x.org?A?B/C"),
        ("https://X.ORG#A?B#C", "https://x.org#A?B#C"),
        ("https://X.ORG", "https://x.org"),
    ],
)
def test_all_behind_the_host_of_an_address_stays_as_it_is(url: str, key: str) -> None:
    assert address_key(url) == key


def test_a_megabyte_of_brackets_is_no_work() -> None:
    assert text.links([], ["https://" + ")" * 1_000_000]) == []


@pytest.mark.parametrize(
    ("count", "wanted"), [(0, "0 items"), (1, "1 item"), (2, "2 items"), (1_234, "1,234 items")]
)
def test_plural(count: int, wanted: str) -> None:
    assert text.plural(count, "item") == wanted
    assert text.plural(2, "category", "categories") == "2 categories"


@given(st.text(max_size=30), st.integers(1, 20))
def test_shortened_is_never_longer_than_asked(words: str, width: int) -> None:
    short = text.shortened(words, width)
    assert len(short) <= width
    assert short == words or short.endswith("…")


def test_nearest_names_the_right_word_or_all_of_them() -> None:
    assert nearest("statu", ["status", "kind"]) == "did you mean status?"
    assert nearest("zzz", ["status", "kind"]) == "one of status, kind"


@pytest.mark.parametrize(
    ("given_", "seen"),
    [
        ("\u2699\ufe0f gear", "\u2699 gear"),
        ("\U0001f469\u200d\U0001f4bb", "\U0001f469\U0001f4bb"),
        ("\U0001f44d\U0001f3fd", "\U0001f44d"),
        ("\u0646\u0645\u06cc\u200c\u062e", "\u0646\u0645\u06cc\u200c\u062e"),
        ("\u0915\u094d\u200d\u0937", "\u0915\u094d\u200d\u0937"),
        ("\u2764\ufe0f\u200d\U0001f525", "\u2764\U0001f525"),
    ],
)
def test_emoji_are_as_wide_in_every_terminal(given_: str, seen: str) -> None:
    assert text.shown(given_) == seen
    assert text.shown_block(given_) == seen


def test_of_a_text_that_no_pane_can_wrap_a_part_is_shown_and_the_rest_is_told() -> None:
    assert text.shown_part("a\tb\x1b") == "a   b"
    assert text.shown_part("x" * text.PART_MAX) == "x" * text.PART_MAX
    assert text.shown_part("x" * (text.PART_MAX + 1)).endswith(
        "\n(1 more characters; tracker show has all)"
    )
    long = text.shown_part("x" * (text.PART_MAX + 1_234))
    assert long.startswith("x" * text.PART_MAX + " …\n")
    assert long.endswith("(1,234 more characters; tracker show has all)")
