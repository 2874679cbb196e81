"""What takes long: it says how far it is, and an interrupt leaves all of it or nothing."""

from __future__ import annotations

import io
import os
import signal
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.test_cli import Capture, run
from tracker_tui.cli.progress import Progress, told
from tracker_tui.paths import find
from tracker_tui.store import check
from tracker_tui.tracker import Tracker

PLAN = "## Kitchen\n\n" + "".join(f"- [x] Dish {n}\n" for n in range(50))
TABLE = "title,category\n" + "".join(f"Dish {n},Kitchen\n" for n in range(50))

STOPPING = """
import os, signal, sys
from importlib import import_module
module, _, name = sys.argv[1].partition(":")
*path, last = name.split(".")
owner = import_module(module)
for part in path:
    owner = getattr(owner, part)
real = getattr(owner, last)
calls, wanted = 0, int(sys.argv[2])
def stopping(*args, **given):
    global calls
    calls += 1
    if calls == wanted and sys.argv[3] == "before":
        os.write(1, b"here"); signal.pause()
    result = real(*args, **given)
    if calls == wanted and sys.argv[3] == "after":
        os.write(1, b"here"); signal.pause()
    return result
setattr(owner, last, stopping)
from tracker_tui.__main__ import main
sys.exit(main(sys.argv[4:]))
"""
"""Runs a command line that waits for a signal when a function is called for the nth time."""


def interrupted(place: str, nth: int, when: str, *words: str) -> str:
    """Interrupt a command line at a place; return what it said."""
    process = subprocess.Popen(
        [sys.executable, "-c", STOPPING, place, str(nth), when, *words],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    seen = b""
    while not seen.endswith(b"here"):
        byte = process.stdout.read(1)
        assert byte, process.communicate()[1].decode()
        seen += byte
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    return err.decode()


def journal() -> list[object]:
    with closing(sqlite3.connect(find().database)) as db:
        return db.execute("SELECT * FROM journal ORDER BY rowid").fetchall()


@pytest.fixture
def files(tracker: Tracker, tmp_path: Path) -> Path:
    tracker.add_note("runbooks", "the day has begun")
    (tmp_path / "plan.md").write_text(PLAN)
    (tmp_path / "plan.csv").write_text(TABLE)
    return tmp_path


@pytest.mark.parametrize(
    ("place", "nth", "when"),
    [
        ("tracker_tui.exchange.checklist:_Reader._take", 40, "before"),
        ("tracker_tui.tracker:Tracker.preview", 1, "after"),
        ("tracker_tui.tracker:Tracker.safety_backup", 1, "before"),
        ("tracker_tui.tracker:Tracker.safety_backup", 1, "after"),
        ("tracker_tui.store.store:Store._wrote_after", 1, "before"),
        ("tracker_tui.store.project:Projector._insert", 20, "after"),
        ("tracker_tui.store.store:Store._append", 1, "after"),
    ],
)
def test_an_import_that_is_interrupted_changed_nothing(
    files: Path, capsys: Capture, place: str, nth: int, when: str
) -> None:
    before = journal()
    told = interrupted(place, nth, when, "import", str(files / "plan.md"), "--yes")
    assert told == "tracker: interrupted; nothing was changed\n"
    assert journal() == before
    assert "51 new" in run(capsys, "import", str(files / "plan.md"), "--yes")
    with Tracker(find()) as tracker:
        assert check.problems(tracker._store) == []


def test_a_table_too(files: Path) -> None:
    before = journal()
    place = "tracker_tui.store.project:Projector._insert"
    told = interrupted(place, 20, "after", "import", str(files / "plan.csv"), "--yes")
    assert told == "tracker: interrupted; nothing was changed\n"
    assert journal() == before


def test_an_interrupt_that_comes_when_all_is_written_says_so(files: Path) -> None:
    place = "tracker_tui.tracker:Tracker._written"
    told = interrupted(place, 1, "before", "import", str(files / "plan.md"), "--yes")
    assert told == "tracker: interrupted; done before that: imported “plan”: 51 new\n"
    with Tracker(find()) as tracker:
        assert len(tracker.select("category:kitchen kind:item").matches) == 50
        assert check.problems(tracker._store) == []


def test_a_dump_that_is_interrupted_is_taken_in_whole_the_next_time(
    files: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    dump = files / "dump.json"
    run(capsys, "export", "-o", str(dump))
    rows = journal()
    monkeypatch.setenv("TRACKER_HOME", str(files / "other"))
    place = "tracker_tui.store.project:Projector._insert"
    told = interrupted(place, 20, "after", "import", str(dump), "--yes")
    assert told == "tracker: interrupted; nothing was changed\n"
    assert "a new track was made of" in run(capsys, "import", str(dump), "--yes")
    assert journal() == rows
    monkeypatch.setenv("TRACKER_HOME", str(files / "third"))
    run(capsys, "learned", "git-lfs")
    before = journal()
    told = interrupted(
        "tracker_tui.store.store:Store._take_in", 1, "after", "import", str(dump), "--yes"
    )
    assert told == "tracker: interrupted; nothing was changed\n"
    assert journal() == before
    told = interrupted(
        "tracker_tui.tracker:Tracker._written", 1, "before", "import", str(dump), "--yes"
    )
    assert told.startswith("tracker: interrupted; done before that: imported “dump.json”: ")


def test_an_export_that_is_interrupted_leaves_the_old_file(files: Path) -> None:
    file = files / "out.md"
    file.write_text("old")
    place = "tracker_tui.exchange.document:_item"
    told = interrupted(place, 30, "before", "export", "-o", str(file))
    assert told == "tracker: interrupted; nothing was changed\n"
    assert file.read_text() == "old"
    assert sorted(path.name for path in files.iterdir() if path.name != "home") == [
        *("out.md", "plan.csv", "plan.md"),
    ]


def test_an_interrupt_while_it_asks(files: Path) -> None:
    before = journal()
    code = (
        "import sys; from tracker_tui.__main__ import main; import click\n"
        "sys.stdin.isatty = lambda: True\n"
        "def prompt(*_, **__): raise KeyboardInterrupt\n"
        "click.termui.visible_prompt_func = prompt\n"
        f"sys.exit(main(['import', {str(files / 'plan.md')!r}]))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 130
    assert done.stderr.endswith("tracker: interrupted; nothing was changed\n")
    assert journal() == before


# Progress


class Screen(io.StringIO):
    """A terminal that says when something is written to it."""

    def __init__(self) -> None:
        super().__init__()
        self.written = threading.Event()

    def isatty(self) -> bool:
        return True

    def write(self, text: str) -> int:
        done = super().write(text)
        self.written.set()
        return done


def test_progress_is_told_and_gone_at_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    screen = Screen()
    with Progress("reading\x1b[31m plan", screen, delay=0) as progress:
        assert screen.written.wait(30)
        progress.stage("writing")
        progress.at(1, 2)
    assert screen.getvalue().startswith("\rreading[31m plan  0 s\x1b[K")
    assert screen.getvalue().endswith("\r\x1b[K")
    assert threading.active_count() == 1


def test_what_is_quick_or_no_terminal_shows_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    screen = Screen()
    with Progress("x", screen, delay=1000):
        pass
    pipe = io.StringIO()
    with Progress("x", pipe, delay=0):
        assert threading.active_count() == 1
    monkeypatch.setenv("TERM", "dumb")
    with Progress("x", screen, delay=0):
        assert threading.active_count() == 1
    assert screen.getvalue() == pipe.getvalue() == ""


def test_progress_in_words() -> None:
    assert told("reading plan", 0, 0, 0.7) == "reading plan  1 s"
    assert told("reading plan", 45, 100, 3) == "reading plan   45 %  3 s"
    assert told("reading plan", 101, 100, 3) == "reading plan  100 %  3 s"
    assert os.linesep not in told("a\nb", 0, 0, 0)
