"""A sounddevice of our own for the engine process: a device that behaves as SHIM tells it to.

missing: no PortAudio; broken: one that does not start; hang: a sound server that never answers;
none: no device; refuse: no stream; stall: a stream that stops after half a second of sound; gone:
one whose process dies then; tell: one whose process prints how its interpreter is set, and dies;
slow: no other rate than 44,100; dry: it runs dry in each block unless its latency is 0.2 s; else
it plays. "stall play" stalls in the first process that loads it and plays in all later ones:
SHIM_FILE keeps count.

Its microphone behaves as SHIM_MICROPHONE says. absent: there is none; headset: it is a Bluetooth
headset's; busy: it cannot be opened; zeros: it is switched off; else somebody taps twice a second.
"""

import gc
import json
import os
import sys
import threading
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Self

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
MICROPHONE = os.environ.get("SHIM_MICROPHONE", "taps")
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
        {"name": "empty", "default_output_device": -1, "default_input_device": -1},
        {"name": "JACK", "default_output_device": 1, "default_input_device": 0},
    ]


def query_devices() -> list[dict[str, Any]]:
    if SHIM == "none":
        return []
    name = "AirPods" if MICROPHONE == "headset" else "microphone"
    rows = [(name, 0), ("shim", 2), ("shim two", 8)]
    return [
        {
            "index": index,
            "name": name,
            "hostapi": 1,
            "max_output_channels": channels,
            "max_input_channels": int(not channels and MICROPHONE != "absent"),
            "default_samplerate": 44100.0,
            "default_low_output_latency": 0.01,
            "default_low_input_latency": 0.01,
        }
        for index, (name, channels) in enumerate(rows)
    ]


def check_output_settings(device: int, channels: int, dtype: str, extra: Any, rate: int) -> None:
    if SHIM == "slow" and rate != 44100:
        raise PortAudioError("Invalid sample rate", -9997)


def check_input_settings(device: int, channels: int, dtype: str, extra: Any, rate: int) -> None:
    pass


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


class InputStream:
    """A room with a little noise, in which a tap begins every half second."""

    def __init__(
        self, samplerate: int, blocksize: int, callback: Any, latency: float, **_: Any
    ) -> None:
        if MICROPHONE == "busy":
            raise PortAudioError("Device unavailable", -9985)
        self.latency = latency
        self._rate, self._block, self._callback = samplerate, blocksize, callback
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _run(self) -> None:
        rng = np.random.default_rng(1)
        room = 1e-4 * rng.normal(size=self._rate // 2)
        tap = np.exp(-np.arange(self._rate // 50) / (self._rate / 200))
        room[: len(tap)] += 0.3 * tap * rng.normal(size=len(tap))
        if MICROPHONE == "zeros":
            room[:] = 0
        frames = 0
        began = time.monotonic()
        while not self._over.is_set():
            at = np.arange(frames, frames + self._block) % len(room)
            heard = room[at].astype(np.float32)[:, np.newaxis]
            now = time.monotonic() - began
            when = SimpleNamespace(currentTime=now, inputBufferAdcTime=frames / self._rate)
            self._callback(heard, self._block, when, SimpleNamespace(input_overflow=False))
            frames += self._block
            time.sleep(max(0.0, began + frames / self._rate - time.monotonic()))
