"""What the shells are told when tab is pressed, in the shells that are there."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.test_cli import Capture, run
from tests.processes import Terminal
from tracker_tui.cli.completion import SHELLS, WHEN, choices
from tracker_tui.paths import find
from tracker_tui.tracker import Tracker

TRY = {
    "bash": """
source <(tracker completion bash)
for line in "$@"; do
    COMP_LINE=$line COMP_POINT=${#line}
    _tracker
    printf '%s;' "${COMPREPLY[@]}"; echo
done
""",
    "zsh": """
compdef() { :; }
_files() { print -n 'FILES;'; }
_describe() {
    local each; for each in "${(@P)3}"; do print -rn -- "${each//\\\\:/%};"; done
}
eval "$(tracker completion zsh)"
for line in "$@"; do
    words=("${(@z)line}"); [[ $line == *' ' ]] && words+=('')
    CURRENT=$#words PREFIX=$words[-1]
    _tracker; echo
done
""",
    "fish": """
tracker completion fish | source
for line in $argv
    complete -C $line | string join ';'
end
""",
}


def choose(*words: str) -> dict[str, str]:
    return {item.value: item.help or "" for item in choices(words)}


def test_commands_options_and_ids_are_completed(tracker: Tracker) -> None:
    assert choose("le") == {
        "learning": "Give entries the status learning.",
        "learned": "Give entries the status learned.",
    }
    assert choose("show", "git-worktr") == {
        "git-worktrees": "Git worktrees",
        "git-worktrees-basics": "Git worktrees basics",
    }
    assert "git-lfs" in choose("learned", "git-hooks", "GIT-L")
    assert "--toggle" in choose("learned", "--t")
    assert choose("status", "learne") == {"learned": ""}
    assert choose("reviews", "") == {"spread": choose("reviews", "spr")["spread"]}
    assert "git-fundamentals" in choose("needs", "git-lfs", "git-f")
    tracker.delete(["git-lfs"])
    assert "git-lfs" not in choose("show", "git-l")


@pytest.mark.parametrize("command", [("list",), ("export",), ("learned", "--where")])
def test_queries_are_completed(tracker: Tracker, command: tuple[str, ...]) -> None:
    assert list(choose(*command, "sta")) == ["status:"]
    assert list(choose(*command, "status:learn")) == ["status:learning", "status:learned"]
    assert list(choose(*command, "status:todo,learne")) == ["status:todo,learned"]
    assert list(choose(*command, "is:open hor")) == ["is:open horizon:"]
    assert choose(*command, "category:git") == {"category:git-workflow": "Git Workflow"}
    assert choose(*command, "nonsense:x") == {}


def test_files_are_left_to_the_shell(tracker: Tracker) -> None:
    assert [item.type for item in choices(["import", "x"])] == ["file"]
    assert [item.type for item in choices(["export", "-o", "x"])] == ["file"]


def test_a_snooze_is_completed_with_days_behind_an_entry(tracker: Tracker) -> None:
    assert "git-lfs" in choose("snooze", "") and "friday" not in choose("snooze", "")
    assert list(choose("snooze", "git-lfs", "")) == list(WHEN)
    assert list(choose("snooze", "git-lfs", "fr")) == ["friday"]
    assert list(choose("snooze", "--where", "is:open", "to")) == ["tomorrow", *choose("show", "to")]
    assert "git-hooks" in choose("snooze", "git-lfs", "git-h")
    assert "git-hooks" in choose("snooze", "--wake", "git-lfs", "")
    assert "friday" not in choose("snooze", "--wake", "git-lfs", "")
    for word in WHEN:
        tracker.snooze(["git-lfs"], word)


def test_mirrored_files_are_completed(
    tracker: Tracker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, other = tmp_path / "here", tmp_path / "other"
    for file in (here / "a plan.md", here / "b.md", other / "c.md"):
        file.parent.mkdir(exist_ok=True)
        file.write_text(f"# {file.stem}\n\n- [ ] thing\n")
    monkeypatch.chdir(here)
    for name in ("a plan.md", str(other / "c.md")):
        tracker.mirror_add(name)
    assert list(choose("mirror", "remove", "")) == ["a plan.md", str(other / "c.md")]
    assert list(choose("mirror", "remove", "a")) == ["a plan.md"]
    assert list(choose("mirror", "remove", f"{here}/")) == [str(here / "a plan.md")]
    assert {item.type for item in choices(["mirror", "remove", ""])} == {"path"}
    assert [item.type for item in choices(["mirror", "add", ""])] == ["file"]


def test_no_database_is_made_by_pressing_tab(home: Path) -> None:
    assert choose("show", "git") == choose("mirror", "remove", "") == {}
    assert not find().database.exists()


def test_a_broken_track_leaves_the_shell_in_peace(home: Path, capsys: Capture) -> None:
    home.mkdir()
    find().database.write_text("no database " * 500)
    code = (
        "import os; os.environ['_TRACKER_COMPLETE'] = 'zsh';"
        "from tracker_tui.__main__ import main; raise SystemExit(main(['show', 'git']))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert (done.stdout, done.stderr) == (b"", b"")


@pytest.mark.parametrize("shell", SHELLS)
def test_a_real_shell_completes(tracker: Tracker, tmp_path: Path, shell: str) -> None:
    program = shutil.which(shell)
    if program is None:
        pytest.skip(f"{shell} is not installed")
    tracker.edit("git-lfs", {"title": "Large: files, and $(more)"})
    (tmp_path / "tracker").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m tracker_tui "$@"\n')
    (tmp_path / "tracker").chmod(0o755)
    script = tmp_path / "try"
    script.write_text(TRY[shell])
    plain = {"bash": ["--norc"], "zsh": ["-f"], "fish": ["--no-config"]}[shell]
    lines = [
        *("tracker learne", "tracker show git-l", "tracker list status:l"),
        *("tracker move git-lfs --to git-worktrees-b", "tracker show "),
    ]
    done = subprocess.run(
        [program, *plain, str(script), *lines],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}", "HOME": str(tmp_path)},
    )
    assert done.stderr == ""
    command, id_, term, option, everything = done.stdout.splitlines()
    assert command.startswith("learned")
    assert id_.startswith("git-lfs")
    assert option.startswith("git-worktrees-basics")
    assert everything.count(";") > 200
    # bash completes only what is behind the colon.
    words = [word.split("\t")[0].replace("%", ":") for word in term.rstrip(";").split(";")]
    lead = "" if shell == "bash" else "status:"
    assert words == [f"{lead}learning", f"{lead}learned"]
    if shell != "bash":
        assert "Large: files, and $(more)" in id_.replace("%", ":")


def test_bash_sorts_files_and_quotes_them(
    tracker: Tracker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bash = shutil.which("bash")
    if bash is None:
        pytest.skip("bash is not installed")
    (tmp_path / "tracker").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m tracker_tui "$@"\n')
    (tmp_path / "tracker").chmod(0o755)
    monkeypatch.chdir(tmp_path)
    for name in ["zfile", "yfile", "xfile", "bfile", "afile", "mfile"]:
        Path(name).write_text("# A\n\n- [ ] thing of mine\n")
    Path("zfile").rename("one file.md")
    tracker.mirror_add("one file.md")
    terminal = Terminal(
        command=(bash, "--norc", "-i"),
        PATH=f"{tmp_path}:{os.environ['PATH']}",
        PS1="ready> ",
        HOME=str(tmp_path),
        INPUTRC="/dev/null",
    )
    terminal.wait_for("ready>")
    for setting in ("show-all-if-ambiguous on", "completion-display-width 0"):
        terminal.press(f"bind 'set {setting}'\r")
    terminal.press("source <(tracker completion bash)\r")
    terminal.press("clear; echo bo''und\r")
    terminal.wait_for("bound")
    terminal.press("tracker import \t")
    terminal.wait_for("yfile")
    listed = [word for word in terminal.text.split() if word.endswith("file") and word != "file"]
    assert listed == sorted(listed) and len(listed) == 5
    terminal.press("\x15tracker mirror remove \t")
    terminal.wait_for("tracker mirror remove one\\ file.md")
    terminal.press("\x15exit\r")
    assert terminal.ended() == 0


def test_help_is_grouped_and_knows_topics(home: Path, capsys: Capture) -> None:
    out = run(capsys, "help")
    assert out == run(capsys, "--help")
    assert out.index("Every day:") < out.index("  checkin ") < out.index("In and out:")
    assert max(map(len, out.splitlines())) <= 80
    assert run(capsys, "help", "reviews", "spread").startswith("Usage: tracker reviews spread")
    assert "status:" in run(capsys, "help", "queries")
    assert "did you mean list" in run(capsys, "help", "lst", code=2)
    assert not find().database.exists()
