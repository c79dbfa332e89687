from __future__ import annotations

from functools import cache

import pytest

from cadence_cue.voice import casting, kokoro


@pytest.fixture(autouse=True, scope="session")
def models() -> None:
    """Each model is loaded once for all tests of a process, which takes a second or two."""
    casting.Kokoro = cache(kokoro.Kokoro)  # type: ignore[assignment, attr-defined]


@pytest.fixture
def without_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """An installation that has the shipped clips only."""
    monkeypatch.setattr(kokoro, "installed", lambda: False)
