"""Reads a file of taps: one instant a line."""

from __future__ import annotations

import math
import re
from pathlib import Path

import numpy as np

from cadence_cue.errors import UserError, shown
from cadence_cue.scoring.expected import Floats

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", flags=re.ASCII)
_DECIMAL_COMMA = re.compile(r"[+-]?\d+,\d+", flags=re.ASCII)
_ONE_A_LINE = "write one tap a line, such as 12.345"
_LATEST = 7 * 24 * 3600  # seconds; a time of day in seconds since 1970 is no instant of a track


def read_taps(path: Path) -> Floats:
    """Return the seconds from the track's first sample that a file of taps holds, ascending.

    Empty lines and what follows a "#" are skipped. Raises UserError, which names the line, also if
    there are no taps, and OSError.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UserError("is not text in UTF-8", where=path) from None
    taps = []
    for number, line in enumerate(re.split("\r\n|\n|\r", text), 1):
        if written := line.partition("#")[0].strip():
            taps.append(_seconds(written, f"{path} (line {number})"))
    if not taps:
        raise UserError("holds no taps", where=path, way_out=_ONE_A_LINE)
    return np.sort(np.array(taps, np.float64))


def _seconds(written: str, where: str) -> float:
    if _DECIMAL_COMMA.fullmatch(written):
        point = written.replace(",", ".")
        raise UserError(f"{shown(written)} has a comma", where=where, way_out=f"write {point}")
    if not _NUMBER.fullmatch(written) or not math.isfinite(seconds := float(written)):
        raise UserError(
            f"{shown(written)} is not a number of seconds",
            where=where,
            way_out=_ONE_A_LINE,
        )
    if abs(seconds) > _LATEST:
        raise UserError(
            f"{shown(written)} lies outside any track",
            where=where,
            way_out="write the seconds from the track's first sample",
        )
    return seconds
