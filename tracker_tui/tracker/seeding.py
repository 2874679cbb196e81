"""Newer versions of the track, and other tracks beside it: what is held, what would change, updating."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from tracker_tui.domain import seeds
from tracker_tui.domain.words import Entity
from tracker_tui.errors import TrackerError
from tracker_tui.tracker.base import verb
from tracker_tui.tracker.previews import Previews
from tracker_tui.tracker.questions import TRACK

if TYPE_CHECKING:
    from tracker_tui.domain.reseed import News
    from tracker_tui.exchange.seed import Seed

FILES = "seeds"
"""Under which key it is kept, by id of a seed, from which file it was last read."""
TOLD = "seed told"
"""Under which key the version is kept that the screen has told of."""


class Newness(StrEnum):
    """Whether a seed is newer than what the database holds of it."""

    OTHER = "other"
    """A track of which the database holds nothing."""
    NEWER = "newer"
    SAME = "same"
    OLDER = "older"


class Held(NamedTuple):
    """A seed that the database holds."""

    id: str
    title: str
    version: int
    updated: str
    """ISO date of its content."""
    entries: int
    """How many of its entries are in the track; `retired` of these."""
    retired: int
    file: Path | None
    """Where its next version is looked for; None if nobody knows."""


class Seeding(Previews):
    """The verbs and questions about seeds."""

    def seeds(self) -> list[Held]:
        """Return the seeds that the database holds, the built-in one first."""
        facts = self._store.facts(Entity.TRACK)
        files = self._seed_files()
        found = []
        for replica, version in sorted(self._store.seed_versions().items()):
            id_ = seeds.id_of(replica)
            title, updated = (str(facts.get((id_, name), "")) for name in ("title", "updated"))
            counts = self._store.seed_counts(replica)
            found.append(Held(id_, title or id_, version, updated, *counts, self._file(id_, files)))
        return found

    def _seed_files(self) -> Mapping[str, object]:
        kept = self.remembered(FILES)
        return kept if isinstance(kept, dict) else {}

    @staticmethod
    def _file(id_: str, files: Mapping[str, object]) -> Path | None:
        from tracker_tui.exchange import seed

        known = files.get(id_)
        if known is None and id_ == seeds.BUILT_IN:
            return seed.built_in()
        return Path(str(known)) if known is not None else None

    def seed_newness(self, seed: Seed) -> Newness:
        """Return whether a seed is newer than what the database holds of it.

        Raises:
            TrackerError: if it cannot be taken in: it says something else than what is held under
                the same version, or gives an id to something that another has.
        """
        held = self._store.seed_versions().get(seed.replica)
        if held is not None and held > seed.version:
            return Newness.OLDER
        if held == seed.version:
            self._store.same_seeds(seed.rows())
            return Newness.SAME
        taken = [
            (id_, replica)
            for id_, replica in self._store.makers(entry.id for entry in seed.entries)
            if replica != seed.replica
        ]
        if taken:
            id_, replica = taken[0]
            more = f", and {len(taken) - 1} more" if len(taken) > 1 else ""
            raise TrackerError(
                f"“{id_}” is {self._owner(replica)}{more}",
                f"give it another id in the file of “{seed.id}”",
            )
        return Newness.OTHER if held is None else Newness.NEWER

    def _owner(self, replica: str) -> str:
        if not seeds.is_seed(replica):
            return "an entry of your own already"
        titles = {held.id: held.title for held in self.seeds()}
        id_ = seeds.id_of(replica)
        return f"in “{titles.get(id_, id_)}” already"

    def seed_news(self, seed: Seed) -> News:
        """Return what a seed would change.

        Raises:
            TrackerError: if it cannot be taken in; see `seed_newness`.
        """
        from tracker_tui.domain.reseed import News, news

        if self.seed_newness(seed) in (Newness.SAME, Newness.OLDER):
            return News()
        return news(self._store.journal(), seed.rows())

    @verb
    def update_seed(self, seed: Seed, file: Path | None = None) -> Path | None:
        """Take in a newer version of a seed, or another seed; of one that is no news nothing.

        It is no action that can be undone: what it says is not the user's. So a backup is made.

        Args:
            seed: The seed.
            file: Where it was read from, to be looked at for the next version; None for the
                built-in one.

        Returns:
            The backup; None if nothing here was the user's, or nothing was done.

        Raises:
            TrackerError: if it cannot be taken in, or there could be no backup.
        """
        if self.seed_newness(seed) in (Newness.SAME, Newness.OLDER):
            return None
        backup = self.safety_backup("seed")
        self._store.merge(seed.rows())
        self.seed_came_from(seed.id, file)
        return backup

    def began_with(self, id_: str, file: Path) -> None:
        """Keep that this database began with the track of a file: it is called what that says."""
        self.remember(TRACK, id_)
        self.seed_came_from(id_, file)

    def seed_came_from(self, id_: str, file: Path | None) -> None:
        """Keep where the next version of a seed is looked for; None: in the program."""
        files = {key: value for key, value in self._seed_files().items() if key != id_}
        if file is not None:
            files[id_] = str(file.absolute())
        if files != self._seed_files():
            self.remember(FILES, files)

    def newer_seeds(self) -> list[tuple[Seed, Path | None]]:
        """Return the newer versions of what is held, each with the file it is in; see `update_seed`.

        Raises:
            TrackerError: if one of the files cannot be read, or is no sound seed.
        """
        from tracker_tui.exchange import seed

        files = self._seed_files()
        found = []
        for held in self.seeds():
            if held.file is None:
                continue
            newer = seed.read(held.file)
            if newer.id == held.id and self.seed_newness(newer) is Newness.NEWER:
                found.append((newer, held.file if held.id in files else None))
        return found

    def newer_built_in(self) -> int | None:
        """Return the version of the built-in track if it is newer than the one that is held.

        None too where the database holds none, or one from a file. It reads no more than the
        beginning of the file.
        """
        row = self._store.newest_row(seeds.replica_of(seeds.BUILT_IN))
        if row is None or seeds.BUILT_IN in self._seed_files():
            return None
        from tracker_tui.exchange import seed

        try:
            version = seed.head_version(seed.built_in())
        except OSError:
            return None
        return version if version > seeds.version_of(row) else None

    def news_to_tell(self) -> int | None:
        """Return the version of the built-in track that the screen should tell of, once each."""
        version = self.newer_built_in()
        if version is None or self.remembered(TOLD) == version:
            return None
        self.remember(TOLD, version)
        return version
