"""Tapping along: the tempo that taps make once they have stopped."""

from __future__ import annotations

from fractions import Fraction

from cadence_cue.timing.tapping import FEWEST, Taps

_SETTLED = 1.5  # seconds without a tap after which the tapping is over


class Tapping:
    """The taps that come, until they have stopped."""

    def __init__(self) -> None:
        self._taps = Taps()

    def tap(self, at: float) -> None:
        """A tap at an instant in seconds."""
        self._taps.tap(at)

    @property
    def told(self) -> str:
        """What the taps make so far; "" if they make nothing."""
        tapped = self._taps.tapped
        if tapped is None:
            return ""
        return f"tapped {tapped.tempo:.1f} ±{tapped.spread:.1f} ({tapped.taps} taps)"

    def over(self, at: float) -> tuple[Fraction | None, str] | None:
        """Once the taps have stopped: the tempo, and a sentence about it.

        The tempo is None where the taps were too few or too unsteady.
        """
        last, tapped, told = self._taps.last, self._taps.tapped, self.told
        if last is None or at - last < _SETTLED:
            return None
        self._taps = Taps()
        if tapped is None:
            return None, f"tap at least {FEWEST} times, evenly"
        if not tapped.steady:
            return None, f"{told}: too unsteady, tap again"
        return Fraction(f"{tapped.tempo:.3f}"), told
