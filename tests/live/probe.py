"""One back end, tried in a process of its own: sound libraries look for servers only once.

`python -m tests.live.probe WISH`: prints what became of it, as JSON lines.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from cadence_cue.live.backends import backend
from cadence_cue.live.output import BLOCK, Device, NoSoundError, pick
from cadence_cue.timing import RATE

OTHER_RATE = 44100
"""No test's server runs at this one."""


@dataclass(frozen=True, slots=True)
class StoredWish:
    """What to try: to play so many `frames` of `samples` on a device, or to have `fill` raise.

    The `rate` is asked for as the engine does, or just taken where `forced`.
    """

    backend: str
    device: str | None = None
    rate: int = RATE
    forced: bool = False
    latency: float = 0.2
    frames: int = RATE
    raises: bool = False


@dataclass(frozen=True, slots=True)
class Calls:
    """How `fill` was called."""

    count: int
    frames: int
    shaped: bool
    """Whether each block was stereo and float32."""
    lead: float
    """Seconds from being called to being heard, as a median."""
    late: int
    """Calls that came after the end of the `with`."""


def samples(frames: int) -> npt.NDArray[np.float32]:
    """Noise without a single zero, another in each ear; shape (frames, 2)."""
    noise = np.random.default_rng(7).uniform(0.01, 0.9, (frames, 2))
    return (noise * (1, -1)).astype(np.float32)


class _Track:
    """A fill: silence until `begin`, then the samples, then silence."""

    def __init__(self, wish: StoredWish) -> None:
        self.begin = threading.Event()
        self.made = threading.Event()
        self.count = 0
        self._wish = wish
        self._samples = samples(wish.frames)
        self._at = 0
        self._shaped = True
        self._leads: list[float] = []

    def __call__(self, out: npt.NDArray[np.float32], heard_at: float, *, underrun: bool) -> None:
        del underrun
        self.count += 1
        self._leads.append(heard_at - time.monotonic())
        self._shaped &= out.ndim == 2 and out.shape[1] == 2 and out.dtype == np.float32
        out.fill(0.0)
        if self._wish.raises and self.count == 3:
            self.made.set()
            raise RuntimeError("the fill broke")
        if self.begin.is_set():
            piece = self._samples[self._at : self._at + len(out)]
            out[: len(piece)] = piece
            self._at += len(piece)
            if self._at == len(self._samples):
                self.made.set()

    def calls(self, at_the_end: int) -> Calls:
        lead = float(np.median(self._leads))
        return Calls(self.count, self._at, self._shaped, lead, self.count - at_the_end)


def _tell(where: Any, **what: Any) -> None:
    where.write(json.dumps(what) + "\n")
    where.flush()


def _try(wish: StoredWish, where: Any) -> None:
    found = backend(wish.backend)
    devices = found.devices()
    device: Device = pick(devices, wish.device)
    rate = wish.rate if wish.forced else found.rate(device, wish.rate)
    _tell(
        where,
        devices=[asdict(each) for each in devices],
        rate=rate,
        other=found.rate(device, OTHER_RATE),
    )
    track = _Track(wish)
    with found.open(device, rate, BLOCK, wish.latency, track) as opened:
        _tell(where, opened=asdict(opened))
        sys.stdin.readline()
        track.begin.set()
        track.made.wait()
    at_the_end = track.count
    time.sleep(0.1)  # whoever still calls does so within this
    _tell(where, calls=asdict(track.calls(at_the_end)))


def main(wish: StoredWish) -> None:
    with os.fdopen(os.dup(1), "w") as where:
        os.dup2(2, 1)  # some sound libraries print where they like
        try:
            _try(wish, where)
        except NoSoundError as error:
            _tell(where, error=str(error), lasting=error.lasting)


if __name__ == "__main__":
    main(replace(StoredWish(""), **json.loads(sys.argv[1])))
