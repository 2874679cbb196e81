"""What a key does to entries, what undo makes of it, and how it is told."""

from __future__ import annotations

import pytest

from tracker_tui.domain import plan
from tracker_tui.domain.history import Step, tell
from tracker_tui.domain.journal import Change, Row, Value
from tracker_tui.domain.track import Entry, Note, Place, Resource, Tally, place_of
from tracker_tui.domain.undo import inverse
from tracker_tui.domain.words import Entity, Horizon, Kind, RelationKind, Status
from tracker_tui.errors import TrackerError

AT = "2026-11-12T08:00:00Z"
ITEM = Entry(
    id="git-lfs",
    kind=Kind.ITEM,
    parent="git",
    position="a0",
    title="Git LFS",
    description="large files",
    status=Status.TODO,
    own_status=Status.TODO,
    horizon=None,
    snoozed_until=None,
    progressed_on=None,
    impact="",
    action="",
    done_when="",
    first_step="",
    effort=None,
    resources_json='[{"title": "Docs", "url": "https://git-lfs.com"}]',
    deleted=False,
    created_at=AT,
    updated_at=AT,
    covering=0,
    children=0,
    total=0,
    learned=0,
    learning=0,
    skipped=0,
)
OTHER = ITEM._replace(id="other", title="Other", position="a1")
SECTION = ITEM._replace(id="git", kind=Kind.SECTION, parent="vcs", title="Git")
STEP = ITEM._replace(id="step", kind=Kind.STEP, parent=None, horizon=Horizon.SHORT)


def entry_change(field: str, old: Value, new: Value, id_: str = "git-lfs") -> Change:
    return Change(Entity.ENTRY, id_, field, old, new)


def test_status_of_one_of_several_and_of_none() -> None:
    one = plan.set_status({"git-lfs": Status.LEARNED}, [ITEM])
    assert one.changes == (entry_change("status", "todo", "learned"),)
    assert one.label == "“Git LFS”: todo → learned"
    both = plan.set_status({"git-lfs": Status.LEARNED, "other": Status.LEARNED}, [ITEM, OTHER])
    assert both.label == "2 items → learned"
    assert plan.set_status({"git-lfs": Status.TODO}, [ITEM]).changes == ()
    mixed = plan.set_status(
        {"git-lfs": Status.LEARNED, "other": Status.SKIPPED}, [ITEM, OTHER], "A gap"
    )
    assert mixed.label == "2 items → back to what they were (of “A gap”)"


def test_horizon_and_snooze_name_the_goal() -> None:
    assert plan.set_horizon(Horizon.SHORT, [ITEM]).label == "“Git LFS”: horizon short"
    assert plan.set_horizon(None, [STEP]).changes == (
        entry_change("horizon", "short", None, "step"),
    )
    assert plan.snooze("2026-12-01", [ITEM, STEP]).label == "2 entries: snoozed until 2026-12-01"
    assert plan.snooze(None, [ITEM]).changes == ()


def test_labels_cannot_be_long_or_harmful() -> None:
    entry = ITEM._replace(title="\x1b[31m" + "x" * 900)
    for action in (plan.edit(entry, {}), plan.set_horizon(None, [entry]), plan.delete([entry], [])):
        assert action.label.isprintable()
        assert len(action.label) < 120


@pytest.mark.parametrize(
    ("field", "value", "kept"),
    [
        ("title", "  New\n title ", "New title"),
        ("description", None, ""),
        ("description", "a\r\nb  \n", "a\nb"),
        ("resources", "[]", ""),
        ("resources", None, ""),
        ("effort", " s", "S"),
        ("horizon", "short", "short"),
        ("snoozed_until", "2027-01-01", "2027-01-01"),
        ("status", "learned", "learned"),
    ],
)
def test_edit_cleans_what_it_keeps(field: str, value: Value, kept: Value) -> None:
    (change,) = plan.edit(ITEM, {field: value}).changes
    assert (change.field, change.new) == (field, kept)


@pytest.mark.parametrize(
    ("field", "value", "word"),
    [
        ("titel", "x", "did you mean title"),
        ("parent", "x", "no “parent” to edit"),
        ("title", "", "empty"),
        ("title", None, "empty"),
        ("description", "x" * 1_000_001, "1,000,000 is the most"),
        ("status", "great", "status cannot be"),
        ("horizon", "", "horizon cannot be"),
        ("snoozed_until", "soon", "snoozed_until cannot be"),
        ("resources", "{}", "resources cannot be"),
        ("effort", "XL", "effort cannot be"),
        ("resources", '[{"title": "x"}]', "resources cannot be"),
        ("resources", "[" * 100_000, "resources cannot be"),
        ("resources", '[{"title": "x", "url": "\\ud800"}]', "resources cannot be"),
    ],
)
def test_edit_refuses_what_cannot_be(field: str, value: Value, word: str) -> None:
    with pytest.raises(TrackerError, match=word):
        plan.edit(ITEM, {field: value})


def test_a_branch_has_no_status_horizon_or_snooze() -> None:
    assert plan.edit(SECTION, {"status": "todo", "title": "Git"}).changes == ()
    with pytest.raises(TrackerError, match="a section has no horizon"):
        plan.edit(SECTION, {"horizon": "short"})


def test_notes_are_edited_and_emptied() -> None:
    notes = [Note("n1", "git-lfs", AT, "one"), Note("n2", "git-lfs", AT, "two")]
    assert plan.edit_notes(notes, {"n1": " \n", "n2": "2"}) == [
        Change(Entity.NOTE, "n1", "deleted", 0, 1),
        Change(Entity.NOTE, "n2", "text", "two", "2"),
    ]
    assert plan.edit_notes(notes, {"n2": "two", "unknown": "x"}) == []
    assert plan.note(ITEM, "n3", AT, " \n\t").changes == ()


def test_deleting_takes_what_is_below_along_once() -> None:
    action = plan.delete([SECTION, ITEM], [ITEM, OTHER, OTHER._replace(id="gone", deleted=True)])
    assert [change.id for change in action.changes] == ["git", "git-lfs", "other"]
    assert action.label == "deleted 2 entries with 1 below"


def test_a_relation_is_made_and_unmade() -> None:
    made = plan.relate(RelationKind.COVERS, STEP, ITEM, "a0", on=True)
    assert {change.field: change.new for change in made.changes} == {
        **{"kind": "covers", "source": "step", "target": "git-lfs"},
        **{"position": "a0", "deleted": 0},
    }
    assert plan.relate(RelationKind.COVERS, STEP, ITEM, "a0", on=False).changes == (
        Change(Entity.RELATION, f"covers:{STEP.id}:{ITEM.id}", "deleted", 0, 1),
    )


# Undo


def row(n: int, action: str, field: str, value: Value, lamport: int | None = None) -> Row:
    return Row("a", n, n if lamport is None else lamport, AT, action, "entry", "x", field, value)


def test_the_inverse_of_a_change_is_what_was_before() -> None:
    rows = [row(1, "a-1", "status", "learning"), row(2, "a-2", "status", "learned")]
    assert inverse("a-2", rows) == [entry_change("status", "learned", "learning", "x")]
    assert inverse("a-1", rows) == []  # something later has set it
    assert inverse("a-1", rows[:1]) == [entry_change("status", "learning", "todo", "x")]


def test_what_an_action_made_is_deleted_and_keeps_its_fields() -> None:
    rows = [row(1, "a-1", "title", "T", 1), row(2, "a-1", "deleted", 0, 1)]
    assert inverse("a-1", rows) == [entry_change("deleted", 0, 1, "x")]


def test_taking_back_what_changes_nothing_is_nothing() -> None:
    rows = [row(1, "a-1", "status", "todo"), row(2, "a-2", "horizon", None)]
    assert inverse("a-2", rows) == []
    assert inverse("unknown", rows) == []


# History


def step(field: str, old: Value, new: Value, **given: object) -> Step:
    values = {
        "at": AT,
        "action": "a-1",
        "replica": "a",
        "entity": "entry",
        "id": "x",
        "first": False,
    }
    values |= {"undoes": False, "redoes": False, **given}
    return Step(field=field, old=old, new=new, **values)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("steps", "words"),
    [
        ([step("status", None, "learning", first=True)], "todo → learning"),
        ([step("status", "learning", "todo", undoes=True)], "undone: learning → todo"),
        ([step("status", "todo", "learning", redoes=True)], "redone: todo → learning"),
        ([step("kind", None, "item", first=True), step("title", None, "x")], "added"),
        ([step("kind", None, "item", first=True, replica="seed")], "in the built-in track"),
        ([step("deleted", 0, 1)], "deleted"),
        ([step("deleted", 1, 0)], "restored"),
        ([step("title", "Old\x1b", "New")], "renamed from “Old”"),
        ([step("horizon", None, "short")], "horizon none → short"),
        ([step("progressed_on", None, AT[:10])], "made progress"),
        ([step("progressed_on", None, "2026-01-01")], "made progress on 2026-01-01"),
        ([step("rating", None, 3, entity="review", id="r", first=True)], "reviewed: good"),
        ([step("deleted", 0, 1, entity="review", id="r")], "review taken back"),
        ([step("snoozed_until", None, "2027-01-01")], "snoozed until 2027-01-01"),
        ([step("snoozed_until", "2027-01-01", None)], "no longer snoozed"),
        ([step("parent", "s", "t"), step("position", "a0", "a1")], "moved"),
        (
            [step("description", "", "x"), step("resources", "", "x")],
            "description edited, links edited",
        ),
        ([step("deleted", None, 0, entity="note", first=True)], "noted"),
        ([step("text", "a", "b", entity="note")], "note edited"),
        ([step("deleted", 0, 1, entity="note")], "note deleted"),
        ([step("deleted", 1, 0, entity="note")], "note restored"),
    ],
)
def test_history_in_words(steps: list[Step], words: str) -> None:
    assert [line.text for line in tell(steps)] == [words]


def test_history_is_the_newest_first_and_leaves_out_what_says_nothing() -> None:
    steps = [
        step("status", None, "learning", action="a-1"),
        step("colour", None, "red", action="a-2"),
        step("title", None, "x", action="a-3", first=True),
        step("deleted", 0, 1, action="a-4"),
    ]
    assert [(line.text, line.action) for line in tell(steps)] == [
        ("deleted", "a-4"),
        ("todo → learning", "a-1"),
    ]


# Read models


@pytest.mark.parametrize(
    ("tally", "words"),
    [
        (Tally(), "no items yet"),
        (Tally(21, 7, 2), "7 of 21 learned, 2 in progress"),
        (Tally(21, 7, 0, 1), "7 of 20 learned, 1 skipped"),
        (Tally(2, 0, 0, 2), "0 of 0 learned, 2 skipped"),
    ],
)
def test_a_tally_in_words(tally: Tally, words: str) -> None:
    assert tally.words() == words
    assert 0 <= tally.share <= 1


def test_an_entry_knows_its_links_its_place_and_its_snooze() -> None:
    assert ITEM.resources == (Resource("Docs", "https://git-lfs.com"),)
    assert ITEM._replace(resources_json="").resources == ()
    assert place_of(ITEM) == Place("git")
    assert place_of(STEP) == Place(None, Kind.STEP, Horizon.SHORT)
    snoozed = ITEM._replace(snoozed_until="2026-12-01")
    assert snoozed.snoozed("2026-11-30")
    assert not snoozed.snoozed("2026-12-01")
    assert not ITEM.snoozed("2026-12-01")
