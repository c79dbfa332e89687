"""Measures what cadence-cue costs, as ratios within one run; started by scripts/bench.

Where a figure has a target, it is printed with whether it is met.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from scripts.bench_cost import (
    JOB_RUNS,
    LONG,
    LONG_SESSION,
    PROGRAM,
    SAME,
    WORKER,
    adopt_orphans,
    alternate,
    cost,
    met,
)
from scripts.bench_files import bench_batch, bench_export, bench_formats, bench_memory
from scripts.bench_matching import bench_matching

START_RUNS = 11
CLICKS, CLIPS = 10_800, 675
MOST_MINUTES = 15  # of one run of all benches
LIKE = -66  # dBFS: tracks that differ less are the same but for our noise and for rounding
MOST_TO_START = {
    "--help": 5.5,
    "--version": 5.5,
    "list": 20,
    "show daily-ten": 20,
    "check daily-ten": 20,
}
"""The most CPU of commands that make no sound, in that of an empty Python."""
MORE_STARTS = ("timeline daily-ten", "log", "exports", "settings", "mastered")
"""Commands without a goal."""


def bench_session(folder: Path) -> None:
    """A real session of an hour by the command, against Csound with a ready score of its sounds."""
    (folder / "long.toml").write_text(LONG_SESSION % 6, encoding="utf-8")
    ours = [*PROGRAM, "export", "../long.toml", *SAME, "-o", "track.wav", "--force"]
    chains = {"cadence-cue": [ours]}
    if shutil.which("csound"):
        cost([*WORKER, "score", "../long.toml", "."], folder=folder / "score")
        chains["csound"] = [["csound", "../score/session.csd"]]
    costs = alternate(chains, JOB_RUNS, folder)
    print("60 min of a session by the command; csound mixes the same sounds from a ready score:")
    for name, each in costs.items():
        print(f"  {name:14} CPU {each.cpu:6.2f} s, peak {each.peak:5.0f} MiB")
    if "csound" in costs:
        share = costs["cadence-cue"].cpu / costs["csound"].cpu
        print(f"  {share:.2f} of csound's CPU, which should be 0.5: {met(share <= 0.5)}")
        tracks = [str(folder / name / "track.wav") for name in costs]
        level = float(subprocess.check_output([*WORKER, "differ", *tracks], text=True))
        if level > LIKE:
            sys.exit(f"the tracks differ by {level} dBFS: not comparable.")


def bench_job(folder: Path) -> None:
    """The 60-minute job, against the programs that are installed."""
    cost([*WORKER, "prepare", "."], folder=folder / "sounds")
    chains = {"cadence-cue": [[*WORKER, "render", "../sounds", "track.wav"]], **csound("job")}
    if shutil.which("klick") and shutil.which("sox"):
        chains["klick + sox"] = klick_and_sox()
    print(f"60 min stereo 48 kHz 16 bit, {CLICKS} clicks, {CLIPS} one-second clips:")
    compare(chains, folder)


def compare(chains: dict[str, list[list[str]]], folder: Path) -> None:
    """Print what chains that make the same track cost; the first must be ours."""
    costs = alternate(chains, JOB_RUNS, folder)
    ours = costs["cadence-cue"]
    for name, each in costs.items():
        track = str(folder / name / "track.wav")
        played = subprocess.check_output([*WORKER, "count", track], text=True)
        if played.split() != [str(CLICKS), str(CLIPS)]:
            sys.exit(f"{name} played {played.strip()} clicks and clips: not comparable.")
        print(
            f"  {name:14} CPU {each.cpu:6.2f} s, peak {each.peak:5.0f} MiB;"
            f" cadence-cue takes {ours.cpu / each.cpu:.2f} of the CPU,"
            f" {ours.peak / each.peak:.2f} of the memory"
        )


def csound(score: str) -> dict[str, list[list[str]]]:
    """The commands of Csound with a score; none if it is not installed.

    With buffers larger than its defaults it spends less time in the system.
    """
    if not shutil.which("csound"):
        return {}
    return {"csound -b8192": [["csound", f"../sounds/{score}.csd", "-b8192", "-B8192"]]}


def klick_and_sox() -> list[list[str]]:
    """Commands that make the clicks with klick and the row of clips with sox, and mix both."""
    clips = [f"clip{number}.wav" for number in range(45)]
    padded = [["sox", f"../sounds/{clip}", clip, "pad", "0", "208000s"] for clip in clips]
    klick = "klick -W clicks.wav -r 48000 -e -S ../sounds/click.wav"
    mix = "sox -m -v 1 clicks.wav -v 1 row.wav -b 16 -c 2 track.wav trim 0 3600"
    return [
        [*klick.split(), str(CLICKS), "1/4", "180"],
        *padded,
        ["sox", *clips * (CLIPS // len(clips)), "row.wav"],
        # klick's file ends with its last click, the row with the silence after its last clip.
        mix.split(),
    ]


def bench_music(folder: Path) -> None:
    """Mixing with music, against csound."""
    cost([*WORKER, "prepare", "."], folder=folder / "sounds")
    print("the 60 min job with music, which is 12 dB lower during each clip:")
    compare(
        {
            "cadence-cue": [[*WORKER, "with-music", "../sounds", "track.wav"]],
            **csound("with-music"),
        },
        folder,
    )


def run_apart(module: str, *arguments: str) -> None:
    """Run a bench of its own, and end if it fails."""
    sys.stdout.flush()
    command = [sys.executable, "-P", "-m", f"scripts.{module}", *arguments]
    if code := subprocess.run(command, check=False).returncode:
        sys.exit(code)


def bench_nudge(folder: Path) -> None:
    """From a nudge of the tempo to matched music that can join."""
    songs = folder / "songs"
    songs.mkdir()
    run_apart("bench_nudge", str(songs))


def bench_start(folder: Path) -> None:
    """The CPU time of commands that make no sound."""
    chains = {"python -c pass": [[sys.executable, "-c", "pass"]]}
    names = (*MOST_TO_START, *MORE_STARTS)
    chains |= {name: [[*PROGRAM, *name.split()]] for name in names}
    chains["run --help"] = [[str(Path(__file__).with_name("run")), "--help"]]
    costs = alternate(chains, START_RUNS, folder)
    bare = costs["python -c pass"].cpu
    print("start-up, CPU:")
    for name, each in costs.items():
        share, most = each.cpu / bare, MOST_TO_START.get(name)
        target = f", which should be {most}: {met(share <= most)}" if most else ""
        print(f"  {name:18} {each.cpu * 1000:6.1f} ms; {share:5.2f} of python -c pass{target}")


def bench_callback(folder: Path) -> None:
    """The cost of an audio callback, as a share of the time it has."""
    sounds = folder / "sounds"
    cost([*WORKER, "prepare", "."], folder=sounds)
    print(subprocess.check_output([*WORKER, "callback", str(sounds)], text=True), end="")


def bench_plan(_folder: Path) -> None:
    """What planning costs."""
    run_apart("bench_plan")


def long_or_not() -> list[str]:
    """The option for long measurements of live sound, if it was given."""
    return [each for each in sys.argv if each == LONG]


def bench_live(_folder: Path) -> None:
    """Gaps, control latency and cost of live sound."""
    run_apart("bench_live", *long_or_not())


def bench_tui(_folder: Path) -> None:
    """Start-up, cost and gaps of the screen."""
    run_apart("bench_tui", *long_or_not())


def bench_lamps(_folder: Path) -> None:
    """How late lamps light after their beats are heard."""
    run_apart("bench_lamps")


BENCHES = {
    "session": bench_session,
    "job": bench_job,
    "export": bench_export,
    "batch": bench_batch,
    "formats": bench_formats,
    "music": bench_music,
    "matching": bench_matching,
    "nudge": bench_nudge,
    "memory": bench_memory,
    "start": bench_start,
    "callback": bench_callback,
    "plan": bench_plan,
    "live": bench_live,
    "tui": bench_tui,
    "lamps": bench_lamps,
}


@contextmanager
def clean_place() -> Iterator[Path]:
    """A temporary folder (it needs 5 GB) that is also the home, so that no settings apply."""
    with tempfile.TemporaryDirectory() as name:
        for variable in ("CACHE", "CONFIG", "DATA", "STATE"):
            os.environ[f"XDG_{variable}_HOME"] = name
        os.environ["HOME"] = name
        yield Path(name)


def main(names: list[str]) -> None:
    """Run the named benches, all by default."""
    adopt_orphans()
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    # As an installation is, so that no start contains compiling.
    package = Path(__file__).parent.parent / "cadence_cue"
    subprocess.run([sys.executable, "-m", "compileall", "-q", package], check=True)
    if unknown := set(names) - BENCHES.keys():
        sys.exit(f"no such bench: {', '.join(sorted(unknown))}; there are {', '.join(BENCHES)}")
    begun = time.monotonic()
    for name in names or BENCHES:
        with clean_place() as folder:
            BENCHES[name](folder)
    if not names:
        took = (time.monotonic() - begun) / 60
        print(f"all of it took {took:.0f} of {MOST_MINUTES} minutes: {met(took <= MOST_MINUTES)}")


if __name__ == "__main__":
    main([name for name in sys.argv[1:] if name != LONG])
