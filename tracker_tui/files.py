"""Reading a text file strictly, and writing a file whole or not at all: a leaf."""

from __future__ import annotations

import contextlib
import os
import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import blake2b
from io import BytesIO
from pathlib import Path
from typing import IO, BinaryIO, NamedTuple

from tracker_tui.errors import TrackerError

TEXT_MAX = 50 * 1024 * 1024
"""The most bytes that a text file may have that is read whole."""


_HEAD, _STEP = 4_096, 1024 * 1024
"""How many bytes are looked at first, and read at a time."""
_NAME = 300
"""How much of the name of a file is said."""


class Missing(TrackerError):
    """A file that is not there."""


class Snapshot(NamedTuple):
    """A text file at one moment."""

    text: str
    """With its line ends and its byte order mark, if it has one."""
    digest: str
    """Of its bytes."""
    size: int
    """In bytes."""
    changed: int
    """The time of its last change, in nanoseconds."""


def snapshot(path: Path) -> Snapshot:
    """Read a text file strictly: the same bytes can be written again.

    Raises:
        Missing: if it is not there.
        TrackerError: if it is no plain file, too large, or holds anything but UTF-8.
    """
    try:
        # Looked at before it is opened: opening a pipe would wait for somebody to write into it.
        if not stat.S_ISREG(path.stat().st_mode):
            raise TrackerError(f"{path} is no plain file", "name a file")
        with path.open("rb") as source:
            found = os.fstat(source.fileno())
            content = source.read(TEXT_MAX + 1)
    except FileNotFoundError as error:
        raise Missing(f"{path} is not there") from error
    except OSError as error:
        raise TrackerError(f"{path} cannot be read: {error.strerror or error}") from error
    if len(content) > TEXT_MAX:
        raise TrackerError(f"{path} has more than {TEXT_MAX // 1024**2} MB", "split it")
    if b"\0" in content:
        raise TrackerError(f"{path} holds NUL bytes", "is it a text file?")
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise TrackerError(f"{path} is not UTF-8", "save it as UTF-8") from error
    return Snapshot(text, _digest(content), len(content), found.st_mtime_ns)


def read_text(name: str, most: int | Callable[[bytes], int] = TEXT_MAX) -> str:
    """Read a text file, or standard input where the name is `-`, without its byte order mark.

    Args:
        name: The file; also a pipe or a device, of which no more is read than is taken.
        most: The most bytes that it may have; or says so of its first thousands of bytes.

    Raises:
        TrackerError: if it cannot be read, is too large, or holds anything but UTF-8.
    """
    what = "standard input" if name == "-" else name if len(name) < _NAME else f"{name[:_NAME]}…"
    try:
        if name != "-":
            with Path(name).open("rb") as source:
                content = _at_most(source, most, what)
        elif hasattr(sys.stdin, "buffer"):
            content = _at_most(sys.stdin.buffer, most, what)
        else:  # a program of Python's own has put something else there
            content = _at_most(BytesIO(sys.stdin.read().encode()), most, what)
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        wrong = f"{what} is not UTF-8 (byte {error.start + 1:,})"
        raise TrackerError(wrong, "save it as UTF-8") from error
    except OSError as error:
        raise TrackerError(f"{what} cannot be read: {error.strerror or error}") from error
    except ValueError as error:  # a NUL in the name
        raise TrackerError(f"{what} cannot be read: it is no name of a file") from error


def _at_most(source: IO[bytes], most: int | Callable[[bytes], int], what: str) -> bytes:
    parts = [source.read(_HEAD)]
    left = (most if isinstance(most, int) else most(parts[0])) - len(parts[0])
    limit = left + len(parts[0])
    while left >= 0 and (part := source.read(min(_STEP, left + 1))):
        parts.append(part)
        left -= len(part)
    if left < 0:
        raise TrackerError(f"{what} has more than {limit // 1024**2} MB", "split it")
    return b"".join(parts)


def exchange(path: Path, old: Snapshot, text: str, stale: type[Exception]) -> Snapshot:
    """Write a text file that was read before, unless it is another one by now.

    Raises:
        TrackerError: if it cannot be written.
        stale: if its bytes are not those that were read; then it is as it is.
    """
    content = text.encode("utf-8")
    with replacing(path) as out:
        out.write(content)
        out.flush()
        written = os.fstat(out.fileno())
        if snapshot(path).digest != old.digest:
            raise stale
    return Snapshot(text, _digest(content), len(content), written.st_mtime_ns)


def _digest(content: bytes) -> str:
    return blake2b(content, digest_size=16).hexdigest()


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
    there = _there(target)
    mode = there.st_mode if there is not None else None
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
            if there is not None and mode is not None:
                with contextlib.suppress(OSError):  # whose it is only some may say
                    os.chown(made, there.st_uid, there.st_gid)
                made.chmod(stat.S_IMODE(mode))
            yield out
            out.flush()
            os.fsync(out.fileno())
        made.replace(target)
    except BaseException:
        made.unlink(missing_ok=True)
        raise


def _there(target: Path) -> os.stat_result | None:
    """What is there, None if nothing is; of a circle of links an OSError."""
    try:
        return target.stat()
    except FileNotFoundError:
        return None


def _advice(error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return "is there such a folder?"
    if isinstance(error, IsADirectoryError):
        return "name a file"
    return ""
