"""Chooses which cues a part speaks, and how often.

Separate from the program because it is about speech, not about phases: a drill's rules of silence,
its sets, and what a session file may ask for instead.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from cadence_cue.coaching import wording
from cadence_cue.coaching.drill import Drill, Library, Side
from cadence_cue.coaching.part import Cueing, Cues
from cadence_cue.coaching.rotation import of_drill, of_run
from cadence_cue.coaching.rules import FALL
from cadence_cue.coaching.session import Phase

FAST = 140
"""Beats per minute from which a count-in has 8 beats and cues wait for 8."""

_RUN_CUES = Fraction(60)  # seconds between cues where a run names none
_LATER_RUN_CUES = Fraction(90)  # seconds, once the runner has found the rhythm
_QUIET_LAST = Fraction(4)  # seconds
_AROUND_CUES = 12  # seconds of a run, roughly, before its first cue and from the start of its last
_EYES_CLOSED_QUIET = Fraction(10)  # seconds to feel instead of listen
_CUES_IN_A_SET = 2  # apart from the set-up; the next set continues from there


def count_in_beats(tempo: Fraction) -> int:
    """Return the default count-in, in beats, at a tempo in beats per minute."""
    return 8 if tempo >= FAST else 4


def closes_eyes(phase: Phase, drill: Drill | None) -> bool:
    """Return whether the phase is a variant of a drill that is done with closed eyes."""
    return drill is not None and any(
        variant.eyes_closed for variant in drill.variants if variant.name == phase.variant
    )


@dataclass(frozen=True, slots=True)
class Chosen:
    """The cues of a phase, which are the same at any tempo.

    `number` counts the sets of its drill, `setup` are the cues that come before it.
    """

    blocks: tuple[Cues, ...]
    number: int = 1
    setup: tuple[str, ...] = ()


class Choice:
    """Chooses the cues of a session's phases in order, remembering how many were heard before."""

    def __init__(self, library: Library, turn: int, runs: Sequence[Phase]) -> None:
        """`runs` are the phases of the session without a drill that have cues of an element."""
        self._library = library
        self._turn = turn
        self._sets: Counter[str] = Counter()
        self._heard: Counter[object] = Counter()
        self._leg: tuple[str, Side] = ("", Side.NONE)  # the drill and side of the last set
        self._told: set[str] = set()  # set-up lines: once a session is enough
        self._words: set[str] = set()  # a session's own: no later set takes them from a drill's
        # Of the runs too short for three cues every second one looks into the body, the others in
        # the next session. Without a longer one to make up for it, one of an odd number never does.
        short = [k for k, phase in enumerate(runs) if not _has_three(phase)]
        pairs = len(short) - (len(short) == len(runs)) * len(short) % 2
        self._inward = {k for n, k in enumerate(short[:pairs]) if (turn + n) % 2 == 0}
        self._run = -1

    def for_phase(self, phase: Phase, drill: Drill | None) -> Chosen:
        """Return the cues of the next phase."""
        return self._in_drill(phase, drill) if drill else Chosen(self._blocks(phase))

    def _blocks(self, phase: Phase) -> tuple[Cues, ...]:
        """Return the cues of each element that a run names; its own words join the first."""
        blocks = []
        self._run += bool(phase.cues)
        for k, name in enumerate(phase.cues or ("",)):
            words = () if k else phase.words
            heard = self._heard[name, words]
            found = self._library.cues(name) if name else ()
            inward = self._run in self._inward
            cues = of_run(found, words, phase.side, self._turn, heard=heard, inward=inward)
            self._heard[name, words] += _CUES_IN_A_SET
            if cues.main or cues.between:
                blocks.append(cues)
        return tuple(blocks)

    def _in_drill(self, phase: Phase, drill: Drill) -> Chosen:
        """Return the cues of a set of a drill."""
        names = phase.cues if phase.cues is not None else (drill.id,)
        other_leg = (drill.id, phase.side) == (self._leg[0], Side.RIGHT) and (
            self._leg[1] is Side.LEFT
        )
        self._leg = drill.id, phase.side
        if not other_leg:  # both legs are one set, and hear the same
            self._sets[drill.id] += 1
            self._heard[names, phase.words] += _CUES_IN_A_SET
        number = self._sets[drill.id]
        heard = max(self._heard[names, phase.words] - _CUES_IN_A_SET, 0)
        over = self._words - {*phase.words}
        self._words.update(phase.words)
        found = of_drill(
            [cue for name in names for cue in self._library.cues(name) if cue.text not in over],
            phase.words,
            phase.side,
            self._turn,
            number=number,
            heard=heard,
        )
        chants, main, closing, alone = found.chants, found.main, found.closing, found.alone
        if phase.chant is not None:
            text = wording.chant_phrase(phase.chant)
            chants = ((text, phase.chant),) if phase.chant else ()
            chanted = tuple(text for text, _ in chants)
            main, closing, alone = (*chanted, *main), (*closing, *chanted), (*chanted, *alone)
        if phase.drill == FALL:
            cues = Cues(main=alone, alone=alone)
        else:
            cues = replace(found, first=(), main=main, closing=closing, alone=alone, chants=chants)
        blocks = (cues,) if cues.main or cues.between else ()
        if other_leg:
            return Chosen(blocks, number)
        setup = [text for text in (drill.care, *found.first) if text and text not in self._told]
        self._told.update(setup)
        return Chosen(blocks, number, tuple(setup))


def cueing_of(
    chosen: Chosen, phase: Phase, drill: Drill | None, tempo: tuple[Fraction, Fraction] | None
) -> Cueing:
    """Return when the cues of a phase are spoken.

    `tempo` is in beats per minute, at the start and the end of the phase.
    """
    if drill:
        return _in_set(chosen, phase, drill, tempo or (Fraction(0), Fraction(0)))
    if not chosen.blocks:
        return Cueing()
    every = phase.cue_every
    return Cueing(
        blocks=chosen.blocks,
        beats=every.beats if every else None,
        seconds=every.seconds if every else _RUN_CUES,
        later=None if every else _LATER_RUN_CUES,
        explicit=every is not None,
        quiet_first=count_in_beats(tempo[0]) if tempo else 0,  # find the rhythm first
        quiet_last=_QUIET_LAST,
    )


def _in_set(chosen: Chosen, phase: Phase, drill: Drill, tempo: tuple[Fraction, Fraction]) -> Cueing:
    """Return when the cues of a set of a drill are spoken.

    Set 2 has half the cues of set 1, set 3 at most one, unless the file sets a distance.
    """
    rules, every = drill.speaking, phase.cue_every
    fast = 0 < rules.one_from <= max(tempo)
    asked = bool(every or phase.words or phase.chant or phase.cues)
    silent = tempo[0] != tempo[1] and not rules.in_ramps and not asked
    one = phase.drill == FALL or ((chosen.number > 2 or fast) and not every)
    return Cueing(
        blocks=() if silent else chosen.blocks,
        beats=every.beats if every else rules.every * min(chosen.number, 2),
        seconds=every.seconds if every else None,
        explicit=every is not None,
        limit=1 if one else None,
        quiet_first=rules.quiet_first,
        quiet_last=max(rules.quiet_last, _EYES_CLOSED_QUIET * closes_eyes(phase, drill)),
    )


def _has_three(phase: Phase) -> bool:
    """Return whether a run is surely long enough for three cues."""
    every = phase.cue_every.seconds if phase.cue_every else _RUN_CUES
    return every is not None and (phase.length.seconds or 0) >= 2 * every + _AROUND_CUES
