"""What each key does to a performance that plays, heard from the real engine."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from cadence_cue import studio
from cadence_cue.coaching.rehearsal import plain_beat, with_other_clicks
from cadence_cue.coaching.tempi import Tempi
from cadence_cue.live.control import State
from cadence_cue.live.output import Output
from cadence_cue.live.player import Player
from cadence_cue.studio import Performance, PerformanceSpec
from cadence_cue.timing.editing import Edit
from cadence_cue.timing.timeline import Bus, EventKind
from cadence_cue.transport.splicing import spliced
from cadence_cue.transport.transport import Transport
from tests.live.rig import wait_for
from tests.transporting import LIBRARY, LOOK, Stage, perform, stage, within

RUN = {"run": "Own", "time": "40s", "tempo": "own", "announce": False, "count_in": 4}
REST = {"rest": "", "time": "15s", "announce": False}
TAPS = {"drill": "toe-taps", "side": "left", "time": "20s", "tempo": 90, "cues": []}
WALK = {"walk": "", "time": "10s", "announce": False}
OWN = Fraction(165)


def plain(tempo: str = "own") -> Performance:
    session = plain_beat(LIBRARY, tempo=tempo, time="60s", cues=(), cue_every="60s")
    return studio.perform(
        session, LIBRARY, PerformanceSpec(cadence_spm=OWN, get_ready=Fraction(0), seed=1)
    )


@pytest.fixture
def on() -> Iterator[Stage]:
    """A run, a rest, a drill, a rest, the drill again, a walk; the first two seconds are over."""
    with stage(perform(RUN, REST, TAPS, REST, TAPS, WALK)) as on:
        on.transport.play()
        to_phase(on, 0, 2)
        yield on
        on.run(0.2)
        on.check()


def to_phase(on: Stage, phase: int, seconds: float) -> list[str]:
    """Play on to so many seconds into a phase; what was told."""
    mark = on.transport.timeline.marks[phase]
    frames = mark.start + round(seconds * on.player.rate) - on.transport.position.frame
    far = max(frames // on.player.rate - 1, 0)
    told: list[str] = []
    for _ in range(far):
        told += on.poll()
        on.make(on.player.rate)
    return told + on.run(frames / on.player.rate - far)


def state(on: Stage) -> State:
    return on.transport.position.state


def beats(on: Stage, phase: int) -> list[int]:
    """The frames of a phase's beats as they are on the deck."""
    return [
        event.frame
        for event in on.transport.timeline
        if event.kind is EventKind.BEAT and event.phase == phase
    ]


def steps(on: Stage, phase: int, since: int) -> set[int]:
    """The frames between its beats from a frame on."""
    return gaps([frame for frame in beats(on, phase) if frame >= since])


def gaps(frames: list[int]) -> set[int]:
    return {after - before for before, after in itertools.pairwise(frames)}


# The tempo.


def test_presses_add_up_to_one_edit_on_a_beat(on: Stage) -> None:
    before = beats(on, 0)
    heard = on.transport.position.frame
    for _ in range(3):
        assert on.transport.nudge(Fraction(1)) == []
    assert on.run(1) == ["168 a minute"]
    (edit,) = on.transport.performance.edits
    assert edit.tempi == Tempi(Fraction(168))
    at = on.transport.performance.plan.clock.frame(edit.at)
    assert at in before
    assert heard < at < heard + 48000
    assert [frame for frame in beats(on, 0) if frame <= at] == [f for f in before if f <= at]
    assert steps(on, 0, at) == {17142, 17143}
    assert on.transport.tempo == 168
    assert on.transport.ran_at == 168


def test_a_press_that_is_taken_back_is_none(on: Stage) -> None:
    on.transport.nudge(Fraction(5))
    on.transport.nudge(Fraction(-5))
    assert on.run(0.5) == []
    assert on.transport.performance.edits == ()
    assert on.transport.ran_at is None


def test_a_press_while_another_is_on_its_way_comes_after_it(on: Stage) -> None:
    on.transport.nudge(Fraction(1))
    assert on.poll() == ["166 a minute"]
    on.transport.nudge(Fraction(1))
    assert on.poll() == []
    assert on.transport.performance.edits == ()
    assert on.run(1) == ["167 a minute"]
    assert on.transport.performance.tempi.cadence_spm == 167


def test_a_plan_that_comes_too_late_is_made_again_for_a_later_beat(
    on: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    edited = Performance.edited
    slow = [60000, 40000]  # the second is given time enough: it is known how long the first took

    def slowly(performance: Performance, *edits: Edit) -> Performance:
        if slow:
            on.make(slow.pop())
        return edited(performance, *edits)

    monkeypatch.setattr(Performance, "edited", slowly)
    on.transport.nudge(Fraction(1))
    assert on.run(1) == ["166 a minute"]
    assert not slow
    assert len(on.player.swapped) == 2
    assert len(on.transport.performance.edits) == 1
    assert on.transport.tempo == 166


def test_in_a_rest_it_is_the_coming_phase_that_changes(on: Stage) -> None:
    to_phase(on, 1, 2)
    on.transport.nudge(Fraction(-4))
    assert on.run(0.2) == ["Toe taps, left leg: 86 a minute"]
    to_phase(on, 2, 2)
    assert on.transport.tempo == 86
    assert on.transport.ran_at is None
    on.transport.nudge(Fraction(1))
    to_phase(on, 4, 2)
    assert on.transport.tempo == 87  # its later set too


def test_the_own_cadence_stays_moved_and_everything_goes_back(on: Stage) -> None:
    on.transport.nudge(Fraction(5))
    to_phase(on, 2, 1)
    on.transport.nudge(Fraction(5))
    on.run(1)
    assert on.transport.performance.tempi == Tempi(Fraction(170), (("toe-taps", Fraction(5)),))
    on.transport.to_own_cadence()
    assert on.run(1) == ["90 a minute"]
    assert on.transport.performance.tempi == Tempi(OWN)


def test_a_tempo_stops_at_its_limit_and_says_so(on: Stage) -> None:
    to_phase(on, 2, 1)
    assert on.transport.nudge(Fraction(209)) == []
    for _ in range(3):
        assert on.transport.nudge(Fraction(5)) == ["300, the fastest there is"]
    assert on.run(1) == ["300 a minute"]
    assert on.transport.set_tempo(Fraction(301)) == ["a tempo is 20 to 300 beats a minute, not 301"]
    assert on.transport.nudge(Fraction(-281)) == ["20, the slowest there is"]
    on.transport.nudge(Fraction(71))
    assert on.run(1) == ["91 a minute"]


def test_a_change_stops_where_another_phase_reaches_its_limit() -> None:
    quick = {"run": "Quick", "time": "20s", "tempo": "+60%", "announce": False}
    with stage(perform(RUN, REST, quick)) as on:
        on.transport.play()
        to_phase(on, 0, 2)
        assert on.transport.nudge(Fraction(30)) == ["Quick: 300, the fastest there is"]
        on.run(1)
        assert on.transport.tempo == Fraction("187.5")


def test_a_typed_tempo_is_that_tempo(on: Stage) -> None:
    on.transport.set_tempo(Fraction("171.5"))
    assert on.run(1) == ["171.5 a minute"]
    assert on.transport.performance.tempi.cadence_spm == Fraction("171.5")
    to_phase(on, 2, 1)
    on.transport.nudge(Fraction(3))
    on.transport.set_tempo(Fraction(100))  # before the nudge is planned
    on.transport.nudge(Fraction(1))
    on.run(1)
    assert on.transport.tempo == 101


def test_taps_count_when_they_have_stopped(on: Stage) -> None:
    for _ in range(6):
        assert on.transport.tap() == []
        on.make(17100)
    assert on.transport.tempo_control.tapping.told == "tapped 168.4 ±0.0 (6 taps)"
    assert on.poll() == []
    told = on.run(2)
    assert told == ["tapped 168.4 ±0.0 (6 taps)", "168.4 a minute"]
    assert on.transport.performance.tempi.cadence_spm == Fraction("168.421")
    assert on.transport.tempo_control.tapping.told == ""


def test_too_few_and_unsteady_taps_change_nothing(on: Stage) -> None:
    on.transport.tap()
    assert on.run(2) == ["tap at least 4 times, evenly"]
    for frames in (17000, 21000, 17500, 14000, 20000):
        on.transport.tap()
        on.make(frames)
    (told,) = on.run(2)
    assert told.endswith(": too unsteady, tap again")
    assert on.transport.performance.edits == ()


def test_the_last_phase_has_no_beat_to_change(on: Stage) -> None:
    to_phase(on, 5, 1)
    for told in (
        on.transport.nudge(Fraction(1)),
        on.transport.set_tempo(Fraction(170)),
    ):
        assert told == ["no beat is coming"]
    assert on.run(0.2) == []


# The beat.


def test_the_beat_is_shifted_and_its_tempo_stays(on: Stage) -> None:
    before = beats(on, 0)
    for _ in range(2):
        on.transport.shift(Fraction(5, 1000))
    assert on.run(1) == ["the beat 10 ms later"]
    after = beats(on, 0)
    moved = {b - a for a, b in zip(before, after, strict=False)}
    assert moved == {0, 480}
    assert on.transport.tempo == 165
    on.transport.shift(Fraction(-5, 1000))
    assert on.run(1) == ["the beat 5 ms earlier"]
    assert len(after) == len(before)
    to_phase(on, 2, 1)
    assert beats(on, 2)[0] == on.transport.timeline.marks[2].start  # a new grid begins unshifted


def test_a_large_shift_is_made_in_pieces(on: Stage) -> None:
    on.transport.shift(Fraction(-120, 1000))
    assert on.run(3) == [
        "the beat 50 ms earlier",
        "the beat 50 ms earlier",
        "the beat 20 ms earlier",
    ]


def test_a_shift_that_comes_too_late_is_made_later(
    on: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    edited = Performance.edited
    slow = [30000]

    def slowly(performance: Performance, *edits: Edit) -> Performance:
        if slow:
            on.make(slow.pop())
        return edited(performance, *edits)

    monkeypatch.setattr(Performance, "edited", slowly)
    on.transport.shift(Fraction(5, 1000))
    on.run(1)
    (edit,) = on.transport.performance.edits
    assert edit.shift == Fraction(5, 1000)


def test_where_no_beat_sounds_there_is_none_to_shift(on: Stage) -> None:
    to_phase(on, 1, 2)
    on.transport.shift(Fraction(5, 1000))
    assert on.run(0.2) == ["no beat sounds now that could be moved"]
    to_phase(on, 2, 1)
    assert on.transport.performance.edits == ()


# A plain beat.


def test_only_a_plain_beat_is_halved_and_doubled(on: Stage) -> None:
    for told in (on.transport.half(), on.transport.double()):
        assert told == ["only a plain beat is halved and doubled"]


def test_a_plain_beat_is_halved_doubled_and_brought_back() -> None:
    with stage(plain(), plain=True) as on:
        transport = on.transport
        transport.play()
        to_phase(on, 0, 2)
        transport.half()
        assert (transport.title, transport.cadence) == ("Beat 165", Fraction(165))
        assert on.run(1) == ["82.5 a minute"]
        assert (transport.title, transport.cadence) == ("Beat 82.5", Fraction("82.5"))
        assert transport.performance.tempi.cadence_spm == OWN
        assert transport.ran_at == Fraction("82.5")
        transport.double()
        assert on.run(2) == ["165 a minute"]
        assert transport.double() == ["300, the fastest there is"]
        assert on.run(2) == []
        transport.half()
        transport.set_tempo(Fraction(170))
        on.run(2)
        assert transport.tempo == 170
        transport.to_own_cadence()
        on.run(1)
        assert transport.tempo == OWN
        on.check()


def test_a_plain_beat_of_its_own_tempo_goes_to_the_own_cadence() -> None:
    with stage(plain("172"), plain=True) as on:
        transport = on.transport
        transport.play()
        to_phase(on, 0, 2)
        transport.nudge(Fraction(1))
        assert on.run(1) == ["173 a minute"]
        assert transport.ran_at == 173
        transport.to_own_cadence()
        assert on.run(1) == ["165 a minute"]
        to_phase(on, 0, 61.5)
        assert transport.ended
        assert not transport.ran_at
        on.check()


# Pausing and jumping.


def test_a_pause_goes_on_counted_in_where_it_was(on: Stage) -> None:
    transport = on.transport
    assert transport.go_on() == []  # it plays
    assert transport.pause() == ["paused"]
    assert transport.pause() == []
    on.run(0.5)
    assert transport.paused
    assert state(on) is State.PAUSED
    place = transport.position.frame
    on.run(0.5)
    assert transport.position.frame == place
    assert transport.go_on() == ["going on from 0:02"]
    counted = [event for event in transport.timeline if event.frame < place]
    assert [event.kind for event in counted] == [EventKind.COUNT_IN] * 8
    on.run(0.2)
    assert transport.pause() == ["paused"]  # while it counts in: it does not creep backwards
    on.run(0.2)
    transport.go_on()
    assert transport.timeline.start == min(event.frame for event in counted) - 12000


def test_what_is_changed_in_a_pause_is_counted_in(on: Stage) -> None:
    on.transport.pause()
    on.run(0.2)
    on.transport.nudge(Fraction(10))
    on.transport.shift(Fraction(5, 1000))
    assert on.run(0.2) == ["175 a minute", "the beat 5 ms later"]
    assert on.player.swapped == {}
    on.transport.set_tempo(Fraction(180))  # planned by going on
    told = on.transport.go_on()
    assert told == ["180 a minute", "the beat 5 ms later", "going on from 0:02"]
    counted = [
        event.frame
        for event in on.transport.timeline
        if event.kind is EventKind.COUNT_IN and event.phase == 0
    ]
    assert gaps(counted) == {16000}
    on.run(5)
    assert on.transport.tempo == 180
    assert [edit.shift for edit in on.transport.performance.edits] == [0, Fraction(5, 1000)]


def test_what_is_changed_while_it_counts_in_begins_behind_the_count_in(on: Stage) -> None:
    transport = on.transport
    transport.pause()
    on.run(0.2)
    place = transport.position.frame
    transport.go_on()
    counted = within(transport.timeline, transport.timeline.start, place)
    transport.nudge(Fraction(20))
    assert on.run(1) == ["185 a minute"]
    assert transport.position.frame < place
    assert within(transport.timeline, transport.timeline.start, place) == counted


def test_no_change_takes_another_away_that_is_still_to_come(on: Stage) -> None:
    transport = on.transport
    transport.pause()
    on.run(0.2)
    transport.shift(Fraction(5, 1000))
    on.run(0.2)
    transport.go_on()
    transport.nudge(Fraction(1))
    on.run(5)
    assert [edit.shift for edit in transport.performance.edits] == [Fraction(5, 1000), 0]


def test_a_change_in_a_paused_count_in_is_led_in_anew(on: Stage) -> None:
    mark = on.transport.timeline.marks[2]
    on.run((mark.start - on.transport.position.frame) / on.player.rate - 0.5)
    on.transport.pause()
    on.run(0.1)
    assert mark.entry < on.transport.position.frame < mark.start
    on.transport.set_tempo(Fraction(60))
    on.run(0.1)
    slower = on.transport.timeline.marks[2]
    assert on.transport.position.frame == slower.entry < mark.entry
    on.transport.go_on()
    said = [e.sound for e in on.transport.timeline if e.bus is Bus.VOICE and e.phase == 2]
    counted = [
        e.frame for e in on.transport.timeline if e.kind is EventKind.COUNT_IN and e.phase == 2
    ]
    assert said[0].startswith("On to toe taps")
    assert gaps(counted) == {48000}
    on.run(0.2)


def test_jumps_carry_the_tempos(on: Stage) -> None:
    transport = on.transport
    transport.nudge(Fraction(3))
    on.run(1)
    assert transport.next() == ["to Rest"]
    assert len(transport.performance.edits) == 1
    assert transport.next() == ["to Toe taps, left leg"]
    on.run(1)
    assert transport.previous() == ["to Rest"]
    assert transport.jump(0) == ["to Own"]
    on.run(0.1)
    to_phase(on, 0, 1)
    assert transport.tempo == 168
    assert len(transport.performance.edits) == 1
    transport.nudge(Fraction(2))
    assert transport.jump(2) == ["to Toe taps, left leg"]  # before the nudge was planned
    on.run(0.1)
    assert transport.performance.tempi.cadence_spm == 170
    assert transport.phase == 2
    transport.jump(5)
    assert transport.next() == ["this is the last phase"]
    to_phase(on, 5, 4)
    assert transport.previous() == ["to Walk"]
    assert transport.seek(transport.timeline.marks[0].start + 30 * 48000) == ["to 0:30"]
    assert transport.phase == 0
    on.run(4)
    assert transport.tempo == 170
    assert transport.time == "0:31"  # after a count-in of three seconds


def test_it_ends(on: Stage) -> None:
    on.transport.seek(on.transport.timeline.frames - 60000)
    on.run(0.5)
    assert not on.transport.ended
    on.run(1.5)
    assert on.transport.ended


# Waiting.


def test_the_clock_waits_before_the_next_sound(on: Stage) -> None:
    transport = on.transport
    assert transport.wait() == ["will wait before “Toe taps, left leg”"]
    told = to_phase(on, 2, 5)
    assert told == ["waiting before “Toe taps, left leg”"]
    assert transport.waiting
    assert not transport.paused
    entry = transport.timeline.marks[2].entry
    assert transport.position == (transport.position.generation, entry, State.HELD)
    generation = transport.position.generation
    assert transport.wait() == [f"going on from {transport.time}"]
    on.run(1)
    assert transport.position.generation == generation
    assert transport.position.frame == entry + 48000
    assert not transport.waiting


def test_a_wait_is_taken_back(on: Stage) -> None:
    on.transport.wait()
    assert on.transport.wait() == ["not waiting"]
    assert to_phase(on, 2, 1) == []
    assert on.transport.phase == 2


def test_a_wait_while_it_is_announced_stops_at_once_and_announces_again(on: Stage) -> None:
    transport = on.transport
    entry = transport.timeline.marks[2].entry
    on.run((entry - transport.position.frame) / on.player.rate + 1)
    assert transport.wait() == ["waiting before “Toe taps, left leg”"]
    on.run(1)
    assert transport.waiting
    assert not transport.paused
    assert transport.position.frame == entry
    time = transport.time
    assert transport.go_on() == [f"going on from {time}"]
    on.run(1)
    assert entry < transport.position.frame < entry + 48000
    assert state(on) is State.PLAYING


def test_the_tempo_is_changed_while_the_clock_waits(on: Stage) -> None:
    transport = on.transport
    transport.wait()
    to_phase(on, 2, 1)
    entry = transport.timeline.marks[2].entry
    transport.set_tempo(Fraction(60))
    assert on.run(0.2) == ["Toe taps, left leg: 60 a minute"]
    assert transport.waiting
    assert transport.timeline.marks[2].entry < entry
    assert transport.position.frame == transport.timeline.marks[2].entry
    transport.wait()
    to_phase(on, 2, 1)
    assert transport.tempo == 60


def test_a_wait_moves_with_what_it_waits_for(on: Stage) -> None:
    transport = on.transport
    transport.wait()
    to_phase(on, 1, 1)
    entry = transport.timeline.marks[2].entry
    transport.set_tempo(Fraction(60))
    to_phase(on, 2, 1)
    assert transport.waiting
    assert state(on) is State.HELD  # nothing behind it was made
    assert transport.position.frame == transport.timeline.marks[2].entry < entry


def test_a_wait_lasts_through_a_pause_but_not_past_its_place(on: Stage) -> None:
    transport = on.transport
    transport.wait()
    transport.pause()
    on.run(0.2)
    transport.go_on()
    assert to_phase(on, 2, 1) == ["waiting before “Toe taps, left leg”"]
    assert state(on) is State.HELD
    transport.next()
    on.run(1)
    assert not transport.waiting
    assert state(on) is State.PLAYING


def test_there_is_nothing_to_wait_for_at_the_end(on: Stage) -> None:
    to_phase(on, 5, 1)
    assert on.transport.wait() == ["nothing to wait for: no rest comes before another phase"]


# How loud, and the device.


def test_levels(on: Stage) -> None:
    transport = on.transport
    assert transport.mute("beat") == ["beat off"]
    assert transport.mute("voice") == ["voice off"]
    assert on.player.gains == {"beat": 0, "voice": 0, "bed": 1, "overall": 1}
    assert transport.mute("beat") == ["beat on"]
    assert transport.volume(6) == ["volume 0 dB, the most there is"]
    assert transport.volume(-20) == ["volume -20 dB"]
    assert on.player.gains == {"beat": 1, "voice": 0, "bed": 1, "overall": pytest.approx(0.1)}
    assert transport.volume(-50) == ["volume -60 dB"]


def test_what_is_spoken_in_the_next_ten_seconds_is_there_before_it_plays() -> None:
    with stage(perform({**RUN, "announce": True}, REST, {**TAPS, "announce": True}, WALK)) as on:
        on.transport.play()
        first: dict[str, int] = {}
        for event in on.transport.timeline:
            if event.bus is Bus.VOICE:
                first.setdefault(event.clip, event.frame)
        soon = on.transport.timeline.start + 10 * on.player.rate
        later = [name for name, frame in first.items() if frame >= soon]
        assert 0 < len(later) < len(first)
        assert on.player.later == later
        assert on.player.clips.keys() > first.keys()
        on.transport.jump(2)
        assert on.player.later == later  # the engine has them


def test_another_rate_is_followed_at_the_same_instant(on: Stage) -> None:
    transport = on.transport
    transport.nudge(Fraction(2))
    on.run(1)
    clock = transport.performance.plan.clock
    instant = clock.instant(transport.position.frame)
    on.player.other_rate = 44100
    assert on.poll() == []
    other = transport.performance
    assert other.timeline.rate == 44100
    assert other.edits[0].tempi.cadence_spm == 167
    assert transport.begun == other.plan.clock.frame(instant)
    assert on.player.clips == {**other.beats, **other.voice}
    on.run(1)
    assert transport.tempo == 167
    transport.nudge(Fraction(1))
    assert on.run(1) == ["168 a minute"]
    transport.pause()
    on.run(0.2)
    instant = other.plan.clock.instant(transport.position.frame)
    on.player.other_rate = 48000
    on.poll()
    assert transport.paused
    clock = transport.performance.plan.clock
    assert transport.position.frame == clock.frame(instant)
    transport.go_on()
    on.run(3)
    assert transport.tempo == 168


def test_another_rate_in_the_middle_of_a_count_in_counts_in_again(on: Stage) -> None:
    transport = on.transport
    transport.pause()
    on.run(0.2)
    clock = transport.performance.plan.clock
    place = clock.instant(transport.position.frame)
    transport.go_on()
    on.run(1)
    on.player.other_rate = 44100
    on.poll()
    clock = transport.performance.plan.clock
    assert clock.instant(transport.begun) < place - 2
    on.run(4)
    assert transport.position.frame > clock.frame(place)


def test_a_splice_keeps_the_names_of_its_sounds(on: Stage) -> None:
    playing = on.transport.performance.entered(on.transport.timeline.marks[2].entry)
    whole = on.transport.performance.timeline
    order = list(range(len(whole.sounds)))[::-1]
    events = whole.events.copy()
    events["sound"] = np.argsort(order)[events["sound"]]
    turned = replace(whole, events=events, sounds=tuple(whole.sounds[k] for k in order))
    since = playing.marks[2].start + 48000
    joined = spliced(playing, turned, since)
    assert joined.start == playing.start
    assert within(joined, joined.start, since) == within(playing, playing.start, since)
    assert within(joined, since, whole.frames) == within(whole, since, whole.frames)


# Other clicks and cues.


def become(on: Stage, cues: tuple[str, ...] = (), accent: int = 0, stride: str = "") -> int:
    """Go on with other clicks or cues; the frame from which they hold."""
    transport = on.transport
    session = with_other_clicks(
        transport.performance.session, LIBRARY, cues=cues, cue_every="6s", stride=stride or None,
        accent=accent,
    )  # fmt: skip
    assert transport.become(session) == []
    assert on.run(1) == []
    return transport.performance.plan.clock.frame(transport.performance.edits[-1].at)


def cues(on: Stage) -> list[int]:
    """The frames of the cues that are on the deck."""
    return [event.frame for event in on.transport.timeline if event.kind is EventKind.CUE]


def test_a_plain_beat_goes_on_with_other_clicks_from_its_next_beat() -> None:
    with stage(plain(), plain=True) as on:
        on.transport.play()
        on.run(10)
        before, heard = beats(on, 0), on.transport.position.frame
        at = become(on, accent=3)
        assert heard < at < heard + 48000
        assert beats(on, 0) == before
        loud = [event.frame for event in on.transport.timeline if event.accent]
        assert loud == [frame for frame in before[::3] if frame >= at]
        on.transport.nudge(Fraction(1))
        on.run(1)
        assert any(event.accent for event in on.transport.timeline if event.frame > at + 96000)
        at = become(on, stride="left")
        assert steps(on, 0, at) == {34698, 34699}  # two steps at 166
        assert on.transport.tempo == 166
        on.check()


def test_a_plain_beat_gets_cues_and_loses_them_and_gets_them_again() -> None:
    with stage(plain(), plain=True) as on:
        on.transport.play()
        on.run(10)
        assert cues(on) == []
        become(on, cues=("relaxed", "heel-pull"))
        first = cues(on)
        assert len(first) > 4
        on.run(9)
        at = become(on)
        said = cues(on)
        assert said
        assert said == [frame for frame in first if frame < at]
        on.run(2)
        at = become(on, cues=("relaxed",))
        assert len(cues(on)) > len(said)
        assert [frame for frame in cues(on) if frame < at] == said
        on.run(20)
        on.check()


def test_other_clicks_that_are_chosen_in_a_pause_are_there_after_it() -> None:
    with stage(plain(), plain=True) as on:
        on.transport.play()
        on.run(10)
        on.transport.pause()
        on.run(0.5)
        at = become(on, accent=2)
        on.transport.go_on()
        on.run(3)
        loud = [event.frame for event in on.transport.timeline if event.accent]
        assert loud
        assert min(loud) >= at
        on.check()


def test_a_clip_that_cannot_be_read_is_told_and_all_else_is_heard(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def damaged(_: Path) -> None:
        raise OSError("no sound in it")

    short, announced = {**RUN, "time": "10s"}, {"run": "Next", "time": "30s", "tempo": "own"}
    output = Output(backend="silent", block=LOOK)
    with Player(output, stepped=True, watchdog=False) as player:
        assert player.rate
        transport = Transport(perform(short, {"rest": "", "time": "12s"}, announced), player)
        transport.play()
        player.step(2 * player.rate)
        monkeypatch.setattr("cadence_cue.voice.voice._read", damaged)
        transport.nudge(Fraction(5))
        told = transport.poll()
        assert told == ["Own: 170 a minute"]
        wait_for(lambda: not player.unread, "the reading")
        assert any('The clip for "At 170' in notice for notice in player.notices)
        player.step(player.rate)
        transport.poll()
        assert transport.tempo == 170
        assert transport.jump(2) == ["to Next"]
