"""`tracker doctor`: whatever is broken is named, says what it means, and is mended with `--fix`."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.conftest import Clock
from tests.visible import visible
from tracker_tui.__main__ import main
from tracker_tui.domain.words import Status
from tracker_tui.errors import Damaged, TrackerError
from tracker_tui.paths import Paths
from tracker_tui.store import check
from tracker_tui.tracker import Tracker, doctor, files_checked, privacy
from tracker_tui.tracker.doctor import Doctor
from tracker_tui.tracker.rescue import Rescue

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def used(paths: Paths, clock: Clock, tail: Callable[[int], str]) -> Paths:
    """A track in use, with a backup."""
    with Tracker(paths, clock=clock, tail=tail) as tracker:
        tracker.set_status(["git-lfs"], Status.LEARNED)
        tracker.add_note("git-worktrees", "words to find")
        tracker.daily_backup()
    return paths


def ill(paths: Paths, clock: Clock) -> set[str]:
    return {finding.check for finding in Doctor(paths, clock=clock).look() if not finding.sound}


def test_all_is_well(used: Paths, clock: Clock, capsys: Capture) -> None:
    assert ill(used, clock) == set()
    assert main(["doctor"]) == 0
    out = capsys.readouterr().out
    assert out.splitlines()[-1] == "everything is as it should be"
    for words in ("✓ database", "✓ state", "✓ backups", "SQLite", "Textual", "schema"):
        assert words in out
    before = sorted(file.name for file in used.backups.iterdir())
    assert main(["doctor", "--fix"]) == 0
    assert sorted(file.name for file in used.backups.iterdir()) == before, "nothing to mend"


def test_before_the_first_start_there_is_nothing_to_find(paths: Paths, capsys: Capture) -> None:
    assert main(["doctor", "--fix"]) == 0
    assert "there is none yet" in capsys.readouterr().out
    assert not paths.database.exists()


def test_what_it_says_as_json(used: Paths, capsys: Capture) -> None:
    used.database.chmod(0o644)
    assert main(["doctor", "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["sound"] is False
    assert (told["fixed"], told["backup"]) == ([], None)
    (found,) = [finding for finding in told["findings"] if not finding["sound"]]
    assert found["check"] == "permissions"
    assert found["fixable"] is True
    assert found.keys() == {"check", "says", "sound", "means", "fix", "fixable"}
    assert main(["doctor", "--json", "--fix"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["sound"] is True
    assert told["fixed"] == ["permissions"]
    assert Path(told["backup"]).is_file()


def test_without_unicode_it_has_other_signs(used: Paths, capsys: Capture) -> None:
    used.config_file.write_text('glyphs = "ascii"\n')
    used.database.chmod(0o644)
    assert main(["doctor"]) == 1
    out = capsys.readouterr().out
    assert out.isascii()
    assert "! permissions" in out and "+ database" in out
    assert "means:" in out and "--fix:" in out


STATE = {
    "a title": "UPDATE entry SET title = 'x' WHERE id = 'git-lfs'",
    "an entry": "DELETE FROM entry WHERE id = 'git-lfs'",
    "a count": "UPDATE entry SET total = 9 WHERE id = 'git-workflow'",
    "a note": "DELETE FROM note",
    "a card": "DELETE FROM card",
    "a day": "UPDATE action SET day = ''",
    "the words": "DELETE FROM search WHERE rowid IN (SELECT number FROM entry LIMIT 9)",
    "a place": "UPDATE entry SET parent = 'documentation' WHERE id = 'git-lfs'",
    "the clock": "UPDATE local SET value = 0 WHERE key = 'lamport'",
    "the inside of the index": "DELETE FROM search_data WHERE id > 10",
}


@pytest.mark.parametrize("what", STATE)
def test_the_state_is_made_anew_from_the_journal(
    used: Paths, clock: Clock, capsys: Capture, what: str
) -> None:
    with Tracker(used, clock=clock) as tracker:
        wanted, journal = visible(tracker), sorted(tracker.journal())
        tracker.remember("screen", {"opened": ["git-workflow"]})
    with closing(sqlite3.connect(used.database)) as db:
        db.execute(STATE[what])
        db.commit()
    assert ill(used, clock) == {"state"}
    with Tracker(used, clock=clock) as other:
        assert main(["doctor", "--fix"]) == 0
        assert "fixed: state" in capsys.readouterr().out
        action = other.foreign()
        assert action is not None and action.anew, "a screen that is open is told"
        assert visible(other) == wanted
        assert sorted(other.journal()) == journal
        assert other.remembered("screen") == {"opened": ["git-workflow"]}
        assert [hit.id for hit in other.search("words to find")] == ["git-worktrees"]
        assert check.problems(other._store) == []
        assert ill(used, clock) == set()
        assert other.undo() is not None, "what was done before can still be undone"


def test_rows_that_are_missing_make_it_another_replica(used: Paths, clock: Clock) -> None:
    with closing(sqlite3.connect(used.database)) as db:
        db.execute("DROP TRIGGER journal_is_never_shortened")
        db.execute("DELETE FROM journal WHERE n = 2 AND replica <> 'seed'")
        db.commit()
    assert ill(used, clock) == {"state", "schema"}
    it = Doctor(used, clock=clock)
    it.fix(it.look())
    assert ill(used, clock) == set()
    with closing(sqlite3.connect(used.database)) as db, pytest.raises(sqlite3.IntegrityError):
        db.execute("DELETE FROM journal")


JOURNAL = {
    "all of the user's": "DELETE FROM journal WHERE replica <> 'seed'",
    "the last action": "DELETE FROM journal WHERE action = (SELECT id FROM action ORDER BY rowid DESC)",
    "one in the middle": "DELETE FROM journal WHERE field = 'status' AND replica <> 'seed'",
    "the text of a note": "DELETE FROM journal WHERE field = 'text' AND replica <> 'seed'",
    "an entry": "DELETE FROM journal WHERE id = 'git-lfs'",
    "the end of the last action": "DELETE FROM journal WHERE rowid = (SELECT max(rowid) FROM journal)",
}


@pytest.mark.parametrize("what", JOURNAL)
def test_what_only_the_tables_still_say_goes_into_the_journal_again(
    used: Paths, clock: Clock, capsys: Capture, what: str
) -> None:
    clock.advance(days=1)
    with Tracker(used, clock=clock) as tracker:
        tracker.add_note("api-documentation", "my note")
        tracker.set_status(["api-documentation"], Status.LEARNED)
        tracker.edit("git-worktrees", {"title": "Trees"})
        wanted, days = visible(tracker, numbers=False), tracker._store.active_days()
        touched = dict(tracker._store.db.execute("SELECT id, updated_at FROM entry"))
    with closing(sqlite3.connect(used.database)) as db:
        db.execute("DROP TRIGGER journal_is_never_changed")
        db.execute("DROP TRIGGER journal_is_never_shortened")
        db.execute(JOURNAL[what])
        db.commit()
    assert ill(used, clock) == {"state", "schema"}
    assert main(["doctor"]) == 1
    assert "rows of the journal are missing" in capsys.readouterr().out
    it = Doctor(used, clock=clock)
    assert it.fix(it.look()) is not None
    assert ill(used, clock) == set()
    with Tracker(used, clock=clock) as tracker:
        assert visible(tracker, numbers=False) == wanted
        assert tracker._store.active_days() == days, "the days count as they did"
        now = dict(tracker._store.db.execute("SELECT id, updated_at FROM entry"))
        assert now == touched
        tracker.set_status(["git-lfs"], Status.TODO)
        assert tracker.undo() is not None
    Rescue(used, clock=clock).rebuild()
    with Tracker(used, clock=clock) as tracker:
        assert visible(tracker, numbers=False) == wanted, "the journal alone says it now"


@pytest.mark.parametrize("damage", ["header", "middle", "emptied", "no table", "log alone"])
def test_a_damaged_database_is_mended_and_kept(
    used: Paths, clock: Clock, capsys: Capture, damage: str
) -> None:
    content = bytearray(used.database.read_bytes())
    if damage == "header":
        content[:100] = b"\xa5" * 100
    elif damage == "middle":
        content[200_000:300_000] = b"\xa5" * 100_000
    elif damage == "emptied":
        content.clear()
    if damage == "no table":
        with closing(sqlite3.connect(used.database)) as db:
            db.execute("DROP TABLE entry")
        content = bytearray(used.database.read_bytes())
    elif damage == "log alone":
        used.database.unlink()
        Path(f"{used.database}-wal").write_bytes(b"\xa5" * 9_000)
    else:
        used.database.write_bytes(content)
    assert main(["doctor"]) == 1
    assert "! database" in capsys.readouterr().out
    assert main(["doctor", "--fix"]) == 0
    told = capsys.readouterr().out
    assert "of the journal can be read in the damaged database\n" in told
    assert "saved: 1 of 180 items learned, " in told
    (kept,) = (line for line in told.split("\n") if line.startswith("kept as it was: "))
    if damage == "log alone":
        (aside,) = used.data.glob("tracker-damaged-*-wal")
        assert aside.read_bytes() == b"\xa5" * 9_000
    else:
        (aside,) = used.data.glob("tracker-damaged-*.db")
        assert aside.read_bytes() == content
    assert kept == f"kept as it was: {aside}"
    with Tracker(used, clock=clock) as tracker:
        assert tracker.entry("git-lfs").status is Status.LEARNED
        assert check.problems(tracker._store) == []


def test_an_order_key_that_is_none(used: Paths, clock: Clock) -> None:
    with Tracker(used, clock=clock) as tracker:
        siblings = [e.id for e in tracker.siblings(doctor_place(tracker))]
        for n, key in enumerate(["", "zz", "a0\x01"]):
            row = ("x", n + 1, 500, "2026-11-24T08:00:00Z", "x-1", "entry", siblings[n])
            tracker._store.db.execute(
                "INSERT INTO journal VALUES (?, ?, ?, ?, ?, ?, ?, 'position', ?)", (*row, key)
            )
    Rescue(used, clock=clock).rebuild()
    assert ill(used, clock) == {"order"}
    it = Doctor(used, clock=clock)
    it.fix(it.look())
    assert ill(used, clock) == set()
    with Tracker(used, clock=clock) as tracker:
        after = [e.id for e in tracker.siblings(doctor_place(tracker))]
        assert sorted(after) == sorted(siblings)
        assert set(after[-3:]) == set(siblings[:3])
        tracker.move(siblings[0], -1)
        assert "given a place anew" in tracker.actions(2)[1].label


def doctor_place(tracker: Tracker):  # type: ignore[no-untyped-def]
    from tracker_tui.domain.track import place_of

    return place_of(tracker.entry("git-lfs"))


def test_there_is_no_backup_or_an_old_one(used: Paths, clock: Clock, capsys: Capture) -> None:
    for file in used.backups.iterdir():
        file.unlink()
    assert ill(used, clock) == {"backups"}
    it = Doctor(used, clock=clock)
    assert it.fix(it.look()) is not None
    assert ill(used, clock) == set()
    clock.advance(days=30)
    assert ill(used, clock) == set(), "nothing was written since"
    with Tracker(used, clock=clock) as tracker:
        tracker.set_status(["git-lfs"], Status.TODO)
    assert ill(used, clock) == {"backups"}
    it.fix(it.look())
    assert ill(used, clock) == set()


def test_a_backup_that_cannot_be_read_gets_a_name_that_says_so(used: Paths, clock: Clock) -> None:
    clock.advance(minutes=1)
    newest = Rescue(used, clock=clock).make()
    content = bytearray(newest.read_bytes())
    content[400_000:480_000] = b"\xa5" * 80_000
    newest.write_bytes(content)
    assert ill(used, clock) == {"backups"}
    it = Doctor(used, clock=clock)
    it.fix(it.look())
    assert newest.with_name(f"damaged-{newest.name}").read_bytes() == content
    assert it.kept == [newest.with_name(f"damaged-{newest.name}")]
    assert ill(used, clock) == set()


def test_files_that_others_can_read(used: Paths, clock: Clock) -> None:
    (kept,) = used.backups.iterdir()
    for path, mode in ((used.database, 0o666), (kept, 0o640), (used.backups, 0o755)):
        path.chmod(mode)
    assert ill(used, clock) == {"permissions"}
    it = Doctor(used, clock=clock)
    it.fix(it.look())
    assert [path.stat().st_mode & 0o777 for path in (used.database, kept, used.backups)] == [
        *(0o600, 0o600, 0o700)
    ]


def test_what_stays_as_it_is_was_not_fixed(
    used: Paths, clock: Clock, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def on_a_disk_without_modes(found: list[Path]) -> None:
        assert found

    monkeypatch.setattr(privacy, "close", on_a_disk_without_modes)
    used.database.chmod(0o644)
    assert main(["doctor", "--fix", "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["fixed"] == []
    made = [one.path for one in Rescue(used, clock=clock).backups() if one.reason == "doctor"]
    assert made == [Path(told["backup"])]
    assert main(["doctor", "--fix"]) == 1
    out = capsys.readouterr().out
    assert "fixed:" not in out
    assert out.splitlines()[-1] == "1 finding"


def test_a_run_of_several_rounds_makes_one_backup(
    used: Paths, clock: Clock, capsys: Capture
) -> None:
    file = used.data / ".tracker.db.7.tmp"
    file.touch(mode=0o644)
    os.utime(file, (0, 0))
    it = Doctor(used, clock=clock)
    first = it.fix([finding for finding in it.look() if finding.check == "permissions"])
    assert first is not None
    assert it.fix(it.look(), first) == first
    assert not file.exists()
    made = [one.path for one in Rescue(used, clock=clock).backups() if one.reason == "doctor"]
    assert made == [first]


def test_what_was_left_behind_is_removed_when_it_is_old(used: Paths, clock: Clock) -> None:
    names = [".tracker.db.7.tmp", ".tracker.db.7.tmp-wal", "prompt.9.tmp", ".0123456789ab.tmp"]
    names.append("..tracker.db.7.tmp.7.tmp")
    mine = ["notes.tmp", ".tracker.db", "tracker.db.tmp", ".x.tmp"]
    for name in [*names, *mine]:
        file = used.data / name
        file.touch(mode=0o600)
        os.utime(file, (clock.now.timestamp() - 7_200,) * 2)
    fresh = used.data / ".tracker.db.8.tmp"
    fresh.touch(mode=0o600)
    os.utime(fresh, (clock.now.timestamp() - 60,) * 2)
    assert ill(used, clock) == {"leftovers"}
    it = Doctor(used, clock=clock)
    it.fix(it.look())
    there = {file.name for file in used.data.iterdir()}
    assert {*mine, fresh.name} <= there
    assert not there & set(names)


def test_what_was_left_where_files_are_mirrored_and_backups_were_put_is_removed_too(
    used: Paths, clock: Clock, tmp_path: Path, capsys: Capture
) -> None:
    plan, stick = tmp_path / "plans" / "plan.md", tmp_path / "stick"
    plan.parent.mkdir()
    stick.mkdir()
    plan.write_text("# Plan\n\n- [ ] Something new\n")
    link = tmp_path / "link.md"
    link.symlink_to(plan)
    with Tracker(used, clock=clock) as tracker:
        tracker.mirror_add(str(link))
    rescue = Rescue(used, clock=clock)
    rescue.make(stick / "usb.db")
    rescue.make(stick / "usb.db")
    mine = [plan.parent / ".usb.db.7.tmp", stick / ".0123456789ab.tmp", stick / ".other.db.7.tmp"]
    left = [
        plan.parent / ".0123456789ab.tmp",
        stick / ".usb.db.7.tmp",
        stick / ".usb.db.7.tmp-journal",
    ]
    fresh = stick / ".usb.db.8.tmp"
    for file in [*mine, *left, fresh]:
        file.touch()
        age = 60 if file == fresh else 7_200
        os.utime(file, (clock.now.timestamp() - age,) * 2)
    assert ill(used, clock) == {"leftovers"}
    it = Doctor(used, clock=clock)
    found = it.look()
    (finding,) = [finding for finding in found if not finding.sound]
    assert str(left[0]) in finding.says
    it.fix(found)
    assert ill(used, clock) == set()
    assert [file.exists() for file in (*mine, fresh)] == [True] * 4
    assert [file.exists() for file in left] == [False] * 3


def test_a_mirrored_file_that_is_gone(used: Paths, clock: Clock, tmp_path: Path) -> None:
    file = tmp_path / "plan.md"
    file.write_text("# Plan\n\n- [ ] Something new\n")
    with Tracker(used, clock=clock) as tracker:
        tracker.mirror_add(str(file))
    assert ill(used, clock) == set()
    file.rename(tmp_path / "elsewhere.md")
    assert ill(used, clock) == {"mirrors"}
    (found,) = [f for f in Doctor(used, clock=clock).look() if not f.sound]
    assert str(file) in found.says and "mirror remove" in found.fix
    with Tracker(used, clock=clock) as tracker:
        tracker.mirror_remove(str(file))
    assert ill(used, clock) == set()


def test_the_log_and_the_disk(
    used: Paths, clock: Clock, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    with Tracker(used, clock=clock) as tracker:
        tracker.set_status(["git-lfs"], Status.TODO)
        monkeypatch.setattr(doctor, "LOG_BYTES", 0)
        it = Doctor(used, clock=clock)
        found = it.look()
        assert [f.check for f in found if not f.sound] == ["log"]
        it.fix(found)
        assert Path(f"{used.database}-wal").stat().st_size == 0
    monkeypatch.undo()
    monkeypatch.setenv("TRACKER_HOME", str(used.data))
    monkeypatch.setattr(files_checked, "FREE_BYTES", 2**62)
    assert main(["doctor", "--fix"]) == 1, "for that there must be made room"
    out = capsys.readouterr().out
    assert "to do: make room" in out
    assert out.splitlines()[-1] == "1 finding"


@pytest.mark.parametrize(
    ("statement", "word"),
    [
        ("PRAGMA user_version = 99", "newer version"),
        ("PRAGMA application_id = 7", "no database of"),
    ],
)
def test_a_database_that_is_not_ours_is_left_alone(
    used: Paths, capsys: Capture, statement: str, word: str
) -> None:
    with closing(sqlite3.connect(used.database)) as db:
        db.execute(statement)
    before = used.database.read_bytes()
    assert main(["doctor", "--fix"]) == 1
    out = capsys.readouterr().out
    assert "! database" in out and word in " ".join(out.split())
    assert "permissions" in out and "disk" in out, "what can be said of the rest is said"
    assert used.database.read_bytes() == before


def test_without_a_backup_nothing_is_mended(used: Paths, clock: Clock) -> None:
    with closing(sqlite3.connect(used.database)) as db:
        db.execute("DELETE FROM note")
        db.commit()
    for file in used.backups.iterdir():
        file.unlink()
    used.backups.rmdir()
    used.backups.write_text("in the way")
    it = Doctor(used, clock=clock)
    with pytest.raises(TrackerError):
        it.fix(it.look())
    assert "state" in ill(used, clock)


@pytest.mark.parametrize(
    ("kind", "word"),
    [
        ("folder", "is a folder"),
        ("pipe", "is no plain file"),
        ("loop", "symbolic links"),
        ("nowhere", "nothing is there"),
        ("secret", "cannot be"),
    ],
)
def test_what_is_no_database_is_a_finding_beside_the_others(
    used: Paths, capsys: Capture, kind: str, word: str
) -> None:
    before = used.database.read_bytes()
    if kind == "secret":
        if os.geteuid() == 0:
            pytest.skip("root may read anything")
        used.database.chmod(0)
    else:
        used.database.unlink()
    if kind == "folder":
        used.database.mkdir(mode=0o700)
    elif kind == "pipe":
        os.mkfifo(used.database, 0o600)
    elif kind in ("loop", "nowhere"):
        used.database.symlink_to("tracker.db" if kind == "loop" else "missing.db")
    for words in (["doctor"], ["doctor", "--fix"]):
        assert main(words) == 1
        out = capsys.readouterr().out
        assert "! database" in out and word in " ".join(out.split())
        for name in ("backups", "permissions", "leftovers", "disk", "versions"):
            assert name in out
    assert main(["doctor", "--json"]) == 1
    assert {found["check"] for found in json.loads(capsys.readouterr().out)["findings"]} >= {
        *("database", "backups", "permissions", "leftovers", "disk", "versions")
    }
    for words in (["list"], ["learned", "git-lfs"]):
        assert main(words) == 1
        assert len(capsys.readouterr().err.splitlines()) == 1
    if kind == "secret":
        used.database.chmod(0o600)
        assert used.database.read_bytes() == before
    assert not (used.data / "missing.db").exists(), "no new track where a link leads nowhere"


def test_of_what_turns_out_damaged_late_nothing_is_said_to_be_sound(
    used: Paths, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def damaged(_: Tracker) -> list[str]:
        raise Damaged("a page of it is garbage", "")

    monkeypatch.setattr(Tracker, "problems", damaged)
    found = {finding.check: finding for finding in Doctor(used, clock=clock).look()}
    assert not found["state"].sound
    assert found["state"].says == "a page of it is garbage"
    assert found.keys().isdisjoint({"writing", "schema", "order", "mirrors"})
    assert "versions" in found


def test_an_index_that_was_not_looked_at_is_not_said_to_be_right(
    used: Paths, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = TrackerError("the disk is full", "make room")
    monkeypatch.setattr(Tracker, "blocked", full)
    found = {finding.check: finding for finding in Doctor(used, clock=clock).look()}
    assert not found["writing"].sound
    assert found["state"].sound
    assert found["state"].says == (
        "every table is what the journal says; the search index could not be looked into"
    )


INDEX = {
    "the way to the words": "DELETE FROM search_idx",
    "a word's way": (
        "DELETE FROM search_idx WHERE (segid, term) IN"
        " (SELECT segid, term FROM search_idx WHERE term > '0m' LIMIT 1)"
    ),
    "the way to a beginning": "DELETE FROM search_idx WHERE term >= '2'",
}


@pytest.mark.parametrize("what", INDEX)
def test_a_search_index_that_does_not_find_is_a_finding(
    used: Paths, clock: Clock, capsys: Capture, what: str
) -> None:
    with closing(sqlite3.connect(used.database)) as db:
        db.execute(INDEX[what])
        db.commit()
    assert ill(used, clock) == {"state"}
    assert main(["doctor", "--fix"]) == 0
    with Tracker(used, clock=clock) as tracker:
        assert "git-worktrees" in [hit.id for hit in tracker.search("worktree")]
    assert ill(used, clock) == set()


def test_indexes_and_triggers_that_are_gone_or_other_ones(
    used: Paths, clock: Clock, capsys: Capture
) -> None:
    with closing(sqlite3.connect(used.database)) as db:
        names = db.execute(
            "SELECT type, name FROM sqlite_schema WHERE type IN ('index', 'trigger')"
            " AND sql IS NOT NULL"
        ).fetchall()
        wanted = db.execute("SELECT type, name, sql FROM sqlite_schema ORDER BY 1, 2").fetchall()
        for kind, name in names:
            db.execute(f"DROP {kind} {name}")
        db.execute("CREATE INDEX journal_of ON journal (field)")
        db.execute("CREATE TRIGGER mine AFTER INSERT ON note BEGIN SELECT 1; END")
        db.commit()
    assert len(names) > 20
    (found,) = [f for f in Doctor(used, clock=clock).look() if not f.sound]
    assert found.check == "schema" and "and" in found.says
    assert main(["doctor", "--fix"]) == 0
    assert ill(used, clock) == set()
    with closing(sqlite3.connect(used.database)) as db:
        found_now = db.execute("SELECT type, name, sql FROM sqlite_schema ORDER BY 1, 2").fetchall()
    assert found_now == wanted


ROWS = {
    "a place": ("entry", "git-lfs", "position", "!!", 900),
    "a clock": ("entry", "git-lfs", "title", "x", "zork"),
    "links": ("entry", "git-lfs", "resources", '[["a", "b"]]', 900),
    "no links": ("entry", "git-lfs", "resources", "[", 900),
    "a rating": ("review", "r1", "rating", "many", 900),
    "a day": ("entry", "git-lfs", "snoozed_until", "someday", 900),
    "bytes": ("entry", "git-lfs", "title", b"\xff\x00", 900),
}


@pytest.mark.parametrize("what", ROWS)
def test_one_run_mends_all_that_a_row_that_cannot_be_has_brought(
    used: Paths, clock: Clock, capsys: Capture, what: str
) -> None:
    entity, id_, field, value, lamport = ROWS[what]
    with closing(sqlite3.connect(used.database)) as db:
        row = ("x", 1, lamport, "2026-11-24T08:00:00Z", "x-1", entity, id_, field, value)
        db.execute("INSERT INTO journal VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
        db.commit()
    assert "state" in ill(used, clock)
    clock.advance(days=30)
    assert "state" in ill(used, clock), (
        "also where the backup is old, and it is asked what was written since"
    )
    clock.advance(days=-30)
    assert main(["doctor", "--fix"]) == 0, capsys.readouterr()
    told = capsys.readouterr()
    assert "unexpected" not in told.out + told.err
    assert main(["doctor"]) == 0, "all of it, by the same clock"
    with Tracker(used, clock=clock) as tracker:
        assert tracker.entry("git-lfs").status is Status.LEARNED
        assert tracker.entry("git-lfs").title == "Git LFS"


def test_the_home_and_every_file_of_ours_in_it_is_looked_at(used: Paths, clock: Clock) -> None:
    used.config_file.write_text("daily_limit = 7\n")
    used.config_file.chmod(0o644)
    assert ill(used, clock) == set(), "nobody gets into a closed folder"
    prompt, aside = used.data / "prompt", used.data / "tracker-damaged-20261124T080000Z.db-wal"
    aside.touch()
    for path, mode in (
        *((used.data, 0o777), (used.config_file, 0o666), (prompt, 0o666), (aside, 0o644)),
    ):
        path.chmod(mode)
    it = Doctor(used, clock=clock)
    found = [f for f in it.look() if not f.sound]
    assert [f.check for f in found] == ["permissions"]
    assert str(used.data) in found[0].says
    it.fix(found)
    assert ill(used, clock) == set()
    modes = [path.stat().st_mode & 0o777 for path in (used.data, used.config_file, prompt, aside)]
    assert modes == [0o700, 0o600, 0o600, 0o600]


def test_what_else_lies_in_a_folder_that_was_chosen_is_left_open(used: Paths, clock: Clock) -> None:
    mine = used.data / "prompts.txt"
    mine.touch()
    mine.chmod(0o664)
    used.data.chmod(0o755)
    assert ill(used, clock) == set(), "each file of the track is closed itself"
    used.data.chmod(0o777)
    used.database.chmod(0o644)
    it = Doctor(used, clock=clock)
    it.fix([f for f in it.look() if not f.sound])
    modes = [path.stat().st_mode & 0o777 for path in (used.data, mine, used.database)]
    assert modes == [0o755, 0o664, 0o600], "nobody else can put another one in its place"


def test_what_cannot_be_mended_is_told_with_the_findings(used: Paths, capsys: Capture) -> None:
    with closing(sqlite3.connect(used.database)) as db:
        db.execute("DELETE FROM note")
        db.commit()
    for file in used.backups.iterdir():
        file.unlink()
    used.backups.rmdir()
    used.backups.write_text("in the way")
    assert main(["doctor", "--fix"]) == 1
    out, err = capsys.readouterr()
    assert len(err.splitlines()) == 1
    assert "! state" in out and "versions" in out
