"""A track, or a part of it, gathered for writing it out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from tracker_tui.domain.track import Entry, Note, Span
from tracker_tui.domain.words import Horizon, Kind

Tied = Mapping[str, Sequence[tuple[str, str]]]
"""By id of an entry: id and title of each that it stands in a relation to."""


@dataclass(frozen=True, slots=True)
class Outline:
    """What is written out, in the order of the track."""

    about: Mapping[str, str]
    """The track's title, purpose, source and date of last update."""
    spans: Sequence[Span]
    below: Mapping[str | None, Sequence[Entry]]
    """By id what is directly below an entry; by None the categories, gaps and steps."""
    numbers: Mapping[str, int]
    """By id the place of a category, the rank of a gap, the number of a step in its horizon."""
    notes: Mapping[str, Sequence[Note]]
    """By id the notes that are written out, the oldest first."""
    study: bool = False
    """Whether it is written out how to study each entry."""
    requires: Tied = field(default_factory=dict)
    """What should come before an entry, in its order."""
    related: Tied = field(default_factory=dict)
    """What is the same subject as an entry."""

    @property
    def categories(self) -> list[Entry]:
        """The categories in their order."""
        return [e for e in self.below.get(None, ()) if e.kind is Kind.CATEGORY]

    @property
    def gaps(self) -> list[Entry]:
        """The critical gaps by rank."""
        return [e for e in self.below.get(None, ()) if e.kind is Kind.GAP]

    def steps(self, horizon: Horizon | None) -> list[Entry]:
        """Return the steps of the path in a horizon."""
        found = self.below.get(None, ())
        return [e for e in found if e.kind is Kind.STEP and e.horizon is horizon]

    def walk(self) -> Iterator[tuple[Entry, tuple[Entry, ...]]]:
        """Return every entry with what is above it, a branch before what is below it."""
        waiting: list[tuple[Entry, tuple[Entry, ...]]] = [
            (entry, ()) for entry in reversed(self.below.get(None, ()))
        ]
        while waiting:
            entry, above = waiting.pop()
            yield entry, above
            path = (*above, entry)
            waiting += [(e, path) for e in reversed(self.below.get(entry.id, ()))]
