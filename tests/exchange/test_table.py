"""Tables: written for a spreadsheet, read from one, and what a cell says survives both."""

from __future__ import annotations

import csv
import io
import json
import tempfile
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.bare import bare
from tests.cli.test_cli import Capture, run
from tests.conftest import Clock
from tests.visible import visible
from tracker_tui.domain.track import Entry, Place, Resource, resources_json
from tracker_tui.domain.words import Horizon, Kind, RelationKind, Status
from tracker_tui.errors import TrackerError
from tracker_tui.exchange.table import COLUMNS, TOLD, read, rows
from tracker_tui.paths import Paths
from tracker_tui.store import check
from tracker_tui.tracker import Tracker

SAID = [column for column in COLUMNS if column not in TOLD]


def table(tracker: Tracker) -> str:
    return "\n".join(rows(tracker.outline(), tracker.critical_ranks())) + "\n"


def cells(content: str) -> list[dict[str, Any]]:
    """Return what the rows say, less what follows from the rest."""
    found = csv.DictReader(io.StringIO(content, newline=""))
    return [{name: row[name] for name in SAID} for row in found]


def take(tracker: Tracker, content: str) -> Any:
    return tracker.import_table(read(content, "t.csv"))


@pytest.fixture
def lived_in(tracker: Tracker) -> Tracker:
    tracker.set_status(["git-worktrees"], Status.LEARNING)
    tracker.set_status(["git-lfs", "gap-pre-commit-hooks"], Status.LEARNED)
    tracker.set_horizon(["git-lfs"], Horizon.SHORT)
    tracker.snooze(["runbooks"], "3d")
    inner = tracker.add("=1+1", Kind.ITEM, Place("git-lfs"), None, '\'-2\n"three",;\tfour')
    tracker.add("Innermost", Kind.ITEM, Place(inner.changes[0].id))
    category = tracker.add("Cooking", Kind.CATEGORY, Place(kind=Kind.CATEGORY)).changes[0].id
    for _ in range(2):
        section = tracker.add("Soups", Kind.SECTION, Place(category)).changes[0].id
        tracker.add("@leek", Kind.ITEM, Place(section))
    links = resources_json([Resource("one, two", "https://a.org/x"), Resource("b", "http://b.org")])
    tracker.edit(
        "git-hooks", {"resources": links, "done_when": "it runs", "first_step": "+1", "effort": "S"}
    )
    tracker.edit("gap-pre-commit-hooks", {"impact": "''=x", "action": "-"})
    return tracker


def test_out_and_in_changes_nothing(lived_in: Tracker) -> None:
    before = visible(lived_in)
    found = take(lived_in, table(lived_in))
    assert (found.new, found.changed, found.moved) == ([], [], [])
    assert found.action.changes == ()
    assert visible(lived_in) == before


@pytest.mark.unmeasured
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("begin", ["", "\ufeff", "sep={}\r\n"])
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_another_home_gets_the_same_table(
    lived_in: Tracker, tmp_path: Path, clock: Clock, delimiter: str, begin: str, ending: str
) -> None:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator=ending)
    writer.writerows(csv.reader(io.StringIO(table(lived_in), newline="")))
    with Tracker(Paths(*[tmp_path / "other"] * 3), clock=clock) as other:
        take(other, begin.format(delimiter) + out.getvalue())
        assert cells(table(other)) == cells(table(lived_in))
        assert check.problems(other._store) == []
        assert take(other, out.getvalue()).action.changes == ()
        assert other.detail("git-lfs").standing is not None


def test_each_row_says_what_the_track_does(lived_in: Tracker) -> None:
    lived_in.relate(RelationKind.REQUIRES, "git-worktrees", "runbooks")
    found = list(csv.DictReader(io.StringIO(table(lived_in), newline="")))
    said = {row["id"]: {name: cell for name, cell in row.items() if cell} for row in found}
    ours = {row["title"]: row["id"] for row in found}
    assert said["git-workflow"] == {
        "id": "git-workflow",
        "kind": "category",
        "title": "Git Workflow",
        **dict.fromkeys(("created_at", "updated_at"), said["git-workflow"]["created_at"]),
    }
    gap = said["gap-pre-commit-hooks"]
    assert (gap["kind"], gap["status"], gap["impact"], gap["action"]) == (
        *("gap", "learned", "'''=x", "'-"),
    )
    ranks = lived_in.critical_ranks()
    assert {row["id"]: int(row["critical"]) for row in said.values() if "critical" in row} == ranks
    assert gap["updated_at"] == lived_in.entry("gap-pre-commit-hooks").updated_at
    hooks = said["git-hooks"]
    assert (hooks["category"], hooks["effort"], hooks["first_step"]) == ("Git Workflow", "S", "'+1")
    assert hooks["links"] == "https://a.org/x one, two\nhttp://b.org b"
    assert said["runbooks"]["snoozed_until"] == "2026-11-27"
    assert said["git-worktrees"]["status"] == "learning"
    inner = said[ours["'=1+1"]]
    assert (inner["parent"], inner["section"]) == ("git-lfs", "Unknown Unknowns")
    assert said[ours["Innermost"]]["parent"] == inner["id"]
    # Of two sections of one title the id says which.
    soups = [row["id"] for row in found if row["title"] == "Soups"]
    assert [row["section"] for row in found if row["title"] == "'@leek"] == soups


def test_two_rows_of_one_title_are_two_that_change(lived_in: Tracker) -> None:
    bare(lived_in, "git-worktrees", "git-lfs", "runbooks", "git-hooks")
    lived_in.edit("git-worktrees", {"title": "Twin"})
    lived_in.edit("git-lfs", {"title": "Twin"})
    rows = "git-worktrees,Twin,S,\ngit-lfs,Twin,,git-hooks\n"
    found = take(lived_in, f"id,title,effort,requires\n{rows}")
    assert found.changed == ["Twin", "Twin"]


def test_needs_and_what_is_related_are_columns(lived_in: Tracker) -> None:
    bare(lived_in, "git-worktrees", "git-lfs", "runbooks", "git-hooks")
    lived_in.relate(RelationKind.REQUIRES, "git-worktrees", "runbooks")
    lived_in.relate(RelationKind.REQUIRES, "git-worktrees", "git-hooks")
    lived_in.relate(RelationKind.RELATED, "git-lfs", "git-hooks")
    said = {row["id"]: (row["requires"], row["related"]) for row in cells(table(lived_in))}
    assert said["git-worktrees"] == ("runbooks git-hooks", "")
    assert (said["git-lfs"], said["git-hooks"]) == (("", "git-hooks"), ("", "git-lfs"))
    assert take(lived_in, table(lived_in)).action.changes == ()
    before = visible(lived_in)
    # Round the other way, in one go; a pair stays as long as one of its rows names it.
    found = take(
        lived_in,
        "id,title,requires,related\n"
        "git-worktrees,Git worktrees,,git-lfs\n"
        "runbooks,Runbooks,new-one git-worktrees,\n"
        "git-lfs,Git LFS,,git-worktrees\n"
        "git-hooks,Git hooks,,git-lfs\n"
        "new-one,New,git-hooks,\n",
    )
    assert sorted(found.new) == ["Inbox", "New"]
    assert sorted(found.changed) == ["Git LFS", "Git hooks", "Git worktrees", "Runbooks"]
    linked = {
        id_: ([link.id for link in detail.requires], [link.id for link in detail.related])
        for id_ in ("git-worktrees", "runbooks", "git-lfs", "git-hooks", "new-one")
        for detail in (lived_in.detail(id_),)
    }
    assert linked == {
        "git-worktrees": ([], ["git-lfs"]),
        "runbooks": (["new-one", "git-worktrees"], []),
        "git-lfs": ([], ["git-hooks", "git-worktrees"]),
        "git-hooks": ([], ["git-lfs"]),
        "new-one": (["git-hooks"], []),
    }
    assert check.problems(lived_in._store) == []
    lived_in.undo()
    assert visible(lived_in) == before
    for column, cell, words in (
        ("requires", "no-where", "row 2: there is no “no-where”"),
        ("requires", "No_Id", "row 2: “no_id” cannot be an id"),
        ("requires", "git-lfs", "row 2: an entry cannot be related to itself"),
        ("related", "git-workflow", "row 2: a category is nothing to learn"),
    ):
        with pytest.raises(TrackerError, match=words):
            take(lived_in, f"id,title,{column}\ngit-lfs,Git LFS,{cell}\n")
    with pytest.raises(TrackerError, match="row 3: “Runbooks” would wait for itself"):
        take(
            lived_in,
            "id,title,requires\ngit-lfs,Git LFS,runbooks\nrunbooks,Runbooks,git-lfs\n",
        )


def test_rows_change_add_and_move_in_one_step(lived_in: Tracker) -> None:
    before = visible(lived_in)
    content = (
        "id,kind,category,section,title,description,status,horizon,whatever\n"
        "git-lfs,,,,LFS,,skipped,,1\n"
        "runbooks,,Git Workflow,Unknown Unknowns,Runbooks,kept,,,2\n"
        ",,Kitchen,,Apples,red,learned,short,3\n"
        ",,Kitchen,Stove,Soup,,,,4\n"
        ",category,,,Garden,a place,,,5\n"
        ",section,Garden,,Beds,,,,6\n"
        ",,garden,beds,Leek,,learning,,7\n"
        ",gap,,,Water,,,,8\n"
        ",step,,,Dig,,,immediate,9\n"
        ",,,,Anything,,,,10\n"
        "\n"
        ",,,,Git submodules,,learned,,11\n"
        "my-own-id,,Kitchen,,Pears,,,,12\n"
    )
    given = read(content, "t.csv")
    assert given.ignored == ["whatever"]
    found = lived_in.import_table(given)
    assert sorted(found.new) == sorted(
        [
            "Kitchen",
            "Apples",
            "Stove",
            "Soup",
            "Garden",
            "Beds",
            "Leek",
            "Water",
            "Dig",
            "Inbox",
            "Anything",
            "Pears",
        ]
    )
    assert found.moved == ["Runbooks"]
    assert sorted(found.changed) == ["Git submodules", "LFS", "Runbooks"]
    lfs = lived_in.entry("git-lfs")
    assert (lfs.title, lfs.description, lfs.status, lfs.horizon) == (
        *("LFS", "", Status.SKIPPED),
        None,
    )
    assert lived_in.entry("runbooks").parent == "git-workflow-unknown-unknowns"
    assert lived_in.entry("git-submodules").status is Status.LEARNED
    assert lived_in.entry("my-own-id").title == "Pears"
    places = {
        e.title: [above.title for above in lived_in.path(e)]
        for e in lived_in.select("created:<1d kind:item").matches
    }
    assert places["Soup"] == ["Kitchen", "Stove"]
    assert places["Leek"] == ["Garden", "Beds"]
    assert places["Anything"] == ["Inbox"]
    assert check.problems(lived_in._store) == []
    assert lived_in.import_table(given).action.changes == ()
    lived_in.undo()
    assert visible(lived_in) == before
    assert check.problems(lived_in._store) == []


def test_what_was_deleted_comes_back_with_its_row(lived_in: Tracker) -> None:
    content = table(lived_in)
    before = cells(content)
    lived_in.delete(["git-lfs"])
    found = take(lived_in, content)
    assert sorted(found.new) == ["=1+1", "Git LFS", "Innermost"]
    after = cells(table(lived_in))
    assert sorted(map(str, after)) == sorted(map(str, before))
    assert take(lived_in, content).action.changes == ()
    assert check.problems(lived_in._store) == []


def test_rows_of_one_title_stay_apart(tracker: Tracker) -> None:
    content = "title,category\n" + "same,New\n" * 3
    assert len(take(tracker, content).new) == 4
    assert take(tracker, content).action.changes == ()
    content = "title\n" + "twin\n" * 2
    assert len(take(tracker, content).new) == 3
    assert take(tracker, content).action.changes == ()


def test_a_table_of_titles_changes_what_is_there(tracker: Tracker) -> None:
    found = take(tracker, "Status;Title\nlearned;git lfs\n")
    assert (found.new, found.changed) == ([], ["git lfs"])
    assert tracker.entry("git-lfs").status is Status.LEARNED


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("", "no column “title” (it is empty)"),
        ("name,status\nx,todo\n", "no column “title” (name, status)"),
        ("title,title\nx,y\n", "“title” more than once"),
        ("title,status\nx,todo\ny,lernt\n", "row 3: there is no status “lernt”; did you mean"),
        ("title,status\nx,todo,1\n", "row 2 has 3 cells and the header 2"),
        ("title,status\nx\n", "row 2 has 1 cell and the header 2"),
        ('title,status\nx,todo\n"y', "row 3 cannot be read"),
        ('title\n"x" y\n', "row 2 cannot be read"),
        ("title\n\x1b\n", "row 2: a title cannot be empty"),
        ("title\n" + "x" * 1001 + "\n", "row 2: the title has 1,001 characters"),
        ("id,title\nA B,x\n", "row 2: “a b” cannot be an id"),
        ("id,title\nx-1,x\nx-1,y\n", "row 3 has the id of row 2"),
        ("title,kind\nx,thing\n", "row 2: there is no kind “thing”"),
        ("title,horizon\nx,soon\n", "row 2: there is no horizon “soon”"),
        ("title,snoozed_until\nx,soon\n", "row 2: “soon” is no day"),
        ("title,links\nx,javascript:1\n", "row 2: “javascript:1” is no http"),
        ("id,title,kind\ngit-lfs,x,section\n", "row 2: the kind of “git-lfs” is item"),
        ("title,kind\nx,section\n", "row 2: a section lies in a category"),
        ("title,kind\nx,step\n", "row 2: a step of the learning path needs a horizon"),
        ("title,parent\nx,nowhere\n", "row 2: there is no “nowhere”"),
        ("title,parent\nx,gap-ci-cd\n", "row 2: what it is to lie in is of the kind gap"),
        ("id,title,parent\ngit-lfs,x,git-lfs\n", "row 2: it would lie within itself"),
        ("title,section\nx,Unknown Unknowns\n", "sections are called “Unknown Unknowns”"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_a_row_that_cannot_be_is_said_and_nothing_is_changed(
    tracker: Tracker, content: str, says: str
) -> None:
    before = visible(tracker)
    with pytest.raises(TrackerError) as raised:
        take(tracker, content)
    assert says in str(raised.value)
    assert visible(tracker) == before


@pytest.mark.parametrize("begin", ["", "\ufeff", "sep=;\n"])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_a_row_is_named_as_a_spreadsheet_counts(begin: str, ending: str) -> None:
    rows = ["title;status;Owner", '"two\nlines";todo;', ";;", "y;;", "x;bad;me"]
    with pytest.raises(TrackerError) as raised:
        read(begin + ending.join(rows) + ending, "t.csv")
    number = 6 if begin.startswith("sep") else 5
    assert raised.value.problem == f"t.csv: row {number}: there is no status “bad”"
    assert raised.value.advice == "one of todo, learning, learned, skipped"
    found = read(begin + ending.join(rows[:4]) + ending, "t.csv")
    assert [(line.number, line.fields) for line in found.lines] == [
        (number - 3, {"title": "two lines", "status": "todo"}),
        (number - 1, {"title": "y"}),  # An empty cell takes no status away.
    ]
    assert found.ignored == ["Owner"]


@pytest.mark.parametrize(
    ("content", "advice"),
    [
        ("name\nx\n", "the first row names them"),
        ("title,status\nx\n", "nothing was changed"),
        ("id,title\nx-1,x\nx-1,y\n", "nothing was changed"),
        ("title\n\x1b\n", "nothing was changed"),
        ('title\n"x\n', "nothing was changed"),
        ("title,snoozed_until\nx,soon\n", "write it as 2027-01-31"),
    ],
)
def test_what_is_wrong_in_a_table_says_what_to_do(content: str, advice: str) -> None:
    with pytest.raises(TrackerError) as raised:
        read(content, "t.csv")
    assert raised.value.advice == advice


def test_a_tab_may_divide_and_ids_too() -> None:
    content = "sep=\t\r\ntitle\trequires\tstatus\r\nx\ta-1, b a-1\ttodo\r\n"
    (line,) = read(content, "t.csv").lines
    assert (line.fields, line.ties) == (
        *({"title": "x", "status": "todo"}, {"requires": ["a-1", "b"]}),
    )


def test_an_error_of_the_track_names_the_row_too() -> None:
    table = read("title\n\nx\n", "t.csv")
    for advice, said in (("", "nothing was changed"), ("try", "try")):
        error = table.wrong(table.lines[0], "no", *filter(None, [advice]))
        assert (error.problem, error.advice) == ("t.csv: row 3: no", said)


CELL = st.text(st.sampled_from("=+-@'\"\t\n ,;xé🙂\u200d\u0301[](*)"), max_size=8)


@pytest.mark.unmeasured
@settings(max_examples=40)
@given(
    st.lists(st.tuples(CELL, CELL, CELL, st.sampled_from(list(Status)), st.booleans()), max_size=6)
)
def test_whatever_a_cell_says_survives(found: list[tuple[str, str, str, Status, bool]]) -> None:
    numbers = count(1)

    def tail(length: int) -> str:
        return f"{next(numbers):0{length}d}"

    with tempfile.TemporaryDirectory() as folder:
        homes = [Paths(*[Path(folder) / name] * 3) for name in ("one", "two")]
        with (
            Tracker(homes[0], clock=Clock(), tail=tail, first=list) as one,
            Tracker(homes[1], clock=Clock(), tail=tail, first=list) as two,
        ):
            category = one.add("Git", Kind.CATEGORY, Place(kind=Kind.CATEGORY)).changes[0].id
            section = one.add("Unknown", Kind.SECTION, Place(category)).changes[0].id
            above: Entry | None = None
            for title, description, done_when, status, inside in found:
                place = Place(above.id if above and inside else section)
                try:
                    action = one.add(title, Kind.ITEM, place, None, description)
                except TrackerError:
                    continue
                above = one.entry(action.changes[0].id)
                one.edit(above.id, {"done_when": done_when, "status": status.value})
            content = table(one)
            take(two, content)
            assert cells(table(two)) == cells(content)
            assert take(two, table(two)).action.changes == ()
            assert check.problems(two._store) == []


# On the command line


def test_a_table_on_the_command_line(home: Path, capsys: Capture, tmp_path: Path) -> None:
    file = tmp_path / "plan.csv"
    file.write_bytes(b"\xef\xbb\xbfTitle;Category;Owner\r\nApples;Kitchen;me\r\n")
    out = run(capsys, "import", str(file), "--dry-run")
    assert out.startswith("Columns that are not taken in: Owner\n2 new:\n  Kitchen\n  Apples\n")
    assert out.endswith("nothing was changed\n")
    told = json.loads(run(capsys, "import", str(file), "--json"))
    assert (told["new"], told["ignored"], told["applied"]) == (
        *(["Kitchen", "Apples"], ["Owner"]),
        False,
    )
    assert "imported “plan.csv”: 2 new" in run(capsys, "import", str(file), "--yes")
    assert "nothing to do" in run(capsys, "import", str(file), "--yes")
    other = tmp_path / "plan.txt"
    other.write_text("title\nApples\n")
    assert "nothing to do" in run(capsys, "import", str(other), "--format", "csv")
    assert "no task list" in run(capsys, "import", str(other), code=1)
    file.write_bytes(b"\xff")
    assert "not UTF-8" in run(capsys, "import", str(file), code=1)
