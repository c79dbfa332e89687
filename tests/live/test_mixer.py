"""The mixer: the export's bits at rest, straight 5 ms lines in between."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pytest

from cadence_cue.live.control import NO_HOLD, Desired, PlayedBlock, State
from cadence_cue.live.mixer import Loaded, Mixer
from cadence_cue.live.sounding import SoundingBlock
from cadence_cue.sound.bed import Curve
from cadence_cue.timing.timeline import Timeline
from tests.live.rig import RAMP, RATE, line, mix, noise, renderer, scaled, timeline

Samples = npt.NDArray[np.float32]
PLANNED = timeline(frames=30000)
OTHER = timeline(start=0, frames=20000)


class Bench:
    """A mixer, and the hands on both sides of it."""

    def __init__(self) -> None:
        self.control = SoundingBlock()
        self.loaded = {1: ready(PLANNED), 2: ready(OTHER)}
        self.mixer = Mixer(self.control, self.loaded, RATE)
        self.desired = Desired()

    def want(self, **changes: object) -> None:
        self.desired = self.desired._replace(**changes)  # type: ignore[arg-type]
        self.control.want(self.desired)

    def play(self, number: int = 1, frame: int | None = None, *, playing: bool = True) -> None:
        generation = self.desired.generation + 1
        start = frame if frame is not None else self.loaded[number].start
        self.want(generation=generation, timeline=number, frame=start, playing=playing)

    def run(self, frames: int, block: int = 256) -> Samples:
        """The next frames, as a device asks for them."""
        out = np.full((frames, 2), np.nan, np.float32)
        for at in range(0, frames, block):
            self.mixer.fill(out[at : at + block], at / RATE, 0, realtime=False)
        assert np.array_equal(out[:, 0], out[:, 1])
        return out[:, 0]

    @property
    def latest(self) -> PlayedBlock:
        return next(self.control.played_blocks())


def ready(planned: Timeline) -> Loaded:
    return Loaded(renderer(planned), Curve(planned, voice=True), planned.start, planned.frames)


@pytest.fixture
def bench() -> Iterator[Bench]:
    bench = Bench()
    yield bench
    bench.control.close()


def near(heard: Samples, expected: Samples) -> None:
    np.testing.assert_allclose(heard, expected, rtol=0, atol=1e-7)


def test_before_the_first_timeline_there_is_silence(bench: Bench) -> None:
    assert not bench.run(1000).any()
    assert bench.latest.state is State.WAITING


@pytest.mark.parametrize("block", [7, 64, 65, 256, 441, 1024, 8193, 65536])
def test_at_gain_1_every_block_size_gives_the_export(bench: Bench, block: int) -> None:
    bench.play()
    heard = bench.run(40000, block)
    length = PLANNED.frames - PLANNED.start
    assert np.array_equal(heard[:length], mix(PLANNED, PLANNED.start, PLANNED.frames))
    assert np.array_equal(heard[length:], noise(PLANNED, PLANNED.frames, 40000 - length))
    assert bench.latest.state is State.FINISHED
    assert bench.latest.frame == PLANNED.frames


@pytest.mark.parametrize("block", [1, 100, 256, 4096])
def test_a_pause_fades_out_then_only_the_noise_goes_on(bench: Bench, block: int) -> None:
    bench.play()
    bench.run(10000)
    at = PLANNED.start + 10000
    bench.want(playing=False)
    heard = bench.run(5000, block)
    near(heard[:RAMP], scaled(PLANNED, at, line(1, 0), line(1, 0)))
    assert np.array_equal(heard[RAMP:], noise(PLANNED, at + RAMP, 5000 - RAMP))
    assert bench.latest.state is State.PAUSED
    assert bench.latest.frame == at + RAMP

    bench.want(playing=True)
    heard = bench.run(5000, block)
    near(heard[:RAMP], scaled(PLANNED, at + RAMP, line(0, 1), line(0, 1)))
    assert np.array_equal(heard[RAMP:], mix(PLANNED, at + 2 * RAMP, at + RAMP + 5000))


def test_a_pause_taken_back_at_once_turns_round_where_it_is(bench: Bench) -> None:
    bench.play()
    bench.run(10000)
    at = PLANNED.start + 10000
    bench.want(playing=False)
    bench.run(60)
    bench.want(playing=True)
    heard = bench.run(2000)
    up = line(0.75, 1)
    near(heard[:RAMP], scaled(PLANNED, at + 60, up, up))
    assert np.array_equal(heard[RAMP:], mix(PLANNED, at + 60 + RAMP, at + 2060))


def test_a_jump_fades_out_and_starts_the_new_timeline_with_its_very_bits(bench: Bench) -> None:
    bench.play()
    bench.run(10000)
    at = PLANNED.start + 10000
    bench.play(2)
    heard = bench.run(5000, 4096)
    near(heard[:RAMP], scaled(PLANNED, at, line(1, 0), line(1, 0)))
    assert np.array_equal(heard[RAMP:], mix(OTHER, 0, 5000 - RAMP))
    assert bench.latest.generation == 2


def test_a_jump_from_a_pause_starts_at_once(bench: Bench) -> None:
    bench.play()
    bench.run(10000)
    bench.want(playing=False)
    bench.run(1000)
    bench.play(2)
    assert np.array_equal(bench.run(5000), mix(OTHER, 0, 5000))


@pytest.mark.parametrize("stand", [{"playing": False}, {"hold": PLANNED.start + 10000 + RAMP}])
def test_what_stands_is_not_heard_again_while_another_timeline_is_on_its_way(
    bench: Bench, stand: dict[str, object]
) -> None:
    bench.play()
    bench.run(10000)
    bench.want(**stand)
    bench.run(RAMP + 1000)
    coming = bench.loaded.pop(2)
    bench.want(generation=2, timeline=2, frame=OTHER.start, playing=True, hold=NO_HOLD)
    stood = PLANNED.start + 10000 + RAMP
    assert np.array_equal(bench.run(3000), noise(PLANNED, stood + 1000, 3000))
    bench.loaded[2] = coming
    assert np.array_equal(bench.run(5000), mix(OTHER, 0, 5000))


def test_a_start_in_the_middle_of_sounds_is_faded_in(bench: Bench) -> None:
    bench.play(frame=7000)
    heard = bench.run(5000)
    near(heard[:RAMP], scaled(PLANNED, 7000, line(0, 1), line(0, 1)))
    assert np.array_equal(heard[RAMP:], mix(PLANNED, 7000 + RAMP, 12000))


def test_a_timeline_that_comes_late_is_not_waited_for(bench: Bench) -> None:
    late = bench.loaded.pop(2)
    bench.play()
    bench.run(1000)
    bench.want(generation=2, timeline=2, frame=0)
    at = PLANNED.start + 1000
    assert np.array_equal(bench.run(5000), mix(PLANNED, at, at + 5000))
    bench.loaded[2] = late
    assert np.array_equal(bench.run(5000)[RAMP:], mix(OTHER, 0, 5000 - RAMP))


@pytest.mark.parametrize(
    ("change", "beat", "voice", "relief"),
    [
        ({"beat": 0.25}, line(1, 0.25), 1, 0),
        ({"voice": 0.25}, 1, line(1, 0.25), 0),
        ({"overall": 0.25}, line(1, 0.25), line(1, 0.25), 0),
        ({"voice": 0.0}, 1, line(1, 0), line(0, 1)),
        ({"beat": 0.0}, line(1, 0), 1, 0),
    ],
)
def test_a_level_goes_there_in_5_ms_and_the_noise_stays(
    bench: Bench,
    change: dict[str, float],
    beat: Samples,
    voice: Samples,
    relief: Samples,
) -> None:
    bench.play()
    bench.run(10000)
    at = PLANNED.start + 10000
    bench.want(**change)
    heard = bench.run(2 * RAMP, 100)
    near(heard[:RAMP], scaled(PLANNED, at, beat, voice, relief))
    beat, voice, relief = (np.broadcast_to(gain, RAMP)[-1] for gain in (beat, voice, relief))
    near(heard[RAMP:], scaled(PLANNED, at + RAMP, beat, voice, relief))

    at += 2 * RAMP
    bench.want(beat=1.0, voice=1.0, overall=1.0)
    assert np.array_equal(bench.run(5000)[RAMP:], mix(PLANNED, at + RAMP, at + 5000))


def test_a_muted_voice_is_the_export_without_a_voice(bench: Bench) -> None:
    bench.want(voice=0.0)
    bench.play()
    end = PLANNED.start + 20000
    assert np.array_equal(bench.run(20000), mix(PLANNED, PLANNED.start, end, voice=False))


def test_levels_set_in_a_pause_are_there_when_it_ends(bench: Bench) -> None:
    bench.play()
    bench.run(10000)
    bench.want(playing=False)
    bench.run(1000)
    bench.want(playing=True, voice=0.5)
    heard = bench.run(1000)
    at = PLANNED.start + 10000 + RAMP
    near(heard[:RAMP], scaled(PLANNED, at, line(0, 1), line(0, 0.5)))


@pytest.mark.parametrize("frame", [PLANNED.frames, PLANNED.frames + 5])
def test_a_start_at_the_end_is_the_end(bench: Bench, frame: int) -> None:
    bench.play(frame=frame)
    bench.run(1000)
    assert bench.latest.state is State.FINISHED


def test_a_timeline_wanted_in_a_pause_waits_at_its_start(bench: Bench) -> None:
    bench.play(playing=False)
    assert np.array_equal(bench.run(1000), noise(PLANNED, PLANNED.start, 1000))
    assert bench.latest.state is State.PAUSED
    assert bench.latest.frame == PLANNED.start


def test_what_is_published_covers_every_frame_once(bench: Bench) -> None:
    bench.play()
    bench.run(10000)
    bench.play(2)
    bench.run(4096, 4096)
    stretches = [one for one in bench.control.played_blocks() if one.heard_at < 4096 / RATE][::-1]
    last = stretches[-5:]
    assert sum(one.frames for one in last) == 4096
    at = 0
    for one in last:
        assert one.heard_at == pytest.approx(at / RATE)
        assert one.given == 10000 + at
        at += one.frames
    assert [one.generation for one in last] == [1, 2, 2, 2, 2]
    assert [one.frame for one in last[1:]] == [0, 1024, 2048, 3072]


def test_at_a_held_frame_the_clock_stands_and_goes_on_with_the_very_next(bench: Bench) -> None:
    bench.play()
    bench.want(hold=7001)
    played = bench.run(7001 - PLANNED.start + 5000)
    until = 7001 - PLANNED.start
    assert np.array_equal(played[:until], mix(PLANNED, PLANNED.start, 7001))
    assert np.array_equal(played[until:], noise(PLANNED, 7001, 5000))
    assert bench.latest.state is State.HELD
    assert bench.latest.frame == 7001
    bench.want(hold=NO_HOLD)
    assert np.array_equal(bench.run(4000), mix(PLANNED, 7001, 11001))


def test_a_frame_that_is_past_holds_nothing(bench: Bench) -> None:
    bench.play()
    bench.run(5000)
    bench.want(hold=PLANNED.start + 4999)
    assert np.array_equal(bench.run(2000), mix(PLANNED, PLANNED.start + 5000, PLANNED.start + 7000))


def state_of(bench: Bench) -> State:
    return bench.latest.state


def test_a_wait_may_become_a_pause_or_a_jump(bench: Bench) -> None:
    bench.play()
    bench.want(hold=0)
    bench.run(4000)
    assert state_of(bench) is State.HELD
    bench.want(playing=False)
    bench.run(300)
    assert state_of(bench) is State.PAUSED
    bench.want(playing=True)
    bench.run(300)
    assert state_of(bench) is State.HELD
    bench.want(hold=NO_HOLD)
    bench.play(2, 500)
    bench.run(1000)
    assert state_of(bench) is State.PLAYING
    assert bench.latest.frame + bench.latest.frames == 1500


def same_before(since: int) -> Timeline:
    """PLANNED, but with nothing from a frame on, and longer."""
    events = PLANNED.events[PLANNED.events["frame"] < since]
    return replace(PLANNED, events=events, frames=PLANNED.frames + 5000)


def test_another_timeline_in_time_is_gone_on_with_unheard(bench: Bench) -> None:
    other = same_before(9000)
    bench.loaded[3] = ready(other)
    bench.play()
    heard = [bench.run(4000)]
    bench.want(timeline=3, since=9000)
    heard.append(bench.run(36000))
    whole = mix(other, PLANNED.start, PLANNED.start + 40000 - 2000)
    length = other.frames - PLANNED.start
    assert bench.latest.timeline == 3
    played = np.concatenate(heard)[: min(length, len(whole))]
    assert np.array_equal(played, whole[: len(played)])
    before = 9000 - PLANNED.start
    assert np.array_equal(played[:before], mix(PLANNED, PLANNED.start, 9000))
    assert not np.array_equal(played, mix(PLANNED, PLANNED.start, PLANNED.start + len(played)))


@pytest.mark.parametrize(("made", "taken"), [(12000, True), (12001, False)])
def test_another_timeline_is_taken_up_to_its_frame_and_never_after(
    bench: Bench, made: int, taken: bool
) -> None:
    bench.loaded[3] = ready(same_before(9000))
    bench.play()
    bench.run(made, made)
    bench.want(timeline=3, since=9000)
    heard = bench.run(500)
    assert (bench.latest.timeline == 3) == taken
    source = same_before(9000) if taken else PLANNED
    at = PLANNED.start + made
    assert np.array_equal(heard, mix(source, at, at + 500))


def test_another_timeline_is_waited_for(bench: Bench) -> None:
    bench.play()
    bench.run(1000)
    bench.want(timeline=3, since=9000)
    bench.run(1000)
    assert bench.latest.timeline == 1
    bench.loaded[3] = ready(same_before(9000))
    bench.run(256)
    assert bench.latest.timeline == 3


def test_what_was_seen_and_when_is_told(bench: Bench) -> None:
    bench.play()
    bench.run(256)
    assert bench.latest.seen == 1
    bench.want(beat=0.5)
    bench.run(256)
    assert bench.latest.seen == 2
    assert bench.latest.took > 0
    made = [stretch.made_at for stretch in bench.control.played_blocks()]
    assert made == sorted(made, reverse=True)
