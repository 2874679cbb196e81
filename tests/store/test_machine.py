"""What a database keeps for its machine alone: read in whatever state it is, and kept by what comes after it."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tracker_tui.domain.journal import Value
from tracker_tui.store.machine import Machine, machine, remember_target, take
from tracker_tui.store.mirrors import MirrorRow
from tracker_tui.store.schema import SOURCE
from tracker_tui.store.store import Store

AT = "2026-11-24T08:00:00Z"
TARGETS = "backed up into"


def opened(path: Path) -> Store:
    return Store(path, list, lambda: "me")


def mirrored(name: str, row: int = 5) -> tuple[MirrorRow, str]:
    return MirrorRow(f"/of/{name}.md", AT, "digest", 7, 9, row, 2), '{"ties": [["i1", 3]]}'


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "tracker.db"


def test_where_backups_were_written_to_is_kept_once_each_the_last_one_first(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened(path).close()
    monkeypatch.chdir(tmp_path)
    for name in ("a.db", "b.db", "a.db"):
        remember_target(path, Path(name))
    assert machine(path).targets == [str(tmp_path / "b.db"), str(tmp_path / "a.db")]
    for n in range(20):
        remember_target(path, tmp_path / f"{n}.db")
    assert machine(path).targets == [str(tmp_path / f"{n}.db") for n in range(19, 9, -1)]


def test_where_it_cannot_be_kept_nothing_is_changed(path: Path, tmp_path: Path) -> None:
    remember_target(path, tmp_path / "a.db")
    assert not path.exists()
    opened(path).close()
    for version in (0, 6):
        with closing(sqlite3.connect(path)) as db:
            db.execute(f"PRAGMA user_version = {version}")
            remember_target(path, tmp_path / "a.db")
            assert db.execute("SELECT * FROM local WHERE key = ?", (TARGETS,)).fetchall() == []
    path.write_bytes(b"garbage" * 999)
    remember_target(path, tmp_path / "a.db")
    assert path.read_bytes() == b"garbage" * 999


def test_what_is_kept_is_read_of_a_sound_database_and_of_none_it_is_not_known(path: Path) -> None:
    assert machine(path) == Machine(None, None)
    assert (machine(path).source, machine(path).targets) == (None, [])
    with opened(path) as store:
        assert machine(path).mirrors == []
        with store.transaction():
            for name in "ab":
                store.keep_mirror(*mirrored(name))
            bad = mirrored("c")[0]._replace(path="relative.md")
            store.keep_mirror(bad, "{}")
        store.set_local("theme", "light")
        found = machine(path)
    assert found.mirrors == [mirrored("a"), mirrored("b")], "what is none is left out"
    assert found.local is not None and found.local["theme"] == "light"
    assert found.local["replica"] == "me"


@pytest.mark.parametrize("damage", ["the header", "the table's name"])
def test_of_a_damaged_one_the_mirrored_files_are_looked_for_in_its_pages(
    path: Path, damage: str
) -> None:
    with opened(path) as store, store.transaction():
        for name, row in (("a", 4), ("b", 5)):
            store.keep_mirror(*mirrored(name, row))
    if damage == "the header":
        with path.open("r+b") as file:
            file.write(b"\xa5" * 100)
    else:
        content = path.read_bytes()
        path.write_bytes(
            content.replace(b"CREATE TABLE mirror", b"CREATE TABLE m\xa5\xa5\xa5\xa5\xa5")
        )
    found = machine(path)
    assert sorted(found.mirrors or ()) == [mirrored("a", 4), mirrored("b", 5)]


def test_where_only_the_mirrors_cannot_be_asked_for_all_else_is_known(path: Path) -> None:
    with opened(path) as store:
        with store.transaction():
            store.keep_mirror(*mirrored("a"))
        store.db.execute("ALTER TABLE mirror RENAME COLUMN base TO other")
        found = machine(path)
    assert found.local is not None and found.local["replica"] == "me"
    assert machine(path).mirrors == [mirrored("a")]


def test_a_file_whose_end_is_lost_costs_no_other_one(path: Path) -> None:
    """What is long goes on in a chain of other pages."""
    long = (mirrored("long")[0], json.dumps({"text": "y" * 20_000}))
    with opened(path) as store, store.transaction():
        for row, base in (mirrored("a"), long, mirrored("z")):
            store.keep_mirror(row, base)
    content = bytearray(path.read_bytes())
    content[:100] = b"\xa5" * 100
    path.write_bytes(content)
    assert sorted(machine(path).mirrors or ()) == sorted([mirrored("a"), long, mirrored("z")])
    first = next(
        at for at in range(0, len(content), 4096) if content[at + 4 : at + 4096] == b"y" * 4092
    )
    content[first : first + 4] = b"\xff" * 4
    path.write_bytes(content)
    assert sorted(machine(path).mirrors or ()) == [mirrored("a"), mirrored("z")]


def test_of_two_versions_of_a_file_in_the_pages_the_newer_one_is_taken(path: Path) -> None:
    with opened(path) as store:
        store.db.execute("ALTER TABLE mirror RENAME TO old")
        store.db.execute("CREATE TABLE mirror AS SELECT * FROM old")
        for row in (3, 8, 5):
            values = (*mirrored("a", row)[0], mirrored("a")[1])
            store.db.execute(f"INSERT INTO mirror VALUES ({', '.join('?' * 8)})", values)
    with path.open("r+b") as file:
        file.write(b"\xa5" * 100)
    assert machine(path).mirrors == [mirrored("a", 8)]


def test_of_a_damaged_one_in_which_no_file_is_found_it_is_not_known_whether_there_were_any(
    path: Path,
) -> None:
    opened(path).close()
    with path.open("r+b") as file:
        file.write(b"\xa5" * 100)
    assert machine(path) == Machine(None, None)


@pytest.mark.parametrize(
    ("kept", "source"),
    [
        ('["abc", 7]', ("abc", 7)),
        ("[null, 0]", (None, 0)),
        ('[7, "abc"]', None),
        ('["abc", "7"]', None),
        ('["abc"]', None),
        ("7", None),
        ("{", None),
        (None, None),
    ],
)
def test_what_it_was_made_of_is_told_if_it_is_known(
    kept: Value, source: tuple[Value, int] | None
) -> None:
    assert Machine({SOURCE: kept}, None).source == source


@pytest.mark.parametrize(
    ("kept", "targets"),
    [('["/a", 7, "/b"]', ["/a", "/b"]), ('{"/a": 1}', []), ("{", []), ("7", []), (None, [])],
)
def test_of_the_files_that_were_backed_up_into_those_are_told_that_are_any(
    kept: Value, targets: list[str]
) -> None:
    assert Machine({TARGETS: kept}, None).targets == targets


def test_what_comes_in_its_place_keeps_what_is_the_machines_and_no_number_is_used_twice(
    path: Path,
) -> None:
    kept: dict[str, Value] = {
        **{"replica": "theirs", "lamport": 99, "review_share": 9, "era": "x", "backup": 1},
        **{SOURCE: json.dumps(["x", 1]), "before": "[]", "theme": "light", TARGETS: '["/a"]'},
        **{"used a": 7, "used b": 2, "used c": "garbage", "used d": 4},
    }
    with opened(path) as store:
        store.set_local("used b", 5)
        store.set_local("used c", 6)
        store.set_local("used d", "garbage")
        take(store, Machine(kept, [mirrored("a")]))
        own = [store.local(key) for key in ("replica", "lamport", "review_share", "era", "backup")]
        assert own == ["me", 0, None, None, None]
        assert (store.local("theme"), store.local(TARGETS)) == ("light", '["/a"]')
        assert [store.local(f"used {name}") for name in "abcd"] == [7, 5, 6, 4]
        assert store.mirrors() == [mirrored("a", -1)[0]], "to be brought in step anew"
        take(store, Machine(None, None))
        assert store.mirrors() == [mirrored("a", -1)[0]], "it was not to be read which these are"
        take(store, Machine({}, []))
        assert store.mirrors() == []
