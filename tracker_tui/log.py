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
    """Log an unexpected exception with its traceback; return the one line to show."""
    logger = start(path)
    logger.critical("unexpected %s", type(error).__name__, exc_info=error)
    name = type(error).__name__
    kept = f"the details are in {path}" if path.is_file() else f"{path} could not be written"
    return f"tracker: something unexpected happened ({name}); {kept}"
