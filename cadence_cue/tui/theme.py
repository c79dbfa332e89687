"""The two themes, and a colour and a pattern for each kind of phase.

Colour alone never carries meaning: each kind has a pattern of its own too. The colours can be told
apart in the nearest of 256 or 16 too, and without any; bars and dialogs are nearly grey, as a
terminal of 256 colours shows as black what is dark and has a tint.
"""

from __future__ import annotations

from typing import NamedTuple

from textual.theme import Theme


class Look(NamedTuple):
    """The colour (a theme variable), the pattern on the session's bar, and the word."""

    colour: str
    pattern: str
    word: str


KINDS = {
    "drill": Look("drill", "█", "drill"),
    "run": Look("run", "▓", "run"),
    "walk": Look("walk", "▒", "walk"),
    "rest": Look("rest", "░", "rest"),
    "switch": Look("rest", "░", "switch"),
    "talk": Look("talk", "─", "talk"),
    "glide": Look("run", "▓", "glide"),
    "explain": Look("talk", "─", "how to"),
}

DARK = Theme(
    name="cadence-dark",
    primary="#ffb454",
    secondary="#7fd962",
    accent="#ffb454",
    warning="#ff8f40",
    error="#f26d78",
    success="#7fd962",
    foreground="#e6e1cf",
    background="#0f1216",
    surface="#171a1f",
    panel="#20242a",
    dark=True,
    variables={
        "drill": "#ffb454",
        "run": "#7fd962",
        "walk": "#59c2ff",
        "rest": "#8a919c",
        "talk": "#d2a6ff",
        "lamp": "#fff3c4",
        "unlit": "#788394",
        "scrollbar": "#788394",
        "input-selection-background": "#3a4250",
    },
)

LIGHT = Theme(
    name="cadence-light",
    primary="#8f4700",
    secondary="#2f6f14",
    accent="#8f4700",
    warning="#963c00",
    error="#b3202c",
    success="#2f6f14",
    foreground="#1b1f24",
    background="#fbfaf6",
    surface="#f2f1ee",
    panel="#ebe9e4",
    dark=False,
    variables={
        "drill": "#9a4d00",
        "run": "#2f6f14",
        "walk": "#0a50a0",
        "rest": "#5c636d",
        "talk": "#6a3fa0",
        "lamp": "#1b1f24",
        "unlit": "#7a766e",
        "scrollbar": "#7a766e",
        "input-selection-background": "#cdd5e0",
    },
)

THEMES = {"dark": DARK, "light": LIGHT}
"""The themes, by their names in the settings."""
