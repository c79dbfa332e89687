"""Shows the tempo that is being typed, on a line of its own below all other output."""

from __future__ import annotations

from fractions import Fraction

import click

from cadence_cue.transport.tempo_entry import LONGEST, TempoEntry

_PROMPT = "tempo "


class TempoLine:
    """The line with the typed tempo; hide it before printing, and show it again afterwards."""

    def __init__(self) -> None:
        self._entry = TempoEntry()

    def takes(self, key: str) -> bool:
        """Whether a key belongs to the number."""
        return self._entry.takes(key)

    def press(self, key: str) -> Fraction | None:
        """Handle such a key; returns the tempo in beats a minute once Enter completes it."""
        self.hide()
        tempo = self._entry.press(key)
        self.show()
        return tempo

    def leave(self) -> None:
        """Discard the number: another key was pressed."""
        self.hide()
        self._entry.leave()

    def hide(self) -> None:
        """Clear the line, to print something else."""
        if self._entry.text:
            click.echo("\r" + " " * (len(_PROMPT) + LONGEST) + "\r", nl=False)

    def show(self) -> None:
        """Print the line again."""
        if self._entry.text:
            click.echo(_PROMPT + self._entry.text, nl=False)
