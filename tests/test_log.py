"""The log: private, quiet, and never a reason to stop."""

from __future__ import annotations

import logging
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from tracker_tui import log


@pytest.fixture(autouse=True)
def quiet_again() -> Iterator[None]:
    yield
    logger = logging.getLogger(log.NAME)
    for handler in logger.handlers[:]:
        logger.removeHandler(handler)
        handler.close()


def test_it_is_quiet_until_there_is_something_to_say(tmp_path: Path) -> None:
    file = tmp_path / "logs" / "tracker.log"
    logger = log.start(file)
    logger.info("nothing of note")
    assert not file.exists()
    logger.warning("note this")
    assert file.read_text().endswith(" WARNING tracker note this\n")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_debug_raises_it_and_starting_again_says_nothing_twice(tmp_path: Path) -> None:
    file = tmp_path / "tracker.log"
    log.start(file)
    logger = log.start(file, debug=True)
    logger.debug("once")
    assert file.read_text().count("once") == 1


def test_it_turns_over_before_it_grows_large(tmp_path: Path) -> None:
    file = tmp_path / "tracker.log"
    logger = log.start(file)
    for _ in range(30):
        logger.warning("x" * 100_000)
    files = sorted(path.name for path in tmp_path.iterdir())
    assert files == ["tracker.log", "tracker.log.1", "tracker.log.2", "tracker.log.3"]
    for path in tmp_path.iterdir():
        assert path.stat().st_size <= 500_000
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("in_the_way", ["folder", "file"])
def test_where_it_cannot_be_written_nothing_happens(
    tmp_path: Path, in_the_way: str, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "logs" / "tracker.log"
    if in_the_way == "folder":
        file.mkdir(parents=True)
    else:
        file.parent.touch()
    log.start(file).warning("lost")
    line = log.crash(file, ValueError("x"))
    assert line.endswith(f"{file} could not be written")
    assert capsys.readouterr() == ("", "")


def test_text_that_cannot_be_encoded_is_logged_all_the_same(tmp_path: Path) -> None:
    file = tmp_path / "tracker.log"
    log.start(file).warning("half a \ud800 character")
    assert "half a \\ud800 character" in file.read_text()


def test_a_crash_is_one_line_with_the_details_in_the_file(tmp_path: Path) -> None:
    file = tmp_path / "tracker.log"
    try:
        raise ZeroDivisionError("deep inside")
    except ZeroDivisionError as error:
        line = log.crash(file, error)
    assert line == (
        f"tracker: something unexpected happened (ZeroDivisionError); the details are in {file}"
    )
    text = file.read_text()
    assert "Traceback" in text
    assert "deep inside" in text
