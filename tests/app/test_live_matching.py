"""Music on the beat while it plays: it follows what is played, and the export has the same."""

from __future__ import annotations

import os
from dataclasses import replace
from errno import ENOENT
from fractions import Fraction
from functools import partial

import numpy as np
import numpy.typing as npt
import pytest

from cadence_cue.app.log.history import Practice
from cadence_cue.app.music.folder import music_folder
from cadence_cue.app.music.following import FollowingMusic
from cadence_cue.app.music.matched import laid_music, matched_music
from cadence_cue.app.music.under import live_music
from cadence_cue.app.options import PerformanceOptions
from cadence_cue.app.preparing import Prepared
from cadence_cue.app.tracks.performed import as_performed, kept, restored
from cadence_cue.coaching.session import Music, Say
from cadence_cue.music.grids import LEAD
from cadence_cue.sound.spans import LaidMusic, Spans
from cadence_cue.studio import Performance
from cadence_cue.timing.editing import Edit
from cadence_cue.timing.timeline import EventKind, Timeline
from cadence_cue.transport.following import MatchedMusic
from tests.app.on_the_beat import RUN, settled
from tests.live.rig import wait_for
from tests.music import band
from tests.transporting import LIBRARY, Stage, perform

RATE = 48000
Numbers = npt.NDArray[np.int16]


def frames(of: LaidMusic | None, start: int, end: int) -> Numbers:
    """What is heard of music, read as for a file."""
    assert of
    out = np.zeros((end - start, 2), np.int16)
    reading = of.opened()
    reading.read(start, out)
    reading.close()
    return out


def test_a_single_file_ends_before_the_runs_unless_it_goes_round(music: Music) -> None:
    longer = perform({**RUN, "time": "150s"}, own=172, announce=False)
    once = laid_music(music, longer)
    assert once.ends_early
    assert once.summary.endswith("; it ends before the runs do.")
    for of, performance in (
        (replace(music, loop=True), longer),
        (music, perform(RUN, own=172, announce=False)),
    ):
        ready = laid_music(of, performance)
        assert (ready.ends_early, "ends" in ready.summary) == (False, False)


def test_after_a_nudge_it_joins_and_the_export_has_the_same(on: Stage, music: Music) -> None:
    transport = on.transport
    transport.set_music(partial(live_music, music))
    wait_for(lambda: not transport.music._making or not transport.music._making.alive, "the music")
    assert transport.poll() == ["Music: song.wav, on the beat."]
    before = transport._deck.music
    transport.play()
    on.run(8)
    transport.nudge(Fraction(3))
    told = [*on.run(1), *settled(on, "the music")]
    assert told[:2] == ["175 a minute", "matching your music to the new tempo"]
    assert told[-1] == "the music is on your beat again"
    assert on.player.notices == []

    performance = transport.performance
    clock = performance.plan.clock
    (edit,) = performance.edits
    assert edit.joins
    edited, joins = clock.frame(edit.at), clock.frame(edit.joins)
    (first, lowered), (second, joined) = on.player.offered
    assert (first, second) == (edited, joins)
    start, end = performance.timeline.start, performance.timeline.frames
    heard = frames(joined, start, end)
    until = [(before, edited), (lowered, joins)]  # then what follows is heard, and is the same
    assert all((frames(of, start, at) == heard[: at - start]).all() for of, at in until)
    down = slice(edited - start + RATE // 10, joins - start)
    full = frames(before, start, joins)[down]
    assert len(full) > RATE // 20
    assert np.abs(heard[down] - full * 10 ** (-12 / 20)).max() <= 0.51

    of = Prepared(
        performance.session, LIBRARY, PerformanceOptions(), performance, None, cadence_assumed=False
    )
    log = kept(as_performed(of, performance))
    practice = Practice("2026-11-30", "session", "A session", 1.0, 172.0, performed=log)
    _, options = restored(practice, LIBRARY)
    assert options.performed
    again = perform(RUN, own=172, announce=False).edited(*options.performed.edits)
    assert again.edits == performance.edits
    assert (frames(matched_music(music, again).bed, start, end) == heard).all()

    events = performance.timeline.events
    beats = events["frame"][(events["kind"] == EventKind.BEAT) & (events["frame"] > joins)]
    late = band.strokes(heard[:, 0].astype(float), RATE, beats[4:-8] - start)
    assert (np.abs(late) <= 20).mean() >= 0.95
    assert abs(np.median(late)) <= 5
    on.check()


def test_what_is_heard_first_is_prepared_first_and_what_was_unused_goes(
    music: Music, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cadence_cue.music.kept.LARGEST", 1)
    folder, _ = music_folder("spans")
    (folder / "old.pcm").write_bytes(b"unused")
    os.utime(folder / "old.pcm", (0, 0))
    performance = perform(RUN, own=172, announce=False)
    following = FollowingMusic(music, performance)
    following.lay(performance)
    following.prepare(performance, 0, 25 * RATE)
    beds = following.under(performance).beds
    assert [bed.path.exists() for bed in beds] == [True, True, False, False]
    assert not (folder / "old.pcm").exists()


def test_a_nudge_in_a_walk_turns_music_down_from_the_next_beat_on(music: Music) -> None:
    walk = {"walk": "To begin with", "time": "30s"}
    performance = perform(walk, RUN, own=172, announce=False)
    following = FollowingMusic(music, performance)
    following.lay(performance)
    (span,) = following.on_beats
    assert not following.on_beat(10 * RATE)
    assert following.on_beat(span.frames[0])
    faster = replace(performance.tempi, cadence_spm=Fraction(175))
    late = performance.edited(Edit(Fraction(100), faster))
    following.lay(late)
    assert following.fits is None  # five seconds before the end
    beds = following.under(performance.edited(Edit(Fraction(10), faster))).beds
    assert beds[0].start < 10 * RATE < span.frames[0]
    (knots,) = {bed.knots for bed in beds}
    (falls, full), (fallen, lower) = knots
    assert (falls, fallen) == (span.frames[0], span.frames[0] + round(0.08 * RATE))
    assert full == 1
    assert lower == pytest.approx(10 ** (-12 / 20))


def test_only_what_moves_beats_turns_it_down(music: Music) -> None:
    performance = perform(RUN, own=172, announce=False)
    following = FollowingMusic(music, performance)
    at, tempi = Fraction(10), performance.tempi
    says = Say(Fraction(1), from_end=False, text="Relax")
    assert following.joined(performance.edited(Edit(at, tempi, says=((0, says),))))
    assert not following.joined(performance.edited(Edit(at, tempi, shift=Fraction(1, 200))))
    faster = performance.edited(Edit(at, replace(tempi, cadence_spm=Fraction(175))))
    assert not following.joined(faster)
    assert following.joined(faster.joined(Fraction(11)))
    later = FollowingMusic(music, faster)
    assert later.joined(faster)  # it was so before there was music
    assert not later.joined(faster.edited(Edit(Fraction(5), faster.tempi)))  # gone back


class AtOnce:
    """Music that takes no time to be laid."""

    fades = False
    followed: tuple[Edit, ...] = ()
    fits: bool | None = True

    def under(self, _: Performance) -> Spans:
        return Spans(())

    def on_beat(self, _: int) -> bool:
        return True

    def led(self, _: Performance, timeline: Timeline, __: int) -> Timeline:
        return timeline

    def joined(self, performance: Performance) -> bool:
        return all(edit.joins is not None for edit in performance.edits)

    def lay(self, *_: object) -> None:
        pass

    def prepare(self, *_: object) -> None:
        pass


def test_it_joins_no_earlier_than_the_beats_move(on: Stage) -> None:
    transport = on.transport
    ready = MatchedMusic(Spans(()), "", "", following=AtOnce())
    transport.set_music(lambda *_: ready, ready)
    transport.play()
    on.run(1)
    transport.tempo_control._planning = 0.5  # so the change is more than a second ahead
    transport.nudge(Fraction(3))
    on.run(0.1)
    settled(on, "the music")
    (edit,) = transport.performance.edits
    assert edit.joins
    clock = transport.performance.plan.clock
    assert clock.frame(edit.joins) >= clock.frame(edit.at) - clock.frames(LEAD)


@pytest.mark.parametrize("on_beat", [True, False])
def test_it_is_told_only_where_music_was_on_the_beat(
    on: Stage, monkeypatch: pytest.MonkeyPatch, *, on_beat: bool
) -> None:
    monkeypatch.setattr(AtOnce, "on_beat", lambda *_: on_beat)
    ready = MatchedMusic(Spans(()), "", "", following=AtOnce())
    on.transport.set_music(lambda *_: ready, ready)
    on.transport.play()
    on.run(1)
    on.transport.nudge(Fraction(3))
    told = [*on.run(0.1), *settled(on, "the music")]
    of_music = ["matching your music to the new tempo", "the music is on your beat again"]
    assert told == ["175 a minute", *of_music * on_beat]


def test_music_that_vanishes_while_it_is_laid_is_told(on: Stage) -> None:
    def make(*_: object) -> MatchedMusic:
        raise FileNotFoundError(ENOENT, "No such file or directory", "song.wav")

    on.transport.set_music(make)
    assert settled(on, "the reason") == ["no music: song.wav: No such file or directory"]


def test_what_ends_while_it_is_turned_down_keeps_until_when(on: Stage, music: Music) -> None:
    transport = on.transport
    make = partial(live_music, music)
    transport.set_music(make, make(transport.performance))
    transport.play()
    on.run(2)
    transport.nudge(Fraction(3))
    on.run(1)
    heard = transport.position.frame
    transport.close()
    (edit,) = transport.performance.edits
    assert edit.joins
    assert edit.joins == max(edit.at, transport.performance.plan.clock.instant(heard))
