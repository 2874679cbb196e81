"""Taking a dump in: into an untouched home as its whole state, else beside what is there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from tracker_tui.domain import text
from tracker_tui.domain.journal import Action, Row
from tracker_tui.domain.reviews import share
from tracker_tui.domain.words import SEED_REPLICA, Entity
from tracker_tui.errors import Busy
from tracker_tui.tracker.base import verb
from tracker_tui.tracker.mirroring import Mirroring

if TYPE_CHECKING:
    from tracker_tui.domain.arriving import Arriving
    from tracker_tui.exchange.dump import Dump


class Taking(NamedTuple):
    """What a dump would change, and how it would be taken in."""

    rows: int
    """How many rows it has, and how many of these the journal does not have."""
    fresh: int
    instead: bool
    """Whether it takes the place of what is there, in which nothing is the user's."""
    changes: Arriving
    staying: tuple[str, ...] = ()
    """Titles of the tracks of which it brings a newer version: undo leaves these."""
    stamp: object = None
    """Which state of the database it was planned for."""

    @property
    def nothing(self) -> bool:
        """Whether all of it is in the track already."""
        return not (self.fresh or self.instead or self.changes)


def beginning(dump: Dump) -> Taking:
    """Return what a dump would make where there is no track yet."""
    from tracker_tui.domain import arriving

    return Taking(
        len(dump.rows), len(dump.rows), instead=True, changes=arriving.instead((), dump.rows)
    )


class Dumps(Mirroring):
    """The verbs and questions of dumps."""

    def names(self) -> list[tuple[str, int]]:
        """Return whose actions undo reaches, each up to which row: what a dump says of its home."""
        return [
            (replica, min(limit, last))
            for replica, limit in self._store.names()
            if (last := self._store.newest_row(replica)) is not None
        ]

    @property
    def untouched(self) -> bool:
        """Whether nothing in it is the user's: no action, and no track that they chose."""
        return not self._store.action_lines(1) and self._store.seed_versions().keys() <= {
            SEED_REPLICA
        }

    def preview_dump(self, dump: Dump) -> Taking:
        """Return what a dump would change.

        Raises:
            TrackerError: if it says something else under a name and number that is here.
        """
        from tracker_tui.domain import arriving

        stamp = self._store.stamp()
        if self.untouched:
            here, given = set(self.journal()), set(dump.rows)
            found = arriving.instead(here, given)
            return Taking(len(given), len(given - here), here != given, found, stamp=stamp)
        fresh = self._store.unknown(dump.rows)
        rows = [*fresh, *self._store.done_again(dump.rows, fresh)]
        if not rows:
            return Taking(len(dump.rows), 0, False, arriving.nothing(), stamp=stamp)  # noqa: FBT003
        found = arriving.merged(self.journal(), rows)
        staying = tuple(self._staying(fresh))
        return Taking(len(dump.rows), len(fresh), False, found, staying, stamp)  # noqa: FBT003

    def _staying(self, fresh: Sequence[Row]) -> Iterator[str]:
        """The titles of the tracks that are held of which there is a version more."""
        held = self._store.seed_versions()
        titles = {
            row.replica: str(row.value)
            for row in sorted(fresh, key=lambda row: row.n)
            if not row.lamport
            and row.replica in held
            and (row.entity, row.field) == (Entity.TRACK, "title")
        }
        yield from titles.values()

    def take_dump(self, dump: Dump, name: str, planned: Taking) -> Action:
        """Take a dump in, as one undo step; into an untouched home so that it is the same.

        Raises:
            TrackerError: if it cannot be taken in; then nothing was changed.
        """
        if planned.instead:
            return self._begin_with(dump, name)
        return self._bring(dump, name, planned)

    @verb
    def _bring(self, dump: Dump, name: str, planned: Taking) -> Action:
        if planned.stamp != self._store.stamp():
            planned = self.preview_dump(dump)
        if planned.nothing:
            return Action(_label(name, planned.changes), ())
        self.safety_backup("import")
        return self._store.bring(dump.rows, _label(name, planned.changes), self._at())

    def _begin_with(self, dump: Dump, name: str) -> Action:
        from tracker_tui.domain import arriving
        from tracker_tui.store import restore

        def still_untouched() -> None:
            if not self.untouched:
                raise Busy("another program has just written to the track", "try again")

        with restore.prepared(
            None,
            self.paths.database,
            lambda: self._tail(6),
            share(self.config.retention),
            first=lambda: dump.rows,
            then=lambda store: store.go_on_from(dump.names),
        ) as made:
            restore.into(made, self.paths.database, still_untouched)
        self._store.foreign_changes()
        self._written()
        return Action(_label(name, arriving.nothing()), (), anew=True)


def _label(name: str, found: Arriving) -> str:
    counts = {
        "new": len(found.news.added) + len(found.news.back),
        "changed": len(found.news.reworded),
        "moved": len(found.news.moved),
        "gone": len(found.news.retired),
    }
    words = [f"{count:,} {what}" for what, count in counts.items() if count]
    words += [difference.words for difference in found.beside]
    told = f": {', '.join(words)}" if words else ""
    return f"imported “{text.shortened(text.shown(name), 60)}”{told}"
