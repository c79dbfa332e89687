"""Places drill and element cues: at their spacing, on the beat, in the order of their rotation.

Cues are chosen one after another and only then said: a set must end with a cue that relaxes or
directs attention outside the body, and which one is last is known only at the end.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

from cadence_cue.timing.cue_closing import close
from cadence_cue.timing.cue_room import SpokenCue, ends, free_from, has_room, plain
from cadence_cue.timing.cue_turns import Turns
from cadence_cue.timing.kept import Said, Turn
from cadence_cue.timing.layout import Placed
from cadence_cue.timing.moments import STEP, Moment, beats_of, free_steps
from cadence_cue.timing.reasons import SHORT_RAMP, Reason
from cadence_cue.timing.speaker import Speaker, beat_steps
from cadence_cue.timing.timeline import NO_BEAT, EventKind

_SETTLED = 300  # seconds into a run after which cues come less often
_CHANTED = 70  # fewest words a minute in a chant
_FIRST_FREE = Fraction(2)  # seconds before the first cue where there is no beat
_FALL_CUE = Fraction(6, 5)  # seconds into a fall's set-up


def cues(placed: Placed, speaker: Speaker) -> None:
    """Say the cues of a part; if it has cues and none finds room, list the first as dropped.

    After an edit a part that has had its last cue gets no other: it was chosen to be the last.
    """
    part, past = placed.part, speaker.past
    if not part.cueing.blocks or placed.index in past.cued:
        return
    left_out = {each.text: each.reason for each in past.left_out(placed.index)}
    if any(each in (Reason.SHORT_RAMP, Reason.NO_MOMENT) for each in left_out.values()):
        return
    said = past.said(placed.index, EventKind.CUE)
    setup = _not_yet_set_up(placed, speaker, said)
    chanted = past.said(placed.index, EventKind.CHANT)
    turns = Turns(placed, speaker, said, setup, chanted=bool(chanted))
    first = turns.text(placed.start)
    if part.tempo and part.tempo[0] != part.tempo[1] and part.seconds < SHORT_RAMP:
        speaker.leave_out(first, placed.index, Reason.SHORT_RAMP)
        return
    before = max((*said, *_in_one(chanted)), key=lambda each: each.frame, default=None)
    chosen = _choose(placed, speaker, turns, before)
    if not {*setup} <= {cue.text for cue in chosen}:  # as if there were no set-up cues
        turns = Turns(placed, speaker, said, [], chanted=bool(chanted))
        chosen = _choose(placed, speaker, turns, before)
    for text in turns.unfit:
        speaker.leave_out(text, placed.index, Reason.NO_FIT)
    for cue in chosen:
        _say(cue, placed, speaker)
    for text in setup:
        if text not in [*left_out, *(cue.text for cue in chosen)]:
            reason = Reason.NO_SETUP if chosen or before else Reason.NO_MOMENT
            speaker.leave_out(text, placed.index, reason)
    if not (chosen or before or turns.over or first in setup):
        speaker.leave_out(first, placed.index, Reason.NO_MOMENT)


def _in_one(chanted: Sequence[Said]) -> Sequence[Said]:
    """Return a chant as one utterance, from its first word to its last."""
    return [chanted[0]._replace(end=chanted[-1].end)] if chanted else []


def _not_yet_set_up(placed: Placed, speaker: Speaker, said: Sequence[Said]) -> list[str]:
    """Return the set-up cues for which there was no time before the part."""
    done = {*speaker.announced(placed.index), *(each.text for each in said)}
    if placed.part.announcement.whole in done:
        return []
    return [text for text in placed.part.announcement.setup if text not in done]


def _choose(placed: Placed, speaker: Speaker, turns: Turns, before: Said | None) -> list[SpokenCue]:
    """Choose cues one after another, each on the first moment with room, and a last one to suit."""
    chosen: list[SpokenCue] = []
    free = free_from(before.frame, before.end, placed, speaker) if before else None
    moments = _moments(placed, _moment(placed, before, speaker) if before else None)
    end = ends(placed, speaker)
    while len(chosen) != placed.part.cueing.limit and (moment := next(moments, None)):
        cue = _next(placed, speaker, turns, moment)
        if cue is None:
            continue
        if cue.end > end:
            break
        if free is not None and cue.start < free:
            continue
        if has_room(cue, placed, speaker):
            turns.chanted = turns.chanted or cue.chanted
            chosen.append(replace(cue, block=turns.take(moment[0])))
            free = free_from(cue.start, cue.end, placed, speaker)
            moments = _moments(placed, moment)
    close(placed, speaker, turns, chosen, before)
    return chosen


def _next(placed: Placed, speaker: Speaker, turns: Turns, moment: Moment) -> SpokenCue | None:
    """Return the next cue, passing over chants that do not fit here and have no sentence.

    None if nothing else is left.
    """
    while True:
        text = turns.text(moment[0])
        cue = _chanted(placed, speaker, turns, moment) or plain(speaker, text, moment, placed.index)
        if cue or text in turns.over:
            return cue
        turns.pass_over(moment[0])


def _chanted(placed: Placed, speaker: Speaker, turns: Turns, moment: Moment) -> SpokenCue | None:
    """Return the next cue with a word on every beat or every second beat; None if not chanted."""
    words, grid = turns.chant(moment[0]), placed.grid
    if not words or grid is None or moment[1] == NO_BEAT:
        return None
    for step in beat_steps(grid.tempo_at(moment[0]), _CHANTED):
        beats = tuple(range(moment[1], moment[1] + step * len(words), step))
        frames = [speaker.clock.frame(grid.instant(beat)) for beat in beats]
        if beats[-1] in placed.beats() and (starts := speaker.on_beats(words, frames)):
            end = starts[-1] + speaker.length(words[-1:], placed.index)
            text = turns.text(moment[0])
            return SpokenCue(text, moment, words, tuple(starts), beats, end)
    return None


def _say(cue: SpokenCue, placed: Placed, speaker: Speaker) -> None:
    level = placed.part.voice_level
    if cue.block is not None:
        speaker.turns.append(Turn(placed.index, cue.start, cue.block))
    if cue.chanted:
        kind = EventKind.CHANT
        speaker.say_on(cue.words, cue.starts, kind, placed.index, level, cue.beats)
    else:
        speaker.say(cue.words, cue.start, EventKind.CUE, placed.index, level, cue.beats[0])


def _moment(placed: Placed, said: Said, speaker: Speaker) -> Moment:
    """Return the moment on which the vowel of a cue fell."""
    if placed.grid and said.beat != NO_BEAT:
        return placed.grid.instant(said.beat), said.beat
    since = _first_step(placed)
    vowel = speaker.clock.instant(speaker.vowel(said))
    return since + round((vowel - since) / STEP) * STEP, NO_BEAT


def _moments(placed: Placed, last: Moment | None) -> Iterator[Moment]:
    """Yield the moments for a cue's vowel: accents if there are any, else beats, else any time.

    The first cue may come from the start of the part, any other at its distance from the `last`.
    """
    part, cueing, grid = placed.part, placed.part.cueing, placed.grid
    due = placed.start
    if last:
        late = cueing.later and last[0] - due >= _SETTLED
        due = last[0] + ((cueing.later if late else cueing.seconds) or 0)
        if due >= placed.end:
            return
    if grid is None or part.ticks:
        if not (last and cueing.beats):  # no beats, no distance in beats
            yield from free_steps(placed, _first_step(placed), due)
        return
    loud = placed.beats()[cueing.quiet_first :]
    if last and cueing.beats:
        loud = range(max(loud.start, last[1] + cueing.beats), loud.stop)
    elif last:
        loud = range(max(loud.start, math.floor(grid.position(due))), loud.stop)
    accents = placed.accents() if part.accent else loud
    on = beats_of(placed, (k for k in loud if k in accents))
    yield from (moment for moment in on if moment[0] >= due)


def _first_step(placed: Placed) -> Fraction:
    """Return the first instant for a cue where there is no beat."""
    return placed.start + (_FALL_CUE if placed.part.ticks else _FIRST_FREE)
