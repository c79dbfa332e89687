"""miniaudio: needs no library of the system's, since it carries its own.

It loads PulseAudio's, ALSA's or JACK's client library at run time, so that sound works after a
plain `pip install` on Linux, where sounddevice's wheels carry no PortAudio.
"""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from cadence_cue.live.output import LATENCIES, RATE, Device, Fill, NoSoundError, Opened

_PERIODS = 3  # miniaudio's own choice: one is played, one waits, one is made
_LARGEST = 1 << 15  # frames that miniaudio asks for at once, at most


class _Playback(NamedTuple):
    """A playback device as miniaudio tells of it; a rate of 0 is any."""

    name: str
    id: Any
    rates: tuple[int, ...]
    channels: int


class Miniaudio:
    """The playback devices of the first sound system that answers."""

    name = "miniaudio"

    def devices(self) -> list[Device]:
        """The outputs. Raises NoSoundError."""
        miniaudio = _load()
        found, rows = _listing(miniaudio)
        usual = _default_name(miniaudio, found)
        first = next((k for k, row in enumerate(rows) if row.name == usual), 0)
        return [
            Device(
                backend=self.name,
                index=index,
                name=row.name,
                host_api=found.backend,
                channels=row.channels,
                rate=next(filter(None, row.rates), RATE),
                latency=LATENCIES[0],
                default=index == first,
            )
            for index, row in enumerate(rows)
        ]

    def rate(self, device: Device, wanted: int) -> int:
        """The device's own frames per second: made at that rate, nothing has to be converted."""
        rates = _listing(_load())[1][device.index].rates
        return wanted if not rates or {0, wanted} & {*rates} else device.rate

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
            found, rows = _listing(miniaudio)
            output = miniaudio.PlaybackDevice(
                output_format=miniaudio.SampleFormat.FLOAT32,
                nchannels=2,
                sample_rate=rate,
                buffersize_msec=max(round(1000 * latency / _PERIODS), 1),
                callback_periods=_PERIODS,
                device_id=None if device.default else rows[device.index].id,
                backends=[_system(miniaudio, found)],
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


_SYSTEMS = ("COREAUDIO", "PULSEAUDIO", "ALSA", "JACK", "SNDIO", "AUDIO4", "OSS")


def _listing(miniaudio: ModuleType) -> tuple[Any, list[_Playback]]:
    """The first sound system that has a device, and its devices."""
    for name in _SYSTEMS:
        try:
            found = miniaudio.Devices([miniaudio.Backend[name]])
        except miniaudio.MiniaudioError:
            continue
        if rows := _playbacks(miniaudio, found):
            return found, rows
    raise NoSoundError("no output device was found")


def _system(miniaudio: ModuleType, found: Any) -> Any:  # noqa: ANN401 (untyped library)
    """The sound system that a listing is of."""
    return next(each for each in miniaudio.Backend if each.value == found._context.backend)  # noqa: SLF001


def _playbacks(miniaudio: ModuleType, found: Any) -> list[_Playback]:  # noqa: ANN401
    """Those that can be asked; the library's own list ends at the first that cannot.

    ALSA's "null" is no device that can be heard.
    """
    rows, count = miniaudio.ffi.new("ma_device_info**"), miniaudio.ffi.new("ma_uint32*")
    nothing = miniaudio.ffi.NULL
    if miniaudio.lib.ma_context_get_devices(found._context, rows, count, nothing, nothing):  # noqa: SLF001
        return []
    kind = miniaudio.lib.ma_device_type_playback
    playbacks = []
    for k in range(count[0]):
        info = miniaudio.ffi.new("ma_device_info*", rows[0][k])
        key = miniaudio.ffi.new("ma_device_id*", info.id)
        name = miniaudio.ffi.string(rows[0][k].name).decode(errors="replace")
        null = found.backend == "ALSA" and miniaudio.ffi.buffer(key)[:5] == b"null\0"
        if null or miniaudio.lib.ma_context_get_device_info(found._context, kind, key, info):  # noqa: SLF001
            continue
        formats = [info.nativeDataFormats[n] for n in range(info.nativeDataFormatCount)]
        playbacks.append(
            _Playback(
                name,
                key,
                tuple(each.sampleRate for each in formats),
                max((each.channels for each in formats), default=0) or 2,
            )
        )
    return playbacks


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
