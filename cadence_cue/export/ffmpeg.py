"""Encoding with ffmpeg, if it is installed: faster than libsndfile, and in more formats.

The only module that runs ffmpeg for writing.
"""

from __future__ import annotations

import functools
import os
import re
import select
import shutil
import subprocess
from contextlib import ExitStack, suppress
from pathlib import Path
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, Self

from cadence_cue.processes import bound

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

_QUIET = ("-hide_banner", "-nostdin", "-loglevel", "error")
_PATIENCE = 20  # seconds for a query that usually takes a moment
_STANDSTILL = 30  # seconds in which a working ffmpeg takes samples or writes, whatever the disk
_SILENT = "ffmpeg does not answer any more"


class FfmpegError(Exception):
    """ffmpeg failed; the text is the reason that ffmpeg gave."""


def program() -> str | None:
    """The path of ffmpeg; None if it is not installed."""
    return shutil.which("ffmpeg")


@functools.cache
def encodes(encoder: str) -> bool:
    """Whether ffmpeg is installed and was built with this encoder."""
    found = program()
    if found is None:
        return False
    try:
        answer = subprocess.run(
            bound([found, *_QUIET, "-h", f"encoder={encoder}"]),
            capture_output=True,
            timeout=_PATIENCE,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return answer.stdout.startswith(b"Encoder ")


class Encoder:
    """Writes a file through ffmpeg, block by block.

    A context manager; after an exception ffmpeg is killed and the file is incomplete.
    """

    def __init__(
        self, path: Path, options: tuple[str, ...], metadata: str, *, rate: int, channels: int
    ) -> None:
        """Start ffmpeg, which overwrites `path`; `metadata` is in ffmpeg's own format.

        `options` choose the encoder; `rate` is in frames per second. Raises FfmpegError.
        """
        self._file = path
        self._path = os.fspath(path.absolute())
        raw = ("-f", "f32le", "-ar", str(rate), "-ac", str(channels), "-i", "pipe:0")
        try:
            with ExitStack() as files:
                # A file: a pipe that is not read while we write could fill up and block both.
                self._printed = files.enter_context(TemporaryFile())
                text = files.enter_context(TemporaryFile())  # no name, so that none is left behind
                text.write(metadata.encode())
                text.seek(0)
                told = f"pipe:{text.fileno()}"
                extra = ("-f", "ffmetadata", "-i", told, "-map", "0:a", "-map_metadata", "1",
                         "-map_chapters", "1") if metadata else ()  # fmt: skip
                command = [program() or "ffmpeg", *_QUIET, "-y", *raw, *extra, *options, self._path]
                self._process = subprocess.Popen(
                    bound(command),
                    stdin=subprocess.PIPE,
                    stdout=subprocess.DEVNULL,
                    stderr=self._printed,
                    pass_fds=(text.fileno(),),
                    process_group=0,  # so that Ctrl-C reaches only us, and we end it
                )
                assert self._process.stdin  # noqa: S101 - for the types
                self._pipe = self._process.stdin.fileno()
                os.set_blocking(self._pipe, False)
                self._room = select.poll()
                self._room.register(self._pipe, select.POLLOUT)
                self._files = files.pop_all()
        except OSError as error:
            raise FfmpegError(error.strerror or str(error)) from error

    def write(self, block: npt.NDArray[np.float32]) -> None:
        """Write more frames, shape (n, channels). Raises FfmpegError."""
        left = block.data.cast("B")
        try:
            while left:
                # Twice, because after a stop the first look may come too late to count.
                if not any(self._room.poll(500 * _STANDSTILL) for _ in range(2)):
                    raise FfmpegError(_SILENT)
                left = left[os.write(self._pipe, left) :]
        except OSError as error:
            raise FfmpegError(self._reason()) from error

    def close(self) -> None:
        """Wait until the file is complete. Raises FfmpegError."""
        assert self._process.stdin  # noqa: S101 - for the types
        try:
            self._process.stdin.close()
        except OSError as error:
            raise FfmpegError(self._reason()) from error
        seen = None
        while self._process.poll() is None:
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(_STANDSTILL)
                break
            written = self._file.stat()  # at the end ffmpeg may write a whole M4A anew
            if seen == (seen := (written.st_size, written.st_mtime_ns)):
                raise FfmpegError(_SILENT)
        if self._process.returncode or self._reason(""):
            raise FfmpegError(self._reason())

    def __enter__(self) -> Self:
        """Return the encoder itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Kill ffmpeg if it still runs, and delete the temporary files."""
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()
        if self._process.stdin and not self._process.stdin.closed:
            with suppress(OSError):
                self._process.stdin.close()
        self._files.close()

    def _reason(self, otherwise: str = "ffmpeg ended without an error message") -> str:
        """The last line that ffmpeg printed, or `otherwise` if it printed nothing."""
        if self._process.poll() is None:
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(1)
        self._printed.seek(0)
        lines = self._printed.read().decode(errors="replace").strip().splitlines()
        if not lines:
            return otherwise
        # The hidden file's name and ffmpeg's component mean nothing to a runner.
        last = lines[-1].rpartition(f"{self._path}: ")[2]
        return re.sub(r"^\[[^]]*\] ", "", last)
