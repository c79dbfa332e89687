"""Typing a tempo while something plays, key by key, the same way in both faces."""

from __future__ import annotations

from fractions import Fraction

LONGEST = 7
"""Characters that a typed tempo may have."""


class TempoEntry:
    """The characters typed so far; showing them is left to the face."""

    def __init__(self) -> None:
        self.text = ""
        """The characters typed so far; "" while no tempo is being typed."""

    def takes(self, key: str) -> bool:
        """Whether a key, given as a character or a name such as "enter", belongs to the entry."""
        goes_on = key == "." or key in ("backspace", "enter", "escape")
        return (key.isascii() and key.isdigit()) or bool(self.text and goes_on)

    def press(self, key: str) -> Fraction | None:
        """Handle a key that `takes` accepts; returns the tempo in beats a minute on "enter"."""
        text, self.text = self.text, ""
        match key:
            case "enter" if text.strip("."):
                return Fraction(text)
            case "enter" | "escape":
                return None
            case "backspace":
                self.text = text[:-1]
            case _ if len(text) < LONGEST and not (key == "." and "." in text):
                self.text = text + key
            case _:
                self.text = text
        return None

    def leave(self) -> None:
        """Discard the entry, because another key was pressed."""
        self.text = ""
