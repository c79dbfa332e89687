"""Decodes an audio file to stereo samples, block by block: with libsndfile, else with ffmpeg.

Separate from preparing, which works on samples only.
"""

from __future__ import annotations

import shutil
import struct
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import numpy.typing as npt
import soundfile as sf
import soxr

from cadence_cue.coaching.pages import clock
from cadence_cue.errors import UserError
from cadence_cue.processes import bound

Stereo = npt.NDArray[np.float32]
"""Shape (n, 2), full scale 1."""

_BLOCK = 16384
_AU = struct.Struct(">6I")  # the header of Sun's AU format, the simplest that holds floats
_AU_FLOAT = 6


def blocks(path: Path, rate: int) -> Iterator[Stereo]:
    """Yield the samples of a file at `rate` frames per second, in blocks of shape (n, 2).

    Mono goes to both channels, and so does the mean of more than two channels. Raises UserError for
    a file that is missing, damaged, without sound or in an unknown format.
    """
    with ExitStack() as opened:
        native, pieces = _open(path, opened)
        stream = soxr.ResampleStream(native, rate, 2, dtype="float32") if native != rate else None
        done = 0
        try:
            for piece in pieces:
                done += len(piece)
                ears = np.ascontiguousarray(_stereo(piece))
                if not np.isfinite(ears).all():
                    raise UserError(f"is damaged at {clock(done / native)}; {_WAY_OUT}", where=path)
                yield stream.resample_chunk(ears) if stream else ears
        except (sf.SoundFileError, _BrokenError) as error:
            where = f"at {clock(done / native)}"
            raise UserError(f"is damaged {where} ({error}); {_WAY_OUT}", where=path) from error
        if not done:
            raise UserError(f"there is no sound in it; {_WAY_OUT}", where=path)
        if stream:
            yield stream.resample_chunk(np.zeros((0, 2), np.float32), last=True)


# libsndfile's decoder prints warnings about damaged MP3 files on the runner's screen.
_BY_FFMPEG = (".mp2", ".mp3")

_WAY_OUT = "choose another file, or convert it again"


# A playlist that poses as music must not fetch anything, nor wait for more of itself.
_DEMUXERS = (
    *("aac", "ac3", "aiff", "amr", "ape", "asf", "au", "avi", "caf", "dsf", "eac3", "flac"),
    *("matroska", "mov", "mp3", "mpc", "mpc8", "ogg", "tta", "w64", "wav", "wv"),
)
_LOCAL = ("-protocol_whitelist", "file,pipe", "-format_whitelist", ",".join(_DEMUXERS))


class _BrokenError(Exception):
    """ffmpeg failed in the middle of a file; the text is ffmpeg's."""


def _open(path: Path, opened: ExitStack) -> tuple[int, Iterator[Stereo]]:
    """Return the sample rate of a file and its blocks, from the first decoder that reads it."""
    if path.suffix.lower() in _BY_FFMPEG and path.is_file() and shutil.which("ffmpeg"):
        return _by_ffmpeg(path, opened)
    try:
        file = opened.enter_context(sf.SoundFile(path))
    except sf.SoundFileError as error:
        if not path.is_file():
            raise UserError("there is no such file.", where=path) from error
        return _by_ffmpeg(path, opened)
    return file.samplerate, _read(file)


def _read(file: sf.SoundFile) -> Iterator[Stereo]:
    while len(block := file.read(_BLOCK, dtype="float32", always_2d=True)):
        yield block


def _by_ffmpeg(path: Path, opened: ExitStack) -> tuple[int, Iterator[Stereo]]:
    program = shutil.which("ffmpeg")
    if program is None:
        raise UserError(
            "needs the program ffmpeg to be read, which is not installed",
            where=path,
            way_out="install it, or take MP3, FLAC, Ogg or WAV.",
        )
    messages = opened.enter_context(tempfile.TemporaryFile())  # noqa: SIM115 - a pipe could fill up
    process = subprocess.Popen(
        bound([program, "-nostdin", "-loglevel", "error", *_LOCAL, "-i", f"file:{path.absolute()}",
               "-map", "0:a:0", "-f", "au", "-c:a", "pcm_f32be", "pipe:1"]),
        stdout=subprocess.PIPE,
        stderr=messages,
        stdin=subprocess.DEVNULL,
        process_group=0,
    )  # fmt: skip
    opened.callback(process.wait)
    opened.callback(process.kill)
    assert process.stdout  # noqa: S101 - for the types
    opened.enter_context(process.stdout)

    def reason() -> str:
        process.wait()
        messages.seek(0)
        lines = messages.read().decode(errors="replace").strip().splitlines()
        return lines[-1].rpartition(": ")[2] if lines else "ffmpeg cannot read it"

    head = process.stdout.read(_AU.size)
    if len(head) < _AU.size:
        raise UserError(f"cannot be read as sound ({reason()}); {_WAY_OUT}", where=path)
    _, begin, _, encoding, rate, channels = _AU.unpack(head)
    assert encoding == _AU_FLOAT  # noqa: S101 - it was asked for
    process.stdout.read(begin - _AU.size)
    size = 4 * channels

    def read() -> Iterator[Stereo]:
        assert process.stdout  # noqa: S101 - for the types
        while data := process.stdout.read(_BLOCK * size):
            whole = len(data) // size * size
            yield np.frombuffer(data[:whole], ">f4").astype(np.float32).reshape(-1, channels)
        if process.wait():
            raise _BrokenError(reason())

    return rate, read()


def _stereo(block: Stereo) -> Stereo:
    if block.shape[1] == 2:
        return block
    mono = block if block.shape[1] == 1 else block.mean(axis=1, keepdims=True, dtype=np.float32)
    return np.repeat(mono, 2, axis=1)
