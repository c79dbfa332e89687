"""What is allowed in a session but better done otherwise."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from cadence_cue.coaching.model import Kind
from cadence_cue.coaching.part import Part

_ROOM = 10  # seconds in which a new drill can be announced and counted in


def advice(parts: Sequence[Part]) -> Iterator[str]:
    """One sentence for each thing that the runner would stumble over."""
    quiet = Fraction(0)
    drill = ""
    for before, part in zip((None, *parts), parts, strict=False):
        new = part.kind is Kind.DRILL and part.drill != drill and part.announcement.full
        if before and new and quiet < _ROOM:
            yield (
                f"phase {part.number} ({part.title}): only {float(quiet):g} s without a beat "
                f"before this drill; give it {_ROOM} s of rest or walk, so that it can be "
                "announced and counted in"
            )
        if part.kind is Kind.DRILL:
            drill = part.drill
        quiet = Fraction(0) if part.tempo else quiet + part.seconds
