"""Music made ready once: decoded, resampled, equally loud, joined, and kept as plain frames.

What is kept has a name made of the pieces' content and of all that was done to them, so nothing in
the folder is ever out of date.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import random
import shutil
import stat
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from cadence_cue.errors import UserError
from cadence_cue.music.decoding import Stereo, blocks
from cadence_cue.music.measuring import CELL, Measured, measure
from cadence_cue.sound.bed import FRAME_BYTES, Bed
from cadence_cue.sound.levels import FULL_SCALE
from cadence_cue.timing.decibels import gain_of

LARGEST = 4 << 30
"""Bytes of prepared music that are kept, six hours; what was not used for longest goes first."""

LOUDNESS = -23.0
"""LUFS of every piece, after EBU R 128: 7 LU below the voice before it gives way, 19 after."""

CEILING = -12.5
"""dBFS of its highest sample: its true peak is then below -11 dBTP, so that voice (-4.5), a ducked
click (-13) and the ducked bed (-23) together stay below -1 dBTP."""

MOST_GAIN = 20.0
"""dB by which a quiet piece is raised, at most: more would raise its noise."""

_CROSSFADE = 2.0  # seconds
_ABANDONED = 3600  # seconds without a write
_WHOLE = 60  # seconds: tracks of nearly the same length share what is prepared
_VERSION = "2"
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
    """The file, or the audio files of a folder and those in it, by name, or shuffled by a seed.

    Raises UserError.
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
    """Whether a file's name says so; hidden ones are leftovers of other programs."""
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
    """The bed that a file or a folder makes for so many frames, from `folder` if it is kept there.

    With a `seed` the pieces are shuffled. `progress` hears the share that is done; whatever it
    raises ends it. Raises UserError and OSError; then nothing is left.
    """
    pieces = pieces_of(place, seed)
    fade = round(_CROSSFADE * rate)
    frames = -(-frames // (_WHOLE * rate)) * _WHOLE * rate + fade
    folder.mkdir(parents=True, exist_ok=True)
    kept = _find(pieces, rate, frames, folder)
    if kept is None:
        kept = _make(pieces, rate, frames, folder, fade, progress)
        _tidy(folder, kept)
    whole = kept.stat().st_size // FRAME_BYTES
    with contextlib.suppress(OSError):
        os.utime(kept)  # it was used
    return Bed(kept, whole, 0 if whole < 2 * fade else fade)


def _name(digests: Sequence[str], rate: int, frames: int) -> str:
    recipe = (_VERSION, rate, frames, LOUDNESS, CEILING, MOST_GAIN, _CROSSFADE, *digests)
    return hashlib.sha256(repr(recipe).encode()).hexdigest()[:32]


def _find(pieces: Sequence[Path], rate: int, frames: int, folder: Path) -> Path | None:
    """What is kept for the pieces that it takes: for the first one, or the first two, or more."""
    if not any(folder.glob("*.pcm")):
        return None
    digests: list[str] = []
    for piece in pieces:
        digests.append(_digest(piece))
        path = folder / f"{_name(digests, rate, frames)}.pcm"
        if path.is_file():
            return path
    return None


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
    """Prepare as many pieces as are needed, in a hidden file that gets its name at the end."""
    free = shutil.disk_usage(folder).free
    if frames * FRAME_BYTES > free:
        raise UserError(
            f"preparing the music needs {frames * FRAME_BYTES / 1e6:,.0f} MB there, and "
            f"{free / 1e6:,.0f} MB are free",
            where=folder,
            way_out="free some space.",
        )
    hidden = folder / f".{os.urandom(8).hex()}.part"
    digests: list[str] = []
    try:
        with hidden.open("wb") as file:
            read = done = 0

            def look(more: int) -> None:
                """Each piece is read twice: measured, then turned to the common loudness."""
                nonlocal read
                read += more
                progress((min(read, frames) + done) / (2 * frames))

            levelled = _levelled(pieces, rate, digests, look)
            for block in _looped(_joined(levelled, fade), fade, frames):
                file.write(_whole(block).data)
                done += len(block)
                look(0)
        made = folder / f"{_name(digests, rate, frames)}.pcm"
        hidden.replace(made)
    finally:
        hidden.unlink(missing_ok=True)
    return made


def _levelled(
    pieces: Sequence[Path], rate: int, digests: list[str], look: Callable[[int], object]
) -> Iterator[Iterator[Stereo]]:
    """Each piece as blocks of the common loudness; what is used is added to `digests`.

    `look` hears of the frames of each block that is measured.
    """
    for piece in pieces:
        digests.append(_digest(piece))

        def heard(piece: Path = piece) -> Iterator[Stereo]:
            for block in blocks(piece, rate):
                look(len(block))
                yield block

        yield _turned(blocks(piece, rate), measure(heard(), rate))


def _turned(piece: Iterator[Stereo], measured: Measured) -> Iterator[Stereo]:
    """A piece at the common loudness, its peaks turned down around them."""
    gain = gain_of(min(LOUDNESS - measured.lufs, MOST_GAIN))
    cells = limits(measured.peaks * gain) * gain
    centres = (np.arange(len(cells)) + 0.5) * CELL
    at = 0
    for block in piece:
        gains = np.interp(np.arange(at, at + len(block)), centres, cells)
        at += len(block)
        yield block * gains.astype(np.float32)[:, np.newaxis]


def limits(peaks: npt.NDArray[np.floating]) -> npt.NDArray[np.float64]:
    """The gain at the centre of each cell that keeps its peak, and those beside it, below CEILING.

    The least of five cells, the mean of three of these: between two centres the line stays below
    what either cell needs, and the level falls 10 ms before a peak.
    """
    needed = np.minimum(1.0, gain_of(CEILING) / np.maximum(peaks.astype(np.float64), 1e-9))
    around = np.lib.stride_tricks.sliding_window_view(np.pad(needed, 3, mode="edge"), 5).min(axis=1)
    return np.convolve(around, np.full(3, 1 / 3), mode="valid")


def _joined(pieces: Iterator[Iterator[Stereo]], fade: int) -> Iterator[Stereo]:
    """The pieces one after the other, crossfaded."""
    held = _empty()
    for piece in pieces:
        start, held = held, _empty()
        for block in piece:
            held = np.concatenate([held, block])
            if len(start):
                if len(held) < 2 * fade:
                    continue
                held = np.concatenate([_crossed(start, held[: len(start)]), held[len(start) :]])
                start = _empty()
            if len(held) > fade:
                yield held[:-fade]
                held = held[-fade:]
        if len(start):  # it was shorter than two fades
            many = min(len(start), len(held))
            held = np.concatenate([start[: len(start) - many],
                                   _crossed(start[len(start) - many :], held[:many]),
                                   held[many:]])  # fmt: skip
    yield held


def _looped(blocks: Iterator[Stereo], fade: int, frames: int) -> Iterator[Stereo]:
    """No more than so many frames, of which the last `fade` lead to frame `fade`: there it goes on.

    What is shorter than two fades goes on at its start.
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
    yield _crossed(held, head) if len(head) == fade else held


def _crossed(goes: Stereo, comes: Stereo) -> Stereo:
    """One piece into another; the gains add up to 1, so that no peak rises above the ceiling."""
    share = (np.arange(len(goes), dtype=np.float32) + np.float32(0.5)) / np.float32(len(goes))
    return np.asarray(goes + (comes - goes) * share[:, np.newaxis], np.float32)


def _empty() -> Stereo:
    return np.zeros((0, 2), np.float32)


def _whole(block: Stereo) -> npt.NDArray[np.int16]:
    scaled = np.rint(block * np.float32(FULL_SCALE))
    return np.ascontiguousarray(np.clip(scaled, -FULL_SCALE, FULL_SCALE - 1).astype(np.int16))


def _tidy(folder: Path, keep: Path) -> None:
    """Let go what was not used for longest, and what killed runs have left."""
    with contextlib.suppress(OSError):
        for part in folder.glob(".*.part"):
            if time.time() - part.stat().st_mtime > _ABANDONED:  # others may be at work
                part.unlink(missing_ok=True)
        room = LARGEST - keep.stat().st_size
        for path in sorted(folder.glob("*.pcm"), key=lambda each: -each.stat().st_mtime):
            if path != keep:
                room -= path.stat().st_size
                if room < 0:
                    path.unlink(missing_ok=True)
