"""The whole document that an export writes: its head, its lists and what stands below each entry."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.exchange.small import small_track
from tests.test_mirror_random import both
from tracker_tui.domain.track import Place, Span
from tracker_tui.domain.words import Horizon, Kind
from tracker_tui.exchange.checklist import read
from tracker_tui.exchange.document import document
from tracker_tui.exchange.headings import horizon_of
from tracker_tui.exchange.wording import horizon
from tracker_tui.tracker import Tracker


@pytest.fixture
def small() -> Iterator[Tracker]:
    with small_track() as tracker:
        yield tracker


PLAIN = """# Learning Track

---

## 1. Git

About
it.

- [ ] **Hooks**: run
  by git
  - [/] Inner
    - [x] **Innermost**: deep

### More
- [ ] LFS

---

## Critical Unknown Unknowns (High Priority)

1. [/] **Gap**
   - is
     open
   - Impact: bad
   - Action: close it

2. [ ] **Gap two**

---

## Learning Path

### Immediate
1. [x] First
2. **Second**: told

### Medium-term
1. Later

---
"""


def test_a_document_says_what_there_is_to_learn(small: Tracker) -> None:
    assert "\n".join(document(small.outline())) == PLAIN


def test_what_holds_nothing_and_what_is_retired_is_in_it_too(small: Tracker) -> None:
    git = small.add("Bare", Kind.CATEGORY, Place(kind=Kind.CATEGORY)).changes[0].id
    small.add("Empty", Kind.SECTION, Place(git))
    outline = small.outline()
    below = dict(outline.below)
    below[None] = [entry._replace(retired=entry.kind is Kind.GAP) for entry in below[None]]
    told = "\n".join(document(replace(outline, below=below)))
    assert "\n---\n\n## 2. Bare\n\n### Empty\n---\n" in told
    assert "\n2. [ ] **Gap two**\n   - Retired: the track has it no longer\n\n---\n" in told


def test_how_to_study_and_notes_stand_below_what_they_are_about(small: Tracker) -> None:
    study = (
        "- First step: go\n  - Done when: it is\n  - Effort: M, an evening\n"
        "  - Needs: LFS (`{lfs}`)\n  - [A (b)](https://a.org)\n"
    )
    ids = {entry.title: entry.id for entry in small.select("").matches}
    lfs, inner = ids["LFS"], ids["Inner"]
    note = "- Note 2026-11-24: one\n{0}  - \\[ ] two\n"
    told = PLAIN
    for before, after in (
        ("  by git\n", f"  {study.format(lfs=lfs)}"),
        ("  - [/] Inner\n", f"    - Related: LFS (`{lfs}`)\n"),
        ("    - [x] **Innermost**: deep\n", f"      {note.format('      ')}"),
        ("### More\n- [ ] LFS\n", f"  - Related: Inner (`{inner}`)\n"),
        ("   - Action: close it\n", f"   {note.format('   ')}"),
        (
            "1. [x] First\n",
            "   - First step: go\n   - Done when: it is\n   - Effort: M, an evening\n"
            f"   - [A (b)](https://a.org)\n   {note.format('   ')}",
        ),
    ):
        assert told.count(before) == 1
        told = told.replace(before, before + after)
    written = "\n".join(document(small.outline(notes=True, study=True)))
    assert written == told
    assert small.preview(read(written, "x"), "x").action.changes == ()


def test_an_item_with_a_horizon_is_said_like_any_other(small: Tracker) -> None:
    (lfs,) = [entry.id for entry in small.select("").matches if entry.title == "LFS"]
    small.edit(lfs, {"description": "- a\n- b", "horizon": "short"})
    assert "\n- [ ] LFS\n  - a\n  - b\n" in "\n".join(document(small.outline()))


@pytest.mark.parametrize(
    ("title", "span", "words"),
    [
        ("short", "", "Short-term"),
        ("Short term", "next 3 months", "Short term (next 3 months)"),
        ("Soon (ish)", "", "Short-term (Soon [ish])"),
        ("Soon", "a (b)", "Short-term (Soon [a [b]])"),
    ],
)
def test_the_heading_of_a_horizon_says_its_words_and_is_known_as_one(
    title: str, span: str, words: str
) -> None:
    told = horizon(Span(Horizon.SHORT, title, span))
    assert (told, horizon_of(told)) == (words, Horizon.SHORT)


def test_the_head_says_what_the_track_is(small: Tracker) -> None:
    about = {
        **{"title": "My plan", "purpose": "To know", "source": "notes.md"},
        "updated": "2026-01-31",
    }
    lines = list(document(replace(small.outline(), about=about)))
    assert lines[:7] == [
        *("# My plan", "", "**Purpose**: To know  ", "**Source**: `notes.md`  "),
        *("**Last Updated**: 2026-01-31", "", "---"),
    ]
    assert lines[-3:] == ["", "**Last Updated**: 2026-01-31", ""]
    lines = list(document(replace(small.outline(), about={"purpose": "To know", "source": ""})))
    assert lines[:5] == ["# Learning Track", "", "**Purpose**: To know", "", "---"]
    assert lines[-2:] == ["---", ""]


TITLES = [
    *("a *b* `c`", "2. x", "3) y", "# x", "x #", "back\\slash", "[x] y", "**bold**: z", "<b>t</b>"),
    *("- dash", "<a@b.org>", "&amp; [a](b)", "Note 2026-01-01: x"),
    *("__init__", "*args* and **kw**"),
]
TEXTS = [
    *("", "- [ ] no", "# no\n- [ ] no", "```\n- [ ] x", "Impact: x", "> q\nr", "1. a\n2. b"),
    *("a\n\n    - [ ] b", "Note 2026-01-01: x", "a\n---\nb", "- - [ ] no", "Done when: x\nmore"),
    *("[a]: /x", "words", "*more* words"),
]


def test_whatever_entries_say_comes_back_and_nothing_more() -> None:
    pairs = [(title, "") for title in TITLES]
    pairs += [(title, words) for title, words in zip(TITLES, TEXTS, strict=True)]
    with both("x") as pair:
        tracker = pair.tracker
        for title, words in pairs:
            place = Place(kind=Kind.CATEGORY)
            for kind in (Kind.CATEGORY, Kind.SECTION, Kind.ITEM):
                place = Place(tracker.add(title, kind, place, None, words).changes[0].id)
            tracker.add(title, Kind.GAP, Place(kind=Kind.GAP), None, words)
            step = Place(kind=Kind.STEP, horizon=Horizon.SHORT)
            tracker.add(title, Kind.STEP, step, None, words)
        found = list(read("\n".join(document(tracker.outline())), "x"))
    for kind in Kind:
        nodes = [node for node in found if node.kind is kind]
        assert len(nodes) == len(pairs)
        for node, (title, words) in zip(nodes, pairs, strict=True):
            quoted = "\n".join(f"> {line}".rstrip() for line in words.split("\n"))
            assert node.title == title, (kind, title, words)
            assert node.texts.get("description", "") in (words, quoted), (kind, title, words)
            assert not node.texts.keys() - {"description"}, (kind, title, words)
