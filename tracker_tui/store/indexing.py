"""The search index: what it holds of an entry, and keeping it in step."""

from __future__ import annotations

import json
import sqlite3


def index(db: sqlite3.Connection, id_: str) -> None:
    """Bring what the search index holds of an entry up to date."""
    row = db.execute("SELECT number, deleted FROM entry WHERE id = ?", (id_,)).fetchone()
    if row is None:
        return
    number, deleted = row
    db.execute("DELETE FROM search WHERE rowid = ?", (number,))
    if not deleted:
        db.execute(
            "INSERT INTO search (rowid, title, text, notes) VALUES (?, ?, ?, ?)",
            (number, *indexed(db, id_)),
        )


def indexed(db: sqlite3.Connection, id_: str) -> tuple[str, str, str]:
    """Return what the search index should hold of an entry: its title, its texts, its notes."""
    title, *texts, resources = db.execute(
        "SELECT title, description, impact, action, done_when, first_step, resources FROM entry"
        " WHERE id = ?",
        (id_,),
    ).fetchone()
    links = json.loads(resources) if resources else []
    texts += [f"{link['title']} {link['url']}" for link in links]
    notes = db.execute(
        "SELECT text FROM note WHERE entry = ? AND deleted = 0 ORDER BY at, id", (id_,)
    )
    return title, "\n".join(text for text in texts if text), "\n".join(text for (text,) in notes)
