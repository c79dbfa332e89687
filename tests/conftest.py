from __future__ import annotations

import pytest

from cadence_cue.voice import kokoro


@pytest.fixture
def without_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """An installation that has the shipped clips only."""
    monkeypatch.setattr(kokoro, "installed", lambda: False)
