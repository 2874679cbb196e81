"""SQLite: the only place that knows `sqlite3` and `sqlite_utils`.

`Store` is one connection to one database file. All writing goes through `Store.apply` and
`Store.merge`, both inside `connection.write`, which is `BEGIN IMMEDIATE`. The journal is the truth;
the other tables are a cache of its fold, kept in the same transaction (`project.py`) and compared
with it by `check.py`. `sqlite_utils` takes 50 to 90 ms to import, so it is loaded only to make or
migrate the schema; daily reads and writes are plain statements. Nothing here knows a screen, a
command line or the clock. Start reading at `store.py`; what it stands on is `incoming.py` (rows from
elsewhere), `undoing.py`, `writing.py` and the questions (`queries.py`, `past.py`, `days.py` ...).
"""
