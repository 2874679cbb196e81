"""What the screen does, done by commands."""

from __future__ import annotations

import io
import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.bare import bare
from tests.cli.test_cli import Capture, run
from tracker_tui.__main__ import main
from tracker_tui.domain.track import Place
from tracker_tui.domain.words import Status
from tracker_tui.errors import Busy
from tracker_tui.tracker import Tracker

UNKNOWN = "git-workflow-unknown-unknowns"


class Terminal(io.StringIO):
    """Standard input that is a terminal."""

    def isatty(self) -> bool:
        return True


def shown(capsys: Capture, id_: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(run(capsys, "show", id_, "--json"))
    return found


def order(tracker: Tracker) -> list[str]:
    return [entry.id for entry in tracker.siblings(Place(UNKNOWN))]


# Several


def test_a_query_says_what_a_command_acts_on(
    tracker: Tracker, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    query = "section:git-workflow-unknown status:todo"
    count = len(order(tracker))
    assert count == 6
    assert "6 items → learning" in run(capsys, "learning", "--where", query)
    done = json.loads(run(capsys, "learned", "git-lfs", "--where", "git-lfs is:open", "--json"))
    assert "git-lfs" in done["changed"]
    assert run(capsys, "learned", "--where", "zzz") == "nothing matches\n"
    assert json.loads(run(capsys, "learned", "--where", "zzz", "--json"))["changed"] == []
    assert "name a REF" in run(capsys, "learned", code=2)
    assert "did you mean status" in run(capsys, "learned", "--where", "statu:x", code=1)
    run(capsys, "snooze", "--where", "section:git-workflow-unknown is:open", "3d")
    open_ = [e for e in tracker.siblings(Place(UNKNOWN)) if e.status.open]
    assert open_ and all(e.snoozed_until for e in open_)
    run(capsys, "snooze", "--wake", "--where", "is:snoozed")
    run(capsys, "horizon", "short", "--where", "git-lfs")
    run(capsys, "progress", "--where", "git-worktrees status:learning kind:item")


@pytest.mark.parametrize(
    ("words", "query"),
    [
        *((["delete"], query) for query in ("", "  ", '""', "-")),
        *((["status", "next"], ""), (["todo"], ""), (["learning"], ""), (["learned"], "")),
        *((["skipped"], ""), (["progress"], ""), (["horizon", "short"], ""), (["copy"], "")),
        *((["snooze", "friday"], ""), (["snooze", "git-lfs", "friday"], "")),
        (["snooze", "--wake"], ""),
    ],
)
def test_an_empty_query_is_not_everything(
    tracker: Tracker, capsys: Capture, words: list[str], query: str
) -> None:
    asked = [] if words == ["copy"] else ["--yes"]
    told = run(capsys, *words, "--where", query, *asked, code=1)
    assert told == (
        "tracker: the query is empty; kind:category,section,item,gap,step finds every entry\n"
    )
    assert not tracker.actions(10)


def test_many_are_asked_about(
    tracker: Tracker, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("y\n"))
    told = run(capsys, "learning", "--where", "kind:item", code=1)
    assert "180 entries" in told and "add --yes" in told
    for answer, status in (("n", Status.TODO), ("y", Status.LEARNING)):
        monkeypatch.setattr(sys, "stdin", Terminal(f"{answer}\n"))
        run(capsys, "learning", "--where", "category:git-workflow kind:item")
        assert tracker.entry("git-lfs").status is status
    assert "items → learning" in run(capsys, "learning", "--where", "kind:item", "--yes")


def test_a_query_takes_branches_only_when_it_says_so(tracker: Tracker, capsys: Capture) -> None:
    assert any(e.is_branch for e in tracker.select("workflow").matches)
    run(capsys, "learning", "--where", "workflow", "--yes")
    assert tracker.entry("git-lfs").status is Status.TODO
    run(capsys, "learning", "--where", "workflow kind:category", "--yes")
    assert tracker.entry("git-lfs").status is Status.LEARNING


def test_a_term_of_a_query_may_be_turned_round(home: Path, capsys: Capture) -> None:
    every = json.loads(run(capsys, "list", "kind:gap", "--json"))
    some = json.loads(run(capsys, "list", "kind:gap", "-ci", "-has:notes", "--json"))
    assert 0 < len(some) < len(every)
    assert run(capsys, "export", "-kind:item", "-o", "-").startswith("# ")
    assert "--jsn" in run(capsys, "list", "--jsn", code=2)


# Status


def test_toggling_and_moving_on(tracker: Tracker, capsys: Capture) -> None:
    run(capsys, "learning", "git-lfs")
    for status in (Status.LEARNED, Status.LEARNING):
        run(capsys, "learned", "git-lfs", "--toggle")
        assert tracker.entry("git-lfs").status is status
    run(capsys, "status", "next", "git-lfs", "git-hooks")
    assert tracker.entry("git-lfs").status is Status.LEARNED
    assert tracker.entry("git-hooks").status is Status.LEARNING
    run(capsys, "status", "next", "git-lfs", "--date", "yesterday", code=2)
    run(capsys, "learned", "git-lfs", "--toggle", "--date", "yesterday", code=2)


def test_a_status_may_count_for_another_day(tracker: Tracker, capsys: Capture) -> None:
    run(capsys, "learned", "git-lfs", "--date", "yesterday")
    assert "a check-in cannot be made" in run(
        capsys, "learned", "git-hooks", "--date", "2020-01-01", code=1
    )
    assert tracker.entry("git-lfs").status is Status.LEARNED


def test_not_today(home: Path, capsys: Capture) -> None:
    first = json.loads(run(capsys, "today", "--json"))[0]["id"]
    run(capsys, "later", first)
    answers = {due["id"]: due["answer"] for due in json.loads(run(capsys, "today", "--json"))}
    assert answers[first] == "later"
    assert "not in the queue" in run(capsys, "later", "runbooks", code=1)


# Places


def test_moving_to_a_place(tracker: Tracker, capsys: Capture) -> None:
    ids = order(tracker)
    run(capsys, "move", ids[2], "first")
    assert order(tracker)[0] == ids[2]
    run(capsys, "move", ids[2], "last")
    assert order(tracker)[-1] == ids[2]
    run(capsys, "move", ids[2], "--position", "3")
    assert order(tracker) == ids
    run(capsys, "move", ids[0], "--position", "99")
    assert order(tracker)[-1] == ids[0]
    for words in (["--position", "6"], ["last"], ["down"]):
        assert "nothing to do" in run(capsys, "move", ids[0], *words)
    run(capsys, "move", ids[0], code=2)
    run(capsys, "move", ids[0], "up", "--position", "1", code=2)


def test_adding_each_kind(tracker: Tracker, capsys: Capture) -> None:
    def added(*words: str) -> str:
        return run(capsys, "add", *words).split()[-1]

    category = added("Cooking", "--category")
    section = added("Soups", "--section", "--in", category)
    item = added("Leek", "--in", section)
    after = added("Onion", "--after", item, "--description", "in layers")
    inside = added("Peeling", "--in", after)
    assert shown(capsys, after)["section"] == section
    assert shown(capsys, inside)["parent"] == after
    assert shown(capsys, added("Knives", "--critical"))["kind"] == "gap"
    step = shown(capsys, added("Begin", "--step", "short"))
    assert (step["kind"], step["horizon"]) == ("step", "short")
    assert shown(capsys, added("Then", "--after", step["id"]))["horizon"] == "short"
    for words in (
        ["--category", "--critical"],
        ["--category", "--in", section],
        ["--in", section, "--after", item],
    ):
        run(capsys, "add", "x", *words, code=2)


# Notes and texts


def test_notes_are_edited_and_deleted(
    tracker: Tracker, capsys: Capture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for words in ("first", "second", "third"):
        run(capsys, "note", "git-lfs", words)
    notes = {note["text"]: note["id"] for note in shown(capsys, "git-lfs")["notes"]}
    assert notes["first"] in run(capsys, "show", "git-lfs")
    run(capsys, "note", "git-lfs", "--edit", notes["first"], "the", "first")
    run(capsys, "note", "git-lfs", "--delete", notes["second"].removeprefix("note-"))
    assert {note.text for note in tracker.detail("git-lfs").notes} == {"the first", "third"}
    run(capsys, "undo")
    assert len(tracker.detail("git-lfs").notes) == 3
    assert notes["third"] in run(capsys, "note", "git-lfs", "--delete", "nope", code=1)
    run(capsys, "note", "git-lfs", "--delete", "1", "text", code=2)
    script = tmp_path / "edit.py"
    script.write_text("import sys; open(sys.argv[1], 'a').write('more\\n')")
    monkeypatch.setenv("VISUAL", f"{sys.executable} {script}")
    run(capsys, "note", "git-lfs", "--edit", notes["third"])
    run(capsys, "note", "git-lfs")
    texts = {note.text for note in tracker.detail("git-lfs").notes}
    assert texts == {"the first", "second", "third\n\nmore", "more"}


@pytest.mark.parametrize("words", ["note git-lfs", "note git-lfs --edit 1", "edit git-lfs"])
@pytest.mark.parametrize("error", [Busy("the track is held"), KeyboardInterrupt()])
def test_what_was_written_in_the_editor_and_cannot_be_kept_in_the_track_is_in_a_file(
    tracker: Tracker,
    capsys: Capture,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    words: str,
    error: BaseException,
) -> None:
    run(capsys, "note", "git-lfs", "first")
    script = tmp_path / "edit.py"
    script.write_text("import sys; open(sys.argv[1], 'a').write('more words\\n')")
    monkeypatch.setenv("VISUAL", f"{sys.executable} {script}")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    def refuse(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(Tracker, "add_note", refuse)
    monkeypatch.setattr(Tracker, "edit", refuse)
    assert main(words.split()) == (1 if isinstance(error, Busy) else 130)
    said = capsys.readouterr().err
    (file,) = tmp_path.glob("tracker-kept-*.md")
    assert f"your text is kept in {file}" in said
    assert "more words" in file.read_text()

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("tracker_tui.editor.keep", full)
    main(words.split())
    said = capsys.readouterr().err
    assert "more words" in said and "could be kept in no file; it stands above" in said


def test_an_editor_that_fails_leaves_what_was_written_in_it(
    tracker: Tracker, capsys: Capture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = tmp_path / "edit.py"
    monkeypatch.setenv("VISUAL", f"{sys.executable} {script}")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    script.write_text("import sys; sys.exit(3)")
    assert "code 3; nothing was changed" in run(capsys, "note", "git-lfs", code=1)
    script.write_text("import sys; open(sys.argv[1], 'a').write('words\\n'); sys.exit(3)")
    said = run(capsys, "note", "git-lfs", code=1)
    (file,) = tmp_path.glob("tracker-*.md")
    assert f"code 3; your text is kept in {file}" in said
    assert "words" in file.read_text()


def test_fields_are_edited_without_an_editor(tracker: Tracker, capsys: Capture) -> None:
    bare(tracker, "git-lfs")
    run(
        *(capsys, "edit", "git-lfs", "--title", "LFS", "--description", "a\nb"),
        *("--done-when", "it is", "--link", "https://a.org the page", "--link", "http://b.org/x"),
    )
    entry = shown(capsys, "git-lfs")
    assert (entry["title"], entry["description"], entry["done_when"]) == ("LFS", "a\nb", "it is")
    assert entry["resources"] == [
        {"title": "the page", "url": "https://a.org"},
        {"title": "b.org/x", "url": "http://b.org/x"},
    ]
    run(capsys, "edit", "git-lfs", "--unlink", "https://a.org", "--done-when", "")
    entry = shown(capsys, "git-lfs")
    assert [link["url"] for link in entry["resources"]] == ["http://b.org/x"]
    assert entry["done_when"] == ""
    assert "nothing changed" in run(capsys, "edit", "git-lfs", "--title", "LFS")
    assert "no http" in run(capsys, "edit", "git-lfs", "--link", "javascript:x", code=1)
    assert "has no link" in run(capsys, "edit", "git-lfs", "--unlink", "https://a.org", code=1)
    assert "cannot be empty" in run(capsys, "edit", "git-lfs", "--title", "", code=1)


def test_deleting_asks_with_what_is_below(
    tracker: Tracker, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", Terminal("n\n"))
    assert run(capsys, "delete", "git-workflow") == "nothing deleted\n"
    monkeypatch.setattr(sys, "stdin", Terminal("y\n"))
    assert "deleted" in run(capsys, "delete", "--where", "lfs kind:item")
    assert tracker.entry("git-lfs").deleted
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    assert "deleting asks first" in run(capsys, "delete", "--where", "kind:gap", code=1)
    assert run(capsys, "delete", "--where", "zzz") == "nothing matches\n"


# Links and Markdown


def test_links_are_listed_and_opened(
    tracker: Tracker, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []

    def browse(url: str) -> bool:
        opened.append(url)
        return True

    monkeypatch.setattr("webbrowser.open", browse)
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    bare(tracker, "git-lfs")
    assert "it has no link" in run(capsys, "open", "git-lfs", code=1)
    run(capsys, "edit", "git-lfs", "--link", "https://a.org one")
    assert run(capsys, "open", "git-lfs") == "https://a.org\n"
    run(capsys, "note", "git-lfs", "see https://b.org/x.")
    assert "2 links" in run(capsys, "open", "git-lfs", code=1)
    assert run(capsys, "open", "git-lfs", "2", "--print") == "https://b.org/x\n"
    assert json.loads(run(capsys, "open", "git-lfs", "2", "--json"))["opened"] is True
    assert opened == ["https://a.org", "https://b.org/x"]
    assert "one" in run(capsys, "open", "git-lfs", "--list")
    assert len(json.loads(run(capsys, "open", "git-lfs", "--list", "--json"))) == 2
    assert "no link 3" in run(capsys, "open", "git-lfs", "3", code=1)
    monkeypatch.setattr(sys, "stdin", Terminal("2\n"))
    run(capsys, "open", "git-lfs")
    assert opened[-1] == "https://b.org/x"


def test_what_is_no_address_of_the_web_is_not_opened(
    tracker: Tracker, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webbrowser.open", lambda url: pytest.fail("opened"))
    link = json.dumps([{"title": "x", "url": "file:///etc/passwd"}])
    tracker.edit("git-lfs", {"resources": link})
    for more in ([], ["--print"], ["--json"], ["1"]):
        words = run(capsys, "open", "git-lfs", *more, code=1)
        assert words == (
            "tracker: link 1 is no http or https address: it is not opened; --list shows it\n"
        )
    assert "file:///etc/passwd" in run(capsys, "open", "git-lfs", "--list")


def test_an_address_is_one_however_its_host_is_written(tracker: Tracker, capsys: Capture) -> None:
    bare(tracker, "git-lfs")
    run(
        capsys,
        "edit",
        "git-lfs",
        "--link",
        "https://example.org/a",
        "--link",
        "https://b.org/A one",
    )
    run(
        capsys,
        "edit",
        "git-lfs",
        "--link",
        "HTTPS://EXAMPLE.org/a again",
        "--link",
        "https://b.org/a",
    )
    found = [link.url for link in tracker.entry("git-lfs").resources]
    assert found == ["HTTPS://EXAMPLE.org/a", "https://b.org/A", "https://b.org/a"]
    run(capsys, "note", "git-lfs", "https://example.org/a")
    assert len(tracker.links("git-lfs")) == 3
    run(capsys, "edit", "git-lfs", "--unlink", "https://Example.org/a")
    assert len(tracker.entry("git-lfs").resources) == 2


def test_entries_are_copied_as_markdown(tracker: Tracker, capsys: Capture) -> None:
    run(capsys, "learned", "git-lfs")
    run(capsys, "note", "git-lfs", "big\nfiles")
    out = run(capsys, "copy", "git-lfs", "--where", "git-hooks kind:item")
    assert out.startswith("- [x] **Git LFS**: ")
    assert "    files\n- [ ] **Git hooks**" in out
    told = json.loads(run(capsys, "copy", "git-lfs", "git-workflow", "--json"))
    assert [one["id"] for one in told] == ["git-lfs", "git-workflow"]
    assert os.linesep.join(one["markdown"] for one in told).count("- [x]") == 1
