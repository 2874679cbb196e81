"""What one state of the track has that another has not, in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from tracker_tui.domain.text import plural, shortened, shown

_WIDTH = 60
"""How many characters of a title or a note an example shows."""


class EntryState(NamedTuple):
    """What is compared of an entry."""

    title: str
    status: str
    rest: tuple[object, ...]
    """All else that the user set: texts, place, horizon, snooze."""


class NoteState(NamedTuple):
    """What is compared of a note."""

    entry: str
    text: str


class Content(NamedTuple):
    """What is compared of a state: what was deleted is left out."""

    entries: Mapping[str, EntryState]
    notes: Mapping[str, NoteState]
    reviews: frozenset[str]


@dataclass(frozen=True, slots=True)
class Difference:
    """One sort of difference."""

    sort: str
    """A stable name: `statuses`, `entries_lost`, `notes_regained` …"""
    count: int
    words: str
    examples: tuple[str, ...]
    """All of them, one line each; empty where there is nothing to name."""


def differences(now: Content, then: Content) -> list[Difference]:
    """Return what going from the state `now` to the state `then` would change."""
    both = now.entries.keys() & then.entries.keys()
    found = [
        _of(
            "statuses",
            ("status changes", "statuses change"),
            (
                f"{_quoted(then.entries[id_].title)}:"
                f" {now.entries[id_].status} → {then.entries[id_].status}"
                for id_ in _in_order(both, now)
                if now.entries[id_].status != then.entries[id_].status
            ),
        ),
        _of("entries_lost", ("entry is lost", "entries are lost"), _missing(now, then)),
        _of("entries_regained", ("entry comes back", "entries come back"), _missing(then, now)),
        _of(
            "entries_changed",
            (
                "entry has other texts or another place",
                "entries have other texts or other places",
            ),
            (
                _quoted(now.entries[id_].title)
                for id_ in _in_order(both, now)
                if (now.entries[id_].title, now.entries[id_].rest)
                != (then.entries[id_].title, then.entries[id_].rest)
            ),
        ),
        _of("notes_lost", ("note is lost", "notes are lost"), _notes(now, then)),
        _of("notes_regained", ("note comes back", "notes come back"), _notes(then, now)),
        _of(
            "notes_changed",
            ("note reads differently", "notes read differently"),
            (
                _note(now.notes[id_], now)
                for id_ in sorted(now.notes.keys() & then.notes.keys())
                if now.notes[id_] != then.notes[id_]
            ),
        ),
    ]
    found += [
        _counted("reviews_lost", len(now.reviews - then.reviews), "review is lost", "are lost"),
        _counted(
            "reviews_regained", len(then.reviews - now.reviews), "review comes back", "come back"
        ),
    ]
    return [difference for difference in found if difference.count]


def _of(sort: str, words: tuple[str, str], examples: Iterable[str]) -> Difference:
    all_ = tuple(examples)
    return Difference(sort, len(all_), plural(len(all_), *words), all_)


def _counted(sort: str, count: int, one: str, many: str) -> Difference:
    return Difference(sort, count, plural(count, one, f"reviews {many}"), ())


def _missing(here: Content, there: Content) -> Iterable[str]:
    missing = here.entries.keys() - there.entries.keys()
    return (_quoted(here.entries[id_].title) for id_ in _in_order(missing, here))


def _notes(here: Content, there: Content) -> Iterable[str]:
    return (_note(here.notes[id_], here) for id_ in sorted(here.notes.keys() - there.notes.keys()))


def _in_order(ids: Iterable[str], of: Content) -> list[str]:
    return sorted(ids, key=lambda id_: (of.entries[id_].title.casefold(), id_))


def _note(note: NoteState, of: Content) -> str:
    entry = of.entries.get(note.entry)
    title = _quoted(entry.title) if entry else note.entry
    return f"{title}: {shortened(shown(note.text), _WIDTH)}"


def _quoted(title: str) -> str:
    return f"“{shortened(shown(title), _WIDTH)}”"
