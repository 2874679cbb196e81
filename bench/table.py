"""The table that the benchmarks print: one row a figure, beside what it was measured with."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value below which a share of the values lies."""
    return sorted(values)[min(len(values) - 1, round(share * (len(values) - 1)))]


def head() -> None:
    """Print the head of the table."""
    print("| | tracker | beside it | ratio | goal | |\n| --- | ---: | ---: | ---: | ---: | --- |")


def row(
    name: str,
    ours: Sequence[float],
    theirs: Sequence[float] = (),
    goal: float | None = None,
    *,
    most: float | None = None,
    unit: float = 1000.0,
) -> None:
    """Print one row: the medians, the median of the ratios pair by pair, and whether they do.

    Args:
        name: What is measured / beside what.
        ours: Seconds, or bytes with another `unit`.
        theirs: The same of what was run in turn with it; empty if there is nothing.
        goal: The highest ratio that is meant; None if none is.
        most: The highest figure of ours that is meant, in the unit that is printed.
        unit: What a value is multiplied by: 1000 for milliseconds.
    """
    one = statistics.median(ours) * unit
    cells = [name, _figure(one)]
    held = None
    if theirs:
        ratio = statistics.median(a / b for a, b in zip(ours, theirs, strict=False))
        cells += [_figure(statistics.median(theirs) * unit), f"{ratio:.2f}"]
        if goal is not None:
            held = ratio <= goal
            cells.append(f"≤ {goal:g}")
    else:
        cells += ["", ""]
    if most is not None:
        held = one <= most if held is None else held and one <= most
        cells.append(f"≤ {most:g} ms")
    cells += [""] * (5 - len(cells))
    cells.append("" if held is None else "yes" if held else "**no**")
    print("| " + " | ".join(cells) + " |", flush=True)


def skipped(name: str, why: str) -> None:
    """Print that something was not measured."""
    print(f"| {name} | | | | | skipped: {why} |", flush=True)


def _figure(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 1 else f"{value:.3f}"


def in_turn(runs: int, *what: Callable[[], float], warm: int = 1) -> tuple[list[float], ...]:
    """Run things in turn, A B A B; return the figures of each."""
    for _ in range(warm):
        for thing in what:
            thing()
    figures: tuple[list[float], ...] = tuple([] for _ in what)
    for _ in range(runs):
        for thing, kept in zip(what, figures, strict=True):
            kept.append(thing())
    return figures
