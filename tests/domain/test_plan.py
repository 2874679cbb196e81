"""What a key does to entries: the changes, and the label that undo and history show."""

from __future__ import annotations

import pytest

from tracker_tui.domain import plan
from tracker_tui.domain.journal import Action, Change, Value
from tracker_tui.domain.track import Entry, Note
from tracker_tui.domain.words import (
    Effort,
    Entity,
    Horizon,
    Kind,
    Rating,
    RelationKind,
    Status,
)
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


def test_several_are_counted_by_what_they_are() -> None:
    def names(*kinds: Kind) -> str:
        several = [ITEM._replace(id=str(n), kind=kind) for n, kind in enumerate(kinds)]
        return plan.progress(several, "2026-11-24").label

    assert names(Kind.GAP) == "progress on “Git LFS”"
    assert names(Kind.ITEM, Kind.ITEM) == "progress on 2 items"
    assert names(Kind.CATEGORY, Kind.CATEGORY) == "progress on 2 categories"
    assert names(Kind.STEP, Kind.GAP, Kind.GAP) == "progress on 3 entries"
    assert plan.twins_label([ITEM], [OTHER]) == "“Git LFS” and 1 twin → learned"
    assert plan.twins_label([ITEM, OTHER], [OTHER] * 2) == "2 items and 2 twins → learned"
    long = ITEM._replace(title="x" * 61)
    assert plan.quoted(long) == f"“{'x' * 59}…”"
    assert plan.quoted(ITEM._replace(title="x" * 60)) == f"“{'x' * 60}”"


def test_status_of_one_of_several_and_of_none() -> None:
    one = plan.set_status({"git-lfs": Status.LEARNED}, [ITEM])
    assert one.changes == (entry_change("status", "todo", "learned"),)
    assert one.label == "“Git LFS”: todo → learned"
    both = plan.set_status({"git-lfs": Status.LEARNED, "other": Status.LEARNED}, [ITEM, OTHER])
    assert both.label == "2 items → learned"
    assert both.changes == tuple(
        entry_change("status", "todo", "learned", id_) for id_ in ("git-lfs", "other")
    )
    none = plan.set_status({"git-lfs": Status.TODO}, [ITEM], "A gap")
    assert (none.changes, none.label) == ((), "no status changed")
    # What has that status already is neither changed nor named.
    done = OTHER._replace(own_status=Status.LEARNED)
    wanted = {"git-lfs": Status.LEARNED, "other": Status.LEARNED}
    assert plan.set_status(wanted, [ITEM, done], "x" * 61) == one._replace(
        label=f"“Git LFS”: todo → learned (of “{'x' * 59}…”)"
    )
    assert plan.set_status(wanted, [ITEM], "x" * 60).label.endswith(f"(of “{'x' * 60}”)")
    mixed = plan.set_status(
        {"git-lfs": Status.LEARNED, "other": Status.SKIPPED}, [ITEM, OTHER], "A gap"
    )
    assert mixed.label == "2 items → back to what they were (of “A gap”)"


def test_horizon_and_snooze_name_the_goal() -> None:
    assert plan.set_horizon(Horizon.SHORT, [ITEM]).label == "“Git LFS”: horizon short"
    assert plan.set_horizon(None, [STEP]).changes == (
        entry_change("horizon", "short", None, "step"),
    )
    assert plan.set_horizon(Horizon.SHORT, [ITEM, STEP]).changes == (
        entry_change("horizon", None, "short"),
    )
    assert plan.set_horizon(None, [ITEM]).label == "“Git LFS”: no horizon"
    snoozed = plan.snooze("2026-12-01", [ITEM, STEP])
    assert snoozed.label == "2 entries: snoozed until 2026-12-01"
    assert snoozed.changes == tuple(
        entry_change("snoozed_until", None, "2026-12-01", id_) for id_ in ("git-lfs", "step")
    )
    assert plan.snooze(None, [ITEM]).changes == ()
    assert plan.snooze(None, [ITEM]).label == "“Git LFS”: no longer snoozed"
    off = ITEM._replace(snoozed_until="2026-12-01")
    assert plan.snooze("2026-12-01", [off]).changes == ()
    assert plan.snooze(None, [off]).changes == (entry_change("snoozed_until", "2026-12-01", None),)


def test_progress_begins_what_was_not_begun_and_ends_a_snooze() -> None:
    later = OTHER._replace(
        own_status=Status.LEARNED, snoozed_until="2026-12-01", progressed_on="2026-11-24"
    )
    assert plan.progress([later, ITEM], "2026-11-24").changes == (
        entry_change("snoozed_until", "2026-12-01", None, "other"),
        entry_change("progressed_on", "2026-11-24", "2026-11-24", "other"),
        entry_change("status", "todo", "learning"),
        entry_change("progressed_on", None, "2026-11-24"),
    )


def review_changes(rating: int, claim: int) -> tuple[Change, ...]:
    fields: dict[str, Value] = {"entry": "git-lfs", "at": AT, "rating": rating, "claim": claim}
    return (
        *(Change(Entity.REVIEW, "r", name, None, value) for name, value in fields.items()),
        Change(Entity.REVIEW, "r", "deleted", 1, 0),
    )


def test_a_review_ends_a_snooze() -> None:
    action = plan.review(ITEM, "r", AT, Rating.HARD)
    assert action.label == "reviewed “Git LFS”: hard"
    assert action.changes == review_changes(2, 0)
    snoozed = ITEM._replace(snoozed_until="2026-12-01")
    assert plan.review(snoozed, "r", AT, Rating.GOOD).changes == (
        *review_changes(3, 0),
        entry_change("snoozed_until", "2026-12-01", None),
    )


@pytest.mark.parametrize(
    ("entry", "status", "reviewed", "woken"),
    [
        (ITEM, Status.LEARNED, True, False),
        (ITEM, Status.LEARNING, False, False),
        (ITEM._replace(kind=Kind.STEP), Status.LEARNED, False, False),
        (ITEM._replace(snoozed_until="2026-12-01"), Status.LEARNED, True, True),
        (ITEM._replace(snoozed_until="2026-12-01"), Status.LEARNING, False, False),
        (ITEM._replace(snoozed_until="2026-11-24"), Status.LEARNING, False, True),
        (ITEM._replace(id="untouched", snoozed_until="2026-11-01"), Status.LEARNED, False, False),
    ],
)
def test_what_is_learned_gets_its_first_review_and_wakes_up(
    entry: Entry, status: Status, reviewed: bool, woken: bool
) -> None:
    said = entry_change("status", "todo", status.value)
    action = Action("label", (said, entry_change("title", "a", "b", "untouched")), day="2026-11-24")
    # What the action says nothing of comes first, and holds up nothing.
    found = plan.claims(
        action, [OTHER._replace(id="elsewhere"), entry], iter(["r"]), AT, "2026-11-24"
    )
    assert found == action._replace(
        changes=(
            *action.changes,
            *(review_changes(3, 1) if reviewed else ()),
            *([entry_change("snoozed_until", entry.snoozed_until, None)] if woken else ()),
        ),
    )


def test_what_is_added_says_all_that_it_is() -> None:
    action = plan.add("new", Kind.ITEM, "git", "a3", " A  title ", {"horizon": "short"})
    values = {"kind": "item", "parent": "git", "position": "a3", "title": "A title"}
    assert action.changes == (
        *(entry_change(n, None, v, "new") for n, v in {**values, "horizon": "short"}.items()),
        entry_change("deleted", 1, 0, "new"),
    )
    assert action.label == "added “A title”"
    for length, shown in ((60, "x" * 60), (61, "x" * 59 + "…")):
        assert plan.add("new", Kind.ITEM, None, "a0", "x" * length, {}).label == f"added “{shown}”"
    with pytest.raises(TrackerError, match="a title cannot be empty"):
        plan.add("new", Kind.ITEM, None, "a0", " ", {})


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
        ("impact", "x \n", "x"),
        ("action", "x \n", "x"),
        ("done_when", "x \n", "x"),
        ("first_step", "x \n", "x"),
    ],
)
def test_edit_cleans_what_it_keeps(field: str, value: Value, kept: Value) -> None:
    (change,) = plan.edit(ITEM, {field: value}).changes
    now = {"title": "Git LFS", "description": "large files", "resources": ITEM.resources_json}
    old = now.get(field, {"status": "todo"}.get(field, None if field in NULLABLE else ""))
    assert change == entry_change(field, old, kept)


NULLABLE = ("effort", "horizon", "snoozed_until")


def test_edit_knows_what_is_there() -> None:
    there = ITEM._replace(
        effort=Effort.S,
        horizon=Horizon.SHORT,
        snoozed_until="2026-12-01",
        own_status=Status.LEARNING,
        impact="i",
        action="a",
        done_when="d",
        first_step="f",
    )
    same: dict[str, Value] = {
        **{"title": "Git LFS", "description": "large files", "impact": "i", "action": "a"},
        **{"done_when": "d", "first_step": "f", "effort": "s", "horizon": "short"},
        **{"snoozed_until": "2026-12-01", "status": "learning", "resources": there.resources_json},
    }
    assert plan.edit(ITEM, {"impact": "i", "action": "a"}).changes == (
        *(entry_change("impact", "", "i"), entry_change("action", "", "a")),
    )
    assert plan.edit(there, same) == Action("edited “Git LFS”", ())
    assert plan.edit(there, {"effort": " "}).changes == (entry_change("effort", "S", None),)
    assert plan.edit(there, {"effort": None}).changes == (entry_change("effort", "S", None),)


@pytest.mark.parametrize(
    ("field", "value", "word"),
    [
        ("titel", "x", "did you mean title"),
        ("parent", "x", "no “parent” to edit"),
        ("title", "", "empty"),
        ("title", None, "empty"),
        ("done_when", "x" * 1_000_001, "the done when has 1,000,001 char.* 1,000,000 is the most"),
        ("status", "great", "status cannot be “great”"),
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
    for field, value in (("horizon", "short"), ("snoozed_until", "2026-12-01"), ("effort", "S")):
        with pytest.raises(TrackerError, match=f"^a section has no {field} of its own$"):
            plan.edit(SECTION, {field: value})
    with pytest.raises(TrackerError, match="a section has no status"):
        plan.edit(SECTION, {"status": "learned"})


def test_notes_are_edited_and_emptied() -> None:
    notes = [Note("n1", "git-lfs", AT, "one"), Note("n2", "git-lfs", AT, "two")]
    assert plan.edit_notes(notes, {"n1": " \n", "n2": "2"}) == [
        Change(Entity.NOTE, "n1", "deleted", 0, 1),
        Change(Entity.NOTE, "n2", "text", "two", "2"),
    ]
    assert plan.edit_notes(notes, {"n2": "two", "unknown": "x"}) == []
    assert plan.note(ITEM, "n3", AT, " \n\t").changes == ()
    noted = plan.note(ITEM, "n3", AT, "words \n")
    assert noted.label == "note on “Git LFS”"
    values = {"entry": "git-lfs", "at": AT, "text": "words"}
    assert noted.changes == (
        *(Change(Entity.NOTE, "n3", name, None, value) for name, value in values.items()),
        Change(Entity.NOTE, "n3", "deleted", 1, 0),
    )
    with pytest.raises(TrackerError, match="the note has"):
        plan.note(ITEM, "n3", AT, "x" * 1_000_001)
    with pytest.raises(TrackerError, match="the note has"):
        plan.edit_notes(notes, {"n1": "x" * 1_000_001})


def test_moving_says_only_what_is_another_place() -> None:
    assert plan.move(ITEM, "other", "a5", "to “Other”") == Action(
        "moved “Git LFS” to “Other”",
        (entry_change("parent", "git", "other"), entry_change("position", "a0", "a5")),
    )
    assert plan.move(ITEM, "git", "a5", "down").changes == (entry_change("position", "a0", "a5"),)
    assert plan.rearrange(ITEM, [(ITEM, "a1"), (OTHER, "a1"), (STEP, "a2")], "down") == Action(
        "moved “Git LFS” down",
        (entry_change("position", "a0", "a1"), entry_change("position", "a0", "a2", "step")),
    )


def test_deleting_takes_what_is_below_along_once() -> None:
    action = plan.delete([SECTION, ITEM], [ITEM, OTHER, OTHER._replace(id="gone", deleted=True)])
    assert [change.id for change in action.changes] == ["git", "git-lfs", "other"]
    assert set(action.changes) == {
        entry_change("deleted", 0, 1, id_) for id_ in ("git", "git-lfs", "other")
    }
    assert action.label == "deleted 2 entries with 1 below"
    assert plan.delete([ITEM], [ITEM]).label == "deleted “Git LFS”"


@pytest.mark.parametrize(
    ("kind", "made", "unmade"),
    [
        (RelationKind.COVERS, "covers", "no longer covers"),
        (RelationKind.REQUIRES, "needs", "no longer needs"),
        (RelationKind.RELATED, "is related to", "is no longer related to"),
    ],
)
def test_a_relation_is_made_and_unmade(kind: RelationKind, made: str, unmade: str) -> None:
    id_ = f"{kind.value}:step:git-lfs"
    values = {"kind": kind.value, "source": "step", "target": "git-lfs", "position": "a0"}
    assert plan.relate(kind, STEP, OTHER, "a0", on=True).label == f"“Git LFS” {made} “Other”"
    assert plan.relate(kind, STEP, ITEM, "a0", on=True).changes == (
        *(Change(Entity.RELATION, id_, name, None, value) for name, value in values.items()),
        Change(Entity.RELATION, id_, "deleted", 1, 0),
    )
    assert plan.relate(kind, STEP, ITEM, "a0", on=False) == Action(
        f"“Git LFS” {unmade} “Git LFS”", (Change(Entity.RELATION, id_, "deleted", 0, 1),)
    )
