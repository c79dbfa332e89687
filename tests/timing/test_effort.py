"""What planning costs grows with the session and no faster; calls are counted, not time."""

from __future__ import annotations

import cProfile
import tomllib
from collections.abc import Callable
from fractions import Fraction

import pytest

from cadence_cue.coaching.catalogue import load_library
from cadence_cue.coaching.session_file import parse
from cadence_cue.coaching.tempi import Tempi
from cadence_cue.studio import Performance, PerformanceSpec, perform
from cadence_cue.timing.editing import Edit

ROUND = """
[[phase]]
run = "Easy run"
time = "18s"
tempo = "own"
cues = ["relaxed"]
cue_every = "10s"
[[phase]]
run = "Easy run"
time = "18s"
tempo = "own -> +5%"
[[phase]]
run = "Easy run"
time = "18s"
tempo = "+5%"
accent = 4
glide = "8 beats"
[[phase]]
rest = ""
time = "18s"
"""
PHASES = ROUND.count("[[phase]]")


def planned(phases: int) -> Performance:
    text = 'title = "Many"' + phases // PHASES * ROUND
    library = load_library()
    session = parse(tomllib.loads(text), name="many", library=library, rehearsal=True)
    return perform(session, library, PerformanceSpec(Fraction(173), Fraction(2), seed=1))


def calls(work: Callable[[], object]) -> int:
    """The calls of functions, in Python and in C, that some work makes."""
    profile = cProfile.Profile()
    profile.runcall(work)
    return sum(entry.callcount for entry in profile.getstats())


def again(performance: Performance) -> int:
    spec = performance.spec
    return calls(
        lambda: perform(performance.session, performance.library, spec, cast=performance.cast)
    )


@pytest.mark.parametrize("share", [None, Fraction(1, 50)], ids=["planned", "edited"])
def test_four_times_the_phases_cost_about_four_times_the_calls(share: Fraction | None) -> None:
    def cost(phases: int) -> int:
        performance = planned(phases)
        if share is None:
            return again(performance)
        edit = Edit(performance.plan.layout[-1].end * share, Tempi(Fraction(176)))
        return calls(lambda: performance.followed_by(edit))

    few, many = cost(100), cost(400)
    assert 2 * few < many <= 4.5 * few
