"""Hears the steps in a recording of a session that was run to an exported track."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from cadence_cue.app.preparing import Prepared
from cadence_cue.app.score.phase_beats import Beats, track_beats
from cadence_cue.app.score.scoring import Source
from cadence_cue.app.score.unheard import near_a_step, too_soft
from cadence_cue.coaching.drill import Listen
from cadence_cue.errors import UserError, WayOut
from cadence_cue.media.reading import Reading, opened
from cadence_cue.media.samples import BLOCK, Samples, conformed
from cadence_cue.scoring.bands import RATE
from cadence_cue.scoring.clocks import ClockFit, Sound, fit_clocks
from cadence_cue.scoring.expected import Bools, Floats
from cadence_cue.scoring.onsets import Onset, OnsetDetector, Span, too_loud, within
from cadence_cue.scoring.own_clicks import hears_only_clicks
from cadence_cue.scoring.own_lag import LOUD
from cadence_cue.scoring.own_sound import (
    BEFORE,
    CONTEXT,
    STEP,
    WINDOW,
    OwnSound,
    room_response,
    share_left,
    through_no_room,
)
from cadence_cue.sound.levels import FULL_SCALE
from cadence_cue.sound.mix import mix

_LEARNT = 80  # windows without steps from which the room is learnt, at most

_CLICKS = "What is heard in it is the track's own clicks, so no steps were counted."
_COPY = "What is heard in it is the track itself, as in a copy of it, and no steps."
_NOTHING = "Too soft, or too loud around you, to hear your steps. Tap instead."


@dataclass(frozen=True, slots=True, eq=False)
class RecordedSteps:
    """The steps of a recording, in seconds from the track's first sample, and their decibels.

    `unheard` has, for a phase's index, the beats around which no step could be heard. `notes` are
    sentences for the runner.
    """

    steps: Floats
    loudness: Floats
    source: Source
    unheard: dict[int, Bools]
    notes: tuple[str, ...]


def recorded_steps(
    path: Path,
    prepared: Prepared,
    start: float | None,
    progress: Callable[[float], object] = lambda _: None,
) -> RecordedSteps:
    """Return the steps in a recording; `start` is where in it the track begins, if known.

    Raises UserError, and OSError if the file cannot be read.
    """
    recording, notes = _recording(path)
    progress(0.2)
    track = _whole(_track(prepared, RATE))
    progress(0.4)
    fit = fit_clocks(recording, track, start)
    if fit is None and start is None:
        raise UserError(
            "the track's own clicks and words cannot be heard in it",
            where=path,
            way_out=WayOut.TELL_START,
        )
    clock = fit or ClockFit(start or 0.0)
    progress(0.6)
    phases = track_beats(prepared)
    detector = OnsetDetector()
    onsets, copied = _onsets(recording, prepared, clock if fit else None, phases, detector)
    progress(1.0)
    onsets.sort(key=lambda onset: onset.at)
    steps = clock.of_track(np.array([onset.at for onset in onsets]))
    loudness = np.array([onset.loudness for onset in onsets])
    hidden = detector.hidden()
    unheard = {
        each.index: _unheard(each, onsets, hidden, steps, clock, len(recording) / RATE)
        for each in phases
    }
    listened = [each for each in phases if each.listen is not Listen.NOTHING]
    led = [each for each in listened if each.expected.led]
    if led and hears_only_clicks(np.concatenate([each.expected.lags(steps) for each in led])):
        for each in led:
            unheard[each.index][:] = True
        notes = (*notes, _CLICKS)
    elif listened and all(unheard[each.index][each.expected.counts].all() for each in listened):
        notes = (*notes, _COPY if copied else _NOTHING)
    source = Source(
        "audio",
        calibrated=fit is not None,
        one_clock=fit is not None,
        clock_ppm=fit.ppm if fit else None,
        noise_db=detector.noise_db,
    )
    return RecordedSteps(steps, loudness, source, unheard, notes)


def _recording(path: Path) -> tuple[Sound, tuple[str, ...]]:
    """Read a recording in mono at RATE, with sentences about what is wrong with it."""
    sound = opened(path)
    reading = Reading(sound)
    recording = _whole(conformed(reading, sound.rate, rate=RATE, channels=1))
    if not recording.any():
        raise UserError("holds nothing but silence", where=path)
    return recording, (f"{path} {reading.damage}",) if reading.damage else ()


def _whole(blocks: Iterable[Samples]) -> Sound:
    return np.concatenate([np.zeros(0, np.int16), *map(_small, blocks)])


def _small(block: Samples) -> Sound:
    return np.round(np.clip(block[:, 0], -1, 1) * (FULL_SCALE - 1)).astype(np.int16)


def _track(prepared: Prepared, rate: float) -> Iterator[Samples]:
    """Yield the track in mono at RATE, for a clock by which it has `rate` samples a second."""
    performance, timeline = prepared.performance, prepared.timeline
    sound = mix(timeline, performance.beats, performance.voice, beat=prepared.options.beat)

    def rendered() -> Iterator[Samples]:
        with sound as (render, _):
            for first in range(timeline.start, timeline.frames, BLOCK):
                block = np.empty(min(BLOCK, timeline.frames - first), np.float32)
                render(first, block)
                yield block[:, np.newaxis]

    yield from conformed(rendered(), timeline.rate * RATE / rate, rate=RATE, channels=1)


def _onsets(
    recording: Sound,
    prepared: Prepared,
    fit: ClockFit | None,
    phases: Sequence[Beats],
    detector: OnsetDetector,
) -> tuple[list[Onset], bool]:
    """Return the onsets in a recording, from which our own sound is taken out if it is in it.

    And whether that came through no room.
    """
    if fit is None:
        blocks = np.array_split(recording, max(len(recording) // BLOCK, 1))
        found = [each for block in blocks for each in detector.feed(_samples(block))]
        return [*found, *detector.finish()], False
    own = _played(prepared, fit, len(recording))
    windows = _windows(recording, own, fit, phases)
    response = room_response(windows)
    if response is None:
        own[:] = 0
        response = np.zeros(1)
    without = OwnSound(response, share_left(response, windows) if windows else 1.0)
    own = np.pad(own, CONTEXT)
    found = []
    for first in range(0, len(recording), STEP):
        heard = _samples(recording[first : first + STEP])
        end = CONTEXT + first + len(heard) + BEFORE - round(without.lag)
        found += detector.feed(*without.subtract(heard, _samples(own[end - CONTEXT : end])))
    return [*found, *detector.finish()], through_no_room(response)


def _played(prepared: Prepared, fit: ClockFit, count: int) -> Sound:
    """Return the track as the recording's clock has it, sample by sample."""
    own = np.zeros(count, np.int16)
    at = round(fit.start * RATE)
    for block in _track(prepared, RATE * fit.rate):
        begin, end = max(at, 0), min(at + len(block), count)
        if end > begin:
            own[begin:end] = _small(block[begin - at : end - at])
        at += len(block)
    return own


def _windows(
    recording: Sound, own: Sound, fit: ClockFit, phases: Iterable[Beats]
) -> list[tuple[Floats, Floats]]:
    """Return windows in which our own sound is, and no step is expected."""
    stepping = np.zeros(len(recording), np.bool_)
    for each in phases:
        edges = fit.of_recording(each.expected.beats[[0, -1]] + np.array([-1.0, 1.0]))
        first, last = (max(round(float(edge) * RATE), 0) for edge in edges)
        stepping[first:last] = True
    found: list[tuple[Floats, Floats]] = []
    for first in range(0, len(recording) - WINDOW, WINDOW // 2):
        here = slice(first, first + WINDOW)
        if not stepping[here].any() and abs(own[here]).max() > LOUD * FULL_SCALE:
            found.append(
                (_samples(recording[here]).astype(float), _samples(own[here]).astype(float))
            )
        if len(found) == _LEARNT:
            break
    return found


def _samples(sound: Sound) -> Samples:
    return (sound / np.float32(FULL_SCALE)).astype(np.float32)


def _unheard(
    phase: Beats,
    onsets: list[Onset],
    hidden: list[Span],
    steps: Floats,
    clock: ClockFit,
    seconds: float,
) -> Bools:
    """Return the beats of a phase around which no step could be heard."""
    beats = phase.expected.beats
    at = clock.of_recording(beats)
    unheard: Bools = (at < 0) | (at > seconds) | too_loud(onsets, at)
    unheard |= within(hidden, at) & ~near_a_step(phase, steps)
    if too_soft(phase, steps, int(phase.expected.counts.sum())):
        unheard[:] = True
    return unheard
