"""Whatever is listed fits the terminal, from 40 columns on, and stays readable."""

from __future__ import annotations

import io
import json
import re
import sys
from pathlib import Path

import pytest

from tests.seeds import content
from tracker_tui.__main__ import main
from tracker_tui.domain.width import cells

LISTS = [
    *(["list"], ["list", "kind:item", "lfs"], ["show", "git-lfs"], ["show", "git-workflow"]),
    *(["show", "gap-ci-cd"], ["today"], ["next"], ["reviews"], ["stats"], ["search", "git"]),
    *(["history"], ["history", "git-lfs"], ["history", "status:learned"], ["config", "show"]),
    *(["where"], ["pause", "--list"], ["backup", "list"], ["seed", "status"], ["doctor"]),
    *(
        ["mirror", "list"],
        ["mirror"],
        ["open", "git-lfs", "--list"],
        ["remind", "--after", "4"],
        ["help"],
    ),
    *(["help", "queries"], ["help", "import"], ["import", "--help"], ["reviews", "--help"]),
    *(["seed", "update", "--dry-run"], ["restore", "1", "--dry-run"], ["export", "--help"]),
    *(["import", "plan.md", "--dry-run"], ["import", "plan.csv", "--dry-run"]),
    *(["mirror", "add", "other.md", "--dry-run"], ["import", "dump.json", "--dry-run"]),
    *(["seed", "update", "team.json", "--dry-run"],),
]
LONG = "A title that goes on for longer than any terminal of forty columns could ever have room for"


class Terminal(io.StringIO):
    """Standard output that is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def full(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A home with something in every list, and files that would change something."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("COLUMNS", raising=False)
    Path("mirrored.md").write_text(f"# Plan\n\n- [ ] {LONG}\n")
    Path("other.md").write_text(f"# Other plan\n\n- [ ] {LONG}\n- [x] Git LFS\n")
    Path("plan.md").write_text(f"# Third plan\n\n- [x] {LONG}\n  - Action: {LONG}\n- [ ] short\n")
    Path("plan.csv").write_text(
        f"id,title,description,category\ngit-lfs,{LONG},{LONG},\nrunbooks,R,,{LONG}\n"
    )
    for words in (
        *(["learned", "git-lfs"], ["note", "git-lfs", LONG], ["export", "-o", "dump.json"]),
        *(["add", LONG, "--in", "git-lfs"], ["learned", "--where", "lfs", "--yes"]),
        *(["pause", "2027-01-01", "2027-02-01"], ["skipped", "runbooks"]),
        *(["mirror", "add", "mirrored.md", "--yes"], ["backup"]),
    ):
        assert main(words) == 0
    team = content(
        1, {"section-" * 5 + "s": ["a-very-long-id-of-an-item-that-goes-on-and-on-and-on", "b"]}, {}
    )
    Path("team.json").write_text(json.dumps(team))


@pytest.mark.parametrize("columns", [40, 60, 80])
def test_no_line_of_a_list_is_wider_than_the_terminal(
    full: None, monkeypatch: pytest.MonkeyPatch, columns: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    monkeypatch.setenv("NO_COLOR", "1")
    wide: list[str] = []
    for words in LISTS:
        out, err = Terminal(), io.StringIO()
        monkeypatch.setattr(sys, "stdout", out)
        monkeypatch.setattr(sys, "stderr", err)
        code = main(words)
        assert code == 0 or words[0] == "doctor", (words, err.getvalue())
        assert out.getvalue(), words
        for line in out.getvalue().split("\n"):
            # A path is one word, which a terminal wraps better than we could: it can be copied.
            alone = re.fullmatch(r"\s*\S*/\S*", line)
            if cells(line) > columns and not alone:
                wide.append(f"{' '.join(words)}: {line}")
    assert wide == []
