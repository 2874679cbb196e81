"""A track with one of everything."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from tests.test_mirror_random import both
from tracker_tui.domain.track import Place
from tracker_tui.domain.words import Horizon, Kind, RelationKind, Status
from tracker_tui.tracker import Tracker


@contextmanager
def small_track() -> Iterator[Tracker]:
    """Open it; nothing else is in it."""
    with both("x") as pair:
        tracker = pair.tracker

        def add(title: str, kind: Kind, place: Place, description: str = "") -> str:
            return tracker.add(title, kind, place, None, description).changes[0].id

        git = add("Git", Kind.CATEGORY, Place(kind=Kind.CATEGORY), "About\nit.")
        hooks = add("Hooks", Kind.ITEM, Place(git), "run\nby git")
        inner = add("Inner", Kind.ITEM, Place(hooks))
        innermost = add("Innermost", Kind.ITEM, Place(inner), "deep")
        section = add("More", Kind.SECTION, Place(git))
        lfs = add("LFS", Kind.ITEM, Place(section))
        gap = add("Gap", Kind.GAP, Place(kind=Kind.GAP), "is\nopen")
        add("Gap two", Kind.GAP, Place(kind=Kind.GAP))
        first = add("First", Kind.STEP, Place(kind=Kind.STEP, horizon=Horizon.IMMEDIATE))
        add("Second", Kind.STEP, Place(kind=Kind.STEP, horizon=Horizon.IMMEDIATE), "told")
        add("Later", Kind.STEP, Place(kind=Kind.STEP, horizon=Horizon.MEDIUM))
        tracker.set_status([inner, gap], Status.LEARNING)
        tracker.set_status([innermost, first], Status.LEARNED)
        tracker.edit(gap, {"impact": "bad", "action": "close it"})
        links = '[{"title": "A [b]", "url": "https://a.org"}]'
        study = {"first_step": "go", "done_when": "it is", "effort": "M", "resources": links}
        for id_ in (hooks, first):
            tracker.edit(id_, study)
        tracker.relate(RelationKind.REQUIRES, hooks, lfs)
        tracker.relate(RelationKind.RELATED, inner, lfs)
        for id_ in (innermost, gap, first):
            tracker.add_note(id_, "one\n- [ ] two")
        yield tracker
