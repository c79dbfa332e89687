"""Records a voice from the microphone: a listener that writes down what it hears."""

from __future__ import annotations

import time
import wave
from contextlib import ExitStack
from dataclasses import asdict
from typing import Self

import numpy as np
import numpy.typing as npt

from cadence_cue import storage
from cadence_cue.live.child import LISTENER, ChildProcess, StartedProcess
from cadence_cue.live.input import Input
from cadence_cue.live.output import NoSoundError
from cadence_cue.live.wave_writing import samples_in
from cadence_cue.media.samples import conformed
from cadence_cue.timing import RATE

Samples = npt.NDArray[np.float32]

_STARTING = 10.0  # seconds: a sound server that starts on demand needs a few


class Recorder:
    """A recording that has begun; nothing of it outlives the end of the `with`."""

    def __init__(self, microphone: str | None = None) -> None:
        """Begin to record, once the device is open: one by name, or the default one.

        Raises NoSoundError.
        """
        with ExitStack() as opened:
            try:
                folder = opened.enter_context(storage.temporary_folder())
                self._heard = str(folder / "heard.wav")
                wish = Input(microphone, record=self._heard, voice=True)
                self._process = ChildProcess(StartedProcess(LISTENER), {"input": asdict(wish)})
            except OSError as error:
                raise NoSoundError(f"it cannot be recorded ({error.strerror})") from None
            opened.callback(self._process.close)
            self._wait()
            self._opened = opened.pop_all()
        self._begun = 0  # the first frame that counts

    def __enter__(self) -> Self:
        """Return it."""
        return self

    def __exit__(self, *_: object) -> None:
        """End it."""
        self.close()

    def forget(self) -> None:
        """Forget what was heard so far."""
        with wave.open(self._heard, "rb") as file:
            self._begun = file.getnframes()

    def stop(self) -> Samples:
        """End the recording and return it: mono, at RATE. Raises NoSoundError, and OSError."""
        for told in self._process.messages(0):
            if why := told.get("error") or told.get("unrecorded"):
                raise NoSoundError(why)
        if self._process.ended:
            raise NoSoundError(f"its program ended ({self._process.fate})")
        self._process.close()
        with wave.open(self._heard, "rb") as file:
            rate = file.getframerate()
            file.setpos(self._begun)
            heard = samples_in(file)[:, None]
        return np.concatenate([*conformed([heard], rate, rate=RATE, channels=1)])[:, 0]

    def close(self) -> None:
        """End the process, and forget what it heard."""
        self._opened.close()

    def _wait(self) -> None:
        """Wait until the microphone is open and its file is there."""
        until = time.monotonic() + _STARTING
        while not self._process.ended and (left := until - time.monotonic()) > 0:
            for told in self._process.messages(left):
                if "error" in told:
                    raise NoSoundError(told["error"], lasting=told["lasting"])
                if "unrecorded" in told:
                    raise NoSoundError(f"it cannot be recorded ({told['unrecorded']})")
                if "recording" in told:
                    return
        if self._process.ended:
            raise NoSoundError(f"its program ended ({self._process.fate})")
        raise NoSoundError("the computer's sound system does not answer")
