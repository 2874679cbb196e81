"""The program as a person meets it: a real terminal, real keys, a real editor."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import pytest

from tests.processes import PATIENCE, Terminal, is_stopped
from tracker_tui.domain.words import Answer, Status
from tracker_tui.paths import Paths
from tracker_tui.store import check
from tracker_tui.tracker import Tracker


@pytest.fixture
def ready(home: Path, paths: Paths) -> Paths:
    Tracker(paths).close()
    return paths


def test_shell_to_shell(ready: Paths) -> None:
    terminal = Terminal()
    terminal.wait_for("Learning path")
    terminal.press("/")
    terminal.wait_for("Search titles")
    terminal.press("worktrees for parallel")
    terminal.wait_for("1 hit ")
    terminal.press("\r")
    terminal.wait_for("Part of")
    terminal.press(" ")
    terminal.wait_for("todo → learning")
    terminal.press("n")
    terminal.wait_for("enter keeps it")
    terminal.press("bare clone\r")
    terminal.wait_for("note on")
    terminal.press("q")
    assert terminal.ended() == 0
    with Tracker(ready) as tracker:
        assert tracker.entry("git-worktrees").status is Status.LEARNING
        assert [note.text for note in tracker.detail("git-worktrees").notes] == ["bare clone"]
    again = Terminal()
    again.wait_for("Knowledge of worktrees")
    again.press("u")
    again.wait_for("undone: note on")
    again.press("q")
    assert again.ended() == 0


def test_a_real_editor_gets_the_terminal_and_gives_it_back(ready: Paths, tmp_path: Path) -> None:
    script = tmp_path / "editor.py"
    script.write_text(
        "import sys, pathlib\n"
        "print('EDITOR IS HERE'); input()\n"
        "path = pathlib.Path(sys.argv[1])\n"
        "path.write_text(path.read_text().replace('Title: ', 'Title: My '))\n"
    )
    terminal = Terminal(VISUAL=f"{sys.executable} {script}")
    terminal.wait_for("Learning path")
    terminal.press("G")
    terminal.press("e")
    terminal.wait_for("EDITOR IS HERE")
    terminal.press("\n")
    terminal.wait_for("My Database Management")
    terminal.press("q")
    assert terminal.ended() == 0
    with Tracker(ready) as tracker:
        assert tracker.entry("database").title == "My Database Management"


def test_it_is_stopped_with_the_editor_and_goes_on_with_it(ready: Paths, tmp_path: Path) -> None:
    """ctrl+z in an editor stops all that the shell waits for."""
    script = tmp_path / "editor.py"
    script.write_text(
        "import os, signal, sys, pathlib\n"
        "print('EDITOR IS HERE'); os.kill(os.getppid(), signal.SIGTSTP); input()\n"
        "path = pathlib.Path(sys.argv[1])\n"
        "path.write_text(path.read_text().replace('Title: ', 'Title: My '))\n"
    )
    terminal = Terminal(VISUAL=f"{sys.executable} {script}")
    terminal.wait_for("Learning path")
    terminal.press("Ge")
    terminal.wait_for("EDITOR IS HERE")
    terminal.wait_until(lambda: is_stopped(terminal.pid), "the stop")
    terminal.signal(signal.SIGCONT)
    terminal.press("\n")
    terminal.wait_for("My Database Management")
    terminal.press("q")
    assert terminal.ended() == 0


def with_a_category_learned() -> Terminal:
    terminal = Terminal()
    terminal.wait_for("Learning path")
    terminal.press("Gd")
    terminal.wait_for("y yes")
    terminal.press("y")
    terminal.wait_for("→ learned")
    return terminal


def the_category_is_learned(ready: Paths) -> None:
    with Tracker(ready) as tracker:
        assert tracker.entry("database").tally.learned == 16
        assert check.problems(tracker._store) == []


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGTERM])
def test_a_closed_terminal_ends_it_soundly(ready: Paths, number: int) -> None:
    terminal = with_a_category_learned()
    os.kill(terminal.pid, number)
    assert terminal.ended() == 0
    the_category_is_learned(ready)


@pytest.mark.parametrize("how", ["hung up", "told to", "closed"])
def test_a_terminal_that_nobody_reads_keeps_no_program_from_its_end(ready: Paths, how: str) -> None:
    terminal = with_a_category_learned()
    terminal.press("?\x1b" * 300)
    terminal.wait_until_idle()
    if how == "closed":
        assert terminal.hang_up() == 0
    else:
        os.kill(terminal.pid, signal.SIGHUP if how == "hung up" else signal.SIGTERM)
        assert terminal.process.wait(PATIENCE) == 0
    the_category_is_learned(ready)


def test_what_is_typed_before_there_is_a_screen_is_meant_for_it(ready: Paths) -> None:
    terminal = Terminal()
    terminal.press("/git lfs\rd")
    terminal.wait_for("→ learned")
    terminal.press("q")
    assert terminal.ended() == 0
    with Tracker(ready) as tracker:
        assert tracker.entry("git-lfs-basics").status is Status.LEARNED


@pytest.mark.parametrize("keys", ["?q", "/g\x1b", "fg\x1b", "n\x1b", "a\x1b", "iq", "cq"])
def test_a_hundred_keys_at_once_leave_it_sound(ready: Paths, keys: str) -> None:
    terminal = Terminal()
    terminal.wait_for("Learning path")
    terminal.press(keys * 50)
    terminal.press("\x1b")
    terminal.wait_until_idle()
    terminal.press("\x1b")
    terminal.wait_until_idle()
    terminal.press("q")
    assert terminal.ended() == 0


def test_no_terminal_and_a_dumb_one_are_told_what_to_do(ready: Paths) -> None:
    terminal = Terminal(TERM="dumb")
    assert terminal.ended() == 1
    assert b"tracker list" in terminal.raw
    assert b"Traceback" not in terminal.raw


def test_an_unexpected_error_is_one_line_and_the_terminal_is_restored(
    ready: Paths, tmp_path: Path
) -> None:
    (tmp_path / "sitecustomize.py").write_text(
        "import tracker_tui.tui.detail_text as d\n"
        "def broken(*a, **k): raise RuntimeError('boom')\n"
        "d.today_page = broken\n"
    )
    terminal = Terminal(PYTHONPATH=str(tmp_path))
    assert terminal.ended() == 1
    assert b"something unexpected happened (RuntimeError)" in terminal.raw
    assert b"Traceback" not in terminal.raw
    assert b"\x1b[?1049l" in terminal.raw
    assert "boom" in ready.log_file.read_text()


def checkin(*arguments: str) -> Terminal:
    terminal = Terminal("checkin", *arguments)
    terminal.wait_for(" of 5")
    return terminal


def test_a_day_of_five_takes_seven_keys_from_shell_to_shell(ready: Paths) -> None:
    terminal = Terminal()
    terminal.wait_for("today 5")
    keys = "cdpsxdq"
    assert len(keys) == 7
    terminal.press(keys[0])
    for done, key in enumerate(keys[1:6]):
        terminal.wait_for(f"{done} of 5")
        terminal.press(key)
    terminal.wait_for("Tomorrow")
    terminal.press(keys[6])
    assert terminal.ended() == 0
    with Tracker(ready) as tracker:
        assert [due.answer for due in tracker.queue()] == [
            Answer.LEARNED,
            Answer.PROGRESS,
            Answer.LATER,
            Answer.SKIPPED,
            Answer.LEARNED,
        ]


def test_a_kill_at_each_key_loses_nothing_and_the_next_start_goes_on(ready: Paths) -> None:
    for done, key in enumerate("dpsxd"):
        terminal = checkin()
        terminal.wait_for(f"{done} of 5")
        with Tracker(ready) as tracker:
            asked = next(due for due in tracker.queue() if not due.answered)
        terminal.wait_for(asked.entry.title[:30])
        terminal.press(key)
        terminal.wait_for(f"{done + 1} of 5")
        os.kill(terminal.pid, signal.SIGKILL)
        assert terminal.ended() == -signal.SIGKILL
        with Tracker(ready) as tracker:
            answers = {due.entry.id: due.answer for due in tracker.queue()}
            assert answers[asked.entry.id] is not None
            assert sum(answer is not None for answer in answers.values()) == done + 1
            assert check.problems(tracker._store) == []
    terminal = checkin()
    terminal.wait_for("Tomorrow")
    terminal.press("q")
    assert terminal.ended() == 0


def test_the_command_line_answers_a_part_while_the_check_in_is_open(ready: Paths) -> None:
    terminal = checkin()
    terminal.wait_for("0 of 5")
    with Tracker(ready) as tracker:
        tracker.set_status([tracker.queue()[0].entry.id], Status.LEARNED)
    terminal.wait_for("1 of 5")
    terminal.press("q")
    assert terminal.ended() == 0


def test_a_dumb_terminal_is_asked_line_by_line(ready: Paths) -> None:
    terminal = Terminal("checkin", TERM="dumb")
    terminal.wait_for("1 of 5.")
    terminal.press("d\n")
    terminal.wait_for("2 of 5.")
    terminal.press("q\n")
    assert terminal.ended() == 0
    with Tracker(ready) as tracker:
        assert tracker.queue()[0].answer is Answer.LEARNED
