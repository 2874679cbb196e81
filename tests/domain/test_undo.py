"""Taking back: what was before comes again, and what was done since stays."""

from __future__ import annotations

import pytest

from tracker_tui.domain.journal import Change, Row, Value
from tracker_tui.domain.undo import Told, inverse, standing
from tracker_tui.domain.words import Entity

AT = "2026-11-12T08:00:00Z"


def change(field: str, old: Value, new: Value, entity: Entity = Entity.ENTRY) -> Change:
    return Change(entity, "x", field, old, new)


def row(n: int, action: str, field: str, value: Value, lamport: int | None = None) -> Row:
    return Row("a", n, n if lamport is None else lamport, AT, action, "entry", "x", field, value)


def test_the_inverse_of_a_change_is_what_was_before() -> None:
    rows = [row(1, "a-1", "status", "learning"), row(2, "a-2", "status", "learned")]
    assert inverse("a-2", rows) == [change("status", "learned", "learning")]
    assert inverse("a-1", rows) == []  # something later has set it
    assert inverse("a-1", rows[:1]) == [change("status", "learning", "todo")]


def test_what_an_action_made_is_deleted_and_keeps_its_fields() -> None:
    rows = [row(1, "a-1", "title", "T", 1), row(2, "a-1", "deleted", 0, 1)]
    assert inverse("a-1", rows) == [change("deleted", 0, 1)]


def test_taking_back_what_changes_nothing_is_nothing() -> None:
    rows = [row(1, "a-1", "status", "todo"), row(2, "a-2", "horizon", None)]
    assert inverse("a-2", rows) == []
    assert inverse("unknown", rows) == []


def test_rows_may_come_in_any_order_and_other_entities_have_their_own_beginnings() -> None:
    rows = [row(3, "a-3", "status", "learned"), row(1, "a-1", "status", "learning")]
    assert inverse("a-3", rows) == [change("status", "learned", "learning")]
    # The clock decides, and not the name of the replica.
    other = row(1, "z-1", "status", "skipped")._replace(replica="z")
    assert inverse("a-3", [rows[0], other]) == [change("status", "learned", "skipped")]
    theirs = [row(3, "a-3", "deleted", 1), row(1, "z-1", "deleted", 0)._replace(replica="z")]
    assert inverse("a-3", [*theirs, row(4, "a-3", "title", "T", 3)]) == [
        *(change("deleted", 1, 0), change("title", "T", ""))
    ]
    made = [row(2, "a-2", "deleted", 1), row(1, "a-1", "deleted", 0), row(1, "a-1", "title", "T")]
    assert inverse("a-2", made) == [change("deleted", 1, 0)]
    assert inverse("a-1", made) == [], "what was deleted since stays so"
    # What somebody else made, and only this action gave a title, loses that.
    assert inverse("a-2", [row(1, "a-1", "deleted", 0), row(2, "a-2", "title", "T")]) == [
        change("title", "T", "")
    ]


@pytest.mark.parametrize(
    ("entity", "field", "value", "before"),
    [
        ("entry", "horizon", "short", None),
        ("note", "text", "words", ""),
        ("relation", "position", "a1", "a0"),
        ("review", "rating", 1, 3),
        ("day", "queue", "[]", None),
    ],
)
def test_what_nothing_was_said_of_goes_back_to_its_beginning(
    entity: str, field: str, value: Value, before: Value
) -> None:
    said = row(1, "a-1", field, value)._replace(entity=entity)
    told = said._replace(entity="action", field="label", value="what it did", id="a-1")
    assert inverse("a-1", [told, said]) == [change(field, value, before, Entity(entity))]


# What was undone never was


@pytest.mark.parametrize(
    ("done", "action", "old", "new"),
    [
        # The last doing counts, and before it what stood then.
        (["1 learning", "2 learned", "3 learning undoes 2"], "1", "learning", "todo"),
        (
            ["1 learning", "2 learned", "3 learning undoes 2", "4 skipped"],
            "4",
            "skipped",
            "learning",
        ),
        (["1 learned", "2 todo undoes 1", "3 skipped"], "3", "skipped", "todo"),
        # Taking the undoing back, and the doing again.
        (["1 learning", "2 learned", "3 learning undoes 2"], "3", "learning", "learned"),
        # What was done again has its place before what was done after it and is undone yet.
        (
            [
                "1 learning",
                "2 learned",
                "3 learning undoes 2",
                "4 todo undoes 1",
                "5 learning redoes 1",
            ],
            "3",
            "learning",
            "learned",
        ),
        (
            ["1 learning", "2 learned", "3 learning undoes 2", "4 learned redoes 2"],
            "4",
            "learned",
            "learning",
        ),
        # What was done again stands where that was: it is what one sees, and stays.
        (
            [
                "1 learning",
                "2 learned",
                "3 learning undoes 2",
                "4 skipped other",
                "5 learned redoes 2",
            ],
            "4",
            None,
            None,
        ),
        # What nobody tells of stands.
        (["1 learning untold", "2 learned"], "2", "learned", "learning"),
        (["1 learning redoes 0", "2 learned"], "2", "learned", "learning"),
        (["1 learning", "2 learned"], "1", None, None),
        (["1 learning", "2 learned untold"], "2", "learned", "learning"),
    ],
)
def test_what_was_undone_never_was(done: list[str], action: str, old: Value, new: Value) -> None:
    rows, told = [], []
    undone = {words.split()[-1] for words in done if " undoes " in words}
    undone -= {words.split()[-1] for words in done if " redoes " in words}
    for words in done:
        id_, value, *rest = words.split()
        rows.append(row(int(id_), id_, "status", value))
        about = dict([rest]) if len(rest) == 2 else {}
        state = "undone" if id_ in undone else "done"
        if rest != ["untold"]:
            told.append(Told(id_, about.get("undoes"), about.get("redoes"), state))
    wanted = [] if old is None else [change("status", old, new)]
    assert inverse(action, standing(action, rows[::-1], told)) == wanted


def test_what_adding_again_says_in_few_words_is_what_it_said_at_first() -> None:
    rows = [
        row(1, "1", "title", "T", 1),
        row(2, "1", "deleted", 0, 1),
        row(3, "2", "deleted", 1, 2),
        row(4, "3", "deleted", 0, 3),
        row(5, "4", "title", "Mine", 4),
    ]
    told = [
        Told("1", None, None, "done"),
        Told("2", "1", None, "done"),
        Told("3", None, "1", "done"),
        Told("4", None, None, "done"),
    ]
    assert [one.target for one in told] == ["1", "1", "1", "4"]
    assert inverse("4", standing("4", rows, told)) == [change("title", "Mine", "T")]
    stands = standing("4", rows, told)
    assert [(r.action, r.field, r.stamp) for r in stands] == [
        ("1", "title", (1, "a", 1)),
        ("3", "deleted", (3, "a", 4)),
        ("4", "title", (4, "a", 5)),
    ]
    assert inverse("3", standing("3", rows, told)) == [change("deleted", 0, 1)]
    assert standing("unknown", rows[:2], told[:1]) == rows[:2]
    # Under another name it was done again where that was, too.
    again = [*rows[:3], *(r._replace(replica="Z") for r in rows[3:4])]
    stands = standing("4", again, [*told[:2], Told("3", None, "1", "done")])
    assert [r.stamp for r in stands] == [(1, "a", 1), (3, "Z", 4)]
    turned = [rows[4], rows[0]._replace(replica="z"), *rows[1:4]]
    assert [r.n for r in standing("4", turned, told)] == [1, 4, 5]
