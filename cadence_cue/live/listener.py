"""The listener: the process that hears the runner's steps, or records a voice, by a microphone.

It is a process of its own for the engine's reasons: sound libraries print, hang and crash, and
neither side may wait for the other. It finds the steps itself and tells only when they were; the
sound is forgotten, unless the runner wants a recording.

Run as `python -m cadence_cue.live.listener CHANNEL`, the number of a socket through which
live.microphone or live.recorder gives its order. The listener ends when its parent dies.
"""

from __future__ import annotations

import json
import os
import queue
import select
import socket
import sys
import wave
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from typing import Any

from cadence_cue.live.backends.portaudio import PortAudio
from cadence_cue.live.ear import Ear
from cadence_cue.live.echo import Echo, Lesson
from cadence_cue.live.input import HeardStep, Input, Span, is_served, pick_microphone
from cadence_cue.live.output import NoSoundError, Opened
from cadence_cue.live.parent import parent
from cadence_cue.live.played_sound import PlayedSound
from cadence_cue.live.room import Room, load_rooms
from cadence_cue.live.sounding import Samples
from cadence_cue.live.source_watch import SourceWatch
from cadence_cue.live.wave_writing import new_wave, pcm

_ABOUT = 4096  # bytes that are told of an engine, at most
_WAITING = 500  # blocks that may wait for us, many seconds
_TELLING = 0.1  # seconds from one message to the next
_ZEROS = 1.0  # seconds of nothing but zeros, which no microphone hears
_MOVED = "the sound server has moved to another microphone"
_LATENCY, _OF_VOICE = 0.1, 0.5  # seconds: of a voice no word may be lost, and nobody waits


class Listener:
    """A microphone, and the channel to the parent process."""

    def __init__(self, order: dict[str, Any], channel: socket.socket) -> None:
        self._input = Input(**order["input"])
        self._parent = channel
        self._blocks: queue.Queue[tuple[Samples, float, bool]] = queue.Queue(_WAITING)
        self._lost = False
        self._played: PlayedSound | None = None
        self._room: Room | None = None
        self._lesson: Lesson | None = None

    def run(self) -> None:
        """Listen until this process is ended."""
        try:
            found = PortAudio()
            device = pick_microphone(found.microphones(), self._input.device)
            latency = _OF_VOICE if self._input.voice else _LATENCY
            with found.listen(device, self._input.rate, self._take, latency) as opened:
                self._tell(opened=asdict(opened))
                watched = is_served(device) and not self._input.voice
                self._listen(opened, SourceWatch() if watched else None)
        except NoSoundError as error:
            self._tell(error=str(error), lasting=error.lasting)

    def _take(self, heard: Samples, at: float, *, lost: bool) -> None:
        """Take a block, as `live.input.Take` describes. Thread: audio."""
        try:
            self._blocks.put_nowait((heard.copy(), at, lost or self._lost))
            self._lost = False
        except queue.Full:
            self._lost = True

    def _listen(self, opened: Opened, watch: SourceWatch | None) -> None:
        rate = opened.rate
        ear, told, zeros = self._ear(rate), 0.0, 0
        steps: list[HeardStep] = []
        hidden: list[Span] = []
        with ExitStack() as files:
            recording = self._recording(files, rate)
            while True:
                block, at, lost = self._blocks.get()
                if recording:  # whole after each block, however this process ends
                    try:
                        recording.writeframes(pcm(block))
                    except OSError as error:
                        recording = None
                        self._tell(unrecorded=error.strerror)
                if self._input.voice:
                    continue
                if self._follow(opened.device) or lost:
                    ear = self._ear(rate)
                before, zeros = zeros, 0 if block.any() else zeros + len(block)
                if (before < _ZEROS * rate) != (zeros < _ZEROS * rate):
                    self._tell(zeros=zeros > 0)
                found = ear.hear(block, at)
                steps += found.steps
                hidden += found.hidden
                if at - told >= _TELLING:
                    self._tell(heard=ear.heard, steps=steps, hidden=hidden, noise_db=ear.noise_db)
                    told, steps, hidden = at, [], []
                    if watch and watch.moved():
                        raise NoSoundError(_MOVED)
                self._teach()

    def _recording(self, files: ExitStack, rate: int) -> wave.Wave_write | None:
        """Open the file that what is heard is written to; None for none, or if that fails."""
        if not self._input.record:
            return None
        try:
            recording = files.enter_context(new_wave(self._input.record, rate))
        except OSError as error:
            self._tell(unrecorded=error.strerror)
            return None
        self._tell(recording=True)
        return recording

    def _ear(self, rate: int) -> Ear:
        """Return an ear for what is heard from now on."""
        self._lesson = None
        if self._played and self._input.learns:
            self._lesson = Lesson(self._played)
        echo = Echo(self._played, self._room) if self._played and self._room else None
        return Ear(rate, self._lesson or echo)

    def _follow(self, microphone: str) -> bool:
        """Follow the engine whose control block the parent has handed on; whether it has.

        It plays on a device of its own, whose room with the microphone is another.
        """
        if not select.select([self._parent], [], [], 0)[0]:
            return False
        about, descriptors, _, _ = socket.recv_fds(self._parent, _ABOUT, 1)
        for descriptor in descriptors:
            engine = json.loads(about)
            if self._played:
                self._played.close()
            self._played = PlayedSound(descriptor, engine["rate"])
            rooms = load_rooms(Path(self._input.rooms)) if self._input.rooms else {}
            self._room = rooms.get((engine["output"], microphone))
        return bool(descriptors)

    def _teach(self) -> None:
        """Tell what was learnt of the room."""
        if self._lesson and (room := self._lesson.room):
            self._lesson.room = None
            self._tell(room=[room.response.tolist(), room.left, room.delay])

    def _tell(self, **news: object) -> None:
        self._parent.sendall(json.dumps(news).encode() + b"\n")


def main(arguments: list[str]) -> None:
    """Run a listener on the channel with the number in the first argument."""
    with parent(arguments) as (order, channel):
        Listener(order, channel).run()
    os._exit(0)  # some sound libraries crash while they are unloaded


if __name__ == "__main__":
    main(sys.argv[1:])
