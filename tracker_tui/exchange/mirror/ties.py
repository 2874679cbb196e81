"""What a mirrored file and the track both were when they were last brought in step.

A `Tie` is one line of the file and the entry that it is, with what each of the two said. Whatever
says something else later has changed since; that is how a change is told from a difference. What
says so is kept as JSON, compactly: a file may have a hundred thousand lines.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from tracker_tui.domain import text
from tracker_tui.domain.align import Pair, align
from tracker_tui.domain.track import Entry
from tracker_tui.domain.words import Horizon, Kind, Status
from tracker_tui.exchange.mirror.lines import Line, digest

FORMAT = 1
ALIKE = 0.6
"""From which likeness on, 0 to 1, a line is another one retitled."""
CLOSE = 40
"""How many lines on are looked at for one that was retitled."""

TEXTS = ("description", "impact", "action", "done_when", "first_step", "effort")
"""The fields of an entry, beside its title and its status, that a file can say."""


@dataclass(slots=True)
class Said:
    """What the track says of an entry, as far as a file can say it too."""

    title: str
    status: Status
    texts: dict[str, str]
    """Digests of its further texts, those that are not empty."""
    spot: str
    """Where it lies: see `spot_of`."""
    position: str


@dataclass(slots=True)
class Tie:
    """A line of the file, the entry that it is, and what both said."""

    id: str
    """Empty: the line is no entry."""
    line: Line
    said: Said | None
    """What the track said; None of a line that is no entry."""
    spot: str = ""
    """Where the line lies, as `spot_of`."""
    boxed: bool = False
    """Whether its box was put there by the mirror, and goes again with what it said."""
    was: str = ""
    """Of a line that is no entry: the one that it was, which was deleted in the track; it stays deleted."""


@dataclass(slots=True)
class Gone:
    """An entry that was in the file and in the track, and is in one of them no more."""

    tie: Tie
    text: str = ""
    """Its lines as they were, where the mirror removed them; empty for what lay in such lines."""
    inner: list[str] = field(default_factory=list)
    """The ids of the entries in `text`, in its order, this one first; empty ones of other lines."""
    others: list[Tie] = field(default_factory=list)
    """Those other lines."""
    left: bool = False
    """Whether its heading stays in the file, with what below it is the user's own."""
    place: int = -1
    """Where in the text without it its lines stood, or its heading stands."""
    cut: str = ""
    """All that was taken out there: its lines, and what kept them apart."""
    after: str = ""
    """A digest of the text without it: as long as that is the file's, `place` is right."""


@dataclass(slots=True)
class Base:
    """All that is kept of a mirror."""

    ties: list[Tie] = field(default_factory=list)
    """Of every line, in the order of the file."""
    gone: dict[str, Gone] = field(default_factory=dict)
    outside: set[str] = field(default_factory=set)
    """Entries that lie where the file has something, and are none of its business."""
    blank: str = ""
    """Of the file's text without what stands in its boxes: see `ticked`."""


def spot_of(kind: Kind, parent: str | None, horizon: Horizon | None) -> str:
    """Return where an entry lies: the id of its parent, or a word for what stands alone."""
    if parent is not None:
        return parent
    return f"@step-{horizon}" if kind is Kind.STEP else f"@{kind}"


def key(title: str) -> str:
    """Return what two titles have in common that are taken for the same."""
    return text.line(title).casefold()


def said_of(entry: Entry) -> Said:
    """Return what the track says of an entry.

    The status of what is made of items follows from them: it shows in a file only when all of them
    are learned, or none counts, so that a changed item changes no line but its own.
    """
    status = entry.own_status
    if entry.covering:
        ended = entry.status in (Status.LEARNED, Status.SKIPPED)
        status = entry.status if ended else Status.TODO
    return Said(
        text.line(entry.title),
        status,
        {name: digest(value) for name in TEXTS if (value := value_of(entry, name))},
        spot_of(entry.kind, entry.parent, entry.horizon),
        entry.position,
    )


def value_of(entry: Entry, name: str) -> str:
    """Return the title or one of `TEXTS` of an entry, empty where it has none."""
    if name == "effort":
        return entry.effort.value if entry.effort else ""
    value: str = getattr(entry, name)
    return value


# Which lines are those that were there before


def match(old: Sequence[Tie], new: Sequence[Line]) -> list[int | None]:
    """Return for each line which of the old ones it is, None for one that is new.

    What stays in its order is found first, the same in all first; then what was moved, by its
    title; then what has another title now, by likeness.
    """
    before = [tie.line for tie in old]
    if len(before) == len(new) and all(map(_stands, before, new)):
        return [*range(len(new))]
    pairs = align([whole(line) for line in before], [whole(line) for line in new])
    pairs = _between(pairs, [_brief(line) for line in before], [_brief(line) for line in new])
    found: list[int | None] = [None] * len(new)
    used = [False] * len(old)
    for i, j in (*pairs, *_moved(pairs, before, new)):
        found[j], used[i] = i, True
    for i, j in _retitled(pairs, found, used, before, new):
        found[j], used[i] = i, True
    return found


def _stands(one: Line, other: Line) -> bool:
    """Whether a line is at its place still, whatever its box says by now."""
    if one is other:
        return True
    return (one.start, one.texts, _brief(one)) == (other.start, other.texts, _brief(other))


def _brief(line: Line) -> Hashable:
    return line.kind, line.heading, key(line.title)


def whole(line: Line) -> Hashable:
    """Return all that a line says."""
    return _brief(line), line.status, line.horizon, tuple(sorted(line.texts.items()))


def _gaps(pairs: Sequence[Pair], old: int, new: int) -> Iterator[tuple[int, int, int, int]]:
    for (i, j), (k, m) in pairwise([(-1, -1), *pairs, (old, new)]):
        if k - i > 1 and m - j > 1:
            yield i + 1, k, j + 1, m


def _between(pairs: list[Pair], before: Sequence[Hashable], new: Sequence[Hashable]) -> list[Pair]:
    more = [
        (low + i, low_b + j)
        for low, high, low_b, high_b in _gaps(pairs, len(before), len(new))
        for i, j in align(before[low:high], new[low_b:high_b])
    ]
    return sorted((*pairs, *more))


def _moved(pairs: Sequence[Pair], before: Sequence[Line], new: Sequence[Line]) -> Iterator[Pair]:
    """Lines that have the same title elsewhere: the same in all first, then in their order."""
    used, taken = {i for i, _ in pairs}, {j for _, j in pairs}
    for sort in (whole, _brief):
        free: defaultdict[Hashable, list[int]] = defaultdict(list)
        for i, line in enumerate(before):
            if i not in used:
                free[sort(line)].append(i)
        if not free:
            return
        for j, line in enumerate(new):
            there = free.get(sort(line)) if j not in taken else None
            if there:
                i = there.pop(0)
                used.add(i)
                taken.add(j)
                yield i, j


def _retitled(
    pairs: Sequence[Pair],
    found: list[int | None],
    used: list[bool],
    before: Sequence[Line],
    new: Sequence[Line],
) -> Iterator[Pair]:
    """Lines between the same neighbours whose titles are much alike, or all that is below them."""
    below: defaultdict[int, list[int]] = defaultdict(list)
    for j, line in enumerate(new):
        below[line.parent].append(j)
    for low, high, low_b, high_b in _gaps(pairs, len(before), len(new)):
        free = [i for i in range(low, high) if not used[i]]
        wanted = [j for j in range(low_b, high_b) if found[j] is None]
        at = 0
        for j in wanted:
            best, place = 0.0, -1
            for n in range(at, min(at + CLOSE, len(free))):
                alike = _likeness(before, free[n], new, j, [found[b] for b in below[j]])
                if alike > best:
                    best, place = alike, n
            alone = len(free) == len(wanted) == 1
            if best >= (ALIKE / 2 if alone else ALIKE):
                yield free[place], j
                at = place + 1


def _likeness(
    before: Sequence[Line], i: int, new: Sequence[Line], j: int, below: Sequence[int | None]
) -> float:
    from difflib import SequenceMatcher  # 4 ms, and only where a line changed

    one, other = before[i], new[j]
    if (one.kind, one.heading) != (other.kind, other.heading):
        return 0.0
    if one.texts and one.texts == other.texts:
        return 1.0
    kept = sum(1 for place in below if place is not None and before[place].parent == i)
    if below and kept * 2 > len(below):
        return 1.0
    matcher = SequenceMatcher(None, key(one.title)[:200], key(other.title)[:200], autojunk=False)
    return matcher.ratio() if matcher.quick_ratio() >= ALIKE / 2 else 0.0


# Keeping it


def dump(base: Base) -> str:
    """Return a base as JSON."""
    kept = {
        "format": FORMAT,
        "ties": [_row(tie) for tie in base.ties],
        "gone": [_gone_row(gone) for gone in base.gone.values()],
        "outside": sorted(base.outside),
        "blank": base.blank,
    }
    return json.dumps(kept, ensure_ascii=False, separators=(",", ":"))


def load(kept: str) -> Base:
    """Read what `dump` wrote.

    Raises:
        ValueError: if it is none.
    """
    try:
        made = json.loads(kept)
        if made["format"] != FORMAT:
            raise ValueError("kept by another version")
        gone = [_gone(*row) for row in made["gone"]]
        return Base(
            [_tie(row) for row in made["ties"]],
            {each.tie.id: each for each in gone},
            set(made["outside"]),
            made.get("blank", ""),
        )
    except (KeyError, TypeError, IndexError) as error:
        raise ValueError("not what was kept of a mirror") from error


def _gone_row(gone: Gone) -> list[Any]:
    others = [_row(tie) for tie in gone.others]
    cut = 0 if gone.cut == gone.text else gone.cut
    return [
        *(_row(gone.tie), gone.text, gone.inner),
        *(others, int(gone.left), gone.place, cut, gone.after),
    ]


def _gone(
    row: list[Any],
    text: str,
    inner: list[str],
    others: Sequence[list[Any]] = (),
    left: int = 0,
    place: int = -1,
    cut: str | int = 0,
    after: str = "",
) -> Gone:
    ties = [_tie(each) for each in others]
    words = text if isinstance(cut, int) else cut
    return Gone(_tie(row), text, inner, ties, bool(left), place, words, after)


def _row(tie: Tie) -> list[Any]:
    line, said = tie.line, tie.said
    row = [
        tie.id,
        tie.spot,
        int(tie.boxed),
        [line.kind, line.title, line.parent, line.horizon, line.level, line.status],
        [line.start, line.end, line.own_end, line.box, line.at, *line.name],
        line.texts,
        line.spans,
        None if said is None else [*_track_side(said, line, tie.spot)],
    ]
    return [*row, tie.was] if tie.was else row


def _track_side(said: Said, line: Line, spot: str) -> Iterable[Any]:
    """What the track said; 0 where the file said the same."""
    yield 0 if said.title == line.title else said.title
    yield said.status
    yield 0 if said.texts == line.texts else said.texts
    yield 0 if said.spot == spot else said.spot
    yield said.position


def _tie(row: list[Any]) -> Tie:
    id_, spot, boxed, facts, places, digests, spans, said, *was = row
    kind, title, parent, horizon, level, status = facts
    start, end, own_end, box, at, *name = places
    line = Line(
        Kind(kind),
        title,
        parent,
        Horizon(horizon) if horizon else None,
        level,
        start,
        end,
        own_end,
        box,
        at,
        Status(status) if status else None,
        (name[0], name[1]),
        digests,
        {which: (span[0], span[1]) for which, span in spans.items()},
    )
    if said is None:
        return Tie(id_, line, None, spot, bool(boxed), *was)
    words, state, digests_too, place, position = said
    made = Said(
        words or title,
        Status(state),
        digests if digests_too == 0 else digests_too,
        place or spot,
        position,
    )
    return Tie(id_, line, made, spot, bool(boxed))
