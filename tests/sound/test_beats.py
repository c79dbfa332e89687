"""The clicks and signals: levels, times and differences, measured on their samples."""

from __future__ import annotations

from itertools import product

import numpy as np
import numpy.typing as npt
import pytest

from cadence_cue.sound import beats, heights
from cadence_cue.sound.beats import KITS, beat_lengths, beat_sounds
from cadence_cue.sound.clips import Clip
from cadence_cue.sound.levels import BEAT_CEILING, FULL_SCALE
from cadence_cue.timing import sounds
from tests.matrix import matrix

RATES = [8000, 48000, 11025, 16000, 22050, 44100, 96000, 192000]
CLICKS = (
    sounds.CLICK,
    sounds.ACCENT,
    sounds.LEFT,
    sounds.RIGHT,
    sounds.LEFT_ACCENT,
    sounds.RIGHT_ACCENT,
    sounds.COUNT_IN,
    sounds.TICK,
)
SIGNALS = (sounds.READY, sounds.PHASE_END, sounds.FINISHED)
PAIRS = (
    (sounds.CLICK, sounds.ACCENT),
    (sounds.LEFT, sounds.LEFT_ACCENT),
    (sounds.RIGHT, sounds.RIGHT_ACCENT),
)


def signal(clip: Clip) -> npt.NDArray[np.float64]:
    return clip.samples / FULL_SCALE


def true_peak(clip: Clip) -> float:
    """Highest value in dB between the frames too: the spectrum stretched eightfold."""
    padded = np.pad(signal(clip), 256)
    fine = np.fft.irfft(np.fft.rfft(padded), 8 * len(padded)) * 8
    return float(20 * np.log10(np.abs(fine).max()))


def loudness(clip: Clip) -> float:
    """Of the sound alone, in dB, weighted as A weighs what is soft (IEC 61672)."""
    hertz = np.fft.rfftfreq(1 << 16, 1 / 48000)
    square = hertz**2
    weight = 12194.0**2 * square**2
    weight /= (square + 20.6**2) * (square + 12194.0**2)
    weight /= np.sqrt((square + 107.7**2) * (square + 737.9**2))
    power = np.abs(np.fft.rfft(signal(clip), 1 << 16) * weight) ** 2
    return float(10 * np.log10(power.sum()))


def centre(clip: Clip, rate: int) -> float:
    """The frequency, in hertz, around which the energy lies."""
    power = np.abs(np.fft.rfft(signal(clip), 1 << 16)) ** 2
    return float((np.fft.rfftfreq(1 << 16, 1 / rate) * power).sum() / power.sum())


@pytest.fixture(scope="module", params=matrix(RATES, 2))
def rate(request: pytest.FixtureRequest) -> int:
    return int(request.param)


@pytest.fixture(scope="module")
def clips(rate: int) -> dict[str, Clip]:
    return beat_sounds(rate)


def test_every_name_has_a_sound_of_the_length_that_planning_was_told(
    clips: dict[str, Clip], rate: int
) -> None:
    assert set(clips) == set(sounds.BEAT_SOUNDS)
    assert {name: len(clip.samples) for name, clip in clips.items()} == beat_lengths(rate)
    assert all(clip.samples.dtype == np.int16 and clip.anchor == 0 for clip in clips.values())


def test_a_sound_lasts_the_same_time_at_every_rate(clips: dict[str, Clip], rate: int) -> None:
    at_48k = beat_lengths(48000)
    for name, clip in clips.items():
        assert abs(len(clip.samples) / rate - at_48k[name] / 48000) <= 0.51 / rate


def test_clicks_are_short_and_signals_below_a_second(clips: dict[str, Clip], rate: int) -> None:
    assert all(len(clips[name].samples) <= 0.060 * rate for name in CLICKS)
    assert all(len(clips[name].samples) < rate for name in SIGNALS)


def test_every_sound_ends_in_silence(clips: dict[str, Clip], rate: int) -> None:
    for clip in clips.values():
        last = np.abs(clip.samples[-(rate // 1000) :].astype(int))
        assert last.max() <= FULL_SCALE * 10 ** (-60 / 20)


def test_a_click_is_at_full_level_within_two_milliseconds(
    clips: dict[str, Clip], rate: int
) -> None:
    for name in CLICKS:
        samples = np.abs(clips[name].samples.astype(int))
        assert samples[: rate // 500].max() >= 0.8 * samples.max(), name


def test_the_first_frame_of_a_click_is_its_onset(clips: dict[str, Clip]) -> None:
    for name in CLICKS:
        first = clips[name].samples[:3].astype(int)
        assert first[0] > 0, name
    at_48k = beat_sounds(48000)
    bound = FULL_SCALE * 10 ** (-70 / 20) * 6**0.5  # no sample of the noise is beyond
    assert all(at_48k[name].samples[0] > 2 * bound for name in CLICKS)


def test_a_click_decays_by_20_db_in_20_to_40_ms(clips: dict[str, Clip], rate: int) -> None:
    for name in CLICKS:
        samples = np.abs(signal(clips[name]))
        loud = np.flatnonzero(samples > samples.max() / 10)
        assert 0.015 <= loud[-1] / rate <= 0.040, name


def test_accents_keep_to_the_ceiling_and_are_the_loudest(clips: dict[str, Clip]) -> None:
    peaks = {name: true_peak(clip) for name, clip in clips.items()}
    assert max(peaks.values()) <= BEAT_CEILING
    for plain, accent in PAIRS:
        assert 2.0 <= peaks[accent] - peaks[plain] <= 3.0
    assert all(peaks[name] < -12.0 for name in SIGNALS)


def test_clicks_lie_in_their_band_and_an_accent_5_to_7_semitones_higher() -> None:
    clips = beat_sounds(48000)
    assert 1600 <= centre(clips[sounds.CLICK], 48000) <= 2200
    ratio = centre(clips[sounds.ACCENT], 48000) / centre(clips[sounds.CLICK], 48000)
    assert 5 <= 12 * np.log2(ratio) <= 7


@pytest.mark.parametrize("kit", KITS)
def test_what_counts_in_and_ticks_is_lower_than_a_click_and_as_loud(kit: str) -> None:
    clips = beat_sounds(48000, kit)
    click = clips[sounds.CLICK]
    for name in (sounds.COUNT_IN, sounds.TICK):
        assert centre(clips[name], 48000) < 0.8 * centre(click, 48000)
        assert abs(loudness(clips[name]) - loudness(click)) < 1.2


@pytest.mark.parametrize("kit", KITS)
def test_an_accented_left_is_as_far_from_a_right_as_a_plain_one(kit: str) -> None:
    clips = beat_sounds(48000, kit)
    for left, right in product(
        (sounds.LEFT, sounds.LEFT_ACCENT), (sounds.RIGHT, sounds.RIGHT_ACCENT)
    ):
        assert centre(clips[right], 48000) >= 1.35 * centre(clips[left], 48000)


@pytest.mark.parametrize("kit", KITS)
def test_an_accent_of_a_foot_is_louder_and_has_a_low_body(kit: str) -> None:
    clips = beat_sounds(48000, kit)
    for plain, accent in PAIRS[1:]:
        assert loudness(clips[accent]) > loudness(clips[plain]) + 1.5
        assert centre(clips[accent], 48000) < 0.95 * centre(clips[plain], 48000)


def test_right_is_brighter_than_left_and_about_as_strong(clips: dict[str, Clip], rate: int) -> None:
    for left, right in ((sounds.LEFT, sounds.RIGHT), (sounds.LEFT_ACCENT, sounds.RIGHT_ACCENT)):
        assert centre(clips[right], rate) > 1.35 * centre(clips[left], rate)
        energies = [(signal(clips[name]) ** 2).sum() for name in (left, right)]
        assert abs(10 * np.log10(energies[0] / energies[1])) < 1.5


def test_no_two_sounds_are_alike(clips: dict[str, Clip]) -> None:
    names = list(clips)
    for place, one in enumerate(names):
        for other in names[place + 1 :]:
            a, b = signal(clips[one]), signal(clips[other])
            both = np.zeros((2, max(len(a), len(b))))
            both[0, : len(a)] = a / np.linalg.norm(a)
            both[1, : len(b)] = b / np.linalg.norm(b)
            assert both[0] @ both[1] < 0.92, (one, other)


def test_ready_rises_phase_end_falls_and_both_are_two_notes() -> None:
    clips = beat_sounds(48000)
    for name, turn, rises in ((sounds.READY, 0.13, True), (sounds.PHASE_END, 0.18, False)):
        second = round(turn * 48000)
        samples = clips[name].samples
        first_note = centre(Clip(samples[:second], 0), 48000)
        both_notes = centre(Clip(samples[second:], 0), 48000)
        assert (both_notes > 1.05 * first_note) is rises
        before = np.abs(samples[second - 1500 : second].astype(int)).max()
        after = np.abs(samples[second : second + 1500].astype(int)).max()
        assert after > 1.5 * before  # a second stroke, not a tail


def test_the_stored_heights_are_those_of_the_waves() -> None:
    for kit, moved in KITS.items():
        found = {name: beats._height(sound) for name, sound in beats._clicks(moved).items()}
        assert heights.CLICKS[kit] == pytest.approx(found, rel=1e-12)
    found = {name: beats._height(sound) for name, sound in beats._SIGNALS.items()}
    assert pytest.approx(found, rel=1e-12) == heights.SIGNALS


def test_no_partial_is_as_high_as_the_stored_heights_presume() -> None:
    sounds = [sound for moved in KITS.values() for sound in beats._clicks(moved).values()]
    partials = [each for sound in sounds for stroke in sound.strokes for each in stroke.partials]
    assert max(each.hertz for each in partials) < beats._TOP
