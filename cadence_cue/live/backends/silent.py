"""The silent back end: real time or single steps, without a device."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np

from cadence_cue.live.output import Device, Fill, Opened
from cadence_cue.timing import RATE

_HEARD = 0.0  # the start of time.monotonic: stepped frames count as heard


class Silent:
    """A device that discards its samples."""

    name = "silent"

    def devices(self) -> list[Device]:
        """Its only device."""
        return [Device(self.name, 0, "silence", "none", 2, RATE, 0.0, default=True)]

    def rate(self, device: Device, wanted: int) -> int:  # noqa: ARG002
        """`wanted`: every rate works."""
        return wanted

    @contextmanager
    def open(
        self,
        device: Device,
        rate: int,
        block: int,
        latency: float,  # noqa: ARG002 - nothing waits to be heard
        fill: Fill,
    ) -> Iterator[Opened]:
        """Ask `fill` for blocks in real time; after a delay, catch up."""
        over = threading.Event()

        def run() -> None:
            out = np.zeros((block, 2), np.float32)
            due = time.monotonic()
            while not over.wait(max(due - time.monotonic(), 0.0)):
                fill(out, due, underrun=False)
                due += block / rate
                if time.monotonic() - due > 1:  # the computer slept
                    due = time.monotonic()

        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        try:
            yield Opened(self.name, device.name, rate, 0.0, device.full)
        finally:
            over.set()
            thread.join()


def step(fill: Fill, frames: int, block: int) -> None:
    """Ask `fill` for `frames` frames at once, in blocks; they count as heard at once."""
    out = np.zeros((block, 2), np.float32)
    while frames > 0:
        part = out[: min(frames, block)]
        fill(part, _HEARD, underrun=False)
        frames -= len(part)
