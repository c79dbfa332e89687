"""The single voice: what it says when, and what had to be left out.

Every spoken text is placed here, so that by construction no two utterances overlap and everything
that finds no room is listed with its reason.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain, count, repeat, takewhile
from operator import attrgetter

from cadence_cue.timing.drafting import Draft
from cadence_cue.timing.kept import CUES, NOTHING, Past, Said, Turn
from cadence_cue.timing.layout import Clock
from cadence_cue.timing.reasons import Reason
from cadence_cue.timing.timeline import NO_BEAT, Bus, Dropped, EventKind, Utterance, take

_BETWEEN = 0.15  # seconds of air between two utterances
_AROUND_CUES = 3.0  # seconds between a cue and other speech
_JOIN = 0.2  # seconds between the pieces of one announcement
_WORDS = 140  # most words a minute that may be spoken on beats
_LONG_AGO = -(1 << 62)  # before any frame


@dataclass(frozen=True, slots=True)
class Span:
    """Frames in which nothing else may be said, end exclusive."""

    start: int
    end: int
    text: str
    cue: bool = False
    words: bool = True
    """Whether it is speech; else it is a signal, or a time of silence."""


_START = attrgetter("start")


def beat_steps(tempo: Fraction, fewest: int) -> Iterator[int]:
    """Yield the steps in beats (1, 2) at which a word on each makes `fewest` to 140 a minute."""
    for step in (1, 2):
        if fewest <= tempo / step <= _WORDS:
            yield step


class Speaker:
    """Places utterances, which must come in order of priority: later ones give way.

    `signals` are the spans in which nothing may be said. Frames count at the clock's rate. The
    `seed` decides with which of its takes a text begins.
    """

    def __init__(
        self,
        clock: Clock,
        utterances: Mapping[str, Utterance],
        signals: Iterable[Span],
        past: Past = NOTHING,
        seed: int = 0,
    ) -> None:
        self.clock = clock
        self.past = past
        self.drafts: list[Draft] = []
        self.dropped: list[Dropped] = []
        self.turns: list[Turn] = []
        """The turns that the blocks of cues had, in the order in which they were planned."""
        self._utterances = utterances
        self._announced: defaultdict[int, list[str]] = defaultdict(list)
        self._taken: list[Span] = []
        self._longest = 0
        for span in signals:
            self._keep(span)
        self.gap = clock.frames(_BETWEEN)
        """The fewest frames of air between two utterances."""
        self._join = clock.frames(_JOIN)
        self._around_cues = clock.frames(_AROUND_CUES)
        self._seed = seed
        self._takes: dict[str, list[str]] = {}
        self._spoken: Counter[str] = Counter()
        self._spoken_in: Counter[tuple[int, str]] = Counter()
        for phase, spoken in past.spoken.items():
            for said in spoken:
                self._count(said.text, phase)
                self._keep(Span(said.frame, said.end, said.text, said.kind in CUES))

    def anchor(self, texts: Sequence[str], phase: int) -> int:
        """Return the frames from the start of these texts to their first stressed vowel."""
        return self._utterances[self._take(texts[0], phase)].anchor

    def length(self, texts: Sequence[str], phase: int) -> int:
        """Return the frames that these texts take as one announcement; 0 if there are none."""
        if not texts:
            return 0
        frames = (self._utterances[self._take(text, phase)].frames for text in texts)
        return sum(frames) + self._join * (len(texts) - 1)

    def vowel(self, said: Said) -> int:
        """Return the frame of the first stressed vowel of what was spoken."""
        return said.frame + self._utterances[said.clip].anchor

    def blocker(self, start: int, frames: int, cue_gap: float | None = None) -> Span | None:
        """Return a span that is in the way of speech here, or None if the way is free.

        For a cue, `cue_gap` gives the seconds it keeps from other cues; it also keeps some from all
        other speech.
        """
        if start < self.past.since:
            return Span(_LONG_AGO, self.past.since, "")
        air = self.gap
        around = air if cue_gap is None else self._around_cues
        widest = max(around, self.clock.frames(cue_gap or 0.0))
        first = bisect_right(self._taken, start - widest - self._longest, key=_START)
        for k in range(first, len(self._taken)):
            span = self._taken[k]
            if span.start >= start + frames + widest:
                break
            gap = widest if span.cue else around if span.words else air
            if start < span.end + gap and span.start < start + frames + gap:
                return span
        return None

    def quiet(self, start: int, end: int) -> bool:
        """Return whether nothing is said in these frames."""
        return not any(span.words and span.start < end and start < span.end for span in self._taken)

    def say(
        self,
        texts: Sequence[str],
        start: int,
        kind: EventKind,
        phase: int,
        level: float,
        beat: int = NO_BEAT,
        silence: int = 0,
    ) -> None:
        """Place these texts from frame `start` on as one announcement; the way must be free.

        `level` is in dB, `beat` that of the first text. For `silence` frames nothing comes behind.
        """
        if kind is EventKind.ANNOUNCEMENT:
            self._announced[phase] += texts
        first = end = start
        for text in texts:
            name = self._take(text, phase)
            frames = self._utterances[name].frames
            self.drafts.append(Draft(start, frames, kind, Bus.VOICE, name, phase, level, beat=beat))
            self._count(text, phase)
            end = start + frames
            start = end + self._join
            beat = NO_BEAT
        self._keep(Span(first, end + silence, texts[0], kind is EventKind.CUE))

    def leave_silent(self, said: Said, silence: int) -> None:
        """Let nothing come for `silence` frames behind what was spoken."""
        self._keep(Span(said.frame, said.end + silence, said.text))

    def say_on(
        self,
        words: Sequence[str],
        starts: Sequence[int],
        kind: EventKind,
        phase: int,
        level: float,
        beats: Sequence[int],
    ) -> None:
        """Place each word at its own start frame and beat; the way must be free."""
        end = starts[-1] + self._utterances[words[-1]].frames
        self._keep(Span(starts[0], end, words[0], kind is EventKind.CHANT))
        for word, start, beat in zip(words, starts, beats, strict=True):
            frames = self._utterances[word].frames
            self.drafts.append(Draft(start, frames, kind, Bus.VOICE, word, phase, level, beat=beat))

    def on_beats(self, words: Sequence[str], frames: Sequence[int]) -> list[int] | None:
        """Return the starts that put each word's vowel on its frame; None if words overlap."""
        clips = [self._utterances[word] for word in words]
        starts = [frame - clip.anchor for clip, frame in zip(clips, frames, strict=True)]
        ends = [start + clip.frames for start, clip in zip(starts, clips, strict=True)]
        after = zip(ends, starts[1:], strict=False)
        return starts if all(end <= start for end, start in after) else None

    def announced(self, phase: int) -> set[str]:
        """Return the texts with which a phase was announced."""
        before = (said.text for said in self.past.said(phase, EventKind.ANNOUNCEMENT))
        return {*before, *self._announced[phase]}

    def knows(self, texts: Iterable[str]) -> bool:
        """Return whether each of these texts can be spoken."""
        return all(text in self._utterances for text in texts)

    def leave_out(
        self, text: str, phase: int, reason: Reason, other: str = "", say: int = -1
    ) -> None:
        """List a text that is not said; `other` is the one it would overlap."""
        self.dropped.append(Dropped(text, phase, reason, other, say=say))

    def spans(self) -> list[tuple[int, int]]:
        """Return the spans of all speech, as (first frame, end frame), for ducking."""
        before = [(said.frame, said.end) for said in chain(*self.past.spoken.values())]
        return before + [(d.frame, d.frame + d.frames) for d in self.drafts]

    def _take(self, text: str, phase: int) -> str:
        """Return the name of the take that comes next: another each time the text is said.

        After an edit a phase keeps the takes that were planned for it.
        """
        planned = self.past.takes.get((phase, text), ())
        if (nth := self._spoken_in[phase, text]) < len(planned):
            return planned[nth]
        if text not in self._takes:
            numbers = map(take, repeat(text), count(1))
            self._takes[text] = [text, *takewhile(self._utterances.__contains__, numbers)]
        takes = self._takes[text]
        return takes[(self._seed + self._spoken[text]) % len(takes)]

    def _count(self, text: str, phase: int) -> None:
        self._spoken[text] += 1
        self._spoken_in[phase, text] += 1

    def _keep(self, span: Span) -> None:
        insort(self._taken, span, key=_START)
        self._longest = max(self._longest, span.end - span.start)
