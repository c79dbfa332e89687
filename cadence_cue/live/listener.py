"""The listener: the process that hears the runner's steps through a microphone.

It is a process of its own for the engine's reasons: sound libraries print, hang and crash, and
neither side may wait for the other. It finds the steps itself and tells only when they were; the
sound is forgotten, unless the runner wants a recording.

Run as `python -m cadence_cue.live.listener ORDER`, where ORDER is the JSON that live.microphone
writes. The listener ends when its parent dies.
"""

from __future__ import annotations

import json
import os
import queue
import socket
import sys
from contextlib import ExitStack
from dataclasses import asdict
from typing import Any

import numpy as np
import numpy.typing as npt

from cadence_cue.live.backends.portaudio import PortAudio
from cadence_cue.live.ear import Ear
from cadence_cue.live.input import Input, pick_microphone
from cadence_cue.live.output import NoSoundError
from cadence_cue.live.parent import parent
from cadence_cue.live.wave_writing import new_wave, pcm

Samples = npt.NDArray[np.float32]

_WAITING = 500  # blocks that may wait for us, about 10 s
_TELLING = 0.1  # seconds from one message to the next
_ZEROS = 1.0  # seconds of nothing but zeros, which no microphone hears


class Listener:
    """A microphone, and the channel to the parent process."""

    def __init__(self, order: dict[str, Any], channel: socket.socket) -> None:
        self._input = Input(**order["input"])
        self._parent = channel
        self._blocks: queue.Queue[tuple[Samples, float, bool]] = queue.Queue(_WAITING)
        self._lost = False

    def run(self) -> None:
        """Listen until this process is ended."""
        try:
            found = PortAudio()
            device = pick_microphone(found.microphones(), self._input.device)
            with found.listen(device, self._input.rate, self._take) as opened:
                self._tell(opened=asdict(opened))
                self._listen(opened.rate)
        except NoSoundError as error:
            self._tell(error=str(error), lasting=error.lasting)

    def _take(self, heard: Samples, at: float, *, lost: bool) -> None:
        """Take a block, as `live.input.Take` describes. Thread: audio."""
        try:
            self._blocks.put_nowait((heard.copy(), at, lost or self._lost))
            self._lost = False
        except queue.Full:
            self._lost = True

    def _listen(self, rate: int) -> None:
        ear, told, zeros = Ear(rate), 0.0, 0
        steps: list[tuple[float, float]] = []
        with ExitStack() as files:
            record = self._input.record
            recording = files.enter_context(new_wave(record, rate)) if record else None
            while True:
                block, at, lost = self._blocks.get()
                if lost:
                    ear = Ear(rate)
                if recording:  # whole after each block, however this process ends
                    recording.writeframes(pcm(block))
                zeros = 0 if block.any() else zeros + len(block)
                if zeros - len(block) < _ZEROS * rate <= zeros:
                    self._tell(zeros=True)
                steps += [(step.at, step.contrast) for step in ear.hear(block, at)]
                if at - told >= _TELLING:
                    self._tell(heard=ear.heard, steps=steps, noise_db=ear.noise_db)
                    told, steps = at, []

    def _tell(self, **news: object) -> None:
        self._parent.sendall(json.dumps(news).encode() + b"\n")


def main(arguments: list[str]) -> None:
    """Run a listener with the JSON order in the first argument."""
    with parent(arguments) as (order, channel):
        Listener(order, channel).run()
    os._exit(0)  # some sound libraries crash while they are unloaded


if __name__ == "__main__":
    main(sys.argv[1:])
