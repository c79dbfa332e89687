"""What is announced before each part, and in which words.

A drill by its name, side and tempo; a run, walk or rest by its title where the voice can speak
it, else by its kind. What the runner has just heard is not said again.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from cadence_cue.coaching import wording
from cadence_cue.coaching.model import BeatMode, Drill, Kind, Phase
from cadence_cue.coaching.part import Announcement, Part

_NOTICED = 0.02  # a tempo change from 2 % on is told


def announcement(
    phase: Phase, part: Part, drill: Drill | None, before: Sequence[Part], speech: Collection[str]
) -> Announcement:
    """The announcement of a part, given all parts before it and the texts that have a voice."""
    if before and before[-1].kind is Kind.SWITCH:
        return Announcement((wording.SWITCH_LEGS,), (wording.SWITCH_LEGS,), minor=True)
    if isinstance(phase.announce, str):
        return Announcement((phase.announce,), (phase.announce,))
    if drill:
        return _drill(part, phase, drill, before, speech)
    if part.kind is Kind.RUN:
        return _run(part, phase, before, speech)
    if part.kind in (Kind.WALK, Kind.REST):
        return _pause(part, phase, before, speech)
    return Announcement()


def _pause(
    part: Part, phase: Phase, before: Sequence[Part], speech: Collection[str]
) -> Announcement:
    if before and before[-1].kind is part.kind and not phase.title:
        return Announcement()
    plain = wording.REST
    if part.kind is Kind.WALK:
        plain = wording.NEXT_WALK if part.tempo else wording.WALK
    head = _titled(phase, plain, speech).full
    return Announcement((*head, *_tempo(part, speech)), head)


def _titled(phase: Phase, plain: str, speech: Collection[str]) -> Announcement:
    title = wording.title_phrase(phase)
    texts = (title if title and title in speech else plain,)
    return Announcement(texts, texts)


def _tempo(part: Part, speech: Collection[str]) -> tuple[str, ...]:
    if part.tempo is None or part.grid_delay:
        return ()
    text = wording.tempo_phrase(round(part.tempo[0]))
    return (text,) if text in speech else ()


def _drill(
    part: Part, phase: Phase, drill: Drill, before: Sequence[Part], speech: Collection[str]
) -> Announcement:
    last = before[-1] if before else None
    sided = len(drill.sides) > 1 and phase.side in wording.SIDES
    if last and last.kind is Kind.EXPLAIN:
        side = (wording.side_phrase(phase.side),) if sided else ()
        return Announcement((*side, *_tempo(part, speech)), side)
    same = next((p for p in reversed(before) if p.kind is Kind.DRILL), None)
    short = (wording.drill_phrase(drill, phase.side),)
    if same and _alike(same, part):
        return Announcement() if last is same else Announcement(short, short)
    return Announcement((wording.next_drill(drill, phase.side), *_tempo(part, speech)), short)


def _alike(one: Part, other: Part) -> bool:
    """Whether two sets of drills are the same to do."""
    first, second = ((p.drill, p.foot, p.accent_side, p.tempo) for p in (one, other))
    return first == second


def _run(part: Part, phase: Phase, before: Sequence[Part], speech: Collection[str]) -> Announcement:
    last = before[-1] if before else None
    if not part.tempo:
        return _titled(phase, wording.NEXT_RUN, speech)
    how = _how_to_step(part, before)
    if last and last.tempo and last.kind is Kind.RUN:
        change = _change(last, part, speech)
        return Announcement((*change, *how), change[:1], minor=not how)
    head = _titled(phase, wording.NEXT_RUN, speech).full
    return Announcement((*head, *_tempo(part, speech), *how), head)


def _change(last: Part, part: Part, speech: Collection[str]) -> tuple[str, ...]:
    """What a run tells of its tempo after another run: only what the runner would notice."""
    if last.tempo is None or part.tempo is None:
        return ()
    came, goes = last.tempo[1], part.tempo[1]
    if abs(goes / came - 1) >= _NOTICED:
        change = wording.QUICKER if goes > came else wording.SLOWER
        ramp = part.tempo[0] != part.tempo[1]
        return (change,) if ramp else (change, *_tempo(part, speech))
    arrived = last.tempo[0] != came  # at the end of a ramp: where
    return _tempo(part, speech) if arrived else ()


def _how_to_step(part: Part, before: Sequence[Part]) -> tuple[str, ...]:
    """How to follow the click, in the first run that has one."""
    first = _clicks(part) and not any(map(_clicks, before))
    return (wording.ONE_STEP_PER_CLICK,) if first else ()


def _clicks(part: Part) -> bool:
    return part.kind is Kind.RUN and bool(part.tempo) and part.beat.mode is not BeatMode.OFF
