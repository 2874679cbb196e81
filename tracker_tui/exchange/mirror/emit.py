"""What the track changed, written into a mirrored file: only the lines concerned become others.

A changed box or title is put over the old one where it stands. What was added, removed or moved is a
matter of whole blocks of lines; after that the new text is read again, and it is good only if it says
exactly what was meant.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from tracker_tui.domain import plan
from tracker_tui.exchange.mirror import lines
from tracker_tui.exchange.mirror.emitted import Emitted, Unsaid
from tracker_tui.exchange.mirror.lines import Sheet
from tracker_tui.exchange.mirror.reword import reworded
from tracker_tui.exchange.mirror.shape import UNMOVED, Moving, Shape
from tracker_tui.exchange.mirror.standing import stood
from tracker_tui.exchange.mirror.ties import Gone
from tracker_tui.exchange.mirror.track import Track

PASSES = 3
"""What comes back can bring lines that need others below them; then it is looked at once more."""


def emit(
    source: str,
    name: str,
    before: Emitted,
    track: Track,
    elsewhere: Callable[[], set[str]],
    sheet: Sheet | None = None,
) -> Emitted:
    """Bring a file in step with the track.

    Args:
        source: The text of the file.
        name: What it is called.
        before: What it is tied to; `ties` are those of the lines of `source`.
        track: The entries as they are now.
        elsewhere: The entries that other files are tied to.
        sheet: The text taken apart, if that was done already.
    """
    out = stood(replace(before, text=source), track, name)
    if out.text != source:
        sheet = None
    for _ in range(PASSES):
        shaped = partial(Shape, out, track, elsewhere)
        shape = shaped()
        if not shape.needed:
            out = shape.out
            break
        text = out.text
        done = _done(shape, partial(shaped, None), sheet or lines.read(text, name), name)
        out = done or _one_by_one(out, name, track, elsewhere, shape)
        if out.text == text:
            break  # what is left goes to places that the file has not
        sheet = None
    out = reworded(out, track, name)
    for tie in out.ties:
        entry = track.living(tie.id) if tie.id else None
        if entry is not None:
            tie.said = track.said(entry)
    return out


def _done(
    shape: Shape, shaped: Callable[[Moving], Shape], sheet: Sheet, name: str
) -> Emitted | None:
    """Return the file as a shape has it, or as one that moves lines in another way; None if none can.

    Args:
        shape: The first one.
        shaped: Makes the same with another way of moving.
        sheet: The text, taken apart.
        name: What it is called.
    """
    for moving in Moving:
        if moving is not shape.moving:
            shape = shaped(moving)
        try:
            return shape.done(sheet, name)
        except Unsaid:
            if not shape.moved:
                break
    return None


def _one_by_one(
    out: Emitted, name: str, track: Track, elsewhere: Callable[[], set[str]], all_: Shape
) -> Emitted:
    """Do what can be done, each by itself; what cannot be is told, and left as it is."""
    for id_ in all_.units():
        shaped = partial(Shape, out, track, elsewhere, id_)
        shape = shaped()
        if shape.needed:
            done = _done(shape, shaped, lines.read(out.text, name), name)
            out = done or _left(out, track, id_)
    return out


def _left(out: Emitted, track: Track, id_: str) -> Emitted:
    """Leave one entry as it is in the file, from now on too."""
    entry = track.entries[id_]
    out = replace(out, ties=list(out.ties), gone=dict(out.gone))
    out = replace(out, outside=set(out.outside), told=list(out.told))
    number = next((n for n, tie in enumerate(out.ties) if tie.id == id_), None)
    apart = " without changing what else stands there"
    what = f"cannot be put into the file{apart}"
    if number is None:
        out.outside.add(id_)
    elif entry.deleted:
        what = f"was deleted, and its line cannot be taken out of the file{apart}"
        left = {number}
        for n, tie in enumerate(out.ties):
            if n in left or (tie.line.parent in left and tie.id and track.living(tie.id) is None):
                left.add(n)
                out.gone[tie.id] = Gone(tie)
                out.ties[n] = replace(tie, id="", said=None, was=tie.id)
    else:
        what = UNMOVED
        tie, now = out.ties[number], track.said(entry)
        if tie.said is not None:
            said = replace(tie.said, spot=now.spot, position=now.position)
            out.ties[number] = replace(tie, said=said)
    out.told.append(f"{plan.quoted(entry)} {what}")
    return out
