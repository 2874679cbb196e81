"""Readable ids: a slug of the title, with a short tail for what the user adds."""

from __future__ import annotations

import re
import unicodedata

from tracker_tui.domain.words import RelationKind

ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
"""Characters of a tail: no 0, 1, i, l or o, which are mistaken for each other."""

_NOT_SLUG = re.compile(r"[^a-z0-9]+")
_SHAPE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*\Z")


def slug(title: str, most: int = 40) -> str:
    """Return `title` as lower-case words joined by hyphens, cut at a word; `entry` if none is left."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    text = _NOT_SLUG.sub("-", plain).strip("-")
    if len(text) > most:
        text = text[: most + 1].rpartition("-")[0] or text[:most]
    return text or "entry"


def new_id(title: str, tail: str) -> str:
    """Return an id for something of the user's own: two replicas may coin the same title."""
    return f"{slug(title)}-{tail}"


def is_id(text: str) -> bool:
    """Whether `text` has the shape of an id."""
    return len(text) <= 100 and _SHAPE.match(text) is not None


def pair(one: str, other: str) -> tuple[str, str]:
    """Return source and target of a relation that holds both ways: the lower id is the source."""
    return (one, other) if one < other else (other, one)


def relation_id(kind: RelationKind, source: str, target: str) -> str:
    """Return the id of a relation: the same on every replica, so that it exists once."""
    return f"{kind.value}:{source}:{target}"
