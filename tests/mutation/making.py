"""Mutants of modules, a tree to run them in, and which of them and of the tests are taken."""

from __future__ import annotations

import difflib
import hashlib
import json
import re
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from fnmatch import fnmatch
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PLACE = ROOT / "mutants"
"""Where all of it is: nothing outside is written."""
TREE = PLACE / "tree"
"""A copy of the project in which the chosen modules have their mutants in them."""

TESTS = (
    ("tracker_tui/domain/*", ("tests/domain",)),
    (
        "tracker_tui/store/*",
        (
            "tests/store",
            *(f"tests/test_{name}.py" for name in ("around", "backups", "daily", "damaged")),
            *(f"tests/test_{name}.py" for name in ("doctor", "mirror", "seeding", "tracker")),
            "tests/test_verbs.py",
            *(f"tests/cli/test_{name}.py" for name in ("backup", "change", "query", "seed")),
        ),
    ),
    ("tracker_tui/exchange/mirror/*", ("tests/test_mirror*.py", "tests/exchange/test_mirror*.py")),
    (
        "tracker_tui/exchange/lint.py",
        ("tests/exchange/test_lint.py", "tests/cli/test_import.py", "tests/cli/test_seed.py"),
    ),
    (
        "tracker_tui/exchange/stats.py",
        (
            "tests/exchange/test_stats.py",
            "tests/test_daily.py",
            *(f"tests/cli/test_{name}.py" for name in ("checkin", "narrow", "study")),
        ),
    ),
    ("tracker_tui/exchange/*", ("tests/exchange", "tests/cli")),
)
"""Which tests judge which modules: the first line whose pattern fits."""

_SQL = re.compile(
    r"\b(select|insert|update|delete|pragma|from|where|and|order by|begin|commit|rollback|union|join)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Mutant:
    """A function in another way: the lines of it that differ, stripped, and how it is called.

    `function` is the name of the module and what mutmut calls the function; `name` adds a number.
    """

    name: str
    function: str
    before: tuple[str, ...]
    after: tuple[str, ...]

    @property
    def diff(self) -> str:
        """The lines that go and the lines that come."""
        lines = [f"  - {line}" for line in self.before] + [f"  + {line}" for line in self.after]
        return "\n".join(lines)

    @property
    def is_sql_in_other_letters(self) -> bool:
        """Whether only letters of SQL outside a quotation changed their case: the same to SQLite."""
        before, after = "\n".join(self.before), "\n".join(self.after)
        is_case = before != after and before.lower() == after.lower()
        return is_case and "'" not in before and _SQL.search(before) is not None


@dataclass(frozen=True)
class Made:
    """A module with its mutants in it: the digest of its source, its code, and each mutant."""

    source: str
    code: str
    mutants: tuple[Mutant, ...]


def digest(*parts: bytes) -> str:
    """Name some bytes."""
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def judges_of(module: str) -> tuple[str, ...]:
    """Say which tests judge a module, as folders and patterns.

    Raises:
        LookupError: if the table has no line for it.
    """
    for pattern, tests in TESTS:
        if fnmatch(module, pattern):
            return tests
    raise LookupError(module)


def chosen(mutants: Sequence[Mutant], every: int, only: str) -> list[Mutant]:
    """Take the first of every so many mutants whose function's name has some text in it."""
    return [one for one in mutants if only in one.function][::every]


def picked(seconds: float, reaching: Mapping[str, float], kills: Mapping[str, int]) -> list[str]:
    """Choose and order the tests of one mutant, so that they take no longer than some seconds.

    `reaching` has the seconds of each test by its id, `kills` how many mutants of the module it has
    killed so far. What killed others is tried first, for half of the time; of a test with parameters
    one case comes before the next case of another.
    """
    fit = {test: took for test, took in reaching.items() if took <= seconds}
    seen: dict[str, int] = {}
    case: dict[str, int] = {}
    for test in sorted(fit):
        family = test.partition("[")[0]
        case[test] = seen[family] = seen.get(family, -1) + 1
    proved = sorted((t for t in fit if kills.get(t)), key=lambda t: -kills[t] / (fit[t] + 0.05))
    others = sorted(fit, key=lambda t: (case[t], fit[t], t))
    taken: dict[str, float] = {}
    for tests, limit in ((proved, seconds / 2), (others, seconds)):
        for test in tests:
            if test not in taken and sum(taken.values()) + fit[test] <= limit:
                taken[test] = fit[test]
    return list(taken)


def made(module: str) -> Made:
    """Make the mutants of a module, or read those that were made of the same source."""
    text = (ROOT / module).read_text()
    source = digest(text.encode())
    kept = PLACE / "made" / f"{module}.json"
    if kept.exists():
        read = json.loads(kept.read_text())
        if read["source"] == source:
            return Made(source, read["code"], tuple(_read(one) for one in read["mutants"]))
    found = _mutated(module, text, source)
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_text(json.dumps(asdict(found)))
    return found


def _read(one: dict[str, str | list[str]]) -> Mutant:
    return Mutant(str(one["name"]), str(one["function"]), tuple(one["before"]), tuple(one["after"]))


def _mutated(module: str, text: str, source: str) -> Made:
    from mutmut.mutation.file_mutation import mutate_file_contents

    result = mutate_file_contents(module, text)
    lines = result.code.splitlines()
    spans = {
        name: [
            line.strip().replace(name, name.rpartition("__mutmut_")[0])
            for line in lines[span.start - 1 : span.end]
        ]
        for name, span in result.line_span_by_function_name.items()
    }
    dotted = module.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    mutants = []
    for name in result.mutant_names:
        function = name.rpartition("__mutmut_")[0]
        differ = list(difflib.ndiff(spans[f"{function}__mutmut_orig"], spans[name]))
        before, after = (
            tuple(line[2:] for line in differ if line.startswith(sign)) for sign in ("- ", "+ ")
        )
        mutants.append(Mutant(f"{dotted}.{name}", f"{dotted}.{function}", before, after))
    return Made(source, result.code, tuple(mutants))


def build_tree(modules: Mapping[str, Made]) -> None:
    """Copy the project to `TREE`, some modules with their mutants in them."""
    shutil.rmtree(TREE, ignore_errors=True)
    left_out = (".*", "__pycache__", "*.egg-info", "build", "dist", PLACE.name)
    shutil.copytree(ROOT, TREE, ignore=shutil.ignore_patterns(*left_out))
    for module, with_mutants in modules.items():
        (TREE / module).write_text(with_mutants.code)
