"""Every snippet of docs/around.md, tried in the program it is for."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import shlex
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import termios
import time
import tomllib
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pyte
import pytest

from tracker_tui.domain.words import Answer
from tracker_tui.paths import Paths, find
from tracker_tui.tracker import Tracker

GUIDE = Path(__file__).resolve().parents[1] / "docs" / "around.md"
PATIENCE = 10.0
"""Seconds until a test that waits for something gives up."""
LINE = "5 things left of today's check-in: tracker checkin\n"
ODD = r"5 today 100% %F{red} $(echo ran) `echo ran` \u ${HOME}"


def snippets() -> list[tuple[str, str, str]]:
    """The fenced blocks of the guide: the heading each is under, its language, its text."""
    found = []
    for section in GUIDE.read_text().split("\n## ")[0:]:
        heading = section.split("\n")[0].removeprefix("# ")
        for language, text in re.findall(r"^```(\S+)\n(.*?)^```$", section, re.M | re.S):
            found.append((heading, language, text))
    return found


def snippet(heading: str, language: str, number: int = 0) -> str:
    return [text for h, lang, text in snippets() if (h, lang) == (heading, language)][number]


def needs(program: str) -> None:
    if shutil.which(program) is None:
        pytest.skip(f"{program} is not installed")


def run(
    *words: str, env: Mapping[str, str], cwd: Path | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        words,
        env=env,
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
        stdin=subprocess.DEVNULL,
    )


class Terminal:
    """A pty of 100x30 with a program in it that has just this environment."""

    def __init__(self, *words: str, env: Mapping[str, str]) -> None:
        self.screen = pyte.Screen(100, 30)
        self.stream = pyte.ByteStream(self.screen)
        self.end = time.monotonic() + PATIENCE
        found = shutil.which(words[0])
        assert found is not None
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.chdir(env["HOME"])
            os.execve(found, words, dict(env))
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", 30, 100, 0, 0))

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGHUP)
        end = time.monotonic() + 2
        while os.waitpid(self.pid, os.WNOHANG) == (0, 0):
            self.read()
            if time.monotonic() > end:
                os.killpg(self.pid, signal.SIGKILL)
                os.waitpid(self.pid, 0)
                break
        os.close(self.fd)

    def read(self) -> None:
        """Take in what was written in the last moment."""
        if select.select([self.fd], [], [], 0.02)[0]:
            with suppress(OSError):
                data = os.read(self.fd, 65536)
                # pyte prints the private sequences it does not know, so it is spared them.
                self.stream.feed(re.sub(rb"\x1b\[[<>=?][0-9;]*[a-zA-Z]", b"", data))

    @property
    def lines(self) -> list[str]:
        """The lines of the screen that have something on them."""
        return [line.rstrip() for line in self.screen.display if line.strip()]

    def until(self, holds: Callable[[list[str]], bool], doing: Callable[[], object] = bool) -> None:
        while not holds(self.lines):
            assert time.monotonic() < self.end, "\n".join(self.lines)
            doing()
            self.read()

    def prompts(self, line: str) -> None:
        """Wait until this is the last line."""
        self.until(lambda lines: lines[-1:] == [line])

    def press(self, keys: str) -> None:
        os.write(self.fd, keys.encode())


def set_hour(hour: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let this process live where it is now that hour, so that no day ends during a test."""
    east = (hour - datetime.now(UTC).hour + 12) % 24 - 12
    monkeypatch.setenv("TZ", f"XXX{-east:+d}")
    time.tzset()


@pytest.fixture
def person(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The home folder of someone who has done what the guide says first, in the evening."""
    home = tmp_path / "person"
    home.mkdir()
    # Or fish reads all manual pages in the background at its first start.
    (home / ".local/share/fish/generated_completions").mkdir(parents=True)
    for name in ("TRACKER_HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(home))
    set_hour(20, monkeypatch)
    checkout = tmp_path / "checkout"
    checkout.mkdir()
    (checkout / ".venv").symlink_to(Path(sys.executable).parent.parent)
    first = snippet("Around the terminal", "sh")
    done = run("sh", "-euc", first, env={"HOME": str(home), "PATH": "/usr/bin:/bin"}, cwd=checkout)
    assert (done.returncode, done.stderr) == (0, "")
    yield home
    monkeypatch.undo()
    time.tzset()


@pytest.fixture
def env(person: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The environment of an interactive shell, with a track of its own where five things wait."""
    monkeypatch.setenv("TRACKER_HOME", str(tmp_path / "track"))
    Tracker(find()).close()
    return {
        "HOME": str(person),
        "LANG": "C.UTF-8",
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "TERM": "xterm-256color",
        "TRACKER_HOME": os.environ["TRACKER_HOME"],
        "TZ": os.environ["TZ"],
    }


@pytest.fixture
def bare(person: Path) -> dict[str, str]:
    """What cron gives its lines, and the track where it is by default."""
    Tracker(find()).close()
    return {
        "HOME": str(person),
        "LOGNAME": "person",
        "PATH": "/usr/bin:/bin",
        "SHELL": "/bin/sh",
        "TZ": os.environ["TZ"],
    }


def answer_all(paths: Paths) -> None:
    with Tracker(paths) as tracker:
        for due in tracker.queue():
            tracker.answer(tracker.today(), due.entry.id, Answer.PROGRESS)


def say_instead(text: str, tmp_path: Path, env: dict[str, str]) -> None:
    """Put another `tracker` first, one that says something odd."""
    folder = tmp_path / "odd"
    folder.mkdir()
    (folder / "said").write_text(text + "\n")
    (folder / "tracker").write_text(f"#!/bin/sh\ncat {shlex.quote(str(folder / 'said'))}\n")
    (folder / "tracker").chmod(0o755)
    env["PATH"] = f"{folder}:{env['PATH']}"


def test_each_snippet_is_one_that_is_tried_here() -> None:
    assert [(heading, language) for heading, language, _ in snippets()] == [
        ("Around the terminal", "sh"),
        *[("Completion", shell) for shell in ("bash", "zsh", "fish")],
        ("bash", "bash"),
        ("zsh", "zsh"),
        ("fish", "fish"),
        ("starship", "toml"),
        ("tmux", "tmux"),
        ("cron", "crontab"),
        *[("systemd", "ini")] * 3,
        ("systemd", "sh"),
    ]


# Completion


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion(shell: str, env: dict[str, str], person: Path) -> None:
    needs(shell)
    text = snippet("Completion", shell)
    words = {
        "bash": ["bash", "--noprofile", "--rcfile", str(person / ".bashrc"), "-i"],
        "zsh": ["zsh", "-d", "-i"],
        "fish": ["fish", "--private"],
    }[shell]
    (person / ".bashrc").write_text(f"PS1='> '\n{text}")
    (person / ".zshrc").write_text(f"PS1='> '\n{text}")
    if shell == "fish":
        done = run("fish", "-c", text, env=env)
        assert (done.returncode, done.stderr) == (0, "")
        (person / ".config/fish/config.fish").write_text("function fish_prompt; echo '> '; end\n")
    with Terminal(*words, env=env) as terminal:
        terminal.until(lambda lines: any(line.startswith(">") for line in lines))
        terminal.press("tracker show git-worktrees-b\t")
        terminal.until(lambda lines: "git-worktrees-basics" in lines[-1])
        terminal.press("\r")
        terminal.until(lambda lines: any("item" in line and "todo" in line for line in lines))


# bash


@pytest.fixture
def bash(person: Path) -> Callable[[str], list[str]]:
    """The words that start bash with a .bashrc that ends with the snippet, read twice."""
    needs("bash")

    def words(before: str) -> list[str]:
        (person / "around").write_text(snippet("bash", "bash"))
        (person / ".bashrc").write_text(f"{before}\n. ~/around\n. ~/around\n")
        return ["bash", "--noprofile", "--rcfile", str(person / ".bashrc"), "-i"]

    return words


@pytest.mark.parametrize(
    "hook", ["", "PROMPT_COMMAND='before=$?'", "PROMPT_COMMAND=('before=$?' 'then=$?')"]
)
def test_bash(hook: str, env: dict[str, str], bash: Callable[[str], list[str]]) -> None:
    seen = {"": "", "PROMPT_COMMAND='before=$?'": "3"}.get(hook, "33")
    with Terminal(*bash(f"PS1='old$?> '\n{hook}"), env=env) as terminal:
        terminal.prompts("5 today old0>")
        terminal.press("(exit 3)\r")
        terminal.prompts("5 today old3>")
        terminal.press("(exit 3)\recho -$before$then-\r")
        if "then" not in seen and hook.startswith("PROMPT_COMMAND='"):
            terminal.until(lambda lines: "-3-" in lines)
        terminal.prompts("5 today old0>")
        answer_all(find())
        terminal.press("echo one\r")
        terminal.until(lambda lines: lines[-2:] == ["one", "old0>"])


def test_bash_takes_the_text_as_it_is(
    env: dict[str, str], bash: Callable[[str], list[str]], tmp_path: Path
) -> None:
    say_instead(ODD, tmp_path, env)
    with Terminal(*bash("PS1='old> '"), env=env) as terminal:
        terminal.prompts(f"{ODD} old>")


# zsh


def zsh(person: Path, before: str) -> list[str]:
    needs("zsh")
    (person / "around").write_text(snippet("zsh", "zsh"))
    (person / ".zshrc").write_text(f"{before}\n. ~/around\n. ~/around\n")
    return ["zsh", "-d", "-i"]


@pytest.mark.parametrize("option", ["prompt_subst", "no_prompt_subst"])
def test_zsh(option: str, env: dict[str, str], person: Path) -> None:
    words = zsh(person, f"setopt {option}\nPROMPT='old%?> '\nprecmd() {{ before=$? }}")
    with Terminal(*words, env=env) as terminal:
        terminal.prompts("5 today old0>")
        terminal.press("(exit 3)\r")
        terminal.prompts("5 today old3>")
        terminal.press("(exit 3)\recho -$before-\r")
        terminal.until(lambda lines: lines[-2:] == ["-3-", "5 today old0>"])
        answer_all(find())
        terminal.press("echo one\r")
        terminal.until(lambda lines: lines[-2:] == ["one", "old0>"])


@pytest.mark.parametrize("option", ["prompt_subst", "no_prompt_subst"])
def test_zsh_takes_the_text_as_it_is(
    option: str, env: dict[str, str], person: Path, tmp_path: Path
) -> None:
    say_instead(ODD, tmp_path, env)
    with Terminal(*zsh(person, f"setopt {option}\nPROMPT='old> '"), env=env) as terminal:
        terminal.prompts(f"{ODD} old>")


# fish


def test_fish(env: dict[str, str], person: Path) -> None:
    needs("fish")
    functions = person / ".config/fish/functions"
    functions.mkdir(parents=True)
    (functions / "fish_right_prompt.fish").write_text(snippet("fish", "fish"))
    (functions / "fish_prompt.fish").write_text(
        'function fish_prompt\n    echo "old$status> "\nend\n'
    )

    def is_last(*words: str) -> Callable[[list[str]], bool]:
        return lambda lines: bool(lines) and lines[-1].split() == list(words)

    with Terminal("fish", "-i", env=env) as terminal:
        terminal.until(is_last("old0>", "5", "today"))
        terminal.press("sh -c 'exit 3'\r")
        terminal.until(is_last("old3>", "5", "today"))
        answer_all(find())
        terminal.press("echo one\r")
        terminal.until(lambda lines: "one" in lines and is_last("old0>")(lines))
        # Nothing is drawn after the prompt any more once the next command has run.
        terminal.press("echo two\r")
        terminal.until(lambda lines: "two" in lines and is_last("old0>")(lines))
        between = terminal.lines[terminal.lines.index("one") + 1 :]
        assert not any("today" in line for line in between)


# starship


def test_starship(env: dict[str, str]) -> None:
    text = snippet("starship", "toml")
    module = tomllib.loads(text)["custom"]["tracker"]
    assert module["when"] is True
    (shell,) = module["shell"]
    for expected in ("5 today\n", ""):
        done = run(shell, "-c", module["command"], env=env)
        assert (done.returncode, done.stdout, done.stderr) == (0, expected, "")
        answer_all(find())


def test_starship_itself(env: dict[str, str], person: Path) -> None:
    needs("starship")
    config = person / "starship.toml"
    config.write_text(snippet("starship", "toml"))
    env["STARSHIP_CONFIG"] = str(config)
    assert "5 today" in run("starship", "prompt", env=env, cwd=person).stdout
    answer_all(find())
    done = run("starship", "prompt", env=env, cwd=person)
    assert done.returncode == 0 and "today" not in done.stdout


# tmux


def test_tmux(env: dict[str, str], person: Path) -> None:
    needs("tmux")
    config = person / ".tmux.conf"
    config.write_text(snippet("tmux", "tmux"))
    # The path of a socket has to be short.
    with tempfile.TemporaryDirectory(prefix="tmux") as folder:
        env["TMUX_TMPDIR"] = folder
        tmux = ("tmux", "-L", f"around{os.getpid()}", "-f", str(config))
        try:
            with Terminal(*tmux, "new-session", "cat", env=env) as terminal:
                # What `#()` says comes later than the line it is for.
                terminal.until(ends_with(r"5 today \d\d:\d\d"))
                assert run(*tmux, "show", "-gv", "status-interval", env=env).stdout == "30\n"
                answer_all(find())
                terminal.until(
                    ends_with(r"(?<!today) \d\d:\d\d"),
                    lambda: run(*tmux, "refresh-client", "-S", env=env),
                )
                assert not any("today" in line for line in terminal.lines)
        finally:
            pid = run(*tmux, "display-message", "-p", "#{pid}", env=env).stdout.strip()
            run(*tmux, "kill-server", env=env)
            wait_gone(int(pid))


def ends_with(pattern: str) -> Callable[[list[str]], bool]:
    return lambda lines: bool(lines) and re.search(pattern + "$", lines[-1]) is not None


def wait_gone(pid: int) -> None:
    end = time.monotonic() + PATIENCE
    with suppress(ProcessLookupError):
        while time.monotonic() < end:
            os.kill(pid, 0)
            time.sleep(0.02)
        raise AssertionError(f"{pid} is still there")


# cron

FIELDS = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 7))


def cron_line(line: str) -> str:
    """Return the command of a line of a crontab."""
    *fields, command = line.split(None, 5)
    assert len(fields) == 5
    for field, (low, high) in zip(fields, FIELDS, strict=True):
        for part in field.split(","):
            match = re.fullmatch(r"(?:\*|(\d+)(?:-(\d+))?)(?:/\d+)?", part)
            assert match is not None, part
            assert all(low <= int(number) <= high for number in match.groups() if number)
    assert "%" not in command, "cron makes a new line of it"
    return command


def cron(env: Mapping[str, str]) -> str:
    (line,) = snippet("cron", "crontab").splitlines()
    done = run("/bin/sh", "-c", cron_line(line), env=env, cwd=Path(env["HOME"]))
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def test_cron(bare: dict[str, str]) -> None:
    assert cron(bare) == LINE
    answer_all(find())
    assert cron(bare) == ""


def test_cron_is_silent_before_the_hour(
    bare: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    set_hour(10, monkeypatch)
    assert cron({**bare, "TZ": os.environ["TZ"]}) == ""


def test_cron_with_a_home_of_its_own(env: dict[str, str], bare: dict[str, str]) -> None:
    answer_all(find())
    assert cron({**bare, "TRACKER_HOME": env["TRACKER_HOME"]}) == ""


# systemd


def units(journal: bool) -> tuple[str, str]:
    """The service and the timer; the service with a notification, or for the journal."""
    service = snippet("systemd", "ini", 0)
    if journal:
        service = re.sub(r"^ExecStart=.*\n", snippet("systemd", "ini", 1), service, flags=re.M)
    return service, snippet("systemd", "ini", 2)


def exec_start(service: str, env: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """Run what the service runs."""
    (line,) = re.findall(r"^ExecStart=(.*)$", service, re.M)
    assert re.fullmatch(r"(?:[^%$\\]|%h|\$\$)*", line), "more than is replaced here"
    words = shlex.split(line.replace("%h", env["HOME"]).replace("$$", "$"))
    return run(*words, env=env, cwd=Path(env["HOME"]))


@pytest.mark.parametrize("journal", [False, True])
def test_systemd_takes_the_units(journal: bool, person: Path, tmp_path: Path) -> None:
    needs("systemd-analyze")
    files = []
    for name, text in zip(("tracker.service", "tracker.timer"), units(journal), strict=True):
        files.append(tmp_path / name)
        files[-1].write_text(text)
    env = {"HOME": str(person), "PATH": os.environ["PATH"], "XDG_RUNTIME_DIR": str(tmp_path)}
    done = run("systemd-analyze", "verify", "--user", *map(str, files), env=env)
    assert done.returncode == 0, done.stderr
    assert not [line for line in done.stderr.splitlines() if "tracker." in line]
    (when,) = re.findall(r"^OnCalendar=(.*)$", units(journal)[1], re.M)
    calendar = run("systemd-analyze", "calendar", when, env=env)
    assert calendar.returncode == 0
    assert re.search(r"Normalized form: \*-\*-\* 18:00:00$", calendar.stdout, re.M)


def test_systemd_writes_to_the_journal(bare: dict[str, str]) -> None:
    for expected in (LINE, ""):
        done = exec_start(units(journal=True)[0], bare)
        assert (done.returncode, done.stdout, done.stderr) == (0, expected, "")
        answer_all(find())


def test_systemd_shows_a_notification(bare: dict[str, str], tmp_path: Path) -> None:
    folder = tmp_path / "desktop"
    folder.mkdir()
    (folder / "notify-send").write_text('#!/bin/sh\nprintf "[%s]" "$@"\n')
    (folder / "notify-send").chmod(0o755)
    bare["PATH"] = f"{folder}:{bare['PATH']}"
    for expected in (f"[tracker][{LINE[:-1]}]", ""):
        done = exec_start(units(journal=False)[0], bare)
        assert (done.returncode, done.stdout, done.stderr) == (0, expected, "")
        answer_all(find())


def test_systemd_is_switched_on_with_words_a_shell_takes(person: Path) -> None:
    text = snippet("systemd", "sh")
    assert run("sh", "-nc", text, env={"PATH": "/usr/bin:/bin"}).returncode == 0
    assert "enable --now tracker.timer" in text
