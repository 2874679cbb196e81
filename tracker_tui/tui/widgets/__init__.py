"""Widgets: they draw what they are handed and post messages up. None asks the store or a sibling."""
