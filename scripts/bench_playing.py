"""Plays the first seconds of a built-in session, and looks at it as the command does.

    python -m scripts.bench_playing SECONDS TOLD

Writes into the file TOLD how its frames compare with the clock.
"""

from __future__ import annotations

import statistics
import sys
import time
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

from cadence_cue import studio
from cadence_cue.coaching.catalogue import built_in_sessions, load_library
from cadence_cue.coaching.session_file import load
from cadence_cue.live.output import LATENCIES, Output
from cadence_cue.live.player import Player

SESSION = "daily-ten"
LOOK = 0.05  # seconds, as in cadence_cue.cli.listening
ENDS = 40  # looks at either end of which the middle one counts: device clocks swing


def main(seconds: float, told: Path) -> None:
    """Play, and compare the clocks at the beginning and at the end."""
    library = load_library()
    session = load(built_in_sessions()[SESSION], library)
    wishes = studio.PerformanceSpec(
        cadence_spm=Fraction(173), get_ready=studio.GET_READY_LIVE, seed=1
    )
    leads: list[float] = []
    # The longest: what a short one costs is told beside a busy screen.
    with Player(Output(latency=LATENCIES[-1])) as player:
        wishes = replace(wishes, rate=player.rate)
        performance = studio.perform(session, library, wishes)
        player.load(performance.beats, performance.voice)
        player.play(performance.timeline)
        while player.heard <= performance.timeline.start:
            time.sleep(LOOK)
        first = performance.timeline.start
        begun = time.monotonic()
        while time.monotonic() < begun + seconds:
            time.sleep(LOOK)
            leads.append((player.heard - first) / player.rate - (time.monotonic() - begun))
        underruns, notices = player.underruns, "; ".join(player.notices)
    drift = statistics.median(leads[-ENDS:]) - statistics.median(leads[:ENDS])
    frames = round((seconds + drift) * wishes.rate)
    told.write_text(
        f"  {frames} frames in {seconds:.0f} s of the clock: {1000 * drift:+.2f} ms off,"
        f" {drift / seconds * 1e6:+.1f} ppm; {underruns} underruns{notices and f'; {notices}'}\n"
    )


if __name__ == "__main__":
    main(float(sys.argv[1]), Path(sys.argv[2]))
