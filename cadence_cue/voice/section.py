"""The section of a coach's recording that is wanted: cut to the millisecond, faded at its cuts.

`media` decodes it; pydub, made for short sounds that are edited in memory, cuts and fades.
"""

from __future__ import annotations

import math
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from cadence_cue.coaching.session import Handling
from cadence_cue.errors import UserError
from cadence_cue.media.reading import (
    Damage,
    NeedsFfmpegError,
    Reading,
    SoundFile,
    UnreadableError,
    sound_file,
)
from cadence_cue.timing import RATE
from cadence_cue.voice.finish import Samples

if TYPE_CHECKING:
    from pydub import AudioSegment

LONGEST = 60  # seconds
SHORTEST = 100  # ms; "Hop!" is longer
FADE = 5  # ms, where the coach cut


def opened(file: Path) -> SoundFile:
    """Return a recording for a decoder. Raises UserError if none reads it."""
    try:
        return sound_file(file)
    except NeedsFfmpegError:
        raise UserError(
            f'"{file.name}" is in a format that needs ffmpeg, which is not installed: '
            "install ffmpeg, or save the recording as WAV or MP3."
        ) from None
    except UnreadableError:
        raise UserError(
            f'"{file.name}" is not an audio file that can be read: save it again as WAV or MP3.'
        ) from None


def section(sound: SoundFile, handling: Handling) -> tuple[AudioSegment, Damage | None]:
    """Return what is between `start` and `end`, and what is wrong with it.

    Raises UserError if it is too long or too short.
    """
    first = math.floor(handling.start)
    start = round(handling.start * 1000) - first * 1000
    end = start + LONGEST * 1000 + 1  # enough to tell that it is too long
    if handling.end is not None:
        end = min(end, round(handling.end * 1000) - first * 1000)
    frames, damage = _decoded(sound, first, end)
    piece = _segment(frames, sound.rate)[start:end]
    _check_length(piece, sound, handling)
    return piece, damage


def _decoded(sound: SoundFile, first: int, milliseconds: int) -> tuple[Samples, Damage | None]:
    """Return so much of a recording from the second `first` on, shape (frames, channels)."""
    reading = Reading(sound, first * sound.rate, -(-milliseconds * sound.rate // 1000))
    nothing = np.zeros((0, sound.channels), np.float32)
    frames = np.concatenate([nothing, *reading]).astype(np.float64)
    if sound.floats:  # only these formats hold samples over full scale
        frames /= max(1.0, np.abs(frames).max(initial=0.0))
    return frames, reading.damage


def _check_length(piece: AudioSegment, sound: SoundFile, handling: Handling) -> None:
    name = f'"{sound.path.name}"'
    if len(piece) > LONGEST * 1000:
        length = f"more than {LONGEST} s"
        if sound.stated is not None:
            last = min(sound.stated, float(handling.end or sound.stated))
            length = f"{math.ceil((last - float(handling.start)) * 10) / 10:g} s"
        raise UserError(
            f'{name} is {length} long; at most {LONGEST}: give "start" and "end", '
            "or record it shorter."
        )
    if not len(piece) and handling.start:
        raise UserError(
            f'{name} ends before its "start", {float(handling.start):g} s: give an earlier one.'
        )
    if len(piece) < SHORTEST:
        raise UserError(
            f"{name} has {len(piece)} ms of sound; at least {SHORTEST}: record it again, "
            'or change "start" and "end".'
        )


def faded(samples: Samples, handling: Handling) -> Samples:
    """Return mono samples at 48 kHz faded where the coach cut."""
    segment = _segment(samples[:, None], RATE)
    if handling.start:
        segment = segment.fade_in(FADE)
    if handling.end is not None:
        segment = segment.fade_out(FADE)
    return frames_of(segment)[:, 0]


def frames_of(segment: AudioSegment) -> Samples:
    """Return the samples of a segment, shape (frames, channels), full scale 1."""
    samples: Samples = np.asarray(segment.get_array_of_samples(), np.float64)
    full = float(2 ** (8 * segment.sample_width - 1))
    return samples.reshape(-1, int(segment.channels)) / full


def _segment(frames: Samples, rate: int) -> AudioSegment:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about old regular expressions, audioop and ffmpeg
        from pydub import AudioSegment  # noqa: PLC0415  planning and `check` need no decoder

    data = (np.clip(frames, -1.0, 1.0) * (2**31 - 1)).astype(np.int32).tobytes()
    return AudioSegment(data=data, sample_width=4, frame_rate=rate, channels=frames.shape[1])
