"""Which cues a part speaks, and in which order.

Set 1 sets the runner up, then moves; corrections come from set 2 on. The order is shuffled by
the seed, so that two days differ and one seed always gives the same track.
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
    cues: Iterable[Cue], words: Iterable[str], side: Side, set_number: int, seed: str
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The texts to be spoken once in order, and those that then go round."""
    dice = random.Random(seed)  # noqa: S311 - a rotation, not a secret
    pool = [cue for cue in cues if suits(cue.text, side)]

    def shuffled(*types: CueType) -> list[str]:
        texts = [cue.text for cue in pool if cue.type in types]
        dice.shuffle(texts)
        return texts

    own = list(words)
    if set_number <= 1:
        first = [cue.text for cue in pool if cue.type is CueType.SETUP][:_SETUP_CUES]
        cycle = [*own, *shuffled(CueType.MOVEMENT, CueType.RELAX)]
        return tuple(first), tuple(cycle or first)
    others = [*own, *shuffled(CueType.MOVEMENT, CueType.RELAX)]
    corrections = shuffled(CueType.CORRECTION)
    cycle = []
    while others or corrections:
        cycle += others[:1] + corrections[:1]
        others, corrections = others[1:], corrections[1:]
    return (), tuple(dict.fromkeys(cycle))
