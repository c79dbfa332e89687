"""What writing files costs: single tracks, those of a team, each format, and long ones."""

import shlex
import sys
from pathlib import Path

from scripts.bench_cost import (
    JOB_RUNS,
    LONG_SESSION,
    PROGRAM,
    SAME,
    WORKER,
    alternate,
    cost,
    met,
    peak_of_writers,
)

FORMAT_RUNS = 1  # takes some minutes
MINUTES = 60  # of the track in each format
ENCODED = {  # ffmpeg's options for our normal quality
    "a.mp3": ["-q:a", "2"],
    "a.opus": ["-c:a", "libopus", "-b:a", "96k"],
    "a.flac": [],
}
MOST_TO_ENCODE = 1.1
"""The most CPU of an hour in a format, in that of ffmpeg alone."""
MOST_MEMORY, MOST_GROWTH = 64, 4
"""MiB: the peak of an export of any length, and how far the longest may be above the shortest."""
MOST_TO_PREPARE = 160
"""MiB: the peak of a process that prepares music."""
RUNNERS = 30
MOST_OF_A_BATCH = 0.6
"""The most CPU of a track for each of RUNNERS, in that of a command for each."""


def bench_export(folder: Path) -> None:
    """One real session, from its file to a track."""
    print("export daily-ten (10 min):")
    for target in ("daily-ten.wav", "daily-ten.mp3"):
        command = [*PROGRAM, "export", "daily-ten", "-o", target]
        each = alternate({target: [command]}, JOB_RUNS, folder)[target]
        print(
            f"  {target:14} CPU {each.cpu:6.2f} s, peak {each.peak:5.0f} MiB;"
            f" {600 / each.cpu:.0f} times as fast as it plays"
        )


def bench_formats(folder: Path) -> None:
    """Tracks in each format, against ffmpeg encoding the same sound from a file."""
    ffmpeg = ["ffmpeg", "-v", "error", "-i", "../wav/same.wav", "-map", "0:a"]  # not the cover
    (folder / "long.toml").write_text(LONG_SESSION % (MINUTES // 10), encoding="utf-8")
    export = [*PROGRAM, "export", "../long.toml", "--no-safety-line", "-o"]
    cost([*export, "same.wav"], folder=folder / "wav")
    print(f"{MINUTES} min of a session as a file; ffmpeg encodes the same from a WAV file:")
    for target, options in ENCODED.items():
        chains = {"ours": [[*export, target]], "ffmpeg": [[*ffmpeg, *options, target]]}
        costs = alternate(chains, FORMAT_RUNS, folder)
        ours, share = costs["ours"], costs["ours"].cpu / costs["ffmpeg"].cpu
        print(
            f"  {target:14} CPU {ours.cpu:6.2f} s, peak {ours.peak:5.0f} MiB; {share:.2f} of"
            f" ffmpeg's CPU, which should be {MOST_TO_ENCODE}: {met(share <= MOST_TO_ENCODE)}"
        )


def bench_batch(folder: Path) -> None:
    """A track for each runner of a team, against a command for each on two processors."""
    cadences = range(150, 150 + RUNNERS)
    lines = "".join(f"R{own},{own}\n" for own in cadences)
    (folder / "team.csv").write_text(f"name,cadence\n{lines}", encoding="ascii")
    export = [*PROGRAM, "export", "daily-ten"]
    alone = f"seq {cadences[0]} {cadences[-1]} | xargs -P2 -I@ {shlex.join(export)}"
    chains = {
        "one command": [[*export, "--runners", "../team.csv", "--format", "wav", "-o", "."]],
        "xargs -P2": [["sh", "-c", f"{alone} --cadence @ -o @.wav"]],
    }
    costs = alternate(chains, 1, folder)
    print(f"daily-ten as WAV for {RUNNERS} runners:")
    for name, each in costs.items():
        print(f"  {name:14} CPU {each.cpu:6.2f} s, peak {each.peak:5.0f} MiB")
    share = costs["one command"].cpu / costs["xargs -P2"].cpu
    most = MOST_OF_A_BATCH
    print(f"  {share:.2f} of the CPU, which should be {most}: {met(share <= most)}")
    writer = peak_of_writers([*chains["one command"][0], "--force"], folder / "one command")
    print(f"  a writer {writer:.0f} MiB, {MOST_MEMORY} at most: {met(writer <= MOST_MEMORY)}")


def bench_memory(folder: Path) -> None:
    """Peak memory of exports of growing length, without and with music that is prepared before."""
    noise = ["-f", "lavfi", "-i", "anoisesrc=d=600:c=pink:a=0.3", "-ac", "2", "music.mp3"]
    cost(["ffmpeg", "-v", "error", *noise], folder=folder / "music")
    base = cost([sys.executable, "-c", "import numpy, soundfile"], folder=folder / "base").peak
    print(f"peak memory of python -c 'import numpy, soundfile': {base:.1f} MiB")
    for what, options in {"": [], " with music": ["--music", "../music/music.mp3"]}.items():
        peaks: list[float] = []
        most_to_prepare = 0.0
        for minutes in (10, 60, 350):
            (folder / "long.toml").write_text(LONG_SESSION % (minutes // 10), encoding="utf-8")
            command = [*PROGRAM, "export", "../long.toml", *SAME, *options, "-o", "long.wav"]
            if options:
                ready = [*WORKER, "music", "../long.toml", "../music/music.mp3"]
                most_to_prepare = max(most_to_prepare, cost(ready, folder=folder / "long").peak)
            peaks.append(cost(command, folder=folder / "long").peak)
        sizes = ", ".join(f"{peak:.1f}" for peak in peaks)
        growth = max(peaks) - min(peaks)
        print(f"peak memory of exports of 10, 60 and 350 min{what}: {sizes} MiB, which should be")
        print(f"  {MOST_MEMORY} at most: {met(max(peaks) <= MOST_MEMORY)};", end=" ")
        print(f"{growth:.1f} apart, {MOST_GROWTH} at most: {met(growth <= MOST_GROWTH)}")
        if options:
            told = f"{most_to_prepare:.1f} MiB, {MOST_TO_PREPARE} at most"
            print(f"  preparing the music: {told}: {met(most_to_prepare <= MOST_TO_PREPARE)}")
