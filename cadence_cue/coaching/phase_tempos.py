"""What tempo a phase has for this runner, and how long it is then.

It follows from the phase or its drill, the own cadence, and what was changed by hand.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from cadence_cue.coaching.drill import Drill, Library, Tempo
from cadence_cue.coaching.rules import broken
from cadence_cue.coaching.session import Phase, Session
from cadence_cue.coaching.values import FASTEST, SLOWEST


def tempo_ends(
    phase: Phase, drill: Drill | None, cadence_spm: Fraction, offsets: Mapping[str, Fraction]
) -> tuple[Fraction, Fraction] | None:
    """Return the tempos at the start and the end of a phase; None if it has no beat.

    They may lie outside the limits.
    """
    tempo: Tempo | None = phase.tempo or (drill.tempo.default if drill else None)
    if tempo is None:
        return None
    start = tempo.start.at(cadence_spm)
    end = tempo.end.at(cadence_spm) if tempo.end != tempo.start else start
    moved = offsets.get(key_of(phase))
    return (start + moved, end + moved) if moved else (start, end)


def tempo_of(
    session: Session,
    phase: Phase,
    drill: Drill | None,
    cadence_spm: Fraction,
    offsets: Mapping[str, Fraction],
) -> tuple[Fraction, Fraction] | None:
    """Return the tempos of `tempo_ends`. Raises UserError if one is outside the limits."""
    ends = tempo_ends(phase, drill, cadence_spm, offsets)
    for end in ends or ():
        if not SLOWEST <= end <= FASTEST:
            text = (
                f"a tempo of {float(end):g} for an own cadence of {float(cadence_spm):g} is outside"
            )
            raise broken(session, phase, f"{text} {SLOWEST} to {FASTEST} beats a minute")
    return ends


def seconds_of(phase: Phase, tempo: tuple[Fraction, Fraction] | None) -> Fraction:
    """Return how long a phase is at its tempos, which matter if its length is in beats."""
    if phase.length.beats is not None and tempo:
        return phase.length.beats * 120 / (tempo[0] + tempo[1])
    return phase.length.seconds or Fraction(0)


def follows_cadence(session: Session, library: Library) -> bool:
    """Return whether any tempo of the session depends on the runner's own cadence."""
    return any(is_relative(phase, library.drills.get(phase.drill)) for phase in session.written())


def is_relative(phase: Phase, drill: Drill | None) -> bool:
    """Return whether the tempo of a phase depends on the runner's own cadence."""
    tempo = phase.tempo or (drill.tempo.default if drill else None)
    return tempo is not None and (tempo.start.relative or tempo.end.relative)


def key_of(phase: Phase) -> str:
    """Return what a change by hand belongs to: all sets of the drill, or else this phase."""
    return phase.drill or phase.number
