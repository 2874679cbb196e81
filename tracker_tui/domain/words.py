"""The words of the program, as values (section 2 of the design)."""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum, StrEnum


class Kind(StrEnum):
    """What an entry of the track is."""

    CATEGORY = "category"
    SECTION = "section"
    ITEM = "item"
    GAP = "gap"
    STEP = "step"


class Status(StrEnum):
    """How far along something is."""

    TODO = "todo"
    LEARNING = "learning"
    LEARNED = "learned"
    SKIPPED = "skipped"

    @property
    def next(self) -> Status:
        """The status that `space` leads to: todo, learning, learned, and round again."""
        return _NEXT[self]

    @property
    def open(self) -> bool:
        """True while there is still something to do about it."""
        return self in (Status.TODO, Status.LEARNING)


_NEXT = {
    Status.TODO: Status.LEARNING,
    Status.LEARNING: Status.LEARNED,
    Status.LEARNED: Status.TODO,
    Status.SKIPPED: Status.TODO,
}


class Horizon(StrEnum):
    """By when something should be done, nearest first."""

    IMMEDIATE = "immediate"
    SHORT = "short"
    MEDIUM = "medium"


class Effort(StrEnum):
    """How much work it is to learn something."""

    S = "S"
    M = "M"
    L = "L"

    @property
    def words(self) -> str:
        """How long it takes, in words."""
        return _TAKES[self]


_TAKES = {Effort.S: "an hour", Effort.M: "an evening", Effort.L: "a weekend"}


class Entity(StrEnum):
    """What a journal row speaks of."""

    ENTRY = "entry"
    NOTE = "note"
    RELATION = "relation"
    HORIZON = "horizon"
    TRACK = "track"
    ACTION = "action"
    REVIEW = "review"
    DAY = "day"
    PAUSE = "pause"
    IMPORT = "import"
    """An action that took in rows of others; its id is the action's. See `domain/taken.py`."""


class Rating(IntEnum):
    """How well something was recalled, as the user grades it; the numbers are FSRS's."""

    AGAIN = 1
    HARD = 2
    GOOD = 3
    EASY = 4

    @property
    def word(self) -> str:
        """Its name: `again`."""
        return self.name.lower()


class Reason(StrEnum):
    """Why something is in the queue, in the order in which a day begins."""

    REVIEW = "review"
    PROGRESS = "progress"
    SNOOZED = "snoozed"
    CRITICAL = "critical"
    STEP = "step"
    ITEM = "item"


class Answer(StrEnum):
    """What was said of an entry of the queue."""

    LEARNED = "learned"
    PROGRESS = "progress"
    LATER = "later"
    SKIPPED = "skipped"
    REVIEWED = "reviewed"


class RelationKind(StrEnum):
    """How one entry bears on another."""

    COVERS = "covers"
    REQUIRES = "requires"
    RELATED = "related"


SEED_REPLICA = "seed"
"""The replica whose rows the built-in track is made of; see `seeds.py` for those of others."""

STATUS_SIGNS: Mapping[str, Mapping[Status, str]] = {
    "unicode": dict(zip(Status, "○◐●–", strict=True)),
    "ascii": dict(zip(Status, "o+*-", strict=True)),
}
"""The sign of each status, one cell wide, by the name of the glyph set."""
STATUSES = tuple(Status)
HORIZONS = tuple(Horizon)
KINDS = tuple(Kind)
BRANCHES = (Kind.CATEGORY, Kind.SECTION)
"""Kinds without a status of their own."""
STUDIED = (Kind.ITEM, Kind.GAP, Kind.STEP)
"""Kinds with one: what can be learned, and stands in relations to others."""
