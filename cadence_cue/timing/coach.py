"""Places what is said inside a part, apart from cues: fixed words, countdown and own texts.

Each function places one kind of speech for one part; the planner decides their priority.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from heapq import merge
from itertools import takewhile

from cadence_cue.coaching import wording
from cadence_cue.coaching.part import Line
from cadence_cue.coaching.session import Kind
from cadence_cue.timing.layout import Placed, count_in_frames
from cadence_cue.timing.moments import STEP, Moment, beats_of, free_steps
from cadence_cue.timing.reasons import Reason
from cadence_cue.timing.speaker import Speaker
from cadence_cue.timing.timeline import NO_BEAT, EventKind

_BEFORE_A_LINE = 1.5  # seconds of quiet before what is said between two sets, if there is room
_AFTER_START = Fraction(3, 10)  # seconds before the fixed words of a part without a beat


def fixed_words(placed: Placed, speaker: Speaker) -> None:
    """Say the words that a part must open and close with."""
    part = placed.part
    kinds = {Kind.TALK: EventKind.TALK, Kind.EXPLAIN: EventKind.EXPLANATION}
    kind = kinds.get(part.kind, EventKind.SAY)
    past, index = speaker.past, placed.index
    if part.opening and not past.is_done(index, part.opening[0], kind):
        vowel = Fraction(speaker.anchor(part.opening, index), speaker.clock.rate)
        since = placed.start + _AFTER_START + vowel
        free = free_steps(placed, since, since)
        moments = beats_of(placed, placed.beats()) if placed.grid else free
        _first_free(placed, speaker, part.opening, kind, moments)
    if part.closing and not past.is_done(index, part.closing, EventKind.SAY):
        moments = beats_of(placed, reversed(placed.beats()))
        _first_free(placed, speaker, [part.closing], kind, moments)


def countdown(placed: Placed, after: Placed | None, speaker: Speaker) -> None:
    """Count down to the end of a part, each vowel exactly that many seconds before it.

    The seconds in which the next part is counted in are left out: they are counted by its beats.
    """
    if not placed.part.countdown:
        return
    clock, index, counted = speaker.clock, placed.index, placed.end
    if after and after.opens_grid and placed.grid is None:
        counted -= Fraction(count_in_frames(after.part, after.part.count_in, clock), clock.rate)
    across: list[str] = []
    for seconds in placed.part.countdown:
        text = wording.countdown_phrase(seconds)
        if speaker.past.is_done(index, text, EventKind.COUNTDOWN):
            continue
        said = Fraction(speaker.length([text], index) - speaker.anchor([text], index), clock.rate)
        if counted < placed.end and placed.end - seconds + said > counted:
            across.append(text)
            continue
        moments = [(placed.end - seconds, NO_BEAT)]
        _first_free(placed, speaker, [text], EventKind.COUNTDOWN, moments)
    before = {dropped.reason for dropped in speaker.past.left_out(index)}
    if across and Reason.COUNTED_IN not in before:
        speaker.leave_out(", ".join(across), index, Reason.COUNTED_IN)


def own_texts(placed: Placed, speaker: Speaker) -> None:
    """Say the session file's own texts, each on the free beat nearest to the requested time."""
    if not placed.part.say:
        return
    done = [said.text for said in speaker.past.said(placed.index, EventKind.SAY)]
    left_out = {dropped.say for dropped in speaker.past.left_out(placed.index)}
    # In order of time, since that is how the same text was said if the phase has it twice.
    for nth, say in sorted(enumerate(placed.part.say), key=lambda each: placed.wished(each[1])):
        if nth in left_out:
            continue
        if say.text in done:
            done.remove(say.text)
            continue
        moments = _near(placed, placed.wished(say), say.shift)
        _first_free(placed, speaker, [say.text], EventKind.SAY, moments, nth)


def lines(placed: Placed, speaker: Speaker) -> None:
    """Say the first of the coach's lines that finds room; the others wait for another session."""
    clock = speaker.clock
    of_kinds = [(line, EventKind[line.kind.name]) for line in placed.part.lines]
    begun = [
        (said, line) for line, kind in of_kinds for said in speaker.past.said(placed.index, kind)
    ]
    for said, line in begun:
        if said.text == line.text:
            speaker.leave_silent(said, clock.frames(line.silence))
    if begun:
        return
    for line, kind in of_kinds:
        silence = clock.frames(line.silence)
        for apart in (clock.frames(_BEFORE_A_LINE), 0):
            if found := _room(placed, speaker, line, apart):
                start, beat = found
                level = placed.part.voice_level
                speaker.say([line.text], start, kind, placed.index, level, beat, silence)
                return


def _room(placed: Placed, speaker: Speaker, line: Line, apart: int) -> tuple[int, int] | None:
    """Return the start and beat of a line, `apart` frames behind other speech; None if none."""
    clock, end = speaker.clock, speaker.clock.frame(placed.end)
    frames = speaker.length([line.text], placed.index)
    anchor = speaker.anchor([line.text], placed.index)
    whole = frames + clock.frames(line.silence)
    wished = placed.end if line.late else placed.start + line.at
    for instant, beat in _near(placed, wished, placed.end - placed.start):
        start = clock.frame(instant) - anchor
        early = start < clock.frame(placed.start) or start < speaker.past.since
        if early or start + whole > end:
            continue
        if speaker.blocker(start, whole) is None and speaker.quiet(start - apart, start):
            return start, beat
    return None


def _near(placed: Placed, wished: Fraction, shift: Fraction) -> Iterator[Moment]:
    """Yield the moments at most `shift` seconds from the requested one, nearest first.

    They are beats where the part has a beat.
    """
    falling = placed.part.ticks and placed.grid and wished < placed.grid.start
    if placed.grid is None or falling:
        steps = int(shift / STEP)
        for k in sorted(range(-steps, steps + 1), key=abs):
            yield wished + k * STEP, NO_BEAT
        return

    def away(moment: Moment) -> Fraction:
        return abs(moment[0] - wished)

    beats = placed.beats()
    middle = min(max(math.ceil(placed.grid.position(wished)), beats.start), beats.stop)
    before = beats_of(placed, reversed(range(beats.start, middle)))
    after = beats_of(placed, range(middle, beats.stop))
    yield from takewhile(lambda moment: away(moment) <= shift, merge(before, after, key=away))


def _first_free(
    placed: Placed,
    speaker: Speaker,
    texts: Sequence[str],
    kind: EventKind,
    moments: Iterable[Moment],
    nth: int = -1,
) -> None:
    """Say texts with their first vowel on the first moment that has room, or list them.

    `nth` is the index of the file's own text.
    """
    clock = speaker.clock
    first, last = clock.frame(placed.start), clock.frame(placed.end)
    frames = speaker.length(texts, placed.index)
    anchor = speaker.anchor(texts, placed.index)
    reason, other = Reason.NO_ROOM, ""
    for instant, beat in moments:
        start = clock.frame(instant) - anchor
        if start < first or start + frames > last:
            continue
        if start < speaker.past.since:
            reason, other = Reason.OVER, ""
            continue
        blocker = speaker.blocker(start, frames)
        if blocker is None:
            speaker.say(texts, start, kind, placed.index, placed.part.voice_level, beat)
            return
        reason, other = Reason.OVERLAP, blocker.text
    for text in texts:
        speaker.leave_out(text, placed.index, reason, other, nth)
