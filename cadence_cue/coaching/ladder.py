"""Moves the tempos of a session's drills along their ladders, as far as a runner has climbed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from cadence_cue.coaching.model import Kind, Library, Pace, Phase, Repeat, Session, Tempo


@dataclass(frozen=True, slots=True)
class Rung:
    """How many rungs above the written tempos a runner is, and how many since the last session."""

    above: int
    since: int = 0


def climbed(session: Session, library: Library, rungs: Mapping[str, Rung]) -> Session:
    """Return the session at the tempos of these rungs, by the ids of drills.

    A constant tempo moves to the next rung of its drill's ladder that is quicker (or slower), as
    often as there are rungs; ramps, and drills without a ladder, stay as they are written.
    """

    def moved(phase: Phase) -> Phase:
        rung = rungs.get(phase.drill)
        if phase.kind is not Kind.DRILL or rung is None:
            return phase
        advice = library.drills[phase.drill].tempo
        written = phase.tempo or advice.default
        tempo = _moved(written, advice.ladder, rung.above)
        before = _moved(written, advice.ladder, rung.above - rung.since)
        if written == tempo == before:
            return phase
        quicker = tempo.start.value - before.start.value
        return replace(phase, tempo=tempo, moved=(quicker > 0) - (quicker < 0))

    phases = tuple(
        replace(item, parts=tuple(map(moved, item.parts)))
        if isinstance(item, Repeat)
        else moved(item)
        for item in session.phases
    )
    return replace(session, phases=phases)


def _moved(tempo: Tempo, ladder: tuple[Pace, ...], by: int) -> Tempo:
    if tempo.start != tempo.end or not by:
        return tempo
    pace = tempo.start
    rungs = sorted(each.value for each in ladder if each.relative == pace.relative)
    ahead: list[Fraction] = [value for value in rungs if value > pace.value]
    if by < 0:
        ahead = [value for value in reversed(rungs) if value < pace.value]
    if not ahead:
        return tempo
    there = replace(pace, value=ahead[min(abs(by), len(ahead)) - 1])
    return Tempo(there, there)
