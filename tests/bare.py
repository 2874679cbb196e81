"""Items of the built-in track of which nothing is said about how to study them."""

from __future__ import annotations

from tracker_tui.domain.journal import Value
from tracker_tui.domain.words import RelationKind
from tracker_tui.tracker import Tracker

NOTHING: dict[str, Value] = {"done_when": "", "first_step": "", "effort": "", "resources": ""}


def bare(tracker: Tracker, *ids: str) -> None:
    """Take away what the track says of some entries, their twins and needs included."""
    for id_ in ids:
        tracker.edit(id_, NOTHING)
        detail = tracker.detail(id_, 0)
        for link in detail.related:
            tracker.relate(RelationKind.RELATED, id_, link.id, on=False)
        for link in detail.requires:
            tracker.relate(RelationKind.REQUIRES, id_, link.id, on=False)
        for link in detail.required_by:
            tracker.relate(RelationKind.REQUIRES, link.id, id_, on=False)
