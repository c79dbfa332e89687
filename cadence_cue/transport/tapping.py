"""Tapping a tempo: taken once the taps have stopped, with messages for the runner."""

from __future__ import annotations

from fractions import Fraction

from cadence_cue.timing.tapping import FEWEST, Taps

_SETTLED = 1.5  # seconds without a tap after which the tapping is over


class Tapping:
    """Collects taps until they stop."""

    def __init__(self) -> None:
        self._taps = Taps()

    def tap(self, at: float) -> None:
        """Add a tap at a time in seconds."""
        self._taps.tap(at)

    @property
    def told(self) -> str:
        """The tempo tapped so far, or how many taps it still takes; "" without a tap."""
        if self._taps.last is None:
            return ""
        tapped = self._taps.tapped
        if tapped is None:
            missing = self._taps.missing
            return f"{missing} more tap{'s' * (missing > 1)}"
        return f"tapped {tapped.tempo:.1f} ±{tapped.spread:.1f} ({tapped.taps} taps)"

    def over(self, at: float) -> tuple[Fraction | None, str] | None:
        """The tempo and a message about it, once the taps have stopped; None before that.

        `at` is the time now in seconds. The tempo is None if the taps were too few or too
        unsteady.
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
