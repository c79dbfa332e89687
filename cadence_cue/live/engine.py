"""The engine: the process that plays.

It is apart from the screens because an audio thread beside a busy one, in the same interpreter,
waits for it. Its callback takes no lock, writes no log, allocates nothing large and opens no
file: it reads the control block, fills the block of samples, publishes a few numbers.

`python -m cadence_cue.live.engine CONTROL CHANNEL RATE BLOCK LATENCY [DEVICE]`: two inherited
descriptors, frames per second, frames, seconds, and an index or name. It ends when its parent
closes the channel or dies. With `--devices` it prints the outputs as JSON.
"""

from __future__ import annotations

import gc
import json
import os
import select
import signal
import socket
import sys
import threading
import time

import numpy as np
import numpy.typing as npt

from cadence_cue.live.control import ControlBlock
from cadence_cue.live.desk import RAMP_SECONDS, Desk, Loaded
from cadence_cue.live.device import Fill, NoSoundError, load, print_devices, stream
from cadence_cue.live.performance import Clips, Part, receive, unpack_clips, unpack_timeline
from cadence_cue.sound.renderer import Renderer

# Above ordinary programs, below the sound servers.
_PRIORITY = 10

# Seconds for which the interpreter may keep the audio thread waiting while this one works.
_SWITCH = 0.0005

# Seconds that a sound server may take to let go; a dead one never does.
_FAREWELL = 1


def main(arguments: list[str]) -> None:
    """Play until the parent is gone."""
    if arguments == ["--devices"]:
        print_devices()
        return
    for number in (signal.SIGINT, signal.SIGTSTP):
        signal.signal(number, signal.SIG_IGN)
    control, channel, rate, block = map(int, arguments[:4])
    latency = float(arguments[4])
    device = arguments[5] if len(arguments) > 5 else None
    with socket.socket(fileno=channel) as parent:
        threading.Thread(target=_end_with, args=(channel,), daemon=True).start()
        loaded: dict[int, Loaded] = {}
        desk = Desk(ControlBlock(control), loaded, rate)
        try:
            load()
            _settle()
            with stream(device, rate, block, latency, _filler(desk)) as name:
                _tell(parent, "device", name)
                _serve(parent, loaded, desk)
                signal.alarm(_FAREWELL)  # the kernel ends us if PortAudio hangs
                time.sleep(4 * RAMP_SECONDS)  # the player has asked for a pause: let it fade
        except NoSoundError as error:
            _tell(parent, "error", str(error))


def _end_with(channel: int) -> None:
    """End when the parent has died, also while PortAudio hangs."""
    watch = select.poll()
    watch.register(channel, 0)  # a hang-up is always told
    watch.poll()
    os._exit(1)


def _settle() -> None:
    """Keep the interpreter from stopping for its own sake."""
    gc.collect()
    gc.freeze()
    gc.disable()
    sys.setswitchinterval(_SWITCH)


def _filler(desk: Desk) -> Fill:
    underruns = 0
    realtime: bool | None = None

    def fill(out: npt.NDArray[np.float32], heard_at: float, *, underrun: bool) -> None:
        nonlocal underruns, realtime
        if realtime is None:
            realtime = _hurry()
        underruns += underrun
        desk.fill(out, heard_at, underruns, realtime=realtime)

    return fill


def _hurry() -> bool:
    """Try to give the calling thread real-time priority; tell whether it has it."""
    if sys.platform == "darwin":
        return True  # CoreAudio's threads are born with it
    try:
        if os.sched_getscheduler(0) not in {os.SCHED_FIFO, os.SCHED_RR}:
            os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(_PRIORITY))
    except OSError:
        return False
    return True


def _serve(parent: socket.socket, loaded: dict[int, Loaded], desk: Desk) -> None:
    """Make whatever arrives ready to be played, until the parent is gone."""
    beats: Clips = {}
    voice: Clips = {}
    while (message := receive(parent)) is not None:
        part, number, descriptor = message
        if part is Part.CLIPS:
            beats, voice = unpack_clips(descriptor)
        else:
            timeline = unpack_timeline(descriptor)
            renderer = Renderer(timeline, beats, voice)
            renderer.render(timeline.start, np.zeros(1, np.float32))
            # Old ones go here, on this thread, and never the one that sounds.
            for old in [key for key, item in loaded.items() if item is not desk.now]:
                del loaded[old]
            loaded[number] = Loaded(renderer, timeline.start, timeline.frames)
        os.close(descriptor)


def _tell(parent: socket.socket, key: str, text: str) -> None:
    parent.sendall(json.dumps({key: text}).encode() + b"\n")


if __name__ == "__main__":
    main(sys.argv[1:])
