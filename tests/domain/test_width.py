"""How wide text is, and cutting it where it can be cut."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker_tui.domain.width import cells, clusters, cut, fit, wrapped

FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
FLAG = "\U0001f1e9\U0001f1ea"
THUMB = "\U0001f44d\U0001f3fd"


@pytest.mark.parametrize(
    ("text", "width"),
    [
        ("", 0),
        ("plain", 5),
        ("é", 1),
        ("e\u0301\u0302", 1),
        ("学习", 4),
        ("ｆｕ", 4),
        ("한글", 4),
        ("\u1112\u1161\u11ab", 2),
        ("🦀", 2),
        ("❤", 1),
        ("❤\ufe0f", 2),
        ("1\ufe0f\u20e3", 2),
        (FAMILY, 2),
        (FLAG, 2),
        (FLAG[0], 1),
        ("a\u20dd", 1),
        (FLAG * 2, 4),
        (THUMB, 2),
        ("\u200d", 0),
        ("a\u200bb", 2),
    ],
)
def test_width_in_cells(text: str, width: int) -> None:
    assert cells(text) == width


@pytest.mark.parametrize("whole", [FAMILY, FLAG, THUMB, "e\u0301", "a\u20dd", "❤\ufe0f"])
def test_what_is_one_to_the_eye_is_not_taken_apart(whole: str) -> None:
    assert list(clusters(f"a{whole}b")) == ["a", whole, "b"]
    assert cut(f"{whole}xxxx", 4).startswith(whole)
    assert cut(f"xx{whole}x", 3) in (f"xx{whole}x", "xx…")


def test_cutting() -> None:
    assert cut("abcdef", 6) == "abcdef"
    assert cut("abcdef", 5) == "abcd…"
    assert cut("ab cdef", 4) == "ab…"
    assert cut("学习学习", 5) == "学习…"
    assert cut("学习学习", 4) == "学…"
    assert fit([("ab", "x"), ("cdef", "y"), ("gh", "z")], 5) == [("ab", "x"), ("cd…", "y")]
    assert fit([("ab", "x")], 2) == [("ab", "x")]


@given(st.text(max_size=20), st.integers(0, 20))
def test_what_is_cut_fits_and_is_a_beginning(text: str, width: int) -> None:
    found = cut(text, width)
    assert cells(found) <= max(1, width)
    assert found == text or text.startswith(found.removesuffix("…"))
    assert "".join(clusters(text)) == text


def test_wrapping() -> None:
    assert wrapped("one two three", 8) == ["one two", "three"]
    assert wrapped("  one two three", 8) == ["  one", "  two", "  three"]
    assert wrapped("Xone  two three", 9) == ["Xone  two", "three"]
    assert wrapped("\tone two three", 8) == ["\tone two", "three"]
    assert wrapped("one two ", 8) == ["one two "], "what fits stays as it is"
    assert wrapped("one\n\ntwo", 8) == ["one", "", "two"]
    assert wrapped("学习 学习 a", 5) == ["学习", "学习", "a"]
    assert wrapped("incomprehensibilities are long", 8) == ["incomprehensibilities", "are long"]


@given(st.text(st.sampled_from("ab 学\n"), max_size=40), st.integers(2, 20))
def test_wrapping_loses_no_word(text: str, width: int) -> None:
    found = wrapped(text, width)
    assert " ".join(found).split() == text.split()
    assert all(cells(line) <= width or " " not in line.strip() for line in found)
