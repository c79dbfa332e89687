"""Probes and decodes with ffmpeg, if it is installed, what libsndfile does not read or read whole.

The only module that runs ffmpeg for reading.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cadence_cue.media import mp3
from cadence_cue.media.pipes import DecoderProcess
from cadence_cue.processes import bound

# A playlist that poses as music must not fetch anything, nor wait for more of itself.
_DEMUXERS = (
    *("aac", "ac3", "aiff", "amr", "ape", "asf", "au", "avi", "caf", "dsf", "dts", "eac3", "flac"),
    *("flv", "iff", "matroska", "mov", "mp3", "mpc", "mpc8", "mpeg", "mpegts", "ogg", "oma", "rm"),
    *("shn", "tak", "tta", "voc", "w64", "wav", "wv", "xwma"),
)
_LOCAL = ("-protocol_whitelist", "file,pipe", "-format_whitelist", ",".join(_DEMUXERS))
_PATIENCE = 60  # seconds for the head of a file, which usually takes a moment

OF_TAGS = re.compile("Incorrect BOM value|Cannot read BOM value.*|Error reading .*, skipped")
"""What ffmpeg says of names and titles, which are no part of the sound."""

# These state how much sound they hold; of the others ffprobe guesses it by the bit rate.
_STATE_LENGTH = frozenset(
    ("ape", "asf", "dsf", "flac", "matroska", "mov", "mpc", "mpc8", "tta", "wv")
)


@dataclass(frozen=True, slots=True)
class FfmpegFormat:
    """What ffprobe says of a file's first stream of sound; `seconds` is None where it is a guess.

    `floats` says that samples above full scale are meant. `beside` are complaints that mean nothing
    where no frame is missing.
    """

    rate: int
    channels: int
    seconds: float | None
    floats: bool
    beside: frozenset[str] = frozenset()


class RefusedError(Exception):
    """ffmpeg finds no sound in a file; the text is its reason."""


def installed() -> bool:
    """Return whether ffmpeg and ffprobe are installed."""
    return bool(shutil.which("ffmpeg") and shutil.which("ffprobe"))


def probed(path: Path) -> FfmpegFormat:
    """Return what ffprobe says of a file. Raises RefusedError."""
    program = shutil.which("ffprobe") or "ffprobe"
    try:
        answer = subprocess.run(
            bound([program, "-loglevel", "error", *_LOCAL, "-show_format", "-show_streams",
                   "-of", "json", "-i", _url(path)]),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_PATIENCE,
            check=False,
            process_group=0,
        )  # fmt: skip
        told: dict[str, Any] = json.loads(answer.stdout or b"{}")
    except (OSError, subprocess.TimeoutExpired) as error:
        raise RefusedError(str(error)) from error
    except ValueError as error:  # files are known on which it crashes
        raise RefusedError("ffprobe failed") from error
    streams = told.get("streams", [])
    sounds = [each for each in streams if each.get("codec_type") == "audio"]
    if not sounds:
        known = "format" in told
        raise RefusedError("there is no sound in it" if known else "unknown format, or damaged")
    first = sounds[0]
    rate, channels = int(first.get("sample_rate", 0)), int(first.get("channels", 0))
    if rate <= 0 or channels <= 0:
        raise RefusedError("its sound is damaged, protected or in an unknown format")
    codec = str(first.get("codec_name", ""))
    if told.get("format", {}).get("format_name") == "mp3":
        seconds = mp3.counted_seconds(path)
        return FfmpegFormat(rate, channels, seconds, floats=False, beside=mp3.BESIDE)
    return FfmpegFormat(rate, channels, _seconds(told, first), codec.startswith("pcm_f"))


def decoding(path: Path, form: FfmpegFormat, most: int | None) -> DecoderProcess:
    """Start to decode a file, or its first `most` frames. Raises OSError."""
    program = shutil.which("ffmpeg") or "ffmpeg"
    limit = () if most is None else ("-t", f"{most / form.rate:.6f}")
    return DecoderProcess(
        [program, "-nostdin", "-loglevel", "error", *_LOCAL, "-i", _url(path), "-map", "0:a:0",
         *limit,
         # Times are counted anew: joined files begin again, and what is late would be dropped.
         "-af", "asetpts=N/SR/TB", "-ar", str(form.rate), "-ac", str(form.channels),
         "-bitexact", "-f", "wav", "-c:a", "pcm_f32le", "pipe:1"]
    )  # fmt: skip


def _url(path: Path) -> str:
    return f"file:{path.absolute()}"


def _seconds(told: dict[str, Any], stream: dict[str, Any]) -> float | None:
    names = set(str(told.get("format", {}).get("format_name", "")).split(","))
    if not names & _STATE_LENGTH:
        return None
    of_the_file = told.get("format", {}).get("duration")
    alone = all(
        each.get("codec_type") == "audio" or each.get("disposition", {}).get("attached_pic")
        for each in told["streams"]
    )
    stated = stream.get("duration", of_the_file if alone else None)
    return None if stated is None else float(stated)
