"""Another program for writing text: the user's editor. A leaf.

No shell is involved: `$VISUAL` and `$EDITOR` are split into words, and the file's path is one more.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tracker_tui.errors import TrackerError

FALLBACKS = ("nano", "vim", "vi")

Run = Callable[[Sequence[str]], int]
"""Runs a command in the terminal and returns its exit code."""


def command() -> list[str]:
    """Return the editor's command, as words.

    Raises:
        TrackerError: if none is set and none of the usual ones is there.
    """
    for name in ("VISUAL", "EDITOR"):
        value = os.environ.get(name, "").strip()
        if value:
            import shlex  # only where an editor is started

            try:
                words = shlex.split(value)
            except ValueError as error:
                raise TrackerError(f"${name} cannot be read: {error}") from error
            if shutil.which(words[0]) is None:
                raise TrackerError(f"${name} names “{words[0]}”, which is not there")
            return words
    for name in FALLBACKS:
        if shutil.which(name):
            return [name]
    raise TrackerError("there is no editor", "set $VISUAL or $EDITOR to one")


def edit(text: str, run: Run) -> str | None:
    """Have `text` edited; None if it came back as it was.

    Raises:
        TrackerError: if there is no editor, it failed, or the file is not UTF-8 any more.
    """
    words = command()
    handle, name = tempfile.mkstemp(prefix="tracker-", suffix=".md")
    path = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        code = run([*words, name])
        if code:
            changed = path.read_bytes() != text.encode("utf-8")
            advice = f"your text is kept in {_kept(path)}" if changed else "nothing was changed"
            raise TrackerError(f"the editor ended with code {code}", advice)
        written = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise TrackerError(
            "what the editor wrote is not UTF-8", f"your text is kept in {_kept(path)}"
        ) from error
    except OSError as error:
        raise TrackerError(f"the editor could not be run: {error.strerror}") from error
    finally:
        path.unlink(missing_ok=True)
    return None if written == text else written


def keep(text: str) -> Path:
    """Write text that could not be used to a file of its own, and return its path.

    Raises:
        OSError: if it can be written nowhere.
    """
    try:
        return _keep(text, None)
    except OSError:
        return _keep(text, Path.home())


def _keep(text: str, folder: Path | None) -> Path:
    handle, name = tempfile.mkstemp(prefix="tracker-kept-", suffix=".md", dir=folder)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", errors="surrogatepass") as file:
            file.write(text)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise
    return Path(name)


@contextmanager
def keeping(text: str | None, show: Callable[[str], object]) -> Iterator[None]:
    """Keep a text that was typed in a file of its own if, inside the block, it cannot be written.

    Args:
        text: The text, None if there is none.
        show: Is given it where there can be no file, so that it can be seen at least.

    Raises:
        TrackerError: what was raised inside, saying where the text is now.
    """
    try:
        yield
    except TrackerError as error:
        if not text or not text.strip():
            raise
        raise TrackerError(error.problem, _saying_where(text, show)) from error
    except KeyboardInterrupt:
        if text and text.strip():
            show(_saying_where(text, show))
        raise


def _saying_where(text: str, show: Callable[[str], object]) -> str:
    try:
        return f"your text is kept in {keep(text)}"
    except OSError:
        show(text)
        return "your text could be kept in no file; it stands above"


def _kept(path: Path) -> Path:
    other = path.with_name(path.name.replace("tracker-", "tracker-kept-", 1))
    path.rename(other)
    return other
