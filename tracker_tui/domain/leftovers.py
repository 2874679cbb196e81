"""Which files are what the program leaves behind when it is ended in the middle of writing one."""

from __future__ import annotations

import re

AGE_SECONDS = 3600
"""From which age on such a file is nobody's any more: none takes as long to be written."""

_ENDS = r"(?:-journal|-wal|-shm)?"
_TEXT = r"\.[0-9a-f]{12}\.tmp"
"""A file that is written whole or not at all, beside the one that it becomes."""
_NAME = re.compile(
    # Backups, what becomes the database, and a copy that is made of one for that.
    rf"\.{{1,2}}tracker[\w-]*\.db(?:\.\d+\.tmp){{1,2}}{_ENDS}"
    rf"|(?:prompt|checked)\.\d+\.tmp|{_TEXT}",
    re.ASCII,
)
_BESIDE = re.compile(_TEXT, re.ASCII)


def is_leftover(name: str) -> bool:
    """Whether a file of this name, in a folder of ours, was to get another name when it was whole."""
    return _NAME.fullmatch(name) is not None


def is_left_beside(name: str) -> bool:
    """Whether a file of this name, beside a mirrored file, was to take that one's place."""
    return _BESIDE.fullmatch(name) is not None


def is_left_of(name: str, target: str) -> bool:
    """Whether a file of this name was to become a backup under the name `target`."""
    return re.fullmatch(rf"\.{re.escape(target)}\.\d+\.tmp{_ENDS}", name, re.ASCII) is not None
