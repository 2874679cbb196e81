"""One step of a mirror: what a file changed goes into the track, then what the track changed into the file.

Each way is a transaction of its own, as `mirroring` says. What was kept of a file is looked at under
the write lock, and the file once more: whoever was faster, nothing is done twice.
"""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from tracker_tui.domain import dates
from tracker_tui.domain.journal import Action
from tracker_tui.domain.track import Entry
from tracker_tui.domain.words import Status
from tracker_tui.errors import TrackerError
from tracker_tui.store.mirrors import MirrorRow
from tracker_tui.tracker.importing import horizon_words

if TYPE_CHECKING:
    from tracker_tui.exchange.mirror.absorb import Absorbed, Asked
    from tracker_tui.exchange.mirror.emitted import Emitted
    from tracker_tui.exchange.mirror.lines import Line, Sheet
    from tracker_tui.exchange.mirror.ties import Base, Said, Tie
    from tracker_tui.exchange.mirror.track import Track
    from tracker_tui.files import Snapshot
    from tracker_tui.tracker.mirroring import Mirroring

TRACK, FILE = "track", "file"
"""What a mirror changes: before the first time either is changed there is a backup."""


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


class Stale(Exception):
    """The file or the record of it is another one by now."""


class _Unread(Exception):
    """More has to be known of a file than that boxes in it were ticked."""


class _Preview(Exception):
    """Ends a transaction that only wanted to see what would happen."""


class Step:
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
        self.ticked: list[Line] | None = None
        """The lines of the file, if it differs from what is kept of it in its boxes only."""
        self._ticked_from: Base | None = None
        self._known: tuple[str, Base] | None = None
        """What is kept of the file, as JSON and loaded."""
        self.saved = False
        """Whether the track was backed up for it."""
        self.result = Mirrored(path)
        """What came of it."""

    def run(self) -> Mirrored:
        """Take the file's changes in, then write the track's into it."""
        with _not_collecting():
            if self._read():
                try:
                    with self.store.transaction():
                        self._take_in()
                except _Unread:
                    self._read_whole()
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
        from tracker_tui.exchange.mirror.ticked import ticked

        row = self._row()
        self.result.tied = row.tied
        if row.digest == self.found.digest:
            return False
        if self.fresh is None:
            _, self._ticked_from = self._kept()
            self.ticked = ticked(self._ticked_from, self.found.text)
        if self.ticked is None:
            self._read_whole()
        return True

    def _read_whole(self) -> None:
        from tracker_tui.exchange.mirror import lines

        self.ticked = None
        self.sheet = lines.read(self.found.text, self.name)
        if self.fresh is not None and all(line.level for line in self.sheet.lines):
            raise TrackerError(
                f"there is no task list in {self.path}", "an item is a line such as: - [ ] title"
            )

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
        if self._known is not None and self._known[0] == kept[1]:
            return row, self._known[1]
        try:
            self._known = kept[1], ties.load(kept[1])
            return row, self._known[1]
        except ValueError as error:
            raise TrackerError(
                f"what was kept of {self.path} cannot be read",
                "tracker mirror remove it, then add it again",
            ) from error

    def _behind(self) -> bool:
        return self._row().row != self.store.journal_end()

    def _take_in(self, *, write: bool = True) -> None:
        from tracker_tui.exchange.mirror.absorb import Asked
        from tracker_tui.exchange.mirror.ties import Base

        tracker, sheet = self.tracker, self.sheet
        row, base = self._kept()
        before = self.store.journal_end()
        if row.digest == self.found.digest or (self.fresh is not None and row.row >= 0):
            raise Stale  # another process was faster
        self._same_file()
        adding = not base.ties
        track = tracker._track([*(tie.id for tie in base.ties), *base.gone])  # noqa: SLF001
        at = dates.utc_text(datetime.fromtimestamp(self.found.changed / 1e9, UTC))
        asked = Asked(
            tracker._new_ids,  # noqa: SLF001
            lambda id_, name: tracker._later(id_, name, at),  # noqa: SLF001
            elsewhere=self.store.tied_elsewhere(self.path) if adding else None,
            name=self.path,
            wipe=self.wipe,
        )
        found = self._absorbed(base, track, asked)
        action = tracker._absorbed(found, Path(self.path).name)  # noqa: SLF001
        if sheet is not None and action.changes:
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
        self._note(found, now)
        if adding:
            found.outside |= _beside(found, now)
        behind = (
            row.row != before or found.pending or found.told or not self._says_so(found.ties, now)
        )
        end = -1 if behind else self.store.journal_end()
        self._keep(row, Base(found.ties, found.gone, found.outside), self.found, end)

    def _absorbed(self, base: Base, track: Track, asked: Asked) -> Absorbed:
        """Work out what the file changed.

        Raises:
            _Unread: if boxes were ticked, and more has to be known of the file than that.
        """
        from tracker_tui.exchange.mirror.absorb import absorb

        if self.sheet is not None:
            return absorb(base, self.sheet.lines, track, asked)
        if self.ticked is None or base is not self._ticked_from:
            raise _Unread  # another process was here
        found = absorb(base, self.ticked, track, asked)
        if found.changes or found.named:
            raise _Unread
        return found

    def _note(self, found: Absorbed, now: Track) -> None:
        """Note what the track says of each line, now that the file's changes are in it."""
        touched = set(self.result.action.entries)
        pending: dict[str, set[str]] = {}
        for id_, name in found.pending:
            pending.setdefault(id_, set()).add(name)
        for tie in found.ties:
            entry = now.entries.get(tie.id)
            if entry is None:
                continue
            said, old = now.said(entry), tie.said
            if tie.id in touched and not tie.line.level:
                said = _as_ticked(said, entry, tie.line)
            waiting = pending.get(tie.id)
            if waiting:
                said = _waiting(said, old or replace(said, status=Status.TODO), waiting)
            elif entry.deleted and old is not None:
                said = old
            tie.said = said

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
            raise Stale
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
            now = files.exchange(Path(self.path), self.found, made.text, Stale)
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
            raise Stale

    def _keep(self, row: MirrorRow, base: Base, now: Snapshot, end: int) -> None:
        from tracker_tui.exchange.mirror import ties
        from tracker_tui.exchange.mirror.ticked import blank

        base.blank = blank(now.text, (tie.line for tie in base.ties))
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
