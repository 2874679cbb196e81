"""Texts that were typed and are not written yet: none is lost because the disk is full or the track is locked.

One that could not be written is offered again where it was typed. What is left when the program ends goes
into a file and, where there can be none, to the terminal.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TypeVar

from tracker_tui import editor
from tracker_tui.domain.text import shown_block
from tracker_tui.errors import Busy, TrackerError

_Result = TypeVar("_Result")


class Draft:
    """One text."""

    def __init__(self, about: str, text: str) -> None:
        self.about = about
        """Where it was typed: whatever names that place."""
        self.text = text
        self.failed = False
        """Whether it was tried to be written, in vain."""


class Drafts:
    """The texts that are not written yet, the oldest first."""

    def __init__(self) -> None:
        self._texts: list[Draft] = []

    @property
    def failed(self) -> int:
        """How many could not be written."""
        return sum(draft.failed for draft in self._texts)

    def offered(self, about: str) -> Draft | None:
        """Return what was typed there last and could not be written."""
        found = (d for d in reversed(self._texts) if d.failed and d.about == about)
        return next(found, None)

    def drop(self, draft: Draft | None) -> None:
        """Forget a text: it was written, is typed anew, or is not wanted."""
        if draft in self._texts:
            self._texts.remove(draft)

    def writing(
        self, about: str, text: str, verb: Callable[[], _Result], again: str
    ) -> Callable[[], _Result]:
        """Return the verb that writes a text; the text is held until it is written.

        Args:
            about: Where it was typed.
            text: The text.
            verb: Writes it.
            again: The key that offers it again.
        """
        draft = Draft(about, text)
        self._texts.append(draft)

        def whole() -> _Result:
            try:
                result = verb()
            except Busy:
                raise
            except TrackerError as error:
                draft.failed = True
                raise TrackerError(
                    error.problem, f"your text is kept: {again} there offers it again"
                ) from error
            self.drop(draft)
            return result

        return whole

    def leave(self) -> None:
        """Keep what is still not written, after the last screen.

        Raises:
            TrackerError: that says where, if there is something.
        """
        texts, self._texts = self._texts, []
        if not texts:
            return
        files = []
        nowhere = []
        for draft in texts:
            try:
                files.append(str(editor.keep(draft.text)))
            except OSError:
                nowhere.append(draft.text)
        said = [f"what you typed is kept in {', '.join(files)}"] if files else []
        if nowhere:
            for text in nowhere:
                sys.stdout.write(f"{shown_block(text)}\n")
            sys.stdout.flush()
            said.append("what you typed could be kept nowhere; it stands above")
        raise TrackerError("; ".join(said))
