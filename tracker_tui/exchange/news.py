"""What a newer version of a track would change, in lines for a person and as JSON for a program."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, TypeVar

from tracker_tui.domain.arriving import Arriving
from tracker_tui.domain.difference import Difference
from tracker_tui.domain.reseed import Kept, Moved, Named, News, Retiring, Reworded, Words
from tracker_tui.domain.text import plural, shortened, shown
from tracker_tui.domain.words import RelationKind

SHOWN = 10
"""How many entries of a kind are listed."""
LENGTH = 60
"""How many characters of a text are shown."""

_NAMES = {
    "done_when": "done when",
    "first_step": "first step",
    "resources": "links",
    RelationKind.COVERS.value: "made of",
    RelationKind.REQUIRES.value: "needs",
    RelationKind.RELATED.value: "the same subject",
    "snoozed_until": "snoozed until",
}
_REASONS = {
    "notes": "your notes",
    "reviews": "your reviews",
    "changes": "your changes",
    "relations": "what you tied it to",
    "below": "what is below it",
}


def as_json(news: News) -> dict[str, Any]:
    """Return it as JSON has it; a relation's value is a list of ids."""
    return {
        "added": [one._asdict() for one in news.added],
        "back": [one._asdict() for one in news.back],
        "reworded": reworded_json(news.reworded),
        "moved": [one._asdict() for one in news.moved],
        "retired": [one._asdict() for one in news.retired],
        "kept": [one._asdict() for one in news.kept],
    }


def reworded_json(several: Iterable[Reworded]) -> list[dict[str, Any]]:
    """Return entries with what they say otherwise, whole, as JSON has them."""
    return [{**one._asdict(), "changes": [c._asdict() for c in one.changes]} for one in several]


def counts(news: News) -> str:
    """Return how many of each: `3 added, 1 retired`; what there is nothing of is left out."""
    numbers = {
        "added": len(news.added),
        "back": len(news.back),
        "reworded": len(news.reworded),
        "moved": len(news.moved),
        "retired": len(news.retired),
        _kept_in(news.kept): _entries(news.kept),
    }
    found = [f"{number:,} {what}" for what, number in numbers.items() if number]
    return ", ".join(found) or "nothing that you see"


class Headings(NamedTuple):
    """What the parts of a preview are called."""

    added: str = "added"
    back: str = "back in the track"
    reworded: str = "reworded"
    moved: str = "moved"
    gone: str = "retired and gone, for you did nothing with them"
    staying: str = "retired, and stays marked as such"


OF_SEED = Headings()
OF_DUMP = Headings(added="new", back="back", reworded="changed", gone="gone")


def lines(news: News, called: Headings = OF_SEED) -> Iterator[str]:
    """Return the lines of a preview: what happens, and below it to which entries."""
    gone = [one for one in news.retired if not one.stays]
    staying = [one for one in news.retired if one.stays]
    yield from _placed(called.added, news.added)
    yield from _placed(called.back, news.back)
    yield from _part(called.reworded, news.reworded, _reworded)
    yield from _part(called.moved, news.moved, _moved)
    yield from _placed(called.gone, gone)
    yield from _part(called.staying, staying, _staying)
    yield from _part(_kept_in(news.kept), news.kept, _kept, number=_entries(news.kept))


def beside(several: Iterable[Difference]) -> Iterator[str]:
    """Return the lines about notes and reviews."""
    for one in several:
        yield f"{one.words}{':' if one.examples else ''}"
        for example in one.examples[:SHOWN]:
            yield f"  {shown(example)}"
        if len(one.examples) > SHOWN:
            yield f"  and {len(one.examples) - SHOWN:,} more"


def changed(several: Sequence[Reworded]) -> Iterator[str]:
    """Return the lines about entries that a file changes: all of them, for it writes over words."""
    yield from _part("changed", several, _reworded, shown_at_most=len(several))


def moved(several: Sequence[Moved]) -> Iterator[str]:
    """Return the lines about entries that a file moves."""
    yield from _part("moved", several, _moved)


def dump_json(found: Arriving) -> dict[str, Any]:
    """Return what a dump would change as JSON has it: `new`, `changed`, `moved`, `gone` and more."""
    told = as_json(found.news)
    beside = {d.sort: {"count": d.count, "examples": list(d.examples)} for d in found.beside}
    return {
        "new": [*told["added"], *told["back"]],
        "changed": told["reworded"],
        "moved": told["moved"],
        "gone": [one for one in told["retired"] if not one["stays"]],
        "retired": [one for one in told["retired"] if one["stays"]],
        "kept": told["kept"],
        "beside": beside,
    }


_One = TypeVar("_One")


def _part(
    what: str,
    several: Sequence[_One],
    tell: Callable[[_One], Iterable[str]],
    number: int | None = None,
    shown_at_most: int = SHOWN,
) -> Iterator[str]:
    """A headline and the first of several; `number` is how many entries they are, if not as many."""
    if several:
        yield f"{len(several) if number is None else number:,} {what}:"
    for one in several[:shown_at_most]:
        yield from tell(one)
    if len(several) > shown_at_most:
        yield f"  and {len(several) - shown_at_most:,} more"


def _placed(what: str, several: Sequence[Named] | Sequence[Retiring]) -> Iterator[str]:
    """A headline and the first of several: the outermost, each with how many of them lie in it."""
    if not several:
        return
    yield f"{len(several):,} {what}:"
    parents = {one.id: one.parent for one in several}
    tops = [one for one in several if one.parent not in parents]
    within = Counter(_top(one.id, parents) for one in several)
    for one in tops[:SHOWN]:
        inside = within[one.id] - 1
        below = f", with {inside:,} in it" if inside else ""
        yield f"  {shown(one.title)}  ({shown(one.where)}){below}"
    rest = sum(within[one.id] for one in tops[SHOWN:])
    if rest:
        yield f"  and {rest:,} more"


def _top(id_: str, parents: Mapping[str, str | None]) -> str:
    """The outermost of what an entry lies in, itself included, that is among them."""
    while (parent := parents[id_]) is not None and parent in parents:
        id_ = parent
    return id_


def _reworded(one: Reworded) -> Iterator[str]:
    yield f"  {shown(one.title)}"
    for name, old, new in one.changes:
        yield f"    {_name(name)}: {_words(name, old)} → {_words(name, new)}"


def _moved(one: Moved) -> Iterator[str]:
    if one.among_siblings:
        yield f"  {shown(one.title)}: to another place in {shown(one.new)}"
    else:
        yield f"  {shown(one.title)}: {shown(one.old)} → {shown(one.new)}"


def _staying(one: Retiring) -> Iterator[str]:
    yield f"  {shown(one.title)}: for {', '.join(_REASONS[reason] for reason in one.because)}"


def _entries(kept: Iterable[Kept]) -> int:
    """How many entries there are of which something is kept."""
    return len({one.id for one in kept})


def _kept_in(kept: Sequence[Kept]) -> str:
    """What is said of entries that stay as the user has them, and in how many fields, if in more."""
    fields = len(kept)
    several = fields != _entries(kept)
    return "kept as you have it" + (f" ({plural(fields, 'field')})" if several else "")


def _kept(one: Kept) -> Iterator[str]:
    if one.yours == one.theirs:
        yield f"  {shown(one.title)}: its {_name(one.field)} in {_words('', one.yours)}"
    else:
        yield (
            f"  {shown(one.title)}: {_name(one.field)} {_words(one.field, one.yours)}"
            f" rather than {_words(one.field, one.theirs)}"
        )


def _name(field: str) -> str:
    return _NAMES.get(field, field.replace("_", " "))


def _words(field: str, value: Words) -> str:
    """A value in a few words."""
    if isinstance(value, tuple):
        return shortened(", ".join(value), LENGTH) or "nothing"
    if value is None or value == "":
        return "nothing"
    if field == "resources":
        value = ", ".join(link["title"] for link in json.loads(str(value)))
    return f"“{shortened(shown(str(value)), LENGTH)}”"
