"""Turns a coach's recording, any audio file, into a clip like the shipped ones.

`section` cuts it out. Silence, level and anchor are left to `finish`, as for every clip.
"""

from __future__ import annotations

import math
import stat
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import soxr

from cadence_cue.coaching.session import Handling
from cadence_cue.errors import UserError
from cadence_cue.media import ffmpeg
from cadence_cue.sound.clips import Clip
from cadence_cue.sound.loudness import loudness, true_peak
from cadence_cue.timing import RATE
from cadence_cue.timing.decibels import gain_of
from cadence_cue.voice import finish
from cadence_cue.voice.finish import MS, Samples
from cadence_cue.voice.section import faded, frames_of, opened, section

_RECIPE = "2"
"""Changes whenever the same recording would give another clip, or other doubts."""

FULL = 0.999  # of full scale: a sample above it counts as clipped
RUNS = 3  # of 3 such samples; a recording normalized to full scale touches it once or twice
SILENT_DB = -50.0  # dBFS of the highest sample, below which a recording is silent
QUIET_DB = -35.0  # dBFS: a louder steady sound is intended, a whistle for example
RISE = 50  # ms above the noise without a break: a knock of the thumb is shorter, any word longer
PAUSE = 200  # ms of steady noise without a break; continuous speech never has that much
NOISY_DB = 20.0
SOFT_DB = 30.0

_BLOCK = 5  # ms from one level to the next
_WIDE = 4  # blocks in a level: one period of mains hum


@dataclass(frozen=True, slots=True)
class Taken:
    """A recording's clip, and a sentence for each flaw that does not prevent its use."""

    clip: Clip
    doubts: tuple[str, ...]


_PLAIN = Handling()


def recipe() -> str:
    """Return what decides about a clip beside its recording: this code, and whether it has help."""
    return f"{_RECIPE}/{'ffmpeg' if ffmpeg.installed() else 'no ffmpeg'}"


def take(file: Path, handling: Handling = _PLAIN) -> Taken:
    """Return the clip of a recording at 48 kHz. Raises UserError if it cannot be used."""
    name = f'"{file.name}"'
    if handling.end is not None and handling.end <= handling.start:
        raise UserError(f'The "end" of {name} must be later than its "start".')
    _look(file)
    piece, damage = section(opened(file), handling)
    frames = frames_of(piece)
    doubts = [f"{name} {damage}; copy it again, or record it again."] if damage else []
    if _clipped(frames):
        doubts.append(f"{name} is clipped: record it again softer or further from the microphone.")
    samples = faded(_mono(frames, piece.frame_rate), handling)
    above = _above_noise(samples, name)
    if above < NOISY_DB:
        doubts.append(
            f"{name} is noisy (the speech is only {above:.0f} dB above the noise): record it again "
            "in a quieter place or nearer to the microphone."
        )
    kept, cut = finish.cut(samples) if handling.trim else (_soft_edges(samples), 0)
    raised = finish.TARGET - loudness(kept)
    if raised > SOFT_DB:
        doubts.append(
            f"{name} was so soft that it had to be raised by {raised:.0f} dB, its noise with it: "
            "record it again nearer to the microphone."
        )
    clip = _levelled(kept, handling.gain_db)
    anchor = finish.first_rise(clip)
    if handling.anchor_ms is not None:
        anchor = round(handling.anchor_ms * MS) - cut
        if not 0 <= anchor < len(clip):
            raise UserError(
                f'The "anchor_ms" of {name} is {handling.anchor_ms:g} and lies outside of what is '
                f"kept, {cut / MS:.0f} to {(cut + len(clip)) / MS:.0f} ms."
            )
    return Taken(Clip(np.rint(clip * 32768).astype(np.int16), anchor), tuple(doubts))


def _look(file: Path) -> None:
    """Raise UserError unless the file exists, is not empty and may be read."""
    try:
        about = file.stat()
        regular = stat.S_ISREG(about.st_mode)
        if regular:
            file.open("rb").close()
    except (FileNotFoundError, NotADirectoryError, ValueError):  # ValueError: no name at all
        raise UserError(f'There is no file "{file}".') from None
    except OSError as error:
        raise UserError(f'"{file}" cannot be read ({error.strerror}).') from None
    if not regular:
        raise UserError(f'"{file}" is not a file: name a recording.')
    if not about.st_size:
        raise UserError(f'"{file.name}" is empty: record it again.')


def _above_noise(samples: Samples, name: str) -> float:
    """Return how many dB the speech is above the noise in its pauses; infinite without pauses.

    Raises UserError if there is no speech.
    """
    blocks = samples[: len(samples) // (_BLOCK * MS) * _BLOCK * MS].reshape(-1, _BLOCK * MS)
    power = np.convolve(np.mean(blocks**2, axis=1), np.full(_WIDE, 1 / _WIDE), "valid")
    levels = np.sqrt(power + 1e-12)  # digital silence has no logarithm
    floor = np.percentile(levels, 5)
    loud, quiet = levels > max(2 * floor, gain_of(SILENT_DB - 10)), levels <= 2 * floor
    steady = floor < gain_of(QUIET_DB) and not _lasts(loud, RISE)
    if np.max(np.abs(samples)) < gain_of(SILENT_DB) or steady:
        raise UserError(f"{name} is silent: record it again nearer to the microphone.")
    if not (_lasts(quiet, PAUSE) and loud.any()):
        return math.inf
    return float(10 * np.log10(np.mean(levels[loud] ** 2) / np.mean(levels[quiet] ** 2)))


def _lasts(levels: npt.NDArray[np.bool_], milliseconds: int) -> bool:
    """Return whether at least this many consecutive milliseconds are true."""
    count = milliseconds // _BLOCK
    return len(levels) >= count and bool(
        np.any(np.convolve(levels, np.ones(count, int), "valid") == count)
    )


def _clipped(frames: Samples) -> bool:
    full = np.abs(frames) >= FULL
    three = full[:-2] & full[1:-1] & full[2:]
    return int(np.sum(three[1:] & ~three[:-1]) + np.sum(three[:1])) >= RUNS


def _mono(frames: Samples, rate: int) -> Samples:
    """Return the mean of the channels at 48 kHz, without a DC offset."""
    mono = frames.mean(axis=1)
    resampled: Samples = soxr.resample(mono - mono.mean(), rate, RATE, quality="VHQ")
    return resampled


def _soft_edges(samples: Samples) -> Samples:
    """Return the samples faded at both ends as by `finish.cut`, without cutting."""
    piece = samples.copy()
    piece[: finish.FADE_IN] *= np.sin(np.linspace(0, np.pi / 2, finish.FADE_IN)) ** 2
    piece[-finish.FADE_OUT :] *= np.cos(np.linspace(0, np.pi / 2, finish.FADE_OUT)) ** 2
    return piece


def _levelled(samples: Samples, gain_db: float) -> Samples:
    wished = finish.level(samples) * gain_of(gain_db)
    limited = finish.limit(wished, gain_of(finish.CEILING))
    return limited * gain_of(min(0.0, finish.CEILING - true_peak(limited)))
