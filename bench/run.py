"""Measures tracker through a pty, side by side with something bare: `make bench`.

Figures are medians in milliseconds of one machine in one run; trust the ratios.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from imports import imports
from pty_run import Measured, measure, seconds

from tracker_tui.domain.track import Place
from tracker_tui.domain.words import Kind
from tracker_tui.paths import find
from tracker_tui.tracker import Tracker

LABEL = """
from textual.app import App
from textual.widgets import Label
class Bare(App):
    def compose(self):
        yield Label("Hello bare")
Bare().run()
"""
TREE = """
from textual.app import App
from textual.widgets import Tree
class Bare(App):
    def compose(self):
        tree = Tree("root")
        tree.root.expand()
        for number in range(200):
            tree.root.add_leaf(f"leaf number {number}")
        yield tree
Bare().run()
"""
TRACKER = [sys.executable, "-m", "tracker_tui"]


def fill(items: int) -> None:
    """Make a fresh track, with `items` more in two sections; leave every branch open."""
    with Tracker(find()) as tracker:
        if not items:
            return
        for section in ("git-workflow-unknown-unknowns", "testing-unknown-unknowns"):
            titles = [f"Item number {n}" for n in range(items // 2)]
            tracker.add_many(titles, Kind.ITEM, Place(section))
        branches = [e.id for e in tracker.select("").matches if e.children]
        tracker.remember("screen", {"opened": ["@today", *branches], "cursor": None})


def pairs(
    runs: int, ours: tuple[list[str], str, str], theirs: tuple[list[str], str, str]
) -> tuple[list[Measured], list[Measured]]:
    """Run two programs in turn, A B A B; each is a command, a marker and the keys to press."""
    a, b = [], []
    for _ in range(runs):
        a.append(measure(*ours))
        b.append(measure(*theirs))
    return a, b


def row(name: str, ours: Sequence[float], theirs: Sequence[float]) -> None:
    """Print one line: the medians and the median of the ratios pair by pair."""
    ratio = statistics.median(a / b for a, b in zip(ours, theirs, strict=True))
    one, other = statistics.median(ours) * 1000, statistics.median(theirs) * 1000
    print(f"{name:<60} {one:8.1f} {other:8.1f} {ratio:7.2f}", flush=True)


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value below which a share of the values lies."""
    return sorted(values)[min(len(values) - 1, round(share * (len(values) - 1)))]


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=7)
    runs = parser.parse_args().runs
    for name in ("PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED"):
        os.environ.pop(name, None)
    os.environ["TERM"] = "xterm-256color"
    bare = ([sys.executable, "-c", LABEL], "Hello bare", "")
    tree = ([sys.executable, "-c", TREE], "leaf number 1", "\x1b[B" * 20)
    print(f"{'':<60} {'tracker':>8} {'bare':>8} {'ratio':>7}")
    with tempfile.TemporaryDirectory() as folder:
        for items in (0, 10_000):
            os.environ["TRACKER_HOME"] = str(Path(folder) / str(items))
            fill(items)
            size = 180 + items
            ours = (TRACKER, "of " + str(size), "j" * 20)
            measure(*ours)
            a, b = pairs(runs, (*ours[:2], ""), bare)
            row(
                f"first frame, {size:,} items / a bare label",
                [m.frame for m in a],
                [m.frame for m in b],
            )
            a, b = pairs(runs, ours, tree)
            mine, other = [k for m in a for k in m.keys], [k for m in b for k in m.keys]
            for share in (0.5, 0.99):
                row(
                    f"cursor key p{share * 100:.0f}, {size:,} items / a bare Tree of 200",
                    [percentile(mine, share)],
                    [percentile(other, share)],
                )
            a, b = pairs(runs, ([*TRACKER, "checkin"], "of 5", ""), (*ours[:2], ""))
            row(
                f"first frame of tracker checkin, {size:,} items / of tracker",
                [m.frame for m in a],
                [m.frame for m in b],
            )
            commands(runs, size)
    imports(TRACKER)


def commands(runs: int, size: int) -> None:
    """Measure commands as whole processes."""
    nothing = [sys.executable, "-c", "pass"]
    imports = [sys.executable, "-c", "import sqlite3, click"]
    for name, beside, floor in (
        ("prompt", nothing, "python -c pass"),
        ("today", imports, "import sqlite3, click"),
        ("list", imports, "import sqlite3, click"),
    ):
        if name == "list" and size > 1_000:
            continue
        ours, theirs = [], []
        for _ in range(3 * runs):
            ours.append(seconds([*TRACKER, name]))
            theirs.append(seconds(beside))
        row(f"tracker {name}, {size:,} items / {floor}", ours, theirs)


if __name__ == "__main__":
    main()
