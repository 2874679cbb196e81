"""What `make mutants` chooses: the mutants, the tests that judge them, and how long they may take."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.mutation.making import ROOT, TESTS, Mutant, chosen, judges_of, picked

MUTANTS = [
    Mutant(f"m.x_{name}__mutmut_{n}", f"m.x_{name}", (), ()) for name in "ab" for n in (1, 2, 3)
]


def test_one_of_so_many_is_taken_from_the_first_on() -> None:
    taken = [one.name for one in chosen(MUTANTS, 4, "")]
    assert taken == ["m.x_a__mutmut_1", "m.x_b__mutmut_2"]


def test_only_functions_that_are_named() -> None:
    assert {one.function for one in chosen(MUTANTS, 1, "x_b")} == {"m.x_b"}


@pytest.mark.parametrize("pattern", [pattern for _, tests in TESTS for pattern in tests])
def test_each_pattern_of_the_table_names_tests(pattern: str) -> None:
    assert list(ROOT.glob(pattern))


def test_each_module_that_is_judged_has_tests() -> None:
    for folder in ("domain", "store", "exchange"):
        for path in (ROOT / "tracker_tui" / folder).rglob("*.py"):
            assert judges_of(path.relative_to(ROOT).as_posix())
    with pytest.raises(LookupError):
        judges_of(Path("tracker_tui/tui/app.py").as_posix())


def test_a_mirror_has_the_tests_of_mirrors() -> None:
    assert judges_of("tracker_tui/exchange/mirror/shape.py")[0] == "tests/test_mirror*.py"


def test_the_tests_of_a_mutant_keep_to_their_seconds() -> None:
    reaching = {"slow": 3.0, "t[a]": 0.5, "t[b]": 0.5, "u": 1.0}
    assert picked(2.0, reaching, {}) == ["t[a]", "u", "t[b]"]
    assert picked(1.0, reaching, {}) == ["t[a]", "t[b]"]


def test_what_killed_before_comes_first_for_half_of_the_time() -> None:
    reaching = {"a": 0.1, "b": 1.0, "c": 0.9}
    assert picked(2.0, reaching, {"b": 3, "c": 2}) == ["b", "a", "c"]


@pytest.mark.parametrize(
    ("before", "after", "same"),
    [
        ('"SELECT id FROM entry"', '"select id from entry"', True),
        ('"SELECT id FROM entry"', '"XXSELECT id FROM entryXX"', False),
        ("\"SELECT 'A' FROM entry\"", "\"select 'a' from entry\"", False),
        ('"Notes"', '"notes"', False),
    ],
)
def test_sql_in_other_letters_is_known(before: str, after: str, same: bool) -> None:
    assert Mutant("m", "f", (before,), (after,)).is_sql_in_other_letters is same
