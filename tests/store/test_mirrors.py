"""What is kept of mirrored files, and of what was changed on their behalf."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.store.test_merge import AT, TREE, row
from tracker_tui.domain.journal import Row
from tracker_tui.store.mirrors import MirrorRow, kept_mirrors
from tracker_tui.store.store import Store

NOTES = MirrorRow("/home/me/notes.md", AT, "d1", 120, 1_000, 7, 2)
TEAM = MirrorRow("/home/me/team.md", AT, "d2", 80, 2_000, 5, 1)


def base(*ids: str) -> str:
    return json.dumps({"ties": [[id_, n] for n, id_ in enumerate(ids)]})


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "tracker.db", lambda: TREE, lambda: "me") as opened:
        opened.keep_mirror(TEAM, base("t"))
        opened.keep_mirror(NOTES, base("x", "y"))
        yield opened


def test_files_are_told_by_path_with_what_is_kept_of_each(store: Store) -> None:
    assert store.mirrors() == [NOTES, TEAM]
    assert store.mirror(NOTES.path) == (NOTES, base("x", "y"))
    assert store.mirror_row(TEAM.path) == TEAM
    assert store.mirror("/nothing") is None and store.mirror_row("/nothing") is None
    assert sorted(kept_mirrors(store.db)) == [(NOTES, base("x", "y")), (TEAM, base("t"))]


def test_a_database_from_before_there_were_mirrors_has_none() -> None:
    with closing(sqlite3.connect(":memory:")) as old:
        assert kept_mirrors(old) == []


def test_a_file_that_is_in_step_again_stays_since_when_it_is_mirrored(store: Store) -> None:
    now = MirrorRow(NOTES.path, "2027-01-01T00:00:00Z", "d3", 130, 3_000, 9, 3)
    store.keep_mirror(now, base("x"))
    assert store.mirror(NOTES.path) == (now._replace(added_at=AT), base("x"))
    assert store.mirror_row(TEAM.path) == TEAM


def test_what_was_changed_on_behalf_of_a_file_is_kept_until_it_begins_anew(store: Store) -> None:
    store.keep_mirror_wrote(NOTES.path, "track")
    store.keep_mirror_wrote(NOTES.path, "track")
    store.keep_mirror_wrote(TEAM.path, "file")

    def wrote() -> list[tuple[bool, bool]]:
        return [
            (store.mirror_wrote(path, "track"), store.mirror_wrote(path, "file"))
            for path in (NOTES.path, TEAM.path)
        ]

    assert wrote() == [(True, False), (False, True)]
    store.begin_mirror(NOTES.path)
    assert wrote() == [(False, False), (False, True)]
    store.drop_mirror(TEAM.path)
    assert wrote() == [(False, False), (False, False)]
    assert store.mirrors() == [NOTES]


def test_files_of_another_database_come_in_the_place_of_all_and_are_brought_in_step_anew(
    store: Store,
) -> None:
    other = TEAM._replace(path="/home/me/other.md")
    store.take_mirrors([(other, base("s"))])
    assert store.mirrors() == [other._replace(row=-1)]
    assert store.mirror(other.path) == (other._replace(row=-1), base("s"))


def test_what_other_files_are_tied_to_leaves_out_what_only_this_one_is(store: Store) -> None:
    assert store.tied_elsewhere(NOTES.path) == {"t"}
    assert store.tied_elsewhere(TEAM.path) == {"x", "y"}
    assert store.tied_elsewhere("/nothing") == {"t", "x", "y"}


def test_when_a_field_got_its_value_is_when_what_holds_was_said(store: Store) -> None:
    end = store.journal_end()
    later, sooner = "2026-12-02T08:00:00Z", "2026-12-01T08:00:00Z"
    store.merge(
        [
            row("b", 1, "x", "title", "loses", lamport=2, at=later),
            row("b", 2, "x", "title", "holds", lamport=3, at=sooner),
            Row("b", 3, 9, later, "b-3", "note", "x", "title", "no entry's"),
        ]
    )
    assert store.said_at("x", "title") == sooner
    assert store.said_at("x", "kind") == AT
    assert store.said_at("x", "impact") == ""
    assert store.journal_end() == end + 3 == len(TREE) + 3
