"""Text that means harm, and a track that is full of it: what another replica could send."""

from __future__ import annotations

import json
from pathlib import Path

from tracker_tui.domain.journal import Row, Value
from tracker_tui.exchange import dump
from tracker_tui.tracker import Tracker

TEXTS = (
    "[/foo] closes nothing",
    "[@click=app.quit]x[/]",
    "[bold red]loud[/] [link=javascript:alert(1)]l[/link]",
    "$accent {title} %s \\N{BELL} \\[b]",
    "\x1b[2J\x1b[H cleared",
    "\x1b]52;c;cm0gLXJmIH4K\x07 clipboard",
    "\x1b]8;;javascript:alert(1)\x1b\\link\x1b]8;;\x1b\\",
    "\x1bP1$tx\x1b\\ device",
    "\x9b31m\x9d52;c;x\x9c c1 controls",
    "\u202egnirts a\u202c \u2066isolate\u2069 \u200e\u200f\u061c",
    "nul \x00 and bell \x07 and \x7f",
    "tab\tand\rreturn\nand line\u2028break\x0bvt\x0cff\x85nel",
    "<script>alert(1)</script> &amp; \"'`</title>]]>",
    '=HYPERLINK("http://x") +1 @SUM -2',
    "e" + "\u0301" * 300 + " combining",
    "👩‍👩‍👧‍👦 🏳️‍🌈 👨🏽‍💻 ✊🏿 flag 🇩🇪 family",
    "\u3000wide 漢字かな 한글 ﷽ \ufeff\ufff9 zero\u200bwidth",
    "; rm -rf ~ $(reboot) `reboot` | & > /etc/passwd",
    "--help",
    "BEGIN:VEVENT\r\nSUMMARY:injected",
    "# - [x] ``` | <!-- ![i](javascript:x) [l](javascript:alert(1))",
    "word" + "x" * 900,
)
LONG = ("line of a megabyte " * 60_000)[: 2**20]
WORDS_100K = "w" * 100_000
LINKS = json.dumps(
    [
        {"title": "\x1b[31m[/b]", "url": "javascript:alert(1)"},
        {"title": "file", "url": "file:///etc/passwd"},
        {"title": "data", "url": "data:text/html,<script>alert(1)</script>"},
        {"title": "[@click=app.quit]x", "url": "https://example.org/\x1b]52;c;x\x07[/b]\"'><b>"},
    ]
)
ID = "[/id] [@click=app.quit]x"
"""The id of an entry of its own."""
_AT = "2026-11-20T08:00:00Z"


def rows() -> list[Row]:
    """Rows of a replica that means harm, about entries of the built-in track and one of its own."""
    made: list[Row] = []
    number = 0

    def say(entity: str, id_: str, field: str, value: Value) -> None:
        nonlocal number
        number += 1
        made.append(
            Row(
                "evil",
                number,
                50 + number,
                _AT,
                f"evil-{(number - 1) // 5 * 5 + 1}",
                entity,
                id_,
                field,
                value,
            )
        )

    ids = [
        *("documentation", "git-workflow", "git-workflow-unknown-unknowns", "git-lfs"),
        *("git-submodules", "git-worktrees", "gap-pre-commit-hooks", "step-git-advanced-topics"),
        *("database", "git-hooks", "pre-commit-hooks", "no-ci-cd", "step-pre-commit-hooks-setup"),
    ]
    for place, text in enumerate(TEXTS):
        id_ = ids[place % len(ids)] if place < len(ids) else f"evil-entry-{place}"
        say("action", f"evil-{number // 5 * 5 + 1}", "label", text)
        if place >= len(ids):
            say("entry", id_, "kind", "item")
            say("entry", id_, "parent", "git-workflow-unknown-unknowns")
            say("entry", id_, "position", f"a1{place}5")
            say("entry", id_, "status", "learning" if place % 2 else "learned")
        for field in ("title", "description", "impact", "action", "done_when", "first_step"):
            say("entry", id_, field, text)
        say("entry", id_, "resources", LINKS)
        note = f"note-[/{place}]"
        say("note", note, "entry", id_)
        say("note", note, "at", _AT)
        say("note", note, "text", text)
    say("entry", ID, "kind", "item")
    say("entry", ID, "parent", "git-workflow")
    say("entry", ID, "position", "a15")
    say("entry", ID, "status", "learning")
    say("entry", ID, "title", "[/x] its id means harm")
    say("entry", "no-ci-cd", "description", LONG)
    say("entry", "git-hooks", "description", WORDS_100K)
    say("day", "2026-11-24", "note", TEXTS[4])
    return made


def file(folder: Path) -> Path:
    """Write the rows as `tracker export --format json` would, and return where."""
    path = folder / "evil.json"
    path.write_text("".join(line + "\n" for line in dump.write(rows(), [])), encoding="utf-8")
    return path


def take_in(tracker: Tracker) -> None:
    tracker.take_in(rows())
