"""PortAudio through sounddevice: the default back end."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

import numpy as np
import numpy.typing as npt

from cadence_cue.live.backends.sound import StreamTail
from cadence_cue.live.output import Device, Fill, NoSoundError, Opened

# Seconds; a device clock that reports more latency than this is not trusted.
_LONGEST_LEAD = 5.0


class PortAudio:
    """The devices of all host APIs that PortAudio knows."""

    name = "portaudio"

    def devices(self) -> list[Device]:
        """The outputs with two channels or more. Raises NoSoundError."""
        sounddevice = _load()
        try:
            apis = sounddevice.query_hostapis()
            rows = sounddevice.query_devices()
        except sounddevice.PortAudioError as error:
            raise NoSoundError(f"PortAudio finds no devices ({error.args[0]})") from None
        default = sounddevice.default.device[1]
        if default < 0 or rows[default]["name"] == "jack":
            # With JACK only, Debian's PortAudio has no default, or ALSA's bridge to JACK.
            jacks = (api["default_output_device"] for api in apis if api["name"].startswith("JACK"))
            default = next(jacks, default)
        return [
            Device(
                backend=self.name,
                index=row["index"],
                name=row["name"],
                host_api=apis[row["hostapi"]]["name"],
                channels=row["max_output_channels"],
                rate=round(row["default_samplerate"]),
                latency=row["default_low_output_latency"],
                default=row["index"] == default,
            )
            for row in rows
            if row["max_output_channels"] >= 2
        ]

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
    def record(self, rate: int, take: Callable[[bytes], None]) -> Iterator[None]:
        """Give `take` what the default microphone hears, mono float32. Raises NoSoundError."""
        sounddevice = _load()

        def callback(heard: Any, _frames: int, _when: Any, _status: Any) -> None:  # noqa: ANN401
            take(bytes(heard))

        try:
            with sounddevice.RawInputStream(
                samplerate=rate, channels=1, dtype="float32", latency="high", callback=callback
            ):
                yield
        except sounddevice.PortAudioError as error:
            raise NoSoundError(
                f"no microphone could be opened at {rate} Hz (PortAudio: {error.args[0]})"
            ) from None


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
