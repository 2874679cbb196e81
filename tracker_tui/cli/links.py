"""Commands that take something out of an entry: its links to the browser, itself as Markdown."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import click

from tracker_tui.cli.base import Context, as_json_option, pass_context, ref_argument
from tracker_tui.cli.choice import found, refs_argument, where_option
from tracker_tui.domain.text import harmless, shown
from tracker_tui.domain.track import Resource
from tracker_tui.errors import TrackerError


@click.command("open")
@ref_argument
@click.argument("number", type=click.IntRange(1), required=False)
@click.option("--print", "printed", is_flag=True, help="Write the address instead of opening it.")
@click.option("--list", "listed", is_flag=True, help="List its links, with their numbers.")
@as_json_option
@pass_context
def open_(
    context: Context,
    ref: str,
    number: int | None,
    printed: bool,  # noqa: FBT001
    listed: bool,  # noqa: FBT001
    json_: bool,  # noqa: FBT001
) -> None:
    """Open a link of an entry in the browser; of several the NUMBER says which."""
    links = context.tracker.links(context.tracker.resolve(ref))
    if json_ and listed:
        context.json([link._asdict() for link in links])
        return
    if listed:
        _list(context, links)
        return
    if not links:
        raise TrackerError("it has no link", "tracker edit REF --link URL adds one")
    link = _chosen(context, links, number)
    if not link.url.lower().startswith(("http://", "https://")):
        raise TrackerError(
            f"link {links.index(link) + 1} is no http or https address: it is not opened",
            "--list shows it",
        )
    opened = not printed and _browse(link.url)
    if json_:
        context.json({**link._asdict(), "opened": opened})
    else:
        context.out.line(shown(link.url))


def _list(context: Context, links: Sequence[Resource]) -> None:
    for place, link in enumerate(links, 1):
        context.out.line(f"{place:>2}  {shown(link.title)}")
        context.out.line(f"    {context.out.styled(shown(link.url), 'faint')}")
    if not links:
        context.out.line("it has no link")


def _chosen(context: Context, links: Sequence[Resource], number: int | None) -> Resource:
    if number is None and len(links) > 1:
        if not sys.stdin.isatty():
            raise TrackerError(f"it has {len(links)} links", "say which: --list lists them")
        _list(context, links)
        number = click.prompt("Which", type=click.IntRange(1, len(links)), err=True)
    if number is not None and number > len(links):
        raise TrackerError(f"it has no link {number}", "--list lists them")
    return links[(number or 1) - 1]


def _browse(url: str) -> bool:
    """Open an address; False where there is no browser."""
    import webbrowser

    return webbrowser.open(url)


@click.command()
@refs_argument
@where_option
@as_json_option
@pass_context
def copy(context: Context, refs: tuple[str, ...], where: str | None, json_: bool) -> None:  # noqa: FBT001
    """Write entries as Markdown, with their notes: for a pipe into the clipboard."""
    from tracker_tui.exchange.markdown import entry_markdown

    ids = found(context, refs, where)
    pieces = [entry_markdown(context.tracker.detail(id_)) for id_ in ids]
    if json_:
        context.json([{"id": id_, "markdown": text} for id_, text in zip(ids, pieces, strict=True)])
        return
    for text in pieces:
        context.out.line("\n".join(map(harmless, text.split("\n"))), whole=True)


COMMANDS = {"open": open_, "copy": copy}
