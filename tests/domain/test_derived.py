"""What follows from the facts, against small models of what it should be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.test_reseed import Told, entry, mine, tie, version
from tracker_tui.domain.derived import Derived, Own, Said, derive, of_fold, retired
from tracker_tui.domain.fold import effective_status, fold
from tracker_tui.domain.seeds import Retired
from tracker_tui.domain.words import Entity, Kind, Status

NAMES = "abcdefgh"
OWN = st.builds(
    Own,
    kind=st.sampled_from([kind.value for kind in Kind]),
    parent=st.sampled_from([None, "elsewhere", *NAMES]),
    status=st.sampled_from([status.value for status in Status]),
    deleted=st.integers(0, 1),
)
ENTRIES = st.dictionaries(st.sampled_from(NAMES), OWN)


def once(own: Mapping[str, Own]) -> dict[str, Derived]:
    """Derived where every parent was given once, in the order of the names, and none before."""

    def parents(ids: Sequence[str]) -> dict[str, list[Said]]:
        return {id_: [((ord(id_), "a", 1), own[id_].parent)] for id_ in ids}

    return derive(own, [], parents)


def above(derived: Mapping[str, Derived], id_: str) -> list[str]:
    path: list[str] = []
    at = derived[id_].parent
    while at is not None and at in derived:
        path.append(at)
        assert len(path) <= len(derived), "goes round in a circle"
        at = derived[at].parent
    return path


@given(ENTRIES)
def test_there_are_no_circles_and_parents_stay_where_there_was_none(own: dict[str, Own]) -> None:
    derived = once(own)
    for id_ in own:
        assert id_ not in above(derived, id_)
    moved = [id_ for id_ in own if derived[id_].parent != own[id_].parent]
    for id_ in moved:
        # Only what went round was moved, and of each circle only its latest.
        at, circle = own[id_].parent, [id_]
        while at != id_:
            assert at is not None and at in own
            circle.append(at)
            at = own[at].parent
        assert id_ == max(circle)


@given(ENTRIES)
def test_an_entry_lives_if_it_or_something_below_it_was_not_deleted(own: dict[str, Own]) -> None:
    derived = once(own)
    for id_ in own:
        below = [other for other in own if id_ in above(derived, other)]
        lives = any(not own[other].deleted for other in (id_, *below))
        assert derived[id_].deleted == (not lives)


@given(ENTRIES)
def test_counts_are_those_of_the_living_items_below(own: dict[str, Own]) -> None:
    derived = once(own)
    for id_ in own:
        living = [o for o in own if id_ in above(derived, o) and not derived[o].deleted]
        items = [derived[o].status for o in living if own[o].kind == Kind.ITEM]
        assert derived[id_].total == len(items)
        assert derived[id_].learned == items.count("learned")
        assert derived[id_].learning == items.count("learning")
        assert derived[id_].skipped == items.count("skipped")
        assert derived[id_].children == sum(derived[o].parent == id_ for o in living)


@given(ENTRIES, st.sets(st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES))))
def test_what_covers_follows_from_what_lives_of_it(
    own: dict[str, Own], covers: set[tuple[str, str]]
) -> None:
    flat = {id_: one._replace(parent=None) for id_, one in own.items()}
    derived = derive(flat, covers, lambda ids: {})
    for id_, one in flat.items():
        targets = [t for s, t in covers if s == id_ and t in flat and not flat[t].deleted]
        assert derived[id_].covering == len(targets)
        wanted = effective_status(one.status, [flat[t].status for t in targets])
        assert derived[id_].status == wanted


def test_the_move_written_last_is_passed_over_for_the_one_before() -> None:
    own = {
        "a": Own("item", "b", "todo", 0),
        "b": Own("item", "c", "todo", 0),
        "c": Own("item", "a", "todo", 0),
    }
    said: dict[str, list[Said]] = {
        "a": [((3, "x", 1), "b"), ((1, "x", 1), "home")],
        "b": [((5, "x", 1), "c"), ((4, "x", 2), "a"), ((2, "x", 1), None)],
        "c": [((3, "y", 1), "a"), ((1, "y", 1), "home")],
    }
    derived = derive(own, [], lambda ids: {id_: said[id_] for id_ in ids})
    # b leaves c for a, which makes another circle, a and b; b's is again the latest.
    assert {id_: derived[id_].parent for id_ in own} == {"a": "b", "b": None, "c": "a"}


def test_what_follows_from_a_journal() -> None:
    def item(id_: str, parent: str, status: str, deleted: int = 0) -> Told:
        return entry(id_, parent=parent, status=status, deleted=deleted)

    state = fold(
        mine(
            *(entry("cat", "category", None), entry("sec", "section", "cat")),
            *(item("a", "sec", "todo"), item("b", "a", "learned"), item("c", "a", "learning")),
            *(item("d", "sec", "skipped"), item("e", "sec", "learned", deleted=1)),
            *(entry("gap", "gap", None), entry("step", "step", None, status="learned")),
            *(tie("covers", "gap", "b"), tie("covers", "gap", "c"), tie("covers", "gap", "e")),
            *(tie("covers", "step", "a", deleted=1), tie("requires", "step", "b")),
        )
    )
    assert of_fold(state) == {
        "cat": Derived(None, 0, "todo", 0, 1, 4, 1, 1, 1),
        "sec": Derived("cat", 0, "todo", 0, 2, 4, 1, 1, 1),
        "a": Derived("sec", 0, "todo", 0, 2, 2, 1, 1, 0),
        "b": Derived("a", 0, "learned", 0, 0, 0, 0, 0, 0),
        "c": Derived("a", 0, "learning", 0, 0, 0, 0, 0, 0),
        "d": Derived("sec", 0, "skipped", 0, 0, 0, 0, 0, 0),
        "e": Derived("sec", 1, "learned", 0, 0, 0, 0, 0, 0),
        "gap": Derived(None, 0, "learning", 2, 0, 0, 0, 0, 0),
        "step": Derived(None, 0, "learned", 0, 0, 0, 0, 0, 0),
    }


def test_of_a_circle_the_move_written_last_goes_back_to_where_it_was() -> None:
    moves: list[Told] = [(Entity.ENTRY, "x", {"parent": "y"}), (Entity.ENTRY, "y", {"parent": "x"})]
    state = fold(mine(entry("x", parent=None), entry("y", parent=None), *moves))
    assert {id_: one.parent for id_, one in of_fold(state).items()} == {"x": "y", "y": None}


def test_whatever_a_user_did_with_what_is_withdrawn_counts() -> None:
    one = version(1, *(entry(id_, parent=None) for id_ in "abcde"))
    did = mine(
        (Entity.ENTRY, "a", {"title": "Mine"}),
        (Entity.NOTE, "n", {"entry": "b"}),
        tie("related", "c", "d"),
    )
    state = fold([*one, *version(2, entry("z", parent=None)), *did])
    touched = dict.fromkeys("abcd", Retired.TOUCHED)
    assert retired(state) == {**touched, "e": Retired.UNTOUCHED}


@pytest.mark.parametrize(
    ("own", "covered", "wanted"),
    [
        ("learned", [], "learned"),
        ("learned", ["todo"], "todo"),
        ("todo", ["learned", "learned"], "learned"),
        ("todo", ["learned", "skipped"], "learned"),
        ("todo", ["skipped", "skipped"], "skipped"),
        ("todo", ["todo", "skipped"], "todo"),
        ("todo", ["learned", "todo"], "learning"),
        ("todo", ["learning", "todo"], "learning"),
    ],
)
def test_effective_status(own: str, covered: list[str], wanted: str) -> None:
    assert effective_status(own, covered) == wanted
