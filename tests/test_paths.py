"""Where things live, and folders that nobody else can look into."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from tracker_tui.errors import TrackerError
from tracker_tui.folders import private_folder
from tracker_tui.paths import find


def test_a_home_of_its_own_holds_everything(home: Path) -> None:
    paths = find()
    assert {paths.database, paths.config_file, paths.log_file} == {
        home / "tracker.db",
        home / "config.toml",
        home / "logs" / "tracker.log",
    }
    assert not home.exists()


def test_a_relative_home_and_a_tilde_are_made_whole(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "me"))
    monkeypatch.setenv("TRACKER_HOME", "here")
    assert find().data == tmp_path / "here"
    monkeypatch.setenv("TRACKER_HOME", "~/there")
    assert find().data == tmp_path / "me" / "there"


def test_a_home_that_leads_nowhere_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRACKER_HOME", "~nobody-of-that-name/x")
    with pytest.raises(TrackerError, match="leads nowhere"):
        find()


@pytest.mark.parametrize("home", [None, ""])
def test_else_they_are_the_users_own_folders(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, home: str | None
) -> None:
    if home is None:
        monkeypatch.delenv("TRACKER_HOME", raising=False)
    else:
        monkeypatch.setenv("TRACKER_HOME", home)
    for name in ("DATA", "CONFIG", "STATE", "CACHE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name))
    paths = find()
    assert paths.database == tmp_path / "DATA" / "tracker" / "tracker.db"
    assert paths.config_file == tmp_path / "CONFIG" / "tracker" / "config.toml"
    assert paths.log_file.is_relative_to(tmp_path)


def test_missing_folders_are_made_private_and_others_are_left_alone(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    before = os.umask(0)
    try:
        private_folder(tmp_path / "a" / "b" / "c")
        private_folder(tmp_path / "a" / "b" / "c")
    finally:
        os.umask(before)
    for folder in ("a", "a/b", "a/b/c"):
        assert stat.S_IMODE((tmp_path / folder).stat().st_mode) == 0o700
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o755
