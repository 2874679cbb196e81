"""The verbs and questions one by one: what they refuse, what they leave alone, what they cost."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from tests.bare import bare
from tests.conftest import Clock
from tests.visible import visible
from tracker_tui.domain.journal import Action, Change, Row
from tracker_tui.domain.track import Place, Resource
from tracker_tui.domain.words import Entity, Horizon, Kind, RelationKind, Status
from tracker_tui.errors import TrackerError
from tracker_tui.paths import Paths
from tracker_tui.store import check
from tracker_tui.tracker import Tracker
from tracker_tui.tracker.verbs import DEPTH_MAX

SECTION = "git-workflow-unknown-unknowns"
OTHER_SECTION = "git-workflow-areas-for-improvement"


def added(tracker: Tracker, title: str, parent: str = SECTION, kind: Kind = Kind.ITEM) -> str:
    return tracker.add(title, kind, Place(parent)).changes[0].id


def order_of(tracker: Tracker, parent: str = SECTION) -> list[str]:
    return [entry.id for entry in tracker.siblings(Place(parent))]


# Adding


def test_many_titles_of_one_slug_get_ids_of_their_own(paths: Paths, clock: Clock) -> None:
    with Tracker(paths, clock=clock, tail=lambda length: "x" * length) as tracker:
        actions = tracker.add_many(["日本語"] * 3 + ["ελληνικά"] * 3, Kind.ITEM, Place(SECTION))
        again = tracker.add("한국어", Kind.ITEM, Place(SECTION))
        ids = [action.changes[0].id for action in (*actions, again)]
        assert len(set(ids)) == 7
        titles = [tracker.entry(id_).title for id_ in ids]
        assert titles == ["日本語"] * 3 + ["ελληνικά"] * 3 + ["한국어"]


@pytest.mark.parametrize(
    ("kind", "place", "word"),
    [
        (Kind.ITEM, Place(), "an item cannot stand alone"),
        (Kind.SECTION, Place(), "a section cannot stand alone"),
        (Kind.STEP, Place(kind=Kind.STEP), "needs a horizon"),
        (Kind.ITEM, Place("gap-pre-commit-hooks"), "cannot hold an item"),
        (Kind.SECTION, Place(SECTION), "cannot hold a section"),
        (Kind.CATEGORY, Place("git-workflow"), "cannot hold a category"),
        (Kind.GAP, Place(SECTION), "cannot hold a gap"),
        (Kind.ITEM, Place("nowhere"), "there is no “nowhere”"),
    ],
)
def test_a_place_that_cannot_hold_it_is_refused(
    tracker: Tracker, kind: Kind, place: Place, word: str
) -> None:
    before = visible(tracker)
    with pytest.raises(TrackerError, match=word):
        tracker.add("x", kind, place)
    assert visible(tracker) == before


@pytest.mark.parametrize(
    ("kind", "place"),
    [
        (Kind.CATEGORY, Place(kind=Kind.CATEGORY)),
        (Kind.SECTION, Place("git-workflow")),
        (Kind.ITEM, Place("git-workflow")),
        (Kind.ITEM, Place("git-lfs")),
        (Kind.GAP, Place(kind=Kind.GAP)),
        (Kind.STEP, Place(None, Kind.STEP, Horizon.SHORT)),
    ],
)
def test_an_addition_stands_last_in_its_place_or_behind_its_sibling(
    tracker: Tracker, kind: Kind, place: Place
) -> None:
    count = tracker.count(place)
    first = tracker.add("one", kind, place).changes[0].id
    second = tracker.add("two", kind, place, description="said").changes[0].id
    between = tracker.add("between", kind, place, after=first).changes[0].id
    assert [e.id for e in tracker.siblings(place)][count:] == [first, between, second]
    assert tracker.entry(second).description == "said"
    assert tracker.index(tracker.entry(second)) == count + 2


def test_nesting_has_an_end(tracker: Tracker) -> None:
    at = SECTION
    for depth in range(2, DEPTH_MAX):
        at = added(tracker, f"level {depth}", at)
    assert len(tracker.path(tracker.entry(at))) == DEPTH_MAX - 1
    with pytest.raises(TrackerError, match="too deep"):
        added(tracker, "one more", at)
    holder = added(tracker, "holder")
    added(tracker, "held", holder)
    below = tracker.entry(at).parent
    assert below is not None
    with pytest.raises(TrackerError, match="too deep"):
        tracker.move_to(holder, below)
    assert tracker.move_to(added(tracker, "leaf"), below).changes
    assert len(tracker.below(SECTION)) > DEPTH_MAX
    tracker.delete([SECTION])
    assert tracker.count(Place(SECTION)) == 0
    assert check.problems(tracker._store) == []


# Deleted


def test_nothing_can_be_done_to_what_was_deleted(tracker: Tracker) -> None:
    tracker.delete(["git-lfs"])
    before = visible(tracker)
    ids = ["git-lfs"]
    verbs: list[Callable[[], object]] = [
        lambda: tracker.set_status(ids, Status.LEARNED),
        lambda: tracker.toggle_status(ids, Status.LEARNED),
        lambda: tracker.next_status(ids),
        lambda: tracker.set_horizon(ids, Horizon.SHORT),
        lambda: tracker.snooze(ids, "tomorrow"),
        lambda: tracker.wake(ids),
        lambda: tracker.add_note("git-lfs", "x"),
        lambda: tracker.edit("git-lfs", {"title": "x"}),
        lambda: tracker.move("git-lfs", 1),
        lambda: tracker.move_to("git-lfs", OTHER_SECTION),
        lambda: tracker.move_to("git-hooks", "git-lfs"),
        lambda: tracker.relate(RelationKind.COVERS, "gap-pre-commit-hooks", "git-lfs"),
        lambda: added(tracker, "x", "git-lfs"),
    ]
    for verb in verbs:
        with pytest.raises(TrackerError, match=r"was deleted|cannot hold"):
            verb()
    assert visible(tracker) == before
    assert tracker.delete(ids).changes == ()


def test_of_several_the_deleted_ones_are_left_out(tracker: Tracker) -> None:
    tracker.delete(["git-lfs"])
    action = tracker.set_status(["git-lfs", "git-hooks", "git-hooks"], Status.LEARNED)
    assert [c.id for c in action.changes if c.entity is Entity.ENTRY] == ["git-hooks"]
    assert "1" not in action.label


def test_an_unknown_id_is_named(tracker: Tracker) -> None:
    with pytest.raises(TrackerError, match="there is no “nothing”"):
        tracker.set_status(["git-lfs", "nothing"], Status.LEARNED)
    assert tracker.entry("git-lfs").status is Status.TODO


# Moving


def test_moving_down_and_up_is_one_change_each(tracker: Tracker) -> None:
    before = order_of(tracker)
    action = tracker.move(before[0], 1)
    assert len([c for c in action.changes if c.entity is Entity.ENTRY]) == 1
    assert order_of(tracker) == [before[1], before[0], *before[2:]]
    tracker.move(before[0], -1)
    assert order_of(tracker) == before
    assert tracker.move(before[0], -1).label == "already the first"
    assert tracker.move(before[-1], 1).label == "already the last"
    assert tracker.move(before[0], 0).changes == ()
    tracker.move(before[0], 3)
    assert order_of(tracker) == [*before[1:4], before[0], *before[4:]]


@pytest.mark.parametrize("which", range(4))
@pytest.mark.parametrize("by", [-3, -2, -1, 1, 2, 3])
def test_siblings_of_one_key_move_as_far_as_any_others(
    tracker: Tracker, which: int, by: int
) -> None:
    """Two replicas that each add at the end give their items one key."""
    parent = added(tracker, "holder")
    ids = [added(tracker, f"item {n}", parent) for n in range(4)]
    key = tracker.entry(ids[1]).position
    rows = [
        Row("other", n, 9, "2026-11-24T08:00:00Z", f"other-{n}", "entry", id_, "position", key)
        for n, id_ in enumerate(ids[1:], 1)
    ]
    tracker._store.merge(rows)
    before = order_of(tracker, parent)
    assert before == ids
    moved = before[which]
    tracker.move(moved, by)
    wanted = [id_ for id_ in before if id_ != moved]
    if 0 <= which + by < 4:
        wanted.insert(which + by, moved)
        assert order_of(tracker, parent) == wanted
        tracker.undo()
    assert order_of(tracker, parent) == before
    assert check.problems(tracker._store) == []


@pytest.mark.parametrize(
    ("what", "into", "word"),
    [
        ("git-lfs", "gap-pre-commit-hooks", "an item cannot be moved into a gap"),
        ("git-workflow", SECTION, "a category cannot be moved into a section"),
        (SECTION, OTHER_SECTION, "a section cannot be moved into a section"),
        ("git-lfs", "git-lfs", "into itself"),
    ],
)
def test_what_cannot_be_moved_there_stays(
    tracker: Tracker, what: str, into: str, word: str
) -> None:
    with pytest.raises(TrackerError, match=word):
        tracker.move_to(what, into)


def test_an_item_takes_what_is_below_it_along_and_not_into_that(tracker: Tracker) -> None:
    inner = added(tracker, "inner", added(tracker, "middle", "git-lfs"))
    tracker.set_status([inner], Status.LEARNED)
    with pytest.raises(TrackerError, match="into itself"):
        tracker.move_to("git-lfs", inner)
    tracker.move_to("git-lfs", "testing")
    assert tracker.entry("testing").learned == 1
    assert tracker.entry("git-workflow").learned == 0
    assert check.problems(tracker._store) == []


# Status and horizon


def test_a_step_keeps_some_horizon(tracker: Tracker) -> None:
    with pytest.raises(TrackerError, match="always has a horizon"):
        tracker.set_horizon(["step-git-advanced-topics"], None)
    tracker.set_horizon(["git-lfs", "step-git-advanced-topics"], Horizon.MEDIUM)
    action = tracker.set_horizon(["git-lfs", "step-git-advanced-topics"], None)
    assert [change.id for change in action.changes] == ["git-lfs"]
    with pytest.raises(TrackerError, match="no horizon"):
        tracker.set_horizon([SECTION], Horizon.SHORT)


def test_a_branch_stands_for_its_items_and_a_toggle_brings_each_back(tracker: Tracker) -> None:
    tracker.set_status(["git-lfs"], Status.LEARNING)
    before = visible(tracker)
    action = tracker.toggle_status([SECTION], Status.LEARNED)
    statuses = [c for c in action.changes if c.field == "status"]
    assert len(statuses) == tracker.entry(SECTION).total
    tracker.toggle_status([SECTION], Status.LEARNED)
    assert tracker.entry("git-lfs").status is Status.LEARNING
    assert visible(tracker) == before


def test_the_same_again_is_nothing_to_do(tracker: Tracker) -> None:
    actions = len(tracker.actions())
    for nothing in (
        tracker.set_status(["git-lfs"], Status.TODO),
        tracker.wake(["git-lfs"]),
        tracker.add_note("git-lfs", " \n "),
        tracker.edit("git-lfs", {"title": " Git  LFS "}),
        tracker.delete([]),
        tracker.relate(RelationKind.COVERS, "gap-pre-commit-hooks", "git-lfs", on=False),
    ):
        assert nothing.changes == ()
    assert len(tracker.actions()) == actions
    assert tracker.undo() is None


def test_relations_are_made_in_order_once_and_between_what_they_fit(tracker: Tracker) -> None:
    gap = "gap-pre-commit-hooks"
    before = [link.id for link in tracker.detail(gap).covers]
    tracker.relate(RelationKind.COVERS, gap, before[0], on=False)
    tracker.relate(RelationKind.COVERS, gap, "git-lfs")
    assert [link.id for link in tracker.detail(gap).covers] == [*before[1:], "git-lfs"]
    assert tracker.relate(RelationKind.COVERS, gap, "git-lfs").changes == ()
    assert gap in {link.id for link in tracker.detail("git-lfs").covered_by}
    for source, target in ((gap, SECTION), ("git-lfs", "git-hooks"), (SECTION, "git-lfs")):
        with pytest.raises(TrackerError, match="cannot cover"):
            tracker.relate(RelationKind.COVERS, source, target)
    with pytest.raises(TrackerError, match="to itself"):
        tracker.relate(RelationKind.RELATED, "git-lfs", "git-lfs")
    tracker.undo()
    tracker.undo()
    assert [link.id for link in tracker.detail(gap).covers] == before
    assert check.problems(tracker._store) == []


def test_what_is_related_is_so_both_ways_and_once(tracker: Tracker) -> None:
    one, other = "git-worktrees", "git-lfs"
    bare(tracker, one, other)
    action = tracker.relate(RelationKind.RELATED, one, other)
    assert action.label == "“Git LFS” is related to “Git worktrees”"
    assert {one, other} <= set(action.entries)
    assert tracker.relate(RelationKind.RELATED, other, one).changes == ()
    tracker.relate(RelationKind.RELATED, one, "runbooks")
    assert [link.id for link in tracker.detail(one).related] == [other, "runbooks"]
    assert [link.id for link in tracker.detail(other).related] == [one]
    with pytest.raises(TrackerError, match="a section is nothing to learn"):
        tracker.relate(RelationKind.RELATED, SECTION, one)
    tracker.delete(["runbooks"])
    assert [link.id for link in tracker.detail(one).related] == [other]
    assert tracker.relate(RelationKind.RELATED, other, one, on=False).changes
    assert tracker.detail(other).related == ()
    assert check.problems(tracker._store) == []


def test_nothing_can_wait_for_itself_or_be_needed_and_the_same_subject(tracker: Tracker) -> None:
    gap = tracker.detail("gap-ci-cd")
    part = "no-ci-cd"
    assert part in {link.id for link in gap.covers}
    bare(tracker, part, "git-lfs", "runbooks", gap.entry.id)
    requires, related = RelationKind.REQUIRES, RelationKind.RELATED
    tracker.relate(requires, gap.entry.id, "git-lfs")
    tracker.relate(related, "git-lfs", "runbooks")
    inner = tracker.add("inner", Kind.ITEM, Place("runbooks")).changes[0].id
    before = len(tracker.actions())
    for kind, source, target, words in (
        (requires, part, gap.entry.id, f"wait for itself: {part} → gap-ci-cd → {part}"),
        (requires, gap.entry.id, part, "cannot need “.*”, of which it is made"),
        (requires, "git-lfs", gap.entry.id, "git-lfs → gap-ci-cd → git-lfs"),
        (requires, "git-lfs", "runbooks", "cannot need “Runbooks”, which is the same subject"),
        (requires, inner, "runbooks", "cannot need “Runbooks”, in which it stands"),
        (requires, "runbooks", inner, "cannot need “inner”, which stands in it"),
        (related, "git-lfs", gap.entry.id, "be related to “.*”, which it needs first"),
        (related, part, gap.entry.id, "be related to “No CI/CD”, of which it is made"),
        (related, inner, "runbooks", "stands in it|in which it stands"),
    ):
        with pytest.raises(TrackerError, match=words):
            tracker.relate(kind, source, target)
    assert len(tracker.actions()) == before
    tracker.relate(requires, part, "git-lfs")
    tracker.relate(requires, "git-lfs", inner)
    around = f"{inner} → gap-ci-cd → git-lfs → {inner}"
    with pytest.raises(TrackerError, match=around):
        tracker.relate(requires, inner, gap.entry.id)
    tracker.relate(requires, "runbooks", gap.entry.id)
    with pytest.raises(TrackerError, match="gap-ci-cd → runbooks → gap-ci-cd"):
        tracker.relate(RelationKind.COVERS, gap.entry.id, "runbooks")
    for kind, source, target in ((requires, part, "git-lfs"), (related, "git-lfs", "runbooks")):
        assert tracker.relate(kind, source, target, on=False).changes


# Questions


def test_a_ref_is_an_id_or_the_beginning_of_one(tracker: Tracker) -> None:
    assert tracker.resolve(" Git-LFS\n") == "git-lfs"
    with pytest.raises(TrackerError, match="did you mean git-lfs"):
        tracker.resolve("lfs")
    with pytest.raises(TrackerError, match="begins with “”"):
        tracker.resolve(" ")
    with pytest.raises(TrackerError, match=r", …"):
        tracker.resolve("git")


@pytest.mark.parametrize(
    ("ref", "advice"),
    [
        ("git-lsf", "did you mean git-lfs?"),
        ("pre-comit-hooks", "did you mean pre-commit-hooks?"),
        ("lfs-git", "did you mean git-lfs-basics or git-lfs-for-large-files?"),
        ("no-such-id", "tracker search TEXT finds ids"),
        ("asdfgh", "tracker search TEXT finds ids"),
    ],
)
def test_what_has_no_such_id_is_looked_for_under_another(
    tracker: Tracker, ref: str, advice: str
) -> None:
    with pytest.raises(TrackerError) as caught:
        tracker.resolve(ref)
    assert caught.value.advice == advice


def test_a_whole_id_is_found_among_many_that_begin_with_it(tracker: Tracker) -> None:
    tracker.add_many([f"Git LFS {n}" for n in range(30)], Kind.ITEM, Place(SECTION))
    tracker.delete(["git-lfs"])
    assert tracker.resolve("git-lfs") == "git-lfs"
    assert tracker.detail("git-lfs").entry.deleted


def test_links_are_its_own_then_those_in_text_and_notes(tracker: Tracker) -> None:
    tracker.edit(
        "git-lfs",
        {
            "resources": '[{"title": "The page", "url": "https://git-lfs.com"}]',
            "description": "see https://a.example.",
        },
    )
    tracker.add_note("git-lfs", "also https://b.example/x and https://git-lfs.com")
    assert tracker.links("git-lfs") == [
        Resource("The page", "https://git-lfs.com"),
        Resource("a.example", "https://a.example"),
        Resource("b.example/x", "https://b.example/x"),
    ]
    assert [hit.id for hit in tracker.search("the page git-lfs.com")] == ["git-lfs"]
    assert "git-lfs" in {e.id for e in tracker.select("has:links").matches}
    bare(tracker, "git-hooks")
    assert "git-hooks" not in {e.id for e in tracker.select("has:links").matches}
    # The names of the JSON in which links are kept are not part of their text.
    assert "git-lfs" not in {hit.id for hit in tracker.search("url")}


def test_history_tells_what_happened_to_an_entry_and_its_notes(
    tracker: Tracker, clock: Clock
) -> None:
    tracker.set_status(["git-lfs"], Status.LEARNING)
    tracker.add_note("git-lfs", "x")
    (note,) = tracker.detail("git-lfs").notes
    tracker.edit("git-lfs", {"title": "LFS"}, {note.id: "y"})
    tracker.move_to("git-lfs", OTHER_SECTION)
    tracker.undo()
    tracker.redo()
    clock.advance(days=1)
    tracker.delete(["git-lfs"])
    assert [line.text for line in tracker.history("git-lfs")] == [
        "deleted",
        "redone: moved",
        "undone: moved",
        "moved",
        "renamed from “Git LFS”, note edited",
        "noted",
        "todo → learning",
        "in the built-in track",
    ]
    lines = tracker.actions()
    assert [line.label for line in lines][:2] == [
        "deleted “LFS”",
        "moved “LFS” to “Areas for Improvement”",
    ]
    assert lines[1].redoes == lines[3].id
    with pytest.raises(TrackerError, match="there is no"):
        tracker.history("nothing")


def test_a_day_is_the_users(tracker: Tracker) -> None:
    assert tracker.today() == date(2026, 11, 24)
    assert tracker.local_day("2026-11-24T02:59:59Z") == date(2026, 11, 23)
    assert tracker.local_day("2026-11-24T03:00:00Z") == date(2026, 11, 24)
    tracker.add_note("git-lfs", "today")
    assert [e.id for e in tracker.select("updated:2026-11-24").matches] == ["git-lfs"]
    assert tracker.select("updated:2026-11-23").matches == []
    assert tracker.select("created:<0001-01-01 created:>9999-12-31").matches == []


def test_a_selection_is_in_the_order_of_the_track_with_what_is_above(tracker: Tracker) -> None:
    inner = added(tracker, "worktree inside", "git-lfs")
    found = tracker.select("worktree")
    ids = [entry.id for entry in found.matches]
    assert ids.index("git-worktrees") < ids.index("git-worktrees-basics")
    assert inner in ids
    assert {"git-workflow", SECTION, "git-lfs"} <= found.above.keys()
    everything = [entry.id for entry in tracker.select("").matches]
    assert len(everything) == 12 + 38 + 181 + 10 + 15
    first = tracker.siblings(Place(kind=Kind.CATEGORY))[0]
    assert everything[0] == first.id
    assert everything.index("git-lfs") + 1 == everything.index(inner)
    assert everything[-15:] == [
        step.id for horizon in Horizon for step in tracker.siblings(Place(None, Kind.STEP, horizon))
    ]


def test_what_is_remembered_is_this_machines_business(tracker: Tracker) -> None:
    tracker.remember("expanded", ["a", "\ud800"])
    assert tracker.remembered("expanded") == ["a", "\ud800"]
    assert tracker.remembered("never") is None
    tracker._store.set_local("broken", "{")
    assert tracker.remembered("broken") is None
    assert tracker.actions() == []


# Other processes


def test_only_what_others_wrote_comes_back_and_once(
    tracker: Tracker, paths: Paths, clock: Clock
) -> None:
    with Tracker(paths, clock=clock) as other:
        tracker.set_status(["git-lfs"], Status.LEARNING)
        other.set_status(["git-hooks"], Status.LEARNED)
        tracker.set_status(["git-submodules"], Status.LEARNING)
        other.add_note("git-aliases", "x")
        tracker.set_horizon(["runbooks"], Horizon.SHORT)
        action = tracker.foreign()
        assert action is not None
        assert {change.id for change in action.changes if change.entity is Entity.ENTRY} == {
            "git-hooks"
        }
        assert {"git-hooks", "git-aliases", "git-workflow"} <= set(action.entries)
        assert not {"git-lfs", "git-submodules", "runbooks"} & set(action.entries)
        assert tracker.foreign() is None
        seen = other.foreign()
        assert seen is not None
        assert {"git-lfs", "git-submodules", "runbooks"} <= set(seen.entries)
        other.remember("cursor", "x")
        assert tracker.foreign() is None


def test_a_branch_that_something_left_is_told_of(
    tracker: Tracker, paths: Paths, clock: Clock
) -> None:
    with Tracker(paths, clock=clock) as other:
        other.move_to("git-lfs", "testing")
    action = tracker.foreign()
    assert action is not None
    assert {"git-lfs", SECTION, "git-workflow", "testing"} <= set(action.entries)
    assert action.places_changed


def test_a_verb_reads_under_the_lock_under_which_it_writes(tracker: Tracker, paths: Paths) -> None:
    told: list[str] = []
    tracker._store.db.set_trace_callback(told.append)
    tracker.next_status(["git-lfs"])
    tracker._store.db.set_trace_callback(None)
    assert told[0] == "BEGIN IMMEDIATE"
    assert sum(line in ("BEGIN IMMEDIATE", "COMMIT") for line in told) == 2
    # What follows is read for the shell's prompt, when everything is written.
    after = told[told.index("COMMIT") + 1 :]
    assert {line.split()[0] for line in after} <= {"SELECT", "PRAGMA"}


def test_what_a_verb_refuses_leaves_no_lock_behind(tracker: Tracker, paths: Paths) -> None:
    with pytest.raises(TrackerError):
        tracker.snooze(["git-lfs"], "yesterday")
    with closing(sqlite3.connect(paths.database, timeout=0, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        other.execute("ROLLBACK")


# Costs


def statements(tracker: Tracker, verb: Callable[[], object]) -> int:
    """How many statements a verb runs, those inside the search index, which tidies up, left out."""
    told: list[str] = []
    tracker._store.db.set_trace_callback(told.append)
    verb()
    tracker._store.db.set_trace_callback(None)
    return sum(not line.startswith("--") for line in told)


def test_a_key_costs_the_same_among_ten_thousand_items_as_among_two_hundred(
    tracker: Tracker,
) -> None:
    keys: dict[str, Callable[[], Action | None]] = {
        "status": lambda: tracker.next_status(["git-lfs"]),
        "note": lambda: tracker.add_note("git-lfs", "x"),
        "add": lambda: tracker.add("x", Kind.ITEM, Place(SECTION)),
        "move": lambda: tracker.move("git-lfs", 1),
        "undo": tracker.undo,
        "redo": tracker.redo,
        "delete": lambda: tracker.delete(["git-aliases"]),
    }
    tracker.add_note("git-lfs", "the first thing of a day also keeps its queue")
    few = {name: statements(tracker, key) for name, key in keys.items()}
    while tracker.undo():
        pass
    tracker.add_note("git-lfs", "the first thing of a day also keeps its queue")
    tracker.add_many([f"item {n}" for n in range(10_000)], Kind.ITEM, Place(SECTION))
    many = {name: statements(tracker, key) for name, key in keys.items()}
    assert many == few
    assert max(many.values()) < 70


def test_no_key_and_no_first_screen_reads_a_whole_table(tracker: Tracker) -> None:
    db = tracker._store.db
    told: list[str] = []
    db.set_trace_callback(told.append)
    tracker.next_status(["git-lfs"])
    new = added(tracker, "new")
    tracker.move(new, -1)
    tracker.add_note(new, "x")
    tracker.delete([new])
    tracker.undo()
    tracker.redo()
    tracker.detail("git-lfs")
    tracker.siblings(Place(SECTION), 0, 40)
    tracker.queue()
    tracker.overall()
    tracker.undoable()
    tracker.resolve("runbo")
    db.set_trace_callback(None)
    questions = {line for line in told if line.startswith(("SELECT", "UPDATE", "DELETE", "WITH"))}
    assert len(questions) > 40
    # Partial results, a given list, one row of the search index, and indexes of what is out of line or in progress.
    small = (
        *(
            "SCAN s ",
            "SCAN tree",
            "SCAN (subquery",
            "SCAN search VIRTUAL TABLE INDEX 0:=",
        ),
        "SCAN json_each VIRTUAL TABLE INDEX 1:",
        "SCAN entry USING INDEX entry_out_of_line",
        "SCAN e USING INDEX entry_in_progress",
        "SCAN relation USING INDEX relation_requires",
    )
    for question in questions:
        for *_, plan in db.execute(f"EXPLAIN QUERY PLAN {question}"):
            assert not plan.startswith("SCAN") or f"{plan} ".startswith(small), (plan, question)


def test_a_change_elsewhere_among_many_is_asked_for_in_bulk(
    tracker: Tracker, paths: Paths, clock: Clock
) -> None:
    with Tracker(paths, clock=clock) as other:
        other.add_many([f"item {n}" for n in range(500)], Kind.ITEM, Place(SECTION))
        cost = statements(tracker, tracker.foreign)
    assert cost < 500 * 4 + 50


def test_a_second_one_for_another_thread_sees_the_same(tracker: Tracker) -> None:
    tracker.set_status(["git-lfs"], Status.LEARNED)
    with tracker.another() as other:
        assert other.entry("git-lfs").status is Status.LEARNED
        assert other.about() == tracker.about()
        assert other.about()["title"] == "Learning Track"


def test_a_change_knows_whether_places_changed() -> None:
    def action(field: str) -> Action:
        return Action("x", (Change(Entity.ENTRY, "x", field, None, None),))

    assert [
        f for f in ("status", "title", "parent", "position", "deleted") if action(f).places_changed
    ] == [*("parent", "position", "deleted")]


def test_a_broken_seed_leaves_a_file_that_the_next_start_completes(
    paths: Paths, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tracker_tui.exchange import seed

    broken = tmp_path / "broken.json"
    broken.write_text("{")
    with monkeypatch.context() as patched:
        patched.setattr(seed, "built_in", lambda: broken)
        with pytest.raises(TrackerError, match=r"broken\.json is no JSON"):
            Tracker(paths)
    with Tracker(paths) as tracker:
        assert tracker.overall().total == 180
        assert check.problems(tracker._store) == []


def test_ids_that_are_taken_are_coined_anew(paths: Paths, clock: Clock) -> None:
    drawn = iter(["aaaa", "aaaa", "aaaa", "bbbbb", "bbbbb", "cccccc", "rrrrrr"])
    with Tracker(paths, clock=clock, tail=lambda length: next(drawn, "x" * length)) as tracker:
        place = Place("git-workflow")
        first = tracker.add("same", Kind.SECTION, place).changes[0].id
        rest = tracker.add_many(["same"] * 3, Kind.SECTION, place)
        ids = [first, *(action.changes[0].id for action in rest)]
        assert len(set(ids)) == 4
        assert [e.id for e in tracker.entries(ids)] == ids


def test_an_import_that_was_planned_for_another_state_is_planned_anew(tracker: Tracker) -> None:
    from tracker_tui.exchange.checklist import read

    nodes = read("## Git Workflow\n- [ ] Fresh\n", "x")
    planned = tracker.preview(nodes, "x")
    with tracker.another() as other:
        other.import_document(nodes, "x")
    done = tracker.take(lambda: tracker.preview(nodes, "x"), planned)
    assert done.action.changes == ()
    planned = tracker.preview(read("## Git Workflow\n- [ ] More\n", "x"), "x")
    assert tracker.take(lambda: pytest.fail("planned twice"), planned).new == ["More"]


def test_one_undo_after_the_other_goes_back_all_the_way_and_redo_comes_all_the_way(
    tracker: Tracker,
) -> None:
    """All on one field: what was undone never was, for the undo of what was done before it."""
    id_ = "git-lfs"
    ways = [Status.LEARNING, Status.LEARNED, Status.SKIPPED, Status.TODO, Status.LEARNED]
    for status in ways:
        tracker.set_status([id_], status)
    past = [Status.TODO, *ways]
    for _ in range(2):
        for expected in past[-2::-1]:
            assert tracker.undo() is not None
            assert tracker.entry(id_).status is expected
        assert tracker.undo() is None
        for expected in ways:
            assert tracker.redo() is not None
            assert tracker.entry(id_).status is expected
        assert tracker.redo() is None
    for _ in range(3):
        tracker.undo()
    tracker.set_status([id_], Status.SKIPPED)  # what was undone can never be done again
    assert tracker.redo() is None
    for expected in (Status.LEARNED, Status.LEARNING, Status.TODO):
        assert tracker.undo() is not None
        assert tracker.entry(id_).status is expected
    assert check.problems(tracker._store) == []


def test_one_undo_after_the_other_goes_back_over_what_was_added_moved_and_deleted(
    tracker: Tracker,
) -> None:
    before = visible(tracker)
    states = [before]
    id_ = tracker.add("new", Kind.ITEM, Place("git-workflow")).changes[0].id
    states.append(visible(tracker))
    verbs: list[Callable[[], object]] = [
        lambda: tracker.edit(id_, {"title": "renamed"}),
        lambda: tracker.move_to(id_, "database"),
        lambda: tracker.delete([id_]),
    ]
    for verb in verbs:
        verb()
        states.append(visible(tracker))
    for _ in range(2):
        for expected in states[-2::-1]:
            tracker.undo()
            assert visible(tracker) == expected
        for expected in states[1:]:
            tracker.redo()
            assert visible(tracker) == expected
