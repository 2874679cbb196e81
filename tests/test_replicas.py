"""Two replicas of one track: each does what it likes, and they take in what the other did."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from tests.conftest import Clock
from tests.seeds import without
from tests.visible import visible
from tracker_tui.domain.journal import Action
from tracker_tui.domain.track import Place
from tracker_tui.domain.words import Answer, Horizon, Kind, Rating, RelationKind, Status
from tracker_tui.errors import TrackerError
from tracker_tui.exchange import seed
from tracker_tui.paths import Paths
from tracker_tui.store import check
from tracker_tui.tracker import Tracker

pytestmark = pytest.mark.unmeasured

IDS = (
    *("git-worktrees", "git-lfs", "pre-commit-hooks", "git-hooks", "git-workflow"),
    *("gap-pre-commit-hooks", "git-workflow-unknown-unknowns", "step-git-advanced-topics"),
)
SECTION = "git-workflow-unknown-unknowns"


def newer(by: int, change: Callable[[list[Any]], list[Any]]) -> seed.Seed:
    """A later version of the built-in track: the items of a section are others, gaps cover less."""
    content = json.loads(seed.built_in().read_text(encoding="utf-8"))
    sections = [s for category in content["categories"] for s in category["sections"]]
    (section,) = [s for s in sections if s["id"] == SECTION]
    gone = {item["id"] for item in section["items"]}
    section["items"] = change(section["items"])
    gone -= {item["id"] for item in section["items"]}
    content["version"] += by
    gone |= {gap["id"] for gap in content["critical"][:by]}
    content["critical"] = content["critical"][by:]
    for rank, gap in enumerate(content["critical"], 1):
        gap["rank"] = rank
        gap["title"] += f" {by}"
    return seed.parse(json.dumps(without(content, gone)))


VERSIONS = (
    newer(1, lambda items: [i for i in items if i["id"] in ("git-lfs", "git-worktrees")][::-1]),
    newer(2, lambda items: items[::-1]),
)
WHO = st.integers(0, 1)
PICK = st.integers(0, 99)
Verb = Callable[[Tracker], Action | None]


class Replicas(RuleBasedStateMachine):
    """Random verbs on either replica, and what it must come to."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.clock = Clock()
        self.both: list[Tracker] = []
        self.ids = list(IDS)
        self.looked_at: dict[Tracker, int] = {}
        """How much was ever written where it was last looked whether all is right."""

    @initialize()
    def open(self) -> None:
        for name in "ab":
            root = Path(self.folder.name) / name
            numbers = count(1)
            tail: Callable[[int], str] = lambda n, name=name, numbers=numbers: (  # type: ignore[misc]
                f"{name}{next(numbers):0{n}d}"
            )
            self.both.append(Tracker(Paths(root, root, root), clock=self.clock, tail=tail))

    def teardown(self) -> None:
        if self.both:
            rows = [check.journal(tracker._store) for tracker in self.both]
            for tracker, theirs in zip(self.both, reversed(rows), strict=True):
                tracker._store.merge(theirs)
                assert check.problems(tracker._store) == []
            assert visible(self.both[0], numbers=False) == visible(self.both[1], numbers=False)
        for tracker in self.both:
            tracker.close()
        self.folder.cleanup()

    def id(self, pick: int) -> str:
        return self.ids[pick % len(self.ids)]

    def do(self, who: int, verb: Verb) -> None:
        """Undo is the inverse of a verb, redo of undo; what is refused changes nothing."""
        tracker = self.both[who]
        self.clock.advance(seconds=1)
        before = visible(tracker)
        try:
            action = verb(tracker)
        except TrackerError as error:
            assert error.problem
            assert visible(tracker) == before
            return
        after = visible(tracker)
        if action is None or not action.changes:
            assert after == before
            return
        self.ids += [c.id for c in action.changes if c.field == "kind" and c.entity == "entry"]
        undone = tracker.undo()
        assert undone is not None and undone.undoes == action.id
        assert visible(tracker) == before
        redone = tracker.redo()
        assert redone is not None and redone.redoes == action.id
        assert visible(tracker) == after
        assert tracker.redo() is None

    @rule(who=WHO, i=PICK, j=PICK, status=st.sampled_from(Status))
    def set_status(self, who: int, i: int, j: int, status: Status) -> None:
        self.do(who, lambda t: t.set_status([self.id(i), self.id(j)], status))

    @rule(who=WHO, i=PICK)
    def toggle(self, who: int, i: int) -> None:
        self.do(who, lambda t: t.toggle_status([self.id(i)], Status.SKIPPED))

    @rule(who=WHO, i=PICK, j=PICK)
    def next_status(self, who: int, i: int, j: int) -> None:
        self.do(who, lambda t: t.next_status([self.id(i), self.id(j)]))

    @rule(who=WHO, i=PICK, horizon=st.sampled_from([None, *Horizon]))
    def horizon(self, who: int, i: int, horizon: Horizon | None) -> None:
        self.do(who, lambda t: t.set_horizon([self.id(i)], horizon))

    @rule(who=WHO, i=PICK, day=st.sampled_from(["tomorrow", "2w", "nonsense", None]))
    def snooze(self, who: int, i: int, day: str | None) -> None:
        self.do(who, lambda t: t.snooze([self.id(i)], day) if day else t.wake([self.id(i)]))

    @rule(who=WHO, i=PICK, rating=st.sampled_from(Rating))
    def review(self, who: int, i: int, rating: Rating) -> None:
        self.do(who, lambda t: t.grade(self.id(i), rating))

    @rule(who=WHO, i=PICK, answer=st.sampled_from(Answer), back=st.integers(0, 2))
    def answer(self, who: int, i: int, answer: Answer, back: int) -> None:
        def answer_one(tracker: Tracker) -> Action:
            day = tracker.check_in_day(f"{back} days ago")
            queue = tracker.queue(day)
            return tracker.answer(day, queue[i % len(queue)].entry.id if queue else "", answer)

        self.do(who, answer_one)

    @rule(who=WHO, i=PICK)
    def progress(self, who: int, i: int) -> None:
        self.do(who, lambda t: t.progress([self.id(i)]))

    @rule(who=WHO, end=st.sampled_from(["", "3d", "yesterday"]))
    def pause(self, who: int, end: str) -> None:
        self.do(who, lambda t: t.pause("today", end))

    @rule(who=WHO)
    def resume(self, who: int) -> None:
        self.do(who, lambda t: t.resume())

    @rule(who=WHO, days=st.integers(1, 30))
    def day(self, who: int, days: int) -> None:
        self.clock.advance(days=days)
        self.do(who, lambda t: t.more(t.today()))
        self.do(who, lambda t: t.spread())
        self.do(who, lambda t: t.day_note(t.today(), "a line"))

    @rule(who=WHO, i=PICK, words=st.text(max_size=20))
    def note(self, who: int, i: int, words: str) -> None:
        self.do(who, lambda t: t.add_note(self.id(i), words))

    @rule(who=WHO, i=PICK, words=st.text(max_size=20))
    def edit(self, who: int, i: int, words: str) -> None:
        def edit(tracker: Tracker) -> Action:
            notes = tracker.detail(self.id(i)).notes
            fields = {"title": words, "description": words, "first_step": words, "effort": "S"}
            return tracker.edit(self.id(i), fields, {note.id: words for note in notes})

        self.do(who, edit)

    @rule(
        who=WHO, i=PICK, title=st.text(max_size=5), kind=st.sampled_from([Kind.ITEM, Kind.SECTION])
    )
    def add(self, who: int, i: int, title: str, kind: Kind) -> None:
        self.do(who, lambda t: t.add(f"added {title}", kind, Place(self.id(i))))

    @rule(who=WHO, i=PICK, by=st.sampled_from([-9, -2, -1, 1, 2]))
    def move(self, who: int, i: int, by: int) -> None:
        self.do(who, lambda t: t.move(self.id(i), by))

    @rule(who=WHO, i=PICK, j=PICK)
    def move_to(self, who: int, i: int, j: int) -> None:
        self.do(who, lambda t: t.move_to(self.id(i), self.id(j)))

    @rule(who=WHO, i=PICK, j=PICK)
    def delete(self, who: int, i: int, j: int) -> None:
        self.do(who, lambda t: t.delete([self.id(i), self.id(j)]))

    @rule(who=WHO, i=PICK, j=PICK, kind=st.sampled_from(RelationKind), on=st.booleans())
    def relate(self, who: int, i: int, j: int, kind: RelationKind, on: bool) -> None:
        self.do(who, lambda t: t.relate(kind, self.id(i), self.id(j), on=on))

    @rule(who=WHO, times=st.integers(1, 3))
    def undo(self, who: int, times: int) -> None:
        for _ in range(times):
            self.both[who].undo()

    @rule(who=WHO)
    def redo(self, who: int) -> None:
        self.both[who].redo()

    @rule(who=WHO, version=st.sampled_from(VERSIONS))
    def update_seed(self, who: int, version: seed.Seed) -> None:
        self.both[who].update_seed(version)

    @rule(who=WHO)
    def reopen(self, who: int) -> None:
        again = self.both[who].another()
        self.both[who].close()
        self.both[who] = again

    @invariant()
    def the_tables_are_what_the_journals_say(self) -> None:
        for tracker in self.both:
            db = tracker._store.db
            if self.looked_at.get(tracker) != db.total_changes:
                assert check.problems(tracker._store) == []
            self.looked_at[tracker] = db.total_changes


class Merging(Replicas):
    """Rows go over in part or whole, in any order."""

    @rule(who=WHO, random=st.randoms(use_true_random=False), part=st.sampled_from([1, 2, 5]))
    def take_in(self, who: int, random: Any, part: int) -> None:
        rows = check.journal(self.both[1 - who]._store)
        random.shuffle(rows)
        self.both[who]._store.merge(rows[: len(rows) // part])


class Importing(Replicas):
    """A dump goes over: all that is there or, of an older dump, what was there once."""

    @rule(who=WHO, random=st.randoms(use_true_random=False), part=st.sampled_from([1, 2, 5]))
    def bring(self, who: int, random: Any, part: int) -> None:
        """An import is one step: undo is its inverse, redo that of undo, and once more is nothing."""
        store, tracker = self.both[who]._store, self.both[who]
        rows = [row for row in check.journal(self.both[1 - who]._store) if row.lamport]
        of_then = {row.action for row in rows[: len(rows) // part]}
        rows = [row for row in rows if row.action in of_then]
        random.shuffle(rows)
        # What a newer version withdrew stays if anybody ever did anything with it.
        settled = not store.db.execute("SELECT 1 FROM entry WHERE retired > 0").fetchone()
        before = visible(tracker)
        action = store.bring(rows, "imported", "2026-11-24T08:00:00Z")
        after = visible(tracker)
        if not action.id:
            assert after == before
            return
        undone = tracker.undo()
        assert undone is not None and undone.undoes == action.id
        assert visible(tracker) == before or not settled
        redone = tracker.redo()
        assert redone is not None and redone.redoes == action.id
        assert visible(tracker) == after
        assert not store.bring(rows, "imported", "2026-11-24T08:00:00Z").id
        assert visible(tracker) == after


TestMerging = Merging.TestCase
TestMerging.settings = settings(max_examples=8, stateful_step_count=18, deadline=None)
TestImporting = Importing.TestCase
TestImporting.settings = TestMerging.settings
