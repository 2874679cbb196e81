"""Read models: the track as the two faces see it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from tracker_tui.domain.words import Effort, Horizon, Kind, Status


class Resource(NamedTuple):
    """A link that helps to study something."""

    title: str
    url: str


def resources_json(links: Iterable[Resource]) -> str:
    """Return links as the journal keeps them; empty text for none."""
    found = [link._asdict() for link in links]
    return json.dumps(found, ensure_ascii=False) if found else ""


def address_key(url: str) -> str:
    """Return what two addresses have in common that lead to the same: case counts behind the host."""
    scheme, mark, rest = url.partition("://")
    if not mark:
        return url
    host, slash, path = rest.partition("/")
    if "?" in host or "#" in host:
        end = min(host.index(sign) for sign in "?#" if sign in host)
        host, path, slash = host[:end], host[end:] + slash + path, ""
    user, at, name = host.rpartition("@")
    return f"{scheme.lower()}://{user}{at}{name.lower()}{slash}{path}"


def links_json(links: Iterable[Resource]) -> str:
    """Return links as `resources_json` does, each address once: as and where it stood first."""
    kept: dict[str, Resource] = {}
    for link in links:
        kept.setdefault(address_key(link.url), link)
    return resources_json(kept.values())


class Entry(NamedTuple):
    """One category, section, item, critical gap or path step, with what is derived from the rest.

    `status` is the effective one: that of a gap or step which covers items follows from them, and
    `own_status` is then without effect. The counts speak of the items below it, at any depth.
    """

    id: str
    kind: Kind
    parent: str | None
    position: str
    title: str
    description: str
    status: Status
    own_status: Status
    horizon: Horizon | None
    snoozed_until: str | None
    """ISO date of the first day on which it is shown again."""
    impact: str
    action: str
    done_when: str
    first_step: str
    """The smallest thing to begin with."""
    effort: Effort | None
    resources_json: str
    progressed_on: str | None
    """ISO date of the day on which progress was last said to be made."""
    deleted: bool
    created_at: str
    updated_at: str
    covering: int
    """How many items it covers; 0 for anything but a gap or step."""
    children: int
    """Entries directly below it."""
    total: int
    """Items below it at any depth; `learned`, `learning` and `skipped` are of these."""
    learned: int
    learning: int
    skipped: int
    retired: bool = False
    """Whether the seed that it came from has it no longer."""

    @property
    def is_branch(self) -> bool:
        """Whether it is a category or section: something with a roll-up instead of a status."""
        return self.kind in (Kind.CATEGORY, Kind.SECTION)

    @property
    def resources(self) -> tuple[Resource, ...]:
        """Its links, in order."""
        if not self.resources_json:
            return ()
        return tuple(Resource(r["title"], r["url"]) for r in json.loads(self.resources_json))

    @property
    def tally(self) -> Tally:
        """The counts of the items below it."""
        return Tally(self.total, self.learned, self.learning, self.skipped)

    def snoozed(self, today: str) -> bool:
        """Whether it is put off beyond `today` (an ISO date)."""
        return self.snoozed_until is not None and self.snoozed_until > today


class Place(NamedTuple):
    """Where siblings live: below an entry, or among the categories, the gaps or a horizon's steps."""

    parent: str | None = None
    kind: Kind | None = None
    horizon: Horizon | None = None


def place_of(entry: Entry) -> Place:
    """Return the place an entry stands in."""
    if entry.parent is not None:
        return Place(entry.parent)
    return Place(None, entry.kind, entry.horizon if entry.kind is Kind.STEP else None)


class Tally(NamedTuple):
    """How many items there are, and how far along they are."""

    total: int = 0
    learned: int = 0
    learning: int = 0
    skipped: int = 0

    @property
    def countable(self) -> int:
        """The items that count: all but those skipped."""
        return self.total - self.skipped

    @property
    def share(self) -> float:
        """Learned among the countable ones, 0 to 1; 0 where nothing counts."""
        return self.learned / self.countable if self.countable else 0.0

    def words(self) -> str:
        """The roll-up in words: `7 of 21 learned, 2 in progress`."""
        if not self.total:
            return "no items yet"
        text = f"{self.learned} of {self.countable} learned"
        if self.learning:
            text += f", {self.learning} in progress"
        if self.skipped:
            text += f", {self.skipped} skipped"
        return text


class Note(NamedTuple):
    """A dated remark on an entry."""

    id: str
    entry: str
    at: str
    text: str


class HistoryLine(NamedTuple):
    """One thing that happened to an entry, in words."""

    at: str
    text: str
    action: str


class ActionLine(NamedTuple):
    """One action of the journal, in words."""

    id: str
    at: str
    label: str
    state: str
    """`done`, `undone` (can be redone), `dropped` (undone, and something else was done since)."""
    undoes: str | None
    redoes: str | None
    day: str = ""
    """The user's day on which it counts as something done, an ISO date; empty: on none."""


class Link(NamedTuple):
    """An entry at the other end of a relation, as far as a list of them needs it."""

    id: str
    kind: Kind
    title: str
    status: Status
    number: int
    """Rank of a gap, number of a step within its horizon; 0 for anything else."""
    horizon: Horizon | None
    where: str = ""
    """Of a twin, the title of what it stands in, as far out as that tells the two apart."""


class Span(NamedTuple):
    """A horizon of the learning path: `short`, "Short-term", "Next 3 Months"."""

    id: Horizon
    title: str
    span: str


class Standing(NamedTuple):
    """How a learned item stands in its reviews."""

    recall: float
    """The chance, 0 to 1, that it is recalled now."""
    due: date
    """The day on which it should be looked at again."""
    last: date
    """The day of the last review, learning it included."""
    reviews: int
    """How many there were, learning it included."""
    agains: int
    """How many of the last ones in a row were graded again."""


class Detail(NamedTuple):
    """Everything known about one entry, for the detail pane and `tracker show`."""

    entry: Entry
    path: tuple[Entry, ...]
    """Its ancestors, the outermost first."""
    number: int
    """Rank of a gap, number of a step within its horizon, place of a category; else 0."""
    covers: tuple[Link, ...]
    covered_by: tuple[Link, ...]
    notes: tuple[Note, ...]
    """The newest first."""
    history: tuple[HistoryLine, ...]
    """The newest first."""
    links: tuple[Resource, ...]
    """Its own links, then the http addresses in its text and notes."""
    children: tuple[Entry, ...]
    """Directly below it; for an item, the items it holds."""
    requires: tuple[Link, ...] = ()
    """What should be learned before it."""
    required_by: tuple[Link, ...] = ()
    """What waits for it."""
    related: tuple[Link, ...] = ()
    """What is the same subject."""
    standing: Standing | None = None
    """Of a learned item with reviews."""


class Found(NamedTuple):
    """One hit of a search; the marked texts carry MARK_ON and MARK_OFF around what matched."""

    id: str
    kind: Kind
    status: Status
    title: str
    """Marked."""
    where: str
    """Its place in the track: `Git Workflow › Unknown Unknowns`."""
    snippet: str
    """Marked; from its text or notes, empty when the title alone matched."""
    retired: bool = False
    """Whether the track that it came from has it no longer."""


MARK_ON, MARK_OFF = "\x02", "\x03"
"""Around a match in a search result; control characters, so no text of the user's has them."""


def pieces(marked: str) -> Iterator[tuple[str, bool]]:
    """Take a marked text apart: each piece, and whether it matched."""
    for part in marked.split(MARK_ON):
        before, off, after = part.partition(MARK_OFF)
        yield before, bool(off)
        if after:
            yield after, False
