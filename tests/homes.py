"""A home of a test's own, in which the product keeps all that it keeps."""

from __future__ import annotations

from pathlib import Path

import pytest


def move_into(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make this folder the home: settings, sessions and the cache are below it."""
    monkeypatch.setenv("HOME", str(home))
    for name in ("XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"):
        monkeypatch.delenv(name, raising=False)
