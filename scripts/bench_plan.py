"""Measures what planning a session of two hours costs, and replanning after a tempo change.

Prints the CPU time of one process, the best of several runs, against the most that it may take.
"""

from __future__ import annotations

import time
import tomllib
from collections.abc import Callable
from fractions import Fraction

from cadence_cue.coaching.catalogue import load_library
from cadence_cue.coaching.session_file import parse
from cadence_cue.coaching.tempi import Tempi
from cadence_cue.studio import PerformanceSpec, perform
from cadence_cue.timing.editing import Edit

OWN = Fraction(173)
MOST = 150  # ms of CPU that a change of tempo may take
RUNS = 7
SESSION = """
title = "Two hours"
[[phase]]
drill = "perception"
time = "60s"
[[phase]]
rest = ""
time = "20s"
[[phase]]
repeat = 5
[[phase.part]]
drill = "toe-taps"
side = "both"
time = "60s"
[[phase.part]]
rest = ""
time = "20s"
[[phase]]
repeat = 8
[[phase.part]]
run = "Easy run"
time = "7min"
tempo = "own"
cues = ["relaxed"]
cue_every = "20s"
[[phase.part]]
run = "Build"
time = "6min"
tempo = "own -> +5%"
cues = ["heel-pull"]
cue_every = "20s"
[[phase.part]]
run = "No click"
time = "60s"
tempo = "+5%"
glide = "8 beats"
beat = "off"
"""


def cpu(work: Callable[[], object]) -> float:
    """The lowest CPU time of several runs, in milliseconds."""
    took = []
    for _ in range(RUNS):
        before = time.process_time()
        work()
        took.append(1000 * (time.process_time() - before))
    return min(took)


def main() -> None:
    """Print the costs."""
    library = load_library()
    session = parse(tomllib.loads(SESSION), name="bench", library=library, rehearsal=True)
    spec = PerformanceSpec(OWN, Fraction(2), seed=1)
    made = perform(session, library, spec)
    edit = Edit(Fraction(100), Tempi(OWN + 2))
    whole = cpu(lambda: perform(session, library, spec, cast=made.cast))
    again = cpu(lambda: made.followed_by(edit))
    hours = made.timeline.frames / made.timeline.rate / 3600
    print(f"planning {hours:.1f} hours ({len(made.timeline.events)} sounds), CPU:")
    print(f"  all of it             {whole:4.0f} ms, {whole / MOST:.2f} of {MOST} ms")
    print(f"  after a tempo change  {again:4.0f} ms, {again / MOST:.2f} of {MOST} ms")


if __name__ == "__main__":
    main()
