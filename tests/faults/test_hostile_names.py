"""Names of files that mean harm, and what every command says on a terminal rather than at a pipe."""

from __future__ import annotations

import json
import re
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.faults import hostile
from tests.faults.test_hostile_text import COLOUR, COMMANDS, HARMFUL
from tests.processes import Terminal, is_one_line, run
from tracker_tui.__main__ import main
from tracker_tui.paths import Paths
from tracker_tui.tracker import Tracker

pytestmark = pytest.mark.unmeasured

NAME = "e\x1b]0;PWN\x07\u202e\x9b2Jx"
"""Sets a window's title, rings, turns a line round and clears the screen."""
ROOT = Path(__file__).resolve().parents[2]
# Each command line in turn, in one process: starting one for each is what takes long. What is typed
# is the same for each, so that a question more or less leaves no other one waiting.
_ALL = """
import io, json, sys
from tracker_tui.__main__ import main
class Typed(io.StringIO):
    def isatty(self): return True
with open(sys.argv[1], encoding="utf-8") as file:
    for words in json.load(file):
        sys.stdin = Typed(sys.argv[2])
        print("code", main(words), flush=True)
print("the end of it")
"""
_OF_PROGRESS = re.compile(r"\r[^\r\n]*\x1b\[K|\r\x1b\[K")


def on_a_terminal(
    folder: Path, commands: Sequence[Sequence[str]], keys: str = "", **environment: Any
) -> str:
    """Run command lines on a terminal; return all that it was told but what is the program's own."""
    file = folder / "commands.json"
    file.write_text(json.dumps([list(words) for words in commands]), encoding="utf-8")
    command = (sys.executable, "-c", _ALL, str(file), keys)
    terminal = Terminal(command=command, **environment)
    try:
        terminal.ended()
    finally:
        terminal.kill()
    told = terminal.raw.decode().replace("\r\n", "\n")
    assert "the end of it" in told, told[-2_000:]
    assert "Traceback" not in told
    return COLOUR.sub("", _OF_PROGRESS.sub("", told))


def assert_harmless(told: str) -> None:
    found = HARMFUL.search(told)
    assert found is None, repr(told[max(0, found.start() - 300) : found.end() + 100])
    assert "unexpected" not in told


@pytest.fixture
def evil(home: Path, paths: Paths, tmp_path: Path) -> Paths:
    assert run("learned", "git-lfs").returncode == 0
    assert run("import", str(hostile.file(tmp_path)), "--yes").returncode == 0
    return paths


def test_no_command_tells_a_terminal_anything_that_it_obeys(evil: Paths, tmp_path: Path) -> None:
    commands = [[word.replace("\x00", "") for word in words] for words in COMMANDS]
    assert_harmless(on_a_terminal(tmp_path, commands, "n\nq\nq\n"))


def test_a_file_of_any_name_is_named_harmlessly(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """By every command that takes one, whether the file is good, bad, or not there."""
    folder = tmp_path / NAME
    folder.mkdir()
    good, bad, gone = (str(folder / f"{kind}{NAME}") for kind in ("good", "bad", "gone"))
    Path(f"{good}.md").write_text("# Plan\n\n- [ ] Something new\n", encoding="utf-8")
    seed = json.loads((ROOT / "assets" / "seed.json").read_text(encoding="utf-8"))
    Path(f"{good}.json").write_text(json.dumps({**seed, "version": 99}), encoding="utf-8")
    for ending in ("md", "json", "csv", "db"):
        Path(f"{bad}.{ending}").write_bytes(b'{"\x00\xff')
    commands = [
        *(["learned", "git-lfs"], ["backup", "-o", f"{good}.db"], ["backup", "-o", f"{bad}.md"]),
        ["backup", "-o", f"{gone}/x.db"],
        *(["backup", "-o", str(folder)], ["learned", "git-worktrees"]),
        *(["restore", f"{each}.db", "--dry-run"] for each in (good, bad, gone)),
        *(["restore", f"{good}.db", "--yes"], ["restore", f"{good}.db", "--dry-run", "--json"]),
        *(["restore", "--salvage", f"{each}.db", "--dry-run"] for each in (good, bad, gone)),
        *(["restore", NAME], ["export", "-o", f"{good}.html"], ["export", "-o", f"{gone}/x.md"]),
        *(["import", f"{good}.md", "--dry-run"], ["import", f"{good}.md", "--yes"]),
        *(["import", f"{each}.{end}"] for each in (bad, gone) for end in ("md", "json", "csv")),
        *(["import", str(folder)], ["export", "-o", str(folder)]),
        *(["mirror", "add", f"{good}.md", "--yes"], ["mirror", "list"], ["mirror"]),
        *(["mirror", "add", f"{bad}.md", "--yes"], ["mirror", "add", f"{gone}.md", "--yes"]),
        *(["mirror", "list", "--json"], ["doctor"], ["mirror", "remove", f"{good}.md"]),
        *(["mirror", "remove", f"{gone}.md"], ["seed", "status"]),
        *(["lint", f"{good}.json"], ["lint", f"{bad}.json"], ["lint", f"{gone}.json"]),
        *(["seed", "update", f"{each}.json", "--dry-run"] for each in (good, bad, gone)),
        *(["seed", "update", f"{good}.json", "--yes"], ["seed", "status"], ["init"]),
        *(["init", "--seed", f"{good}.json"], ["restore", "latest", "--dry-run"]),
    ]
    told = on_a_terminal(tmp_path, commands)
    assert_harmless(told)
    assert "]0;PWN" in told, "they are named"
    assert Path(f"{good}.html").exists() and Path(f"{good}.db").exists()
    for words in commands:
        main(words)
        out, err = capsys.readouterr()
        assert HARMFUL.search(out) is None, words
        assert HARMFUL.search(err) is None, words
    shutil.rmtree(home)
    fresh = [["init", "--seed", f"{gone}.json"], ["init", "--seed", f"{bad}.json"]]
    fresh += [["init", "--seed", f"{good}.json"], ["where"]]
    assert_harmless(on_a_terminal(tmp_path, fresh))


@pytest.mark.parametrize(
    ("words", "keys"),
    [
        (["list"], "s\n"),
        (["list"], "b\n"),
        (["restore", "latest", "--yes"], ""),
        (["restore", "--salvage", "--yes"], ""),
        (["restore", "--salvage"], "y\n"),
        (["doctor"], ""),
        (["doctor", "--fix"], ""),
    ],
)
def test_a_damaged_database_in_a_folder_of_any_name(
    tmp_path: Path, words: list[str], keys: str
) -> None:
    home = tmp_path / NAME
    environment = {"TRACKER_HOME": str(home)}
    assert run("learned", "git-lfs", environment=environment).returncode == 0
    with (home / "tracker.db").open("r+b") as file:
        file.write(b"\x00" * 100)
    told = on_a_terminal(tmp_path, [words], keys, **environment)
    assert_harmless(told)
    if words != ["doctor"]:
        assert list(home.glob("tracker-damaged-*.db"))


def test_nothing_else_writes_to_the_terminal() -> None:
    """What a command says goes through the door of `cli/output.py`, which lets no harm through."""
    doors = ("output.py", "progress.py", "completion.py", "open.py")
    for path in (ROOT / "tracker_tui" / "cli").rglob("*.py"):
        if path.name in doors:
            continue
        source = path.read_text(encoding="utf-8")
        for way in ("click.echo", "print(", "stdout.write", "stderr.write", "secho", "style("):
            assert way not in source, f"{path.name} writes by {way}"


@pytest.mark.parametrize(
    "name", ["x" * 300, "y/" * 3_000, "a\udcffb"], ids=["long", "deep", "half"]
)
def test_a_name_that_no_file_can_have_is_one_line(
    home: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    name: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["learned", "git-lfs"]) == 0
    for words in (
        *(["backup", "-o", name], ["restore", name], ["restore", "--salvage", name]),
        *(["export", "-o", f"/nowhere/{name}"], ["import", name], ["mirror", "add", name]),
        *(["mirror", "remove", name], ["lint", name], ["seed", "update", name]),
        ["init", "--seed", name],
    ):
        capsys.readouterr()
        code = main(words)
        err = capsys.readouterr().err
        assert code in (0, 1), words
        if code:
            assert is_one_line(err), (words, err)
            assert "unexpected" not in err, (words, err)


def test_too_little_memory_is_one_line(
    home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def greedy(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr(Tracker, "select", greedy)
    assert main(["list"]) == 1
    err = capsys.readouterr().err
    assert is_one_line(err) and "not enough memory" in err
