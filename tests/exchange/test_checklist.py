"""Checklists in Markdown: reading any, and taking one into the track."""

from __future__ import annotations

import json
import re
import tempfile
from itertools import count
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.cli.test_cli import SEED, Capture, run
from tests.conftest import Clock
from tests.visible import visible
from tracker_tui.domain.track import Place
from tracker_tui.domain.words import Horizon, Kind, Status
from tracker_tui.errors import TrackerError
from tracker_tui.exchange.checklist import Node, read
from tracker_tui.exchange.document import document
from tracker_tui.paths import Paths
from tracker_tui.store import check
from tracker_tui.tracker import Tracker

DOCUMENT = """---
front: matter
---
# Study plan

Some words before it.

- [ ] Before any heading

## 2) First things

A paragraph is text.

- [ ] plain
* [x] **Bold**: what it is
  and more of it

  ```
  - [ ] fenced is text
  ```
+ [/] **Lead** — told
  - [ ] inner
    1. [-] innermost
  - Impact: much
  - a remark
- not a task
  - [ ] below a bullet
1. [X] numbered

<!-- - [ ] a comment -->

| a | b |
| - | - |
| - [ ] x | y |

### Second level

- [ ] under it

#### Third level

- [ ] deep

## Critical (High Priority)

1. [ ] **Gap**
   - What it is
   - Impact: bad
   - Action: do it

## Learning Path

### Immediate (This Month)
1. Step one
2. [x] Step two

### Medium-term
- Later
"""


def outline(nodes: list[Node], depth: int = 0) -> list[str]:
    lines = []
    for node in nodes:
        sign = f" {node.status}" if node.status else ""
        lines.append(f"{'  ' * depth}{node.kind} {node.title}{sign}")
        lines += outline(node.children, depth + 1)
    return lines


def test_headings_and_tasks_are_read_and_the_rest_is_text() -> None:
    nodes = read(DOCUMENT, "plan")
    assert outline(nodes) == [
        "category plan",
        "  item Before any heading",
        "category First things",
        "  item plain",
        "  item Bold learned",
        "  item Lead learning",
        "    item inner",
        "      item innermost skipped",
        "  item below a bullet",
        "  item numbered learned",
        "  section Second level",
        "    item under it",
        "    item Third level",
        "      item deep",
        "gap Gap",
        "step Step one",
        "step Step two learned",
        "step Later",
    ]
    first = nodes[1].children
    assert first[1].fields == {"description": "what it is\nand more of it\n- [ ] fenced is text"}
    assert first[2].fields == {"description": "told\na remark", "impact": "much"}
    assert nodes[2].fields == {"description": "What it is", "impact": "bad", "action": "do it"}
    assert [node.horizon for node in nodes[3:]] == [
        Horizon.IMMEDIATE,
        Horizon.IMMEDIATE,
        Horizon.MEDIUM,
    ]
    assert DOCUMENT.split("\n")[first[0].line - 1] == "- [ ] plain"


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_line_endings_and_a_mark_of_order_make_no_difference(ending: str) -> None:
    text = "\ufeff" + DOCUMENT.replace("\n", ending)
    assert outline(read(text, "plan")) == outline(read(DOCUMENT, "plan"))


@pytest.mark.parametrize("text", ["", "words\n", "# only\n\n## headings\n", "```\n- [ ] x\n```\n"])
def test_a_document_without_tasks_is_refused(text: str) -> None:
    with pytest.raises(TrackerError, match="no task list in x"):
        read(text, "x")


def test_the_built_in_document_changes_nothing(tracker: Tracker) -> None:
    nodes = read("\n".join(document(tracker.outline())), "learning-track")
    found = tracker.preview(nodes, "learning-track")
    assert (found.new, found.changed, found.moved, found.gone) == ([], [], [], [])
    assert found.action.changes == ()
    assert sum(len(c["sections"]) for c in SEED["categories"]) == sum(
        len(n.children) for n in nodes
    )


def test_new_changed_moved_and_gone_in_one_step(tracker: Tracker) -> None:
    tracker.add_note("runbooks", "the day has begun")
    tracker.set_status(["git-hooks"], Status.LEARNED)
    before = visible(tracker)
    text = "\n".join(document(tracker.outline()))
    text = text.replace("- [ ] **Git LFS**", "- [x] **Git LFS**").replace(
        "- [x] **Git hooks**", "- [ ] **Git hooks**"
    )
    text = text.replace("- [ ] **Runbooks**: Operational runbooks for production issues\n", "")
    text = text.replace(
        "## 3. Git Workflow\n", "## 3. Git Workflow\n\n- [ ] **Runbooks**: New words\n"
    )
    text = text.replace(
        "- [ ] **Git worktrees**", "- [x] Fresh\n  - [ ] inner\n- [ ] **Git worktrees**"
    )
    text = re.sub(r"- \[ \] \*\*Rebase vs. Merge\*\*.*\n", "", text)
    nodes = read(text, "learning-track")
    found = tracker.import_document(nodes, "learning-track")
    assert found.new == ["Fresh", "inner"]
    assert found.moved == ["Runbooks"]
    assert sorted(found.changed) == ["Git LFS", "Runbooks"]
    assert found.gone == ["Rebase vs. Merge"]
    assert tracker.entry("runbooks").parent == "git-workflow"
    assert tracker.entry("runbooks").description == "New words"
    assert tracker.entry("git-lfs").status is Status.LEARNED
    assert tracker.entry("git-hooks").status is Status.LEARNED
    assert not tracker.entry("rebase-vs-merge").deleted
    fresh = tracker.search("Fresh")[0].id
    assert tracker.detail(fresh).standing is not None
    assert [e.title for e in tracker.siblings(Place(fresh))] == ["inner"]
    assert check.problems(tracker._store) == []
    assert tracker.import_document(nodes, "learning-track").action.changes == ()
    tracker.undo()
    assert visible(tracker) == before
    assert check.problems(tracker._store) == []


def test_identical_lines_stay_apart(tracker: Tracker) -> None:
    nodes = read("## New\n\n- [ ] same\n- [ ] same\n- [ ] same\n", "x")
    assert len(tracker.import_document(nodes, "x").new) == 4
    assert tracker.import_document(nodes, "x").action.changes == ()
    (category,) = [e for e in tracker.siblings(Place(kind=Kind.CATEGORY)) if e.title == "New"]
    assert len(tracker.siblings(Place(category.id))) == 3


LINES = st.lists(
    st.tuples(
        st.sampled_from(
            ["## ", "### ", "#### ", "- [ ] ", "* [x] ", "  - [/] ", "    + [-] ", "1. [ ] "]
        ),
        st.sampled_from(
            ["one", "two", "**three**: more", "Git LFS", "critical", "Immediate", "[/x] `y`"]
        ),
    ),
    min_size=1,
    max_size=15,
)


@settings(max_examples=25)
@given(LINES)
def test_the_same_file_twice_changes_nothing(lines: list[tuple[str, str]]) -> None:
    text = "".join(f"{lead}{words}\n" for lead, words in lines)
    with tempfile.TemporaryDirectory() as folder:
        numbers = count(1)
        paths = Paths(*[Path(folder)] * 3)
        tail = lambda length: f"{next(numbers):0{length}d}"
        with Tracker(paths, clock=Clock(), tail=tail) as tracker:
            try:
                nodes = read(text, "x")
            except TrackerError:
                return
            tracker.add_note("runbooks", "the day has begun")
            before = visible(tracker)
            first = tracker.import_document(nodes, "x")
            assert check.problems(tracker._store) == []
            again = tracker.import_document(nodes, "x")
            assert again.action.changes == (), (text, again)
            if first.action.changes:
                tracker.undo()
            assert visible(tracker) == before


# On the command line


def test_importing_asks_and_says_what_it_would_do(
    home: Path, capsys: Capture, tmp_path: Path
) -> None:
    file = tmp_path / "plan.md"
    file.write_text(DOCUMENT)
    out = run(capsys, "import", str(file), "--dry-run")
    assert "17 new:" in out or "18 new:" in out
    assert "  and " in out
    assert out.endswith("nothing was changed\n")
    assert "add --yes" in run(capsys, "import", str(file), code=1)
    told = json.loads(run(capsys, "import", str(file), "--json"))
    assert told["applied"] is False
    assert run(capsys, "history") == "nothing happened yet\n"
    assert "imported “plan”" in run(capsys, "import", str(file), "--yes")
    assert "nothing to do" in run(capsys, "import", str(file), "--yes")
    run(capsys, "undo")
    assert len(json.loads(run(capsys, "list", "--json"))) == 12 + 38 + 180 + 10 + 15
    file.write_text("no tasks")
    run(capsys, "import", str(file), code=1)
