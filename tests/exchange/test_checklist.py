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

from tests.bare import bare
from tests.cli.test_cli import SEED, Capture, run
from tests.conftest import Clock
from tests.exchange.plans import study_plan
from tests.exchange.trees import tree
from tests.visible import visible
from tracker_tui.domain.track import Place
from tracker_tui.domain.words import Horizon, Kind, RelationKind, Status
from tracker_tui.errors import TrackerError
from tracker_tui.exchange import checklist
from tracker_tui.exchange.checklist import read, reading
from tracker_tui.exchange.document import document
from tracker_tui.exchange.nodes import Node
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
    nodes = tree(read(DOCUMENT, "plan"))
    assert outline(nodes) == [
        "category Study plan",
        "  item Before any heading",
        "category First things",
        "  item plain",
        "  item Bold learned",
        "  item Lead learning",
        "    item inner",
        "      item innermost skipped",
        "  section not a task",
        "    item below a bullet",
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
    assert first[1].fields == {
        "description": "what it is\nand more of it\n\n```\n- [ ] fenced is text\n```"
    }
    assert first[2].fields == {"description": "told\n- a remark", "impact": "much"}
    assert nodes[1].fields == {"description": "A paragraph is text."}
    assert nodes[2].fields == {"description": "What it is", "impact": "bad", "action": "do it"}
    assert [node.horizon for node in nodes[3:]] == [
        Horizon.IMMEDIATE,
        Horizon.IMMEDIATE,
        Horizon.MEDIUM,
    ]
    assert DOCUMENT.split("\n")[first[0].line - 1] == "- [ ] plain"


MARKED = [
    ("[Big O](https://a.org/b_(c))", "Big O", ["Big O https://a.org/b_(c)"], ""),
    ("[Big O](https://a.org) - why", "Big O", ["Big O https://a.org"], "why"),
    ("**[A *b* `c`](http://a.org)**: d", "A b `c`", ["A b `c` http://a.org"], "d"),
    ("a [b](https://b.org) and [c](https://c.org)", "a b and c", ["b https://b.org"] * 2, ""),
    ("[later][ref], [not]", "later, [not]", ["later https://ref.org/x"], ""),
    ("<https://a.org/x>", "https://a.org/x", ["https://a.org/x https://a.org/x"], ""),
    ("![alt](https://a.org/i.png) 🚀 go", "alt 🚀 go", [], ""),
    ("![](i.png)", "![](i.png)", [], ""),
    ("![a *b*](i.png) go", "a b go", [], ""),
    ("[](https://a.org//x) go", "go", ["a.org//x https://a.org//x"], ""),
    ("[ch](./ch1.md)", "ch", [], "[ch](./ch1.md)"),
    ("[up](#top)", "up", [], ""),
    ("**bold** and _it_ snake_case_name", "bold and it snake_case_name", [], ""),
    ("`a*b*c` 2 * 3 * 4 \\*x\\* &amp; Vec<T>", "`a*b*c` 2 * 3 * 4 *x* & Vec<T>", [], ""),
    ('a <b>b</b><br>c <!-- d --> <a name="x"></a>e', "a b c e", [], ""),
]


def marked(line: str) -> str:
    return f"## {line}\n\n- [ ] {line}\n\n[ref]: https://ref.org/x\n"


@pytest.mark.parametrize(("line", "title", "links", "description"), MARKED)
def test_a_title_is_what_a_reader_sees(
    line: str, title: str, links: list[str], description: str
) -> None:
    (category,) = tree(read(marked(line), "x"))
    (item,) = category.children
    if not description:
        assert category.title == item.title
        assert category.links == item.links
    assert item.title == title
    assert item.fields.get("description", "") == description
    if len(links) == 1:
        assert [f"{link.title} {link.url}" for link in item.links] == links
    assert len(item.links) == len(links)
    assert item.raw in line


@pytest.mark.parametrize("line", [line for line, *_ in MARKED])
def test_a_title_with_markup_goes_out_and_comes_back(tracker: Tracker, line: str) -> None:
    nodes = read(marked(line), "x")
    tracker.import_document(nodes, "x")
    assert tracker.import_document(nodes, "x").action.changes == ()
    again = read("\n".join(document_of(tracker)), "x")
    found = tracker.preview(again, "x")
    assert (found.new, found.changed, found.moved) == ([], [], [])


def document_of(tracker: Tracker) -> list[str]:
    return list(document(tracker.outline()))


def test_links_below_an_item_are_its_links_and_other_text_is_kept(tracker: Tracker) -> None:
    text = """## Plan

Some *words* about it.

> A wise one.

[![badge](https://a.org/b.svg)](https://a.org)

- [ ] Topic
  - [Video](https://a.org/v)
  - [ ] inner
  - plain [link](https://a.org/w) here
    - deeper

      and more
    1. numbered
  - Impact: much

  > quoted

  | a | b |
  | - | - |
  | 1 | 2 |

  # no heading

After the list.
"""
    nodes = read(text, "x")
    (plan,) = tree(nodes)
    (topic,) = plan.children
    assert plan.fields == {"description": "Some *words* about it.\n\n> A wise one."}
    assert [tuple(link) for link in topic.links] == [("Video", "https://a.org/v")]
    assert [node.title for node in topic.children] == ["inner"]
    assert topic.fields["impact"] == "much"
    assert topic.fields["description"] == (
        "- plain [link](https://a.org/w) here\n  - deeper\n\n    and more\n  1. numbered\n\n"
        "> quoted\n\n| a | b |\n| - | - |\n| 1 | 2 |\n\n# no heading"
    )
    tracker.import_document(nodes, "x")
    found = tracker.select("category:plan kind:item").matches
    (id_,) = [entry.id for entry in found if entry.title == "Topic"]
    assert [tuple(link) for link in tracker.entry(id_).resources] == [("Video", "https://a.org/v")]
    tracker.edit(id_, {"resources": '[{"title": "mine", "url": "https://a.org/m"}]'})
    assert tracker.import_document(nodes, "x").changed == ["Topic"]
    assert [link.title for link in tracker.entry(id_).resources] == ["mine", "Video"]
    assert tracker.import_document(nodes, "x").action.changes == ()


def test_a_title_with_markup_of_ones_own_is_known_again(tracker: Tracker) -> None:
    tracker.edit("git-lfs", {"title": "[Git LFS](https://a.org) *now*"})
    nodes = read(
        "## Git Workflow\n### Unknown Unknowns\n- [x] [Git LFS](https://a.org) *now*\n", "x"
    )
    found = tracker.import_document(nodes, "x")
    assert found.new == []
    assert tracker.entry("git-lfs").status is Status.LEARNED


def test_lists_may_lie_deep_and_too_deep_is_said(tracker: Tracker) -> None:
    lines = [f"{'  ' * depth}- [ ] level {depth}" for depth in range(48)]
    tracker.import_document(read("## A\n" + "\n".join(lines), "x"), "x")
    assert tracker.search("47")[0].where.count("›") == 47
    lines = [f"{'  ' * depth}- [ ] level {depth}" for depth in range(60)]
    with pytest.raises(TrackerError, match="line 51 lies too deep"):
        tracker.preview(read("## A\n" + "\n".join(lines), "x"), "x")


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_line_endings_and_a_mark_of_order_make_no_difference(ending: str) -> None:
    text = "\ufeff" + DOCUMENT.replace("\n", ending)
    assert outline(tree(read(text, "plan"))) == outline(tree(read(DOCUMENT, "plan")))


@pytest.mark.parametrize("text", ["", "words\n", "# only\n\n## headings\n", "```\n- [ ] x\n```\n"])
def test_a_document_without_tasks_is_refused(text: str) -> None:
    with pytest.raises(TrackerError, match="no task list in x") as raised:
        read(text, "x")
    assert raised.value.advice == "an item is a line such as: - [ ] title"


def test_a_document_of_too_many_lines_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checklist, "LINES_MAX", 1_000)
    assert len(read("- [ ] x\n" + "\n" * 999, "x")) == 2
    with pytest.raises(TrackerError, match="x has more than 1,000 lines") as raised:
        read("- [ ] x\n" + "\n" * 1_000, "x")
    assert raised.value.advice == "split it"


def test_the_built_in_document_changes_nothing(tracker: Tracker) -> None:
    nodes = read("\n".join(document(tracker.outline())), "learning-track")
    found = tracker.preview(nodes, "learning-track")
    assert (found.new, found.changed, found.moved, found.gone) == ([], [], [], [])
    assert found.action.changes == ()
    assert sum(len(c["sections"]) for c in SEED["categories"]) == sum(
        len(n.children) for n in tree(nodes)
    )


def test_how_to_study_goes_out_and_comes_back(tracker: Tracker) -> None:
    link = '[{"title": "Git [LFS]", "url": "https://git-lfs.com/#start"}]'
    fields = {"done_when": "it is.", "first_step": "`git lfs`", "effort": "M", "resources": link}
    three = ("git-hooks", "gap-ci-cd", "step-git-fundamentals")
    bare(tracker, *three)
    for id_ in three:
        tracker.edit(id_, fields)
    plain = "\n".join(document(tracker.outline()))
    assert not any(word in plain for word in ("it is.", "`git lfs`", "Effort", "git-lfs.com"))
    text = "\n".join(document(tracker.outline(study=True)))
    assert tracker.preview(read(text, "x"), "x").action.changes == ()
    for _ in three:
        tracker.undo()
    tracker.import_document(read(text, "x"), "x")
    for id_ in three:
        entry = tracker.entry(id_)
        found = (entry.done_when, entry.first_step, entry.effort, entry.resources_json)
        assert found == (*[*fields.values()][:3], link.replace("[LFS]", "(LFS)"))
    fresh = read("- [ ] x\n  - Effort: s, soon\n  - [A](https://b.c/d)\n", "y")
    changes = tracker.import_document(fresh, "y").action.changes
    id_ = next(change.id for change in changes if change.field == "effort")
    assert (tracker.entry(id_).effort, tracker.entry(id_).resources[0].title) == ("S", "A")


def test_needs_and_what_is_related_go_out_and_come_back(
    tracker: Tracker, tmp_path: Path, clock: Clock
) -> None:
    bare(tracker, "git-worktrees", "git-lfs", "runbooks", "git-hooks")
    mine = (
        tracker.add("My `own` thing", Kind.ITEM, Place(tracker.entry("git-lfs").parent))
        .changes[0]
        .id
    )
    requires, related = RelationKind.REQUIRES, RelationKind.RELATED
    tracker.relate(requires, "git-worktrees", "runbooks")
    tracker.relate(requires, "git-worktrees", mine)
    tracker.relate(related, "git-lfs", "git-hooks")
    plain = "\n".join(document(tracker.outline()))
    assert not any(word in plain for word in ("Needs:", "Related:"))
    text = "\n".join(document(tracker.outline(study=True)))
    assert "  - Needs: Runbooks (`runbooks`)\n" in text
    assert f"  - Needs: My `own` thing (`{mine}`)\n" in text
    assert "  - Related: Git hooks (`git-hooks`)\n" in text
    assert tracker.preview(read(text, "x"), "x").action.changes == ()
    with Tracker(Paths(*[tmp_path / "other"] * 3), clock=clock) as other:
        before = visible(other)
        bare(other, "git-worktrees", "git-lfs", "runbooks", "git-hooks")
        undone = len(other.actions(1000))
        found = other.import_document(read(text, "x"), "x")
        assert found.untaken == []
        assert {"Git worktrees", "Git LFS", "Git hooks"} <= set(found.changed)
        titles = [link.title for link in other.detail("git-worktrees").requires]
        assert titles == ["Runbooks", "My `own` thing"]
        assert [link.id for link in other.detail("git-hooks").related] == ["git-lfs"]
        assert (
            other.entry("git-worktrees").description == tracker.entry("git-worktrees").description
        )
        assert other.preview(read(text, "x"), "x").action.changes == ()
        assert check.problems(other._store) == []
        for _ in range(undone + 1):
            other.undo()
        assert visible(other) == before


def test_what_stands_amid_gaps_and_steps_and_has_no_place_in_a_track_is_said(
    tracker: Tracker,
) -> None:
    path = "### Immediate (now)\n\nWhy now.\n\n#### Basics\n\nWords.\n\n- [ ] Learn make\n"
    gaps = "# Critical\n\n## Secrets\n\n1. [ ] Rotate keys\n\n# Other\n\nWords.\n\n## Part\n\n- [ ] x\n"
    found = tracker.preview(read(f"## Learning Path\n\n{path}", "x"), "x")
    assert found.new == ["Learn make"]
    assert found.untaken == [
        f"{what}: not taken in: a learning path has no place for it"
        for what in (
            "the text below “Immediate (now)”",
            "the heading “Basics”",
            "the text below “Basics”",
        )
    ]
    assert tracker.preview(read(gaps, "x"), "x").untaken == [
        "the heading “Secrets”: not taken in: a list of gaps has no place for it"
    ]


def test_whatever_titles_a_document_names_the_track_is_gone_through_once_for_them(
    tracker: Tracker,
) -> None:
    lines = "".join(f"- [ ] One {n}\n  - Needs: Nothing {n} (`no-{n}`)\n" for n in range(9))
    asked: list[str] = []
    tracker._store.db.set_trace_callback(asked.append)
    found = tracker.preview(read(f"{lines}- [ ] Two\n  - Needs: git  LFS (`x`)\n", "x"), "x")
    tracker._store.db.set_trace_callback(None)
    assert len(found.untaken) == 9
    assert sum(line.startswith("SELECT id, title FROM entry") for line in asked) == 1
    assert [c.new for c in found.action.changes if c.field == "target"] == ["git-lfs"]


def test_two_of_one_title_are_two_that_change(tracker: Tracker) -> None:
    text = "# x\n\n## A\n\n- [ ] Twin\n\n## B\n\n- [ ] Twin\n"
    tracker.import_document(read(text, "x"), "x")
    needing = text.replace("Twin\n", "Twin\n  - Needs: Git LFS (`git-lfs`)\n")
    changed = tracker.preview(read(needing, "x"), "x").changed
    assert sorted(changed) == ["Git LFS", "Twin", "Twin"]


def test_what_a_document_names_and_cannot_be_is_said(
    tracker: Tracker, tmp_path: Path, capsys: Capture
) -> None:
    file = tmp_path / "mine.md"
    file.write_text(
        "## Mine\n\n- [ ] One\n  - Needs: Two (`two`)\n  - needs: coffee\n- [ ] Two\n"
        "  - Needs: One (`one-elsewhere`)\n  - Related: Nowhere (`no-where`)\n"
        "  - Needs: Mine (`git-workflow`)\n- [ ] Twin\n- [ ] Twin\n- [ ] Three\n  - Needs: Twin (`t`)\n"
    )
    text = run(capsys, "import", str(file), "--yes")
    assert "“Two” needs “One”: not taken in: “Two” would wait for itself" in text
    assert "“Two” is related to “Nowhere”: not taken in: there is no “Nowhere”" in text
    assert "“Two” needs “Mine”: not taken in: a category is nothing to learn" in text
    assert "“Three” needs “Twin”: not taken in: 2 entries are called “Twin”" in text
    with Tracker(tracker.paths) as other:
        (one,) = [e for e in other.select("One").matches if e.title == "One"]
        assert one.description == "- needs: coffee"
        assert [link.title for link in other.detail(one.id).requires] == ["Two"]
        other.undo()
        assert other.entry(one.id).deleted


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
            [
                "one",
                "two",
                "**three**: more",
                "Git LFS",
                "critical",
                "Immediate",
                "[/x] `y`",
                "[ref]",
            ]
        ),
    ),
    min_size=1,
    max_size=15,
)


@pytest.mark.unmeasured
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


@settings(max_examples=100)
@given(LINES, st.sampled_from(["", "\n[ref]: https://ref.org\n"]))
def test_a_listing_says_what_the_nodes_do(lines: list[tuple[str, str]], end: str) -> None:
    text = "".join(f"{lead}{words}\n\n" for lead, words in lines) + end
    try:
        found = tree(read(text, "x"))
    except TrackerError:
        return
    assert said(found) == said(reading(text, "x").roots)


def said(nodes: list[Node]) -> list[object]:
    return [
        (n.kind, n.title, n.status, n.fields, n.horizon, n.line, n.raw, n.links, said(n.children))
        for n in nodes
    ]


def test_a_big_public_plan_comes_in_as_a_tree(tracker: Tracker, tmp_path: Path) -> None:
    plan = study_plan()
    assert plan.count("\n") == 3_000
    nodes = read(plan, "plan")
    roots = tree(nodes)
    assert all(node.kind is Kind.CATEGORY for node in roots)
    assert [node.title for node in roots if not node.children] == ["Table of Contents", "About"]
    first = roots[2]
    assert outline([first]) == [
        "category 🎓 Algorithmic complexity (week 1)",
        "  item Algorithmic complexity in one hour (video)",
        "  item Algorithmic complexity learned",
        "  item chart Draw it yourself",
        "  item Read the chapter `O(n log n)` and why",
        "  section Algorithmic complexity: exercises",
        "    item Implement algorithmic complexity 🧪",
        "      item with a test",
        "        item that fails first",
        "          item and then passes",
        "            item on `main`",
        "              item six deep",
        "    item Explain it to somebody",
        "    item Further reading",
        "      item Paper",
        "      item https://example.org/blog",
        "      item Video: Algorithmic complexity & friends part 2 skipped",
        "  section Headings without items",
    ]
    titles = [line.strip().split(" ", 1)[1] for line in outline(roots)]
    assert not any(mark in title for title in titles for mark in ("](", "**", "<", "![", "]["))
    chapter = first.children[3]
    assert chapter.fields["description"].startswith("[Read the chapter](./books/algorithmic")
    assert [link.title for link in chapter.links] == ["Slides"]
    done = tracker.import_document(nodes, "plan")
    assert len(done.new) == len(titles)
    assert done.changed == done.moved == []
    assert tracker.import_document(nodes, "plan").action.changes == ()
    assert check.problems(tracker._store) == []
    written = "\n".join(document_of(tracker))
    again = tracker.preview(read(written, "plan"), "plan")
    assert (again.new, again.moved, again.changed) == ([], [], [])
    tracker.undo()
    assert len(tracker.select("kind:category").matches) == 12


def test_a_deep_heading_without_tasks_is_none() -> None:
    text = "## A\n### B\n#### C\n##### D\n\nwords\n\n#### E\n- [ ] x\n"
    assert outline(tree(read(text, "x"))) == [
        *("category A", "  section B", "    item E", "      item x"),
    ]


# On the command line


def test_importing_asks_and_says_what_it_would_do(
    home: Path, capsys: Capture, tmp_path: Path
) -> None:
    file = tmp_path / "plan.md"
    file.write_text(DOCUMENT)
    out = run(capsys, "import", str(file), "--dry-run")
    assert out.startswith("19 new, of them 1 critical gap and 3 steps of the path:\n")
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
