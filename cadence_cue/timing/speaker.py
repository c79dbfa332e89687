"""The one voice: what it says when, and what it had to leave out.

Every spoken text goes through here, so that by construction no two utterances overlap, and
everything that finds no room is listed with its reason.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from cadence_cue.timing.drafting import Draft
from cadence_cue.timing.layout import Clock
from cadence_cue.timing.past import NOTHING, Past
from cadence_cue.timing.timeline import NO_BEAT, Bus, Dropped, EventKind, Utterance

_BETWEEN = 0.15  # seconds of air between two utterances
_JOIN = 0.2  # seconds between the pieces of one announcement
_LONG_AGO = -(1 << 62)  # before any frame


@dataclass(frozen=True, slots=True)
class Span:
    """Frames in which something is said (or a signal sounds), end exclusive."""

    start: int
    end: int
    text: str
    cue: bool = False


class Speaker:
    """Takes utterances in order of their priority; whoever comes later gives way."""

    def __init__(
        self,
        clock: Clock,
        utterances: Mapping[str, Utterance],
        signals: Iterable[Span],
        past: Past = NOTHING,
    ) -> None:
        self.clock = clock
        self.past = past
        self.drafts: list[Draft] = []
        self.dropped: list[Dropped] = []
        self._utterances = utterances
        self._taken: list[Span] = []
        self._longest = 0
        for span in signals:
            self._keep(span)
        for said in chain(*past.spoken.values()):
            self._keep(Span(said.frame, said.end, said.text, said.kind is EventKind.CUE))

    def anchor(self, texts: Sequence[str]) -> int:
        """Frames from the start of these texts to their first stressed vowel."""
        return self._utterances[texts[0]].anchor

    def length(self, texts: Sequence[str]) -> int:
        """Frames that these texts take when spoken as one announcement; 0 for none."""
        if not texts:
            return 0
        join = self.clock.frames(_JOIN)
        return sum(self._utterances[text].frames for text in texts) + join * (len(texts) - 1)

    def blocker(self, start: int, frames: int, cue_gap: float = 0.0) -> Span | None:
        """What already stands in the way; cues keep `cue_gap` seconds from each other."""
        if start < self.past.since:
            return Span(_LONG_AGO, self.past.since, "")
        air = self.clock.frames(_BETWEEN)
        widest = max(air, self.clock.frames(cue_gap))
        first = bisect_right(self._taken, start - widest - self._longest, key=_start_of)
        for k in range(first, len(self._taken)):
            span = self._taken[k]
            if span.start >= start + frames + widest:
                break
            gap = widest if span.cue else air
            if start < span.end + gap and span.start < start + frames + gap:
                return span
        return None

    def say(
        self,
        texts: Sequence[str],
        start: int,
        kind: EventKind,
        phase: int,
        level: float,
        beat: int = NO_BEAT,
    ) -> None:
        """Speak these texts from `start` on as one announcement; the way must be free."""
        self._keep(Span(start, start + self.length(texts), texts[0], kind is EventKind.CUE))
        for text in texts:
            frames = self._utterances[text].frames
            self.drafts.append(Draft(start, frames, kind, Bus.VOICE, text, phase, level, beat=beat))
            start += frames + self.clock.frames(_JOIN)
            beat = NO_BEAT

    def leave_out(self, text: str, phase: int, reason: str) -> None:
        """List something that is not said."""
        self.dropped.append(Dropped(text, phase, reason))

    def spans(self) -> list[tuple[int, int]]:
        """The frames in which the voice speaks, for ducking."""
        before = [(said.frame, said.end) for said in chain(*self.past.spoken.values())]
        return before + [(d.frame, d.frame + d.frames) for d in self.drafts]

    def _keep(self, span: Span) -> None:
        insort(self._taken, span, key=_start_of)
        self._longest = max(self._longest, span.end - span.start)


def _start_of(span: Span) -> int:
    return span.start
