"""The rows of a file are the same for ever: two programs that read one file must not disagree."""

from __future__ import annotations

import hashlib
import json

from tests.seeds import item, made


def test_the_rows_of_a_version_never_change() -> None:
    """Where this fails, every database that holds a track from a file would say the file changed.

    Something new in the format makes rows only for the files that have it.
    """
    one = made(
        3,
        {"s": [item("a", description="words", done_when="when", horizon="short"), "b"]},
        {"g": ["b", "a"]},
        ["p"],
    )
    rows = [list(row) for row in one.rows()]
    assert rows[0] == [
        "seed:team",
        3_000_000_001,
        0,
        "2026-01-03T12:00:00Z",
        "seed:team-team-3",
        "action",
        "seed:team-team-3",
        "label",
        "the track “Team track”",
    ]
    text = json.dumps(rows, ensure_ascii=True)
    assert hashlib.sha256(text.encode()).hexdigest() == (
        "bb2d490e33f4c02f65fbc0dc74d46510197b9c126fcf8860a153b90cb0854410"
    )
