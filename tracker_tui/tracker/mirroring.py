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

import gc
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from tracker_tui.domain import dates, plan, text
from tracker_tui.domain.journal import Action, Change
from tracker_tui.domain.track import Entry
from tracker_tui.domain.words import Entity, Status
from tracker_tui.errors import TrackerError
from tracker_tui.store.mirrors import MirrorRow
from tracker_tui.tracker.importing import horizon_words
from tracker_tui.tracker.relating import Said as RelatedSaid
from tracker_tui.tracker.relating import of_document
from tracker_tui.tracker.seeding import Seeding

if TYPE_CHECKING:
    from tracker_tui.exchange.mirror.absorb import Absorbed
    from tracker_tui.exchange.mirror.emitted import Emitted
    from tracker_tui.exchange.mirror.lines import Line, Sheet
    from tracker_tui.exchange.mirror.ties import Base, Said, Tie
    from tracker_tui.exchange.mirror.track import Track
    from tracker_tui.files import Snapshot

__all__ = ["Flow", "MirrorRow", "Mirrored", "Mirroring"]

TRACK, FILE = "track", "file"
"""What a mirror changes: before the first time either is changed there is a backup."""
TRIES = 4
"""How often a file is read again that somebody else is writing."""


class Flow(NamedTuple):
    """What went one way, in titles."""

    new: Sequence[str] = ()
    changed: Sequence[str] = ()
    moved: Sequence[str] = ()
    removed: Sequence[str] = ()

    @property
    def empty(self) -> bool:
        """Whether nothing went."""
        return not (self.new or self.changed or self.moved or self.removed)

    def words(self) -> str:
        """Return it in words: `1 new, 3 changed`."""
        parts = (("new", self.new), ("changed", self.changed))
        more = (("moved", self.moved), ("removed", self.removed))
        return ", ".join(f"{len(titles):,} {what}" for what, titles in (*parts, *more) if titles)


class Mirrored:
    """What bringing one file in step came to."""

    def __init__(self, path: str, tied: int = 0, error: TrackerError | None = None) -> None:
        self.path = path
        self.tied = tied
        """How many of its lines are entries."""
        self.into = Flow()
        """From the file into the track."""
        self.out = Flow()
        """From the track into the file."""
        self.told: list[str] = []
        """What the user has to know: what both sides changed, what cannot be said in the file."""
        self.action = Action("", ())
        """What was done to the track."""
        self.error = error
        """Why it could not be brought in step."""


class _Stale(Exception):
    """The file or the record of it is another one by now."""


class _Preview(Exception):
    """Ends a transaction that only wanted to see what would happen."""


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

        for _ in range(TRIES):
            try:
                found = files.snapshot(Path(path))
            except files.Missing as error:
                advice = "put it back, or tracker mirror remove forgets it"
                raise TrackerError(error.problem, "" if fresh else advice) from error
            try:
                step = _Step(self, path, found, fresh, wipe=wipe)
                return step.preview() if dry_run else step.run()
            except _Stale:
                # Added already: what was new about it is in the first transaction.
                fresh = None if self._store.mirror(path) else fresh
        raise TrackerError(f"{path} is being written by another program", "try again in a moment")

    # What a step needs of the verbs

    def _absorbed(self, found: Absorbed, name: str) -> Action:
        """Return what a file changed as one action."""
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


class _Step:
    """Bringing one file, as it was read, in step."""

    def __init__(
        self,
        tracker: Mirroring,
        path: str,
        found: Snapshot,
        fresh: MirrorRow | None,
        *,
        wipe: bool,
    ) -> None:
        self.tracker = tracker
        self.store = tracker._store  # noqa: SLF001 - a part of it, in a class of its own
        self.path = path
        self.name = Path(path).stem
        self.found = found
        self.fresh = fresh
        self.wipe = wipe
        self.sheet: Sheet | None = None
        self.saved = False
        """Whether the track was backed up for it."""
        self.result = Mirrored(path)
        """What came of it."""

    def run(self) -> Mirrored:
        """Take the file's changes in, then write the track's into it."""
        with _not_collecting():
            if self._read():
                with self.store.transaction():
                    self._take_in()
                self.tracker._written()  # noqa: SLF001
            if self._behind():
                with self.store.transaction():
                    self._give_out()
        return self.result

    def preview(self) -> Mirrored:
        """Return what `run` would do; nothing is written."""
        self._read()
        try:
            with self.store.transaction():
                self._take_in(write=False)
                self._give_out(write=False)
                raise _Preview
        except _Preview:
            return self.result

    def _read(self) -> bool:
        """Read the file, if it is not the one that was in step; return whether it is not."""
        from tracker_tui.exchange.mirror import lines

        row = self._row()
        self.result.tied = row.tied
        if row.digest == self.found.digest:
            return False
        self.sheet = lines.read(self.found.text, self.name)
        if self.fresh is not None and all(line.level for line in self.sheet.lines):
            raise TrackerError(
                f"there is no task list in {self.path}", "an item is a line such as: - [ ] title"
            )
        return True

    def _row(self) -> MirrorRow:
        row = self.store.mirror_row(self.path) or self.fresh
        if row is None:
            raise TrackerError(
                f"{self.path} is not mirrored", "tracker mirror list names those that are"
            )
        return row

    def _kept(self) -> tuple[MirrorRow, Base]:
        """What is kept of the file."""
        from tracker_tui.exchange.mirror import ties

        row = self._row()
        kept = self.store.mirror(self.path)
        if kept is None:
            return row, ties.Base()
        try:
            return row, ties.load(kept[1])
        except ValueError as error:
            raise TrackerError(
                f"what was kept of {self.path} cannot be read",
                "tracker mirror remove it, then add it again",
            ) from error

    def _behind(self) -> bool:
        return self._row().row != self.store.journal_end()

    def _take_in(self, *, write: bool = True) -> None:
        from tracker_tui.exchange.mirror.absorb import Asked, absorb
        from tracker_tui.exchange.mirror.ties import Base

        tracker, sheet = self.tracker, self.sheet
        assert sheet is not None
        row, base = self._kept()
        before = self.store.journal_end()
        if row.digest == self.found.digest or (self.fresh is not None and row.row >= 0):
            raise _Stale  # another process was faster
        self._same_file()
        adding = not base.ties
        track = tracker._track([*(tie.id for tie in base.ties), *base.gone])  # noqa: SLF001
        at = dates.utc_text(datetime.fromtimestamp(self.found.changed / 1e9, UTC))
        asked = Asked(
            tracker._new_ids,  # noqa: SLF001
            lambda id_, name: tracker._later(id_, name, at),  # noqa: SLF001
            everywhere=adding,
            wipe=self.wipe,
        )
        found = absorb(base, sheet.lines, track, asked)
        action = tracker._absorbed(found, Path(self.path).name)  # noqa: SLF001
        if action.changes:
            words = horizon_words(self.store, sheet.spans)
            action = action._replace(changes=(*action.changes, *words))
        if self.fresh is not None:
            self.store.begin_mirror(self.path)
        if write and action.changes:
            self._save_first(TRACK, anyway=adding or bool(self.wipe and found.removed))
        self.result.action = tracker._apply(action)  # noqa: SLF001
        self.result.told += found.told
        self.result.into = Flow(found.new, list(found.changed.values()), found.moved, found.removed)
        now = (
            tracker._track(tie.id for tie in found.ties)  # noqa: SLF001
            if adding
            else track.with_changed(self.store.entries(self.result.action.entries))
        )
        touched = set(self.result.action.entries)
        for tie in found.ties:
            entry = now.entries.get(tie.id)
            if entry is None:
                continue
            said, old = now.said(entry), tie.said
            if tie.id in touched and not tie.line.level:
                said = _as_ticked(said, entry, tie.line)
            waiting = (
                {name for id_, name in found.pending if id_ == tie.id} if found.pending else ()
            )
            if waiting:
                said = _waiting(said, old or replace(said, status=Status.TODO), waiting)
            elif entry.deleted and old is not None:
                said = old
            tie.said = said
        if adding:
            found.outside |= _beside(found, now)
        behind = (
            row.row != before or found.pending or found.told or not self._says_so(found.ties, now)
        )
        end = -1 if behind else self.store.journal_end()
        self._keep(row, Base(found.ties, found.gone, found.outside), self.found, end)

    def _says_so(self, tied: Sequence[Tie], track: Track) -> bool:
        """Whether the file says already all that follows from what it changed."""
        touched = set(self.result.action.entries)
        return not any(
            tie.said is not None and tie.said.status is not track.said(entry).status
            for tie in tied
            if tie.id in touched and (entry := track.living(tie.id)) is not None
        )

    def _give_out(self, *, write: bool = True) -> None:
        from tracker_tui import files
        from tracker_tui.exchange.mirror.emit import emit
        from tracker_tui.exchange.mirror.emitted import Emitted
        from tracker_tui.exchange.mirror.ties import Base

        row, base = self._kept()
        if row.digest != self.found.digest:
            raise _Stale
        self._same_file()
        track = self.tracker._track([*(tie.id for tie in base.ties), *base.gone])  # noqa: SLF001
        before = Emitted(self.found.text, base.ties, base.gone, base.outside)
        elsewhere = cache(lambda: self.store.tied_elsewhere(self.path))
        made = emit(self.found.text, self.name, before, track, elsewhere, self.sheet)
        self._tell(made)
        if not write:
            return
        now = self.found
        if made.text != self.found.text:
            self._save_first(FILE)
            now = files.exchange(Path(self.path), self.found, made.text, _Stale)
        self._keep(row, Base(made.ties, made.gone, made.outside), now, self.store.journal_end())

    def _save_first(self, what: str, *, anyway: bool = False) -> None:
        """Back the track up before something changes for the first time on behalf of this file."""
        if not anyway and self.store.mirror_wrote(self.path, what):
            return
        self.saved = self.saved or self.tracker.safety_backup("mirror") is not None
        if self.saved:
            self.store.keep_mirror_wrote(self.path, what)

    def _tell(self, made: Emitted) -> None:
        self.result.told += made.told
        self.result.tied = sum(1 for tie in made.ties if tie.id)
        self.result.out = Flow(made.new, list(made.changed.values()), made.moved, made.removed)

    def _same_file(self) -> None:
        """See that the file is still the one that was read."""
        from tracker_tui import files

        if files.snapshot(Path(self.path)).digest != self.found.digest:
            raise _Stale

    def _keep(self, row: MirrorRow, base: Base, now: Snapshot, end: int) -> None:
        from tracker_tui.exchange.mirror import ties

        self.result.tied = sum(1 for tie in base.ties if tie.id)
        self.store.keep_mirror(
            row._replace(
                digest=now.digest,
                size=now.size,
                changed=now.changed,
                row=end,
                tied=self.result.tied,
            ),
            ties.dump(base),
        )


def _lines_said(ties: Sequence[Tie]) -> Iterator[RelatedSaid]:
    """The entries of a file, as its lines say them."""
    for tie in ties:
        if tie.id:
            above = ties[tie.line.parent].id if tie.line.parent >= 0 else None
            yield RelatedSaid(tie.id, tie.line.kind, tie.line.title, above or None)


def _waiting(now: Said, old: Said, names: Iterable[str]) -> Said:
    """What the track said before, of the fields that are still to be written into the file."""
    for name in names:
        if name == "title":
            now = replace(now, title=old.title)
        elif name == "status":
            now = replace(now, status=old.status)
        elif name == "spot":
            now = replace(now, spot="", position="")
        else:
            texts = {n: d for n, d in now.texts.items() if n != name}
            if name in old.texts:
                texts[name] = old.texts[name]
            now = replace(now, texts=texts)
    return now


def _as_ticked(said: Said, entry: Entry, line: Line) -> Said:
    """What the track said, as far as the box of a line does: what follows is still to be written."""
    from tracker_tui.exchange.mirror.lines import state_of

    status = state_of(line)
    if entry.covering and status is Status.LEARNING:
        return said  # a mark of the file's own: what is made of items is not begun by it
    return replace(said, status=status)


def _beside(found: Absorbed, track: Track) -> set[str]:
    """What lies in the track where a new mirror has something, and is not in the file."""
    tied = {tie.id for tie in found.ties if tie.id}
    spots = tied | {tie.spot for tie in found.ties if tie.id}
    return {entry.id for spot in spots for entry in track.below.get(spot, ())} - tied


@contextmanager
def _not_collecting() -> Iterator[None]:
    """Much is made at once and none of it is garbage: looking for some would double the time."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def _same(one: str, other: str) -> bool:
    """Whether two paths lead to one file."""
    try:
        return os.path.samefile(one, other)  # noqa: PTH121
    except OSError:
        return os.path.realpath(one) == os.path.realpath(other)
