"""Every sound of the beat bus but the count-in: beats, soft ticks and signals."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from cadence_cue.coaching.model import BeatMode, Side
from cadence_cue.timing import sounds
from cadence_cue.timing.drafting import Draft
from cadence_cue.timing.layout import Clock, Placed
from cadence_cue.timing.timeline import Bus, EventKind, Foot

# A click by the foot it belongs to and whether it is accented, where feet differ by timbre.
_FEET = {
    (Foot.LEFT, False): sounds.LEFT,
    (Foot.RIGHT, False): sounds.RIGHT,
    (Foot.LEFT, True): sounds.LEFT_ACCENT,
    (Foot.RIGHT, True): sounds.RIGHT_ACCENT,
}


def foot_of(placed: Placed, beat: int) -> Foot:
    """The foot of a beat: even beats are left where feet alternate."""
    match placed.part.foot:
        case Side.ALTERNATING:
            return Foot.RIGHT if beat % 2 else Foot.LEFT
        case Side.LEFT:
            return Foot.LEFT
        case Side.RIGHT:
            return Foot.RIGHT
        case _:
            return Foot.NONE


def beats(
    layout: Sequence[Placed], clock: Clock, lengths: Mapping[str, int], since: int
) -> Iterator[Draft]:
    """The audible beats of all parts, and the soft ticks that set up a fall.

    Of the beats before frame `since` only the last ones are among them.
    """
    for placed in layout:
        part = placed.part
        for tick in part.ticks:
            frame = clock.frame(placed.start + tick)
            yield Draft(
                frame,
                lengths[sounds.TICK],
                EventKind.COUNT_IN,
                Bus.BEAT,
                sounds.TICK,
                placed.index,
                part.beat_level,
            )
        if placed.grid is None:
            continue
        first = math.floor(placed.grid.position(clock.instant(since))) - 1
        for beat in placed.heard():
            if beat < first:
                continue
            accent = placed.accented(beat)
            foot = foot_of(placed, beat)
            plain = sounds.ACCENT if accent else sounds.CLICK
            sound = _FEET.get((foot, accent), plain) if part.feet else plain
            yield Draft(
                clock.frame(placed.grid.instant(beat)),
                lengths[sound],
                EventKind.BEAT,
                Bus.BEAT,
                sound,
                placed.index,
                part.beat_level,
                beat=beat,
                foot=foot,
                accent=accent,
            )


def signals(layout: Sequence[Placed], clock: Clock, lengths: Mapping[str, int]) -> Iterator[Draft]:
    """The end of each audible beat, and finished, so that no click just breaks off."""

    def signal(frame: int, sound: str, phase: int) -> Draft:
        return Draft(frame, lengths[sound], EventKind.SIGNAL, Bus.BEAT, sound, phase)

    for placed, after in pairwise(layout):
        if placed.grid is None or not placed.beats_to_end:
            continue
        if after.grid is not placed.grid or after.part.beat.mode is BeatMode.OFF:
            yield signal(clock.frame(placed.end), sounds.PHASE_END, placed.index)
    if layout:
        yield signal(clock.frame(layout[-1].end), sounds.FINISHED, layout[-1].index)
