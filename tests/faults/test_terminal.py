"""The terminal hung up, stopped, resized; the pipes closed: nothing lost, the terminal left sane."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.conftest import Size
from tests.processes import PATIENCE, PROGRAM, Terminal, is_one_line, is_stopped, run
from tracker_tui.domain.words import Status
from tracker_tui.paths import Paths
from tracker_tui.store import check
from tracker_tui.tracker import Tracker


@pytest.fixture
def ready(home: Path, paths: Paths) -> Paths:
    Tracker(paths).close()
    return paths


@pytest.fixture
def terminals() -> Iterator[list[Terminal]]:
    opened: list[Terminal] = []
    yield opened
    for terminal in opened:
        terminal.kill()


def learned(paths: Paths) -> int:
    with Tracker(paths) as tracker:
        assert check.problems(tracker._store) == []
        return tracker.overall().learned


def mark_all_learned(terminal: Terminal) -> None:
    terminal.wait_for("Learning path")
    terminal.press("Gd")
    terminal.wait_for("y yes")
    terminal.press("y")
    terminal.wait_for("→ learned")


@pytest.mark.parametrize("screen", ["", "checkin"])
def test_a_closed_window_ends_it_soundly_and_without_a_word(
    ready: Paths, terminals: list[Terminal], screen: str
) -> None:
    terminal = Terminal(*screen.split())
    terminals.append(terminal)
    if screen:
        terminal.wait_for("0 of 5")
        terminal.press("d")
        terminal.wait_for("1 of 5")
    else:
        mark_all_learned(terminal)
    assert terminal.hang_up() == 0
    assert learned(ready) == (1 if screen else 16)
    assert not ready.log_file.exists()


@pytest.mark.parametrize("dialog", ["", "/", "n", "?", ":"])
def test_a_polite_kill_restores_the_terminal_whatever_is_open(
    ready: Paths, terminals: list[Terminal], dialog: str
) -> None:
    terminal = Terminal()
    terminals.append(terminal)
    mark_all_learned(terminal)
    terminal.press(f"k{dialog}")
    terminal.read()
    terminal.signal(signal.SIGTERM)
    assert terminal.ended() == 0
    assert terminal.is_restored
    assert learned(ready) == 16


@pytest.mark.parametrize("how", ["key", "signal"])
def test_it_is_stopped_and_goes_on_as_it_was(
    ready: Paths, terminals: list[Terminal], how: str
) -> None:
    terminal = Terminal()
    terminals.append(terminal)
    mark_all_learned(terminal)
    for _ in range(2):
        if how == "key":
            terminal.press("\x1a")
        else:
            terminal.signal(signal.SIGTSTP)
        terminal.wait_until(lambda: is_stopped(terminal.pid), "the stop")
        while b"\x1b[?1049l" not in terminal.raw:
            terminal.read()
        assert terminal.is_restored
        with Tracker(ready) as tracker:  # meanwhile, from the shell
            tracker.set_status(["git-lfs"], Status.LEARNED)
        terminal.screen.reset()
        terminal.raw = b""
        terminal.signal(signal.SIGCONT)
        terminal.wait_for("Learning path")
        terminal.wait_for("17 of 180 learned")
        terminal.press("u")
        terminal.wait_for("undone: ")
    terminal.press("q")
    assert terminal.ended() == 0
    assert terminal.is_restored


def test_what_a_kill_stopped_goes_on_with_the_terminal_taken_anew(
    ready: Paths, terminals: list[Terminal]
) -> None:
    terminal = Terminal()
    terminals.append(terminal)
    terminal.wait_for("Learning path")
    threads = Path(f"/proc/{terminal.pid}/task")
    before = len(list(threads.iterdir()))
    times = 4
    for _ in range(times):
        terminal.signal(signal.SIGSTOP)
        terminal.wait_until(lambda: is_stopped(terminal.pid), "the stop")
        terminal.screen.reset()
        terminal.signal(signal.SIGCONT)
        terminal.wait_for("Learning path")
    after = len(list(threads.iterdir()))
    assert after < before + times, "one thread reads the keyboard, however often it went on"
    terminal.press("q")
    assert terminal.ended() == 0
    assert terminal.is_restored


def test_it_is_resized_again_and_again(ready: Paths, terminals: list[Terminal], size: Size) -> None:
    terminal = Terminal()
    terminals.append(terminal)
    terminal.wait_for("Learning path")
    chance = random.Random(7)
    for number in range(1, size.resizes + 1):
        terminal.resize(
            chance.choice([1, 5, 39, 60, 89, 120, 300]), chance.choice([1, 3, 9, 24, 60])
        )
        terminal.press(chance.choice(["j", "k", "l", "h", "\t"]))
        if number % 10 == 0:
            terminal.read()
        if number % 50 == 0:  # of many in quick succession the last one counts
            terminal.press("t")
            terminal.resize(100, 30)
            terminal.wait_for("? keys")
    mark_all_learned(terminal)
    terminal.press("q")
    assert terminal.ended() == 0
    assert terminal.is_restored
    assert learned(ready) == 16
    assert not ready.log_file.exists()


# Pipes


LONG = [
    ["list"],
    ["list", "--json"],
    ["show", "git-workflow"],
    ["search", "git"],
    ["history"],
    ["today"],
    ["stats"],
    ["export"],
    ["export", "--format", "json"],
    ["export", "--format", "csv"],
    ["export", "--format", "html"],
    ["export", "--format", "ics"],
    ["config", "show"],
    ["where"],
    ["prompt"],
    ["note", "git-lfs", "kept all the same"],
]


@pytest.mark.parametrize("words", LONG, ids=" ".join)
def test_a_reader_that_is_gone_is_no_error(ready: Paths, words: list[str]) -> None:
    """As with `tracker list | head -1`; what the command wrote into the track stays written."""
    reader, writer = os.pipe()
    os.close(reader)
    with subprocess.Popen(
        [*PROGRAM, *words], stdin=subprocess.DEVNULL, stdout=writer, stderr=subprocess.PIPE
    ) as process:
        os.close(writer)
        _, said = process.communicate(timeout=PATIENCE)
    assert said == b""
    assert process.returncode == 0
    if words[0] == "note":
        with Tracker(ready) as tracker:
            assert [n.text for n in tracker.detail("git-lfs").notes] == ["kept all the same"]


@pytest.mark.parametrize(
    "words", [["list"], ["export", "--format", "json"], ["today"]], ids=" ".join
)
def test_a_full_disk_behind_the_output_is_one_line(ready: Paths, words: list[str]) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [*PROGRAM, *words],
            stdin=subprocess.DEVNULL,
            stdout=full,
            stderr=subprocess.PIPE,
            timeout=PATIENCE,
            check=False,
        )
    assert done.returncode == 1
    assert is_one_line(done.stderr.decode())
    assert b"No space left" in done.stderr


@pytest.mark.parametrize("closed", ["stdin", "stdout", "stderr", "all"])
@pytest.mark.parametrize(
    "words", [[], ["list"], ["checkin"], ["note", "git-lfs", "-"]], ids=" ".join
)
def test_streams_that_were_closed_are_no_traceback(
    ready: Paths, words: list[str], closed: str
) -> None:
    close = {"stdin": "<&-", "stdout": ">&-", "stderr": "2>&-", "all": "<&- >&- 2>&-"}[closed]
    script = f'exec "$@" {close}'
    done = subprocess.run(
        ["/bin/sh", "-c", script, "sh", *PROGRAM, *words],
        input="",
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert "Traceback" not in done.stderr
    assert "Exception" not in done.stderr
    assert done.stderr == "" or is_one_line(done.stderr)
    assert done.returncode in (0, 1, 2)
    assert not ready.log_file.exists()


@pytest.mark.parametrize(
    "words", [["checkin"], ["checkin", "--plain"], ["delete", "git-lfs"]], ids=" ".join
)
def test_an_input_that_ends_at_once_changes_nothing(ready: Paths, words: list[str]) -> None:
    done = run(*words, text="")
    assert "Traceback" not in done.stderr
    assert done.stderr == "" or is_one_line(done.stderr)
    with Tracker(ready) as tracker:
        assert tracker.actions() == []


def test_a_screen_that_would_be_drawn_into_a_file_is_refused(
    ready: Paths, terminals: list[Terminal], tmp_path: Path
) -> None:
    """It is drawn on standard error, so `tracker 2>errors` would show nothing."""
    script = f'exec "$@" 2>"{tmp_path}/errors"'
    terminal = Terminal(command=("/bin/sh", "-c", script, "sh", *PROGRAM))
    terminals.append(terminal)
    assert terminal.ended() == 1
    assert "the screen needs a terminal" in (tmp_path / "errors").read_text()


def test_words_that_nobody_can_read_any_more_are_no_failure() -> None:
    """As where the terminal is gone before the last of what was written to it."""
    code = (
        "import sys; from tracker_tui import __main__ as it;"
        " it._run = lambda _: (sys.stdout.write('left'), sys.stderr.write('left'), 0)[-1];"
        " sys.argv = ['tracker']; sys.stderr.reconfigure(line_buffering=False); sys.exit(it.main())"
    )
    assert ended_unread(["-c", code], unbuffered=False) == 0


@pytest.mark.parametrize("unbuffered", [False, True])
def test_a_command_that_nobody_reads_is_no_failure(ready: Paths, unbuffered: bool) -> None:
    """Also where Python was told to hold nothing back (`PYTHONUNBUFFERED`)."""
    assert ended_unread(["-m", "tracker_tui", "list"], unbuffered=unbuffered) == 0
    assert ended_unread(["-m", "tracker_tui", "show", "nonsense"], unbuffered=unbuffered) == 1


def ended_unread(words: list[str], *, unbuffered: bool) -> int:
    """Run Python with its output and its errors led where nobody reads; return the exit code."""
    ours, theirs = os.pipe()
    os.close(ours)
    environment = os.environ | {"PYTHONUNBUFFERED": "1" if unbuffered else ""}
    with os.fdopen(theirs, "wb") as gone:
        command = [sys.executable, *words]
        return subprocess.run(
            command, stdout=gone, stderr=gone, env=environment, check=False
        ).returncode
