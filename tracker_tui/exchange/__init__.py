"""Text in and out: seeds, the sheet that an editor is given, Markdown.

Functions here turn text into values of the domain and back; they open no database and draw nothing.
Start reading at `seed.py`.
"""
