"""The suite's own options, one Hypothesis profile, and what every test needs."""

from __future__ import annotations

import os
import signal
import sys
import time
from datetime import datetime
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pytest
from hypothesis import HealthCheck, settings

from cadence_cue.voice import kokoro
from tests.matrix import matrix
from tests.speaker import StandIn

LONG = (
    *("tests/test_transport_random.py", "tests/timing/test_random_edits.py"),
    *("tests/test_mutations.py", "tests/test_coach.py", "tests/scripts/"),
    *("tests/cli/", "tests/tui/", "tests/live/"),
)
ELSEWHEN = str(Path(__file__).parent / "elsewhen")
SHIFT = "CADENCE_CUE_TESTS_SHIFT"  # as the module there has it

# No deadline, and time to think: on a busy machine anything may be slow. The quick run is the same
# each time, and so is CI, which is to fail for a change and not by chance. Elsewhere `--all` looks
# further each time, and prints what it finds as a blob to reproduce it with.
settings.register_profile(
    "quick",
    deadline=None,
    derandomize=True,
    max_examples=25,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile(
    "all",
    settings.get_profile("quick"),
    derandomize="CI" in os.environ,
    max_examples=250,
    print_blob=True,
)


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("cadence-cue")
    group.addoption(
        "--on", metavar="DATE[THH:MM:SS]", help="Run as if the tests began then, by local time."
    )
    group.addoption("--zone", help="Run in this time zone, such as Europe/Berlin.")
    group.addoption("--all", action="store_true", help="With the matrices and long random runs.")


def pytest_configure(config: pytest.Config) -> None:
    settings.load_profile("all" if config.option.all else "quick")
    # A shell starts what runs in its background deaf to these, and children inherit that.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    if not hasattr(config, "workerinput"):  # xdist's workers inherit the environment
        if config.option.zone:
            go_to(config.option.zone)
        if config.option.on:
            travel(config.option.on)
    if SHIFT in os.environ:
        sys.path.insert(0, ELSEWHEN)  # some of the product's children get it


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the matrices, unless they are asked for; first comes what takes longest."""
    if not config.option.all:
        left_out = [item for item in items if item.get_closest_marker("matrix")]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if not item.get_closest_marker("matrix")]
    items.sort(key=lambda item: [not item.nodeid.startswith(name) for name in LONG])


def go_to(zone: str) -> None:
    """Make this zone that of the tests and of all that they start."""
    try:
        ZoneInfo(zone)
    except (ValueError, ZoneInfoNotFoundError):
        raise pytest.UsageError(f"--zone {zone}: there is no such time zone") from None
    os.environ["TZ"] = zone
    time.tzset()


def travel(on: str) -> None:
    """Let it be this date now for the tests and for all that they start."""
    try:
        begin = datetime.fromisoformat(on).timestamp()
    except ValueError:
        raise pytest.UsageError(
            f"--on {on}: a date is written 2028-02-29 or 2028-02-29T23:59:30"
        ) from None
    os.environ[SHIFT] = str(begin - time.time())
    paths = [ELSEWHEN, os.environ.get("PYTHONPATH", "")]
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, paths))
    import_module("tests.elsewhen.sitecustomize")  # moves this process, too


_model = lru_cache(1)(kokoro.Kokoro)  # it takes a second or two to load


@pytest.fixture(autouse=True, scope="session")
def stand_in() -> None:
    """Nobody waits for the model who did not ask for it: each text would take it a second."""
    kokoro.Kokoro = StandIn  # type: ignore[assignment, misc]


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch) -> None:
    """The model itself speaks texts of one's own."""
    monkeypatch.setattr(kokoro, "Kokoro", _model)


@pytest.fixture(params=matrix(["stand-in", "model"]))
def speaker(request: pytest.FixtureRequest) -> None:
    """What speaks texts of one's own; the model itself with `--all` only."""
    if request.param == "model":
        request.getfixturevalue("model")


@pytest.fixture
def without_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """An installation that has the shipped clips only."""
    monkeypatch.setattr(kokoro, "installed", lambda: False)
