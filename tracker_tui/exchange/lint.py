"""Checking a seed as its author wants it checked: everything at once, with its place in the file.

First what a reader refuses (`SeedReader`, made to go on after a fault), then what makes a track hard
to follow: missing fields, links that lead nowhere in particular, needs that no order can meet, and
words that do not say what can be seen.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any, NamedTuple, TypeVar
from urllib.parse import urlsplit

from tracker_tui.domain import text
from tracker_tui.domain.relations import Ties, clash, first_deadlock, nothing
from tracker_tui.domain.words import STUDIED, RelationKind
from tracker_tui.errors import TrackerError, one_line
from tracker_tui.exchange import seed
from tracker_tui.exchange.seed_reader import Fault, SeedReader
from tracker_tui.exchange.seed_rows import Seed, SeedEntry

LINKS_MAX = 3
NEEDS_MAX = 3
DONE_WHEN_MAX = 240
"""Characters; it is read as a question in a review."""
FIRST_STEP_MAX = 320
WORDS_MIN = 4
"""How many words a `done_when` has at least."""
FIELDS = ("done_when", "first_step", "effort", "resources")
"""What each item, gap and step should have."""

_VAGUE = re.compile(
    r"(?:you )?(?:can )?(understand|learn|know|be able|be familiar|familiari[sz]e|grasp|get to know|"
    r"have (?:an? )?(?:good )?(?:understanding|knowledge))\b",
    re.IGNORECASE,
)
_HOSTS = {
    "a video": ("youtube.com", "youtu.be", "vimeo.com", "twitch.tv", "dailymotion.com"),
    "behind a login": (
        *("udemy.com", "coursera.org", "pluralsight.com", "linkedin.com", "medium.com"),
        *("skillshare.com", "oreilly.com", "facebook.com", "x.com", "twitter.com"),
    ),
    "a short address, which hides where it leads": (
        *("bit.ly", "t.co", "goo.gl", "tinyurl.com", "ow.ly", "is.gd"),
    ),
}
_FORGES = ("github.com", "gitlab.com", "codeberg.org", "bitbucket.org", "sr.ht")
_INDEX = re.compile(r"(?:index|readme|home|default)(?:\.\w+)?")
_ROOT = re.compile(
    r"(?:[a-z]{2}(?:[-_][a-z]{2})?|latest|stable|main|master|current|dev|devel|docs?|documentation|"
    r"v?\d+(?:\.(?:\d+|x))*)"
)
"""A step of a path that leads no further than the front page of a documentation: language, version."""
_CODE = re.compile(r"`[^`]*`")
_SENTENCE = re.compile(r"[\w)”\"][.!?][)”\"]? +(?=[A-Z“(])")
"""Where one sentence ends and another begins, code left out."""
_SEARCHES = ("google.com", "bing.com", "duckduckgo.com")
_ENDS = {"done_when": (".", "?", ".)", ".”", '."'), "first_step": (".", "?", ".)", ".”", '."', "`")}
"""How a text ends; a first step may be a command."""
_ID = re.compile(r'"id"\s*:\s*"([^"\\]*)"')

_Read = TypeVar("_Read")


class Finding(NamedTuple):
    """Something in a seed that its author should look at."""

    line: int
    """Where in the file, from 1; 0 where that cannot be said."""
    where: str
    """The entry and its field: `git-lfs.done_when`; without an entry, the path in the JSON."""
    rule: str
    """What is held: `format`, `missing`, `links`, `needs`, `related`, `twice` or `style`."""
    text: str


def lint(content: str) -> list[Finding]:
    """Return what is to be said of a seed file's text, in the order of the file."""
    try:
        data = seed.load(content, "the file")
        reader = _Lenient()
        found = reader.seed(data)
    except Fault as fault:
        return [Finding(0, fault.where, "format", fault.what)]
    except TrackerError as error:
        return [Finding(_json_line(content), "", "format", error.problem)]
    raised = [*reader.findings, *_rules(found, reader.entry_data)]
    lines = _Lines(content)
    placed = (
        Finding(lines.of(where), where, rule, one_line(words))
        for where, rule, words in (
            (reader.place(where), rule, words) for where, rule, words in raised
        )
    )
    return sorted(dict.fromkeys(placed), key=lambda one: one.line)


Raised = tuple[str, str, str]
"""A place, a rule, and what is to be said."""


class _Lenient(SeedReader):
    """Notes what is wrong and goes on."""

    def __init__(self) -> None:
        super().__init__("the file")
        self.findings: list[Raised] = []
        self.entry_data: dict[str, Mapping[str, Any]] = {}
        """By id: the entry as the file has it."""
        self._ids: dict[str, str] = {}
        """By path in the JSON: the id of the entry there."""

    def kept(self, default: _Read, read: Callable[..., _Read], *given: Any) -> _Read:
        """Return what `read` reads; where that fails, note it and return the default."""
        try:
            return read(*given)
        except Fault as fault:
            self.findings.append((fault.where, "format", fault.what))
            return default

    def entry(self, data: Any, where: str, *given: Any) -> str:
        """Read an entry, and remember where it was."""
        id_ = super().entry(data, where, *given)
        self._ids[where] = id_
        self.entry_data[id_] = data
        return id_

    def title(self, data: dict[str, Any], where: str) -> str:
        """Read a title; note what would not be kept of it."""
        words = super().title(data, where)
        self._note_cleaned(data["title"], words, f"{where}.title")
        return words

    def string(self, data: dict[str, Any], name: str, where: str) -> str:
        """Read a text; note what would not be kept of it."""
        words = super().string(data, name, where)
        self._note_cleaned(data[name], words, f"{where}.{name}")
        return words

    def _note_cleaned(self, given: str, kept: str, where: str) -> None:
        if given != kept:
            what = "has spaces at an end of a line, twice in a row, or signs that do harm"
            self.findings.append((where.lstrip("."), "style", what))

    def place(self, where: str) -> str:
        """Return a place with the path to the entry replaced by its id."""
        path = where
        while path:
            if path in self._ids:
                return self._ids[path] + where[len(path) :]
            path = path[: max(path.rfind("."), path.rfind("["), 0)]
        return where


class _Lines:
    """In which line of a file an entry and its fields stand, if each has a line of its own."""

    def __init__(self, content: str) -> None:
        self._lines = content.split("\n")
        self._ids: dict[str, int] = {}
        for number, line in enumerate(self._lines):
            if (match := _ID.search(line)) is not None:
                self._ids.setdefault(match[1], number)

    def of(self, where: str) -> int:
        """Return the line of a place, from 1; 0 where it is not found."""
        id_, _, rest = where.partition(".")
        start = self._ids.get(id_)
        name = re.match(r"\w+", where if start is None else rest)
        if start is None:
            found = self._beside(0, name[0]) if name is not None else None
            return 0 if found is None else found + 1
        found = self._beside(start, name[0]) if name is not None else None
        return (start if found is None else found) + 1

    def _beside(self, start: int, name: str) -> int | None:
        """The line of a key in the object that has the line `start` in it, or in the whole."""
        depth = _depth(self._lines[start]) if start else 0
        for step in (1, -1):
            number = start
            while 0 <= number < len(self._lines):
                line = self._lines[number]
                inside = _depth(line) == depth or not start
                if inside and line.lstrip().startswith(f'"{name}"'):
                    return number
                if line.strip() and _depth(line) < depth:
                    break
                number += step
        return None


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip())


def _json_line(content: str) -> int:
    try:
        json.loads(content)
    except json.JSONDecodeError as error:
        return error.lineno
    except (ValueError, RecursionError):
        pass
    return 0


# The rules


def _rules(found: Seed, data: Mapping[str, Mapping[str, Any]]) -> Iterator[Raised]:
    entries = {entry.id: entry for entry in found.entries}
    studied = [entry for entry in found.entries if entry.kind in STUDIED]
    ties = _ties(entries)
    yield from _empty(found.entries)
    for entry in studied:
        yield from _missing(entry, data[entry.id])
        yield from _style(entry)
        yield from _links(entry, data[entry.id])
        yield from _needs(entry, entries, ties)
        yield from _related(entry, entries, ties)
    yield from _deadlock(studied, ties)
    yield from _same_words(studied)
    yield from _same_titles(studied)


def _empty(entries: Iterable[SeedEntry]) -> Iterator[Raised]:
    held = {entry.parent for entry in entries}
    for entry in entries:
        if entry.kind not in STUDIED and entry.id not in held:
            yield entry.id, "missing", f"the {entry.kind} has nothing in it"


def _missing(entry: SeedEntry, data: Mapping[str, Any]) -> Iterator[Raised]:
    # What is there and no good is told as that.
    names = [
        name
        for name in FIELDS
        if not entry.fields.get(name) and not (str(data.get(name) or "").strip())
    ]
    if names:
        yield entry.id, "missing", "has no " + ", no ".join(names)


def _style(entry: SeedEntry) -> Iterator[Raised]:
    done_when = str(entry.fields.get("done_when") or "")
    first_step = str(entry.fields.get("first_step") or "")
    if vague := _VAGUE.match(done_when):
        yield (
            f"{entry.id}.done_when",
            "style",
            f"begins with “{vague[0]}”: say what can be seen when it is done",
        )
    said = _CODE.sub("x", done_when)
    if _SENTENCE.search(said):
        yield f"{entry.id}.done_when", "style", "has several sentences; one is asked in a review"
    elif done_when and len(done_when.split()) < WORDS_MIN:
        yield f"{entry.id}.done_when", "style", f"“{done_when}” says nothing that can be seen"
    for name, words, most in (
        ("done_when", done_when, DONE_WHEN_MAX),
        ("first_step", first_step, FIRST_STEP_MAX),
    ):
        where = f"{entry.id}.{name}"
        if len(words) > most:
            yield (
                where,
                "style",
                f"has {len(words)} characters; {most} can still be read at a glance",
            )
        if words and not words.endswith(_ENDS[name]):
            yield where, "style", "does not end with a full stop"
        if "\n" in words:
            yield where, "style", "has several lines; one is shown"
        if words.count("`") % 2:
            yield where, "style", "has a backtick that is not closed"


def _links(entry: SeedEntry, data: Mapping[str, Any]) -> Iterator[Raised]:
    where = f"{entry.id}.resources"
    links = data.get("resources")
    if not isinstance(links, list):
        return
    sound = [link for link in links if isinstance(link, dict)]
    urls = [str(link.get("url", "")) for link in sound]
    titles = [str(link.get("title", "")).casefold() for link in sound]
    if len(links) > LINKS_MAX:
        yield where, "links", f"are {len(links)}; the best one to {LINKS_MAX} are enough"
    for what, several in (("address", [*map(_plain_url, urls)]), ("title", titles)):
        if len(set(several)) < len(several):
            yield (
                where,
                "links",
                f"has an {what} twice" if what == "address" else "has a title twice",
            )
    for url, title in zip(urls, titles, strict=True):
        if title == url.casefold():
            yield where, "links", f"calls {url} by its address: say what it leads to"
        for problem in _of_url(url):
            yield where, "links", f"{url} {problem}"


def _of_url(url: str) -> Iterator[str]:
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        yield "is no address"
        return
    if parts.scheme != "https":
        yield "is not https"
    if not host or "." not in host:
        yield "names no host"
    elif front := _front(host, parts.path, parts.query, parts.fragment):
        yield f"is {front}: name the very page"
    if parts.username is not None or parts.password is not None:
        yield "has a user name in it"
    if "utm_" in parts.query:
        yield "tells where it was copied (utm_…)"
    if host in _SEARCHES:
        yield "is a search"
    for what, hosts in _HOSTS.items():
        if any(host == known or host.endswith(f".{known}") for known in hosts):
            yield f"is {what}"


def _front(host: str, path: str, query: str, fragment: str) -> str:
    """Say what front page an address is; empty if it is none.

    A section of a long front page, as of a repository's, is a place of its own; on the home page of
    a site it is not: that changes too often.
    """
    steps = [step for step in path.lower().split("/") if step]
    if query or (steps and fragment and fragment.lower() not in ("top", "readme")):
        return ""
    if steps and host in _FORGES:
        return "the front page of a repository" if len(steps) <= 2 else ""
    if steps and _INDEX.fullmatch(steps[-1]):
        steps.pop()
    return "" if any(not _ROOT.fullmatch(step) for step in steps) else "a home page"


def _plain_url(url: str) -> str:
    return url.removesuffix("/").casefold()


def _needs(entry: SeedEntry, entries: Mapping[str, SeedEntry], ties: Ties) -> Iterator[Raised]:
    where = f"{entry.id}.requires"
    if len(entry.requires) > NEEDS_MAX:
        yield (
            where,
            "needs",
            f"names {len(entry.requires)} entries; what waits for more than {NEEDS_MAX} is begun late",
        )
    for target in entry.requires:
        if target not in entries or target == entry.id:
            continue  # The reader has said so.
        if wrong := clash(RelationKind.REQUIRES, entry.id, target, ties):
            yield where, "needs", f"names “{target}”, {wrong}"


def _ties(entries: Mapping[str, SeedEntry]) -> Ties:
    def above(id_: str) -> list[str]:
        found: list[str] = []
        parent = entries[id_].parent
        while parent is not None and parent in entries:
            found.append(parent)
            parent = entries[parent].parent
        return found

    def requires(id_: str) -> tuple[str, ...]:
        return entries[id_].requires if id_ in entries else ()

    def covers(id_: str) -> tuple[str, ...]:
        return entries[id_].covers if id_ in entries else ()

    # What is needed and related as well is told of what is related.
    return Ties(requires, covers, nothing, above)


def _deadlock(studied: Sequence[SeedEntry], ties: Ties) -> Iterator[Raised]:
    """What waits for itself by way of what gaps and steps are made of."""
    circle = first_deadlock([entry.id for entry in studied], ties)
    # A circle of needs alone is the reader's to tell.
    if circle and any(b not in ties.requires(a) for a, b in pairwise(circle)):
        yield (
            f"{circle[0]}.requires",
            "needs",
            "waits for itself, by what gaps and steps are made of: " + " → ".join(circle),
        )


def _related(entry: SeedEntry, entries: Mapping[str, SeedEntry], ties: Ties) -> Iterator[Raised]:
    where = f"{entry.id}.related"
    for target in entry.related:
        if target not in entries or target == entry.id:
            continue
        if wrong := clash(RelationKind.RELATED, entry.id, target, ties):
            yield where, "related", f"names “{target}”, {wrong}: one of them is enough"


def _same_words(studied: Iterable[SeedEntry]) -> Iterator[Raised]:
    for name in ("done_when", "first_step"):
        first: dict[str, str] = {}
        for entry in studied:
            words = text.line(str(entry.fields.get(name) or "")).casefold()
            other = first.setdefault(words, entry.id)
            if words and other != entry.id:
                yield f"{entry.id}.{name}", "twice", f"is that of “{other}”, word for word"


def _same_titles(studied: Iterable[SeedEntry]) -> Iterator[Raised]:
    """Entries side by side that are called the same: nobody can tell them apart."""
    first: dict[tuple[str, str], str] = {}
    for entry in studied:
        title = str(entry.fields["title"]).casefold()
        other = first.setdefault((entry.parent or entry.kind.value, title), entry.id)
        if title and other != entry.id:
            yield f"{entry.id}.title", "twice", f"is that of “{other}” beside it"
