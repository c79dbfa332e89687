"""When a part's cues are spoken, and which.

Apart from the program because it is about speaking, not about phases: the drill's silence rules,
its sets, and what a session file may ask for in their place.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from fractions import Fraction

from cadence_cue.coaching.model import Drill, Library, Phase, Side
from cadence_cue.coaching.part import Cueing
from cadence_cue.coaching.rotation import rotation
from cadence_cue.coaching.rules import FALL

FAST = 140
"""Beats per minute from which a count-in has 8 beats and cues wait for 8."""

_RUN_CUES = Fraction(60)  # seconds between cues where a run names none
_QUIET_LAST = Fraction(4)
_EYES_CLOSED_QUIET = Fraction(10)  # the runner is to feel, not to listen
_CUES_IN_A_SET = 2  # beside the set-up; the next set goes on from there


def count_in_beats(tempo: Fraction) -> int:
    """The usual count-in at a tempo in beats per minute."""
    return 8 if tempo >= FAST else 4


def closes_eyes(phase: Phase, drill: Drill | None) -> bool:
    """Whether the phase is a drill's variant with closed eyes."""
    return drill is not None and any(
        variant.eyes_closed for variant in drill.variants if variant.name == phase.variant
    )


class Cues:
    """Chooses the cues of each phase of a session in turn, knowing what was heard before."""

    def __init__(self, library: Library, seed: int) -> None:
        self._library = library
        self._seed = seed
        self._sets: Counter[tuple[str, Side]] = Counter()
        self._heard: Counter[tuple[tuple[str, ...], tuple[str, ...]]] = Counter()

    def for_phase(
        self, phase: Phase, drill: Drill | None, tempo: tuple[Fraction, Fraction] | None
    ) -> Cueing:
        """The cueing of the next phase; `tempo` is in beats per minute, at its start and end."""
        set_number = 1
        if drill:
            self._sets[drill.id, phase.side] += 1
            set_number = self._sets[drill.id, phase.side]
        pools = phase.cues if phase.cues is not None else (drill.id,) if drill else ()
        texts = pools, phase.words
        first, cycle = rotation(
            [cue for name in pools for cue in self._library.cues(name)],
            phase.words,
            phase.side,
            f"{self._seed} {pools}",
            heard=self._heard[texts],
            learning=set_number == 1,
        )
        if not cycle:
            return Cueing()
        cueing = Cueing(first, cycle, quiet_last=_QUIET_LAST)
        if every := phase.cue_every:
            cueing = replace(cueing, beats=every.beats, seconds=every.seconds, explicit=True)
        if drill:
            cueing = _in_drill(cueing, phase, drill, set_number)
        else:
            quiet = count_in_beats(tempo[0]) if tempo else 0  # find the rhythm first
            seconds = cueing.seconds if cueing.explicit else _RUN_CUES
            cueing = replace(cueing, seconds=seconds, quiet_first=quiet)
        self._heard[texts] += cueing.limit or _CUES_IN_A_SET
        return cueing


def _in_drill(cueing: Cueing, phase: Phase, drill: Drill, set_number: int) -> Cueing:
    """Set 2 has half the cues of set 1, set 3 one at most, unless the file has its own distance."""
    rules = drill.speaking
    quiet_last = max(rules.quiet_last, _EYES_CLOSED_QUIET * closes_eyes(phase, drill))
    cueing = replace(cueing, quiet_first=rules.quiet_first, quiet_last=quiet_last)
    if phase.drill == FALL:
        return replace(cueing, limit=1)
    if cueing.explicit:
        return cueing
    limit = 1 if set_number > 2 else None
    return replace(cueing, beats=rules.every * min(set_number, 2), limit=limit)
