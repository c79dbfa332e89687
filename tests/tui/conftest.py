"""Every test of the screen has a home of its own."""

from pathlib import Path

import pytest

from tests.homes import move_into


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home, where we also stand."""
    move_into(tmp_path, monkeypatch)
    monkeypatch.chdir(tmp_path)
    return tmp_path
