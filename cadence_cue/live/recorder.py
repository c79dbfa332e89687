"""Records a voice from the microphone, in a child process because sound libraries print and crash.

`python -m cadence_cue.live.recorder [MICROPHONE]` writes what is heard to its standard output until
its standard input ends: a line with the rate, or with the reason why nothing can be heard, then
mono float32.
"""

from __future__ import annotations

import os
import select
import subprocess
import sys
from queue import SimpleQueue
from threading import Thread
from typing import Self

import numpy as np
import numpy.typing as npt

from cadence_cue.live import subprocess_command
from cadence_cue.live.backends.portaudio import PortAudio
from cadence_cue.live.input import pick_microphone
from cadence_cue.live.output import NoSoundError
from cadence_cue.media.samples import conformed
from cadence_cue.timing import RATE

Samples = npt.NDArray[np.float32]

_STARTING = 10.0  # seconds: a sound server that starts on demand needs a few
_LATENCY = 0.5  # seconds: no word may be lost, and nobody waits
_PIECE = 0.05  # seconds between two looks whether to end


class Recorder:
    """A recording that has begun; nothing of it outlives the end of the `with`."""

    def __init__(self, microphone: str | None = None) -> None:
        """Begin to record, once the device is open: one by name, or the default one.

        Raises NoSoundError.
        """
        self._process = subprocess.Popen(
            subprocess_command.command(__name__, *([microphone] if microphone else [])),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            start_new_session=True,
            env=subprocess_command.environment(),
        )
        self._heard: list[bytes] = []
        self._rate = RATE
        self._begun = 0  # bytes before what counts
        self._reader = Thread(target=self._read, daemon=True)
        try:
            self._begin()
        except NoSoundError:
            self.close()
            raise

    def __enter__(self) -> Self:
        """Return it."""
        return self

    def __exit__(self, *_: object) -> None:
        """End it."""
        self.close()

    def forget(self) -> None:
        """Forget what was heard so far."""
        self._begun = sum(map(len, self._heard)) // 4 * 4

    def stop(self) -> Samples:
        """End the recording and return it: mono, at RATE."""
        self._end_input()
        self._reader.join()
        heard = b"".join(self._heard)
        samples = np.frombuffer(heard[self._begun : len(heard) // 4 * 4], "<f4")[:, None]
        return np.concatenate([*conformed([samples], self._rate, rate=RATE, channels=1)])[:, 0]

    def close(self) -> None:
        """End the process, and forget what it heard."""
        self._end_input()
        self._process.kill()
        self._process.wait()
        if self._reader.is_alive():
            self._reader.join()
        if self._process.stdout:
            self._process.stdout.close()

    def _begin(self) -> None:
        out = self._process.stdout
        if out is None or not select.select([out], [], [], _STARTING)[0]:
            raise NoSoundError("the computer's sound system does not answer")
        reason = out.readline().decode(errors="replace")
        if not reason.strip().isdecimal():
            raise NoSoundError(reason.strip() or "the sound system stopped while it was asked")
        self._rate = int(reason)
        self._reader.start()

    def _read(self) -> None:
        out = self._process.stdout
        while out and (piece := out.read(1 << 16)):
            self._heard.append(piece)

    def _end_input(self) -> None:
        if self._process.stdin:
            self._process.stdin.close()


def _record(microphone: str | None = None) -> None:
    """Hand on what a microphone hears; runs in the child process."""
    out = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)  # some sound libraries print where they like
    sounds: SimpleQueue[bytes] = SimpleQueue()

    def take(heard: Samples, at: float, *, lost: bool) -> None:  # noqa: ARG001 - live.input.Take
        sounds.put(heard.tobytes())

    try:
        found = PortAudio()
        device = pick_microphone(found.microphones(), microphone)
        with found.listen(device, RATE, take, _LATENCY) as opened:
            out.write(f"{opened.rate}\n".encode())
            while not select.select([0], [], [], _PIECE)[0]:
                _hand_on(sounds, out.fileno())
        _hand_on(sounds, out.fileno())
    except NoSoundError as error:
        out.write(f"{error}\n".encode())
    except BrokenPipeError:
        pass  # nobody listens any more
    os._exit(0)  # some sound libraries crash while they are unloaded


def _hand_on(heard: SimpleQueue[bytes], out: int) -> None:
    while not heard.empty():
        piece = memoryview(heard.get())
        while piece:
            piece = piece[os.write(out, piece) :]


if __name__ == "__main__":
    _record(*sys.argv[1:])
