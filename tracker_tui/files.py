"""Writing a file whole or not at all: a leaf."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from tracker_tui.errors import TrackerError


@contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """Write a file, within a `with`, so that a reader sees the old one or the new one, whole.

    What is written goes into a file beside it, which takes its place at the end of the block; an
    exception there leaves everything as it was. The mode is kept, and of a symbolic link what it
    leads to is written. A device or pipe is written to directly.

    Raises:
        TrackerError: if it cannot be written; an OSError in the block counts as that too.
    """
    try:
        yield from _replacing(path)
    except OSError as error:
        raise TrackerError(
            f"{path} cannot be written: {error.strerror or error}", _advice(error)
        ) from error


def _replacing(path: Path) -> Iterator[BinaryIO]:
    target = Path(os.path.realpath(path))
    mode = _mode(target)
    if mode is not None and not stat.S_ISREG(mode):
        with target.open("wb") as out:  # a folder is refused by this
            yield out
        return
    if mode is not None and not os.access(target, os.W_OK):
        raise PermissionError(None, "it is write-protected")
    made = target.with_name(f".{os.urandom(6).hex()}.tmp")
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    handle = os.open(made, flags, 0o666 if mode is None else 0o600)
    try:
        with os.fdopen(handle, "wb") as out:
            if mode is not None:
                made.chmod(stat.S_IMODE(mode))
            yield out
            out.flush()
            os.fsync(out.fileno())
        made.replace(target)
    except BaseException:
        made.unlink(missing_ok=True)
        raise


def _mode(target: Path) -> int | None:
    """The mode of what is there, None if nothing is; of a circle of links an OSError."""
    try:
        return target.stat().st_mode
    except FileNotFoundError:
        return None


def _advice(error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return "is there such a folder?"
    if isinstance(error, IsADirectoryError):
        return "name a file"
    return ""
