"""Hostile text into every reader, out of every command and into every export; and no shell sees it."""

from __future__ import annotations

import csv
import io
import json
import re
import sys
from collections.abc import Callable
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from tests.faults import hostile
from tests.processes import is_one_line, run
from tracker_tui import __main__, config, editor
from tracker_tui.domain import dates, query
from tracker_tui.errors import TrackerError
from tracker_tui.exchange import checklist, dump, seed, sheet, table
from tracker_tui.exchange.mirror import lines as mirror_lines
from tracker_tui.paths import Paths
from tracker_tui.store import check
from tracker_tui.tracker import Tracker
from tracker_tui.tui.links import open_address

pytestmark = pytest.mark.unmeasured

TODAY = date(2026, 11, 24)
ROOT = Path(__file__).resolve().parents[2]
SCALAR = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
JSON = st.recursive(
    SCALAR,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4)
    ),
    max_leaves=12,
)
PIECES = st.lists(
    st.sampled_from(
        [
            *hostile.TEXTS,
            *(
                "\n",
                "\t",
                "  ",
                "- [ ] ",
                "- [x] ",
                "# ",
                "## 1. ",
                "```\n",
                "---\n",
                "| a | b |\n|---|---|\n",
            ),
            *(
                "[keymap]\n",
                'theme = "',
                "daily_limit = ",
                "=",
                '"',
                "'",
                "{",
                "}",
                "[",
                "]",
                ",",
                ";",
            ),
            *(
                "status:",
                "horizon:",
                "due:<",
                "-is:",
                "OR ",
                "(",
                ")",
                "tomorrow",
                "in 3 weeks",
                "-",
                "2026-",
                "99",
            ),
            *(
                "title,status\n",
                "Title: ",
                "Status: ",
                "## Notes\n",
                "\ud800",
                "\x00",
                "\ufeff",
                "1e999",
                "9" * 5_000,
            ),
        ]
    )
    | st.text(max_size=30),
    max_size=25,
).map("".join)
READERS: dict[str, Callable[[str], object]] = {
    "config": config.parse,
    "query": lambda text: query.parse(text, TODAY),
    "date": lambda text: dates.parse_when(text, TODAY),
    "day": lambda text: dates.parse_day(text, TODAY),
    "checklist": lambda text: checklist.read(text, "x.md"),
    "mirror": lambda text: mirror_lines.read(text, "x.md"),
    "table": lambda text: table.read(text, "x.csv"),
    "seed": seed.parse,
    "dump": lambda text: dump.read(text, "x.json"),
    "link": sheet.link,
    "note": sheet.read_note,
}
HARMFUL = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\u2028\u2029]"
)
COLOUR = re.compile(r"\x1b\[[0-9;]*m")


def one_line_or_none(read: Callable[[str], object], text: str) -> None:
    try:
        read(text)
    except TrackerError as error:
        assert str(error).isprintable()
        assert str(error)


@pytest.mark.parametrize("name", READERS)
@settings(max_examples=150)
@given(text=PIECES)
def test_a_reader_takes_any_text_or_says_in_one_line_what_is_wrong(name: str, text: str) -> None:
    one_line_or_none(READERS[name], text)


@pytest.mark.parametrize("name", ["seed", "dump"])
@settings(max_examples=150)
@given(value=JSON, inner=JSON)
def test_a_reader_of_json_takes_any_value(name: str, value: Any, inner: Any) -> None:
    whole: dict[str, Any] = {
        "seed": {"schema": 1, "version": 1, "title": "x", "categories": [value], "critical": inner},
        "dump": {"format": dump.FORMAT, "version": dump.VERSION, "journal": [value, inner]},
    }[name]
    for given_ in (value, whole, {**whole, "journal": [[inner] * 9]}):
        one_line_or_none(READERS[name], json.dumps(given_))


@pytest.mark.parametrize("name", READERS)
@pytest.mark.parametrize(
    "text", [hostile.LONG, hostile.WORDS_100K, "[" * 100_000, "- " * 20_000, "(" * 5_000]
)
def test_a_reader_takes_what_is_very_long(name: str, text: str) -> None:
    one_line_or_none(READERS[name], text)


def test_a_sheet_of_a_hostile_entry_comes_back_as_it_was(tracker: Tracker) -> None:
    hostile.take_in(tracker)
    for id_ in ("git-lfs", "git-workflow", hostile.ID, "gap-pre-commit-hooks"):
        detail = tracker.detail(id_)
        one_line_or_none(lambda text, d=detail: sheet.read(text, d, TODAY), sheet.write(detail))  # type: ignore[misc]


# Out of every command


@pytest.fixture
def evil(home: Path, paths: Paths, tmp_path: Path) -> Paths:
    """A home of the built-in track into which a hostile dump was imported, as a user would."""
    assert run("learning", "runbooks").returncode == 0
    done = run("import", str(hostile.file(tmp_path)), "--yes")
    assert done.returncode == 0, done.stderr
    assert HARMFUL.search(done.stdout) is None
    return paths


COMMANDS = [
    *(["list"], ["list", "--json"], ["list", "all"], ["show", "git-lfs"], ["show", "git-workflow"]),
    *(
        ["show", "git-lfs", "--json"],
        ["search", "foo"],
        ["search", "clipboard", "--json"],
        ["history"],
    ),
    *(
        ["history", "--json"],
        ["history", "git-lfs"],
        ["today"],
        ["today", "--json"],
        ["stats"],
        ["where"],
    ),
    *(
        ["next"],
        ["lint"],
        ["reviews"],
        ["doctor"],
        ["backup", "list"],
        ["config", "show"],
        ["prompt"],
    ),
    *(
        ["remind"],
        ["learned", "git-lfs"],
        ["note", "git-lfs", hostile.TEXTS[5]],
        ["snooze", "git-lfs", "3d"],
    ),
    *(
        ["move", "git-lfs", "--down"],
        ["needs", "git-lfs", "git-hooks"],
        ["undo"],
        ["redo"],
        ["delete", "git-lfs"],
    ),
    *(
        ["list", hostile.TEXTS[3]],
        ["show", hostile.TEXTS[4]],
        ["search", hostile.TEXTS[5]],
        [hostile.TEXTS[4]],
    ),
    *(["snooze", "git-lfs", hostile.TEXTS[4]], ["import", hostile.TEXTS[4].replace("/", "")]),
    *(
        ["export", "-o", "/nowhere/" + hostile.TEXTS[4]],
        ["--" + hostile.TEXTS[5]],
        ["add", hostile.TEXTS[4]],
    ),
    *(
        ["checkin", "--plain"],
        ["seed", "status"],
        ["mirror", "status"],
        ["pause", hostile.TEXTS[3]],
    ),
]


def test_no_command_says_anything_that_a_terminal_obeys(
    evil: Paths, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("p\np\np\nq\n"))
    for words in COMMANDS:
        code = __main__.main([word.replace("\x00", "") for word in words])
        out, err = capsys.readouterr()
        what = f"{words}: {out[-300:]!r} {err!r}"
        assert HARMFUL.search(out) is None, f"{HARMFUL.search(out)} {what}"
        assert err == "" or is_one_line(err.splitlines(keepends=True)[-1]), what
        assert HARMFUL.search(err) is None, what
        assert "unexpected" not in err, what
        assert code in (0, 1, 2), what
    assert not evil.log_file.exists()


def test_every_export_is_well_formed(evil: Paths, tmp_path: Path) -> None:
    texts = {}
    for form in ("md", "json", "jsonl", "csv", "html", "ics"):
        done = run("export", "--format", form)
        assert done.returncode == 0, done.stderr
        kept = done.stdout.replace("\r\n", "\n").replace("\t", " ")  # a tab is text
        assert HARMFUL.search(kept) is None, form
        texts[form] = done.stdout
    json.loads(texts["json"])
    assert all(json.loads(line) for line in texts["jsonl"].splitlines())
    before = csv.field_size_limit(2**24)
    try:
        rows = list(csv.reader(io.StringIO(texts["csv"])))
    finally:
        csv.field_size_limit(before)
    assert len({len(row) for row in rows}) == 1
    assert not any(cell[:1] in "=+@" for row in rows for cell in row if cell)
    assert Calendar.from_ical(texts["ics"]) is not None
    page = Page()
    page.feed(texts["html"])
    page.close()
    assert page.bad == []
    assert checklist.read(texts["md"], "x.md")


class Page(HTMLParser):
    """Tells what a page has that could do something."""

    def __init__(self) -> None:
        super().__init__()
        self.bad: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("script", "iframe", "img", "object"):
            self.bad.append(tag)
        for name, value in attrs:
            if name.startswith("on") or (
                name in ("href", "src") and not str(value).startswith(("http://", "https://", "#"))
            ):
                self.bad.append(f"{name}={value}")


@pytest.mark.parametrize("field", ["replica", "action", "entity", "id", "field"])
@pytest.mark.parametrize("harm", ["\x1b]52;c;x\x07", "\x9b", "\u202e", "two\nlines", "\x00"])
def test_an_id_that_a_terminal_would_obey_is_refused(
    tracker: Tracker, field: str, harm: str
) -> None:
    row = hostile.rows()[-1]._replace(**{field: f"evil-{harm}"})  # type: ignore[arg-type]
    with pytest.raises(TrackerError, match="is no text") as caught:
        tracker.take_in([row])
    assert str(caught.value).isprintable()


def test_another_replica_full_of_harm_leaves_the_track_sound(evil: Paths) -> None:
    with Tracker(evil) as tracker:
        assert check.problems(tracker._store) == []


# Names of files


@pytest.mark.parametrize(
    "name", ["[b]x[/b]", "two\nlines", "\x1b]52;c;x\x07", "\u202egnp", "a b'\"$(x);&", "%s{0}"]
)
def test_a_home_of_any_name_works_and_is_named_harmlessly(tmp_path: Path, name: str) -> None:
    home = tmp_path / name
    environment = {"TRACKER_HOME": str(home)}
    assert run("learned", "git-lfs", environment=environment).returncode == 0
    where = run("where", environment=environment)
    assert where.returncode == 0
    assert HARMFUL.search(where.stdout) is None
    (home / "config.toml").write_text("nonsense = 1\n")
    assert is_one_line(run("list", environment=environment).stderr)
    (home / "config.toml").unlink()
    (home / "tracker.db").write_bytes(b"no database at all" * 100)
    done = run("list", environment=environment)
    assert done.returncode == 1
    assert HARMFUL.search(done.stderr) is None
    assert "Traceback" not in done.stderr


# No shell, no other links


def test_no_shell_is_ever_given_anything() -> None:
    sources = {path: path.read_text() for path in (ROOT / "tracker_tui").rglob("*.py")}
    assert len(sources) > 50
    for forbidden in ("shell=True", "os.system", "os.popen", "getoutput", "eval(", "exec("):
        assert [
            str(p)
            for p, text in sources.items()
            if forbidden in re.sub(r"executemany|\.exec", "", text)
        ] == []


def test_an_editor_gets_a_hostile_title_as_text_in_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = tmp_path / "editor.py"
    script.write_text(
        "import sys, pathlib; assert len(sys.argv) == 2; pathlib.Path(sys.argv[1]).write_text('x')"
    )
    monkeypatch.setenv("VISUAL", f"{sys.executable} {script}")
    seen: list[list[str]] = []

    def run_it(command: Any) -> int:
        import subprocess

        seen.append(list(command))
        return subprocess.run(command, check=False).returncode

    text = "Title: ; touch /tmp/owned; $(touch /tmp/owned) `touch /tmp/owned`\n"
    assert editor.edit(text, run_it) == "x"
    assert len(seen[0]) == 3
    assert "owned" not in " ".join(seen[0])
    assert not Path("/tmp/owned").exists()


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "file:///etc/passwd",
        "data:text/html,x",
        "ftp://x",
        " https://x",
        "-https://x",
        "HTTPS:x",
    ],
)
def test_only_http_links_are_opened(url: str) -> None:
    opened: list[str] = []
    said: list[str] = []

    def browse(address: str) -> bool:
        opened.append(address)
        return True

    open_address(None, url, browse, lambda text, **_: said.append(text))  # type: ignore[arg-type]
    assert opened == []
    assert said == ["only http and https links are opened"]
