"""miniaudio: needs no library of the system's, since it carries its own.

It loads PulseAudio's, ALSA's or JACK's client library at run time, so that sound works after a
plain `pip install` on Linux, where sounddevice's wheels carry no PortAudio.
"""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

import numpy as np
import numpy.typing as npt

from cadence_cue.live.output import Device, Fill, NoSoundError, Opened

_PERIODS = 3  # miniaudio's own choice: one is played, one waits, one is made
_LARGEST = 1 << 15  # frames that miniaudio asks for at once, at most


class Miniaudio:
    """The playback devices of the first sound system that answers."""

    name = "miniaudio"

    def devices(self) -> list[Device]:
        """The outputs. Raises NoSoundError."""
        miniaudio = _load()
        found = _listing(miniaudio)
        usual = _default_name(miniaudio, found)
        rows = found.get_playbacks()
        names = [row["name"] for row in rows]
        first = names.index(usual) if usual in names else 0
        return [
            Device(
                backend=self.name,
                index=index,
                name=row["name"],
                host_api=found.backend,
                channels=max((each["channels"] or 2 for each in row["formats"]), default=2),
                rate=next((each["samplerate"] for each in row["formats"]), 0) or 48000,
                latency=0.03,
                default=index == first,
            )
            for index, row in enumerate(rows)
        ]

    def rate(self, device: Device, wanted: int) -> int:
        """The device's own frames per second: made at that rate, nothing has to be converted."""
        miniaudio = _load()
        formats = _listing(miniaudio).get_playbacks()[device.index]["formats"]
        rates = {each["samplerate"] for each in formats}
        return wanted if not rates or rates & {0, wanted} else device.rate

    @contextmanager
    def open(
        self,
        device: Device,
        rate: int,
        block: int,  # noqa: ARG002 - miniaudio sizes its periods by the latency
        latency: float,
        fill: Fill,
    ) -> Iterator[Opened]:
        """Play what `fill` makes. Raises NoSoundError."""
        miniaudio = _load()
        usual = latency

        def blocks() -> Generator[npt.NDArray[np.float32], int, None]:
            room = np.zeros((_LARGEST, 2), np.float32)
            out = room[:0]
            while True:
                frames = yield out
                out = room[:frames]
                fill(out, time.monotonic() + usual, underrun=False)

        try:
            # None: the default, wherever that moves while we play.
            chosen = None if device.default else _listing(miniaudio).get_playbacks()[device.index]
            output = miniaudio.PlaybackDevice(
                output_format=miniaudio.SampleFormat.FLOAT32,
                nchannels=2,
                sample_rate=rate,
                buffersize_msec=max(round(1000 * latency / _PERIODS), 1),
                callback_periods=_PERIODS,
                device_id=chosen["id"] if chosen else None,
                backends=_systems(miniaudio),
                app_name="cadence-cue",
            )
            usual = _buffered(output) or latency
            making = blocks()
            next(making)
            output.start(making)
        except miniaudio.MiniaudioError as error:
            raise NoSoundError(
                f'"{device.name}" could not be opened at {rate} Hz (miniaudio: {error.args[0]})'
            ) from None
        try:
            yield Opened(self.name, device.name, rate, usual)
        finally:
            output.close()


def _load() -> ModuleType:
    try:
        import miniaudio  # noqa: PLC0415 (only here, only in a child process)
    except (ImportError, OSError):
        raise NoSoundError(
            "miniaudio is not installed (pip install miniaudio)", lasting=True
        ) from None
    return miniaudio  # type: ignore[no-any-return]


def _systems(miniaudio: ModuleType) -> list[Any]:
    """Every sound system but the one that is none."""
    usual = ("WASAPI", "COREAUDIO", "PULSEAUDIO", "ALSA", "JACK", "SNDIO", "AUDIO4", "OSS")
    return [system for name in usual if (system := getattr(miniaudio.Backend, name, None))]


def _listing(miniaudio: ModuleType) -> Any:  # noqa: ANN401 (untyped library)
    try:
        return miniaudio.Devices(_systems(miniaudio))
    except miniaudio.MiniaudioError:
        raise NoSoundError("no sound system answers (PulseAudio, PipeWire, ALSA or JACK)") from None


def _default_name(miniaudio: ModuleType, found: Any) -> str:  # noqa: ANN401
    """The name of the device that is played on when none is named; "" where it has none."""
    info = miniaudio.ffi.new("ma_device_info*")
    kind = miniaudio.lib.ma_device_type_playback
    nothing = miniaudio.ffi.NULL
    if miniaudio.lib.ma_context_get_device_info(found._context, kind, nothing, info):  # noqa: SLF001
        return ""
    return str(miniaudio.ffi.string(info.name).decode(errors="replace"))


def _buffered(output: Any) -> float:  # noqa: ANN401
    """Seconds of sound between making and hearing, as the device was opened."""
    playing = output._device.playback  # noqa: SLF001 (told nowhere else)
    frames = playing.internalPeriodSizeInFrames * playing.internalPeriods
    return float(frames / playing.internalSampleRate) if playing.internalSampleRate else 0.0
