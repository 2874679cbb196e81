"""How long, and in how much room, a checklist of 100,000 lines is taken in: beside its bare parse."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
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


class Run(NamedTuple):
    """What a process took."""

    seconds: float
    """Of the processor: a shared machine stretches the others."""
    peak: float
    """MiB."""


def document(lines: int = LINES) -> str:
    """Return a checklist of so many lines: headings, tasks with text and links, tasks within tasks."""
    found = ["# Plan", ""]
    number = 0
    while len(found) < lines:
        number += 1
        if number % 50 == 1:
            found += ["", f"## Part {number // 50}", ""]
        link = f"[topic {number}](https://example.org/{number})"
        found.append(f"- [ ] **Topic {number}**: what {link} is about and `code` why")
        if number % 7 == 0:
            found.append(f"  - [x] inner {number}")
        if number % 11 == 0:
            found += ["", "  A paragraph of text below it.", ""]
    return "\n".join(found[:lines]) + "\n"


def process(command: list[str]) -> Run:
    """Run a command to its end."""
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise SystemExit(f"{command} ended with {child.returncode}")
    scale = 1 if sys.platform == "darwin" else 1024
    return Run(usage.ru_utime + usage.ru_stime, usage.ru_maxrss * scale / 2**20)


def imports(tracker: list[str]) -> None:
    """Print how reading and importing compare with markdown-it-py's own parse of the same text."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["TRACKER_HOME"] = str(Path(folder) / "home")
        file = Path(folder) / "plan.md"
        file.write_text(document(), encoding="utf-8")
        size = file.stat().st_size / 2**20
        process([*tracker, "list"])
        bare = process([sys.executable, "-c", "import markdown_it"])
        parse = process([sys.executable, "-c", PARSE, str(file)])
        read = process([sys.executable, "-c", READ, str(file)])
        done = process([*tracker, "import", str(file), "--yes"])
        again = process([*tracker, "import", str(file), "--yes"])
    print(f"\n{LINES:,} lines of Markdown, {size:.1f} MiB; seconds, peak MiB, times the file")
    for name, run in (
        ("markdown-it-py parses it", parse),
        ("a checklist is read", read),
        ("tracker import", done),
        ("tracker import, again", again),
    ):
        ratio = run.seconds / parse.seconds
        room = (run.peak - bare.peak) / size
        print(f"{name:<40} {run.seconds:7.1f} {run.peak:8.0f} {room:6.1f}   ratio {ratio:5.2f}")
