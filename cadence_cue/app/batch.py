"""Writes many files at once, each in a process of its own; a failure does not stop the others.

Jobs are planned in this process, one ahead of the writers. A writer gets plain data and needs no
settings, no library and no voice.
"""

from __future__ import annotations

import multiprocessing
import signal
import sys
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import redirect_stderr
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.connection import wait as first_of
from multiprocessing.context import ForkServerContext, ForkServerProcess
from typing import Any, Protocol

from cadence_cue.errors import UserError

_PRELOADED = ["cadence_cue.app.tracks.export_job", "cadence_cue.music.preparing_spans"]
"""What writers need: imported once, by the process that the writers are forked from."""

_POLL = 0.1  # seconds between two checks of the writers' progress


class Job(Protocol):
    """A file to write; must be picklable, so that another process can write it."""

    def write(self, progress: Callable[[float], object]) -> str:
        """Write the file and return a line that describes it.

        `progress` is called with the share done, from 0 to 1; it may raise to stop the writing.
        """


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of the job at index `place`: a line that describes the file, or the error."""

    place: int
    summary: str = ""
    failed: UserError | None = None


class Stopped(Exception):  # noqa: N818 - requested, so no error
    """The writing was stopped by the process that started it."""


def write_all(
    jobs: Iterable[Job | Outcome],
    count: int,
    workers: int,
    progress: Callable[[float], object],
) -> Generator[Outcome, None, None]:
    """Write `count` jobs, `workers` at a time, and yield each outcome as soon as it is known.

    A job that could not be planned is given as its outcome. `progress` is called ten times a
    second with the share of the whole that is done. Anything it raises, or Ctrl-C, stops all
    writers, and each leaves its target as it was.
    """
    writers = _Writers(count)
    try:
        for place, job in enumerate(jobs):
            if isinstance(job, Outcome):
                writers.shares[place] = 1
                yield job
                continue
            while len(writers.running) >= workers:
                yield from writers.poll(progress)
            writers.start(place, job)
        while writers.running:
            yield from writers.poll(progress)
    finally:
        writers.stop()


class _Writers:
    """The running processes, by the connection on which each sends its outcome."""

    def __init__(self, count: int) -> None:
        self._fork: ForkServerContext = multiprocessing.get_context("forkserver")
        self._fork.set_forkserver_preload(_PRELOADED)
        self._stop: Any = self._fork.RawValue("b", 0)
        self.shares: Any = self._fork.RawArray("d", count)
        self.running: dict[Connection, tuple[int, ForkServerProcess]] = {}

    def start(self, place: int, job: Job) -> None:
        """Start a process that writes a job."""
        ours, theirs = self._fork.Pipe(duplex=False)
        writer = self._fork.Process(
            target=_write, args=(theirs, place, job, self.shares, self._stop), daemon=True
        )
        # Textual's has the descriptor -1, which the server of the processes would be given.
        with redirect_stderr(sys.__stderr__):
            writer.start()
        theirs.close()
        self.running[ours] = place, writer

    def poll(self, progress: Callable[[float], object]) -> Iterator[Outcome]:
        """Wait a moment, report the progress, and yield what has finished."""
        finished = first_of(list(self.running), _POLL)
        progress(sum(self.shares) / len(self.shares))
        for ours in finished:
            assert isinstance(ours, Connection)  # noqa: S101 - for the types
            place, writer = self.running.pop(ours)
            self.shares[place] = 1
            try:
                outcome = ours.recv()
            except EOFError:
                outcome = None
            ours.close()
            writer.join()
            yield outcome or Outcome(place, failed=_silent_end(writer.exitcode))

    def stop(self) -> None:
        """Stop the writers that are still running, and wait until they have cleaned up."""
        self._stop.value = 1
        for ours, (_, writer) in self.running.items():
            writer.join()
            ours.close()


def _write(results: Connection, place: int, job: Job, shares: Any, stop: Any) -> None:  # noqa: ANN401 - ctypes
    """Write one job. Runs in a process of its own."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent handles Ctrl-C

    def report(share: float) -> None:
        shares[place] = share
        if stop.value:
            raise Stopped

    try:
        results.send(Outcome(place, summary=job.write(report)))
    except Stopped:
        return
    except UserError as error:
        results.send(Outcome(place, failed=error))
    except OSError as error:
        results.send(Outcome(place, failed=UserError.of(error)))
    except Exception as error:
        what = f"a defect of this program ({type(error).__name__}: {error})"
        results.send(Outcome(place, failed=UserError(what)))
        raise  # so that the traceback is printed as this process ends


def _silent_end(code: int | None) -> UserError:
    """The error for a writer that ended without a result; `code` is negative after a signal."""
    if code == -signal.SIGKILL:
        return UserError(
            "the system killed the process that wrote it", way_out="is there enough memory?"
        )
    return UserError(f"the process that wrote it ended unexpectedly (exit code {code})")
