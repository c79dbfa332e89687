"""The renderer: every frame where the timeline says, the same bits however they are asked for."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cadence_cue.sound.clips import Clip
from cadence_cue.sound.levels import BEAT_CEILING, FULL_SCALE, VOICE_CEILING
from cadence_cue.sound.mix import mix
from cadence_cue.sound.noise import PERIOD, noise_loop
from cadence_cue.sound.renderer import Renderer
from cadence_cue.timing.decibels import gain_of
from cadence_cue.timing.timeline import EVENT, NO_BEAT, Bus, EventKind, Timeline

Samples = npt.NDArray[np.float32]

BLOCKS = [1, 64, 65, 256, 441, 8193, 65536]
NOISE_PEAK = gain_of(-70.0) * 6**0.5
IMPULSE = Clip(np.array([FULL_SCALE // 2], np.int16), 0)


@dataclass(frozen=True)
class Note:
    """An event, as short as it can be written."""

    frame: int
    sound: str
    bus: Bus = Bus.BEAT
    gain: float = 1.0
    duck_db: float = 0.0
    frames: int = 1


def timeline(*notes: Note) -> Timeline:
    names = tuple(dict.fromkeys(note.sound for note in notes))
    events = np.zeros(len(notes), EVENT)
    for row, note in zip(events, notes, strict=True):
        row["frame"], row["frames"], row["bus"] = note.frame, note.frames, note.bus
        row["gain"], row["duck_db"] = note.gain, note.duck_db
        row["sound"] = names.index(note.sound)
        row["kind"] = EventKind.CUE if note.bus is Bus.VOICE else EventKind.BEAT
        row["beat"] = NO_BEAT
    events = events[np.argsort(events["frame"], kind="stable")]
    events.flags.writeable = False
    return Timeline(48000, 0, 48000, 0, events, names, (), ())


def ramp(frames: int, step: int) -> Clip:
    """A clip in which no two neighbours are equal, so that a shift by a frame shows."""
    return Clip((np.arange(1, frames + 1) * step % 20011 - 10005).astype(np.int16), 0)


BEATS = {"click": ramp(700, 7919), "accent": ramp(700, 6007), "long": ramp(5000, 4001)}
VOICE = {"tall": ramp(9000, 3001), "easy": ramp(31000, 5003)}


def busy() -> Timeline:
    """Overlaps within a bus and across buses, ducks, gains, sounds over both ends."""
    notes = [
        Note(-350, "click", frames=700),
        Note(-2000, "easy", Bus.VOICE, frames=31000),
        Note(20000, "tall", Bus.VOICE, gain=0.8, frames=9000),
        Note(28000, "easy", Bus.VOICE, gain=0.31, frames=31000),
        Note(9000, "long", duck_db=-9.0, frames=5000),
        Note(39900, "long", gain=0.5, frames=5000),
    ]
    for index in range(110):
        duck = -6.0 if index % 3 else 0.0
        sound = "click" if index % 4 else "accent"
        notes.append(Note(index * 367, sound, gain=0.2 + index / 300, duck_db=duck, frames=700))
    return timeline(*notes)


FIRST, LAST = -3000, 70000


def rendered(renderer: Renderer, start: int, frames: int, **kind: bool) -> Samples:
    out = np.full(frames, np.nan, np.float32)
    renderer.render(start, out, **kind)
    return out


def heard(renderer: Renderer, start: int, frames: int, **kind: bool) -> Samples:
    """What is there beside the noise."""
    noise = np.empty(frames, np.float32)
    renderer.noise(start, noise)
    return np.asarray(rendered(renderer, start, frames, **kind) - noise, np.float32)


@pytest.fixture(scope="module")
def renderer() -> Renderer:
    return Renderer(busy(), BEATS, VOICE)


@pytest.fixture(scope="module")
def whole(renderer: Renderer) -> Samples:
    return rendered(renderer, FIRST, LAST - FIRST)


def by_hand(events: Timeline, *, beat: bool = True, voice: bool = True) -> npt.NDArray[np.float64]:
    """The same mix without the noise, in one array and in double precision."""
    room = 40000
    mix = np.zeros(LAST - FIRST + 2 * room)
    for event in events:
        spoken = event.bus is Bus.VOICE
        if not (voice if spoken else beat):
            continue
        samples = (VOICE if spoken else BEATS)[event.sound].samples / FULL_SCALE
        duck = 10 ** (event.duck_db / 20) if voice else 1.0
        at = event.frame - FIRST + room
        mix[at : at + len(samples)] += samples * event.gain * duck
    return mix[room:-room]


def near(out: Samples, expected: npt.NDArray[np.float64]) -> None:
    np.testing.assert_allclose(out, expected, rtol=0, atol=1e-6)


def test_an_impulse_stands_at_its_onset_and_nowhere_else() -> None:
    onsets = [0, 1, 440, 8192, 8193, 16383, 16384, 65535, 65536, 99999]
    notes = [Note(onset, "x") for onset in onsets]
    notes.append(Note(50000, "go", Bus.VOICE))
    renderer = Renderer(timeline(*notes), {"x": IMPULSE}, {"go": IMPULSE})
    out = heard(renderer, -5, 120000)
    assert list(np.flatnonzero(out)) == sorted(5 + onset for onset in [*onsets, 50000])
    assert out[out != 0] == pytest.approx(0.5, abs=1e-6)


@pytest.mark.parametrize(
    ("beat", "voice"), [(True, True), (True, False), (False, True), (False, False)]
)
def test_the_mix_is_the_sum_of_its_events(renderer: Renderer, beat: bool, voice: bool) -> None:
    out = heard(renderer, FIRST, LAST - FIRST, beat=beat, voice=voice)
    near(out, by_hand(busy(), beat=beat, voice=voice))


@pytest.mark.parametrize("block", BLOCKS)
def test_every_block_size_gives_the_same_bits(
    renderer: Renderer, whole: Samples, block: int
) -> None:
    span = 6000 if block == 1 else LAST - FIRST
    parts = [rendered(renderer, FIRST + at, min(block, span - at)) for at in range(0, span, block)]
    assert np.concatenate(parts).tobytes() == whole[:span].tobytes()


def test_blocks_in_reverse_order_give_the_same_bits(renderer: Renderer, whole: Samples) -> None:
    starts = range(0, len(whole), 441)
    parts = {
        at: rendered(renderer, FIRST + at, min(441, len(whole) - at)) for at in reversed(starts)
    }
    assert np.concatenate([parts[at] for at in starts]).tobytes() == whole.tobytes()


@given(
    reads=st.lists(
        st.tuples(st.integers(0, LAST - FIRST), st.integers(0, 40000)), min_size=1, max_size=6
    )
)
def test_any_start_and_size_in_any_order_give_the_same_bits(
    renderer: Renderer, whole: Samples, reads: list[tuple[int, int]]
) -> None:
    for at, size in reads:
        frames = min(size, len(whole) - at)
        out = rendered(renderer, FIRST + at, frames)
        assert out.tobytes() == whole[at : at + frames].tobytes()


@given(
    onsets=st.lists(st.integers(0, 3000), max_size=12),
    lengths=st.lists(st.sampled_from(["a", "b", "c"]), min_size=12, max_size=12),
    cuts=st.lists(st.integers(0, 5000), max_size=8),
)
def test_no_event_is_missed_or_doubled_at_a_block_edge(
    onsets: list[int], lengths: list[str], cuts: list[int]
) -> None:
    clips = {"a": ramp(1, 7), "b": ramp(90, 7919), "c": ramp(1500, 4001)}
    notes = [
        Note(onset, name, frames=len(clips[name].samples))
        for onset, name in zip(onsets, lengths, strict=False)
    ]
    renderer = Renderer(timeline(*notes), clips, {})
    expected = np.zeros(5000)
    for note in notes:
        samples = clips[note.sound].samples
        expected[note.frame : note.frame + len(samples)] += samples / FULL_SCALE
    edges = sorted({0, 5000, *cuts})
    parts = [heard(renderer, a, b - a) for a, b in pairwise(edges)]
    near(np.concatenate(parts), expected)


@pytest.mark.parametrize("block", [1, 64, 441, 16385, 73000])
def test_the_buses_add_up_to_the_mix_bit_for_bit(
    renderer: Renderer, whole: Samples, block: int
) -> None:
    span = 6000 if block == 1 else len(whole)
    for at in range(0, span, block):
        frames = min(block, span - at)
        beat, voice, relief, out = (np.full(frames, np.nan, np.float32) for _ in range(4))
        renderer.buses(FIRST + at, beat, voice, relief)
        renderer.noise(FIRST + at, out)
        out += beat
        out += voice
        assert out.tobytes() == whole[at : at + frames].tobytes()


def test_relief_is_what_speech_took_from_the_beat(renderer: Renderer) -> None:
    frames = LAST - FIRST
    beat, voice, relief = (np.empty(frames, np.float32) for _ in range(3))
    renderer.buses(FIRST, beat, voice, relief)
    near(beat + relief, by_hand(busy(), voice=False))
    assert np.abs(relief).max() > 0.01


def test_a_duck_lowers_its_beat_and_no_other() -> None:
    notes = [Note(10, "x", duck_db=-6.0), Note(20, "x", gain=0.5), Note(30, "x", duck_db=-12.0)]
    notes.append(Note(15, "go", Bus.VOICE))
    ducked = heard(Renderer(timeline(*notes), {"x": IMPULSE}, {"go": IMPULSE}), 0, 40)
    gains = ducked[[10, 15, 20, 30]] / 0.5
    assert gains == pytest.approx([gain_of(-6.0), 1.0, 0.5, gain_of(-12.0)], abs=1e-6)


def test_a_muted_voice_ducks_nothing() -> None:
    notes = (Note(10, "x", duck_db=-6.0), Note(15, "go", Bus.VOICE))
    renderer = Renderer(timeline(*notes), {"x": IMPULSE}, {"go": IMPULSE})
    out = heard(renderer, 0, 40, voice=False)
    assert list(np.flatnonzero(out)) == [10]
    assert out[10] == pytest.approx(0.5, abs=1e-6)


def test_without_any_voice_the_render_is_that_of_a_muted_voice(renderer: Renderer) -> None:
    silent = Renderer(busy(), BEATS, {})
    muted = rendered(renderer, FIRST, 20000, voice=False)
    assert rendered(silent, FIRST, 20000).tobytes() == muted.tobytes()
    beat, voice, relief = (np.empty(20000, np.float32) for _ in range(3))
    silent.buses(FIRST, beat, voice, relief)
    assert not voice.any()
    assert not relief.any()


def test_a_sound_without_a_clip_is_refused_by_name() -> None:
    with pytest.raises(KeyError, match="knock"):
        Renderer(timeline(Note(0, "knock")), BEATS, VOICE)
    with pytest.raises(KeyError, match="unsaid"):
        Renderer(timeline(Note(0, "unsaid", Bus.VOICE)), BEATS, VOICE)


def test_a_text_and_a_signal_may_share_a_name() -> None:
    notes = (Note(3, "ready"), Note(8, "ready", Bus.VOICE))
    quiet = Clip(IMPULSE.samples // 2, 0)
    out = heard(Renderer(timeline(*notes), {"ready": IMPULSE}, {"ready": quiet}), 0, 12)
    assert out[[3, 8]] == pytest.approx([0.5, 0.25], abs=1e-6)


@pytest.mark.parametrize(("told", "played"), [(40, 40), (100, 100), (300, 100)])
def test_a_sound_lasts_as_its_event_and_at_most_as_its_clip(told: int, played: int) -> None:
    clips = {"x": Clip(np.full(100, 8192, np.int16), 0)}
    renderer = Renderer(timeline(Note(7, "x", frames=told)), clips, {})
    out = heard(renderer, 0, 500)
    assert list(np.flatnonzero(out)) == list(range(7, 7 + played))


@pytest.mark.parametrize("beat", [True, False])
def test_a_track_is_rendered_in_parts_as_it_is_in_one(
    renderer: Renderer, monkeypatch: pytest.MonkeyPatch, *, beat: bool
) -> None:
    monkeypatch.setattr("cadence_cue.sound.mix._PART", 0.1)
    whole = rendered(renderer, FIRST, LAST - FIRST, beat=beat)
    with mix(busy(), BEATS, VOICE, beat=beat) as (render, _):
        for start in (*range(FIRST, LAST, 441), FIRST + 5):
            block = np.empty(min(441, LAST - start), np.float32)
            render(start, block)
            assert np.array_equal(block, whole[start - FIRST : start - FIRST + len(block)])


def test_a_timeline_without_events_is_noise(renderer: Renderer) -> None:
    noise = np.empty(5000, np.float32)
    renderer.noise(-100, noise)
    empty = rendered(Renderer(timeline(), {}, {}), -100, 5000)
    assert empty.tobytes() == noise.tobytes()
    assert rendered(renderer, LAST, 0).shape == (0,)


def test_noise_is_minus_70_dbfs_white_and_bounded() -> None:
    noise = noise_loop().astype(np.float64)
    assert len(noise) == PERIOD
    rms = np.sqrt(np.mean(noise**2))
    assert 20 * np.log10(rms) == pytest.approx(-70.0, abs=0.05)
    assert np.abs(noise).max() <= NOISE_PEAK
    assert abs(noise.mean()) < rms / 100
    power = np.abs(np.fft.rfft(noise)[1:]) ** 2
    bands = power.reshape(64, -1).mean(axis=1)
    assert bands / power.mean() == pytest.approx(1.0, abs=0.12)
    correlation = np.fft.irfft(np.abs(np.fft.rfft(noise)) ** 2)
    assert np.abs(correlation[1 : PERIOD // 2]).max() < 0.02 * correlation[0]


def test_noise_never_is_zero_so_that_a_silent_bus_changes_no_bit() -> None:
    assert noise_loop().all()


@pytest.mark.parametrize("frame", [0, 1, 77777])
def test_noise_is_made_of_integers(frame: int) -> None:
    """The formula once more in plain Python, so that numpy's version cannot matter."""
    word = (frame + 1) * 0x9E3779B97F4A7C15 % 2**64
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        word = (word ^ word >> shift) * factor % 2**64
    word ^= word >> 31
    total = word // 2**32 - word % 2**32
    assert noise_loop()[frame] == pytest.approx(total / 2**32 * NOISE_PEAK, rel=1e-6)


@pytest.mark.parametrize("start", [-3 * PERIOD - 7, -1, 0, PERIOD - 1, 10**12 + 3])
def test_noise_depends_on_the_frame_only(renderer: Renderer, start: int) -> None:
    loop = noise_loop()
    out = np.empty(PERIOD + 50000, np.float32)
    renderer.noise(start, out)
    assert np.array_equal(out, loop[np.arange(start, start + len(out)) % PERIOD])


def test_the_loudest_moment_stays_below_the_ceiling() -> None:
    voice = Clip(np.full(2000, round(FULL_SCALE * gain_of(VOICE_CEILING)), np.int16), 0)
    click = Clip(np.full(2000, round(FULL_SCALE * gain_of(BEAT_CEILING)), np.int16), 0)
    notes = (
        Note(0, "click", duck_db=-6.0, frames=2000),
        Note(0, "go", Bus.VOICE, frames=2000),
    )
    out = rendered(Renderer(timeline(*notes), {"click": click}, {"go": voice}), 0, 2000)
    assert 20 * np.log10(np.abs(out).max()) < -1.4
