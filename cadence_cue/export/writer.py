"""Render a stretch of a performance and write it to a file, block by block.

The one place that knows soundfile for writing. Memory is constant: one block of samples.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import soundfile as sf

from cadence_cue.export.formats import CHANNELS, Encoding, encoding_for
from cadence_cue.export.target import broken, check_place, check_space, new_file

BLOCK = 65536
"""Frames rendered at a time. Not more: libvorbis puts a whole block on the stack."""

Floats = npt.NDArray[np.float32]
Numbers = npt.NDArray[np.int16 | np.int32]

# What libsndfile takes whole numbers of so many bits as. Everything else gets floating point:
# from 16-bit stereo it makes corrupt MP3.
_NUMBERS: dict[int, type[np.int16 | np.int32]] = {16: np.int16, 24: np.int32}

Render = Callable[[int, Floats], None]
"""Fills a block of shape (n,), full scale 1, with the frames from the given one on."""


@dataclass(frozen=True, slots=True)
class Tags:
    """What players show of a file; "" for nothing."""

    title: str = ""
    artist: str = ""
    comment: str = ""


def check_target(
    target: Path, rate: int, *, bits: int | None = None, force: bool = False
) -> Encoding:
    """Refuse, with an ExportError, a target that `export` would refuse; do so before planning."""
    encoding = encoding_for(target, rate, bits)
    check_place(target, force=force)
    return encoding


def export(  # noqa: PLR0913 - what to write, where, and how
    render: Render,
    start: int,
    end: int,
    rate: int,
    target: Path,
    *,
    bits: int | None = None,
    force: bool = False,
    tags: Tags | None = None,
    progress: Callable[[int], object] | None = None,
) -> None:
    """Write frames `start` up to `end` (not included) at `rate` frames per second to `target`.

    `bits` and `force` as in `check_target`. `progress` hears after each block how many frames
    are done; whatever it raises ends the export. After every error, Ctrl-C too, the target is as
    it was and nothing else is left. Raises ExportError.
    """
    encoding = check_target(target, rate, bits=bits, force=force)
    check_space(target, encoding.size(end - start, rate))
    blocks = _blocks(render, start, end, encoding)
    with new_file(target, force=force) as hidden:
        with _explained(target):
            file = _open(hidden, encoding, end - start, rate, tags or Tags())
        try:
            for done, block in blocks:
                with _explained(target):
                    file.write(block)
                if progress is not None:
                    progress(done)
        finally:
            with _explained(target):
                file.close()
        _check_complete(hidden, target, end - start)


def _blocks(
    render: Render, start: int, end: int, encoding: Encoding
) -> Iterator[tuple[int, Floats | Numbers]]:
    """Yield the frames done and each block as libsndfile takes it, in buffers used again."""
    buffer = np.empty(min(BLOCK, end - start), np.float32)
    numbers = _NUMBERS.get(encoding.bits)
    whole = None if numbers is None else np.empty(buffer.shape, numbers)
    both = np.empty((len(buffer), CHANNELS), numbers or np.float32)
    for first in range(start, end, BLOCK):
        block = buffer[: end - first]
        render(first, block)
        mono = block if whole is None else quantized(block, encoding.bits, whole)
        ears = both[: len(block)]
        for channel in range(CHANNELS):  # seven times as fast as broadcasting
            ears[:, channel] = mono
        yield first + len(block) - start, ears


def quantized(block: Floats, bits: int, out: Numbers) -> Numbers:
    """Round a block to whole numbers of `bits`, in place and then in `out`; return that part.

    The numbers are left-aligned in `out`, as libsndfile expects them. Too loud is clipped: a
    number that wrapped around would be the loudest click of all.
    """
    # Plain rounding: the noise under every file is the dither. numpy does this faster than
    # libsndfile, and without its scale of 32767.
    top = 2 ** (bits - 1)
    np.multiply(block, np.float32(top), out=block)
    np.rint(block, out=block)
    np.clip(block, -top, top - 1, out=block)
    numbers = out[: len(block)]
    np.copyto(numbers, block, casting="unsafe")
    spare = out.dtype.itemsize * 8 - bits
    if spare:
        np.left_shift(numbers, spare, out=numbers)
    return numbers


def _open(hidden: Path, encoding: Encoding, frames: int, rate: int, tags: Tags) -> sf.SoundFile:
    """Open the hidden file for writing, tags first: they stand before the sound."""
    file = sf.SoundFile(
        _spelled(hidden),
        "w",
        samplerate=rate,
        channels=CHANNELS,
        format=encoding.container_for(frames),
        subtype=encoding.subtype,
        compression_level=encoding.effort,
    )
    for name in ("title", "artist", "comment"):
        text = getattr(tags, name)
        if text:
            # A title from a file's name may hold bytes that are no text.
            setattr(file, name, text.encode(errors="replace").decode())
    return file


def _check_complete(hidden: Path, target: Path, frames: int) -> None:
    """Read the last frame back: the encoders lose errors that happen while they close."""
    with _explained(target), sf.SoundFile(_spelled(hidden)) as file:
        if file.frames == frames:
            file.seek(frames - 1)
            if len(file.read(1)) == 1:
                return
    raise broken(target, "its end is missing")


def _spelled(path: Path) -> Path | bytes:
    """The path as soundfile takes it: as text it refuses POSIX names that are no UTF-8."""
    return os.fsencode(path) if os.name == "posix" else path


@contextmanager
def _explained(target: Path) -> Iterator[None]:
    """Turn libsndfile's errors into an ExportError that names the target."""
    try:
        yield
    except sf.SoundFileError as error:
        raise broken(target, getattr(error, "error_string", str(error))) from error
