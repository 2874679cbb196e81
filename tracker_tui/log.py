"""The log: a rotating file, quiet unless `--debug` is given. A leaf.

Nothing is opened before there is something to write. At the usual level it holds no titles and no
notes.
"""

from __future__ import annotations

import logging
import os
from logging.handlers import RotatingFileHandler
from pathlib import Path

from tracker_tui.folders import private_folder

NAME = "tracker"


def start(path: Path, *, debug: bool = False) -> logging.Logger:
    """Send what `tracker` logs to `path`: warnings and worse, or everything with `debug`.

    A folder that cannot be made or written is no reason to stop: then nothing is logged.
    """
    logger = logging.getLogger(NAME)
    logger.setLevel(logging.DEBUG if debug else logging.WARNING)
    logger.propagate = False
    for old in logger.handlers[:]:
        logger.removeHandler(old)
        old.close()
    logger.addHandler(_handler(path))
    return logger


def started(path: Path) -> logging.Logger:
    """Return the log, started if nobody has yet."""
    logger = logging.getLogger(NAME)
    return logger if logger.handlers else start(path)


def _handler(path: Path) -> logging.Handler:
    try:
        private_folder(path.parent)
        handler = _PrivateFile(
            path,
            maxBytes=500_000,
            backupCount=3,
            encoding="utf-8",
            delay=True,
            errors="backslashreplace",
        )
    except OSError:
        return logging.NullHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    return handler


class _PrivateFile(RotatingFileHandler):
    """A rotating log that nobody else can read, and that never disturbs the program."""

    def _open(self):  # type: ignore[no-untyped-def]
        os.close(os.open(self.baseFilename, os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o600))
        return super()._open()

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's name
        """Stay silent: a full disk must not put a traceback on the screen."""


def crash(path: Path, error: BaseException) -> str:
    """Log where an unexpected exception came from; return the one line to show.

    What the exception says may quote a title or a note, so it is logged only with `--debug`.
    """
    debug = logging.getLogger(NAME).isEnabledFor(logging.DEBUG)
    logger = start(path, debug=debug)
    if debug:
        logger.critical("unexpected %s", type(error).__name__, exc_info=error)
    else:
        logger.critical("unexpected %s\n%s", type(error).__name__, _places(error))
    name = type(error).__name__
    kept = f"the details are in {path}" if path.is_file() else f"{path} could not be written"
    return f"tracker: something unexpected happened ({name}); {kept}"


def _places(error: BaseException) -> str:
    """Return the tracebacks of an exception and of those that it came of, without what they say."""
    import traceback  # 2 ms, and only where something went wrong

    parts: list[str] = []
    found: BaseException | None = error
    while found is not None and len(parts) < 10:
        places = "".join(traceback.format_tb(found.__traceback__))
        parts.append(f"Traceback (most recent call last):\n{places}{type(found).__name__}")
        found = found.__cause__ or found.__context__
    return "\n\n".join(reversed(parts)) + "\n(what it says is logged with --debug)"
