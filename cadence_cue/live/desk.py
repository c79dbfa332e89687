"""The mixing desk: blocks of samples for the device, as the control block wants them.

The only part of the sound with a memory: the frame clock, and gains that move in 5 ms lines.
Everything else comes from the stateless renderer; while every gain rests at 0 or 1 the samples
are the renderer's own mix, which is the export's.
"""

from __future__ import annotations

import time
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from cadence_cue.live.control import ControlBlock, Desired, State, Stretch
from cadence_cue.sound.renderer import Renderer

Samples = npt.NDArray[np.float32]

RAMP_SECONDS = 0.005
"""How long a level, a mute or a pause takes: too short to be felt, long enough not to click."""

# Longer blocks are made in steps of this many frames, so that no buffer ever has to grow.
_STEP = 1024


class Loaded(NamedTuple):
    """A timeline that is ready to be played: its renderer and its span of frames."""

    renderer: Renderer
    start: int
    end: int


class Ramp:
    """A gain that goes to each new target in a straight line of `frames` frames."""

    __slots__ = ("_from", "_line", "left", "target")

    def __init__(self, value: float, frames: int) -> None:
        self._line = np.arange(1, frames + 1, dtype=np.float32) / np.float32(frames)
        self._from = value
        self.target = value
        self.left = 0

    def aim(self, target: float) -> None:
        """Set out for `target` from where the gain is now."""
        if target != self.target:
            if self.left:
                done = 1 - self.left / len(self._line)
                self._from += (self.target - self._from) * done
            else:
                self._from = self.target
            self.target = target
            self.left = len(self._line)

    def jump(self, value: float) -> None:
        """Be at `value` at once."""
        self.target = value
        self.left = 0

    def fill(self, out: Samples) -> None:
        """Fill `out` with the next gains; while moving, no more of them than are left."""
        if not self.left:
            out.fill(self.target)
            return
        done = len(self._line) - self.left
        np.multiply(self._line[done : done + len(out)], self.target - self._from, out=out)
        np.add(out, self._from, out=out)
        self.left -= len(out)


class Desk:
    """Fills the device's blocks, and publishes what it filled them with.

    `loaded` maps timeline ids to what can be played; another thread adds to it. A wish for a
    timeline that has not arrived is granted when it has; until then the present one, `now`,
    goes on.
    """

    def __init__(self, control: ControlBlock, loaded: dict[int, Loaded], rate: int) -> None:
        self._control = control
        self._loaded = loaded
        self._rate = rate
        self._desired = Desired()
        self._seen = 0
        self.now: Loaded | None = None
        self._timeline = 0
        self._generation = 0
        self._frame = 0
        self._resting = 0  # frames since the clock stopped: the noise goes on
        self._state = State.WAITING
        self._took = 0.0
        ramp = int(RAMP_SECONDS * rate)
        self._fade, self._relief = Ramp(0.0, ramp), Ramp(0.0, ramp)
        self._beat, self._voice, self._overall = (Ramp(1.0, ramp) for _ in range(3))
        self._ramps = (self._fade, self._relief, self._beat, self._voice, self._overall)
        self._mono, self._beats, self._speech, self._freed, self._gain, self._factor = (
            np.zeros(_STEP, np.float32) for _ in range(6)
        )

    def fill(self, out: Samples, heard_at: float, underruns: int, *, realtime: bool) -> None:
        """Fill `out`, shape (n, channels), whose first frame is heard at `heard_at`.

        Thread: audio. Real-time safe.
        """
        made_at = time.monotonic()
        if wish := self._control.desired():
            self._seen, self._desired = wish
        done = 0
        while done < len(out):
            self._level()
            self._steer()
            count = self._stretch(len(out) - done)
            state, frame = self._state, self._frame
            out[done : done + count] = self._make(count)[:, np.newaxis]
            self._control.publish(
                Stretch(
                    heard_at + done / self._rate,
                    made_at,
                    self._took,
                    self._seen,
                    self._generation,
                    self._timeline,
                    frame,
                    count,
                    state,
                    underruns,
                    realtime,
                )
            )
            done += count
        self._took = time.monotonic() - made_at

    def _steer(self) -> None:
        """Come one step nearer to the desired state; sound that is playing is faded out first."""
        want = self._desired
        coming = self._loaded.get(want.timeline) if want.generation != self._generation else None
        if want.generation == self._generation and want.timeline != self._timeline:
            self._go_on_with(want)
        if self._state is not State.PLAYING:
            if coming:
                self._begin(coming)
            elif self._state is State.PAUSED and want.playing:
                self._state = State.PLAYING
                self._fade.aim(1.0)
            elif self._state is State.HELD:
                self._wait_on(want)
        elif want.playing and not coming:
            self._fade.aim(1.0)
        else:
            self._fade.aim(0.0)
            if not self._fade.left:
                if coming:
                    self._begin(coming)
                else:
                    self._rest(State.PAUSED)
        if self._state is State.PLAYING and self._frame == want.hold:
            self._rest(State.HELD)

    def _go_on_with(self, want: Desired) -> None:
        """Take another timeline for the one that plays, where both are still the same."""
        other = self._loaded.get(want.timeline)
        if other and self._frame <= want.since:
            self.now, self._timeline = other, want.timeline

    def _wait_on(self, want: Desired) -> None:
        """Leave a held frame as if there had been no wait, or for a pause."""
        if not want.playing:
            self._rest(State.PAUSED)
        elif want.hold != self._frame:
            self._state = State.PLAYING
            self._fade.jump(1.0)
            self._fade.aim(1.0)

    def _begin(self, coming: Loaded) -> None:
        self.now = coming
        self._timeline = self._desired.timeline
        self._generation = self._desired.generation
        self._frame = self._desired.frame
        self._rest(State.PAUSED)
        if self._frame >= coming.end:
            self._rest(State.FINISHED)
        elif self._desired.playing:
            self._state = State.PLAYING
            # Nothing sounds across a timeline's own start: its first beat is not softened.
            if self._frame == coming.start:
                self._fade.jump(1.0)
            self._fade.aim(1.0)

    def _rest(self, state: State) -> None:
        self._state = state
        self._resting = 0
        self._fade.jump(0.0)

    def _level(self) -> None:
        """Set the levels out for their targets; where nothing sounds they are there at once."""
        want = self._desired
        for ramp, target in (
            (self._beat, want.beat),
            (self._voice, want.voice),
            (self._overall, want.overall),
            (self._relief, 0.0 if want.voice else 1.0),  # a muted voice ducks nothing
        ):
            if self._state is State.PLAYING:
                ramp.aim(target)
            else:
                ramp.jump(target)

    def _stretch(self, wanted: int) -> int:
        """How many frames can be made in one way: up to the end of a ramp or of the timeline."""
        count = min(wanted, _STEP)
        if self._state is State.PLAYING and self.now:
            count = min(count, self.now.end - self._frame)
            if self._frame < self._desired.hold:
                count = min(count, self._desired.hold - self._frame)
            for ramp in self._ramps:
                if ramp.left:
                    count = min(count, ramp.left)
        return count

    def _make(self, count: int) -> Samples:
        mono = self._mono[:count]
        if self.now is None:
            mono.fill(0.0)
        elif self._state is not State.PLAYING:
            self.now.renderer.noise(self._frame + self._resting, mono)
            self._resting += count
        else:
            self._mix(self.now.renderer, mono)
            self._frame += count
            if self._frame == self.now.end:
                self._rest(State.FINISHED)
        return mono

    def _mix(self, renderer: Renderer, mono: Samples) -> None:
        """Fill `mono` from the frame clock on; `mono` lies within any ramp that moves."""
        beat, voice = self._beat.target, self._voice.target
        common = self._fade.target * self._overall.target
        if common == 1 and {beat, voice} <= {0, 1} and not any(ramp.left for ramp in self._ramps):
            renderer.render(self._frame, mono, beat=beat == 1, voice=voice == 1)
            return
        beats, speech, freed, gain, factor = (
            buffer[: len(mono)]
            for buffer in (self._beats, self._speech, self._freed, self._gain, self._factor)
        )
        renderer.noise(self._frame, mono)
        renderer.buses(self._frame, beats, speech, freed)
        self._relief.fill(gain)
        np.multiply(freed, gain, out=freed)
        np.add(beats, freed, out=beats)
        self._fade.fill(factor)
        self._overall.fill(gain)
        np.multiply(factor, gain, out=factor)
        for bus, ramp in ((beats, self._beat), (speech, self._voice)):
            ramp.fill(gain)
            np.multiply(bus, gain, out=bus)
            np.multiply(bus, factor, out=bus)
            np.add(mono, bus, out=mono)
