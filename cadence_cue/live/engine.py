"""The engine: the process that plays.

It is a separate process because an audio thread that shares its interpreter with a busy thread
has to wait for it. The audio callback takes no lock, writes no log, allocates nothing large and
opens no file: it reads the control block, fills a block of samples and publishes a few numbers.

Run as `python -m cadence_cue.live.engine CHANNEL`, the number of a socket through which
live.process gives its order. The engine ends when its parent closes the channel or dies.
"""

from __future__ import annotations

import gc
import json
import os
import select
import signal
import socket
import sys
import time
import traceback
from contextlib import ExitStack
from dataclasses import asdict, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from cadence_cue.live.backends import AUDIBLE, backend
from cadence_cue.live.backends.silent import step
from cadence_cue.live.control import Desired
from cadence_cue.live.feeder import FEEDING, Feeder
from cadence_cue.live.messages import MessageKind, receive
from cadence_cue.live.mixer import RAMP_SECONDS, Loaded, Mixer
from cadence_cue.live.output import Backend, Device, NoSoundError, Opened, Output, pick
from cadence_cue.live.packing import Clips, unpack_clips, unpack_music, unpack_timeline
from cadence_cue.live.parent import parent
from cadence_cue.live.recovery import Dryness
from cadence_cue.live.sounding import SoundingBlock
from cadence_cue.sound.bed import Curve
from cadence_cue.sound.renderer import Renderer
from cadence_cue.sound.spans import LaidMusic

# Above ordinary programs, below the sound servers.
_PRIORITY = 10

# Seconds after which the interpreter makes the main thread yield to the audio thread.
_SWITCH = 0.0005

# Seconds that a sound server may take to close the stream; a dead one never does.
_CLOSING = 1

# Seconds between two checks of the device's underrun count, and of whether to play again.
_POLL = 0.25
_WAKING = 0.01


class Engine:
    """A mixer, the device that it feeds, and the channel to the parent process."""

    def __init__(self, order: dict[str, Any], channel: socket.socket) -> None:
        self._output = Output(**order["output"])
        self._wanted: int = order["rate"]
        # The first to begin with, the others for when the device runs dry.
        self._latency, *self._latencies = order["latencies"]
        self._stepped: bool = order["stepped"]
        self._parent = channel
        self._control = SoundingBlock(order["control"])
        self._loaded: dict[int, Loaded] = {}
        self._beats: Clips = {}
        self._voice: Clips = {}
        self._mixer = Mixer(self._control, self._loaded, self._wanted)
        self._feeders: list[Feeder] = []  # of the music that plays, and of what may follow
        self._coming: dict[int, Feeder] = {}  # by the timeline that it comes with
        self._music_notice = ""  # the last notice about the music
        self._underruns = 0
        self._realtime: bool | None = None

    def run(self) -> None:
        """Play until the parent closes the channel."""
        with ExitStack() as playing:
            try:
                self._play(playing)
            except NoSoundError as error:
                self._tell(error=str(error), lasting=error.lasting)
                return
            signal.alarm(_CLOSING)  # the kernel ends us if the sound server hangs
            time.sleep(4 * RAMP_SECONDS)  # the player has asked for a pause: let the sound fade

    def _play(self, playing: ExitStack) -> None:
        """Serve the parent; reopen after a rest, and with more latency after underruns.

        Raises NoSoundError.
        """
        found, device, opened = self._open(playing)
        self._tell(opened=asdict(opened))
        dryness = Dryness(time.monotonic())
        while self._serve():
            if self._resting:
                if not self._rest(playing):
                    return
                opened = self._start(playing, found, device, opened.rate)
                dryness = Dryness(time.monotonic())
            elif dryness.grown(time.monotonic(), self._underruns) and self._latencies:
                self._latency = self._latencies.pop(0)
                self._tell(latency=self._latency)  # before opening, which may take long
                playing.close()  # plays what has been rendered
                opened = self._start(playing, found, device, opened.rate)
                dryness = Dryness(time.monotonic())

    def fill(self, out: npt.NDArray[np.float32], heard_at: float, *, underrun: bool) -> None:
        """Render one block, as `live.output.Fill` describes. Thread: audio. Real-time safe."""
        if self._realtime is None:
            self._realtime = _make_realtime()
        self._underruns += underrun
        try:
            self._mixer.fill(out, heard_at, self._underruns, realtime=self._realtime)
        except Exception:  # noqa: BLE001 - a defect: the sound library would just go silent
            traceback.print_exc()
            os._exit(1)

    def _open(self, playing: ExitStack) -> tuple[Backend, Device, Opened]:
        """Open the first device that works. Raises NoSoundError if none does."""
        reasons: list[NoSoundError] = []
        for name in [self._output.backend] if self._output.backend else AUDIBLE:
            try:
                found = backend(name)
                device = pick(found.devices(), self._output.device)
                if self._output.device is not None:
                    device = replace(device, default=False)  # do not follow the system default
                rate = found.rate(device, self._wanted)
                self._mixer = Mixer(self._control, self._loaded, rate)
                return found, device, self._start(playing, found, device, rate)
            except NoSoundError as error:
                reasons.append(error)
        # That a second choice is not installed is not worth mentioning.
        told = [reasons[0], *(reason for reason in reasons[1:] if not reason.lasting)]
        text = "; ".join(dict.fromkeys(map(str, told)))
        raise NoSoundError(text, lasting=all(reason.lasting for reason in reasons))

    def _start(self, playing: ExitStack, found: Backend, device: Device, rate: int) -> Opened:
        if self._stepped:
            return Opened(found.name, device.name, rate, 0.0, device.full)
        _tune_interpreter()
        self._realtime = None  # a new stream has a new thread
        self._mixer.stream += 1
        stream = found.open(device, rate, self._output.block, self._latency, self.fill)
        return playing.enter_context(stream)

    @property
    def _resting(self) -> bool:
        """Whether nothing is to be heard, not even the noise floor."""
        _, wish = self._control.desired() or (0, Desired())
        return wish.resting

    def _rest(self, playing: ExitStack) -> bool:
        """Let the device go until something is to be heard; False when the parent is gone."""
        time.sleep(4 * RAMP_SECONDS)  # what was asked to stop fades
        playing.close()
        while self._resting:
            if not self._serve(_WAKING):
                return False
        return True

    def _serve(self, wait: float = _POLL) -> bool:
        """Wait briefly for a message of the parent and handle it; False when the parent is gone."""
        self._feed()
        wait = min(wait, FEEDING) if self._feeders else wait
        if not select.select([self._parent], [], [], wait)[0]:
            return True
        message = receive(self._parent)
        if message is None:
            return False
        part, number, descriptor = message
        if descriptor is None:
            step(self._fill_step, number, self._output.block)
            self._tell(stepped=number)
            return True
        if part is MessageKind.CLIPS:
            beats, voice = unpack_clips(descriptor)
            self._beats, self._voice = {**self._beats, **beats}, {**self._voice, **voice}
        elif part is MessageKind.MUSIC:
            self._take_music(number, unpack_music(descriptor))
        else:
            timeline = unpack_timeline(descriptor)
            renderer = Renderer(timeline, self._beats, self._voice)
            renderer.render(timeline.start, np.zeros(1, np.float32))
            # Free old timelines here, on this thread, and never the one that is playing.
            now = self._mixer.now
            for old, item in [*self._loaded.items()]:
                if now is None or item.renderer is not now.renderer:
                    del self._loaded[old]
            curve = Curve(timeline, voice=bool(self._voice))
            music = self._coming.pop(number, None)
            self._loaded[number] = Loaded(renderer, curve, timeline.start, timeline.frames, music)
        os.close(descriptor)
        return True

    def _take_music(self, number: int, music: LaidMusic | None) -> None:
        """Take the music that comes with the next timeline, or replace what plays if that is 0."""
        feeder = None
        if music is not None:
            try:
                feeder = Feeder(music, self._mixer.rate)
            except OSError as error:
                self._tell(notice=f"The music cannot be played: {error.strerror}.")
        if feeder:
            self._feeders.append(feeder)
        if not number:
            # First those of offers: the audio thread may take one over at any moment.
            for each, item in self._loaded.items():
                self._loaded[each] = item._replace(feeder=None)
            self._mixer.bed.feeder = feeder
        elif feeder:
            self._coming[number] = feeder

    def _feed(self) -> None:
        """Read ahead in the music, and report each problem with it once."""
        mixer = self._mixer
        if not self._feeders:
            return
        self._close_unused()
        _, wish = self._control.desired() or (0, Desired())
        generation = mixer.generation  # read before `frame`, because the mixer sets it after
        for feeder in self._feeders:
            feeder.feed(generation, mixer.frame, wish)
        heard = mixer.bed.feeder
        told = ""
        if heard and heard.broken:
            told = f"The music stopped: {heard.broken}. All else goes on."
        elif heard and heard.gaps:
            told = "The music had a gap: it could not be read fast enough."
        if told and told != self._music_notice:
            self._music_notice = told
            self._tell(notice=told)

    def _close_unused(self) -> None:
        """Close the music that neither plays nor may follow."""
        coming = [*self._coming.values(), *(item.feeder for item in self._loaded.values())]
        for feeder in [each for each in self._feeders if each not in coming]:
            if feeder is not self._mixer.bed.feeder:
                self._feeders.remove(feeder)
                feeder.close()

    def _fill_step(self, out: npt.NDArray[np.float32], heard_at: float, *, underrun: bool) -> None:
        """Render a block in stepped mode: read ahead first, so that the feeder is never late."""
        self._feed()
        self.fill(out, heard_at, underrun=underrun)

    def _tell(self, **news: object) -> None:
        self._parent.sendall(json.dumps(news).encode() + b"\n")


def main(arguments: list[str]) -> None:
    """Run an engine on the channel with the number in the first argument."""
    with parent(arguments) as (order, channel):
        Engine(order, channel).run()


def _tune_interpreter() -> None:
    """Keep the interpreter from pausing for garbage collection or thread switches."""
    gc.collect()
    gc.freeze()
    gc.disable()
    sys.setswitchinterval(_SWITCH)


def _make_realtime() -> bool:
    """Try to give the calling thread real-time priority; return whether it has it."""
    if sys.platform == "darwin":
        return True  # CoreAudio's threads always have it
    try:
        if os.sched_getscheduler(0) not in {os.SCHED_FIFO, os.SCHED_RR}:
            os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(_PRIORITY))
    except OSError:
        return False
    return True


if __name__ == "__main__":
    main(sys.argv[1:])
