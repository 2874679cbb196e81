"""Three programs write at once and are killed at any moment: what was acknowledged is there."""

from __future__ import annotations

import os
import random
import select
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import count
from pathlib import Path

import pytest

from tests.faults.conftest import Size
from tests.faults.writer import FIELDS, ITEMS
from tests.processes import PROGRAM, Terminal
from tracker_tui.domain.words import Entity
from tracker_tui.paths import Paths
from tracker_tui.store import check
from tracker_tui.tracker import Tracker

pytestmark = pytest.mark.unmeasured

WRITER = Path(__file__).with_name("writer.py")


class Victim:
    """One of the three: started again whenever it dies, until it is told to stop."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.acknowledged: list[str] = []
        self.failures: list[str] = []
        self.stopping = threading.Event()
        self.numbers = count(1)
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._thread = threading.Thread(target=self._run, name=name)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self.stopping.set()
        self.kill()
        self._thread.join(60)
        assert not self._thread.is_alive()

    def has(self, count: int) -> bool:
        return len(self.acknowledged) >= count

    def kill(self) -> bool:
        """Kill what runs now; False if nothing does."""
        with self._lock:
            if self._process is None or self._process.poll() is not None:
                return False
            self._process.send_signal(signal.SIGKILL)
            return True

    def _own(self, process: subprocess.Popen[bytes]) -> None:
        with self._lock:
            self._process = process

    def _run(self) -> None:
        try:
            while not self.stopping.is_set():
                self.live()
        except BaseException as error:  # noqa: BLE001 - told in the test's own thread
            self.failures.append(f"{self.name}: {error!r}")

    def live(self) -> None:
        """Write until it is killed."""
        raise NotImplementedError


class Loop(Victim):
    """Writes through `Tracker`, as fast as it can."""

    def live(self) -> None:
        first = next(self.numbers)
        command = [sys.executable, str(WRITER), self.name, str(first)]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
            self._own(process)
            assert process.stdout is not None
            for line in process.stdout:
                if line.endswith(b"\n"):
                    self.acknowledged.append(line.decode().strip())
                    first = int(line.rsplit(b"-", 1)[1]) + 1
        # The one that was being written may be there: its number is not used again.
        self.numbers = count(first + 1)


class Commands(Victim):
    """One command line after the other, each a process of its own."""

    def live(self) -> None:
        text = f"{self.name}-{next(self.numbers)}"
        command = [*PROGRAM, "note", "git-lfs", text]
        with subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL
        ) as process:
            self._own(process)
            said, wrong = process.communicate()
        if process.returncode == 0 and said.endswith(b"\n"):
            self.acknowledged.append(text)
        elif process.returncode != -signal.SIGKILL:
            self.failures.append(f"{process.returncode} {wrong.decode()}")


class Screen(Victim):
    """Types notes into the screen; what it says it noted counts."""

    def live(self) -> None:
        terminal = Terminal()
        self._own(terminal.process)
        try:
            terminal.wait_for("Learning path")
            terminal.press("/")
            terminal.wait_for("Search titles")
            terminal.press("worktrees for parallel work")
            terminal.wait_for("1 hit ")
            terminal.press("\r")
            terminal.wait_for("Part of")
            while not self.stopping.is_set():
                text = f"{self.name}-{next(self.numbers)}"
                terminal.press("n")
                terminal.wait_for("enter keeps it")
                terminal.press(f"{text}.\r")
                terminal.wait_for("note on “")
                self.acknowledged.append(f"{text}.")
                terminal.press("VV")  # says something else
                terminal.wait_until(lambda: "note on “" not in terminal.text)
        except (AssertionError, OSError):
            if not self.stopping.is_set() and not terminal.was_killed:
                raise
        finally:
            terminal.kill()


@contextmanager
def running(victims: list[Victim]) -> Iterator[None]:
    for victim in victims:
        victim.start()
    try:
        yield
    finally:
        for victim in victims:
            victim.stop()


def idle(seconds: float) -> None:
    """Let the others run for a moment: where in their work the kill falls is chance."""
    select.select([], [], [], seconds)


def until(true: Callable[[], object], victims: list[Victim]) -> None:
    for _ in range(60_000):
        if true() or any(victim.failures for victim in victims):
            return
        idle(0.001)
    raise AssertionError([(victim.name, len(victim.acknowledged)) for victim in victims])


def sound(paths: Paths) -> None:
    with Tracker(paths) as tracker:
        assert check.problems(tracker._store) == []


def test_kills_of_three_programs_that_write_at_once_lose_nothing(
    home: Path, paths: Paths, size: Size, record_property: Callable[[str, object], None]
) -> None:
    Tracker(paths).close()
    chance = random.Random(5)
    victims: list[Victim] = [Loop("loop"), Commands("command"), Screen("screen")]
    killed = Counter[str]()
    with running(victims):
        for number in range(size.kills):
            victim = victims[number % 3]
            before = len(victim.acknowledged)
            wanted = before + chance.randint(1, 40 if isinstance(victim, Loop) else 2)
            until(partial(victim.has, wanted), victims)
            idle(chance.random() * 0.2)
            until(victim.kill, victims)
            killed[victim.name] += 1
            if number % 5 == 0:
                sound(paths)
    assert [failure for victim in victims for failure in victim.failures] == []
    assert sum(killed.values()) == size.kills

    with Tracker(paths) as tracker:
        assert check.problems(tracker._store) == []
        rows = check.journal(tracker._store)
        kept = Counter(
            row.value for row in rows if row.entity == Entity.NOTE and row.field == "text"
        )
        written = Counter(row.value for row in rows if row.field in FIELDS)
        assert {victim.name for victim in victims} == {
            text.split("-")[0] for victim in victims for text in victim.acknowledged
        }
        lost = [text for text in victims[0].acknowledged if written[text] != ITEMS * len(FIELDS)]
        lost += [t for v in victims[1:] for t in v.acknowledged if kept[t] != 1]
        assert lost == []
        # Nothing half there: each text of the loop is in all of its rows or in none.
        halves = [t for t, n in written.items() if str(t).startswith("loop-") and n != 30]
        assert halves == []
        notes = {
            note.text for id_ in ("git-worktrees", "git-lfs") for note in tracker.detail(id_).notes
        }
        assert {text for victim in victims[1:] for text in victim.acknowledged} <= notes
    record_property("writes acknowledged", sum(len(v.acknowledged) for v in victims))
    record_property("kills", sum(killed.values()))
    record_property("writes lost", len(lost))


@pytest.mark.parametrize("left", ["tracker.db-wal", "tracker.db-shm", "both"])
def test_what_a_killed_program_left_is_cleared_by_the_next(
    home: Path, paths: Paths, left: str
) -> None:
    Tracker(paths).close()
    command = [sys.executable, str(WRITER), "left", "1"]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        acknowledged = [process.stdout.readline().decode().strip() for _ in range(5)]
        process.kill()
    for name in ("tracker.db-wal", "tracker.db-shm"):
        assert (paths.data / name).exists()
    if left == "tracker.db-wal":  # the log alone is what counts; the other file is made of it
        (paths.data / "tracker.db-shm").unlink()
    elif left == "tracker.db-shm":
        # A stale index, as after a crash of the machine in the middle of making it.
        with (paths.data / "tracker.db-shm").open("r+b") as file:
            file.write(os.urandom(4096))
    with Tracker(paths) as tracker:
        written = {row.value for row in check.journal(tracker._store)}
        assert set(acknowledged) <= written
        assert check.problems(tracker._store) == []
    assert not (paths.data / "tracker.db-wal").exists()
