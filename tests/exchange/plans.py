"""A checklist of some thousand lines in the style of a big public study plan, made anew each time."""

from __future__ import annotations

from collections.abc import Iterator

SUBJECTS = (
    *("Algorithmic complexity", "Arrays", "Linked lists", "Stacks", "Queues", "Hash tables"),
    *("Binary search", "Bitwise operations", "Trees", "Heaps", "Sorting", "Graphs", "Recursion"),
    *("Dynamic programming", "Design patterns", "Combinatorics", "Caches", "Processes and threads"),
    *(
        "Testing",
        "Scheduling",
        "String searching",
        "Tries",
        "Floating point",
        "Unicode",
        "Endianness",
    ),
    *("Networking", "System design", "Security", "Compilers", "Databases"),
)
SIGNS = ("🎓", "📚", "🚀", "🧮", "🔐", "👩‍💻", "⚙️")


def study_plan(lines: int = 3_000) -> str:
    """Return the document."""
    found = [
        *("<!-- made by a generator -->", "# Big Study Plan 🎓", ""),
        "[![stars](https://img.example/s.svg)](https://example.org/plan)",
        '<p align="center">',
        '  <img src="https://example.org/logo.png" alt="logo">',
        *("</p>", ""),
        *("> A plan for going from web developer to software engineer.", ""),
        *("## Table of Contents", ""),
        *(f"- [{subject}](#{subject.lower().replace(' ', '-')})" for subject in SUBJECTS),
        *("", "---", ""),
        *("## About", "", "Plain words, and nothing to tick.", "", "```bash"),
        *("git clone https://example.org/plan.git  # - [ ] not a task", "```", ""),
    ]
    number = 0
    while len(found) < lines:
        subject = SUBJECTS[number % len(SUBJECTS)]
        found += _part(number, subject)
        number += 1
    return "\n".join(found[:lines]) + "\n"


def _part(number: int, subject: str) -> Iterator[str]:
    sign = SIGNS[number % len(SIGNS)]
    slug = subject.lower().replace(" ", "-")
    week = f" (week {number + 1})"
    yield f"## {number + 1}. {sign} {subject}{week}"
    yield ""
    yield f"Everybody asks about **{subject.lower()}**; see the [notes](https://example.org/{slug})."
    yield ""
    yield f"- [ ] [{subject} in one hour (video)](https://example.org/v/{slug})"
    yield f"- [{'x' if number % 5 == 0 else ' '}] **[{subject}](https://example.org/{slug})**: the basics"
    yield f"- [ ] ![chart](img/{slug}.png) Draw it yourself"
    yield f"- [ ] [Read the chapter](./books/{slug}.md) `O(n log n)` and *why*"
    yield "  - [Slides](https://example.org/slides)"
    yield "  - [Errata](https://example.org/errata) of the second edition"
    yield "  - in short:"
    yield "    - it is _faster_ than it looks"
    yield f"### {subject}: exercises"
    yield ""
    yield f"* [ ] Implement {subject.lower()} 🧪"
    yield "    * [ ] with a test"
    yield "        * [ ] that fails first"
    yield "            * [ ] and then passes"
    yield "                * [ ] on `main`"
    yield "                    * [ ] six deep"
    yield "* [ ] Explain it to somebody"
    yield ""
    yield "  | input | output |"
    yield "  | ----- | ------ |"
    yield f"  | {number} | {number * number} |"
    yield ""
    yield "  ```python"
    yield f"  def answer(): return {number}  # - [ ] not a task either"
    yield "  ```"
    yield "#### Further reading"
    yield ""
    yield "1. [ ] [Paper](https://example.org/paper.pdf) - from 1974, still good"
    yield "2. [ ] <https://example.org/blog>"
    yield f"3. [-] Video: {subject} & friends <br> part 2"
    yield ""
    yield "<!-- - [ ] hidden -->"
    yield "### Headings without items"
    yield ""
