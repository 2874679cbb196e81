"""Reading a seed: from JSON to a `Seed`, or to the place where something is wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, TypeVar

from tracker_tui.domain import ids, order, text
from tracker_tui.domain.journal import Value
from tracker_tui.domain.relations import first_circle
from tracker_tui.domain.seeds import ROWS_MAX, VERSION_MAX
from tracker_tui.domain.track import Resource, resources_json
from tracker_tui.domain.words import STUDIED, Effort, Horizon, Kind, Status
from tracker_tui.errors import TrackerError, nearest, one_line
from tracker_tui.exchange.seed_rows import Seed, SeedEntry

FORMAT = 1
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

_NO_NAMES: tuple[str, ...] = ()
_Read = TypeVar("_Read")


class Fault(TrackerError):
    """Something in a seed that cannot be; `where` is its place, `what` is wrong with it."""

    def __init__(self, name: str, where: str, what: str) -> None:
        super().__init__(
            f"{name}: {where}: {what}", "tracker lint FILE finds all; --schema writes its shape"
        )
        self.where = where
        self.what = one_line(what)


class SeedReader:
    """Walks the JSON and says where something is wrong: `critical[2].rank: …`.

    It gives up at the first fault, unless a subclass has `kept` go on.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.seen: dict[str, Kind] = {}
        self.entries: list[SeedEntry] = []

    def fail(self, where: str, what: str) -> Fault:
        """Return the fault of a place."""
        return Fault(self.name, where, what)

    def kept(self, default: _Read, read: Callable[..., _Read], *given: Any) -> _Read:
        """Return what `read` reads; a subclass may go on with `default` where that fails."""
        del default
        return read(*given)

    def seed(self, data: Any) -> Seed:
        """Read a whole seed.

        Raises:
            Fault: if something in it cannot be.
        """
        top = self._object(data, "", "seed")
        self.kept(None, self._format, top)
        version = self.kept(1, self._number, top, "version", "", VERSION_MAX)
        track_id = self.kept("seed", self._id, top, "")
        track = {
            "title": self.kept("", self.title, top, ""),
            "purpose": self.kept("", self.string, top, "purpose", ""),
            "source": self.kept("", self.string, top, "source", ""),
            "updated": self.kept("", self._date, top),
        }
        self._categories(self._listed(top, "categories", ""))
        for place, (key, gap) in enumerate(self._ordered(self._listed(top, "critical", ""))):
            self.kept(None, self._gap, gap, f"critical[{place}]", key, place + 1)
        horizons: dict[str, Mapping[str, str]] = {}
        for place, span in enumerate(self._listed(top, "path", "")):
            self.kept(None, self._span, span, f"path[{place}]", horizons)
        self._relations()
        return Seed(track_id, version, track, horizons, tuple(self.entries))

    def _format(self, top: dict[str, Any]) -> None:
        if top.get("format") != FORMAT or isinstance(top["format"], bool):
            raise self.fail("format", f"is {one_line(repr(top.get('format')))}, not {FORMAT}")

    def _relations(self) -> None:
        """Check that what relations name is there and can be at their end."""
        for entry in self.entries:
            for target in entry.covers:
                self.kept(None, self._covered, entry.id, target)
            for name, targets in (("requires", entry.requires), ("related", entry.related)):
                for target in targets:
                    self.kept(None, self._end, entry.id, name, target)
        self.kept(None, self._circles)

    def _covered(self, id_: str, target: str) -> None:
        if self.seen.get(target) is not Kind.ITEM:
            raise self.fail(id_, f"covers “{one_line(target)}”, which is no item")

    def _end(self, id_: str, name: str, target: str) -> None:
        if self.seen.get(target) not in STUDIED:
            raise self.fail(f"{id_}.{name}", f"“{one_line(target)}” is no item, gap or step")
        if target == id_:
            raise self.fail(f"{id_}.{name}", "names the entry itself")

    def _circles(self) -> None:
        circle = first_circle({entry.id: entry.requires for entry in self.entries})
        if circle:
            raise self.fail(
                f"{circle[0]}.requires", "goes round in a circle: " + " → ".join(circle)
            )

    def _categories(self, data: list[Any]) -> None:
        for c, (key, category) in enumerate(self._ordered(data)):
            where = f"categories[{c}]"
            self.kept(None, self._category, category, where, key)

    def _category(self, category: Any, where: str, key: str) -> None:
        id_ = self.entry(category, where, Kind.CATEGORY, None, key)
        for s, (section_key, section) in enumerate(
            self._ordered(self._listed(category, "sections", where))
        ):
            self.kept(None, self._section, section, f"{where}.sections[{s}]", id_, section_key)

    def _section(self, section: Any, where: str, parent: str, key: str) -> None:
        id_ = self.entry(section, where, Kind.SECTION, parent, key)
        self._items(self._listed(section, "items", where), f"{where}.items", id_)

    def _items(self, data: list[Any], where: str, parent: str, depth: int = 1) -> None:
        if depth > DEPTH_MAX:
            raise self.fail(where, "is nested too deep")
        for place, (key, item) in enumerate(self._ordered(data)):
            self.kept(None, self._item, item, f"{where}[{place}]", parent, key, depth)

    def _item(self, item: Any, where: str, parent: str, key: str, depth: int) -> None:
        id_ = self.entry(item, where, Kind.ITEM, parent, key)
        if "children" in item:
            self._items(self._listed(item, "children", where), f"{where}.children", id_, depth + 1)

    def _gap(self, data: Any, where: str, key: str, rank: int) -> None:
        self.entry(data, where, Kind.GAP, None, key)
        if self._number(data, "rank", where, ROWS_MAX) != rank:
            raise self.fail(f"{where}.rank", f"is not {rank}, its place in the list")

    def _span(self, data: Any, where: str, horizons: dict[str, Mapping[str, str]]) -> None:
        """Read a horizon of the path with its steps, and put what it is called into `horizons`."""
        span = self._object(data, where, "span")
        try:
            horizon = Horizon(self.string(span, "id", where))
        except ValueError:
            raise self.fail(f"{where}.id", "is none of " + ", ".join(Horizon)) from None
        if horizon in horizons:
            raise self.fail(f"{where}.id", f"“{horizon}” is there twice")
        for place, (key, step) in enumerate(self._ordered(self._listed(span, "steps", where))):
            at = f"{where}.steps[{place}]"
            self.kept("", self.entry, step, at, Kind.STEP, None, key, horizon)
        horizons[horizon.value] = {
            "title": self.kept("", self.title, span, where),
            "span": self.kept("", self.string, span, "span", where),
        }

    def entry(
        self,
        data: Any,
        where: str,
        kind: Kind,
        parent: str | None,
        position: str,
        horizon: Horizon | None = None,
    ) -> str:
        """Read what every kind of entry has; return its id."""
        entry = self._object(data, where, kind)
        id_ = self._id(entry, where)
        if id_ in self.seen:
            raise self.fail(f"{where}.id", f"“{id_}” is there twice")
        self.seen[id_] = kind
        fields: dict[str, Value] = {"title": self.kept("", self.title, entry, where)}
        for name in _TEXTS:
            words = self.kept("", self.string, entry, name, where) if name in entry else ""
            if words:
                fields[name] = words
        if kind in STUDIED:
            fields["status"] = self._chosen(entry, "status", where, tuple(Status), "todo")
        if horizon is not None:
            fields["horizon"] = horizon.value
        elif "horizon" in entry:
            fields["horizon"] = self._chosen(entry, "horizon", where, tuple(Horizon), "")
        if entry.get("effort", "") != "":
            fields["effort"] = self._chosen(entry, "effort", where, tuple(Effort), "")
        if "resources" in entry:
            fields["resources"] = self.kept("", self._resources, entry, where)
        covers, requires, related = (
            self.kept(_NO_NAMES, self._names, entry, name, where)
            for name in ("covers", "requires", "related")
        )
        self.entries.append(
            SeedEntry(id_, kind, parent, position, fields, covers, requires, related)
        )
        return id_

    def _names(self, entry: dict[str, Any], name: str, where: str) -> tuple[str, ...]:
        """Read a list of ids; an entry without it has none."""
        given = self._array(entry, name, where) if name in entry else ()
        found = tuple(self._text(id_, f"{where}.{name}[{i}]") for i, id_ in enumerate(given))
        if len(set(found)) != len(found):
            raise self.fail(f"{where}.{name}", "names an entry twice")
        return found

    def _resources(self, entry: dict[str, Any], where: str) -> str:
        links = []
        for i, data in enumerate(self._array(entry, "resources", where)):
            at = f"{where}.resources[{i}]"
            link = self._object(data, at, "link")
            url = text.line(self.string(link, "url", at))
            if not url.startswith(("https://", "http://")) or " " in url:
                raise self.fail(f"{at}.url", "is not an http or https address")
            links.append(Resource(self.title(link, at), url))
        return resources_json(links)

    def _ordered(self, data: list[Any]) -> list[tuple[str, Any]]:
        return list(zip(order.spread(None, None, len(data)), data, strict=True))

    def _listed(self, data: dict[str, Any], name: str, where: str) -> list[Any]:
        """Read a list of objects; where that is none and that is kept, it is empty."""
        nothing: list[Any] = []
        return self.kept(nothing, self._array, data, name, where)

    def _chosen(
        self, entry: dict[str, Any], name: str, where: str, choices: tuple[str, ...], default: str
    ) -> str:
        """Read one of several words; where it is none and that is kept, the default."""
        return self.kept(default, self._choice, entry, name, where, choices, default)

    def _choice(
        self, entry: dict[str, Any], name: str, where: str, choices: tuple[str, ...], default: str
    ) -> str:
        value = entry.get(name, default)
        if value not in choices:
            raise self.fail(f"{where}.{name}", "is none of " + ", ".join(choices))
        return str(value)

    def _date(self, top: dict[str, Any]) -> str:
        value = self.string(top, "updated", "")
        try:
            if date.fromisoformat(value).isoformat() == value:
                return value
        except ValueError:
            pass
        raise self.fail("updated", "is not a date such as 2025-12-24")

    def _object(self, data: Any, where: str, kind: str) -> dict[str, Any]:
        if not isinstance(data, dict):
            raise self.fail(where or "the top level", "is not an object")
        for key in data:
            self.kept(None, self._key, key, where, kind)
        return data

    def _key(self, key: str, where: str, kind: str) -> None:
        if key not in _KEYS[kind]:
            raise self.fail(
                f"{where}.{one_line(key)}".lstrip("."),
                f"is nothing that is known here; {nearest(key, _KEYS[kind])}",
            )

    def _array(self, data: dict[str, Any], name: str, where: str) -> list[Any]:
        value = data.get(name)
        if not isinstance(value, list):
            raise self.fail(f"{where}.{name}".lstrip("."), "is missing or not a list")
        return value

    def _number(self, data: dict[str, Any], name: str, where: str, most: int) -> int:
        value = data.get(name)
        if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= most:
            raise self.fail(
                f"{where}.{name}".lstrip("."), f"is not a whole number from 1 to {most}"
            )
        return value

    def _id(self, data: dict[str, Any], where: str) -> str:
        value = self._text(data.get("id"), f"{where}.id".lstrip("."))
        if not ids.is_id(value):
            raise self.fail(f"{where}.id".lstrip("."), "is not lower-case words joined by hyphens")
        return value

    def title(self, data: dict[str, Any], where: str) -> str:
        """Read a title, cleaned."""
        at = f"{where}.title".lstrip(".")
        words = self._text(data.get("title"), at)
        try:
            return text.title(words)
        except TrackerError as error:
            raise self.fail(at, error.problem) from None

    def string(self, data: dict[str, Any], name: str, where: str) -> str:
        """Read a text, cleaned."""
        at = f"{where}.{name}".lstrip(".")
        words = self._text(data.get(name), at)
        try:
            return text.body(words, name)
        except TrackerError as error:
            raise self.fail(at, error.problem) from None

    def _text(self, value: Any, where: str) -> str:
        if not isinstance(value, str):
            raise self.fail(where, "is missing or not text")
        return value
