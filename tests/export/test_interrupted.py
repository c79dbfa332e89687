"""An export that cannot be finished leaves nothing; and one of any length stays small."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from cadence_cue.errors import UserError
from cadence_cue.export.formats import ENDINGS
from cadence_cue.export.writer import BLOCK, export
from tests.export.hearing import Made
from tests.matrix import matrix

Only = Callable[..., None]


@contextmanager
def full_at(size: int) -> Iterator[None]:
    """A disk on which a file cannot grow beyond `size` bytes."""
    resource = pytest.importorskip("resource")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    # Python ignores SIGXFSZ, so that writing more is an error and not the end.
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("ending", matrix([".m4a", ".ogg", ".mp3", ".opus", ".flac", ".wav"], 2))
def test_a_full_disk_is_told_and_leaves_nothing(tmp_path: Path, only: Only, ending: str) -> None:
    made = Made(48000, 0, 2 * BLOCK + 1000)
    target = tmp_path / f"a{ending}"
    export(made.render, 0, made.end, 48000, target)
    size = target.stat().st_size
    old = target.read_bytes()
    # The last ones are reached when the encoders close, where libsndfile keeps silent.
    for room in (0, 10, size // 2, size - 3000, size - 100, size - 1):
        told = rf"a\{ending}: could not be written \(File too large\) and was left as it was"
        with full_at(room), pytest.raises(UserError, match=told):
            export(made.render, 0, made.end, 48000, target, force=True)
        assert target.read_bytes() == old
        only(target.name)
    target.unlink()
    with full_at(size - 1), pytest.raises(UserError, match=r"could not be written \([^)]*\); free"):
        export(made.render, 0, made.end, 48000, target)
    only()


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("blocks", matrix([2, 1, 3]))
@pytest.mark.parametrize("problem", matrix([KeyboardInterrupt, SystemExit, BrokenPipeError]))
def test_ending_it_from_progress_leaves_nothing(
    tmp_path: Path, only: Only, ending: str, blocks: int, problem: type[BaseException]
) -> None:
    made = Made(48000, 0, 2 * BLOCK + 1)

    def progress(_: int) -> None:
        if len(made.asked) == blocks:
            raise problem

    with pytest.raises(problem):
        export(made.render, 0, made.end, 48000, tmp_path / f"a{ending}", progress=progress)
    only()


def test_an_error_of_the_renderer_is_its_own(tmp_path: Path, only: Only) -> None:
    def render(*_: object) -> None:
        raise OSError("a bed is gone")

    with pytest.raises(OSError, match=r"^a bed is gone$"):
        export(render, 0, 5000, 48000, tmp_path / "a.mp3")
    only()


@contextmanager
def in_the_second_block(target: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A process that is busy with an export."""
    program = """
import sys, time
from pathlib import Path
from cadence_cue.export.writer import export

def render(first, out):
    out.fill(0.1)
    if first:
        print("second block", flush=True)
        time.sleep(1000)

export(render, 0, 10**9, 48000, Path(sys.argv[1]))
"""
    command = [sys.executable, "-c", program, str(target)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"second block\n"
        assert [path.suffix for path in target.parent.iterdir()] == [".part"]
        yield process


def working_on(folder: Path) -> list[Path]:
    """The processes that were told of a folder on their command line."""
    lines = Path("/proc").glob("[0-9]*/cmdline")
    found = []
    for line in lines:
        with suppress(OSError):  # it has ended meanwhile
            if os.fsencode(folder) in line.read_bytes():
                found.append(line)
    return found


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
@pytest.mark.parametrize("ending", matrix([".m4a", ".ogg", ".mp3"], 2))
def test_ctrl_c_leaves_nothing(tmp_path: Path, only: Only, ending: str) -> None:
    with in_the_second_block(tmp_path / f"a{ending}") as process:
        assert len(working_on(tmp_path)) == (1 if ending == ".ogg" else 2)
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=300) == -signal.SIGINT
    only()
    assert working_on(tmp_path) == []


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_ffmpeg_does_not_outlive_a_killed_export(tmp_path: Path) -> None:
    with in_the_second_block(tmp_path / "a.m4a") as process:
        process.kill()
    until = time.monotonic() + 300
    while working_on(tmp_path):
        assert time.monotonic() < until
        time.sleep(0.05)
    assert not (tmp_path / "a.m4a").exists()


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
@pytest.mark.parametrize("ending", matrix(ENDINGS))
def test_memory_does_not_grow_with_length(tmp_path: Path, ending: str) -> None:
    program = """
import sys
from pathlib import Path
from cadence_cue.export.writer import export

export(lambda first, out: out.fill(0.1), 0, int(sys.argv[2]), 48000, Path(sys.argv[1]))
print(*(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")))
"""

    def peak(minutes: float, ending: str) -> float:
        """MiB of an export's whole process."""
        target = tmp_path / f"{minutes}{ending}"
        command = [sys.executable, "-c", program, str(target), str(round(minutes * 60 * 48000))]
        told = subprocess.run(command, capture_output=True, check=True, text=True).stdout
        target.unlink()
        return int(told) / 1024

    short, long = peak(0.1, ending), peak(3, ending)  # of which even half would be 34 MiB
    assert long < short + 4
    assert long < 64
