"""A database and the versions of its track: what the user did stays, all else follows the track."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import Clock
from tests.seeds import item, made, versions
from tests.visible import visible
from tracker_tui.domain.journal import Row
from tracker_tui.domain.reseed import Kept, Moved, Named, Retiring, Reworded, Wording
from tracker_tui.domain.track import Place
from tracker_tui.domain.words import Kind, RelationKind, Status
from tracker_tui.errors import TrackerError
from tracker_tui.exchange import dump, seed
from tracker_tui.paths import Paths
from tracker_tui.store import check
from tracker_tui.tracker import Tracker
from tracker_tui.tracker.seeding import Newness

ONE = made(
    1,
    {
        "areas": ["worktrees", "lfs", "hooks", "aliases"],
        "unknown": ["bisect", "rerere", "notes"],
        "old": ["svn", "cvs", "rcs"],
    },
    {"gap-git": ["worktrees", "lfs"], "gap-old": ["svn"]},
    ["step-git"],
)
TWO = made(
    2,
    {
        "areas": ["new", "worktrees", item("lfs", title="Large files"), "hooks", "rerere"],
        "unknown": [item("bisect", description="Find the commit", horizon="short"), "notes"],
    },
    {"gap-git": ["new", "lfs"]},
    ["step-new", "step-git"],
    title="Team track, second",
)
THREE = made(
    3,
    {
        "areas": ["worktrees", "hooks", "new", "newer"],
        "unknown": [item("bisect", description="Halve the history"), "notes", "aliases"],
        "old": ["svn", "rcs"],
    },
    {"gap-git": ["new"]},
)


Home = Callable[..., Tracker]


@pytest.fixture
def home(tmp_path: Path, clock: Clock, tail: Callable[[int], str]) -> Iterator[Home]:
    """Opens a track that begins with a seed, by default the first version, in a place of its own."""
    opened: list[Tracker] = []

    def open_(name: str = "one", first: seed.Seed = ONE) -> Tracker:
        folder = tmp_path / name
        opened.append(
            Tracker(Paths(folder, folder, folder), clock=clock, tail=tail, first=first.rows)
        )
        return opened[-1]

    yield open_
    for tracker in opened:
        tracker.close()


def titles(tracker: Tracker, parent: str | None) -> list[str]:
    place = Place(parent) if parent else Place(kind=Kind.CATEGORY)
    return [entry.title for entry in tracker.siblings(place)]


def work_on(tracker: Tracker) -> None:
    """What a user does in some weeks: notes, progress, renames, moves, things of their own."""
    tracker.edit("worktrees", {"title": "My worktrees", "description": "mine"})
    tracker.add_note("svn", "we still have one repository")
    tracker.set_status(["cvs"], Status.LEARNED)
    tracker.move_to("aliases", "unknown")
    tracker.add("Between", Kind.ITEM, Place("areas"), after="lfs")
    tracker.delete(["hooks"])
    tracker.set_horizon(["bisect"], None)
    tracker.edit("bisect", {"done_when": "I found one"})


def test_a_track_that_was_worked_on_takes_in_two_versions(home: Home) -> None:
    tracker = home()
    work_on(tracker)
    news = tracker.seed_news(TWO)
    assert news.added == [
        Named("new", "item", "new", "areas", "areas"),
        Named("step-new", "step", "step-new", None, "Short-term"),
    ]
    assert news.reworded == [
        Reworded("lfs", "item", "Large files", (Wording("title", "lfs", "Large files"),)),
        Reworded(
            "bisect",
            "item",
            "bisect",
            (
                Wording("description", "", "Find the commit"),
                Wording("horizon", None, "short"),
            ),
        ),
        Reworded(
            "gap-git",
            "gap",
            "gap-git",
            (Wording("covers", ("worktrees", "lfs"), ("new", "lfs")),),
        ),
        Reworded(
            "team",
            "track",
            "Team track, second",
            (Wording("title", "Team track", TWO.track["title"]),),
        ),
    ]
    assert news.moved == [
        Moved(
            "rerere", "item", "rerere", "Category › unknown", "Category › areas", "unknown", "areas"
        )
    ]
    assert sorted(news.retired) == [
        Retiring("aliases", "item", "aliases", "unknown", "unknown", True, ("changes",)),
        Retiring("cvs", "item", "cvs", "old", "old", True, ("reviews", "changes")),
        Retiring("gap-old", "gap", "gap-old", None, "the critical gaps", False, ()),
        Retiring("old", "section", "old", "cat", "Category", True, ("below",)),
        Retiring("rcs", "item", "rcs", "old", "old", False, ()),
        Retiring("svn", "item", "svn", "old", "old", True, ("notes",)),
    ]
    assert news.kept == []
    backup = tracker.update_seed(TWO)
    assert backup is not None and backup.exists()
    assert check.problems(tracker._store) == []
    assert titles(tracker, "areas") == ["new", "My worktrees", "Large files", "Between", "rerere"]
    assert titles(tracker, "unknown") == ["bisect", "notes", "aliases"]
    assert titles(tracker, "old") == ["svn", "cvs"]
    assert tracker.entry("hooks").deleted and tracker.entry("rcs").deleted
    assert {e.id for e in tracker.select("is:retired").matches} == {"old", "svn", "cvs", "aliases"}
    assert tracker.about()["title"] == "Team track, second"
    assert [line.label for line in tracker.actions(1)] == ["edited “bisect”"]
    before = visible(tracker)

    news = tracker.seed_news(THREE)
    assert [one.id for one in news.back] == ["aliases", "old", "svn", "rcs"]
    assert [one.id for one in news.retired] == ["lfs", "rerere", "step-new", "step-git"]
    assert [one.stays for one in news.retired] == [False] * 4
    assert visible(tracker) == before
    tracker.update_seed(THREE)
    assert check.problems(tracker._store) == []
    assert titles(tracker, "areas") == ["My worktrees", "Between", "new", "newer"]
    assert tracker.entry("bisect").description == "Halve the history"
    assert tracker.entry("bisect").done_when == "I found one"
    assert tracker.entry("aliases").parent == "unknown"
    assert {e.id for e in tracker.select("is:retired").matches} == {"cvs"}
    assert [held._replace(file=None) for held in tracker.seeds()] == [
        ("team", "Team track", 3, "2026-01-03", 14, 1, None)
    ]


def test_what_the_user_changed_is_kept_and_said(home: Home) -> None:
    tracker = home()
    tracker.edit("lfs", {"title": "Mine"})
    tracker.set_horizon(["bisect"], None)
    tracker.move_to("rerere", "old")
    news = tracker.seed_news(TWO)
    assert news.kept == [
        Kept("lfs", "item", "Mine", "title", "Mine", "Large files"),
        Kept("rerere", "item", "rerere", "place", "Category › old", "Category › areas"),
    ]
    tracker.update_seed(TWO)
    assert tracker.entry("lfs").title == "Mine"
    assert tracker.entry("rerere").parent == "old"
    assert tracker.entry("old").retired
    assert tracker.detail("rerere").history[0].text == "moved"


def told(tracker: Tracker, id_: str) -> list[str]:
    return [line.text for line in tracker.history(id_)]


def test_what_the_user_did_is_told_as_it_was_done_whatever_seeds_come_later(
    home: Home, clock: Clock
) -> None:
    link = {"title": "The page", "url": "https://git-lfs.com/page"}
    first = item("lfs", effort="S", horizon="short", description="Old", done_when="Seen")
    tracker = home(first=made(1, {"areas": [first, "hooks"]}))
    tracker.edit("lfs", {"title": "Mine", "effort": "L", "horizon": None, "description": "Own"})
    tracker.edit("lfs", {"effort": "M"})
    tracker.set_status(["lfs"], Status.LEARNING)
    before = [
        "todo → learning",
        "effort L → M",
        "renamed from “lfs”, effort S → L, horizon short → none, description edited",
    ]
    assert told(tracker, "lfs")[:3] == before
    second = item("lfs", title="Other", effort="L", horizon="medium", status="skipped")
    tracker.update_seed(made(2, {"areas": [second | {"resources": [link]}, "hooks"]}))
    assert told(tracker, "lfs")[:3] == before
    tracker.edit("hooks", {"effort": "S"})
    tracker.update_seed(made(3, {"areas": [item("lfs", effort="M"), item("hooks", effort="L")]}))
    assert told(tracker, "lfs")[:3] == before
    assert told(tracker, "hooks")[0] == "effort none → S"
    # Also where the journal is taken in by another database, which had the newest track already.
    other = home("other", made(3, {"areas": [item("lfs", effort="M"), item("hooks", effort="L")]}))
    other.take_in(list(tracker.journal()))
    assert told(other, "lfs")[:3] == before
    later = home("later", made(3, {"areas": [item("lfs", effort="M")]}, updated="2026-12-01"))
    later.take_in([row for row in tracker.journal() if row.n < 3_000_000_000])
    assert told(later, "lfs")[:3] == before
    assert check.problems(other._store) == []


def test_what_a_newer_version_leaves_out_was_not_there_any_more(home: Home) -> None:
    tracker = home(first=made(1, {"areas": [item("lfs", effort="S")]}))
    tracker.update_seed(made(2, {"areas": ["lfs"]}))
    tracker.edit("lfs", {"effort": "L"})
    tracker.update_seed(made(3, {"areas": [item("lfs", effort="M")]}))
    assert told(tracker, "lfs")[:2] == ["effort none → L", "in “team”: effort none → M"]


def test_an_edit_that_was_undone_still_counts_as_the_users(home: Home) -> None:
    """Undo writes down the old words as the user's own: nobody can tell them from meant ones."""
    tracker = home()
    tracker.edit("lfs", {"title": "Mine"})
    tracker.undo()
    tracker.update_seed(TWO)
    assert tracker.entry("lfs").title == "lfs"
    # Undone after the newer version came, it goes back to that.
    tracker.edit("bisect", {"description": "mine"})
    tracker.undo()
    assert tracker.entry("bisect").description == "Find the commit"


def test_a_moved_sibling_and_one_between_stay_where_the_user_put_them(home: Home) -> None:
    tracker = home()
    tracker.move("aliases", -2)
    tracker.update_seed(made(2, {"areas": ["a", "worktrees", "b", "lfs", "c", "hooks", "aliases"]}))
    assert titles(tracker, "areas") == ["a", "worktrees", "aliases", "b", "lfs", "c", "hooks"]
    assert check.problems(tracker._store) == []


def test_where_a_seed_stands(home: Home) -> None:
    tracker = home(first=TWO)
    other = made(1, {"s": ["a"]}, id="other", categories=[])
    assert [tracker.seed_newness(s) for s in (ONE, TWO, THREE, other)] == [
        Newness.OLDER,
        Newness.SAME,
        Newness.NEWER,
        Newness.OTHER,
    ]
    rows = list(tracker.journal())
    for old in (ONE, TWO):
        assert not tracker.seed_news(old)
        assert tracker.update_seed(old) is None
    assert list(tracker.journal()) == rows
    with pytest.raises(TrackerError, match="version 2 of the track “team” is not the one"):
        tracker.seed_news(made(2, {"s": ["other"]}))


def test_two_tracks_live_in_one_and_their_ids_must_not_be_the_same(home: Home) -> None:
    built_in = seed.read(seed.built_in())
    tracker = home(first=built_in)
    before = tracker.overall().total
    tracker.update_seed(ONE, Path("team.json"))
    assert tracker.overall().total == before + 10
    assert [(held.id, held.version) for held in tracker.seeds()] == [
        ("dev-environment", built_in.version),
        ("team", 1),
    ]
    assert tracker.seeds()[1].file == Path("team.json").absolute()
    assert tracker.about()["title"] == "Learning Track"
    assert check.problems(tracker._store) == []
    own = tracker.add("Own", Kind.ITEM, Place("areas")).changes[0].id
    taken = made(2, {"areas": ["git-lfs", "git-hooks"]})
    with pytest.raises(TrackerError, match="“git-lfs” is in “Learning Track” already, and 1 more"):
        tracker.update_seed(taken)
    with pytest.raises(TrackerError, match=f"“{own}” is an entry of your own already"):
        tracker.seed_newness(made(2, {"areas": [own]}))
    tracker.update_seed(TWO)
    assert tracker.overall().total == before + 8
    assert check.problems(tracker._store) == []


@settings(max_examples=25, deadline=None)
@given(
    seeds=st.tuples(versions(1), versions(2), versions(3)),
    touched=st.sampled_from(["i0", "i1", "s1", "g1"]),
)
def test_replicas_that_skipped_different_versions_agree_and_after_an_exchange_are_the_same(
    tmp_path_factory: pytest.TempPathFactory,
    seeds: tuple[seed.Seed, seed.Seed, seed.Seed],
    touched: str,
) -> None:
    folder = tmp_path_factory.mktemp("homes")

    def tracker(name: str) -> Tracker:
        root = folder / name
        return Tracker(
            Paths(root, root, root),
            clock=Clock(),
            tail=lambda n: f"{name}{n}",
            first=seeds[0].rows,
        )

    with tracker("a") as one, tracker("b") as other:
        if any(entry.id == touched for entry in seeds[0].entries):
            one.add_note(touched, "words")
        one.update_seed(seeds[2])
        other.update_seed(seeds[1])
        other.update_seed(seeds[2])
        living = [
            {e.id: (e.title, e.parent) for e in t.select("").matches if not e.retired}
            for t in (one, other)
        ]
        assert living[0] == living[1]
        rows: list[list[Row]] = [list(t.journal()) for t in (one, other)]
        one.take_in(rows[1])
        other.take_in(rows[0])
        assert visible(one, numbers=False) == visible(other, numbers=False)
        assert check.problems(one._store) == check.problems(other._store) == []


def test_a_dump_carries_versions_over_without_loss(home: Home, tmp_path: Path) -> None:
    tracker = home()
    work_on(tracker)
    tracker.update_seed(TWO)
    text = "\n".join(dump.write(tracker.journal(), []))
    rows = dump.read(text, "dump.json").rows
    folder = tmp_path / "fresh"
    with Tracker(Paths(folder, folder, folder), first=lambda: rows) as fresh:
        assert visible(fresh, numbers=False) == visible(tracker, numbers=False)
        assert list(fresh.journal()) == list(tracker.journal())
        assert check.problems(fresh._store) == []
    older = home("older")
    older.add_note("rcs", "mine")
    older.take_in(rows)
    assert older.seeds()[0].version == 2
    assert older.entry("rcs").retired and not older.entry("rcs").deleted
    assert tracker.entry("rcs").deleted
    assert check.problems(older._store) == []
    with pytest.raises(TrackerError, match="version 1 of the track “team”"):
        home("forked", made(1, {"s": ["other"]})).take_in(rows)


def test_a_dump_of_rows_that_only_look_like_a_seeds_is_refused() -> None:
    good = next(iter(ONE.rows()))
    for wrong in (
        good._replace(lamport=1),
        good._replace(replica="me", action="me-1"),
    ):
        text = json.dumps({"format": "tracker-journal", "version": 1, "journal": [list(wrong)]})
        with pytest.raises(TrackerError, match="its lamport and its replica do not fit"):
            dump.read(text, "x.json")


def test_a_newer_built_in_track_is_told_of_once(
    home: Home, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    tracker = home(first=seed.read(seed.built_in()))
    assert tracker.newer_built_in() is None and tracker.news_to_tell() is None
    content = json.loads(seed.built_in().read_text(encoding="utf-8"))
    newer = tmp_path / "newer.json"
    newer.write_text(json.dumps({**content, "version": content["version"] + 1}), encoding="utf-8")
    monkeypatch.setattr(seed, "built_in", lambda: newer)
    assert tracker.newer_built_in() == content["version"] + 1
    assert tracker.news_to_tell() == content["version"] + 1
    assert tracker.news_to_tell() is None
    ((found, file),) = tracker.newer_seeds()
    assert file is None
    tracker.update_seed(found, file)
    assert tracker.newer_built_in() is None and tracker.newer_seeds() == []
    newer.unlink()
    assert tracker.newer_built_in() is None


def test_a_track_of_ones_own_is_never_told_of_the_built_in_one(home: Home, tmp_path: Path) -> None:
    tracker = home()
    assert tracker.newer_built_in() is None
    file = tmp_path / "team.json"
    tracker.began_with("team", file)
    assert tracker.seeds()[0].file == file
    with pytest.raises(TrackerError, match=r"team\.json cannot be read"):
        tracker.newer_seeds()


def test_relations_of_the_users_keep_what_they_tie(home: Home) -> None:
    tracker = home()
    tracker.relate(RelationKind.COVERS, "gap-git", "rcs", on=True)
    tracker.update_seed(TWO)
    assert tracker.entry("rcs").retired and not tracker.entry("rcs").deleted
    assert [link.id for link in tracker.detail("gap-git").covers] == ["rcs", "new", "lfs"] or {
        link.id for link in tracker.detail("gap-git").covers
    } == {"rcs", "new", "lfs"}


def test_an_item_for_the_inbox_makes_it_once_and_is_one_step(home: Home) -> None:
    tracker = home()
    before = visible(tracker)
    tracker.add_to_inbox("First", "words")
    assert titles(tracker, None) == ["Category", "Inbox"]
    tracker.undo()
    assert visible(tracker) == before
    tracker.redo()
    second = tracker.add_to_inbox("Second").changes[0].id
    assert titles(tracker, tracker.entry(second).parent) == ["First", "Second"]
