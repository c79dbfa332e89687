"""Prepares music before playing: decodes, resamples, levels and joins it, and caches the frames.

A cached file is named after all that decides its samples: the content and order of its pieces,
whether they are all there were, and the settings. So nothing in the folder is ever out of date.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import random
import shutil
import stat
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from cadence_cue import storage
from cadence_cue.errors import UserError
from cadence_cue.music.decoding import Stereo, blocks
from cadence_cue.music.measuring import CELL, Measured, measure
from cadence_cue.sound.bed import FRAME_BYTES, Bed
from cadence_cue.sound.levels import FULL_SCALE
from cadence_cue.timing.decibels import gain_of

LARGEST = 4 << 30
"""Bytes of prepared music that are cached, six hours; the least recently used is deleted first."""

LOUDNESS = -23.0
"""LUFS of every piece, after EBU R 128: 9 LU below the voice before ducking, 21 under it."""

CEILING = -14.2
"""dBFS of the highest sample: the true peak is then below -12.7 dBTP, so that voice (-5.3), a
ducked click (-10.8) and ducked music (-24.7) together stay below -1 dBTP."""

MOST_GAIN = 20.0
"""The most dB by which a quiet piece is raised: more would bring up its noise."""

_CROSSFADE = 2.0  # seconds
_ROUNDED_TO = 60  # seconds, so that tracks of nearly the same length share one file
_VERSION = "4"
_HASHED = 1 << 20
_ENDINGS = frozenset(
    f".{each}"
    for each in (
        *("aac", "aif", "aiff", "alac", "flac", "m4a", "m4b", "mka", "mp2", "mp3", "mp4"),
        *("oga", "ogg", "opus", "wav", "webm", "wma", "wv"),
    )
)

Progress = Callable[[float], object]


def pieces_of(place: Path, seed: int | None) -> list[Path]:
    """Return a file, or the audio files in a folder and its subfolders.

    Those of a folder are ordered by name, or shuffled with the `seed`. Raises UserError if there
    are none.
    """
    try:
        mode = place.stat().st_mode
    except OSError as error:
        raise UserError(f"{error.strerror}.", where=place) from error
    if stat.S_ISREG(mode):
        return [place]
    if not stat.S_ISDIR(mode):
        raise UserError("this is neither a file nor a folder.", where=place)
    found = sorted(
        (
            file
            for file in place.rglob("*")
            if _is_music(file.relative_to(place)) and file.is_file()
        ),
        key=lambda file: str(file.relative_to(place)).casefold(),
    )
    if not found:
        raise UserError("there is no audio file in this folder, nor in folders in it.", where=place)
    if seed is not None:
        random.Random(seed).shuffle(found)
    return found


def _is_music(name: Path) -> bool:
    """Return whether a file has the name of music; hidden files are leftovers of other programs."""
    hidden = any(part.startswith(".") for part in name.parts)
    return name.suffix.lower() in _ENDINGS and not hidden


def prepare_music(
    place: Path,
    rate: int,
    frames: int,
    folder: Path,
    *,
    seed: int | None = None,
    progress: Progress = lambda _: None,
) -> Bed:
    """Return a file or a folder of music as a bed for `frames` frames at `rate`, looped if shorter.

    It is taken from the cache `folder` if it is there, else prepared and stored in it. With a
    `seed` the pieces are shuffled. `progress` is called with the share done, from 0 to 1; an
    exception that it raises stops the preparing. Raises UserError and OSError, and then leaves no
    file behind.
    """
    pieces = pieces_of(place, seed)
    fade = round(_CROSSFADE * rate)
    frames = -(-frames // (_ROUNDED_TO * rate)) * _ROUNDED_TO * rate + fade
    folder.mkdir(parents=True, exist_ok=True)
    kept = _find(pieces, rate, frames, folder)
    if kept is None:
        kept = _make(pieces, rate, frames, folder, fade, progress)
        _evict(folder, kept)
    whole = kept.stat().st_size // FRAME_BYTES
    with contextlib.suppress(OSError):
        os.utime(kept)  # marks it as recently used
    return Bed(kept, whole, 0 if whole < 2 * fade else fade)


def _name(digests: Sequence[str], rate: int, frames: int, *, ran_out: bool) -> str:
    """Return the name for the pieces with these digests.

    `ran_out` says that they are all the pieces there were, and shorter than `frames`: with another
    piece after them there would be other samples, unlike after pieces that fill all `frames`.
    """
    recipe = (_VERSION, rate, frames, LOUDNESS, CEILING, MOST_GAIN, _CROSSFADE, ran_out, *digests)
    return hashlib.sha256(repr(recipe).encode()).hexdigest()[:32]


def _find(pieces: Sequence[Path], rate: int, frames: int, folder: Path) -> Path | None:
    """Return the cached file for these pieces, or None.

    The first pieces may have filled it, so each number of them is tried.
    """
    if not any(folder.glob("*.pcm")):
        return None
    digests: list[str] = []
    for piece in pieces:
        digests.append(_digest(piece))
        path = folder / f"{_name(digests, rate, frames, ran_out=False)}.pcm"
        if path.is_file():
            return path
    path = folder / f"{_name(digests, rate, frames, ran_out=True)}.pcm"
    return path if path.is_file() else None


def _digest(piece: Path) -> str:
    content = hashlib.sha256()
    try:
        with piece.open("rb") as file:
            while block := file.read(_HASHED):
                content.update(block)
    except OSError as error:
        raise UserError(f"{error.strerror}.", where=piece) from error
    return content.hexdigest()


def _make(
    pieces: Sequence[Path], rate: int, frames: int, folder: Path, fade: int, progress: Progress
) -> Path:
    """Prepare as many pieces as are needed, in a hidden file that is renamed at the end."""
    free = shutil.disk_usage(folder).free
    if frames * FRAME_BYTES > free:
        raise UserError(
            f"preparing the music needs {frames * FRAME_BYTES / 1e6:,.0f} MB there, and "
            f"{free / 1e6:,.0f} MB are free",
            where=folder,
            way_out="free some space.",
        )
    digests: list[str] = []
    with storage.part_in(folder) as hidden:
        with hidden.open("wb") as file:
            read = done = 0

            def advance(more: int) -> None:
                """Report the share done; every piece is read twice, to measure and to level it."""
                nonlocal read
                read += more
                progress((min(read, frames) + done) / (2 * frames))

            levelled = _levelled(pieces, rate, digests, advance)
            for block in _looped(_joined(levelled, fade), fade, frames):
                file.write(_as_int16(block).data)
                done += len(block)
                advance(0)
        made = folder / f"{_name(digests, rate, frames, ran_out=done < frames)}.pcm"
        hidden.replace(made)
    return made


def _levelled(
    pieces: Sequence[Path], rate: int, digests: list[str], advance: Callable[[int], object]
) -> Iterator[Iterator[Stereo]]:
    """Yield each piece as blocks at the common loudness, adding its digest to `digests`.

    `advance` is called with the number of frames of each block that is measured.
    """
    for piece in pieces:
        digests.append(_digest(piece))

        def counted(piece: Path = piece) -> Iterator[Stereo]:
            for block in blocks(piece, rate):
                advance(len(block))
                yield block

        yield _limited(blocks(piece, rate), measure(counted(), rate))


def _limited(piece: Iterator[Stereo], measured: Measured) -> Iterator[Stereo]:
    """Yield a piece at the common loudness, turned down around its peaks."""
    gain = gain_of(min(LOUDNESS - measured.lufs, MOST_GAIN))
    cells = limits(measured.peaks * gain) * gain
    centres = (np.arange(len(cells)) + 0.5) * CELL
    at = 0
    for block in piece:
        gains = np.interp(np.arange(at, at + len(block)), centres, cells)
        at += len(block)
        yield block * gains.astype(np.float32)[:, np.newaxis]


def limits(peaks: npt.NDArray[np.floating]) -> npt.NDArray[np.float64]:
    """Return the gain at the centre of each cell that keeps peaks below CEILING; shape (cells,).

    It is the minimum over five cells, averaged over three: interpolated between two centres it
    stays below what either cell needs, and the level falls 10 ms before a peak.
    """
    needed = np.minimum(1.0, gain_of(CEILING) / np.maximum(peaks.astype(np.float64), 1e-9))
    around = np.lib.stride_tricks.sliding_window_view(np.pad(needed, 3, mode="edge"), 5).min(axis=1)
    return np.convolve(around, np.full(3, 1 / 3), mode="valid")


def _joined(pieces: Iterator[Iterator[Stereo]], fade: int) -> Iterator[Stereo]:
    """Yield the pieces one after another, crossfaded."""
    held = _empty()
    for piece in pieces:
        start, held = held, _empty()
        for block in piece:
            held = np.concatenate([held, block])
            if len(start):
                if len(held) < 2 * fade:
                    continue
                held = np.concatenate([_crossfaded(start, held[: len(start)]), held[len(start) :]])
                start = _empty()
            if len(held) > fade:
                yield held[:-fade]
                held = held[-fade:]
        if len(start):  # the piece was shorter than two fades
            many = min(len(start), len(held))
            held = np.concatenate([start[: len(start) - many],
                                   _crossfaded(start[len(start) - many :], held[:many]),
                                   held[many:]])  # fmt: skip
    yield held


def _looped(blocks: Iterator[Stereo], fade: int, frames: int) -> Iterator[Stereo]:
    """Yield at most `frames` frames that can be looped.

    The last `fade` frames are crossfaded into the first ones, so that playing continues at frame
    `fade`. Music shorter than two fades is not crossfaded and continues at its start.
    """
    head, held, done = _empty(), _empty(), 0
    for block in blocks:
        held = np.concatenate([held, block])[: frames - done]
        full = done + len(held) >= frames
        if len(held) > fade:
            out, held = held[:-fade], held[-fade:]
            head = np.concatenate([head, out])[:fade] if len(head) < fade else head
            yield out
            done += len(out)
        if full:
            break
    yield _crossfaded(held, head) if len(head) == fade else held


def _crossfaded(goes: Stereo, comes: Stereo) -> Stereo:
    """Fade one block into another; the gains add up to 1, so no peak rises above the ceiling."""
    share = (np.arange(len(goes), dtype=np.float32) + np.float32(0.5)) / np.float32(len(goes))
    return np.asarray(goes + (comes - goes) * share[:, np.newaxis], np.float32)


def _empty() -> Stereo:
    return np.zeros((0, 2), np.float32)


def _as_int16(block: Stereo) -> npt.NDArray[np.int16]:
    scaled = np.rint(block * np.float32(FULL_SCALE))
    return np.ascontiguousarray(np.clip(scaled, -FULL_SCALE, FULL_SCALE - 1).astype(np.int16))


def _evict(folder: Path, keep: Path) -> None:
    """Delete the least recently used files."""
    with contextlib.suppress(OSError):
        room = LARGEST - keep.stat().st_size
        for path in sorted(folder.glob("*.pcm"), key=lambda each: -each.stat().st_mtime):
            if path != keep:
                room -= path.stat().st_size
                if room < 0:
                    path.unlink(missing_ok=True)
