from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.bare import bare
from tracker_tui.domain.track import Resource
from tracker_tui.domain.words import RelationKind
from tracker_tui.errors import TrackerError
from tracker_tui.exchange import sheet
from tracker_tui.exchange.markdown import entry_markdown
from tracker_tui.tracker import Tracker

TODAY = date(2026, 11, 24)
LINES = st.lists(
    st.one_of(
        st.text(max_size=12),
        st.sampled_from(["---", "-----", "#: x", "Title: y", "\\", "--- note 2026-01-01 (note-1)"]),
    ),
    max_size=6,
).map("\n".join)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(LINES, LINES)
def test_an_unchanged_sheet_changes_nothing(tracker: Tracker, description: str, note: str) -> None:
    shape = {"description": description, "first_step": description, "done_when": note}
    tracker.edit("git-lfs", shape)
    tracker.add_note("git-lfs", note)
    detail = tracker.detail("git-lfs")
    fields, notes = sheet.read(sheet.write(detail), detail, TODAY)
    assert tracker.edit("git-lfs", fields, notes).changes == ()


def test_every_field_can_be_edited(tracker: Tracker) -> None:
    bare(tracker, "git-lfs")
    tracker.add_note("git-lfs", "old")
    detail = tracker.detail("git-lfs")
    text = sheet.write(detail)
    text = text.replace("Horizon: none", "Horizon: short")
    text = text.replace("Snoozed until:", "Snoozed until: friday")
    text = text.replace("Done when:", "Done when: a repository has it")
    text = text.replace("First step:", "First step: git lfs install")
    text = text.replace("Effort:", "Effort: l")
    text = text.replace("Link:", "Link: https://git-lfs.com Git LFS")
    text = re.sub(r"\nold\n", "\nnew\n", text)
    fields, notes = sheet.read(text, detail, TODAY)
    tracker.edit("git-lfs", fields, notes)
    entry = tracker.entry("git-lfs")
    assert (entry.horizon, entry.snoozed_until) == ("short", "2026-11-27")
    assert entry.done_when == "a repository has it"
    assert (entry.first_step, entry.effort) == ("git lfs install", "L")
    assert [tuple(link) for link in entry.resources] == [("Git LFS", "https://git-lfs.com")]
    assert [note.text for note in tracker.detail("git-lfs").notes] == ["new"]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("Horizon: none", "Horizon: soon", "line 4"),
        ("Title:", "Titel:", "did you mean title"),
        ("-" * 20, "", "dashes"),
        ("Link:", "Link: ftp://x", "http"),
        ("Effort:", "Effort: XL", "S is an hour"),
    ],
)
def test_a_sheet_that_makes_no_sense_is_one_line(
    tracker: Tracker, old: str, new: str, says: str
) -> None:
    bare(tracker, "git-lfs")
    detail = tracker.detail("git-lfs")
    with pytest.raises(TrackerError, match=says):
        sheet.read(sheet.write(detail).replace(old, new), detail, TODAY)


def test_a_gap_can_be_edited_whole(tracker: Tracker) -> None:
    tracker.edit("gap-ci-cd", {"impact": "old\nimpact", "action": "old action"})
    detail = tracker.detail("gap-ci-cd")
    text = sheet.write(detail)
    assert "\nImpact: old impact\nAction: old action\n" in text
    fields, notes = sheet.read(text, detail, TODAY)
    assert tracker.edit("gap-ci-cd", fields, notes).changes == ()
    # An empty line between those of the header and another editor's line ends make no difference.
    text = text.replace("old action", "new action").replace("\nImpact:", "\n\nImpact:")
    fields, notes = sheet.read(text.replace("\n", "\r\n"), detail, TODAY)
    changes = tracker.edit("gap-ci-cd", fields, notes).changes
    assert [(change.field, change.new) for change in changes] == [("action", "new action")]


def test_what_was_not_touched_stays_though_it_would_be_written_otherwise_now(
    tracker: Tracker,
) -> None:
    bare(tracker, "git-lfs")
    tracker.snooze(["git-lfs"], "3d")
    tracker.edit("git-lfs", {"resources": '[{"url": "https://a.org", "title": "A"}]'})
    detail = tracker.detail("git-lfs")
    assert detail.entry.snoozed_until == "2026-11-27"
    fields, notes = sheet.read(sheet.write(detail), detail, date(2027, 1, 1))
    assert tracker.edit("git-lfs", fields, notes).changes == ()


def test_a_note_that_was_taken_out_is_empty_and_one_of_another_entry_is_none(
    tracker: Tracker,
) -> None:
    for words in ("one", "two\n\n--- note 2026-11-24 (x)"):
        tracker.add_note("git-lfs", words)
    detail = tracker.detail("git-lfs")
    text = sheet.write(detail)
    first, second = (note.id for note in detail.notes)
    assert sheet.read(text, detail, TODAY)[1] == {note.id: note.text for note in detail.notes}
    kept = text[: text.index(f"--- note 2026-11-24 ({second})")]
    assert sheet.read(kept, detail, TODAY)[1] == {first: detail.notes[0].text, second: ""}
    with pytest.raises(TrackerError, match="there is no note note-9 on this entry"):
        sheet.read(f"{text}--- note 2026-11-24 (note-9)\n", detail, TODAY)


@pytest.mark.parametrize(
    ("words", "title", "url"),
    [
        ("https://a.org/x  A  b", "A b", "https://a.org/x"),
        (" HTTP://a.org//x ", "a.org//x", "HTTP://a.org//x"),
    ],
)
def test_a_link_is_an_address_and_perhaps_a_title(words: str, title: str, url: str) -> None:
    assert sheet.link(words) == Resource(title, url)


@pytest.mark.parametrize(
    "words", ["", "a.org", "https://", "ftp://a.org", "javascript:1 https://a"]
)
def test_what_leads_nowhere_in_the_web_is_no_link(words: str) -> None:
    with pytest.raises(TrackerError, match="is no http or https address"):
        sheet.link(words)


@pytest.mark.parametrize(
    "name",
    [
        *("title", "horizon", "snoozed until", "first step", "done when", "effort"),
        *("impact", "action", "link"),
    ],
)
def test_the_name_of_a_field_that_is_none_is_told_with_the_nearest(
    tracker: Tracker, name: str
) -> None:
    detail = tracker.detail("gap-ci-cd")
    wrong = name[:-1] + "x"
    with pytest.raises(TrackerError) as caught:
        sheet.read(f"#: x\n{wrong}: y\n---\n", detail, TODAY)
    assert str(caught.value) == f"line 2: there is no field “{wrong}”; did you mean {name}?"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("Horizon:\n---\n", "the line “Title: …” is missing"),
        ("Title: x\n", "the line of dashes between the header and the description is missing"),
        ("Title: x\nwords\n---\n", "line 2: “words” is not a line such as “Title: …”"),
    ],
)
def test_a_sheet_without_its_frame_is_refused(tracker: Tracker, text: str, says: str) -> None:
    with pytest.raises(TrackerError) as caught:
        sheet.read(text, tracker.detail("git-lfs"), TODAY)
    assert caught.value.problem == says


def test_a_note_in_the_editor(tracker: Tracker) -> None:
    empty = sheet.note_sheet(tracker.detail("git-lfs"))
    assert sheet.read_note(empty) is None
    assert sheet.read_note("two\nlines\n" + empty) == "two\nlines"


def test_markdown(tracker: Tracker) -> None:
    bare(tracker, "git-lfs")
    tracker.add_note("git-lfs", "a\nb")
    assert entry_markdown(tracker.detail("git-lfs")).split("\n") == [
        "- [ ] **Git LFS**: Strategy for large files (images, models)",
        "  - Note 2026-11-24: a",
        "    b",
    ]
    link = '[{"title": "Git LFS", "url": "https://git-lfs.com"}]'
    fields = {"done_when": "it is.", "first_step": "`git lfs`", "effort": "M", "resources": link}
    bare(tracker, "git-hooks", "runbooks")
    tracker.edit("git-hooks", fields)
    tracker.relate(RelationKind.REQUIRES, "git-hooks", "git-lfs")
    tracker.relate(RelationKind.RELATED, "git-hooks", "runbooks")
    assert entry_markdown(tracker.detail("git-hooks")).split("\n")[1:] == [
        "  - First step: `git lfs`",
        "  - Done when: it is.",
        "  - Effort: M, an evening",
        "  - Needs: Git LFS (`git-lfs`)",
        "  - Related: Runbooks (`runbooks`)",
        "  - [Git LFS](https://git-lfs.com)",
    ]
    assert entry_markdown(tracker.detail("git-workflow")).startswith("### Git Workflow\n\n- Areas")
    tracker.edit("git-lfs", {"description": "large\nfiles"})
    section = entry_markdown(tracker.detail("git-workflow-unknown-unknowns")).split("\n")
    assert section[:2] == ["### Unknown Unknowns", ""]
    at = section.index("- [ ] **Git LFS**: large")
    assert section[at + 1] == "  files"
