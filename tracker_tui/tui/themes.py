"""Our two themes, beside those that Textual brings."""

from __future__ import annotations

from textual.theme import Theme

DARK = "tracker-dark"
LIGHT = "tracker-light"

THEMES = (
    Theme(
        name=DARK,
        dark=True,
        primary="#7aa2f7",
        secondary="#7dcfff",
        accent="#e0af68",
        warning="#e0af68",
        error="#f7768e",
        success="#9ece6a",
        foreground="#c8d0e8",
        background="#16181f",
        surface="#1a1d26",
        panel="#22262f",
        variables={
            "block-cursor-background": "#33415f",
            "block-cursor-foreground": "#ffffff",
            "block-cursor-blurred-background": "#262b38",
            "block-cursor-text-style": "none",
            "border": "#4a5473",
            "border-blurred": "#313747",
        },
    ),
    Theme(
        name=LIGHT,
        dark=False,
        primary="#2e5cb8",
        secondary="#0f6f8c",
        accent="#a05a00",
        warning="#a05a00",
        error="#b8283c",
        success="#3a7a1e",
        foreground="#22252e",
        background="#f6f5f1",
        surface="#fbfaf7",
        panel="#e9e7e0",
        variables={
            "block-cursor-background": "#cfdcf5",
            "block-cursor-foreground": "#10131a",
            "block-cursor-blurred-background": "#e6e9ee",
            "block-cursor-text-style": "none",
            "border": "#8793b0",
            "border-blurred": "#c9ccd2",
        },
    ),
)
