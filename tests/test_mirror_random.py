"""Random documents and random edits on both sides: what a mirror promises holds for all of them."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import event, example, given
from hypothesis import strategies as st

from tests.conftest import Clock
from tests.visible import visible
from tracker_tui.domain.track import Entry, Place
from tracker_tui.domain.words import Kind, Status
from tracker_tui.errors import TrackerError
from tracker_tui.exchange.mirror import lines, ties
from tracker_tui.exchange.mirror.ticked import blank, ticked
from tracker_tui.paths import Paths
from tracker_tui.store import check
from tracker_tui.tracker import Tracker

pytestmark = pytest.mark.unmeasured

TITLES = st.sampled_from(
    [
        *(
            "one",
            "two",
            "same",
            "same",
            "**bold**: told",
            "**Bold lead**",
            "`code` here",
            "naïve ✓",
        ),
        *("[a link](https://example.org)", "a *b* _c_", "1. counted", "[x] boxed", "# hash"),
        *("tail  ", "back\\slash", "**x** and y", "<b>tag</b>", "**in** - dash", "&amp; co"),
        *(
            "**Lead:** told",
            "**Lead** (p) told",
            "__Lead__, told",
            "**Lead** Told in a sentence",
            "Held:",
        ),
    ]
)
LEADS = st.sampled_from(
    [
        *("- [ ] ", "- [x] ", "* [X] ", "+ [/] ", "- [-] ", "1. [ ] ", "2) [x] "),
        *("  - [ ] ", "  * [x] ", "    - [ ] ", "\t- [ ] ", "      + [ ] ", "   1. [ ] "),
        *("## ", "## 3. ", "### ", "#### ", "# ", "- ", "1. ", "- - [ ] "),
        *("- ### ", "  - ", "    - [ ] ", "   - [ ] ", "  1. "),
    ]
)
OTHER = st.sampled_from(
    [
        *("", "", "", "words", "  more words", "---", "<!-- - [ ] no -->", "> - [ ] no", "===="),
        *("```", "- [ ] in code", "| a | b |", "| - | - |", "  - Impact: much", "  - a remark"),
        *("## Critical list", "### Immediate", "[ref]: /x", "    indented", "~~~", "   "),
        *("   Impact: much", "   **Action:** go", "## Learning Path", "## Short-term", "# Title"),
    ]
)
LINE = st.one_of(
    st.tuples(LEADS, TITLES).map("".join), st.tuples(LEADS, TITLES).map("".join), OTHER
)
ENDS = st.sampled_from(["\n", "\n", "\n", "\r\n", "\r"])
PICK = st.integers(0, 50)
NEW = st.sampled_from(["fresh", "same", "**fresh**: words", "a_b_c", "*"])
IN_FILE = st.one_of(
    st.tuples(st.just("tick"), PICK, st.sampled_from(" xX/-")),
    st.tuples(st.just("retitle"), PICK, NEW),
    st.tuples(st.just("remove"), PICK),
    st.tuples(st.just("insert"), PICK, LINE),
    st.tuples(st.just("carry"), PICK, PICK),
    st.tuples(st.just("duplicate"), PICK),
)
IN_TRACK = st.one_of(
    st.tuples(st.just("status"), PICK, st.sampled_from(Status)),
    st.tuples(st.just("title"), PICK, NEW),
    st.tuples(st.just("text"), PICK, st.sampled_from(["", "new words", "two\nlines", "- [ ] x"])),
    st.tuples(st.just("delete"), PICK),
    st.tuples(st.just("add"), PICK, NEW),
    st.tuples(st.just("section"), PICK, NEW),
    st.tuples(st.just("category"), PICK, NEW),
    st.tuples(st.just("move"), PICK, st.sampled_from([-2, -1, 1, 2])),
    st.tuples(st.just("move_to"), PICK, PICK),
    st.tuples(st.just("undo"), PICK),
)
ROUNDS = st.lists(
    st.tuples(st.lists(IN_FILE, max_size=3), st.lists(IN_TRACK, max_size=3), st.booleans()),
    min_size=1,
    max_size=3,
)


@st.composite
def documents(draw: Any) -> str:
    """A document of any shape, with one kind of line end or a mixture, with or without the last."""
    mixed = draw(st.booleans())
    end = draw(ENDS)
    made = "\ufeff" if draw(st.integers(0, 9)) == 0 else ""
    if draw(st.integers(0, 9)) == 0:
        made += f"---{end}front: matter{end}---{end}"
    for line in draw(st.lists(LINE, min_size=1, max_size=14)):
        made += line + (draw(ENDS) if mixed else end)
    return made if draw(st.booleans()) else made.rstrip("\r\n")


_TEMPLATE: list[Path] = []


def template() -> Path:
    """An empty track, made once."""
    if not _TEMPLATE:
        folder = Path(tempfile.mkdtemp())
        with Tracker(Paths(*[folder] * 3), clock=Clock(), first=lambda: ()):
            pass
        _TEMPLATE.append(folder)
    return _TEMPLATE[0]


class Both:
    """A file and a track, and what is done to them."""

    def __init__(self, folder: Path, text: str) -> None:
        self.clock = Clock()
        shutil.copytree(template(), folder / "home")
        numbers = count(1)
        self.tracker = Tracker(
            Paths(*[folder / "home"] * 3),
            clock=self.clock,
            tail=lambda length: f"{next(numbers):0{length}d}",
            first=lambda: (),
        )
        self.file = folder / "plan.md"
        self.told = False
        """Whether something could not be said in the file."""
        self.write(text)

    @property
    def text(self) -> str:
        return self.file.read_bytes().decode()

    def write(self, text: str) -> None:
        self.file.write_bytes(text.encode())
        moment = self.clock.utc.timestamp()
        os.utime(self.file, (moment, moment))

    def in_file(self, edit: tuple[Any, ...]) -> None:
        what, place, *more = edit
        parts = lines.split(self.text)
        if not parts:
            return
        place %= len(parts)
        line = parts[place].rstrip("\r\n")
        end = parts[place][len(line) :]
        if what == "tick":
            parts[place] = re.sub(r"\[[ xX/-]\]", f"[{more[0]}]", line, count=1) + end
        elif what == "retitle":
            parts[place] = re.sub(r"(\[[ xX/-]\] |#+ ).*", rf"\g<1>{more[0]}", line, count=1) + end
        elif what == "remove":
            del parts[place]
        elif what == "insert":
            parts.insert(place, more[0] + (end or "\n"))
        elif what == "carry":
            carried = parts.pop(place)
            parts.insert(more[0] % (len(parts) + 1), carried if end else carried + "\n")
        elif what == "duplicate":
            parts.insert(place, line + (end or "\n"))
        self.write("".join(parts))

    def in_track(self, edit: tuple[Any, ...]) -> None:
        what, place, *more = edit
        tracker = self.tracker
        entries = sorted(tracker.select("").matches, key=lambda entry: entry.id)
        if not entries:
            return
        entry = entries[place % len(entries)]
        try:
            if what == "status":
                tracker.set_status([entry.id], more[0])
            elif what == "title":
                tracker.edit(entry.id, {"title": more[0]})
            elif what == "text":
                tracker.edit(entry.id, {"description": more[0]})
            elif what == "delete":
                tracker.delete([entry.id])
            elif what == "add":
                tracker.add(more[0], Kind.ITEM, Place(entry.id), description="told")
            elif what == "section":
                tracker.add(more[0], Kind.SECTION, Place(entry.id))
            elif what == "category":
                made = tracker.add(more[0], Kind.CATEGORY, Place(None, Kind.CATEGORY))
                tracker.add("inner", Kind.ITEM, Place(made.changes[0].id))
            elif what == "move":
                tracker.move(entry.id, more[0])
            elif what == "move_to":
                tracker.move_to(entry.id, entries[more[0] % len(entries)].id)
            elif what == "undo":
                tracker.undo()
        except TrackerError:
            pass

    def base(self) -> ties.Base:
        kept = self.tracker._store.mirror(str(self.file))
        assert kept is not None
        return ties.load(kept[1])

    def in_file_at_all(self, entry: Entry) -> bool:
        """Whether the place of an entry is one that the file has."""
        return entry.parent is None or entry.parent in {tie.id for tie in self.base().ties}

    def in_step(self) -> None:
        """What the file says is what the track says, but for what was told."""
        base = self.base()
        found = lines.read(self.text, "plan").lines
        assert [(line.kind, line.title) for line in found] == [
            (tie.line.kind, tie.line.title) for tie in base.ties
        ]
        assert [line.start for line in found] == [tie.line.start for tie in base.ties]
        ids = [tie.id for tie in base.ties if tie.id]
        assert len(set(ids)) == len(ids)
        for tie, line in zip(base.ties, found, strict=True):
            if not tie.id:
                continue
            entry = self.tracker.entry(tie.id)
            assert not entry.deleted
            if line.box >= 0 and not entry.covering:
                assert (line.status or Status.TODO) is entry.own_status
            if not self.told and line.name != lines.NOWHERE:
                assert ties.key(line.title) == ties.key(entry.title)
                assert tie.spot == ties.said_of(entry).spot or not self.in_file_at_all(entry)

    def all_is_kept(self, before: str) -> None:
        """Whatever stood in the file is in the track, at least in its history, or still in the file."""
        said: dict[str, set[object]] = {}
        for row in self.tracker.journal():
            said.setdefault(row.field, set()).add(row.value)
        for line in lines.read(before, "plan").lines:
            if line.kind is not Kind.CATEGORY:
                assert line.title in said["title"]
                for value in set(line.values.values()) - set().union(*said.values()):
                    # What stood below a line that went can come to stand below the one above it:
                    # then it is text of the file that nobody asked to be an entry's.
                    assert all(part in self.text for part in str(value).split("\n"))

    def beside(self) -> bool:
        """Whether the track has something that is not in the file, and does not look untouched.

        A line that the file gets of it says so from then on.
        """
        tied = {tie.id for tie in self.base().ties}
        there = self.tracker.select("").matches
        return any(e.own_status is not Status.TODO for e in there if e.id not in tied)

    def only_touched_lines(self, base: ties.Base, before: str) -> None:
        """Every line that belongs to nothing that changed in the track stands where it stood."""
        touched = []
        for tie in base.ties:
            entry = self.tracker._store.entry(tie.id) if tie.id else None
            if entry is not None and (entry.deleted or ties.said_of(entry) != tie.said):
                line = tie.line
                touched.append((line.start, line.end if _structural(entry, tie) else line.own_end))
        kept, place = [], 0
        for line_text in lines.split(before):
            if not any(start <= place < end for start, end in touched) and not _apart(line_text):
                kept.append(line_text.rstrip("\r\n"))
            place += len(line_text)
        after = iter([line_text.rstrip("\r\n") for line_text in lines.split(self.text)])
        assert all(line_text in after for line_text in kept), (kept, self.text)

    def nothing_more(self) -> None:
        before, text = visible(self.tracker), self.text
        rows = self.tracker._store.rows()
        for found in self.tracker.mirror_all():
            assert found.error is None
            assert found.into.empty and found.out.empty, found
        assert self.text == text
        assert visible(self.tracker) == before
        assert self.tracker._store.rows() == rows


def _structural(entry: Any, tie: ties.Tie) -> bool:
    now = ties.said_of(entry)
    assert tie.said is not None
    return entry.deleted or (now.spot, now.position) != (tie.said.spot, tie.said.position)


def _apart(line: str) -> bool:
    return re.fullmatch(r"[\s*_-]*", line) is not None


def begun(pair: Both) -> bool:
    """Begin to mirror the file, if there is something in it that can be."""
    try:
        pair.tracker.mirror_add(str(pair.file))
    except TrackerError as error:
        assert "no task list" in str(error)
        return False
    return True


@contextmanager
def both(text: str) -> Iterator[Both]:
    with tempfile.TemporaryDirectory() as folder:
        made = Both(Path(folder), text)
        try:
            yield made
        finally:
            made.tracker.close()


@given(documents(), ROUNDS)
def test_both_sides_change_and_come_to_one(
    text: str, rounds: list[tuple[list[Any], list[Any], bool]]
) -> None:
    with both(text) as pair:
        if not begun(pair):
            return
        assert pair.text == text
        pair.in_step()
        pair.nothing_more()
        for in_file, in_track, file_first in rounds:
            steps = [(pair.in_file, in_file), (pair.in_track, in_track)]
            for do, edits in steps if file_first else steps[::-1]:
                pair.clock.advance(seconds=5)
                for edit in edits:
                    do(edit)
            pair.clock.advance(seconds=5)
            base, before, track = pair.base(), pair.text, visible(pair.tracker)
            rows, beside = pair.tracker._store.rows(), pair.beside()
            (found,) = pair.tracker.mirror_all(wipe=True)
            assert found.error is None, found.error
            assert check.problems(pair.tracker._store) == []
            pair.told = pair.told or any("cannot" in told for told in found.told)
            pair.in_step()
            pair.all_is_kept(before)
            if not in_track and not beside:
                assert pair.text == before
            if not in_file:
                assert pair.tracker._store.rows() == rows
                pair.only_touched_lines(base, before)
            pair.nothing_more()
            for told in found.told:
                event(re.sub("“.*?”", "", told)[:70])
            if not in_track and not beside and found.action.changes:
                undone = pair.tracker.undo()
                assert undone is not None and undone.undoes == found.action.id
                assert visible(pair.tracker) == track
                pair.tracker.redo()
                pair.tracker.mirror_all(wipe=True)
                pair.in_step()
                assert pair.text == before


@given(documents(), st.lists(st.tuples(PICK, st.sampled_from(" xX/-")), min_size=1, max_size=4))
def test_a_file_whose_boxes_were_ticked_is_known_without_reading_it(
    text: str, ticks: list[tuple[int, str]]
) -> None:
    found = lines.read(text, "plan").lines
    base = ties.Base([ties.Tie("", line, None) for line in found], blank=blank(text, found))
    base = ties.load(ties.dump(base))
    boxes = [line.box for line in found if line.box >= 0]
    made = list(text)
    for place, mark in ticks if boxes else ():
        made[boxes[place % len(boxes)]] = mark
    after = "".join(made)

    known = ticked(base, after)

    assert known == [replace(line, values={}, links=[]) for line in lines.read(after, "plan").lines]
    assert ticked(base, after + "x") is None
    assert ticked(base, "x" + after[1:]) is None or after.startswith("x")
    for box in boxes:
        for place in (box, box + 1):  # no box any more
            assert ticked(base, f"{after[:place]}?{after[place + 1 :]}") is None


def lines_that_stand_for(base: ties.Base, deleted: set[str], text: str) -> set[int]:
    """The numbers of the lines that may go: headings of what was deleted, and list items whole."""
    starts, place = [], 0
    for line_text in lines.split(text):
        starts.append(place)
        place += len(line_text)
    found: set[int] = set()
    for tie in base.ties:
        if tie.id not in deleted or tie.line.level < 0:
            continue
        end = tie.line.end
        if tie.line.heading:
            end = lines.line_behind(text, tie.line.start)
            while not text[tie.line.start : end].lstrip("\ufeff ").startswith("#"):
                first, end = end, lines.line_behind(text, end)
                if re.match(r" {0,3}(=+|-+)\s*\Z", text[first:end]) or first == end:
                    break
        found |= {n for n, start in enumerate(starts) if tie.line.start <= start < end}
    return found


PROSE = st.sampled_from(
    [
        *("words of mine", "> quoted", "<!-- a comment -->", "| a | b |", "```\ncode\n```"),
        *("![image](x.png)", "[ref]: /x", "- a bullet", "#### Aside", "    code", "A\n-"),
    ]
)


@st.composite
def described(draw: Any) -> str:
    """A document with text of the user's own everywhere."""
    parts = draw(st.lists(st.one_of(LINE, PROSE, PROSE, st.just("")), max_size=12))
    end = draw(st.sampled_from(["\n", "\n", "\r\n"]))
    made = end.join(["## First", *(each.replace("\n", end) for each in parts), "- [ ] last"])
    return str(made + draw(st.sampled_from(["", end, end * 2])))


@example("## First\n- [ ] one\n# Title\n```\n- [ ] last", [0], False)
@example("## First\n- [ ] one\n  - a remark\n    - [ ] one\n- [ ] last", [3], False)
@example("#### Aside\n- [x] Lead\n#### Aside\n", [0], True)
@example("## Learning Path\n+ [/] Lead\n### Immediate\n- [ ] last\n", [0], False)
@example("# T\n\nwords\n\n- [ ] one\n\n### Part\nwords\n\n## B\n", [0], False)
@given(described(), st.lists(PICK, min_size=1, max_size=3), st.booleans())
def test_deleting_takes_only_the_lines_of_what_was_deleted_out_and_undo_puts_them_back(
    text: str, picks: list[int], together: bool
) -> None:
    with both(text) as pair:
        if not begun(pair):
            return
        texts = [text]
        deletions = []
        for pick in picks:
            base, before = pair.base(), pair.text
            ids = [tie.id for tie in base.ties if tie.id]
            if not ids:
                break
            pair.tracker.delete([ids[pick % len(ids)]])
            (found,) = pair.tracker.mirror_all()
            assert found.error is None
            if any("cannot" in told for told in found.told):
                return
            pair.in_step()
            pair.nothing_more()
            deleted = {id_ for id_ in ids if pair.tracker.entry(id_).deleted}
            may_go = lines_that_stand_for(base, deleted, before)
            kept = [each.strip() for each in lines.split(before)]
            kept = [each for n, each in enumerate(kept) if n not in may_go and not _apart(each)]
            after = iter([each.strip() for each in lines.split(pair.text)])
            assert all(each in after for each in kept), (kept, pair.text)
            deletions.append(deleted)
            texts.append(pair.text)
        if together:
            # What is left stays left when the file is read again.
            gone = set().union(*deletions)
            pair.clock.advance(seconds=5)
            pair.write(pair.text + ("" if pair.text.endswith("\n") else "\n") + "\nmore words\n")
            pair.tracker.mirror_all(wipe=True)
            assert all(pair.tracker.entry(id_).deleted for id_ in gone)
            pair.in_step()
            pair.nothing_more()
            return
        for was in texts[-2::-1]:
            pair.tracker.undo()
            (found,) = pair.tracker.mirror_all()
            assert found.error is None
            pair.in_step()
            assert pair.text == was
            pair.nothing_more()
