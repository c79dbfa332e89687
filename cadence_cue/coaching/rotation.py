"""The order of cues within a part.

All cues of a set are about one idea, and at least half of those in a run relax or direct attention
outside the body. Corrections come from set 2 on. The day shifts the order, so that no two days
begin alike, and the same seed always gives the same track.
"""

from __future__ import annotations

import random
import re
from collections import deque
from collections.abc import Iterable, Sequence
from datetime import date
from typing import TypeVar

from cadence_cue.coaching import wording
from cadence_cue.coaching.model import Cue, CueType, Side
from cadence_cue.coaching.part import Cues

T = TypeVar("T")

_SETUP_CUES = 2
_LEGS = re.compile(r"\b(?:left|right)\b")


def suits(text: str, side: Side) -> bool:
    """Return whether a cue suits the side that works: a cue that names a leg must name that one."""
    words = set(_LEGS.findall(text.lower()))
    return len(words) != 1 or words == {side.value}


def of_drill(
    cues: Iterable[Cue], words: Sequence[str], side: Side, seed: int, *, number: int, heard: int
) -> Cues:
    """Return the rotation of set `number` of a drill, of which `heard` cues were heard before.

    A set has one idea; the next set and the next day have another. It ends with a cue that relaxes,
    or with one of its idea that directs attention outside the body.
    """
    pool = _pool(cues, side)
    dice = random.Random(f"{seed} {[cue.text for cue in pool]}")
    ideas = list(dict.fromkeys(c.idea for c in pool if c.type is CueType.MOVEMENT)) or [""]
    turn, set_of_idea = _day(seed) + number - 1, (number - 1) // len(ideas)
    idea = ideas[turn % len(ideas)]
    about = [cue for cue in pool if cue.idea == idea]
    moving = _shuffled([c for c in about if c.type is CueType.MOVEMENT], dice)
    moving.sort(key=lambda cue: not cue.chant)  # chants come first
    mending = _shuffled([c for c in about if c.type is CueType.CORRECTION and number > 1], dice)
    other = turn + (side is Side.RIGHT)  # so that the second leg does not hear quite the same
    calm = _turned([cue.text for cue in pool if cue.type is CueType.RELAX], other)
    outside = [cue.text for cue in [*moving, *mending] if cue.outward]
    closing = [*outside, *calm] if other % 2 else [*calm, *outside]
    practice = _turned([cue.text for cue in moving], set_of_idea)
    return Cues(
        first=tuple(c.text for c in pool if c.type is CueType.SETUP and not heard)[:_SETUP_CUES],
        main=_once([*_turned(words, heard), *practice, *calm]),
        between=tuple(_turned([cue.text for cue in mending], set_of_idea)),
        closing=_once([*closing, *words]),
        chants=tuple((cue.text, cue.chant) for cue in moving if cue.chant),
    )


def of_run(cues: Iterable[Cue], words: Sequence[str], side: Side, seed: int, *, heard: int) -> Cues:
    """Return the rotation of a run, in which `heard` of these cues were heard before."""
    pool = _pool(cues, side)
    kinds = (CueType.MOVEMENT, CueType.RELAX, *((CueType.CORRECTION,) if heard else ()))
    rest = [cue for cue in pool if cue.type in kinds]
    dice = random.Random(f"{seed} {[cue.text for cue in pool]}")
    turns = _day(seed) + heard
    outward = _turned([cue.text for cue in rest if cue.outward], turns)
    others = _turned(_shuffled([cue.text for cue in rest if not cue.outward], dice), turns)
    setup = tuple(cue.text for cue in pool if cue.type is CueType.SETUP and not heard)
    turned = _turned(words, heard)
    return Cues(
        first=setup[:1],
        main=tuple(outward),
        between=_once([*turned, *others]),
        closing=_once([*outward, *turned]),
    )


def _pool(cues: Iterable[Cue], side: Side) -> list[Cue]:
    """Return the cues that suit a side, without those about the eyes, which belong to variants."""
    return [cue for cue in cues if suits(cue.text, side) and not wording.is_for_eyes(cue.text)]


def _day(seed: int) -> int:
    """Return a number that grows by 1 each day, if the seed is a date such as 20261122."""
    try:
        return date(seed // 10_000, seed // 100 % 100, seed % 100).toordinal()
    except (ValueError, OverflowError):
        return seed


def _shuffled(items: Sequence[T], dice: random.Random) -> list[T]:
    return dice.sample(items, len(items))


def _turned(items: Sequence[T], by: int) -> list[T]:
    turned = deque(items)
    turned.rotate(-by)
    return list(turned)


def _once(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(texts))
