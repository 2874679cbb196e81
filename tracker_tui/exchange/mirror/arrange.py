"""Where the lines of a file lie, as places in the track: for what is new, moved, or back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from tracker_tui.domain import plan, text
from tracker_tui.domain.align import rising
from tracker_tui.domain.journal import Value
from tracker_tui.domain.track import links_json
from tracker_tui.domain.words import Kind, Status
from tracker_tui.exchange.mirror.identify import Identified
from tracker_tui.exchange.mirror.lines import Line, state_of
from tracker_tui.exchange.mirror.ties import Tie, spot_of
from tracker_tui.exchange.mirror.track import Places, parent_of
from tracker_tui.exchange.nodes import TIES

if TYPE_CHECKING:
    from tracker_tui.exchange.mirror.absorb import Absorbed, Asked


def arrange(found: Identified, asked: Asked, out: Absorbed) -> None:
    """Add to `out` what is new, with its place, and the places of what was moved in the file."""
    _Arranger(found, asked, out).run()


class _Arranger:
    def __init__(self, found: Identified, asked: Asked, out: Absorbed) -> None:
        self.found = found
        self.asked = asked
        self.out = out
        self.places = Places(found.track)

    def run(self) -> None:
        """Give places to what is new, what was moved, and what comes back elsewhere."""
        groups: defaultdict[tuple[str, bool], list[int]] = defaultdict(list)
        for number, line in enumerate(self.found.lines):
            if self.found.ids[number] and (
                number in self.found.fresh or self.found.entry(number) is not None
            ):
                groups[self.found.spots[number], line.heading].append(number)
        moving = self._moving(groups)
        parents = {
            **{id_: entry.parent for id_, entry in self.found.track.entries.items()},
            **{
                self.found.ids[n]: parent_of(self.found.spots[n])
                for n in (*self.found.fresh, *moving)
            },
        }
        for number in [n for n in moving if self._round(self.found.ids[n], parents)]:
            moving.discard(number)
            entry = self.found.track.entries[self.found.ids[number]]
            parents[entry.id] = entry.parent
            self.out.pending.add((entry.id, "spot"))
        for (spot, _), numbers in groups.items():
            self._settle(spot, numbers, moving)
            self._leave(numbers, moving)

    def _leave(self, numbers: Sequence[int], moving: set[int]) -> None:
        """Leave what only the track moved to be moved in the file."""
        for number in numbers:
            old = self.found.old[number]
            if old is None or old.said is None or number in moving:
                continue
            now = self.found.track.said(self.found.track.entries[old.id])
            if (now.spot, now.position) != (old.said.spot, old.said.position):
                self.out.pending.add((old.id, "spot"))

    def _moving(self, groups: Mapping[tuple[str, bool], list[int]]) -> set[int]:
        rank = {tie.id: place for place, tie in enumerate(self.found.base.ties)}
        moving: set[int] = set()
        for (spot, _), numbers in groups.items():
            stayed = []
            for number in numbers:
                old = self.found.old[number]
                entry = self.found.track.entries.get(self.found.ids[number])
                if number in self.found.fresh or entry is None:
                    continue
                if old is None or old.id not in rank:
                    now = spot_of(entry.kind, entry.parent, entry.horizon)
                    if now != spot:
                        moving.add(number)
                elif old.spot != spot:
                    if self._may_move(number, old):
                        moving.add(number)
                else:
                    stayed.append(number)
            kept = set(rising([rank[self.found.ids[number]] for number in stayed]))
            for place, number in enumerate(stayed):
                old = self.found.old[number]
                if place not in kept and old is not None and self._may_move(number, old):
                    moving.add(number)
        return moving

    def _may_move(self, number: int, old: Tie) -> bool:
        """Whether the file's place counts: the track gave it no other one, or did earlier."""
        entry = self.found.track.entries[self.found.ids[number]]
        now, said = self.found.track.said(entry), old.said
        if said is None or (now.spot, now.position) == (said.spot, said.position):
            return True
        if self.found.spots[number] == now.spot and old.spot != now.spot:
            return False
        name = "parent" if now.spot != said.spot else "position"
        if self.asked.later(entry.id, name):
            return True
        self.out.pending.add((entry.id, "spot"))
        self.out.told.append(
            f"{plan.quoted(entry)}: moved on both sides; the track was later, its place counts"
        )
        return False

    @staticmethod
    def _round(id_: str, parents: Mapping[str, str | None]) -> bool:
        seen: set[str] = set()
        at: str | None = id_
        while at is not None:
            if at in seen:
                return True
            seen.add(at)
            at = parents.get(at)
        return False

    def _settle(self, spot: str, numbers: Sequence[int], moving: set[int]) -> None:
        behind: str | None = None
        run: list[int] = []

        def stays(number: int) -> bool:
            if number in moving or number in self.found.fresh:
                return False
            return (
                self.found.track.said(self.found.track.entries[self.found.ids[number]]).spot == spot
            )

        def place(before: str | None) -> None:
            if run:
                ids = [self.found.ids[number] for number in run]
                keys = self.places.give(spot, ids, behind, before)
                for number, position in zip(run, keys, strict=True):
                    self._put(number, spot, position)

        for number in numbers:
            if number in moving or number in self.found.fresh:
                run.append(number)
            elif stays(number):
                place(self.found.ids[number])
                run = []
                behind = self.found.ids[number]
        place(None)

    def _put(self, number: int, spot: str, position: str) -> None:
        line, id_ = self.found.lines[number], self.found.ids[number]
        if number in self.found.fresh:
            self._add(line, id_, spot, position)
            return
        entry = self.found.track.entries[id_]
        self.out.moved.append(entry.title)
        self.out.changes += plan.move(entry, parent_of(spot), position, "").changes
        if entry.kind is Kind.STEP and entry.horizon is not line.horizon:
            self.out.changes += plan.set_horizon(line.horizon, [entry]).changes

    def _add(self, line: Line, id_: str, spot: str, position: str) -> None:
        fields: dict[str, Value] = {"status": state_of(line).value}
        fields |= {
            name: text.body(words, name.replace("_", " "))
            for name, words in line.values.items()
            if name not in TIES.values()
        }
        self.out.name(id_, line)
        if line.links:
            fields["resources"] = links_json(line.links)
        if line.horizon is not None:
            fields["horizon"] = line.horizon.value
        added = plan.add(id_, line.kind, parent_of(spot), position, line.title, fields)
        self.out.changes += added.changes
        self.out.new.append(line.title)
        if line.status is Status.LEARNED and line.kind is Kind.ITEM:
            self.out.learned.append(id_)
