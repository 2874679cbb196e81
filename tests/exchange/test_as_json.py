"""What `--json` says, whole: programs of other people read it, so that no name in it may change."""

from __future__ import annotations

from datetime import date

import pytest

from tests.bare import bare
from tests.conftest import Clock
from tracker_tui.domain.insight import Pace
from tracker_tui.domain.track import Place, Tally
from tracker_tui.domain.words import Kind, RelationKind, Status
from tracker_tui.exchange import as_json
from tracker_tui.tracker import Tracker

AT = "2026-11-24T08:00:00Z"


@pytest.fixture
def lived_in(tracker: Tracker) -> Tracker:
    bare(tracker, "git-worktrees", "git-lfs", "runbooks")
    links = '[{"title": "Git LFS", "url": "https://git-lfs.com"}]'
    tracker.edit(
        "git-lfs",
        {"first_step": "go", "done_when": "it is", "effort": "S", "resources": links},
    )
    tracker.add_note("git-lfs", "one")
    tracker.relate(RelationKind.REQUIRES, "git-lfs", "runbooks")
    tracker.relate(RelationKind.RELATED, "git-lfs", "git-worktrees")
    tracker.relate(RelationKind.COVERS, "gap-ci-cd", "git-lfs")
    tracker.snooze(["git-lfs"], "3d")
    return tracker


def linked(tracker: Tracker, id_: str) -> dict[str, str]:
    entry = tracker.entry(id_)
    return {"id": id_, "kind": entry.kind, "title": entry.title, "status": entry.status}


def test_an_entry_with_everything_known_about_it(lived_in: Tracker) -> None:
    ranks = lived_in.critical_ranks()
    detail = lived_in.detail("git-lfs")
    listed = {
        "id": "git-lfs",
        "kind": "item",
        "title": "Git LFS",
        "description": "Strategy for large files (images, models)",
        "status": "todo",
        "horizon": None,
        "effort": "S",
        "parent": "git-workflow-unknown-unknowns",
        "category": "git-workflow",
        "section": "git-workflow-unknown-unknowns",
        "critical": ranks["gap-ci-cd"],
        "snoozed_until": "2026-11-27",
        "retired": False,
        "created_at": lived_in.entry("git-lfs").created_at,
        "updated_at": AT,
    }
    assert as_json.entry_json(detail.entry, detail.path, ranks) == listed
    told = as_json.detail_json(detail, ranks)
    history = told.pop("history")
    assert told == {
        **listed,
        "impact": "",
        "action": "",
        "done_when": "it is",
        "first_step": "go",
        "resources": [{"title": "Git LFS", "url": "https://git-lfs.com"}],
        "review": None,
        "notes": [{"id": detail.notes[0].id, "at": AT, "text": "one"}],
        "covers": [],
        "covered_by": [linked(lived_in, link.id) for link in detail.covered_by],
        "requires": [linked(lived_in, "runbooks")],
        "required_by": [],
        "related": [linked(lived_in, "git-worktrees")],
        "children": [],
    }
    assert linked(lived_in, "gap-ci-cd") in told["covered_by"]
    assert [*history[0]] == ["at", "text"] and history[0]["at"] == AT
    gap = as_json.detail_json(lived_in.detail("gap-ci-cd"), ranks)
    assert linked(lived_in, "git-lfs") in gap["covers"]
    assert (gap["critical"], gap["category"]) == (ranks["gap-ci-cd"], None)
    needed = as_json.detail_json(lived_in.detail("runbooks"), ranks)
    assert needed["required_by"] == [linked(lived_in, "git-lfs")]


def test_a_branch_is_learned_when_all_that_counts_in_it_is(lived_in: Tracker) -> None:
    def told() -> tuple[str, dict[str, str]]:
        found = as_json.detail_json(lived_in.detail("git-workflow-unknown-unknowns"), {})
        return found["status"], {child["id"]: child["status"] for child in found["children"]}

    items = [entry.id for entry in lived_in.siblings(Place("git-workflow-unknown-unknowns"))]
    assert told() == ("todo", dict.fromkeys(items, "todo"))
    lived_in.set_status(items[:1], Status.LEARNING)
    assert told()[0] == "learning"
    lived_in.set_status(items[:1], Status.LEARNED)
    assert told() == ("learning", dict.fromkeys(items, "todo") | {items[0]: "learned"})
    lived_in.set_status(items[1:], Status.SKIPPED)
    assert told()[0] == "learned"
    lived_in.set_status(items, Status.SKIPPED)
    assert told()[0] == "todo"
    (child, *_) = as_json.detail_json(lived_in.detail("git-workflow"), {})["children"]
    section = lived_in.entry(child["id"])
    assert child == {
        **{"id": section.id, "kind": "section", "title": section.title, "status": "todo"}
    }


def test_what_is_to_do_now(lived_in: Tracker) -> None:
    lived_in.set_status(["git-lfs"], Status.LEARNING)
    due = lived_in.queue()[0]
    assert as_json.next_json(due, lived_in.detail("git-lfs")) == {
        "id": "git-lfs",
        "kind": due.reason.value,
        "title": "Git LFS",
        "why": due.why,
        "status": "learning",
        "where": ["Git Workflow", "Unknown Unknowns"],
        "first_step": "go",
        "done_when": "it is",
        "effort": "S",
        "link": {"title": "Git LFS", "url": "https://git-lfs.com"},
    }
    none = as_json.next_json(due, lived_in.detail("runbooks"))
    assert (none["effort"], none["link"]) == (None, None)


def test_a_hit_of_a_search(lived_in: Tracker) -> None:
    (found,) = [hit for hit in lived_in.search("lfs") if hit.id == "git-lfs"]
    assert as_json.found_json(found, "Git LFS", "…") == {
        "id": "git-lfs",
        "kind": "item",
        "title": "Git LFS",
        "status": "todo",
        "where": found.where,
        "snippet": "…",
        "retired": False,
    }


def test_how_a_learned_item_stands(lived_in: Tracker, clock: Clock) -> None:
    lived_in.set_status(["git-worktrees"], Status.LEARNED)
    clock.advance(days=10)
    detail = lived_in.detail("git-worktrees")
    assert detail.standing is not None
    assert as_json.detail_json(detail, {})["review"] == {
        "due": detail.standing.due.isoformat(),
        "recall": round(detail.standing.recall, 4),
        "last": "2026-11-24",
        "reviews": detail.standing.reviews,
    }
    assert 0 < round(detail.standing.recall, 4) < 1


def test_what_the_days_come_to(lived_in: Tracker, clock: Clock) -> None:
    clock.advance(days=1)
    lived_in.set_status(["git-worktrees", "git-hooks"], Status.LEARNED)
    stats = lived_in.stats()
    told = as_json.stats_json(stats)
    git = next(category for category in stats.categories if category.id == "git-workflow")
    assert {name: told[name] for name in ("today", "began", "rhythm", "streak", "pace")} == {
        **{"today": "2026-11-25", "began": "2026-11-24", "rhythm": stats.rhythm},
        **{"streak": stats.streak, "pace": None},
    }
    assert told["overall"] == {"total": 180, "learned": 2, "learning": 0, "skipped": 0}
    assert told["learned"] == {"2026-11-25": 2}
    assert told["activity"] == {day.isoformat(): stats.activity[day] for day in stats.activity}
    assert [*told["activity"]] == ["2026-11-24", "2026-11-25"]
    assert told["reviews"] == {"coming": list(stats.reviews), "overdue": stats.overdue}
    assert told["categories"][stats.categories.index(git)] == {
        **{"id": "git-workflow", "title": "Git Workflow"},
        **Tally(git.tally.total, 2, 0, 0)._asdict(),
    }
    assert told.keys() == {
        *("today", "began", "rhythm", "streak", "overall", "activity", "learned"),
        *("categories", "reviews", "pace", "forecast"),
    }
    (one, *_) = stats.forecasts
    assert told["forecast"][0] == {
        "horizon": one.span.id.value,
        "open": one.open,
        "until": one.deadline.isoformat(),
        "early": None,
        "likely": None,
        "late": None,
        "does_not_fit": [],
    }


def test_a_pace_and_a_forecast_say_their_bounds(lived_in: Tracker, clock: Clock) -> None:
    for id_ in [entry.id for entry in lived_in.select("kind:item").matches][:40]:
        clock.advance(days=1)
        lived_in.set_status([id_], Status.LEARNED)
    lived_in.add("More", Kind.ITEM, Place("git-lfs"))
    stats = lived_in.stats()
    pace = stats.pace
    assert isinstance(pace, Pace)
    told = as_json.stats_json(stats)
    assert told["pace"] == {
        "a_week": round(7 * pace.likely, 2),
        "from": round(7 * pace.slow, 2),
        "to": round(7 * pace.fast, 2),
        "learned": pace.learned,
        "days": pace.days,
    }
    for one, shown in zip(stats.forecasts, told["forecast"], strict=True):
        days = [one.early, one.likely, one.late]
        assert [shown[name] for name in ("early", "likely", "late")] == [
            day and day.isoformat() for day in days
        ]
        assert shown["does_not_fit"] == [entry.id for entry in one.over]
        assert shown["until"] == date.isoformat(one.deadline)
