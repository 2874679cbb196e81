"""Every command: one table for the keys, the key bar, the help, the palette and the user's keymap."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import cache
from typing import NamedTuple

from textual.binding import Binding, BindingType
from textual.keys import _character_to_key

from tracker_tui.errors import TrackerError, nearest


class Command(NamedTuple):
    """One thing the user can do. Its name is the same in the key bar, the help and the palette."""

    id: str
    """What the keymap of the configuration calls it."""
    keys: str
    """Its keys, with commas between them; empty: only in the palette."""
    action: str
    """The Textual action."""
    name: str
    """What it does, in two or three words."""
    tooltip: str
    """The same in a sentence."""
    group: str
    scope: str = "main"
    """Where it works: `main` everywhere on the main screen, `tree` or `detail` in that pane,
    `checkin` and `insights` on those screens; `SHARED` says which others work there too."""
    bar: int = 0
    """Its place in the key bar, from 1; 0: not there."""


MOVE, STATUS, DAY, WRITE, PLAN, LOOK, PROGRAM = GROUPS = (
    "Move",
    "Status",
    "Day",
    "Write",
    "Plan",
    "Look",
    "Program",
)


_c = Command

COMMANDS: tuple[Command, ...] = (
    _c("tree.down", "j,down", "cursor_down", "down", "Move to the next line", MOVE, "tree"),
    _c("tree.up", "k,up", "cursor_up", "up", "Move to the line before", MOVE, "tree"),
    _c("tree.top", "g,home", "top", "first line", "Move to the first line", MOVE, "tree"),
    _c("tree.bottom", "G,end", "bottom", "last line", "Move to the last line", MOVE, "tree"),
    _c(
        "tree.page_down",
        "ctrl+d,pagedown",
        "half_page(1)",
        "half a page down",
        "Move half a page down",
        MOVE,
        "tree",
    ),
    _c(
        "tree.page_up",
        "ctrl+u,pageup",
        "half_page(-1)",
        "half a page up",
        "Move half a page up",
        MOVE,
        "tree",
    ),
    _c("tree.open", "l,right", "open", "open", "Open the branch; again: go into it", MOVE, "tree"),
    _c(
        "tree.close",
        "h,left",
        "close",
        "close",
        "Close the branch; on a leaf: go to its branch",
        MOVE,
        "tree",
    ),
    _c(
        "detail.focus",
        "enter,tab",
        "screen.focus_detail",
        "detail",
        "Go to the detail pane",
        MOVE,
        "tree",
    ),
    _c(
        "detail.down",
        "j,down",
        "next_target",
        "down",
        "Move to the next link in the detail, or scroll",
        MOVE,
        "detail",
    ),
    _c(
        "detail.up",
        "k,up",
        "previous_target",
        "up",
        "Move to the link before, or scroll",
        MOVE,
        "detail",
    ),
    _c("detail.top", "g,home", "top", "first line", "Scroll to the first line", MOVE, "detail"),
    _c("detail.bottom", "G,end", "bottom", "last line", "Scroll to the last line", MOVE, "detail"),
    _c(
        "detail.page_down",
        "ctrl+d,pagedown",
        "half_page(1)",
        "half a page down",
        "Scroll half a page down",
        MOVE,
        "detail",
    ),
    _c(
        "detail.page_up",
        "ctrl+u,pageup",
        "half_page(-1)",
        "half a page up",
        "Scroll half a page up",
        MOVE,
        "detail",
    ),
    _c(
        "detail.jump",
        "enter,l,right",
        "jump",
        "go there",
        "Go to what the cursor in the detail is on",
        MOVE,
        "detail",
    ),
    _c(
        "detail.leave",
        "escape,tab,shift+tab,h,left",
        "screen.focus_tree",
        "tree",
        "Go back to the tree",
        MOVE,
        "detail",
    ),
    _c("go.today", "t", "go_today", "today", "Go to what is next today", MOVE),
    _c(
        "go.back",
        "ctrl+o,backspace",
        "go_back",
        "back",
        "Go back to where you were before a jump",
        MOVE,
    ),
    _c(
        "item.next",
        "space",
        "next_status",
        "next status",
        "Move on: todo, learning, learned",
        STATUS,
        bar=1,
    ),
    _c(
        "item.learned",
        "d",
        "toggle_status('learned')",
        "learned",
        "Learned; again: back to what it was",
        STATUS,
        bar=2,
    ),
    _c(
        "item.twins",
        "T",
        "learned_with_twins",
        "with twins",
        "Learned, and its open twins with it",
        STATUS,
    ),
    _c(
        "item.skipped",
        "x",
        "toggle_status('skipped')",
        "skip",
        "Not for me; again: back to what it was",
        STATUS,
    ),
    _c(
        "item.progress",
        "p",
        "progress",
        "progress",
        "Made progress: in progress, and touched today",
        STATUS,
    ),
    _c("go.checkin", "c", "checkin", "check in", "Go through today's queue", DAY, bar=7),
    _c("item.review", "r", "review", "review", "Review it now, if it is learned", DAY),
    _c("go.insights", "i", "insights", "insights", "See what the days come to", DAY),
    _c("review.again", "1", "grade(1)", "again", "Review: forgotten", DAY, "checkin"),
    _c("review.hard", "2", "grade(2)", "hard", "Review: recalled with effort", DAY, "checkin"),
    _c("review.good", "3", "grade(3)", "good", "Review: recalled", DAY, "checkin"),
    _c("review.easy", "4", "grade(4)", "easy", "Review: recalled at once", DAY, "checkin"),
    _c(
        "review.show",
        "space",
        "show",
        "show notes",
        "Review: show its text, notes and links",
        DAY,
        "checkin",
    ),
    _c("checkin.more", "plus", "more", "one more", "Put one more into the queue", DAY, "checkin"),
    _c(
        "checkin.spread",
        "b",
        "spread",
        "spread",
        "Spread overdue reviews over the coming days",
        DAY,
        "checkin",
    ),
    _c(
        "checkin.track",
        "enter,escape",
        "to_track",
        "the track",
        "Leave the check-in for the track",
        DAY,
        "checkin",
    ),
    _c(
        "insights.earlier",
        "left_square_bracket",
        "day(-1)",
        "day before",
        "Choose the day before, to fill it in",
        DAY,
        "insights",
    ),
    _c(
        "insights.later",
        "right_square_bracket",
        "day(1)",
        "day after",
        "Choose the day after",
        DAY,
        "insights",
    ),
    _c(
        "insights.move",
        "m",
        "move_overdue",
        "move",
        "Move what does not fit into its horizon to the next",
        DAY,
        "insights",
    ),
    _c("insights.close", "escape", "close", "the track", "Go back to the track", DAY, "insights"),
    _c(
        "mark.toggle", "v", "mark", "mark", "Mark: the next key acts on all that are marked", STATUS
    ),
    _c(
        "mark.all",
        "V",
        "mark_all",
        "mark all, none",
        "Unmark all; with no marks, mark the whole branch",
        STATUS,
    ),
    _c("item.note", "n", "note", "note", "Write a note here", WRITE, bar=3),
    _c(
        "item.note_editor",
        "N",
        "note_editor",
        "note in editor",
        "Write a note in $VISUAL or $EDITOR",
        WRITE,
    ),
    _c(
        "item.edit",
        "e",
        "edit",
        "edit",
        "Edit it, with its notes and links, in $VISUAL or $EDITOR",
        WRITE,
    ),
    _c("item.add", "a", "add", "add", "Add an entry where the cursor is", WRITE),
    _c("item.add_inside", "", "add_inside", "add inside", "Add an item inside this one", WRITE),
    _c("section.add", "A", "add_section", "add section", "Add a section", WRITE),
    _c("category.add", "", "add_category", "add category", "Add a category", WRITE),
    _c(
        "item.delete",
        "delete",
        "delete",
        "delete",
        "Delete it with all that is below it; asks first",
        WRITE,
    ),
    _c("item.copy", "y", "copy", "copy", "Copy it as Markdown", WRITE),
    _c(
        "item.snooze",
        "s",
        "snooze",
        "snooze",
        "Put it off until tomorrow; again: back on",
        PLAN,
        bar=4,
    ),
    _c(
        "item.snooze_until",
        "S",
        "snooze_until",
        "snooze until",
        "Put it off until a day you name",
        PLAN,
    ),
    _c("item.immediate", "1", "horizon('immediate')", "immediate", "Horizon: immediate", PLAN),
    _c("item.short", "2", "horizon('short')", "short", "Horizon: short term", PLAN),
    _c("item.medium", "3", "horizon('medium')", "medium", "Horizon: medium term", PLAN),
    _c("item.no_horizon", "0", "horizon('')", "no horizon", "Horizon: none", PLAN),
    _c("item.move_down", "J", "move(1)", "move down", "Move it down among its siblings", PLAN),
    _c("item.move_up", "K", "move(-1)", "move up", "Move it up among its siblings", PLAN),
    _c("item.move_to", "m", "move_to", "move to", "Move it to another section", PLAN),
    _c(
        "item.needs",
        "",
        "needs",
        "needs",
        "Say what it needs first; the same again: no longer",
        PLAN,
    ),
    _c(
        "item.related",
        "",
        "related",
        "related",
        "Say what is the same subject; the same again: no longer",
        PLAN,
    ),
    _c("find.search", "/", "search", "search", "Search titles, text and notes", LOOK, bar=5),
    _c(
        "find.filter",
        "f",
        "filter",
        "filter",
        "Narrow the tree: status:learning horizon:short words",
        LOOK,
        bar=6,
    ),
    _c("item.open_link", "o", "open_link", "open link", "Open its link in the browser", LOOK),
    _c("tree.open_all", "", "open_all", "open all", "Open every branch below the cursor", LOOK),
    _c("tree.close_all", "", "close_all", "close all", "Close every branch", LOOK),
    _c("app.undo", "u", "undo", "undo", "Take back the last change", PROGRAM, bar=8),
    _c("app.redo", "ctrl+r", "redo", "redo", "Do again what was taken back", PROGRAM),
    _c(
        "app.commands",
        "colon,ctrl+p",
        "app.command_palette",
        "commands",
        "Every command, by name",
        PROGRAM,
        bar=9,
    ),
    _c(
        "track.update",
        "",
        "update_track",
        "update the track",
        "Take in a newer version of the track",
        PROGRAM,
    ),
    _c("app.help", "question_mark", "help", "keys", "The keys that work here", PROGRAM, bar=11),
    _c(
        "app.suspend",
        "ctrl+z",
        "app.suspend_process",
        "to the shell",
        "Go to the shell; fg comes back",
        PROGRAM,
    ),
    _c(
        "app.quit",
        "q,ctrl+c",
        "quit",
        "quit",
        "Leave; everything is saved already",
        PROGRAM,
        bar=10,
    ),
)
BY_ID = {command.id: command for command in COMMANDS}

SHARED: Mapping[str, Mapping[str, str]] = {
    "checkin": {
        "item.learned": "answer('learned')",
        "item.twins": "answer_with_twins",
        "item.progress": "answer('progress')",
        "item.snooze": "answer('later')",
        "item.skipped": "answer('skipped')",
        "item.note": "note",
        "item.open_link": "open_link",
        "app.undo": "undo",
        "app.help": "help",
        "app.suspend": "app.suspend_process",
        "app.quit": "quit",
    },
    "insights": {
        "go.checkin": "checkin",
        "app.undo": "undo",
        "app.help": "help",
        "app.suspend": "app.suspend_process",
        "app.quit": "quit",
    },
}
"""Commands of the main screen that work on another one too, and the action they are there.

They keep their id, so that a key that the user chose for one holds wherever it works.
"""
_NAMES = {("checkin", "item.snooze"): "not today", ("checkin", "item.skipped"): "skip for good"}


def in_scope(scope: str) -> list[Command]:
    """Return the commands that work in a scope, and have their keys from there."""
    return [
        *(c for c in COMMANDS if c.scope == scope),
        *(
            BY_ID[id_]._replace(action=action, name=_NAMES.get((scope, id_), BY_ID[id_].name))
            for id_, action in SHARED.get(scope, {}).items()
        ),
    ]


def bindings(scope: str, without: Collection[str] = ()) -> list[BindingType]:
    """Return the bindings of a scope, less some ids, with their built-in keys."""
    return [
        Binding(c.keys, c.action, c.name, id=c.id, tooltip=c.tooltip, show=bool(c.bar))
        for c in in_scope(scope)
        if c.keys and c.id not in without
    ]


def actions(scope: str, changed: Mapping[str, str]) -> dict[str, str]:
    """Return the action of each key of a scope, as Textual names them; `changed` as in `keymap`."""
    return {key: c.action for c in in_scope(scope) for key in keys_of(c, changed)}


@cache
def normal_key(key: str) -> str:
    """Return the name Textual has for a key: `?` is `question_mark`, `G` stays `G`."""
    key = key.strip()
    *modifiers, last = key.split("+") if len(key) > 1 else [key]
    return "+".join([*modifiers, _character_to_key(last) if len(last) == 1 else last])


def keymap(wanted: Mapping[str, str]) -> dict[str, str]:
    """Check the user's keymap and return it as Textual takes it.

    Raises:
        TrackerError: if an id is unknown or two commands of one place want the same key.
    """
    result = {}
    for id_, keys in wanted.items():
        command = BY_ID.get(id_)
        if command is None or not command.keys:
            known = [c.id for c in COMMANDS if c.keys]
            raise TrackerError(f"keymap: there is no command “{id_}”", nearest(id_, known))
        names = [normal_key(key) for key in (keys.split(",") if keys != "," else [keys])]
        if not all(names):
            raise TrackerError(f"keymap: “{keys}” names no key for {id_}")
        result[id_] = ",".join(names)
    _refuse_clashes(result)
    return result


def keys_of(command: Command, changed: Mapping[str, str]) -> list[str]:
    """Return a command's keys as Textual names them, the user's own if they chose some."""
    keys = changed.get(command.id, command.keys)
    return [normal_key(key) for key in keys.split(",")] if keys else []


def _refuse_clashes(changed: Mapping[str, str]) -> None:
    for scope in ("tree", "detail", "checkin", "insights"):
        taken: dict[str, str] = {}
        around = () if scope in SHARED else in_scope("main")
        for command in (*in_scope(scope), *around):
            for key in keys_of(command, changed):
                if key in taken and taken[key] != command.id:
                    raise TrackerError(
                        f"keymap: “{shown_key(key)}” is both {taken[key]} and {command.id}",
                        "give one of them another key",
                    )
                taken[key] = command.id


_SHOWN = {
    "question_mark": "?",
    "slash": "/",
    "colon": ":",
    "escape": "esc",
    "pagedown": "pgdn",
    "pageup": "pgup",
    "down": "↓",
    "up": "↑",
    "left": "←",
    "right": "→",
    "full_stop": ".",
    "comma": ",",
    "plus": "+",
    "minus": "-",
    "left_square_bracket": "[",
    "right_square_bracket": "]",
}


def shown_key(key: str) -> str:
    """Return a key as a person writes it: `?`, `ctrl+r`, `esc`."""
    return _SHOWN.get(key, key)


def shown_keys(command: Command, changed: Mapping[str, str]) -> str:
    """Return all keys of a command as a person writes them."""
    return " ".join(shown_key(key) for key in keys_of(command, changed))
