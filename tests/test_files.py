"""A file is written whole or not at all."""

from __future__ import annotations

import io
import os
import stat
import sys
import threading
from pathlib import Path
from types import SimpleNamespace

import pytest

from tracker_tui import files
from tracker_tui.errors import TrackerError
from tracker_tui.files import replacing


def write(path: Path, content: bytes = b"new") -> None:
    with replacing(path) as out:
        out.write(content)


def test_the_old_file_is_there_until_the_new_one_is_whole(tmp_path: Path) -> None:
    file = tmp_path / "a.md"
    file.write_bytes(b"old")
    with replacing(file) as out:
        out.write(b"new")
        out.flush()
        assert file.read_bytes() == b"old"
    assert file.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit])
def test_an_exception_leaves_everything_as_it_was(
    tmp_path: Path, error: type[BaseException]
) -> None:
    file = tmp_path / "a.md"
    file.write_bytes(b"old")
    with pytest.raises(error), replacing(file) as out:
        out.write(b"half")
        raise error
    with pytest.raises(error), replacing(tmp_path / "b.md"):
        raise error
    assert file.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o755])
def test_the_mode_is_kept(tmp_path: Path, mode: int) -> None:
    file = tmp_path / "a.md"
    file.touch()
    file.chmod(mode)
    write(file)
    assert stat.S_IMODE(file.stat().st_mode) == mode


def test_a_new_file_has_the_mode_that_new_files_have(tmp_path: Path) -> None:
    (tmp_path / "other").touch()
    write(tmp_path / "a.md")
    assert (tmp_path / "a.md").stat().st_mode == (tmp_path / "other").stat().st_mode


def test_a_link_stays_one_and_what_it_leads_to_is_written(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    target = tmp_path / "there" / "a.md"
    target.write_bytes(b"old")
    link, further = tmp_path / "link.md", tmp_path / "further.md"
    link.symlink_to(Path("there") / "a.md")
    further.symlink_to(link)
    write(further)
    assert link.is_symlink() and further.is_symlink()
    assert target.read_bytes() == b"new"
    assert list(target.parent.iterdir()) == [target]
    dangling = tmp_path / "dangling.md"
    dangling.symlink_to(tmp_path / "there" / "b.md")
    write(dangling)
    assert (tmp_path / "there" / "b.md").read_bytes() == b"new"


def test_a_pipe_is_written_to(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read: list[bytes] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_bytes()))
    reader.start()
    write(pipe)
    reader.join()
    assert read == [b"new"]
    assert stat.S_ISFIFO(pipe.stat().st_mode)


def test_what_cannot_be_written_is_said_in_one_line(tmp_path: Path) -> None:
    circle = tmp_path / "circle"
    circle.symlink_to(circle)
    for path, says in (
        (tmp_path / "no" / "a.md", "is there such a folder"),
        (tmp_path, "name a file"),
        (circle, "cannot be written"),
        (tmp_path / ("x" * 300), "cannot be written"),
    ):
        with pytest.raises(TrackerError, match=says):
            write(path)
    assert list(tmp_path.iterdir()) == [circle]


def test_a_protected_file_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "a.md"
    file.write_bytes(b"old")
    monkeypatch.setattr(os, "access", lambda *_: False)  # the superuser may write anything
    with pytest.raises(TrackerError, match="write-protected"):
        write(file)
    assert file.read_bytes() == b"old"


def test_an_error_of_the_disk_in_the_block_is_said_too(tmp_path: Path) -> None:
    with pytest.raises(TrackerError, match="No space left"), replacing(tmp_path / "a.md"):
        raise OSError(28, "No space left on device")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["file", "-"])
def test_no_more_of_an_endless_source_is_read_than_is_taken(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    class Endless(io.RawIOBase):
        given = 0

        def read(self, size: int = -1) -> bytes:
            assert 0 <= size <= 2**20
            self.given += size
            return b"x" * size

        def close(self) -> None:
            """It goes on for ever."""

    source = Endless()
    monkeypatch.setattr(Path, "open", lambda *_: source)
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=source))
    what = "standard input" if name == "-" else name
    with pytest.raises(TrackerError, match=f"^{what} has more than 50 MB; split it$"):
        files.read_text(name)
    assert source.given == files.TEXT_MAX + 1
    source.given = 0
    with pytest.raises(TrackerError, match="more than 3 MB"):
        files.read_text(name, lambda begin: 3 * 2**20 if begin[:1] == b"x" else 0)


def test_what_is_not_utf8_is_refused_from_wherever_it_comes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "latin").write_bytes(b"- [ ] caf\xe9\n")
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"- [ ] caf\xe9\n")))
    for name, what in ((str(tmp_path / "latin"), "latin"), ("-", "standard input")):
        with pytest.raises(TrackerError, match=rf"{what} is not UTF-8 \(byte 10\); save it as"):
            files.read_text(name)
    (tmp_path / "marked").write_bytes(b"\xef\xbb\xbfcaf\xc3\xa9\r\n")
    assert files.read_text(str(tmp_path / "marked")) == "café\r\n"
    for name in ("gone", "", "x" * 5000, "a\0b"):
        with pytest.raises(TrackerError, match="cannot be read"):
            files.read_text(str(tmp_path / name) if name else str(tmp_path))
