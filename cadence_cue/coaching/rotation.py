"""The order of cues within a part.

A drill's verb comes first; all other cues of a set are about one idea, and at least half of those
in a run relax or direct attention outside the body. Corrections come from set 2 on. Each session is
one turn further than the last of its name, so that everything is heard after a few of them, and the
same seed always gives the same track.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import TypeVar
from zlib import crc32

from cadence_cue.coaching import wording
from cadence_cue.coaching.drill import Cue, CueType, Side
from cadence_cue.coaching.part import Cues

T = TypeVar("T")

_SETUP_CUES = 2
_LEGS = re.compile(r"\b(?:left|right)\b")


@lru_cache(1024)  # each set and run asks for all cues that it may have
def suits(text: str, side: Side) -> bool:
    """Return whether a cue suits the side that works: a cue that names legs must name those."""
    words = set(_LEGS.findall(text.lower()))
    if len(words) == 1:
        return words == {side.value}
    return not words or side not in (Side.LEFT, Side.RIGHT)


def of_drill(
    cues: Iterable[Cue], words: Sequence[str], side: Side, turn: int, *, number: int, heard: int
) -> Cues:
    """Return the rotation of set `number` of a drill, of which `heard` cues were heard before.

    A set has one idea: the first that of the drill's verb, with which it begins, a later one
    another in each session. A set of several cues ends with one of its idea that directs attention
    outside the body, or with one that relaxes, each as long as the cues of its idea go round once;
    a single cue is about the movement.
    """
    pool = _pool(cues, side)
    turn += number - 1
    moving = [cue for cue in pool if cue.type is CueType.MOVEMENT and not cue.verb]
    ideas = list(dict.fromkeys(cue.idea for cue in moving)) or [""]
    idea, again = ideas[turn % len(ideas)], turn // len(ideas)
    verbs = _turned([cue for cue in pool if cue.verb and number == 1], turn)[:1]
    if verbs:
        idea, again = verbs[0].idea, turn
    practice = _turned([cue for cue in moving if cue.idea == idea], again)
    mending = [cue for cue in pool if cue.type is CueType.CORRECTION and cue.idea == idea]
    mending = _turned(mending, again) if number > 1 else []
    calm = _turned([cue.text for cue in pool if cue.type is CueType.RELAX], turn)
    outside = [cue.text for cue in [*practice, *mending] if cue.outward]
    looks_outside = again // max(len(practice), 1) % 2 == 1
    closing = [*outside, *calm] if looks_outside or not calm else calm
    told = [*(verb.text for verb in verbs), *_turned(words, heard), *(cue.text for cue in practice)]
    between = [cue.text for cue in mending]
    mends_first = bool(between) and again % 2 == 0
    return Cues(
        first=tuple(c.text for c in pool if c.type is CueType.SETUP and not heard)[:_SETUP_CUES],
        main=_once([*between[:1], *told, *calm] if mends_first else [*told, *calm]),
        between=() if mends_first else tuple(between),
        closing=_once([*closing, *words]),
        alone=_once(told),
        chants=tuple((cue.text, cue.chant) for cue in practice if cue.chant),
    )


def of_run(
    cues: Iterable[Cue],
    words: Sequence[str],
    side: Side,
    turn: int,
    *,
    heard: int,
    inward: bool = False,
) -> Cues:
    """Return the rotation of a run, in which `heard` of these cues were heard before.

    Cues that relax or direct attention outside the body alternate with others. Of several a
    movement is the first: one relaxes or corrects what has been named. A run of two cues has one of
    the others only if it is `inward`, or if its element has a verb, which is owed in every second
    session: a movement comes first, a correction second.
    """
    pool = [cue for cue in _pool(cues, side) if cue.type is not CueType.SETUP]
    plain = [cue for cue in pool if not cue.verb]
    verbs = [cue for cue in pool if cue.verb and not heard]
    owed = [] if turn % 2 else verbs
    outward = _in_turn([cue for cue in plain if cue.outward], turn + heard)
    others = [*owed, *_in_turn([cue for cue in plain if not cue.outward], turn + heard)]
    due = others[:1] if (inward or verbs) and not words else []
    first = [cue.text for cue in due if cue.type is not CueType.CORRECTION]
    rank = {CueType.CORRECTION: 1} if first else {CueType.RELAX: 1, CueType.CORRECTION: 2}
    turned, calm = _turned(words, heard), [cue.text for cue in _led(outward, rank)]
    return Cues(
        first=tuple(first),
        main=tuple(calm),
        between=_once([*turned, *(cue.text for cue in others if cue.text not in first)]),
        closing=_once([*calm, *turned]),
        second=tuple(cue.text for cue in due),
        alone=_once(
            [*(c.text for c in due if inward or owed), *(c.text for c in outward), *turned]
        ),
    )


def _pool(cues: Iterable[Cue], side: Side) -> list[Cue]:
    """Return the cues that suit a side, without those about the eyes, which belong to variants."""
    return [cue for cue in cues if suits(cue.text, side) and not wording.is_for_eyes(cue.text)]


def turn_of(seed: int, session: str) -> int:
    """Return a number that grows by 1 each time that a session is done.

    A seed that is a date, such as 20261122, is one turn further than that of the day before. Each
    session begins elsewhere by its name, so that two of them on one day don't say the same; one
    without a name begins at 0.
    """
    begins = crc32(session.encode())
    try:
        return begins + date(seed // 10_000, seed // 100 % 100, seed % 100).toordinal()
    except (ValueError, OverflowError):
        return begins + seed


def _turned(items: Sequence[T], by: int) -> list[T]:
    first = by % len(items) if items else 0
    return [*items[first:], *items[:first]]


def _in_turn(cues: Sequence[Cue], by: int) -> list[Cue]:
    """Return cues turned so that each comes first in odd and in even sessions.

    For that their number is odd: of an even one the first counts twice.
    """
    return list(dict.fromkeys(_turned([*cues, *([] if len(cues) % 2 else cues[:1])], by)))


def _led(cues: Sequence[Cue], rank: Mapping[CueType, int]) -> list[Cue]:
    """Return the cues, led by the first of the lowest rank, which is 0 unless given."""
    first = min(cues, key=lambda cue: rank.get(cue.type, 0), default=None)
    return sorted(cues, key=lambda cue: cue is not first)


def _once(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(texts))
