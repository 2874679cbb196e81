"""The file: private, shared by processes, refused when it is not ours, left as it was when damaged."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tracker_tui.domain.journal import Action, Change, Row
from tracker_tui.domain.words import Entity
from tracker_tui.errors import Busy, TrackerError
from tracker_tui.store import check
from tracker_tui.store.queries import Queries
from tracker_tui.store.store import Store

AT = "2026-11-24T08:00:00Z"
ROWS = [
    Row("seed", n, 0, AT, "seed-t-1", "entry", f"i{n}", "title", f"title {n}") for n in range(1, 40)
]


def opened(path: Path, timeout: float = 10.0) -> Store:
    return Store(path, lambda: ROWS, lambda: "me", timeout=timeout)


def renamed(id_: str, title: str) -> Action:
    return Action(f"renamed to {title}", (Change(Entity.ENTRY, id_, "title", "", title),))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "one" / "two" / "tracker.db"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    with opened(path) as store:
        yield store


# Private


@pytest.mark.parametrize("mask", [0o000, 0o022, 0o077])
def test_every_file_and_folder_that_is_made_is_private(path: Path, mask: int) -> None:
    before = os.umask(mask)
    try:
        with opened(path) as store:
            store.apply(renamed("i1", "x"), AT)
            files = sorted(file.name for file in path.parent.iterdir())
            assert files == ["tracker.db", "tracker.db-shm", "tracker.db-wal"]
            for file in path.parent.iterdir():
                assert stat.S_IMODE(file.stat().st_mode) == 0o600, file
            for folder in (path.parent, path.parent.parent):
                assert stat.S_IMODE(folder.stat().st_mode) == 0o700, folder
    finally:
        os.umask(before)


# Not ours, newer, damaged


def test_a_newer_schema_is_refused_and_the_file_is_the_same_to_the_byte(path: Path) -> None:
    opened(path).close()
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA user_version = 2000")
    before = path.read_bytes()
    with pytest.raises(TrackerError, match="newer version of tracker"):
        opened(path)
    assert path.read_bytes() == before
    assert sorted(file.name for file in path.parent.iterdir()) == ["tracker.db"]


@pytest.mark.parametrize(
    "make", ["CREATE TABLE theirs (x)", "PRAGMA application_id = 7", "PRAGMA application_id = -1"]
)
def test_a_database_of_another_program_is_refused_and_left_as_it_was(path: Path, make: str) -> None:
    path.parent.mkdir(parents=True)
    with closing(sqlite3.connect(path)) as db:
        db.execute(make)
    before = path.read_bytes()
    with pytest.raises(
        TrackerError, match=r"of another program; move it away or set TRACKER_HOME$"
    ):
        opened(path)
    assert path.read_bytes() == before


def test_an_empty_file_is_a_fresh_one(path: Path) -> None:
    path.parent.mkdir(parents=True)
    path.touch()
    with opened(path) as store:
        assert len(store.select("1", [])) == len(ROWS)


@pytest.mark.parametrize("keep", [2, 50, 99, 100, 512, 1024, 4096, 5000, 8192])
def test_a_truncated_file_is_refused_and_left_as_it_was(path: Path, keep: int) -> None:
    opened(path).close()
    content = path.read_bytes()[:keep]
    path.write_bytes(content)
    with pytest.raises(TrackerError) as caught, opened(path) as store:
        store.overall()
    assert str(caught.value).isprintable()
    assert path.read_bytes() == content


def questions(store: Store) -> dict[str, Callable[[], object]]:
    """Every question, asked in some way."""
    return {
        "entries": lambda: store.entries(["i1"]),
        "select": lambda: store.select("1", []),
        "search": lambda: store.search("title", 5),
        "facts": lambda: store.facts(Entity.TRACK),
        "critical_ranks": store.critical_ranks,
        "steps_of": lambda: store.steps_of("i1", 5),
        "action_lines": lambda: store.action_lines(5),
        "overall": store.overall,
        "foreign": store.foreign_changes,
        "apply": lambda: store.apply(renamed("i1", "x"), AT),
        "merge": lambda: store.merge([]),
        "undo": lambda: store.undo(AT),
        "redo": lambda: store.redo(AT),
        "set_local": lambda: store.set_local("x", 1),
    }


@pytest.mark.parametrize("seed", range(40))
def test_random_damage_is_one_clear_line_or_none_and_never_a_traceback(
    path: Path, seed: int
) -> None:
    opened(path).close()
    chance = random.Random(seed)
    content = bytearray(path.read_bytes())
    for _ in range(chance.choice([1, 20, 400])):
        content[chance.randrange(seed % 3 * 40, len(content))] = chance.randrange(256)
    path.write_bytes(content)
    try:
        store = opened(path)
    except TrackerError as error:
        assert str(error).isprintable()
        assert path.read_bytes() == content
        return
    with store:
        for ask in questions(store).values():
            try:
                ask()
            except TrackerError as error:
                assert str(error).isprintable()
        assert isinstance(check.problems(store), list)


def test_damage_while_it_is_open_is_explained_by_every_question(path: Path) -> None:
    opened(path).close()
    with opened(path) as store:
        size = path.stat().st_size
        with path.open("r+b") as file:
            file.seek(4096)
            file.write(b"\xa5" * (size - 4096))
        store.db.execute("PRAGMA cache_size = 0")
        told = []
        for name, ask in questions(store).items():
            try:
                ask()
            except TrackerError as error:
                assert str(path) in str(error)
                assert "damaged" in str(error)
                told.append(name)
        assert {"search", "select", "apply", "steps_of"} <= set(told)
        assert check.problems(store) != []


def test_every_public_question_explains_itself() -> None:
    asked = [m for name, m in vars(Queries).items() if callable(m) and not name.startswith("_")]
    assert len(asked) > 20
    assert all(hasattr(method, "__wrapped__") for method in asked)


def test_a_folder_or_a_file_in_the_way_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(TrackerError, match="is a folder"):
        opened(tmp_path)
    (tmp_path / "file").touch()
    with pytest.raises(TrackerError, match="Not a directory"):
        opened(tmp_path / "file" / "tracker.db")
    with pytest.raises(TrackerError, match="too long"):
        opened(tmp_path / ("x" * 300) / "tracker.db")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_read_only_folder_is_named(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(TrackerError, match="permission denied"):
        opened(tmp_path / "tracker.db")


def test_a_read_only_connection_says_so(store: Store) -> None:
    store.db.execute("PRAGMA query_only = ON")
    with pytest.raises(TrackerError, match=r"tracker\.db cannot be written"):
        store.apply(renamed("i1", "x"), AT)


# One transaction


def test_what_fails_in_the_middle_leaves_nothing(store: Store) -> None:
    before = check.journal(store)
    with pytest.raises(ZeroDivisionError), store.transaction():
        store.apply(renamed("i1", "x"), AT)
        _ = 1 / 0
    assert check.journal(store) == before
    assert store.entries(["i1"])[0].title == "title 1"
    assert not store.db.in_transaction
    assert check.problems(store) == []


def test_several_actions_are_one_transaction(store: Store) -> None:
    bad = Action("bad", (Change(Entity.ENTRY, "i2", "title", "", None),))
    with pytest.raises(TrackerError):
        store.apply_all([renamed("i1", "x"), bad], AT)
    assert store.entries(["i1"])[0].title == "title 1"
    assert check.problems(store) == []


def test_a_failed_write_does_not_hide_what_others_wrote(path: Path, store: Store) -> None:
    with pytest.raises(ZeroDivisionError), store.transaction():
        store.apply(renamed("i1", "x"), AT)
        _ = 1 / 0
    with opened(path) as other:
        other.apply(renamed("i2", "y"), AT)
    told, changes, _ = store.foreign_changes()
    assert told
    assert [change.new for change in changes] == ["y"]


def test_every_write_on_a_full_disk_happened_or_not(store: Store) -> None:
    pages = store.db.execute("PRAGMA page_count").fetchone()[0]
    store.db.execute(f"PRAGMA max_page_count = {pages + 10}")
    kept = []
    for i in range(300):
        try:
            kept.append(store.apply(renamed("i1", f"{i} " + "x" * 500), AT).id)
        except TrackerError as error:
            assert "the disk is full" in str(error)
    assert 0 < len(kept) < 300
    for write in (
        lambda: store.merge([Row("b", 1, 1, AT, "b-1", "entry", "new", "title", "x" * 500_000)]),
        lambda: store.set_local("x", "x" * 500_000),
    ):
        with pytest.raises(TrackerError, match="the disk is full"):
            write()
    assert [line.id for line in store.action_lines(-1)] == kept[::-1]
    assert check.problems(store) == []
    store.db.execute(f"PRAGMA max_page_count = {pages + 1_000}")
    store.apply(renamed("i1", "fits again"), AT)
    assert store.entries(["i1"])[0].title == "fits again"


def test_a_first_start_on_a_full_disk_is_completed_by_the_next(path: Path) -> None:
    class Full(Exception):
        pass

    def rows() -> Iterator[Row]:
        yield from ROWS[:5]
        raise Full

    with pytest.raises(Full):
        Store(path, rows, lambda: "me")
    with opened(path) as store:
        assert len(store.select("1", [])) == len(ROWS)
        assert store.replica == "me"
        assert check.problems(store) == []


def test_a_lock_is_waited_for_and_readers_never_wait(path: Path) -> None:
    opened(path).close()
    with opened(path, timeout=0.02) as store, closing(sqlite3.connect(path)) as other:
        other.isolation_level = None
        other.execute("BEGIN IMMEDIATE")
        other.execute("UPDATE local SET value = 'x' WHERE key = 'nothing'")
        with pytest.raises(Busy, match="nothing was changed"):
            store.apply(renamed("i1", "x"), AT)
        with pytest.raises(Busy):
            store.undo(AT)
        for name, ask in questions(store).items():
            if name not in ("apply", "merge", "undo", "redo", "set_local"):
                ask()
        other.execute("ROLLBACK")
        assert store.apply(renamed("i1", "x"), AT).id == "me-1"
        assert check.problems(store) == []


# Processes

PROCESS = """
import sys
from pathlib import Path
from tracker_tui.domain.journal import Action, Change, Row
from tracker_tui.domain.words import Entity
from tracker_tui.store.store import Store
AT = "2026-11-24T08:00:00Z"
rows = [Row("seed", 1, 0, AT, "seed-t-1", "entry", "i1", "title", "0")]
rows += [Row("seed", 2, 0, AT, "seed-t-1", "entry", "i1", "description", "x")]
with Store(Path(sys.argv[1]), lambda: rows, lambda: sys.argv[3], timeout=60) as store:
    for _ in range(int(sys.argv[2])):
        with store.transaction():
            old = store.entries(["i1"])[0].title
            change = Change(Entity.ENTRY, "i1", "title", old, str(int(old) + 1))
            action = store.apply(Action("counted", (change,)), AT)
        print(action.id, flush=True)
print("done")
"""


def process(path: Path, count: int, replica: str = "me") -> subprocess.Popen[str]:
    command = [sys.executable, "-c", PROCESS, str(path), str(count), replica]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def counted(path: Path) -> tuple[int, set[str]]:
    with opened(path) as store:
        assert check.problems(store) == []
        assert store.db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        return int(store.entries(["i1"])[0].title), {line.id for line in store.action_lines(-1)}


def test_reading_then_writing_in_three_processes_at_once_loses_nothing(path: Path) -> None:
    processes = [process(path, 100) for _ in range(3)]
    told = [p.communicate()[0].split() for p in processes]
    assert [p.returncode for p in processes] == [0, 0, 0]
    ids = {id_ for ids in told for id_ in ids if id_ != "done"}
    assert counted(path) == (300, ids)


def test_killed_in_a_burst_of_changes_it_keeps_all_that_were_acknowledged(path: Path) -> None:
    chance = random.Random(9)
    acknowledged: set[str] = set()
    for _ in range(4):
        running = process(path, 500)
        assert running.stdout is not None
        for _ in range(chance.randrange(1, 200)):
            acknowledged.add(running.stdout.readline().strip())
        time.sleep(0)  # let it run on: the kill falls anywhere in a write
        running.send_signal(signal.SIGKILL)
        rest = running.stdout.read()
        acknowledged |= set(rest[: rest.rfind("\n") + 1].split())
        running.wait()
        running.stdout.close()
        assert "done" not in acknowledged
        title, kept = counted(path)
        assert acknowledged <= kept
        assert title == len(kept)
        # At most the one that was being acknowledged is there besides.
        assert len(kept - acknowledged) <= 1
        acknowledged = kept


@pytest.mark.parametrize("round_", range(20))
def test_four_starts_at_one_moment_make_one_database(path: Path, round_: int) -> None:
    """In threads, each with a connection of its own: twenty rounds of processes take a minute."""
    import threading

    barrier = threading.Barrier(4)
    failed: list[BaseException] = []

    def start(name: str) -> None:
        barrier.wait()
        try:
            Store(path, lambda: ROWS, lambda: name).close()
        except BaseException as error:  # noqa: BLE001 - told below, in the test's own thread
            failed.append(error)

    threads = [threading.Thread(target=start, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    with opened(path) as store:
        assert store.replica in "abcd"
        assert len(check.journal(store)) == len(ROWS)
        assert check.problems(store) == []


def test_a_start_that_was_killed_is_completed_by_the_next(path: Path) -> None:
    import threading

    inside, dead = threading.Event(), threading.Event()

    class Killed(BaseException):
        pass

    def rows() -> Iterator[Row]:
        yield ROWS[0]
        inside.set()
        dead.wait(10)
        raise Killed

    def start() -> None:
        with pytest.raises(Killed):
            Store(path, rows, lambda: "dead")

    thread = threading.Thread(target=start)
    thread.start()
    assert inside.wait(10)
    threading.Timer(0.05, dead.set).start()
    with opened(path) as store:  # waits for the lock, finds nothing made, and makes it
        assert store.replica == "me"
        assert check.problems(store) == []
    thread.join()
