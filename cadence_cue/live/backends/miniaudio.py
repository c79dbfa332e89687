"""miniaudio: the back end that needs no system library, since its wheel is complete.

It loads PulseAudio's, JACK's or ALSA's client library at run time, so that sound works after a
plain `pip install` on Linux, where sounddevice's wheels contain no PortAudio. It starts no sound
server that is not running.
"""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any, NamedTuple

import numpy as np

from cadence_cue.live.backends.sound import StreamTail
from cadence_cue.live.output import LATENCIES, Device, Fill, NoSoundError, Opened
from cadence_cue.timing import RATE

# Whoever runs JACK has given it the hardware, so ALSA comes last. Never miniaudio's own NULL: it
# has a device on every computer, and nobody would notice that there is no sound.
_SYSTEMS = ("COREAUDIO", "PULSEAUDIO", "JACK", "ALSA", "SNDIO", "AUDIO4", "OSS")

# How many periods make up the buffer. PulseAudio queues one, whatever it is asked for, and JACK
# and CoreAudio have their own sizes; ALSA plays one while another waits and a third is rendered.
_PERIODS = {"ALSA": 3}


class _Playback(NamedTuple):
    """A playback device as miniaudio reports it; a rate of 0 means any rate."""

    system: str
    label: str
    """The sound system's name for display."""
    name: str
    id: Any
    rates: tuple[int, ...]
    channels: int
    default: bool

    def takes(self, rate: int) -> bool:
        """Whether the device takes this rate without conversion, as far as is known."""
        return not self.rates or 0 in self.rates or rate in self.rates


class Miniaudio:
    """The playback devices of the first sound system that has any."""

    name = "miniaudio"

    def __init__(self) -> None:
        self._found: list[_Playback] = []

    def devices(self) -> list[Device]:
        """The outputs; those with one channel play mono. Raises NoSoundError."""
        self._found = _playbacks(_load())
        return [
            Device(
                backend=self.name,
                index=index,
                name=each.name,
                host_api=each.label,
                channels=each.channels,
                rate=RATE if each.takes(RATE) else each.rates[0],
                latency=LATENCIES[0],  # it reports none: this is what it will be asked for
                default=each.default,
            )
            for index, each in enumerate(self._found)
        ]

    def rate(self, device: Device, wanted: int) -> int:
        """`wanted` if the device takes it without conversion, else the device's own rate."""
        return wanted if self._found[device.index].takes(wanted) else device.rate

    @contextmanager
    def open(
        self,
        device: Device,
        rate: int,
        block: int,  # noqa: ARG002 (its blocks are its periods)
        latency: float,
        fill: Fill,
    ) -> Iterator[Opened]:
        """Play what `fill` renders. Raises NoSoundError."""
        miniaudio = _load()
        playback = self._found[device.index]
        periods = _PERIODS.get(playback.system, 1)
        sound = StreamTail(fill, rate)
        try:
            output = miniaudio.PlaybackDevice(
                output_format=miniaudio.SampleFormat.FLOAT32,
                nchannels=2,
                sample_rate=rate,
                buffersize_msec=max(round(1000 * latency / periods), 1),
                callback_periods=periods,
                # None follows the system's default, even when that changes while playing.
                device_id=None if device.default else playback.id,
                backends=[miniaudio.Backend[playback.system]],
                app_name="cadence-cue",
            )
            making = _blocks(sound, rate, latency)
            next(making)
            output.start(making)
        except miniaudio.MiniaudioError as error:
            raise NoSoundError(
                f'"{device.name}" could not be opened at {rate} Hz (miniaudio: {error.args[0]})'
            ) from None
        try:
            yield Opened(self.name, device.name, rate, latency, device.full)
        finally:
            sound.end()  # PulseAudio stops at once and discards what it was given
            output.close()


def _blocks(fill: Fill, rate: int, latency: float) -> Generator[bytes | memoryview, int, None]:
    """A generator as miniaudio needs it: is sent frame counts, yields samples. Thread: audio.

    miniaudio reports no underruns. But it never holds more than the buffer and one block, so when
    it asks later than those last, it has run dry.
    """
    room = np.zeros((0, 2), np.float32)
    frames = yield b""
    lasts = time.monotonic() + latency
    while True:
        if frames > len(room):  # once: miniaudio always asks for the same number
            room = np.zeros((frames, 2), np.float32)
        out = room[:frames]
        now = time.monotonic()
        fill(out, now + latency, underrun=now > lasts)
        lasts = time.monotonic() + latency + frames / rate
        frames = yield out.data.cast("B")


def _load() -> ModuleType:
    try:
        import miniaudio  # noqa: PLC0415 (only here, only in a child process)
    except (ImportError, OSError):
        raise NoSoundError(
            "miniaudio is not installed (pip install miniaudio)", lasting=True
        ) from None
    return miniaudio  # type: ignore[no-any-return]


def _playbacks(miniaudio: ModuleType) -> list[_Playback]:
    """The devices of the first sound system that has any. Raises NoSoundError."""
    for system in _SYSTEMS:
        try:
            context = miniaudio.Devices([miniaudio.Backend[system]])
        except miniaudio.MiniaudioError:
            continue  # not on this computer, or its server is not running
        if found := list(_listed(miniaudio, context, system)):
            return found
    raise NoSoundError("no output device was found")


def _listed(
    miniaudio: ModuleType,
    context: Any,  # noqa: ANN401 (an untyped library)
    system: str,
) -> Iterator[_Playback]:
    """The devices that can be queried; miniaudio's own list stops at the first that cannot."""
    ffi, lib, handle = miniaudio.ffi, miniaudio.lib, context._context  # noqa: SLF001
    rows, count = ffi.new("ma_device_info**"), ffi.new("ma_uint32*")
    if lib.ma_context_get_devices(handle, rows, count, ffi.NULL, ffi.NULL):
        return
    for k in range(count[0]):
        row = rows[0][k]
        key, info = ffi.new("ma_device_id*", row.id), ffi.new("ma_device_info*")
        name = ffi.string(row.name)
        if system == "ALSA":  # the id is the device's name in ALSA's configuration
            called = ffi.string(ffi.cast("char*", key))
            name = name or called
            if called == b"null":
                continue  # it discards all sound
        if lib.ma_context_get_device_info(handle, lib.ma_device_type_playback, key, info):
            continue
        formats = [info.nativeDataFormats[n] for n in range(info.nativeDataFormatCount)]
        yield _Playback(
            system=system,
            label=context.backend,
            name=name.decode(errors="replace"),
            id=key,
            rates=tuple(each.sampleRate for each in formats),
            channels=max((each.channels for each in formats), default=0) or 2,
            default=bool(row.isDefault),
        )
