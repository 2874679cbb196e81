"""The small language: what each term means, and where it points when it means nothing."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker_tui.domain.query import (
    HAS_VALUES,
    HELP,
    IS_VALUES,
    TERMS_MAX,
    Field,
    Query,
    QueryError,
    Term,
    When,
    begun,
    completed,
    parse,
)

TODAY = date(2026, 11, 24)


def terms(words: str) -> list[Term]:
    return list(parse(words, TODAY).terms)


@pytest.mark.parametrize(
    ("words", "term"),
    [
        ("worktree", Term(Field.TEXT, ("worktree",), start=0, end=8)),
        (" -x", Term(Field.TEXT, ("x",), negated=True, start=1, end=3)),
        ('"a b"', Term(Field.TEXT, ("a b",), phrase=True, start=0, end=5)),
        ('-"a"', Term(Field.TEXT, ("a",), negated=True, phrase=True, start=0, end=4)),
        ("status:learning", Term(Field.STATUS, ("learning",), start=0, end=15)),
        ("STATUS:Learning,todo", Term(Field.STATUS, ("learning", "todo"), start=0, end=20)),
        ("-horizon:none", Term(Field.HORIZON, ("none",), negated=True, start=0, end=13)),
        ("kind:,gap,", Term(Field.KIND, ("gap",), start=0, end=10)),
        ('category:"a, b"', Term(Field.CATEGORY, ("a, b",), start=0, end=15)),
        ("section:x", Term(Field.SECTION, ("x",), start=0, end=9)),
        ("is:open", Term(Field.IS, ("open",), start=0, end=7)),
        ("effort:s,NONE", Term(Field.EFFORT, ("S", "none"), start=0, end=13)),
        ("has:notes,links", Term(Field.HAS, ("notes", "links"), start=0, end=15)),
        ("updated:<7d", Term(Field.UPDATED, ("2026-11-18",), when=When.SINCE, start=0, end=11)),
        ("updated:>1w", Term(Field.UPDATED, ("2026-11-17",), when=When.BEFORE, start=0, end=11)),
        ("updated:0d", Term(Field.UPDATED, ("2026-11-24",), when=When.ON, start=0, end=10)),
        ("updated:<0d", Term(Field.UPDATED, ("2026-11-24",), when=When.SINCE, start=0, end=11)),
        ("created:>9999y", Term(Field.CREATED, ("0001-01-01",), when=When.BEFORE, start=0, end=14)),
        (
            "created:>2026-01-31",
            Term(Field.CREATED, ("2026-01-31",), when=When.SINCE, start=0, end=19),
        ),
        (
            "created:<2026-01-31",
            Term(Field.CREATED, ("2026-01-31",), when=When.BEFORE, start=0, end=19),
        ),
        (
            " -updated:1w",
            Term(Field.UPDATED, ("2026-11-17",), negated=True, start=1, end=12),
        ),
        (" -section:x", Term(Field.SECTION, ("x",), negated=True, start=1, end=11)),
        ("created:2026-01-31", Term(Field.CREATED, ("2026-01-31",), start=0, end=18)),
        ("C++", Term(Field.TEXT, ("C++",), start=0, end=3)),
        ("a-b", Term(Field.TEXT, ("a-b",), start=0, end=3)),
    ],
)
def test_a_term(words: str, term: Term) -> None:
    assert terms(words) == [term]


@pytest.mark.parametrize("words", ["", " ", "\t\n", "-", '""', '-" "', "\x00", "\ud800"])
def test_nothing_to_look_for_means_everything(words: str) -> None:
    assert parse(words, TODAY) == Query()
    assert not parse(words, TODAY)


def test_terms_stand_side_by_side() -> None:
    assert parse("git", TODAY)
    found = terms('git status:todo -"two words"x')
    assert [(t.field, t.values, t.negated) for t in found] == [
        (Field.TEXT, ("git",), False),
        (Field.STATUS, ("todo",), False),
        (Field.TEXT, ("two words",), True),
        (Field.TEXT, ("x",), False),
    ]


@pytest.mark.parametrize(
    ("words", "wrong", "advice"),
    [
        ("a statuss:todo b", "statuss:todo", "did you mean status?"),
        ("http://x.example", "http://x.example", "in quotes looks for the text"),
        ("a -status:x", "-status:x", "one of todo"),
        ("status:lerned", "status:lerned", "did you mean learned?"),
        ("status:todo,x", "status:todo,x", "one of todo"),
        ("status:", "status:", "one of todo"),
        ("status:,", "status:,", "one of todo"),
        ("has:,,", "has:,,", "one of notes"),
        ("is:, x", "is:,", "one of critical"),
        ("effort:XL", "effort:XL", "one of S, M, L, none"),
        ("is:redy", "is:redy", "did you mean ready?"),
        ('category:" "', 'category:" "', ""),
        ("section:,", "section:,", ""),
        ('x "y', '"y', 'end it with "'),
        ('x"', '"', 'end it with "'),
        ('status:"todo', 'status:"todo', 'end it with "'),
        ("updated:", "updated:", "such as updated:<7d"),
        ("updated:<", "updated:<", "such as updated:<7d"),
        ("updated:<7x", "updated:<7x", "such as updated:<7d"),
        ("created:2026-02-30", "created:2026-02-30", "such as created:<7d"),
        ("updated:<99999d", "updated:<99999d", "such as"),
        ("updated:X7d", "updated:X7d", "such as updated:<7d"),
    ],
)
def test_what_makes_no_sense_is_pointed_at(words: str, wrong: str, advice: str) -> None:
    for before in ("", "git "):
        with pytest.raises(QueryError) as caught:
            parse(before + words, TODAY)
        start = len(before) + words.index(wrong)
        assert (caught.value.start, caught.value.end) == (start, start + len(wrong))
        assert advice in caught.value.advice


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (
            "statuss:x",
            '“statuss:” is not a field; did you mean status?; "statuss:x" in quotes looks for the text',
        ),
        ("status:x", "“x” is not a value of status:; one of todo, learning, learned, skipped"),
        ("status:LERNED", "“LERNED” is not a value of status:; did you mean learned?"),
        (
            "is:",
            "“is:” needs a value; one of critical, snoozed, open, covered, ready, blocked, retired",
        ),
        ("section:", "“section:” needs a value"),
        ("created:", "“created:” needs a value; such as updated:<7d"),
        (
            "created:x",
            "“x” is neither an age nor a date; such as created:<7d or created:>2026-01-31",
        ),
        ('a "b', 'a quote is not closed; end it with "'),
        ("x " * 101, "more than 100 terms; ask for less"),
        ("section:" + "x," * 101, "more than 100 values; ask for less"),
    ],
)
def test_what_makes_no_sense_is_said_in_one_line(words: str, told: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse(words, TODAY)
    assert str(caught.value) == told


@pytest.mark.parametrize(
    ("written", "offered"),
    [
        ("h", [("horizon:", "immediate, short, medium, none"), ("has:", ", ".join(HAS_VALUES))]),
        ("-CAT", [("-category:", "a part of its title or id")]),
        ("se", [("section:", "a part of its title or id")]),
        ("u", [("updated:", "changed within 7 days; > for longer ago; d, w, m or y; or a date")]),
        ("x", []),
        ("horizon:", [(f"horizon:{one}", "") for one in ("immediate", "short", "medium", "none")]),
        ("-is:Re", [("-is:ready", ""), ("-is:retired", "")]),
        ("status:todo,l", [("status:todo,learning", ""), ("status:todo,learned", "")]),
        ("section:x", []),
        ("nothing:x", []),
    ],
)
def test_what_is_begun_is_offered_with_what_it_finds(
    written: str, offered: list[tuple[str, str]]
) -> None:
    assert begun(written) == offered


def test_every_field_is_offered_with_words() -> None:
    assert all(words for _, words in begun(""))
    assert [name for name, _ in begun("-")] == [f"-{f}:" for f in Field if f is not Field.TEXT]


def test_there_is_a_limit_to_terms_and_values() -> None:
    assert len(terms("x " * TERMS_MAX)) == TERMS_MAX
    with pytest.raises(QueryError, match="terms") as caught:
        parse("x " * 5_000, TODAY)
    assert (caught.value.start, caught.value.end) == (2 * TERMS_MAX, 2 * TERMS_MAX + 1)
    assert len(terms("section:" + "x," * TERMS_MAX)[0].values) == TERMS_MAX
    with pytest.raises(QueryError, match="values") as caught:
        parse("x status:" + "todo," * 5_000, TODAY)
    assert (caught.value.start, caught.value.end) == (2, 9 + 5 * 5_000)


@given(
    st.text(st.sampled_from('ab:-"<>,7d \x00\x1b\ud800🙂') | st.characters(codec=None), max_size=30)
)
def test_any_text_is_a_query_or_points_into_itself(words: str) -> None:
    try:
        found = parse(words, TODAY)
    except QueryError as error:
        assert 0 <= error.start < error.end <= len(words)
        assert str(error).isprintable()
        return
    spans = [(t.start, t.end) for t in found.terms]
    assert all(0 <= start < end <= len(words) for start, end in spans)
    assert all(one[1] <= other[0] for one, other in zip(spans, spans[1:], strict=False))
    assert all(value.strip() for term in found.terms for value in term.values)


def test_the_help_names_every_field_and_value() -> None:
    told = " ".join(part for line in HELP for part in line)
    for field in Field:
        assert field is Field.TEXT or f"{field}:" in told
    for value in (*IS_VALUES, *HAS_VALUES):
        assert value in told


@pytest.mark.parametrize(
    ("words", "whole"),
    [
        ("st", "status:"),
        ("git -EF", "git -EFfort:"),
        ("status:", "status:todo"),
        ("lfs status:todo,lea", "lfs status:todo,learning"),
        ("status:todo,learning,lea", "status:todo,learning,learned"),
        ("-is:re", "-is:ready"),
        ("is:b", "is:blocked"),
        ("effort:m", None),
        ("is:ready", None),
        ("s", None),
        ("git", None),
        ("", None),
        ("status: ", None),
        ("nothing:x", None),
        ("updated:<", None),
        ('"st', None),
        ("category:t", None),
    ],
)
def test_a_query_is_completed_where_it_is_clear_what_is_meant(
    words: str, whole: str | None
) -> None:
    assert completed(words) == whole


@given(st.text(st.sampled_from('stau:is,- "x'), max_size=12))
def test_what_is_completed_begins_with_what_was_typed(words: str) -> None:
    whole = completed(words)
    assert whole is None or (whole.startswith(words) and len(whole) > len(words))
