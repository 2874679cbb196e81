"""Changes modules in small ways and sees whether the tests notice: `make mutants ARGS="PATHS …"`.

Paths are modules or folders under tracker_tui/. The mutants are made by mutmut; what was made and
judged is kept under mutants/, so an interrupted run goes on where it was. A module whose source has
changed is begun anew.
"""

from __future__ import annotations

import argparse
import fcntl
import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import NamedTuple, TypedDict

from tests.mutation.judging import SURVIVED, UNREACHED, Job
from tests.mutation.making import (
    PLACE,
    ROOT,
    TREE,
    Made,
    Mutant,
    build_tree,
    chosen,
    judges_of,
    made,
)

_JUDGED = ("tracker_tui/domain", "tracker_tui/store", "tracker_tui/exchange")
_RESULTS = PLACE / "results.json"


class _Results(TypedDict):
    """The verdicts on the mutants of a module, by their names, and the digest of its source."""

    source: str
    verdicts: dict[str, str]


class _Row(NamedTuple):
    """What came of a module: counts of mutants."""

    module: str
    judged: int
    survive: int
    sql: int


def main() -> None:
    """Make, judge and report."""
    parser = argparse.ArgumentParser(prog="make mutants", description=__doc__)
    parser.add_argument("paths", nargs="*", default=_JUDGED, help="modules or folders")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="judge one of so many")
    parser.add_argument("--seconds", type=float, default=6, help="of tests for each mutant")
    parser.add_argument("--only", default="", metavar="TEXT", help="only functions with it in them")
    parser.add_argument("--again", action="store_true", help="judge anew those that survived")
    parser.add_argument("--tests", nargs="+", default=(), help="in place of those of the table")
    given = parser.parse_args()
    if given.every < 1:
        parser.error("--every is 1 or more")
    try:
        modules = _modules(given.paths)
        tests = {module: tuple(given.tests) or judges_of(module) for module in modules}
    except LookupError as error:
        parser.error(f"no module that is judged: {error.args[0]}")
    PLACE.mkdir(exist_ok=True)
    with (PLACE / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            parser.error("another run is at work in mutants/")
        try:
            _run(given, tests)
        except KeyboardInterrupt:
            sys.exit("interrupted; the same command goes on from here")


def _run(given: argparse.Namespace, tests: Mapping[str, tuple[str, ...]]) -> None:
    """Do it for the modules that `tests` has the tests of."""
    print("the mutants are made, where there are none yet", flush=True)
    ready = {module: made(module) for module in tests}
    taken = {name: chosen(one.mutants, given.every, given.only) for name, one in ready.items()}
    results = _results(ready)
    for module, mutants in taken.items():
        verdicts = results[module]["verdicts"]
        for mutant in mutants:
            if given.again and _survives(verdicts.get(mutant.name, "")):
                del verdicts[mutant.name]
    _RESULTS.write_text(json.dumps(results))
    build_tree(ready)
    for which, group in groupby(sorted(tests, key=tests.__getitem__), key=tests.__getitem__):
        names = {
            module: [
                mutant.name
                for mutant in taken[module]
                if mutant.name not in results[module]["verdicts"]
                and not mutant.is_sql_in_other_letters
            ]
            for module in group
        }
        if any(names.values()):
            _judge(which, Job(mutants=names, seconds=given.seconds))
    _report(taken, json.loads(_RESULTS.read_text()))


def _modules(paths: Sequence[str]) -> list[str]:
    found: set[str] = set()
    for given in paths:
        path = (ROOT / given).resolve()
        here = path.rglob("*.py") if path.is_dir() else [path] if path.is_file() else []
        modules = {one.relative_to(ROOT).as_posix() for one in here if one.is_relative_to(ROOT)}
        if not modules:
            raise LookupError(given)
        found |= modules
    return sorted(found)


def _results(ready: dict[str, Made]) -> dict[str, _Results]:
    """Read the verdicts there are; those on another source of a module are forgotten."""
    results: dict[str, _Results] = json.loads(_RESULTS.read_text()) if _RESULTS.exists() else {}
    for module, one in ready.items():
        if module not in results or results[module]["source"] != one.source:
            results[module] = _Results(source=one.source, verdicts={})
    return results


def _survives(verdict: str) -> bool:
    return verdict in {SURVIVED, UNREACHED}


def _judge(tests: Sequence[str], job: Job) -> None:
    """Run pytest with the plugin in the tree.

    Raises:
        SystemExit: if pytest could not collect the tests, or was interrupted.
    """
    (PLACE / "job.json").write_text(json.dumps(job))
    files = [path.relative_to(TREE).as_posix() for one in tests for path in sorted(TREE.glob(one))]
    home = PLACE / "home"
    environment = {
        **os.environ,
        "HOME": str(home),
        "TRACKER_HOME": str(home / "tracker"),
        "HYPOTHESIS_PROFILE": "mutants",
        "PYTHONPATH": str(TREE),
    }
    options = "-qq --no-header --no-summary --assert=plain --tb=no -o timeout=0 -p no:xdist -p no:cacheprovider"
    command = [sys.executable, "-m", "pytest", *options.split(), "-p", "tests.mutation.judging"]
    done = subprocess.run([*command, *files], check=False, cwd=TREE, env=environment)
    if done.returncode:
        sys.exit(f"the tests could not be run: pytest ended with {done.returncode}")


def _report(taken: dict[str, list[Mutant]], results: dict[str, _Results]) -> None:
    """Print what survives of each module, and then how many were killed."""
    rows = []
    for module, mutants in taken.items():
        verdicts = results[module]["verdicts"]
        judged = [mutant for mutant in mutants if mutant.name in verdicts]
        survivors = [mutant for mutant in judged if _survives(verdicts[mutant.name])]
        for mutant in survivors:
            note = "" if verdicts[mutant.name] == SURVIVED else f": {UNREACHED}"
            print(f"{mutant.name}{note}\n{mutant.diff}")
        sql = sum(mutant.is_sql_in_other_letters for mutant in mutants)
        rows.append(_Row(module, len(judged), len(survivors), sql))
    if len(rows) > 1:
        sums = (sum(column) for column in list(zip(*rows, strict=True))[1:])
        rows.append(_Row("together", *sums))
    print(f"{'module':42} {'judged':>7} {'killed':>7} {'survive':>7}")
    for row in rows:
        killed = row.judged - row.survive
        share = f"{killed / row.judged:7.1%}" if row.judged else ""
        beside = f"  ({row.sql} not judged: SQL in other letters)" if row.sql else ""
        print(f"{row.module:42} {row.judged:7} {killed:7} {row.survive:7} {share}{beside}")


if __name__ == "__main__":
    main()
