"""The full-text search."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from tracker_tui.domain import text as texts
from tracker_tui.domain.track import MARK_OFF, MARK_ON, Entry, Found
from tracker_tui.store.connection import explaining
from tracker_tui.store.queries import COLUMNS, Queries, to_entry

RANKED_MAX = 1_000
"""How many hits of a search are ranked."""


@explaining
class SearchQueries(Queries):
    """The search that `Store` answers."""

    def search(
        self, text: str, limit: int, condition: str = "1", values: Sequence[str] = ()
    ) -> list[Found]:
        """Return what matches all words of `text` (the last ones may be beginnings), best first.

        An SQL `condition` on `e`, the entry, must hold for them as well.

        Of more than `RANKED_MAX` hits the oldest are ranked: ranking looks at each, and a word that
        so many entries have is only the beginning of what is being typed.
        """
        from tracker_tui.store.filter import fts_word  # 3 ms, and only for a search

        words = [w for w in (fts_word(word) for word in texts.line(text).split()) if w]
        if not words:
            return []
        match = " ".join(words)
        mark = f"'{MARK_ON}', '{MARK_OFF}'"
        also = ""
        if condition != "1":
            also = (
                " AND +rowid IN (SELECT e.number FROM entry e WHERE e.deleted = 0"
                f" AND ({condition}))"
            )
        texts_of = (
            f"SELECT rowid, highlight(search, 0, {mark}), snippet(search, 1, {mark}, '…', 16),"
            f" snippet(search, 2, {mark}, '…', 16) FROM search WHERE search MATCH ?"
        )
        # The weight of a word is counted over all its hits: with one or two letters, of most rows.
        if any(len(word) >= 6 for word in words):
            numbers = [
                number
                for (number,) in self.db.execute(
                    "SELECT number FROM (SELECT rowid AS number, bm25(search, 10.0, 3.0, 2.0) AS"
                    f" score FROM search WHERE search MATCH ?{also} LIMIT ?)"
                    " ORDER BY score, number LIMIT ?",
                    (match, *values, RANKED_MAX, limit),
                )
            ]
            # `+rowid`: looked up one by one, each would collect the hits of the whole word anew.
            rows = self.db.execute(
                f"{texts_of} AND +rowid IN (SELECT value FROM json_each(?)) LIMIT ?",
                (match, json.dumps(numbers), len(numbers)),
            ).fetchall()
        else:
            rows = self.db.execute(f"{texts_of}{also} LIMIT ?", (match, *values, limit)).fetchall()
            numbers = [row[0] for row in rows]
        marked = {number: texts for number, *texts in rows}
        entries = {
            number: to_entry(row)
            for number, *row in self.db.execute(
                f"SELECT e.number, {COLUMNS} FROM entry e WHERE e.number IN"
                " (SELECT value FROM json_each(?))",
                (json.dumps(numbers),),
            )
        }
        return self._found(
            (entries[number], marked[number])
            for number in numbers
            if number in entries and number in marked
        )

    def hits(self, entries: Iterable[Entry]) -> list[Found]:
        """Return entries as hits in which nothing is marked."""
        return self._found((entry, (entry.title,)) for entry in entries)

    def _found(self, hits: Iterable[tuple[Entry, Sequence[str]]]) -> list[Found]:
        """Return entries, each with its title and what else may have marks in it, as hits."""
        where: dict[str | None, str] = {}
        found = []
        for entry, (title, *parts) in hits:
            if entry.parent not in where:
                where[entry.parent] = " › ".join(above.title for above in self.ancestors(entry))
            snippet = next((part for part in parts if MARK_ON in part), "")
            found.append(
                Found(
                    *(entry.id, entry.kind, entry.status, title),
                    *(where[entry.parent], snippet, entry.retired),
                )
            )
        return found
