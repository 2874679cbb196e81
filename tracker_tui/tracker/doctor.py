"""Looking whether everything is as it should be, and mending what is not."""

from __future__ import annotations

import os
import platform
import stat
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from tracker_tui import __version__
from tracker_tui.config import Config
from tracker_tui.domain.leftovers import AGE_SECONDS, is_left_beside, is_left_of, is_leftover
from tracker_tui.domain.text import plural
from tracker_tui.errors import Damaged, TrackerError
from tracker_tui.paths import Paths
from tracker_tui.store import backup, schema
from tracker_tui.store.connection import SQLITE
from tracker_tui.store.machine import machine
from tracker_tui.tracker import Tracker, privacy
from tracker_tui.tracker.base import Clock, lost_track, random_tail, system_clock
from tracker_tui.tracker.rescue import Rescue

BACKUP_DAYS = 2
"""How old the newest backup may be when something was written since."""
LOG_BYTES = 16 * 2**20
"""How long the write-ahead log may be: it is emptied at 4 MB, unless somebody reads without end."""
FREE_BYTES = 100 * 2**20
"""How much room there should be on the disk."""
FULL_BYTES = 2**16
"""With how much room nothing can be done any more."""
STATES = ("in step", "file changed", "track changed")
"""How a mirrored file may stand; anything else is what is wrong with it."""
_MINUTE = timedelta(minutes=1)
SHOWN = 3
"""How many of many names or lines a finding tells."""


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at."""

    check: str
    """What was looked at; a stable name."""
    says: str
    """What was found, as one line."""
    sound: bool = True
    """Whether it is as it should be."""
    means: str = ""
    """What that means for the user."""
    fix: str = ""
    """What is done about it by `fix`, or can be done by the user."""
    mend: Callable[[], object] | None = field(default=None, compare=False)
    """Does it; None if the program cannot. It is another one at each look."""


class Doctor:
    """Looks at everything that belongs to one user's track.

    Args:
        paths: Where the user's files are.
        config: The settings.
        clock: What time it is.
        tail: Random characters for ids.
    """

    def __init__(
        self,
        paths: Paths,
        config: Config | None = None,
        *,
        clock: Clock = system_clock,
        tail: Callable[[int], str] = random_tail,
    ) -> None:
        self.paths = paths
        self._config = config or Config()
        self._clock = clock
        self._tail = tail
        self._rescue = Rescue(paths, self._config, clock=clock, tail=tail)

    def look(self) -> list[Finding]:
        """Return what was found, sound or not; what cannot be looked at is a finding of its own."""
        found = list(self._database())
        for check, question in (
            ("backups", self._backups),
            ("permissions", self._permissions),
            ("leftovers", self._leftovers),
            ("disk", self._disk),
            ("versions", self._versions),
        ):
            try:
                found.append(question())
            except (TrackerError, OSError) as error:
                found.append(_unknown(check, error))
        return found

    def fix(self, found: list[Finding], made: Path | None = None) -> Path | None:
        """Mend what can be; what is there is backed up first, if it is whole enough for that.

        Mending one thing may bring another to light: look again, and mend that.

        Args:
            found: What `look` found.
            made: The backup that was made before in the same run: then no other one is.

        Returns:
            The backup, None if nothing had to be mended or the database cannot be backed up.

        Raises:
            TrackerError: if something cannot be mended; what comes after it was not tried.
        """
        # What a file may be read by first: it may get another name next.
        ill = sorted(
            (finding for finding in found if finding.mend is not None),
            key=lambda finding: finding.check != "permissions",
        )
        if not ill:
            return None
        if made is None and self.paths.database.exists() and self._rescue.damage() is None:
            made = self._rescue.make(reason="doctor")
        done: list[Callable[[], object]] = []
        try:
            for finding in ill:
                assert finding.mend is not None
                if finding.mend not in done:
                    finding.mend()
                    done.append(finding.mend)
        except OSError as error:
            raise TrackerError(f"{error.filename}: {error.strerror}") from error
        return made

    # The database

    def _database(self) -> Iterator[Finding]:
        database = self.paths.database
        place = self._place()
        if place is not None:
            yield place
            return
        try:
            damage = self._damage()
        except TrackerError as error:
            yield _unknown("database", error)
            return
        if damage is not None:
            yield Finding(
                "database",
                damage.problem,
                sound=False,
                means="some of what it holds cannot be read, and what is read may be wrong",
                fix="makes a new one of what its journal and the newest sound backup hold;"
                " the damaged file is kept",
                mend=self._salvage,
            )
            return
        size = backup.size(database)
        yield Finding("database", f"{size / 1e6:,.1f} MB; every page of it can be read")
        yield self._log()
        try:
            with Tracker(self.paths, self._config, clock=self._clock, tail=self._tail) as tracker:
                blocked = tracker.blocked
                problems, misplaced = tracker.problems(), tracker.out_of_order()
                lacking = tracker.lacking() if problems else 0
                files = {row.path: tracker.mirror_state(row) for row in tracker.mirrors()}
                unlike = tracker.unlike_its_schema()
        except Damaged as error:
            yield self._state([error.problem], 0)
            return
        except TrackerError as error:
            yield _unknown("state", error)
            return
        yield _writing(blocked)
        yield self._schema(unlike)
        yield self._state(problems, lacking, indexed=blocked is None)
        yield self._order(misplaced)
        yield self._mirrors(files)

    def _place(self) -> Finding | None:
        """What is where the database should be, if that is none; None if it is one."""
        database = self.paths.database
        try:
            mode = database.stat().st_mode
        except FileNotFoundError:
            if database.is_symlink():
                return Finding(
                    "database",
                    f"{database} is a link to {database.readlink()}, and nothing is there",
                    sound=False,
                    means="there is nothing to read, and nothing can be written",
                    fix="is a disk missing? else remove the link",
                )
            if backup.size(Path(f"{database}-wal")):
                return None
            return self._none()
        except OSError as error:
            return _unknown("database", error)
        if stat.S_ISREG(mode):
            return None
        return Finding(
            "database",
            f"{database} is {'a folder' if stat.S_ISDIR(mode) else 'no plain file'}",
            sound=False,
            means="there is nothing to read, and nothing can be written",
            fix="move it away; then tracker restore latest, or tracker init",
        )

    def _none(self) -> Finding:
        """There is no database: none yet, or none any more."""
        lost = lost_track(self.paths)
        if lost is None:
            return Finding("database", "there is none yet; the first command makes one")
        newest = self._rescue.newest_sound()
        means = "all that you did is in the backups only, or gone"
        if newest is None:
            return Finding("database", lost.problem, sound=False, means=means, fix=lost.advice)
        return Finding(
            "database",
            lost.problem,
            sound=False,
            means=means,
            fix="brings the newest sound backup back; tracker init begins anew instead",
            mend=lambda: self._rescue.restore(newest.path),
        )

    def _schema(self, unlike: list[str]) -> Finding:
        if not unlike:
            return Finding("schema", "every table, index and trigger is there")
        return Finding(
            "schema",
            _some(unlike),
            sound=False,
            means="the program is slow, or nothing guards what is written in the journal",
            fix="makes all tables, indexes and triggers anew from the journal",
            mend=self._rescue.rebuild,
        )

    def _damage(self) -> Damaged | None:
        if not self.paths.database.exists():
            return Damaged(f"{self.paths.database} is gone, but its log is there")
        return self._rescue.damage()

    def _salvage(self) -> None:
        self._rescue.salvage(self._rescue.look())

    def _state(self, problems: list[str], lacking: int, *, indexed: bool = True) -> Finding:
        if not problems and indexed:
            return Finding("state", "every table and the search index are what the journal says")
        if not problems:
            says = "every table is what the journal says; the search index could not be looked into"
            return Finding("state", says)
        if lacking:
            return Finding(
                "state",
                f"rows of the journal are missing: {_some(problems)}",
                sound=False,
                means="what is shown is still there, but neither undo nor history know all of it",
                fix="writes into the journal what only the tables still say, and makes them anew",
                mend=self._rescue.rebuild,
            )
        return Finding(
            "state",
            _some(problems),
            sound=False,
            means="what is shown or found is not all that was written; the journal itself is there",
            fix="makes all tables and the search index anew from the journal",
            mend=self._rescue.rebuild,
        )

    def _order(self, misplaced: list[str]) -> Finding:
        if not misplaced:
            return Finding("order", "every entry has a place among its siblings")
        return Finding(
            "order",
            f"{plural(len(misplaced), 'entry has', 'entries have')} no place: {_some(misplaced)}",
            sound=False,
            means="nothing can be moved or added beside them",
            fix="puts them behind their siblings; undo takes it back",
            mend=self._mend_order,
        )

    def _mend_order(self) -> None:
        with Tracker(self.paths, self._config, clock=self._clock, tail=self._tail) as tracker:
            tracker.mend_order()

    @staticmethod
    def _mirrors(files: Mapping[str, str]) -> Finding:
        wrong = [f"{path}: {state}" for path, state in files.items() if state not in STATES]
        if not wrong:
            return Finding("mirrors", f"{plural(len(files), 'file')} tied to the track")
        return Finding(
            "mirrors",
            _some(wrong),
            sound=False,
            means="what changes there or in the track does not reach the other side",
            fix="bring the file back, or forget it: tracker mirror remove FILE",
        )

    def _log(self) -> Finding:
        size = backup.size(Path(f"{self.paths.database}-wal"))
        if size <= LOG_BYTES:
            return Finding("log", f"the write-ahead log has {size / 1e6:,.1f} MB")
        return Finding(
            "log",
            f"the write-ahead log has {size / 1e6:,.1f} MB",
            sound=False,
            means="reading gets slower; a program has been reading for very long, or was killed",
            fix="writes it into the database and empties it",
            mend=lambda: backup.empty_log(self.paths.database),
        )

    # The files

    def _backups(self) -> Finding:
        listing = self._rescue.listing()
        if not listing:
            return self._no_backup()
        newest, facts = listing[0].backup, listing[0].facts
        now = self._clock()
        ahead = [one.backup.path.name for one in listing if one.backup.moment > now + _MINUTE]
        unsound = [one.backup.path.name for one in listing if one.facts is None]
        if newest.path.name not in unsound:
            try:
                backup.examine(newest.path)
            except TrackerError:
                unsound.insert(0, newest.path.name)
        if unsound:
            return Finding(
                "backups",
                f"{plural(len(unsound), 'backup')} cannot be read: {_some(unsound)}",
                sound=False,
                means="nothing could be restored from there; the other ones are not concerned",
                fix="gives them names that say so, and makes a sound one",
                mend=lambda: self._rename(unsound),
            )
        age = now - newest.moment
        day = newest.moment.astimezone(now.tzinfo).date().isoformat()
        dated = ""
        if ahead:
            dated = (
                f"; {plural(len(ahead), 'has', 'have')} a date that is still to come, from a clock that"
                f" was wrong: {_some(ahead)}"
            )
        old = age > timedelta(days=BACKUP_DAYS) or newest.path.name in ahead
        if old and self._written_since(facts.lamport if facts else 0):
            return Finding(
                "backups",
                f"the newest is of {day}, and something was written since{dated}",
                sound=False,
                means="what was written since is in one file only; the log says why none was made",
                fix="makes one now",
                mend=_nothing_more,
            )
        return Finding("backups", f"{plural(len(listing), 'backup')}, the newest of {day}{dated}")

    def _no_backup(self) -> Finding:
        if not self._written_since(0):
            return Finding("backups", "there is none yet: nothing was written so far")
        return Finding(
            "backups",
            "there is no backup",
            sound=False,
            means="your track is in one file only; the log may say why",
            fix="makes one now",
            mend=_nothing_more,
        )

    def _rename(self, names: list[str]) -> None:
        for name in names:
            path = self.paths.backups / name
            path.rename(path.with_name(f"damaged-{name}"))

    def _written_since(self, lamport: int) -> bool:
        """Whether the user wrote anything after what the logical clock said; also where this cannot be said."""
        if not self.paths.database.exists():
            return False
        try:
            with Tracker(self.paths, self._config, clock=self._clock, tail=self._tail) as tracker:
                return bool(tracker.actions(1)) and tracker.lamport() > lamport
        except TrackerError:
            return True

    def _permissions(self) -> Finding:
        found = privacy.open_to_others(self.paths)
        if not found:
            return Finding("permissions", "nobody else can read the files")
        return Finding(
            "permissions",
            f"others may read or change {_some([str(path) for path in found])}",
            sound=False,
            means="other users of this machine can look at your notes, or write into them",
            fix="lets nobody else read or change them",
            mend=partial(privacy.close, found),
        )

    def _leftovers(self) -> Finding:
        now = self._clock().timestamp()
        found = {
            *_named(self.paths.data, is_leftover),
            *_named(self.paths.backups, is_leftover),
        }
        kept = machine(self.paths.database)
        for row, _ in kept.mirrors or ():
            found.update(_named(Path(os.path.realpath(row.path)).parent, is_left_beside))
        for path in map(Path, kept.targets):
            found.update(_named(path.parent, partial(is_left_of, target=path.name)))
        old = sorted(file for file in found if _age(file, now) > AGE_SECONDS)
        if not old:
            return Finding("leftovers", "no temporary file was left behind")
        return Finding(
            "leftovers",
            f"{plural(len(old), 'temporary file')}: {_some([self._name(file) for file in old])}",
            sound=False,
            means="the program was ended while it wrote them; they are of no use",
            fix="removes them",
            mend=lambda: _remove(old),
        )

    def _name(self, file: Path) -> str:
        """A file's name, with its folder where that is none of ours."""
        return file.name if file.parent in (self.paths.data, self.paths.backups) else str(file)

    def _disk(self) -> Finding:
        try:
            disk = os.statvfs(self.paths.data)
        except (OSError, AttributeError):
            return Finding("disk", "how full it is cannot be told")
        free = disk.f_bavail * disk.f_frsize
        says = f"{free / 1e9:,.1f} GB are free" if free > FULL_BYTES else "the disk is full"
        if free > max(FREE_BYTES, 3 * backup.size(self.paths.database)):
            return Finding("disk", says)
        return Finding(
            "disk",
            says,
            sound=False,
            means="soon nothing can be written or backed up any more",
            fix="make room: the program cannot",
        )

    def _versions(self) -> Finding:
        try:
            textual = version("textual")
        except PackageNotFoundError:
            textual = "is missing"
        return Finding(
            "versions",
            f"tracker {__version__}, schema {schema.VERSION}, SQLite {SQLITE},"
            f" Python {platform.python_version()}, Textual {textual}",
        )


def _unknown(check: str, error: TrackerError | OSError) -> Finding:
    """What could not be looked at."""
    if isinstance(error, OSError):
        error = TrackerError(f"{error.filename or check}: {error.strerror or error}")
    return Finding(
        check,
        error.problem,
        sound=False,
        means="this cannot be looked at, so nothing can be said of it",
        fix=error.advice or "see to what keeps it from being read",
    )


def _writing(blocked: TrackerError | None) -> Finding:
    if blocked is None:
        return Finding("writing", "the database can be written")
    return Finding(
        "writing",
        blocked.problem,
        sound=False,
        means="what is there can be read, and nothing can be changed or backed up there",
        fix=blocked.advice.removesuffix("; nothing was changed"),
    )


def _nothing_more() -> None:
    """The backup that is made before anything is mended is what was missing."""


def _remove(files: list[Path]) -> None:
    for file in files:
        file.unlink(missing_ok=True)


def _named(folder: Path, ours: Callable[[str], bool]) -> list[Path]:
    """The plain files in a folder, none of ours or not, that have such a name."""
    try:
        with os.scandir(folder) as found:
            return [
                folder / file.name
                for file in found
                if ours(file.name) and file.is_file(follow_symlinks=False)
            ]
    except OSError:
        return []


def _age(file: Path, now: float) -> float:
    """How many seconds ago a file was last written; 0 if it is gone by now."""
    try:
        return now - file.stat().st_mtime
    except OSError:
        return 0


def _some(names: list[str]) -> str:
    more = f" and {len(names) - SHOWN:,} more" if len(names) > SHOWN else ""
    return "; ".join(names[:SHOWN]) + more
