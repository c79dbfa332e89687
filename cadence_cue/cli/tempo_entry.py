"""A number typed while something plays, shown on a line of its own."""

from __future__ import annotations

from fractions import Fraction

import click

_LONGEST = 7


class TempoEntry:
    """The digits so far; they stay in sight whatever else is told meanwhile."""

    def __init__(self) -> None:
        self._text = ""

    def takes(self, key: str) -> bool:
        """Whether a key belongs to the number."""
        goes_on = key == "." or key in ("backspace", "enter", "escape")
        return (key.isascii() and key.isdigit()) or bool(self._text and goes_on)

    def press(self, key: str) -> Fraction | None:
        """Take such a key; the number, when it is entered."""
        self.hide()
        text, self._text = self._text, ""
        match key:
            case "enter" if text.strip("."):
                return Fraction(text)
            case "enter" | "escape":
                return None
            case "backspace":
                self._text = text[:-1]
            case _ if len(text) < _LONGEST and not (key == "." and "." in text):
                self._text = text + key
            case _:
                self._text = text
        self.show()
        return None

    def leave(self) -> None:
        """Forget it: another key was pressed."""
        self.hide()
        self._text = ""

    def hide(self) -> None:
        """Make room for a line."""
        if self._text:
            click.echo("\r" + " " * (len(_PROMPT) + _LONGEST) + "\r", nl=False)

    def show(self) -> None:
        """Show it again."""
        if self._text:
            click.echo(_PROMPT + self._text, nl=False)


_PROMPT = "tempo "
