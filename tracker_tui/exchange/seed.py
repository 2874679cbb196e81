"""A seed: a track as one JSON file (`docs/seed.schema.json`), and the journal rows it makes.

A seed is a replica: its rows carry lamport 0, its version and its date, so two databases made from
one file hold the very same rows, and a newer version replaces only what the user has not touched
(`domain/seeds.py`). That is why the rows of a file must stay what they are in every later version of
the program: something new in the format makes rows only for the files that have it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from tracker_tui.domain import ids, order, text
from tracker_tui.domain.journal import Row, Value
from tracker_tui.domain.relations import first_circle
from tracker_tui.domain.seeds import ROWS_MAX, VERSION_MAX, replica_of
from tracker_tui.domain.track import Resource, resources_json
from tracker_tui.domain.words import (
    STUDIED,
    Effort,
    Entity,
    Horizon,
    Kind,
    RelationKind,
    Status,
)
from tracker_tui.errors import TrackerError, nearest, one_line

FORMAT = 1
SIZE_MAX = 50_000_000
DEPTH_MAX = 20
"""How deep items may lie within items."""

_TEXTS = ("description", "impact", "action", "done_when", "first_step")
_STUDY = ("done_when", "first_step", "effort", "resources", "requires", "related")
"""What says how to study something, and what it has to do with other entries."""

_KEYS: Mapping[str, tuple[str, ...]] = {
    "seed": (
        *("$schema", "format", "id", "version", "title", "purpose", "source", "updated"),
        *("categories", "critical", "path"),
    ),
    Kind.CATEGORY: ("id", "title", "sections"),
    Kind.SECTION: ("id", "title", "items"),
    Kind.ITEM: (
        *("id", "title", "description", "status", "horizon"),
        *_STUDY,
        "children",
    ),
    Kind.GAP: (
        *("id", "rank", "title", "description", "impact", "action", "status", "covers"),
        *_STUDY,
    ),
    "span": ("id", "title", "span", "steps"),
    Kind.STEP: ("id", "title", "status", "covers", *_STUDY),
    "link": ("title", "url"),
}


@dataclass(frozen=True, slots=True)
class SeedEntry:
    """An entry as a seed has it."""

    id: str
    kind: Kind
    parent: str | None
    position: str
    fields: Mapping[str, Value]
    covers: tuple[str, ...] = ()
    requires: tuple[str, ...] = ()
    """Ids of what should be learned before it."""
    related: tuple[str, ...] = ()
    """Ids of what is the same subject, as this entry names them; each pair is related both ways."""


@dataclass(frozen=True, slots=True)
class Seed:
    """A seed that was read and found sound."""

    id: str
    version: int
    track: Mapping[str, str]
    """title, purpose, source and updated (an ISO date)."""
    horizons: Mapping[str, Mapping[str, str]]
    """title and span of each horizon."""
    entries: tuple[SeedEntry, ...]

    @property
    def replica(self) -> str:
        """The replica whose rows are this seed's."""
        return replica_of(self.id)

    def rows(self) -> Iterator[Row]:
        """Return the journal rows that the seed stands for, the same ones every time."""
        # Noon: the same day wherever the user is, and whenever their day begins.
        at = f"{self.track['updated']}T12:00:00Z"
        action = f"{self.replica}-{self.id}-{self.version}"
        for n, (entity, id_, field, value) in enumerate(
            self._facts(action), self.version * ROWS_MAX + 1
        ):
            yield Row(self.replica, n, 0, at, action, entity.value, id_, field, value)

    def _facts(self, action: str) -> Iterator[tuple[Entity, str, str, Value]]:
        yield Entity.ACTION, action, "label", f"the track “{self.track['title']}”"
        for name, words in self.track.items():
            yield Entity.TRACK, self.id, name, words
        for horizon, facts in self.horizons.items():
            for name, words in facts.items():
                yield Entity.HORIZON, horizon, name, words
        for entry in self.entries:
            yield Entity.ENTRY, entry.id, "kind", entry.kind.value
            yield Entity.ENTRY, entry.id, "parent", entry.parent
            yield Entity.ENTRY, entry.id, "position", entry.position
            for name, value in entry.fields.items():
                yield Entity.ENTRY, entry.id, name, value
            yield Entity.ENTRY, entry.id, "deleted", 0
        for kind, source, target, place in self._relations():
            id_ = ids.relation_id(kind, source, target)
            yield Entity.RELATION, id_, "kind", kind.value
            yield Entity.RELATION, id_, "source", source
            yield Entity.RELATION, id_, "target", target
            yield Entity.RELATION, id_, "position", place
            yield Entity.RELATION, id_, "deleted", 0

    def _relations(self) -> Iterator[tuple[RelationKind, str, str, str]]:
        """Kind, source, target and order key of each relation: kind by kind, as the entries come."""
        for kind in (RelationKind.COVERS, RelationKind.REQUIRES):
            for entry in self.entries:
                targets = entry.covers if kind is RelationKind.COVERS else entry.requires
                places = order.spread(None, None, len(targets))
                for target, place in zip(targets, places, strict=True):
                    yield kind, entry.id, target, place
        pairs = {
            ids.pair(entry.id, other): None for entry in self.entries for other in entry.related
        }
        for source, target in pairs:
            yield RelationKind.RELATED, source, target, order.between(None, None)


def built_in() -> Path:
    """Return where the built-in track is: in the wheel, or in the checkout."""
    package = Path(__file__).resolve().parents[1]
    carried = package / "assets" / "seed.json"
    return carried if carried.exists() else package.parent / "assets" / "seed.json"


_HEAD = 4_096
_HEAD_VERSION = re.compile(r'"version"\s*:\s*(\d{1,7})\b')


def head_version(path: Path) -> int:
    """Return the version of a seed file from its beginning, without reading it all; 0 if not there."""
    with path.open(encoding="utf-8", errors="replace") as file:
        found = _HEAD_VERSION.search(file.read(_HEAD))
    return int(found[1]) if found else 0


def read(path: Path) -> Seed:
    """Read a seed file.

    Raises:
        TrackerError: if it cannot be read or is no sound seed; it says where.
    """
    try:
        if path.stat().st_size > SIZE_MAX:
            raise TrackerError(f"{path} is larger than {SIZE_MAX // 1_000_000} MB", "split it")
        return parse(path.read_text(encoding="utf-8-sig"), str(path))
    except UnicodeDecodeError as error:
        raise TrackerError(
            f"{path} is not UTF-8 (byte {error.start})", "save it as UTF-8"
        ) from error
    except OSError as error:
        raise TrackerError(f"{path} cannot be read: {error.strerror}") from error


def parse(content: str, name: str = "the seed") -> Seed:
    """Parse the text of a seed file; `name` is what errors call it.

    Raises:
        TrackerError: if it is no sound seed.
    """
    try:
        return _Reader(name).seed(json.loads(content, object_pairs_hook=_object))
    except json.JSONDecodeError as error:
        raise TrackerError(
            f"{name} is no JSON: {error.msg} in line {error.lineno}, column {error.colno}"
        ) from error
    except ValueError as error:  # a number of 5,000 digits, or a key that is there twice
        raise TrackerError(f"{name} is no JSON that can be read: {error}") from error
    except RecursionError as error:
        raise TrackerError(f"{name} is nested too deep") from error


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    data = dict(pairs)
    if len(data) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise ValueError(f"“{twice}” is there twice in one object")
    return data


class _Reader:
    """Walks the JSON and says where something is wrong: `critical[2].rank: …`."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.seen: dict[str, Kind] = {}
        self.entries: list[SeedEntry] = []

    def fail(self, where: str, problem: str) -> TrackerError:
        return TrackerError(f"{self.name}: {where}: {problem}", "see docs/seed.schema.json")

    def seed(self, data: Any) -> Seed:
        top = self.object(data, "", "seed")
        if top.get("format") != FORMAT or isinstance(top["format"], bool):
            raise self.fail("format", f"is {one_line(repr(top.get('format')))}, not {FORMAT}")
        version = self.number(top, "version", "", VERSION_MAX)
        track_id = self.id(top, "")
        track = {
            "title": self.title(top, ""),
            "purpose": self.string(top, "purpose", ""),
            "source": self.string(top, "source", ""),
            "updated": self.date(top),
        }
        self.categories(self.array(top, "categories", ""))
        for place, (key, gap) in enumerate(self.ordered(self.array(top, "critical", ""))):
            self.gap(gap, f"critical[{place}]", key, place + 1)
        horizons: dict[str, Mapping[str, str]] = {}
        for place, data_span in enumerate(self.array(top, "path", "")):
            horizon, facts = self.span(data_span, f"path[{place}]")
            if horizon in horizons:
                raise self.fail(f"path[{place}].id", f"“{horizon}” is there twice")
            horizons[horizon.value] = facts
        self.relations()
        return Seed(track_id, version, track, horizons, tuple(self.entries))

    def relations(self) -> None:
        """Check that what relations name is there and can be at their end."""
        for entry in self.entries:
            for target in entry.covers:
                if self.seen.get(target) is not Kind.ITEM:
                    raise self.fail(entry.id, f"covers “{one_line(target)}”, which is no item")
            for name, targets in (("requires", entry.requires), ("related", entry.related)):
                for target in targets:
                    if self.seen.get(target) not in STUDIED:
                        raise self.fail(
                            f"{entry.id}.{name}", f"“{one_line(target)}” is no item, gap or step"
                        )
                    if target == entry.id:
                        raise self.fail(f"{entry.id}.{name}", "names the entry itself")
        circle = first_circle({entry.id: entry.requires for entry in self.entries})
        if circle:
            raise self.fail(
                f"{circle[0]}.requires", "goes round in a circle: " + " → ".join(circle)
            )

    def categories(self, data: list[Any]) -> None:
        for c, (key, category) in enumerate(self.ordered(data)):
            where = f"categories[{c}]"
            id_ = self.entry(category, where, Kind.CATEGORY, None, key)
            sections = self.array(category, "sections", where)
            for s, (section_key, section) in enumerate(self.ordered(sections)):
                at = f"{where}.sections[{s}]"
                section_id = self.entry(section, at, Kind.SECTION, id_, section_key)
                self.items(self.array(section, "items", at), f"{at}.items", section_id)

    def items(self, data: list[Any], where: str, parent: str, depth: int = 1) -> None:
        if depth > DEPTH_MAX:
            raise self.fail(where, "is nested too deep")
        for place, (key, item) in enumerate(self.ordered(data)):
            at = f"{where}[{place}]"
            id_ = self.entry(item, at, Kind.ITEM, parent, key)
            if "children" in item:
                self.items(self.array(item, "children", at), f"{at}.children", id_, depth + 1)

    def gap(self, data: Any, where: str, key: str, rank: int) -> None:
        self.entry(data, where, Kind.GAP, None, key)
        if self.number(data, "rank", where, ROWS_MAX) != rank:
            raise self.fail(f"{where}.rank", f"is not {rank}, its place in the list")

    def span(self, data: Any, where: str) -> tuple[Horizon, dict[str, str]]:
        span = self.object(data, where, "span")
        try:
            horizon = Horizon(self.string(span, "id", where))
        except ValueError:
            raise self.fail(f"{where}.id", "is none of " + ", ".join(Horizon)) from None
        steps = self.array(span, "steps", where)
        for place, (key, step) in enumerate(self.ordered(steps)):
            self.entry(step, f"{where}.steps[{place}]", Kind.STEP, None, key, horizon)
        return horizon, {"title": self.title(span, where), "span": self.string(span, "span", where)}

    def entry(
        self,
        data: Any,
        where: str,
        kind: Kind,
        parent: str | None,
        position: str,
        horizon: Horizon | None = None,
    ) -> str:
        entry = self.object(data, where, kind)
        id_ = self.id(entry, where)
        if id_ in self.seen:
            raise self.fail(f"{where}.id", f"“{id_}” is there twice")
        self.seen[id_] = kind
        fields: dict[str, Value] = {"title": self.title(entry, where)}
        for name in _TEXTS:
            words = self.string(entry, name, where) if name in entry else ""
            if words:
                fields[name] = words
        if kind in STUDIED:
            fields["status"] = self.choice(entry, "status", where, tuple(Status), "todo")
        if horizon is not None:
            fields["horizon"] = horizon.value
        elif "horizon" in entry:
            fields["horizon"] = self.choice(entry, "horizon", where, tuple(Horizon), "")
        if entry.get("effort", "") != "":
            fields["effort"] = self.choice(entry, "effort", where, tuple(Effort), "")
        if "resources" in entry:
            fields["resources"] = self.resources(entry, where)
        covers, requires, related = (
            self.names(entry, name, where) for name in ("covers", "requires", "related")
        )
        self.entries.append(
            SeedEntry(id_, kind, parent, position, fields, covers, requires, related)
        )
        return id_

    def names(self, entry: dict[str, Any], name: str, where: str) -> tuple[str, ...]:
        """Read a list of ids; an entry without it has none."""
        given = self.array(entry, name, where) if name in entry else ()
        found = tuple(self.text(id_, f"{where}.{name}[{i}]") for i, id_ in enumerate(given))
        if len(set(found)) != len(found):
            raise self.fail(f"{where}.{name}", "names an entry twice")
        return found

    def resources(self, entry: dict[str, Any], where: str) -> str:
        links = []
        for i, data in enumerate(self.array(entry, "resources", where)):
            at = f"{where}.resources[{i}]"
            link = self.object(data, at, "link")
            url = text.line(self.string(link, "url", at))
            if not url.startswith(("https://", "http://")) or " " in url:
                raise self.fail(f"{at}.url", "is not an http or https address")
            links.append(Resource(self.title(link, at), url))
        return resources_json(links)

    def ordered(self, data: list[Any]) -> list[tuple[str, Any]]:
        return list(zip(order.spread(None, None, len(data)), data, strict=True))

    def choice(
        self, entry: dict[str, Any], name: str, where: str, choices: tuple[str, ...], default: str
    ) -> str:
        value = entry.get(name, default)
        if value not in choices:
            raise self.fail(f"{where}.{name}", "is none of " + ", ".join(choices))
        return str(value)

    def date(self, top: dict[str, Any]) -> str:
        value = self.string(top, "updated", "")
        try:
            if date.fromisoformat(value).isoformat() == value:
                return value
        except ValueError:
            pass
        raise self.fail("updated", "is not a date such as 2025-12-24")

    def object(self, data: Any, where: str, kind: str) -> dict[str, Any]:
        if not isinstance(data, dict):
            raise self.fail(where or "the top level", "is not an object")
        for key in data:
            if key not in _KEYS[kind]:
                raise self.fail(
                    f"{where}.{one_line(key)}".lstrip("."),
                    f"is nothing that is known here; {nearest(key, _KEYS[kind])}",
                )
        return data

    def array(self, data: dict[str, Any], name: str, where: str) -> list[Any]:
        value = data.get(name)
        if not isinstance(value, list):
            raise self.fail(f"{where}.{name}".lstrip("."), "is missing or not a list")
        return value

    def number(self, data: dict[str, Any], name: str, where: str, most: int) -> int:
        value = data.get(name)
        if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= most:
            raise self.fail(
                f"{where}.{name}".lstrip("."), f"is not a whole number from 1 to {most}"
            )
        return value

    def id(self, data: dict[str, Any], where: str) -> str:
        value = self.text(data.get("id"), f"{where}.id".lstrip("."))
        if not ids.is_id(value):
            raise self.fail(f"{where}.id".lstrip("."), "is not lower-case words joined by hyphens")
        return value

    def title(self, data: dict[str, Any], where: str) -> str:
        at = f"{where}.title".lstrip(".")
        try:
            return text.title(self.text(data.get("title"), at))
        except TrackerError as error:
            raise self.fail(at, error.problem) from None

    def string(self, data: dict[str, Any], name: str, where: str) -> str:
        at = f"{where}.{name}".lstrip(".")
        words = self.text(data.get(name), at)
        try:
            return text.body(words, name)
        except TrackerError as error:
            raise self.fail(at, error.problem) from None

    def text(self, value: Any, where: str) -> str:
        if not isinstance(value, str):
            raise self.fail(where, "is missing or not text")
        return value
