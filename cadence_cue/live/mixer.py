"""The mixer: fills the device's blocks with samples as the control block demands.

It is the only stateful part of the sound: the frame clock, and gains that move in 5 ms ramps.
Everything else comes from the stateless renderer; while every gain rests at 0 or 1 the samples
are the renderer's own mix, identical to an export's.
"""

from __future__ import annotations

import time
from typing import NamedTuple

import numpy as np

from cadence_cue.live.control import Desired, PlayedBlock, State
from cadence_cue.live.feeder import Feeder
from cadence_cue.live.music_strip import MusicStrip
from cadence_cue.live.ramp import Ramp
from cadence_cue.live.sounding import Samples, SoundingBlock
from cadence_cue.sound.bed import Curve
from cadence_cue.sound.renderer import Renderer

RAMP_SECONDS = 0.005
"""How long a level, a mute or a pause takes: too short to be felt, long enough not to click."""

# Longer blocks are rendered in steps of this many frames, so that no buffer ever has to grow.
_STEP = 1024


class Loaded(NamedTuple):
    """A timeline ready to play: its renderer, the music's gains, its first frame and its end.

    `feeder` reads the music that comes with it; None for what was heard before.
    """

    renderer: Renderer
    curve: Curve
    start: int
    end: int
    feeder: Feeder | None = None


class Mixer:
    """Fills the device's blocks, and publishes what it filled them with.

    `loaded` maps timeline ids to what can be played; another thread adds to it. A requested
    timeline that has not arrived yet starts when it has, and when the music has been read up to
    there; until then the current one, `now`, goes on, or goes on standing.

    | state    | frame clock                  | next state                                        |
    |----------|------------------------------|---------------------------------------------------|
    | WAITING  | not started                  | the first state of a generation                   |
    | PLAYING  | running                      | PAUSED: `playing` is false, the fade-out is over  |
    |          |                              | HELD: frame `hold` is reached                     |
    |          |                              | FINISHED: the timeline's last frame is rendered   |
    | PAUSED   | stopped, noise floor goes on | PLAYING: `playing` is true; fades in              |
    | HELD     | the same, at frame `hold`    | PLAYING: `hold` has changed; at once, no fade     |
    |          |                              | PAUSED: `playing` is false                        |
    | FINISHED | the same, at the end         | only that of a new generation                     |

    A new generation starts from any state, after PLAYING has faded out. It starts PLAYING; PAUSED
    if `playing` is false; FINISHED if its frame is the timeline's end. Offers change no state.
    """

    def __init__(self, control: SoundingBlock, loaded: dict[int, Loaded], rate: int) -> None:
        self._control = control
        self._loaded = loaded
        self.rate = rate
        self._desired = Desired()
        self._seen = 0
        self.now: Loaded | None = None
        self.generation = 0
        """The generation that plays; set after `frame`."""
        self.frame = 0
        """The next frame to render."""
        self._timeline = 0
        self.stream = 0
        """How often the device was opened."""
        self._given = 0  # frames given to the device
        self._resting = 0  # frames since the clock stopped: the noise floor continues
        self._state = State.WAITING
        self._took = 0.0
        ramp = int(RAMP_SECONDS * rate)
        self._fade, self._relief = Ramp(0.0, ramp), Ramp(0.0, ramp)
        self._beat, self._voice, self._overall = (Ramp(1.0, ramp) for _ in range(3))
        self.bed = MusicStrip(rate, Ramp(1.0, ramp), _STEP)
        self._ramps = (self._fade, self._relief, self._beat, self._voice, self._overall)
        self._mono, self._beats, self._speech, self._freed, self._gain, self._relieved = (
            np.zeros(_STEP, np.float32) for _ in range(6)
        )
        self._factor = np.zeros(_STEP, np.float32)

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
            count = self._span(len(out) - done)
            state, frame = self._state, self.frame
            self._render(out[done : done + count])
            self._control.keep(self._given, out[done : done + count])
            self._control.publish(
                PlayedBlock(
                    heard_at + done / self.rate,
                    made_at,
                    self._took,
                    self._seen,
                    self.generation,
                    self._timeline,
                    frame,
                    count,
                    state,
                    self.stream,
                    underruns,
                    self._given,
                    realtime,
                )
            )
            done += count
            self._given += count
        self._took = time.monotonic() - made_at

    def _steer(self) -> None:
        """Move one step towards the desired state; sound that is playing is faded out first."""
        want = self._desired
        new = want.generation != self.generation
        coming = self._loaded.get(want.timeline) if new else None
        if coming and not self.bed.ready(want.generation, coming.feeder):
            coming = None
        if want.generation == self.generation and want.timeline != self._timeline:
            self._answer(want)
        if self._state is not State.PLAYING:
            if coming:
                self._begin(coming)
            elif want.generation == self.generation:  # else what stands waits for what is coming
                self._go_on(want)
        elif want.playing and not coming:
            self._fade.aim(1.0)
        else:
            self._fade.aim(0.0)
            if not self._fade.left:
                if coming:
                    self._begin(coming)
                else:
                    self._rest(State.PAUSED)
        if self._state is State.PLAYING and self.frame == want.hold:
            self._rest(State.HELD)

    def _answer(self, want: Desired) -> None:
        """Accept an offer if it is still equal to what plays; going on without it refuses it."""
        other = self._loaded.get(want.timeline)
        if not (other and self.now and self.frame <= want.since):
            return
        if self.bed.ready(self.generation, other.feeder):
            self.bed.turn(self.now.curve)
            self.bed.take(other.feeder)
            self.now, self._timeline = other, want.timeline

    def _go_on(self, want: Desired) -> None:
        """Leave a pause, or a held frame: go on as if there had been no wait, or pause there."""
        match self._state:
            case State.PAUSED if want.playing:
                self._state = State.PLAYING
                self._fade.aim(1.0)
            case State.HELD if not want.playing:
                self._rest(State.PAUSED)
            case State.HELD if want.hold != self.frame:
                self._state = State.PLAYING
                self._fade.jump(1.0)
                self._fade.aim(1.0)

    def _begin(self, coming: Loaded) -> None:
        self.now = coming
        self.bed.take(coming.feeder)
        self.bed.begin()
        self._timeline = self._desired.timeline
        self.frame = self._desired.frame
        self.generation = self._desired.generation
        self._rest(State.PAUSED)
        if self.frame >= coming.end:
            self._rest(State.FINISHED)
        elif self._desired.playing:
            self._state = State.PLAYING
            # Nothing sounds across a timeline's own start, so its first beat needs no fade-in.
            if self.frame == coming.start:
                self._fade.jump(1.0)
            self._fade.aim(1.0)

    def _rest(self, state: State) -> None:
        self._state = state
        self._resting = 0
        self._fade.jump(0.0)

    def _level(self) -> None:
        """Start ramps to the desired levels; while nothing sounds, set them at once."""
        want = self._desired
        for ramp, target in (
            (self._beat, want.beat),
            (self._voice, want.voice),
            (self.bed.level, want.bed),
            (self._overall, want.overall * self.bed.headroom),
            (self._relief, 0.0 if want.voice else 1.0),  # a muted voice ducks nothing
        ):
            if self._state is State.PLAYING:
                ramp.aim(target)
            else:
                ramp.jump(target)

    def _span(self, wanted: int) -> int:
        """How many frames can be rendered in one go: up to the end of a ramp or the timeline."""
        count = min(wanted, _STEP)
        if self._state is State.PLAYING and self.now:
            count = min(count, self.now.end - self.frame)
            if self.frame < self._desired.hold:
                count = min(count, self._desired.hold - self.frame)
            for left in (*(ramp.left for ramp in self._ramps), self.bed.level.left, self.bed.left):
                if left:
                    count = min(count, left)
        return count

    def _render(self, out: Samples) -> None:
        """Fill `out`, which ends no later than any moving ramp, and advance the clock."""
        count = len(out)
        mono = self._mono[:count]
        if self.now is None:
            out.fill(0.0)
        elif self._state is not State.PLAYING:
            self.now.renderer.noise(self.frame + self._resting, mono)
            out[:] = mono[:, np.newaxis]
            self._resting += count
        else:
            self._play(self.now, mono, out)
            self.frame += count
            if self.frame == self.now.end:
                self._rest(State.FINISHED)

    def _play(self, now: Loaded, mono: Samples, out: Samples) -> None:
        beat, voice = self._beat.target, self._voice.target
        common = self._fade.target * self._overall.target
        resting = common == 1 and not any(ramp.left for ramp in self._ramps)
        relieved = self._relieved[: len(mono)]
        self._relief.fill(relieved)
        factor = None if resting else self._common(len(mono))
        if factor is None and {beat, voice} <= {0, 1}:
            now.renderer.render(self.frame, mono, beat=beat == 1, voice=voice == 1)
        else:
            self._mix(now.renderer, mono, relieved, factor)
        out[:] = mono[:, np.newaxis]
        self.bed.add(
            out,
            self.generation,
            self.frame,
            now.curve,
            relief=relieved if relieved.any() else None,
            common=factor,
        )

    def _common(self, count: int) -> Samples:
        """The gains common to all buses, shape (count,)."""
        factor, gain = self._factor[:count], self._gain[:count]
        self._fade.fill(factor)
        self._overall.fill(gain)
        np.multiply(factor, gain, out=factor)
        return factor

    def _mix(
        self, renderer: Renderer, mono: Samples, relieved: Samples, factor: Samples | None
    ) -> None:
        """Fill `mono` from the frame clock on, with each bus at its own gain."""
        beats, speech, freed, gain = (
            buffer[: len(mono)] for buffer in (self._beats, self._speech, self._freed, self._gain)
        )
        renderer.noise(self.frame, mono)
        renderer.buses(self.frame, beats, speech, freed)
        np.multiply(freed, relieved, out=freed)
        np.add(beats, freed, out=beats)
        for bus, ramp in ((beats, self._beat), (speech, self._voice)):
            ramp.fill(gain)
            np.multiply(bus, gain, out=bus)
            if factor is not None:
                np.multiply(bus, factor, out=bus)
            np.add(mono, bus, out=mono)
