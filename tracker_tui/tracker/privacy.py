"""Which of a user's files others may look at or change."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Mapping
from pathlib import Path

from tracker_tui import prompt
from tracker_tui.domain.leftovers import is_leftover
from tracker_tui.paths import Paths
from tracker_tui.tracker import checking

_READ = 0o077
_CHANGE = 0o022
_OURS = re.compile(
    rf"tracker\.db.*|tracker-damaged-.*|damaged-tracker.*|{prompt.NAME}|{checking.NAME}", re.DOTALL
)
"""The names of what the program writes into the database's folder."""


def open_to_others(paths: Paths) -> dict[Path, int]:
    """Return the files and folders of the track that somebody else can read or change.

    Where the track's folder was chosen and holds other things as well, these are the user's to open
    to others, and so is the way to them; but nobody else is to put another file in a file's place.

    Returns:
        By path the permissions (bits of its mode) that are to be taken away.
    """
    shared = _reachable(paths.data)
    found = {}
    for folder in (paths.data, paths.backups, paths.logs):
        mixed = folder == paths.data and not all(_is_ours(path, paths) for path in _all(folder))
        if not _is_everybodys(folder):
            found[folder] = _CHANGE if mixed else _READ
        for file in _all(folder):
            if _is_file(file) and (folder != paths.data or _is_ours(file, paths)):
                # What the user wrote has the mode of any new file, which a closed folder closes.
                found[file] = _CHANGE if file == paths.config_file and not shared else _READ
    if paths.config != paths.data:
        found |= {
            path: _CHANGE for path in (paths.config, paths.config_file) if not path.is_symlink()
        }
    return {path: bits & _mode(path) for path, bits in found.items() if bits & _mode(path)}


def close(found: Mapping[Path, int]) -> None:
    """Take permissions away, by path."""
    for path, bits in found.items():
        path.chmod(stat.S_IMODE(path.stat().st_mode) & ~bits)


def _is_ours(path: Path, paths: Paths) -> bool:
    """Whether what lies in the track's folder is the program's."""
    own = (paths.backups, paths.logs, paths.config_file)
    return path in own or bool(_OURS.fullmatch(path.name)) or is_leftover(path.name)


def _is_everybodys(folder: Path) -> bool:
    return folder in (Path.home(), Path("/"))


def _all(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except OSError:
        return []


def _is_file(path: Path) -> bool:
    return path.is_file() and not path.is_symlink()


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
