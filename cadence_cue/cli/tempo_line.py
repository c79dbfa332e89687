"""The tempo that is being typed, on a line of its own that stays in sight."""

from __future__ import annotations

from fractions import Fraction

import click

from cadence_cue.transport.tempo_entry import LONGEST, TempoEntry

_PROMPT = "tempo "


class TempoLine:
    """Shows what is typed; whatever else is told meanwhile stands above it."""

    def __init__(self) -> None:
        self._entry = TempoEntry()

    def takes(self, key: str) -> bool:
        """Whether a key belongs to the number."""
        return self._entry.takes(key)

    def press(self, key: str) -> Fraction | None:
        """Take such a key; returns the tempo in beats a minute when it is entered."""
        self.hide()
        tempo = self._entry.press(key)
        self.show()
        return tempo

    def leave(self) -> None:
        """Forget it: another key was pressed."""
        self.hide()
        self._entry.leave()

    def hide(self) -> None:
        """Make room for a line."""
        if self._entry.text:
            click.echo("\r" + " " * (len(_PROMPT) + LONGEST) + "\r", nl=False)

    def show(self) -> None:
        """Show it again."""
        if self._entry.text:
            click.echo(_PROMPT + self._entry.text, nl=False)
