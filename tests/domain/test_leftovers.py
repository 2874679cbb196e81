"""Which files are half-written ones of the program's, and which are somebody's."""

from __future__ import annotations

import pytest

from tracker_tui.domain.leftovers import is_leftover


@pytest.mark.parametrize(
    ("name", "ours"),
    [
        (".tracker-20261124T080000Z-daily.db.77.tmp", True),
        (".tracker-20261124T080000Z-daily.db.77.tmp-journal", True),
        (".tracker.db.7.tmp-wal", True),
        ("prompt.12.tmp", True),
        (".0123456789ab.tmp", True),
        ("tracker.db", False),
        ("tracker.db-wal", False),
        ("tracker-20261124T080000Z-daily.db", False),
        (".my.db.7.tmp", False),
        (".tracker.db.tmp", False),
        (".0123456789ab.tmp.txt", False),
        ("my.0123456789ab.tmp", False),
        ("", False),
    ],
)
def test_which_files_are_leftovers(name: str, ours: bool) -> None:
    assert is_leftover(name) is ours
