"""The rules that a whole session must keep: the article's, the limits, and what a phase needs.

Separate from the reader because they hold for every session, including those made in code.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from fractions import Fraction

from cadence_cue.coaching.drill import Drill, Library, Side
from cadence_cue.coaching.session import Phase, Repeat, Session
from cadence_cue.coaching.table import mistake
from cadence_cue.coaching.values import LONGEST, clock
from cadence_cue.errors import UserError, WayOut

FIRST_DRILL = "perception"
FALL = "fall-to-run"
BEFORE_A_FALL = Fraction(3)
"""Seconds to get ready between what is said before a fall and its set-up: it is not counted in."""
SWITCH_SECONDS = 6
"""The time to change legs in a phase for both."""
FALL_SECONDS = 10
"""The time before the run in a fall-to-run phase: 7 to set up and 3 to lean."""
MOST_PHASES = 2000
"""The most phases in a session, with repeats written out."""


def check(session: Session, library: Library, *, rehearsal: bool = False) -> None:
    """Raise UserError if a session breaks a rule; a rehearsal may start with any drill."""
    _check_limits(session)
    for phase in session.written():
        if phase.drill:
            _check_length(session, phase)
            _check_eyes(session, phase, library.drills[phase.drill])
    if not rehearsal:
        _check_order(session, library)


def locked(session: Session, library: Library, mastered: Collection[str]) -> tuple[Drill, ...]:
    """Return the session's drills whose prerequisite is not mastered, each once, in order."""
    drills = {
        phase.drill: library.drills[phase.drill] for phase in session.written() if phase.drill
    }
    return tuple(drill for drill in drills.values() if drill.after and drill.after not in mastered)


def condition(drill: Drill, before: Drill) -> str:
    """Return the article's condition for a locked drill, `before` being its prerequisite."""
    return f"The article says: {drill.name} only when {before.name} is perfected."


def without(session: Session, drill_ids: Collection[str]) -> Session:
    """Return the session without the phases of these drills, and without repeats left empty."""
    kept: list[Phase | Repeat] = []
    for item in session.phases:
        if isinstance(item, Repeat):
            parts = tuple(part for part in item.parts if part.drill not in drill_ids)
            if parts:
                kept.append(replace(item, parts=parts))
        elif item.drill not in drill_ids:
            kept.append(item)
    return replace(session, phases=tuple(kept))


def broken(
    session: Session, phase: Phase | None, text: str, way_out: WayOut | str = ""
) -> UserError:
    """Return the error for a session, or for one phase of it, that breaks a rule."""
    file = session.source or session.name
    return mistake(file, phase.number if phase else "", phase.line if phase else 0, text, way_out)


def _check_limits(session: Session) -> None:
    """Check the number of phases and the length, without writing out repeats that may be huge."""
    phases, time = 0, Fraction(0)
    for item in session.phases:
        times, parts = (item.times, item.parts) if isinstance(item, Repeat) else (1, (item,))
        phases += times * len(parts)
        time += times * sum(part.length.seconds or Fraction(0) for part in parts)
    if phases > MOST_PHASES:
        text = f"a session has at most {MOST_PHASES} phases, this one has {phases} with its repeats"
        raise broken(session, None, text)
    if time > LONGEST:
        text = f"a session lasts at most {clock(LONGEST)}, this one {clock(time)}"
        raise broken(session, None, text)


def _check_length(session: Session, phase: Phase) -> None:
    """Check that a phase is longer than the fixed seconds it contains."""
    for applies, what, least in (
        (phase.side is Side.BOTH, 'side = "both"', SWITCH_SECONDS),
        (phase.drill == FALL, FALL, FALL_SECONDS),
    ):
        if not applies:
            continue
        if phase.length.seconds is None:
            raise broken(session, phase, f'{what} needs a "time" in seconds, not in beats')
        if phase.length.seconds <= least:
            given = clock(phase.length.seconds)
            raise broken(session, phase, f'{what} needs a "time" above {least}s, not {given}')


def _check_eyes(session: Session, phase: Phase, drill: Drill) -> None:
    """Check that eyes are closed only in drills done standing on firm ground."""
    variant = next((each for each in drill.variants if each.name == phase.variant), None)
    if variant is None or not variant.eyes_closed:
        return
    if drill.moving:
        text = f"{drill.name} moves; eyes are closed only in a drill done standing"
        raise broken(session, phase, text)
    if session.place == ("treadmill",):
        text = 'eyes are never closed on a treadmill; add to "place" where this drill is done'
        raise broken(session, phase, text)


def _check_order(session: Session, library: Library) -> None:
    """Check that Perception comes first, and each drill after the one it builds on."""
    seen: set[str] = set()
    for phase in session.written():
        if not phase.drill:
            continue
        drill = library.drills[phase.drill]
        if not seen and drill.id != FIRST_DRILL:
            first = library.drills[FIRST_DRILL].name
            text = f"the first drill must be {first}, not {drill.name}; "
            raise broken(session, phase, text + "the article begins every practice with it")
        if drill.after and drill.after not in seen:
            before = library.drills[drill.after].name
            text = f"{drill.name} must come after {before}; "
            raise broken(session, phase, text + f"the article wants {before} mastered first")
        seen.add(drill.id)
