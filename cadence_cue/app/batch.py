"""Many files at once: each is written by a process of its own, and one that fails stops no other.

The plans are made here, one ahead of the writers; a writer gets plain data and needs no settings,
no library and no voice.
"""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.connection import wait as first_of
from multiprocessing.context import SpawnContext, SpawnProcess
from typing import Any, Protocol

from cadence_cue.errors import UserError

_LOOK = 0.1  # seconds between two looks at how far the writers are


class Job(Protocol):
    """A file to be written: can be sent to another process."""

    def write(self, progress: Callable[[float], object]) -> str:
        """Write it, and tell what it became; `progress` hears the share and may raise."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of the order at a place among all: `told`, or how it `failed`."""

    place: int
    told: str = ""
    failed: UserError | None = None


class Stopped(Exception):  # noqa: N818 - no error: it was wished
    """The writing was stopped from outside."""


def write_all(
    orders: Iterable[Job | Outcome],
    count: int,
    workers: int,
    progress: Callable[[float], object],
) -> Iterator[Outcome]:
    """Write `count` orders, so many at a time, and yield what became of each once it is known.

    In place of an order that could not be made stands its outcome. `progress` hears the share of
    all that is done, ten times a second; whatever it raises, Ctrl-C too, stops all writers, and
    each leaves its target as it was.
    """
    writers = _Writers(count)
    try:
        for place, order in enumerate(orders):
            if isinstance(order, Outcome):
                writers.shares[place] = 1
                yield order
                continue
            while len(writers.running) >= workers:
                yield from writers.poll(progress)
            writers.start(place, order)
        while writers.running:
            yield from writers.poll(progress)
    finally:
        writers.stop()


class _Writers:
    """The processes at work, by what is heard of them."""

    def __init__(self, count: int) -> None:
        self._spawn: SpawnContext = multiprocessing.get_context("spawn")
        self._stop: Any = self._spawn.RawValue("b", 0)
        self.shares: Any = self._spawn.RawArray("d", count)
        self.running: dict[Connection, tuple[int, SpawnProcess]] = {}

    def start(self, place: int, order: Job) -> None:
        """Have an order written."""
        ours, theirs = self._spawn.Pipe(duplex=False)
        writer = self._spawn.Process(
            target=_write, args=(theirs, place, order, self.shares, self._stop), daemon=True
        )
        writer.start()
        theirs.close()
        self.running[ours] = place, writer

    def poll(self, progress: Callable[[float], object]) -> Iterator[Outcome]:
        """Wait a moment, and yield what is finished by then."""
        heard = first_of(list(self.running), _LOOK)
        progress(sum(self.shares) / len(self.shares))
        for ours in heard:
            assert isinstance(ours, Connection)  # noqa: S101 - for the types
            place, writer = self.running.pop(ours)
            self.shares[place] = 1
            try:
                outcome = ours.recv()
            except EOFError:
                outcome = None
            ours.close()
            writer.join()
            yield outcome or Outcome(place, failed=_ended(writer.exitcode))

    def stop(self) -> None:
        """Stop those that still run, and wait until they have tidied up."""
        self._stop.value = 1
        for ours, (_, writer) in self.running.items():
            writer.join()
            ours.close()


def _write(heard: Connection, place: int, order: Job, shares: Any, stop: Any) -> None:  # noqa: ANN401 - ctypes
    """Write one order. Runs in a process of its own."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the one who leads

    def tell(share: float) -> None:
        shares[place] = share
        if stop.value:
            raise Stopped

    try:
        heard.send(Outcome(place, told=order.write(tell)))
    except Stopped:
        return
    except UserError as error:
        heard.send(Outcome(place, failed=error))
    except OSError as error:
        heard.send(Outcome(place, failed=UserError.of(error)))
    except Exception as error:
        what = f"a defect of this program ({type(error).__name__}: {error})"
        heard.send(Outcome(place, failed=UserError(what)))
        raise  # its traceback is told as this process ends


def _ended(code: int | None) -> UserError:
    """Why a writer ended without a word: by a signal, whose number is negative in `code`."""
    if code == -signal.SIGKILL:
        return UserError("the system ended its writer", way_out="is there enough memory?")
    return UserError(f"its writer ended without a word (exit code {code})")
