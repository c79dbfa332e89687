"""Measures how loud a finished file is, with ffmpeg's EBU R 128 meter.

Not with our own: this is an independent check of what was exported.
"""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from cadence_cue.errors import UserError
from cadence_cue.export import ffmpeg
from cadence_cue.processes import bound

_LOUDNESS = re.compile(rb"I:\s+(-?[\d.]+|-inf) LUFS")
_PEAK = re.compile(rb"Peak:\s+(-?[\d.]+|-inf) dBFS")


def measure(path: Path) -> tuple[float, float]:
    """The integrated loudness of a file in LUFS, and its true peak in dBTP.

    Raises UserError if ffmpeg is not installed or cannot read the file.
    """
    program = ffmpeg.program()
    if program is None:
        raise UserError(
            "its loudness is measured by the program ffmpeg, which is not installed "
            "(Debian, Ubuntu: apt install ffmpeg; macOS: brew install ffmpeg).",
            where=path,
        )
    meter = (
        "-map",
        "0:a",
        "-af",
        "ebur128=peak=true:dualmono=true:framelog=verbose",
        "-f",
        "null",
        "-",
    )
    printed = subprocess.run(
        bound([program, "-hide_banner", "-nostdin", "-i", str(path.absolute()), *meter]),
        capture_output=True,
        check=False,
    ).stderr
    loudness, peaks = _LOUDNESS.findall(printed), _PEAK.findall(printed)
    if not loudness or not peaks:
        raise UserError("ffmpeg could not measure it.", where=path)
    return float(loudness[-1]), max(map(float, peaks))
