"""What is announced before each part, and in which words.

A drill by its name, side and tempo; a run, walk or rest by its title where the voice can speak
it, else by its kind. What the runner has just heard is not said again.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from cadence_cue.coaching import wording
from cadence_cue.coaching.model import Drill, Kind, Phase
from cadence_cue.coaching.part import Announcement, Part

_NOTICED = 0.02  # a tempo change from 2 % on is told


def announcement(
    phase: Phase, part: Part, drill: Drill | None, before: Sequence[Part], speech: Collection[str]
) -> Announcement:
    """The announcement of a part, given all parts before it and the texts that have a voice."""
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
    if part.tempo:
        texts = (wording.NEXT_WALK, *_tempo(part, speech))
        return Announcement(texts, texts[:1])
    return _titled(phase, wording.WALK if part.kind is Kind.WALK else wording.REST, speech)


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
    if last and last.kind is Kind.SWITCH:
        return Announcement((wording.SWITCH_LEGS,), (wording.SWITCH_LEGS,), minor=True)
    if last and last.kind is Kind.EXPLAIN:
        side = (wording.side_phrase(phase.side),) if sided else ()
        return Announcement((*side, *_tempo(part, speech)), side)
    same = next((p for p in reversed(before) if p.kind is Kind.DRILL), None)
    short = (wording.drill_phrase(drill, phase.side),)
    if same and same.drill == part.drill and same.foot is part.foot and same.tempo == part.tempo:
        return Announcement() if last is same else Announcement(short, short)
    return Announcement((wording.next_drill(drill, phase.side), *_tempo(part, speech)), short)


def _run(part: Part, phase: Phase, before: Sequence[Part], speech: Collection[str]) -> Announcement:
    last = before[-1] if before else None
    if not part.tempo:
        return _titled(phase, wording.NEXT_RUN, speech)
    if last and last.tempo and last.kind is Kind.RUN:
        came, goes = last.tempo[1], part.tempo[1]
        ramp = part.tempo[0] != part.tempo[1]
        if abs(goes / came - 1) >= _NOTICED:
            change = wording.QUICKER if goes > came else wording.SLOWER
            texts = (change,) if ramp else (change, *_tempo(part, speech))
            return Announcement(texts, (change,), minor=True)
        if last.tempo[0] != came:  # a ramp has arrived: where
            texts = _tempo(part, speech)
            return Announcement(texts, texts, minor=True)
        return Announcement()
    head = _titled(phase, wording.NEXT_RUN, speech).full
    first = not any(p.kind is Kind.RUN and p.tempo for p in before)
    how = (wording.ONE_STEP_PER_CLICK,) if first else ()
    return Announcement((*head, *_tempo(part, speech), *how), head)
