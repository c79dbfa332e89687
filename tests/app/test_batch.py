"""Many files at once: what is told of each, and what is left when it is stopped."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from cadence_cue.app.batch import Job, Outcome, write_all
from cadence_cue.errors import UserError, WayOut
from tests.app.jobs import Endless, Killed, Leaving, Noted, Raising, Refused
from tests.matrix import matrix

ROOT = Path(__file__).resolve().parents[2]


def nobody(share: float) -> None:
    """Nobody looks."""


def test_each_is_written_by_a_process_of_its_own(tmp_path: Path) -> None:
    shares: list[float] = []
    orders = [Noted(tmp_path / str(k)) for k in range(3)]
    outcomes = sorted(write_all(orders, 3, 2, shares.append), key=lambda each: each.place)
    assert outcomes == [Outcome(k, summary=f"wrote {k}") for k in range(3)]
    assert len({(tmp_path / str(k)).read_text() for k in range(3)} - {str(os.getpid())}) == 3
    assert shares == sorted(shares)


def test_one_that_fails_stops_no_other(tmp_path: Path) -> None:
    unplanned = Outcome(1, failed=UserError("no such session"))
    orders: list[Job | Outcome] = [Refused(), unplanned, Noted(tmp_path / "good")]
    outcomes = {each.place: each for each in write_all(orders, 3, 2, nobody)}
    refused = outcomes[0].failed
    assert refused is not None
    assert (str(refused), refused.way_out) == ("x.mp3: exists already", WayOut.REPLACE)
    assert outcomes[1] is unplanned
    assert outcomes[2].summary == "wrote good"


@pytest.mark.parametrize(
    ("order", "told"),
    matrix(
        [
            (
                Raising(FileNotFoundError(errno.ENOENT, "No such file", "a song.pcm")),
                "a song.pcm: No such file",
            ),
            (Raising(KeyError("odd")), "a defect of this program (KeyError: 'odd')"),
            (Killed(), "the system killed the process that wrote it; is there enough memory?"),
            (Leaving(3), "the process that wrote it ended unexpectedly (exit code 3)"),
            (Raising(OSError(errno.ENOSPC, "No space left on device")), "No space left on device"),
            (Raising(ValueError("odd")), "a defect of this program (ValueError: odd)"),
        ],
        few=4,
    ),
)
def test_each_failure_is_told_as_what_it_is(order: Job, told: str) -> None:
    (outcome,) = write_all([order], 1, 1, nobody)
    assert str(outcome.failed) == told


def test_a_defect_shows_its_traceback() -> None:
    program = (
        "from cadence_cue.app.batch import write_all\n"
        "from tests.app.jobs import Raising, Refused\n"
        "print(len(list(write_all([Refused(), Raising(ValueError('odd'))], 2, 1, float))))"
    )
    command = [sys.executable, "-c", program]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert told.stdout == "2\n"
    assert told.stderr.count("Traceback (most recent call last):") == 1
    assert "\nValueError: odd\n" in told.stderr


def test_plans_are_made_as_they_are_needed(tmp_path: Path) -> None:
    made = 0

    def orders() -> Iterator[Noted]:
        nonlocal made
        for k in range(4):
            made += 1
            yield Noted(tmp_path / str(k))

    first = next(write_all(orders(), 4, 1, nobody))
    assert (first.place, made) == (0, 2)


def test_stopping_waits_until_all_have_tidied_up(tmp_path: Path) -> None:
    files = [(tmp_path / f"started {k}", tmp_path / f"stopped {k}") for k in range(2)]

    def stop(share: float) -> None:
        if all(started.exists() for started, _ in files):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        list(write_all([Endless(*each) for each in files], 2, 2, stop))
    assert all(stopped.exists() for _, stopped in files)
