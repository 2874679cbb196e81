"""The guide has every command, option, key and setting."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from tracker_tui.cli.commands import cli
from tracker_tui.config import KEYS
from tracker_tui.tui.commands import COMMANDS

DOCS = Path(__file__).resolve().parents[1] / "docs"


def commands(group: click.Group, prefix: str = "tracker") -> Iterator[tuple[str, click.Command]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        if isinstance(command, click.Group):
            yield from commands(command, f"{prefix} {name}")
        else:
            yield f"{prefix} {name}", command


@pytest.mark.parametrize(("name", "command"), commands(cli), ids=lambda value: str(value))
def test_every_command_and_option_is_in_the_guide(name: str, command: click.Command) -> None:
    sections = (DOCS / "commands.md").read_text().split("\n### ")
    (section,) = [s for s in sections if (s.split("\n")[0] + " ").startswith(name + " ")]
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert f"`{parameter.opts[0]}`" in section


def test_every_key_and_setting_is_in_the_guide() -> None:
    text = (DOCS / "keys.md").read_text()
    assert [c.id for c in COMMANDS if f"| `{c.id}` |" not in text] == []
    assert [key for key in KEYS if f"{key} = " not in text and f"[{key}]" not in text] == []
