"""Which cues a part speaks, and in which order.

What is heard for the first time begins with the set-up; corrections come from set 2 on. The order
is shuffled by the seed, so that two days differ and one seed always gives the same track.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable

from cadence_cue.coaching.model import Cue, CueType, Side

_SETUP_CUES = 2


def suits(text: str, side: Side) -> bool:
    """Whether a cue that names one leg names the one that works."""
    words = set(re.findall(r"left|right", text.lower()))
    return len(words) != 1 or words == {side.value}


def rotation(
    cues: Iterable[Cue], words: Iterable[str], side: Side, seed: str, *, fresh: bool, learning: bool
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The texts to be spoken once in order, and those that then go round.

    `fresh` where these cues are heard for the first time in the session: set-up first.
    `learning` in set 1: no corrections yet.
    """
    dice = random.Random(seed)
    pool = [cue for cue in cues if suits(cue.text, side)]

    def shuffled(*types: CueType) -> list[str]:
        texts = [cue.text for cue in pool if cue.type in types]
        dice.shuffle(texts)
        return texts

    first = [cue.text for cue in pool if cue.type is CueType.SETUP][:_SETUP_CUES]
    others = [*words, *shuffled(CueType.MOVEMENT, CueType.RELAX)]
    corrections = [] if learning else shuffled(CueType.CORRECTION)
    cycle: list[str] = []
    while others or corrections:  # a correction after every other cue at most
        cycle += others[:1] + corrections[:1]
        others, corrections = others[1:], corrections[1:]
    cycle = cycle or first
    return tuple(first if fresh else ()), tuple(dict.fromkeys(cycle))
