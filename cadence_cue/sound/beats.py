"""Synthesizes clicks and signals, at any sample rate.

A sound is a few damped sines that start together. Nothing is recorded or resampled: a formula that
is continuous in time is evaluated at each frame, so that the first frame is the onset.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
import numpy.typing as npt

from cadence_cue.sound import heights
from cadence_cue.sound.clips import Clip
from cadence_cue.sound.levels import BEAT_CEILING, FULL_SCALE
from cadence_cue.timing.decibels import gain_of
from cadence_cue.timing.sounds import (
    ACCENT,
    CLICK,
    COUNT_IN,
    FINISHED,
    LEFT,
    LEFT_ACCENT,
    PHASE_END,
    READY,
    RIGHT,
    RIGHT_ACCENT,
    TICK,
)

_FADE = 0.01  # seconds over which the end of a sound fades to zero
_HIGHEST = 0.49  # of the sample rate: a partial above it would alias and is left out
_TOP = 4200  # hertz, above every partial of every kit
_FINE = 192_000  # frames per second at which peaks between the frames are found


@dataclass(frozen=True, slots=True)
class _Partial:
    """A damped sine: frequency in Hz, relative amplitude, and phase at the start in turns."""

    hertz: float
    share: float
    turn: float = 0.0


@dataclass(frozen=True, slots=True)
class _Stroke:
    """Partials that start together, `at` seconds after the sound's start."""

    partials: tuple[_Partial, ...]
    attack: float
    decay: float
    """Seconds until the amplitude has fallen to 1/e."""
    at: float = 0.0


@dataclass(frozen=True, slots=True)
class _Sound:
    """Strokes, with the whole length in seconds and the true peak in dBTP."""

    strokes: tuple[_Stroke, ...]
    seconds: float
    peak: float


def _click(partials: tuple[_Partial, ...], peak: float, semitones: float = 0.0) -> _Sound:
    shift = 2.0 ** (semitones / 12)
    moved = tuple(replace(partial, hertz=partial.hertz * shift) for partial in partials)
    return _Sound((_Stroke(moved, attack=0.0006, decay=0.010),), 0.058, peak)


def _notes(*notes: tuple[float, int], seconds: float, peak: float) -> _Sound:
    """Return soft bell notes, each given as seconds and MIDI key (69 is the A of 440 Hz)."""
    strokes = []
    for at, key in notes:
        hertz = 440.0 * 2.0 ** ((key - 69) / 12)
        partials = (
            _Partial(hertz, 1.0),
            _Partial(2 * hertz, 0.3),
            _Partial(3 * hertz, 0.12),
        )
        strokes.append(_Stroke(partials, attack=0.004, decay=0.11, at=at))
    return _Sound(tuple(strokes), seconds, peak)


# No two neighbours are in a simple ratio, which makes a knock, not a tone. Of many phases tried,
# these reach full level within 1.2 ms and carry the most energy under the same peak.
_CORE = (
    _Partial(1610, 0.8, 0.05),
    _Partial(1733, 1.0, 0.90),
    _Partial(1871, 1.0, 0.95),
    _Partial(1997, 1.0, 0.15),
    _Partial(2179, 0.8, 0.20),
)
# Both feet share the core, so that they sound like one instrument: the left has a darker body, the
# right a brighter edge. An accent of theirs is louder and has a low body; transposed, an accented
# left would be as bright as a right.
_LEFT_FOOT = (*_CORE, _Partial(947, 1.3, 0.15), _Partial(1213, 1.0, 0.05))
_RIGHT_FOOT = (*_CORE, _Partial(2753, 1.2, 0.10), _Partial(3121, 1.0, 0.80))
_BODY = _Partial(797, 1.1, 0.2)
_SOFT = (_Partial(1409, 1.0, 0.05), _Partial(1453, 1.0, 0.4))

_ACCENTED = BEAT_CEILING - 0.3  # room for what rounding and reconstruction add
_NORMAL = _ACCENTED - 2.5
_LOW = _NORMAL + 1.7  # as loud as a click, which is higher
_TICK = _NORMAL - 1.8
_ACCENT_STEP = 6.0  # semitones: half an octave, no chord with the plain click

KITS = {"knock": 0.0, "low": -7.0, "bright": 5.0}
"""The available click sounds, by name, as semitones by which all clicks are shifted.

Lower for sensitive ears or harsh headphones, brighter where wind and traffic are loud.
"""


def _clicks(moved: float) -> dict[str, _Sound]:
    accented = moved + _ACCENT_STEP
    return {
        CLICK: _click(_CORE, _NORMAL, moved),
        ACCENT: _click(_CORE, _ACCENTED, accented),
        LEFT: _click(_LEFT_FOOT, _NORMAL, moved),
        RIGHT: _click(_RIGHT_FOOT, _NORMAL, moved),
        LEFT_ACCENT: _click((*_LEFT_FOOT, _BODY), _ACCENTED, moved),
        RIGHT_ACCENT: _click((*_RIGHT_FOOT, _BODY), _ACCENTED, moved),
        COUNT_IN: _click((_Partial(523, 0.5, 0.25), *_CORE), _LOW, moved - 7.0),
        TICK: _click(_SOFT, _TICK, moved),
    }


_SIGNALS = {
    # A rising fifth invites, a falling third releases, a rising chord concludes.
    READY: _notes((0.0, 72), (0.13, 79), seconds=0.65, peak=-13.0),
    PHASE_END: _notes((0.0, 76), (0.18, 72), seconds=0.70, peak=-15.0),
    FINISHED: _notes((0.0, 72), (0.12, 76), (0.24, 79), (0.36, 84), seconds=0.95, peak=-13.0),
}


def beat_lengths(rate: int) -> dict[str, int]:
    """Return the length in frames of every sound on the beat bus, by name, without making it."""
    return {name: _frames(sound, rate) for name, sound in (_clicks(0.0) | _SIGNALS).items()}


@cache
def _clips(rate: int, kit: str) -> dict[str, Clip]:
    sounds = _clicks(KITS[kit]) | _SIGNALS
    known = heights.CLICKS[kit] | heights.SIGNALS
    return {name: Clip(_samples(each, rate, known[name]), 0) for name, each in sounds.items()}


def beat_sounds(rate: int, kit: str = "knock") -> dict[str, Clip]:
    """Return every sound on the beat bus, by its name in timing.sounds, at `rate` frames a second.

    `kit` is one of KITS. The anchor is frame 0, the onset. The sounds of a rate and kit are cached,
    because making them takes longer than planning ten minutes.
    """
    return dict(_clips(rate, kit))


def _frames(sound: _Sound, rate: int) -> int:
    return round(sound.seconds * rate)


def _samples(sound: _Sound, rate: int, known: float) -> npt.NDArray[np.int16]:
    limit = _HIGHEST * rate
    high = known if limit > _TOP else _height(sound, limit)
    scale = gain_of(sound.peak) * FULL_SCALE / high
    return np.rint(_wave(sound, rate, limit) * scale).astype(np.int16)


def _height(sound: _Sound, limit: float = math.inf) -> float:
    """Return the highest point of a sound, between the frames too."""
    return float(np.abs(_wave(sound, _FINE, limit)).max())


def _wave(sound: _Sound, rate: int, limit: float) -> npt.NDArray[np.float64]:
    """Evaluate the formula at the middle of each frame, where even the first is not zero."""
    frames = _frames(sound, rate)
    wave = np.zeros(frames)
    for stroke in sound.strokes:
        first = round(stroke.at * rate)
        time = (np.arange(frames - first) + 0.5) / rate
        rise = np.sin(np.minimum(time / stroke.attack, 1.0) * (np.pi / 2))
        body = np.zeros(frames - first)
        for partial in stroke.partials:
            if partial.hertz < limit:
                turns = partial.hertz * time + partial.turn
                body += partial.share * np.sin(2 * np.pi * turns)
        wave[first:] += rise * np.exp(-time / stroke.decay) * body
    left = (frames - np.arange(frames)) / (_FADE * rate)
    return np.asarray(wave * np.minimum(left, 1.0))
