"""A damaged database: each way in says so in one line, nothing of it is lost, and most is saved."""

from __future__ import annotations

import json
import os
import random
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from tests.conftest import Clock
from tests.processes import Terminal
from tracker_tui.__main__ import main
from tracker_tui.domain.words import Status
from tracker_tui.errors import Damaged, TrackerError
from tracker_tui.paths import Paths
from tracker_tui.store import check
from tracker_tui.tracker import Tracker
from tracker_tui.tracker.checking import Checking
from tracker_tui.tracker.doctor import Doctor
from tracker_tui.tracker.rescue import Rescue

PAGE = 4096
Capture = pytest.CaptureFixture[str]
Damage = Callable[[bytearray], None]


@pytest.fixture
def used(paths: Paths, clock: Clock, tail: Callable[[int], str]) -> bytes:
    """The database of a track with a backup of an earlier state, as it is on the disk."""
    with Tracker(paths, clock=clock, tail=tail) as tracker:
        tracker.set_status(["git-lfs"], Status.LEARNED)
        tracker.add_note("git-lfs", "in the backup")
        assert tracker.safety_backup("import")
        clock.advance(days=1)
        tracker.set_status(["git-worktrees"], Status.LEARNING)
        tracker.add_note("git-worktrees", "written later " * 500)
    return paths.database.read_bytes()


def fill(start: int, length: int, byte: int = 0xA5) -> Damage:
    def damage(content: bytearray) -> None:
        end = min(start + length, len(content))
        content[start:end] = bytes([byte]) * (end - start)

    return damage


def cut(kept: int) -> Damage:
    def damage(content: bytearray) -> None:
        del content[kept:]

    return damage


DAMAGES: dict[str, Damage] = {
    **{f"header-{at}": fill(at, 2) for at in range(0, 100, 4)},
    **{f"page-{n}": fill(n * PAGE, PAGE) for n in (0, 1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 144)},
    **{f"zeros-{n}": fill(n * PAGE, PAGE, 0) for n in (0, 1, 2, 5, 13, 34, 89)},
    **{f"bytes-{at}": fill(at, 60) for at in range(100, 800_000, 40_009)},
    **{f"cut-{kept}": cut(kept) for kept in (0, 1, 50, 100, 512, PAGE, 9_000, 100_000, 500_000)},
    "all": fill(0, 2**30),
    "half": fill(300_000, 2**30),
}


@pytest.mark.parametrize("name", DAMAGES)
def test_wherever_it_is_damaged(used: bytes, paths: Paths, capsys: Capture, name: str) -> None:
    content = bytearray(used)
    DAMAGES[name](content)
    paths.database.write_bytes(content)
    told = []
    for words in (["list"], ["today"], ["show", "git-worktrees"], ["stats"], ["search", "git"]):
        code = main(words)
        err = capsys.readouterr().err
        assert code in (0, 1)
        assert len(err.splitlines()) == code, err
        assert "Traceback" not in err
        assert "unexpected" not in err
        told.append(err)
        assert paths.database.read_bytes() == content, "looking changes nothing"
    rescue = Rescue(paths)
    try:
        damage = rescue.damage()
    except Exception as error:  # noqa: BLE001 - of a header, "newer" or "another program" may be read
        assert any(word in str(error) for word in ("newer version", "no database of tracker"))
        found_anyway = [line for line in told if line]
        assert found_anyway, "such a file is not opened"
        return
    if damage is None:
        return
    found = rescue.look()
    assert main(["restore", "--salvage", "--yes"]) == 0
    out = capsys.readouterr().out
    aside = paths.database.with_name(out.split("kept as ")[1].splitlines()[0].rsplit("/", 1)[1])
    assert aside.read_bytes() == content
    with Tracker(paths) as tracker:
        assert check.problems(tracker._store) == []
        there = {(row.replica, row.n): row for row in tracker.journal()}
        numbers = {(row.replica, row.n) for row in found.rows}
        assert numbers <= there.keys(), "all that it said it saved is there"
        assert tracker.entry("git-lfs").status is Status.LEARNED, "from the backup at least"
        assert [note.text for note in tracker.detail("git-lfs").notes] == ["in the backup"]
        lines = tracker.actions(1)
        tracker.set_status(["git-submodules"], Status.LEARNED)
        assert tracker.undo() is not None
        assert lines


@pytest.mark.parametrize("table", ["entry", "journal", "local", "search", "action", "card"])
def test_a_table_that_is_gone(used: bytes, paths: Paths, capsys: Capture, table: str) -> None:
    with closing(sqlite3.connect(paths.database)) as db:
        db.execute(f"DROP TABLE {table}")
    codes = [main([*words]) for words in (["list"], ["learned", "git-submodules"], ["search", "x"])]
    err = capsys.readouterr().err
    assert "Traceback" not in err and "unexpected" not in err
    # What can still be written is; the day's backup then finds what is missing.
    assert len(err.splitlines()) == sum(codes) + ("is not sound" in err) > 0
    assert "restore --salvage" in err
    assert main(["restore", "--salvage", "--yes"]) == 0
    with Tracker(paths) as tracker:
        assert check.problems(tracker._store) == []
        assert tracker.entry("git-lfs").status is Status.LEARNED
        if table != "journal":
            assert tracker.entry("git-worktrees").status is Status.LEARNING


def test_without_a_backup_the_journal_alone_makes_the_track_again(
    used: bytes, paths: Paths, capsys: Capture
) -> None:
    for file in paths.backups.iterdir():
        file.unlink()
    paths.database.write_bytes(b"\x00" * PAGE + used[PAGE:])
    assert main(["restore", "--salvage", "--yes"]) == 0
    assert "no sound backup" in capsys.readouterr().out
    with Tracker(paths) as tracker:
        assert check.problems(tracker._store) == []
        assert tracker.entry("git-worktrees").status is Status.LEARNING
        assert len(tracker.detail("git-worktrees").notes[0].text) > 6_000


def test_a_backup_brings_what_the_damaged_pages_held(
    used: bytes, paths: Paths, capsys: Capture
) -> None:
    """Both sides have lost something: together they have it all."""
    content = bytearray(used)
    lost = content.index(b"in the backup")
    content[lost // PAGE * PAGE : lost // PAGE * PAGE + PAGE] = b"\xa5" * PAGE
    content[:100] = b"\xa5" * 100
    paths.database.write_bytes(content)
    assert main(["restore", "--salvage", "--yes"]) == 0
    with Tracker(paths) as tracker:
        assert [n.text for n in tracker.detail("git-lfs").notes] == ["in the backup"]
        assert tracker.entry("git-worktrees").status is Status.LEARNING


def test_a_damaged_backup_is_passed_over(used: bytes, paths: Paths, clock: Clock) -> None:
    rescue = Rescue(paths, clock=clock)
    sound = rescue.backups()[0]
    clock.advance(days=1)
    newer = rescue.make()
    newer.write_bytes(newer.read_bytes()[:50_000])
    assert rescue.newest_sound() == sound


def emptied(paths: Paths) -> None:
    """Nothing of it is left."""
    paths.database.write_bytes(b"")
    Path(f"{paths.database}-wal").unlink(missing_ok=True)


def damage_entries(paths: Paths) -> None:
    """A page of the entries is garbage; the rest can be read."""
    with closing(sqlite3.connect(paths.database)) as db:
        sql = "SELECT rootpage FROM sqlite_schema WHERE name = 'entry'"
        (page,) = db.execute(sql).fetchone()
    content = bytearray(paths.database.read_bytes())
    fill((page - 1) * PAGE, PAGE)(content)
    paths.database.write_bytes(content)


def texts(paths: Paths, id_: str = "git-worktrees") -> set[str]:
    with Tracker(paths) as tracker:
        assert check.problems(tracker._store) == []
        return {note.text for note in tracker.detail(id_).notes}


@pytest.fixture
def ahead(paths: Paths, clock: Clock, tail: Callable[[int], str]) -> Rescue:
    """A track of which the newest backup has not the latest date: the clock was wrong for a while."""
    with Tracker(paths, clock=clock, tail=tail) as tracker:
        clock.advance(days=400)
        tracker.add_note("git-worktrees", "future")
        assert tracker.daily_backup() is None
        clock.advance(days=-400)
        tracker.add_note("git-worktrees", "kept")
    rescue = Rescue(paths, clock=clock, tail=tail)
    rescue.make()
    return rescue


def test_the_newest_backup_is_the_one_that_is_further_on_whatever_its_date(
    ahead: Rescue, paths: Paths, clock: Clock, capsys: Capture
) -> None:
    assert [one.reason for one in ahead.backups()] == ["manual", "daily"]
    assert ahead.find("latest") == ahead.backups()[0].path
    assert main(["doctor"]) == 0
    assert "1 has a date that is still to come" in " ".join(capsys.readouterr().out.split())
    with Tracker(paths, clock=clock) as tracker:
        clock.advance(days=30)
        tracker.add_note("git-lfs", "not backed up")
    (finding,) = [f for f in Doctor(paths, clock=clock).look() if f.check == "backups"]
    assert "something was written since" in finding.says
    emptied(paths)
    assert main(["restore", "--salvage", "--yes"]) == 0
    assert texts(paths) == {"future", "kept"}


def test_what_one_of_several_backups_still_has_is_there_again(
    paths: Paths, clock: Clock, tail: Callable[[int], str], capsys: Capture
) -> None:
    rescue = Rescue(paths, clock=clock, tail=tail)
    with Tracker(paths, clock=clock, tail=tail) as tracker:
        tracker.add_note("git-worktrees", "early")
        rescue.make()
        with closing(sqlite3.connect(paths.database)) as db:
            db.execute("DROP TRIGGER journal_is_never_shortened")
            db.execute("DELETE FROM journal WHERE entity = 'note'")
            db.execute("DELETE FROM note")
            db.commit()
        clock.advance(hours=1)
        tracker.add_note("git-worktrees", "late")
    newest = rescue.make()
    emptied(paths)
    found = rescue.look()
    assert found.base is not None and found.base.path == newest
    assert found.others and not found.missing
    assert main(["restore", "--salvage", "--yes"]) == 0
    assert "older sound backups have" in capsys.readouterr().out
    assert texts(paths) == {"early", "late"}


def restored_away(
    rescue: Rescue, tracker: Tracker, clock: Clock, learned: Sequence[str] = ()
) -> tuple[Path, Path | None]:
    """Make the note “away”, and what is learned beside it, go by a restore.

    Returns:
        What was restored, and the backup of what was there before.
    """
    tracker.add_note("git-worktrees", "first")
    first = rescue.make()
    if learned:
        tracker.set_status(learned, Status.LEARNED)
    tracker.add_note("git-worktrees", "away")
    clock.advance(hours=1)
    return first, rescue.restore(first).safety


def test_what_was_restored_away_is_not_brought_back_unasked(
    paths: Paths, clock: Clock, tail: Callable[[int], str], capsys: Capture
) -> None:
    rescue = Rescue(paths, clock=clock, tail=tail)
    with Tracker(paths, clock=clock, tail=tail) as tracker:
        first, safety = restored_away(rescue, tracker, clock)
        assert safety is not None
        clock.advance(hours=-9)
        tracker.add_note("git-worktrees", "after")
        assert rescue.find("latest") == safety
        newest = rescue.make()
        assert rescue.find("latest") == newest, "although the clock went back"
    emptied(paths)
    assert main(["restore", "--salvage", "--yes"]) == 0
    out = capsys.readouterr().out
    assert safety.name in out and first.name not in out
    assert texts(paths) == {"first", "after"}
    assert main(["restore", "--salvage", str(safety), "--yes"]) == 0
    assert texts(paths) == {"first", "after", "away"}


def test_what_was_restored_away_stays_away_before_there_is_a_new_backup(
    paths: Paths, clock: Clock, tail: Callable[[int], str]
) -> None:
    rescue = Rescue(paths, clock=clock, tail=tail)
    with Tracker(paths, clock=clock, tail=tail) as tracker:
        first, safety = restored_away(rescue, tracker, clock, ["git-lfs"])
        assert safety is not None
    for note in ("after", "later"):  # the second time it is damaged, there still is no other
        with Tracker(paths, clock=clock, tail=tail) as tracker:
            tracker.add_note("git-worktrees", note)
            tracker.add_note("git-lfs", note)
        damage_entries(paths)
        found = rescue.look()
        assert found.base is not None and found.base.path == first
        assert [one.path for one in found.left_out] == [safety]
        rescue.salvage(found)
    with Tracker(paths, clock=clock, tail=tail) as tracker:
        assert tracker.entry("git-lfs").status is Status.TODO
        there = {note.text for note in tracker.detail("git-worktrees").notes}
        assert there == {"first", "after", "later"}


def test_what_was_rebuilt_is_of_the_backup_made_before(
    paths: Paths, clock: Clock, tail: Callable[[int], str]
) -> None:
    rescue = Rescue(paths, clock=clock, tail=tail)
    with Tracker(paths, clock=clock, tail=tail) as tracker:
        _, safety = restored_away(rescue, tracker, clock)
        tracker.add_note("git-worktrees", "after")
        made_before = rescue.rebuild()
    damage_entries(paths)
    found = rescue.look()
    assert found.base is not None and found.base.path == made_before
    assert [one.path for one in found.left_out] == [safety]


@pytest.fixture
def mirrored(paths: Paths, clock: Clock, tail: Callable[[int], str], tmp_path: Path) -> Path:
    """A mirrored file of a track with a backup of before."""
    file = tmp_path / "plan.md"
    file.write_text("# Plan\n\n- [ ] First\n- [ ] Second\n")
    with Tracker(paths, clock=clock, tail=tail) as tracker:
        tracker.add_note("git-worktrees", "first")
        Rescue(paths, clock=clock, tail=tail).make()
        tracker.mirror_add(str(file))
        tracker.remember("screen", {"opened": ["git-workflow"]})
    return file


@pytest.mark.parametrize("damage", ["header", "page-1", "zeros-0", "entries"])
def test_files_stay_mirrored_where_it_can_be_read_which_they_are(
    mirrored: Path, paths: Paths, capsys: Capture, damage: str
) -> None:
    if damage == "entries":
        damage_entries(paths)
    else:
        content = bytearray(paths.database.read_bytes())
        {"header": fill(0, 100), "page-1": fill(0, PAGE), "zeros-0": fill(0, PAGE, 0)}[damage](
            content
        )
        paths.database.write_bytes(content)
    assert main(["restore", "--salvage", "--yes"]) == 0
    assert "1 file stays mirrored" in capsys.readouterr().out
    with Tracker(paths) as tracker:
        assert [row.path for row in tracker.mirrors()] == [str(mirrored)]
        if damage == "entries":
            assert tracker.remembered("screen") == {"opened": ["git-workflow"]}
        (one,) = [e for e in tracker.select("").matches if e.title == "First"]
        tracker.set_status([one.id], Status.LEARNED)
        (found,) = tracker.mirror_all()
        assert found.error is None
    assert mirrored.read_text() == "# Plan\n\n- [x] First\n- [ ] Second\n"


def test_it_is_said_when_it_cannot_be_read_which_files_are_mirrored(
    mirrored: Path, paths: Paths, clock: Clock, capsys: Capture
) -> None:
    later = Rescue(paths, clock=clock).make()
    emptied(paths)
    assert main(["restore", "--salvage", "--dry-run"]) == 0
    told = capsys.readouterr().out
    assert "cannot be read any more; as in that backup, 1 file stays mirrored" in told
    later.unlink()
    assert main(["restore", "--salvage", "--json", "--yes"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["mirrors"], told["mirrors_known"]) == ([], False)
    assert main(["mirror", "list"]) == 0
    assert "no file is mirrored" in capsys.readouterr().out
    assert texts(paths) == {"first"}


def test_a_log_without_its_database_is_not_overwritten(
    paths: Paths, clock: Clock, tail: Callable[[int], str], capsys: Capture
) -> None:
    with Tracker(paths, clock=clock, tail=tail) as tracker:
        tracker.set_status(["git-lfs"], Status.LEARNED)
        log = Path(f"{paths.database}-wal").read_bytes()
    assert log
    for left in (None, b""):
        paths.database.unlink(missing_ok=True)
        if left is not None:
            paths.database.write_bytes(left)
        Path(f"{paths.database}-wal").write_bytes(log)
        assert main(["list"]) == 1
        assert "is gone or empty" in capsys.readouterr().err
        assert Path(f"{paths.database}-wal").read_bytes() == log
    assert main(["restore", "--salvage", "--yes"]) == 0
    with Tracker(paths) as tracker:
        assert tracker.entry("git-lfs").status is Status.LEARNED


def test_what_another_process_has_seen_to_meanwhile_stays(
    used: bytes, paths: Paths, clock: Clock
) -> None:
    paths.database.write_bytes(b"\xa5" * 100 + used[100:])
    rescue = Rescue(paths, clock=clock)
    found, newest = rescue.look(), rescue.backups()[0].path
    assert main(["restore", "--salvage", "--yes"]) == 0
    before = paths.database.read_bytes()
    with pytest.raises(TrackerError, match="is sound by now"):
        rescue.salvage(found)
    assert paths.database.read_bytes() == before
    assert rescue.restore(newest).aside is None, "a sound one is backed up instead"


def test_a_sound_one_is_not_salvaged(used: bytes, paths: Paths, capsys: Capture) -> None:
    assert main(["restore", "--salvage", "--yes"]) == 1
    assert "is sound" in capsys.readouterr().err
    assert paths.database.read_bytes() == used


def test_what_was_moved_aside_can_still_be_taken_in(
    used: bytes, paths: Paths, capsys: Capture
) -> None:
    """First the backup alone, later the rest after all."""
    paths.database.write_bytes(b"\xa5" * 100 + used[100:])
    assert main(["restore", "latest", "--yes"]) == 0
    aside = capsys.readouterr().out.split("kept as ")[1].splitlines()[0]
    with Tracker(paths) as tracker:
        assert tracker.entry("git-worktrees").status is Status.TODO
        tracker.set_status(["git-submodules"], Status.LEARNED)
    assert main(["restore", "--salvage", aside, "--yes"]) == 0
    assert "that the track has not\ntaken in" in capsys.readouterr().out
    with Tracker(paths) as tracker:
        assert check.problems(tracker._store) == []
        assert tracker.entry("git-worktrees").status is Status.LEARNING
        assert tracker.entry("git-submodules").status is Status.LEARNED


def test_salvaging_as_json_applies_only_when_told(
    used: bytes, paths: Paths, capsys: Capture
) -> None:
    damaged = b"\xa5" * 100 + used[100:]
    paths.database.write_bytes(damaged)
    for words in ([], ["--dry-run"]):
        assert main(["restore", "--salvage", "--json", *words]) == 0
        told = json.loads(capsys.readouterr().out)
        assert (told["applied"], told["aside"], told["missing"]) == (False, None, 0)
        assert told["rows"] > told["gained"] > 0
    assert paths.database.read_bytes() == damaged
    assert main(["restore", "--salvage"]) == 1
    assert "add --yes" in capsys.readouterr().err
    assert main(["restore", "--salvage", "--json", "--yes"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["applied"] is True
    assert Path(told["aside"]).read_bytes() == damaged
    words = ["restore", "--salvage", told["aside"], "--json"]
    assert main(words) == 0
    assert json.loads(capsys.readouterr().out) == {"gained": 0, "applied": False}
    assert main(["restore", "--salvage", "missing.db"]) == 1
    assert "there is no file" in capsys.readouterr().err


def test_rows_that_are_lost_are_counted(used: bytes, paths: Paths, capsys: Capture) -> None:
    for file in paths.backups.iterdir():
        file.unlink()
    words = b"in the backup"
    paths.database.write_bytes(b"\xa5" * 100 + used[100:].replace(words, b"\xff" * len(words)))
    assert main(["restore", "--salvage", "--dry-run"]) == 0
    assert "1 row is lost" in capsys.readouterr().out


def test_an_unexpected_exception_that_damage_explains_is_told_as_damage(
    used: bytes, paths: Paths, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stumble(*_: object) -> None:
        raise ValueError

    monkeypatch.setattr(Tracker, "select", stumble)
    assert main(["list"]) == 1
    assert "unexpected" in capsys.readouterr().err
    paths.database.write_bytes(used[:200_000])
    assert main(["list"]) == 1
    assert "damaged" in capsys.readouterr().err


# On a terminal


@pytest.fixture
def damaged(used: bytes, paths: Paths) -> Iterator[bytes]:
    content = b"\xa5" * 100 + used[100:]
    paths.database.write_bytes(content)
    yield content
    (aside,) = paths.data.glob("tracker-damaged-*.db")
    assert aside.read_bytes() == content


def test_the_screen_offers_to_save_what_can_be_saved_and_opens(
    damaged: bytes, paths: Paths
) -> None:
    terminal = Terminal()
    terminal.wait_for("Which")
    assert "the damaged file is kept" in terminal.text
    assert "newest sound backup" in terminal.text
    terminal.press("\r")
    terminal.wait_for("Learning path")
    terminal.press("q")
    assert terminal.ended() == 0
    with Tracker(paths) as tracker:
        assert tracker.entry("git-worktrees").status is Status.LEARNING


def test_a_command_offers_the_newest_backup_and_goes_on(damaged: bytes, paths: Paths) -> None:
    terminal = Terminal("learned", "git-submodules")
    terminal.wait_for("Which")
    terminal.press("b\r")
    terminal.wait_for("todo → learned")
    assert terminal.ended() == 0
    with Tracker(paths) as tracker:
        assert tracker.entry("git-worktrees").status is Status.TODO
        assert tracker.entry("git-submodules").status is Status.LEARNED


@pytest.mark.parametrize("keys", ["q\r", "\x03", "\x04"])
def test_it_can_be_left_as_it_is(used: bytes, paths: Paths, keys: str) -> None:
    content = b"\xa5" * 100 + used[100:]
    paths.database.write_bytes(content)
    terminal = Terminal("list")
    terminal.wait_for("Which")
    terminal.press(keys)
    assert terminal.ended() in (1, 130)
    assert "Traceback" not in terminal.text
    assert paths.database.read_bytes() == content
    assert list(paths.data.glob("tracker-damaged-*")) == []


def test_the_store_says_which_damage_is_damage(used: bytes, paths: Paths) -> None:
    paths.database.write_bytes(used[:100_000])
    with pytest.raises(Damaged), Tracker(paths) as tracker:
        tracker.select("")


# Gone


@pytest.fixture
def gone(used: bytes, paths: Paths) -> Paths:
    """A track whose database somebody removed."""
    assert used
    for file in paths.data.glob("tracker.db*"):
        file.unlink()
    return paths


@pytest.mark.parametrize("left", [None, b""], ids=["removed", "emptied"])
def test_a_database_that_is_gone_is_no_new_track(
    gone: Paths, capsys: Capture, left: bytes | None
) -> None:
    if left is not None:
        gone.database.write_bytes(left)
    for words in (["list"], ["learned", "git-lfs"], ["add", "x"], ["stats"], ["seed", "status"]):
        assert main(words) == 1
        err = capsys.readouterr().err
        assert len(err.splitlines()) == 1
        assert "there is a backup, the newest of 2026-11-24" in err
        assert "tracker restore latest" in err and "tracker init" in err
    assert main(["doctor"]) == 1
    out = " ".join(capsys.readouterr().out.split())
    assert "! database" in out and ("there is a backup" if left is None else "is empty") in out
    assert not gone.database.exists() or not gone.database.read_bytes()
    assert main(["doctor", "--fix"]) == 0
    with Tracker(gone) as tracker:
        assert tracker.entry("git-lfs").status is Status.LEARNED


def test_taking_a_dump_in_does_not_begin_anew_where_there_was_a_track(
    used: bytes, paths: Paths, capsys: Capture, tmp_path: Path
) -> None:
    dumped = tmp_path / "dump.json"
    assert used and main(["export", "--format", "json", "-o", str(dumped)]) == 0
    for file in paths.data.glob("tracker.db*"):
        file.unlink()
    capsys.readouterr()
    for option in ("--dry-run", "--yes"):
        assert main(["import", str(dumped), option]) == 1
        out, err = capsys.readouterr()
        assert out == ""
        assert len(err.splitlines()) == 1 and "there is a backup" in err
    assert not paths.database.exists()


def test_without_a_backup_what_is_left_of_it_is_named(gone: Paths, capsys: Capture) -> None:
    for file in gone.backups.iterdir():
        file.unlink()
    (gone.data / "prompt").write_text("0 3\n")
    assert main(["list"]) == 1
    err = capsys.readouterr().err
    assert "no backup" in err and "prompt is there" in err and "tracker init" in err
    assert main(["doctor", "--fix"]) == 1
    assert "! database" in capsys.readouterr().out
    assert not gone.database.exists()


@pytest.mark.parametrize("left", [None, b""], ids=["removed", "emptied"])
def test_beginning_anew_is_possible_when_asked_for(
    gone: Paths, capsys: Capture, left: bytes | None
) -> None:
    if left is not None:
        gone.database.write_bytes(left)
    there = sorted(gone.backups.iterdir())
    assert main(["init"]) == 0
    assert main(["list"]) == 0
    with Tracker(gone) as tracker:
        assert tracker.entry("git-lfs").status is Status.TODO
    assert set(there) <= set(gone.backups.iterdir())
    assert capsys.readouterr().err == ""


def test_the_first_start_of_all_asks_nothing(paths: Paths, capsys: Capture) -> None:
    paths.data.mkdir(mode=0o700, exist_ok=True)
    paths.config_file.write_text("daily_limit = 7\n")
    paths.database.touch(mode=0o600)  # what a start that was cut short leaves
    assert main(["list"]) == 0
    assert capsys.readouterr().err == ""


def test_a_log_alone_is_no_track_that_was(paths: Paths, capsys: Capture) -> None:
    """What went wrong before there was any database is in the log too."""
    paths.logs.mkdir(parents=True, exist_ok=True)
    paths.log_file.write_text("something before the first start\n")
    assert main(["list"]) == 0
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("words", "keys", "status"),
    [
        ([], "\r", Status.LEARNED),
        ([], "n\r", Status.TODO),
        (["list"], "b\r", Status.LEARNED),
        (["list"], "n\r", Status.TODO),
        (["list"], "q\r", None),
    ],
)
def test_a_terminal_is_offered_what_is_left_of_a_track_that_is_gone(
    gone: Paths, words: list[str], keys: str, status: Status | None
) -> None:
    terminal = Terminal(*words)
    try:
        terminal.wait_for("Which")
        assert "newest sound backup" in terminal.text and "begin a new track" in terminal.text
        assert "damaged" not in terminal.text
        terminal.press(keys)
        if not words:
            terminal.wait_for("Learning path")
            terminal.press("q")
        assert terminal.ended() == (1 if status is None else 0)
    finally:
        terminal.kill()
    if status is None:
        assert not gone.database.exists()
        return
    with Tracker(gone) as tracker:
        assert tracker.entry("git-lfs").status is status


# Far from what is read first


def spoil_the_middle(paths: Paths) -> bytes:
    content = bytearray(paths.database.read_bytes())
    content[100 * PAGE : 140 * PAGE] = random.Random(1).randbytes(40 * PAGE)
    paths.database.write_bytes(content)
    return bytes(content)


def test_a_screen_finds_damage_that_nobody_has_come_to(used: bytes, paths: Paths) -> None:
    terminal = Terminal()
    terminal.wait_for("Learning path")
    terminal.press("q")
    assert terminal.ended() == 0
    damaged = spoil_the_middle(paths)
    terminal = Terminal(size=(160, 30))
    try:
        terminal.wait_for("Learning path")
        terminal.wait_for("is damaged")
        terminal.wait_for("leave with q")
        terminal.press("q")
        terminal.wait_for("Which")
        terminal.screen.reset()  # what the first screen left there is not what is waited for
        terminal.press("s\r")
        terminal.wait_for("q quit")
        terminal.press("q")
        assert terminal.ended() == 0
    finally:
        terminal.kill()
    (aside,) = paths.data.glob("tracker-damaged-*.db")
    assert aside.read_bytes() == damaged
    with Tracker(paths) as tracker:
        assert check.problems(tracker._store) == []
        assert tracker.entry("git-lfs").status is Status.LEARNED


def test_it_is_looked_through_on_a_new_day_and_where_the_file_is_another_one(
    used: bytes, paths: Paths
) -> None:
    assert used
    today = date(2026, 11, 24)
    first = Checking(paths, today)
    assert first.due
    first.keep()
    assert Checking(paths, today).due, "it was not looked at"
    assert first.look() is None
    first.keep()
    assert (paths.data / "checked").stat().st_mode & 0o777 == 0o600
    again = Checking(paths, today)
    assert not again.due
    with Tracker(paths) as tracker:
        tracker.set_status(["git-submodules"], Status.LEARNED)
    again.keep()
    assert not Checking(paths, today).due, "what was written here is known"
    assert Checking(paths, date(2026, 11, 25)).due
    os.utime(paths.database, ns=(1, 1))
    other = Checking(paths, today)
    assert other.due
    spoil_the_middle(paths)
    damage = other.look()
    assert damage is not None and "is damaged" in str(damage)


def test_looking_through_can_be_given_up(used: bytes, paths: Paths) -> None:
    assert used
    checking = Checking(paths, date(2026, 11, 24))
    checking.stop()
    assert checking.look() is None
    checking.keep()
    assert Checking(paths, date(2026, 11, 24)).due
