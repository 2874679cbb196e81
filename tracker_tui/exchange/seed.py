"""A seed: a track as one JSON file (`docs/seed.schema.json`), and the journal rows it makes.

A seed is a replica: its rows carry lamport 0, its version and its date, so two databases made from
one file hold the very same rows, and a newer version replaces only what the user has not touched
(`domain/seeds.py`). That is why the rows of a file must stay what they are in every later version of
the program: something new in the format makes rows only for the files that have it.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from tracker_tui import files
from tracker_tui.errors import TrackerError
from tracker_tui.exchange.seed_reader import SeedReader
from tracker_tui.exchange.seed_rows import Seed

__all__ = [
    "SIZE_MAX",
    "Seed",
    "built_in",
    "content_of",
    "head_version",
    "load",
    "parse",
    "read",
    "schema",
]

SIZE_MAX = files.TEXT_MAX


def built_in() -> Path:
    """Return where the built-in track is: in the wheel, or in the checkout."""
    package = Path(__file__).resolve().parents[1]
    carried = package / "assets" / "seed.json"
    return carried if carried.exists() else package.parent / "assets" / "seed.json"


def schema() -> Path:
    """Return where the JSON Schema of seeds is: in the wheel, or in the checkout."""
    package = Path(__file__).resolve().parents[1]
    carried = package / "assets" / "seed.schema.json"
    return carried if carried.exists() else package.parent / "docs" / "seed.schema.json"


_HEAD = 4_096
_HEAD_VERSION = re.compile(r'"version"\s*:\s*(\d{1,7})\b')


def head_version(path: Path) -> int:
    """Return the version of a seed file from its beginning, without reading it all; 0 if not there."""
    with path.open(encoding="utf-8", errors="replace") as file:
        found = _HEAD_VERSION.search(file.read(_HEAD))
    return int(found[1]) if found else 0


def read(path: Path) -> Seed:
    """Read a seed file.

    Raises:
        TrackerError: if it cannot be read or is no sound seed; it says where.
    """
    return parse(content_of(path), str(path))


def content_of(path: Path) -> str:
    """Return the text of a seed file.

    Raises:
        TrackerError: if it cannot be read.
    """
    return files.read_text(str(path), SIZE_MAX)


def parse(content: str, name: str = "the seed") -> Seed:
    """Parse the text of a seed file; `name` is what errors call it.

    Raises:
        TrackerError: if it is no sound seed.
    """
    return SeedReader(name).seed(load(content, name))


def load(content: str, name: str) -> Any:
    """Return the JSON of a seed file's text.

    Raises:
        TrackerError: if it is none, or cannot be read.
    """
    try:
        return json.loads(content, object_pairs_hook=_object)
    except json.JSONDecodeError as error:
        raise TrackerError(
            f"{name} is no JSON: {error.msg} in line {error.lineno}, column {error.colno}"
        ) from error
    except ValueError as error:  # a number of 5,000 digits, or a key that is there twice
        raise TrackerError(f"{name} is no JSON that can be read: {error}") from error
    except RecursionError as error:
        raise TrackerError(f"{name} is nested too deep") from error


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    data = dict(pairs)
    if len(data) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise ValueError(f"“{twice}” is there twice in one object")
    return data
