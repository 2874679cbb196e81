"""Bars: their length is true, and where they are full or empty it is all or nothing."""

from __future__ import annotations

import pytest

from tracker_tui.domain.signs import SIGNS, bar
from tracker_tui.domain.track import Tally


@pytest.mark.parametrize(
    ("tally", "drawn"),
    [
        (Tally(0, 0), ".........."),
        (Tally(100, 0), ".........."),
        (Tally(100, 1), "#........."),
        (Tally(100, 14), "#........."),
        (Tally(100, 16), "##........"),
        (Tally(100, 94), "#########."),
        (Tally(100, 99), "#########."),
        (Tally(100, 100), "##########"),
        (Tally(100, 50, skipped=50), "##########"),
        (Tally(100, 49, skipped=50), "#########."),
    ],
)
def test_a_bar_is_full_when_all_is_learned_and_begun_when_anything_is(
    tally: Tally, drawn: str
) -> None:
    full, empty = bar(tally, 10, SIGNS["ascii"])
    assert full + empty == drawn
    assert (set(full) | {"#"}, set(empty) | {"."}) == ({"#"}, {"."})


@pytest.mark.parametrize("name", SIGNS)
def test_a_day_has_five_signs_and_all_else_one(name: str) -> None:
    signs = SIGNS[name]
    assert len(signs.levels) == 5
    assert {len(one) for one in (signs.paused, signs.full, signs.empty)} == {1}
    assert "".join(signs).isascii() is (name == "ascii")
