"""A Markdown file with one changed line brought in step: beside reading and writing the file alone."""

from __future__ import annotations

import os
import sys
import tempfile
from functools import partial
from itertools import count
from pathlib import Path

from pty_run import seconds
from table import in_turn, row

TRACKER = (sys.executable, "-m", "tracker_tui")
COPY = "import sys, os; p = sys.argv[1]; b = open(p, 'rb').read(); open(p + '~', 'wb').write(b)"


def document(items: int) -> str:
    """Return a checklist of so many items, fifty under a heading."""
    found = ["# Plan", ""]
    for number in range(items):
        if number % 50 == 0:
            found += ["", f"## Part {number // 50}", ""]
        found.append(f"- [ ] **Topic {number}**: what it is about and `code` why")
    return "\n".join(found) + "\n"


def run(runs: int, items: int) -> None:
    """Print what a line ticked in the file and an item learned in the track take."""
    with tempfile.TemporaryDirectory() as folder:
        before = os.environ.get("TRACKER_HOME")
        os.environ["TRACKER_HOME"] = str(Path(folder) / "home")
        file = Path(folder) / "plan.md"
        file.write_text(document(items))
        seconds([*TRACKER, "init", "--empty"])
        seconds([*TRACKER, "mirror", "add", str(file), "--yes"])
        numbers = count(items // 2)

        def ticked() -> float:
            number = next(numbers)
            text = file.read_text()
            file.write_text(text.replace(f"- [ ] **Topic {number}**", f"- [x] **Topic {number}**"))
            return seconds([*TRACKER, "mirror"])

        def learned() -> float:
            seconds([*TRACKER, "learned", f"topic-{next(numbers)}-"])
            return seconds([*TRACKER, "mirror"])

        copied = partial(seconds, [sys.executable, "-c", COPY, str(file)])
        for name, ours in (("one line ticked", ticked), ("one item learned", learned)):
            mine, theirs = in_turn(runs, ours, copied)
            row(f"tracker mirror, {name}, {items:,} items / copying the file", mine, theirs)
        if before is None:
            del os.environ["TRACKER_HOME"]
        else:
            os.environ["TRACKER_HOME"] = before
