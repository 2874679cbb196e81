"""The screen at some size: first frame, keys, large branches, memory, the end."""

from __future__ import annotations

import sys

from homes import BUILT_IN, WIDE
from pty_run import DOWN, Program, measure
from table import percentile, row

TRACKER = (sys.executable, "-m", "tracker_tui")
_BARE = """
from textual.app import App
from textual.widgets import Label, Tree
class Bare(App):
    def compose(self):
        {body}
Bare().run()
"""
_LABEL = 'yield Label("Hello bare")'
_TREE = """tree = Tree("root")
        tree.root.expand()
        for number in range(200):
            tree.root.add_leaf(f"leaf number {number}")
        yield tree"""
_BRANCH = """tree = Tree("root")
        tree.root.expand()
        branch = tree.root.add("a branch")
        for number in range(5000):
            branch.add_leaf(f"leaf number {number}")
        yield tree"""
CTRL_Q = "\x11"


def _bare(body: str) -> tuple[str, ...]:
    return (sys.executable, "-c", _BARE.format(body=body))


LABEL = Program(_bare(_LABEL), "Hello bare", quit=CTRL_Q)
TREE = Program(_bare(_TREE), "leaf number 1", keys=DOWN * 30)
BRANCH = Program(_bare(_BRANCH), "a branch", before=DOWN, keys=" ")


def run(runs: int, size: int, first: list[float]) -> list[float]:
    """Print the rows of one size; `first` are the first frames at the smallest size, or empty.

    Returns the first frames of this size.
    """
    named = f"{size:,} items"
    ours = Program(TRACKER, f"of {size}", quit="q")
    measure(ours)
    measure(LABEL)
    pairs = [(measure(ours), measure(LABEL)) for _ in range(runs)]
    frames = [a.frame for a, _ in pairs]
    row(
        f"first frame, {named} / a bare Textual app with one label",
        frames,
        [b.frame for _, b in pairs],
        1.3,
    )
    if first:
        row(f"first frame, {named} / with {BUILT_IN + 20}", frames, first, 1.1)
    row(
        f"quitting, {named} / the bare app",
        [a.end for a, _ in pairs],
        [b.end for _, b in pairs],
        0.5,
    )
    row(
        f"memory, {named} / the bare app (MiB)",
        [a.memory for a, _ in pairs],
        [b.memory for _, b in pairs],
        1.25 if size <= 1_000 else 2.4,
        unit=1 / 2**20,
    )
    # There are some sixteen lines: down, up and down again, so that each key moves.
    moves = Program(TRACKER, f"of {size}", keys="j" * 10 + "k" * 10 + "j" * 10)
    both = [(measure(moves), measure(TREE)) for _ in range(max(2, runs // 2))]
    mine = [key.first for a, _ in both for key in a.keys]
    other = [key.first for _, b in both for key in b.keys]
    for share in (0.5, 0.99):
        row(
            f"cursor key p{share * 100:.0f}, {named} / a bare Tree of 200",
            [percentile(mine, share)],
            [percentile(other, share)],
            1.0,
        )
    row(
        f"cursor key, {named}, to the settled detail",
        [key.settled for a, _ in both for key in a.keys],
        most=50.0,
    )
    if size > WIDE:
        _large(runs, size, named)
    return frames


def _large(runs: int, size: int, named: str) -> None:
    """A branch of 5,000, and an entry with 300 lines of notes in it."""
    # To the last category, into it, and on its first section, the wide one.
    to_section = "Glj"
    opened = Program(TRACKER, f"of {size}", before=to_section, keys="l")
    beside = [(measure(opened), measure(BRANCH)) for _ in range(max(2, runs // 2))]
    row(
        f"opening a branch of {WIDE:,}, {named}, settled / Textual's Tree",
        [a.keys[0].settled for a, _ in beside],
        [b.keys[0].settled for _, b in beside],
        1.0,
        most=35.0,
    )
    noted = Program(TRACKER, f"of {size}", before=to_section + "l", keys="jkjkjk")
    row(
        f"cursor key onto 300 lines of notes, {named}, settled",
        [key.settled for _ in range(2) for key in measure(noted).keys[::2]],
        most=50.0,
    )
    learned = Program(TRACKER, f"of {size}", before=to_section + "lj", keys="dudu")
    row(
        f"learned and undo with {WIDE:,} open, {named}, settled",
        [key.settled for _ in range(2) for key in measure(learned).keys],
        most=35.0,
    )
