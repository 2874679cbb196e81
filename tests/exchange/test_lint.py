"""What a check of a seed finds, where, and that it finds nothing in a good one."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.exchange.test_seed_reader import JSON, SMALL, WRONG, places
from tracker_tui.errors import TrackerError
from tracker_tui.exchange import seed
from tracker_tui.exchange.lint import Finding, lint

Data = dict[str, Any]


def studied(id_: str, **more: Any) -> Data:
    """An entry with all that it should have."""
    return {
        "id": id_,
        "title": id_.replace("-", " ").capitalize(),
        "done_when": f"{id_} was run and its output is in the notes.",
        "first_step": f"Run `{id_} --help`",
        "effort": "S",
        "resources": [{"title": f"{id_}: Manual", "url": f"https://docs.example.org/{id_}"}],
        **more,
    }


GOOD: Data = {
    "format": 1,
    "id": "ours",
    "version": 1,
    "title": "Ours",
    "purpose": "",
    "source": "",
    "updated": "2026-11-24",
    "categories": [
        {
            "id": "git",
            "title": "Git",
            "sections": [
                {
                    "id": "git-basics",
                    "title": "Basics",
                    "items": [
                        studied("stash", requires=["commit"], children=[studied("stash-pop")]),
                        studied("commit", related=["amend"]),
                        studied("amend", requires=["gap-history"]),
                    ],
                }
            ],
        }
    ],
    "critical": [studied("gap-history", rank=1, covers=["commit"])],
    "path": [
        {
            "id": "short",
            "title": "Short",
            "span": "Next 3 Months",
            "steps": [studied("step-first", covers=["stash"], requires=["gap-history"])],
        }
    ],
}


def found(data: Data) -> list[Finding]:
    return lint(json.dumps(data, indent=2, ensure_ascii=False))


def test_nothing_is_found_in_a_good_one() -> None:
    assert found(GOOD) == []


def items(data: Data) -> list[Data]:
    found_: list[Data] = data["categories"][0]["sections"][0]["items"]
    return found_


def link(url: str, title: str = "A page") -> Data:
    return {"resources": [{"title": title, "url": url}]}


Change = Callable[[Data], object]
FAULTS: list[tuple[Change, str, str, str]] = [
    # what a reader refuses
    (lambda d: d.update(format=2), "format", "format", "is 2, not 1"),
    (lambda d: d.update(colour=1), "colour", "format", "is nothing that is known here"),
    (lambda d: d.update(updated="soon"), "updated", "format", "is not a date"),
    (lambda d: d.pop("title"), "title", "format", "is missing or not text"),
    (lambda d: d["categories"].append(3), "categories[1]", "format", "is not an object"),
    (lambda d: items(d)[1].update(status="done"), "commit.status", "format", "is none of todo"),
    (lambda d: items(d)[1].update(effort="XL"), "commit.effort", "format", "is none of S, M, L"),
    (lambda d: items(d)[1].update(colour=1), "commit.colour", "format", "nothing that is known"),
    (
        lambda d: items(d)[2].update(id="commit"),
        "git-basics.items[2].id",
        "format",
        "is there twice",
    ),
    (lambda d: items(d)[1].update(related=["gone"]), "commit.related", "format", "“gone” is no"),
    (lambda d: items(d)[1].update(related=["commit"]), "commit.related", "format", "itself"),
    (lambda d: d["critical"][0].update(covers=["gone"]), "gap-history", "format", "is no item"),
    (
        lambda d: items(d)[1].update(requires=["stash"]),
        "stash.requires",
        "format",
        "circle: stash → commit → stash",
    ),
    (lambda d: items(d)[1].update(title=" A  title"), "commit.title", "style", "has spaces at"),
    (
        lambda d: items(d)[1].update(description="a \nb"),
        "commit.description",
        "style",
        "has spaces",
    ),
    # what is missing
    (lambda d: items(d)[1].pop("effort"), "commit", "missing", "has no effort"),
    (lambda d: items(d)[1].update(effort=""), "commit", "missing", "has no effort"),
    (lambda d: d["critical"][0].update(done_when=""), "gap-history", "missing", "has no done_when"),
    (lambda d: items(d)[1].update(resources=[]), "commit", "missing", "has no resources"),
    (
        lambda d: d["categories"].append({"id": "x", "title": "X", "sections": []}),
        "x",
        "missing",
        "the category has nothing in it",
    ),
    # links
    (
        lambda d: items(d)[1].update(link("http://a.org/b")),
        "commit.resources",
        "links",
        "not https",
    ),
    (
        lambda d: items(d)[1].update(link("https://a.org/")),
        "commit.resources",
        "links",
        "home page",
    ),
    (lambda d: items(d)[1].update(link("https://a.org")), "commit.resources", "links", "home page"),
    (
        lambda d: items(d)[1].update(link("https://a/b")),
        "commit.resources",
        "links",
        "names no host",
    ),
    (lambda d: items(d)[1].update(link("https://u@a.org/b")), "commit.resources", "links", "user"),
    (lambda d: items(d)[1].update(link("https://[a/b")), "commit.resources", "links", "no address"),
    (
        lambda d: items(d)[1].update(link("https://www.youtube.com/watch?v=1")),
        "commit.resources",
        "links",
        "is a video",
    ),
    (
        lambda d: items(d)[1].update(link("https://me.medium.com/x")),
        "commit.resources",
        "links",
        "is behind a login",
    ),
    (
        lambda d: items(d)[1].update(link("https://www.google.com/search?q=x")),
        "commit.resources",
        "links",
        "is a search",
    ),
    (
        lambda d: items(d)[1].update(link("https://a.org/b?utm_source=x")),
        "commit.resources",
        "links",
        "copied",
    ),
    (
        lambda d: items(d)[1].update(link("https://a.org/b", "https://a.org/b")),
        "commit.resources",
        "links",
        "by its address",
    ),
    (
        lambda d: items(d)[1]["resources"].append(
            {"title": "Again", "url": "https://docs.example.org/commit/"}
        ),
        "commit.resources",
        "links",
        "has an address twice",
    ),
    (
        lambda d: items(d)[1]["resources"].append(
            {"title": "Commit: manual", "url": "https://a.org/b"}
        ),
        "commit.resources",
        "links",
        "has a title twice",
    ),
    (
        lambda d: items(d)[1].update(
            resources=[{"title": f"{n}", "url": f"https://a.org/{n}"} for n in range(4)]
        ),
        "commit.resources",
        "links",
        "are 4",
    ),
    *(
        (
            lambda d, url=url: items(d)[1].update(resources=[{"title": "T", "url": url}]),
            "commit.resources",
            "links",
            words,
        )
        for url, words in (
            ("https://x.readthedocs.io/en/stable/", "is a home page"),
            ("https://docs.python.org/3/", "is a home page"),
            ("https://docs.example.org/v1.2/index.html", "is a home page"),
            ("https://a.org/index.html", "is a home page"),
            ("https://a.org/#install", "is a home page"),
            ("https://a.org/docs/#top", "is a home page"),
            ("https://github.com/pypa/pip-audit", "is the front page of a repository"),
            ("https://github.com/pypa/pip-audit#readme", "is the front page of a repository"),
            ("https://gitlab.com/group", "is the front page of a repository"),
        )
    ),
    # needs
    (
        lambda d: items(d)[0].update(requires=["stash-pop"]),
        "stash.requires",
        "needs",
        "stands in it",
    ),
    (
        lambda d: items(d)[0]["children"][0].update(requires=["stash"]),
        "stash-pop.requires",
        "needs",
        "in which it stands",
    ),
    (
        lambda d: d["critical"][0].update(requires=["commit"]),
        "gap-history.requires",
        "needs",
        "of which it is made",
    ),
    (
        lambda d: items(d)[1].update(requires=["gap-history"]),
        "commit.requires",
        "needs",
        "waits for itself",
    ),
    (
        lambda d: items(d)[2].update(requires=["stash", "stash-pop", "commit", "gap-history"]),
        "amend.requires",
        "needs",
        "names 4 entries",
    ),
    # related
    (
        lambda d: items(d)[2].update(requires=["commit"]),
        "commit.related",
        "related",
        "names “amend”, which needs it first: one of them is enough",
    ),
    (
        lambda d: d["critical"][0].update(related=["commit"]),
        "gap-history.related",
        "related",
        "names “commit”, of which it is made",
    ),
    (
        lambda d: items(d)[0].update(related=["stash-pop"]),
        "stash.related",
        "related",
        "names “stash-pop”, which stands in it",
    ),
    # twice
    (
        lambda d: items(d)[2].update(done_when=items(d)[1]["done_when"].upper()),
        "amend.done_when",
        "twice",
        "is that of “commit”",
    ),
    (
        lambda d: items(d)[2].update(first_step=items(d)[1]["first_step"]),
        "amend.first_step",
        "twice",
        "is that of “commit”",
    ),
    (lambda d: items(d)[2].update(title="stash"), "amend.title", "twice", "is that of “stash”"),
    # style
    *(
        (
            lambda d, words=words: items(d)[1].update(done_when=words),
            "commit.done_when",
            "style",
            what,
        )
        for words, what in (
            ("It runs. It is fast. It is yours.", "has several sentences"),
            ("“It runs.” It is green.", "has several sentences"),
            ("Done.", "“Done.” says nothing that can be seen"),
        )
    ),
    *(
        (
            lambda d, words=words: items(d)[1].update(done_when=words),
            "commit.done_when",
            "style",
            says,
        )
        for words, says in (
            ("Understand how commits work.", "begins with “Understand”"),
            ("you can be able to commit.", "begins with “you can be able”"),
            ("A commit is there", "does not end with a full stop"),
            ("A commit `x is there.", "a backtick that is not closed"),
            ("x" * 300 + ".", "has 301 characters"),
            ("One.\nTwo.", "has several lines"),
        )
    ),
    (lambda d: items(d)[1].update(first_step="Run it"), "commit.first_step", "style", "full stop"),
]


@pytest.mark.parametrize("number", range(len(FAULTS)))
def test_each_fault_is_found_alone_and_with_its_place(number: int) -> None:
    change, where, rule, says = FAULTS[number]
    data = copy.deepcopy(GOOD)
    change(data)
    findings = [one for one in found(data) if rule in (one.rule, "format")]
    assert (where, rule) in {(one.where, one.rule) for one in findings}
    (one,) = [one for one in findings if one.where == where and says in one.text]
    assert one.text.isprintable()
    if "." in where and "[" not in where:
        line = json.dumps(data, indent=2, ensure_ascii=False).split("\n")[one.line - 1]
        assert f'"{where.split(".")[1]}"' in line


def test_everything_is_found_at_once_in_the_order_of_the_file() -> None:
    data = copy.deepcopy(GOOD)
    for change, *_ in FAULTS[:9]:
        change(data)
    findings = found(data)
    assert len(findings) >= 9
    assert [one.line for one in findings] == sorted(one.line for one in findings)


@pytest.mark.parametrize(
    ("content", "line", "says"),
    [
        ("", 1, "is no JSON"),
        ('{\n"format": 1,\n}', 3, "is no JSON"),
        ("[]", 0, "is not an object"),
        ('{"id": "a", "id": "b"}', 0, "“id” is there twice"),
        ("[" * 100_000, 0, "nested too deep"),
    ],
)
def test_what_is_no_seed_at_all_is_one_finding(content: str, line: int, says: str) -> None:
    (one,) = lint(content)
    assert (one.line, one.rule) == (line, "format")
    assert says in one.text


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_anything_can_be_checked_and_what_a_reader_refuses_is_found(data: st.DataObject) -> None:
    content: Any = copy.deepcopy(GOOD)
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
    text = json.dumps(content)
    findings = lint(text)
    refused = ""
    try:
        seed.parse(text, "x")
    except TrackerError as error:
        refused = str(error)
    assert any(one.rule == "format" for one in findings) is bool(refused), (refused, findings)


@pytest.mark.parametrize("number", range(len(WRONG)))
def test_what_a_reader_refuses_is_found_in_the_same_words_and_the_rest_is_looked_at(
    number: int,
) -> None:
    change, wanted = WRONG[number]
    data = copy.deepcopy(SMALL)
    change(data)
    data["more"] = 0
    found = [one for one in lint(json.dumps(data)) if one.rule == "format"]
    assert any(one.text.startswith(wanted.partition(": ")[2]) for one in found)
    assert "more" in [one.where for one in found]


def page(url: str) -> dict[str, Any]:
    return {"resources": [{"title": "A page", "url": url}]}


@pytest.mark.parametrize(
    "said",
    [
        page("https://docs.python.org/3/library/os.html"),
        page("https://x.readthedocs.io/en/stable/usage/"),
        page("https://x.readthedocs.io/en/stable/#usage"),
        page("https://github.com/pypa/pip-audit#usage"),
        page("https://github.com/pypa/pip-audit/blob/main/README.md"),
        page("https://a.org/?page=3"),
        page("https://pre-commit.com/index.html#plugins"),
        {
            "resources": [
                {"title": title, "url": f"https://docs.python.org/3/library/{title}.html"}
                for title in ("os", "re", "io")
            ]
        },
        {"done_when": "`git log` shows v1.2. and the e.g. first one of it."},
        {"done_when": "It prints v1. `git log` shows the same one."},
        {"done_when": "`Run. It. Now.` prints nothing more than one line."},
        {"done_when": "Python 3.11 runs it, version 2.0 of it included."},
    ],
)
def test_exact_pages_and_sentences_with_many_dots_are_sound(said: dict[str, Any]) -> None:
    data = copy.deepcopy(GOOD)
    items(data)[1].update(said)
    assert lint(json.dumps(data)) == []


def test_what_is_there_and_no_good_is_not_called_missing() -> None:
    data = copy.deepcopy(GOOD)
    items(data)[1].update(resources=[{"title": "A page", "url": "git-scm.com/docs"}])
    items(data)[1].update(effort="XL")
    found = lint(json.dumps(data))
    assert {(one.rule, one.text) for one in found if "commit" in one.where} >= {
        ("format", "is not an http or https address")
    }
    assert not [one for one in found if one.rule == "missing"]


@pytest.mark.parametrize("before", ["", "   \n"])
def test_what_is_wrong_at_the_top_of_a_file_is_found_in_its_line(before: str) -> None:
    data = {"colour": 1, **copy.deepcopy(GOOD)}
    data["updated"] = "soon"
    data.pop("purpose")
    findings = lint(before + json.dumps(data, indent=2))
    down = before.count("\n")
    last = json.dumps(data, indent=2).split("\n").index('  "updated": "soon",') + 1
    assert [(one.where, one.line - down * bool(one.line)) for one in findings] == [
        ("purpose", 0),
        ("colour", 2),
        ("updated", last),
    ]


def test_a_field_that_stands_before_the_id_of_its_entry_is_found_too() -> None:
    data = copy.deepcopy(GOOD)
    items(data)[1] = {"effort": "XL", "title": "Commit", **studied("commit", related=["amend"])}
    items(data)[1]["effort"] = "XL"
    (one,) = found(data)
    line = json.dumps(data, indent=2).split("\n").index('              "effort": "XL",') + 1
    assert (one.where, one.line) == ("commit.effort", line)


@pytest.mark.parametrize(
    ("said", "text"),
    [
        (
            {"done_when": "It runs. It is fast. It is yours."},
            "has several sentences; one is asked in a review",
        ),
        (link("http://a.org/b"), "http://a.org/b is not https"),
        (
            link("https://a.org/b?utm_source=x"),
            "https://a.org/b?utm_source=x tells where it was copied (utm_…)",
        ),
    ],
)
def test_what_is_found_is_said_in_a_sentence(said: Data, text: str) -> None:
    data = copy.deepcopy(GOOD)
    items(data)[1].update(said)
    assert [one.text for one in found(data)] == [text]


def test_three_needs_are_sound_and_one_that_is_unknown_keeps_no_other_from_being_told() -> None:
    data = copy.deepcopy(GOOD)
    items(data)[2].update(requires=["stash", "stash-pop", "gap-history"])
    assert found(data) == []
    items(data)[0].update(requires=["gone", "stash-pop"])
    assert [(one.rule, one.text) for one in found(data) if one.where == "stash.requires"] == [
        ("format", "“gone” is no item, gap or step"),
        ("needs", "names “stash-pop”, which stands in it"),
    ]


def test_what_an_entry_lies_in_several_levels_up_is_no_need_of_it() -> None:
    data = copy.deepcopy(GOOD)
    deep = studied("stash-show", requires=["stash"])
    items(data)[0]["children"][0]["children"] = [deep]
    (one,) = found(data)
    assert (one.where, one.text) == ("stash-show.requires", "names “stash”, in which it stands")


def test_a_circle_of_needs_is_told_once() -> None:
    data = copy.deepcopy(GOOD)
    items(data)[1].update(requires=["stash"])
    assert len([one for one in found(data) if "→" in one.text]) == 1
