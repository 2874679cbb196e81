"""Which files are half-written ones of the program's, and which are somebody's."""

from __future__ import annotations

import pytest

from tracker_tui.domain.leftovers import is_left_beside, is_left_of, is_leftover


@pytest.mark.parametrize(
    ("name", "ours"),
    [
        (".tracker-20261124T080000Z-daily.db.77.tmp", True),
        (".tracker-20261124T080000Z-daily.db.77.tmp-journal", True),
        (".tracker.db.7.tmp-wal", True),
        ("..tracker.db.7.tmp.7.tmp", True),
        ("..tracker.db.7.tmp.7.tmp-journal", True),
        ("...tracker.db.7.tmp", False),
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


@pytest.mark.parametrize(
    ("name", "ours"),
    [
        (".usb (1).db.77.tmp", True),
        (".usb (1).db.77.tmp-journal", True),
        (".usb (1)xdb.77.tmp", False),
        ("usb (1).db.77.tmp", False),
        (".usb (1).db.77.tmp.txt", False),
        (".other.db.77.tmp", False),
    ],
)
def test_which_files_were_to_become_a_backup_of_ones_own(name: str, ours: bool) -> None:
    assert is_left_of(name, "usb (1).db") is ours


def test_beside_a_mirrored_file_only_what_was_to_replace_it_is_ours() -> None:
    assert is_left_beside(".0123456789ab.tmp")
    assert not is_left_beside(".tracker.db.7.tmp")
    assert not is_left_beside(".0123456789ag.tmp")
