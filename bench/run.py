"""Measures tracker at several sizes, side by side with something bare: `make bench`.

Figures are medians of one machine in one run, milliseconds where nothing else is said; trust the
ratios. `--sizes 200,10000` leaves the largest out, `--parts screen,store` measures those only,
`--runs` says how often each is measured.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from pathlib import Path

import commands
import homes
import imports
import mirror
import screen
import store
import table

PARTS = ("screen", "store", "commands", "peers", "mirror", "import")


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--sizes", default="200,10000,100000")
    parser.add_argument("--parts", default=",".join(PARTS))
    given = parser.parse_args()
    parts = given.parts.split(",")
    if unknown := set(parts) - set(PARTS):
        parser.error(f"there is no part {', '.join(sorted(unknown))}; one of {', '.join(PARTS)}")
    for name in ("PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED"):
        os.environ.pop(name, None)
    os.environ["TERM"] = "xterm-256color"
    os.environ["COLORTERM"] = "truecolor"
    if parts != ["import"]:
        with tempfile.TemporaryDirectory() as folder:
            _at_sizes(Path(folder), given.runs, [int(n) for n in given.sizes.split(",")], parts)
    if "import" in parts:
        imports.imports(list(screen.TRACKER))


def _at_sizes(folder: Path, runs: int, sizes: list[int], parts: list[str]) -> None:
    table.head()
    frames: list[float] = []
    small: commands.Figures = {}
    for size in sizes:
        made = homes.make(folder / str(size), size)
        if "screen" in parts:
            first = screen.run(runs, made, frames)
            frames = frames or first
        if "store" in parts:
            store.run(runs, made)
        if "mirror" in parts:
            mirror.run(runs, size)
        if "commands" in parts:
            found = commands.run(runs, made, small)
            small = small or found
    if "peers" in parts:
        commands.peers(runs, made, folder)


if __name__ == "__main__":
    main()
