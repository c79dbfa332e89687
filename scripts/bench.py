"""Measures what cadence-cue costs, as ratios within one run; started by scripts/bench.

Whole processes are measured, as the system accounts for them: CPU seconds (user and system) and
peak memory. Compared programs take turns, and medians are printed. This process stays small on
purpose: a child's peak memory is never less than its parent's.
"""

import ctypes
import os
import resource
import shlex
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

WORKER = [sys.executable, str(Path(__file__).with_name("bench_job.py"))]
PROGRAM = [sys.executable, "-P", "-m", "cadence_cue"]
JOB_RUNS = 5
START_RUNS = 15
CLICKS, CLIPS = 10_800, 675
LIKE = -66  # dBFS: tracks that differ less are the same but for our noise and for rounding
FORMAT_RUNS = 1  # takes some minutes
ENCODED = {  # ffmpeg's options for our normal quality
    "a.mp3": ["-q:a", "2"],
    "a.opus": ["-c:a", "libopus", "-b:a", "96k"],
    "a.flac": [],
    "a.m4a": ["-c:a", "aac", "-b:a", "160k"],
    "a.ogg": ["-c:a", "libvorbis", "-q:a", "5"],
}
MOST_TO_ENCODE = {"a.mp3": 1.1, "a.opus": 1.1, "a.flac": 1.1}
"""The most CPU of an hour in a format, in that of ffmpeg alone."""
MOST_MEMORY, MOST_GROWTH = 64, 4
"""MiB: the peak of an export of any length, and how far the longest may be above the shortest."""
RUNNERS = 30
MOST_OF_A_BATCH = 0.6
"""The most CPU of a track for each of RUNNERS, in that of a command for each."""
MOST_TO_START = {
    "--help": 5.5,
    "--version": 5.5,
    "list": 20,
    "show daily-ten": 20,
    "check daily-ten": 20,
}
"""The most CPU of commands that make no sound, in that of an empty Python."""
LONG = {"--long"}  # ten minutes of live sound instead of one

# A stand-in for any long session with much speech, all of it from shipped clips: `%d` times ten
# minutes.
LONG_SESSION = """
title = "Long"
summary = "Ten minutes, again and again."
level = "easy"
place = ["track"]
needs = ""
explain = "never"
[[phase]]
drill = "perception"
time = "45s"
[[phase]]
rest = ""
time = "15s"
[[phase]]
repeat = %d
[[phase.part]]
run = ""
time = "4min"
tempo = "own"
cues = ["relaxed", "arms"]
cue_every = "20s"
[[phase.part]]
run = ""
time = "3min"
tempo = "own -> +5%%"
cues = ["heel-pull"]
[[phase.part]]
walk = ""
time = "3min"
"""


@dataclass(frozen=True, slots=True)
class Cost:
    """What one process used, or several in sequence."""

    cpu: float
    """Seconds, user and system."""
    peak: float
    """MiB."""


def cost(*commands: list[str], folder: Path) -> Cost:
    """Run commands in sequence in a new `folder`; exits if one fails."""
    # So that no command pays for data that earlier ones left to be written.
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    os.sync()
    cpu, peak = 0.0, 0.0
    for command in commands:
        with (folder / "log").open("w+b") as log:
            process = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log)
            _, status, *used = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            if process.returncode:
                log.seek(0)
                sys.exit(f"{' '.join(command[:6])} failed:\n{log.read().decode(errors='replace')}")
        used += orphans()
        cpu += sum(each.ru_utime + each.ru_stime for each in used)
        # Kilobytes on Linux, bytes on macOS.
        most = max(each.ru_maxrss for each in used)
        peak = max(peak, most / (1024 if sys.platform == "linux" else 1024**2))
    return Cost(cpu, peak)


def adopt_orphans() -> None:
    """Become the parent of what the commands leave behind (Linux), so that it is counted too."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)  # PR_SET_CHILD_SUBREAPER


def orphans() -> Iterator[resource.struct_rusage]:
    """Wait for the processes that a command has left, and yield what each of them used."""
    while True:
        try:
            yield os.wait3(0)[2]
        except ChildProcessError:
            return


def alternate(chains: dict[str, list[list[str]]], runs: int, folder: Path) -> dict[str, Cost]:
    """Run chains of commands in turns, in folders of their names; return each one's median cost."""
    costs: dict[str, list[Cost]] = {name: [] for name in chains}
    for _ in range(runs):
        for name, commands in chains.items():
            costs[name].append(cost(*commands, folder=folder / name))
    return {
        name: Cost(
            statistics.median(each.cpu for each in found),
            statistics.median(each.peak for each in found),
        )
        for name, found in costs.items()
    }


def bench_session(folder: Path) -> None:
    """A real session of an hour by the command, against Csound with a ready score of its sounds."""
    (folder / "long.toml").write_text(LONG_SESSION % 6, encoding="utf-8")
    options = ["--cadence", "173", "--seed", "1"]
    ours = [*PROGRAM, "export", "../long.toml", *options, "-o", "track.wav", "--force"]
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


def met(is_met: bool) -> str:
    """How a figure is told that has a target."""
    return "met" if is_met else "not met"


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
    command = ["csound", f"../sounds/{score}.csd"]
    return {"csound": [command], "csound -b8192": [[*command, "-b8192", "-B8192"]]}


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
    for minutes in (10, 60):
        (folder / "long.toml").write_text(LONG_SESSION % (minutes // 10), encoding="utf-8")
        export = [*PROGRAM, "export", "../long.toml", "--no-safety-line", "-o"]
        cost([*export, "same.wav"], folder=folder / "wav")
        print(f"{minutes} min of a session as a file; ffmpeg encodes the same from a WAV file:")
        for target, options in ENCODED.items():
            most = MOST_TO_ENCODE.get(target)
            if minutes < 60 and not most:
                continue
            chains = {"ours": [[*export, target]], "ffmpeg": [[*ffmpeg, *options, target]]}
            costs = alternate(chains, FORMAT_RUNS, folder)
            ours, share = costs["ours"], costs["ours"].cpu / costs["ffmpeg"].cpu
            print(
                f"  {target:14} CPU {ours.cpu:6.2f} s, peak {ours.peak:5.0f} MiB;"
                f" {share:.2f} of ffmpeg's CPU",
                end="\n" if minutes < 60 or not most else "",
            )
            if minutes == 60 and most:
                print(f", which should be {most}: {met(share <= most)}")


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


def bench_memory(folder: Path) -> None:
    """Peak memory of exports of growing length, without and with music that is prepared before."""
    noise = ["-f", "lavfi", "-i", "anoisesrc=d=600:c=pink:a=0.3", "-ac", "2", "music.mp3"]
    cost(["ffmpeg", "-v", "error", *noise], folder=folder / "music")
    for what, options in {"": [], " with music": ["--music", "../music/music.mp3"]}.items():
        peaks: list[float] = []
        for minutes in (10, 60, 360):
            (folder / "long.toml").write_text(LONG_SESSION % (minutes // 10), encoding="utf-8")
            command = [*PROGRAM, "export", "../long.toml", *options, "-o", "long.wav"]
            if not peaks:
                cost(command, folder=folder / "long")  # prepares the music
            peaks.append(cost(command, folder=folder / "long").peak)
        sizes = ", ".join(f"{peak:.1f}" for peak in peaks)
        growth = max(peaks) - min(peaks)
        print(f"peak memory of exports of 10, 60 and 360 min{what}: {sizes} MiB, which should be")
        print(f"  {MOST_MEMORY} at most: {met(max(peaks) <= MOST_MEMORY)};", end=" ")
        print(f"{growth:.1f} apart, {MOST_GROWTH} at most: {met(growth <= MOST_GROWTH)}")


def bench_start(folder: Path) -> None:
    """The CPU time of commands that make no sound."""
    chains = {"python -c pass": [[sys.executable, "-c", "pass"]]}
    chains |= {name: [[*PROGRAM, *name.split()]] for name in MOST_TO_START}
    chains["run --help"] = [[str(Path(__file__).with_name("run")), "--help"]]
    costs = alternate(chains, START_RUNS, folder)
    bare = costs["python -c pass"].cpu
    print("start-up, CPU:")
    for name, each in costs.items():
        share, most = each.cpu / bare, MOST_TO_START.get(name)
        target = f", which should be {most}: {met(share <= most)}" if most else ""
        print(f"  {name:15} {each.cpu * 1000:6.1f} ms; {share:5.2f} of python -c pass{target}")


def bench_callback(folder: Path) -> None:
    """The cost of an audio callback, as a share of the time it has."""
    sounds = folder / "sounds"
    cost([*WORKER, "prepare", "."], folder=sounds)
    print(subprocess.check_output([*WORKER, "callback", str(sounds)], text=True), end="")


def bench_plan(_folder: Path) -> None:
    """What planning costs."""
    sys.stdout.flush()
    command = [sys.executable, "-P", "-m", "scripts.bench_plan"]
    if code := subprocess.run(command, check=False).returncode:
        sys.exit(code)


def bench_live(_folder: Path) -> None:
    """Gaps, control latency and cost of live sound."""
    sys.stdout.flush()
    command = [sys.executable, "-P", "-m", "scripts.bench_live", *LONG.intersection(sys.argv)]
    if code := subprocess.run(command, check=False).returncode:
        sys.exit(code)


def bench_tui(_folder: Path) -> None:
    """Start-up, cost and gaps of the screen."""
    sys.stdout.flush()
    command = [sys.executable, "-P", "-m", "scripts.bench_tui"]
    if code := subprocess.run(command, check=False).returncode:
        sys.exit(code)


def bench_lamps(_folder: Path) -> None:
    """How late lamps light after their beats are heard."""
    sys.stdout.flush()
    command = [sys.executable, "-P", "-m", "scripts.bench_lamps"]
    if code := subprocess.run(command, check=False).returncode:
        sys.exit(code)


BENCHES = {
    "session": bench_session,
    "job": bench_job,
    "export": bench_export,
    "batch": bench_batch,
    "formats": bench_formats,
    "music": bench_music,
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
        for variable in ("HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME"):
            os.environ[variable] = name
        yield Path(name)


def main(names: list[str]) -> None:
    """Run the named benches, all by default."""
    adopt_orphans()
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # an installation has been compiled
    if unknown := set(names) - BENCHES.keys():
        sys.exit(f"no such bench: {', '.join(sorted(unknown))}; there are {', '.join(BENCHES)}")
    for name in names or BENCHES:
        with clean_place() as folder:
            BENCHES[name](folder)


if __name__ == "__main__":
    main([name for name in sys.argv[1:] if name not in LONG])
