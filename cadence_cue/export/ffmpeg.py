"""ffmpeg, where it is installed: it encodes faster than libsndfile, and formats that that has not.

The one place that knows it for writing.
"""

from __future__ import annotations

import functools
import os
import re
import shutil
import subprocess
from contextlib import ExitStack, suppress
from pathlib import Path
from tempfile import NamedTemporaryFile, TemporaryFile
from types import TracebackType
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

_QUIET = ("-hide_banner", "-nostdin", "-loglevel", "error")
_PATIENCE = 20  # seconds for a question that takes a moment


class FfmpegError(Exception):
    """ffmpeg failed; its text is ffmpeg's own reason."""


def program() -> str | None:
    """Where ffmpeg is; None where it is not installed."""
    return shutil.which("ffmpeg")


@functools.cache
def encodes(encoder: str) -> bool:
    """Whether there is an ffmpeg that was built with this encoder."""
    found = program()
    if found is None:
        return False
    try:
        told = subprocess.run(
            [found, *_QUIET, "-h", f"encoder={encoder}"],
            capture_output=True,
            timeout=_PATIENCE,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return told.stdout.startswith(b"Encoder ")


class Encoder:
    """A file that ffmpeg writes from the blocks that it is given.

    A context manager; after an exception ffmpeg is ended and the file is of no use.
    """

    def __init__(
        self, path: Path, options: tuple[str, ...], metadata: str, *, rate: int, channels: int
    ) -> None:
        """Begin writing to `path`, which exists; `metadata` is in ffmpeg's own format.

        Raises FfmpegError.
        """
        self._path = os.fspath(path.absolute())
        raw = ("-f", "f32le", "-ar", str(rate), "-ac", str(channels), "-i", "pipe:0")
        try:
            with ExitStack() as files:
                # A pipe that nobody reads while we write could fill up and stop both of us.
                self._told = files.enter_context(TemporaryFile())
                text = files.enter_context(NamedTemporaryFile("w", encoding="utf-8"))
                text.write(metadata)
                text.flush()
                told = ("-f", "ffmetadata", "-i", text.name, "-map", "0:a", "-map_metadata", "1",
                        "-map_chapters", "1") if metadata else ()  # fmt: skip
                self._process = subprocess.Popen(
                    [program() or "ffmpeg", *_QUIET, "-y", *raw, *told, *options, self._path],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.DEVNULL,
                    stderr=self._told,
                    process_group=0,  # Ctrl-C is for us: we end it
                )
                self._files = files.pop_all()
        except OSError as error:
            raise FfmpegError(error.strerror or str(error)) from error

    def write(self, block: npt.NDArray[np.float32]) -> None:
        """Give it more frames, shape (n, channels). Raises FfmpegError."""
        assert self._process.stdin  # noqa: S101 - for the types
        try:
            self._process.stdin.write(block.data.cast("B"))
        except OSError as error:
            raise FfmpegError(self._reason()) from error

    def close(self) -> None:
        """Wait until the file is complete. Raises FfmpegError."""
        assert self._process.stdin  # noqa: S101 - for the types
        try:
            self._process.stdin.close()
        except OSError as error:
            raise FfmpegError(self._reason()) from error
        if self._process.wait() or self._reason(""):
            raise FfmpegError(self._reason())

    def __enter__(self) -> Self:
        """Write in it."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Leave no process behind."""
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()
        if self._process.stdin and not self._process.stdin.closed:
            with suppress(OSError):
                self._process.stdin.close()
        self._files.close()

    def _reason(self, otherwise: str = "ffmpeg ended without a word") -> str:
        """The last that it said."""
        if self._process.poll() is None:
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(1)
        self._told.seek(0)
        lines = self._told.read().decode(errors="replace").strip().splitlines()
        if not lines:
            return otherwise
        # Neither the hidden file nor the part of ffmpeg that speaks tells a runner anything.
        last = lines[-1].rpartition(f"{self._path}: ")[2]
        return re.sub(r"^\[[^]]*\] ", "", last)
