"""Opening an entry's links: only http and https, and copied for where there is no browser."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from textual.app import App

from tracker_tui.domain.text import shown
from tracker_tui.domain.track import Resource

Browse = Callable[[str], bool]
"""Opens an address in a browser; False where there is none."""
Say = Callable[..., None]
"""Says a text; `warned=True` for what is wrong."""


async def choose(app: App[Any], links: Sequence[Resource]) -> str | None:
    """Return the address of the link, or of the one chosen of several; None if none is."""
    if len(links) < 2:
        return links[0].url if links else None
    from tracker_tui.tui.screens.dialogs import Choice, Pick

    choices = [Choice(link.url, link.title, link.url) for link in links]
    return await app.push_screen_wait(Pick("Open", choices))


def open_address(app: App[Any], url: str, browse: Browse, say: Say) -> None:
    """Open an http(s) address in the browser, and copy it for where there is none."""
    if not url.startswith(("http://", "https://")):
        say("only http and https links are opened", warned=True)
        return
    app.copy_to_clipboard(url)
    done = "opened and copied" if browse(url) else "copied, for want of a browser"
    say(f"{done}: {shown(url)}")
