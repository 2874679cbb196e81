"""A checklist document in Markdown, read: headings become categories and sections, tasks items.

Parsing is markdown-it-py's. What is no task (paragraphs, fenced code, comments, tables, bullets
without a box) is text: that of an item where it stands below one, else passed over.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tracker_tui.domain import text
from tracker_tui.domain.words import Horizon, Kind, Status
from tracker_tui.errors import TrackerError

if TYPE_CHECKING:
    from markdown_it.tree import SyntaxTreeNode

LINES_MAX = 1_000_000
_BOXES = {
    " ": Status.TODO,
    "x": Status.LEARNED,
    "X": Status.LEARNED,
    "/": Status.LEARNING,
    "-": Status.SKIPPED,
}
_BOX = re.compile(r"\[([ xX/-])\][ \t]+(?=\S)")
_LEAD = re.compile(r"\*\*(.+?)\*\*(?:\s*[:–—]\s*|\s+-\s+|\s*\Z)", re.DOTALL)
_LABEL = re.compile(r"(impact|action|done when):\s*", re.IGNORECASE)
_FIELDS = {"impact": "impact", "action": "action", "done when": "done_when"}
_NUMBER = re.compile(r"\d{1,3}[.)]\s+")
_CRITICAL = re.compile(r"\b(critical|high priority)\b", re.IGNORECASE)
_HORIZON = re.compile(r"(immediate|short|medium)(?:[- ]?term)?\b", re.IGNORECASE)
_FRONT = re.compile(r"\A---[ \t]*\n.*?\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)


@dataclass
class Node:
    """One category, section, item, gap or step of a document."""

    kind: Kind
    title: str
    status: Status | None = None
    """What its box says; None where it has none, or an empty one: that takes nothing back."""
    fields: dict[str, str] = field(default_factory=dict)
    """Its texts: description, impact, action, done_when; those that it has."""
    children: list[Node] = field(default_factory=list)
    horizon: Horizon | None = None
    """Of a step."""
    line: int = 0
    """Where it stands in the document, from 1."""


def read(document: str, name: str) -> list[Node]:
    """Return the categories, gaps and steps of a document; `name` is what errors call it.

    Items before the first heading lie in a category that is called like the file.

    Raises:
        TrackerError: if there is no task in it, or too much.
    """
    if document.count("\n") > LINES_MAX:
        raise TrackerError(f"{name} has more than {LINES_MAX:,} lines", "split it")
    from markdown_it import MarkdownIt
    from markdown_it.tree import SyntaxTreeNode

    body, skipped = _without_front_matter(document)
    tree = SyntaxTreeNode(MarkdownIt("commonmark").enable("table").parse(body))
    reader = _Reader(name, skipped)
    for node in tree.children:
        reader.take(node)
    roots = [root for root in reader.roots if root.children or root.kind is not Kind.CATEGORY]
    if not roots:
        raise TrackerError(
            f"there is no task list in {name}", "an item is a line such as: - [ ] title"
        )
    return roots


def _without_front_matter(document: str) -> tuple[str, int]:
    document = document.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    match = _FRONT.match(document)
    if match is None:
        return document, 0
    return document[match.end() :], match[0].count("\n")


class _Reader:
    def __init__(self, name: str, skipped: int) -> None:
        self.roots: list[Node] = []
        self._name = name
        self._skipped = skipped
        self._stack: list[tuple[int, Node]] = []
        """Headings that are open, each with its level."""
        self._titles = 0
        self._list: str = ""
        """What the items of a list are here: empty for items, `gaps` or a horizon."""

    def take(self, node: SyntaxTreeNode) -> None:
        """Take one block of the document."""
        if node.type == "heading":
            self._heading(node)
        elif node.type in ("bullet_list", "ordered_list"):
            self._items(node)

    def _heading(self, node: SyntaxTreeNode) -> None:
        level, words = int(node.tag[1:]), _inline(node)
        title = _title(_NUMBER.sub("", words, count=1)) or "Untitled"
        if level == 1 and not self._titles and not self.roots:
            self._titles = 1  # the document's own title
            self._stack.clear()
            self._list = ""
            return
        while self._stack and self._stack[-1][0] >= level:
            self._stack.pop()
        horizon = _HORIZON.match(title)
        if not self._stack:
            self._list = "gaps" if _CRITICAL.search(title) else ""
        if horizon is not None:
            self._list = horizon[1].lower()
        elif self._list in list(Horizon):
            self._list = ""
        kind = (Kind.CATEGORY, Kind.SECTION, Kind.ITEM)[min(len(self._stack), 2)]
        made = Node(kind, title, line=self._line(node))
        if not self._stack:
            self.roots.append(made)
        elif not self._list:
            self._stack[-1][1].children.append(made)
        self._stack.append((level, made))

    def _items(self, node: SyntaxTreeNode) -> None:
        for item in node.children:
            found = self._item(item, required=self._list == "")
            if found is None:
                # A bullet without a box may still have tasks below it.
                for inner in item.children[1:]:
                    if inner.type in ("bullet_list", "ordered_list") and not self._list:
                        self._items(inner)
                continue
            if self._list == "gaps":
                found.kind = Kind.GAP
                self.roots.append(found)
            elif self._list:
                found.kind, found.horizon = Kind.STEP, Horizon(self._list)
                self.roots.append(found)
            else:
                self._holder().children.append(found)

    def _holder(self) -> Node:
        if self._stack:
            return self._stack[-1][1]
        made = Node(Kind.CATEGORY, _title(self._name) or "Checklist", line=1)
        self.roots.append(made)
        self._stack.append((99, made))
        return made

    def _item(self, node: SyntaxTreeNode, *, required: bool) -> Node | None:
        """Read a list item; None if it has no box where one is required, or nothing in it."""
        first = node.children[0] if node.children else None
        if first is None or first.type != "paragraph":
            return None
        words = _inline(first)
        box = _BOX.match(words)
        if box is None and required:
            return None
        made = Node(Kind.ITEM, "", line=self._line(node))
        if box is not None:
            status = _BOXES[box[1]]
            made.status = None if status is Status.TODO else status
            words = words[box.end() :]
        made.title, described = _split(words)
        if not made.title:
            return None
        texts = [described] if described else []
        for child in node.children[1:]:
            if child.type in ("bullet_list", "ordered_list"):
                texts += self._below(child, made)
            else:
                texts.append(_source(child))
        description = text.block("\n".join(part for part in texts if part))
        if description:
            made.fields["description"] = description
        return made

    def _below(self, node: SyntaxTreeNode, above: Node) -> Iterator[str]:
        """Take a list within an item: tasks lie in it, labelled lines are its fields, others text."""
        for item in node.children:
            inner = self._item(item, required=True)
            if inner is not None:
                above.children.append(inner)
                continue
            words = _inline(item.children[0]) if item.children else ""
            label = _LABEL.match(words)
            if label is not None:
                above.fields[_FIELDS[label[1].lower()]] = text.line(words[label.end() :])
            elif words:
                yield words
                for under in item.children[1:]:
                    if under.type in ("bullet_list", "ordered_list"):
                        yield from self._below(under, above)

    def _line(self, node: SyntaxTreeNode) -> int:
        return (node.map[0] if node.map else 0) + 1 + self._skipped


def _inline(node: SyntaxTreeNode) -> str:
    """The source text of a heading or paragraph, its line breaks kept."""
    return "".join(child.content for child in node.children if child.type == "inline").strip()


def _source(node: SyntaxTreeNode) -> str:
    if node.type in ("fence", "code_block"):
        return node.content.rstrip("\n")
    if node.type == "html_block":
        return ""
    return _inline(node)


def _split(words: str) -> tuple[str, str]:
    """Split an item's text into its title and its description."""
    lead = _LEAD.match(words)
    if lead is not None:
        return _title(lead[1]), text.block(words[lead.end() :])
    first, _, rest = words.partition("\n")
    return _title(first), text.block(rest)


def _title(words: str) -> str:
    return text.shortened(text.line(words), text.TITLE_MAX)
