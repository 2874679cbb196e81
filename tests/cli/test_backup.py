"""`tracker backup` and `tracker restore`: what they say, what they change, and what they refuse."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.conftest import Clock
from tracker_tui.__main__ import main
from tracker_tui.cli.backup import size
from tracker_tui.domain.words import Status
from tracker_tui.paths import Paths
from tracker_tui.store import check
from tracker_tui.tracker import Tracker

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(home: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    def run(*words: str) -> tuple[int, str, str]:
        code = main(list(words))
        done = capsys.readouterr()
        assert "Traceback" not in done.err
        assert len(done.err.splitlines()) <= 1
        return code, done.out, done.err

    return run


@pytest.fixture
def used(run: Run) -> Run:
    """A track in which something was done, then a backup, then something else."""
    run("learned", "git-lfs")
    run("note", "git-lfs", "kept words")
    assert run("backup")[0] == 0
    run("todo", "git-lfs")
    run("note", "git-worktrees", "later words")
    run("add", "later entry", "--in", "git-workflow-unknown-unknowns")
    return run


def status(paths: Paths, id_: str = "git-lfs") -> Status:
    with Tracker(paths) as tracker:
        assert check.problems(tracker._store) == []
        return tracker.entry(id_).status


def test_the_list_says_what_is_in_each(used: Run) -> None:
    code, out, _ = used("backup", "list")
    head, newest, oldest = out.splitlines()
    assert code == 0
    assert head.split() == ["when", "made", "for", "learned", "notes", "size"]
    assert newest.split()[0] == "1" and newest.split()[3:6] == ["manual", "1/180", "1"]
    assert oldest.split()[0] == "2" and oldest.split()[3:6] == ["daily", "1/180", "0"]
    listed = json.loads(used("backup", "list", "--json")[1])
    assert [(one["number"], one["reason"], one["learned"]) for one in listed] == [
        (1, "manual", 1),
        (2, "daily", 1),
    ]
    assert all(Path(one["file"]).is_file() and one["at"].endswith("Z") for one in listed)


def test_one_that_cannot_be_read_is_listed_as_such(used: Run, paths: Paths) -> None:
    newest = json.loads(used("backup", "list", "--json")[1])[0]
    Path(newest["file"]).write_bytes(b"garbage")
    assert "cannot be read" in used("backup", "list")[1].splitlines()[1]
    assert json.loads(used("backup", "list", "--json")[1])[0]["learned"] is None
    code, _, err = used("restore", "1", "--yes")
    assert (code, "take another one" in err) == (1, True)
    assert status(paths) is Status.TODO


def test_there_is_none_at_first(run: Run) -> None:
    assert "no backup yet" in run("backup", "list")[1]
    code, _, err = run("restore", "latest")
    assert (code, "there is no backup yet" in err) == (1, True)
    code, _, err = run("backup")
    assert (code, "there is no track yet" in err) == (1, True)


def test_a_backup_into_a_file_of_ones_own(used: Run, tmp_path: Path, paths: Paths) -> None:
    mine = tmp_path / "mine.db"
    code, out, _ = used("backup", "-o", str(mine))
    assert code == 0 and str(mine) in out
    assert mine.stat().st_mode & 0o777 == 0o600
    used("learned", "git-worktrees")
    assert used("restore", str(mine), "--yes")[0] == 0
    assert status(paths, "git-worktrees") is Status.TODO
    assert json.loads(used("backup", "-o", str(mine), "--json")[1]) == {"file": str(mine)}


@pytest.mark.parametrize("target", [".", "missing/folder/mine.db", "DATABASE"])
def test_a_file_that_cannot_be_is_refused(used: Run, paths: Paths, target: str) -> None:
    before = status(paths)
    name = str(paths.database) if target == "DATABASE" else target
    code, _, err = used("backup", "-o", name)
    assert code == 1 and err.startswith("tracker: ")
    assert status(paths) is before


def test_a_file_that_is_no_backup_is_not_overwritten(used: Run, tmp_path: Path) -> None:
    mine = tmp_path / "notes.txt"
    mine.write_text("mine")
    code, _, err = used("backup", "-o", str(mine))
    assert (code, "is no backup" in err) == (1, True)
    assert mine.read_text() == "mine"


def other_home(folder: Path) -> Paths:
    """Somebody's track, with a note."""
    paths = Paths(folder, folder, folder / "logs")
    with Tracker(paths) as tracker:
        tracker.add_note("git-lfs", "theirs")
    return paths


def notes(paths: Paths) -> list[str]:
    with Tracker(paths) as tracker:
        return [note.text for note in tracker.detail("git-lfs").notes]


@pytest.mark.parametrize("name", ["tracker.db", "renamed.db", "link.db", "open.db"])
def test_nobodys_track_is_overwritten(used: Run, tmp_path: Path, paths: Paths, name: str) -> None:
    theirs = other_home(tmp_path / "theirs")
    target = theirs.data / name
    if name == "link.db":
        target.symlink_to(theirs.database)
    elif name != "tracker.db":
        target.write_bytes(theirs.database.read_bytes())
    if name == "open.db":
        Path(f"{target}-wal").touch()
    before = sorted(file.name for file in theirs.data.iterdir())
    code, out, err = used("backup", "-o", str(target))
    assert (code, out) == (1, "")
    assert "may be somebody's track; only what tracker backup -o made is replaced" in err
    assert sorted(file.name for file in theirs.data.iterdir()) == before
    assert notes(theirs) == ["theirs"]


def test_what_was_a_backup_and_is_a_track_now_is_not_overwritten(
    used: Run, tmp_path: Path, paths: Paths
) -> None:
    """A home that began with a backup, whatever its file is called later."""
    home = Paths(tmp_path / "new", tmp_path / "new", tmp_path / "new" / "logs")
    home.data.mkdir()
    assert used("backup", "-o", str(home.database))[0] == 0
    assert used("backup", "-o", str(home.database))[0] == 1, "a name that is a track's"
    with Tracker(home) as tracker:
        tracker.add_note("git-lfs", "written there")
    moved = home.database.rename(home.data / "moved.db")
    assert used("backup", "-o", str(moved))[0] == 1
    moved.rename(home.database)
    assert "written there" in notes(home)
    assert used("backup", "-o", str(tmp_path / "mine.db"))[0] == 0
    assert used("restore", str(tmp_path / "mine.db"), "--yes")[0] == 0
    copy = tmp_path / "copy.db"
    with closing(sqlite3.connect(paths.database)) as db:
        db.execute("PRAGMA journal_mode = DELETE")
    copy.write_bytes(paths.database.read_bytes())
    assert used("backup", "-o", str(copy))[0] == 1, "what was restored is a track, not a backup"


def test_one_of_the_backups_is_not_replaced(used: Run, paths: Paths) -> None:
    (file, *_) = sorted(paths.backups.iterdir())
    before = file.read_bytes()
    assert used("backup", "-o", str(file))[0] == 1
    assert file.read_bytes() == before


def test_what_cannot_be_backed_up_is_named_and_not_the_backup(used: Run, paths: Paths) -> None:
    code, _, err = used("backup", "-o", "/nope/there/x.db")
    assert (code, "there is no folder /nope/there" in err) == (1, True)
    content = paths.database.read_bytes()
    paths.database.write_bytes(b"\x00" * 100 + content[100:])
    code, _, err = used("backup")
    assert code == 1 and "backups" not in err
    assert err.startswith(f"tracker: {paths.database} is damaged")
    paths.database.write_bytes(content)
    with closing(sqlite3.connect(paths.database)) as db:
        db.execute("PRAGMA user_version = 99")
    code, _, err = used("backup")
    assert code == 1 and "salvage" not in err and "backups" not in err
    assert "newer version of tracker" in err and "update tracker" in err


def test_restoring_says_what_would_change_and_keeps_what_was_there(used: Run, paths: Paths) -> None:
    code, out, _ = used("restore", "latest", "--dry-run")
    assert code == 0
    for words in (
        *("1 status changes:", "“Git LFS”: todo → learned", "1 entry is lost:", "“later entry”"),
        *("1 note is lost:", "“Git worktrees”: later words", "1 review comes back"),
        "nothing was changed",
    ):
        assert words in out
    assert status(paths) is Status.TODO
    code, out, _ = used("restore", "latest", "--yes")
    assert code == 0
    assert "restored: 1 of 180 items learned, 1 note" in out
    assert status(paths) is Status.LEARNED
    back = out.splitlines()[-1].split("comes back with: tracker ")[1].split()
    assert used(*back, "--yes")[0] == 0
    assert status(paths) is Status.TODO
    with Tracker(paths) as tracker:
        assert [n.text for n in tracker.detail("git-worktrees").notes] == ["later words"]
    assert "undone: added “later entry”" in used("undo")[1], "as if nothing had happened"


def test_json_applies_only_when_told(used: Run, paths: Paths) -> None:
    for words in ((), ("--dry-run",), ("--dry-run", "--yes")):
        told = json.loads(used("restore", "1", "--json", *words)[1])
        assert told["applied"] is False and told["safety"] is None
        assert told["changes"]["notes_lost"]["examples"] == ["“Git worktrees”: later words"]
    assert status(paths) is Status.TODO
    told = json.loads(used("restore", "1", "--json", "--yes")[1])
    assert told["applied"] is True
    assert Path(told["safety"]).is_file()
    assert status(paths) is Status.LEARNED


def test_it_asks_and_without_a_terminal_refuses(
    used: Run, paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, _, err = used("restore", "latest")
    assert (code, "add --yes" in err) == (1, True)
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    for answer, wanted in ((False, Status.TODO), (True, Status.LEARNED)):
        monkeypatch.setattr("click.confirm", lambda *_, answer=answer, **__: answer)
        used("restore", "latest")
        assert status(paths) is wanted


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        ([], "which backup?"),
        (["9"], "no backup 9"),
        (["0"], "no backup 0"),
        (["nonsense"], "is no file and no backup"),
        (["2000-01-01"], "no backup of 2000-01-01 or before"),
        (["900d"], "no backup 900d ago"),
        (["missing.db"], "is no file and no backup"),
        (["x" * 400], "is no file and no backup"),
        (["~nobody/x.db"], "is no file and no backup"),
        (["a\x00b"], "is no file and no backup"),
        (["DATABASE"], "is the track as it is"),
    ],
)
def test_what_is_no_backup_is_refused(
    used: Run, paths: Paths, words: list[str], problem: str
) -> None:
    names = [str(paths.database) if word == "DATABASE" else word for word in words]
    code, _, err = used("restore", "--yes", *names)
    assert (code, problem in err) == (1, True), err
    assert status(paths) is Status.TODO


@pytest.mark.parametrize("words", ["latest", "1", "today", "0d", "Newest"])
def test_ways_to_say_which(used: Run, paths: Paths, words: str) -> None:
    assert used("restore", "--yes", *words.split())[0] == 0
    assert status(paths) is Status.LEARNED


def test_a_day_means_the_last_backup_up_to_its_end(
    paths: Paths, clock: Clock, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tracker_tui.tracker.rescue.system_clock", clock)
    with Tracker(paths, clock=clock) as tracker:
        for id_ in ("git-lfs", "git-worktrees", "git-submodules"):
            tracker.set_status([id_], Status.LEARNED)
            tracker.safety_backup("import")
            clock.advance(days=2)
        made = [b.path for b in tracker.backups()]
    from tracker_tui.tracker.rescue import Rescue

    rescue = Rescue(paths, clock=clock)
    assert rescue.find("2026-11-26") == made[1]
    assert rescue.find("2026-11-27") == made[1]
    assert rescue.find("3 days ago") == made[1]
    assert rescue.find("5d") == made[2]
    assert rescue.find(made[2].name) == made[2]


def test_a_foreign_or_a_newer_file_is_refused(used: Run, paths: Paths, tmp_path: Path) -> None:
    foreign, newer = tmp_path / "foreign.db", tmp_path / "newer.db"
    with closing(sqlite3.connect(foreign)) as db:
        db.execute("CREATE TABLE entry (x)")
    used("backup", "-o", str(newer))
    with closing(sqlite3.connect(newer)) as db:
        db.execute("PRAGMA user_version = 99")
    for file, problem in ((foreign, "is no database of tracker"), (newer, "newer version")):
        before = file.read_bytes()
        code, _, err = used("restore", "--yes", str(file))
        assert (code, problem in err) == (1, True)
        assert file.read_bytes() == before
    assert status(paths) is Status.TODO


def test_without_a_safety_backup_nothing_is_restored(
    used: Run, paths: Paths, tmp_path: Path
) -> None:
    mine = tmp_path / "mine.db"
    used("backup", "-o", str(mine))
    used("learned", "git-lfs")
    for file in paths.backups.iterdir():
        file.unlink()
    paths.backups.rmdir()
    paths.backups.write_text("in the way")
    code, _, err = used("restore", "--yes", str(mine))
    assert code == 1 and "backups" in err
    assert status(paths) is Status.LEARNED


def test_where_the_track_is_gone_a_backup_becomes_it(used: Run, paths: Paths) -> None:
    paths.database.unlink()
    code, out, _ = used("restore", "latest", "--yes")
    assert code == 0
    assert "no track now" in out
    assert status(paths) is Status.LEARNED


def test_an_emptied_file_is_not_taken_for_a_new_track(used: Run, paths: Paths) -> None:
    paths.database.write_bytes(b"")
    code, _, err = used("list")
    assert code == 1 and "is empty, and there are 2 backups" in err
    assert paths.database.read_bytes() == b""
    assert used("restore", "latest", "--yes")[0] == 0
    assert status(paths) is Status.LEARNED


def test_many_differences_are_told_by_a_few(used: Run) -> None:
    used("learned", "--where", "category:git-workflow kind:item is:open", "--yes")
    out = used("restore", "latest", "--dry-run")[1]
    (head,) = [line for line in out.splitlines() if "statuses change" in line]
    shown = [line for line in out.splitlines() if line.endswith("learned → todo")]
    assert len(shown) == 5
    assert f"  and {int(head.split()[0]) - 5} more" in out


def test_a_backup_of_the_present_changes_nothing(used: Run) -> None:
    used("backup")
    assert "stays as it is" in used("restore", "latest", "--dry-run")[1]


def test_sizes_are_told_in_words() -> None:
    assert [size(n) for n in (1, 868_352, 14_032_896)] == ["1 KB", "869 KB", "14.0 MB"]


def test_what_backup_says_about_options_that_do_not_fit(used: Run) -> None:
    code, _, err = used("backup", "-o", "x", "list")
    assert code == 2 and "--output" in err


def test_nothing_is_left_in_the_folder(used: Run, paths: Paths) -> None:
    used("restore", "latest", "--yes")
    used("list")
    assert sorted(file.name for file in paths.data.iterdir()) == ["backups", "prompt", "tracker.db"]
