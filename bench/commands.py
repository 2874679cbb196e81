"""Commands as whole processes, beside what Python itself takes, and beside peers."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from pty_run import Program, measure, seconds
from table import in_turn, row, skipped

TRACKER = (sys.executable, "-m", "tracker_tui")
NOTHING = (sys.executable, "-c", "pass")
IMPORTS = (sys.executable, "-c", "import sqlite3, click")
QUERY = ("list", "section:git-workflow")
"""A listing that finds the same few items at every size."""
_MEASURED = {
    "prompt": (("prompt",), NOTHING, "python -c pass"),
    "today": (("today",), IMPORTS, "import sqlite3, click"),
    "show": (("show", "git-lfs"), IMPORTS, "import sqlite3, click"),
    "list QUERY": (QUERY, IMPORTS, "import sqlite3, click"),
}
Figures = dict[str, list[float]]


def run(runs: int, size: int, small: Figures) -> Figures:
    """Print the rows of one size; `small` are the figures at the smallest size, or empty."""
    found: Figures = {}
    for name, (words, beside, said) in _MEASURED.items():
        ours, theirs = in_turn(
            3 * runs, partial(seconds, [*TRACKER, *words]), partial(seconds, beside)
        )
        found[name] = ours
        row(f"tracker {name}, {size:,} items / {said}", ours, theirs)
        if small:
            row(f"tracker {name}, {size:,} items / with 200", ours, small[name], 2.0)
    return found


def peers(runs: int, size: int, folder: Path) -> None:
    """Print what taskwarrior takes for the same, where it is installed."""
    task = shutil.which("task")
    if task is None:
        skipped(f"taskwarrior, {size:,} tasks", "task is not installed")
        return
    home = folder / f"task-{size}"
    home.mkdir()
    config = home / "taskrc"
    config.write_text(
        f"data.location={home}\nconfirmation=off\nverbose=nothing\ngc=off\nhooks=off\n"
    )
    os.environ.update(TASKRC=str(config), TASKDATA=str(home))
    tasks = [
        {"description": f"Item {n} on queues", "project": f"section{n // 500}", "status": "pending"}
        for n in range(size)
    ]
    subprocess.run(
        [task, "import", "-"], input=json.dumps(tasks), text=True, check=True, capture_output=True
    )
    counted: Sequence[str] = (task, "project:section0", "list")
    theirs, mine = in_turn(
        max(2, runs // 2), partial(seconds, counted), partial(seconds, [*TRACKER, *QUERY]), warm=0
    )
    row(
        f"tracker list QUERY, {size:,} items / task list",
        mine,
        theirs,
        0.1 if size > 50_000 else None,
    )
    _screens(runs, size)


def _screens(runs: int, size: int) -> None:
    """First frames of peers with a screen, on an empty list: the least they take."""
    for name, marker in (("vit", "vit"), ("dooit", "NORMAL")):
        program = shutil.which(name)
        if program is None:
            skipped(f"first frame / {name}", f"{name} is not installed")
            continue
        ours = Program(TRACKER, f"of {size}")
        theirs = Program((program,), marker)
        try:
            pairs = [(measure(ours), measure(theirs)) for _ in range(max(2, runs // 2))]
        except SystemExit as error:
            skipped(f"first frame / {name}", str(error)[:60])
            continue
        row(
            f"first frame, {size:,} items / {name}, empty",
            [a.frame for a, _ in pairs],
            [b.frame for _, b in pairs],
            0.5 if name == "dooit" else None,
        )
