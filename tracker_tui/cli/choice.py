"""Which entries a command acts on: REFs, a query, or both; and asking first."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

import click

from tracker_tui.cli.base import Context, complete_query, complete_ref
from tracker_tui.cli.output import broken, columns
from tracker_tui.domain.text import plural
from tracker_tui.domain.words import Kind
from tracker_tui.errors import TrackerError, one_line

MANY = 10
"""How many entries of a query a command acts on without asking."""
EVERYTHING = f"kind:{','.join(Kind)}"
"""The query that says of every entry that it is meant."""

refs_argument = click.argument("refs", nargs=-1, metavar="[REF]...", shell_complete=complete_ref)
where_option = click.option(
    "--where",
    metavar="QUERY",
    help="Also those that a QUERY finds.",
    shell_complete=complete_query,
)
yes_option = click.option("--yes", is_flag=True, help="Do not ask, however many there are.")


def several(function: Callable[..., Any]) -> Callable[..., Any]:
    """Let a command act on several entries: REF..., or `--where QUERY`, or both; it gets `ids`."""

    @refs_argument
    @where_option
    @yes_option
    @wraps(function)
    def command(refs: Sequence[str], where: str | None, yes: bool, **given: Any) -> None:  # noqa: FBT001
        context = click.get_current_context().find_object(Context)
        assert context is not None
        ids = chosen(context, refs, where, yes=yes, json_=given.get("json_", False))
        if ids:
            function(ids=ids, **given)

    return command


def chosen(
    context: Context, refs: Sequence[str], where: str | None, *, yes: bool, json_: bool
) -> list[str]:
    """Return what a command acts on, none if there is nothing or it is not to be.

    A query that finds many asks first.
    """
    ids = found(context, refs, where)
    if not ids:
        context.did(None, json_, "nothing matches")
    elif where is not None and len(ids) > MANY and not yes:
        count = plural(len(ids), "entry", "entries")
        if not asks(f"{count}: {names(context, ids)}. Go on?", f"what changes {count}"):
            context.did(None, json_, "nothing was changed")
            return []
    return ids


def found(context: Context, refs: Sequence[str], where: str | None) -> list[str]:
    """Return the ids of REFs and of what a query finds, each once.

    A query finds categories and sections only if it says `kind:`: each stands for all that is in it.

    Raises:
        TrackerError: if the query has no terms. It would find everything, and most likely stands
            for a variable of the shell that is not set.
    """
    if not refs and where is None:
        raise click.UsageError("name a REF, or ask with --where QUERY")
    ids: dict[str, None] = dict.fromkeys(context.resolve(refs))
    if where is not None:
        from tracker_tui.domain import query

        terms = query.parse(where, context.tracker.today()).terms
        if not terms:
            raise TrackerError("the query is empty", f"{EVERYTHING} finds every entry")
        whole = any(term.field is query.Field.KIND for term in terms)
        matches = context.tracker.select(where).matches
        ids.update(dict.fromkeys(e.id for e in matches if whole or not e.is_branch))
    return list(ids)


def names(context: Context, ids: Sequence[str]) -> str:
    """Return the titles of entries for a question, at most three of them."""
    shown = [f"“{one_line(e.title)}”" for e in context.tracker.entries(ids[:3])]
    rest = len(ids) - len(shown)
    return ", ".join(shown) + (f" and {rest:,} more" if rest else "")


def asks(question: str, what: str, answer: bool | None = None) -> bool:  # noqa: FBT001 - a verdict
    """Ask before something is done, unless an option was the `answer` already.

    Args:
        question: What is asked; what a terminal would obey was taken out of it.
        what: Its name in the error, such as “deleting”.
        answer: What was said beforehand.

    Raises:
        TrackerError: if there is no terminal to ask on.
    """
    if answer is not None:
        return answer
    if not sys.stdin.isatty():
        raise TrackerError(f"{what} asks first, and there is no terminal", "add --yes")
    asked = broken(f"{question} [y/N]", columns(sys.stderr) - 2)
    return click.confirm(asked, show_default=False, err=True)
