"""The screen: a Textual application over one `Tracker`.

`app.py` starts and stops it; `screens/` hold state and decide, `widgets/` draw what they are handed
and post typed messages up; `commands.py` is the one table from which the keys, the footer, the help
and the command palette come. `outline.py` and `lines.py` are what the tree shows, without Textual.
Nothing here writes but through `Tracker`, and what was written comes back as one `Changed` message.
Start reading at `screens/main.py`.
"""
