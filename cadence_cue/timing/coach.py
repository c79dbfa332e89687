"""What is said inside a part: its fixed words, countdown, own texts and cues.

A cue starts so that its first stressed vowel falls on a beat. Which goes first is decided by
timing.planner; each function here places one kind for one part.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction

from cadence_cue.coaching import wording
from cadence_cue.coaching.model import Kind
from cadence_cue.timing.layout import Placed
from cadence_cue.timing.past import Said
from cadence_cue.timing.speaker import Speaker
from cadence_cue.timing.timeline import NO_BEAT, EventKind

_AFTER_START = Fraction(3, 10)  # seconds before the fixed words of a part without a beat
_STEP = Fraction(1, 4)  # seconds between the places tried where there is no beat
_SAY_SHIFT = 2  # seconds that a wished instant may be moved
_CUE_AIR = 6.0  # seconds between two cues unless the file sets their distance
_SHORT_RAMP = 20  # seconds; in a shorter ramp the runner follows the beat undisturbed
_FIRST_FREE = Fraction(2)  # seconds before the first cue where there is no beat
_FALL_CUE = Fraction(6, 5)  # seconds into the set of a fall
_IN_A_RAMP = f"no cues in a ramp of less than {_SHORT_RAMP} s"
_NO_MOMENT = "this phase has no free moment for a cue"

Moment = tuple[Fraction, int]
"""Where a vowel may fall: an instant, and the beat there or NO_BEAT."""


def fixed_words(placed: Placed, speaker: Speaker) -> None:
    """The words that a part must open and close with."""
    part = placed.part
    kinds = {Kind.TALK: EventKind.TALK, Kind.EXPLAIN: EventKind.EXPLANATION}
    kind = kinds.get(part.kind, EventKind.SAY)
    past, index = speaker.past, placed.index
    if part.opening and not past.is_done(index, part.opening[0], kind):
        vowel = Fraction(speaker.anchor(part.opening), speaker.clock.rate)
        since = placed.start + _AFTER_START + vowel
        free = _steps(placed, since, since)
        moments = _on(placed, placed.beats()) if placed.grid else free
        _first_free(placed, speaker, part.opening, kind, moments)
    if part.closing and not past.is_done(index, part.closing, EventKind.SAY):
        moments = _on(placed, reversed(placed.beats()))
        _first_free(placed, speaker, [part.closing], kind, moments)


def countdown(placed: Placed, speaker: Speaker) -> None:
    """The seconds that are left, each vowel exactly so many seconds before the end."""
    for seconds in placed.part.countdown:
        text = wording.countdown_phrase(seconds)
        if speaker.past.is_done(placed.index, text, EventKind.COUNTDOWN):
            continue
        moments = [(placed.end - seconds, NO_BEAT)]
        _first_free(placed, speaker, [text], EventKind.COUNTDOWN, moments)


def own_texts(placed: Placed, speaker: Speaker) -> None:
    """The file's own texts, each near its wished instant: on the nearest beat that is free."""
    done = [said.text for said in speaker.past.said(placed.index, EventKind.SAY)]
    left_out = [dropped.text for dropped in speaker.past.left_out(placed.index)]
    for say in placed.part.say:
        if say.text in done:
            done.remove(say.text)
            continue
        if say.text in left_out:
            left_out.remove(say.text)
            continue
        wished = placed.end - say.at if say.from_end else placed.start + say.at
        _first_free(placed, speaker, [say.text], EventKind.SAY, _near(placed, wished))


def cues(placed: Placed, speaker: Speaker) -> None:
    """Drill and element cues at their spacing, in the order of their rotation."""
    part, cueing, clock = placed.part, placed.part.cueing, speaker.clock
    said = speaker.past.said(placed.index, EventKind.CUE)
    texts = itertools.islice(
        itertools.chain(cueing.first, itertools.cycle(cueing.cycle)), len(said), None
    )
    text = next(texts, None)
    left_out = {each.reason for each in speaker.past.left_out(placed.index)}
    if text is None or left_out & {_IN_A_RAMP, _NO_MOMENT}:
        return
    if part.tempo and part.tempo[0] != part.tempo[1] and part.seconds < _SHORT_RAMP:
        speaker.leave_out(text, placed.index, _IN_A_RAMP)
        return
    begins = clock.frame(placed.start)
    ends = clock.frame(placed.end - cueing.quiet_last)
    if part.ticks:
        ends = clock.frame(placed.start + part.ticks[0])
    gap = 0.0 if cueing.explicit else _CUE_AIR
    spoken = len(said)
    moments = _cue_moments(placed, _moment(placed, said[-1], speaker) if said else None)
    while text is not None and spoken != cueing.limit and (moment := next(moments, None)):
        instant, beat = moment
        start = clock.frame(instant) - speaker.anchor([text])
        frames = speaker.length([text])
        if start + frames > ends:
            break
        if start >= begins and speaker.blocker(start, frames, gap) is None:
            speaker.say([text], start, EventKind.CUE, placed.index, part.voice_level, beat)
            text = next(texts, None)
            spoken += 1
            moments = _cue_moments(placed, moment)
    if text is not None and not spoken:
        speaker.leave_out(text, placed.index, _NO_MOMENT)


def _moment(placed: Placed, said: Said, speaker: Speaker) -> Moment:
    """Where the vowel of a cue fell."""
    if placed.grid and said.beat != NO_BEAT:
        return placed.grid.instant(said.beat), said.beat
    since = _first_step(placed)
    vowel = speaker.clock.instant(said.frame + speaker.anchor([said.text]))
    return since + round((vowel - since) / _STEP) * _STEP, NO_BEAT


def _cue_moments(placed: Placed, last: Moment | None) -> Iterator[Moment]:
    """Where a cue's vowel may fall: accents where there are any, else beats, else any time.

    The first cue's from the start, another's at its distance from the last.
    """
    part, cueing, grid = placed.part, placed.part.cueing, placed.grid
    due = last[0] + (cueing.seconds or 0) if last else placed.start
    if grid is None or part.ticks:
        if not (last and cueing.beats):  # no beats, no distance in beats
            yield from _steps(placed, _first_step(placed), due)
        return
    loud = placed.beats()[cueing.quiet_first :]
    if last and cueing.beats:
        loud = range(max(loud.start, last[1] + cueing.beats), loud.stop)
    elif last:
        loud = range(max(loud.start, math.floor(grid.position(due))), loud.stop)
    accents = placed.accents() if part.accent else loud
    on = _on(placed, (k for k in loud if k in accents))
    yield from (moment for moment in on if moment[0] >= due)


def _first_step(placed: Placed) -> Fraction:
    """The first instant for a cue where there is no beat."""
    return placed.start + (_FALL_CUE if placed.part.ticks else _FIRST_FREE)


def _near(placed: Placed, wished: Fraction) -> list[Moment]:
    """Moments at most 2 s from the wished one, the nearest first: beats where there is a beat."""
    if placed.grid is None or wished < placed.grid.start:
        steps = int(_SAY_SHIFT / _STEP)
        return [(wished + k * _STEP, NO_BEAT) for k in sorted(range(-steps, steps + 1), key=abs)]
    beats = placed.beats()
    first = math.floor(placed.grid.position(wished - _SAY_SHIFT))
    last = math.ceil(placed.grid.position(wished + _SAY_SHIFT))
    near = _on(placed, range(max(first, beats.start), min(last + 1, beats.stop)))
    return sorted(
        (moment for moment in near if abs(moment[0] - wished) <= _SAY_SHIFT),
        key=lambda moment: abs(moment[0] - wished),
    )


def _on(placed: Placed, beats: Iterable[int]) -> Iterator[Moment]:
    if placed.grid is not None:
        yield from ((placed.grid.instant(beat), beat) for beat in beats)


def _steps(placed: Placed, since: Fraction, due: Fraction) -> Iterator[Moment]:
    """Moments of a part without a beat, from `due` on."""
    first = max(math.ceil((due - since) / _STEP), 0)
    count = math.floor((placed.end - since) / _STEP)
    yield from ((since + k * _STEP, NO_BEAT) for k in range(first, count))


def _first_free(
    placed: Placed,
    speaker: Speaker,
    texts: Sequence[str],
    kind: EventKind,
    moments: Iterable[Moment],
) -> None:
    """Say texts so that their first vowel falls on the first of these moments with room."""
    clock = speaker.clock
    first, last = clock.frame(placed.start), clock.frame(placed.end)
    frames, anchor = speaker.length(texts), speaker.anchor(texts)
    reason = "it does not fit into its phase"
    for instant, beat in moments:
        start = clock.frame(instant) - anchor
        if start < first or start + frames > last:
            continue
        if start < speaker.past.since:
            reason = "its moment was over when the tempo changed"
            continue
        blocker = speaker.blocker(start, frames)
        if blocker is None:
            speaker.say(texts, start, kind, placed.index, placed.part.voice_level, beat)
            return
        reason = f'it would overlap "{blocker.text}"'
    for text in texts:
        speaker.leave_out(text, placed.index, reason)
