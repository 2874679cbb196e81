"""What every part of `Tracker` stands on: the files, the clock, and the one way to write."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime
from functools import wraps
from pathlib import Path
from typing import Concatenate, ParamSpec, Self, TypeVar

from tracker_tui import prompt
from tracker_tui.config import Config
from tracker_tui.domain import dates, ids, text
from tracker_tui.domain.calendar import Calendar
from tracker_tui.domain.journal import Action, Row
from tracker_tui.domain.reviews import share
from tracker_tui.domain.track import Entry
from tracker_tui.domain.words import Kind, Status
from tracker_tui.errors import Damaged, Gone, Lost, TrackerError
from tracker_tui.paths import Paths
from tracker_tui.store.store import Store

Clock = Callable[[], datetime]
"""Returns now, as an aware moment in the user's time zone."""

_Given = ParamSpec("_Given")
_Result = TypeVar("_Result")
_Self = TypeVar("_Self", bound="Base")


def system_clock() -> datetime:
    """Now, in the local time zone.

    Raises:
        TrackerError: if that is a day or more away from UTC, which no time zone is.
    """
    try:
        return datetime.now(dates.LOCAL)
    except ValueError as error:
        zone = os.environ.get("TZ", "")
        raise TrackerError(
            f"TZ={zone} is no time zone: it is a day or more away from UTC",
            "set TZ to one such as Europe/Paris, or unset it",
        ) from error


def random_tail(length: int) -> str:
    """Random characters for an id, easy to tell apart and to type."""
    # Four bytes more than the characters need: none of them is drawn noticeably more often.
    number = int.from_bytes(os.urandom(length + 4))
    drawn = []
    for _ in range(length):
        number, place = divmod(number, len(ids.ALPHABET))
        drawn.append(ids.ALPHABET[place])
    return "".join(drawn)


def first_rows() -> Iterable[Row]:
    """The rows of the built-in track."""
    from tracker_tui.exchange import seed

    return seed.read(seed.built_in()).rows()


def lost_track(paths: Paths) -> Lost | None:
    """Return what to say where no database is any more; None if one is there, or never was any.

    A file without a byte is what a first start that was cut short leaves, unless there are backups.
    """
    try:
        size: int | None = paths.database.stat().st_size
    except FileNotFoundError:
        size = None
    except OSError:
        return None
    if size or paths.database.is_symlink() or _size(Path(f"{paths.database}-wal")):
        return None
    from tracker_tui.store import backup

    what = f"{paths.database} is empty" if size == 0 else f"{paths.database} is gone"
    kept = backup.kept(paths.backups)
    if kept:
        day = kept[0].moment.astimezone(dates.LOCAL).date().isoformat()
        return Lost(
            f"{what}, and there {_backups(len(kept))}, the newest of {day}",
            "tracker restore latest brings that back; tracker init begins anew",
        )
    trace = paths.data / prompt.NAME  # the log is none: it is written before any database too
    if size is None and trace.exists():
        return Lost(
            f"{what}: there was a track ({trace} is there), and there is no backup of it",
            "put it back, or begin anew: tracker init",
        )
    return None


def _backups(count: int) -> str:
    return "is a backup" if count == 1 else f"are {count:,} backups"


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def verb(
    method: Callable[Concatenate[_Self, _Given], _Result],
) -> Callable[Concatenate[_Self, _Given], _Result]:
    """Make what a verb reads, plans and writes one transaction: nobody writes in between."""

    @wraps(method)
    def whole(self: _Self, /, *args: _Given.args, **given: _Given.kwargs) -> _Result:
        with self._store.transaction():
            result = method(self, *args, **given)
        self._written()
        return result

    return whole


class Base:
    """One user's track: opening it, and what all verbs and questions need.

    Args:
        paths: Where its files are.
        config: The settings.
        clock: What time it is.
        tail: Random characters for ids.
        timeout: Seconds to wait while another process writes.
        first: The rows that a database begins with when it is made: the built-in track.
        names: Whose actions are then this one's to undo: see `Store`.
        anew: Whether to make one also where there was one before, which is gone.

    Raises:
        Lost: if there is none, and there was one before.
        TrackerError: if the database cannot be opened or made.
    """

    def __init__(
        self,
        paths: Paths,
        config: Config | None = None,
        *,
        clock: Clock = system_clock,
        tail: Callable[[int], str] = random_tail,
        timeout: float = 10.0,
        first: Callable[[], Iterable[Row]] = first_rows,
        names: Sequence[tuple[str, int]] = (),
        anew: bool = False,
    ) -> None:
        self.paths = paths
        self.config = config or Config()
        self._clock = clock
        self._tail = tail
        self._timeout = self._patience = timeout
        self._first = first
        self._names = names
        self._anew = anew
        self._wrote = False
        """Whether something was written since it was last looked whether a backup is due."""
        self._store = self._open()
        if self._store.made:
            self._written()
            self._wrote = False  # nothing of the user's yet

    def _open(self) -> Store:
        if not self._anew:
            lost = lost_track(self.paths)
            if lost is not None:
                raise lost
        store = Store(
            self.paths.database,
            self._first,
            lambda: self._tail(6),
            timeout=self._timeout,
            before_migration=lambda: self._back_up("migration"),
            names=self._names,
        )
        try:
            if store.blocked is None:
                store.set_review_share(share(self.config.retention))
        except TrackerError:
            store.close()
            raise
        return store

    @property
    def began(self) -> bool:
        """Whether its database was made when it was opened."""
        return self._store.made

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the database; everything acknowledged is on disk already."""
        self._store.close()

    @property
    def blocked(self) -> TrackerError | None:
        """Why nothing can be written: the disk is full, or read-only; None if it can."""
        return self._store.blocked

    @property
    def made(self) -> bool:
        """Whether there was no track yet before this was opened."""
        return self._store.made

    def written(self) -> str:
        """Return what was last done here, in words, if it was written: for after an interrupt."""
        return self._store.written()

    def another(self) -> Self:
        """Return a second one on the same files, for another thread.

        Raises:
            Gone: if they are not there any more: none are made in their place.
        """
        self._store.check_place()
        return type(self)(
            self.paths, self.config, clock=self._clock, tail=self._tail, timeout=self._timeout
        )

    def wait_at_most(self, seconds: float) -> None:
        """Wait no longer than this from now on for another process that is writing."""
        self._patience = seconds
        self._store.wait_at_most(seconds)

    def renew(self) -> bool:
        """Open what has taken the place of the database since it was opened; whether something has.

        Raises:
            Gone: if nothing has: the file was deleted or moved away. None is made.
            TrackerError: if it is not one that can be used.
        """
        if self._store.in_place:
            return False
        self._store.let_go()
        if not self.paths.database.exists():
            raise Gone(
                f"{self.paths.database} was deleted or moved away",
                "nothing is written until it is back",
            )
        fresh = self._open()
        self._store.close()
        self._store = fresh
        fresh.wait_at_most(self._patience)
        return True

    # Time

    @property
    def calendar(self) -> Calendar:
        """Which day a moment is on, in the user's time zone."""
        return Calendar(self._clock().tzinfo, self.config.day_starts)

    def today(self) -> date:
        """The current day, in the user's time zone."""
        now = self._clock()
        return Calendar(now.tzinfo, self.config.day_starts).day_of(now)

    def now(self) -> datetime:
        """The present moment, UTC."""
        return self._clock().astimezone(UTC)

    def local_day(self, at: str) -> date:
        """The user's day on which a moment of the journal fell."""
        return self.calendar.day_of_text(at)

    def _at(self) -> str:
        return dates.utc_text(self._clock())

    # What a verb acts on

    def entry(self, id_: str) -> Entry:
        """Return an entry, deleted or not.

        Raises:
            TrackerError: if there is none of that id.
        """
        found = self._store.entry(id_)
        if found is None:
            raise TrackerError(f"there is no “{id_}”", "tracker search TEXT finds ids")
        return found

    def entries(self, ids_: Iterable[str]) -> list[Entry]:
        """Return the entries of some ids, those that are not there left out."""
        return self._store.entries(ids_)

    def _living(self, ids_: Sequence[str]) -> list[Entry]:
        """Return entries that something can be done to: those of `ids_` that were not deleted.

        Raises:
            TrackerError: if there is none of such an id, or all were deleted.
        """
        entries = [self.entry(id_) for id_ in dict.fromkeys(ids_)]
        living = [entry for entry in entries if not entry.deleted]
        if entries and not living:
            raise TrackerError(
                f"“{text.shortened(text.shown(entries[0].title), 60)}” was deleted",
                "undo brings it back",
            )
        return living

    def _bearers(self, ids_: Sequence[str]) -> tuple[list[Entry], str]:
        found: dict[str, Entry] = {}
        of = ""
        for entry in self._living(ids_):
            id_ = entry.id
            if entry.is_branch:
                stand_ins = [e for e in self._store.below(id_) if e.kind is Kind.ITEM]
            elif entry.covering:
                stand_ins = [
                    e for e in self._store.covered_items(id_) if e.own_status is not Status.SKIPPED
                ] or self._store.covered_items(id_)
            else:
                found.setdefault(id_, entry)
                continue
            of = entry.title
            for item in stand_ins:
                found.setdefault(item.id, item)
        return list(found.values()), of if len(ids_) == 1 else ""

    # Writing

    def _apply(self, action: Action, day: date | None = None) -> Action:
        """Have an action written as something done on a day, today unless given."""
        if not action.changes:
            return action
        return self._store.apply(self._counted(action, day), self._at())

    def _counted(self, action: Action, day: date | None = None) -> Action:
        day = day or self.today()
        return self.freeze(action._replace(day=day.isoformat()))

    def freeze(self, action: Action) -> Action:
        """Return an action that also keeps what has to be kept as it was before it."""
        return action

    def _written(self) -> None:
        """Something may have been written: the day's backup is due, if there is none yet."""
        self._wrote = True

    def safety_backup(self, reason: str) -> Path | None:
        """Back up what is there before something risky; None if nothing in it is the user's.

        Args:
            reason: What is about to be done, in a word or two: it becomes part of the file's name.

        Raises:
            TrackerError: if there could be no backup: then whatever is risky must not be done.
        """
        return self._back_up(reason) if self._store.action_lines(1) else None

    def _back_up(self, reason: str) -> Path:
        from tracker_tui.store import backup  # only where something risky is done, and once a day

        try:
            return backup.make(self.paths.database, self.paths.backups, reason, self._clock())
        except Damaged:
            raise
        except TrackerError as error:
            raise TrackerError(
                f"there could be no backup ({reason}): {error.problem}",
                error.advice or "nothing was changed",
            ) from error

    # This machine and other processes

    def foreign(self) -> Action | None:
        """Return what others changed since the last call, as one action; None if nothing."""
        changed, changes, entries = self._store.foreign_changes()
        if not changed:
            return None
        if not changes:
            return Action("another state of the track was restored", (), anew=True)
        return Action("changed elsewhere", changes, entries=entries)

    def remember(self, key: str, value: object) -> None:
        """Keep something about this machine's screen, outside the journal."""
        self._store.set_local(key, json.dumps(value))

    def remembered(self, key: str) -> object:
        """Return what `remember` kept under `key`, None if nothing (sound) is there."""
        kept = self._store.local(key)
        try:
            return json.loads(str(kept)) if kept is not None else None
        except ValueError:
            return None
