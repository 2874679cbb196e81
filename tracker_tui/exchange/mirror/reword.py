"""Boxes, titles and texts put over the old ones where they stand in a file."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from tracker_tui.domain import plan, text
from tracker_tui.domain.track import Entry
from tracker_tui.domain.words import Kind, Status
from tracker_tui.exchange.markdown import BOX
from tracker_tui.exchange.mirror import lines
from tracker_tui.exchange.mirror.emitted import Emitted, Unsaid, check
from tracker_tui.exchange.mirror.lines import NOWHERE, Line, state_of
from tracker_tui.exchange.mirror.saying import in_place, reads_as_heading, says
from tracker_tui.exchange.mirror.ties import TEXTS, Tie, value_of
from tracker_tui.exchange.mirror.track import Track


def reworded(out: Emitted, track: Track, name: str) -> Emitted:
    """Return a file with what the track says differently now; `name` is what it is called."""
    return _Words(out, track, name).written()


class _Words:
    """Boxes, titles and texts put over the old ones where they stand."""

    def __init__(self, out: Emitted, track: Track, name: str) -> None:
        self.out = out
        self.track = track
        self.name = name
        self.before = dict(out.changed)
        self.told = list(out.told)
        self.edits: list[tuple[int, int, str]] = []
        self.meant: dict[int, Line] = {}
        """By its number what a line that was changed should say."""
        self.worded: dict[str, None] = {}
        """The entries of which titles or texts are written, in the order of the file."""

    def written(self) -> Emitted:
        """Return the file with what the track says differently now, as far as it can be said there."""
        try:
            return self._written()
        except Unsaid:
            without = set(self.worded)
        waiting = [[*self.worded]]
        while waiting:
            group = waiting.pop()
            try:
                self._written(without.difference(group))
            except Unsaid:
                half = len(group) // 2
                if half:
                    waiting += [group[half:], group[:half]]
                else:
                    self.told += [
                        f"{plan.quoted(self.track.entries[id_])}: its title and texts cannot be said in"
                        " the file without changing what else stands there; they are as they were"
                        for id_ in group
                    ]
            else:
                without.difference_update(group)
        return self._written(without)

    def _written(self, without: Collection[str] = ()) -> Emitted:
        """Return the file with all boxes, and all words but those of some entries."""
        self.edits, self.meant, self.worded = [], {}, {}
        self.out.told = list(self.told)
        self.out.changed = dict(self.before)
        for number, tie in enumerate(self.out.ties):
            entry = self.track.living(tie.id) if tie.id else None
            if entry is None or tie.said is None:
                continue
            now = self.track.said(entry)
            if now.status is not tie.said.status:
                self._status(number, tie, entry, now.status)
            if entry.id in without:
                continue
            if now.title not in (tie.said.title, tie.line.title):
                self._title(number, tie, entry, now.title)
            for name in TEXTS:
                if now.texts.get(name) not in (tie.said.texts.get(name), tie.line.texts.get(name)):
                    self._text(tie, entry, name)
        return self._applied() if self.edits else self.out

    def _status(self, number: int, tie: Tie, entry: Entry, status: Status) -> None:
        line = tie.line
        if entry.is_branch or line.level or state_of(line) is status or line.holds:
            return
        box = f"[{BOX[status]}] "
        if line.box >= 0 and not (tie.boxed and status is Status.TODO and self._can(line, "")):
            self.edits.append((line.box, line.box + 1, BOX[status]))
            self.meant[number] = replace(line, status=status)
        elif line.box >= 0:
            self.edits.append((line.box - 1, line.at, ""))
        elif line.kind not in (Kind.GAP, Kind.STEP):
            return
        elif self._can(replace(line, status=status), box):
            self.edits.append((line.at, line.at, box))
        else:
            self.out.told.append(
                f"{plan.quoted(entry)}: its line cannot have a box; it is as it was"
            )
            return
        self.out.changed[entry.id] = entry.title

    def _can(self, line: Line, box: str) -> bool:
        """Whether a line with that before its words, and no other box, says what it should."""
        begin = line.box - 1 if line.box >= 0 else line.at
        meant = line if box else replace(line, status=None)
        return says(self._snippet(line, (begin, line.at), box), meant, line.title, line.texts)

    def _title(self, number: int, tie: Tie, entry: Entry, title: str) -> None:
        line, source = tie.line, self.out.text
        if not text.is_title(title):
            return
        known = line.name != NOWHERE
        for words in in_place(source[slice(*line.name)], line.title, title) if known else ():
            if line.heading:
                end = lines.line_behind(source, line.start)
                if not source[line.start : end].lstrip("\ufeff ").startswith("#"):
                    end = lines.line_behind(source, end)
                made = source[line.start : line.name[0]] + words + source[line.name[1] : end]
                good = reads_as_heading(made.lstrip("\ufeff"), entry, title)
            else:
                snippet = self._snippet(line, line.name, words)
                good = says(snippet, line, title, line.texts, words)
            if good:
                self.edits.append((*line.name, words))
                self.worded[entry.id] = None
                self.meant[number] = replace(self.meant.get(number, line), title=title)
                self.out.changed[entry.id] = entry.title
                return
        self.out.told.append(
            f"{plan.quoted(entry)}: its new title cannot be said in its line, which is as it was"
        )

    def _text(self, tie: Tie, entry: Entry, name: str) -> None:
        span = tie.line.spans.get(name)
        value = value_of(entry, name)
        if span is None or not value or "\n" in value:
            return
        texts = {**tie.line.texts, name: lines.digest(value)}
        if name == "description":
            title = tie.line.title
            if not says(self._snippet(tie.line, span, value), tie.line, title, texts):
                return
        elif text.line(value) != value:
            return
        self.edits.append((*span, value))
        self.worded[entry.id] = None
        self.out.changed[entry.id] = entry.title

    def _snippet(self, line: Line, span: tuple[int, int], words: str) -> str:
        """The block of a line with some of it replaced."""
        source = self.out.text
        return source[line.start : span[0]] + words + source[span[1] : line.end]

    def _applied(self) -> Emitted:
        self.edits.sort()
        source, parts, at = self.out.text, [], 0
        for start, end, words in self.edits:
            parts += [source[at:start], words]
            at = end
        made = "".join((*parts, source[at:]))
        meant = [
            replace(tie, line=self.meant.get(number, tie.line))
            for number, tie in enumerate(self.out.ties)
        ]
        boxes = {tie.line.box for tie in self.out.ties}
        if all(start in boxes and end == start + 1 for start, end, _ in self.edits):
            return replace(self.out, text=made, ties=meant)  # all else is where it was
        found = lines.read(made, self.name).lines
        check(found, meant)
        if [line.parent for line in found] != [tie.line.parent for tie in meant]:
            raise Unsaid
        for tie, line in zip(meant, found, strict=True):
            added = line.box >= 0 and tie.line.box < 0
            tie.boxed = added or (tie.boxed and line.box >= 0)
            tie.line = line
        return replace(self.out, text=made, ties=meant)
