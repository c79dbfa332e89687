"""Places what leads into a part: its announcement and its count-in.

If the part before has no beat, both go into its last seconds and never move anything:
announcement, a breath, count-in, part. What does not fit is shortened step by step, and what is
lost is listed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from cadence_cue.coaching import wording
from cadence_cue.coaching.part import Part
from cadence_cue.coaching.rules import BEFORE_A_FALL
from cadence_cue.coaching.values import FASTEST
from cadence_cue.timing import sounds
from cadence_cue.timing.drafting import Draft
from cadence_cue.timing.kept import Past
from cadence_cue.timing.layout import Placed, count_in_frames
from cadence_cue.timing.reasons import LATEST, Reason
from cadence_cue.timing.speaker import Speaker, beat_steps
from cadence_cue.timing.tempo import TempoMap
from cadence_cue.timing.timeline import Bus, Dropped, EventKind

BREATH = Fraction(2, 5)  # seconds between announcement and count-in
_CLEAR = 0.3  # seconds between an announcement over the beat and the part
_AFTER_START = 0.3  # seconds into a part without a beat before it is named
_WORTH_NAMING = 5  # seconds; a plain pause with less before the next announcement is not named
_BEFORE_NEXT = 1  # seconds of quiet between that name and the announcement
_MOST_BEATS = LATEST * FASTEST // 60  # in which a part can be announced over the beat
_BEATS_AT_ONCE = 16  # among the last of them most announcements find their place
_COUNTING = (Reason.SHORT_COUNT_IN, Reason.COUNT_IN_WORDS)
_COUNTED = 65  # fewest words a minute in a count, so that there is one at every tempo
_SHORTER = (4, 2)  # beats to which a count-in shrinks


def pause_before(part: Part) -> Fraction:
    """Return the seconds between the announcement of a part and its count-in or start."""
    return BEFORE_A_FALL if part.ticks else BREATH


def of_lead(dropped: Dropped, part: Part, past: Past) -> bool:
    """Return whether this was left out of a lead-in that has already been heard.

    Such an entry must be kept after an edit, because that lead-in is not planned again.
    """
    counted = dropped.phase in past.counted
    if dropped.reason in _COUNTING:
        return counted
    said = counted or past.said(dropped.phase, EventKind.ANNOUNCEMENT)
    return bool(said) and dropped.text in part.announcement.full


def _steps(beats: int) -> list[int]:
    """Return the beats of a count-in and of its shorter forms."""
    return [beats, *(n for n in _SHORTER if n < beats)]


@dataclass
class Lead:
    """Places announcements and count-ins.

    Nothing is placed before frame `earliest`. `entries` maps a part's index to the frame of its
    first sound.
    """

    speaker: Speaker
    lengths: Mapping[str, int]
    earliest: int
    drafts: list[Draft] = field(default_factory=list)
    entries: dict[int, int] = field(default_factory=dict)

    def into(self, placed: Placed, before: Placed | None) -> None:
        """Place what leads into a part, given the part before it (None for the first)."""
        texts, past = placed.part.announcement.full, self.speaker.past
        said = past.said(placed.index, EventKind.ANNOUNCEMENT)
        if placed.part.tempo is None and not placed.part.announcement.early:
            if texts and not past.is_done(placed.index, texts[0], EventKind.ANNOUNCEMENT):
                self._name_at_start(placed)
        elif self.speaker.clock.frame(placed.start) < past.since or placed.index in past.counted:
            return
        elif before is None or before.grid is None:
            self._tail(placed, before, said[-1].end if said else None)
        elif texts and not said:
            self._over_the_beat(placed, before)

    def _tail(self, placed: Placed, before: Placed | None, said: int | None) -> None:
        """Announce and count in; `said` is the end of the announcement if it was already heard."""
        part, clock, speaker = placed.part, self.speaker.clock, self.speaker
        earliest = clock.frame(before.start) if before else self.earliest
        earliest = max(earliest, speaker.past.since)
        wanted = part.count_in if placed.opens_grid else 0
        wordings = self._wordings(part, wanted)
        if said is not None:
            earliest = max(earliest, said + clock.frames(BREATH))
            wordings = (((), n) for n in (*_steps(wanted), 0))
        for texts, beats in wordings:
            begin = clock.frame(placed.start) - count_in_frames(part, beats, clock)
            clicks = self._clicks(placed, beats)
            first = min(clicks.values(), default=begin)
            if first < earliest:
                continue
            end = begin - clock.frames(pause_before(part))
            start = self._latest(texts, placed.index, end, earliest) if texts else first
            if start is None:
                continue
            if beats < wanted:
                short = Reason.SHORT_COUNT_IN
                speaker.dropped.append(Dropped("", placed.index, short, beats=wanted, left=beats))
            self._count_in(placed, beats, clicks)
            if said is not None:
                return
            self._leave_out(placed, texts, Reason.SHORT_LEAD)
            if texts:
                kind = EventKind.ANNOUNCEMENT
                speaker.say(texts, start, kind, placed.index, part.voice_level)
            self.entries[placed.index] = start
            return

    def _wordings(self, part: Part, beats: int) -> Iterator[tuple[tuple[str, ...], int]]:
        """Yield the texts and count-in beats to try, from everything to nothing."""
        steps = _steps(beats)
        if whole := part.announcement.whole:
            yield (whole,), beats
        full, short, setup = (
            part.announcement.full,
            part.announcement.short,
            part.announcement.setup,
        )
        yield from (((*full, *setup[:n]), beats) for n in range(len(setup), 0, -1))
        yield from ((full, n) for n in steps)
        if short and short != full:
            yield short, steps[-1]
        if full:
            yield short or full, 0
            yield from (((), n) for n in steps)
        yield (), 0

    def _latest(self, texts: tuple[str, ...], phase: int, end: int, earliest: int) -> int | None:
        """Return the latest free start from `earliest` on for texts that must end by `end`."""
        frames = self.speaker.length(texts, phase)
        start = end - frames
        while start >= earliest:
            blocker = self.speaker.blocker(start, frames)
            if blocker is None:
                return start
            start = min(start, blocker.start - frames) - self.speaker.clock.frames(0.05)
        return None

    def _clicks(self, placed: Placed, beats: int) -> dict[int, int]:
        """Return the frames of a count-in's clicks, by beat."""
        clock, grid = self.speaker.clock, placed.grid
        heard = list(filter(placed.steps_on, range(-beats, 0)))
        return dict(zip(heard, clock.beat_frames(grid, heard), strict=True)) if grid else {}

    def _count_in(self, placed: Placed, beats: int, clicks: Mapping[int, int]) -> None:
        if placed.grid is None:
            return
        length = self.lengths[sounds.COUNT_IN]
        if placed.part.count_in_voice and beats:
            self._count_aloud(placed, placed.grid, beats)
        for beat, frame in clicks.items():
            self.drafts.append(
                Draft(
                    frame,
                    length,
                    EventKind.COUNT_IN,
                    Bus.BEAT,
                    sounds.COUNT_IN,
                    placed.index,
                    placed.part.beat_level,
                    beat=beat,
                )
            )

    def _count_aloud(self, placed: Placed, grid: TempoMap, beats: int) -> None:
        """Say the count-in: a word on every beat, or on every second beat if that is too fast."""
        clock, speaker, part = self.speaker.clock, self.speaker, placed.part
        last = max(wording.COUNTED)
        for step in beat_steps(grid.tempo_at(grid.start), _COUNTED):
            on = range(beats % step - beats, 0, step)[-last:]  # the step after the last is beat 0
            words = [str(number) for number in range(1, len(on) + 1)]
            frames = [clock.frame(grid.instant(beat)) for beat in on]
            starts = speaker.on_beats(words, frames) if speaker.knows(words) else None
            if starts and speaker.blocker(starts[0], frames[-1] - starts[0]) is None:
                kind, level = EventKind.COUNT_IN, part.voice_level
                speaker.say_on(words, starts, kind, placed.index, level, on)
                return
        speaker.leave_out("", placed.index, Reason.COUNT_IN_WORDS)

    def _over_the_beat(self, placed: Placed, before: Placed) -> None:
        """Announce a part over the last seconds of a part that has a beat."""
        clock, speaker, part = self.speaker.clock, self.speaker, placed.part
        if before.grid is None:
            return
        end = clock.frame(placed.start) - clock.frames(_CLEAR)
        since = clock.frame(max(before.start, placed.start - LATEST))
        for texts in dict.fromkeys((part.announcement.full, part.announcement.short)):
            if not texts:
                continue
            frames = speaker.length(texts, placed.index)
            anchor = speaker.anchor(texts, placed.index)
            for beat, vowel in self._backwards(before.grid, before.beats()[-_MOST_BEATS:]):
                start = vowel - anchor
                if start + frames > end or start < since:
                    continue
                if speaker.blocker(start, frames) is None:
                    kind = EventKind.ANNOUNCEMENT
                    speaker.say(texts, start, kind, placed.index, part.voice_level, beat)
                    self.entries[placed.index] = start
                    self._leave_out(placed, texts, Reason.NO_ROOM_BEFORE)
                    return
        self._leave_out(placed, (), Reason.NO_ROOM_BEFORE)

    def _backwards(self, grid: TempoMap, beats: Sequence[int]) -> Iterator[tuple[int, int]]:
        """Yield these beats of a grid, the last one first, each with its frame."""
        for end in range(len(beats), 0, -_BEATS_AT_ONCE):
            some = beats[max(end - _BEATS_AT_ONCE, 0) : end]
            frames = self.speaker.clock.beat_frames(grid, some)
            yield from zip(reversed(some), reversed(frames), strict=True)

    def _name_at_start(self, placed: Placed) -> None:
        """Name a walk, a rest or a free run as it starts, after the beat's closing signal."""
        clock, speaker, part = self.speaker.clock, self.speaker, placed.part
        texts = part.announcement.full
        frames = speaker.length(texts, placed.index)
        # Not after the announcement of the next part, where it would sound like a correction, and
        # if it is only "Rest" or "Walk", not shortly before it either.
        following = self.entries.get(placed.index + 1)
        end = clock.frame(placed.end) if following is None else following
        plain = texts in ((wording.REST,), (wording.WALK,))
        if plain and following is None and part.say:
            following = min(clock.frame(placed.wished(say)) for say in part.say)
        if plain and following is not None:
            if following - clock.frame(placed.start) < clock.frames(_WORTH_NAMING):
                return
            end -= clock.frames(_BEFORE_NEXT)
        start = clock.frame(placed.start) + clock.frames(_AFTER_START)
        while start + frames <= end:
            blocker = speaker.blocker(start, frames)
            if blocker is None:
                kind = EventKind.ANNOUNCEMENT
                speaker.say(texts, start, kind, placed.index, part.voice_level)
                return
            start = max(start, blocker.end) + clock.frames(0.2)
        self._leave_out(placed, (), Reason.NO_ROOM_AT_START)

    def _leave_out(self, placed: Placed, spoken: tuple[str, ...], reason: Reason) -> None:
        """List the texts of the announcement that are not among those `spoken`."""
        full = placed.part.announcement.full
        if placed.part.announcement.whole in spoken:
            return
        if spoken[: len(full)] != full:
            for text in full[len(spoken) :] or full[:1]:
                self.speaker.leave_out(text, placed.index, reason)
