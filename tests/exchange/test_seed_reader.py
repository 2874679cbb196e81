"""Reading a seed: the same rows every time, or one line that says where it is wrong."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker_tui.domain import order
from tracker_tui.domain.fold import fold
from tracker_tui.domain.valid import complaint
from tracker_tui.domain.words import Entity
from tracker_tui.errors import TrackerError
from tracker_tui.exchange import seed

SMALL: dict[str, Any] = {
    "format": 1,
    "id": "small",
    "version": 2,
    "title": "Small",
    "purpose": "To be read",
    "source": "",
    "updated": "2026-01-31",
    "categories": [
        {
            "id": "git",
            "title": "Git",
            "sections": [
                {
                    "id": "git-basics",
                    "title": "Basics",
                    "items": [
                        {
                            "id": "git-lfs",
                            "title": "Git LFS",
                            "description": "large files",
                            "status": "learning",
                            "horizon": "short",
                            "done_when": "it is done",
                            "first_step": "git lfs install",
                            "effort": "S",
                            "related": ["gap", "git-hooks"],
                            "resources": [{"title": "Docs", "url": "https://git-lfs.com"}],
                            "children": [{"id": "git-lfs-locks", "title": "Locks"}],
                        },
                        {
                            "id": "git-hooks",
                            "title": "Hooks",
                            "effort": "",
                            "requires": ["step", "git-lfs-locks"],
                            "related": ["git-lfs"],
                        },
                    ],
                }
            ],
        }
    ],
    "critical": [
        {
            "id": "gap",
            "rank": 1,
            "title": "Gap",
            "impact": "i",
            "action": "a",
            "requires": ["git-lfs"],
            "covers": ["git-lfs"],
        }
    ],
    "path": [
        {
            "id": "short",
            "title": "Short-term",
            "span": "Next 3 Months",
            "steps": [{"id": "step", "title": "Step", "covers": ["git-hooks", "git-lfs"]}],
        }
    ],
}


def parsed(data: Any) -> seed.Seed:
    return seed.parse(json.dumps(data))


def test_a_sound_seed_says_everything() -> None:
    facts = fold(parsed(SMALL).rows()).facts
    assert facts["entry", "git-lfs"] == {
        "kind": "item",
        "parent": "git-basics",
        "position": "a0",
        "title": "Git LFS",
        "description": "large files",
        "status": "learning",
        "horizon": "short",
        "done_when": "it is done",
        "first_step": "git lfs install",
        "effort": "S",
        "resources": '[{"title": "Docs", "url": "https://git-lfs.com"}]',
        "deleted": 0,
    }
    assert facts["entry", "git-lfs-locks"]["parent"] == "git-lfs"
    assert facts["entry", "gap"]["impact"] == "i"
    assert facts["entry", "step"]["horizon"] == "short"
    assert facts["track", "small"] == {
        **{"title": "Small", "purpose": "To be read", "source": "", "updated": "2026-01-31"}
    }
    assert facts["horizon", "short"] == {"title": "Short-term", "span": "Next 3 Months"}
    first, second = (
        facts["relation", f"covers:step:{id_}"]["position"] for id_ in ("git-hooks", "git-lfs")
    )
    assert str(first) < str(second)
    assert "effort" not in facts["entry", "git-hooks"]


def test_what_is_needed_keeps_its_order_and_twins_are_one_relation_however_often_they_are_named() -> (
    None
):
    relations = fold(parsed(SMALL).rows()).of(Entity.RELATION)
    assert sorted(relations) == [
        *("covers:gap:git-lfs", "covers:step:git-hooks", "covers:step:git-lfs"),
        *("related:gap:git-lfs", "related:git-hooks:git-lfs"),
        *("requires:gap:git-lfs", "requires:git-hooks:git-lfs-locks", "requires:git-hooks:step"),
    ]
    first, second = (relations[f"requires:git-hooks:{id_}"] for id_ in ("step", "git-lfs-locks"))
    assert str(first["position"]) < str(second["position"])
    assert relations["related:git-hooks:git-lfs"]["source"] == "git-hooks"


def test_the_rows_are_the_same_every_time_and_could_come_from_another_replica() -> None:
    rows = list(parsed(SMALL).rows())
    assert rows == list(parsed(copy.deepcopy(SMALL)).rows())
    assert [row.n for row in rows] == list(range(rows[0].n, rows[0].n + len(rows)))
    assert [complaint(row) for row in rows] == [""] * len(rows)


def test_a_newer_version_wins_in_any_order() -> None:
    newer = copy.deepcopy(SMALL) | {"version": 3}
    newer["categories"][0]["title"] = "Version control"
    old, new = list(parsed(SMALL).rows()), list(parsed(newer).rows())
    assert not {row.n for row in old} & {row.n for row in new}
    for rows in (old + new, new + old):
        assert fold(rows).facts["entry", "git"]["title"] == "Version control"


def test_text_is_cleaned_on_the_way_in() -> None:
    data = copy.deepcopy(SMALL)
    data["title"] = data["path"][0]["title"] = " A\x1b[31m \u202e\ud800 title\n"
    data["purpose"] = "one\r\ntwo\x00\udfff"
    for row in parsed(data).rows():
        assert complaint(row) == ""
        assert not isinstance(row.value, str) or "\x1b" not in row.value


Change = Callable[[dict[str, Any]], object]


def item(data: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = data["categories"][0]["sections"][0]["items"][0]
    return found


ITEM = "categories[0].sections[0].items[0]"
WRONG: list[tuple[Change, str]] = [
    (lambda d: d.pop("format"), "format: is None"),
    (lambda d: d.update(format=True), "format: is True"),
    (lambda d: d.update(format="1"), "format: is '1'"),
    (lambda d: d.update(version=0), "version: is not a whole number"),
    (lambda d: d.update(version=1.5), "version: is not a whole number"),
    (lambda d: d.update(version=10**12), "version: is not a whole number"),
    (lambda d: d.update(id="No Id"), "id: is not lower-case"),
    (lambda d: d.pop("id"), "id: is missing or not text"),
    (lambda d: d.update(title=" \x00"), "title: a title cannot be empty"),
    (lambda d: d.pop("purpose"), "purpose: is missing or not text"),
    (lambda d: d.update(source=None), "source: is missing or not text"),
    (lambda d: d.pop("updated"), "updated: is missing or not text"),
    (lambda d: d.update(updated="31.1.2026"), "updated: is not a date"),
    (lambda d: d.update(updated="20260131"), "updated: is not a date"),
    (
        lambda d: d.update(categorys=[]),
        "categorys: is nothing that is known here; did you mean categ",
    ),
    (lambda d: d.update(categories={}), "categories: is missing or not a list"),
    (lambda d: d.update(critical=None), "critical: is missing or not a list"),
    (lambda d: d["categories"].append(1), "categories[1]: is not an object"),
    (lambda d: d["categories"][0].pop("sections"), "categories[0].sections: is missing"),
    (
        lambda d: d["categories"][0]["sections"][0].pop("items"),
        "categories[0].sections[0].items: is missing or not a list",
    ),
    (lambda d: d["categories"][0].update(status="todo"), "categories[0].status: is nothing"),
    (lambda d: item(d).pop("title"), f"{ITEM}.title: is missing or not text"),
    (lambda d: item(d).update(title="x" * 2_000), f"{ITEM}.title: the title has 2,000"),
    (lambda d: item(d).update(id="git"), f"{ITEM}.id: “git” is there twice"),
    (lambda d: item(d).update(id="x" * 101), f"{ITEM}.id: is not lower-case"),
    (lambda d: item(d).update(description=0), f"{ITEM}.description: is missing or not text"),
    (lambda d: item(d).update(description="x" * 1_000_001), f"{ITEM}.description: the description"),
    (lambda d: item(d).update(status="done"), f"{ITEM}.status: is none of todo"),
    (lambda d: item(d).update(status=["todo"]), f"{ITEM}.status: is none of todo"),
    (lambda d: item(d).update(horizon=None), f"{ITEM}.horizon: is none of immediate"),
    (lambda d: item(d).update(resources={}), f"{ITEM}.resources: is missing or not a list"),
    (lambda d: item(d).update(resources=["x"]), f"{ITEM}.resources[0]: is not an object"),
    (
        lambda d: item(d)["resources"][0].update(url="javascript:alert(1)"),
        f"{ITEM}.resources[0].url: is not an http",
    ),
    (lambda d: item(d)["resources"][0].update(url="https://a b"), f"{ITEM}.resources[0].url"),
    (lambda d: item(d)["resources"][0].pop("title"), f"{ITEM}.resources[0].title: is missing"),
    (lambda d: item(d).update(children=0), f"{ITEM}.children: is missing or not a list"),
    (lambda d: item(d)["children"][0].update(id=1), f"{ITEM}.children[0].id: is missing"),
    (lambda d: item(d).update(covers=["git-hooks"]), f"{ITEM}.covers: is nothing that is known"),
    (lambda d: d["critical"][0].update(rank=2), "critical[0].rank: is not 1"),
    (lambda d: d["critical"][0].pop("rank"), "critical[0].rank: is not a whole number"),
    (lambda d: d["critical"][0].update(covers=["gap"]), "gap: covers “gap”, which is no item"),
    (
        lambda d: d["critical"][0].update(covers=["git-lfs"] * 2),
        "critical[0].covers: names an entry twice",
    ),
    (
        lambda d: d["critical"][0].update(covers=[1]),
        "critical[0].covers[0]: is missing or not text",
    ),
    (lambda d: item(d).update(effort="XL"), f"{ITEM}.effort: is none of S, M, L"),
    (lambda d: item(d).update(effort=None), f"{ITEM}.effort: is none of S, M, L"),
    (lambda d: item(d).update(first_step=1), f"{ITEM}.first_step: is missing or not text"),
    (lambda d: item(d).update(requires="gap"), f"{ITEM}.requires: is missing or not a list"),
    (lambda d: item(d).update(related=["gap"] * 2), f"{ITEM}.related: names an entry twice"),
    (lambda d: item(d).update(requires=["git"]), "git-lfs.requires: “git” is no item, gap or"),
    (lambda d: item(d).update(related=["nowhere"]), "git-lfs.related: “nowhere” is no item, gap"),
    (lambda d: item(d).update(related=["git-lfs"]), "git-lfs.related: names the entry itself"),
    (
        lambda d: (
            item(d).update(requires=["git-hooks"])
            or d["path"][0]["steps"][0].update(requires=["git-lfs"])
        ),
        "git-lfs.requires: goes round in a circle: git-lfs → git-hooks → step → git-lfs",
    ),
    (lambda d: d["path"][0].update(id="soon"), "path[0].id: is none of immediate, short, medium"),
    (
        lambda d: d["path"].append(d["path"][0] | {"steps": []}),
        "path[1].id: “short” is there twice",
    ),
    (lambda d: d["path"][0].pop("span"), "path[0].span: is missing"),
    (lambda d: d["path"][0].update(steps="x"), "path[0].steps: is missing or not a list"),
    (lambda d: d["path"][0]["steps"].append([]), "path[0].steps[1]: is not an object"),
]


@pytest.mark.parametrize("number", range(len(WRONG)))
def test_what_is_wrong_is_named_with_its_place(number: int) -> None:
    change, wanted = WRONG[number]
    data = copy.deepcopy(SMALL)
    change(data)
    with pytest.raises(TrackerError) as caught:
        seed.parse(json.dumps(data), "my.json")
    assert caught.value.problem.startswith(f"my.json: {wanted}")
    assert caught.value.advice == "tracker lint FILE finds all; --schema writes its shape"


@pytest.mark.parametrize(
    ("content", "word"),
    [
        ("", "is no JSON"),
        ("{", "line 1, column 2"),
        ("[1]", "the top level: is not an object"),
        ("null", "the top level: is not an object"),
        ("[" * 100_000, "nested too deep"),
        ('{"format": ' + "1" * 5_000 + "}", "is no JSON that can be read"),
        ('{"format": 1, "format": 1}', "“format” is there twice"),
        ('{"format": NaN}', "format: is nan"),
        ('{"\\ud800": 1}', "is nothing that is known here"),
    ],
)
def test_what_is_no_seed_at_all_is_one_line(content: str, word: str) -> None:
    with pytest.raises(TrackerError, match=word) as caught:
        seed.parse(content)
    assert caught.value.problem.startswith("the seed")
    assert str(caught.value).isprintable()


def test_items_nested_too_deep_are_refused_where_they_begin_to_be() -> None:
    data = copy.deepcopy(SMALL)
    at = item(data)["children"][0]
    for depth in range(18):
        at["children"] = [{"id": f"deep-{depth}", "title": "x"}]
        at = at["children"][0]
    assert fold(parsed(data).rows()).facts["entry", "deep-17"]["parent"] == "deep-16"
    at["children"] = [{"id": "deepest", "title": "x"}]
    with pytest.raises(TrackerError) as caught:
        parsed(data)
    where = ITEM + ".children[0]" * 19 + ".children"
    assert caught.value.problem == f"the seed: {where}: is nested too deep"


@pytest.mark.parametrize("url", ["http://a.org", "https://a.org/x?y#z"])
def test_a_link_leads_into_the_web(url: str) -> None:
    data = copy.deepcopy(SMALL)
    item(data)["resources"] = [{"title": "A", "url": url}]
    found = fold(parsed(data).rows()).facts["entry", "git-lfs"]["resources"]
    assert found == json.dumps([{"title": "A", "url": url}])


def test_a_file_that_cannot_be_read_is_one_line(tmp_path: Path) -> None:
    file = tmp_path / "seed.json"
    for content, word in ((b"\xff", "not UTF-8"), (b"{", "no JSON")):
        file.write_bytes(content)
        with pytest.raises(TrackerError, match=word):
            seed.read(file)
    for path, word in ((tmp_path, "cannot be read"), (tmp_path / "none", "No such file")):
        with pytest.raises(TrackerError, match=word):
            seed.read(path)
    with file.open("wb") as sparse:
        sparse.truncate(seed.SIZE_MAX + 1)
    with pytest.raises(TrackerError, match="more than 50 MB"):
        seed.read(file)


def test_a_byte_order_mark_is_no_fault(tmp_path: Path) -> None:
    file = tmp_path / "seed.json"
    file.write_bytes(b"\xef\xbb\xbf" + json.dumps(SMALL).encode())
    assert seed.read(file) == parsed(SMALL)


def test_the_built_in_track_is_sound() -> None:
    rows = list(seed.read(seed.built_in()).rows())
    assert [complaint(row) for row in rows] == [""] * len(rows)
    kinds = [row.value for row in rows if row.entity == Entity.ENTRY and row.field == "kind"]
    assert {kind: kinds.count(kind) for kind in kinds} == {
        **{"category": 12, "section": 38, "item": 180, "gap": 10, "step": 15}
    }
    assert all(order.is_key(str(row.value)) for row in rows if row.field == "position")


JSON: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters(codec=None), max_size=5)
    | st.sampled_from(["git-lfs", "todo", "short", "", "https://x", "x" * 1_500]),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(st.sampled_from(["id", "title", "items", "x"]), inner, max_size=2)
    ),
    max_leaves=4,
)


def places(data: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner: list[tuple[Any, Any]] = []
    if isinstance(data, dict):
        inner = list(data.items())
    elif isinstance(data, list):
        inner = list(enumerate(data))
    return [path, *(found for key, value in inner for found in places(value, (*path, key)))]


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_a_seed_with_anything_in_it_is_read_or_refused(data: st.DataObject) -> None:
    content: Any = copy.deepcopy(SMALL)
    for _ in range(data.draw(st.integers(1, 3))):
        *above, last = data.draw(st.sampled_from(places(content)[1:]))
        holder = content
        for key in above:
            holder = holder[key]
        if data.draw(st.booleans()):
            holder[last] = data.draw(JSON)
        else:
            del holder[last]
        if not places(content)[1:]:
            break
    try:
        rows = list(seed.parse(json.dumps(content), "my.json").rows())
    except TrackerError as error:
        assert error.problem.startswith("my.json")
        assert error.problem.isprintable()
        return
    assert [complaint(row) for row in rows] == [""] * len(rows)
