"""Measures what matched music costs while it plays: from a nudge of the tempo until it can join.

    python -m scripts.bench_nudge FOLDER

Everything is done in this process, so that its CPU time is all of it.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from fractions import Fraction
from functools import partial
from pathlib import Path
from unittest.mock import patch

import numpy as np
import soundfile as sf

from cadence_cue import studio
from cadence_cue.app import batch
from cadence_cue.app.music import following as following_music
from cadence_cue.app.music.following import FollowingMusic
from cadence_cue.app.music.songs import songs_of
from cadence_cue.coaching.catalogue import load_library
from cadence_cue.coaching.rehearsal import plain_beat
from cadence_cue.coaching.session import Music
from cadence_cue.music.pieces import pieces_of
from cadence_cue.studio import Performance
from cadence_cue.timing.editing import Edit, at_beat
from cadence_cue.transport.music import FIRST, NEXT
from scripts.bench_cost import met
from scripts.bench_songs import RATE, played

SONGS, SECONDS, TEMPO = 8, 240, 168
MOST = 2.0
"""The most CPU from a nudge to music that can join, in that of stretching its first 20 seconds."""
RUNS = 5


def here(
    jobs: Iterable[batch.Job], _count: int, _workers: int, progress: Callable[[float], object]
) -> Iterator[batch.Outcome]:
    """Write jobs in this process, as `write_all` does in others."""
    for place, job in enumerate(jobs):
        yield batch.Outcome(place, job.write(progress))


def timed(do: Callable[[], object]) -> float:
    """Return the CPU seconds that it takes."""
    before = time.process_time()
    do()
    return time.process_time() - before


def followed_by(
    following: FollowingMusic, performance: Performance, joined: Performance, frame: int
) -> None:
    """Do what is done after a nudge until music can join."""
    following.lay(performance)
    following.prepare(joined, frame, frame + NEXT * performance.timeline.rate)


def main(folder: Path) -> None:
    """Measure stretching alone, then what follows each of some nudges."""
    library = load_library()
    for number in range(SONGS):
        sf.write(folder / f"{number}.wav", played(TEMPO, SECONDS, number), RATE)
    music = Music(str(folder), match=True)
    beat = plain_beat(library, tempo="172", time="30min", cues=[], cue_every="60s")
    spec = studio.PerformanceSpec(Fraction(172), studio.GET_READY_LIVE, seed=1, speaks=False)
    performance = studio.perform(beat, library, spec)
    rate, clock = performance.timeline.rate, performance.plan.clock
    songs_of(pieces_of(folder, None))
    following = FollowingMusic(music, performance)
    following.lay(performance)
    frame = FIRST * rate
    following.prepare(performance, 0, 2 * frame)
    first, (bed, *_) = following._layings[0].jobs[0]  # noqa: SLF001 - the bench looks inside
    alone = []
    for _ in range(RUNS):
        bed.path.unlink()
        job = replace(first, wanted=frozenset({bed.path}))
        alone.append(timed(partial(job.write, lambda _: None)))
    followed = []
    for _ in range(RUNS):
        at = at_beat(performance.plan.layout, clock, frame)
        (part, *_) = performance.parts
        performance = performance.edited(Edit(at, performance.tempi.nudged(part, Fraction(1))))
        joined = performance.joined(clock.instant(frame))
        with patch.object(following_music, "write_all", here):
            follow = partial(followed_by, following, performance, joined, frame)
            followed.append(timed(follow))
        following.prepare(joined, frame, frame + FIRST * rate)
        performance, frame = joined, frame + NEXT * rate
    share = float(np.median(followed) / np.median(alone))
    print(
        f"matched music of 30 min: {NEXT} s of it are stretched in {np.median(alone):.2f} s of CPU;"
        f"\n  a nudge is followed in {np.median(followed):.2f} s, {share:.1f} of that, which should"
        f" be {MOST}: {met(share <= MOST)}"
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
