"""Jobs of a batch; each of its processes imports this module, so it imports only what they need."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from cadence_cue.app.batch import Stopped
from cadence_cue.errors import UserError, WayOut


@dataclass(frozen=True)
class Noted:
    """An order that writes its process and how far it came."""

    target: Path

    def write(self, progress: Callable[[float], object]) -> str:
        progress(0.5)
        self.target.write_text(str(os.getpid()))
        return f"wrote {self.target.name}"


@dataclass(frozen=True)
class Refused:
    def write(self, progress: Callable[[float], object]) -> str:
        progress(0.0)
        raise UserError("exists already", where="x.mp3", way_out=WayOut.REPLACE)


@dataclass(frozen=True)
class Raising:
    """An order that ends with an exception that is not meant for people."""

    error: Exception

    def write(self, progress: Callable[[float], object]) -> str:
        progress(0.0)
        raise self.error


@dataclass(frozen=True)
class Leaving:
    """An order whose process ends without a word."""

    code: int

    def write(self, progress: Callable[[float], object]) -> str:
        progress(0.0)
        os._exit(self.code)


@dataclass(frozen=True)
class Killed:
    def write(self, progress: Callable[[float], object]) -> str:
        progress(0.0)
        os.kill(os.getpid(), signal.SIGKILL)
        return ""


@dataclass(frozen=True)
class Endless:
    """An order that ends when it is stopped, and says so."""

    started: Path
    stopped: Path

    def write(self, progress: Callable[[float], object]) -> str:
        self.started.touch()
        try:
            while True:
                progress(0.1)
                time.sleep(0.01)
        except Stopped:
            self.stopped.touch()
            raise
