"""Measures what planning a session of two hours costs, and replanning after a tempo change.

Also what an export costs beside planning and writing. Prints the CPU time of one process, the best
of several runs, and whether it is what it should be.
"""

from __future__ import annotations

import time
import tomllib
from collections.abc import Callable
from fractions import Fraction
from functools import partial

import cadence_cue.cli  # noqa: F401 - so that garbage is collected as rarely as in the app
from cadence_cue.coaching.catalogue import load_library
from cadence_cue.coaching.session_file import parse
from cadence_cue.coaching.tempi import Tempi
from cadence_cue.export.cover import cover
from cadence_cue.export.track import contents
from cadence_cue.studio import PerformanceSpec, perform
from cadence_cue.timing.editing import Edit
from scripts.bench_cost import LONG_SESSION, met

OWN = Fraction(173)
MOST = {10: 150, 100: 150, 500: 150, 2000: 700}
"""Milliseconds of CPU that planning two hours may take, by the number of phases."""
MOST_AGAIN = 80
"""Milliseconds of CPU that planning may take again after a tempo change, anywhere in them."""
MOST_TO_DRAW = 30
"""Milliseconds of CPU that a cover may take."""
MOST_TO_DESCRIBE = 1
"""Milliseconds of CPU that the chapters and words of an hour may take."""
SEVERAL = 5  # runs, or fewer where each takes long
PLACES = [Fraction(1, 100), Fraction(1, 2), Fraction(99, 100)]
PHASES = [
    'drill = "toe-taps"\nside = "left"',
    'rest = ""',
    'run = "Easy run"\ntempo = "own"\ncues = ["relaxed"]\ncue_every = "20s"',
    'run = "Build"\ntempo = "own -> +5%"\ncues = ["heel-pull"]\ncue_every = "20s"',
    'run = "No click"\ntempo = "+5%"\nglide = "4 beats"\nbeat = "off"',
]


def cpu(work: Callable[[], object], runs: int) -> float:
    """The lowest CPU time of several runs, in milliseconds."""
    took = []
    for _ in range(runs):
        before = time.process_time()
        work()
        took.append(1000 * (time.process_time() - before))
    return min(took)


def two_hours(phases: int) -> str:
    """A session of so many phases of each kind in turn."""
    seconds = 7200 / phases
    head = 'title = "Two hours"\n'
    return head + "\n".join(
        f'[[phase]]\n{PHASES[k % len(PHASES)]}\ntime = "{seconds:g}s"' for k in range(phases)
    )


def row(what: str, took: float, most: float) -> str:
    """A line about one cost, and whether it is met."""
    return f"  {what:32} {took:5.1f} ms of {most} ms: {met(took <= most)}"


def main() -> None:
    """Print the costs."""
    library = load_library()
    spec = PerformanceSpec(OWN, Fraction(2), seed=1)
    print("planning two hours, CPU:")
    for phases, most in MOST.items():
        text = tomllib.loads(two_hours(phases))
        session = parse(text, name="bench", library=library, rehearsal=True)
        made = perform(session, library, spec)
        runs = SEVERAL if phases < 1000 else 2
        whole = cpu(partial(perform, session, library, spec, cast=made.cast), runs)
        print(row(f"{phases} phases", whole, most))
        if phases > 500:
            continue
        end = made.plan.layout[-1].end
        edits = [Edit(end * place, Tempi(OWN + 2)) for place in PLACES]
        again = max(cpu(partial(made.followed_by, edit), runs) for edit in edits)
        print(row("  after a tempo change", again, MOST_AGAIN))
    hour = tomllib.loads(LONG_SESSION % 6)
    timeline = perform(parse(hour, name="hour", library=library), library, spec).timeline
    print("beside planning and writing an hour:")
    drawn = cpu(partial(cover, "Long", ("1:00:00", "cadence-cue"), timeline), SEVERAL)
    print(row("the cover", drawn, MOST_TO_DRAW))
    print(row("chapters and words", cpu(partial(contents, timeline), SEVERAL), MOST_TO_DESCRIBE))


if __name__ == "__main__":
    main()
