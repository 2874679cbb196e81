"""What a list looks like: it fits the terminal, and is plain in a pipe."""

from __future__ import annotations

import io
import re
import sys

import pytest

from tests.cli.test_cli import Capture, run
from tracker_tui.__main__ import main
from tracker_tui.domain.track import Place
from tracker_tui.domain.width import cells
from tracker_tui.domain.words import Kind, Status
from tracker_tui.tracker import Tracker

STYLE = re.compile(r"\x1b\[[0-9;]*m")
LONG = "学习 🦀 " + "very " * 30 + "long"
COMMANDS = (
    ["list"],
    ["list", "status:learned"],
    ["today"],
    ["next"],
    ["reviews"],
    ["history"],
    ["history", "git-lfs"],
    ["search", "very"],
    ["show", "git-lfs"],
    ["show", "git-workflow"],
    ["open", "git-hooks", "--list"],
    ["help"],
    ["help", "learned"],
    ["stats"],
)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def seen(monkeypatch: pytest.MonkeyPatch, words: list[str], columns: int) -> str:
    """Return what a command writes to a terminal of so many columns."""
    out = Terminal()
    monkeypatch.setenv("COLUMNS", str(columns))
    monkeypatch.setenv("TERM", "xterm-256color")
    with monkeypatch.context() as patch:
        patch.setattr(sys, "stdout", out)
        assert main(words) == 0
    return out.getvalue()


@pytest.fixture
def lived_in(tracker: Tracker) -> Tracker:
    tracker.set_status(["git-lfs", "runbooks"], Status.LEARNED)
    tracker.edit("git-lfs", {"title": LONG, "description": LONG, "done_when": LONG})
    tracker.edit("git-hooks", {"resources": '[{"title": "x", "url": "https://a.org"}]'})
    tracker.add_note("git-lfs", f"{LONG}\n\n  - {LONG}")
    tracker.add(LONG, Kind.ITEM, Place("git-lfs"))
    return tracker


@pytest.mark.parametrize("columns", [60, 80, 120, 200])
@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_every_line_fits_the_terminal(
    lived_in: Tracker, monkeypatch: pytest.MonkeyPatch, words: list[str], columns: int
) -> None:
    out = seen(monkeypatch, words, columns)
    assert "\t" not in out
    lines = STYLE.sub("", out).split("\n")
    # An address stays whole, for copying: the terminal wraps it.
    wide = [line for line in lines if cells(line) > columns]
    assert [line for line in wide if not re.match(r" *https?://\S+\Z", line)] == []
    if words != ["stats"]:  # its charts have places for what is not there
        assert [line for line in lines if line != line.rstrip()] == []


def test_ids_stand_in_one_column(lived_in: Tracker, monkeypatch: pytest.MonkeyPatch) -> None:
    out = STYLE.sub("", seen(monkeypatch, ["list", "section:git-workflow-unk"], 120))
    places = {cells(line[: line.rindex("  ")]) for line in out.splitlines()}
    assert len(places) == 1
    assert "…" in out
    assert "git-workflow-unknown-unknowns" in out


def test_a_pipe_gets_the_whole_text(lived_in: Tracker, capsys: Capture) -> None:
    out = run(capsys, "list", "section:git-workflow-unk")
    assert f"● {LONG} (learned)  git-lfs\n" in out
    assert "\x1b" not in out and "\t" not in out and "   " not in out.replace("\n    ", "\n")
    assert f"  {LONG}" in run(capsys, "show", "git-lfs")


@pytest.mark.parametrize("columns", [50, 60])
@pytest.mark.parametrize("words", [["status", "lernt", "x"], ["show", "no-such-id"]], ids=" ".join)
def test_an_error_is_broken_between_words(
    tracker: Tracker, monkeypatch: pytest.MonkeyPatch, words: list[str], columns: int
) -> None:
    whole, broken = io.StringIO(), Terminal()
    monkeypatch.setenv("COLUMNS", str(columns))
    for stream in (whole, broken):
        monkeypatch.setattr(sys, "stderr", stream)
        assert main(words) != 0
    assert whole.getvalue().count("\n") == 1
    assert broken.getvalue().count("\n") > 1
    assert broken.getvalue().split() == whole.getvalue().split()
    assert max(map(len, broken.getvalue().split("\n"))) <= columns


def test_a_question_is_broken_between_words(
    lived_in: Tracker, monkeypatch: pytest.MonkeyPatch
) -> None:
    stream, answer = Terminal(), Terminal("n\n")
    monkeypatch.setenv("COLUMNS", "50")
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setattr(sys, "stdin", answer)
    assert main(["delete", "git-lfs", "runbooks"]) == 0
    asked = stream.getvalue()
    assert asked.startswith("Delete “") and asked.endswith("? [y/N]: ")
    assert asked.count("\n") > 0 and max(map(len, asked.split("\n"))) <= 50
    assert lived_in.entry("git-lfs").title == LONG


@pytest.mark.parametrize(
    ("terminal", "settings", "coloured"),
    [
        (True, {}, True),
        (True, {"NO_COLOR": "1"}, False),
        (True, {"NO_COLOR": ""}, True),
        (True, {"TERM": "dumb"}, False),
        (True, {"NO_COLOR": "1", "FORCE_COLOR": "1"}, False),
        (False, {}, False),
        (False, {"FORCE_COLOR": "1"}, True),
        (False, {"FORCE_COLOR": "0"}, False),
    ],
)
def test_colour_is_for_terminals_unless_somebody_says_otherwise(
    lived_in: Tracker,
    monkeypatch: pytest.MonkeyPatch,
    terminal: bool,
    settings: dict[str, str],
    coloured: bool,
) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "100")
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    out = Terminal() if terminal else io.StringIO()
    monkeypatch.setattr(sys, "stdout", out)
    assert main(["list", "lfs"]) == 0
    assert ("\x1b[" in out.getvalue()) is coloured
