"""A Markdown file and the track kept in step, as pure functions of both and of what they were.

`lines.py` takes a document apart so that one line can be changed and every other character stays;
`ties.py` is what is kept of a mirror: which line is which entry, and what both said. `identify.py`
finds the lines again in a file that was edited; `absorb.py` and `arrange.py` make changes of the
track out of what the file changed; `emit.py`, `shape.py`, `writing.py`, `style.py`, `saying.py` and
`reword.py` write what the track changed into the file; `leaving.py` takes out of it what was deleted, and
`standing.py` puts it back. Start reading in `absorb.py` and `emit.py`. No file is
opened here: `tracker/mirroring.py` does that, and holds the order in which things become durable.
"""
