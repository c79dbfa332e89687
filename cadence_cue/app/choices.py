"""What each setting may be, and how it is read from the file or from what was typed."""

from __future__ import annotations

from collections.abc import Callable

from cadence_cue.errors import UserError

CADENCES = (110, 240)
"""Steps a minute of both feet that an own cadence may have."""
RATES = (8000, 192000)
"""Frames a second that a track may have."""
BACKENDS = ("portaudio", "miniaudio", "silent")
"""The ways to the ears that can be named."""
LATENCIES = (1, 1000)
"""Milliseconds that may be asked for between making and hearing a sound."""
BLOCKS = (16, 8192)
"""Frames that a device may be asked to take at a time."""
OFFSETS = (-150, 650)
"""Milliseconds by which headphones may be later than their device says."""
CLICKS = ("knock", "low", "bright")
"""What the beat may sound like."""
DUCKS = (6, 9, 12)
"""Decibels by which the beat may step back while somebody speaks."""
THEMES = ("dark", "light")
"""What the screen may look like."""


Reader = Callable[[str, object], object]
"""Takes a setting's key and a value and gives what the settings hold. Raises UserError."""


def _wrong(key: str, expected: str, value: object) -> UserError:
    return UserError(f'setting "{key}": expected {expected}, not {value!r}')


def _number(low: float, high: float) -> Callable[[str, object], float]:
    def read(key: str, value: object) -> float:
        try:
            number = float(value)  # type: ignore[arg-type]
        except (TypeError, ValueError):
            number = float("nan")
        if isinstance(value, bool) or not low <= number <= high:
            raise _wrong(key, f"a number from {low:g} to {high:g}", value)
        return number

    return read


def _optional(low: float, high: float) -> Reader:
    return lambda key, value: None if value == "" else _number(low, high)(key, value)


def _block(key: str, value: object) -> int | None:
    if value == "":
        return None
    number = _number(*BLOCKS)(key, value)
    if not number.is_integer():
        raise _wrong(key, f"a whole number from {BLOCKS[0]} to {BLOCKS[1]}", value)
    return int(number)


def _duck(key: str, value: object) -> float:
    number = _number(0, 12)(key, value)
    if number not in DUCKS:
        raise _wrong(key, "6, 9 or 12 (decibels)", value)
    return number


def _text(key: str, value: object) -> str:
    if not isinstance(value, str):
        raise _wrong(key, "a text", value)
    return value


def _word(*words: str) -> Reader:
    def read(key: str, value: object) -> str:
        if value not in words:
            named = [word for word in words if word]
            raise _wrong(key, " or ".join([", ".join(named[:-1]), named[-1]]), value)
        return str(value)

    return read


def _keys(key: str, value: object) -> tuple[tuple[str, str], ...]:
    """A table in the file: the name of an action, and its keys; typed, one of them."""
    if isinstance(value, str):
        action, equals, pressed = value.partition("=")
        if value and not (equals and action.strip()):
            raise _wrong(key, 'ACTION=KEY, such as "play.pause=p"', value)
        value = {action.strip(): pressed.strip()} if value else {}
    if not isinstance(value, dict) or not all(isinstance(each, str) for each in value.values()):
        raise _wrong(key, "a table of actions and keys", value)
    return tuple(sorted(value.items()))


def _names(key: str, value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        value = [name.strip() for name in value.split(",") if name.strip()]
    if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
        raise _wrong(key, "a list of drills", value)
    return tuple(value)


def _flag(key: str, value: object) -> bool:
    words = {"true": True, "yes": True, "false": False, "no": False}
    answer = value if isinstance(value, bool) else words.get(str(value).lower())
    if answer is None:
        raise _wrong(key, "true or false", value)
    return answer


def _offsets(key: str, value: object) -> tuple[tuple[str, float], ...]:
    """A table in the file; typed, the offset of one device."""
    if isinstance(value, str):
        device, equals, milliseconds = value.rpartition("=")
        if value and not (equals and device.strip()):
            raise _wrong(key, 'DEVICE=MILLISECONDS, such as "My headphones=180"', value)
        value = {device.strip(): milliseconds} if value else {}
    if not isinstance(value, dict):
        raise _wrong(key, "a table of devices", value)
    read = _number(*OFFSETS)
    return tuple(sorted((device, read(key, each)) for device, each in value.items()))


READERS: dict[str, Reader] = {
    "cadence": _optional(*CADENCES),
    "voice": _text,
    "sounds": _text,
    "device": _text,
    "backend": _word("", *BACKENDS),
    "latency": _optional(*LATENCIES),
    "block": _block,
    "offsets": _offsets,
    "volume": _number(-60, 0),
    "beat_level": _number(-60, 0),
    "voice_level": _number(-60, 0),
    "music_level": _number(-60, 0),
    "duck": _duck,
    "click": _word(*CLICKS),
    "theme": _word(*THEMES),
    "still": _flag,
    "keys": _keys,
    "mastered": _names,
    "explained": _names,
    "safety_read": _flag,
}

UNITS = {
    "cadence": " steps a minute",
    "latency": " ms",
    "block": " frames",
    "volume": " dB",
    "beat_level": " dB",
    "voice_level": " dB",
    "music_level": " dB",
    "duck": " dB",
}
"""What the numbers among the settings count."""
