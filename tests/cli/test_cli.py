from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import click
import pytest

from tracker_tui import __version__
from tracker_tui.__main__ import main
from tracker_tui.cli.commands import cli
from tracker_tui.paths import find

SEED = json.loads((Path(__file__).parents[2] / "assets" / "seed.json").read_text())
Capture = pytest.CaptureFixture[str]


def run(capsys: Capture, *words: str, code: int = 0) -> str:
    """Run a command line; return what it wrote."""
    assert main(words) == code
    out, err = capsys.readouterr()
    assert "Traceback" not in err
    if code:
        assert err.count("\n") == 1
        assert err.startswith("tracker: ")
        return err
    return out


def listed(capsys: Capture, *words: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(run(capsys, *words, "--json"))
    return found


def test_a_fresh_track_is_the_document_word_for_word(home: Path, capsys: Capture) -> None:
    entries = listed(capsys, "list")
    kinds = Counter(entry["kind"] for entry in entries)
    assert kinds == {"category": 12, "section": 38, "item": 180, "gap": 10, "step": 15}
    by_id = {entry["id"]: entry for entry in entries}
    titles = [e["title"] for e in entries if e["kind"] == "category"]
    assert titles == [category["title"] for category in SEED["categories"]]
    for category in SEED["categories"]:
        for section in category["sections"]:
            assert by_id[section["id"]]["parent"] == category["id"]
            found = [e for e in entries if e["parent"] == section["id"]]
            assert [(e["id"], e["title"], e["description"]) for e in found] == [
                (i["id"], i["title"], i["description"]) for i in section["items"]
            ]
            assert {e["category"] for e in found} == {category["id"]}
            assert {(e["section"], e["status"]) for e in found} == {(section["id"], "todo")}
    gaps = [e for e in entries if e["kind"] == "gap"]
    assert [(g["title"], g["critical"]) for g in gaps] == [
        (gap["title"], gap["rank"]) for gap in SEED["critical"]
    ]
    steps = [(e["horizon"], e["title"]) for e in entries if e["kind"] == "step"]
    assert steps == [(s["id"], step["title"]) for s in SEED["path"] for step in s["steps"]]


def test_show_has_everything(home: Path, capsys: Capture) -> None:
    run(capsys, "note", "gap-pre-commit", "start", "small")
    shown = json.loads(run(capsys, "show", "gap-pre-commit", "--json"))
    gap = SEED["critical"][2]
    assert (shown["impact"], shown["action"]) == (gap["impact"], gap["action"])
    assert [link["id"] for link in shown["covers"]] == gap["covers"]
    assert [note["text"] for note in shown["notes"]] == ["start small"]
    assert shown["history"][0]["text"] == "noted"
    text = run(capsys, "show", "gap-pre-commit")
    assert "Impact:" in text
    assert "start small" in text


def test_the_verbs_and_undo(home: Path, capsys: Capture) -> None:
    assert "todo → learning" in run(capsys, "learning", "git-lfs")
    run(capsys, "status", "learned", "git-lfs", "git-submodules")
    run(capsys, "snooze", "git-lfs", "3d")
    run(capsys, "horizon", "short", "git-lfs")
    entry = next(
        e for e in listed(capsys, "list", "git", "lfs", "kind:item") if e["id"] == "git-lfs"
    )
    assert entry["status"] == "learned"
    assert entry["horizon"] == "short"
    assert entry["snoozed_until"]
    assert run(capsys, "undo").startswith("undone: ")
    assert run(capsys, "redo").startswith("redone: ")
    assert "nothing to do" in run(capsys, "learned", "git-lfs")
    assert "git-lfs" not in {entry["id"] for entry in listed(capsys, "list", "status:todo")}
    assert "todo → learning" in run(capsys, "history", "git-lfs")
    assert len(listed(capsys, "history")) == 6
    assert run(capsys, "snooze", "--wake", "git-lfs")
    done = json.loads(run(capsys, "todo", "git-lfs", "--json"))
    assert "git-workflow" in done["changed"]


def test_add_edit_move_delete(
    home: Path, capsys: Capture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    id_ = run(capsys, "add", "Sparse", "checkout", "--in", "git-workflow-unk").split()[-1]
    assert run(capsys, "move", id_, "up").startswith("moved")
    run(capsys, "move", id_, "--to", "git-workflow-learn")
    script = tmp_path / "edit.py"
    script.write_text(
        "import sys, pathlib; p = pathlib.Path(sys.argv[1])\n"
        "p.write_text(p.read_text().replace('Sparse', 'Dense') + 'described\\n')\n"
    )
    monkeypatch.setenv("VISUAL", f"{sys.executable} {script}")
    run(capsys, "edit", id_)
    shown = json.loads(run(capsys, "show", id_, "--json"))
    assert (shown["title"], shown["description"]) == ("Dense checkout", "described")
    assert shown["section"] == "git-workflow-learning-resources-needed"
    assert "add --yes" in run(capsys, "delete", id_, code=1)
    run(capsys, "delete", id_, "--yes")
    assert "nothing matches" in run(capsys, "list", "dense")
    run(capsys, "undo")
    assert "Dense checkout" in run(capsys, "search", "dense")
    inbox = json.loads(run(capsys, "add", "Somewhere", "--json"))
    assert json.loads(run(capsys, "show", inbox["changed"][0], "--json"))["category"]


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["lst"], 2, "did you mean list"),
        (["list", "statu:x"], 1, "did you mean status"),
        (["show", "git-worktr"], 1, "git-worktrees, git-worktrees-basics"),
        (["show", "zzz"], 1, "zzz"),
        (["status", "lernt", "git-lfs"], 2, "lernt"),
        (["snooze", "git-lfs", "someday"], 1, "someday"),
        (["snooze", "git-lfs"], 2, "needs a REF"),
        (["add", "\x1b"], 1, "title"),
        (["add", "x" * 10_000], 1, "10,000"),
        (["show", "--nope", "x"], 2, "--nope"),
        (["show"], 2, "REF"),
    ],
)
def test_mistakes_are_one_line(
    home: Path, capsys: Capture, words: list[str], code: int, says: str
) -> None:
    assert says in run(capsys, *words, code=code)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["seed"], ["Usage: tracker seed [OPTIONS] COMMAND", "  status ", "  update "]),
        (["config"], ["Usage: tracker config [OPTIONS] COMMAND", "  show "]),
    ],
)
def test_a_group_alone_shows_its_help(
    home: Path, capsys: Capture, words: list[str], says: list[str]
) -> None:
    assert main(words) == 2
    out, err = capsys.readouterr()
    assert out == ""
    for line in says:
        assert f"\n{line}" in f"\n{err}"


def test_the_help_cuts_no_sentence(home: Path, capsys: Capture) -> None:
    told = run(capsys, "help").split("\n")
    context = click.Context(cli)
    for name in cli.list_commands(context):
        command = cli.get_command(context, name)
        assert command is not None and command.help is not None
        whole = " ".join(command.help.split("\n\n")[0].split()).rstrip(".")
        (line,) = (line for line in told if line.startswith(f"  {name} "))
        said = line.removeprefix(f"  {name} ").strip()
        assert len(line) <= 78
        assert whole == said or whole.removeprefix(said)[:2] in ("; ", ": "), line


def test_where_version_config(home: Path, capsys: Capture) -> None:
    assert json.loads(run(capsys, "where", "--json"))["database"] == str(home / "tracker.db")
    assert run(capsys, "--version") == f"tracker {__version__}\n"
    home.mkdir(exist_ok=True)
    find().config_file.write_text('glyphs = "ascii"\ndaily_limit = 3\n')
    assert json.loads(run(capsys, "config", "show", "--json"))["daily_limit"]["value"] == 3
    assert "o Git LFS" in run(capsys, "list", "lfs")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("daily_limt = 3", "did you mean daily_limit"),
        ("daily_limit = 0", "1 to 50"),
        ('glyphs = "asci"', "did you mean ascii"),
        ("x = = y", "TOML"),
    ],
)
def test_a_bad_config_is_one_line(home: Path, capsys: Capture, text: str, says: str) -> None:
    home.mkdir()
    find().config_file.write_text(text)
    assert says in run(capsys, "list", code=1)


@pytest.mark.parametrize("words", [["list"], ["today"], ["checkin", "--plain"]])
@pytest.mark.parametrize("zone", ["XXX-72", "XXX+30"])
def test_a_time_zone_that_cannot_be_is_one_line(home: Path, words: list[str], zone: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tracker_tui", *words],
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
        env={**os.environ, "TZ": zone},
    )
    assert (done.returncode, done.stdout, done.stderr) == (
        1,
        "",
        f"tracker: TZ={zone} is no time zone: it is a day or more away from UTC;"
        " set TZ to one such as Europe/Paris, or unset it\n",
    )


def test_a_broken_database_is_one_line(home: Path, capsys: Capture) -> None:
    home.mkdir()
    find().database.write_text("no database " * 500)
    assert "damaged" in run(capsys, "list", code=1)


def test_nothing_of_the_datas_controls_the_terminal(home: Path, capsys: Capture) -> None:
    id_ = run(capsys, "add", "a\x1b]0;x\x07\u202e[/b] 🙂").split()[-1]
    run(capsys, "note", id_, "n\x1b[2J\x9b1m")
    for words in (["list"], ["show", id_], ["history"], ["search", "a"]):
        out = run(capsys, *words)
        assert not any(c in out for c in "\x1b\x07\x9b\u202e")


HEAVY = {"textual", "rich", "sqlite_utils", "logging", "asyncio", "fsrs"}
DEAR = {"difflib", "secrets", "tomllib", "shutil", "statistics", "random"}
ANY = {"pathlib", "typing", "dataclasses", "sqlite3", "click", "json", "re", "enum", "platformdirs"}


@pytest.mark.parametrize(
    ("words", "spared"),
    [
        (["list"], HEAVY),
        (["today"], HEAVY | DEAR),
        (["remind"], HEAVY | DEAR),
        (["prompt"], HEAVY | DEAR | ANY),
    ],
)
def test_a_command_imports_only_what_it_needs(
    home: Path, words: list[str], spared: set[str]
) -> None:
    code = (
        "import sys; before = {m.partition('.')[0] for m in sys.modules};"
        f"from tracker_tui.__main__ import main; code = main({words});"
        "after = {m.partition('.')[0] for m in sys.modules} - before;"
        f"print(code, sorted(after & {spared}), file=sys.stderr)"
    )
    subprocess.run([sys.executable, "-m", "tracker_tui", "list"], check=True, capture_output=True)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "0 []"


LATER = {f"tracker_tui.domain.{name}" for name in ("arriving", "reseed", "difference")}
"""What is about files that are taken in and states that are compared: of no start."""
SCREEN = """
import asyncio
from tracker_tui.paths import find
from tracker_tui.tracker import Tracker
from tracker_tui.tui.app import TrackerApp

async def opened():
    with Tracker(find()) as tracker:
        app = TrackerApp(tracker)
        async with app.run_test() as pilot:
            await pilot.pause()
            assert app.main.tree_pane

asyncio.run(opened())
"""


@pytest.mark.parametrize(
    "start",
    ["from tracker_tui.__main__ import main; assert main(['list']) == 0", SCREEN],
    ids=["list", "screen"],
)
def test_a_start_does_not_load_what_comparing_needs(home: Path, start: str) -> None:
    subprocess.run([sys.executable, "-m", "tracker_tui", "list"], check=True, capture_output=True)
    code = f"{start}\nimport sys; print(sorted({LATER} & set(sys.modules)), file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"


def test_pipes_and_poor_terminals(home: Path) -> None:
    command = f"{sys.executable} -m tracker_tui list"
    closed = subprocess.run(
        f"{command} | head -1", shell=True, capture_output=True, text=True, check=True
    )
    assert closed.stderr == ""
    poor = subprocess.run(
        [*command.split()],
        capture_output=True,
        check=True,
        env={
            "LC_ALL": "C",
            "PYTHONUTF8": "0",
            "PYTHONIOENCODING": "ascii",
            "TRACKER_HOME": str(home),
        },
    )
    assert b"Git LFS" in poor.stdout
    screen = subprocess.run(
        [sys.executable, "-m", "tracker_tui"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert screen.returncode == 1
    assert "tracker list" in screen.stderr
