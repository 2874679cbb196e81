"""Who waits for the thread that reads the keyboard."""

from __future__ import annotations

import asyncio
import os
import pty
from threading import Event
from typing import Any, cast

import pytest
from textual.drivers._writer_thread import MAX_QUEUED_WRITES, WriterThread
from textual.events import Key

from tracker_tui.tui.driver import QuickDriver


class Thread:
    """A thread that counts how often it is waited for."""

    joined = 0

    def join(self) -> None:
        self.joined += 1


@pytest.fixture
def driver(monkeypatch: pytest.MonkeyPatch) -> QuickDriver:
    """A driver without a terminal."""
    made = QuickDriver.__new__(QuickDriver)
    made.exit_event = Event()
    made.fileno = -1
    made._key_thread = cast("Any", Thread())
    monkeypatch.setattr(QuickDriver, "_disable_mouse_support", lambda _: None)
    return made


def test_an_editor_gets_the_terminal_when_nobody_else_reads_it(driver: QuickDriver) -> None:
    thread = cast("Thread", driver._key_thread)

    driver.disable_input()

    assert thread.joined == 1
    assert not driver.exit_event.is_set(), "ready to begin again"


def test_the_end_does_not_wait_for_a_key(driver: QuickDriver) -> None:
    thread = cast("Thread", driver._key_thread)

    driver.leave()
    driver.disable_input()

    assert thread.joined == 0
    assert driver.exit_event.is_set(), "it ends when it looks up"


def test_a_terminal_that_is_gone_blocks_nobody(driver: QuickDriver) -> None:
    writer = WriterThread(open(os.devnull, "w"))  # noqa: SIM115, PTH123 - it is never written to
    for _ in range(MAX_QUEUED_WRITES):
        writer.write("more than it can take")
    driver._writer_thread = writer  # not started, as one that has ended

    driver.write("dropped")
    driver.close()

    assert driver.is_gone
    assert writer._queue.qsize() == MAX_QUEUED_WRITES
    writer._file.close()


def test_a_terminal_is_gone_when_its_other_end_is(driver: QuickDriver) -> None:
    driver._writer_thread = None
    driver.input_tty = True
    other, driver.fileno = pty.openpty()
    assert not driver.is_gone

    os.close(other)

    assert driver.is_gone
    os.close(driver.fileno)


def test_what_is_typed_after_the_end_is_dropped(
    driver: QuickDriver, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[object] = []
    monkeypatch.setattr(
        "textual.drivers.linux_driver.LinuxDriver.process_message",
        lambda _, message: heard.append(message),
    )

    driver.process_message(Key("a", "a"))
    driver.leave()
    driver.process_message(Key("b", "b"))

    assert len(heard) == 1


async def test_it_is_stopped_between_two_things_and_not_amid_one(
    driver: QuickDriver, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    for name in ("_sigtstp_application", "_sigcont_application"):
        monkeypatch.setattr(
            f"textual.drivers.linux_driver.LinuxDriver.{name}",
            lambda *_, name=name: done.append(name),
        )
    driver._loop = asyncio.get_running_loop()
    driver._auto_restart = True

    driver._sigtstp_application()
    assert done == []
    await asyncio.sleep(0)
    assert done == ["_sigtstp_application"]

    driver._must_signal_resume = True  # as it is when it was stopped
    driver._sigcont_application()
    assert done[1:] == ["_sigcont_application"]

    with driver.no_automatic_restart():  # while an editor has the terminal
        driver._sigtstp_application()
        assert done[2:] == ["_sigtstp_application"]
