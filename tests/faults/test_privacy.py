"""What is the user's stays the user's: files, network, log."""

from __future__ import annotations

import logging
import os
import shutil
import socket
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.processes import PROGRAM, Terminal, run
from tracker_tui import __main__, log
from tracker_tui.paths import Paths
from tracker_tui.tracker import Tracker

CANARY = "Canary7319"


@pytest.fixture(autouse=True)
def no_log_of_another_test() -> Iterator[None]:
    yield
    for handler in logging.getLogger(log.NAME).handlers[:]:
        logging.getLogger(log.NAME).removeHandler(handler)
        handler.close()


def modes(folder: Path) -> dict[str, int]:
    return {
        str(path.relative_to(folder)): stat.S_IMODE(path.stat().st_mode)
        for path in folder.rglob("*")
    }


@pytest.mark.parametrize("mask", ["000", "022", "077"])
def test_all_that_is_kept_is_for_the_user_alone(home: Path, paths: Paths, mask: str) -> None:
    script = (
        f"umask {mask}; set -e; "
        '"$@" learned git-lfs; "$@" note git-lfs text; "$@" backup; "$@" --debug list'
    )
    words = ["/bin/sh", "-c", script, "sh", *PROGRAM]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found = modes(home)
    assert {"tracker.db", "prompt", "logs", "backups"} <= found.keys()
    assert len(found) > 5
    for name, mode in found.items():
        assert mode == (0o700 if (home / name).is_dir() else 0o600), name
    assert stat.S_IMODE(home.stat().st_mode) == 0o700


def test_an_export_has_the_mode_that_the_user_gives_new_files(home: Path, tmp_path: Path) -> None:
    """It is made to be passed on: the umask decides, as for any other file."""
    before = os.umask(0o027)
    try:
        assert run("export", "-o", str(tmp_path / "x.md")).returncode == 0
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "x.md").stat().st_mode) == 0o640


MORNING = [
    *(["today"], ["learned", "git-lfs"], ["note", "git-lfs", "text"], ["list"], ["search", "git"]),
    *(
        ["stats"],
        ["history"],
        ["export"],
        ["export", "--format", "ics"],
        ["backup"],
        ["doctor"],
        ["undo"],
    ),
]


def test_a_whole_morning_opens_no_socket(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    for words in MORNING:
        assert __main__.main(words) == 0, words
    assert "socket" not in capsys.readouterr().err


def test_without_any_network_the_screen_does_all_it_does(home: Path, paths: Paths) -> None:
    isolated = ("unshare", "-n", *PROGRAM)
    possible = (
        shutil.which("unshare")
        and not subprocess.run(
            ["unshare", "-n", "true"], capture_output=True, check=False
        ).returncode
    )
    if not possible:
        pytest.skip("no namespace without a network can be made here")
    terminal = Terminal(command=isolated)
    try:
        terminal.wait_for("Learning path")
        terminal.press("c")
        terminal.wait_for("0 of 5")
        for done, key in enumerate("dpsxd"):
            terminal.wait_for(f"{done} of 5")
            terminal.press(key)
        terminal.wait_for("Tomorrow")
        terminal.press("q")
        assert terminal.ended() == 0
    finally:
        terminal.kill()
    with Tracker(paths) as tracker:
        assert sum(due.answered for due in tracker.queue()) == 5


BREAKS = """
import tracker_tui.tracker.verbs as verbs
real = verbs.Verbs.toggle_status
def broken(self, ids, status):
    title = self.entry(ids[0]).title
    raise ValueError(f"cannot do it to {title!r}")
verbs.Verbs.toggle_status = broken
"""


@pytest.mark.parametrize("debug", [False, True])
def test_the_log_has_no_title_and_no_note_unless_it_is_asked_for(
    home: Path, paths: Paths, tmp_path: Path, debug: bool
) -> None:
    with Tracker(paths) as tracker:
        tracker.edit("git-worktrees", {"title": f"{CANARY} title", "description": f"{CANARY} text"})
        tracker.add_note("git-worktrees", f"{CANARY} note")
    (tmp_path / "sitecustomize.py").write_text(BREAKS)
    terminal = Terminal(*(["--debug"] if debug else []), PYTHONPATH=str(tmp_path))
    try:
        terminal.wait_for("Learning path")
        terminal.press("/")
        terminal.wait_for("Search titles")
        terminal.press(CANARY)
        terminal.wait_for("1 hit ")
        terminal.press("\r")
        terminal.wait_for("Notes")
        terminal.press(" ")
        terminal.wait_for("→ learning")
        terminal.press("d")
        assert terminal.ended() == 1
        assert b"something unexpected happened (ValueError)" in terminal.raw
        assert CANARY.encode() not in terminal.raw.rsplit(b"\x1b[?1049l", 1)[1]
    finally:
        terminal.kill()
    text = paths.log_file.read_text()
    assert "ValueError" in text
    assert "broken" in text  # where it happened
    assert (CANARY in text) is debug
