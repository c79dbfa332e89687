"""Which cues a phase speaks, how often, and when not."""

from __future__ import annotations

import pytest

from cadence_cue.coaching.errors import SessionError
from tests.coaching.rig import parts, real

TAPS = {"drill": "toe-taps", "side": "left", "time": "30s"}
RUN = {"run": "", "time": "60s", "tempo": "own"}
PERCEPTION = {"drill": "perception", "time": "30s"}


def test_set_1_is_full_set_2_half_set_3_one_cue_for_each_drill_and_side() -> None:
    right = {**TAPS, "side": "right"}
    made = parts(TAPS, right, TAPS, TAPS, TAPS, right)
    seen = [(part.cueing.beats, part.cueing.limit) for part in made]
    assert seen == [(16, None), (16, None), (32, None), (32, 1), (32, 1), (32, None)]


def test_an_explicit_distance_holds_in_every_set() -> None:
    phases = [{**TAPS, "cue_every": every} for every in ("10s", "12 beats", "10s", "10s")]
    seen = [(p.cueing.seconds, p.cueing.beats, p.cueing.limit) for p in parts(*phases)]
    assert seen == [(10, None, None), (None, 12, None), (10, None, None), (10, None, None)]
    assert all(part.cueing.explicit for part in parts(*phases))


def test_a_drills_silence_rules_are_its_own_and_longer_with_closed_eyes() -> None:
    taps, closed = parts(TAPS, {**PERCEPTION, "variant": "eyes closed"})
    assert [taps.cueing.quiet_first, taps.cueing.quiet_last] == [4, 4]
    assert closed.cueing.quiet_last == 10


def test_a_run_has_no_cues_unless_it_names_some_and_then_one_a_minute() -> None:
    plain, cued = parts(RUN, {**RUN, "cues": ["lean"]})
    assert not plain.cueing.cycle
    assert [cued.cueing.seconds, cued.cueing.quiet_first] == [60, 8]
    assert set(cued.cueing.cycle) <= {cue.text for cue in real().elements["lean"].cues}


def test_corrections_come_from_set_2_on() -> None:
    wrong = {cue.text for cue in real().drills["toe-taps"].cues if cue.type == "correction"}
    first, second = parts(TAPS, TAPS)
    assert not wrong & set(first.cueing.cycle)
    assert wrong & set(second.cueing.cycle)


def test_the_set_up_is_told_the_first_time_only() -> None:
    first, second = parts(TAPS, TAPS)
    setup = {cue.text for cue in real().drills["toe-taps"].cues if cue.type == "setup"}
    assert first.cueing.first
    assert set(first.cueing.first) <= setup
    assert second.cueing.first == ()


def test_no_cues_means_none_and_words_come_in_their_order() -> None:
    none, words = parts({**TAPS, "cues": []}, {**RUN, "words": ["C", "A", "B"]})
    assert not none.cueing.cycle
    assert words.cueing.cycle == ("C", "A", "B")


def test_the_words_of_one_phase_do_not_turn_those_of_another() -> None:
    _, second = parts({**RUN, "words": ["A", "B", "C"]}, {**RUN, "words": ["X", "Y", "Z"]})
    assert second.cueing.cycle == ("X", "Y", "Z")


def test_one_seed_gives_one_rotation_and_others_others() -> None:
    cycles = {parts(TAPS, seed=seed)[0].cueing.cycle for seed in range(6)}
    assert len(cycles) > 3
    assert parts(TAPS, seed=4) == parts(TAPS, seed=4)


def test_a_distance_in_beats_needs_a_tempo() -> None:
    phase = {"run": "", "time": "5min", "words": ["Relax"], "cue_every": "64 beats"}
    with pytest.raises(SessionError, match='phase 1: "cue_every" in beats needs a "tempo"'):
        parts(phase)
    assert parts({**phase, "tempo": 150})[0].cueing.beats == 64
