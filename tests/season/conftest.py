"""Sessions as reviews see them."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import pytest

import cadence_cue
from cadence_cue.app.review.review import planned_phases
from cadence_cue.season.planned import PlannedPhase

Phases = Callable[[str], list[PlannedPhase]]


@cache
def _phases(name: str) -> tuple[PlannedPhase, ...]:
    performance = cadence_cue.plan(name, cadence=165, seed=20261129)
    return tuple(planned_phases(performance.timeline))


@pytest.fixture(scope="session")
def phases() -> Phases:
    """Return the phases of a built-in session for somebody with a cadence of 165."""
    return lambda name: list(_phases(name))
