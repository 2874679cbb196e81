"""Beginning a track, and newer versions of it, on the command line."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.cli.test_cli import Capture, run
from tests.seeds import content, item
from tracker_tui.exchange import seed
from tracker_tui.paths import find
from tracker_tui.tracker import Tracker

ONE = content(1, {"s": [item("a", title="Alpha \x1b[31m"), "b", "c"]}, {"g": ["a", "b"]}, ["p"])
TWO = content(2, {"s": ["x", item("a", title="Alpha two"), "c"]}, {"g": ["a"]}, ["p"])


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A team's own track, in its first version."""
    path = tmp_path / "team.json"
    path.write_text(json.dumps(ONE), encoding="utf-8")
    return path


def write(path: Path, data: dict[str, Any]) -> None:
    path.write_text(json.dumps(data), encoding="utf-8")


class Terminal(io.StringIO):
    """Standard input that is a terminal."""

    def isatty(self) -> bool:
        return True


def test_a_track_begins_with_a_file_and_takes_in_its_next_version(
    home: Path, file: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run(capsys, "init", "--seed", str(file)) == (
        f"“Team track”, 7 entries: {home / 'tracker.db'}\n"
    )
    assert run(capsys, "seed", "status").splitlines() == [
        "Team track  team: version 1 of 2026-01-01, 7 entries",
        "  that is the newest there is",
    ]
    assert "is the one that is here; nothing to do" in run(capsys, "seed", "update")
    run(capsys, "note", "b", "keep me")
    write(file, TWO)
    assert "version 2 is there: tracker seed update\n" in run(capsys, "seed", "status")
    preview = [
        "“Team track”: version 2 instead of 1",
        "1 added:",
        "  x  (s)",
        "2 reworded:",
        "  Alpha two",
        "    title: “Alpha [31m” → “Alpha two”",
        "  g",
        "    made of: a, b → a",
        "1 retired, and stays marked as such:",
        "  b: for your notes",
    ]
    told = run(capsys, "seed", "update", "--dry-run").splitlines()
    assert told == [*preview, "nothing was changed"]
    monkeypatch.setattr(sys, "stdin", Terminal("n\n"))
    assert run(capsys, "seed", "update").splitlines() == [*preview, "nothing was changed"]
    monkeypatch.setattr(sys, "stdin", Terminal("y\n"))
    *said, updated, backup = run(capsys, "seed", "update").splitlines()
    assert said == preview
    assert updated == "updated: 1 added, 2 reworded, 1 retired"
    assert Path(backup.partition(": ")[2]).exists()
    shown = json.loads(run(capsys, "show", "b", "--json"))
    assert shown["retired"] is True
    assert "retired: the track has it no longer" in run(capsys, "show", "b")
    assert [e["id"] for e in json.loads(run(capsys, "list", "is:retired", "--json"))] == ["b"]
    assert "8 entries, 1 of them retired" in run(capsys, "seed", "status")


def test_json_says_everything_and_changes_only_with_yes(
    home: Path, file: Path, tmp_path: Path, capsys: Capture
) -> None:
    begun = json.loads(run(capsys, "init", "--seed", str(file), "--json"))
    assert begun == {
        "database": str(home / "tracker.db"),
        "id": "team",
        "version": 1,
        "entries": 7,
    }
    newer = tmp_path / "newer.json"
    write(newer, TWO)
    (about,) = json.loads(run(capsys, "seed", "status", str(newer), "--json"))
    assert (about["id"], about["version"], about["available"]) == ("team", 1, 2)
    assert (about["newness"], about["problem"]) == ("newer", None)
    for words, applied in (((), False), (("--dry-run", "--yes"), False), (("--yes",), True)):
        (told,) = json.loads(run(capsys, "seed", "update", str(newer), "--json", *words))
        assert told["applied"] is applied
        assert (told["from"], told["to"], told["newness"]) == (1, 2, "newer")
        assert [one["id"] for one in told["added"]] == ["x"]
        assert told["reworded"][0]["changes"] == [
            {"field": "title", "old": "Alpha [31m", "new": "Alpha two"}
        ]
        assert told["retired"] == [
            {
                "id": "b",
                "kind": "item",
                "title": "b",
                "parent": "s",
                "where": "s",
                "stays": False,
                "because": [],
            }
        ]
    (told,) = json.loads(run(capsys, "seed", "update", "--json", "--yes"))
    assert (told["applied"], told["newness"], told["file"]) == (False, "same", str(newer))
    run(capsys, "seed", "update", str(file), "--yes")
    newer.unlink()
    (about,) = json.loads(run(capsys, "seed", "status", "--json"))
    assert about["newness"] is None and "cannot be read" in about["problem"]
    assert "cannot be read" in run(capsys, "seed", "status")
    assert "cannot be read" in run(capsys, "seed", "update", code=1)


def test_what_cannot_be_taken_in_is_refused_in_one_line(
    home: Path, file: Path, tmp_path: Path, capsys: Capture
) -> None:
    run(capsys, "init", "--seed", str(file))
    write(file, content(1, {"s": ["a"]}))
    wrong = run(capsys, "seed", "update", code=1)
    assert wrong == (
        "tracker: version 1 of the track “team” is not the one that is here;"
        " raise “version” in its file when it changes\n"
    )
    assert "is not the one that is here" in run(capsys, "seed", "status")
    other = tmp_path / "other.json"
    write(other, content(1, {"s": ["a"]}, id="other"))
    wrong = run(capsys, "seed", "update", str(other), "--yes", code=1)
    assert wrong.startswith(
        "tracker: “cat” is in “Team track” already, and 2 more; give it another"
    )
    assert "asks first" in run(capsys, "seed", "update", "--built-in", code=1)
    assert "do not go together" in run(capsys, "seed", "update", "--built-in", str(file), code=2)
    assert "nothing to do" in run(capsys, "seed", "update", str(_older(tmp_path, home, capsys)))


def _older(tmp_path: Path, home: Path, capsys: Capture) -> Path:
    newer, older = tmp_path / "2.json", tmp_path / "1.json"
    write(newer, TWO)
    write(older, ONE)
    run(capsys, "seed", "update", str(newer), "--yes")
    assert f"{older} is older: version 1" in run(capsys, "seed", "status", str(older))
    return older


def test_the_built_in_track_beside_ones_own(home: Path, file: Path, capsys: Capture) -> None:
    run(capsys, "init", "--seed", str(file))
    told = run(capsys, "seed", "update", "--built-in", "--yes")
    version = seed.read(seed.built_in()).version
    assert f"version {version}\n  none of it is here yet" in told
    # Of what is added the outermost are listed.
    assert "Documentation & Planning  (the categories)" in told
    assert "Onboarding Docs" not in told
    status = run(capsys, "seed", "status")
    assert f"Learning Track  dev-environment: version {version}" in status
    assert "Team track  team: version 1" in status
    with Tracker(find()) as tracker:
        assert tracker.about()["title"] == "Team track"


def test_another_track_is_announced_before_it_is_added(
    home: Path, file: Path, capsys: Capture
) -> None:
    run(capsys, "init")
    told = run(capsys, "seed", "status", str(file)).splitlines()
    assert told == [
        f"Team track  team: version 1 in {file}; none of it is here",
        f"  tracker seed update {file} adds it",
    ]
    preview = run(capsys, "seed", "update", str(file), "--dry-run")
    assert (
        "“Team track”: version 1\n  none of it is here yet: it is added beside what is here\n"
        in preview
    )
    assert "7 added:\n  Category  (the categories), with 4 in it\n" in preview


def test_an_empty_track_says_everywhere_how_to_go_on(home: Path, capsys: Capture) -> None:
    assert "tracker import FILE takes in a checklist" in run(capsys, "init", "--empty")
    empty = "there is nothing in the track yet: tracker add TITLE, or tracker import FILE\n"
    assert run(capsys, "list") == empty
    assert run(capsys, "today") == empty
    assert empty.strip()[1:] in run(capsys, "checkin", "--plain")
    assert json.loads(run(capsys, "list", "--json")) == []
    assert run(capsys, "prompt") == ""
    assert run(capsys, "export").startswith("# Learning Track\n")
    assert json.loads(run(capsys, "stats", "--json"))["overall"]["total"] == 0
    assert "came from no seed" in run(capsys, "seed", "status")
    assert "came from no seed" in run(capsys, "seed", "update", code=1)
    run(capsys, "add", "First")
    assert "Inbox" in run(capsys, "list")
    assert "undone" in run(capsys, "undo")
    assert run(capsys, "list") == empty


@pytest.mark.parametrize("words", [(), ("--empty",), ("--seed",)])
def test_a_track_that_is_there_is_never_begun_again(
    home: Path, file: Path, capsys: Capture, words: tuple[str, ...]
) -> None:
    run(capsys, "add", "Mine")
    given = [*words, str(file)] if "--seed" in words else [*words]
    before = (home / "tracker.db").read_bytes()
    wrong = run(capsys, "init", *given, code=1)
    assert wrong.startswith(f"tracker: there is a track already: {home / 'tracker.db'};")
    assert "tracker seed update FILE adds another" in wrong and wrong.count("\n") == 1
    assert (home / "tracker.db").read_bytes() == before
    assert "Mine" in run(capsys, "list")


def test_a_track_that_cannot_be_read_begins_nothing(
    home: Path, tmp_path: Path, capsys: Capture
) -> None:
    wrong = tmp_path / "wrong.json"
    wrong.write_text("{}")
    assert "format: is None" in run(capsys, "init", "--seed", str(wrong), code=1)
    assert "do not go together" in run(capsys, "init", "--seed", str(wrong), "--empty", code=2)
    assert not (home / "tracker.db").exists()


def test_a_track_from_a_dump_does_not_know_where_its_next_version_is(
    home: Path, file: Path, tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(capsys, "init", "--seed", str(file))
    dump = tmp_path / "dump.json"
    run(capsys, "export", "-o", str(dump))
    monkeypatch.setenv("TRACKER_HOME", str(tmp_path / "second"))
    run(capsys, "import", str(dump), "--yes")
    assert "nobody knows where its next version is" in run(capsys, "seed", "status")
    assert "nobody knows" in run(capsys, "seed", "update", code=1)
    assert "is the one that is here" in run(capsys, "seed", "update", str(file), "--dry-run")
    assert "nobody knows" in run(capsys, "seed", "status")
    assert "is the one that is here" in run(capsys, "seed", "update", str(file))
    assert "that is the newest there is" in run(capsys, "seed", "status")
    file.unlink()
    wrong = run(capsys, "seed", "update", code=1)
    assert wrong.endswith("; tracker seed update FILE says where it is\n")


def test_the_head_of_a_seed_says_its_version(tmp_path: Path) -> None:
    path = seed.built_in()
    assert seed.head_version(path) == seed.read(path).version
    none = tmp_path / "none.json"
    none.write_bytes(b"\xff{}")
    assert seed.head_version(none) == 0
