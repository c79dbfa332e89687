"""ffmpeg, where it is installed: it encodes faster than libsndfile, and formats that that has not.

The one place that knows it for writing.
"""

from __future__ import annotations

import contextlib
import functools
import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Self

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
        # A pipe that nobody reads while we write could fill up and stop both of us.
        self._told = tempfile.TemporaryFile()  # noqa: SIM115 - closed in __exit__
        raw = ("-f", "f32le", "-ar", str(rate), "-ac", str(channels), "-i", "pipe:0")
        self._metadata = tempfile.NamedTemporaryFile("w", suffix=".txt", encoding="utf-8")  # noqa: SIM115
        self._metadata.write(metadata)
        self._metadata.flush()
        told = ("-f", "ffmetadata", "-i", self._metadata.name, "-map", "0:a", "-map_metadata", "1",
                "-map_chapters", "1") if metadata else ()  # fmt: skip
        try:
            self._process = subprocess.Popen(
                [program() or "ffmpeg", *_QUIET, "-y", *raw, *told, *options,
                 os.fspath(path.absolute())],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=self._told,
                process_group=0,  # Ctrl-C is for us: we end it
            )  # fmt: skip
        except OSError as error:
            self._told.close()
            self._metadata.close()
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
            with contextlib.suppress(OSError):
                self._process.stdin.close()
        self._told.close()
        self._metadata.close()

    def _reason(self, otherwise: str = "ffmpeg ended without a word") -> str:
        """The last that it said."""
        if self._process.poll() is None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(1)
        self._told.seek(0)
        lines = self._told.read().decode(errors="replace").strip().splitlines()
        return re.sub(r"^\[[^]]*\] ", "", lines[-1]) if lines else otherwise
