"""The guide's snippets for shells and timers, tried with the real programs where they are there."""

from __future__ import annotations

import os
import pty
import re
import select
import shutil
import subprocess
import sys
import time
import tomllib
from pathlib import Path

import pytest

from tracker_tui.domain.words import Answer
from tracker_tui.paths import Paths
from tracker_tui.tracker import Tracker

GUIDE = (Path(__file__).resolve().parents[1] / "docs" / "around.md").read_text()
PATIENCE = 15.0


def snippets(language: str) -> list[str]:
    found = re.findall(rf"```{language}\n(.*?)```", GUIDE, re.DOTALL)
    assert found, language
    return found


def needs(program: str) -> str:
    found = shutil.which(program)
    if found is None:
        pytest.skip(f"{program} is not installed")
    return found


@pytest.fixture
def environment(tmp_path: Path, home: Path, paths: Paths) -> dict[str, str]:
    """A user with five things to do, and `tracker` on the path."""
    Tracker(paths).close()
    folder = tmp_path / "bin"
    folder.mkdir()
    script = folder / "tracker"
    script.write_text(f'#!/bin/sh\nexec {sys.executable} -m tracker_tui "$@"\n')
    script.chmod(0o755)
    return {
        "HOME": str(tmp_path),
        "TRACKER_HOME": str(home),
        "PATH": f"{folder}:{os.environ['PATH']}",
        "TERM": "xterm-256color",
        "PYTHONPATH": os.pathsep.join(p for p in sys.path if p),
    }


def answer_all(paths: Paths) -> None:
    with Tracker(paths) as tracker:
        for due in tracker.queue():
            tracker.answer(tracker.today(), due.entry.id, Answer.LATER)


def said(command: list[str], environment: dict[str, str]) -> str:
    done = subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=PATIENCE, check=True
    )
    return done.stdout + done.stderr


def test_bash(environment: dict[str, str], paths: Paths) -> None:
    (snippet,) = snippets("bash")
    script = f"PS1='old> '\n{snippet}\nprintf '%s' \"${{PS1@P}}\""
    command = [needs("bash"), "-c", script]
    assert said(command, environment) == "5 today old> "
    answer_all(paths)
    assert said(command, environment) == " old> "


def test_zsh(environment: dict[str, str], paths: Paths) -> None:
    (snippet,) = snippets("zsh")
    script = f'{snippet}\nfor each in $precmd_functions; do $each; done\nprint -rP -- "[$RPROMPT]"'
    command = [needs("zsh"), "-f", "-c", script]
    assert said(command, environment) == "[5 today]\n"
    answer_all(paths)
    assert said(command, environment) == "[]\n"


def test_fish(environment: dict[str, str], paths: Paths) -> None:
    (snippet,) = snippets("fish")
    command = [needs("fish"), "--no-config", "-c", f"{snippet}\nfish_right_prompt"]
    assert "5 today" in said(command, environment)
    answer_all(paths)
    assert "today" not in said(command, environment)


def test_starship(environment: dict[str, str], tmp_path: Path) -> None:
    (snippet,) = snippets("toml")
    custom = tomllib.loads(snippet)["custom"]["tracker"]
    assert said(["/bin/sh", "-c", custom["command"]], environment) == "5 today\n"
    file = tmp_path / "starship.toml"
    file.write_text('format = "${custom.tracker}"\n' + snippet)
    command = [needs("starship"), "prompt"]
    assert "5 today" in said(command, {**environment, "STARSHIP_CONFIG": str(file)})


def test_tmux(environment: dict[str, str], tmp_path: Path) -> None:
    """Its status line is only drawn for a terminal that looks at it."""
    (snippet,) = snippets("tmux")
    file = tmp_path / "tmux.conf"
    file.write_text(snippet)
    command = [needs("tmux"), "-S", str(tmp_path / "socket"), "-f", str(file)]
    pid, fd = pty.fork()
    if pid == 0:
        os.execve(command[0], [*command, "new-session", "sleep 60"], environment)
    try:
        seen, end = b"", time.monotonic() + PATIENCE
        while b"5 today" not in seen and time.monotonic() < end:
            if select.select([fd], [], [], 0.1)[0]:
                seen += os.read(fd, 65536)
        assert re.search(rb"5 today \d\d:\d\d", seen)
    finally:
        subprocess.run([*command, "kill-server"], check=False, env=environment, capture_output=True)
        os.waitpid(pid, 0)
        os.close(fd)


def test_cron(environment: dict[str, str], paths: Paths, tmp_path: Path) -> None:
    (line,) = snippets("cron")
    *when, command = line.strip().split(" ", 5)
    assert when == ["30", "18", "*", "*", "*"]
    local = tmp_path / ".local" / "bin"
    local.mkdir(parents=True)
    (local / "tracker").symlink_to(tmp_path / "bin" / "tracker")
    bare = {k: v for k, v in environment.items() if k != "TERM"} | {"PATH": "/usr/bin:/bin"}
    # The hour is the real one here; from the start of a day on, any hour has come.
    command = command.replace("18:00", "04:00")
    assert said(["/bin/sh", "-c", command], bare).startswith("5 things left of today's check-in")
    answer_all(paths)
    assert said(["/bin/sh", "-c", command], bare) == ""


def test_systemd(environment: dict[str, str], tmp_path: Path) -> None:
    service, timer = snippets("ini")
    folder = tmp_path / "units"
    folder.mkdir()
    (folder / "tracker-remind.service").write_text(service)
    (folder / "tracker-remind.timer").write_text(timer)
    (tmp_path / "bin" / "notify-send").write_text('#!/bin/sh\necho "notified: $1"\n')
    (tmp_path / "bin" / "notify-send").chmod(0o755)
    start = re.search(r"ExecStart=(/bin/sh) -c '(.*)'", service)
    assert start is not None
    script = start[2].replace("$$", "$").replace("18:00", "04:00")
    assert "notified: 5 things left" in said([start[1], "-c", script], environment)
    analyze = needs("systemd-analyze")
    said([analyze, "calendar", "*-*-* 18:30"], environment)
    for unit in folder.iterdir():
        done = subprocess.run(
            [analyze, "verify", "--user", str(unit)],
            env={**environment, "XDG_RUNTIME_DIR": str(tmp_path)},
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        assert "tracker-remind" not in done.stderr, done.stderr
