"""Files kept in step with the track: what flows which way, and what happens when something goes wrong."""

from __future__ import annotations

import os
import re
import sqlite3
import stat
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.bare import bare
from tests.conftest import Clock
from tests.visible import visible
from tracker_tui import files
from tracker_tui.domain.track import Place
from tracker_tui.domain.words import Horizon, Kind, RelationKind, Status
from tracker_tui.errors import TrackerError
from tracker_tui.exchange.document import document
from tracker_tui.exchange.mirror import lines
from tracker_tui.paths import Paths
from tracker_tui.store import check
from tracker_tui.tracker import Tracker
from tracker_tui.tracker.mirror_step import Mirrored
from tracker_tui.tracker.mirroring import Mirroring
from tracker_tui.tracker.rescue import Rescue

THREE = ["git-worktrees", "documentation-fragmentation", "sast"]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "plan.md"


@pytest.fixture
def empty(tmp_path: Path, clock: Clock, tail: Callable[[int], str]) -> Any:
    """A track with nothing in it."""
    with Tracker(Paths(*[tmp_path / "home"] * 3), clock=clock, tail=tail, first=lambda: ()) as made:
        yield made


def save(file: Path, text: str, clock: Clock) -> None:
    """Write a file as an editor would, at the time of the clock."""
    file.write_bytes(text.encode())
    moment = clock.utc.timestamp()
    os.utime(file, (moment, moment))


def text_of(file: Path) -> str:
    return file.read_bytes().decode()


def step(tracker: Tracker) -> Mirrored:
    """Bring the one file in step; doing it again then changes nothing."""
    (found,) = tracker.mirror_all()
    assert found.error is None
    assert check.problems(tracker._store) == []
    (again,) = tracker.mirror_all()
    assert again.error is None and again.into.empty and again.out.empty and not again.told
    return found


def titled(tracker: Tracker, title: str) -> str:
    (id_,) = [e.id for e in tracker.select("").matches if e.title == title]
    return id_


def differing(before: str, after: str) -> int:
    """How many lines differ, their ends included, in texts of as many lines."""
    old, new = lines.split(before), lines.split(after)
    assert len(old) == len(new)
    return sum(a != b for a, b in zip(old, new, strict=True))


# In and out


@pytest.fixture
def built_in(tracker: Tracker, file: Path) -> str:
    """The document of the untouched track, mirrored."""
    text = "".join(f"{line}\n" for line in document(tracker.outline()))
    file.write_bytes(text.encode())
    found = tracker.mirror_add(str(file))
    assert (found.into.empty, found.out.empty, found.action.changes) == (True, True, ())
    assert text_of(file) == text
    return text


def test_the_built_in_document_stays_and_three_marked_items_are_three_lines(
    tracker: Tracker, file: Path, built_in: str
) -> None:
    base = {tie for tie in tracker._store.tied_elsewhere("") if tie}
    kinds = [tracker.entry(id_).kind for id_ in base]
    assert (kinds.count(Kind.ITEM), kinds.count(Kind.GAP), kinds.count(Kind.STEP)) == (180, 10, 15)
    ids = [e.id for e in tracker.select("kind:item").matches][::61][:3]
    tracker.set_status(ids, Status.LEARNED)
    assert step(tracker).out.changed == [tracker.entry(id_).title for id_ in ids]
    assert differing(built_in, text_of(file)) == 3
    assert text_of(file).count("- [x] ") == 3
    tracker.undo()
    step(tracker)
    assert text_of(file) == built_in


HARD = {
    "plain": "## A\n\n- [ ] one\n- [ ] two\n",
    "no final newline": "## A\n\n- [ ] one\n- [ ] two",
    "byte order mark": "\ufeff## A\n\n- [ ] one\n",
    "mark before a task": "\ufeff- [ ] one\n- [ ] two\n",
    "mixed bullets": "## A\n- [ ] one\n* [x] two\n+ [/] three\n1. [-] four\n2) [X] five\n",
    "six deep": "## A\n" + "".join(f"{'  ' * n}- [ ] level {n}\n" for n in range(6)),
    "tabs": "## A\n-\t[ ] one\n\t-\t[x]\ttwo\n\t\t* [ ] three\t\n",
    "identical": "## A\n- [ ] same\n- [x] same\n- [ ] same\n## B\n- [ ] same\n- [ ] same\n",
    "headings without items": "# T\n\n## Empty\n\nwords\n\n## A\n\n### Bare\n\n### Full\n- [ ] one\n",
    "comments": "## A\n<!-- - [ ] no\n- [ ] no -->\n\n- [ ] one <!-- aside -->\n\n<!-- end -->\n",
    "fences": "## A\n```\n- [ ] no\n```\n\n- [ ] one\n\n  ~~~md\n  - [ ] no\n  ~~~\n\n- [ ] two\n",
    "front matter": "---\ntitle: x\nlist:\n- [ ] no\n---\n\n## A\n\n- [ ] one\n",
    "tables": "## A\n\n| a | b |\n| - | - |\n| - [ ] no | x |\n\n- [ ] one\n",
    "underlined": "Doc\n===\n\nPart\n----\n\n- [ ] one  \n  more\n\n* * *\n",
    "links": "## A\n- [ ] [one](https://example.org/a_b) and *more*\n- [ ] **[two](x.md)**: told\n",
    "nested in one line": "## A\n- - [ ] one\n-  1. [ ] two\n",
    "trailing": "## A  \n- [ ] one   \n\n\n\n- [ ] two\t\n   \n",
    "gaps and steps": "## Critical\n\n1. [ ] **Gap**\n   - told\n\n## P\n\n### Short-term\n1. Step\n",
}


def ended(text: str, end: str) -> str:
    return text.replace("\n", end)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["lf", "crlf", "cr"])
@pytest.mark.parametrize("name", HARD)
def test_whatever_a_file_looks_like_only_the_boxes_change(
    empty: Tracker, file: Path, clock: Clock, name: str, end: str
) -> None:
    text = ended(HARD[name], end)
    save(file, text, clock)
    empty.mirror_add(str(file))
    assert text_of(file) == text
    step(empty)
    tasks = [e for e in empty.select("").matches if e.kind in (Kind.ITEM, Kind.GAP)]
    for entry in tasks:
        empty.set_status([entry.id], Status.SKIPPED)
    step(empty)
    assert re.sub(r"\[[ xX/-]\]", "[]", text_of(file)) == re.sub(r"\[[ xX/-]\]", "[]", text)
    boxes = [line for line in lines.read(text_of(file), "x").lines if line.box >= 0]
    assert {line.status for line in boxes} <= {Status.SKIPPED}
    for entry in tasks:
        if entry.own_status is not Status.SKIPPED:
            empty.undo()
    step(empty)
    assert text_of(file).lower() == text.lower()  # an X that was set comes back as x


def test_line_ends_may_be_mixed(empty: Tracker, file: Path, clock: Clock) -> None:
    text = "## A\r\n- [ ] one\r- [ ] two\n\r\n- [ ] three\r\n- [ ] four"
    save(file, text, clock)
    empty.mirror_add(str(file))
    empty.set_status([titled(empty, "two")], Status.LEARNING)
    empty.add("five", Kind.ITEM, Place(titled(empty, "A")), titled(empty, "two"))
    empty.delete([titled(empty, "four")])
    step(empty)
    # The list is loose where "five" comes in, as it is behind it.
    assert "- [/] two\n" in text_of(file) and text_of(file).endswith("- [ ] three")
    assert "- [ ] five\r\n" in text_of(file)


def test_five_thousand_items(empty: Tracker, file: Path, clock: Clock) -> None:
    parts = [f"- [ ] **Item {n % 1500}**: number {n}\n" for n in range(5_000)]
    for n in range(0, 5_000, 100):
        parts[n] = f"\n## Part {n}\n\n" + parts[n]
    text = "".join(parts)
    save(file, text, clock)
    assert empty.mirror_add(str(file)).tied == 5_050
    assert text_of(file) == text
    ids = [e.id for e in empty.select("kind:item").matches[::1700]]
    empty.set_status(ids, Status.LEARNED)
    step(empty)
    assert differing(text, text_of(file)) == len(ids) == 3


# From the file


def test_ticks_titles_new_removed_and_moved_lines_come_in_as_one_step(
    tracker: Tracker, file: Path, built_in: str, clock: Clock
) -> None:
    tracker.add_note("runbooks", "kept")
    step(tracker)
    before = visible(tracker)
    text = built_in
    for old, new in (
        ("- [ ] **Git LFS**", "- [x] **Git LFS**"),
        ("- [ ] **Git hooks**:", "- [ ] **Hooks of git**:"),
        ("Knowledge of worktrees for parallel work", "Other words"),
        ("- [ ] **Rebase vs. Merge**: Strategy not documented\n", ""),
        ("- [ ] **Git submodules**", "- [/] Fresh\n  - [ ] inner\n- [ ] **Git submodules**"),
        ("- [ ] **Runbooks**: Operational runbooks for production issues\n", ""),
        (
            "## 3. Git Workflow\n\n",
            "## 3. Git Workflow\n\n- [ ] **Runbooks**: Operational runbooks for production issues\n\n",
        ),
        (
            "### Short-term (Next 3 Months)\n",
            "### Short-term (Next 3 Months)\n0. Git fundamentals\n",
        ),
        ("5. Git fundamentals\n", ""),
    ):
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    save(file, text, clock)
    found = step(tracker)
    assert text_of(file) == text
    assert found.into.new == ["Fresh", "inner"]
    assert found.into.removed == ["Rebase vs. Merge"]
    assert sorted(found.into.moved) == ["Git fundamentals", "Runbooks"]
    assert sorted(found.into.changed) == ["Git LFS", "Git hooks", "Git worktrees"]
    assert tracker.entry("git-lfs").status is Status.LEARNED
    assert tracker.entry("git-hooks").title == "Hooks of git"
    assert tracker.entry("git-worktrees").description == "Other words"
    assert tracker.entry("rebase-vs-merge").deleted
    assert tracker.entry("runbooks").parent == "git-workflow"
    assert tracker.entry("step-git-fundamentals").horizon is Horizon.SHORT
    assert [n.text for n in tracker.detail("runbooks").notes] == ["kept"]
    undone = tracker.undo()
    assert undone is not None and undone.label.startswith("from “plan.md”: 2 new, 3 changed")
    assert visible(tracker) == before
    step(tracker)
    assert sorted(_uncounted(text_of(file))) == sorted(_uncounted(built_in))


def _uncounted(text: str) -> list[str]:
    """The lines without their numbers, and without the study texts that a line made anew says."""
    study = re.compile(r"\s+- (Done when|First step|Effort): ")
    return [re.sub(r"^\d+\. ", "", line) for line in lines.split(text) if not study.match(line)]


def test_a_line_that_comes_back_is_the_entry_that_it_was(
    tracker: Tracker, file: Path, built_in: str, clock: Clock
) -> None:
    """As when another branch of a repository is checked out and left again."""
    tracker.add_note("git-lfs", "kept")
    tracker.set_status(["git-lfs"], Status.LEARNED)
    step(tracker)
    text = text_of(file)
    save(file, re.sub(r"- \[x\] \*\*Git LFS.*\n", "", text), clock)
    step(tracker)
    assert tracker.entry("git-lfs").deleted
    save(file, text, clock)
    step(tracker)
    assert not tracker.entry("git-lfs").deleted
    assert tracker.entry("git-lfs").status is Status.LEARNED
    assert [n.text for n in tracker.detail("git-lfs").notes] == ["kept"]


def test_identical_lines_stay_apart(empty: Tracker, file: Path, clock: Clock) -> None:
    save(file, "## A\n- [ ] same\n- [ ] same\n- [ ] same\n", clock)
    empty.mirror_add(str(file))
    first, second, third = [e.id for e in empty.siblings(Place(titled(empty, "A")))]
    empty.set_status([second], Status.LEARNED)
    step(empty)
    assert text_of(file) == "## A\n- [ ] same\n- [x] same\n- [ ] same\n"
    save(file, "## A\n- [x] same\n- [ ] same\n", clock)
    step(empty)
    assert [empty.entry(id_).deleted for id_ in (first, second, third)] == [True, False, False]


def test_a_renamed_heading_keeps_what_lies_below_it(
    tracker: Tracker, file: Path, built_in: str, clock: Clock
) -> None:
    save(file, built_in.replace("## 3. Git Workflow", "## 3. All about versions"), clock)
    found = step(tracker)
    assert (found.into.changed, found.into.new, found.into.removed) == (["Git Workflow"], [], [])
    assert tracker.entry("git-workflow").title == "All about versions"


def test_a_file_that_lost_most_of_its_lines_is_asked_about(
    tracker: Tracker, file: Path, built_in: str, clock: Clock
) -> None:
    before = visible(tracker)
    for text in ("", "# Half\n", built_in[: len(built_in) // 3]):
        save(file, text, clock)
        (found,) = tracker.mirror_all()
        assert found.error is not None and "lines are gone" in str(found.error)
        assert visible(tracker) == before and text_of(file) == text
    (found,) = tracker.mirror_all(wipe=True)
    assert len(found.into.removed) > 100
    save(file, built_in, clock)
    step(tracker)
    assert [row[1:2] for row in visible(tracker)[0]] == [row[1:2] for row in before[0]]


@pytest.mark.parametrize("kept", [0, 1, 2])
def test_lines_gone_whose_entries_changed_in_the_track_are_gone_all_the_same(
    empty: Tracker, file: Path, clock: Clock, kept: int
) -> None:
    tasks = [f"- [ ] task {n}\n" for n in range(10)]
    save(file, "".join(["## A\n", *tasks]), clock)
    empty.mirror_add(str(file))
    empty.set_status([titled(empty, f"task {n}") for n in range(3, 9)], Status.LEARNED)
    clock.advance(seconds=5)
    text = "".join(["## A\n", *tasks[10 - kept :]])
    save(file, text, clock)
    (found,) = empty.mirror_all()
    assert f"plan.md: {10 - kept} of its 11 lines are gone" in str(found.error)
    assert text_of(file) == text and len(empty.select("").matches) == 11
    (found,) = empty.mirror_all(wipe=True)
    assert found.error is None and len(found.into.removed) == 4 - min(kept, 1)
    assert text_of(file).count("- [x]") == 6


def test_entries_that_another_file_is_tied_to_stay_in_it(
    empty: Tracker, file: Path, clock: Clock, tmp_path: Path
) -> None:
    other = tmp_path / "other.md"
    save(file, "## Frontend\n- [ ] Tests\n- [x] Docs\n", clock)
    save(other, "## Backend\n- [ ] Tests\n- [ ] Docs\n- [ ] Deploys\n", clock)
    deploys = empty.add_to_inbox("Deploys").changes[0].id
    empty.mirror_add(str(file))
    found = empty.mirror_add(str(other))
    assert (found.into.new, found.into.moved) == (["Backend", "Tests", "Docs"], ["Deploys"])
    assert empty.entry(deploys).parent == titled(empty, "Backend")
    for each in empty.mirror_all():
        assert each.error is None and each.into.empty and each.out.empty
    assert text_of(file) == "## Frontend\n- [ ] Tests\n- [x] Docs\n"
    assert text_of(other) == "## Backend\n- [ ] Tests\n- [ ] Docs\n- [ ] Deploys\n"


# Into the file


def test_what_is_new_looks_like_its_neighbours(empty: Tracker, file: Path, clock: Clock) -> None:
    text = "# T\r\n\r\n## 1. A\r\n\r\n* [ ] one\r\n\t* [ ] inner\r\n\r\n---\r\n\r\n## 2. B\r\n\r\n"
    text += "1) [ ] first\r\n2) [ ] second\r\n\r\n### Part\r\n\r\n* [ ] x"
    save(file, text, clock)
    empty.mirror_add(str(file))
    first, second = titled(empty, "A"), titled(empty, "B")
    empty.add("two", Kind.ITEM, Place(first), description="told")
    empty.add("deeper", Kind.ITEM, Place(titled(empty, "inner")))
    empty.add("third", Kind.ITEM, Place(second))
    made = empty.add("New part", Kind.SECTION, Place(second))
    empty.add("in it", Kind.ITEM, Place(made.changes[0].id))
    made = empty.add("C", Kind.CATEGORY, Place(None, Kind.CATEGORY))
    empty.add("last", Kind.ITEM, Place(made.changes[0].id))
    step(empty)
    assert text_of(file) == (
        "# T\r\n\r\n## 1. A\r\n\r\n* [ ] one\r\n\t* [ ] inner\r\n\t\t* [ ] deeper\r\n"
        "* [ ] **two**: told\r\n\r\n---\r\n\r\n"
        "## 2. B\r\n\r\n1) [ ] first\r\n2) [ ] second\r\n3) [ ] third\r\n\r\n### Part\r\n\r\n"
        "* [ ] x\r\n\r\n### New part\r\n\r\n* [ ] in it\r\n\r\n---\r\n\r\n## 3. C\r\n\r\n* [ ] last"
    )


def test_gaps_and_steps_go_into_their_lists(tracker: Tracker, file: Path, built_in: str) -> None:
    tracker.add("New gap", Kind.GAP, Place(kind=Kind.GAP))
    tracker.add("New step", Kind.STEP, Place(kind=Kind.STEP, horizon=Horizon.SHORT))
    tracker.move("gap-secrets-management", -1)
    step(tracker)
    text = text_of(file)
    assert "\n\n11. [ ] **New gap**\n\n---\n" in text
    assert "5. Testing fundamentals\n6. New step\n\n" in text
    assert text.index("**Secrets Management**\n") < text.index("**Environment Management**\n")
    tracker.undo()
    tracker.undo()
    tracker.undo()
    step(tracker)
    assert text_of(file) == built_in


def test_lines_move_and_go_as_the_track_says(tracker: Tracker, file: Path, built_in: str) -> None:
    tracker.move("git-worktrees", -2)
    tracker.move_to("git-lfs", "testing-unknown-unknowns")
    tracker.move("git-workflow-unknown-unknowns", 1)
    step(tracker)
    assert sorted(lines.split(text_of(file))) == sorted(lines.split(built_in))
    again = tracker.preview(_nodes(file), "plan")
    assert again.action.changes == ()
    tracker.delete(["git-workflow"])
    step(tracker)
    assert "Git worktrees" not in text_of(file) and "\n---\n\n---\n" not in text_of(file)
    for _ in range(4):
        tracker.undo()
    step(tracker)
    assert text_of(file) == built_in


def _nodes(file: Path) -> Any:
    from tracker_tui.exchange import checklist

    return checklist.read(text_of(file), "plan")


def test_ticked_boxes_are_taken_in_without_reading_the_file_again(
    tracker: Tracker, file: Path, built_in: str, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []
    reading = lines.read

    def counted(text: str, name: str) -> lines.Sheet:
        read.append(name)
        return reading(text, name)

    monkeypatch.setattr(lines, "read", counted)
    ticks = [
        ("- [ ] **Git LFS", "- [x] **Git LFS"),
        ("- [ ] **Git worktrees", "- [/] **Git worktrees"),
    ]
    text = built_in
    for old, new in ticks:
        assert text.count(old) == 1
        text = text.replace(old, new)
    save(file, text, clock)
    found = step(tracker)
    assert found.into.words() == "2 changed" and read == []
    statuses = [tracker.entry(id_).status for id_ in ("git-lfs", "git-worktrees")]
    assert statuses == [Status.LEARNED, Status.LEARNING]
    assert text_of(file) == text
    save(file, text.replace("**Git LFS**", "**Git large files**"), clock)
    assert step(tracker).into.words() == "1 changed" and read == ["plan"]


def test_a_ticked_line_whose_entry_was_deleted_is_read_whole(
    tracker: Tracker, file: Path, built_in: str, clock: Clock
) -> None:
    """It comes back, of which more has to be known than its box."""
    tracker.delete(["git-lfs"])
    clock.advance(seconds=5)
    save(file, built_in.replace("- [ ] **Git LFS", "- [x] **Git LFS"), clock)
    found = step(tracker)
    assert [told for told in found.told if "deleted in the track" in told]
    entry = tracker.entry("git-lfs")
    assert (entry.deleted, entry.status) == (False, Status.LEARNED)


def test_what_is_moved_to_where_a_file_can_have_nothing_is_told_and_stays_in_it(
    empty: Tracker, file: Path, clock: Clock
) -> None:
    save(file, "- [ ] one\n\n## A\n\n### Part\n", clock)
    empty.mirror_add(str(file))
    empty.move_to(titled(empty, "Part"), empty.entry(titled(empty, "one")).parent or "")
    (found,) = empty.mirror_all()
    assert [told for told in found.told if "Part" in told] == [
        "“Part” was moved, and its line cannot be moved in the file"
        " without changing what else stands there"
    ]
    assert text_of(file) == "- [ ] one\n\n## A\n\n### Part\n"
    (again,) = empty.mirror_all()
    assert again.told == [] and again.into.empty and again.out.empty


@pytest.mark.parametrize(
    ("before", "by", "after"),
    [
        ("- [ ] one\n- - [ ] two\n", -1, "- - [ ] two\n- [ ] one\n"),
        ("- - [ ] one\n- [ ] two\n", -1, "- [ ] two\n- - [ ] one\n"),
        (" - [ ] one\n- [ ] two\n  - [ ] in\n", -1, "- [ ] two\n  - [ ] in\n - [ ] one\n"),
        ("1. [ ] one\n  2. [ ] b\n 3. [ ] two\n", -2, " 3. [ ] two\n1. [ ] one\n  2. [ ] b\n"),
        # A line that would lie in the one before it is indented like its neighbours instead.
        ("   - [ ] one\n- [ ] two\n  words\n", -1, "   - [ ] two\n     words\n   - [ ] one\n"),
    ],
)
def test_a_line_moves_past_one_of_another_indentation_and_both_keep_theirs(
    empty: Tracker, file: Path, clock: Clock, before: str, by: int, after: str
) -> None:
    save(file, f"## A\n{before}", clock)
    empty.mirror_add(str(file))
    empty.move(titled(empty, "two"), by)
    step(empty)
    assert text_of(file) == f"## A\n{after}"


def test_what_is_put_below_a_line_that_begins_two_lists_lies_in_it(
    empty: Tracker, file: Path, clock: Clock
) -> None:
    save(file, "## A\n- - [ ] one\n- [ ] two\n", clock)
    empty.mirror_add(str(file))
    empty.move_to(titled(empty, "two"), titled(empty, "one"))
    empty.add("three", Kind.ITEM, Place(titled(empty, "one")))
    step(empty)
    assert text_of(file) == "## A\n- - [ ] one\n    - [ ] two\n    - [ ] three\n"


def test_items_that_come_back_below_text_that_was_edited_are_one_list(
    empty: Tracker, file: Path, clock: Clock
) -> None:
    save(file, "## A\n\nwords\n\n- [ ] one\n- [ ] two\n- [ ] three\n", clock)
    empty.mirror_add(str(file))
    empty.delete([titled(empty, "A")])
    step(empty)
    clock.advance(seconds=5)
    save(file, text_of(file).replace("words", "other words"), clock)
    step(empty)
    empty.undo()
    step(empty)
    assert text_of(file).rstrip() == "## A\n\nother words\n\n- [ ] one\n- [ ] two\n- [ ] three"


def test_what_was_in_the_lines_of_something_deleted_comes_back_with_it(
    empty: Tracker, file: Path, clock: Clock
) -> None:
    text = "## A\n- [ ] keep\n\n- [ ] **gone**: told\n  more\n\n  ```\n  code\n  ```\n"
    text += "  - [x] inner <!-- aside -->\n  - a link\n\n- [ ] last\n"
    save(file, text, clock)
    empty.mirror_add(str(file))
    empty.delete([titled(empty, "gone")])
    step(empty)
    assert text_of(file) == "## A\n- [ ] keep\n\n- [ ] last\n"
    empty.undo()
    step(empty)
    assert text_of(file) == text


PROSE = """# Plan

Why I do this.

## A

Words about A.

- [ ] one
  <!-- of the item -->

| a table | of mine |
| - | - |

- [ ] two
<!-- a comment -->

### Part

> quoted

* [ ] three

### Bare

- [ ] four

---

## B

- [ ] last
"""
LEFT = """# Plan

Why I do this.

## A

Words about A.

| a table | of mine |
| - | - |

<!-- a comment -->

### Part

> quoted

---

## B

- [ ] last
"""


@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["lf", "crlf"])
def test_text_below_a_heading_that_was_deleted_stays_with_it(
    empty: Tracker, file: Path, clock: Clock, end: str
) -> None:
    save(file, ended(PROSE, end), clock)
    empty.mirror_add(str(file))
    a, part, bare = (titled(empty, title) for title in ("A", "Part", "Bare"))
    empty.delete([a])
    assert step(empty).told == [
        f"“{title}” was deleted; its heading stays in the file, for the text below it"
        for title in ("A", "Part")
    ]
    assert text_of(file) == ended(LEFT, end)
    # What is left is text: it brings nothing back when the file is edited, elsewhere or there.
    edited = LEFT.replace("[ ] last", "[x] last").replace("Words", "More words")
    save(file, ended(edited, end), clock)
    assert step(empty).into.changed == ["last"]
    assert [empty.entry(id_).deleted for id_ in (a, part, bare)] == [True] * 3
    save(file, ended(LEFT, end), clock)
    step(empty)
    for _ in range(3):
        empty.undo()
    step(empty)
    assert text_of(file) == ended(PROSE, end)
    assert empty.mirrors()[0].tied == 9


def test_what_comes_back_goes_below_the_heading_that_stayed_even_where_the_text_is_another(
    empty: Tracker, file: Path, clock: Clock
) -> None:
    save(file, "## A\n\nwords\n\n- [ ] one\n\n## B\n\n- [ ] two\n", clock)
    empty.mirror_add(str(file))
    empty.delete([titled(empty, "A")])
    step(empty)
    save(file, text_of(file).replace("words", "new\nwords"), clock)
    step(empty)
    empty.undo()
    step(empty)
    assert text_of(file) == "## A\n\nnew\nwords\n\n- [ ] one\n\n## B\n\n- [ ] two\n"


def test_a_task_below_a_heading_that_stayed_brings_its_entry_back(
    empty: Tracker, file: Path, clock: Clock
) -> None:
    text = "## A\n\n- [ ] one\n\n### Part\n\nwords\n\n- [ ] two\n"
    save(file, text, clock)
    empty.mirror_add(str(file))
    id_ = titled(empty, "Part")
    empty.delete([id_])
    step(empty)
    assert text_of(file) == "## A\n\n- [ ] one\n\n### Part\n\nwords\n\n"
    save(file, f"{text_of(file)}- [ ] three\n", clock)
    step(empty)
    assert not empty.entry(id_).deleted and empty.entry(titled(empty, "three")).parent == id_
    assert text_of(file) == text.replace("two", "three")


def test_all_that_a_file_has_can_be_deleted_and_come_back(
    empty: Tracker, file: Path, clock: Clock
) -> None:
    text = "# Plan\n\nwords\n\n## A\n\n- [ ] one\n"
    save(file, text, clock)
    empty.mirror_add(str(file))
    empty.delete([titled(empty, "A")])
    step(empty)
    left = text_of(file)
    assert left == "# Plan\n\nwords\n\n"
    empty.undo()
    step(empty)
    assert text_of(file) == text
    empty.redo()
    step(empty)
    save(file, f"{left}more\n", clock)
    step(empty)
    empty.undo()
    step(empty)
    assert text_of(file) == f"{left}more\n\n## A\n\n- [ ] one\n"


TITLES = [
    "a *b* _c_",
    "**bold**: x",
    "[x] y",
    "1. z",
    "# h",
    "<b>t</b> &amp;",
    "back\\slash",
    "+ p",
]


@pytest.mark.parametrize("title", TITLES)
def test_any_title_can_be_said(empty: Tracker, file: Path, clock: Clock, title: str) -> None:
    save(file, "## A\n- [ ] one\n- [ ] **two**: told\n\n### B\n1. [ ] three\n", clock)
    empty.mirror_add(str(file))
    for old in ("one", "two", "three", "B"):
        empty.edit(titled(empty, old), {"title": f"{title} {old}"})
    empty.add(title, Kind.ITEM, Place(titled(empty, "A")))
    assert step(empty).told == []
    found = [line.title for line in lines.read(text_of(file), "x").lines]
    assert found == [
        "A",
        *(f"{title} {n}" for n in ("one", "two")),
        title,
        f"{title} B",
        f"{title} three",
    ]


def test_a_new_title_keeps_the_link_it_stands_in(empty: Tracker, file: Path, clock: Clock) -> None:
    save(file, "## A\n- [ ] [one](https://example.org/x_y)\n- [ ] **[two](u.md)**: told\n", clock)
    empty.mirror_add(str(file))
    empty.edit(titled(empty, "one"), {"title": "uno"})
    empty.edit(titled(empty, "two"), {"title": "due", "description": "[two](u.md)\nother"})
    step(empty)
    assert text_of(file) == (
        "## A\n- [ ] [uno](https://example.org/x_y)\n- [ ] **[due](u.md)**: told\n"
    )


def test_descriptions_impacts_and_actions_go_where_they_stand(
    tracker: Tracker, file: Path, built_in: str
) -> None:
    tracker.edit("gap-ci-cd", {"impact": "New impact", "action": "New action"})
    tracker.edit("git-lfs", {"description": "New words"})
    step(tracker)
    text = text_of(file)
    assert differing(built_in, text) == 3
    assert "   - Impact: New impact\n   - Action: New action\n" in text
    assert "- [ ] **Git LFS**: New words\n" in text


def test_what_a_file_has_nothing_of_stays_out_of_it(
    tracker: Tracker, file: Path, clock: Clock
) -> None:
    text = "## Git Workflow\n\n- [ ] Mine\n"
    save(file, text, clock)
    assert tracker.mirror_add(str(file)).into.new == ["Mine"]
    assert text_of(file) == text
    tracker.set_status(["git-lfs"], Status.LEARNED)
    tracker.add("Else", Kind.CATEGORY, Place(None, Kind.CATEGORY))
    step(tracker)
    assert text_of(file) == text
    tracker.add("Another", Kind.ITEM, Place("git-workflow"))
    step(tracker)
    assert text_of(file) == text + "- [ ] Another\n"
    save(file, "", clock)
    (found,) = tracker.mirror_all(wipe=True)
    assert sorted(found.into.removed) == ["Another", "Mine"]
    assert not tracker.entry("git-workflow").deleted


def test_a_line_that_can_have_no_box_stays_as_it_is(
    empty: Tracker, file: Path, clock: Clock
) -> None:
    """A heading in a list is one only as long as nothing stands before it."""
    text = "## Short-term\n- ### one\n- two\n"
    save(file, text, clock)
    empty.mirror_add(str(file))
    empty.set_status([titled(empty, "one"), titled(empty, "two")], Status.LEARNED)
    assert [re.sub("“.*”", "", told) for told in step(empty).told] == [
        ": its line cannot have a box; it is as it was"
    ]
    assert text_of(file) == text.replace("- two", "- [x] two")
    empty.undo()
    step(empty)
    assert text_of(file) == text


def test_a_box_that_cannot_go_again_is_emptied(empty: Tracker, file: Path, clock: Clock) -> None:
    save(file, "## Short-term\n- one\n", clock)
    empty.mirror_add(str(file))
    id_ = titled(empty, "one")
    empty.set_status([id_], Status.LEARNED)
    step(empty)
    save(file, "## Short-term\n- [x] # one\n", clock)
    step(empty)
    empty.set_status([id_], Status.TODO)
    assert step(empty).told == []
    assert text_of(file) == "## Short-term\n- [ ] # one\n"


def test_what_cannot_be_taken_out_is_told_once_with_all_that_lies_in_it(
    empty: Tracker, file: Path, clock: Clock
) -> None:
    """Without its first line, what comes behind would be front matter."""
    text = "- [x] one\n---\nfront: matter\n---\n# two\n"
    save(file, text, clock)
    empty.mirror_add(str(file))
    empty.delete([titled(empty, "plan")])
    (told,) = step(empty).told
    assert told.startswith("“plan” was deleted, and its line cannot be taken out of the file")
    assert text_of(file) == text and empty.mirrors()[0].tied == 0


def test_a_heading_that_became_front_matter_is_put_below_it_where_that_is_undone(
    empty: Tracker, file: Path, clock: Clock
) -> None:
    save(file, "---\n---\nfront: matter\n---\n- [x] one\n", clock)
    empty.mirror_add(str(file))
    save(file, "---\nfront: matter\n---\n- [x] one\n", clock)
    step(empty)
    empty.undo()
    empty.set_status([titled(empty, "one")], Status.SKIPPED)
    step(empty)
    assert text_of(file) == "---\nfront: matter\n---\n\n## front: matter\n\n- [-] one\n"


def test_a_heading_of_what_the_track_has_already_brings_nothing_else_of_it(
    empty: Tracker, file: Path, clock: Clock
) -> None:
    save(file, "- [ ] one\n", clock)
    empty.mirror_add(str(file))
    made = empty.add("Else", Kind.CATEGORY, Place(None, Kind.CATEGORY))
    empty.add("inner", Kind.ITEM, Place(made.changes[0].id))
    step(empty)
    text = "## Else\n- [ ] one\n"
    save(file, text, clock)
    step(empty)
    assert text_of(file) == text and empty.entry(titled(empty, "one")).parent == made.changes[0].id
    empty.add("more", Kind.ITEM, Place(made.changes[0].id))
    step(empty)
    assert text_of(file) == f"{text}- [ ] more\n"


def test_what_came_back_after_its_making_was_undone_keeps_its_title_when_that_is_undone(
    empty: Tracker, file: Path, clock: Clock
) -> None:
    save(file, "## A\n- [ ] one\n", clock)
    empty.mirror_add(str(file))
    id_ = titled(empty, "one")
    empty.undo()
    save(file, "## A\n- [x] one\n", clock)
    step(empty)
    assert not empty.entry(id_).deleted
    save(file, "## A\n- [x] another\n", clock)
    step(empty)
    assert empty.entry(id_).title == "another"
    empty.undo()
    assert empty.entry(id_).title == "one"


# Gaps and steps that are made of items


def test_boxes_of_what_is_made_of_items(
    tracker: Tracker, file: Path, built_in: str, clock: Clock
) -> None:
    items = [link.id for link in tracker.detail("step-ci-cd-basics").covers]
    tracker.set_status(items[:-1], Status.LEARNED)
    step(tracker)
    assert "3. CI/CD basics\n" in text_of(file)
    tracker.set_status(items[-1:], Status.LEARNED)
    step(tracker)
    assert "3. [x] CI/CD basics\n" in text_of(file)
    tracker.undo()
    step(tracker)
    assert "3. CI/CD basics\n" in text_of(file)
    tracker.undo()
    step(tracker)
    assert text_of(file) == built_in
    ticked = built_in.replace(
        "2. [ ] **Test Coverage Metrics**", "2. [x] **Test Coverage Metrics**"
    )
    save(file, ticked, clock)
    step(tracker)
    covered = [link.id for link in tracker.detail("gap-test-coverage-metrics").covers]
    assert {tracker.entry(id_).status for id_ in covered} == {Status.LEARNED}
    assert text_of(file).count("- [x] ") == len(covered)
    save(file, text_of(file).replace("2. [x] **Test", "2. [ ] **Test"), clock)
    step(tracker)
    assert {tracker.entry(id_).status for id_ in covered} == {Status.TODO}
    assert "[x] " not in text_of(file)


# Both at once


@pytest.mark.parametrize("file_later", [True, False])
def test_changed_on_both_sides_the_later_wins_and_the_other_is_in_the_history(
    tracker: Tracker, file: Path, built_in: str, clock: Clock, file_later: bool
) -> None:
    def in_file() -> None:
        text = built_in.replace("- [ ] **Git LFS**: Strategy", "- [/] **From file**: Strategy")
        save(file, text, clock)

    def in_track() -> None:
        tracker.edit("git-lfs", {"title": "From track"})
        tracker.set_status(["git-lfs"], Status.LEARNED)

    for do in (in_track, in_file) if file_later else (in_file, in_track):
        clock.advance(minutes=1)
        do()
    found = step(tracker)
    assert len(found.told) == 2 and all("changed on both sides" in told for told in found.told)
    entry = tracker.entry("git-lfs")
    won = ("From file", Status.LEARNING) if file_later else ("From track", Status.LEARNED)
    assert (entry.title, entry.status) == won
    assert ("**From file**" in text_of(file)) is file_later
    said = {row.value for row in tracker.journal() if row.id == "git-lfs"}
    assert {"From file", "From track", "learning", "learned"} <= said


def test_what_changed_is_not_deleted_by_the_other_side(
    tracker: Tracker, file: Path, built_in: str, clock: Clock
) -> None:
    tracker.delete(["git-lfs", "git-hooks"])
    tracker.set_status(["git-aliases"], Status.LEARNED)
    text = built_in.replace("- [ ] **Git LFS**", "- [x] **Git LFS**")
    save(file, re.sub(r"- \[ \] \*\*Git aliases.*\n", "", text), clock)
    found = step(tracker)
    assert sorted(re.sub(".*; ", "", told) for told in found.told) == ["it is back", "it stays"]
    assert tracker.entry("git-lfs").status is Status.LEARNED
    assert tracker.entry("git-hooks").deleted and "**Git hooks**:" not in text_of(file)
    assert "- [x] **Git aliases**" in text_of(file)


def test_a_move_in_a_circle_is_passed_over(empty: Tracker, file: Path, clock: Clock) -> None:
    save(file, "## A\n- [ ] one\n- [ ] two\n", clock)
    empty.mirror_add(str(file))
    empty.move_to(titled(empty, "two"), titled(empty, "one"))
    save(file, "## A\n- [ ] two\n  - [ ] one\n", clock)
    step(empty)
    assert text_of(file) == "## A\n- [ ] one\n  - [ ] two\n"


def test_the_same_line_on_both_sides_is_one(empty: Tracker, file: Path, clock: Clock) -> None:
    save(file, "## A\n- [ ] one\n", clock)
    empty.mirror_add(str(file))
    empty.add("two", Kind.ITEM, Place(titled(empty, "A")))
    save(file, "## A\n- [ ] one\n- [ ] two\n", clock)
    step(empty)
    assert text_of(file) == "## A\n- [ ] one\n- [ ] two\n"
    titled(empty, "two")


# Which files


def test_several_files_and_none_of_them_twice(
    tracker: Tracker, file: Path, built_in: str, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = file.with_name("other.md")
    save(other, "## Plan\n\n- [ ] mine\n", clock)
    tracker.mirror_add(str(other))
    link, hard = file.with_name("link.md"), file.with_name("hard.md")
    link.symlink_to(other)
    hard.hardlink_to(other)
    monkeypatch.chdir(file.parent)
    for again in (
        str(other),
        str(link),
        str(hard),
        "other.md",
        f"../{file.parent.name}/./other.md",
    ):
        with pytest.raises(TrackerError, match="mirrored already"):
            tracker.mirror_add(again)
    save(other, "## Plan\n\n- [x] mine\n- [ ] more\n", clock)
    tracker.set_status(["git-lfs"], Status.LEARNED)
    found = {Path(each.path).name: each for each in tracker.mirror_all()}
    assert found["other.md"].into.new == ["more"] and found["plan.md"].out.changed == ["Git LFS"]
    tracker.mirror_all()
    assert "more" not in text_of(file)
    rows = visible(tracker)
    assert tracker.mirror_remove(str(link)) == str(other)
    assert visible(tracker) == rows
    assert [Path(row.path).name for row in tracker.mirrors()] == ["plan.md"]
    with pytest.raises(TrackerError, match="not mirrored"):
        tracker.mirror_remove(str(other))


def test_a_link_stays_a_link_and_the_mode_stays(empty: Tracker, file: Path, clock: Clock) -> None:
    link = file.with_name("link.md")
    link.symlink_to(file.name)
    save(file, "## A\n- [ ] one\n", clock)
    file.chmod(0o640)
    empty.mirror_add(str(link))
    empty.set_status([titled(empty, "one")], Status.LEARNED)
    step(empty)
    assert link.is_symlink() and not file.is_symlink()
    assert text_of(file) == "## A\n- [x] one\n"
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    assert sorted(path.name for path in file.parent.iterdir() if path.suffix) == [
        "link.md",
        "plan.md",
    ]


def broken(file: Path, how: str) -> None:
    file.unlink()
    if how == "folder":
        file.mkdir()
    elif how == "pipe":
        os.mkfifo(file)
    elif how != "gone":
        file.write_bytes(
            {"nul": b"- [ ] a\0\n", "latin": b"- [ ] \xe9\n", "large": b"x" * 2_000}[how]
        )


@pytest.mark.parametrize(
    ("how", "told"),
    [
        ("gone", "is not there; put it back, or tracker mirror remove"),
        ("folder", "is no plain file"),
        ("pipe", "is no plain file"),
        ("nul", "holds NUL bytes"),
        ("latin", "is not UTF-8; save it as UTF-8"),
        ("large", "has more than"),
    ],
)
def test_a_file_that_cannot_be_used_is_one_line_and_nothing_changes(
    empty: Tracker, file: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch, how: str, told: str
) -> None:
    save(file, "## A\n- [ ] one\n", clock)
    empty.mirror_add(str(file))
    empty.set_status([titled(empty, "one")], Status.LEARNED)
    before = visible(empty)
    monkeypatch.setattr(files, "TEXT_MAX", 1_000)
    broken(file, how)
    (found,) = empty.mirror_all()
    assert found.error is not None and told in str(found.error)
    assert visible(empty) == before
    assert told.split(";", maxsplit=1)[0] in f"{file} {empty.mirror_state(empty.mirrors()[0])}"
    file.rmdir() if how == "folder" else file.unlink(missing_ok=True)
    save(file, "## A\n- [ ] one\n", clock)
    step(empty)
    assert text_of(file) == "## A\n- [x] one\n"


def test_a_file_that_may_not_be_written_is_taken_in_all_the_same(
    empty: Tracker, file: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(file, "## A\n- [ ] one\n- [ ] two\n", clock)
    empty.mirror_add(str(file))
    empty.set_status([titled(empty, "one")], Status.LEARNED)
    save(file, "## A\n- [ ] one\n- [x] two\n", clock)
    with monkeypatch.context() as patch:
        patch.setattr(os, "access", lambda *_: False)
        (found,) = empty.mirror_all()
    assert found.error is not None and "write-protected" in str(found.error)
    assert text_of(file) == "## A\n- [ ] one\n- [x] two\n"
    assert empty.entry(titled(empty, "two")).status is Status.LEARNED
    step(empty)
    assert text_of(file) == "## A\n- [x] one\n- [x] two\n"


@pytest.mark.parametrize("text", ["", "words\n", "# T\n\n## A\n\nwords\n"])
def test_a_file_without_a_task_is_not_mirrored(
    empty: Tracker, file: Path, clock: Clock, text: str
) -> None:
    save(file, text, clock)
    with pytest.raises(TrackerError, match="no task list"):
        empty.mirror_add(str(file))
    with pytest.raises(TrackerError, match="is not there"):
        empty.mirror_add(str(file.with_name("none.md")))
    assert empty.mirrors() == []


def test_a_preview_changes_nothing(tracker: Tracker, file: Path, clock: Clock) -> None:
    tracker.set_status(["git-lfs"], Status.LEARNED)
    text = "## Git Workflow\n\n### Unknown Unknowns\n- [ ] **Git LFS**: x\n- [ ] new\n"
    save(file, text, clock)
    before, rows = visible(tracker), tracker._store.rows()
    found = tracker.mirror_add(str(file), dry_run=True)
    assert (found.into.new, found.into.changed, found.out.changed) == (
        ["new"],
        ["Git LFS"],
        ["Git LFS"],
    )
    assert visible(tracker) == before and tracker._store.rows() == rows
    assert tracker.mirrors() == [] and text_of(file) == text
    assert not list(tracker.paths.backups.glob("*"))
    tracker.mirror_add(str(file))
    assert "- [x] **Git LFS**: x" in text_of(file)
    assert list(tracker.paths.backups.glob("*"))


def held(backup: Path) -> list[str]:
    """The texts of all notes in a backup."""
    with closing(sqlite3.connect(backup)) as db:
        return [text for (text,) in db.execute("SELECT text FROM note ORDER BY rowid")]


def mirror_all_of(tracker: Tracker, file: Path, clock: Clock) -> None:
    """Write the whole track into a file, and keep that in step from now on."""
    save(file, "".join(f"{line}\n" for line in document(tracker.outline())), clock)
    tracker.mirror_add(str(file))


def test_before_a_file_changes_the_track_for_the_first_time_there_is_a_backup(
    tracker: Tracker, file: Path, clock: Clock
) -> None:
    tracker.set_status(["git-lfs"], Status.LEARNED)
    mirror_all_of(tracker, file, clock)
    assert tracker.backups() == [], "nothing was changed on either side"
    tracker.add_note("git-worktrees", "today")
    clock.advance(minutes=1)
    text = text_of(file)
    save(file, text.replace("- [ ]", "- [x]"), clock)
    assert step(tracker).into.changed
    (made,) = tracker.backups()
    assert made.reason == "mirror" and held(made.path) == ["today"]
    with closing(sqlite3.connect(made.path)) as db:
        assert db.execute("SELECT id FROM entry WHERE own_status <> 'todo'").fetchall() == [
            ("git-lfs",)
        ]
    clock.advance(minutes=1)
    save(file, text, clock)
    assert step(tracker).into.changed
    assert len(tracker.backups()) == 1, "only the first time"


def test_before_a_file_is_written_for_the_first_time_there_is_a_backup(
    tracker: Tracker, file: Path, clock: Clock
) -> None:
    mirror_all_of(tracker, file, clock)
    for number in (1, 2):
        tracker.add_note("git-worktrees", f"note {number}")
        tracker.set_status(["git-lfs"], Status.LEARNED if number == 1 else Status.TODO)
        clock.advance(minutes=1)
        assert step(tracker).out.changed
        (made,) = tracker.backups()
        assert held(made.path) == ["note 1"]
    tracker.mirror_remove(str(file))
    tracker.mirror_add(str(file))
    tracker.set_status(["git-lfs"], Status.LEARNED)
    step(tracker)
    assert len(tracker.backups()) == 2, "a mirror that begins anew"


def test_a_mirror_changes_nothing_where_there_could_be_no_backup(
    tracker: Tracker, file: Path, clock: Clock
) -> None:
    mirror_all_of(tracker, file, clock)
    tracker.set_status(["git-lfs"], Status.LEARNED)
    tracker.paths.backups.write_text("in the way")
    before = text_of(file)
    clock.advance(minutes=1)
    (found,) = tracker.mirror_all()
    assert found.error is not None and "there could be no backup" in str(found.error)
    assert text_of(file) == before
    tracker.paths.backups.unlink()
    assert step(tracker).out.changed


# When something comes in between


class Killed(BaseException):
    """The end of the program, wherever it is."""


def killing(monkeypatch: pytest.MonkeyPatch, where: str) -> None:
    def die(*_: Any, **__: Any) -> Any:
        raise Killed

    if where == "while the file's changes are planned":
        monkeypatch.setattr(Mirroring, "_absorbed", die)
    elif where == "before they are durable":
        monkeypatch.setattr("tracker_tui.tracker.mirror_step._waiting", die)
        monkeypatch.setattr("tracker_tui.store.store.Store.keep_mirror", die)
    elif where == "before the file is written":
        monkeypatch.setattr(files, "exchange", die)
    elif where == "while it is written":
        monkeypatch.setattr(os, "fsync", die)
    else:
        real = files.exchange

        def written(*given: Any) -> Any:
            real(*given)
            raise Killed

        monkeypatch.setattr(files, "exchange", written)


@pytest.mark.parametrize(
    "where",
    [
        "while the file's changes are planned",
        "before they are durable",
        "before the file is written",
        "while it is written",
        "before the record of it is durable",
    ],
)
def test_a_kill_anywhere_loses_nothing_and_the_next_time_completes_it(
    tracker: Tracker, file: Path, built_in: str, clock: Clock, where: str
) -> None:
    def change_both() -> None:
        tracker.set_status(["git-lfs"], Status.LEARNED)
        tracker.edit("git-hooks", {"title": "Ours"})
        tracker.add("From the track", Kind.ITEM, Place("git-workflow-unknown-unknowns"))
        tracker.delete(["git-aliases"])
        tracker.move("git-submodules", 1)
        text = built_in.replace("- [ ] **Git worktrees**", "- [x] **Git worktrees**")
        text = text.replace("**Git hooks**:", "**Theirs**:")
        text = text.replace(
            "### Unknown Unknowns\n- [ ] **Git LFS",
            "### Unknown Unknowns\n- [ ] In file\n- [ ] **Git LFS",
        )
        save(file, re.sub(r"- \[ \] \*\*Rebase vs.*\n", "", text), clock)

    clock.advance(days=-1)
    change_both()
    clock.advance(days=1)
    tracker.edit("git-hooks", {"description": "later"})
    with pytest.MonkeyPatch.context() as patch:
        killing(patch, where)
        with pytest.raises(Killed):
            tracker.mirror_all()
    assert check.problems(tracker._store) == []
    step(tracker)
    text = text_of(file)
    assert "- [x] **Git LFS**" in text and "- [x] **Git worktrees**" in text
    assert "From the track\n" in text and "In file\n" in text
    assert "Git aliases" not in text and "Rebase vs. Merge**:" not in text
    assert tracker.entry("git-worktrees").status is Status.LEARNED
    assert tracker.entry("rebase-vs-merge").deleted and tracker.entry("git-aliases").deleted
    titled(tracker, "In file"), titled(tracker, "From the track")
    said = {row.value for row in tracker.journal() if row.field == "title"}
    assert {"Ours", "Theirs"} <= said
    assert [path.name for path in file.parent.iterdir() if path.suffix] == ["plan.md"]


def test_two_processes_at_once_take_a_line_in_once(
    tracker: Tracker, file: Path, built_in: str, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(file, built_in + "\n## New\n\n- [ ] once\n", clock)
    real = lines.read
    with tracker.another() as other:

        def meanwhile(text: str, name: str) -> lines.Sheet:
            monkeypatch.setattr(lines, "read", real)
            other.mirror_all()
            return real(text, name)

        monkeypatch.setattr(lines, "read", meanwhile)
        (found,) = tracker.mirror_all()
        assert found.error is None and found.into.empty
        titled(tracker, "once")


def test_a_file_that_is_saved_while_we_work_keeps_what_was_saved(
    tracker: Tracker, file: Path, built_in: str, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    tracker.set_status(["git-lfs"], Status.LEARNED)
    real = files.exchange

    def meanwhile(path: Path, *rest: Any) -> files.Snapshot:
        monkeypatch.setattr(files, "exchange", real)
        save(file, built_in.replace("- [ ] **Git hooks**:", "- [x] **Git hooks**:"), clock)
        return real(path, *rest)

    monkeypatch.setattr(files, "exchange", meanwhile)
    step(tracker)
    assert tracker.entry("git-hooks").status is Status.LEARNED
    assert "- [x] **Git LFS**" in text_of(file) and "- [x] **Git hooks**:" in text_of(file)


def test_a_file_that_is_saved_all_the_time_is_left_alone(
    tracker: Tracker, file: Path, built_in: str, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    tracker.set_status(["git-lfs"], Status.LEARNED)
    real = files.exchange

    def meanwhile(path: Path, *rest: Any) -> files.Snapshot:
        save(file, text_of(file) + "\n", clock)
        return real(path, *rest)

    monkeypatch.setattr(files, "exchange", meanwhile)
    (found,) = tracker.mirror_all()
    assert found.error is not None and "being written by another program" in str(found.error)
    assert "- [ ] **Git LFS**" in text_of(file)


def test_what_was_kept_of_a_file_can_be_damaged(
    tracker: Tracker, file: Path, built_in: str
) -> None:
    tracker._store.db.execute("UPDATE mirror SET base = '[]'")
    tracker.set_status(["git-lfs"], Status.LEARNED)
    (found,) = tracker.mirror_all()
    assert found.error is not None and "cannot be read; tracker mirror remove" in str(found.error)
    assert text_of(file) == built_in
    tracker.mirror_remove(str(file))
    tracker.mirror_add(str(file))
    assert differing(built_in, text_of(file)) == 1


def test_an_older_state_of_the_track_goes_into_the_file_too(
    tracker: Tracker, file: Path, built_in: str, clock: Clock
) -> None:
    tracker.set_status(["git-hooks"], Status.LEARNED)
    step(tracker)
    older = text_of(file)
    backup = tracker.safety_backup("test")
    assert backup is not None
    tracker.set_status(["git-lfs"], Status.LEARNED)
    save(file, older.replace("- [ ] **Git worktrees**", "- [x] **Git worktrees**"), clock)
    step(tracker)
    Rescue(tracker.paths, clock=clock, tail=lambda n: "r" * n).restore(backup)
    with Tracker(tracker.paths, clock=clock) as restored:
        assert restored.entry("git-lfs").status is Status.TODO
        step(restored)
    assert text_of(file) == older


def test_a_line_that_names_what_it_needs_is_taken_in_and_never_written(
    tracker: Tracker, tmp_path: Path
) -> None:
    bare(tracker, "git-worktrees", "git-lfs", "git-hooks")
    file = tmp_path / "plan.md"
    text = (
        "## Plan\n\n- [ ] One\n  - Needs: Git LFS (`git-lfs`)\n  - Needs: coffee\n"
        "- [ ] Two\n  - related:  One (`gone`)\n"
    )
    file.write_text(text)
    tracker.mirror_add(str(file))
    (one,) = [e.id for e in tracker.select("One kind:item").matches if e.title == "One"]
    (two,) = [link.id for link in tracker.detail(one).related]
    assert [link.id for link in tracker.detail(one).requires] == ["git-lfs"]
    assert tracker.entry(one).description == "- Needs: coffee"
    assert file.read_text() == text
    # What the track says later of what belongs together is nothing of the file's, and stays.
    tracker.relate(RelationKind.REQUIRES, one, "git-lfs", on=False)
    tracker.relate(RelationKind.REQUIRES, two, "git-hooks")
    (done,) = tracker.mirror_all()
    assert (done.error, done.told, done.into.empty, done.out.empty) == (None, [], True, True)
    assert file.read_text() == text
    assert tracker.detail(one).requires == ()
    text = (
        text.replace("- Needs: coffee", "- Needs: Git hooks (`git-hooks`)") + "  - Needs: X (`x`)\n"
    )
    file.write_text(text)
    (done,) = tracker.mirror_all()
    assert done.told == ["“Two” needs “X”: not taken in: there is no “X”"]
    assert "One" in done.into.changed
    assert [link.id for link in tracker.detail(one).requires] == ["git-lfs", "git-hooks"]
    assert tracker.entry(one).description == ""
    assert file.read_text() == text
    assert check.problems(tracker._store) == []
