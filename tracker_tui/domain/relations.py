"""What relations between entries come to, and which can be: for the verbs, imports and `lint`. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from tracker_tui.domain.words import RelationKind

Of = Callable[[str], Collection[str]]
"""Gives by the id of an entry the ids of others."""


def first_circle(targets: Mapping[str, Sequence[str]]) -> list[str]:
    """Return the ids along a circle, its first one again at the end; empty if there is none.

    Args:
        targets: By id: what the entry points to. Ids that are no key point nowhere.
    """
    done: set[str] = set()
    for start in targets:
        path: dict[str, None] = {}
        # Each id that is being looked at, with what of its targets is still to be followed.
        waiting = [(start, iter(targets[start]))] if start not in done else []
        path.update((id_, None) for id_, _ in waiting)
        while waiting:
            id_, rest = waiting[-1]
            following = next(rest, None)
            if following is None:
                waiting.pop()
                del path[id_]
                done.add(id_)
            elif following in path:
                around = list(path)
                return [*around[around.index(following) :], following]
            elif following in targets and following not in done:
                path[following] = None
                waiting.append((following, iter(targets[following])))
    return []


class Ties(NamedTuple):
    """What entries have to do with each other; each asks for one entry's, by its id."""

    requires: Of
    """What it needs first."""
    covers: Of
    """What it is made of."""
    related: Of
    """What is the same subject, whichever of the two says so."""
    above: Of
    """What it stands in, at any depth."""

    def waits_for(self, id_: str) -> list[str]:
        """Return what has to be learned before an entry, or for it to be learned."""
        return [*self.requires(id_), *self.covers(id_)]


def nothing(_: str) -> Collection[str]:
    """Return no ids: for a part of `Ties` that is not to be looked at."""
    return ()


def clash(kind: RelationKind, source: str, target: str, ties: Ties) -> str:
    """Return what keeps an entry from requiring another or being related to it; empty if nothing.

    It is said of the target: `in which it stands`.
    """
    if target in ties.above(source):
        return "in which it stands"
    if source in ties.above(target):
        return "which stands in it"
    if target in ties.covers(source):
        return "of which it is made"
    if kind is RelationKind.REQUIRES:
        return "which is the same subject" if target in ties.related(source) else ""
    if source in ties.covers(target):
        return "which is made of it"
    if target in ties.requires(source):
        return "which it needs first"
    return "which needs it first" if source in ties.requires(target) else ""


def deadlock(source: str, target: str, ties: Ties) -> list[str]:
    """Return how an entry would wait for itself if it waited for `target`; empty if it would not.

    That are the ids from `source` by way of `target` to `source` again.
    """
    came_from = {target: source}
    waiting = [target]
    while waiting:
        id_ = waiting.pop()
        if id_ == source:
            break
        for following in ties.waits_for(id_):
            if following not in came_from:
                came_from[following] = id_
                waiting.append(following)
    else:
        return []
    around = [source]
    while len(around) == 1 or around[-1] != source:
        around.append(came_from[around[-1]])
    return around[::-1]


def first_deadlock(ids: Iterable[str], ties: Ties) -> list[str]:
    """Return the ids along which some entry waits for itself; empty if none of `ids` does.

    A circle of needs alone comes before one by way of what gaps and steps are made of.
    """
    known = list(ids)
    return first_circle({id_: [*ties.requires(id_)] for id_ in known}) or first_circle(
        {id_: ties.waits_for(id_) for id_ in known}
    )
