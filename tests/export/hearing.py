"""A sound made by hand, and how a file sounds to decoders that are not the product's."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import av
import numpy as np
import numpy.typing as npt
import soundfile as sf

Floats = npt.NDArray[np.float32]
FRAMES_OF_AAC = 1024


class Made:
    """A sound made by hand: clicks, a tone, and the noise floor.

    Frame n is always the same, whichever block it is asked for in. What was asked for is kept.
    """

    def __init__(self, rate: int, start: int, frames: int) -> None:
        self.rate, self.start, self.end = rate, start, start + frames
        rng = np.random.default_rng(7)
        time = np.arange(frames) / rate
        mono = rng.normal(0.0, 10 ** (-70 / 20), frames)
        tail = np.arange(rate // 50)
        click = 0.5 * np.sin(2 * np.pi * 1900 / rate * tail) * np.exp(-tail * 150 / rate)
        for onset in rng.integers(0, max(1, frames - len(tail)), frames * 3 // rate):
            mono[onset : onset + len(tail)] += click[: frames - onset]
        mono += 0.05 * np.sin(2 * np.pi * 440 * time)
        self.mono: Floats = mono.astype(np.float32)
        self.samples: Floats = np.stack([self.mono, self.mono], 1)
        self.asked: list[tuple[int, int]] = []

    def render(self, first: int, out: Floats) -> None:
        self.asked.append((first, len(out)))
        seen = self.mono[first - self.start :][: len(out)]
        out[:] = 0
        out[: len(seen)] = seen


def shift(reference: Floats, heard: npt.NDArray[np.floating]) -> int:
    """How many frames `heard` comes after `reference`, by cross-correlation of the left."""
    size = 1 << (2 * len(reference)).bit_length()
    spectrum = np.fft.rfft(heard[:, 0], size) * np.conj(np.fft.rfft(reference[:, 0], size))
    lag = int(np.argmax(np.fft.irfft(spectrum, size)))
    return lag if lag < size // 2 else lag - size


def ffmpeg_decode(path: Path) -> Floats:
    """The stereo samples as ffmpeg reads them."""
    command = ["ffmpeg", "-v", "error", "-i", str(path), "-f", "f32le", "-ac", "2", "-"]
    heard = subprocess.run(command, capture_output=True, check=True).stdout
    return np.frombuffer(heard, np.float32).reshape(-1, 2)


def decoded(target: Path) -> dict[str, Floats]:
    """A file's samples, full scale 1, as three decoders read them; libsndfile has no AAC."""
    heard: dict[str, Floats] = {"ffmpeg": ffmpeg_decode(target), "PyAV": av_decode(target)}
    if target.suffix != ".m4a":
        heard["libsndfile"] = sf.read(target, dtype="float32", always_2d=True)[0]
    return heard


def av_decode(path: Path) -> Floats:
    """The samples as PyAV reads them, full scale 1, in as many channels as there are."""
    with av.open(str(path)) as container:
        channels = container.streams.audio[0].channels
        arrays = [frame.to_ndarray() for frame in container.decode(audio=0)]
    packed = len(arrays[0]) < channels
    frames = [each.reshape(-1, channels) if packed else each.T for each in arrays]
    samples = np.concatenate(frames)
    full = {"int16": 2.0**15, "int32": 2.0**31}.get(samples.dtype.name, 1.0)
    return samples.astype(np.float32) / np.float32(full)


def probed(target: Path) -> dict[str, Any]:
    """What ffprobe reads of a file, tags under their lower-case names."""
    command = ["ffprobe", "-v", "error", "-show_format", "-show_streams", "-show_chapters"]
    shown = subprocess.run([*command, "-of", "json", target], capture_output=True, check=True)
    told: dict[str, Any] = json.loads(shown.stdout)
    tags = {**told["streams"][0].get("tags", {}), **told["format"].get("tags", {})}
    told["tags"] = {key.lower(): value for key, value in tags.items()}
    return told


def true_peak(samples: npt.NDArray[np.floating]) -> float:
    """The true peak in dBTP: the highest value between the samples too, at four times the rate."""
    spectrum = np.fft.rfft(samples, axis=0)
    between = np.fft.irfft(spectrum, 4 * len(samples), axis=0) * 4
    return float(20 * np.log10(np.abs(between).max()))
