"""The guide has every command, option, key and setting, and nothing that is not there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from tracker_tui.__main__ import main
from tracker_tui.cli.commands import GROUPS, MODULES, cli
from tracker_tui.config import KEYS
from tracker_tui.domain.words import Horizon, Kind
from tracker_tui.exchange.lint import FIELDS, lint
from tracker_tui.exchange.seed import parse
from tracker_tui.tui.commands import COMMANDS, MOVE

DOCS = Path(__file__).resolve().parents[1] / "docs"
GUIDE = (DOCS / "commands.md").read_text()
SECTIONS = {
    title: section
    for part in GUIDE.split("\n### tracker ")[1:]
    for title, _, section in [part.split("\n## ")[0].partition("\n")]
}

WITHOUT_JSON = {
    "prompt": "a shell runs it before every prompt: one word, and nothing is imported",
    "completion": "it writes a script",
    "help": "it is for people",
}
SCREEN_ONLY = {
    "checkin.track": "leaves a screen",
    "insights.close": "leaves a screen",
    "go.back": "moves the cursor",
    "tree.open_all": "opens branches",
    "tree.close_all": "closes branches",
    "app.suspend": "leaves the screen for a while",
    "app.quit": "leaves the screen",
}


def commands(group: click.Group, prefix: str = "") -> Iterator[tuple[str, click.Command]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        full = f"{prefix}{name}"
        if isinstance(command, click.Group):
            if command.invoke_without_command:
                yield full, command
            yield from commands(command, f"{full} ")
        else:
            yield full, command


ALL = dict(commands(cli))


def options(command: click.Command) -> list[click.Option]:
    return [p for p in command.params if isinstance(p, click.Option)]


def section_of(name: str) -> tuple[str, str]:
    """Return the heading of a command in the guide, and what stands below it."""
    others = [n for n in ALL if n.startswith(f"{name} ")]
    found = [
        (title, section)
        for title, section in SECTIONS.items()
        if f"{title} ".startswith(f"{name} ")
        and not any(f"{title} ".startswith(f"{other} ") for other in others)
    ]
    assert len(found) == 1, f"docs/commands.md has {len(found)} sections of tracker {name}"
    return found[0]


@pytest.mark.parametrize("name", ALL)
def test_every_command_and_option_is_in_the_guide(name: str) -> None:
    title, section = section_of(name)
    told = set(re.findall(r"`(--?[a-z][a-z-]*)`", "\n".join(re.findall(r"^- .*", section, re.M))))
    there = {word for option in options(ALL[name]) for word in option.opts}
    assert there - told == set(), f"missing under tracker {name}"
    lines = re.findall(r"^- `(--?[a-z][a-z-]*)`", section, re.M)
    assert set(lines) - there == set(), f"tracker {name} has no such option"
    for parameter in ALL[name].params:
        if isinstance(parameter, click.Argument) and parameter.type.name != "choice":
            word = parameter.make_metavar(click.Context(ALL[name])).strip("[].")
            assert word in title, f"the heading of tracker {name} says nothing of {word}"


def test_nothing_is_in_the_guide_that_is_not_there() -> None:
    names = sorted(ALL, key=len, reverse=True)
    for title in SECTIONS:
        assert any(f"{title} ".startswith(f"{name} ") for name in names), title


@pytest.mark.parametrize("name", ALL)
def test_every_command_writes_json_or_says_why_not(name: str) -> None:
    has = any("--json" in option.opts for option in options(ALL[name]))
    assert has != (name in WITHOUT_JSON)


@pytest.mark.parametrize("name", ALL)
def test_every_command_and_option_says_what_it_does(name: str) -> None:
    assert ALL[name].help
    assert [option.name for option in options(ALL[name]) if not option.help] == []


def test_every_command_is_under_one_heading_of_the_help() -> None:
    known = sorted(name for names in MODULES.values() for name in names)
    grouped = sorted(name for names in GROUPS.values() for name in names)
    assert grouped == known, "each command of MODULES stands once in GROUPS (cli/commands.py)"


def test_every_key_has_its_command() -> None:
    part = GUIDE.split("\n## Keys and commands\n")[1]
    table = dict(re.findall(r"^\| `([a-z_.]+)` \| (.*) \|$", part, re.M))
    assert SCREEN_ONLY.keys() <= {c.id for c in COMMANDS}
    wanted = {c.id for c in COMMANDS if c.group != MOVE or c.scope == "main"} - SCREEN_ONLY.keys()
    assert wanted - table.keys() == set(), "say in docs/commands.md which command does this"
    assert table.keys() - {c.id for c in COMMANDS} == set()
    for id_, told in table.items():
        lines = re.findall(r"`tracker ([^`]*)`", told)
        assert lines, id_
        for line in lines:
            words = line.split()
            name = next(name for name in (" ".join(words[:2]), words[0]) if name in ALL)
            known = {word for option in options(ALL[name]) for word in option.opts}
            assert {word for word in words if word.startswith("-")} <= known, line


def test_the_track_that_the_guide_begins_with_is_a_good_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (DOCS / "curriculum.md").read_text()
    example = text.split("```json\n")[1].split("```")[0]
    assert lint(example) == []
    kinds = {entry.kind for entry in parse(example).entries}
    assert kinds == set(Kind)
    for words in (*Horizon, "rank", "impact", "action", "span", "steps", "children"):
        assert f"`{words}`" in text
    file = tmp_path / "our-track.json"
    file.write_text(example, "utf-8")
    monkeypatch.setenv("TRACKER_HOME", str(tmp_path / "home"))
    for line in (["init", "--seed", str(file)], ["next", "--json"], ["lint", str(file)]):
        assert main(line) == 0, capsys.readouterr().err
    assert main(["lint", "--schema"]) == 0
    written = capsys.readouterr().out
    assert written.endswith((DOCS / "seed.schema.json").read_text())
    for name in (*FIELDS, "requires", "related", "covers"):
        assert f"| `{name}` |" in text
    source = (DOCS.parent / "tracker_tui/exchange/lint.py").read_text()
    assert {*re.findall(r', "([a-z]+)", f?"', source)} <= {*re.findall(r"\| `([a-z]+)` \|", text)}


def test_every_key_and_setting_is_in_the_guide() -> None:
    text = (DOCS / "keys.md").read_text()
    assert [c.id for c in COMMANDS if f"| `{c.id}` |" not in text] == []
    assert [key for key in KEYS if f"{key} = " not in text and f"[{key}]" not in text] == []
