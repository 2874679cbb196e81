"""What can be asked of a track: entries, places, searches, queries, history."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from tracker_tui.domain import history, text
from tracker_tui.domain.journal import Row
from tracker_tui.domain.seeds import BUILT_IN
from tracker_tui.domain.track import (
    ActionLine,
    Detail,
    Entry,
    Found,
    HistoryLine,
    Link,
    Note,
    Place,
    Resource,
    Span,
    Tally,
)
from tracker_tui.domain.words import Entity, Horizon, Kind, RelationKind
from tracker_tui.errors import TrackerError
from tracker_tui.tracker.backups import Backups

if TYPE_CHECKING:
    from tracker_tui.exchange.outline import Outline, Tied

HISTORY_LENGTH = 500
TRACK = "track"
"""Under which key the id of the track is kept that the database began with, if not the built-in."""
CANDIDATES = 8
ALIKE = 500
"""Among how many ids one is looked for that was mistyped."""


class Selection(NamedTuple):
    """What a query found."""

    matches: list[Entry]
    """In the order of the track: categories, then critical gaps, then the path."""
    above: dict[str, Entry]
    """Every ancestor of a match, by id."""


class Questions(Backups):
    """The questions half of `Tracker`."""

    def resolve(self, ref: str) -> str:
        """Return the id that `ref` stands for: itself, or the one id that begins with it.

        Raises:
            TrackerError: if there is none, or more than one; then it lists them.
        """
        ref = text.line(ref).lower()
        if self._store.entry(ref) is not None:
            return ref
        found = self._store.ids_beginning(ref, CANDIDATES + 1) if ref else []
        living = [id_ for id_, _, deleted in found if not deleted] or [id_ for id_, _, _ in found]
        if len(living) == 1:
            return living[0]
        if not living:
            raise TrackerError(f"nothing has an id that begins with “{ref}”", self._suggest(ref))
        more = ", …" if len(living) > CANDIDATES else ""
        raise TrackerError(
            f"“{ref}” could be {', '.join(living[:CANDIDATES])}{more}", "write more of the id"
        )

    def beginning(self, ref: str, kind: Kind | None, limit: int) -> list[tuple[str, str]]:
        """Return id and title of up to `limit` entries, of one kind if given, whose id begins so."""
        return [
            (id_, title)
            for id_, title, deleted in self._store.ids_beginning(ref, limit, kind)
            if not deleted
        ]

    def _suggest(self, ref: str) -> str:
        """Advice for an id that is none: one that is written nearly so, or what has its words."""
        near = self._near(ref)
        words = ref.split("-")
        hits = [] if near else self.search(" ".join(words), 3, unfinished=True)
        near += [hit.id for hit in hits if all(word in hit.id for word in words)]
        return f"did you mean {' or '.join(near)}?" if near else "tracker search TEXT finds ids"

    def _near(self, ref: str) -> list[str]:
        """The id most like `ref` among those that begin like it, if one is."""
        import difflib  # 4 ms, and only where somebody mistyped

        begin = ref[: len(ref) // 2] or ref
        ids = [id_ for id_, _, deleted in self._store.ids_beginning(begin, ALIKE) if not deleted]
        return difflib.get_close_matches(ref, ids, n=1, cutoff=0.8)

    def count(self, place: Place) -> int:
        """Return how many entries stand in a place."""
        return self._store.count(place)

    def siblings(self, place: Place, offset: int = 0, limit: int = -1) -> list[Entry]:
        """Return the entries of a place in their order, or `limit` of them from `offset` on."""
        return self._store.siblings(place, offset, limit)

    def index(self, entry: Entry) -> int:
        """Return how many siblings stand before an entry."""
        return self._store.index(entry)

    def path(self, entry: Entry) -> list[Entry]:
        """Return the ancestors of an entry, the outermost first."""
        return self._store.ancestors(entry)

    def below(self, id_: str) -> list[Entry]:
        """Return all that is below an entry, at any depth."""
        return self._store.below(id_)

    def overall(self) -> Tally:
        """Return the counts of all items of the track."""
        return self._store.overall()

    def tally(self, kind: Kind, horizon: Horizon | None = None) -> Tally:
        """Return the counts of gaps, or of steps, of one horizon if one is given."""
        return self._store.tally(kind, horizon)

    def is_empty(self) -> bool:
        """Whether there is nothing in the track."""
        return self._store.is_empty()

    def spans(self) -> list[Span]:
        """Return the horizons of the learning path, the nearest first."""
        return self._store.spans()

    def about(self) -> dict[str, str]:
        """Return the track's title, purpose, source and date of last update; nothing if it has none.

        Where several tracks are in one, it is that which the database began with.
        """
        facts = self._store.facts(Entity.TRACK)
        tracks = sorted({id_ for id_, _ in facts}, key=lambda id_: (id_ != BUILT_IN, id_))
        if len(tracks) > 1 and (first := self.remembered(TRACK)) in tracks:
            tracks = [str(first)]
        return {name: str(value) for (id_, name), value in facts.items() if id_ in tracks[:1]}

    def critical_ranks(self) -> dict[str, int]:
        """Return the rank of each gap and of what the gaps cover."""
        return self._store.critical_ranks()

    def detail(self, id_: str, history_length: int = HISTORY_LENGTH) -> Detail:
        """Return everything known about an entry.

        Raises:
            TrackerError: if there is none of that id.
        """
        entry = self.entry(id_)
        store = self._store
        notes = store.notes(id_)
        path = store.ancestors(entry)
        return Detail(
            entry=entry,
            path=tuple(path),
            number=store.number(id_),
            covers=tuple(store.covers(id_)),
            covered_by=tuple(store.covered_by(id_)),
            notes=tuple(notes),
            history=tuple(history.tell(store.steps_of(id_, history_length))),
            links=tuple(_links(entry, notes)),
            children=tuple(store.siblings(Place(id_), limit=500)) if entry.children else (),
            requires=tuple(store.requires(id_)),
            required_by=tuple(store.required_by(id_)),
            related=tuple(self._told_apart(link, path) for link in store.related(id_)),
        )

    def _told_apart(self, link: Link, path: Sequence[Entry]) -> Link:
        """Say of a twin what it stands in: the outermost that the other does not stand in too."""
        shared = {above.id for above in path}
        above = [a for e in self._store.entries([link.id]) for a in self._store.ancestors(e)]
        return link._replace(where=next((a.title for a in above if a.id not in shared), ""))

    def open_twins(self, ids_: Iterable[str]) -> list[Entry]:
        """Return what is the same subject as some entries, is none of them and still open.

        A gap or step that covers items is left out: these say how far along it is.
        """
        known = list(ids_)
        found = (link.id for id_ in known for link in self._store.related(id_) if link.status.open)
        wanted = [id_ for id_ in dict.fromkeys(found) if id_ not in set(known)]
        return [entry for entry in self._store.entries(wanted) if not entry.covering]

    def search(self, words: str, limit: int = 50, *, unfinished: bool = False) -> list[Found]:
        """Return what has all the words in its title, text or notes, the best match first.

        Terms of the small language (`status:learned`, `-word`) must hold beside them; alone they
        find what `select` finds, in the order of the track. While it is `unfinished`, still being
        written, a quote may be open.

        Raises:
            QueryError: if a term makes no sense.
        """
        from tracker_tui.domain import query
        from tracker_tui.store.filter import condition

        plain, terms = query.searched(words, self.today(), unfinished=unfinished)
        if not terms:
            return self._store.search(plain, limit)
        if not plain:
            return self._store.hits(self.select(words).matches[:limit])
        found = condition(terms, self.today(), self.calendar.start_text)
        return self._store.search(plain, limit, *found)

    def select(self, words: str) -> Selection:
        """Return what a query of the small language finds.

        Raises:
            QueryError: if it makes no sense.
        """
        # 3 ms to import, and not needed for what matters today.
        from tracker_tui.domain import query
        from tracker_tui.store.filter import condition

        parsed = query.parse(words, self.today())
        matches = self._store.select(*condition(parsed, self.today(), self.calendar.start_text))
        above: dict[str, Entry] = {}
        missing = {e.parent for e in matches if e.parent is not None}
        while missing:
            found = self._store.entries(missing)
            above.update((e.id, e) for e in found)
            missing = {e.parent for e in found if e.parent is not None} - above.keys()
        keys: dict[str, tuple[tuple[int, int, str, str], ...]] = {}
        matches.sort(key=lambda e: _place_key(e, above, keys))
        return Selection(matches, above)

    def outline(self, words: str = "", *, notes: bool = False, study: bool = False) -> Outline:
        """Return the track, or what a query finds with what is above it, for writing it out.

        Args:
            words: The query; empty for everything.
            notes: Whether the notes are written out.
            study: Whether it is written out how to study each entry.

        Raises:
            QueryError: if the query makes no sense.
        """
        from tracker_tui.exchange.outline import Outline  # only what writes it out needs it

        selection = self.select(words)
        known = {**selection.above, **{entry.id: entry for entry in selection.matches}}
        keys: dict[str, tuple[tuple[int, int, str, str], ...]] = {}
        below: dict[str | None, list[Entry]] = {}
        for entry in sorted(known.values(), key=lambda e: _place_key(e, known, keys)):
            below.setdefault(entry.parent, []).append(entry)
        requires, related = self._tied(known)
        return Outline(
            about=self.about(),
            spans=self.spans(),
            below=below,
            numbers={e.id: self._store.index(e) + 1 for e in below.get(None, ())},
            notes={
                id_: found[::-1] for id_ in known if notes and (found := self._store.notes(id_))
            },
            study=study,
            requires=requires,
            related=related,
        )

    def _tied(self, known: Mapping[str, Entry]) -> tuple[Tied, Tied]:
        """By id the ids and titles of what entries need, and of what is the same subject."""
        found: dict[RelationKind, dict[str, list[str]]] = {kind: {} for kind in RelationKind}
        for kind, source, target in self._store.relations():
            ends = [(source, target)]
            if kind is RelationKind.RELATED:
                ends.append((target, source))
            for one, other in ends if kind is not RelationKind.COVERS else ():
                if one in known:
                    found[kind].setdefault(one, []).append(other)
        ids = {id_ for by in found.values() for several in by.values() for id_ in several}
        titles = {e.id: e.title for e in self._store.entries(ids - known.keys())}

        def named(kind: RelationKind) -> Tied:
            return {
                id_: [(o, known[o].title if o in known else titles.get(o, o)) for o in several]
                for id_, several in found[kind].items()
            }

        return named(RelationKind.REQUIRES), named(RelationKind.RELATED)

    def journal(self) -> Iterator[Row]:
        """Return the whole journal, in the order in which its rows came."""
        return self._store.journal()

    def history(self, id_: str, limit: int = HISTORY_LENGTH) -> list[HistoryLine]:
        """Return what happened to an entry, the newest first."""
        self.entry(id_)
        return history.tell(self._store.steps_of(id_, limit))

    def actions(self, limit: int = 50, words: str = "") -> list[ActionLine]:
        """Return the latest actions, the newest first; with a query those on what it finds.

        Raises:
            QueryError: if the query makes no sense.
        """
        if not words:
            return self._store.action_lines(limit)
        return self._store.actions_on([entry.id for entry in self.select(words).matches], limit)

    def undoable(self) -> ActionLine | None:
        """Return what `undo` would take back."""
        return self._store.undoable()

    def redoable(self) -> ActionLine | None:
        """Return what `redo` would do again."""
        return self._store.redoable()

    def links(self, id_: str) -> list[Resource]:
        """Return an entry's links: its own, then the http addresses in its text and notes."""
        entry = self.entry(id_)
        return _links(entry, self._store.notes(id_))


def _links(entry: Entry, notes: Iterable[Note]) -> list[Resource]:
    texts = [entry.description, entry.action, *(note.text for note in notes)]
    return text.links(entry.resources, texts)


_KIND_ORDER = {Kind.GAP: 1, Kind.STEP: 2}
_HORIZON_ORDER: dict[Horizon | None, int] = {h: i for i, h in enumerate(Horizon)}


def _place_key(
    entry: Entry,
    above: Mapping[str, Entry],
    known: dict[str, tuple[tuple[int, int, str, str], ...]],
) -> tuple[tuple[int, int, str, str], ...]:
    """A key that sorts entries in the order of the track, each branch before what is below it."""
    if entry.id in known:
        return known[entry.id]
    horizon = _HORIZON_ORDER.get(entry.horizon, 3) if entry.kind is Kind.STEP else 0
    own = (_KIND_ORDER.get(entry.kind, 0), horizon, entry.position, entry.id)
    parent = above.get(entry.parent) if entry.parent is not None else None
    key = (*(_place_key(parent, above, known) if parent is not None else ()), own)
    known[entry.id] = key
    return key
