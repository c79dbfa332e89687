"""Reads the values of a session file: times, tempos, beat patterns, levels and texts, all exact.

Each function takes a TOML value and returns what the model holds, or raises a UserError whose text
begins with a verb ("must be ..."), so that any caller can put the name of the value before it.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Collection
from fractions import Fraction
from typing import TypeVar

from cadence_cue.coaching.drill import Pace, Side, Tempo
from cadence_cue.coaching.session import Announced, Beat, BeatMode, Length
from cadence_cue.coaching.wording import COUNTDOWN
from cadence_cue.errors import UserError, nearest, shown

SLOWEST, FASTEST = 20, 300
"""Beats per minute."""
LONGEST = 6 * 3600
"""Seconds, of a phase and of a session."""
LONGEST_TEXT = 200
"""Characters."""

# The kinds of marks that show what follows in another order than it is written.
_DIRECTIONS = frozenset(("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"))
_MOST_BEATS = LONGEST // 60 * FASTEST
_NUMBER = r"(\d{1,9}(?:\.\d{1,9})?)"
_TIME = re.compile(
    rf"(?:{_NUMBER} ?h)? ?(?:{_NUMBER} ?(min|m))? ?(?:{_NUMBER} ?s)?", flags=re.ASCII
)
_CLOCK = re.compile(r"(?:(\d):)?(\d{1,2}):([0-5]\d)", flags=re.ASCII)
_BEATS = re.compile(r"(\d{1,9}) ?beats?", flags=re.ASCII)
_SHARE = re.compile(rf"([+-]){_NUMBER} ?%", flags=re.ASCII)
_BETWEEN_WORDS = re.compile(r"\s*·\s*|\s+-\s+")
_CHANT = (2, 4)  # words
_LONGEST_GLIDE = 64  # beats
_GAPS = re.compile(r"(\d{1,3}) on, ?(\d{1,3}) off", flags=re.ASCII)
_THEN_OFF = re.compile(r"(\d{1,3}) then off", flags=re.ASCII)
_LEVEL = re.compile(rf"([+-]?){_NUMBER} ?dB", flags=re.ASCII)

_TIMES = '"45s", "1m30s", "5min" or "1h"'
_TEMPOS = 'beats a minute, "own", a share such as "+5%" or a ramp such as "own -> +5%"'


T = TypeVar("T")


def wrong(expected: str, value: object, hint: str = "") -> UserError:
    """Return the error for a value that is not what was expected."""
    return UserError(f"must be {expected}, not {shown(value)}" + (hint and f"; {hint}"))


def seconds(
    value: object, most: int = LONGEST, expected: str = f"a time such as {_TIMES}"
) -> Fraction:
    """Read a time such as "1m30s" or "1:30" as exact seconds, from 0 to `most`."""
    if isinstance(value, str) and (told := _CLOCK.fullmatch(value)):
        value = f"{told[1] or 0}h{told[2]}min{told[3]}s"
    found = _TIME.fullmatch(value) if isinstance(value, str) else None
    if not found or not any(found.groups()):
        raise wrong(expected, value)
    hours, minutes, unit, rest = found.groups()
    if unit == "m" and not rest:
        raise wrong(expected, value, 'minutes are "min"')
    units = ((3600, hours), (60, minutes), (1, rest))
    total = sum((size * Fraction(count) for size, count in units if count), Fraction(0))
    if total > most:
        raise wrong(f"at most {clock(most)}", value)
    return total


def clock(time: Fraction | int) -> str:
    """Return a time as a file writes it, such as "1h5min2.5s"."""
    hours, minutes, rest = int(time // 3600), int(time % 3600 // 60), float(time % 60)
    parts = (f"{hours}h" * (hours > 0), f"{minutes}min" * (minutes > 0), f"{rest:g}s" * (rest > 0))
    return "".join(parts) or "0s"


def length(value: object) -> Length:
    """Read a time or a number of beats such as "64 beats"; above zero, at most six hours."""
    if isinstance(value, str) and (found := _BEATS.fullmatch(value)):
        beats = int(found[1])
        if not 1 <= beats <= _MOST_BEATS:
            raise wrong(f"from 1 to {_MOST_BEATS} beats", value)
        return Length(beats=beats)
    time = seconds(value, expected='a time such as "45s", "1m30s", "5min", "1h" or "64 beats"')
    if not time:
        raise wrong("longer than nothing", value)
    return Length(seconds=time)


def tempo(value: object) -> Tempo:
    """Read a pace, or a ramp between two such as "160 -> 172"."""
    if not isinstance(value, str):
        constant = pace(value)
        return Tempo(constant, constant)
    ends = [end.strip() for end in value.split("->")]
    if len(ends) > 2 or (len(ends) == 2 and "" in ends):
        raise wrong(_TEMPOS, value, "a ramp has two ends")
    return Tempo(pace(ends[0]), pace(ends[-1]))


def pace(value: object) -> Pace:
    """Read beats per minute, "own", or a difference from the own cadence such as "+5%"."""
    if value == "own":
        return Pace(Fraction(1), relative=True)
    if isinstance(value, str):
        if found := _SHARE.fullmatch(value):
            factor = 1 + Fraction(f"{found[1]}{found[2]}") / 100
            if not Fraction(1, 2) <= factor <= 2:
                raise wrong('from "-50%" to "+100%"', value)
            return Pace(factor, relative=True)
        if not re.fullmatch(_NUMBER, value, flags=re.ASCII):
            signless = re.fullmatch(rf"{_NUMBER} ?%", value, flags=re.ASCII)
            raise wrong(_TEMPOS, value, f'did you mean "+{value}"?' if signless else "")
        beats = Fraction(value)
    elif isinstance(value, int) and not isinstance(value, bool):
        beats = Fraction(value)
    elif isinstance(value, float) and math.isfinite(value):
        beats = Fraction(str(value))  # the number as written, which the float only approximates
    else:
        raise wrong(_TEMPOS, value)
    if not SLOWEST <= beats <= FASTEST:
        raise wrong(f"from {SLOWEST} to {FASTEST} beats a minute", value)
    return Pace(beats)


def beat(value: object) -> Beat:
    """Read which beats are heard: "on", "off", "4 on, 4 off", "4 then off" or "fade"."""
    if value in ("on", "off", "fade"):
        return Beat(BeatMode(value))
    if isinstance(value, str):
        if (found := _GAPS.fullmatch(value)) and int(found[1]) and int(found[2]):
            return Beat(BeatMode.GAPS, int(found[1]), int(found[2]))
        if (found := _THEN_OFF.fullmatch(value)) and int(found[1]):
            return Beat(BeatMode.THEN_OFF, int(found[1]))
    raise wrong('"on", "off", "4 on, 4 off", "4 then off" or "fade"', value)


def accent(value: object) -> int:
    """Read the number of beats from one accent to the next; 0 for "none" or false."""
    if value == "none" or value is False:
        return 0
    if isinstance(value, int) and not isinstance(value, bool) and 2 <= value <= 5:
        return value
    raise wrong('"none", 2, 3, 4 or 5', value)


def level(value: object, most: int = 0) -> float:
    """Read a level such as "-12 dB", in dB from -60 to `most`."""
    found = _LEVEL.fullmatch(value) if isinstance(value, str) else None
    if not found:
        raise wrong('a level such as "-12 dB"', value)
    decibels = float(f"{found[1]}{found[2]}")
    if not -60 <= decibels <= most:
        only = "levels only go down" if decibels > 0 and not most else ""
        raise wrong(f'from "-60 dB" to "{f"{most:+d}" if most else 0} dB"', value, only)
    return decibels + 0.0  # "-0 dB" is 0


def countdown(value: object) -> tuple[int, ...]:
    """Read the seconds before the end that are counted aloud, longest first; () for false."""
    if value is False:
        return ()
    wanted = value.replace(",", " ").split() if isinstance(value, str) else []
    known = {str(number) for number in COUNTDOWN}
    if not wanted or not known.issuperset(wanted):
        numbers = ", ".join(map(str, COUNTDOWN))
        raise wrong(f'false or a text such as "10" or "10 3 2 1" with numbers of {numbers}', value)
    return tuple(sorted({int(number) for number in wanted}, reverse=True))


def count_in(value: object) -> int:
    """Read the number of beats of a count-in; 0 for false."""
    if value is False:
        return 0
    if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= 16:
        return value
    raise wrong("false or a number of beats from 1 to 16", value)


def chant(value: object) -> tuple[str, ...]:
    """Read two to four words, one for each beat, such as "pull · heel · up"; () for false."""
    if value is False:
        return ()
    words = [word.strip() for word in _BETWEEN_WORDS.split(value)] if isinstance(value, str) else []
    if not (_CHANT[0] <= len(words) <= _CHANT[1] and all(words)):
        expected = f"false or {_CHANT[0]} to {_CHANT[1]} words"
        raise wrong(f'{expected} such as "pull · heel · up" or "pull - heel - up"', value)
    return tuple(map(text, words))


def glide(value: object) -> int:
    """Read the beats of a glide such as "8 beats"; 0 for false."""
    if value is False:
        return 0
    found = _BEATS.fullmatch(value) if isinstance(value, str) else None
    if not found or not 1 <= int(found[1]) <= _LONGEST_GLIDE:
        raise wrong(f'false or "1 beat" to "{_LONGEST_GLIDE} beats"', value)
    return int(found[1])


def stride(value: object) -> Side:
    """Read the one foot that has a click, "left" or "right"; NONE for false."""
    return Side.NONE if value is False else Side(one_of((Side.LEFT, Side.RIGHT))(value))


def announced(value: object) -> frozenset[Announced]:
    """Read what is announced: true, false, or a list such as ["next", "tempo"]."""
    if isinstance(value, bool):
        return frozenset(Announced) if value else frozenset()
    kinds = [each.value for each in Announced]
    if not isinstance(value, list | tuple):
        raise wrong(f"true, false or a list of {', '.join(kinds)}", value)
    return frozenset(map(Announced, list_of(one_of(kinds))(value)))


def label(value: object) -> str:
    """Read one line of text, which may be empty."""
    if not isinstance(value, str):
        raise wrong("a text", value)
    if len(value) > LONGEST_TEXT:
        raise UserError(f"must have at most {LONGEST_TEXT} characters, not {len(value)}")
    if value.isascii() and value.isprintable():
        return value
    if any(unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp") for character in value):
        raise wrong("one line without control characters", value)
    for character in value:
        if unicodedata.bidirectional(character) in _DIRECTIONS:
            name = unicodedata.name(character).lower()
            raise UserError(
                f"must not change the direction of reading: {shown(value)} has a {name}"
            )
    return value


def text(value: object) -> str:
    """Read one line of text that is not blank."""
    if not label(value).strip():
        raise UserError("must not be empty")
    return label(value)


def yes_no(value: object) -> bool:
    """Read true or false."""
    if not isinstance(value, bool):
        raise wrong("true or false", value)
    return value


def whole(lowest: int, highest: int) -> Callable[[object], int]:
    """Return a reader of whole numbers from `lowest` to `highest`."""

    def read(value: object) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not lowest <= value <= highest:
            raise wrong(f"a whole number from {lowest} to {highest}", value)
        return value

    return read


def number(lowest: float, highest: float) -> Callable[[object], float]:
    """Return a reader of numbers from `lowest` to `highest`."""

    def read(value: object) -> float:
        if (
            isinstance(value, bool)
            or not isinstance(value, int | float)
            or not lowest <= value <= highest
        ):
            raise wrong(f"a number from {lowest:g} to {highest:g}", value)
        return float(value)

    return read


def one_of(known: Collection[str]) -> Callable[[object], str]:
    """Return a reader of one of the `known` words."""

    def read(value: object) -> str:
        if isinstance(value, str):
            if value in known:
                return value
            if near := nearest(value, known):
                raise UserError(f'cannot be {shown(value)}; did you mean "{near}"?')
        words = ", ".join(known)
        raise wrong(words if len(known) == 1 else f"one of {words}", value)

    return read


def each_once(read: Callable[[object], tuple[T, ...]]) -> Callable[[object], tuple[T, ...]]:
    """Return a reader of lists in which nothing stands twice."""

    def read_once(value: object) -> tuple[T, ...]:
        items = read(value)
        for number, item in enumerate(items):
            if item in items[:number]:
                raise UserError(f"has {shown(item)} twice")
        return items

    return read_once


def list_of(read: Callable[[object], T]) -> Callable[[object], tuple[T, ...]]:
    """Return a reader of lists whose items `read` reads."""

    def read_all(value: object) -> tuple[T, ...]:
        if not isinstance(value, list | tuple):
            raise wrong("a list in [ ]", value)
        items = []
        for number, item in enumerate(value, 1):
            try:
                items.append(read(item))
            except UserError as error:
                raise UserError(f"item {number} {error}") from None
        return tuple(items)

    return read_all
