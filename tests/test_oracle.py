"""The oracle is right about instants worked out by hand, and hears faults of a single frame."""

from __future__ import annotations

import wave
from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal, localcontext
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from tests.listening import check
from tests.oracle import Click, Score
from tests.reading import read
from tests.recording import Recording

RATE = 48000
EVERYTHING = """
get_ready = "4s"
announce = false
[[phase]]
run = "ramp"
time = "7s"
tempo = "160 -> 172"
accent = 4
[[phase]]
run = "in beats"
time = "16 beats"
tempo = "+5%"
[[phase]]
run = "silent"
time = "5s"
tempo = 171.3
beat = "off"
[[phase]]
repeat = 2
[[phase.part]]
drill = "toe-taps"
side = "both"
time = "20s"
tempo = 80
accent = 2
[[phase.part]]
rest = ""
time = "9s"
[[phase]]
drill = "fall-to-run"
time = "20s"
tempo = "own"
beat_level = "-6 dB"
"""


@pytest.fixture
def wav(tmp_path: Path) -> Iterator[Path]:
    """A file to write; it is large, so it does not stay."""
    file = tmp_path / "x.wav"
    yield file
    file.unlink(missing_ok=True)


def click(rate: int, pitch: float) -> np.ndarray:
    """A short decaying tone that sounds from its first sample on."""
    t = np.arange(rate * 45 // 1000) / rate
    return (
        0.4 * np.cos(2 * np.pi * pitch * t) * np.exp(-t * 180) * np.minimum(1, (t * rate + 1) / 30)
    )


def synthesize(
    path: Path,
    score: Score,
    *,
    spoil: Callable[[list[Click]], list[Click]] = lambda clicks: clicks,
    rate: int = RATE,
    counted: int = 1,
    extra: tuple[int, ...] = (),
) -> Recording:
    """Write the score as a WAV with noise, its clicks changed by `spoil`; open it."""
    lead_in = 4 * rate
    out = (
        np.random.default_rng(1)
        .normal(0, 10**-3.5, score.frames(rate) + 5 * rate)
        .clip(-1e-3, 1e-3)
    )
    sounds = {True: click(rate, 2600), False: click(rate, 1800), None: 0.3 * click(rate, 1200)}

    def add(frame: int, sound: np.ndarray) -> None:
        room = out[lead_in + frame :][: len(sound)]
        room += sound[: len(room)]

    for each in spoil(score.clicks(rate)):
        add(each.frame, each.gain * sounds[each.accented])
    for frame in extra:
        add(frame, sounds[False])
    for count_in in score.count_ins(rate):
        for frame in count_in.frames[: counted * max(count_in.counts)]:
            add(frame, count_in.gain * 0.5 * click(rate, 1500))
    stereo = np.repeat(np.rint(out * 32767).astype("<i2"), 2)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(stereo.tobytes())
    return Recording(path)


def plain(tempo: str, time: str, more: str = "") -> Score:
    return read(f"[[phase]]\nrun = ''\ntime = '{time}'\ntempo = {tempo}\n{more}", 173)


def test_constant_tempo_by_hand() -> None:
    frames = [click.frame for click in plain("173", "60min").clicks(RATE)]
    assert len(frames) == 173 * 60
    assert frames[:4] == [0, 16647, 33295, 49942]  # 48000 * 60 / 173 = 16647.3988...
    assert frames[-1] == (2 * 60 * RATE * (173 * 60 - 1) + 173) // (2 * 173)


@pytest.mark.parametrize("tempo", ["'160 -> 172'", "'172 -> 160'", "'20 -> 300'", "'170 -> 170'"])
def test_ramp_agrees_with_fifty_digits(tempo: str) -> None:
    span = plain(tempo, "61s").spans[0]
    assert span.tempo is not None
    with localcontext(prec=50):
        a, b = (Decimal(t.numerator) / Decimal(t.denominator) for t in span.tempo)
        c = (b - a) / 61 / 2
        for n in span.numbers():
            instant = 2 * n / (a + (a * a + 4 * c * n).sqrt()) if n else Decimal(0)
            assert span.frame(n, RATE) == int(instant * RATE + Decimal("0.5"))


def test_a_beat_on_a_boundary_belongs_to_the_next_phase() -> None:
    score = read(
        "[[phase]]\nrun=''\ntime='2s'\ntempo=120\nbeat='off'\n"
        "[[phase]]\nrun=''\ntime='1s'\ntempo=60"
    )
    assert [c.frame for c in score.clicks(RATE)] == [2 * RATE]
    assert score.silent(RATE) == [0, RATE // 2, RATE, 3 * RATE // 2, 3 * RATE]


def test_a_grid_goes_on_through_phases_and_breaks_at_a_rest() -> None:
    score = read(
        "[[phase]]\nrun=''\ntime='1s'\ntempo=90\n[[phase]]\nrun=''\ntime='2s'\ntempo=60\n"
        "[[phase]]\nrest=''\ntime='1s'\n[[phase]]\nrun=''\ntime='1s'\ntempo=90\n"
    )
    # 1.5 beats in the first second; the next whole position comes half a second later
    assert [c.frame * 6 // RATE for c in score.clicks(RATE)] == [0, 4, 9, 15, 24, 28]


def test_beats_as_a_length() -> None:
    assert plain("'160 -> 172'", "64 beats").seconds == Fraction(64 * 60, 166)
    assert len(plain("'160 -> 172'", "64 beats").clicks(RATE)) == 64


def heard(tempo: int, time: str, beat: str) -> list[int]:
    span = plain(str(tempo), time, f"beat = '{beat}'").spans[0]
    return [n for n in span.numbers() if span.heard(n)]


def test_patterns() -> None:
    assert heard(60, "12s", "4 on, 2 off") == [0, 1, 2, 3, 6, 7, 8, 9]
    assert heard(60, "12s", "4 then off") == [0, 1, 2, 3]
    assert heard(60, "4min", "fade") == [
        *range(60),
        *range(60, 68),
        *range(76, 84),
        *range(92, 100),
        *range(108, 116),
        *range(120, 124),
        *range(150, 154),
    ]


def test_both_sides_and_fall_to_run() -> None:
    spans = read(EVERYTHING, 173).spans
    assert [span.seconds for span in spans[3:7]] == [7, 6, 7, 9]
    assert [span.seconds for span in spans[-3:]] == [7, 3, 10]
    assert [span.tempo is None for span in spans[-3:]] == [True, True, False]
    assert spans[-1].position == 0


@pytest.mark.parametrize("rate", [44100, 48000])
def test_a_right_recording_has_no_fault(wav: Path, rate: int) -> None:
    score = read(EVERYTHING, 173)
    assert check(score, synthesize(wav, score, rate=rate)) == []


def moved(index: int, by: int) -> Callable[[list[Click]], list[Click]]:
    def spoil(clicks: list[Click]) -> list[Click]:
        clicks[index] = replace(clicks[index], frame=clicks[index].frame + by)
        return clicks

    return spoil


@pytest.mark.parametrize(
    ("spoil", "fault"),
    [
        (moved(0, 1), "beat 0 of span 0: +1 frames"),
        (moved(-1, -1), "beat 28 of span 13: -1 frames"),
        (moved(20, 1), "+1 frames"),
        (moved(20, 4000), "no click near"),
        (lambda clicks: [replace(c, frame=c.frame + 1) for c in clicks], "beat 0 of span 0: +1"),
        (lambda clicks: clicks[:-1], "beat 28 of span 13: no click near"),
        (lambda clicks: clicks[1:], "beat 0 of span 0: no click near"),
        (lambda clicks: [*clicks, clicks[7]], "beat 7 of span 0: 2.00"),
        (lambda clicks: [replace(c, accented=False) for c in clicks], "sounds like a plain one"),
        (
            lambda clicks: [replace(c, accented=n % 4 == 1) for n, c in enumerate(clicks)],
            "another sound",
        ),
        (lambda clicks: [replace(c, gain=1.0) for c in clicks], "1.995 times as loud"),
    ],
)
def test_a_spoilt_recording_has_faults(
    wav: Path, spoil: Callable[[list[Click]], list[Click]], fault: str
) -> None:
    score = read(EVERYTHING, 173)
    faults = check(score, synthesize(wav, score, spoil=spoil, rate=16000))
    assert any(fault in found for found in faults), faults


def test_a_click_on_the_end_of_a_grid_is_a_fault(wav: Path) -> None:
    score = plain("120", "4s", "count_in = false")
    assert check(score, synthesize(wav, score)) == []
    faults = check(score, synthesize(wav, score, extra=(4 * RATE,)))
    assert faults[0] == f"a click at frame {8 * RATE}, where the beat is silent"


def test_a_missing_count_in_is_a_fault(wav: Path) -> None:
    score = read(EVERYTHING, 173)
    faults = check(score, synthesize(wav, score, counted=0))
    assert faults[0] == "span 0: 0 counted in, of (8,)"
