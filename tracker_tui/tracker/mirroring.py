"""Keeping Markdown files and the track in step: what goes which way is `exchange`'s to say.

A file is brought in step in two transactions. In the first what the file changed goes into the
track, together with the record that the file's side is known up to here. In the second the file is
written and, if that went well, the record that the track's side is in it. Whatever ends the program
in between, what is acknowledged is in the track's journal or in the file, and the next time goes on
from there: a line that says already what it should is no change.

The write lock is held from looking at the record until it is renewed, so two processes never take
the same line in twice; and the file is replaced only if it is still, byte for byte, the one read.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tracker_tui.domain import plan, text
from tracker_tui.domain.journal import Action, Change
from tracker_tui.domain.track import Entry
from tracker_tui.domain.words import Entity, Status
from tracker_tui.errors import TrackerError
from tracker_tui.store.mirrors import MirrorRow
from tracker_tui.tracker.relating import Said as RelatedSaid
from tracker_tui.tracker.relating import of_document
from tracker_tui.tracker.seeding import Seeding

if TYPE_CHECKING:
    from tracker_tui.exchange.mirror.absorb import Absorbed
    from tracker_tui.exchange.mirror.ties import Tie
    from tracker_tui.exchange.mirror.track import Track
    from tracker_tui.tracker.mirror_step import Mirrored

__all__ = ["MirrorRow", "Mirroring"]

TRIES = 4
"""How often a file is read again that somebody else is writing."""


class Mirroring(Seeding):
    """The verbs of mirrored files."""

    def mirrors(self) -> list[MirrorRow]:
        """Return the mirrored files by path."""
        return self._store.mirrors()

    def stamp(self) -> tuple[object, ...]:
        """Return what is another one whenever the database may be another one."""
        return self._store.stamp()

    def journal_end(self) -> int:
        """Return a number that is another one whenever something was done to the track."""
        return self._store.journal_end()

    def mirror_state(self, row: MirrorRow) -> str:
        """Return how a file stands: `in step`, `file changed`, `track changed` or what is wrong."""
        from tracker_tui import files

        try:
            found = files.snapshot(Path(row.path))
        except TrackerError as error:
            return error.problem.removeprefix(f"{row.path} ")
        if found.digest != row.digest:
            return "file changed"
        return "in step" if row.row == self._store.journal_end() else "track changed"

    def mirror_add(self, file: str, *, dry_run: bool = False) -> Mirrored:
        """Keep a file and the track in step from now on.

        Lines are tied to what is in the track by place and title; the rest is added.

        Raises:
            TrackerError: if it cannot be read or written, holds no task, or is mirrored already.
        """
        path = os.path.abspath(file)  # noqa: PTH100 - a symbolic link stays one
        for row in self.mirrors():
            if _same(row.path, path):
                also = "" if row.path == path else f" as {row.path}"
                raise TrackerError(
                    f"{file} is mirrored already{also}", "tracker mirror brings it in step"
                )
        fresh = MirrorRow(path, self._at(), "", 0, 0, -1, 0)
        return self._in_step(path, fresh, dry_run=dry_run)

    def mirror_remove(self, file: str) -> str:
        """Keep a file in step no more; nothing in it or in the track is deleted.

        Returns:
            The path under which it was mirrored.

        Raises:
            TrackerError: if it is not mirrored.
        """
        path = os.path.abspath(file)  # noqa: PTH100
        with self._store.transaction():
            for row in self.mirrors():
                if row.path == path or _same(row.path, path):
                    self._store.drop_mirror(row.path)
                    return row.path
        raise TrackerError(f"{file} is not mirrored", "tracker mirror list names those that are")

    def mirror_all(self, *, wipe: bool = False) -> list[Mirrored]:
        """Bring every file in step; what is wrong with one keeps no other back.

        Args:
            wipe: Whether most lines of a file may be gone: their entries are then deleted.
        """
        from tracker_tui.tracker.mirror_step import Mirrored

        found = []
        for row in self.mirrors():
            try:
                found.append(self.mirror_one(row.path, wipe=wipe))
            except TrackerError as error:
                found.append(Mirrored(row.path, row.tied, error=error))
        return found

    def mirror_one(self, path: str, *, wipe: bool = False) -> Mirrored:
        """Bring one file in step; `path` is that of its `MirrorRow`.

        Raises:
            TrackerError: if the file cannot be read or written, or lost most of its lines.
        """
        return self._in_step(path, None, wipe=wipe)

    def _in_step(
        self, path: str, fresh: MirrorRow | None, *, wipe: bool = False, dry_run: bool = False
    ) -> Mirrored:
        from tracker_tui import files
        from tracker_tui.tracker.mirror_step import Stale, Step

        for _ in range(TRIES):
            try:
                found = files.snapshot(Path(path))
            except files.Missing as error:
                advice = "put it back, or tracker mirror remove forgets it"
                raise TrackerError(error.problem, "" if fresh else advice) from error
            try:
                step = Step(self, path, found, fresh, wipe=wipe)
                return step.preview() if dry_run else step.run()
            except Stale:
                # Added already: what was new about it is in the first transaction.
                fresh = None if self._store.mirror(path) else fresh
        raise TrackerError(f"{path} is being written by another program", "try again in a moment")

    # What a step needs of the verbs

    def _absorbed(self, found: Absorbed, name: str) -> Action:
        """Return what a file changed as one action."""
        from tracker_tui.tracker.mirror_step import Flow

        changes = list(found.changes)
        wanted: dict[str, Status] = {}
        bearers: dict[str, Entry] = {}
        direct: set[str] = set()
        for id_, status in found.statuses.items():
            entry = self.entry(id_)
            if not entry.covering:
                wanted[id_], bearers[id_] = status, entry
                direct.add(id_)
        for id_, status in found.statuses.items():
            if id_ in direct:
                continue
            for entry in self._bearers([id_])[0]:
                if entry.id not in direct:
                    wanted[entry.id] = self._meant(entry, status)
                    bearers[entry.id] = entry
        changes += plan.set_status(wanted, list(bearers.values())).changes
        action = self._with_reviews(Action("", tuple(changes)), list(bearers.values()))
        changes = [*action.changes, *self._claims(found.learned)]
        for entry, name_of, theirs, ours in found.lost:
            changes.append(Change(Entity.ENTRY, entry.id, name_of, ours, theirs))
            changes.append(Change(Entity.ENTRY, entry.id, name_of, theirs, ours))
        if found.named:
            related, told = of_document(self, _lines_said(found.ties), found.named)
            found.told += told
            changes += related.changes
            fresh = {change.id for change in found.changes if change.field == "kind"}
            for id_ in related.touched.keys() - fresh:
                found.changed.setdefault(id_, self.entry(id_).title)
        flow = Flow(found.new, list(found.changed.values()), found.moved, found.removed)
        short = text.shortened(text.shown(name), 60)
        return Action(f"from “{short}”: {flow.words() or 'nothing new'}", tuple(changes))

    def _meant(self, entry: Entry, status: Status) -> Status:
        """What the box of a gap or step means for one of its items: an empty one takes back."""
        if status is not Status.TODO:
            return status
        ended = entry.own_status in (Status.LEARNED, Status.SKIPPED)
        return self._store.earlier_status(entry.id, entry.own_status) if ended else entry.own_status

    def _later(self, id_: str, name: str, at: str) -> bool:
        """Whether a file that changed at a moment (UTC) did so later than the track."""
        ids_ = [id_]
        if name == "status" and self.entry(id_).covering:
            ids_ = [link.id for link in self._store.covers(id_)]
        return at >= max((self._store.said_at(each, name) for each in ids_), default="")

    def _track(self, ids_: Iterable[str]) -> Track:
        """The living entries, and those of `ids_` that were deleted."""
        from tracker_tui.exchange.mirror.track import Track

        living = self._store.select("1", ())
        known = {entry.id for entry in living}
        missing = [id_ for id_ in ids_ if id_ and id_ not in known]
        return Track(living, self._store.entries(missing))


def _lines_said(ties: Sequence[Tie]) -> Iterator[RelatedSaid]:
    """The entries of a file, as its lines say them."""
    for tie in ties:
        if tie.id:
            above = ties[tie.line.parent].id if tie.line.parent >= 0 else None
            yield RelatedSaid(tie.id, tie.line.kind, tie.line.title, above or None)


def _same(one: str, other: str) -> bool:
    """Whether two paths lead to one file."""
    try:
        return os.path.samefile(one, other)  # noqa: PTH121
    except OSError:
        return os.path.realpath(one) == os.path.realpath(other)
