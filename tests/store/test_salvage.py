"""What a damaged database still gives: all rows of the pages that are whole, and never a traceback."""

from __future__ import annotations

import random
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tracker_tui.domain.journal import Action, Change, Row, Value
from tracker_tui.domain.valid import complaint
from tracker_tui.domain.words import Entity
from tracker_tui.store import check
from tracker_tui.store.salvage import salvage
from tracker_tui.store.store import Store

AT = "2026-11-24T08:00:00Z"
PAGE = 4096
TEXTS = ["", "x", "ünïcödé 🙂 " * 8, "y" * 3_900, "z" * 4_070, "long " * 1_000, "\x01\x02" * 700]


def example(tmp: Path) -> tuple[bytes, bytes, frozenset[Row]]:
    """A database with notes of all lengths: the file, its log, and the rows of its journal."""
    path = tmp / "example.db"
    first = [
        Row("seed", i, 0, AT, "seed-1", "entry", f"i{i}", "title", f"title {i}")
        for i in range(1, 300)
    ]
    with Store(path, lambda: first, lambda: "me") as store:
        store.db.execute("PRAGMA wal_autocheckpoint = 0")
        for n in range(30):
            note(store, n, TEXTS[n % len(TEXTS)])
        store.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        for n in range(30, 40):
            note(store, n, TEXTS[n % len(TEXTS)])
        log = Path(f"{path}-wal").read_bytes()
        return path.read_bytes(), log, frozenset(check.journal(store))


def note(store: Store, n: int, text: str) -> None:
    facts: dict[str, Value] = {"entry": f"i{n + 1}", "at": AT, "text": text, "deleted": 0}
    store.apply(
        Action("noted", tuple(Change(Entity.NOTE, f"n{n}", k, None, v) for k, v in facts.items())),
        AT,
    )


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, bytes, frozenset[Row]]:
    return example(tmp_path_factory.mktemp("salvage"))


Made = tuple[bytes, bytes, frozenset[Row]]


def put(folder: Path, file: bytes, log: bytes = b"") -> Path:
    path = folder / "damaged.db"
    path.write_bytes(file)
    Path(f"{path}-wal").write_bytes(log)
    return path


def test_of_a_sound_one_it_is_the_journal(made: Made, tmp_path: Path) -> None:
    file, log, rows = made
    found = salvage(put(tmp_path, file, log))
    assert set(found.rows) == rows
    assert len(found.rows) == len(rows)
    assert found.bad == 0
    assert salvage(put(tmp_path, file)).pages == len(file) // PAGE
    without = set(salvage(put(tmp_path, file)).rows)
    assert without < rows, "the log holds the last of them"
    assert {row.id for row in rows - without} >= {f"n{n}" for n in range(30, 40)}


def test_what_was_not_completed_is_left_out(made: Made, tmp_path: Path) -> None:
    """A log ends with pages of a transaction that was under way when the machine stopped."""
    file, log, rows = made
    whole = set(salvage(put(tmp_path, file, log)).rows)
    cut = set(salvage(put(tmp_path, file, log[: -(24 + PAGE)])).rows)
    assert cut < whole
    actions = {row.action for row in rows}
    assert all(
        {r for r in rows if r.action == a} <= cut or not {r for r in rows if r.action == a} & cut
        for a in actions
    )


@pytest.mark.parametrize("kept", [0, 1, 15, 16, 99, 100, PAGE - 1, PAGE, PAGE + 1, 100 * PAGE])
def test_of_a_truncated_one_it_is_what_lies_before(made: Made, tmp_path: Path, kept: int) -> None:
    file, _, rows = made
    found = set(salvage(put(tmp_path, file[:kept])).rows)
    assert found <= rows
    assert (len(found) > 100) == (kept > PAGE + 1)


@pytest.mark.parametrize("filler", [b"\x00", b"\xa5", b"\xff", b"SQLite format 3\x00"])
@pytest.mark.parametrize("first", [1, 100, PAGE, 3 * PAGE])
def test_without_its_beginning_it_gives_the_rest(
    made: Made, tmp_path: Path, filler: bytes, first: int
) -> None:
    """The header, the schema, the roots of the trees: SQLite cannot open such a file at all."""
    file, log, rows = made
    damaged = (filler * first)[:first] + file[first:]
    found = set(salvage(put(tmp_path, damaged, log)).rows)
    assert found <= rows
    assert len(found) > 0.9 * len(rows)


def test_each_page_is_lost_alone(made: Made, tmp_path: Path) -> None:
    """Every page in its turn is garbage: the rest is there, and nothing that was never written."""
    file, _, _ = made
    whole = set(salvage(put(tmp_path, file)).rows)
    worst = 0
    bad: list[int] = []
    for page in range(0, len(file) // PAGE, 3):
        damaged = file[: page * PAGE] + b"\xa5" * PAGE + file[(page + 1) * PAGE :]
        given = salvage(put(tmp_path, damaged))
        found = set(given.rows)
        assert found <= whole
        bad.append(given.bad)
        worst = max(worst, len(whole - found))
    assert max(bad) <= 5, "the page, and those of a long row that it cuts off"
    assert sum(bad) > len(bad) / 2, "all but the last ones of long rows"
    assert 0 < worst < 100, "a page of 4,096 bytes holds no more rows"


def test_of_a_page_that_is_half_garbage_the_other_half_is_found(made: Made, tmp_path: Path) -> None:
    file, _, _ = made
    whole = set(salvage(put(tmp_path, file)).rows)
    lost_whole = lost_half = 0
    for page in range(2, len(file) // PAGE, 6):
        for size in (PAGE, PAGE // 4):
            damaged = file[: page * PAGE] + b"\xa5" * size + file[page * PAGE + size :]
            found = set(salvage(put(tmp_path, damaged)).rows)
            assert found <= whole
            if size == PAGE:
                lost_whole += len(whole - found)
            else:
                lost_half += len(whole - found)
    assert lost_half < lost_whole / 2


@pytest.mark.unmeasured
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32), count=st.sampled_from([1, 30, 1_000, 20_000]), log=st.booleans())
def test_whatever_the_bytes_are_it_ends_with_rows_that_can_be(
    made: Made, tmp_path: Path, seed: int, count: int, log: bool
) -> None:
    file, wal, rows = made
    chance = random.Random(seed)
    parts = [bytearray(file), bytearray(wal if log else b"")]
    for _ in range(count):
        part = chance.choice([p for p in parts if p])
        at = chance.choice([chance.randrange(len(part)), chance.randrange(min(200, len(part)))])
        part[at] = chance.randrange(256)
    found = salvage(put(tmp_path, bytes(parts[0]), bytes(parts[1])))
    assert all(complaint(row) == "" for row in found.rows)
    numbers = [(row.replica, row.n) for row in found.rows]
    assert len(numbers) == len(set(numbers))
    if count == 1:
        assert len(rows - set(found.rows)) < 300


@pytest.mark.parametrize("content", [b"", b"text", b"\x0d" * 9_000, b"\x00" * 9_000], ids=range(4))
def test_of_what_never_was_a_database_it_is_nothing(tmp_path: Path, content: bytes) -> None:
    assert salvage(put(tmp_path, content)).rows == ()
    assert salvage(put(tmp_path, b"", content)).rows == ()


def test_a_chain_of_pages_that_bites_its_tail_ends(made: Made, tmp_path: Path) -> None:
    file, _, rows = made
    damaged = bytearray(file)
    for page in range(1, len(file) // PAGE):
        if damaged[page * PAGE] == 0:
            damaged[page * PAGE : page * PAGE + 4] = (page + 1).to_bytes(4, "big")
    assert set(salvage(put(tmp_path, bytes(damaged))).rows) < rows


@pytest.mark.parametrize("size", [512, 1024, 65536])
def test_pages_of_any_size_are_read_whether_the_file_or_its_log_says_the_size(
    tmp_path: Path, size: int
) -> None:
    path = tmp_path / "tracker.db"
    first = [Row("seed", i, 0, AT, "seed-1", "entry", f"i{i}", "title", "x") for i in range(1, 99)]
    Store(path, lambda: first, lambda: "me").close()
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        for pragma in ("journal_mode = DELETE", f"page_size = {size}"):
            db.execute(f"PRAGMA {pragma}")
        db.execute("VACUUM")
        db.execute("PRAGMA journal_mode = WAL")
    with Store(path, list, lambda: "me") as store:
        store.db.execute("PRAGMA wal_autocheckpoint = 0")
        for n, text in enumerate(TEXTS):
            note(store, n, text)
        rows = set(check.journal(store))
        file, log = path.read_bytes(), Path(f"{path}-wal").read_bytes()
    assert set(salvage(put(tmp_path, file, log)).rows) == rows
    assert set(salvage(put(tmp_path, file)).rows) >= set(first)
    headless = b"\xa5" * 100 + file[100:]
    assert set(salvage(put(tmp_path, headless, log)).rows) == rows, "the log says it, too"


def test_what_is_damaged_in_a_log_costs_only_its_transaction(made: Made, tmp_path: Path) -> None:
    file, log, rows = made
    frames = (len(log) - 32) // (24 + PAGE)
    assert frames > 9
    whole = set(salvage(put(tmp_path, file, log)).rows)
    assert whole == rows
    for at, garbage in ((8, b"\xa5" * 8), (0, b"\xa5" * 4)):
        start = 32 + 2 * (24 + PAGE) + at
        damaged = log[:start] + garbage + log[start + len(garbage) :]
        found = set(salvage(put(tmp_path, file, damaged)).rows)
        assert found <= rows
        assert {row.id for row in found} >= {"n38", "n39"}
