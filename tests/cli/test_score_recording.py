"""The command `score` with a recording of a room in which a track is played and somebody steps."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile as sf
import soxr

from tests.cli.conftest import Keep, Run
from tests.scoring.scenes import (
    RATE,
    Wave,
    convolved,
    levelled_by_agc,
    noise_of,
    onset_of,
    room,
    sound,
)

Refused = Callable[..., str]
SESSION = """
title = "Heard"
explain = "never"

[[phase]]
drill = "perception"
tempo = 60
time = "20s"

[[phase]]
drill = "toe-taps"
side = "alternating"
tempo = 120
time = "32s"
"""
START, PPM, BIAS, JITTER = 3.3, 150, -0.03, 0.015
SEED = ("--seed", "3")


@pytest.fixture
def track(run: Run, keep: Keep) -> Wave:
    """The exported track at RATE."""
    keep("sessions", SESSION)
    run("export", "mine", *SEED, "--rate", RATE, "--bits", 32, "-o", "track.wav")
    samples, _ = sf.read("track.wav")
    return np.asarray(samples[:, 0], np.float64)


@dataclass(frozen=True)
class Room:
    """A room in which somebody steps, and whether the track bleeds in, 10 dB below the steps."""

    kind: str = "toe tap"
    bleeds: bool = True
    ppm: float = PPM
    begin: float = START
    jitter: float = JITTER
    bias: float = BIAS
    agc: bool = False


def record(run: Run, track: Wave, heard_in: Room) -> None:
    """Write room.wav."""
    begin = heard_in.begin
    told = json.loads(run("timeline", "mine", *SEED, "--json").stdout)
    beats = [each["frame"] / told["sample_rate"] for each in told["events"]
             if each["kind"] == "beat" and each["phase"] == 1]  # fmt: skip
    rng, rate = np.random.default_rng(1), 1 + heard_in.ppm * 1e-6
    played = soxr.resample(track, RATE, RATE * rate)
    count = len(played) + int((begin + 1) * RATE)
    loud, dry = np.zeros(count), np.zeros(count + RATE)
    loud[int(begin * RATE) : int(begin * RATE) + len(played)] = played
    scatter = rng.normal(size=len(beats))
    scatter = (scatter - scatter[4:].mean()) / scatter[4:].std(ddof=1)
    for step in np.array(beats) + heard_in.bias + heard_in.jitter * scatter:
        wave = sound(heard_in.kind, rng)
        first = round((begin + step * rate) * RATE) - onset_of(wave)
        dry[first : first + len(wave)] += wave / abs(wave).max()
    heard = convolved(dry, room(0.3, rng))[:count]
    if heard_in.bleeds:
        click = abs(track[int(beats[5] * RATE) :][:1000]).max()
        heard += convolved(loud, room(0.3, rng))[:count] * 10 ** (-10 / 20) / click
    heard += 0.003 * noise_of("pink", count, rng)
    if heard_in.agc:
        heard = levelled_by_agc(heard)
    sf.write("room.wav", 0.5 * heard / abs(heard).max(), RATE, "PCM_16")


def scored(run: Run, *arguments: object) -> dict[str, Any]:
    told = run("score", "mine", *SEED, "--audio", "room.wav", "--json", *arguments).stdout
    data: dict[str, Any] = json.loads(told)
    return data


def test_with_our_clicks_in_it_all_is_known(run: Run, track: Wave) -> None:
    record(run, track, Room())
    told = scored(run)
    assert told["source"] == "audio"
    assert told["calibrated"] is True
    assert told["clock_ppm"] == pytest.approx(PPM, abs=5)
    assert told["noise_db"] < -40
    perception, toes = told["phases"]
    assert perception["judged"] == 0
    assert toes["matched"] == toes["beats"] == 60
    assert toes["extra"] <= 1
    assert toes["asynchrony_ms"] == pytest.approx(1000 * BIAS, abs=3)
    assert toes["sd_ms"] == pytest.approx(1000 * JITTER, abs=3)
    assert toes["tempo_error_percent"] == pytest.approx(0, abs=0.1)
    assert toes["drift_per_minute"] == pytest.approx(0, abs=0.1)


ROOMS = [
    Room("thud with scuff", ppm=-80, jitter=0.003, bias=0.0),  # exactly under the clicks
    Room("clap", agc=True),
    Room("thud"),
]


@pytest.mark.matrix
@pytest.mark.parametrize("heard_in", ROOMS, ids=str)
def test_steps_of_each_kind_are_told_from_our_own_sound(
    run: Run, track: Wave, heard_in: Room
) -> None:
    record(run, track, heard_in)
    told = scored(run)
    assert told["clock_ppm"] == pytest.approx(heard_in.ppm, abs=8)
    toes = told["phases"][1]
    assert toes["missed"] <= 1
    assert toes["extra"] <= 1
    assert toes["not_heard"] <= 3
    # Of a thud without any scuff the onset is less sharp.
    off = 6 if heard_in.kind == "thud" else 3
    assert toes["asynchrony_ms"] == pytest.approx(1000 * heard_in.bias, abs=off)
    assert toes["sd_ms"] == pytest.approx(1000 * heard_in.jitter, abs=off)


def test_our_own_sound_alone_is_no_step(run: Run, track: Wave) -> None:
    sf.write("room.wav", track, RATE, "FLOAT")
    toes = scored(run)["phases"][1]
    assert toes["matched"] + toes["extra"] <= 2
    # What a codec changes is no step either, and the track is not told to be too soft.
    run("export", "mine", *SEED, "-o", "track.mp3")
    told = run("score", "mine", *SEED, "--audio", "track.mp3")
    assert "the track itself, as in a copy of it, and no steps" in told.stderr
    assert "Toe taps, alternating  not heard" in told.stdout


def test_steps_as_exact_as_no_runner_are_our_own_clicks(run: Run, track: Wave) -> None:
    record(run, track, Room("clap", bias=0.012, jitter=0.0))
    told = run("score", "mine", *SEED, "--audio", "room.wav")
    assert "the track's own clicks" in told.stderr
    assert "Toe taps, alternating  not heard" in told.stdout


def test_with_headphones_only_what_needs_no_common_clock(
    run: Run, refused: Refused, track: Wave
) -> None:
    record(run, track, Room(bleeds=False))
    assert "--start 12.4s" in refused("score", "mine", *SEED, "--audio", "room.wav")
    told = scored(run, "--start", f"{START}s")
    assert (told["calibrated"], told["clock_ppm"]) == (False, None)
    toes = told["phases"][1]
    assert toes["matched"] == 60
    assert toes["tempo_error_percent"] == pytest.approx(0, abs=0.1)
    assert toes["sd_ms"] == pytest.approx(1000 * JITTER, abs=3)
    unknown = ("asynchrony_ms", "drift_per_minute", "left_right_ms")
    assert [toes[key] for key in unknown] == [None] * 3


@pytest.mark.matrix
def test_what_was_not_recorded_is_not_missed(run: Run, track: Wave) -> None:
    record(run, track, Room(bleeds=False, ppm=0, begin=0.5))
    samples, rate = sf.read("room.wav")
    sf.write("room.wav", samples[: len(samples) - 14 * rate], rate)
    toes = scored(run, "--start", "0.5s")["phases"][1]
    assert toes["not_heard"] >= 15
    assert toes["matched"] + toes["not_heard"] >= toes["beats"] - 1
    assert toes["missed"] <= 1


def test_what_cannot_be_heard_or_read_is_refused(run: Run, keep: Keep, refused: Refused) -> None:
    keep("sessions", SESSION)
    sf.write("room.wav", np.zeros(RATE), RATE)
    assert "room.wav: holds nothing but silence" in refused("score", "mine", "--audio", "room.wav")
    Path("room.wav").write_text("no sound")
    assert "room.wav: cannot be read as sound" in refused("score", "mine", "--audio", "room.wav")
    assert "--audio" in refused("score", "mine", "--taps", "x.txt", "--start", "3s")
    assert "either" in refused("score", "mine", "--taps", "x.txt", "--audio", "room.wav")
