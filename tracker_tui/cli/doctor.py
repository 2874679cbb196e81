"""The command that looks whether everything is as it should be."""

from __future__ import annotations

import textwrap
from dataclasses import asdict

import click

from tracker_tui.cli.backup import holds, saved
from tracker_tui.cli.base import Context, as_json_option, pass_context
from tracker_tui.cli.output import tell
from tracker_tui.cli.progress import Progress
from tracker_tui.domain.text import plural, shown
from tracker_tui.errors import TrackerError
from tracker_tui.tracker.doctor import Doctor
from tracker_tui.tracker.finding import Finding

ROUNDS = 5
"""How often `--fix` looks again for what mending brought to light."""
LEFT = 1
"""The exit code when something is not as it should be."""
SIGNS = {"unicode": ("✓", "!"), "ascii": ("+", "!")}
"""For what is sound and for what is not."""
_INDENT = 15


@click.command()
@click.option("--fix", is_flag=True, help="Mend what can be, after a backup.")
@as_json_option
@pass_context
def doctor(context: Context, fix: bool, json_: bool) -> int:  # noqa: FBT001
    """Look whether everything is as it should be; exit code 1 if something is not."""
    it = Doctor(context.paths, context.config)
    tried: list[Finding] = []
    backup = None
    unmended: TrackerError | None = None
    with Progress("looking at everything") as progress:
        found = it.look()
        if fix:
            try:
                for _ in range(ROUNDS):
                    ill = [f for f in found if f.mend is not None and f not in tried]
                    if not ill:
                        break
                    progress.stage("mending")
                    backup = it.fix(ill, backup)
                    tried += ill
                    progress.stage("looking again")
                    found = it.look()
            except TrackerError as error:
                unmended = error
                found = it.look()
    fixed = [finding for finding in tried if finding not in found]
    if unmended is not None:
        tell(f"tracker: {unmended}")
    ill = [finding for finding in found if not finding.sound]
    if json_:
        context.json(
            {
                "sound": not ill,
                "findings": [_json(finding) for finding in found],
                "fixed": [finding.check for finding in fixed],
                "backup": str(backup) if backup else None,
                "kept": [str(path) for path in it.kept],
                "rows": len(it.saved.rows) if it.saved else None,
            }
        )
        return LEFT if ill else 0
    done = [f"fixed: {finding.check}: {shown(finding.says)}" for finding in fixed]
    done += _kept(it)
    if backup is not None:
        done.append(f"what was there before comes back with: tracker restore {backup.name}")
    for line in [*done, ""] if done else []:
        context.out.line(line)
    for finding in found:
        _tell(context, finding)
    context.out.line()
    context.out.line(_verdict(ill, tried))
    return LEFT if ill else 0


def _kept(it: Doctor) -> list[str]:
    """What was saved of a damaged database, and where what was there before is kept."""
    lines = saved(it.saved) if it.saved else []
    if it.holds is not None:
        lines.append(f"saved: {holds(it.holds)}")
    return [*lines, *(f"kept as it was: {path}" for path in it.kept)]


def _json(finding: Finding) -> dict[str, object]:
    told = asdict(finding)
    told["fixable"] = told.pop("mend") is not None
    return told


def _tell(context: Context, finding: Finding) -> None:
    out = context.out
    sound, ill = SIGNS[context.config.glyphs]
    sign = out.styled(sound, "learned") if finding.sound else out.styled(ill, "match")
    first, *rest = _wrapped(shown(finding.says), out.width)
    out.line(f"{sign} {finding.check:<{_INDENT - 2}}{first}")
    for line in rest:
        out.line(" " * _INDENT + line)
    what = "--fix" if finding.mend is not None else "to do"
    for label, text in (("means", finding.means), (what, finding.fix)):
        for number, line in enumerate(_wrapped(text, out.width - 7) if text else ()):
            head = f"{label + ':':<7}" if number == 0 else " " * 7
            out.line(" " * _INDENT + out.styled(head, "faint") + line)


def _wrapped(text: str, width: int) -> list[str]:
    return textwrap.wrap(text, max(20, width - _INDENT), break_on_hyphens=False) or [""]


def _verdict(ill: list[Finding], tried: list[Finding]) -> str:
    if not ill:
        return "everything is as it should be"
    mendable = sum(finding.mend is not None and finding not in tried for finding in ill)
    rest = "; tracker doctor --fix mends "
    if not mendable:
        return plural(len(ill), "finding")
    many = "it" if len(ill) == 1 else "them" if mendable == len(ill) else f"{mendable} of them"
    return plural(len(ill), "finding") + rest + many


COMMANDS = {"doctor": doctor}
"""The names of the commands here."""
