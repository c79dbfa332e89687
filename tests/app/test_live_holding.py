"""A talk that is held for words while the tempo changes: none of it is lost, none heard again."""

from __future__ import annotations

import random
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from cadence_cue.sound.bed import Bed
from cadence_cue.sound.held import Held
from cadence_cue.studio import Performance
from cadence_cue.timing.ducking import FALL, RISE
from cadence_cue.timing.editing import Edit
from cadence_cue.timing.timeline import Bus
from cadence_cue.transport.holding import HeldTalk
from tests.matrix import matrix
from tests.music.talks import Numbers, numbered, said
from tests.transporting import perform

RATE, FADE = 48000, 480
WALK = {"walk": "To begin with", "time": "20s"}
RUN = {"run": "Easy", "time": "60s", "tempo": "own", "cues": ["relaxed"], "cue_every": "15s"}


@pytest.fixture(scope="module")
def talk(tmp_path_factory: pytest.TempPathFactory) -> Bed:
    frames = 120 * RATE
    place = tmp_path_factory.mktemp("talk") / "talk.pcm"
    numbered(frames).tofile(place)
    return Bed(place, frames, None)


def heard(of: Held, end: int) -> Numbers:
    out = np.ones((end, 2), np.int16)
    file = of.opened()
    file.read(0, out)
    file.close()
    return out


def edits(performance: Performance, seed: int) -> list[Edit]:
    """Changes of the tempo and shifts, many of them just before, in and after words."""
    dice = random.Random(seed)
    words = performance.timeline.events[performance.timeline.events["bus"] == Bus.VOICE]
    near = [int(row["frame"]) + dice.randint(-3 * RATE, 2 * RATE) for row in words]
    frames = sorted(dice.sample([*near, *(dice.randrange(85 * RATE) for _ in range(6))], 6))
    tempi = performance.tempi
    found = []
    for frame in dict.fromkeys(max(each, RATE) for each in frames):
        tempi = replace(tempi, cadence_spm=Fraction(dice.randint(160, 185)))
        found.append(Edit(performance.plan.clock.instant(frame), tempi))
    return found


@pytest.mark.parametrize("seed", matrix(range(20), 3))
def test_what_was_heard_stays_and_no_word_is_lost(talk: Bed, seed: int) -> None:
    performance = perform(WALK, RUN, WALK, own=172)
    live = HeldTalk(talk)
    before = heard(live.under(performance), performance.timeline.frames)
    since = 0
    heard_before = [since]
    for edit in edits(performance, seed):
        performance = performance.edited(edit)
        since = performance.plan.clock.frame(edit.at)
        heard_before.append(since)
        after = heard(live.under(performance), performance.timeline.frames)
        np.testing.assert_array_equal(after[:since], before[:since])
        before = after
    assert live.under(performance) == HeldTalk(talk).under(performance)  # as for a file
    whole = said(before)
    np.testing.assert_array_equal(whole, np.arange(len(whole)))
    for row in performance.timeline.events[performance.timeline.events["bus"] == Bus.VOICE]:
        begin, end = row["frame"] - round(FALL * RATE), row["frame"] + row["frames"]
        # Where an edit brings a word at once, what was heard until then has not made room for it.
        begin = max(begin, *(each for each in heard_before if each <= row["frame"]))
        assert not before[begin + FADE : end + round(RISE * RATE) - FADE].any()
    assert len(whole) > 35 * RATE


def test_who_goes_back_hears_the_talk_as_it_was(talk: Bed) -> None:
    performance = perform(WALK, RUN, WALK, own=172)
    live = HeldTalk(talk)
    first = live.under(performance)
    faster = replace(performance.tempi, cadence_spm=Fraction(180))
    edited = performance.edited(Edit(Fraction(30), faster))
    assert live.under(edited) != first
    assert live.under(edited.until(Fraction(30))) == first
    assert live.under(edited.joined(Fraction(31))) == live.under(edited)


@pytest.mark.parametrize("step", [1, 2])
def test_edits_count_at_the_start_and_two_in_one_frame(talk: Bed, step: int) -> None:
    performance = perform(WALK, RUN, WALK, own=172)
    clock, start = performance.plan.clock, performance.timeline.start
    one, live = clock.instant(30 * RATE), HeldTalk(talk)
    assert clock.frame(one) == clock.frame(one + Fraction(1, 4 * RATE))
    for number, at in enumerate((clock.instant(start), one, one + Fraction(1, 4 * RATE))):
        tempi = replace(performance.tempi, cadence_spm=Fraction(180 + number))
        performance = performance.edited(Edit(at, tempi))
        if number % step == 0:
            assert live.under(performance) == HeldTalk(talk).under(performance)
    whole = said(heard(live.under(performance), performance.timeline.frames))
    np.testing.assert_array_equal(whole, np.arange(len(whole)))
    assert len(performance.edits) == 3
