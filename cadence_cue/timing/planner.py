"""Turns parts into a timeline: every sound of a performance at its exact frame.

Speech is planned in order of priority, so that what gives way is always less important:
countdown, fixed words, announcements, the file's own texts, leg switches and tempo changes, cues.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import chain
from operator import attrgetter

import numpy as np

from cadence_cue.coaching.part import Part
from cadence_cue.coaching.session import Kind
from cadence_cue.timing import coach, sounds
from cadence_cue.timing.clicking import beats, signals, ticks
from cadence_cue.timing.cues import cues
from cadence_cue.timing.drafting import Draft, Names, in_order, to_rows
from cadence_cue.timing.ducking import ducks
from cadence_cue.timing.editing import Edit, edited
from cadence_cue.timing.kept import Turn, past_of
from cadence_cue.timing.layout import Clock, Placed, count_in_frames, place
from cadence_cue.timing.leading import Lead, of_lead, pause_before
from cadence_cue.timing.reasons import Reason
from cadence_cue.timing.speaker import Span, Speaker
from cadence_cue.timing.timeline import Bus, EventKind, Mark, Timeline, Utterance
from cadence_cue.timing.voicing import voiced

TAIL = 1  # seconds after the last phase
_OPENING_AT = 1.0  # seconds into the track: sleeping headphones have woken up
OPENING_GAP = 0.5  # seconds after each text that opens a track
_AFTER_READY = 0.3


@dataclass(frozen=True, slots=True)
class Plan:
    """A timeline with the layout and clock it was made from, which edits and entries need."""

    timeline: Timeline
    layout: tuple[Placed, ...]
    clock: Clock
    turns: tuple[Turn, ...]
    """The turns of all blocks of cues: where their rotations are at any frame."""


def plan(
    parts: Sequence[Part],
    rate: int,
    seed: int,
    *,
    lengths: Mapping[str, int],
    utterances: Mapping[str, Utterance],
    get_ready: Fraction,
    opening: Mapping[str, EventKind],
    duck_db: float,
) -> Plan:
    """Plan a performance at `rate` frames per second.

    `lengths` maps each sound of the beat bus to its length and `utterances` each text that can be
    spoken to its length and anchor, both in frames at `rate`. `get_ready` is the time in seconds
    before the ready signal, `duck_db` how far a beat is turned down under speech. The texts
    of `opening` are spoken first, those that the voice does not have are left out.
    """
    spoken = [voiced(part, utterances) for part in parts]
    layout = place([part for part, _ in spoken])
    clock, ready = _lead_in(layout, rate, lengths, utterances, get_ready, opening, seed)
    signal = Draft(ready, lengths[sounds.READY], EventKind.SIGNAL, Bus.BEAT, sounds.READY, -1)
    chimes = [signal, *signals(layout, clock, lengths)]
    speaker = Speaker(clock, utterances, [*_spans(chimes), *_leans(layout, clock)], seed=seed)
    _list_unspoken(speaker, spoken)
    for text, at in _one_by_one(opening, speaker):
        speaker.say([text], at, opening[text], -1, 0.0)
    lead = Lead(speaker, lengths, _opened(signal.frame + signal.frames, clock))
    _speak(layout, speaker, lead)
    return _planned(layout, clock, lead, chimes, seed, duck_db)


def replan(
    before: Plan,
    parts: Sequence[Part],
    edit: Edit,
    *,
    lengths: Mapping[str, int],
    utterances: Mapping[str, Utterance],
    duck_db: float,
) -> Plan:
    """Return the plan after an edit; `parts` are all parts at the tempos of `edit.tempi`.

    Every event before the edit's frame stays as it was, to its last sample, and an announcement, an
    explanation or a count-in that had started is finished as planned. Everything else is planned
    again, and rotations continue where they were.
    """
    clock, old = before.clock, before.timeline
    spoken = [voiced(part, utterances) for part in parts]
    layout = edited(before.layout, [part for part, _ in spoken], edit)
    since = clock.frame(edit.at)
    started = bisect_left(layout, edit.at, key=attrgetter("start"))
    finished = bisect_right(layout, edit.at, key=attrgetter("end"))
    past = past_of(old, before.turns, since, started)
    # What had no cues has not had the last of them: the edit may bring some.
    uncued = {placed.index for placed in before.layout if not placed.part.cueing.blocks}
    past = replace(past, cued=past.cued - uncued)
    chimes = [draft for draft in signals(layout, clock, lengths) if draft.frame >= since]
    signalled = [Span(*signal, words=False) for signal in past.signals]
    silent = [*signalled, *_spans(chimes), *_leans(layout, clock)]
    speaker = Speaker(clock, utterances, silent, past, old.seed)
    speaker.dropped += [
        each
        for each in old.dropped
        if each.phase < started or of_lead(each, before.layout[each.phase].part, past)
    ]
    _list_unspoken(speaker, spoken, started)
    entries = {mark.index: mark.entry for mark in old.marks if mark.entry < since}
    lead = Lead(speaker, lengths, _opened(signalled[0].end, clock), entries=entries)
    _speak(layout, speaker, lead, finished)
    return _planned(layout, clock, lead, chimes, old.seed, duck_db, finished)


def _spans(chimes: Iterable[Draft]) -> list[Span]:
    return [Span(d.frame, d.frame + d.frames, d.sound, words=False) for d in chimes]


def _leans(layout: Iterable[Placed], clock: Clock) -> Iterator[Span]:
    """Yield the falls, from the last tick to the first beat: nothing is said while falling."""
    for placed in layout:
        if placed.part.ticks and placed.grid:
            start = clock.frame(placed.start + placed.part.ticks[-1])
            yield Span(start, clock.frame(placed.grid.start), "the fall", words=False)


def _list_unspoken(
    speaker: Speaker, spoken: Sequence[tuple[Part, tuple[str, ...]]], started: int = 0
) -> None:
    for index, (_, missing) in enumerate(spoken[started:], started):
        for text in missing:
            speaker.leave_out(text, index, Reason.NO_RECORDING)


def _planned(
    layout: tuple[Placed, ...],
    clock: Clock,
    lead: Lead,
    chimes: Iterable[Draft],
    seed: int,
    duck_db: float,
    finished: int = 0,
) -> Plan:
    """Assemble the plan; the first `finished` parts get no new beats."""
    speaker, past = lead.speaker, lead.speaker.past
    names = Names({name: k for k, name in enumerate(past.sounds)})
    coming = layout[finished:]
    others = chain(lead.drafts, *(ticks(placed, clock, lead.lengths) for placed in coming))
    clicks = np.concatenate(
        [
            beats(coming, clock, lead.lengths, names, past.since),
            to_rows((draft for draft in others if draft.frame >= past.since), names),
        ]
    )
    clicks["duck_db"] = ducks(clicks["frame"], speaker.spans(), duck_db, clock.rate)
    spoken = to_rows([*chimes, *speaker.drafts], names)
    end = clock.frame(layout[-1].end) if layout else clock.zero
    timeline = Timeline(
        rate=clock.rate,
        start=0,
        frames=end + TAIL * clock.rate,
        seed=seed,
        events=in_order([past.rows, clicks, spoken]),
        sounds=tuple(names),
        marks=tuple(_marks(layout, clock, lead.entries)),
        dropped=tuple(speaker.dropped),
    )
    return Plan(timeline, layout, clock, (*past.turns, *speaker.turns))


def _lead_in(
    layout: Sequence[Placed],
    rate: int,
    lengths: Mapping[str, int],
    utterances: Mapping[str, Utterance],
    get_ready: Fraction,
    opening: Iterable[str],
    seed: int,
) -> tuple[Clock, int]:
    """Return a clock whose zero follows the whole lead-in, and the ready signal's frame."""
    clock = Clock(rate, 0)
    ready = clock.frames(get_ready)
    speaker = Speaker(clock, utterances, (), seed=seed)
    for text, at in _one_by_one(opening, speaker):
        ready = max(ready, at + speaker.length([text], -1) + clock.frames(OPENING_GAP))
    zero = _opened(ready + lengths[sounds.READY], clock)
    if layout and _led_into(layout[0].part):
        part = layout[0].part
        announced = part.announcement
        texts = (announced.whole,) if announced.whole else (*announced.full, *announced.setup)
        spoken = speaker.length(texts, 0)
        counted = count_in_frames(part, part.count_in, clock)
        zero += spoken + (clock.frames(pause_before(part)) if spoken else 0) + counted
    return Clock(rate, zero), ready


def _led_into(part: Part) -> bool:
    """Return whether a part is announced before it begins."""
    return part.tempo is not None or part.announcement.early


def _one_by_one(opening: Iterable[str], speaker: Speaker) -> Iterator[tuple[str, int]]:
    """Yield the texts that open a track and can be spoken, each with its frame."""
    clock = speaker.clock
    at = clock.frames(_OPENING_AT)
    for text in opening:
        if speaker.knows([text]):
            frames = speaker.length([text], -1)
            yield text, at
            at += frames + clock.frames(OPENING_GAP)


def _opened(ready: int, clock: Clock) -> int:
    """Return the first frame for anything after the ready signal, which ends at `ready`."""
    return ready + clock.frames(_AFTER_READY)


def _speak(layout: Sequence[Placed], speaker: Speaker, lead: Lead, finished: int = 0) -> None:
    """Place all speech in order of priority, except in the first `finished` parts."""
    coming = layout[finished:]
    for placed, after in zip(coming, (*coming[1:], None), strict=False):
        coach.countdown(placed, after, speaker)
    for placed in coming:
        coach.fixed_words(placed, speaker)
    pairs = list(zip(layout, (None, *layout), strict=False))[finished:]
    major = [pair for pair in pairs if not pair[0].part.announcement.minor]
    # Parts that are led into first: "Rest" may be dropped, "Next: toe taps" may not.
    for placed, before in sorted(major, key=lambda pair: not _led_into(pair[0].part)):
        lead.into(placed, before)
    for placed in coming:
        coach.own_texts(placed, speaker)
    for placed, before in pairs:
        if placed.part.announcement.minor:
            lead.into(placed, before)
    for placed in coming:
        coach.lines(placed, speaker)
    for placed in coming:
        cues(placed, speaker)


def _marks(layout: Sequence[Placed], clock: Clock, entries: Mapping[int, int]) -> Iterator[Mark]:
    place = 0
    for placed in layout:
        part = placed.part
        inserted = part.kind in (Kind.EXPLAIN, Kind.GLIDE)
        place += not inserted
        start, end = clock.frame(placed.start), clock.frame(placed.end)
        tempo = part.tempo or (0, 0)
        yield Mark(
            index=placed.index,
            kind=part.kind.value,
            title=part.title,
            start=start,
            entry=min(start, entries.get(placed.index, start)),
            frames=end - start,
            tempo=float(tempo[0]),
            end_tempo=float(tempo[1]),
            place=0 if inserted else place,
            clicked_foot=part.clicked_foot,
        )
