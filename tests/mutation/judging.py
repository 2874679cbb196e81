"""A plugin of pytest that judges mutants: collects and runs the tests once, then forks for each mutant.

It reads a `Job` from `job.json` beside the tree. While the tests run for the first time it records
which reaches which function and how long it takes; what fails then, without any mutant, is left out.
A fork takes one mutant and runs tests until one fails: it starts warm, and what a mutant breaks in
the process dies with it. The recording is kept beside the tree and holds as long as the sources, the
helpers of the tests and the file of a test stay as they are.
"""

from __future__ import annotations

import gc
import inspect
import json
import os
import re
import select
import shutil
import signal
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

import pytest
from _pytest.runner import runtestprotocol
from _pytest.unraisableexception import unraisable_exceptions
from mutmut.mutation import trampoline

from tests.mutation.making import digest, picked

SURVIVED = "survived"
UNREACHED = "no test reaches it"
ENDED = "killed: it ended the process, or ran far too long"

# Children are slow, and the clocks that end a mutant which loops for ever do not reach them.
_STARTS_PROCESSES = re.compile(r"Terminal|Popen|subprocess|run_test|TrackerApp|os\.fork|os\.kill")


class Job(TypedDict):
    """What to judge: the names of mutants by the module, and the seconds of tests for each."""

    mutants: dict[str, list[str]]
    seconds: float


class _Recorded(TypedDict):
    """A test as it ran without a mutant: the functions that it reached; None if it failed."""

    file: str
    seconds: float
    reached: list[str] | None


@dataclass(frozen=True)
class _Outcome:
    """How a fork ended: the test that failed, if one did, and whether it ended in time."""

    failed: str
    in_time: bool


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave out the tests that start processes or applications."""
    items[:] = [item for item in items if not _STARTS_PROCESSES.search(_source(item))]


def pytest_runtestloop(session: pytest.Session) -> bool:
    """Judge the mutants of the job, in place of running the tests."""
    _Judge(session).judge()
    return True


def _source(item: pytest.Item) -> str:
    try:
        return inspect.getsource(getattr(item, "function", type(item)))
    except (OSError, TypeError):
        return ""


def _fails(item: pytest.Item) -> bool:
    return any(report.failed for report in runtestprotocol(item, log=False, nextitem=None))


class _Judge:
    def __init__(self, session: pytest.Session) -> None:
        self.tree = Path.cwd()
        self.items = {item.nodeid: item for item in session.items}
        self.factory = session.config._tmp_path_factory  # type: ignore[attr-defined]
        self.left_over = session.config.stash[unraisable_exceptions]
        self.job: Job = json.loads((self.tree.parent / "job.json").read_text())
        self.results = self.tree.parent / "results.json"
        self.recorded: dict[str, _Recorded] = {}
        self.sound: set[str] = set()
        """Tests that killed a mutant and were then seen to pass without one."""

    def judge(self) -> None:
        """Judge what has no verdict yet, and keep the verdicts every few seconds."""
        self._record()
        results = json.loads(self.results.read_text())
        kept = time.monotonic()
        try:
            for module, names in self.job["mutants"].items():
                kills: Counter[str] = Counter()
                for at, name in enumerate(names):
                    results[module]["verdicts"][name] = self._verdict(name, kills)
                    if time.monotonic() - kept > 10:
                        self._keep(self.results, results)
                        print(f"  {module}: {at + 1} of {len(names)}", flush=True)
                        kept = time.monotonic()
        finally:
            self._keep(self.results, results)

    def _record(self) -> None:
        """Run each test, but for those whose record still holds."""
        place = self.tree.parent / "recorded.json"
        state = digest(*(path.read_bytes() for path in self._sources()))
        kept = json.loads(place.read_text()) if place.exists() else {}
        before: dict[str, _Recorded] = kept["tests"] if kept.get("state") == state else {}
        files = {path: self._file(path) for path in {i.path for i in self.items.values()}}
        reached: set[str] = set()
        trampoline.record_trampoline_hit = (  # type: ignore[attr-defined]
            lambda name, caller=None: reached.add(name)
        )
        kept_at = time.monotonic()
        for at, (test, item) in enumerate(self.items.items()):
            if test in before and before[test]["file"] == files[item.path]:
                continue
            if time.monotonic() - kept_at > 10:
                self._keep(place, {"state": state, "tests": before})
                print(f"  tests without a mutant: {at} of {len(self.items)}", flush=True)
                kept_at = time.monotonic()
            reached.clear()
            # Only here: a process that a test starts records nothing.
            trampoline.set_mutant_under_test("stats")
            del os.environ["MUTANT_UNDER_TEST"]
            begun = time.monotonic()
            failed = _fails(item)
            took = time.monotonic() - begun
            before[test] = _Recorded(
                file=files[item.path], seconds=took, reached=None if failed else sorted(reached)
            )
        trampoline.set_mutant_under_test("")
        self._keep(place, {"state": state, "tests": before})
        self.recorded = {test: before[test] for test in self.items}
        for test, record in self.recorded.items():
            if record["reached"] is None:
                print(f"  left out, as it fails without a mutant: {test}", flush=True)
        # What is there now is not looked at again by any fork's collector, and no fault of one test
        # is told as that of another.
        gc.collect()
        gc.freeze()
        self.left_over.clear()

    def _sources(self) -> Iterator[Path]:
        yield from sorted((self.tree / "tracker_tui").rglob("*.py"))
        helpers = (self.tree / "tests").rglob("*.py")
        own = Path(__file__).resolve().parent
        yield from sorted(
            path
            for path in helpers
            if not path.name.startswith("test_") and path.resolve().parent != own
        )

    def _file(self, path: Path) -> str:
        return digest(path.read_bytes())

    def _verdict(self, name: str, kills: Counter[str]) -> str:
        function = name.rpartition("__mutmut_")[0]
        while True:
            reaching = {
                test: record["seconds"]
                for test, record in self.recorded.items()
                if function in (record["reached"] or ())
            }
            if not reaching:
                return UNREACHED
            tests = picked(self.job["seconds"], reaching, kills)
            outcome = self._forked(name, tests)
            if not outcome.in_time:
                return ENDED
            if not outcome.failed:
                return SURVIVED
            upto = tests[: tests.index(outcome.failed) + 1]
            if self._is_sound(outcome.failed, upto):
                kills[outcome.failed] += 1
                return f"killed: {outcome.failed}"

    def _is_sound(self, test: str, upto: Sequence[str]) -> bool:
        """Whether a test that failed with a mutant passes without one, after the same tests."""
        if test in self.sound:
            return True
        failed = self._forked("", upto).failed
        if failed:
            print(f"  left out, as it fails in a fork without a mutant: {failed}", flush=True)
            self.recorded[failed]["reached"] = None
            return False
        self.sound.add(test)
        return True

    def _forked(self, name: str, tests: Iterable[str]) -> _Outcome:
        """Run tests with a mutant in a process of its own, until one fails."""
        own = Path(self.factory.getbasetemp()) / "mutant"
        expected = sum(self.recorded[test]["seconds"] for test in tests)
        reading, writing = os.pipe()
        child = os.fork()
        if not child:
            with suppress(BaseException):
                self._run(name, tests, writing, own, expected)
            os._exit(1)
        os.close(writing)
        try:
            # A busy machine is given its time; the child's own clock counts what it computes.
            ended, _, _ = select.select([reading], [], [], expected * 12 + 20)
            failed = os.read(reading, 4096).decode() if ended else ""
        finally:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(child, signal.SIGKILL)
            _, status = os.waitpid(child, 0)
            os.close(reading)
            shutil.rmtree(own, ignore_errors=True)
        return _Outcome(failed, in_time=bool(failed) or os.waitstatus_to_exitcode(status) == 0)

    def _run(
        self, name: str, tests: Iterable[str], writing: int, own: Path, expected: float
    ) -> None:
        os.setpgid(0, 0)
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 1)
        os.dup2(nowhere, 2)
        signal.signal(signal.SIGPROF, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_PROF, expected * 4 + 2)
        gc.disable()
        own.mkdir()
        self.factory._basetemp = own
        trampoline.set_mutant_under_test(name)
        for test in tests:
            if _fails(self.items[test]):
                os.write(writing, test.encode())
                os._exit(0)
        os._exit(0)

    @staticmethod
    def _keep(place: Path, what: object) -> None:
        new = place.with_suffix(".new")
        new.write_text(json.dumps(what, indent=1))
        new.replace(place)
