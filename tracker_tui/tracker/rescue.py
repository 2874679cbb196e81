"""Backups and damaged databases: what can be done without opening the track."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple

from tracker_tui.config import Config
from tracker_tui.domain.backups import Backup, Facts, choose
from tracker_tui.domain.calendar import Calendar
from tracker_tui.domain.dates import utc_text
from tracker_tui.domain.difference import Difference, differences
from tracker_tui.domain.journal import Row
from tracker_tui.domain.reviews import share
from tracker_tui.domain.seeds import is_seed
from tracker_tui.domain.words import SEED_REPLICA
from tracker_tui.errors import Damaged, TrackerError
from tracker_tui.paths import Paths
from tracker_tui.store import backup, restore
from tracker_tui.store.machine import Machine, machine, remember_target, take
from tracker_tui.store.restore import Prepared
from tracker_tui.store.salvage import salvage
from tracker_tui.store.schema import ERA
from tracker_tui.tracker.base import Clock, first_rows, random_tail, system_clock

_ANOTHER = "take another one: tracker backup list"


class Listed(NamedTuple):
    """A backup and what is in it."""

    backup: Backup
    size: int
    """Bytes."""
    facts: Facts | None
    """None if it cannot be read."""


class Restored(NamedTuple):
    """What was done to bring another state back."""

    facts: Facts
    """What the track holds now."""
    safety: Path | None
    """The backup of what was there before; None if that was damaged, or nothing was there."""
    aside: Path | None
    """Where the damaged database is now."""


class Salvaged(NamedTuple):
    """What a damaged database still gives."""

    rows: tuple[Row, ...]
    """Of its journal."""
    base: Backup | None
    """The newest backup that is sound, with whose rows they are brought together."""
    others: tuple[Row, ...]
    """What older sound backups have beside it."""
    gained: int
    """How many of the rows none of these backups has."""
    missing: int
    """How many rows are certainly lost: numbers of a replica between those that are there."""
    left_out: tuple[Backup, ...]
    """Backups of states that were restored away, with rows that none of the rest has."""
    machine: Machine
    """What it still says of what is this machine's own."""
    mirrors: tuple[str, ...]
    """The files that stay mirrored."""


class Rescue:
    """Making, listing and restoring backups, and saving what is in a damaged database.

    Args:
        paths: Where the user's files are.
        config: The settings.
        clock: What time it is.
        tail: Random characters for the id of a replica.
        first: The rows of the built-in track.
    """

    def __init__(
        self,
        paths: Paths,
        config: Config | None = None,
        *,
        clock: Clock = system_clock,
        tail: Callable[[int], str] = random_tail,
        first: Callable[[], Iterable[Row]] = first_rows,
    ) -> None:
        self.paths = paths
        self._config = config or Config()
        self._clock = clock
        self._tail = tail
        self._first = first

    # Backups

    def make(self, target: Path | None = None, *, reason: str = "manual") -> Path:
        """Back the track up into the folder of backups, or into a file; return which.

        Raises:
            TrackerError: if there is no track, it is damaged, or the file cannot be written.
        """
        database = self.paths.database
        if not database.exists():
            raise TrackerError(f"there is no track yet in {database.parent}")
        if target is None:
            return self._keep(reason)
        if target.exists() and target.samefile(database):
            raise TrackerError(f"{target} is the track itself", "name another file")
        if target.is_dir():
            raise TrackerError(f"{target} is a folder", "name a file")
        if not target.parent.is_dir():
            raise TrackerError(f"there is no folder {target.parent}", "make it, or name another")
        if target.exists():
            backup.check_replaceable(target)
        remember_target(database, target)
        backup.write(database, target, replacing=True)
        return target

    def backups(self) -> list[Backup]:
        """Return the backups there are, the newest first."""
        return [one.backup for one in self.listing()]

    def listing(self) -> list[Listed]:
        """Return the backups there are with what is in them, the newest first.

        Which is the newest they say themselves: the clock that named them may have been wrong.
        """
        found = []
        reached = (0, 0)  # one that cannot be read comes after the one before it by its name
        for one in reversed(backup.kept(self.paths.backups)):
            try:
                facts = backup.glance(one.path)
                reached = facts.lamport, facts.rows
            except TrackerError:
                facts = None
            listed = Listed(one, backup.size(one.path), facts)
            found.append(((*reached, one.moment, one.reason), listed))
        return [listed for _, listed in sorted(found, key=lambda each: each[0], reverse=True)]

    def find(self, words: str) -> Path:
        """Return the backup that is meant: a file, the name of a backup, or see `backups.choose`.

        Raises:
            TrackerError: if there is none.
        """
        for path in (Path(words), self.paths.backups / words):
            if words and is_file(path):
                return path
        if words and is_other(Path(words)):
            raise TrackerError(f"{words} is no plain file", _ANOTHER)
        there = self.backups()
        moments = [one.moment for one in there]
        now = self._clock()
        calendar = Calendar(now.tzinfo, self._config.day_starts)
        return there[choose(words, moments, now, calendar)].path

    # Restoring

    def preview(self, source: Path) -> list[Difference] | None:
        """Return what restoring a backup would change; None if the present cannot be read.

        Raises:
            TrackerError: if the backup cannot be used.
        """
        self._examine(source)
        then = backup.content(source)
        if not self._sound():
            return None
        return differences(backup.content(self.paths.database), then)

    def restore(self, source: Path) -> Restored:
        """Make the state of a backup the present one; what is there now is backed up first.

        Programs that have the track open go on with the restored state. A damaged database is moved
        aside instead, and kept.

        Raises:
            TrackerError: if the backup cannot be used, or nothing can be written; nothing was
                changed then.
        """
        database = self.paths.database
        facts = self._examine(source)
        sound = self._sound()
        safety: list[Path] = []

        def keep() -> None:
            safety.append(self._keep("restore"))

        aside = None
        with restore.prepared(
            source,
            database,
            self._new_replica,
            self._share,
            follow=sound,
            then=lambda store: None if sound else take(store, machine(database)),
        ) as made:
            if sound:
                restore.into(made, database, keep)
            else:
                aside = self._place(made)
        self._settle()
        return Restored(facts, safety[0] if safety else None, aside)

    def _examine(self, source: Path) -> Facts:
        database = self.paths.database
        if source.exists() and database.exists() and source.samefile(database):
            raise TrackerError(f"{source} is the track as it is", _ANOTHER)
        try:
            return backup.examine(source)
        except Damaged as error:
            raise TrackerError(error.problem, _ANOTHER) from error

    def _sound(self) -> bool:
        """Whether there is a database that can be read from end to end.

        Raises:
            TrackerError: if there is one that is none of ours, or a newer version's.
        """
        return self.paths.database.exists() and self.damage() is None

    def damage(self) -> Damaged | None:
        """Return what is wrong with the database, None if it is sound.

        Raises:
            TrackerError: if there is none, it is none of ours, or a newer version's.
        """
        try:
            backup.examine(self.paths.database)
        except Damaged as error:
            return error
        return None

    # Salvaging

    def look(self) -> Salvaged:
        """Return what the damaged database still gives; nothing is changed.

        Raises:
            TrackerError: if it cannot be read at all, or is sound.
        """
        if self._sound():
            raise TrackerError(f"{self.paths.database} is sound", "there is nothing to salvage")
        database = self.paths.database
        rows = self._rows_in(database)
        kept = machine(database)
        same, apart = self._sound_backups(kept)
        base = same[0] if same else None
        known = backup.numbers(base.path) if base else set()
        others: list[Row] = []
        for one in same[1:]:
            if backup.numbers(one.path) <= known:
                continue
            more = [row for row in backup.rows(one.path) if (row.replica, row.n) not in known]
            known |= {(row.replica, row.n) for row in more}
            others += more
        all_ = known | {(row.replica, row.n) for row in rows}
        left_out = tuple(one for one in apart if not backup.numbers(one.path) <= all_)
        mirrors = kept.mirrors
        if mirrors is None and base is not None:
            mirrors = machine(base.path).mirrors
        return Salvaged(
            rows,
            base,
            tuple(others),
            len(all_) - len(known),
            _missing(all_),
            left_out,
            kept,
            tuple(sorted(row.path for row, _ in mirrors or ())),
        )

    def _sound_backups(self, kept: Machine) -> tuple[list[Backup], list[Backup]]:
        """Return the sound backups, the newest first: of the state that there was, and of others.

        What was restored away was meant to go; of one state each backup holds what those before it do.
        Of a restored state without any, they are those of what it was made of, up to there.
        """
        sound: list[tuple[Backup, Facts]] = []
        for one in self.backups():
            try:
                sound.append((one, backup.examine(one.path)))
            except TrackerError:
                continue
        eras = [facts.era for _, facts in sound]
        there = kept.local.get(ERA) if kept.local is not None else None
        until = math.inf
        if sound and (kept.local is None or there not in eras):
            there, until = kept.source or (eras[0], math.inf)
        same: list[Backup] = []
        apart: list[Backup] = []
        for one, facts in sound:
            (same if facts.era == there and facts.lamport <= until else apart).append(one)
        return same, apart

    def look_into(self, file: Path) -> list[Row]:
        """Return what a database, damaged or not, still gives that the track does not have.

        Raises:
            TrackerError: if either of them cannot be read.
        """
        rows = self._rows_in(file)
        known = {(row.replica, row.n) for row in backup.rows(self.paths.database)}
        return [row for row in rows if (row.replica, row.n) not in known]

    @staticmethod
    def _rows_in(file: Path) -> tuple[Row, ...]:
        try:
            return salvage(file).rows
        except OSError as error:
            raise TrackerError(f"{file} cannot be read: {error.strerror}") from error

    def newest_sound(self) -> Backup | None:
        """Return the newest backup that is sound, None if there is none."""
        for one in self.backups():
            try:
                backup.examine(one.path)
            except TrackerError:
                continue
            return one
        return None

    def salvage(self, found: Salvaged) -> Restored:
        """Make a database of what `look` found, and the newest sound backup; keep the damaged one.

        Raises:
            TrackerError: if nothing can be written; nothing was changed then.
        """
        seeded = not found.rows or any(row.replica == SEED_REPLICA for row in found.rows)
        others = {(row.replica, row.n) for row in found.others}
        more = [row for row in found.rows if (row.replica, row.n) not in others]
        with restore.prepared(
            found.base.path if found.base else None,
            self.paths.database,
            self._new_replica,
            self._share,
            follow=False,
            rows=[*found.others, *more],
            first=self._first if seeded else list,
            then=lambda store: take(store, found.machine),
        ) as made:
            facts = backup.examine(made.path)
            aside = self._place(made)
        self._settle()
        return Restored(facts, None, aside)

    def rebuild(self) -> Path:
        """Make all tables and the index anew from the journal; return the backup made before.

        Raises:
            TrackerError: if the journal cannot be read, or nothing can be written.
        """
        database = self.paths.database
        made_before: list[Path] = []

        def keep() -> None:
            made_before.append(self._keep("doctor"))

        with restore.rebuilt(
            database, self._new_replica, self._share, utc_text(self._clock())
        ) as made:
            restore.into(made, database, keep)
        self._settle()
        return made_before[0]

    # What both need

    def _place(self, made: Prepared) -> Path | None:
        """Put what was prepared where the damaged database is, unless another process already has."""
        if self._sound():
            raise TrackerError(
                f"{self.paths.database} is sound by now: another program has seen to it",
                "look at what is there first",
            )
        return restore.place(made, self.paths.database, self._clock())

    def _keep(self, reason: str) -> Path:
        return backup.make(self.paths.database, self.paths.backups, reason, self._clock())

    @property
    def _share(self) -> float:
        return share(self._config.retention)

    def _new_replica(self) -> str:
        return self._tail(6)

    def _settle(self) -> None:
        """Let the shell's prompt know."""
        from tracker_tui.tracker import Tracker

        with Tracker(self.paths, self._config, clock=self._clock, tail=self._tail) as tracker:
            tracker.keep_prompt()


def is_other(path: Path) -> bool:
    """Whether there is something of that name which is no file: a device, a pipe."""
    try:
        return path.exists() and not (path.is_file() or path.is_dir())
    except (OSError, ValueError):
        return False


def is_file(path: Path) -> bool:
    """Whether there is a file of that name, whatever the name."""
    try:
        return path.is_file()
    except (OSError, ValueError):  # too long, or with a NUL
        return False


def _missing(numbers: Iterable[tuple[str, int]]) -> int:
    """How many numbers of replicas are missing before their last ones; a seed's have gaps of their own."""
    by_replica: dict[str, list[int]] = {}
    for replica, n in numbers:
        if not is_seed(replica):
            by_replica.setdefault(replica, []).append(n)
    return sum(max(there) - len(there) for there in by_replica.values())
