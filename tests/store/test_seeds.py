"""Versions of seeds in a database: the tables are what the rows come to, whatever came when."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.seeds import ITEMS, SECTIONS, item, made, versions
from tests.store.test_merge import state
from tracker_tui.domain.fold import RELATION_DEFAULTS
from tracker_tui.domain.journal import Action, Change, Row, Value
from tracker_tui.domain.words import Entity
from tracker_tui.errors import TrackerError
from tracker_tui.exchange.seed import Seed
from tracker_tui.store import check, undoing
from tracker_tui.store.store import Store

pytestmark = pytest.mark.unmeasured

AT = "2026-03-01T08:00:00Z"
IDS = (*ITEMS, *SECTIONS, "g1", "p1", "own")


@pytest.fixture(autouse=True, params=[1, undoing.PART], ids=["one by one", "together"])
def _part(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is taken back is looked at in parts; how large they are makes no difference."""
    monkeypatch.setattr(undoing, "PART", request.param)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "tracker.db", list, lambda: "me") as opened:
        yield opened


@st.composite
def user_rows(draw: st.DrawFn) -> list[Row]:
    """What another replica said of the track, its clock before, between and after the versions."""
    rows: list[Row] = []
    for lamport in range(1, draw(st.integers(1, 5))):
        id_, other = draw(st.sampled_from(IDS)), draw(st.sampled_from(IDS))
        what: list[tuple[str, str, str, Value]] = draw(
            st.sampled_from(
                [
                    [("entry", id_, "status", "learned")],
                    [("entry", id_, "title", "mine")],
                    [("entry", id_, "parent", other)],
                    [("entry", id_, "position", "a1V")],
                    [("entry", id_, "deleted", 1)],
                    [("note", "n", "entry", id_), ("note", "n", "text", "words")],
                    [("review", "r", "entry", id_), ("review", "r", "at", AT)],
                    [
                        *(("relation", "r", "kind", "covers"), ("relation", "r", "source", id_)),
                        ("relation", "r", "target", other),
                    ],
                    [("relation", "covers:g1:i1", "deleted", draw(st.integers(0, 1)))],
                    [("entry", "own", "kind", "item"), ("entry", "own", "parent", id_)],
                ]
            )
        )
        at = draw(st.sampled_from(["2025-06-01T08:00:00Z", "2026-01-02T08:00:00Z", AT]))
        rows += [
            Row("other", len(rows) + i, lamport, at, f"other-{len(rows)}", *fact)
            for i, fact in enumerate(what, 1)
        ]
    return rows


def stands(store: Store, relation: str) -> bool:
    found = store.db.execute("SELECT deleted FROM relation WHERE id = ?", (relation,)).fetchone()
    return found is not None and not found[0]


@settings(max_examples=40, deadline=None)
@given(
    seeds=st.tuples(versions(1), versions(2), versions(3)),
    said=user_rows(),
    seed=st.integers(0, 2**32),
    parts=st.integers(1, 5),
)
def test_any_order_and_any_batches_end_in_the_same_tables(
    tmp_path_factory: pytest.TempPathFactory,
    seeds: tuple[Seed, Seed, Seed],
    said: list[Row],
    seed: int,
    parts: int,
) -> None:
    folder = tmp_path_factory.mktemp("stores")
    rows = [*said, *(row for one in seeds for row in one.rows())]
    shuffled = rows[:]
    random.Random(seed).shuffle(shuffled)
    batches = {
        "versions": [*([*one.rows()] for one in seeds), said],
        "said-first": [said, *([*one.rows()] for one in reversed(seeds))],
        "shuffled": [shuffled[n::parts] for n in range(parts)],
    }
    found = []
    for name, several in batches.items():
        with Store(folder / f"{name}.db", list, lambda: "me") as store:
            for batch in several:
                store.merge(batch)
                assert check.problems(store) == []
            found.append(state(store))
    assert found[0] == found[1] == found[2]


@settings(max_examples=40, deadline=None)
@given(
    seeds=st.tuples(versions(1), versions(2), versions(3)),
    changes=st.lists(
        st.tuples(
            st.sampled_from(IDS),
            st.sampled_from(["title", "parent", "position", "deleted", "note", "relation"]),
            st.integers(0, 3),
        ),
        max_size=5,
    ),
)
def test_actions_between_the_versions_are_undone_to_what_was_before(
    tmp_path_factory: pytest.TempPathFactory,
    seeds: tuple[Seed, Seed, Seed],
    changes: list[tuple[str, str, int]],
) -> None:
    path = tmp_path_factory.mktemp("store") / "tracker.db"
    with Store(path, lambda: seeds[0].rows(), lambda: "me") as store:
        for number, (id_, field, merged) in enumerate(changes):
            if merged in (1, 2):
                store.merge(seeds[merged].rows())
                assert check.problems(store) == []
            before = store.entry(id_)
            if before is None or before.deleted:
                continue
            related = stands(store, "covers:g1:i1")
            values: dict[str, Change] = {
                "title": Change(Entity.ENTRY, id_, "title", before.title, "mine"),
                "parent": Change(Entity.ENTRY, id_, "parent", before.parent, "cat"),
                "position": Change(Entity.ENTRY, id_, "position", before.position, "a0V"),
                "deleted": Change(Entity.ENTRY, id_, "deleted", 0, 1),
                "note": Change(Entity.NOTE, f"n{number}", "entry", None, id_),
                "relation": Change(Entity.RELATION, "covers:g1:i1", "deleted", 1, int(related)),
            }
            store.apply(Action("did it", (values[field],)), AT)
            assert check.problems(store) == []
            store.undo(AT)
            assert check.problems(store) == []
            after = store.entry(id_)
            assert after is not None
            shape = ("parent", "position", "title", "deleted", "status", "covering", "children")
            assert [getattr(after, n) for n in shape] == [getattr(before, n) for n in shape]
            assert stands(store, "covers:g1:i1") == related
            store.redo(AT)
            assert check.problems(store) == []


def test_undo_goes_back_to_what_the_newest_version_says(store: Store) -> None:
    store.merge(made(1, {"s": [item("a", description="old"), "b", "c"]}, {"g": ["a"]}).rows())
    store.apply(Action("edit", (Change(Entity.ENTRY, "a", "description", "old", "mine"),)), AT)
    store.apply(Action("move", (Change(Entity.ENTRY, "c", "position", "a2", "Zz"),)), AT)
    store.apply(Action("on", (Change(Entity.RELATION, "covers:g:b", "deleted", 1, 0),)), AT)
    store.merge(made(2, {"s": ["x", "a", "y", "b", "c"]}, {"g": ["b"]}).rows())
    for _ in range(3):
        store.undo(AT)
    found = store.entries(["a", "b", "c"])
    assert [entry.description for entry in found] == ["", "", ""]
    assert [entry.position for entry in found] == ["a0", "a1", "a2"]
    assert check.problems(store) == []


def test_what_a_newer_version_no_longer_says_of_a_relation_was_never_said(store: Store) -> None:
    store.merge(made(1, {"s": ["a", "b"]}, {"g": ["b", "a"]}).rows())
    newer = made(2, {"s": ["a", "b"]}, {"g": ["b", "a"]}).rows()
    store.merge([r for r in newer if (r.entity, r.field) != ("relation", "position")])
    found = store.db.execute("SELECT position FROM relation WHERE id = 'covers:g:a'").fetchone()
    assert found == (RELATION_DEFAULTS["position"],)
    assert check.problems(store) == []


def test_a_version_that_says_something_else_than_the_one_here_is_refused(store: Store) -> None:
    store.merge(made(1, {"s": ["a"]}).rows())
    before = state(store)
    other = made(1, {"s": [item("a", description="other")]}).rows()
    users = Row("x", 1, 1, AT, "x-1", "entry", "a", "title", "theirs")
    wrong = "version 1 of the track “team” is not the one that is here; raise “version” in its file"
    with pytest.raises(TrackerError, match=wrong):
        store.merge([users, *other])
    assert state(store) == before
    store.merge(made(1, {"s": ["a"]}).rows())
    assert state(store) == before


def test_what_it_holds_can_be_asked(store: Store) -> None:
    assert store.seed_versions() == {}
    store.merge(made(1, {"s": ["a", "b"]}).rows())
    store.merge(made(2, {"s": ["a"]}).rows())
    store.merge(made(4, {"t": ["c"]}, id="dev-environment", categories=[]).rows())
    assert store.seed_versions() == {"seed:team": 2, "seed": 4}
    assert store.newest_row("seed") is not None and store.newest_row("seed:none") is None
    assert store.seed_counts("seed:team") == (3, 0)
    note = Change(Entity.NOTE, "n", "entry", None, "b")
    store.apply(Action("note", (note,)), AT)
    assert store.seed_counts("seed:team") == (4, 1)
    assert store.makers(["a", "none", "b"]) == [("a", "seed:team"), ("b", "seed:team")]


def test_what_a_seed_says_is_no_action_of_the_users(store: Store) -> None:
    store.merge(made(1, {"s": ["a"]}).rows())
    assert store.action_lines(5) == []
    assert store.activity() == {}
    assert store.undoable() is None


def test_undo_does_not_bring_back_a_relation_that_a_version_withdrew_meanwhile(
    store: Store,
) -> None:
    store.merge(made(1, {"s": ["a", "b"]}, {"g": ["a", "b"]}).rows())
    for relation in ("covers:g:a", "covers:g:b"):
        off = Change(Entity.RELATION, relation, "deleted", 0, 1)
        store.apply(Action("off", (off,)), AT)
    store.merge(made(2, {"s": ["a", "b"]}, {"g": ["b"]}).rows())
    for _ in range(2):
        store.undo(AT)
    assert stands(store, "covers:g:b")
    assert not stands(store, "covers:g:a")
    assert check.problems(store) == []
