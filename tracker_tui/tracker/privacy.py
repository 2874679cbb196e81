"""Which of a user's files others may look at or change."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from tracker_tui.paths import Paths

_READ = 0o077
_CHANGE = 0o022


def open_to_others(paths: Paths) -> list[Path]:
    """Return the files and folders of the track that somebody else can read or change."""
    shared = _reachable(paths.data)
    found = [folder for folder in _folders(paths) if _mode(folder) & _READ]
    for folder in _folders(paths):
        for file in _files(folder):
            # What the user wrote has the mode of any new file, which a closed folder closes.
            lax = file == paths.config_file and not shared
            if _mode(file) & (_CHANGE if lax else _READ):
                found.append(file)
    if paths.config != paths.data:
        own = (paths.config, paths.config_file)
        found += [path for path in own if _mode(path) & _CHANGE and not path.is_symlink()]
    return found


def close(paths: list[Path]) -> None:
    """Let nobody but their owner read or change files and folders."""
    for path in paths:
        path.chmod(stat.S_IMODE(path.stat().st_mode) & 0o700)


def _folders(paths: Paths) -> list[Path]:
    """The folders that are the track's own; not one that holds a user's other things too."""
    found = [paths.data, paths.backups, paths.logs]
    if paths.data in (Path.home(), Path("/")):
        found.remove(paths.data)
    return [folder for folder in found if folder.is_dir()]


def _files(folder: Path) -> list[Path]:
    try:
        return sorted(path for path in folder.iterdir() if path.is_file() and not path.is_symlink())
    except OSError:
        return []


def _reachable(folder: Path) -> bool:
    return bool(_mode(folder) & 0o011)


def _mode(path: Path) -> int:
    """Its mode; 0 where there is nothing, or nothing that is ours to close."""
    try:
        found = path.stat()
    except OSError:
        return 0
    mine = not hasattr(os, "geteuid") or os.geteuid() in (0, found.st_uid)
    return stat.S_IMODE(found.st_mode) if mine else 0
