"""What the tests of the plan share."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import pytest

from cadence_cue import studio
from cadence_cue.sound.beats import beat_sounds


@pytest.fixture(autouse=True, scope="module")
def clicks_made_once() -> Iterator[None]:
    """Nobody listens here: making each click anew would take most of the time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(studio, "beat_sounds", cache(beat_sounds))
        yield
