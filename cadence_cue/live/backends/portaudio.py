"""PortAudio through sounddevice: the default back end."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

import numpy as np
import numpy.typing as npt

from cadence_cue.live.backends.sound import StreamTail
from cadence_cue.live.input import Take
from cadence_cue.live.output import Device, Fill, NoSoundError, Opened

# Seconds; a device clock that reports more latency than this is not trusted.
_LONGEST_LEAD = 5.0

# Frames in a block of a microphone: nobody waits for it, and a busy machine loses nothing.
_HEARD_BLOCK = 4096


class PortAudio:
    """The devices of all host APIs that PortAudio knows."""

    name = "portaudio"

    def devices(self) -> list[Device]:
        """The outputs with two channels or more. Raises NoSoundError."""
        return _devices("output", 2)

    def microphones(self) -> list[Device]:
        """The inputs. Raises NoSoundError."""
        return _devices("input", 1)

    def rate(self, device: Device, wanted: int) -> int:
        """`wanted` frames per second unless the device refuses that."""
        sounddevice = _load()
        try:
            sounddevice.check_output_settings(device.index, 2, "float32", None, wanted)
        except sounddevice.PortAudioError:
            return device.rate
        return wanted

    @contextmanager
    def open(
        self, device: Device, rate: int, block: int, latency: float, fill: Fill
    ) -> Iterator[Opened]:
        """Play what `fill` renders. Raises NoSoundError."""
        sounddevice = _load()
        usual = latency
        sound = StreamTail(fill, rate)

        def callback(
            out: npt.NDArray[np.float32],
            _frames: int,
            when: Any,  # noqa: ANN401 (a C structure)
            status: Any,  # noqa: ANN401
        ) -> None:
            # Each host API has its own clock; only the distance from now means the same in all.
            lead = when.outputBufferDacTime - when.currentTime
            if not 0.0 < lead < _LONGEST_LEAD:
                lead = usual
            sound(out, time.monotonic() + lead, underrun=status.output_underflow)

        try:
            output = sounddevice.OutputStream(
                device=device.index,
                samplerate=rate,
                blocksize=block,
                latency=latency,
                channels=2,
                dtype="float32",
                callback=callback,
                clip_off=True,
                dither_off=True,
            )
            usual = output.latency
            try:
                output.start()
            except BaseException:
                output.close()
                raise
        except sounddevice.PortAudioError as error:
            raise NoSoundError(
                f'"{device.name}" could not be opened at {rate} Hz (PortAudio: {error.args[0]})'
            ) from None
        try:
            yield Opened(self.name, device.name, rate, usual, device.full)
        finally:
            sound.end()  # ALSA stops at once and discards what it was given
            output.stop()
            output.close()

    @contextmanager
    def listen(self, device: Device, wanted: int, take: Take, latency: float) -> Iterator[Opened]:
        """Give `take` what a microphone hears, until the end of the `with`. Raises NoSoundError.

        It is opened at `wanted` frames per second unless it refuses that. For `latency` seconds
        nobody may take what is heard.
        """
        sounddevice = _load()
        rate = wanted
        try:
            sounddevice.check_input_settings(device.index, 1, "float32", None, wanted)
        except sounddevice.PortAudioError:
            rate = device.rate

        def callback(
            heard: npt.NDArray[np.float32],
            _frames: int,
            when: Any,  # noqa: ANN401 (a C structure)
            status: Any,  # noqa: ANN401
        ) -> None:
            ago = when.currentTime - when.inputBufferAdcTime
            if not 0.0 <= ago < _LONGEST_LEAD:
                ago = len(heard) / rate
            take(heard, time.monotonic() - ago, lost=status.input_overflow)

        try:
            with sounddevice.InputStream(
                device=device.index,
                samplerate=rate,
                blocksize=_HEARD_BLOCK,
                latency=latency,
                channels=1,
                dtype="float32",
                callback=callback,
            ) as stream:
                yield Opened(self.name, device.name, rate, stream.latency, device.full)
        except sounddevice.PortAudioError as error:
            raise NoSoundError(
                f'the microphone "{device.name}" is in use or cannot be opened '
                f"(PortAudio: {error.args[0]})"
            ) from None


def _devices(way: str, channels: int) -> list[Device]:
    """The devices with at least so many channels of a way, "output" or "input"."""
    sounddevice = _load()
    try:
        apis = sounddevice.query_hostapis()
        rows = sounddevice.query_devices()
    except sounddevice.PortAudioError as error:
        raise NoSoundError(f"PortAudio finds no devices ({error.args[0]})") from None
    default = sounddevice.default.device[way == "output"]
    if default < 0 or rows[default]["name"] == "jack":
        # With JACK only, Debian's PortAudio has no default, or ALSA's bridge to JACK.
        jacks = (api[f"default_{way}_device"] for api in apis if api["name"].startswith("JACK"))
        default = next(jacks, default)
    return [
        Device(
            backend=PortAudio.name,
            index=row["index"],
            name=row["name"],
            host_api=apis[row["hostapi"]]["name"],
            channels=row[f"max_{way}_channels"],
            rate=round(row["default_samplerate"]),
            latency=row[f"default_low_{way}_latency"],
            default=row["index"] == default,
        )
        for row in rows
        if row[f"max_{way}_channels"] >= channels
    ]


def _load() -> ModuleType:
    # Our name in the desktop's mixer when ALSA plays through PulseAudio, instead of "python3".
    os.environ.setdefault("PULSE_PROP_OVERRIDE", "application.name=cadence-cue")
    try:
        import sounddevice  # noqa: PLC0415 (only here, only in a child process)
    except (ImportError, OSError):
        raise NoSoundError(
            "PortAudio's library is not installed (Debian/Ubuntu: sudo apt install libportaudio2)",
            lasting=True,
        ) from None
    except Exception as error:  # noqa: BLE001 (its error class cannot be named before the import)
        raise NoSoundError(f"PortAudio does not start ({error})") from None
    return sounddevice  # type: ignore[no-any-return]
