"""Looking whether everything is as it should be, and mending what is not."""

from __future__ import annotations

import stat
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from tracker_tui.config import Config
from tracker_tui.domain.backups import Facts
from tracker_tui.domain.text import plural
from tracker_tui.errors import Damaged, TrackerError
from tracker_tui.paths import Paths
from tracker_tui.store import backup
from tracker_tui.tracker import Tracker
from tracker_tui.tracker.base import Clock, lost_track, random_tail, system_clock
from tracker_tui.tracker.files_checked import FilesChecked
from tracker_tui.tracker.finding import Finding, some, unknown
from tracker_tui.tracker.rescue import Rescue, Restored, Salvaged

LOG_BYTES = 16 * 2**20
"""How long the write-ahead log may be: it is emptied at 4 MB, unless somebody reads without end."""
STATES = ("in step", "file changed", "track changed")
"""How a mirrored file may stand; anything else is what is wrong with it."""


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
        self.kept: list[Path] = []
        """The files that hold what was there before and is damaged, under the names they have now."""
        self.saved: Salvaged | None = None
        """What was saved of a damaged database."""
        self.holds: Facts | None = None
        """What a database holds that was put in the place of another one."""

    def look(self) -> list[Finding]:
        """Return what was found, sound or not; what cannot be looked at is a finding of its own."""
        found = list(self._database())
        files = FilesChecked(self.paths, self._rescue, self._clock, self._written_since, self.kept)
        for check, question in (
            ("backups", files.backups),
            ("permissions", files.permissions),
            ("leftovers", files.leftovers),
            ("disk", files.disk),
            ("versions", files.versions),
        ):
            try:
                found.append(question())
            except (TrackerError, OSError) as error:
                found.append(unknown(check, error))
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
            yield unknown("database", error)
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
            yield unknown("state", error)
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
            return unknown("database", error)
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
            mend=lambda: self._replaced(self._rescue.restore(newest.path)),
        )

    def _schema(self, unlike: list[str]) -> Finding:
        if not unlike:
            return Finding("schema", "every table, index and trigger is there")
        return Finding(
            "schema",
            some(unlike),
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
        found = self._rescue.look()
        self._replaced(self._rescue.salvage(found))
        self.saved = found

    def _replaced(self, done: Restored) -> None:
        """Keep what is to be told of a database that took the place of another one."""
        self.holds = done.facts
        if done.aside is not None:
            # Of one that was gone, its log is what is left.
            whole = done.aside.exists()
            self.kept.append(done.aside if whole else Path(f"{done.aside}-wal"))

    def _state(self, problems: list[str], lacking: int, *, indexed: bool = True) -> Finding:
        if not problems and indexed:
            return Finding("state", "every table and the search index are what the journal says")
        if not problems:
            says = "every table is what the journal says; the search index could not be looked into"
            return Finding("state", says)
        if lacking:
            return Finding(
                "state",
                f"rows of the journal are missing: {some(problems)}",
                sound=False,
                means="what is shown is still there, but neither undo nor history know all of it",
                fix="writes into the journal what only the tables still say, and makes them anew",
                mend=self._rescue.rebuild,
            )
        return Finding(
            "state",
            some(problems),
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
            f"{plural(len(misplaced), 'entry has', 'entries have')} no place: {some(misplaced)}",
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
            some(wrong),
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

    def _written_since(self, lamport: int) -> bool:
        """Whether the user wrote anything after what the logical clock said; also where this cannot be said."""
        if not self.paths.database.exists():
            return False
        try:
            with Tracker(self.paths, self._config, clock=self._clock, tail=self._tail) as tracker:
                return bool(tracker.actions(1)) and tracker.lamport() > lamport
        except TrackerError:
            return True


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
