"""Music underneath while playing: read ahead, laid under, and the export's very samples."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from cadence_cue.live.control import Desired, State
from cadence_cue.live.feeder import AHEAD, Feeder
from cadence_cue.live.output import Output
from cadence_cue.live.player import Player
from cadence_cue.live.succession import Answer
from cadence_cue.sound.bed import Bed, Curve
from cadence_cue.sound.levels import FULL_SCALE, headroom
from cadence_cue.sound.spans import Spans
from cadence_cue.timing.decibels import gain_of
from tests.live.bedding import laid_under, noise_bed
from tests.live.rig import BEATS, RAMP, RATE, VOICE, mix, noise, standing, timeline, wait_for
from tests.live.servers import AlsaFile
from tests.live.test_mixer import Bench, ready
from tests.matrix import matrix

Samples = npt.NDArray[np.float32]
LONG = timeline(frames=8 * RATE)  # it comes for 2 s and goes for 3
MIDDLE = 3 * RATE
TURN = round(0.08 * RATE)
COMING = RATE // 2


class BedBench(Bench):
    """A mixer with a bed under its timelines, whose feeder is never late unless it is told."""

    def __init__(self, bed: Bed, *, channels: int = 2) -> None:
        super().__init__()
        self.loaded |= {1: ready(LONG)}
        self.bed = bed
        self.channels = channels
        self.feeder = Feeder(Spans((bed,)) if bed.again is None else bed, RATE)
        self.mixer.bed.feeder = self.feeder
        self.feeding = True

    def run(self, frames: int, block: int = 256) -> Samples:
        out = np.full((frames, self.channels), np.nan, np.float32)
        for at in range(0, frames, block):
            if self.feeding:
                _, wish = self.control.desired() or (0, Desired())
                self.feeder.feed(self.mixer.generation, self.mixer.frame, wish)
            self.mixer.fill(out[at : at + block], at / RATE, 0, realtime=False)
        return out

    def in_the_middle(self) -> int:
        """Play to a frame where nothing moves."""
        self.play()
        self.run(MIDDLE, 4096)
        return LONG.start + MIDDLE

    def alone(self, start: int, frames: int, *, voice: bool = True) -> Samples:
        """The bed without the rest."""
        whole = laid_under(self.bed, LONG, start, start + frames, voice=voice)
        dry = mix(LONG, start, start + frames, voice=voice)
        return np.asarray(whole - dry[:, np.newaxis], np.float32)


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[BedBench]:
    bench = BedBench(noise_bed(tmp_path, 60000, LONG.start))
    yield bench
    bench.control.close()
    bench.feeder.close()


def near(heard: Samples, expected: Samples) -> None:
    np.testing.assert_allclose(heard, expected, rtol=0, atol=2e-7)


@pytest.mark.parametrize("block", matrix([255, 64, 441, 1024, 70000]))
def test_at_gain_1_it_is_the_export(bench: BedBench, block: int) -> None:
    bench.play()
    length = LONG.frames - LONG.start
    heard = bench.run(length + 5000, block)
    assert np.array_equal(heard[:length], laid_under(bench.bed, LONG, LONG.start, LONG.frames))
    assert np.array_equal(heard[length:, 0], noise(LONG, LONG.frames, 5000))
    assert bench.latest.state is State.FINISHED
    assert bench.feeder.gaps == 0


def test_a_level_of_its_own_is_the_exports_too(tmp_path: Path) -> None:
    bed = noise_bed(tmp_path, 60000, LONG.start, level_db=-7.0)
    bench = BedBench(bed)
    bench.play()
    wanted = laid_under(bed, LONG, LONG.start, LONG.start + MIDDLE)
    assert np.array_equal(bench.run(MIDDLE), wanted)
    louder = laid_under(replace(bed, level_db=0.0), LONG, LONG.start, LONG.start + MIDDLE)
    assert np.abs(louder).max() > np.abs(wanted).max()


def test_raised_it_has_the_room_that_an_export_makes_for_it(tmp_path: Path) -> None:
    bed = noise_bed(tmp_path, 60000, LONG.start, level_db=6.0)
    bench = BedBench(bed)
    bench.play()
    wanted = laid_under(bed, LONG, LONG.start, LONG.start + MIDDLE) * gain_of(headroom(6.0))
    heard = bench.run(MIDDLE)
    # The noise alone stays where it is: of -70 dBFS, its peak is 0.0008.
    np.testing.assert_allclose(heard[RAMP:], wanted[RAMP:], rtol=0, atol=1.5e-4)


def test_before_its_first_frame_it_is_silent(tmp_path: Path) -> None:
    bed = noise_bed(tmp_path, 60000, LONG.start + 5000)
    bench = BedBench(bed)
    bench.play()
    heard = bench.run(9000)
    assert np.array_equal(heard[:5000, 0], mix(LONG, LONG.start, LONG.start + 5000))
    assert (heard[5000:, 0] != mix(LONG, LONG.start + 5000, LONG.start + 9000)).all()


@pytest.mark.parametrize("block", [100, 256, 4096])
def test_its_level_goes_in_a_line_of_five_milliseconds(bench: BedBench, block: int) -> None:
    at = bench.in_the_middle()
    bench.want(bed=0.25)
    heard = bench.run(4000, block)
    gain = np.concatenate([np.linspace(1, 0.25, RAMP + 1)[1:], np.full(4000 - RAMP, 0.25)])
    dry = mix(LONG, at, at + 4000)[:, np.newaxis]
    near(heard, dry + bench.alone(at, 4000) * gain[:, np.newaxis].astype(np.float32))


def test_muted_it_is_not_there_and_the_rest_is_as_it_was(bench: BedBench) -> None:
    at = bench.in_the_middle()
    bench.want(bed=0.0)
    heard = bench.run(4000)
    assert np.array_equal(heard[RAMP:, 0], mix(LONG, at + RAMP, at + 4000))


def test_a_muted_voice_ducks_it_no_more(bench: BedBench) -> None:
    at = bench.in_the_middle()
    bench.want(voice=0.0)
    heard = bench.run(6000)
    ducked, free = bench.alone(at, 6000), bench.alone(at, 6000, voice=False)
    assert np.abs(ducked).max() < np.abs(free).max() / 3
    assert np.array_equal(
        heard[RAMP:], laid_under(bench.bed, LONG, at + RAMP, at + 6000, voice=False)
    )


def test_the_volume_and_a_pause_are_its_too(bench: BedBench) -> None:
    at = bench.in_the_middle()
    bench.want(overall=0.5)
    heard = bench.run(2000)
    whole = laid_under(bench.bed, LONG, at + RAMP, at + 2000)
    floor = noise(LONG, at + RAMP, 2000 - RAMP)[:, np.newaxis]
    near(heard[RAMP:], floor + (whole - floor) * np.float32(0.5))
    bench.want(playing=False)
    heard = bench.run(2000)
    assert np.array_equal(heard[RAMP:, 1], noise(LONG, at + 2000 + RAMP, 2000 - RAMP))
    bench.want(playing=True, overall=1.0)
    heard = bench.run(2000)
    at += 2000 + 2 * RAMP
    assert np.array_equal(heard[RAMP:], laid_under(bench.bed, LONG, at, at + 2000 - RAMP))


def test_one_ear_hears_the_mean_of_both(tmp_path: Path) -> None:
    bed = noise_bed(tmp_path, 60000, LONG.start)
    bench = BedBench(bed, channels=1)
    bench.play()
    heard = bench.run(RATE)
    whole = laid_under(bed, LONG, LONG.start, LONG.start + RATE)
    near(heard[:, 0], whole.mean(axis=1))


def test_more_channels_than_two_have_it_in_the_first_two(tmp_path: Path) -> None:
    bed = noise_bed(tmp_path, 60000, LONG.start)
    bench = BedBench(bed, channels=4)
    bench.play()
    heard = bench.run(RATE)
    assert np.array_equal(heard[:, :2], laid_under(bed, LONG, LONG.start, LONG.start + RATE))
    assert np.array_equal(heard[:, 3], mix(LONG, LONG.start, LONG.start + RATE))


def test_a_jump_waits_for_what_is_read_and_then_is_the_export(bench: BedBench) -> None:
    at = bench.in_the_middle()
    bench.feeding = False
    bench.play(1, frame=40000)
    heard = bench.run(5000)  # it goes on as if nothing had been wished
    assert np.array_equal(heard, laid_under(bench.bed, LONG, at, at + 5000))
    bench.feeding = True
    heard = bench.run(5000)
    assert np.array_equal(
        heard[2 * RAMP :], laid_under(bench.bed, LONG, 40000 + RAMP, 40000 + 5000 - RAMP)
    )
    assert bench.feeder.gaps == 0


def test_another_timeline_from_its_start_is_its_export(bench: BedBench) -> None:
    bench.in_the_middle()
    other = timeline(start=2 * RATE, frames=6 * RATE)
    bench.loaded[2] = ready(other)
    bench.play(2)
    heard = bench.run(4 * RATE)[RAMP:]
    wanted = laid_under(bench.bed, other, 2 * RATE, 6 * RATE - RAMP)
    assert np.array_equal(heard, wanted)
    assert np.abs(heard[:100]).max() < 0.05  # it comes slowly


def test_what_cannot_be_read_in_time_is_a_gap_that_is_counted_once(bench: BedBench) -> None:
    at = bench.in_the_middle()
    bench.feeding = False
    bench.run(4096)  # the last that was read was read so much earlier
    at += 4096
    read = (round(AHEAD * RATE) - 2 * 4096) // 256 * 256
    heard = bench.run(read + 60 * 256)
    assert np.array_equal(heard[:read], laid_under(bench.bed, LONG, at, at + read))
    assert np.array_equal(
        heard[-5000:, 0], mix(LONG, *(at + read + 60 * 256 - k for k in (5000, 0)))
    )
    assert bench.feeder.gaps == 1
    bench.feeding = True
    at += read + 60 * 256
    heard = bench.run(COMING + 5000)
    dry = mix(LONG, at, at + COMING)[:, np.newaxis]
    gain = (np.arange(1, COMING + 1) / COMING).astype(np.float32)[:, np.newaxis]
    near(heard[:COMING], dry + bench.alone(at, COMING) * gain)
    at += COMING
    assert np.array_equal(heard[COMING:], laid_under(bench.bed, LONG, at, at + 5000))
    assert bench.feeder.gaps == 1


def test_what_is_laid_late_comes_slowly(bench: BedBench) -> None:
    bench.mixer.bed.feeder = None
    at = bench.in_the_middle()
    bench.mixer.bed.feeder = bench.feeder
    heard = bench.run(COMING + 5000)
    dry = mix(LONG, at, at + 500)[:, np.newaxis]
    assert np.abs(heard[:500] - dry).max() < 0.01
    at += COMING
    assert np.array_equal(heard[COMING:], laid_under(bench.bed, LONG, at, at + 5000))
    assert bench.feeder.gaps == 0


def test_an_edit_turns_from_one_curve_to_the_other(bench: BedBench) -> None:
    """The edit takes words away that have begun to duck the bed: no step in its level."""
    at = bench.in_the_middle()
    silent = replace(LONG, events=LONG.events[LONG.events["bus"] == 0])
    bench.loaded[2] = ready(silent)
    bench.want(timeline=2, since=at)
    heard = bench.run(TURN + 3000)
    bed = bench.alone(at, TURN + 3000, voice=False)
    curves = [FULL_SCALE * Curve(each, voice=True).gains(at, TURN, 0.0) for each in (LONG, silent)]
    share = (np.arange(1, TURN + 1) / TURN)[:, np.newaxis]
    gain = curves[0] + (curves[1] - curves[0]) * share
    dry = mix(silent, at, at + TURN + 3000)[:, np.newaxis]
    near(heard[:TURN], dry[:TURN] + bed[:TURN] * gain.astype(np.float32))
    near(heard[TURN:], dry[TURN:] + bed[TURN:])


def test_an_edit_that_changes_no_words_is_not_heard_in_the_bed(bench: BedBench) -> None:
    at = bench.in_the_middle()
    bench.loaded[2] = ready(LONG)
    bench.want(timeline=2, since=at + 500)
    assert np.array_equal(bench.run(9000), laid_under(bench.bed, LONG, at, at + 9000))


def test_music_that_comes_with_an_edit_is_heard_from_there_on(
    tmp_path: Path,
) -> None:
    """It begins where it is offered, and it is taken only once it has been read."""
    bed = noise_bed(tmp_path, 300_000, LONG.start)
    bench = BedBench(bed)
    at = bench.in_the_middle()
    turn, since = at + 6000, at + 5000
    before = replace(bed, knots=((since, 1.0), (turn, 0.0)))
    other = noise_bed(tmp_path, 310_000, LONG.start)
    after = replace(other, knots=((since, 0.0), (turn, 1.0)))
    both = Spans((before, after))
    coming = Feeder(both, RATE)
    bench.loaded[2] = ready(LONG)._replace(feeder=coming)
    bench.want(timeline=2, since=since)
    heard = bench.run(1000)
    assert bench.latest.timeline == 1
    coming.feed(bench.mixer.generation, bench.mixer.frame, bench.desired)
    heard = np.concatenate([heard, bench.run(9000)])
    assert bench.latest.timeline == 2
    assert np.array_equal(heard, laid_under(both, LONG, at, at + 10000))
    alone = laid_under(other, LONG, turn, at + 10000)
    assert np.array_equal(heard[turn - at :], alone)


def test_what_is_not_prepared_yet_comes_when_it_is(tmp_path: Path) -> None:
    bed = noise_bed(tmp_path, 300_000, LONG.start)
    late = replace(bed, path=tmp_path / "late.pcm", again=None)
    bench = BedBench(late)
    at = bench.in_the_middle()
    assert np.array_equal(bench.run(4096)[:, 0], mix(LONG, at, at + 4096))
    bed.path.rename(late.path)
    bench.run(COMING + 256)
    at += 4096 + COMING + 256
    assert np.array_equal(bench.run(5000), laid_under(late, LONG, at, at + 5000))
    assert bench.feeder.gaps == 0


def test_a_file_that_breaks_is_silent_and_told(bench: BedBench) -> None:
    bench.in_the_middle()
    with bench.bed.path.open("r+b") as file:
        file.truncate(100)
    bench.run(3 * RATE)
    assert bench.feeder.broken == "the prepared music has become shorter"
    bench.play(1, frame=MIDDLE)  # nothing waits for it
    heard = bench.run(4000)[2 * RAMP :, 0]
    assert np.array_equal(heard, mix(LONG, MIDDLE + RAMP, MIDDLE + 4000 - RAMP))


# The engine, on a device that keeps every frame.


def test_what_the_device_is_given_is_what_is_exported(alsa_file: AlsaFile, tmp_path: Path) -> None:
    alsa_file.haste = 1
    planned = timeline(frames=6 * RATE)
    bed = noise_bed(tmp_path, 50000, planned.start)
    with Player(watchdog=False) as player:
        player.load(BEATS, VOICE)
        player.set_music(bed)
        player.play(planned)
        wait_for(lambda: player.position.state is State.FINISHED, "the end")
        beyond = alsa_file.frames + RATE // 2
        wait_for(lambda: alsa_file.frames > beyond, "the silence after the end")
        assert player.notices == []
    stereo = alsa_file.samples()
    heard = stereo[int(np.flatnonzero(stereo[:, 0])[0]) :]
    length = planned.frames - planned.start
    assert np.array_equal(heard[:length], laid_under(bed, planned, planned.start, planned.frames))


def test_a_jump_and_an_edit_play_the_export_from_there_on(
    alsa_file: AlsaFile, tmp_path: Path
) -> None:
    alsa_file.haste = 1
    planned = timeline(frames=90 * RATE)
    half = 42 * RATE  # far away, for a busy machine
    other = replace(planned, events=planned.events[planned.events["frame"] < half])
    bed = noise_bed(tmp_path, 50000, planned.start)
    with Player(watchdog=False) as player:
        player.load(BEATS, VOICE)
        player.set_music(bed)
        player.play(planned)
        wait_for(lambda: player.heard > RATE, "a frame in the middle")
        with standing(player):
            generation = player.play(planned, frame=37 * RATE)
            number = player.offer(other, half)
        wait_for(lambda: player.answer(number) is Answer.ACCEPTED, "the edit")
        wait_for(lambda: player.position >= (generation, 45 * RATE), "what comes after it")
        player.pause()
        assert player.notices == []
    heard = alsa_file.samples()
    jumped = laid_under(bed, other, 37 * RATE + RAMP, 44 * RATE)
    at = _where(heard, jumped[:400])
    near(heard[at : at + len(jumped)], jumped)


def _where(heard: Samples, part: Samples) -> int:
    """Where a part lies in what was heard."""
    for at in np.flatnonzero(np.abs(heard[: -len(part), 0] - part[0, 0]) < 1e-6):
        if np.allclose(heard[at : at + len(part)], part, rtol=0, atol=1e-6):
            return int(at)
    raise AssertionError("it was not heard")


def test_what_plays_stays_loaded_when_its_music_is_replaced(tmp_path: Path) -> None:
    with Player(Output(backend="silent", block=256), stepped=True, watchdog=False) as player:
        player.load(BEATS, VOICE)
        player.play(LONG)
        player.step(2560)
        player.set_music(noise_bed(tmp_path, 60000, LONG.start))
        late = player.offer(timeline(frames=7 * RATE), LONG.start)
        player.step(2560)
        assert player.answer(late) is Answer.REFUSED
        again = player.play(LONG)
        player.step(2560)
        assert player.latest
        assert player.latest.generation == again


def test_a_file_that_is_not_there_is_told(alsa_file: AlsaFile, tmp_path: Path) -> None:
    with Player(watchdog=False) as player:
        player.load(BEATS, VOICE)
        player.set_music(Bed(tmp_path / "gone.pcm", 100, 0))
        player.play(timeline())
        wait_for(lambda: player.position.state is State.FINISHED, "the end")
        wait_for(lambda: player.notices, "the notice")
        assert player.notices == ["The music cannot be played: No such file or directory."]
    assert alsa_file.frames
