"""What a mirrored file changed, as changes of the track. Pure: `tracker/mirroring.py` writes them.

Three sides are compared: what both were (`ties.Base`), the file now and the track now. What only the
file changed goes into the track. What both changed is decided for whichever was later; where that is
the track, the file's value is written into the journal first and taken back at once, so that the
history has it. What only the track changed is left for `emit.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field

from tracker_tui.domain import plan, text
from tracker_tui.domain.journal import Change, Value
from tracker_tui.domain.track import Entry, address_key, links_json
from tracker_tui.domain.words import Entity, Status
from tracker_tui.errors import TrackerError
from tracker_tui.exchange.mirror.arrange import arrange
from tracker_tui.exchange.mirror.identify import Identified
from tracker_tui.exchange.mirror.lines import LINKS, Line, state_of
from tracker_tui.exchange.mirror.ties import TEXTS, Base, Gone, Tie, value_of
from tracker_tui.exchange.mirror.track import Track
from tracker_tui.exchange.nodes import TIES

WIPE = 5
"""From how many removed lines on the file is asked about, if they are more than half of it."""

DEPTH_MAX = 50


@dataclass
class Asked:
    """What has to be known besides the three sides."""

    new_ids: Callable[[Sequence[str]], Sequence[str]]
    """Makes ids for titles."""
    later: Callable[[str, str], bool]
    """Whether the file changed later than the track did, of an id and a field."""
    elsewhere: Collection[str] | None = None
    """The entries that other files are tied to, when a mirror is made: then lines are tied to other
    entries of their title elsewhere too."""
    name: str = "the file"
    """What the file is called."""
    wipe: bool = False
    """Whether most of the lines may go."""


@dataclass
class Absorbed:
    """What goes into the track."""

    ties: list[Tie]
    """Of every line; the track's side of what is new is filled in when it was written."""
    gone: dict[str, Gone]
    outside: set[str]
    changes: list[Change] = field(default_factory=list)
    statuses: dict[str, Status] = field(default_factory=dict)
    """The status that entries get by id; of those made of items it is meant for their items."""
    lost: list[tuple[Entry, str, Value, Value]] = field(default_factory=list)
    """Fields of which the file's value is not taken: the entry, the field, the file's, the track's."""
    learned: list[str] = field(default_factory=list)
    """New items that are learned already."""
    pending: set[tuple[str, str]] = field(default_factory=set)
    """(id, field) of which the track's value goes into the file; `spot` stands for the place."""
    new: list[str] = field(default_factory=list)
    changed: dict[str, str] = field(default_factory=dict)
    """Titles by id."""
    moved: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    """What the user has to know: what both sides changed."""
    named: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    """Id of an entry, and which others its line names: see `nodes.Node.ties`."""

    def name(self, id_: str, line: Line) -> None:
        """Note what others the line of an entry names."""
        ties = {name: line.values[name] for name in TIES.values() if name in line.values}
        if ties:
            self.named.append((id_, ties))

    @property
    def empty(self) -> bool:
        """Whether nothing goes into the track."""
        return not (self.changes or self.statuses or self.lost)


def absorb(base: Base, lines: Sequence[Line], track: Track, asked: Asked) -> Absorbed:
    """Work out what the file changed.

    Raises:
        TrackerError: if most of its lines are gone and that was not said to be meant, it nests too
            deep or a text is too long.
    """
    return _Absorber(base, lines, track, asked).run()


class _Absorber:
    def __init__(self, base: Base, lines: Sequence[Line], track: Track, asked: Asked) -> None:
        self.base = base
        self.lines = lines
        self.track = track
        self.asked = asked
        self.found = Identified(base, lines, track, elsewhere=asked.elsewhere)
        self.out = Absorbed([], dict(base.gone), set(base.outside))

    def run(self) -> Absorbed:
        found = self.found
        self._removed()
        self._come_back()
        self._make()
        for number, tie in enumerate(found.old):
            entry = found.entry(number)
            if entry is None or number in found.fresh:
                continue
            if tie is not None:
                self._compare(self.lines[number], tie, entry)
            else:
                self._compare_first(self.lines[number], entry)
        arrange(found, self.asked, self.out)
        self._beside()
        self.out.outside -= found.used
        for id_ in found.used:
            self.out.gone.pop(id_, None)
        self.out.ties = [self._tie(number) for number in range(len(self.lines))]
        return self.out

    def _beside(self) -> None:
        """Leave out of the file what lies already in an entry that a line of it is from now on."""
        for number, old in enumerate(self.found.old):
            if old is None and number not in self.found.fresh:
                below = self.track.below.get(self.found.ids[number], ())
                self.out.outside |= {entry.id for entry in below}

    def _tie(self, number: int) -> Tie:
        line, old = self.lines[number], self.found.old[number]
        tie = Tie(self.found.ids[number], line, old.said if old else None, self.found.spots[number])
        tie.boxed = old is not None and old.boxed and line.box >= 0
        tie.was = self.found.dead.get(number, "")
        return tie

    # Lines that are no more

    def _removed(self) -> None:
        lay = {tie.id: tie.said.spot for tie in self.base.ties if tie.said is not None}
        going: dict[str, Tie] = {}
        missing = 0
        keep: set[str] = set()
        outside = self._above_outside()
        for tie in reversed(self.found.unmatched):
            entry = self.track.living(tie.id)
            if entry is None or tie.said is None:
                self._let_go(tie)
                continue
            missing += 1
            now = self.track.said(entry)
            edited = (now.title, now.status, now.texts) != (
                tie.said.title,
                tie.said.status,
                tie.said.texts,
            )
            added = any(
                child.id not in self.out.outside and lay.get(child.id) != tie.id
                for child in self.track.below.get(tie.id, ())
            )
            if edited or added or tie.id in keep:
                keep.add(tie.said.spot)
                self._let_go(tie)  # and it comes back
                if edited or added:
                    self.out.told.append(
                        f"{plan.quoted(entry)}: its line was removed, and it changed in the track;"
                        " it stays"
                    )
            elif tie.id in outside:
                self.out.outside.add(tie.id)
            else:
                going[tie.id] = tie
        tied = sum(1 for tie in self.base.ties if tie.id and self.track.living(tie.id))
        # Lines that stay in the track as they changed there are gone from the file all the same.
        most = missing >= WIPE and missing * 2 > tied
        blank = not self.lines and missing == tied
        if going and (most or blank) and not self.asked.wipe:
            raise TrackerError(
                f"{self.asked.name}: {missing:,} of its {tied:,} lines are gone: nothing was changed",
                "tracker mirror --yes deletes their entries, if that is meant",
            )
        for id_, tie in going.items():
            entry = self.track.entries[id_]
            self.out.removed.append(entry.title)
            self.out.changes.append(Change(Entity.ENTRY, id_, "deleted", 0, 1))
            self._let_go(tie)

    def _let_go(self, tie: Tie) -> None:
        self.out.gone.setdefault(tie.id, Gone(tie))

    def _above_outside(self) -> set[str]:
        """The entries that have something below them which is none of the file's business."""
        found: set[str] = set()
        for id_ in self.base.outside:
            at = self.track.living(id_)
            while at is not None and at.parent is not None and at.parent not in found:
                found.add(at.parent)
                at = self.track.living(at.parent)
        return found

    # Lines of entries that were deleted

    def _come_back(self) -> None:
        """What was deleted in the track and changed in the file stays, with all above it."""
        found = self.found
        wanted: set[int] = set()
        for number in range(len(self.lines) - 1, -1, -1):
            line, old = self.lines[number], found.old[number]
            entry = self.track.entries.get(found.ids[number])
            stays = number in wanted or number in found.fresh or number in found.back
            if entry is not None and old is not None and not stays:
                carried = old.spot != found.spots[number]
                edited = carried or _file_side(line) != _file_side(old.line)
                stays = carried or (edited and entry.deleted)
                if edited and entry.deleted:
                    self.out.told.append(
                        f"{plan.quoted(entry)}: deleted in the track, and its line changed;"
                        " it is back"
                    )
            if not stays:
                continue
            if entry is not None and entry.deleted:
                found.back.add(number)
            if line.parent >= 0:
                wanted.add(line.parent)
        for number in sorted(found.back):
            entry = self.track.entries[found.ids[number]]
            self.out.changes.append(Change(Entity.ENTRY, entry.id, "deleted", 1, 0))
            self.out.changed[entry.id] = entry.title

    # Lines that are new

    def _make(self) -> None:
        fresh = sorted(self.found.fresh)
        self.found.name(self.asked.new_ids([self.lines[number].title for number in fresh]))
        depth: list[int] = []
        for line in self.lines:
            depth.append(depth[line.parent] + 1 if line.parent >= 0 else 1)
            if depth[-1] > DEPTH_MAX:
                name = text.shortened(text.shown(line.title), 60)
                raise TrackerError(f"“{name}” lies too deep", f"{DEPTH_MAX} levels at most")

    # What lines say

    def _compare(self, line: Line, old: Tie, entry: Entry) -> None:
        was = old.line
        said = old.said or self.track.said(entry)
        now = self.track.said(entry)
        if line.title != was.title and line.level >= 0:
            self._merge(entry, "title", line.title, now.title != said.title, now.title)
        elif now.title != said.title:
            self.out.pending.add((entry.id, "title"))
        stateless = entry.is_branch or line.level or line.holds
        if state_of(line) is not state_of(was) and not stateless:
            self._merge_status(entry, state_of(line), now.status is not said.status)
        elif now.status is not said.status:
            self.out.pending.add((entry.id, "status"))
        for name in TEXTS:
            there = now.texts.get(name) != said.texts.get(name)
            if line.texts.get(name) != was.texts.get(name):
                value = text.body(line.values.get(name, ""), name.replace("_", " "))
                self._merge(entry, name, value, there, value_of(entry, name))
            elif there:
                self.out.pending.add((entry.id, name))
        if line.texts.get(LINKS) != was.texts.get(LINKS):
            self._link(entry, line)
        if any(line.texts.get(name) != was.texts.get(name) for name in TIES.values()):
            self.out.name(entry.id, line)

    def _compare_first(self, line: Line, entry: Entry) -> None:
        """Compare a line with an entry that it was just tied to: nothing is known of before."""
        self.out.name(entry.id, line)
        for name, value in line.values.items():
            if name in TIES.values():
                continue
            self._take(entry, name, text.body(value, name.replace("_", " ")))
        self._link(entry, line)
        if entry.is_branch or line.level or line.holds:
            return
        now = self.track.said(entry).status
        if state_of(line) is not Status.TODO:
            self._merge_status(entry, state_of(line), now is not Status.TODO)
        elif now is not Status.TODO:
            self.out.pending.add((entry.id, "status"))

    def _merge(self, entry: Entry, name: str, value: str, both: bool, now: str) -> None:  # noqa: FBT001
        if value == now:
            return
        if both and not self.asked.later(entry.id, name):
            self.out.lost.append((entry, name, value, now))
            self.out.pending.add((entry.id, name))
            self._tell(entry, name, "the track", value)
            return
        if both:
            self._tell(entry, name, "the file", now)
        self._take(entry, name, value)

    def _take(self, entry: Entry, name: str, value: str) -> None:
        before = value_of(entry, name)
        if value != before:
            self.out.changes.append(
                Change(Entity.ENTRY, entry.id, name, stored(name, before), stored(name, value))
            )
            self.out.changed[entry.id] = entry.title

    def _link(self, entry: Entry, line: Line) -> None:
        """Take the links of a line that the entry has not; one that is no more stays."""
        known = {address_key(link.url) for link in entry.resources}
        links = [link for link in line.links if address_key(link.url) not in known]
        if links:
            made = links_json((*entry.resources, *links))
            change = Change(Entity.ENTRY, entry.id, "resources", entry.resources_json, made)
            self.out.changes.append(change)
            self.out.changed[entry.id] = entry.title

    def _merge_status(self, entry: Entry, status: Status, both: bool) -> None:  # noqa: FBT001
        now = self.track.said(entry).status
        if status is now or (entry.covering and status is Status.LEARNING):
            return
        if both and not self.asked.later(entry.id, "status"):
            self.out.pending.add((entry.id, "status"))
            self._tell(entry, "status", "the track", status.value)
            if not entry.covering:
                self.out.lost.append((entry, "status", status.value, now.value))
            return
        if both:
            self._tell(entry, "status", "the file", now.value)
        self.out.statuses[entry.id] = status
        self.out.changed[entry.id] = entry.title

    def _tell(self, entry: Entry, name: str, winner: str, lost: str) -> None:
        words = text.shortened(text.shown(text.line(lost)), 40)
        self.out.told.append(
            f"{plan.quoted(entry)}: {name.replace('_', ' ')} changed on both sides; {winner} was"
            f" later, “{words}” is in the history"
        )


def stored(name: str, value: str) -> Value:
    """Return a text as the journal keeps it: no effort is nothing."""
    return value or None if name == "effort" else value


def _file_side(line: Line) -> tuple[str, Status, dict[str, str]]:
    return line.title, state_of(line), line.texts
