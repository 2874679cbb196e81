"""Changes that are made whenever they are looked at."""

from __future__ import annotations

import pytest

from tracker_tui.domain.journal import Action, Change, Made
from tracker_tui.domain.words import Entity

CHANGES = tuple(Change(Entity.ENTRY, f"id-{n}", "title", None, str(n)) for n in range(4))


def test_made_changes_are_a_sequence_like_any() -> None:
    made = Made(4, lambda: iter(CHANGES))
    assert (len(made), list(made), list(made)) == (4, [*CHANGES], [*CHANGES])
    assert (made[0], made[-1], made[1:3]) == (CHANGES[0], CHANGES[3], CHANGES[1:3])
    with pytest.raises(IndexError):
        made[4]


@pytest.mark.parametrize("changes", [CHANGES[:3], Made(3, lambda: CHANGES[:3])])
def test_more_changes_come_behind(changes: tuple[Change, ...] | Made) -> None:
    action = Action("some", changes).also(CHANGES[3])
    assert (action.label, len(action.changes), tuple(action.changes)) == ("some", 4, CHANGES)
    assert type(action.changes) is type(changes)
