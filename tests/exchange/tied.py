"""A mirrored file and its track without a database: what `emit` is given, and what comes of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from tracker_tui.domain.track import Entry
from tracker_tui.domain.words import Kind, Status
from tracker_tui.exchange.mirror import lines
from tracker_tui.exchange.mirror.emit import emit
from tracker_tui.exchange.mirror.emitted import Emitted
from tracker_tui.exchange.mirror.ties import Tie, said_of, spot_of
from tracker_tui.exchange.mirror.track import Track


def entry(title: str, kind: Kind = Kind.ITEM, parent: str | None = None, **more: Any) -> Entry:
    """An entry whose id is its title."""
    status = more.pop("status", Status.TODO)
    given = {"position": f"b-{title}", "description": "", "impact": "", "action": "", **more}
    return Entry(
        id=title,
        kind=kind,
        parent=parent,
        title=title,
        status=status,
        own_status=status,
        horizon=given.pop("horizon", None),
        snoozed_until=None,
        done_when=given.pop("done_when", ""),
        first_step=given.pop("first_step", ""),
        effort=given.pop("effort", None),
        resources_json="",
        progressed_on=None,
        deleted=given.pop("deleted", False),
        created_at="",
        updated_at="",
        covering=0,
        children=0,
        total=0,
        learned=0,
        learning=0,
        skipped=0,
        **given,
    )


@dataclass
class Tied:
    """A text each of whose lines is an entry; their order keys are `a00`, `a01` and so on."""

    text: str
    entries: dict[str, Entry] = field(default_factory=dict)
    before: Emitted = field(init=False)

    def __post_init__(self) -> None:
        ties: list[Tie] = []
        for number, line in enumerate(lines.read(self.text, "plan").lines):
            parent = ties[line.parent].id if line.parent >= 0 else None
            made = entry(
                line.title,
                line.kind,
                parent,
                status=lines.state_of(line),
                horizon=line.horizon,
                position=f"a{number:02d}",
                **line.values,
            )
            self.entries[made.id] = made
            ties.append(Tie(made.id, line, said_of(made), spot_of(line.kind, parent, line.horizon)))
        self.before = Emitted(self.text, ties, {}, set())

    def change(self, id_: str, **to: Any) -> None:
        """Change an entry in the track."""
        if "status" in to:
            to["own_status"] = to["status"]
        self.entries[id_] = self.entries[id_]._replace(**to)

    def add(self, *made: Entry) -> None:
        """Add entries to the track."""
        self.entries.update({one.id: one for one in made})

    def put(self, elsewhere: Iterable[str] = ()) -> Emitted:
        """Bring the file in step with the track."""
        living = [one for one in self.entries.values() if not one.deleted]
        deleted = [one for one in self.entries.values() if one.deleted]
        there = set(elsewhere)
        return emit(self.text, "plan", self.before, Track(living, deleted), lambda: there)
