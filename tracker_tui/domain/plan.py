"""What a key does: from entries and an intention to the `Action` that the store writes. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from tracker_tui.domain import ids, text, valid
from tracker_tui.domain.journal import Action, Change, Value
from tracker_tui.domain.track import Entry, Note
from tracker_tui.domain.words import Entity, Horizon, Kind, Rating, RelationKind, Status
from tracker_tui.errors import TrackerError, nearest

_WRITTEN = ("description", "impact", "action", "done_when", "first_step")
_NOT_OF_BRANCHES = ("horizon", "snoozed_until", "status", "effort")


def quoted(entry: Entry) -> str:
    """Return an entry's title as a label quotes it."""
    return f"“{text.shortened(text.shown(entry.title), 60)}”"


def _names(entries: Sequence[Entry]) -> str:
    if len(entries) == 1:
        return quoted(entries[0])
    kinds = {e.kind for e in entries}
    noun = kinds.pop().value if len(kinds) == 1 else "entry"
    many = {"entry": "entries", "category": "categories"}.get(noun, "")
    return text.plural(len(entries), noun, many)


def _set(entry: Entry, field: str, old: Value, new: Value) -> list[Change]:
    return [] if old == new else [Change(Entity.ENTRY, entry.id, field, old, new)]


def set_status(wanted: Mapping[str, Status], entries: Sequence[Entry], of: str = "") -> Action:
    """Give each of `entries` the status that `wanted` names for its id.

    `of` is the title of what was selected, when `entries` are what it stands for: the items that a
    gap covers.
    """
    changes: list[Change] = []
    touched: list[Entry] = []
    for entry in entries:
        made = _set(entry, "status", entry.own_status.value, wanted[entry.id].value)
        if made:
            touched.append(entry)
            changes += made
    targets = {wanted[e.id] for e in touched}
    goal = targets.pop().value if len(targets) == 1 else "back to what they were"
    if len(touched) == 1:
        label = f"{quoted(touched[0])}: {touched[0].own_status.value} → {goal}"
    else:
        label = f"{_names(touched)} → {goal}" if touched else "no status changed"
    if of and touched:
        label += f" (of “{text.shortened(text.shown(of), 60)}”)"
    return Action(label, tuple(changes))


def twins_label(entries: Sequence[Entry], twins: Sequence[Entry]) -> str:
    """Return the label of an action that makes `entries` learned and with them their twins."""
    return f"{_names(entries)} and {text.plural(len(twins), 'twin')} → {Status.LEARNED.value}"


def set_horizon(horizon: Horizon | None, entries: Sequence[Entry]) -> Action:
    """Put `entries` into a horizon, or into none."""
    changes: list[Change] = []
    for entry in entries:
        old = entry.horizon.value if entry.horizon else None
        changes += _set(entry, "horizon", old, horizon.value if horizon else None)
    goal = f"horizon {horizon.value}" if horizon else "no horizon"
    return Action(f"{_names(entries)}: {goal}", tuple(changes))


def snooze(until: str | None, entries: Sequence[Entry]) -> Action:
    """Put `entries` off until an ISO date, or back on with None."""
    changes: list[Change] = []
    for entry in entries:
        changes += _set(entry, "snoozed_until", entry.snoozed_until, until)
    goal = f"snoozed until {until}" if until else "no longer snoozed"
    return Action(f"{_names(entries)}: {goal}", tuple(changes))


def progress(entries: Sequence[Entry], day: str) -> Action:
    """Note that progress was made on an ISO date; what was not begun is in progress from then on."""
    changes: list[Change] = []
    for entry in entries:
        if entry.own_status is Status.TODO:
            changes += _set(entry, "status", entry.own_status.value, Status.LEARNING.value)
        changes += _set(entry, "snoozed_until", entry.snoozed_until, None)
        # Said again on the same day it still counts as touched.
        changes.append(Change(Entity.ENTRY, entry.id, "progressed_on", entry.progressed_on, day))
    return Action(f"progress on {_names(entries)}", tuple(changes))


def review(entry: Entry, id_: str, at: str, rating: Rating) -> Action:
    """Keep a review of an entry; what it was put off for is over."""
    changes = [*_review(entry, id_, at, rating, claim=0)]
    changes += _set(entry, "snoozed_until", entry.snoozed_until, None)
    return Action(f"reviewed {quoted(entry)}: {rating.word}", tuple(changes))


def claims(
    action: Action, entries: Iterable[Entry], ids_: Iterator[str], at: str, day: str
) -> Action:
    """Give items that an action makes learned their first review.

    A snooze that has ended by `day` is dealt with by a change of status; learning ends any.
    """
    wanted = {c.id: c.new for c in action.changes if c.field == "status"}
    changes = list(action.changes)
    for entry in entries:
        if entry.id not in wanted:
            continue
        learned = wanted[entry.id] == Status.LEARNED.value
        if learned and entry.kind is Kind.ITEM:
            changes += _review(entry, next(ids_), at, Rating.GOOD, claim=1)
        if learned or not entry.snoozed(day):
            changes += _set(entry, "snoozed_until", entry.snoozed_until, None)
    return action._replace(changes=tuple(changes))


def _review(entry: Entry, id_: str, at: str, rating: Rating, *, claim: int) -> Iterator[Change]:
    yield Change(Entity.REVIEW, id_, "entry", None, entry.id)
    yield Change(Entity.REVIEW, id_, "at", None, at)
    yield Change(Entity.REVIEW, id_, "rating", None, rating.value)
    yield Change(Entity.REVIEW, id_, "claim", None, claim)
    yield Change(Entity.REVIEW, id_, "deleted", 1, 0)


def add(
    id_: str, kind: Kind, parent: str | None, position: str, title: str, fields: Mapping[str, Value]
) -> Action:
    """Add an entry.

    Raises:
        TrackerError: if the title cannot be one.
    """
    title = text.title(title)
    values: dict[str, Value] = {
        "kind": kind.value,
        "parent": parent,
        "position": position,
        "title": title,
        **fields,
    }
    changes = [Change(Entity.ENTRY, id_, name, None, value) for name, value in values.items()]
    changes.append(Change(Entity.ENTRY, id_, "deleted", 1, 0))
    return Action(f"added “{text.shortened(title, 60)}”", tuple(changes))


def edit(entry: Entry, fields: Mapping[str, Value]) -> Action:
    """Change some of the fields a user writes: texts, horizon, snooze, links.

    Raises:
        TrackerError: if there is no such field, or it cannot hold the value.
    """
    old: dict[str, Value] = {
        "title": entry.title,
        "description": entry.description,
        "impact": entry.impact,
        "action": entry.action,
        "done_when": entry.done_when,
        "first_step": entry.first_step,
        "effort": entry.effort.value if entry.effort else None,
        "resources": entry.resources_json,
        "horizon": entry.horizon.value if entry.horizon else None,
        "snoozed_until": entry.snoozed_until,
        "status": entry.own_status.value,
    }
    changes: list[Change] = []
    for name, given in fields.items():
        if name not in old:
            raise TrackerError(f"an entry has no “{name}” to edit", nearest(name, tuple(old)))
        value = _cleaned(name, given)
        if not valid.FIELDS[Entity.ENTRY][name](value):
            raise TrackerError(f"{name} cannot be “{value}”")
        if entry.is_branch and name in _NOT_OF_BRANCHES and value != old[name]:
            raise TrackerError(f"a {entry.kind} has no {name} of its own")
        changes += _set(entry, name, old[name], value)
    return Action(f"edited {quoted(entry)}", tuple(changes))


def _cleaned(name: str, value: Value) -> Value:
    if name == "title":
        return text.title(str(value or ""))
    if name in _WRITTEN:
        return text.body(str(value or ""), name.replace("_", " "))
    if name == "resources" and value in (None, "[]"):
        return ""
    if name == "effort" and isinstance(value, str):
        return value.strip().upper() or None
    return value


def note(entry: Entry, id_: str, at: str, words: str) -> Action:
    """Add a note to an entry.

    Raises:
        TrackerError: if there is nothing in it, or too much.
    """
    words = text.body(words, "note")
    changes = (
        Change(Entity.NOTE, id_, "entry", None, entry.id),
        Change(Entity.NOTE, id_, "at", None, at),
        Change(Entity.NOTE, id_, "text", None, words),
        Change(Entity.NOTE, id_, "deleted", 1, 0),
    )
    return Action(f"note on {quoted(entry)}", changes if words.strip() else ())


def edit_notes(notes: Iterable[Note], texts: Mapping[str, str]) -> list[Change]:
    """Changes for notes whose text became another; an empty one deletes the note."""
    changes = []
    for old in notes:
        words = text.body(texts.get(old.id, old.text), "note")
        if not words.strip():
            changes.append(Change(Entity.NOTE, old.id, "deleted", 0, 1))
        elif words != old.text:
            changes.append(Change(Entity.NOTE, old.id, "text", old.text, words))
    return changes


def move(entry: Entry, parent: str | None, position: str, where: str) -> Action:
    """Give an entry another place; `where` says which in words."""
    changes = _set(entry, "parent", entry.parent, parent)
    changes += _set(entry, "position", entry.position, position)
    return Action(f"moved {quoted(entry)} {where}", tuple(changes))


def rearrange(entry: Entry, positions: Iterable[tuple[Entry, str]], where: str) -> Action:
    """Give an entry another place among siblings that share one key, each a key of its own."""
    changes: list[Change] = []
    for sibling, position in positions:
        changes += _set(sibling, "position", sibling.position, position)
    return Action(f"moved {quoted(entry)} {where}", tuple(changes))


def delete(entries: Sequence[Entry], below: Sequence[Entry]) -> Action:
    """Delete `entries` and, with them, everything `below` them."""
    seen: dict[str, Entry] = {e.id: e for e in (*entries, *below) if not e.deleted}
    changes = tuple(Change(Entity.ENTRY, id_, "deleted", 0, 1) for id_ in seen)
    extra = len(seen) - len(entries)
    label = f"deleted {_names(entries)}"
    return Action(f"{label} with {extra} below" if extra > 0 else label, changes)


def relate(kind: RelationKind, source: Entry, target: Entry, position: str, *, on: bool) -> Action:
    """Make or unmake a relation between two entries."""
    if on:
        changes = made_relation(kind, source.id, target.id, position)
    else:
        changes = unmade_relation(kind, source.id, target.id)
    words = {
        RelationKind.REQUIRES: ("needs", "no longer needs"),
        RelationKind.RELATED: ("is related to", "is no longer related to"),
    }
    made, unmade = words.get(kind, (kind.value, f"no longer {kind.value}"))
    verb = made if on else unmade
    return Action(f"{quoted(source)} {verb} {quoted(target)}", changes)


def made_relation(
    kind: RelationKind, source: str, target: str, position: str
) -> tuple[Change, ...]:
    """Changes that make a relation between two entries, by their ids."""
    id_ = ids.relation_id(kind, source, target)
    return (
        Change(Entity.RELATION, id_, "kind", None, kind.value),
        Change(Entity.RELATION, id_, "source", None, source),
        Change(Entity.RELATION, id_, "target", None, target),
        Change(Entity.RELATION, id_, "position", None, position),
        Change(Entity.RELATION, id_, "deleted", 1, 0),
    )


def unmade_relation(kind: RelationKind, source: str, target: str) -> tuple[Change, ...]:
    """Changes that take a relation between two entries back."""
    return (Change(Entity.RELATION, ids.relation_id(kind, source, target), "deleted", 0, 1),)
