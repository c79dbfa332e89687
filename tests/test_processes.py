"""A program that we start ends when we do, however we end and whatever it does."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from cadence_cue.processes import bound

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the system's service is Linux's")

STARTS = {
    "encoder": """
        from cadence_cue.export.ffmpeg import Encoder
        Encoder(folder / "a.mp3", (), "", rate=48000, channels=2)
    """,
    "question": """
        from cadence_cue.export import ffmpeg
        ffmpeg.encodes("aac")
    """,
    "meter": """
        from cadence_cue.export.report import measure
        measure(folder / "a.wav")
    """,
    "decoder": """
        from cadence_cue.media import ffmpeg
        ffmpeg.decoding(folder / "a.mp3", ffmpeg.FfmpegFormat(48000, 2, None, floats=False), None)
    """,
    "probe": """
        from cadence_cue.media import ffmpeg
        ffmpeg.probed(folder / "a.mp3")
    """,
}
"""Each way in which ffmpeg or ffprobe is started."""


@pytest.mark.parametrize("start", STARTS)
def test_ffmpeg_does_not_outlive_us_whatever_it_does(tmp_path: Path, start: str) -> None:
    fake = tmp_path / "ffmpeg"
    # It neither reads nor writes, so no closed pipe tells it that we are gone.
    fake.write_text(f"#!/bin/sh\nexec 0<&- 1>&- 2>&-\necho $$ > {tmp_path}/pid\nexec sleep 1000\n")
    fake.chmod(0o755)
    (tmp_path / "ffprobe").symlink_to(fake)
    program = f"""if True:
        import sys, time
        from pathlib import Path
        folder = Path(sys.argv[1])
        {STARTS[start]}
        time.sleep(1000)
    """
    path = os.pathsep.join([str(tmp_path), os.environ["PATH"]])
    with subprocess.Popen(
        [sys.executable, "-c", program, tmp_path], env={**os.environ, "PATH": path}
    ) as process:
        pid = tmp_path / "pid"
        wait_until(lambda: pid.exists() and pid.read_text().endswith("\n"))
        process.kill()
    child = Path("/proc", pid.read_text().strip())
    wait_until(lambda: not lives(child))


def wait_until(so: object) -> None:
    until = time.monotonic() + 300
    assert callable(so)
    while not so():
        assert time.monotonic() < until
        time.sleep(0.02)


def lives(process: Path) -> bool:
    with suppress(OSError):
        return "\nState:\tZ" not in (process / "status").read_text()
    return False


def test_arguments_and_exit_code_pass_through() -> None:
    done = subprocess.run(
        bound(["/bin/sh", "-c", 'echo "$1"; exit 3', "sh", "a b"]), capture_output=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (3, b"a b\n", b"")


def test_a_program_that_cannot_start_says_why(tmp_path: Path) -> None:
    done = subprocess.run(bound([str(tmp_path / "none")]), capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (1, b"No such file or directory\n")
