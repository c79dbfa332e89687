"""Whatever a test starts lives on the date of the tests (`scripts/test --on`)."""

from __future__ import annotations

import subprocess
import sys
import time
from multiprocessing import get_context

from cadence_cue.live import subprocess_command
from tests.cli.process import environment

NOW = "import time; print(time.time())"
NEAR = 3600  # seconds: the dates that prove anything are years away


def test_a_process_that_a_test_starts_does() -> None:
    told = subprocess.check_output([sys.executable, "-P", "-c", NOW], env=environment())
    assert abs(float(told) - time.time()) < NEAR


def test_a_process_that_the_product_starts_does() -> None:
    told = subprocess.check_output(
        [sys.executable, "-P", "-c", NOW], env=subprocess_command.environment()
    )
    assert abs(float(told) - time.time()) < NEAR


def test_a_writer_of_tracks_does() -> None:
    with get_context("spawn").Pool(1) as pool:
        assert abs(pool.apply(time.time) - time.time()) < NEAR
