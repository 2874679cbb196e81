"""Values and rules, with the standard library alone.

Nothing here does I/O, reads a clock or makes a random number: "now", "today" and tokens are
arguments. Nothing here knows SQLite, Textual or click. Start reading at `words.py`, then
`journal.py` (what is recorded), `fold.py` (what the records mean) and `plan.py` (what a key does).
"""
