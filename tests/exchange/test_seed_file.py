"""The built-in track: `assets/seed.json` fits its schema and says what the document says."""

from __future__ import annotations

import copy
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import (  # type: ignore[import-untyped, unused-ignore]
    Draft202012Validator,
    FormatChecker,
)

from tracker_tui.exchange.lint import lint

ROOT = Path(__file__).resolve().parents[2]
SEED = ROOT / "assets" / "seed.json"
SCHEMA = ROOT / "docs" / "seed.schema.json"
DOCUMENT = ROOT.parent / "shared" / "learning-track.md"

# Facts about the document, stated here so that they hold without it.

AREAS = "Areas for Improvement"
UNKNOWN = "Unknown Unknowns"
STUDY = "Recommendations to Study"

SECTIONS: dict[str, dict[str, int]] = {
    "Documentation & Planning": {AREAS: 2, UNKNOWN: 4, STUDY: 3},
    "Virtual Environment Management": {AREAS: 2, UNKNOWN: 3, STUDY: 3},
    "Git Workflow": {AREAS: 4, UNKNOWN: 6, STUDY: 4, "Learning Resources Needed": 7},
    "Testing Infrastructure": {
        AREAS: 6,
        UNKNOWN: 10,
        STUDY: 5,
        "Testing Fundamentals (New to Testing)": 7,
    },
    "Code Quality Tools": {AREAS: 4, UNKNOWN: 7, STUDY: 5},
    "Security Practices": {AREAS: 4, UNKNOWN: 10, STUDY: 5},
    "Project Structure": {AREAS: 2, UNKNOWN: 4, STUDY: 3},
    "Configuration Management": {AREAS: 3, UNKNOWN: 5, STUDY: 4},
    "Error Handling & Logging": {AREAS: 4, UNKNOWN: 7, STUDY: 4},
    "Development Workflow": {AREAS: 3, UNKNOWN: 7, STUDY: 4},
    "Dependency Management": {AREAS: 3, UNKNOWN: 6, STUDY: 4},
    "Database Management": {AREAS: 4, UNKNOWN: 8, STUDY: 4},
}
"""Items in each section of each category, in order."""

GAPS = [
    "Continuous Integration/Continuous Deployment (CI/CD)",
    "Test Coverage Metrics",
    "Pre-commit Hooks (Automated)",
    "Database Migrations (Python)",
    "Dependency Vulnerability Scanning",
    "Structured Logging",
    "API Documentation",
    "Environment Management",
    "Secrets Management",
    "Performance Monitoring",
]

PATH: dict[tuple[str, str, str], list[str]] = {
    ("immediate", "Immediate", "This Month"): [
        "Pre-commit hooks setup",
        "Test coverage tracking",
        "CI/CD basics",
        "Alembic for migrations",
        "Git fundamentals",
    ],
    ("short", "Short-term", "Next 3 Months"): [
        "Structured logging",
        "API documentation (OpenAPI)",
        "Dependency vulnerability scanning automation",
        "Performance monitoring basics",
        "Testing fundamentals",
    ],
    ("medium", "Medium-term", "Next 6 Months"): [
        "Advanced testing (property-based, E2E)",
        "Deployment strategies",
        "Monitoring and alerting",
        "Security hardening",
        "Git advanced topics (LFS, submodules, worktrees)",
    ],
}

Data = dict[str, Any]


def load(path: Path) -> Data:
    """Read a JSON object in which no key occurs twice."""

    def unique(pairs: list[tuple[str, Any]]) -> Data:
        assert len(dict(pairs)) == len(pairs), f"a key twice among {[key for key, _ in pairs]}"
        return dict(pairs)

    data = json.loads(path.read_text(encoding="utf-8"), object_pairs_hook=unique)
    assert isinstance(data, dict)
    return data


@pytest.fixture(scope="module")
def seed() -> Data:
    return load(SEED)


@pytest.fixture(scope="module")
def schema() -> Data:
    return load(SCHEMA)


def sections(seed: Data) -> list[Data]:
    return [section for category in seed["categories"] for section in category["sections"]]


def items(seed: Data) -> list[Data]:
    return [item for section in sections(seed) for item in section["items"]]


def steps(seed: Data) -> list[Data]:
    return [step for span in seed["path"] for step in span["steps"]]


def problems(schema: Data, seed: Data) -> list[str]:
    """Say what the schema has against `seed`: where, and which of its keywords."""
    validator = Draft202012Validator(schema, format_checker=FormatChecker())
    return [f"{error.json_path}: {error.validator}" for error in validator.iter_errors(seed)]


# The schema


def objects(node: Any, where: str = "#") -> Iterator[tuple[str, Data]]:
    """Find every schema of an object, and where it is."""
    if isinstance(node, dict):
        if isinstance(node.get("properties"), dict):
            yield where, node
        for key, value in node.items():
            yield from objects(value, f"{where}/{key}")


def test_schema_is_a_schema(schema: Data) -> None:
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    Draft202012Validator.check_schema(schema)


def test_schema_describes_every_property_and_allows_no_other(schema: Data) -> None:
    found = dict(objects(schema))
    assert len(found) == 8  # top, category, section, item, gap, span, step, resource
    for where, node in found.items():
        assert node["additionalProperties"] is False, where
        for name, value in node["properties"].items():
            assert value.get("description", "").endswith("."), f"{where}/properties/{name}"


def test_seed_fits_the_schema(schema: Data, seed: Data) -> None:
    assert problems(schema, seed) == []
    assert (SEED.parent / seed["$schema"]).resolve() == SCHEMA


def test_schema_allows_what_may_come_later(schema: Data, seed: Data) -> None:
    changed = copy.deepcopy(seed)
    link = {"title": "git-worktree", "url": "https://git-scm.com/docs/git-worktree"}
    later = {
        "done_when": "you have two branches checked out at once",
        "first_step": "git worktree list",
        "effort": "S",
        "resources": [link],
        "requires": ["git-hooks"],
        "related": ["git-worktrees"],
    }
    child = {"id": "git-worktree-prune", "title": "Prune", "status": "learned"}
    items(changed)[0].update(later, horizon="short", children=[child])
    changed["critical"][0].update(later)
    steps(changed)[0].update(later)
    assert problems(schema, changed) == []


def first_item(seed: Data) -> Data:
    return items(seed)[0]


def first_gap(seed: Data) -> Data:
    gap: Data = seed["critical"][0]
    return gap


def first_step(seed: Data) -> Data:
    return steps(seed)[0]


ITEM = "$.categories[0].sections[0].items[0]"
GAP = "$.critical[0]"
STEP = "$.path[0].steps[0]"
ITEMS_OWN = {"horizon": "short", "children": []}


@pytest.mark.parametrize(
    ("of", "change", "expected"),
    [
        pytest.param(lambda seed: seed, {"colour": 1}, "$: additionalProperties", id="top"),
        pytest.param(first_item, {"colour": 1}, f"{ITEM}: additionalProperties", id="item"),
        pytest.param(first_item, {"covers": []}, f"{ITEM}: additionalProperties", id="item covers"),
        pytest.param(first_gap, ITEMS_OWN, f"{GAP}: additionalProperties", id="gap"),
        pytest.param(first_step, ITEMS_OWN, f"{STEP}: additionalProperties", id="step"),
        pytest.param(first_item, {"id": "Git Worktrees"}, f"{ITEM}.id: pattern", id="id: words"),
        pytest.param(first_item, {"id": "git--lfs"}, f"{ITEM}.id: pattern", id="id: hyphens"),
        pytest.param(first_item, {"id": "git-"}, f"{ITEM}.id: pattern", id="id: end"),
        pytest.param(first_item, {"id": ""}, f"{ITEM}.id: pattern", id="id: empty"),
        pytest.param(first_gap, {"covers": ["Git"]}, f"{GAP}.covers[0]: pattern", id="covers: id"),
        pytest.param(first_gap, {"covers": ["a", "a"]}, f"{GAP}.covers: uniqueItems", id="covers"),
        pytest.param(first_item, {"title": " "}, f"{ITEM}.title: pattern", id="title"),
        pytest.param(first_item, {"status": "done"}, f"{ITEM}.status: enum", id="status"),
        pytest.param(first_item, {"horizon": "long"}, f"{ITEM}.horizon: enum", id="horizon"),
        pytest.param(first_item, {"effort": "s"}, f"{ITEM}.effort: enum", id="effort"),
        pytest.param(first_item, {"requires": "a"}, f"{ITEM}.requires: type", id="requires"),
        pytest.param(
            first_step, {"related": ["a", "a"]}, f"{STEP}.related: uniqueItems", id="related"
        ),
        pytest.param(lambda seed: seed, {"format": 2}, "$.format: const", id="format"),
        pytest.param(lambda seed: seed, {"updated": "24.12.2025"}, "$.updated: pattern", id="date"),
        pytest.param(
            first_item,
            {"children": [{"id": "a", "title": "A", "colour": 1}]},
            f"{ITEM}.children[0]: additionalProperties",
            id="child",
        ),
    ],
)
def test_schema_refuses(
    schema: Data, seed: Data, of: Callable[[Data], Data], change: Data, expected: str
) -> None:
    changed = copy.deepcopy(seed)
    of(changed).update(change)
    assert expected in problems(schema, changed)


@pytest.mark.parametrize("of", [first_item, first_gap, first_step])
@pytest.mark.parametrize("url", ["javascript:alert(1)", "git-scm.com", " https://a.b", "ftp://a.b"])
def test_schema_refuses_a_bad_url(
    schema: Data, seed: Data, of: Callable[[Data], Data], url: str
) -> None:
    changed = copy.deepcopy(seed)
    of(changed)["resources"] = [{"title": "A link", "url": url}]
    (problem,) = problems(schema, changed)
    assert problem.endswith(".resources[0].url: pattern")


@pytest.mark.parametrize("name", ["id", "title"])
@pytest.mark.parametrize("of", [first_item, first_gap, first_step])
def test_schema_refuses_an_entry_without(
    schema: Data, seed: Data, of: Callable[[Data], Data], name: str
) -> None:
    changed = copy.deepcopy(seed)
    del of(changed)[name]
    (problem,) = problems(schema, changed)
    assert problem.endswith(": required")


# The data


def test_file_is_laid_out_as_agreed(seed: Data) -> None:
    written = json.dumps(seed, indent=2, ensure_ascii=False) + "\n"
    assert SEED.read_bytes() == written.encode()


def test_head(seed: Data) -> None:
    head = {name: value for name, value in seed.items() if not isinstance(value, list)}
    assert head == {
        "$schema": "../docs/seed.schema.json",
        "format": 1,
        "id": "dev-environment",
        "version": 2,
        "title": "Learning Track",
        "purpose": "Track items to study and learn, organized by category"
        " from development environment assessment.",
        "source": "shared_documentation/training/DEV_ENVIRONMENT_ASSESSMENT.md",
        "updated": "2025-12-24",
    }


def test_counts(seed: Data) -> None:
    counts = [len(seed["categories"]), len(sections(seed)), len(items(seed))]
    assert counts == [12, 38, 180]
    assert [len(seed["critical"]), len(steps(seed))] == [10, 15]


def test_categories_and_sections(seed: Data) -> None:
    found = [
        (category["title"], [(s["title"], len(s["items"])) for s in category["sections"]])
        for category in seed["categories"]
    ]
    assert found == [(title, list(table.items())) for title, table in SECTIONS.items()]


def test_gaps(seed: Data) -> None:
    ranked = [(gap["rank"], gap["title"]) for gap in seed["critical"]]
    assert ranked == list(enumerate(GAPS, 1))
    for gap in seed["critical"]:
        assert all(gap[name] for name in ("description", "impact", "action")), gap["id"]


def test_path(seed: Data) -> None:
    found = [
        ((span["id"], span["title"], span["span"]), [step["title"] for step in span["steps"]])
        for span in seed["path"]
    ]
    assert found == list(PATH.items())


def test_nothing_is_learned_yet(seed: Data) -> None:
    entries = [*items(seed), *seed["critical"], *steps(seed)]
    assert {entry["status"] for entry in entries} == {"todo"}


def test_ids_are_unique_and_telling(seed: Data) -> None:
    entries = [*seed["categories"], *sections(seed), *items(seed), *seed["critical"], *steps(seed)]
    ids = [entry["id"] for entry in entries]
    assert [id_ for id_, count in Counter(ids).items() if count > 1] == []
    assert [id_ for id_ in ids if len(id_) > 45] == []
    for category in seed["categories"]:
        for section in category["sections"]:
            assert section["id"].startswith(f"{category['id']}-")
    assert all(gap["id"].startswith("gap-") for gap in seed["critical"])
    assert all(step["id"].startswith("step-") for step in steps(seed))
    plain = [*seed["categories"], *sections(seed), *items(seed)]
    assert not any(entry["id"].startswith(("gap-", "step-")) for entry in plain)


def test_covers_are_items(seed: Data) -> None:
    known = {item["id"] for item in items(seed)}
    for entry in [*seed["critical"], *steps(seed)]:
        assert set(entry["covers"]) <= known, entry["id"]
        assert len(set(entry["covers"])) == len(entry["covers"]), entry["id"]


def test_every_entry_says_how_to_study_it(seed: Data) -> None:
    for entry in [*items(seed), *seed["critical"], *steps(seed)]:
        for name in ("done_when", "first_step", "effort", "resources"):
            assert entry[name], (entry["id"], name)
    assert lint(SEED.read_text(encoding="utf-8")) == []


def test_each_is_told_in_words_of_its_own(seed: Data) -> None:
    """No sentence, and no beginning of one, stands for several entries."""
    entries = [*items(seed), *seed["critical"], *steps(seed)]
    for name, words in (("done_when", 5), ("first_step", 6)):
        begun = Counter(" ".join(entry[name].split()[:words]).casefold() for entry in entries)
        assert [words for words, count in begun.items() if count > 3] == []


def test_twins_name_each_other(seed: Data) -> None:
    """The format asks for one side only; here each entry shows all of its twins."""
    related = {
        entry["id"]: entry.get("related", [])
        for entry in [*items(seed), *seed["critical"], *steps(seed)]
    }
    for id_, twins in related.items():
        assert all(id_ in related[twin] for twin in twins), id_


# The document


def read_lines(document: str) -> list[tuple[str, ...]]:
    """Read the document as a flat list: what each line is, and its words."""
    shapes = [
        ("category", r"## \d+\. (.+)"),
        ("span", r"### (.+) \(((?:This|Next) .+)\)"),
        ("section", r"### (.+)"),
        ("item", r"- \[ \] \*\*(.+?)\*\*: (.+)"),
        ("item", r"- \[ \] (?!\*\*)(.+)()"),
        ("gap", r"(\d+)\. \[ \] \*\*(.+)\*\*"),
        ("impact", r" +- Impact: (.+)"),
        ("action", r" +- Action: (.+)"),
        ("description", r" +- (.+)"),
        ("step", r"(\d+)\. (.+)"),
        ("title", r"# (.+)"),
        ("purpose", r"\*\*Purpose\*\*: (.+?) *"),
        ("source", r"\*\*Source\*\*: `(.+)` *"),
        ("updated", r"\*\*Last Updated\*\*: (.+)"),
        ("heading", r"## (.+)"),
    ]
    found: list[tuple[str, ...]] = []
    for line in document.splitlines():
        if line in ("", "---"):
            continue
        for kind, pattern in shapes:
            if match := re.fullmatch(pattern, line):
                found.append((kind, *match.groups()))
                break
        else:
            pytest.fail(f"a line of no known shape: {line!r}")
    return found


def seed_lines(seed: Data) -> Iterator[tuple[str, ...]]:
    """Say the seed as `read_lines` says the document."""
    for name in ("title", "purpose", "source", "updated"):
        yield name, seed[name]
    for category in seed["categories"]:
        yield "category", category["title"]
        for section in category["sections"]:
            yield "section", section["title"]
            for item in section["items"]:
                yield "item", item["title"], item["description"]
    yield "heading", "Critical Unknown Unknowns (High Priority)"
    for gap in seed["critical"]:
        yield "gap", str(gap["rank"]), gap["title"]
        for name in ("description", "impact", "action"):
            yield name, gap[name]
    yield "heading", "Learning Path"
    for span in seed["path"]:
        yield "span", span["title"], span["span"]
        for number, step in enumerate(span["steps"], 1):
            yield "step", str(number), step["title"]
    yield "updated", seed["updated"]


def test_seed_is_the_document_word_for_word(seed: Data) -> None:
    if not DOCUMENT.exists():
        pytest.skip("shared/learning-track.md is not here")
    assert list(seed_lines(seed)) == read_lines(DOCUMENT.read_text(encoding="utf-8"))
