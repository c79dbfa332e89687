"""The probe (tests.live.probe) as a test holds it."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tests.live.rig import HANG


class Trial:
    """A running probe."""

    def __init__(self, **wish: Any) -> None:
        self.told: dict[str, Any] = {}
        self.printed = ""
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "tests.live.probe", json.dumps(wish)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(["", *sys.path])},
        )

    def open(self) -> None:
        """Wait until the device is open."""
        assert self._process.stdout
        for line in self._process.stdout:
            self.told |= json.loads(line)
            if "opened" in self.told:
                return

    def finish(self) -> None:
        """Let it play, and wait for its end."""
        rest, self.printed = self._process.communicate("\n", timeout=HANG)
        for line in rest.splitlines():
            self.told |= json.loads(line)

    def kill(self) -> None:
        self._process.kill()
        self._process.communicate()


@contextmanager
def trial(**wish: Any) -> Iterator[Trial]:
    if wish["backend"] == "miniaudio" and not importlib.util.find_spec("miniaudio"):
        pytest.skip("miniaudio is not installed (it comes with Linux on x86-64)")
    running = Trial(**wish)
    try:
        yield running
    finally:
        running.kill()
