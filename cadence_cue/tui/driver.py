"""Textual's way to the terminal, for a terminal that may be closed while we write to it."""

from __future__ import annotations

from contextlib import suppress
from typing import IO, Any

from textual.drivers.linux_driver import LinuxDriver


class TerminalDriver(LinuxDriver):
    """Writes nowhere once the terminal is closed.

    Textual's writing thread would die of the first error, and its queue would then block the app
    for ever, which no signal ends.
    """

    def __init__(self, *about: Any, **more: Any) -> None:  # noqa: ANN401 - as Textual gives them
        super().__init__(*about, **more)
        self._file = Lenient(self._file)  # type: ignore[arg-type, assignment] # what its thread needs


class Lenient:
    """A file whose errors are nobody's: what cannot be written is not missed."""

    def __init__(self, file: IO[str]) -> None:
        self._file = file

    def write(self, text: str) -> None:
        """Write a text, if that is possible."""
        with suppress(OSError):
            self._file.write(text)

    def flush(self) -> None:
        """Write what is buffered, if that is possible."""
        with suppress(OSError):
            self._file.flush()

    def fileno(self) -> int:
        """Its number."""
        return self._file.fileno()
