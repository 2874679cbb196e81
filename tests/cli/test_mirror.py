"""tracker mirror on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.test_cli import Capture, run
from tracker_tui.__main__ import main

PLAN = "## Plan\n\n- [x] done\n- [ ] unopened\n  - [ ] inner\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    made = tmp_path / "plan.md"
    made.write_text(PLAN)
    return made


def test_adding_says_what_it_would_do_and_asks(home: Path, capsys: Capture, file: Path) -> None:
    out = run(capsys, "mirror", "add", str(file), "--dry-run")
    assert (
        out == "4 new into the track:\n  Plan\n  done\n  unopened\n  inner\nnothing was changed\n"
    )
    assert main(["mirror", "add", str(file)]) == 1
    assert "mirroring asks first" in capsys.readouterr().err
    told = json.loads(run(capsys, "mirror", "add", str(file), "--json"))
    assert (told["applied"], told["into_track"]["new"]) == (
        False,
        ["Plan", "done", "unopened", "inner"],
    )
    assert run(capsys, "mirror").startswith("no file is mirrored")
    assert run(capsys, "mirror", "list").startswith("no file is mirrored")
    assert f"4 lines of {file} mirrored" in run(capsys, "mirror", "add", str(file), "--yes")
    assert "mirrored already" in run(capsys, "mirror", "add", str(file), "--yes", code=1)
    assert file.read_text() == PLAN
    run(capsys, "undo")
    assert run(capsys, "search", "unopened") == "nothing has all these words\n"


def test_both_ways_with_a_line_for_each_file(home: Path, capsys: Capture, file: Path) -> None:
    run(capsys, "mirror", "add", str(file), "--yes")
    assert run(capsys, "mirror") == f"{file}  in step\n"
    assert run(capsys, "mirror", "list") == f"{file}  4 lines, in step\n"
    (found,) = json.loads(run(capsys, "search", "unopened", "--json"))
    run(capsys, "learning", found["id"])
    assert run(capsys, "mirror", "list") == f"{file}  4 lines, track changed\n"
    file.write_text(PLAN + "- [ ] more\n")
    assert json.loads(run(capsys, "mirror", "list", "--json"))[0]["state"] == "file changed"
    assert run(capsys, "mirror") == f"{file}  into the track: 1 new; into the file: 1 changed\n"
    assert file.read_text() == PLAN.replace("[ ] unopened", "[/] unopened") + "- [ ] more\n"
    file.write_text(file.read_text().replace("[ ] more", "[x] more"))
    (told,) = json.loads(run(capsys, "mirror", "--json"))
    assert (told["into_track"]["changed"], told["into_file"]["changed"]) == (["more"], [])
    assert (told["lines"], told["error"], told["told"]) == (5, None, [])
    assert f"{file} is not mirrored any more" in run(capsys, "mirror", "remove", str(file))
    assert "is not mirrored" in run(capsys, "mirror", "remove", str(file), code=1)


def test_what_is_wrong_with_one_file_keeps_no_other_back(
    home: Path, capsys: Capture, file: Path
) -> None:
    other = file.with_name("other.md")
    other.write_text("## Other\n- [ ] [x]\x1b]0;t\n- [ ] o\n")
    run(capsys, "mirror", "add", str(file), "--yes")
    run(capsys, "mirror", "add", str(other), "--yes")
    file.unlink()
    other.write_text("## Other\n- [ ] o\n- [ ] new\x1b[31m\n")
    assert main(["mirror"]) == 1
    out, err = capsys.readouterr()
    assert out == f"{other}  into the track: 1 new, 1 removed\n"
    assert err == (
        f"tracker: {file} is not there; put it back, or tracker mirror remove forgets it\n"
    )
    assert main(["mirror", "--json"]) == 1
    out, err = capsys.readouterr()
    assert [each["error"] is None for each in json.loads(out)] == [True, False]
    assert "is not there" in run(capsys, "mirror", "list")


def test_most_lines_gone_is_asked_about(home: Path, capsys: Capture, file: Path) -> None:
    file.write_text(PLAN + "".join(f"- [ ] number {n}\n" for n in range(9)))
    run(capsys, "mirror", "add", str(file), "--yes")
    file.write_text(PLAN)
    assert "9 of its 13 lines are gone" in run(capsys, "mirror", code=1)
    assert run(capsys, "mirror", "--yes") == f"{file}  into the track: 9 removed\n"


def test_what_both_changed_is_told(home: Path, capsys: Capture, file: Path) -> None:
    run(capsys, "mirror", "add", str(file), "--yes")
    (found,) = json.loads(run(capsys, "search", "unopened", "--json"))
    run(capsys, "learned", found["id"])
    file.write_text(PLAN.replace("[ ] unopened", "[-] unopened"))
    assert "  “unopened”: status changed on both sides" in run(capsys, "mirror")
    assert "\n" in run(capsys, "history", found["id"])
