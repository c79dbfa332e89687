"""Moves the tempos of a session's drills along their ladders, as far as a runner has climbed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from cadence_cue.coaching.model import Kind, Library, Pace, Phase, Repeat, Session, Tempo


@dataclass(frozen=True, slots=True)
class Rung:
    """How many rungs above the written tempos a runner is, and how many since the last session."""

    above: int
    since: int = 0


def climbed(session: Session, library: Library, rungs: Mapping[str, Rung]) -> Session:
    """Return the session at the tempos of these rungs, by the ids of drills.

    A tempo moves to the next rung of its drill's ladder that is quicker (or slower), as often as
    there are rungs, and both ends of a ramp alike; drills without a ladder stay as they are, and so
    does a contrast. The first drill that moves since the last
    session is told.
    """
    told: set[str] = set()

    def moved(phase: Phase) -> Phase:
        rung = rungs.get(phase.drill)
        if rung is None or phase.contrast:
            return phase
        written, ladder = _of(phase, library)
        tempo = _moved(written, ladder, rung.above)
        before = _moved(written, ladder, rung.above - rung.since)
        if written == tempo == before:
            return phase
        quicker = tempo.start.value - before.start.value
        if quicker and not told:
            told.add(phase.drill)
        tells = phase.drill in told
        return replace(phase, tempo=tempo, moved=tells * ((quicker > 0) - (quicker < 0)))

    phases = tuple(
        replace(item, parts=tuple(map(moved, item.parts)))
        if isinstance(item, Repeat)
        else moved(item)
        for item in session.phases
    )
    return replace(session, phases=phases)


def reach(session: Session, library: Library) -> dict[str, tuple[int, int]]:
    """Return the most rungs, down and up, by which any set of a drill can move in this session.

    Drills that cannot move are left out.
    """
    found: dict[str, tuple[int, int]] = {}
    for phase in session.written():
        if phase.kind is Kind.DRILL and not phase.contrast:
            written, ladder = _of(phase, library)
            room = tuple(
                sum(
                    _moved(written, ladder, sign * n) != _moved(written, ladder, sign * (n - 1))
                    for n in range(1, len(ladder) + 1)
                )
                for sign in (-1, 1)
            )
            down, up = found.get(phase.drill, (0, 0))
            if any(room):
                found[phase.drill] = max(down, room[0]), max(up, room[1])
    return found


def _of(phase: Phase, library: Library) -> tuple[Tempo, tuple[Pace, ...]]:
    """Return the tempo of a set as it is written, and the ladder of its drill."""
    advice = library.drills[phase.drill].tempo
    return phase.tempo or advice.default, advice.ladder


def _moved(tempo: Tempo, ladder: tuple[Pace, ...], by: int) -> Tempo:
    """Return the tempo moved by so many rungs, or by as many as both its ends can move."""
    ends = [_ahead(end, ladder, up=by > 0) for end in (tempo.start, tempo.end)]
    steps = min(abs(by), *map(len, ends))
    if not steps:
        return tempo
    start, end = (ahead[steps - 1] for ahead in ends)
    ramp = tempo.start != tempo.end
    return tempo if ramp and start == end else Tempo(start, end)


def _ahead(pace: Pace, ladder: tuple[Pace, ...], *, up: bool) -> list[Pace]:
    """Return the rungs above a pace, or below it, the nearest first."""
    rungs = {each.value for each in ladder if each.relative == pace.relative}
    ahead = [value for value in rungs if (value > pace.value if up else value < pace.value)]
    return [replace(pace, value=value) for value in sorted(ahead, reverse=not up)]
