"""Which cues a part speaks, and in which order.

What is heard for the first time begins with the set-up; corrections come from set 2 on. The order
is shuffled by the seed, so that two days differ and one seed always gives the same track.
"""

from __future__ import annotations

import random
import re
from collections import deque
from collections.abc import Iterable

from cadence_cue.coaching import wording
from cadence_cue.coaching.model import Cue, CueType, Side

_SETUP_CUES = 2


def suits(text: str, side: Side) -> bool:
    """Whether a cue that names one leg names the one that works."""
    words = set(re.findall(r"\b(?:left|right)\b", text.lower()))
    return len(words) != 1 or words == {side.value}


def rotation(
    cues: Iterable[Cue], words: Iterable[str], side: Side, seed: str, *, heard: int, learning: bool
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The texts to be spoken once in order, and those that then go round.

    `heard` is how many of these cues the session has had before, about: the first time begins
    with the set-up, and each later one goes on from there. `learning` in set 1: no corrections yet.
    """
    dice = random.Random(seed)
    pool = [cue for cue in cues if suits(cue.text, side) and not wording.is_for_eyes(cue.text)]

    def shuffled(*types: CueType) -> list[str]:
        texts = [cue.text for cue in pool if cue.type in types]
        dice.shuffle(texts)
        return texts

    first = [cue.text for cue in pool if cue.type is CueType.SETUP][:_SETUP_CUES]
    others = deque([*words, *shuffled(CueType.MOVEMENT, CueType.RELAX)])
    others.rotate(-heard)
    corrections = deque([] if learning else shuffled(CueType.CORRECTION))
    corrections.rotate(-heard)
    cycle: list[str] = []
    while others:  # a correction after every other cue at most
        cycle += [queue.popleft() for queue in (others, corrections) if queue]
    cycle = cycle or first
    return () if heard else tuple(first), tuple(dict.fromkeys(cycle))
