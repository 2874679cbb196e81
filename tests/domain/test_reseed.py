"""What a version of a seed would change: what is told of each kind of change, and in what order."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

import pytest

from tracker_tui.domain.journal import Row, Value
from tracker_tui.domain.reseed import (
    Kept,
    Moved,
    Named,
    News,
    Retiring,
    Reworded,
    Wording,
    news,
)
from tracker_tui.domain.seeds import ROWS_MAX
from tracker_tui.domain.words import Entity

AT = "2026-01-01T00:00:00Z"
Told = tuple[Entity, str, dict[str, Value]]
NUMBERS = count(1)


def entry(
    id_: str, kind: str = "item", parent: str | None = "sec", position: str = "a0", **more: Value
) -> Told:
    fields = {"kind": kind, "parent": parent, "position": position, "title": id_.upper(), **more}
    return Entity.ENTRY, id_, fields


def tie(kind: str, source: str, target: str, position: str = "a0", deleted: int = 0) -> Told:
    fields: dict[str, Value] = {"kind": kind, "source": source, "target": target}
    return (
        Entity.RELATION,
        f"{kind}:{source}:{target}",
        {**fields, "position": position, "deleted": deleted},
    )


def version(number: int, *told: Told, replica: str = "seed:team") -> list[Row]:
    """The rows of one version of a seed."""
    places = count(number * ROWS_MAX)
    return [
        Row(replica, next(places), 0, AT, f"{replica}-{number}", entity.value, id_, name, value)
        for entity, id_, fields in told
        for name, value in fields.items()
    ]


def mine(*told: Told) -> list[Row]:
    """Rows of a user's."""

    def rows() -> Iterator[Row]:
        for entity, id_, fields in told:
            for name, value in fields.items():
                n = next(NUMBERS)
                yield Row("me", n, n, AT, f"me-{n}", entity.value, id_, name, value)

    return list(rows())


CAT = entry("cat", "category", None)
SEC = entry("sec", "section", "cat")
BASE = (CAT, SEC)
SHORT: Told = (Entity.HORIZON, "short", {"title": "Short-term"})
SOON: Told = (Entity.HORIZON, "short", {"title": "Soon"})


def test_what_is_added_is_named_in_the_order_of_the_track_with_its_place() -> None:
    fresh = version(
        1,
        entry("late", parent="sec", position="a1"),
        entry("step", "step", None, "Zz", horizon="short"),
        entry("far", "step", None, "a1", horizon="medium"),
        entry("loose", "step", None, "a2"),
        entry("gap", "gap", None),
        entry("early", parent="sec", position="a0"),
        entry("adrift", parent=None, position="a1"),
        entry("lost", parent="nowhere", position="a5"),
        entry("sec2", "section", "cat", "Zz"),
        entry("first", parent="sec2", position="a9"),
        *(SEC, CAT, SHORT),
    )
    assert news([], fresh).added == [
        Named("cat", "category", "CAT", None, "the categories"),
        Named("sec2", "section", "SEC2", "cat", "CAT"),
        Named("first", "item", "FIRST", "sec2", "SEC2"),
        Named("sec", "section", "SEC", "cat", "CAT"),
        Named("early", "item", "EARLY", "sec", "SEC"),
        Named("late", "item", "LATE", "sec", "SEC"),
        Named("adrift", "item", "ADRIFT", None, "the track"),
        Named("lost", "item", "LOST", "nowhere", "nowhere"),
        Named("gap", "gap", "GAP", None, "the critical gaps"),
        Named("step", "step", "STEP", None, "Short-term"),
        Named("far", "step", "FAR", None, "medium"),
        Named("loose", "step", "LOOSE", None, ""),
    ]
    assert not news(fresh, []) and not news(fresh, fresh)


def test_of_two_in_one_place_the_lower_id_is_named_first_and_what_is_gone_last() -> None:
    found = news(
        version(
            1, *BASE, entry("b"), entry("a"), entry("c", position="Zz"), entry("k", position="a9")
        )
        + mine((Entity.NOTE, "n", {"entry": "k"})),
        version(2, CAT, SEC, entry("d", position="a5"), entry("e", position="a5")),
    )
    assert [one.id for one in found.added] == ["d", "e"]
    assert [one.id for one in found.retired] == ["k", "c", "a", "b"]


def test_each_text_that_is_another_is_told_and_a_place_is_not_one() -> None:
    others = entry("y", position="a1"), entry("z", position="a2", horizon="short")
    step = entry("p", "step", None, horizon="short")
    one = version(
        1, *BASE, SHORT, entry("x", description="Old", effort="S", horizon="short"), step, *others
    )
    two = version(
        2,
        *BASE,
        SOON,
        entry("x", position="a4", description="New", horizon="medium"),
        entry("p", "step", None, horizon="medium"),
        entry("y", position="a1"),
        entry("z", position="a2"),
    )
    found = news(one, two)
    assert found == News(
        reworded=[
            Reworded("z", "item", "Z", (Wording("horizon", "short", None),)),
            Reworded(
                "x",
                "item",
                "X",
                (
                    Wording("description", "Old", "New"),
                    Wording("horizon", "short", "medium"),
                    Wording("effort", "S", None),
                ),
            ),
            Reworded("short", "horizon", "Soon", (Wording("title", "Short-term", "Soon"),)),
        ],
        moved=[
            Moved("x", "item", "X", "CAT › SEC", "CAT › SEC", "sec", "sec"),
            Moved("p", "step", "P", "Short-term", "medium", None, None),
        ],
    )


def test_relations_are_told_in_their_order_and_at_both_ends_if_they_hold_both_ways() -> None:
    entries = (*BASE, entry("x"), entry("y"), entry("z"), entry("g", "gap", None))
    one = version(1, *entries, tie("covers", "g", "x"), tie("requires", "x", "y"))
    two = version(
        2,
        *entries,
        tie("covers", "g", "x", "a1"),
        tie("covers", "g", "z", "a0"),
        tie("covers", "g", "y", deleted=1),
        tie("covers", "g", "nothing"),
        tie("requires", "nothing", "x"),
        tie("related", "x", "z"),
    )
    found = news(one, two)
    assert found.reworded == [
        Reworded(
            "x", "item", "X", (Wording("requires", ("y",), ()), Wording("related", (), ("z",)))
        ),
        Reworded("z", "item", "Z", (Wording("related", (), ("x",)),)),
        Reworded("g", "gap", "G", (Wording("covers", ("x",), ("z", "x")),)),
    ]
    unplaced: Told = (Entity.RELATION, "r", {"kind": "covers", "source": "g", "target": "y"})
    found = news(
        version(1, *entries), version(2, *entries, unplaced, tie("covers", "g", "x", "Zz"))
    )
    assert found.reworded[0].changes == (Wording("covers", (), ("x", "y")),)


def test_the_track_and_its_horizons_are_told_of_where_they_were_there() -> None:
    track: Told = (Entity.TRACK, "team", {"title": "Team", "updated": "2026-01-01"})
    one = version(1, *BASE, track, SHORT)
    later: Told = (Entity.TRACK, "team", {"title": "Team", "updated": "2026-01-02"})
    assert not news(one, version(2, *BASE, later, SHORT))
    renamed: Told = (Entity.TRACK, "team", {"purpose": "To learn", "title": "Crew"})
    medium: Told = (Entity.HORIZON, "medium", {"title": "Later"})
    found = news(one, version(2, *BASE, renamed, SOON, medium))
    assert found == News(
        reworded=[
            Reworded(
                "team",
                "track",
                "Crew",
                (Wording("purpose", "", "To learn"), Wording("title", "Team", "Crew")),
            ),
            Reworded("short", "horizon", "Soon", (Wording("title", "Short-term", "Soon"),)),
        ]
    )
    bare: Told = (Entity.HORIZON, "short", {"span": "Soon"})
    assert news(one, version(2, *BASE, bare)).reworded == [
        Reworded("short", "horizon", "short", (Wording("span", "", "Soon"),))
    ]


NOTE: Told = (Entity.NOTE, "n", {"entry": "x", "text": "words", "deleted": 0})
REVIEW: Told = (Entity.REVIEW, "r", {"entry": "x", "deleted": 0})
MINE = entry("own", parent="x")


@pytest.mark.parametrize(
    ("did", "stays", "because"),
    [
        ((), False, ()),
        ((NOTE,), True, ("notes",)),
        ((REVIEW,), True, ("reviews",)),
        (((Entity.ENTRY, "x", {"status": "learned"}),), True, ("changes",)),
        ((tie("covers", "g", "x"),), True, ("relations",)),
        ((tie("requires", "x", "g"),), True, ("relations",)),
        ((MINE,), True, ("below",)),
        ((NOTE, REVIEW, MINE), True, ("notes", "reviews")),
        (((Entity.NOTE, "n", {"entry": "g"}), tie("related", "g", "sec")), False, ()),
    ],
)
def test_what_is_the_users_keeps_what_a_version_has_no_longer(
    did: tuple[Told, ...], stays: bool, because: tuple[str, ...]
) -> None:
    gap = entry("g", "gap", None)
    one = version(1, *BASE, gap, entry("x"), tie("related", "g", "x")) + mine(*did)
    two = version(2, *BASE, gap)
    found = news(one, two)
    assert found.retired == [Retiring("x", "item", "X", "sec", "SEC", stays, because)]
    again = news([*one, *two], version(3, *BASE, gap, entry("x")))
    assert again.back == [Named("x", "item", "X", "sec", "SEC")]
    assert (again.added, again.moved, again.retired) == ([], [], [])
    assert not news([*one, *two], version(3, *BASE, gap)), "it was retired before"


def test_what_the_user_deleted_is_not_told_of() -> None:
    one = version(1, *BASE, entry("x"), entry("y"))
    gone = one + mine((Entity.ENTRY, "x", {"deleted": 1}))
    assert not news(gone, version(2, *BASE, entry("x", description="New"), entry("y")))
    assert not news(gone, version(2, *BASE, entry("y")))
    emptied = gone + mine(
        (Entity.ENTRY, "sec", {"deleted": 1}), (Entity.ENTRY, "y", {"deleted": 1})
    )
    found = news(emptied, version(2, *BASE, entry("x"), entry("y"), entry("z")))
    assert found == News(
        added=[Named("z", "item", "Z", "sec", "SEC")],
        back=[Named("sec", "section", "SEC", "cat", "CAT")],
    )


OTHER = entry("sec2", "section", "cat", "a1")
SEEDED = entry("x", description="Old", effort="S")


@pytest.mark.parametrize(
    ("did", "kept"),
    [
        ({"description": "My own"}, [("description", "My own", "New")]),
        ({"description": "New"}, []),
        ({"title": "Mine"}, []),
        (
            {"effort": "L", "description": "Mine"},
            [("description", "Mine", "New"), ("effort", "L", "M")],
        ),
        ({"parent": "cat"}, [("place", "CAT", "CAT › SEC2")]),
        ({"position": "a7"}, [("place", "CAT › SEC2", "CAT › SEC2")]),
        ({"parent": "sec2", "position": "a5"}, []),
        ({"deleted": 0}, []),
    ],
)
def test_what_the_user_said_is_kept_where_the_version_says_something_new(
    did: dict[str, Value], kept: list[tuple[str, Value, Value]]
) -> None:
    one = version(1, *BASE, OTHER, SEEDED) + mine((Entity.ENTRY, "x", did))
    two = version(
        2, *BASE, OTHER, entry("x", parent="sec2", position="a5", description="New", effort="M")
    )
    title = str(did.get("title", "X"))
    assert news(one, two).kept == [Kept("x", "item", title, *fields) for fields in kept]


def test_where_a_version_puts_something_is_said_as_far_as_it_can_be() -> None:
    moved = mine((Entity.ENTRY, "x", {"parent": "sec"}))
    one = version(1, *BASE, OTHER, entry("x", parent="sec2"))
    for parent, theirs in ((None, "CAT › SEC"), ("nowhere", "nowhere")):
        found = news(one + moved, version(2, *BASE, OTHER, entry("x", parent=parent)))
        assert found.kept == [Kept("x", "item", "X", "place", "CAT › SEC", theirs)]


def test_what_is_only_the_users_keeps_nothing_from_the_seed() -> None:
    own = mine(entry("own", description="mine"))
    assert not news([*version(1, *BASE), *own], version(2, *BASE))
    # Once of two seeds, what one says later is no news against what the other said.
    found = news(
        [*version(1, *BASE), *own],
        version(2, *BASE, entry("own", description="theirs")),
    )
    assert found == News()


@pytest.mark.parametrize("sort", ["added", "back", "reworded", "moved", "retired", "kept"])
def test_one_thing_of_any_sort_is_news(sort: str) -> None:
    assert News(**{sort: [Named("x", "item", "X", None, "")]})  # type: ignore[arg-type]


def test_sections_of_one_title_are_told_apart_by_what_they_stand_in() -> None:
    def twin(id_: str, category: str) -> Told:
        return (Entity.ENTRY, id_, {"kind": "section", "parent": category, "title": "Areas"})

    def in_(parent: str) -> Told:
        return entry("x", parent=parent)

    base = (entry("c1", "category", None), entry("c2", "category", None, position="a1"))
    twins = (twin("s1", "c1"), twin("s2", "c2"))
    found = news(version(1, *base, *twins, in_("s1")), version(2, *base, *twins, in_("s2")))
    assert found.moved == [Moved("x", "item", "X", "C1 › Areas", "C2 › Areas", "s1", "s2")]
    assert not found.moved[0].among_siblings
