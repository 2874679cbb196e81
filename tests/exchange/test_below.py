"""What stands below an entry of a checklist: each line is what it says, or else text; none is lost."""

from __future__ import annotations

import pytest

from tests.exchange.test_foreign import read_as
from tests.exchange.trees import tree
from tests.test_mirror_random import both
from tracker_tui.domain.words import Kind
from tracker_tui.exchange.checklist import read, reading
from tracker_tui.exchange.document import document
from tracker_tui.exchange.nodes import Node, Tree


def below(words: str, definitions: str = "") -> Node:
    """The one task of a document that has some lines below it, as both ways of reading have it."""
    text = f"## A\n\n- [ ] {words}\n{definitions}"
    (category,) = tree(read(text, "x"))
    (node,) = category.children
    (again,) = reading(text, "x").roots[0].children
    assert (again.title, again.fields, again.links) == (node.title, node.fields, node.links)
    return node


@pytest.mark.parametrize(
    ("title", "name", "urls"),
    [
        ("Item [x]", "Item [x]", ["https://a.b/c"]),
        ("Item [foo]", "Item foo", ["https://f.oo/", "https://a.b/c"]),
        ("[It](https://i.t/) [x]", "It [x]", ["https://i.t/", "https://a.b/c"]),
        ("[It](HTTP://i.t/) <br>on", "It on", ["HTTP://i.t/", "https://a.b/c"]),
    ],
)
def test_links_below_an_entry_stay_where_links_are_defined(
    title: str, name: str, urls: list[str]
) -> None:
    node = below(f"{title}\n  - [Site](https://a.b/c)", "\n[foo]: https://f.oo/\n")
    assert node.title == name
    assert [link.url for link in node.links] == urls


@pytest.mark.parametrize(
    ("line", "fields"),
    [
        ("Effort: S", {"effort": "S"}),
        ("effort:m ", {"effort": "M"}),
        ("Effort: L, a weekend", {"effort": "L"}),
        ("Effort: S-curves matter", {"description": "- Effort: S-curves matter"}),
        ("Effort: M (two weeks)", {"description": "- Effort: M (two weeks)"}),
        ("Effort: S, short\n    or not", {"description": "- Effort: S, short\n  or not"}),
        ("Effort: Small", {"description": "- Effort: Small"}),
    ],
)
def test_an_effort_swallows_no_words(line: str, fields: dict[str, str]) -> None:
    assert below(f"one\n  - {line}").fields == fields


def test_what_is_needed_is_named_as_a_reader_of_the_document_sees_it() -> None:
    ties = "  - Needs: [*Two*][t] (`two-2`)\n  - needs: 3 (`three`)\n"
    (_, node) = read(f"[t]: /x\n\n## A\n\n- [ ] one\n{ties}", "x")
    assert node.fields == {"requires": "two-2 Two\nthree 3"}


def test_how_to_study_is_said_in_labelled_lines() -> None:
    node = below("one\n  - First step: go\n  - **Done when:** it is\n    done\n  - Effort: s")
    assert node.fields == {"first_step": "go", "done_when": "it is done", "effort": "S"}


@pytest.mark.parametrize(
    ("lines", "description"),
    [
        ("  - - nested", "- - nested"),
        ("  - - nested\n    - more", "- - nested\n  - more"),
        ("  - - - deep", "- - - deep"),
    ],
)
def test_lists_in_empty_bullets_are_text(lines: str, description: str) -> None:
    assert below(f"one\n{lines}").fields == {"description": description}
    unindented = "\n".join(line[2:] for line in lines.split("\n"))
    category = read(f"## A\n\n{unindented}\n\n## B\n\n- [ ] b\n", "x")[0]
    assert category.fields == {"description": description}


@pytest.mark.parametrize(
    ("lines", "description"),
    [
        ("  words\n\n  - a\n  - b", "words\n- a\n- b"),
        ("  words\n\n  1. a\n  2. b", "words\n1. a\n2. b"),
        # Right behind words this would be words too.
        ("  words\n\n  2. a\n  3. b", "words\n\n2. a\n3. b"),
        ("  - x\n  - Impact: i\n    - a\n    - b\n  - c", "- x\n- a\n- b\n- c"),
        ("  words\n  - Impact: i\n    - a", "words\n- a"),
        ("  words\n  - Impact: i\n\n    2. a\n    3. b\n\n  2. c", "words\n\n2. a\n3. b\n2. c"),
        ("  - x\n  - Impact: i\n\n    more\n  - c", "- x\n\nmore\n- c"),
        ("\n  > a\n  b", "> a\n> b"),
        ("\n  | a | b |\n  | - | - |\n  | 1 | 2 |", "| a | b |\n| - | - |\n| 1 | 2 |"),
        ("\n      ```\n      x", "````\n```\nx\n````"),
        ("\n        ```", "````\n  ```\n````"),
        ("\n  ```sh  \n  x\n  ```", "```sh\nx\n```"),
        ("\n  ~~~\n  ~~~", "~~~\n~~~"),
        ("\n  # no heading\n\n  <!-- nothing -->", "# no heading"),
        ("  - # [ ] no task", "- # [ ] no task"),
    ],
)
def test_a_description_keeps_its_lists_and_quotations_together(
    lines: str, description: str
) -> None:
    assert below(f"one\n{lines}").fields["description"] == description


def test_what_a_gap_is_stands_below_it_and_its_lines_lose_no_more_than_their_marker() -> None:
    (gap,) = read("## Critical\n\n1. Gap\n   - a\n     b\n   - c\n     - d\n", "x")
    assert gap.fields == {"description": "a\nb\nc\n- d"}


@pytest.mark.parametrize(
    "text",
    [
        "## A\n- [ ] one\n  - Impact: much\n  - Impact: more\n",
        "## Critical\n1. one\n   - Impact: much\n   - Impact: more\n",
        "## Critical\n1. one\n   Impact: much\n\n   - Impact: more\n",
        "## Critical\n1. one\n   Impact: much\n   Impact: more\n",
        "## Critical\n1. one\n   - Impact: much\n\n   Impact: more\n",
        "## A\n- [ ] one\n  - Effort: S\n  - Effort: M\n",
    ],
)
def test_what_is_said_twice_is_not_lost(text: str) -> None:
    (node,) = [node for node in read(text, "x") if node.title == "one"]
    said = "Effort" if "Effort" in text else "Impact"
    first, second = ("S", "M") if said == "Effort" else ("much", "more")
    assert node.fields[said.lower()] == first
    assert node.fields["description"].removeprefix("- ") == f"{said}: {second}"
    with both(text) as pair:
        tracker = pair.tracker
        tracker.mirror_add(str(pair.file))
        assert pair.text == text
        pair.in_step()
        pair.nothing_more()
        written = "\n".join(document(tracker.outline(study=True)))
        (found,) = [node for node in read(written, "x") if node.title == "one"]
        assert found.fields == node.fields


@pytest.mark.parametrize(
    ("words", "title", "description"),
    [
        ("Group:", "Group", ""),
        ("Group:\n  words", "Group", "words"),
        ("Group :  \n  words:", "Group", "words:"),
        ("Group\n  words:", "Group", "words:"),
        ("**Group**:\n  words", "Group", "words"),
        ("**Group**: words:", "Group", "words:"),
        (":\n  words", ":", "words"),
    ],
)
def test_what_holds_tasks_is_named_without_its_colon(
    words: str, title: str, description: str
) -> None:
    text = f"## A\n\n- {words}\n  - [ ] inner\n"
    assert read_as(text) == ["category A", f"  section {title}", "    item inner"]
    assert read(text, "x")[1].fields.get("description", "") == description
    with both(text) as pair:
        tracker = pair.tracker
        tracker.mirror_add(str(pair.file))
        pair.in_step()
        if title != ":":
            (entry,) = tracker.select(f"{title} kind:section").matches
            tracker.edit(entry.id, {"title": "New"})
            tracker.mirror_all()
            assert pair.text == text.replace("Group", "New")
        pair.in_step()
        pair.nothing_more()


class Compared(Node):
    """A node that counts how often one is looked for among others."""

    times = 0

    def __eq__(self, other: object) -> bool:
        Compared.times += 1
        return self is other

    __hash__ = Node.__hash__


def test_empty_headings_are_let_go_without_looking_for_each() -> None:
    made = Tree()
    holder = Compared(Kind.CATEGORY, "A")
    made.begin(holder, None, optional=False)
    for number in range(50):
        outer = Compared(holder.kind, str(number))
        made.begin(outer, holder, optional=True)
        inner = Compared(holder.kind, "inner")
        made.begin(inner, outer, optional=True)
        if number % 10 == 0:
            made.begin(Compared(holder.kind, "task"), inner, optional=False)
    made.finish(None)
    assert Compared.times == 0
    assert [node.title for node in holder.children] == ["0", "10", "20", "30", "40"]
    assert [len(node.children) for node in holder.children] == [1] * 5
