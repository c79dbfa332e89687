"""Renders part of a performance and writes it to a file, block by block.

The only module that writes with soundfile. Memory use is constant: one block of samples.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import soundfile as sf

from cadence_cue.errors import UserError
from cadence_cue.export.ffmpeg import Encoder, FfmpegError
from cadence_cue.export.formats import Encoding, EncodingOptions, encoding_for
from cadence_cue.export.target import broken, check_place, check_space, explained, new_file
from cadence_cue.export.track import Track
from cadence_cue.sound.mix import Render, in_both_ears

BLOCK = 65536
"""Frames rendered at a time. Not more: libvorbis puts a whole block on the stack."""

_MORE = 1 << 20  # bytes that an encoder may have wanted to write when it failed

Floats = npt.NDArray[np.float32]
Numbers = npt.NDArray[np.int16 | np.int32]

# The integer type in which libsndfile takes samples of so many bits. Other formats get floating
# point: from 16-bit stereo it makes corrupt MP3.
_NUMBERS: dict[int, type[np.int16 | np.int32]] = {16: np.int16, 24: np.int32}


def check_target(
    target: Path,
    rate: int,
    *,
    wish: EncodingOptions = EncodingOptions(),  # noqa: B008 - frozen
    force: bool = False,
) -> Encoding:
    """The encoding for a target, to be asked before planning.

    Raises UserError for a target that `export` would refuse.
    """
    encoding = encoding_for(target, rate, wish)
    check_place(target, force=force)
    return encoding


def export(  # noqa: PLR0913 - what to write, where, and how
    render: Render,
    start: int,
    end: int,
    rate: int,
    target: Path,
    *,
    channels: int = 1,
    wish: EncodingOptions = EncodingOptions(),  # noqa: B008 - frozen
    force: bool = False,
    track: Track | None = None,
    progress: Callable[[int], object] | None = None,
) -> None:
    """Write frames `start` to `end` (exclusive), at `rate` frames per second, to `target`.

    `render` fills blocks of `channels` channels, shape (n,) for one channel and (n, channels) for
    more. `progress` is called after each block with the number of frames done; whatever it raises
    ends the export. After any error, Ctrl-C included, the target is as it was and no other file is
    left. Raises UserError.
    """
    encoding = check_target(target, rate, wish=wish, force=force)
    end = start + encoding.frames(end - start)
    cover = len(track.cover) if track else 0
    check_space(target, encoding.least_size(end - start) + cover)
    with new_file(target, force=force) as hidden:
        with _encoder(hidden, target, encoding, end - start, rate, track) as write:
            for done, block in _blocks(render, start, end, channels, encoding):
                write(block)
                if progress is not None:
                    progress(done)
        with _explained(hidden, target):
            if encoding.options:
                encoding.format.set_length(hidden, end - start, rate)
            if track is not None:
                encoding.format.tag(hidden, track)
        _check_complete(hidden, target, encoding, end - start, rate)


def _blocks(
    render: Render, start: int, end: int, channels: int, encoding: Encoding
) -> Iterator[tuple[int, Floats | Numbers]]:
    """Yield the number of frames done and each block as the encoder takes it.

    The blocks share a buffer: each is valid only until the next.
    """
    frames = min(BLOCK, end - start)
    buffer = np.empty(frames if channels == 1 else (frames, channels), np.float32)
    numbers = _NUMBERS.get(encoding.bits)
    mixed = np.empty((frames, 1), np.float32) if encoding.channels < channels else None
    whole = np.empty(buffer.shape if mixed is None else mixed.shape, numbers or np.int16)
    both = np.empty((frames, encoding.channels), numbers or np.float32)
    for first in range(start, end, BLOCK):
        block = buffer[: end - first]
        render(first, block)
        if mixed is not None:
            block = np.mean(block, axis=1, keepdims=True, out=mixed[: len(block)])
        ears: Floats | Numbers = block
        if numbers is not None:
            ears = quantized(block, encoding.bits, whole)
        if channels == 1 and encoding.channels == 2:
            mono, ears = ears, both[: len(ears)]
            in_both_ears(mono, ears)
        yield first + len(ears) - start, ears


def quantized(block: Floats, bits: int, out: Numbers) -> Numbers:
    """Round a block to integers of `bits` bits; return the part of `out` that holds them.

    The integers are left-aligned, as libsndfile expects them; `block` is overwritten. Samples
    that are too loud are clipped: an integer that wrapped around would be the loudest click.
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


@contextmanager
def _encoder(
    hidden: Path, target: Path, encoding: Encoding, frames: int, rate: int, track: Track | None
) -> Iterator[Callable[[Any], None]]:
    """Yield a function that writes blocks; on leaving, the file is complete."""
    if encoding.options:
        metadata = encoding.format.metadata(track) if track else ""
        try:
            with Encoder(
                hidden, encoding.options, metadata, rate=rate, channels=encoding.channels
            ) as encoder:
                yield encoder.write
                encoder.close()
        except FfmpegError as error:
            raise _broken(hidden, target, str(error)) from error
        return
    with _explained(hidden, target):
        file = sf.SoundFile(
            _spelled(hidden),
            "w",
            samplerate=rate,
            channels=encoding.channels,
            format=encoding.container_for(frames),
            subtype=encoding.subtype,
            compression_level=encoding.effort,
        )

    def write(block: Any) -> None:  # noqa: ANN401 - whole numbers or floating point
        with _explained(hidden, target):
            file.write(block)

    try:
        yield write
    finally:
        with _explained(hidden, target):
            file.close()


def _check_complete(hidden: Path, target: Path, encoding: Encoding, frames: int, rate: int) -> None:
    """Read the file's end back, because the encoders lose errors that happen on closing."""
    with _explained(hidden, target):
        seconds = encoding.format.seconds_of(hidden)
        if seconds is not None:
            complete = seconds * rate > frames - 1
        else:
            with sf.SoundFile(_spelled(hidden)) as file:
                complete = file.frames == frames
                if complete:
                    file.seek(frames - 1)
                    complete = len(file.read(1)) == 1
    if not complete:
        raise _broken(hidden, target, "its end is missing")


def _spelled(path: Path) -> Path | bytes:
    """The path as soundfile accepts it: as text it refuses POSIX names that are not UTF-8."""
    return os.fsencode(path) if os.name == "posix" else path


@contextmanager
def _explained(hidden: Path, target: Path) -> Iterator[None]:
    """Turn errors of the file system, libsndfile and mutagen into a UserError for the target."""
    from cadence_cue.export.tags import TagError  # noqa: PLC0415 - mutagen

    try:
        with explained(target):
            yield
    except sf.SoundFileError as error:
        reason = getattr(error, "error_string", str(error))
        raise _broken(hidden, target, reason) from error
    except TagError as error:
        # mutagen wraps the system's error in its own.
        (reason,) = error.args[:1] or (error,)
        reason = getattr(reason, "strerror", None) or str(reason)
        raise _broken(hidden, target, reason) from error


def _broken(hidden: Path, target: Path, reason: str) -> UserError:
    """The UserError for a file that could not be written.

    Encoders tell of a full disk in their own words, or not at all. So the system is asked whether
    it takes more of the file, and what it says is the reason.
    """
    try:
        with hidden.open("ab") as file:
            file.write(bytes(_MORE))
    except OSError as error:
        reason = error.strerror or reason
    return broken(target, reason)
