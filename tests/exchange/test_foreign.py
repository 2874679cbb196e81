"""Checklists as other people write them: no task is lost, and they come in as a sensible tree."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from tests.exchange.test_checklist import outline
from tests.exchange.trees import tree
from tests.test_mirror_random import both
from tracker_tui.domain.track import Place
from tracker_tui.domain.words import Horizon, Kind, Status
from tracker_tui.exchange.checklist import read
from tracker_tui.exchange.document import document
from tracker_tui.store import check


def read_as(text: str) -> list[str]:
    return outline(tree(read(text, "README")))


def horizons(text: str) -> dict[str, str]:
    """By title the horizon of each entry that has one."""
    return {node.title: node.horizon.value for node in read(text, "x") if node.horizon is not None}


def fields(line: str) -> tuple[str, str]:
    """The title and the description of one item."""
    (node,) = [node for node in read(f"## A\n\n- [ ] {line}\n", "x") if node.line == 3]
    return node.title, node.fields.get("description", "")


# Headings


def test_items_below_the_headings_in_a_horizon_are_read() -> None:
    text = "# P\n## A\n- [ ] a\n### Short-term\n- [ ] s\n#### Week 1\n- [ ] y\n- [x] z\n"
    assert read_as(text) == [
        *("category A", "  item a", "  section Short-term", "    item s"),
        *("    item Week 1", "      item y", "      item z learned"),
    ]
    assert horizons(text) == dict.fromkeys(("s", "Week 1", "y", "z"), "short")


def test_the_path_has_no_sections_and_loses_nothing() -> None:
    text = (
        "## Learning Path\n### Immediate\n1. s\n#### Week 1\n- [ ] y\n- [x] z\n### Later\n- [ ] l\n"
    )
    assert read_as(text) == [
        *("category Learning Path", "  section Later", "    item l"),
        *("step s", "step y", "step z learned"),
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "# Backend\n- [ ] b1\n## Databases\n- [ ] b2\n# Frontend\n- [ ] f1\n## CSS\n- [ ] f2\n",
            [
                *("category Backend", "  item b1", "  section Databases", "    item b2"),
                *("category Frontend", "  item f1", "  section CSS", "    item f2"),
            ],
        ),
        ("# Foreign\n- [ ] one\n", ["category Foreign", "  item one"]),
        ("Foreign\n=======\n\n1. [ ] one\n", ["category Foreign", "  item one"]),
        (
            "# Plan\n\nwords\n\n- [ ] one\n\n## A\n- [ ] a\n",
            ["category Plan", "  item one", "category A", "  item a"],
        ),
        ("# Plan\n\nwords\n\n## A\n- [ ] a\n", ["category A", "  item a"]),
        ("```\n# code\n```\n# Plan\n## A\n- [ ] a\n~~~\n# code\n~~~\n", ["category A", "  item a"]),
        (
            "# One\n## A\n- [ ] a\n\n- x\n\n  # no\n\nTwo\n===\n- [ ] b\n",
            ["category One", "  section A", "    item a", "category Two", "  item b"],
        ),
        ("# Plan\n\n> # no\n\n## A\n- [ ] a\n", ["category A", "  item a"]),
        (
            "# One\n\n> words\n\n[ref]: /x\n\n## A\n- [ ] a\n# Two\n- [ ] b\n",
            ["category One", "  section A", "    item a", "category Two", "  item b"],
        ),
        ("# One\n# Two\n- [ ] b\n", ["category One", "category Two", "  item b"]),
        (
            "##\n- [ ] a\n## 2)\n- [ ] b\n",
            ["category Untitled", "  item a", "category 2)", "  item b"],
        ),
        ("## Learning Path\n### Later\n\nwords\n### Immediate\n1. one\n", ["step one"]),
        ("Two  \nwords\\\nhere\n====\n- [ ] a\n", ["category Two words here", "  item a"]),
        ("- [ ] one\n# A\n- [ ] a\n", ["category README", "  item one", "category A", "  item a"]),
        ("# Immediate\n- [ ] one\n", ["step one"]),
        ("# Critical\n1. one\n", ["gap one"]),
        (
            "# P\n## Empty\n## B\n### Bare\n#### Deep\n- [ ] b\n",
            ["category Empty", "category B", "  section Bare", "    item Deep", "      item b"],
        ),
        (
            "## Empty\n### Sub\n#### Deep\n## B\n- [ ] b\n",
            ["category Empty", "  section Sub", "category B", "  item b"],
        ),
    ],
)
def test_headings_become_categories_and_sections(text: str, found: list[str]) -> None:
    assert read_as(text) == found


@pytest.mark.parametrize(
    ("heading", "horizon"),
    [
        ("Immediate", "immediate"),
        ("Immediate (This Month)", "immediate"),
        ("Immediate:", "immediate"),
        ("Short-term", "short"),
        ("Short term — next quarter", "short"),
        ("**Medium-term** (Next 6 Months)", "medium"),
    ],
)
def test_the_heading_of_a_horizon_says_nothing_else(heading: str, horizon: str) -> None:
    (step,) = read(f"## {heading}\n1. one\n", "x")
    assert step.horizon is Horizon(horizon)
    assert read_as(f"## Learning Path\n### {heading}\n- one\n") == ["step one"]
    inside = f"## A\n### {heading}\n- [ ] one\n  - [ ] two\n"
    assert horizons(inside) == {"one": horizon, "two": horizon}


@pytest.mark.parametrize(
    "heading", ["Immediate mode GUIs", "Short-term memory", "Medium", "Short", "Shorts (summer)"]
)
def test_a_heading_that_begins_like_a_horizon_is_none(heading: str) -> None:
    text = f"## {heading}\n- [ ] a\n\n## B\n### {heading}\n- [ ] b\n"
    assert horizons(text) == {}
    assert [node.title for node in read(text, "x")] == [heading, "a", "B", heading, "b"]


def test_items_stay_in_their_category_and_get_its_horizon() -> None:
    text = "## Rust\n### Immediate\n- [ ] r1\n## Go\n### Immediate\n- [ ] g1\n### Other\n- [ ] g2\n"
    assert read_as(text) == [
        *("category Rust", "  section Immediate", "    item r1"),
        *("category Go", "  section Immediate", "    item g1", "  section Other", "    item g2"),
    ]
    assert horizons(text) == {"r1": "immediate", "g1": "immediate"}
    text = "## Short-term work\n- [ ] a\n### Sub\n- [ ] b\n"
    assert read_as(text) == [
        *("category Short-term work", "  item a", "  section Sub", "    item b"),
    ]
    assert horizons(text) == {"a": "short", "b": "short"}


# Lists


def test_headings_and_parents_in_lists_hold_what_lies_in_them() -> None:
    text = """## Data Structures
- ### Arrays
    - [ ] About Arrays
        - [Video](https://a.org/v)
    - plain
- ### Linked Lists
    Some words.

    - [ ] x
- **Reading:** by the fire
    - [ ] Book A
    - Papers:
        - [ ] Paper B
            1. Step one
                - [ ] deep
1. Step two
    - words only
    - [x] y
- nothing
    - in it
- [ ] last

### Section

- Held
    - [ ] z
"""
    assert read_as(text) == [
        "category Data Structures",
        "  section Arrays",
        "    item About Arrays",
        "  section Linked Lists",
        "    item x",
        "  section Reading",
        "    item Book A",
        "    item Papers",
        "      item Paper B",
        "        item Step one",
        "          item deep",
        "  section Step two",
        "    item y learned",
        "  item last",
        "  section Section",
        "    item Held",
        "      item z",
    ]
    said = {node.title: node.fields for node in read(text, "x") if node.fields}
    assert said == {
        "Arrays": {"description": "- plain"},
        "Linked Lists": {"description": "Some words."},
        "Reading": {"description": "by the fire"},
        "Step two": {"description": "- words only"},
    }


@pytest.mark.parametrize(
    ("line", "title", "description"),
    [
        ("**Lead:** rest", "Lead", "rest"),
        ("**Lead**: rest", "Lead", "rest"),
        ("**Lead**, rest", "Lead", "rest"),
        ("**Lead** - rest", "Lead", "rest"),
        ("**Lead** (p) rest", "Lead", "(p) rest"),
        ("**Lead** (p): rest", "Lead", "(p): rest"),
        ("__Lead__: rest", "Lead", "rest"),
        ("__Lead:__ rest", "Lead", "rest"),
        ("**Lead** A sentence of its own", "Lead", "A sentence of its own"),
        ("**Lead.** A sentence", "Lead", "A sentence"),
        ("**Why?** because", "Why?", "because"),
        ("**Lead.**", "Lead.", ""),
        ("**Lead of\n  two lines**: rest", "Lead of two lines", "rest"),
        ("**Lead:**\n  rest", "Lead", "rest"),
        ("**Lead**\n  rest", "Lead", "rest"),
        ("**`**kwargs`**: rest", "`**kwargs`", "rest"),
        ("[Big O](https://a.org) - why", "Big O", "why"),
        ("[Big O](https://a.org)\n  why", "Big O", "why"),
        # What goes on in the same sentence is no lead-in.
        ("**Lead** rest", "Lead rest", ""),
        ("**Read** the chapter", "Read the chapter", ""),
        ("**Read.** the chapter", "Read. the chapter", ""),
        ("**Why?**because", "**Why?**because", ""),
        ("**\u200b**: rest", "\u200b: rest", ""),
        ("[Big O](https://a.org) and why", "Big O and why", ""),
        ("**Lead** (p)", "Lead (p)", ""),
        ("**Two** Words", "Two Words", ""),
        ("Read **this**: now", "Read this: now", ""),
        ("**a** and **b**: c", "a and b: c", ""),
        ("**2** of them, I think so", "2 of them, I think so", ""),
        ("**Lead", "**Lead", ""),
    ],
)
def test_a_bold_beginning_is_the_title(line: str, title: str, description: str) -> None:
    assert fields(line) == (title, description)


@pytest.mark.parametrize(
    "text",
    [
        "1. Soft\n   Impact: i1\n   Action: a1\n",
        "1. Soft\n   **Impact:** i1\n   **Action**: a1\n",
        "1. Soft\n\n   Impact: i1\n\n   Action:\n   a1\n",
        "1. Soft\n\n   __Impact:__ i1\n   Action: a1\n",
        "1. Soft\n   - **Impact:** i1\n   - Action: a1\n",
        "1. [ ] **Soft**\n   Impact: i1\n   - Action: a1\n",
    ],
)
def test_labelled_lines_below_a_number_are_what_they_say(text: str) -> None:
    (gap,) = read(f"## Critical\n\n{text}", "x")
    assert (gap.title, gap.fields) == ("Soft", {"impact": "i1", "action": "a1"})
    if "**Soft" not in text:
        (gap,) = read(f"## Critical\n\n{text.replace('Soft', '**Soft**: told', 1)}", "x")
        assert gap.title == "Soft"
        assert gap.fields == {"description": "told", "impact": "i1", "action": "a1"}


def test_labelled_lines_in_other_lists_are_text() -> None:
    (_, item) = read("## A\n- [ ] one\n  Action: films\n", "x")
    assert item.fields == {"description": "Action: films"}


def test_a_title_that_looks_like_a_labelled_line_is_a_title() -> None:
    (_, item) = read("## A\n1. [ ] Action: films\n   Impact: much\n", "x")
    assert (item.title, item.fields) == ("Action: films", {"impact": "much"})


def test_items_before_any_heading_lie_in_a_category_that_is_called_like_the_file() -> None:
    for name, title in (("plan", "plan"), ("\x1b", "Checklist"), ("x" * 1_001, "x" * 999 + "…")):
        category, _ = read("\n\n- [ ] one\n", name)
        assert (category.title, category.line) == (title, 1)


def test_a_box_with_nothing_to_read_behind_it_is_no_task() -> None:
    assert read_as("## A\n- [ ] \u200b\n- [x] \x1b\n- [ ] a\n") == ["category A", "  item a"]


@pytest.mark.parametrize(
    ("mark", "first"),
    [("---", "title: x"), ("+++", "title = 'x'"), ("+++", "[table]"), ("---", "# x")],
)
def test_front_matter_is_no_text(mark: str, first: str) -> None:
    text = f"{mark}\n{first}\n- [ ] no\n{mark}\n## A\n- [ ] one\n"
    assert read_as(text) == ["category A", "  item one"]
    assert [node.line for node in read(text, "x")] == [5, 6]


@pytest.mark.parametrize("mark", ["---", "+++"])
def test_a_list_between_rules_is_no_front_matter(mark: str) -> None:
    assert "  item one" in read_as(f"{mark}\n\n- [ ] one\n\n{mark}\n")


def test_what_is_indented_too_far_for_a_list_is_words() -> None:
    (_, one, _) = read("## A\n- [ ] one\n      - [ ] no\n      2. no\n  - [ ] two\n", "x")
    assert one.fields == {"description": "\\- [ ] no\n2\\. no"}


def test_code_stays_as_it_is() -> None:
    text = """## A

```sh
# - [ ] no
```

- [ ] one

  ~~~
  ```
  - [ ] infence
  ~~~

      - [ ] indented
"""
    category, item = read(text, "x")
    assert category.fields == {"description": "```sh\n# - [ ] no\n```"}
    assert item.fields == {
        "description": "~~~\n```\n- [ ] infence\n~~~\n\n```\n- [ ] indented\n```"
    }


# No task is lost

WORDS = st.sampled_from(
    [
        *("one", "**Two:** more", "__three__ (x) y", "Immediate", "Short-term", "Short-term work"),
        *("Medium-term (later)", "Critical", "Learning Path", "Impact: much", "**Action:** go"),
        *(
            "Note 2026-11-26: x",
            "[link](https://a.org)",
            "### hash",
            "Effort: S",
            "2. counted",
            "#",
        ),
    ]
)
HEADING = st.tuples(st.integers(1, 6).map("#".__mul__), WORDS).map(" ".join)
INDENT = st.integers(0, 5).map("  ".__mul__)
BULLET = st.sampled_from(["- ", "* ", "1. ", "2) ", "- # ", "- - ", "- ### "])
OTHER = st.sampled_from(
    [
        *(
            "",
            "",
            "words",
            "  more",
            "---",
            "===",
            "\tx",
            "  ```",
            "```",
            "  - [ ] in code?",
            "~~~ a",
        ),
        *(
            "| a | b |",
            "| - | - |",
            "> said",
            "  > - said",
            "<!-- x -->",
            "[ref]: /x",
            "      deep",
        ),
    ]
)
PLAIN = st.one_of(
    HEADING,
    st.tuples(INDENT, BULLET, WORDS).map("".join),
    st.tuples(INDENT, WORDS).map("".join),
    OTHER,
)
TASK = st.tuples(
    INDENT, st.sampled_from(["- [ ] ", "* [x] ", "+ [/] ", "1. [-] ", "3) [X] ", "- - [ ] "])
).map("".join)


@st.composite
def documents(draw: Any) -> str:
    """A document whose tasks are counted in their titles."""
    parts = draw(st.lists(st.one_of(PLAIN, TASK, TASK), min_size=1, max_size=14))
    return "".join(
        f"{part}task {number}\n" if part.endswith("] ") else f"{part}\n"
        for number, part in enumerate(parts)
    )


def tasks(text: str) -> list[str]:
    """The titles of the tasks of a document, as the parser's own tokens say them."""
    tokens = MarkdownIt("commonmark").enable("table").parse(text)
    return [
        found[1]
        for before, _, inline in zip(tokens, tokens[1:], tokens[2:], strict=False)
        if before.type == "list_item_open"
        and inline.type == "inline"
        and (found := re.match(r"\[[ xX/-]\] (task \d+)$", inline.content.split("\n")[0]))
    ]


@given(documents())
def test_no_task_is_lost(text: str) -> None:
    titles = tasks(text)
    if not titles:
        return
    found = [node.title for node in read(text, "x")]
    assert [title for title in titles if title not in found] == []
    with both(text) as pair:
        pair.tracker.mirror_add(str(pair.file))
        assert pair.text == text
        there = {entry.title for entry in pair.tracker.select("").matches}
        assert [title for title in titles if title not in there] == []
        pair.in_step()
        pair.nothing_more()


# Out and in again


@given(documents())
def test_what_was_taken_in_goes_out_and_comes_back_as_nothing_new(text: str) -> None:
    if not tasks(text):
        return
    with both("x") as pair:
        tracker = pair.tracker
        tracker.import_document(read(text, "x"), "x")
        for entry in tracker.select("kind:item").matches[:2]:
            tracker.add_note(entry.id, "- [ ] evil\n\n  1. [x] too\n```\nfoo\n- [ ] bar\n# z")
        written = "\n".join(document(tracker.outline(notes=True, study=True)))
        found = tracker.preview(read(written, "x"), "x")
        assert (found.new, found.changed, found.moved, found.gone) == ([], [], [], []), written
        assert found.action.changes == ()


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        *(("Critical gaps", Kind.GAP), ("HIGH PRIORITY:", Kind.GAP), ("Gaps (critical)", Kind.GAP)),
        *(("Critical security issues (now)", Kind.GAP), ("🔥 Critical items", Kind.GAP)),
        *(("Critical rendering path", Kind.ITEM), ("High priority queue", Kind.ITEM)),
        *(("Critical thinking skills", Kind.ITEM), ("Non-critical gaps", Kind.ITEM)),
    ],
)
def test_a_heading_is_that_of_the_critical_list_if_it_says_nothing_else(
    title: str, kind: Kind
) -> None:
    *_, node = read(f"## {title}\n\n1. [ ] one\n", "x")
    assert (node.title, node.kind) == ("one", kind)


@pytest.mark.parametrize("title", ["Critical", "Immediate", "Short-term (later)", "Learning path"])
def test_a_category_that_is_called_like_a_list_of_gaps_or_steps_comes_back(title: str) -> None:
    with both("x") as pair:
        tracker = pair.tracker
        category = tracker.add(title, Kind.CATEGORY, Place(kind=Kind.CATEGORY)).changes[0].id
        section = tracker.add("Immediate", Kind.SECTION, Place(category)).changes[0].id
        tracker.add("inner", Kind.ITEM, Place(section))
        found = read("\n".join(document(tracker.outline())), "x")
        assert [(node.kind, node.title) for node in found] == [
            *((Kind.CATEGORY, title), (Kind.SECTION, "Immediate"), (Kind.ITEM, "inner")),
        ]


PATH = "## Learning Path\n\n### Immediate (This Month)\n1. one\n\n### Short-term\n1. two\n"


@pytest.mark.parametrize("mirrored", [False, True])
def test_the_words_of_the_horizons_are_kept(mirrored: bool) -> None:
    with both(PATH) as pair:
        tracker = pair.tracker
        if mirrored:
            tracker.mirror_add(str(pair.file))
        else:
            tracker.import_document(read(PATH, "x"), "x")
        assert [span[1:] for span in tracker.spans()] == [
            *(("Immediate", "This Month"), ("Short-term", ""), ("medium", "")),
        ]
        assert check.problems(tracker._store) == []
        text = "\n".join(document(tracker.outline()))
        assert PATH in text
        # The track's own words stay.
        again = PATH.replace("This Month", "Now").replace("two", "three")
        tracker.import_document(read(again, "x"), "x")
        assert tracker.spans()[0].span == "This Month"
        tracker.undo()
        tracker.undo()
        assert [span.title for span in tracker.spans()] == ["immediate", "short", "medium"]
        tracker.add("alone", Kind.STEP, Place(kind=Kind.STEP, horizon=Horizon.MEDIUM))
        assert "### Medium-term\n1. alone\n" in "\n".join(document(tracker.outline()))


# In step

MIRRORED = """# Plan

- ### Arrays
    - [ ] **Lead:** told
    - [ ] **Lead two** (p) told
- Held:
  * [ ] __Lead three__, told

## Critical

1. [ ] **Gap**
   Impact: much
   **Action:** go

2. Soft

   **Impact**: little
"""


def test_what_was_written_in_other_ways_is_written_over_in_place() -> None:
    with both(MIRRORED) as pair:
        tracker = pair.tracker
        tracker.mirror_add(str(pair.file))
        assert pair.text == MIRRORED
        ids = {entry.title: entry.id for entry in tracker.select("").matches}
        for title in ("Arrays", "Held", "Lead", "Lead two", "Lead three", "Gap"):
            tracker.edit(ids[title], {"title": f"New {title.lower()}"})
        tracker.edit(ids["Lead"], {"description": "retold"})
        tracker.edit(ids["Gap"], {"impact": "more", "action": "stay"})
        tracker.edit(ids["Soft"], {"impact": "none"})
        tracker.set_status([ids["Soft"], ids["Lead three"]], Status.LEARNED)
        (found,) = tracker.mirror_all()
        assert found.error is None and not found.told
        assert (
            pair.text
            == """# Plan

- ### New arrays
    - [ ] **New lead:** retold
    - [ ] **New lead two** (p) told
- New held:
  * [x] __New lead three__, told

## Critical

1. [ ] **New gap**
   Impact: more
   **Action:** stay

2. [x] Soft

   **Impact**: none
"""
        )
        pair.in_step()
        pair.nothing_more()
        tracker.delete([ids["Lead three"]])
        tracker.add("later", Kind.ITEM, Place(ids["Arrays"]))
        (found,) = tracker.mirror_all()
        assert found.error is None and not found.told
        assert "    - [ ] later\n- New held:\n\n## Critical\n" in pair.text
        pair.in_step()
        pair.nothing_more()
        assert not tracker.entry(ids["Held"]).deleted


def test_the_title_of_a_document_is_a_category_as_long_as_items_stand_below_it() -> None:
    text = "# Plan\n\n- [ ] one\n\n## A\n\n- [ ] a\n"
    with both(text) as pair:
        tracker = pair.tracker
        tracker.mirror_add(str(pair.file))
        ids = {entry.title: entry.id for entry in tracker.select("").matches}
        assert ids.keys() == {"Plan", "one", "A", "a"}
        tracker.delete([ids["one"]])
        tracker.mirror_all()
        assert pair.text == "# Plan\n\n## A\n\n- [ ] a\n"
        pair.in_step()
        pair.nothing_more()
        tracker.undo()
        tracker.delete([ids["A"]])
        tracker.mirror_all()
        pair.in_step()
        pair.nothing_more()
