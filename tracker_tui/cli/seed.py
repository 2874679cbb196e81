"""Commands about where a track comes from: beginning one, and taking in a newer version of it."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from tracker_tui.cli.base import Context, as_json_option, pass_context
from tracker_tui.cli.choice import asks
from tracker_tui.domain.text import plural, shown
from tracker_tui.errors import TrackerError
from tracker_tui.exchange import news as told
from tracker_tui.exchange import seed as seeds
from tracker_tui.tracker import Tracker
from tracker_tui.tracker.base import lost_track
from tracker_tui.tracker.seeding import Held, Newness

if TYPE_CHECKING:
    from tracker_tui.domain.reseed import News

NO_SEED = "this track came from no seed", "tracker seed update FILE adds one"
NO_FILE = "nobody knows where its next version is", "tracker seed update FILE says so"


@click.command()
@click.option("--seed", "file", metavar="FILE", help="The track to begin with, instead of ours.")
@click.option("--empty", is_flag=True, help="Begin with nothing.")
@as_json_option
@pass_context
def init(context: Context, file: str | None, empty: bool, json_: bool) -> None:  # noqa: FBT001
    """Begin a track: the built-in one, one of a file, or an empty one."""
    if file is not None and empty:
        raise click.UsageError("--seed and --empty do not go together")
    database = context.paths.database
    if database.exists() and lost_track(context.paths) is None:
        raise _there_already(database)
    path = Path(file) if file is not None else seeds.built_in()
    found = None if empty else seeds.read(path)
    rows = found.rows if found else tuple
    with Tracker(context.paths, context.config, first=rows, anew=True) as tracker:
        if not tracker.began:
            raise _there_already(database)
        if found is not None and file is not None:
            tracker.began_with(found.id, path)
        entries = sum(held.entries for held in tracker.seeds())
    if json_:
        context.json(
            {
                "database": str(database),
                "id": found.id if found else None,
                "version": found.version if found else None,
                "entries": entries,
            }
        )
    elif found is None:
        context.out.line(f"an empty track: {database}")
        context.out.line("tracker import FILE takes in a checklist; on the screen, a adds")
    else:
        title = shown(found.track["title"])
        context.out.line(f"“{title}”, {plural(entries, 'entry', 'entries')}: {database}")


def _there_already(database: Path) -> TrackerError:
    return TrackerError(
        f"there is a track already: {database}",
        "tracker seed update FILE adds another to it; TRACKER_HOME=DIR names another place",
    )


@click.group("seed")
def seed_group() -> None:
    """Where the track came from, and newer versions of it."""


@seed_group.command()
@click.argument("file", metavar="[FILE]", required=False)
@as_json_option
@pass_context
def status(context: Context, file: str | None, json_: bool) -> None:  # noqa: FBT001
    """Say which tracks are held, and whether newer are there."""
    held = context.tracker.seeds()
    if file is not None:
        found = [_about_file(context.tracker, held, Path(file))]
    else:
        found = [_about_held(context.tracker, one) for one in held]
    if json_:
        context.json(found)
        return
    for one in found:
        _tell_status(context, one, {str(one.file) for one in held})
    if not found:
        context.out.line("; ".join(NO_SEED))


def _about_held(tracker: Tracker, held: Held) -> dict[str, Any]:
    try:
        if held.file is None:
            raise TrackerError(*NO_FILE)
        return _about_file(tracker, [held], held.file)
    except TrackerError as error:
        return {**_held_json(held), "available": None, "newness": None, "problem": str(error)}


def _about_file(tracker: Tracker, several: Iterable[Held], path: Path) -> dict[str, Any]:
    found = seeds.read(path)
    newness = tracker.seed_newness(found)
    held = next((one for one in several if one.id == found.id), None)
    about = _held_json(held or Held(found.id, found.track["title"], 0, "", 0, 0, path))
    about |= {"version": held.version if held else None, "file": str(path)}
    return {**about, "available": found.version, "newness": newness.value, "problem": None}


def _held_json(held: Held) -> dict[str, Any]:
    return {**held._asdict(), "file": str(held.file) if held.file else None}


def _tell_status(context: Context, one: dict[str, Any], known: Container[str]) -> None:
    out = context.out
    title = f"{shown(one['title'])}  {out.styled(one['id'], 'faint')}"
    if one["version"] is None:
        out.line(f"{title}: version {one['available']} in {one['file']}; none of it is here")
        out.line(f"  tracker seed update {one['file']} adds it")
        return
    count = plural(one["entries"], "entry", "entries")
    retired = f", {one['retired']} of them retired" if one["retired"] else ""
    out.line(f"{title}: version {one['version']} of {one['updated']}, {count}{retired}")
    if one["problem"]:
        out.line(f"  {shown(one['problem'])}")
    elif one["newness"] == Newness.NEWER:
        which = "" if one["file"] in known else f" {one['file']}"
        out.line(f"  version {one['available']} is there: tracker seed update{which}")
    elif one["newness"] == Newness.OLDER:
        out.line(f"  {one['file']} is older: version {one['available']}")
    else:
        out.line("  that is the newest there is")


@seed_group.command()
@click.argument("file", metavar="[FILE]", required=False)
@click.option("--built-in", is_flag=True, help="Take in the track that tracker brings along.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--dry-run", is_flag=True, help="Only say what would change.")
@as_json_option
@pass_context
def update(
    context: Context,
    file: str | None,
    built_in: bool,  # noqa: FBT001
    yes: bool,  # noqa: FBT001
    dry_run: bool,  # noqa: FBT001
    json_: bool,  # noqa: FBT001
) -> None:
    """Take in a newer version of the track, or another track."""
    tracker = context.tracker
    paths = _paths(tracker, file, built_in=built_in)
    looked = [_look(tracker, path, given=file is not None) for path in paths]
    if not dry_run:
        _remember(tracker, looked)
    if not json_:
        for one in looked:
            _preview(context, one)
    wanted = [one for one in looked if one.newness in (Newness.NEWER, Newness.OTHER)]
    backups: dict[str, Path | None] = {}
    if wanted and not dry_run and asks("Take this in?", "updating", yes if yes or json_ else None):
        backups = {one.seed.id: tracker.update_seed(one.seed, one.file) for one in wanted}
    if json_:
        context.json([_update_json(one, backups) for one in looked])
    elif wanted and not backups:
        context.out.line("nothing was changed")
    else:
        for one in wanted:
            context.out.line(f"updated: {told.counts(one.news)}")
            if backup := backups[one.seed.id]:
                context.out.line(f"the track as it was before: {backup}")


def _paths(tracker: Tracker, file: str | None, *, built_in: bool) -> list[Path]:
    """Where to look for what to take in."""
    if file is not None and built_in:
        raise click.UsageError("--built-in and FILE do not go together")
    if file is not None:
        return [Path(file)]
    if built_in:
        return [seeds.built_in()]
    held = tracker.seeds()
    known = [one.file for one in held if one.file is not None]
    if not known:
        raise TrackerError(*(NO_FILE if held else NO_SEED))
    return known


def _remember(tracker: Tracker, looked: Iterable[_Looked]) -> None:
    """Keep where the next version of a track will be, if nobody knew and it is what is here."""
    unknown = {held.id for held in tracker.seeds() if held.file is None}
    for one in looked:
        if one.seed.id in unknown and one.newness is Newness.SAME:
            tracker.seed_came_from(one.seed.id, one.file)


class _Looked(NamedTuple):
    """A seed that was read, against what is held of it."""

    seed: seeds.Seed
    path: Path
    newness: Newness
    held: int | None
    """The version that is held."""
    news: News

    @property
    def file(self) -> Path | None:
        """Where it came from, None if tracker brought it along."""
        return None if self.path == seeds.built_in() else self.path


def _look(tracker: Tracker, path: Path, *, given: bool) -> _Looked:
    try:
        found = seeds.read(path)
    except TrackerError as error:
        # It was there when the last version came.
        advice = error.advice or ("" if given else "tracker seed update FILE says where it is")
        raise TrackerError(error.problem, advice) from error
    held = {one.id: one.version for one in tracker.seeds()}.get(found.id)
    return _Looked(found, path, tracker.seed_newness(found), held, tracker.seed_news(found))


def _preview(context: Context, one: _Looked) -> None:
    out = context.out
    title, version = shown(one.seed.track["title"]), one.seed.version
    if one.newness is Newness.SAME:
        out.line(f"“{title}”: version {version} is the one that is here; nothing to do")
        return
    if one.newness is Newness.OLDER:
        out.line(
            f"“{title}”: version {version} is older than {one.held}, which is here; nothing to do"
        )
        return
    what = "" if one.held is None else f" instead of {one.held}"
    out.line(f"“{title}”: version {version}{what}")
    if one.held is None:
        out.line("  none of it is here yet: it is added beside what is here")
    if not one.news:
        out.line("  nothing in it changes what you see")
    for line in told.lines(one.news):
        out.line(out.cut(line))


def _update_json(one: _Looked, backups: Mapping[str, Path | None]) -> dict[str, Any]:
    backup = backups.get(one.seed.id)
    return {
        "id": one.seed.id,
        "title": one.seed.track["title"],
        "file": str(one.path),
        "from": one.held,
        "to": one.seed.version,
        "newness": one.newness.value,
        **told.as_json(one.news),
        "applied": one.seed.id in backups,
        "backup": str(backup) if backup else None,
    }


COMMANDS = {"init": init, "seed": seed_group}
