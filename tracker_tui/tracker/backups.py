"""The backups: the day's, and what there is."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from tracker_tui.errors import Damaged, TrackerError
from tracker_tui.tracker.base import Base

if TYPE_CHECKING:
    from tracker_tui.domain.backups import Backup


class Backups(Base):
    """The verbs and questions of backups."""

    _looked_on: date | None = None
    """The last day on which there was a backup, or making one failed."""

    @property
    def backup_due(self) -> bool:
        """Whether something was written on a day that has no backup yet; cheap enough for every key."""
        if not self._wrote:
            return False
        today = self.today()
        if self._looked_on != today and not self._has_daily(today):
            return True
        self._looked_on = today
        self._wrote = False
        return False

    def _has_daily(self, day: date) -> bool:
        from tracker_tui.domain.backups import DAILY

        calendar = self.calendar
        return any(b.reason == DAILY and calendar.day_of(b.moment) == day for b in self.backups())

    def daily_backup(self) -> Damaged | None:
        """Make the day's backup; it takes its time, and may run on another thread than the rest.

        That it cannot be made is no reason not to go on: it is logged, and `tracker doctor` tells.

        Returns:
            What the user has to know at once: that the database turned out to be damaged.
        """
        from tracker_tui.domain.backups import DAILY
        from tracker_tui.store import backup

        self._looked_on = self.today()
        try:
            if not backup.room(self.paths.database, self.paths.backups):
                raise TrackerError("the disk is nearly full")
            self._back_up(DAILY)
        except TrackerError as error:
            from tracker_tui import log

            log.started(self.paths.log_file).warning("no daily backup: %s", error)
            return error if isinstance(error, Damaged) else None
        return None

    def problems(self) -> list[str]:
        """Return what is wrong with the track, one line each: see `store.check`.

        Into the search index is only looked where something can be written.
        """
        from tracker_tui.store import check

        found = check.problems(self._store)
        index = "" if self.blocked else check.index_problem(self._store)
        return [*found, index] if index else found

    def lacking(self) -> int:
        """Return how many rows the journal lost of which the tables still tell; 0 if that cannot be said."""
        from tracker_tui.store.lacking import lacking

        try:
            return len(lacking(self._store, "-", self._at()))
        except (TrackerError, ValueError, TypeError, KeyError):
            return 0

    def lamport(self) -> int:
        """Return what the logical clock said when something was written last; 0 if nothing was."""
        return self._store.last_lamport()

    def unlike_its_schema(self) -> list[str]:
        """Return which tables, indexes and triggers are missing or are other ones than they should be."""
        from tracker_tui.store import check

        return check.schema_problems(self._store)

    def out_of_order(self) -> list[str]:
        """Return the entries beside which nothing can be put."""
        from tracker_tui.store import check

        return check.order_problems(self._store)

    def backups(self) -> list[Backup]:
        """Return the backups there are, the newest first."""
        from tracker_tui.store import backup

        return backup.kept(self.paths.backups)
