"""Which blocks of a file are new, which go and which move, and where they stand then."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from enum import Enum, auto

from tracker_tui.domain import plan
from tracker_tui.domain.align import rising
from tracker_tui.domain.track import Entry
from tracker_tui.domain.words import Kind
from tracker_tui.exchange.mirror import lines
from tracker_tui.exchange.mirror.emitted import Emitted, Unsaid, check, shown
from tracker_tui.exchange.mirror.leaving import Leaving
from tracker_tui.exchange.mirror.lines import Block, Line, Sheet
from tracker_tui.exchange.mirror.saying import indent_of
from tracker_tui.exchange.mirror.standing import kept_ties, whole
from tracker_tui.exchange.mirror.style import Piece, Style
from tracker_tui.exchange.mirror.ties import Gone, Tie, spot_of
from tracker_tui.exchange.mirror.track import Track, horizon_of
from tracker_tui.exchange.mirror.writing import Writer

_ROOT = f"@{Kind.CATEGORY}"
"""What needs no heading above it."""
UNMOVED = (
    "was moved, and its line cannot be moved in the file without changing what else stands there"
)


class Moving(Enum):
    """How lines are put in order; where one way does not say what was meant, the next may."""

    AS_THEY_ARE = auto()
    """Lines that stay beside those they lay beside keep every byte; as few as possible are moved."""
    AROUND = auto()
    """What the track did not move stays where it is; a moved line is indented like its neighbours."""
    FEWEST = auto()
    """As few lines as possible are moved, and indented like their neighbours."""


class Shape:
    """Which blocks are new, which go and which move; and the text that comes of it."""

    def __init__(
        self,
        before: Emitted,
        track: Track,
        elsewhere: Callable[[], set[str]],
        only: str | None = None,
        moving: Moving = Moving.AS_THEY_ARE,
    ) -> None:
        self.out = replace(
            before,
            gone=dict(before.gone),
            outside=set(before.outside),
            new=list(before.new),
            moved=list(before.moved),
            removed=list(before.removed),
            told=list(before.told),
        )
        out = self.out
        self.track = track
        self.elsewhere = elsewhere
        self.moving = moving
        self.place = {tie.id: n for n, tie in enumerate(out.ties) if tie.id}
        self.going = {
            n for n, tie in enumerate(out.ties) if tie.id and track.living(tie.id) is None
        }
        self.added: defaultdict[str, list[Entry]] = defaultdict(list)
        """By spot the entries that have no line yet."""
        self.moved = {n for n, tie in enumerate(out.ties) if self._has_moved(tie)}
        self._find_added()
        if only is not None:
            self._restrict(only)

    def units(self) -> list[str]:
        """Return the ids of what can be done by itself."""
        ties = self.out.ties
        going = [ties[n].id for n in sorted(self.going) if ties[n].line.parent not in self.going]
        added = [entry.id for entries in self.added.values() for entry in entries]
        return [*going, *added, *(ties[n].id for n in sorted(self.moved))]

    def _restrict(self, only: str) -> None:
        """Do one thing, with what lies in it, and leave the rest for later."""
        ties = self.out.ties
        kept: set[int] = set()
        for number in sorted(self.going):
            if ties[number].id == only or ties[number].line.parent in kept:
                kept.add(number)
        self.going = kept
        self.moved = {n for n in self.moved if ties[n].id == only}
        for spot, entries in list(self.added.items()):
            self.added[spot] = [entry for entry in entries if entry.id == only]
            if not self.added[spot]:
                del self.added[spot]

    @property
    def needed(self) -> bool:
        """Whether there is anything to do."""
        return bool(self.going or self.added or self.moved)

    def _has_moved(self, tie: Tie) -> bool:
        entry = self.track.living(tie.id) if tie.id else None
        if entry is None or tie.said is None or tie.line.level < 0:
            return False
        now = self.track.said(entry)
        return (now.spot, now.position) != (tie.said.spot, tie.said.position)

    def _find_added(self) -> None:
        """What lies in the track where the file has something, and is not in the file yet."""
        roots = {
            tie.spot
            for tie in self.out.ties
            if tie.id and tie.spot.startswith("@") and tie.line.level >= 0
        }
        # A list that was emptied is one still; where its heading is gone too, `_order` finds out.
        roots |= {gone.tie.spot for gone in self.out.gone.values()} - {_ROOT}
        for spot in [tie.id for n, tie in enumerate(self.out.ties) if n not in self.going]:
            if spot:
                self._look_below(spot)
        for spot, entries in self.track.below.items():
            if not spot.startswith("@"):
                continue
            fresh = [entry for entry in entries if entry.id not in self.place]
            whole = spot in roots and not any(entry.id in self.out.outside for entry in fresh)
            for entry in fresh:
                if entry.id in self.out.outside:
                    continue
                if (whole or entry.id in self.out.gone) and entry.id not in self.elsewhere():
                    self.added[spot].append(entry)
                else:
                    self.out.outside.add(entry.id)

    def _look_below(self, spot: str) -> None:
        there = self.track.below.get(spot)
        if not there:
            return
        fresh = [entry for entry in there if entry.id not in self.place]
        whole = not any(entry.id in self.out.outside for entry in fresh)
        for entry in fresh:
            if entry.id in self.out.outside:
                continue
            if whole or entry.id not in self.elsewhere():
                self.added[spot].append(entry)
            else:
                self.out.outside.add(entry.id)

    # The new text

    def done(self, sheet: Sheet, name: str) -> Emitted:
        """Return the file with everything in its place.

        Raises:
            Unsaid: if the new text would not say what was meant.
        """
        self._begin(sheet)
        self._arrange()
        parts: list[str] = []
        order: list[Tie] = []
        Writer(self).write(sheet.root, parts, order)
        made = "".join(parts)
        self.leaving.keep()
        if made.endswith(("\n", "\r")) and not sheet.text.endswith(("\n", "\r")):
            made = made[: -2 if made.endswith("\r\n") else -1]
        again = lines.read(made, name)
        order, hidden = shown(order, again.lines)
        for tie in hidden:
            self.out.gone[tie.id] = Gone(tie, left=True)
            self.out.outside.add(tie.id)
        hides = {n for tie in hidden if (n := self.place.get(tie.id, -1)) >= 0}
        self.leaving.keep_places(parts, made, hides)
        check(again.lines, order)
        ties = [
            replace(tie, line=self._as_known(tie, line))
            for tie, line in zip(order, again.lines, strict=True)
        ]
        put = {self.out.ties[number].id for number in self.settled}
        stuck = {self.out.ties[number].id for number in self.stuck - self.settled}
        for tie, line in zip(ties, again.lines, strict=True):
            above = ties[line.parent].id if line.parent >= 0 else None
            before, tie.spot = tie.spot, spot_of(line.kind, above, line.horizon)
            entry = self.track.living(tie.id) if tie.id else None
            if entry is None or tie.said is None:
                continue
            now = self.track.said(entry)
            if tie.spot not in (before, now.spot) or (tie.id in put and tie.spot != now.spot):
                raise Unsaid
            if tie.id in stuck:
                self.out.told.append(f"{plan.quoted(entry)} {UNMOVED}")
            if tie.id in put or tie.id in stuck:
                tie.said = replace(tie.said, spot=now.spot, position=now.position)
        self.out.text, self.out.ties = made, ties
        return self.out

    def _as_known(self, tie: Tie, line: Line) -> Line:
        """Return a line as it was read anew.

        What was deleted and is back keeps what it said on that day: what the file says by now is a
        change of the file's, and still to be taken in.
        """
        number = self.place.get(tie.id, -1)
        if number < 0 or self.sheet.lines[number].texts == tie.line.texts:
            return line
        return replace(line, texts=tie.line.texts)

    def _begin(self, sheet: Sheet) -> None:
        """Take a text as the one that is worked on."""
        self.sheet = sheet
        self.blocks: dict[int, Block] = {}
        self.above: dict[int, Block] = {}
        waiting = [sheet.root]
        while waiting:
            block = waiting.pop()
            for child in block.children:
                self.above[id(child)] = block
                if child.line >= 0:
                    self.blocks[child.line] = child
                waiting.append(child)
        self.behind: defaultdict[int, list[Piece]] = defaultdict(list)
        """By the identity of a block what comes right behind it."""
        self.ahead: defaultdict[int, list[Piece]] = defaultdict(list)
        self.within: defaultdict[int, list[Piece]] = defaultdict(list)
        """What comes at the end of a block."""
        self.under: defaultdict[int, list[Piece]] = defaultdict(list)
        """What comes below a heading, before the next heading."""
        self.settled: set[int] = set()
        """Lines that were moved in the track and are where they should be now."""
        self.stuck: set[int] = set()
        """Lines that were moved to where the file can have nothing."""
        self.lifted: set[int] = set()
        """Identities of the blocks that are not where they were."""
        self.leaving = Leaving(self)

    def _arrange(self) -> None:
        tasks = {n for n in self.going if n in self.blocks and not self.sheet.lines[n].heading}
        self.lifted |= {id(self.blocks[number]) for number in tasks}
        spots: dict[str, None] = dict.fromkeys(self.added)
        for number in sorted(self.moved):
            entry = self.track.entries[self.out.ties[number].id]
            spots[self.track.said(entry).spot] = None
        for spot in spots:
            for heading in (False, True):
                self._order(spot, heading=heading)
        self.leaving.take_headings_out()

    def _order(self, spot: str, *, heading: bool) -> None:
        """Put what is new or was moved in a spot behind what it follows in the track."""
        wanted = list(self._wanted(spot, heading=heading))
        there = sorted(n for _, n in wanted if n is not None and self.out.ties[n].spot == spot)
        stay = self._staying(there, wanted)
        if not stay and not self._can_hold(spot, heading=heading):
            self.out.outside |= {entry.id for entry, number in wanted if number is None}
            self.stuck |= {n for _, n in wanted if n is not None and n in self.moved}
            return
        self.settled.update(n for _, n in wanted if n is not None and n in self.moved)
        style = Style(self, spot, [n for n in there if n in stay])
        last: int | None = None
        held: list[Piece] = []
        for entry, number in wanted:
            if number in stay:
                last = number
                continue
            piece = self._piece(entry, number, spot, style, last)
            if piece is None:
                continue
            if last is None:
                held.append(piece)
            else:
                piece.gap = style.gap_behind(last)
                self.behind[id(self.blocks[last])].append(piece)
        if held:
            self._put_first(held, spot, there, stay, style)

    def _wanted(self, spot: str, *, heading: bool) -> Iterator[tuple[Entry, int | None]]:
        """What should stand in a spot, in the order of the track: each with its line, if any."""
        new = {entry.id for entry in self.added.get(spot, ())}
        for entry in self.track.below.get(spot, ()):
            number = self.place.get(entry.id)
            if number is not None and number in self.blocks:
                if self.sheet.lines[number].heading is heading:
                    yield entry, number
            elif entry.id in new and self._as_heading(entry) is heading:
                yield entry, None

    def _staying(
        self, there: Sequence[int], wanted: Sequence[tuple[Entry, int | None]]
    ) -> set[int]:
        """The lines around which the others are put: as many as can stay where they are.

        Where the file has an order of its own that the track never changed, it keeps it.
        """
        still = {n for n in there if n not in self.moved}
        rank = {n: place for place, (_, n) in enumerate(wanted) if n is not None}
        fixed = [rank[n] for n in there if n in still]
        if fixed != sorted(fixed):
            return still
        if self.moving is Moving.AROUND and still:
            return still
        return {there[place] for place in rising([rank[n] for n in there])}

    def _piece(
        self, entry: Entry, number: int | None, spot: str, style: Style, behind: int | None
    ) -> Piece | None:
        if number is None:
            return self._new(entry, style, behind)
        if number in self.moved or self.out.ties[number].spot == spot:
            beside = self.moving is Moving.AS_THEY_ARE and self.out.ties[number].spot == spot
            return self.lift(number, None if beside else style.like(behind)[0])
        return None

    def _put_first(
        self, held: list[Piece], spot: str, now: list[int], stay: set[int], style: Style
    ) -> None:
        first = next((n for n in now if n in stay), None)
        if first is not None:
            for piece in held:
                piece.gap = style.gap_behind(first)
            self.ahead[id(self.blocks[first])] += held
            return
        heading = held[0].heading
        holder = self._holder(spot)
        assert holder is not None  # `_can_hold` said so
        for piece in held:
            piece.gap = style.eol if heading else ""
            piece.apart = piece is held[0] and not heading and holder.level > 0
        if holder.level > 0 and not heading:
            self.under[id(holder)] += held
        else:
            self.within[id(holder)] += held

    def _can_hold(self, spot: str, *, heading: bool) -> bool:
        holder = self._holder(spot)
        return holder is not None and (spot == _ROOT or holder.level > 0 or not heading)

    def _holder(self, spot: str) -> Block | None:
        """The block in which the first of a spot would stand."""
        if not spot.startswith("@"):
            return self.blocks.get(self.place.get(spot, -1))
        if spot == _ROOT:
            return self.sheet.root
        horizon = horizon_of(spot)
        holds = horizon.value if horizon else "gaps" if spot == f"@{Kind.GAP}" else None
        waiting = [self.sheet.root]
        while waiting and holds:
            block = waiting.pop()
            if block.holds == holds and block.level > 0:
                return block
            waiting += reversed(block.children)
        return None

    def _as_heading(self, entry: Entry) -> bool:
        if entry.kind in (Kind.CATEGORY, Kind.SECTION):
            return True
        kept = self.out.gone.get(entry.id)
        return kept is not None and kept.text != "" and not kept.left and kept.tie.line.heading

    # Pieces

    def lift(self, number: int, indent: str | None) -> Piece:
        """Take a block from where it is; `indent` is for the first line of a task, None for its own."""
        block = self.blocks[number]
        self.lifted.add(id(block))
        tie = self.out.ties[number]
        if tie.said is not None and tie.said.spot:
            self.out.moved.append(tie.line.title)
        was, _ = lines.marker(self.sheet.text, self.sheet.lines[number])
        heading = self.sheet.lines[number].heading
        if heading or indent is None:
            indent = was
        return Piece(block=block, was=was, indent=indent, heading=heading)

    def _new(self, entry: Entry, style: Style, behind: int | None) -> Piece | None:
        """The lines of an entry: as they were, if they were there once, or new ones."""
        kept = self.out.gone.get(entry.id)
        if kept is not None and kept.text and not kept.left and self._whole(kept):
            ties = kept_ties(self.out.gone, kept)
            for tie in ties:
                if tie.id:
                    self.place[tie.id] = -1
            self.out.new.append(entry.title)
            piece = Piece(words=kept.text, ties=ties, heading=kept.tie.line.heading)
            piece.was = piece.indent = indent_of(kept.text)
            if not piece.heading:
                piece.indent = style.like(behind)[0]
            return piece
        return style.render(entry, behind)

    def _whole(self, kept: Gone) -> bool:
        """Whether all that was in some lines is there again, and nowhere else in the file."""
        return whole(self.out.gone, kept, self.track, self.place)
