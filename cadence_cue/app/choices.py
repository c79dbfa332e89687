"""The values that each setting allows, and the readers for values from the file or typed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from cadence_cue.errors import UserError, shown

if TYPE_CHECKING:
    from fractions import Fraction

CADENCES = (110, 240)
"""Lowest and highest cadence, in steps a minute of both feet."""
COUNTS = (28, 60)
"""Fewest and most steps of one foot in 30 seconds."""
RATES = (8000, 192000)
"""Lowest and highest sample rate of a track, in frames a second."""
BACKENDS = ("portaudio", "miniaudio", "silent")
"""The audio back ends that can be chosen."""
LATENCIES = (1, 1000)
"""Lowest and highest output latency, in milliseconds."""
BLOCKS = (16, 8192)
"""Fewest and most frames in a block."""
OFFSETS = (-150, 650)
"""Range of a device's offset: how many milliseconds later it is heard than it reports."""
CLICKS = ("knock", "low", "bright")
"""The sounds of the beat."""
DUCKS = (6, 9, 12)
"""How far the beat is turned down during speech, in decibels."""
THEMES = ("dark", "light")
"""The colours of the screen."""
LANES = ALTERNATE, ALWAYS, NEVER = ("alternate", "always", "off")
"""Where the screen shows the lane of steps: in every second set, in all, nowhere."""
SOURCES = FROM_KEYS, FROM_MICROPHONE = ("keys", "mic")
"""Where steps come from."""
MOST_SETS = 20
"""Most sets of a drill in one rehearsal."""


def both_feet(count: float) -> float | None:
    """The cadence of a runner who takes `count` steps a minute with one foot.

    None if `count` is a cadence of both feet already, or too low or high for one foot's.
    """
    low, high = CADENCES
    return 2 * count if count < low <= 2 * count <= high else None


def counted(count: float) -> float | None:
    """The cadence of a runner who takes `count` steps with one foot in 30 seconds.

    None if `count` is too low or high for that.
    """
    return 4 * count if COUNTS[0] <= count <= COUNTS[1] else None


def of_one_foot(count: float) -> float | None:
    """The cadence of a count of one foot, in a minute or in half of one; None if it is no such."""
    return both_feet(count) or counted(count)


def read_cadence(typed: str) -> float:
    """Read a cadence of both feet. Raises UserError for any other text."""
    try:
        steps = float(typed)
    except ValueError:
        raise UserError(f"{shown(typed)} is not a number of steps a minute") from None
    low, high = CADENCES
    if low <= steps <= high:
        return steps
    both = counted(steps)
    hint = f"; give {both:g} if one foot did {steps:g} in 30 seconds" if both else ""
    raise UserError(f"a cadence is {low} to {high} steps a minute, not {typed}{hint}")


def tapped(tempo: Fraction) -> float:
    """The cadence of both feet that was tapped, in steps a minute to a tenth."""
    count = float(tempo)
    return round(both_feet(count) or count, 1)


Reader = Callable[[str, object], object]
"""Takes a setting's key and a raw value, returns the value to store. Raises UserError."""


def _wrong(key: str, expected: str, value: object) -> UserError:
    return UserError(f'setting "{key}": expected {expected}, not {value!r}')


def _number(low: float, high: float) -> Callable[[str, object], float]:
    def read(key: str, value: object) -> float:
        # It may be written as it is printed, with its unit; float() ignores the blank between.
        bare = value
        if isinstance(value, str):  # phones and word processors write a minus of their own
            bare = value.removesuffix(UNITS.get(key, "").strip()).replace("\N{MINUS SIGN}", "-")
        try:
            number = float(bare)  # type: ignore[arg-type]
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
    number = abs(_number(-12, 12)(key, value))
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


def _pairs(typed: str) -> list[str]:
    """Split a typed list of NAME=VALUE, such as is shown; a name may hold a comma."""
    pairs = [""]
    for piece in typed.split(", "):
        if "=" in pairs[-1]:
            pairs.append(piece)
        else:
            pairs[-1] = ", ".join(filter(None, (pairs[-1], piece)))
    return pairs


def _table(
    key: str, typed: str, split: Callable[[str, str], tuple[str, str, str]], example: str
) -> dict[str, str]:
    """Read a typed list of NAME=VALUE; `split` is that of str at the first "=" or at the last."""
    table: dict[str, str] = {}
    for pair in filter(None, _pairs(typed)):
        name, equals, value = split(pair, "=")
        if not (equals and name.strip()):
            raise _wrong(key, example, typed)
        table[name.strip()] = value
    return table


def _keys(key: str, value: object) -> tuple[tuple[str, str], ...]:
    """Read a table of actions and their keys from the file, or typed ones: ACTION=KEY."""
    if isinstance(value, str):
        table = _table(key, value, str.partition, 'ACTION=KEY, such as "play.pause=p"')
        value = {action: pressed.strip() for action, pressed in table.items()}
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
        raise _wrong(key, "yes or no", value)
    return answer


def _offsets(key: str, value: object) -> tuple[tuple[str, float], ...]:
    """Read a table of devices from the file, or typed ones: DEVICE=MILLISECONDS."""
    if isinstance(value, str):
        example = 'DEVICE=MILLISECONDS, such as "My headphones=180"'
        value = _table(key, value, str.rpartition, example)
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
    "listen": _word(*SOURCES),
    "microphone": _text,
    "round_trips": _offsets,
    "taps": _offsets,
    "volume": _number(-60, 0),
    "beat_level": _number(-60, 0),
    "voice_level": _number(-60, 0),
    "music_level": _number(-60, 0),
    "duck": _duck,
    "click": _word(*CLICKS),
    "theme": _word(*THEMES),
    "still": _flag,
    "fixed": _flag,
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
"""The unit of each numeric setting, as printed after its value."""
