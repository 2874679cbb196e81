"""Writing the track to files, and making the same track from one."""

from __future__ import annotations

import csv
import io
import json
from functools import partial
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from tests.cli.test_cli import SEED, Capture, run
from tests.conftest import Clock
from tracker_tui.__main__ import main
from tracker_tui.domain.track import Place
from tracker_tui.domain.words import Answer, Horizon, Kind, Rating, Status
from tracker_tui.tracker import Tracker

HOSTILE = "=1+1 <script>alert(1)</script> [/x] ](javascript:x) \x1b[31m\u202e &amp; \"'"


@pytest.fixture
def lived_in(tracker: Tracker, clock: Clock) -> Tracker:
    tracker.set_status(["git-worktrees"], Status.LEARNING)
    tracker.set_status(["git-lfs", "gap-pre-commit-hooks"], Status.LEARNED)
    tracker.add_note("git-worktrees", "one folder\na branch")
    tracker.set_horizon(["git-lfs"], Horizon.SHORT)
    tracker.add("Inner & <b>", Kind.ITEM, Place("git-lfs"))
    tracker.undo()
    clock.advance(days=9)
    tracker.grade("git-lfs", Rating.HARD)
    tracker.answer(tracker.today(), tracker.queue()[1].entry.id, Answer.LATER)
    tracker.pause("friday", "2w")
    return tracker


def written(capsys: Capture, *words: str) -> str:
    return run(capsys, "export", *words)


# Markdown


def test_an_untouched_track_is_laid_out_like_the_document(home: Path, capsys: Capture) -> None:
    out = written(capsys).split("\n")
    assert out[:6] == [
        "# Learning Track",
        "",
        f"**Purpose**: {SEED['purpose']}  ",
        f"**Source**: `{SEED['source']}`  ",
        f"**Last Updated**: {SEED['updated']}",
        "",
    ]
    place = 0
    for number, category in enumerate(SEED["categories"], 1):
        place = out.index(f"## {number}. {category['title']}", place)
        for section in category["sections"]:
            place = out.index(f"### {section['title']}", place)
            for item in section["items"]:
                title, text = item["title"], item["description"]
                place += 1
                assert out[place] == (f"- [ ] **{title}**: {text}" if text else f"- [ ] {title}")
            assert out[place + 1] == ""
    for gap in SEED["critical"]:
        place = out.index(f"{gap['rank']}. [ ] **{gap['title']}**", place)
        assert out[place + 1].strip() == f"- {gap['description']}"
        assert out[place + 2].strip() == f"- Impact: {gap['impact']}"
        assert out[place + 3].strip() == f"- Action: {gap['action']}"
    for horizon in SEED["path"]:
        place = out.index(f"### {horizon['title']} ({horizon['span']})", place)
        for number, step in enumerate(horizon["steps"], 1):
            assert out[place + number] == f"{number}. {step['title']}"


def test_what_was_done_and_noted_is_in_it(lived_in: Tracker, capsys: Capture) -> None:
    out = written(capsys, "--with-notes")
    assert "- [/] **Git worktrees**: Knowledge of worktrees for parallel work\n" in out
    assert "  - Note 2026-11-24: one folder\n    a branch\n" in out
    assert "- [x] **Git LFS**" in out
    assert "one folder" not in written(capsys)


def test_a_query_writes_a_part(lived_in: Tracker, capsys: Capture) -> None:
    out = written(capsys, "status:learning", "kind:item", "worktrees")
    assert [line for line in out.split("\n") if line.startswith(("#", "-"))] == [
        "# Learning Track",
        "---",
        "## 3. Git Workflow",
        "### Unknown Unknowns",
        "- [/] **Git worktrees**: Knowledge of worktrees for parallel work",
        "---",
    ]
    run(capsys, "export", "nonsense:x", code=1)


@pytest.mark.parametrize("format_", ["md", "jsonl", "csv", "html", "ics"])
def test_an_export_of_nothing_says_so(
    home: Path, capsys: Capture, tmp_path: Path, format_: str
) -> None:
    assert main(["export", "zzz", "--format", format_]) == 0
    out, err = capsys.readouterr()
    assert "git" not in out and err == "nothing matches\n"
    file = tmp_path / "out"
    assert main(["export", "zzz", "--format", format_, "-o", str(file)]) == 0
    assert file.read_text().replace("\r", "") == out.replace("\r", "")
    assert capsys.readouterr().err == f"nothing matches\nwritten: {file}\n"


def test_an_export_of_nothing_of_an_empty_track_and_of_no_days(home: Path, capsys: Capture) -> None:
    assert main(["export", "lfs", "--format", "ics"]) == 0
    assert capsys.readouterr().err == "nothing of it lies ahead\n"
    run(capsys, "delete", "--where", "kind:category,gap,step", "--yes")
    for format_ in ("md", "ics"):
        assert main(["export", "--format", format_]) == 0
        assert capsys.readouterr().err.startswith("there is nothing in the track yet")


@pytest.mark.parametrize(
    ("name", "begins"),
    [("x", "# "), ("x.markdown", "# "), ("x.HTM", "<!DOCTYPE"), ("x.d/y", "# "), (".x", "# ")],
)
def test_the_ending_of_a_file_says_what_is_written(
    home: Path, capsys: Capture, tmp_path: Path, name: str, begins: str
) -> None:
    file = tmp_path / name
    file.parent.mkdir(exist_ok=True)
    run(capsys, "export", "-o", str(file))
    assert file.read_text().lower().startswith(begins.lower())


def test_an_unknown_ending_of_a_file_is_refused(
    home: Path, capsys: Capture, tmp_path: Path
) -> None:
    file = tmp_path / "x.xyz"
    assert run(capsys, "export", "-o", str(file), code=1) == (
        "tracker: nothing is known to write into a file that ends in .xyz;"
        " --format says what: md, json, jsonl, csv, html, ics\n"
    )
    assert not file.exists()
    run(capsys, "export", "--format", "md", "-o", str(file))
    assert file.read_text().startswith("# ")


def test_a_seed_is_no_dump(home: Path, capsys: Capture, tmp_path: Path) -> None:
    file = tmp_path / "seed.json"
    file.write_text(json.dumps(SEED))
    assert run(capsys, "import", str(file), code=1) == (
        f"tracker: {file} is a seed, the file of a track; tracker seed update {file} takes it in,"
        f" tracker init --seed {file} begins with it\n"
    )


def test_json_is_no_part(lived_in: Tracker, capsys: Capture) -> None:
    run(capsys, "export", "worktrees", "--format", "json", code=1)


# JSON, CSV, a page


def test_json_lines_and_a_table(lived_in: Tracker, capsys: Capture) -> None:
    listed = {e["id"]: e for e in json.loads(run(capsys, "list", "--json"))}
    lines = [json.loads(line) for line in written(capsys, "--format", "jsonl").splitlines()]
    assert {line["id"]: line for line in lines} == listed
    cells = list(csv.DictReader(io.StringIO(written(capsys, "--format", "csv"))))
    assert [cell["id"] for cell in cells] == [line["id"] for line in lines]
    assert {cell["id"]: cell["status"] for cell in cells} == {
        e["id"]: "" if e["kind"] in ("category", "section") else e["status"]
        for e in listed.values()
    }


def test_a_spreadsheet_sees_no_formula(tracker: Tracker, capsys: Capture) -> None:
    for sign in ("=1+1", "+1", "-1", "@x"):
        tracker.edit("git-lfs", {"title": sign, "description": f'{sign}\n,"'})
        (row,) = [
            row
            for row in csv.DictReader(io.StringIO(written(capsys, "--format", "csv")))
            if row["id"] == "git-lfs"
        ]
        assert row["title"] == f"'{sign}"
        assert row["description"] == f"'{sign}\n,\""


class Tags(HTMLParser):
    """Holds the tags of a page against each other."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()
        self.links: list[str] = []
        self.words = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)
        self.links += [str(value) for name, value in attrs if name == "href"]
        assert not any(name.startswith("on") for name, _ in attrs)
        if tag not in ("br", "meta"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words += data


def test_a_page_is_sound_and_everything_in_it_is_escaped(
    lived_in: Tracker, capsys: Capture
) -> None:
    for id_ in ("git-lfs", "git-workflow", "gap-ci-cd", "step-git-advanced-topics"):
        lived_in.edit(id_, {"title": HOSTILE, "description": HOSTILE})
    link = json.dumps([{"title": HOSTILE, "url": "javascript:alert(1)"}])
    lived_in.edit("git-hooks", {"resources": link})
    lived_in.add_note("git-lfs", f"{HOSTILE} https://example.org/a")
    lived_in.edit("git-aliases", {"first_step": HOSTILE, "done_when": HOSTILE, "effort": "L"})
    page = written(capsys, "--format", "html", "--with-notes", "--with-study")
    tags = Tags()
    tags.feed(page)
    assert tags.open == []
    assert "script" not in tags.seen
    outside = [link for link in tags.links if not link.startswith("#")]
    assert outside and all(link.startswith("https://") for link in outside)
    assert ", as of 20" in tags.words
    assert "<script>alert(1)</script>" in tags.words
    assert not any(bad in page for bad in ("\x1b", "\u202e", "http-equiv", "src="))
    assert lived_in.overall().words() in tags.words
    assert "L, a weekend" in tags.words
    assert "a weekend" not in written(capsys, "--format", "html")


def test_a_page_shows_how_far_along_everything_is(lived_in: Tracker, capsys: Capture) -> None:
    page = written(capsys, "--format", "html")
    git = lived_in.entry("git-workflow").tally
    assert f"{git.learned} / {git.countable}" in page
    assert 'href="#git-workflow"' in page and 'id="git-workflow"' in page
    assert page.count("<table") == 1
    assert "@media print" in page and "prefers-color-scheme: dark" in page
    assert "○ todo, ◐ learning, ● learned, – skipped" in page
    part = written(capsys, "--format", "html", "lfs", "kind:item")
    assert "Git LFS" in part and "Runbooks" not in part
    assert "\u2699\ufe0f" not in part
    lived_in.edit("git-lfs", {"title": "\u2699\ufe0f gear", "description": "a\n  - b"})
    part = written(capsys, "--format", "html", "gear")
    assert "\u2699\ufe0f gear" in part
    assert "a\n  - b" in part


# A calendar


def test_a_calendar_of_what_lies_ahead(
    lived_in: Tracker, capsys: Capture, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    from icalendar import Calendar

    monkeypatch.setattr("tracker_tui.cli.base.Tracker", partial(Tracker, clock=clock))
    lived_in.snooze(["runbooks"], "friday")
    lived_in.edit("git-lfs", {"title": "LFS; a, b", "done_when": "a file\nis there"})
    out = written(capsys, "--format", "ics")
    assert written(capsys, "--format", "ics") == out
    assert out.count("\r\n") == out.count("\n")
    events = {str(e["uid"]): e for e in Calendar.from_ical(out).walk("VEVENT")}
    assert str(events["snooze-runbooks@tracker"]["summary"]) == "Back on: Runbooks"
    assert events["snooze-runbooks@tracker"].decoded("dtstart").isoformat() == "2026-12-04"
    review = events["review-git-lfs@tracker"]
    standing = lived_in.detail("git-lfs").standing
    assert standing is not None and review.decoded("dtstart") == max(standing.due, lived_in.today())
    assert str(review["summary"]) == "Review: LFS; a, b"
    assert "a file is there" in str(review["description"])
    assert {f"horizon-{h}@tracker" for h in Horizon} <= events.keys()
    part = Calendar.from_ical(written(capsys, "id", "runbooks", "--format", "ics"))
    assert len(part.walk("VEVENT")) <= 1
    hostile = "x\r\nBEGIN:VEVENT\r\nUID:owned"
    lived_in._store.db.execute("UPDATE entry SET title = ? WHERE id = 'git-lfs'", (hostile,))
    again = Calendar.from_ical(written(capsys, "--format", "ics"))
    assert len(again.walk("VEVENT")) == len(events)


# Without any loss


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "is no JSON"),
        ("{", "is no JSON"),
        ('{"a":' + "[" * 100_000, "is no JSON"),
        ("{}", "is not what tracker export"),
        ('{"format": "tracker-journal", "version": 2}', "newer version"),
        ('{"format": "tracker-journal", "version": 1}', "row 1"),
        ('{"format": "tracker-journal", "version": 1, "journal": [[1, 2]]}', "row 1"),
        (
            '{"format": "tracker-journal", "version": 1, "journal":'
            ' [["a", 1, 1, "x", "a-1", "entry", "i", "title", "t"]]}',
            "its time is none",
        ),
        (b"\xff\xfe", "not UTF-8"),
    ],
    ids=lambda value: str(value)[:20],
)
def test_what_is_no_dump_changes_nothing(
    home: Path, capsys: Capture, tmp_path: Path, content: Any, words: str
) -> None:
    file = tmp_path / "dump.json"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    assert words in run(capsys, "import", str(file), "--yes", code=1)
    assert not (home / "tracker.db").exists()
    assert "cannot be read" in run(capsys, "import", str(tmp_path / "gone"), code=1)


def test_what_another_replica_wrote_does_not_reach_a_terminal(
    tracker: Tracker, capsys: Capture
) -> None:
    tracker._store.db.execute(
        "UPDATE entry SET title = ?, description = ? WHERE id = 'git-lfs'", (HOSTILE, HOSTILE)
    )
    for format_ in ("md", "csv", "html", "json", "jsonl", "ics"):
        out = written(capsys, "--format", format_)
        assert "alert(1)" in out or format_ == "ics"
        assert "\x1b" not in out
    for format_ in ("md", "csv", "html"):
        assert "\u202e" not in written(capsys, "--format", format_)


# Files


def test_a_file_is_whole_or_not_there(tracker: Tracker, capsys: Capture, tmp_path: Path) -> None:
    for ending, begin in (("md", "# "), ("html", "<!doctype"), ("csv", "id,"), ("json", "{")):
        file = tmp_path / f"track.{ending}"
        run(capsys, "export", "-o", str(file))
        assert file.read_text().startswith(begin)
    before = sorted(tmp_path.iterdir())
    assert "cannot be written" in run(capsys, "export", "-o", str(tmp_path / "no" / "x"), code=1)
    folder = tmp_path / "folder.md"
    folder.mkdir()
    run(capsys, "export", "-o", str(folder), code=1)
    folder.rmdir()
    assert sorted(tmp_path.iterdir()) == before
    run(capsys, "export", "--format", "pdf", code=2)
