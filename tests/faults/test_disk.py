"""A disk that is full, read-only or failing: what was acknowledged stays, the rest never was."""

from __future__ import annotations

import gzip
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.faults.conftest import Size
from tests.processes import Terminal, is_one_line, run
from tracker_tui.errors import TrackerError
from tracker_tui.paths import Paths
from tracker_tui.store import check
from tracker_tui.tracker import Tracker

pytestmark = pytest.mark.unmeasured

HERE = Path(__file__).parent
SCHEMAS = HERE.parent / "store" / "schemas"
NOTE = "words " * 150
Mount = Callable[[str], None]
"""Mounts the small disk anew with some options."""


@pytest.fixture
def disk(home: Path) -> Iterator[Mount]:
    """A file system of its own at TRACKER_HOME."""
    if os.geteuid() != 0 or shutil.which("mount") is None:
        pytest.skip("only root can mount a small file system")
    home.mkdir(mode=0o700)

    def mount(options: str) -> None:
        again = os.path.ismount(home)
        options = f"remount,{options}" if again else f"mode=0700,{options}"
        words = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(home)]
        done = subprocess.run(words, capture_output=True, text=True, check=False)
        if done.returncode and not again:
            pytest.skip(f"nothing can be mounted here: {done.stderr.strip()}")
        assert done.returncode == 0, done.stderr

    yield mount
    if os.path.ismount(home):
        subprocess.run(["umount", "-l", str(home)], check=True)


def fill(folder: Path, leave: int = 0) -> Path:
    """Take all the room there is but for some bytes."""
    filler = folder / "filler"
    with filler.open("wb", buffering=0) as file:
        left = os.statvfs(folder).f_bavail * os.statvfs(folder).f_frsize - leave
        file.write(b"x" * max(0, left))
    return filler


def kept(paths: Paths) -> list[str]:
    """The notes on one entry, after everything was found sound."""
    with Tracker(paths) as tracker:
        assert check.problems(tracker._store) == []
        return [note.text for note in tracker.detail("git-lfs").notes][::-1]


def unmeasured() -> dict[str, str]:
    """The environment without what has a program's coverage written: to a file that grows, too."""
    return {name: value for name, value in os.environ.items() if "COVERAGE" not in name}


# Full


def test_on_a_full_disk_every_write_happened_or_not(disk: Mount, paths: Paths) -> None:
    disk("size=6m")
    acknowledged: list[str] = []
    refused = 0
    with Tracker(paths) as tracker:
        fill(paths.data, leave=400_000)
        while refused < 5:
            text = f"{len(acknowledged)} {NOTE}".strip()
            try:
                tracker.add_note("git-lfs", text)
            except TrackerError as error:
                assert "the disk is full" in str(error)
                refused += 1
            else:
                acknowledged.append(text)
                assert len(acknowledged) < 1_000
        assert check.problems(tracker._store) == []
    assert kept(paths) == acknowledged
    done = run("note", "git-lfs", NOTE * 20)
    assert done.returncode == 1
    assert is_one_line(done.stderr)
    (paths.data / "filler").unlink()
    assert run("note", "git-lfs", "fits again").returncode == 0
    assert kept(paths) == [*acknowledged, "fits again"]


def learn_and_leave(terminal: Terminal) -> None:
    """Mark all in what the cursor is on as learned, which is asked about, and quit."""
    terminal.press("d")
    terminal.wait_for("y yes")
    terminal.press("y")
    terminal.wait_for("→ learned")
    terminal.press("q")
    assert terminal.ended() == 0


def assert_learned(paths: Paths) -> None:
    """See that all in the last category is learned, and that the track is sound."""
    with Tracker(paths) as tracker:
        assert tracker.overall().learned == 16
        assert check.problems(tracker._store) == []


def test_the_screen_says_so_and_goes_on_when_there_is_room(disk: Mount, paths: Paths) -> None:
    disk("size=6m")
    Tracker(paths).close()
    terminal = Terminal()
    try:
        terminal.wait_for("Learning path")
        fill(paths.data)
        terminal.press("Gd")
        terminal.wait_for("y yes")
        terminal.press("y")
        terminal.wait_for("the disk is full")
        terminal.wait_until(lambda: "y yes" not in terminal.text, "the end of the question")
        (paths.data / "filler").unlink()
        learn_and_leave(terminal)
    finally:
        terminal.kill()
    assert_learned(paths)


def test_a_note_that_was_typed_on_a_full_disk_is_offered_again(disk: Mount, paths: Paths) -> None:
    disk("size=6m")
    Tracker(paths).close()
    typed = "typed in vain " * 600
    terminal = Terminal()
    try:
        terminal.wait_for("Learning path")
        fill(paths.data)
        terminal.press("Gn")
        terminal.wait_for("enter keeps it")
        terminal.press(typed)
        terminal.press("\r")
        terminal.wait_for("your text is kept")
        terminal.press("n")
        terminal.wait_for("not written yet")
        (paths.data / "filler").unlink()
        terminal.press("\r")
        terminal.wait_for("note on")
        terminal.press("q")
        assert terminal.ended() == 0
    finally:
        terminal.kill()
    with Tracker(paths) as tracker:
        (last,) = tracker.actions(1)
        assert last.label.startswith("note on")
        (text,) = tracker._store.db.execute("SELECT text FROM note").fetchone()
        assert text == typed.strip()


@pytest.mark.parametrize("room", ["64k", "300k", "1m"])
def test_a_first_start_without_room_is_completed_by_the_next(
    disk: Mount, paths: Paths, room: str
) -> None:
    disk(f"size={room}")
    done = run("list")
    if done.returncode:
        assert is_one_line(done.stderr)
    disk("size=4m")
    with Tracker(paths) as tracker:
        assert len(tracker._store.select("1", [])) > 180
        assert check.problems(tracker._store) == []


@pytest.mark.parametrize("room", [0, 100_000, 300_000])
def test_a_backup_without_room_leaves_nothing_behind(disk: Mount, paths: Paths, room: int) -> None:
    disk("size=4m")
    assert run("note", "git-lfs", "kept").returncode == 0
    shutil.rmtree(paths.backups, ignore_errors=True)
    fill(paths.data, leave=room)
    done = run("backup")
    assert done.returncode == 1
    assert is_one_line(done.stderr)
    assert "full" in done.stderr or "No space" in done.stderr
    assert list(paths.backups.rglob("*") if paths.backups.exists() else []) == []
    (paths.data / "filler").unlink()
    assert kept(paths) == ["kept"]
    assert run("backup").returncode == 0


@pytest.mark.parametrize("schema", sorted(SCHEMAS.glob("*.db.gz"))[:-1], ids=lambda path: path.stem)
@pytest.mark.parametrize("room", [0, 200_000, 800_000])
def test_a_migration_without_room_leaves_the_old_file_as_it_was(
    disk: Mount, paths: Paths, schema: Path, room: int
) -> None:
    disk("size=6m")
    content = gzip.decompress(schema.read_bytes())
    paths.database.write_bytes(content)
    fill(paths.data, leave=room)
    done = run("list")
    if done.returncode:
        assert is_one_line(done.stderr)
        assert paths.database.read_bytes() == content
    (paths.data / "filler").unlink()
    assert run("list").returncode == 0
    with Tracker(paths) as tracker:
        assert check.problems(tracker._store) == []


LIMITED = """
import resource, sys
from tracker_tui.__main__ import main
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), resource.RLIM_INFINITY))
sys.exit(main(sys.argv[2:]))
"""


@pytest.mark.parametrize("more", [0, 1_000, 5_000, 20_000, 60_000])
def test_a_file_that_may_not_grow_is_like_a_full_disk(home: Path, paths: Paths, more: int) -> None:
    """For this nobody has to be root."""
    Tracker(paths).close()
    size = paths.database.stat().st_size
    acknowledged = []
    for number in range(4):
        text = f"{number} {NOTE}".strip()
        limit = str(more if number % 2 else size + more)
        done = subprocess.run(
            [sys.executable, "-c", LIMITED, limit, "note", "git-lfs", text],
            env=unmeasured(),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode == 0:
            acknowledged.append(text)
        else:
            assert is_one_line(done.stderr), done.stderr
    assert kept(paths) == acknowledged


READING = (
    *(["list"], ["show", "git-lfs"], ["search", "worktree"], ["today"], ["next"], ["history"]),
    *(["stats"], ["reviews"], ["export", "--format", "json"], ["backup", "list"], ["where"]),
    *(["seed", "status"], ["mirror", "list"], ["list", "--json"], ["remind", "--after", "4"]),
)
WRITING = (["note", "git-lfs", "lost"], ["undo"], ["backup"], ["learned", "git-lfs"])


def leave_a_log(paths: Paths, *ends: str) -> None:
    """Write a note as a program does that is killed before it clears away what SQLite needs beside it.

    Args:
        paths: The track's.
        ends: The names of what else is taken away: what a copy of the files would lack.
    """
    code = (
        "import os, sys; from tracker_tui.paths import find; from tracker_tui.tracker import Tracker;"
        " Tracker(find()).add_note('git-lfs', 'in the log'); os._exit(0)"
    )
    subprocess.run([sys.executable, "-c", code], env=unmeasured(), check=True)
    for end in ends:
        Path(f"{paths.database}{end}").unlink()


def assert_only_read(paths: Paths, tmp_path: Path, what: str, notes: list[str]) -> None:
    """Reading works, writing says why it does not, and doctor says all it can."""
    before = {path: path.read_bytes() for path in paths.data.glob("tracker.db*")}
    for words in READING:
        done = run(*words)
        assert (done.returncode, done.stderr) == (0, ""), (words, done.stderr)
        assert done.stdout
    assert all(note in run("show", "git-lfs").stdout for note in notes)
    for words in WRITING:
        done = run(*words)
        assert done.returncode == 1, words
        assert is_one_line(done.stderr)
        assert what in done.stderr, words
    looked = run("doctor")
    assert looked.returncode == 1
    assert ("! writing" in looked.stdout or "! disk" in looked.stdout) and what in " ".join(
        looked.stdout.split()
    )
    for check_ in ("database", "schema", "state", "order", "backups", "disk", "versions"):
        assert f" {check_}" in looked.stdout, check_
    assert "! state" not in looked.stdout and "! database" not in looked.stdout
    elsewhere = tmp_path / "elsewhere.db"
    done = run("backup", "-o", str(elsewhere))
    assert (done.returncode, done.stderr) == (0, ""), "there is room elsewhere"
    assert all(note.encode() in elsewhere.read_bytes() for note in notes)
    elsewhere.unlink()
    if "read-only" in what:  # else a log that is there may be cleared away
        assert {path: path.read_bytes() for path in before} == before


@pytest.mark.parametrize("gone", [None, [], ["-shm"]], ids=["closed", "killed", "killed-no-index"])
@pytest.mark.parametrize("how", ["full", "read-only"])
def test_where_nothing_can_be_written_reading_works(
    disk: Mount, paths: Paths, tmp_path: Path, how: str, gone: list[str] | None
) -> None:
    """SQLite needs some room even to read, and calls it an I/O error that there is none."""
    disk("size=8m")
    assert run("note", "git-lfs", "kept").returncode == 0
    notes = ["kept"]
    if gone is not None:
        leave_a_log(paths, *gone)
        notes.append("in the log")
    if how == "full":
        fill(paths.data)
        assert_only_read(paths, tmp_path, "the disk is full", notes)
        (paths.data / "filler").unlink()
    else:
        disk("ro")
        assert_only_read(paths, tmp_path, "its file system is read-only", notes)
        disk("rw")
    assert kept(paths) == notes
    assert run("note", "git-lfs", "goes on").returncode == 0
    assert kept(paths) == [*notes, "goes on"]


@pytest.mark.parametrize("how", ["full", "read-only"])
def test_a_screen_opens_where_nothing_can_be_written_and_goes_on_when_it_can(
    disk: Mount, paths: Paths, how: str
) -> None:
    disk("size=6m")
    Tracker(paths).close()
    if how == "full":
        fill(paths.data)
    else:
        disk("ro")
    terminal = Terminal()
    try:
        terminal.wait_for("Learning path")
        terminal.press("Gd")
        terminal.wait_for("y yes")
        terminal.press("y")
        terminal.wait_for("the disk is full" if how == "full" else "read-only")
        terminal.wait_until(lambda: "y yes" not in terminal.text, "the end of the question")
        if how == "full":
            (paths.data / "filler").unlink()
        else:
            disk("rw")
        run("note", "git-lfs", "of another program")
        learn_and_leave(terminal)
    finally:
        terminal.kill()
    assert_learned(paths)
    assert kept(paths) == ["of another program"]


# Failing


@pytest.fixture(scope="session")
def shim(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library that makes calls fail."""
    compiler = shutil.which("cc")
    if compiler is None or sys.platform != "linux":
        pytest.skip("there is no compiler for the library that makes calls fail")
    made = tmp_path_factory.mktemp("shim") / "eio.so"
    words = [compiler, "-shared", "-fPIC", "-O1", "-o", str(made), str(HERE / "eio.c"), "-ldl"]
    subprocess.run(words, check=True, capture_output=True)
    return made


def failing(shim: Path, call: str, after: int, part: str = "tracker.db") -> dict[str, Any]:
    return {
        "LD_PRELOAD": str(shim),
        "EIO_CALL": call,
        "EIO_AFTER": str(after),
        "EIO_PART": part,
    }


@pytest.mark.parametrize("call", ["pwrite", "fsync", "pread"])
def test_when_calls_fail_every_write_happened_or_not(
    home: Path, paths: Paths, shim: Path, call: str, size: Size
) -> None:
    Tracker(paths).close()
    acknowledged: list[str] = []
    refused: list[str] = []
    step = {"pwrite": 3, "fsync": 1, "pread": 6}[call]
    for number in range(size.failing_calls):
        text = f"note {number}"
        done = run("note", "git-lfs", text, environment=failing(shim, call, number * step))
        if done.returncode == 0:
            acknowledged.append(text)
        else:
            assert is_one_line(done.stderr), done.stderr
            refused.append(text)
        found = kept(paths)
        assert set(acknowledged) <= set(found)
    # What was refused while it was being made durable may be there, whole; nobody was told it is.
    assert set(kept(paths)) <= {*acknowledged, *refused}
    assert refused
    assert run("note", "git-lfs", "well again").returncode == 0


@pytest.mark.parametrize("call", ["pwrite", "fsync"])
def test_a_screen_on_a_failing_disk_says_so_and_stays(
    home: Path, paths: Paths, shim: Path, call: str
) -> None:
    Tracker(paths).close()
    terminal = Terminal(size=(80, 24), **failing(shim, call, 0, "tracker.db-wal"))
    try:
        terminal.wait_for("Learning path")
        terminal.press("Gd")
        terminal.wait_for("y yes")
        terminal.press("y")
        terminal.wait_for("disk I/O error; check the disk")
        terminal.press("g")
        terminal.wait_for("Learning path")
        terminal.press("q")
        assert terminal.ended() == 0
        assert terminal.is_restored
    finally:
        terminal.kill()
    with Tracker(paths) as tracker:
        assert tracker.overall().learned in (0, 16)  # refused while it was made durable: or there
        assert check.problems(tracker._store) == []


def test_a_screen_that_cannot_read_any_more_ends_in_one_line(
    home: Path, paths: Paths, shim: Path, size: Size
) -> None:
    Tracker(paths).close()
    for number in range(max(3, size.failing_calls // 5)):
        terminal = Terminal(**failing(shim, "pread", 200 + 5 * number, "tracker.db"))
        try:
            terminal.wait_for("Learning path")
            for key in "jjlGlGlgjlzi":
                terminal.press(key)
                if not terminal.read():
                    break
            terminal.signal(signal.SIGTERM)
            code = terminal.ended()
            assert b"Traceback" not in terminal.raw
            assert terminal.is_restored
            assert code == 0 or b"tracker: " in terminal.raw
        finally:
            terminal.kill()
        with Tracker(paths) as tracker:
            assert check.problems(tracker._store) == []
