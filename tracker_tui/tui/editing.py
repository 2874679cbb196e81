"""Handing the terminal to an editor, and links to a browser.

What only these need is imported when one of them is asked for: the first frame does not wait for it.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from datetime import date

from textual.app import App, SuspendNotSupported

from tracker_tui import editor
from tracker_tui.domain.journal import Value
from tracker_tui.domain.track import Detail
from tracker_tui.errors import TrackerError

_DISPLAYS = ("DISPLAY", "WAYLAND_DISPLAY")


class Editing:
    """Runs other programs for an application: it steps aside, and comes back after."""

    def __init__(self, app: App[None]) -> None:
        self._app = app

    def note(self, detail: Detail, begun: str = "") -> str | None:
        """Have a note written in the editor, of which some may be there; None if none was.

        Raises:
            TrackerError: if there is no editor, or it failed.
        """
        from tracker_tui.exchange import sheet

        written = self._edit(begun + sheet.note_sheet(detail))
        return sheet.read_note(written) if written is not None else begun or None

    def entry(
        self, detail: Detail, today: date, begun: str = ""
    ) -> tuple[Mapping[str, Value], Mapping[str, str], str] | None:
        """Have an entry edited, of which the sheet may be begun already.

        Returns:
            Its fields, the texts of its notes and the whole sheet; None if nothing changed.

        Raises:
            TrackerError: if there is no editor, it failed, or what was written makes no sense; then
                the text is kept in a file that the message names.
        """
        from tracker_tui.exchange import sheet

        written = self._edit(begun or sheet.write(detail)) or begun
        if not written:
            return None
        try:
            return *sheet.read(written, detail, today), written
        except TrackerError as error:
            raise TrackerError(
                error.problem, f"your text is kept in {editor.keep(written)}"
            ) from error

    def _edit(self, text: str) -> str | None:
        editor.command()  # While the screen is still there to say that there is none.
        try:
            with self._app.suspend():
                return editor.edit(text, self._run)
        except SuspendNotSupported as error:
            raise TrackerError("this terminal cannot be handed to an editor") from error

    @staticmethod
    def _run(command: Sequence[str]) -> int:
        from subprocess import run

        return run(command, check=False).returncode

    @staticmethod
    def browse(url: str) -> bool:
        """Open an address in a browser with a window; False where there is none.

        A browser of the terminal would draw over the screen, so over ssh nothing is started.
        """
        if sys.platform == "linux" and not any(map(os.environ.get, _DISPLAYS)):
            return False
        import webbrowser

        return webbrowser.open(url)
