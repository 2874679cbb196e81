"""`Tracker`: the verbs and the questions; the one door that the command line and the screen use.

A verb plans an `Action` with `domain.plan`, has the store write it as one transaction and returns
it as written; an action without changes says that there was nothing to do. Questions return read
models of `domain.track`. No SQL and no widget lives here. Start reading in `base.py`, which opens
the files and holds the one way to write; `backups.py`, `questions.py`, `verbs.py`, `reviews.py`,
`daily.py`, `insights.py`, `importing.py`, `tables.py`, `previews.py`, `seeding.py`, `mirroring.py` and
`dumps.py` stand on it, each on the one before; `mirror_step.py`
brings one mirrored file in step. `rescue.py` and `doctor.py` stand beside it: they work where no track can be
opened.
"""

from __future__ import annotations

from tracker_tui.tracker.base import Clock, random_tail, system_clock
from tracker_tui.tracker.dumps import Dumps
from tracker_tui.tracker.questions import Selection

__all__ = ["Clock", "Selection", "Tracker", "random_tail", "system_clock"]


class Tracker(Dumps):
    """One user's track; see `Base` for what it is opened with."""
