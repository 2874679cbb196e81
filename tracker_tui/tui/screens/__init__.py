"""Screens: they hold the state, call `Tracker` and hand results down to their widgets."""
