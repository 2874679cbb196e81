"""What was deleted in the track and is back: its lines where they stood, its heading that stayed."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import replace

from tracker_tui.exchange.mirror import lines
from tracker_tui.exchange.mirror.emitted import Emitted, Unsaid, check, shown
from tracker_tui.exchange.mirror.lines import Line
from tracker_tui.exchange.mirror.ties import Gone, Tie, key, spot_of
from tracker_tui.exchange.mirror.track import Track


def kept_ties(gone: dict[str, Gone], kept: Gone) -> list[Tie]:
    """Take what is known of the lines in a text that was kept, in its order, out of `gone`."""
    others = iter(kept.others)
    return [gone.pop(id_).tie if id_ else next(others) for id_ in kept.inner]


def whole(gone: Mapping[str, Gone], kept: Gone, track: Track, there: Container[str]) -> bool:
    """Whether all that was in some lines is in the track again, and not in the file."""
    return all(
        id_ in gone and track.living(id_) is not None and id_ not in there
        for id_ in kept.inner
        if id_
    )


def put_back(text: str, gone: Iterable[Gone]) -> str:
    """Return a text with what was cut out of it, each at its place."""
    parts, at = [], 0
    for each in sorted((each for each in gone if each.cut), key=_order):
        parts += [text[at : each.place], each.cut]
        at = each.place
    return "".join((*parts, text[at:]))


def _order(gone: Gone) -> tuple[int, bool, int]:
    return gone.place, gone.left, gone.tie.line.start


def stood(out: Emitted, track: Track, name: str) -> Emitted:
    """Put what is back where it was, if nothing else changed since; tie what stayed to its entries."""
    back = [gone for id_, gone in out.gone.items() if track.living(id_) is not None]
    if any(gone.after for gone in back):
        mark = lines.digest(out.text)
        there = {tie.id for tie in out.ties if tie.id}
        same = [
            gone
            for gone in back
            if gone.after == mark
            and gone.tie.id not in there
            and (gone.left or whole(out.gone, gone, track, there))
        ]
        if any(gone.cut for gone in same):
            out = _as_it_was(out, same, track, name)
    return _tied_again(out, track)


def _as_it_was(out: Emitted, back: Sequence[Gone], track: Track, name: str) -> Emitted:
    gone = dict(out.gone)
    ids = {each.tie.id for each in back}
    rows = [
        (_order(each), [gone.pop(each.tie.id).tie] if each.left else kept_ties(gone, each))
        for each in back
    ]
    rows += [
        ((tie.line.start if tie.line.level >= 0 else -1, True, -1), [tie])
        for tie in out.ties
        if tie.was not in ids
    ]
    order = [tie for _, ties in sorted(rows, key=lambda row: row[0]) for tie in ties]
    text = put_back(out.text, back)
    found = lines.read(text, name).lines
    order, hidden = shown(order, found)
    order = _with_text(order, found, gone)
    try:
        check(found, order)
    except Unsaid:
        return out
    gone |= {tie.id: out.gone[tie.id] for tie in hidden}
    ties = [replace(tie, line=line) for tie, line in zip(order, found, strict=True)]
    if not all(_in_place(ties, n, track) for n, tie in enumerate(ties) if tie.id in ids):
        return out
    new = [each.tie.line.title for each in back if each.tie.id not in out.outside]
    outside = out.outside - {tie.id for tie in ties}
    return replace(out, text=text, ties=ties, gone=gone, outside=outside, new=[*out.new, *new])


def _with_text(order: Sequence[Tie], found: Sequence[Line], gone: Mapping[str, Gone]) -> list[Tie]:
    """Add the headings that stayed, or were the document's title, and are read as such again.

    What stands above them is back.
    """
    left = {
        (one.tie.line.kind, key(one.tie.line.title)): id_ for id_, one in gone.items() if one.left
    }
    made = list(order)
    for number, line in enumerate(found):
        said = line.kind, key(line.title)
        there = made[number].line if number < len(made) else None
        if there is not None and (there.kind, key(there.title)) == said:
            continue
        if said in left or line.level == 1:
            made.insert(number, Tie("", line, None, was=left.get(said, "")))
    return made


def _tied_again(out: Emitted, track: Track) -> Emitted:
    ties, gone = list(out.ties), dict(out.gone)
    for number, tie in enumerate(out.ties):
        entry, known = track.living(tie.was), gone.get(tie.was)
        if entry is None or known is None:
            continue
        line = replace(tie.line, texts=known.tie.line.texts)
        said = known.tie.said or track.said(entry)
        ties[number] = Tie(entry.id, line, said, track.said(entry).spot, known.tie.boxed)
        if _in_place(ties, number, track):
            del gone[entry.id]
        else:
            ties[number] = tie
    return replace(out, ties=ties, gone=gone)


def _in_place(ties: list[Tie], number: int, track: Track) -> bool:
    """Whether a line stands where its entry lies in the track."""
    line = ties[number].line
    above = ties[line.parent].id if line.parent >= 0 else None
    spot = spot_of(line.kind, above, line.horizon)
    return spot == track.said(track.entries[ties[number].id]).spot
