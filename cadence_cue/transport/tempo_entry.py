"""A tempo that is typed while something plays, digit by digit."""

from __future__ import annotations

from fractions import Fraction

LONGEST = 7
"""Characters that a typed tempo may have."""


class TempoEntry:
    """The digits so far; what shows them is the face's."""

    def __init__(self) -> None:
        self.text = ""
        """What was typed; "" while nothing is."""

    def takes(self, key: str) -> bool:
        """Whether a key, a character or a name such as "enter", belongs to the number."""
        goes_on = key == "." or key in ("backspace", "enter", "escape")
        return (key.isascii() and key.isdigit()) or bool(self.text and goes_on)

    def press(self, key: str) -> Fraction | None:
        """Take such a key; returns the tempo in beats a minute when it is entered."""
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
        """Forget it: another key was pressed."""
        self.text = ""
