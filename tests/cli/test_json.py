"""JSON of the commands that ask, or write files."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.test_cli import Capture, run


def test_a_check_in_tells_how_it_stands_and_asks_nothing(home: Path, capsys: Capture) -> None:
    found = json.loads(run(capsys, "checkin", "--json"))
    entries = json.loads(run(capsys, "today", "--json"))
    assert found["entries"] == entries and found["open"] == len(entries) > 0
    run(capsys, "later", entries[0]["id"])
    run(capsys, "today", "--note", "a day")
    after = json.loads(run(capsys, "checkin", "--json"))
    assert (after["open"], after["note"]) == (found["open"] - 1, "a day")
    assert not after["paused"] and after["tomorrow"] and after["streak"] == 1
    assert json.loads(run(capsys, "checkin", "--json", "--date", "yesterday"))["note"] == ""
    run(capsys, "pause", "today")
    assert json.loads(run(capsys, "checkin", "--json"))["paused"] is True


def test_an_export_tells_what_it_wrote_and_where(
    home: Path, capsys: Capture, tmp_path: Path
) -> None:
    file = tmp_path / "track.csv"
    found = json.loads(run(capsys, "export", "status:todo", "-o", str(file), "--json"))
    assert found == {"file": str(file), "format": "csv", "size": file.stat().st_size}
    assert "add -o FILE" in run(capsys, "export", "--json", code=2)
    device = json.loads(run(capsys, "export", "-o", "/dev/null", "--json"))
    assert (device["format"], device["size"]) == ("md", None)
