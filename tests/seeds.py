"""Small seeds for tests: versions of a track as a few words."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from hypothesis import strategies as st

from tracker_tui.exchange import seed


def item(id_: str, **more: Any) -> dict[str, Any]:
    """An item; its title is its id unless another is given."""
    return {"id": id_, "title": id_, "description": "", "status": "todo", **more}


def content(
    version: int,
    sections: Mapping[str, Sequence[str | dict[str, Any]]],
    gaps: Mapping[str, Sequence[str]] | None = None,
    steps: Sequence[str] = (),
    **more: Any,
) -> dict[str, Any]:
    """A seed as JSON has it: one category with sections of items, gaps that cover, and steps."""
    gap = {"description": "", "impact": "", "action": "", "status": "todo"}
    return {
        "format": 1,
        "id": "team",
        "version": version,
        "title": "Team track",
        "purpose": "",
        "source": "",
        "updated": f"2026-01-{version:02d}",
        "categories": [
            {
                "id": "cat",
                "title": "Category",
                "sections": [
                    {
                        "id": id_,
                        "title": id_,
                        "items": [one if isinstance(one, dict) else item(one) for one in items],
                    }
                    for id_, items in sections.items()
                ],
            }
        ],
        "critical": [
            {"id": id_, "rank": rank, "title": id_, "covers": list(covers), **gap}
            for rank, (id_, covers) in enumerate((gaps or {}).items(), 1)
        ],
        "path": [
            {
                "id": "short",
                "title": "Short-term",
                "span": "",
                "steps": [
                    {"id": id_, "title": id_, "status": "todo", "covers": []} for id_ in steps
                ],
            }
        ]
        if steps
        else [],
        **more,
    }


def made(
    version: int,
    sections: Mapping[str, Sequence[str | dict[str, Any]]],
    gaps: Mapping[str, Sequence[str]] | None = None,
    steps: Sequence[str] = (),
    **more: Any,
) -> seed.Seed:
    """A seed of that content."""
    return seed.parse(json.dumps(content(version, sections, gaps, steps, **more)))


def without(content: Any, gone: Collection[str]) -> Any:
    """A seed's JSON in which nothing is tied to what is gone."""
    if isinstance(content, list):
        return [without(one, gone) for one in content if not (isinstance(one, str) and one in gone)]
    if isinstance(content, dict):
        return {key: without(value, gone) for key, value in content.items()}
    return content


ITEMS = tuple(f"i{n}" for n in range(6))
SECTIONS = ("s1", "s2", "s3")


@st.composite
def versions(draw: st.DrawFn, number: int) -> seed.Seed:
    """Any version of one track: some of its items in any sections and order, in any words."""
    chosen = draw(st.lists(st.sampled_from(ITEMS), unique=True))
    sections: dict[str, list[dict[str, Any]]] = {
        id_: [] for id_ in draw(st.lists(st.sampled_from(SECTIONS), unique=True, min_size=1))
    }
    for id_ in chosen:
        words = draw(st.sampled_from(["", "one", "two"]))
        more = {"description": words, "title": f"{id_} {words}".strip()}
        sections[draw(st.sampled_from(sorted(sections)))].append(item(id_, **more))
    gaps = {
        id_: draw(st.lists(st.sampled_from(chosen), unique=True)) if chosen else []
        for id_ in draw(st.lists(st.sampled_from(["g1", "g2"]), unique=True))
    }
    steps = draw(st.lists(st.sampled_from(["p1", "p2"]), unique=True))
    return made(number, sections, gaps, steps)
