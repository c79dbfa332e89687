"""Moves the tempos of a session's drills along their ladders, as far as a runner has climbed."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from cadence_cue.coaching.drill import Library, Pace, Tempo, TempoAdvice
from cadence_cue.coaching.session import Kind, Phase, Repeat, Session

_Way = Sequence[Mapping[Pace, Pace]]
"""Where the paces of a drill are after one rung, after two, and so on."""


@dataclass(frozen=True, slots=True)
class Rung:
    """How many rungs above the written tempos a runner is, and how many since the last session."""

    above: int
    since: int = 0


def climbed(session: Session, library: Library, rungs: Mapping[str, Rung]) -> Session:
    """Return the session at the tempos of these rungs, by the ids of drills.

    All sets of a drill move together, both ends of a ramp alike, and only as far as all of them
    can: a set that is quicker than another stays quicker. A tempo between two rungs keeps its
    distance from the lower one. Drills without a ladder stay as they are, and so does a contrast.
    The first drill that moves since the last session is told.
    """
    if not rungs:
        return session
    told: set[str] = set()
    ways = _ways(session, library)

    def moved(phase: Phase) -> Phase:
        rung = rungs.get(phase.drill)
        if rung is None or phase.contrast:
            return phase
        written = _tempo(phase, library)
        tempo = _moved(written, ways[phase.drill], rung.above)
        before = _moved(written, ways[phase.drill], rung.above - rung.since)
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
    """Return the most rungs, down and up, by which each drill can move in this session.

    Drills that cannot move are left out.
    """
    return {
        drill: (len(down), len(up))
        for drill, (down, up) in _ways(session, library).items()
        if down or up
    }


def _ways(session: Session, library: Library) -> dict[str, tuple[_Way, _Way]]:
    """Return the way down and the way up of each drill of the session."""
    paces: dict[str, set[Pace]] = {}
    for phase in session.written():
        if phase.kind is Kind.DRILL and not phase.contrast:
            found, ends = paces.setdefault(phase.drill, set()), _ends(_tempo(phase, library))
            kinds = {rung.relative for rung in library.drills[phase.drill].tempo.ladder}
            found.update(ends if kinds >= {end.relative for end in ends} else ())
    return {
        drill: (
            list(_way(found, library.drills[drill].tempo, -1)),
            list(_way(found, library.drills[drill].tempo, 1)),
        )
        for drill, found in paces.items()
    }


def _tempo(phase: Phase, library: Library) -> Tempo:
    """Return the tempo of a set as it is written."""
    return phase.tempo or library.drills[phase.drill].tempo.default


def _ends(tempo: Tempo) -> set[Pace]:
    return {tempo.start, tempo.end}


def _moved(tempo: Tempo, ways: tuple[_Way, _Way], by: int) -> Tempo:
    """Return the tempo moved by so many rungs, or by as many as its drill can move."""
    way = ways[by > 0][: abs(by)]
    if not way or not _ends(tempo) <= way[-1].keys():
        return tempo
    return Tempo(way[-1][tempo.start], way[-1][tempo.end])


def _way(paces: set[Pace], advice: TempoAdvice, sign: int) -> Iterator[Mapping[Pace, Pace]]:
    """Yield where these paces are after each rung up (sign 1) or down (-1) that all can take."""
    ordered = sorted(paces, key=lambda pace: (pace.relative, pace.value))
    for by in range(1, len(advice.ladder) if paces else 0):
        ahead = [_ahead(pace, advice, sign * by) for pace in ordered]
        moved = {pace: to for pace, to in zip(ordered, ahead, strict=True) if to}
        if len(moved) < len(paces) or not _apart(moved):
            return
        yield moved


def _apart(moved: Mapping[Pace, Pace]) -> bool:
    """Return whether what was quicker still is; the paces are in order."""
    return all(
        moved[slow].value < moved[quick].value
        for slow, quick in pairwise(moved)
        if slow.relative == quick.relative
    )


def _ahead(pace: Pace, advice: TempoAdvice, by: int) -> Pace | None:
    """Return the pace moved by so many rungs; None beyond the ladder or the drill's limits."""
    rungs = sorted(each.value for each in advice.ladder if each.relative == pace.relative)
    at = max(bisect_right(rungs, pace.value) - 1, 0)
    if not 0 <= at + by < len(rungs):
        return None
    value = rungs[at + by] + pace.value - rungs[at]
    if not pace.relative and not advice.lowest <= value <= advice.highest:
        return None
    return replace(pace, value=value)
