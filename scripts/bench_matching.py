"""What music on the beat costs: finding beats in a library, and preparing what a track plays."""

import sys
from pathlib import Path

from scripts.bench_cost import PROGRAM, cost, met

SONGS, SECONDS, LIBRARY = 50, 210, 1000
"""How many songs are listened to and how long each is, and the library that they are scaled to."""
HOURS = 2  # of the long piece
SONGS_OF = [sys.executable, str(Path(__file__).with_name("bench_songs.py"))]
MOST_TO_LISTEN = 1.5
"""The most CPU, decoding included, in per cent of how long the music is."""
MOST_TO_PREPARE = 0.1
"""The most CPU of what is prepared for a track, in how long the track is."""
MOST_MEMORY = 160
"""MiB: the peak of a process that listens or prepares, at any length."""
RUN = """
title = "Long"
announce = false
countdown = false
[[phase]]
run = ""
time = "30min"
tempo = 172
"""


def bench_matching(folder: Path) -> None:
    """Listening to songs and to a piece of hours, and preparing half an hour of them."""
    songs = folder / "songs"
    cost([*SONGS_OF, str(SONGS), str(SECONDS)], folder=songs)
    (songs / "log").unlink()
    each = cost([*PROGRAM, "music", str(songs), "--json"], folder=folder / "listening")
    share = 100 * each.cpu / (SONGS * SECONDS)
    scaled = each.cpu * LIBRARY / SONGS / 60
    print(
        f"beats of {SONGS} songs: CPU {each.cpu:.1f} s, {share:.2f} % of their length, which",
        end="",
    )
    print(f" should be {MOST_TO_LISTEN}: {met(share <= MOST_TO_LISTEN)}; peak {each.peak:.0f} MiB")
    print(f"  scaled to {LIBRARY:,} songs: {scaled:.0f} min of CPU")

    (folder / "run.toml").write_text(RUN, encoding="utf-8")
    export = [*PROGRAM, "export", "../run.toml", "--no-voice", "--no-safety-line"]
    match = ["--music", str(songs), "--match", "-o", "track.wav"]
    first, again = (cost([*export, *match], folder=folder / name) for name in ("first", "again"))
    share = (first.cpu - again.cpu) / (30 * 60)
    print(
        f"preparing 30 min: {share:.3f} of its length, which should be {MOST_TO_PREPARE}:", end=""
    )
    print(f" {met(share <= MOST_TO_PREPARE)}; peak {first.peak:.0f} MiB", end="")
    print(f", {MOST_MEMORY} at most: {met(first.peak <= MOST_MEMORY)}")

    song = next(songs.iterdir())
    long = ["ffmpeg", "-v", "error", "-stream_loop", "-1", "-i", str(song), "-t", str(3600 * HOURS)]
    cost([*long, "-c", "copy", "long.mp3"], folder=folder / "long")
    each = cost([*PROGRAM, "music", "../long/long.mp3"], folder=folder / "hours")
    print(
        f"beats of a piece of {HOURS} h: CPU {each.cpu:.1f} s, peak {each.peak:.0f} MiB, ", end=""
    )
    print(f"which should be {MOST_MEMORY}: {met(each.peak <= MOST_MEMORY)}")
