"""What relations between entries come to. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


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
