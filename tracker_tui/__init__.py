"""tracker: a daily check-in for a learning track, in the terminal.

Two faces, the command line (`cli`) and the screen (`tui`), use one door, `tracker.Tracker`. Below it
come `exchange` (text in and out), `store` (SQLite) and `domain` (values and rules). Imports point
that way only; `make layers` checks it. Start reading at `tracker/__init__.py`.
"""

__version__ = "0.1.0"
