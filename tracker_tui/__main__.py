"""The way in: `tracker` and `python -m tracker_tui`.

With no arguments the screen is opened without importing the command line, since its first frame is
waited for every morning; `tracker prompt`, which a shell runs before every prompt, imports next to
nothing. Whatever happens, a user sees one line and never a traceback.
"""

from __future__ import annotations

import gc
import os
import sys
from errno import EFBIG, EIO, ENOSPC, EPIPE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import NoReturn, TextIO

    from tracker_tui.errors import Damaged
    from tracker_tui.paths import Paths

INTERRUPTED = 130


def main(argv: Sequence[str] | None = None) -> int:
    """Run tracker with the arguments of a command line; return the exit code."""
    words = list(sys.argv[1:] if argv is None else argv)
    _open_streams()
    if words == ["prompt"]:
        from tracker_tui import prompt

        return prompt.main()
    shell = os.environ.get("_TRACKER_COMPLETE")
    if shell is not None:
        from tracker_tui.cli import completion

        return completion.main(shell, words)
    code = _main(words)
    if argv is None:
        _leave(code)
    return code


def _open_streams() -> None:
    """Give the program all three streams: where one was closed, one that leads nowhere."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: PTH123, SIM115 - no pathlib here, and for good


def _leave(code: int) -> NoReturn:
    """Let go of the terminal and end at once.

    All is on disk and the terminal is given back. Python would take everything apart, which takes
    7 ms, and wait for the thread that reads the keyboard, where there is one, for up to 0.2 s. Where
    the terminal is gone itself nobody is left to be told, which Python would exit with 120 for.
    """
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):
            _lead_nowhere(stream)
    os._exit(code)


def _lead_nowhere(stream: TextIO) -> None:
    """Have a stream that cannot be written drop what it holds, for the interpreter's last flush."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
    except (OSError, ValueError):  # a closed one
        return


def _main(words: list[str]) -> int:
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.reconfigure(errors="replace")  # type: ignore[union-attr]
        except (AttributeError, ValueError, OSError):
            continue
    return _run(words)


def _run(words: list[str], *, again: bool = False) -> int:
    """Run a command line, `again` after a damaged database was seen to."""
    from tracker_tui.errors import Damaged, TrackerError

    try:
        if words in (["checkin"], ["--debug"], []):
            from tracker_tui.cli.open import has_screen, open_screen

            if words != ["checkin"] or has_screen():
                return open_screen(checkin=words == ["checkin"], debug=words == ["--debug"])
        # What was just imported is all in use: looking for garbage in it takes 5 ms.
        gc.disable()
        from tracker_tui.cli.commands import run

        gc.freeze()
        gc.enable()
        code = run(words)
        sys.stdout.flush()
    except Damaged as error:
        return _fail(f"tracker: {error}") if again else _rescue(error, words)
    except OSError as error:
        if error.filename is not None:
            return _fail(f"tracker: {error.filename}: {error.strerror or error}")
        return _unwritten(error) if _is_of_output(error) else _crashed(error, words, again=again)
    except MemoryError:
        return _fail("tracker: there is not enough memory for that; take less at a time")
    except TrackerError as error:
        return _fail(f"tracker: {error}")
    except KeyboardInterrupt:
        return _fail("tracker: interrupted", INTERRUPTED)
    except Exception as error:  # noqa: BLE001 - the last line of defence
        return _crashed(error, words, again=again)
    return code


def _is_of_output(error: OSError) -> bool:
    """Whether it is no file of ours that cannot be written, but what a command says."""
    return error.filename is None and error.errno in (EPIPE, ENOSPC, EIO, EFBIG)


def _unwritten(error: OSError) -> int:
    """Say why the output ends: a full disk behind it; of a reader that is gone nothing."""
    _lead_nowhere(sys.stdout)
    if error.errno == EPIPE:  # `tracker list | head`
        return 0
    return _fail(f"tracker: the output could not be written: {error.strerror}")


def _rescue(error: Damaged, words: list[str]) -> int:
    """Offer what can be done about a damaged database; then run the command line after all."""
    from tracker_tui.cli import rescue
    from tracker_tui.errors import TrackerError

    try:
        done = rescue.offer(error)
    except TrackerError as problem:
        return _fail(f"tracker: {problem}")
    except KeyboardInterrupt:
        return INTERRUPTED
    return _run(words, again=True) if done else 1


def _crashed(error: Exception, words: list[str], *, again: bool) -> int:
    from tracker_tui import log, paths

    found = paths.find()
    line = log.crash(found.log_file, error)
    damage = None if again else _damage(found)
    return _fail(line) if damage is None else _rescue(damage, words)


def _damage(found: Paths) -> Damaged | None:
    """Return what is wrong with the database, if that is what an unexpected exception came from."""
    from tracker_tui.errors import TrackerError
    from tracker_tui.tracker.rescue import Rescue

    try:
        return Rescue(found).damage()
    except (TrackerError, OSError):
        return None


def _fail(line: str, code: int = 1) -> int:
    from tracker_tui.cli.output import tell
    from tracker_tui.errors import one_line

    try:
        tell(one_line(line))
        sys.stderr.flush()
    except (OSError, ValueError):  # nobody is left to be told
        _lead_nowhere(sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main())
