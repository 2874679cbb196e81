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
ONLY_WEB = "only http and https links are opened"


_WEB = ("http://", "https://")


async def choose(app: App[Any], links: Sequence[Resource], say: Say) -> str | None:
    """Return the web address of the link, or of the one chosen of several; None if none is."""
    found = [link for link in links if link.url.startswith(_WEB)]
    if links and not found:
        say(ONLY_WEB, warned=True)
    if len(found) < 2:
        return found[0].url if found else None
    from tracker_tui.tui.screens.dialogs import Choice, Choose

    choices = [Choice(link.url, link.title, link.url) for link in found]
    return await app.push_screen_wait(Choose("Open", choices))


def open_address(app: App[Any], url: str, browse: Browse, say: Say) -> None:
    """Open an http(s) address in the browser, and copy it for where there is none."""
    if not url.startswith(_WEB):
        say(ONLY_WEB, warned=True)
        return
    app.copy_to_clipboard(url)
    done = "opened and copied" if browse(url) else "copied, for want of a browser"
    say(f"{done}: {shown(url)}")
