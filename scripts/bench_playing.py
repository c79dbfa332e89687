"""Plays the first seconds of a built-in session, polling the player as the command does.

    python -m scripts.bench_playing SECONDS LATENCY RESULT

Writes into the file RESULT how the frames compare with the clock.
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
from cadence_cue.live.output import Output
from cadence_cue.live.player import Player

SESSION = "daily-ten"
POLL = 0.05  # seconds, as in cadence_cue.cli.listening
ENDS = 40  # polls at either end, of which the median counts: device clocks swing


def main(seconds: float, latency: float, result: Path) -> None:
    """Play, and compare the device's clock with ours at the beginning and at the end."""
    library = load_library()
    session = load(built_in_sessions()[SESSION], library)
    spec = studio.PerformanceSpec(
        cadence_spm=Fraction(173), get_ready=studio.GET_READY_LIVE, seed=1
    )
    leads: list[float] = []
    with Player(Output(latency=latency)) as player:
        spec = replace(spec, rate=player.rate)
        performance = studio.perform(session, library, spec)
        player.load(performance.beats, performance.voice)
        player.play(performance.timeline)
        while player.heard <= performance.timeline.start:
            time.sleep(POLL)
        first = performance.timeline.start
        started = time.monotonic()
        while time.monotonic() < started + seconds:
            time.sleep(POLL)
            leads.append((player.heard - first) / player.rate - (time.monotonic() - started))
        underruns, notices = player.underruns, "; ".join(player.notices)
    drift = statistics.median(leads[-ENDS:]) - statistics.median(leads[:ENDS])
    frames = round((seconds + drift) * spec.rate)
    result.write_text(
        f"  {frames} frames in {seconds:.0f} s of the clock: {1000 * drift:+.2f} ms off,"
        f" {drift / seconds * 1e6:+.1f} ppm; {underruns} underruns{notices and f'; {notices}'}\n"
    )


if __name__ == "__main__":
    main(float(sys.argv[1]), float(sys.argv[2]), Path(sys.argv[3]))
