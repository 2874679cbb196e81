"""Versions of a seed: which rows hold, what is withdrawn, and order keys that stay."""

from __future__ import annotations

import random
from itertools import count, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.test_reseed import Told, entry, tie, version
from tests.seeds import item, made, versions
from tracker_tui.domain import derived, order
from tracker_tui.domain.derived import of_fold
from tracker_tui.domain.fold import Fold, fold
from tracker_tui.domain.journal import Row, Value
from tracker_tui.domain.seeds import Retired, id_of, is_seed, replica_of
from tracker_tui.domain.words import Entity
from tracker_tui.exchange.seed import Seed

NUMBERS = count(1)
THREE = st.tuples(versions(1), versions(2), versions(3))


def rows(*seeds: Seed) -> list[Row]:
    return [row for seed in seeds for row in seed.rows()]


def mine(
    id_: str, field: str, value: Value, entity: Entity = Entity.ENTRY, lamport: int = 1
) -> Row:
    """A row of a user's."""
    n = next(NUMBERS)
    return Row("me", n, lamport, "2026-02-01T00:00:00Z", f"me-{n}", entity.value, id_, field, value)


def living(state: Fold) -> dict[str, tuple[str | None, str]]:
    """Parent and title of what is there."""
    facts = state.of(Entity.ENTRY)
    return {
        id_: (one.parent, str(facts[id_].get("title", "")))
        for id_, one in of_fold(state).items()
        if not one.deleted
    }


def siblings(state: Fold, parent: str | None) -> list[str]:
    """What stands below an entry, in order."""
    facts = state.of(Entity.ENTRY)
    return [
        id_
        for _, id_ in sorted(
            (str(facts[id_]["position"]), id_)
            for id_, (above, _) in living(state).items()
            if above == parent
        )
    ]


def test_a_seed_is_a_replica_of_its_own() -> None:
    assert replica_of("dev-environment") == "seed"
    assert replica_of("team") == "seed:team"
    assert [id_of("seed"), id_of("seed:team")] == ["dev-environment", "team"]
    assert [is_seed(r) for r in ("seed", "seed:team", "seedab", "me")] == [True, True, False, False]


@given(THREE, st.integers(0, 2**32))
def test_what_holds_follows_from_the_rows_whatever_their_order(
    seeds: tuple[Seed, Seed, Seed], seed: int
) -> None:
    together = rows(*seeds)
    shuffled = together * 2
    random.Random(seed).shuffle(shuffled)
    one, other = fold(together), fold(shuffled)
    assert (one.facts, one.withdrawn) == (other.facts, other.withdrawn)
    assert (one.created, one.updated) == (other.created, other.updated)
    assert of_fold(one) == of_fold(other)


@given(THREE, st.sampled_from([(2,), (0, 2), (1, 2), (0, 1, 2)]))
def test_what_nobody_touched_is_what_the_newest_version_says_whichever_came_before(
    seeds: tuple[Seed, Seed, Seed], held: tuple[int, ...]
) -> None:
    state = fold(rows(*(seeds[i] for i in held)))
    fresh = fold(rows(seeds[2]))
    assert living(state) == living(fresh)
    for parent in {above for above, _ in living(fresh).values()}:
        # Gaps and steps stand beside categories; each of the three has an order of its own.
        kinds = {e.id: (e.kind, e.fields.get("horizon")) for e in seeds[2].entries}
        for kind in set(kinds.values()):
            order_of = [
                [id_ for id_ in siblings(s, parent) if kinds[id_] == kind] for s in (state, fresh)
            ]
            assert order_of[0] == order_of[1]
    for entity in (Entity.ENTRY, Entity.RELATION):
        for id_, facts in fresh.of(entity).items():
            held_facts = state.of(entity)[id_]
            assert {k: v for k, v in held_facts.items() if k != "position"} == {
                k: v for k, v in facts.items() if k != "position"
            }
    relations = [
        {i for i, f in s.of(Entity.RELATION).items() if not f["deleted"]} for s in (state, fresh)
    ]
    # A gap that is gone keeps what it covered; nobody sees it.
    gone = {i for i in relations[0] - relations[1] if i.split(":")[1] not in state.withdrawn}
    assert (gone, relations[1] - relations[0]) == (set(), set())


@given(THREE, st.data())
def test_what_a_user_said_holds_in_every_version(
    seeds: tuple[Seed, Seed, Seed], data: st.DataObject
) -> None:
    ids = sorted({entry.id for seed in seeds[:2] for entry in seed.entries})
    id_ = data.draw(st.sampled_from(ids))
    said = [mine(id_, "title", "mine"), mine(id_, "status", "learned")]
    state = fold([*rows(*seeds), *said])
    assert state.of(Entity.ENTRY)[id_]["title"] == "mine"
    assert id_ in living(state)
    assert derived.retired(state).get(id_) is (
        None if id_ in {e.id for e in seeds[2].entries} else Retired.TOUCHED
    )


def test_a_text_that_a_newer_version_leaves_out_is_gone() -> None:
    old, new = (
        made(1, {"s": [item("i", description="words", done_when="when")]}),
        made(2, {"s": ["i"]}),
    )
    facts = fold(rows(old, new)).of(Entity.ENTRY)["i"]
    assert "description" not in facts and "done_when" not in facts
    assert fold(rows(old)).of(Entity.ENTRY)["i"]["description"] == "words"


def test_what_is_withdrawn_and_untouched_goes_and_comes_back() -> None:
    one, two, three = (
        made(1, {"s": ["a", "b"], "t": ["c"]}, {"g": ["a", "b"]}),
        made(2, {"s": ["a"]}, {"g": ["a"]}),
        made(3, {"s": ["b", "a"], "t": ["c"]}, {"g": ["b", "a"]}),
    )
    state = fold(rows(one, two))
    assert set(living(state)) == {"cat", "s", "a", "g"}
    assert state.withdrawn == {"b", "t", "c"}
    assert [f["deleted"] for i, f in sorted(state.of(Entity.RELATION).items())] == [0, 1]
    assert of_fold(state)["g"].covering == 1
    again = fold(rows(one, two, three))
    assert set(living(again)) == {"cat", "s", "t", "a", "b", "c", "g"}
    assert again.withdrawn == frozenset()
    assert siblings(again, "s") == ["b", "a"]


@pytest.mark.parametrize(
    "touch",
    [
        mine("b", "status", "learning"),
        mine("b", "position", "a5"),
        mine("n1", "entry", "b", Entity.NOTE),
        mine("r1", "entry", "b", Entity.REVIEW),
        mine("covers:g2:b", "target", "b", Entity.RELATION),
        mine("requires:b:a", "source", "b", Entity.RELATION),
    ],
    ids=lambda row: f"{row.entity}-{row.field}",
)
def test_what_is_withdrawn_and_touched_stays_with_all_that_is_above_it(touch: Row) -> None:
    one, two = made(1, {"s": ["a"], "t": ["b", "c"]}), made(2, {"s": ["a"]})
    state = fold([*rows(one, two), touch])
    assert set(living(state)) == {"cat", "s", "t", "a", "b"}
    assert derived.retired(state) == {
        "b": Retired.TOUCHED,
        "c": Retired.UNTOUCHED,
        "t": Retired.UNTOUCHED,
    }


def test_something_of_the_users_own_keeps_the_section_that_it_is_in() -> None:
    one, two = made(1, {"s": ["a"], "t": ["b"]}), made(2, {"s": ["a"]})
    own = [mine("own", "kind", "item"), mine("own", "parent", "t"), mine("own", "deleted", 0)]
    assert set(living(fold([*rows(one, two), *own]))) == {"cat", "s", "t", "a", "own"}
    deleted = mine("own", "deleted", 1, lamport=2)
    assert set(living(fold([*rows(one, two), *own, deleted]))) == {"cat", "s", "a"}


def test_a_gap_that_stays_keeps_what_it_is_made_of() -> None:
    one, two = made(1, {"s": ["a", "b"]}, {"g": ["a", "b"], "h": ["b"]}), made(2, {"s": ["a", "b"]})
    state = fold([*rows(one, two), mine("n1", "entry", "g", Entity.NOTE)])
    assert set(living(state)) == {"cat", "s", "a", "b", "g"}
    assert of_fold(state)["g"].covering == 2


def test_what_stays_keeps_what_it_is_tied_to_and_others_are_no_longer_tied_to_it() -> None:
    entries = [entry(id_, parent=None) for id_ in "abcd"]
    ties = tie("related", "a", "b"), tie("requires", "a", "c"), tie("requires", "b", "a")
    one = version(1, *entries, *ties, tie("related", "a", "d"))
    two = version(2, entries[0], entries[3])
    notes = [mine(f"n{id_}", "entry", id_, Entity.NOTE) for id_ in "bc"]
    state = fold([*one, *two, *notes])
    assert set(living(state)) == set("abcd")
    deleted = {id_: facts["deleted"] for id_, facts in state.of(Entity.RELATION).items()}
    assert deleted == {"related:a:b": 0, "requires:a:c": 1, "requires:b:a": 0, "related:a:d": 1}


def test_a_relation_that_the_user_made_stays_and_one_unmade_stays_unmade() -> None:
    one, two = made(1, {"s": ["a", "b"]}, {"g": ["a"]}), made(2, {"s": ["a", "b"]}, {"g": ["b"]})
    made_again = mine("covers:g:a", "deleted", 0, Entity.RELATION)
    unmade = mine("covers:g:b", "deleted", 1, Entity.RELATION)
    relations = fold([*rows(one, two), made_again, unmade]).of(Entity.RELATION)
    assert (relations["covers:g:a"]["deleted"], relations["covers:g:b"]["deleted"]) == (0, 1)


def test_a_move_by_the_user_that_a_newer_seed_would_knot_into_a_circle_holds() -> None:
    one = made(1, {"s": ["x", "y"]})
    two = made(2, {"s": [item("x", children=[item("y")])]})
    state = fold([*rows(one, two), mine("x", "parent", "y")])
    assert {id_: of_fold(state)[id_].parent for id_ in "xy"} == {"x": "y", "y": "s"}


def test_siblings_that_keep_their_order_keep_their_keys() -> None:
    one = made(1, {"s": ["a", "b", "c", "d"]})
    two = made(2, {"s": ["new", "a", "newer", "c", "d", "b", "newest"]})
    before, after = fold(rows(one)), fold(rows(one, two))
    assert siblings(after, "s") == ["new", "a", "newer", "c", "d", "b", "newest"]
    keys = [
        {id_: facts["position"] for id_, facts in state.of(Entity.ENTRY).items()}
        for state in (before, after)
    ]
    assert {id_ for id_ in keys[0] if keys[0][id_] != keys[1][id_]} == {"b"}


def test_siblings_are_those_of_one_place_and_each_keeps_its_key() -> None:
    def step(id_: str, position: str, horizon: str) -> Told:
        return entry(id_, "step", None, position, horizon=horizon)

    def gap(id_: str, position: str, horizon: str | None = None) -> Told:
        return entry(id_, "gap", None, position, horizon=horizon)

    before = version(
        1,
        *(entry("a", parent="s"), entry("b", parent="s", position="a1"), entry("c", parent="t")),
        *(step("p1", "a0", "short"), step("p2", "a1", "short"), step("m1", "a0", "medium")),
        *(gap("g1", "a0", "short"), gap("g2", "a1")),
    )
    after = version(
        2,
        *(entry(id_, parent="s", position=f"a{n}") for n, id_ in enumerate("xab")),
        *(entry(id_, parent="t", position=f"a{n}") for n, id_ in enumerate("yc")),
        *(step("p0", "a0", "short"), step("p1", "a1", "short"), step("p2", "a2", "short")),
        *(step("m1", "a0", "medium"), step("m2", "a1", "medium")),
        *(gap("g0", "a0"), gap("g1", "a1", "medium"), gap("g2", "a2")),
    )
    facts = fold([*before, *after]).of(Entity.ENTRY)
    assert {id_: told["position"] for id_, told in facts.items()} == {
        **{"x": "Zz", "a": "a0", "b": "a1", "y": "Zz", "c": "a0"},
        **{"p0": "Zz", "p1": "a0", "p2": "a1", "m1": "a0", "m2": "a1"},
        **{"g0": "Zz", "g1": "a0", "g2": "a1"},
    }


def test_a_key_that_is_none_is_left_as_it_is() -> None:
    broken = version(1, entry("a", position="!"), entry("b"))
    again = version(2, entry("a", position="!"), entry("b", position="a1"), entry("c"))
    facts = fold([*broken, *again]).of(Entity.ENTRY)
    assert [facts[id_]["position"] for id_ in "abc"] == ["!", "a0", "Zz"]


def test_what_the_user_put_between_two_stays_between_them() -> None:
    one = made(1, {"s": ["a", "b", "c"]})
    place = order.between("a1", "a2")
    facts = fold(rows(one)).of(Entity.ENTRY)
    assert (facts["b"]["position"], facts["c"]["position"]) == ("a1", "a2")
    own = [mine("own", "kind", "item"), mine("own", "parent", "s"), mine("own", "position", place)]
    two = made(2, {"s": ["x", "a", "y", "b", "c", "z"]})
    three = made(3, {"s": ["y", "a", "b", "q", "z", "c"]})
    assert siblings(fold([*rows(one, two), *own]), "s") == ["x", "a", "y", "b", "own", "c", "z"]
    found = siblings(fold([*rows(one, two, three), *own]), "s")
    assert [id_ for id_ in found if id_ in ("a", "b", "own", "c")] == ["a", "b", "own", "c"]


@given(
    st.lists(st.sampled_from("abcdefgh"), unique=True),
    st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 9)),
    st.sets(st.integers(0, 9)),
)
def test_fitted_keys_ascend_and_the_most_that_can_be_stay(
    ids: list[str], numbers: dict[str, int], others: set[int]
) -> None:
    keys = order.spread(None, None, 10)
    known = {id_: keys[n] for id_, n in numbers.items()}
    taken = {keys[n] for n in others - set(numbers.values())}
    made_keys = order.fitted(ids, known, taken)
    assert list(made_keys) == ids or sorted(made_keys) == sorted(ids)
    assert all(made_keys[a] < made_keys[b] for a, b in pairwise(ids))
    assert not taken & {made_keys[id_] for id_ in ids}
    having = [id_ for id_ in ids if id_ in known]
    longest = max(
        (
            len(part)
            for mask in range(2 ** len(having))
            if (part := [id_ for i, id_ in enumerate(having) if mask >> i & 1])
            and all(known[a] < known[b] for a, b in pairwise(part))
        ),
        default=0,
    )
    assert sum(made_keys[id_] == known.get(id_) for id_ in ids) >= longest
