"""What is said inside a part: its fixed words, countdown, own texts and cues.

A cue starts so that its first stressed vowel falls on a beat. Which goes first is decided by
timing.planner; each function here places one kind for one part.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from fractions import Fraction

from cadence_cue.coaching import wording
from cadence_cue.coaching.model import Kind
from cadence_cue.timing.layout import Clock, Placed
from cadence_cue.timing.speaker import Speaker
from cadence_cue.timing.timeline import NO_BEAT, EventKind

_AFTER_START = 0.3  # seconds before the fixed words of a part without a beat
_STEP = Fraction(1, 4)  # seconds between the places tried where there is no beat
_SAY_SHIFT = 2  # seconds that a wished instant may be moved
_CUE_AIR = 6.0  # seconds between two cues unless the file sets their distance
_SHORT_RAMP = 20  # seconds; in a shorter ramp the runner follows the beat undisturbed
_FIRST_FREE = Fraction(2)  # seconds before the first cue where there is no beat
_FALL_CUE = Fraction(1, 5)  # seconds into the set of a fall


def fixed_words(placed: Placed, speaker: Speaker) -> None:
    """The words that a part must open and close with."""
    part = placed.part
    kinds = {Kind.TALK: EventKind.TALK, Kind.EXPLAIN: EventKind.EXPLANATION}
    kind = kinds.get(part.kind, EventKind.SAY)
    for text, moments in ((part.opening, _opening), (part.closing, _closing)):
        if text:
            _first_free(placed, speaker, text, kind, moments(placed, speaker, text))


def countdown(placed: Placed, speaker: Speaker) -> None:
    """The seconds that are left, each vowel exactly so many seconds before the end."""
    for seconds in placed.part.countdown:
        text = wording.countdown_phrase(seconds)
        if seconds < placed.part.seconds:
            frame = speaker.clock.frame(placed.end - seconds)
            _first_free(placed, speaker, text, EventKind.COUNTDOWN, iter([(frame, NO_BEAT)]))


def own_texts(placed: Placed, speaker: Speaker) -> None:
    """The file's own texts, each near its wished instant: on the nearest beat that is free."""
    for say in placed.part.say:
        wished = placed.end - say.at if say.from_end else placed.start + say.at
        near = _around(wished)
        if placed.grid is not None:
            near = sorted(
                (m for m in _moments(placed) if abs(m[0] - wished) <= _SAY_SHIFT),
                key=lambda m: abs(m[0] - wished),
            )
        frames = ((speaker.clock.frame(at), beat) for at, beat in near)
        _first_free(placed, speaker, say.text, EventKind.SAY, frames)


def cues(placed: Placed, speaker: Speaker) -> None:
    """Drill and element cues at their spacing, in the order of their rotation."""
    part, cueing, clock = placed.part, placed.part.cueing, speaker.clock
    if part.tempo and part.tempo[0] != part.tempo[1] and part.seconds < _SHORT_RAMP:
        return
    texts = itertools.chain(cueing.first, itertools.cycle(cueing.cycle))
    ends = clock.frame(placed.end - cueing.quiet_last)
    if part.ticks:
        ends = clock.frame(placed.start + part.ticks[0])
    text = next(texts, None)
    spoken = 0
    due = Fraction(0)
    for instant, beat in _cue_moments(placed):
        if text is None or (cueing.limit is not None and spoken >= cueing.limit):
            return
        step = Fraction(beat) if cueing.beats and beat != NO_BEAT else instant
        if spoken and step < due:
            continue
        start = clock.frame(instant) - speaker.anchor([text])
        frames = speaker.length([text])
        if start + frames > ends:
            return
        if start < clock.frame(placed.start):
            continue
        gap = 0.0 if cueing.explicit else _CUE_AIR
        blocker = speaker.blocker(start, frames, gap)
        if blocker is None:
            speaker.say([text], start, EventKind.CUE, placed.index, part.voice_level, beat)
            text = next(texts, None)
            spoken += 1
            due = step + _distance(placed)


def _distance(placed: Placed) -> Fraction:
    """How far cues are apart: beats where they are counted in beats, else seconds."""
    cueing, tempo = placed.part.cueing, placed.part.tempo
    if cueing.beats and tempo:
        return Fraction(cueing.beats)
    return cueing.seconds or Fraction(cueing.beats or 0)


def _cue_moments(placed: Placed) -> Iterator[tuple[Fraction, int]]:
    """Where a cue's vowel may fall: accents where there are any, else beats, else any time."""
    part = placed.part
    if part.ticks:
        yield from ((placed.start + _FALL_CUE + k * _STEP, NO_BEAT) for k in range(4, 12))
    elif placed.grid is not None:
        quiet = placed.beats().start + part.cueing.quiet_first
        for beat in placed.beats():
            if beat >= quiet and (not part.accent or placed.accented(beat)):
                yield placed.grid.instant(beat), beat
    else:
        yield from _steps(placed, placed.start + _FIRST_FREE)


def _around(wished: Fraction) -> list[tuple[Fraction, int]]:
    """The wished instant, then others ever further from it."""
    steps = int(_SAY_SHIFT / _STEP)
    return [(wished + k * _STEP, NO_BEAT) for k in sorted(range(-steps, steps + 1), key=abs)]


def _moments(placed: Placed) -> Iterator[tuple[Fraction, int]]:
    if placed.grid is not None:
        yield from ((placed.grid.instant(beat), beat) for beat in placed.beats())


def _steps(placed: Placed, since: Fraction) -> Iterator[tuple[Fraction, int]]:
    count = math.floor((placed.end - since) / _STEP)
    yield from ((since + k * _STEP, NO_BEAT) for k in range(count))


def _opening(placed: Placed, speaker: Speaker, text: str) -> Iterator[tuple[int, int]]:
    clock, anchor = speaker.clock, speaker.anchor([text])
    if placed.grid is not None:
        yield from ((clock.frame(at), beat) for at, beat in _moments(placed))
        return
    begin = clock.frame(placed.start) + clock.frames(_AFTER_START) + anchor
    for k in range(math.floor(placed.part.seconds / _STEP)):
        yield begin + clock.frames(k * _STEP), NO_BEAT


def _closing(placed: Placed, speaker: Speaker, _text: str) -> Iterator[tuple[int, int]]:
    clock = speaker.clock
    yield from ((clock.frame(at), beat) for at, beat in reversed(list(_moments(placed))))


def _first_free(
    placed: Placed,
    speaker: Speaker,
    text: str,
    kind: EventKind,
    moments: Iterator[tuple[int, int]],
) -> None:
    """Say a text so that its vowel falls on the first of these frames that has room."""
    clock: Clock = speaker.clock
    first, last = clock.frame(placed.start), clock.frame(placed.end)
    frames, anchor = speaker.length([text]), speaker.anchor([text])
    reason = "it does not fit into its phase"
    for frame, beat in moments:
        start = frame - anchor
        if start < first or start + frames > last:
            continue
        blocker = speaker.blocker(start, frames)
        if blocker is None:
            speaker.say([text], start, kind, placed.index, placed.part.voice_level, beat)
            return
        reason = f'it would overlap "{blocker.text}"'
    speaker.leave_out(text, placed.index, reason)
