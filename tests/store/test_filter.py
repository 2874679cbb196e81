"""A query finds in SQL what reading every entry in Python would find."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker_tui.domain import text
from tracker_tui.domain.dates import utc_text
from tracker_tui.domain.journal import Row, Value
from tracker_tui.domain.query import Field, Query, Term, When, parse
from tracker_tui.domain.track import Entry
from tracker_tui.domain.words import Effort, Horizon, Kind, Status
from tracker_tui.errors import TrackerError
from tracker_tui.store.filter import condition
from tracker_tui.store.store import Store

TODAY = date(2026, 11, 24)
LETTERS = "abAB\u00e9\u0301_-+%'\\ \n"
WORDS = st.text(st.sampled_from(LETTERS), max_size=8)
TITLES = WORDS.map(lambda words: text.line(f"t {words}"))
PARENTS = {
    Kind.SECTION: ["cat-a", "cat-b"],
    Kind.ITEM: ["cat-a", "sec-a", "sec-b", "item-0"],
}


def day_start(day: date) -> str:
    return utc_text(datetime.combine(day, time(), UTC))


class Told(NamedTuple):
    """A track as rows, and the notes in it."""

    rows: list[Row]
    notes: list[tuple[str, str]]


@st.composite
def tracks(draw: st.DrawFn) -> Told:
    numbers = count(1)
    rows: list[Row] = []

    def say(entity: str, id_: str, facts: dict[str, Value], at: str) -> None:
        for name, value in facts.items():
            n = next(numbers)
            rows.append(Row("a", n, 1, at, "a-1", entity, id_, name, value))

    moments = [
        f"2026-11-{day:02d}T{hour:02d}:00:00Z" for day in (1, 17, 18, 23, 24) for hour in (0, 23)
    ]
    ids = ["cat-a", "cat-b", "sec-a", "sec-b", "gap-a", "step-a", *(f"item-{i}" for i in range(5))]
    kinds = {kind[:3]: kind for kind in Kind} | {"ite": Kind.ITEM, "ste": Kind.STEP}
    for id_ in ids:
        kind = kinds[id_[:3]]
        parents = [p for p in PARENTS.get(kind, []) if p != id_]
        facts: dict[str, Value] = {
            "kind": kind.value,
            "parent": draw(st.sampled_from(parents)) if parents else None,
            "title": draw(TITLES),
            "description": text.block(draw(WORDS | st.just("see http://a"))),
            "deleted": int(draw(st.integers(0, 9)) == 0),
        }
        if kind in (Kind.ITEM, Kind.GAP, Kind.STEP):
            facts["status"] = draw(st.sampled_from(Status)).value
            facts["horizon"] = draw(st.sampled_from([None, *(h.value for h in Horizon)]))
            facts["effort"] = draw(st.sampled_from([None, *(e.value for e in Effort)]))
            facts["first_step"] = draw(st.sampled_from(["", "c"]))
            facts["done_when"] = draw(st.sampled_from(["", "d"]))
            facts["snoozed_until"] = draw(st.sampled_from([None, "2026-11-24", "2026-11-25"]))
        say("entry", id_, facts, draw(st.sampled_from(moments)))
    notes = []
    for i in range(draw(st.integers(0, 3))):
        of, words = draw(st.sampled_from(ids)), text.block(draw(WORDS)) or "a"
        notes.append((of, words))
        facts = {"entry": of, "at": moments[i], "text": words, "deleted": 0}
        say("note", f"note-{i}", facts, moments[i])
    for source in ("gap-a", "step-a"):
        for target in draw(st.sets(st.sampled_from([f"item-{i}" for i in range(5)]))):
            facts = {"kind": "covers", "source": source, "target": target, "deleted": 0}
            say("relation", f"covers:{source}:{target}", facts, moments[0])
    studied = [id_ for id_ in ids if id_[:3] in ("gap", "ste", "ite")]
    for source, target in draw(
        st.sets(st.tuples(st.sampled_from(studied), st.sampled_from(studied)), max_size=6)
    ):
        gone = int(draw(st.integers(0, 4)) == 0)
        facts = {"kind": "requires", "source": source, "target": target, "deleted": gone}
        say("relation", f"requires:{source}:{target}", facts, moments[0])
    return Told(rows, notes)


VALUES: dict[Field, list[str]] = {
    Field.STATUS: [s.value for s in Status],
    Field.HORIZON: ["none", *(h.value for h in Horizon)],
    Field.EFFORT: ["none", *(e.value for e in Effort)],
    Field.KIND: [k.value for k in Kind],
    Field.CATEGORY: ["cat", "cat-b", "t a", "%", "_", "\\"],
    Field.SECTION: ["sec", "SEC-A", "b", "'"],
    Field.IS: ["critical", "snoozed", "open", "covered", "ready", "blocked"],
    Field.HAS: ["notes", "links", "description", "horizon", "first_step", "done_when"],
}
ALONE = [
    *((Term(field, (value,)),) for field, values in VALUES.items() for value in values),
    *((Term(Field.TEXT, (word,), phrase=phrase),) for word in "ab" for phrase in (True, False)),
]
"""Each value of each field by itself: of several in one query few are drawn, and fewer tell."""


@st.composite
def terms(draw: st.DrawFn) -> Term:
    field = draw(st.sampled_from(Field))
    negated = draw(st.booleans())
    if field is Field.TEXT:
        words = draw(WORDS.filter(lambda w: w.strip() != ""))
        return Term(field, (words,), negated, phrase=draw(st.booleans()))
    if field in (Field.UPDATED, Field.CREATED):
        day = draw(st.dates(date(2026, 11, 16), date(2026, 11, 25)))
        return Term(field, (day.isoformat(),), negated, when=draw(st.sampled_from(When)))
    some = draw(st.lists(st.sampled_from(VALUES[field]), min_size=1, max_size=2, unique=True))
    return Term(field, tuple(some), negated)


class Naive:
    """Evaluates a query by looking at every entry."""

    def __init__(self, store: Store, told: Told) -> None:
        self.all = {entry.id: entry for entry in store.select("1", [])}
        self.notes = told.notes
        covers = [
            r.id.split(":")[1:] for r in told.rows if r.entity == "relation" and r.value == "covers"
        ]
        self.covered_by = {
            target: {self.all[s].kind for s, t in covers if t == target and s in self.all}
            for _, target in covers
        }
        gone = {r.id for r in told.rows if r.entity == "relation" and r.value == 1}
        pairs = [
            r.id.split(":")[1:] for r in told.rows if r.value == "requires" and r.id not in gone
        ]
        self.waiting = {
            source
            for source, target in pairs
            if target in self.all and self.all[target].status.open
        }

    def matches(self, query: Query) -> set[str]:
        return {e.id for e in self.all.values() if all(self.holds(e, t) for t in query.terms)}

    def holds(self, entry: Entry, term: Term) -> bool:
        if term.field in (Field.STATUS, Field.HORIZON, Field.EFFORT) and entry.is_branch:
            return False
        return self.true(entry, term) is not term.negated

    def true(self, entry: Entry, term: Term) -> bool:
        match term.field:
            case Field.TEXT:
                return self.text(entry, term.values[0], term.phrase)
            case Field.STATUS:
                return entry.status in term.values
            case Field.HORIZON:
                return (entry.horizon or "none") in term.values
            case Field.EFFORT:
                return (entry.effort or "none") in term.values
            case Field.KIND:
                return entry.kind in term.values
            case Field.CATEGORY | Field.SECTION:
                return self.within(entry, Kind(term.field.value), term.values)
            case Field.IS:
                return any(self.is_(entry, value) for value in term.values)
            case Field.HAS:
                return any(self.has(entry, value) for value in term.values)
            case _:
                at = entry.updated_at if term.field is Field.UPDATED else entry.created_at
                day = at[:10]
                wanted = term.values[0]
                compared = {When.ON: day == wanted, When.BEFORE: day < wanted}
                return compared.get(term.when, day >= wanted)

    def within(self, entry: Entry, kind: Kind, values: tuple[str, ...]) -> bool:
        at: Entry | None = entry
        while at is not None:
            names = (at.title.lower(), at.id.lower())
            if at.kind is kind and any(v.lower() in name for v in values for name in names):
                return True
            at = self.all.get(at.parent or "")
        return False

    def is_(self, entry: Entry, value: str) -> bool:
        by = self.covered_by.get(entry.id, set())
        open_ = not entry.is_branch and entry.status.open
        return {
            "critical": entry.kind is Kind.GAP or Kind.GAP in by,
            "covered": bool(by),
            "snoozed": entry.snoozed(TODAY.isoformat()),
            "open": open_,
            "ready": open_ and entry.id not in self.waiting,
            "blocked": open_ and entry.id in self.waiting,
        }[value]

    def has(self, entry: Entry, value: str) -> bool:
        return {
            "notes": any(of == entry.id for of, _ in self.notes),
            "links": "http://" in entry.description,
            "description": entry.description != "",
            "horizon": entry.horizon is not None,
            "first_step": entry.first_step != "",
            "done_when": entry.done_when != "",
        }[value]

    def text(self, entry: Entry, words: str, phrase: bool) -> bool:
        wanted = tokens(words)
        if not wanted:
            return any(words.lower() in t.lower() for t in (entry.title, entry.description))
        prefix = not phrase and words[-1].isalnum()
        texts = f"{entry.description}\n{entry.done_when}\n{entry.first_step}"
        notes = "\n".join(note for of, note in self.notes if of == entry.id)
        return any(
            consecutive(tokens(column), wanted, prefix=prefix)
            for column in (entry.title, texts, notes)
        )


def tokens(words: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", words.lower())
    return "".join(
        c if c.isalnum() else "" if unicodedata.category(c) == "Mn" else " " for c in plain
    ).split()


def consecutive(have: list[str], wanted: list[str], *, prefix: bool) -> bool:
    def same(part: list[str]) -> bool:
        last = part[-1].startswith(wanted[-1]) if prefix else part[-1] == wanted[-1]
        return part[:-1] == wanted[:-1] and last

    size = len(wanted)
    return any(same(have[i : i + size]) for i in range(len(have) - size + 1))


@pytest.mark.unmeasured
@settings(max_examples=40, deadline=None)
@given(told=tracks(), queries=st.lists(st.lists(terms(), max_size=3), min_size=5, max_size=20))
def test_a_query_finds_what_looking_at_every_entry_finds(
    tmp_path_factory: pytest.TempPathFactory, told: Told, queries: list[list[Term]]
) -> None:
    path = tmp_path_factory.mktemp("filter") / "tracker.db"
    with Store(path, lambda: told.rows, lambda: "me") as store:
        naive = Naive(store, told)
        for some in [*queries, *ALONE]:
            query = Query(tuple(some))
            found = {e.id for e in store.select(*condition(query, TODAY, day_start))}
            assert found == naive.matches(query), query


HOSTILE = ["'", '"', "%", "_", "*", "\\", "NEAR(", "a NEAR b", "AND", "^a", "{a}:b", "a:b", "C++"]
HOSTILE += [
    "\x00",
    "a\x00b",
    "\ud800",
    "a\udfffb",
    "🙂",
    "\u202e",
    "--",
    ";",
    "x" * 60_000,
    "\ufffe",
]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    rows = [
        Row("a", 1, 1, "2026-11-24T00:00:00Z", "a-1", "entry", "i", "title", "100% C++ 🙂 it's")
    ]
    with Store(tmp_path / "tracker.db", lambda: rows, lambda: "me") as opened:
        yield opened


ASKED: list[Callable[[Store, str], object]] = [
    lambda s, w: s.search(w, 5),
    lambda s, w: s.entry(w),
    lambda s, w: s.entries([w]),
    lambda s, w: s.ids_beginning(w, 5),
    lambda s, w: s.notes(w),
    lambda s, w: s.below(w),
    lambda s, w: s.select(*condition(parse(w, TODAY), TODAY, day_start)),
    lambda s, w: s.select(*condition(Query((Term(Field.TEXT, (w,)),)), TODAY, day_start)),
    lambda s, w: s.select(*condition(Query((Term(Field.CATEGORY, (w,)),)), TODAY, day_start)),
    lambda s, w: s.local(w),
    lambda s, w: s.set_local(w, w),
]


@pytest.mark.parametrize("number", range(len(ASKED)))
@given(words=st.sampled_from(HOSTILE) | st.text(st.characters(codec=None), max_size=8))
@settings(max_examples=40, deadline=None)
def test_hostile_text_is_found_or_refused_in_one_line(
    tmp_path_factory: pytest.TempPathFactory, number: int, words: str
) -> None:
    with Store(tmp_path_factory.getbasetemp() / "hostile.db", list, lambda: "me") as store:
        try:
            ASKED[number](store, words)
        except TrackerError as error:
            assert str(error).isprintable()
        assert store.is_empty()


@pytest.mark.parametrize("words", ["%", "100%", "C++", "'", "it's", "🙂", "c"])
def test_signs_are_found_as_they_are(store: Store, words: str) -> None:
    query = parse(words, TODAY)
    assert [e.id for e in store.select(*condition(query, TODAY, day_start))] == ["i"]


@pytest.mark.parametrize("words", ["_", "\\", "1000", "d++", "x's"])
def test_signs_are_no_wildcards(store: Store, words: str) -> None:
    assert store.select(*condition(parse(words, TODAY), TODAY, day_start)) == []


def test_numbers_that_sqlite_cannot_hold_are_refused(store: Store) -> None:
    with pytest.raises(TrackerError, match="too large"):
        store.search("it", 2**64)
    with pytest.raises(TrackerError, match="too large"):
        store.set_local("x", 2**64)


def test_days_at_the_ends_of_the_calendar_can_be_asked_for(store: Store) -> None:
    for words in ("created:9999-12-31", "created:<0001-01-01", "updated:>9999y"):
        assert store.select(*condition(parse(words, TODAY), TODAY, day_start)) == []
    everything = parse("created:>0300-01-01 created:<9999-12-31", TODAY)
    assert len(store.select(*condition(everything, TODAY, day_start))) == 1
    assert day_start(TODAY + timedelta(days=1)) == "2026-11-25T00:00:00Z"


@pytest.mark.parametrize("words", ["section:git", "category:git", "status:learning", "worktree"])
def test_what_is_few_is_found_without_reading_every_entry(tmp_path: Path, words: str) -> None:
    with Store(tmp_path / "tracker.db", list, lambda: "me") as store:
        where, values = condition(parse(words, TODAY), TODAY, day_start)
        plan = store.db.execute(
            f"EXPLAIN QUERY PLAN SELECT * FROM entry e WHERE e.deleted = 0 AND ({where})", values
        )
        steps = [step for *_, step in plan]
    allowed = "SCAN e USING INDEX entry_in_progress"
    assert steps and not [
        s for s in steps if s.startswith(("SCAN e", "SCAN entry")) and s != allowed
    ]
