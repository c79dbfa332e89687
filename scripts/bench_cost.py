"""What a command costs: the CPU time and memory of all its processes; for the benches.

Whole processes are measured, as the system accounts for them: CPU seconds (user and system) and
peak memory. Compared programs take turns, and medians are taken. Whoever measures memory with this
stays small on purpose: a child's peak memory is never less than its parent's.
"""

import ctypes
import os
import resource
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

PROGRAM = [sys.executable, "-P", "-m", "cadence_cue"]
SAME = ["--cadence", "173", "--seed", "1"]
"""The options with which a command plans what the worker plans."""
WORKER = [sys.executable, str(Path(__file__).with_name("bench_job.py"))]
JOB_RUNS = 3
LONG = "--long"
"""The option for live sound that is measured for as long as the figures in the documents."""

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


def cost(*commands: list[str], folder: Path, alone: bool = True) -> Cost:
    """Run commands in sequence in a new `folder`; exits if one fails.

    What they leave running is waited for and counted, unless this process has other children and
    they are not `alone`.
    """
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
        if alone:
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


def used(pid: int) -> float:
    """Seconds of CPU that a process has used, user and system."""
    after_name = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(after_name[11]) + int(after_name[12])) / os.sysconf("SC_CLK_TCK")


def children(pid: int) -> list[int]:
    """The processes that a process started (Linux); none if it has ended."""
    found: list[int] = []
    for thread in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):
            found += map(int, thread.read_text("ascii").split())
    return found


def peak_of_writers(command: list[str], folder: Path) -> float:
    """MiB: the highest peak of the processes that the children of a command start (Linux).

    It is looked at while they run, because what the system tells at their end is never less than
    what their parent had at their start. What they leave running is not waited for.
    """
    folder.mkdir(exist_ok=True)
    peak = 0
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL) as process:
        while process.poll() is None:
            for writer in (each for child in children(process.pid) for each in children(child)):
                with suppress(OSError, StopIteration):
                    status = Path(f"/proc/{writer}/status").read_text("utf-8").splitlines()
                    told = next(line for line in status if line.startswith("VmHWM:"))
                    peak = max(peak, int(told.split()[1]))
            time.sleep(0.02)
    return peak / 1024


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


def met(is_met: bool) -> str:
    """How a figure is told that has a target."""
    return "met" if is_met else "not met"
