"""What the doctor says of the files around the database: backups, permissions, leftovers, the disk."""

from __future__ import annotations

import os
import platform
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from tracker_tui import __version__
from tracker_tui.domain.leftovers import AGE_SECONDS, is_left_beside, is_left_of, is_leftover
from tracker_tui.domain.text import plural
from tracker_tui.errors import TrackerError
from tracker_tui.paths import Paths
from tracker_tui.store import backup, schema
from tracker_tui.store.connection import SQLITE
from tracker_tui.store.machine import machine
from tracker_tui.tracker import privacy
from tracker_tui.tracker.base import Clock
from tracker_tui.tracker.finding import Finding, some
from tracker_tui.tracker.rescue import Rescue

BACKUP_DAYS = 2
"""How old the newest backup may be when something was written since."""
FREE_BYTES = 100 * 2**20
"""How much room there should be on the disk."""
FULL_BYTES = 2**16
"""With how much room nothing can be done any more."""
_MINUTE = timedelta(minutes=1)


class FilesChecked:
    """Looks at the files around one user's database; each question is one finding.

    Args:
        paths: Where the user's files are.
        rescue: Knows the backups.
        clock: What time it is.
        written_since: Whether the user wrote anything after what the logical clock said.
        kept: What gets another name is added to it.
    """

    def __init__(
        self,
        paths: Paths,
        rescue: Rescue,
        clock: Clock,
        written_since: Callable[[int], bool],
        kept: list[Path],
    ) -> None:
        self.paths = paths
        self._rescue = rescue
        self._clock = clock
        self._written_since = written_since
        self._kept = kept

    def backups(self) -> Finding:
        """Whether there are backups that are sound and new enough."""
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
                f"{plural(len(unsound), 'backup')} cannot be read: {some(unsound)}",
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
                f" was wrong: {some(ahead)}"
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
            self._kept.append(path.rename(path.with_name(f"damaged-{name}")))

    def permissions(self) -> Finding:
        """Whether anybody else can read or change what is the track's."""
        found = privacy.open_to_others(self.paths)
        if not found:
            return Finding("permissions", "nobody else can read the files")
        return Finding(
            "permissions",
            f"others may read or change {some([str(path) for path in found])}",
            sound=False,
            means="other users of this machine can look at your notes, or write into them",
            fix="lets nobody else read or change them",
            mend=partial(privacy.close, found),
        )

    def leftovers(self) -> Finding:
        """Whether an ended program left files that were to become others."""
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
            f"{plural(len(old), 'temporary file')}: {some([self._name(file) for file in old])}",
            sound=False,
            means="the program was ended while it wrote them; they are of no use",
            fix="removes them",
            mend=lambda: _remove(old),
        )

    def _name(self, file: Path) -> str:
        """A file's name, with its folder where that is none of ours."""
        return file.name if file.parent in (self.paths.data, self.paths.backups) else str(file)

    def disk(self) -> Finding:
        """Whether there is room to write and to back up."""
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

    def versions(self) -> Finding:
        """Which versions of everything are running."""
        try:
            textual = version("textual")
        except PackageNotFoundError:
            textual = "is missing"
        return Finding(
            "versions",
            f"tracker {__version__}, schema {schema.VERSION}, SQLite {SQLITE},"
            f" Python {platform.python_version()}, Textual {textual}",
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
