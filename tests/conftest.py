from __future__ import annotations

from functools import lru_cache

import pytest

from cadence_cue.voice import casting, kokoro


@pytest.fixture(autouse=True, scope="session")
def models() -> None:
    """A model, which takes a second or two to load, is kept for the next test."""
    casting.Kokoro = lru_cache(1)(kokoro.Kokoro)  # type: ignore[assignment, attr-defined]


@pytest.fixture
def without_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """An installation that has the shipped clips only."""
    monkeypatch.setattr(kokoro, "installed", lambda: False)
