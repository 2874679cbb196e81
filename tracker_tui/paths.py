"""Where things live: a leaf.

`TRACKER_HOME=DIR` puts everything under DIR; else it is the user's own folders, as platformdirs
knows them.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple

from tracker_tui.errors import TrackerError

HOME_VARIABLE = "TRACKER_HOME"


class Paths(NamedTuple):
    """The files and folders of one user."""

    data: Path
    """Folder of the database."""
    config: Path
    """Folder of the configuration."""
    logs: Path
    """Folder of the log."""

    @property
    def database(self) -> Path:
        """The database: the track and its journal."""
        return self.data / "tracker.db"

    @property
    def backups(self) -> Path:
        """Folder of the backups that the program makes."""
        return self.data / "backups"

    @property
    def config_file(self) -> Path:
        """The configuration; it need not exist."""
        return self.config / "config.toml"

    @property
    def log_file(self) -> Path:
        """The newest log file."""
        return self.logs / "tracker.log"


def find() -> Paths:
    """Return the paths of this user, nothing made yet.

    Raises:
        TrackerError: if `TRACKER_HOME` names no folder there could be.
    """
    home = os.environ.get(HOME_VARIABLE)
    if home:
        try:
            root = Path(home).expanduser().absolute()
        except (OSError, RuntimeError) as error:
            raise TrackerError(f"{HOME_VARIABLE}={home} leads nowhere: {error}") from error
        return Paths(root, root, root / "logs")
    # 10 ms to import, and not needed above.
    from platformdirs import PlatformDirs

    dirs = PlatformDirs("tracker", appauthor=False)
    return Paths(dirs.user_data_path, dirs.user_config_path, dirs.user_log_path)
