"""Reads the samples that a program writes to its standard output, as a WAV file of floats.

WAV, because in simpler formats ffmpeg complains about the times of files that were joined.
"""

from __future__ import annotations

import re
import struct
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from typing import Self

import numpy as np

from cadence_cue.errors import printable
from cadence_cue.media.samples import BLOCK, Samples
from cadence_cue.processes import bound

_FORM = struct.Struct("<HHIIHH")  # what a WAV's chunk "fmt " begins with
_FLOAT, _UNKNOWN = 3, 0xFFFFFFFF


def head(rate: int, channels: int) -> bytes:
    """Return the bytes before the samples, which follow as 32-bit floats, little end first."""
    form = _FORM.pack(_FLOAT, channels, rate, rate * channels * 4, channels * 4, 32)
    sizes = _UNKNOWN.to_bytes(4, "little")
    return b"RIFF" + sizes + b"WAVEfmt \x10\0\0\0" + form + b"data" + sizes


def _reason(line: bytes) -> str:
    """Return the reason in a line that a decoder printed, without the names that precede it."""
    text = re.sub(r"^\[[^]]*\] ", "", line.decode(errors="replace"))
    return printable(text.rpartition(": ")[2].strip())


class DecoderProcess:
    """A program that decodes; its messages are kept from the terminal, and its input is empty.

    A context manager: the program ends with it.
    """

    def __init__(
        self, command: Sequence[str], environment: Mapping[str, str] | None = None
    ) -> None:
        """Start the program, and read the head of what it writes. Raises OSError."""
        # A file: a pipe that is not read while we read the samples could fill up.
        self._printed = tempfile.TemporaryFile()  # noqa: SIM115 - closed below
        try:
            self._process = subprocess.Popen(
                bound(command),
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=self._printed,
                process_group=0,  # so that Ctrl-C reaches only us, and we end it
            )
        except BaseException:
            self._printed.close()
            raise
        assert self._process.stdout  # noqa: S101 - for the types
        self._out = self._process.stdout
        self.rate = self.channels = 0
        """Of the samples; 0 if there are none."""
        self._read_head()

    def _read_head(self) -> None:
        self._out.read(12)
        while len(chunk := self._out.read(8)) == 8 and chunk[:4] != b"data":
            body = self._out.read(int.from_bytes(chunk[4:], "little"))
            if chunk[:4] == b"fmt ":
                _, self.channels, self.rate, *_ = _FORM.unpack(body[: _FORM.size])

    def blocks(self) -> Iterator[Samples]:
        """Yield the samples, shape (n, channels)."""
        size = 4 * self.channels
        while self.channels and (data := self._out.read(BLOCK * size)):
            whole = len(data) // size * size
            yield np.frombuffer(data[:whole], "<f4").astype(np.float32).reshape(-1, self.channels)

    def complaints(self) -> list[str]:
        """Wait for the end, and return what was printed."""
        code = self._process.wait()
        self._printed.seek(0)
        reasons = [_reason(line) for line in self._printed.read().splitlines()]
        return reasons or ([f"the decoder ended with code {code}"] if code else [])

    def __enter__(self) -> Self:
        """Return the process itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """End the program."""
        self._process.kill()
        self._process.wait()
        self._out.close()
        self._printed.close()
