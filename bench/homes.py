"""Tracks of some size to measure with."""

from __future__ import annotations

import json
import os
from pathlib import Path

from tracker_tui.domain.words import Status
from tracker_tui.exchange import seed
from tracker_tui.paths import find
from tracker_tui.tracker import Tracker

BUILT_IN = 180
WIDE = 5_000
"""How many items the widest section has; those beyond lie in sections of 500."""
NOTED = "bench-noted"
"""Id of the first item of the extra ones: it has 300 lines of notes."""
_ABOUT = ("indexes", "caching", "queues", "timeouts", "retries", "parsers", "threads")


def make(folder: Path, items: int) -> int:
    """Make a home in `folder` whose track has the built-in items and others, `items` in all.

    It is left as a user leaves it: some things learned and in progress, some branches open.
    Returns how many items there are.
    """
    os.environ["TRACKER_HOME"] = str(folder)
    paths = find()
    data = json.loads(seed.built_in().read_text(encoding="utf-8"))
    extra = max(items - BUILT_IN, 0)
    if extra:
        data["categories"].append(_category(extra))
    text = json.dumps(data)
    with Tracker(paths, first=lambda: seed.parse(text).rows()) as tracker:
        for id_, status in (("git-lfs", Status.LEARNED), ("runbooks", Status.LEARNING)):
            tracker.set_status([id_], status)
        noted = NOTED if extra else "git-worktrees"
        tracker.add_note(noted, "\n".join(f"line {n} of a long note" for n in range(300)))
        tracker.remember("screen", {"opened": ["@today"], "cursor": None})
        return tracker.overall().total


def _category(items: int) -> dict[str, object]:
    sections: list[dict[str, object]] = []
    made = 0
    while made < items:
        count = min(items - made, WIDE if not sections else 500)
        number = len(sections)
        sections.append(
            {
                "id": f"bench-section-{number}",
                "title": f"Section number {number}",
                "items": [
                    {
                        "id": NOTED if not made + n else f"bench-item-{made + n}",
                        "title": f"Item {made + n} on {_ABOUT[n % len(_ABOUT)]}",
                        "description": "Something to find words in",
                        "status": "todo",
                    }
                    for n in range(count)
                ],
            }
        )
        made += count
    return {"id": "bench", "title": "A large category", "sections": sections}
