"""What can be done to a track. Each verb plans an `Action` and has it written as one transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import count, islice

from tracker_tui.domain import dates, ids, order, plan, text
from tracker_tui.domain.journal import Action, Change, Row, Value
from tracker_tui.domain.relations import Ties, clash, deadlock
from tracker_tui.domain.track import Entry, Place, place_of
from tracker_tui.domain.words import Entity, Horizon, Kind, RelationKind, Status
from tracker_tui.errors import TrackerError
from tracker_tui.tracker.base import verb
from tracker_tui.tracker.questions import Questions

TAIL_LENGTH = 4
INBOX = "Inbox"
"""Title of the category for what has no place yet."""
DEPTH_MAX = 50
"""How deep entries may lie within each other."""

HOLDERS: Mapping[Kind, tuple[Kind, ...]] = {
    Kind.SECTION: (Kind.CATEGORY,),
    Kind.ITEM: (Kind.CATEGORY, Kind.SECTION, Kind.ITEM),
}
"""What each kind can lie in; the others stand for themselves."""


class Verbs(Questions):
    """The verbs half of `Tracker`."""

    @verb
    def set_status(self, ids_: Sequence[str], status: Status, day: date | None = None) -> Action:
        """Give entries a status; it counts as done on `day`, today unless given.

        A category or section stands for all items below it, a gap or step with counterparts for the
        items that it covers.
        """
        return self._apply(self._status_action(ids_, status, day), day)

    @verb
    def learned_with_twins(self, ids_: Sequence[str], day: date | None = None) -> Action:
        """Make entries learned and, in the same step, what is the same subject and still open."""
        return self._apply(self._status_action(ids_, Status.LEARNED, day, twins=True), day)

    def _status_action(
        self,
        ids_: Sequence[str],
        status: Status,
        day: date | None = None,
        *,
        twins: bool = False,
    ) -> Action:
        entries, of = self._bearers(ids_)
        also = self.open_twins(e.id for e in entries) if twins else []
        action = self._planned_status(
            {e.id: status for e in (*entries, *also)}, [*entries, *also], of, day
        )
        return action._replace(label=plan.twins_label(entries, also)) if also else action

    def _planned_status(
        self,
        wanted: Mapping[str, Status],
        entries: Sequence[Entry],
        of: str,
        day: date | None = None,
    ) -> Action:
        return self._with_reviews(plan.set_status(wanted, entries, of), entries, day)

    def _review_id(self) -> str:
        """Return an id that sorts by when it was made: reviews of one moment keep their order."""
        made = self._at().replace("-", "").replace(":", "")
        return f"review-{made}-{self._tail(6)}"

    def _with_reviews(
        self,
        action: Action,
        entries: Sequence[Entry],
        day: date | None = None,
        ids_: Iterator[str] | None = None,
    ) -> Action:
        """Add the reviews that changes of status make or, the same day, unmake.

        Args:
            action: What is planned.
            entries: Those that it is planned for.
            day: The day on which it counts, today unless given.
            ids_: Ids for the reviews, new ones unless given.
        """
        day = day or self.today()
        at = dates.utc_text(self.calendar.moment_on(day, self._clock()))
        ids_ = ids_ or (self._review_id() for _ in count())
        action = plan.claims(action, entries, ids_, at, day.isoformat())
        start = self.calendar.start_text(day)
        changed = {change.id for change in action.changes if change.field == "status"}
        taken_back = [
            Change(Entity.REVIEW, review.id, "deleted", 0, 1)
            for entry in entries
            if entry.own_status is Status.LEARNED and entry.id in changed
            for review in self._store.reviews(entry.id)
            if review.claim and review.at >= start
        ]
        return action.also(*taken_back)

    @verb
    def toggle_status(self, ids_: Sequence[str], status: Status) -> Action:
        """Give entries a status, or where all have it already, the one each had before."""
        entries, of = self._bearers(ids_)
        if entries and all(e.own_status is status for e in entries):
            wanted = {e.id: self._store.earlier_status(e.id, status) for e in entries}
        else:
            wanted = {e.id: status for e in entries}
        return self._apply(self._planned_status(wanted, entries, of))

    @verb
    def next_status(self, ids_: Sequence[str]) -> Action:
        """Move entries on: todo, learning, learned, todo."""
        wanted: dict[str, Status] = {}
        entries: list[Entry] = []
        of = ""
        for id_ in dict.fromkeys(ids_):
            goal = self.entry(id_).status.next
            bearers, name = self._bearers([id_])
            of = of or name
            for entry in bearers:
                if entry.id not in wanted:
                    wanted[entry.id] = goal
                    entries.append(entry)
        return self._apply(self._planned_status(wanted, entries, of if len(ids_) == 1 else ""))

    def bearers(self, ids_: Sequence[str]) -> list[Entry]:
        """Return the entries whose own status a change of status of `ids_` sets."""
        return self._bearers(ids_)[0]

    @verb
    def set_horizon(self, ids_: Sequence[str], horizon: Horizon | None) -> Action:
        """Put items, gaps or steps into a horizon or, with None, into none."""
        entries = [e for e in self._living(ids_) if not e.is_branch]
        if not entries:
            raise TrackerError("a category or section has no horizon", "choose items")
        if horizon is None:
            entries = [e for e in entries if e.kind is not Kind.STEP]
            if not entries:
                raise TrackerError(
                    "a step of the learning path always has a horizon", "choose another one"
                )
        return self._apply(plan.set_horizon(horizon, entries))

    @verb
    def snooze(self, ids_: Sequence[str], until: str) -> Action:
        """Put entries off until a day in words: `tomorrow`, `friday`, `3d`, `2027-01-31`.

        Raises:
            TrackerError: if the words mean no day in the future.
        """
        day = dates.parse_when(until, self.today(), self.config.first_weekday)
        return self._apply(plan.snooze(day.isoformat(), self._snoozable(ids_)))

    @verb
    def wake(self, ids_: Sequence[str]) -> Action:
        """Take a snooze back."""
        return self._apply(plan.snooze(None, self._snoozable(ids_)))

    def _snoozable(self, ids_: Sequence[str]) -> list[Entry]:
        entries = [e for e in self._living(ids_) if not e.is_branch]
        if not entries:
            raise TrackerError("a category or section cannot be snoozed", "choose items")
        return entries

    @verb
    def add_note(self, id_: str, words: str, day: date | None = None) -> Action:
        """Add a dated note to an entry, counting for `day`; empty words add nothing."""
        (entry,) = self._living([id_])
        return self._apply(plan.note(entry, f"note-{self._tail(8)}", self._at(), words), day)

    @verb
    def edit(
        self, id_: str, fields: Mapping[str, Value], note_texts: Mapping[str, str] | None = None
    ) -> Action:
        """Change the texts of an entry, and of notes on it by their ids, as one action."""
        (entry,) = self._living([id_])
        action = self._with_reviews(plan.edit(entry, fields), [entry])
        changes = plan.edit_notes(self._store.notes(id_), note_texts or {})
        return self._apply(action.also(*changes))

    def add(
        self,
        title: str,
        kind: Kind,
        place: Place,
        after: str | None = None,
        description: str = "",
    ) -> Action:
        """Add an entry: behind the sibling `after`, or at the end of its place.

        Raises:
            TrackerError: if the title cannot be one or the place cannot hold it.
        """
        return self.add_many([title], kind, place, after, description)[0]

    @verb
    def add_many(
        self,
        titles: Iterable[str],
        kind: Kind,
        place: Place,
        after: str | None = None,
        description: str = "",
    ) -> list[Action]:
        """Add several entries in one transaction, each an action of its own."""
        self._check_place(kind, place)
        cleaned = [text.title(title) for title in titles]
        fields: dict[str, Value] = {"status": Status.TODO.value}
        if description:
            fields["description"] = text.body(description, "description")
        if place.horizon is not None:
            fields["horizon"] = place.horizon.value
        positions = self._positions(place, after, len(cleaned))
        planned = [
            plan.add(id_, kind, place.parent, position, title, fields)
            for id_, title, position in zip(self._new_ids(cleaned), cleaned, positions, strict=True)
        ]
        if planned:
            planned[0] = self._counted(planned[0])
        day = self.today().isoformat()
        return self._store.apply_all([a._replace(day=day) for a in planned], self._at())

    @verb
    def add_to_inbox(self, title: str, description: str = "") -> Action:
        """Add an item to the category “Inbox”, which is made with it where there is none.

        Raises:
            TrackerError: if the title cannot be one.
        """
        top = Place(kind=Kind.CATEGORY)
        inbox = next((c.id for c in self._store.siblings(top) if c.title == INBOX), None)
        if inbox is not None:
            return self.add(title, Kind.ITEM, Place(inbox), None, description)
        id_, inbox = self._new_ids([text.title(title), INBOX])
        (position,) = self._positions(top, None, 1)
        fields: dict[str, Value] = {"status": Status.TODO.value}
        if description:
            fields["description"] = text.body(description, "description")
        item = plan.add(id_, Kind.ITEM, inbox, order.between(None, None), title, fields)
        category = plan.add(inbox, Kind.CATEGORY, None, position, INBOX, {})
        return self._apply(item.also(*category.changes))

    def _check_place(self, kind: Kind, place: Place) -> None:
        holders = HOLDERS.get(kind, ())
        if place.parent is None:
            if holders:
                raise TrackerError(f"{_a(kind)} cannot stand alone", f"put it in {_a(holders[-1])}")
            if kind is Kind.STEP and place.horizon is None:
                raise TrackerError("a step of the learning path needs a horizon")
            return
        parent = self.entry(place.parent)
        name = text.shortened(text.shown(parent.title), 60)
        if parent.deleted or parent.kind not in holders:
            raise TrackerError(f"“{name}” cannot hold {_a(kind)}")
        if len(self._store.ancestors(parent)) + 2 > DEPTH_MAX:
            raise TrackerError(
                f"“{name}” lies too deep to hold more", f"{DEPTH_MAX} levels at most"
            )

    def _new_ids(self, titles: Iterable[str]) -> list[str]:
        """Ids for new entries, none of them taken: many titles may share one slug."""
        waiting = iter(titles)
        made: list[str] = []
        used: set[str] = set()
        while some := list(islice(waiting, 500)):
            coined = [""] * len(some)
            missing, length = list(range(len(some))), TAIL_LENGTH
            while missing:
                for place in missing:
                    coined[place] = ids.new_id(some[place], self._tail(length))
                taken = self._store.taken([coined[place] for place in missing])
                left = []
                for place in missing:
                    if coined[place] in used or coined[place] in taken:
                        left.append(place)
                    else:
                        used.add(coined[place])
                missing, length = left, length + 1
            made += coined
        return made

    def _positions(self, place: Place, after: str | None, count: int) -> list[str]:
        if after is not None:
            sibling = self.entry(after)
            upper = self._store.position_beside(place, sibling.position, 1)
            return order.spread(sibling.position, upper, count)
        last = self._store.last(place)
        return order.spread(last.position if last else None, None, count)

    @verb
    def move(self, id_: str, by: int) -> Action:
        """Move an entry among its siblings, `by` places down (or up, if negative).

        At the end of its place nothing changes.
        """
        (entry,) = self._living([id_])
        step = 1 if by > 0 else -1
        place = place_of(entry)
        neighbour = self._store.neighbour(entry, step, abs(by)) if by else None
        if neighbour is None:
            return Action("already the last" if step > 0 else "already the first", ())
        where = "down" if step > 0 else "up"
        beyond = self._store.position_beside(place, neighbour.position, step)
        following = self._store.neighbour(neighbour, step)
        if following is None or following.position != neighbour.position:
            low, high = (neighbour.position, beyond) if step > 0 else (beyond, neighbour.position)
            return self._apply(plan.move(entry, entry.parent, order.between(low, high), where))
        # Two replicas gave several siblings one key: no key lies between them, so all get new ones.
        tied = [e for e in self._store.tied(place, neighbour.position) if e.id != id_]
        tied.insert([e.id for e in tied].index(neighbour.id) + (step > 0), entry)
        opposite = self._store.position_beside(place, neighbour.position, -step)
        lower, upper = (opposite, beyond) if step > 0 else (beyond, opposite)
        keys = order.spread(lower, upper, len(tied))
        return self._apply(plan.rearrange(entry, zip(tied, keys, strict=True), where))

    @verb
    def move_to(self, id_: str, parent: str) -> Action:
        """Move an item to the end of another section, category or item."""
        (entry,), (target,) = self._living([id_]), self._living([parent])
        if target.kind not in HOLDERS.get(entry.kind, ()):
            raise TrackerError(f"{_a(entry.kind)} cannot be moved into {_a(target.kind)}")
        above = self._store.ancestors(target)
        if id_ == parent or id_ in {e.id for e in above}:
            name = text.shortened(text.shown(entry.title), 60)
            raise TrackerError(f"“{name}” cannot be moved into itself")
        if len(above) + 2 + self._height(id_) > DEPTH_MAX:
            raise TrackerError("it would lie too deep there", f"{DEPTH_MAX} levels at most")
        position = self._positions(Place(parent), None, 1)[0]
        where = f"to “{text.shortened(text.shown(target.title), 60)}”"
        return self._apply(plan.move(entry, parent, position, where))

    def _height(self, id_: str) -> int:
        """How many levels lie below an entry."""
        level = {id_: 0}
        for entry in self._store.below(id_):
            level[entry.id] = level[str(entry.parent)] + 1
        return max(level.values())

    @verb
    def delete(self, ids_: Sequence[str]) -> Action:
        """Delete entries with all that is below them; undo brings everything back."""
        entries = [e for e in self._store.entries(ids_) if not e.deleted]
        below = [e for entry in entries for e in self._store.below(entry.id)]
        return self._apply(plan.delete(entries, below))

    @verb
    def relate(self, kind: RelationKind, source: str, target: str, *, on: bool = True) -> Action:
        """Make (or, with `on` false, unmake) a relation between two entries.

        What is related is so both ways: which of the two is named first makes no difference.

        Raises:
            TrackerError: if the entries cannot stand in it, or would need each other first.
        """
        if kind is RelationKind.RELATED:
            source, target = ids.pair(source, target)
        (start,), (end,) = self._living([source]), self._living([target])
        covering = kind is RelationKind.COVERS
        if covering and (start.kind not in (Kind.GAP, Kind.STEP) or end.kind is not Kind.ITEM):
            raise TrackerError(f"{_a(start.kind)} cannot cover {_a(end.kind)}")
        if source == target:
            raise TrackerError("an entry cannot be related to itself")
        if not covering:
            for entry in (start, end):
                if entry.is_branch:
                    raise TrackerError(f"{_a(entry.kind)} is nothing to learn", "choose items")
        if on:
            titles = {entry.id: entry.title for entry in (start, end)}
            refuse(kind, source, target, self._store_ties(), titles.__getitem__)
        id_ = ids.relation_id(kind, source, target)
        if self._store.stands(id_) is on:
            return Action("nothing to change", ())
        place = order.between(self._store.last_relation(kind, source), None)
        return self._apply(plan.relate(kind, start, end, place, on=on))

    def _store_ties(self) -> Ties:
        ends = self._store.ends
        return Ties(
            lambda id_: ends(RelationKind.REQUIRES, id_),
            lambda id_: ends(RelationKind.COVERS, id_),
            lambda id_: [link.id for link in self._store.related(id_)],
            lambda id_: [above.id for above in self._store.ancestors(self.entry(id_))],
        )

    @verb
    def mend_order(self) -> Action:
        """Give the entries beside which nothing can be put a place behind their siblings."""
        places: dict[Place, list[Entry]] = {}
        for entry in self._store.entries(self.out_of_order()):
            places.setdefault(place_of(entry), []).append(entry)
        changes: list[Change] = []
        for place, entries in places.items():
            sound = [e.position for e in self.siblings(place) if order.is_key(e.position)]
            keys = order.spread(max(sound, default=None), None, len(entries))
            changes += [
                Change(Entity.ENTRY, entry.id, "position", entry.position, key)
                for entry, key in zip(entries, keys, strict=True)
            ]
        what = text.plural(len(changes), "entry", "entries")
        return self._apply(Action(f"{what} given a place anew", tuple(changes)))

    def take_in(self, rows: Sequence[Row]) -> int:
        """Take in rows of other replicas, those that are not here yet; return how many these are.

        Raises:
            TrackerError: if one is none that can be; then none is taken in.
        """
        before = self._store.rows()
        self.safety_backup("import")
        self._store.merge(rows)
        self._written()
        return self._store.rows() - before

    def undo(self) -> Action | None:
        """Take back the last action that stands; None if there is none."""
        action = self._store.undo(self._at())
        self._written()
        return action

    def redo(self) -> Action | None:
        """Do again what was undone last; None if there is nothing, or something was done since."""
        action = self._store.redo(self._at())
        self._written()
        return action


def refuse(
    kind: RelationKind, source: str, target: str, ties: Ties, title_of: Callable[[str], str]
) -> None:
    """See that two entries can stand in a relation, beside those in which they stand.

    Raises:
        TrackerError: if they cannot, or one would then wait for itself.
    """

    def quoted(id_: str) -> str:
        return f"“{text.shortened(text.shown(title_of(id_)), 60)}”"

    if kind is not RelationKind.COVERS and (wrong := clash(kind, source, target, ties)):
        what = "need" if kind is RelationKind.REQUIRES else "be related to"
        raise TrackerError(f"{quoted(source)} cannot {what} {quoted(target)}, {wrong}")
    if kind is not RelationKind.RELATED and (around := deadlock(source, target, ties)):
        raise TrackerError(
            f"{quoted(source)} would wait for itself: {' → '.join(around)}",
            "neither could ever come first",
        )


def _a(kind: Kind) -> str:
    return f"an {kind}" if kind is Kind.ITEM else f"a {kind}"
