"""Which files are what the program leaves behind when it is ended in the middle of writing one."""

from __future__ import annotations

import re

AGE_SECONDS = 3600
"""From which age on such a file is nobody's any more: none takes as long to be written."""

_NAME = re.compile(
    r"\.tracker[\w-]*\.db\.\d+\.tmp(?:-journal|-wal|-shm)?"  # backups, and what becomes the database
    r"|prompt\.\d+\.tmp"
    r"|\.[0-9a-f]{12}\.tmp",  # any other file that is written whole or not at all
    re.ASCII,
)


def is_leftover(name: str) -> bool:
    """Whether a file of this name is one that was to get another name when it was whole."""
    return _NAME.fullmatch(name) is not None
