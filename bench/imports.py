"""How long, and in how much room, a checklist of 100,000 lines is taken in: beside its bare parse."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from itertools import count, islice
from pathlib import Path
from typing import NamedTuple

LINES = 100_000
PARSE = """
import sys
from markdown_it import MarkdownIt
MarkdownIt("commonmark").enable("table").parse(open(sys.argv[1], encoding="utf-8").read())
"""
READ = """
import sys
from tracker_tui.exchange.checklist import read
read(open(sys.argv[1], encoding="utf-8").read(), "plan")
"""
STARTED = """
import os, sys
child = os.fork()
if not child:
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    os.execvp(sys.argv[1], sys.argv[1:])
_, status, usage = os.wait4(child, 0)
print(os.waitstatus_to_exitcode(status), usage.ru_utime + usage.ru_stime, usage.ru_maxrss)
"""


class Run(NamedTuple):
    """What a process took."""

    seconds: float
    """Of the processor: a shared machine stretches the others."""
    peak: float
    """MiB."""


def document() -> Iterator[str]:
    """Return the lines of a checklist: headings, tasks with text and links, tasks within tasks."""
    yield from ("# Plan", "")
    for number in count(1):
        if number % 50 == 1:
            yield from ("", f"## Part {number // 50}", "")
        link = f"[topic {number}](https://example.org/{number})"
        yield f"- [ ] **Topic {number}**: what {link} is about and `code` why"
        if number % 7 == 0:
            yield f"  - [x] inner {number}"
        if number % 11 == 0:
            yield from ("", "  A paragraph of text below it.", "")


def process(command: list[str]) -> Run:
    """Run a command to its end."""
    # What it takes is at least what the process takes that starts it, so that is a small one.
    small = [sys.executable, "-S", "-c", STARTED, *command]
    status, seconds, peak = subprocess.check_output(small, text=True).split()
    if int(status):
        raise SystemExit(f"{command} ended with {status}")
    scale = 1 if sys.platform == "darwin" else 1024
    return Run(float(seconds), int(peak) * scale / 2**20)


def imports(tracker: list[str]) -> None:
    """Print how reading and importing compare with markdown-it-py's own parse of the same text."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["TRACKER_HOME"] = str(Path(folder) / "home")
        file = Path(folder) / "plan.md"
        with file.open("w", encoding="utf-8") as lines:
            lines.writelines(f"{line}\n" for line in islice(document(), LINES))
        size = file.stat().st_size / 2**20
        small = Path(folder) / "small.md"
        small.write_text("- [ ] one line\n", encoding="utf-8")
        bare = process([sys.executable, "-c", "import markdown_it"])
        parse = process([sys.executable, "-c", PARSE, str(file)])
        read = process([sys.executable, "-c", READ, str(file)])
        process([*tracker, "list"])  # makes the database, which takes more than what follows
        few = _of(tracker, small)
        many = _of(tracker, file)
    print(f"\n{LINES:,} lines of Markdown, {size:.1f} MiB; seconds, peak MiB, times the file")
    beside = [
        ("markdown-it-py parses it", parse, bare),
        ("a checklist is read", read, bare),
        *((name, run, few[name]) for name, run in many.items()),
    ]
    for name, run, idle in beside:
        ratio = run.seconds / parse.seconds
        room = (run.peak - idle.peak) / size
        print(f"{name:<40} {run.seconds:7.1f} {run.peak:8.0f} {room:6.1f}   ratio {ratio:5.2f}")


def _of(tracker: list[str], file: Path) -> dict[str, Run]:
    """Take a file in, and see what becomes of it."""
    taking = ["import", str(file), "--yes"]
    commands = {
        "tracker import": taking,
        "tracker import, again": taking,
        "tracker undo": ["undo"],
        "tracker redo": ["redo"],
        "tracker doctor": ["doctor"],
    }
    return {name: process([*tracker, *command]) for name, command in commands.items()}
