"""The command line: click commands over `Tracker`, and text or JSON out.

Nothing here opens the database but through `Tracker`, and nothing imports Textual, except
`open.py` inside the one function that opens the screen. Start reading at `commands.py`.
"""
