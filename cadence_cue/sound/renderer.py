"""The one renderer: turns any range of a timeline's frames into samples, with no memory.

Playing and exporting both use it. Whatever the block size and wherever a block starts, a frame is
the same sum in the same order: noise, plus the beat bus, plus the voice bus, each bus adding up its
events in timeline order. So what is heard is what is exported, bit for bit.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping

import numpy as np
import numpy.typing as npt

from cadence_cue.sound.clips import Clip
from cadence_cue.sound.levels import FULL_SCALE
from cadence_cue.sound.noise import PERIOD, noise_loop
from cadence_cue.timing.decibels import gains_of
from cadence_cue.timing.timeline import Bus, Timeline

Samples = npt.NDArray[np.float32]

# Longer blocks are rendered in steps of this many frames, so that the scratch buffers stay in the
# processor's cache and never grow.
_STEP = 32768


class Renderer:
    """Renders the samples of a timeline.

    Thread: one at a time. Real-time safe after construction: no allocation except small views, no
    lock, no file. It reads only `events` and `sounds` of the timeline, and keeps neither.
    """

    __slots__ = (
        "_beat_gains",
        "_beats",
        "_bus",
        "_free_gains",
        "_noise",
        "_part",
        "_relief_gains",
        "_voice",
        "_voice_gains",
    )

    def __init__(
        self, timeline: Timeline, beats: Mapping[str, Clip], voice: Mapping[str, Clip]
    ) -> None:
        """Prepare the events of both buses.

        With an empty `voice` there is no voice at all: its events are left out, and nothing is
        ducked. Raises KeyError, with the name, for a sound that has no clip.
        """
        events = timeline.events
        of_beat = np.flatnonzero(events["bus"] == Bus.BEAT)
        of_voice = np.flatnonzero(events["bus"] == Bus.VOICE)[: None if voice else 0]
        self._beats = _Lane(events, of_beat, timeline.sounds, beats)
        self._voice = _Lane(events, of_voice, timeline.sounds, voice)
        unit = np.float32(1 / FULL_SCALE)
        self._voice_gains: Samples = events["gain"][of_voice] * unit
        self._free_gains: Samples = events["gain"][of_beat] * unit
        ducks = gains_of(events["duck_db"][of_beat].astype(np.float64)) if voice else 1.0
        self._beat_gains: Samples = (self._free_gains * ducks).astype(np.float32)
        self._relief_gains: Samples = self._free_gains - self._beat_gains
        self._noise = noise_loop()
        self._bus = np.zeros(_STEP, np.float32)
        self._part = np.zeros(_STEP, np.float32)

    def render(self, start: int, out: Samples, *, beat: bool = True, voice: bool = True) -> None:
        """Fill `out`, shape (n,), with the mono frames from `start` on, full scale 1.

        Any `start`, also before 0 and past the end, and any n. Without `voice` nothing is ducked.
        """
        for at in range(0, len(out), _STEP):
            self._mix(start + at, out[at : at + _STEP], beat=beat, voice=voice)

    def buses(self, start: int, beat: Samples, voice: Samples, relief: Samples) -> None:
        """Fill three arrays of shape (n,) with the buses from frame `start` on, without the noise.

        `beat` is ducked; beat + relief is the beat bus without ducking. Noise, plus beat, plus
        voice, added in this order, is what `render` makes, bit for bit.
        """
        for at in range(0, len(beat), _STEP):
            span = slice(at, at + _STEP)
            self._beats.fill(start + at, beat[span], self._beat_gains, self._part)
            self._beats.fill(start + at, relief[span], self._relief_gains, self._part)
            self._voice.fill(start + at, voice[span], self._voice_gains, self._part)

    def noise(self, start: int, out: Samples) -> None:
        """Fill `out`, shape (n,), with the noise from frame `start` on."""
        done = 0
        while done < len(out):
            place = (start + done) % PERIOD
            part = out[done : done + PERIOD - place]
            part[:] = self._noise[place : place + len(part)]
            done += len(part)

    def _mix(self, start: int, mono: Samples, *, beat: bool, voice: bool) -> None:
        self.noise(start, mono)
        if beat:
            gains = self._beat_gains if voice else self._free_gains
            self._beats.add(start, mono, gains, self._bus, self._part)
        if voice:
            self._voice.add(start, mono, self._voice_gains, self._bus, self._part)


class _Lane:
    """The events of one bus, found by frame and added up."""

    __slots__ = ("_clips", "_lengths", "_onsets", "_reach", "_sounds")

    def __init__(
        self,
        events: npt.NDArray[np.void],
        those: npt.NDArray[np.intp],
        sounds: tuple[str, ...],
        clips: Mapping[str, Clip],
    ) -> None:
        # Column by column: copies of whole rows would take more memory than all that is kept.
        sound = events["sound"][those]
        used = np.flatnonzero(np.bincount(sound))
        place = np.searchsorted(used, sound).astype(np.int32)
        self._clips = [clips[sounds[each]].samples for each in used]
        onsets = events["frame"][those].astype(np.int64)
        spans = np.array([len(samples) for samples in self._clips], np.int32)[place]
        lengths = np.minimum(events["frames"][those], spans)
        # One past the last frame in which this event or an earlier one sounds. It never falls, so
        # that a binary search finds the first event that can still be heard.
        reach = np.maximum.accumulate(onsets + lengths)
        # Memory views, because their items are plain integers and nothing is copied.
        self._onsets = onsets.data
        self._lengths = lengths.data
        self._reach = reach.data
        self._sounds = place.data

    def fill(self, start: int, bus: Samples, gains: Samples, scratch: Samples) -> None:
        """Fill `bus` with the frames from `start` on; `scratch` must be at least as long."""
        bus.fill(0.0)
        for low, high, part in self._parts(start, len(bus), gains, scratch):
            heard = bus[low:high]
            np.add(heard, part, out=heard)

    def add(self, start: int, mix: Samples, gains: Samples, bus: Samples, scratch: Samples) -> None:
        """Add to `mix`, bit for bit, what `fill` fills a bus with, but only where anything sounds.

        Neither `bus` nor `scratch` may be shorter than `mix`, in which no sample is zero.
        """
        begin = end = 0  # of the sounds that overlap, which are added up first
        for low, high, part in self._parts(start, len(mix), gains, scratch):
            if low >= end:
                np.add(mix[begin:end], bus[begin:end], out=mix[begin:end])
                begin = end = low
            if high > end:
                bus[end:high] = 0.0
                end = high
            heard = bus[low:high]
            np.add(heard, part, out=heard)
        np.add(mix[begin:end], bus[begin:end], out=mix[begin:end])

    def _parts(
        self, start: int, count: int, gains: Samples, scratch: Samples
    ) -> Iterator[tuple[int, int, Samples]]:
        """Yield what sounds in `count` frames from `start` on: from, to, and the samples."""
        first = bisect_right(self._reach, start)
        last = bisect_left(self._onsets, start + count)
        for index in range(first, last):
            at = self._onsets[index] - start
            low = max(at, 0)
            high = min(at + self._lengths[index], count)
            if low < high:
                sound = self._clips[self._sounds[index]][low - at : high - at]
                part = scratch[: high - low]
                np.multiply(sound, gains[index], out=part, dtype=np.float32)
                yield low, high, part
