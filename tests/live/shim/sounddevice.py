"""A sounddevice of our own for the engine process: a device that behaves as SHIM tells it to.

missing: no PortAudio; broken: one that does not start; hang: a sound server that never answers;
none: no device; refuse: no stream; stall: a stream that stops after half a second of sound; gone:
one whose process dies then; tell: one whose process prints how its interpreter is set, and dies;
slow: no other rate than 44,100; dry: it runs dry in each block unless its latency is 0.2 s; else
it plays. "stall play" stalls in the first process that loads it and plays in all later ones:
SHIM_FILE keeps count.
"""

import gc
import json
import os
import sys
import threading
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np


def how() -> str:
    """The behaviour of this process."""
    ways = os.environ.get("SHIM", "play").split()
    if len(ways) == 1:
        return ways[0]
    count = Path(os.environ["SHIM_FILE"])
    used = len(count.read_bytes()) if count.exists() else 0
    count.write_bytes(b"x" * (used + 1))
    return ways[min(used, len(ways) - 1)]


SHIM = how()
if SHIM == "missing":
    raise OSError("PortAudio library not found")
if SHIM == "broken":
    raise RuntimeError("Error initializing PortAudio")

default = SimpleNamespace(device=(-1, -1))


class PortAudioError(Exception):
    pass


def query_hostapis() -> list[dict[str, Any]]:
    if SHIM == "hang":
        time.sleep(1000)
    return [
        {"name": "empty", "default_output_device": -1},
        {"name": "JACK", "default_output_device": 1},
    ]


def query_devices() -> list[dict[str, Any]]:
    if SHIM == "none":
        return []
    rows = [("microphone", 0), ("shim", 2), ("shim two", 8)]
    return [
        {
            "index": index,
            "name": name,
            "hostapi": 1,
            "max_output_channels": channels,
            "default_samplerate": 44100.0,
            "default_low_output_latency": 0.01,
        }
        for index, (name, channels) in enumerate(rows)
    ]


def check_output_settings(device: int, channels: int, dtype: str, extra: Any, rate: int) -> None:
    if SHIM == "slow" and rate != 44100:
        raise PortAudioError("Invalid sample rate", -9997)


def tell() -> None:
    told = {
        "collects": gc.isenabled(),
        "frozen": gc.get_freeze_count() > 0,
        "switches": sys.getswitchinterval(),
        "numpy's threads": os.environ.get("OPENBLAS_NUM_THREADS"),
    }
    os.write(2, json.dumps(told).encode())
    os._exit(3)


class OutputStream:
    def __init__(
        self, samplerate: int, blocksize: int, callback: Any, latency: float, **_: Any
    ) -> None:
        if SHIM == "refuse" or (SHIM == "slow" and samplerate != 44100):
            raise PortAudioError("Invalid sample rate", -9997)
        self.latency = latency
        self._dry = SHIM == "dry" and latency < 0.2
        self._rate, self._block, self._callback = samplerate, blocksize, callback
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> None:
        if SHIM == "tell":
            tell()
        self._thread.start()

    def stop(self) -> None:
        self._over.set()
        if SHIM == "stall":
            threading.Event().wait()  # as PortAudio does when jackd was killed

    def close(self) -> None:
        self._thread.join()

    def _run(self) -> None:
        out = np.zeros((self._block, 2), np.float32)
        frames = sounding = 0
        began = time.monotonic()
        while not self._over.is_set():
            when = SimpleNamespace(currentTime=frames / self._rate, outputBufferDacTime=0.0)
            self._callback(out, self._block, when, SimpleNamespace(output_underflow=self._dry))
            frames += self._block
            sounding += self._block * bool(sounding or out.any())
            if sounding > self._rate / 2 and SHIM == "stall":
                return
            if sounding > self._rate / 2 and SHIM == "gone":
                os.write(2, b"something broke\n")
                os._exit(3)
            time.sleep(max(0.0, began + frames / self._rate - time.monotonic()))
