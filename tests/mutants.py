"""Ways of spoiling the product, each of which the oracle must catch.

A mutant is a copy of the package in which one snippet of one file reads differently.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mutation:
    """What is spoilt, where, what reads how instead, and the session that shows it."""

    name: str
    file: str
    before: str
    after: str
    session: str = "clicks"


CLICKING = (
    Mutation(
        "onset +1 frame",
        "timing/clicking.py",
        "frame.extend(clock.beat_frames(placed.grid, heard))",
        "frame.extend(1 + each for each in clock.beat_frames(placed.grid, heard))",
    ),
    Mutation(
        "onset cut down instead of rounded",
        "timing/layout.py",
        "(2 * self.rate * n + d) // (2 * d)",
        "(2 * self.rate * n) // (2 * d)",
    ),
    Mutation(
        "boundary <= for <",
        "timing/layout.py",
        "range(math.ceil(self.first), math.ceil(self.last))",
        "range(math.ceil(self.first), math.floor(self.last) + 1)",
    ),
    Mutation(
        "a phase's first beat belongs to the phase before",
        "timing/layout.py",
        "range(math.ceil(self.first), math.ceil(self.last))",
        "range(math.floor(self.first) + 1, math.floor(self.last) + 1)",
    ),
    Mutation(
        "grid restarted per phase",
        "timing/layout.py",
        "if grid is None or part.grid_delay:",
        "if True:",
    ),
    Mutation(
        "grid goes on through a rest",
        "timing/layout.py",
        "grid = last.grid if last else None",
        "grid = next((p.grid for p in reversed(layout) if p.grid), None)",
    ),
    Mutation(
        "period rounded to whole frames",
        "timing/layout.py",
        "2 * self.rate * each, 2 * over",
        "2 * over * round(self.rate * each / over), 2 * over",
    ),
    Mutation(
        "frames accumulated: each phase starts on a frame",
        "timing/layout.py",
        "last.end if last else Fraction(0)",
        "Fraction(round(last.end * 48000), 48000) if last else Fraction(0)",
    ),
    Mutation(
        "ramp linear in beats instead of in time",
        "timing/tempo.py",
        "4 * c * n",
        "2 * c * n",
    ),
    Mutation(
        "beats as a length by the first tempo",
        "coaching/phase_tempos.py",
        "phase.length.beats * 120 / (tempo[0] + tempo[1])",
        "phase.length.beats * 60 / tempo[0]",
    ),
    Mutation(
        "count-in shifted by half a beat",
        "timing/leading.py",
        "clock.beat_frames(grid, heard)",
        "[clock.frame(grid.instant(Fraction(2 * beat + 1, 2))) for beat in heard]",
    ),
    Mutation(
        "count-in up to and with beat 0",
        "timing/leading.py",
        "filter(placed.steps_on, range(-beats, 0))",
        "filter(placed.steps_on, range(-beats + 1, 1))",
    ),
    Mutation(
        "accents counted from the grid's first beat",
        "timing/layout.py",
        "first = self.accent_from()",
        "first = 0",
    ),
    Mutation(
        "accents half a pattern late",
        "timing/layout.py",
        "first = self.accent_from()",
        "first = self.accent_from() + accent // 2",
    ),
    Mutation(
        "a side's accents counted from the other side's beat",
        "timing/layout.py",
        "return first + 1 - first % 2",
        "return first + first % 2",
        "clicks too",
    ),
    Mutation(
        "gaps counted from the grid's first beat",
        "timing/layout.py",
        "(k - beats.start) % (beat.on + beat.off)",
        "k % (beat.on + beat.off)",
    ),
    Mutation(
        "one beat more in each half minute of a fade",
        "timing/layout.py",
        "heard < _FADE_FIRST",
        "heard <= _FADE_FIRST",
    ),
    Mutation(
        "switching legs takes 5 s",
        "coaching/rules.py",
        "SWITCH_SECONDS = 6",
        "SWITCH_SECONDS = 5",
        "clicks too",
    ),
    Mutation(
        "ticks before a fall one second late",
        "coaching/program.py",
        "for n in (4, 3, 2, 1)",
        "for n in (3, 2, 1, 0)",
        "clicks too",
    ),
    Mutation(
        "a fall's run on the grid before it",
        "timing/layout.py",
        "grid = TempoMap(start + part.grid_delay)",
        "grid = TempoMap(start)",
        "clicks too",
    ),
    Mutation(
        "feet counted from the phase's first beat",
        "timing/clicking.py",
        "return Foot.RIGHT if beat % 2 else Foot.LEFT",
        "return Foot.RIGHT if (beat - placed.beats().start) % 2 else Foot.LEFT",
        "clicks too",
    ),
    Mutation(
        "a sound cut at the edge of a block",
        "sound/renderer.py",
        "first = bisect_right(self._reach, start)",
        "first = bisect_left(self._onsets, start)",
    ),
)


SPEAKING = (
    Mutation(
        "anchor 0",
        "timing/speaker.py",
        "return self._utterances[self._take(texts[0], phase)].anchor",
        "return 0",
    ),
    Mutation(
        "cues on any beat instead of accents",
        "timing/cues.py",
        "(k for k in loud if k in accents)",
        "loud",
    ),
    Mutation(
        "a wish on the next beat instead of the nearest",
        "timing/coach.py",
        "merge(before, after, key=away)",
        "after",
    ),
    Mutation(
        "a countdown one frame early",
        "timing/coach.py",
        "moments = [(placed.end - seconds, NO_BEAT)]",
        "moments = [(placed.end - seconds - Fraction(1, 48000), NO_BEAT)]",
    ),
    Mutation(
        "duck off by a block",
        "timing/planner.py",
        'ducks(clicks["frame"], ',
        'ducks(clicks["frame"] - 256, ',
    ),
    Mutation(
        "duck that rises at once",
        "timing/ducking.py",
        "RISE * rate",
        "RISE",
    ),
    Mutation(
        "duck 9 dB deep",
        "timing/ducking.py",
        "rise = -abs(depth_db), ",
        "rise = -9.0, ",
    ),
)


COACHING = (
    Mutation(
        "every idea in one set",
        "coaching/rotation.py",
        "practice = _turned([cue for cue in moving if cue.idea == idea], again)",
        "practice = _turned(moving, again)",
    ),
    Mutation(
        "corrections from the first set on",
        "coaching/rotation.py",
        "mending = _turned(mending, again) if number > 1 else []",
        "mending = _turned(mending, again)",
    ),
    Mutation(
        "any cue may be the last",
        "timing/cues.py",
        "close(placed, speaker, turns, chosen, before)",
        "pass",
    ),
    Mutation(
        "no words for the tired",
        "coaching/remarks.py",
        "for k in run) < _LONG:",
        "for k in run) < 10 * _LONG:",
    ),
    Mutation(
        "a number too many",
        "coaching/wording.py",
        "{ORDINALS[number - 1]} of",
        "{ORDINALS[number % len(ORDINALS)]} of",
    ),
    Mutation(
        "a time that is not so",
        "coaching/announcing.py",
        "wording.time_phrase(self.part.seconds)",
        "wording.time_phrase(self.part.seconds - self.part.seconds % 10)",
    ),
    Mutation(
        "halfway at a third",
        "coaching/remarks.py",
        "part.seconds / 2",
        "part.seconds / 3",
    ),
    Mutation(
        "chanted words start on their beats",
        "timing/speaker.py",
        "frame - clip.anchor for clip, frame",
        "frame for clip, frame",
    ),
    Mutation(
        "speech around a change of legs",
        "coaching/program.py",
        "_AROUND_A_SWITCH = 8 ",
        "_AROUND_A_SWITCH = 0 ",
    ),
    Mutation(
        "cues in a short ramp",
        "timing/reasons.py",
        "SHORT_RAMP = 20",
        "SHORT_RAMP = 5",
    ),
    Mutation(
        "mostly inward in runs",
        "coaching/rotation.py",
        "for cue in plain if cue.outward], turn + heard)",
        "for cue in plain if not cue.outward], turn + heard)",
    ),
    Mutation(
        "set 3 like set 1",
        "coaching/cueing.py",
        "(chosen.number > 2 or fast)",
        "fast",
    ),
    Mutation(
        "cues at once",
        "timing/cues.py",
        "placed.beats()[cueing.quiet_first :]",
        "placed.beats()",
    ),
    Mutation(
        "speech in the fall",
        "timing/planner.py",
        "[*_spans(chimes), *_leans(layout, clock)], seed=seed",
        "_spans(chimes), seed=seed",
    ),
    Mutation(
        "utterances on top of each other",
        "timing/speaker.py",
        "if start < span.end + gap and span.start < start + frames + gap:",
        "if start < span.end - 48000 and span.start < start + frames - 48000:",
    ),
)
"""What a coach hears."""
